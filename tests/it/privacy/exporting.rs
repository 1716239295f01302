//! Exports: everything of somebody's is in them, nothing of their twin's, and as many
//! rows as there are.

use std::collections::{BTreeMap, BTreeSet};

use klankbord_persistence::privacy::map::{DataMap, Subject};
use serde_json::{Value, json};

use super::World;
use super::erasing::id;
use super::twins::Twins;
use crate::consultations::world::{go, sign_in};
use crate::feedback::invite;
use crate::support::{Client, database};

/// Asks for everything, carries it out, and reads it.
async fn exported(by: &Client, list: &str, body: Value) -> Value {
    let path = format!("/v1/data-requests/{}", by.make(list, body).await.id());
    go(by, &path, "carried_out").await.expect(201);
    let link = by.make(&format!("{path}/exports"), json!(null)).await.id();
    by.post(&format!("/v1/data-exports/{link}/readings"), json!(null)).await.expect(201).body
}

/// How many rows of each table are somebody's, as SQL says it: written out by hand.
fn by_hand(person: &str, account: &str) -> Vec<(&'static str, String)> {
    let member = format!("(SELECT id FROM memberships WHERE member_kind = 'participant' AND member_id = {person})");
    let answer = format!("(SELECT id FROM responses WHERE participant_id = {person})");
    let moves = format!(
        "((object_kind = 'membership' AND object_id IN {member}) \
         OR (object_kind = 'agreement' AND object_id IN (SELECT id FROM agreements WHERE participant_id = {person})) \
         OR (object_kind = 'claim' AND object_id IN (SELECT id FROM claims WHERE participant_id = {person})) \
         OR (object_kind = 'consent' AND object_id IN (SELECT id FROM consents WHERE participant_id = {person})) \
         OR (object_kind = 'legal_representative' AND object_id IN \
            (SELECT id FROM legal_representatives WHERE participant_id = {person})) \
         OR (object_kind = 'experience_approach' AND object_id IN \
            (SELECT id FROM experience_approaches WHERE participant_id = {person})) \
         OR (object_kind = 'quote' AND object_id IN (SELECT id FROM quotes WHERE response_id IN {answer})) \
         OR (object_kind = 'data_request' AND object_id IN (SELECT id FROM data_requests WHERE participant_id = {person})) \
         OR (object_kind = 'feedback' AND made_by = {account} AND object_id IN \
            (SELECT id FROM feedback WHERE author_kind = 'participant' AND author_id = {person})))"
    );
    vec![
        ("accounts", format!("id = {account}")),
        ("agreement_parties", format!("agreement_id IN (SELECT id FROM agreements WHERE participant_id = {person})")),
        ("agreements", format!("participant_id = {person}")),
        ("audit_rows", format!("actor_id = {account}")),
        ("audit_subjects", format!("participant_id = {person}")),
        ("burden_overrides", format!("membership_id IN {member}")),
        ("claim_lines", format!("claim_id IN (SELECT id FROM claims WHERE participant_id = {person})")),
        ("codings", format!("response_id IN {answer}")),
        ("contact_attempts", format!("membership_id IN {member}")),
        ("consents", format!("participant_id = {person} OR recorded_by = {account}")),
        ("consultation_asks", format!("participant_id = {person}")),
        ("data_requests", format!("participant_id = {person} OR account_id = {account}")),
        ("deadline_extensions", format!("participant_id = {person}")),
        ("experience_approaches", format!("participant_id = {person}")),
        (
            "experience_offers",
            format!("approach_id IN (SELECT id FROM experience_approaches WHERE participant_id = {person})"),
        ),
        ("experience_profiles", format!("id = {person}")),
        ("feedback", format!("author_kind = 'participant' AND author_id = {person}")),
        ("grants", format!("account_id = {account}")),
        ("invitations", format!("participant_id = {person}")),
        ("legal_representatives", format!("participant_id = {person}")),
        ("mails", format!("participant_id = {person} OR account_id = {account}")),
        ("membership_invitations", format!("membership_id IN {member}")),
        ("memberships", format!("member_kind = 'participant' AND member_id = {person}")),
        ("participant_contacts", format!("participant_id = {person}")),
        ("participants", format!("id = {person}")),
        ("quotes", format!("response_id IN {answer}")),
        ("recruitment_candidates", format!("membership_id IN {member}")),
        ("report_back_tellings", format!("participant_id = {person}")),
        ("responses", format!("participant_id = {person}")),
        ("second_factors", format!("account_id = {account}")),
        ("sessions", format!("account_id = {account}")),
        ("sign_in_codes", format!("account_id = {account}")),
        ("supports", format!("participant_id = {person}")),
        (
            "telling_attempts",
            format!("telling_id IN (SELECT id FROM report_back_tellings WHERE participant_id = {person})"),
        ),
        ("transition_reasons", format!("transition_id IN (SELECT id FROM transitions WHERE {moves})")),
        ("transitions", format!("made_by = {account}")),
    ]
}

