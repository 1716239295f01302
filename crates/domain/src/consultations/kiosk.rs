//! Kiosks: a device on site on which many people answer one consultation. It
//! posts, reads nothing, and stops by itself.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Consultation, ConsultationStatus};
use crate::calendar::end_of;
use crate::refusal::{Fault, Refusal};

/// The longest that a kiosk's credential works.
pub const LONGEST_KIOSK: TimeDelta = TimeDelta::days(30);

/// The last instant at which a kiosk for this consultation may stop.
pub fn latest_end(consultation: &Consultation, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let longest = now + LONGEST_KIOSK;
    consultation.closes_on.map_or(longest, |day| longest.min(end_of(day, zone)))
}

/// Whether a kiosk may stand for this consultation until then: no longer than
/// 30 days, never past the last day to answer.
///
/// # Errors
/// [`Refusal::Invalid`] at `/expiresAt` (`kiosk.expiry_past`,
/// `kiosk.expiry_too_far`, `kiosk.expiry_after_closing`); `consultation.ended`
/// (409) where nobody will answer any more.
pub fn may_stand(
    consultation: &Consultation,
    expires_at: DateTime<Utc>,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let closing = consultation.closes_on.map(|day| end_of(day, zone));
    let faults = [
        (expires_at <= now, "kiosk.expiry_past"),
        (expires_at > now + LONGEST_KIOSK, "kiosk.expiry_too_far"),
        (closing.is_some_and(|end| expires_at > end), "kiosk.expiry_after_closing"),
    ];
    let found = faults.into_iter().filter(|(wrong, _)| *wrong).map(|(_, code)| Fault::body("/expiresAt", code));
    Refusal::unless_clean(found.collect())?;
    match consultation.status {
        ConsultationStatus::Draft | ConsultationStatus::Open => Ok(()),
        ConsultationStatus::Closed | ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => {
            Err(Refusal::Conflict("consultation.ended"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::{ZONE, consultation, now};

    #[test]
    fn a_kiosk_stands_a_month_at_most_and_never_after_closing() {
        let mut asked = consultation();
        asked.status = ConsultationStatus::Open;
        asked.closes_on = None;
        let codes = |asked: &Consultation, after: TimeDelta| match may_stand(asked, now() + after, ZONE, now()) {
            Err(Refusal::Invalid(faults)) => faults.into_iter().map(|fault| fault.code).collect(),
            Ok(()) => vec![],
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(codes(&asked, TimeDelta::zero()), ["kiosk.expiry_past"]);
        assert_eq!(codes(&asked, LONGEST_KIOSK), Vec::<&str>::new());
        assert_eq!(codes(&asked, LONGEST_KIOSK + TimeDelta::seconds(1)), ["kiosk.expiry_too_far"]);
        let today = crate::calendar::day_of(now(), ZONE);
        asked.closes_on = Some(today);
        let left = end_of(today, ZONE) - now();
        assert_eq!(latest_end(&asked, ZONE, now()), now() + left);
        assert_eq!(codes(&asked, left), Vec::<&str>::new());
        assert_eq!(codes(&asked, left + TimeDelta::seconds(1)), ["kiosk.expiry_after_closing"]);
        asked.status = ConsultationStatus::Closed;
        assert_eq!(may_stand(&asked, now() + left, ZONE, now()), Err(Refusal::Conflict("consultation.ended")));
    }
}
