use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::consultations::samples::{ZONE, consultation, day, id, now, open, texts};
use crate::consultations::{ConsultationMode, QuestionKind};
use crate::networks::Rung;
use crate::text::{MadeBy, Text};

fn facts(responses: i64) -> ChangeFacts {
    ChangeFacts { responses, plain_language_required: false, report_back_weeks: Some(8), zone: ZONE }
}

fn closed() -> Consultation {
    Consultation { status: ConsultationStatus::Closed, closed_at: Some(now()), ..open() }
}

fn codes(old: &Consultation, new: &Consultation, responses: i64) -> Vec<(String, &'static str)> {
    match change(old, new.clone(), facts(responses), now()) {
        Ok(_) => Vec::new(),
        Err(Refusal::Invalid(faults)) => faults
            .into_iter()
            .map(|fault| {
                assert_eq!(fault.place, FaultIn::Body);
                (fault.location, fault.code)
            })
            .collect(),
        Err(other) => panic!("{other:?}"),
    }
}

fn at(location: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(location.to_owned(), code)]
}

fn with_language(old: &Texts, language: &str) -> Texts {
    let more = Text { language: language.to_owned(), value: "ook zo".to_owned(), made_by: MadeBy::Human, stale: false };
    Texts::new([old.variants(), &[more]].concat()).unwrap()
}

#[test]
fn a_draft_changes_freely_and_keeps_what_the_lifecycle_keeps() {
    let wanted = Consultation {
        id: id(99),
        organisation_id: id(98),
        status: ConsultationStatus::Concluded,
        opened_at: Some(now()),
        goal: None,
        questions: Vec::new(),
        mode: ConsultationMode::Confidential,
        ..consultation()
    };
    let changed = change(&consultation(), wanted, facts(0), now()).unwrap();
    assert_eq!((changed.id, changed.organisation_id, changed.opened_at), (id(1), id(2), None));
    assert_eq!((changed.status, changed.mode), (ConsultationStatus::Draft, ConsultationMode::Confidential));
}

#[test]
fn before_the_first_answer_questions_may_still_be_mended() {
    let mut new = open();
    new.questions.pop();
    new.facilitators.push(id(11));
    new.rung = Some(Rung::Inform);
    assert_eq!(codes(&open(), &new, 0), []);
    new.mode = ConsultationMode::Confidential;
    assert_eq!(codes(&open(), &new, 0), at("/mode", "consultation.mode_fixed"));
    new.mode = ConsultationMode::Named;
    new.questions.clear();
    assert_eq!(codes(&open(), &new, 0), at("/questions", "consultation.questions_missing"));
}

#[test]
fn after_the_first_answer_a_language_is_all_that_can_be_added() {
    let mut new = open();
    new.questions[0].prompt = with_language(&new.questions[0].prompt, "nl-simple");
    if let QuestionKind::SingleChoice { options } = &mut new.questions[0].kind {
        options[1].label = with_language(&options[1].label, "ar");
    }
    assert_eq!(codes(&open(), &new, 3), []);
    let fixed = |change: fn(&mut Consultation)| {
        let mut new = open();
        change(&mut new);
        codes(&open(), &new, 1)
    };
    assert_eq!(fixed(|c| c.questions[1].prompt = texts("Anders?")), at("/questions/1", "question.fixed"));
    assert_eq!(fixed(|c| c.questions[2].required = true), at("/questions/2", "question.fixed"));
    assert_eq!(fixed(|c| c.questions[2].sensitive = true), at("/questions/2", "question.fixed"));
    assert_eq!(fixed(|c| c.questions.truncate(3)), at("/questions", "question.fixed"));
    let swapped = [at("/questions/0", "question.fixed"), at("/questions/1", "question.fixed")].concat();
    assert_eq!(fixed(|c| c.questions.swap(0, 1)), swapped);
    let without = fixed(|c| {
        if let QuestionKind::SingleChoice { options } = &mut c.questions[0].kind {
            options.pop();
        }
    });
    assert_eq!(without, at("/questions/0", "question.fixed"));
    // The old default may not become a translation.
    let turned = fixed(|c| {
        let mut variants = with_language(&c.questions[0].prompt, "en").variants().to_vec();
        variants.reverse();
        c.questions[0].prompt = Texts::new(variants).unwrap();
    });
    assert_eq!(turned, at("/questions/0", "question.fixed"));
}

