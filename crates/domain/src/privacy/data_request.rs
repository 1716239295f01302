//! What somebody asks of their own data (GDPR arts. 15–21): a request with its term,
//! and who may carry it out.

use chrono::{Months, NaiveDate};
use uuid::Uuid;

use crate::lifecycle::{Lifecycle, Move, Reason, open_to, take};
use crate::participants::Channel;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What somebody asks of their own data.
    DataRequestKind {
        /// Everything that is kept of them (GDPR arts. 15 and 20).
        Export => "export",
        /// That something about them is put right (GDPR art. 16).
        Rectification => "rectification",
        /// That their data is kept and nothing else is done with it (GDPR art. 18).
        Restriction => "restriction",
        /// That they aren't asked and written to any more (GDPR art. 21).
        Objection => "objection",
        /// That it goes, but for what has to stay (GDPR art. 17).
        Erasure => "erasure",
    }
}

vocabulary! {
    /// Where a request stands.
    DataRequestStatus {
        /// It came in.
        Received => "received",
        /// It takes longer, and the person was told why (GDPR art. 12.3).
        Extended => "extended",
        /// It was done.
        CarriedOut => "carried_out",
        /// It was refused, with the reason (GDPR art. 12.4).
        Rejected => "rejected",
        /// Who asked took it back.
        Withdrawn => "withdrawn",
        /// A restriction or an objection that holds no longer.
        Lifted => "lifted",
    }
}

vocabulary! {
    /// Who asked.
    DataRequestAsker {
        /// The person themself.
        Person => "person",
        /// Who represents them in law.
        Representative => "representative",
        /// The organisation wrote down what the person asked by phone or in person, and
        /// how it was checked who they are.
        Organisation => "organisation",
        /// Nobody: the term passed after which people who no longer take part are removed.
        Term => "term",
    }
}

/// Who answers for the organisation.
const OFFICERS: &[Standing] = &[Standing::Manager, Standing::Officer];
/// The officers, and the person in question.
const EITHER: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Participant];
/// Who asked, or may have.
const ASKERS: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Participant, Standing::Representative];
/// How long an organisation has. Months (GDPR art. 12.3).
const TERM: Months = Months::new(1);
/// By how much it may be extended. Months (GDPR art. 12.3).
const EXTENSION: Months = Months::new(2);

impl Lifecycle for DataRequestStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Received, to: Self::Extended, by: OFFICERS, reason: Reason::Required },
        Move { from: Self::Received, to: Self::CarriedOut, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Received, to: Self::Rejected, by: OFFICERS, reason: Reason::Required },
        Move { from: Self::Received, to: Self::Withdrawn, by: ASKERS, reason: Reason::Optional },
        Move { from: Self::Extended, to: Self::CarriedOut, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Extended, to: Self::Rejected, by: OFFICERS, reason: Reason::Required },
        Move { from: Self::Extended, to: Self::Withdrawn, by: ASKERS, reason: Reason::Optional },
        Move { from: Self::CarriedOut, to: Self::Lifted, by: EITHER, reason: Reason::Required },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

impl DataRequestStatus {
    /// Whether it still waits for the organisation.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Received | Self::Extended => true,
            Self::CarriedOut | Self::Rejected | Self::Withdrawn | Self::Lifted => false,
        }
    }

    /// Whether what it asks holds meanwhile, for a restriction or an objection: from the
    /// day on which it came in (GDPR art. 18.1.d).
    pub const fn holds(self) -> bool {
        match self {
            Self::Received | Self::Extended | Self::CarriedOut => true,
            Self::Rejected | Self::Withdrawn | Self::Lifted => false,
        }
    }
}

