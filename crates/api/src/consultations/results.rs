//! Results in numbers that betray nobody.

use actix_web::get;
use chrono::{DateTime, Utc};
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Characteristic, ChoiceResult, Consultation, Counts, Picked, Question, QuestionKind as Kind, QuestionKindCode,
    QuestionResults as Protected, Recruitment, Results as ProtectedResults, Snapshots,
};
use klankbord_domain::participants::Channel;
use klankbord_domain::policy::Operation;
use klankbord_domain::{Cell as ProtectedCell, Fault, Refusal, Why};
use klankbord_persistence::consultations::ballot_code;
use klankbord_persistence::consultations::consultation::Kept;
use klankbord_persistence::consultations::snapshot::{self, Snapshot};
use klankbord_persistence::{Failure, Source, Stored};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::consultation::seen;
use super::result_counts::{BandCount, ChannelCount, OptionCount, OptionTotal, PeriodCount, ScaleCount, StanceCount};
use super::result_groups::{BreakdownResults, Names, share};
use crate::web::cell::Cell;
use crate::web::text::{TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// What one question was answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuestionResults {
    /// The question.
    question_id: Uuid,
    /// Of a matrix which row: each stands by itself.
    row_id: Option<Uuid>,
    /// What people read before that row.
    #[schema(max_items = 20)]
    row_label: Option<Vec<TextVariant>>,
    /// How it was answered.
    kind: QuestionKindCode,
    /// What people read.
    #[schema(max_items = 20)]
    prompt: Vec<TextVariant>,
    /// Of a question that is asked after some answers alone (`onlyIf`): how many were asked it. It is told in all,
    /// and by no group nor channel.
    asked: Option<Cell>,
    /// How many answered it.
    base: Cell,
    /// By option, where there were options; of a matrix by column.
    #[schema(max_items = 100)]
    options: Vec<OptionCount>,
    /// By value, where there was a scale.
    #[schema(max_items = 101)]
    scale: Option<Vec<ScaleCount>>,
    /// By band, where there was a number.
    #[schema(max_items = 100)]
    bands: Option<Vec<BandCount>>,
    /// By year or month, where there was a day.
    #[schema(max_items = 100)]
    periods: Option<Vec<PeriodCount>>,
    /// By what was said, where there was a statement.
    #[schema(max_items = 3)]
    stances: Option<Vec<StanceCount>>,
    /// The mean of a scale, in hundredths, where nothing is hidden.
    #[schema(minimum = -100_000, maximum = 100_000, example = 375)]
    mean_hundredths: Option<i64>,
    /// The median of a scale, a whole or a half, where nothing is hidden.
    #[schema(minimum = -1000, maximum = 1000, example = 3.5)]
    median: Option<f64>,
    /// Why nothing of the distribution is shown, where nothing is.
    suppressed: Option<Why>,
}

/// From which snapshot results are.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotOfResults {
    /// Its id.
    id: Uuid,
    /// When it was taken; `base` says on how many answers it rests.
    taken_at: DateTime<Utc>,
    /// Whether people still answer.
    interim: bool,
}

impl SnapshotOfResults {
    /// This one, of this consultation.
    pub(super) fn of(taken: &Snapshot, consultation: &Consultation) -> Self {
        Self { id: taken.id, taken_at: taken.taken_at, interim: consultation.shows_interim_results() }
    }
}

/// What was answered, as you may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationResults {
    /// The consultation.
    consultation_id: Uuid,
    /// What it is called.
    #[schema(max_items = 20)]
    title: Vec<TextVariant>,
    /// From which snapshot they are.
    snapshot: SnapshotOfResults,
    /// How many took part.
    base: Cell,
    /// The same by channel.
    #[schema(max_items = 10)]
    channels: Vec<ChannelCount>,
    /// Of an anonymous consultation: whether each answer rests on an invitation or a printed
    /// code. If not, somebody may have answered more than once: on a device on site, or by
    /// an invitation and by a code. Whoever made the codes is trusted to have handed them out.
    verified: Option<bool>,
    /// Of an anonymous consultation: how many printed codes were made for it.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 40)]
    printed_codes: Option<i64>,
    /// How it was decided who was asked. `open`: whoever had a link; that each answered once is
    /// best effort.
    recruitment: Recruitment,
    /// Question by question, a matrix row by row.
    #[schema(max_items = 2000)]
    questions: Vec<QuestionResults>,
    /// By each declared breakdown.
    #[schema(max_items = 7)]
    breakdowns: Vec<BreakdownResults>,
}

