//! One call: who, what, when, in which language; and the two ways on from here,
//! a query or a command.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::OnceLock;

use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use klankbord_domain::policy::{self, Access, Caller, Operation, Permit, Place};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::participants::participant;
use klankbord_persistence::participants::representative::Represented;
use klankbord_persistence::store::{BallotTx, Page, PageRequest, repeat};
use klankbord_persistence::{Act, Failure, Reader, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::address;
use super::answer::Answer;
use super::csv;
use super::document::in_order;
use super::envelope::RequestId;
use super::etag::IfMatch;
use super::gate::Checked;
use super::language::Language;
use super::page::{Asked, Listing};
use super::problem::Problem;
use crate::app::App;

/// A call of operation `O` that has passed the gate. Without the gate there is
/// no call, so no handler can be reached around it.
pub struct Call<O> {
    /// The application.
    pub app: Data<App>,
    /// What the caller likes to read.
    pub language: Language,
    /// The instant of the call.
    pub now: DateTime<Utc>,
    checked: Checked,
    request_id: String,
    origin: String,
    /// Where the next page of a list can be had by GET: its path.
    linked: Option<String>,
    /// The council in whose room the caller was let in.
    room: OnceLock<Uuid>,
    operation: PhantomData<O>,
}

impl<O: Operation> FromRequest for Call<O> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl<O: Operation> Call<O> {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let missing = |what: &str| Problem::internal(format!("{}: {what}", O::RULE.operation));
        let app = request.app_data::<Data<App>>().cloned().ok_or_else(|| missing("no application"))?;
        let checked = request.extensions().get::<Checked>().cloned().ok_or_else(|| missing("not past the gate"))?;
        if checked.rule.operation != O::RULE.operation {
            return Err(missing(&format!("routed as {}", checked.rule.operation)));
        }
        let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let origin = address::of(request, &app.config.server.trusted_proxies);
        let origin = origin.map_or_else(|| "local".to_owned(), |from| from.to_string());
        let (now, language) = (app.now(), Language::of(request.headers()));
        let linked = (*request.method() == Method::GET).then(|| request.path().to_owned());
        let room = OnceLock::new();
        Ok(Self { app, language, now, checked, request_id, origin, linked, room, operation: PhantomData })
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.checked.caller
    }

    /// The account that calls.
    ///
    /// # Errors
    /// 401 when nobody is signed in.
    pub fn account(&self) -> Result<Uuid, Problem> {
        self.caller().account.ok_or_else(|| Problem::new("access.unauthenticated"))
    }

    /// Where the call comes from, as a keyed hash: of the address, or of its
    /// network of 64 bits, which one household has.
    pub fn origin_hash(&self) -> String {
        let network = match self.origin.parse() {
            Ok(std::net::IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            _ => self.origin.clone(),
        };
        self.app.store.keys().secret_lookup("origin", &network)
    }

    /// The bearer token of a link operation.
    pub fn link_token(&self) -> &str {
        self.checked.link_token.as_deref().unwrap_or_default()
    }

    /// The body. It has passed its schema; that it decodes is ours to hold.
    ///
    /// # Errors
    /// 500 when schema and type disagree.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let body = self.checked.body.clone().unwrap_or_default();
        serde_json::from_value(body).map_err(|error| Problem::internal(format!("schema and type disagree: {error}")))
    }

    /// An id in the path. A malformed one is as unknown as any other.
    ///
    /// # Errors
    /// 404.
    pub fn id(&self, name: &str) -> Result<Uuid, Problem> {
        let text = self.checked.path.get(name).map(String::as_str).unwrap_or_default();
        text.parse().map_err(|_| Refusal::Hidden.into())
    }

    /// What queries read from.
    pub fn reader(&self) -> &Reader {
        self.app.store.reader()
    }

    /// Decides whether the caller may do this here; for queries.
    ///
    /// # Errors
    /// 403 or 404.
    pub fn authorise(&self, place: &Place) -> Result<Permit, Problem> {
        let permit = policy::authorise(&O::RULE, self.caller(), place)?;
        if let Some(council) = place.room() {
            self.room.get_or_init(|| council);
        }
        Ok(permit)
    }

    fn act(&self) -> Act {
        let if_match = match self.checked.if_match {
            Some(IfMatch::Version(version)) => Some(version),
            Some(IfMatch::Any) | None => None,
        };
        // What a link token does is kept without where it came from.
        let origin = if O::RULE.access == Access::Link { "link" } else { &self.origin };
        Act {
            rule: O::RULE,
            caller: self.caller().clone(),
            origin: origin.to_owned(),
            request_id: self.request_id.clone(),
            now: self.now,
            ids: self.app.ids.clone(),
            repeat: self.checked.repeat.clone(),
            if_match,
        }
    }

    /// Carries a command out: one transaction, audited, its answer kept for a
    /// repeated request.
    ///
    /// # Errors
    /// The problem that the command met.
    pub async fn command<I, F>(&self, input: I, work: F) -> Result<Answer, Problem>
    where
        I: Send + Sync + 'static,
        F: for<'t> Fn(&'t Tx, &'t I) -> BoxFuture<'t, Result<Answer, Failure>> + Send + Sync + 'static,
    {
        let work = std::sync::Arc::new(work);
        let outcome = self.app.store.write(self.act(), input, move |tx, input| {
            let work = work.clone();
            Box::pin(async move {
                let answer = work(tx, input).await?;
                repeat::keep(tx, &answer.to_keep()).await?;
                Ok(answer)
            })
        });
        match outcome.await {
            Err(Failure::Replay(kept)) => Ok(Answer::kept(&kept)),
            outcome => Ok(outcome?),
        }
    }

    /// Does something with an anonymous answer to this consultation: nothing else is
    /// written, and nothing of the caller or the instant is kept.
    ///
    /// # Errors
    /// The problem that it met.
    pub async fn ballot<I, T, F>(&self, consultation: Uuid, input: I, work: F) -> Result<T, Problem>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t BallotTx, &'t I) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync + 'static,
    {
        Ok(self.app.store.ballot((consultation, self.now), input, work).await?)
    }

    /// A command whose outcome isn't an answer yet (signing in).
    ///
    /// # Errors
    /// The problem that the command met.
    pub async fn write<I, T, F>(&self, input: I, work: F) -> Result<T, Problem>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t Tx, &'t I) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync + 'static,
    {
        Ok(self.app.store.write(self.act(), input, work).await?)
    }

    /// Writes down that others' personal data is read: a read that can't be
    /// audited doesn't happen.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn witness(
        &self,
        organisation: Uuid,
        (kind, id): (&'static str, Uuid),
        subjects: Vec<Uuid>,
    ) -> Result<(), Problem> {
        self.witness_of(Some(organisation), (kind, id), subjects).await
    }

    /// The same, of what may belong to no organisation.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn witness_of(
        &self,
        organisation: Option<Uuid>,
        (kind, id): (&'static str, Uuid),
        subjects: Vec<Uuid>,
    ) -> Result<(), Problem> {
        let room = self.room.get().copied();
        self.witness_in(room, organisation, (kind, id), subjects).await
    }

    /// The same, of what is read in this council's room, or in none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn witness_in(
        &self,
        room: Option<Uuid>,
        organisation: Option<Uuid>,
        (kind, id): (&'static str, Uuid),
        subjects: Vec<Uuid>,
    ) -> Result<(), Problem> {
        self.write(subjects, move |tx, subjects| {
            Box::pin(async move {
                tx.in_room(room);
                tx.touches(organisation, kind, id);
                for subject in subjects {
                    tx.concerns(*subject);
                }
                Ok(())
            })
        })
        .await
    }

    /// Writes down that somebody who acts for another read what is that person's;
    /// nothing where the caller acts for themself.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn witness_represented(&self) -> Result<(), Problem> {
        let Some(Represented { participant_id, organisation_id, .. }) = self.checked.acting else { return Ok(()) };
        self.witness(organisation_id, (participant::KIND, participant_id), vec![participant_id]).await
    }

    /// What a list was asked for.
    ///
    /// # Errors
    /// 400 for a cursor of another list, or a forged one.
    pub fn listing<T: DeserializeOwned>(&self) -> Result<(T, PageRequest), Problem> {
        let listing = self.listed()?;
        let filter =
            listing.decode().map_err(|error| Problem::internal(format!("query and type disagree: {error}")))?;
        let mut request = listing.request();
        if self.wants_csv() && !listing.query.contains_key("limit") {
            request.limit = csv::MOST_ROWS;
        }
        Ok((filter, request))
    }

    fn wants_csv(&self) -> bool {
        self.form() == csv::TEXT_CSV
    }

    /// In which of the operation's content types the caller likes the answer best.
    pub fn form(&self) -> &str {
        &self.checked.form
    }

    fn listed(&self) -> Result<Listing, Problem> {
        let keys = self.app.store.keys();
        let body = self.checked.body.clone().map(|body| keys.stamp("search", in_order(body).to_string().as_bytes()));
        let asked = Asked { operation: O::RULE.operation, path: self.checked.path.clone(), body };
        Listing::read(keys, asked, self.checked.query.clone())
    }

    /// The answer to a list: the page, and where the next one starts.
    ///
    /// # Errors
    /// 500 when an item can't be written.
    #[expect(clippy::needless_pass_by_value, reason = "a page is made to be answered with")]
    pub fn page<T: Serialize>(&self, page: Page<T>) -> Result<Answer, Problem> {
        let items: Result<Vec<_>, _> = page.items.iter().map(serde_json::to_value).collect();
        let items = items.map_err(Problem::internal)?;
        Ok(Answer::page(items, self.next(&page)?, page.total, &self.language))
    }

    /// The same as a page or as a table, as the caller likes. The operation's
    /// answer names both content types in the document.
    ///
    /// # Errors
    /// 500 when an item can't be written.
    pub fn page_or_table<T: Serialize + csv::Row>(&self, page: Page<T>) -> Result<Answer, Problem> {
        if !self.wants_csv() {
            return self.page(page);
        }
        let next = self.next(&page)?.and_then(|(_, link)| link);
        Ok(Answer::csv(page.items.iter(), next))
    }

    /// The cursor and the address of the next page.
    fn next<T>(&self, page: &Page<T>) -> Result<Option<(String, Option<String>)>, Problem> {
        let listing = self.listed()?;
        Ok(page.next.map(|last| {
            let cursor = listing.cursor_after(self.app.store.keys(), last);
            let asked = listing.query.contains_key("limit") || !self.wants_csv();
            let limit = if asked { format!("&limit={}", listing.request().limit) } else { String::new() };
            let link = self.linked.as_ref().map(|path| format!("{path}?cursor={cursor}{limit}"));
            (cursor, link)
        }))
    }
}

/// An id in a body or query that the caller may not use: the same for a foreign
/// one and a random one.
pub fn unknown_reference(pointer: impl Into<String>) -> Refusal {
    Refusal::Invalid(vec![Fault::body(pointer, "reference.unknown")])
}

/// A decision in the order of checks: what is wrong with the request (400) comes
/// before a stale version (412), and that before what the state forbids (409).
///
/// # Errors
/// The decision's refusal, or [`Refusal::Stale`].
pub fn decided<T>(tx: &Tx, version: i64, decision: Result<T, Refusal>) -> Result<T, Failure> {
    match decision {
        Err(refusal @ (Refusal::Invalid(_) | Refusal::Forbidden | Refusal::Hidden)) => Err(refusal.into()),
        decision => {
            tx.fresh(version)?;
            Ok(decision?)
        }
    }
}
