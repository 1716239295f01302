//! Approaches: a request before somebody, who says yes or no in one move; and what they
//! share with who asked when they say yes.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{ExperienceApproachStatus, ExperiencePart, ExperienceRequest};
use crate::lifecycle::{self, Lifecycle, Move, Reason};
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};

/// Who says it: the person, who represents them, or who registered them and heard it.
const EITHER: &[Standing] = &[Standing::Participant, Standing::Representative, Standing::Manager, Standing::Officer];

impl Lifecycle for ExperienceApproachStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Waiting, to: Self::Interested, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Waiting, to: Self::Declined, by: EITHER, reason: Reason::Optional },
        // By the clock, or because the person isn't approachable any more.
        Move { from: Self::Waiting, to: Self::Expired, by: &[], reason: Reason::Optional },
        // A yes is taken back as easily as it was given (GDPR art. 7.3).
        Move { from: Self::Interested, to: Self::Withdrawn, by: EITHER, reason: Reason::Optional },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

impl ExperienceApproachStatus {
    /// What becomes of it when the person isn't to be approached any more; none where it is
    /// over already.
    pub const fn ended(self) -> Option<Self> {
        match self {
            Self::Waiting => Some(Self::Expired),
            Self::Interested => Some(Self::Withdrawn),
            Self::Declined | Self::Expired | Self::Withdrawn => None,
        }
    }
}

/// A request before one person (benadering).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExperienceApproach {
    /// Its id.
    pub id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// Before whom.
    pub participant_id: Uuid,
    /// What they said, as it is kept.
    pub status: ExperienceApproachStatus,
}

/// What somebody says to an approach.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'s> {
    /// What: interested, declined, or withdrawn.
    pub to: ExperienceApproachStatus,
    /// What they share with who asked.
    pub shared: &'s [ExperiencePart],
    /// What who says it is to the person.
    pub roles: Roles,
    /// Whether the person speaks for themself.
    pub speaks: bool,
    /// The day.
    pub today: NaiveDate,
}

impl ExperienceApproach {
    /// Where it stands on this day: what waits ends when the request takes no answers.
    pub fn stands(&self, request: &ExperienceRequest, day: NaiveDate) -> ExperienceApproachStatus {
        let over = self.status == ExperienceApproachStatus::Waiting && !request.takes_answers(day);
        if over { ExperienceApproachStatus::Expired } else { self.status }
    }

    /// Says yes or no. Of somebody who doesn't speak for themself yet anybody takes a no;
    /// a yes only who represents them gives.
    ///
    /// # Errors
    /// Those of [`lifecycle::take`]; `experience.repeated` and `experience.shared_unused`
    /// (400); `experience.needs_representative` (409).
    pub fn say(self, request: &ExperienceRequest, said: Saying<'_>) -> Result<Self, Refusal> {
        let yes = said.to == ExperienceApproachStatus::Interested;
        let mut faults = Fault::repeated(said.shared, "/shared", "experience.repeated");
        if !yes && !said.shared.is_empty() {
            faults.push(Fault::body("/shared", "experience.shared_unused"));
        }
        Refusal::unless_clean(faults)?;
        let status = lifecycle::take(self.stands(request, said.today), said.to, said.roles, None)?;
        if yes && !said.speaks && !said.roles.has(Standing::Representative) {
            return Err(Refusal::Conflict("experience.needs_representative"));
        }
        Ok(Self { status, ..self })
    }
}

/// That somebody said yes, and what they share with who asked. It is all that who asked
/// sees of anybody, and goes when the yes is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperienceOffer {
    /// Its id.
    pub id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// The approach to which they said yes.
    pub approach_id: Uuid,
    /// Who.
    pub participant_id: Uuid,
    /// What they share.
    pub shared: Vec<ExperiencePart>,
    /// When they said yes.
    pub created_at: DateTime<Utc>,
}

