//! Records (microdata): several answers of the same people side by side, in rows that are each of enough people.
//!
//! Only what was announced takes part: the questions of which that was said before anybody answered, and what
//! results are broken down by. A table of all of it is shown where every row that isn't empty is of the minimum
//! or more; else without the last question, and so on. So whatever is computed from rows is a sum of enough people
//! or of nobody, and k-anonymous for every combination in them (Sweeney 2002). Beside results no third table may
//! stand from which a smaller one follows: where records are announced, answers aren't told by channel unless
//! that was announced, too, and nothing is told on the way.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::tally::{Submission, is_in};
use super::{Breakdowns, Characteristic, Consultation, Picked, Question, QuestionKind, QuestionTally};
use crate::cells::{Cell, ORGANISATION_MINIMUM, Why, protect_total};
use crate::refusal::Fault;

/// How many questions at most.
const MOST_QUESTIONS: usize = 6;
/// With more different rows than this nothing is told.
const MOST_ROWS: usize = 10_000;

/// What some people have in common: a value of each characteristic, and what they gave to each question;
/// none where they left it open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordKey {
    /// A value of each characteristic, in their order.
    pub values: Vec<String>,
    /// What was given to each question, in their order.
    pub given: Vec<Option<Picked>>,
}

/// Everybody's answers side by side, counted and not yet protected: never to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordCounts {
    /// By what people are told apart beside their answers.
    pub by: Vec<Characteristic>,
    /// The questions.
    pub question_ids: Vec<Uuid>,
    /// How many people have this in common; none where there are too many different rows.
    pub rows: Option<BTreeMap<RecordKey, i64>>,
}

/// Rows as they may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// By what people are told apart beside their answers.
    pub by: Vec<Characteristic>,
    /// The questions in them.
    pub question_ids: Vec<Uuid>,
    /// What people have in common, and how many they are.
    pub rows: Vec<(RecordKey, i64)>,
}

impl RecordCounts {
    /// Of nobody yet; none where no records were announced.
    pub fn none(questions: &[Question], breakdowns: &Breakdowns) -> Option<Self> {
        let question_ids: Vec<Uuid> = questions.iter().filter(|one| one.in_records).map(|one| one.id).collect();
        let announced = !question_ids.is_empty();
        announced.then(|| Self { by: breakdowns.by.clone(), question_ids, rows: Some(BTreeMap::new()) })
    }

    /// One more.
    pub(super) fn add(&mut self, questions: &[QuestionTally], one: &Submission<'_>) {
        let Some(rows) = &mut self.rows else { return };
        let given = |id: &Uuid| {
            let question = questions.iter().find(|question| question.question_id == *id)?;
            let answer = one.answers.iter().find(|answer| answer.question_id == *id)?;
            question.picked.iter().map(|(picked, _)| *picked).find(|picked| is_in(*picked, None, &answer.given))
        };
        let key = RecordKey {
            values: self.by.iter().map(|by| one.value(*by).to_owned()).collect(),
            given: self.question_ids.iter().map(given).collect(),
        };
        *rows.entry(key).or_default() += 1;
        if rows.len() > MOST_ROWS {
            self.rows = None;
        }
    }

    /// What may be shown to who sees no figure of fewer than `minimum` people, or why nothing.
    ///
    /// # Errors
    /// [`Why::Base`] where fewer took part, else [`Why::Minimum`].
    pub fn shown(&self, minimum: i64) -> Result<Records, Why> {
        let minimum = minimum.max(ORGANISATION_MINIMUM);
        let rows = self.rows.as_ref().ok_or(Why::Minimum)?;
        if let Cell::Suppressed(why) = protect_total(rows.values().sum(), minimum) {
            return Err(why);
        }
        let fits = |number: &usize| {
            let rows = joined(rows, *number);
            rows.values().all(|people| *people >= minimum).then_some((*number, rows))
        };
        let (number, rows) =
            (1..=self.question_ids.len()).rev().find_map(|number| fits(&number)).ok_or(Why::Minimum)?;
        let question_ids = self.question_ids.iter().take(number).copied().collect();
        Ok(Records { by: self.by.clone(), question_ids, rows: rows.into_iter().collect() })
    }
}

/// The rows with only so many questions in them.
fn joined(rows: &BTreeMap<RecordKey, i64>, number: usize) -> BTreeMap<RecordKey, i64> {
    let mut joined = BTreeMap::new();
    for (key, people) in rows {
        let given = key.given.iter().take(number).copied().collect();
        *joined.entry(RecordKey { values: key.values.clone(), given }).or_insert(0) += people;
    }
    joined
}

/// What is wrong with the records that a consultation announces, all at once: `records.not_one_answer` (a single
/// choice, a scale, a number or a day), `records.sensitive`, `records.asked_of_some`, `records.too_many` (six
/// questions), `records.municipality` (which is told as its region where it is small), `records.interim`.
pub(super) fn check(consultation: &Consultation) -> Vec<Fault> {
    let announced = || consultation.questions.iter().enumerate().filter(|(_, question)| question.in_records);
    let mut faults = Vec::new();
    for (index, question) in announced() {
        let found = [
            ("records.not_one_answer", !is_one_answer(&question.kind)),
            ("records.sensitive", question.sensitive),
            ("records.asked_of_some", question.placement.only_if.is_some()),
        ];
        let at = || format!("/questions/{index}/inRecords");
        faults.extend(found.into_iter().filter(|(_, wrong)| *wrong).map(|(code, _)| Fault::body(at(), code)));
    }
    let number = announced().count();
    if number > MOST_QUESTIONS {
        faults.push(Fault::body("/questions", "records.too_many"));
    }
    if number > 0 && consultation.interim_results {
        faults.push(Fault::body("/interimResults", "records.interim"));
    }
    let places = consultation.breakdowns.by.iter().enumerate().filter(|(_, by)| **by == Characteristic::Municipality);
    let places = places.filter(|_| number > 0);
    faults.extend(places.map(|(at, _)| Fault::body(format!("/breakdowns/{at}"), "records.municipality")));
    faults
}

