//! What people hear back: what was heard, what is done with it, what not, why.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Consultation, ConsultationStatus, PointOutcome, ReportBackKind, ReportBackStatus};
use crate::lifecycle::take;
use crate::networks::Rung;
use crate::policy::Roles;
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// How many points a report-back can have.
const MOST_POINTS: usize = 100;

/// One point that was heard, and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What was heard.
    pub text: Texts,
    /// What is done with it.
    pub outcome: PointOutcome,
    /// Why.
    pub reason: Option<Texts>,
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
    /// Point by point.
    pub points: Vec<Point>,
    /// When people could read it.
    pub published_at: Option<DateTime<Utc>>,
}

impl ReportBack {
    /// What is wrong with it: `report_back.too_many_points` (100).
    pub fn check(&self) -> Vec<Fault> {
        let many = self.points.len() > MOST_POINTS;
        many.then(|| Fault::body("/points", "report_back.too_many_points")).into_iter().collect()
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
    /// `report_back.not_opened` (nobody was asked yet), `consultation.ended`,
    /// `report_back.final_exists` (409).
    pub fn may_be_made(consultation: &Consultation, kind: ReportBackKind, has_final: bool) -> Result<(), Refusal> {
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
    /// What [`take`] refuses; `consultation.ended`,
    /// `report_back.final_by_concluding` (409).
    pub fn publish(
        &self,
        to: ReportBackStatus,
        consultation: &Consultation,
        roles: Roles,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let status = take(self.status, to, roles, None)?;
        Self::goes_on(consultation)?;
        match self.kind {
            ReportBackKind::Interim => Ok(Self { status, published_at: Some(now), ..self.clone() }),
            ReportBackKind::Final => Err(Refusal::Conflict("report_back.final_by_concluding")),
        }
    }

    /// The final report-back as concluding publishes it.
    pub(super) fn concluding(&self, roles: Roles, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let status = take(self.status, ReportBackStatus::Published, roles, None)?;
        Ok(Self { status, published_at: Some(now), ..self.clone() })
    }

    /// What it still lacks under this promise: from `advise` up, why a point
    /// isn't followed, or not wholly.
    pub(super) fn missing(&self, rung: Option<Rung>) -> Vec<Fault> {
        if rung < Some(Rung::Advise) {
            return Vec::new();
        }
        let unexplained = |point: &Point| match point.outcome {
            PointOutcome::Followed => false,
            PointOutcome::PartlyFollowed | PointOutcome::NotFollowed => point.reason.is_none(),
        };
        let points = self.points.iter().enumerate().filter(|(_, point)| unexplained(point));
        points.map(|(at, _)| Fault::resource(format!("/points/{at}/reason"), "report_back.reason_missing")).collect()
    }
}
