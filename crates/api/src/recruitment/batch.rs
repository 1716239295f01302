//! How people are reached: with codes that a source hands out blind, or by a call or a
//! talk; and that somebody came forward who was reached so.

use actix_web::{get, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::networks::Network;
use klankbord_domain::participants::{Member, Membership};
use klankbord_domain::policy::Operation;
use klankbord_domain::recruitment::{RecruitmentAnswer, SEEKERS, Source as Reached, operations as op};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::membership;
use klankbord_persistence::recruitment::batch::{self, Batch};
use klankbord_persistence::recruitment::campaign;
use klankbord_persistence::recruitment::candidate::{self, Candidate};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::campaign::{place, read};
use super::wire::{
    self, RecruitmentBatch, RecruitmentBatchCreate, RecruitmentBatchPage, RecruitmentCandidate,
    RecruitmentCandidateCreate, RecruitmentCode,
};
use crate::access::secret;
use crate::web::call::unknown_reference;
use crate::web::page::Paging;
use crate::web::{Answer, Call, Problem};

/// Reach people
///
/// Through an organisation of the campaign, or as the network itself. With codes, each
/// gets one to answer with: by a letter, a card or a personal link. They are shown once,
/// and who hands them out doesn't note who gets which. Without codes people answer by
/// telephone or in person: note who came forward as a candidate.
#[utoipa::path(operation_id = "createRecruitmentBatch", tag = "Recruitment",
    request_body(content = RecruitmentBatchCreate, example = json!({"channel": "letter", "reached": 20, "withCodes": true})),
    responses((status = 201, description = "Reached", body = RecruitmentBatch)), extensions(("x-secret" = json!(true))))]
#[post("/recruitment-campaigns/{recruitmentCampaignId}/batches")]
pub(super) async fn create_recruitment_batch(call: Call<op::CreateRecruitmentBatch>) -> Result<Answer, Problem> {
    let new: RecruitmentBatchCreate = call.body()?;
    let mut codes = Vec::new();
    for _ in 0..if new.with_codes { new.reached } else { 0 } {
        let code = secret::code()?;
        let link = call.app.config.links.link("recruitment", &code);
        codes.push(RecruitmentCode { code, link });
    }
    let input = (call.id("recruitmentCampaignId")?, new, codes);
    call.command(input, |tx, (id, new, codes)| create(tx, *id, new, codes).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &RecruitmentBatchCreate, codes: &[RecruitmentCode]) -> Result<Answer, Failure> {
    let campaign = campaign::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?.value;
    tx.authorise(&place(tx, tx.caller(), &campaign).await?.0).await?;
    if new.source_id.is_some_and(|source| !campaign.sources.contains(&source)) {
        return Err(unknown_reference("/sourceId").into());
    }
    campaign.may_reach()?;
    let made = Batch {
        id: tx.new_id(),
        campaign_id: id,
        source: Reached { organisation: new.source_id, channel: new.channel },
        reached: new.reached,
        coded: new.with_codes,
        created_at: tx.now(),
    };
    let clear: Vec<String> = codes.iter().map(|one| one.code.clone()).collect();
    let kept = batch::insert(tx, campaign.organisation_id, made, &clear).await?;
    let location = format!("/v1/recruitment-campaigns/{id}/batches");
    let shown = new.with_codes.then(|| codes.to_vec());
    Ok(Answer::made(location, &wire::batch(&kept, shown)))
}

/// List how people were reached
///
/// All of it for who seeks people for the network; for a source, its own.
#[utoipa::path(operation_id = "listRecruitmentBatches", tag = "Recruitment", params(Paging),
    responses((status = 200, description = "A page", body = RecruitmentBatchPage)))]
#[get("/recruitment-campaigns/{recruitmentCampaignId}/batches")]
pub(super) async fn list_recruitment_batches(call: Call<op::ListRecruitmentBatches>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, roles) = read(&call).await?;
    let sources = campaign::spoken_for(call.caller());
    let only = (!roles.has_any(SEEKERS)).then_some(sources.as_slice());
    let page = batch::list(call.reader(), found.value.id, only, &request).await?;
    call.page(page.map(|one| wire::batch(&one, None)))
}

/// Note that somebody came forward
///
/// A member of the network, or of another in its programme, or somebody who applied, who
/// was reached so and answered by telephone or in person. Each is counted once.
#[utoipa::path(operation_id = "createRecruitmentCandidate", tag = "Recruitment", request_body = RecruitmentCandidateCreate,
    responses((status = 201, description = "Noted", body = RecruitmentCandidate)))]
#[post("/recruitment-batches/{recruitmentBatchId}/candidates")]
pub(super) async fn create_recruitment_candidate(
    call: Call<op::CreateRecruitmentCandidate>,
) -> Result<Answer, Problem> {
    let new: RecruitmentCandidateCreate = call.body()?;
    let input = (call.id("recruitmentBatchId")?, new, today(&call));
    call.command(input, |tx, (id, new, today)| came(tx, *id, new, *today).boxed()).await
}

async fn came(tx: &Tx, id: Uuid, new: &RecruitmentCandidateCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let batch = batch::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    let campaign = campaign::find(tx, batch.campaign_id).await?.ok_or(Refusal::Hidden)?.value;
    let (place, network) = place(tx, tx.caller(), &campaign).await?;
    tx.authorise(&place).await?;
    let candidate_id = tx.new_id();
    let member = membership::find(tx, new.membership_id).await?.map(|found| found.value);
    let sought = match &member {
        Some(member) => sought_for(tx, member, (&network, place.council)).await?,
        None => false,
    };
    let Some(member) = member.filter(|_| sought) else { return Err(unknown_reference("/membershipId").into()) };
    let came_on = new.came_on.unwrap_or(today);
    if came_on > today {
        return Err(Refusal::invalid("/cameOn", "recruitment.in_future").into());
    }
    let answer = RecruitmentAnswer::CameForward;
    let made = Candidate { id: candidate_id, batch_id: id, membership_id: Some(member.id), answer, came_on };
    if let Member::Participant(person) = member.member {
        tx.concerns(person);
    }
    let kept = candidate::insert(tx, campaign.organisation_id, made).await?;
    let location = format!("/v1/recruitment-campaigns/{}/funnel", campaign.id);
    Ok(Answer::made(location, &RecruitmentCandidate::from(kept)))
}

/// Whether a campaign sought people for the network of this membership, too: it is that
/// one, or another of the same host in the same programme, and the caller seeks people for
/// it. A council seeks for itself alone.
async fn sought_for(tx: &Tx, member: &Membership, (network, council): (&Network, bool)) -> Result<bool, Failure> {
    if member.network_id == network.id {
        return Ok(true);
    }
    let Some(other) = network::find(tx, member.network_id).await? else { return Ok(false) };
    let place = network::place(tx, &other.value).await?;
    let same = other.value.host_id == network.host_id
        && network.programme_id.is_some()
        && other.value.programme_id == network.programme_id;
    Ok(same && !council && !place.council && place.roles_of(tx.caller()).has_any(SEEKERS))
}

/// The day of the call.
pub(super) fn today<O: Operation>(call: &Call<O>) -> NaiveDate {
    day_of(call.now, call.app.config.time.zone)
}
