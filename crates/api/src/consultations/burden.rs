//! Burden: whom a consultation reaches, whom it may ask, and where a ceiling is
//! overridden.

use actix_web::{get, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::calendar::day_of;
use klankbord_domain::cells::{PUBLIC_MINIMUM, protect, protect_total};
use klankbord_domain::consultations::{Consultation, ConsultationStatus, operations as op};
use klankbord_domain::participants::Member;
use klankbord_domain::participants::operations::READERS;
use klankbord_domain::policy::Operation;
use klankbord_domain::{Cell as Count, Refusal};
use klankbord_persistence::consultations::burden::{self, BurdenOverride as Kept, BurdenTerms};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::consultations::invitation;
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::membership;
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::{Loaded, permitted, seen};
use crate::web::call::unknown_reference;
use crate::web::cell::Cell;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// What holds on this installation, at the instant of the call.
pub(crate) fn terms<O: Operation>(call: &Call<O>) -> BurdenTerms {
    let configured = &call.app.config.burden;
    let (window, ceiling, zone) = (u64::from(configured.window_days), configured.ceiling, call.app.config.time.zone);
    BurdenTerms { window, ceiling, zone, now: call.now }
}

/// Whom a consultation reaches, and of those whom it may ask now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationReach {
    /// How many people its audience reaches.
    reached: Cell,
    /// How many of them may be asked now, or were asked in it already.
    may_be_asked: Cell,
    /// How many are left out, because they were asked often lately.
    left_out: Cell,
}

/// Read whom a consultation reaches
///
/// Who was asked often enough lately, anywhere, is left out when it opens. In
/// numbers: whole for who may read the people in its networks, for others no figure
/// of fewer than ten people.
#[utoipa::path(operation_id = "getConsultationReach", tag = "Consultations",
    responses((status = 200, description = "Whom it reaches", body = ConsultationReach)))]
#[get("/consultations/{consultationId}/reach")]
pub(super) async fn get_consultation_reach(call: Call<op::GetConsultationReach>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let consultation = &found.value.consultation;
    let audience = invitation::audience(call.reader(), consultation).await?;
    let reached = i64::try_from(audience.len()).unwrap_or(i64::MAX);
    let asked = invitation::within_ceilings(call.reader(), consultation, audience, terms(&call)).await?;
    let asked = i64::try_from(asked.len()).unwrap_or(i64::MAX);
    let left = reached.saturating_sub(asked);
    let networks = network::find_all(call.reader(), &consultation.audience.network_ids).await?;
    let places = network::places(call.reader(), networks.iter().map(|found| &found.value)).await?;
    let reads_all = places.iter().all(|place| place.roles_of(call.caller()).has_any(READERS));
    let cells = if reads_all {
        vec![Count::Shown(reached), Count::Shown(asked), Count::Shown(left)]
    } else {
        let parts = protect(&[asked, left], true, PUBLIC_MINIMUM);
        [vec![protect_total(reached, PUBLIC_MINIMUM)], parts].concat()
    };
    let mut cells = cells.into_iter().map(Cell::from);
    let mut next = || cells.next().ok_or_else(|| Problem::internal("a count is missing"));
    Ok(Answer::plain(&ConsultationReach { reached: next()?, may_be_asked: next()?, left_out: next()? }))
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
/// With the reason, for one member or for everybody whom this consultation asks. It
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
        kept.minors |= invitation::invite(tx, asked, audience, day_of(terms.now, terms.zone)).await?;
        consultation::save(tx, loaded.found.with(kept), "consultation.changed").await?;
    }
    let location = format!("/v1/consultations/{id}/burden-overrides");
    Ok(Answer::made(location, &BurdenOverride::from(made)))
}

/// The people whom a consultation reaches and may ask now; held until the command
/// ends, so that two that open at once don't ask them once too often.
pub(super) async fn to_be_asked(
    tx: &Tx,
    consultation: &Consultation,
    terms: BurdenTerms,
) -> Result<Vec<invitation::Reached>, Failure> {
    let audience = invitation::audience(tx, consultation).await?;
    let persons: Vec<_> = audience.iter().map(|one| &one.person).collect();
    burden::hold(tx, &persons).await?;
    invitation::within_ceilings(tx, consultation, audience, terms).await
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
#[utoipa::path(operation_id = "listBurdenOverrides", tag = "Consultations", params(Paging),
    responses((status = 200, description = "A page", body = BurdenOverridePage)))]
#[get("/consultations/{consultationId}/burden-overrides")]
pub(super) async fn list_burden_overrides(call: Call<op::ListBurdenOverrides>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = burden::list(call.reader(), found.value.consultation.id, &request).await?;
    call.page(page.map(BurdenOverride::from))
}
