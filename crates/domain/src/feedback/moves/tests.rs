use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::feedback::{Author, FeedbackKind};
use crate::participants::Channel;
use crate::walks::{self, standings};

const LEGAL: &[(&str, &str)] = &[
    ("draft", "received"),
    ("received", "in_consideration"),
    ("received", "withdrawn"),
    ("received", "merged"),
    ("received", "moderated_out"),
    ("in_consideration", "adopted"),
    ("in_consideration", "partly_adopted"),
    ("in_consideration", "declined"),
    ("in_consideration", "answered"),
    ("in_consideration", "withdrawn"),
    ("in_consideration", "merged"),
    ("in_consideration", "moderated_out"),
    ("adopted", "realised"),
    ("adopted", "not_realised"),
    ("partly_adopted", "realised"),
    ("partly_adopted", "not_realised"),
    ("moderated_out", "received"),
];
const REASONED: &[(&str, &str)] = &[
    ("received", "merged"),
    ("received", "moderated_out"),
    ("in_consideration", "merged"),
    ("in_consideration", "moderated_out"),
    ("adopted", "not_realised"),
    ("partly_adopted", "not_realised"),
];
const ZONE: Tz = chrono_tz::Europe::Amsterdam;
const ADOPTION: [&str; 5] = ["adopted", "partly_adopted", "declined", "realised", "not_realised"];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

fn feedback(kind: FeedbackKind, status: FeedbackStatus) -> Feedback {
    Feedback {
        id: Uuid::from_u128(1),
        addressee: Addressee::Organisation(Uuid::from_u128(2)),
        organisation_id: Uuid::from_u128(2),
        author: Author::Participant(Uuid::from_u128(3)),
        recorded_by: None,
        channel: Channel::Internet,
        kind,
        title: Texts::plain("nl", "Een rustige wachtkamer"),
        body: Texts::plain("nl", "Er is nu nergens een plek zonder radio."),
        status,
        received_at: None,
        answer_due_on: None,
        merged_into: None,
        outcome: None,
        removed: None,
    }
}

fn response(reasons: Option<Texts>) -> OfficialResponse {
    let text = Texts::plain("nl", "We richten een stille kamer in.");
    OfficialResponse { id: Uuid::from_u128(9), feedback_id: Uuid::from_u128(1), text, reasons, made_at: now() }
}

fn facts() -> MoveFacts<'static> {
    MoveFacts { response: None, merge_into: None, outcome: None, answer_days: None, zone: ZONE }
}

fn officer(reason: Option<&str>) -> Mover<'_> {
    Mover { roles: Roles::of(&[Standing::Officer]), author: false, reason }
}

#[test]
fn the_table_is_that_of_the_design() {
    walks::table_is::<FeedbackStatus>(LEGAL, REASONED);
}

#[test]
fn the_answer_is_due_by_the_agreement_else_in_six_weeks() {
    let author = Mover { roles: Roles::NONE, author: true, reason: None };
    let draft = feedback(FeedbackKind::Idea, FeedbackStatus::Draft);
    let sent = transition(&draft, FeedbackStatus::Received, &author, &facts(), now()).unwrap();
    assert_eq!(sent.received_at, Some(now()));
    assert_eq!(sent.answer_due_on, NaiveDate::from_ymd_opt(2026, 7, 9));
    let agreed = MoveFacts { answer_days: Some(14), ..facts() };
    let sent = transition(&draft, FeedbackStatus::Received, &author, &agreed, now()).unwrap();
    assert_eq!(sent.answer_due_on, NaiveDate::from_ymd_opt(2026, 6, 11));
    // An appeal doesn't start the term anew.
    let away = Feedback { status: FeedbackStatus::ModeratedOut, ..sent.clone() };
    let later = now() + chrono::TimeDelta::days(30);
    let back = transition(&away, FeedbackStatus::Received, &author, &facts(), later).unwrap();
    assert_eq!(back, sent);
}

