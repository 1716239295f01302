//! Whether a contact detail reaches whom it should.

use chrono::TimeDelta;
use klankbord_api::app::Clock as _;
use serde_json::{Value, json};

use super::{asked, confirmed, reached, shown, tokens, verified};
use crate::consultations::world::{World, change};
use crate::mail::{count, mailed, settled};
use crate::support::own_data;

const LINK: &str = "contact_verification";

mailed! {
    /// A link goes to the address; used, it is verified, until it changes.
    async fn an_address_is_verified_by_a_link(service, server) {
        let world = World::of(service).await;
        let address = "iris@people.example";
        let person = reached(&world.officer, &world.organisation, address, json!({})).await;
        let path = format!("/v1/participants/{person}");
        let made = asked(&world.officer, &person).await.expect(201);
        assert_eq!((&made.body["kind"], &made.body["method"]), (&json!("email_address"), &json!("link")));
        assert!(made.body.get("verifiedOn").is_none() && made.body["expiresAt"].is_string(), "{}", made.text);
        assert_eq!(shown(&world.officer, &person).await, Value::Null);

        let token = tokens(&server, (address, LINK), 1).await.remove(0);
        let mail = server.mails().into_iter().find(|mail| mail["to"] == address).unwrap();
        for word in ["Zonnebloem", "Hier", "paneel", "deelnemer"] {
            assert!(!mail.to_string().contains(word), "the mail says {word}");
        }
        for wrong in ["nobody-made-this", &token[1..]] {
            confirmed(service, wrong).await.expect(401);
        }
        // It is no code to sign in with, nor to see anything with.
        for other in ["/v1/code-sessions", "/v1/own-data-sessions", "/v1/session-refreshes"] {
            service.bearer(&token).post(other, json!(null)).await.expect(401);
        }
        assert_eq!(confirmed(service, &token).await.expect(204).text, "");
        confirmed(service, &token).await.expect(401);
        let today = service.clock.now().date_naive().to_string();
        let found = json!([{"kind": "email_address", "method": "link", "verifiedOn": today}]);
        assert_eq!(shown(&world.officer, &person).await, found);
        // Who only facilitates isn't shown how to reach her, nor this; lists never.
        let listed = world.officer.get("/v1/participants?limit=100").await.expect(200);
        assert!(listed.items().iter().all(|one| one.get("verifiedContact").is_none()));
        let row = "audit_rows WHERE action = 'createContactConfirmation' AND object_kind = 'participant' AND origin = 'link'";
        assert_eq!(count(service, row).await, 1);

        change(&world.officer, &path, json!({"contact": {"phoneNumber": "+31612345678"}, "displayName": "Roos"})).await.expect(200);
        change(&world.officer, &path, json!({"contact": {"emailAddress": "IRIS@people.example"}})).await.expect(200);
        assert_eq!(shown(&world.officer, &person).await, found, "it is the same address");
        change(&world.officer, &path, json!({"contact": {"emailAddress": "other@people.example"}})).await.expect(200);
        assert_eq!(shown(&world.officer, &person).await, Value::Null);
        change(&world.officer, &path, json!({"contact": {"emailAddress": address}})).await.expect(200);
        assert_eq!(shown(&world.officer, &person).await, Value::Null, "what ended doesn't come back");
        assert_eq!(count(service, "contact_verifications").await, 0);
    }

    /// A link holds a day, for the address that it was sent to, and only the last one.
    async fn a_link_holds_a_day_and_for_one_address(service, server) {
        let world = World::of(service).await;
        let address = "jan@people.example";
        let person = reached(&world.officer, &world.organisation, address, json!({})).await;
        let path = format!("/v1/participants/{person}");
        asked(&world.officer, &person).await.expect(201);
        let first = tokens(&server, (address, LINK), 1).await.remove(0);
        asked(&world.officer, &person).await.expect(201);
        let second = tokens(&server, (address, LINK), 2).await.remove(0);
        confirmed(service, &first).await.expect(401);
        change(&world.officer, &path, json!({"contact": {"emailAddress": "ander@people.example"}})).await.expect(200);
        confirmed(service, &second).await.expect(401);

        let other = reached(&world.officer, &world.organisation, "kim@people.example", json!({})).await;
        asked(&world.officer, &other).await.expect(201);
        let late = tokens(&server, ("kim@people.example", LINK), 1).await.remove(0);
        service.clock.advance(TimeDelta::hours(24));
        confirmed(service, &late).await.expect(401);
        service.round().await;
        settled(service).await;
        assert_eq!(count(service, "contact_verifications").await, 0, "what was never used is forgotten");
    }

    /// One person and one address aren't mailed on and on.
    async fn mails_that_ask_are_limited(service, server) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, "lot@people.example", json!({})).await;
        for _ in 0..10 {
            asked(&world.officer, &person).await.expect(201);
        }
        let over = asked(&world.officer, &person).await.expect(429);
        assert_eq!(over.code(), "sign_in.too_many_tries");
        assert!(over.header("retry-after").parse::<u64>().unwrap() > 0);
        // What isn't theirs to ask is told as ever.
        asked(&world.anna, &person).await.expect(404);
        for number in 0..20 {
            let more = json!({"displayName": format!("Nummer {number}")});
            let other = reached(&world.officer, &world.organisation, "LOT@people.example", more).await;
            asked(&world.officer, &other).await.expect(201);
        }
        let last = reached(&world.officer, &world.organisation, "lot@people.example", json!({})).await;
        asked(&world.officer, &last).await.expect(429);
        service.clock.advance(TimeDelta::minutes(15));
        let officer = crate::consultations::world::sign_in(service, "officer").await;
        asked(&officer, &person).await.expect(201);
        server.wait_for(1).await;
    }

    /// The person asks it themself, and who represents them; nobody as somebody else.
    async fn who_asks_and_who_does_not(service, server) {
        let world = World::of(service).await;
        let address = json!({"contact": {"emailAddress": "anna@people.example"}});
        change(&world.officer, &format!("/v1/participants/{}", world.anna_id), address).await.expect(200);
        asked(&world.anna, &world.anna_id).await.expect(201);
        tokens(&server, ("anna@people.example", LINK), 1).await;
        asked(&world.coordinator, &world.anna_id).await.expect(403);
        asked(&world.facilitator, &world.anna_id).await.expect(403);
        asked(&world.admin, &world.anna_id).await.expect(404);
        service.nobody().post(&format!("/v1/participants/{}/contact-verifications", world.anna_id), json!({"kind": "email_address"}))
            .await.expect(401);
        // An officer's own address, as that of somebody else, would let them in as them.
        let person = reached(&world.officer, &world.organisation, "officer@demo.klankbord.example", json!({})).await;
        assert_eq!(asked(&world.officer, &person).await.expect(409).code(), "contact_verification.own_address");
        asked(&world.manager, &person).await.expect(201);
        let silent = reached(&world.officer, &world.organisation, "x@people.example", json!({"contact": {"phoneNumber": "0612345678"}})).await;
        assert_eq!(asked(&world.officer, &silent).await.expect(409).code(), "contact_verification.nothing_there");
    }

    /// One that is verified stays so while another link is under way.
    async fn asking_again_takes_nothing_away(service, server) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, "mo@people.example", json!({})).await;
        verified(service, &server, &world.officer, (&person, "mo@people.example", 1)).await;
        let before = shown(&world.officer, &person).await;
        assert_eq!(before[0]["kind"], "email_address");
        asked(&world.officer, &person).await.expect(201);
        assert_eq!(shown(&world.officer, &person).await, before);
        let again = tokens(&server, ("mo@people.example", LINK), 2).await.remove(0);
        confirmed(service, &again).await.expect(204);
        assert_eq!(count(service, "contact_verifications").await, 1);
    }
}

