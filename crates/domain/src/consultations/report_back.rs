//! What people hear back: what was heard, what is done with it, what not, why.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Consultation, ConsultationStatus, PointOutcome, Question, ReportBackKind, ReportBackStatus};
use crate::lifecycle::take;
use crate::networks::Rung;
use crate::policy::Roles;
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// How many points, and how many themes, a report-back can have.
const MOST: usize = 100;
/// How many versions of a report-back are published.
const MOST_VERSIONS: i32 = 20;

/// Something that comes back in what people said, by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its id; the same in every version.
    pub id: Uuid,
    /// What it is called.
    pub title: Texts,
}

/// One point that was heard, and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What was heard.
    pub text: Texts,
    /// Whether it is followed.
    pub outcome: PointOutcome,
    /// What is done with it.
    pub done: Option<Texts>,
    /// Why.
    pub reason: Option<Texts>,
    /// The questions on whose results it rests.
    pub question_ids: Vec<Uuid>,
    /// The themes on which it rests: named here, or put on what people wrote.
    pub theme_ids: Vec<Uuid>,
}

/// What people hear back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportBack {
    /// Its id.
    pub id: Uuid,
    /// Of which consultation.
    pub consultation_id: Uuid,
    /// On the way, or final.
    pub kind: ReportBackKind,
    /// Where it stands.
    pub status: ReportBackStatus,
    /// What was heard.
    pub heard: Texts,
    /// What came back in it.
    pub themes: Vec<Theme>,
    /// Point by point.
    pub points: Vec<Point>,
    /// Which version of what was published it is, from 1; a draft is the first.
    pub edition: i32,
    /// When people could read it first.
    pub published_at: Option<DateTime<Utc>>,
}

/// What publishing has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TellingFacts {
    /// What was promised.
    pub rung: Option<Rung>,
    /// A network asked demands plain-language variants.
    pub plain_language_required: bool,
}

