//! Kiosks: devices on site, on which many people answer one consultation.

use actix_web::{delete, get, post};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::{latest_end, may_stand, operations as op};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::consultations::kiosk::{self, Kiosk as Kept, NewKiosk};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::{permitted, seen};
use crate::access::secret::Prefix;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// A kiosk to set up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KioskCreate {
    /// What it is called, for those who run the consultation.
    #[schema(min_length = 1, max_length = 100, example = "Tablet in de hal")]
    name: String,
    /// When it stops: within 30 days, not after the last day to answer. As late
    /// as it may where it isn't said.
    expires_at: Option<DateTime<Utc>>,
}

/// A kiosk of a consultation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Kiosk {
    /// Its id.
    id: Uuid,
    /// The one consultation that it posts to.
    consultation_id: Uuid,
    /// What it is called.
    #[schema(max_length = 100, example = "Tablet in de hal")]
    name: String,
    /// Its bearer token, shown here and never again.
    #[schema(max_length = 100, example = "kbk_9fQ2mVx7LrT0aYc3Jd5uHk8WnZb1Gs4eXoPi6vAq0000000")]
    secret: Option<String>,
    /// The last four characters of its token.
    #[schema(max_length = 4, example = "x7Qa")]
    hint: String,
    /// Whether it can post now, as far as its own state decides.
    active: bool,
    /// When it was set up.
    created_at: DateTime<Utc>,
    /// When it stops, or stopped, by itself.
    expires_at: DateTime<Utc>,
}

page!(
    /// A page of kiosks.
    KioskPage of Kiosk
);

fn view(kept: Kept, secret: Option<String>, now: DateTime<Utc>) -> Kiosk {
    let Kept { id, consultation_id, name, hint, created_at, expires_at, revoked_at } = kept;
    let active = revoked_at.is_none() && now < expires_at;
    Kiosk { id, consultation_id, name, secret, hint, active, created_at, expires_at }
}

/// Set up a kiosk
///
/// A device on site posts answers to this one consultation, for whoever stands
/// before it, and reads nothing. Its token stands in the answer, once.
#[utoipa::path(operation_id = "createKiosk", tag = "Answers", request_body = KioskCreate,
    responses((status = 201, description = "Set up", body = Kiosk)), extensions(("x-secret" = json!(true))))]
#[post("/consultations/{consultationId}/kiosks")]
pub(super) async fn create_kiosk(call: Call<op::CreateKiosk>) -> Result<Answer, Problem> {
    let input: (Uuid, KioskCreate, String) = (call.id("consultationId")?, call.body()?, Prefix::Kiosk.new_key()?);
    let zone = call.app.config.time.zone;
    call.command(input, move |tx, (id, new, secret)| create(tx, *id, (new, secret), zone).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, (new, secret): (&KioskCreate, &str), zone: Tz) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    if new.name.trim().is_empty() {
        return Err(Refusal::invalid("/name", "kiosk.name_blank").into());
    }
    let asked = loaded.consultation();
    let expires_at = new.expires_at.unwrap_or_else(|| latest_end(asked, zone, tx.now()));
    may_stand(asked, expires_at, zone, tx.now())?;
    let made = NewKiosk { name: new.name.clone(), expires_at, secret: secret.to_owned() };
    let kept = kiosk::insert(tx, asked.organisation_id, id, &made).await?;
    let location = format!("/v1/consultations/{id}/kiosks/{}", kept.id);
    Ok(Answer::made(location, &view(kept, Some(made.secret), tx.now())))
}

/// List the kiosks of a consultation
#[utoipa::path(operation_id = "listKiosks", tag = "Answers", params(Paging),
    responses((status = 200, description = "A page", body = KioskPage)))]
#[get("/consultations/{consultationId}/kiosks")]
pub(super) async fn list_kiosks(call: Call<op::ListKiosks>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = kiosk::list(call.reader(), found.value.consultation.id, &request).await?;
    let now = call.now;
    call.page(page.map(|kept| view(kept, None, now)))
}

/// Revoke a kiosk
///
/// It posts no longer from its next call on.
#[utoipa::path(operation_id = "deleteKiosk", tag = "Answers",
    responses((status = 204, description = "Revoked")))]
#[delete("/consultations/{consultationId}/kiosks/{kioskId}")]
pub(super) async fn delete_kiosk(call: Call<op::DeleteKiosk>) -> Result<Answer, Problem> {
    let input = (call.id("consultationId")?, call.id("kioskId")?);
    call.command(input, |tx, (consultation, id)| revoke(tx, *consultation, *id).boxed()).await
}

async fn revoke(tx: &Tx, consultation: Uuid, id: Uuid) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, consultation).await?).await?;
    let kept = kiosk::find(tx, consultation, id).await?.ok_or(Refusal::Hidden)?;
    if kept.revoked_at.is_some() {
        return Err(Refusal::Hidden.into());
    }
    kiosk::revoke(tx, loaded.consultation().organisation_id, id).await?;
    Ok(Answer::nothing())
}
