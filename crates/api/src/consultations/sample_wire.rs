//! Samples on the wire.

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::{Allocation, Plan, Stratum as Domain, StratumBy, left_out_cells};
use klankbord_domain::networks::Perspective;
use klankbord_domain::participants::{AgeBand, Channel};
use klankbord_persistence::consultations::sample::Sample;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::cell::Cell;
use crate::web::page::page;

/// A part of an audience: what it is divided by, and nothing else. Of who is divided by age
/// and has none that is known, `ageBand` is absent.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"channel": "phone"}))]
pub struct AudienceStratum {
    /// From where they take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    perspective: Option<Perspective>,
    /// How old they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_band: Option<AgeBand>,
    /// In which network; of who is in several the first that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) network_id: Option<Uuid>,
    /// Which organisation registered them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) organisation_id: Option<Uuid>,
    /// How they want to be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
}

impl From<AudienceStratum> for Domain {
    fn from(wire: AudienceStratum) -> Self {
        let AudienceStratum { perspective, age_band, network_id, organisation_id, channel } = wire;
        Self { perspective, age_band, network_id, organisation_id, channel }
    }
}

impl From<Domain> for AudienceStratum {
    fn from(stratum: Domain) -> Self {
        let Domain { perspective, age_band, network_id, organisation_id, channel } = stratum;
        Self { perspective, age_band, network_id, organisation_id, channel }
    }
}

/// How many people of a part of the audience are wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SampleQuota {
    /// Which part.
    pub(super) stratum: AudienceStratum,
    /// How many.
    #[schema(minimum = 0, maximum = 100_000, example = 20)]
    target: i32,
}

/// A sample to draw.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsultationSampleCreate {
    /// By what the audience is divided; by nothing: it is one.
    #[serde(default)]
    #[schema(max_items = 5, example = json!(["channel"]))]
    by: Vec<StratumBy>,
    /// How the sample is divided over the parts.
    #[schema(example = "equal")]
    allocation: Allocation,
    /// How many people in all, unless the numbers are given.
    #[schema(minimum = 1, maximum = 100_000, example = 60)]
    pub(super) size: Option<i32>,
    /// How many of each part, where `allocation` is `given`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub(super) quotas: Vec<SampleQuota>,
    /// What decides who is drawn; the service makes one where it isn't said. The same seed
    /// draws the same people from the same audience.
    #[schema(min_length = 1, max_length = 100, example = "panel-najaar")]
    pub(super) seed: Option<String>,
}

impl ConsultationSampleCreate {
    /// How it is to be drawn.
    pub(super) fn plan(&self) -> Plan {
        let quotas = self.quotas.iter().map(|one| (one.stratum.into(), i64::from(one.target))).collect();
        Plan { by: self.by.clone(), allocation: self.allocation, size: self.size.map(i64::from), quotas }
    }
}

/// How many more to draw from a part of the audience.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StratumTopUp {
    /// Which part, by its number in the sample.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    pub(super) number: i32,
    /// How many more.
    #[schema(minimum = 1, maximum = 10_000, example = 5)]
    pub(super) more: i32,
}

/// How many more people to draw.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SampleTopUpCreate {
    /// From which parts.
    #[schema(min_items = 1, max_items = 100)]
    pub(super) strata: Vec<StratumTopUp>,
}

/// A part of an audience, and what was drawn from it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SampleStratum {
    /// Its number in the sample.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    number: i64,
    /// Which part.
    stratum: AudienceStratum,
    /// How many people in it could be asked when it was drawn.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 54)]
    frame: i64,
    /// How many were wanted.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 20)]
    target: i64,
    /// How many were drawn so far.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 20)]
    drawn: i64,
    /// How many that falls short of what was wanted.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 0)]
    short: i64,
}

/// How many people in the audience could not be drawn, and why; one reason each, the first
/// that holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SampleLeftOut {
    /// They object, or what is known of them is restricted.
    objection: Cell,
    /// They don't consent to taking part where that is asked.
    no_consent: Cell,
    /// They were asked often enough lately.
    burden: Cell,
}

/// How a sample was drawn (steekproef).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationSample {
    /// Its id.
    id: Uuid,
    /// The consultation.
    consultation_id: Uuid,
    /// By what the audience was divided.
    #[schema(max_items = 5, example = json!(["channel"]))]
    by: Vec<StratumBy>,
    /// How it was divided over the parts.
    #[schema(example = "equal")]
    allocation: Allocation,
    /// How many people were wanted in all, unless the numbers were given.
    #[schema(minimum = 1, maximum = 100_000, example = 60)]
    size: Option<i32>,
    /// What decided who was drawn: the turn of each person in their part is the SHA-256 of
    /// this, a zero byte and the 16 bytes of their id; the lowest come first.
    #[schema(max_length = 100, example = "panel-najaar")]
    seed: String,
    /// Whether whoever drew it chose that.
    #[schema(example = true)]
    seed_given: bool,
    /// How many people could be drawn.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 160)]
    frame: i32,
    /// Who could not.
    left_out: SampleLeftOut,
    /// The parts.
    #[schema(max_items = 100)]
    strata: Vec<SampleStratum>,
    /// How often was drawn: once, and each time that more were.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    draws: i32,
    /// When.
    drawn_at: DateTime<Utc>,
    /// The account that did.
    drawn_by: Option<Uuid>,
}

page!(
    /// A page of samples.
    ConsultationSamplePage of ConsultationSample
);

impl ConsultationSample {
    /// A sample, with why people were left out as far as groups of this many allow.
    pub(super) fn of(kept: Sample, minimum: i64) -> Self {
        let [objection, no_consent, burden] = left_out_cells(kept.left_out.map(i64::from), minimum);
        let left_out =
            SampleLeftOut { objection: objection.into(), no_consent: no_consent.into(), burden: burden.into() };
        let strata = kept.strata.into_iter().zip(1..).map(|(one, number)| SampleStratum {
            number,
            stratum: one.stratum.into(),
            frame: one.frame,
            target: one.target,
            drawn: one.drawn,
            short: (one.target - one.drawn).max(0),
        });
        Self {
            id: kept.id,
            consultation_id: kept.consultation_id,
            by: kept.by,
            allocation: kept.allocation,
            size: kept.size,
            seed: kept.seed,
            seed_given: kept.seed_given,
            frame: kept.frame,
            left_out,
            strata: strata.collect(),
            draws: kept.draws,
            drawn_at: kept.drawn_at,
            drawn_by: kept.drawn_by,
        }
    }
}
