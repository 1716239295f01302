use proptest::prelude::*;

use super::*;
use crate::consultations::samples::{consultation, day, facts, id, now, open, report_back, texts};
use crate::consultations::{Point, PointOutcome, ReportBackStatus};
use crate::networks::Rung;
use crate::policy::Standing;
use crate::walks::{self, standings};

const LEGAL: &[(&str, &str)] =
    &[("draft", "open"), ("draft", "withdrawn"), ("open", "closed"), ("open", "withdrawn"), ("closed", "concluded")];
const REASONED: &[(&str, &str)] = &[("draft", "withdrawn"), ("open", "withdrawn")];

fn manager(reason: Option<&str>) -> Mover<'_> {
    Mover { roles: Roles::of(&[Standing::Manager]), reason }
}

fn missing_of(refused: Result<Moved, Refusal>) -> Vec<(String, &'static str)> {
    match refused {
        Err(Refusal::Incomplete(faults)) => faults.into_iter().map(|fault| (fault.location, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_tables_are_those_of_the_design() {
    walks::table_is::<ConsultationStatus>(LEGAL, REASONED);
    walks::table_is::<ReportBackStatus>(&[("draft", "published")], &[]);
}

#[test]
fn opening_promises_a_day_six_weeks_after_closing() {
    let moved = transition(&consultation(), ConsultationStatus::Open, manager(None), facts(), now()).unwrap();
    assert_eq!(moved.consultation, open());
    assert_eq!(moved.consultation.report_back_due_on, Some(day(2026, 7, 12)));
    let agreed = MoveFacts { report_back_weeks: Some(4), ..facts() };
    let moved = transition(&consultation(), ConsultationStatus::Open, manager(None), agreed, now()).unwrap();
    assert_eq!(moved.consultation.report_back_due_on, Some(day(2026, 6, 28)));
    let late = Consultation { report_back_due_on: Some(day(2026, 7, 1)), ..consultation() };
    let refused = transition(&late, ConsultationStatus::Open, manager(None), agreed, now());
    assert_eq!(missing_of(refused), [("/reportBackDueOn".to_owned(), "consultation.report_back_past_term")]);
}

#[test]
fn all_that_opening_needs_is_said_at_once() {
    let mut bare = Consultation { goal: None, limits: None, rung: None, closes_on: None, ..consultation() };
    bare.questions.clear();
    bare.audience.network_ids.clear();
    let found = missing_of(transition(&bare, ConsultationStatus::Open, manager(None), facts(), now()));
    let expected = [
        ("/audience/networkIds", "consultation.audience_missing"),
        ("/closesOn", "consultation.closes_on_missing"),
        ("/goal", "consultation.goal_missing"),
        ("/limits", "consultation.limits_missing"),
        ("/questions", "consultation.questions_missing"),
        ("/rung", "consultation.rung_missing"),
    ];
    assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
    let unread = Consultation { facilitators: Vec::new(), ..consultation() };
    let nobody = MoveFacts { reached: 0, ..facts() };
    let found = missing_of(transition(&unread, ConsultationStatus::Open, manager(None), nobody, now()));
    let expected =
        [("/audience", "consultation.audience_empty"), ("/facilitators", "consultation.facilitators_missing")];
    assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
    let past = Consultation { closes_on: Some(day(2026, 4, 30)), ..consultation() };
    let found = missing_of(transition(&past, ConsultationStatus::Open, manager(None), facts(), now()));
    assert_eq!(found, [("/closesOn".to_owned(), "consultation.closes_in_past")]);
}

#[test]
fn where_a_network_demands_it_every_text_is_plain_too() {
    let demands = MoveFacts { plain_language_required: true, ..facts() };
    let found = missing_of(transition(&consultation(), ConsultationStatus::Open, manager(None), demands, now()));
    assert!(found.iter().all(|(_, code)| *code == "text.plain_missing"));
    let places: Vec<_> = found.iter().map(|(at, _)| at.as_str()).collect();
    for place in ["/title", "/goal", "/limits", "/questions/3/prompt", "/questions/1/options/2/label"] {
        assert!(places.contains(&place), "{place}");
    }
    // Three texts, four prompts, six options.
    assert_eq!(places.len(), 13);
}

#[test]
fn concluding_publishes_the_final_report_back() {
    let closed = Consultation { status: ConsultationStatus::Closed, ..open() };
    let conclude = |report_back: Option<&ReportBack>, rung: Rung| {
        let closed = Consultation { rung: Some(rung), ..closed.clone() };
        let facts = MoveFacts { final_report_back: report_back, ..facts() };
        transition(&closed, ConsultationStatus::Concluded, manager(None), facts, now())
    };
    let without = [("/finalReportBack".to_owned(), "consultation.final_report_back_missing")];
    assert_eq!(missing_of(conclude(None, Rung::Inform)), without);
    let interim = ReportBack { kind: ReportBackKind::Interim, ..report_back(vec![]) };
    assert_eq!(missing_of(conclude(Some(&interim), Rung::Inform)), without);
    let another = ReportBack { consultation_id: id(9), ..report_back(vec![]) };
    assert_eq!(missing_of(conclude(Some(&another), Rung::Inform)), without);

    let point = |outcome, reason: Option<&str>| Point {
        text: texts("Meer groen"),
        outcome,
        done: None,
        reason: reason.map(texts),
        question_ids: vec![id(101)],
        theme_ids: vec![],
    };
    let unexplained = report_back(vec![
        point(PointOutcome::Followed, None),
        point(PointOutcome::NotFollowed, None),
        point(PointOutcome::PartlyFollowed, Some("Alleen voor.")),
        point(PointOutcome::PartlyFollowed, None),
    ]);
    let faults = ["/finalReportBack/points/1/reason", "/finalReportBack/points/3/reason"];
    for rung in [Rung::Advise, Rung::Coproduce, Rung::Codecide, Rung::SelfGovern] {
        let found = missing_of(conclude(Some(&unexplained), rung));
        assert_eq!(found, faults.map(|at| (at.to_owned(), "report_back.reason_missing")));
    }
    let moved = conclude(Some(&unexplained), Rung::Consult).unwrap();
    let published = moved.report_back.unwrap();
    assert_eq!((published.status, published.published_at), (ReportBackStatus::Published, Some(now())));
    assert_eq!(moved.consultation.concluded_at, Some(now()));
}

#[test]
fn a_closing_round_ends_closed() {
    let round = Consultation {
        status: ConsultationStatus::Closed,
        closing_round_of: Some(id(9)),
        report_back_due_on: None,
        ..open()
    };
    let prepared = report_back(vec![]);
    let facts = MoveFacts { final_report_back: Some(&prepared), ..facts() };
    let concluded = transition(&round, ConsultationStatus::Concluded, manager(None), facts, now());
    assert_eq!(concluded, Err(Refusal::Conflict("consultation.closing_round_ends_closed")));
}

#[test]
fn an_interim_report_back_is_published_by_itself_a_final_one_is_not() {
    let roles = Roles::of(&[Standing::Manager]);
    let to = ReportBackStatus::Published;
    let interim = ReportBack { kind: ReportBackKind::Interim, ..report_back(vec![]) };
    let published = interim.publish(to, (&open(), false), roles, now()).unwrap();
    assert_eq!(published.may_change(&open()), Err(Refusal::Conflict("report_back.published")));
    assert_eq!(published.publish(to, (&open(), false), roles, now()), Err(Refusal::IllegalMove { allowed: vec![] }));
    let refused = report_back(vec![]).publish(to, (&open(), false), roles, now());
    assert_eq!(refused, Err(Refusal::Conflict("report_back.final_by_concluding")));
    let made = |consultation: &Consultation, kind, has_final| ReportBack::may_be_made(consultation, kind, has_final);
    assert_eq!(made(&open(), ReportBackKind::Interim, true), Ok(()));
    let twice = made(&open(), ReportBackKind::Final, true);
    assert_eq!(twice, Err(Refusal::Conflict("report_back.final_exists")));
    let early = made(&consultation(), ReportBackKind::Final, false);
    assert_eq!(early, Err(Refusal::Conflict("report_back.not_opened")));
}

proptest! {
    #[test]
    fn random_walks_stay_on_the_table(attempts in prop::collection::vec((0usize..5, any::<u32>(), any::<bool>()), 1..40)) {
        walks::walk(ConsultationStatus::Draft, ConsultationStatus::ALL, LEGAL, &attempts);
        walks::walk(ReportBackStatus::Draft, ReportBackStatus::ALL, &[("draft", "published")], &attempts);
    }

    #[test]
    fn no_walk_leaves_people_without_an_answer(
        attempts in prop::collection::vec((0usize..5, any::<u32>(), any::<bool>(), any::<bool>()), 1..30),
    ) {
        let mut here = consultation();
        let prepared = report_back(vec![]);
        for (which, bits, reasoned, ready) in attempts {
            let to = ConsultationStatus::ALL[which];
            let mover = Mover { roles: standings(bits), reason: reasoned.then_some("daarom") };
            let facts = MoveFacts { final_report_back: ready.then_some(&prepared), ..facts() };
            let legal = LEGAL.contains(&(here.status.code(), to.code()));
            match transition(&here, to, mover, facts, now()) {
                Ok(moved) => {
                    prop_assert!(legal);
                    prop_assert_eq!(moved.report_back.is_some(), to == ConsultationStatus::Concluded);
                    here = moved.consultation;
                    let opened = here.opened_at.is_some() && here.rung.is_some() && here.report_back_due_on.is_some();
                    prop_assert!(opened || here.status == ConsultationStatus::Withdrawn);
                }
                Err(Refusal::IllegalMove { .. }) => prop_assert!(!legal),
                Err(Refusal::Incomplete(_)) => prop_assert!(to == ConsultationStatus::Concluded && !ready),
                Err(Refusal::Forbidden | Refusal::Invalid(_)) => prop_assert!(legal),
                Err(other) => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
