//! Open links: whoever has one answers the consultation, and nobody knows who that is.

use actix_web::{delete, get, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::{ConsultationStatus, may_have_links, operations as op};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::consultations::link::{self, ConsultationLink as Kept};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::{permitted, seen};
use crate::access::secret;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// A link to make.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsultationLinkCreate {
    /// What it is called, for those who run the consultation: where it is hung up, say.
    #[schema(min_length = 1, max_length = 100, example = "Poster in de bibliotheek")]
    name: String,
}

/// An open link to a consultation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationLink {
    /// Its id.
    id: Uuid,
    /// The one consultation that it opens.
    consultation_id: Uuid,
    /// What it is called.
    #[schema(max_length = 100, example = "Poster in de bibliotheek")]
    name: String,
    /// Its token, shown here and never again.
    #[schema(max_length = 100, example = "pV2hQ0m5rE8yS1tX4wZ7bC9dF3gJ6kL0nP2qR5uV8xY")]
    token: Option<String>,
    /// The last four characters of its token.
    #[schema(max_length = 4, example = "8xY0")]
    hint: String,
    /// Whether it opens the consultation now, or will once that is open.
    active: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
}

page!(
    /// A page of open links.
    ConsultationLinkPage of ConsultationLink
);

fn view(kept: Kept, token: Option<String>, status: ConsultationStatus) -> ConsultationLink {
    let Kept { id, consultation_id, name, hint, created_at, revoked_at } = kept;
    let active = revoked_at.is_none() && matches!(status, ConsultationStatus::Draft | ConsultationStatus::Open);
    ConsultationLink { id, consultation_id, name, token, hint, active, created_at }
}

/// Make a link with which whoever has it can answer
///
/// For a consultation whose `recruitment` is `open`. Its token stands in the answer, once; it
/// is the bearer token of `getOpenConsultation` and `createOpenResponse`. It works until it is
/// revoked, or the consultation closes. How often it was used isn't kept.
#[utoipa::path(operation_id = "createConsultationLink", tag = "Answers", request_body = ConsultationLinkCreate,
    responses((status = 201, description = "Made", body = ConsultationLink)), extensions(("x-secret" = json!(true))))]
#[post("/consultations/{consultationId}/links")]
pub(super) async fn create_consultation_link(call: Call<op::CreateConsultationLink>) -> Result<Answer, Problem> {
    let input: (Uuid, ConsultationLinkCreate, String) = (call.id("consultationId")?, call.body()?, secret::token()?);
    call.command(input, |tx, (id, new, token)| create(tx, *id, (new, token)).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, (new, token): (&ConsultationLinkCreate, &str)) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    if new.name.trim().is_empty() {
        return Err(Refusal::invalid("/name", "consultation_link.name_blank").into());
    }
    let asked = loaded.consultation();
    may_have_links(asked)?;
    let kept = link::insert(tx, asked.organisation_id, id, (&new.name, token)).await?;
    let location = format!("/v1/consultations/{id}/links/{}", kept.id);
    Ok(Answer::made(location, &view(kept, Some(token.to_owned()), asked.status)))
}

/// List the open links of a consultation
#[utoipa::path(operation_id = "listConsultationLinks", tag = "Answers", params(Paging),
    responses((status = 200, description = "A page", body = ConsultationLinkPage)))]
#[get("/consultations/{consultationId}/links")]
pub(super) async fn list_consultation_links(call: Call<op::ListConsultationLinks>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let asked = &found.value.consultation;
    let page = link::list(call.reader(), asked.id, &request).await?;
    call.page(page.map(|kept| view(kept, None, asked.status)))
}

/// Revoke an open link
///
/// It opens nothing from the next call on. What was answered with it stays.
#[utoipa::path(operation_id = "deleteConsultationLink", tag = "Answers",
    responses((status = 204, description = "Revoked")))]
#[delete("/consultations/{consultationId}/links/{consultationLinkId}")]
pub(super) async fn delete_consultation_link(call: Call<op::DeleteConsultationLink>) -> Result<Answer, Problem> {
    let input = (call.id("consultationId")?, call.id("consultationLinkId")?);
    call.command(input, |tx, (consultation, id)| revoke(tx, *consultation, *id).boxed()).await
}

async fn revoke(tx: &Tx, consultation: Uuid, id: Uuid) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, consultation).await?).await?;
    let kept = link::find(tx, consultation, id).await?.ok_or(Refusal::Hidden)?;
    if kept.revoked_at.is_some() {
        return Err(Refusal::Hidden.into());
    }
    link::revoke(tx, loaded.consultation().organisation_id, id).await?;
    Ok(Answer::nothing())
}
