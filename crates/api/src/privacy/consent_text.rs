//! What people are asked to consent to: texts in versions, by purpose.

use actix_web::{delete, get, patch, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::participants::AgeBand;
use klankbord_domain::policy::{Place, Roles, Standing};
use klankbord_domain::privacy::{ConsentPurpose, ConsentText as Domain, ConsentTextStatus, operations as op};
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::privacy::consent_text as texts;
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::call::decided;
use crate::web::page::{Ordering, Paging, page};
use crate::web::patch::{self, patch_of};
use crate::web::text::{Reading, TextVariant, to_wire};
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// What a text is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentTextCreate {
    /// For what consent is asked. It never changes.
    #[schema(example = "participation")]
    purpose: ConsentPurpose,
    /// For whom it is written; empty: everybody.
    #[serde(default)]
    #[schema(max_items = 10)]
    bands: Vec<AgeBand>,
    /// What it is called. To be published it needs a variant in plain language.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// What is asked. To be published it needs a variant in plain language.
    #[schema(min_items = 1, max_items = 20)]
    body: Vec<TextVariant>,
    /// Whether what was said to earlier versions counts no longer once this one is
    /// published: everybody is asked anew.
    #[serde(default)]
    asks_anew: bool,
}

patch_of!(
    /// What to change of a draft.
    ConsentTextPatch of ConsentTextCreate, fixed "purpose"
);

/// A version of what people are asked to consent to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentText {
    /// Its id.
    id: Uuid,
    /// Whose it is: the controller.
    organisation_id: Uuid,
    /// Counts the texts of this organisation for this purpose, from 1.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    text_version: i32,
    #[serde(flatten)]
    content: ConsentTextCreate,
    /// Where it stands. What was published never changes.
    status: ConsentTextStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["published"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of texts.
    ConsentTextPage of ConsentText
);

/// Which texts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsentTextQuery {
    /// Only for these purposes.
    #[param(max_items = 10)]
    purpose: Option<Vec<ConsentPurpose>>,
}

impl ConsentTextCreate {
    fn into_domain(
        self,
        (id, organisation_id): (Uuid, Uuid),
        (text_version, status): (i32, ConsentTextStatus),
    ) -> Result<Domain, Refusal> {
        let Self { purpose, bands, title, body, asks_anew } = self;
        let mut reading = Reading::default();
        let (title, body) = (reading.texts("/title", title), reading.texts("/body", body));
        let made = Domain { id, organisation_id, purpose, text_version, bands, title, body, asks_anew, status };
        let mut faults = reading.faults;
        faults.extend(made.check());
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl From<Domain> for ConsentTextCreate {
    fn from(text: Domain) -> Self {
        let Domain { purpose, bands, title, body, asks_anew, .. } = text;
        Self { purpose, bands, title: to_wire(&title), body: to_wire(&body), asks_anew }
    }
}

fn view(stored: Stored<Domain>, roles: Roles) -> ConsentText {
    let Stored { value, version: _, created_at, updated_at } = stored;
    ConsentText {
        id: value.id,
        organisation_id: value.organisation_id,
        text_version: value.text_version,
        status: value.status,
        allowed_transitions: lifecycle::open_codes(value.status, roles),
        content: value.into(),
        created_at,
        updated_at,
        etag: None,
    }
}

/// List what an organisation asks consent to
///
/// Every version that was published; drafts for their writers.
#[utoipa::path(operation_id = "listConsentTexts", tag = "Privacy", params(ConsentTextQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = ConsentTextPage)))]
#[get("/organisations/{organisationId}/consent-texts")]
pub(super) async fn list_consent_texts(call: Call<op::ListConsentTexts>) -> Result<Answer, Problem> {
    let id = call.id("organisationId")?;
    organisation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&Place::of_organisation(id))?;
    let (query, request) = call.listing::<ConsentTextQuery>()?;
    let drafts = permit.roles().has_any(&[Standing::Manager, Standing::Officer]);
    let purposes = query.purpose.unwrap_or_default();
    let page = texts::list(call.reader(), (id, drafts), &purposes, &request).await?;
    call.page(page.map(|found| view(found, permit.roles())))
}

/// Write what consent is asked to
///
/// It starts as a draft, with the next number for its purpose. Once a text for taking
/// part is published, nobody whom the organisation registered joins a network, is asked
/// or answers without consent that stands.
#[utoipa::path(operation_id = "createConsentText", tag = "Privacy", request_body = ConsentTextCreate,
    responses((status = 201, description = "Made", body = ConsentText)))]
