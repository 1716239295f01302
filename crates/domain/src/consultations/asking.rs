//! How people come to be asked: who, until when, and how often they are reminded.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::answers::is_open;
use super::{Consultation, ConsultationMode, ConsultationStatus};
use crate::calendar::day_of;
use crate::refusal::{Fault, Refusal};
use crate::vocabulary::vocabulary;

/// The most days that somebody gets to answer. Days.
const MOST_DAYS: i32 = 366;

vocabulary! {
    /// How it was decided who is asked.
    Recruitment {
        /// Everybody in the audience who may be asked.
        Audience => "audience",
        /// A sample that was drawn from the audience.
        Sample => "sample",
        /// Whoever has a link; nobody knows who that is.
        Open => "open",
    }
}

/// How people come to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// How it was decided who is asked.
    pub recruitment: Recruitment,
    /// How many days somebody gets to answer, where it isn't the installation's number.
    pub answer_days: Option<i32>,
    /// Of which year it is the client-experience survey (cliëntervaringsonderzoek, Wmo
    /// 2015 art. 2.5.1), where it is one.
    pub client_experience_year: Option<i32>,
}

impl Default for Asking {
    fn default() -> Self {
        Self { recruitment: Recruitment::Audience, answer_days: None, client_experience_year: None }
    }
}

impl Asking {
    /// What is wrong with it: `consultation.open_only_anonymous` (a link knows nobody, so
    /// nobody can be named), `consultation.answer_days_range`.
    pub(super) fn check(self, mode: ConsultationMode) -> Vec<Fault> {
        let open = self.recruitment == Recruitment::Open && mode != ConsultationMode::Anonymous;
        let days = self.answer_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days));
        let found = [
            (open, "/recruitment", "consultation.open_only_anonymous"),
            (days, "/answerDays", "consultation.answer_days_range"),
        ];
        found.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, at, code)| Fault::body(at, code)).collect()
    }
}

/// What an installation says of asking people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskingTerms {
    /// How many days somebody gets to answer, where the consultation doesn't say.
    pub answer_days: u32,
    /// The most times that the clock reminds somebody; 0: never.
    pub reminders: u32,
    /// How many days lie between a reminder and the personal deadline, and between two
    /// reminders.
    pub reminder_days: u32,
}

/// The day by which somebody is asked to answer, who is asked on this day: so many days
/// later, never after the last day to answer. Their answer counts until that one.
pub fn answer_by(consultation: &Consultation, asked_on: NaiveDate, terms: AskingTerms) -> Option<NaiveDate> {
    let own = consultation.asking.answer_days.and_then(|days| u64::try_from(days).ok());
    let days = Days::new(own.unwrap_or_else(|| u64::from(terms.answer_days)));
    let wanted = asked_on.checked_add_days(days);
    match (wanted, consultation.closes_on) {
        (Some(day), Some(closes)) => Some(day.min(closes)),
        (day, closes) => day.or(closes),
    }
}

/// The next day on which the clock reminds somebody who was reminded so often: the first
/// after today of the days that lie once, twice, … `reminder_days` before their deadline.
pub fn remind_on(answer_by: Option<NaiveDate>, sent: i32, today: NaiveDate, terms: AskingTerms) -> Option<NaiveDate> {
    let sent = u32::try_from(sent).unwrap_or(u32::MAX);
    let left = terms.reminders.saturating_sub(sent);
    let days = (1..=u64::from(left)).rev().map(|times| Days::new(times.saturating_mul(u64::from(terms.reminder_days))));
    days.filter_map(|before| answer_by?.checked_sub_days(before)).find(|day| *day > today)
}

/// Whether those who were asked may be reminded by hand today: while it is open, and not
/// within `reminder_days` since it opened or since anybody in it was reminded (`last`).
///
/// # Errors
/// [`Refusal::Conflict`] `consultation.not_open`, `consultation.reminder_too_soon`.
pub fn may_remind(
    consultation: &Consultation,
    last: Option<NaiveDate>,
    (terms, zone): (AskingTerms, Tz),
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    is_open(consultation, zone, now)?;
    let opened = consultation.opened_at.map(|at| day_of(at, zone));
    let first = last.max(opened).and_then(|day| day.checked_add_days(Days::new(u64::from(terms.reminder_days))));
    let soon = first.is_some_and(|first| day_of(now, zone) < first);
    if soon { Err(Refusal::Conflict("consultation.reminder_too_soon")) } else { Ok(()) }
}

/// Whether somebody may get until this day to answer: later than they had, never past the
/// last day to answer.
///
/// # Errors
/// [`Refusal::Invalid`] at `/answerDueOn` (`extension.after_closing`, `extension.not_later`,
/// `extension.in_past`); [`Refusal::Conflict`] `consultation.not_open`.
pub fn may_extend(
    consultation: &Consultation,
    (old, new): (Option<NaiveDate>, NaiveDate),
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let faults = [
        (consultation.closes_on.is_some_and(|closes| new > closes), "extension.after_closing"),
        (old.is_some_and(|old| new <= old), "extension.not_later"),
        (new < day_of(now, zone), "extension.in_past"),
    ];
    let found = faults.into_iter().filter(|(wrong, _)| *wrong).map(|(_, code)| Fault::body("/answerDueOn", code));
    Refusal::unless_clean(found.collect())?;
    is_open(consultation, zone, now)
}

