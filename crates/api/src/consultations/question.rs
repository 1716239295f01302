//! Questions on the wire: one form per kind, told apart by `kind`.

use klankbord_domain::consultations::{Choice, Question as Domain, QuestionKind, ScaleLabel as DomainLabel};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::text::{Reading, TextVariant, to_wire};

/// One thing to choose.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = QuestionOption)]
pub struct QuestionOption {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    label: Vec<TextVariant>,
}

/// What a value of a scale means.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleLabel {
    /// Which value.
    #[schema(minimum = -1000, maximum = 1000, example = 1)]
    value: i32,
    /// What people read beside it.
    #[schema(min_items = 1, max_items = 20)]
    label: Vec<TextVariant>,
}

/// The word for this kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum SingleChoiceKind {
    /// One option.
    #[serde(rename = "single_choice")]
    SingleChoice,
}

/// The word for this kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum MultipleChoiceKind {
    /// Several options.
    #[serde(rename = "multiple_choice")]
    MultipleChoice,
}

/// The word for this kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum ScaleKind {
    /// A value on a scale.
    #[serde(rename = "scale")]
    Scale,
}

/// The word for this kind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum OpenTextKind {
    /// Own words.
    #[serde(rename = "open_text")]
    OpenText,
}

/// A question with one of the options for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SingleChoiceQuestion {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// How it is answered.
    kind: SingleChoiceKind,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    prompt: Vec<TextVariant>,
    /// Whether it can't be left open.
    #[serde(default)]
    required: bool,
    /// Whether the answer tells something that isn't asked lightly; an almost
    /// unanimous distribution is then not shown.
    #[serde(default)]
    sensitive: bool,
    /// The options, in the order shown.
    #[schema(min_items = 2, max_items = 100)]
    options: Vec<QuestionOption>,
}

/// A question with several of the options for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MultipleChoiceQuestion {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// How it is answered.
    kind: MultipleChoiceKind,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    prompt: Vec<TextVariant>,
    /// Whether it can't be left open.
    #[serde(default)]
    required: bool,
    /// Whether the answer tells something that isn't asked lightly; an almost
    /// unanimous distribution is then not shown.
    #[serde(default)]
    sensitive: bool,
    /// The options, in the order shown.
    #[schema(min_items = 2, max_items = 100)]
    options: Vec<QuestionOption>,
    /// How many to choose at least; one where it isn't said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100)]
    least: Option<i32>,
    /// How many to choose at most; all where it isn't said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 2, maximum = 100)]
    most: Option<i32>,
}

/// A question with a whole number on a scale for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleQuestion {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// How it is answered.
    kind: ScaleKind,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    prompt: Vec<TextVariant>,
    /// Whether it can't be left open.
    #[serde(default)]
    required: bool,
    /// Whether the answer tells something that isn't asked lightly; an almost
    /// unanimous distribution is then not shown.
    #[serde(default)]
    sensitive: bool,
    /// The lowest value.
    #[schema(minimum = -1000, maximum = 1000, example = 1)]
    least: i32,
    /// The highest value.
    #[schema(minimum = -1000, maximum = 1000, example = 5)]
    most: i32,
    /// What some of the values mean.
    #[serde(default)]
    #[schema(max_items = 101)]
    labels: Vec<ScaleLabel>,
}

/// A question that is answered in one's own words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenTextQuestion {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// How it is answered.
    kind: OpenTextKind,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    prompt: Vec<TextVariant>,
    /// Whether it can't be left open.
    #[serde(default)]
    required: bool,
    /// Whether the answer tells something that isn't asked lightly; an almost
    /// unanimous distribution is then not shown.
    #[serde(default)]
    sensitive: bool,
    /// How long the answer can be, in characters; 2000 where it isn't said.
    #[serde(default = "two_thousand")]
    #[schema(minimum = 1, maximum = 10000, example = 2000)]
    max_length: i32,
}

const fn two_thousand() -> i32 {
    2000
}

