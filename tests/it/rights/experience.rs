//! What people can bring, and a request for it that was put before two of them.

use serde_json::json;

use super::tenant::Founder;
use crate::consultations::world::{change, go};
use crate::feedback::nl;
use crate::privacy::asked;
use crate::support::Client;

impl Founder<'_> {
    /// A request that is open, before its participant and before a child; and a draft.
    pub async fn sought_out(&mut self) {
        let officer = self.tenant.by("officer").clone();
        let organisation = self.tenant.organisation.clone();
        let contact = asked(&officer, &organisation, "contact").await;
        let open = &self.tenant.open;
        let (person, child) = (open.of("participant", "").unwrap(), open.of("participant", "representative").unwrap());
        let said = json!({"consentTextId": contact, "answer": "given", "channel": "internet"});
        let brings = json!({"themes": ["foster_care"], "forms": ["co_reading"], "approachable": true});
        for (by, whose) in [("participant", person), ("representative", child)] {
            let by = self.tenant.by(by);
            by.make(&format!("/v1/participants/{whose}/consents"), said.clone()).await;
            change(by, &format!("/v1/participants/{whose}/experience-profile"), brings.clone()).await.expect(200);
        }
        let list = format!("/v1/organisations/{organisation}/experience-requests");
        let network = open.of("network", "").unwrap();
        let new = json!({"networkId": network, "title": nl("Meelezen"), "purpose": nl("Een folder."),
            "themes": ["foster_care"], "forms": ["co_reading"], "minutesPerMonth": 60, "compensation": nl("Een bon."),
            "answerDueOn": "2026-12-15"});
        let request = officer.make(&list, new.clone()).await.id();
        let draft = officer.make(&list, new).await.id();
        go(&officer, &format!("/v1/experience-requests/{request}"), "open").await.expect(201);
        let own = approach(self.tenant.by("participant")).await;
        let theirs = approach(self.tenant.by("representative")).await;
        let open = &mut self.tenant.open;
        open.keep("experienceRequest", request);
        let drafts = ["updateExperienceRequest", "deleteExperienceRequest", "createExperienceRequestTransition"];
        open.keep_for("experienceRequest", &drafts, &draft);
        open.keep("experienceApproach", own);
        open.keep("experienceApproach@representative", theirs);
    }
}

/// The one approach on somebody's desk.
async fn approach(by: &Client) -> String {
    let desk = by.get("/v1/me/experience-approaches").await.expect(200);
    assert_eq!(desk.items().len(), 1);
    desk.items()[0]["id"].as_str().unwrap().to_owned()
}