impl DataRequestKind {
    /// Whether it stops what is done with somebody's data, for as long as it holds.
    pub const fn stops(self) -> bool {
        match self {
            Self::Restriction | Self::Objection => true,
            Self::Export | Self::Rectification | Self::Erasure => false,
        }
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataRequest {
    /// Its id.
    pub id: Uuid,
    /// The controller that it is put to; none where somebody asks it of all that is
    /// theirs here, by their account.
    pub organisation_id: Option<Uuid>,
    /// Whose data.
    pub participant_id: Option<Uuid>,
    /// The account whose data it is, where it is asked of all that is theirs.
    pub account_id: Option<Uuid>,
    /// What is asked.
    pub kind: DataRequestKind,
    /// Where it stands.
    pub status: DataRequestStatus,
    /// Who asked.
    pub asked_by: DataRequestAsker,
    /// How it came in.
    pub channel: Channel,
    /// The account that asked, or wrote it down.
    pub requested_by: Option<Uuid>,
    /// What is wrong, or why it is asked, in words.
    pub details: Option<String>,
    /// How it was checked who asks, where the organisation wrote it down.
    pub identity_check: Option<String>,
    /// The day on which it came in.
    pub received_on: NaiveDate,
    /// Until when the organisation has.
    pub due_on: NaiveDate,
    /// The day on which it was decided.
    pub decided_on: Option<NaiveDate>,
}

/// Who moves a request.
#[derive(Debug, Clone, Copy)]
pub struct DataRequestMove<'r> {
    /// What they are to the person.
    pub roles: Roles,
    /// Whether the person speaks for themself: is old enough, as far as is known.
    pub own_voice: bool,
    /// Why, where they say so.
    pub reason: Option<&'r str>,
    /// The day.
    pub today: NaiveDate,
}

impl DataRequest {
    /// Until when an organisation has that heard of it on this day: a month.
    pub fn due(received_on: NaiveDate) -> NaiveDate {
        received_on.checked_add_months(TERM).unwrap_or(NaiveDate::MAX)
    }

    /// What is wrong with it, all at once: `data_request.in_future`;
    /// `data_request.details_missing` (what is to be put right);
    /// `data_request.identity_check_missing` and `data_request.channel_needs_person` where
    /// the organisation writes down what somebody asked.
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let by_organisation = self.asked_by == DataRequestAsker::Organisation;
        let mut faults = Vec::new();
        let mut wrong = |holds: bool, location: &str, code| {
            if holds {
                faults.push(Fault::body(location, code));
            }
        };
        wrong(self.received_on > today, "/receivedOn", "data_request.in_future");
        let unsaid = self.kind == DataRequestKind::Rectification && !said(&self.details);
        wrong(unsaid, "/details", "data_request.details_missing");
        let unchecked = by_organisation && !said(&self.identity_check);
        wrong(unchecked, "/identityCheck", "data_request.identity_check_missing");
        let online = by_organisation && self.channel == Channel::Internet;
        wrong(online, "/channel", "data_request.channel_needs_person");
        faults
    }

    /// The states that somebody may move it to.
    pub fn open_to(&self, roles: Roles, own_voice: bool) -> Vec<DataRequestStatus> {
        let mut open = open_to(self.status, roles);
        open.retain(|to| self.has(*to) && self.is_theirs(*to, roles, own_voice));
        open
    }

    /// The request after this move. What is to be put right an officer puts right; who is
    /// too young to speak for themself, and who represents somebody, ask: an officer
    /// carries it out.
    ///
    /// # Errors
    /// Those of [`take`]; 403 where it isn't theirs to do.
    pub fn take(self, to: DataRequestStatus, by: DataRequestMove<'_>) -> Result<Self, Refusal> {
        if !self.has(to) {
            let allowed = self.open_to(by.roles, by.own_voice).into_iter().map(DataRequestStatus::code).collect();
            return Err(Refusal::IllegalMove { allowed });
        }
        let status = take(self.status, to, by.roles, by.reason)?;
        if !self.is_theirs(to, by.roles, by.own_voice) {
            return Err(Refusal::Forbidden);
        }
        let due_on = match status {
            DataRequestStatus::Extended => self.due_on.checked_add_months(EXTENSION).unwrap_or(NaiveDate::MAX),
            DataRequestStatus::Received
            | DataRequestStatus::CarriedOut
            | DataRequestStatus::Rejected
            | DataRequestStatus::Withdrawn
            | DataRequestStatus::Lifted => self.due_on,
        };
        let decided_on = if status.is_open() { None } else { self.decided_on.or(Some(by.today)) };
        Ok(Self { status, due_on, decided_on, ..self })
    }

