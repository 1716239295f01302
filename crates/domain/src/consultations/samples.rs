//! What the tests of this room start from.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::*;
use crate::networks::Rung;
use crate::text::Texts;

pub(super) const ZONE: Tz = chrono_tz::Europe::Amsterdam;

pub(super) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(super) fn now() -> DateTime<Utc> {
    day(2026, 5, 1).and_hms_opt(9, 0, 0).unwrap().and_utc()
}

pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(super) fn texts(value: &str) -> Texts {
    Texts::plain("nl", value)
}

pub(super) fn options(count: u128) -> Vec<Choice> {
    (0..count).map(|number| Choice { id: id(1000 + number), label: texts("keuze"), own_words: false }).collect()
}

pub(super) fn question(number: u128, kind: QuestionKind) -> Question {
    Question {
        id: id(number),
        kind,
        prompt: texts("Wat vindt u?"),
        required: false,
        sensitive: false,
        in_records: false,
        placement: Placement::default(),
    }
}

/// A single choice, two of three, a scale of 1 to 5, and an open question.
pub(super) fn questions() -> Vec<Question> {
    vec![
        Question { required: true, ..question(101, QuestionKind::SingleChoice { options: options(3) }) },
        question(102, QuestionKind::MultipleChoice { options: options(3), least: Some(2), most: Some(2) }),
        question(103, QuestionKind::Scale { least: 1, most: 5, labels: Vec::new() }),
        question(104, QuestionKind::OpenText { max_length: 20 }),
    ]
}

/// Two rows, of each of which one of three columns is said.
pub(super) fn matrix() -> QuestionKind {
    let row = |number: u128| MatrixRow { id: id(2000 + number), label: texts("rij") };
    QuestionKind::Matrix { rows: (0..2).map(row).collect(), columns: options(3) }
}

/// Dots to divide over three options.
pub(super) fn dots(dots: i32, most_each: Option<i32>, use_all: bool) -> QuestionKind {
    QuestionKind::Dots { options: options(3), dots, most_each, use_all }
}

/// An option for each of these costs, within a budget.
pub(super) fn budget(costs: &[i32], budget: i32) -> QuestionKind {
    let options = options(u128::try_from(costs.len()).unwrap());
    QuestionKind::Budget { options, costs: costs.to_vec(), budget, unit: BudgetUnit::Euro }
}

/// Those, and one of every other kind.
pub(super) fn every_kind() -> Vec<Question> {
    let mut all = questions();
    all.push(question(105, QuestionKind::Statement));
    all.push(question(106, QuestionKind::Number { least: 1, most: 5, unit: None, bands: vec![1, 3] }));
    let (earliest, latest) = (day(2026, 1, 31), day(2026, 3, 1));
    all.push(question(107, QuestionKind::Date { earliest, latest, counted_by: Period::Month }));
    let mut other = options(3);
    other[2].own_words = true;
    all.push(question(108, QuestionKind::SingleChoice { options: other.clone() }));
    all.push(question(109, QuestionKind::MultipleChoice { options: other, least: None, most: Some(2) }));
    all.push(question(110, QuestionKind::Ranking { options: options(3), most: Some(2) }));
    all.push(question(111, matrix()));
    all.push(question(112, dots(4, Some(3), true)));
    all.push(question(113, budget(&[10, 20, 30], 50)));
    all
}

/// A draft from which nothing is missing.
pub(super) fn consultation() -> Consultation {
    Consultation {
        id: id(1),
        organisation_id: id(2),
        programme_id: None,
        title: texts("Wonen met zorg"),
        goal: Some(texts("Weten wat nodig is.")),
        limits: Some(texts("Het gebouw staat vast.")),
        rung: Some(Rung::Advise),
        mode: ConsultationMode::Named,
        heard_by_others: false,
        one_answer_by: OneAnswerBy::Invitation,
        audience: Audience { network_ids: vec![id(20)], ..Audience::default() },
        breakdowns: Breakdowns::default(),
        interim_results: false,
        builds_on: None,
        asking: Asking::default(),
        facilitators: vec![id(10)],
        questions: questions(),
        closes_on: Some(day(2026, 5, 31)),
        report_back_due_on: None,
        report_back_due_reason: None,
        report_back_first_due_on: None,
        closing_round_of: None,
        status: ConsultationStatus::Draft,
        opened_at: None,
        closed_at: None,
        entries_until_on: None,
        concluded_at: None,
        sealed_at: None,
    }
}

pub(super) fn open() -> Consultation {
    Consultation {
        status: ConsultationStatus::Open,
        opened_at: Some(now()),
        report_back_due_on: Some(day(2026, 7, 12)),
        ..consultation()
    }
}

pub(super) fn facts() -> MoveFacts<'static> {
    MoveFacts {
        reached: 1,
        drawn: false,
        plain_language_required: false,
        report_back_weeks: None,
        final_report_back: None,
        zone: ZONE,
    }
}

pub(super) fn report_back(points: Vec<Point>) -> ReportBack {
    ReportBack {
        id: id(30),
        consultation_id: id(1),
        kind: ReportBackKind::Final,
        status: ReportBackStatus::Draft,
        heard: texts("U wilt meer groen."),
        themes: Vec::new(),
        points,
        edition: 1,
        published_at: None,
    }
}
