use super::*;
use crate::consultations::samples::{budget, day, dots, matrix, options, question, questions, texts};

fn codes(kind: QuestionKind) -> Vec<(String, &'static str)> {
    question(1, kind).check().into_iter().map(|fault| (fault.location, fault.code)).collect()
}

fn several(count: u128, least: Option<i32>, most: Option<i32>) -> Vec<(String, &'static str)> {
    codes(QuestionKind::MultipleChoice { options: options(count), least, most })
}

fn at(location: &str, code: &'static str) -> (String, &'static str) {
    (location.to_owned(), code)
}

#[test]
fn a_choice_has_something_to_choose() {
    assert!(questions().iter().all(|question| question.check().is_empty()));
    let one = codes(QuestionKind::SingleChoice { options: options(1) });
    assert_eq!(one, [at("/options", "question.too_few_options")]);
    let many = codes(QuestionKind::SingleChoice { options: options(101) });
    assert_eq!(many, [at("/options", "question.too_many_options")]);
    let twice = codes(QuestionKind::SingleChoice { options: [options(2), options(1)].concat() });
    assert_eq!(twice, [at("/options/2", "question.option_repeated")]);
}

#[test]
fn bands_go_up_from_the_least() {
    let number =
        |least, most, bands: &[i32]| codes(QuestionKind::Number { least, most, unit: None, bands: bands.to_vec() });
    assert_eq!(number(0, 100, &[0, 1, 10]), []);
    assert_eq!(number(5, 5, &[5]), [at("/most", "question.range_empty"), at("/bands", "question.too_few_bands")]);
    let wrong = [
        at("/bands/0", "question.first_band_above_least"),
        at("/bands/2", "question.band_out_of_range"),
        at("/bands/1", "question.band_out_of_order"),
    ];
    assert_eq!(number(0, 10, &[2, 2, 11]), wrong);
    assert_eq!(number(0, 10, &[-1, 5]), [at("/bands/0", "question.band_out_of_range")]);
    let many: Vec<i32> = (0..101).collect();
    assert_eq!(number(0, 1000, &many), [at("/bands", "question.too_many_bands")]);
}

#[test]
fn days_are_counted_in_a_hundred_periods_at_most() {
    let date = |from: (i32, u32), until: (i32, u32), counted_by| {
        codes(QuestionKind::Date { earliest: day(from.0, from.1, 15), latest: day(until.0, until.1, 14), counted_by })
    };
    assert_eq!(date((1927, 1), (2026, 12), Period::Year), []);
    assert_eq!(date((1926, 12), (2026, 1), Period::Year), [at("/latestOn", "question.too_many_periods")]);
    assert_eq!(date((2018, 9), (2026, 12), Period::Month), []);
    assert_eq!(date((2018, 8), (2026, 12), Period::Month), [at("/latestOn", "question.too_many_periods")]);
    assert_eq!(date((2026, 5), (2026, 5), Period::Month), [at("/latestOn", "question.range_empty")]);
}

#[test]
fn one_option_at_most_has_own_words() {
    let with = |own: &[usize]| {
        let mut options = options(3);
        for at in own {
            options[*at].own_words = true;
        }
        QuestionKind::SingleChoice { options }
    };
    assert_eq!((codes(with(&[2])), codes(with(&[]))), (vec![], vec![]));
    assert_eq!(codes(with(&[0, 2])), [at("/options/2/ownWords", "question.own_words_repeated")]);
    assert_eq!([with(&[]), with(&[1])].map(|kind| kind.words()), [None, Some(200)]);
}

#[test]
fn limits_leave_room_to_choose() {
    assert_eq!(several(3, None, None), []);
    assert_eq!(several(3, Some(3), Some(3)), []);
    assert_eq!(several(3, Some(0), None), [at("/least", "question.least_out_of_range")]);
    assert_eq!(several(3, Some(4), None), [at("/least", "question.least_out_of_range")]);
    for (least, most) in [(None, 1), (None, 4), (Some(3), 2), (None, -1)] {
        assert_eq!(several(3, least, Some(most)), [at("/most", "question.most_out_of_range")]);
    }
}

