//! What I brought, and what became of it.

use std::collections::HashMap;

use actix_web::get;
use chrono::{DateTime, Utc};
use klankbord_domain::Texts;
use klankbord_domain::consultations::{Point, PointOutcome, ReportBack, ReportBackKind};
use klankbord_domain::feedback::operations as op;
use klankbord_domain::feedback::{Author, OfficialResponse as DomainResponse};
use klankbord_domain::policy::{Caller, Place};
use klankbord_persistence::consultations::mine;
use klankbord_persistence::feedback::sight::Sight;
use klankbord_persistence::feedback::{entry, response, support};
use klankbord_persistence::store::{Page, PageRequest, history};
use klankbord_persistence::{Failure, Reader};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::desk::{self, Dated, merged, paged};
use super::moves::for_others;
use super::viewer::Viewer;
use super::wire::OfficialResponse;
use crate::web::page::{Paging, page};
use crate::web::text::{TextVariant, to_wire, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// What somebody did.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContributionKind {
    /// Answered a consultation.
    Response,
    /// Brought something themselves.
    Feedback,
    /// Supported what somebody else brought.
    Support,
}

/// A point of a report-back, as you hear it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeardPoint {
    /// What was said.
    #[schema(min_items = 1, max_items = 20)]
    text: Vec<TextVariant>,
    /// Whether it was followed.
    outcome: PointOutcome,
    /// What is done with it.
    #[schema(max_items = 20)]
    done: Option<Vec<TextVariant>>,
    /// Why.
    #[schema(max_items = 20)]
    reason: Option<Vec<TextVariant>>,
}

/// What was done with what people said, as you hear it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeardBack {
    /// The report-back's id.
    id: Uuid,
    /// On the way, or final.
    kind: ReportBackKind,
    /// Which version of what was published it is, from 1.
    #[schema(minimum = 1, maximum = 20, example = 1)]
    edition: i32,
    /// What was heard.
    #[schema(min_items = 1, max_items = 20)]
    heard: Vec<TextVariant>,
    /// Point by point.
    #[schema(max_items = 100)]
    points: Vec<HeardPoint>,
    /// When it was published.
    published_at: Option<DateTime<Utc>>,
}

/// Something that you brought.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contribution {
    /// What you did.
    kind: ContributionKind,
    /// The id of your response, feedback or support.
    id: Uuid,
    /// As which of the persons that you are.
    participant_id: Uuid,
    /// What it is about; absent where somebody else's feedback that you
    /// supported was taken back or away.
    #[schema(min_items = 1, max_items = 20)]
    title: Option<Vec<TextVariant>>,
    /// Where the consultation or the feedback stands.
    #[schema(max_length = 40, example = "adopted")]
    status: &'static str,
    /// Why the feedback stands so, in the words of who moved it last.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// When.
    at: DateTime<Utc>,
    /// The consultation that you answered.
    consultation_id: Option<Uuid>,
    /// The feedback that you brought or supported.
    feedback_id: Option<Uuid>,
    /// The other feedback in which yours goes on.
    merged_into_id: Option<Uuid>,
    /// The newest official response to it.
    official_response: Option<OfficialResponse>,
    /// What became of it.
    #[schema(max_items = 20)]
    outcome: Option<Vec<TextVariant>>,
    /// What was last told about what people said.
    report_back: Option<HeardBack>,
}

page!(
    /// A page of what you brought.
    ContributionPage of Contribution
);

impl From<ReportBack> for HeardBack {
    fn from(told: ReportBack) -> Self {
        let ReportBack { id, kind, edition, heard, points, published_at, .. } = told;
        let point = |point: Point| HeardPoint {
            text: to_wire(&point.text),
            outcome: point.outcome,
            done: to_wire_or_none(point.done.as_ref()),
            reason: to_wire_or_none(point.reason.as_ref()),
        };
        Self {
            id,
            kind,
            edition,
            heard: to_wire(&heard),
            points: points.into_iter().map(point).collect(),
            published_at,
        }
    }
}

impl Contribution {
    fn new(kind: ContributionKind, (id, participant_id): (Uuid, Uuid), at: DateTime<Utc>) -> Self {
        Self {
            kind,
            id,
            participant_id,
            title: None,
            status: "",
            reason: None,
            at,
            consultation_id: None,
            feedback_id: None,
            merged_into_id: None,
            official_response: None,
            outcome: None,
            report_back: None,
        }
    }

