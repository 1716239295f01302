//! Who sees what of feedback, as a selection. It says for lists what
//! [`klankbord_domain::feedback::Feedback::may_be_seen`] says for one.

use klankbord_domain::feedback::{FeedbackKind, FeedbackStatus};
use sea_orm::{ColumnTrait as _, Condition};
use uuid::Uuid;

use super::entity::feedback::Column;
use super::entry::{NETWORK, ORGANISATION, PARTICIPANT};

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
    /// Their account: what it recorded for others.
    pub account: Option<Uuid>,
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
        let own = by(PARTICIPANT, &self.persons)
            .add(by(ORGANISATION, &self.speaks_for.organisations))
            .add(by(NETWORK, &self.speaks_for.networks));
        let own = match self.account {
            Some(account) => own.add(Column::RecordedBy.eq(account)),
            None => own,
        };
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
