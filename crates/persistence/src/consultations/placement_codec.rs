//! How questions stand among each other, as a part of the column that holds them.

use klankbord_domain::consultations::{Condition, Placement, Section, Stance, Wanted};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codec::QUESTIONS;
use crate::store::{Failure, TextRow, text_rows, texts_of};

#[derive(Serialize, Deserialize)]
struct SectionRow {
    title: Vec<TextRow>,
    text: Option<Vec<TextRow>>,
    shuffled: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum WantedRow {
    Chosen { option_ids: Vec<Uuid> },
    Within { least: i32, most: i32 },
    Said { stances: Vec<Stance> },
}

#[derive(Serialize, Deserialize)]
struct ConditionRow {
    question_id: Uuid,
    wanted: WantedRow,
}

/// Nothing of it stands there where nothing is said.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct PlacementRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<SectionRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    only_if: Option<ConditionRow>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    shuffle_options: bool,
}

pub(super) fn write_placement(placement: &Placement) -> PlacementRow {
    let section = |section: &Section| SectionRow {
        title: text_rows(&section.title),
        text: section.text.as_ref().map(text_rows),
        shuffled: section.shuffled,
    };
    let condition = |condition: &Condition| ConditionRow {
        question_id: condition.question_id,
        wanted: match condition.wanted.clone() {
            Wanted::Chosen { option_ids } => WantedRow::Chosen { option_ids },
            Wanted::Within { least, most } => WantedRow::Within { least, most },
            Wanted::Said { stances } => WantedRow::Said { stances },
        },
    };
    PlacementRow {
        section: placement.begins.as_ref().map(section),
        only_if: placement.only_if.as_ref().map(condition),
        shuffle_options: placement.shuffle_options,
    }
}

pub(super) fn read_placement(row: PlacementRow) -> Result<Placement, Failure> {
    let section = |row: SectionRow| {
        let text = row.text.map(|text| texts_of(QUESTIONS, text)).transpose()?;
        Ok::<_, Failure>(Section { title: texts_of(QUESTIONS, row.title)?, text, shuffled: row.shuffled })
    };
    let condition = |row: ConditionRow| Condition {
        question_id: row.question_id,
        wanted: match row.wanted {
            WantedRow::Chosen { option_ids } => Wanted::Chosen { option_ids },
            WantedRow::Within { least, most } => Wanted::Within { least, most },
            WantedRow::Said { stances } => Wanted::Said { stances },
        },
    };
    Ok(Placement {
        begins: row.section.map(section).transpose()?,
        only_if: row.only_if.map(condition),
        shuffle_options: row.shuffle_options,
    })
}
