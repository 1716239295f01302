//! Signing in and out.

use serde_json::json;

on_both! {
    /// A code works once; what it opens can be renewed and ended.
    async fn a_code_opens_a_session_once(service) {
        let code = service.running.app.first_admin().await.unwrap().unwrap();
        assert!(service.running.app.first_admin().await.unwrap().is_none());
        let session = service.bearer(&code).post("/v1/code-sessions", json!(null)).await.expect(201);
        service.bearer(&code).post("/v1/code-sessions", json!(null)).await.expect(401);
        let token = session.body["accessToken"].as_str().unwrap();
        let me = service.bearer(token).get("/v1/me").await.expect(200);
        assert_eq!(me.body["roles"], json!([{"role": "admin", "scopeKind": "installation"}]));

        let refresh = session.body["refreshToken"].as_str().unwrap();
        let renewed = service.bearer(refresh).post("/v1/session-refreshes", json!(null)).await.expect(201);
        let renewed_token = renewed.body["accessToken"].as_str().unwrap();
        service.bearer(renewed_token).get("/v1/me").await.expect(200);
        // The answer may have got lost: for ten seconds it is given again.
        service.clock.advance(chrono::TimeDelta::seconds(10));
        let again = service.bearer(refresh).post("/v1/session-refreshes", json!(null)).await.expect(201);
        assert_eq!(again.body["refreshToken"], renewed.body["refreshToken"]);
        service.clock.advance(chrono::TimeDelta::seconds(1));
        // A refresh token that comes after that was copied: the session ends for all.
        service.bearer(refresh).post("/v1/session-refreshes", json!(null)).await.expect(401);
        service.bearer(renewed_token).get("/v1/me").await.expect(401);
    }

    /// An unknown address and a wrong password are answered alike; tokens expire;
    /// signing out holds from the next call on.
    async fn passwords_open_sessions(service) {
        let admin = service.admin().await;
        let account = json!({"emailAddress": "Officer@Demo.Klankbord.Example", "displayName": "Officer",
            "password": "een lange zin om te onthouden"});
        let made = admin.make("/v1/accounts", account.clone()).await;
        assert!(made.body.get("signInCode").is_none());
        assert_eq!(admin.post("/v1/accounts", account).await.expect(409).code(), "account.email_taken");
        let sign_in = |address: &str, password: &str| json!({"emailAddress": address, "password": password});
        let nobody = service.nobody();
        let unknown = nobody.post("/v1/sessions", sign_in("who@demo.klankbord.example", "x")).await.expect(401);
        let wrong = nobody.post("/v1/sessions", sign_in("officer@demo.klankbord.example", "x")).await.expect(401);
        assert_eq!((unknown.code(), wrong.code()), ("sign_in.refused", "sign_in.refused"));
        let right = sign_in("officer@demo.klankbord.example", "een lange zin om te onthouden");
        let session = nobody.post("/v1/sessions", right).await.expect(201);
        let officer = service.bearer(session.body["accessToken"].as_str().unwrap());
        officer.get("/v1/me").await.expect(200);
        officer.delete(&format!("/v1/sessions/{}", session.id())).await.expect(204);
        officer.get("/v1/me").await.expect(401);
        service.clock.advance(chrono::TimeDelta::minutes(16));
        admin.get("/v1/me").await.expect(401);
    }
}
