//! The experience directory: what people can bring of what they lived through, who asks for
//! it, and whether they want to be approached. Confidential from end to end: who asks
//! learns of those who said yes, and of nobody else.

mod approach;
mod matching;
#[cfg(test)]
mod matching_tests;
pub mod operations;
mod profile;
mod request;
mod vocabulary;

pub use self::approach::{ExperienceApproach, ExperienceOffer, Saying};
pub use self::matching::{Approachability, ExperienceCandidate, ExperienceConsents, matched};
pub use self::profile::{ExperienceProfile, ExperienceTraining};
pub use self::request::{ASKERS, ExperienceRequest};
pub use self::vocabulary::{
    ExperienceApproachStatus, ExperienceDayPart, ExperienceForm, ExperiencePart, ExperiencePlace, ExperienceReach,
    ExperienceRequestStatus, ExperienceTheme,
};
