//! Questions: what can be asked, and whether it is asked well.

mod placement;

pub(super) use placement::check_placements;
pub use placement::{Condition, Placement, Section, Wanted, are_asked};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Period, QuestionKindCode};
use crate::cells::ChoicesEach;
use crate::refusal::Fault;
use crate::text::Texts;

/// How many options a question can have at most.
const MOST_OPTIONS: usize = 100;
/// How many values a scale can have at most.
const MOST_VALUES: i64 = 101;
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
            Self::OpenText { .. } => QuestionKindCode::OpenText,
        }
    }

    /// The options to choose from, if any.
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::SingleChoice { options } | Self::MultipleChoice { options, .. } => options,
            Self::Scale { .. } | Self::Number { .. } | Self::Date { .. } | Self::Statement | Self::OpenText { .. } => {
                &[]
            }
        }
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
            | Self::Statement => Counting::One,
            Self::MultipleChoice { options, least, most } => {
                let all = i32::try_from(options.len()).unwrap_or(i32::MAX);
                let freely = least.is_none_or(|least| least <= 1) && most.is_none_or(|most| most >= all);
                let each = ChoicesEach {
                    least: i64::from(least.unwrap_or(1)),
                    most: i64::from(most.map_or(all, |most| most.min(all))),
                };
                Counting::Several { freely, each }
            }
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
    /// `question.max_length_out_of_range` (1–10,000), `question.nothing_to_shuffle` (it has no options).
    pub fn check(&self) -> Vec<Fault> {
        let nothing = self.placement.shuffle_options && self.kind.options().is_empty();
        let nothing = nothing.then(|| Fault::body("/shuffleOptions", "question.nothing_to_shuffle"));
        self.check_kind().into_iter().chain(nothing).collect()
    }

    fn check_kind(&self) -> Vec<Fault> {
        match &self.kind {
            QuestionKind::SingleChoice { options } => check_options(options),
            QuestionKind::MultipleChoice { options, least, most } => {
                let mut faults = check_options(options);
                faults.extend(check_limits(options.len(), *least, *most));
                faults
            }
            QuestionKind::Scale { least, most, labels } => check_scale(*least, *most, labels),
            QuestionKind::Number { least, most, bands, .. } => check_bands(*least, *most, bands),
            QuestionKind::Date { earliest, latest, counted_by } => check_days(*earliest, *latest, *counted_by),
            QuestionKind::OpenText { max_length } if !(1..=MOST_CHARACTERS).contains(max_length) => {
                vec![Fault::body("/maxLength", "question.max_length_out_of_range")]
            }
            QuestionKind::Statement | QuestionKind::OpenText { .. } => Vec::new(),
        }
    }

    /// Every text that people read before they answer, with its pointer.
    pub(super) fn texts(&self) -> Vec<(String, &Texts)> {
        let mut texts = vec![("/prompt".to_owned(), &self.prompt)];
        let options = self.kind.options().iter().enumerate();
        texts.extend(options.map(|(index, option)| (format!("/options/{index}/label"), &option.label)));
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
        parts.extend(self.kind.options().iter().map(named));
        match &self.kind {
            QuestionKind::SingleChoice { .. } | QuestionKind::Statement => {}
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

fn check_options(options: &[Choice]) -> Vec<Fault> {
    let ids: Vec<Uuid> = options.iter().map(|option| option.id).collect();
    let mut faults = Fault::repeated(&ids, "/options", "question.option_repeated");
    let own = options.iter().enumerate().filter(|(_, option)| option.own_words).skip(1);
    let own = own.map(|(at, _)| Fault::body(format!("/options/{at}/ownWords"), "question.own_words_repeated"));
    faults.extend(own);
    if options.len() < 2 {
        faults.push(Fault::body("/options", "question.too_few_options"));
    }
    if options.len() > MOST_OPTIONS {
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

fn check_scale(least: i32, most: i32, labels: &[ScaleLabel]) -> Vec<Fault> {
    let values: Vec<i32> = labels.iter().map(|label| label.value).collect();
    let mut faults = Fault::repeated(&values, "/labels", "question.label_repeated");
    if least >= most {
        faults.push(Fault::body("/most", "question.scale_empty"));
    } else if i64::from(most) - i64::from(least) >= MOST_VALUES {
        faults.push(Fault::body("/most", "question.scale_too_wide"));
    }
    let outside = values.iter().enumerate().filter(|(_, value)| !(least..=most).contains(value));
    faults
        .extend(outside.map(|(index, _)| Fault::body(format!("/labels/{index}/value"), "question.label_out_of_range")));
    faults
}

fn check_bands(least: i32, most: i32, bands: &[i32]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if least >= most {
        faults.push(Fault::body("/most", "question.range_empty"));
    }
    if bands.len() < 2 {
        faults.push(Fault::body("/bands", "question.too_few_bands"));
    }
    if bands.len() > MOST_OPTIONS {
        faults.push(Fault::body("/bands", "question.too_many_bands"));
    }
    let at = |index: usize| format!("/bands/{index}");
    if bands.first().is_some_and(|first| *first > least) {
        faults.push(Fault::body(at(0), "question.first_band_above_least"));
    }
    let outside = bands.iter().enumerate().filter(|(_, band)| !(least..=most).contains(band));
    faults.extend(outside.map(|(index, _)| Fault::body(at(index), "question.band_out_of_range")));
    let pairs = bands.iter().zip(bands.iter().skip(1)).enumerate().filter(|(_, (before, band))| band <= before);
    faults.extend(pairs.map(|(index, _)| Fault::body(at(index + 1), "question.band_out_of_order")));
    faults
}

fn check_days(earliest: NaiveDate, latest: NaiveDate, counted_by: Period) -> Vec<Fault> {
    if earliest >= latest {
        return vec![Fault::body("/latestOn", "question.range_empty")];
    }
    // One more would be too many already.
    let many = counted_by.between(earliest, latest).nth(MOST_OPTIONS).is_some();
    many.then(|| Fault::body("/latestOn", "question.too_many_periods")).into_iter().collect()
}

#[cfg(test)]
mod tests;
