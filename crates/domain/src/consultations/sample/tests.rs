use proptest::prelude::*;

use super::*;
use crate::consultations::samples::{consultation, id, open};

fn stratum(number: usize) -> Stratum {
    Stratum { channel: Channel::ALL.get(number).copied(), ..Stratum::default() }
}

fn plan(allocation: Allocation, size: i64) -> Plan {
    Plan { by: vec![StratumBy::Channel], allocation, size: Some(size), quotas: Vec::new() }
}

fn person(number: u64, stratum_number: usize) -> Candidate {
    // A turn that has nothing to do with the number.
    let rank = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    Candidate { person: id(u128::from(number)), stratum: stratum(stratum_number), rank }
}

fn people(sizes: &[u64]) -> Vec<Candidate> {
    let mut number = 0;
    let mut all = Vec::new();
    for (index, size) in sizes.iter().enumerate() {
        for _ in 0..*size {
            number += 1;
            all.push(person(number, index));
        }
    }
    all
}

fn ids(drawn: &[Candidate]) -> Vec<Uuid> {
    drawn.iter().map(|one| one.person).collect()
}

#[test]
fn equal_and_proportional_and_given() {
    let frame = frame_of(&people(&[80, 60, 20]));
    let equal = plan(Allocation::Equal, 61).targets(&frame).unwrap();
    assert_eq!(equal.into_values().collect::<Vec<_>>(), [21, 20, 20]);
    let proportional = plan(Allocation::Proportional, 40).targets(&frame).unwrap();
    assert_eq!(proportional.into_values().collect::<Vec<_>>(), [20, 15, 5]);
    let quotas = vec![(stratum(1), 7)];
    let given = Plan { allocation: Allocation::Given, size: None, quotas, ..plan(Allocation::Given, 0) };
    assert_eq!(given.targets(&frame).unwrap().into_values().collect::<Vec<_>>(), [0, 7, 0]);
    assert_eq!(given.check(), []);
}

#[test]
fn a_plan_says_all_that_is_wrong() {
    let other = Stratum { perspective: Some(Perspective::Parent), ..Stratum::default() };
    let bad = Plan {
        by: vec![StratumBy::Channel, StratumBy::Channel],
        allocation: Allocation::Given,
        size: Some(3),
        quotas: vec![(stratum(0), 1), (stratum(0), 2), (other, 1)],
    };
    let found: Vec<_> = bad.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
    let expected = [
        ("/by/1", "sample.by_repeated"),
        ("/size", "sample.size_with_quotas"),
        ("/quotas/1", "sample.stratum_repeated"),
        ("/quotas/2/stratum", "sample.stratum_unfit"),
    ];
    assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
    let none = Plan { size: None, ..plan(Allocation::Equal, 0) };
    assert_eq!(none.check(), [Fault::body("/size", "value.required")]);
}

#[test]
fn a_stratum_that_is_too_small_falls_short_and_takes_from_no_other() {
    let all = people(&[30, 4]);
    let wanted = plan(Allocation::Equal, 20).targets(&frame_of(&all)).unwrap();
    let drawn = frame_of(&draw(&all, &wanted, &BTreeSet::new()));
    assert_eq!(drawn.into_values().collect::<Vec<_>>(), [10, 4]);
}

#[test]
fn why_people_are_left_out_is_told_of_groups_alone() {
    assert_eq!(left_out_cells([6, 0, 9], 5), [Cell::Shown(6), Cell::Shown(0), Cell::Shown(9)]);
    assert_eq!(left_out_cells([1, 8, 9], 5)[0], Cell::Suppressed(Why::Complementary));
    assert_eq!(left_out_cells([1, 0, 2], 5), [Cell::Suppressed(Why::Base); 3]);
}

