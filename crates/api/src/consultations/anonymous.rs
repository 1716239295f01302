//! Answering so that nobody ever knows who did: docs/anonymity.md.

use std::fmt::Write as _;

use actix_web::post;
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Ballot, BallotFacts, BallotProof, Consultation, Described, Values, Writer, may_be_taken_back, may_cast,
};
use klankbord_domain::participants::{Channel, Participant};
use klankbord_domain::policy::{Operation, Roles};
use klankbord_persistence::Failure;
use klankbord_persistence::consultations::ballot::{self, Cast, Holder, TakenBack};
use klankbord_persistence::consultations::{characteristics, consultation, invitation};
use klankbord_persistence::participants::participant;
use klankbord_persistence::store::BallotTx;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::QuestionAnswer;
use super::consultation::seen;
use super::response::writer;
use crate::privacy::{consents_to_taking_part, terms};
use crate::web::{Answer, Call, Problem};

/// The SHA-256 hash, in lower-case hexadecimals, of a secret that the client makes from
/// at least 16 random bytes and gives to the person. With the secret the answer can be taken
/// back until the consultation closes. Sent again with the same hash, the same answer is
/// answered as the first time.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(
    min_length = 64,
    max_length = 64,
    pattern = "^[0-9a-f]{64}$",
    example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)]
pub struct WithdrawalHash(String);

/// An anonymous answer to give.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnonymousResponseCreate {
    /// Whose answer you write down, where you heard it; or as which of your own persons you
    /// answer. A kiosk says nothing here.
    participant_id: Option<Uuid>,
    /// The printed code of whoever stands before a kiosk; from a kiosk alone.
    #[schema(min_length = 20, max_length = 40, example = json!("abcd-efgh-jkmn-pqrs-tuvw"))]
    code: Option<String>,
    /// How the answers came in: `internet` by the person, `phone` or `in_person` by a
    /// facilitator who heard them, `in_person` at a kiosk.
    channel: Channel,
    /// The answers; a question that isn't here is left open.
    #[schema(max_items = 100)]
    answers: Vec<QuestionAnswer>,
    /// With which it can be taken back.
    withdrawal_hash: WithdrawalHash,
}

/// That an anonymous answer was taken. It says nothing that could be traced.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnonymousResponse {
    /// To which consultation.
    consultation_id: Uuid,
    /// How it came in.
    channel: Channel,
}

/// An anonymous answer to take back.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnonymousResponseWithdrawal {
    /// Whose answer it was, as when it was given.
    participant_id: Option<Uuid>,
    /// The printed code with which it was given at a kiosk.
    #[schema(min_length = 20, max_length = 40, example = json!("abcd-efgh-jkmn-pqrs-tuvw"))]
    code: Option<String>,
    /// The secret whose hash came with the answer.
    #[schema(min_length = 16, max_length = 200, example = "maan fiets brood wolk stoel regen")]
    secret: String,
}

/// That nothing of an anonymous answer stands any more.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnonymousResponseGone {
    /// To which consultation it was.
    consultation_id: Uuid,
}

/// Whose answer it is, and what is known of them.
pub(super) struct Answering {
    pub(super) holder: Holder,
    pub(super) proof: BallotProof,
    pub(super) facts: BallotFacts,
    /// What goes with it of who answers, as that was declared.
    pub(super) values: Values,
}

impl Answering {
    /// Whether it is somebody who was invited and calls themself.
    fn is_themself(&self) -> bool {
        self.proof == BallotProof::Person && !self.facts.heard
    }
}

/// Answer without anybody ever knowing who did
///
/// For an anonymous consultation. What is answered and that somebody answered are kept
/// apart, encrypted, with nothing that joins them; no trace of when. Who was invited answers
/// once; a facilitator named on the consultation writes down what they heard, where that was
/// announced, until seven days after closing: whether that person answered before isn't told,
/// the first answer stands. A kiosk takes answers with a printed code, or unverified without.
#[utoipa::path(operation_id = "createAnonymousResponse", tag = "Answers", request_body(content = AnonymousResponseCreate,
        example = json!({"channel": "internet", "answers": [{"questionId": "0197c000-0000-7000-8000-000a00000029",
            "kind": "single_choice", "optionId": "0197c000-0000-7000-8000-000b00000029"}],
            "withdrawalHash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})),
    responses((status = 201, description = "Taken", body = AnonymousResponse)))]
