//! Answering an invitation with the link that came by mail: in one step, without an
//! account. Whoever has the link is to the membership what the person is at whose address
//! it arrived; what they may is decided as for anybody else.

use actix_web::{get, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::networks::{Network, Perspective};
use klankbord_domain::participants::operations as op;
use klankbord_domain::participants::{
    Contact, ContactOf, InvitationAnswer, Membership as Domain, MembershipRole, MembershipStatus, Participant,
    answered_before, by_link,
};
use klankbord_domain::policy::Place;
use klankbord_persistence::networks::network;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::membership_invitation::{self, Kept, Link};
use klankbord_persistence::participants::{membership, participant, representative};
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member::person_of;
use super::membership::{Step, carry_out};
use crate::privacy::terms;
use crate::web::text::{TextVariant, to_wire, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// What somebody is invited to, for who has the link that came by mail.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipInvitation {
    /// What the network is called.
    #[schema(max_items = 20)]
    network_name: Vec<TextVariant>,
    /// What it is for.
    #[schema(max_items = 20)]
    network_purpose: Vec<TextVariant>,
    /// The organisation that asks.
    #[schema(max_length = 200, example = "Gemeente Amsterdam")]
    asked_by: Option<String>,
    /// As what.
    #[schema(example = "member")]
    role: MembershipRole,
    /// From which perspective.
    #[schema(example = "parent")]
    perspective: Perspective,
    /// A word to the person.
    #[schema(max_items = 20)]
    text: Option<Vec<TextVariant>>,
    /// How much time it takes.
    #[schema(max_items = 20)]
    time_needed: Option<Vec<TextVariant>>,
    /// When they were invited.
    invited_at: DateTime<Utc>,
    /// Until when the link works.
    expires_at: DateTime<Utc>,
    /// What was said with this link.
    #[schema(example = "accept")]
    answer: Option<InvitationAnswer>,
}

/// What somebody says who is invited.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MembershipAnswerCreate {
    /// Yes, or no. For a no nothing else is needed.
    #[schema(example = "decline")]
    answer: InvitationAnswer,
    /// Why, if they want to say. Those read it who keep the network's list of members.
    #[schema(min_length = 1, max_length = 2000)]
    reason: Option<String>,
}

/// That an answer was taken in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipAnswer {
    /// What was said.
    #[schema(example = "decline")]
    answer: InvitationAnswer,
    /// What the network is called.
    #[schema(max_items = 20)]
    network_name: Vec<TextVariant>,
    /// When it was said.
    answered_at: DateTime<Utc>,
}

/// What a link opens.
struct Opened {
    kept: Kept,
    link: Link,
    found: Stored<Domain>,
    network: Network,
    place: Place,
    person: Participant,
}

/// What the token opens at this instant; none where it opens nothing: it never did, ended,
/// the invitation was answered or withdrawn otherwise, or it went to who doesn't represent
/// the person any more.
async fn opened(
    source: &impl Source,
    token: &str,
    (now, terms): (DateTime<Utc>, ConsentTerms),
) -> Result<Option<Opened>, Failure> {
    let Some(kept) = membership_invitation::by_token(source, token, now).await? else { return Ok(None) };
    let Some(link) = kept.link.clone() else { return Ok(None) };
    let Some(found) = membership::find(source, kept.membership_id).await? else { return Ok(None) };
    let Some(person) = person_of(found.value.member) else { return Ok(None) };
    let Some(person) = participant::find(source, person).await? else { return Ok(None) };
    let person = person.value;
    let held = representative::of_participant(source, person.id).await?;
    let whose = Contact { whose: link.contact_of, ..Contact::default() };
    let waits = link.answer.is_some() || found.value.status == MembershipStatus::Invited;
    if !waits || !whose.holds(person.age(), &held, terms.today) {
        return Ok(None);
    }
    let gone = || Failure::Broken(format!("membership {} has no network", found.value.id));
    let network = network::find(source, found.value.network_id).await?.ok_or_else(gone)?.value;
    let place = network::place(source, &network).await?;
    Ok(Some(Opened { kept, link, found, network, place, person }))
}

/// Read what one is invited to
///
/// The token of the link that came by mail is the bearer token of this call. Reading
/// doesn't use it up.
#[utoipa::path(operation_id = "getMembershipInvitation", tag = "Memberships",
    responses((status = 200, description = "What one is invited to", body = MembershipInvitation),
        (status = 429, description = "Too many tries")))]
