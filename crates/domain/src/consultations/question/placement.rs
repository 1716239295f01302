//! Where a question stands among the others: the section that begins with it, whom it is asked, and whether
//! its options come in a drawn order.

use super::{Question, QuestionKind};
use crate::consultations::tally::{is_in, pickable};
use crate::consultations::{Answer, Given, Picked, Stance};
use crate::refusal::Fault;
use crate::text::Texts;

use uuid::Uuid;

/// A part of a consultation with a heading of its own: from the question that begins it up to the next that
/// begins one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: Texts,
    /// What people read under it.
    pub text: Option<Texts>,
    /// Whether its questions are shown in an order drawn for each person.
    pub shuffled: bool,
}

/// The answers to an earlier question after which another is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// One of these options was chosen.
    Chosen {
        /// Which.
        option_ids: Vec<Uuid>,
    },
    /// A value or number from one up to another.
    Within {
        /// The lowest.
        least: i32,
        /// The highest.
        most: i32,
    },
    /// One of these was said to a statement.
    Said {
        /// Which.
        stances: Vec<Stance>,
    },
}

/// "Only if": what has to be answered to an earlier question for another to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The earlier question.
    pub question_id: Uuid,
    /// Its answers after which this one is asked.
    pub wanted: Wanted,
}

/// How a question stands among the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// The section that begins with it.
    pub begins: Option<Section>,
    /// After which answers it is asked; none: always.
    pub only_if: Option<Condition>,
    /// Whether its options are shown in an order drawn for each person; the one with words of one's own last.
    pub shuffle_options: bool,
}

impl Wanted {
    fn takes(&self, picked: Picked) -> bool {
        let within = |least: &i32, most: &i32, (first, last): (i32, i32)| *least <= first && last <= *most;
        match (self, picked) {
            (Self::Chosen { option_ids }, Picked::Option(option)) => option_ids.contains(&option),
            (Self::Within { least, most }, Picked::Value(value)) => within(least, most, (value, value)),
            (Self::Within { least, most }, Picked::Band(first, last)) => within(least, most, (first, last)),
            (Self::Said { stances }, Picked::Stance(stance)) => stances.contains(&stance),
            (Self::Chosen { .. } | Self::Within { .. } | Self::Said { .. }, _other) => false,
        }
    }
}

impl Condition {
    /// The rows of the earlier question's counts in which everybody is who is asked, and nobody else.
    pub fn picks(&self, earlier: &QuestionKind) -> Vec<Picked> {
        pickable(earlier).into_iter().filter(|picked| self.wanted.takes(*picked)).collect()
    }

    fn is_met(&self, earlier: &Question, given: &Given) -> bool {
        self.picks(&earlier.kind).into_iter().any(|picked| is_in(picked, None, given))
    }

    /// What is wrong with it, for a question of which these come before it. Everybody who is asked has to be
    /// in rows that are counted, and in one of them alone: else how many are asked would tell how many
    /// chose two things at once, or a part of a band.
    fn check(&self, before: &[Question]) -> Vec<Fault> {
        let Some(earlier) = before.iter().find(|question| question.id == self.question_id) else {
            return vec![Fault::body("/questionId", "condition.not_before")];
        };
        let mut faults = Vec::new();
        match (&self.wanted, &earlier.kind) {
            (
                Wanted::Chosen { option_ids },
                QuestionKind::SingleChoice { .. } | QuestionKind::MultipleChoice { .. },
            ) => {
                faults.extend(Fault::repeated(option_ids, "/optionIds", "condition.option_repeated"));
                let known = |id: &Uuid| earlier.kind.options().iter().any(|option| option.id == *id);
                let unknown = option_ids.iter().enumerate().filter(|(_, id)| !known(id));
                faults
                    .extend(unknown.map(|(at, _)| Fault::body(format!("/optionIds/{at}"), "condition.option_unknown")));
                let several = matches!(earlier.kind, QuestionKind::MultipleChoice { .. });
                if option_ids.is_empty() || several && option_ids.len() > 1 {
                    faults.push(Fault::body("/optionIds", "condition.one_option"));
                }
            }
            (Wanted::Within { least, most }, QuestionKind::Scale { .. } | QuestionKind::Number { .. }) => {
                let rows = self.picks(&earlier.kind);
                if !covers(&rows, (*least, *most)) {
                    faults.push(Fault::body("/most", "condition.not_whole_bands"));
                }
            }
            (Wanted::Said { stances }, QuestionKind::Statement) => {
                faults.extend(Fault::repeated(stances, "/stances", "condition.stance_repeated"));
                if stances.is_empty() {
                    faults.push(Fault::body("/stances", "condition.stance_missing"));
                }
            }
            (Wanted::Chosen { .. } | Wanted::Within { .. } | Wanted::Said { .. }, _other) => {
                faults.push(Fault::body("/kind", "condition.kind_mismatch"));
            }
        }
        faults
    }

