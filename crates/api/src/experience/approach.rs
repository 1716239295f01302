//! Approaches: before whom a request was put reads it, and says yes or no in one move.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::experience::{
    ASKERS, ExperienceApproach as Domain, ExperienceApproachStatus, ExperienceOffer, ExperienceRequest, Saying,
    operations as op,
};
use klankbord_domain::participants::Participant;
use klankbord_domain::policy::{Caller, Operation, Place, Roles, Standing};
use klankbord_domain::privacy::own_voice;
use klankbord_persistence::experience::{approach, offer, request};
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::store::{PageRequest, history};
use klankbord_persistence::{Failure, Page, Source, Stored, Tx};
use uuid::Uuid;

use super::approach_wire::{
    About, ExperienceApproach, ExperienceApproachPage, ExperienceApproachTransitionCreate, view,
};
use crate::participants::witness_one;
use crate::privacy::terms;
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging};
use crate::web::transition::{Transition, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// List by whom you are approached
///
/// In every organisation, with what is asked and what is given in return; with `Acting-For`
/// of whom you represent. A no, and no answer at all, stays with you.
#[utoipa::path(operation_id = "listMyExperienceApproaches", tag = "Experience", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = ExperienceApproachPage)))]
#[get("/me/experience-approaches")]
pub(super) async fn list_my_experience_approaches(
    call: Call<op::ListMyExperienceApproaches>,
) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (_, asked) = call.listing::<Paging>()?;
    call.witness_represented().await?;
    let page = listed(&call, (&call.caller().persons(), &[]), own(call.caller()), &asked).await?;
    call.page(page)
}

/// What somebody is to their own approaches.
fn own(caller: &Caller) -> Roles {
    Roles::NONE.with(if caller.acting_for.is_some() { Standing::Representative } else { Standing::Participant })
}

/// List by whom somebody is approached
///
/// For the person, who represents them, and who registered them: to put it before who has no
/// account. What the organisation asks itself isn't in it for its own people: they would
/// learn who was found. The read is written down.
#[utoipa::path(operation_id = "listParticipantExperienceApproaches", tag = "Experience", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = ExperienceApproachPage)))]
#[get("/participants/{participantId}/experience-approaches")]
pub(super) async fn list_participant_experience_approaches(
    call: Call<op::ListParticipantExperienceApproaches>,
) -> Result<Answer, Problem> {
    let (_, asked) = call.listing::<Paging>()?;
    let person = participant::find(call.reader(), call.id("participantId")?).await?.ok_or(Refusal::Hidden)?.value;
    let roles = call.authorise(&participant::place(call.reader(), &person).await?)?.roles();
    witness_one(&call, person.organisation_id, person.id).await?;
    let but = if is_theirs(roles) { Vec::new() } else { asked_by(&call, person.id).await? };
    let page = listed(&call, (&[person.id], &but), roles, &asked).await?;
    call.page(page)
}

/// Whether it is the person who looks, or who represents them.
fn is_theirs(roles: Roles) -> bool {
    roles.has_any(&[Standing::Participant, Standing::Representative])
}

/// The requests to this person that the caller asks themself.
async fn asked_by<O: Operation>(call: &Call<O>, person: Uuid) -> Result<Vec<Uuid>, Failure> {
    let all = approach::of_persons(call.reader(), &[person]).await?;
    let ids: Vec<Uuid> = all.iter().map(|one| one.value.request_id).collect();
    let mut found = Vec::new();
    for one in request::by_id(call.reader(), &ids).await?.into_values() {
        if asks(call.reader(), call.caller(), &one).await? {
            found.push(one.id);
        }
    }
    Ok(found)
}

/// Whether somebody asks this request.
async fn asks(source: &impl Source, caller: &Caller, request: &ExperienceRequest) -> Result<bool, Failure> {
    Ok(request::place(source, request).await?.roles_of(caller).has_any(ASKERS))
}

async fn listed<O: Operation>(
    call: &Call<O>,
    (persons, but): (&[Uuid], &[Uuid]),
    roles: Roles,
    asked: &PageRequest,
) -> Result<Page<ExperienceApproach>, Failure> {
    let (reader, today) = (call.reader(), terms(call).today);
    let page = approach::list(reader, (persons, but), asked).await?;
    let requests: Vec<Uuid> = page.items.iter().map(|one| one.value.request_id).collect();
    let requests = request::by_id(reader, &requests).await?;
    let askers: Vec<Uuid> = requests.values().map(|one| one.organisation_id).collect();
    let names = organisation::names(reader, &askers).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|one| one.value.id).collect();
    let offers = offer::of_approaches(reader, &ids).await?;
    page.try_map(|one| {
        let gone = || Failure::Broken(format!("approach {} has no request", one.value.id));
        let request = requests.get(&one.value.request_id).ok_or_else(gone)?;
        let organisation = names.get(&request.organisation_id).cloned().unwrap_or_default();
        let shared = offers.get(&one.value.id).map(|offer| offer.shared.clone());
        Ok(view(&one, About { request, organisation, shared, roles, today }))
    })
}

/// An approach, with whom it is before, and what is asked.
struct Known {
    person: Participant,
    request: ExperienceRequest,
    place: Place,
}

