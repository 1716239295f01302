//! Several answers of the same people side by side, in rows that are each of enough people.

use actix_web::get;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Characteristic, Consultation, Picked, Question, RecordCounts, RecordKey, Records as DomainRecords,
};
use klankbord_domain::{Refusal, Why};
use klankbord_persistence::consultations::snapshot;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::chart::{Tongue, label};
use super::results::{SnapshotOfResults, read_here};
use crate::web::answer::CSV_WITH_HEAD;
use crate::web::csv::{TEXT_CSV, table_under};
use crate::web::{Answer, Call, Problem};

/// What the table looks like, for the document.
const TABLE: &str = "perspective,1,2,people\r\nparent,0197c000-0000-7000-8000-000b00000001,4,12\r\n";

/// The value of a characteristic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordValue {
    /// The characteristic.
    by: Characteristic,
    /// Its value; `unknown` of whom it isn't known.
    #[schema(max_length = 100, example = "parent")]
    value: String,
}

/// What was given to one question.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordAnswer {
    /// The question.
    question_id: Uuid,
    /// The answer: an option's id, a value, a band, a year or month; absent where it was left open.
    #[schema(max_length = 40, example = "4")]
    answer: Option<String>,
    /// What people read.
    #[schema(max_length = 10100, example = "Ja")]
    answer_label: Option<String>,
}

/// What so many people have in common.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultRecord {
    /// How many people they are: `minimum` or more.
    #[schema(minimum = 5, maximum = 1_000_000_000, example = 12)]
    people: i64,
    /// By what they are told apart beside their answers.
    #[schema(max_items = 4)]
    values: Vec<RecordValue>,
    /// What each of them answered.
    #[schema(max_items = 6)]
    answers: Vec<RecordAnswer>,
}

/// Several answers of the same people side by side.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultRecords {
    /// The consultation.
    consultation_id: Uuid,
    /// From which snapshot they are.
    snapshot: SnapshotOfResults,
    /// No row is of fewer people.
    #[schema(minimum = 5, maximum = 1_000_000, example = 5)]
    minimum: i64,
    /// The questions in the rows.
    #[schema(max_items = 6)]
    question_ids: Vec<Uuid>,
    /// The questions that were announced and aren't in them: with them a row would be of fewer people.
    #[schema(max_items = 6)]
    left_out_ids: Vec<Uuid>,
    /// Why there is no row.
    suppressed: Option<Why>,
    /// Row by row; everybody who took part is in one.
    #[schema(max_items = 10_000)]
    records: Vec<ResultRecord>,
}

/// Read answers side by side
///
/// Of the questions of which that was announced (`inRecords`), beside what results are broken down by: everybody who
/// took part, in rows of people who have all of it in common, and how many they are. A row is never of fewer people
/// than `minimum`; where one would be, the last question is left out of all rows, and so on, until every row holds, or
/// none is told. So the rows are k-anonymous for every combination in them, and nothing smaller follows from them and
/// the results. As JSON or as `text/csv`, with a column for each characteristic and each question by its number; repeat a
/// row as often as it counts people for a record a person.
#[utoipa::path(operation_id = "getResultRecords", tag = "Answers",
    responses((status = 200, description = "The rows", content((ResultRecords = "application/json"),
            (String = "text/csv", example = json!(TABLE)))),
        (status = 409, description = "There are none yet, or none were announced")))]
#[get("/consultations/{consultationId}/result-records")]
pub(super) async fn get_result_records(call: Call<op::GetResultRecords>) -> Result<Answer, Problem> {
    let (found, minimum) = read_here(&call).await?;
    let asked = &found.value.consultation;
    asked.may_show_results()?;
    let taken = snapshot::all(call.reader(), asked.id).await?.pop();
    let taken = taken.ok_or(Refusal::Conflict("consultation.results_not_yet"))?;
    let counts = taken.counts.records.as_ref().ok_or(Refusal::Conflict("records.not_announced"))?;
    let (shown, suppressed) = match counts.shown(minimum) {
        Ok(shown) => (shown, None),
        Err(why) => (nothing(counts), Some(why)),
    };
    let tongue = Tongue::of(&call.language);
    if call.form() == TEXT_CSV {
        return Ok(Answer::other_in(tongue.tag(), CSV_WITH_HEAD, as_table(asked, &shown)));
    }
    let left_out = |id: &&Uuid| !shown.question_ids.contains(id);
    let body = ResultRecords {
        consultation_id: asked.id,
        snapshot: SnapshotOfResults::of(&taken, asked),
        minimum,
        question_ids: shown.question_ids.clone(),
        left_out_ids: counts.question_ids.iter().filter(left_out).copied().collect(),
        suppressed,
        records: shown.rows.iter().map(|row| record(asked, &shown, row, &tongue)).collect(),
    };
    Ok(Answer::plain_in(tongue.tag(), &body))
}

fn nothing(counts: &RecordCounts) -> DomainRecords {
    DomainRecords { by: counts.by.clone(), question_ids: Vec::new(), rows: Vec::new() }
}

fn record(asked: &Consultation, shown: &DomainRecords, row: &(RecordKey, i64), tongue: &Tongue) -> ResultRecord {
    let (key, people) = row;
    let value = |(by, value): (&Characteristic, &String)| RecordValue { by: *by, value: value.clone() };
    let answer = |(id, given): (&Uuid, &Option<Picked>)| {
        let found = given.and_then(|picked| question(asked, *id).map(|(_, one)| label(&one.kind, picked, tongue)));
        let (answer, answer_label) = found.unzip();
        RecordAnswer { question_id: *id, answer, answer_label }
    };
    ResultRecord {
        people: *people,
        values: shown.by.iter().zip(&key.values).map(value).collect(),
        answers: shown.question_ids.iter().zip(&key.given).map(answer).collect(),
    }
}

/// A question and its number, from 1.
fn question(asked: &Consultation, id: Uuid) -> Option<(usize, &Question)> {
    (1..).zip(&asked.questions).find(|(_, question)| question.id == id)
}

fn as_table(asked: &Consultation, shown: &DomainRecords) -> String {
    let numbers = shown.question_ids.iter().filter_map(|id| question(asked, *id)).map(|(number, _)| number.to_string());
    let by = shown.by.iter().map(|by| by.code().to_owned());
    let head: Vec<String> = by.chain(numbers).chain(["people".to_owned()]).collect();
    let code = |(id, given): (&Uuid, &Option<Picked>)| {
        let found = given.and_then(|picked| question(asked, *id).map(|(_, one)| (one, picked)));
        found.map(|(one, picked)| label(&one.kind, picked, &Tongue::only(true)).0).unwrap_or_default()
    };
    let row = |(key, people): &(RecordKey, i64)| {
        let given = shown.question_ids.iter().zip(&key.given).map(code);
        key.values.iter().cloned().chain(given).chain([people.to_string()]).collect()
    };
    table_under(&head, &shown.rows.iter().map(row).collect::<Vec<Vec<String>>>())
}
