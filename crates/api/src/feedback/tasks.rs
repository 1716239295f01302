//! What waits for me.

use actix_web::get;
use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::ConsultationMode;
use klankbord_domain::experience::{ExperienceApproach, ExperienceApproachStatus};
use klankbord_domain::feedback::operations as op;
use klankbord_domain::participants::Member;
use klankbord_domain::policy::Place;
use klankbord_domain::privacy::{ConsentPurpose, ConsentText, ConsentTextStatus};
use klankbord_persistence::consultations::{due, mine};
use klankbord_persistence::experience::{approach, request as requests};
use klankbord_persistence::feedback::entry;
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::membership;
use klankbord_persistence::participants::speaking::Speaking;
use klankbord_persistence::privacy::consent_text;
use klankbord_persistence::privacy::standing::{self, ConsentTerms};
use klankbord_persistence::store::{Page, PageRequest};
use klankbord_persistence::{Failure, Reader, Stored};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::desk::{self, Dated, for_person, merged, paged};
use super::viewer::Viewer;
use crate::privacy::terms;
use crate::web::page::{Paging, page};
use crate::web::text::{TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// What is asked of somebody.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Answer a consultation.
    AnswerConsultation,
    /// Accept or decline an invitation to a network.
    AcceptInvitation,
    /// Answer feedback, for who is addressed.
    AnswerFeedback,
    /// Report back on a consultation that has closed, for who asked.
    ReportBack,
    /// Say yes or no to who asks for your experience.
    AnswerApproach,
    /// Say yes or no to what consent is asked, anew at 16.
    GiveConsent,
}

/// Something that waits for you.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// What to do.
    kind: TaskKind,
    /// What it is about.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// Since when it waits.
    at: DateTime<Utc>,
    /// The last day on which it is in time.
    due_on: Option<NaiveDate>,
    /// As which of the persons that you are.
    participant_id: Option<Uuid>,
    /// The consultation to answer, or to report back on.
    consultation_id: Option<Uuid>,
    /// How it can be answered. An anonymous one stands here until it closes: whether
    /// somebody answered isn't known.
    mode: Option<ConsultationMode>,
    /// The membership to accept.
    membership_id: Option<Uuid>,
    /// The feedback to answer.
    feedback_id: Option<Uuid>,
    /// The text to say yes or no to.
    consent_text_id: Option<Uuid>,
    /// The approach to say yes or no to.
    experience_approach_id: Option<Uuid>,
}

impl Task {
    fn new(kind: TaskKind, title: Vec<TextVariant>, at: DateTime<Utc>) -> Self {
        Self {
            kind,
            title,
            at,
            due_on: None,
            participant_id: None,
            consultation_id: None,
            mode: None,
            membership_id: None,
            feedback_id: None,
            consent_text_id: None,
            experience_approach_id: None,
        }
    }
}

page!(
    /// A page of what waits for you.
    TaskPage of Task
);

/// List what waits for me
///
/// Consultations to answer, invitations to accept, who asks for your experience, consents to give, and, for who is addressed
/// or asks, feedback to answer and report-backs to give; the longest waiting first.
/// Who represents somebody sees with `Acting-For` what waits for that person.
#[utoipa::path(operation_id = "listMyTasks", tag = "My desk", params(Paging),
    responses((status = 200, description = "A page", body = TaskPage)))]
#[get("/me/tasks")]
pub(super) async fn list_my_tasks(call: Call<op::ListMyTasks>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (_, request) = call.listing::<Paging>()?;
    let viewer = Viewer::of(call.reader(), call.caller()).await?;
    let today = day_of(call.now, call.app.config.time.zone);
    let parts = vec![
        consultations(call.reader(), (&viewer, today), &request).await?,
        invitations(call.reader(), &viewer, &request).await?,
        feedback(call.reader(), &viewer, &request).await?,
        report_backs(call.reader(), &viewer, &request).await?,
        approaches(call.reader(), (&viewer, today), &request).await?,
        consents(call.reader(), &viewer, terms(&call), &request).await?,
    ];
    call.witness_represented().await?;
    desk::answer(&call, merged(parts, &request)).await
}

async fn consultations(
    reader: &Reader,
    (viewer, today): (&Viewer, NaiveDate),
    request: &PageRequest,
) -> Result<Page<Dated<Task>>, Failure> {
    let open = mine::open_for(reader, &viewer.caller, today).await?;
    let tasks = open.into_iter().map(|ask| {
        let at = ask.opened_at.unwrap_or_default();
        let item = Task {
            due_on: ask.answer_by,
            participant_id: Some(ask.participant_id),
            consultation_id: Some(ask.consultation_id),
            mode: Some(ask.mode),
            ..Task::new(TaskKind::AnswerConsultation, to_wire(&ask.title), at)
        };
        Dated { at, id: for_person(ask.consultation_id, ask.participant_id), item, others: None }
    });
    Ok(paged(tasks.collect(), request))
}

