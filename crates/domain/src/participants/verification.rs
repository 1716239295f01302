//! That a detail by which somebody is reached was checked, and what an address that was
//! opens to who has no account.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Age, Contact, ContactKind, ContactOf, Representation, VerificationMethod};
use crate::refusal::Fault;

/// That a detail was checked, or is being checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactVerification {
    /// Its id.
    pub id: Uuid,
    /// Whose record it is about.
    pub participant_id: Uuid,
    /// Which detail.
    pub kind: ContactKind,
    /// How.
    pub method: VerificationMethod,
    /// Whose the detail is.
    pub whose: ContactOf,
    /// The account that asked for it, or wrote it down.
    pub recorded_by: Option<Uuid>,
    /// The day on which it was found right; none while a link waits.
    pub verified_on: Option<NaiveDate>,
}

impl ContactVerification {
    /// What is wrong with it, all at once: `contact_verification.method_unfit` where an
    /// e-mail address isn't checked by a link, or another detail is;
    /// `contact_verification.in_future`.
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mailed = self.kind == ContactKind::EmailAddress;
        if mailed != (self.method == VerificationMethod::Link) {
            faults.push(Fault::body("/method", "contact_verification.method_unfit"));
        }
        if self.verified_on.is_some_and(|day| day > today) {
            faults.push(Fault::body("/checkedOn", "contact_verification.in_future"));
        }
        faults
    }
}

/// As whom a one-time code at a verified e-mail address lets somebody in on this day: as the
/// person, or as who represents them; none where it opens nothing. A person with an account
/// signs in with that. Who represents somebody needs a record of it that reaches taking
/// part and holds today: that an address was written down as theirs is no proof.
pub fn opens(
    (account, age): (Option<Uuid>, Age),
    whose: ContactOf,
    representatives: &[Representation],
    day: NaiveDate,
) -> Option<ContactOf> {
    let contact = Contact { whose, ..Contact::default() };
    let recorded = || representatives.iter().any(|one| one.acts(age, day));
    let stands = match whose {
        ContactOf::Person => true,
        ContactOf::Representative => recorded(),
    };
    (account.is_none() && stands && contact.holds(age, representatives, day)).then_some(whose)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::participants::{Birth, RepresentationStatus, RepresentativeKind, Turned};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn born(year: i32, month: u32) -> Age {
        Age { birth: Some(Birth::Month { year, month }), turned: Turned::default() }
    }

    fn parent() -> Representation {
        Representation {
            kind: RepresentativeKind::ParentWithAuthority,
            starts_on: day("2026-01-01"),
            ends_on: None,
            status: RepresentationStatus::Active,
        }
    }

    #[test]
    fn a_representatives_address_opens_until_the_day_that_counts_as_16() {
        let child = (None, born(2010, 3));
        let of = |held: &[Representation], on: &str| opens(child, ContactOf::Representative, held, day(on));
        assert_eq!(of(&[parent()], "2026-03-31"), Some(ContactOf::Representative));
        assert_eq!(of(&[parent()], "2026-04-01"), None);
        // Written down as a representative's, and nobody recorded: it is mailed, and opens nothing.
        assert_eq!(of(&[], "2026-03-31"), None);
        let ended = Representation { status: RepresentationStatus::Ended, ..parent() };
        assert_eq!(of(&[ended], "2026-03-31"), None);
        assert_eq!(opens(child, ContactOf::Person, &[parent()], day("2026-03-31")), Some(ContactOf::Person));
    }

    #[test]
    fn an_address_is_checked_by_mail_and_the_rest_by_people() {
        let made = |kind, method, verified_on| ContactVerification {
            id: Uuid::from_u128(1),
            participant_id: Uuid::from_u128(2),
            kind,
            method,
            whose: ContactOf::Person,
            recorded_by: None,
            verified_on,
        };
        let today = day("2026-11-26");
        for kind in ContactKind::ALL {
            for method in VerificationMethod::ALL {
                let fits = (*kind == ContactKind::EmailAddress) == (*method == VerificationMethod::Link);
                assert_eq!(made(*kind, *method, Some(today)).check(today).is_empty(), fits, "{kind:?} {method:?}");
            }
        }
        let late = made(ContactKind::PhoneNumber, VerificationMethod::Call, today.succ_opt()).check(today);
        assert_eq!(late, [Fault::body("/checkedOn", "contact_verification.in_future")]);
    }

    proptest! {
        /// Who has an account never comes in by a code, and what a code opens, details that
        /// may be used on that day open.
        #[test]
        fn a_code_opens_no_more_than_the_address_holds(
            linked: bool, own: bool, recorded: bool, year in 1950..2026_i32, month in 1..=12_u32, ahead in 0..800_u64,
        ) {
            let day = day("2026-01-01") + chrono::Days::new(ahead);
            let whose = if own { ContactOf::Person } else { ContactOf::Representative };
            let held = if recorded { vec![parent()] } else { Vec::new() };
            let age = born(year, month);
            let opened = opens((linked.then(|| Uuid::from_u128(7)), age), whose, &held, day);
            let contact = Contact { whose, ..Contact::default() };
            prop_assert!(opened.is_none() || (!linked && opened == Some(whose) && contact.holds(age, &held, day)));
            if own && !linked {
                prop_assert_eq!(opened, Some(ContactOf::Person));
            }
            if !own && age.is_at_least(16, day) {
                prop_assert_eq!(opened, None);
            }
        }
    }
}
