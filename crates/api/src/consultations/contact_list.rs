//! The call list and the visit list of a consultation: people who are asked and don't want
//! mail, and the calls and visits that were tried.

use actix_web::{get, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::{day_of, start_of};
use klankbord_domain::consultations::{Consultation, ConsultationStatus, is_over, may_mark_done, operations as op};
use klankbord_domain::participants::Participant;
use klankbord_persistence::consultations::ask::{self, Ask, ToContact};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::burden::{reads_everybody, terms};
use super::consultation::{permitted, seen};
use super::contact_wire::{
    ConsultationContactAttempt, ConsultationContactAttemptCreate, ConsultationContactPage, ConsultationContactQuery,
    TABLE, entry,
};
use crate::participants::reachable;
use crate::web::call::unknown_reference;
use crate::web::page::Paging;
use crate::web::{Answer, Call, Problem};

/// List whom to call, or to visit, for their answer
///
/// Those who are asked and chose to be called or visited: the call list (bellijst) and the
/// visit list (bezoeklijst), as `text/csv` up to 10,000. Who waits longest since somebody
/// tried comes first, and before them who is due by a reminder. Of who may not be reached
/// today no number and no address is shown. People whom another organisation registered
/// aren't here. Whether somebody is done follows from their answer, and so in confidence
/// the list is for the facilitators named on the consultation; of an anonymous one it is
/// marked by hand, and says nothing of what came in otherwise. For who may read everybody in
/// the audience. The read is written down.
#[utoipa::path(operation_id = "listConsultationContactList", tag = "Asking", params(ConsultationContactQuery, Paging),
    responses((status = 200, description = "A page", content((ConsultationContactPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/consultations/{consultationId}/contact-list")]
pub(super) async fn list_consultation_contact_list(
    call: Call<op::ListConsultationContactList>,
) -> Result<Answer, Problem> {
    let (found, permit, _) = seen(&call).await?;
    let asked = &found.value.consultation;
    if !asked.may_know_who_waits(call.caller().account, permit.roles()) {
        return Err(Refusal::Forbidden.into());
    }
    reads_everybody(call.reader(), call.caller(), asked).await?;
    let (query, request) = call.listing::<ConsultationContactQuery>()?;
    let whom = ToContact { organisation: asked.organisation_id, channel: query.channel, done: query.done };
    let page = ask::to_contact(call.reader(), asked, whom, &request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|one| one.participant_id).collect();
    call.witness(asked.organisation_id, (consultation::KIND, asked.id), ids.clone()).await?;
    let persons = participant::by_id(call.reader(), &ids).await?;
    let known: Vec<&Participant> = persons.values().collect();
    let terms = terms(&call);
    let consent = ConsentTerms { today: terms.today(), from: terms.consent_from };
    let contacts = reachable(call.reader(), &known, consent).await?;
    let answered = if asked.is_anonymous() { None } else { Some(ask::answered(call.reader(), asked.id).await?) };
    let done_on = |one: &Ask| match &answered {
        Some(answered) => answered.get(&one.participant_id).map(|at| day_of(*at, terms.zone)),
        None => one.done_on,
    };
    let page = page.try_map(|one| {
        let gone = || Failure::Broken(format!("participant {} is asked and isn't there", one.participant_id));
        let person = persons.get(&one.participant_id).ok_or_else(gone)?;
        let done = done_on(&one);
        Ok(entry(one, person, contacts.get(&person.id).cloned(), done))
    })?;
    call.page_or_table(page)
}

/// Note a call or a visit to somebody who is asked
///
/// What was answered is written down apart (`createResponse`, `createAnonymousResponse`), and
/// weighs the same. Of an anonymous consultation it is marked here, by hand, that somebody is
/// done: by nobody's name, with the day alone.
#[utoipa::path(operation_id = "createConsultationContactAttempt", tag = "Asking",
    request_body(content = ConsultationContactAttemptCreate, example = json!({
        "participantId": "0197c000-0000-7000-8000-000700000004", "outcome": "call_back", "note": "Liever na zes uur."})),
    responses((status = 201, description = "Noted", body = ConsultationContactAttempt)))]
#[post("/consultations/{consultationId}/contact-attempts")]
pub(super) async fn create_consultation_contact_attempt(
    call: Call<op::CreateConsultationContactAttempt>,
) -> Result<Answer, Problem> {
    let input: (Uuid, ConsultationContactAttemptCreate, BurdenTerms) =
        (call.id("consultationId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, new, terms)| note(tx, *id, new, *terms).boxed()).await
}

async fn note(
    tx: &Tx,
    id: Uuid,
    new: &ConsultationContactAttemptCreate,
    terms: BurdenTerms,
) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    let (asked, today) = (loaded.consultation(), terms.today());
    if !asked.may_know_who_waits(tx.caller().account, loaded.permit.roles()) {
        return Err(Refusal::Forbidden.into());
    }
    reads_everybody(tx, tx.caller(), asked).await?;
    let held = ask::held(tx, id, new.participant_id).await?;
    let held = held.ok_or_else(|| unknown_reference("/participantId"))?;
    let happened_on = new.happened_on.unwrap_or(today);
    if happened_on > today {
        return Err(Refusal::invalid("/happenedOn", "contact_attempt.in_future").into());
    }
    if new.done {
        may_mark_done(asked)?;
    }
    may_still_be_noted(asked, today)?;
    let noted = Ask {
        attempts: held.attempts + 1,
        outcome: Some(new.outcome),
        tried_on: Some(happened_on),
        note: new.note.clone().or(held.note.clone()),
        done_on: held.done_on.or_else(|| new.done.then_some(happened_on)),
        due: false,
        turn_at: start_of(today, terms.zone),
        ..held
    };
    ask::save(tx, &noted).await?;
    tx.touches(Some(asked.organisation_id), consultation::KIND, id);
    if !asked.is_anonymous() {
        // Of an anonymous one the trail says that somebody was called, and not who.
        tx.concerns(new.participant_id);
    }
    let shown = ConsultationContactAttempt {
        consultation_id: id,
        participant_id: new.participant_id,
        outcome: new.outcome,
        happened_on,
        attempts: noted.attempts,
        done_on: noted.done_on,
    };
    Ok(Answer::made(format!("/v1/consultations/{id}/contact-list"), &shown))
}

/// While people can answer; of an anonymous one also as long as what was heard can be entered.
fn may_still_be_noted(asked: &Consultation, today: NaiveDate) -> Result<(), Refusal> {
    let open = asked.status == ConsultationStatus::Open && !is_over(asked, today);
    let heard = asked.status == ConsultationStatus::Closed && asked.heard_by_others && asked.sealed_at.is_none();
    if open || heard { Ok(()) } else { Err(Refusal::Conflict("consultation.not_open")) }
}
