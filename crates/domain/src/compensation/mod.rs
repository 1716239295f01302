//! Compensation: what a rate gives for which work, claims, and the ceilings of
//! the volunteer allowance (vrijwilligersvergoeding). Money is whole cents of
//! euro.

mod allowance;
#[cfg(test)]
mod allowance_tests;
mod claim;
#[cfg(test)]
mod claim_tests;
mod line;
pub mod operations;
mod private_numbers;
mod rate;
mod report;
mod vocabulary;

pub use self::allowance::{Allowance, AllowanceFinding, Ceiling, Counted, Entry, Month, assess};
pub use self::claim::{APPROVERS, Claim, ClaimHands, KEEPERS};
pub use self::line::{ClaimLine, LineAmount};
pub use self::private_numbers::private_number;
pub use self::rate::{Rate, RateUse};
pub use self::report::{Figures, Gap, ReportRow, WorkDone, report};
pub use self::vocabulary::{ClaimBasis, ClaimStatus, LineKind, RateUnit, Training};
