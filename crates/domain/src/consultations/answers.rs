//! Answers, held against their questions.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Consultation, ConsultationStatus, Question, QuestionKind, Reading, Values};
use crate::calendar::end_of;
use crate::participants::Channel;
use crate::refusal::{Fault, Refusal};
use crate::text::is_language_tag;

/// What somebody gave as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// One option.
    SingleChoice {
        /// Which.
        option_id: Uuid,
    },
    /// Several options.
    MultipleChoice {
        /// Which.
        option_ids: Vec<Uuid>,
    },
    /// A value on a scale.
    Scale {
        /// Which.
        value: i32,
    },
    /// Their own words.
    OpenText {
        /// The words.
        text: String,
        /// In which language (BCP 47).
        language: String,
    },
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
            Reading::Choices => self.answers.retain(|answer| !matches!(answer.given, Given::OpenText { .. })),
            Reading::All => {}
        }
        Ok(self)
    }
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
/// `answer.question_unknown`, `answer.question_repeated`,
/// `answer.kind_mismatch`, `answer.option_unknown`, `answer.option_repeated`,
/// `answer.too_few_options`, `answer.too_many_options`,
/// `answer.value_out_of_range`, `answer.text_blank`, `answer.text_too_long`,
/// `answer.language_malformed`; and `answer.required_missing` at the question
/// of the consultation that was left open.
pub fn check_answers(questions: &[Question], answers: &[Answer]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, answer) in answers.iter().enumerate() {
        let at = format!("/answers/{index}");
        let Some(question) = questions.iter().find(|question| question.id == answer.question_id) else {
            faults.push(Fault::body(format!("{at}/questionId"), "answer.question_unknown"));
            continue;
        };
        if answers.iter().take(index).any(|other| other.question_id == answer.question_id) {
            faults.push(Fault::body(format!("{at}/questionId"), "answer.question_repeated"));
        }
        faults.extend(check_answer(&question.kind, &answer.given).into_iter().map(|fault| fault.under(&at)));
    }
    let open = |question: &Question| !answers.iter().any(|answer| answer.question_id == question.id);
    let missing = questions.iter().enumerate().filter(|(_, question)| question.required && open(question));
    faults.extend(missing.map(|(index, _)| Fault::resource(format!("/questions/{index}"), "answer.required_missing")));
    faults
}

