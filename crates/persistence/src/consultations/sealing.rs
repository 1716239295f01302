//! Sealing: anonymous answers are shuffled and rewritten under the installation's own key,
//! what was written apart from what was chosen, and nothing of how they came in stays.

use klankbord_domain::consultations::{Ballot, Question, without_words};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::ballot;
use super::ballot_content::{Written, read, room, room_to_write, write, write_words};
use super::consultation::Kept;
use super::entity::{open_ballots as open, sealed_ballots as sealed};
use crate::store::{Failure, Source as _, Tx, rows};

/// How many are read and written at a time.
const BATCH: usize = 500;

/// Rewrites the answers of a consultation, and deletes what came in, with its receipts. No
/// more come in from then on. Where nothing is left to rewrite it does nothing.
///
/// # Errors
/// When the database refuses, or an answer can't be opened: then nothing happened.
pub async fn rewrite(tx: &Tx, kept: &Kept) -> Result<(), Failure> {
    let consultation = &kept.consultation;
    tx.close_ballot_box(consultation.id).await?;
    let came_in = open::Entity::find()
        .select_only()
        .column(open::Column::Id)
        .filter(open::Column::ConsultationId.eq(consultation.id));
    let came_in: Vec<Uuid> = came_in.into_tuple().all(tx.beneath()).await?;
    if !came_in.is_empty() {
        let pass = Pass { tx, kept, came_in };
        pass.rewrite(None).await?;
        // Each question's words in an order of their own: they lead to no choices.
        for question in consultation.questions.iter().filter(|one| one.kind.words().is_some()) {
            pass.rewrite(Some(question)).await?;
        }
    }
    ballot::empty(tx, consultation.id).await
}

/// Deletes the answers of a consultation that was called off, with their receipts.
///
/// # Errors
/// When the database refuses.
pub async fn destroy(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    tx.close_ballot_box(consultation).await?;
    ballot::empty(tx, consultation).await
}

/// One pass over everything that came in.
struct Pass<'t> {
    tx: &'t Tx,
    kept: &'t Kept,
    came_in: Vec<Uuid>,
}

impl Pass<'_> {
    /// Rewrites what was chosen, or what was written to one question, in a new order: that
    /// of the new ids, which are drawn.
    async fn rewrite(&self, question: Option<&Question>) -> Result<(), Failure> {
        let mut order = Vec::with_capacity(self.came_in.len());
        for old in &self.came_in {
            order.push((self.tx.random_id()?, *old));
        }
        order.sort_unstable();
        for batch in order.chunks(BATCH) {
            let found = self.opened(batch).await?;
            let mut made = Vec::with_capacity(batch.len());
            for (new, old) in batch {
                let ballot = found.iter().find(|(id, _)| id == old).map(|(_, ballot)| ballot);
                let ballot =
                    ballot.ok_or_else(|| Failure::Broken("a ballot went while it was rewritten".to_owned()))?;
                made.extend(self.part(*new, ballot, question)?);
            }
            rows::insert_all(self.tx, made).await?;
        }
        Ok(())
    }

    async fn opened(&self, batch: &[(Uuid, Uuid)]) -> Result<Vec<(Uuid, Ballot)>, Failure> {
        let consultation = self.kept.consultation.id;
        let key = self.tx.keys().ballots.get(consultation)?;
        let found = open::Entity::find()
            .filter(open::Column::ConsultationId.eq(consultation))
            .filter(open::Column::Id.is_in(batch.iter().map(|(_, old)| *old)))
            .all(self.tx.beneath())
            .await?;
        let opened = |row: open::Model| Ok((row.id, read("open_ballots", &key.open(row.id, &row.content)?)?));
        let mut opened = found.into_iter().map(opened).collect::<Result<Vec<_>, Failure>>()?;
        opened.sort_unstable_by_key(|(id, _)| *id);
        Ok(opened)
    }

    /// What stays of a ballot: what was chosen; or the words to one question, if there are any.
    fn part(&self, id: Uuid, ballot: &Ballot, question: Option<&Question>) -> Result<Option<sealed::Model>, Failure> {
        let consultation = &self.kept.consultation;
        let clear = match question {
            None => Some(write(&bare(ballot), room(consultation))?),
            Some(question) => {
                let words = words_to(ballot, question.id);
                words.map(|words| write_words(&words, room_to_write(question))).transpose()?
            }
        };
        let Some(clear) = clear else { return Ok(None) };
        let part = question.map_or(Uuid::nil(), |question| question.id);
        let content = self.tx.keys().seal_ballot(&place(consultation.id, part, id), &clear)?;
        Ok(Some(sealed::Model { consultation_id: consultation.id, part, id, content }))
    }
}

/// To what a sealed part is bound.
pub(super) fn place(consultation: Uuid, part: Uuid, id: Uuid) -> String {
    format!("sealed_ballots.{consultation}.{part}.{id}")
}

fn words_to(ballot: &Ballot, question: Uuid) -> Option<Written> {
    let answer = ballot.answers.iter().find(|answer| answer.question_id == question)?;
    let (text, language) = answer.given.words()?;
    Some(Written { text: text.to_owned(), language: language.to_owned() })
}

/// Not even that something was written stays: where only one person wrote, it would lead from
/// their words to their choices.
fn bare(ballot: &Ballot) -> Ballot {
    Ballot { answers: without_words(ballot.answers.clone()), ..ballot.clone() }
}
