//! Participants: persons who take part, with or without an account.

use actix_web::{get, patch, post, web::Data};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::access::granting;
use klankbord_domain::networks::Expertise;
use klankbord_domain::participants::operations::{self as op, READERS};
use klankbord_domain::participants::{Contact, ContactOf, ContactVerification, OF_OWN_VOICE, Participant as Domain};
use klankbord_domain::policy::{Operation, Permit, Place, SPEAKERS, Standing};
use klankbord_domain::privacy::{DataRequestKind, own_voice};
use klankbord_domain::{Fault, Refusal, calendar};
use klankbord_persistence::access::accounts;
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::participant::{self, ParticipantFilter, Sight};
use klankbord_persistence::participants::{representative, verification};
use klankbord_persistence::privacy::data_request;
use klankbord_persistence::{Failure, Page, Source, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::reading::{witness_nobody, witness_one, witness_page};
use super::wire::{
    Participant, ParticipantCreate, ParticipantPage, ParticipantPatch, ParticipantQuery, ParticipantSearch, listed,
    whole,
};
use crate::app::App;
use crate::organisations::named;
use crate::web::call::unknown_reference;
use crate::web::page::{Ordering, Paging};
use crate::web::patch;
use crate::web::{Answer, Call, Problem};

/// List participants
///
/// Those whom you may read: your organisation's, those in the networks that you
/// run, yourself. Without contact details and birth. The read is written down.
#[utoipa::path(operation_id = "listParticipants", tag = "Participants", params(ParticipantQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = ParticipantPage)))]
#[get("/participants")]
pub(super) async fn list_participants(call: Call<op::ListParticipants>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<ParticipantQuery>()?;
    let mut sight = Sight::of(call.reader(), call.caller()).await?;
    if let Some(id) = query.network_id
        && !reads_members(&call, id).await?
    {
        // Who else is in there, they don't learn.
        sight = Sight { persons: sight.persons, ..Sight::default() };
    }
    let filter = ParticipantFilter {
        organisation: query.organisation_id,
        network: query.network_id,
        ..ParticipantFilter::default()
    };
    let page = participant::list(call.reader(), &sight, &filter, &request).await?;
    shown(&call, page).await
}

/// Find participants
///
/// By e-mail address or name, in one organisation, among those whom you may read;
/// by address among those whose record you keep.
/// The search is written down, also when it finds nobody.
#[utoipa::path(operation_id = "searchParticipants", tag = "Participants", params(Paging),
    request_body = ParticipantSearch,
    responses((status = 200, description = "A page", body = ParticipantPage)))]
#[post("/participants/_search")]
pub(super) async fn search_participants(call: Call<op::SearchParticipants>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let search: ParticipantSearch = call.body()?;
    if search.email_address.is_none() && search.display_name.is_none() {
        return Err(Refusal::invalid("", "search.empty").into());
    }
    let sight = Sight::of(call.reader(), call.caller()).await?;
    if !participant::registers_any(call.reader(), &sight, search.organisation_id).await? {
        return Err(unknown_reference("/organisationId").into());
    }
    let sight = match search.email_address {
        Some(_) => Sight::of_keeper(call.reader(), call.caller()).await?,
        None => sight,
    };
    let filter = ParticipantFilter {
        organisation: Some(search.organisation_id),
        network: None,
        email_address: search.email_address,
        display_name: search.display_name,
    };
    let page = participant::list(call.reader(), &sight, &filter, &request).await?;
    if page.items.is_empty() {
        witness_nobody(&call, search.organisation_id).await?;
    }
    shown(&call, page).await
}

/// A page of persons, after the reading of it is written down.
async fn shown<O: Operation>(call: &Call<O>, page: Page<Stored<Domain>>) -> Result<Answer, Problem> {
    let persons = page.items.iter().map(|found| (found.value.organisation_id, found.value.id));
    witness_page(call, persons).await?;
    let caller = call.caller().clone();
    call.page(page.map(|one| listed(one, &caller)))
}

/// Whether the caller may know who is in this network.
async fn reads_members<O: Operation>(call: &Call<O>, id: Uuid) -> Result<bool, Problem> {
    let Some(found) = network::find(call.reader(), id).await? else { return Ok(false) };
    let place = network::place(call.reader(), &found.value).await?;
    Ok(place.roles_of(call.caller()).has_any(READERS))
}

/// Register a participant
///
/// With or without an account: many are reached by telephone or in person.
/// Contact details are kept sealed.
#[utoipa::path(operation_id = "createParticipant", tag = "Participants", request_body = ParticipantCreate,
    responses((status = 201, description = "Registered", body = Participant)))]
