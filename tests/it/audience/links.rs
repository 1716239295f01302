//! Consultations that are open to whoever has a link.

use serde_json::{Value, json};

use super::{Panel, answer, count};
use crate::anonymity::world::{hash_of, secret};
use crate::consultations::world::{bare, change, go};
use crate::support::wire::reply;
use crate::support::{Client, Reply, Service};

const READ: &str = "/v1/open-consultation";
const ANSWER: &str = "/v1/open-responses";
const BACK: &str = "/v1/open-response-withdrawals";

/// An answer from the device with this number.
fn sent(number: usize) -> Value {
    json!({"deviceKey": format!("een apparaat met nummer {number}"), "answers": answer("internet")["answers"],
        "withdrawalHash": hash_of(&secret(number))})
}

async fn linked(service: &Service, panel: &Panel, path: &str) -> (Client, Reply) {
    let made = panel.manager.post(&format!("{path}/links"), json!({"name": "Poster"})).await.expect(201);
    (service.bearer(made.body["token"].as_str().unwrap()), made)
}

async fn opened(service: &Service, panel: &Panel) -> String {
    panel
        .opened(
            service,
            "anonymous",
            json!({"recruitment": "open", "audience": {"networkIds": []}, "facilitators": []}),
        )
        .await
}

on_both! {
    /// The token is shown once; with it whoever has it reads and answers, once a device; it
    /// ends when it is revoked, and with the consultation. The results say what it was.
    async fn whoever_has_a_link_answers(service) {
        let panel = Panel::of(service).await;
        let path = opened(service, &panel).await;
        let (open, made) = linked(service, &panel, &path).await;
        let listed = panel.manager.get(&format!("{path}/links")).await.expect(200);
        let token = made.body["token"].as_str().unwrap();
        assert!(!listed.text.contains(token) && listed.items()[0]["active"] == true);
        assert!(token.ends_with(made.body["hint"].as_str().unwrap()));
        let read = open.get(READ).await.expect(200).body;
        assert_eq!((&read["recruitment"], &read["privacy"]["anonymous"]), (&json!("open"), &json!(true)));
        // Whoever answers may be of any age.
        assert_eq!(read["privacy"]["publishedFrom"], json!(10));
        for number in 0..12 {
            open.post(ANSWER, sent(number)).await.expect(201);
        }
        // The same answer again is answered as before; another from the same device is refused.
        open.post(ANSWER, sent(3)).await.expect(201);
        let mut other = sent(3);
        other["withdrawalHash"] = json!(hash_of("een ander geheim dan toen"));
        assert_eq!(open.post(ANSWER, other).await.expect(409).code(), "response.already_given");
        // It is taken back with the secret, and can be given anew.
        let back = json!({"deviceKey": sent(3)["deviceKey"], "secret": secret(3)});
        open.post(BACK, back).await.expect(201);
        open.post(ANSWER, sent(3)).await.expect(201);

        let (second, made) = linked(service, &panel, &path).await;
        second.get(READ).await.expect(200);
        let revoke = format!("{path}/links/{}", made.id());
        panel.manager.delete(&revoke).await.expect(204);
        panel.manager.delete(&revoke).await.expect(404);
        let unknown = service.bearer("geen-link-van-hier").get(READ).await;
        assert_eq!(bare(&second.get(READ).await.expect(401)), bare(&unknown));
        second.post(ANSWER, sent(20)).await.expect(401);

        go(&panel.manager, &path, "closed").await.expect(201);
        open.get(READ).await.expect(401);
        open.post(ANSWER, sent(21)).await.expect(401);
        service.round().await;
        let results = panel.manager.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!((&results["recruitment"], &results["verified"]), (&json!("open"), &json!(false)));
        assert_eq!(results["base"]["figure"], json!(12));
        let rate = panel.manager.get(&format!("{path}/response-rate")).await.expect(200).body;
        assert_eq!((&rate["answered"]["figure"], &rate["invited"]["figure"]), (&json!(12), &Value::Null));
        let late = panel.manager.post(&format!("{path}/links"), json!({"name": "Nog een"})).await.expect(409);
        assert_eq!(late.code(), "consultation.ended");
    }

    /// Nothing is left of an answer with a link but the answer: no row in the trail, no event,
    /// no kept answer, nothing at the link or the consultation.
    async fn an_open_link_leaves_no_trace(service) {
        let panel = Panel::of(service).await;
        let path = opened(service, &panel).await;
        let (open, _) = linked(service, &panel, &path).await;
        let seen = async || {
            let mut seen = Vec::new();
            for table in ["audit_rows", "audit_subjects", "outbox", "kept_answers", "consultation_asks", "invitations", "responses", "mails"] {
                seen.push(count(service, table).await.to_string());
            }
            seen.push(panel.manager.get(&path).await.expect(200).text);
            seen.push(panel.manager.get(&format!("{path}/links?count=true")).await.expect(200).text);
            seen
        };
        let before = seen().await;
        open.get(READ).await.expect(200);
        for number in 0..3 {
            open.post(ANSWER, sent(number)).await.expect(201);
        }
        open.post(BACK, json!({"deviceKey": sent(1)["deviceKey"], "secret": secret(1)})).await.expect(201);
        assert_eq!(seen().await, before);
        assert_eq!(count(service, "open_ballots").await, 2);
        assert_eq!(count(service, "ballot_receipts").await, 2);
    }

    /// A link knows nobody: only what is anonymous can be open; and what isn't open has none.
    async fn only_what_is_anonymous_is_open(service) {
        let panel = Panel::of(service).await;
        panel.join(1).await;
        let path = panel.draft(service, "named", json!({})).await;
        let refused = change(&panel.manager, &path, json!({"recruitment": "open"})).await.expect(400);
        assert_eq!(refused.faults(), ["/recruitment consultation.open_only_anonymous"]);
        let refused = panel.manager.post(&format!("{path}/links"), json!({"name": "Poster"})).await.expect(409);
        assert_eq!(refused.code(), "consultation.not_open_to_all");
        // A link can be printed before it opens, and opens nothing until then; a draft goes with it.
        let draft = panel.draft(service, "anonymous", json!({"recruitment": "open"})).await;
        let (open, _) = linked(service, &panel, &draft).await;
        open.get(READ).await.expect(401);
        go(&panel.manager, &draft, "open").await.expect(201);
        open.get(READ).await.expect(200);
        let gone = panel.draft(service, "anonymous", json!({"recruitment": "open"})).await;
        let (open, _) = linked(service, &panel, &gone).await;
        deleted(&panel.manager, &gone).await;
        open.get(READ).await.expect(401);
        assert_eq!(panel.manager.get(&format!("{path}/links")).await.expect(200).items().len(), 0);
    }
}

async fn deleted(by: &Client, path: &str) {
    let request = by.request(reqwest::Method::DELETE, path).header("If-Match", "*");
    reply(request).await.expect(204);
}
