//! How many people said each theme, in numbers that betray nobody.

use actix_web::{get, post};
use chrono::NaiveDate;
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::Consultation;
use klankbord_domain::consultations::coding::{QuestionThemes, count_themes, may_be_coded};
use klankbord_domain::consultations::operations as op;
use klankbord_persistence::consultations::coding::theme_results::Finished;
use klankbord_persistence::consultations::coding::{coded, theme, theme_results, words};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::{Failure, Source, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::results::figures;
use super::{begun, reader};
use crate::web::cell::Cell;
use crate::web::text::{TextVariant, to_wire, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// A theme by its name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedTheme {
    /// The theme.
    theme_id: Uuid,
    /// What it is called.
    #[schema(max_items = 20)]
    label: Vec<TextVariant>,
    /// What belongs to it, and what doesn't.
    #[schema(max_items = 20)]
    description: Option<Vec<TextVariant>>,
}

/// How many people said a theme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThemeCount {
    /// The theme.
    theme_id: Uuid,
    /// How many people.
    count: Cell,
}

/// What was said to an open question, by theme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuestionThemeResults {
    /// The question.
    question_id: Uuid,
    /// How many people answered it.
    base: Cell,
    /// How many of them said each theme. One can say several, or none.
    #[schema(max_items = 100)]
    themes: Vec<ThemeCount>,
}

/// What was said, by theme, as it was counted when coding was finished. Notes of input sessions aren't people, and
/// aren't counted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThemeResults {
    /// Of which consultation.
    consultation_id: Uuid,
    /// On which day coding was finished.
    finished_on: NaiveDate,
    /// The themes.
    #[schema(max_items = 100)]
    themes: Vec<NamedTheme>,
    /// Open question by open question.
    #[schema(max_items = 100)]
    questions: Vec<QuestionThemeResults>,
}

fn view_question(told: QuestionThemes) -> QuestionThemeResults {
    let QuestionThemes { question_id, answered, themes } = told;
    let count = |(theme_id, cell): (Uuid, klankbord_domain::Cell)| ThemeCount { theme_id, count: cell.into() };
    QuestionThemeResults { question_id, base: answered.into(), themes: themes.into_iter().map(count).collect() }
}

/// What was counted, as it may be shown at this minimum beside the results.
async fn shown(
    source: &impl Source,
    asked: &Consultation,
    finished: &Finished,
    (minimum, zone): (i64, Tz),
) -> Result<ThemeResults, Failure> {
    let not_yet = || Refusal::Conflict("consultation.results_not_yet");
    let (taken, results) = figures(source, asked, minimum).await?.ok_or_else(not_yet)?;
    // One on the way isn't of all the answers that were coded.
    let same = asked.closed_at.is_some_and(|closed| taken.taken_at >= closed);
    let questions = finished.counts.shown(&asked.questions, &results, minimum, same);
    let name = |theme: klankbord_domain::consultations::coding::Theme| NamedTheme {
        theme_id: theme.id,
        label: to_wire(&theme.label),
        description: to_wire_or_none(theme.description.as_ref()),
    };
    Ok(ThemeResults {
        consultation_id: asked.id,
        finished_on: day_of(finished.at, zone),
        themes: theme::all(source, asked.id).await?.into_iter().map(name).collect(),
        questions: questions.into_iter().map(view_question).collect(),
    })
}

/// Finish coding, and count the themes
///
/// Once, by a facilitator named on the consultation, when every answer to its open questions was coded by somebody.
/// An answer says a theme where more than half of its coders say so. From then on nothing is coded any more and no
/// theme changes, so that nobody can lay two counts beside each other.
#[utoipa::path(operation_id = "createThemeResults", tag = "Themes and quotes",
    responses((status = 201, description = "Finished", body = ThemeResults)))]
#[post("/consultations/{consultationId}/theme-results")]
pub(super) async fn create_theme_results(call: Call<op::CreateThemeResults>) -> Result<Answer, Problem> {
    let input = (call.id("consultationId")?, call.app.config.time.zone);
    call.command(input, |tx, (id, zone)| finish(tx, *id, *zone).boxed()).await
}

async fn finish(tx: &Tx, id: Uuid, zone: Tz) -> Result<Answer, Failure> {
    // Nobody codes meanwhile.
    let (loaded, account) = begun(tx, consultation::find_to_change(tx, id).await?).await?;
    let asked = loaded.consultation();
    may_be_coded(asked, theme_results::is_finished(tx, id).await?)?;
    let written = words::to_open_questions(tx, asked).await?;
    let counts = count_themes(&theme::ids(tx, id).await?, &written, &coded::all(tx, id).await?)?;
    let finished = theme_results::insert(tx, asked, account, counts).await?;
    let minimum = loaded.networks.minimum(&loaded.found.value, loaded.permit.roles());
    let body = shown(tx, asked, &finished, (minimum, zone)).await?;
    Ok(Answer::made(format!("/v1/consultations/{id}/theme-results"), &body))
}

/// Read how many people said each theme
///
/// Once coding is finished. The same minimums hold as for all results: under them there are themes, and no counts.
#[utoipa::path(operation_id = "getThemeResults", tag = "Themes and quotes",
    responses((status = 200, description = "What was said", body = ThemeResults),
        (status = 409, description = "There are none yet")))]
#[get("/consultations/{consultationId}/theme-results")]
pub(super) async fn get_theme_results(call: Call<op::GetThemeResults>) -> Result<Answer, Problem> {
    let read = reader(&call, call.id("consultationId")?).await?;
    let asked = &read.found.value.consultation;
    asked.may_show_results()?;
    let finished = theme_results::find(call.reader(), asked.id).await?;
    let finished = finished.ok_or(Refusal::Conflict("coding.unfinished"))?;
    let minimum = read.networks.minimum(&read.found.value, read.roles);
    let zone = call.app.config.time.zone;
    Ok(Answer::plain(&shown(call.reader(), asked, &finished, (minimum, zone)).await?))
}