#[post("/organisations/{organisationId}/consent-texts")]
pub(super) async fn create_consent_text(call: Call<op::CreateConsentText>) -> Result<Answer, Problem> {
    let input: (Uuid, ConsentTextCreate) = (call.id("organisationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ConsentTextCreate) -> Result<Answer, Failure> {
    organisation::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    let permit = tx.authorise(&Place::of_organisation(id)).await?;
    let text_id = tx.new_id();
    let version = texts::next_version(tx, id, new.purpose).await?;
    let made = new.clone().into_domain((text_id, id), (version, ConsentTextStatus::Draft))?;
    let stored = texts::insert(tx, made).await?;
    let location = format!("/v1/consent-texts/{text_id}");
    Ok(Answer::created(location, stored.version, &view(stored, permit.roles())))
}

/// Read what consent is asked to
#[utoipa::path(operation_id = "getConsentText", tag = "Privacy",
    responses((status = 200, description = "The text", body = ConsentText)))]
#[get("/consent-texts/{consentTextId}")]
pub(super) async fn get_consent_text(call: Call<op::GetConsentText>) -> Result<Answer, Problem> {
    let found = texts::find(call.reader(), call.id("consentTextId")?).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&Place::of_organisation(found.value.organisation_id))?;
    if !found.value.may_be_seen(permit.roles()) {
        return Err(Refusal::Hidden.into());
    }
    Ok(Answer::resource(found.version, &view(found, permit.roles())))
}

/// Change a draft
///
/// A variant that stays as it was while the default changed is marked stale.
#[utoipa::path(operation_id = "updateConsentText", tag = "Privacy", request_body(
    content((ConsentTextPatch = "application/merge-patch+json"), (ConsentTextPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = ConsentText)))]
#[patch("/consent-texts/{consentTextId}")]
pub(super) async fn update_consent_text(call: Call<op::UpdateConsentText>) -> Result<Answer, Problem> {
    let input: (Uuid, Value) = (call.id("consentTextId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let old = &found.value;
    let content: ConsentTextCreate = patch::apply(&ConsentTextCreate::from(old.clone()), merge)?;
    let mut next = content.into_domain((id, old.organisation_id), (old.text_version, old.status))?;
    next.title = old.title.revised(next.title);
    next.body = old.body.revised(next.body);
    tx.fresh(found.version)?;
    old.may_change()?;
    let stored = texts::save(tx, found.with(next)).await?;
    Ok(Answer::resource(stored.version, &view(stored, roles)))
}

/// Delete a draft
#[utoipa::path(operation_id = "deleteConsentText", tag = "Privacy",
    responses((status = 204, description = "Deleted")))]
#[delete("/consent-texts/{consentTextId}")]
pub(super) async fn delete_consent_text(call: Call<op::DeleteConsentText>) -> Result<Answer, Problem> {
    call.command(call.id("consentTextId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id).await?;
    tx.fresh(found.version)?;
    found.value.may_change()?;
    texts::delete(tx, &found.value).await?;
    Ok(Answer::nothing())
}

/// Publish or retire a text
///
/// What was published never changes: a new version follows it.
#[utoipa::path(operation_id = "createConsentTextTransition", tag = "Privacy",
    request_body(content = TransitionCreate, example = json!({"to": "published"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/consent-texts/{consentTextId}/transitions")]
pub(super) async fn create_consent_text_transition(
    call: Call<op::CreateConsentTextTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("consentTextId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let to: ConsentTextStatus = asked.state()?;
    let from = found.value.status;
    let taken = lifecycle::take(from, to, roles, asked.reason.as_deref());
    let publishes = to == ConsentTextStatus::Published;
    let taken = taken.and_then(|to| if publishes { found.value.may_be_published().map(|()| to) } else { Ok(to) });
    let status = decided(tx, found.version, taken)?;
    let stored = texts::save(tx, found.with(Domain { status, ..found.value.clone() })).await?;
    let made = history::record(tx, (texts::KIND, id), (from.code(), status.code()), asked.reason.as_deref()).await?;
    let (location, version) = (format!("/v1/consent-texts/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, roles)))
}

/// List the moves of a text
#[utoipa::path(operation_id = "listConsentTextTransitions", tag = "Privacy", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/consent-texts/{consentTextId}/transitions")]
pub(super) async fn list_consent_text_transitions(
    call: Call<op::ListConsentTextTransitions>,
) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let found = texts::find(call.reader(), call.id("consentTextId")?).await?.ok_or(Refusal::Hidden)?;
    let place = Place::of_organisation(found.value.organisation_id);
    if !found.value.may_be_seen(place.roles_of(call.caller())) {
        return Err(Refusal::Hidden.into());
    }
    call.authorise(&place)?;
    let page = history::list(call.reader(), (texts::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// The text, for a command on it, and what the caller is towards it.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Roles), Failure> {
    let found = texts::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let place = Place::of_organisation(found.value.organisation_id);
    if !found.value.may_be_seen(place.roles_of(tx.caller())) {
        return Err(Refusal::Hidden.into());
    }
    let permit = tx.authorise(&place).await?;
    Ok((found, permit.roles()))
}