    fn parts(&self) -> Vec<String> {
        let mut parts = vec![format!("if {}", self.question_id)];
        match &self.wanted {
            Wanted::Chosen { option_ids } => parts.extend(option_ids.iter().map(ToString::to_string)),
            Wanted::Within { least, most } => parts.extend([least, most].map(ToString::to_string)),
            Wanted::Said { stances } => parts.extend(stances.iter().map(|stance| stance.code().to_owned())),
        }
        parts
    }
}

/// Whether these rows are all from one number up to another, and none is left out.
fn covers(rows: &[Picked], (least, most): (i32, i32)) -> bool {
    let ends = |picked: &Picked| match picked {
        Picked::Value(value) => Some((*value, *value)),
        Picked::Band(from, to) => Some((*from, *to)),
        Picked::Option(_) | Picked::Period(..) | Picked::Stance(_) => None,
    };
    let starts = rows.first().and_then(ends).map(|(from, _)| from);
    let stops = rows.last().and_then(ends).map(|(_, to)| to);
    starts == Some(least) && stops == Some(most)
}

impl Placement {
    /// Every text that people read of it, with its pointer under the question.
    pub(super) fn texts(&self) -> Vec<(String, &Texts)> {
        let Some(Section { title, text, .. }) = &self.begins else { return Vec::new() };
        let text = text.iter().map(|text| ("/section/text".to_owned(), text));
        [("/section/title".to_owned(), title)].into_iter().chain(text).collect()
    }

    /// What may not change of it once somebody answered.
    pub(super) fn skeleton(&self) -> Vec<String> {
        let section = self.begins.iter().map(|section| format!("section {}", section.shuffled));
        let shuffled = self.shuffle_options.then(|| "shuffled".to_owned());
        section.chain(self.only_if.iter().flat_map(Condition::parts)).chain(shuffled).collect()
    }
}

/// What is wrong with how these questions stand among each other, all at once, under `/questions`:
/// `condition.not_before` (it asks of a question that doesn't stand before it),
/// `condition.in_shuffled_section` (one of the same section, whose order is drawn),
/// `condition.kind_mismatch`, `condition.option_unknown`, `condition.option_repeated`,
/// `condition.one_option` (one at least; of a multiple choice one alone),
/// `condition.not_whole_bands` (not from where a value or band starts up to where one ends),
/// `condition.stance_missing`, `condition.stance_repeated`.
pub(in crate::consultations) fn check_placements(questions: &[Question]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut drawn: &[Question] = &[];
    for (index, question) in questions.iter().enumerate() {
        let before = questions.get(..index).unwrap_or_default();
        if let Some(section) = &question.placement.begins {
            drawn = if section.shuffled { questions.get(index..).unwrap_or_default() } else { &[] };
        }
        let Some(condition) = &question.placement.only_if else { continue };
        let mut found = condition.check(before);
        let beside = drawn.get(..drawn.len().saturating_sub(questions.len() - index)).unwrap_or_default();
        if beside.iter().any(|other| other.id == condition.question_id) {
            found.push(Fault::body("/questionId", "condition.in_shuffled_section"));
        }
        let at = format!("/questions/{index}/onlyIf");
        faults.extend(found.into_iter().map(|fault| fault.under(&at)));
    }
    faults
}

