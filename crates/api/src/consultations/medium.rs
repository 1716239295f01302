//! Pictures and sound that a consultation shows.

use actix_web::{delete, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Medium as Domain, MediumKind, MediumType, form_of, may_change_media, may_have_another,
};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::consultations::medium::{self, Kept};
use klankbord_persistence::{Failure, Source, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::{permitted, seen};
use super::{coded, open, picture};
use crate::web::text::{Reading, TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// What a picture or sound is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MediumCreate {
    /// To which question it belongs; where it isn't said, to the consultation as a whole.
    #[schema(example = json!("0197c000-0000-7000-8000-000a00000001"))]
    question_id: Option<Uuid>,
    /// To which of that question's options; where it isn't said, to the question.
    #[schema(example = json!("0197c000-0000-7000-8000-000b00000001"))]
    option_id: Option<Uuid>,
    /// The picture (JPEG, PNG, WebP) or sound (MP3, Ogg, M4A) in base64 (RFC 4648 §4); 180,000 bytes at most. What a
    /// camera wrote beside a picture, such as where it was taken and how it is to be turned, is taken off.
    #[schema(
        format = "byte",
        min_length = 4,
        max_length = 240_000,
        example = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )]
    content: String,
    /// What is seen, or said, in words: for who doesn't see or hear it.
    #[schema(min_items = 1, max_items = 20)]
    alternative: Vec<TextVariant>,
}

/// A picture or sound of a consultation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Medium {
    /// Its id.
    id: Uuid,
    /// To which question it belongs.
    question_id: Option<Uuid>,
    /// To which of that question's options.
    option_id: Option<Uuid>,
    /// Whether it is seen or heard.
    kind: MediumKind,
    /// In which form it is.
    form: MediumType,
    /// How long it is. Bytes.
    #[schema(minimum = 1, maximum = 180_000, example = 68)]
    size: i32,
    /// What is seen, or said, in words.
    #[schema(max_items = 20)]
    alternative: Vec<TextVariant>,
    /// The picture or sound itself, in base64; where it is read alone.
    #[schema(format = "byte", max_length = 240_000, example = "T2dnUyBzcHJhYWs=")]
    content: Option<String>,
    /// When it was added.
    created_at: DateTime<Utc>,
}

pub(super) fn view(kept: Kept, content: Option<&[u8]>) -> Medium {
    let Kept { medium: Domain { id, question_id, option_id, form, alternative, size }, created_at } = kept;
    let content = content.map(|bytes| STANDARD.encode(bytes));
    let (kind, alternative) = (form.kind(), to_wire(&alternative));
    Medium { id, question_id, option_id, kind, form, size, alternative, content, created_at }
}

/// Add a picture or sound to a consultation
///
/// To a question or an option, or to the consultation as a whole. It says in words what is seen or heard, for who
/// doesn't see or hear it. It stands with the service itself, so that no other host learns who answers. Once
/// somebody answered, of an anonymous one once it opened, what is shown stays. A question's goes with it.
#[utoipa::path(operation_id = "createMedium", tag = "Consultations",
    request_body(content = MediumCreate, example = json!({
        "content": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "alternative": [{"language": "nl", "value": "Een huis met een tuin."}]})),
    responses((status = 201, description = "Added", body = Medium)))]
