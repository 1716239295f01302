//! Claims (declaraties): handed in by who takes part, found good by somebody
//! else, paid.

use chrono::{Datelike, Days, NaiveDate};
use uuid::Uuid;

use super::{AllowanceFinding, ClaimBasis, ClaimLine, ClaimStatus, Entry};
use crate::lifecycle;
use crate::networks::Perspective;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};

/// Who keeps claims for people: reads them, and writes them down for who has no
/// account.
pub const KEEPERS: &[Standing] =
    &[Standing::Manager, Standing::Officer, Standing::Coordinator, Standing::Chair, Standing::Secretary];
/// Who finds claims good and pays them: the organisation that pays; in a council
/// its own chair and secretary, for its room is its own.
pub const APPROVERS: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Chair, Standing::Secretary];

/// What somebody asks for what they did or spent in one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: Uuid,
    /// The membership in which it was done.
    pub membership_id: Uuid,
    /// The network.
    pub network_id: Uuid,
    /// The organisation that pays: the network's host.
    pub organisation_id: Uuid,
    /// The person.
    pub participant_id: Uuid,
    /// The account that the person had when the claim was made: who unlinks it doesn't
    /// become somebody else.
    pub account_id: Option<Uuid>,
    /// From which perspective, as it was when the claim was made.
    pub perspective: Perspective,
    /// Whether as somebody trained, as it was when the claim was made.
    pub trained: bool,
    /// On what footing.
    pub basis: ClaimBasis,
    /// Its lines.
    pub lines: Vec<ClaimLine>,
    /// Where it stands.
    pub status: ClaimStatus,
    /// The account that wrote it down; none where that account is gone.
    pub entered_by: Option<Uuid>,
    /// The account that handed it in.
    pub submitted_by: Option<Uuid>,
    /// The day on which it was handed in.
    pub submitted_on: Option<NaiveDate>,
    /// The last day on which payment is in time.
    pub due_on: Option<NaiveDate>,
    /// The day on which it was paid.
    pub paid_on: Option<NaiveDate>,
}

/// Who has a hand in a claim already, and so can't be its second pair of eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimHands {
    /// The account that asks.
    pub caller: Option<Uuid>,
    /// The person's account.
    pub of_person: Option<Uuid>,
    /// Whether the caller represents the person in law.
    pub represents: bool,
}

impl Claim {
    /// What is wrong with it, all at once, under `/lines`: see [`ClaimLine::check`].
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let checked = self.lines.iter().enumerate().flat_map(|(index, line)| {
            line.check(self.basis, today).into_iter().map(move |fault| fault.under(&format!("/lines/{index}")))
        });
        checked.collect()
    }

    /// What it comes to. Cents.
    pub fn cents(&self) -> i64 {
        self.lines.iter().map(ClaimLine::cents).sum()
    }

    /// Its lines as they count for the volunteer allowance.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.lines.iter().map(|line| Entry {
            day: line.happened_on,
            basis: self.basis,
            cents: line.cents(),
            proven: line.proven,
            hour_cents: line.hour_cents(),
        })
    }

    /// The years in which its lines fall, in order.
    pub fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = self.lines.iter().map(|line| line.happened_on.year()).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// Whether it was, or is, paid later than promised.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        let paid = self.paid_on.or(self.status.is_awaited().then_some(today));
        self.due_on.zip(paid).is_some_and(|(due, paid)| paid > due)
    }

    /// Whether somebody who stands so towards it may know of it: a draft is for the
    /// person, who represents them, and who writes it.
    pub fn may_be_seen(&self, roles: Roles, caller: Option<Uuid>) -> bool {
        let own = roles.has_any(&[Standing::Participant, Standing::Representative]);
        own || !self.status.is_open() || (caller.is_some() && self.entered_by == caller)
    }

    /// That its content may change: only a draft's.
    ///
    /// # Errors
    /// 409 `claim.not_draft`.
    pub fn may_change(&self) -> Result<(), Refusal> {
        if self.status.is_open() { Ok(()) } else { Err(Refusal::Conflict("claim.not_draft")) }
    }

    /// These roles, as far as they count for whoever has these hands: nobody finds
    /// their own claim good, nor one that they wrote down or handed in, nor that of
    /// somebody whom they represent; and nobody pays themself.
    pub fn counted(&self, roles: Roles, hands: ClaimHands) -> Roles {
        let own =
            hands.represents || (hands.caller.is_some() && [hands.of_person, self.account_id].contains(&hands.caller));
        let wrote = hands.caller.is_some() && [self.entered_by, self.submitted_by].contains(&hands.caller);
        let withheld = match self.status {
            ClaimStatus::Submitted => own || wrote,
            ClaimStatus::Approved => own,
            ClaimStatus::Draft | ClaimStatus::Rejected | ClaimStatus::Paid => false,
        };
        if withheld { Roles::NONE } else { roles }
    }

    /// Moves it on. `findings`: what is to be known of the person's allowance with
    /// this claim in it; past a ceiling, it is found good only with a reason.
    ///
    /// # Errors
    /// Those of [`lifecycle::take`]; 409 with what [`Self::check`] finds, and `claim.empty`
    /// at `/lines`; 400
    /// `claim.reason_past_ceiling` at `/reason`.
    pub fn move_on(
        self,
        to: ClaimStatus,
        (roles, hands): (Roles, ClaimHands),
        (reason, findings): (Option<&str>, &[AllowanceFinding]),
        (today, days_to_payment): (NaiveDate, i32),
    ) -> Result<Self, Refusal> {
        let status = lifecycle::take(self.status, to, self.counted(roles, hands), reason)?;
        let mut moved = Self { status, ..self };
        match status {
            ClaimStatus::Submitted => {
                // A draft may have lain for long.
                let stale = moved.check(today).into_iter().map(|fault| Fault::resource(fault.location, fault.code));
                let empty = moved.lines.is_empty().then(|| Fault::resource("/lines", "claim.empty"));
                let faults: Vec<Fault> = stale.chain(empty).collect();
                if !faults.is_empty() {
                    return Err(Refusal::Incomplete(faults));
                }
                let days = Days::new(u64::try_from(days_to_payment).unwrap_or_default());
                moved.submitted_by = hands.caller;
                moved.submitted_on = Some(today);
                moved.due_on = today.checked_add_days(days);
            }
            ClaimStatus::Approved => {
                let passed = findings.iter().any(|finding| finding.is_passed());
                if passed && reason.is_none_or(|reason| reason.trim().is_empty()) {
                    return Err(Refusal::invalid("/reason", "claim.reason_past_ceiling"));
                }
            }
            ClaimStatus::Paid => moved.paid_on = Some(today),
            ClaimStatus::Draft | ClaimStatus::Rejected => {
                (moved.submitted_by, moved.submitted_on, moved.due_on) = (None, None, None);
            }
        }
        Ok(moved)
    }
}

impl AllowanceFinding {
    /// Whether a ceiling was passed.
    pub const fn is_passed(self) -> bool {
        match self {
            Self::MonthPassed | Self::YearPassed => true,
            Self::HourAboveNorm | Self::YearWillPass | Self::YearUnknown => false,
        }
    }
}