/// Where an approach stands: with its person, and the organisation that registered them where
/// somebody of it doesn't ask themself. Who runs the person's networks is told nothing.
async fn known(source: &impl Source, caller: &Caller, one: &Domain) -> Result<Known, Failure> {
    let person = participant::find(source, one.participant_id).await?.ok_or(Refusal::Hidden)?.value;
    let request = request::find(source, one.request_id).await?.ok_or(Refusal::Hidden)?.value;
    let place = Place { participants: vec![person.id], ..Place::of_organisation(person.organisation_id) };
    if !is_theirs(place.roles_of(caller)) && asks(source, caller, &request).await? {
        return Err(Refusal::Hidden.into());
    }
    Ok(Known { person, request, place })
}

async fn shown(
    source: &impl Source,
    stored: &Stored<Domain>,
    known: &Known,
    (roles, terms): (Roles, ConsentTerms),
) -> Result<ExperienceApproach, Failure> {
    let asker = known.request.organisation_id;
    let organisation = organisation::names(source, &[asker]).await?.remove(&asker).unwrap_or_default();
    let shared = offer::of_approaches(source, &[stored.value.id]).await?.remove(&stored.value.id);
    let shared = shared.map(|offer| offer.shared);
    Ok(view(stored, About { request: &known.request, organisation, shared, roles, today: terms.today }))
}

/// Read an approach
///
/// Who else than the person reads it is written down.
#[utoipa::path(operation_id = "getExperienceApproach", tag = "Experience",
    responses((status = 200, description = "The approach", body = ExperienceApproach)))]
#[get("/experience-approaches/{experienceApproachId}")]
pub(super) async fn get_experience_approach(call: Call<op::GetExperienceApproach>) -> Result<Answer, Problem> {
    let (found, known, roles) = read(&call).await?;
    let body = shown(call.reader(), &found, &known, (roles, terms(&call))).await?;
    Ok(Answer::resource(found.version, &body))
}

/// The approach that a query names, for whom it is before; witnessed.
async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Known, Roles), Problem> {
    let found = approach::find(call.reader(), call.id("experienceApproachId")?).await?.ok_or(Refusal::Hidden)?;
    let known = known(call.reader(), call.caller(), &found.value).await?;
    let roles = call.authorise(&known.place)?.roles();
    let object = (approach::KIND, found.value.id);
    if roles.has(Standing::Representative) {
        // In no organisation's trail: the one that registered the child may be the one that asks.
        call.witness_of(None, object, Vec::new()).await?;
    } else if !roles.has(Standing::Participant) {
        call.witness(known.person.organisation_id, object, vec![known.person.id]).await?;
    }
    Ok((found, known, roles))
}

/// Say yes or no
///
/// In one move, without a reason. With a yes you choose what is shared with who asks, beside
/// the name by which you go and how you want to be reached. Of a no they never hear. A yes
/// is taken back the same way. For a child who represents them says yes; a no is the
/// child's, too.
#[utoipa::path(operation_id = "createExperienceApproachTransition", tag = "Experience",
    request_body(content = ExperienceApproachTransitionCreate,
        example = json!({"to": "interested", "shared": ["contact", "themes"]})),
    responses((status = 201, description = "Said", body = Transition)))]
#[post("/experience-approaches/{experienceApproachId}/transitions")]
pub(super) async fn create_experience_approach_transition(
    call: Call<op::CreateExperienceApproachTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, ExperienceApproachTransitionCreate, ConsentTerms) =
        (call.id("experienceApproachId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, said, terms)| say(tx, *id, said, *terms).boxed()).await
}

async fn say(
    tx: &Tx,
    id: Uuid,
    said: &ExperienceApproachTransitionCreate,
    terms: ConsentTerms,
) -> Result<Answer, Failure> {
    let found = approach::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let known = known(tx, tx.caller(), &found.value).await?;
    let roles = tx.authorise(&known.place).await?.roles();
    let from = found.value.status;
    let speaks = own_voice(known.person.age(), terms.from, terms.today);
    let saying = Saying { to: said.state()?, shared: &said.shared, roles, speaks, today: terms.today };
    let next = decided(tx, found.version, found.value.say(&known.request, saying))?;
    let made = history::record(tx, (approach::KIND, id), (from.code(), next.status.code()), None).await?;
    offer::forget(tx, id).await?;
    if next.status == ExperienceApproachStatus::Interested {
        let offered = ExperienceOffer {
            id: tx.new_id(),
            request_id: next.request_id,
            approach_id: id,
            participant_id: next.participant_id,
            shared: said.shared.clone(),
            created_at: tx.now(),
        };
        offer::insert(tx, offered).await?;
    }
    if is_theirs(roles) {
        // In no organisation's trail: who asks, and who registered them, isn't told of a no.
        tx.touches(None, approach::KIND, id);
    } else {
        tx.touches(Some(known.person.organisation_id), approach::KIND, id);
        tx.concerns(known.person.id);
    }
    let stored = approach::save(tx, found.with(next)).await?;
    let body = shown(tx, &stored, &known, (roles, terms)).await?;
    let location = format!("/v1/experience-approaches/{id}/transitions");
    Ok(Answer::moved(location, &Transition::from(made), stored.version, &body))
}

/// List the moves of an approach
///
/// Who else than the person reads it is written down.
#[utoipa::path(operation_id = "listExperienceApproachTransitions", tag = "Experience", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/experience-approaches/{experienceApproachId}/transitions")]
pub(super) async fn list_experience_approach_transitions(
    call: Call<op::ListExperienceApproachTransitions>,
) -> Result<Answer, Problem> {
    let (_, asked) = call.listing::<Paging>()?;
    let (found, ..) = read(&call).await?;
    let page = history::list(call.reader(), (approach::KIND, found.value.id), &asked).await?;
    call.page(page.map(Transition::from))
}