#[get("/membership-invitation")]
pub(super) async fn get_membership_invitation(call: Call<op::GetMembershipInvitation>) -> Result<Answer, Problem> {
    let counted = call.app.tries.code(&call.origin_hash(), call.now)?;
    let found = opened(call.reader(), call.link_token(), (call.now, terms(&call))).await?;
    let Opened { kept, link, found, network, .. } = found.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    counted.undone();
    let mut names = organisation::names(call.reader(), &[network.host_id]).await?;
    Ok(Answer::plain(&MembershipInvitation {
        network_name: to_wire(&network.name),
        network_purpose: to_wire(&network.purpose),
        asked_by: names.remove(&network.host_id),
        role: found.value.role,
        perspective: found.value.perspective,
        text: to_wire_or_none(kept.text.text.as_ref()),
        time_needed: to_wire_or_none(kept.text.expected_time.as_ref()),
        invited_at: kept.invitation.invited_at,
        expires_at: link.expires_at,
        answer: link.answer.map(|(said, _)| said),
    }))
}

/// Accept or decline an invitation
///
/// In one step, without an account. The token of the link that came by mail is the bearer
/// token of this call. It says one thing: the same answer again gives the same, another
/// one is refused (409); who changes their mind later leaves the network, or is invited
/// anew. A link that ended is as unknown as any other (401): when its days are over, when
/// a newer one came, or when the invitation was answered otherwise. What is asked of
/// others who begin is asked here, too: where the organisation that registered the person
/// asks consent to taking part, it must stand; into a council one comes with the account
/// that one had when one was invited.
#[utoipa::path(operation_id = "createMembershipAnswer", tag = "Memberships",
    request_body(content = MembershipAnswerCreate, example = json!({"answer": "decline"})),
    responses((status = 201, description = "Taken in", body = MembershipAnswer),
        (status = 429, description = "Too many tries")))]
#[post("/membership-answers")]
pub(super) async fn create_membership_answer(call: Call<op::CreateMembershipAnswer>) -> Result<Answer, Problem> {
    let said: MembershipAnswerCreate = call.body()?;
    let refused = || Problem::new("access.unauthenticated");
    let counted = call.app.tries.code(&call.origin_hash(), call.now)?;
    let (token, terms) = (call.link_token().to_owned(), terms(&call));
    opened(call.reader(), &token, (call.now, terms)).await?.ok_or_else(refused)?;
    counted.undone();
    let input = (token, said, terms);
    let kept = call.write(input, |tx, (token, said, terms)| take_in(tx, token, said, *terms).boxed()).await?;
    kept.ok_or_else(refused)
}

/// The answer; none where the token opens nothing any more.
async fn take_in(
    tx: &Tx,
    token: &str,
    said: &MembershipAnswerCreate,
    terms: ConsentTerms,
) -> Result<Option<Answer>, Failure> {
    let Some(found) = held(tx, token, terms).await? else {
        tx.touches(None, membership::KIND, uuid::Uuid::nil());
        return Ok(None);
    };
    let Opened { kept, link, found, network, place, person } = found;
    // What happens in a council's room is written down in the room.
    tx.in_room(place.room());
    tx.touches(Some(network.host_id), membership::KIND, found.value.id);
    tx.concerns(person.id);
    let answered_at = if let Some((given, at)) = link.answer {
        answered_before(given, said.answer)?;
        at
    } else {
        let to = said.answer.leads_to();
        if to == MembershipStatus::Active {
            found.value.may_begin_by_link(&person, place.council)?;
        }
        let roles = by_link(link.contact_of == ContactOf::Representative, place.council);
        let step = Step { to, reason: said.reason.as_deref(), roles, terms };
        carry_out(tx, found, &network, step).await?;
        membership_invitation::answered(tx, kept, said.answer).await?;
        tx.now()
    };
    let shown = MembershipAnswer { answer: said.answer, network_name: to_wire(&network.name), answered_at };
    Ok(Some(Answer::made("/v1/membership-invitation".to_owned(), &shown)))
}

/// What the token opens, with the membership held until the command ends: of two at once
/// the second finds what the first said.
async fn held(tx: &Tx, token: &str, terms: ConsentTerms) -> Result<Option<Opened>, Failure> {
    let Some(kept) = membership_invitation::by_token(tx, token, tx.now()).await? else { return Ok(None) };
    membership::find_to_change(tx, kept.membership_id).await?;
    opened(tx, token, (tx.now(), terms)).await
}
