//! Answering with an open link, without an account. Nothing is left of it but the answer.

use actix_web::{get, post};
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{Ballot, BallotProof};
use klankbord_domain::participants::Channel;
use klankbord_domain::policy::{Operation, Roles};
use klankbord_persistence::consultations::ballot::Holder;
use klankbord_persistence::consultations::{consultation, link};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::anonymous::{AnonymousResponse, AnonymousResponseGone, Sent, WithdrawalHash, put_in, take_back, unknown};
use super::answer::QuestionAnswer;
use super::content::shown;
use crate::web::{Answer, Call, Problem};

/// An answer to give with an open link.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenResponseCreate {
    /// A random word that the client makes once and keeps on the device: a second answer with
    /// the same one is refused. Who wants to answer twice can make another: it is best effort.
    #[schema(min_length = 16, max_length = 100, example = "3f9c2b7a51d84e06a7c1")]
    device_key: String,
    /// The answers; a question that isn't here is left open.
    #[schema(max_items = 100)]
    answers: Vec<QuestionAnswer>,
    /// With which it can be taken back.
    withdrawal_hash: WithdrawalHash,
}

/// An answer to take back that was given with an open link.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenResponseWithdrawal {
    /// The word with which it was given.
    #[schema(min_length = 16, max_length = 100, example = "3f9c2b7a51d84e06a7c1")]
    device_key: String,
    /// The secret whose hash came with the answer.
    #[schema(min_length = 16, max_length = 200, example = "maan fiets brood wolk stoel regen")]
    secret: String,
}

/// Read what is asked, with an open link
///
/// The link's token is the bearer token of this call.
#[utoipa::path(operation_id = "getOpenConsultation", tag = "Answers",
    responses((status = 200, description = "The consultation", body = super::content::Consultation),
        (status = 429, description = "Too many tries")))]
#[get("/open-consultation")]
pub(super) async fn get_open_consultation(call: Call<op::GetOpenConsultation>) -> Result<Answer, Problem> {
    let id = opened(&call).await?;
    let found = consultation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    let today = day_of(call.now, call.app.config.time.zone);
    let shown = shown(call.reader(), &found, Roles::NONE, today).await?;
    Ok(Answer::resource(found.version, &shown))
}

/// Answer with an open link
///
/// The link's token is the bearer token of this call. Nobody knows who answers; that each does
/// so once is best effort, and the results say `recruitment: open` and `verified: false`.
#[utoipa::path(operation_id = "createOpenResponse", tag = "Answers", request_body = OpenResponseCreate,
    responses((status = 201, description = "Taken", body = AnonymousResponse),
        (status = 429, description = "Too many tries")))]
#[post("/open-responses")]
pub(super) async fn create_open_response(call: Call<op::CreateOpenResponse>) -> Result<Answer, Problem> {
    let OpenResponseCreate { device_key, answers, withdrawal_hash } = call.body()?;
    let id = opened(&call).await?;
    let answers = answers.into_iter().map(Into::into).collect();
    let answering = unknown(&call, id, holder(&device_key)).await?;
    let (proof, values) = (answering.proof, answering.values.clone());
    let ballot = Ballot { channel: Channel::Internet, proof, values, answers };
    put_in(&call, id, Sent { answering, ballot, withdrawal: withdrawal_hash }).await
}

/// Take an answer back that was given with an open link
///
/// Until the consultation closes, with the secret whose hash came with it. The link's token is
/// the bearer token of this call.
#[utoipa::path(operation_id = "createOpenResponseWithdrawal", tag = "Answers", request_body = OpenResponseWithdrawal,
    responses((status = 201, description = "Nothing of it stands", body = AnonymousResponseGone),
        (status = 429, description = "Too many tries")))]
#[post("/open-response-withdrawals")]
pub(super) async fn create_open_response_withdrawal(
    call: Call<op::CreateOpenResponseWithdrawal>,
) -> Result<Answer, Problem> {
    let OpenResponseWithdrawal { device_key, secret } = call.body()?;
    let id = opened(&call).await?;
    let answering = unknown(&call, id, holder(&device_key)).await?;
    take_back(&call, id, (answering, &secret)).await
}

/// Whose answer it is: of whoever keeps this word. A printed code is of other letters.
fn holder(device_key: &str) -> (Holder, BallotProof) {
    (Holder::Code(format!("link:{device_key}")), BallotProof::None)
}

/// The consultation that the link opens.
///
/// # Errors
/// 401 where it opens nothing; 429 where it was tried too often.
pub(super) async fn opened<O: Operation>(call: &Call<O>) -> Result<Uuid, Problem> {
    let counted = call.app.tries.code(&call.origin_hash(), call.now)?;
    let found = link::opened_by(call.reader(), call.link_token()).await?;
    let id = found.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    counted.undone();
    Ok(id)
}
