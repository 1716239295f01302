//! How far coders agree.

use actix_web::get;
use klankbord_domain::consultations::coding::{PairAgreement, agreement};
use klankbord_domain::consultations::operations as op;
use klankbord_persistence::consultations::coding::{coded, theme};
use klankbord_persistence::consultations::consultation;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::coder;
use crate::web::{Answer, Call, Problem};

/// How many pairs are told.
const MOST_PAIRS: usize = 100;

/// How far two coders agree on one theme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThemeAgreement {
    /// The theme.
    theme_id: Uuid,
    /// Cohen's kappa, in thousandths. Absent where it isn't defined: where neither used the theme, or both put it on
    /// everything, so that chance alone would make them agree.
    #[schema(minimum = -1000, maximum = 1000, example = 640)]
    kappa_thousandths: Option<i64>,
}

/// How far two coders agree, on what both coded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoderPair {
    /// Who: two accounts.
    #[schema(min_items = 2, max_items = 2, example = json!(["0197c000-0000-7000-8000-001100000005", "0197c000-0000-7000-8000-001100000004"]))]
    coders: Vec<Uuid>,
    /// How many things both coded: answers and notes.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 24)]
    pieces: i64,
    /// Theme by theme.
    #[schema(max_items = 100)]
    themes: Vec<ThemeAgreement>,
    /// The pooled kappa of all themes, in thousandths: from the means of what was seen and what chance would give.
    /// Absent where it isn't defined.
    #[schema(minimum = -1000, maximum = 1000, example = 712)]
    kappa_thousandths: Option<i64>,
}

/// How far coders agree.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodingAgreement {
    /// Of which consultation.
    consultation_id: Uuid,
    /// Each pair that coded something both, at most a hundred: those that coded most.
    #[schema(max_items = 100)]
    pairs: Vec<CoderPair>,
}

fn view(pair: PairAgreement) -> CoderPair {
    let (one, other) = pair.coders;
    let theme = |(theme_id, kappa_thousandths): (Uuid, Option<i64>)| ThemeAgreement { theme_id, kappa_thousandths };
    CoderPair {
        coders: vec![one, other],
        pieces: pair.pieces,
        themes: pair.themes.into_iter().map(theme).collect(),
        kappa_thousandths: pair.overall,
    }
}

/// Read how far coders agree
///
/// Per pair of coders Cohen's kappa of each theme (Cohen, 1960), and the pooled kappa of all (De Vries and others,
/// 2008), on what both coded: 1000 is always, 0 as often as by chance.
#[utoipa::path(operation_id = "getCodingAgreement", tag = "Themes and quotes",
    responses((status = 200, description = "How far they agree", body = CodingAgreement)))]
#[get("/consultations/{consultationId}/coding-agreement")]
pub(super) async fn get_coding_agreement(call: Call<op::GetCodingAgreement>) -> Result<Answer, Problem> {
    let (found, _) = coder(&call, call.id("consultationId")?).await?;
    let asked = &found.value.consultation;
    let themes = theme::ids(call.reader(), asked.id).await?;
    let mut pairs = agreement(&themes, &coded::all(call.reader(), asked.id).await?);
    pairs.retain(|pair| pair.pieces > 0);
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.pieces));
    pairs.truncate(MOST_PAIRS);
    call.witness(asked.organisation_id, (consultation::KIND, asked.id), Vec::new()).await?;
    let pairs = pairs.into_iter().map(view).collect();
    Ok(Answer::plain(&CodingAgreement { consultation_id: asked.id, pairs }))
}