#[post("/participants")]
pub(super) async fn create_participant(call: Call<op::CreateParticipant>) -> Result<Answer, Problem> {
    let input: (Data<App>, ParticipantCreate) = (call.app.clone(), call.body()?);
    call.command(input, |tx, (app, new)| create(tx, app, new).boxed()).await
}

async fn create(tx: &Tx, app: &App, new: &ParticipantCreate) -> Result<Answer, Failure> {
    let permit = named::authorised(tx, "/organisationId", new.organisation_id).await?;
    let today = calendar::day_of(tx.now(), app.config.time.zone);
    let (made, contact) = new.clone().into_domain(tx.new_id(), today)?;
    if let Some(contact) = &contact {
        contact.may_be_kept(made.age(), &[], today)?;
    }
    check_account(tx, None, &made).await?;
    let stored = participant::insert(tx, made, contact.as_ref()).await?;
    let location = format!("/v1/participants/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &whole(stored, (contact, Vec::new()), tx.caller(), permit.roles())))
}

/// Read a participant
///
/// With birth and contact details for who keeps the record, and for the person;
/// who facilitates, or is a council's secretary, is told how to reach those who
/// want to be called or visited; a machine, where its scope lets it register
/// people. The read is written down.
#[utoipa::path(operation_id = "getParticipant", tag = "Participants",
    responses((status = 200, description = "The participant", body = Participant)))]
#[get("/participants/{participantId}")]
pub(super) async fn get_participant(call: Call<op::GetParticipant>) -> Result<Answer, Problem> {
    let found = participant::find(call.reader(), call.id("participantId")?).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&participant::place(call.reader(), &found.value).await?)?;
    witness_one(&call, found.value.organisation_id, found.value.id).await?;
    let contact = participant::contact(call.reader(), found.value.id).await?;
    let today = calendar::day_of(call.now, call.app.config.time.zone);
    let contact = holding(call.reader(), &found.value, contact, today).await?;
    let contact = with_verified(call.reader(), found.value.id, contact).await?;
    Ok(Answer::resource(found.version, &whole(found, contact, call.caller(), permit.roles())))
}

/// The contact details, as long as they may be used: those of who represented a child
/// are gone on the day on which it counts as 16, whether or not the clock came by.
pub(super) async fn holding(
    source: &impl Source,
    person: &Domain,
    contact: Option<Contact>,
    today: NaiveDate,
) -> Result<Option<Contact>, Failure> {
    let held = representative::of_participant(source, person.id).await?;
    Ok(contact.filter(|contact| contact.holds(person.age(), &held, today)))
}

/// The contact details with what was checked of them.
async fn with_verified(
    source: &impl Source,
    person: Uuid,
    contact: Option<Contact>,
) -> Result<(Option<Contact>, Vec<ContactVerification>), Failure> {
    let verified = match &contact {
        Some(contact) => verification::of(source, person, contact).await?,
        None => Vec::new(),
    };
    Ok((contact, verified))
}

/// Where a participant stands.
///
/// # Errors
/// 404 when there is none.
pub(crate) async fn place(source: &impl Source, id: Uuid) -> Result<Place, Failure> {
    let found = participant::find(source, id).await?.ok_or(Refusal::Hidden)?;
    participant::place(source, &found.value).await
}

/// Change a participant
///
/// For the organisation that registered them, for themselves, and for who
/// represents them, who can't change their birth; nor can a child. Contact details that a
/// representative writes down are the representative's. Only the organisation links an
/// account, and only the person unlinks it; it alone notes that somebody was trained.
#[utoipa::path(operation_id = "updateParticipant", tag = "Participants", request_body(
    content((ParticipantPatch = "application/merge-patch+json", example = json!({"displayName": "Zonnebloem"})),
        (ParticipantPatch = "application/json", example = json!({"displayName": "Zonnebloem"})))),
    responses((status = 200, description = "Changed", body = Participant)))]
#[patch("/participants/{participantId}")]
pub(super) async fn update_participant(call: Call<op::UpdateParticipant>) -> Result<Answer, Problem> {
    let input: (Data<App>, Uuid, Value) = (call.app.clone(), call.id("participantId")?, call.body()?);
    call.command(input, |tx, (app, id, changes)| update(tx, app, *id, changes).boxed()).await
}

