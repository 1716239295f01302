//! Tests of the composition, among them an attacker who only sees it from
//! outside.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::composition::{Composition, MemberFacts, View, compose};
use super::network_tests::network;
use super::{CompositionTarget, Expertise, NetworkKind, NetworkStatus, Perspective};
use crate::cells::{Cell, Why};
use crate::participants::{Age, Birth};
use crate::policy::{Roles, Standing};

const OUTSIDE: View = View::Outside { minimum: 10 };

fn today() -> NaiveDate {
    "2026-05-10".parse().unwrap()
}

fn member(perspective: Perspective, expertise: &[Expertise], born: Option<i32>) -> MemberFacts {
    let birth = born.map(|year| Birth::Month { year, month: 4 });
    MemberFacts { perspective, expertise: expertise.to_vec(), age: Age { birth, ..Age::default() } }
}

fn target(perspectives: &[Perspective], least_age: Option<i32>) -> CompositionTarget {
    CompositionTarget { perspectives: perspectives.to_vec(), least_age, target: 10 }
}

fn many(number: usize, perspective: Perspective, born: Option<i32>) -> Vec<MemberFacts> {
    vec![member(perspective, &[], born); number]
}

fn figure(composition: &Composition, perspective: Perspective) -> Option<i64> {
    composition.perspectives.iter().find(|row| row.perspective == perspective).unwrap().count.figure()
}

#[test]
fn the_table_of_samen_is_one_call() {
    let mut members = vec![member(Perspective::YoungPerson, &[Expertise::ExpertByExperience], Some(2006)); 3];
    members.extend(many(1, Perspective::Parent, None));
    let inside = compose(&members, &[target(&[Perspective::Parent], None)], today(), View::Whole);
    assert_eq!(inside.total, Cell::Shown(4));
    assert_eq!(inside.perspectives.len(), Perspective::ALL.len());
    assert_eq!(figure(&inside, Perspective::YoungPerson), Some(3));
    assert_eq!(figure(&inside, Perspective::Parent), Some(1));
    assert_eq!(figure(&inside, Perspective::Client), Some(0));
    assert_eq!(inside.expertise.iter().map(|row| row.count).collect::<Vec<_>>(), [0, 0, 3].map(Cell::Shown));
    assert_eq!(inside.targets[0].actual, Cell::Shown(1));
    // From outside there is nothing to see of four people.
    let outside = compose(&members, &[target(&[Perspective::Parent], None)], today(), OUTSIDE);
    let base = Cell::Suppressed(Why::Base);
    assert_eq!(outside.total, base);
    assert!(outside.perspectives.iter().all(|row| row.count == base));
    assert!(outside.expertise.iter().all(|row| row.count == base));
    assert_eq!(outside.targets[0].actual, base);
}

#[test]
fn ten_young_people_and_ten_adults() {
    let mut members = many(10, Perspective::YoungPerson, Some(2009));
    members.extend(many(10, Perspective::PolicyMaker, Some(1980)));
    let targets = [
        target(&[Perspective::YoungPerson], None),
        target(&[Perspective::PolicyMaker, Perspective::Professional], Some(18)),
    ];
    let outside = compose(&members, &targets, today(), OUTSIDE);
    assert_eq!(outside.total, Cell::Shown(20));
    assert_eq!(outside.targets.iter().map(|row| row.actual).collect::<Vec<_>>(), [Cell::Shown(10); 2]);
    assert_eq!(figure(&outside, Perspective::Parent), Some(0));
    // One who isn't 18 by what is known: neither figure may be seen.
    members[10].age = Age::default();
    let outside = compose(&members, &targets, today(), OUTSIDE);
    assert_eq!(outside.targets[1].actual, Cell::Suppressed(Why::Complementary));
    assert_eq!(compose(&members, &targets, today(), View::Whole).targets[1].actual, Cell::Shown(9));
}

#[test]
fn two_targets_of_age_over_the_same_people_tell_nothing() {
    let mut members = many(20, Perspective::YoungPerson, Some(1999));
    members.extend(many(12, Perspective::YoungPerson, Some(2012)));
    let targets = [target(&[Perspective::YoungPerson], Some(16)), target(&[Perspective::YoungPerson], Some(18))];
    let outside = compose(&members, &targets, today(), OUTSIDE);
    assert!(outside.targets.iter().all(|row| row.actual == Cell::Suppressed(Why::Complementary)));
    let alone = compose(&members, &targets[..1], today(), OUTSIDE);
    assert_eq!(alone.targets[0].actual, Cell::Shown(20));
}

#[test]
fn an_age_counts_from_the_month_after() {
    let members = vec![member(Perspective::Client, &[], Some(2008)); 1];
    let on = |day: &str| {
        compose(&members, &[target(&[Perspective::Client], Some(18))], day.parse().unwrap(), View::Whole).targets[0]
            .actual
    };
    assert_eq!(on("2026-04-30"), Cell::Shown(0));
    assert_eq!(on("2026-05-01"), Cell::Shown(1));
}

