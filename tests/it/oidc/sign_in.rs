//! Signing in elsewhere: linked once, by the issuer's rule; from then on by
//! subject alone; rights stand here.

use chrono::TimeDelta;
use klankbord_api::app::Clock as _;
use klankbord_api::config::{LinkRule, SecondFactorFor};
use serde_json::{Value, json};

use super::{claims, linking, signed, trusting, with, with_issuer};
use crate::audit::database::Below;
use crate::feedback::grant;
use crate::support::{On, Service};

async fn links(below: &Below) -> i64 {
    below.number("SELECT COUNT(*) FROM external_identities").await
}

/// Moves the clock to when this token was issued.
pub fn arrive(service: &Service, token: &str) {
    let claims = crate::bad_tokens::read(token, 1);
    let late = claims["iat"].as_i64().unwrap() - service.clock.now().timestamp();
    service.clock.advance(TimeDelta::seconds(late.max(0)));
}

with_issuer! {
    /// By code and PKCE, whole; linked at first sight, in the audit trail, and
    /// found by subject from then on.
    async fn somebody_signs_in_elsewhere_and_is_who_they_are_here(service, issuer) {
        let below = Below::of(service).await;
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "municipality", "Hier").await;
        let (_, anna) = service.account(&admin, "anna").await;
        let address = "anna@demo.klankbord.example";
        issuer.knows("u-1", json!({"email": address, "email_verified": true, "roles": ["admin"], "groups": ["manager"]})).await;
        let token = issuer.token("u-1").await;
        arrive(service, &token);
        let caller = service.bearer(&token);
        let me = caller.get("/v1/me").await.expect(200);
        assert_eq!((&me.body["accountId"], me.body.get("sessionId")), (&json!(anna), None));
        // The token's own roles open nothing; those that stand here do, at the next call.
        assert_eq!(me.body["roles"], json!([]));
        caller.post("/v1/organisations", json!({"kind": "school", "name": "X"})).await.expect(403);
        grant(&admin, &anna, "manager", &organisation).await;
        let network = json!({"hostId": organisation, "kind": "panel", "name": [{"language": "nl", "value": "P"}],
            "purpose": [{"language": "nl", "value": "P"}]});
        caller.post("/v1/networks", network).await.expect(201);
        assert_eq!(links(&below).await, 1);
        let linked = "SELECT COUNT(*) FROM audit_rows WHERE action = 'linkExternalIdentity' AND object_kind";
        assert_eq!(below.number(&format!("{linked} = 'external_identity'")).await, 1);
        let anna_id = below.id(anna.parse().unwrap());
        assert_eq!(below.number(&format!("{linked} = 'account' AND object_id = {anna_id} AND actor_id = {anna_id}")).await, 1);
        assert_eq!(below.number("SELECT COUNT(*) FROM external_identities WHERE subject_hash LIKE '%u-1%'").await, 0);

        // Another address there, or none: they stay who they are. Somebody else with the old address doesn't become them.
        issuer.knows("u-1", json!({"email": "elders@demo.klankbord.example", "email_verified": false})).await;
        let token = issuer.token("u-1").await;
        arrive(service, &token);
        assert_eq!(service.bearer(&token).get("/v1/me").await.expect(200).body["accountId"], json!(anna));
        issuer.knows("u-2", json!({"email": address, "email_verified": true})).await;
        let other = issuer.token("u-2").await;
        arrive(service, &other);
        service.bearer(&other).get("/v1/me").await.expect(401);
        assert_eq!(links(&below).await, 1);

        // Switched off: at the next call; a new token doesn't help, nor is anybody linked anew.
        let path = format!("/v1/accounts/{anna}");
        let caller = service.bearer(&token);
        admin.transition(&path, json!({"to": "disabled", "reason": "Weg."})).await.expect(201);
        caller.get("/v1/me").await.expect(401);
        let fresh = issuer.token("u-1").await;
        service.bearer(&fresh).get("/v1/me").await.expect(401);
        admin.transition(&path, json!({"to": "active", "reason": "Terug."})).await.expect(201);
        caller.get("/v1/me").await.expect(200);
        assert_eq!(caller.get("/v1/me").await.expect(200).body["issuer"], json!(issuer.address));
        // Unlinked, by an admin: the issuer's present word links them anew, or nobody.
        let link = format!("{path}/external-identity");
        caller.delete(&link).await.expect(403);
        admin.delete(&link).await.expect(204);
        admin.delete(&link).await.expect(204);
        caller.get("/v1/me").await.expect(401);
        service.bearer(&other).get("/v1/me").await.expect(200);
        caller.get("/v1/me").await.expect(401);
        let caller = service.bearer(&other);
        // Nothing of an own sign-in can be set with a token from elsewhere.
        let new = json!({"password": "paarse olifanten dansen zacht"});
        assert_eq!(caller.post("/v1/me/password-changes", new).await.expect(403).code(), "session.not_recent");
    }

    /// Linked only by an address that the issuer has verified, to an account that
    /// is there and in use; once, also when many come at the same time.
    async fn only_a_verified_address_links_and_once(service, issuer) {
        let below = Below::of(service).await;
        let admin = service.admin().await;
        let (_, id) = service.account(&admin, "anna").await;
        let (_, off) = service.account(&admin, "weg").await;
        admin.transition(&format!("/v1/accounts/{off}"), json!({"to": "disabled", "reason": "Weg."})).await.expect(201);
        let good = claims(service, issuer, "anna");
        for (name, changes) in [
            ("unverified", json!({"email_verified": false})), ("not said", json!({"email_verified": null})),
            ("said in words", json!({"email_verified": "true"})), ("no address", json!({"email": null})),
            ("unknown address", json!({"email": "niemand@demo.klankbord.example"})),
            ("account that is off", json!({"email": "weg@demo.klankbord.example"})),
        ] {
            let refused = signed(service, issuer, &with(&good, changes)).await.get("/v1/me").await;
            assert_eq!(refused.status, 401, "{name}");
        }
        assert_eq!(links(&below).await, 0);
        let caller = signed(service, issuer, &good).await;
        let all = futures_util::future::join_all((0..10).map(|_| caller.get("/v1/me"))).await;
        let statuses: Vec<u16> = all.iter().map(|one| one.status).collect();
        assert!(all.iter().all(|one| one.body["accountId"] == json!(id)), "{statuses:?}");
        assert_eq!(links(&below).await, 1);
        assert_eq!(issuer.asked().await, 1);
    }
}

