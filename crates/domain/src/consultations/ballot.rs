//! Anonymous answers: who may give one, how long, and what becomes of them.
//!
//! Who answered and what was answered are kept apart, with nothing that joins them. Once
//! nobody answers any more, the answers are sealed: shuffled, rewritten, and the key under
//! which they came in destroyed.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::answers::{Entry, is_open};
use super::{Answer, BallotProof, Consultation, ConsultationStatus, OneAnswerBy, Values, Writer};
use crate::calendar::{day_of, end_of};
use crate::participants::Channel;
use crate::refusal::Refusal;

/// For how many days after closing facilitators can still enter what they heard before.
pub const ENTRY_DAYS: u64 = 7;

/// One anonymous answer: what was answered, and nothing of who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// How it came in.
    pub channel: Channel,
    /// What it rests on.
    pub proof: BallotProof,
    /// What goes with it of who answers, as that was declared.
    pub values: Values,
    /// The answers.
    pub answers: Vec<Answer>,
}

/// What has to be known before an anonymous answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BallotFacts {
    /// The consultation asks whoever it is of; of a code: it is one of its own.
    pub asked: bool,
    /// Whether somebody heard it, and writes it down.
    pub heard: bool,
    /// What the caller is who sends it in.
    pub writer: Writer,
    /// The installation's time zone.
    pub zone: Tz,
}

/// Whether this anonymous answer can be taken now, as far as may be known before it is
/// held against the receipts. What facilitators heard before closing they can enter for
/// seven days after it.
///
/// # Errors
/// As [`super::may_respond`]; [`Refusal::Conflict`] `response.not_anonymous` where the
/// consultation isn't, `response.nobody_hears` for what was heard where nobody was told
/// so, `response.by_code_only` and `response.by_invitation_only` where it is seen to by the
/// other that each answers once, `consultation.not_open`.
pub fn may_cast(
    consultation: &Consultation,
    ballot: &Ballot,
    facts: BallotFacts,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let BallotFacts { asked, heard, writer, zone } = facts;
    Entry { channel: ballot.channel, answers: &ballot.answers, heard, asked }.check(consultation, writer)?;
    if !consultation.is_anonymous() {
        return Err(Refusal::Conflict("response.not_anonymous"));
    }
    if heard && !consultation.heard_by_others {
        return Err(Refusal::Conflict("response.nobody_hears"));
    }
    match (consultation.one_answer_by, ballot.proof) {
        (OneAnswerBy::PrintedCode, BallotProof::Person) => return Err(Refusal::Conflict("response.by_code_only")),
        (OneAnswerBy::Invitation, BallotProof::Code) => return Err(Refusal::Conflict("response.by_invitation_only")),
        (OneAnswerBy::Invitation | OneAnswerBy::PrintedCode | OneAnswerBy::Either, _) => {}
    }
    let entered_late = heard && consultation.closed_at.is_some() && !is_fixed(consultation, zone, now);
    if entered_late { Ok(()) } else { is_open(consultation, zone, now) }
}

/// The last day on which facilitators can enter what they heard, of a consultation that
/// closes with this as its last day; none where they hear nothing.
pub(super) fn entries_until(consultation: &Consultation, last: NaiveDate) -> Option<NaiveDate> {
    last.checked_add_days(Days::new(ENTRY_DAYS)).filter(|_| consultation.heard_by_others)
}

/// Whether an answer rests on something that is good for one answer: an invitation, or a
/// printed code, and not on either of both.
pub fn is_verified(consultation: &Consultation, proof: BallotProof) -> bool {
    consultation.one_answer_by != OneAnswerBy::Either && proof != BallotProof::None
}

/// Whether somebody can take their anonymous answer back: until it closes.
///
/// # Errors
/// [`Refusal::Conflict`] `response.not_anonymous`, `consultation.not_open`.
pub fn may_be_taken_back(consultation: &Consultation, zone: Tz, now: DateTime<Utc>) -> Result<(), Refusal> {
    if !consultation.is_anonymous() {
        return Err(Refusal::Conflict("response.not_anonymous"));
    }
    is_open(consultation, zone, now)
}