#[post("/consultations/{consultationId}/anonymous-responses")]
pub(super) async fn create_anonymous_response(call: Call<op::CreateAnonymousResponse>) -> Result<Answer, Problem> {
    let new: AnonymousResponseCreate = call.body()?;
    let (found, permit, _) = seen(&call).await?;
    let named = (new.participant_id, new.code.as_deref());
    let consultation = &found.value.consultation;
    let mut answering = answering(&call, consultation, permit.roles(), named).await?;
    if let Some(person) = known(&call, &answering).await? {
        consents_to_taking_part(call.reader(), &person, terms(&call)).await?;
        let today = day_of(call.now, call.app.config.time.zone);
        answering.values = characteristics::of_person(call.reader(), consultation, &person, today).await?;
    }
    let answers = new.answers.into_iter().map(Into::into).collect();
    let (proof, values) = (answering.proof, answering.values.clone());
    let ballot = Ballot { channel: new.channel, proof, values, answers };
    put_in(&call, found.value.consultation.id, Sent { answering, ballot, withdrawal: new.withdrawal_hash }).await
}

/// An answer on its way in.
pub(super) struct Sent {
    pub(super) answering: Answering,
    pub(super) ballot: Ballot,
    pub(super) withdrawal: WithdrawalHash,
}

/// Puts an answer in.
///
/// # Errors
/// What [`may_cast`] refuses, `response.already_given` (409).
pub(super) async fn put_in<O: Operation>(call: &Call<O>, id: Uuid, sent: Sent) -> Result<Answer, Problem> {
    let channel = sent.ballot.channel;
    call.ballot(id, sent, |tx, sent| cast(tx, sent).boxed()).await?;
    Ok(Answer::made(format!("/v1/consultations/{id}"), &AnonymousResponse { consultation_id: id, channel }))
}

async fn cast(tx: &BallotTx, sent: &Sent) -> Result<(), Failure> {
    let Sent { answering: Answering { holder, facts, .. }, ballot, withdrawal } = sent;
    let kept = consultation::find(tx, tx.consultation).await?.ok_or(Refusal::Hidden)?.value;
    may_cast(&kept.consultation, ballot, *facts, tx.now)?;
    ballot::still_taken(&kept)?;
    match ballot::cast(tx, (holder, &withdrawal.0), ballot, &kept.consultation).await? {
        // Who writes down for others isn't told whether they answered before.
        Cast::AnsweredBefore if !facts.heard => Err(Refusal::Conflict("response.already_given").into()),
        Cast::AnsweredBefore | Cast::Taken => Ok(()),
    }
}

/// Take an anonymous answer back
///
/// Until the consultation closes, with the secret whose hash came with it. Afterwards one can
/// answer anew. Who writes down for others, and who has a printed code, is told the same
/// whether or not an answer stands there.
#[utoipa::path(operation_id = "createAnonymousResponseWithdrawal", tag = "Answers",
    request_body(content = AnonymousResponseWithdrawal, example = json!({"secret": "maan fiets brood wolk stoel regen"})),
    responses((status = 201, description = "Nothing of it stands", body = AnonymousResponseGone)))]
#[post("/consultations/{consultationId}/anonymous-response-withdrawals")]
pub(super) async fn create_anonymous_response_withdrawal(
    call: Call<op::CreateAnonymousResponseWithdrawal>,
) -> Result<Answer, Problem> {
    let AnonymousResponseWithdrawal { participant_id, code, secret } = call.body()?;
    let (found, permit, _) = seen(&call).await?;
    let consultation = &found.value.consultation;
    let answering = answering(&call, consultation, permit.roles(), (participant_id, code.as_deref())).await?;
    take_back(&call, consultation.id, (answering, &secret)).await
}

/// Takes an answer back.
///
/// # Errors
/// What [`may_be_taken_back`] refuses, `response.nothing_to_withdraw` (409).
pub(super) async fn take_back<O: Operation>(
    call: &Call<O>,
    id: Uuid,
    (answering, secret): (Answering, &str),
) -> Result<Answer, Problem> {
    let hash = hash_of(secret);
    let input = (answering, hash, call.app.config.time.zone);
    call.ballot(id, input, |tx, (answering, hash, zone)| remove(tx, (answering, hash), *zone).boxed()).await?;
    Ok(Answer::made(format!("/v1/consultations/{id}"), &AnonymousResponseGone { consultation_id: id }))
}

