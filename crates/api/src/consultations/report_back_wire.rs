//! Report-backs on the wire.

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::{
    Consultation, Point as DomainPoint, PointOutcome, ReportBack as Domain, ReportBackKind, ReportBackStatus,
    Theme as DomainTheme,
};
use klankbord_domain::policy::Roles;
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::Stored;
use klankbord_persistence::consultations::report_back_version::Version;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

/// Something that comes back in what people said, by a name. Points rest on it, and other
/// things can later be linked to it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportBackTheme {
    /// Its id, the same in every version; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "0197c000-0000-7000-8000-006300000001")]
    id: Option<Uuid>,
    /// What it is called.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
}

/// One point that was heard, what is done with it, and on what it rests.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportBackPoint {
    /// What was heard.
    #[schema(min_items = 1, max_items = 20)]
    text: Vec<TextVariant>,
    /// Whether it is followed; in an interim one it may be heard and not decided yet.
    outcome: PointOutcome,
    /// What is done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20)]
    done: Option<Vec<TextVariant>>,
    /// Why. From rung `advise` up, what isn't wholly followed needs a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20)]
    reason: Option<Vec<TextVariant>>,
    /// The questions of this consultation on whose results it rests. A point is published
    /// once it rests on a question or a theme.
    #[serde(default)]
    #[schema(max_items = 100)]
    question_ids: Vec<Uuid>,
    /// The themes on which it rests: of this report-back, or those that were put on what people wrote, once coding
    /// is finished.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["0197c000-0000-7000-8000-006300000001"]))]
    theme_ids: Vec<Uuid>,
}

impl From<&DomainPoint> for ReportBackPoint {
    fn from(point: &DomainPoint) -> Self {
        Self {
            text: to_wire(&point.text),
            outcome: point.outcome,
            done: to_wire_or_none(point.done.as_ref()),
            reason: to_wire_or_none(point.reason.as_ref()),
            question_ids: point.question_ids.clone(),
            theme_ids: point.theme_ids.clone(),
        }
    }
}

impl From<&DomainTheme> for ReportBackTheme {
    fn from(theme: &DomainTheme) -> Self {
        Self { id: Some(theme.id), title: to_wire(&theme.title) }
    }
}

pub(super) fn points(points: &[DomainPoint]) -> Vec<ReportBackPoint> {
    points.iter().map(ReportBackPoint::from).collect()
}

pub(super) fn themes(themes: &[DomainTheme]) -> Vec<ReportBackTheme> {
    themes.iter().map(ReportBackTheme::from).collect()
}

/// What a report-back is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportBackCreate {
    /// On the way, or final.
    kind: ReportBackKind,
    /// What was heard.
    #[schema(min_items = 1, max_items = 20)]
    heard: Vec<TextVariant>,
    /// What came back in it.
    #[serde(default)]
    #[schema(max_items = 100)]
    themes: Vec<ReportBackTheme>,
    /// Point by point.
    #[serde(default)]
    #[schema(max_items = 100)]
    points: Vec<ReportBackPoint>,
}

patch_of!(
    /// What to change of a report-back.
    ReportBackPatch of ReportBackCreate, fixed "kind"
);

/// What people hear back: what was heard, what is done with it, what not and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportBack {
    /// Its id.
    id: Uuid,
    /// Of which consultation.
    consultation_id: Uuid,
    #[serde(flatten)]
    content: ReportBackCreate,
    /// Where it stands.
    status: ReportBackStatus,
    /// Which version of what was published it is, from 1. The earlier ones stay to be read.
    #[schema(minimum = 1, maximum = 20, example = 1)]
    edition: i32,
    /// The states that you may move it to; the final one is published by
    /// concluding the consultation.
    #[schema(max_items = 10, example = json!(["published"]))]
    allowed_transitions: Vec<&'static str>,
    /// When people could read it first.
    published_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of report-backs.
    ReportBackPage of ReportBack
);

/// A new version of a report-back that was published. It takes the place of what stood
/// there; that stays to be read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportBackCorrectionCreate {
    /// Why. Public.
    #[schema(min_items = 1, max_items = 20)]
    reason: Vec<TextVariant>,
    /// What was heard.
    #[schema(min_items = 1, max_items = 20)]
    heard: Vec<TextVariant>,
    /// What came back in it.
    #[serde(default)]
    #[schema(max_items = 100)]
    themes: Vec<ReportBackTheme>,
    /// Point by point.
    #[serde(default)]
    #[schema(max_items = 100)]
    points: Vec<ReportBackPoint>,
    /// Whether everybody is told anew; not needed where only a word was wrong.
    #[serde(default = "yes")]
    #[schema(default = true, example = true)]
    pub(super) tell_again: bool,
}

