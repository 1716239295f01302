//! Invitations: to a role that somebody may grant, or to be who one was
//! registered as. An invitation holds as far as its sender's word does at the
//! moment that it is accepted.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Role, granting};
use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where an invitation stands.
    RoleInvitationStatus {
        /// It can be accepted.
        Open => "open",
        /// It was accepted.
        Accepted => "accepted",
        /// It was withdrawn.
        Withdrawn => "withdrawn",
        /// Its last instant has passed.
        Expired => "expired",
    }
}

/// Who registers people, and so links an account to them.
const REGISTRARS: &[Standing] = &[Standing::Manager, Standing::Officer];

/// To what somebody is invited, as it was asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// A role.
    pub role: Option<Role>,
    /// Where the role holds.
    pub scope_id: Option<Uuid>,
    /// Who they were registered as.
    pub participant_id: Option<Uuid>,
}

impl Asked {
    /// The role and its scope. To be who one was registered as is the role
    /// `participant` of that person.
    ///
    /// # Errors
    /// `value.required`, `role_invitation.either`, and those of
    /// [`granting::check`].
    pub fn target(self) -> Result<(Role, Option<Uuid>), Refusal> {
        let Self { role, scope_id, participant_id } = self;
        match (role, participant_id) {
            (Some(role), None) => {
                Refusal::unless_clean(granting::check(role, scope_id))?;
                Ok((role, scope_id))
            }
            (None, Some(person)) if scope_id.is_none() => Ok((Role::Participant, Some(person))),
            (None, None) => Err(Refusal::invalid("/role", "value.required")),
            (_, Some(_)) => Err(Refusal::invalid("/participantId", "role_invitation.either")),
        }
    }
}

/// Where an invitation stands that ended at these instants, if it did.
pub fn status(
    (accepted, withdrawn): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> RoleInvitationStatus {
    if accepted.is_some() {
        RoleInvitationStatus::Accepted
    } else if withdrawn.is_some() {
        RoleInvitationStatus::Withdrawn
    } else if expires_at <= now {
        RoleInvitationStatus::Expired
    } else {
        RoleInvitationStatus::Open
    }
}

/// What is over isn't withdrawn any more.
///
/// # Errors
/// `role_invitation.not_open` (409).
pub fn may_withdraw(status: RoleInvitationStatus) -> Result<(), Refusal> {
    if status == RoleInvitationStatus::Open { Ok(()) } else { Err(Refusal::Conflict("role_invitation.not_open")) }
}

/// Decides whether somebody who stands so towards a registered person may invite
/// them, or withdraw that.
///
/// # Errors
/// [`Refusal::Forbidden`].
pub fn may_link(roles: Roles) -> Result<(), Refusal> {
    if roles.has_any(REGISTRARS) { Ok(()) } else { Err(Refusal::Forbidden) }
}

/// A person is linked once: after that only they unlink.
///
/// # Errors
/// `role_invitation.linked_already` (409).
pub fn not_linked(account: Option<Uuid>) -> Result<(), Refusal> {
    if account.is_none() { Ok(()) } else { Err(Refusal::Conflict("role_invitation.linked_already")) }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn it_is_one_of_the_two() {
        let some = Some(Uuid::from_u128(1));
        let target = |role, scope_id, participant_id| Asked { role, scope_id, participant_id }.target();
        let fault = |location, code| Err(Refusal::invalid(location, code));
        assert_eq!(target(Some(Role::Officer), some, None), Ok((Role::Officer, some)));
        assert_eq!(target(Some(Role::Admin), None, None), Ok((Role::Admin, None)));
        assert_eq!(target(None, None, some), Ok((Role::Participant, some)));
        assert_eq!(target(None, None, None), fault("/role", "value.required"));
        assert_eq!(target(None, some, None), fault("/role", "value.required"));
        assert_eq!(target(None, some, some), fault("/participantId", "role_invitation.either"));
        assert_eq!(target(Some(Role::Officer), some, some), fault("/participantId", "role_invitation.either"));
        assert_eq!(target(Some(Role::Participant), some, None), fault("/role", "grant.not_by_hand"));
    }

    #[test]
    fn it_is_open_until_something_ends_it() {
        let now = DateTime::UNIX_EPOCH;
        let later = now + TimeDelta::seconds(1);
        let at = |accepted, withdrawn, expires| status((accepted, withdrawn), expires, now);
        assert_eq!(at(None, None, later), RoleInvitationStatus::Open);
        assert_eq!(at(None, None, now), RoleInvitationStatus::Expired);
        assert_eq!(at(Some(now), None, now), RoleInvitationStatus::Accepted);
        assert_eq!(at(None, Some(now), later), RoleInvitationStatus::Withdrawn);
        for status in RoleInvitationStatus::ALL {
            assert_eq!(may_withdraw(*status).is_ok(), *status == RoleInvitationStatus::Open);
        }
    }

    #[test]
    fn who_registers_people_links_them_once() {
        for standing in Standing::ALL {
            assert_eq!(may_link(Roles::of(&[*standing])).is_ok(), REGISTRARS.contains(standing), "{standing:?}");
        }
        assert!(not_linked(None).is_ok() && not_linked(Some(Uuid::nil())).is_err());
    }
}
