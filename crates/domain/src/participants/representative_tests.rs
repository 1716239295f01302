//! Tests of legal representatives.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use super::representative::*;
use super::{AddressDue, Age, AgeBand, Birth, Contact, ContactOf, Turned, address_due};
use crate::lifecycle;
use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;
use crate::walks;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn by(kind: RepresentativeKind) -> Representation {
    Representation { kind, starts_on: day("2026-01-01"), ends_on: None, status: RepresentationStatus::Active }
}

fn parent() -> LegalRepresentative {
    LegalRepresentative {
        id: Uuid::from_u128(1),
        participant_id: Uuid::from_u128(2),
        name: "Ouder".to_owned(),
        account_id: Some(Uuid::from_u128(3)),
        representation: by(RepresentativeKind::ParentWithAuthority),
        evidence: Evidence {
            document: RepresentationEvidence::AuthorityRegister,
            seen_on: day("2026-01-01"),
            seen_by: Uuid::from_u128(4),
        },
        recorded_by: Uuid::from_u128(4),
    }
}

const CHILD: Age = born(2010, 3);

const fn born(year: i32, month: u32) -> Age {
    Age {
        birth: Some(Birth::Month { year, month }),
        turned: Turned { sixteen: None, eighteen: None, twenty_one: None },
    }
}

#[test]
fn authority_over_a_child_ends_on_the_day_that_counts_as_16() {
    for kind in [
        RepresentativeKind::ParentWithAuthority,
        RepresentativeKind::Guardian,
        RepresentativeKind::CertifiedInstitution,
    ] {
        let held = by(kind);
        assert!(held.acts(CHILD, day("2026-03-31")) && !held.acts(CHILD, day("2026-04-01")), "{kind:?}");
        assert_eq!(held.last_day(CHILD), Some(day("2026-03-31")));
        assert!(!held.holds(Age::default(), day("2026-03-01")));
        assert!(matches!(kind.may_hold(Age::default(), day("2026-03-01")), Err(Refusal::Incomplete(_))));
        let over = Err(Refusal::Conflict("representative.person_too_old"));
        assert_eq!(kind.may_hold(CHILD, day("2026-04-01")), over);
    }
    let earlier = Representation { ends_on: Some(day("2026-02-10")), ..by(RepresentativeKind::Guardian) };
    assert_eq!(earlier.last_day(CHILD), Some(day("2026-02-10")));
    assert!(earlier.holds(CHILD, day("2026-02-10")) && !earlier.holds(CHILD, day("2026-02-11")));
    assert!(!earlier.holds(CHILD, day("2025-12-31")));
    let ended = Representation { status: RepresentationStatus::Ended, ..by(RepresentativeKind::Guardian) };
    assert!(!ended.holds(CHILD, day("2026-02-10")));
}

#[test]
fn measures_for_adults_reach_adults_and_bewind_reaches_no_taking_part() {
    let adult = born(2000, 1);
    let today = day("2026-05-01");
    for kind in [RepresentativeKind::Curator, RepresentativeKind::Administrator, RepresentativeKind::Mentor] {
        assert!(by(kind).holds(adult, today) && by(kind).holds(Age::default(), today));
        assert_eq!(kind.may_hold(CHILD, today), Err(Refusal::Conflict("representative.not_adult")));
        assert_eq!(by(kind).last_day(CHILD), None);
        assert_eq!(by(kind).acts(adult, today), kind != RepresentativeKind::Administrator);
    }
}

