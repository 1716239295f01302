//! Addresses on the web that people are sent to.

/// Whether this is an https address with a host and nothing that misleads
/// (blanks, or a name and password before the host; RFC 3986 §7.6).
pub fn is_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let named = host.starts_with(|c: char| c.is_alphanumeric()) || host.starts_with('[');
    named && !host.contains(['@', '\\']) && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::is_https;

    #[test]
    fn only_plain_https_addresses_pass() {
        for good in ["https://example.nl", "https://example.nl/plan?versie=2#doel", "https://[::1]/x"] {
            assert!(is_https(good), "{good}");
        }
        let bad = [
            "http://example.nl",
            "HTTPS",
            "https://",
            "https:///plan",
            "https://bank.nl@example.nl/",
            "https://exa mple.nl",
            "javascript:alert(1)",
            "https://example.nl/\n",
        ];
        for url in bad {
            assert!(!is_https(url), "{url}");
        }
    }
}