    fn about(self, title: Option<&Texts>, status: &'static str) -> Self {
        Self { title: to_wire_or_none(title), status, ..self }
    }
}

/// List what I brought
///
/// Your answers, your feedback and what you supported, in every organisation
/// where you are known, each with where it stands and what was answered; the
/// newest first. Only you see these side by side.
#[utoipa::path(operation_id = "listMyContributions", tag = "My desk", params(Paging),
    responses((status = 200, description = "A page", body = ContributionPage)))]
#[get("/me/contributions")]
pub(super) async fn list_my_contributions(call: Call<op::ListMyContributions>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (_, mut request) = call.listing::<Paging>()?;
    request.sort.descending = true;
    let viewer = Viewer::of(call.reader(), call.caller()).await?;
    let parts = vec![
        responses(call.reader(), call.caller(), &request).await?,
        feedback(call.reader(), &viewer.sight, &request).await?,
        supports(call.reader(), &viewer, &request).await?,
    ];
    desk::answer(&call, merged(parts, &request)).await
}

async fn responses(
    reader: &Reader,
    caller: &Caller,
    request: &PageRequest,
) -> Result<Page<Dated<Contribution>>, Failure> {
    let answered = mine::answered_by(reader, caller).await?;
    let items = answered.into_iter().map(|given| {
        let one = Contribution::new(ContributionKind::Response, (given.response_id, given.participant_id), given.at);
        let item = Contribution {
            consultation_id: Some(given.consultation_id),
            report_back: given.report_back.map(HeardBack::from),
            ..one.about(Some(&given.title), given.status.code())
        };
        Dated { at: given.at, id: given.response_id, item, others: None }
    });
    Ok(paged(items.collect(), request))
}

async fn feedback(reader: &Reader, sight: &Sight, request: &PageRequest) -> Result<Page<Dated<Contribution>>, Failure> {
    let page = entry::brought_by(reader, sight, request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|found| found.value.id).collect();
    let moves = history::last(reader, entry::KIND, &ids).await?;
    let answers = answers_to(reader, ids).await?;
    Ok(page.map(|found| {
        let (at, id) = (found.created_at, found.value.id);
        let author = match found.value.author {
            Author::Participant(id) | Author::Organisation(id) | Author::Network(id) => id,
        };
        let one = Contribution::new(ContributionKind::Feedback, (id, author), at);
        let item = Contribution {
            reason: moves.get(&id).and_then(|last| last.reason.clone()),
            feedback_id: Some(id),
            merged_into_id: found.value.merged_into,
            official_response: answers.get(&id).cloned().map(Into::into),
            outcome: to_wire_or_none(found.value.outcome.as_ref()),
            ..one.about(Some(&found.value.title), found.value.status.code())
        };
        Dated { at, id, item, others: None }
    }))
}

async fn supports(
    reader: &Reader,
    viewer: &Viewer,
    request: &PageRequest,
) -> Result<Page<Dated<Contribution>>, Failure> {
    let page = support::given_by(reader, &viewer.sight.persons, request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|given| given.feedback_id).collect();
    let known: HashMap<_, _> =
        entry::find_all(reader, &ids).await?.into_iter().map(|found| (found.value.id, found.value)).collect();
    let moves = history::last(reader, entry::KIND, &ids).await?;
    let answers = answers_to(reader, ids).await?;
    page.try_map(|given| {
        let found = known.get(&given.feedback_id);
        let found = found.ok_or_else(|| Failure::Broken("a support of nothing".to_owned()))?;
        let readable = found.status.is_shared();
        let one = Contribution::new(ContributionKind::Support, (given.id, given.participant_id), given.created_at);
        let item = Contribution {
            reason: moves.get(&found.id).cloned().and_then(|last| for_others(last).reason),
            feedback_id: Some(found.id),
            official_response: answers.get(&found.id).filter(|_| readable).cloned().map(Into::into),
            outcome: to_wire_or_none(found.outcome.as_ref().filter(|_| readable)),
            ..one.about(readable.then_some(&found.title), found.status.code())
        };
        let others = viewer.others(found).filter(|_| readable);
        Ok(Dated { at: given.created_at, id: given.id, item, others })
    })
}

async fn answers_to(reader: &Reader, ids: Vec<Uuid>) -> Result<HashMap<Uuid, DomainResponse>, Failure> {
    let newest = response::newest(reader, &ids).await?;
    Ok(newest.into_iter().map(|answer| (answer.feedback_id, answer)).collect())
}
