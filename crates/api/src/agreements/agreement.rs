//! Agreements: proposed, answered by every party, ended.

use std::collections::HashMap;

use actix_web::{get, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::agreements::{
    Acceptance, Agreement as Domain, AgreementStatus, Answering, Party, PartyKind, operations as op,
};
use klankbord_domain::calendar::day_of;
use klankbord_domain::networks::Network;
use klankbord_domain::participants::{Member, Membership, MembershipStatus};
use klankbord_domain::policy::{Caller, Operation, Place, Roles, Standing};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::access::{accounts, rights};
use klankbord_persistence::agreements::agreement::{self, AgreementSight};
use klankbord_persistence::compensation::rate;
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::{membership, participant};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use uuid::Uuid;

use super::wire::{Agreement, AgreementAcceptanceCreate, AgreementCreate, AgreementPage, AgreementQuery, view};
use crate::networks::seen;
use crate::participants::{membership_place, witness_page};
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging};
use crate::web::text::Reading;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// How somebody stands towards an agreement.
pub(super) struct Stands {
    place: Place,
    roles: Roles,
    speaks_for: Vec<Uuid>,
    member_signs_in: bool,
}

impl Stands {
    /// Towards this agreement: with its membership, and the organisations that are parties.
    async fn of(source: &impl Source, agreement: &Domain, caller: &Caller) -> Result<Self, Failure> {
        let parties = agreement.parties.iter().filter(|party| party.kind == PartyKind::Organisation);
        let place = membership_place(source, caller, agreement.membership_id).await?;
        let partners = parties.map(|party| party.id).filter(|id| *id != agreement.organisation_id).collect();
        // Who only speaks for the member, as the organisation that registered them, is no party.
        let place = Place { partners, also: place.also.without(&[Standing::Participant]), ..place };
        let person = participant::find(source, agreement.participant_id).await?;
        let stands = Self {
            roles: place.roles_of(caller),
            speaks_for: caller.organisations_of(&[Standing::Manager, Standing::Officer]),
            // Who was erased says nothing any more, nor does anybody for them.
            member_signs_in: person.is_none_or(|person| person.value.account_id.is_some()),
            place,
        };
        if agreement.is_for(stands.by()) { Ok(stands) } else { Err(Refusal::Hidden.into()) }
    }

    fn by(&self) -> Answering<'_> {
        let speaks_for = if self.place.council { &[] } else { self.speaks_for.as_slice() };
        Answering { roles: self.roles, speaks_for, member_signs_in: self.member_signs_in }
    }
}

fn today<O: Operation>(call: &Call<O>) -> NaiveDate {
    day_of(call.now, call.app.config.time.zone)
}

/// List a network's agreements
///
/// Your own, those that you keep, and those in which an organisation for which you speak
/// is a party. The read is written down.
#[utoipa::path(operation_id = "listAgreements", tag = "Agreements", params(AgreementQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = AgreementPage)))]
#[get("/networks/{networkId}/agreements")]
pub(super) async fn list_agreements(call: Call<op::ListAgreements>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    call.authorise(&place)?;
    let (query, request) = call.listing::<AgreementQuery>()?;
    let sight = AgreementSight::of(call.reader(), call.caller()).await?;
    let statuses = query.status.unwrap_or_default();
    let page = agreement::list(call.reader(), found.value.id, (&sight, &statuses), &request).await?;
    witness_page(&call, page.items.iter().map(|one| (one.value.organisation_id, one.value.participant_id))).await?;
    let mut shown: HashMap<Uuid, Agreement> = HashMap::new();
    for one in &page.items {
        if let Ok(stands) = Stands::of(call.reader(), &one.value, call.caller()).await {
            let contact = contact_name(call.reader(), &one.value).await?;
            shown.insert(one.value.id, view(one.clone(), stands.by(), contact, today(&call)));
        }
    }
    let items = page.items.iter().filter_map(|one| shown.remove(&one.value.id)).collect();
    call.page(klankbord_persistence::Page { items, next: page.next, total: page.total })
}

