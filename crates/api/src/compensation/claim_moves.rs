//! Claims: handed in, found good by somebody else or turned down, paid.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::compensation::{
    AllowanceFinding, Claim as Domain, ClaimStatus, Counted, LineAmount, operations as op,
};
use klankbord_persistence::compensation::{claim, rate};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::allowance;
use super::claim::{Seen, Terms, load, read};
use crate::web::call::decided;
use crate::web::page::Paging;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// Move a claim along
///
/// Hand it in; find it good or turn it down, with the reason; note that it was paid.
/// Four eyes: nobody finds their own claim good, nor one that they wrote down or
/// handed in, nor that of somebody whom they represent. Past a ceiling of the volunteer
/// allowance it is found good only with a reason.
#[utoipa::path(operation_id = "createClaimTransition", tag = "Compensation",
    request_body(content = TransitionCreate, example = json!({"to": "submitted"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/claims/{claimId}/transitions")]
pub(super) async fn create_claim_transition(call: Call<op::CreateClaimTransition>) -> Result<Answer, Problem> {
    let asked: TransitionCreate = call.body()?;
    let input = (call.id("claimId")?, asked, Terms::of(&call));
    call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, terms).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, terms: &Terms) -> Result<Answer, Failure> {
    let (found, seen) = load(tx, id, terms.today).await?;
    claim::hold_person(tx, seen.person.id).await?;
    let to: ClaimStatus = asked.state()?;
    let from = found.value.status;
    let findings = findings(tx, &found.value, &seen, terms).await?;
    let days = days_to_payment(tx, &found.value, terms).await?;
    let reason = asked.reason.as_deref();
    let next = found.value.clone().move_on(to, (seen.roles, seen.hands), (reason, &findings), (terms.today, days));
    let next = decided(tx, found.version, next)?;
    let stored = claim::save(tx, found.with(next), seen.place.council).await?;
    let steps = (from.code(), stored.value.status.code());
    let made = history::record(tx, (claim::KIND, id), steps, reason).await?;
    let (location, version) = (format!("/v1/claims/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &seen.shown(tx, stored, terms).await?))
}

/// What is to be known of the person's allowance in the years of a claim that counts
/// for it.
async fn findings(tx: &Tx, claim: &Domain, seen: &Seen, terms: &Terms) -> Result<Vec<AllowanceFinding>, Failure> {
    let mut findings = Vec::new();
    if claim.entries().all(|entry| entry.counted() == Counted::Apart) {
        return Ok(findings);
    }
    for year in claim.years() {
        let asked = ((year, terms.today), Some(claim), terms.ceilings.as_slice());
        let persons = std::slice::from_ref(&seen.person);
        findings.extend(allowance::of(tx, persons, seen.together(claim), asked).await?.findings);
    }
    Ok(findings)
}

/// Within how many days it is paid: the soonest that its rates promise.
async fn days_to_payment(tx: &Tx, claim: &Domain, terms: &Terms) -> Result<i32, Failure> {
    let at = claim.lines.iter().filter_map(|line| match line.amount {
        LineAmount::Counted { rate_id, .. } => Some(rate_id),
        LineAmount::Told(_) => None,
    });
    let ids: Vec<Uuid> = at.collect();
    let rates = rate::for_network(tx, &ids, (claim.organisation_id, claim.network_id)).await?;
    Ok(rates.values().map(|rate| rate.days_to_payment).min().unwrap_or(terms.days_to_payment))
}

/// List the moves of a claim
///
/// The read is written down.
#[utoipa::path(operation_id = "listClaimTransitions", tag = "Compensation", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/claims/{claimId}/transitions")]
pub(super) async fn list_claim_transitions(call: Call<op::ListClaimTransitions>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = history::list(call.reader(), (claim::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}
