//! Memberships: who takes part in which network, as what.

use actix_web::{get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::networks::{Network, has_served};
use klankbord_domain::participants::operations::{self as op, READERS};
use klankbord_domain::participants::{Invitation, Member, Membership as Domain, MembershipStatus};
use klankbord_domain::policy::{Caller, Operation, Place, Roles, Standing};
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::networks::network;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::speaking::Speaking;
use klankbord_persistence::participants::{membership, membership_invitation, participant};
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::store::history::{self, Transition as Moved};
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::inviting::{self, Sending, Terms};
use super::member::{self, Seen, all_seen, person_of};
use super::membership_wire::{Membership, MembershipCreate, MembershipPage, MembershipPatch, MembershipQuery, view};
use super::reading::others;
use crate::access::secret;
use crate::networks::seen;
use crate::privacy::{consents_to_taking_part, terms};
use crate::web::call::{decided, unknown_reference};
use crate::web::page::{Ordering, Paging};
use crate::web::patch;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// List a network's memberships
///
/// All of them for who may read its people; otherwise your own, and those of
/// members for whom you speak: your organisation, people whom it registered, the
/// networks that you lead. The read is written down.
#[utoipa::path(operation_id = "listMemberships", tag = "Memberships", params(MembershipQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = MembershipPage)))]
#[get("/networks/{networkId}/memberships")]
pub(super) async fn list_memberships(call: Call<op::ListMemberships>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    let permit = call.authorise(&place)?;
    let (query, request) = call.listing::<MembershipQuery>()?;
    let mut filter = membership::MembershipFilter::from(query);
    if !permit.roles().has_any(READERS) {
        let speaking = Speaking::of(call.reader(), call.caller()).await?;
        filter.own = Some((speaking, (found.value.host_id, place.council)));
    }
    let page = membership::list(call.reader(), found.value.id, &filter, &request).await?;
    let subjects = others(&call, page.items.iter().filter_map(|one| person_of(one.value.member)));
    if !subjects.is_empty() {
        call.witness(found.value.host_id, (network::KIND, found.value.id), subjects).await?;
    }
    let caller = call.caller().clone();
    let memberships: Vec<&Domain> = page.items.iter().map(|one| &one.value).collect();
    let seen = all_seen(call.reader(), (&found.value, &place), &memberships, &caller).await?;
    let ids: Vec<Uuid> = memberships.iter().map(|one| one.id).collect();
    let invited = membership_invitation::of_all(call.reader(), &ids).await?;
    call.page(page.map(|one| {
        let (roles, own_voice) =
            seen.get(&one.value.id).map(|seen| (seen.place.roles_of(&caller), seen.own_voice)).unwrap_or_default();
        let invited = invited.get(&one.value.id);
        view(one, &found.value, (roles, own_voice), invited)
    }))
}

/// Invite somebody, or apply
///
/// Whoever keeps the list of members invites, or writes down that somebody
/// applied; a person applies for themselves. A member has one membership of a
/// network at a time. A person who is reached by internet gets a mail with a link, at an
/// address that may be used today; with it they say yes or no in one step
/// (`createMembershipAnswer`). Who wants a call or a visit comes on the network's list.
#[utoipa::path(operation_id = "createMembership", tag = "Memberships",
    request_body(content = MembershipCreate, example = json!({
        "member": {"kind": "participant", "id": "0197c000-0000-7000-8000-000700000016"},
        "perspective": "young_person", "role": "member", "ring": "core", "rung": "codecide", "status": "invited"})),
    responses((status = 201, description = "Made", body = Membership)))]
