//! Whom to tell of a report-back, in the way that each chose: everybody who was invited.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::consultations::{ReportBack, TellingState};
use klankbord_domain::participants::{Channel, ContactChannel, MembershipStatus, Participant};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::entity::consultation_networks as asked;
use super::entity::report_back_tellings::{Column, Entity, Model};
use crate::participants::entity::{memberships, participants};
use crate::privacy::data_request::{STOPS, those_stopped};
use crate::store::entity::mails;
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "telling";
const TABLE: &str = "report_back_tellings";
/// Who was asked through a network takes part in it, or did then.
const TOOK_PART: [MembershipStatus; 2] = [MembershipStatus::Active, MembershipStatus::Ended];

/// That somebody is to be told of a report-back, and whether they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// Its id.
    pub id: Uuid,
    /// Of which report-back.
    pub report_back_id: Uuid,
    /// Which version of it.
    pub edition: i32,
    /// Of which consultation.
    pub consultation_id: Uuid,
    /// Whom.
    pub participant_id: Uuid,
    /// How they wanted to be reached when it was published.
    pub channel: Channel,
    /// How it stands.
    pub state: TellingState,
    /// The mail that says it.
    pub mail_id: Option<Uuid>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// When somebody tried last, else when it was published.
    pub turn_at: DateTime<Utc>,
}

/// Notes that these persons are to be told what was published now, with the mails that
/// say it to some. Who still waits to be told something older of the consultation is told
/// this instead.
///
/// # Errors
/// When the database refuses.
pub async fn begin(
    tx: &Tx,
    told: &ReportBack,
    persons: &[Participant],
    mails: &BTreeMap<Uuid, Uuid>,
) -> Result<(), Failure> {
    let older = Entity::update_many()
        .col_expr(Column::Superseded, Expr::val(true))
        .filter(Column::ConsultationId.eq(told.consultation_id))
        .filter(Column::ToldOn.is_null());
    older.exec(tx.beneath()).await?;
    let row = |person: &Participant| Model {
        id: tx.new_id(),
        report_back_id: told.id,
        edition: told.edition,
        consultation_id: told.consultation_id,
        participant_id: person.id,
        channel: person.channel.code().to_owned(),
        mail_id: mails.get(&person.id).copied(),
        superseded: false,
        told_on: None,
        published_at: tx.now(),
        turn_at: tx.now(),
    };
    for person in persons {
        tx.concerns(person.id);
    }
    rows::insert_all(tx, persons.iter().map(row).collect()).await
}

/// Whom to list.
#[derive(Debug, Clone, Copy)]
pub struct TellingFilter {
    /// Those who chose one of both; none: all who aren't told by mail.
    pub channel: Option<ContactChannel>,
    /// Of one report-back alone.
    pub report_back: Option<Uuid>,
    /// Those who were told, or those who still wait.
    pub told: bool,
}

/// A page of those who are to be told something in a network, of those whom its host
/// registered. Whom no mail reaches stands on it, too: who wants mail and has no address
/// that works, or whose mail was given up. Who waits longest comes first.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    (network, host): (Uuid, Uuid),
    filter: TellingFilter,
    request: &PageRequest,
) -> Result<Page<Telling>, Failure> {
    use participants::Column as Person;
    let persons = participants::Entity::find()
        .select_only()
        .column(Person::Id)
        .filter(Person::OrganisationId.eq(host))
        .filter(Person::ErasedAt.is_null())
        .filter(Person::Id.not_in_subquery(those_stopped(STOPS)));
    let members = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::MemberId)
        .filter(memberships::Column::MemberKind.eq("participant"))
        .filter(memberships::Column::NetworkId.eq(network))
        .filter(memberships::Column::Status.is_in(TOOK_PART.map(MembershipStatus::code)));
    let of_network = asked::Entity::find()
        .select_only()
        .column(asked::Column::ConsultationId)
        .filter(asked::Column::NetworkId.eq(network));
    let told = if filter.told { Column::ToldOn.is_not_null() } else { Column::ToldOn.is_null() };
    let mut selection = Entity::find()
        .filter(Column::ConsultationId.in_subquery(of_network.into_query()))
        .filter(Column::ParticipantId.in_subquery(persons.into_query()))
        .filter(Column::ParticipantId.in_subquery(members.into_query()))
        .filter(told)
        .filter(by(filter.channel));
    if !filter.told {
        selection = selection.filter(Column::Superseded.eq(false));
    }
    if let Some(report_back) = filter.report_back {
        selection = selection.filter(Column::ReportBackId.eq(report_back));
    }
    let keyset = keyset!(super::entity::report_back_tellings, TurnAt as turn_at);
    fetch_page(source, selection, keyset, request).await?.try_map(|row| read(&row))
}

