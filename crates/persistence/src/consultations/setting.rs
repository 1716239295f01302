//! Where a consultation stands: among which networks, and what somebody is to it.

use std::collections::HashMap;

use klankbord_domain::Fault;
use klankbord_domain::consultations::{Consultation, minimum_for};
use klankbord_domain::networks::{Network, NetworkStatus};
use klankbord_domain::policy::{Caller, Place, Roles, SPEAKERS, Scope, Standing};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::consultation::Kept;
use super::invitation::asked_of;
use crate::access::entity::grants;
use crate::networks::network;
use crate::programmes::programme;
use crate::store::{Failure, Source};

/// Who asks on a network's behalf.
const ASKERS: &[Standing] = &[Standing::Coordinator, Standing::Facilitator, Standing::Chair, Standing::Secretary];

/// What somebody is to a network by taking part in it, which is no role to
/// facilitate from.
pub(super) const TAKES_PART: &[Standing] = &[Standing::Member, Standing::Observer];

/// The networks that consultations ask, with where each stands.
#[derive(Debug, Clone, Default)]
pub struct Networks(HashMap<Uuid, (Network, Place)>);

impl Networks {
    /// These networks; those that don't exist are left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn load(source: &impl Source, ids: &[Uuid]) -> Result<Self, Failure> {
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let found: Vec<Network> =
            network::find_all(source, ids).await?.into_iter().map(|stored| stored.value).collect();
        let places = network::places(source, found.iter()).await?;
        Ok(Self(found.into_iter().zip(places).map(|(network, place)| (network.id, (network, place))).collect()))
    }

    fn of<'a>(&'a self, ids: &'a [Uuid]) -> impl Iterator<Item = &'a (Network, Place)> {
        ids.iter().filter_map(|id| self.0.get(id))
    }

    /// Whether one of them demands plain language.
    pub fn demand_plain_language(&self, ids: &[Uuid]) -> bool {
        self.of(ids).any(|(network, _)| network.plain_language_required)
    }

    /// The highest minimum for figures that one of them sets. Persons.
    pub fn least_group(&self, ids: &[Uuid]) -> Option<i64> {
        self.of(ids).filter_map(|(network, _)| network.least_group).map(i64::from).max()
    }

    /// Under how many people nobody who stands so towards this consultation, which asks some of them, sees a
    /// figure. Persons.
    pub fn minimum(&self, kept: &Kept, roles: Roles) -> i64 {
        minimum_for(roles, kept.minors, self.least_group(&kept.consultation.audience.network_ids))
    }

    /// Whether each of them is in a council's room.
    pub fn are_councils(&self, ids: &[Uuid]) -> bool {
        !ids.is_empty() && ids.iter().all(|id| self.0.get(id).is_some_and(|(_, place)| place.council))
    }

    /// Which of them this caller may not name in a consultation of this
    /// organisation, as faults at their places in the list. Who speaks for the
    /// organisation names its own and those it partners in; who runs a network
    /// names that network, in the name of its host alone.
    pub fn unknown(&self, ids: &[Uuid], organisation: Uuid, caller: &Caller) -> Vec<Fault> {
        let speaks = caller.organisations_of(SPEAKERS).contains(&organisation);
        let fault = |(index, id): (usize, &Uuid)| {
            let at = format!("/audience/networkIds/{index}");
            let usable = |(network, place): &&(Network, Place)| {
                let asks = network.host_id == organisation && place.roles_of(caller).has_any(ASKERS);
                may_ask(organisation, network) && (speaks || asks) && network.may_be_seen(caller, place)
            };
            match self.0.get(id).filter(usable).map(|(network, _)| network.status) {
                None => Some(Fault::body(at, "reference.unknown")),
                Some(NetworkStatus::Draft | NetworkStatus::Closed) => Some(Fault::body(at, "network.not_active")),
                Some(NetworkStatus::Active | NetworkStatus::Dormant) => None,
            }
        };
        ids.iter().enumerate().filter_map(fault).collect()
    }

    /// As far as roles reach into those of them that this organisation hosts:
    /// who runs one asks in its name.
    pub fn hosted(&self, ids: &[Uuid], organisation: Uuid) -> Vec<Uuid> {
        let ours = self.of(ids).filter(|(network, _)| network.host_id == organisation);
        ours.flat_map(|(_, place)| place.networks.clone()).collect()
    }

    /// As far as roles reach into those of them that this organisation may ask.
    pub fn reached(&self, ids: &[Uuid], organisation: Uuid) -> Vec<Uuid> {
        let ours = self.of(ids).filter(|(network, _)| may_ask(organisation, network));
        ours.flat_map(|(_, place)| place.networks.clone()).collect()
    }

    /// Where a consultation stands for this caller, of whose persons these were
    /// asked. Who leads a council that an organisation asks, or a network of
    /// another host, looks on; who leads a council that asks on its own behalf
    /// runs it, and its host stays outside. Who is named on it facilitates it as
    /// long as they hold a role in the organisation or in a network that it asks.
    pub fn place(&self, kept: &Kept, caller: &Caller, invited: Vec<Uuid>) -> Place {
        let consultation = &kept.consultation;
        let named = caller.account.is_some_and(|account| consultation.facilitators.contains(&account))
            && self.holds_a_role(consultation, caller);
        let mut place = Place {
            council: kept.council,
            participants: invited,
            asks: true,
            consultation: Some(consultation.id),
            also: if named { Roles::NONE.with(Standing::Facilitator) } else { Roles::NONE },
            ..Place::of_organisation(consultation.organisation_id)
        };
        for (network, stands) in self.of(&consultation.audience.network_ids) {
            let theirs = stands.council || network.host_id != consultation.organisation_id;
            if theirs && !kept.council {
                place.also = onlookers(place.also, caller, &stands.networks);
            } else {
                place.networks.extend(&stands.networks);
            }
        }
        let beside = self.beside(&consultation.audience.network_ids);
        place.partners.extend(beside.into_iter().filter(|id| *id != consultation.organisation_id));
        place
    }

    /// The organisations that host these networks, and those that partner in them; a
    /// council's room has none.
    pub fn beside(&self, ids: &[Uuid]) -> Vec<Uuid> {
        let open = self.of(ids).filter(|(_, place)| !place.council);
        open.flat_map(|(network, _)| network.partners.iter().copied().chain([network.host_id])).collect()
    }

    /// Whether the caller was given a role in the organisation or in a network
    /// that is asked; to take part in one gives none.
    fn holds_a_role(&self, consultation: &Consultation, caller: &Caller) -> bool {
        let asked = &consultation.audience.network_ids;
        let given = caller.held.iter().filter(|held| !TAKES_PART.contains(&held.standing));
        given.map(|held| held.scope).any(|scope| match scope {
            Scope::Organisation(id) => id == consultation.organisation_id,
            Scope::Network(id) => self.of(asked).any(|(_, place)| place.networks.contains(&id)),
            Scope::Installation | Scope::Participant(_) | Scope::Consultation(_) => false,
        })
    }
}

