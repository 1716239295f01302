//! Words of people who answered, for others to read once nobody can be recognised by them.

use actix_web::{get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::coding::{Piece, Quote as Domain, QuoteFacts, QuoteStatus, may_be_coded};
use klankbord_domain::consultations::operations as op;
use klankbord_domain::policy::Roles;
use klankbord_domain::privacy::ConsentPurpose;
use klankbord_persistence::consultations::coding::{quote, words};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::standing::{self, ConsentTerms};
use klankbord_persistence::store::Page;
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::super::consultation::Loaded;
use super::quote_wire::{Quote, QuoteCreate, QuotePage, QuotePatch, QuoteTransitionCreate, view};
use super::{begun, reader, unknown_at};
use crate::privacy::terms;
use crate::web::call::decided;
use crate::web::page::Paging;
use crate::web::transition::{Transition, TransitionCreate};
use crate::web::{Answer, Call, Problem, patch};

/// Write down a quote
///
/// In the person's words, or in others that say the same; in the language in which they were said. It starts as a
/// draft, for the facilitators named on the consultation.
#[utoipa::path(operation_id = "createQuote", tag = "Themes and quotes",
    request_body(content = QuoteCreate, example = json!({
        "responseId": "0197c000-0000-7000-8000-000c00000303", "questionId": "0197c000-0000-7000-8000-000a00000069",
        "text": [{"language": "nl", "value": "Bel terug op de dag die je belooft."}]})),
    responses((status = 201, description = "Written down", body = Quote)))]
#[post("/consultations/{consultationId}/quotes")]
pub(super) async fn create_quote(call: Call<op::CreateQuote>) -> Result<Answer, Problem> {
    let input: (Uuid, QuoteCreate) = (call.id("consultationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &QuoteCreate) -> Result<Answer, Failure> {
    let (loaded, account) = begun(tx, consultation::find_to_add(tx, id).await?).await?;
    let (piece, at) = new.named().piece()?;
    let (made, mut faults) = new.clone().into_domain((tx.id_of_the_day(), id), piece, account);
    let found = words::find(tx, loaded.consultation(), piece).await?;
    match &found {
        Some(words) => faults.extend(made.check(&words.language)),
        None => faults.push(unknown_at(loaded.consultation(), piece, at)),
    }
    Refusal::unless_clean(faults)?;
    may_be_coded(loaded.consultation(), false)?;
    found.and_then(|words| words.participant_id).into_iter().for_each(|person| tx.concerns(person));
    let stored = quote::insert(tx, loaded.consultation(), made).await?;
    let location = format!("/v1/quotes/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(&stored, (loaded.permit.roles(), true))))
}

/// List quotes
///
/// Those that are released, as long as whose words they are agrees, where that is known and asked; for the
/// facilitators named on the consultation all; `count` counts for them alone.
#[utoipa::path(operation_id = "listQuotes", tag = "Themes and quotes", params(Paging),
    responses((status = 200, description = "A page", body = QuotePage)))]
#[get("/consultations/{consultationId}/quotes")]
pub(super) async fn list_quotes(call: Call<op::ListQuotes>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let read = reader(&call, call.id("consultationId")?).await?;
    let asked = &read.found.value.consultation;
    let page = quote::list(call.reader(), asked.id, read.facilitates, &request).await?;
    if read.facilitates {
        call.witness(asked.organisation_id, (consultation::KIND, asked.id), Vec::new()).await?;
    }
    let Page { items, next, total } = page;
    let mut told = Vec::with_capacity(items.len());
    for stored in items {
        if read.facilitates || agrees(call.reader(), stored.value.piece, terms(&call)).await? {
            told.push(view(&stored, (read.roles, read.facilitates)));
        }
    }
    // The number would tell of those that aren't told any more.
    call.page(Page { items: told, next, total: total.filter(|_| read.facilitates) })
}

/// Read a quote
#[utoipa::path(operation_id = "getQuote", tag = "Themes and quotes",
    responses((status = 200, description = "The quote", body = Quote)))]
#[get("/quotes/{quoteId}")]
pub(super) async fn get_quote(call: Call<op::GetQuote>) -> Result<Answer, Problem> {
    let found = quote::find(call.reader(), call.id("quoteId")?).await?.ok_or(Refusal::Hidden)?;
    let read = reader(&call, found.value.consultation_id).await?;
    let released = found.value.status == QuoteStatus::Released;
    let told = released && agrees(call.reader(), found.value.piece, terms(&call)).await?;
    if !read.facilitates && !told {
        return Err(Refusal::Hidden.into());
    }
    if read.facilitates {
        let organisation = read.found.value.consultation.organisation_id;
        call.witness(organisation, (quote::KIND, found.value.id), Vec::new()).await?;
    }
    Ok(Answer::resource(found.version, &view(&found, (read.roles, read.facilitates))))
}

