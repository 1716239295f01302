//! Kiosks: a device on site posts answers to one consultation, and reads nothing.

use serde_json::{Value, json};

use crate::consultations::world::{NOBODY, World, answers, until};
use crate::contract::operation::{Opened, all};
use crate::contract::probe::Probe;
use crate::support::Reply;

/// What a kiosk may do.
const ITS_OWN: [&str; 3] = ["createResponse", "createAnonymousResponse", "createAnonymousResponseWithdrawal"];

async fn set_up(world: &World, path: &str, body: Value) -> Reply {
    world.facilitator.post(&format!("{path}/kiosks"), body).await
}

fn on_site(person: Option<&str>) -> Value {
    let mut body = answers("in_person", 1, 4, Some("Rustiger graag."));
    if let Some(person) = person {
        body["participantId"] = json!(person);
    }
    body
}

on_both! {
    /// It posts for whoever stands before it, to one consultation; nothing else, and
    /// it reads nothing at all.
    async fn a_kiosk_posts_and_reads_nothing(service) {
        let world = World::of(service).await;
        let (one, other) = (world.opened().await, world.opened().await);
        let kiosks = format!("{one}/kiosks");
        for stranger in [&world.anna, &world.admin] {
            let refused = stranger.post(&kiosks, json!({"name": "Tablet"})).await;
            assert!(matches!(refused.status, 403 | 404), "{}", refused.text);
            assert!(matches!(stranger.get(&kiosks).await.status, 403 | 404));
        }
        let made = set_up(&world, &one, json!({"name": "Tablet"})).await.expect(201);
        let secret = made.body["secret"].as_str().unwrap();
        assert!(secret.starts_with("kbk_") && secret.len() == 50, "{secret}");
        let listed = world.facilitator.get(&kiosks).await.expect(200);
        assert!(listed.items()[0].get("secret").is_none() && listed.items()[0]["active"] == json!(true));
        let kiosk = service.bearer(secret);
        let path = format!("{one}/responses");
        let taken = kiosk.make(&path, on_site(Some(&world.others[0]))).await;
        assert_eq!(taken.body["participantId"], json!(world.others[0]));
        assert!(taken.body.get("enteredBy").is_none());
        let again = kiosk.post(&path, on_site(Some(&world.others[0]))).await.expect(409);
        assert_eq!(again.code(), "response.already_given");
        let alone = kiosk.post(&path, on_site(None)).await.expect(400);
        assert_eq!(alone.faults(), ["/participantId value.required"]);
        let mut by_phone = on_site(Some(&world.others[1]));
        by_phone["channel"] = json!("phone");
        assert_eq!(kiosk.post(&path, by_phone).await.expect(400).faults(), ["/channel response.kiosk_in_person"]);
        let unasked = kiosk.post(&path, on_site(Some(NOBODY))).await.expect(400);
        assert_eq!(unasked.faults(), ["/participantId reference.unknown"]);
        // Another consultation is as unknown to it as none at all.
        for foreign in [other, format!("/v1/consultations/{NOBODY}")] {
            kiosk.post(&format!("{foreign}/responses"), on_site(Some(&world.others[1]))).await.expect(404);
        }
        kiosk.get(&format!("/v1/responses/{}", taken.id())).await.expect(403);
        let probe = Probe::new(service, &kiosk);
        for operation in all().into_iter().filter(|one| !ITS_OWN.contains(&one.id.as_str()) && one.opened == Opened::BySession) {
            probe.expect(&operation, &operation.request(), 403, "access.forbidden").await;
        }
        for public in ["/v1/information-pages", "/v1/register", "/v1/register-entries"] {
            let reply = kiosk.get(public).await;
            assert!(matches!(reply.status, 403 | 404), "{public} {}", reply.text);
        }
    }

    /// A month at most, not past the last day to answer; revoked is at once.
    async fn a_kiosk_stops(service) {
        let world = World::of(service).await;
        let one = world.opened().await;
        let late = set_up(&world, &one, json!({"name": " ", "expiresAt": "2027-06-01T00:00:00Z"})).await.expect(400);
        assert_eq!(late.faults(), ["/name kiosk.name_blank"]);
        let late = set_up(&world, &one, json!({"name": "Tablet", "expiresAt": "2027-06-01T00:00:00Z"})).await.expect(400);
        assert_eq!(late.faults(), ["/expiresAt kiosk.expiry_after_closing", "/expiresAt kiosk.expiry_too_far"]);
        let first = set_up(&world, &one, json!({"name": "Een"})).await.expect(201);
        let second = set_up(&world, &one, json!({"name": "Twee"})).await.expect(201);
        let path = format!("{one}/responses");
        let kiosk = |made: &Reply| service.bearer(made.body["secret"].as_str().unwrap());
        let revoked = format!("{one}/kiosks/{}", first.id());
        world.facilitator.delete(&revoked).await.expect(204);
        world.facilitator.delete(&revoked).await.expect(404);
        kiosk(&first).post(&path, on_site(Some(&world.others[0]))).await.expect(401);
        kiosk(&second).post(&path, on_site(Some(&world.others[0]))).await.expect(201);
        assert_eq!(second.body["expiresAt"], "2026-12-15T23:00:00Z");
        until(service, "2026-12-15T22:59:59Z");
        kiosk(&second).post(&path, on_site(Some(&world.others[1]))).await.expect(201);
        until(service, "2026-12-15T23:00:00Z");
        kiosk(&second).post(&path, on_site(Some(&world.others[2]))).await.expect(401);
    }
}
