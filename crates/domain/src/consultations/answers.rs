//! Answers, held against their questions.

mod check;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use self::check::check_answer;
use super::{Consultation, ConsultationStatus, Question, Reading, Stance, Values, are_asked};
use crate::calendar::end_of;
use crate::participants::Channel;
use crate::refusal::{Fault, Refusal};

/// What somebody said in their own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWords {
    /// The words.
    pub text: String,
    /// In which language (BCP 47).
    pub language: String,
}

/// What somebody gave as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// One option.
    SingleChoice {
        /// Which.
        option_id: Uuid,
        /// What they said beside the option that has words of one's own.
        other: Option<OwnWords>,
    },
    /// Several options.
    MultipleChoice {
        /// Which.
        option_ids: Vec<Uuid>,
        /// What they said beside the option that has words of one's own.
        other: Option<OwnWords>,
    },
    /// A value on a scale.
    Scale {
        /// Which.
        value: i32,
    },
    /// A number.
    Number {
        /// Which.
        value: i32,
    },
    /// A day.
    Date {
        /// Which.
        day: NaiveDate,
    },
    /// What they say to a statement.
    Statement {
        /// Whether they agree.
        stance: Stance,
    },
    /// Options in order.
    Ranking {
        /// Which, the first one first.
        option_ids: Vec<Uuid>,
    },
    /// One of the columns for each row.
    Matrix {
        /// Of each row that was answered, the column.
        rows: Vec<(Uuid, Uuid)>,
    },
    /// Dots divided over options.
    Dots {
        /// Which options got dots, and how many.
        dots: Vec<(Uuid, i32)>,
    },
    /// Options within a budget.
    Budget {
        /// Which.
        option_ids: Vec<Uuid>,
    },
    /// Their own words.
    OpenText {
        /// The words.
        text: String,
        /// In which language (BCP 47).
        language: String,
    },
}

impl Given {
    /// What was written, if anything was, and in which language.
    pub fn words(&self) -> Option<(&str, &str)> {
        match self {
            Self::OpenText { text, language } => Some((text, language)),
            Self::SingleChoice { other, .. } | Self::MultipleChoice { other, .. } => {
                other.as_ref().map(|words| (words.text.as_str(), words.language.as_str()))
            }
            Self::Scale { .. }
            | Self::Number { .. }
            | Self::Date { .. }
            | Self::Statement { .. }
            | Self::Ranking { .. }
            | Self::Matrix { .. }
            | Self::Dots { .. }
            | Self::Budget { .. } => None,
        }
    }

    /// Whether it answers this: of a matrix a row, of another question the whole.
    pub(super) fn answers(&self, row: Option<Uuid>) -> bool {
        let Some(row) = row else { return true };
        if let Self::Matrix { rows } = self { rows.iter().any(|(one, _)| *one == row) } else { false }
    }

    /// What was chosen, without what was written; none where nothing else was given.
    pub fn without_words(self) -> Option<Self> {
        match self {
            Self::OpenText { .. } => None,
            Self::SingleChoice { option_id, .. } => Some(Self::SingleChoice { option_id, other: None }),
            Self::MultipleChoice { option_ids, .. } => Some(Self::MultipleChoice { option_ids, other: None }),
            chosen @ (Self::Scale { .. }
            | Self::Number { .. }
            | Self::Date { .. }
            | Self::Statement { .. }
            | Self::Ranking { .. }
            | Self::Matrix { .. }
            | Self::Dots { .. }
            | Self::Budget { .. }) => Some(chosen),
        }
    }
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// To which question.
    pub question_id: Uuid,
    /// What was given.
    pub given: Given,
}

/// What one person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its id.
    pub id: Uuid,
    /// To which consultation.
    pub consultation_id: Uuid,
    /// Who answered.
    pub participant_id: Uuid,
    /// How it came in.
    pub channel: Channel,
    /// The facilitator who heard it and wrote it down.
    pub entered_by: Option<Uuid>,
    /// What goes with it of who answers, as that was declared.
    pub values: Values,
    /// The answers; a question that isn't there was left open.
    pub answers: Vec<Answer>,
}

impl Response {
    /// As far as somebody may read it: without what was written, where only the
    /// choices are theirs to see.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] where nothing is.
    pub fn as_read(mut self, reading: Reading) -> Result<Self, Refusal> {
        match reading {
            Reading::Nothing => return Err(Refusal::Forbidden),
            Reading::Choices => self.answers = without_words(self.answers),
            Reading::All => {}
        }
        Ok(self)
    }
}

/// What was chosen, without what was written; where nothing else was given, without the answer.
pub fn without_words(answers: Vec<Answer>) -> Vec<Answer> {
    let bare = |answer: Answer| {
        let Answer { question_id, given } = answer;
        given.without_words().map(|given| Answer { question_id, given })
    };
    answers.into_iter().filter_map(bare).collect()
}

/// What somebody is who sends a response in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// Facilitates the consultation, and writes down what others say.
    Facilitator,
    /// A device on site, which takes what is answered there.
    Kiosk,
    /// Neither: answers for themself.
    Other,
}

/// What has to be known before a response is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseFacts {
    /// The consultation asks this person.
    pub asked: bool,
    /// This person answered before.
    pub answered: bool,
    /// What the caller is who sends it in.
    pub writer: Writer,
    /// The installation's time zone.
    pub zone: Tz,
}

