//! Accounts, sessions, roles, and machines.

pub mod audit;
mod client;
pub mod granting;
pub mod inviting;
pub mod operations;
mod scopes;

pub use client::{Client, ClientStatus, Credential, CredentialKind, CredentialPlan, CredentialStatus, LONGEST_OVERLAP};
pub use scopes::ClientScope;

use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::refusal::Fault;
use crate::text::is_language_tag;
use crate::vocabulary::vocabulary;

/// What is wrong with what an account says of its holder, all at once:
/// `text.blank`, `text.language_malformed`.
pub fn check_holder(display_name: &str, language: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if display_name.trim().is_empty() {
        faults.push(Fault::body("/displayName", "text.blank"));
    }
    if !is_language_tag(language) {
        faults.push(Fault::body("/language", "text.language_malformed"));
    }
    faults
}

vocabulary! {
    /// A role that can be granted, each within its scope: `admin` at the
    /// installation; `manager`, `officer`, `safeguarding_officer` in an
    /// organisation; `coordinator`, `facilitator`, `moderator`, `member`,
    /// `observer`, and in councils `chair`, `secretary`, `supporter` in a
    /// network; `participant` (oneself) and `representative` of one person.
    Role {
        /// Runs the installation, not the people.
        Admin => "admin",
        /// Leads the organisation's side.
        Manager => "manager",
        /// Answers and decides on the organisation's behalf (dossierhouder).
        Officer => "officer",
        /// Acts on signals of danger (aandachtsfunctionaris).
        SafeguardingOfficer => "safeguarding_officer",
        /// Runs a network.
        Coordinator => "coordinator",
        /// Runs a consultation (gespreksleider).
        Facilitator => "facilitator",
        /// Keeps what is published decent.
        Moderator => "moderator",
        /// Takes part in a network.
        Member => "member",
        /// Looks on in a network.
        Observer => "observer",
        /// Chairs a council.
        Chair => "chair",
        /// A council's secretary (ambtelijk secretaris).
        Secretary => "secretary",
        /// A council's independent supporter.
        Supporter => "supporter",
        /// The participant in person.
        Participant => "participant",
        /// A participant's legal representative.
        Representative => "representative",
    }
}

vocabulary! {
    /// What kind of thing a role reaches.
    ScopeKind {
        /// The whole installation.
        Installation => "installation",
        /// One organisation.
        Organisation => "organisation",
        /// One network, and the working groups under it.
        Network => "network",
        /// One person.
        Participant => "participant",
    }
}

vocabulary! {
    /// How a session was opened.
    SignInMethod {
        /// With e-mail address and password.
        Password => "password",
        /// With a one-time code.
        Code => "code",
        /// With an invitation.
        Invitation => "invitation",
    }
}

vocabulary! {
    /// Whether an account can be used.
    AccountStatus {
        /// It can.
        Active => "active",
        /// It was switched off.
        Disabled => "disabled",
    }
}

impl Lifecycle for AccountStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Active, to: Self::Disabled, by: &[Standing::Admin], reason: Reason::Required },
        Move { from: Self::Disabled, to: Self::Active, by: &[Standing::Admin], reason: Reason::Required },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

vocabulary! {
    /// What a one-time code is for.
    CodePurpose {
        /// To sign in.
        SignIn => "sign_in",
        /// To set a new password.
        PasswordReset => "password_reset",
        /// To see and use one's own data, without an account.
        OwnData => "own_data",
    }
}

impl Role {
    /// The kind of scope in which this role can be held.
    pub const fn scope(self) -> ScopeKind {
        match self {
            Self::Admin => ScopeKind::Installation,
            Self::Manager | Self::Officer | Self::SafeguardingOfficer => ScopeKind::Organisation,
            Self::Coordinator
            | Self::Facilitator
            | Self::Moderator
            | Self::Member
            | Self::Observer
            | Self::Chair
            | Self::Secretary
            | Self::Supporter => ScopeKind::Network,
            Self::Participant | Self::Representative => ScopeKind::Participant,
        }
    }
}
