//! Answering with a printed code, at home, without an account.

use actix_web::{get, post};
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{Ballot, BallotProof};
use klankbord_domain::participants::Channel;
use klankbord_domain::policy::{Operation, Roles};
use klankbord_persistence::consultations::ballot::{self, Holder};
use klankbord_persistence::consultations::consultation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::anonymous::{
    AnonymousResponse, AnonymousResponseGone, Answering, Sent, WithdrawalHash, put_in, take_back, unknown,
};
use super::answer::QuestionAnswer;
use super::content::shown;
use crate::web::{Answer, Call, Problem};

/// An answer to give with a printed code.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodedResponseCreate {
    /// The answers; a question that isn't here is left open.
    #[schema(max_items = 100)]
    answers: Vec<QuestionAnswer>,
    /// With which it can be taken back.
    withdrawal_hash: WithdrawalHash,
}

/// An answer to take back that was given with a printed code.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodedResponseWithdrawal {
    /// The secret whose hash came with the answer.
    #[schema(min_length = 16, max_length = 200, example = "maan fiets brood wolk stoel regen")]
    secret: String,
}

/// Read what is asked, with a printed code
///
/// The code is the bearer token of this call; reading doesn't use it up.
#[utoipa::path(operation_id = "getCodedConsultation", tag = "Answers",
    responses((status = 200, description = "The consultation", body = super::content::Consultation),
        (status = 429, description = "Too many tries")))]
#[get("/coded-consultation")]
pub(super) async fn get_coded_consultation(call: Call<op::GetCodedConsultation>) -> Result<Answer, Problem> {
    let (id, _) = opened(&call).await?;
    let found = consultation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    let today = day_of(call.now, call.app.config.time.zone);
    let shown = shown(call.reader(), &found, Roles::NONE, today).await?;
    Ok(Answer::resource(found.version, &shown))
}

/// Answer with a printed code
///
/// The code is the bearer token of this call, and good for one answer. Nobody knows who has
/// which code: who hands them out doesn't note it.
#[utoipa::path(operation_id = "createCodedResponse", tag = "Answers", request_body = CodedResponseCreate,
    responses((status = 201, description = "Taken", body = AnonymousResponse),
        (status = 429, description = "Too many tries")))]
#[post("/coded-responses")]
pub(super) async fn create_coded_response(call: Call<op::CreateCodedResponse>) -> Result<Answer, Problem> {
    let CodedResponseCreate { answers, withdrawal_hash } = call.body()?;
    let (id, answering) = opened(&call).await?;
    let answers = answers.into_iter().map(Into::into).collect();
    let values = answering.values.clone();
    let ballot = Ballot { channel: Channel::Internet, proof: BallotProof::Code, values, answers };
    put_in(&call, id, Sent { answering, ballot, withdrawal: withdrawal_hash }).await
}

/// Take an answer back that was given with a printed code
///
/// Until the consultation closes, with the secret whose hash came with it. The code is the
/// bearer token of this call, and can be used anew afterwards.
#[utoipa::path(operation_id = "createCodedResponseWithdrawal", tag = "Answers", request_body = CodedResponseWithdrawal,
    responses((status = 201, description = "Nothing of it stands", body = AnonymousResponseGone),
        (status = 429, description = "Too many tries")))]
#[post("/coded-response-withdrawals")]
pub(super) async fn create_coded_response_withdrawal(
    call: Call<op::CreateCodedResponseWithdrawal>,
) -> Result<Answer, Problem> {
    let CodedResponseWithdrawal { secret } = call.body()?;
    let (id, answering) = opened(&call).await?;
    take_back(&call, id, (answering, &secret)).await
}

/// The consultation that the code opens, and whose answer it is.
///
/// # Errors
/// 401 where it opens nothing; 429 where it was tried too often.
pub(super) async fn opened<O: Operation>(call: &Call<O>) -> Result<(Uuid, Answering), Problem> {
    let counted = call.app.tries.code(&call.origin_hash(), call.now)?;
    let found = ballot::opened_by(call.reader(), call.link_token()).await?;
    let (id, code) = found.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    counted.undone();
    Ok((id, unknown(call, id, (Holder::Code(code), BallotProof::Code)).await?))
}