const fn yes() -> bool {
    true
}

/// What people could read of a report-back from a moment on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportBackVersion {
    /// Of which report-back.
    report_back_id: Uuid,
    /// Which version, from 1.
    #[schema(minimum = 1, maximum = 20, example = 1)]
    edition: i32,
    /// Why it took the place of the version before; absent on the first.
    #[schema(max_items = 20)]
    reason: Option<Vec<TextVariant>>,
    /// What was heard.
    #[schema(max_items = 20)]
    heard: Vec<TextVariant>,
    /// What came back in it.
    #[schema(max_items = 100)]
    themes: Vec<ReportBackTheme>,
    /// Point by point.
    #[schema(max_items = 100)]
    points: Vec<ReportBackPoint>,
    /// From when on people could read it.
    published_at: DateTime<Utc>,
}

page!(
    /// A page of versions, the first first.
    ReportBackVersionPage of ReportBackVersion
);

impl From<Version> for ReportBackVersion {
    fn from(version: Version) -> Self {
        Self {
            report_back_id: version.report_back_id,
            edition: version.edition,
            reason: to_wire_or_none(version.reason.as_ref()),
            heard: to_wire(&version.heard),
            themes: themes(&version.themes),
            points: points(&version.points),
            published_at: version.published_at,
        }
    }
}

impl ReportBackCreate {
    /// The draft that this says of a consultation, and of the themes put on what people wrote, and what is wrong
    /// with it. Ids that aren't given come from `new_id`.
    pub(super) fn into_domain(
        self,
        id: Uuid,
        of: (&Consultation, &[Uuid]),
        new_id: &impl Fn() -> Uuid,
    ) -> Result<Domain, Refusal> {
        self.read(id, of, new_id, Reading::default())
    }

    fn read(
        self,
        id: Uuid,
        of: (&Consultation, &[Uuid]),
        new_id: &impl Fn() -> Uuid,
        mut reading: Reading,
    ) -> Result<Domain, Refusal> {
        let Self { kind, heard, themes, points } = self;
        let heard = reading.texts("/heard", heard);
        let theme = |(index, theme): (usize, ReportBackTheme)| DomainTheme {
            id: theme.id.unwrap_or_else(new_id),
            title: reading.texts(&format!("/themes/{index}/title"), theme.title),
        };
        let themes = themes.into_iter().enumerate().map(theme).collect();
        let point = |(index, point): (usize, ReportBackPoint)| DomainPoint {
            text: reading.texts(&format!("/points/{index}/text"), point.text),
            outcome: point.outcome,
            done: reading.texts_or_none(&format!("/points/{index}/done"), point.done),
            reason: reading.texts_or_none(&format!("/points/{index}/reason"), point.reason),
            question_ids: point.question_ids,
            theme_ids: point.theme_ids,
        };
        let points = points.into_iter().enumerate().map(point).collect();
        let (status, edition, consultation_id) = (ReportBackStatus::Draft, 1, of.0.id);
        let made = Domain { id, consultation_id, kind, status, heard, themes, points, edition, published_at: None };
        let mut faults = reading.faults;
        faults.extend(made.check(&of.0.questions, of.1));
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl ReportBackCorrectionCreate {
    /// What the report-back says from now on, and why.
    pub(super) fn into_domain(
        self,
        old: &Domain,
        of: (&Consultation, &[Uuid]),
        new_id: &impl Fn() -> Uuid,
    ) -> Result<(Domain, klankbord_domain::Texts), Refusal> {
        let Self { reason, heard, themes, points, tell_again: _ } = self;
        let mut reading = Reading::default();
        let reason = reading.texts("/reason", reason);
        let content = ReportBackCreate { kind: old.kind, heard, themes, points };
        Ok((content.read(old.id, of, new_id, reading)?, reason))
    }
}

impl From<&Domain> for ReportBackCreate {
    fn from(one: &Domain) -> Self {
        let (themes, points) = (themes(&one.themes), points(&one.points));
        Self { kind: one.kind, heard: to_wire(&one.heard), themes, points }
    }
}

/// A report-back as somebody who stands so towards its consultation sees it.
pub(super) fn view(stored: &Stored<Domain>, roles: Roles) -> ReportBack {
    let one = &stored.value;
    let allowed_transitions = match one.kind {
        ReportBackKind::Interim => lifecycle::open_codes(one.status, roles),
        ReportBackKind::Final => Vec::new(),
    };
    ReportBack {
        id: one.id,
        consultation_id: one.consultation_id,
        content: one.into(),
        status: one.status,
        edition: one.edition,
        allowed_transitions,
        published_at: one.published_at,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}