/// What has to become of the anonymous answers of a consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They are sealed.
    Sealed,
    /// The consultation was called off: they are destroyed.
    Destroyed,
}

/// What has to become of its anonymous answers at this instant, where it didn't yet.
pub fn fate(consultation: &Consultation, zone: Tz, now: DateTime<Utc>) -> Option<Fate> {
    let waits = consultation.is_anonymous() && consultation.opened_at.is_some() && consultation.sealed_at.is_none();
    match consultation.status {
        ConsultationStatus::Closed | ConsultationStatus::Concluded => {
            (waits && is_fixed(consultation, zone, now)).then_some(Fate::Sealed)
        }
        ConsultationStatus::Withdrawn => waits.then_some(Fate::Destroyed),
        ConsultationStatus::Draft | ConsultationStatus::Open => None,
    }
}

/// Whether nothing comes in any more: from closing, or where facilitators hear answers from
/// the end of the seventh day after it.
fn is_fixed(consultation: &Consultation, zone: Tz, now: DateTime<Utc>) -> bool {
    let Some(closed) = consultation.closed_at else { return false };
    if !consultation.heard_by_others {
        return true;
    }
    // Closed by the clock is the instant at which the last day ends.
    let from_closing = || entries_until(consultation, day_of(closed - TimeDelta::seconds(1), zone));
    consultation.entries_until_on.or_else(from_closing).is_none_or(|day| now >= end_of(day, zone))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::consultations::samples::{ZONE, day, id, now, open};
    use crate::consultations::{ConsultationMode, Given};

    fn anonymous() -> Consultation {
        Consultation { mode: ConsultationMode::Anonymous, ..open() }
    }

    fn ballot(channel: Channel) -> Ballot {
        let answers =
            vec![Answer { question_id: id(101), given: Given::SingleChoice { option_id: id(1000), other: None } }];
        Ballot { channel, proof: BallotProof::Person, values: Vec::new(), answers }
    }

    const SELF: BallotFacts = BallotFacts { asked: true, heard: false, writer: Writer::Other, zone: ZONE };
    const HEARD: BallotFacts = BallotFacts { heard: true, writer: Writer::Facilitator, ..SELF };

    #[test]
    fn the_one_way_takes_what_the_other_refuses() {
        let (own, named) = (ballot(Channel::Internet), open());
        assert_eq!(may_cast(&anonymous(), &own, SELF, now()), Ok(()));
        assert_eq!(may_cast(&named, &own, SELF, now()), Err(Refusal::Conflict("response.not_anonymous")));
        assert_eq!(may_be_taken_back(&named, ZONE, now()), Err(Refusal::Conflict("response.not_anonymous")));
    }

    #[test]
    fn who_writes_down_for_others_was_announced() {
        let called = ballot(Channel::Phone);
        assert_eq!(may_cast(&anonymous(), &called, HEARD, now()), Err(Refusal::Conflict("response.nobody_hears")));
        let heard = Consultation { heard_by_others: true, ..anonymous() };
        assert_eq!(may_cast(&heard, &called, HEARD, now()), Ok(()));
        let stranger = BallotFacts { writer: Writer::Other, ..HEARD };
        assert_eq!(may_cast(&heard, &called, stranger, now()), Err(Refusal::Forbidden));
        let online = may_cast(&heard, &ballot(Channel::Internet), HEARD, now());
        assert_eq!(online, Err(Refusal::invalid("/channel", "response.channel_not_heard")));
    }

    #[test]
    fn what_was_heard_is_entered_for_seven_days_and_sealed_after_them() {
        let closed = end_of(day(2026, 5, 31), ZONE);
        let heard = Consultation {
            heard_by_others: true,
            status: ConsultationStatus::Closed,
            closed_at: Some(closed),
            ..anonymous()
        };
        let last = end_of(day(2026, 6, 7), ZONE);
        let before = last - TimeDelta::seconds(1);
        assert_eq!(may_cast(&heard, &ballot(Channel::Phone), HEARD, before), Ok(()));
        let own = may_cast(&heard, &ballot(Channel::Internet), SELF, before);
        assert_eq!(own, Err(Refusal::Conflict("consultation.not_open")));
        assert_eq!(may_be_taken_back(&heard, ZONE, before), Err(Refusal::Conflict("consultation.not_open")));
        let late = may_cast(&heard, &ballot(Channel::Phone), HEARD, last);
        assert_eq!(late, Err(Refusal::Conflict("consultation.not_open")));
        assert_eq!((fate(&heard, ZONE, before), fate(&heard, ZONE, last)), (None, Some(Fate::Sealed)));
        let unheard = Consultation { heard_by_others: false, ..heard.clone() };
        assert_eq!(fate(&unheard, ZONE, closed), Some(Fate::Sealed));
        let sealed = Consultation { sealed_at: Some(last), ..heard };
        assert_eq!(fate(&sealed, ZONE, last), None);
    }

    #[test]
    fn seven_days_are_seven_days_also_when_the_service_stood_still() {
        let heard = Consultation { heard_by_others: true, ..anonymous() };
        let ended = end_of(day(2026, 5, 31), ZONE);
        let last = |now| crate::consultations::close_if_due(&heard, now, ZONE).unwrap().entries_until_on;
        assert_eq!(last(ended), Some(day(2026, 6, 7)));
        assert_eq!(last(ended + TimeDelta::days(10)), Some(day(2026, 6, 17)));
        let late = crate::consultations::close_if_due(&heard, ended + TimeDelta::days(10), ZONE).unwrap();
        let until = end_of(day(2026, 6, 17), ZONE);
        let entered = may_cast(&late, &ballot(Channel::Phone), HEARD, until - TimeDelta::seconds(1));
        assert_eq!((entered, fate(&late, ZONE, until)), (Ok(()), Some(Fate::Sealed)));
        assert_eq!(crate::consultations::close_if_due(&anonymous(), ended, ZONE).unwrap().entries_until_on, None);
    }

    #[test]
    fn each_answers_once_by_what_was_chosen() {
        let answered = |by, proof| {
            let asked = Consultation { one_answer_by: by, ..anonymous() };
            may_cast(&asked, &Ballot { proof, ..ballot(Channel::Internet) }, SELF, now())
        };
        let refused = |code| Err(Refusal::Conflict(code));
        for (by, person, code) in [
            (OneAnswerBy::Invitation, Ok(()), refused("response.by_invitation_only")),
            (OneAnswerBy::PrintedCode, refused("response.by_code_only"), Ok(())),
            (OneAnswerBy::Either, Ok(()), Ok(())),
        ] {
            assert_eq!((answered(by, BallotProof::Person), answered(by, BallotProof::Code)), (person, code));
            assert_eq!(answered(by, BallotProof::None), Ok(()));
            let asked = Consultation { one_answer_by: by, ..anonymous() };
            assert_eq!(is_verified(&asked, BallotProof::Code), by != OneAnswerBy::Either);
            assert!(!is_verified(&asked, BallotProof::None));
        }
    }

    proptest! {
        /// What is taken at an instant is never sealed at it, nor before.
        #[test]
        fn nothing_comes_in_once_it_may_be_sealed(
            status in proptest::sample::select(ConsultationStatus::ALL),
            heard in any::<bool>(), asks_heard in any::<bool>(),
            closed in 0_i64..40, at in 0_i64..60,
        ) {
            let from = now();
            let over = matches!(status, ConsultationStatus::Closed | ConsultationStatus::Concluded);
            let consultation = Consultation {
                status,
                heard_by_others: asks_heard,
                closed_at: over.then(|| from + TimeDelta::days(closed)),
                ..anonymous()
            };
            let facts = if heard { HEARD } else { SELF };
            let sent = ballot(if heard { Channel::Phone } else { Channel::Internet });
            let instant = from + TimeDelta::days(at);
            let taken = may_cast(&consultation, &sent, facts, instant).is_ok();
            prop_assert!(!taken || fate(&consultation, ZONE, instant).is_none());
            prop_assert!(!taken || over == (status != ConsultationStatus::Open));
            let later = from + TimeDelta::days(200);
            prop_assert!(!over || fate(&consultation, ZONE, later) == Some(Fate::Sealed));
        }
    }
}
