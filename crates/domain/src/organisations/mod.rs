//! Organisations, the regions they sit in, and the pages that tell people
//! about their rights and the way to help.

mod external_id;
mod information_page;
pub mod operations;
mod organisation;
mod partners;
mod region;

pub use external_id::{ExternalId, ExternalScheme, is_municipality_code};
pub use information_page::{InformationPage, InformationTopic, PageLink, PageStatus};
pub use organisation::{Organisation, OrganisationKind};
pub use partners::partner_faults;
pub use region::{Region, RegionKind};