/// Which of these questions are asked of who gave these answers, in their order.
pub fn are_asked(questions: &[Question], answers: &[Answer]) -> Vec<bool> {
    let mut asked: Vec<bool> = Vec::new();
    for question in questions {
        let met = question.placement.only_if.as_ref().is_none_or(|condition| {
            let mut before = questions.iter().zip(&asked).filter(|(_, asked)| **asked).map(|(earlier, _)| earlier);
            let earlier = before.find(|earlier| earlier.id == condition.question_id);
            earlier.is_some_and(|earlier| {
                let mut given = answers.iter().filter(|answer| answer.question_id == earlier.id);
                given.any(|answer| condition.is_met(earlier, &answer.given))
            })
        });
        asked.push(met);
    }
    asked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::consultations::samples::{id, options, question, texts};

    fn if_chosen(question_id: u128, option_ids: &[u128]) -> Placement {
        let option_ids = option_ids.iter().copied().map(id).collect();
        only_if(question_id, Wanted::Chosen { option_ids })
    }

    fn only_if(question_id: u128, wanted: Wanted) -> Placement {
        Placement { only_if: Some(Condition { question_id: id(question_id), wanted }), ..Placement::default() }
    }

    fn asking(placements: Vec<Placement>) -> Vec<Question> {
        let kinds = [
            QuestionKind::SingleChoice { options: options(3) },
            QuestionKind::MultipleChoice { options: options(3), least: None, most: None },
            QuestionKind::Scale { least: 1, most: 5, labels: Vec::new() },
            QuestionKind::Number { least: 0, most: 20, unit: None, bands: vec![0, 5, 10] },
            QuestionKind::Statement,
            QuestionKind::OpenText { max_length: 20 },
        ];
        let of = |(number, (kind, placement))| Question { placement, ..question(number, kind) };
        (1..).zip(kinds.into_iter().zip(placements)).map(of).collect()
    }

    fn found(placements: Vec<Placement>) -> Vec<(String, &'static str)> {
        check_placements(&asking(placements)).into_iter().map(|fault| (fault.location, fault.code)).collect()
    }

    fn section(shuffled: bool) -> Placement {
        let begins = Some(Section { title: texts("Wonen"), text: None, shuffled });
        Placement { begins, ..Placement::default() }
    }

    #[test]
    fn a_condition_rests_on_rows_that_are_counted() {
        let (none, said) = (Placement::default, |stances: &[Stance]| Wanted::Said { stances: stances.to_vec() });
        let within = |least, most| Wanted::Within { least, most };
        let good = vec![
            none(),
            if_chosen(1, &[1000, 1002]),
            if_chosen(2, &[1001]),
            only_if(3, within(1, 3)),
            only_if(4, within(5, 20)),
            only_if(5, said(&[Stance::Agree])),
        ];
        assert_eq!(found(good), []);
        let bad = vec![
            if_chosen(1, &[1000]),
            if_chosen(1, &[1000, 1009, 1000]),
            if_chosen(2, &[1000, 1001]),
            only_if(3, within(1, 6)),
            only_if(4, within(5, 10)),
            only_if(4, said(&[])),
        ];
        let at = |index: usize, place: &str, code| (format!("/questions/{index}/onlyIf{place}"), code);
        let expected = [
            at(0, "/questionId", "condition.not_before"),
            at(1, "/optionIds/2", "condition.option_repeated"),
            at(1, "/optionIds/1", "condition.option_unknown"),
            at(2, "/optionIds", "condition.one_option"),
            at(3, "/most", "condition.not_whole_bands"),
            at(4, "/most", "condition.not_whole_bands"),
            at(5, "/kind", "condition.kind_mismatch"),
        ];
        assert_eq!(found(bad), expected);
    }

    #[test]
    fn a_condition_asks_of_nothing_whose_order_is_drawn_with_it() {
        let within = Placement { begins: None, ..if_chosen(1, &[1000]) };
        let drawn = [("/questions/1/onlyIf/questionId".to_owned(), "condition.in_shuffled_section")];
        assert_eq!(found(vec![section(true), within.clone()]), drawn);
        assert_eq!(found(vec![section(false), within.clone()]), []);
        let next = Placement { begins: section(true).begins, ..within };
        assert_eq!(found(vec![section(true), next]), []);
    }

    proptest! {
        /// A question of which the earlier one wasn't asked isn't asked either.
        #[test]
        fn who_is_not_asked_the_one_is_not_asked_the_other(first in prop::option::of(1000u128..1003), second: bool) {
            let questions = asking(vec![Placement::default(), if_chosen(1, &[1000]), if_chosen(2, &[1001])]);
            let mut answers = Vec::new();
            answers.extend(first.map(|option| Answer {
                question_id: id(1),
                given: Given::SingleChoice { option_id: id(option), other: None },
            }));
            answers.extend(second.then(|| Answer {
                question_id: id(2),
                given: Given::MultipleChoice { option_ids: vec![id(1001)], other: None },
            }));
            let met = first == Some(1000);
            prop_assert_eq!(are_asked(&questions, &answers), [true, met, met && second]);
        }
    }
}