fn check_answer(kind: &QuestionKind, given: &Given) -> Vec<Fault> {
    let one = |location: &str, code: &'static str, wrong: bool| wrong.then(|| Fault::body(location, code));
    let knows = |option: &Uuid| kind.options().iter().any(|known| known.id == *option);
    match (kind, given) {
        (QuestionKind::SingleChoice { .. }, Given::SingleChoice { option_id }) => {
            one("/optionId", "answer.option_unknown", !knows(option_id)).into_iter().collect()
        }
        (QuestionKind::MultipleChoice { options, least, most }, Given::MultipleChoice { option_ids }) => {
            let mut faults = Fault::repeated(option_ids, "/optionIds", "answer.option_repeated");
            let unknown = option_ids.iter().enumerate().filter(|(_, option)| !knows(option));
            faults
                .extend(unknown.map(|(index, _)| Fault::body(format!("/optionIds/{index}"), "answer.option_unknown")));
            let limit = |limit: Option<i32>, else_: usize| limit.map_or(else_, |n| usize::try_from(n).unwrap_or(else_));
            let (least, most) = (limit(*least, 1), limit(*most, options.len()));
            faults.extend(one("/optionIds", "answer.too_few_options", option_ids.len() < least));
            faults.extend(one("/optionIds", "answer.too_many_options", option_ids.len() > most));
            faults
        }
        (QuestionKind::Scale { least, most, .. }, Given::Scale { value }) => {
            one("/value", "answer.value_out_of_range", !(least..=most).contains(&value)).into_iter().collect()
        }
        (QuestionKind::OpenText { max_length }, Given::OpenText { text, language }) => {
            let too_long = i32::try_from(text.chars().count()).map_or(true, |length| length > *max_length);
            let faults = [
                one("/text", "answer.text_blank", text.trim().is_empty()),
                one("/text", "answer.text_too_long", too_long),
                one("/language", "answer.language_malformed", !is_language_tag(language)),
            ];
            faults.into_iter().flatten().collect()
        }
        (
            QuestionKind::SingleChoice { .. }
            | QuestionKind::MultipleChoice { .. }
            | QuestionKind::Scale { .. }
            | QuestionKind::OpenText { .. },
            _other,
        ) => vec![Fault::body("/kind", "answer.kind_mismatch")],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::consultations::samples::{ZONE, consultation, day, id, now, open, questions};

    fn answer(question: u128, given: Given) -> Answer {
        Answer { question_id: id(question), given }
    }

    fn words(text: &str) -> Given {
        Given::OpenText { text: text.to_owned(), language: "nl".to_owned() }
    }

    fn response() -> Response {
        Response {
            id: id(50),
            consultation_id: id(1),
            participant_id: id(60),
            channel: Channel::Internet,
            entered_by: None,
            values: Vec::new(),
            answers: vec![answer(101, Given::SingleChoice { option_id: id(1000) })],
        }
    }

    const FACTS: ResponseFacts =
        ResponseFacts { asked: true, answered: false, writer: Writer::Facilitator, zone: ZONE };

    #[test]
    fn all_faults_come_at_once_with_their_pointers() {
        let answers = [
            answer(999, words("x")),
            answer(102, Given::MultipleChoice { option_ids: vec![id(1000), id(1000), id(7)] }),
            answer(103, Given::Scale { value: 6 }),
            answer(103, words("drie")),
            answer(104, Given::OpenText { text: "x".repeat(21), language: "nl_NL".to_owned() }),
        ];
        let found: Vec<_> = check_answers(&questions(), &answers).into_iter().map(|f| (f.location, f.code)).collect();
        let expected = [
            ("/answers/0/questionId", "answer.question_unknown"),
            ("/answers/1/optionIds/1", "answer.option_repeated"),
            ("/answers/1/optionIds/2", "answer.option_unknown"),
            ("/answers/1/optionIds", "answer.too_many_options"),
            ("/answers/2/value", "answer.value_out_of_range"),
            ("/answers/3/questionId", "answer.question_repeated"),
            ("/answers/3/kind", "answer.kind_mismatch"),
            ("/answers/4/text", "answer.text_too_long"),
            ("/answers/4/language", "answer.language_malformed"),
            ("/questions/0", "answer.required_missing"),
        ];
        assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
    }

    #[test]
    fn an_answer_is_taken_until_the_last_day_ends() {
        let last = end_of(day(2026, 5, 31), ZONE);
        let moment = chrono::TimeDelta::seconds(1);
        assert_eq!(may_respond(&open(), &response(), FACTS, last - moment), Ok(()));
        let late = may_respond(&open(), &response(), FACTS, last);
        assert_eq!(late, Err(Refusal::Conflict("consultation.not_open")));
        let early = may_respond(&consultation(), &response(), FACTS, now());
        assert_eq!(early, Err(Refusal::Conflict("consultation.not_open")));
        let again = may_respond(&open(), &response(), ResponseFacts { answered: true, ..FACTS }, now());
        assert_eq!(again, Err(Refusal::Conflict("response.already_given")));
        let uninvited = may_respond(&open(), &response(), ResponseFacts { asked: false, ..FACTS }, now());
        assert_eq!(uninvited, Err(Refusal::invalid("/participantId", "reference.unknown")));
    }

    #[test]
    fn what_was_heard_is_written_down_by_a_named_facilitator() {
        let called = Response { channel: Channel::Phone, ..response() };
        let alone = may_respond(&open(), &called, FACTS, now());
        assert_eq!(alone, Err(Refusal::invalid("/channel", "response.channel_needs_facilitator")));
        let heard = Response { entered_by: Some(id(10)), ..called };
        assert_eq!(may_respond(&open(), &heard, FACTS, now()), Ok(()));
        let stranger = ResponseFacts { writer: Writer::Other, ..FACTS };
        assert_eq!(may_respond(&open(), &heard, stranger, now()), Err(Refusal::Forbidden));
        let online = Response { channel: Channel::Internet, ..heard };
        let unheard = may_respond(&open(), &online, FACTS, now());
        assert_eq!(unheard, Err(Refusal::invalid("/channel", "response.channel_not_heard")));
    }

    #[test]
    fn a_kiosk_takes_what_is_answered_on_site() {
        let kiosk = ResponseFacts { writer: Writer::Kiosk, ..FACTS };
        let on_site = Response { channel: Channel::InPerson, ..response() };
        assert_eq!(may_respond(&open(), &on_site, kiosk, now()), Ok(()));
        for channel in [Channel::Internet, Channel::Phone] {
            let elsewhere = may_respond(&open(), &Response { channel, ..response() }, kiosk, now());
            assert_eq!(elsewhere, Err(Refusal::invalid("/channel", "response.kiosk_in_person")));
        }
    }

    fn given() -> impl Strategy<Value = Given> {
        let option = || (999u128..1004).prop_map(id);
        prop_oneof![
            option().prop_map(|option_id| Given::SingleChoice { option_id }),
            prop::collection::vec(option(), 0..4).prop_map(|option_ids| Given::MultipleChoice { option_ids }),
            (0i32..7).prop_map(|value| Given::Scale { value }),
            "[ a-z]{0,24}".prop_map(|text| words(&text)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn what_is_taken_contradicts_no_question(given in prop::collection::vec((100u128..105, given()), 0..5)) {
            let questions = questions();
            let answers: Vec<Answer> = given.into_iter().map(|(number, given)| answer(number, given)).collect();
            let known: HashSet<Uuid> = (1000..1003).map(id).collect();
            let fits = |answer: &Answer| match &answer.given {
                Given::SingleChoice { option_id } => answer.question_id == id(101) && known.contains(option_id),
                Given::MultipleChoice { option_ids } => {
                    let different: HashSet<_> = option_ids.iter().collect();
                    let all_known = option_ids.iter().all(|option| known.contains(option));
                    answer.question_id == id(102) && all_known && option_ids.len() == 2 && different.len() == 2
                }
                Given::Scale { value } => answer.question_id == id(103) && (1..=5).contains(value),
                Given::OpenText { text, .. } => {
                    answer.question_id == id(104) && !text.trim().is_empty() && text.chars().count() <= 20
                }
            };
            let asked: HashSet<_> = answers.iter().map(|answer| answer.question_id).collect();
            let good = answers.iter().all(fits) && asked.len() == answers.len() && asked.contains(&id(101));
            prop_assert_eq!(check_answers(&questions, &answers).is_empty(), good);
        }
    }
}
