//! Contact details that are verified, and people without an account who use their rights by
//! a one-time code at such an address.

mod rights;
mod sessions;
mod traces;
mod using;
mod verifying;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::mail_server::MailServer;
use crate::support::{Client, Reply, Service};

/// Somebody without an account who is reached at this address.
pub async fn reached(by: &Client, organisation: &str, address: &str, more: Value) -> String {
    let mut new = json!({"organisationId": organisation, "displayName": "Zonnebloem", "channel": "internet",
        "language": "nl", "birth": {"kind": "month", "year": 1990, "month": 3}, "contact": {"emailAddress": address}});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.make("/v1/participants", new).await.id()
}

/// The links for this purpose in every mail to this address, mail by mail, once there are so
/// many mails with any.
pub async fn links(server: &MailServer, (address, purpose): (&str, &str), mails: usize) -> Vec<Vec<String>> {
    let start = format!("https://app.example/#{purpose}=");
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let to = server.mails().into_iter().filter(|mail| mail["to"] == address);
        let of = |mail: Value| -> Vec<String> {
            let words = mail["text"].as_str().unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            words.iter().filter_map(|word| word.strip_prefix(&start)).map(str::to_owned).collect()
        };
        let found: Vec<Vec<String>> = to.map(of).filter(|links| !links.is_empty()).collect();
        if found.len() >= mails {
            return found;
        }
        assert!(Instant::now() < deadline, "{} mails to {address}, not {mails}", found.len());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The tokens in the last of so many mails.
pub async fn tokens(server: &MailServer, to: (&str, &str), mails: usize) -> Vec<String> {
    links(server, to, mails).await.pop().unwrap()
}

/// Asks that the address of this person is verified.
pub async fn asked(by: &Client, person: &str) -> Reply {
    let list = format!("/v1/participants/{person}/contact-verifications");
    by.post(&list, json!({"kind": "email_address"})).await
}

/// Uses the link of a mail that asks whether an address is right.
pub async fn confirmed(service: &Service, token: &str) -> Reply {
    service.bearer(token).post("/v1/contact-confirmations", json!(null)).await
}

/// Has the address of this person verified; it is the address's so many-th mail for that.
pub async fn verified(service: &Service, server: &MailServer, by: &Client, who: (&str, &str, usize)) {
    let (person, address, mails) = who;
    asked(by, person).await.expect(201);
    let token = tokens(server, (address, "contact_verification"), mails).await.remove(0);
    confirmed(service, &token).await.expect(204);
}

/// Asks for a code to one's own data.
pub async fn code_asked(service: &Service, address: &str) -> Reply {
    let body = json!({"emailAddress": address, "purpose": "own_data"});
    service.nobody().post("/v1/sign-in-codes", body).await.expect(202)
}

/// The same, of the service at this address.
pub async fn code_asked_at(base: &str, address: &str) {
    let body = json!({"emailAddress": address, "purpose": "own_data"});
    Client::new(base, None).post("/v1/sign-in-codes", body).await.expect(202);
}

/// Uses a code.
pub async fn opened(service: &Service, code: &str) -> Reply {
    service.bearer(code).post("/v1/own-data-sessions", json!(null)).await
}

/// Somebody in the session that a code opens.
pub async fn by_code(service: &Service, code: &str) -> Client {
    let session = opened(service, code).await.expect(201);
    service.bearer(session.body["accessToken"].as_str().unwrap())
}

/// What is shown as verified of a person.
pub async fn shown(by: &Client, person: &str) -> Value {
    by.get(&format!("/v1/participants/{person}")).await.expect(200).body["verifiedContact"].clone()
}