#[test]
fn who_sees_the_whole() {
    let mut panel = network(NetworkKind::Panel, NetworkStatus::Active);
    let view = |network: &super::Network, standing, agreed| View::of(network, Roles::of(&[standing]), agreed);
    assert_eq!(view(&panel, Standing::Member, false), View::Whole);
    assert_eq!(view(&panel, Standing::Manager, false), View::Whole);
    for outsider in [Standing::Admin, Standing::Partner, Standing::Officer, Standing::Invited] {
        assert_eq!(view(&panel, outsider, true), OUTSIDE);
    }
    panel.least_group = Some(7);
    assert_eq!(view(&panel, Standing::Partner, false), OUTSIDE);
    panel.least_group = Some(25);
    assert_eq!(view(&panel, Standing::Partner, false), View::Outside { minimum: 25 });
    panel.publish_composition = true;
    assert_eq!(view(&panel, Standing::Partner, false), View::Outside { minimum: 25 });
    assert_eq!(view(&panel, Standing::Partner, true), View::Whole);
}

#[test]
fn the_public_minimum_is_never_lowered() {
    let members = many(9, Perspective::Client, None);
    let outside = compose(&members, &[], today(), View::Outside { minimum: 1 });
    assert_eq!(outside.total, Cell::Suppressed(Why::Base));
}

/// A network of up to five perspectives, with targets over them.
fn networks() -> impl Strategy<Value = (Vec<MemberFacts>, Vec<CompositionTarget>)> {
    let some = &Perspective::ALL[..5];
    let group = (0usize..16, prop::collection::vec((any::<bool>(), prop::option::of(1990i32..2020)), 16));
    let groups = prop::collection::vec(group, 5).prop_map(move |groups| {
        let mut members = Vec::new();
        for (perspective, (number, people)) in some.iter().zip(groups) {
            for (trained, born) in people.into_iter().take(number) {
                let expertise: &[Expertise] = if trained { &[Expertise::ExpertByExperience] } else { &[] };
                members.push(member(*perspective, expertise, born));
            }
        }
        members
    });
    let goal = (prop::sample::subsequence(some, 1..4), prop::option::of(prop::sample::select(vec![12, 16, 18, 21])));
    let goals = prop::collection::vec(goal.prop_map(|(perspectives, age)| target(&perspectives, age)), 0..4);
    (groups, goals)
}

fn small(number: i64) -> bool {
    0 < number && number < 10
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn from_outside_no_figure_is_small_nor_becomes_so((members, targets) in networks()) {
        let seen = compose(&members, &targets, today(), OUTSIDE);
        let sum = |wanted: &[Perspective]| -> Option<i64> { wanted.iter().map(|one| figure(&seen, *one)).sum() };
        let rows = seen.perspectives.iter().map(|row| row.count).chain(seen.expertise.iter().map(|row| row.count));
        for cell in rows.chain(seen.targets.iter().map(|row| row.actual)).chain([seen.total]) {
            prop_assert!(!cell.figure().is_some_and(small));
        }
        let Some(total) = seen.total.figure() else {
            prop_assert!(seen.perspectives.iter().all(|row| row.count.figure().is_none()));
            return Ok(());
        };
        let shown: i64 = seen.perspectives.iter().filter_map(|row| row.count.figure()).sum();
        prop_assert!(!small(total - shown));
        for row in &seen.expertise {
            prop_assert!(!row.count.figure().is_some_and(|with| small(total - with)));
        }
        for row in &seen.targets {
            let Some(actual) = row.actual.figure() else { continue };
            let all = sum(&row.target.perspectives);
            prop_assert!(all.is_some(), "a target tells of a hidden perspective");
            prop_assert!(!small(all.unwrap() - actual));
            if row.target.least_age.is_none() {
                prop_assert_eq!(all, Some(actual));
            }
        }
        // Nor does one target of age tell against another.
        let aged = seen.targets.iter().filter(|row| row.target.least_age.is_some() && row.actual.figure().is_some());
        let mut counted: Vec<Perspective> = aged.flat_map(|row| row.target.perspectives.clone()).collect();
        let before = counted.len();
        counted.sort();
        counted.dedup();
        prop_assert_eq!(counted.len(), before);
    }

    /// Whoever knows this code can't tell who is where either: with the hidden
    /// perspectives' people changed round, the very same answer comes.
    #[test]
    fn hidden_perspectives_could_be_each_others((members, targets) in networks(), turn in 1usize..14) {
        let seen = compose(&members, &targets, today(), OUTSIDE);
        let hidden: Vec<Perspective> =
            seen.perspectives.iter().filter(|row| row.count.figure().is_none()).map(|row| row.perspective).collect();
        let turned: Vec<MemberFacts> = members
            .iter()
            .map(|member| match hidden.iter().position(|one| *one == member.perspective) {
                Some(at) => MemberFacts { perspective: hidden[(at + turn) % hidden.len()], ..member.clone() },
                None => member.clone(),
            })
            .collect();
        prop_assert_eq!(compose(&turned, &targets, today(), OUTSIDE), seen);
    }

    #[test]
    fn from_inside_everything_adds_up((members, targets) in networks()) {
        let seen = compose(&members, &targets, today(), View::Whole);
        let sum: i64 = seen.perspectives.iter().map(|row| row.count.figure().unwrap()).sum();
        prop_assert_eq!(seen.total, Cell::Shown(sum));
        prop_assert_eq!(sum, i64::try_from(members.len()).unwrap());
        prop_assert!(seen.targets.iter().all(|row| row.actual.figure().is_some_and(|met| met <= sum)));
    }
}
