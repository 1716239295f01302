//! Consultations on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::consultations::{
    Asking, Audience as DomainAudience, Breakdowns, Characteristic, Consultation as Domain, ConsultationMode,
    ConsultationStatus, OneAnswerBy, Recruitment, ReportBackState, is_over, report_back_state,
};
use klankbord_domain::networks::{Perspective, Rung};
use klankbord_domain::policy::Roles;
use klankbord_domain::{Fault, lifecycle};
use klankbord_persistence::consultations::consultation::Kept;
use klankbord_persistence::{Failure, Source, Stored};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::medium::Medium;
use super::privacy::{AnswerPrivacy, Known};
use super::question::Question;
use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

/// Whom a consultation asks: the people with an active membership in these
/// networks, each once.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Audience {
    /// The networks: the organisation's own, and those it partners in.
    #[serde(default)]
    #[schema(max_items = 50)]
    network_ids: Vec<Uuid>,
    /// Only who take part from these perspectives; none: all.
    #[serde(default)]
    #[schema(max_items = 20)]
    perspectives: Vec<Perspective>,
    /// Only who live in these municipalities (CBS codes); none: everywhere.
    #[serde(default)]
    #[schema(max_items = 100)]
    municipalities: Vec<String>,
}

/// Two characteristics by which results are broken down at once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BreakdownCrossing {
    /// The first.
    first: Characteristic,
    /// The second.
    second: Characteristic,
}

/// What a consultation is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsultationCreate {
    /// The organisation that asks.
    pub(super) organisation_id: Uuid,
    /// The programme under which it hangs.
    programme_id: Option<Uuid>,
    /// What it is called.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// What it is for (doel).
    #[schema(min_items = 1, max_items = 20)]
    goal: Option<Vec<TextVariant>>,
    /// What can't be changed, whatever people say (kaders).
    #[schema(min_items = 1, max_items = 20)]
    limits: Option<Vec<TextVariant>>,
    /// What is promised: how far people's say reaches (trede).
    rung: Option<Rung>,
    /// Who may know who answered what; fixed at opening.
    mode: ConsultationMode,
    /// Of an anonymous one: whether facilitators hear some of the answers, on the telephone
    /// or on a visit, and write them down. Then it is anonymous to all but who asked, and it
    /// is sealed seven days after closing. Fixed at opening.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    heard_by_others: bool,
    /// Of an anonymous one: by what it is seen to that each answers once; `invitation` where
    /// it isn't said. Fixed at opening.
    one_answer_by: Option<OneAnswerBy>,
    /// Whom it asks.
    #[serde(default)]
    audience: Audience,
    /// By what its results are broken down, told to who answers; fixed at opening. A municipality that is too
    /// small is shown as its region.
    #[serde(default)]
    #[schema(max_items = 4)]
    breakdowns: Vec<Characteristic>,
    /// Which pairs of them are crossed, too.
    #[serde(default)]
    #[schema(max_items = 3)]
    crossings: Vec<BreakdownCrossing>,
    /// Whether results are shown on the way, too, each time enough people more answered: never of an
    /// anonymous one. Fixed at opening.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    interim_results: bool,
    /// The consultation of the same organisation on whose results this one goes on. Who is asked reads them.
    /// Fixed at opening.
    pub(super) builds_on_id: Option<Uuid>,
    /// How it is decided who is asked: everybody in the audience, a sample that is drawn from
    /// it (`createConsultationSample`), or whoever has a link (`createConsultationLink`), which
    /// an anonymous one alone can. Fixed at opening.
    #[serde(default = "everybody")]
    recruitment: Recruitment,
    /// How many days people are given to answer; the installation's number where it isn't
    /// said. Until it closes all answers count.
    #[schema(minimum = 1, maximum = 366, example = 14)]
    answer_days: Option<i32>,
    /// Of which year it is the client-experience survey (cliëntervaringsonderzoek, Wmo 2015
    /// art. 2.5.1), where it is one.
    #[schema(minimum = 2015, maximum = 2200, example = 2026)]
    client_experience_year: Option<i32>,
    /// The accounts of its facilitators, who alone read the answers one by one.
    #[serde(default)]
    #[schema(max_items = 20)]
    facilitators: Vec<Uuid>,
    /// What it asks, in order.
    #[serde(default)]
    #[schema(max_items = 100)]
    questions: Vec<Question>,
    /// The last day to answer; it ends at 24:00, Europe/Amsterdam.
    closes_on: Option<NaiveDate>,
    /// Until when people may wait to hear back; six weeks after closing where it
    /// isn't said. Once open it can be moved once.
    report_back_due_on: Option<NaiveDate>,
    /// Why that day was moved. Public.
    #[schema(min_items = 1, max_items = 20)]
    report_back_due_reason: Option<Vec<TextVariant>>,
}