async fn by_rules(on: On) {
    let Some((service, issuer)) = trusting(on, linking(LinkRule::Create)).await else { return };
    let below = Below::of(&service).await;
    let admin = service.admin().await;
    let new = with(&claims(&service, &issuer, "nieuw"), json!({"name": "Nieuw Iemand", "locale": "nl-NL"}));
    signed(&service, &issuer, &with(&new, json!({"email_verified": false}))).await.get("/v1/me").await.expect(401);
    let caller = signed(&service, &issuer, &new).await;
    let me = caller.get("/v1/me").await.expect(200);
    assert_eq!((&me.body["displayName"], &me.body["language"]), (&json!("Nieuw Iemand"), &json!("nl-NL")));
    assert_eq!(me.body["roles"], json!([]));
    let account = caller.get(&format!("/v1/accounts/{}", me.body["accountId"].as_str().unwrap())).await.expect(200);
    assert_eq!(account.body["emailAddress"], "nieuw@demo.klankbord.example");
    let (_, anna) = service.account(&admin, "anna").await;
    let caller = signed(&service, &issuer, &claims(&service, &issuer, "anna")).await;
    assert_eq!(caller.get("/v1/me").await.expect(200).body["accountId"], json!(anna));
    assert_eq!(links(&below).await, 2);

    let Some((service, issuer)) = trusting(on, linking(LinkRule::Never)).await else { return };
    let admin = service.admin().await;
    service.account(&admin, "anna").await;
    signed(&service, &issuer, &claims(&service, &issuer, "anna")).await.get("/v1/me").await.expect(401);
    assert_eq!(links(&Below::of(&service).await).await, 0);
}

async fn by_second_factor(on: On) {
    let staff = |config: &mut klankbord_api::Config| config.sign_in.second_factor = SecondFactorFor::Staff;
    let Some((service, issuer)) = trusting(on, staff).await else { return };
    let code = service.running.app.first_admin().await.unwrap().unwrap();
    let session = service.bearer(&code).post("/v1/code-sessions", Value::Null).await.expect(201);
    let admin = service.bearer(session.body["accessToken"].as_str().unwrap());
    crate::people::factors::confirmed(&service, &admin).await;
    let organisation = service.organisation(&admin, "municipality", "Hier").await;
    let (_, anna) = service.account(&admin, "anna").await;
    grant(&admin, &anna, "manager", &organisation).await;
    let good = claims(&service, &issuer, "anna");
    for (changes, raised) in [
        (json!({}), false),
        (json!({"acr": "urn:test:one", "amr": ["pwd"]}), false),
        (json!({"acr": "urn:test:two"}), true),
        (json!({"amr": ["pwd", "mfa"]}), true),
        (json!({"acr": ["urn:test:two"], "amr": "mfa"}), false),
    ] {
        let me = signed(&service, &issuer, &with(&good, changes.clone())).await.get("/v1/me").await.expect(200);
        let roles = usize::from(raised);
        assert_eq!(me.body["roles"].as_array().unwrap().len(), roles, "{changes}");
        assert_eq!(me.body.get("secondFactorRequired").is_some(), !raised, "{changes}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rule_decides_on_sqlite() {
    by_rules(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rule_decides_on_postgres() {
    by_rules(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_wait_for_a_second_factor_there_on_sqlite() {
    by_second_factor(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_wait_for_a_second_factor_there_on_postgres() {
    by_second_factor(On::Postgres).await;
}
