//! The closing round: after the final report-back those who were asked are asked
//! whether they felt heard, and which rung it was in truth.
//!
//! It is a consultation like any other, in the mode of the one that it closes, so that
//! the same rules hold for who reads what and what is shown. It counts as no new
//! subject: it is the end of one that was put to people already, and leaves nobody less
//! room to be asked something else. Nothing comes after it: what people said in it
//! stands beside what was promised, and needs no report-back of its own.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    Breakdowns, Choice, Consultation, ConsultationMode, ConsultationStatus, OneAnswerBy, Placement, Question,
    QuestionKind, ScaleLabel,
};
use crate::calendar::day_of;
use crate::networks::Rung;
use crate::refusal::Refusal;
use crate::text::{MadeBy, Text, Texts};

/// For how long people can answer it, where nobody says so. Days.
pub const CLOSING_ROUND_DAYS: u64 = 21;
/// For how long they can at most. Days.
pub const LONGEST_CLOSING_ROUND: u64 = 91;
/// How long an open answer can be. Characters.
const OPEN_ANSWER: i32 = 2000;

/// What a closing round is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosingRoundFacts {
    /// Its last day, where somebody chose one.
    pub closes_on: Option<NaiveDate>,
    /// There is one already.
    pub exists: bool,
    /// The installation's time zone.
    pub zone: Tz,
}

/// The closing round of a consultation that was concluded, open from now on.
///
/// # Errors
/// `consultation.closes_in_past`, `consultation.closes_too_late` (91 days, 400);
/// `closing_round.of_closing_round`, `closing_round.not_concluded`, `closing_round.exists` (409).
pub fn closing_round(
    of: &Consultation,
    facts: ClosingRoundFacts,
    new_id: &impl Fn() -> Uuid,
    now: DateTime<Utc>,
) -> Result<Consultation, Refusal> {
    let today = day_of(now, facts.zone);
    let later = |days: u64| today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    let closes_on = facts.closes_on.unwrap_or_else(|| later(CLOSING_ROUND_DAYS));
    if closes_on < today {
        return Err(Refusal::invalid("/closesOn", "consultation.closes_in_past"));
    }
    if closes_on > later(LONGEST_CLOSING_ROUND) {
        return Err(Refusal::invalid("/closesOn", "consultation.closes_too_late"));
    }
    if of.is_closing_round() {
        return Err(Refusal::Conflict("closing_round.of_closing_round"));
    }
    if of.status != ConsultationStatus::Concluded {
        return Err(Refusal::Conflict("closing_round.not_concluded"));
    }
    if facts.exists {
        return Err(Refusal::Conflict("closing_round.exists"));
    }
    Ok(Consultation {
        id: new_id(),
        title: words("Voelde u zich gehoord?", "Hebben wij naar u geluisterd?", "Did you feel heard?"),
        goal: Some(words(
            "Weten of u zich gehoord voelde, en hoeveel u in het echt te zeggen had.",
            "Wij willen weten of wij goed naar u luisterden.",
            "To know whether you felt heard, and how far your say reached in truth.",
        )),
        limits: Some(words(
            "Het gaat over de vragen waarop u de laatste terugkoppeling kreeg. Wat daarin staat, verandert hier niet door.",
            "Het gaat over de vragen van toen. Het antwoord van toen blijft zo.",
            "It is about the questions on which you heard back last. What was said there doesn't change by it.",
        )),
        rung: Some(Rung::Consult),
        questions: questions(!of.facilitators.is_empty(), new_id),
        closes_on: Some(closes_on),
        report_back_due_on: None,
        report_back_due_reason: None,
        report_back_first_due_on: None,
        closing_round_of: Some(of.id),
        status: ConsultationStatus::Open,
        opened_at: Some(now),
        closed_at: None,
        concluded_at: None,
        sealed_at: None,
        heard_by_others: of.heard_by_others && of.mode == ConsultationMode::Anonymous,
        // Who was invited is asked again; who holds a printed code isn't known.
        one_answer_by: OneAnswerBy::Invitation,
        entries_until_on: None,
        breakdowns: Breakdowns::default(),
        interim_results: false,
        builds_on: None,
        ..of.clone()
    })
}

/// Which rung each option of the closing round stands for, in the question's order.
pub fn experienced(question: &Question) -> Vec<(Uuid, Rung)> {
    let options = question.kind.options().iter().map(|option| option.id);
    options.zip(LADDER.iter().map(|(rung, _)| *rung)).collect()
}

/// What each rung is to who stands on it, from below.
const LADDER: [(Rung, [&str; 3]); 6] = [
    (
        Rung::Inform,
        ["Ik hoorde alleen wat er ging gebeuren.", "Ik hoorde iets.", "I was only told what was going to happen."],
    ),
    (Rung::Consult, ["Ik mocht zeggen wat ik vond.", "Ik mocht iets zeggen.", "I could say what I thought."]),
    (
        Rung::Advise,
        [
            "Ik gaf advies, en hoorde wat ermee gebeurde en waarom.",
            "Ik gaf advies. Ik hoorde wat ermee gebeurde.",
            "I gave advice, and heard what was done with it and why.",
        ],
    ),
    (Rung::Coproduce, ["Wij hebben het samen gemaakt.", "We maakten het samen.", "We made it together."]),
    (Rung::Codecide, ["Ik heb meebeslist.", "Ik koos mee.", "I had a vote in the decision."]),
    (
        Rung::SelfGovern,
        ["Wij hebben het zelf beslist en gedaan.", "Wij kozen zelf.", "We decided and did it ourselves."],
    ),
];

