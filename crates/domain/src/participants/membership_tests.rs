//! Tests of memberships and of who may do what with people.

use proptest::prelude::*;
use uuid::Uuid;

use super::membership::{Member, Membership, MembershipRole, MembershipStatus};
use super::operations;
use crate::lifecycle::{open_codes, take};
use crate::networks::network_tests::network;
use crate::networks::{Network, NetworkKind, NetworkStatus, Perspective, Ring, Rung};
use crate::policy::{Access, Caller, Held, Operation, Place, Roles, Scope, Standing, authorise};
use crate::refusal::Refusal;
use crate::walks;

const LEGAL: &[(&str, &str)] = &[
    ("invited", "active"),
    ("invited", "declined"),
    ("applied", "waiting"),
    ("applied", "active"),
    ("applied", "declined"),
    ("waiting", "active"),
    ("waiting", "declined"),
    ("active", "ended"),
];

fn membership(status: MembershipStatus) -> Membership {
    Membership {
        id: Uuid::from_u128(3),
        network_id: Uuid::from_u128(1),
        member: Member::Participant(Uuid::from_u128(4)),
        perspective: Perspective::Parent,
        role: MembershipRole::Member,
        ring: Some(Ring::Core),
        rung: Some(Rung::Codecide),
        seat: None,
        term_starts_on: None,
        term_ends_on: None,
        status,
        account_id: None,
    }
}

fn learning() -> Network {
    network(NetworkKind::LearningNetwork, NetworkStatus::Active)
}

fn organiser() -> Roles {
    Roles::of(&[Standing::Coordinator])
}

fn oneself() -> Roles {
    Roles::of(&[Standing::Participant])
}

#[test]
fn all_faults_come_at_once() {
    let mut one = membership(MembershipStatus::Invited);
    assert_eq!(one.check(&learning()), []);
    one.member = Member::Network(one.network_id);
    one.role = MembershipRole::Chair;
    one.ring = Some(Ring::Third);
    one.seat = Some(" ".to_owned());
    one.term_starts_on = Some("2026-01-01".parse().unwrap());
    one.term_ends_on = Some("2025-12-31".parse().unwrap());
    let found: Vec<_> = one.check(&learning()).into_iter().map(|fault| (fault.location, fault.code)).collect();
    let expected = [
        ("/member", "membership.own_network"),
        ("/role", "membership.role_needs_council"),
        ("/rung", "membership.ring_rung_disagree"),
        ("/seat", "membership.seat_blank"),
        ("/termEndsOn", "period.reversed"),
    ];
    assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
    one.role = MembershipRole::Secretary;
    let council = network(NetworkKind::ParentCouncil, NetworkStatus::Active);
    assert!(one.check(&council).iter().all(|fault| fault.location != "/role"));
}

#[test]
fn organisers_invite_and_a_person_applies() {
    let admit = |status, roles| membership(status).admit(&learning(), false, (roles, false));
    assert!(admit(MembershipStatus::Invited, organiser()).is_ok());
    assert!(admit(MembershipStatus::Applied, organiser()).is_ok());
    assert!(admit(MembershipStatus::Applied, oneself()).is_ok());
    assert_eq!(admit(MembershipStatus::Invited, oneself()), Err(Refusal::Forbidden));
    let later = admit(MembershipStatus::Active, organiser());
    assert_eq!(later, Err(Refusal::invalid("/status", "membership.status_not_initial")));
}

/// Who can say yes says it: nobody comes into a network by another's word.
#[test]
fn who_speaks_for_themself_is_not_spoken_for() {
    let (invited, applied) = (membership(MembershipStatus::Invited), membership(MembershipStatus::Applied));
    let active = MembershipStatus::Active;
    let says_yes =
        |roles, own_voice| take(MembershipStatus::Invited, active, invited.counted(active, roles, own_voice), None);
    assert_eq!(says_yes(organiser(), false), Ok(active));
    assert_eq!(says_yes(organiser(), true), Err(Refusal::Forbidden));
    assert_eq!(says_yes(oneself(), true), Ok(active));
    assert_eq!(invited.open_codes(&learning(), organiser(), true), ["declined"]);
    assert_eq!(invited.open_codes(&learning(), organiser(), false), ["active", "declined"]);
    let told = applied.clone().admit(&learning(), false, (organiser(), true));
    assert_eq!(told, Err(Refusal::Forbidden));
    assert!(applied.admit(&learning(), false, (oneself(), true)).is_ok());
}

/// People leave a closed network; nothing else moves there.
#[test]
fn a_closed_network_is_left() {
    let closed = network(NetworkKind::LearningNetwork, NetworkStatus::Closed);
    assert_eq!(membership(MembershipStatus::Active).open_codes(&closed, organiser(), false), ["ended"]);
    assert_eq!(membership(MembershipStatus::Invited).open_codes(&closed, oneself(), true), ["declined"]);
}

#[test]
fn nobody_is_in_twice_and_nobody_joins_what_is_closed() {
    let closed = network(NetworkKind::LearningNetwork, NetworkStatus::Closed);
    let invited = || membership(MembershipStatus::Invited);
    assert_eq!(invited().admit(&closed, false, (organiser(), false)), Err(Refusal::Conflict("network.closed")));
    assert_eq!(invited().admit(&learning(), true, (organiser(), false)), Err(Refusal::Conflict("membership.exists")));
}

