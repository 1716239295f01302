//! Burden: whom a consultation reaches, whom it may ask, and where a ceiling is
//! overridden.

use actix_web::{get, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::{
    AskingTerms, Audience, Consultation, ConsultationStatus, Recruitment, operations as op,
};
use klankbord_domain::participants::Member;
use klankbord_domain::participants::operations::READERS;
use klankbord_domain::policy::{Caller, Operation};
use klankbord_domain::{Cell as Count, Refusal};
use klankbord_persistence::consultations::burden::{self, BurdenOverride as Kept, BurdenTerms};
use klankbord_persistence::consultations::{consultation, invitation, sample};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::membership;
use klankbord_persistence::{Failure, Source, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked_mail::{self, AskedMail};
use super::consultation::{Loaded, permitted, seen};
use super::settings::Asking;
use crate::app::App;
use crate::web::call::unknown_reference;
use crate::web::cell::Cell;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// What holds on this installation, at the instant of the call.
pub(crate) fn terms<O: Operation>(call: &Call<O>) -> BurdenTerms {
    call.app.burden_terms(call.now)
}

impl App {
    /// What holds on this installation, at this instant.
    pub(super) fn burden_terms(&self, now: DateTime<Utc>) -> BurdenTerms {
        let (configured, asking) = (&self.config.burden, self.config.asking);
        let (window, ceiling, zone) = (u64::from(configured.window_days), configured.ceiling, self.config.time.zone);
        let Asking { answer_days, reminders, reminder_days } = asking;
        let asking = AskingTerms { answer_days, reminders, reminder_days };
        BurdenTerms { window, ceiling, consent_from: self.config.age.consent, zone, now, asking }
    }
}

/// Whom a consultation reaches, and of those whom it may ask now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationReach {
    /// How many people its audience reaches in the networks whose people you may read.
    reached: Cell,
    /// How many of them may be asked now, or were asked in it already.
    may_be_asked: Cell,
    /// How many are left out: they were asked often lately, or don't consent to taking part.
    left_out: Cell,
    /// Whether it asks other networks, too: of their people nothing is told.
    #[schema(example = false)]
    others: bool,
}

/// Read whom a consultation reaches
///
/// Who was asked often enough lately, anywhere, or doesn't consent to taking part, is
/// left out when it opens. In numbers, of the people in networks that you may read; of
/// a council's or a partner's network nothing is told, nor who is in that one, too.
#[utoipa::path(operation_id = "getConsultationReach", tag = "Consultations",
    responses((status = 200, description = "Whom it reaches", body = ConsultationReach)))]
#[get("/consultations/{consultationId}/reach")]
pub(super) async fn get_consultation_reach(call: Call<op::GetConsultationReach>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let asked = &found.value.consultation.audience;
    let (readable, others) = readable(call.reader(), call.caller(), &asked.network_ids).await?;
    let audience = Audience { network_ids: readable.clone(), ..asked.clone() };
    let consultation = Consultation { audience, ..found.value.consultation.clone() };
    let audience = invitation::audience(call.reader(), &consultation).await?;
    let count = |people: &[invitation::Reached]| Count::Shown(i64::try_from(people.len()).unwrap_or(i64::MAX));
    let reached = count(&audience);
    let left = audience.len();
    let may = invitation::may_be_asked(call.reader(), &consultation, audience, terms(&call)).await?;
    let left = Count::Shown(i64::try_from(left.saturating_sub(may.len())).unwrap_or(i64::MAX));
    let may_be_asked = count(&may).into();
    Ok(Answer::plain(&ConsultationReach { reached: reached.into(), may_be_asked, left_out: left.into(), others }))
}

/// Those of these networks whose people somebody may read, and whether there are others.
async fn readable(source: &impl Source, caller: &Caller, networks: &[Uuid]) -> Result<(Vec<Uuid>, bool), Failure> {
    let found = network::find_all(source, networks).await?;
    let places = network::places(source, found.iter().map(|found| &found.value)).await?;
    let all = found.iter().map(|found| found.value.id).zip(places);
    let readable: Vec<Uuid> =
        all.filter(|(_, place)| place.roles_of(caller).has_any(READERS)).map(|(id, _)| id).collect();
    let others = readable.len() < networks.len();
    Ok((readable, others))
}

/// Refuses who may not read everybody whom a consultation asks, one by one.
///
/// # Errors
/// 403.
pub(super) async fn reads_everybody(
    source: &impl Source,
    caller: &Caller,
    consultation: &Consultation,
) -> Result<(), Failure> {
    let (_, others) = readable(source, caller, &consultation.audience.network_ids).await?;
    if others { Err(Refusal::Forbidden.into()) } else { Ok(()) }
}

/// A ceiling to override.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BurdenOverrideCreate {
    /// Of whom, as a member of a network that is asked; absent: of everybody whom it asks.
    #[schema(example = json!("0197c000-0000-7000-8000-000800000001"))]
    membership_id: Option<Uuid>,
    /// Why they are asked all the same.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Het gaat over hun eigen woonplek, en de bouw begint in januari."
    )]
    reason: String,
}

/// That a ceiling is overridden in a consultation, and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurdenOverride {
    /// Its id.
    id: Uuid,
    /// The consultation.
    consultation_id: Uuid,
    /// Of whom; absent: of everybody whom it asks.
    membership_id: Option<Uuid>,
    /// Why.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// The account that did.
    made_by: Option<Uuid>,
    /// When.
    made_at: DateTime<Utc>,
}

page!(
    /// A page of overrides.
    BurdenOverridePage of BurdenOverride
);

