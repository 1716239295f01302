//! Legal representatives: recorded by the organisation that registered the
//! person, by who saw the evidence.

use actix_web::{get, patch, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::access::granting;
use klankbord_domain::calendar::day_of;
use klankbord_domain::participants::operations as op;
use klankbord_domain::participants::{
    LegalRepresentative as Domain, Participant, Representation, RepresentationStatus,
};
use klankbord_domain::policy::{Operation, Roles, Standing};
use klankbord_domain::{Fault, Refusal, lifecycle};
use klankbord_persistence::access::{accounts, rights};
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::reading::witness_one;
use super::representative_wire::{
    LegalRepresentative, LegalRepresentativeCreate, LegalRepresentativePage, LegalRepresentativePatch, view,
};
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging};
use crate::web::patch;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// List a participant's legal representatives
///
/// Those who represent the person in law, or did. The read is written down.
#[utoipa::path(operation_id = "listLegalRepresentatives", tag = "Participants", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = LegalRepresentativePage)))]
#[get("/participants/{participantId}/legal-representatives")]
pub(super) async fn list_legal_representatives(call: Call<op::ListLegalRepresentatives>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (person, seen) = person(&call, call.id("participantId")?).await?;
    let page = representative::list(call.reader(), person.id, &request).await?;
    call.page(page.map(|one| view(one, &person, seen)))
}

/// Record a legal representative
///
/// By a manager or officer of the organisation that registered the participant.
/// There may be several. Authority over a child is recorded for whom is known not
/// to count as 16 yet, and ends on the day that they do; curatele, bewind and
/// mentorschap are for adults.
#[utoipa::path(operation_id = "createLegalRepresentative", tag = "Participants",
    request_body = LegalRepresentativeCreate,
    responses((status = 201, description = "Recorded", body = LegalRepresentative)))]
#[post("/participants/{participantId}/legal-representatives")]
pub(super) async fn create_legal_representative(call: Call<op::CreateLegalRepresentative>) -> Result<Answer, Problem> {
    let input: (Uuid, LegalRepresentativeCreate, NaiveDate) = (call.id("participantId")?, call.body()?, today(&call));
    call.command(input, |tx, (id, new, today)| create(tx, *id, new, *today).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &LegalRepresentativeCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let person = participant::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?.value;
    let roles = tx.authorise(&participant::place(tx, &person).await?).await?.roles();
    let recorder = tx.caller().account.ok_or(Refusal::Forbidden)?;
    let made = new.clone().into_domain((tx.new_id(), id), recorder);
    checked(tx, (None, &made), (&person, today)).await?;
    made.representation.kind.may_hold(person.age(), today)?;
    let stored = representative::insert(tx, made, person.organisation_id).await?;
    let location = format!("/v1/legal-representatives/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, &person, (roles, today))))
}

/// What is wrong with a record in what is asked, and in whom it names.
async fn checked(
    tx: &Tx,
    (old, new): (Option<&Domain>, &Domain),
    (person, today): (&Participant, NaiveDate),
) -> Result<(), Failure> {
    let unknown = |pointer: &str| Fault::body(pointer, "reference.unknown");
    let mut faults = new.check(person.account_id, today);
    let linked = new.account_id.filter(|id| old.and_then(|old| old.account_id) != Some(*id));
    if let Some(account) = linked
        && accounts::find(tx, account).await?.is_none_or(|account| account.disabled)
    {
        faults.push(unknown("/accountId"));
    }
    let witness = new.evidence.seen_by;
    let before = old.is_some_and(|old| old.evidence.seen_by == witness);
    if !before && tx.caller().account != Some(witness) {
        let speaks = [Standing::Manager, Standing::Officer];
        let held = rights::of_account(tx, witness).await?;
        if !held.is_some_and(|held| held.organisations_of(&speaks).contains(&person.organisation_id)) {
            faults.push(unknown("/evidence/seenBy"));
        }
    }
    Refusal::unless_clean(faults)?;
    // Who represents somebody may act for them: nobody gives themself that.
    match linked {
        Some(account) => Ok(granting::not_to_oneself(tx.caller(), account)?),
        None => Ok(()),
    }
}

/// Read a legal representative
///
/// The read is written down.
#[utoipa::path(operation_id = "getLegalRepresentative", tag = "Participants",
    responses((status = 200, description = "The record", body = LegalRepresentative)))]
#[get("/legal-representatives/{legalRepresentativeId}")]
pub(super) async fn get_legal_representative(call: Call<op::GetLegalRepresentative>) -> Result<Answer, Problem> {
    let found = find(&call).await?;
    let (person, seen) = person(&call, found.value.participant_id).await?;
    Ok(Answer::resource(found.version, &view(found, &person, seen)))
}

