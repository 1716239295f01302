//! Questions on the wire: one form per kind, told apart by `kind`.

use chrono::NaiveDate;
use klankbord_domain::consultations::{Choice, Period, Question as Domain, QuestionKind, ScaleLabel as DomainLabel};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::placement::{Among, QuestionCondition, QuestionSection};
use super::weighed_question::{BudgetQuestion, DotsQuestion, MatrixQuestion, RankingQuestion};
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

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
    /// Whether who chooses it can say it in their own words: "other". One option at most; the words are
    /// treated as open answers are.
    #[serde(default)]
    own_words: bool,
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

/// A band in which numbers are counted: up to where the next one starts.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NumberBand {
    /// Its lowest number.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 5)]
    least: i32,
}

/// Declares the words by which kinds are told apart, each a type of its own.
macro_rules! kind_words {
    ($($(#[doc = $about:literal])* $name:ident::$variant:ident;)+) => {$(
        /// The word for this kind.
        #[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = $about])*
            $variant,
        }
    )+};
}

pub(super) use kind_words;

kind_words! {
    /// One option.
    SingleChoiceKind::SingleChoice;
    /// Several options.
    MultipleChoiceKind::MultipleChoice;
    /// A value on a scale.
    ScaleKind::Scale;
    /// A whole number.
    NumberKind::Number;
    /// A day.
    DateKind::Date;
    /// Agreed with, or not.
    StatementKind::Statement;
    /// Own words.
    OpenTextKind::OpenText;
}

/// What every question has, whatever its kind.
pub(super) struct Shared {
    pub(super) id: Option<Uuid>,
    pub(super) prompt: Vec<TextVariant>,
    pub(super) required: bool,
    pub(super) sensitive: bool,
    pub(super) in_records: bool,
    pub(super) among: Among,
}

