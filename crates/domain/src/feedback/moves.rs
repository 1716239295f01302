//! How feedback moves on, and what each move needs.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Addressee, Feedback, FeedbackStatus, OfficialResponse};
use crate::calendar::{day_of, weeks_after};
use crate::lifecycle::{open_to, take};
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// Within how many weeks an answer is due where no agreement says otherwise.
pub const ANSWER_WEEKS: u64 = 6;

/// Who moves it, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mover<'a> {
    /// What they are towards the place of the feedback.
    pub roles: Roles,
    /// They are the author, speak for the organisation or network that brings
    /// it, or recorded it on the author's behalf.
    pub author: bool,
    /// Why, in their words.
    pub reason: Option<&'a str>,
}

impl Mover<'_> {
    /// What they may act as here. Being a participant somewhere doesn't make
    /// an author, and what is addressed to a network is answered by that
    /// network, not by the organisation that hosts it (nor the other way).
    fn acting(&self, addressee: Addressee) -> Roles {
        let acts = |standing: &Standing| match (addressee, *standing) {
            (_, Standing::Participant)
            | (Addressee::Network(_), Standing::Manager | Standing::Officer | Standing::Client)
            | (Addressee::Organisation(_), Standing::Coordinator | Standing::Chair | Standing::Secretary) => false,
            (Addressee::Network(_) | Addressee::Organisation(_), _other) => true,
        };
        let roles = self.roles.list().filter(acts).fold(Roles::NONE, Roles::with);
        if self.author { roles.with(Standing::Participant) } else { roles }
    }
}

/// What a move has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveFacts<'a> {
    /// The latest official response, if any.
    pub response: Option<&'a OfficialResponse>,
    /// The feedback in which it is to go on.
    pub merge_into: Option<&'a Feedback>,
    /// What became of it, said with the move.
    pub outcome: Option<&'a Texts>,
    /// Within how many days an answer is due by agreement; none: six weeks.
    pub answer_days: Option<i32>,
    /// The installation's time zone.
    pub zone: Tz,
}

/// The states to which they may move it from here.
pub fn allowed(feedback: &Feedback, mover: &Mover) -> Vec<FeedbackStatus> {
    let open = open_to(feedback.status, mover.acting(feedback.addressee)).into_iter();
    open.filter(|to| to.is_for(feedback.kind)).collect()
}

/// Moves it on.
///
/// # Errors
/// What [`take`] refuses; [`Refusal::Incomplete`] at `/officialResponses`
/// (`feedback.response_missing`) where the answer comes first;
/// [`Refusal::Invalid`] at `/reason` (`reason.required`) where neither the move
/// nor the response gives reasons, and at `/mergedIntoId`
/// (`feedback.merge_target_missing`, `reference.unknown`).
pub fn transition(
    feedback: &Feedback,
    to: FeedbackStatus,
    mover: &Mover,
    facts: &MoveFacts,
    now: DateTime<Utc>,
) -> Result<Feedback, Refusal> {
    if !to.is_for(feedback.kind) {
        return Err(illegal(feedback, mover));
    }
    let status = match take(feedback.status, to, mover.acting(feedback.addressee), mover.reason) {
        Err(Refusal::IllegalMove { .. }) => return Err(illegal(feedback, mover)),
        taken => taken?,
    };
    let mut next = Feedback { status, ..feedback.clone() };
    if status.needs_response() {
        answered(status, mover, facts)?;
    }
    match status {
        FeedbackStatus::Received => receive(&mut next, facts, now),
        FeedbackStatus::Merged => next.merged_into = Some(merge_target(feedback, facts)?),
        FeedbackStatus::Draft
        | FeedbackStatus::InConsideration
        | FeedbackStatus::Adopted
        | FeedbackStatus::PartlyAdopted
        | FeedbackStatus::Declined
        | FeedbackStatus::Realised
        | FeedbackStatus::NotRealised
        | FeedbackStatus::Answered
        | FeedbackStatus::Withdrawn
        | FeedbackStatus::ModeratedOut => {}
    }
    if let Some(outcome) = facts.outcome {
        next.outcome = Some(outcome.clone());
    }
    Ok(next)
}

fn illegal(feedback: &Feedback, mover: &Mover) -> Refusal {
    Refusal::IllegalMove { allowed: allowed(feedback, mover).into_iter().map(FeedbackStatus::code).collect() }
}

/// Who is heard after an appeal waited from the first day on: the term runs on.
fn receive(feedback: &mut Feedback, facts: &MoveFacts, now: DateTime<Utc>) {
    let received_at = *feedback.received_at.get_or_insert(now);
    let received_on = day_of(received_at, facts.zone);
    let agreed = facts.answer_days.and_then(|days| u64::try_from(days).ok());
    let agreed = agreed.and_then(|days| received_on.checked_add_days(Days::new(days)));
    feedback.answer_due_on.get_or_insert(agreed.unwrap_or_else(|| weeks_after(received_on, ANSWER_WEEKS)));
}

fn answered(to: FeedbackStatus, mover: &Mover, facts: &MoveFacts) -> Result<(), Refusal> {
    let Some(response) = facts.response else {
        return Err(Refusal::Incomplete(vec![Fault::resource("/officialResponses", "feedback.response_missing")]));
    };
    let explained = response.reasons.is_some() || mover.reason.is_some_and(|reason| !reason.trim().is_empty());
    if matches!(to, FeedbackStatus::Declined | FeedbackStatus::PartlyAdopted) && !explained {
        return Err(Refusal::invalid("/reason", "reason.required"));
    }
    Ok(())
}

/// Other feedback of the same owner that is itself still going on.
fn merge_target(feedback: &Feedback, facts: &MoveFacts) -> Result<Uuid, Refusal> {
    let Some(target) = facts.merge_into else {
        return Err(Refusal::invalid("/mergedIntoId", "feedback.merge_target_missing"));
    };
    let fits = target.id != feedback.id
        && target.addressee == feedback.addressee
        && target.organisation_id == feedback.organisation_id
        && target.status.is_waiting();
    if fits { Ok(target.id) } else { Err(Refusal::invalid("/mergedIntoId", "reference.unknown")) }
}

#[cfg(test)]
mod tests;
