//! Every party accepts, or it does not hold.

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Acceptance, Agreement, AgreementStatus, Answering, Deeds, Party, PartyKind, Promises, kept};
use crate::networks::Perspective;
use crate::participants::Channel;
use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;
use crate::text::{MadeBy, Text, Texts};

const HOST: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn proposed() -> Agreement {
    let person = Uuid::from_u128(3);
    let text = Text { language: "nl".to_owned(), value: "Meedenken".to_owned(), made_by: MadeBy::Human, stale: false };
    let party = |kind, id| Party { kind, id, accepted: None };
    Agreement {
        id: Uuid::from_u128(4),
        membership_id: Uuid::from_u128(5),
        network_id: Uuid::from_u128(6),
        organisation_id: HOST,
        participant_id: person,
        perspective: Perspective::Parent,
        agreement_version: 1,
        replaces_id: None,
        promises: Promises {
            role: Texts::new(vec![text]).unwrap(),
            starts_on: day(2026, 1, 15),
            ends_on: None,
            expected_minutes: Some(240),
            rate_id: None,
            training: None,
            contact_id: None,
            answer_days: None,
        },
        parties: vec![
            party(PartyKind::Participant, person),
            party(PartyKind::Organisation, HOST),
            party(PartyKind::Organisation, OTHER),
        ],
        status: AgreementStatus::Proposed,
    }
}

fn said(channel: Channel) -> Acceptance {
    Acceptance { on: day(2026, 1, 16), channel, by: None }
}

/// Who answers: the person, who keeps it by phone, the host, the other organisation.
fn answering(who: usize) -> (Roles, Vec<Uuid>, Channel) {
    match who {
        0 => (Roles::of(&[Standing::Participant]), Vec::new(), Channel::Internet),
        1 => (Roles::of(&[Standing::Coordinator]), Vec::new(), Channel::Phone),
        2 => (Roles::of(&[Standing::Manager]), vec![HOST], Channel::Internet),
        _ => (Roles::of(&[Standing::Partner]), vec![OTHER], Channel::Internet),
    }
}

proptest! {
    /// In whatever order, and however often: it holds exactly when all have said yes.
    #[test]
    fn it_holds_when_all_said_yes(order in prop::collection::vec(0_usize..4, 0..10)) {
        let mut agreement = proposed();
        let mut yes = [false; 3];
        for who in order {
            let (roles, speaks_for, channel) = answering(who);
            let by = Answering { roles, speaks_for: &speaks_for, member_signs_in: false };
            let before = agreement.clone();
            let party = [0, 0, 1, 2][who];
            match agreement.clone().accept(by, said(channel)) {
                Ok(next) => { prop_assert!(!yes[party]); yes[party] = true; agreement = next; }
                Err(Refusal::Conflict(_)) => { prop_assert!(yes[party]); prop_assert_eq!(&agreement, &before); }
                Err(other) => prop_assert!(false, "{other:?}"),
            }
            prop_assert_eq!(agreement.status == AgreementStatus::Accepted, yes.iter().all(|one| *one));
        }
    }
}

#[test]
fn nobody_says_yes_for_another() {
    let online = |roles: &[Standing], speaks_for: &[Uuid]| {
        proposed()
            .accept(Answering { roles: Roles::of(roles), speaks_for, member_signs_in: true }, said(Channel::Internet))
    };
    assert_eq!(online(&[Standing::Coordinator], &[]), Err(Refusal::Forbidden), "only by phone or in person");
    assert_eq!(online(&[Standing::Partner], &[Uuid::from_u128(9)]), Err(Refusal::Forbidden), "no party");
    assert!(online(&[Standing::Manager], &[HOST]).is_ok());
    let none = Answering { roles: Roles::of(&[Standing::Partner]), speaks_for: &[], member_signs_in: true };
    assert!(!proposed().is_for(none));
    assert_eq!(proposed().take(AgreementStatus::Declined, none, None), Err(Refusal::Forbidden));
}

#[test]
fn what_was_expected_counts_the_months_begun() {
    let within = (day(2026, 1, 1), day(2026, 3, 31));
    let deeds = Deeds { minutes: 300, cents: 6250, ..Deeds::default() };
    let found = kept(&proposed(), deeds, within);
    assert_eq!((found.expected_minutes, found.cents_an_hour), (Some(720), Some(1250)));
    let nothing = kept(&proposed(), Deeds::default(), (day(2025, 1, 1), day(2025, 12, 31)));
    assert_eq!((nothing.expected_minutes, nothing.cents_an_hour), (Some(0), None));
}
