//! What came of a campaign, stage by stage.

use actix_web::get;
use klankbord_domain::recruitment::{FunnelRow, RecruitmentChannel, funnel, operations as op};
use klankbord_persistence::recruitment::{batch, candidate};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::campaign::read;
use crate::web::{Answer, Call, Problem};

/// How far people came who were reached through one source, by one channel.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecruitmentFunnelRow {
    /// The organisation; absent: the network itself.
    source_id: Option<Uuid>,
    /// How.
    channel: RecruitmentChannel,
    /// How many were reached.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 40)]
    reached: i64,
    /// How many of them came forward.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 3)]
    came_forward: i64,
    /// How many of those take part, or did.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 2)]
    joined: i64,
    /// How many said no.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 5)]
    declined: i64,
}

/// What came of a campaign.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecruitmentFunnel {
    /// The campaign.
    recruitment_campaign_id: Uuid,
    /// How many are sought.
    #[schema(minimum = 1, maximum = 1_000_000, example = 4)]
    target: Option<i32>,
    /// How many were reached, in all.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 40)]
    reached: i64,
    /// How many came forward, in all.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 3)]
    came_forward: i64,
    /// How many take part, or did, in all.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 2)]
    joined: i64,
    /// How many said no, in all.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 5)]
    declined: i64,
    /// The same for each source and channel.
    #[schema(max_items = 1000)]
    rows: Vec<RecruitmentFunnelRow>,
}

/// Read what came of a campaign
///
/// How many were reached, came forward and joined, for each source and channel. A
/// management figure: for who seeks people for the network, and its members.
#[utoipa::path(operation_id = "getRecruitmentFunnel", tag = "Recruitment",
    responses((status = 200, description = "The funnel", body = RecruitmentFunnel)))]
#[get("/recruitment-campaigns/{recruitmentCampaignId}/funnel")]
pub(super) async fn get_recruitment_funnel(call: Call<op::GetRecruitmentFunnel>) -> Result<Answer, Problem> {
    let (found, _) = read(&call).await?;
    let batches = batch::all(call.reader(), found.value.id).await?;
    let handed: Vec<_> = batches.iter().map(batch::handed).collect();
    let rows = funnel(&handed, &candidate::came(call.reader(), &batches).await?);
    let sum = |of: fn(&FunnelRow) -> i64| rows.iter().map(of).sum();
    Ok(Answer::plain(&RecruitmentFunnel {
        recruitment_campaign_id: found.value.id,
        target: found.value.target,
        reached: sum(|row| row.reached),
        came_forward: sum(|row| row.came_forward),
        joined: sum(|row| row.joined),
        declined: sum(|row| row.declined),
        rows: rows.iter().map(row).collect(),
    }))
}

fn row(row: &FunnelRow) -> RecruitmentFunnelRow {
    RecruitmentFunnelRow {
        source_id: row.source.organisation,
        channel: row.source.channel,
        reached: row.reached,
        came_forward: row.came_forward,
        joined: row.joined,
        declined: row.declined,
    }
}
