//! What people ask of their own data (GDPR arts. 15–21): by themselves, by who
//! represents them, or written down by an officer; with a term, and an end.

use actix_web::{get, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::participants::{Channel, Participant};
use klankbord_domain::policy::{Caller, Operation, Place, Roles, Standing};
use klankbord_domain::privacy::{
    DataRequest as Domain, DataRequestAsker, DataRequestKind, DataRequestMove, DataRequestStatus, operations as op,
    own_voice,
};
use klankbord_persistence::experience::approach::{self, Ends};
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::data_request::{self, DataRequestFilter};
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use uuid::Uuid;

use super::consent::person;
use super::data_request_wire::{
    DataRequest, DataRequestCreate, DataRequestPage, DataRequestQuery, MyDataRequestCreate, view,
};
use super::erasure;
use super::states::terms;
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging};
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// What somebody is to the person whom a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Towards {
    pub(super) roles: Roles,
    /// Whether the person speaks for themself.
    pub(super) own_voice: bool,
}

impl Towards {
    fn of(person: &Participant, roles: Roles, terms: ConsentTerms) -> Self {
        Self { roles, own_voice: own_voice(person.age(), terms.from, terms.today) }
    }
}

/// List the requests that an organisation was put
///
/// About the data of its participants, for who answers them. With `overdue=true` those
/// past their term. The read is written down.
#[utoipa::path(operation_id = "listDataRequests", tag = "Privacy", params(DataRequestQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = DataRequestPage)))]
#[get("/organisations/{organisationId}/data-requests")]
pub(super) async fn list_data_requests(call: Call<op::ListDataRequests>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<DataRequestQuery>()?;
    let organisation = organisation::find(call.reader(), call.id("organisationId")?).await?.ok_or(Refusal::Hidden)?;
    let id = organisation.value.id;
    let permit = call.authorise(&Place::of_organisation(id))?;
    let terms = terms(&call);
    let filter = DataRequestFilter {
        organisation: Some(id),
        statuses: query.status.unwrap_or_default(),
        overdue_on: query.overdue.unwrap_or(false).then_some(terms.today),
        ..DataRequestFilter::default()
    };
    let page = data_request::list(call.reader(), &filter, &request).await?;
    let persons = page.items.iter().filter_map(|one| one.value.participant_id).collect();
    call.witness(id, ("organisation", id), persons).await?;
    let towards = Towards { roles: permit.roles(), own_voice: true };
    call.page(page.map(|one| view(one, towards, terms.today)))
}

/// List the requests about a participant's data
///
/// For the person, who represents them, and the organisation that registered them. The
/// read is written down.
#[utoipa::path(operation_id = "listParticipantDataRequests", tag = "Privacy",
    params(DataRequestQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = DataRequestPage)))]
#[get("/participants/{participantId}/data-requests")]
pub(super) async fn list_participant_data_requests(
    call: Call<op::ListParticipantDataRequests>,
) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<DataRequestQuery>()?;
    let (person, roles) = person(&call, call.id("participantId")?).await?;
    let terms = terms(&call);
    let filter = DataRequestFilter {
        participant: Some(person.id),
        statuses: query.status.unwrap_or_default(),
        overdue_on: query.overdue.unwrap_or(false).then_some(terms.today),
        ..DataRequestFilter::default()
    };
    let page = data_request::list(call.reader(), &filter, &request).await?;
    let towards = Towards::of(&person, roles, terms);
    call.page(page.map(|one| view(one, towards, terms.today)))
}

/// Ask something of a participant's data
///
/// The person themself, who represents them with `Acting-For`, or an officer who writes
/// down what was asked by phone or in person, and how it was checked who asks. The
/// organisation has a month. A restriction and an objection hold from now on: the person
/// isn't asked anything, until it is decided otherwise.
#[utoipa::path(operation_id = "createDataRequest", tag = "Privacy",
    request_body(content = DataRequestCreate, example = json!({
        "kind": "export", "channel": "phone", "identityCheck": "Teruggebeld op het bekende nummer."})),
    responses((status = 201, description = "Asked", body = DataRequest)))]
