//! What a client calls with: secrets and keys, each shown once.

use actix_web::{delete, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::{
    Credential, CredentialKind, CredentialPlan, CredentialStatus, LONGEST_OVERLAP, operations as op,
};
use klankbord_persistence::access::{KeptCredential, NewCredential, clients, credentials};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::client::{load, place};
use super::secret::Prefix;
use crate::web::call::unknown_reference;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// A credential to make.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientCredentialCreate {
    /// A secret for `/oauth/token`, or a key that is itself the bearer token.
    #[schema(example = "client_secret")]
    kind: CredentialKind,
    /// When it stops by itself; absent: when it is revoked.
    expires_at: Option<DateTime<Utc>>,
    /// The credential of this client that it replaces, which then stops after
    /// the overlap.
    replaces: Option<Uuid>,
    /// How many hours the replaced one keeps working; at once (0) when it isn't said.
    #[schema(minimum = 0, maximum = 168)]
    overlap_hours: Option<i32>,
}

/// A credential of a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientCredential {
    /// Its id.
    id: Uuid,
    /// Whose it is.
    client_id: Uuid,
    /// What it is.
    #[schema(example = "client_secret")]
    kind: CredentialKind,
    /// The secret itself, shown here and never again.
    #[schema(max_length = 100, example = "kbs_9fQ2mVx7LrT0aYc3Jd5uHk8WnZb1Gs4eXoPi6vAq0000000")]
    secret: Option<String>,
    /// The last four characters of its secret.
    #[schema(max_length = 4, example = "x7Qa")]
    hint: String,
    /// Whether it works.
    #[schema(example = "active")]
    status: CredentialStatus,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it stops, or stopped, by itself.
    expires_at: Option<DateTime<Utc>>,
    /// The day on which it was used last.
    last_used_on: Option<NaiveDate>,
}

page!(
    /// A page of a client's credentials.
    ClientCredentialPage of ClientCredential
);

fn view(kept: KeptCredential, secret: Option<String>, now: DateTime<Utc>) -> ClientCredential {
    let KeptCredential { credential, hint, created_at, last_used_on } = kept;
    ClientCredential {
        id: credential.id,
        client_id: credential.client_id,
        kind: credential.kind,
        secret,
        hint,
        status: credential.status(now),
        created_at,
        expires_at: credential.expires_at,
        last_used_on,
    }
}

/// List a client's credentials
///
/// With their last four characters; the secrets themselves are kept by nobody
/// but their bearer.
#[utoipa::path(operation_id = "listClientCredentials", tag = "Machines", params(Paging),
    responses((status = 200, description = "A page", body = ClientCredentialPage)))]
#[get("/clients/{clientId}/credentials")]
pub(super) async fn list_client_credentials(call: Call<op::ListClientCredentials>) -> Result<Answer, Problem> {
    let found = clients::find(call.reader(), call.id("clientId")?).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&place(&found.value))?;
    let (_, request) = call.listing::<Paging>()?;
    let page = credentials::list(call.reader(), found.value.id, &request).await?;
    let now = call.now;
    call.page(page.map(|kept| view(kept, None, now)))
}

/// Make a credential
///
/// The secret stands in the answer, once. To rotate without a gap: make a new one
/// that `replaces` the old, with as many `overlapHours` as the machine needs to
/// change over.
#[utoipa::path(operation_id = "createClientCredential", tag = "Machines", request_body = ClientCredentialCreate,
    responses((status = 201, description = "Made", body = ClientCredential)), extensions(("x-secret" = json!(true))))]
#[post("/clients/{clientId}/credentials")]
pub(super) async fn create_client_credential(call: Call<op::CreateClientCredential>) -> Result<Answer, Problem> {
    let new: ClientCredentialCreate = call.body()?;
    let prefix = match new.kind {
        CredentialKind::ClientSecret => Prefix::ClientSecret,
        CredentialKind::ApiKey => Prefix::ApiKey,
    };
    let input = (call.id("clientId")?, new, prefix.new_key()?);
    call.command(input, |tx, (id, new, secret)| create(tx, *id, new, secret).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ClientCredentialCreate, secret: &str) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id).await?;
    let ClientCredentialCreate { kind, expires_at, replaces, overlap_hours } = new.clone();
    let plan = CredentialPlan { kind, expires_at, replaces, overlap_hours: overlap_hours.map(i64::from) };
    Refusal::unless_clean(plan.check(tx.now()))?;
    let replaced = match replaces {
        Some(old) => Some(credentials::find(tx, id, old).await?.ok_or_else(|| unknown_reference("/replaces"))?),
        None => None,
    };
    found.value.may_change()?;
    if let Some(KeptCredential { credential: old, .. }) = replaced {
        if old.status(tx.now()) != CredentialStatus::Active {
            return Err(Refusal::Conflict("credential.ended").into());
        }
        let overlap = plan.overlap_hours.unwrap_or(0).min(LONGEST_OVERLAP);
        let end = old.end_when_replaced(overlap, tx.now());
        credentials::end_at(tx, found.value.organisation_id, old.id, end).await?;
    }
    let credential = Credential { id: tx.new_id(), client_id: id, kind, expires_at, revoked_at: None };
    let new = NewCredential { credential, secret: secret.to_owned() };
    let kept = credentials::insert(tx, found.value.organisation_id, &new).await?;
    let location = format!("/v1/clients/{id}/credentials/{}", kept.credential.id);
    Ok(Answer::made(location, &view(kept, Some(secret.to_owned()), tx.now())))
}

/// Revoke a credential
///
/// It works no longer from the next call on, and neither do the tokens that were
/// bought with it.
#[utoipa::path(operation_id = "deleteClientCredential", tag = "Machines",
    responses((status = 204, description = "Revoked")))]
#[delete("/clients/{clientId}/credentials/{credentialId}")]
pub(super) async fn delete_client_credential(call: Call<op::DeleteClientCredential>) -> Result<Answer, Problem> {
    let input = (call.id("clientId")?, call.id("credentialId")?);
    call.command(input, |tx, (client, id)| revoke(tx, *client, *id).boxed()).await
}

async fn revoke(tx: &Tx, client: Uuid, id: Uuid) -> Result<Answer, Failure> {
    let (found, _) = load(tx, client).await?;
    let kept = credentials::find(tx, client, id).await?.ok_or(Refusal::Hidden)?;
    if kept.credential.revoked_at.is_some() {
        return Err(Refusal::Hidden.into());
    }
    credentials::revoke(tx, found.value.organisation_id, id).await?;
    Ok(Answer::nothing())
}
