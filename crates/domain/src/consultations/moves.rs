//! How a consultation moves on, and what each move needs.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::ballot::entries_until;
use super::closing::is_over;
use super::opening::{default_report_back, missing};
use super::report_back::complete;
use super::{Consultation, ConsultationStatus, Recruitment, ReportBack, ReportBackKind, TellingFacts};
use crate::calendar::day_of;
use crate::lifecycle::take;
use crate::policy::Roles;
use crate::refusal::{Fault, Refusal};

/// Who moves it, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mover<'a> {
    /// What they are towards its place.
    pub roles: Roles,
    /// Why, in their words.
    pub reason: Option<&'a str>,
}

/// What a move has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveFacts<'a> {
    /// How many people its audience reaches now.
    pub reached: usize,
    /// A sample was drawn.
    pub drawn: bool,
    /// A network asked demands plain-language variants.
    pub plain_language_required: bool,
    /// Within how many weeks after closing people hear back by agreement.
    pub report_back_weeks: Option<u64>,
    /// The final report-back, if it is prepared.
    pub final_report_back: Option<&'a ReportBack>,
    /// The installation's time zone.
    pub zone: Tz,
}

/// What a move changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The consultation.
    pub consultation: Consultation,
    /// The final report-back, where the move published it.
    pub report_back: Option<ReportBack>,
}

/// Moves it on. Opening fills in the day on which people hear back, where
/// nobody chose one; concluding publishes the final report-back.
///
/// # Errors
/// What [`take`] refuses; [`Refusal::Conflict`] `consultation.over` where its
/// last day ended and the clock didn't close it yet; [`Refusal::Incomplete`] with all that is missing at
/// once: for opening `consultation.rung_missing`, `consultation.goal_missing`,
/// `consultation.limits_missing`, `consultation.questions_missing`,
/// `consultation.audience_missing`, `consultation.audience_empty`, `consultation.sample_missing`,
/// `consultation.facilitators_missing`, `consultation.closes_on_missing`,
/// `consultation.closes_in_past`, `consultation.report_back_before_closing`,
/// `consultation.report_back_past_term`, `text.plain_missing`; for concluding
/// `consultation.final_report_back_missing` and what the report-back lacks
/// (`report_back.ground_missing`, `report_back.reason_missing`,
/// `report_back.undecided`, `text.plain_missing`), under `/finalReportBack`. Of a
/// closing round `consultation.closing_round_ends_closed`: nothing comes after it.
pub fn transition(
    consultation: &Consultation,
    to: ConsultationStatus,
    mover: Mover,
    facts: MoveFacts,
    now: DateTime<Utc>,
) -> Result<Moved, Refusal> {
    let status = take(consultation.status, to, mover.roles, mover.reason)?;
    if is_over(consultation, day_of(now, facts.zone)) {
        return Err(Refusal::Conflict("consultation.over"));
    }
    if consultation.is_closing_round() && status == ConsultationStatus::Concluded {
        return Err(Refusal::Conflict("consultation.closing_round_ends_closed"));
    }
    let mut next = Consultation { status, ..consultation.clone() };
    let mut report_back = None;
    match status {
        ConsultationStatus::Open => open(&mut next, facts, now)?,
        ConsultationStatus::Closed => {
            next.closed_at = Some(now);
            next.entries_until_on = entries_until(&next, day_of(now, facts.zone));
        }
        ConsultationStatus::Concluded => {
            report_back = Some(conclude(&next, mover, facts, now)?);
            next.concluded_at = Some(now);
        }
        ConsultationStatus::Draft | ConsultationStatus::Withdrawn => {}
    }
    Ok(Moved { consultation: next, report_back })
}

fn open(consultation: &mut Consultation, facts: MoveFacts, now: DateTime<Utc>) -> Result<(), Refusal> {
    let default = consultation.closes_on.map(|closes| default_report_back(closes, facts.report_back_weeks));
    consultation.report_back_due_on = consultation.report_back_due_on.or(default);
    consultation.opened_at = Some(now);
    let today = day_of(now, facts.zone);
    let mut faults = missing(consultation, facts.plain_language_required, facts.report_back_weeks, today);
    let asks = !consultation.audience.network_ids.is_empty();
    match consultation.asking.recruitment {
        Recruitment::Sample if !facts.drawn => faults.push(Fault::resource("/sample", "consultation.sample_missing")),
        Recruitment::Audience | Recruitment::Sample if facts.reached == 0 && asks => {
            faults.push(Fault::resource("/audience", "consultation.audience_empty"));
        }
        Recruitment::Audience | Recruitment::Sample | Recruitment::Open => {}
    }
    complete(faults)
}

fn conclude(
    consultation: &Consultation,
    mover: Mover,
    facts: MoveFacts,
    now: DateTime<Utc>,
) -> Result<ReportBack, Refusal> {
    let at = "/finalReportBack";
    let ours = |one: &&ReportBack| one.kind == ReportBackKind::Final && one.consultation_id == consultation.id;
    let Some(report_back) = facts.final_report_back.filter(ours) else {
        return Err(Refusal::Incomplete(vec![Fault::resource(at, "consultation.final_report_back_missing")]));
    };
    let (rung, plain_language_required) = (consultation.rung, facts.plain_language_required);
    let missing = report_back.missing(TellingFacts { rung, plain_language_required });
    complete(missing.into_iter().map(|fault| fault.under(at)).collect())?;
    report_back.concluding(mover.roles, now)
}

#[cfg(test)]
mod tests;
