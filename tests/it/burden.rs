//! Burden: nobody is asked more often than they, their network and the
//! installation bear, and nobody is told where else somebody takes part.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::consultations::world::{self, activate, change, go, id, sign_in};
use crate::feedback::{grant, invite, nl, participant};
use crate::support::{Client, On, Reply, Service, database};

/// Of a panel of 160, those who take part elsewhere, too, with an account.
const SHARED: usize = 20;

/// An organisation with a network, and who runs it.
struct House {
    name: &'static str,
    organisation: String,
    network: String,
    manager: Client,
    coordinator: Client,
}

impl House {
    async fn of(service: &Service, admin: &Client, name: &'static str) -> Self {
        let organisation = service.organisation(admin, "care_provider", name).await;
        let (manager, account) = world::account(service, admin, &format!("manager-{name}")).await;
        grant(admin, &account, "manager", &organisation).await;
        let network = world::network(&manager, &organisation, json!({"askCeiling": 2})).await;
        activate(&manager, &network).await;
        let (coordinator, account) = world::account(service, admin, &format!("coordinator-{name}")).await;
        grant(&manager, &account, "coordinator", &network).await;
        Self { name, organisation, network, manager, coordinator }
    }

    /// The same some days later, signed in anew.
    async fn later(self, service: &Service) -> Self {
        let manager = sign_in(service, &format!("manager-{}", self.name)).await;
        let coordinator = sign_in(service, &format!("coordinator-{}", self.name)).await;
        Self { manager, coordinator, ..self }
    }