/// The hash that came with an answer, of this secret.
fn hash_of(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}

async fn remove(tx: &BallotTx, (answering, hash): (&Answering, &str), zone: Tz) -> Result<(), Failure> {
    let kept = consultation::find(tx, tx.consultation).await?.ok_or(Refusal::Hidden)?.value;
    if !answering.facts.asked {
        return Err(Refusal::invalid("/participantId", "reference.unknown").into());
    }
    may_be_taken_back(&kept.consultation, zone, tx.now)?;
    ballot::still_taken(&kept)?;
    match ballot::take_back(tx, &answering.holder, hash).await? {
        // Only somebody themself may learn that they answered, with another secret: who writes
        // down for them, and who made or found a code, is told the same whatever stands there.
        TakenBack::Another if answering.is_themself() => Err(Refusal::Conflict("response.nothing_to_withdraw").into()),
        TakenBack::Another | TakenBack::Gone | TakenBack::Nothing => Ok(()),
    }
}

/// Whose answer it is of whom nothing is known but this: who holds a code, or has a link.
pub(super) async fn unknown<O: Operation>(
    call: &Call<O>,
    id: Uuid,
    (holder, proof): (Holder, BallotProof),
) -> Result<Answering, Problem> {
    let asked = consultation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?.value.consultation;
    let facts = BallotFacts { asked: true, heard: false, writer: Writer::Other, zone: call.app.config.time.zone };
    Ok(Answering { holder, proof, facts, values: asked.breakdowns.values_of(&Described::default()) })
}

/// Whose answer a caller sends, who named this person or this code.
async fn answering<O: Operation>(
    call: &Call<O>,
    consultation: &Consultation,
    roles: Roles,
    (person, code): (Option<Uuid>, Option<&str>),
) -> Result<Answering, Problem> {
    let writer = writer(call.caller(), consultation, roles);
    let zone = call.app.config.time.zone;
    let mut facts = BallotFacts { asked: true, heard: false, writer, zone };
    let values = consultation.breakdowns.values_of(&Described::default());
    if writer == Writer::Kiosk {
        let (holder, proof) = at_kiosk(call, consultation.id, (person, code))?;
        return Ok(Answering { holder, proof, facts, values });
    }
    if code.is_some() {
        return Err(Refusal::invalid("/code", "ballot_code.at_kiosk_only").into());
    }
    let own = invitation::of_caller(call.reader(), call.caller(), consultation.id).await?;
    let person = person.or_else(|| own.iter().min().copied());
    let person = person.ok_or_else(|| Refusal::invalid("/participantId", "value.required"))?;
    facts.asked = !invitation::among(call.reader(), consultation.id, &[person]).await?.is_empty();
    facts.heard = !own.contains(&person);
    if facts.heard && writer != Writer::Facilitator {
        return Err(Refusal::Forbidden.into());
    }
    Ok(Answering { holder: Holder::Person(person), proof: BallotProof::Person, facts, values })
}

/// Somebody whom the consultation asks; of who holds a code nobody knows.
async fn known<O: Operation>(call: &Call<O>, answering: &Answering) -> Result<Option<Participant>, Problem> {
    let Holder::Person(person) = answering.holder else { return Ok(None) };
    let known = if answering.facts.asked { participant::find(call.reader(), person).await? } else { None };
    Ok(known.map(|known| known.value))
}

/// Whoever stands before a kiosk: with a code of their own, or unknown.
fn at_kiosk<O: Operation>(
    call: &Call<O>,
    id: Uuid,
    (person, code): (Option<Uuid>, Option<&str>),
) -> Result<(Holder, BallotProof), Problem> {
    if person.is_some() {
        return Err(Refusal::invalid("/participantId", "response.kiosk_names_nobody").into());
    }
    let Some(typed) = code else {
        let device = call.caller().machine.as_ref().map(|machine| machine.id).unwrap_or_default();
        return Ok((Holder::Device(device), BallotProof::None));
    };
    let code = ballot::code(call.app.store.keys(), id, typed)?;
    let code = code.ok_or_else(|| Refusal::invalid("/code", "ballot_code.unknown"))?;
    Ok((Holder::Code(code), BallotProof::Code))
}
