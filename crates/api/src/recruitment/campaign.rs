//! Campaigns: started, seen, closed.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::networks::Network;
use klankbord_domain::policy::{Caller, Operation, Place, Roles};
use klankbord_domain::recruitment::{Campaign as Domain, CampaignStatus, SEEKERS, operations as op};
use klankbord_domain::{Fault, Refusal, lifecycle};
use klankbord_persistence::networks::network;
use klankbord_persistence::recruitment::campaign;
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use uuid::Uuid;

use super::wire::{
    RecruitmentCampaign, RecruitmentCampaignCreate, RecruitmentCampaignPage, RecruitmentCampaignQuery, view,
};
use crate::networks::seen;
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging};
use crate::web::text::Reading;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// List a network's campaigns
///
/// All of them for who seeks people for it; for an organisation through which people are
/// sought, those.
#[utoipa::path(operation_id = "listRecruitmentCampaigns", tag = "Recruitment",
    params(RecruitmentCampaignQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = RecruitmentCampaignPage)))]
#[get("/networks/{networkId}/recruitment-campaigns")]
pub(super) async fn list_recruitment_campaigns(call: Call<op::ListRecruitmentCampaigns>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    let permit = call.authorise(&place)?;
    let (query, request) = call.listing::<RecruitmentCampaignQuery>()?;
    let roles = permit.roles();
    let sources = campaign::spoken_for(call.caller());
    let only = (!roles.has_any(SEEKERS)).then_some(if place.council { &[][..] } else { sources.as_slice() });
    let statuses = query.status.unwrap_or_default();
    let page = campaign::list(call.reader(), found.value.id, (only, &statuses), &request).await?;
    call.page(page.map(|one| view(one, roles)))
}

/// Start a campaign
///
/// By who seeks people for the network: coordinator, host's manager, in a council its own
/// chair and secretary.
#[utoipa::path(operation_id = "createRecruitmentCampaign", tag = "Recruitment",
    request_body(content = RecruitmentCampaignCreate, example = json!({
        "name": [{"language": "nl", "value": "Ouders gezocht"}], "perspective": "parent", "target": 4,
        "startsOn": "2026-12-01"})),
    responses((status = 201, description = "Started", body = RecruitmentCampaign)))]
#[post("/networks/{networkId}/recruitment-campaigns")]
pub(super) async fn create_recruitment_campaign(call: Call<op::CreateRecruitmentCampaign>) -> Result<Answer, Problem> {
    let input: (Uuid, RecruitmentCampaignCreate) = (call.id("networkId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, network_id: Uuid, new: &RecruitmentCampaignCreate) -> Result<Answer, Failure> {
    let network = network::find(tx, network_id).await?.ok_or(Refusal::Hidden)?.value;
    let place = network::place(tx, &network).await?;
    if !network.may_be_seen(tx.caller(), &place) {
        return Err(Refusal::Hidden.into());
    }
    let roles = tx.authorise(&place).await?.roles();
    let mut reading = Reading::default();
    let made = Domain {
        id: tx.new_id(),
        network_id,
        organisation_id: network.host_id,
        name: reading.texts("/name", new.name.clone()),
        perspective: new.perspective,
        target: new.target,
        sources: new.source_ids.clone(),
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        status: CampaignStatus::Open,
    };
    let known = |id: &Uuid| !place.council && (network.partners.contains(id) || *id == network.host_id);
    let unknown = new.source_ids.iter().enumerate().filter(|(_, id)| !known(id));
    let unknown = unknown.map(|(index, _)| Fault::body(format!("/sourceIds/{index}"), "reference.unknown"));
    reading.faults.extend(unknown);
    reading.faults.extend(made.check());
    Refusal::unless_clean(reading.faults)?;
    network.may_change()?;
    let stored = campaign::insert(tx, made, place.council).await?;
    let location = format!("/v1/recruitment-campaigns/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, roles)))
}

/// Read a campaign
#[utoipa::path(operation_id = "getRecruitmentCampaign", tag = "Recruitment",
    responses((status = 200, description = "The campaign", body = RecruitmentCampaign)))]
#[get("/recruitment-campaigns/{recruitmentCampaignId}")]
pub(super) async fn get_recruitment_campaign(call: Call<op::GetRecruitmentCampaign>) -> Result<Answer, Problem> {
    let (found, roles) = read(&call).await?;
    Ok(Answer::resource(found.version, &view(found, roles)))
}

/// Close a campaign
///
/// Nobody comes forward any more; what came of it stays.
#[utoipa::path(operation_id = "createRecruitmentCampaignTransition", tag = "Recruitment",
    request_body(content = TransitionCreate, example = json!({"to": "closed"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/recruitment-campaigns/{recruitmentCampaignId}/transitions")]
pub(super) async fn create_recruitment_campaign_transition(
    call: Call<op::CreateRecruitmentCampaignTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("recruitmentCampaignId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let found = campaign::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let (place, _) = place(tx, tx.caller(), &found.value).await?;
    let roles = tx.authorise(&place).await?.roles();
    let to: CampaignStatus = asked.state()?;
    let from = found.value.status;
    let status = decided(tx, found.version, lifecycle::take(from, to, roles, asked.reason.as_deref()))?;
    let stored = campaign::save(tx, found.with(Domain { status, ..found.value.clone() }), place.council).await?;
    let steps = (from.code(), status.code());
    let made = history::record(tx, (campaign::KIND, id), steps, asked.reason.as_deref()).await?;
    let (location, version) = (format!("/v1/recruitment-campaigns/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, roles)))
}

/// List the moves of a campaign
#[utoipa::path(operation_id = "listRecruitmentCampaignTransitions", tag = "Recruitment", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/recruitment-campaigns/{recruitmentCampaignId}/transitions")]
pub(super) async fn list_recruitment_campaign_transitions(
    call: Call<op::ListRecruitmentCampaignTransitions>,
) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = history::list(call.reader(), (campaign::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// Where a campaign stands, and its network. The organisations through which people are
/// sought are its partners; others of the network aren't.
///
/// # Errors
/// When the database refuses.
pub(super) async fn place(
    source: &impl Source,
    caller: &Caller,
    campaign: &Domain,
) -> Result<(Place, Network), Failure> {
    let gone = || Failure::Broken(format!("campaign {} has no network", campaign.id));
    let network = network::find(source, campaign.network_id).await?.ok_or_else(gone)?.value;
    let place = network::place(source, &network).await?;
    if !network.may_be_seen(caller, &place) {
        return Err(Refusal::Hidden.into());
    }
    Ok((Place { partners: campaign.sources.clone(), ..place }, network))
}

/// The campaign that a query names, for who may know of it.
pub(super) async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Roles), Problem> {
    let found = campaign::find(call.reader(), call.id("recruitmentCampaignId")?).await?.ok_or(Refusal::Hidden)?;
    let (place, _) = place(call.reader(), call.caller(), &found.value).await?;
    let permit = call.authorise(&place)?;
    Ok((found, permit.roles()))
}
