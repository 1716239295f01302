//! Questions: what can be asked, and whether it is asked well.

mod matrix;
mod numbers;
mod placement;
mod weighed;

use chrono::NaiveDate;
use uuid::Uuid;

pub use self::matrix::MatrixRow;
use self::matrix::check_matrix;
use self::numbers::{check_bands, check_days, check_scale};
pub(super) use self::placement::check_placements;
pub use self::placement::{Condition, Placement, Section, Wanted, are_asked};
use self::weighed::{check_budget, check_dots, check_ranking};
use super::{BudgetUnit, Period, QuestionKindCode};
use crate::cells::ChoicesEach;
use crate::refusal::Fault;
use crate::text::Texts;

/// How many options a question can have at most.
const MOST_OPTIONS: usize = 100;
/// How long an open answer can be at most. Characters.
const MOST_CHARACTERS: i32 = 10_000;
/// How long the own words beside an option can be at most. Characters.
const OWN_WORDS: i32 = 200;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: Uuid,
    /// What people read.
    pub label: Texts,
    /// Whether who chooses it can say it in their own words: "other".
    pub own_words: bool,
}

/// What a value of a scale means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleLabel {
    /// Which value.
    pub value: i32,
    /// What people read beside it.
    pub label: Texts,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// One of the options.
    SingleChoice {
        /// The options, in the order shown.
        options: Vec<Choice>,
    },
    /// Several of the options.
    MultipleChoice {
        /// The options, in the order shown.
        options: Vec<Choice>,
        /// How many to choose at least; none: one.
        least: Option<i32>,
        /// How many to choose at most; none: all.
        most: Option<i32>,
    },
    /// A whole number on a scale.
    Scale {
        /// The lowest value.
        least: i32,
        /// The highest value.
        most: i32,
        /// What some of the values mean.
        labels: Vec<ScaleLabel>,
    },
    /// A whole number.
    Number {
        /// The lowest.
        least: i32,
        /// The highest.
        most: i32,
        /// What it counts.
        unit: Option<Texts>,
        /// In which bands answers are counted: the lowest number of each, going up from `least`.
        bands: Vec<i32>,
    },
    /// A day.
    Date {
        /// The first that can be chosen.
        earliest: NaiveDate,
        /// The last.
        latest: NaiveDate,
        /// In which periods answers are counted.
        counted_by: Period,
    },
    /// Agreed with, or not, or passed by.
    Statement,
    /// Options put in order.
    Ranking {
        /// The options, in the order shown.
        options: Vec<Choice>,
        /// How many of them are put in order, the first ones; none: all.
        most: Option<i32>,
    },
    /// One of the columns for each row.
    Matrix {
        /// What is asked about, in the order shown.
        rows: Vec<MatrixRow>,
        /// What can be said of each, in the order shown.
        columns: Vec<Choice>,
    },
    /// Dots that are divided over options.
    Dots {
        /// The options, in the order shown.
        options: Vec<Choice>,
        /// How many there are to divide.
        dots: i32,
        /// How many one option can get at most; none: all of them.
        most_each: Option<i32>,
        /// Whether all of them have to be used.
        use_all: bool,
    },
    /// Options that cost something, within a budget.
    Budget {
        /// The options, in the order shown.
        options: Vec<Choice>,
        /// What each of them costs, in the same order. Whole euros, or points.
        costs: Vec<i32>,
        /// What they can cost together.
        budget: i32,
        /// In what it is counted.
        unit: BudgetUnit,
    },
    /// In one's own words.
    OpenText {
        /// How long the answer can be. Characters.
        max_length: i32,
    },
}

