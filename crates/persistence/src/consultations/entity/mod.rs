//! Rows.

pub(crate) mod ballot_code_batches;
pub(crate) mod ballot_receipts;
pub(crate) mod burden_overrides;
pub(crate) mod consultation_asks;
pub(crate) mod consultation_facilitators;
pub(crate) mod consultation_links;
pub(crate) mod consultation_networks;
pub(crate) mod consultation_samples;
pub(crate) mod consultations;
pub(crate) mod deadline_extensions;
pub(crate) mod invitations;
pub(crate) mod kiosks;
pub(crate) mod open_ballots;
pub(crate) mod report_back_tellings;
pub(crate) mod report_back_versions;
pub(crate) mod report_back_warnings;
pub(crate) mod report_backs;
pub(crate) mod responses;
pub(crate) mod result_snapshots;
pub(crate) mod sample_members;
pub(crate) mod sealed_ballots;
pub(crate) mod telling_attempts;
