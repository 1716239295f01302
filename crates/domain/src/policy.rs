//! Who may do what: one table, keyed by operation, that code, document and docs
//! all read. The rows stand beside each context (`<context>::operations`).

mod caller;
mod place;
mod standing;

use crate::access::ClientScope;
use crate::refusal::Refusal;

pub use caller::{Caller, Held, Machine, Scope};
pub use place::Place;
pub use standing::{Roles, SPEAKERS, Standing};

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
    /// The scope that a machine needs for it; without one it is for people alone.
    pub scope: Option<ClientScope>,
    /// Who else may do it where no standing decides: who acts for another.
    pub beside: &'static [Standing],
    /// Whether a person without an account may do it, in a session that a one-time code
    /// at their verified address opened.
    pub codes: Codes,
    /// What it leaves behind besides what it changes.
    pub leaves: Leaves,
}

/// What an operation leaves behind besides what it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// An audit row, a kept answer for a repeated request, a line in the log, figures.
    Traces,
    /// Nothing: it is about an anonymous answer.
    Nothing,
}

/// Whether an operation is open to a person without an account, by a one-time code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// It is.
    Open,
    /// It isn't.
    Closed,
}

impl Rule {
    /// An operation and who may do it.
    pub const fn new(operation: &'static str, access: Access) -> Self {
        let (seen_by, seen_by_all, versioned, personal) = (&[], false, false, false);
        Self {
            operation,
            access,
            seen_by,
            seen_by_all,
            versioned,
            personal,
            scope: None,
            beside: &[],
            codes: Codes::Closed,
            leaves: Leaves::Traces,
        }
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

    /// Machines with this scope may do it, too, for their own organisation.
    #[must_use]
    pub const fn scope(mut self, scope: ClientScope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// It is about an anonymous answer, and leaves nothing else behind.
    #[must_use]
    pub const fn ballot(mut self) -> Self {
        self.leaves = Leaves::Nothing;
        self
    }

    /// Whether nothing is left of it but what it changes.
    pub fn leaves_nothing(&self) -> bool {
        self.leaves == Leaves::Nothing
    }

    /// Who acts for another may do it, too; where a standing decides, the table
    /// says so by naming [`Standing::Representative`].
    #[must_use]
    pub const fn by_representatives(mut self) -> Self {
        self.beside = &[Standing::Representative];
        self
    }

    /// A person without an account may do it, too, about what is their own, in a session
    /// that a one-time code opened. What they are to the thing the table says as of
    /// everybody: this lets them come so far.
    #[must_use]
    pub const fn by_code(mut self) -> Self {
        self.codes = Codes::Open;
        self
    }

    /// Whether a person without an account may do it by a one-time code.
    pub const fn is_for_codes(&self) -> bool {
        matches!(self.codes, Codes::Open) || matches!(self.access, Access::Public | Access::Link)
    }

    /// Whether a legal representative may do it for whom they represent.
    pub fn is_for_representatives(&self) -> bool {
        match self.access {
            Access::Public | Access::Link => true,
            Access::SignedIn => self.beside.contains(&Standing::Representative),
            Access::Held(standings) => standings.contains(&Standing::Representative),
        }
    }

    /// Whether machines of an organisation may do it, given its scope. A kiosk's
    /// scope is no client's.
    pub fn is_for_clients(&self) -> bool {
        self.scope.is_some_and(ClientScope::is_for_clients)
    }

    /// The row in words, for the document's `x-permission`: the standings, `by_code` where a
    /// person without an account may do it, and behind `client:` the scope that a machine needs.
    pub fn in_words(&self) -> String {
        let people = match self.access {
            Access::Public => "public".to_owned(),
            Access::SignedIn => {
                let beside = self.beside.iter().map(|standing| standing.code());
                std::iter::once("signed_in").chain(beside).collect::<Vec<_>>().join(" | ")
            }
            Access::Link => "link_token".to_owned(),
            Access::Held(standings) => {
                let people = standings.iter().filter(|standing| **standing != Standing::Client);
                people.map(|standing| standing.code()).collect::<Vec<_>>().join(" | ")
            }
        };
        let by_code = (self.codes == Codes::Open).then(|| "by_code".to_owned());
        let scope = self.scope.filter(|scope| scope.is_for_clients()).map(|scope| format!("client:{}", scope.code()));
        std::iter::once(people).chain(by_code).chain(scope).collect::<Vec<_>>().join(" | ")
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
        crate::agreements::operations::RULES,
        crate::compensation::operations::RULES,
        crate::privacy::operations::RULES,
        crate::recruitment::operations::RULES,
        crate::experience::operations::RULES,
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

/// Whether the caller may do this operation at all, on whatever thing: a machine
/// needs its scope. What is public is open to machines, too, but for kiosks:
/// they post, and read nothing. Who acts for another does what representatives
/// may, and nothing of their own. Who comes by a one-time code does what is open to that.
///
/// # Errors
/// [`Refusal::Forbidden`], the same for every thing.
pub fn admits(rule: &Rule, caller: &Caller) -> Result<(), Refusal> {
    if caller.acting_for.is_some() && !rule.is_for_representatives() {
        return Err(Refusal::Forbidden);
    }
    if caller.by_code.is_some() && !rule.is_for_codes() {
        return Err(Refusal::Forbidden);
    }
    let open = |machine: &Machine| rule.access == Access::Public && !machine.is_kiosk();
    match &caller.machine {
        Some(machine) if !open(machine) && !machine.may_call(rule) => Err(Refusal::Forbidden),
        Some(_) | None => Ok(()),
    }
}

/// Decides whether the caller may do this here.
///
/// # Errors
/// [`Refusal::Forbidden`] where the caller may know of the thing,
/// [`Refusal::Hidden`] where not.
pub fn authorise(rule: &Rule, caller: &Caller, place: &Place) -> Result<Permit, Refusal> {
    admits(rule, caller)?;
    let roles = place.roles_of(caller);
    let allowed = match rule.access {
        Access::Public | Access::Link => true,
        // That it is open to codes was asked above.
        Access::SignedIn => caller.is_known() || caller.by_code.is_some(),
        Access::Held(standings) => roles.has_any(standings),
    };
    if allowed {
        return Ok(Permit { operation: rule.operation, roles });
    }
    let seen = rule.seen_by_all || roles.has_any(rule.seen_by);
    Err(if seen { Refusal::Forbidden } else { Refusal::Hidden })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::participants::ContactOf;

    fn machine(organisation: Uuid, scopes: &[ClientScope]) -> Caller {
        let held = vec![Held { standing: Standing::Client, scope: Scope::Organisation(organisation) }];
        let machine = Machine { id: Uuid::from_u128(9), organisation, scopes: scopes.to_vec() };
        Caller { machine: Some(machine), held, ..Caller::default() }
    }

    #[test]
    fn a_machine_needs_its_scope_and_its_own_organisation_and_stays_out_of_councils() {
        const HELD: &[Standing] = &[Standing::Manager, Standing::Client];
        let rule = Rule::new("op", Access::Held(HELD)).scope(ClientScope::NetworksRead);
        let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let able = machine(here, &[ClientScope::NetworksRead]);
        assert!(authorise(&rule, &able, &Place::of_organisation(here)).is_ok());
        assert_eq!(authorise(&rule, &able, &Place::of_organisation(there)).unwrap_err(), Refusal::Hidden);
        let council = Place { council: true, ..Place::of_organisation(here) };
        assert_eq!(authorise(&rule, &able, &council).unwrap_err(), Refusal::Hidden);
        let partner = Place { partners: vec![here], ..Place::of_organisation(there) };
        assert_eq!(authorise(&rule, &able, &partner).unwrap_err(), Refusal::Hidden);
        for scopes in [&[][..], &[ClientScope::NetworksWrite]] {
            let place = Place::of_organisation(here);
            assert_eq!(authorise(&rule, &machine(here, scopes), &place).unwrap_err(), Refusal::Forbidden);
        }
        let for_people = Rule::new("op", Access::SignedIn);
        assert_eq!(admits(&for_people, &able), Err(Refusal::Forbidden));
        let public = Rule::new("op", Access::Public);
        assert_eq!(admits(&public, &machine(here, &[])), Ok(()));
        assert_eq!(admits(&public, &machine(here, &[ClientScope::ResponsesWrite])), Err(Refusal::Forbidden));
    }

    #[test]
    fn a_code_opens_what_the_table_says_and_one_person_alone() {
        const OWN: &[Standing] = &[Standing::Participant, Standing::Representative];
        let (own, other, session) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let of = |person| Place { participants: vec![person], ..Place::of_organisation(Uuid::from_u128(4)) };
        let open = Rule::new("op", Access::Held(OWN)).by_code();
        for whose in ContactOf::ALL {
            let caller = Caller::with_code(own, session, *whose);
            assert!(!caller.is_known() && caller.actor() == Some(own), "{caller:?}");
            assert!(authorise(&open, &caller, &of(own)).is_ok());
            assert_eq!(authorise(&open, &caller, &of(other)).unwrap_err(), Refusal::Hidden);
            let closed = Rule::new("op", Access::Held(OWN));
            assert_eq!(authorise(&closed, &caller, &of(own)).unwrap_err(), Refusal::Forbidden);
            // A council knows people by their account.
            let room = Place { council: true, ..of(own) };
            assert_eq!(authorise(&open, &caller, &room).unwrap_err(), Refusal::Hidden);
            let signed_in = Rule::new("op", Access::SignedIn);
            assert_eq!(authorise(&signed_in, &caller, &of(own)).unwrap_err(), Refusal::Forbidden);
            let represents = *whose == ContactOf::Representative;
            assert_eq!(authorise(&signed_in.by_code(), &caller, &of(own)).is_err(), represents);
            assert!(authorise(&signed_in.by_code().by_representatives(), &caller, &of(own)).is_ok());
        }
        let person = Caller { account: Some(session), ..Caller::default() };
        assert!(authorise(&Rule::new("op", Access::SignedIn), &person, &of(own)).is_ok());
    }

    /// What a code opens hangs on being the person or who represents them, or is everybody's
    /// with an account; nothing of it changes who holds which role.
    #[test]
    fn a_code_opens_nothing_that_staff_alone_does() {
        for rule in table().filter(|rule| rule.codes == Codes::Open) {
            let own = |standing: &Standing| {
                matches!(standing, Standing::Participant | Standing::Representative | Standing::Invited)
            };
            match rule.access {
                Access::Held(standings) => assert!(standings.iter().any(own), "{}", rule.operation),
                Access::SignedIn => {}
                Access::Public | Access::Link => panic!("{} is open to everybody", rule.operation),
            }
        }
    }

    /// The two tables agree: a standing for machines wherever there is a scope,
    /// and a scope wherever there is such a standing.
    #[test]
    fn scopes_and_standings_of_machines_go_together() {
        for rule in table() {
            let Access::Held(standings) = rule.access else { continue };
            let by_machines = standings.iter().any(|one| matches!(one, Standing::Client | Standing::Kiosk));
            assert_eq!(by_machines, rule.scope.is_some(), "{}", rule.operation);
        }
    }
}
