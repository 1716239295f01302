//! What happened with me here, in one place: asked, answered, brought in, consented,
//! agreed, approached, claimed and paid.

use actix_web::get;
use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::Texts;
use klankbord_domain::experience::ExperienceApproach;
use klankbord_domain::feedback::Author;
use klankbord_domain::feedback::operations as op;
use klankbord_domain::policy::{Caller, Place, Standing};
use klankbord_domain::privacy::{ConsentAnswer, ConsentStatus};
use klankbord_persistence::agreements::agreement;
use klankbord_persistence::compensation::ClaimSight;
use klankbord_persistence::compensation::claim::{self, ClaimFilter};
use klankbord_persistence::consultations::mine;
use klankbord_persistence::experience::{approach, request};
use klankbord_persistence::feedback::entry;
use klankbord_persistence::feedback::sight::Sight;
use klankbord_persistence::privacy::{consent, consent_text};
use klankbord_persistence::store::{Page, PageRequest};
use klankbord_persistence::{Failure, Reader, Stored};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::desk::{self, Dated, for_person, merged, paged};
use super::viewer::Viewer;
use crate::privacy::terms;
use crate::web::page::{Paging, page};
use crate::web::text::{TextVariant, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// What happened.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// A consultation asked you.
    Asked,
    /// You answered one.
    Answered,
    /// You brought something yourself.
    Brought,
    /// You, or who represented you, said yes or no.
    Consented,
    /// Something was agreed with you, or proposed.
    Agreed,
    /// Your experience was asked for; whether you said yes stands beside it.
    Approached,
    /// You claimed something; whether it was paid stands beside it.
    Claimed,
}

/// Something that happened with you here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// What happened.
    kind: HistoryKind,
    /// The id of what it was: consultation, response, feedback, consent, agreement, approach
    /// or claim.
    id: Uuid,
    /// As which of the persons that you are.
    participant_id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// What it was about.
    #[schema(max_items = 20)]
    title: Option<Vec<TextVariant>>,
    /// Where it stands now.
    #[schema(max_length = 40, example = "concluded")]
    status: &'static str,
    /// What a claim came to. Cents.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    cents: Option<i64>,
    /// The day on which a claim was paid.
    paid_on: Option<NaiveDate>,
}

page!(
    /// A page of what happened with you.
    HistoryEntryPage of HistoryEntry
);

impl HistoryEntry {
    fn new(
        kind: HistoryKind,
        (id, participant_id): (Uuid, Uuid),
        at: DateTime<Utc>,
        (title, status): (Option<&Texts>, &'static str),
    ) -> Dated<Self> {
        let title = to_wire_or_none(title);
        let item = Self { kind, id, participant_id, at, title, status, cents: None, paid_on: None };
        Dated { at, id: for_person(id, participant_id), item, others: None }
    }
}

/// List what happened with me
///
/// In one place: what you were asked and what you answered, what you brought in, what was
/// consented to for you, what was agreed with you, who asked for your experience, what you claimed and when it was paid;
/// the oldest first.
#[utoipa::path(operation_id = "listMyHistory", tag = "My desk", params(Paging),
    responses((status = 200, description = "A page", body = HistoryEntryPage)))]
#[get("/me/history")]
pub(super) async fn list_my_history(call: Call<op::ListMyHistory>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (_, request) = call.listing::<Paging>()?;
    let viewer = Viewer::of(call.reader(), call.caller()).await?;
    let parts = vec![
        paged(asked_and_answered(call.reader(), call.caller()).await?, &request),
        brought(call.reader(), &viewer.sight, &request).await?,
        paged(consented(call.reader(), call.caller()).await?, &request),
        paged(agreed(call.reader(), call.caller()).await?, &request),
        paged(approached(&call).await?, &request),
        claimed(call.reader(), call.caller(), &request).await?,
    ];
    desk::answer(&call, merged(parts, &request)).await
}

