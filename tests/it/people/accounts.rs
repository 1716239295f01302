//! Accounts: seen, changed, switched off.

use serde_json::json;

use super::{GOOD, sign_in, signed_in, with_password};

on_both! {
    /// What is switched off ends at the next call; the last admin stays.
    async fn an_account_is_switched_off(service) {
        let admin = service.admin().await;
        let officer_id = with_password(&admin, "officer").await;
        let path = format!("/v1/accounts/{officer_id}");
        let officer = signed_in(service, "officer").await;
        let (other, _) = service.account(&admin, "other").await;
        assert_eq!(officer.get(&path).await.expect(200).body["emailAddress"], "officer@demo.klankbord.example");
        let seen = admin.get(&path).await.expect(200);
        assert!(seen.body.get("emailAddress").is_none());
        assert_eq!((&seen.body["status"], &seen.body["allowedTransitions"]), (&json!("active"), &json!(["disabled"])));
        let nowhere = "/v1/accounts/0197c000-0000-7000-8000-00110000dead";
        other.get(&path).await.expect(404);
        other.get(nowhere).await.expect(404);
        other.transition(&path, json!({"to": "disabled", "reason": "x"})).await.expect(404);
        officer.transition(&path, json!({"to": "disabled", "reason": "x"})).await.expect(403);
        let unsaid = admin.transition(&path, json!({"to": "disabled"})).await.expect(400);
        assert_eq!(unsaid.faults(), ["/reason reason.required"]);
        admin.transition(&path, json!({"to": "disabled", "reason": "Werkt hier niet meer."})).await.expect(201);
        officer.get("/v1/me").await.expect(401);
        let refused = service.nobody().post("/v1/sessions", sign_in("officer", GOOD)).await.expect(401);
        assert_eq!(refused.code(), "sign_in.refused");
        admin.transition(&path, json!({"to": "active", "reason": "Toch wel."})).await.expect(201);
        officer.get("/v1/me").await.expect(401);
        signed_in(service, "officer").await;
        let moves = admin.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(moves.items().len(), 2);

        let me = admin.get("/v1/me").await.expect(200).body["accountId"].as_str().unwrap().to_owned();
        let last = admin.transition(&format!("/v1/accounts/{me}"), json!({"to": "disabled", "reason": "x"})).await;
        assert_eq!(last.expect(409).code(), "grant.last_one");
        // An admin who is switched off doesn't count as another.
        let grant = json!({"accountId": officer_id, "role": "admin", "reason": "Tweede beheerder."});
        let granted = admin.make("/v1/grants", grant).await;
        assert_eq!(admin.get(&granted.header("location")).await.expect(200).body, granted.body);
        other.get(&granted.header("location")).await.expect(404);
        admin.transition(&path, json!({"to": "disabled", "reason": "x"})).await.expect(201);
        let last = admin.transition(&format!("/v1/accounts/{me}"), json!({"to": "disabled", "reason": "x"})).await;
        assert_eq!(last.expect(409).code(), "grant.last_one");
    }

    /// A name and a language of one's own.
    async fn one_changes_oneself(service) {
        let admin = service.admin().await;
        let me = admin.get("/v1/me").await.expect(200);
        let changed = admin.patch("/v1/me", &me.etag(), json!({"displayName": "Bo", "language": "en"})).await.expect(200);
        assert_eq!((&changed.body["displayName"], &changed.body["language"]), (&json!("Bo"), &json!("en")));
        admin.patch("/v1/me", &me.etag(), json!({"displayName": "Al"})).await.expect(412);
        let blank = admin.patch("/v1/me", &changed.etag(), json!({"displayName": " "})).await.expect(400);
        assert_eq!(blank.faults(), ["/displayName text.blank"]);
        admin.patch("/v1/me", &changed.etag(), json!({"displayName": null})).await.expect(400);
        let tag = admin.patch("/v1/me", &changed.etag(), json!({"language": "Nederlands"})).await.expect(400);
        assert_eq!(tag.faults(), ["/language text.language_malformed"]);
    }

    /// An account is made with a name and a language that can be used.
    async fn an_account_has_a_name_and_a_language(service) {
        let admin = service.admin().await;
        let new = json!({"emailAddress": "nieuw@demo.klankbord.example", "displayName": "  ", "language": "Nederlands"});
        let refused = admin.post("/v1/accounts", new).await.expect(400);
        assert_eq!(refused.faults(), ["/displayName text.blank", "/language text.language_malformed"]);
    }
}
