//! Who takes part in a programme, network by network.

use actix_web::get;
use klankbord_domain::policy::Place;
use klankbord_domain::programmes::operations as op;
use klankbord_domain::{Refusal, calendar};
use klankbord_persistence::networks::network;
use klankbord_persistence::programmes::programme;
use serde::Serialize;
use utoipa::ToSchema;

use crate::networks::composition::{self, NetworkComposition};
use crate::web::{Answer, Call, Problem};

/// The most networks of a programme that are counted in one call.
const MOST: usize = 100;

/// Who takes part in a programme. There is no grand total: one person may take
/// part in several networks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeComposition {
    /// Network by network, the oldest first.
    #[schema(max_items = 100)]
    networks: Vec<NetworkComposition>,
    /// Whether the programme has more networks than are counted here. Each has its
    /// own composition; `GET /v1/networks?programmeId=…` lists them all.
    more: bool,
}

/// Who takes part in a programme
///
/// In every network of the programme that you may know of, in one call, each as
/// you would see it there.
#[utoipa::path(operation_id = "getProgrammeComposition", tag = "Programmes",
    responses((status = 200, description = "Who takes part now", body = ProgrammeComposition)))]
#[get("/programmes/{programmeId}/composition")]
pub(super) async fn get_programme_composition(call: Call<op::GetProgrammeComposition>) -> Result<Answer, Problem> {
    let found = programme::find(call.reader(), call.id("programmeId")?).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&Place::of_organisation(found.value.host_id))?;
    let under = network::of_programme(call.reader(), call.caller(), found.value.id).await?;
    let more = under.len() > MOST;
    let under: Vec<_> = under.into_iter().take(MOST).map(|network| network.value).collect();
    let today = calendar::day_of(call.now, call.app.config.time.zone);
    let networks = composition::of(call.reader(), call.caller(), &under, today).await?;
    Ok(Answer::plain(&ProgrammeComposition { networks, more }))
}
