//! The list of the consultations that somebody may see.

use klankbord_domain::policy::{Caller, Standing};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::consultation::{ConsultationFilter, Kept, asks_any_of, list};
use super::entity::consultations::Column;
use super::entity::{consultation_facilitators as facilitators, consultations, invitations};
use super::invitation::heard;
use super::setting::TAKES_PART;
use crate::networks::entity::{network_partners, networks};
use crate::networks::network;
use crate::store::{Failure, Page, PageRequest, Source, Stored};

/// Who in a network sees what is asked of it.
const IN_NETWORK: &[Standing] = &[
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Moderator,
    Standing::Member,
    Standing::Observer,
    Standing::Chair,
    Standing::Secretary,
    Standing::Supporter,
];

/// Who in a network prepares what is asked of it.
const PREPARES: &[Standing] = &[Standing::Coordinator, Standing::Facilitator, Standing::Chair, Standing::Secretary];

/// A page of the consultations that this caller may see: the same as
/// `Consultation::may_be_seen` in the place of each, in the database's words.
///
/// # Errors
/// When the database refuses.
pub async fn page(
    source: &impl Source,
    caller: &Caller,
    filter: &ConsultationFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Kept>>, Failure> {
    let condition = seen_by(source, caller).await?;
    list(source, condition, filter, request).await
}

async fn seen_by(source: &impl Source, caller: &Caller) -> Result<Condition, Failure> {
    let organisations = caller.organisations_of(&[Standing::Manager, Standing::Officer]);
    let own = caller.organisations_of(&[Standing::Manager, Standing::Officer, Standing::Client]);
    let within = network::reach(source, caller.networks_of(IN_NETWORK)).await?;
    let leads = network::reach(source, caller.networks_of(PREPARES)).await?;
    let own_rooms = Column::Council.eq(true);
    let leads_councils = Condition::all().add(own_rooms).add(asks_any_of(leads.iter().copied()));
    let leads_others = asks_for_host_any_of(leads);
    let ours = Condition::all().add(Column::Council.eq(false)).add(Column::OrganisationId.is_in(own));
    let always = Condition::any()
        .add(ours)
        .add(leads_councils)
        .add(Condition::all().add(Column::Council.eq(false)).add(leads_others))
        .add(facilitated_by(source, caller).await?);
    let once_open = Condition::any()
        .add(asks_any_of(within))
        .add(Condition::all().add(Column::Council.eq(false)).add(beside(organisations)))
        .add(asking(caller));
    let opened = Condition::all().add(Column::OpenedAt.is_not_null()).add(once_open);
    Ok(always.add(opened))
}

/// That one of these networks is asked by its own host, and is no council: who
/// runs it runs that too.
pub(super) fn asks_for_host_any_of(ids: Vec<Uuid>) -> Condition {
    let host = Expr::col((networks::Entity, networks::Column::HostId));
    let others = networks::Entity::find()
        .select_only()
        .column(networks::Column::Id)
        .filter(networks::Column::Id.is_in(ids))
        .filter(networks::Column::Council.eq(false))
        .filter(host.equals((consultations::Entity, Column::OrganisationId)));
    asks_within(others.into_query())
}

/// That one of the networks that this query gives is asked.
fn asks_within(query: sea_orm::sea_query::SelectStatement) -> Condition {
    use super::entity::consultation_networks as asked;
    let asked = asked::Entity::find()
        .select_only()
        .column(asked::Column::ConsultationId)
        .filter(asked::Column::NetworkId.in_subquery(query));
    Condition::all().add(Column::Id.in_subquery(asked.into_query()))
}

/// That a network is asked, no council, that one of these organisations hosts
/// or partners in.
fn beside(organisations: Vec<Uuid>) -> Condition {
    let partners = network_partners::Entity::find()
        .select_only()
        .column(network_partners::Column::NetworkId)
        .filter(network_partners::Column::OrganisationId.is_in(organisations.clone()));
    let near = Condition::any()
        .add(networks::Column::HostId.is_in(organisations))
        .add(networks::Column::Id.in_subquery(partners.into_query()));
    let near = networks::Entity::find()
        .select_only()
        .column(networks::Column::Id)
        .filter(networks::Column::Council.eq(false))
        .filter(near);
    asks_within(near.into_query())
}

/// That the caller is named on it, and still holds a role in the organisation
/// or in a network that is asked.
async fn facilitated_by(source: &impl Source, caller: &Caller) -> Result<Condition, Failure> {
    let given: Vec<Standing> = caller.held.iter().map(|held| held.standing).collect();
    let given: Vec<Standing> = given.into_iter().filter(|standing| !TAKES_PART.contains(standing)).collect();
    let organisations = caller.organisations_of(&given);
    let within = network::reach(source, caller.networks_of(&given)).await?;
    let holds = Condition::any().add(Column::OrganisationId.is_in(organisations)).add(asks_any_of(within));
    let named = facilitators::Entity::find()
        .select_only()
        .column(facilitators::Column::ConsultationId)
        .filter(facilitators::Column::AccountId.is_in(caller.account));
    Ok(Condition::all().add(Column::Id.in_subquery(named.into_query())).add(holds))
}

fn asking(caller: &Caller) -> Condition {
    let invited = invitations::Entity::find()
        .select_only()
        .column(invitations::Column::ConsultationId)
        .filter(invitations::Column::ParticipantId.is_in(caller.persons()))
        .filter(heard(caller.account));
    Condition::all().add(Column::Id.in_subquery(invited.into_query()))
}
