//! Call lists and visit lists of a consultation.

use serde_json::{Value, json};

use super::{Panel, answer, count, day};
use crate::anonymity::world::{own, put_in};
use crate::support::wire::reply;
use crate::support::{Client, Reply};

async fn list(by: &Client, path: &str, query: &str) -> Reply {
    by.get(&format!("{path}/contact-list?limit=100{query}")).await
}

async fn tried(by: &Client, path: &str, body: Value) -> Reply {
    by.post(&format!("{path}/contact-attempts"), body).await
}

fn one<'r>(reply: &'r Reply, person: &str) -> &'r Value {
    reply.items().iter().find(|one| one["participantId"] == person).unwrap()
}

on_both! {
    /// Whom to call and to visit, with how and when and what they need; the read is kept; what
    /// came of a call is there the next time; a sheet does no sums.
    async fn who_calls_has_what_it_takes(service) {
        let panel = Panel::of(service).await;
        let needs = json!({"displayName": "=SUM(A1)", "contactTimes": ["evening"], "accessNeeds": ["interpreter"]});
        let called = panel.joins("phone", "parent", needs).await;
        let visited = panel.joins("in_person", "parent", json!({})).await;
        let online = panel.joins("internet", "parent", json!({})).await;
        let path = panel.opened(service, "confidential", json!({})).await;
        // In confidence the list tells who answered: it is for the facilitators named on it.
        list(&panel.coordinator, &path, "").await.expect(403);
        list(&panel.manager, &path, "").await.expect(403);
        let reads = "audit_rows WHERE action = 'listConsultationContactList'";
        let before = count(service, reads).await;
        let listed = list(&panel.facilitator, &path, "").await.expect(200);
        assert_eq!(count(service, reads).await, before + 1);
        assert_eq!(listed.items().len(), 2);
        let entry = one(&listed, &called);
        assert_eq!((&entry["phoneNumber"], &entry["reachable"]), (&json!("+31 88 555 0000"), &json!(true)));
        assert_eq!((&entry["contactTimes"], &entry["accessNeeds"]), (&json!(["evening"]), &json!(["interpreter"])));
        assert_eq!(entry["answerDueOn"], json!(day(service, 14)));
        assert_eq!(one(&listed, &visited)["mailingAddress"], json!("Lindelaan 1, Voorbeeldstad"));
        let phones = list(&panel.facilitator, &path, "&channel=phone").await.expect(200);
        assert!(phones.items().len() == 1 && phones.items()[0]["participantId"] == called.as_str());

        let back = json!({"participantId": called, "outcome": "call_back", "note": "Na zes uur."});
        let noted = tried(&panel.facilitator, &path, back).await.expect(201).body;
        assert_eq!((&noted["attempts"], &noted["happenedOn"]), (&json!(1), &json!(day(service, 0))));
        tried(&panel.facilitator, &path, json!({"participantId": called, "outcome": "not_reached"})).await.expect(201);
        let listed = list(&panel.facilitator, &path, "").await.expect(200);
        let entry = one(&listed, &called);
        assert_eq!((&entry["attempts"], &entry["note"], &entry["lastOutcome"]), (&json!(2), &json!("Na zes uur."), &json!("not_reached")));
        let tomorrow = json!({"participantId": called, "outcome": "reached", "happenedOn": day(service, 1)});
        assert_eq!(tried(&panel.facilitator, &path, tomorrow).await.expect(400).faults(), ["/happenedOn contact_attempt.in_future"]);
        let by_hand = json!({"participantId": called, "outcome": "reached", "done": true});
        assert_eq!(tried(&panel.facilitator, &path, by_hand).await.expect(400).faults(), ["/done asking.done_by_answer"]);
        let nobody = json!({"participantId": panel.organisation, "outcome": "reached"});
        assert_eq!(tried(&panel.facilitator, &path, nobody).await.expect(400).faults(), ["/participantId reference.unknown"]);

        panel.heard(&path, &called, "phone").await;
        let listed = list(&panel.facilitator, &path, "").await.expect(200);
        let entry = one(&listed, &called);
        assert_eq!((&entry["done"], &entry["doneOn"]), (&json!(true), &json!(day(service, 0))));
        let left = list(&panel.facilitator, &path, "&done=false").await.expect(200);
        assert!(left.items().len() == 1 && left.items()[0]["participantId"] == visited.as_str());
        let sheet = panel.facilitator.request(reqwest::Method::GET, &format!("{path}/contact-list?done=true"));
        let sheet = reply(sheet.header("Accept", "text/csv")).await.expect(200).text;
        let row = sheet.lines().nth(1).unwrap();
        assert!(sheet.starts_with("participantId,displayName,channel,"), "{sheet}");
        assert!(row.contains(",'=SUM(A1),phone,") && row.contains(",'+31 88 555 0000,"), "{row}");
        assert!(!sheet.contains(&online));
    }

    /// Of an anonymous one "done" is what the facilitator says and nothing else: whoever answers
    /// otherwise, and whatever a facilitator enters, the list stays as it was. The entry and the
    /// trail name nobody.
    async fn done_says_nothing_of_a_receipt(service) {
        let panel = Panel::of(service).await;
        panel.join(3).await;
        let (bram, bram_id) = panel.with_account(service, "bram", "phone").await;
        let path = panel.opened(service, "anonymous", json!({"heardByOthers": true})).await;
        let before = list(&panel.facilitator, &path, "").await.expect(200).body;
        let sent = |number: usize, channel: &str| {
            let mut body = own(number);
            (body["answers"], body["channel"]) = (answer("internet")["answers"].clone(), json!(channel));
            body
        };
        put_in(&bram, &path, sent(1, "internet")).await.expect(201);
        let heard = before["items"][0]["participantId"].as_str().unwrap();
        let mut entered = sent(2, "phone");
        entered["participantId"] = json!(heard);
        put_in(&panel.facilitator, &path, entered).await.expect(201);
        assert_eq!(list(&panel.facilitator, &path, "").await.expect(200).body, before);
        let done = json!({"participantId": heard, "outcome": "reached", "done": true});
        let noted = tried(&panel.facilitator, &path, done).await.expect(201).body;
        assert_eq!(noted["doneOn"], json!(day(service, 0)));
        let listed = list(&panel.coordinator, &path, "&done=true").await.expect(200);
        assert_eq!(listed.items().len(), 1);
        assert!(!listed.text.contains(&panel.facilitator_id));
        let subjects = "audit_subjects s JOIN audit_rows r ON r.id = s.audit_id WHERE r.action = 'createConsultationContactAttempt'";
        assert_eq!(count(service, subjects).await, 0);
        assert_eq!(one(&list(&panel.facilitator, &path, "").await.expect(200), &bram_id)["done"], json!(false));
    }
}
