//! Claims: made, read, changed, and as a draft deleted.

use std::collections::HashMap;

use actix_web::{delete, get, patch, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::compensation::{
    Ceiling, Claim as Domain, ClaimBasis, ClaimHands, ClaimLine, ClaimStatus, Rate, RateUse, operations as op,
};
use klankbord_domain::networks::{Expertise, Network, Perspective};
use klankbord_domain::participants::{Member, Membership, MembershipStatus, Participant};
use klankbord_domain::policy::{Caller, Operation, Place, Roles, Standing};
use klankbord_persistence::compensation::claim::{self, ClaimFilter, Together};
use klankbord_persistence::compensation::{ClaimSight, rate};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::{erased, membership, participant, representative};
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::allowance::{self, Allowance};
use super::claim_wire::{
    Claim, ClaimCreate, ClaimLineCreate, ClaimPage, ClaimPatch, ClaimQuery, TABLE, knows_person, view,
};
use crate::participants::{membership_place, witness_page};
use crate::web::page::{Ordering, Paging};
use crate::web::patch;
use crate::web::{Answer, Call, Problem};

/// What a command on claims needs of the moment and the configuration.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub(super) today: NaiveDate,
    pub(super) ceilings: Vec<Ceiling>,
    /// Days to payment where no rate says so.
    pub(super) days_to_payment: i32,
}

impl Terms {
    pub(super) fn of<O: Operation>(call: &Call<O>) -> Self {
        let configured = &call.app.config.compensation;
        let today = day_of(call.now, call.app.config.time.zone);
        Self { today, ceilings: configured.ceilings(), days_to_payment: configured.days_to_payment }
    }
}

/// Where a membership stands for its money: who only speaks for its member, as the
/// organisation that registered them, has no part in what another pays them.
pub(super) async fn own_place(source: &impl Source, caller: &Caller, membership: Uuid) -> Result<Place, Failure> {
    let place = membership_place(source, caller, membership).await?;
    Ok(Place { also: place.also.without(&[Standing::Participant]), ..place })
}

/// A claim where it stands, and what the caller is to it.
pub(super) struct Seen {
    pub(super) place: Place,
    pub(super) roles: Roles,
    pub(super) person: Participant,
    pub(super) hands: ClaimHands,
}

impl Seen {
    /// How a claim is seen here.
    pub(super) async fn of(
        source: &impl Source,
        claim: &Domain,
        caller: &Caller,
        today: NaiveDate,
    ) -> Result<Self, Failure> {
        let place = own_place(source, caller, claim.membership_id).await?;
        let roles = place.roles_of(caller);
        if !claim.may_be_seen(roles, caller.account) {
            return Err(Refusal::Hidden.into());
        }
        let found = erased::find_in_books(source, claim.participant_id).await?;
        let person = found.ok_or_else(|| Failure::Broken(format!("claim {} is nobody's", claim.id)))?;
        let represents = match caller.account {
            Some(account) => representative::of_person(source, (account, person.id), today).await?.is_some(),
            None => false,
        };
        let hands = ClaimHands { caller: caller.account, of_person: person.account_id, represents };
        Ok(Self { place, roles, person, hands })
    }

    /// Where the person's claims count together with this one.
    pub(super) fn together(&self, claim: &Domain) -> Together {
        if self.place.council { Together::Room(claim.network_id) } else { Together::Payer(claim.organisation_id) }
    }

    /// The claim as it is answered.
    pub(super) async fn shown(
        &self,
        source: &impl Source,
        found: Stored<Domain>,
        terms: &Terms,
    ) -> Result<Claim, Failure> {
        let mut allowances = Vec::new();
        if knows_person(self.roles) {
            let persons = std::slice::from_ref(&self.person);
            for year in found.value.years().into_iter().take(10) {
                let beside = Some(&found.value).filter(|claim| claim.status.is_open());
                let asked = ((year, terms.today), beside, terms.ceilings.as_slice());
                let stands = allowance::of(source, persons, self.together(&found.value), asked).await?;
                allowances.push(Allowance::from(stands));
            }
        }
        let allowances = knows_person(self.roles).then_some(allowances);
        let counted = found.value.counted(self.roles, self.hands);
        Ok(view(found, (self.roles, counted), allowances, terms.today))
    }
}

