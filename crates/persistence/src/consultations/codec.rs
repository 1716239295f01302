//! How questions, answers and points stand in columns.

use chrono::NaiveDate;
use klankbord_domain::consultations::{
    Answer, Choice, Given, OwnWords, Period, Point, PointOutcome, Question, QuestionKind, ScaleLabel, Stance, Theme,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ballot_content::Written;
use super::placement_codec::{PlacementRow, read_placement, write_placement};
use crate::store::{Failure, TextRow, from_json, text_rows, texts_of, to_json};

pub(super) const QUESTIONS: (&str, &str) = ("consultations", "questions");
const ANSWERS: (&str, &str) = ("responses", "answers");
const POINTS: (&str, &str) = ("report_backs", "points");
const THEMES: (&str, &str) = ("report_backs", "themes");

#[derive(Serialize, Deserialize)]
struct ChoiceRow {
    id: Uuid,
    label: Vec<TextRow>,
    #[serde(default)]
    own_words: bool,
}

#[derive(Serialize, Deserialize)]
struct LabelRow {
    value: i32,
    label: Vec<TextRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum KindRow {
    SingleChoice { options: Vec<ChoiceRow> },
    MultipleChoice { options: Vec<ChoiceRow>, least: Option<i32>, most: Option<i32> },
    Scale { least: i32, most: i32, labels: Vec<LabelRow> },
    Number { least: i32, most: i32, unit: Option<Vec<TextRow>>, bands: Vec<i32> },
    Date { earliest: NaiveDate, latest: NaiveDate, counted_by: Period },
    Statement,
    OpenText { max_length: i32 },
}

#[derive(Serialize, Deserialize)]
struct QuestionRow {
    id: Uuid,
    prompt: Vec<TextRow>,
    required: bool,
    sensitive: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    in_records: bool,
    #[serde(flatten)]
    placement: PlacementRow,
    #[serde(flatten)]
    kind: KindRow,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum GivenRow {
    SingleChoice {
        option_id: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<Written>,
    },
    MultipleChoice {
        option_ids: Vec<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<Written>,
    },
    Scale {
        value: i32,
    },
    Number {
        value: i32,
    },
    Date {
        day: NaiveDate,
    },
    Statement {
        stance: Stance,
    },
    OpenText {
        text: String,
        language: String,
    },
}

/// An answer as it stands in a column.
#[derive(Serialize, Deserialize)]
pub(super) struct AnswerRow {
    question_id: Uuid,
    #[serde(flatten)]
    given: GivenRow,
}

#[derive(Serialize, Deserialize)]
struct PointRow {
    text: Vec<TextRow>,
    outcome: PointOutcome,
    #[serde(default)]
    done: Option<Vec<TextRow>>,
    reason: Option<Vec<TextRow>>,
    #[serde(default)]
    question_ids: Vec<Uuid>,
    #[serde(default)]
    theme_ids: Vec<Uuid>,
}

#[derive(Serialize, Deserialize)]
struct ThemeRow {
    id: Uuid,
    title: Vec<TextRow>,
}

pub(super) fn write_questions(questions: &[Question]) -> Result<String, Failure> {
    let choices = |options: &[Choice]| options.iter().map(choice_row).collect();
    let row = |question: &Question| QuestionRow {
        id: question.id,
        prompt: text_rows(&question.prompt),
        required: question.required,
        sensitive: question.sensitive,
        in_records: question.in_records,
        placement: write_placement(&question.placement),
        kind: match &question.kind {
            QuestionKind::SingleChoice { options } => KindRow::SingleChoice { options: choices(options) },
            QuestionKind::MultipleChoice { options, least, most } => {
                KindRow::MultipleChoice { options: choices(options), least: *least, most: *most }
            }
            QuestionKind::Scale { least, most, labels } => {
                KindRow::Scale { least: *least, most: *most, labels: labels.iter().map(label_row).collect() }
            }
            QuestionKind::Number { least, most, unit, bands } => {
                let unit = unit.as_ref().map(text_rows);
                KindRow::Number { least: *least, most: *most, unit, bands: bands.clone() }
            }
            QuestionKind::Date { earliest, latest, counted_by } => {
                KindRow::Date { earliest: *earliest, latest: *latest, counted_by: *counted_by }
            }
            QuestionKind::Statement => KindRow::Statement,
            QuestionKind::OpenText { max_length } => KindRow::OpenText { max_length: *max_length },
        },
    };
    to_json(&questions.iter().map(row).collect::<Vec<_>>())
}

fn choice_row(choice: &Choice) -> ChoiceRow {
    ChoiceRow { id: choice.id, label: text_rows(&choice.label), own_words: choice.own_words }
}

fn label_row(label: &ScaleLabel) -> LabelRow {
    LabelRow { value: label.value, label: text_rows(&label.label) }
}

pub(super) fn read_questions(json: &str) -> Result<Vec<Question>, Failure> {
    let rows: Vec<QuestionRow> = from_json(QUESTIONS, json)?;
    rows.into_iter().map(read_question).collect()
}

fn read_question(row: QuestionRow) -> Result<Question, Failure> {
    let QuestionRow { id, prompt, required, sensitive, in_records, placement, kind } = row;
    let choices = |options: Vec<ChoiceRow>| {
        let choice = |row: ChoiceRow| {
            let ChoiceRow { id, label, own_words } = row;
            Ok(Choice { id, label: texts_of(QUESTIONS, label)?, own_words })
        };
        options.into_iter().map(choice).collect::<Result<Vec<_>, Failure>>()
    };
    let label = |row: LabelRow| Ok(ScaleLabel { value: row.value, label: texts_of(QUESTIONS, row.label)? });
    let kind = match kind {
        KindRow::SingleChoice { options } => QuestionKind::SingleChoice { options: choices(options)? },
        KindRow::MultipleChoice { options, least, most } => {
            QuestionKind::MultipleChoice { options: choices(options)?, least, most }
        }
        KindRow::Scale { least, most, labels } => {
            let labels = labels.into_iter().map(label).collect::<Result<_, Failure>>()?;
            QuestionKind::Scale { least, most, labels }
        }
        KindRow::Number { least, most, unit, bands } => {
            let unit = unit.map(|unit| texts_of(QUESTIONS, unit)).transpose()?;
            QuestionKind::Number { least, most, unit, bands }
        }
        KindRow::Date { earliest, latest, counted_by } => QuestionKind::Date { earliest, latest, counted_by },
        KindRow::Statement => QuestionKind::Statement,
        KindRow::OpenText { max_length } => QuestionKind::OpenText { max_length },
    };
    let (prompt, placement) = (texts_of(QUESTIONS, prompt)?, read_placement(placement)?);
    Ok(Question { id, kind, prompt, required, sensitive, in_records, placement })
}

pub(super) fn write_answers(answers: &[Answer]) -> Result<String, Failure> {
    to_json(&answer_rows(answers))
}

pub(super) fn read_answers(json: &str) -> Result<Vec<Answer>, Failure> {
    Ok(answers_of(from_json(ANSWERS, json)?))
}

/// Answers as rows, for a JSON column or a part of one.
pub(super) fn answer_rows(answers: &[Answer]) -> Vec<AnswerRow> {
    let row = |answer: &Answer| AnswerRow {
        question_id: answer.question_id,
        given: match answer.given.clone() {
            Given::SingleChoice { option_id, other } => {
                GivenRow::SingleChoice { option_id, other: other.map(Written::from) }
            }
            Given::MultipleChoice { option_ids, other } => {
                GivenRow::MultipleChoice { option_ids, other: other.map(Written::from) }
            }
            Given::Number { value } => GivenRow::Number { value },
            Given::Date { day } => GivenRow::Date { day },
            Given::Scale { value } => GivenRow::Scale { value },
            Given::Statement { stance } => GivenRow::Statement { stance },
            Given::OpenText { text, language } => GivenRow::OpenText { text, language },
        },
    };
    answers.iter().map(row).collect()
}

/// Answers from rows.
pub(super) fn answers_of(rows: Vec<AnswerRow>) -> Vec<Answer> {
    let answer = |row: AnswerRow| Answer {
        question_id: row.question_id,
        given: match row.given {
            GivenRow::SingleChoice { option_id, other } => {
                Given::SingleChoice { option_id, other: other.map(OwnWords::from) }
            }
            GivenRow::MultipleChoice { option_ids, other } => {
                Given::MultipleChoice { option_ids, other: other.map(OwnWords::from) }
            }
            GivenRow::Number { value } => Given::Number { value },
            GivenRow::Date { day } => Given::Date { day },
            GivenRow::Scale { value } => Given::Scale { value },
            GivenRow::Statement { stance } => Given::Statement { stance },
            GivenRow::OpenText { text, language } => Given::OpenText { text, language },
        },
    };
    rows.into_iter().map(answer).collect()
}

/// The same answers without the words in them: that a question was answered stays, for
/// the count.
pub(crate) fn without_text(json: &str) -> Result<String, Failure> {
    let mut answers = read_answers(json)?;
    for answer in &mut answers {
        match &mut answer.given {
            Given::OpenText { text, .. } => text.clear(),
            Given::SingleChoice { other, .. } | Given::MultipleChoice { other, .. } => *other = None,
            Given::Scale { .. } | Given::Number { .. } | Given::Date { .. } | Given::Statement { .. } => {}
        }
    }
    write_answers(&answers)
}

pub(super) fn write_points(points: &[Point]) -> Result<String, Failure> {
    let row = |point: &Point| PointRow {
        text: text_rows(&point.text),
        outcome: point.outcome,
        done: point.done.as_ref().map(text_rows),
        reason: point.reason.as_ref().map(text_rows),
        question_ids: point.question_ids.clone(),
        theme_ids: point.theme_ids.clone(),
    };
    to_json(&points.iter().map(row).collect::<Vec<_>>())
}

pub(super) fn read_points(json: &str) -> Result<Vec<Point>, Failure> {
    let rows: Vec<PointRow> = from_json(POINTS, json)?;
    let point = |row: PointRow| {
        let PointRow { text, outcome, done, reason, question_ids, theme_ids } = row;
        let read = |rows: Option<Vec<TextRow>>| rows.map(|rows| texts_of(POINTS, rows)).transpose();
        let (done, reason) = (read(done)?, read(reason)?);
        Ok(Point { text: texts_of(POINTS, text)?, outcome, done, reason, question_ids, theme_ids })
    };
    rows.into_iter().map(point).collect()
}

pub(super) fn write_themes(themes: &[Theme]) -> Result<String, Failure> {
    let row = |theme: &Theme| ThemeRow { id: theme.id, title: text_rows(&theme.title) };
    to_json(&themes.iter().map(row).collect::<Vec<_>>())
}

pub(super) fn read_themes(json: &str) -> Result<Vec<Theme>, Failure> {
    let rows: Vec<ThemeRow> = from_json(THEMES, json)?;
    rows.into_iter().map(|row| Ok(Theme { id: row.id, title: texts_of(THEMES, row.title)? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever somebody wrote goes with them; what they chose stays, for the count.
    #[test]
    fn erased_are_the_words_and_not_the_choices() {
        let (question_id, option_id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let other = Some(OwnWords { text: "Op zaterdag.".to_owned(), language: "nl".to_owned() });
        let written = [
            Given::SingleChoice { option_id, other: other.clone() },
            Given::MultipleChoice { option_ids: vec![option_id], other },
            Given::OpenText { text: "Op zaterdag.".to_owned(), language: "nl".to_owned() },
            Given::Statement { stance: Stance::Pass },
        ];
        let answers = written.map(|given| Answer { question_id, given });
        let json = write_answers(&answers).unwrap();
        assert_eq!(read_answers(&json).unwrap(), answers);
        let erased = without_text(&json).unwrap();
        assert!(json.contains("zaterdag") && !erased.contains("zaterdag"), "{erased}");
        let left = [
            Given::SingleChoice { option_id, other: None },
            Given::MultipleChoice { option_ids: vec![option_id], other: None },
            Given::OpenText { text: String::new(), language: "nl".to_owned() },
            Given::Statement { stance: Stance::Pass },
        ];
        assert_eq!(read_answers(&erased).unwrap(), left.map(|given| Answer { question_id, given }));
    }
}