/// Who is asked where nothing is said.
const fn everybody() -> Recruitment {
    Recruitment::Audience
}

patch_of!(
    /// What to change of a consultation.
    ConsultationPatch of ConsultationCreate, fixed "organisationId"
);

/// A consultation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Consultation {
    /// Its id.
    id: Uuid,
    #[serde(flatten)]
    content: ConsultationCreate,
    /// Where it stands.
    status: ConsultationStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["open", "withdrawn"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it opened.
    opened_at: Option<DateTime<Utc>>,
    /// When it closed.
    closed_at: Option<DateTime<Utc>>,
    /// Of one whose answers facilitators hear: the last day on which they can enter what they
    /// heard before it closed.
    entries_until_on: Option<NaiveDate>,
    /// When people heard back.
    concluded_at: Option<DateTime<Utc>>,
    /// Of an anonymous one: when its answers were sealed, and results could be read; of
    /// one that was called off, when they were destroyed.
    sealed_at: Option<DateTime<Utc>>,
    /// The day on which people were to hear back at first, where it was moved.
    report_back_first_due_on: Option<NaiveDate>,
    /// Of a closing round, which asks whether people felt heard: the consultation that it
    /// closes.
    closing_round_of: Option<Uuid>,
    /// Whether people should have heard back by now.
    overdue: bool,
    /// Whether people heard back; absent where nobody was asked, or it was
    /// called off.
    report_back_state: Option<ReportBackState>,
    /// The pictures and sound that it shows, without themselves.
    #[schema(max_items = 100)]
    media: Vec<Medium>,
    /// What people should know before they answer.
    privacy: AnswerPrivacy,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of consultations.
    ConsultationPage of Consultation
);

impl ConsultationCreate {
    /// The draft that this says, and the faults of its texts. Ids that aren't
    /// given come from `new_id`.
    pub(super) fn into_domain(self, id: Uuid, new_id: &impl Fn() -> Uuid) -> (Domain, Vec<Fault>) {
        let mut reading = Reading::default();
        let Audience { network_ids, perspectives, municipalities } = self.audience;
        let question = |(index, question): (usize, Question)| {
            question.into_domain(&format!("/questions/{index}"), &mut reading, new_id)
        };
        let questions = self.questions.into_iter().enumerate().map(question).collect();
        let made = Domain {
            id,
            organisation_id: self.organisation_id,
            programme_id: self.programme_id,
            title: reading.texts("/title", self.title),
            goal: reading.texts_or_none("/goal", self.goal),
            limits: reading.texts_or_none("/limits", self.limits),
            rung: self.rung,
            mode: self.mode,
            heard_by_others: self.heard_by_others,
            one_answer_by: self.one_answer_by.unwrap_or(OneAnswerBy::Invitation),
            audience: DomainAudience { network_ids, perspectives, municipalities },
            breakdowns: Breakdowns {
                by: self.breakdowns,
                crossed: self.crossings.into_iter().map(|pair| (pair.first, pair.second)).collect(),
            },
            interim_results: self.interim_results,
            builds_on: self.builds_on_id,
            asking: Asking {
                recruitment: self.recruitment,
                answer_days: self.answer_days,
                client_experience_year: self.client_experience_year,
            },
            facilitators: self.facilitators,
            questions,
            closes_on: self.closes_on,
            report_back_due_on: self.report_back_due_on,
            report_back_due_reason: reading.texts_or_none("/reportBackDueReason", self.report_back_due_reason),
            report_back_first_due_on: None,
            closing_round_of: None,
            status: ConsultationStatus::Draft,
            opened_at: None,
            closed_at: None,
            entries_until_on: None,
            concluded_at: None,
            sealed_at: None,
        };
        (made, reading.faults)
    }
}

