//! `Accept` (RFC 9110 §12.5.1): which of an operation's forms the caller likes best.

/// The best of these content types; the first of them where the caller likes
/// several as well. None when the caller takes none of them.
pub(super) fn best<'p>(accept: Option<&str>, produced: &'p [String]) -> Option<&'p str> {
    let Some(accept) = accept else { return produced.first().map(String::as_str) };
    let ranges: Vec<(String, f32)> = accept.split(',').map(weighed).collect();
    let mut found: Option<(&str, f32)> = None;
    for kind in produced {
        let weight = weight_of(kind, &ranges);
        if weight > found.map_or(0.0, |(_, best)| best) {
            found = Some((kind, weight));
        }
    }
    found.map(|(kind, _)| kind)
}

/// A range and its weight. What is no number weighs as if it weren't there.
fn weighed(range: &str) -> (String, f32) {
    let mut parts = range.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|part| part.replace(' ', "").strip_prefix("q=").map(|text| text.parse().ok()));
    (essence, weight.flatten().unwrap_or(1.0))
}

/// What the most specific range that fits says.
fn weight_of(kind: &str, ranges: &[(String, f32)]) -> f32 {
    let family = kind.split('/').next().unwrap_or_default();
    for wanted in [kind.to_owned(), format!("{family}/*"), "*/*".to_owned(), String::new()] {
        if let Some((_, weight)) = ranges.iter().find(|(range, _)| *range == wanted) {
            return *weight;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_the_one_that_is_liked_best() {
        let both = ["application/json".to_owned(), "text/csv".to_owned()];
        for (accept, expected) in [
            (None, Some("application/json")),
            (Some(""), Some("application/json")),
            (Some("*/*"), Some("application/json")),
            (Some("text/csv"), Some("text/csv")),
            (Some("Text/CSV; header=present"), Some("text/csv")),
            (Some("text/*"), Some("text/csv")),
            (Some("text/csv;q=0.5, application/json"), Some("application/json")),
            (Some("text/csv, application/json;q=0.9"), Some("text/csv")),
            (Some("application/json;q=0, */*"), Some("text/csv")),
            (Some("application/json; q=0"), None),
            (Some("text/html, application/*;q=0.1"), Some("application/json")),
            (Some("image/png"), None),
        ] {
            assert_eq!(best(accept, &both), expected, "{accept:?}");
        }
        assert_eq!(best(Some("text/csv"), &both[..1]), None);
    }
}