async fn update(tx: &Tx, app: &App, id: Uuid, changes: &Value) -> Result<Answer, Failure> {
    let today = calendar::day_of(tx.now(), app.config.time.zone);
    let (found, contact, permit) = load(tx, id).await?;
    let contact = holding(tx, &found.value, contact, today).await?;
    let before = contact.clone();
    let old = ParticipantCreate::of(found.value.clone(), contact).base_of(changes);
    let content: ParticipantCreate = patch::apply(&old, changes)?;
    let relinked = content.account_id != found.value.account_id;
    // Once linked, only the person unlinks: what they are in councils and
    // elsewhere goes with their account.
    let may_link = match found.value.account_id {
        None => permit.roles().has_any(SPEAKERS),
        Some(_) => content.account_id.is_none() && permit.roles().has(Standing::Participant),
    };
    if relinked && !may_link {
        return Err(Refusal::Forbidden.into());
    }
    let (next, contact) = content.into_domain(id, today)?;
    let next = Domain { turned: found.value.turned, ..next };
    // That somebody was trained is noted by who registers them: rates hang on it.
    let trained = |person: &Domain| person.expertise.contains(&Expertise::ExpertByExperience);
    if trained(&next) && !trained(&found.value) && !permit.roles().has_any(SPEAKERS) {
        return Err(Refusal::Forbidden.into());
    }
    // With the birth a representative would move the day on which they stop being one;
    // a child, the day from which on nobody is asked for it any more.
    let a_child = !own_voice(found.value.age(), OF_OWN_VOICE, today);
    let represents = permit.roles().has(Standing::Representative);
    let keeps_birth = represents || (a_child && !permit.roles().has_any(SPEAKERS));
    if keeps_birth && next.birth != found.value.birth {
        return Err(Refusal::Forbidden.into());
    }
    let contact = whose(contact, (before.as_ref(), changes), represents)?;
    if let Some(contact) = contact.as_ref().filter(|_| before != contact) {
        contact.may_be_kept(next.age(), &representative::of_participant(tx, id).await?, today)?;
    }
    let linked = check_account(tx, Some(&found.value), &next).await;
    if let Err(Failure::Refused(Refusal::Invalid(_))) = &linked {
        return linked.map(|()| Answer::nothing());
    }
    tx.fresh(found.version)?;
    linked?;
    // Data under a restriction is kept, and nothing else is done with it but by the person.
    let own = [Standing::Participant, Standing::Representative];
    let restricted = data_request::stopped(tx, &[id], &[DataRequestKind::Restriction]).await?;
    if restricted.contains(&id) && !permit.roles().has_any(&own) {
        return Err(Refusal::Conflict("participant.restricted").into());
    }
    let stored = participant::save(tx, found.with(next), contact.as_ref()).await?;
    let contact = with_verified(tx, id, contact).await?;
    Ok(Answer::resource(stored.version, &whole(stored, contact, tx.caller(), permit.roles())))
}

/// Whose the details are that somebody wrote down: those that a representative writes are
/// theirs, and end with what they are to the person.
fn whose(
    contact: Option<Contact>,
    (before, changes): (Option<&Contact>, &Value),
    represents: bool,
) -> Result<Option<Contact>, Refusal> {
    if !represents || contact.as_ref() == before {
        return Ok(contact);
    }
    if changes.pointer("/contact/whose").and_then(Value::as_str) == Some(ContactOf::Person.code()) {
        return Err(Refusal::Forbidden);
    }
    Ok(contact.map(|contact| Contact { whose: ContactOf::Representative, ..contact }))
}

async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Option<Contact>, Permit), Failure> {
    let found = participant::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let permit = tx.authorise(&participant::place(tx, &found.value).await?).await?;
    let contact = participant::contact(tx, id).await?;
    Ok((found, contact, permit))
}

/// Checks an account that is newly linked: it exists, and isn't the caller's
/// own. Whoever is a participant is what that participant is, so that linking
/// oneself would be granting oneself a role.
async fn check_account(tx: &Tx, old: Option<&Domain>, new: &Domain) -> Result<(), Failure> {
    let fresh = new.account_id.filter(|id| old.and_then(|old| old.account_id) != Some(*id));
    let Some(account) = fresh else { return Ok(()) };
    let known = accounts::find(tx, account).await?.filter(|account| !account.disabled);
    let fault = Fault::body("/accountId", "reference.unknown");
    Refusal::unless_clean(if known.is_some() { Vec::new() } else { vec![fault] })?;
    Ok(granting::not_to_oneself(tx.caller(), account)?)
}
