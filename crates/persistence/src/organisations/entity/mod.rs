//! Rows.

pub(crate) mod information_pages;
pub(crate) mod organisation_external_ids;
pub(crate) mod organisation_regions;
pub(crate) mod organisations;
pub(crate) mod regions;
