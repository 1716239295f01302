//! Answers, held against their questions.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Consultation, ConsultationStatus, Question, QuestionKind, Reading, Stance, Values, are_asked};
use crate::calendar::end_of;
use crate::participants::Channel;
use crate::refusal::{Fault, Refusal};
use crate::text::is_language_tag;

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
            Self::Scale { .. } | Self::Number { .. } | Self::Date { .. } | Self::Statement { .. } => None,
        }
    }

    /// What was chosen, without what was written; none where nothing else was given.
    pub fn without_words(self) -> Option<Self> {
        match self {
            Self::OpenText { .. } => None,
            Self::SingleChoice { option_id, .. } => Some(Self::SingleChoice { option_id, other: None }),
            Self::MultipleChoice { option_ids, .. } => Some(Self::MultipleChoice { option_ids, other: None }),
            chosen @ (Self::Scale { .. } | Self::Number { .. } | Self::Date { .. } | Self::Statement { .. }) => {
                Some(chosen)
            }
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
/// `answer.other_not_chosen` (words beside an option that isn't chosen, or has none),
/// `answer.text_blank`, `answer.text_too_long`,
/// `answer.language_malformed`; and `answer.required_missing` at the question
/// of the consultation that was left open.
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
    let open = |question: &Question| !answers.iter().any(|answer| answer.question_id == question.id);
    let pairs = questions.iter().zip(&asked).enumerate();
    let missing = pairs.filter(|(_, (question, asked))| **asked && question.required && open(question));
    faults.extend(missing.map(|(index, _)| Fault::resource(format!("/questions/{index}"), "answer.required_missing")));
    faults
}

fn check_answer(kind: &QuestionKind, given: &Given) -> Vec<Fault> {
    let one = |location: &str, code: &'static str, wrong: bool| wrong.then(|| Fault::body(location, code));
    let knows = |option: &Uuid| kind.options().iter().any(|known| known.id == *option);
    match (kind, given) {
        (QuestionKind::SingleChoice { .. }, Given::SingleChoice { option_id, other }) => {
            let unknown = one("/optionId", "answer.option_unknown", !knows(option_id));
            unknown.into_iter().chain(check_other(kind, std::slice::from_ref(option_id), other.as_ref())).collect()
        }
        (QuestionKind::MultipleChoice { options, least, most }, Given::MultipleChoice { option_ids, other }) => {
            let mut faults = Fault::repeated(option_ids, "/optionIds", "answer.option_repeated");
            let unknown = option_ids.iter().enumerate().filter(|(_, option)| !knows(option));
            faults
                .extend(unknown.map(|(index, _)| Fault::body(format!("/optionIds/{index}"), "answer.option_unknown")));
            let limit = |limit: Option<i32>, else_: usize| limit.map_or(else_, |n| usize::try_from(n).unwrap_or(else_));
            let (least, most) = (limit(*least, 1), limit(*most, options.len()));
            faults.extend(one("/optionIds", "answer.too_few_options", option_ids.len() < least));
            faults.extend(one("/optionIds", "answer.too_many_options", option_ids.len() > most));
            faults.extend(check_other(kind, option_ids, other.as_ref()));
            faults
        }
        (QuestionKind::Scale { least, most, .. }, Given::Scale { value })
        | (QuestionKind::Number { least, most, .. }, Given::Number { value }) => {
            one("/value", "answer.value_out_of_range", !(least..=most).contains(&value)).into_iter().collect()
        }
        (QuestionKind::Date { earliest, latest, .. }, Given::Date { day }) => {
            one("/chosenOn", "answer.day_out_of_range", !(earliest..=latest).contains(&day)).into_iter().collect()
        }
        (QuestionKind::Statement, Given::Statement { .. }) => Vec::new(),
        (QuestionKind::OpenText { max_length }, Given::OpenText { text, language }) => {
            check_words((text, language), *max_length)
        }
        (
            QuestionKind::SingleChoice { .. }
            | QuestionKind::MultipleChoice { .. }
            | QuestionKind::Scale { .. }
            | QuestionKind::Number { .. }
            | QuestionKind::Date { .. }
            | QuestionKind::Statement
            | QuestionKind::OpenText { .. },
            _other,
        ) => vec![Fault::body("/kind", "answer.kind_mismatch")],
    }
}

/// Words beside the option that has them, which has to be chosen.
fn check_other(kind: &QuestionKind, chosen: &[Uuid], other: Option<&OwnWords>) -> Vec<Fault> {
    let Some(OwnWords { text, language }) = other else { return Vec::new() };
    let own = kind.options().iter().find(|option| option.own_words);
    let mut faults = check_words((text, language), kind.words().unwrap_or(i32::MAX));
    if !own.is_some_and(|own| chosen.contains(&own.id)) {
        faults.push(Fault::body("", "answer.other_not_chosen"));
    }
    faults.into_iter().map(|fault| fault.under("/otherText")).collect()
}

fn check_words((text, language): (&str, &str), max_length: i32) -> Vec<Fault> {
    let too_long = i32::try_from(text.chars().count()).map_or(true, |length| length > max_length);
    let found = [
        ("/text", "answer.text_blank", text.trim().is_empty()),
        ("/text", "answer.text_too_long", too_long),
        ("/language", "answer.language_malformed", !is_language_tag(language)),
    ];
    found.into_iter().filter(|(_, _, wrong)| *wrong).map(|(at, code, _)| Fault::body(at, code)).collect()
}

#[cfg(test)]
mod tests;
