//! Who may do what with recruitment. Campaigns are the network's; the organisations through
//! which people are sought see that they are, and how many codes they got, and nothing of
//! who came.

use super::SEEKERS;
use crate::policy::{Access, Rule, Standing, operations};

/// Who seeks people for a network.
const KEEPERS: Access = Access::Held(SEEKERS);
/// Those, and who speaks for an organisation through which people are sought.
const EITHER: Access =
    Access::Held(&[Standing::Manager, Standing::Coordinator, Standing::Chair, Standing::Secretary, Standing::Partner]);
/// Who speaks for such an organisation.
const SOURCES: &[Standing] = &[Standing::Partner];

/// Those, and the network's members: a funnel is whole for them.
const INSIDERS: Access =
    Access::Held(&[Standing::Manager, Standing::Coordinator, Standing::Chair, Standing::Secretary, Standing::Member]);

operations! {
    /// List a network's campaigns.
    ListRecruitmentCampaigns = Rule::new("listRecruitmentCampaigns", Access::SignedIn);
    /// Start a campaign.
    CreateRecruitmentCampaign = Rule::new("createRecruitmentCampaign", KEEPERS).seen_by_all();
    /// Read a campaign.
    GetRecruitmentCampaign = Rule::new("getRecruitmentCampaign", EITHER);
    /// Close a campaign.
    CreateRecruitmentCampaignTransition = Rule::new("createRecruitmentCampaignTransition", KEEPERS).seen_by(SOURCES).versioned();
    /// List the moves of a campaign.
    ListRecruitmentCampaignTransitions = Rule::new("listRecruitmentCampaignTransitions", KEEPERS).seen_by(SOURCES);
    /// Reach people: with codes that a source hands out, or without.
    CreateRecruitmentBatch = Rule::new("createRecruitmentBatch", KEEPERS).seen_by(SOURCES);
    /// List how people were reached.
    ListRecruitmentBatches = Rule::new("listRecruitmentBatches", EITHER);
    /// Note that a member came forward through a campaign.
    CreateRecruitmentCandidate = Rule::new("createRecruitmentCandidate", KEEPERS).seen_by(SOURCES);
    /// Come forward, or say no, with a code.
    CreateRecruitmentAnswer = Rule::new("createRecruitmentAnswer", Access::Link);
    /// Read what came of a campaign.
    GetRecruitmentFunnel = Rule::new("getRecruitmentFunnel", INSIDERS).seen_by(SOURCES);
}
