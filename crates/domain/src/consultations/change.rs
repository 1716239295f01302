//! What of a consultation may still change, and until when. People answer to
//! what stood there: what was asked, what was promised, who would read it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::closing::is_over;
use super::opening::{missing, nobody_reads, report_back_faults};
use super::{Consultation, ConsultationStatus, Question};
use crate::calendar::day_of;
use crate::refusal::{Fault, FaultIn, Refusal};
use crate::text::Texts;

/// What has to be known before a consultation changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeFacts {
    /// How many people answered, where that may be known.
    pub responses: i64,
    /// A network asked demands plain-language variants.
    pub plain_language_required: bool,
    /// Within how many weeks after closing people hear back by agreement.
    pub report_back_weeks: Option<u64>,
    /// The installation's time zone.
    pub zone: Tz,
}

/// The consultation with new content. What the lifecycle keeps (status and
/// instants, id and owner) stays as it was, whatever `wanted` says.
///
/// # Errors
/// [`Refusal::Conflict`] `consultation.ended`, `consultation.closing_round_fixed` (it is
/// the same for everybody), and `consultation.over` where its last day ended and the clock didn't close it yet; [`Refusal::Invalid`] with the
/// faults of [`Consultation::check`], for what opened also what opening needs,
/// and `consultation.mode_fixed`, `consultation.heard_fixed`, `consultation.one_answer_fixed`, `consultation.closed_fixed`,
/// `breakdown.fixed`, `consultation.interim_fixed`, `consultation.recruitment_fixed`,
/// `consultation.builds_on_fixed`, `consultation.network_removed`, `consultation.rung_lowered`, `consultation.reader_added`, `question.fixed`,
/// `consultation.report_back_moved_before`,
/// `consultation.report_back_reason_missing`,
/// `consultation.report_back_reason_without_move`.
pub fn change(
    old: &Consultation,
    wanted: Consultation,
    facts: ChangeFacts,
    now: DateTime<Utc>,
) -> Result<Consultation, Refusal> {
    let new = Consultation {
        id: old.id,
        organisation_id: old.organisation_id,
        status: old.status,
        opened_at: old.opened_at,
        closed_at: old.closed_at,
        entries_until_on: old.entries_until_on,
        concluded_at: old.concluded_at,
        sealed_at: old.sealed_at,
        closing_round_of: old.closing_round_of,
        report_back_first_due_on: first_promised(old, &wanted),
        ..wanted
    };
    if old.is_closing_round() {
        return Err(Refusal::Conflict("consultation.closing_round_fixed"));
    }
    let mut faults = new.check();
    if is_over(old, day_of(now, facts.zone)) {
        return Err(Refusal::Conflict("consultation.over"));
    }
    match old.status {
        ConsultationStatus::Draft => {
            if new.report_back_due_reason.is_some() {
                faults.push(Fault::body("/reportBackDueReason", "consultation.report_back_reason_without_move"));
            }
        }
        ConsultationStatus::Open => {
            let today = day_of(now, facts.zone);
            faults.extend(missing(&new, facts.plain_language_required, facts.report_back_weeks, today));
            faults.extend(promised(old, &new, old.is_anonymous() || facts.responses > 0));
        }
        ConsultationStatus::Closed => {
            faults.extend(report_back_faults(&new, facts.report_back_weeks));
            faults.extend(promised(old, &new, true));
            faults.extend(fixed("/facilitators", "consultation.facilitators_missing", nobody_reads(&new)));
            faults.extend(fixed("/audience", "consultation.closed_fixed", old.audience != new.audience));
            faults.extend(fixed("/closesOn", "consultation.closed_fixed", old.closes_on != new.closes_on));
        }
        ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => {
            return Err(Refusal::Conflict("consultation.ended"));
        }
    }
    // What opening needs is said of what is stored; here it stands in the body.
    for fault in &mut faults {
        fault.place = FaultIn::Body;
    }
    Refusal::unless_clean(faults)?;
    Ok(new)
}

/// The day that was promised first, once another took its place.
fn first_promised(old: &Consultation, wanted: &Consultation) -> Option<NaiveDate> {
    let moved = old.opened_at.is_some() && wanted.report_back_due_on != old.report_back_due_on;
    old.report_back_first_due_on.or(old.report_back_due_on.filter(|_| moved))
}

