//! What happens to mails when the other side is down, refuses, or when several
//! copies of the service send.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;

use super::{ask, beside, count, mailed, replica, settled, somebody, stored};
use crate::support::mail_server::{MailServer, token_in};
use crate::support::{On, Service};

mailed! {
    /// A mail waits for its server, and is sent once it is there.
    async fn a_mail_waits_for_its_server(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "ada", "nl").await;
        let port = server.port.to_string();
        drop(server);
        ask(service, &address, "sign_in").await;
        settled(service).await;
        assert_eq!(stored(service, "SELECT last_error FROM mails").await.as_deref(), Some("no connection"));
        assert_eq!(count(service, "mails WHERE attempts = 1 AND address IS NOT NULL").await, 1);
        let server = MailServer::start_with(&["--port", &port]).unwrap();
        // Not before its time.
        assert_eq!(service.running.app.deliver_mails().await.unwrap(), 0);
        service.clock.advance(TimeDelta::minutes(2));
        assert_eq!(service.running.app.deliver_mails().await.unwrap(), 1);
        let token = token_in(&server.wait_for(1).await);
        service.bearer(&token).post("/v1/code-sessions", json!(null)).await.expect(201);
        assert_eq!(count(service, "mails WHERE sent_at IS NOT NULL AND address IS NULL AND payload IS NULL").await, 1);
    }

    /// What nobody will ever take is given up at once, and emptied.
    async fn a_refused_recipient_is_not_tried_again(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "refused", "nl").await;
        ask(service, &address, "sign_in").await;
        settled(service).await;
        let given_up = "mails WHERE failed_at IS NOT NULL AND attempts = 1 AND address IS NULL AND payload IS NULL";
        assert_eq!(count(service, given_up).await, 1);
        assert_eq!(stored(service, "SELECT last_error FROM mails").await.as_deref(), Some("recipient refused"));
        service.clock.advance(TimeDelta::days(1));
        assert_eq!(service.running.app.deliver_mails().await.unwrap(), 0);
        assert_eq!((server.refusals(), server.mails().len()), (1, 0));
        // After a month it is forgotten.
        service.clock.advance(TimeDelta::days(31));
        service.round().await;
        assert_eq!(count(service, "mails").await, 0);
    }

    /// Ten attempts in about three days, then it is given up.
    async fn a_mail_is_given_up_in_the_end(service, server) {
        let admin = service.admin().await;
        let address = somebody(&admin, "bo", "nl").await;
        ask(service, &address, "password_reset").await;
        let reset = token_in(&server.wait_for(1).await);
        settled(service).await;
        drop(server);
        let set = json!({"password": "paarse olifanten dansen zacht"});
        service.bearer(&reset).post("/v1/password-resets", set).await.expect(204);
        settled(service).await;
        let began = klankbord_api::app::Clock::now(&*service.clock);
        let mut attempts = 1;
        while count(service, "mails WHERE template = 'password_changed' AND failed_at IS NULL").await == 1 {
            service.clock.advance(TimeDelta::minutes(10));
            attempts += service.running.app.deliver_mails().await.unwrap();
            assert!(attempts <= 10);
        }
        let took = klankbord_api::app::Clock::now(&*service.clock) - began;
        assert!(attempts == 10 && (60..100).contains(&took.num_hours()), "{attempts} attempts in {took}");
        assert_eq!(count(service, "mails WHERE template = 'password_changed' AND address IS NULL").await, 1);
    }

    /// A link that nobody can use any more is not sent; not even tried.
    async fn a_code_is_not_mailed_too_late(service, server) {
        let port = server.port.to_string();
        drop(server);
        let admin = service.admin().await;
        let address = somebody(&admin, "cas", "nl").await;
        ask(service, &address, "sign_in").await;
        settled(service).await;
        service.clock.advance(TimeDelta::minutes(61));
        service.round().await;
        let server = MailServer::start_with(&["--port", &port]).unwrap();
        assert_eq!(service.running.app.deliver_mails().await.unwrap(), 0);
        assert_eq!(stored(service, "SELECT last_error FROM mails").await.as_deref(), Some("too late"));
        assert_eq!((server.mails().len(), count(service, "mails WHERE address IS NULL").await), (0, 1));
    }

    /// Answers may go to somebody else; an address is no place for a header.
    async fn an_address_brings_no_header(service, server) {
        let nobody = service.nobody();
        for address in ["a@b.example\r\nBcc: c@d.example", "a@b.example\nSubject: x", "a@b.example, c@d.example"] {
            nobody.post("/v1/sign-in-codes", json!({"emailAddress": address})).await.expect(400);
        }
        assert_eq!((count(service, "mails").await, server.mails().len()), (0, 0));
    }
}

/// Several copies send from one database: each mail goes once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_send_each_mail_once() {
    let Some(server) = MailServer::start() else { return };
    let Some(service) = beside(&server, On::Postgres).await else { return };
    let admin = service.admin().await;
    let port = server.port.to_string();
    drop(server);
    for name in ["ada", "bo", "cas"] {
        let address = somebody(&admin, name, "nl").await;
        for _ in 0..10 {
            ask(&service, &address, "sign_in").await;
        }
    }
    settled(&service).await;
    let server = MailServer::start_with(&["--port", &port]).unwrap();
    service.clock.advance(TimeDelta::minutes(2));
    let (one, other) = (replica(&service).await, replica(&service).await);
    let senders = [&service.running.app, &one, &other, &service.running.app, &one, &other];
    let tried = futures_util::future::join_all(senders.map(klankbord_api::App::deliver_mails)).await;
    let tried: Vec<usize> = tried.into_iter().map(Result::unwrap).collect();
    server.wait_for(30).await;
    let mails = server.mails();
    let distinct: BTreeSet<_> = mails.iter().map(|mail| mail["messageId"].to_string()).collect();
    assert_eq!((tried.iter().sum::<usize>(), mails.len(), distinct.len()), (30, 30, 30), "{tried:?}");
    assert!(tried.iter().filter(|count| **count > 0).count() > 1, "only one sent: {tried:?}");
    assert_eq!(count(&service, "mails WHERE sent_at IS NULL").await, 0);
}

/// While mail is off, mails wait; what a code request said doesn't wait for ever.
async fn mail_is_off(on: On) {
    let Some(service) = Service::start(on).await else { return };
    ask(&service, "ada@people.example", "sign_in").await;
    assert_eq!(service.running.app.deliver_mails().await.unwrap(), 0);
    assert_eq!(count(&service, "mails WHERE address IS NOT NULL AND attempts = 0").await, 1);
    service.clock.advance(TimeDelta::minutes(61));
    service.round().await;
    assert_eq!(count(&service, "mails WHERE address IS NULL AND failed_at IS NOT NULL").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_wait_while_mail_is_off() {
    mail_is_off(On::Sqlite).await;
    mail_is_off(On::Postgres).await;
}
