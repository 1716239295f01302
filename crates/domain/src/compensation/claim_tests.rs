//! Claims: four eyes, and what a line comes to.

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::networks::Perspective;
use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;
use crate::walks;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn line(kind: LineKind, amount: LineAmount) -> ClaimLine {
    ClaimLine { id: Uuid::from_u128(1), kind, happened_on: day("2025-03-01"), amount, description: None, proven: false }
}

fn counted(quantity: i64, rate_cents: i64) -> LineAmount {
    LineAmount::Counted { quantity, rate_id: Uuid::from_u128(2), rate_cents }
}

fn claim(status: ClaimStatus) -> Claim {
    let id = Uuid::from_u128;
    Claim {
        id: id(1),
        membership_id: id(2),
        network_id: id(3),
        organisation_id: id(4),
        participant_id: id(5),
        account_id: None,
        perspective: Perspective::Parent,
        trained: false,
        basis: ClaimBasis::VolunteerAllowance,
        lines: vec![line(LineKind::Hours, counted(90, 560))],
        status,
        entered_by: Some(id(6)),
        submitted_by: None,
        submitted_on: None,
        due_on: None,
        paid_on: None,
    }
}

const NOBODY: ClaimHands = ClaimHands { caller: None, of_person: None, represents: false };

fn moved(claim: Claim, to: ClaimStatus, hands: ClaimHands, reason: Option<&str>) -> Result<Claim, Refusal> {
    let roles = Roles::of(&[Standing::Manager, Standing::Participant]);
    claim.move_on(to, (roles, hands), (reason, &[]), (day("2025-03-31"), 30))
}

#[test]
fn nobody_finds_their_own_claim_good_nor_one_that_they_wrote_down() {
    let account = |number| Some(Uuid::from_u128(number));
    let own = ClaimHands { caller: account(8), of_person: account(8), represents: false };
    let wrote = ClaimHands { caller: account(6), ..NOBODY };
    let handed_in = ClaimHands { caller: account(7), ..NOBODY };
    let represents = ClaimHands { caller: account(9), represents: true, ..NOBODY };
    let second = ClaimHands { caller: account(10), of_person: account(8), represents: false };
    let waiting = Claim { submitted_by: account(7), account_id: account(11), ..claim(ClaimStatus::Submitted) };
    // Who unlinked their account since is still the person.
    let unlinked = ClaimHands { caller: account(11), ..NOBODY };
    for hands in [own, wrote, handed_in, represents, unlinked] {
        for to in [ClaimStatus::Approved, ClaimStatus::Rejected] {
            assert_eq!(moved(waiting.clone(), to, hands, Some("goed")), Err(Refusal::Forbidden));
        }
    }
    assert_eq!(moved(waiting, ClaimStatus::Approved, second, None).unwrap().status, ClaimStatus::Approved);
    for hands in [own, represents] {
        assert_eq!(moved(claim(ClaimStatus::Approved), ClaimStatus::Paid, hands, None), Err(Refusal::Forbidden));
    }
    let paid = moved(claim(ClaimStatus::Approved), ClaimStatus::Paid, second, None).unwrap();
    assert_eq!(paid.paid_on, Some(day("2025-03-31")));
}

#[test]
fn past_a_ceiling_it_is_found_good_only_with_a_reason() {
    let roles = Roles::of(&[Standing::Manager]);
    let found = [AllowanceFinding::YearPassed];
    let asked = |reason, findings: &[AllowanceFinding]| {
        claim(ClaimStatus::Submitted).move_on(
            ClaimStatus::Approved,
            (roles, NOBODY),
            (reason, findings),
            (day("2025-04-01"), 30),
        )
    };
    assert_eq!(asked(None, &found), Err(Refusal::invalid("/reason", "claim.reason_past_ceiling")));
    assert!(asked(Some("Gaat via de loonadministratie."), &found).is_ok());
    assert!(asked(None, &[AllowanceFinding::YearWillPass]).is_ok());
}

#[test]
fn it_is_due_some_days_after_it_was_handed_in_and_late_after_that() {
    let handed_in = moved(claim(ClaimStatus::Draft), ClaimStatus::Submitted, NOBODY, None).unwrap();
    assert_eq!(handed_in.due_on, Some(day("2025-04-30")));
    assert!(!handed_in.is_late(day("2025-04-30")));
    assert!(handed_in.is_late(day("2025-05-01")));
    let paid = Claim { status: ClaimStatus::Paid, paid_on: Some(day("2025-04-30")), ..handed_in };
    assert!(!paid.is_late(day("2026-01-01")));
    assert!(Claim { paid_on: Some(day("2025-05-01")), ..paid }.is_late(day("2025-05-01")));
    let empty = Claim { lines: vec![], ..claim(ClaimStatus::Draft) };
    assert!(matches!(moved(empty, ClaimStatus::Submitted, NOBODY, None), Err(Refusal::Incomplete(_))));
}

#[test]
fn half_a_cent_goes_upwards_and_only_time_is_by_the_hour() {
    assert_eq!(line(LineKind::Hours, counted(90, 560)).cents(), 840);
    assert_eq!(line(LineKind::Hours, counted(1, 575)).cents(), 10);
    assert_eq!(line(LineKind::Hours, counted(3, 550)).cents(), 28);
    assert_eq!(line(LineKind::Kilometres, counted(12, 23)).cents(), 276);
    assert_eq!(line(LineKind::Costs, LineAmount::Told(1_999)).cents(), 1_999);
    assert_eq!(claim(ClaimStatus::Draft).cents(), 840);
}

#[test]
fn a_line_tells_what_it_needs_and_no_more() {
    let at = |kind: LineKind| RateUse {
        network: Uuid::from_u128(3),
        unit: kind.unit().unwrap(),
        basis: ClaimBasis::VolunteerAllowance,
        perspective: Perspective::Parent,
        trained: false,
        day: day("2025-03-01"),
    };
    let codes = |kind, quantity, cents| {
        let work = LineKind::unit(kind).map(|_| at(kind));
        let wrong = ClaimLine::amount((kind, quantity, cents), (None, None), work).unwrap_err();
        wrong.into_iter().map(|fault| fault.code).collect::<Vec<_>>()
    };
    assert_eq!(
        codes(LineKind::Hours, None, Some(3)),
        ["claim_line.amount_counted", "claim_line.quantity_missing", "claim_line.rate_missing"]
    );
    assert_eq!(codes(LineKind::Costs, Some(3), None), ["claim_line.quantity_unused", "claim_line.amount_missing"]);
    assert_eq!(ClaimLine::amount((LineKind::Costs, None, Some(5)), (None, None), None), Ok(LineAmount::Told(5)));
}

const LEGAL: &[(&str, &str)] = &[
    ("draft", "submitted"),
    ("submitted", "approved"),
    ("submitted", "rejected"),
    ("approved", "paid"),
    ("rejected", "draft"),
];

#[test]
fn the_table_is_the_design() {
    walks::table_is::<ClaimStatus>(LEGAL, &[("submitted", "rejected")]);
}

proptest! {
    #[test]
    fn random_walks_never_leave_the_table(
        attempts in prop::collection::vec((any::<usize>(), any::<u32>(), any::<bool>()), 0..40),
    ) {
        walks::walk(ClaimStatus::Draft, ClaimStatus::ALL, LEGAL, &attempts);
    }
}