impl QuestionKind {
    /// The word for it on the wire.
    pub const fn code(&self) -> QuestionKindCode {
        match self {
            Self::SingleChoice { .. } => QuestionKindCode::SingleChoice,
            Self::MultipleChoice { .. } => QuestionKindCode::MultipleChoice,
            Self::Scale { .. } => QuestionKindCode::Scale,
            Self::Number { .. } => QuestionKindCode::Number,
            Self::Date { .. } => QuestionKindCode::Date,
            Self::Statement => QuestionKindCode::Statement,
            Self::Ranking { .. } => QuestionKindCode::Ranking,
            Self::Matrix { .. } => QuestionKindCode::Matrix,
            Self::Dots { .. } => QuestionKindCode::Dots,
            Self::Budget { .. } => QuestionKindCode::Budget,
            Self::OpenText { .. } => QuestionKindCode::OpenText,
        }
    }

    /// The options to choose from, if any; of a matrix its columns.
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::SingleChoice { options }
            | Self::MultipleChoice { options, .. }
            | Self::Ranking { options, .. }
            | Self::Dots { options, .. }
            | Self::Budget { options, .. }
            | Self::Matrix { columns: options, .. } => options,
            Self::Scale { .. } | Self::Number { .. } | Self::Date { .. } | Self::Statement | Self::OpenText { .. } => {
                &[]
            }
        }
    }

    /// The rows of a matrix; of other kinds none.
    pub fn rows(&self) -> &[MatrixRow] {
        if let Self::Matrix { rows, .. } = self { rows } else { &[] }
    }

    /// How many characters people can write in an answer; none where they write nothing.
    pub fn words(&self) -> Option<i32> {
        match self {
            Self::OpenText { max_length } => Some(*max_length),
            Self::SingleChoice { .. }
            | Self::MultipleChoice { .. }
            | Self::Scale { .. }
            | Self::Number { .. }
            | Self::Date { .. }
            | Self::Ranking { .. }
            | Self::Matrix { .. }
            | Self::Dots { .. }
            | Self::Budget { .. }
            | Self::Statement => self.options().iter().any(|option| option.own_words).then_some(OWN_WORDS),
        }
    }

    /// How its answers are counted.
    pub(super) fn counting(&self) -> Counting {
        match self {
            Self::SingleChoice { .. }
            | Self::Scale { .. }
            | Self::Number { .. }
            | Self::Date { .. }
            | Self::Ranking { .. }
            | Self::Statement => Counting::One,
            Self::Matrix { .. } => Counting::Rows,
            Self::MultipleChoice { options, least, most } => {
                let all = i32::try_from(options.len()).unwrap_or(i32::MAX);
                let freely = least.is_none_or(|least| least <= 1) && most.is_none_or(|most| most >= all);
                let each = ChoicesEach {
                    least: i64::from(least.unwrap_or(1)),
                    most: i64::from(most.map_or(all, |most| most.min(all))),
                };
                Counting::Several { freely, each }
            }
            Self::Dots { options, .. } => {
                let all = i32::try_from(options.len()).unwrap_or(i32::MAX);
                let (least, most) = self.options_with_dots();
                let each = ChoicesEach { least: i64::from(least), most: i64::from(most) };
                Counting::Several { freely: least <= 1 && most >= all, each }
            }
            Self::Budget { options, .. } if self.pays_for_everything() => {
                let each = ChoicesEach { least: 1, most: i64::try_from(options.len()).unwrap_or(i64::MAX) };
                Counting::Several { freely: true, each }
            }
            Self::Budget { .. } => Counting::Tight,
            Self::OpenText { .. } => Counting::Words,
        }
    }
}

/// How the answers to a question are counted: in rows of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// Everybody who answers is in one row.
    One,
    /// Everybody who answers is in one row or more.
    Several {
        /// Whether in any of them and in as many as one likes.
        freely: bool,
        /// In how many.
        each: ChoicesEach,
    },
    /// Everybody who answers is in one row of several tables: who leaves one open leaves the others open.
    Rows,
    /// Everybody who answers is in one row or more, as many as they can pay: from the totals follows what they
    /// left over.
    Tight,
    /// Only that there is an answer.
    Words,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: Uuid,
    /// How it is answered.
    pub kind: QuestionKind,
    /// What people read.
    pub prompt: Texts,
    /// Whether it can't be left open.
    pub required: bool,
    /// Whether the answer tells something that isn't asked lightly; then an
    /// almost unanimous distribution isn't shown.
    pub sensitive: bool,
    /// Whether answers to it may stand beside others of the same person, in rows of enough people.
    pub in_records: bool,
    /// How it stands among the others.
    pub placement: Placement,
}

