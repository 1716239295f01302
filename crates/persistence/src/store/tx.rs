//! What a command works with: a running transaction that knows who acts, when,
//! and what it must leave behind.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::Refusal;
use klankbord_domain::policy::{self, Caller, Permit, Place, Rule};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};
use uuid::Uuid;

use super::failure::Failure;
use super::keys::Keys;
use super::repeat::{self, Repeat};

/// Where identifiers come from, so that tests can foresee them.
pub trait Ids: Send + Sync + 'static {
    /// A new identifier (UUID version 7) for something made at this instant.
    fn next(&self, at: DateTime<Utc>) -> Uuid;

    /// A new identifier of the same form that tells the day, and neither when on it nor in which order.
    fn of_day(&self, day: NaiveDate) -> Uuid;
}

/// One command about to be carried out: who, what, from where, when.
#[derive(Clone)]
pub struct Act {
    /// The operation's row in the policy table.
    pub rule: Rule,
    /// Who acts.
    pub caller: Caller,
    /// Where the request came from (BIO 8.15: oorsprong).
    pub origin: String,
    /// The request's id, the same as in the log and the answer.
    pub request_id: String,
    /// The instant of the command.
    pub now: DateTime<Utc>,
    /// Where new identifiers come from.
    pub ids: Arc<dyn Ids>,
    /// What `Idempotency-Key` said.
    pub repeat: Option<Repeat>,
    /// The version that `If-Match` named.
    pub if_match: Option<i64>,
}

/// What a query reads from: the pool of readers, or a running transaction.
pub trait Source: Sync {
    /// The kind of connection beneath.
    type Beneath: ConnectionTrait;
    /// The connection beneath.
    fn beneath(&self) -> &Self::Beneath;
    /// The keys to open sealed columns with.
    fn keys(&self) -> &Keys;
}

/// Reads outside any command.
#[derive(Debug, Clone)]
pub struct Reader {
    pub(crate) pool: DatabaseConnection,
    pub(crate) keys: Arc<Keys>,
}

impl Source for Reader {
    type Beneath = DatabaseConnection;
    fn beneath(&self) -> &DatabaseConnection {
        &self.pool
    }
    fn keys(&self) -> &Keys {
        &self.keys
    }
}

/// What a command leaves behind besides its rows.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) objects: Vec<Touched>,
    pub(crate) subjects: Vec<Uuid>,
    pub(crate) events: Vec<Event>,
    /// The council in whose room it happens: its entries are not for its host.
    pub(crate) room: Option<Uuid>,
}

/// A thing that the command made, changed or read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Touched {
    pub(crate) organisation: Option<Uuid>,
    pub(crate) kind: &'static str,
    pub(crate) id: Uuid,
}

/// Something that happened, for the outbox: what and to which thing, no content.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) object: Touched,
}

/// A running transaction: a command's whole world.
pub struct Tx {
    pub(crate) beneath: DatabaseTransaction,
    pub(crate) keys: Arc<Keys>,
    pub(crate) act: Act,
    pub(crate) notes: Mutex<Notes>,
}

impl Source for Tx {
    type Beneath = DatabaseTransaction;
    fn beneath(&self) -> &DatabaseTransaction {
        &self.beneath
    }
    fn keys(&self) -> &Keys {
        &self.keys
    }
}

impl Tx {
    /// The instant of the command.
    pub fn now(&self) -> DateTime<Utc> {
        self.act.now
    }

    /// A new identifier.
    pub fn new_id(&self) -> Uuid {
        self.act.ids.next(self.act.now)
    }

    /// A new identifier that tells no more of when it was made than the day.
    pub fn id_of_the_day(&self) -> Uuid {
        self.act.ids.of_day(self.act.now.date_naive())
    }

    /// An identifier (UUID version 4) that tells neither when nor in which order: for what
    /// may lead to nobody, and for what can't be guessed.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn random_id(&self) -> Result<Uuid, Failure> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|error| Failure::Broken(format!("no randomness: {error}")))?;
        Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// Who acts.
    pub fn caller(&self) -> &Caller {
        &self.act.caller
    }

    /// Decides whether the caller may do this here, and answers a request that
    /// was carried out before with what was answered then.
    ///
    /// # Errors
    /// [`Failure::Refused`] (403, 404, 409) or [`Failure::Replay`].
    pub async fn authorise(&self, place: &Place) -> Result<Permit, Failure> {
        let permit = policy::authorise(&self.act.rule, &self.act.caller, place)?;
        self.in_room(place.room());
        repeat::replay(self).await?;
        Ok(permit)
    }

    /// Checks the version that the caller read against the one that is stored;
    /// asked after what is wrong with the request, before what the state forbids.
    ///
    /// # Errors
    /// [`Refusal::Stale`] (412).
    pub fn fresh(&self, version: i64) -> Result<(), Failure> {
        match self.act.if_match {
            Some(read) if read != version => Err(Refusal::Stale.into()),
            _ => Ok(()),
        }
    }

    /// Notes what the command touches: the audit row names it.
    pub fn touches(&self, organisation: Option<Uuid>, kind: &'static str, id: Uuid) {
        self.notes().objects.push(Touched { organisation, kind, id });
    }

    /// Notes whose personal data the command touches.
    pub fn concerns(&self, participant: Uuid) {
        self.notes().subjects.push(participant);
    }

    /// Notes the council in whose room this happens, where it is in one.
    pub fn in_room(&self, council: Option<Uuid>) {
        let mut notes = self.notes();
        notes.room = council.or(notes.room);
    }

    /// The council in whose room this happens, where it is in one.
    pub fn room(&self) -> Option<Uuid> {
        self.notes().room
    }

    /// Notes an event for the outbox (`consultation.opened`); the thing is noted
    /// as touched.
    pub fn happened(&self, event: impl Into<String>, organisation: Option<Uuid>, kind: &'static str, id: Uuid) {
        self.touches(organisation, kind, id);
        let object = Touched { organisation, kind, id };
        self.notes().events.push(Event { kind: event.into(), object });
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