fn fixed(at: &str, code: &'static str, changed: bool) -> Option<Fault> {
    changed.then(|| Fault::body(at, code))
}

/// What holds once it opened, and the more once somebody answered. Of an anonymous one
/// nobody knows whether anybody did: there all of it holds from opening.
fn promised(old: &Consultation, new: &Consultation, answered: bool) -> Vec<Fault> {
    let mut faults: Vec<Fault> = fixed("/mode", "consultation.mode_fixed", old.mode != new.mode).into_iter().collect();
    faults.extend(fixed("/heardByOthers", "consultation.heard_fixed", old.heard_by_others != new.heard_by_others));
    faults.extend(fixed("/oneAnswerBy", "consultation.one_answer_fixed", old.one_answer_by != new.one_answer_by));
    faults.extend(fixed("/breakdowns", "breakdown.fixed", old.breakdowns.by != new.breakdowns.by));
    faults.extend(fixed("/crossings", "breakdown.fixed", old.breakdowns.crossed != new.breakdowns.crossed));
    faults.extend(fixed("/interimResults", "consultation.interim_fixed", old.interim_results != new.interim_results));
    faults.extend(fixed("/buildsOnId", "consultation.builds_on_fixed", old.builds_on != new.builds_on));
    let recruited = old.asking.recruitment != new.asking.recruitment;
    faults.extend(fixed("/recruitment", "consultation.recruitment_fixed", recruited));
    faults.extend(moved_once(old, new));
    // Fewer networks could ask for a lower minimum than those who answered were promised.
    let kept = old.audience.network_ids.iter().all(|id| new.audience.network_ids.contains(id));
    faults.extend(fixed("/audience/networkIds", "consultation.network_removed", !kept));
    if answered {
        faults.extend(fixed("/rung", "consultation.rung_lowered", new.rung < old.rung));
        let added = new.facilitators.iter().enumerate().filter(|(_, account)| !old.facilitators.contains(account));
        faults.extend(added.map(|(at, _)| Fault::body(format!("/facilitators/{at}"), "consultation.reader_added")));
        faults.extend(fixed("/questions", "question.fixed", old.questions.len() != new.questions.len()));
        let pairs = old.questions.iter().zip(&new.questions).enumerate();
        let changed = pairs.filter(|(_, (old, new))| !is_same(old, new));
        faults.extend(changed.map(|(at, _)| Fault::body(format!("/questions/{at}"), "question.fixed")));
    }
    faults
}

/// The day on which people hear back moves once, and they are told why.
fn moved_once(old: &Consultation, new: &Consultation) -> Option<Fault> {
    let (at, code) = match (old.report_back_due_on != new.report_back_due_on, &old.report_back_due_reason) {
        (true, Some(_)) => ("/reportBackDueOn", "consultation.report_back_moved_before"),
        (true, None) if new.report_back_due_reason.is_none() => {
            ("/reportBackDueReason", "consultation.report_back_reason_missing")
        }
        (true, None) => return None,
        (false, Some(told)) => {
            let kept = new.report_back_due_reason.as_ref().is_some_and(|new| adds_only(told, new));
            return fixed("/reportBackDueReason", "consultation.report_back_reason_without_move", !kept);
        }
        (false, None) if new.report_back_due_reason.is_none() => return None,
        (false, None) => ("/reportBackDueReason", "consultation.report_back_reason_without_move"),
    };
    Some(Fault::body(at, code))
}

/// Whether it is the same question, in more languages at most.
pub(super) fn is_same(old: &Question, new: &Question) -> bool {
    let (before, after) = (old.texts(), new.texts());
    let same_words = before.iter().zip(&after).all(|((_, old), (_, new))| adds_only(old, new));
    old.skeleton() == new.skeleton() && before.len() == after.len() && same_words
}

/// Whether all old variants stand as they were, the default first.
fn adds_only(old: &Texts, new: &Texts) -> bool {
    let default = |texts: &Texts| texts.variants().first().map(|text| text.language.clone());
    let kept = |language: &str, value: &str| {
        new.variants().iter().any(|text| text.language.eq_ignore_ascii_case(language) && text.value == value)
    };
    default(old) == default(new) && old.variants().iter().all(|text| kept(&text.language, &text.value))
}

#[cfg(test)]
mod tests;
