//! Which themes facilitators put on what people wrote and said.

use klankbord_domain::consultations::Consultation;
use klankbord_domain::consultations::coding::{Coding, Piece};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::super::entity::codings::{Column, Entity, Model};
use super::of_the_day;
use super::piece::{Columns, key};
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, from_json, keyset, rows, to_json};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "coding";
const TABLE: &str = "codings";

/// Keeps a new coding.
///
/// # Errors
/// 409 `coding.already_given` when this coder coded this before.
pub async fn insert(tx: &Tx, of: &Consultation, coding: Coding) -> Result<Stored<Coding>, Failure> {
    let day = of_the_day(tx);
    let stored = Stored { value: coding, version: 1, created_at: day, updated_at: day };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("coding.given", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a coding that changed.
///
/// # Errors
/// 412 when it was changed meanwhile.
pub async fn save(tx: &Tx, of: &Consultation, changed: Stored<Coding>) -> Result<Stored<Coding>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: of_the_day(tx), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("coding.changed", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// The coding with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Coding>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The coding with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Coding>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// Whether this coder coded this.
///
/// # Errors
/// When the database refuses.
pub async fn coded_by(source: &impl Source, coder: Uuid, piece: Piece) -> Result<bool, Failure> {
    let theirs = Entity::find().filter(Column::CodedBy.eq(coder)).filter(Column::Piece.eq(key(piece)));
    Ok(theirs.count(source.beneath()).await? > 0)
}

/// Whether anybody coded this note.
///
/// # Errors
/// When the database refuses.
pub async fn is_coded(source: &impl Source, session_note: Uuid) -> Result<bool, Failure> {
    let of = Entity::find().filter(Column::SessionNoteId.eq(session_note));
    Ok(of.count(source.beneath()).await? > 0)
}

/// Whether anything of this consultation is coded to this theme.
///
/// # Errors
/// When the database refuses.
pub async fn has_theme(source: &impl Source, consultation: Uuid, theme: Uuid) -> Result<bool, Failure> {
    let of = Entity::find().filter(Column::ConsultationId.eq(consultation));
    Ok(of.filter(Column::ThemeIds.contains(theme.to_string())).count(source.beneath()).await? > 0)
}

/// All of a consultation's codings, in no order that tells anything.
///
/// # Errors
/// When the database refuses.
pub async fn all(source: &impl Source, consultation: Uuid) -> Result<Vec<Coding>, Failure> {
    let own = Entity::find().filter(Column::ConsultationId.eq(consultation)).order_by_asc(Column::Id);
    own.all(source.beneath()).await?.iter().map(|row| Ok(read(row)?.value)).collect()
}

/// A page of a consultation's codings: this coder's, and others' of what this coder coded, too; or all (`blind`
/// false).
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    (coder, blind): (Uuid, bool),
    request: &PageRequest,
) -> Result<Page<Stored<Coding>>, Failure> {
    let own = Condition::all().add(Column::ConsultationId.eq(consultation));
    let theirs = Entity::find()
        .select_only()
        .column(Column::Piece)
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::CodedBy.eq(coder));
    let seen = if blind { own.add(Column::Piece.in_subquery(theirs.into_query())) } else { own };
    let keyset = keyset!(super::super::entity::codings);
    fetch_page(source, Entity::find().filter(seen), keyset, request).await?.try_map(|row| read(&row))
}

fn row_of(stored: &Stored<Coding>) -> Result<Model, Failure> {
    let coding = &stored.value;
    let Columns { response_id, open_answer_id, session_note_id, question_id } = coding.piece.into();
    Ok(Model {
        id: coding.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        consultation_id: coding.consultation_id,
        coded_by: coding.coded_by,
        response_id,
        open_answer_id,
        session_note_id,
        question_id,
        piece: key(coding.piece),
        theme_ids: to_json(&coding.theme_ids)?,
    })
}

fn read(row: &Model) -> Result<Stored<Coding>, Failure> {
    let Model { response_id, open_answer_id, session_note_id, question_id, .. } = *row;
    let value = Coding {
        id: row.id,
        consultation_id: row.consultation_id,
        coded_by: row.coded_by,
        piece: Columns { response_id, open_answer_id, session_note_id, question_id }.read(TABLE)?,
        theme_ids: from_json((TABLE, "theme_ids"), &row.theme_ids)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