#[post("/networks/{networkId}/memberships")]
pub(super) async fn create_membership(call: Call<op::CreateMembership>) -> Result<Answer, Problem> {
    let sending = Sending { token: secret::token()?, terms: Terms::of(&call.app, call.now) };
    let input: (Uuid, MembershipCreate, Sending) = (call.id("networkId")?, call.body()?, sending);
    let answer = call.command(input, |tx, (id, new, sending)| create(tx, *id, new, sending).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn create(tx: &Tx, network_id: Uuid, new: &MembershipCreate, sending: &Sending) -> Result<Answer, Failure> {
    let found = network::find_to_change(tx, network_id).await?.ok_or(Refusal::Hidden)?;
    let place = network::place(tx, &found.value).await?;
    if !found.value.may_be_seen(tx.caller(), &place) {
        return Err(Refusal::Hidden.into());
    }
    let mut made = new.clone().into_domain(tx.new_id(), network_id);
    let text = new.told()?;
    made.account_id = member::account_of(tx, made.member).await?;
    let stands = member::seen(tx, (&found.value, &place), &made, tx.caller()).await?;
    let permit = tx.authorise(&stands.place).await?;
    if !may_be_member(tx, made.member, &found.value).await? {
        return Err(unknown_reference("/member/id").into());
    }
    let already = membership::is_live(tx, network_id, made.member).await?;
    let roles = (permit.roles(), stands.own_voice);
    let served = membership::terms_served(tx, network_id, made.member).await?;
    let made = made.admit(&found.value, already, roles)?;
    if has_served(&found.value.seats, served) {
        return Err(Refusal::Conflict("membership.terms_served").into());
    }
    let stored = membership::insert(tx, made, found.value.host_id).await?;
    let invited = inviting::invite(tx, &stored.value, (&found.value, &place), text, sending).await?;
    let location = format!("/v1/memberships/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, &found.value, roles, invited.as_ref())))
}

/// Whether the caller may name this one as a member: a person of the host or of
/// a partner, one whom the caller may read, or the caller; any organisation; a
/// network that the caller may know of.
async fn may_be_member(tx: &Tx, member: Member, of: &Network) -> Result<bool, Failure> {
    match member {
        Member::Participant(id) => {
            let Some(person) = participant::find(tx, id).await? else { return Ok(false) };
            let person = person.value;
            if person.organisation_id == of.host_id || of.partners.contains(&person.organisation_id) {
                return Ok(true);
            }
            let roles = participant::place(tx, &person).await?.roles_of(tx.caller());
            Ok(roles.has_any(&[Standing::Participant, Standing::Representative]) || roles.has_any(READERS))
        }
        Member::Organisation(id) => Ok(organisation::find(tx, id).await?.is_some()),
        Member::Network(id) => {
            let Some(found) = network::find(tx, id).await? else { return Ok(false) };
            let place = network::place(tx, &found.value).await?;
            Ok(found.value.may_be_seen(tx.caller(), &place))
        }
    }
}

/// Read a membership
///
/// The read is written down.
#[utoipa::path(operation_id = "getMembership", tag = "Memberships",
    responses((status = 200, description = "The membership", body = Membership)))]
#[get("/memberships/{membershipId}")]
pub(super) async fn get_membership(call: Call<op::GetMembership>) -> Result<Answer, Problem> {
    let (found, network, roles) = read(&call).await?;
    let invited = invited(call.reader(), found.value.id).await?;
    Ok(Answer::resource(found.version, &view(found, &network, roles, invited.as_ref())))
}

/// Change a membership
///
/// Who is a member, and of what, never changes.
#[utoipa::path(operation_id = "updateMembership", tag = "Memberships", request_body(
    content((MembershipPatch = "application/merge-patch+json"), (MembershipPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Membership)))]
