//! Who may do what with participants and memberships. The admin sees no
//! people; partners see none either.
//!
//! A participant's place names the organisation that registered them, the
//! networks in which they take part, and themself; a membership's place is
//! that of its network, with the person. Lists and searches hold what the
//! caller may read one by one: [`READERS`] in their own scopes, and oneself.

use crate::access::ClientScope;
use crate::policy::{Access, Caller, Operation, Rule, Standing, operations};

/// Who may read about somebody else who takes part.
pub const READERS: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
];

/// The readers, and the person in question.
const READERS_AND_SELF: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Participant,
];

/// Who registers people.
const REGISTRARS: Access = Access::Held(&[Standing::Manager, Standing::Officer, Standing::Client]);
/// The registrars, and the person in question.
const REGISTRARS_AND_SELF: Access =
    Access::Held(&[Standing::Manager, Standing::Officer, Standing::Client, Standing::Participant]);
/// Who keeps a network's list of members; in a council only the chair.
const ORGANISERS: Access = Access::Held(&[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair]);
/// The organisers, and the person in question.
const EITHER: Access =
    Access::Held(&[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair, Standing::Participant]);

/// Whether it is a machine that registers people, and so keeps their records.
pub fn registers(caller: &Caller) -> bool {
    caller.machine.as_ref().is_some_and(|machine| machine.may_call(&<UpdateParticipant as Operation>::RULE))
}

operations! {
    /// List the participants that one may read.
    ListParticipants = Rule::new("listParticipants", Access::SignedIn).personal().scope(ClientScope::ParticipantsRead);
    /// Register a participant.
    CreateParticipant = Rule::new("createParticipant", REGISTRARS).seen_by_all().scope(ClientScope::ParticipantsWrite);
    /// Read a participant.
    GetParticipant = Rule::new("getParticipant", Access::Held(READERS_AND_SELF)).personal().scope(ClientScope::ParticipantsRead);
    /// Change a participant.
    UpdateParticipant = Rule::new("updateParticipant", REGISTRARS_AND_SELF).seen_by(READERS).versioned().scope(ClientScope::ParticipantsWrite);
    /// Find participants by what may not stand in an address.
    SearchParticipants = Rule::new("searchParticipants", Access::SignedIn).personal().scope(ClientScope::ParticipantsRead);
    /// List the memberships that one may read.
    ListMemberships = Rule::new("listMemberships", Access::SignedIn).personal().scope(ClientScope::ParticipantsRead);
    /// Invite somebody, note that they applied, or apply.
    CreateMembership = Rule::new("createMembership", EITHER).seen_by_all().scope(ClientScope::ParticipantsWrite);
    /// Read a membership.
    GetMembership = Rule::new("getMembership", Access::Held(READERS_AND_SELF)).personal().scope(ClientScope::ParticipantsRead);
    /// Change a membership.
    UpdateMembership = Rule::new("updateMembership", ORGANISERS).seen_by(READERS_AND_SELF).versioned().scope(ClientScope::ParticipantsWrite);
    /// Move a membership along its lifecycle.
    CreateMembershipTransition = Rule::new("createMembershipTransition", EITHER).seen_by(READERS).versioned().scope(ClientScope::ParticipantsWrite);
    /// List the moves of a membership.
    ListMembershipTransitions = Rule::new("listMembershipTransitions", Access::Held(READERS_AND_SELF)).personal().scope(ClientScope::ParticipantsRead);
}
