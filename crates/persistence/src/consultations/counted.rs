//! How counts stand in a snapshot.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use klankbord_domain::consultations::{
    Characteristic, Counts, Cut, Period, Picked, QuestionTally, RecordCounts, RecordKey, Regions, Stance, Tally,
    Weighed,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a snapshot holds.
#[derive(Serialize, Deserialize)]
pub(super) struct ContentRow {
    channels: TallyRow,
    cuts: Vec<CutRow>,
    #[serde(default)]
    weighed: Vec<WeighedRow>,
    pub(super) regions: Regions,
    pub(super) verified: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    records: Option<RecordsRow>,
}

#[derive(Serialize, Deserialize)]
struct RecordsRow {
    by: Vec<Characteristic>,
    question_ids: Vec<Uuid>,
    rows: Option<Vec<RecordRow>>,
}

/// Of some people their values, what they gave, and how many they are.
type RecordRow = (Vec<String>, Vec<Option<PickedRow>>, i64);

#[derive(Serialize, Deserialize)]
struct TallyRow {
    people: Vec<i64>,
    questions: Vec<QuestionRow>,
}

#[derive(Serialize, Deserialize)]
struct QuestionRow {
    question_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row_id: Option<Uuid>,
    answered: Vec<i64>,
    picked: Vec<(PickedRow, Vec<i64>)>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PickedRow {
    Option(Uuid),
    Value(i32),
    Band(i32, i32),
    Period(Period, NaiveDate),
    Stance(Stance),
}

#[derive(Serialize, Deserialize)]
struct WeighedRow {
    question_id: Uuid,
    totals: Vec<i64>,
    firm: i64,
    less: i64,
    alike: bool,
}

#[derive(Serialize, Deserialize)]
struct CutRow {
    by: Vec<Characteristic>,
    columns: Vec<(Vec<String>, usize)>,
    tally: TallyRow,
}

impl ContentRow {
    pub(super) fn of(counts: &Counts, regions: Regions, verified: Option<bool>) -> Self {
        let cut = |cut: &Cut| CutRow {
            by: cut.by.clone(),
            columns: cut.columns.clone().into_iter().collect(),
            tally: tally_row(&cut.tally),
        };
        let (channels, cuts) = (tally_row(&counts.channels), counts.cuts.iter().map(cut).collect());
        let weighed = |one: &Weighed| WeighedRow {
            question_id: one.question_id,
            totals: one.totals.clone(),
            firm: one.firm,
            less: one.less,
            alike: one.alike,
        };
        let (weighed, records) =
            (counts.weighed.iter().map(weighed).collect(), counts.records.as_ref().map(records_row));
        Self { channels, cuts, weighed, regions, verified, records }
    }

    pub(super) fn into_counts(self) -> (Counts, Regions, Option<bool>) {
        let cut = |row: CutRow| {
            let columns: BTreeMap<_, _> = row.columns.into_iter().collect();
            Cut { by: row.by, columns, tally: tally_of(row.tally) }
        };
        let cuts = self.cuts.into_iter().map(cut).collect();
        let weighed = |row: WeighedRow| {
            let WeighedRow { question_id, totals, firm, less, alike } = row;
            Weighed { question_id, totals, firm, less, alike }
        };
        let weighed = self.weighed.into_iter().map(weighed).collect();
        let records = self.records.map(records_of);
        (Counts { channels: tally_of(self.channels), cuts, records, weighed }, self.regions, self.verified)
    }
}

fn records_row(counts: &RecordCounts) -> RecordsRow {
    let row = |(key, people): (&RecordKey, &i64)| {
        let given = key.given.iter().map(|given| given.map(picked_row));
        (key.values.clone(), given.collect(), *people)
    };
    let rows = counts.rows.as_ref().map(|rows| rows.iter().map(row).collect());
    RecordsRow { by: counts.by.clone(), question_ids: counts.question_ids.clone(), rows }
}

fn records_of(row: RecordsRow) -> RecordCounts {
    let key = |(values, given, people): RecordRow| {
        let given = given.into_iter().map(|given| given.map(picked_of)).collect();
        (RecordKey { values, given }, people)
    };
    let rows = row.rows.map(|rows| rows.into_iter().map(key).collect());
    RecordCounts { by: row.by, question_ids: row.question_ids, rows }
}

const fn picked_row(picked: Picked) -> PickedRow {
    match picked {
        Picked::Option(id) => PickedRow::Option(id),
        Picked::Value(value) => PickedRow::Value(value),
        Picked::Band(first, last) => PickedRow::Band(first, last),
        Picked::Period(by, first) => PickedRow::Period(by, first),
        Picked::Stance(stance) => PickedRow::Stance(stance),
    }
}

const fn picked_of(picked: PickedRow) -> Picked {
    match picked {
        PickedRow::Option(id) => Picked::Option(id),
        PickedRow::Value(value) => Picked::Value(value),
        PickedRow::Band(first, last) => Picked::Band(first, last),
        PickedRow::Period(by, first) => Picked::Period(by, first),
        PickedRow::Stance(stance) => Picked::Stance(stance),
    }
}

fn tally_row(tally: &Tally) -> TallyRow {
    let question = |one: &QuestionTally| QuestionRow {
        question_id: one.question_id,
        row_id: one.row_id,
        answered: one.answered.clone(),
        picked: one.picked.iter().map(|(one, counts)| (picked_row(*one), counts.clone())).collect(),
    };
    TallyRow { people: tally.people.clone(), questions: tally.questions.iter().map(question).collect() }
}

fn tally_of(row: TallyRow) -> Tally {
    let question = |row: QuestionRow| QuestionTally {
        question_id: row.question_id,
        row_id: row.row_id,
        answered: row.answered,
        picked: row.picked.into_iter().map(|(one, counts)| (picked_of(one), counts)).collect(),
    };
    Tally { people: row.people, questions: row.questions.into_iter().map(question).collect() }
}
