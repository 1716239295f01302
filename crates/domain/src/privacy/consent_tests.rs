//! What stands of a consent: by age, by representatives, by versions.

use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::participants::{
    Age, AgeBand, Birth, Channel, ProvenAge, Representation, RepresentationStatus, RepresentativeKind, Turned,
};
use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;
use crate::text::Texts;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn born(year: i32, month: u32) -> Age {
    Age { birth: Some(Birth::Month { year, month }), ..Age::default() }
}

const FIRST: Asked = Asked { counts_from: 1, now: true };

fn parent(number: u128) -> (Uuid, Representation) {
    by(number, RepresentativeKind::ParentWithAuthority)
}

fn by(number: u128, kind: RepresentativeKind) -> (Uuid, Representation) {
    let status = RepresentationStatus::Active;
    (Uuid::from_u128(number), Representation { kind, starts_on: day("2015-01-01"), ends_on: None, status })
}

fn said(giver: ConsentGiver, representative: Option<u128>, answer: ConsentAnswer, on: NaiveDate) -> Consent {
    Consent {
        id: Uuid::from_u128(9),
        participant_id: Uuid::from_u128(1),
        organisation_id: Uuid::from_u128(2),
        consent_text_id: Uuid::from_u128(3),
        purpose: ConsentPurpose::Participation,
        text_version: 1,
        answer,
        giver,
        representative_id: representative.map(Uuid::from_u128),
        channel: Channel::Internet,
        happened_on: on,
        reason: None,
        recorded_by: None,
        status: ConsentStatus::Standing,
        withdrawn_on: None,
    }
}

fn yes(representative: u128) -> Consent {
    said(ConsentGiver::Representative, Some(representative), ConsentAnswer::Given, day("2025-01-01"))
}

fn no(representative: u128) -> Consent {
    Consent { answer: ConsentAnswer::Refused, ..yes(representative) }
}

fn withdrawn(one: Consent) -> Consent {
    Consent { status: ConsentStatus::Withdrawn, ..one }
}

fn state(age: Age, representatives: &[(Uuid, Representation)], said: &[Consent], today: &str) -> ConsentState {
    let (asked, today) = (Some(FIRST), day(today));
    consent_state(ConsentFacts { age, from: 16, representatives, said, asked, today })
}

#[test]
fn where_representatives_disagree_nothing_starts() {
    let (child, both) = (born(2012, 5), [parent(1), parent(2)]);
    let today = "2026-01-01";
    assert_eq!(state(child, &both, &[], today), ConsentState::Missing);
    assert_eq!(state(child, &both, &[yes(1)], today), ConsentState::Given);
    assert_eq!(state(child, &both, &[yes(1), no(2)], today), ConsentState::Disagreed);
    assert_eq!(state(child, &both, &[yes(1), withdrawn(yes(2))], today), ConsentState::Disagreed);
    assert_eq!(state(child, &both, &[no(2)], today), ConsentState::Refused);
    assert_eq!(state(child, &both, &[yes(1), no(2), yes(2)], today), ConsentState::Given);
    assert!(!ConsentState::Disagreed.allows());
    // Who doesn't represent them any more says nothing, and what they said is asked anew.
    let ended = Representation { status: RepresentationStatus::Ended, ..parent(1).1 };
    assert_eq!(state(child, &[(Uuid::from_u128(1), ended)], &[yes(1)], today), ConsentState::Anew);
    // The child's own no always holds; their yes alone is none.
    let own = said(ConsentGiver::Person, None, ConsentAnswer::Refused, day("2025-02-01"));
    assert_eq!(state(child, &both, &[yes(1), own.clone()], today), ConsentState::Refused);
    let own = Consent { answer: ConsentAnswer::Given, ..own };
    assert_eq!(state(child, &[], std::slice::from_ref(&own), today), ConsentState::Anew);
}

fn text(text_version: i32, status: ConsentTextStatus, asks_anew: bool, bands: &[AgeBand]) -> ConsentText {
    ConsentText {
        id: Uuid::from_u128(7),
        organisation_id: Uuid::from_u128(2),
        purpose: ConsentPurpose::Participation,
        text_version,
        bands: bands.to_vec(),
        title: Texts::plain("nl", "Meedoen"),
        body: Texts::plain("nl", "Mag dat?"),
        asks_anew,
        status,
    }
}

