//! Rows.

pub(crate) mod audit_checkpoints;
pub(crate) mod audit_heads;
pub(crate) mod audit_links;
pub(crate) mod audit_rows;
pub(crate) mod audit_subjects;
pub(crate) mod audit_waiting;
pub(crate) mod kept_answers;
pub(crate) mod mails;
pub(crate) mod outbox;
pub(crate) mod tombstones;
pub(crate) mod transition_reasons;
pub(crate) mod transitions;
