//! Retention: who no longer takes part is told, and after that what is kept of them goes.

use actix_web::get;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::{day_of, start_of};
use klankbord_domain::participants::{Channel, Participant};
use klankbord_domain::policy::Place;
use klankbord_domain::privacy::{DataRequest, DataRequestAsker, DataRequestKind, DataRequestStatus, operations as op};
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::privacy::data_request;
use klankbord_persistence::privacy::retention::{self, RetentionNotice as Kept};
use klankbord_persistence::store::history;
use klankbord_persistence::store::mails::{self, NewMail, Values};
use klankbord_persistence::{Failure, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::erasure;
use super::settings::Retention;
use crate::app::App;
use crate::mail::Template;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// How many people are told, and how many removed, in one round: the next round goes on.
const AT_ONCE: u64 = 100;

/// That what is kept of somebody goes on a day, unless something happens with them before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionNotice {
    /// Its id.
    id: Uuid,
    /// Whom it is about.
    participant_id: Uuid,
    /// The day.
    erase_on: NaiveDate,
    /// When they were told.
    created_at: DateTime<Utc>,
}

page!(
    /// A page of notices.
    RetentionNoticePage of RetentionNotice
);

/// List who is about to be removed
///
/// People who no longer take part, and with whom nothing happened for the term. They were
/// told, where they are reached by internet; who wants to stay takes part again, or the
/// organisation changes their record. The read is written down.
#[utoipa::path(operation_id = "listRetentionNotices", tag = "Privacy", params(Paging),
    responses((status = 200, description = "A page", body = RetentionNoticePage)))]
#[get("/organisations/{organisationId}/retention-notices")]
pub(super) async fn list_retention_notices(call: Call<op::ListRetentionNotices>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let organisation = organisation::find(call.reader(), call.id("organisationId")?).await?.ok_or(Refusal::Hidden)?;
    let id = organisation.value.id;
    call.authorise(&Place::of_organisation(id))?;
    let page = retention::list(call.reader(), id, &request).await?;
    let persons = page.items.iter().map(|one| one.participant_id).collect();
    call.witness(id, ("organisation", id), persons).await?;
    call.page(page.map(|one| {
        let Kept { id, participant_id, organisation_id: _, erase_on, created_at } = one;
        RetentionNotice { id, participant_id, erase_on, created_at }
    }))
}

/// What holds on this day.
#[derive(Debug, Clone, Copy)]
struct Terms {
    retention: Retention,
    zone: Tz,
    today: NaiveDate,
}

impl Terms {
    /// Since when nothing may have happened with who is told now. Who was told before is
    /// measured by the same: what happened since lies far behind it.
    fn since(self) -> DateTime<Utc> {
        let soon = self.erased_on();
        let first = soon.checked_sub_months(Months::new(self.retention.months)).unwrap_or(NaiveDate::MIN);
        start_of(first, self.zone)
    }

    /// The day on which who is told now is erased.
    fn erased_on(self) -> NaiveDate {
        let days = Days::new(u64::from(self.retention.warning_days));
        self.today.checked_add_days(days).unwrap_or(NaiveDate::MAX)
    }
}

impl App {
    /// Tells who no longer takes part, takes back what no longer holds, and erases who was
    /// told long enough ago; each person in a command of its own. One that can't be dealt
    /// with stops no other.
    ///
    /// # Errors
    /// When the database refuses to say who they are. What was done stays done.
    pub(crate) async fn keep_no_longer(&self) -> Result<(), Failure> {
        let zone = self.config.time.zone;
        let terms = Terms { retention: self.config.retention, zone, today: day_of(self.now(), zone) };
        let mut erased = false;
        for person in retention::due(self.store.reader(), terms.since(), (terms.today, AT_ONCE)).await? {
            erased |= self.one("keepNoLonger", person, terms).await;
        }
        for person in retention::untold(self.store.reader(), terms.since(), AT_ONCE).await? {
            self.one("tellOfRemoval", person, terms).await;
        }
        if erased {
            erasure::clean_up(&self.store).await;
        }
        Ok(())
    }

    /// Deals with one person; whether they were erased.
    async fn one(&self, work: &'static str, person: Uuid, terms: Terms) -> bool {
        let act = self.act_of_clock(work);
        let done = self.store.write(act, (person, terms), |tx, (id, terms)| deal_with(tx, *id, *terms).boxed()).await;
        done.unwrap_or_else(|failure| {
            tracing::error!(cause = %failure, participant = %person, "somebody was neither told nor removed");
            false
        })
    }
}

/// Does what is due, as it stands once the person is held: another copy of the service may
/// have been here before, or something happened with them.
async fn deal_with(tx: &Tx, id: Uuid, terms: Terms) -> Result<bool, Failure> {
    let Some(found) = participant::find_to_change(tx, id).await? else { return Ok(false) };
    tx.touches(Some(found.value.organisation_id), participant::KIND, id);
    let idle = retention::is_idle(tx, id, terms.since()).await?;
    match retention::find_to_change(tx, id).await? {
        None if idle => tell(tx, &found.value, terms).await.map(|()| false),
        Some(notice) if !idle => retention::withdraw(tx, &notice).await.map(|()| false),
        Some(notice) if notice.erase_on <= terms.today => remove(tx, &found.value, terms.today).await.map(|()| true),
        None | Some(_) => Ok(false),
    }
}

/// Tells a person, where they are reached by internet and the address may be used.
async fn tell(tx: &Tx, person: &Participant, terms: Terms) -> Result<(), Failure> {
    let erase_on = terms.erased_on();
    retention::insert(tx, person, erase_on).await?;
    let held = representative::of_participant(tx, person.id).await?;
    let contact = participant::contact(tx, person.id).await?;
    let contact = contact.filter(|contact| contact.holds(person.age(), &held, terms.today));
    let address = contact.and_then(|contact| contact.email_address).filter(|_| person.channel == Channel::Internet);
    let Some(address) = address else { return Ok(()) };
    let mail = NewMail {
        organisation: Some(person.organisation_id),
        account: None,
        participant: Some(person.id),
        template: Template::RetentionWarning.code(),
        language: person.language.clone(),
        address,
        values: Values::from([("day".to_owned(), erase_on.format("%d-%m-%Y").to_string())]),
        good_until: Some(start_of(erase_on, terms.zone)),
    };
    mails::queue(tx, mail).await.map(drop)
}

/// Erases a person, and leaves the request that says so, as for any other erasure.
async fn remove(tx: &Tx, person: &Participant, today: NaiveDate) -> Result<(), Failure> {
    let made = DataRequest {
        id: tx.new_id(),
        organisation_id: Some(person.organisation_id),
        participant_id: Some(person.id),
        account_id: None,
        kind: DataRequestKind::Erasure,
        status: DataRequestStatus::CarriedOut,
        asked_by: DataRequestAsker::Term,
        channel: Channel::Internet,
        requested_by: None,
        details: None,
        identity_check: None,
        received_on: today,
        due_on: DataRequest::due(today),
        decided_on: Some(today),
    };
    let stored = data_request::insert(tx, made).await?;
    let steps = (DataRequestStatus::Received.code(), DataRequestStatus::CarriedOut.code());
    history::record(tx, (data_request::KIND, stored.value.id), steps, None).await?;
    erasure::carry_out(tx, &stored.value).await
}