#[test]
fn a_decision_needs_an_answer_and_a_no_needs_reasons() {
    let idea = feedback(FeedbackKind::Idea, FeedbackStatus::InConsideration);
    let go = |to, reason, facts: &MoveFacts| transition(&idea, to, &officer(reason), facts, now());
    let missing = Refusal::Incomplete(vec![Fault::resource("/officialResponses", "feedback.response_missing")]);
    for to in [FeedbackStatus::Adopted, FeedbackStatus::PartlyAdopted, FeedbackStatus::Declined] {
        assert_eq!(go(to, Some("te duur"), &facts()).unwrap_err(), missing);
    }
    let bare = response(None);
    let with = MoveFacts { response: Some(&bare), ..facts() };
    assert_eq!(go(FeedbackStatus::Adopted, None, &with).unwrap().status, FeedbackStatus::Adopted);
    for to in [FeedbackStatus::PartlyAdopted, FeedbackStatus::Declined] {
        assert_eq!(go(to, None, &with).unwrap_err(), Refusal::invalid("/reason", "reason.required"));
        assert_eq!(go(to, Some("te duur"), &with).unwrap().status, to);
    }
    let reasoned = response(Some(Texts::plain("nl", "Er is geen kamer vrij.")));
    let with = MoveFacts { response: Some(&reasoned), ..facts() };
    assert_eq!(go(FeedbackStatus::Declined, None, &with).unwrap().status, FeedbackStatus::Declined);
}

#[test]
fn what_became_of_it_is_kept() {
    let done = Texts::plain("nl", "De stille kamer is open sinds mei.");
    let adopted = feedback(FeedbackKind::Proposal, FeedbackStatus::Adopted);
    let with = MoveFacts { outcome: Some(&done), ..facts() };
    let moved = transition(&adopted, FeedbackStatus::Realised, &officer(None), &with, now()).unwrap();
    assert_eq!(moved.outcome, Some(done));
}

#[test]
fn merging_needs_other_feedback_that_goes_on_at_the_same_address() {
    let idea = feedback(FeedbackKind::Idea, FeedbackStatus::Received);
    let merge = |target: Option<&Feedback>| {
        let facts = MoveFacts { merge_into: target, ..facts() };
        transition(&idea, FeedbackStatus::Merged, &officer(Some("gaat over hetzelfde")), &facts, now())
    };
    assert_eq!(merge(None).unwrap_err(), Refusal::invalid("/mergedIntoId", "feedback.merge_target_missing"));
    let other = Feedback { id: Uuid::from_u128(7), ..idea.clone() };
    assert_eq!(merge(Some(&other)).unwrap().merged_into, Some(other.id));
    let elsewhere = Feedback { addressee: Addressee::Network(Uuid::from_u128(2)), ..other.clone() };
    let ended = Feedback { status: FeedbackStatus::Merged, ..other };
    for wrong in [&idea, &elsewhere, &ended] {
        assert_eq!(merge(Some(wrong)).unwrap_err(), Refusal::invalid("/mergedIntoId", "reference.unknown"));
    }
}

#[test]
fn what_is_addressed_to_a_network_its_host_does_not_answer() {
    let to_network = Addressee::Network(Uuid::from_u128(5));
    let idea = Feedback { addressee: to_network, ..feedback(FeedbackKind::Idea, FeedbackStatus::Received) };
    let all = Mover { roles: Roles::of(&[Standing::Manager, Standing::Officer]), author: false, reason: Some("x") };
    assert!(allowed(&idea, &all).is_empty());
    let chair = Mover { roles: Roles::of(&[Standing::Chair]), ..all };
    assert_eq!(allowed(&idea, &chair), [FeedbackStatus::InConsideration, FeedbackStatus::Merged]);
    // Being a participant of the place makes nobody the author.
    let somebody = Mover { roles: Roles::of(&[Standing::Participant]), ..all };
    assert!(allowed(&idea, &somebody).is_empty());
}

#[test]
fn a_signal_stays_between_its_author_and_whom_they_tell() {
    let officer = Roles::of(&[Standing::Officer]);
    let seen = |kind, status, author, roles, nearby| feedback(kind, status).may_be_seen(author, roles, nearby);
    for kind in FeedbackKind::ALL.iter().copied() {
        assert!(seen(kind, FeedbackStatus::Draft, true, Roles::NONE, false));
        assert!(!seen(kind, FeedbackStatus::Draft, false, officer, true));
        assert!(seen(kind, FeedbackStatus::Received, false, officer, false));
        assert!(!seen(kind, FeedbackStatus::Received, false, Roles::of(&[Standing::Coordinator]), false));
        assert!(!seen(kind, FeedbackStatus::Received, false, Roles::of(&[Standing::Admin]), false));
        assert_eq!(seen(kind, FeedbackStatus::Received, false, Roles::NONE, true), kind.is_shared());
        assert!(!seen(kind, FeedbackStatus::ModeratedOut, false, Roles::NONE, true));
    }
}

