//! Results as a file: every published figure in rows, with what its words mean.

use actix_web::get;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{Consultation, Results};
use klankbord_domain::{Cell, Refusal, Why};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::chart::{Bar, Part, Telling, Tongue, View};
use super::codebook::{Codebook, in_sheet};
use super::result_groups::Names;
use super::results::{Asked, ResultsQuery, SnapshotOfResults, read_here, told};
use crate::web::answer::CSV_WITH_HEAD;
use crate::web::csv::{Row, TEXT_CSV, table};
use crate::web::text::{TextVariant, to_wire};
use crate::web::workbook::{Field, Sheet, WORKBOOK, workbook};
use crate::web::{Answer, Call, Problem};

/// The most rows of one file.
const MOST_ROWS: usize = 200_000;
/// What the table looks like, for the document.
const TABLE: &str = "questionNumber,questionId,question,breakdown,group,groupName,answer,answerLabel,count,shareTenths,\
    suppressed,base,baseSuppressed,rowId,rowLabel,total,totalSuppressed\r\n1,0197c000-0000-7000-8000-000a00000001,Blijft het zo?,all,,,\
    0197c000-0000-7000-8000-000b00000001,Ja,7,583,,12,,,,,\r\n";

/// One figure of the results, or why it isn't shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultFileRow {
    /// The number of the question, from 1.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    question_number: i64,
    /// The question.
    question_id: Uuid,
    /// What people read.
    #[schema(max_length = 10000, example = "Blijft het zo?")]
    question: String,
    /// By what: `all`, a characteristic, or two with a `+` between.
    #[schema(max_length = 80, example = "age_band")]
    breakdown: String,
    /// Which group, by the values of these, with a `+` between; empty for everybody.
    #[schema(max_length = 100, example = "age_27_up")]
    group: String,
    /// The same in words.
    #[schema(max_length = 1000, example = "Leeftijd: 27 jaar en ouder")]
    group_name: String,
    /// The answer: an option's id, a value; empty where only is told how many answered.
    #[schema(max_length = 40, example = "4")]
    answer: String,
    /// What people read.
    #[schema(max_length = 10000, example = "Ja")]
    answer_label: String,
    /// How many people gave it.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 7)]
    count: Option<i64>,
    /// Which part of those who answered, in tenths of a percent, rounded half up.
    #[schema(minimum = 0, maximum = 1000, example = 583)]
    share_tenths: Option<i64>,
    /// Why the count isn't shown.
    suppressed: Option<Why>,
    /// How many people of the group answered the question.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 12)]
    base: Option<i64>,
    /// Why that isn't shown.
    base_suppressed: Option<Why>,
    /// Of a matrix the row.
    row_id: Option<Uuid>,
    /// What people read before it; empty where there are no rows.
    #[schema(max_length = 10000, example = "Beleid van de gemeente")]
    row_label: String,
    /// What the answer got in all: points of its places, or dots.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 31)]
    total: Option<i64>,
    /// Why that isn't shown, where there is such a figure.
    total_suppressed: Option<Why>,
}

/// Results as a file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultFile {
    /// The consultation.
    consultation_id: Uuid,
    /// What it is called.
    #[schema(max_items = 20)]
    title: Vec<TextVariant>,
    /// From which snapshot they are.
    snapshot: SnapshotOfResults,
    /// No figure of fewer people is in it.
    #[schema(minimum = 5, maximum = 1_000_000, example = 5)]
    minimum: i64,
    /// Figure by figure.
    #[schema(max_items = 200_000)]
    rows: Vec<ResultFileRow>,
    /// What its words mean.
    codebook: Codebook,
}

/// Read the results as a file
///
/// Every figure that `getConsultationResults` tells you, and no other, a row each: as `text/csv`, as a workbook
/// (`application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`) with a codebook in it, or as JSON with the
/// same codebook: questions and answers in all their languages, what each column and each reason means in Dutch and
/// English, how is rounded, and when the results were fixed. Words in rows come in the language that
/// `Accept-Language` picks. Up to 200,000 rows; with `by`, only those of that breakdown.
#[utoipa::path(operation_id = "getResultFile", tag = "Answers", params(ResultsQuery),
    responses((status = 200, description = "The file", content((ResultFile = "application/json"),
            (String = "text/csv", example = json!(TABLE)),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", example = json!("(a zip archive)")))),
        (status = 409, description = "There are none yet, or there are too many rows")))]
