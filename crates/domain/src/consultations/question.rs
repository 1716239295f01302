//! Questions: what can be asked, and whether it is asked well.

use uuid::Uuid;

use crate::refusal::Fault;
use crate::text::Texts;

/// How many options a question can have at most.
const MOST_OPTIONS: usize = 100;
/// How many values a scale can have at most.
const MOST_VALUES: i64 = 101;
/// How long an open answer can be at most. Characters.
const MOST_CHARACTERS: i32 = 10_000;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: Uuid,
    /// What people read.
    pub label: Texts,
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
    /// In one's own words.
    OpenText {
        /// How long the answer can be. Characters.
        max_length: i32,
    },
}

impl QuestionKind {
    /// The word for it on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SingleChoice { .. } => "single_choice",
            Self::MultipleChoice { .. } => "multiple_choice",
            Self::Scale { .. } => "scale",
            Self::OpenText { .. } => "open_text",
        }
    }

    /// The options to choose from, if any.
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::SingleChoice { options } | Self::MultipleChoice { options, .. } => options,
            Self::Scale { .. } | Self::OpenText { .. } => &[],
        }
    }
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
}

impl Question {
    /// What is wrong with it, all at once: `question.too_few_options` (two at
    /// least), `question.too_many_options` (100), `question.option_repeated`,
    /// `question.least_out_of_range`, `question.most_out_of_range` (two at
    /// least: who may choose one only, has a single choice),
    /// `question.scale_empty`, `question.scale_too_wide` (101 values),
    /// `question.label_out_of_range`, `question.label_repeated`,
    /// `question.max_length_out_of_range` (1–10,000).
    pub fn check(&self) -> Vec<Fault> {
        match &self.kind {
            QuestionKind::SingleChoice { options } => check_options(options),
            QuestionKind::MultipleChoice { options, least, most } => {
                let mut faults = check_options(options);
                faults.extend(check_limits(options.len(), *least, *most));
                faults
            }
            QuestionKind::Scale { least, most, labels } => check_scale(*least, *most, labels),
            QuestionKind::OpenText { max_length } if !(1..=MOST_CHARACTERS).contains(max_length) => {
                vec![Fault::body("/maxLength", "question.max_length_out_of_range")]
            }
            QuestionKind::OpenText { .. } => Vec::new(),
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
        texts
    }

    /// The same question without its words: what may not change once somebody
    /// answered.
    pub(super) fn skeleton(&self) -> (Uuid, bool, bool, Vec<String>) {
        let number = |value: Option<i32>| value.map_or_else(String::new, |value| value.to_string());
        let mut parts = vec![self.kind.code().to_owned()];
        parts.extend(self.kind.options().iter().map(|option| option.id.to_string()));
        match &self.kind {
            QuestionKind::SingleChoice { .. } => {}
            QuestionKind::MultipleChoice { least, most, .. } => parts.extend([number(*least), number(*most)]),
            QuestionKind::Scale { least, most, labels } => {
                parts.extend([*least, *most].map(|value| value.to_string()));
                parts.extend(labels.iter().map(|label| label.value.to_string()));
            }
            QuestionKind::OpenText { max_length } => parts.push(max_length.to_string()),
        }
        (self.id, self.required, self.sensitive, parts)
    }
}

fn check_options(options: &[Choice]) -> Vec<Fault> {
    let ids: Vec<Uuid> = options.iter().map(|option| option.id).collect();
    let mut faults = Fault::repeated(&ids, "/options", "question.option_repeated");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::{options, question, questions, texts};

    fn codes(kind: QuestionKind) -> Vec<(String, &'static str)> {
        question(1, kind).check().into_iter().map(|fault| (fault.location, fault.code)).collect()
    }

    fn several(count: u128, least: Option<i32>, most: Option<i32>) -> Vec<(String, &'static str)> {
        codes(QuestionKind::MultipleChoice { options: options(count), least, most })
    }

    fn at(location: &str, code: &'static str) -> (String, &'static str) {
        (location.to_owned(), code)
    }

    #[test]
    fn a_choice_has_something_to_choose() {
        assert!(questions().iter().all(|question| question.check().is_empty()));
        let one = codes(QuestionKind::SingleChoice { options: options(1) });
        assert_eq!(one, [at("/options", "question.too_few_options")]);
        let many = codes(QuestionKind::SingleChoice { options: options(101) });
        assert_eq!(many, [at("/options", "question.too_many_options")]);
        let twice = codes(QuestionKind::SingleChoice { options: [options(2), options(1)].concat() });
        assert_eq!(twice, [at("/options/2", "question.option_repeated")]);
    }

    #[test]
    fn limits_leave_room_to_choose() {
        assert_eq!(several(3, None, None), []);
        assert_eq!(several(3, Some(3), Some(3)), []);
        assert_eq!(several(3, Some(0), None), [at("/least", "question.least_out_of_range")]);
        assert_eq!(several(3, Some(4), None), [at("/least", "question.least_out_of_range")]);
        for (least, most) in [(None, 1), (None, 4), (Some(3), 2), (None, -1)] {
            assert_eq!(several(3, least, Some(most)), [at("/most", "question.most_out_of_range")]);
        }
    }

    #[test]
    fn a_scale_goes_up_and_its_labels_stand_on_it() {
        let scale = |least, most, values: &[i32]| {
            let labels = values.iter().map(|value| ScaleLabel { value: *value, label: texts("goed") }).collect();
            codes(QuestionKind::Scale { least, most, labels })
        };
        assert_eq!(scale(0, 100, &[0, 100]), []);
        assert_eq!(scale(5, 5, &[]), [at("/most", "question.scale_empty")]);
        assert_eq!(scale(i32::MIN, i32::MAX, &[]), [at("/most", "question.scale_too_wide")]);
        let labels = [at("/labels/1", "question.label_repeated"), at("/labels/2/value", "question.label_out_of_range")];
        assert_eq!(scale(1, 5, &[1, 1, 6]), labels);
        for max_length in [0, 10_001] {
            let open = codes(QuestionKind::OpenText { max_length });
            assert_eq!(open, [at("/maxLength", "question.max_length_out_of_range")]);
        }
    }
}
