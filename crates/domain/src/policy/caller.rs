//! Who calls: a person with what they hold, or a machine with its scopes.

use uuid::Uuid;

use super::{Rule, Standing};
use crate::access::ClientScope;
use crate::participants::ContactOf;

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
    /// One consultation: as far as a kiosk reaches.
    Consultation(Uuid),
}

/// One role that the caller holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The role, or what one is to the thing.
    pub standing: Standing,
    /// How far it reaches.
    pub scope: Scope,
}

/// A machine that calls: bound to one organisation, with the scopes it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The client.
    pub id: Uuid,
    /// The organisation that it works for.
    pub organisation: Uuid,
    /// What it may do there.
    pub scopes: Vec<ClientScope>,
}

/// Who calls: somebody with an account, a machine, a person without an account by a
/// one-time code, or nobody in particular.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The account, when signed in.
    pub account: Option<Uuid>,
    /// The session that the access token belongs to.
    pub session: Option<Uuid>,
    /// What they hold.
    pub held: Vec<Held>,
    /// The machine, when it is one that calls.
    pub machine: Option<Machine>,
    /// The person for whom a legal representative acts in this call.
    pub acting_for: Option<Uuid>,
    /// The person without an account at whose verified address a one-time code opened
    /// this session: they call, or who represents them.
    pub by_code: Option<Uuid>,
}

impl Machine {
    /// Whether it is a device on site, which posts to one consultation and
    /// reads nothing.
    pub fn is_kiosk(&self) -> bool {
        self.scopes.contains(&ClientScope::ResponsesWrite)
    }

    /// Whether its scopes reach this operation, on whatever thing.
    pub fn may_call(&self, rule: &Rule) -> bool {
        rule.scope.is_some_and(|scope| self.scopes.contains(&scope))
    }
}

impl Caller {
    /// Somebody or something that the installation knows: an account, or a machine. Who
    /// comes by a one-time code sees what is their own, and nothing that is for all who sign in.
    pub fn is_known(&self) -> bool {
        self.account.is_some() || self.machine.is_some()
    }

    /// Somebody in a session that a one-time code opened, at an address that is the person's
    /// or that of who represents them: they are that, of this one person, and nothing else.
    pub fn with_code(person: Uuid, session: Uuid, whose: ContactOf) -> Self {
        let (standing, acting_for) = match whose {
            ContactOf::Person => (Standing::Participant, None),
            ContactOf::Representative => (Standing::Representative, Some(person)),
        };
        let held = vec![Held { standing, scope: Scope::Participant(person) }];
        Self { session: Some(session), held, acting_for, by_code: Some(person), ..Self::default() }
    }

    /// Who acted, for the audit trail: the account, the client, or the participant whose
    /// one-time code it was. Where a representative came by that code, they act for the
    /// same participant.
    pub fn actor(&self) -> Option<Uuid> {
        self.account.or_else(|| self.machine.as_ref().map(|machine| machine.id)).or(self.by_code)
    }

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
                Scope::Installation | Scope::Network(_) | Scope::Participant(_) | Scope::Consultation(_) => None,
            })
            .collect()
    }

    /// The networks in which the caller holds any of these.
    pub fn networks_of(&self, standings: &[Standing]) -> Vec<Uuid> {
        let scopes = self.scopes_of(standings).into_iter();
        scopes
            .filter_map(|scope| match scope {
                Scope::Network(id) => Some(id),
                Scope::Installation | Scope::Organisation(_) | Scope::Participant(_) | Scope::Consultation(_) => None,
            })
            .collect()
    }

    /// The same caller as the legal representative of this person, and as
    /// nothing else: what they hold themself stays out of it.
    #[must_use]
    pub fn for_represented(self, person: Uuid) -> Self {
        let held = vec![Held { standing: Standing::Representative, scope: Scope::Participant(person) }];
        Self { held, acting_for: Some(person), ..self }
    }

    /// The persons that the caller is, or acts for.
    pub fn persons(&self) -> Vec<Uuid> {
        let mut persons = self.persons_as(Standing::Participant);
        persons.extend(self.persons_as(Standing::Representative));
        persons
    }

    /// The persons that the caller is, or represents.
    pub fn persons_as(&self, standing: Standing) -> Vec<Uuid> {
        let scopes = self.scopes_of(&[standing]).into_iter();
        scopes
            .filter_map(|scope| match scope {
                Scope::Participant(id) => Some(id),
                Scope::Installation | Scope::Organisation(_) | Scope::Network(_) | Scope::Consultation(_) => None,
            })
            .collect()
    }
}
