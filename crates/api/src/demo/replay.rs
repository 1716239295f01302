//! The stage on which the demo's steps are carried out: the whole service, in
//! this process, with a clock and ids that each step sets.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_persistence::access::sessions;
use klankbord_persistence::{Failure, Ids, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::DemoError;
use super::script::{Request, Step, Work};
use crate::app::{App, Clock};
use crate::server::{InProcess, in_process};

/// A clock that stands where the step sets it.
struct StepClock(AtomicI64);

impl Clock for StepClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap_or_default()
    }
}

/// Gives the step's ids first: the first that a command takes is that of the
/// thing it makes. All others come from where they always come from.
struct StepIds {
    first: Mutex<VecDeque<Uuid>>,
    rest: Arc<dyn Ids>,
}

impl Ids for StepIds {
    fn next(&self, at: DateTime<Utc>) -> Uuid {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        first.unwrap_or_else(|| self.rest.next(at))
    }

    fn of_day(&self, day: NaiveDate) -> Uuid {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        first.unwrap_or_else(|| self.rest.of_day(day))
    }
}

/// The service with its settable clock and ids, and who has come on so far.
pub(super) struct Stage {
    real: App,
    app: App,
    clock: Arc<StepClock>,
    ids: Arc<StepIds>,
    service: InProcess,
    callers: HashMap<String, (Uuid, String)>,
}

impl Stage {
    /// A stage over the application's own database.
    pub(super) async fn build(real: &App) -> Result<Self, DemoError> {
        let clock = Arc::new(StepClock(AtomicI64::new(real.now().timestamp())));
        let ids = Arc::new(StepIds { first: Mutex::new(VecDeque::new()), rest: real.ids.clone() });
        // The demo may ask as fast as the machine can.
        let app = App { clock: clock.clone(), ids: ids.clone(), limits: Arc::new(None), ..real.clone() };
        let service = in_process(app.clone()).await;
        real.demo_admin().await?;
        Ok(Self { real: real.clone(), app, clock, ids, service, callers: HashMap::new() })
    }

    /// Carries a step out; the inner error is what the service answered. `key`
    /// names the request: sent again, it is carried out once.
    pub(super) async fn carry_out(&mut self, step: Step, key: &str) -> Result<Result<(), String>, DemoError> {
        let at = step.at.min(self.real.now());
        self.clock.0.store(at.timestamp(), Ordering::SeqCst);
        match step.work {
            Work::Round => Ok(Ok(self.app.round().await?)),
            Work::Request(request) => self.send(request, key).await,
        }
    }

    async fn send(&mut self, request: Request, key: &str) -> Result<Result<(), String>, DemoError> {
        let Some(token) = self.token_of(&request.who).await? else {
            return Err(DemoError::Nobody(request.who));
        };
        let Request { method, path, id, also, body, .. } = request;
        let sent = TestRequest::with_uri(&path)
            .method(method.clone())
            .insert_header(("Authorization", format!("Bearer {token}")))
            .insert_header(("X-Request-Id", key))
            .insert_header(("If-Match", "*"));
        let sent = if method == Method::POST { sent.insert_header(("Idempotency-Key", key)) } else { sent };
        let sent = if body.is_null() { sent } else { sent.set_json(&body) };
        *self.ids.first.lock().unwrap_or_else(PoisonError::into_inner) = id.into_iter().chain(also).collect();
        let (status, answer) = self.answer_to(sent).await?;
        let unused = std::mem::take(&mut *self.ids.first.lock().unwrap_or_else(PoisonError::into_inner));
        // Carried out just before a stop, and its answer held a secret.
        let before = answer.pointer("/code").and_then(Value::as_str) == Some("idempotency.not_repeatable");
        if !status.is_success() && !before {
            return Ok(Err(format!("{status} {answer}")));
        }
        let made = answer.pointer("/id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        match id {
            Some(_) if !before && made != id => Ok(Err(format!("made {made:?} (id left over: {unused:?})"))),
            _ => Ok(Ok(())),
        }
    }

    async fn answer_to(&self, request: TestRequest) -> Result<(StatusCode, Value), DemoError> {
        let broken = |cause: &dyn std::fmt::Display| DemoError::Broken(cause.to_string());
        let response = (self.service)(request).await.map_err(|error| broken(&error))?;
        let status = response.status();
        let body = actix_web::body::to_bytes(response.into_body()).await.map_err(|error| broken(&error))?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    async fn token_of(&mut self, name: &str) -> Result<Option<String>, DemoError> {
        if let Some((_, token)) = self.callers.get(name) {
            return Ok(Some(token.clone()));
        }
        // What they do happened long ago: their token must hold then, too.
        let called = self.real.demo_session(name, DateTime::UNIX_EPOCH, TimeDelta::days(1)).await?;
        let Some((session, token)) = called else { return Ok(None) };
        self.callers.insert(name.to_owned(), (session, token.clone()));
        Ok(Some(token))
    }

    /// Ends the sessions of all who came on.
    pub(super) async fn end(self) -> Result<(), DemoError> {
        let sessions: Vec<Uuid> = self.callers.into_values().map(|(session, _)| session).collect();
        let act = self.real.act_of_clock("loadDemo");
        if sessions.is_empty() {
            return Ok(());
        }
        Ok(self.real.store.write(act, sessions, |tx, sessions| end_all(tx, sessions).boxed()).await?)
    }
}

async fn end_all(tx: &Tx, ended: &[Uuid]) -> Result<(), Failure> {
    for session in ended {
        sessions::end(tx, *session).await?;
    }
    Ok(())
}
