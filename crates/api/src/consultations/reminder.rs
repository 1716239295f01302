//! Reminders to those who were asked: by the clock, some days before their own deadline, and
//! by hand.
//!
//! Of an anonymous consultation everybody is reminded alike: a mail to some and not to others
//! would tell, in the queue and on the mail server, who answered.

use std::collections::{HashMap, HashSet};

use actix_web::post;
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{Consultation, is_over, may_remind};
use klankbord_domain::participants::Participant;
use klankbord_persistence::consultations::ask::{self, Ask};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::data_request::{self, STOPS};
use klankbord_persistence::{Failure, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked_mail::{self, AskedMail};
use super::burden::terms;
use super::consultation::permitted;
use crate::app::App;
use crate::web::{Answer, Call, Problem};

/// That those who were asked were reminded. To whom it went is not told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationReminder {
    /// Of which consultation.
    consultation_id: Uuid,
    /// On which day.
    reminded_on: NaiveDate,
    /// Whether everybody was reminded alike, also who answered: of an anonymous one.
    #[schema(example = false)]
    everybody: bool,
}

/// Remind those who were asked
///
/// In the way that they chose: by a mail, or by standing first on the call list or the visit
/// list. Who answered isn't reminded; of an anonymous consultation everybody is, alike, but
/// for whom it was marked by hand that they are done, since a mail to some would tell who
/// answered. Being reminded doesn't count as being asked. Not within the installation's days
/// since it opened, or since anybody in it was reminded (three, unless it says otherwise).
#[utoipa::path(operation_id = "createConsultationReminder", tag = "Asking",
    responses((status = 201, description = "Reminded", body = ConsultationReminder)))]
#[post("/consultations/{consultationId}/reminders")]
pub(super) async fn create_consultation_reminder(
    call: Call<op::CreateConsultationReminder>,
) -> Result<Answer, Problem> {
    let input = (call.id("consultationId")?, terms(&call));
    let answer = call.command(input, |tx, (id, terms)| by_hand(tx, *id, *terms).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn by_hand(tx: &Tx, id: Uuid, terms: BurdenTerms) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let asked = loaded.consultation();
    may_remind(asked, ask::reminded_last(tx, id).await?, (terms.asking, terms.zone), tx.now())?;
    remind(tx, asked, ask::all_in(tx, id).await?, terms).await?;
    let shown =
        ConsultationReminder { consultation_id: id, reminded_on: terms.today(), everybody: asked.is_anonymous() };
    Ok(Answer::made(format!("/v1/consultations/{id}"), &shown))
}

/// Reminds those of these who may be. The trail says that it happened, and not to whom.
async fn remind(tx: &Tx, asked: &Consultation, asks: Vec<Ask>, terms: BurdenTerms) -> Result<(), Failure> {
    let ids: Vec<Uuid> = asks.iter().map(|one| one.participant_id).collect();
    // Of an anonymous one the receipts are not looked at.
    let answered: HashSet<Uuid> =
        if asked.is_anonymous() { HashSet::new() } else { ask::answered(tx, asked.id).await?.into_keys().collect() };
    let stopped = data_request::stopped(tx, &ids, STOPS).await?;
    let persons: HashMap<Uuid, Participant> = participant::by_id(tx, &ids).await?;
    let mut reminded = Vec::new();
    for one in asks {
        let id = one.participant_id;
        let waits = one.done_on.is_none() && !answered.contains(&id) && !stopped.contains(&id);
        let kept = match persons.get(&id).filter(|_| waits) {
            Some(person) => {
                reminded.push(id);
                one.reminded(person.channel, terms)
            }
            None => Ask { remind_on: None, ..one },
        };
        ask::save(tx, &kept).await?;
    }
    asked_mail::queue(tx, AskedMail::again(asked, terms), &reminded, terms).await?;
    tx.happened("consultation.reminded", Some(asked.organisation_id), consultation::KIND, asked.id);
    Ok(())
}

impl App {
    /// Reminds those whose day has come, each consultation in a command of its own. One that
    /// can't be dealt with stops no other.
    ///
    /// # Errors
    /// When the database refuses to say which they are. What was done stays done.
    pub(crate) async fn remind_the_asked(&self) -> Result<(), Failure> {
        let terms = self.burden_terms(self.now());
        let mut any = false;
        for id in ask::due(self.store.reader(), terms.today()).await? {
            let act = self.act_of_clock("remindAsked");
            let done = self.store.write(act, (id, terms), |tx, (id, terms)| by_clock(tx, *id, *terms).boxed()).await;
            if let Err(failure) = &done {
                tracing::error!(cause = %failure, consultation = %id, "nobody was reminded of a consultation");
            }
            any |= done.is_ok();
        }
        if any {
            self.post.wake();
        }
        Ok(())
    }
}

/// As it stands once the consultation is held: another copy of the service may have been here
/// before.
async fn by_clock(tx: &Tx, id: Uuid, terms: BurdenTerms) -> Result<(), Failure> {
    let Some(found) = consultation::find_to_change(tx, id).await? else {
        tx.touches(None, consultation::KIND, id);
        return Ok(());
    };
    let asked = &found.value.consultation;
    let audience = &asked.audience.network_ids;
    tx.in_room(audience.first().copied().filter(|_| found.value.council));
    tx.touches(Some(asked.organisation_id), consultation::KIND, id);
    let today = terms.today();
    let due: Vec<Ask> =
        ask::all_in(tx, id).await?.into_iter().filter(|one| one.remind_on.is_some_and(|day| day <= today)).collect();
    // Whose day passed while the service stood still is not reminded late.
    let (now, late): (Vec<Ask>, Vec<Ask>) = due.into_iter().partition(|one| one.remind_on == Some(today));
    for one in late {
        ask::save(tx, &one.passed_over(terms)).await?;
    }
    if now.is_empty() || is_over(asked, today) {
        return Ok(());
    }
    remind(tx, asked, now, terms).await
}
