//! Questions of the library as they go over the wire.

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::{
    LibraryQuestion as Domain, LibraryQuestionStatus, Question as Asked, QuestionKindCode,
};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::policy::Roles;
use klankbord_domain::{Fault, Refusal, Texts};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::question::Question;
use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

/// What a question of the library is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LibraryQuestionCreate {
    /// Whose it is.
    pub(super) organisation_id: Uuid,
    /// What it is called, for who looks for it.
    #[schema(min_items = 1, max_items = 20)]
    name: Vec<TextVariant>,
    /// When to ask it, and how to read what comes of it.
    #[schema(min_items = 1, max_items = 20)]
    guidance: Option<Vec<TextVariant>>,
    /// Where it comes from: a questionnaire, a study.
    #[schema(min_length = 1, max_length = 500, example = "Eigen vragenlijst, 2026")]
    source: Option<String>,
    /// The one in whose place it comes: of the same organisation, and no draft.
    #[schema(example = json!("0197c000-0000-7000-8000-006500000001"))]
    pub(super) replaces_id: Option<Uuid>,
    /// Whether other organisations find it, too, once it is published.
    #[serde(default)]
    shared: bool,
    /// The question. Its id is made by the service; a consultation whose question has that id asks this one, in
    /// these words, so that results can be held beside each other. Whether it can be left open is the
    /// consultation's to say.
    question: Question,
}

patch_of!(
    /// What to change of a question of the library.
    LibraryQuestionPatch of LibraryQuestionCreate, fixed "organisationId"
);

/// A question of the library.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LibraryQuestion {
    /// Its id.
    id: Uuid,
    #[serde(flatten)]
    content: LibraryQuestionCreate,
    /// Where it stands.
    status: LibraryQuestionStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["retired"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of questions of the library.
    LibraryQuestionPage of LibraryQuestion
);

/// Which questions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct LibraryQuestionQuery {
    /// Only this organisation's.
    pub(super) organisation_id: Option<Uuid>,
    /// Only in these states.
    #[param(max_items = 3)]
    pub(super) status: Option<Vec<LibraryQuestionStatus>>,
    /// Only of these kinds.
    #[param(max_items = 20)]
    pub(super) kind: Option<Vec<QuestionKindCode>>,
}

impl From<&Domain> for LibraryQuestionCreate {
    fn from(kept: &Domain) -> Self {
        Self {
            organisation_id: kept.organisation_id,
            name: to_wire(&kept.name),
            guidance: to_wire_or_none(kept.guidance.as_ref()),
            source: kept.source.clone(),
            replaces_id: kept.replaces_id,
            shared: kept.shared,
            question: Question::from(&kept.question),
        }
    }
}

impl LibraryQuestionCreate {
    /// A draft with this content, and the faults of its texts. Ids that aren't given come from `new_id`.
    pub(super) fn into_domain(self, id: Uuid, new_id: &impl Fn() -> Uuid) -> (Domain, Vec<Fault>) {
        let mut reading = Reading::default();
        let made = Domain {
            id,
            organisation_id: self.organisation_id,
            name: reading.texts("/name", self.name),
            guidance: reading.texts_or_none("/guidance", self.guidance),
            source: self.source,
            replaces_id: self.replaces_id,
            shared: self.shared,
            question: Asked { id: new_id(), ..self.question.into_domain("/question", &mut reading, new_id) },
            status: LibraryQuestionStatus::Draft,
        };
        (made, reading.faults)
    }

    /// What it is with this content in the place of what it was.
    pub(super) fn over(self, old: &Domain, new_id: &impl Fn() -> Uuid) -> Result<Domain, Refusal> {
        let (mut wanted, faults) = self.into_domain(old.id, new_id);
        Refusal::unless_clean(faults)?;
        wanted.name = old.name.revised(wanted.name);
        wanted.guidance = Texts::revised_or_none(old.guidance.as_ref(), wanted.guidance);
        wanted.question.id = old.question.id;
        wanted.question.prompt = old.question.prompt.revised(wanted.question.prompt);
        old.change(wanted)
    }
}

/// A question as somebody with these roles sees it.
pub(super) fn view(stored: &Stored<Domain>, roles: Roles) -> LibraryQuestion {
    let kept = &stored.value;
    LibraryQuestion {
        id: kept.id,
        content: LibraryQuestionCreate::from(kept),
        status: kept.status,
        allowed_transitions: open_codes(kept.status, roles),
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}
