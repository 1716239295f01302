//! Regions: several at once for one municipality.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::organisations::operations as op;
use klankbord_domain::organisations::{Region as Domain, RegionKind};
use klankbord_domain::policy::Place;
use klankbord_persistence::organisations::region;
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// What a region is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegionCreate {
    /// For what the municipalities work together in it.
    kind: RegionKind,
    /// Its name.
    #[schema(min_length = 1, max_length = 200, example = "Jeugdregio Voorbeeld")]
    name: String,
}

/// A region.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Its id.
    id: Uuid,
    #[serde(flatten)]
    content: RegionCreate,
}

page!(
    /// A page of regions.
    RegionPage of Region
);

/// Which regions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RegionQuery {
    /// Only these kinds.
    #[param(max_items = 10)]
    kind: Option<Vec<RegionKind>>,
}

fn view(region: Domain) -> Region {
    let Domain { id, kind, name } = region;
    Region { id, content: RegionCreate { kind, name } }
}

/// List the regions
///
/// A municipality sits in several at once: a youth region, a care region, a
/// subsidy region.
#[utoipa::path(operation_id = "listRegions", tag = "Organisations", params(RegionQuery, Paging),
    responses((status = 200, description = "A page", body = RegionPage)))]
#[get("/regions")]
pub(super) async fn list_regions(call: Call<op::ListRegions>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<RegionQuery>()?;
    let page = region::list(call.reader(), &query.kind.unwrap_or_default(), &request).await?;
    call.page(page.map(view))
}

/// Read a region
#[utoipa::path(operation_id = "getRegion", tag = "Organisations",
    responses((status = 200, description = "The region", body = Region)))]
#[get("/regions/{regionId}")]
pub(super) async fn get_region(call: Call<op::GetRegion>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let found = region::find(call.reader(), call.id("regionId")?).await?.ok_or(Refusal::Hidden)?;
    Ok(Answer::plain(&view(found)))
}

/// Make a region
#[utoipa::path(operation_id = "createRegion", tag = "Organisations", request_body = RegionCreate,
    responses((status = 201, description = "Made", body = Region)))]
#[post("/regions")]
pub(super) async fn create_region(call: Call<op::CreateRegion>) -> Result<Answer, Problem> {
    let new: RegionCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &RegionCreate) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    let RegionCreate { kind, name } = new.clone();
    let made = region::insert(tx, Domain { id: tx.new_id(), kind, name }).await?;
    Ok(Answer::made(format!("/v1/regions/{}", made.id), &view(made)))
}