#[test]
fn a_scale_goes_up_and_its_labels_stand_on_it() {
    let scale = |least, most, values: &[i32]| {
        let labels = values.iter().map(|value| ScaleLabel { value: *value, label: texts("goed") }).collect();
        codes(QuestionKind::Scale { least, most, labels })
    };
    assert_eq!(scale(0, 100, &[0, 100]), []);
    assert_eq!(scale(5, 5, &[]), [at("/most", "question.scale_empty")]);
    assert_eq!(scale(i32::MIN, i32::MAX, &[]), [at("/most", "question.scale_too_wide")]);
    let labels = [at("/labels/1", "question.label_repeated"), at("/labels/2/value", "question.label_out_of_range")];
    assert_eq!(scale(1, 5, &[1, 1, 6]), labels);
    for max_length in [0, 10_001] {
        let open = codes(QuestionKind::OpenText { max_length });
        assert_eq!(open, [at("/maxLength", "question.max_length_out_of_range")]);
    }
}

#[test]
fn what_is_weighed_leaves_something_to_weigh() {
    let ranking = |most| codes(QuestionKind::Ranking { options: options(3), most });
    assert_eq!((ranking(None), ranking(Some(2)), ranking(Some(3))), (vec![], vec![], vec![]));
    assert_eq!([ranking(Some(1)), ranking(Some(4))].concat(), vec![at("/most", "question.most_out_of_range"); 2]);
    let many = codes(QuestionKind::Ranking { options: options(21), most: None });
    assert_eq!(many, [at("/options", "question.too_many_options")]);
    assert_eq!([codes(dots(3, None, true)), codes(dots(3, Some(2), false))].concat(), []);
    assert_eq!(codes(dots(3, Some(4), true)), [at("/mostEach", "question.most_each_out_of_range")]);
    // As many as fit leave nothing to divide.
    assert_eq!(codes(dots(6, Some(2), true)), [at("/dots", "question.dots_out_of_range")]);
    assert_eq!(codes(dots(1, None, false)), [at("/dots", "question.dots_out_of_range")]);
    assert_eq!(codes(budget(&[10, 20], 10)), []);
    let wrong = codes(budget(&[0, 20], 0));
    assert_eq!(
        wrong,
        [at("/options/0/cost", "question.cost_out_of_range"), at("/budget", "question.budget_out_of_range")]
    );
    assert_eq!(codes(budget(&[1; 13], 5)), [at("/options", "question.too_many_options")]);
    assert_eq!([budget(&[10, 20], 30), budget(&[10, 20], 29)].map(|kind| kind.pays_for_everything()), [true, false]);
}

#[test]
fn a_matrix_has_rows_and_columns() {
    let QuestionKind::Matrix { rows, columns } = matrix() else { panic!("a matrix") };
    let of = |rows: &[MatrixRow], columns: &[Choice]| {
        codes(QuestionKind::Matrix { rows: rows.to_vec(), columns: columns.to_vec() })
    };
    assert_eq!(of(&rows, &columns), []);
    let none = [at("/rows", "question.too_few_rows"), at("/columns", "question.too_few_options")];
    assert_eq!(of(&[], &columns[..1]), none);
    let twice = of(&[rows.clone(), rows.clone()].concat(), &[columns.clone(), columns].concat());
    let repeated = |under: &str, index: usize, code| at(&format!("/{under}/{index}"), code);
    let mut expected: Vec<_> = (2..4).map(|index| repeated("rows", index, "question.row_repeated")).collect();
    expected.extend((3..6).map(|index| repeated("columns", index, "question.option_repeated")));
    assert_eq!(twice, expected);
}

#[test]
fn no_part_of_a_question_changes_unseen() {
    let before = [
        QuestionKind::Ranking { options: options(3), most: None },
        matrix(),
        dots(4, None, true),
        budget(&[10, 20], 20),
    ];
    let QuestionKind::Matrix { mut rows, columns } = matrix() else { panic!("a matrix") };
    rows.reverse();
    let after = [
        QuestionKind::Ranking { options: options(3), most: Some(2) },
        QuestionKind::Matrix { rows, columns },
        dots(4, None, false),
        budget(&[10, 21], 20),
    ];
    for (before, after) in before.into_iter().zip(after) {
        assert_ne!(question(1, before).skeleton(), question(1, after).skeleton());
    }
    let texts: Vec<String> = question(1, matrix()).texts().into_iter().map(|(at, _)| at).collect();
    assert_eq!(texts[..4], ["/prompt", "/rows/0/label", "/rows/1/label", "/columns/0/label"]);
}
