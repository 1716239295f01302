//! How questions, answers and points stand in columns.

use chrono::NaiveDate;
use klankbord_domain::consultations::{Answer, Given, OwnWords, Point, PointOutcome, Question, Stance, Theme};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ballot_content::Written;
use super::kind_codec::{KindRow, kind_of, kind_row};
use super::placement_codec::{PlacementRow, read_placement, write_placement};
use crate::store::{Failure, TextRow, from_json, text_rows, texts_of, to_json};

pub(super) const QUESTIONS: (&str, &str) = ("consultations", "questions");
const ANSWERS: (&str, &str) = ("responses", "answers");
const POINTS: (&str, &str) = ("report_backs", "points");
const THEMES: (&str, &str) = ("report_backs", "themes");

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
    Ranking {
        option_ids: Vec<Uuid>,
    },
    Matrix {
        rows: Vec<RowAnswerRow>,
    },
    Dots {
        dots: Vec<DotsRow>,
    },
    Budget {
        option_ids: Vec<Uuid>,
    },
    OpenText {
        text: String,
        language: String,
    },
}

/// What was said of a row of a matrix.
#[derive(Serialize, Deserialize)]
struct RowAnswerRow {
    row_id: Uuid,
    option_id: Uuid,
}

/// How many dots an option got.
#[derive(Serialize, Deserialize)]
struct DotsRow {
    option_id: Uuid,
    dots: i32,
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
    let row = |question: &Question| QuestionRow {
        id: question.id,
        prompt: text_rows(&question.prompt),
        required: question.required,
        sensitive: question.sensitive,
        in_records: question.in_records,
        placement: write_placement(&question.placement),
        kind: kind_row(&question.kind),
    };
    to_json(&questions.iter().map(row).collect::<Vec<_>>())
}

pub(super) fn read_questions(json: &str) -> Result<Vec<Question>, Failure> {
    let rows: Vec<QuestionRow> = from_json(QUESTIONS, json)?;
    rows.into_iter().map(read_question).collect()
}

fn read_question(row: QuestionRow) -> Result<Question, Failure> {
    let QuestionRow { id, prompt, required, sensitive, in_records, placement, kind } = row;
    let (kind, prompt, placement) =
        (kind_of(QUESTIONS, kind)?, texts_of(QUESTIONS, prompt)?, read_placement(placement)?);
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
            Given::Ranking { option_ids } => GivenRow::Ranking { option_ids },
            Given::Matrix { rows } => {
                let row = |(row_id, option_id)| RowAnswerRow { row_id, option_id };
                GivenRow::Matrix { rows: rows.into_iter().map(row).collect() }
            }
            Given::Dots { dots } => {
                let row = |(option_id, dots)| DotsRow { option_id, dots };
                GivenRow::Dots { dots: dots.into_iter().map(row).collect() }
            }
            Given::Budget { option_ids } => GivenRow::Budget { option_ids },
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
            GivenRow::Ranking { option_ids } => Given::Ranking { option_ids },
            GivenRow::Matrix { rows } => {
                Given::Matrix { rows: rows.into_iter().map(|row| (row.row_id, row.option_id)).collect() }
            }
            GivenRow::Dots { dots } => {
                Given::Dots { dots: dots.into_iter().map(|row| (row.option_id, row.dots)).collect() }
            }
            GivenRow::Budget { option_ids } => Given::Budget { option_ids },
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
            Given::Scale { .. }
            | Given::Number { .. }
            | Given::Date { .. }
            | Given::Statement { .. }
            | Given::Ranking { .. }
            | Given::Matrix { .. }
            | Given::Dots { .. }
            | Given::Budget { .. } => {}
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
            Given::Ranking { option_ids: vec![option_id, question_id] },
            Given::Matrix { rows: vec![(question_id, option_id)] },
            Given::Dots { dots: vec![(option_id, 3)] },
            Given::Budget { option_ids: vec![option_id] },
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
            Given::Ranking { option_ids: vec![option_id, question_id] },
            Given::Matrix { rows: vec![(question_id, option_id)] },
            Given::Dots { dots: vec![(option_id, 3)] },
            Given::Budget { option_ids: vec![option_id] },
        ];
        assert_eq!(read_answers(&erased).unwrap(), left.map(|given| Answer { question_id, given }));
    }
}
