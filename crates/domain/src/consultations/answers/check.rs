//! One answer, held against its question.

use uuid::Uuid;

use super::{Given, OwnWords};
use crate::consultations::QuestionKind;
use crate::refusal::Fault;
use crate::text::is_language_tag;

/// What is wrong with this answer to a question of this kind, all at once.
pub(super) fn check_answer(kind: &QuestionKind, given: &Given) -> Vec<Fault> {
    match (kind, given) {
        (QuestionKind::SingleChoice { .. }, Given::SingleChoice { option_id, other }) => {
            let unknown = one("/optionId", "answer.option_unknown", !kind.has_option(*option_id));
            unknown.into_iter().chain(check_other(kind, std::slice::from_ref(option_id), other.as_ref())).collect()
        }
        (QuestionKind::MultipleChoice { options, least, most }, Given::MultipleChoice { option_ids, other }) => {
            let limit = |limit: Option<i32>, else_: usize| limit.map_or(else_, |n| usize::try_from(n).unwrap_or(else_));
            let limits = (limit(*least, 1), limit(*most, options.len()));
            let mut faults = check_chosen(kind, option_ids, limits);
            faults.extend(check_other(kind, option_ids, other.as_ref()));
            faults
        }
        (QuestionKind::Scale { least, most, .. }, Given::Scale { value })
        | (QuestionKind::Number { least, most, .. }, Given::Number { value }) => {
            one("/value", "answer.value_out_of_range", !(least..=most).contains(&value)).into_iter().collect()
        }
        (QuestionKind::Date { earliest, latest, .. }, Given::Date { day }) => {
            one("/chosenOn", "answer.day_out_of_range", !(earliest..=latest).contains(&day)).into_iter().collect()
        }
        (QuestionKind::Statement, Given::Statement { .. }) => Vec::new(),
        (QuestionKind::Ranking { .. }, Given::Ranking { option_ids }) => {
            let places = usize::try_from(kind.places()).unwrap_or_default();
            check_chosen(kind, option_ids, (places, places))
        }
        (QuestionKind::Matrix { .. }, Given::Matrix { rows }) => check_rows(kind, rows),
        (QuestionKind::Dots { .. }, Given::Dots { dots }) => check_dots(kind, dots),
        (QuestionKind::Budget { budget, .. }, Given::Budget { option_ids }) => {
            let mut faults = check_chosen(kind, option_ids, (1, usize::MAX));
            let over = kind.cost_of(option_ids) > i64::from(*budget);
            faults.extend(one("/optionIds", "answer.over_budget", over));
            faults
        }
        (QuestionKind::OpenText { max_length }, Given::OpenText { text, language }) => {
            check_words((text, language), *max_length)
        }
        (
            QuestionKind::SingleChoice { .. }
            | QuestionKind::MultipleChoice { .. }
            | QuestionKind::Scale { .. }
            | QuestionKind::Number { .. }
            | QuestionKind::Date { .. }
            | QuestionKind::Statement
            | QuestionKind::Ranking { .. }
            | QuestionKind::Matrix { .. }
            | QuestionKind::Dots { .. }
            | QuestionKind::Budget { .. }
            | QuestionKind::OpenText { .. },
            _other,
        ) => vec![Fault::body("/kind", "answer.kind_mismatch")],
    }
}

impl QuestionKind {
    fn has_option(&self, id: Uuid) -> bool {
        self.options().iter().any(|known| known.id == id)
    }
}

fn one(location: &str, code: &'static str, wrong: bool) -> Option<Fault> {
    wrong.then(|| Fault::body(location, code))
}

/// Options, each once, so many at least and at most.
fn check_chosen(kind: &QuestionKind, chosen: &[Uuid], (least, most): (usize, usize)) -> Vec<Fault> {
    let mut faults = Fault::repeated(chosen, "/optionIds", "answer.option_repeated");
    let unknown = chosen.iter().enumerate().filter(|(_, option)| !kind.has_option(**option));
    faults.extend(unknown.map(|(index, _)| Fault::body(format!("/optionIds/{index}"), "answer.option_unknown")));
    faults.extend(one("/optionIds", "answer.too_few_options", chosen.len() < least));
    faults.extend(one("/optionIds", "answer.too_many_options", chosen.len() > most));
    faults
}

/// Rows of a matrix, each once, with one of the columns.
fn check_rows(kind: &QuestionKind, rows: &[(Uuid, Uuid)]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = one("/rows", "answer.too_few_rows", rows.is_empty()).into_iter().collect();
    for (index, (row, column)) in rows.iter().enumerate() {
        let known = kind.rows().iter().any(|known| known.id == *row);
        let before = rows.iter().take(index).any(|(earlier, _)| earlier == row);
        let found = [
            ("rowId", "answer.row_unknown", !known),
            ("rowId", "answer.row_repeated", before),
            ("optionId", "answer.option_unknown", !kind.has_option(*column)),
        ];
        let wrong = found.into_iter().filter(|(_, _, wrong)| *wrong);
        faults.extend(wrong.map(|(at, code, _)| Fault::body(format!("/rows/{index}/{at}"), code)));
    }
    faults
}

/// Dots on options, no more than there are; all of them where that is asked.
fn check_dots(kind: &QuestionKind, given: &[(Uuid, i32)]) -> Vec<Fault> {
    let QuestionKind::Dots { dots, most_each, use_all, .. } = kind else { return Vec::new() };
    let mut faults: Vec<Fault> = one("/dots", "answer.too_few_options", given.is_empty()).into_iter().collect();
    for (index, (option, number)) in given.iter().enumerate() {
        let before = given.iter().take(index).any(|(earlier, _)| earlier == option);
        let found = [
            ("optionId", "answer.option_unknown", !kind.has_option(*option)),
            ("optionId", "answer.option_repeated", before),
            ("dots", "answer.dots_out_of_range", !(1..=most_each.unwrap_or(*dots)).contains(number)),
        ];
        let wrong = found.into_iter().filter(|(_, _, wrong)| *wrong);
        faults.extend(wrong.map(|(at, code, _)| Fault::body(format!("/dots/{index}/{at}"), code)));
    }
    let together = given.iter().map(|(_, number)| i64::from(*number)).sum::<i64>();
    faults.extend(one("/dots", "answer.too_many_dots", together > i64::from(*dots)));
    faults.extend(one("/dots", "answer.dots_left", *use_all && together < i64::from(*dots)));
    faults
}

/// Words beside the option that has them, which has to be chosen.
fn check_other(kind: &QuestionKind, chosen: &[Uuid], other: Option<&OwnWords>) -> Vec<Fault> {
    let Some(OwnWords { text, language }) = other else { return Vec::new() };
    let own = kind.options().iter().find(|option| option.own_words);
    let mut faults = check_words((text, language), kind.words().unwrap_or(i32::MAX));
    if !own.is_some_and(|own| chosen.contains(&own.id)) {
        faults.push(Fault::body("", "answer.other_not_chosen"));
    }
    faults.into_iter().map(|fault| fault.under("/otherText")).collect()
}

fn check_words((text, language): (&str, &str), max_length: i32) -> Vec<Fault> {
    let too_long = i32::try_from(text.chars().count()).map_or(true, |length| length > max_length);
    let found = [
        ("/text", "answer.text_blank", text.trim().is_empty()),
        ("/text", "answer.text_too_long", too_long),
        ("/language", "answer.language_malformed", !is_language_tag(language)),
    ];
    found.into_iter().filter(|(_, _, wrong)| *wrong).map(|(at, code, _)| Fault::body(at, code)).collect()
}
