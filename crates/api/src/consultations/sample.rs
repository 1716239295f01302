//! Samples: drawing whom a consultation asks, so that anybody can draw the same.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Candidate, Consultation, LeftOut, Plan, Stratum, StratumBy, draw, frame_of, may_draw, may_top_up, minimum_for,
};
use klankbord_domain::participants::Participant;
use klankbord_domain::policy::Roles;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::consultations::burden::{self, BurdenTerms};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::consultations::invitation::{self, Reached};
use klankbord_persistence::consultations::sample::{self, DrawnStratum, Sample};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::burden::{invited, reads_everybody, terms};
use super::consultation::{Loaded, permitted, seen};
use super::sample_wire::{ConsultationSample, ConsultationSampleCreate, ConsultationSamplePage, SampleTopUpCreate};
use crate::access::secret;
use crate::web::page::Paging;
use crate::web::{Answer, Call, Problem};

/// Draw a sample of whom a consultation asks
///
/// Of a draft whose `recruitment` is `sample`: from the people in its audience who may be
/// asked now, by parts, equal, in proportion, or as many as are given of each. Who was asked
/// often enough lately, objects, or doesn't consent isn't drawn; why is told in numbers, as
/// far as groups are large enough. The same seed draws the same people from the same
/// audience. Drawn again, the new sample takes the place of the old one, of which the seed
/// and the numbers stay. Opening invites who was drawn and may still be asked. For who may
/// read everybody in the audience.
#[utoipa::path(operation_id = "createConsultationSample", tag = "Asking", request_body(content = ConsultationSampleCreate,
        example = json!({"by": ["channel"], "allocation": "equal", "size": 60})),
    responses((status = 201, description = "Drawn", body = ConsultationSample)))]
#[post("/consultations/{consultationId}/samples")]
pub(super) async fn create_consultation_sample(call: Call<op::CreateConsultationSample>) -> Result<Answer, Problem> {
    let new: ConsultationSampleCreate = call.body()?;
    let seed = match &new.seed {
        Some(seed) => seed.clone(),
        None => secret::token()?,
    };
    let input = (call.id("consultationId")?, new, seed, terms(&call));
    call.command(input, |tx, (id, new, seed, terms)| draw_anew(tx, *id, (new, seed), *terms).boxed()).await
}

async fn draw_anew(
    tx: &Tx,
    id: Uuid,
    (new, seed): (&ConsultationSampleCreate, &str),
    terms: BurdenTerms,
) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let (asked, plan) = (loaded.consultation(), new.plan());
    let sample_id = tx.new_id();
    reads_everybody(tx, tx.caller(), asked).await?;
    let audience = invitation::audience(tx, asked).await?;
    let mut faults = plan.check();
    faults.extend(unknown_strata(new, asked, &audience));
    Refusal::unless_clean(faults)?;
    may_draw(asked)?;
    let (candidates, left_out) = sifted(tx, asked, audience, (seed, &plan.by, terms)).await?;
    let frame = frame_of(&candidates);
    let targets = plan.targets(&frame)?;
    let drawn = draw(&candidates, &targets, &BTreeSet::new());
    let count = frame_of(&drawn);
    let at = |of: &BTreeMap<Stratum, i64>, stratum: &Stratum| of.get(stratum).copied().unwrap_or_default();
    let strata = targets.iter().map(|(stratum, target)| DrawnStratum {
        stratum: *stratum,
        frame: at(&frame, stratum),
        target: *target,
        drawn: at(&count, stratum),
    });
    let Plan { by, allocation, .. } = plan;
    let made = Sample {
        id: sample_id,
        consultation_id: id,
        by,
        allocation,
        size: new.size,
        seed: seed.to_owned(),
        seed_given: new.seed.is_some(),
        strata: strata.collect(),
        frame: i32::try_from(candidates.len()).unwrap_or(i32::MAX),
        left_out,
        draws: 1,
        drawn_at: tx.now(),
        drawn_by: tx.caller().account,
    };
    sample::insert(tx, asked.organisation_id, &made, &drawn).await?;
    Ok(answer(&loaded, made))
}

fn answer(loaded: &Loaded, made: Sample) -> Answer {
    let id = made.consultation_id;
    Answer::made(format!("/v1/consultations/{id}/samples"), &ConsultationSample::of(made, minimum(loaded)))
}

/// From how many people on it is told why they were left out: as if there were minors, before
/// it is known whether there are.
fn minimum(loaded: &Loaded) -> i64 {
    let raised = loaded.networks.least_group(&loaded.consultation().audience.network_ids);
    minimum_for(Roles::NONE, true, raised)
}

/// Which of the parts that are named can't be: networks that aren't asked, organisations that
/// registered nobody there.
fn unknown_strata(new: &ConsultationSampleCreate, asked: &Consultation, audience: &[Reached]) -> Vec<Fault> {
    let registered = |id: &Uuid| audience.iter().any(|one| one.person.organisation_id == *id);
    let mut faults = Vec::new();
    for (index, quota) in new.quotas.iter().enumerate() {
        let at = |name: &str| format!("/quotas/{index}/stratum/{name}");
        if quota.stratum.network_id.is_some_and(|id| !asked.audience.network_ids.contains(&id)) {
            faults.push(Fault::body(at("networkId"), "reference.unknown"));
        }
        if quota.stratum.organisation_id.is_some_and(|id| id != asked.organisation_id && !registered(&id)) {
            faults.push(Fault::body(at("organisationId"), "reference.unknown"));
        }
    }
    faults
}

