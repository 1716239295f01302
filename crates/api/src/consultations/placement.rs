//! How questions stand among each other, on the wire: sections, and "only if".

use klankbord_domain::consultations::{Condition, Placement, Section, Stance, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

/// A part of a consultation with a heading of its own: from the question that begins it up to the next question
/// that begins one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuestionSection {
    /// Its heading.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// What people read under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20)]
    text: Option<Vec<TextVariant>>,
    /// Whether you show its questions in an order drawn anew for each person. The service doesn't draw it, nor
    /// learns it: an order would tell one person's answers from another's.
    #[serde(default)]
    shuffled: bool,
}

/// The word for this kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChosenKind {
    /// An option was chosen.
    Chosen,
}

/// The word for this kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithinKind {
    /// A number lies between two.
    Within,
}

/// The word for this kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaidKind {
    /// A statement was answered so.
    Said,
}

/// Only if one of these options was chosen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChosenCondition {
    /// What it looks at.
    kind: ChosenKind,
    /// The earlier question: a single or a multiple choice.
    question_id: Uuid,
    /// The options; of a multiple choice one alone.
    #[schema(min_items = 1, max_items = 100)]
    option_ids: Vec<Uuid>,
}

/// Only if the value or number lies between these two, both counted in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WithinCondition {
    /// What it looks at.
    kind: WithinKind,
    /// The earlier question: a scale or a number.
    question_id: Uuid,
    /// The lowest: a value of the scale, or where a band starts.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 1)]
    least: i32,
    /// The highest: a value of the scale, or where a band ends.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 2)]
    most: i32,
}

/// Only if one of these was said to the statement.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaidCondition {
    /// What it looks at.
    kind: SaidKind,
    /// The earlier question: a statement.
    question_id: Uuid,
    /// What was said.
    #[schema(min_items = 1, max_items = 3)]
    stances: Vec<Stance>,
}

/// "Only if": after which answers to an earlier question another is asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("chosen" = "#/components/schemas/ChosenCondition"),
    ("within" = "#/components/schemas/WithinCondition"),
    ("said" = "#/components/schemas/SaidCondition"),
)))]
pub enum QuestionCondition {
    /// One of these options was chosen.
    Chosen(ChosenCondition),
    /// A value or number between two.
    Within(WithinCondition),
    /// One of these was said.
    Said(SaidCondition),
}

impl QuestionSection {
    fn into_domain(self, at: &str, reading: &mut Reading) -> Section {
        Section {
            title: reading.texts(&format!("{at}/title"), self.title),
            text: reading.texts_or_none(&format!("{at}/text"), self.text),
            shuffled: self.shuffled,
        }
    }
}

impl From<&Section> for QuestionSection {
    fn from(section: &Section) -> Self {
        Self {
            title: to_wire(&section.title),
            text: to_wire_or_none(section.text.as_ref()),
            shuffled: section.shuffled,
        }
    }
}

impl From<QuestionCondition> for Condition {
    fn from(condition: QuestionCondition) -> Self {
        match condition {
            QuestionCondition::Chosen(ChosenCondition { question_id, option_ids, .. }) => {
                Self { question_id, wanted: Wanted::Chosen { option_ids } }
            }
            QuestionCondition::Within(WithinCondition { question_id, least, most, .. }) => {
                Self { question_id, wanted: Wanted::Within { least, most } }
            }
            QuestionCondition::Said(SaidCondition { question_id, stances, .. }) => {
                Self { question_id, wanted: Wanted::Said { stances } }
            }
        }
    }
}

impl From<&Condition> for QuestionCondition {
    fn from(condition: &Condition) -> Self {
        let question_id = condition.question_id;
        match condition.wanted.clone() {
            Wanted::Chosen { option_ids } => {
                Self::Chosen(ChosenCondition { kind: ChosenKind::Chosen, question_id, option_ids })
            }
            Wanted::Within { least, most } => {
                Self::Within(WithinCondition { kind: WithinKind::Within, question_id, least, most })
            }
            Wanted::Said { stances } => Self::Said(SaidCondition { kind: SaidKind::Said, question_id, stances }),
        }
    }
}

/// How a question stands among the others, as it is said of every kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Among {
    pub(super) section: Option<QuestionSection>,
    pub(super) only_if: Option<QuestionCondition>,
    pub(super) shuffle_options: bool,
}

impl Among {
    pub(super) fn into_domain(self, at: &str, reading: &mut Reading) -> Placement {
        Placement {
            begins: self.section.map(|section| section.into_domain(&format!("{at}/section"), reading)),
            only_if: self.only_if.map(Condition::from),
            shuffle_options: self.shuffle_options,
        }
    }
}

impl From<&Placement> for Among {
    fn from(placement: &Placement) -> Self {
        Self {
            section: placement.begins.as_ref().map(QuestionSection::from),
            only_if: placement.only_if.as_ref().map(QuestionCondition::from),
            shuffle_options: placement.shuffle_options,
        }
    }
}
