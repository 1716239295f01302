//! What a programme is on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::Refusal;
use klankbord_domain::programmes as domain;
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire};

/// One of the lines along which a programme works (pijler).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pillar {
    /// Its id; the service makes one when it is absent. Keep it in a change, for
    /// networks stand under it.
    id: Option<Uuid>,
    /// Its number.
    #[schema(minimum = 1, maximum = 1000, example = 1)]
    number: i32,
    /// Its name.
    #[schema(min_items = 1, max_items = 20)]
    name: Vec<TextVariant>,
}

/// What a phase brings forth.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Product {
    /// Its name.
    #[schema(min_items = 1, max_items = 20)]
    name: Vec<TextVariant>,
    /// The day on which it is promised.
    due_on: Option<NaiveDate>,
    /// The day on which it was there.
    delivered_on: Option<NaiveDate>,
    /// Where it can be read, https.
    #[schema(format = "uri", max_length = 500)]
    url: Option<String>,
}

/// A stretch of a programme (fase).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Phase {
    /// Its id; the service makes one when it is absent.
    id: Option<Uuid>,
    /// Its name.
    #[schema(min_items = 1, max_items = 20)]
    name: Vec<TextVariant>,
    /// Its first day.
    starts_on: Option<NaiveDate>,
    /// Its last day.
    ends_on: Option<NaiveDate>,
    /// What it brings forth.
    #[serde(default)]
    #[schema(max_items = 100)]
    products: Vec<Product>,
}

/// A moment to reach (mijlpaal).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Milestone {
    /// Its id; the service makes one when it is absent.
    id: Option<Uuid>,
    /// Its name.
    #[schema(min_items = 1, max_items = 20)]
    name: Vec<TextVariant>,
    /// The day on which it should be reached.
    due_on: Option<NaiveDate>,
    /// The day on which it was.
    reached_on: Option<NaiveDate>,
}

/// What a programme is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProgrammeCreate {
    /// The organisation that runs it.
    pub(super) host_id: Uuid,
    /// The organisation that asked for it.
    pub(super) commissioner_id: Option<Uuid>,
    /// The organisations that take part.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) partners: Vec<Uuid>,
    /// The organisations that answer together for its personal data (GDPR art. 26).
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) joint_controllers: Vec<Uuid>,
    /// Its name.
    #[schema(min_items = 1, max_items = 20)]
    name: Vec<TextVariant>,
    /// What it is, in a few lines.
    #[schema(min_items = 1, max_items = 20)]
    summary: Vec<TextVariant>,
    /// Its first day.
    starts_on: Option<NaiveDate>,
    /// Its last day.
    ends_on: Option<NaiveDate>,
    /// The lines along which it works.
    #[serde(default)]
    #[schema(max_items = 100)]
    pillars: Vec<Pillar>,
    /// The stretches in which it goes.
    #[serde(default)]
    #[schema(max_items = 100)]
    phases: Vec<Phase>,
    /// The moments to reach.
    #[serde(default)]
    #[schema(max_items = 100)]
    milestones: Vec<Milestone>,
}

patch_of!(
    /// What to change of a programme.
    ProgrammePatch of ProgrammeCreate, fixed "hostId"
);

/// A programme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Programme {
    /// Its id.
    pub(super) id: Uuid,
    #[serde(flatten)]
    content: ProgrammeCreate,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of programmes.
    ProgrammePage of Programme
);

impl ProgrammeCreate {
    /// The programme that it asks for; ids that it leaves out are made anew.
    ///
    /// # Errors
    /// All faults at once (400).
    pub(super) fn into_domain(self, id: Uuid, new_id: impl Fn() -> Uuid) -> Result<domain::Programme, Refusal> {
        let mut reading = Reading::default();
        let pillars = self.pillars.into_iter().enumerate().map(|(index, pillar)| domain::Pillar {
            id: pillar.id.unwrap_or_else(&new_id),
            number: pillar.number,
            name: reading.texts(&format!("/pillars/{index}/name"), pillar.name),
        });
        let pillars = pillars.collect();
        let phases = self.phases.into_iter().enumerate();
        let phases = phases.map(|(index, phase)| phase.into_domain(index, &new_id, &mut reading)).collect();
        let milestones = self.milestones.into_iter().enumerate().map(|(index, milestone)| domain::Milestone {
            id: milestone.id.unwrap_or_else(&new_id),
            name: reading.texts(&format!("/milestones/{index}/name"), milestone.name),
            due_on: milestone.due_on,
            reached_on: milestone.reached_on,
        });
        let milestones = milestones.collect();
        let made = domain::Programme {
            id,
            host_id: self.host_id,
            commissioner_id: self.commissioner_id,
            partners: self.partners,
            joint_controllers: self.joint_controllers,
            name: reading.texts("/name", self.name),
            summary: reading.texts("/summary", self.summary),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            pillars,
            phases,
            milestones,
        };
        let mut faults = reading.faults;
        faults.extend(made.check());
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl Phase {
    fn into_domain(self, index: usize, new_id: &impl Fn() -> Uuid, reading: &mut Reading) -> domain::Phase {
        let at = format!("/phases/{index}");
        let products = self.products.into_iter().enumerate().map(|(number, product)| domain::Product {
            name: reading.texts(&format!("{at}/products/{number}/name"), product.name),
            due_on: product.due_on,
            delivered_on: product.delivered_on,
            url: product.url,
        });
        let products = products.collect();
        domain::Phase {
            id: self.id.unwrap_or_else(new_id),
            name: reading.texts(&format!("{at}/name"), self.name),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            products,
        }
    }
}

impl From<domain::Programme> for ProgrammeCreate {
    fn from(programme: domain::Programme) -> Self {
        let pillars = programme.pillars.into_iter().map(|pillar| Pillar {
            id: Some(pillar.id),
            number: pillar.number,
            name: to_wire(&pillar.name),
        });
        let milestones = programme.milestones.into_iter().map(|milestone| Milestone {
            id: Some(milestone.id),
            name: to_wire(&milestone.name),
            due_on: milestone.due_on,
            reached_on: milestone.reached_on,
        });
        Self {
            host_id: programme.host_id,
            commissioner_id: programme.commissioner_id,
            partners: programme.partners,
            joint_controllers: programme.joint_controllers,
            name: to_wire(&programme.name),
            summary: to_wire(&programme.summary),
            starts_on: programme.starts_on,
            ends_on: programme.ends_on,
            pillars: pillars.collect(),
            phases: programme.phases.into_iter().map(Phase::from).collect(),
            milestones: milestones.collect(),
        }
    }
}

impl From<domain::Phase> for Phase {
    fn from(phase: domain::Phase) -> Self {
        let domain::Phase { id, name, starts_on, ends_on, products } = phase;
        let products = products.into_iter().map(|product| {
            let domain::Product { name, due_on, delivered_on, url } = product;
            Product { name: to_wire(&name), due_on, delivered_on, url }
        });
        Self { id: Some(id), name: to_wire(&name), starts_on, ends_on, products: products.collect() }
    }
}

/// A stored programme as clients see it.
pub(super) fn view(stored: Stored<domain::Programme>) -> Programme {
    let Stored { value, version: _, created_at, updated_at } = stored;
    Programme { id: value.id, content: value.into(), created_at, updated_at, etag: None }
}