#[test]
fn what_is_asked_is_what_somebody_can_answer() {
    use ConsentTextStatus::{Draft, Published, Retired};
    let of = |texts: &[ConsentText], age| Asked::of(texts.iter(), age);
    let first = text(1, Published, false, &[]);
    assert_eq!(of(&[text(1, Draft, false, &[])], Some(30)), None);
    assert_eq!(of(std::slice::from_ref(&first), None), Some(FIRST));
    let second = |status| text(2, status, true, &[]);
    let asked = |counts_from, now| Some(Asked { counts_from, now });
    assert_eq!(of(&[first.clone(), second(Published)], None), asked(2, true));
    // The version that asked anew is gone, and only the first can be answered.
    assert_eq!(of(&[first, second(Retired)], None), asked(1, true));
    assert_eq!(of(&[text(1, Retired, false, &[]), second(Retired)], None), asked(2, false));
    // One for an age band asks nothing of others, nor anew.
    let young = text(3, Published, true, &[AgeBand::Age12To15]);
    assert_eq!(of(std::slice::from_ref(&young), Some(40)), None);
    assert_eq!(of(&[text(1, Published, false, &[]), young.clone()], Some(40)), asked(1, true));
    assert_eq!(of(&[text(1, Published, false, &[]), young], Some(13)), asked(3, true));
}

#[test]
fn an_authority_over_a_child_has_no_say_once_the_child_has() {
    // Where people consent from 13 on, the parent is still recorded.
    let (child, said) = (born(2012, 5), [said(ConsentGiver::Person, None, ConsentAnswer::Given, day("2026-01-01"))]);
    let facts = |from| ConsentFacts {
        age: child,
        from,
        representatives: &[],
        said: &said,
        asked: Some(FIRST),
        today: day("2026-02-01"),
    };
    let parents = [parent(1)];
    let with = |from| ConsentFacts { representatives: &parents, ..facts(from) };
    assert_eq!(consent_state(with(13)), ConsentState::Given);
    assert_eq!(consent_state(with(16)), ConsentState::Anew);
}

#[test]
fn direct_and_free_help_needs_no_representative_until_sixteen() {
    let child = born(2010, 12);
    let help = said(ConsentGiver::Exception, None, ConsentAnswer::Given, day("2026-01-01"));
    assert_eq!(state(child, &[], std::slice::from_ref(&help), "2026-12-31"), ConsentState::Excepted);
    assert_eq!(state(child, &[], &[help], "2027-01-01"), ConsentState::Anew);
}

#[test]
fn a_new_version_may_ask_anew_and_a_purpose_that_is_not_asked_needs_nothing() {
    let adult = born(1980, 1);
    let own = said(ConsentGiver::Person, None, ConsentAnswer::Given, day("2026-01-01"));
    let asked = |asked, one: &Consent| {
        let said = std::slice::from_ref(one);
        let today = day("2026-02-01");
        consent_state(ConsentFacts { age: adult, from: 16, representatives: &[], said, asked, today })
    };
    assert_eq!(asked(Some(FIRST), &own), ConsentState::Given);
    assert_eq!(asked(Some(Asked { counts_from: 2, now: true }), &own), ConsentState::Anew);
    assert_eq!(asked(None, &own), ConsentState::NotAsked);
    // Asked no longer: who didn't answer needn't, and a no that was said stands.
    let retired = Some(Asked { counts_from: 2, now: false });
    assert_eq!(asked(retired, &own), ConsentState::NotAsked);
    let no = Consent { answer: ConsentAnswer::Refused, text_version: 2, ..own.clone() };
    assert_eq!(asked(retired, &no), ConsentState::Refused);
    assert_eq!(asked(retired, &withdrawn(Consent { text_version: 2, ..own.clone() })), ConsentState::Refused);
    assert_eq!(state(adult, &[], &[withdrawn(own)], "2026-02-01"), ConsentState::Refused);
    assert_eq!(state(Age::default(), &[], &[], "2026-02-01"), ConsentState::Missing);
}

