//! How somebody is invited to a network: in the way that they chose, reminded within
//! limits, answered in one step.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Channel, Membership, MembershipStatus, Participant};
use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;
use crate::text::Texts;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What somebody says to an invitation.
    InvitationAnswer {
        /// Yes: they take part.
        Accept => "accept",
        /// No, in one step.
        Decline => "decline",
    }
}

vocabulary! {
    /// How people are reached who don't want mail.
    ContactChannel {
        /// By telephone: the call list (bellijst).
        Phone => "phone",
        /// Face to face: the visit list (bezoeklijst).
        InPerson => "in_person",
    }
}

vocabulary! {
    /// What came of a call or a visit.
    AttemptOutcome {
        /// They were spoken to.
        Reached => "reached",
        /// Nobody was there.
        NotReached => "not_reached",
        /// They asked to be called, or visited, another time.
        CallBack => "call_back",
    }
}

impl InvitationAnswer {
    /// Where the membership comes to stand by it.
    pub const fn leads_to(self) -> MembershipStatus {
        match self {
            Self::Accept => MembershipStatus::Active,
            Self::Decline => MembershipStatus::Declined,
        }
    }
}

impl ContactChannel {
    /// The same as somebody chose it.
    pub const fn as_channel(self) -> Channel {
        match self {
            Self::Phone => Channel::Phone,
            Self::InPerson => Channel::InPerson,
        }
    }
}

/// How often, and after how long, somebody is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReminderTerms {
    /// How many days lie between an invitation and a reminder, and between two of those.
    pub after_days: u32,
    /// The most reminders that the clock sends.
    pub most: u32,
}

impl ReminderTerms {
    /// How long nobody is reminded again.
    fn gap(self) -> TimeDelta {
        TimeDelta::days(i64::from(self.after_days))
    }
}

/// What an invitation says beside what is known of the network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvitationText {
    /// A word to the person.
    pub text: Option<Texts>,
    /// How much time it takes.
    pub expected_time: Option<Texts>,
}

/// When somebody was invited, and reminded; and their turn on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// When they were invited.
    pub invited_at: DateTime<Utc>,
    /// When they were reminded last.
    pub reminded_at: Option<DateTime<Utc>>,
    /// How often.
    pub reminders: i32,
    /// When the clock comes by; none: never.
    pub remind_at: Option<DateTime<Utc>>,
    /// Whether a call or a visit is due by a reminder.
    pub due: bool,
    /// By what the list is ordered: who waits longest comes first.
    pub turn_at: DateTime<Utc>,
}

impl Invitation {
    /// An invitation of this instant.
    pub fn made(now: DateTime<Utc>, terms: ReminderTerms) -> Self {
        let remind_at = (terms.most > 0).then(|| now + terms.gap());
        Self { invited_at: now, reminded_at: None, reminders: 0, remind_at, due: false, turn_at: now }
    }

    /// That somebody who stands so may be reminded now.
    ///
    /// # Errors
    /// `membership.not_invited` where they answered, `membership_invitation.too_early`
    /// before the days since the last time have passed (409).
    pub fn may_be_reminded(
        &self,
        status: MembershipStatus,
        now: DateTime<Utc>,
        terms: ReminderTerms,
    ) -> Result<(), Refusal> {
        waits(status)?;
        let last = self.reminded_at.unwrap_or(self.invited_at);
        if now < last + terms.gap() {
            return Err(Refusal::Conflict("membership_invitation.too_early"));
        }
        Ok(())
    }

    /// Whether the clock reminds them now: when it comes by is set by every invitation and
    /// reminder, so that the days lie between.
    pub fn is_due(&self, status: MembershipStatus, now: DateTime<Utc>, terms: ReminderTerms) -> bool {
        let asked = self.remind_at.is_some_and(|at| at <= now);
        asked && self.may_remind_again(terms) && waits(status).is_ok()
    }

    fn may_remind_again(&self, terms: ReminderTerms) -> bool {
        u32::try_from(self.reminders).is_ok_and(|sent| sent < terms.most)
    }

    /// The same, reminded at this instant. Who isn't written to is due on the list.
    #[must_use]
    pub fn reminded(self, by: Channel, now: DateTime<Utc>, terms: ReminderTerms) -> Self {
        let next = Self { reminded_at: Some(now), reminders: self.reminders.saturating_add(1), ..self };
        let remind_at = next.may_remind_again(terms).then(|| now + terms.gap());
        let due = by != Channel::Internet;
        let turn_at = if due { self.invited_at } else { self.turn_at };
        Self { remind_at, due, turn_at, ..next }
    }

    /// The same, of somebody who can't be reminded when the clock comes by: it comes by
    /// no more.
    #[must_use]
    pub const fn passed_over(self) -> Self {
        Self { remind_at: None, ..self }
    }

    /// The same after a call or a visit: others come first now.
    #[must_use]
    pub const fn tried(self, now: DateTime<Utc>) -> Self {
        Self { due: false, turn_at: now, ..self }
    }
}

/// That somebody is invited still.
///
/// # Errors
/// `membership.not_invited` (409).
pub fn waits(status: MembershipStatus) -> Result<(), Refusal> {
    if status == MembershipStatus::Invited { Ok(()) } else { Err(Refusal::Conflict("membership.not_invited")) }
}