/// Change the record of a legal representative
///
/// Their name, their account, the period, the evidence. By what they represent
/// the person never changes: that is a new record.
#[utoipa::path(operation_id = "updateLegalRepresentative", tag = "Participants", request_body(
    content((LegalRepresentativePatch = "application/merge-patch+json", example = json!({"endsOn": "2027-11-01"})),
        (LegalRepresentativePatch = "application/json", example = json!({"endsOn": "2027-11-01"})))),
    responses((status = 200, description = "Changed", body = LegalRepresentative)))]
#[patch("/legal-representatives/{legalRepresentativeId}")]
pub(super) async fn update_legal_representative(call: Call<op::UpdateLegalRepresentative>) -> Result<Answer, Problem> {
    let input: (Uuid, Value, NaiveDate) = (call.id("legalRepresentativeId")?, call.body()?, today(&call));
    call.command(input, |tx, (id, changes, today)| update(tx, *id, changes, *today).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, changes: &Value, today: NaiveDate) -> Result<Answer, Failure> {
    let (found, person, roles) = load(tx, id).await?;
    let old = LegalRepresentativeCreate::from(found.value.clone());
    let content: LegalRepresentativeCreate = patch::apply(&old, changes)?;
    let new = content.into_domain((id, person.id), found.value.recorded_by);
    match checked(tx, (Some(&found.value), &new), (&person, today)).await {
        Err(Failure::Refused(Refusal::Conflict(code))) => {
            tx.fresh(found.version)?;
            return Err(Refusal::Conflict(code).into());
        }
        outcome => outcome?,
    }
    let next = decided(tx, found.version, found.value.change(new))?;
    let stored = representative::save(tx, found.with(next), person.organisation_id).await?;
    Ok(Answer::resource(stored.version, &view(stored, &person, (roles, today))))
}

/// End the record of a legal representative
///
/// With the reason. What they could do for the person ends at their next call.
#[utoipa::path(operation_id = "createLegalRepresentativeTransition", tag = "Participants",
    request_body(content = TransitionCreate, example = json!({"to": "ended", "reason": "Het gezag is beëindigd."})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/legal-representatives/{legalRepresentativeId}/transitions")]
pub(super) async fn create_legal_representative_transition(
    call: Call<op::CreateLegalRepresentativeTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate, NaiveDate) = (call.id("legalRepresentativeId")?, call.body()?, today(&call));
    call.command(input, |tx, (id, asked, today)| make_move(tx, *id, asked, *today).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let (found, person, roles) = load(tx, id).await?;
    let to: RepresentationStatus = asked.state()?;
    let from = found.value.representation.status;
    let status = decided(tx, found.version, lifecycle::take(from, to, roles, asked.reason.as_deref()))?;
    let representation = Representation { status, ..found.value.representation };
    let moved = found.with(Domain { representation, ..found.value.clone() });
    let stored = representative::save(tx, moved, person.organisation_id).await?;
    let steps = (from.code(), status.code());
    let made = history::record(tx, (representative::KIND, id), steps, asked.reason.as_deref()).await?;
    let (location, version) = (format!("/v1/legal-representatives/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, &person, (roles, today))))
}

/// List the moves of a legal representative's record
///
/// The read is written down.
#[utoipa::path(operation_id = "listLegalRepresentativeTransitions", tag = "Participants", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/legal-representatives/{legalRepresentativeId}/transitions")]
pub(super) async fn list_legal_representative_transitions(
    call: Call<op::ListLegalRepresentativeTransitions>,
) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let found = find(&call).await?;
    person(&call, found.value.participant_id).await?;
    let page = history::list(call.reader(), (representative::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

fn today<O: Operation>(call: &Call<O>) -> NaiveDate {
    day_of(call.now, call.app.config.time.zone)
}

async fn find<O: Operation>(call: &Call<O>) -> Result<Stored<Domain>, Problem> {
    let found = representative::find(call.reader(), call.id("legalRepresentativeId")?).await?;
    Ok(found.ok_or(Refusal::Hidden)?)
}

/// The person whom a query is about, for who may ask; witnessed.
async fn person<O: Operation>(call: &Call<O>, id: Uuid) -> Result<(Participant, (Roles, NaiveDate)), Problem> {
    let person = participant::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?.value;
    let permit = call.authorise(&participant::place(call.reader(), &person).await?)?;
    witness_one(call, person.organisation_id, person.id).await?;
    Ok((person, (permit.roles(), today(call))))
}

/// The record, for a command on it.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Participant, Roles), Failure> {
    let found = representative::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let person = participant::find(tx, found.value.participant_id).await?.ok_or(Refusal::Hidden)?.value;
    let roles = tx.authorise(&participant::place(tx, &person).await?).await?.roles();
    Ok((found, person, roles))
}
