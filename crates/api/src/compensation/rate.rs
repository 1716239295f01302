//! Rates: what is given for an hour, a meeting, a kilometre.

use actix_web::{get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::compensation::{
    APPROVERS, Ceiling, ClaimBasis, Rate as Domain, RateUnit, Training, operations as op,
};
use klankbord_domain::networks::{INSIDERS, Perspective};
use klankbord_domain::policy::{Place, Standing};
use klankbord_persistence::compensation::rate::{self, RateFilter};
use klankbord_persistence::networks::network;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::membership;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::participants::membership_place;
use crate::web::call::unknown_reference;
use crate::web::page::{Ordering, Paging, page};
use crate::web::patch::{self, patch_of};
use crate::web::text::{Reading, TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// What a rate is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompensationRateCreate {
    /// The one network that it is for; absent: all networks that the organisation hosts.
    /// It never changes.
    network_id: Option<Uuid>,
    /// What it is called.
    #[schema(min_items = 1, max_items = 20)]
    name: Vec<TextVariant>,
    /// For what. It never changes.
    #[schema(example = "hour")]
    unit: RateUnit,
    /// On what footing. It never changes. Kilometres are costs.
    #[schema(example = "volunteer_allowance")]
    basis: ClaimBasis,
    /// What is given for one, in cents. It never changes: set a new rate, and end
    /// this one.
    #[schema(minimum = 1, maximum = 1_000_000, example = 560)]
    cents: i64,
    /// For whom; empty: whatever their perspective. It never changes.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["parent"]))]
    perspectives: Vec<Perspective>,
    /// For whom, by training; absent: either. It never changes.
    training: Option<Training>,
    /// The first day. It never changes.
    #[schema(example = "2026-01-01")]
    starts_on: NaiveDate,
    /// The last day, where it is known.
    ends_on: Option<NaiveDate>,
    /// Within how many days after a claim is handed in the money comes. It never changes.
    #[schema(minimum = 1, maximum = 365, example = 30)]
    days_to_payment: i32,
    /// Why it is higher than the norm; needed where an hour of a volunteer's
    /// allowance is.
    #[schema(min_length = 1, max_length = 2000)]
    reason: Option<String>,
}

patch_of!(
    /// What to change of a rate.
    CompensationRatePatch of CompensationRateCreate,
    fixed "networkId", "unit", "basis", "cents", "perspectives", "training", "startsOn", "daysToPayment"
);

/// A rate (tarief).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompensationRate {
    /// Its id.
    id: Uuid,
    /// The organisation that pays.
    organisation_id: Uuid,
    #[serde(flatten)]
    content: CompensationRateCreate,
    /// Whether an hour gives more than the norm of the year in which it starts.
    #[schema(example = false)]
    above_norm: bool,
    /// When it was set.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of rates.
    CompensationRatePage of CompensationRate
);

/// Which rates to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct CompensationRateQuery {
    /// Only those of this network alone.
    network_id: Option<Uuid>,
}

impl CompensationRateCreate {
    fn into_domain(
        self,
        (id, organisation_id): (Uuid, Uuid),
        (old, ceilings): (Option<&Domain>, &[Ceiling]),
    ) -> Result<Domain, Refusal> {
        let Self {
            network_id,
            name,
            unit,
            basis,
            cents,
            perspectives,
            training,
            starts_on,
            ends_on,
            days_to_payment,
            reason,
        } = self;
        let mut reading = Reading::default();
        let name = reading.texts("/name", name);
        let name = old.map_or(name.clone(), |old| old.name.revised(name));
        let made = Domain {
            id,
            organisation_id,
            network_id,
            name,
            unit,
            basis,
            cents,
            perspectives,
            training,
            starts_on,
            ends_on,
            days_to_payment,
            reason,
        };
        let mut faults = reading.faults;
        faults.extend(made.check(ceilings));
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl From<Domain> for CompensationRateCreate {
    fn from(rate: Domain) -> Self {
        let Domain { network_id, name, unit, basis, cents, perspectives, training, starts_on, ends_on, .. } = rate;
        Self {
            network_id,
            name: to_wire(&name),
            unit,
            basis,
            cents,
            perspectives,
            training,
            starts_on,
            ends_on,
            days_to_payment: rate.days_to_payment,
            reason: rate.reason,
        }
    }
}

fn view(stored: Stored<Domain>, ceilings: &[Ceiling]) -> CompensationRate {
    let Stored { value, version: _, created_at, updated_at } = stored;
    CompensationRate {
        id: value.id,
        organisation_id: value.organisation_id,
        above_norm: value.is_above_norm(ceilings),
        content: value.into(),
        created_at,
        updated_at,
        etag: None,
    }
}

/// List an organisation's rates
///
/// Those for all its networks, and those of networks that you are in or pay for.
#[utoipa::path(operation_id = "listCompensationRates", tag = "Compensation",
    params(CompensationRateQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = CompensationRatePage)))]
#[get("/organisations/{organisationId}/compensation-rates")]
pub(super) async fn list_compensation_rates(call: Call<op::ListCompensationRates>) -> Result<Answer, Problem> {
    let id = call.id("organisationId")?;
    organisation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&Place::of_organisation(id))?;
    let (query, request) = call.listing::<CompensationRateQuery>()?;
    let payers = call.caller().organisations_of(&[Standing::Manager, Standing::Officer]);
    let filter = RateFilter {
        networks: network::reach(call.reader(), call.caller().networks_of(INSIDERS)).await?,
        all_networks: payers.contains(&id),
        network: query.network_id,
    };
    let page = rate::list(call.reader(), id, &filter, &request).await?;
    let ceilings = call.app.config.compensation.ceilings();
    call.page(page.map(|found| view(found, &ceilings)))
}

