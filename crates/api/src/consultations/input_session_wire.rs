//! Input sessions, and what was said in them, as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::Fault;
use klankbord_domain::consultations::{
    Attendance as DomainAttendance, InputSession as Domain, SessionMethod, SessionNote as DomainNote, ShownAttendance,
};
use klankbord_domain::networks::Perspective;
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::cell::Cell;
use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire};

/// How many took part from one perspective.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionAttendance {
    /// From which perspective.
    perspective: Perspective,
    /// How many. Persons.
    #[schema(minimum = 1, maximum = 10_000, example = 12)]
    people: i32,
}

/// How many took part from one perspective, as far as it may be shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceCount {
    /// From which perspective.
    perspective: Perspective,
    /// How many.
    count: Cell,
}

/// What an input session is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InputSessionCreate {
    /// What it is called.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// How people talked.
    method: SessionMethod,
    /// On which day; not one to come.
    #[schema(example = "2026-11-12")]
    held_on: NaiveDate,
    /// Where: a neighbourhood, a building. Nobody's address.
    #[schema(min_length = 1, max_length = 200, example = "Buurthuis De Brug")]
    place: Option<String>,
    /// Who took part, in numbers; never by name.
    #[serde(default)]
    #[schema(max_items = 20)]
    attendance: Vec<SessionAttendance>,
}

patch_of!(
    /// What to change of an input session.
    InputSessionPatch of InputSessionCreate
);

/// An input session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputSession {
    /// Its id.
    id: Uuid,
    /// About which consultation.
    consultation_id: Uuid,
    /// What it is called.
    #[schema(max_items = 20)]
    title: Vec<TextVariant>,
    /// How people talked.
    method: SessionMethod,
    /// On which day.
    held_on: NaiveDate,
    /// Where.
    #[schema(max_length = 200)]
    place: Option<String>,
    /// Who took part, as it was written down: for the facilitators.
    #[schema(max_items = 20)]
    attendance: Option<Vec<SessionAttendance>>,
    /// How many took part.
    people: Cell,
    /// The same by perspective.
    #[schema(max_items = 20)]
    perspectives: Vec<AttendanceCount>,
    /// When it was written down.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of input sessions.
    InputSessionPage of InputSession
);

/// What a note is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionNoteCreate {
    /// To which question; where it isn't said, to none of them.
    #[schema(example = json!("0197c000-0000-7000-8000-000a00000001"))]
    question_id: Option<Uuid>,
    /// What was said, without who said it, and without what tells it.
    #[schema(min_length = 1, max_length = 4000, example = "Ouders willen één vast gezicht.")]
    text: String,
    /// In which language (BCP 47).
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: String,
}

patch_of!(
    /// What to change of a note.
    SessionNotePatch of SessionNoteCreate
);

/// Something that was said in an input session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionNote {
    /// Its id.
    id: Uuid,
    /// In which session.
    session_id: Uuid,
    #[serde(flatten)]
    content: SessionNoteCreate,
    /// When it was written down.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of what was said.
    SessionNotePage of SessionNote
);

impl From<&Domain> for InputSessionCreate {
    fn from(session: &Domain) -> Self {
        Self {
            title: to_wire(&session.title),
            method: session.method,
            held_on: session.held_on,
            place: session.place.clone(),
            attendance: attended(session),
        }
    }
}

fn attended(session: &Domain) -> Vec<SessionAttendance> {
    let one = |one: &DomainAttendance| SessionAttendance { perspective: one.perspective, people: one.people };
    session.attendance.iter().map(one).collect()
}

impl InputSessionCreate {
    /// The session that this says, on this day, and what is wrong with it.
    pub(super) fn into_domain(self, (id, consultation_id): (Uuid, Uuid), today: NaiveDate) -> (Domain, Vec<Fault>) {
        let mut reading = Reading::default();
        let one = |one: SessionAttendance| DomainAttendance { perspective: one.perspective, people: one.people };
        let made = Domain {
            id,
            consultation_id,
            title: reading.texts("/title", self.title),
            method: self.method,
            held_on: self.held_on,
            place: self.place,
            attendance: self.attendance.into_iter().map(one).collect(),
        };
        let mut faults = reading.faults;
        faults.extend(made.check(today));
        (made, faults)
    }
}

impl From<&DomainNote> for SessionNoteCreate {
    fn from(note: &DomainNote) -> Self {
        Self { question_id: note.question_id, text: note.text.clone(), language: note.language.clone() }
    }
}

impl SessionNoteCreate {
    /// The note that this says.
    pub(super) fn into_domain(self, id: Uuid, session_id: Uuid) -> DomainNote {
        DomainNote { id, session_id, question_id: self.question_id, text: self.text, language: self.language }
    }
}

/// A session to who gets no figure of fewer than so many people; to a facilitator as it was written down, too.
pub(super) fn view(stored: &Stored<Domain>, minimum: i64, facilitates: bool) -> InputSession {
    let session = &stored.value;
    let ShownAttendance { people, perspectives } = session.shown(minimum);
    let count = |(perspective, cell): (Perspective, klankbord_domain::Cell)| AttendanceCount {
        perspective,
        count: cell.into(),
    };
    InputSession {
        id: session.id,
        consultation_id: session.consultation_id,
        title: to_wire(&session.title),
        method: session.method,
        held_on: session.held_on,
        place: session.place.clone(),
        attendance: facilitates.then(|| attended(session)),
        people: people.into(),
        perspectives: perspectives.into_iter().map(count).collect(),
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}

/// A note.
pub(super) fn view_note(stored: &Stored<DomainNote>) -> SessionNote {
    SessionNote {
        id: stored.value.id,
        session_id: stored.value.session_id,
        content: SessionNoteCreate::from(&stored.value),
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}
