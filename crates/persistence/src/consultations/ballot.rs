//! Anonymous answers on their way in, and taken back.

use klankbord_domain::Refusal;
use klankbord_domain::consultations::{Ballot, Consultation, ConsultationMode};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::ballot_content::{read, room, write};
use super::entity::{ballot_receipts as receipts, consultations, open_ballots as ballots};
use crate::store::{BallotTx, Failure, Keys, Source, Tx, leads_to};

/// Whose answer it is, as far as one answer each needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// Somebody who was invited.
    Person(Uuid),
    /// Whoever holds a printed code.
    Code(String),
    /// Whoever stands before a device on site: each answer is one.
    Device(Uuid),
}

impl Holder {
    /// What stands for them in keyed hashes.
    fn bytes(&self, withdrawal: &str) -> Vec<u8> {
        match self {
            Self::Person(id) => [b"person".as_slice(), id.as_bytes()].concat(),
            Self::Code(code) => [b"code", code.as_bytes()].concat(),
            Self::Device(id) => [b"device", id.as_bytes().as_slice(), withdrawal.as_bytes()].concat(),
        }
    }
}

/// What became of an answer that was sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// It was taken; or it is the one that was taken before.
    Taken,
    /// Another one stands there already.
    AnsweredBefore,
}

/// What became of taking an answer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// It is gone.
    Gone,
    /// There was none.
    Nothing,
    /// There is one, but not with this secret.
    Another,
}

/// Makes the key for the anonymous answers of a consultation that opens.
///
/// # Errors
/// When it can't be written.
pub fn prepare(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    tx.keys().ballots.make(consultation)
}

/// Puts an answer in, with its receipt; `withdrawal` is the hash of the secret with which
/// it can be taken back.
///
/// # Errors
/// When the database or the key refuses.
pub async fn cast(
    tx: &BallotTx,
    (holder, withdrawal): (&Holder, &str),
    ballot: &Ballot,
    asked: &Consultation,
) -> Result<Cast, Failure> {
    let key = tx.keys().ballots.get(tx.consultation)?;
    let holder = holder.bytes(withdrawal);
    let id = key.ballot_id(&holder, withdrawal);
    let receipt = receipts::Model { consultation_id: tx.consultation, receipt: key.receipt(&holder) };
    let first = receipts::Entity::insert(receipt.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx.beneath())
        .await?;
    if first == 0 {
        let found = ballots::Entity::find_by_id((tx.consultation, id)).one(tx.beneath()).await?;
        let Some(found) = found else { return Ok(Cast::AnsweredBefore) };
        let before = read("open_ballots", &key.open(id, &found.content)?)?;
        return Ok(if before == *ballot { Cast::Taken } else { Cast::AnsweredBefore });
    }
    let content = key.seal(id, &write(ballot, room(asked))?)?;
    let row = ballots::Model { consultation_id: tx.consultation, id, content };
    ballots::Entity::insert(row.into_active_model()).exec_without_returning(tx.beneath()).await?;
    Ok(Cast::Taken)
}

/// Takes an answer back, with its receipt.
///
/// # Errors
/// When the database or the key refuses.
pub async fn take_back(tx: &BallotTx, holder: &Holder, withdrawal: &str) -> Result<TakenBack, Failure> {
    tx.hold_still().await?;
    let key = tx.keys().ballots.get(tx.consultation)?;
    let holder = holder.bytes(withdrawal);
    let receipt = (tx.consultation, key.receipt(&holder));
    let id = key.ballot_id(&holder, withdrawal);
    let gone = ballots::Entity::delete_by_id((tx.consultation, id)).exec(tx.beneath()).await?;
    if gone.rows_affected > 0 {
        receipts::Entity::delete_by_id(receipt).exec(tx.beneath()).await?;
        return Ok(TakenBack::Gone);
    }
    let stands = receipts::Entity::find_by_id(receipt).one(tx.beneath()).await?.is_some();
    Ok(if stands { TakenBack::Another } else { TakenBack::Nothing })
}

/// The printed code as it is kept, however it was typed; none where it isn't one of this
/// consultation's, or that isn't open to answers.
///
/// # Errors
/// When the key can't be read.
pub fn code(keys: &Keys, consultation: Uuid, typed: &str) -> Result<Option<String>, Failure> {
    Ok(keys.ballots.find(consultation)?.and_then(|key| key.code(typed)))
}

/// Which consultation a printed code opens, and the code as it is kept; none where it opens
/// nothing, or nothing any more.
///
/// # Errors
/// When the database or a key refuses.
pub async fn opened_by(source: &impl Source, typed: &str) -> Result<Option<(Uuid, String)>, Failure> {
    let taking = consultations::Entity::find()
        .select_only()
        .column(consultations::Column::Id)
        .filter(consultations::Column::Mode.eq(ConsultationMode::Anonymous.code()))
        .filter(consultations::Column::OpenedAt.is_not_null())
        .filter(consultations::Column::RewrittenAt.is_null());
    let taking: Vec<Uuid> = taking.into_tuple().all(source.beneath()).await?;
    for id in taking.into_iter().filter(|id| leads_to(typed, *id)) {
        if let Some(code) = code(source.keys(), id, typed)? {
            return Ok(Some((id, code)));
        }
    }
    Ok(None)
}

/// Everything of a consultation that was on its way goes.
pub(super) async fn empty(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    let here = ballots::Column::ConsultationId.eq(consultation);
    ballots::Entity::delete_many().filter(here).exec(tx.beneath()).await?;
    let here = receipts::Column::ConsultationId.eq(consultation);
    receipts::Entity::delete_many().filter(here).exec(tx.beneath()).await?;
    Ok(())
}

/// Refuses what comes in once the answers of a consultation are being sealed.
///
/// # Errors
/// `consultation.not_open` (409).
pub fn still_taken(kept: &super::consultation::Kept) -> Result<(), Refusal> {
    if kept.rewritten_at.is_none() { Ok(()) } else { Err(Refusal::Conflict("consultation.not_open")) }
}
