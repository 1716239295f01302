//! Words in XML and HTML: what people wrote stays text.

/// A text as it may stand in an element or an attribute. What XML 1.0 (§2.2) can't hold is left out.
pub(in crate::consultations) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\r' | '\t' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

/// The text in lines of so many characters, broken between words where it can be.
pub(in crate::consultations) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let length = |text: &str| text.chars().count();
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(width.max(1)) {
            let piece: String = piece.iter().collect();
            if !line.is_empty() && length(&line) + 1 + length(&piece) > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&piece);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_text() {
        assert_eq!(escaped("<script>\u{0}\u{8}\u{1b}"), "&lt;script&gt;");
        assert_eq!(escaped("a&b \"c\" 'd'\n\u{ffff}é"), "a&amp;b &quot;c&quot; &#39;d&#39; é");
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(lines("een twee  drie", 8), ["een twee", "drie"]);
        assert_eq!(lines("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(lines(" \n ", 4), Vec::<String>::new());
    }
}
