//! Who may grant which role where. The table lets those through who grant
//! anything at all; this says which of the roles.

use uuid::Uuid;

use super::{Role, ScopeKind};
use crate::networks::{Network, NetworkStatus};
use crate::policy::{Caller, Place, Roles, Standing};
use crate::refusal::{Fault, Refusal};

/// Where a role is granted, as far as the rule needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// The whole installation.
    Installation,
    /// An organisation.
    Organisation {
        /// It has no manager yet.
        names_first_manager: bool,
    },
    /// A network that is in no council's room.
    Network,
    /// A council's room.
    Council {
        /// The council is a draft without a chair, and a manager of its host asks.
        names_first_chair: bool,
    },
}

/// The roles that an organisation's manager grants in the organisation.
const STAFF: &[Role] = &[Role::Manager, Role::Officer, Role::SafeguardingOfficer];
/// The roles that its manager grants in its networks.
const ORGANISERS: &[Role] = &[Role::Coordinator, Role::Facilitator, Role::Moderator, Role::Observer];
/// The roles that a coordinator grants in the own network.
const HELPERS: &[Role] = &[Role::Facilitator, Role::Moderator, Role::Observer];
/// The roles that a council's chair grants in the council.
const COUNCIL: &[Role] = &[
    Role::Chair,
    Role::Secretary,
    Role::Supporter,
    Role::Facilitator,
    Role::Moderator,
    Role::Observer,
    Role::Coordinator,
];

impl Room {
    /// The room in which a network stands, for this caller; `chaired` when the
    /// network has a chair.
    pub fn of_network(network: &Network, place: &Place, caller: &Caller, chaired: bool) -> Self {
        if !place.council {
            return Self::Network;
        }
        let draft = network.kind.is_council() && network.status == NetworkStatus::Draft;
        let host = caller.organisations_of(&[Standing::Manager]).contains(&network.host_id);
        Self::Council { names_first_chair: draft && host && !chaired }
    }

    /// Whether somebody who stands so towards the room grants this role there.
    fn grants(self, roles: Roles, role: Role) -> bool {
        match self {
            Self::Installation => roles.has(Standing::Admin) && role == Role::Admin,
            Self::Organisation { names_first_manager } => {
                let first = names_first_manager && roles.has(Standing::Admin) && role == Role::Manager;
                first || (roles.has(Standing::Manager) && STAFF.contains(&role))
            }
            Self::Network => {
                let organiser = roles.has(Standing::Manager) && ORGANISERS.contains(&role);
                organiser || (roles.has(Standing::Coordinator) && HELPERS.contains(&role))
            }
            Self::Council { names_first_chair } => {
                let own = roles.has(Standing::Chair) && COUNCIL.contains(&role);
                own || (names_first_chair && role == Role::Chair)
            }
        }
    }
}

/// What is wrong with asking for this role, wherever it is: `grant.not_by_hand`
/// for what follows from rows, `grant.scope_missing`, `grant.scope_given`.
pub fn check(role: Role, scope: Option<Uuid>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if matches!(role, Role::Member | Role::Participant | Role::Representative) {
        faults.push(Fault::body("/role", "grant.not_by_hand"));
    }
    match (role.scope(), scope) {
        (ScopeKind::Installation, Some(_)) => faults.push(Fault::body("/scopeId", "grant.scope_given")),
        (ScopeKind::Organisation | ScopeKind::Network | ScopeKind::Participant, None) => {
            faults.push(Fault::body("/scopeId", "grant.scope_missing"));
        }
        (ScopeKind::Installation, None)
        | (ScopeKind::Organisation | ScopeKind::Network | ScopeKind::Participant, Some(_)) => {}
    }
    faults
}

/// Decides whether somebody who stands so towards the room may grant this role
/// there, or withdraw it.
///
/// # Errors
/// [`Refusal::Forbidden`]; `grant.council_only` (400) where no such role can
/// exist.
pub fn may_grant(room: Room, roles: Roles, role: Role) -> Result<(), Refusal> {
    let of_councils = matches!(role, Role::Chair | Role::Secretary | Role::Supporter);
    if room.grants(roles, role) {
        Ok(())
    } else if of_councils && room == Room::Network && roles.has_any(&[Standing::Manager, Standing::Coordinator]) {
        Err(Refusal::invalid("/role", "grant.council_only"))
    } else {
        Err(Refusal::Forbidden)
    }
}

