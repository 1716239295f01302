//! What people are told of their account, by mail.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ask, count, mailed, settled, somebody};
use crate::people::GOOD;
use crate::people::factors::{code as shown, confirmed};
use crate::support::mail_server::token_in;
use crate::support::{Client, Service};

/// Signs in with the password, from an address of this machine.
async fn from(service: &Service, last: u8, address: &str) -> Client {
    let body = json!({"emailAddress": address, "password": GOOD});
    let session = service.nobody_from(last).post("/v1/sessions", body).await.expect(201);
    service.bearer(session.body["accessToken"].as_str().unwrap())
}

/// The mail says when, in local time, and nothing of where.
fn tells_when(mail: &Value) {
    for form in ["text", "html"] {
        let text = mail[form].as_str().unwrap();
        assert!(text.contains("23-11-2026, 10:00") && !text.contains("127.0.0"), "{text}");
        assert!(!text.contains("people.example"), "{text}");
    }
}

mailed! {
    /// A place from which an account never signed in, once it signed in elsewhere.
    async fn a_new_place_is_told(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "ada", "en").await;
        for _ in 0..2 {
            from(service, 1, &address).await;
        }
        settled(service).await;
        assert_eq!(count(service, "mails").await, 0, "the first place is no news");
        // A wrong password is no sign-in.
        let wrong = json!({"emailAddress": address, "password": "dit is het vast wel"});
        service.nobody_from(7).post("/v1/sessions", wrong).await.expect(401);
        from(service, 7, &address).await;
        let mail = server.wait_for(1).await;
        assert_eq!((&mail["subject"], &mail["to"]), (&json!("Your account was signed in to"), &json!(address)));
        tells_when(&mail);
        from(service, 7, &address).await;
        // By a link from the mail, too.
        ask(service, &address, "sign_in").await;
        let link = token_in(&server.wait_for(2).await);
        let base = crate::support::Client::from(&service.base, std::net::Ipv4Addr::new(127, 0, 0, 8));
        let request = base.request(reqwest::Method::POST, "/v1/code-sessions").bearer_auth(&link);
        crate::support::wire::reply(request).await.expect(201);
        assert_eq!(server.wait_for(3).await["subject"], "Your account was signed in to");
        // A place is known for as long as it is used now and then.
        service.clock.advance(TimeDelta::days(80));
        from(service, 8, &address).await;
        service.clock.advance(TimeDelta::days(80));
        from(service, 8, &address).await;
        settled(service).await;
        assert_eq!(server.mails().len(), 3);
        from(service, 1, &address).await;
        server.wait_for(4).await;
    }

    /// Confirmed, removed by oneself, removed by an admin; not what was never in
    /// use, nor each time that it is shown.
    async fn a_second_factor_is_told(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "bo", "nl").await;
        let bo = from(service, 1, &address).await;
        bo.post("/v1/me/second-factor", json!(null)).await.expect(201);
        bo.delete("/v1/me/second-factor").await.expect(204);
        settled(service).await;
        assert_eq!(count(service, "mails").await, 0);
        let secret = confirmed(service, &bo).await;
        let mail = server.wait_for(1).await;
        let subject = json!("De extra beveiliging van uw account is gewijzigd");
        assert_eq!((&mail["subject"], &mail["to"]), (&subject, &json!(address)));
        tells_when(&mail);
        service.clock.advance(TimeDelta::seconds(30));
        bo.post("/v1/me/second-factor/checks", json!({"code": shown(service, &secret)})).await.expect(201);
        bo.delete("/v1/me/second-factor").await.expect(204);
        assert_eq!(server.wait_for(2).await["subject"], subject);
        service.clock.advance(TimeDelta::seconds(30));
        confirmed(service, &bo).await;
        server.wait_for(3).await;
        let id = bo.get("/v1/me").await.expect(200).body["accountId"].as_str().unwrap().to_owned();
        admin.delete(&format!("/v1/accounts/{id}/second-factor")).await.expect(204);
        assert_eq!(server.wait_for(4).await["to"], address.as_str());

        // Who is switched off is told nothing.
        let bo = from(service, 1, &address).await;
        service.clock.advance(TimeDelta::seconds(30));
        confirmed(service, &bo).await;
        server.wait_for(5).await;
        let off = json!({"to": "disabled", "reason": "Werkt hier niet meer."});
        admin.transition(&format!("/v1/accounts/{id}"), off).await.expect(201);
        admin.delete(&format!("/v1/accounts/{id}/second-factor")).await.expect(204);
        settled(service).await;
        assert_eq!(server.mails().len(), 5);
    }

    /// Also one's own change of password, in plain Dutch where that is liked.
    async fn a_new_password_is_told(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "cas", "nl-simple").await;
        let cas = from(service, 1, &address).await;
        let next = json!({"password": "paarse olifanten dansen zacht", "currentPassword": GOOD});
        let wrong = json!({"password": "paarse olifanten dansen zacht", "currentPassword": "iets anders dan dit"});
        cas.post("/v1/me/password-changes", wrong).await.expect(400);
        cas.post("/v1/me/password-changes", next).await.expect(201);
        let mail = server.wait_for(1).await;
        assert_eq!(mail["to"], address.as_str());
        tells_when(&mail);
        assert_eq!(count(service, "mails WHERE template = 'password_changed'").await, 1);
    }

    /// With the mail server away everything goes on.
    async fn no_mail_stops_nothing(service, server) {
        drop(server);
        let admin = service.admin().await;
        let address = somebody(&admin, "dirk", "nl").await;
        let dirk = from(service, 1, &address).await;
        from(service, 9, &address).await;
        confirmed(service, &dirk).await;
        dirk.delete("/v1/me/second-factor").await.expect(204);
        let next = json!({"password": "paarse olifanten dansen zacht", "currentPassword": GOOD});
        dirk.post("/v1/me/password-changes", next).await.expect(201);
        settled(service).await;
        assert_eq!(count(service, "mails WHERE sent_at IS NULL AND last_error = 'no connection'").await, 4);
    }
}