    /// Whether it is past its term on this day.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.status.is_open() && self.due_on < today
    }

    /// Whether a request of this kind ever comes there.
    fn has(&self, to: DataRequestStatus) -> bool {
        to != DataRequestStatus::Lifted || self.kind.stops()
    }

    fn is_theirs(&self, to: DataRequestStatus, roles: Roles, own_voice: bool) -> bool {
        if to == DataRequestStatus::Withdrawn {
            // Who asked takes it back; for an organisation that is a refusal, with its reason.
            let asked: &[Standing] = match self.asked_by {
                DataRequestAsker::Person => &[Standing::Participant],
                DataRequestAsker::Representative => &[Standing::Representative],
                DataRequestAsker::Organisation => &[Standing::Manager, Standing::Officer, Standing::Participant],
                DataRequestAsker::Term => &[],
            };
            return roles.has_any(asked);
        }
        let does = matches!(to, DataRequestStatus::CarriedOut | DataRequestStatus::Lifted);
        if !does || roles.has_any(OFFICERS) {
            return true;
        }
        own_voice && self.kind != DataRequestKind::Rectification
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn asked(kind: DataRequestKind) -> DataRequest {
        let received_on = day(2026, 1, 31);
        DataRequest {
            id: Uuid::from_u128(1),
            organisation_id: Some(Uuid::from_u128(2)),
            participant_id: Some(Uuid::from_u128(3)),
            account_id: None,
            kind,
            status: DataRequestStatus::Received,
            asked_by: DataRequestAsker::Person,
            channel: Channel::Internet,
            requested_by: None,
            details: None,
            identity_check: None,
            received_on,
            due_on: DataRequest::due(received_on),
            decided_on: None,
        }
    }

    fn by(standing: Standing, own_voice: bool) -> DataRequestMove<'static> {
        let roles = Roles::NONE.with(standing);
        DataRequestMove { roles, own_voice, reason: Some("because"), today: day(2026, 2, 3) }
    }

    #[test]
    fn a_month_and_two_more() {
        let one = asked(DataRequestKind::Export);
        assert_eq!(one.due_on, day(2026, 2, 28));
        assert!(!one.is_overdue(day(2026, 2, 28)) && one.is_overdue(day(2026, 3, 1)));
        let longer = one.take(DataRequestStatus::Extended, by(Standing::Officer, true)).unwrap();
        assert_eq!((longer.due_on, longer.decided_on), (day(2026, 4, 28), None));
        let again = longer.take(DataRequestStatus::Extended, by(Standing::Officer, true));
        assert!(matches!(again, Err(Refusal::IllegalMove { .. })));
    }

    #[test]
    fn who_speaks_for_themself_does_it_and_who_does_not_asks() {
        for kind in DataRequestKind::ALL {
            let done = |standing, own_voice| asked(*kind).take(DataRequestStatus::CarriedOut, by(standing, own_voice));
            assert!(done(Standing::Officer, false).is_ok());
            assert_eq!(done(Standing::Participant, false), Err(Refusal::Forbidden));
            assert_eq!(done(Standing::Participant, true).is_ok(), *kind != DataRequestKind::Rectification);
            assert_eq!(done(Standing::Representative, true), Err(Refusal::Forbidden));
            let back = |asked_by, standing| {
                let one = DataRequest { asked_by, ..asked(*kind) };
                one.take(DataRequestStatus::Withdrawn, by(standing, false))
            };
            let mine = back(DataRequestAsker::Representative, Standing::Representative);
            assert_eq!(mine.unwrap().decided_on, Some(day(2026, 2, 3)));
            for other in [Standing::Officer, Standing::Representative] {
                assert_eq!(back(DataRequestAsker::Person, other), Err(Refusal::Forbidden), "not theirs to take back");
            }
        }
    }

    #[test]
    fn only_what_stops_something_is_lifted() {
        for kind in DataRequestKind::ALL {
            let done = asked(*kind).take(DataRequestStatus::CarriedOut, by(Standing::Officer, true)).unwrap();
            assert!(done.status.holds());
            let lifted = done.take(DataRequestStatus::Lifted, by(Standing::Officer, true));
            assert_eq!(lifted.is_ok(), kind.stops(), "{kind:?}");
        }
    }

    #[test]
    fn all_faults_at_once() {
        let mut wrong = asked(DataRequestKind::Rectification);
        wrong.asked_by = DataRequestAsker::Organisation;
        wrong.received_on = day(2026, 3, 1);
        let codes: Vec<_> = wrong.check(day(2026, 2, 1)).into_iter().map(|fault| fault.code).collect();
        assert_eq!(codes.len(), 4, "{codes:?}");
    }
}
