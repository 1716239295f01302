//! How many of those who were asked answered, in numbers that betray nobody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actix_web::get;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Asked, AskedCells, Consultation, OneAnswerBy, Recruitment, Stratum, by_part, in_all, may_show_rate,
};
use klankbord_domain::participants::Channel;
use klankbord_persistence::consultations::{ask, invitation, sample, snapshot};
use klankbord_persistence::{Failure, Source};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::seen;
use super::sample_wire::AudienceStratum;
use crate::web::cell::Cell;
use crate::web::{Answer, Call, Problem};

/// How many of a part of the audience answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StratumRate {
    /// Which part.
    stratum: AudienceStratum,
    /// How many were wanted, where a sample said so.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 20)]
    target: Option<i64>,
    /// How many were asked.
    invited: Cell,
    /// How many of them answered.
    answered: Cell,
    /// Whether the part was reached: as many answered as were wanted, or where that wasn't
    /// said, anybody. Absent where it can't be told.
    reached: Option<bool>,
}

/// How many of those who wanted to be reached so answered, however they did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChannelRate {
    /// How they wanted to be reached.
    channel: Channel,
    /// How many were asked.
    invited: Cell,
    /// How many of them answered.
    answered: Cell,
}

/// How many of those who were asked answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationResponseRate {
    /// The consultation.
    consultation_id: Uuid,
    /// How it was decided who was asked.
    recruitment: Recruitment,
    /// How many were asked.
    invited: Cell,
    /// How many answered. Of an anonymous one that takes answers from others, too (with a
    /// code, a link, on a device on site): how many in all.
    answered: Cell,
    /// By part of the audience: as the sample divides it, else by perspective. None of an
    /// anonymous one: nothing joins its answers to people.
    #[schema(max_items = 100)]
    strata: Vec<StratumRate>,
    /// By how people want to be reached. None of an anonymous one.
    #[schema(max_items = 10)]
    channels: Vec<ChannelRate>,
}

/// Read how many answered
///
/// Once nobody can answer any more; before that for who may know of everybody whether they
/// answered; of an anonymous consultation once it is sealed. No figure of fewer than five
/// people, of who answered as of who didn't; ten where minors may be among those asked.
/// Which groups were not reached stands with each part.
#[utoipa::path(operation_id = "getConsultationResponseRate", tag = "Asking",
    responses((status = 200, description = "How many", body = ConsultationResponseRate),
        (status = 409, description = "It can't be told yet")))]
#[get("/consultations/{consultationId}/response-rate")]
pub(super) async fn get_consultation_response_rate(
    call: Call<op::GetConsultationResponseRate>,
) -> Result<Answer, Problem> {
    let (found, permit, networks) = seen(&call).await?;
    let asked = &found.value.consultation;
    may_show_rate(asked, call.caller().account, permit.roles())?;
    let minimum = networks.minimum(&found.value, permit.roles());
    let shown = if asked.is_anonymous() {
        anonymously(call.reader(), asked, minimum).await?
    } else {
        by_person(call.reader(), asked, minimum).await?
    };
    Ok(Answer::plain(&shown))
}

/// What may be told where it isn't known who answered.
async fn anonymously(
    source: &impl Source,
    asked: &Consultation,
    minimum: i64,
) -> Result<ConsultationResponseRate, Failure> {
    let many = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let invited = many(invitation::invited(source, asked.id).await?.len());
    let sealed = snapshot::all(source, asked.id).await?.pop();
    // Nobody but who was asked answered.
    let verified = sealed.as_ref().and_then(|one| one.verified) == Some(true);
    let own = verified && asked.one_answer_by == OneAnswerBy::Invitation;
    let answered = sealed.map_or(0, |one| one.counts.people());
    let both = in_all(Asked { invited, answered }, minimum);
    // Of others, too: then who answered is no part of who was asked.
    let alone = in_all(Asked { invited: answered, answered }, minimum);
    Ok(ConsultationResponseRate {
        consultation_id: asked.id,
        recruitment: asked.asking.recruitment,
        invited: both.invited.into(),
        answered: if own { both.answered } else { alone.answered }.into(),
        strata: Vec::new(),
        channels: Vec::new(),
    })
}

async fn by_person(
    source: &impl Source,
    asked: &Consultation,
    minimum: i64,
) -> Result<ConsultationResponseRate, Failure> {
    let answered: BTreeSet<Uuid> = ask::answered(source, asked.id).await?.into_keys().collect();
    let (strata, channels) = ask::counted(source, asked.id, &answered).await?;
    let all = strata.values().fold(Asked::default(), |all, one| Asked {
        invited: all.invited + one.invited,
        answered: all.answered + one.answered,
    });
    let AskedCells { invited, answered } = in_all(all, minimum);
    Ok(ConsultationResponseRate {
        consultation_id: asked.id,
        recruitment: asked.asking.recruitment,
        invited: invited.into(),
        answered: answered.into(),
        strata: by_stratum(source, asked, strata, minimum).await?,
        channels: by_channel(&channels, minimum),
    })
}

async fn by_stratum(
    source: &impl Source,
    asked: &Consultation,
    counted: HashMap<Stratum, Asked>,
    minimum: i64,
) -> Result<Vec<StratumRate>, Failure> {
    let sample = sample::latest(source, asked.id).await?;
    let targets: HashMap<Stratum, i64> =
        sample.iter().flat_map(|sample| &sample.strata).map(|one| (one.stratum, one.target)).collect();
    // A part of which nobody could be asked was not reached either.
    let mut all: BTreeMap<Stratum, Asked> = targets.keys().map(|stratum| (*stratum, Asked::default())).collect();
    all.extend(counted);
    let counts: Vec<Asked> = all.values().copied().collect();
    let cells = by_part(&counts, minimum);
    let rates = all.into_keys().zip(cells).map(|(stratum, cells)| {
        let target = targets.get(&stratum).copied();
        let short = cells.is_short_of(target.unwrap_or(1));
        StratumRate {
            stratum: stratum.into(),
            target,
            invited: cells.invited.into(),
            answered: cells.answered.into(),
            reached: short.map(|short| !short),
        }
    });
    Ok(rates.collect())
}

fn by_channel(counted: &HashMap<Channel, Asked>, minimum: i64) -> Vec<ChannelRate> {
    let counts: Vec<Asked> =
        Channel::ALL.iter().map(|channel| counted.get(channel).copied().unwrap_or_default()).collect();
    let cells = by_part(&counts, minimum);
    let pairs = Channel::ALL.iter().zip(cells);
    pairs
        .map(|(channel, cells)| ChannelRate {
            channel: *channel,
            invited: cells.invited.into(),
            answered: cells.answered.into(),
        })
        .collect()
}