/// Declares the form of a kind of question: what every question has, then what is its own.
macro_rules! question_form {
    (
        $(#[doc = $about:literal])*
        $name:ident($kind:ident::$word:ident) { $($(#[$($field_about:tt)*])* $field:ident: $type:ty,)* }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            /// Its id; the service makes one where none is given.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            id: Option<Uuid>,
            /// How it is answered.
            kind: $kind,
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
            /// Whether answers to it may stand beside others of the same person in records (`getResultRecords`), in rows
            /// of enough people. People are told before they answer.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            in_records: bool,
            /// The section that begins with it, where one does.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            section: Option<QuestionSection>,
            /// After which answers to an earlier question it is asked; always where it isn't said. Who isn't asked it
            /// can't answer it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            only_if: Option<QuestionCondition>,
            /// Whether you show its options in an order drawn anew for each person; the one with words of one's own
            /// stays last.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            shuffle_options: bool,
            $($(#[$($field_about)*])* $field: $type,)*
        }

        impl $name {
            pub(super) fn new(shared: Shared, $($field: $type),*) -> Self {
                let Shared { id, prompt, required, sensitive, in_records, among } = shared;
                let Among { section, only_if, shuffle_options } = among;
                Self {
                    id, kind: $kind::$word, prompt, required, sensitive, in_records, section, only_if, shuffle_options,
                    $($field),*
                }
            }

            /// What every question has, and what is its own.
            pub(super) fn split(self) -> (Shared, ($($type,)*)) {
                let Self {
                    id, kind: _, prompt, required, sensitive, in_records, section, only_if, shuffle_options, $($field),*
                } = self;
                let among = Among { section, only_if, shuffle_options };
                (Shared { id, prompt, required, sensitive, in_records, among }, ($($field,)*))
            }
        }
    };
}

pub(super) use question_form;

question_form! {
    /// A question with one of the options for an answer.
    SingleChoiceQuestion(SingleChoiceKind::SingleChoice) {
        /// The options, in the order shown.
        #[schema(min_items = 2, max_items = 100)]
        options: Vec<QuestionOption>,
    }
}

question_form! {
    /// A question with several of the options for an answer.
    MultipleChoiceQuestion(MultipleChoiceKind::MultipleChoice) {
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
}

question_form! {
    /// A question with a whole number on a scale for an answer.
    ScaleQuestion(ScaleKind::Scale) {
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
}

question_form! {
    /// A question with a whole number for an answer. Results count in bands alone.
    NumberQuestion(NumberKind::Number) {
        /// The lowest number.
        #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 0)]
        least: i32,
        /// The highest number.
        #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 60)]
        most: i32,
        /// What it counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(min_items = 1, max_items = 20)]
        unit: Option<Vec<TextVariant>>,
        /// In which bands answers are counted, going up; the first starts at `least`.
        #[schema(min_items = 2, max_items = 100)]
        bands: Vec<NumberBand>,
    }
}

question_form! {
    /// A question with a day for an answer. Results count by year or by month.
    DateQuestion(DateKind::Date) {
        /// The first day that can be chosen.
        earliest_on: NaiveDate,
        /// The last day that can be chosen.
        latest_on: NaiveDate,
        /// In which periods answers are counted, a hundred at most.
        counted_by: Period,
    }
}

question_form! {
    /// A statement (its `prompt`) with which people agree or not, or which they pass by.
    StatementQuestion(StatementKind::Statement) {}
}

question_form! {
    /// A question that is answered in one's own words.
    OpenTextQuestion(OpenTextKind::OpenText) {
        /// How long the answer can be, in characters; 2000 where it isn't said.
        #[serde(default = "two_thousand")]
        #[schema(minimum = 1, maximum = 10000, example = 2000)]
        max_length: i32,
    }
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
    ("number" = "#/components/schemas/NumberQuestion"),
    ("date" = "#/components/schemas/DateQuestion"),
    ("statement" = "#/components/schemas/StatementQuestion"),
    ("ranking" = "#/components/schemas/RankingQuestion"),
    ("matrix" = "#/components/schemas/MatrixQuestion"),
    ("dots" = "#/components/schemas/DotsQuestion"),
    ("budget" = "#/components/schemas/BudgetQuestion"),
    ("open_text" = "#/components/schemas/OpenTextQuestion"),
)))]
pub enum Question {
    /// One of the options.
    SingleChoice(SingleChoiceQuestion),
    /// Several of the options.
    MultipleChoice(MultipleChoiceQuestion),
    /// A whole number on a scale.
    Scale(ScaleQuestion),
    /// A whole number.
    Number(NumberQuestion),
    /// A day.
    Date(DateQuestion),
    /// Agreed with, or not, or passed by.
    Statement(StatementQuestion),
    /// Options put in order.
    Ranking(RankingQuestion),
    /// For each row one of the columns.
    Matrix(MatrixQuestion),
    /// Dots divided over options.
    Dots(DotsQuestion),
    /// Options within a budget.
    Budget(BudgetQuestion),
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
                own_words: option.own_words,
            };
            options.into_iter().enumerate().map(option).collect()
        };
        let (shared, kind) = match self {
            Self::SingleChoice(one) => {
                let (shared, (all,)) = one.split();
                (shared, QuestionKind::SingleChoice { options: options(all, reading) })
            }
            Self::MultipleChoice(one) => {
                let (shared, (all, least, most)) = one.split();
                (shared, QuestionKind::MultipleChoice { options: options(all, reading), least, most })
            }
            Self::Scale(one) => {
                let (shared, (least, most, labels)) = one.split();
                let label = |(index, label): (usize, ScaleLabel)| DomainLabel {
                    value: label.value,
                    label: reading.texts(&format!("{at}/labels/{index}/label"), label.label),
                };
                let labels = labels.into_iter().enumerate().map(label).collect();
                (shared, QuestionKind::Scale { least, most, labels })
            }
            Self::Number(one) => {
                let (shared, (least, most, unit, bands)) = one.split();
                let unit = reading.texts_or_none(&format!("{at}/unit"), unit);
                let bands = bands.into_iter().map(|band| band.least).collect();
                (shared, QuestionKind::Number { least, most, unit, bands })
            }
            Self::Date(one) => {
                let (shared, (earliest, latest, counted_by)) = one.split();
                (shared, QuestionKind::Date { earliest, latest, counted_by })
            }
            Self::Statement(one) => (one.split().0, QuestionKind::Statement),
            Self::Ranking(one) => one.into_kind(at, reading, new_id),
            Self::Matrix(one) => one.into_kind(at, reading, new_id),
            Self::Dots(one) => one.into_kind(at, reading, new_id),
            Self::Budget(one) => one.into_kind(at, reading, new_id),
            Self::OpenText(one) => {
                let (shared, (max_length,)) = one.split();
                (shared, QuestionKind::OpenText { max_length })
            }
        };
        let Shared { id, prompt, required, sensitive, in_records, among } = shared;
        let prompt = reading.texts(&format!("{at}/prompt"), prompt);
        let placement = among.into_domain(at, reading);
        Domain { id: id.unwrap_or_else(new_id), kind, prompt, required, sensitive, in_records, placement }
    }
}

impl From<&Domain> for Question {
    fn from(question: &Domain) -> Self {
        let Domain { id, prompt, required, sensitive, in_records, placement, .. } = question;
        let (id, prompt, among) = (Some(*id), to_wire(prompt), Among::from(placement));
        let (required, sensitive, in_records) = (*required, *sensitive, *in_records);
        let shared = Shared { id, prompt, required, sensitive, in_records, among };
        let options = |options: &[Choice]| {
            let option = |option: &Choice| QuestionOption {
                id: Some(option.id),
                label: to_wire(&option.label),
                own_words: option.own_words,
            };
            options.iter().map(option).collect()
        };
        match &question.kind {
            QuestionKind::SingleChoice { options: all } => {
                Self::SingleChoice(SingleChoiceQuestion::new(shared, options(all)))
            }
            QuestionKind::MultipleChoice { options: all, least, most } => {
                Self::MultipleChoice(MultipleChoiceQuestion::new(shared, options(all), *least, *most))
            }
            QuestionKind::Scale { least, most, labels } => {
                let label = |one: &DomainLabel| ScaleLabel { value: one.value, label: to_wire(&one.label) };
                Self::Scale(ScaleQuestion::new(shared, *least, *most, labels.iter().map(label).collect()))
            }
            QuestionKind::Number { least, most, unit, bands } => {
                let unit = to_wire_or_none(unit.as_ref());
                let bands = bands.iter().map(|least| NumberBand { least: *least }).collect();
                Self::Number(NumberQuestion::new(shared, *least, *most, unit, bands))
            }
            QuestionKind::Date { earliest, latest, counted_by } => {
                Self::Date(DateQuestion::new(shared, *earliest, *latest, *counted_by))
            }
            QuestionKind::Statement => Self::Statement(StatementQuestion::new(shared)),
            QuestionKind::Ranking { options, most } => Self::Ranking(RankingQuestion::of(shared, options, *most)),
            QuestionKind::Matrix { rows, columns } => Self::Matrix(MatrixQuestion::of(shared, rows, columns)),
            QuestionKind::Dots { options, dots, most_each, use_all } => {
                Self::Dots(DotsQuestion::of(shared, options, (*dots, *most_each, *use_all)))
            }
            QuestionKind::Budget { options, costs, budget, unit } => {
                Self::Budget(BudgetQuestion::of(shared, (options, costs), (*budget, *unit)))
            }
            QuestionKind::OpenText { max_length } => Self::OpenText(OpenTextQuestion::new(shared, *max_length)),
        }
    }
}