/// Who can be drawn, each with their turn; and how many can't, by reason.
async fn sifted(
    tx: &Tx,
    asked: &Consultation,
    audience: Vec<Reached>,
    (seed, by, terms): (&str, &[StratumBy], BurdenTerms),
) -> Result<(Vec<Candidate>, [i32; 3]), Failure> {
    let mut left_out = [0; 3];
    let mut candidates = Vec::new();
    for (one, why) in invitation::sift(tx, asked, audience, terms).await? {
        let Some(why) = why else {
            let (person, stratum) = (one.person.id, one.stratum(terms.today()).by(by));
            candidates.push(Candidate { person, stratum, rank: sample::rank(seed, person) });
            continue;
        };
        for (count, _) in left_out.iter_mut().zip(LeftOut::ALL).filter(|(_, reason)| *reason == why) {
            *count += 1;
        }
    }
    Ok((candidates, left_out))
}

/// List the samples that were drawn for a consultation
///
/// The last one holds. Of those before it how they were drawn is kept, not who was.
#[utoipa::path(operation_id = "listConsultationSamples", tag = "Asking", params(Paging),
    responses((status = 200, description = "A page", body = ConsultationSamplePage)))]
#[get("/consultations/{consultationId}/samples")]
pub(super) async fn list_consultation_samples(call: Call<op::ListConsultationSamples>) -> Result<Answer, Problem> {
    let (found, permit, networks) = seen(&call).await?;
    reads_everybody(call.reader(), call.caller(), &found.value.consultation).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = sample::list(call.reader(), found.value.consultation.id, &request).await?;
    let minimum = minimum(&Loaded { found, permit, networks });
    call.page(page.map(|kept| ConsultationSample::of(kept, minimum)))
}

/// Draw more people, by the same sequence
///
/// Where a part fell short, or too few answered: so many more of it, who come next by the same
/// seed, of those who may be asked now. Of an open consultation they are invited at once.
#[utoipa::path(operation_id = "createSampleTopUp", tag = "Asking", request_body(content = SampleTopUpCreate,
        example = json!({"strata": [{"number": 1, "more": 5}]})),
    responses((status = 201, description = "Drawn", body = ConsultationSample)))]
#[post("/consultations/{consultationId}/sample-top-ups")]
pub(super) async fn create_sample_top_up(call: Call<op::CreateSampleTopUp>) -> Result<Answer, Problem> {
    let input: (Uuid, SampleTopUpCreate, BurdenTerms) = (call.id("consultationId")?, call.body()?, terms(&call));
    let answer = call.command(input, |tx, (id, new, terms)| top_up(tx, *id, new, *terms).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn top_up(tx: &Tx, id: Uuid, new: &SampleTopUpCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let asked = loaded.consultation();
    reads_everybody(tx, tx.caller(), asked).await?;
    let numbers: Vec<i32> = new.strata.iter().map(|one| one.number).collect();
    let mut faults = Fault::repeated(&numbers, "/strata", "sample.stratum_repeated");
    let held = sample::latest(tx, id).await?;
    let wanted = held.as_ref().map(|held| wanted(new, held, &mut faults)).unwrap_or_default();
    Refusal::unless_clean(faults)?;
    let is_open = may_top_up(asked)?;
    let mut held = held.ok_or(Refusal::Conflict("sample.none_drawn"))?;
    let audience = invitation::audience(tx, asked).await?;
    let persons: Vec<&Participant> = audience.iter().map(|one| &one.person).collect();
    burden::hold(tx, &persons).await?;
    let (candidates, _) = sifted(tx, asked, audience, (&held.seed, &held.by, terms)).await?;
    let drawn = draw(&candidates, &wanted, &sample::drawn_in(tx, id).await?);
    let count = frame_of(&drawn);
    for stratum in &mut held.strata {
        stratum.drawn += count.get(&stratum.stratum).copied().unwrap_or_default();
    }
    held.draws += 1;
    sample::add(tx, asked.organisation_id, &held, &drawn).await?;
    if is_open {
        invite(tx, &loaded, &drawn, terms).await?;
    }
    Ok(answer(&loaded, held))
}

/// How many of which stratum, by their numbers.
fn wanted(new: &SampleTopUpCreate, held: &Sample, faults: &mut Vec<Fault>) -> BTreeMap<Stratum, i64> {
    let mut wanted = BTreeMap::new();
    for (index, one) in new.strata.iter().enumerate() {
        let at = usize::try_from(one.number).ok().and_then(|number| number.checked_sub(1));
        match at.and_then(|at| held.strata.get(at)) {
            Some(stratum) => {
                wanted.insert(stratum.stratum, i64::from(one.more));
            }
            None => faults.push(Fault::body(format!("/strata/{index}/number"), "sample.stratum_unknown")),
        }
    }
    wanted
}

async fn invite(tx: &Tx, loaded: &Loaded, drawn: &[Candidate], terms: BurdenTerms) -> Result<(), Failure> {
    let asked = loaded.consultation();
    let new: HashSet<Uuid> = drawn.iter().map(|one| one.person).collect();
    let audience = invitation::audience(tx, asked).await?;
    let added = audience.into_iter().filter(|one| new.contains(&one.person.id)).collect();
    let mut kept = loaded.found.value.clone();
    kept.minors |= invited(tx, asked, added, terms).await?;
    consultation::save(tx, loaded.found.with(kept), "consultation.changed").await?;
    Ok(())
}