/// Nobody grants themselves a role.
///
/// # Errors
/// `grant.to_oneself` (409).
pub fn not_to_oneself(caller: &Caller, account: Uuid) -> Result<(), Refusal> {
    if caller.account == Some(account) { Err(Refusal::Conflict("grant.to_oneself")) } else { Ok(()) }
}

/// Whether a role may be withdrawn that this many others hold there: without
/// an admin, an organisation without a manager, or a council without a chair,
/// nobody inside could ever grant it again.
///
/// # Errors
/// `grant.last_one` (409).
pub fn may_withdraw(role: Role, others: usize) -> Result<(), Refusal> {
    let needed = matches!(role, Role::Admin | Role::Manager | Role::Chair);
    if needed && others == 0 { Err(Refusal::Conflict("grant.last_one")) } else { Ok(()) }
}

/// Who sees which roles are held in a room, and who granted them, when and why:
/// who grants there, and the host's managers also of a council.
pub fn may_be_listed(room: Room, roles: Roles, host: Roles) -> bool {
    match room {
        Room::Installation => roles.has(Standing::Admin),
        Room::Organisation { .. } => roles.has_any(&[Standing::Admin, Standing::Manager]),
        Room::Network | Room::Council { .. } => {
            let organises = [Standing::Manager, Standing::Coordinator, Standing::Chair, Standing::Secretary];
            roles.has_any(&organises) || host.has(Standing::Manager)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Room::{Installation, Network as Net};

    const ORGANISATION: Room = Room::Organisation { names_first_manager: false };
    const UNMANAGED: Room = Room::Organisation { names_first_manager: true };

    const OWN: Room = Room::Council { names_first_chair: false };
    const FIRST: Room = Room::Council { names_first_chair: true };

    fn granted(room: Room, standing: Standing) -> Vec<Role> {
        let roles = Roles::of(&[standing]);
        Role::ALL.iter().copied().filter(|role| may_grant(room, roles, *role).is_ok()).collect()
    }

    #[test]
    fn everybody_grants_what_is_theirs_to_grant_and_nothing_else() {
        let expected: &[(Room, Standing, &[Role])] = &[
            (Installation, Standing::Admin, &[Role::Admin]),
            (UNMANAGED, Standing::Admin, &[Role::Manager]),
            (UNMANAGED, Standing::Manager, STAFF),
            (ORGANISATION, Standing::Manager, STAFF),
            (Net, Standing::Manager, ORGANISERS),
            (Net, Standing::Coordinator, HELPERS),
        ];
        for room in [Installation, UNMANAGED, ORGANISATION, Net, OWN] {
            for standing in Standing::ALL {
                let known = expected.iter().find(|(at, who, _)| (at, who) == (&room, standing));
                let wanted = known.map_or(&[][..], |(_, _, roles)| roles).to_vec();
                let wanted = if (room, *standing) == (OWN, Standing::Chair) {
                    vec![
                        Role::Coordinator,
                        Role::Facilitator,
                        Role::Moderator,
                        Role::Observer,
                        Role::Chair,
                        Role::Secretary,
                        Role::Supporter,
                    ]
                } else {
                    wanted
                };
                assert_eq!(granted(room, *standing), wanted, "{room:?} {standing:?}");
            }
        }
        // Whoever may name the first chair names nobody else.
        assert_eq!(granted(FIRST, Standing::Manager), [Role::Chair]);
    }

    #[test]
    fn a_council_role_is_for_councils() {
        let manager = Roles::of(&[Standing::Manager]);
        let refused = may_grant(Net, manager, Role::Chair).unwrap_err();
        assert_eq!(refused, Refusal::invalid("/role", "grant.council_only"));
        assert_eq!(may_grant(Net, Roles::of(&[Standing::Member]), Role::Chair), Err(Refusal::Forbidden));
    }

    #[test]
    fn what_follows_from_rows_is_not_granted_by_hand() {
        let codes = |role, scope| check(role, scope).into_iter().map(|fault| fault.code).collect::<Vec<_>>();
        let some = Some(Uuid::nil());
        assert_eq!(codes(Role::Member, None), ["grant.not_by_hand", "grant.scope_missing"]);
        assert_eq!(codes(Role::Participant, some), ["grant.not_by_hand"]);
        assert_eq!(codes(Role::Representative, some), ["grant.not_by_hand"]);
        assert_eq!(codes(Role::Admin, some), ["grant.scope_given"]);
        assert_eq!(codes(Role::Manager, None), ["grant.scope_missing"]);
        assert!(codes(Role::Admin, None).is_empty() && codes(Role::Chair, some).is_empty());
    }

    #[test]
    fn nobody_grants_themselves_and_somebody_stays() {
        let caller = Caller { account: Some(Uuid::nil()), ..Caller::default() };
        assert_eq!(not_to_oneself(&caller, Uuid::nil()), Err(Refusal::Conflict("grant.to_oneself")));
        assert_eq!(not_to_oneself(&caller, Uuid::from_u128(1)), Ok(()));
        for role in Role::ALL {
            let needed = matches!(role, Role::Admin | Role::Manager | Role::Chair);
            assert_eq!(may_withdraw(*role, 0).is_err(), needed, "{role:?}");
            assert_eq!(may_withdraw(*role, 1), Ok(()));
        }
    }

    #[test]
    fn grants_are_shown_to_who_grants_and_to_the_hosts_managers() {
        let (none, manager) = (Roles::NONE, Roles::of(&[Standing::Manager]));
        assert!(may_be_listed(OWN, none, manager), "a council's grants are shown to its host");
        assert!(may_be_listed(OWN, Roles::of(&[Standing::Chair]), none));
        assert!(!may_be_listed(Net, Roles::of(&[Standing::Admin]), Roles::of(&[Standing::Admin])));
        assert!(!may_be_listed(Net, Roles::of(&[Standing::Member, Standing::Observer]), none));
        assert!(may_be_listed(ORGANISATION, Roles::of(&[Standing::Admin]), none));
        assert!(!may_be_listed(ORGANISATION, Roles::of(&[Standing::Officer]), none));
        assert!(!may_be_listed(Installation, manager, none));
    }

    #[test]
    fn a_draft_council_without_a_chair_waits_for_its_hosts_manager() {
        use crate::networks::NetworkKind;
        use crate::policy::{Held, Scope};
        use crate::text::Texts;
        let host_id = Uuid::from_u128(1);
        let council = Network {
            id: Uuid::from_u128(2),
            host_id,
            programme_id: None,
            parent_id: None,
            pillar_id: None,
            kind: NetworkKind::YouthCouncil,
            name: Texts::plain("nl", "Jongerenraad"),
            purpose: Texts::plain("nl", "Meepraten"),
            core_story: None,
            partners: Vec::new(),
            plain_language_required: false,
            least_group: None,
            ask_ceiling: None,
            seats: crate::networks::Seats::default(),
            publish_composition: false,
            targets: Vec::new(),
            status: NetworkStatus::Draft,
            started: false,
        };
        let manager_of = |id| {
            let held = vec![Held { standing: Standing::Manager, scope: Scope::Organisation(id) }];
            Caller { account: Some(Uuid::nil()), held, ..Caller::default() }
        };
        let room = |network: &Network, caller: &Caller, chaired| {
            Room::of_network(network, &network.place(&[]), caller, chaired)
        };
        let host = manager_of(host_id);
        assert_eq!(room(&council, &host, false), FIRST);
        assert_eq!(room(&council, &host, true), OWN);
        assert_eq!(room(&council, &manager_of(Uuid::from_u128(3)), false), OWN);
        let active = Network { status: NetworkStatus::Active, ..council.clone() };
        assert_eq!(room(&active, &host, false), OWN);
        let panel = Network { kind: NetworkKind::Panel, ..council };
        assert_eq!(room(&panel, &host, false), Net);
    }
}
