//! Answers on the wire: one form per kind of question.

use chrono::NaiveDate;
use klankbord_domain::consultations::{Answer as Domain, Given, OwnWords as DomainWords, Stance};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::question::{
    DateKind, MultipleChoiceKind, NumberKind, OpenTextKind, ScaleKind, SingleChoiceKind, StatementKind,
};
use super::weighed_question::{BudgetKind, DotsKind, MatrixKind, RankingKind};

/// What somebody says beside the option that has words of one's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnWords {
    /// The words.
    #[schema(min_length = 1, max_length = 200, example = "Op zaterdag")]
    text: String,
    /// In which language (BCP 47).
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: String,
}

impl From<OwnWords> for DomainWords {
    fn from(words: OwnWords) -> Self {
        let OwnWords { text, language } = words;
        Self { text, language }
    }
}

impl From<DomainWords> for OwnWords {
    fn from(words: DomainWords) -> Self {
        let DomainWords { text, language } = words;
        Self { text, language }
    }
}

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
    /// What is said beside it, where it has words of one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other_text: Option<OwnWords>,
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
    /// What is said beside the one that has words of one's own, where it is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other_text: Option<OwnWords>,
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

/// A number for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NumberAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: NumberKind,
    /// Which number.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 12)]
    value: i32,
}

/// A day for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DateAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: DateKind,
    /// Which day.
    chosen_on: NaiveDate,
}

/// What is said to a statement.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatementAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: StatementKind,
    /// Whether somebody agrees, disagrees or passes.
    stance: Stance,
}

/// Options in order for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RankingAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: RankingKind,
    /// Which options, the first one first: as many as the question asks.
    #[schema(min_items = 2, max_items = 20)]
    option_ids: Vec<Uuid>,
}

/// What is said of a row of a matrix.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatrixRowAnswer {
    /// Which row.
    row_id: Uuid,
    /// Which of the columns.
    option_id: Uuid,
}

/// One of the columns for each row for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatrixAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: MatrixKind,
    /// Row by row; one that isn't there is left open.
    #[schema(min_items = 1, max_items = 20)]
    rows: Vec<MatrixRowAnswer>,
}

/// How many dots an option gets.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionDots {
    /// Which option.
    option_id: Uuid,
    /// How many.
    #[schema(minimum = 1, maximum = 100, example = 3)]
    dots: i32,
}

/// Dots divided over options for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DotsAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: DotsKind,
    /// The options that get any.
    #[schema(min_items = 1, max_items = 20)]
    dots: Vec<OptionDots>,
}

/// Options within a budget for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetAnswer {
    /// To which question.
    question_id: Uuid,
    /// How it is answered: the kind of the question.
    kind: BudgetKind,
    /// Which options.
    #[schema(min_items = 1, max_items = 12)]
    option_ids: Vec<Uuid>,
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
    ("number" = "#/components/schemas/NumberAnswer"),
    ("date" = "#/components/schemas/DateAnswer"),
    ("statement" = "#/components/schemas/StatementAnswer"),
    ("ranking" = "#/components/schemas/RankingAnswer"),
    ("matrix" = "#/components/schemas/MatrixAnswer"),
    ("dots" = "#/components/schemas/DotsAnswer"),
    ("budget" = "#/components/schemas/BudgetAnswer"),
    ("open_text" = "#/components/schemas/OpenTextAnswer"),
)))]
pub enum QuestionAnswer {
    /// One option.
    SingleChoice(SingleChoiceAnswer),
    /// Several options.
    MultipleChoice(MultipleChoiceAnswer),
    /// A value on a scale.
    Scale(ScaleAnswer),
    /// A number.
    Number(NumberAnswer),
    /// A day.
    Date(DateAnswer),
    /// What is said to a statement.
    Statement(StatementAnswer),
    /// Options in order.
    Ranking(RankingAnswer),
    /// One of the columns for each row.
    Matrix(MatrixAnswer),
    /// Dots divided over options.
    Dots(DotsAnswer),
    /// Options within a budget.
    Budget(BudgetAnswer),
    /// Own words.
    OpenText(OpenTextAnswer),
}

