//! What will go with one's own answer, before one gives it.

use actix_web::get;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::{Characteristic, operations as op};
use klankbord_persistence::consultations::{characteristics, invitation};
use klankbord_persistence::participants::participant;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::seen;
use crate::web::{Answer, Call, Problem};

/// One thing that goes with an answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerCharacteristic {
    /// Which characteristic.
    characteristic: Characteristic,
    /// Its value: a code, an id, or `unknown`.
    #[schema(max_length = 40, example = "age_27_up")]
    value: String,
}

/// What goes with the answer of one of your persons.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonCharacteristics {
    /// As which of your persons you answer.
    participant_id: Uuid,
    /// What goes with it, beside how it comes in.
    #[schema(max_items = 4)]
    characteristics: Vec<AnswerCharacteristic>,
}

/// What will go with your answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerCharacteristics {
    /// The consultation.
    consultation_id: Uuid,
    /// Of each of your persons who are asked.
    #[schema(max_items = 100)]
    persons: Vec<PersonCharacteristics>,
}

/// Read what will go with your answer
///
/// By which characteristics results are broken down, with your own values, as coarse as they are kept. They
/// are taken when you answer. With a printed code or at a kiosk each is `unknown`.
#[utoipa::path(operation_id = "getAnswerCharacteristics", tag = "Answers",
    responses((status = 200, description = "What goes with it", body = AnswerCharacteristics)))]
#[get("/consultations/{consultationId}/answer-characteristics")]
pub(super) async fn get_answer_characteristics(call: Call<op::GetAnswerCharacteristics>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let consultation = &found.value.consultation;
    let today = day_of(call.now, call.app.config.time.zone);
    let mut own = invitation::of_caller(call.reader(), call.caller(), consultation.id).await?;
    own.sort_unstable();
    let mut persons = Vec::new();
    for participant_id in own {
        let Some(person) = participant::find(call.reader(), participant_id).await? else { continue };
        let values = characteristics::of_person(call.reader(), consultation, &person.value, today).await?;
        let told = values.into_iter().map(|(characteristic, value)| AnswerCharacteristic { characteristic, value });
        persons.push(PersonCharacteristics { participant_id, characteristics: told.collect() });
    }
    Ok(Answer::plain(&AnswerCharacteristics { consultation_id: consultation.id, persons }))
}
