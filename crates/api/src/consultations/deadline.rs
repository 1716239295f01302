//! Who was asked, by when, and who got longer to answer.

use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::{may_extend, operations as op};
use klankbord_domain::participants::Channel;
use klankbord_persistence::consultations::ask::{self, Invitation};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::consultations::extension::{self, DeadlineExtension as Kept};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::burden::{reads_everybody, terms};
use super::consultation::{permitted, seen};
use super::sample_wire::AudienceStratum;
use crate::web::call::unknown_reference;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// That somebody was asked. Whether they answered is not told here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationInvitation {
    /// Who.
    participant_id: Uuid,
    /// How they wanted to be reached then.
    #[schema(example = "internet")]
    channel: Channel,
    /// In which part of the audience they are: of a sample by what it is divided, else by
    /// perspective.
    stratum: AudienceStratum,
    /// When they were asked.
    invited_at: DateTime<Utc>,
    /// By when they are asked to answer. Until the consultation closes their answer counts.
    answer_due_on: Option<NaiveDate>,
    /// How often they were reminded; absent for who may not know who still waits.
    #[schema(minimum = 0, maximum = 1_000_000, example = 0)]
    reminders: Option<i32>,
    /// On which day last.
    reminded_on: Option<NaiveDate>,
}

page!(
    /// A page of those who were asked.
    ConsultationInvitationPage of ConsultationInvitation
);

/// List who was asked
///
/// With by when, and how often they were reminded; never whether they answered. For who may
/// read everybody in the audience. Of a consultation that isn't anonymous the reminders tell
/// who didn't answer yet: there they are shown to who may know that. The read is written down.
#[utoipa::path(operation_id = "listConsultationInvitations", tag = "Asking", params(Paging),
    responses((status = 200, description = "A page", body = ConsultationInvitationPage)))]
#[get("/consultations/{consultationId}/invitations")]
pub(super) async fn list_consultation_invitations(
    call: Call<op::ListConsultationInvitations>,
) -> Result<Answer, Problem> {
    let (found, permit, _) = seen(&call).await?;
    let asked = &found.value.consultation;
    reads_everybody(call.reader(), call.caller(), asked).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = ask::invited(call.reader(), asked.id, &request).await?;
    let persons = page.items.iter().map(|one| one.ask.participant_id).collect();
    call.witness(asked.organisation_id, (consultation::KIND, asked.id), persons).await?;
    let reminders = asked.may_know_who_waits(call.caller().account, permit.roles());
    let closes_on = asked.closes_on;
    call.page(page.map(|one| view(one, closes_on, reminders)))
}

fn view(one: Invitation, closes_on: Option<NaiveDate>, reminders: bool) -> ConsultationInvitation {
    let Invitation { ask, channel, invited_at } = one;
    ConsultationInvitation {
        participant_id: ask.participant_id,
        channel,
        stratum: ask.stratum.into(),
        invited_at,
        answer_due_on: ask.answer_by.or(closes_on).min(closes_on),
        reminders: Some(ask.reminders).filter(|_| reminders),
        reminded_on: ask.reminded_on.filter(|_| reminders),
    }
}

/// Longer to answer, for one person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeadlineExtensionCreate {
    /// Who.
    participant_id: Uuid,
    /// Until when: later than they had, never past the last day to answer; that day where it
    /// isn't said.
    answer_due_on: Option<NaiveDate>,
    /// Why. Nothing of their health.
    #[schema(min_length = 1, max_length = 2000, example = "Vroeg om een gesprek na de vakantie.")]
    reason: String,
}

/// That somebody got longer to answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineExtension {
    /// Its id.
    id: Uuid,
    /// In which consultation.
    consultation_id: Uuid,
    /// Who.
    participant_id: Uuid,
    /// Until when they had.
    was_due_on: Option<NaiveDate>,
    /// Until when they have now.
    answer_due_on: NaiveDate,
    /// Why.
    #[schema(max_length = 2000, example = "Vroeg om een gesprek na de vakantie.")]
    reason: Option<String>,
    /// The account that gave it.
    made_by: Option<Uuid>,
    /// When.
    made_at: DateTime<Utc>,
}

page!(
    /// A page of extensions.
    DeadlineExtensionPage of DeadlineExtension
);

impl From<Kept> for DeadlineExtension {
    fn from(kept: Kept) -> Self {
        let Kept { id, consultation_id, participant_id, had_until, answer_by, reason, made_by, made_at } = kept;
        Self {
            id,
            consultation_id,
            participant_id,
            was_due_on: had_until,
            answer_due_on: answer_by,
            reason,
            made_by,
            made_at,
        }
    }
}

/// Give somebody longer to answer
///
/// For one person, with the reason; never past the last day to answer. They are reminded by
/// their new deadline. For who may read everybody in the audience.
#[utoipa::path(operation_id = "createDeadlineExtension", tag = "Asking", request_body(content = DeadlineExtensionCreate,
        example = json!({"participantId": "0197c000-0000-7000-8000-000700000001",
            "reason": "Vroeg om een gesprek na de vakantie."})),
    responses((status = 201, description = "Given", body = DeadlineExtension)))]
#[post("/consultations/{consultationId}/deadline-extensions")]
pub(super) async fn create_deadline_extension(call: Call<op::CreateDeadlineExtension>) -> Result<Answer, Problem> {
    let input: (Uuid, DeadlineExtensionCreate, BurdenTerms) = (call.id("consultationId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, new, terms)| extend(tx, *id, new, *terms).boxed()).await
}

async fn extend(tx: &Tx, id: Uuid, new: &DeadlineExtensionCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    let extension_id = tx.new_id();
    let asked = loaded.consultation();
    reads_everybody(tx, tx.caller(), asked).await?;
    let held = ask::held(tx, id, new.participant_id).await?;
    let held = held.ok_or_else(|| unknown_reference("/participantId"))?;
    if new.reason.trim().is_empty() {
        return Err(Refusal::invalid("/reason", "reason.required").into());
    }
    let until = new.answer_due_on.or(asked.closes_on).ok_or(Refusal::Conflict("consultation.not_open"))?;
    may_extend(asked, (held.answer_by, until), terms.zone, tx.now())?;
    let made = Kept {
        id: extension_id,
        consultation_id: id,
        participant_id: new.participant_id,
        had_until: held.answer_by,
        answer_by: until,
        reason: Some(new.reason.clone()),
        made_by: tx.caller().account,
        made_at: tx.now(),
    };
    ask::save(tx, &held.extended(until, terms)).await?;
    let kept = extension::insert(tx, asked.organisation_id, made).await?;
    let location = format!("/v1/consultations/{id}/deadline-extensions");
    Ok(Answer::made(location, &DeadlineExtension::from(kept)))
}

/// List who got longer to answer
///
/// With who gave it, and why. For who may read everybody in the audience. The read is written
/// down.
#[utoipa::path(operation_id = "listDeadlineExtensions", tag = "Asking", params(Paging),
    responses((status = 200, description = "A page", body = DeadlineExtensionPage)))]
#[get("/consultations/{consultationId}/deadline-extensions")]
pub(super) async fn list_deadline_extensions(call: Call<op::ListDeadlineExtensions>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let asked = &found.value.consultation;
    reads_everybody(call.reader(), call.caller(), asked).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = extension::list(call.reader(), asked.id, &request).await?;
    let persons = page.items.iter().map(|one| one.participant_id).collect();
    call.witness(asked.organisation_id, (consultation::KIND, asked.id), persons).await?;
    call.page(page.map(DeadlineExtension::from))
}