/// A consultation addresses networks of its own organisation and those that it
/// partners in.
fn may_ask(organisation: Uuid, network: &Network) -> bool {
    network.host_id == organisation || network.partners.contains(&organisation)
}

/// What the caller is to a consultation of others that asks these networks: who
/// leads them looks on.
fn onlookers(roles: Roles, caller: &Caller, networks: &[Uuid]) -> Roles {
    let within = |scope: Scope| matches!(scope, Scope::Network(id) if networks.contains(&id));
    let held = caller.held.iter().filter(|held| within(held.scope)).map(|held| held.standing);
    held.fold(roles, |roles, one| roles.with(if ASKERS.contains(&one) { Standing::Observer } else { one }))
}

/// A consultation's place for this caller, with the networks it asks.
///
/// # Errors
/// When the database refuses.
pub async fn of(source: &impl Source, kept: &Kept, caller: &Caller) -> Result<(Networks, Place), Failure> {
    let consultation = &kept.consultation;
    let networks = Networks::load(source, &consultation.audience.network_ids).await?;
    let invited = asked_of(source, caller, &[consultation.id]).await?;
    let place = networks.place(kept, caller, invited.into_iter().map(|(_, person)| person).collect());
    Ok((networks, place))
}

/// The places of several consultations, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn of_all(source: &impl Source, all: &[Kept], caller: &Caller) -> Result<Vec<Place>, Failure> {
    let mut ids: Vec<Uuid> = all.iter().flat_map(|kept| kept.consultation.audience.network_ids.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let networks = Networks::load(source, &ids).await?;
    let consultations: Vec<Uuid> = all.iter().map(|kept| kept.consultation.id).collect();
    let invited = asked_of(source, caller, &consultations).await?;
    let place = |kept: &Kept| {
        let mine = invited.iter().filter(|(id, _)| *id == kept.consultation.id).map(|(_, person)| *person);
        networks.place(kept, caller, mine.collect())
    };
    Ok(all.iter().map(place).collect())
}

/// Which of these accounts can't facilitate, as faults at their pointers: those
/// who hold no role in the organisation or in a network that is asked (to take
/// part in it isn't one).
///
/// # Errors
/// When the database refuses.
pub async fn unknown_facilitators(
    source: &impl Source,
    named: &[(String, Uuid)],
    organisation: Uuid,
    networks: &[Uuid],
) -> Result<Vec<Fault>, Failure> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let within = Condition::any()
        .add(grants::Column::ScopeId.eq(organisation))
        .add(grants::Column::ScopeId.is_in(networks.iter().copied()));
    let held = grants::Entity::find()
        .filter(grants::Column::AccountId.is_in(named.iter().map(|(_, id)| *id)))
        .filter(grants::Column::Role.is_not_in(TAKES_PART.iter().map(|standing| standing.code())))
        .filter(grants::Column::WithdrawnAt.is_null())
        .filter(within);
    let known: Vec<Uuid> = held.all(source.beneath()).await?.into_iter().map(|row| row.account_id).collect();
    let unknown = named.iter().filter(|(_, id)| !known.contains(id));
    Ok(unknown.map(|(pointer, _)| Fault::body(pointer.clone(), "reference.unknown")).collect())
}

/// Whether a consultation of this organisation can hang under this programme:
/// one that it hosts or takes part in.
///
/// # Errors
/// When the database refuses.
pub async fn has_programme(source: &impl Source, organisation: Uuid, programme: Uuid) -> Result<bool, Failure> {
    let found = programme::find(source, programme).await?;
    Ok(found.is_some_and(|stored| stored.value.involves(organisation)))
}