#[test]
fn only_a_draft_that_asks_a_sample_is_drawn_for() {
    let mut one = consultation();
    assert_eq!(may_draw(&one), Err(Refusal::Conflict("sample.not_sampled")));
    one.asking.recruitment = Recruitment::Sample;
    assert_eq!(may_draw(&one), Ok(()));
    let opened = Consultation { asking: one.asking, ..open() };
    assert_eq!(may_draw(&opened), Err(Refusal::Conflict("sample.not_draft")));
}

proptest! {
    /// The order in which people come in changes nothing.
    #[test]
    fn a_draw_is_the_same_from_the_same_people(
        sizes in proptest::collection::vec(0_u64..40, 1..4), size in 0_i64..80, turn in 0_usize..50,
    ) {
        let all = people(&sizes);
        let mut turned = all.clone();
        if !turned.is_empty() {
            let at = turn % turned.len();
            turned.rotate_left(at);
            turned.reverse();
        }
        let wanted = plan(Allocation::Proportional, size).targets(&frame_of(&all)).unwrap();
        let none = BTreeSet::new();
        prop_assert_eq!(ids(&draw(&all, &wanted, &none)), ids(&draw(&turned, &wanted, &none)));
    }

    /// Proportional shares add up, and each is within one of what is exact.
    #[test]
    fn shares_are_proportional(sizes in proptest::collection::vec(1_u64..500, 1..4), size in 0_i64..1000) {
        let frame: BTreeMap<Stratum, i64> =
            sizes.iter().enumerate().map(|(at, size)| (stratum(at), i64::try_from(*size).unwrap())).collect();
        let total: i64 = frame.values().sum();
        let targets = plan(Allocation::Proportional, size).targets(&frame).unwrap();
        prop_assert_eq!(targets.values().sum::<i64>(), size);
        for (stratum, people) in &frame {
            let exact = size * people;
            prop_assert!((targets[stratum] * total - exact).abs() < total);
        }
        let equal = plan(Allocation::Equal, size).targets(&frame).unwrap();
        let (least, most) = (equal.values().min().unwrap(), equal.values().max().unwrap());
        prop_assert!(equal.values().sum::<i64>() == size && most - least <= 1);
    }

    /// Nobody twice, nobody from outside, no stratum over what was wanted, and a draw with
    /// a top-up is the draw of both at once.
    #[test]
    fn a_top_up_goes_on_where_the_draw_stopped(
        sizes in proptest::collection::vec(0_u64..40, 1..4), first in 0_i64..30, more in 0_i64..30,
    ) {
        let all = people(&sizes);
        let each = |number: i64| -> BTreeMap<Stratum, i64> { frame_of(&all).into_keys().map(|one| (one, number)).collect() };
        let drawn = draw(&all, &each(first), &BTreeSet::new());
        let before: BTreeSet<Uuid> = ids(&drawn).into_iter().collect();
        prop_assert_eq!(before.len(), drawn.len());
        let added = draw(&all, &each(more), &before);
        prop_assert!(added.iter().all(|one| !before.contains(&one.person)));
        let both: BTreeSet<Uuid> = ids(&drawn).into_iter().chain(ids(&added)).collect();
        let at_once: BTreeSet<Uuid> = ids(&draw(&all, &each(first + more), &BTreeSet::new())).into_iter().collect();
        prop_assert_eq!(&both, &at_once);
        prop_assert!(frame_of(&drawn).values().all(|count| *count <= first));
    }

    /// Who isn't a candidate (somebody over a ceiling) is never drawn.
    #[test]
    fn who_may_not_be_asked_is_never_drawn(size in 1_u64..60, over in proptest::collection::hash_set(1_u128..60, 0..20)) {
        let may: Vec<Candidate> = people(&[size]).into_iter().filter(|one| !over.contains(&one.person.as_u128())).collect();
        let wanted = plan(Allocation::Equal, 1000).targets(&frame_of(&may)).unwrap();
        let drawn = draw(&may, &wanted, &BTreeSet::new());
        prop_assert_eq!(drawn.len(), may.len());
        prop_assert!(drawn.iter().all(|one| !over.contains(&one.person.as_u128())));
    }
}