/// What the bearer of a link is to the membership: the person, or who represents them in
/// law. In a council's room nobody comes on another's behalf.
pub fn by_link(of_representative: bool, council: bool) -> Roles {
    match (of_representative, council) {
        (true, true) => Roles::NONE,
        (true, false) => Roles::of(&[Standing::Representative]),
        (false, _) => Roles::of(&[Standing::Participant]),
    }
}

impl Membership {
    /// That a person may take part by a link. In a council they do with the account that
    /// they had when they were invited, or with none.
    ///
    /// # Errors
    /// `membership_invitation.account_changed` (409).
    pub fn may_begin_by_link(&self, person: &Participant, council: bool) -> Result<(), Refusal> {
        if council && person.account_id != self.account_id {
            return Err(Refusal::Conflict("membership_invitation.account_changed"));
        }
        Ok(())
    }
}

/// What a link gives that was used before: the same answer the same.
///
/// # Errors
/// `membership_invitation.answered` (409) for another one.
pub fn answered_before(given: InvitationAnswer, now: InvitationAnswer) -> Result<(), Refusal> {
    if given == now { Ok(()) } else { Err(Refusal::Conflict("membership_invitation.answered")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(days: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_424_400, 0).unwrap() + TimeDelta::days(days)
    }

    const TERMS: ReminderTerms = ReminderTerms { after_days: 14, most: 1 };

    #[test]
    fn who_answered_is_left_alone_and_nobody_is_reminded_too_early() {
        let made = Invitation::made(at(0), TERMS);
        let invited = MembershipStatus::Invited;
        assert_eq!(
            made.may_be_reminded(invited, at(13), TERMS),
            Err(Refusal::Conflict("membership_invitation.too_early"))
        );
        assert_eq!(made.may_be_reminded(invited, at(14), TERMS), Ok(()));
        for status in MembershipStatus::ALL.iter().filter(|one| **one != invited) {
            let refused = made.may_be_reminded(*status, at(99), TERMS);
            assert_eq!(refused, Err(Refusal::Conflict("membership.not_invited")), "{status:?}");
            assert!(!made.is_due(*status, at(99), TERMS), "{status:?}");
        }
        let never = Invitation::made(at(0), ReminderTerms { most: 0, ..TERMS });
        assert_eq!((never.remind_at, never.is_due(invited, at(99), TERMS)), (None, false));
        assert!(!made.passed_over().is_due(invited, at(99), TERMS));
    }

    #[test]
    fn who_is_due_comes_first_until_somebody_tried() {
        let made = Invitation::made(at(0), TERMS).tried(at(3));
        assert_eq!((made.due, made.turn_at), (false, at(3)));
        let due = made.reminded(Channel::Phone, at(20), TERMS);
        assert_eq!((due.due, due.turn_at, due.remind_at), (true, at(0), None));
        let tried = due.tried(at(21));
        assert_eq!((tried.due, tried.turn_at, tried.reminded_at), (false, at(21), Some(at(20))));
        let mailed = made.reminded(Channel::Internet, at(20), TERMS);
        assert_eq!((mailed.due, mailed.turn_at), (false, at(3)));
    }

    #[test]
    fn a_representative_stays_out_of_a_councils_room() {
        assert!(by_link(true, false).has(Standing::Representative));
        assert_eq!(by_link(true, true), Roles::NONE);
        for council in [false, true] {
            assert!(by_link(false, council).has(Standing::Participant));
        }
    }

    #[test]
    fn a_link_says_one_thing() {
        use InvitationAnswer::{Accept, Decline};
        assert_eq!(answered_before(Accept, Accept), Ok(()));
        assert_eq!(answered_before(Decline, Accept), Err(Refusal::Conflict("membership_invitation.answered")));
        assert_eq!((Accept.leads_to(), Decline.leads_to()), (MembershipStatus::Active, MembershipStatus::Declined));
    }

    proptest! {
        /// However often the clock and an organiser come by: between two times lie the
        /// days, and the clock reminds no more often than it may.
        #[test]
        fn nobody_is_overburdened(
            tries in prop::collection::vec((0_i64..6, any::<bool>()), 0..60),
            after_days in 1_u32..30,
            most in 0_u32..4,
        ) {
            let terms = ReminderTerms { after_days, most };
            let mut one = Invitation::made(at(0), terms);
            let (mut day, mut times, mut by_clock) = (0, vec![at(0)], 0);
            for (step, by_hand) in tries {
                day += step;
                let invited = MembershipStatus::Invited;
                let may = one.may_be_reminded(invited, at(day), terms).is_ok();
                let clock = !by_hand && one.is_due(invited, at(day), terms);
                prop_assert!(may || !clock);
                if clock || (by_hand && may) {
                    one = one.reminded(Channel::Internet, at(day), terms);
                    by_clock += u32::from(clock);
                    times.push(at(day));
                }
            }
            prop_assert!(by_clock <= most);
            let gap = TimeDelta::days(i64::from(after_days));
            prop_assert!(times.windows(2).all(|two| two[1] - two[0] >= gap));
        }
    }
}