const fn is_one_answer(kind: &QuestionKind) -> bool {
    match kind {
        QuestionKind::SingleChoice { .. }
        | QuestionKind::Scale { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Date { .. } => true,
        QuestionKind::MultipleChoice { .. }
        | QuestionKind::Statement
        | QuestionKind::Ranking { .. }
        | QuestionKind::Matrix { .. }
        | QuestionKind::Dots { .. }
        | QuestionKind::Budget { .. }
        | QuestionKind::OpenText { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::consultations::samples::{consultation, id, options, question};
    use crate::consultations::{Answer, Counts, Given};
    use crate::participants::Channel;

    fn asking() -> Vec<Question> {
        let kinds = [
            QuestionKind::SingleChoice { options: options(2) },
            QuestionKind::Scale { least: 1, most: 3, labels: Vec::new() },
        ];
        (1..).zip(kinds).map(|(number, kind)| Question { in_records: true, ..question(number, kind) }).collect()
    }

    /// Every answer to both, and by two perspectives: so many people of each.
    fn counted(people: &[i64]) -> RecordCounts {
        let (questions, by) = (asking(), Breakdowns { by: vec![Characteristic::Perspective], crossed: Vec::new() });
        let mut counts = Counts::none(&questions, &by);
        let mut people = people.iter();
        for perspective in ["parent", "child"] {
            for option in 0..3u128 {
                for value in 0..4i32 {
                    let choice = (option < 2)
                        .then(|| Given::SingleChoice { option_id: id(1000 + option), other: None })
                        .map(|given| Answer { question_id: id(1), given });
                    let scale = (value > 0).then_some(Answer { question_id: id(2), given: Given::Scale { value } });
                    let answers: Vec<Answer> = choice.into_iter().chain(scale).collect();
                    let values = vec![(Characteristic::Perspective, perspective.to_owned())];
                    let one = Submission { channel: Channel::Phone, values: &values, answers: &answers };
                    (0..people.next().copied().unwrap_or_default()).for_each(|_| counts.add(&one));
                }
            }
        }
        counts.records.unwrap()
    }

    #[test]
    fn rows_of_enough_people_are_shown_with_as_many_questions_as_hold() {
        let even = counted(&[6; 24]).shown(5).unwrap();
        assert_eq!((even.question_ids.len(), even.rows.len(), even.rows[0].1), (2, 24, 6));
        let mut one_small = [6; 24];
        one_small[3] = 4;
        let fewer = counted(&one_small).shown(5).unwrap();
        assert_eq!((fewer.question_ids.clone(), fewer.rows.len()), (vec![id(1)], 6));
        assert_eq!(fewer.rows.iter().map(|(_, people)| people).sum::<i64>(), 142);
        assert_eq!(counted(&[1, 0, 0, 0, 20]).shown(5), Err(Why::Minimum));
        assert_eq!(counted(&[3]).shown(5), Err(Why::Base));
    }

    #[test]
    fn only_what_can_be_told_side_by_side_is_announced() {
        let mut wrong = consultation();
        wrong.interim_results = true;
        wrong.breakdowns.by = vec![Characteristic::Municipality];
        for question in &mut wrong.questions {
            (question.in_records, question.sensitive) = (true, question.id == id(103));
        }
        let found: Vec<_> = check(&wrong).into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/questions/1/inRecords", "records.not_one_answer"),
            ("/questions/2/inRecords", "records.sensitive"),
            ("/questions/3/inRecords", "records.not_one_answer"),
            ("/interimResults", "records.interim"),
            ("/breakdowns/0", "records.municipality"),
        ];
        assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        /// Whoever laid the rows for two minimums side by side, and added up whichever they like, finds nobody
        /// or enough people.
        #[test]
        fn no_row_and_no_difference_of_rows_is_small(
            people in prop::collection::vec(prop_oneof![2 => Just(0i64), 1 => 1i64..9, 3 => 5i64..30], 24), raised in 5i64..14,
        ) {
            let counts = counted(&people);
            let (low, high) = (counts.shown(5), counts.shown(raised));
            if let Ok(low) = &low {
                prop_assert!(low.rows.iter().all(|(_, people)| *people >= 5));
                prop_assert_eq!(low.rows.iter().map(|(_, people)| people).sum::<i64>(), people.iter().sum::<i64>());
            }
            if let Ok(high) = high {
                // What is shown at the higher minimum are sums of what is shown at the lower.
                let low = low.unwrap();
                prop_assert!(low.question_ids.starts_with(&high.question_ids));
                for (key, people) in &high.rows {
                    let parts = low.rows.iter().filter(|(one, _)| {
                        one.values == key.values && one.given.starts_with(&key.given)
                    });
                    prop_assert_eq!(parts.map(|(_, people)| people).sum::<i64>(), *people);
                    prop_assert!(*people >= raised);
                }
            }
        }
    }
}