#[test]
fn all_faults_come_at_once() {
    let mut bad = feedback(FeedbackKind::Idea, FeedbackStatus::Draft);
    assert_eq!(bad.check(), []);
    bad.author = Author::Organisation(Uuid::from_u128(2));
    bad.channel = Channel::Phone;
    let codes: Vec<_> = bad.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
    let expected = [("/addressee", "feedback.author_is_addressee"), ("/channel", "feedback.channel_needs_recorder")];
    assert_eq!(codes, expected.map(|(at, code)| (at.to_owned(), code)));
    bad.recorded_by = Some(Uuid::from_u128(8));
    assert_eq!(bad.check().len(), 1);
}

#[test]
fn support_is_for_what_is_shared_and_waits() {
    let idea = feedback(FeedbackKind::Idea, FeedbackStatus::Received);
    assert_eq!(idea.may_be_supported(false), Ok(()));
    assert_eq!(idea.may_be_supported(true), Err(Refusal::Conflict("support.own")));
    let signal = feedback(FeedbackKind::Signal, FeedbackStatus::Received);
    assert_eq!(signal.may_be_supported(false), Err(Refusal::Conflict("support.not_shared")));
    let done = feedback(FeedbackKind::Idea, FeedbackStatus::Declined);
    assert_eq!(done.may_be_supported(false), Err(Refusal::Conflict("support.closed")));
}

proptest! {
    #[test]
    fn random_walks_stay_on_the_table(attempts in prop::collection::vec((0usize..12, any::<u32>(), any::<bool>()), 1..40)) {
        walks::walk(FeedbackStatus::Draft, FeedbackStatus::ALL, LEGAL, &attempts);
    }

    #[test]
    fn no_kind_reaches_a_state_of_the_other_path(
        kind in prop::sample::select(FeedbackKind::ALL),
        to_network in any::<bool>(),
        answered in any::<bool>(),
        attempts in prop::collection::vec((0usize..12, any::<u32>(), any::<bool>(), any::<bool>()), 1..40),
    ) {
        let mut here = feedback(kind, FeedbackStatus::Draft);
        if to_network {
            here.addressee = Addressee::Network(Uuid::from_u128(5));
        }
        let other = Feedback { id: Uuid::from_u128(7), status: FeedbackStatus::Received, ..here.clone() };
        let reply = response(None);
        let facts = MoveFacts { response: answered.then_some(&reply), merge_into: Some(&other), ..facts() };
        for (which, bits, author, reasoned) in attempts {
            let to = FeedbackStatus::ALL[which];
            let mover = Mover { roles: standings(bits), author, reason: reasoned.then_some("daarom") };
            let mine = allowed(&here, &mover);
            let legal = LEGAL.contains(&(here.status.code(), to.code())) && to.is_for(kind);
            match transition(&here, to, &mover, &facts, now()) {
                Ok(moved) => {
                    prop_assert!(legal && mine.contains(&to));
                    prop_assert!(ADOPTION.contains(&to.code()) <= !kind.is_answered());
                    prop_assert!((to == FeedbackStatus::Answered) <= kind.is_answered());
                    prop_assert!(answered || !to.needs_response());
                    here = moved;
                }
                Err(Refusal::IllegalMove { allowed }) => {
                    prop_assert!(!legal);
                    prop_assert_eq!(allowed, mine.into_iter().map(FeedbackStatus::code).collect::<Vec<_>>());
                }
                Err(Refusal::Forbidden) => prop_assert!(legal && !mine.contains(&to)),
                Err(Refusal::Invalid(_)) => prop_assert!(legal && !reasoned),
                Err(Refusal::Incomplete(_)) => prop_assert!(legal && !answered && to.needs_response()),
                Err(other) => prop_assert!(false, "{other:?}"),
            }
            prop_assert_eq!(here.received_at.is_some(), here.status != FeedbackStatus::Draft);
        }
    }
}
