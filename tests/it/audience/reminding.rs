//! Reminders and personal deadlines.

use serde_json::{Value, json};

use super::{Panel, answer, count, day, reminders};
use crate::anonymity::world::{own, put_in};
use crate::consultations::world::{NOBODY, change, sign_in};

/// Six days before their deadline, and three: people get fourteen days.
const FIRST: i64 = 8;
const SECOND: i64 = 3;

on_both! {
    /// Who answered is not reminded; nobody more often than configured, nor by hand within days.
    async fn only_who_did_not_answer_is_reminded(service) {
        let panel = Panel::of(service).await;
        let people = panel.join(4).await;
        let path = panel.opened(service, "named", json!({})).await;
        panel.heard(&path, &people[4], "phone").await;
        let soon = panel.coordinator.post(&format!("{path}/reminders"), Value::Null).await.expect(409);
        assert_eq!(soon.code(), "consultation.reminder_too_soon");
        let (ada, ada_id) = panel.with_account(service, "ada", "internet").await;
        change(&panel.manager, &path, json!({"audience": {"networkIds": [panel.network], "perspectives": ["parent"]}})).await.expect(200);
        assert!(panel.ids(&path).await.contains(&ada_id));
        ada.post(&format!("{path}/responses"), answer("internet")).await.expect(201);
        let asked = count(service, "invitations").await;

        let panel = panel.later(service, FIRST - 1).await;
        service.round().await;
        assert_eq!(reminders(service).await, 0);
        let panel = panel.later(service, 1).await;
        service.round().await;
        service.round().await;
        assert_eq!(reminders(service).await, 4);
        // Who wants a call stands first on the list, and who answered there does not.
        let list = format!("{path}/contact-list?channel=phone");
        let listed = panel.facilitator.get(&list).await.expect(200);
        let due: Vec<bool> = listed.items().iter().map(|one| one["due"] == true).collect();
        assert_eq!(due, [true, true, true, false]);
        assert_eq!(listed.items()[3]["participantId"], json!(people[4]));
        let soon = panel.coordinator.post(&format!("{path}/reminders"), Value::Null).await.expect(409);
        assert_eq!(soon.code(), "consultation.reminder_too_soon");
        // By hand, for once sooner than the clock: it counts, so that the clock sends no more.
        let panel = panel.later(service, SECOND).await;
        let told = panel.coordinator.post(&format!("{path}/reminders"), Value::Null).await.expect(201).body;
        assert_eq!(told["everybody"], false);
        assert_eq!(reminders(service).await, 8);
        service.round().await;
        let panel = panel.later(service, 1).await;
        service.round().await;
        assert_eq!(reminders(service).await, 8);
        let most = panel.invited(&path).await.iter().map(|one| one["reminders"].as_i64().unwrap()).max();
        assert_eq!(most, Some(2));
        // To be reminded is not to be asked again.
        assert_eq!(count(service, "invitations").await, asked);
    }

    /// Of an anonymous one everybody is reminded alike, whether or not they answered: the queue
    /// of mails, the trail, the lists and the events are the same.
    async fn an_anonymous_reminder_goes_to_everybody_alike(service) {
        let panel = Panel::of(service).await;
        panel.join(3).await;
        let (ada, ada_id) = panel.with_account(service, "ada", "internet").await;
        let (bram, bram_id) = panel.with_account(service, "bram", "phone").await;
        let path = panel.opened(service, "anonymous", json!({})).await;
        let mine = |number: usize| {
            let mut body = own(number);
            body["answers"] = answer("internet")["answers"].clone();
            body
        };
        for (number, person) in [&ada, &bram].into_iter().enumerate() {
            put_in(person, &path, mine(number)).await.expect(201);
        }
        let panel = panel.later(service, FIRST).await;
        service.round().await;
        assert_eq!(reminders(service).await, 4);
        let trail = "audit_rows WHERE action = 'remindAsked'";
        assert!(count(service, trail).await > 0);
        let subjects = "audit_subjects s JOIN audit_rows r ON r.id = s.audit_id WHERE r.action = 'remindAsked'";
        assert_eq!(count(service, subjects).await, 0);
        // Who answered stands where the others stand.
        for one in panel.invited(&path).await {
            assert_eq!((&one["reminders"], &one["remindedOn"]), (&json!(1), &json!(day(service, 0))));
        }
        let listed = panel.facilitator.get(&format!("{path}/contact-list")).await.expect(200);
        assert_eq!(listed.items().len(), 7);
        assert!(listed.items().iter().all(|one| one["due"] == true && one["done"] == false));
        assert!(listed.items().iter().any(|one| one["participantId"] == bram_id.as_str()));
        let mailed = "mails WHERE template = 'consultation_reminder' AND participant_id IN (SELECT participant_id FROM invitations)";
        assert_eq!(count(service, mailed).await, 4);
        assert!(panel.ids(&path).await.contains(&ada_id));
        let panel = panel.later(service, SECOND).await;
        let told = panel.coordinator.post(&format!("{path}/reminders"), Value::Null).await.expect(201).body;
        assert_eq!(told, json!({"consultationId": path.rsplit('/').next().unwrap(), "everybody": true, "remindedOn": day(service, 0)}));
        assert_eq!(reminders(service).await, 8);
    }

    /// One person gets longer, never past closing; who gave it and why is kept; answers count
    /// until closing all the same.
    async fn a_personal_deadline_is_moved_for_one(service) {
        let panel = Panel::of(service).await;
        panel.join(1).await;
        let (_, ada_id) = panel.with_account(service, "ada", "internet").await;
        let path = panel.opened(service, "confidential", json!({"answerDays": 5})).await;
        let list = format!("{path}/deadline-extensions");
        let new = |person: &str, until: Value| json!({"participantId": person, "answerDueOn": until, "reason": "Is op vakantie."});
        let ada = sign_in(service, "ada").await;
        let task = ada.get("/v1/me/tasks").await.expect(200).items()[0].clone();
        assert_eq!(task["dueOn"], json!(day(service, 5)));
        let refused = panel.facilitator.post(&list, new(&ada_id, json!(day(service, 21)))).await.expect(400);
        assert_eq!(refused.faults(), ["/answerDueOn extension.after_closing"]);
        let refused = panel.facilitator.post(&list, new(&ada_id, json!(day(service, 5)))).await.expect(400);
        assert_eq!(refused.faults(), ["/answerDueOn extension.not_later"]);
        let refused = panel.facilitator.post(&list, new(NOBODY, json!(day(service, 9)))).await.expect(400);
        assert_eq!(refused.faults(), ["/participantId reference.unknown"]);
        ada.post(&list, new(&ada_id, json!(day(service, 9)))).await.expect(403);
        panel.facilitator.post(&list, new(&ada_id, json!(day(service, 9)))).await.expect(201);
        let task = ada.get("/v1/me/tasks").await.expect(200).items()[0].clone();
        assert_eq!(task["dueOn"], json!(day(service, 9)));
        let kept = panel.manager.get(&list).await.expect(200).items()[0].clone();
        assert_eq!((&kept["reason"], &kept["madeBy"]), (&json!("Is op vakantie."), &json!(panel.facilitator_id)));
        assert_eq!((&kept["wasDueOn"], &kept["answerDueOn"]), (&json!(day(service, 5)), &json!(day(service, 9))));
        let others = panel.invited(&path).await;
        let moved: Vec<_> = others.iter().filter(|one| one["answerDueOn"] == json!(day(service, 9))).collect();
        assert!(moved.len() == 1 && moved[0]["participantId"] == ada_id.as_str());
        // Where no day is named it is the last one.
        let last = json!({"participantId": ada_id, "reason": "Wil nog nadenken."});
        assert_eq!(panel.coordinator.post(&list, last).await.expect(201).body["answerDueOn"], json!(day(service, 20)));
        // Who answers later than they were asked to is heard all the same.
        let panel = panel.later(service, 10).await;
        let late = panel.ids(&path).await.into_iter().find(|one| *one != ada_id).unwrap();
        panel.heard(&path, &late, "phone").await;
    }
}
