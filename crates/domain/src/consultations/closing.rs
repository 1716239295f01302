//! What the clock does, and what it tells.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::ballot::entries_until;
use super::{Consultation, ConsultationStatus, OneAnswerBy};
use crate::calendar::{day_of, end_of};
use crate::lifecycle::Lifecycle;
use crate::vocabulary::vocabulary;

/// How many days before the day on which people hear back the warning comes.
pub const DUE_SOON_DAYS: u64 = 7;

vocabulary! {
    /// Whether people heard back.
    ReportBackState {
        /// There is time.
        NotDue => "not_due",
        /// The day comes near.
        DueSoon => "due_soon",
        /// The day is past; everybody can see that.
        Overdue => "overdue",
        /// People heard back.
        Given => "given",
    }
}

/// The consultation as closed by the clock, if its last day ended: at 24:00 in
/// the zone, whenever this is found out.
pub fn close_if_due(consultation: &Consultation, now: DateTime<Utc>, zone: Tz) -> Option<Consultation> {
    let here = consultation.status;
    let step = ConsultationStatus::MOVES.iter().find(|step| step.from == here && step.by.is_empty())?;
    let ended = end_of(consultation.closes_on?, zone);
    // Where the service stood still over that day, there are seven days to enter what was
    // heard from when it is up again.
    let before = day_of(now, zone).pred_opt();
    let entries_until_on = before.and_then(|day| entries_until(consultation, day));
    let closed = || Consultation { status: step.to, closed_at: Some(ended), entries_until_on, ..consultation.clone() };
    (now >= ended).then(closed)
}

/// Whether its last day ended before this one, and the clock didn't close it
/// yet. Nobody moves or changes it then: the clock closes it as of that day's end.
pub fn is_over(consultation: &Consultation, today: NaiveDate) -> bool {
    consultation.status == ConsultationStatus::Open && consultation.closes_on.is_some_and(|day| day < today)
}

/// Whether whoever is invited can still answer it on this day by their invitation: with a
/// printed code one answers elsewhere.
pub fn waits_for_answers(consultation: &Consultation, today: NaiveDate) -> bool {
    let by_invitation = consultation.one_answer_by != OneAnswerBy::PrintedCode;
    by_invitation && consultation.status == ConsultationStatus::Open && !is_over(consultation, today)
}

/// Whether people heard back; nothing where nobody was asked, or it was called
/// off.
pub fn report_back_state(consultation: &Consultation, today: NaiveDate) -> Option<ReportBackState> {
    let due = consultation.report_back_due_on?;
    match consultation.status {
        ConsultationStatus::Draft | ConsultationStatus::Withdrawn => None,
        ConsultationStatus::Concluded => Some(ReportBackState::Given),
        ConsultationStatus::Open | ConsultationStatus::Closed if today > due => Some(ReportBackState::Overdue),
        ConsultationStatus::Open | ConsultationStatus::Closed => {
            let soon = due.checked_sub_days(Days::new(DUE_SOON_DAYS)).is_none_or(|from| today >= from);
            Some(if soon { ReportBackState::DueSoon } else { ReportBackState::NotDue })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::{ZONE, consultation, day, now, open};

    #[test]
    fn it_closes_at_midnight_in_amsterdam() {
        let ended = end_of(day(2026, 5, 31), ZONE);
        assert_eq!(ended.to_rfc3339(), "2026-05-31T22:00:00+00:00");
        assert_eq!(close_if_due(&open(), ended - chrono::TimeDelta::seconds(1), ZONE), None);
        let late = close_if_due(&open(), ended + chrono::TimeDelta::hours(5), ZONE).unwrap();
        assert_eq!((late.status, late.closed_at), (ConsultationStatus::Closed, Some(ended)));
        assert_eq!(close_if_due(&late, ended, ZONE), None);
        assert_eq!(close_if_due(&consultation(), now() + chrono::TimeDelta::days(99), ZONE), None);
    }

    #[test]
    fn a_warning_comes_before_the_day_and_lateness_after_it() {
        let state = |day| report_back_state(&open(), day);
        assert_eq!(state(day(2026, 7, 4)), Some(ReportBackState::NotDue));
        assert_eq!(state(day(2026, 7, 5)), Some(ReportBackState::DueSoon));
        assert_eq!(state(day(2026, 7, 12)), Some(ReportBackState::DueSoon));
        assert_eq!(state(day(2026, 7, 13)), Some(ReportBackState::Overdue));
        let done = Consultation { status: ConsultationStatus::Concluded, ..open() };
        assert_eq!(report_back_state(&done, day(2027, 1, 1)), Some(ReportBackState::Given));
        let off = Consultation { status: ConsultationStatus::Withdrawn, ..open() };
        assert_eq!(report_back_state(&off, day(2027, 1, 1)), None);
    }
}
