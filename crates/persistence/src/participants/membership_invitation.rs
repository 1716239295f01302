//! How people are invited: when, by which link, and when they are reminded. The link's
//! token is a keyed hash.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use klankbord_domain::participants::{
    ContactChannel, ContactOf, Invitation, InvitationAnswer, InvitationText, MembershipStatus,
};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::entity::membership_invitations::{Column, Entity, Model};
use super::entity::{memberships, participants};
use crate::store::{
    Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, mails, optional, parse, read_texts, rows, write_texts,
};

const TABLE: &str = "membership_invitations";
/// How many ids one query names.
const BATCH: usize = 500;

/// The link that came by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose address it went to.
    pub contact_of: ContactOf,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// What was said with it, and when.
    pub answer: Option<(InvitationAnswer, DateTime<Utc>)>,
    token_hash: String,
}

/// How somebody is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// The membership.
    pub membership_id: Uuid,
    /// When they were invited and reminded, and their turn.
    pub invitation: Invitation,
    /// What they were told.
    pub text: InvitationText,
    /// The link that works now.
    pub link: Option<Link>,
    /// The mail that brought it, or brings it.
    pub mail_id: Option<Uuid>,
}

/// A link to be kept.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// The token; its keyed hash alone is kept.
    pub token: String,
    /// Whose address it goes to.
    pub contact_of: ContactOf,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// The mail that brings it.
    pub mail_id: Uuid,
}

fn token_hash(source: &impl Source, token: &str) -> String {
    source.keys().secret_lookup("membership-invitation", token)
}

/// Keeps that somebody is invited.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, membership: Uuid, invitation: Invitation, text: InvitationText) -> Result<Kept, Failure> {
    let (link, mail_id) = (None, None);
    let kept = Kept { id: tx.new_id(), membership_id: membership, invitation, text, link, mail_id };
    rows::insert(tx, row_of(&kept)?).await?;
    Ok(kept)
}

/// Saves what changed of it. The membership is held by the command.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, kept: &Kept) -> Result<(), Failure> {
    let row = row_of(kept)?.into_active_model().reset_all();
    Entity::update_many().set(row).filter(Column::Id.eq(kept.id)).exec(tx.beneath()).await?;
    Ok(())
}

/// Keeps a new link in place of the one before, whose mail isn't sent any more.
///
/// # Errors
/// When the database refuses.
pub async fn keep_link(tx: &Tx, kept: &mut Kept, new: NewLink) -> Result<(), Failure> {
    drop_mail(tx, kept.mail_id).await?;
    let NewLink { token, contact_of, expires_at, mail_id } = new;
    kept.link = Some(Link { contact_of, expires_at, answer: None, token_hash: token_hash(tx, &token) });
    kept.mail_id = Some(mail_id);
    save(tx, kept).await
}

/// Keeps what was said with the link.
///
/// # Errors
/// When the database refuses.
pub async fn answered(tx: &Tx, mut kept: Kept, answer: InvitationAnswer) -> Result<(), Failure> {
    if let Some(link) = &mut kept.link {
        link.answer = Some((answer, tx.now()));
    }
    save(tx, &kept).await
}

/// Ends the link of an invitation that was answered otherwise.
///
/// # Errors
/// When the database refuses.
pub async fn over(tx: &Tx, membership: Uuid) -> Result<(), Failure> {
    let Some(kept) = of(tx, membership).await? else { return Ok(()) };
    drop_mail(tx, kept.mail_id).await?;
    save(tx, &Kept { link: None, mail_id: None, ..kept }).await
}

async fn drop_mail(tx: &Tx, mail: Option<Uuid>) -> Result<(), Failure> {
    if let Some(mail) = mail { mails::drop_one(tx, mail).await } else { Ok(()) }
}

/// Ends the links that went to an address that isn't this person's any more.
pub(super) async fn drop_links(tx: &Tx, participant: Uuid) -> Result<(), Failure> {
    use memberships::Column as Of;
    let theirs = memberships::Entity::find()
        .select_only()
        .column(Of::Id)
        .filter(Of::MemberKind.eq("participant"))
        .filter(Of::MemberId.eq(participant));
    let update = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::val(None::<String>))
        .filter(Column::MembershipId.in_subquery(theirs.into_query()));
    update.exec(tx.beneath()).await?;
    Ok(())
}

/// How a member is invited.
///
/// # Errors
/// When the database refuses.
pub async fn of(source: &impl Source, membership: Uuid) -> Result<Option<Kept>, Failure> {
    let found = Entity::find().filter(Column::MembershipId.eq(membership)).one(source.beneath()).await?;
    found.map(read).transpose()
}

/// When these members were invited and reminded.
///
/// # Errors
/// When the database refuses.
pub async fn of_all(source: &impl Source, memberships: &[Uuid]) -> Result<HashMap<Uuid, Invitation>, Failure> {
    let mut found = HashMap::new();
    for batch in memberships.chunks(BATCH) {
        let selection = Entity::find().filter(Column::MembershipId.is_in(batch.iter().copied()));
        found.extend(selection.all(source.beneath()).await?.iter().map(|row| (row.membership_id, invitation_of(row))));
    }
    Ok(found)
}