async fn contact_name(source: &impl Source, agreement: &Domain) -> Result<Option<String>, Failure> {
    let Some(contact) = agreement.promises.contact_id else { return Ok(None) };
    Ok(accounts::names(source, &[contact]).await?.remove(&contact).filter(|name| !name.is_empty()))
}

/// Propose an agreement
///
/// With a member, by who keeps the network's agreements. The member and the host are
/// parties, in a council the council itself; partners can be. It holds once every party
/// said yes. A change is a new version: name what it replaces.
#[utoipa::path(operation_id = "createAgreement", tag = "Agreements",
    request_body(content = AgreementCreate, example = json!({
        "role": [{"language": "nl", "value": "Denkt mee in de kerngroep."}], "startsOn": "2026-12-01",
        "expectedMinutesPerMonth": 240, "answerWithinDays": 21})),
    responses((status = 201, description = "Proposed", body = Agreement)))]
#[post("/memberships/{membershipId}/agreements")]
pub(super) async fn create_agreement(call: Call<op::CreateAgreement>) -> Result<Answer, Problem> {
    let new: AgreementCreate = call.body()?;
    let input = (call.id("membershipId")?, new, today(&call));
    call.command(input, |tx, (id, new, today)| create(tx, *id, new, *today).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &AgreementCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let member = membership::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?.value;
    let place = membership_place(tx, tx.caller(), id).await?;
    tx.authorise(&place).await?;
    let agreement_id = tx.new_id();
    let Member::Participant(person) = member.member else {
        return Err(Refusal::Conflict("agreement.persons_only").into());
    };
    let gone = || Failure::Broken(format!("membership {id} has no network"));
    let network = network::find(tx, member.network_id).await?.ok_or_else(gone)?.value;
    let mut reading = Reading::default();
    let promises = new.promises(&mut reading);
    reading.faults.extend(unknown(tx, new, (&network, &place)).await?);
    let replaced = replaced(tx, new, (&member, &mut reading)).await?;
    let made = Domain {
        id: agreement_id,
        membership_id: id,
        network_id: network.id,
        organisation_id: network.host_id,
        participant_id: person,
        perspective: member.perspective,
        agreement_version: replaced.as_ref().map_or(1, |old| old.value.agreement_version.saturating_add(1)),
        replaces_id: new.replaces_id,
        promises,
        parties: parties(new, (&network, place.council), id),
        status: AgreementStatus::Proposed,
    };
    reading.faults.extend(made.check());
    Refusal::unless_clean(reading.faults)?;
    if !matches!(member.status, MembershipStatus::Invited | MembershipStatus::Active) {
        return Err(Refusal::Conflict("agreement.not_a_member").into());
    }
    // What holds is replaced by name, so that nobody agrees to two things at once.
    let held = agreement::held(tx, id).await?;
    if held.is_some_and(|held| new.replaces_id != Some(held)) {
        return Err(Refusal::Conflict("agreement.exists").into());
    }
    if let Some(old) = replaced.filter(|old| old.value.status == AgreementStatus::Proposed) {
        ended(tx, old, AgreementStatus::Declined, place.council).await?;
    }
    let stored = agreement::insert(tx, made, place.council).await?;
    answer(tx, stored, today).await
}

/// The agreement as whoever made or answered it sees it.
async fn answer(tx: &Tx, stored: Stored<Domain>, today: NaiveDate) -> Result<Answer, Failure> {
    let stands = Stands::of(tx, &stored.value, tx.caller()).await?;
    let contact = contact_name(tx, &stored.value).await?;
    let (location, version) = (format!("/v1/agreements/{}", stored.value.id), stored.version);
    Ok(Answer::created(location, version, &view(stored, stands.by(), contact, today)))
}

/// Who promises: the member, known by their membership; the host, or the council itself;
/// the partners that are named.
fn parties(new: &AgreementCreate, (network, council): (&Network, bool), membership: Uuid) -> Vec<Party> {
    let party = |kind, id| Party { kind, id, accepted: None };
    let first =
        if council { party(PartyKind::Network, network.id) } else { party(PartyKind::Organisation, network.host_id) };
    let mut parties = vec![party(PartyKind::Participant, membership), first];
    for id in &new.organisation_ids {
        if !parties.iter().any(|known| known.id == *id) {
            parties.push(party(PartyKind::Organisation, *id));
        }
    }
    parties
}

/// What the agreement names and may not: a rate of another network, a contact person
/// without a role here, an organisation that is no partner.
async fn unknown(tx: &Tx, new: &AgreementCreate, (network, place): (&Network, &Place)) -> Result<Vec<Fault>, Failure> {
    let mut faults = Vec::new();
    if let Some(id) = new.compensation_rate_id {
        let known = rate::for_network(tx, &[id], (network.host_id, network.id)).await?;
        if !known.contains_key(&id) {
            faults.push(unknown_fault("/compensationRateId"));
        }
    }
    if let Some(id) = new.contact_id {
        let held = rights::of_account(tx, id).await?;
        let staff = [Standing::Manager, Standing::Officer, Standing::Coordinator, Standing::Facilitator];
        let council = [Standing::Chair, Standing::Secretary, Standing::Supporter];
        let known = held.is_some_and(|held| place.roles_of(&held).has_any(&[&staff[..], &council[..]].concat()));
        if !known {
            faults.push(unknown_fault("/contactId"));
        }
    }
    for (index, id) in new.organisation_ids.iter().enumerate() {
        let known = *id == network.host_id || network.partners.contains(id);
        if !known || place.council {
            faults.push(unknown_fault(&format!("/organisationIds/{index}")));
        }
    }
    Ok(faults)
}

fn unknown_fault(pointer: &str) -> Fault {
    Fault::body(pointer, "reference.unknown")
}

async fn replaced(
    tx: &Tx,
    new: &AgreementCreate,
    (member, reading): (&Membership, &mut Reading),
) -> Result<Option<Stored<Domain>>, Failure> {
    let Some(id) = new.replaces_id else { return Ok(None) };
    let found = agreement::find_to_change(tx, id).await?.filter(|old| old.value.may_be_replaced(member.id));
    if found.is_none() {
        reading.faults.push(unknown_fault("/replacesId"));
    }
    Ok(found)
}

/// Ends, or takes away, an agreement that a new version takes the place of.
async fn ended(tx: &Tx, old: Stored<Domain>, to: AgreementStatus, council: bool) -> Result<(), Failure> {
    let from = old.value.status;
    let id = old.value.id;
    let next = old.with(Domain { status: to, ..old.value.clone() });
    agreement::save(tx, next, council).await?;
    history::record(tx, (agreement::KIND, id), (from.code(), to.code()), None).await?;
    Ok(())
}

/// Read an agreement
///
/// For its parties, and who keeps it. The read is written down.
#[utoipa::path(operation_id = "getAgreement", tag = "Agreements",
    responses((status = 200, description = "The agreement", body = Agreement)))]
