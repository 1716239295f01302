//! Rows.

pub(crate) mod network_partners;
pub(crate) mod networks;
