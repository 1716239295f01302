//! Results in numbers that betray nobody.

use actix_web::get;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    BallotProof, ChoiceResult, Consultation, Picked, Question, QuestionResults as Protected, Recruitment,
    Results as ProtectedResults, Tally, minimum_for, results,
};
use klankbord_domain::participants::Channel;
use klankbord_domain::{Cell as ProtectedCell, Why};
use klankbord_persistence::consultations::{response, sealed};
use klankbord_persistence::{Failure, Source};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::seen;
use crate::web::cell::Cell;
use crate::web::text::{TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// How many people by one channel.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChannelCount {
    /// The channel.
    channel: Channel,
    /// How many.
    count: Cell,
}

/// How many people chose an option.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionCount {
    /// The option.
    option_id: Uuid,
    /// What people read.
    #[schema(max_items = 20)]
    label: Vec<TextVariant>,
    /// How many chose it.
    count: Cell,
    /// The same by channel.
    #[schema(max_items = 10)]
    channels: Vec<ChannelCount>,
}

/// How many people gave a value on a scale.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScaleCount {
    /// The value.
    #[schema(minimum = -1000, maximum = 1000, example = 4)]
    value: i32,
    /// How many gave it.
    count: Cell,
    /// The same by channel.
    #[schema(max_items = 10)]
    channels: Vec<ChannelCount>,
}

/// The word for a kind of question.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKindCode {
    /// One of the options.
    SingleChoice,
    /// Several of the options.
    MultipleChoice,
    /// A whole number on a scale.
    Scale,
    /// In one's own words; what was written is for the facilitators alone.
    OpenText,
}

/// What one question was answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuestionResults {
    /// The question.
    question_id: Uuid,
    /// How it was answered.
    kind: QuestionKindCode,
    /// What people read.
    #[schema(max_items = 20)]
    prompt: Vec<TextVariant>,
    /// How many answered it.
    base: Cell,
    /// By option, where there were options.
    #[schema(max_items = 100)]
    options: Vec<OptionCount>,
    /// By value, where there was a scale.
    #[schema(max_items = 101)]
    scale: Option<Vec<ScaleCount>>,
    /// The mean of a scale, in hundredths, where nothing is hidden.
    #[schema(minimum = -100_000, maximum = 100_000, example = 375)]
    mean_hundredths: Option<i64>,
    /// The median of a scale, a whole or a half, where nothing is hidden.
    #[schema(minimum = -1000, maximum = 1000, example = 3.5)]
    median: Option<f64>,
    /// Why nothing of the distribution is shown, where nothing is.
    suppressed: Option<Why>,
}

/// What was answered, as you may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationResults {
    /// The consultation.
    consultation_id: Uuid,
    /// How many took part.
    base: Cell,
    /// The same by channel.
    #[schema(max_items = 10)]
    channels: Vec<ChannelCount>,
    /// Of an anonymous consultation: whether each answer rests on an invitation or a printed
    /// code. If not, somebody may have answered more than once on a device on site.
    verified: Option<bool>,
    /// How it was decided who was asked. `open`: whoever had a link; that each answered once is
    /// best effort.
    recruitment: Recruitment,
    /// Question by question.
    #[schema(max_items = 100)]
    questions: Vec<QuestionResults>,
}

/// Read the results
///
/// Once nobody can answer any more; of an anonymous one, once it is sealed. Who runs the consultation sees no figure of
/// fewer than five people, everybody else none of fewer than ten; ten for all
/// where minors may be among those asked, and more where a network asks more.
#[utoipa::path(operation_id = "getConsultationResults", tag = "Answers",
    responses((status = 200, description = "The results", body = ConsultationResults),
        (status = 409, description = "There are none yet")))]
#[get("/consultations/{consultationId}/results")]
pub(super) async fn get_consultation_results(call: Call<op::GetConsultationResults>) -> Result<Answer, Problem> {
    let (found, permit, networks) = seen(&call).await?;
    let consultation = &found.value.consultation;
    consultation.may_show_results()?;
    let (tally, verified) = counted(call.reader(), consultation).await?;
    let raised = networks.least_group(&consultation.audience.network_ids);
    let minimum = minimum_for(permit.roles(), found.value.minors, raised);
    let shown = results(&consultation.questions, &tally, minimum);
    Ok(Answer::plain(&ConsultationResults { verified, ..view(consultation, &shown) }))
}

