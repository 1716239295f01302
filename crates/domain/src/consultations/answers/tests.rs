use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::consultations::samples::{ZONE, consultation, day, every_kind, id, now, open, questions};

fn answer(question: u128, given: Given) -> Answer {
    Answer { question_id: id(question), given }
}

fn words(text: &str) -> Given {
    Given::OpenText { text: text.to_owned(), language: "nl".to_owned() }
}

fn response() -> Response {
    Response {
        id: id(50),
        consultation_id: id(1),
        participant_id: id(60),
        channel: Channel::Internet,
        entered_by: None,
        values: Vec::new(),
        answers: vec![answer(101, Given::SingleChoice { option_id: id(1000), other: None })],
    }
}

const FACTS: ResponseFacts = ResponseFacts { asked: true, answered: false, writer: Writer::Facilitator, zone: ZONE };

#[test]
fn all_faults_come_at_once_with_their_pointers() {
    let answers = [
        answer(999, words("x")),
        answer(102, Given::MultipleChoice { option_ids: vec![id(1000), id(1000), id(7)], other: None }),
        answer(103, Given::Scale { value: 6 }),
        answer(103, words("drie")),
        answer(104, Given::OpenText { text: "x".repeat(21), language: "nl_NL".to_owned() }),
    ];
    let found: Vec<_> = check_answers(&questions(), &answers).into_iter().map(|f| (f.location, f.code)).collect();
    let expected = [
        ("/answers/0/questionId", "answer.question_unknown"),
        ("/answers/1/optionIds/1", "answer.option_repeated"),
        ("/answers/1/optionIds/2", "answer.option_unknown"),
        ("/answers/1/optionIds", "answer.too_many_options"),
        ("/answers/2/value", "answer.value_out_of_range"),
        ("/answers/3/questionId", "answer.question_repeated"),
        ("/answers/3/kind", "answer.kind_mismatch"),
        ("/answers/4/text", "answer.text_too_long"),
        ("/answers/4/language", "answer.language_malformed"),
        ("/questions/0", "answer.required_missing"),
    ];
    assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
}

#[test]
fn what_is_weighed_says_what_is_wrong_with_it() {
    let answers = [
        answer(110, Given::Ranking { option_ids: vec![id(1000), id(1000), id(7)] }),
        answer(111, Given::Matrix { rows: vec![(id(2001), id(1000)), (id(2001), id(7)), (id(7), id(1001))] }),
        answer(112, Given::Dots { dots: vec![(id(1000), 4), (id(1000), 1), (id(7), 1)] }),
        answer(113, Given::Budget { option_ids: vec![id(1000), id(1001), id(1002)] }),
    ];
    let mut asked = every_kind();
    for question in &mut asked {
        question.required = question.id == id(111);
    }
    let found: Vec<_> = check_answers(&asked, &answers).into_iter().map(|f| (f.location, f.code)).collect();
    let expected = [
        ("/answers/0/optionIds/1", "answer.option_repeated"),
        ("/answers/0/optionIds/2", "answer.option_unknown"),
        ("/answers/0/optionIds", "answer.too_many_options"),
        ("/answers/1/rows/1/rowId", "answer.row_repeated"),
        ("/answers/1/rows/1/optionId", "answer.option_unknown"),
        ("/answers/1/rows/2/rowId", "answer.row_unknown"),
        ("/answers/2/dots/0/dots", "answer.dots_out_of_range"),
        ("/answers/2/dots/1/optionId", "answer.option_repeated"),
        ("/answers/2/dots/2/optionId", "answer.option_unknown"),
        ("/answers/2/dots", "answer.too_many_dots"),
        ("/answers/3/optionIds", "answer.over_budget"),
        ("/questions/10/rows/0", "answer.required_missing"),
    ];
    assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
    let few = [answer(112, Given::Dots { dots: vec![(id(1000), 3)] }), answer(111, Given::Matrix { rows: vec![] })];
    let found: Vec<_> = check_answers(&asked, &few).into_iter().map(|f| f.code).collect();
    assert_eq!(found[..2], ["answer.dots_left", "answer.too_few_rows"]);
}