on_both! {
    /// Every column that is somebody's appears, no word of the twin's does, and the rows are
    /// as many as SQL counts.
    async fn everything_of_ones_own_and_nothing_of_anothers(service) {
        let twins = Twins::of(service).await;
        let own = &twins.own;
        let list = "/v1/me/data-requests";
        let path = format!("/v1/data-requests/{}", own.client.make(list, json!({"kind": "export"})).await.id());
        let early = own.client.post(&format!("{path}/exports"), json!(null)).await.expect(409);
        assert_eq!(early.code(), "data_request.no_export");
        go(&own.client, &path, "carried_out").await.expect(201);
        let link = own.client.make(&format!("{path}/exports"), json!(null)).await.id();
        let reading = format!("/v1/data-exports/{link}/readings");

        // The link is the caller's alone.
        twins.other.client.post(&reading, json!(null)).await.expect(404);
        twins.world.officer.post(&reading, json!(null)).await.expect(404);
        let (person, account) = (id(service, &own.person), id(service, &own.account));
        let url = &service.running.app.config.database.url;
        let mut counted = BTreeMap::new();
        for (table, which) in by_hand(&person, &account) {
            counted.insert(table.to_owned(), database::count(url, &format!("{table} WHERE {which}")).await);
        }
        let reply = own.client.post(&reading, json!(null)).await.expect(201);
        let whole = &reply.body;
        own.client.post(&reading, json!(null)).await.expect(404);
        let read = "audit_rows WHERE action = 'createDataExportReading' AND object_kind = 'data_export'";
        assert_eq!(database::count(url, read).await, 1);

        for word in &twins.other.canaries {
            assert!(!reply.text.contains(word), "{word} is the twin's");
        }
        assert!(!reply.text.contains(&twins.other.person) && !reply.text.contains(&twins.other.account));
        let (_, written) = own.canaries.split_last().unwrap();
        for word in written {
            assert!(reply.text.contains(word), "{word} is missing");
        }
        let mut told = BTreeMap::new();
        let mut columns = BTreeSet::new();
        for table in whole["tables"].as_array().unwrap() {
            let name = table["name"].as_str().unwrap();
            let rows = table["rows"].as_array().unwrap();
            told.insert(name.to_owned(), i64::try_from(rows.len()).unwrap());
            for column in rows.iter().flat_map(|row| row["columns"].as_array().unwrap()) {
                columns.insert(format!("{name}.{}", column["name"].as_str().unwrap()));
            }
        }
        // That the export is read is itself written down while it is.
        for (table, count) in &counted {
            assert_eq!(told.get(table), Some(count), "{table}");
        }
        let mut missing = Vec::new();
        for (name, table) in &DataMap::read().unwrap().table {
            if !told.contains_key(name) {
                continue;
            }
            let theirs = |subject: Subject| match subject {
                Subject::Participant | Subject::Person => true,
                Subject::Account => matches!(name.as_str(), "accounts" | "sessions" | "second_factors" | "sign_in_codes"),
                Subject::None | Subject::Organisation => false,
            };
            for (column, entry) in &table.columns {
                if theirs(entry.subject) && !columns.contains(&format!("{name}.{column}")) {
                    missing.push(format!("{name}.{column}"));
                }
            }
        }
        // Whose rows only name the account tell no more than that.
        missing.retain(|column| !column.starts_with("audit_rows."));
        assert!(missing.is_empty(), "{missing:?}");
        let summary = whole["summary"].as_str().unwrap();
        assert!(summary.contains("Wie je bent") && summary.contains(&own.canaries[5]), "{summary}");
        assert!(summary.contains("Alles, kolom voor kolom"));
        let withheld = |table: &Value, column: &Value| {
            let map = &DataMap::read().unwrap().table[table["name"].as_str().unwrap()];
            map.columns[column["name"].as_str().unwrap()].withheld.is_some() && column.get("value").is_some()
        };
        let tables = whole["tables"].as_array().unwrap();
        let rows = tables.iter().flat_map(|table| table["rows"].as_array().unwrap().iter().map(move |row| (table, row)));
        let cells = rows.flat_map(|(table, row)| row["columns"].as_array().unwrap().iter().map(move |cell| (table, cell)));
        let secrets: Vec<_> = cells.filter(|(table, cell)| withheld(table, cell)).collect();
        assert!(secrets.is_empty(), "{secrets:?}");
    }

    /// Who represents a child asks, and an officer carries it out; what the child brought and
    /// answered isn't in it. An officer isn't given what stands in a council's room.
    async fn a_representative_is_not_given_what_a_child_brought(service) {
        let world = World::of(service, (2012, 5)).await;
        let list = format!("/v1/participants/{}/data-requests", world.child);
        let asked = world.mother.make(&list, json!({"kind": "export", "channel": "internet"})).await;
        assert_eq!((&asked.body["askedBy"], &asked.body["allowedTransitions"]), (&json!("representative"), &json!(["withdrawn"])));
        let path = format!("/v1/data-requests/{}", asked.id());
        go(&world.mother, &path, "carried_out").await.expect(403);
        go(&world.officer, &path, "carried_out").await.expect(201);
        let link = world.mother.make(&format!("{path}/exports"), json!(null)).await.id();
        let whole = world.mother.post(&format!("/v1/data-exports/{link}/readings"), json!(null)).await.expect(201).body;
        let alone = ["responses", "codings", "quotes", "feedback", "supports", "transition_reasons", "consents"];
        assert_eq!(whole["leftOutTables"], json!(alone));
        let tables: Vec<&str> = whole["tables"].as_array().unwrap().iter().map(|table| table["name"].as_str().unwrap()).collect();
        assert!(tables.contains(&"participants"));
        assert!(!tables.iter().any(|table| alone.contains(table)), "{tables:?}");
        // It holds a quarter of an hour.
        let late = world.officer.make(&format!("{path}/exports"), json!(null)).await.id();
        service.clock.advance(chrono::TimeDelta::minutes(16));
        let officer = sign_in(service, "officer").await;
        officer.post(&format!("/v1/data-exports/{late}/readings"), json!(null)).await.expect(404);
    }

    async fn what_stands_in_a_councils_room_is_not_for_its_host(service) {
        let world = World::of(service, (2012, 5)).await;
        let officer = &world.officer;
        world.says(&world.mother, "given").await.expect(201);
        let manager = sign_in(service, "manager").await;
        let council = crate::feedback::network(&manager, &world.organisation, "client_council").await;
        let chair = sign_in(service, "young").await;
        crate::feedback::grant(&manager, &world.young, "chair", &council).await;
        let membership = invite(&chair, &council, &world.child).await;
        go(&chair, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
        let panel = invite(&world.coordinator, &world.network, &world.child).await;
        let asked = json!({"kind": "export", "channel": "in_person", "identityCheck": "Paspoort gezien."});
        let list = format!("/v1/participants/{}/data-requests", world.child);
        let whole = exported(officer, &list, asked).await.to_string();
        assert!(whole.contains(&panel));
        assert!(!whole.contains(&membership) && !whole.contains(&council));
        let asked = json!({"kind": "erasure", "channel": "in_person", "identityCheck": "Paspoort gezien."});
        let path = format!("/v1/data-requests/{}", officer.make(&list, asked).await.id());
        let plan = officer.get(&format!("{path}/erasure-plan")).await.expect(200).body;
        let part = plan["parts"].as_array().unwrap().iter().find(|part| part["table"] == "memberships").unwrap();
        assert_eq!(part["rows"], 1);
        go(officer, &path, "carried_out").await.expect(201);
        // It is done there, too.
        let url = &service.running.app.config.database.url;
        let person = id(service, &world.child);
        assert_eq!(database::count(url, &format!("memberships WHERE member_id = {person}")).await, 0);
        assert_eq!(database::count(url, "memberships WHERE status = 'active'").await, 0);
        // And the host's trail doesn't say that it was there.
        let seat = id(service, &membership);
        let told = format!("audit_rows WHERE object_id = {seat} AND room_id IS NULL");
        assert_eq!(database::count(url, &told).await, 0);
    }

    /// An account that was linked to a councillor afterwards sees nothing of the council, in
    /// an export of all that is its own either.
    async fn an_account_linked_later_sees_no_room(service) {
        let world = World::of(service, (2012, 5)).await;
        let manager = sign_in(service, "manager").await;
        let council = crate::feedback::network(&manager, &world.organisation, "client_council").await;
        let chair = sign_in(service, "father").await;
        let account = chair.get("/v1/me").await.body["accountId"].as_str().unwrap().to_owned();
        crate::feedback::grant(&manager, &account, "chair", &council).await;
        let person = crate::feedback::participant(&world.officer, &world.organisation, None, "Raadslid").await;
        let said = json!({"consentTextId": world.text, "answer": "given", "giver": "person", "channel": "phone"});
        world.officer.make(&format!("/v1/participants/{person}/consents"), said).await;
        let membership = invite(&chair, &council, &person).await;
        go(&chair, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
        let link = json!({"accountId": world.young});
        crate::consultations::world::change(&world.officer, &format!("/v1/participants/{person}"), link).await.expect(200);
        let linked = sign_in(service, "young").await;
        let whole = exported(&linked, "/v1/me/data-requests", json!({"kind": "export"})).await.to_string();
        assert!(whole.contains(&person));
        assert!(!whole.contains(&membership) && !whole.contains(&council));
    }

    /// A child asks the organisation, which answers in time; nobody else would.
    async fn a_child_asks_the_organisation(service) {
        let world = World::of(service, (2012, 5)).await;
        let link = json!({"accountId": world.young});
        let child = format!("/v1/participants/{}", world.child);
        crate::consultations::world::change(&world.officer, &child, link).await.expect(200);
        let young = sign_in(service, "young").await;
        let refused = young.post("/v1/me/data-requests", json!({"kind": "erasure"})).await.expect(409);
        assert_eq!(refused.code(), "data_request.ask_organisation");
        let list = format!("{child}/data-requests");
        let asked = young.make(&list, json!({"kind": "erasure", "channel": "internet"})).await;
        assert_eq!(asked.body["allowedTransitions"], json!(["withdrawn"]));
        let path = format!("/v1/data-requests/{}", asked.id());
        go(&young, &path, "carried_out").await.expect(403);
        // Nobody takes it back for the child: who refuses it says why.
        for other in [&world.officer, &world.mother] {
            go(other, &path, "withdrawn").await.expect(403);
        }
        assert_eq!(go(&world.officer, &path, "rejected").await.expect(400).faults(), ["/reason reason.required"]);
        go(&world.officer, &path, "carried_out").await.expect(201);
        young.get(&path).await.expect(404);
    }
}
