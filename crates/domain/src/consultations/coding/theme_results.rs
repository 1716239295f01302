//! How many people said each theme, as it may be shown.
//!
//! A theme counts by itself: an answer can say several, or none. What is shown stands beside how many answered a
//! question, which results tell; who said a theme and who didn't are both groups. Where results hide how many
//! answered, no theme has a figure either. It is counted once, when coding is finished: there is no earlier
//! count, and no later one, to be held beside it. Notes of sessions aren't people, and aren't counted.

use uuid::Uuid;

use super::coded::{Coding, Piece, agreed};
use crate::cells::{Cell, ChoicesEach, protect_overlapping};
use crate::consultations::results::{ALIKE, HIDDEN, both, is_alike, levels};
use crate::consultations::{Question, Results};
use crate::refusal::Refusal;

/// What was written to an open question, by the pieces that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// To which question.
    pub question_id: Uuid,
    /// What still stands there.
    pub pieces: Vec<Piece>,
}

/// How many answers to each open question say each theme: never to be shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeCounts(pub Vec<(Uuid, Vec<(Uuid, i64)>)>);

/// What was said to an open question, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuestionThemes {
    /// Which question.
    pub question_id: Uuid,
    /// How many people answered it.
    pub answered: Cell,
    /// How many of them said each theme, in the themes' order.
    pub themes: Vec<(Uuid, Cell)>,
}

/// Counts the themes that the coders agree on ([`agreed`]), question by question.
///
/// # Errors
/// `coding.no_themes`; `coding.incomplete` while an answer to an open question was coded by nobody (409).
pub fn count_themes(themes: &[Uuid], written: &[Written], codings: &[Coding]) -> Result<ThemeCounts, Refusal> {
    if themes.is_empty() {
        return Err(Refusal::Conflict("coding.no_themes"));
    }
    let said = agreed(codings);
    let mut counts = Vec::new();
    for Written { question_id, pieces } in written {
        let coded: Option<Vec<_>> = pieces.iter().map(|piece| said.get(piece)).collect();
        let coded = coded.ok_or(Refusal::Conflict("coding.incomplete"))?;
        let people = |theme: &Uuid| coded.iter().map(|themes| i64::from(themes.contains(theme))).sum::<i64>();
        counts.push((*question_id, themes.iter().map(|theme| (*theme, people(theme))).collect()));
    }
    Ok(ThemeCounts(counts))
}

impl ThemeCounts {
    /// What may be shown of it beside these results, to somebody who gets no figure of fewer than `minimum`
    /// people. `same`: whether the results are of the same answers: a snapshot on the way isn't.
    pub fn shown(&self, questions: &[Question], results: &Results, minimum: i64, same: bool) -> Vec<QuestionThemes> {
        let of = |id: Uuid| {
            let asked = questions.iter().find(|question| question.id == id)?;
            let told = results.questions.iter().find(|told| told.question_id == id)?;
            Some((asked.sensitive, told.answered))
        };
        let question = |(question_id, themes): &(Uuid, Vec<(Uuid, i64)>)| {
            let (sensitive, answered) = of(*question_id)?;
            let counts: Vec<i64> = themes.iter().map(|(_, count)| *count).collect();
            let cells = match answered {
                Cell::Shown(people) if same => protected(&counts, people, minimum, sensitive),
                Cell::Shown(_) => vec![HIDDEN; counts.len()],
                why @ Cell::Suppressed(_) => vec![why; counts.len()],
            };
            let themes = themes.iter().map(|(theme, _)| *theme).zip(cells).collect();
            Some(QuestionThemes { question_id: *question_id, answered, themes })
        };
        self.0.iter().filter_map(question).collect()
    }
}

/// Who sees the organisation's results sees those for the public, too: what is shown at one minimum is shown at
/// every lower one.
fn protected(counts: &[i64], people: i64, minimum: i64, sensitive: bool) -> Vec<Cell> {
    if sensitive && is_alike(counts, people) {
        return vec![ALIKE; counts.len()];
    }
    let each = ChoicesEach { least: 0, most: i64::try_from(counts.len()).unwrap_or(i64::MAX) };
    let at = |level: i64| protect_overlapping(counts, people, each, level);
    let shown = levels(minimum).map(at).reduce(|shown, here| both(&here, &shown));
    shown.unwrap_or_else(|| vec![HIDDEN; counts.len()])
}

#[cfg(test)]
mod tests;
