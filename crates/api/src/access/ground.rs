//! Where a role holds: what decides who grants it there, and who sees it.

use klankbord_domain::access::granting::{self, Room};
use klankbord_domain::access::{Role, ScopeKind};
use klankbord_domain::networks::Network;
use klankbord_domain::policy::{Caller, Place, Roles};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::access::grants;
use klankbord_persistence::networks::network as networks;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::{Failure, Source, Tx};
use uuid::Uuid;

/// Where a role holds, and what the caller is there.
pub(super) struct Ground {
    /// What kind of room it is.
    pub(super) room: Room,
    /// The place to authorise with.
    pub(super) place: Place,
    /// What the caller is towards the place.
    pub(super) roles: Roles,
    /// What the caller is towards the organisation that hosts it.
    host: Roles,
    /// The organisation whose managers see who holds what.
    pub(super) organisation: Option<Uuid>,
    /// The network, where it is one.
    pub(super) network: Option<Network>,
}

impl Ground {
    fn new(room: Room, place: Place, organisation: Option<Uuid>, caller: &Caller) -> Self {
        let host = organisation.map(Place::of_organisation).unwrap_or_default().roles_of(caller);
        let roles = place.roles_of(caller);
        Self { room, place, roles, host, organisation, network: None }
    }

    /// Where a role of this kind holds; none when there is no such place, or
    /// nothing that the caller is to it.
    pub(super) async fn find(
        source: &impl Source,
        (kind, id): (ScopeKind, Option<Uuid>),
        caller: &Caller,
    ) -> Result<Option<Self>, Failure> {
        let found = match (kind, id) {
            (ScopeKind::Installation, _) => {
                return Ok(Some(Self::new(Room::Installation, Place::installation(), None, caller)));
            }
            (ScopeKind::Organisation, Some(id)) => {
                let known = organisation::find(source, id).await?;
                let managed = !grants::holders(source, Role::Manager, id).await?.is_empty();
                let room = Room::Organisation { names_first_manager: !managed };
                known.map(|_| Self::new(room, Place::of_organisation(id), Some(id), caller))
            }
            (ScopeKind::Network, Some(id)) => Self::of_network(source, id, caller).await?,
            (ScopeKind::Participant, _) | (ScopeKind::Organisation | ScopeKind::Network, None) => None,
        };
        Ok(found.filter(|ground| ground.roles != Roles::NONE || ground.host != Roles::NONE))
    }

    async fn of_network(source: &impl Source, id: Uuid, caller: &Caller) -> Result<Option<Self>, Failure> {
        let Some(found) = networks::find(source, id).await? else { return Ok(None) };
        let network = found.value;
        let place = networks::place(source, &network).await?;
        if !network.may_be_seen(caller, &place) {
            return Ok(None);
        }
        let chaired = !grants::holders(source, Role::Chair, id).await?.is_empty();
        let room = Room::of_network(&network, &place, caller, chaired);
        // The first chair is named from outside the room: by the host.
        let host = network.host_id;
        let outside = room == Room::Council { names_first_chair: true };
        let place = if outside { Place::of_organisation(host) } else { place };
        Ok(Some(Self { network: Some(network), ..Self::new(room, place, Some(host), caller) }))
    }

    /// Whether the caller sees which roles are held here.
    pub(super) fn may_be_listed(&self) -> bool {
        granting::may_be_listed(self.room, self.roles, self.host)
    }
}

/// Locks the place until the command ends: of two first chairs, or managers, one
/// comes first.
///
/// # Errors
/// When the database refuses.
pub(super) async fn lock(tx: &Tx, (kind, id): (ScopeKind, Option<Uuid>)) -> Result<(), Failure> {
    match (kind, id) {
        (ScopeKind::Network, Some(id)) => drop(networks::find_to_change(tx, id).await?),
        (ScopeKind::Organisation, Some(id)) => drop(organisation::find_to_change(tx, id).await?),
        _ => {}
    }
    Ok(())
}

fn fault(code: &'static str) -> Refusal {
    Refusal::Invalid(vec![Fault::query("scopeId", code)])
}

/// What a list answers for a scope that the caller may know nothing of.
pub(super) fn unknown_scope() -> Refusal {
    fault("reference.unknown")
}

/// Whether a list of this kind of scope names one.
///
/// # Errors
/// `grant.scope_given`, `grant.scope_missing` (400).
pub(super) fn check_query(kind: ScopeKind, id: Option<Uuid>) -> Result<(), Refusal> {
    match (kind, id) {
        (ScopeKind::Installation, Some(_)) => Err(fault("grant.scope_given")),
        (ScopeKind::Organisation | ScopeKind::Network | ScopeKind::Participant, None) => {
            Err(fault("grant.scope_missing"))
        }
        _ => Ok(()),
    }
}
