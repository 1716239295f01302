//! Tests of networks: faults, lifecycle, rooms, who may know of a draft.

use proptest::prelude::*;
use uuid::Uuid;

use super::network::{Above, CompositionTarget, Network, NetworkStatus};
use super::{NetworkKind, Perspective};
use crate::policy::{Caller, Held, Place, Roles, Scope, Standing, authorise};
use crate::refusal::Refusal;
use crate::text::Texts;
use crate::walks;

const LEGAL: &[(&str, &str)] = &[
    ("draft", "active"),
    ("draft", "closed"),
    ("active", "dormant"),
    ("active", "closed"),
    ("dormant", "active"),
    ("dormant", "closed"),
];

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn network(kind: NetworkKind, status: NetworkStatus) -> Network {
    Network {
        id: id(1),
        host_id: id(2),
        programme_id: None,
        parent_id: None,
        pillar_id: None,
        kind,
        name: Texts::plain("nl", "Over mij = met mij!"),
        purpose: Texts::plain("nl", "Invloed op praktijk en beleid"),
        core_story: None,
        partners: vec![id(3)],
        plain_language_required: true,
        least_group: None,
        ask_ceiling: None,
        seats: crate::networks::Seats::default(),
        publish_composition: false,
        targets: Vec::new(),
        status,
        started: status != NetworkStatus::Draft,
    }
}

fn caller(standing: Standing, scope: Scope) -> Caller {
    Caller { account: Some(id(90)), held: vec![Held { standing, scope }], ..Caller::default() }
}

