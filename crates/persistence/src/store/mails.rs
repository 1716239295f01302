//! Mails: queued by a command in its own transaction, claimed by one replica at
//! a time, and emptied of address and content once they went or were given up.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, UpdateMany};
use uuid::Uuid;

use super::codec::{from_json, to_json};
use super::connect::Store;
use super::entity::mails::{Column, Entity, Model};
use super::failure::Failure;
use super::keys::Keys;
use super::rows;
use super::tx::{Source as _, Tx};

/// How long it is remembered that a mail went or was given up.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// What a text is filled with: by the name that stands in it.
pub type Values = BTreeMap<String, String>;

/// A mail to be sent.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// The organisation in whose name it goes; none for the installation's own.
    pub organisation: Option<Uuid>,
    /// The account that it goes to; none where that isn't known yet.
    pub account: Option<Uuid>,
    /// The participant whom it reaches at the address that is kept of them.
    pub participant: Option<Uuid>,
    /// Which text.
    pub template: &'static str,
    /// The language of the text (BCP 47).
    pub language: String,
    /// The e-mail address.
    pub address: String,
    /// What the text is filled with.
    pub values: Values,
    /// After this it is of no use any more, and is not sent.
    pub good_until: Option<DateTime<Utc>>,
}

/// A mail that is claimed: nobody else sends it before the claim ends.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id; the `Message-ID` is made of it.
    pub id: Uuid,
    /// The account that it goes to.
    pub account: Option<Uuid>,
    /// Which text.
    pub template: String,
    /// The language of the text.
    pub language: String,
    /// Address and values; none when they can't be opened with these keys.
    pub content: Option<(String, Values)>,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// After this it is of no use any more.
    pub good_until: Option<DateTime<Utc>>,
    /// Until when nobody else takes it.
    held_until: Option<DateTime<Utc>>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Sent,
    /// It is tried again then. The word says why, without a name or an address.
    Later(DateTime<Utc>, &'static str),
    /// It is never tried again.
    GivenUp(&'static str),
    /// There is nobody to send it to: nothing of it stays.
    Nobody,
}

/// Queues a mail in the command's transaction; gives its id.
///
/// # Errors
/// When sealing fails, or the database refuses.
pub async fn queue(tx: &Tx, new: NewMail) -> Result<Uuid, Failure> {
    let id = tx.new_id();
    let row = Model {
        id,
        organisation_id: new.organisation,
        account_id: new.account,
        participant_id: new.participant,
        template: new.template.to_owned(),
        language: new.language,
        address: Some(tx.keys().seal_mail(&place("address", id), &new.address)?),
        payload: Some(tx.keys().seal_mail(&place("payload", id), &to_json(&new.values)?)?),
        created_at: tx.now(),
        good_until: new.good_until,
        claimed_until: None,
        attempts: 0,
        next_at: tx.now(),
        sent_at: None,
        failed_at: None,
        last_error: None,
        room_id: tx.room(),
    };
    rows::insert(tx, row).await?;
    Ok(id)
}

/// Drops the mails that wait for this participant: the address that they go to is
/// theirs no longer.
///
/// # Errors
/// When the database refuses.
pub async fn drop_for(tx: &Tx, participant: Uuid) -> Result<(), Failure> {
    let theirs = waiting().add(Column::ParticipantId.eq(participant));
    Entity::delete_many().filter(theirs).exec(tx.beneath()).await?;
    Ok(())
}

/// Drops a mail that waits: what it brings is of no use any more.
///
/// # Errors
/// When the database refuses.
pub async fn drop_one(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    Entity::delete_many().filter(waiting().add(Column::Id.eq(id))).exec(tx.beneath()).await?;
    Ok(())
}

fn place(column: &str, id: Uuid) -> String {
    format!("mails.{column}.{id}")
}

fn waiting() -> Condition {
    Condition::all().add(Column::SentAt.is_null()).add(Column::FailedAt.is_null())
}

impl Store {
    /// Claims up to `most` mails that are due, for as long as `claim`. What
    /// somebody claimed who didn't come back is due again when the claim ends.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_mails(&self, now: DateTime<Utc>, claim: TimeDelta, most: u64) -> Result<Vec<Claimed>, Failure> {
        let free = Condition::any().add(Column::ClaimedUntil.is_null()).add(Column::ClaimedUntil.lte(now));
        let due = Query::select()
            .column(Column::Id)
            .from(Entity)
            .cond_where(waiting().add(Column::NextAt.lte(now)).add(free))
            .order_by(Column::NextAt, sea_orm::Order::Asc)
            .order_by(Column::Id, sea_orm::Order::Asc)
            .limit(most)
            // Nothing on SQLite, which has one writer at a time.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .to_owned();
        let claiming = Entity::update_many()
            .col_expr(Column::ClaimedUntil, Expr::val(now + claim))
            .col_expr(Column::Attempts, ExprTrait::add(Expr::col(Column::Attempts), 1))
            .filter(Column::Id.in_subquery(due));
        let rows = claiming.exec_with_returning(&self.writer).await?;
        Ok(rows.into_iter().map(|row| opened(self.keys(), row)).collect())
    }

    /// Writes down how an attempt ended. Only who still has the claim may say
    /// that it failed; that it went is true whoever says so.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mail_done(&self, mail: &Claimed, outcome: Outcome, now: DateTime<Utc>) -> Result<(), Failure> {
        let this = Condition::all().add(Column::Id.eq(mail.id)).add(Column::SentAt.is_null());
        let mine = this.clone().add(Column::ClaimedUntil.eq(mail.held_until));
        let update = Entity::update_many().col_expr(Column::ClaimedUntil, Expr::val(None::<DateTime<Utc>>));
        let update = match outcome {
            Outcome::Nobody => {
                Entity::delete_many().filter(mine).exec(&self.writer).await?;
                return Ok(());
            }
            Outcome::Sent => emptied(update).col_expr(Column::SentAt, Expr::val(now)).filter(this),
            Outcome::Later(at, why) => {
                update.col_expr(Column::NextAt, Expr::val(at)).col_expr(Column::LastError, Expr::val(why)).filter(mine)
            }
            Outcome::GivenUp(why) => emptied(update)
                .col_expr(Column::FailedAt, Expr::val(now))
                .col_expr(Column::LastError, Expr::val(why))
                .filter(mine),
        };
        update.exec(&self.writer).await?;
        Ok(())
    }
}