impl From<&Domain> for ConsultationCreate {
    fn from(one: &Domain) -> Self {
        let DomainAudience { network_ids, perspectives, municipalities } = one.audience.clone();
        Self {
            organisation_id: one.organisation_id,
            programme_id: one.programme_id,
            title: to_wire(&one.title),
            goal: to_wire_or_none(one.goal.as_ref()),
            limits: to_wire_or_none(one.limits.as_ref()),
            rung: one.rung,
            mode: one.mode,
            heard_by_others: one.heard_by_others,
            one_answer_by: one.is_anonymous().then_some(one.one_answer_by),
            audience: Audience { network_ids, perspectives, municipalities },
            breakdowns: one.breakdowns.by.clone(),
            crossings: one.breakdowns.crossed.iter().map(|(first, second)| crossing(*first, *second)).collect(),
            interim_results: one.interim_results,
            builds_on_id: one.builds_on,
            recruitment: one.asking.recruitment,
            answer_days: one.asking.answer_days,
            client_experience_year: one.asking.client_experience_year,
            facilitators: one.facilitators.clone(),
            questions: one.questions.iter().map(Question::from).collect(),
            closes_on: one.closes_on,
            report_back_due_on: one.report_back_due_on,
            report_back_due_reason: to_wire_or_none(one.report_back_due_reason.as_ref()),
        }
    }
}

fn crossing(first: Characteristic, second: Characteristic) -> BreakdownCrossing {
    BreakdownCrossing { first, second }
}

/// Whether people should have heard back by this day.
pub(super) fn is_overdue(consultation: &Domain, today: NaiveDate) -> bool {
    report_back_state(consultation, today) == Some(ReportBackState::Overdue)
}

/// A consultation as somebody who stands so towards it sees it on this day.
///
/// # Errors
/// When the database refuses.
pub(super) async fn shown(
    source: &impl Source,
    stored: &Stored<Kept>,
    roles: Roles,
    today: NaiveDate,
) -> Result<Consultation, Failure> {
    Ok(view(stored, &Known::of(source, &[stored]).await?, roles, today))
}

/// A consultation as somebody who stands so towards it sees it on this day.
pub(super) fn view(stored: &Stored<Kept>, known: &Known, roles: Roles, today: NaiveDate) -> Consultation {
    let consultation = &stored.value.consultation;
    Consultation {
        id: consultation.id,
        content: consultation.into(),
        status: consultation.status,
        allowed_transitions: if is_over(consultation, today) {
            Vec::new()
        } else {
            let open = lifecycle::open_codes(consultation.status, roles);
            // A closing round ends closed.
            let ends = |code: &&str| consultation.is_closing_round() && *code == ConsultationStatus::Concluded.code();
            open.into_iter().filter(|code| !ends(code)).collect()
        },
        opened_at: consultation.opened_at,
        closed_at: consultation.closed_at,
        entries_until_on: consultation.entries_until_on,
        concluded_at: consultation.concluded_at,
        sealed_at: consultation.sealed_at,
        report_back_first_due_on: consultation.report_back_first_due_on,
        closing_round_of: consultation.closing_round_of,
        overdue: is_overdue(consultation, today),
        report_back_state: report_back_state(consultation, today),
        media: known.media(consultation.id),
        privacy: known.privacy(&stored.value),
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}