fn invalid(result: Result<Network, Refusal>) -> Vec<(String, &'static str)> {
    match result {
        Err(Refusal::Invalid(faults)) => faults.into_iter().map(|fault| (fault.location, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn all_faults_come_at_once() {
    let target = |perspectives: &[Perspective], least_age, target| CompositionTarget {
        perspectives: perspectives.to_vec(),
        least_age,
        target,
    };
    let mut network = network(NetworkKind::LearningNetwork, NetworkStatus::Draft);
    network.targets =
        vec![target(&[Perspective::YoungPerson], None, 10), target(&[Perspective::Professional], Some(18), 10)];
    network.least_group = Some(5);
    assert_eq!(network.check(), []);
    network.partners = vec![id(2), id(3), id(3)];
    network.parent_id = Some(id(1));
    network.pillar_id = Some(id(7));
    network.least_group = Some(4);
    network.targets = vec![target(&[], Some(-1), 0), target(&[Perspective::Parent, Perspective::Parent], Some(121), 1)];
    let found: Vec<_> = network.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
    let expected = [
        ("/partners/2", "partner.repeated"),
        ("/partners/0", "partner.is_host"),
        ("/parentId", "network.own_parent"),
        ("/pillarId", "network.pillar_needs_programme"),
        ("/leastGroup", "network.least_group_too_low"),
        ("/targets/0/perspectives", "target.perspectives_empty"),
        ("/targets/0/leastAge", "target.least_age_out_of_range"),
        ("/targets/0/target", "target.not_positive"),
        ("/targets/1/perspectives/1", "target.perspective_repeated"),
        ("/targets/1/leastAge", "target.least_age_out_of_range"),
    ];
    assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
}

#[test]
fn roles_reach_from_a_hub_into_its_working_groups_only() {
    let hub = Above { id: id(10), kind: NetworkKind::ParticipationHub };
    let group = Above { id: id(11), kind: NetworkKind::WorkingGroup };
    let mut below = network(NetworkKind::WorkingGroup, NetworkStatus::Active);
    below.parent_id = Some(group.id);
    assert_eq!(below.place(&[group, hub]).networks, [id(1), id(11), id(10)]);
    assert!(!below.place(&[group, hub]).council);
    let mut panel = network(NetworkKind::Panel, NetworkStatus::Active);
    panel.parent_id = Some(hub.id);
    assert_eq!(panel.place(&[hub]).networks, [id(1)]);
    // A council under a hub keeps its door shut, and so does its working group.
    let mut council = network(NetworkKind::ClientCouncil, NetworkStatus::Active);
    council.parent_id = Some(hub.id);
    assert_eq!(council.place(&[hub]).networks, [id(1)]);
    assert!(council.place(&[hub]).council);
    let council = Above { id: id(12), kind: NetworkKind::ClientCouncil };
    below.parent_id = Some(council.id);
    let place = below.place(&[council, hub]);
    assert_eq!((place.networks.as_slice(), place.council), (&[id(1), id(12)][..], true));
    assert!(below.place(&[]).council, "an unknown parent opens no door");
}

#[test]
fn the_host_has_no_part_in_a_councils_room() {
    let manager = caller(Standing::Manager, Scope::Organisation(id(2)));
    let chair = caller(Standing::Chair, Scope::Network(id(1)));
    let admin = caller(Standing::Admin, Scope::Installation);
    let update = <super::operations::UpdateNetwork as crate::policy::Operation>::RULE;
    for kind in NetworkKind::ALL {
        let place = network(*kind, NetworkStatus::Active).place(&[]);
        assert_eq!(authorise(&update, &manager, &place).is_ok(), !kind.is_council(), "{kind:?}");
        assert!(authorise(&update, &chair, &place).is_ok());
        assert_eq!(authorise(&update, &admin, &place).unwrap_err(), Refusal::Forbidden);
    }
}

#[test]
fn a_draft_is_known_to_its_own_people() {
    let see = |network: &Network, caller: &Caller| network.may_be_seen(caller, &network.place(&[]));
    let stranger = Caller { account: Some(id(91)), ..Caller::default() };
    for kind in [NetworkKind::LearningNetwork, NetworkKind::ClientCouncil] {
        let draft = network(kind, NetworkStatus::Draft);
        assert!(see(&draft, &caller(Standing::Manager, Scope::Organisation(id(2)))));
        assert!(see(&draft, &caller(Standing::Chair, Scope::Network(id(1)))));
        let outsiders = [
            stranger.clone(),
            caller(Standing::Manager, Scope::Organisation(id(3))),
            caller(Standing::Coordinator, Scope::Network(id(9))),
            caller(Standing::Admin, Scope::Installation),
            Caller::default(),
        ];
        for outsider in &outsiders {
            assert!(!see(&draft, outsider), "{outsider:?}");
        }
        assert!(see(&network(kind, NetworkStatus::Closed), &stranger));
        assert!(!see(&network(kind, NetworkStatus::Active), &Caller::default()));
    }
    let officer = caller(Standing::Officer, Scope::Organisation(id(2)));
    assert!(see(&network(NetworkKind::Panel, NetworkStatus::Draft), &officer));
    assert!(!see(&network(NetworkKind::YouthCouncil, NetworkStatus::Draft), &officer));
}

#[test]
fn a_change_opens_no_room_and_lowers_no_minimum() {
    let old = Network { least_group: Some(20), ..network(NetworkKind::Panel, NetworkStatus::Active) };
    let none: (&[Above], &[Above]) = (&[], &[]);
    let lowered = Network { least_group: Some(15), ..old.clone() };
    let expected = vec![("/leastGroup".to_owned(), "network.least_group_lowered")];
    assert_eq!(invalid(old.change(lowered.clone(), none)), expected);
    let draft = Network { status: NetworkStatus::Draft, ..old.clone() };
    assert_eq!(draft.change(lowered.clone(), none).unwrap().least_group, Some(15));
    let council = Network { kind: NetworkKind::YouthCouncil, ..old.clone() };
    let expected = vec![("/kind".to_owned(), "network.kind_fixed")];
    assert_eq!(invalid(old.change(council.clone(), none)), expected);
    assert_eq!(invalid(council.change(old.clone(), none)), expected);
    // A working group stays in its council's room.
    let room = [Above { id: id(12), kind: NetworkKind::ClientCouncil }];
    let group = Network { kind: NetworkKind::WorkingGroup, parent_id: Some(id(12)), ..old.clone() };
    let left = Network { parent_id: None, ..group.clone() };
    let expected = vec![("/parentId".to_owned(), "network.room_fixed")];
    assert_eq!(invalid(group.change(left, (&room, &[]))), expected);
    // What isn't its content stays.
    let other = Network {
        id: id(50),
        host_id: id(51),
        status: NetworkStatus::Closed,
        kind: NetworkKind::SoundingBoard,
        ..old.clone()
    };
    let changed = old.change(other, none).unwrap();
    assert_eq!((changed.id, changed.host_id, changed.status), (id(1), id(2), NetworkStatus::Active));
    assert_eq!(changed.kind, NetworkKind::SoundingBoard);
    let closed = Network { status: NetworkStatus::Closed, ..old.clone() };
    assert_eq!(closed.change(old.clone(), none), Err(Refusal::Conflict("network.closed")));
}

#[test]
fn a_tree_has_no_loops() {
    let mut top = network(NetworkKind::ParticipationHub, NetworkStatus::Active);
    top.parent_id = Some(id(11));
    let above = [
        Above { id: id(11), kind: NetworkKind::WorkingGroup },
        Above { id: id(1), kind: NetworkKind::ParticipationHub },
    ];
    assert_eq!(top.check_tree(&above)[0].code, "network.parent_loops");
    assert_eq!(top.check_tree(&above[..1]), []);
}

#[test]
fn only_a_draft_is_deleted() {
    for status in NetworkStatus::ALL {
        let network = network(NetworkKind::Panel, *status);
        assert_eq!(network.may_be_deleted().is_ok(), *status == NetworkStatus::Draft);
        assert_eq!(network.may_change().is_ok(), *status != NetworkStatus::Closed);
    }
}

#[test]
fn the_table_is_that_of_the_design() {
    walks::table_is::<NetworkStatus>(LEGAL, &[]);
    let place = Place { networks: vec![id(1)], council: true, ..Place::of_organisation(id(2)) };
    let manager = place.roles_of(&caller(Standing::Manager, Scope::Organisation(id(2))));
    assert_eq!(manager, Roles::NONE);
}

proptest! {
    #[test]
    fn no_walk_leaves_the_table(attempts in prop::collection::vec(any::<walks::Attempt>(), 0..60)) {
        walks::walk(NetworkStatus::Draft, NetworkStatus::ALL, LEGAL, &attempts);
    }
}
