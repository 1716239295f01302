//! Consents: said by the person, by who represents them, or written down by the
//! organisation that asked; taken back as easily.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::participants::Participant;
use klankbord_domain::policy::{Operation, Roles, Standing};
use klankbord_domain::privacy::{
    Asked, Consent as Domain, ConsentGiver, ConsentMove, ConsentPurpose, ConsentStatus, ConsentTextStatus,
    operations as op, own_voice,
};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::experience::approach::{self, Ends};
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::privacy::{consent, consent_text};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use uuid::Uuid;

use super::consent_wire::{Consent, ConsentCreate, ConsentPage, view};
use super::states::terms;
use crate::participants::witness_one;
use crate::web::call::{decided, unknown_reference};
use crate::web::page::{Ordering, Paging};
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// List what was said for a participant
///
/// Every yes, every no, and what was taken back: by whom, when, to which text. For the
/// person, who represents them, and the organisation that asked; exceptions aren't for who
/// represents them. The read is written down.
#[utoipa::path(operation_id = "listConsents", tag = "Privacy", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = ConsentPage)))]
#[get("/participants/{participantId}/consents")]
pub(super) async fn list_consents(call: Call<op::ListConsents>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (person, roles) = person(&call, call.id("participantId")?).await?;
    let exceptions = !roles.has(Standing::Representative);
    let page = consent::list(call.reader(), (person.id, exceptions), &request).await?;
    call.page(page.map(|one| view(one, roles)))
}

/// Say yes or no
///
/// The person themself, from the age on which people consent themselves; before it who
/// represents them, with `Acting-For`; or the organisation writes down what was said by
/// phone or in person, or its own exception with the reason. The last word counts.
#[utoipa::path(operation_id = "createConsent", tag = "Privacy",
    request_body(content = ConsentCreate, example = json!({
        "consentTextId": "0197c000-0000-7000-8000-004200000001", "answer": "given", "channel": "phone"})),
    responses((status = 201, description = "Written down", body = Consent)))]
#[post("/participants/{participantId}/consents")]
pub(super) async fn create_consent(call: Call<op::CreateConsent>) -> Result<Answer, Problem> {
    let input: (Uuid, ConsentCreate, ConsentTerms) = (call.id("participantId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, new, terms)| create(tx, *id, new, *terms).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ConsentCreate, terms: ConsentTerms) -> Result<Answer, Failure> {
    let person = participant::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?.value;
    let roles = tx.authorise(&participant::place(tx, &person).await?).await?.roles();
    let consent_id = tx.new_id();
    let text = consent_text::find(tx, new.consent_text_id).await?.map(|found| found.value);
    let text = text.filter(|one| one.organisation_id == person.organisation_id);
    let text = text.filter(|one| one.status != ConsentTextStatus::Draft);
    let own = roles.has(Standing::Participant) || roles.has(Standing::Representative);
    let (giver, representative_id) = giver(tx, new, (&person, roles), terms).await?;
    let Some(text) = text else { return Err(unknown_reference("/consentTextId").into()) };
    let made = Domain {
        id: consent_id,
        participant_id: id,
        organisation_id: person.organisation_id,
        consent_text_id: text.id,
        purpose: text.purpose,
        text_version: text.text_version,
        answer: new.answer,
        giver,
        representative_id,
        channel: new.channel,
        happened_on: new.happened_on.unwrap_or(terms.today),
        reason: new.reason.clone(),
        recorded_by: tx.caller().account,
        status: ConsentStatus::Standing,
        withdrawn_on: None,
    };
    let age = person.age_on(terms.today);
    let mut faults = made.check((person.age(), terms.from), own, terms.today);
    if !text.is_for(age) {
        faults.push(Fault::body("/consentTextId", "consent.text_for_others"));
    }
    Refusal::unless_clean(faults)?;
    let texts = consent_text::of_organisations(tx, &[person.organisation_id]).await?;
    let same = texts.iter().map(|found| &found.value).filter(|one| one.purpose == text.purpose);
    let counts = Asked::of(same, age).is_some_and(|asked| text.text_version >= asked.counts_from);
    if text.status == ConsentTextStatus::Retired || !counts {
        return Err(Refusal::Conflict("consent.text_retired").into());
    }
    // Under age somebody's yes is none; but a no of their own they take back.
    let too_young = giver == ConsentGiver::Person && !own_voice(person.age(), terms.from, made.happened_on);
    if too_young && made.is_yes() && !said_no(tx, &made).await? {
        return Err(Refusal::Conflict("consent.needs_representative").into());
    }
    let stored = consent::insert(tx, made).await?;
    if !stored.value.is_yes() {
        end_approaches(tx, &person, stored.value.purpose).await?;
    }
    let location = format!("/v1/consents/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, roles)))
}

/// Whether the person's own last word for this purpose was a no.
async fn said_no(tx: &Tx, made: &Domain) -> Result<bool, Failure> {
    let said = consent::of_participants(tx, &[made.participant_id]).await?.into_values().flatten();
    let own: Vec<Domain> =
        said.filter(|one| one.giver == ConsentGiver::Person && one.purpose == made.purpose).collect();
    Ok(own.last().is_some_and(|one| !one.is_yes()))
}

/// Who said it: who calls, or whom the organisation names. A representative must be
/// recorded, and act for the person today.
async fn giver(
    tx: &Tx,
    new: &ConsentCreate,
    (person, roles): (&Participant, Roles),
    terms: ConsentTerms,
) -> Result<(ConsentGiver, Option<Uuid>), Failure> {
    let recorded = representative::of_participants(tx, &[person.id]).await?.remove(&person.id).unwrap_or_default();
    let acting = |id: &Uuid| recorded.iter().any(|(one, held)| one == id && held.acts(person.age(), terms.today));
    if roles.has(Standing::Representative) {
        let own = match tx.caller().account {
            Some(account) => representative::of_account_for(tx, (account, person.id)).await?,
            // By a code: where one alone acts it is clear who says it.
            None => sole(recorded.iter().map(|(id, _)| *id).filter(|id| acting(id)).collect()),
        };
        let found = own.into_iter().find(acting).ok_or(Refusal::Forbidden)?;
        let claims_other = new.giver.is_some_and(|giver| giver != ConsentGiver::Representative);
        let names_other = new.representative_id.is_some_and(|id| id != found);
        if claims_other || names_other {
            return Err(Refusal::Forbidden.into());
        }
        return Ok((ConsentGiver::Representative, Some(found)));
    }
    if roles.has(Standing::Participant) && !roles.has_any(&[Standing::Manager, Standing::Officer]) {
        let other = new.giver.is_some_and(|giver| giver != ConsentGiver::Person);
        return if other { Err(Refusal::Forbidden.into()) } else { Ok((ConsentGiver::Person, new.representative_id)) };
    }
    if let Some(id) = new.representative_id.filter(|id| !acting(id)) {
        let known = recorded.iter().any(|(one, _)| *one == id);
        let code = if known { "consent.not_representing" } else { "reference.unknown" };
        return Err(Refusal::Invalid(vec![Fault::body("/representativeId", code)]).into());
    }
    let of_age = own_voice(person.age(), terms.from, terms.today);
    let assumed = of_age.then_some(ConsentGiver::Person);
    let giver = new.giver.or(assumed).ok_or_else(|| Refusal::invalid("/giver", "value.required"))?;
    Ok((giver, new.representative_id))
}

/// The one, where there is no other.
fn sole(all: Vec<Uuid>) -> Vec<Uuid> {
    if all.len() == 1 { all } else { Vec::new() }
}

/// Read a consent
///
/// The read is written down.
#[utoipa::path(operation_id = "getConsent", tag = "Privacy",
    responses((status = 200, description = "What was said", body = Consent)))]
#[get("/consents/{consentId}")]
pub(super) async fn get_consent(call: Call<op::GetConsent>) -> Result<Answer, Problem> {
    let (found, roles) = read(&call).await?;
    Ok(Answer::resource(found.version, &view(found, roles)))
}

/// Take a consent back
///
/// As easily as it was given: in one call, without a reason. What rests on it stops at the
/// next request. Who represents the person takes back what representatives said.
#[utoipa::path(operation_id = "createConsentTransition", tag = "Privacy",
    request_body(content = TransitionCreate, example = json!({"to": "withdrawn"})),
    responses((status = 201, description = "Taken back", body = Transition)))]