#[test]
fn what_is_over_stays_as_it_was() {
    for status in MembershipStatus::ALL {
        let old = membership(*status);
        let new = Membership { rung: Some(Rung::Coproduce), status: MembershipStatus::Active, ..old.clone() };
        match old.change(new.clone(), &learning()) {
            Ok(changed) => assert_eq!((changed.status, changed.rung), (*status, Some(Rung::Coproduce))),
            Err(refusal) => assert_eq!((refusal, status.is_over()), (Refusal::Conflict("membership.over"), true)),
        }
        let other = Membership { member: Member::Participant(Uuid::nil()), ..new };
        assert_eq!(old.change(other, &learning()), Err(Refusal::invalid("/member", "membership.member_fixed")));
    }
}

#[test]
fn the_person_answers_an_invitation_and_may_leave() {
    let open = |from| open_codes::<MembershipStatus>(from, oneself());
    assert_eq!(open(MembershipStatus::Invited), ["active", "declined"]);
    assert_eq!(open(MembershipStatus::Applied), ["declined"]);
    assert_eq!(open(MembershipStatus::Waiting), ["declined"]);
    assert_eq!(open(MembershipStatus::Active), ["ended"]);
    let itself = take(MembershipStatus::Applied, MembershipStatus::Active, oneself(), None);
    assert_eq!(itself, Err(Refusal::Forbidden));
    let silent = take(MembershipStatus::Active, MembershipStatus::Ended, organiser(), Some(" "));
    assert_eq!(silent, Err(Refusal::invalid("/reason", "reason.required")));
}

#[test]
fn the_table_is_that_of_the_design() {
    walks::table_is::<MembershipStatus>(LEGAL, &[("active", "ended")]);
}

#[test]
fn admins_and_partners_see_no_people() {
    let place = Place {
        partners: vec![Uuid::from_u128(5)],
        networks: vec![Uuid::from_u128(1)],
        participants: vec![Uuid::from_u128(4)],
        ..Place::of_organisation(Uuid::from_u128(2))
    };
    let caller = |standing, scope| Caller {
        account: Some(Uuid::from_u128(90)),
        held: vec![Held { standing, scope }],
        ..Caller::default()
    };
    let admin = caller(Standing::Admin, Scope::Installation);
    let partner = caller(Standing::Manager, Scope::Organisation(Uuid::from_u128(5)));
    let fellow = caller(Standing::Member, Scope::Network(Uuid::from_u128(1)));
    let held = |rule: &&crate::policy::Rule| matches!(rule.access, Access::Held(_));
    for rule in operations::RULES.iter().filter(held) {
        for outsider in [&admin, &partner, &fellow] {
            let refused = authorise(rule, outsider, &place).unwrap_err();
            let expected = if rule.seen_by_all { Refusal::Forbidden } else { Refusal::Hidden };
            assert_eq!(refused, expected, "{}", rule.operation);
        }
    }
    let oneself = caller(Standing::Participant, Scope::Participant(Uuid::from_u128(4)));
    assert!(authorise(&operations::GetParticipant::RULE, &oneself, &place).is_ok());
    assert!(authorise(&operations::UpdateParticipant::RULE, &oneself, &place).is_ok());
    assert_eq!(authorise(&operations::UpdateMembership::RULE, &oneself, &place).unwrap_err(), Refusal::Forbidden);
    let facilitator = caller(Standing::Facilitator, Scope::Network(Uuid::from_u128(1)));
    assert!(authorise(&operations::GetParticipant::RULE, &facilitator, &place).is_ok());
    assert_eq!(authorise(&operations::UpdateParticipant::RULE, &facilitator, &place).unwrap_err(), Refusal::Forbidden);
    // A council's members are its own affair.
    let council = Place { council: true, ..place };
    let manager = caller(Standing::Manager, Scope::Organisation(Uuid::from_u128(2)));
    assert_eq!(authorise(&operations::GetMembership::RULE, &manager, &council).unwrap_err(), Refusal::Hidden);
    let chair = caller(Standing::Chair, Scope::Network(Uuid::from_u128(1)));
    assert!(authorise(&operations::GetMembership::RULE, &chair, &council).is_ok());
}

proptest! {
    #[test]
    fn no_walk_leaves_the_table(
        applies in any::<bool>(),
        attempts in prop::collection::vec(any::<walks::Attempt>(), 0..60),
    ) {
        let start = if applies { MembershipStatus::Applied } else { MembershipStatus::Invited };
        walks::walk(start, MembershipStatus::ALL, LEGAL, &attempts);
    }

    #[test]
    fn what_stands_agrees(
        place in prop::sample::select(Ring::ALL),
        rung in prop::sample::select(Rung::ALL),
        both in any::<bool>(),
    ) {
        let one = Membership { ring: both.then_some(place), rung: Some(rung), ..membership(MembershipStatus::Invited) };
        let sound = one.admit(&learning(), false, (organiser(), false)).is_ok();
        prop_assert_eq!(sound, !both || rung.ring() == place);
    }
}
