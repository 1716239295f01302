//! Who may do what with participants and memberships. The admin sees no
//! people; partners see none either.
//!
//! A participant's place names the organisation that registered them, the
//! networks in which they take part, and themself; a membership's place is
//! that of its network, with the person. Lists and searches hold what the
//! caller may read one by one: [`READERS`] in their own scopes, and oneself.
//!
//! A legal representative reads and keeps the person's own record, and says yes
//! or no to networks for them. Who that is, only people of the registering
//! organisation record.

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

/// The readers, the person in question, and who represents them.
const READERS_AND_OWN: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Participant,
    Standing::Representative,
];

/// Who records legal representatives: people, never machines.
const RECORDERS: Access = Access::Held(&[Standing::Manager, Standing::Officer]);
/// The recorders, and the person in question.
const RECORDERS_AND_SELF: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Participant];

/// Who registers people.
const REGISTRARS: Access = Access::Held(&[Standing::Manager, Standing::Officer, Standing::Client]);
/// The registrars, the person in question, and who represents them.
const REGISTRARS_AND_OWN: Access = Access::Held(&[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Participant,
    Standing::Representative,
]);
/// Who keeps a network's list of members; in a council only the chair.
const ORGANISERS: Access = Access::Held(&[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair]);
/// The organisers, the person in question, and who represents them.
const EITHER: Access = Access::Held(&[
    Standing::Manager,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Participant,
    Standing::Representative,
]);

/// Who reaches people to ask them in: people, never machines; in a council only the chair.
const REACHERS: Access = Access::Held(&[Standing::Manager, Standing::Coordinator, Standing::Chair]);

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
    GetParticipant = Rule::new("getParticipant", Access::Held(READERS_AND_OWN)).personal().scope(ClientScope::ParticipantsRead).by_code();
    /// Change a participant.
    UpdateParticipant = Rule::new("updateParticipant", REGISTRARS_AND_OWN).seen_by(READERS).versioned().scope(ClientScope::ParticipantsWrite);
    /// Find participants by what may not stand in an address.
    SearchParticipants = Rule::new("searchParticipants", Access::SignedIn).personal().scope(ClientScope::ParticipantsRead);
    /// List the memberships that one may read.
    ListMemberships = Rule::new("listMemberships", Access::SignedIn).by_representatives().personal().scope(ClientScope::ParticipantsRead);
    /// Invite somebody, note that they applied, or apply.
    CreateMembership = Rule::new("createMembership", EITHER).seen_by_all().scope(ClientScope::ParticipantsWrite);
    /// Read a membership.
    GetMembership = Rule::new("getMembership", Access::Held(READERS_AND_OWN)).personal().scope(ClientScope::ParticipantsRead).by_code();
    /// Change a membership.
    UpdateMembership = Rule::new("updateMembership", ORGANISERS).seen_by(READERS_AND_SELF).versioned().scope(ClientScope::ParticipantsWrite);
    /// Move a membership along its lifecycle.
    CreateMembershipTransition = Rule::new("createMembershipTransition", EITHER).seen_by(READERS).versioned().scope(ClientScope::ParticipantsWrite).by_code();
    /// List the moves of a membership.
    ListMembershipTransitions = Rule::new("listMembershipTransitions", Access::Held(READERS_AND_OWN)).personal().scope(ClientScope::ParticipantsRead).by_code();
    /// Have a contact detail checked, or write down that it was.
    CreateContactVerification = Rule::new("createContactVerification", REGISTRARS_AND_OWN).seen_by(READERS).scope(ClientScope::ParticipantsWrite);
    /// Say, by the link that came there, that an address is right.
    CreateContactConfirmation = Rule::new("createContactConfirmation", Access::Link);
    /// Read an invitation with the link that came by mail.
    GetMembershipInvitation = Rule::new("getMembershipInvitation", Access::Link);
    /// Say yes or no to an invitation with that link.
    CreateMembershipAnswer = Rule::new("createMembershipAnswer", Access::Link);
    /// Remind somebody who is invited.
    CreateMembershipReminder = Rule::new("createMembershipReminder", REACHERS).seen_by(READERS_AND_OWN);
    /// List whom to call, or to visit.
    ListContactList = Rule::new("listContactList", REACHERS).seen_by_all().personal();
    /// Note a call or a visit.
    CreateContactAttempt = Rule::new("createContactAttempt", REACHERS).seen_by(READERS_AND_OWN);
    /// List the calls and visits to somebody who is, or was, invited.
    ListContactAttempts = Rule::new("listContactAttempts", REACHERS).seen_by(READERS_AND_OWN).personal();
    /// List who represents a participant in law.
    ListLegalRepresentatives = Rule::new("listLegalRepresentatives", Access::Held(RECORDERS_AND_SELF)).seen_by(READERS).personal();
    /// Record who represents a participant in law.
    CreateLegalRepresentative = Rule::new("createLegalRepresentative", RECORDERS).seen_by(READERS_AND_SELF);
    /// Read who represents a participant in law.
    GetLegalRepresentative = Rule::new("getLegalRepresentative", Access::Held(RECORDERS_AND_SELF)).personal();
    /// Change the record of a legal representative.
    UpdateLegalRepresentative = Rule::new("updateLegalRepresentative", RECORDERS).seen_by(RECORDERS_AND_SELF).versioned();
    /// End the record of a legal representative.
    CreateLegalRepresentativeTransition = Rule::new("createLegalRepresentativeTransition", RECORDERS).seen_by(RECORDERS_AND_SELF).versioned();
    /// List the moves of a legal representative's record.
    ListLegalRepresentativeTransitions = Rule::new("listLegalRepresentativeTransitions", Access::Held(RECORDERS_AND_SELF)).personal();
}
