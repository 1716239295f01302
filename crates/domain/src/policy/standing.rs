//! How somebody stands towards a thing, and sets of that.

use crate::access::Role;

/// How somebody stands towards a thing: by a granted role, or by what they are
/// to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Runs the installation, not the people.
    Admin,
    /// Leads the organisation's side: staff, networks, programmes.
    Manager,
    /// Answers and decides on the organisation's behalf (dossierhouder).
    Officer,
    /// Acts on signals of danger (aandachtsfunctionaris).
    SafeguardingOfficer,
    /// Runs a network.
    Coordinator,
    /// Runs a consultation (gespreksleider).
    Facilitator,
    /// Keeps what is published decent.
    Moderator,
    /// Takes part in the network.
    Member,
    /// Looks on.
    Observer,
    /// Chairs a council.
    Chair,
    /// A council's secretary (ambtelijk secretaris).
    Secretary,
    /// A council's independent supporter.
    Supporter,
    /// The participant in person.
    Participant,
    /// The participant's legal representative.
    Representative,
    /// A manager or officer of a partner organisation.
    Partner,
    /// Somebody whom a consultation asks.
    Invited,
    /// A machine of the organisation that the thing belongs to.
    Client,
    /// A device on site, bound to this consultation.
    Kiosk,
}

impl Standing {
    /// Every standing, in order.
    pub const ALL: &'static [Self] = &[
        Self::Admin,
        Self::Manager,
        Self::Officer,
        Self::SafeguardingOfficer,
        Self::Coordinator,
        Self::Facilitator,
        Self::Moderator,
        Self::Member,
        Self::Observer,
        Self::Chair,
        Self::Secretary,
        Self::Supporter,
        Self::Participant,
        Self::Representative,
        Self::Partner,
        Self::Invited,
        Self::Client,
        Self::Kiosk,
    ];

    /// The word for it in the document's `x-permission`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Officer => "officer",
            Self::SafeguardingOfficer => "safeguarding_officer",
            Self::Coordinator => "coordinator",
            Self::Facilitator => "facilitator",
            Self::Moderator => "moderator",
            Self::Member => "member",
            Self::Observer => "observer",
            Self::Chair => "chair",
            Self::Secretary => "secretary",
            Self::Supporter => "supporter",
            Self::Participant => "participant",
            Self::Representative => "representative",
            Self::Partner => "partner",
            Self::Invited => "invited",
            Self::Client => "client",
            Self::Kiosk => "kiosk",
        }
    }
}

impl From<Role> for Standing {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Manager => Self::Manager,
            Role::Officer => Self::Officer,
            Role::SafeguardingOfficer => Self::SafeguardingOfficer,
            Role::Coordinator => Self::Coordinator,
            Role::Facilitator => Self::Facilitator,
            Role::Moderator => Self::Moderator,
            Role::Member => Self::Member,
            Role::Observer => Self::Observer,
            Role::Chair => Self::Chair,
            Role::Secretary => Self::Secretary,
            Role::Supporter => Self::Supporter,
            Role::Participant => Self::Participant,
            Role::Representative => Self::Representative,
        }
    }
}

/// Who speaks for an organisation: registers its people, asks in its name, and
/// answers for it.
pub const SPEAKERS: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Client];

/// A set of standings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u32);

impl Roles {
    /// Nobody in particular.
    pub const NONE: Self = Self(0);

    const fn bit(standing: Standing) -> u32 {
        let index = match standing {
            Standing::Admin => 0,
            Standing::Manager => 1,
            Standing::Officer => 2,
            Standing::SafeguardingOfficer => 3,
            Standing::Coordinator => 4,
            Standing::Facilitator => 5,
            Standing::Moderator => 6,
            Standing::Member => 7,
            Standing::Observer => 8,
            Standing::Chair => 9,
            Standing::Secretary => 10,
            Standing::Supporter => 11,
            Standing::Participant => 12,
            Standing::Representative => 13,
            Standing::Partner => 14,
            Standing::Invited => 15,
            Standing::Client => 16,
            Standing::Kiosk => 17,
        };
        1 << index
    }

    /// These standings as a set.
    pub fn of(standings: &[Standing]) -> Self {
        standings.iter().fold(Self::NONE, |set, one| set.with(*one))
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, standing: Standing) -> Self {
        Self(self.0 | Self::bit(standing))
    }

    /// The set without these.
    #[must_use]
    pub fn without(self, standings: &[Standing]) -> Self {
        Self(self.0 & !Self::of(standings).0)
    }

    /// Whether this standing is in the set.
    pub const fn has(self, standing: Standing) -> bool {
        self.0 & Self::bit(standing) != 0
    }

    /// Whether any of these is in the set.
    pub fn has_any(self, standings: &[Standing]) -> bool {
        standings.iter().any(|one| self.has(*one))
    }

    /// The standings in the set, in order.
    pub fn list(self) -> impl Iterator<Item = Standing> {
        Standing::ALL.iter().copied().filter(move |one| self.has(*one))
    }
}