impl Question {
    /// What is wrong with it, all at once: `question.too_few_options` (two at
    /// least), `question.too_many_options` (100), `question.option_repeated`,
    /// `question.least_out_of_range`, `question.most_out_of_range` (two at
    /// least: who may choose one only, has a single choice),
    /// `question.scale_empty`, `question.scale_too_wide` (101 values),
    /// `question.label_out_of_range`, `question.label_repeated`,
    /// `question.own_words_repeated` (one option at most), `question.range_empty`,
    /// `question.too_few_bands` (two at least), `question.too_many_bands` (100),
    /// `question.band_out_of_range`, `question.band_out_of_order`,
    /// `question.first_band_above_least`, `question.too_many_periods` (100),
    /// `question.too_few_rows` (one), `question.too_many_rows` (20), `question.row_repeated`,
    /// `question.dots_out_of_range` (2–100, and fewer than fit), `question.most_each_out_of_range`,
    /// `question.cost_out_of_range`, `question.budget_out_of_range` (what the cheapest option costs, at least),
    /// `question.max_length_out_of_range` (1–10,000), `question.nothing_to_shuffle` (it has no options). To put in order or divide dots over are 20 options at
    /// most, to pay 12, and to say of a row 20.
    pub fn check(&self) -> Vec<Fault> {
        let nothing = self.placement.shuffle_options && self.kind.options().is_empty();
        let nothing = nothing.then(|| Fault::body("/shuffleOptions", "question.nothing_to_shuffle"));
        self.check_kind().into_iter().chain(nothing).collect()
    }

    fn check_kind(&self) -> Vec<Fault> {
        match &self.kind {
            QuestionKind::SingleChoice { options } => check_options(options, MOST_OPTIONS),
            QuestionKind::MultipleChoice { options, least, most } => {
                let mut faults = check_options(options, MOST_OPTIONS);
                faults.extend(check_limits(options.len(), *least, *most));
                faults
            }
            QuestionKind::Scale { least, most, labels } => check_scale(*least, *most, labels),
            QuestionKind::Number { least, most, bands, .. } => check_bands(*least, *most, bands),
            QuestionKind::Date { earliest, latest, counted_by } => check_days(*earliest, *latest, *counted_by),
            QuestionKind::Ranking { options, most } => check_ranking(options, *most),
            QuestionKind::Matrix { rows, columns } => check_matrix(rows, columns),
            QuestionKind::Dots { options, dots, most_each, .. } => check_dots(options, *dots, *most_each),
            QuestionKind::Budget { options, costs, budget, .. } => check_budget(options, costs, *budget),
            QuestionKind::OpenText { max_length } if !(1..=MOST_CHARACTERS).contains(max_length) => {
                vec![Fault::body("/maxLength", "question.max_length_out_of_range")]
            }
            QuestionKind::Statement | QuestionKind::OpenText { .. } => Vec::new(),
        }
    }

    /// Every text that people read before they answer, with its pointer.
    pub(super) fn texts(&self) -> Vec<(String, &Texts)> {
        let mut texts = vec![("/prompt".to_owned(), &self.prompt)];
        let under = if let QuestionKind::Matrix { .. } = self.kind { "columns" } else { "options" };
        let rows = self.kind.rows().iter().enumerate();
        texts.extend(rows.map(|(index, row)| (format!("/rows/{index}/label"), &row.label)));
        let options = self.kind.options().iter().enumerate();
        texts.extend(options.map(|(index, option)| (format!("/{under}/{index}/label"), &option.label)));
        if let QuestionKind::Scale { labels, .. } = &self.kind {
            let labels = labels.iter().enumerate();
            texts.extend(labels.map(|(index, label)| (format!("/labels/{index}/label"), &label.label)));
        }
        if let QuestionKind::Number { unit: Some(unit), .. } = &self.kind {
            texts.push(("/unit".to_owned(), unit));
        }
        texts.extend(self.placement.texts());
        texts
    }

