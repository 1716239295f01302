//! For whom somebody speaks where memberships are concerned.

use klankbord_domain::participants::{Member, Participant};
use klankbord_domain::policy::{Caller, SPEAKERS, Standing};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::entity::{memberships, participants};
use crate::networks::entity::networks;
use crate::networks::network;
use crate::store::{Failure, Source};

/// Who speaks for a network, beside its host's managers where it is no council.
const LEADERS: &[Standing] = &[Standing::Coordinator, Standing::Chair];

/// For whom somebody speaks: themself or whom they act for, their organisation and the people whom it
/// registered, and the networks that they lead.
#[derive(Debug, Clone, Default)]
pub struct Speaking {
    account: Option<Uuid>,
    persons: Vec<Uuid>,
    organisations: Vec<Uuid>,
    networks: Vec<Uuid>,
}

impl Speaking {
    /// For whom this caller speaks.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(source: &impl Source, caller: &Caller) -> Result<Self, Failure> {
        let hosts = caller.organisations_of(&[Standing::Manager, Standing::Client]);
        let mut led = network::reach(source, caller.networks_of(LEADERS)).await?;
        if !hosts.is_empty() {
            let hosted = networks::Entity::find()
                .select_only()
                .column(networks::Column::Id)
                .filter(networks::Column::HostId.is_in(hosts))
                .filter(networks::Column::Council.eq(false));
            led.extend(hosted.into_tuple::<Uuid>().all(source.beneath()).await?);
        }
        Ok(Self {
            account: caller.account,
            persons: caller.persons(),
            organisations: caller.organisations_of(SPEAKERS),
            networks: led,
        })
    }

    /// Whether they speak for this member of a network, beside a person who speaks
    /// for themself. In a council's room nobody comes on another's behalf, and for
    /// people of the network's own host who keeps the list of members notes what
    /// they say.
    pub fn speaks_for(&self, member: Member, person: Option<&Participant>, (host, council): (Uuid, bool)) -> bool {
        match member {
            Member::Participant(_) => person.is_some_and(|one| {
                !council && one.organisation_id != host && self.organisations.contains(&one.organisation_id)
            }),
            Member::Organisation(id) => self.organisations.contains(&id),
            Member::Network(id) => self.networks.contains(&id),
        }
    }

    /// What waits for their own yes: as themself (in a council with the account
    /// that it knows), and for the organisations and networks for which they speak.
    pub(super) fn own(&self) -> Condition {
        use memberships::Column as Of;
        let known = Condition::any()
            .add(Of::AccountId.is_in(self.account))
            .add(Of::NetworkId.not_in_subquery(network::councils()));
        Condition::any()
            .add(of("participant", &self.persons).add(known))
            .add(of("organisation", &self.organisations))
            .add(of("network", &self.networks))
    }

    /// Their own memberships, and those of members for whom they speak, as
    /// [`Self::speaks_for`] says.
    pub(super) fn selection(&self, (host, council): (Uuid, bool)) -> Condition {
        use memberships::Column as Of;
        let themself = of("participant", &self.persons);
        let themself = if council { themself.add(Of::AccountId.is_in(self.account)) } else { themself };
        let own = Condition::any()
            .add(themself)
            .add(of("organisation", &self.organisations))
            .add(of("network", &self.networks));
        if council {
            return own;
        }
        let registered = participants::Entity::find()
            .select_only()
            .column(participants::Column::Id)
            .filter(participants::Column::OrganisationId.is_in(self.organisations.iter().copied()))
            .filter(participants::Column::OrganisationId.ne(host));
        let theirs = Condition::all()
            .add(Of::MemberKind.eq("participant"))
            .add(Of::MemberId.in_subquery(registered.into_query()));
        own.add(theirs)
    }
}

/// The memberships of these members of a kind.
fn of(kind: &str, ids: &[Uuid]) -> Condition {
    use memberships::Column as Of;
    Condition::all().add(Of::MemberKind.eq(kind)).add(Of::MemberId.is_in(ids.iter().copied()))
}