#[get("/agreements/{agreementId}")]
pub(super) async fn get_agreement(call: Call<op::GetAgreement>) -> Result<Answer, Problem> {
    let (found, stands) = read(&call).await?;
    let contact = contact_name(call.reader(), &found.value).await?;
    Ok(Answer::resource(found.version, &view(found, stands.by(), contact, today(&call))))
}

/// Say yes to an agreement
///
/// For every party for which you answer. What a member without an account said by phone or
/// in person is written down by who keeps the agreements. With the last yes it holds, and
/// the version that it replaces ends.
#[utoipa::path(operation_id = "createAgreementAcceptance", tag = "Agreements",
    request_body(content = AgreementAcceptanceCreate, example = json!({"channel": "internet"})),
    responses((status = 201, description = "Said", body = Agreement)))]
#[post("/agreements/{agreementId}/acceptances")]
pub(super) async fn create_agreement_acceptance(call: Call<op::CreateAgreementAcceptance>) -> Result<Answer, Problem> {
    let said: AgreementAcceptanceCreate = call.body()?;
    let input = (call.id("agreementId")?, said, today(&call));
    call.command(input, |tx, (id, said, today)| accept(tx, *id, said, *today).boxed()).await
}

async fn accept(tx: &Tx, id: Uuid, said: &AgreementAcceptanceCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let (found, stands) = load(tx, id).await?;
    let said = Acceptance { on: today, channel: said.channel, by: tx.caller().account };
    let next = decided(tx, found.version, found.value.clone().accept(stands.by(), said))?;
    if next.status == AgreementStatus::Accepted {
        if let Some(old) = next.replaces_id {
            let old = agreement::find_to_change(tx, old).await?;
            if let Some(old) = old.filter(|old| old.value.status == AgreementStatus::Accepted) {
                ended(tx, old, AgreementStatus::Ended, stands.place.council).await?;
            }
        }
        let steps = (AgreementStatus::Proposed.code(), AgreementStatus::Accepted.code());
        history::record(tx, (agreement::KIND, id), steps, None).await?;
    }
    let stored = agreement::save(tx, found.with(next), stands.place.council).await?;
    answer(tx, stored, today).await
}