async fn invitations(reader: &Reader, viewer: &Viewer, request: &PageRequest) -> Result<Page<Dated<Task>>, Failure> {
    let page = membership::invitations_of(reader, &Speaking::of(reader, &viewer.caller).await?, request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|found| found.value.network_id).collect();
    let networks = network::find_all(reader, &ids).await?;
    Ok(page.map(|found| {
        let (at, id, network) = (found.created_at, found.value.id, found.value.network_id);
        let named = networks.iter().find(|one| one.value.id == network);
        let title = named.map(|one| to_wire(&one.value.name)).unwrap_or_default();
        let participant_id = match found.value.member {
            Member::Participant(person) => Some(person),
            Member::Organisation(_) | Member::Network(_) => None,
        };
        let item = Task { participant_id, membership_id: Some(id), ..Task::new(TaskKind::AcceptInvitation, title, at) };
        Dated { at, id, item, others: None }
    }))
}

async fn approaches(
    reader: &Reader,
    (viewer, today): (&Viewer, NaiveDate),
    request: &PageRequest,
) -> Result<Page<Dated<Task>>, Failure> {
    let all = approach::of_persons(reader, &viewer.caller.persons()).await?;
    let asked: Vec<Uuid> = all.iter().map(|found| found.value.request_id).collect();
    let asked = requests::by_id(reader, &asked).await?;
    let task = |found: Stored<ExperienceApproach>| {
        let (one, about) = (found.value, asked.get(&found.value.request_id)?);
        let waits = one.stands(about, today) == ExperienceApproachStatus::Waiting;
        let item = Task {
            due_on: about.answer_due_on,
            participant_id: Some(one.participant_id),
            experience_approach_id: Some(one.id),
            ..Task::new(TaskKind::AnswerApproach, to_wire(&about.title), found.created_at)
        };
        waits.then_some(Dated { at: found.created_at, id: one.id, item, others: None })
    };
    Ok(paged(all.into_iter().filter_map(task).collect(), request))
}

async fn consents(
    reader: &Reader,
    viewer: &Viewer,
    terms: ConsentTerms,
    request: &PageRequest,
) -> Result<Page<Dated<Task>>, Failure> {
    let persons: Vec<_> = viewer.persons.iter().collect();
    let organisations: Vec<Uuid> = persons.iter().map(|person| person.organisation_id).collect();
    let texts = consent_text::of_organisations(reader, &organisations).await?;
    let states = standing::of(reader, &persons, ConsentPurpose::ALL, terms).await?;
    let mut tasks = Vec::new();
    for person in persons {
        for purpose in ConsentPurpose::ALL {
            let waits = states.get(&(person.id, *purpose)).is_some_and(|state| state.waits());
            let asks = |text: &&Stored<ConsentText>| {
                (text.value.organisation_id, text.value.purpose) == (person.organisation_id, *purpose)
                    && text.value.status == ConsentTextStatus::Published
                    && text.value.is_for(person.age_on(terms.today))
            };
            let Some(text) = texts.iter().filter(|_| waits).find(asks) else { continue };
            let (at, id) = (text.updated_at, text.value.id);
            let item = Task {
                participant_id: Some(person.id),
                consent_text_id: Some(id),
                ..Task::new(TaskKind::GiveConsent, to_wire(&text.value.title), at)
            };
            tasks.push(Dated { at, id: for_person(id, person.id), item, others: None });
        }
    }
    Ok(paged(tasks, request))
}

async fn feedback(reader: &Reader, viewer: &Viewer, request: &PageRequest) -> Result<Page<Dated<Task>>, Failure> {
    let page = entry::waiting_in(reader, &viewer.answers_in(reader).await?, request).await?;
    Ok(page.map(|found| {
        let (at, id) = (found.value.received_at.unwrap_or(found.created_at), found.value.id);
        let item = Task {
            due_on: found.value.answer_due_on,
            feedback_id: Some(id),
            ..Task::new(TaskKind::AnswerFeedback, to_wire(&found.value.title), at)
        };
        Dated { at, id, item, others: viewer.others(&found.value) }
    }))
}

async fn report_backs(reader: &Reader, viewer: &Viewer, request: &PageRequest) -> Result<Page<Dated<Task>>, Failure> {
    let rooms = viewer.answers_in(reader).await?;
    let page = due::to_report_back(reader, &rooms.organisations, &rooms.networks, request).await?;
    Ok(page.map(|found| {
        let closed = found.value.consultation;
        let (at, id) = (closed.closed_at.unwrap_or(found.created_at), closed.id);
        let item = Task {
            due_on: closed.report_back_due_on,
            consultation_id: Some(id),
            ..Task::new(TaskKind::ReportBack, to_wire(&closed.title), at)
        };
        Dated { at, id, item, others: None }
    }))
}
