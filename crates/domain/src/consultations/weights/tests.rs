use super::*;
use crate::consultations::samples::{budget, dots, id, options, question};

fn of(kind: QuestionKind, given: &[(Given, i64)]) -> Weighed {
    let asked = [question(1, kind)];
    let mut weights = Weights::none(&asked);
    for (given, people) in given {
        (0..*people).for_each(|_| weights.add(&[Answer { question_id: id(1), given: given.clone() }]));
    }
    weights.counted().remove(0)
}

fn order(options: [u128; 3]) -> Given {
    Given::Ranking { option_ids: options.map(|at| id(1000 + at)).to_vec() }
}

fn ranking() -> QuestionKind {
    QuestionKind::Ranking { options: options(3), most: None }
}

fn divided(dots: [i32; 3]) -> Given {
    let pairs = (1000..).map(id).zip(dots).filter(|(_, number)| *number > 0);
    Given::Dots { dots: pairs.collect() }
}

#[test]
fn places_give_points_and_dots_are_added() {
    let told = of(ranking(), &[(order([0, 1, 2]), 3), (order([2, 0, 1]), 1)]);
    assert_eq!((told.totals, told.firm), (vec![11, 7, 6], 1));
    let two = QuestionKind::Ranking { options: options(3), most: Some(2) };
    assert_eq!(of(two, &[(Given::Ranking { option_ids: vec![id(1002), id(1000)] }, 2)]).totals, [2, 0, 4]);
    assert_eq!(of(dots(4, None, true), &[(divided([3, 1, 0]), 2), (divided([0, 0, 4]), 1)]).totals, [6, 2, 4]);
}

/// Of three options each whole order follows from the points and the first places.
#[test]
fn a_small_order_is_held_by_no_others() {
    let large = [(order([0, 1, 2]), 20), (order([1, 0, 2]), 9), (order([2, 1, 0]), 7)];
    assert_eq!(
        (of(ranking(), &large).firm, of(ranking(), &large).holds(7), of(ranking(), &large).holds(8)),
        (7, true, false)
    );
    let one_more = [&large[..], &[(order([0, 2, 1]), 1)]].concat();
    assert_eq!(of(ranking(), &one_more).firm, 1);
    // The sixth could have been made of the five others.
    let rest = [(order([0, 2, 1]), 6), (order([1, 2, 0]), 5), (order([2, 0, 1]), 1)];
    assert_eq!(of(ranking(), &[&large[..], &rest].concat()).firm, 5);
}

/// Whoever gives dots to two of three options, is known from the totals by which.
#[test]
fn a_small_pair_is_held_by_no_others() {
    let large = [(divided([2, 0, 0]), 8), (divided([0, 2, 0]), 8), (divided([0, 0, 2]), 8)];
    assert!(of(dots(2, None, true), &large).holds(8));
    let pairs = [(divided([1, 1, 0]), 1), (divided([1, 0, 1]), 20), (divided([0, 1, 1]), 20)];
    assert!(!of(dots(2, None, true), &[&large[..], &pairs].concat()).holds(5));
    // What one kept for themself follows, too.
    let kept = [&large[..], &[(divided([1, 0, 0]), 3)]].concat();
    assert!(!of(dots(2, None, false), &kept).holds(5));
}

#[test]
fn who_could_have_paid_more_are_not_few() {
    let chosen = |options: &[u128]| Given::Budget { option_ids: options.iter().map(|at| id(1000 + at)).collect() };
    let kind = || budget(&[10, 20, 30], 50);
    let all = [(chosen(&[1, 2]), 9), (chosen(&[0, 2]), 9)];
    assert_eq!((of(kind(), &all).less, of(kind(), &all).holds(9)), (0, true));
    let some = [&all[..], &[(chosen(&[2]), 3)]].concat();
    assert_eq!((of(kind(), &some).less, of(kind(), &some).holds(3), of(kind(), &some).holds(5)), (3, true, false));
}

#[test]
fn alike_is_nine_in_ten() {
    assert!(of(ranking(), &[(order([0, 1, 2]), 9), (order([1, 0, 2]), 1)]).alike);
    let none = [(order([0, 1, 2]), 5), (order([1, 2, 0]), 5), (order([2, 0, 1]), 5)];
    assert!(!of(ranking(), &none).alike);
}
