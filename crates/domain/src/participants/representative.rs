//! Legal representatives: who acts by law for a person under 16, or for an adult
//! as far as a measure reaches. Several per person; each for as long as it holds.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::Age;
use crate::calendar::reversed;
use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::refusal::{Fault, Refusal};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// By what somebody represents another in law.
    RepresentativeKind {
        /// A parent with authority over the child (ouder met gezag).
        ParentWithAuthority => "parent_with_authority",
        /// Has authority over the child in the parents' place (voogd).
        Guardian => "guardian",
        /// A certified institution that holds guardianship (gecertificeerde instelling).
        CertifiedInstitution => "certified_institution",
        /// Acts for an adult under curatele (curator).
        Curator => "curator",
        /// Looks after an adult's money and goods under bewind (bewindvoerder).
        Administrator => "administrator",
        /// Decides on an adult's care under mentorschap (mentor).
        Mentor => "mentor",
    }
}

vocabulary! {
    /// What was seen as evidence that somebody represents another.
    RepresentationEvidence {
        /// An extract of the register of parental authority (gezagsregister).
        AuthorityRegister => "authority_register",
        /// A court's decision (beschikking).
        CourtDecision => "court_decision",
        /// An extract of the civil register (BRP).
        CivilRegister => "civil_register",
        /// The central register of curatele and bewind (CCBR).
        CurateleRegister => "curatele_register",
        /// A certified institution's mandate for its worker (machtiging).
        Mandate => "mandate",
    }
}

vocabulary! {
    /// Where the record of a legal representative stands.
    RepresentationStatus {
        /// It counts, within its period.
        Active => "active",
        /// It was ended.
        Ended => "ended",
    }
}

/// Who records legal representatives: the people of the organisation that
/// registered the person.
const RECORDERS: &[Standing] = &[Standing::Manager, Standing::Officer];

impl Lifecycle for RepresentationStatus {
    const MOVES: &'static [Move<Self>] =
        &[Move { from: Self::Active, to: Self::Ended, by: RECORDERS, reason: Reason::Required }];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

/// The age from which a person speaks for themself. Years.
pub const OF_OWN_VOICE: i32 = 16;
/// The age from which a measure for adults can reach a person. Years.
const ADULT: i32 = 18;

impl RepresentativeKind {
    /// Whether it is authority over a child, which ends at 16 here.
    pub const fn is_over_a_child(self) -> bool {
        match self {
            Self::ParentWithAuthority | Self::Guardian | Self::CertifiedInstitution => true,
            Self::Curator | Self::Administrator | Self::Mentor => false,
        }
    }

    /// Whether it reaches taking part. Bewind is about money and goods alone.
    pub const fn reaches_taking_part(self) -> bool {
        match self {
            Self::ParentWithAuthority | Self::Guardian | Self::CertifiedInstitution | Self::Curator | Self::Mentor => {
                true
            }
            Self::Administrator => false,
        }
    }

    /// Whether it can hold for a person of whose age this is known, on this day. Of whom
    /// nothing is known isn't taken for a child.
    ///
    /// # Errors
    /// `representative.birth_unknown` (409, at `/birth`),
    /// `representative.person_too_old`, `representative.not_adult` (409).
    pub fn may_hold(self, age: Age, day: NaiveDate) -> Result<(), Refusal> {
        match (self.is_over_a_child(), age.is_known()) {
            (true, false) => Err(Refusal::Incomplete(vec![Fault::resource("/birth", "representative.birth_unknown")])),
            (true, true) if age.is_at_least(OF_OWN_VOICE, day) => {
                Err(Refusal::Conflict("representative.person_too_old"))
            }
            (false, true) if !age.is_at_least(ADULT, day) => Err(Refusal::Conflict("representative.not_adult")),
            (true | false, _) => Ok(()),
        }
    }
}

/// By what somebody represents a person, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Representation {
    /// By what.
    pub kind: RepresentativeKind,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Whether it was ended.
    pub status: RepresentationStatus,
}

impl Representation {
    /// Whether it holds on this day for a person of this age: not ended, within
    /// its period, and, over a child, before the day on which they count as 16.
    pub fn holds(&self, age: Age, day: NaiveDate) -> bool {
        let within = self.starts_on <= day && self.ends_on.is_none_or(|end| day <= end);
        self.status == RepresentationStatus::Active && within && self.kind.may_hold(age, day).is_ok()
    }

    /// Whether who has it acts here for the person on this day.
    pub fn acts(&self, age: Age, day: NaiveDate) -> bool {
        self.kind.reaches_taking_part() && self.holds(age, day)
    }

    /// The last day on which it can hold; none where no end is known.
    pub fn last_day(&self, age: Age) -> Option<NaiveDate> {
        let before = |day: NaiveDate| day.checked_sub_days(Days::new(1));
        let child = self.kind.is_over_a_child();
        let turns = age.reaches_on(OF_OWN_VOICE).filter(|_| child).and_then(before);
        [self.ends_on, turns].into_iter().flatten().min()
    }
}

/// Who saw what, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// What was seen.
    pub document: RepresentationEvidence,
    /// The day on which it was seen.
    pub seen_on: NaiveDate,
    /// The account of who saw it.
    pub seen_by: Uuid,
}

/// Somebody who represents a person in law, with or without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalRepresentative {
    /// Its id.
    pub id: Uuid,
    /// Whom they represent.
    pub participant_id: Uuid,
    /// Their name.
    pub name: String,
    /// Their account, if they have one.
    pub account_id: Option<Uuid>,
    /// By what, and for how long.
    pub representation: Representation,
    /// What it rests on.
    pub evidence: Evidence,
    /// The account that recorded it.
    pub recorded_by: Uuid,
}

impl LegalRepresentative {
    /// What is wrong with it, all at once: `text.blank`, `period.reversed`,
    /// `evidence.in_future`; `representative.is_oneself` where the account is the
    /// person's own (`own`).
    pub fn check(&self, own: Option<Uuid>, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push(Fault::body("/name", "text.blank"));
        }
        if reversed(Some(self.representation.starts_on), self.representation.ends_on) {
            faults.push(Fault::body("/endsOn", "period.reversed"));
        }
        if self.evidence.seen_on > today {
            faults.push(Fault::body("/evidence/seenOn", "evidence.in_future"));
        }
        if self.account_id.is_some() && self.account_id == own {
            faults.push(Fault::body("/accountId", "representative.is_oneself"));
        }
        faults
    }

    /// Decides whether its content may become that of `new`; whom it is about, by
    /// what, where it stands and who recorded it stay as they are.
    ///
    /// # Errors
    /// `representative.ended` (409).
    pub fn change(&self, new: Self) -> Result<Self, Refusal> {
        if self.representation.status == RepresentationStatus::Ended {
            return Err(Refusal::Conflict("representative.ended"));
        }
        let Representation { kind, status, .. } = self.representation;
        let representation = Representation { kind, status, ..new.representation };
        let Self { id, participant_id, recorded_by, .. } = *self;
        Ok(Self { id, participant_id, representation, recorded_by, ..new })
    }
}