#[post("/consultations/{consultationId}/media")]
pub(super) async fn create_medium(call: Call<op::CreateMedium>) -> Result<Answer, Problem> {
    let input: (Uuid, MediumCreate) = (call.id("consultationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &MediumCreate) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let own = tx.new_id();
    let mut reading = Reading::default();
    let alternative = reading.texts("/alternative", new.alternative.clone());
    let mut faults = reading.faults;
    let (form, content) = content_of(&new.content).unwrap_or_else(|fault| {
        faults.push(fault);
        (MediumType::Png, Vec::new())
    });
    let asked = loaded.consultation();
    let (question_id, option_id) = (new.question_id, new.option_id);
    let size = i32::try_from(content.len()).unwrap_or(i32::MAX);
    let made = Domain { id: own, question_id, option_id, form, alternative, size };
    faults.extend(made.unknown(&asked.questions));
    Refusal::unless_clean(faults)?;
    may_change_media(asked, consultation::responses(tx, id).await?)?;
    may_have_another(medium::of_each(tx, &[id]).await?.remove(&id).map_or(0, |all| all.len()))?;
    let kept = medium::insert(tx, asked, made, content).await?;
    Ok(Answer::made(format!("/v1/consultations/{id}/media/{own}"), &view(kept, None)))
}

/// What these letters are, without what a camera wrote beside it.
fn content_of(base64: &str) -> Result<(MediumType, Vec<u8>), Fault> {
    let bytes = STANDARD.decode(base64).map_err(|_error| Fault::body("/content", "medium.malformed"))?;
    let content = picture::without_traces(bytes).ok_or_else(|| Fault::body("/content", "medium.unknown_type"))?;
    Ok((form_of(&content)?, content))
}

/// Read a picture or sound of a consultation
#[utoipa::path(operation_id = "getMedium", tag = "Consultations",
    responses((status = 200, description = "The picture or sound", body = Medium)))]
#[get("/consultations/{consultationId}/media/{mediumId}")]
pub(super) async fn get_medium(call: Call<op::GetMedium>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    whole(call.reader(), found.value.consultation.id, call.id("mediumId")?).await
}

/// Read a picture or sound of what is asked, with a printed code
///
/// The code is the bearer token of this call; reading doesn't use it up.
#[utoipa::path(operation_id = "getCodedMedium", tag = "Answers",
    responses((status = 200, description = "The picture or sound", body = Medium),
        (status = 429, description = "Too many tries")))]
#[get("/coded-consultation/media/{mediumId}")]
pub(super) async fn get_coded_medium(call: Call<op::GetCodedMedium>) -> Result<Answer, Problem> {
    let (id, _) = coded::opened(&call).await?;
    whole(call.reader(), id, call.id("mediumId")?).await
}

/// Read a picture or sound of what is asked, with an open link
///
/// The link's token is the bearer token of this call.
#[utoipa::path(operation_id = "getOpenMedium", tag = "Answers",
    responses((status = 200, description = "The picture or sound", body = Medium),
        (status = 429, description = "Too many tries")))]
#[get("/open-consultation/media/{mediumId}")]
pub(super) async fn get_open_medium(call: Call<op::GetOpenMedium>) -> Result<Answer, Problem> {
    let id = open::opened(&call).await?;
    whole(call.reader(), id, call.id("mediumId")?).await
}

async fn whole(source: &impl Source, consultation: Uuid, id: Uuid) -> Result<Answer, Problem> {
    let kept = medium::find(source, consultation, id).await?.ok_or(Refusal::Hidden)?;
    let content = medium::content(source, id).await?;
    Ok(Answer::plain(&view(kept, Some(&content))))
}

/// Take a picture or sound away
///
/// As long as nobody answered to it.
#[utoipa::path(operation_id = "deleteMedium", tag = "Consultations",
    responses((status = 204, description = "Gone")))]
#[delete("/consultations/{consultationId}/media/{mediumId}")]
pub(super) async fn delete_medium(call: Call<op::DeleteMedium>) -> Result<Answer, Problem> {
    let input = (call.id("consultationId")?, call.id("mediumId")?);
    call.command(input, |tx, (consultation, id)| remove(tx, *consultation, *id).boxed()).await
}

async fn remove(tx: &Tx, of: Uuid, id: Uuid) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, of).await?).await?;
    medium::find(tx, of, id).await?.ok_or(Refusal::Hidden)?;
    let asked = loaded.consultation();
    may_change_media(asked, consultation::responses(tx, of).await?)?;
    medium::delete(tx, asked, id).await?;
    Ok(Answer::nothing())
}