#[test]
fn faults_come_at_once_and_what_is_over_stays() {
    let today = day("2026-02-01");
    assert_eq!(parent().check(None, today), []);
    let mut bent = parent();
    bent.name = " ".to_owned();
    bent.representation.ends_on = Some(day("2025-12-31"));
    bent.evidence.seen_on = day("2026-02-02");
    let found: Vec<_> =
        bent.check(bent.account_id, today).into_iter().map(|fault| (fault.location, fault.code)).collect();
    let expected = [
        ("/name", "text.blank"),
        ("/endsOn", "period.reversed"),
        ("/evidence/seenOn", "evidence.in_future"),
        ("/accountId", "representative.is_oneself"),
    ];
    assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
    let mut other = parent();
    other.recorded_by = Uuid::from_u128(9);
    other.representation.kind = RepresentativeKind::Mentor;
    other.name = "Moeder".to_owned();
    let changed = parent().change(other.clone()).unwrap();
    assert_eq!(changed, LegalRepresentative { name: "Moeder".to_owned(), ..parent() });
    let mut ended = parent();
    ended.representation.status = RepresentationStatus::Ended;
    assert_eq!(ended.change(other), Err(Refusal::Conflict("representative.ended")));
}

#[test]
fn only_the_registering_organisations_people_end_it() {
    let (from, to) = (RepresentationStatus::Active, RepresentationStatus::Ended);
    for standing in Standing::ALL {
        let taken = lifecycle::take(from, to, Roles::of(&[*standing]), Some("Gezag beëindigd."));
        assert_eq!(taken.is_ok(), matches!(standing, Standing::Manager | Standing::Officer), "{standing:?}");
    }
}

proptest! {
    #[test]
    fn no_walk_leaves_the_table(attempts in prop::collection::vec(any::<walks::Attempt>(), 0..20)) {
        let legal = &[("active", "ended")];
        walks::walk(RepresentationStatus::Active, RepresentationStatus::ALL, legal, &attempts);
    }

    /// The last day is the last on which it holds, whatever is kept of the birth.
    #[test]
    fn the_last_day_is_the_last(month in 1u32..13, year in 2008i32..2016, banded in any::<bool>(), told in 0u64..2000) {
        let declared_on = day("2020-02-29") + Days::new(told);
        let band = Birth::Band { band: AgeBand::Age0To11, declared_on };
        let age = Age { birth: Some(if banded { band } else { Birth::Month { year, month } }), ..Age::default() };
        let held = Representation { starts_on: day("1990-01-01"), ..by(RepresentativeKind::Guardian) };
        let last = held.last_day(age).unwrap();
        prop_assert!(held.holds(age, last));
        prop_assert!(!held.holds(age, last + Days::new(1)));
    }
}

#[test]
fn details_of_a_representative_end_with_what_they_are_to_the_person() {
    let of = Contact { whose: ContactOf::Representative, ..Contact::default() };
    let (parent, today) = (by(RepresentativeKind::ParentWithAuthority), day("2026-02-01"));
    let ended = Representation { status: RepresentationStatus::Ended, ..parent };
    let adult = born(1980, 1);
    assert!(of.holds(CHILD, &[], today) && of.holds(CHILD, &[parent], today));
    assert!(!of.holds(CHILD, &[ended], today) && of.holds(CHILD, &[ended, parent], today));
    assert!(!of.holds(CHILD, &[parent], day("2026-04-01")));
    assert!(!of.holds(adult, &[], today) && !of.holds(adult, &[by(RepresentativeKind::Administrator)], today));
    assert!(of.holds(adult, &[by(RepresentativeKind::Curator)], today));
    assert!(of.may_be_kept(Age::default(), &[], today).is_err() && of.may_be_kept(CHILD, &[], today).is_ok());
    assert!(Contact::default().may_be_kept(adult, &[], today).is_ok());
}

#[test]
fn an_address_of_their_own_is_asked_once_and_before() {
    let parent = [by(RepresentativeKind::ParentWithAuthority)];
    let due = |asked, on: &str| address_due(CHILD, &parent, (asked, 60), day(on));
    assert_eq!(due(false, "2026-01-30"), None);
    assert_eq!(due(false, "2026-01-31"), Some(AddressDue::Ask));
    assert_eq!(due(true, "2026-02-15"), None);
    assert_eq!(due(false, "2026-03-31"), Some(AddressDue::Ask));
    assert_eq!(due(false, "2026-04-01"), Some(AddressDue::End));
}
