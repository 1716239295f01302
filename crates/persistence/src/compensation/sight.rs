//! Who sees which claims, as a selection. It says for lists what
//! [`klankbord_domain::compensation::Claim::may_be_seen`] says for one.

use klankbord_domain::compensation::{ClaimStatus, KEEPERS};
use klankbord_domain::policy::{Caller, Standing};
use sea_orm::{ColumnTrait as _, Condition, QueryTrait as _};
use uuid::Uuid;

use super::entity::claims::Column;
use crate::networks::network;
use crate::participants::membership;
use crate::store::{Failure, Source};

/// Who pays for a network that is no council's.
const PAYERS: &[Standing] = &[Standing::Manager, Standing::Officer];

/// From where somebody looks at claims.
#[derive(Debug, Clone, Default)]
pub struct ClaimSight {
    account: Option<Uuid>,
    persons: Vec<Uuid>,
    organisations: Vec<Uuid>,
    networks: Vec<Uuid>,
}

impl ClaimSight {
    /// From where this caller looks.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(source: &impl Source, caller: &Caller) -> Result<Self, Failure> {
        Ok(Self {
            account: caller.account,
            persons: caller.persons(),
            organisations: caller.organisations_of(PAYERS),
            networks: network::reach(source, caller.networks_of(KEEPERS)).await?,
        })
    }

    /// One's own alone.
    pub fn own(caller: &Caller) -> Self {
        let persons = caller.persons_as(Standing::Participant);
        Self { account: caller.account, persons, ..Self::default() }
    }

    /// What can be seen from here: one's own, and what others handed in where one
    /// keeps claims. In a council's room one is who it knows.
    pub(super) fn selection(&self) -> Condition {
        let known = membership::known(self.account).into_query();
        let theirs = Condition::any().add(Column::Council.eq(false)).add(Column::MembershipId.in_subquery(known));
        let own = Condition::all().add(Column::ParticipantId.is_in(self.persons.iter().copied())).add(theirs);
        let paid_for = Condition::all()
            .add(Column::OrganisationId.is_in(self.organisations.iter().copied()))
            .add(Column::Council.eq(false));
        let kept = Condition::any().add(paid_for).add(Column::NetworkId.is_in(self.networks.iter().copied()));
        let handed_in = Condition::any()
            .add(Column::Status.ne(ClaimStatus::Draft.code()))
            .add(Column::EnteredBy.is_in(self.account));
        Condition::any().add(own).add(Condition::all().add(kept).add(handed_in))
    }
}