fn emptied(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    let nothing = || Expr::val(None::<Vec<u8>>);
    update.col_expr(Column::Address, nothing()).col_expr(Column::Payload, nothing())
}

fn opened(keys: &Keys, row: Model) -> Claimed {
    let content = open(keys, &row).ok().flatten();
    Claimed {
        id: row.id,
        account: row.account_id,
        template: row.template,
        language: row.language,
        content,
        attempt: row.attempts,
        created_at: row.created_at,
        good_until: row.good_until,
        held_until: row.claimed_until,
    }
}

fn open(keys: &Keys, row: &Model) -> Result<Option<(String, Values)>, Failure> {
    let (Some(address), Some(payload)) = (&row.address, &row.payload) else { return Ok(None) };
    let address = keys.open_mail(&place("address", row.id), address)?;
    let payload = keys.open_mail(&place("payload", row.id), payload)?;
    Ok(Some((address, from_json(("mails", "payload"), &payload)?)))
}

/// Gives up what is of no use any more, also where mail is off; forgets what
/// went or was given up long enough ago.
pub(crate) async fn forget(tx: &Tx) -> Result<(), Failure> {
    let now = tx.now();
    let idle = Condition::any().add(Column::ClaimedUntil.is_null()).add(Column::ClaimedUntil.lte(now));
    let stale = emptied(Entity::update_many())
        .col_expr(Column::FailedAt, Expr::val(now))
        .col_expr(Column::LastError, Expr::val("too late"))
        .filter(waiting().add(Column::GoodUntil.lte(now)).add(idle));
    stale.exec(tx.beneath()).await?;
    let before = now - REMEMBERED;
    let old = Condition::any().add(Column::SentAt.lt(before)).add(Column::FailedAt.lt(before));
    Entity::delete_many().filter(old).exec(tx.beneath()).await?;
    Ok(())
}
