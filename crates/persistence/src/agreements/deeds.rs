//! What was done for a member of what their agreement promises: time, money, answers.

use chrono::NaiveDate;
use chrono_tz::Tz;
use klankbord_domain::agreements::{Agreement, Deeds, PartyKind};
use klankbord_domain::calendar::{day_of, end_of, start_of};
use klankbord_domain::compensation::{ClaimStatus, LineAmount, RateUnit};
use klankbord_domain::networks::Expertise;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::compensation::claim::{self, Together};
use crate::feedback::entity::{feedback, official_responses};
use crate::participants::participant;
use crate::store::{Failure, Source};

/// What was done within these days, as far as it is known on this day.
///
/// # Errors
/// When the database refuses.
pub async fn of(
    source: &impl Source,
    agreement: &Agreement,
    within: (NaiveDate, NaiveDate),
    (today, zone): (NaiveDate, Tz),
) -> Result<Deeds, Failure> {
    let person = participant::find(source, agreement.participant_id).await?.map(|found| found.value);
    let trained = person.is_some_and(|person| person.expertise.contains(&Expertise::ExpertByExperience));
    let mut deeds = Deeds { trained, ..Deeds::default() };
    claimed(source, agreement, within, (&mut deeds, today)).await?;
    answered(source, agreement, within, (&mut deeds, today, zone)).await?;
    Ok(deeds)
}

async fn claimed(
    source: &impl Source,
    agreement: &Agreement,
    (from, to): (NaiveDate, NaiveDate),
    (deeds, today): (&mut Deeds, NaiveDate),
) -> Result<(), Failure> {
    let claims = claim::counting(source, &[agreement.participant_id], Together::Room(agreement.network_id)).await?;
    for claim in claims.iter().filter(|claim| claim.membership_id == agreement.membership_id) {
        let within = claim.lines.iter().filter(|line| (from..=to).contains(&line.happened_on));
        let mut any = false;
        for line in within {
            any = true;
            if let (Some(RateUnit::Hour), LineAmount::Counted { quantity, .. }) = (line.kind.unit(), line.amount) {
                deeds.minutes += quantity;
                deeds.cents += line.cents();
            }
        }
        let Some(due) = claim.due_on.filter(|_| any) else { continue };
        let paid = claim.paid_on.filter(|_| claim.status == ClaimStatus::Paid);
        match paid {
            Some(day) if day <= due => deeds.paid_in_time += 1,
            Some(_) => deeds.paid_late += 1,
            None if due < today => deeds.paid_late += 1,
            None => {}
        }
    }
    Ok(())
}

async fn answered(
    source: &impl Source,
    agreement: &Agreement,
    (from, to): (NaiveDate, NaiveDate),
    (deeds, today, zone): (&mut Deeds, NaiveDate, Tz),
) -> Result<(), Failure> {
    let organisations = agreement.parties.iter().filter(|party| party.kind == PartyKind::Organisation);
    let mut addressees: Vec<Uuid> = organisations.map(|party| party.id).collect();
    addressees.push(agreement.network_id);
    let brought = feedback::Entity::find()
        .filter(feedback::Column::AuthorKind.eq("participant"))
        .filter(feedback::Column::AuthorId.eq(agreement.participant_id))
        .filter(feedback::Column::AddresseeId.is_in(addressees))
        .filter(feedback::Column::ReceivedAt.gte(start_of(from, zone)))
        .filter(feedback::Column::ReceivedAt.lt(end_of(to, zone)))
        .all(source.beneath())
        .await?;
    let ids = brought.iter().map(|row| row.id);
    let answers = official_responses::Entity::find()
        .filter(official_responses::Column::FeedbackId.is_in(ids))
        .all(source.beneath())
        .await?;
    for row in brought {
        let Some(due) = row.answer_due_on else { continue };
        let first = answers.iter().filter(|answer| answer.feedback_id == row.id).map(|answer| answer.made_at).min();
        match first.map(|at| day_of(at, zone)) {
            Some(day) if day <= due => deeds.answered_in_time += 1,
            Some(_) => deeds.answered_late += 1,
            None if due < today => deeds.answered_late += 1,
            None => {}
        }
    }
    Ok(())
}