/// Set a rate
///
/// For all networks of the organisation, or for one. An hour of a volunteer's
/// allowance above the norm of its year needs a reason. A council's own rates are
/// set by its chair or secretary.
#[utoipa::path(operation_id = "createCompensationRate", tag = "Compensation", request_body = CompensationRateCreate,
    responses((status = 201, description = "Set", body = CompensationRate)))]
#[post("/organisations/{organisationId}/compensation-rates")]
pub(super) async fn create_compensation_rate(call: Call<op::CreateCompensationRate>) -> Result<Answer, Problem> {
    let new: CompensationRateCreate = call.body()?;
    let input = (call.id("organisationId")?, new, call.app.config.compensation.ceilings());
    call.command(input, |tx, (id, new, ceilings)| create(tx, *id, new, ceilings).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &CompensationRateCreate, ceilings: &[Ceiling]) -> Result<Answer, Failure> {
    organisation::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    let place = place(tx, id, new.network_id).await?;
    tx.authorise(place.as_ref().unwrap_or(&Place::of_organisation(id))).await?;
    if place.is_none() {
        return Err(unknown_reference("/networkId").into());
    }
    let made = new.clone().into_domain((tx.new_id(), id), (None, ceilings))?;
    let stored = rate::insert(tx, made).await?;
    let location = format!("/v1/compensation-rates/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, ceilings)))
}

/// Where a rate stands: with its organisation, or in its network; none where that
/// is no network of the organisation that the caller may know of.
async fn place(tx: &Tx, organisation: Uuid, network: Option<Uuid>) -> Result<Option<Place>, Failure> {
    let Some(id) = network else { return Ok(Some(Place::of_organisation(organisation))) };
    let Some(found) = network::find(tx, id).await? else { return Ok(None) };
    let place = network::place(tx, &found.value).await?;
    let known = found.value.host_id == organisation && found.value.may_be_seen(tx.caller(), &place);
    Ok(known.then_some(place))
}

/// Where a rate that is there stands.
async fn place_of(source: &impl Source, rate: &Domain) -> Result<Place, Failure> {
    let Some(id) = rate.network_id else { return Ok(Place::of_organisation(rate.organisation_id)) };
    let found = network::find(source, id).await?;
    let found = found.ok_or_else(|| Failure::Broken(format!("rate {} has no network", rate.id)))?;
    network::place(source, &found.value).await
}

/// Read a rate
#[utoipa::path(operation_id = "getCompensationRate", tag = "Compensation",
    responses((status = 200, description = "The rate", body = CompensationRate)))]
#[get("/compensation-rates/{compensationRateId}")]
pub(super) async fn get_compensation_rate(call: Call<op::GetCompensationRate>) -> Result<Answer, Problem> {
    let found = rate::find(call.reader(), call.id("compensationRateId")?).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&place_of(call.reader(), &found.value).await?)?;
    if found.value.network_id.is_some() && !permit.roles().has_any(INSIDERS) && !permit.roles().has_any(APPROVERS) {
        return Err(Refusal::Hidden.into());
    }
    Ok(Answer::resource(found.version, &view(found, &call.app.config.compensation.ceilings())))
}

/// Change a rate
///
/// Its name, its reason, its last day. Another amount is another rate.
#[utoipa::path(operation_id = "updateCompensationRate", tag = "Compensation", request_body(
    content((CompensationRatePatch = "application/merge-patch+json", example = json!({"endsOn": "2027-12-31"})),
        (CompensationRatePatch = "application/json", example = json!({"endsOn": "2027-12-31"})))),
    responses((status = 200, description = "Changed", body = CompensationRate)))]
#[patch("/compensation-rates/{compensationRateId}")]
pub(super) async fn update_compensation_rate(call: Call<op::UpdateCompensationRate>) -> Result<Answer, Problem> {
    let changes: Value = call.body()?;
    let input = (call.id("compensationRateId")?, changes, call.app.config.compensation.ceilings());
    call.command(input, |tx, (id, changes, ceilings)| update(tx, *id, changes, ceilings).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, changes: &Value, ceilings: &[Ceiling]) -> Result<Answer, Failure> {
    let found = rate::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let place = place_of(tx, &found.value).await?;
    let outside = found.value.network_id.is_some() && !place.roles_of(tx.caller()).has_any(INSIDERS);
    if outside && !place.roles_of(tx.caller()).has_any(APPROVERS) {
        return Err(Refusal::Hidden.into());
    }
    tx.authorise(&place).await?;
    let content: CompensationRateCreate = patch::apply(&CompensationRateCreate::from(found.value.clone()), changes)?;
    let next = content.into_domain((id, found.value.organisation_id), (Some(&found.value), ceilings))?;
    tx.fresh(found.version)?;
    let stored = rate::save(tx, found.with(next)).await?;
    Ok(Answer::resource(stored.version, &view(stored, ceilings)))
}

/// List the rates of a membership
///
/// What its network's host gives there, in an invitation already; the newest last.
/// Whom a rate is for stands in it.
#[utoipa::path(operation_id = "listMembershipRates", tag = "Compensation", params(Paging),
    responses((status = 200, description = "A page", body = CompensationRatePage)))]
#[get("/memberships/{membershipId}/compensation-rates")]
pub(super) async fn list_membership_rates(call: Call<op::ListMembershipRates>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let id = call.id("membershipId")?;
    let member = membership::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?.value;
    call.authorise(&membership_place(call.reader(), call.caller(), id).await?)?;
    let network = network::find(call.reader(), member.network_id).await?.ok_or(Refusal::Hidden)?.value;
    let page = rate::list_for_network(call.reader(), (network.host_id, network.id), &request).await?;
    let ceilings = call.app.config.compensation.ceilings();
    call.page(page.map(|found| view(found, &ceilings)))
}