/// What a token opens, while it works.
///
/// # Errors
/// When the database refuses.
pub async fn by_token(source: &impl Source, token: &str, now: DateTime<Utc>) -> Result<Option<Kept>, Failure> {
    let found = Entity::find().filter(Column::TokenHash.eq(token_hash(source, token))).one(source.beneath()).await?;
    let found = found.map(read).transpose()?;
    Ok(found.filter(|kept| kept.link.as_ref().is_some_and(|link| now < link.expires_at)))
}

/// A page of those who wait to be called or visited in a network, or one of both; of those
/// whom this organisation registered. Who waits longest comes first.
///
/// # Errors
/// When the database refuses.
pub async fn waiting(
    source: &impl Source,
    network: Uuid,
    (organisation, channel): (Uuid, Option<ContactChannel>),
    request: &PageRequest,
) -> Result<Page<Kept>, Failure> {
    use participants::Column as Person;
    let channels = channel.map_or_else(|| ContactChannel::ALL.to_vec(), |one| vec![one]);
    let persons = participants::Entity::find()
        .select_only()
        .column(Person::Id)
        .filter(Person::OrganisationId.eq(organisation))
        .filter(Person::Channel.is_in(channels.into_iter().map(|one| one.as_channel().code())))
        .filter(Person::ErasedAt.is_null());
    let members = invited()
        .filter(memberships::Column::NetworkId.eq(network))
        .filter(memberships::Column::MemberId.in_subquery(persons.into_query()));
    let selection = Entity::find().filter(Column::MembershipId.in_subquery(members.into_query()));
    let keyset = keyset!(super::entity::membership_invitations, TurnAt as turn_at);
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

/// The memberships of those whom the clock may remind at this instant; some at a time.
///
/// # Errors
/// When the database refuses.
pub async fn due(source: &impl Source, now: DateTime<Utc>, most: u64) -> Result<Vec<Uuid>, Failure> {
    let members: SelectStatement = invited().into_query();
    let selection = Entity::find()
        .select_only()
        .column(Column::MembershipId)
        .filter(Column::RemindAt.lte(now))
        .filter(Column::MembershipId.in_subquery(members))
        .order_by_asc(Column::RemindAt)
        .order_by_asc(Column::Id)
        .limit(most);
    Ok(selection.into_tuple::<Uuid>().all(source.beneath()).await?)
}

/// The memberships of people who are invited and didn't answer.
fn invited() -> sea_orm::Select<memberships::Entity> {
    use memberships::Column as Of;
    memberships::Entity::find()
        .select_only()
        .column(Of::Id)
        .filter(Of::Status.eq(MembershipStatus::Invited.code()))
        .filter(Of::MemberKind.eq("participant"))
}

fn row_of(kept: &Kept) -> Result<Model, Failure> {
    let Invitation { invited_at, reminded_at, reminders, remind_at, due, turn_at } = kept.invitation;
    let link = kept.link.as_ref();
    let answer = link.and_then(|link| link.answer);
    Ok(Model {
        id: kept.id,
        membership_id: kept.membership_id,
        text: optional(kept.text.text.as_ref(), write_texts)?,
        expected_time: optional(kept.text.expected_time.as_ref(), write_texts)?,
        invited_at,
        reminded_at,
        reminders,
        remind_at,
        due,
        turn_at,
        mail_id: kept.mail_id,
        contact_of: link.map(|link| link.contact_of.code().to_owned()),
        token_hash: link.map(|link| link.token_hash.clone()),
        expires_at: link.map(|link| link.expires_at),
        answer: answer.map(|(said, _)| said.code().to_owned()),
        answered_at: answer.map(|(_, at)| at),
    })
}

fn invitation_of(row: &Model) -> Invitation {
    Invitation {
        invited_at: row.invited_at,
        reminded_at: row.reminded_at,
        reminders: row.reminders,
        remind_at: row.remind_at,
        due: row.due,
        turn_at: row.turn_at,
    }
}

fn read(row: Model) -> Result<Kept, Failure> {
    let invitation = invitation_of(&row);
    let text = InvitationText {
        text: optional(row.text.as_deref(), |text| read_texts((TABLE, "text"), text))?,
        expected_time: optional(row.expected_time.as_deref(), |text| read_texts((TABLE, "expected_time"), text))?,
    };
    let said = optional(row.answer.as_deref(), |code| parse((TABLE, "answer"), code))?;
    let link = match (row.token_hash, row.contact_of, row.expires_at) {
        (Some(token_hash), Some(contact_of), Some(expires_at)) => {
            let contact_of = parse((TABLE, "contact_of"), &contact_of)?;
            Some(Link { contact_of, expires_at, answer: said.zip(row.answered_at), token_hash })
        }
        _ => None,
    };
    Ok(Kept { id: row.id, membership_id: row.membership_id, invitation, text, link, mail_id: row.mail_id })
}
