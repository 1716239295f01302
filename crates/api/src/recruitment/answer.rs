//! Coming forward, or saying no, with a code: in one step, without an account.

use actix_web::post;
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::networks::Network;
use klankbord_domain::participants::{
    Channel, Contact, ContactOf, Member, Membership, MembershipRole, MembershipStatus, Participant, Turned,
};
use klankbord_domain::recruitment::{Campaign, RecruitmentAnswer, operations as op};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::{membership, participant};
use klankbord_persistence::recruitment::candidate::{self, Candidate};
use klankbord_persistence::recruitment::{batch, campaign};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::batch::today;
use crate::web::text::{TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// What somebody says who was reached.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecruitmentAnswerCreate {
    /// Whether they come forward, or say no. For a no nothing else is needed.
    #[schema(example = "came_forward")]
    answer: RecruitmentAnswer,
    /// The name by which they want to be known; need not be their own.
    #[schema(min_length = 1, max_length = 100, example = "Zonnebloem")]
    display_name: Option<String>,
    /// How they want to be reached.
    channel: Option<Channel>,
    /// The language that they want to be addressed in (BCP 47).
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: Option<String>,
    /// Their e-mail address.
    #[schema(format = Email, max_length = 254, example = "zonnebloem@demo.klankbord.example")]
    email_address: Option<String>,
    /// Their telephone number.
    #[schema(min_length = 6, max_length = 30, example = "+31 88 555 01 01")]
    phone_number: Option<String>,
}

/// That an answer was taken in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecruitmentAnswerReceipt {
    /// What was said.
    answer: RecruitmentAnswer,
    /// What the campaign is called.
    #[schema(max_items = 20)]
    campaign_name: Vec<TextVariant>,
}

/// Come forward, or say no
///
/// The code is the bearer token of this call, and works once. Who comes forward is
/// registered by the network's host with what they say here, and applies; they hear from
/// who runs the network. Which code they had isn't kept.
#[utoipa::path(operation_id = "createRecruitmentAnswer", tag = "Recruitment",
    request_body(content = RecruitmentAnswerCreate, example = json!({
        "answer": "came_forward", "displayName": "Zonnebloem", "channel": "phone", "language": "nl",
        "phoneNumber": "+31 88 555 01 01"})),
    responses((status = 201, description = "Taken in", body = RecruitmentAnswerReceipt),
        (status = 429, description = "Too many tries")), extensions(("x-secret" = json!(true))))]
#[post("/recruitment-answers")]
pub(super) async fn create_recruitment_answer(call: Call<op::CreateRecruitmentAnswer>) -> Result<Answer, Problem> {
    let said: RecruitmentAnswerCreate = call.body()?;
    let counted = call.app.tries.code(&call.origin_hash(), call.now)?;
    let input = (call.link_token().to_owned(), said, today(&call));
    let kept = call.write(input, |tx, (code, said, today)| take_in(tx, code, said, *today).boxed()).await?;
    let kept = kept.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    counted.undone();
    Ok(kept)
}

/// The answer; none where the code opens nothing.
async fn take_in(
    tx: &Tx,
    code: &str,
    said: &RecruitmentAnswerCreate,
    today: NaiveDate,
) -> Result<Option<Answer>, Failure> {
    let Some(batch) = batch::redeem(tx, code, today).await? else {
        tx.touches(None, batch::KIND, Uuid::nil());
        return Ok(None);
    };
    let gone = || Failure::Broken(format!("batch {} has no campaign", batch.id));
    let campaign = campaign::find(tx, batch.campaign_id).await?.ok_or_else(gone)?.value;
    let network = network::find(tx, campaign.network_id).await?.ok_or_else(gone)?.value;
    // Who comes forward for a council does so in its room.
    tx.in_room(network::place(tx, &network).await?.room());
    if !campaign.runs_on(today) {
        return Err(Refusal::Conflict("recruitment.closed").into());
    }
    let membership_id = match said.answer {
        RecruitmentAnswer::CameForward => Some(applies(tx, (&campaign, &network), said, today).await?),
        RecruitmentAnswer::Declined => None,
    };
    let (answer, id) = (said.answer, tx.new_id());
    let made = Candidate { id, batch_id: batch.id, membership_id, answer, came_on: today };
    candidate::insert(tx, campaign.organisation_id, made).await?;
    let receipt = RecruitmentAnswerReceipt { answer, campaign_name: to_wire(&campaign.name) };
    Ok(Some(Answer::made(format!("/v1/recruitment-campaigns/{}", campaign.id), &receipt)))
}

/// Registers who came forward, and lets them apply; their membership.
async fn applies(
    tx: &Tx,
    (campaign, network): (&Campaign, &Network),
    said: &RecruitmentAnswerCreate,
    today: NaiveDate,
) -> Result<Uuid, Failure> {
    network.may_change()?;
    let (Some(display_name), Some(channel)) = (said.display_name.clone(), said.channel) else {
        let missing = [("/displayName", said.display_name.is_none()), ("/channel", said.channel.is_none())];
        let faults = missing.into_iter().filter(|(_, missing)| *missing);
        let faults = faults.map(|(at, _)| Fault::body(at, "value.required")).collect();
        return Err(Refusal::Invalid(faults).into());
    };
    let person = Participant {
        id: tx.new_id(),
        organisation_id: network.host_id,
        account_id: None,
        display_name,
        channel,
        language: said.language.clone().unwrap_or_else(|| "nl".to_owned()),
        birth: None,
        turned: Turned::default(),
        municipality: None,
        expertise: Vec::new(),
        ask_ceiling: None,
        contact_times: Vec::new(),
        access_needs: Vec::new(),
    };
    let contact = Contact {
        name: None,
        email_address: said.email_address.clone(),
        phone_number: said.phone_number.clone(),
        mailing_address: None,
        whose: ContactOf::Person,
    };
    let mut faults = person.check(today);
    let reachable = match channel {
        Channel::Internet => contact.email_address.is_some(),
        Channel::Phone | Channel::InPerson => contact.phone_number.is_some(),
    };
    if !reachable {
        let at = if channel == Channel::Internet { "/emailAddress" } else { "/phoneNumber" };
        faults.push(Fault::body(at, "value.required"));
    }
    faults.extend(contact.check());
    Refusal::unless_clean(faults)?;
    let person = participant::insert(tx, person, Some(&contact)).await?.value;
    let made = Membership {
        id: tx.new_id(),
        network_id: network.id,
        member: Member::Participant(person.id),
        perspective: campaign.perspective,
        role: MembershipRole::Member,
        ring: None,
        rung: None,
        seat: None,
        term_starts_on: None,
        term_ends_on: None,
        status: MembershipStatus::Applied,
        account_id: None,
    };
    let host = network.host_id;
    Ok(membership::insert(tx, made, host).await?.value.id)
}