    /// The same question without its words: what may not change once somebody
    /// answered.
    pub(super) fn skeleton(&self) -> (Uuid, bool, bool, Vec<String>) {
        let number = |value: Option<i32>| value.map_or_else(String::new, |value| value.to_string());
        let mut parts = vec![self.kind.code().code().to_owned()];
        let named = |option: &Choice| format!("{}{}", option.id, if option.own_words { " own" } else { "" });
        parts.extend(self.kind.rows().iter().map(|row| row.id.to_string()));
        parts.extend(self.kind.options().iter().map(named));
        match &self.kind {
            QuestionKind::SingleChoice { .. } | QuestionKind::Matrix { .. } | QuestionKind::Statement => {}
            QuestionKind::Ranking { most, .. } => parts.push(number(*most)),
            QuestionKind::Dots { dots, most_each, use_all, .. } => {
                parts.extend([dots.to_string(), number(*most_each), use_all.to_string()]);
            }
            QuestionKind::Budget { costs, budget, unit, .. } => {
                parts.extend(costs.iter().chain([budget]).map(ToString::to_string));
                parts.push(unit.code().to_owned());
            }
            QuestionKind::MultipleChoice { least, most, .. } => parts.extend([number(*least), number(*most)]),
            QuestionKind::Scale { least, most, labels } => {
                parts.extend([*least, *most].map(|value| value.to_string()));
                parts.extend(labels.iter().map(|label| label.value.to_string()));
            }
            QuestionKind::Number { least, most, bands, .. } => {
                parts.extend([least, most].into_iter().chain(bands).map(ToString::to_string));
            }
            QuestionKind::Date { earliest, latest, counted_by } => {
                parts.extend([earliest.to_string(), latest.to_string(), counted_by.code().to_owned()]);
            }
            QuestionKind::OpenText { max_length } => parts.push(max_length.to_string()),
        }
        parts.extend(self.placement.skeleton());
        parts.extend(self.in_records.then(|| "in records".to_owned()));
        (self.id, self.required, self.sensitive, parts)
    }
}

/// What is wrong with the options to choose from, of which there can be so many.
fn check_options(options: &[Choice], most: usize) -> Vec<Fault> {
    let ids: Vec<Uuid> = options.iter().map(|option| option.id).collect();
    let mut faults = Fault::repeated(&ids, "/options", "question.option_repeated");
    let own = options.iter().enumerate().filter(|(_, option)| option.own_words).skip(1);
    let own = own.map(|(at, _)| Fault::body(format!("/options/{at}/ownWords"), "question.own_words_repeated"));
    faults.extend(own);
    if options.len() < 2 {
        faults.push(Fault::body("/options", "question.too_few_options"));
    }
    if options.len() > most {
        faults.push(Fault::body("/options", "question.too_many_options"));
    }
    faults
}

fn check_limits(options: usize, least: Option<i32>, most: Option<i32>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let fits = |value: i32, from: i32, to: usize| value >= from && usize::try_from(value).is_ok_and(|v| v <= to);
    if least.is_some_and(|least| !fits(least, 1, options)) {
        faults.push(Fault::body("/least", "question.least_out_of_range"));
    }
    if most.is_some_and(|most| !fits(most, least.unwrap_or(1).max(2), options)) {
        faults.push(Fault::body("/most", "question.most_out_of_range"));
    }
    faults
}

#[cfg(test)]
mod tests;
