//! Which themes facilitators put on what people wrote and said.

use actix_web::{get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::coding::{Coding as Domain, may_be_coded};
use klankbord_domain::consultations::operations as op;
use klankbord_persistence::consultations::coding::{coded, theme, theme_results, words};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Named, begun, coder, unknown_at};
use crate::web::page::{Paging, page};
use crate::web::patch::patch_of;
use crate::web::{Answer, Call, Problem, patch};

/// What a coding is made from: a response or an open answer, with the question to which it was said, or a note of an
/// input session; and the themes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodingCreate {
    /// The response in which the words stand (`listResponses`); not of an anonymous consultation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response_id: Option<Uuid>,
    /// What was written anonymously (`listOpenAnswers`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open_answer_id: Option<Uuid>,
    /// What was written down of an input session (`listSessionNotes`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session_note_id: Option<Uuid>,
    /// To which question it was said; not of a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    question_id: Option<Uuid>,
    /// The themes. None at all says something, too: that it says none of them.
    #[schema(max_items = 100, example = json!(["0197c000-0000-7000-8000-006900000001"]))]
    theme_ids: Vec<Uuid>,
}

patch_of!(
    /// What to change of a coding.
    CodingPatch of CodingCreate, fixed "responseId", "openAnswerId", "sessionNoteId", "questionId"
);

/// The themes that one facilitator put on one thing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coding {
    /// Its id. It tells the day on which it was made, and no more.
    id: Uuid,
    /// Of which consultation.
    consultation_id: Uuid,
    /// Who coded.
    coded_by: Uuid,
    #[serde(flatten)]
    content: CodingCreate,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of codings.
    CodingPage of Coding
);

impl From<&Domain> for CodingCreate {
    fn from(coding: &Domain) -> Self {
        let Named { response_id, open_answer_id, session_note_id, question_id } = coding.piece.into();
        Self { response_id, open_answer_id, session_note_id, question_id, theme_ids: coding.theme_ids.clone() }
    }
}

fn view(stored: &Stored<Domain>) -> Coding {
    let coding = &stored.value;
    let (id, consultation_id, coded_by) = (coding.id, coding.consultation_id, coding.coded_by);
    Coding { id, consultation_id, coded_by, content: coding.into(), etag: None }
}

/// Put themes on what somebody wrote or said
///
/// Once nobody can answer any more, of an anonymous consultation once it is sealed. Each facilitator codes a thing
/// once; what others made of it they see after that.
#[utoipa::path(operation_id = "createCoding", tag = "Themes and quotes",
    request_body(content = CodingCreate, example = json!({
        "responseId": "0197c000-0000-7000-8000-000c00000303", "questionId": "0197c000-0000-7000-8000-000a00000069",
        "themeIds": ["0197c000-0000-7000-8000-006900000001"]})),
    responses((status = 201, description = "Coded", body = Coding)))]
#[post("/consultations/{consultationId}/codings")]
pub(super) async fn create_coding(call: Call<op::CreateCoding>) -> Result<Answer, Problem> {
    let input: (Uuid, CodingCreate) = (call.id("consultationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &CodingCreate) -> Result<Answer, Failure> {
    let (loaded, coded_by) = begun(tx, consultation::find_to_add(tx, id).await?).await?;
    let CodingCreate { response_id, open_answer_id, session_note_id, question_id, ref theme_ids } = *new;
    let (piece, at) = Named { response_id, open_answer_id, session_note_id, question_id }.piece()?;
    let made = Domain { id: tx.id_of_the_day(), consultation_id: id, coded_by, piece, theme_ids: theme_ids.clone() };
    let mut faults = made.check(&theme::ids(tx, id).await?);
    let found = words::find(tx, loaded.consultation(), piece).await?;
    if found.is_none() {
        faults.push(unknown_at(loaded.consultation(), piece, at));
    }
    Refusal::unless_clean(faults)?;
    may_be_coded(loaded.consultation(), theme_results::is_finished(tx, id).await?)?;
    found.and_then(|words| words.participant_id).into_iter().for_each(|person| tx.concerns(person));
    let stored = coded::insert(tx, loaded.consultation(), made).await?;
    let location = format!("/v1/codings/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(&stored)))
}

/// List what facilitators coded
///
/// Your own, and what others made of what you coded, too; all of it once coding is finished.
#[utoipa::path(operation_id = "listCodings", tag = "Themes and quotes", params(Paging),
    responses((status = 200, description = "A page", body = CodingPage)))]
#[get("/consultations/{consultationId}/codings")]
pub(super) async fn list_codings(call: Call<op::ListCodings>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, account) = coder(&call, call.id("consultationId")?).await?;
    let asked = &found.value.consultation;
    let blind = !theme_results::is_finished(call.reader(), asked.id).await?;
    let page = coded::list(call.reader(), asked.id, (account, blind), &request).await?;
    call.witness(asked.organisation_id, (consultation::KIND, asked.id), Vec::new()).await?;
    call.page(page.map(|stored| view(&stored)))
}

/// Read what a facilitator coded
#[utoipa::path(operation_id = "getCoding", tag = "Themes and quotes",
    responses((status = 200, description = "The coding", body = Coding)))]
#[get("/codings/{codingId}")]
pub(super) async fn get_coding(call: Call<op::GetCoding>) -> Result<Answer, Problem> {
    let found = coded::find(call.reader(), call.id("codingId")?).await?.ok_or(Refusal::Hidden)?;
    let (asked, account) = coder(&call, found.value.consultation_id).await?;
    if !may_see(call.reader(), &found.value, account).await? {
        return Err(Refusal::Hidden.into());
    }
    let organisation = asked.value.consultation.organisation_id;
    call.witness(organisation, (coded::KIND, found.value.id), Vec::new()).await?;
    Ok(Answer::resource(found.version, &view(&found)))
}

/// Whether somebody may see what was made of a thing: who coded it themself, and everybody who codes once coding is
/// finished. Else their agreement would say nothing.
async fn may_see(source: &impl Source, coding: &Domain, account: Uuid) -> Result<bool, Failure> {
    Ok(coded::coded_by(source, account, coding.piece).await?
        || theme_results::is_finished(source, coding.consultation_id).await?)
}

/// Change one's own coding
///
/// Until coding is finished.
#[utoipa::path(operation_id = "updateCoding", tag = "Themes and quotes", request_body(
    content((CodingPatch = "application/merge-patch+json"), (CodingPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Coding)))]
#[patch("/codings/{codingId}")]
pub(super) async fn update_coding(call: Call<op::UpdateCoding>) -> Result<Answer, Problem> {
    let input: (Uuid, Value) = (call.id("codingId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let known = coded::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    let of = known.value.consultation_id;
    let (loaded, account) = begun(tx, consultation::find_to_add(tx, of).await?).await?;
    let found = coded::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    if found.value.coded_by != account {
        let seen = may_see(tx, &found.value, account).await?;
        return Err(if seen { Refusal::Forbidden } else { Refusal::Hidden }.into());
    }
    let content: CodingCreate = patch::apply(&CodingCreate::from(&found.value), merge)?;
    let next = Domain { theme_ids: content.theme_ids, ..found.value.clone() };
    Refusal::unless_clean(next.check(&theme::ids(tx, of).await?))?;
    tx.fresh(found.version)?;
    may_be_coded(loaded.consultation(), theme_results::is_finished(tx, of).await?)?;
    words::author(tx, next.piece).await?.into_iter().for_each(|person| tx.concerns(person));
    let stored = coded::save(tx, loaded.consultation(), found.with(next)).await?;
    Ok(Answer::resource(stored.version, &view(&stored)))
}
