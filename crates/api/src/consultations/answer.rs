//! Answers on the wire: one form per kind of question.

use klankbord_domain::consultations::{Answer as Domain, Given};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::question::{MultipleChoiceKind, OpenTextKind, ScaleKind, SingleChoiceKind};

/// One option for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SingleChoiceAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: SingleChoiceKind,
    /// Which option.
    option_id: Uuid,
}

/// Several options for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MultipleChoiceAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: MultipleChoiceKind,
    /// Which options.
    #[schema(min_items = 1, max_items = 100)]
    option_ids: Vec<Uuid>,
}

/// A value on a scale for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: ScaleKind,
    /// Which value.
    #[schema(minimum = -1000, maximum = 1000, example = 4)]
    value: i32,
}

/// Own words for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenTextAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: OpenTextKind,
    /// The words.
    #[schema(min_length = 1, max_length = 10000, example = "Bel terug op de dag die je belooft.")]
    text: String,
    /// In which language (BCP 47).
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: String,
}

/// The answer to one question.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("single_choice" = "#/components/schemas/SingleChoiceAnswer"),
    ("multiple_choice" = "#/components/schemas/MultipleChoiceAnswer"),
    ("scale" = "#/components/schemas/ScaleAnswer"),
    ("open_text" = "#/components/schemas/OpenTextAnswer"),
)))]
pub enum QuestionAnswer {
    /// One option.
    SingleChoice(SingleChoiceAnswer),
    /// Several options.
    MultipleChoice(MultipleChoiceAnswer),
    /// A value on a scale.
    Scale(ScaleAnswer),
    /// Own words.
    OpenText(OpenTextAnswer),
}

impl From<QuestionAnswer> for Domain {
    fn from(answer: QuestionAnswer) -> Self {
        let (question_id, given) = match answer {
            QuestionAnswer::SingleChoice(one) => (one.question_id, Given::SingleChoice { option_id: one.option_id }),
            QuestionAnswer::MultipleChoice(one) => {
                (one.question_id, Given::MultipleChoice { option_ids: one.option_ids })
            }
            QuestionAnswer::Scale(one) => (one.question_id, Given::Scale { value: one.value }),
            QuestionAnswer::OpenText(one) => {
                (one.question_id, Given::OpenText { text: one.text, language: one.language })
            }
        };
        Self { question_id, given }
    }
}

impl From<Domain> for QuestionAnswer {
    fn from(answer: Domain) -> Self {
        let question_id = answer.question_id;
        match answer.given {
            Given::SingleChoice { option_id } => {
                Self::SingleChoice(SingleChoiceAnswer { question_id, kind: SingleChoiceKind::SingleChoice, option_id })
            }
            Given::MultipleChoice { option_ids } => {
                let kind = MultipleChoiceKind::MultipleChoice;
                Self::MultipleChoice(MultipleChoiceAnswer { question_id, kind, option_ids })
            }
            Given::Scale { value } => Self::Scale(ScaleAnswer { question_id, kind: ScaleKind::Scale, value }),
            Given::OpenText { text, language } => {
                Self::OpenText(OpenTextAnswer { question_id, kind: OpenTextKind::OpenText, text, language })
            }
        }
    }
}
