//! Erasure: nothing that a person wrote is left, their twin keeps everything, and what
//! was counted counts still.

use std::collections::BTreeMap;

use klankbord_persistence::privacy::map::{DataMap, Erasure};
use serde_json::{Value, json};

use super::twins::{Twins, rows};
use crate::consultations::world::{change, go, sign_in};
use crate::feedback::{invite, nl};
use crate::process::program::holds;
use crate::support::{Client, On, Service, cluster, database};

/// What everybody can read of what was counted.
async fn published(twins: &Twins) -> Vec<Value> {
    let organisation = &twins.world.organisation;
    let mut all = Vec::new();
    for path in [
        format!("{}/results", twins.consultation),
        "/v1/register".to_owned(),
        format!("/v1/organisations/{organisation}/compensation?startsOn=2026-01-01&endsOn=2026-12-31"),
    ] {
        all.push(twins.world.manager.get(&path).await.expect(200).body);
    }
    for feedback in [&twins.own.feedback, &twins.other.feedback] {
        let read = twins.world.officer.get(feedback).await.expect(200).body;
        all.push(json!([read["status"], read["supporters"], read["kind"], read["officialResponse"]]));
    }
    all
}

/// In which columns these words stand.
pub async fn standing(service: &Service, words: &[String]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (column, value) in rows(service).await {
        if words.iter().any(|word| value.contains(word)) {
            *found.entry(column).or_default() += 1;
        }
    }
    found
}

/// Every row of the twin's, and what hangs on it.
async fn digest(service: &Service, words: &[&str]) -> Vec<String> {
    let open = database::connect(&service.running.app.config.database.url).await;
    let mut found = Vec::new();
    for table in DataMap::read().unwrap().table.keys() {
        for row in database::lines(&open, table).await {
            let plain = row.to_lowercase().replace('-', "");
            if words.iter().any(|word| plain.contains(&word.to_lowercase().replace('-', ""))) {
                found.push(format!("{table}: {row}"));
            }
        }
    }
    open.close().await.unwrap();
    found.sort();
    found
}

/// An identifier as the database writes it.
pub fn id(service: &Service, id: &str) -> String {
    match service.on {
        On::Sqlite => format!("X'{}'", id.replace('-', "").to_uppercase()),
        On::Postgres => format!("'{id}'::uuid"),
    }
}

/// Asks it, looks at the plan, and does it; the plan.
async fn erased(by: &Client, list: &str, body: Value) -> Value {
    let path = format!("/v1/data-requests/{}", by.make(list, body).await.id());
    let plan = by.get(&format!("{path}/erasure-plan")).await.expect(200).body;
    go(by, &path, "carried_out").await.expect(201);
    plan
}

