//! Entity tags: `"<version>.<digest of this representation without etag>"`.

use sha2::{Digest as _, Sha256};

/// The tag of a representation.
pub fn tag(version: i64, representation: &serde_json::Value) -> String {
    let digest = Sha256::digest(representation.to_string().as_bytes());
    let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("\"{version}.{first:016x}\"")
}

/// What `If-Match` asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: any version that there is.
    Any,
    /// This version.
    Version(i64),
}

/// Reads `If-Match`: one strong tag, or `*`. The version counts, the digest not.
pub fn parse_if_match(header: &str) -> Option<IfMatch> {
    let header = header.trim();
    if header == "*" {
        return Some(IfMatch::Any);
    }
    let inner = header.strip_prefix('"')?.strip_suffix('"').filter(|inner| !inner.contains('"'))?;
    let version = inner.split_once('.').map_or(inner, |(version, _)| version);
    version.parse().ok().filter(|version: &i64| *version > 0).map(IfMatch::Version)
}

/// Whether `If-None-Match` names this tag (weak comparison, RFC 9110 §13.1.2).
pub fn none_match(header: &str, tag: &str) -> bool {
    header.trim() == "*" || header.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_is_compared() {
        assert_eq!(parse_if_match("\"3.0a1b\""), Some(IfMatch::Version(3)));
        assert_eq!(parse_if_match("\"3\""), Some(IfMatch::Version(3)));
        assert_eq!(parse_if_match(" * "), Some(IfMatch::Any));
        for bad in ["3", "W/\"3.a\"", "\"\"", "\"x.1\"", "\"-1\"", "\"3.a\", \"4.b\""] {
            assert_eq!(parse_if_match(bad), None, "{bad}");
        }
        assert!(none_match("\"1.a\", W/\"2.b\"", "\"2.b\""));
        assert!(!none_match("\"1.a\"", "\"2.b\""));
    }
}
