//! Who may do what: one table, keyed by operation, that code, document and docs
//! all read. The rows stand beside each context (`<context>::operations`).

mod standing;

use uuid::Uuid;

use crate::refusal::Refusal;

pub use standing::{Roles, Standing};

/// What a held role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The whole installation.
    Installation,
    /// One organisation.
    Organisation(Uuid),
    /// One network, and the working groups under it.
    Network(Uuid),
    /// One person.
    Participant(Uuid),
}

/// One role that the caller holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The role, or what one is to the thing.
    pub standing: Standing,
    /// How far it reaches.
    pub scope: Scope,
}

/// Who calls. Without an account: nobody in particular.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The account, when signed in.
    pub account: Option<Uuid>,
    /// The session that the access token belongs to.
    pub session: Option<Uuid>,
    /// What they hold.
    pub held: Vec<Held>,
}

impl Caller {
    /// Whether they hold this standing at the installation.
    pub fn is_admin(&self) -> bool {
        self.held.iter().any(|held| held.standing == Standing::Admin && held.scope == Scope::Installation)
    }

    /// The scopes in which the caller holds any of these.
    pub fn scopes_of(&self, standings: &[Standing]) -> Vec<Scope> {
        let mine = self.held.iter().filter(|held| standings.contains(&held.standing));
        mine.map(|held| held.scope).collect()
    }

    /// The organisations in which the caller holds any of these.
    pub fn organisations_of(&self, standings: &[Standing]) -> Vec<Uuid> {
        let scopes = self.scopes_of(standings).into_iter();
        scopes
            .filter_map(|scope| match scope {
                Scope::Organisation(id) => Some(id),
                Scope::Installation | Scope::Network(_) | Scope::Participant(_) => None,
            })
            .collect()
    }

    /// The networks in which the caller holds any of these.
    pub fn networks_of(&self, standings: &[Standing]) -> Vec<Uuid> {
        let scopes = self.scopes_of(standings).into_iter();
        scopes
            .filter_map(|scope| match scope {
                Scope::Network(id) => Some(id),
                Scope::Installation | Scope::Organisation(_) | Scope::Participant(_) => None,
            })
            .collect()
    }

    /// The persons that the caller is, or represents.
    pub fn persons_as(&self, standing: Standing) -> Vec<Uuid> {
        let scopes = self.scopes_of(&[standing]).into_iter();
        scopes
            .filter_map(|scope| match scope {
                Scope::Participant(id) => Some(id),
                Scope::Installation | Scope::Organisation(_) | Scope::Network(_) => None,
            })
            .collect()
    }
}

/// Where a thing stands: what decides who is who towards it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The owning organisation; none for what belongs to the installation.
    pub organisation: Option<Uuid>,
    /// Partner organisations.
    pub partners: Vec<Uuid>,
    /// The network it stands in, and the hub above it.
    pub networks: Vec<Uuid>,
    /// A council's room: roles of the host and the installation don't reach in.
    pub council: bool,
    /// The persons it is about, or whom it asks.
    pub participants: Vec<Uuid>,
    /// It asks these persons, rather than being theirs.
    pub asks: bool,
    /// What the caller for whom it is made is to it beside what they hold: an
    /// account that is named on a consultation facilitates it.
    pub also: Roles,
}

impl Place {
    /// The installation itself.
    pub fn installation() -> Self {
        Self::default()
    }

    /// Something of one organisation.
    pub fn of_organisation(organisation: Uuid) -> Self {
        Self { organisation: Some(organisation), ..Self::default() }
    }

    /// Everything the caller is towards this place.
    pub fn roles_of(&self, caller: &Caller) -> Roles {
        caller.held.iter().fold(self.also, |roles, held| self.add(roles, *held))
    }

    fn add(&self, roles: Roles, held: Held) -> Roles {
        match held.scope {
            Scope::Installation if !self.council => roles.with(held.standing),
            Scope::Organisation(id) if !self.council && self.organisation == Some(id) => roles.with(held.standing),
            Scope::Organisation(id) if !self.council && self.partners.contains(&id) => {
                let speaks_for_it = matches!(held.standing, Standing::Manager | Standing::Officer);
                if speaks_for_it { roles.with(Standing::Partner) } else { roles }
            }
            Scope::Network(id) if self.networks.contains(&id) => roles.with(held.standing),
            Scope::Participant(id) if self.participants.contains(&id) => match (self.asks, held.standing) {
                (true, Standing::Participant) => roles.with(Standing::Invited),
                (true, _other) => roles,
                (false, standing) => roles.with(standing),
            },
            Scope::Installation | Scope::Organisation(_) | Scope::Network(_) | Scope::Participant(_) => roles,
        }
    }
}

