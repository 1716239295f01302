//! How questions, answers and points stand in columns.

use klankbord_domain::consultations::{
    Answer, Choice, Given, Point, PointOutcome, Question, QuestionKind, ScaleLabel, Theme,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::{Failure, TextRow, from_json, text_rows, texts_of, to_json};

const QUESTIONS: (&str, &str) = ("consultations", "questions");
const ANSWERS: (&str, &str) = ("responses", "answers");
const POINTS: (&str, &str) = ("report_backs", "points");
const THEMES: (&str, &str) = ("report_backs", "themes");

#[derive(Serialize, Deserialize)]
struct ChoiceRow {
    id: Uuid,
    label: Vec<TextRow>,
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
    OpenText { max_length: i32 },
}

#[derive(Serialize, Deserialize)]
struct QuestionRow {
    id: Uuid,
    prompt: Vec<TextRow>,
    required: bool,
    sensitive: bool,
    #[serde(flatten)]
    kind: KindRow,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum GivenRow {
    SingleChoice { option_id: Uuid },
    MultipleChoice { option_ids: Vec<Uuid> },
    Scale { value: i32 },
    OpenText { text: String, language: String },
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
        kind: match &question.kind {
            QuestionKind::SingleChoice { options } => KindRow::SingleChoice { options: choices(options) },
            QuestionKind::MultipleChoice { options, least, most } => {
                KindRow::MultipleChoice { options: choices(options), least: *least, most: *most }
            }
            QuestionKind::Scale { least, most, labels } => {
                KindRow::Scale { least: *least, most: *most, labels: labels.iter().map(label_row).collect() }
            }
            QuestionKind::OpenText { max_length } => KindRow::OpenText { max_length: *max_length },
        },
    };
    to_json(&questions.iter().map(row).collect::<Vec<_>>())
}

fn choice_row(choice: &Choice) -> ChoiceRow {
    ChoiceRow { id: choice.id, label: text_rows(&choice.label) }
}

fn label_row(label: &ScaleLabel) -> LabelRow {
    LabelRow { value: label.value, label: text_rows(&label.label) }
}

pub(super) fn read_questions(json: &str) -> Result<Vec<Question>, Failure> {
    let rows: Vec<QuestionRow> = from_json(QUESTIONS, json)?;
    rows.into_iter().map(read_question).collect()
}

fn read_question(row: QuestionRow) -> Result<Question, Failure> {
    let QuestionRow { id, prompt, required, sensitive, kind } = row;
    let choices = |options: Vec<ChoiceRow>| {
        let choice = |row: ChoiceRow| Ok(Choice { id: row.id, label: texts_of(QUESTIONS, row.label)? });
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
        KindRow::OpenText { max_length } => QuestionKind::OpenText { max_length },
    };
    Ok(Question { id, kind, prompt: texts_of(QUESTIONS, prompt)?, required, sensitive })
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
            Given::SingleChoice { option_id } => GivenRow::SingleChoice { option_id },
            Given::MultipleChoice { option_ids } => GivenRow::MultipleChoice { option_ids },
            Given::Scale { value } => GivenRow::Scale { value },
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
            GivenRow::SingleChoice { option_id } => Given::SingleChoice { option_id },
            GivenRow::MultipleChoice { option_ids } => Given::MultipleChoice { option_ids },
            GivenRow::Scale { value } => Given::Scale { value },
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
        if let Given::OpenText { text, .. } = &mut answer.given {
            text.clear();
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
