//! Rows.

pub(crate) mod audit_rows;
pub(crate) mod audit_subjects;
pub(crate) mod kept_answers;
pub(crate) mod mails;
pub(crate) mod outbox;
pub(crate) mod tombstones;
pub(crate) mod transition_reasons;
pub(crate) mod transitions;