on_both! {
    /// A number and a postal address: who registers people writes down who called or wrote.
    async fn a_number_is_checked_by_people(service) {
        let world = World::of(service).await;
        let contact = json!({"contact": {"emailAddress": "noor@people.example", "phoneNumber": "06 123 456 78",
            "mailingAddress": "Kerkstraat 1\n1234 AB Dorp"}});
        let person = reached(&world.officer, &world.organisation, "x", contact).await;
        let list = format!("/v1/participants/{person}/contact-verifications");
        let path = format!("/v1/participants/{person}");
        let called = json!({"kind": "phone_number", "method": "call", "checkedOn": "2026-11-20"});
        let made = world.officer.make(&list, called.clone()).await;
        assert_eq!(made.body["verifiedOn"], "2026-11-20");
        world.officer.make(&list, json!({"kind": "mailing_address", "method": "letter"})).await;
        let found = shown(&world.officer, &person).await;
        assert_eq!(found[0], json!({"kind": "phone_number", "method": "call", "verifiedOn": "2026-11-20"}));
        assert_eq!((&found[1]["kind"], &found[1]["method"]), (&json!("mailing_address"), &json!("letter")));
        for (body, fault) in [
            (json!({"kind": "phone_number"}), "/method value.required"),
            (json!({"kind": "phone_number", "method": "link"}), "/method contact_verification.method_unfit"),
            (json!({"kind": "email_address", "method": "call"}), "/method contact_verification.method_unfit"),
            (json!({"kind": "email_address", "checkedOn": "2026-11-20"}), "/checkedOn contact_verification.method_unfit"),
            (json!({"kind": "phone_number", "method": "call", "checkedOn": "2027-11-20"}), "/checkedOn contact_verification.in_future"),
        ] {
            assert_eq!(world.officer.post(&list, body).await.expect(400).faults(), [fault]);
        }
        // Another writing is the same number; another number isn't.
        change(&world.officer, &path, json!({"contact": {"phoneNumber": "0612345678"}})).await.expect(200);
        assert_eq!(shown(&world.officer, &person).await, found);
        change(&world.officer, &path, json!({"contact": {"phoneNumber": "0612345679"}})).await.expect(200);
        assert_eq!(shown(&world.officer, &person).await, json!([found[1]]));
        change(&world.officer, &path, json!({"contact": {"mailingAddress": null}})).await.expect(200);
        assert_eq!(shown(&world.officer, &person).await, Value::Null);
        // Nobody says of themself that somebody called.
        let own = own_data::by_code(service, &person).await;
        own.post(&list, called.clone()).await.expect(403);
        change(&world.officer, &format!("/v1/participants/{}", world.anna_id), json!({"contact": {"phoneNumber": "0612345678"}})).await.expect(200);
        world.anna.post(&format!("/v1/participants/{}/contact-verifications", world.anna_id), called).await.expect(403);
    }
}