/// The claim that a query names, for who may know of it; witnessed.
pub(super) async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Seen), Problem> {
    let found = claim::find(call.reader(), call.id("claimId")?).await?.ok_or(Refusal::Hidden)?;
    let seen = Seen::of(call.reader(), &found.value, call.caller(), Terms::of(call).today).await?;
    call.authorise(&seen.place)?;
    let own = call.caller().persons_as(Standing::Participant).contains(&found.value.participant_id);
    if !own {
        let subjects = vec![found.value.participant_id];
        call.witness(found.value.organisation_id, (claim::KIND, found.value.id), subjects).await?;
    }
    Ok((found, seen))
}

/// The claim, for a command on it.
pub(super) async fn load(tx: &Tx, id: Uuid, today: NaiveDate) -> Result<(Stored<Domain>, Seen), Failure> {
    let found = claim::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let seen = Seen::of(tx, &found.value, tx.caller(), today).await?;
    tx.authorise(&seen.place).await?;
    Ok((found, seen))
}

/// List claims
///
/// Your own, and those that were handed in where you keep claims. With `late=true`
/// those that should have been paid by now; as `text/csv` up to 10,000 of them, to pay
/// from. The read is written down.
#[utoipa::path(operation_id = "listClaims", tag = "Compensation", params(ClaimQuery, Paging, Ordering),
    responses((status = 200, description = "A page", content((ClaimPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/claims")]
pub(super) async fn list_claims(call: Call<op::ListClaims>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (query, request) = call.listing::<ClaimQuery>()?;
    let today = Terms::of(&call).today;
    let filter = ClaimFilter {
        organisation: query.organisation_id,
        network: query.network_id,
        membership: query.membership_id,
        statuses: query.status.unwrap_or_default(),
        late_on: query.late.unwrap_or(false).then_some(today),
    };
    let sight = ClaimSight::of(call.reader(), call.caller()).await?;
    let page = claim::list(call.reader(), &sight, &filter, &request).await?;
    witness_page(&call, page.items.iter().map(|one| (one.value.organisation_id, one.value.participant_id))).await?;
    let stands = stands(&call, page.items.iter().map(|one| &one.value)).await?;
    call.page_or_table(page.map(|found| {
        let (roles, hands, name) = stands.of(call.caller(), &found.value);
        let counted = found.value.counted(roles, hands);
        let mut shown = view(found, (roles, counted), None, today);
        shown.display_name = name;
        shown
    }))
}

/// How somebody stands towards the claims of a page.
struct Stands {
    places: HashMap<Uuid, Place>,
    persons: HashMap<Uuid, Participant>,
    represented: Vec<Uuid>,
}

async fn stands<'c, O: Operation>(call: &Call<O>, claims: impl Iterator<Item = &'c Domain>) -> Result<Stands, Problem> {
    let (networks, persons): (Vec<Uuid>, Vec<Uuid>) =
        claims.map(|claim| (claim.network_id, claim.participant_id)).unzip();
    let networks: Vec<Network> =
        network::find_all(call.reader(), &networks).await?.into_iter().map(|found| found.value).collect();
    let places = network::places(call.reader(), networks.iter()).await?;
    let places = networks.iter().map(|network| network.id).zip(places).collect();
    let today = Terms::of(call).today;
    let represented = match call.caller().account {
        Some(account) => representative::of_account(call.reader(), account, today).await?,
        None => Vec::new(),
    };
    Ok(Stands {
        places,
        persons: participant::by_id(call.reader(), &persons).await?,
        represented: represented.into_iter().map(|one| one.participant_id).collect(),
    })
}

impl Stands {
    fn of(&self, caller: &Caller, claim: &Domain) -> (Roles, ClaimHands, String) {
        let place = self.places.get(&claim.network_id).cloned().unwrap_or_default();
        let place = Place { participants: vec![claim.participant_id], ..place };
        let roles = place.roles_of(caller);
        let person = self.persons.get(&claim.participant_id);
        let hands = ClaimHands {
            caller: caller.account,
            of_person: person.and_then(|person| person.account_id),
            represents: self.represented.contains(&claim.participant_id),
        };
        let name = person.filter(|_| knows_person(roles)).map(|person| person.display_name.clone());
        (roles, hands, name.unwrap_or_default())
    }
}

/// Make a claim
///
/// For what somebody did or spent as a member of this network: the person, who
/// represents them, or who keeps the network's people for somebody. It starts as a
/// draft; move it to `submitted` to hand it in. Time, meetings and kilometres are
/// counted at a rate that holds for the member on that day.
#[utoipa::path(operation_id = "createClaim", tag = "Compensation", request_body = ClaimCreate,
    responses((status = 201, description = "Made", body = Claim)))]
#[post("/memberships/{membershipId}/claims")]
pub(super) async fn create_claim(call: Call<op::CreateClaim>) -> Result<Answer, Problem> {
    let new: ClaimCreate = call.body()?;
    let input = (call.id("membershipId")?, new, Terms::of(&call));
    call.command(input, |tx, (id, new, terms)| create(tx, *id, new, terms).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ClaimCreate, terms: &Terms) -> Result<Answer, Failure> {
    let member = membership::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?.value;
    let place = own_place(tx, tx.caller(), id).await?;
    tx.authorise(&place).await?;
    let claim_id = tx.new_id();
    let of = Of::membership(tx, &member, place.council).await;
    let lines = lines(tx, new, of.as_ref().ok()).await?;
    let of = of?;
    let made = Domain {
        id: claim_id,
        membership_id: id,
        network_id: of.network,
        organisation_id: of.host,
        participant_id: of.person.id,
        account_id: of.person.account_id,
        perspective: of.perspective,
        trained: of.trained,
        basis: new.basis,
        lines,
        status: ClaimStatus::Draft,
        entered_by: tx.caller().account,
        submitted_by: None,
        submitted_on: None,
        due_on: None,
        paid_on: None,
    };
    Refusal::unless_clean(made.check(terms.today))?;
    if !matches!(member.status, MembershipStatus::Active | MembershipStatus::Ended) {
        return Err(Refusal::Conflict("claim.not_a_member").into());
    }
    let stored = claim::insert(tx, made, of.council).await?;
    let seen = Seen::of(tx, &stored.value, tx.caller(), terms.today).await?;
    let version = stored.version;
    Ok(Answer::created(format!("/v1/claims/{claim_id}"), version, &seen.shown(tx, stored, terms).await?))
}

/// Of whom a claim is, and where.
struct Of {
    network: Uuid,
    host: Uuid,
    person: Participant,
    perspective: Perspective,
    trained: bool,
    council: bool,
}

impl Of {
    async fn membership(tx: &Tx, member: &Membership, council: bool) -> Result<Self, Failure> {
        let Member::Participant(person) = member.member else {
            return Err(Refusal::Conflict("claim.persons_only").into());
        };
        let gone = || Failure::Broken(format!("membership {} has no person or network", member.id));
        let person = participant::find(tx, person).await?.ok_or_else(gone)?.value;
        let network = network::find(tx, member.network_id).await?.ok_or_else(gone)?.value;
        Ok(Self {
            network: network.id,
            host: network.host_id,
            trained: person.expertise.contains(&Expertise::ExpertByExperience),
            person,
            perspective: member.perspective,
            council,
        })
    }

    fn of_claim(claim: &Domain, person: &Participant, council: bool) -> Self {
        Self {
            network: claim.network_id,
            host: claim.organisation_id,
            person: person.clone(),
            perspective: claim.perspective,
            trained: claim.trained,
            council,
        }
    }

    /// The work of a line.
    fn work(&self, basis: ClaimBasis, line: &ClaimLineCreate) -> Option<RateUse> {
        Some(RateUse {
            network: self.network,
            unit: line.kind.unit()?,
            basis,
            perspective: self.perspective,
            trained: self.trained,
            day: line.happened_on,
        })
    }
}

/// The lines that were told, each with what it comes to.
async fn lines(tx: &Tx, new: &ClaimCreate, of: Option<&Of>) -> Result<Vec<ClaimLine>, Failure> {
    let Some(of) = of else { return Ok(Vec::new()) };
    let ids: Vec<Uuid> = new.lines.iter().filter_map(|line| line.rate_id).collect();
    let rates = rate::for_network(tx, &ids, (of.host, of.network)).await?;
    let mut faults = Vec::new();
    let mut lines = Vec::new();
    for (index, line) in new.lines.iter().enumerate() {
        let told = (line.kind, line.quantity, line.amount_cents);
        let rate: Option<&Rate> = line.rate_id.and_then(|id| rates.get(&id));
        match ClaimLine::amount(told, (line.rate_id, rate), of.work(new.basis, line)) {
            Ok(amount) => lines.push(ClaimLine {
                id: tx.new_id(),
                kind: line.kind,
                happened_on: line.happened_on,
                amount,
                description: line.description.clone(),
                proven: line.proven,
            }),
            Err(wrong) => faults.extend(wrong.into_iter().map(|fault| fault.under(&format!("/lines/{index}")))),
        }
    }
    Refusal::unless_clean(faults)?;
    Ok(lines)
}

/// Read a claim
///
/// With where the person stands under the ceilings, for the person and for who finds
/// claims good. The read is written down.
#[utoipa::path(operation_id = "getClaim", tag = "Compensation",
    responses((status = 200, description = "The claim", body = Claim)))]
