use proptest::prelude::*;

use super::*;
use crate::consultations::samples::{consultation, day, id, open, questions, report_back, texts};
use crate::text::{MadeBy, Text};

fn point(outcome: PointOutcome) -> Point {
    let (done, reason) = (None, Some(texts("Er is geen plek.")));
    Point { text: texts("Meer groen"), outcome, done, reason, question_ids: vec![id(101)], theme_ids: vec![] }
}

fn theme(number: u128) -> Theme {
    Theme { id: id(number), title: texts("Buiten") }
}

fn published(points: Vec<Point>) -> ReportBack {
    let (status, published_at) = (ReportBackStatus::Published, day(2026, 6, 1).and_hms_opt(9, 0, 0));
    ReportBack { status, published_at: published_at.map(|at| at.and_utc()), ..report_back(points) }
}

fn lacking(refused: Result<ReportBack, Refusal>) -> Vec<(String, &'static str)> {
    match refused {
        Err(Refusal::Incomplete(faults)) => faults.into_iter().map(|fault| (fault.location, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_point_rests_on_what_was_asked_here_and_on_themes_named_here() {
    let mut told = report_back(vec![Point {
        question_ids: vec![id(101), id(999), id(101)],
        theme_ids: vec![id(8), id(7)],
        ..point(PointOutcome::Followed)
    }]);
    told.themes = vec![theme(7), theme(7)];
    let found: Vec<_> = told.check(&questions(), &[]).into_iter().map(|fault| (fault.location, fault.code)).collect();
    let expected = [
        ("/themes/1", "theme.repeated"),
        ("/points/0/questionIds/2", "question.repeated"),
        ("/points/0/questionIds/1", "report_back.question_unknown"),
        ("/points/0/themeIds/0", "report_back.theme_unknown"),
    ];
    assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
    assert_eq!(report_back(vec![point(PointOutcome::Followed)]).check(&questions(), &[]), []);
    // A theme that was put on what people wrote is a ground, too.
    let coded = Point { theme_ids: vec![id(8)], ..point(PointOutcome::Followed) };
    assert_eq!(report_back(vec![coded]).check(&questions(), &[id(8)]), []);
}

#[test]
fn what_was_heard_is_decided_in_the_end_and_no_point_rests_on_nothing() {
    let facts = TellingFacts { rung: Some(Rung::Advise), plain_language_required: false };
    let undecided = Point { question_ids: vec![], ..point(PointOutcome::Heard) };
    let mut told = report_back(vec![point(PointOutcome::Followed), undecided]);
    let codes = |told: &ReportBack| told.missing(facts).into_iter().map(|one| one.code).collect::<Vec<_>>();
    assert_eq!(codes(&told), ["report_back.ground_missing", "report_back.undecided"]);
    told.kind = ReportBackKind::Interim;
    assert_eq!(codes(&told), ["report_back.ground_missing"]);
    told.points[1].theme_ids = vec![id(7)];
    assert_eq!(codes(&told), Vec::<&str>::new());
}

#[test]
fn where_a_network_demands_it_every_word_of_it_is_plain_too() {
    let facts = TellingFacts { rung: None, plain_language_required: true };
    let mut told = report_back(vec![Point { done: Some(texts("Wij planten.")), ..point(PointOutcome::Followed) }]);
    told.themes = vec![theme(7)];
    let places: Vec<_> = told.missing(facts).into_iter().map(|one| one.location).collect();
    assert_eq!(places, ["/heard", "/themes/0/title", "/points/0/text", "/points/0/done", "/points/0/reason"]);
    let text = |language: &str| Text {
        language: language.to_owned(),
        value: "Groen.".to_owned(),
        made_by: MadeBy::Human,
        stale: false,
    };
    let both = Texts::new(vec![text("nl"), text("nl-simple")]).unwrap();
    let plain = ReportBack { heard: both, ..report_back(vec![]) };
    assert_eq!(plain.missing(facts), []);
}

#[test]
fn what_was_published_is_corrected_by_a_new_version() {
    let said = published(vec![point(PointOutcome::Followed)]);
    let over = Consultation { status: ConsultationStatus::Concluded, ..open() };
    let other = report_back(vec![point(PointOutcome::NotFollowed)]);
    let next = said.corrected(other.clone(), &over, false).unwrap();
    assert_eq!((next.edition, next.published_at, next.id), (2, said.published_at, said.id));
    assert_eq!(next.points, other.points);
    let bare = report_back(vec![Point { reason: None, ..point(PointOutcome::NotFollowed) }]);
    let lacks = lacking(said.corrected(bare, &over, false));
    assert_eq!(lacks, [("/points/0/reason".to_owned(), "report_back.reason_missing")]);
    let refused = |result: Result<ReportBack, Refusal>| match result {
        Err(Refusal::Conflict(code)) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(other.corrected(other.clone(), &over, false)), "report_back.not_published");
    let same = report_back(vec![point(PointOutcome::Followed)]);
    assert_eq!(refused(said.corrected(same, &over, false)), "report_back.unchanged");
    let last = ReportBack { edition: 20, ..said.clone() };
    assert_eq!(refused(last.corrected(other.clone(), &over, false)), "report_back.too_many_versions");
    let off = Consultation { status: ConsultationStatus::Withdrawn, ..open() };
    assert_eq!(refused(said.corrected(other, &off, false)), "consultation.ended");
}

#[test]
fn nothing_is_told_back_of_a_closing_round() {
    let round = Consultation { closing_round_of: Some(id(1)), ..open() };
    let made = ReportBack::may_be_made(&round, ReportBackKind::Interim, false);
    assert_eq!(made, Err(Refusal::Conflict("report_back.of_closing_round")));
    assert!(ReportBack::may_be_made(&consultation(), ReportBackKind::Interim, false).is_err());
}

fn outcomes() -> impl Strategy<Value = PointOutcome> {
    prop::sample::select(PointOutcome::ALL)
}

proptest! {
    /// From `advise` up nobody is left without why: what may be published has a reason
    /// for every point that isn't wholly followed, and something on which it rests.
    #[test]
    fn what_lacks_nothing_says_why(
        all in prop::collection::vec((outcomes(), any::<bool>(), any::<bool>()), 0..6),
        rung in prop::option::of(prop::sample::select(Rung::ALL)),
        last in any::<bool>(),
    ) {
        let points = all.iter().map(|(outcome, reasoned, grounded)| Point {
            reason: reasoned.then(|| texts("Daarom.")),
            question_ids: if *grounded { vec![id(101)] } else { vec![] },
            ..point(*outcome)
        });
        let kind = if last { ReportBackKind::Final } else { ReportBackKind::Interim };
        let told = ReportBack { kind, ..report_back(points.collect()) };
        let whole = told.missing(TellingFacts { rung, plain_language_required: false }).is_empty();
        let reasons = all.iter().all(|(outcome, reasoned, _)| match outcome {
            PointOutcome::Followed | PointOutcome::Heard => true,
            PointOutcome::PartlyFollowed | PointOutcome::NotFollowed => *reasoned || rung < Some(Rung::Advise),
        });
        let decided = !last || all.iter().all(|(outcome, _, _)| *outcome != PointOutcome::Heard);
        prop_assert_eq!(whole, reasons && decided && all.iter().all(|(_, _, grounded)| *grounded));
    }
}