async fn asked_and_answered(reader: &Reader, caller: &Caller) -> Result<Vec<Dated<HistoryEntry>>, Failure> {
    let asked = mine::ever_asked(reader, caller).await?.into_iter().map(|one| {
        let about = (Some(&one.title), one.status.code());
        HistoryEntry::new(HistoryKind::Asked, (one.consultation_id, one.participant_id), one.at, about)
    });
    let answered = mine::answered_by(reader, caller).await?.into_iter().map(|one| {
        let about = (Some(&one.title), one.status.code());
        HistoryEntry::new(HistoryKind::Answered, (one.response_id, one.participant_id), one.at, about)
    });
    Ok(asked.chain(answered).collect())
}

async fn brought(reader: &Reader, sight: &Sight, request: &PageRequest) -> Result<Page<Dated<HistoryEntry>>, Failure> {
    let page = entry::brought_by(reader, sight, request).await?;
    Ok(page.map(|found| {
        let one = found.value;
        let person = match one.author {
            Author::Participant(person) => person,
            Author::Organisation(id) | Author::Network(id) => id,
        };
        let about = (Some(&one.title), one.status.code());
        let mut dated = HistoryEntry::new(HistoryKind::Brought, (one.id, person), found.created_at, about);
        // By this the list goes on at the next page.
        dated.id = one.id;
        dated
    }))
}

async fn consented(reader: &Reader, caller: &Caller) -> Result<Vec<Dated<HistoryEntry>>, Failure> {
    let persons = caller.persons_as(Standing::Participant);
    let mut found = Vec::new();
    for (one, at) in consent::of_persons(reader, &persons).await? {
        let status = match (one.answer, one.status) {
            (_, ConsentStatus::Withdrawn) => ConsentStatus::Withdrawn.code(),
            (ConsentAnswer::Given, ConsentStatus::Standing) => ConsentAnswer::Given.code(),
            (ConsentAnswer::Refused, ConsentStatus::Standing) => ConsentAnswer::Refused.code(),
        };
        let text = consent_text::find(reader, one.consent_text_id).await?;
        let about = (text.as_ref().map(|text| &text.value.title), status);
        found.push(HistoryEntry::new(HistoryKind::Consented, (one.id, one.participant_id), at, about));
    }
    Ok(found)
}

async fn agreed(reader: &Reader, caller: &Caller) -> Result<Vec<Dated<HistoryEntry>>, Failure> {
    let found = agreement::own(reader, caller).await?.into_iter().map(|found| {
        let one = found.value;
        let about = (Some(&one.promises.role), one.status.code());
        HistoryEntry::new(HistoryKind::Agreed, (one.id, one.participant_id), found.created_at, about)
    });
    Ok(found.collect())
}

async fn approached(call: &Call<op::ListMyHistory>) -> Result<Vec<Dated<HistoryEntry>>, Failure> {
    let (reader, today) = (call.reader(), terms(call).today);
    let all = approach::of_persons(reader, &call.caller().persons_as(Standing::Participant)).await?;
    let requests: Vec<Uuid> = all.iter().map(|found| found.value.request_id).collect();
    let requests = request::by_id(reader, &requests).await?;
    let entry = |found: &Stored<ExperienceApproach>| {
        let (one, request) = (found.value, requests.get(&found.value.request_id)?);
        let about = (Some(&request.title), one.stands(request, today).code());
        Some(HistoryEntry::new(HistoryKind::Approached, (one.id, one.participant_id), found.created_at, about))
    };
    Ok(all.iter().filter_map(entry).collect())
}

async fn claimed(
    reader: &Reader,
    caller: &Caller,
    request: &PageRequest,
) -> Result<Page<Dated<HistoryEntry>>, Failure> {
    let own = ClaimSight::own(caller);
    let page = claim::list(reader, &own, &ClaimFilter::default(), request).await?;
    Ok(page.map(|found| {
        let one = found.value;
        let about = (None, one.status.code());
        let mut dated = HistoryEntry::new(HistoryKind::Claimed, (one.id, one.participant_id), found.created_at, about);
        dated.item.cents = Some(one.cents());
        dated.item.paid_on = one.paid_on;
        dated.id = one.id;
        dated
    }))
}