/// Who an operation is open to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, without a token.
    Public,
    /// Everybody with an account.
    SignedIn,
    /// The bearer of a token made for this one thing (refresh, sign-in code).
    Link,
    /// Those who stand so towards the thing.
    Held(&'static [Standing]),
}

/// One row of the policy table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The operation's id in the document.
    pub operation: &'static str,
    /// Who may do it.
    pub access: Access,
    /// Who may know that the thing exists, and is told 403 rather than 404.
    pub seen_by: &'static [Standing],
    /// Whether everybody with an account may know that the thing exists.
    pub seen_by_all: bool,
    /// Whether it changes content and so demands `If-Match`.
    pub versioned: bool,
    /// Whether it reads others' personal data and so is audited as a read.
    pub personal: bool,
}

impl Rule {
    /// An operation and who may do it.
    pub const fn new(operation: &'static str, access: Access) -> Self {
        Self { operation, access, seen_by: &[], seen_by_all: false, versioned: false, personal: false }
    }

    /// These, too, may know that the thing exists.
    #[must_use]
    pub const fn seen_by(mut self, standings: &'static [Standing]) -> Self {
        self.seen_by = standings;
        self
    }

    /// Everybody with an account may know that the thing exists.
    #[must_use]
    pub const fn seen_by_all(mut self) -> Self {
        self.seen_by_all = true;
        self
    }

    /// It demands `If-Match`.
    #[must_use]
    pub const fn versioned(mut self) -> Self {
        self.versioned = true;
        self
    }

    /// It reads others' personal data.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }

    /// The row in words, for the document's `x-permission`.
    pub fn in_words(&self) -> String {
        match self.access {
            Access::Public => "public".to_owned(),
            Access::SignedIn => "signed_in".to_owned(),
            Access::Link => "link_token".to_owned(),
            Access::Held(standings) => {
                let words: Vec<_> = standings.iter().map(|standing| standing.code()).collect();
                words.join(" | ")
            }
        }
    }
}

/// An operation as a type, so that a handler's signature names it.
pub trait Operation: 'static {
    /// Its row in the policy table.
    const RULE: Rule;
}

/// Declares a context's operations: one type and one row each.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident = $rule:expr;)+) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $name;
        impl $crate::policy::Operation for $name { const RULE: $crate::policy::Rule = $rule; })+

        /// The rows of this context.
        pub const RULES: &[$crate::policy::Rule] = &[$(<$name as $crate::policy::Operation>::RULE,)+];
    };
}
pub(crate) use operations;

/// The whole table.
pub fn table() -> impl Iterator<Item = &'static Rule> {
    [
        crate::access::operations::RULES,
        crate::organisations::operations::RULES,
        crate::programmes::operations::RULES,
        crate::networks::operations::RULES,
        crate::participants::operations::RULES,
        crate::consultations::operations::RULES,
        crate::feedback::operations::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The row of one operation.
pub fn rule(operation: &str) -> Option<&'static Rule> {
    table().find(|rule| rule.operation == operation)
}

/// The proof that a caller may do an operation on a place; only
/// [`authorise`] makes it.
#[derive(Debug, Clone, Copy)]
pub struct Permit {
    operation: &'static str,
    roles: Roles,
}

impl Permit {
    /// The operation that it allows.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// What the caller is towards the place.
    pub fn roles(&self) -> Roles {
        self.roles
    }
}

/// Decides whether the caller may do this here.
///
/// # Errors
/// [`Refusal::Forbidden`] where the caller may know of the thing,
/// [`Refusal::Hidden`] where not.
pub fn authorise(rule: &Rule, caller: &Caller, place: &Place) -> Result<Permit, Refusal> {
    let roles = place.roles_of(caller);
    let allowed = match rule.access {
        Access::Public | Access::Link => true,
        Access::SignedIn => caller.account.is_some(),
        Access::Held(standings) => roles.has_any(standings),
    };
    if allowed {
        return Ok(Permit { operation: rule.operation, roles });
    }
    let seen = rule.seen_by_all || roles.has_any(rule.seen_by);
    Err(if seen { Refusal::Forbidden } else { Refusal::Hidden })
}
