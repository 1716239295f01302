//! Results of a question as a picture that everybody can read, and as a table.

mod html;
mod markup;
mod svg;
mod view;
mod words;

use actix_web::get;
use klankbord_domain::consultations::Characteristic;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::{Refusal, consultations::Question};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::result_counts::OptionTotal;
use super::result_groups::Names;
use super::results::{Asked, read_here, told};
use crate::web::cell::Cell;
use crate::web::{Answer, Call, Problem};

pub(super) use view::{Bar, Part, Telling, View, label};
pub(super) use words::Tongue;

/// What a picture is, on the wire.
pub(super) const SVG: &str = "image/svg+xml";
/// What a table to put in a page is.
pub(super) const HTML: &str = "text/html";
const HTML_IN_UTF_8: &str = "text/html; charset=utf-8";
/// What a picture looks like, for the document.
pub(super) const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\">\
    <title id=\"title\">Blijft het zo?</title><desc id=\"desc\">Ja: 7 (58,3%); Nee: 5 (41,7%).</desc></svg>";
/// What a table looks like, for the document.
pub(super) const PAGE: &str = "<table lang=\"nl\"><caption>Blijft het zo?</caption><tbody><tr><th scope=\"row\">Ja</th>\
    <td>7 (58,3%)</td></tr></tbody></table>";

/// How wide a picture is to be.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PictureQuery {
    /// How wide the picture is, in CSS pixels: letters stay as large, so that a narrow one can be read on a telephone.
    #[param(minimum = 280, maximum = 2000, example = 720)]
    pub(super) width: Option<i64>,
}

/// Which results, and how wide their picture is to be.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ChartQuery {
    /// Of the breakdowns only the one by this, or by these two: group by group.
    #[param(max_items = 2)]
    by: Option<Vec<Characteristic>>,
    /// How wide the picture is, in CSS pixels: letters stay as large, so that a narrow one can be read on a telephone.
    #[param(minimum = 280, maximum = 2000, example = 720)]
    width: Option<i64>,
}

/// One bar of a picture.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultChartBar {
    /// What stands for it in the results: an option's id, or a value.
    #[schema(max_length = 40, example = "4")]
    code: String,
    /// What people read.
    #[schema(max_length = 10000, example = "Ja")]
    label: String,
    /// How many chose it.
    count: Cell,
    /// Which part of those who answered, in tenths of a percent; where both figures stand.
    #[schema(minimum = 0, maximum = 1000, example = 375)]
    share_tenths: Option<i64>,
    /// What it got in all: points of its places, or dots.
    total: Option<OptionTotal>,
}

/// The bars of everybody, or of one group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultChartPart {
    /// Which group, and of a matrix which row; nothing of everybody and the whole.
    #[schema(max_length = 1000, example = "Leeftijd: 27 jaar en ouder")]
    heading: Option<String>,
    /// How many answered.
    base: Cell,
    /// Bar by bar, in the question's order.
    #[schema(max_items = 1000)]
    bars: Vec<ResultChartBar>,
    /// The mean of a scale, in hundredths, where nothing is hidden.
    #[schema(minimum = -100_000, maximum = 100_000, example = 375)]
    mean_hundredths: Option<i64>,
}

/// The results of a question, as a picture of them is drawn, in one language.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultChart {
    /// The consultation.
    consultation_id: Uuid,
    /// The question.
    question_id: Uuid,
    /// What people read.
    #[schema(max_length = 10000, example = "Blijft het zo?")]
    title: String,
    /// The results in words, for who doesn't see the picture.
    #[schema(max_length = 1_000_000, example = "Antwoordden (n): 12; Ja: 7 (58,3%); Nee: 5 (41,7%).")]
    description: String,
    /// Everybody; or, where results by group were asked for, group by group; a matrix row by row.
    #[schema(max_items = 10000)]
    parts: Vec<ResultChartPart>,
}

impl ResultChart {
    fn of(consultation_id: Uuid, view: &View, tongue: &Tongue) -> Self {
        let bar = |bar: &Bar| ResultChartBar {
            code: bar.code.clone(),
            label: bar.label.clone(),
            count: bar.count.into(),
            share_tenths: bar.share_tenths,
            total: bar.total.map(OptionTotal::from),
        };
        let part = |part: &Part| ResultChartPart {
            heading: part.heading(),
            base: part.base.into(),
            bars: part.bars.iter().map(bar).collect(),
            mean_hundredths: part.mean_hundredths,
        };
        let parts = view.parts.iter().map(part).collect();
        let (title, description) = (view.title.clone(), view.words(tongue, false));
        Self { consultation_id, question_id: view.id, title, description, parts }
    }
}

/// Read the results of a question as a picture or a table
///
/// Drawn from what `getConsultationResults` tells you, and from nothing else: as `image/svg+xml`, with
/// the results in words for who doesn't see it, as a table for in a page (`text/html`), or as the rows from
/// which both are made. In the language that `Accept-Language` picks. With `by`, group by group. What is
/// hidden is hatched, has no length, and says why.
#[utoipa::path(operation_id = "getResultChart", tag = "Answers", params(ChartQuery),
    responses((status = 200, description = "The picture", content((ResultChart = "application/json"),
            (String = "image/svg+xml", example = json!(PICTURE)), (String = "text/html", example = json!(PAGE)))),
        (status = 409, description = "There are none yet")))]
#[get("/consultations/{consultationId}/results/{questionId}/chart")]
pub(super) async fn get_result_chart(call: Call<op::GetResultChart>) -> Result<Answer, Problem> {
    let (found, minimum) = read_here(&call).await?;
    let asked = &found.value.consultation;
    let id = call.id("questionId")?;
    let question: &Question = asked.questions.iter().find(|one| one.id == id).ok_or(Refusal::Hidden)?;
    let (query, _) = call.listing::<ChartQuery>()?;
    let grouped = query.by.is_some();
    let (_, shown) = told(call.reader(), asked, Asked { minimum, by: query.by }).await?;
    let (names, tongue) = (Names::of(call.reader(), &shown).await?, Tongue::of(&call.language));
    let telling = Telling { tongue: &tongue, names: &names, minimum };
    let view = match shown.breakdowns.first().filter(|_| grouped) {
        Some(table) => telling.by_group(question, table),
        None => telling.whole(question, &shown),
    };
    let answer = drawn(&call, std::slice::from_ref(&view), (&tongue, query.width));
    Ok(answer.unwrap_or_else(|| Answer::plain_in(tongue.tag(), &ResultChart::of(asked.id, &view, &tongue))))
}

/// The views as one picture, called as the first, or as tables, where the caller likes that best.
pub(super) fn drawn<O: klankbord_domain::policy::Operation>(
    call: &Call<O>,
    views: &[View],
    (tongue, width): (&Tongue, Option<i64>),
) -> Option<Answer> {
    match call.form() {
        SVG => Some(Answer::other_in(tongue.tag(), SVG, svg::picture(views, tongue, width.unwrap_or(svg::WIDTH)))),
        HTML => Some(Answer::other_in(tongue.tag(), HTML_IN_UTF_8, html::tables(views, tongue))),
        _ => None,
    }
}
