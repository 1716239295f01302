//! Who may do what with the experience directory.
//!
//! A profile is the person's: theirs, that of who represents them, and of who registered
//! them. Those who run their networks, and every other organisation, know nothing of it.
//! Who asks reads the request and who said yes. An approach is the person's alone; who
//! registered them sees it where they don't ask themselves: ask the request's place first.

use super::ASKERS;
use crate::policy::{Access, Rule, Standing, operations};

/// The person, who represents them, and who registered them.
const EITHER: Access =
    Access::Held(&[Standing::Manager, Standing::Officer, Standing::Participant, Standing::Representative]);
/// Who else may know of the person.
const READERS: &[Standing] =
    &[Standing::Client, Standing::Coordinator, Standing::Facilitator, Standing::Chair, Standing::Secretary];
/// Who asks.
const ASKING: Access = Access::Held(ASKERS);

operations! {
    /// Read what somebody can bring.
    GetExperienceProfile = Rule::new("getExperienceProfile", EITHER).seen_by(READERS).personal();
    /// Write what somebody can bring, and whether they want to be approached.
    UpdateExperienceProfile = Rule::new("updateExperienceProfile", EITHER).seen_by(READERS).versioned();
    /// List an organisation's requests.
    ListExperienceRequests = Rule::new("listExperienceRequests", Access::SignedIn);
    /// Write a request.
    CreateExperienceRequest = Rule::new("createExperienceRequest", ASKING).seen_by_all();
    /// Read a request.
    GetExperienceRequest = Rule::new("getExperienceRequest", ASKING);
    /// Change a draft.
    UpdateExperienceRequest = Rule::new("updateExperienceRequest", ASKING).versioned();
    /// Delete a draft.
    DeleteExperienceRequest = Rule::new("deleteExperienceRequest", ASKING).versioned();
    /// Open, close or withdraw a request.
    CreateExperienceRequestTransition = Rule::new("createExperienceRequestTransition", ASKING).versioned();
    /// List the moves of a request.
    ListExperienceRequestTransitions = Rule::new("listExperienceRequestTransitions", ASKING);
    /// List who said yes.
    ListExperienceOffers = Rule::new("listExperienceOffers", ASKING).personal();
    /// List by whom I am approached.
    ListMyExperienceApproaches = Rule::new("listMyExperienceApproaches", Access::SignedIn).by_representatives();
    /// List by whom somebody is approached.
    ListParticipantExperienceApproaches = Rule::new("listParticipantExperienceApproaches", EITHER).seen_by(READERS).personal();
    /// Read an approach.
    GetExperienceApproach = Rule::new("getExperienceApproach", EITHER);
    /// Say yes or no.
    CreateExperienceApproachTransition = Rule::new("createExperienceApproachTransition", EITHER).versioned();
    /// List the moves of an approach.
    ListExperienceApproachTransitions = Rule::new("listExperienceApproachTransitions", EITHER);
}
