//! The call list and the visit list: people who are invited and don't want mail, and the
//! calls and visits that were tried.

use actix_web::{get, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::participants::operations as op;
use klankbord_domain::participants::{Membership, Participant, waits};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::contact_attempt::{self, ContactAttempt as Kept};
use klankbord_persistence::participants::{membership, membership_invitation, participant};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::contact_wire::{
    ContactAttempt, ContactAttemptCreate, ContactAttemptPage, ContactListPage, ContactListQuery, TABLE, entry,
};
use super::inviting::{Terms, reachable};
use super::member::person_of;
use super::membership::{load_room, read};
use super::reading::others;
use crate::networks::seen;
use crate::web::page::Paging;
use crate::web::{Answer, Call, Problem};

/// List whom to call, or to visit
///
/// Those who are invited to the network, didn't answer, and chose to be called or visited:
/// the call list (bellijst) and the visit list (bezoeklijst), as `text/csv` up to 10,000.
/// Who waits longest since somebody tried comes first, and before them who is due by a
/// reminder. Of who may not be reached today no number and no address is shown. People
/// whom another organisation registered are reached by that organisation and aren't here.
/// For who keeps the network's list of members; in a council only the chair. The read is
/// written down.
#[utoipa::path(operation_id = "listContactList", tag = "Memberships", params(ContactListQuery, Paging),
    responses((status = 200, description = "A page", content((ContactListPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/networks/{networkId}/contact-list")]
pub(super) async fn list_contact_list(call: Call<op::ListContactList>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    call.authorise(&place)?;
    let (query, request) = call.listing::<ContactListQuery>()?;
    let (network, terms) = (found.value, Terms::of(&call.app, call.now));
    let whom = (network.host_id, query.channel);
    let page = membership_invitation::waiting(call.reader(), network.id, whom, &request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|one| one.membership_id).collect();
    let members = membership::by_id(call.reader(), &ids).await?;
    let persons: Vec<Uuid> = members.values().filter_map(|one| person_of(one.member)).collect();
    let persons = participant::by_id(call.reader(), &persons).await?;
    let known: Vec<&Participant> = persons.values().collect();
    call.witness(network.host_id, (network::KIND, network.id), others(&call, persons.keys().copied())).await?;
    let contacts = reachable(call.reader(), &known, terms.consent).await?;
    let tried = contact_attempt::counts(call.reader(), &ids).await?;
    let person = |one: &Membership| person_of(one.member).and_then(|id| persons.get(&id));
    let page = page.try_map(|one| {
        let gone = || Failure::Broken(format!("membership {} has no person", one.membership_id));
        let person = members.get(&one.membership_id).and_then(person).ok_or_else(gone)?;
        let attempts = tried.get(&one.membership_id).copied().unwrap_or_default();
        Ok(entry(&one, person, contacts.get(&person.id).cloned(), attempts))
    })?;
    call.page_or_table(page)
}

/// Note a call or a visit
///
/// To somebody who is invited. Who was reached and answered is moved along as ever
/// (`createMembershipTransition`): it counts as much as an answer by internet.
#[utoipa::path(operation_id = "createContactAttempt", tag = "Memberships",
    request_body(content = ContactAttemptCreate, example = json!({"channel": "phone", "outcome": "call_back", "note": "Liever na zes uur."})),
    responses((status = 201, description = "Noted", body = ContactAttempt)))]
#[post("/memberships/{membershipId}/contact-attempts")]
pub(super) async fn create_contact_attempt(call: Call<op::CreateContactAttempt>) -> Result<Answer, Problem> {
    let today = day_of(call.now, call.app.config.time.zone);
    let input: (Uuid, ContactAttemptCreate, NaiveDate) = (call.id("membershipId")?, call.body()?, today);
    call.command(input, |tx, (id, new, today)| note(tx, *id, new, *today).boxed()).await
}

async fn note(tx: &Tx, id: Uuid, new: &ContactAttemptCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let (found, network, _) = load_room(tx, id).await?;
    let happened_on = new.happened_on.unwrap_or(today);
    if happened_on > today {
        return Err(Refusal::invalid("/happenedOn", "contact_attempt.in_future").into());
    }
    waits(found.value.status)?;
    let made = Kept {
        id: tx.new_id(),
        membership_id: id,
        channel: new.channel,
        outcome: new.outcome,
        happened_on,
        note: new.note.clone(),
        noted_by: tx.caller().account,
        created_at: tx.now(),
    };
    if let Some(person) = person_of(found.value.member) {
        tx.concerns(person);
    }
    if let Some(kept) = membership_invitation::of(tx, id).await? {
        let invitation = kept.invitation.tried(tx.now());
        membership_invitation::save(tx, &membership_invitation::Kept { invitation, ..kept }).await?;
    }
    let kept = contact_attempt::insert(tx, network.host_id, made).await?;
    Ok(Answer::made(format!("/v1/memberships/{id}/contact-attempts"), &ContactAttempt::from(kept)))
}

/// List the calls and visits to somebody
///
/// With what to know of them the next time. The read is written down.
#[utoipa::path(operation_id = "listContactAttempts", tag = "Memberships", params(Paging),
    responses((status = 200, description = "A page", body = ContactAttemptPage)))]
#[get("/memberships/{membershipId}/contact-attempts")]
pub(super) async fn list_contact_attempts(call: Call<op::ListContactAttempts>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _, _) = read(&call).await?;
    let page = contact_attempt::list(call.reader(), found.value.id, &request).await?;
    call.page(page.map(ContactAttempt::from))
}
