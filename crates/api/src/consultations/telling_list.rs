//! Whom to tell of report-backs on the telephone or on a visit, and the calls and visits
//! that were tried.

use actix_web::{get, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::participants::Participant;
use klankbord_persistence::consultations::telling::{Telling, TellingFilter};
use klankbord_persistence::consultations::telling_attempt::{self, TellingAttempt as Kept};
use klankbord_persistence::consultations::{report_back, telling};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::burden::terms;
use super::telling_wire::{
    TABLE, TellingAttempt, TellingAttemptCreate, TellingAttemptPage, TellingListPage, TellingListQuery, entry,
};
use crate::networks::seen;
use crate::participants::{load_room, others, person_of, reachable, read_membership};
use crate::web::call::unknown_reference;
use crate::web::page::Paging;
use crate::web::{Answer, Call, Problem};

/// List whom to tell of report-backs
///
/// Everybody who was invited to what this network was asked, chose to be called or
/// visited, and still waits to be told what came of it; and whom no mail reaches. Whether
/// or not they answered: it tells nothing of that. The call list (bellijst) and the visit
/// list (bezoeklijst), as `text/csv` up to 10,000. Who waits longest since somebody tried
/// comes first. `readIn` says in which of its languages to read it to them. Of who may not
/// be reached today no number and no address is shown; who objected isn't here. People
/// whom another organisation registered are reached by that organisation and aren't here.
/// For who keeps the network's list of members; in a council only the chair. The read is
/// written down.
#[utoipa::path(operation_id = "listTellingList", tag = "Report-backs", params(TellingListQuery, Paging),
    responses((status = 200, description = "A page", content((TellingListPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/networks/{networkId}/telling-list")]
pub(super) async fn list_telling_list(call: Call<op::ListTellingList>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    call.authorise(&place)?;
    let (query, request) = call.listing::<TellingListQuery>()?;
    let (network, terms) = (found.value, terms(&call));
    let filter = TellingFilter {
        channel: query.channel,
        report_back: query.report_back_id,
        told: query.told.unwrap_or_default(),
    };
    let page = telling::list(call.reader(), (network.id, network.host_id), filter, &request).await?;
    let of_each = |id: fn(&Telling) -> Uuid| page.items.iter().map(id).collect::<Vec<_>>();
    let (ids, persons, about) =
        (of_each(|one| one.id), of_each(|one| one.participant_id), of_each(|one| one.report_back_id));
    let members = telling::memberships_in(call.reader(), network.id, &persons).await?;
    let persons = participant::by_id(call.reader(), &persons).await?;
    call.witness(network.host_id, (network::KIND, network.id), others(&call, persons.keys().copied())).await?;
    let known: Vec<&Participant> = persons.values().collect();
    let consents = ConsentTerms { today: terms.today(), from: terms.consent_from };
    let contacts = reachable(call.reader(), &known, consents).await?;
    let told = report_back::by_id(call.reader(), &about).await?;
    let tried = telling_attempt::counts(call.reader(), &ids).await?;
    let page = page.try_map(|one| {
        let gone = || Failure::Broken(format!("telling {} has nobody to tell", one.id));
        let person = persons.get(&one.participant_id).ok_or_else(gone)?;
        let membership = members.get(&person.id).copied().ok_or_else(gone)?;
        let told = told.get(&one.report_back_id).ok_or_else(gone)?;
        let attempts = tried.get(&one.id).copied().unwrap_or_default();
        Ok(entry(&one, (membership, person), told, contacts.get(&person.id).cloned(), attempts))
    })?;
    call.page_or_table(page)
}

/// Note that somebody was told
///
/// On the telephone or on a visit, or that it was tried. Who was reached was told, once.
/// Nothing of what they answered is asked or kept here.
#[utoipa::path(operation_id = "createTellingAttempt", tag = "Report-backs", request_body = TellingAttemptCreate,
    responses((status = 201, description = "Noted", body = TellingAttempt)))]
#[post("/memberships/{membershipId}/telling-attempts")]
pub(super) async fn create_telling_attempt(call: Call<op::CreateTellingAttempt>) -> Result<Answer, Problem> {
    let today = day_of(call.now, call.app.config.time.zone);
    let input: (Uuid, TellingAttemptCreate, NaiveDate) = (call.id("membershipId")?, call.body()?, today);
    call.command(input, |tx, (id, new, today)| note(tx, *id, new, *today).boxed()).await
}

async fn note(tx: &Tx, id: Uuid, new: &TellingAttemptCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let (found, network, _) = load_room(tx, id).await?;
    let unknown = || Failure::from(unknown_reference("/reportBackId"));
    let person = person_of(found.value.member).ok_or_else(unknown)?;
    let telling = telling::find_to_change(tx, new.report_back_id, (person, network.id)).await?.ok_or_else(unknown)?;
    let happened_on = new.happened_on.unwrap_or(today);
    if happened_on > today {
        return Err(Refusal::invalid("/happenedOn", "contact_attempt.in_future").into());
    }
    let state = telling.state.tried(new.outcome, happened_on)?;
    let made = Kept {
        id: tx.new_id(),
        telling_id: telling.id,
        channel: new.channel,
        outcome: new.outcome,
        happened_on,
        note: new.note.clone(),
        noted_by: tx.caller().account,
        created_at: tx.now(),
    };
    tx.concerns(person);
    telling::save(tx, &Telling { state, turn_at: tx.now(), ..telling }).await?;
    let kept = telling_attempt::insert(tx, network.host_id, made).await?;
    let location = format!("/v1/memberships/{id}/telling-attempts");
    Ok(Answer::made(location, &TellingAttempt::of(kept, id, new.report_back_id)))
}

/// List the calls and visits to tell somebody
///
/// With what to know of them the next time. The read is written down.
#[utoipa::path(operation_id = "listTellingAttempts", tag = "Report-backs", params(Paging),
    responses((status = 200, description = "A page", body = TellingAttemptPage)))]
#[get("/memberships/{membershipId}/telling-attempts")]
pub(super) async fn list_telling_attempts(call: Call<op::ListTellingAttempts>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, network, _) = read_membership(&call).await?;
    let person = person_of(found.value.member).unwrap_or_default();
    let page = telling_attempt::list(call.reader(), (person, network.id), &request).await?;
    call.page(page.map(|(kept, report_back)| TellingAttempt::of(kept, found.value.id, report_back)))
}
