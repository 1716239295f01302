//! What tests of anonymity start from.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::consultations::world::{World, answers, go, person};
use crate::feedback::join;
use crate::support::{Client, Reply, Service};

/// Bytes in hexadecimals.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// The hash of a secret, as a client makes it.
pub fn hash_of(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// The secret of somebody with this number.
pub fn secret(number: usize) -> String {
    format!("maan fiets brood wolk {number}")
}

/// An anonymous answer.
pub fn anonymous(channel: &str, (option, value): (u32, i32), words: Option<&str>, number: usize) -> Value {
    let mut body = answers(channel, option, value, words);
    body["withdrawalHash"] = json!(hash_of(&secret(number)));
    body
}

/// An answer as one gives it oneself.
pub fn own(number: usize) -> Value {
    anonymous("internet", (1, 4), Some("Rustiger graag."), number)
}

/// One that somebody heard of this person.
pub fn heard(person: &str, number: usize) -> Value {
    let mut body = anonymous("phone", (2, 5), None, number);
    body["participantId"] = json!(person);
    body
}

/// An anonymous consultation of this world, opened; its path.
pub async fn opened(world: &World, more: Value) -> String {
    let mut new = world.draft();
    new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
    new["mode"] = json!("anonymous");
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
    go(&world.officer, &path, "open").await.expect(201);
    path
}

/// Puts an answer in.
pub async fn put_in(by: &Client, path: &str, body: Value) -> Reply {
    by.post(&format!("{path}/anonymous-responses"), body).await
}

/// Takes one back.
pub async fn take_back(by: &Client, path: &str, body: Value) -> Reply {
    by.post(&format!("{path}/anonymous-response-withdrawals"), body).await
}

/// More people with an account of their own in the panel, each with their id.
pub async fn joined(service: &Service, world: &World, count: usize) -> Vec<(Client, String)> {
    let mut people = Vec::new();
    for number in 0..count {
        let (client, account) = service.account(&world.admin, &format!("lid{number}")).await;
        let id = person(&world.officer, &world.organisation, Some(&account), Some(1980)).await;
        join(&world.coordinator, &client, &world.network, &id).await;
        people.push((client, id));
    }
    people
}
