//! To what somebody is invited: a role that holds somewhere, or a person who was
//! registered.

use klankbord_domain::Refusal;
use klankbord_domain::access::{Role, ScopeKind, granting, inviting};
use klankbord_domain::networks::Network;
use klankbord_domain::participants::Participant;
use klankbord_domain::participants::operations::READERS;
use klankbord_domain::policy::{Caller, Place, Roles};
use klankbord_persistence::participants::participant;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use uuid::Uuid;

use super::ground::{self, Ground};

/// To what somebody is invited, and what the one who asks is to it.
pub(super) enum Invited {
    /// A role.
    Role(Ground),
    /// To be who one was registered as.
    Person(Stored<Participant>, Place, Roles),
}

impl Invited {
    /// To what this leads; none when there is no such thing, or nothing that the
    /// caller may know of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) async fn find(
        source: &impl Source,
        (kind, id): (ScopeKind, Option<Uuid>),
        caller: &Caller,
    ) -> Result<Option<Self>, Failure> {
        let (ScopeKind::Participant, Some(person)) = (kind, id) else {
            return Ok(Ground::find(source, (kind, id), caller).await?.map(Self::Role));
        };
        let Some(found) = participant::find(source, person).await? else { return Ok(None) };
        let place = participant::place(source, &found.value).await?;
        let roles = place.roles_of(caller);
        Ok(roles.has_any(READERS).then_some(Self::Person(found, place, roles)))
    }

    /// The place to authorise with.
    pub(super) fn place(&self) -> &Place {
        match self {
            Self::Role(ground) => &ground.place,
            Self::Person(_, place, _) => place,
        }
    }

    /// The organisation whose managers see the invitation.
    pub(super) fn organisation(&self) -> Option<Uuid> {
        match self {
            Self::Role(ground) => ground.organisation,
            Self::Person(person, ..) => Some(person.value.organisation_id),
        }
    }

    /// The person in question, where it is one.
    pub(super) fn person(&self) -> Option<Uuid> {
        match self {
            Self::Role(_) => None,
            Self::Person(person, ..) => Some(person.value.id),
        }
    }

    /// Whether the one who asks invites to this, and withdraws it.
    ///
    /// # Errors
    /// 403; 400 where no such role can exist.
    pub(super) fn may_invite(&self, role: Role) -> Result<(), Refusal> {
        match self {
            Self::Role(ground) => granting::may_grant(ground.room, ground.roles, role),
            Self::Person(_, _, roles) => inviting::may_link(*roles),
        }
    }

    /// Whether the one who asks sees who is invited.
    pub(super) fn may_be_listed(&self) -> bool {
        match self {
            Self::Role(ground) => ground.may_be_listed(),
            Self::Person(_, _, roles) => inviting::may_link(*roles).is_ok(),
        }
    }

    /// Whether it can still be given.
    ///
    /// # Errors
    /// 409 `network.closed`, `role_invitation.linked_already`.
    pub(super) fn is_to_give(&self) -> Result<(), Refusal> {
        match self {
            Self::Role(ground) => ground.network.as_ref().map_or(Ok(()), Network::may_change),
            Self::Person(person, ..) => inviting::not_linked(person.value.account_id),
        }
    }
}

/// Locks it until the command ends.
///
/// # Errors
/// When the database refuses.
pub(super) async fn lock(tx: &Tx, (kind, id): (ScopeKind, Option<Uuid>)) -> Result<(), Failure> {
    match (kind, id) {
        (ScopeKind::Participant, Some(person)) => drop(participant::find_to_change(tx, person).await?),
        _ => ground::lock(tx, (kind, id)).await?,
    }
    Ok(())
}