#[patch("/memberships/{membershipId}")]
pub(super) async fn update_membership(call: Call<op::UpdateMembership>) -> Result<Answer, Problem> {
    let input = (call.id("membershipId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, network, roles) = load(tx, id).await?;
    let content: MembershipCreate = patch::apply(&MembershipCreate::from(found.value.clone()), merge)?;
    let new = content.into_domain(id, found.value.network_id);
    let next = decided(tx, found.version, found.value.change(new, &network))?;
    network.may_change()?;
    let stored = membership::save(tx, found.with(next), network.host_id).await?;
    let invited = invited(tx, id).await?;
    Ok(Answer::resource(stored.version, &view(stored, &network, roles, invited.as_ref())))
}

/// Move a membership along
///
/// Accept or decline an invitation, put somebody on the waiting list, let them
/// in, end it. Ending needs a reason. Who has an account, or was registered by
/// another organisation than the network's host, says yes themself, or that
/// organisation does; an organisation and a network answer through who speaks for
/// them. In a council a person takes part with the account that they had when they
/// were invited, or applied; whoever gets one later is invited anew. Where the
/// organisation that registered the person asks consent to taking part, it must stand.
#[utoipa::path(operation_id = "createMembershipTransition", tag = "Memberships",
    request_body(content = TransitionCreate, example = json!({"to": "active"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/memberships/{membershipId}/transitions")]
pub(super) async fn create_membership_transition(
    call: Call<op::CreateMembershipTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate, ConsentTerms) = (call.id("membershipId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, *terms).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, terms: ConsentTerms) -> Result<Answer, Failure> {
    let (found, network, (roles, own_voice)) = load(tx, id).await?;
    let to: MembershipStatus = asked.state()?;
    let counted = found.value.counted(to, roles, own_voice);
    let waited = found.value.status == MembershipStatus::Invited;
    let step = Step { to, reason: asked.reason.as_deref(), roles: counted, terms };
    let (stored, made) = carry_out(tx, found, &network, step).await?;
    if waited {
        membership_invitation::over(tx, id).await?;
    }
    let invited = invited(tx, id).await?;
    let location = format!("/v1/memberships/{id}/transitions");
    let version = stored.version;
    let shown = view(stored, &network, (roles, own_voice), invited.as_ref());
    Ok(Answer::moved(location, &Transition::from(made), version, &shown))
}

/// A move that somebody makes who stands so towards the membership.
pub(super) struct Step<'s> {
    /// The state to move to.
    pub(super) to: MembershipStatus,
    /// Why.
    pub(super) reason: Option<&'s str>,
    /// The roles that count for it.
    pub(super) roles: Roles,
    /// The day, and from which age on people consent themselves.
    pub(super) terms: ConsentTerms,
}

/// Moves a membership along, whichever way the answer came: as the lifecycle, the network
/// and the person's consent have it.
///
/// # Errors
/// 403, 409, 412.
pub(super) async fn carry_out(
    tx: &Tx,
    found: Stored<Domain>,
    network: &Network,
    Step { to, reason, roles, terms }: Step<'_>,
) -> Result<(Stored<Domain>, Moved), Failure> {
    let from = found.value.status;
    let status = decided(tx, found.version, lifecycle::take(from, to, roles, reason))?;
    if !status.is_over() {
        network.may_change()?;
    }
    if let (MembershipStatus::Active, Some(person)) = (status, person_of(found.value.member)) {
        let person = participant::find(tx, person).await?.ok_or(Refusal::Hidden)?.value;
        consents_to_taking_part(tx, &person, terms).await?;
    }
    let moved = found.with(Domain { status, ..found.value.clone() });
    let stored = membership::save(tx, moved, network.host_id).await?;
    let steps = (from.code(), status.code());
    let made = history::record(tx, (membership::KIND, stored.value.id), steps, reason).await?;
    Ok((stored, made))
}

/// When a member was invited, and reminded.
async fn invited(source: &impl Source, id: Uuid) -> Result<Option<Invitation>, Failure> {
    Ok(membership_invitation::of(source, id).await?.map(|kept| kept.invitation))
}

/// List the moves of a membership
///
/// The read is written down.
#[utoipa::path(operation_id = "listMembershipTransitions", tag = "Memberships", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/memberships/{membershipId}/transitions")]
pub(super) async fn list_membership_transitions(call: Call<op::ListMembershipTransitions>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _, _) = read(&call).await?;
    let page = history::list(call.reader(), (membership::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// The membership that a query names, when the caller may read it; witnessed.
pub(crate) async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Network, (Roles, bool)), Problem> {
    let found = membership::find(call.reader(), call.id("membershipId")?).await?.ok_or(Refusal::Hidden)?;
    let (network, stands) = room(call.reader(), &found.value, call.caller()).await?;
    let permit = call.authorise(&stands.place)?;
    let subjects = others(call, person_of(found.value.member).into_iter());
    if !subjects.is_empty() {
        call.witness(network.host_id, (membership::KIND, found.value.id), subjects).await?;
    }
    Ok((found, network, (permit.roles(), stands.own_voice)))
}

/// Where a membership stands.
///
/// # Errors
/// 404 when there is none.
pub(crate) async fn place(source: &impl Source, caller: &Caller, id: Uuid) -> Result<Place, Failure> {
    let found = membership::find(source, id).await?.ok_or(Refusal::Hidden)?;
    Ok(room(source, &found.value, caller).await?.1.place)
}

/// The membership, for a command on it.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Network, (Roles, bool)), Failure> {
    let (found, network, stands) = held(tx, id).await?;
    Ok((found, network, (stands.place.roles_of(tx.caller()), stands.own_voice)))
}

/// The same, and where it stands.
///
/// # Errors
/// 403 or 404.
pub(crate) async fn load_room(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Network, Place), Failure> {
    let (found, network, stands) = held(tx, id).await?;
    Ok((found, network, stands.place))
}

async fn held(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Network, Seen), Failure> {
    let found = membership::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let (network, stands) = room(tx, &found.value, tx.caller()).await?;
    tx.authorise(&stands.place).await?;
    Ok((found, network, stands))
}

/// The network of a membership, and how the caller sees its member there.
async fn room(source: &impl Source, membership: &Domain, caller: &Caller) -> Result<(Network, Seen), Failure> {
    let found = network::find(source, membership.network_id).await?;
    let network = found.ok_or_else(|| Failure::Broken(format!("membership {} has no network", membership.id)))?.value;
    let place = network::place(source, &network).await?;
    let stands = member::seen(source, (&network, &place), membership, caller).await?;
    Ok((network, stands))
}