#[test]
fn an_answer_is_taken_until_the_last_day_ends() {
    let last = end_of(day(2026, 5, 31), ZONE);
    let moment = chrono::TimeDelta::seconds(1);
    assert_eq!(may_respond(&open(), &response(), FACTS, last - moment), Ok(()));
    let late = may_respond(&open(), &response(), FACTS, last);
    assert_eq!(late, Err(Refusal::Conflict("consultation.not_open")));
    let early = may_respond(&consultation(), &response(), FACTS, now());
    assert_eq!(early, Err(Refusal::Conflict("consultation.not_open")));
    let again = may_respond(&open(), &response(), ResponseFacts { answered: true, ..FACTS }, now());
    assert_eq!(again, Err(Refusal::Conflict("response.already_given")));
    let uninvited = may_respond(&open(), &response(), ResponseFacts { asked: false, ..FACTS }, now());
    assert_eq!(uninvited, Err(Refusal::invalid("/participantId", "reference.unknown")));
}

#[test]
fn what_was_heard_is_written_down_by_a_named_facilitator() {
    let called = Response { channel: Channel::Phone, ..response() };
    let alone = may_respond(&open(), &called, FACTS, now());
    assert_eq!(alone, Err(Refusal::invalid("/channel", "response.channel_needs_facilitator")));
    let heard = Response { entered_by: Some(id(10)), ..called };
    assert_eq!(may_respond(&open(), &heard, FACTS, now()), Ok(()));
    let stranger = ResponseFacts { writer: Writer::Other, ..FACTS };
    assert_eq!(may_respond(&open(), &heard, stranger, now()), Err(Refusal::Forbidden));
    let online = Response { channel: Channel::Internet, ..heard };
    let unheard = may_respond(&open(), &online, FACTS, now());
    assert_eq!(unheard, Err(Refusal::invalid("/channel", "response.channel_not_heard")));
}

#[test]
fn a_kiosk_takes_what_is_answered_on_site() {
    let kiosk = ResponseFacts { writer: Writer::Kiosk, ..FACTS };
    let on_site = Response { channel: Channel::InPerson, ..response() };
    assert_eq!(may_respond(&open(), &on_site, kiosk, now()), Ok(()));
    for channel in [Channel::Internet, Channel::Phone] {
        let elsewhere = may_respond(&open(), &Response { channel, ..response() }, kiosk, now());
        assert_eq!(elsewhere, Err(Refusal::invalid("/channel", "response.kiosk_in_person")));
    }
}

fn given() -> impl Strategy<Value = Given> {
    let option = || (999u128..1004).prop_map(id);
    let own = || "[ a-z]{0,3}".prop_map(|text| OwnWords { text, language: "nl".to_owned() });
    let other = || prop_oneof![3 => Just(None), 1 => own().prop_map(Some)];
    prop_oneof![
        (option(), other()).prop_map(|(option_id, other)| Given::SingleChoice { option_id, other }),
        (prop::collection::vec(option(), 0..4), other())
            .prop_map(|(option_ids, other)| Given::MultipleChoice { option_ids, other }),
        (0i32..7).prop_map(|value| Given::Scale { value }),
        (0i32..7).prop_map(|value| Given::Number { value }),
        (29i64..62).prop_map(|days| Given::Date { day: day(2026, 1, 1) + chrono::TimeDelta::days(days) }),
        prop::sample::select(Stance::ALL).prop_map(|stance| Given::Statement { stance }),
        "[ a-z]{0,24}".prop_map(|text| words(&text)),
        prop::collection::vec(option(), 0..4).prop_map(|option_ids| Given::Ranking { option_ids }),
        prop::collection::vec(((1999u128..2003).prop_map(id), option()), 0..4).prop_map(|rows| Given::Matrix { rows }),
        prop::collection::vec((option(), 0i32..5), 0..4).prop_map(|dots| Given::Dots { dots }),
        prop::collection::vec(option(), 0..4).prop_map(|option_ids| Given::Budget { option_ids }),
    ]
}

