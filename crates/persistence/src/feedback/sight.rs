//! Who sees what of feedback, as a selection. It says for lists what
//! [`klankbord_domain::feedback::Feedback::may_be_seen`] says for one.

use klankbord_domain::feedback::{FeedbackKind, FeedbackStatus};
use klankbord_domain::participants::MembershipStatus;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::entity::feedback::{Column, Entity};
use super::entry::{NETWORK, ORGANISATION, PARTICIPANT};
use crate::networks::network::councils;
use crate::participants::entity::{memberships, participants};
use crate::participants::membership;

/// Organisations and networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rooms {
    /// The organisations.
    pub organisations: Vec<Uuid>,
    /// The networks, those under them included.
    pub networks: Vec<Uuid>,
}

/// From where somebody looks.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// Their account, or the client: what it recorded for others.
    pub recorder: Option<Uuid>,
    /// The persons that they are.
    pub persons: Vec<Uuid>,
    /// For whom they speak.
    pub speaks_for: Rooms,
    /// Where they answer or moderate.
    pub answers_in: Rooms,
    /// Where they take part.
    pub near: Rooms,
}

impl Sight {
    /// What can be seen from here.
    pub(crate) fn selection(&self) -> Condition {
        let own = self.own();
        let sent =
            Condition::all().add(Column::Status.ne(FeedbackStatus::Draft.code())).add(self.answers_in.selection());
        let kinds = FeedbackKind::ALL.iter().filter(|kind| kind.is_shared()).map(|kind| kind.code());
        let states = FeedbackStatus::ALL.iter().filter(|status| status.is_shared()).map(|status| status.code());
        let shared = Condition::all()
            .add(Column::Kind.is_in(kinds))
            .add(Column::Status.is_in(states))
            .add(self.near.selection());
        Condition::any().add(own).add(sent).add(shared)
    }

    /// What they brought, speak for, or recorded and still may.
    pub(crate) fn own(&self) -> Condition {
        let brought = Condition::any()
            .add(self.brought())
            .add(by(ORGANISATION, &self.speaks_for.organisations))
            .add(by(NETWORK, &self.speaks_for.networks));
        brought.add(self.recorded())
    }

    /// What they brought as the persons that they are. What others wrote down for
    /// such a person in a council's room is theirs where it knows their account: one
    /// can be linked to them later.
    pub(crate) fn brought(&self) -> Condition {
        let known = membership::known(self.recorder)
            .filter(Expr::col((memberships::Entity, memberships::Column::MemberId)).equals((Entity, Column::AuthorId)))
            .filter(
                Expr::col((memberships::Entity, memberships::Column::NetworkId)).equals((Entity, Column::AddresseeId)),
            );
        let themself = Condition::all().add(Column::RecordedBy.is_null()).add(Column::RecordedByClient.is_null());
        let theirs = Condition::any()
            .add(Column::AddresseeId.not_in_subquery(councils()))
            .add(themself)
            .add(Expr::exists(known.into_query()));
        Condition::all().add(by(PARTICIPANT, &self.persons)).add(theirs)
    }

    /// What the account wrote down for others, as long as it still speaks for
    /// the place addressed, for the organisation that registered the author, or
    /// for a network in which the author takes part. What was brought to a
    /// council stays with who leads that council.
    pub(crate) fn recorded(&self) -> Condition {
        let Rooms { organisations, networks } = &self.speaks_for;
        let registered = participants::Entity::find()
            .select_only()
            .column(participants::Column::Id)
            .filter(participants::Column::OrganisationId.is_in(organisations.iter().copied()));
        let taking_part = memberships::Entity::find()
            .select_only()
            .column(memberships::Column::MemberId)
            .filter(memberships::Column::MemberKind.eq(PARTICIPANT))
            .filter(memberships::Column::Status.eq(MembershipStatus::Active.code()))
            .filter(memberships::Column::NetworkId.is_in(networks.iter().copied()));
        let of_author = Condition::any()
            .add(Column::AuthorId.in_subquery(registered.into_query()))
            .add(Column::AuthorId.in_subquery(taking_part.into_query()));
        let outside_councils = Condition::all().add(Column::AddresseeId.not_in_subquery(councils())).add(of_author);
        let still = Condition::any().add(self.speaks_for.selection()).add(outside_councils);
        let by_them = Condition::any()
            .add(Column::RecordedBy.is_in(self.recorder))
            .add(Column::RecordedByClient.is_in(self.recorder));
        Condition::all().add(by_them).add(still)
    }
}

impl Rooms {
    /// What is addressed to them.
    pub(crate) fn selection(&self) -> Condition {
        let one = |kind: &str, ids: &[Uuid]| {
            let within = Column::AddresseeId.is_in(ids.iter().copied());
            Condition::all().add(Column::AddresseeKind.eq(kind)).add(within)
        };
        Condition::any().add(one(ORGANISATION, &self.organisations)).add(one(NETWORK, &self.networks))
    }
}

/// What these brought; any of several, to add to.
fn by(kind: &str, ids: &[Uuid]) -> Condition {
    let one = Condition::all().add(Column::AuthorKind.eq(kind)).add(Column::AuthorId.is_in(ids.iter().copied()));
    Condition::any().add(one)
}