/// Say no to an agreement, or end it
///
/// Any party can. A proposal is declined; what holds is ended, with the reason.
#[utoipa::path(operation_id = "createAgreementTransition", tag = "Agreements",
    request_body(content = TransitionCreate, example = json!({"to": "ended", "reason": "Ik heb het te druk met school."})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/agreements/{agreementId}/transitions")]
pub(super) async fn create_agreement_transition(call: Call<op::CreateAgreementTransition>) -> Result<Answer, Problem> {
    let asked: TransitionCreate = call.body()?;
    let input = (call.id("agreementId")?, asked, today(&call));
    call.command(input, |tx, (id, asked, today)| make_move(tx, *id, asked, *today).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let (found, stands) = load(tx, id).await?;
    let to: AgreementStatus = asked.state()?;
    let from = found.value.status;
    let reason = asked.reason.as_deref();
    let next = decided(tx, found.version, found.value.clone().take(to, stands.by(), reason))?;
    let stored = agreement::save(tx, found.with(next), stands.place.council).await?;
    let made = history::record(tx, (agreement::KIND, id), (from.code(), to.code()), reason).await?;
    let contact = contact_name(tx, &stored.value).await?;
    let (location, version) = (format!("/v1/agreements/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, stands.by(), contact, today)))
}

/// List the moves of an agreement
///
/// The read is written down.
#[utoipa::path(operation_id = "listAgreementTransitions", tag = "Agreements", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/agreements/{agreementId}/transitions")]
pub(super) async fn list_agreement_transitions(call: Call<op::ListAgreementTransitions>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = history::list(call.reader(), (agreement::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// The agreement that a query names, for who may know of it; witnessed.
async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Stands), Problem> {
    let found = agreement::find(call.reader(), call.id("agreementId")?).await?.ok_or(Refusal::Hidden)?;
    let stands = Stands::of(call.reader(), &found.value, call.caller()).await?;
    call.authorise(&stands.place)?;
    let own = call.caller().persons_as(Standing::Participant).contains(&found.value.participant_id);
    if !own {
        let subjects = vec![found.value.participant_id];
        call.witness(found.value.organisation_id, (agreement::KIND, found.value.id), subjects).await?;
    }
    Ok((found, stands))
}

/// The agreement, for a command on it.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Stands), Failure> {
    let found = agreement::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let stands = Stands::of(tx, &found.value, tx.caller()).await?;
    tx.authorise(&stands.place).await?;
    Ok((found, stands))
}