impl From<QuestionAnswer> for Domain {
    fn from(answer: QuestionAnswer) -> Self {
        let (question_id, given) = match answer {
            QuestionAnswer::SingleChoice(SingleChoiceAnswer { question_id, option_id, other_text, .. }) => {
                (question_id, Given::SingleChoice { option_id, other: other_text.map(DomainWords::from) })
            }
            QuestionAnswer::MultipleChoice(one) => {
                let other = one.other_text.map(DomainWords::from);
                (one.question_id, Given::MultipleChoice { option_ids: one.option_ids, other })
            }
            QuestionAnswer::Scale(one) => (one.question_id, Given::Scale { value: one.value }),
            QuestionAnswer::Number(one) => (one.question_id, Given::Number { value: one.value }),
            QuestionAnswer::Date(one) => (one.question_id, Given::Date { day: one.chosen_on }),
            QuestionAnswer::Statement(one) => (one.question_id, Given::Statement { stance: one.stance }),
            QuestionAnswer::Ranking(one) => (one.question_id, Given::Ranking { option_ids: one.option_ids }),
            QuestionAnswer::Matrix(one) => {
                let rows = one.rows.into_iter().map(|row| (row.row_id, row.option_id)).collect();
                (one.question_id, Given::Matrix { rows })
            }
            QuestionAnswer::Dots(one) => {
                let dots = one.dots.into_iter().map(|option| (option.option_id, option.dots)).collect();
                (one.question_id, Given::Dots { dots })
            }
            QuestionAnswer::Budget(one) => (one.question_id, Given::Budget { option_ids: one.option_ids }),
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
            Given::SingleChoice { option_id, other } => {
                let (kind, other_text) = (SingleChoiceKind::SingleChoice, other.map(OwnWords::from));
                Self::SingleChoice(SingleChoiceAnswer { question_id, kind, option_id, other_text })
            }
            Given::MultipleChoice { option_ids, other } => {
                let (kind, other_text) = (MultipleChoiceKind::MultipleChoice, other.map(OwnWords::from));
                Self::MultipleChoice(MultipleChoiceAnswer { question_id, kind, option_ids, other_text })
            }
            Given::Scale { value } => Self::Scale(ScaleAnswer { question_id, kind: ScaleKind::Scale, value }),
            Given::Number { value } => Self::Number(NumberAnswer { question_id, kind: NumberKind::Number, value }),
            Given::Date { day } => Self::Date(DateAnswer { question_id, kind: DateKind::Date, chosen_on: day }),
            Given::Statement { stance } => {
                Self::Statement(StatementAnswer { question_id, kind: StatementKind::Statement, stance })
            }
            Given::Ranking { option_ids } => {
                Self::Ranking(RankingAnswer { question_id, kind: RankingKind::Ranking, option_ids })
            }
            Given::Matrix { rows } => {
                let rows = rows.into_iter().map(|(row_id, option_id)| MatrixRowAnswer { row_id, option_id }).collect();
                Self::Matrix(MatrixAnswer { question_id, kind: MatrixKind::Matrix, rows })
            }
            Given::Dots { dots } => {
                let dots = dots.into_iter().map(|(option_id, dots)| OptionDots { option_id, dots }).collect();
                Self::Dots(DotsAnswer { question_id, kind: DotsKind::Dots, dots })
            }
            Given::Budget { option_ids } => {
                Self::Budget(BudgetAnswer { question_id, kind: BudgetKind::Budget, option_ids })
            }
            Given::OpenText { text, language } => {
                Self::OpenText(OpenTextAnswer { question_id, kind: OpenTextKind::OpenText, text, language })
            }
        }
    }
}
