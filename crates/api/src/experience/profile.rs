//! What somebody can bring: read and written by them, who represents them, and who
//! registered them.

use actix_web::{get, patch};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::experience::operations as op;
use klankbord_domain::privacy::own_voice;
use klankbord_persistence::experience::approach::{self, Ends};
use klankbord_persistence::experience::profile;
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::{Failure, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::profile_wire::{ExperienceProfile, ExperienceProfileContent, ExperienceProfilePatch, view};
use crate::participants::witness_one;
use crate::privacy::terms;
use crate::web::{Answer, Call, Problem, patch};

/// Read what somebody can bring
///
/// Of who wrote nothing an empty profile. For the person, who represents them, and who
/// registered them; nobody else learns whether there is one. The read is written down.
#[utoipa::path(operation_id = "getExperienceProfile", tag = "Experience",
    responses((status = 200, description = "The profile", body = ExperienceProfile)))]
#[get("/participants/{participantId}/experience-profile")]
pub(super) async fn get_experience_profile(call: Call<op::GetExperienceProfile>) -> Result<Answer, Problem> {
    let person = participant::find(call.reader(), call.id("participantId")?).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&participant::place(call.reader(), &person.value).await?)?;
    witness_one(&call, person.value.organisation_id, person.value.id).await?;
    let found = profile::of(call.reader(), &person).await?;
    let terms = terms(&call);
    let stands = found.value.stands(person.value.age(), terms.from, terms.today);
    Ok(Answer::resource(found.version, &view(&found, stands)))
}

/// Write what somebody can bring
///
/// By the person, by who represents them with `Acting-For`, or by who registered them on
/// their behalf. Approaches begin only where `approachable` is true, and what waits ends
/// when it no longer is. For a child who represents them says so.
#[utoipa::path(operation_id = "updateExperienceProfile", tag = "Experience", request_body(
    content((ExperienceProfilePatch = "application/merge-patch+json"), (ExperienceProfilePatch = "application/json"))),
    responses((status = 200, description = "Changed", body = ExperienceProfile)))]
#[patch("/participants/{participantId}/experience-profile")]
pub(super) async fn update_experience_profile(call: Call<op::UpdateExperienceProfile>) -> Result<Answer, Problem> {
    let input: (Uuid, Value, ConsentTerms) = (call.id("participantId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, merge, terms)| update(tx, *id, merge, *terms).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value, terms: ConsentTerms) -> Result<Answer, Failure> {
    let person = participant::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let roles = tx.authorise(&participant::place(tx, &person.value).await?).await?.roles();
    let found = profile::of(tx, &person).await?;
    let content = patch::apply(&ExperienceProfileContent::from(&found.value), merge)?;
    let mut next = content.into_domain(&found.value, terms.today)?;
    tx.fresh(found.version)?;
    let age = person.value.age();
    let speaks = own_voice(age, terms.from, terms.today);
    // What was said for a child is no yes of who speaks for themself by now; and who changes
    // something else doesn't say it anew.
    let mut before = found.value.clone();
    before.approachable = before.stands(age, terms.from, terms.today);
    if merge.get("approachable").is_none() {
        next.approachable = before.approachable;
    }
    let next = next.after(&before, roles, (speaks, terms.today))?;
    if !next.approachable {
        approach::end_of(tx, id, Ends::Waiting).await?;
    }
    let stands = next.stands(age, terms.from, terms.today);
    let stored = profile::save(tx, found.with(next)).await?;
    Ok(Answer::resource(stored.version, &view(&stored, stands)))
}