/// How heard people felt, which rung it was in truth, and, where somebody reads it,
/// what they want to say about it.
fn questions(read: bool, new_id: &impl Fn() -> Uuid) -> Vec<Question> {
    let label = |value: i32, [nl, simple, en]: [&str; 3]| ScaleLabel { value, label: words(nl, simple, en) };
    let labels = vec![
        label(1, ["Helemaal niet", "Nee", "Not at all"]),
        label(3, ["Een beetje", "Een beetje", "Somewhat"]),
        label(5, ["Heel goed", "Ja", "Very much"]),
    ];
    let options = LADDER.iter().map(|(_, [nl, simple, en])| Choice {
        id: new_id(),
        label: words(nl, simple, en),
        own_words: false,
    });
    let placement = Placement::default;
    let of = |kind, prompt| Question {
        id: new_id(),
        kind,
        prompt,
        required: false,
        sensitive: false,
        in_records: false,
        placement: placement(),
    };
    let mut asked = vec![
        of(
            QuestionKind::Scale { least: 1, most: 5, labels },
            words("Hoe goed voelde u zich gehoord?", "Hebben wij goed geluisterd?", "How well did you feel heard?"),
        ),
        of(
            QuestionKind::SingleChoice { options: options.collect() },
            words("Wat paste het best bij hoe het ging?", "Hoe ging het?", "What fits best how it went?"),
        ),
    ];
    if read {
        let prompt =
            words("Wilt u er iets bij zeggen?", "Wilt u nog iets zeggen?", "Is there anything you want to add?");
        asked.push(of(QuestionKind::OpenText { max_length: OPEN_ANSWER }, prompt));
    }
    asked
}

fn words(nl: &str, simple: &str, en: &str) -> Texts {
    let text = |(language, value): (&str, &str)| Text {
        language: language.to_owned(),
        value: value.to_owned(),
        made_by: MadeBy::Human,
        stale: false,
    };
    let variants = [("nl", nl), ("nl-simple", simple), ("en", en)].map(text).to_vec();
    Texts::new(variants).unwrap_or_else(|_| Texts::plain("nl", nl))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::consultations::opening::missing;
    use crate::consultations::samples::{ZONE, day, id, now, open};

    fn concluded() -> Consultation {
        Consultation { status: ConsultationStatus::Concluded, concluded_at: Some(now()), ..open() }
    }

    fn facts() -> ClosingRoundFacts {
        ClosingRoundFacts { closes_on: None, exists: false, zone: ZONE }
    }

    fn of(one: &Consultation, facts: ClosingRoundFacts) -> Result<Consultation, Refusal> {
        let next = Cell::new(5000);
        let new_id = || id(next.replace(next.get() + 1));
        closing_round(one, facts, &new_id, now())
    }

    #[test]
    fn it_asks_the_same_people_in_the_same_mode_and_lacks_nothing() {
        for mode in ConsultationMode::ALL {
            let heard_by_others = *mode == ConsultationMode::Anonymous;
            let one = Consultation { mode: *mode, heard_by_others, ..concluded() };
            let round = of(&one, facts()).unwrap();
            assert_eq!((round.mode, round.heard_by_others), (*mode, heard_by_others));
            assert_eq!((&round.audience, &round.facilitators), (&one.audience, &one.facilitators));
            assert_eq!((round.closing_round_of, round.status), (Some(one.id), ConsultationStatus::Open));
            assert_eq!(round.closes_on, Some(day(2026, 5, 22)));
            assert_eq!(round.check(), []);
            // In plain language, too; only a day on which people hear back it has none.
            let lacks: Vec<_> = missing(&round, true, None, day(2026, 5, 1)).into_iter().map(|one| one.code).collect();
            assert_eq!(lacks, ["consultation.report_back_due_missing"]);
            let rungs: Vec<Rung> = experienced(&round.questions[1]).into_iter().map(|(_, rung)| rung).collect();
            assert_eq!(rungs, Rung::ALL);
        }
    }

    #[test]
    fn where_nobody_reads_it_nothing_is_written() {
        let round = of(&Consultation { facilitators: vec![], ..concluded() }, facts()).unwrap();
        assert_eq!(round.questions.len(), 2);
        assert_eq!(of(&concluded(), facts()).unwrap().questions.len(), 3);
    }

    #[test]
    fn it_comes_once_after_the_final_report_back_and_never_of_itself() {
        let code = |refusal| match refusal {
            Err(Refusal::Conflict(code)) => code,
            Err(Refusal::Invalid(faults)) => faults[0].code,
            other => panic!("{other:?}"),
        };
        for status in ConsultationStatus::ALL.iter().filter(|one| **one != ConsultationStatus::Concluded) {
            assert_eq!(code(of(&Consultation { status: *status, ..open() }, facts())), "closing_round.not_concluded");
        }
        let again = ClosingRoundFacts { exists: true, ..facts() };
        assert_eq!(code(of(&concluded(), again)), "closing_round.exists");
        let round = Consultation { status: ConsultationStatus::Concluded, ..of(&concluded(), facts()).unwrap() };
        assert_eq!(code(of(&round, facts())), "closing_round.of_closing_round");
        let on = |closes_on| ClosingRoundFacts { closes_on: Some(closes_on), ..facts() };
        assert_eq!(code(of(&concluded(), on(day(2026, 4, 30)))), "consultation.closes_in_past");
        assert!(of(&concluded(), on(day(2026, 7, 31))).is_ok());
        assert_eq!(code(of(&concluded(), on(day(2026, 8, 1)))), "consultation.closes_too_late");
    }
}
