//! Exports (GDPR arts. 15 and 20): a link that one account may use once, and what it
//! leads to: everything, and a summary that can be read.

use actix_web::post;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::policy::{Operation, Place};
use klankbord_domain::privacy::{DataRequestKind, DataRequestStatus, operations as op};
use klankbord_persistence::privacy::data_export::{self, DataExport as Kept, Holder};
use klankbord_persistence::privacy::data_request;
use klankbord_persistence::privacy::subject::{self, Exported, ExportedColumn as Cell, ExportedTable as Table};
use klankbord_persistence::{Failure, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::data_request::{place_of, read};
use super::erasure::person_of;
use super::summary;
use crate::web::{Answer, Call, Problem};

/// How long a link holds.
const HOLDS: TimeDelta = TimeDelta::minutes(15);

/// A link to an export.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataExport {
    /// Its id: for who made it alone (by a one-time code: in that session), and for once.
    id: Uuid,
    /// Of which request.
    data_request_id: Uuid,
    /// Until when it can be used.
    expires_at: DateTime<Utc>,
}

/// One value that is kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedColumn {
    /// The column.
    #[schema(max_length = 100, example = "display_name")]
    name: &'static str,
    /// What it is.
    #[schema(max_length = 500, example = "the name they chose")]
    what: &'static str,
    /// Whether it is your data; else it says what the row is about.
    #[schema(example = true)]
    personal: bool,
    /// What stands there, as text; a list as JSON. Absent where nothing does.
    #[schema(max_length = 1_000_000, example = "Zonnebloem")]
    value: Option<String>,
    /// Why it isn't told, where it isn't.
    #[schema(max_length = 500)]
    withheld: Option<&'static str>,
}

/// One row that is kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedRow {
    /// Its columns.
    #[schema(max_items = 100)]
    columns: Vec<ExportedColumn>,
}

/// What is kept in one table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedTable {
    /// The table.
    #[schema(max_length = 100, example = "participants")]
    name: &'static str,
    /// What stands in it.
    #[schema(max_length = 500, example = "People who take part, with or without an account.")]
    about: &'static str,
    /// Its rows that are about you.
    #[schema(max_items = 1_000_000)]
    rows: Vec<ExportedRow>,
}

/// Everything that is kept of somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonalDataExport {
    /// The request.
    data_request_id: Uuid,
    /// When it was made.
    made_at: DateTime<Utc>,
    /// The same in words, what matters most first; in Dutch or English.
    #[schema(max_length = 1_000_000, example = "Dit bewaren wij van jou.\n\nWie je bent\n- Naam: Zonnebloem\n")]
    summary: String,
    /// Table by table.
    #[schema(max_items = 100)]
    tables: Vec<ExportedTable>,
    /// The tables that are for the person alone, where somebody else reads: what they
    /// brought and answered.
    #[schema(max_items = 10, example = json!([]))]
    left_out_tables: Vec<&'static str>,
}

impl From<Table> for ExportedTable {
    fn from(table: Table) -> Self {
        let column = |cell: Cell| {
            let Cell { name, what, personal, value, withheld } = cell;
            ExportedColumn { name, what, personal, value, withheld }
        };
        let row = |cells: Vec<Cell>| ExportedRow { columns: cells.into_iter().map(column).collect() };
        Self { name: table.name, about: table.about, rows: table.rows.into_iter().map(row).collect() }
    }
}

/// Get the link to an export
///
/// Once the request is carried out. The link is for you alone, holds a quarter of an hour,
/// and works once; another one can be had.
#[utoipa::path(operation_id = "createDataExport", tag = "Privacy",
    responses((status = 201, description = "The link", body = DataExport),
        (status = 409, description = "It is no export, or it isn't carried out")))]
#[post("/data-requests/{dataRequestId}/exports")]
pub(super) async fn create_data_export(call: Call<op::CreateDataExport>) -> Result<Answer, Problem> {
    let (found, _) = read(&call).await?;
    let input = (found.value.organisation_id, found.value.id, holder(&call)?);
    let carried_out = found.value.status == DataRequestStatus::CarriedOut;
    if found.value.kind != DataRequestKind::Export || !carried_out {
        return Err(Refusal::Conflict("data_request.no_export").into());
    }
    call.command(input, |tx, (organisation, request, holder)| make(tx, (*organisation, *request), *holder).boxed())
        .await
}

/// For whom a link is made that this caller asks for: for their account, or for the session
/// that a code opened.
fn holder<O: Operation>(call: &Call<O>) -> Result<Holder, Problem> {
    let caller = call.caller();
    match caller.session.filter(|_| caller.by_code.is_some()) {
        Some(session) => Ok(Holder::CodeSession(session)),
        None => call.account().map(Holder::Account),
    }
}

async fn make(tx: &Tx, request: (Option<Uuid>, Uuid), holder: Holder) -> Result<Answer, Failure> {
    tx.authorise(&place_again(tx, request.1).await?).await?;
    let Kept { id, data_request_id, expires_at } = data_export::insert(tx, request, (holder, tx.now() + HOLDS)).await?;
    let made = DataExport { id, data_request_id, expires_at };
    Ok(Answer::made(format!("/v1/data-exports/{id}"), &made))
}

/// Read an export, once
///
/// Everything that is kept of the person, table by table, and a summary in words. The link
/// is used up by it. What the person brought and answered is for them alone: who represents
/// them, and an officer, isn't given it; nor an officer what stands in a council's room. The read is written down.
#[utoipa::path(operation_id = "createDataExportReading", tag = "Privacy",
    responses((status = 201, description = "Everything", body = PersonalDataExport)),
    extensions(("x-secret" = json!(true))))]
#[post("/data-exports/{dataExportId}/readings")]
pub(super) async fn create_data_export_reading(call: Call<op::CreateDataExportReading>) -> Result<Answer, Problem> {
    let input = (call.id("dataExportId")?, holder(&call)?, call.language.prefers_english());
    call.command(input, |tx, (id, holder, english)| take(tx, *id, *holder, *english).boxed()).await
}

/// The link is used up by the command that gives what it leads to: where that fails, it
/// holds still.
async fn take(tx: &Tx, id: Uuid, holder: Holder, english: bool) -> Result<Answer, Failure> {
    let link = data_export::take(tx, id, holder).await?;
    let request = data_request::find(tx, link.data_request_id).await?.ok_or(Refusal::Hidden)?.value;
    let (place, _) = place_of(tx, tx.caller(), &request).await?;
    let roles = tx.authorise(&place).await?.roles();
    let person = person_of(tx, &request, Some((tx.caller(), roles))).await?;
    for participant in &person.participants {
        tx.concerns(*participant);
    }
    tx.touches(request.organisation_id, data_export::KIND, id);
    // What somebody brought and answered is theirs, and who facilitates: an officer doesn't
    // come to it by writing down that they asked.
    let left_out = subject::left_out(roles);
    let Exported { tables } = subject::export(tx, &person, left_out).await?;
    let made_at = tx.now();
    let summary = summary::of(&tables, made_at, english)?;
    let tables = tables.into_iter().map(ExportedTable::from).collect();
    let whole = PersonalDataExport {
        data_request_id: request.id,
        made_at,
        summary,
        tables,
        left_out_tables: left_out.to_vec(),
    };
    Ok(Answer::made(format!("/v1/data-exports/{id}"), &whole))
}

async fn place_again(tx: &Tx, request: Uuid) -> Result<Place, Failure> {
    let found = data_request::find(tx, request).await?.ok_or(Refusal::Hidden)?.value;
    Ok(place_of(tx, tx.caller(), &found).await?.0)
}