on_both! {
    /// Of twelve words and more none is left outside what is kept, nowhere; the twin's rows
    /// are as they were, and so is everything that was published.
    async fn nothing_that_somebody_wrote_is_left(service) {
        let twins = Twins::of(service).await;
        let own = &twins.own;
        assert!(own.canaries.len() >= 12, "{:?}", own.canaries);
        let before = standing(service, &own.canaries).await;
        assert!(before.len() >= 10, "{before:?}");
        let all = published(&twins).await;
        let other = &twins.other;
        let twin: Vec<&str> = other.canaries.iter().map(String::as_str).chain([&*other.person, &*other.account]).collect();
        let twin_before = digest(service, &twin).await;
        assert!(twin_before.len() > 40);

        let plan = erased(&own.client, "/v1/me/data-requests", json!({"kind": "erasure"})).await;

        let left = standing(service, &own.canaries).await;
        #[expect(clippy::print_stdout, reason = "what is kept is to be seen")]
        {
            println!("before: {before:?}\nkept: {left:?}");
        }
        let map = DataMap::read().unwrap();
        for column in left.keys() {
            let (table, name) = column.split_once('.').unwrap();
            let erase = map.table[table].columns[name].erase;
            assert!(erase.is_none_or(|act| act == Erasure::Keep), "{column}");
        }
        assert_eq!(left, BTreeMap::from([("official_responses.text".to_owned(), 1)]));
        let (_, gone) = own.canaries.split_last().unwrap();
        for word in gone {
            match service.on {
                On::Sqlite => assert!(!holds(&service.folder(), word), "{word} in a file"),
                On::Postgres => {
                    let url = &service.running.app.config.database.url;
                    let dump = cluster::cluster().unwrap().dump(url);
                    assert!(!dump.windows(word.len()).any(|part| part == word.as_bytes()), "{word} in a dump");
                }
            }
        }
        assert_eq!(digest(service, &twin).await, twin_before);
        assert_eq!(published(&twins).await, all);
        // What was sealed is gone as well, though no word of it could be read.
        let url = &service.running.app.config.database.url;
        assert_eq!(database::count(url, "participant_contacts").await, 1);
        assert_eq!(database::count(url, "accounts WHERE length(email_sealed) = 0").await, 1);
        assert_eq!(database::count(url, "outbox WHERE kind = 'participant.erased'").await, 1);

        // Others' part in what was agreed stays: the host's, of both.
        let host = id(service, &twins.world.organisation);
        assert_eq!(database::count(url, &format!("agreement_parties WHERE party_id = {host}")).await, 2);
        let mine = id(service, &own.person);
        for table in ["agreements", "memberships m WHERE m.member_id", "responses", "invitations", "supports"] {
            let rows = if table.contains("WHERE") { format!("{table} = {mine}") } else { format!("{table} WHERE participant_id = {mine}") };
            assert_eq!(database::count(url, &rows).await, 0, "{rows}");
        }

        // The dry run said it.
        let part = |table: &str| plan["parts"].as_array().unwrap().iter().find(|part| part["table"] == table).cloned();
        let acts = |table: &str| -> Vec<String> {
            let part = part(table).unwrap_or_else(|| panic!("{table}: {plan}"));
            part["acts"].as_array().unwrap().iter().map(|act| act["act"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(acts("participant_contacts"), ["delete_row"]);
        assert_eq!(acts("responses"), ["keep", "strip_text", "unlink"]);
        assert!(acts("feedback").contains(&"replace".to_owned()));
        let kept = part("claims").unwrap()["acts"].as_array().unwrap().clone();
        let kept = kept.iter().find(|act| act["act"] == "keep").unwrap()["why"].as_str().unwrap().to_owned();
        assert!(kept.contains("AWR art. 52"), "{kept}");

        // What they were is over at the next call; what they brought says that it was removed.
        own.client.get("/v1/me").await.expect(401);
        twins.world.officer.get(&format!("/v1/participants/{}", own.person)).await.expect(404);
        let read = twins.world.officer.get(&own.feedback).await.expect(200).body;
        assert_eq!((&read["removed"], &read["title"][0]["value"]), (&json!("author"), &json!("Weggehaald door de schrijver.")));
        // The books, lists and members' list go on.
        twins.world.officer.get(&own.claim).await.expect(200);
        twins.world.officer.get("/v1/claims?count=true").await.expect(200);
        twins.world.coordinator.get(&format!("/v1/networks/{}/memberships?limit=100", twins.world.network)).await.expect(200);
        twins.world.facilitator.get(&format!("{}/responses?limit=100", twins.consultation)).await.expect(200);
        twins.world.admin.get(&format!("/v1/accounts/{}", own.account)).await.expect(200);
        // The address can be somebody's again.
        let again = json!({"emailAddress": format!("{}@people.example", own.canaries[0]), "displayName": "Nieuw"});
        twins.world.admin.make("/v1/accounts", again).await;
    }

    /// As a participant of one organisation alone, by an officer who checked who asks: the
    /// account stays, and nothing leads from it to what is left.
    async fn an_officer_erases_a_participant(service) {
        let twins = Twins::of(service).await;
        let own = &twins.own;
        let all = published(&twins).await;
        let list = format!("/v1/participants/{}/data-requests", own.person);
        let asked = json!({"kind": "erasure", "channel": "phone"});
        let refused = twins.world.officer.post(&list, asked.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/identityCheck data_request.identity_check_missing"]);
        let mut asked = asked;
        asked["identityCheck"] = json!("Teruggebeld.");
        erased(&twins.world.officer, &list, asked).await;
        // What the account's own texts were stays: it wasn't asked of those.
        let left = standing(service, &own.canaries).await;
        let kept: Vec<&str> = left.keys().map(String::as_str).collect();
        assert_eq!(kept, ["accounts.display_name", "grants.reason", "official_responses.text", "role_invitations.reason"]);
        assert_eq!(published(&twins).await, all);
        own.client.get("/v1/me").await.expect(200);
        let history = own.client.get("/v1/me/history").await.expect(200);
        assert!(history.items().is_empty(), "{}", history.text);
        let url = &service.running.app.config.database.url;
        let id = id(service, &own.account);
        for rows in ["participants WHERE account_id", "memberships WHERE account_id", "claims WHERE account_id",
            "claims WHERE submitted_by", "transitions WHERE object_kind = 'feedback' AND made_by"] {
            assert_eq!(database::count(url, &format!("{rows} = {id}")).await, 0, "{rows}");
        }
        // The request is kept as proof, for who answered it.
        let requests = twins.world.officer.get(&format!("/v1/organisations/{}/data-requests", twins.world.organisation)).await;
        let done: Vec<_> = requests.items().iter().filter(|one| one["kind"] == "erasure").collect();
        assert_eq!((done.len(), &done[0]["status"], done[0].get("identityCheck")), (1, &json!("carried_out"), None));
        twins.world.officer.get(&format!("/v1/data-requests/{}", done[0]["id"].as_str().unwrap())).await.expect(200);
    }

    /// The last who leads somewhere hands over first; a child asks, and an officer does it.
    async fn who_may_not_be_missed_hands_over_first(service) {
        let twins = Twins::of(service).await;
        let made = twins.world.manager.make("/v1/me/data-requests", json!({"kind": "erasure"})).await;
        let refused = go(&twins.world.manager, &format!("/v1/data-requests/{}", made.id()), "carried_out").await;
        assert_eq!(refused.expect(409).code(), "grant.last_one");
        twins.world.manager.get("/v1/me").await.expect(200);
        // A foreign request is an unknown one.
        let path = format!("/v1/data-requests/{}", made.id());
        twins.own.client.get(&path).await.expect(404);
        go(&twins.own.client, &path, "carried_out").await.expect(404);
        twins.world.admin.get(&path).await.expect(404);
    }

    /// Who represents a child and is erased represents nobody any more, and nothing goes to
    /// their address; what was agreed with somebody who is erased ends.
    async fn who_represents_and_is_erased_represents_nobody(service) {
        let world = super::World::of(service, (2012, 5)).await;
        let child = format!("/v1/participants/{}", world.child);
        let own = json!({"contact": {"emailAddress": "mother@demo.klankbord.example"}});
        change(&world.mother, &child, own).await.expect(200);
        world.says(&world.mother, "given").await.expect(201);
        let membership = invite(&world.coordinator, &world.network, &world.child).await;
        let promise = json!({"role": nl("Denkt mee."), "startsOn": "2026-11-01", "answerWithinDays": 7});
        let list = format!("/v1/memberships/{membership}/agreements");
        let agreement = format!("/v1/agreements/{}", world.coordinator.make(&list, promise).await.id());

        let mother = sign_in(service, "mother").await;
        erased(&mother, "/v1/me/data-requests", json!({"kind": "erasure"})).await;
        let held = world.officer.get(&format!("{child}/legal-representatives")).await.expect(200);
        let states: Vec<_> = held.items().iter().map(|one| (one["status"].clone(), one.get("accountId").is_some())).collect();
        assert_eq!(states, [(json!("ended"), false), (json!("active"), true)]);
        assert_eq!(world.officer.get(&child).await.expect(200).body.get("contact"), None);
        world.mother.get(&child).await.expect(401);

        let asked = json!({"kind": "erasure", "channel": "phone", "identityCheck": "Teruggebeld."});
        erased(&world.officer, &format!("{child}/data-requests"), asked).await;
        assert_eq!(world.coordinator.get(&agreement).await.expect(200).body["status"], "declined");
    }
}
