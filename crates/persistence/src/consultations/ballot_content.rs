//! How anonymous answers stand in their columns: filled up, so that their length tells
//! nothing of them.

use klankbord_domain::consultations::{Ballot, BallotProof, Consultation, OwnWords, Question, QuestionKind, Values};
use klankbord_domain::participants::Channel;
use serde::{Deserialize, Serialize};

use super::codec::{AnswerRow, answer_rows, answers_of};
use crate::store::{Failure, from_json, to_json};

/// Bytes for what every ballot holds.
const FRAME: usize = 128;
/// Bytes for an answer without its choices or words: two names, an id, a kind.
const ANSWER: usize = 160;
/// Bytes for a declared characteristic: its name, and an id or a shorter code.
const CHARACTERISTIC: usize = 80;
/// Bytes for an option.
const OPTION: usize = 40;
/// Bytes for a row of a matrix: two names and two ids.
const ROW: usize = 112;
/// Bytes for an option with its dots: two names, an id, a number.
const DOTS: usize = 80;
/// Bytes for words without the words: two names and a language.
const WORDS: usize = 80;
/// The most bytes of a character.
const CHARACTER: usize = 4;
/// Bytes of the length that stands before.
const LENGTH: usize = 4;

#[derive(Serialize, Deserialize)]
struct BallotRow {
    channel: Channel,
    proof: BallotProof,
    #[serde(default)]
    values: Values,
    answers: Vec<AnswerRow>,
}

/// What was written to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The words.
    pub text: String,
    /// In which language (BCP 47).
    pub language: String,
}

impl From<OwnWords> for Written {
    fn from(words: OwnWords) -> Self {
        let OwnWords { text, language } = words;
        Self { text, language }
    }
}

impl From<Written> for OwnWords {
    fn from(written: Written) -> Self {
        let Written { text, language } = written;
        Self { text, language }
    }
}