#[post("/participants/{participantId}/data-requests")]
pub(super) async fn create_data_request(call: Call<op::CreateDataRequest>) -> Result<Answer, Problem> {
    let input: (Uuid, DataRequestCreate, ConsentTerms) = (call.id("participantId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, new, terms)| create(tx, *id, new, *terms).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &DataRequestCreate, terms: ConsentTerms) -> Result<Answer, Failure> {
    let person = participant::find(tx, id).await?.ok_or(Refusal::Hidden)?.value;
    let roles = tx.authorise(&participant::place(tx, &person).await?).await?.roles();
    let request_id = tx.new_id();
    let asked_by = if roles.has(Standing::Representative) {
        DataRequestAsker::Representative
    } else if roles.has(Standing::Participant) && new.identity_check.is_none() {
        DataRequestAsker::Person
    } else {
        DataRequestAsker::Organisation
    };
    let received_on = new.received_on.unwrap_or(terms.today);
    let made = Domain {
        id: request_id,
        organisation_id: Some(person.organisation_id),
        participant_id: Some(id),
        account_id: None,
        kind: new.kind,
        status: DataRequestStatus::Received,
        asked_by,
        channel: new.channel,
        requested_by: tx.caller().account,
        details: new.details.clone(),
        identity_check: new.identity_check.clone(),
        received_on,
        due_on: Domain::due(received_on),
        decided_on: None,
    };
    Refusal::unless_clean(made.check(terms.today))?;
    if data_request::STOPS.contains(&made.kind) {
        // Nothing that still waits is asked of them.
        approach::end_of(tx, id, Ends::Waiting).await?;
    }
    let stored = data_request::insert(tx, made).await?;
    Ok(created(stored, Towards::of(&person, roles, terms), terms.today))
}

fn created(stored: Stored<Domain>, towards: Towards, today: NaiveDate) -> Answer {
    let location = format!("/v1/data-requests/{}", stored.value.id);
    Answer::created(location, stored.version, &view(stored, towards, today))
}

/// List what you asked of all that is your own
#[utoipa::path(operation_id = "listMyDataRequests", tag = "Privacy", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = DataRequestPage)))]
#[get("/me/data-requests")]
pub(super) async fn list_my_data_requests(call: Call<op::ListMyDataRequests>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    call.authorise(&Place::installation())?;
    let filter = match call.caller().by_code {
        Some(person) => DataRequestFilter { participant: Some(person), ..DataRequestFilter::default() },
        None => DataRequestFilter { account: Some(call.account()?), ..DataRequestFilter::default() },
    };
    let page = data_request::list(call.reader(), &filter, &request).await?;
    let today = terms(&call).today;
    call.page(page.map(|one| view(one, OWN, today)))
}

const OWN: Towards = Towards { roles: Roles::NONE.with(Standing::Participant), own_voice: true };

/// Ask something of all that is your own
///
/// Of your account, and of everything that you are with it, in every organisation. You
/// carry it out yourself: move it to `carried_out`. An erasure shows first what it does. Who is
/// too young to speak for themself asks the organisation that registered them. Who has no
/// account asks it of what that organisation keeps of them.
#[utoipa::path(operation_id = "createMyDataRequest", tag = "Privacy", request_body = MyDataRequestCreate,
    responses((status = 201, description = "Asked", body = DataRequest)))]
#[post("/me/data-requests")]
pub(super) async fn create_my_data_request(call: Call<op::CreateMyDataRequest>) -> Result<Answer, Problem> {
    if let Some(person) = call.caller().by_code {
        let input: (Uuid, MyDataRequestCreate, ConsentTerms) = (person, call.body()?, terms(&call));
        return call.command(input, |tx, (person, new, terms)| create_by_code(tx, *person, new, *terms).boxed()).await;
    }
    let input: (Uuid, MyDataRequestCreate, ConsentTerms) = (call.account()?, call.body()?, terms(&call));
    call.command(input, |tx, (account, new, terms)| create_own(tx, *account, new, *terms).boxed()).await
}

async fn create_own(tx: &Tx, account: Uuid, new: &MyDataRequestCreate, terms: ConsentTerms) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    // Nobody else answers what is asked of all that is one's own.
    let towards = own_towards(tx, account, terms).await?;
    if !towards.own_voice {
        return Err(Refusal::Conflict("data_request.ask_organisation").into());
    }
    let made = Domain {
        id: tx.new_id(),
        organisation_id: None,
        participant_id: None,
        account_id: Some(account),
        kind: new.kind.into(),
        status: DataRequestStatus::Received,
        asked_by: DataRequestAsker::Person,
        channel: Channel::Internet,
        requested_by: Some(account),
        details: None,
        identity_check: None,
        received_on: terms.today,
        due_on: Domain::due(terms.today),
        decided_on: None,
    };
    let stored = data_request::insert(tx, made).await?;
    Ok(created(stored, towards, terms.today))
}

/// Without an account, what is one's own is what one organisation keeps of the person.
async fn create_by_code(
    tx: &Tx,
    person: Uuid,
    new: &MyDataRequestCreate,
    terms: ConsentTerms,
) -> Result<Answer, Failure> {
    let found = participant::find(tx, person).await?.ok_or(Refusal::Hidden)?.value;
    if !own_voice(found.age(), terms.from, terms.today) {
        return Err(Refusal::Conflict("data_request.ask_organisation").into());
    }
    create(tx, person, &DataRequestCreate::of_kind(new.kind.into()), terms).await
}

/// What somebody is to all that is their own.
async fn own_towards(source: &impl Source, account: Uuid, terms: ConsentTerms) -> Result<Towards, Failure> {
    let persons = participant::of_account(source, account).await?;
    let of_age = persons.iter().all(|person| own_voice(person.age(), terms.from, terms.today));
    Ok(Towards { own_voice: of_age, ..OWN })
}

/// Read a request
///
/// The read is written down.
#[utoipa::path(operation_id = "getDataRequest", tag = "Privacy",
    responses((status = 200, description = "The request", body = DataRequest)))]
