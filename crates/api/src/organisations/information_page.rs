//! Pages on rights, procedures and where to go: public, found in one call.

use actix_web::{delete, get, patch, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::networks::Perspective;
use klankbord_domain::organisations::operations as op;
use klankbord_domain::organisations::{
    InformationPage as Domain, InformationTopic, PageLink as DomainLink, PageStatus,
};
use klankbord_domain::policy::{Place, Roles, Standing};
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::organisations::page as pages;
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::named;
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging, page};
use crate::web::patch::{self, patch_of};
use crate::web::text::{Reading, TextVariant, to_wire};
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// A link on a page.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageLink {
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    label: Vec<TextVariant>,
    /// Where it leads.
    #[schema(format = "uri", max_length = 500)]
    url: String,
}

/// What an information page is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InformationPageCreate {
    /// Whose page it is.
    organisation_id: Uuid,
    /// What it tells about.
    topic: InformationTopic,
    /// CBS codes of the municipalities for which it holds; none: all.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["GM0363"]))]
    municipalities: Vec<String>,
    /// For whom it is meant; none: everybody.
    #[serde(default)]
    #[schema(max_items = 20)]
    perspectives: Vec<Perspective>,
    /// Its title.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// What it says.
    #[schema(min_items = 1, max_items = 20)]
    body: Vec<TextVariant>,
    /// Where it leads.
    #[serde(default)]
    #[schema(max_items = 20)]
    links: Vec<PageLink>,
}

patch_of!(
    /// What to change of an information page.
    InformationPagePatch of InformationPageCreate, fixed "organisationId"
);

/// An information page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InformationPage {
    /// Its id.
    id: Uuid,
    #[serde(flatten)]
    content: InformationPageCreate,
    /// Where it stands.
    status: PageStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["withdrawn"]))]
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
    /// A page of information pages.
    InformationPagePage of InformationPage
);

/// Which information pages to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct InformationPageQuery {
    /// Only this organisation's.
    organisation_id: Option<Uuid>,
    /// Only those that hold in this municipality (CBS code).
    #[param(pattern = "^GM[0-9]{4}$", example = "GM0363")]
    municipality: Option<String>,
    /// Only those meant for people in this perspective.
    perspective: Option<Perspective>,
    /// Only on these topics.
    #[param(max_items = 10)]
    topic: Option<Vec<InformationTopic>>,
}

impl InformationPageCreate {
    fn into_domain(self, id: Uuid, status: PageStatus) -> Result<Domain, Refusal> {
        let Self { organisation_id, topic, municipalities, perspectives, title, body, links } = self;
        let mut reading = Reading::default();
        let links = links.into_iter().enumerate().map(|(index, link)| DomainLink {
            label: reading.texts(&format!("/links/{index}/label"), link.label),
            url: link.url,
        });
        let links = links.collect();
        let (title, body) = (reading.texts("/title", title), reading.texts("/body", body));
        let made = Domain { id, organisation_id, topic, municipalities, perspectives, title, body, links, status };
        let mut faults = reading.faults;
        faults.extend(made.check());
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl From<Domain> for InformationPageCreate {
    fn from(page: Domain) -> Self {
        let Domain { id: _, organisation_id, topic, municipalities, perspectives, title, body, links, status: _ } =
            page;
        let links = links.into_iter().map(|link| PageLink { label: to_wire(&link.label), url: link.url });
        let (title, body, links) = (to_wire(&title), to_wire(&body), links.collect());
        Self { organisation_id, topic, municipalities, perspectives, title, body, links }
    }
}

fn view(stored: Stored<Domain>, roles: Roles) -> InformationPage {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let (id, status) = (value.id, value.status);
    let allowed_transitions = lifecycle::open_codes(status, roles);
    InformationPage { id, content: value.into(), status, allowed_transitions, created_at, updated_at, etag: None }
}

fn place(page: &Domain) -> Place {
    Place::of_organisation(page.organisation_id)
}

/// Find information pages
///
/// On rights, procedures and where to go, for a municipality and a perspective,
/// in one call. Everybody sees what is published; its writers see their drafts too.
#[utoipa::path(operation_id = "listInformationPages", tag = "Information",
    params(InformationPageQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = InformationPagePage)))]
#[get("/information-pages")]
pub(super) async fn list_information_pages(call: Call<op::ListInformationPages>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<InformationPageQuery>()?;
    let filter = pages::PageFilter {
        organisation: query.organisation_id,
        municipality: query.municipality,
        perspective: query.perspective,
        topics: query.topic.unwrap_or_default(),
        written_by: call.caller().organisations_of(&[Standing::Manager, Standing::Officer, Standing::Client]),
    };
    let page = pages::list(call.reader(), &filter, &request).await?;
    let caller = call.caller().clone();
    call.page(page.map(|found| {
        let roles = place(&found.value).roles_of(&caller);
        view(found, roles)
    }))
}