impl From<Kept> for BurdenOverride {
    fn from(kept: Kept) -> Self {
        let Kept { id, consultation_id, membership_id, reason, made_by, made_at } = kept;
        Self { id, consultation_id, membership_id, reason, made_by, made_at }
    }
}

/// Override a ceiling on asking
///
/// With the reason, for one member, or for everybody whom this consultation asks where you
/// may read them all. It
/// passes the network's and the installation's ceiling, never the person's own. Of an
/// open consultation whoever may be asked now is invited at once.
#[utoipa::path(operation_id = "createBurdenOverride", tag = "Consultations", request_body = BurdenOverrideCreate,
    responses((status = 201, description = "Overridden", body = BurdenOverride)))]
#[post("/consultations/{consultationId}/burden-overrides")]
pub(super) async fn create_burden_override(call: Call<op::CreateBurdenOverride>) -> Result<Answer, Problem> {
    let new: BurdenOverrideCreate = call.body()?;
    let input = (call.id("consultationId")?, new, terms(&call));
    call.command(input, |tx, (id, new, terms)| create(tx, *id, new, *terms).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &BurdenOverrideCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let person = match new.membership_id {
        Some(member) => Some(asked_member(tx, &loaded, member).await?),
        // For everybody: where one may say so of everybody.
        None if readable(tx, tx.caller(), &loaded.consultation().audience.network_ids).await?.1 => {
            return Err(Refusal::Forbidden.into());
        }
        None => None,
    };
    if new.reason.trim().is_empty() {
        return Err(Refusal::invalid("/reason", "reason.required").into());
    }
    let asked = loaded.consultation();
    let is_open = match asked.status {
        ConsultationStatus::Draft => false,
        ConsultationStatus::Open => true,
        ConsultationStatus::Closed | ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => {
            return Err(Refusal::Conflict("consultation.ended").into());
        }
    };
    let made = Kept {
        id: tx.new_id(),
        consultation_id: id,
        membership_id: new.membership_id,
        reason: Some(new.reason.clone()),
        made_by: tx.caller().account,
        made_at: tx.now(),
    };
    let made = burden::insert(tx, asked.organisation_id, made, person).await?;
    if is_open {
        let audience = to_be_asked(tx, asked, terms).await?;
        let mut kept = loaded.found.value.clone();
        kept.minors |= invited(tx, asked, audience, terms).await?;
        consultation::save(tx, loaded.found.with(kept), "consultation.changed").await?;
    }
    let location = format!("/v1/consultations/{id}/burden-overrides");
    Ok(Answer::made(location, &BurdenOverride::from(made)))
}

/// The people whom a consultation reaches and may ask now, of a sample those who were drawn; held until the command
/// ends, so that two that open at once don't ask them once too often.
pub(super) async fn to_be_asked(
    tx: &Tx,
    consultation: &Consultation,
    terms: BurdenTerms,
) -> Result<Vec<invitation::Reached>, Failure> {
    let audience = invitation::audience(tx, consultation).await?;
    let persons: Vec<_> = audience.iter().map(|one| &one.person).collect();
    burden::hold(tx, &persons).await?;
    let may = invitation::may_be_asked(tx, consultation, audience, terms).await?;
    if consultation.asking.recruitment != Recruitment::Sample {
        return Ok(may);
    }
    let drawn = sample::drawn_in(tx, consultation.id).await?;
    Ok(may.into_iter().filter(|one| drawn.contains(&one.person.id)).collect())
}

/// Invites them, and writes to those who are reached by internet. Gives whether there
/// may be minors among them.
pub(super) async fn invited(
    tx: &Tx,
    consultation: &Consultation,
    audience: Vec<invitation::Reached>,
    terms: BurdenTerms,
) -> Result<bool, Failure> {
    let invited = invitation::invite(tx, consultation, audience, terms).await?;
    asked_mail::queue(tx, AskedMail::of(consultation, terms), &invited.persons, terms).await?;
    Ok(invited.minors)
}

/// The person of a membership in a network that is asked, where the caller reads its
/// people.
async fn asked_member(tx: &Tx, loaded: &Loaded, id: Uuid) -> Result<Uuid, Failure> {
    let unknown = || Failure::from(unknown_reference("/membershipId"));
    let member = membership::find(tx, id).await?.ok_or_else(unknown)?.value;
    if !loaded.consultation().audience.network_ids.contains(&member.network_id) {
        return Err(unknown());
    }
    let found = network::find(tx, member.network_id).await?.ok_or_else(unknown)?;
    let place = network::place(tx, &found.value).await?;
    match member.member {
        Member::Participant(person) if place.roles_of(tx.caller()).has_any(READERS) => Ok(person),
        Member::Participant(_) | Member::Organisation(_) | Member::Network(_) => Err(unknown()),
    }
}

/// List the overrides of a consultation
///
/// Whom each is about, and why, for who may read everybody who is asked.
#[utoipa::path(operation_id = "listBurdenOverrides", tag = "Consultations", params(Paging),
    responses((status = 200, description = "A page", body = BurdenOverridePage)))]
#[get("/consultations/{consultationId}/burden-overrides")]
pub(super) async fn list_burden_overrides(call: Call<op::ListBurdenOverrides>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let networks = &found.value.consultation.audience.network_ids;
    let (_, others) = readable(call.reader(), call.caller(), networks).await?;
    let page = burden::list(call.reader(), found.value.consultation.id, &request).await?;
    // Whom it is about is for who may read everybody who is asked.
    call.page(page.map(|kept| {
        let shown = BurdenOverride::from(kept);
        if others { BurdenOverride { membership_id: None, reason: None, ..shown } } else { shown }
    }))
}
