//! `Accept-Language` (RFC 9110 §12.5.4): ranges in order of preference.

use actix_web::http::header::HeaderMap;

/// What the caller likes to read, the most liked first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Language {
    ranges: Vec<String>,
}

impl Language {
    /// Reads the header; what can't be read is passed over: a language is never
    /// a reason to refuse.
    pub fn of(headers: &HeaderMap) -> Self {
        let header = headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut weighed: Vec<(f32, String)> = header.split(',').filter_map(weigh).collect();
        weighed.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        Self { ranges: weighed.into_iter().map(|(_, range)| range).take(16).collect() }
    }

    /// The ranges, the most liked first.
    pub fn ranges(&self) -> &[String] {
        &self.ranges
    }

    /// Whether problems should be told in English rather than Dutch.
    pub fn prefers_english(&self) -> bool {
        let speaks = |range: &&String| range.starts_with("nl") || range.starts_with("en");
        self.ranges.iter().find(speaks).is_some_and(|range| range.starts_with("en"))
    }
}

fn weigh(part: &str) -> Option<(f32, String)> {
    let (range, weight) = match part.split_once(';') {
        Some((range, parameter)) => (range, parameter.trim().strip_prefix("q=")?.parse().ok()?),
        None => (part, 1.0),
    };
    let range = range.trim().to_ascii_lowercase();
    let sound = !range.is_empty() && range != "*" && range.len() <= 35;
    (sound && weight > 0.0).then_some((weight, range))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderValue};

    fn of(text: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(text));
        Language::of(&headers)
    }

    #[test]
    fn ranges_come_in_order_of_liking() {
        assert_eq!(of("en;q=0.3, nl-simple, nl;q=0.8, fr;q=0").ranges(), ["nl-simple", "nl", "en"]);
        assert!(of("fr, en;q=0.5, nl;q=0.1").prefers_english());
        assert!(!of("*, fr").prefers_english());
        assert!(of("en;q=x, ;;,").ranges().is_empty());
    }
}