/// Read an information page
#[utoipa::path(operation_id = "getInformationPage", tag = "Information",
    responses((status = 200, description = "The page", body = InformationPage)))]
#[get("/information-pages/{pageId}")]
pub(super) async fn get_information_page(call: Call<op::GetInformationPage>) -> Result<Answer, Problem> {
    let found = pages::find(call.reader(), call.id("pageId")?).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&place(&found.value))?;
    if !found.value.may_be_seen(permit.roles()) {
        return Err(Refusal::Hidden.into());
    }
    Ok(Answer::resource(found.version, &view(found, permit.roles())))
}

/// Make an information page
///
/// It starts as a draft, which only the organisation's own people see.
#[utoipa::path(operation_id = "createInformationPage", tag = "Information", request_body = InformationPageCreate,
    responses((status = 201, description = "Made", body = InformationPage)))]
#[post("/information-pages")]
pub(super) async fn create_information_page(call: Call<op::CreateInformationPage>) -> Result<Answer, Problem> {
    let new: InformationPageCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &InformationPageCreate) -> Result<Answer, Failure> {
    let permit = named::authorised(tx, "/organisationId", new.organisation_id).await?;
    let made = new.clone().into_domain(tx.new_id(), PageStatus::Draft)?;
    let stored = pages::insert(tx, made).await?;
    let location = format!("/v1/information-pages/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, permit.roles())))
}

/// Change an information page
///
/// A variant that stays as it was while the default changed is marked stale.
#[utoipa::path(operation_id = "updateInformationPage", tag = "Information", request_body(
    content((InformationPagePatch = "application/merge-patch+json"), (InformationPagePatch = "application/json"))),
    responses((status = 200, description = "Changed", body = InformationPage)))]
#[patch("/information-pages/{pageId}")]
pub(super) async fn update_information_page(call: Call<op::UpdateInformationPage>) -> Result<Answer, Problem> {
    let input = (call.id("pageId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let content: InformationPageCreate = patch::apply(&InformationPageCreate::from(found.value.clone()), merge)?;
    let changed = found.value.revised(content.into_domain(id, found.value.status)?);
    tx.fresh(found.version)?;
    found.value.may_change()?;
    let stored = pages::save(tx, found.with(changed)).await?;
    Ok(Answer::resource(stored.version, &view(stored, roles)))
}

/// Delete a draft
///
/// Only a draft can be deleted; what was published is withdrawn.
#[utoipa::path(operation_id = "deleteInformationPage", tag = "Information",
    responses((status = 204, description = "Deleted")))]
#[delete("/information-pages/{pageId}")]
pub(super) async fn delete_information_page(call: Call<op::DeleteInformationPage>) -> Result<Answer, Problem> {
    call.command(call.id("pageId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id).await?;
    tx.fresh(found.version)?;
    found.value.may_be_deleted()?;
    pages::delete(tx, &found.value).await?;
    Ok(Answer::nothing())
}

/// Publish or withdraw an information page
#[utoipa::path(operation_id = "createInformationPageTransition", tag = "Information",
    request_body(content = TransitionCreate, example = json!({"to": "published"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/information-pages/{pageId}/transitions")]
pub(super) async fn create_information_page_transition(
    call: Call<op::CreateInformationPageTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("pageId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let to: PageStatus = asked.state()?;
    let from = found.value.status;
    let status = decided(tx, found.version, lifecycle::take(from, to, roles, asked.reason.as_deref()))?;
    let stored = pages::save(tx, found.with(Domain { status, ..found.value.clone() })).await?;
    let steps = (from.code(), status.code());
    let made = history::record(tx, (pages::KIND, id), steps, asked.reason.as_deref()).await?;
    let location = format!("/v1/information-pages/{id}/transitions");
    let version = stored.version;
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, roles)))
}

/// List the moves of an information page
#[utoipa::path(operation_id = "listInformationPageTransitions", tag = "Information", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/information-pages/{pageId}/transitions")]
pub(super) async fn list_information_page_transitions(
    call: Call<op::ListInformationPageTransitions>,
) -> Result<Answer, Problem> {
    let found = pages::find(call.reader(), call.id("pageId")?).await?.ok_or(Refusal::Hidden)?;
    let roles = place(&found.value).roles_of(call.caller());
    if !found.value.may_be_seen(roles) {
        return Err(Refusal::Hidden.into());
    }
    call.authorise(&place(&found.value))?;
    let (_, request) = call.listing::<Paging>()?;
    let page = history::list(call.reader(), (pages::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// The page, for a command on it, and what the caller is towards it.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Roles), Failure> {
    let found = pages::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    if !found.value.may_be_seen(place(&found.value).roles_of(tx.caller())) {
        return Err(Refusal::Hidden.into());
    }
    let permit = tx.authorise(&place(&found.value)).await?;
    Ok((found, permit.roles()))
}
