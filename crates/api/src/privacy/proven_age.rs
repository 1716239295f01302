//! That somebody proved to have turned 16, 18 or 21: that, and its day, is kept;
//! the day of birth isn't.

use actix_web::post;
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::granting;
use klankbord_domain::participants::{Participant as Domain, ProvenAge};
use klankbord_domain::privacy::operations as op;
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::states::terms;
use crate::web::{Answer, Call, Problem};

/// An age that was proven.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvenAgeCreate {
    /// Which.
    #[schema(example = "turned_16")]
    age: ProvenAge,
}

/// An age that was proven, and when that was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProvenAgeRecord {
    /// Which.
    #[schema(example = "turned_16")]
    age: ProvenAge,
    /// The day on which who saw proof recorded it. It counts from here on.
    recorded_on: NaiveDate,
}

/// Record that somebody proved their age
///
/// By a manager or officer of the organisation that registered them, who saw proof. It
/// counts from today: at 16 their representatives' access and address end, and every
/// consent is asked anew. No copy of the proof is kept, and no day of birth.
#[utoipa::path(operation_id = "createProvenAge", tag = "Privacy", request_body = ProvenAgeCreate,
    responses((status = 201, description = "Recorded", body = ProvenAgeRecord)))]
#[post("/participants/{participantId}/proven-ages")]
pub(super) async fn create_proven_age(call: Call<op::CreateProvenAge>) -> Result<Answer, Problem> {
    let input: (Uuid, ProvenAgeCreate, NaiveDate) = (call.id("participantId")?, call.body()?, terms(&call).today);
    call.command(input, |tx, (id, new, today)| create(tx, *id, new, *today).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ProvenAgeCreate, today: NaiveDate) -> Result<Answer, Failure> {
    let found = participant::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    tx.authorise(&participant::place(tx, &found.value).await?).await?;
    if let Some(account) = found.value.account_id {
        granting::not_to_oneself(tx.caller(), account)?;
    }
    let turned = found.value.turned.record(new.age, today)?;
    let person = Domain { turned, ..found.value.clone() };
    let held = representative::of_participant(tx, id).await?;
    let contact = participant::contact(tx, id).await?;
    let ends = contact.as_ref().is_some_and(|contact| !contact.holds(person.age(), &held, today));
    participant::save(tx, found.with(person.clone()), contact.as_ref()).await?;
    if ends {
        participant::end_contact(tx, &person).await?;
    }
    let location = format!("/v1/participants/{id}");
    Ok(Answer::made(location, &ProvenAgeRecord { age: new.age, recorded_on: today }))
}