/// Whether this response can be taken now. One person answers once; what was
/// heard by phone or on a visit is written down by a facilitator named on the
/// consultation, and weighs the same.
///
/// # Errors
/// [`Refusal::Invalid`] with the faults of [`check_answers`],
/// `response.channel_needs_facilitator`, `response.channel_not_heard` and
/// `response.kiosk_in_person` at `/channel` and `reference.unknown` at `/participantId`; [`Refusal::Forbidden`] for who writes down another's
/// answers and isn't named; [`Refusal::Conflict`] `response.anonymous_only`,
/// `consultation.not_open`, `response.already_given`.
pub fn may_respond(
    consultation: &Consultation,
    response: &Response,
    facts: ResponseFacts,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let Response { channel, entered_by, answers, .. } = response;
    let entry = Entry { channel: *channel, answers, heard: entered_by.is_some(), asked: facts.asked };
    entry.check(consultation, facts.writer)?;
    if consultation.is_anonymous() {
        return Err(Refusal::Conflict("response.anonymous_only"));
    }
    is_open(consultation, facts.zone, now)?;
    if facts.answered { Err(Refusal::Conflict("response.already_given")) } else { Ok(()) }
}

/// Answers on their way in, whoever they are of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// How they come in.
    pub(super) channel: Channel,
    /// What was answered.
    pub(super) answers: &'a [Answer],
    /// Whether somebody heard them, and writes them down.
    pub(super) heard: bool,
    /// Whether the consultation asks whoever they are of.
    pub(super) asked: bool,
}

impl Entry<'_> {
    /// What is wrong with it by itself, from this writer.
    pub(super) fn check(&self, consultation: &Consultation, writer: Writer) -> Result<(), Refusal> {
        if self.heard && writer != Writer::Facilitator {
            return Err(Refusal::Forbidden);
        }
        let kiosk = writer == Writer::Kiosk;
        let mut faults = check_answers(&consultation.questions, self.answers);
        if kiosk && self.channel != Channel::InPerson {
            faults.push(Fault::body("/channel", "response.kiosk_in_person"));
        }
        if !kiosk && self.channel != Channel::Internet && !self.heard {
            faults.push(Fault::body("/channel", "response.channel_needs_facilitator"));
        }
        if self.channel == Channel::Internet && self.heard {
            faults.push(Fault::body("/channel", "response.channel_not_heard"));
        }
        if !self.asked {
            faults.push(Fault::body("/participantId", "reference.unknown"));
        }
        Refusal::unless_clean(faults)
    }
}

/// That people can answer at this instant: it is open, and its last day didn't end.
///
/// # Errors
/// `consultation.not_open` (409).
pub(super) fn is_open(consultation: &Consultation, zone: Tz, now: DateTime<Utc>) -> Result<(), Refusal> {
    let in_time = consultation.closes_on.is_some_and(|day| now < end_of(day, zone));
    let open = consultation.status == ConsultationStatus::Open && in_time;
    if open { Ok(()) } else { Err(Refusal::Conflict("consultation.not_open")) }
}

/// What is wrong with these answers to these questions, all at once:
/// `answer.question_unknown`, `answer.question_repeated`, `answer.not_asked` (after the other answers
/// this question isn't),
/// `answer.kind_mismatch`, `answer.option_unknown`, `answer.option_repeated`,
/// `answer.too_few_options`, `answer.too_many_options`,
/// `answer.value_out_of_range`, `answer.day_out_of_range`,
/// `answer.too_few_rows`, `answer.row_unknown`, `answer.row_repeated`,
/// `answer.dots_out_of_range`, `answer.too_many_dots`, `answer.dots_left`, `answer.over_budget`,
/// `answer.other_not_chosen` (words beside an option that isn't chosen, or has none),
/// `answer.text_blank`, `answer.text_too_long`,
/// `answer.language_malformed`; and `answer.required_missing` at the question
/// of the consultation that was left open, or at its row.
pub fn check_answers(questions: &[Question], answers: &[Answer]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let asked = are_asked(questions, answers);
    for (index, answer) in answers.iter().enumerate() {
        let at = format!("/answers/{index}");
        let mut pairs = questions.iter().zip(&asked);
        let Some((question, is_asked)) = pairs.find(|(question, _)| question.id == answer.question_id) else {
            faults.push(Fault::body(format!("{at}/questionId"), "answer.question_unknown"));
            continue;
        };
        if answers.iter().take(index).any(|other| other.question_id == answer.question_id) {
            faults.push(Fault::body(format!("{at}/questionId"), "answer.question_repeated"));
        }
        if !is_asked {
            faults.push(Fault::body(format!("{at}/questionId"), "answer.not_asked"));
        }
        faults.extend(check_answer(&question.kind, &answer.given).into_iter().map(|fault| fault.under(&at)));
    }
    let pairs = questions.iter().zip(asked).enumerate();
    for (index, (question, _)) in pairs.filter(|(_, (question, asked))| *asked && question.required) {
        let given = answers.iter().find(|answer| answer.question_id == question.id).map(|answer| &answer.given);
        let missing = |at: String| Fault::resource(at, "answer.required_missing");
        match given {
            None => faults.push(missing(format!("/questions/{index}"))),
            Some(given @ Given::Matrix { .. }) => {
                let open = question.kind.rows().iter().enumerate().filter(|(_, row)| !given.answers(Some(row.id)));
                faults.extend(open.map(|(row, _)| missing(format!("/questions/{index}/rows/{row}"))));
            }
            Some(_) => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests;