#[get("/data-requests/{dataRequestId}")]
pub(super) async fn get_data_request(call: Call<op::GetDataRequest>) -> Result<Answer, Problem> {
    let (found, towards) = read(&call).await?;
    Ok(Answer::resource(found.version, &view(found, towards, terms(&call).today)))
}

/// Move a request along
///
/// Carry it out, say that it takes longer and why, refuse it with the reason, or take it
/// back. Who speaks for themself carries out their own export, restriction, objection and
/// erasure; the rest is for an officer. An erasure can't be undone: see its plan first.
#[utoipa::path(operation_id = "createDataRequestTransition", tag = "Privacy",
    request_body(content = TransitionCreate, example = json!({"to": "carried_out"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/data-requests/{dataRequestId}/transitions")]
pub(super) async fn create_data_request_transition(
    call: Call<op::CreateDataRequestTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate, ConsentTerms) = (call.id("dataRequestId")?, call.body()?, terms(&call));
    let erases = input.1.to == DataRequestStatus::CarriedOut.code();
    let answer = call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, *terms).boxed()).await?;
    if erases {
        erasure::clean_up(&call.app.store).await;
    }
    Ok(answer)
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, terms: ConsentTerms) -> Result<Answer, Failure> {
    let found = data_request::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let (place, person) = place_of(tx, tx.caller(), &found.value).await?;
    let roles = tx.authorise(&place).await?.roles();
    let towards = towards(tx, (&found.value, person.as_ref()), roles, terms).await?;
    let to: DataRequestStatus = asked.state()?;
    let from = found.value.status;
    let by =
        DataRequestMove { roles, own_voice: towards.own_voice, reason: asked.reason.as_deref(), today: terms.today };
    let next = decided(tx, found.version, found.value.clone().take(to, by))?;
    let erases = next.status == DataRequestStatus::CarriedOut && next.kind == DataRequestKind::Erasure;
    let stored = data_request::save(tx, found.with(next)).await?;
    let steps = (from.code(), stored.value.status.code());
    let made = history::record(tx, (data_request::KIND, id), steps, asked.reason.as_deref()).await?;
    let mut stored = stored;
    if erases {
        erasure::carry_out(tx, &stored.value).await?;
        // What was said with it is gone by now.
        stored.value = Domain { details: None, identity_check: None, ..stored.value };
    }
    let (location, version) = (format!("/v1/data-requests/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, towards, terms.today)))
}

/// List the moves of a request
///
/// The read is written down.
#[utoipa::path(operation_id = "listDataRequestTransitions", tag = "Privacy", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/data-requests/{dataRequestId}/transitions")]
pub(super) async fn list_data_request_transitions(
    call: Call<op::ListDataRequestTransitions>,
) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = history::list(call.reader(), (data_request::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// The request that a query names, for who may know of it; witnessed.
pub(super) async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Towards), Problem> {
    let found = data_request::find(call.reader(), call.id("dataRequestId")?).await?.ok_or(Refusal::Hidden)?;
    let towards = seen(call, &found.value).await?;
    Ok((found, towards))
}

/// What the caller is to a request that they may know of; witnessed.
async fn seen<O: Operation>(call: &Call<O>, request: &Domain) -> Result<Towards, Problem> {
    let (place, person) = place_of(call.reader(), call.caller(), request).await?;
    let roles = call.authorise(&place)?.roles();
    match (&person, request.organisation_id, request.participant_id) {
        (Some(person), ..) => crate::participants::witness_one(call, person.organisation_id, person.id).await?,
        (None, Some(organisation), Some(erased)) => {
            call.witness(organisation, (data_request::KIND, request.id), vec![erased]).await?;
        }
        (None, ..) => {}
    }
    Ok(towards(call.reader(), (request, person.as_ref()), roles, terms(call)).await?)
}

/// Where a request stands: with its person; of who was erased, with the organisation;
/// of all that is somebody's own, with them.
pub(super) async fn place_of(
    source: &impl Source,
    caller: &Caller,
    request: &Domain,
) -> Result<(Place, Option<Participant>), Failure> {
    let person = match request.participant_id {
        Some(id) => participant::find(source, id).await?.map(|found| found.value),
        None => None,
    };
    let place = match (&person, request.organisation_id) {
        (Some(person), _) => participant::place(source, person).await?,
        (None, Some(organisation)) => Place::of_organisation(organisation),
        (None, None) => {
            let own = caller.account.is_some() && caller.account == request.account_id && caller.acting_for.is_none();
            Place { also: if own { OWN.roles } else { Roles::NONE }, ..Place::installation() }
        }
    };
    Ok((place, person))
}

async fn towards(
    source: &impl Source,
    (request, person): (&Domain, Option<&Participant>),
    roles: Roles,
    terms: ConsentTerms,
) -> Result<Towards, Failure> {
    match (person, request.account_id) {
        (Some(person), _) => Ok(Towards::of(person, roles, terms)),
        (None, Some(account)) => Ok(Towards { roles, ..own_towards(source, account, terms).await? }),
        (None, None) => Ok(Towards { roles, own_voice: true }),
    }
}
