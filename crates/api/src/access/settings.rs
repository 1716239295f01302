//! What is configured for signing in, for machines, and for the audit trail.

use std::path::PathBuf;

use serde::Deserialize;
use validator::Validate;

/// How long signing in lasts.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// An access token's life, in minutes.
    #[validate(range(min = 1, max = 480))]
    pub access_token_minutes: i64,
    /// A session's life, in days.
    #[validate(range(min = 1, max = 365))]
    pub session_days: i64,
    /// A one-time code's life, in minutes.
    #[validate(range(min = 1, max = 1440))]
    pub code_minutes: i64,
    /// The life of a sign-in code that comes by mail, in minutes.
    #[validate(range(min = 1, max = 60))]
    pub mailed_code_minutes: i64,
    /// How long somebody without an account may see their own data after a code, in minutes.
    #[validate(range(min = 5, max = 60))]
    pub own_data_minutes: i64,
    /// The life of a link to set a new password with, in minutes.
    #[validate(range(min = 1, max = 1440))]
    pub reset_minutes: i64,
    /// The life of an invitation to a role, in days.
    #[validate(range(min = 1, max = 90))]
    pub invitation_days: i64,
    /// Who needs a second factor.
    pub second_factor: SecondFactorFor,
    /// A file with the SHA-1 of passwords that leaked, sorted, one a line.
    pub breached_passwords: Option<PathBuf>,
}

/// Who needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorFor {
    /// Who chooses to.
    Optional,
    /// Everybody, for the roles that were granted to them.
    Staff,
}

impl SignIn {
    /// Whether granted roles hold only where a second factor was shown.
    pub fn raised_only(&self) -> bool {
        self.second_factor == SecondFactorFor::Staff
    }

    /// Every key with what holds for it.
    pub(crate) fn to_lines(&self) -> [String; 9] {
        [
            format!("sign_in.access_token_minutes = {}", self.access_token_minutes),
            format!("sign_in.session_days = {}", self.session_days),
            format!("sign_in.code_minutes = {}", self.code_minutes),
            format!("sign_in.second_factor = {:?}", self.second_factor),
            format!("sign_in.breached_passwords = {:?}", self.breached_passwords),
            format!("sign_in.mailed_code_minutes = {}", self.mailed_code_minutes),
            format!("sign_in.own_data_minutes = {}", self.own_data_minutes),
            format!("sign_in.reset_minutes = {}", self.reset_minutes),
            format!("sign_in.invitation_days = {}", self.invitation_days),
        ]
    }
}

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
