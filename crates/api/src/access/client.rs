//! Clients: machines that call for one organisation.

use actix_web::{get, patch, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::access::{Client as Domain, ClientScope, ClientStatus, operations as op};
use klankbord_domain::policy::{Place, Roles, Standing};
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::access::clients;
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::organisations::named;
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging, page};
use crate::web::patch::{self, patch_of};
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// What a client is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientCreate {
    /// The organisation that it works for. It reaches no other's things.
    organisation_id: Uuid,
    /// What it is called, for those who keep it.
    #[schema(min_length = 1, max_length = 100, example = "Koppeling cliëntvolgsysteem")]
    name: String,
    /// What it may do for its organisation.
    #[schema(min_items = 1, max_items = 50, example = json!(["networks:read", "consultations:read"]))]
    scopes: Vec<ClientScope>,
}

patch_of!(
    /// What to change of a client.
    ClientPatch of ClientCreate, fixed "organisationId"
);

/// A client: a machine that calls for one organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Its id: the `client_id` at `/oauth/token`.
    id: Uuid,
    #[serde(flatten)]
    content: ClientCreate,
    /// Where it stands.
    status: ClientStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["revoked"]))]
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
    /// A page of clients.
    ClientPage of Client
);

/// Which clients to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ClientQuery {
    /// Only this organisation's.
    organisation_id: Option<Uuid>,
}

impl ClientCreate {
    fn into_domain(self, id: Uuid, status: ClientStatus) -> Result<Domain, Refusal> {
        let Self { organisation_id, name, scopes } = self;
        let made = Domain { id, organisation_id, name, scopes, status };
        Refusal::unless_clean(made.check())?;
        Ok(made)
    }
}

impl From<Domain> for ClientCreate {
    fn from(client: Domain) -> Self {
        let Domain { id: _, organisation_id, name, scopes, status: _ } = client;
        Self { organisation_id, name, scopes }
    }
}

fn view(stored: Stored<Domain>, roles: Roles) -> Client {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let (id, status) = (value.id, value.status);
    let allowed_transitions = lifecycle::open_codes(status, roles);
    Client { id, content: value.into(), status, allowed_transitions, created_at, updated_at, etag: None }
}

/// Where a client stands: with its organisation.
pub(super) fn place(client: &Domain) -> Place {
    Place::of_organisation(client.organisation_id)
}

/// List clients
///
/// Those of the organisations whose manager you are.
#[utoipa::path(operation_id = "listClients", tag = "Machines", params(ClientQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = ClientPage)))]
#[get("/clients")]
pub(super) async fn list_clients(call: Call<op::ListClients>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<ClientQuery>()?;
    let mut kept = call.caller().organisations_of(&[Standing::Manager]);
    kept.retain(|id| query.organisation_id.is_none_or(|only| only == *id));
    let page = clients::list(call.reader(), &kept, &request).await?;
    let caller = call.caller().clone();
    call.page(page.map(|found| {
        let roles = place(&found.value).roles_of(&caller);
        view(found, roles)
    }))
}

/// Make a client
///
/// A machine that calls for your organisation. It reaches what its scopes name
/// and its organisation owns; never a council's room, raw answers, accounts or
/// roles. It calls with a credential, which you make next.
#[utoipa::path(operation_id = "createClient", tag = "Machines", request_body = ClientCreate,
    responses((status = 201, description = "Made", body = Client)))]
#[post("/clients")]
pub(super) async fn create_client(call: Call<op::CreateClient>) -> Result<Answer, Problem> {
    let new: ClientCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &ClientCreate) -> Result<Answer, Failure> {
    let permit = named::authorised(tx, "/organisationId", new.organisation_id).await?;
    let made = new.clone().into_domain(tx.new_id(), ClientStatus::Active)?;
    let stored = clients::insert(tx, made).await?;
    let location = format!("/v1/clients/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, permit.roles())))
}

/// Read a client
#[utoipa::path(operation_id = "getClient", tag = "Machines",
    responses((status = 200, description = "The client", body = Client)))]
#[get("/clients/{clientId}")]
pub(super) async fn get_client(call: Call<op::GetClient>) -> Result<Answer, Problem> {
    let found = clients::find(call.reader(), call.id("clientId")?).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&place(&found.value))?;
    Ok(Answer::resource(found.version, &view(found, permit.roles())))
}

/// Change a client
///
/// A scope that you take away ends at its next call, also for tokens that it
/// holds already.
#[utoipa::path(operation_id = "updateClient", tag = "Machines", request_body(
    content((ClientPatch = "application/merge-patch+json"), (ClientPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Client)))]
#[patch("/clients/{clientId}")]
pub(super) async fn update_client(call: Call<op::UpdateClient>) -> Result<Answer, Problem> {
    let input = (call.id("clientId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let content: ClientCreate = patch::apply(&ClientCreate::from(found.value.clone()), merge)?;
    let changed = content.into_domain(id, found.value.status)?;
    tx.fresh(found.version)?;
    found.value.may_change()?;
    let stored = clients::save(tx, found.with(changed)).await?;
    Ok(Answer::resource(stored.version, &view(stored, roles)))
}

/// Revoke a client
///
/// With the reason. All its credentials and tokens stop at its next call, for good.
#[utoipa::path(operation_id = "createClientTransition", tag = "Machines",
    request_body(content = TransitionCreate, example = json!({"to": "revoked", "reason": "De koppeling is beëindigd."})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/clients/{clientId}/transitions")]
pub(super) async fn create_client_transition(call: Call<op::CreateClientTransition>) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("clientId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let to: ClientStatus = asked.state()?;
    let from = found.value.status;
    let taken = decided(tx, found.version, lifecycle::take(from, to, roles, asked.reason.as_deref()))?;
    let stored = clients::save(tx, found.with(Domain { status: taken, ..found.value.clone() })).await?;
    let steps = (from.code(), taken.code());
    let made = history::record(tx, (clients::KIND, id), steps, asked.reason.as_deref()).await?;
    let location = format!("/v1/clients/{id}/transitions");
    let version = stored.version;
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, roles)))
}

/// List the moves of a client
#[utoipa::path(operation_id = "listClientTransitions", tag = "Machines", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/clients/{clientId}/transitions")]
pub(super) async fn list_client_transitions(call: Call<op::ListClientTransitions>) -> Result<Answer, Problem> {
    let found = clients::find(call.reader(), call.id("clientId")?).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&place(&found.value))?;
    let (_, request) = call.listing::<Paging>()?;
    let page = history::list(call.reader(), (clients::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// The client, for a command on it, and what the caller is towards it.
pub(super) async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Roles), Failure> {
    let found = clients::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let permit = tx.authorise(&place(&found.value)).await?;
    Ok((found, permit.roles()))
}