#[get("/consultations/{consultationId}/result-file")]
pub(super) async fn get_result_file(call: Call<op::GetResultFile>) -> Result<Answer, Problem> {
    let (found, minimum) = read_here(&call).await?;
    let asked = &found.value.consultation;
    let (query, _) = call.listing::<ResultsQuery>()?;
    let grouped = query.by.is_some();
    let (taken, shown) = told(call.reader(), asked, Asked { minimum, by: query.by }).await?;
    let (names, tongue) = (Names::of(call.reader(), &shown).await?, Tongue::of(&call.language));
    let telling = Telling { tongue: &tongue, names: &names, minimum };
    let rows = rows(asked, &shown, &telling, !grouped)?;
    let codebook = Codebook::of(asked, minimum);
    match call.form() {
        TEXT_CSV => Ok(Answer::other_in(tongue.tag(), CSV_WITH_HEAD, table(rows.iter()))),
        WORKBOOK => {
            let book = workbook(&[sheet(&rows), in_sheet(&codebook, taken.taken_at)], taken.taken_at)?;
            Ok(Answer::other_in(tongue.tag(), WORKBOOK, book))
        }
        _ => {
            let (consultation_id, title) = (asked.id, to_wire(&asked.title));
            let snapshot = SnapshotOfResults::of(&taken, asked);
            Ok(Answer::plain_in(
                tongue.tag(),
                &ResultFile { consultation_id, title, snapshot, minimum, rows, codebook },
            ))
        }
    }
}

/// Every figure; without those of everybody where a breakdown was asked for.
fn rows(
    asked: &Consultation,
    shown: &Results,
    telling: &Telling<'_>,
    whole: bool,
) -> Result<Vec<ResultFileRow>, Problem> {
    let mut rows = Vec::new();
    for (number, question) in (1..).zip(&asked.questions) {
        if whole {
            put(&mut rows, (number, "all"), &telling.whole(question, shown));
        }
        for table in &shown.breakdowns {
            let by = table.by.iter().map(|by| by.code()).collect::<Vec<_>>().join("+");
            put(&mut rows, (number, &by), &telling.by_group(question, table));
        }
        if rows.len() > MOST_ROWS {
            return Err(Refusal::Conflict("consultation.file_too_large").into());
        }
    }
    Ok(rows)
}

fn put(rows: &mut Vec<ResultFileRow>, (number, by): (i64, &str), view: &View) {
    for part in &view.parts {
        let line = |bar: Option<&Bar>| row((number, by), view, part, bar);
        if part.bars.is_empty() {
            rows.push(line(None));
        }
        rows.extend(part.bars.iter().map(|bar| line(Some(bar))));
    }
}

fn row((number, by): (i64, &str), view: &View, part: &Part, bar: Option<&Bar>) -> ResultFileRow {
    let count = bar.map_or(part.base, |bar| bar.count);
    let total = bar.and_then(|bar| bar.total);
    let group = part.values.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("+");
    ResultFileRow {
        question_number: number,
        question_id: view.id,
        question: view.title.clone(),
        breakdown: by.to_owned(),
        group,
        group_name: part.group.clone().unwrap_or_default(),
        answer: bar.map(|bar| bar.code.clone()).unwrap_or_default(),
        answer_label: bar.map(|bar| bar.label.clone()).unwrap_or_default(),
        count: count.figure(),
        share_tenths: bar.and_then(|bar| bar.share_tenths),
        suppressed: why(count),
        base: part.base.figure(),
        base_suppressed: why(part.base),
        row_id: part.row.as_ref().map(|(id, _)| *id),
        row_label: part.row.as_ref().map(|(_, label)| label.clone()).unwrap_or_default(),
        total: total.and_then(Cell::figure),
        total_suppressed: total.and_then(why),
    }
}

const fn why(cell: Cell) -> Option<Why> {
    match cell {
        Cell::Shown(_) => None,
        Cell::Suppressed(why) => Some(why),
    }
}

impl ResultFileRow {
    fn fields(&self) -> Vec<Field> {
        let text = |text: &str| Field::Text(text.to_owned());
        let number = |number: Option<i64>| number.map_or(Field::Empty, Field::Number);
        let reason = |why: Option<Why>| why.map_or(Field::Empty, |why| text(why.code()));
        vec![
            Field::Number(self.question_number),
            text(&self.question_id.to_string()),
            text(&self.question),
            text(&self.breakdown),
            text(&self.group),
            text(&self.group_name),
            text(&self.answer),
            text(&self.answer_label),
            number(self.count),
            number(self.share_tenths),
            reason(self.suppressed),
            number(self.base),
            reason(self.base_suppressed),
            self.row_id.map_or(Field::Empty, |id| text(&id.to_string())),
            if self.row_label.is_empty() { Field::Empty } else { text(&self.row_label) },
            number(self.total),
            reason(self.total_suppressed),
        ]
    }
}

impl Row for ResultFileRow {
    const HEAD: &'static [&'static str] = &[
        "questionNumber",
        "questionId",
        "question",
        "breakdown",
        "group",
        "groupName",
        "answer",
        "answerLabel",
        "count",
        "shareTenths",
        "suppressed",
        "base",
        "baseSuppressed",
        "rowId",
        "rowLabel",
        "total",
        "totalSuppressed",
    ];

    fn cells(&self) -> Vec<String> {
        self.fields().iter().map(Field::text).collect()
    }
}

fn sheet(rows: &[ResultFileRow]) -> Sheet {
    let rows = rows.iter().map(ResultFileRow::fields).collect();
    Sheet { name: "results", head: ResultFileRow::HEAD.to_vec(), rows }
}