impl ExperienceOffer {
    /// Whether they share this part.
    pub fn shares(&self, part: ExperiencePart) -> bool {
        self.shared.contains(&part)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::experience::ExperienceRequestStatus;
    use crate::experience::request::tests::request;
    use crate::walks;

    const LEGAL: &[(&str, &str)] =
        &[("waiting", "interested"), ("waiting", "declined"), ("waiting", "expired"), ("interested", "withdrawn")];

    fn approach() -> ExperienceApproach {
        let status = ExperienceApproachStatus::Waiting;
        ExperienceApproach { id: Uuid::nil(), request_id: Uuid::nil(), participant_id: Uuid::nil(), status }
    }

    fn saying(to: ExperienceApproachStatus, shared: &[ExperiencePart]) -> Saying<'_> {
        let today = "2026-12-01".parse().unwrap();
        Saying { to, shared, roles: Roles::of(&[Standing::Participant]), speaks: true, today }
    }

    #[test]
    fn the_table_is_that_of_the_design() {
        walks::table_is::<ExperienceApproachStatus>(LEGAL, &[]);
    }

    #[test]
    fn what_waits_ends_with_the_request() {
        let open = ExperienceRequest { status: ExperienceRequestStatus::Open, ..request() };
        let stands = |request: &ExperienceRequest, day: &str| approach().stands(request, day.parse().unwrap());
        assert_eq!(stands(&open, "2026-12-10"), ExperienceApproachStatus::Waiting);
        assert_eq!(stands(&open, "2026-12-11"), ExperienceApproachStatus::Expired);
        let closed = ExperienceRequest { status: ExperienceRequestStatus::Closed, ..request() };
        assert_eq!(stands(&closed, "2026-12-01"), ExperienceApproachStatus::Expired);
        let late = approach().say(&closed, saying(ExperienceApproachStatus::Interested, &[]));
        assert_eq!(late, Err(Refusal::IllegalMove { allowed: Vec::new() }));
    }

    #[test]
    fn a_yes_shares_what_was_chosen_and_a_no_shares_nothing() {
        use ExperienceApproachStatus as Status;
        let open = ExperienceRequest { status: ExperienceRequestStatus::Open, ..request() };
        let contact = [ExperiencePart::Contact];
        assert_eq!(approach().say(&open, saying(Status::Interested, &contact)).unwrap().status, Status::Interested);
        assert_eq!(approach().say(&open, saying(Status::Declined, &[])).unwrap().status, Status::Declined);
        let refused = approach().say(&open, saying(Status::Declined, &contact));
        assert_eq!(refused, Err(Refusal::invalid("/shared", "experience.shared_unused")));
        let twice = [ExperiencePart::Contact; 2];
        let refused = approach().say(&open, saying(Status::Interested, &twice));
        assert_eq!(refused, Err(Refusal::invalid("/shared/1", "experience.repeated")));
    }

    #[test]
    fn a_child_says_no_itself_and_a_parent_says_yes() {
        use ExperienceApproachStatus as Status;
        let open = ExperienceRequest { status: ExperienceRequestStatus::Open, ..request() };
        let child = |to| Saying { speaks: false, ..saying(to, &[]) };
        assert!(approach().say(&open, child(Status::Declined)).is_ok());
        let refused = approach().say(&open, child(Status::Interested));
        assert_eq!(refused, Err(Refusal::Conflict("experience.needs_representative")));
        let parent = Saying { roles: Roles::of(&[Standing::Representative]), ..child(Status::Interested) };
        assert!(approach().say(&open, parent).is_ok());
        let officer = Saying { roles: Roles::of(&[Standing::Officer]), ..child(Status::Interested) };
        assert!(approach().say(&open, officer).is_err());
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_table(attempts in prop::collection::vec(any::<walks::Attempt>(), 0..40)) {
            walks::walk(ExperienceApproachStatus::Waiting, ExperienceApproachStatus::ALL, LEGAL, &attempts);
        }
    }
}
