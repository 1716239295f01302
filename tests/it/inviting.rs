//! The call list and the visit list, what was tried, and who is due.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::consultations::world::{account, change, go, sign_in};
use crate::feedback::{grant, invite, network};
use crate::privacy::asked;
use crate::support::wire::reply;
use crate::support::{Client, Service, database};

struct World {
    admin: Client,
    organisation: String,
    manager: Client,
    coordinator: Client,
    partner: Client,
    network: String,
}

impl World {
    async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "municipality", "Hier").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let network = network(&manager, &organisation, "panel").await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let there = service.organisation(&admin, "care_provider", "Buur").await;
        let (partner, id) = account(service, &admin, "partner").await;
        grant(&admin, &id, "manager", &there).await;
        change(&manager, &format!("/v1/networks/{network}"), json!({"partners": [there]})).await.expect(200);
        Self { admin, organisation, manager, coordinator, partner, network }
    }

    async fn later(self, service: &Service) -> Self {
        let (manager, coordinator) = (sign_in(service, "manager").await, sign_in(service, "coordinator").await);
        Self { manager, coordinator, ..self }
    }

    async fn person(&self, name: &str, channel: &str) -> String {
        let new = json!({"organisationId": self.organisation, "displayName": name, "channel": channel,
            "language": "nl-simple", "contactTimes": ["evening"], "accessNeeds": ["sign_language"],
            "contact": {"phoneNumber": "+31 88 555 01 01", "mailingAddress": format!("Verborgenlaan van {name}")}});
        self.manager.make("/v1/participants", new).await.id()
    }

    async fn invited(&self, name: &str, channel: &str) -> String {
        invite(&self.coordinator, &self.network, &self.person(name, channel).await).await
    }

    fn list(&self, channel: &str) -> String {
        format!("/v1/networks/{}/contact-list?channel={channel}", self.network)
    }

    /// Who is on the list, in order, and whether they are due.
    async fn listed(&self, channel: &str) -> Vec<(String, bool)> {
        let page = self.coordinator.get(&self.list(channel)).await.expect(200);
        let one = |one: &Value| (one["displayName"].as_str().unwrap().to_owned(), one["due"].as_bool().unwrap());
        page.items().iter().map(one).collect()
    }
}

fn names(listed: &[(String, bool)]) -> Vec<&str> {
    listed.iter().map(|(name, _)| name.as_str()).collect()
}