#[post("/consents/{consentId}/transitions")]
pub(super) async fn create_consent_transition(call: Call<op::CreateConsentTransition>) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate, ConsentTerms) = (call.id("consentId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, *terms).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, terms: ConsentTerms) -> Result<Answer, Failure> {
    let found = consent::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let person = participant::find(tx, found.value.participant_id).await?.ok_or(Refusal::Hidden)?.value;
    let place = participant::place(tx, &person).await?;
    if !found.value.may_be_seen(place.roles_of(tx.caller())) {
        return Err(Refusal::Hidden.into());
    }
    let roles = tx.authorise(&place).await?.roles();
    let to: ConsentStatus = asked.state()?;
    let from = found.value.status;
    let by = ConsentMove { roles, reason: asked.reason.as_deref(), today: terms.today };
    let next = decided(tx, found.version, found.value.clone().withdraw(to, by))?;
    let stored = consent::save(tx, found.with(next)).await?;
    if found.value.is_yes() {
        end_approaches(tx, &person, stored.value.purpose).await?;
    }
    let steps = (from.code(), stored.value.status.code());
    let made = history::record(tx, (consent::KIND, id), steps, asked.reason.as_deref()).await?;
    let (location, version) = (format!("/v1/consents/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, roles)))
}

/// Ends what rests on a consent that isn't there: approaches for the person's experience.
async fn end_approaches(tx: &Tx, person: &Participant, purpose: ConsentPurpose) -> Result<(), Failure> {
    let ends = match purpose {
        ConsentPurpose::Participation | ConsentPurpose::Contact => Ends::All,
        ConsentPurpose::Sharing => Ends::OfOthers(person.organisation_id),
        ConsentPurpose::Quotes | ConsentPurpose::Recording | ConsentPurpose::Research => return Ok(()),
    };
    approach::end_of(tx, person.id, ends).await
}

/// List the moves of a consent
///
/// The read is written down.
#[utoipa::path(operation_id = "listConsentTransitions", tag = "Privacy", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/consents/{consentId}/transitions")]
pub(super) async fn list_consent_transitions(call: Call<op::ListConsentTransitions>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = history::list(call.reader(), (consent::KIND, found.value.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// The consent that a query names, for who may know of it; witnessed.
async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Roles), Problem> {
    let found = consent::find(call.reader(), call.id("consentId")?).await?.ok_or(Refusal::Hidden)?;
    let (_, roles) = person(call, found.value.participant_id).await?;
    if found.value.may_be_seen(roles) { Ok((found, roles)) } else { Err(Refusal::Hidden.into()) }
}

/// The person whom a query is about, for who may ask; witnessed.
pub(super) async fn person<O: Operation>(call: &Call<O>, id: Uuid) -> Result<(Participant, Roles), Problem> {
    let person = participant::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?.value;
    let permit = call.authorise(&participant::place(call.reader(), &person).await?)?;
    witness_one(call, person.organisation_id, person.id).await?;
    Ok((person, permit.roles()))
}
