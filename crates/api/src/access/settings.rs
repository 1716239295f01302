//! What is configured for machines, and for the audit trail.

use serde::Deserialize;
use validator::Validate;

/// How long machines' tokens hold.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Machines {
    /// The life of a client's access token, in minutes.
    #[validate(range(min = 1, max = 60))]
    pub access_token_minutes: i64,
}

/// How the audit trail is kept.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// How long, in years.
    #[validate(range(min = 1, max = 100))]
    pub retention_years: u32,
    /// Seconds between two times that waiting rows are linked.
    #[validate(range(min = 1, max = 3600))]
    pub link_seconds: u64,
}
