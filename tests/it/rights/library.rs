//! A question that is kept to be asked again: published, and a draft.

use serde_json::json;

use super::tenant::Founder;
use crate::consultations::world::go;
use crate::feedback::nl;

impl Founder<'_> {
    /// One that the organisation's own networks find, and one that nobody else does.
    pub async fn kept_to_ask_again(&mut self) {
        let officer = self.tenant.by("officer").clone();
        let new = json!({"organisationId": self.tenant.organisation, "name": nl("Gehoord"),
            "question": {"kind": "scale", "prompt": nl("Ik voel me gehoord."), "least": 1, "most": 5}});
        let published = officer.make("/v1/library-questions", new.clone()).await.id();
        go(&officer, &format!("/v1/library-questions/{published}"), "published").await.expect(201);
        let draft = officer.make("/v1/library-questions", new).await.id();
        let open = &mut self.tenant.open;
        open.keep("libraryQuestion", published);
        let drafts = ["updateLibraryQuestion", "deleteLibraryQuestion", "createLibraryQuestionTransition"];
        open.keep_for("libraryQuestion", &drafts, &draft);
    }
}
