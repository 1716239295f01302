//! From the request to what the link opens.

use chrono::TimeDelta;
use serde_json::json;

use super::{ask, count, mailed, settled, somebody};
use crate::support::mail_server::token_in;

mailed! {
    /// A link signs in, once, and while it holds.
    async fn a_link_signs_in(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "ada", "en").await;
        let body = json!({"emailAddress": "ADA@People.example"});
        let answer = service.nobody().post("/v1/sign-in-codes", body).await.expect(202);
        assert_eq!(answer.body, json!({"purpose": "sign_in", "holdsForMinutes": 15}));
        let mail = server.wait_for(1).await;
        assert_eq!(mail["recipients"], json!(["ADA@People.example"]));
        assert_eq!(mail["from"], "\"Klankbord\" <mail@app.example>");
        assert_eq!(mail["subject"], "Your link to sign in");
        let token = token_in(&mail);
        assert!(token.len() == 43, "{token}");
        let link = format!("https://app.example/#sign_in={token}");
        assert!(mail["text"].as_str().unwrap().contains(&link));
        assert!(mail["html"].as_str().unwrap().contains(&format!("<a href=\"{link}\">{link}</a>")));
        assert!(mail["html"].as_str().unwrap().contains("<html lang=\"en\">"));
        assert!(mail["headers"].as_array().unwrap().contains(&json!("Auto-Submitted: auto-generated")));

        service.bearer(&token).post("/v1/password-resets", json!({"password": "a whole new sentence"})).await.expect(401);
        let session = service.bearer(&token).post("/v1/code-sessions", json!(null)).await.expect(201);
        service.bearer(session.body["accessToken"].as_str().unwrap()).get("/v1/me").await.expect(200);
        service.bearer(&token).post("/v1/code-sessions", json!(null)).await.expect(401);

        ask(service, &address, "sign_in").await;
        let late = token_in(&server.wait_for(2).await);
        service.clock.advance(TimeDelta::minutes(15));
        service.bearer(&late).post("/v1/code-sessions", json!(null)).await.expect(401);
    }

    /// A reset sets the password, and leaves nothing that was open before.
    async fn a_reset_ends_what_was_open(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "bo", "nl").await;
        let sign_in = |password: &'static str| {
            let body = json!({"emailAddress": address, "password": password});
            async move { service.nobody().post("/v1/sessions", body).await }
        };
        let session = sign_in("een lange zin om te onthouden").await.expect(201).body;
        let (token, refresh) = (session["accessToken"].as_str().unwrap(), session["refreshToken"].as_str().unwrap());
        service.bearer(token).get("/v1/me").await.expect(200);
        ask(service, &address, "sign_in").await;
        let code = token_in(&server.wait_for(1).await);
        let answer = ask(service, &address, "password_reset").await;
        assert_eq!(answer, json!({"purpose": "password_reset", "holdsForMinutes": 60}));
        let mail = server.wait_for(2).await;
        assert!(mail["text"].as_str().unwrap().contains("https://app.example/#password_reset="), "{mail}");
        let (reset, new) = (token_in(&mail), "paarse olifanten dansen zacht");

        // A token of one kind is none of the other; one that fails changes nothing.
        service.bearer(&reset).post("/v1/code-sessions", json!(null)).await.expect(401);
        service.bearer(&code).post("/v1/password-resets", json!({"password": new})).await.expect(401);
        service.bearer("nobody-made-this").post("/v1/password-resets", json!({"password": new})).await.expect(401);
        let common = service.bearer(&reset).post("/v1/password-resets", json!({"password": "wachtwoord123"})).await;
        assert_eq!(common.expect(400).faults(), ["/password password.common"]);
        let short = service.bearer(&reset).post("/v1/password-resets", json!({"password": "kort"})).await.expect(400);
        assert_eq!(short.faults(), ["/password value.too_short"]);
        service.bearer(token).get("/v1/me").await.expect(200);

        let done = service.bearer(&reset).post("/v1/password-resets", json!({"password": new})).await.expect(204);
        assert_eq!(done.text, "");
        assert_eq!(count(service, "audit_rows WHERE action = 'resetPassword' AND object_kind = 'account'").await, 1);
        service.bearer(token).get("/v1/me").await.expect(401);
        service.bearer(refresh).post("/v1/session-refreshes", json!(null)).await.expect(401);
        sign_in("een lange zin om te onthouden").await.expect(401);
        sign_in(new).await.expect(201);
        service.bearer(&code).post("/v1/code-sessions", json!(null)).await.expect(401);
        service.bearer(&reset).post("/v1/password-resets", json!({"password": new})).await.expect(401);
        let notice = server.wait_for(3).await;
        assert_eq!((&notice["subject"], &notice["to"]), (&json!("Uw wachtwoord is gewijzigd"), &json!(address)));

        ask(service, &address, "password_reset").await;
        let late = token_in(&server.wait_for(4).await);
        service.clock.advance(TimeDelta::minutes(60));
        service.bearer(&late).post("/v1/password-resets", json!({"password": new})).await.expect(401);
    }

    /// Two at once with one link: one of them sets the password.
    async fn a_link_resets_once(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "eva", "nl").await;
        ask(service, &address, "password_reset").await;
        let token = token_in(&server.wait_for(1).await);
        let tries = (0..4).map(|number| {
            let caller = service.bearer(&token);
            async move {
                let body = json!({"password": format!("paarse olifanten dansen {number}")});
                caller.post("/v1/password-resets", body).await.status
            }
        });
        let mut statuses = futures_util::future::join_all(tries).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 401, 401, 401]);
    }

    /// Nobody is told whether there is an account, and nobody is mailed.
    async fn an_unknown_address_is_answered_the_same(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "cas", "nl").await;
        for purpose in ["sign_in", "password_reset"] {
            let mut replies = Vec::new();
            for address in ["nobody@people.example", address.as_str()] {
                let body = json!({"emailAddress": address, "purpose": purpose});
                let request = service.nobody().request(reqwest::Method::POST, "/v1/sign-in-codes").json(&body);
                let reply = crate::support::wire::reply(request.header("X-Request-Id", "the-same")).await.expect(202);
                let mut headers: Vec<_> = reply.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
                headers.retain(|header| !header.starts_with("date"));
                headers.sort();
                replies.push((reply.text, headers));
            }
            assert_eq!(replies[0], replies[1]);
        }
        server.wait_for(2).await;
        settled(service).await;
        let all = server.mails();
        assert!(all.len() == 2 && all.iter().all(|mail| mail["to"] == address.as_str()), "{all:?}");
        // Of a request for nobody nothing stays.
        assert_eq!(count(service, "mails").await, 2);
    }

    /// An account has a handful of codes; the older ones die.
    async fn older_codes_die(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "dee", "nl").await;
        let mut tokens = Vec::new();
        for number in 1..=7 {
            ask(service, &address, "sign_in").await;
            tokens.push(token_in(&server.wait_for(number).await));
            service.clock.advance(TimeDelta::seconds(1));
        }
        for (index, token) in tokens.iter().enumerate() {
            let status = if index < 2 { 401 } else { 201 };
            service.bearer(token).post("/v1/code-sessions", json!(null)).await.expect(status);
        }
    }

    /// One address is not mailed on and on: known or not, it is told alike.
    async fn mails_to_one_address_are_limited(service, server) {
        let admin = service.admin().await;
        let known = somebody(&admin, "fay", "nl").await;
        for address in ["nobody@people.example", known.as_str()] {
            for _ in 0..10 {
                ask(service, address, "sign_in").await;
            }
            let body = json!({"emailAddress": address.to_uppercase()});
            let refused = service.nobody().post("/v1/sign-in-codes", body).await.expect(429);
            assert_eq!((refused.code(), refused.header("retry-after")), ("sign_in.too_many_tries", "900".to_owned()));
        }
        server.wait_for(10).await;
        service.clock.advance(TimeDelta::minutes(15));
        ask(service, &known, "sign_in").await;
        server.wait_for(11).await;
    }

    /// Of an account that was switched off no link holds, and it gets none.
    async fn an_account_that_is_off_gets_no_mail(service, server) {
        let admin = service.admin().await;
        let address = "gil@people.example";
        let account = admin.make("/v1/accounts", json!({"emailAddress": address, "displayName": "Gil"})).await.id();
        ask(service, address, "sign_in").await;
        let code = token_in(&server.wait_for(1).await);
        ask(service, address, "password_reset").await;
        let reset = token_in(&server.wait_for(2).await);
        let off = json!({"to": "disabled", "reason": "uit dienst"});
        admin.transition(&format!("/v1/accounts/{account}"), off).await.expect(201);
        service.bearer(&code).post("/v1/code-sessions", json!(null)).await.expect(401);
        let new = json!({"password": "paarse olifanten dansen zacht"});
        service.bearer(&reset).post("/v1/password-resets", new).await.expect(401);
        ask(service, address, "sign_in").await;
        settled(service).await;
        assert_eq!((server.mails().len(), count(service, "mails").await), (2, 2));
    }

    /// In the language of the account, the nearest that there is.
    async fn mails_come_in_three_languages(service, server) {
        let admin = service.admin().await;
        let expected = [
            ("nl", "Een nieuw wachtwoord instellen", "lang=\"nl\""),
            ("nl-simple", "Een nieuw wachtwoord kiezen", "lang=\"nl\""),
            ("en-IE", "Set a new password", "lang=\"en\""),
            ("tr", "Een nieuw wachtwoord instellen", "lang=\"nl\""),
        ];
        for (index, (language, subject, tag)) in expected.into_iter().enumerate() {
            let address = somebody(&admin, &format!("person-{language}"), language).await;
            ask(service, &address, "password_reset").await;
            let mail = server.wait_for(index + 1).await;
            assert_eq!(mail["subject"], subject, "{language}");
            assert!(mail["html"].as_str().unwrap().contains(tag), "{language}");
        }
    }
}
