//! What is configured for the edge: how much may be asked, and from which pages.

use actix_web::http::Uri;
use serde::Deserialize;
use validator::{Validate, ValidationError};

/// How much may be asked, per process.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Whether anything is limited.
    pub enabled: bool,
    /// Of an address, without a good token.
    #[validate(nested)]
    pub address: Limit,
    /// Of a caller: an account or a client.
    #[validate(nested)]
    pub caller: Limit,
    /// Of an address, where people sign in.
    #[validate(nested)]
    pub sign_in: Limit,
    /// Of an address, with printed codes; told in no header.
    #[validate(nested)]
    pub codes: Limit,
}

impl Limits {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(&self) -> Vec<String> {
        let Self { enabled, address, caller, sign_in, codes } = self;
        let each = [("address", address), ("caller", caller), ("sign_in", sign_in), ("codes", codes)];
        let each = each.into_iter().flat_map(|(name, Limit { per_minute, burst })| {
            [format!("limits.{name}.per_minute = {per_minute}"), format!("limits.{name}.burst = {burst}")]
        });
        std::iter::once(format!("limits.enabled = {enabled}")).chain(each).collect()
    }
}

/// One limit.
#[derive(Debug, Clone, Copy, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Requests a minute, in the long run.
    #[validate(range(min = 1, max = 1_000_000))]
    pub per_minute: u32,
    /// Requests at once, after a rest.
    #[validate(range(min = 1, max = 1_000_000))]
    pub burst: u32,
}

/// Which pages of other origins may read the answers.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Cors {
    /// Exact origins, as browsers write them.
    #[validate(custom(function = are_origins))]
    pub origins: Vec<String>,
}

/// `https://portal.example`, as a browser sends it: small letters, no path, no `*`.
fn are_origins(origins: &[String]) -> Result<(), ValidationError> {
    let sound = origins.iter().all(|origin| is_origin(origin).unwrap_or(false));
    if sound { Ok(()) } else { Err(ValidationError::new("not exact origins, as in https://portal.example")) }
}

fn is_origin(text: &str) -> Option<bool> {
    let uri: Uri = text.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let whole = format!("{scheme}://{authority}") == text && text == text.to_ascii_lowercase();
    Some(whole && matches!(scheme, "http" | "https") && !text.contains(['@', '*']))
}

/// A way to reach people: `mailto:`, `https:` or `tel:` (RFC 9116 §2.5.3).
pub(crate) fn is_contact(text: &str) -> Result<(), ValidationError> {
    let known = ["mailto:", "https://", "tel:"].iter().any(|scheme| text.starts_with(scheme));
    let sound = known && text.chars().all(|letter| letter.is_ascii_graphic());
    if sound { Ok(()) } else { Err(ValidationError::new("not mailto:, https:// or tel:")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_exact() {
        let sound = |origin: &str| are_origins(&[origin.to_owned()]).is_ok();
        for origin in ["https://portal.example", "http://localhost:3000", "http://[::1]:3000"] {
            assert!(sound(origin), "{origin}");
        }
        for origin in [
            "*",
            "null",
            "",
            "portal.example",
            "https://portal.example/",
            "https://*.example",
            "https://Portal.example",
            "https://a@portal.example",
            "ftp://portal.example",
            "https://portal.example/app",
            "https://portal.example?a",
        ] {
            assert!(!sound(origin), "{origin}");
        }
    }
}
