//! Printed codes: how many were made, and for whom to hand out.

use actix_web::{get, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::{ConsultationStatus, OneAnswerBy, operations as op};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::consultations::ballot_code::{self, BallotCodeBatch as Kept};
use klankbord_persistence::consultations::{ballot, consultation};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::{permitted, seen};
use crate::web::page::{Paging, page};
use crate::web::text::{Reading, TextVariant, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// Codes to make.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BallotCodeBatchCreate {
    /// How many.
    #[schema(minimum = 1, maximum = 1000, example = 20)]
    codes: i32,
    /// The organisation that hands them out without noting who gets which: the host or a
    /// partner of a network that is asked. Absent: who asks does so itself.
    #[schema(example = json!("0197c000-0000-7000-8000-000200000001"))]
    source_id: Option<Uuid>,
    /// For which part of those asked they are meant, in the plan of whom to reach: a kind of
    /// care, for instance. It stands here alone, on no code and on no answer.
    #[schema(min_items = 1, max_items = 20)]
    meant_for: Option<Vec<TextVariant>>,
}

/// A code to print.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BallotCode {
    /// The code.
    #[schema(max_length = 40, example = json!("abcd-efgh-jkmn-pqrs-tuvw"))]
    code: String,
}

/// Codes that were made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BallotCodeBatch {
    /// Its id.
    id: Uuid,
    /// The consultation.
    consultation_id: Uuid,
    /// The organisation that hands them out.
    source_id: Option<Uuid>,
    /// For which part of those asked they are meant.
    #[schema(max_items = 20)]
    meant_for: Option<Vec<TextVariant>>,
    /// How many there are.
    #[schema(minimum = 1, maximum = 1000, example = 20)]
    codes: i32,
    /// The codes themselves, shown here and never again: print them, each on a slip of its
    /// own.
    #[schema(max_items = 1000)]
    printed: Option<Vec<BallotCode>>,
    /// When they were made.
    made_at: DateTime<Utc>,
}

page!(
    /// A page of codes that were made.
    BallotCodeBatchPage of BallotCodeBatch
);

fn view(kept: Kept, printed: Option<Vec<BallotCode>>) -> BallotCodeBatch {
    let Kept { id, consultation_id, source_id, meant_for, codes, made_at, made_by: _ } = kept;
    let meant_for = to_wire_or_none(meant_for.as_ref());
    BallotCodeBatch { id, consultation_id, source_id, meant_for, codes, printed, made_at }
}

/// Make codes to print and hand out
///
/// Each is good for one anonymous answer to this consultation, at a kiosk or at home. They
/// stand in the answer, once; which were used isn't kept.
#[utoipa::path(operation_id = "createBallotCodeBatch", tag = "Answers",
    request_body(content = BallotCodeBatchCreate, example = json!({"codes": 20})),
    responses((status = 201, description = "Made", body = BallotCodeBatch)), extensions(("x-secret" = json!(true))))]
#[post("/consultations/{consultationId}/ballot-code-batches")]
pub(super) async fn create_ballot_code_batch(call: Call<op::CreateBallotCodeBatch>) -> Result<Answer, Problem> {
    let input: (Uuid, BallotCodeBatchCreate) = (call.id("consultationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &BallotCodeBatchCreate) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    let batch_id = tx.new_id();
    let asked = loaded.consultation();
    let beside = loaded.networks.beside(&asked.audience.network_ids);
    let mut reading = Reading::default();
    let meant_for = reading.texts_or_none("/meantFor", new.meant_for.clone());
    let unknown = new.source_id.filter(|source| !beside.contains(source));
    reading.faults.extend(unknown.map(|_| Fault::body("/sourceId", "reference.unknown")));
    Refusal::unless_clean(reading.faults)?;
    if !asked.is_anonymous() {
        return Err(Refusal::Conflict("response.not_anonymous").into());
    }
    if asked.one_answer_by == OneAnswerBy::Invitation {
        return Err(Refusal::Conflict("ballot_code.not_asked_by_code").into());
    }
    if asked.status != ConsultationStatus::Open {
        return Err(Refusal::Conflict("consultation.not_open").into());
    }
    ballot::still_taken(&loaded.found.value)?;
    let made = Kept {
        id: batch_id,
        consultation_id: id,
        source_id: new.source_id,
        meant_for,
        codes: new.codes,
        made_at: tx.now(),
        made_by: tx.caller().account,
    };
    let (kept, printed) = ballot_code::make(tx, asked.organisation_id, made).await?;
    let printed = printed.into_iter().map(|code| BallotCode { code }).collect();
    Ok(Answer::made(format!("/v1/consultations/{id}/ballot-code-batches"), &view(kept, Some(printed))))
}

/// List the codes that were made
#[utoipa::path(operation_id = "listBallotCodeBatches", tag = "Answers", params(Paging),
    responses((status = 200, description = "A page", body = BallotCodeBatchPage)))]
#[get("/consultations/{consultationId}/ballot-code-batches")]
pub(super) async fn list_ballot_code_batches(call: Call<op::ListBallotCodeBatches>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = ballot_code::list(call.reader(), found.value.consultation.id, &request).await?;
    call.page(page.map(|kept| view(kept, None)))
}
