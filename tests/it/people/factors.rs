//! The second factor.

use chrono::TimeDelta;
use klankbord_api::config::SecondFactorFor;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::{GOOD, sign_in, signed_in, with_password};
use crate::support::{Client, On, Service};

/// What the device shows now.
pub fn code(service: &Service, secret: &str) -> String {
    use klankbord_api::app::Clock as _;
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_digits(6).with_step_duration(30).build().unwrap();
    totp.generate(u64::try_from(service.clock.now().timestamp()).unwrap()).to_string()
}

/// Makes and confirms a second factor; gives its secret.
pub async fn confirmed(service: &Service, caller: &Client) -> String {
    let made = caller.post("/v1/me/second-factor", json!(null)).await.expect(201);
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    assert!(made.body["otpauthUri"].as_str().unwrap().contains(&secret));
    let shown = json!({"code": code(service, &secret)});
    caller.post("/v1/me/second-factor/confirmations", shown).await.expect(201);
    secret
}

fn with_code(code: &str) -> Value {
    let mut body = sign_in("officer", GOOD);
    body["secondFactorCode"] = json!(code);
    body
}

on_both! {
    /// Asked only after the password was right; each code works once.
    async fn a_code_is_asked_and_works_once(service) {
        let admin = service.admin().await;
        with_password(&admin, "officer").await;
        let officer = signed_in(service, "officer").await;
        let missing = officer.post("/v1/me/second-factor/checks", json!({"code": "123456"})).await.expect(409);
        assert_eq!(missing.code(), "second_factor.missing");
        let secret = confirmed(service, &officer).await;
        assert_eq!(officer.post("/v1/me/second-factor", json!(null)).await.expect(409).code(), "second_factor.exists");
        let nobody = service.nobody();
        let refused = async |body: Value| nobody.post("/v1/sessions", body).await.expect(401).code().to_owned();
        assert_eq!(refused(sign_in("officer", "iets heel anders dan")).await, "sign_in.refused");
        assert_eq!(refused(sign_in("officer", GOOD)).await, "sign_in.second_factor_required");
        // The code that confirmed it was used, then.
        assert_eq!(refused(with_code(&code(service, &secret))).await, "sign_in.second_factor_required");
        service.clock.advance(TimeDelta::seconds(30));
        let shown = code(service, &secret);
        nobody.post("/v1/sessions", with_code(&shown)).await.expect(201);
        assert_eq!(refused(with_code(&shown)).await, "sign_in.second_factor_required");
        // One step late still holds, two don't.
        service.clock.advance(TimeDelta::seconds(30));
        let late = code(service, &secret);
        service.clock.advance(TimeDelta::seconds(30));
        nobody.post("/v1/sessions", with_code(&late)).await.expect(201);
        let stale = code(service, &secret);
        service.clock.advance(TimeDelta::seconds(60));
        assert_eq!(refused(with_code(&stale)).await, "sign_in.second_factor_required");

        // Guessing is limited.
        let mut statuses = Vec::new();
        for _ in 0..12_u8 {
            statuses.push(nobody.post("/v1/sessions", with_code("000000")).await.status);
        }
        assert_eq!((statuses[0], statuses[11]), (401, 429), "{statuses:?}");
    }

    /// A lost one is removed by the admin, with every session; one's own only
    /// where it was shown.
    async fn a_lost_one_is_removed(service) {
        let admin = service.admin().await;
        let officer_id = with_password(&admin, "officer").await;
        let officer = signed_in(service, "officer").await;
        confirmed(service, &officer).await;
        let path = format!("/v1/accounts/{officer_id}/second-factor");
        officer.delete(&path).await.expect(403);
        admin.delete(&path).await.expect(204);
        officer.get("/v1/me").await.expect(401);
        let officer = signed_in(service, "officer").await;
        let other = signed_in(service, "officer").await;
        confirmed(service, &officer).await;
        assert_eq!(other.delete("/v1/me/second-factor").await.expect(403).code(), "session.second_factor_needed");
        officer.delete("/v1/me/second-factor").await.expect(204);
        signed_in(service, "officer").await;
    }
}

/// Where staff needs one, granted roles wait for it.
async fn staff_needs_one(on: On) {
    let staff = |config: &mut klankbord_api::Config| config.sign_in.second_factor = SecondFactorFor::Staff;
    let Some(service) = Service::start_with(on, staff).await else { return };
    let admin = service.admin().await;
    let me = admin.get("/v1/me").await.expect(200);
    assert_eq!((&me.body["roles"], &me.body["secondFactorRequired"]), (&json!([]), &json!(true)));
    admin.post("/v1/accounts", sign_in("x", GOOD)).await.expect(400);
    let new = json!({"emailAddress": "x@demo.klankbord.example", "displayName": "X"});
    admin.post("/v1/accounts", new.clone()).await.expect(403);
    let secret = confirmed(&service, &admin).await;
    let me = admin.get("/v1/me").await.expect(200);
    assert_eq!(me.body["roles"], json!([{"role": "admin", "scopeKind": "installation"}]));
    assert!(me.body.get("secondFactorRequired").is_none());
    let made = admin.make("/v1/accounts", new).await;
    // Who holds nothing needs nothing.
    let session = service.bearer(made.body["signInCode"].as_str().unwrap());
    let session = session.post("/v1/code-sessions", json!(null)).await.expect(201);
    let other = service.bearer(session.body["accessToken"].as_str().unwrap());
    assert!(other.get("/v1/me").await.expect(200).body.get("secondFactorRequired").is_none());
    service.clock.advance(TimeDelta::seconds(30));
    let check = json!({"code": code(&service, &secret)});
    admin.post("/v1/me/second-factor/checks", check.clone()).await.expect(201);
    admin.post("/v1/me/second-factor/checks", check).await.expect(400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_needs_one_on_sqlite() {
    staff_needs_one(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_needs_one_on_postgres() {
    staff_needs_one(On::Postgres).await;
}