/// What was answered, counted; of an anonymous consultation with whether each answer rests
/// on something.
async fn counted(source: &impl Source, consultation: &Consultation) -> Result<(Tally, Option<bool>), Failure> {
    let questions = &consultation.questions;
    if consultation.is_anonymous() {
        let given = sealed::all_to(source, consultation.id).await?;
        let verified = given.iter().all(|ballot| ballot.proof != BallotProof::None);
        let given = given.iter().map(|ballot| (ballot.channel, ballot.answers.as_slice()));
        return Ok((Tally::count(questions, &given), Some(verified)));
    }
    let given = response::all_to(source, consultation.id).await?;
    Ok((Tally::count(questions, &given.iter().map(|one| (one.channel, one.answers.as_slice()))), None))
}

fn view(consultation: &Consultation, shown: &ProtectedResults) -> ConsultationResults {
    let questions = &consultation.questions;
    let of = |results: &Protected| questions.iter().find(|question| question.id == results.question_id);
    let pairs = shown.questions.iter().filter_map(|results| of(results).map(|question| (question, results)));
    ConsultationResults {
        consultation_id: consultation.id,
        recruitment: consultation.asking.recruitment,
        base: shown.responses.into(),
        channels: by_channel(&shown.channels),
        verified: None,
        questions: pairs.map(|(question, results)| view_question(question, results)).collect(),
    }
}

fn by_channel(cells: &[ProtectedCell]) -> Vec<ChannelCount> {
    let pairs = Channel::ALL.iter().zip(cells);
    pairs.map(|(channel, cell)| ChannelCount { channel: *channel, count: (*cell).into() }).collect()
}

fn view_question(question: &Question, results: &Protected) -> QuestionResults {
    use klankbord_domain::consultations::QuestionKind as Kind;
    let kind = match question.kind {
        Kind::SingleChoice { .. } => QuestionKindCode::SingleChoice,
        Kind::MultipleChoice { .. } => QuestionKindCode::MultipleChoice,
        Kind::Scale { .. } => QuestionKindCode::Scale,
        Kind::OpenText { .. } => QuestionKindCode::OpenText,
    };
    let option = |choice: &ChoiceResult| match choice.picked {
        Picked::Option(option_id) => {
            let label = question.kind.options().iter().find(|option| option.id == option_id);
            let label = label.map(|option| to_wire(&option.label)).unwrap_or_default();
            let (count, channels) = (choice.count.into(), by_channel(&choice.channels));
            Some(OptionCount { option_id, label, count, channels })
        }
        Picked::Value(_) => None,
    };
    let value = |choice: &ChoiceResult| match choice.picked {
        Picked::Value(value) => {
            let (count, channels) = (choice.count.into(), by_channel(&choice.channels));
            Some(ScaleCount { value, count, channels })
        }
        Picked::Option(_) => None,
    };
    let is_scale = matches!(question.kind, Kind::Scale { .. });
    let halves = results.median_hundredths.and_then(|median| i32::try_from(median / 50).ok());
    QuestionResults {
        question_id: question.id,
        kind,
        prompt: to_wire(&question.prompt),
        base: results.answered.into(),
        options: results.choices.iter().filter_map(option).collect(),
        scale: is_scale.then(|| results.choices.iter().filter_map(value).collect()),
        mean_hundredths: results.mean_hundredths,
        median: halves.map(|halves| f64::from(halves) / 2.0),
        suppressed: all_hidden(&results.choices),
    }
}

/// The one reason why no choice has a figure, if none has.
fn all_hidden(choices: &[ChoiceResult]) -> Option<Why> {
    let why = |choice: &ChoiceResult| match choice.count {
        ProtectedCell::Shown(_) => None,
        ProtectedCell::Suppressed(why) => Some(why),
    };
    let first = choices.first().and_then(why)?;
    choices.iter().all(|choice| why(choice) == Some(first)).then_some(first)
}