/// Room for an answer to this question. Bytes.
fn room_of(question: &Question) -> usize {
    let options = match &question.kind {
        QuestionKind::MultipleChoice { options, .. }
        | QuestionKind::Ranking { options, .. }
        | QuestionKind::Budget { options, .. } => OPTION * options.len(),
        QuestionKind::Matrix { rows, .. } => ROW * rows.len(),
        QuestionKind::Dots { options, .. } => DOTS * options.len(),
        QuestionKind::SingleChoice { .. }
        | QuestionKind::Scale { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Date { .. }
        | QuestionKind::Statement
        | QuestionKind::OpenText { .. } => 0,
    };
    ANSWER + options + room_of_words(question)
}

/// Room for what can be written beside or as an answer. Bytes.
fn room_of_words(question: &Question) -> usize {
    let words = question.kind.words().and_then(|most| usize::try_from(most).ok());
    words.map_or(0, |most| WORDS + CHARACTER * most)
}

/// Room for every ballot of a consultation, so that all are of one length. Bytes.
pub(super) fn room(asked: &Consultation) -> usize {
    room_for(&asked.questions, asked.breakdowns.by.len())
}

fn room_for(questions: &[Question], characteristics: usize) -> usize {
    FRAME + CHARACTERISTIC * characteristics + questions.iter().map(room_of).sum::<usize>()
}

/// Room for what is written to this question. Bytes.
pub(super) fn room_to_write(question: &Question) -> usize {
    FRAME + room_of(question)
}

/// The ballot, filled up.
pub(super) fn write(ballot: &Ballot, room: usize) -> Result<Vec<u8>, Failure> {
    let answers = answer_rows(&ballot.answers);
    let Ballot { channel, proof, ref values, .. } = *ballot;
    fill(&to_json(&BallotRow { channel, proof, values: values.clone(), answers })?, room)
}

/// The ballot that stands there.
pub(super) fn read(table: &'static str, filled: &[u8]) -> Result<Ballot, Failure> {
    let place = (table, "content");
    let BallotRow { channel, proof, values, answers } = from_json(place, unfilled(place, filled)?)?;
    Ok(Ballot { channel, proof, values, answers: answers_of(answers) })
}

/// What was written, filled up.
pub(super) fn write_words(written: &Written, room: usize) -> Result<Vec<u8>, Failure> {
    fill(&to_json(written)?, room)
}

/// What was written that stands there.
pub(super) fn read_words(filled: &[u8]) -> Result<Written, Failure> {
    let place = ("sealed_ballots", "content");
    from_json(place, unfilled(place, filled)?)
}

/// Filled up to the next whole number of rooms: one, but for words that are written in
/// more bytes than they seem.
fn fill(json: &str, room: usize) -> Result<Vec<u8>, Failure> {
    let length =
        u32::try_from(json.len()).map_err(|error| Failure::Broken(format!("a ballot is too long: {error}")))?;
    let mut bytes = [&length.to_be_bytes(), json.as_bytes()].concat();
    bytes.resize(bytes.len().div_ceil(room.max(1)) * room.max(1), 0);
    Ok(bytes)
}

fn unfilled<'b>((table, column): (&str, &str), filled: &'b [u8]) -> Result<&'b str, Failure> {
    let found = filled.split_first_chunk::<LENGTH>().and_then(|(length, rest)| {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        std::str::from_utf8(rest.get(..length)?).ok()
    });
    found.ok_or_else(|| Failure::unreadable(table, column, "not as it was filled"))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use klankbord_domain::Texts;
    use klankbord_domain::consultations::{
        Answer, BudgetUnit, Characteristic, Choice, Given, MatrixRow, Period, Placement, Stance,
    };
    use uuid::Uuid;

    use super::*;

    fn question(number: u128, kind: QuestionKind) -> Question {
        let prompt = Texts::plain("nl", "Wat vindt u?");
        let (required, sensitive, in_records, placement) = (false, false, false, Placement::default());
        Question { id: Uuid::from_u128(number), kind, prompt, required, sensitive, in_records, placement }
    }

    fn questions() -> Vec<Question> {
        let choice = |number| Choice {
            id: Uuid::from_u128(number),
            label: Texts::plain("nl", "keuze"),
            own_words: number == 100,
        };
        let some = |number| (1..=number).map(choice).collect::<Vec<_>>();
        let row = |number| MatrixRow { id: Uuid::from_u128(number), label: Texts::plain("nl", "rij") };
        let options = some(100);
        vec![
            question(1, QuestionKind::SingleChoice { options: options.clone() }),
            question(2, QuestionKind::MultipleChoice { options, least: None, most: None }),
            question(3, QuestionKind::Scale { least: -1000, most: -900, labels: Vec::new() }),
            question(4, QuestionKind::OpenText { max_length: 2000 }),
            question(5, QuestionKind::Statement),
            question(6, QuestionKind::Number { least: i32::MIN, most: i32::MAX, unit: None, bands: Vec::new() }),
            question(
                7,
                QuestionKind::Date { earliest: NaiveDate::MIN, latest: NaiveDate::MAX, counted_by: Period::Year },
            ),
            question(8, QuestionKind::Ranking { options: some(20), most: None }),
            question(9, QuestionKind::Matrix { rows: (1..=20).map(row).collect(), columns: some(20) }),
            question(10, QuestionKind::Dots { options: some(20), dots: 100, most_each: None, use_all: false }),
            question(
                11,
                QuestionKind::Budget { options: some(12), costs: vec![1; 12], budget: 12, unit: BudgetUnit::Point },
            ),
        ]
    }

    /// The shortest ballot and the longest stand in the same number of bytes.
    #[test]
    fn every_ballot_of_a_questionnaire_is_of_one_length() {
        let questions = questions();
        let by = [Characteristic::RecruitmentSource, Characteristic::Region, Characteristic::AgeBand];
        let room = room_for(&questions, by.len());
        let all = |value: &str| by.map(|by| (by, value.to_owned())).to_vec();
        let values = all("unknown");
        let short = Ballot { channel: Channel::Phone, proof: BallotProof::None, values, answers: Vec::new() };
        let other = Some(OwnWords { text: "\u{1F600}".repeat(200), language: "x".repeat(35) });
        let all_of = |number: u128| (1..=number).map(|n| Uuid::from_u128(u128::MAX - n)).collect::<Vec<_>>();
        let given = vec![
            Given::SingleChoice { option_id: Uuid::from_u128(u128::MAX), other: other.clone() },
            Given::MultipleChoice { option_ids: all_of(100), other },
            Given::Scale { value: -1000 },
            Given::OpenText { text: "\u{1F600}".repeat(2000), language: "x".repeat(35) },
            Given::Statement { stance: Stance::Disagree },
            Given::Number { value: i32::MIN },
            Given::Date { day: NaiveDate::MIN },
            Given::Ranking { option_ids: all_of(20) },
            Given::Matrix { rows: all_of(20).into_iter().zip(all_of(20)).collect() },
            Given::Dots { dots: all_of(20).into_iter().map(|id| (id, i32::MAX)).collect() },
            Given::Budget { option_ids: all_of(12) },
        ];
        let pairs = questions.iter().zip(given);
        let answers = pairs.map(|(question, given)| Answer { question_id: question.id, given }).collect();
        let values = all(&Uuid::from_u128(u128::MAX).to_string());
        let long = Ballot { channel: Channel::InPerson, proof: BallotProof::Person, values, answers };
        for ballot in [short, long] {
            let filled = write(&ballot, room).unwrap();
            assert_eq!(filled.len(), room);
            assert_eq!(read("open_ballots", &filled).unwrap(), ballot);
        }
        let words = Written { text: "\u{1F600}".repeat(2000), language: "nl".to_owned() };
        let filled = write_words(&words, room_to_write(&questions[3])).unwrap();
        assert_eq!((filled.len(), read_words(&filled).unwrap()), (room_to_write(&questions[3]), words));
        assert!(read("open_ballots", &[0, 0, 0, 9, b'{']).is_err() && read("open_ballots", &[]).is_err());
    }
}