    /// Somebody who takes part; their membership.
    async fn joined(&self, who: Option<&(Client, String)>) -> String {
        let person =
            participant(&self.manager, &self.organisation, who.map(|(_, account)| account.as_str()), "x").await;
        let membership = invite(&self.coordinator, &self.network, &person).await;
        let by = who.map_or(&self.coordinator, |(client, _)| client);
        go(by, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
        membership
    }

    /// A consultation that could open.
    async fn prepared(&self) -> String {
        let options = [1, 2].map(|one| json!({"id": id("option", one), "label": nl("Ja of nee")}));
        let question = json!({"id": id("question", 1), "kind": "single_choice", "prompt": nl("Zo?"), "required": true,
            "options": options});
        let new = json!({"organisationId": self.organisation, "title": nl("Een vraag"), "mode": "named",
            "goal": nl("Weten."), "limits": nl("Geen."), "rung": "consult", "closesOn": "2027-06-01",
            "audience": {"networkIds": [self.network]}, "questions": [question]});
        format!("/v1/consultations/{}", self.coordinator.make("/v1/consultations", new).await.id())
    }

    async fn reach(&self, path: &str) -> [i64; 3] {
        let reach = self.coordinator.get(&format!("{path}/reach")).await.expect(200).body;
        ["reached", "mayBeAsked", "leftOut"].map(|part| reach[part]["figure"].as_i64().unwrap())
    }

    /// Asks what it may; how many people it reached, asked and left out.
    async fn asks(&self) -> [i64; 3] {
        let path = self.prepared().await;
        let reach = self.reach(&path).await;
        go(&self.coordinator, &path, "open").await.expect(201);
        reach
    }

    /// Whether a member may be asked, as those who run the network are told.
    async fn askable(&self, membership: &str) -> Value {
        let mut path = format!("/v1/networks/{}/askable-memberships?limit=100", self.network);
        loop {
            let page = self.coordinator.get(&path).await.expect(200);
            if let Some(found) = page.items().iter().find(|one| one["membershipId"] == membership) {
                return found.clone();
            }
            let cursor = page.body["nextCursor"].as_str().unwrap();
            path = format!("/v1/networks/{}/askable-memberships?limit=100&cursor={cursor}", self.network);
        }
    }

    async fn load(&self, by: &Client) -> Vec<Value> {
        let load = by.get(&format!("/v1/networks/{}/load", self.network)).await.expect(200).body;
        load["distribution"].as_array().unwrap().iter().map(|step| step["count"]["figure"].clone()).collect()
    }
}

/// How often the one who was asked most was asked, by account where there is one.
async fn most_often(service: &Service) -> i64 {
    let sql = "SELECT CAST(MAX(n) AS TEXT) FROM (SELECT COUNT(*) AS n FROM invitations i \
               JOIN participants p ON p.id = i.participant_id GROUP BY COALESCE(p.account_id, p.id)) AS times";
    database::value(&service.running.app.config.database.url, sql).await.unwrap().parse().unwrap()
}

async fn overridden(by: &Client, path: &str, membership: Option<&str>) -> Reply {
    let mut body = json!({"reason": "Het gaat over hun eigen woonplek."});
    if let Some(membership) = membership {
        body["membershipId"] = json!(membership);
    }
    by.post(&format!("{path}/burden-overrides"), body).await
}

on_both! {
    /// Case 3's panel: 160 people, four consultations in a quarter from two networks, a
    /// ceiling of two. Nobody is asked a third time without an override.
    async fn two_a_quarter_over_two_networks(service) {
        let admin = service.admin().await;
        let here = House::of(service, &admin, "here").await;
        let there = House::of(service, &admin, "there").await;
        let mut shared = Vec::new();
        for number in 0..SHARED {
            let who = service.account(&admin, &format!("deelnemer-{number}")).await;
            shared.push((here.joined(Some(&who)).await, there.joined(Some(&who)).await, who));
        }
        let mut only_here = Vec::new();
        for _ in 0..160 - SHARED {
            only_here.push(here.joined(None).await);
        }
        for _ in 0..10 {
            there.joined(None).await;
        }
        // One of them wants to be asked once a quarter, and says so themself.
        let (modest, _, (own, _)) = &shared[0];
        let person = here.coordinator.get(&format!("/v1/memberships/{modest}")).await.expect(200).body;
        let path = format!("/v1/participants/{}", person["member"]["id"].as_str().unwrap());
        change(own, &path, json!({"askCeiling": 1})).await.expect(200);

        assert_eq!(here.asks().await, [160, 160, 0]);
        service.clock.advance(TimeDelta::days(10));
        let (here, there) = (here.later(service).await, there.later(service).await);
        // The modest one was asked already, though not here.
        assert_eq!(there.asks().await, [30, 29, 1]);
        service.clock.advance(TimeDelta::days(10));
        let (here, there) = (here.later(service).await, there.later(service).await);
        assert_eq!(here.asks().await, [160, 140, 20]);
        assert_eq!(most_often(service).await, 2);

        // What is told is the day alone: the same of who was asked twice here as of who
        // was asked once here and once there, the month in which the first of it no longer counts.
        let told = json!({"mayBeAsked": false, "notBeforeOn": "2027-03-01"});
        for membership in [&only_here[0], &shared[1].0] {
            let mut shown = here.askable(membership).await;
            shown.as_object_mut().unwrap().remove("membershipId");
            assert_eq!(shown, told);
        }
        assert_eq!(here.askable(modest).await["notBeforeOn"], "2027-03-01");
        for path in [format!("/v1/networks/{}/askable-memberships", there.network), format!("/v1/networks/{}/memberships", there.network)] {
            let refused = here.coordinator.get(&path).await;
            assert!(refused.status == 403 || refused.items().is_empty(), "{}", refused.text);
        }
        // The load tells what this network asked itself.
        assert_eq!(here.load(&here.coordinator).await, [0, 20, 140, 0, 0, 0].map(|count| json!(count)));
        assert_eq!(there.load(&there.coordinator).await, [1, 29, 0, 0, 0, 0].map(|count| json!(count)));
        let outside = there.load(&here.coordinator).await;
        assert!(outside.iter().all(|count| count.as_i64().is_none_or(|count| count == 0 || count >= 10)), "{outside:?}");

        // The fourth: of the thirty there ten may be asked. One is, past the ceiling, with a
        // reason; the modest one isn't, whatever the reason.
        service.clock.advance(TimeDelta::days(10));
        let (here, there) = (here.later(service).await, there.later(service).await);
        let fourth = there.prepared().await;
        assert_eq!(there.reach(&fourth).await, [30, 10, 20]);
        assert_eq!(overridden(&here.coordinator, &fourth, None).await.status, 404);
        let foreign = overridden(&there.coordinator, &fourth, Some(&only_here[0])).await.expect(400);
        assert_eq!(foreign.faults(), ["/membershipId reference.unknown"]);
        there.coordinator.post(&format!("{fourth}/burden-overrides"), json!({"reason": "  "})).await.expect(400);
        overridden(&there.coordinator, &fourth, Some(&shared[1].1)).await.expect(201);
        overridden(&there.coordinator, &fourth, Some(&shared[0].1)).await.expect(201);
        assert_eq!(there.reach(&fourth).await, [30, 11, 19]);
        go(&there.coordinator, &fourth, "open").await.expect(201);
        assert_eq!(most_often(service).await, 3);
        let account = |number: usize| shared[number].2.1.clone();
        let url = &service.running.app.config.database.url;
        let of = |account: String| {
            let quoted = match service.on {
                On::Sqlite => format!("X'{}'", account.replace('-', "")),
                On::Postgres => format!("'{account}'"),
            };
            format!("invitations i JOIN participants p ON p.id = i.participant_id WHERE p.account_id = {quoted}")
        };
        assert_eq!(database::count(url, &of(account(0))).await, 1);
        assert_eq!(database::count(url, &of(account(1))).await, 3);
        assert_eq!(database::count(url, &of(account(2))).await, 2);
        // What was overridden, why and by whom stands beside it and in the audit trail.
        let kept = there.manager.get(&format!("{fourth}/burden-overrides")).await.expect(200);
        assert_eq!(kept.items().len(), 2);
        assert_eq!(kept.items()[0]["reason"], "Het gaat over hun eigen woonplek.");
        let trail = format!("/v1/organisations/{}/audit-entries?operation=createBurdenOverride", there.organisation);
        assert_eq!(there.manager.get(&trail).await.expect(200).items().len(), 2);
        // For the whole round, while it is open: the others are asked at once; the modest one never.
        overridden(&there.manager, &fourth, None).await.expect(201);
        assert_eq!(there.reach(&fourth).await, [30, 29, 1]);
        assert_eq!(database::count(url, &of(account(0))).await, 1);
        assert_eq!(database::count(url, &of(account(2))).await, 3);
        // Whom nobody may ask, nobody is asked.
        let fifth = here.prepared().await;
        assert_eq!(here.reach(&fifth).await, [160, 0, 160]);
        let refused = go(&here.coordinator, &fifth, "open").await.expect(409);
        assert_eq!(refused.faults(), ["/audience consultation.audience_empty"]);
        let closed = go(&there.manager, &fourth, "closed").await;
        closed.expect(201);
        assert_eq!(overridden(&there.manager, &fourth, None).await.expect(409).code(), "consultation.ended");
    }

    /// Two that open at the same moment don't both count one too few.
    async fn two_at_once_do_not_ask_a_third_time(service) {
        let admin = service.admin().await;
        let here = House::of(service, &admin, "here").await;
        for _ in 0..12 {
            here.joined(None).await;
        }
        here.asks().await;
        let (one, other) = (here.prepared().await, here.prepared().await);
        let (first, second) = tokio::join!(go(&here.manager, &one, "open"), go(&here.coordinator, &other, "open"));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", first.text, second.text);
        assert_eq!(most_often(service).await, 2);
    }
}