/// Change a quote that is still a draft
#[utoipa::path(operation_id = "updateQuote", tag = "Themes and quotes", request_body(
    content((QuotePatch = "application/merge-patch+json", example = json!({"paraphrased": true})),
        (QuotePatch = "application/json", example = json!({"paraphrased": true})))),
    responses((status = 200, description = "Changed", body = Quote)))]
#[patch("/quotes/{quoteId}")]
pub(super) async fn update_quote(call: Call<op::UpdateQuote>) -> Result<Answer, Problem> {
    let input: (Uuid, Value) = (call.id("quoteId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, loaded, account) = load(tx, id).await?;
    let old = &found.value;
    let content: QuoteCreate = patch::apply(&QuoteCreate::from(old), merge)?;
    let (mut next, mut faults) = content.into_domain((id, old.consultation_id), old.piece, account);
    let language = old.text.variants().first().map(|text| text.language.clone()).unwrap_or_default();
    faults.extend(next.check(&language));
    Refusal::unless_clean(faults)?;
    next.text = old.text.revised(next.text);
    tx.fresh(found.version)?;
    old.may_change()?;
    let stored = quote::save(tx, loaded.consultation(), found.with(next), "quote.changed").await?;
    Ok(Answer::resource(stored.version, &view(&stored, (loaded.permit.roles(), true))))
}

/// Release a quote, or take it back
///
/// Who releases it vouches that nobody can be recognised by it. Where the consultation has another facilitator than
/// who wrote it down, that is another; never without the consent to be quoted that the person's organisation asks;
/// and never where fewer people wrote to that question than the public sees a figure of. From then on whoever reads results reads it, without who said it and from which answer it is.
#[utoipa::path(operation_id = "createQuoteTransition", tag = "Themes and quotes",
    request_body(content = QuoteTransitionCreate, example = json!({"to": "released", "check": "nobody_recognisable"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/quotes/{quoteId}/transitions")]
pub(super) async fn create_quote_transition(call: Call<op::CreateQuoteTransition>) -> Result<Answer, Problem> {
    let input: (Uuid, QuoteTransitionCreate, ConsentTerms) = (call.id("quoteId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, *terms).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &QuoteTransitionCreate, terms: ConsentTerms) -> Result<Answer, Failure> {
    let (found, loaded, account) = load(tx, id).await?;
    let QuoteTransitionCreate { to, reason, check } = asked.clone();
    let to: QuoteStatus = TransitionCreate { to, reason: None }.state()?;
    let roles = loaded.permit.roles();
    let facts = QuoteFacts {
        by: account,
        roles,
        reason: reason.as_deref(),
        check,
        facilitators: &loaded.consultation().facilitators,
        agrees: agrees(tx, found.value.piece, terms).await?,
        wrote: words::people(tx, loaded.consultation(), found.value.question_id).await?,
        minimum: loaded.networks.minimum(&loaded.found.value, Roles::NONE),
        today: terms.today,
    };
    let steps = (found.value.status.code(), to.code());
    let next = decided(tx, found.version, found.value.clone().moved(to, facts))?;
    let event = match to {
        QuoteStatus::Draft => "quote.changed",
        QuoteStatus::Released => "quote.released",
        QuoteStatus::Withdrawn => "quote.withdrawn",
    };
    let stored = quote::save(tx, loaded.consultation(), found.with(next), event).await?;
    let made = history::record(tx, (quote::KIND, id), steps, reason.as_deref()).await?;
    let shown = view(&stored, (roles, true));
    Ok(Answer::moved(format!("/v1/quotes/{id}"), &Transition::from(made), stored.version, &shown))
}

/// Whether whose words these are agrees to be quoted, where that is known and their organisation asks it.
async fn agrees(source: &impl Source, piece: Piece, terms: ConsentTerms) -> Result<bool, Failure> {
    let Some(author) = words::author(source, piece).await? else { return Ok(true) };
    let Some(person) = participant::find(source, author).await? else { return Ok(false) };
    Ok(standing::of_one(source, &person.value, ConsentPurpose::Quotes, terms).await?.allows())
}

/// The quote that a command is about, with its consultation, for a facilitator named on it, and who that is.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Loaded, Uuid), Failure> {
    let known = quote::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    // The consultation first, as every other command on it does.
    let asked = consultation::find_to_add(tx, known.value.consultation_id).await?;
    let (loaded, account) = begun(tx, asked).await?;
    let found = quote::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    words::author(tx, found.value.piece).await?.into_iter().for_each(|person| tx.concerns(person));
    Ok((found, loaded, account))
}
