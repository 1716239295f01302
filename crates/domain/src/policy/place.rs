//! Where a thing stands, and what a caller is towards it.

use uuid::Uuid;

use super::{Caller, Held, Roles, Scope, Standing};

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
    /// The consultation that it is, or belongs to.
    pub consultation: Option<Uuid>,
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

    /// The council in whose room it is, where it is in one.
    pub fn room(&self) -> Option<Uuid> {
        self.networks.first().copied().filter(|_| self.council)
    }

    /// Everything the caller is towards this place.
    pub fn roles_of(&self, caller: &Caller) -> Roles {
        // A council knows its people by their account: a code opens no room.
        if self.council && caller.by_code.is_some() {
            return self.also;
        }
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
                // A council's room is its own: who represents a member stays outside.
                (_, Standing::Representative) if self.council => roles,
                (true, Standing::Participant) => roles.with(Standing::Invited),
                (true, Standing::Representative) => roles.with(Standing::Representative),
                (true, _other) => roles,
                (false, standing) => roles.with(standing),
            },
            Scope::Consultation(id) if self.consultation == Some(id) => roles.with(held.standing),
            Scope::Installation
            | Scope::Organisation(_)
            | Scope::Network(_)
            | Scope::Participant(_)
            | Scope::Consultation(_) => roles,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_represents_a_member_stays_out_of_a_councils_room() {
        let person = Uuid::from_u128(1);
        let acting = Caller { account: Some(Uuid::from_u128(2)), ..Caller::default() }.for_represented(person);
        for (council, asks) in [(false, false), (false, true), (true, false), (true, true)] {
            let place = Place { council, asks, participants: vec![person], ..Place::default() };
            assert_eq!(place.roles_of(&acting).has(Standing::Representative), !council);
            let other = Place { participants: vec![Uuid::from_u128(3)], ..place };
            assert_eq!(other.roles_of(&acting), Roles::NONE);
        }
    }
}
