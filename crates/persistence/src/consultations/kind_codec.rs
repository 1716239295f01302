//! How kinds of questions stand in columns.

use chrono::NaiveDate;
use klankbord_domain::consultations::{BudgetUnit, Choice, MatrixRow, Period, QuestionKind, ScaleLabel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::{Failure, TextRow, text_rows, texts_of};

#[derive(Serialize, Deserialize)]
pub(super) struct ChoiceRow {
    id: Uuid,
    label: Vec<TextRow>,
    #[serde(default)]
    own_words: bool,
}

/// A row of a matrix.
#[derive(Serialize, Deserialize)]
pub(super) struct RowRow {
    id: Uuid,
    label: Vec<TextRow>,
}

/// An option with what it costs.
#[derive(Serialize, Deserialize)]
pub(super) struct PaidRow {
    #[serde(flatten)]
    option: ChoiceRow,
    cost: i32,
}

#[derive(Serialize, Deserialize)]
pub(super) struct LabelRow {
    value: i32,
    label: Vec<TextRow>,
}

/// A kind of question as it stands in a column.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum KindRow {
    SingleChoice { options: Vec<ChoiceRow> },
    MultipleChoice { options: Vec<ChoiceRow>, least: Option<i32>, most: Option<i32> },
    Scale { least: i32, most: i32, labels: Vec<LabelRow> },
    Number { least: i32, most: i32, unit: Option<Vec<TextRow>>, bands: Vec<i32> },
    Date { earliest: NaiveDate, latest: NaiveDate, counted_by: Period },
    Statement,
    Ranking { options: Vec<ChoiceRow>, most: Option<i32> },
    Matrix { rows: Vec<RowRow>, columns: Vec<ChoiceRow> },
    Dots { options: Vec<ChoiceRow>, dots: i32, most_each: Option<i32>, use_all: bool },
    Budget { options: Vec<PaidRow>, budget: i32, unit: BudgetUnit },
    OpenText { max_length: i32 },
}

/// The kind as a row.
pub(super) fn kind_row(kind: &QuestionKind) -> KindRow {
    let choices = |options: &[Choice]| options.iter().map(choice_row).collect();
    match kind {
        QuestionKind::SingleChoice { options } => KindRow::SingleChoice { options: choices(options) },
        QuestionKind::MultipleChoice { options, least, most } => {
            KindRow::MultipleChoice { options: choices(options), least: *least, most: *most }
        }
        QuestionKind::Scale { least, most, labels } => {
            let label = |one: &ScaleLabel| LabelRow { value: one.value, label: text_rows(&one.label) };
            KindRow::Scale { least: *least, most: *most, labels: labels.iter().map(label).collect() }
        }
        QuestionKind::Number { least, most, unit, bands } => {
            let unit = unit.as_ref().map(text_rows);
            KindRow::Number { least: *least, most: *most, unit, bands: bands.clone() }
        }
        QuestionKind::Date { earliest, latest, counted_by } => {
            KindRow::Date { earliest: *earliest, latest: *latest, counted_by: *counted_by }
        }
        QuestionKind::Statement => KindRow::Statement,
        QuestionKind::Ranking { options, most } => KindRow::Ranking { options: choices(options), most: *most },
        QuestionKind::Matrix { rows, columns } => {
            let row = |one: &MatrixRow| RowRow { id: one.id, label: text_rows(&one.label) };
            KindRow::Matrix { rows: rows.iter().map(row).collect(), columns: choices(columns) }
        }
        QuestionKind::Dots { options, dots, most_each, use_all } => {
            KindRow::Dots { options: choices(options), dots: *dots, most_each: *most_each, use_all: *use_all }
        }
        QuestionKind::Budget { options, costs, budget, unit } => {
            let paid = options.iter().zip(costs);
            let options = paid.map(|(option, cost)| PaidRow { option: choice_row(option), cost: *cost }).collect();
            KindRow::Budget { options, budget: *budget, unit: *unit }
        }
        QuestionKind::OpenText { max_length } => KindRow::OpenText { max_length: *max_length },
    }
}

fn choice_row(choice: &Choice) -> ChoiceRow {
    ChoiceRow { id: choice.id, label: text_rows(&choice.label), own_words: choice.own_words }
}

/// The kind from a row that stands in this column.
pub(super) fn kind_of(place: (&'static str, &'static str), row: KindRow) -> Result<QuestionKind, Failure> {
    let choice = |row: ChoiceRow| {
        let ChoiceRow { id, label, own_words } = row;
        Ok(Choice { id, label: texts_of(place, label)?, own_words })
    };
    let choices = |options: Vec<ChoiceRow>| options.into_iter().map(choice).collect::<Result<Vec<_>, Failure>>();
    Ok(match row {
        KindRow::SingleChoice { options } => QuestionKind::SingleChoice { options: choices(options)? },
        KindRow::MultipleChoice { options, least, most } => {
            QuestionKind::MultipleChoice { options: choices(options)?, least, most }
        }
        KindRow::Scale { least, most, labels } => {
            let label = |row: LabelRow| Ok(ScaleLabel { value: row.value, label: texts_of(place, row.label)? });
            let labels = labels.into_iter().map(label).collect::<Result<_, Failure>>()?;
            QuestionKind::Scale { least, most, labels }
        }
        KindRow::Number { least, most, unit, bands } => {
            let unit = unit.map(|unit| texts_of(place, unit)).transpose()?;
            QuestionKind::Number { least, most, unit, bands }
        }
        KindRow::Date { earliest, latest, counted_by } => QuestionKind::Date { earliest, latest, counted_by },
        KindRow::Statement => QuestionKind::Statement,
        KindRow::Ranking { options, most } => QuestionKind::Ranking { options: choices(options)?, most },
        KindRow::Matrix { rows, columns } => {
            let row = |row: RowRow| Ok(MatrixRow { id: row.id, label: texts_of(place, row.label)? });
            let rows = rows.into_iter().map(row).collect::<Result<_, Failure>>()?;
            QuestionKind::Matrix { rows, columns: choices(columns)? }
        }
        KindRow::Dots { options, dots, most_each, use_all } => {
            QuestionKind::Dots { options: choices(options)?, dots, most_each, use_all }
        }
        KindRow::Budget { options, budget, unit } => {
            let costs = options.iter().map(|paid| paid.cost).collect();
            let options = choices(options.into_iter().map(|paid| paid.option).collect())?;
            QuestionKind::Budget { options, costs, budget, unit }
        }
        KindRow::OpenText { max_length } => QuestionKind::OpenText { max_length },
    })
}