#[test]
fn readers_are_not_added_and_promises_not_lowered() {
    let mut new = open();
    new.facilitators = vec![id(11)];
    assert_eq!(codes(&open(), &new, 1), at("/facilitators/0", "consultation.reader_added"));
    // What people wrote is never left without a reader.
    new.facilitators.clear();
    assert_eq!(codes(&open(), &new, 1), at("/facilitators", "consultation.facilitators_missing"));
    new.facilitators = open().facilitators;
    new.rung = Some(Rung::Codecide);
    assert_eq!(codes(&open(), &new, 1), []);
    new.rung = Some(Rung::Consult);
    assert_eq!(codes(&open(), &new, 1), at("/rung", "consultation.rung_lowered"));
}

#[test]
fn the_day_of_hearing_back_moves_once_and_is_explained() {
    for old in [open(), closed()] {
        let mut new = Consultation { report_back_due_on: Some(day(2026, 7, 20)), ..old.clone() };
        assert_eq!(codes(&old, &new, 1), at("/reportBackDueReason", "consultation.report_back_reason_missing"));
        new.report_back_due_reason = Some(texts("De raad vergadert later."));
        assert_eq!(codes(&old, &new, 1), []);
        let again = Consultation { report_back_due_on: Some(day(2026, 7, 22)), ..new.clone() };
        assert_eq!(codes(&new, &again, 1), at("/reportBackDueOn", "consultation.report_back_moved_before"));
        let silent = Consultation { report_back_due_reason: None, ..new.clone() };
        let moveless = at("/reportBackDueReason", "consultation.report_back_reason_without_move");
        assert_eq!(codes(&new, &silent, 1), moveless);
        assert_eq!(
            codes(&old, &Consultation { report_back_due_on: old.report_back_due_on, ..new.clone() }, 1),
            moveless
        );
        new.report_back_due_on = Some(day(2026, 8, 1));
        assert_eq!(codes(&old, &new, 1), at("/reportBackDueOn", "consultation.report_back_past_term"));
    }
}

#[test]
fn what_closed_keeps_its_audience_and_what_ended_changes_no_more() {
    let mut new = closed();
    new.audience.network_ids.push(id(21));
    new.closes_on = Some(day(2026, 6, 1));
    let both = [at("/audience", "consultation.closed_fixed"), at("/closesOn", "consultation.closed_fixed")].concat();
    assert_eq!(codes(&closed(), &new, 0), both);
    for status in [ConsultationStatus::Concluded, ConsultationStatus::Withdrawn] {
        let ended = Consultation { status, ..closed() };
        assert_eq!(change(&ended, ended.clone(), facts(0), now()), Err(Refusal::Conflict("consultation.ended")));
    }
}

fn touched(which: u8, consultation: &mut Consultation) {
    match which {
        0 => consultation.questions.swap(0, 2),
        1 => consultation.questions[3].kind = QuestionKind::OpenText { max_length: 21 },
        2 => consultation.facilitators.push(Uuid::from_u128(77)),
        3 => consultation.facilitators.clear(),
        4 => consultation.rung = Some(Rung::Inform),
        5 => consultation.rung = Some(Rung::SelfGovern),
        6 => consultation.title = texts("Anders genoemd"),
        7 => {
            let more = with_language(&consultation.questions[1].prompt, "en");
            consultation.questions[1].prompt = more;
        }
        8 => consultation.mode = ConsultationMode::Confidential,
        _ => consultation.audience.network_ids.push(Uuid::from_u128(78)),
    }
}

proptest! {
    #[test]
    fn whatever_is_tried_after_an_answer_what_people_answered_to_stands(
        tried in prop::collection::btree_set(0u8..10, 0..6),
        is_closed in any::<bool>(),
    ) {
        let old = if is_closed { closed() } else { open() };
        let mut wanted = old.clone();
        for which in &tried {
            touched(*which, &mut wanted);
        }
        if let Ok(new) = change(&old, wanted, facts(1), now()) {
            let skeletons = |c: &Consultation| c.questions.iter().map(Question::skeleton).collect::<Vec<_>>();
            prop_assert_eq!(skeletons(&new), skeletons(&old));
            for (before, after) in old.questions.iter().zip(&new.questions) {
                prop_assert_eq!(after.prompt.variants().first(), before.prompt.variants().first());
            }
            prop_assert!(new.rung >= old.rung && new.mode == old.mode);
            prop_assert!(new.facilitators.iter().all(|account| old.facilitators.contains(account)));
            prop_assert!(!is_closed || new.audience == old.audience);
        } else {
            let unread = tried.contains(&3) && !tried.contains(&2);
            let refused = tried.iter().any(|which| [0, 1, 2, 4, 8].contains(which) || (is_closed && *which == 9));
            prop_assert!(refused || unread);
        }
    }
}