/// What fits each question of [`every_kind`], said once more from the answer's side.
fn fits(answer: &Answer) -> bool {
    let known: HashSet<Uuid> = (1000..1003).map(id).collect();
    let each_once = |chosen: &[Uuid]| {
        chosen.iter().all(|one| known.contains(one)) && chosen.iter().collect::<HashSet<_>>().len() == chosen.len()
    };
    let told = |other: &Option<OwnWords>, at: u128, chosen: &[Uuid]| match other {
        None => true,
        Some(own) => answer.question_id == id(at) && chosen.contains(&id(1002)) && own.text.trim() != "",
    };
    match &answer.given {
        Given::SingleChoice { option_id, other } => {
            let asked = [id(101), id(108)].contains(&answer.question_id);
            asked && known.contains(option_id) && told(other, 108, &[*option_id])
        }
        Given::MultipleChoice { option_ids, other } => {
            let different: HashSet<_> = option_ids.iter().collect();
            let number = match answer.question_id {
                two if two == id(102) => option_ids.len() == 2,
                some if some == id(109) => [1, 2].contains(&option_ids.len()),
                _ => false,
            };
            let all_known = option_ids.iter().all(|option| known.contains(option));
            number && all_known && different.len() == option_ids.len() && told(other, 109, option_ids)
        }
        Given::Scale { value } => answer.question_id == id(103) && (1..=5).contains(value),
        Given::Number { value } => answer.question_id == id(106) && [1, 2, 3, 4, 5].contains(value),
        Given::Date { day: given } => {
            answer.question_id == id(107) && *given > day(2026, 1, 30) && *given < day(2026, 3, 2)
        }
        Given::Statement { .. } => answer.question_id == id(105),
        Given::Ranking { option_ids } => {
            answer.question_id == id(110) && option_ids.len() == 2 && each_once(option_ids)
        }
        Given::Matrix { rows } => {
            let asked: HashSet<_> = rows.iter().map(|(row, _)| row).collect();
            let known_rows =
                rows.iter().all(|(row, column)| [id(2000), id(2001)].contains(row) && known.contains(column));
            answer.question_id == id(111) && (1..=2).contains(&rows.len()) && asked.len() == rows.len() && known_rows
        }
        Given::Dots { dots } => {
            let options: Vec<_> = dots.iter().map(|(option, _)| *option).collect();
            let fit = dots.iter().all(|(_, number)| (1..=3).contains(number));
            let together = dots.iter().map(|(_, number)| number).sum::<i32>();
            answer.question_id == id(112) && fit && together == 4 && each_once(&options)
        }
        Given::Budget { option_ids } => {
            answer.question_id == id(113) && [1, 2].contains(&option_ids.len()) && each_once(option_ids)
        }
        Given::OpenText { text, .. } => {
            answer.question_id == id(104) && !text.trim().is_empty() && text.chars().count() <= 20
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn what_is_taken_contradicts_no_question(given in prop::collection::vec((100u128..114, given()), 0..5)) {
        let answers: Vec<Answer> = given.into_iter().map(|(number, given)| answer(number, given)).collect();
        let asked: HashSet<_> = answers.iter().map(|answer| answer.question_id).collect();
        let good = answers.iter().all(fits) && asked.len() == answers.len() && asked.contains(&id(101));
        prop_assert_eq!(check_answers(&every_kind(), &answers).is_empty(), good);
    }

    /// One answer by itself is taken where it fits, so that every kind is.
    #[test]
    fn one_answer_is_taken_where_it_fits(number in 101u128..114, given in given()) {
        let mut asked = every_kind();
        for question in &mut asked {
            question.required = false;
        }
        let one = answer(number, given);
        prop_assert_eq!(check_answers(&asked, std::slice::from_ref(&one)).is_empty(), fits(&one));
    }
}

#[test]
fn what_was_written_goes_and_what_was_chosen_stays() {
    let other = Some(OwnWords { text: "Op zaterdag.".to_owned(), language: "nl".to_owned() });
    let one = Given::SingleChoice { option_id: id(1002), other: other.clone() };
    let several = Given::MultipleChoice { option_ids: vec![id(1002)], other };
    assert_eq!([&one, &several].map(|given| given.words()), [Some(("Op zaterdag.", "nl")); 2]);
    let answers = vec![answer(108, one), answer(109, several), answer(104, words("Ja."))];
    let bare = [
        answer(108, Given::SingleChoice { option_id: id(1002), other: None }),
        answer(109, Given::MultipleChoice { option_ids: vec![id(1002)], other: None }),
    ];
    assert_eq!(without_words(answers), bare);
}