#[get("/claims/{claimId}")]
pub(super) async fn get_claim(call: Call<op::GetClaim>) -> Result<Answer, Problem> {
    let (found, seen) = read(&call).await?;
    let version = found.version;
    Ok(Answer::resource(version, &seen.shown(call.reader(), found, &Terms::of(&call)).await?))
}

/// Change a claim
///
/// Only a draft. Its lines are replaced as a whole.
#[utoipa::path(operation_id = "updateClaim", tag = "Compensation", request_body(
    content((ClaimPatch = "application/merge-patch+json"), (ClaimPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Claim)))]
#[patch("/claims/{claimId}")]
pub(super) async fn update_claim(call: Call<op::UpdateClaim>) -> Result<Answer, Problem> {
    let changes: Value = call.body()?;
    let input = (call.id("claimId")?, changes, Terms::of(&call));
    call.command(input, |tx, (id, changes, terms)| update(tx, *id, changes, terms).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, changes: &Value, terms: &Terms) -> Result<Answer, Failure> {
    let (found, seen) = load(tx, id, terms.today).await?;
    let content: ClaimCreate = patch::apply(&ClaimCreate::from(found.value.clone()), changes)?;
    let of = Of::of_claim(&found.value, &seen.person, seen.place.council);
    let lines = lines(tx, &content, Some(&of)).await?;
    let new = Domain { basis: content.basis, lines, ..found.value.clone() };
    Refusal::unless_clean(new.check(terms.today))?;
    tx.fresh(found.version)?;
    found.value.may_change()?;
    let stored = claim::save(tx, found.with(new), seen.place.council).await?;
    let version = stored.version;
    Ok(Answer::resource(version, &seen.shown(tx, stored, terms).await?))
}

/// Delete a draft
#[utoipa::path(operation_id = "deleteClaim", tag = "Compensation", responses((status = 204, description = "Deleted")))]
#[delete("/claims/{claimId}")]
pub(super) async fn delete_claim(call: Call<op::DeleteClaim>) -> Result<Answer, Problem> {
    let input = (call.id("claimId")?, Terms::of(&call).today);
    call.command(input, |tx, (id, today)| remove(tx, *id, *today).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid, today: NaiveDate) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id, today).await?;
    tx.fresh(found.version)?;
    found.value.may_change()?;
    claim::delete(tx, &found.value).await?;
    Ok(Answer::nothing())
}
