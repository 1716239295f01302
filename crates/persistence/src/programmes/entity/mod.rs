//! Rows.

pub(crate) mod programme_documents;
pub(crate) mod programme_partners;
pub(crate) mod programmes;