fn by(channel: Option<ContactChannel>) -> Condition {
    if let Some(channel) = channel {
        return Condition::all().add(Column::Channel.eq(channel.as_channel().code()));
    }
    let given_up =
        mails::Entity::find().select_only().column(mails::Column::Id).filter(mails::Column::FailedAt.is_not_null());
    Condition::any()
        .add(Column::Channel.ne(Channel::Internet.code()))
        .add(Column::MailId.is_null())
        .add(Column::MailId.in_subquery(given_up.into_query()))
}

/// What somebody is to be told of a report-back, for changing it: the newest version of
/// it. Where what it is about was asked in this network.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(
    tx: &Tx,
    report_back: Uuid,
    (person, network): (Uuid, Uuid),
) -> Result<Option<Telling>, Failure> {
    let found = one(report_back, (person, network)).lock_exclusive().one(tx.beneath()).await?;
    found.as_ref().map(read).transpose()
}

fn one(report_back: Uuid, (person, network): (Uuid, Uuid)) -> sea_orm::Select<Entity> {
    let of_network = asked::Entity::find()
        .select_only()
        .column(asked::Column::ConsultationId)
        .filter(asked::Column::NetworkId.eq(network));
    Entity::find()
        .filter(Column::ReportBackId.eq(report_back))
        .filter(Column::ParticipantId.eq(person))
        .filter(Column::ConsultationId.in_subquery(of_network.into_query()))
        .order_by_desc(Column::Edition)
}

/// Saves how it stands with telling somebody.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, telling: &Telling) -> Result<(), Failure> {
    let row = Model {
        id: telling.id,
        report_back_id: telling.report_back_id,
        edition: telling.edition,
        consultation_id: telling.consultation_id,
        participant_id: telling.participant_id,
        channel: telling.channel.code().to_owned(),
        mail_id: telling.mail_id,
        superseded: telling.state.superseded,
        told_on: telling.state.told_on,
        published_at: telling.published_at,
        turn_at: telling.turn_at,
    };
    let changed = row.into_active_model().reset_all();
    Entity::update_many().set(changed).filter(Column::Id.eq(telling.id)).exec(tx.beneath()).await?;
    Ok(())
}

/// The membership in a network by which each of these persons is known there: the one
/// that is not over, else the last.
///
/// # Errors
/// When the database refuses.
pub async fn memberships_in(
    source: &impl Source,
    network: Uuid,
    persons: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, Failure> {
    use memberships::Column as Of;
    let mut found: HashMap<Uuid, (bool, DateTime<Utc>, Uuid)> = HashMap::new();
    for batch in persons.chunks(500) {
        let theirs = memberships::Entity::find()
            .filter(Of::NetworkId.eq(network))
            .filter(Of::MemberKind.eq("participant"))
            .filter(Of::Status.is_in(TOOK_PART.map(MembershipStatus::code)))
            .filter(Of::MemberId.is_in(batch.iter().copied()));
        for row in theirs.all(source.beneath()).await? {
            let key = (row.live_key.is_some(), row.created_at, row.id);
            let known = found.entry(row.member_id).or_insert(key);
            *known = (*known).max(key);
        }
    }
    Ok(found.into_iter().map(|(person, (_, _, id))| (person, id)).collect())
}

fn read(row: &Model) -> Result<Telling, Failure> {
    let told_on: Option<NaiveDate> = row.told_on;
    Ok(Telling {
        id: row.id,
        report_back_id: row.report_back_id,
        edition: row.edition,
        consultation_id: row.consultation_id,
        participant_id: row.participant_id,
        channel: parse((TABLE, "channel"), &row.channel)?,
        state: TellingState { told_on, superseded: row.superseded },
        mail_id: row.mail_id,
        published_at: row.published_at,
        turn_at: row.turn_at,
    })
}