on_both! {
    /// Each in the way that they chose; and only who keeps the list of members sees it.
    async fn the_lists_hold_who_chose_them(service) {
        let world = World::of(service).await;
        let zon = world.invited("Zon", "phone").await;
        world.invited("Maan", "in_person").await;
        world.invited("Ster", "internet").await;
        let there = world.partner.get("/v1/me").await.expect(200).body["roles"][0]["scopeId"].as_str().unwrap().to_owned();
        let foreign = json!({"organisationId": there, "displayName": "Van de buren", "channel": "phone", "language": "nl",
            "contact": {"phoneNumber": "+31 88 555 09 09"}});
        let foreign = world.partner.make("/v1/participants", foreign).await.id();
        let theirs = invite(&world.coordinator, &world.network, &foreign).await;
        let page = world.coordinator.get(&format!("{}&count=true", world.list("phone"))).await.expect(200);
        let expected = json!({"total": 1, "items": [{"membershipId": zon, "displayName": "Zon", "channel": "phone", "language": "nl-simple",
            "reachable": true, "phoneNumber": "+31 88 555 01 01", "contactTimes": ["evening"],
            "accessNeeds": ["sign_language"], "invitedAt": "2026-11-23T09:00:00Z", "due": false, "attempts": 0}]});
        assert_eq!(page.body, expected);
        let visits = world.manager.get(&world.list("in_person")).await.expect(200);
        assert_eq!((visits.items().len(), &visits.items()[0]["mailingAddress"]), (1, &json!("Verborgenlaan van Maan")));
        let table = reply(world.coordinator.request(Method::GET, &world.list("phone")).header("Accept", "text/csv"));
        let table = table.await.expect(200).text;
        assert!(table.starts_with("membershipId,displayName,") && table.contains(",'+31 88 555 01 01,"), "{table}");
        assert_eq!(table.lines().count(), 2);
        assert_eq!(world.coordinator.get(&world.list("internet")).await.expect(400).faults(), ["channel value.not_listed"]);
        let bare = format!("/v1/networks/{}/contact-list", world.network);
        assert_eq!(world.coordinator.get(&bare).await.expect(200).items().len(), 2);

        // Whom another organisation registered it reaches itself.
        let remind = world.coordinator.post(&format!("/v1/memberships/{theirs}/reminders"), json!(null)).await;
        assert_eq!(remind.expect(409).code(), "membership_invitation.too_early");
        // What is read is written down, with whose data it is.
        let url = &service.running.app.config.database.url;
        let rows = "audit_rows r JOIN audit_subjects s ON s.audit_id = r.id WHERE r.action = 'listContactList'";
        assert_eq!(database::count(url, rows).await, 5);

        let (facilitator, id) = account(service, &world.admin, "facilitator").await;
        grant(&world.manager, &id, "facilitator", &world.network).await;
        let attempts = format!("/v1/memberships/{zon}/contact-attempts");
        let tried = json!({"channel": "phone", "outcome": "reached"});
        for other in [&world.partner, &facilitator, &world.admin] {
            other.get(&world.list("phone")).await.expect(403);
        }
        facilitator.post(&attempts, tried.clone()).await.expect(403);
        facilitator.get(&attempts).await.expect(403);
        for other in [&world.partner, &world.admin] {
            other.post(&attempts, tried.clone()).await.expect(404);
            other.get(&attempts).await.expect(404);
            other.post(&format!("/v1/memberships/{zon}/reminders"), json!(null)).await.expect(404);
        }
        let elsewhere = service.organisation(&world.admin, "school", "Daar").await;
        let (stranger, id) = account(service, &world.admin, "stranger").await;
        grant(&world.admin, &id, "manager", &elsewhere).await;
        stranger.get(&world.list("phone")).await.expect(403);
    }

    /// A council's list is its chair's.
    async fn a_councils_list_is_its_chairs(service) {
        let world = World::of(service).await;
        let council = network(&world.manager, &world.organisation, "client_council").await;
        let (chair, id) = account(service, &world.admin, "chair").await;
        grant(&world.manager, &id, "chair", &council).await;
        go(&chair, &format!("/v1/networks/{council}"), "active").await.expect(201);
        let (secretary, id) = account(service, &world.admin, "secretary").await;
        grant(&chair, &id, "secretary", &council).await;
        let person = world.person("Zon", "phone").await;
        let membership = invite(&chair, &council, &person).await;
        let list = format!("/v1/networks/{council}/contact-list?channel=phone");
        assert_eq!(chair.get(&list).await.expect(200).items().len(), 1);
        let attempts = format!("/v1/memberships/{membership}/contact-attempts");
        chair.make(&attempts, json!({"channel": "phone", "outcome": "reached"})).await;
        for other in [&world.manager, &secretary, &world.admin] {
            other.get(&list).await.expect(403);
        }
        world.manager.get(&attempts).await.expect(404);
        world.manager.post(&attempts, json!({"channel": "phone", "outcome": "reached"})).await.expect(404);
        // The chair's reading stands in the room alone.
        let url = &service.running.app.config.database.url;
        let rows = "audit_rows WHERE action IN ('listContactList', 'createContactAttempt') AND room_id IS NULL";
        assert_eq!(database::count(url, rows).await, 0);
        let rows = "audit_rows WHERE action IN ('listContactList', 'createContactAttempt') AND room_id IS NOT NULL";
        assert!(database::count(url, rows).await >= 2);
    }

    /// What was tried is noted; who was tried comes last; who is due comes first, once.
    async fn who_waits_longest_comes_first(service) {
        let world = World::of(service).await;
        let first = world.invited("Een", "phone").await;
        service.clock.advance(TimeDelta::minutes(1));
        let second = world.invited("Twee", "phone").await;
        assert_eq!(names(&world.listed("phone").await), ["Een", "Twee"]);
        service.clock.advance(TimeDelta::minutes(1));
        let attempts = format!("/v1/memberships/{first}/contact-attempts");
        let later = json!({"channel": "phone", "outcome": "reached", "happenedOn": "2026-12-24"});
        assert_eq!(world.coordinator.post(&attempts, later).await.expect(400).faults(), ["/happenedOn contact_attempt.in_future"]);
        let tried = json!({"channel": "phone", "outcome": "call_back", "happenedOn": "2026-11-22", "note": "Liever na zes uur."});
        let made = world.coordinator.make(&attempts, tried).await;
        let noted = world.coordinator.get(&attempts).await.expect(200);
        assert_eq!((noted.items(), &made.body["note"]), (&vec![made.body.clone()], &json!("Liever na zes uur.")));
        let listed = world.coordinator.get(&world.list("phone")).await.expect(200);
        let times: Vec<_> = listed.items().iter().map(|one| (one["displayName"].clone(), one["attempts"].clone())).collect();
        assert_eq!(times, [(json!("Twee"), json!(0)), (json!("Een"), json!(1))]);
        let one = world.coordinator.get(&format!("{}&limit=1", world.list("phone"))).await.expect(200);
        let cursor = one.body["nextCursor"].as_str().unwrap();
        let next = world.coordinator.get(&format!("/v1/networks/{}/contact-list?limit=1&cursor={cursor}", world.network)).await;
        assert_eq!(next.expect(200).items()[0]["displayName"], "Een");

        service.clock.advance(TimeDelta::days(14));
        service.round().await;
        service.round().await;
        let world = world.later(service).await;
        assert_eq!(world.listed("phone").await, [("Een".to_owned(), true), ("Twee".to_owned(), true)]);
        let url = &service.running.app.config.database.url;
        assert_eq!(database::count(url, "membership_invitations WHERE reminders = 1 AND remind_at IS NULL").await, 2);
        let reminders = format!("/v1/memberships/{first}/reminders");
        assert_eq!(world.coordinator.post(&reminders, json!(null)).await.expect(409).code(), "membership_invitation.too_early");
        let reached = json!({"channel": "phone", "outcome": "reached"});
        world.coordinator.make(&attempts, reached.clone()).await;
        assert_eq!(world.listed("phone").await, [("Twee".to_owned(), true), ("Een".to_owned(), false)]);
        // Heard by telephone: the answer is the transition, as ever.
        go(&world.coordinator, &format!("/v1/memberships/{first}"), "active").await.expect(201);
        go(&world.coordinator, &format!("/v1/memberships/{second}"), "declined").await.expect(201);
        assert!(world.listed("phone").await.is_empty());
        assert_eq!(world.coordinator.post(&attempts, reached).await.expect(409).code(), "membership.not_invited");
        assert_eq!(world.coordinator.get(&attempts).await.expect(200).items().len(), 2);
        service.clock.advance(TimeDelta::days(60));
        service.round().await;
        assert_eq!(database::count(url, "membership_invitations WHERE reminders > 1").await, 0);
        assert_eq!(database::count(url, "mails WHERE template IN ('membership_invitation', 'membership_reminder')").await, 0);
    }

    /// Of who may not be reached there is neither number nor address, and no reminder.
    async fn who_does_not_consent_is_not_reached(service) {
        let world = World::of(service).await;
        let path = format!("/v1/memberships/{}", world.invited("Zon", "phone").await);
        asked(&world.manager, &world.organisation, "contact").await;
        let listed = world.coordinator.get(&world.list("phone")).await.expect(200);
        let shown = &listed.items()[0];
        assert_eq!((&shown["reachable"], shown.get("phoneNumber")), (&json!(false), None));
        service.clock.advance(TimeDelta::days(14));
        service.round().await;
        let world = world.later(service).await;
        assert_eq!(world.listed("phone").await, [("Zon".to_owned(), false)]);
        let refused = world.coordinator.post(&format!("{path}/reminders"), json!(null)).await.expect(409);
        assert_eq!(refused.code(), "membership_invitation.not_reachable");
        assert!(world.coordinator.get(&path).await.expect(200).body.get("remindedAt").is_none());
    }
}