/// A question.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("single_choice" = "#/components/schemas/SingleChoiceQuestion"),
    ("multiple_choice" = "#/components/schemas/MultipleChoiceQuestion"),
    ("scale" = "#/components/schemas/ScaleQuestion"),
    ("open_text" = "#/components/schemas/OpenTextQuestion"),
)))]
pub enum Question {
    /// One of the options.
    SingleChoice(SingleChoiceQuestion),
    /// Several of the options.
    MultipleChoice(MultipleChoiceQuestion),
    /// A whole number on a scale.
    Scale(ScaleQuestion),
    /// In one's own words.
    OpenText(OpenTextQuestion),
}

impl Question {
    /// The question that this says; faults at pointers under `at`.
    pub(super) fn into_domain(self, at: &str, reading: &mut Reading, new_id: &impl Fn() -> Uuid) -> Domain {
        let options = |options: Vec<QuestionOption>, reading: &mut Reading| {
            let option = |(index, option): (usize, QuestionOption)| Choice {
                id: option.id.unwrap_or_else(new_id),
                label: reading.texts(&format!("{at}/options/{index}/label"), option.label),
            };
            options.into_iter().enumerate().map(option).collect()
        };
        let (id, prompt, required, sensitive, kind) = match self {
            Self::SingleChoice(one) => {
                let kind = QuestionKind::SingleChoice { options: options(one.options, reading) };
                (one.id, one.prompt, one.required, one.sensitive, kind)
            }
            Self::MultipleChoice(one) => {
                let options = options(one.options, reading);
                let kind = QuestionKind::MultipleChoice { options, least: one.least, most: one.most };
                (one.id, one.prompt, one.required, one.sensitive, kind)
            }
            Self::Scale(one) => {
                let label = |(index, label): (usize, ScaleLabel)| DomainLabel {
                    value: label.value,
                    label: reading.texts(&format!("{at}/labels/{index}/label"), label.label),
                };
                let labels = one.labels.into_iter().enumerate().map(label).collect();
                let kind = QuestionKind::Scale { least: one.least, most: one.most, labels };
                (one.id, one.prompt, one.required, one.sensitive, kind)
            }
            Self::OpenText(one) => {
                let kind = QuestionKind::OpenText { max_length: one.max_length };
                (one.id, one.prompt, one.required, one.sensitive, kind)
            }
        };
        let prompt = reading.texts(&format!("{at}/prompt"), prompt);
        Domain { id: id.unwrap_or_else(new_id), kind, prompt, required, sensitive }
    }
}

impl From<&Domain> for Question {
    fn from(question: &Domain) -> Self {
        let (id, prompt) = (Some(question.id), to_wire(&question.prompt));
        let (required, sensitive) = (question.required, question.sensitive);
        let options = |options: &[Choice]| {
            let option = |option: &Choice| QuestionOption { id: Some(option.id), label: to_wire(&option.label) };
            options.iter().map(option).collect()
        };
        match &question.kind {
            QuestionKind::SingleChoice { options: all } => {
                let (kind, options) = (SingleChoiceKind::SingleChoice, options(all));
                Self::SingleChoice(SingleChoiceQuestion { id, kind, prompt, required, sensitive, options })
            }
            QuestionKind::MultipleChoice { options: all, least, most } => {
                let (kind, options, least, most) = (MultipleChoiceKind::MultipleChoice, options(all), *least, *most);
                let made = MultipleChoiceQuestion { id, kind, prompt, required, sensitive, options, least, most };
                Self::MultipleChoice(made)
            }
            QuestionKind::Scale { least, most, labels } => {
                let label = |one: &DomainLabel| ScaleLabel { value: one.value, label: to_wire(&one.label) };
                let labels = labels.iter().map(label).collect();
                let (kind, least, most) = (ScaleKind::Scale, *least, *most);
                Self::Scale(ScaleQuestion { id, kind, prompt, required, sensitive, least, most, labels })
            }
            QuestionKind::OpenText { max_length } => {
                let (kind, max_length) = (OpenTextKind::OpenText, *max_length);
                Self::OpenText(OpenTextQuestion { id, kind, prompt, required, sensitive, max_length })
            }
        }
    }
}