impl ReportBack {
    /// What is wrong with it, to the questions that were asked, and to the themes that facilitators put on what
    /// people wrote (`coded`): `report_back.too_many_points`, `report_back.too_many_themes` (100 each),
    /// `theme.repeated`, `question.repeated`, `report_back.question_unknown`,
    /// `report_back.theme_unknown`.
    pub fn check(&self, questions: &[Question], coded: &[Uuid]) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.points.len() > MOST {
            faults.push(Fault::body("/points", "report_back.too_many_points"));
        }
        if self.themes.len() > MOST {
            faults.push(Fault::body("/themes", "report_back.too_many_themes"));
        }
        let themes: Vec<Uuid> = self.themes.iter().map(|theme| theme.id).collect();
        let questions: Vec<Uuid> = questions.iter().map(|question| question.id).collect();
        faults.extend(Fault::repeated(&themes, "/themes", "theme.repeated"));
        let themes = [&themes, coded].concat();
        for (at, point) in self.points.iter().enumerate() {
            let links = [
                ("questionIds", &point.question_ids, &questions, "question.repeated", "report_back.question_unknown"),
                ("themeIds", &point.theme_ids, &themes, "theme.repeated", "report_back.theme_unknown"),
            ];
            for (name, named, known, repeated, unknown) in links {
                let at = format!("/points/{at}/{name}");
                faults.extend(Fault::repeated(named, &at, repeated));
                let strange = named.iter().enumerate().filter(|(_, id)| !known.contains(id));
                faults.extend(strange.map(|(index, _)| Fault::body(format!("{at}/{index}"), unknown)));
            }
        }
        faults
    }

    /// Whether its content may still change: only a draft, while the
    /// consultation goes on.
    ///
    /// # Errors
    /// `report_back.published`, `consultation.ended` (409).
    pub fn may_change(&self, consultation: &Consultation) -> Result<(), Refusal> {
        match self.status {
            ReportBackStatus::Draft => Self::goes_on(consultation),
            ReportBackStatus::Published => Err(Refusal::Conflict("report_back.published")),
        }
    }

    /// Whether a consultation can get a report-back of this kind.
    ///
    /// # Errors
    /// `report_back.of_closing_round`, `report_back.not_opened` (nobody was asked yet),
    /// `consultation.ended`, `report_back.final_exists` (409).
    pub fn may_be_made(consultation: &Consultation, kind: ReportBackKind, has_final: bool) -> Result<(), Refusal> {
        if consultation.is_closing_round() {
            return Err(Refusal::Conflict("report_back.of_closing_round"));
        }
        match consultation.status {
            ConsultationStatus::Draft => Err(Refusal::Conflict("report_back.not_opened")),
            ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => {
                Err(Refusal::Conflict("consultation.ended"))
            }
            ConsultationStatus::Open | ConsultationStatus::Closed => {
                let twice = has_final && kind == ReportBackKind::Final;
                if twice { Err(Refusal::Conflict("report_back.final_exists")) } else { Ok(()) }
            }
        }
    }

    fn goes_on(consultation: &Consultation) -> Result<(), Refusal> {
        match consultation.status {
            ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => {
                Err(Refusal::Conflict("consultation.ended"))
            }
            ConsultationStatus::Draft | ConsultationStatus::Open | ConsultationStatus::Closed => Ok(()),
        }
    }

    /// Publishes an interim report-back; the final one is published by
    /// concluding the consultation.
    ///
    /// # Errors
    /// What [`take`] refuses; `consultation.ended`, `report_back.final_by_concluding`
    /// (409); [`Refusal::Incomplete`] with what it lacks ([`Self::missing`]).
    pub fn publish(
        &self,
        to: ReportBackStatus,
        (consultation, plain_language_required): (&Consultation, bool),
        roles: Roles,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let status = take(self.status, to, roles, None)?;
        Self::goes_on(consultation)?;
        if self.kind == ReportBackKind::Final {
            return Err(Refusal::Conflict("report_back.final_by_concluding"));
        }
        complete(self.missing(TellingFacts { rung: consultation.rung, plain_language_required }))?;
        Ok(Self { status, published_at: Some(now), ..self.clone() })
    }

    /// A new version of what was published, of the same kind and with what the new
    /// content says. What stood there before stays to be read. This also goes once the
    /// consultation ended.
    ///
    /// # Errors
    /// `report_back.not_published`, `consultation.ended` (it was called off),
    /// `report_back.too_many_versions` (20), `report_back.unchanged` (409);
    /// [`Refusal::Incomplete`] with what it lacks ([`Self::missing`]).
    pub fn corrected(&self, content: Self, of: &Consultation, plain: bool) -> Result<Self, Refusal> {
        if self.status != ReportBackStatus::Published {
            return Err(Refusal::Conflict("report_back.not_published"));
        }
        if of.status == ConsultationStatus::Withdrawn {
            return Err(Refusal::Conflict("consultation.ended"));
        }
        if self.edition >= MOST_VERSIONS {
            return Err(Refusal::Conflict("report_back.too_many_versions"));
        }
        let Self { heard, themes, points, .. } = content;
        let next = Self { heard: self.heard.revised(heard), themes, points, edition: self.edition + 1, ..self.clone() };
        if (&next.heard, &next.themes, &next.points) == (&self.heard, &self.themes, &self.points) {
            return Err(Refusal::Conflict("report_back.unchanged"));
        }
        complete(next.missing(TellingFacts { rung: of.rung, plain_language_required: plain }))?;
        Ok(next)
    }

    /// The final report-back as concluding publishes it.
    pub(super) fn concluding(&self, roles: Roles, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let status = take(self.status, ReportBackStatus::Published, roles, None)?;
        Ok(Self { status, published_at: Some(now), ..self.clone() })
    }

    /// What it lacks for people to read it: `report_back.ground_missing` (a point rests
    /// on a question's results or on a theme), `report_back.reason_missing` (from
    /// `advise` up, why a point isn't followed, or not wholly), `report_back.undecided`
    /// (in a final one, what is done with each point), `text.plain_missing`.
    pub(super) fn missing(&self, facts: TellingFacts) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, point) in self.points.iter().enumerate() {
            let reasoned = match point.outcome {
                PointOutcome::Followed | PointOutcome::Heard => true,
                PointOutcome::PartlyFollowed | PointOutcome::NotFollowed => point.reason.is_some(),
            };
            let wanting = [
                ("", "report_back.ground_missing", point.question_ids.is_empty() && point.theme_ids.is_empty()),
                ("/reason", "report_back.reason_missing", facts.rung >= Some(Rung::Advise) && !reasoned),
                (
                    "/outcome",
                    "report_back.undecided",
                    self.kind == ReportBackKind::Final && !point.outcome.is_decided(),
                ),
            ];
            let wanting = wanting.into_iter().filter(|(_, _, wanting)| *wanting);
            faults.extend(wanting.map(|(field, code, _)| Fault::resource(format!("/points/{at}{field}"), code)));
        }
        if facts.plain_language_required {
            let hard = self.texts().into_iter().filter(|(_, text)| !text.has_plain());
            faults.extend(hard.map(|(at, _)| Fault::resource(at, "text.plain_missing")));
        }
        faults
    }

    /// Everything in it that people read, with where it stands.
    fn texts(&self) -> Vec<(String, &Texts)> {
        let mut texts = vec![("/heard".to_owned(), &self.heard)];
        texts.extend(self.themes.iter().enumerate().map(|(at, theme)| (format!("/themes/{at}/title"), &theme.title)));
        for (at, point) in self.points.iter().enumerate() {
            texts.push((format!("/points/{at}/text"), &point.text));
            texts.extend(point.done.iter().map(|text| (format!("/points/{at}/done"), text)));
            texts.extend(point.reason.iter().map(|text| (format!("/points/{at}/reason"), text)));
        }
        texts
    }
}

/// Refuses what lacks something.
pub(super) fn complete(mut faults: Vec<Fault>) -> Result<(), Refusal> {
    faults.sort();
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Incomplete(faults)) }
}

#[cfg(test)]
mod tests;
