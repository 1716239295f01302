//! Networks as they go over the wire.

use chrono::{DateTime, Utc};
use klankbord_domain::networks::{
    CompositionTarget as DomainTarget, Network as Domain, NetworkKind, NetworkStatus, Perspective, Seat, Seats,
};
use klankbord_domain::policy::Roles;
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::Stored;
use klankbord_persistence::networks::network::NetworkFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

/// How many people a network hopes for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompositionTarget {
    /// Of which perspectives, taken together.
    #[schema(min_items = 1, max_items = 20, example = json!(["young_person"]))]
    pub(super) perspectives: Vec<Perspective>,
    /// How old they are at least, in years.
    #[schema(minimum = 0, maximum = 120)]
    pub(super) least_age: Option<i32>,
    /// How many people.
    #[schema(minimum = 1, maximum = 100_000, example = 10)]
    pub(super) target: i32,
}

/// Seats of one kind.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkSeat {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "Locatie Oost")]
    name: String,
    /// How many there are.
    #[schema(minimum = 1, maximum = 1000, example = 2)]
    count: i32,
}

/// What a network is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkCreate {
    /// The organisation that hosts it.
    pub(super) host_id: Uuid,
    /// The programme that it hangs under.
    pub(super) programme_id: Option<Uuid>,
    /// The network that it stands under: one that you lead, or one of your organisation.
    pub(super) parent_id: Option<Uuid>,
    /// The programme's pillar that it works on.
    pub(super) pillar_id: Option<Uuid>,
    /// What kind of group it is.
    #[schema(example = "learning_network")]
    pub(super) kind: NetworkKind,
    /// Its name.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) name: Vec<TextVariant>,
    /// What it is for.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) purpose: Vec<TextVariant>,
    /// The story that it tells of itself (kernverhaal).
    #[schema(min_items = 1, max_items = 20)]
    pub(super) core_story: Option<Vec<TextVariant>>,
    /// The organisations that take part, beside the host.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) partners: Vec<Uuid>,
    /// Texts to its people need a variant in plain language.
    #[serde(default)]
    pub(super) plain_language_required: bool,
    /// No figure about fewer people than this, also where the installation would
    /// show one. It only rises once the network is no draft.
    #[schema(minimum = 5, maximum = 1000)]
    pub(super) least_group: Option<i32>,
    /// How often somebody in it may be asked at most within the installation's window (a
    /// quarter, unless it says otherwise), whoever asks. Times.
    #[schema(minimum = 1, maximum = 1000, example = 2)]
    pub(super) ask_ceiling: Option<i32>,
    /// It wants to publish its composition as it is; that holds once those in
    /// small groups agreed.
    #[serde(default)]
    pub(super) publish_composition: bool,
    /// Whom it hopes for.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub(super) targets: Vec<CompositionTarget>,
    /// Its seats: of a location, of a group of clients. A membership names the one that it
    /// fills.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) seats: Vec<NetworkSeat>,
    /// How long a term is. Years.
    #[schema(minimum = 1, maximum = 20, example = 4)]
    pub(super) term_years: Option<i32>,
    /// How many terms somebody can have: who had them all isn't asked again.
    #[schema(minimum = 1, maximum = 20, example = 2)]
    pub(super) most_terms: Option<i32>,
}

patch_of!(
    /// What to change of a network.
    NetworkPatch of NetworkCreate, fixed "hostId"
);

/// People who participate together (netwerk).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// Its id.
    id: Uuid,
    #[serde(flatten)]
    content: NetworkCreate,
    /// Where it stands.
    status: NetworkStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["dormant", "closed"]))]
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
    /// A page of networks.
    NetworkPage of Network
);

/// Which networks to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct NetworkQuery {
    /// Only this organisation's.
    host_id: Option<Uuid>,
    /// Only those of this programme.
    programme_id: Option<Uuid>,
    /// Only those right under this network.
    parent_id: Option<Uuid>,
    /// Only these kinds.
    #[param(max_items = 20)]
    kind: Option<Vec<NetworkKind>>,
    /// Only those that stand so.
    #[param(max_items = 10)]
    status: Option<Vec<NetworkStatus>>,
}

impl From<NetworkQuery> for NetworkFilter {
    fn from(query: NetworkQuery) -> Self {
        let NetworkQuery { host_id, programme_id, parent_id, kind, status } = query;
        Self {
            host: host_id,
            programme: programme_id,
            parent: parent_id,
            kinds: kind.unwrap_or_default(),
            statuses: status.unwrap_or_default(),
        }
    }
}

impl From<CompositionTarget> for DomainTarget {
    fn from(target: CompositionTarget) -> Self {
        let CompositionTarget { perspectives, least_age, target } = target;
        Self { perspectives, least_age, target }
    }
}

impl From<DomainTarget> for CompositionTarget {
    fn from(target: DomainTarget) -> Self {
        let DomainTarget { perspectives, least_age, target } = target;
        Self { perspectives, least_age, target }
    }
}

impl NetworkCreate {
    /// The network that this describes.
    pub(super) fn into_domain(self, id: Uuid, status: NetworkStatus) -> Result<Domain, Refusal> {
        let mut reading = Reading::default();
        let made = Domain {
            id,
            host_id: self.host_id,
            programme_id: self.programme_id,
            parent_id: self.parent_id,
            pillar_id: self.pillar_id,
            kind: self.kind,
            name: reading.texts("/name", self.name),
            purpose: reading.texts("/purpose", self.purpose),
            core_story: reading.texts_or_none("/coreStory", self.core_story),
            partners: self.partners,
            plain_language_required: self.plain_language_required,
            least_group: self.least_group,
            ask_ceiling: self.ask_ceiling,
            publish_composition: self.publish_composition,
            targets: self.targets.into_iter().map(DomainTarget::from).collect(),
            seats: Seats {
                seats: self.seats.into_iter().map(|seat| Seat { name: seat.name, count: seat.count }).collect(),
                term_years: self.term_years,
                most_terms: self.most_terms,
            },
            status,
            started: false,
        };
        let mut faults = reading.faults;
        faults.extend(made.check());
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl From<Domain> for NetworkCreate {
    fn from(network: Domain) -> Self {
        Self {
            host_id: network.host_id,
            programme_id: network.programme_id,
            parent_id: network.parent_id,
            pillar_id: network.pillar_id,
            kind: network.kind,
            name: to_wire(&network.name),
            purpose: to_wire(&network.purpose),
            core_story: to_wire_or_none(network.core_story.as_ref()),
            partners: network.partners,
            plain_language_required: network.plain_language_required,
            least_group: network.least_group,
            ask_ceiling: network.ask_ceiling,
            publish_composition: network.publish_composition,
            targets: network.targets.into_iter().map(CompositionTarget::from).collect(),
            term_years: network.seats.term_years,
            most_terms: network.seats.most_terms,
            seats: network.seats.seats.into_iter().map(|Seat { name, count }| NetworkSeat { name, count }).collect(),
        }
    }
}

/// The network as somebody sees it who stands so towards it.
pub(super) fn view(stored: Stored<Domain>, roles: Roles) -> Network {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let (id, status) = (value.id, value.status);
    let allowed_transitions = lifecycle::open_codes(status, roles);
    Network { id, content: value.into(), status, allowed_transitions, created_at, updated_at, etag: None }
}
