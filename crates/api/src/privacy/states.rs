//! What stands of somebody's consents, and what may not begin without it.

use actix_web::get;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::participants::Participant;
use klankbord_domain::policy::{Operation, Standing};
use klankbord_domain::privacy::{ConsentPurpose, ConsentState, operations as op};
use klankbord_persistence::privacy::standing::{self, ConsentTerms};
use klankbord_persistence::{Failure, Source};
use serde::Serialize;
use utoipa::ToSchema;

use super::consent::person;
use crate::web::{Answer, Call, Problem};

/// What stands of a person's consent to one purpose.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PurposeConsent {
    /// For what.
    #[schema(example = "participation")]
    purpose: ConsentPurpose,
    /// What stands today.
    #[schema(example = "given")]
    state: ConsentState,
    /// Whether what it is about may be done.
    #[schema(example = true)]
    allows: bool,
}

/// What stands of a person's consents today, one for each purpose.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentStates {
    /// For each purpose.
    #[schema(max_items = 10)]
    purposes: Vec<PurposeConsent>,
}

/// The day of the call, and from which age on people consent themselves.
pub(crate) fn terms<O: Operation>(call: &Call<O>) -> ConsentTerms {
    ConsentTerms { today: day_of(call.now, call.app.config.time.zone), from: call.app.config.age.consent }
}

/// Read what stands of a participant's consents
///
/// For each purpose: whether it is asked, and whether it was given, by whom it counts
/// today. On the first day on which somebody counts as 16 every consent is asked anew.
/// The read is written down.
#[utoipa::path(operation_id = "getConsentStates", tag = "Privacy",
    responses((status = 200, description = "What stands", body = ConsentStates)))]
#[get("/participants/{participantId}/consent-states")]
pub(super) async fn get_consent_states(call: Call<op::GetConsentStates>) -> Result<Answer, Problem> {
    let (person, roles) = person(&call, call.id("participantId")?).await?;
    let found = standing::of(call.reader(), &[&person], ConsentPurpose::ALL, terms(&call)).await?;
    // Help that was offered without asking those who represent somebody isn't told to them.
    let told = |state| match state {
        ConsentState::Excepted if roles.has(Standing::Representative) => ConsentState::Missing,
        other => other,
    };
    let item = |purpose: &ConsentPurpose| {
        let state = told(found.get(&(person.id, *purpose)).copied().unwrap_or(ConsentState::NotAsked));
        PurposeConsent { purpose: *purpose, state, allows: state.allows() }
    };
    Ok(Answer::plain(&ConsentStates { purposes: ConsentPurpose::ALL.iter().map(item).collect() }))
}

/// That a person may take part today. Why not is told by their consents, to who may
/// read those.
///
/// # Errors
/// `consent.not_standing` (409).
pub(crate) async fn consents_to_taking_part(
    source: &impl Source,
    person: &Participant,
    terms: ConsentTerms,
) -> Result<(), Failure> {
    let state = standing::of_one(source, person, ConsentPurpose::Participation, terms).await?;
    if state.allows() { Ok(()) } else { Err(Refusal::Conflict("consent.not_standing").into()) }
}