#[test]
fn for_an_adult_a_curator_consents_and_an_administrator_does_not() {
    let adult = born(1980, 1);
    let own = said(ConsentGiver::Person, None, ConsentAnswer::Given, day("2026-01-01"));
    let curator = [by(1, RepresentativeKind::Curator)];
    assert_eq!(state(adult, &curator, std::slice::from_ref(&own), "2026-02-01"), ConsentState::Anew);
    assert_eq!(state(adult, &curator, &[yes(1)], "2026-02-01"), ConsentState::Given);
    let administrator = [by(1, RepresentativeKind::Administrator)];
    assert_eq!(state(adult, &administrator, &[own], "2026-02-01"), ConsentState::Given);
}

#[test]
fn a_representative_takes_back_what_representatives_said_and_nothing_else() {
    let by = |standing| ConsentMove { roles: Roles::of(&[standing]), reason: None, today: day("2026-03-01") };
    let taken = yes(1).withdraw(ConsentStatus::Withdrawn, by(Standing::Representative)).unwrap();
    assert_eq!(taken.withdrawn_on, Some(day("2026-03-01")));
    let own = said(ConsentGiver::Person, None, ConsentAnswer::Given, day("2026-01-01"));
    let refused = own.clone().withdraw(ConsentStatus::Withdrawn, by(Standing::Representative));
    assert_eq!(refused, Err(Refusal::Forbidden));
    assert!(own.withdraw(ConsentStatus::Withdrawn, by(Standing::Participant)).is_ok());
    let never = no(1).withdraw(ConsentStatus::Withdrawn, by(Standing::Officer));
    assert_eq!(never, Err(Refusal::Conflict("consent.refused_already")));
}

proptest! {
    /// The turn of 16: through the last day of the birth month a representative's yes
    /// holds; on the first of the next month every consent is asked anew, and only what
    /// they say themselves from then on counts. Proof that was recorded earlier moves
    /// that day forward.
    #[test]
    fn at_sixteen_every_consent_is_asked_anew(
        (year, month) in (2000_i32..2015, 1_u32..=12),
        earlier in prop::option::of(1_u64..200),
        given in 1_u64..3000,
        disagree in any::<bool>(),
    ) {
        let first = NaiveDate::from_ymd_opt(year + 16, month, 1).unwrap() + Months::new(1);
        let turned = Turned { sixteen: earlier.map(|days| first - Days::new(days)), ..Turned::default() };
        let turns = turned.sixteen.unwrap_or(first);
        let age = Age { birth: Some(Birth::Month { year, month }), turned };
        let parents = [1, 2].map(|number| {
            let (id, one) = parent(number);
            (id, Representation { starts_on: turns - Days::new(4000), ..one })
        });
        let on = turns - Days::new(given);
        let mut before = vec![Consent { happened_on: on, ..yes(1) }];
        if disagree {
            before.push(Consent { happened_on: on, ..no(2) });
        }
        let at = |said: &[Consent], today| {
            consent_state(ConsentFacts { age, from: 16, representatives: &parents, said, asked: Some(FIRST), today })
        };
        let eve = turns - Days::new(1);
        prop_assert_eq!(at(&before, eve), if disagree { ConsentState::Disagreed } else { ConsentState::Given });
        prop_assert_eq!(at(&before, turns), ConsentState::Anew);
        prop_assert!(age.is_at_least(16, turns) && !age.is_at_least(16, eve));
        prop_assert!(parents.iter().all(|(_, one)| one.acts(age, eve) && !one.acts(age, turns)));
        // What they said themselves before that day doesn't count after it; what they say now does.
        let early = said(ConsentGiver::Person, None, ConsentAnswer::Given, eve);
        prop_assert_eq!(at(&[before.clone(), vec![early]].concat(), turns), ConsentState::Anew);
        let own = said(ConsentGiver::Person, None, ConsentAnswer::Given, turns);
        prop_assert_eq!(at(&[before, vec![own]].concat(), turns), ConsentState::Given);
        prop_assert_eq!(turned.of(ProvenAge::Sixteen), earlier.map(|_| turns));
    }
}
