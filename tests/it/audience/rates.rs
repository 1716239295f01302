//! How many answered, and which groups were not reached.

use serde_json::{Value, json};

use super::{Panel, answer};
use crate::anonymity::world::{own, put_in};
use crate::consultations::world::go;

on_both! {
    /// By part and by channel, once nobody can answer any more or for who knows it anyway; what
    /// fell short of its quota says so; small groups hide.
    async fn groups_that_were_not_reached_are_named(service) {
        let panel = Panel::of(service).await;
        let people = panel.join(12).await;
        let path = panel.draft(service, "confidential", json!({"recruitment": "sample"})).await;
        let plan = json!({"by": ["channel"], "allocation": "equal", "size": 36});
        panel.manager.post(&format!("{path}/samples"), plan).await.expect(201);
        go(&panel.manager, &path, "open").await.expect(201);
        for person in &people[12..18] {
            panel.heard(&path, person, "phone").await;
        }
        let rate = format!("{path}/response-rate");
        assert_eq!(panel.manager.get(&rate).await.expect(409).code(), "consultation.rate_not_yet");
        // The facilitator knows of each anyway.
        let shown = panel.facilitator.get(&rate).await.expect(200).body;
        assert_eq!((&shown["invited"]["figure"], &shown["answered"]["figure"]), (&json!(36), &json!(6)));
        for person in &people[24..31] {
            panel.heard(&path, person, "in_person").await;
        }
        go(&panel.manager, &path, "closed").await.expect(201);
        let shown = panel.manager.get(&rate).await.expect(200).body;
        assert_eq!((&shown["recruitment"], &shown["answered"]["figure"]), (&json!("sample"), &json!(13)));
        let part = |channel: &str| {
            let strata = shown["strata"].as_array().unwrap();
            strata.iter().find(|one| one["stratum"]["channel"] == channel).unwrap().clone()
        };
        for (channel, answered) in [("internet", 0), ("phone", 6), ("in_person", 7)] {
            let part = part(channel);
            assert_eq!((&part["target"], &part["invited"]["figure"]), (&json!(12), &json!(12)));
            assert_eq!((&part["answered"]["figure"], &part["reached"]), (&json!(answered), &json!(false)));
        }
        let phone = shown["channels"].as_array().unwrap().iter().find(|one| one["channel"] == "phone").unwrap().clone();
        assert_eq!(phone["answered"]["figure"], json!(6));

        // Of a part in which two answered no figure is shown, and neither whether it was reached.
        let path = panel.opened(service, "named", json!({})).await;
        for person in people[..2].iter().chain(&people[12..20]) {
            panel.heard(&path, person, "phone").await;
        }
        go(&panel.manager, &path, "closed").await.expect(201);
        let shown = panel.manager.get(&format!("{path}/response-rate")).await.expect(200).body;
        let online = shown["channels"].as_array().unwrap().iter().find(|one| one["channel"] == "internet").unwrap().clone();
        assert_eq!(online["answered"]["figure"], Value::Null);
        assert_eq!((shown["strata"][0]["stratum"].clone(), shown["strata"][0]["reached"].clone()), (json!({"perspective": "parent"}), json!(true)));
        let (stranger, _) = service.account(&panel.admin, "vreemd").await;
        stranger.get(&format!("{path}/response-rate")).await.expect(404);
    }

    /// Of an anonymous one only once it is sealed, and only in all: nothing joins an answer to a
    /// part.
    async fn an_anonymous_rate_comes_once_it_is_sealed(service) {
        let panel = Panel::of(service).await;
        panel.join(4).await;
        let mut people = Vec::new();
        for number in 0..6 {
            people.push(panel.with_account(service, &format!("lid-{number}"), "internet").await.0);
        }
        let path = panel.opened(service, "anonymous", json!({})).await;
        for (number, person) in people.iter().enumerate() {
            let mut body = own(number);
            body["answers"] = answer("internet")["answers"].clone();
            put_in(person, &path, body).await.expect(201);
        }
        let rate = format!("{path}/response-rate");
        for by in [&panel.manager, &panel.facilitator] {
            assert_eq!(by.get(&rate).await.expect(409).code(), "consultation.rate_not_yet");
        }
        go(&panel.manager, &path, "closed").await.expect(201);
        service.round().await;
        let shown = panel.manager.get(&rate).await.expect(200).body;
        assert_eq!((&shown["invited"]["figure"], &shown["answered"]["figure"]), (&json!(18), &json!(6)));
        assert_eq!((&shown["strata"], &shown["channels"]), (&json!([]), &json!([])));
    }
}