/// Which results to read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ResultsQuery {
    /// Of the breakdowns only the one by this, or by these two. It leaves the others out, and shows no more.
    #[param(max_items = 2)]
    pub(super) by: Option<Vec<Characteristic>>,
}

/// Whose minimum holds, and which breakdown is asked for.
pub(super) struct Asked {
    pub(super) minimum: i64,
    pub(super) by: Option<Vec<Characteristic>>,
}

/// Read the results
///
/// Once nobody can answer any more; of an anonymous one, once it is sealed; where that was announced on the way,
/// too, without breakdowns. They stand as they were counted then. Who runs the consultation sees no figure of
/// fewer than five people, everybody else none of fewer than ten; ten for all
/// where minors may be among those asked, and more where a network asks more.
#[utoipa::path(operation_id = "getConsultationResults", tag = "Answers", params(ResultsQuery),
    responses((status = 200, description = "The results", body = ConsultationResults),
        (status = 409, description = "There are none yet")))]
#[get("/consultations/{consultationId}/results")]
pub(super) async fn get_consultation_results(call: Call<op::GetConsultationResults>) -> Result<Answer, Problem> {
    let (found, minimum) = read_here(&call).await?;
    let (query, _) = call.listing::<ResultsQuery>()?;
    let asked = Asked { minimum, by: query.by };
    Ok(Answer::plain(&published(call.reader(), &found.value.consultation, asked).await?))
}

/// The consultation whose results somebody asks for, and under how many people they see no figure.
///
/// # Errors
/// 404 for who may not know of it, 403 for who may not do this.
pub(super) async fn read_here<O: Operation>(call: &Call<O>) -> Result<(Stored<Kept>, i64), Problem> {
    let (found, permit, networks) = seen(call).await?;
    let minimum = networks.minimum(&found.value, permit.roles());
    Ok((found, minimum))
}

/// The results of a consultation as they may be shown at this minimum, from its snapshots.
///
/// # Errors
/// `consultation.results_not_yet` (409); `breakdown.not_declared` (400).
pub(super) async fn published(
    source: &impl Source,
    consultation: &Consultation,
    asked: Asked,
) -> Result<ConsultationResults, Failure> {
    let (taken, shown) = told(source, consultation, asked).await?;
    let names = Names::of(source, &shown).await?;
    let printed_codes = match taken.verified {
        Some(_) => Some(ballot_code::made(source, consultation.id).await?),
        None => None,
    };
    Ok(ConsultationResults {
        verified: taken.verified,
        printed_codes,
        snapshot: SnapshotOfResults::of(&taken, consultation),
        breakdowns: shown.breakdowns.iter().map(|table| names.view(&consultation.questions, table)).collect(),
        ..view(consultation, &shown)
    })
}

/// What is published of a consultation at this minimum, before it is put in words or figures, and the
/// snapshot that it is from.
///
/// # Errors
/// `consultation.results_not_yet` (409); `breakdown.not_declared` (400).
pub(super) async fn told(
    source: &impl Source,
    consultation: &Consultation,
    Asked { minimum, by }: Asked,
) -> Result<(Snapshot, ProtectedResults), Failure> {
    if !consultation.shows_interim_results() {
        consultation.may_show_results()?;
    }
    let declared = |by: &[Characteristic]| match by {
        [one] => consultation.breakdowns.by.contains(one),
        [one, two] => [(*one, *two), (*two, *one)].iter().any(|pair| consultation.breakdowns.crossed.contains(pair)),
        _none => false,
    };
    if by.as_ref().is_some_and(|by| !declared(by)) {
        return Err(Refusal::Invalid(vec![Fault::query("by", "breakdown.not_declared")]).into());
    }
    let not_yet = || Refusal::Conflict("consultation.results_not_yet");
    let (taken, mut shown) = figures(source, consultation, minimum).await?.ok_or_else(not_yet)?;
    // Those are told by themselves: `getOpinionGroups`.
    shown.breakdowns.retain(|table| table.by != [Characteristic::OpinionGroup]);
    if let Some(mut by) = by {
        by.sort_unstable();
        let same = |mut of: Vec<Characteristic>| {
            of.sort_unstable();
            of == by
        };
        shown.breakdowns.retain(|table| same(table.by.clone()));
    }
    Ok((taken, shown))
}

