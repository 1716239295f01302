//! Who may read which part of the audit trail.

/// Operations whose entries would tell who answered, which a consultation's
/// named facilitators alone know: others learn that they were carried out, and
/// not about whom.
pub const WHO_ANSWERED: &[&str] = &["createResponse", "getResponse", "listResponses"];

/// The operation among them whose actor, too, is somebody who answered.
pub const ANSWERING: &str = "createResponse";