/// Whether whoever has a link can answer it: while it is or comes open, and asks so.
///
/// # Errors
/// [`Refusal::Conflict`] `consultation.not_open_to_all`, `consultation.ended`.
pub fn may_have_links(consultation: &Consultation) -> Result<(), Refusal> {
    if consultation.asking.recruitment != Recruitment::Open {
        return Err(Refusal::Conflict("consultation.not_open_to_all"));
    }
    match consultation.status {
        ConsultationStatus::Draft | ConsultationStatus::Open => Ok(()),
        ConsultationStatus::Closed | ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => {
            Err(Refusal::Conflict("consultation.ended"))
        }
    }
}

/// Whether those who run a consultation may mark by hand that somebody answered who was
/// called or visited: only where the service may not tell that itself.
///
/// # Errors
/// [`Refusal::Invalid`] at `/done`, `asking.done_by_answer`.
pub fn may_mark_done(consultation: &Consultation) -> Result<(), Refusal> {
    if consultation.is_anonymous() { Ok(()) } else { Err(Refusal::invalid("/done", "asking.done_by_answer")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::consultations::samples::{ZONE, consultation, day, now, open};

    const TERMS: AskingTerms = AskingTerms { answer_days: 14, reminders: 2, reminder_days: 3 };

    #[test]
    fn a_link_knows_nobody_so_that_what_is_open_is_anonymous() {
        let mut one = consultation();
        one.asking.recruitment = Recruitment::Open;
        one.asking.answer_days = Some(0);
        let found: Vec<_> = one.check().into_iter().map(|fault| fault.code).collect();
        assert_eq!(found, ["consultation.open_only_anonymous", "consultation.answer_days_range"]);
        one.mode = ConsultationMode::Anonymous;
        one.asking.answer_days = Some(5);
        assert_eq!(one.check(), []);
    }

    #[test]
    fn a_personal_deadline_is_never_past_closing() {
        let mut one = open();
        assert_eq!(answer_by(&one, day(2026, 5, 1), TERMS), Some(day(2026, 5, 15)));
        assert_eq!(answer_by(&one, day(2026, 5, 25), TERMS), Some(day(2026, 5, 31)));
        one.asking.answer_days = Some(3);
        assert_eq!(answer_by(&one, day(2026, 5, 1), TERMS), Some(day(2026, 5, 4)));
    }

    #[test]
    fn reminders_come_so_many_days_before_the_deadline_and_no_more_often() {
        let deadline = Some(day(2026, 5, 15));
        assert_eq!(remind_on(deadline, 0, day(2026, 5, 1), TERMS), Some(day(2026, 5, 9)));
        assert_eq!(remind_on(deadline, 1, day(2026, 5, 9), TERMS), Some(day(2026, 5, 12)));
        assert_eq!(remind_on(deadline, 2, day(2026, 5, 12), TERMS), None);
        // Asked late: the day that passed is not made up for.
        assert_eq!(remind_on(deadline, 0, day(2026, 5, 10), TERMS), Some(day(2026, 5, 12)));
        assert_eq!(remind_on(deadline, 0, day(2026, 5, 12), TERMS), None);
    }

    #[test]
    fn by_hand_nobody_is_reminded_within_days_of_the_last_time() {
        let at = |day: NaiveDate| day.and_hms_opt(10, 0, 0).unwrap().and_utc();
        let soon = Err(Refusal::Conflict("consultation.reminder_too_soon"));
        assert_eq!(may_remind(&open(), None, (TERMS, ZONE), at(day(2026, 5, 3))), soon);
        assert_eq!(may_remind(&open(), None, (TERMS, ZONE), at(day(2026, 5, 4))), Ok(()));
        assert_eq!(may_remind(&open(), Some(day(2026, 5, 4)), (TERMS, ZONE), at(day(2026, 5, 6))), soon);
        let shut = may_remind(&open(), None, (TERMS, ZONE), at(day(2026, 6, 4)));
        assert_eq!(shut, Err(Refusal::Conflict("consultation.not_open")));
    }

    #[test]
    fn an_extension_is_later_and_never_past_closing() {
        let of = |old, new| may_extend(&open(), (Some(old), new), ZONE, now());
        assert_eq!(of(day(2026, 5, 15), day(2026, 5, 31)), Ok(()));
        let late = Refusal::invalid("/answerDueOn", "extension.after_closing");
        assert_eq!(of(day(2026, 5, 15), day(2026, 6, 1)), Err(late));
        assert_eq!(
            of(day(2026, 5, 15), day(2026, 5, 15)),
            Err(Refusal::invalid("/answerDueOn", "extension.not_later"))
        );
        let draft = may_extend(&consultation(), (None, day(2026, 5, 20)), ZONE, now());
        assert_eq!(draft, Err(Refusal::Conflict("consultation.not_open")));
    }

    proptest! {
        /// However often and whenever it is asked: never more reminders than configured,
        /// never on or after the deadline, never twice on one day.
        #[test]
        fn reminders_stay_within_their_bounds(
            reminders in 0_u32..5, gap in 1_u32..10, days in 1_u32..60, start in 0_u64..40,
        ) {
            let terms = AskingTerms { answer_days: days, reminders, reminder_days: gap };
            let first = day(2026, 5, 1);
            let deadline = first.checked_add_days(Days::new(u64::from(days)));
            let mut today = first.checked_add_days(Days::new(start)).unwrap();
            let mut sent = 0_i32;
            while let Some(next) = remind_on(deadline, sent, today, terms) {
                prop_assert!(next > today && Some(next) < deadline);
                (today, sent) = (next, sent + 1);
                prop_assert!(u32::try_from(sent).unwrap() <= reminders);
            }
        }
    }
}
