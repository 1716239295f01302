//! What people are asked to consent to, and what they said.

use serde_json::{Value, json};

use super::tenant::Founder;
use crate::consultations::world::go;
use crate::privacy::plain;

impl Founder<'_> {
    /// A text of this organisation that is asked, and one that is a draft; what its
    /// participant said to the first, and what their parent said for a child.
    pub async fn consented(&mut self) {
        let officer = self.tenant.by("officer").clone();
        let list = format!("/v1/organisations/{}/consent-texts", self.tenant.organisation);
        let text = json!({"purpose": "quotes", "title": plain("Aanhalen"), "body": plain("Mag dat?")});
        let asked = officer.make(&list, text.clone()).await.id();
        go(&officer, &format!("/v1/consent-texts/{asked}"), "published").await.expect(201);
        let draft = officer.make(&list, text).await.id();
        let said = |text: &str| -> Value { json!({"consentTextId": text, "answer": "given", "channel": "internet"}) };
        let open = &self.tenant.open;
        let (person, child) = (open.of("participant", "").unwrap(), open.of("participant", "representative").unwrap());
        let consents = |person: &str| format!("/v1/participants/{person}/consents");
        let own = self.tenant.by("participant").make(&consents(person), said(&asked)).await.id();
        let theirs = self.tenant.by("representative").make(&consents(child), said(&asked)).await.id();
        let by_code = open.of("participant", "by-code").unwrap();
        let by_code = self.tenant.by("by-code").make(&consents(by_code), said(&asked)).await.id();
        let open = &mut self.tenant.open;
        open.keep("consentText", asked);
        let drafts = ["updateConsentText", "deleteConsentText", "createConsentTextTransition", "getConsentText/draft"];
        open.keep_for("consentText", &drafts, &draft);
        open.keep("consent", own);
        open.keep("consent@representative", theirs);
        open.keep("consent@by-code", by_code);
    }
}

impl Founder<'_> {
    /// What its participant asked of their data, and the link to what they were given; what
    /// their parent asked for a child.
    pub async fn asked_of_data(&mut self) {
        let open = &self.tenant.open;
        let (person, child) = (open.of("participant", "").unwrap(), open.of("participant", "representative").unwrap());
        let list = |person: &str| format!("/v1/participants/{person}/data-requests");
        let asked = |kind: &str| json!({"kind": kind, "channel": "internet"});
        let own = self.tenant.by("participant");
        let open_one = own.make(&list(person), asked("objection")).await.id();
        let erasure = own.make(&list(person), asked("erasure")).await.id();
        let export = own.make(&list(person), asked("export")).await.id();
        go(own, &format!("/v1/data-requests/{export}"), "carried_out").await.expect(201);
        let link = own.make(&format!("/v1/data-requests/{export}/exports"), json!(null)).await.id();
        let theirs = self.tenant.by("representative").make(&list(child), asked("export")).await.id();
        go(self.tenant.by("officer"), &format!("/v1/data-requests/{theirs}"), "carried_out").await.expect(201);
        let (own, list) = (self.tenant.by("by-code"), list(open.of("participant", "by-code").unwrap()));
        let by_code = own.make(&list, asked("export")).await.id();
        go(own, &format!("/v1/data-requests/{by_code}"), "carried_out").await.expect(201);
        let by_code_link = own.make(&format!("/v1/data-requests/{by_code}/exports"), json!(null)).await.id();
        let by_code_erasure = own.make(&list, asked("erasure")).await.id();
        let open = &mut self.tenant.open;
        open.keep("dataRequest@by-code", by_code_erasure);
        open.keep("dataRequest@by-code-export", by_code);
        open.keep("dataExport@by-code", by_code_link);
        open.keep("dataRequest", open_one);
        open.keep("dataRequest@getErasurePlan", erasure);
        open.keep("dataRequest@createDataExport", export);
        open.keep("dataRequest@representative", theirs);
        open.keep("dataExport", link);
    }
}
