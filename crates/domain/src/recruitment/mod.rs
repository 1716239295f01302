//! Recruitment (werving): campaigns by which a network seeks people, through whom and by
//! which channel, and what came of it. Nobody is followed: codes are handed out blind.

mod campaign;
mod funnel;
pub mod operations;

pub use self::campaign::{Campaign, CampaignStatus, RecruitmentAnswer, RecruitmentChannel, SEEKERS, Source};
pub use self::funnel::{Came, FunnelRow, Handed, funnel};