/// The figures of a consultation as they may be shown at this minimum, with the snapshot they
/// are from; none where there are none yet.
///
/// # Errors
/// When the database refuses.
pub(super) async fn figures(
    source: &impl Source,
    consultation: &Consultation,
    minimum: i64,
) -> Result<Option<(Snapshot, ProtectedResults)>, Failure> {
    let mut kept = snapshot::all(source, consultation.id).await?;
    let regions = kept.last().map(|one| one.regions.clone()).unwrap_or_default();
    let counts: Vec<Counts> = kept.iter().map(|one| one.counts.clone()).collect();
    let snapshots = Snapshots { questions: &consultation.questions, counts: &counts, regions: &regions };
    let found = snapshots.results(minimum, !consultation.shows_interim_results());
    Ok(found.filter(|(at, _)| *at < kept.len()).map(|(at, shown)| (kept.swap_remove(at), shown)))
}

fn view(consultation: &Consultation, shown: &ProtectedResults) -> ConsultationResults {
    let of = |results: &Protected| consultation.questions.iter().find(|question| question.id == results.question_id);
    let pairs = shown.questions.iter().filter_map(|results| of(results).map(|question| (question, results)));
    ConsultationResults {
        consultation_id: consultation.id,
        title: to_wire(&consultation.title),
        recruitment: consultation.asking.recruitment,
        base: shown.responses.into(),
        channels: by_channel(&shown.channels),
        verified: None,
        printed_codes: None,
        snapshot: SnapshotOfResults::default(),
        questions: pairs.map(|(question, results)| view_question(question, results)).collect(),
        breakdowns: Vec::new(),
    }
}

fn by_channel(cells: &[ProtectedCell]) -> Vec<ChannelCount> {
    let pairs = Channel::ALL.iter().zip(cells);
    pairs.map(|(channel, cell)| ChannelCount { channel: *channel, count: (*cell).into() }).collect()
}

pub(super) fn view_question(question: &Question, results: &Protected) -> QuestionResults {
    let (mut options, mut scale, mut stances) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bands, mut periods) = (Vec::new(), Vec::new());
    for choice in &results.choices {
        let (count, channels) = (choice.count.into(), by_channel(&choice.channels));
        let share_tenths = share(choice.count, results.answered);
        match choice.picked {
            Picked::Option(option_id) => {
                let label = question.kind.options().iter().find(|option| option.id == option_id);
                let label = label.map(|option| to_wire(&option.label)).unwrap_or_default();
                let total = choice.total.map(OptionTotal::from);
                options.push(OptionCount { option_id, label, total, count, share_tenths, channels });
            }
            Picked::Value(value) => scale.push(ScaleCount { value, count, share_tenths, channels }),
            Picked::Band(least, most) => bands.push(BandCount { least, most, count, share_tenths, channels }),
            Picked::Period(period, starts_on) => {
                periods.push(PeriodCount { period, starts_on, count, share_tenths, channels });
            }
            Picked::Stance(stance) => stances.push(StanceCount { stance, count, share_tenths, channels }),
        }
    }
    let row = question.kind.rows().iter().find(|row| Some(row.id) == results.row_id);
    QuestionResults {
        question_id: question.id,
        row_id: results.row_id,
        row_label: row.map(|row| to_wire(&row.label)),
        kind: question.kind.code(),
        prompt: to_wire(&question.prompt),
        asked: results.asked.map(Cell::from),
        base: results.answered.into(),
        options,
        scale: matches!(question.kind, Kind::Scale { .. }).then_some(scale),
        bands: matches!(question.kind, Kind::Number { .. }).then_some(bands),
        periods: matches!(question.kind, Kind::Date { .. }).then_some(periods),
        stances: matches!(question.kind, Kind::Statement).then_some(stances),
        mean_hundredths: results.mean_hundredths,
        median: median(results.median_hundredths),
        suppressed: all_hidden(&results.choices),
    }
}

/// A median in hundredths as a whole or a half.
pub(super) fn median(hundredths: Option<i64>) -> Option<f64> {
    let halves = hundredths.and_then(|median| i32::try_from(median / 50).ok());
    halves.map(|halves| f64::from(halves) / 2.0)
}

/// The one reason why no choice has a figure, if none has.
pub(super) fn all_hidden(choices: &[ChoiceResult]) -> Option<Why> {
    let why = |choice: &ChoiceResult| match choice.count {
        ProtectedCell::Shown(_) => None,
        ProtectedCell::Suppressed(why) => Some(why),
    };
    let first = choices.first().and_then(why)?;
    choices.iter().all(|choice| why(choice) == Some(first)).then_some(first)
}
