//! What is given for work, and claims for it.

use serde_json::json;

use super::tenant::Founder;
use super::things::Things;
use crate::consultations::world::go;
use crate::feedback::nl;

impl Founder<'_> {
    pub async fn paid(&mut self) {
        let membership = self.tenant.open.of("membership", "").unwrap().to_owned();
        let things = self.claimed("manager", None, ("participant", &membership)).await;
        kept(&mut self.tenant.open, things);
        let agreed = self.agreed("coordinator", &membership).await;
        let by_code = self.tenant.open.of("membership", "by-code").unwrap().to_owned();
        let proposed = self.agreed("coordinator", &by_code).await;
        self.tenant.open.keep("agreement@by-code", proposed);
        let panel = self.tenant.open.of("network", "").unwrap().to_owned();
        let [campaign, batch] = self.sought("coordinator", &panel).await;
        let open = &mut self.tenant.open;
        open.keep("recruitmentCampaign", campaign);
        open.keep("recruitmentBatch", batch);
        let invited = open.of("membership", "createMembershipTransition").unwrap().to_owned();
        open.keep("agreement", agreed);
        open.keep("membership@createAgreement", invited);
    }

    /// People sought for a network: a campaign, and those reached in it.
    pub async fn sought(&self, by: &str, network: &str) -> [String; 2] {
        let campaign = json!({"name": nl("Gezocht"), "perspective": "parent", "startsOn": "2026-11-01"});
        let list = format!("/v1/networks/{network}/recruitment-campaigns");
        let campaign = self.tenant.by(by).make(&list, campaign).await.id();
        let reached = json!({"channel": "phone", "reached": 3});
        let list = format!("/v1/recruitment-campaigns/{campaign}/batches");
        let batch = self.tenant.by(by).make(&list, reached).await.id();
        [campaign, batch]
    }

    /// What is proposed to a member, by who keeps the agreements there.
    pub async fn agreed(&self, by: &str, membership: &str) -> String {
        let promise = json!({"role": nl("Denkt mee."), "startsOn": "2026-12-01", "answerWithinDays": 21});
        self.tenant.by(by).make(&format!("/v1/memberships/{membership}/agreements"), promise).await.id()
    }

    /// What is given for an hour of work here, and three claims for it: one that was handed
    /// in, and two drafts.
    pub async fn claimed(&self, by: &str, network: Option<&str>, (person, membership): (&str, &str)) -> [String; 4] {
        let list = format!("/v1/organisations/{}/compensation-rates", self.tenant.organisation);
        let rate = json!({"networkId": network, "name": nl("Per uur"), "unit": "hour", "basis": "volunteer_allowance",
            "cents": 560, "startsOn": "2026-01-01", "daysToPayment": 30});
        let mut rate = rate;
        if network.is_none() {
            rate.as_object_mut().unwrap().remove("networkId");
        }
        let rate = self.tenant.by(by).make(&list, rate).await.id();
        let line = json!({"kind": "hours", "happenedOn": "2026-11-12", "quantity": 120, "rateId": rate});
        let claim = json!({"basis": "volunteer_allowance", "lines": [line]});
        let mut made = Vec::new();
        for _ in 0..3 {
            let path = format!("/v1/memberships/{membership}/claims");
            made.push(self.tenant.by(person).make(&path, claim.clone()).await.id());
        }
        go(self.tenant.by(person), &format!("/v1/claims/{}", made[0]), "submitted").await.expect(201);
        let [handed_in, draft, moves] = made.try_into().unwrap();
        [rate, handed_in, draft, moves]
    }
}

pub fn kept(place: &mut Things, [rate, handed_in, draft, moves]: [String; 4]) {
    place.keep("compensationRate", rate);
    place.keep_for("claim", &["updateClaim", "deleteClaim", "getClaim/draft"], &draft);
    place.keep("claim@createClaimTransition", moves);
    place.keep("claim@createClaimTransition/approve", &handed_in);
    place.keep("claim", handed_in);
}
