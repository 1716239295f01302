//! Compensation: rates, claims with four eyes, ceilings seen before they are
//! passed, and what each perspective gets.

use reqwest::Method;
use serde_json::{Value, json};

use crate::consultations::world::{account, sign_in, until};
use crate::feedback::{grant, invite, nl, participant};
use crate::support::wire::reply;
use crate::support::{Client, Reply, Service};

/// A welfare organisation with a panel, those who run it, and two people in it.
struct World {
    organisation: String,
    network: String,
    manager: Client,
    officer: Client,
    coordinator: Client,
    anna: Client,
    anna_membership: String,
    /// Without an account.
    bram_membership: String,
    rate: String,
}

impl World {
    async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "welfare_organisation", "Hier").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let (officer, id) = account(service, &admin, "officer").await;
        grant(&manager, &id, "officer", &organisation).await;
        let network = crate::feedback::network(&manager, &organisation, "panel").await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let (anna, account) = account(service, &admin, "anna").await;
        let anna_id = participant(&officer, &organisation, Some(&account), "anna").await;
        let anna_membership = invite(&coordinator, &network, &anna_id).await;
        active(&anna, &anna_membership).await;
        let bram = participant(&officer, &organisation, None, "=bram").await;
        let bram_membership = invite(&coordinator, &network, &bram).await;
        active(&coordinator, &bram_membership).await;
        let list = format!("/v1/organisations/{organisation}/compensation-rates");
        let rate = manager.make(&list, rate("volunteer_allowance", "meeting", 21_000)).await.id();
        Self { organisation, network, manager, officer, coordinator, anna, anna_membership, bram_membership, rate }
    }

    /// The same, signed in anew: the clock outlived their tokens.
    async fn again(self, service: &Service) -> Self {
        let [manager, officer, coordinator, anna] = ["manager", "officer", "coordinator", "anna"];
        Self {
            officer: sign_in(service, officer).await,
            manager: sign_in(service, manager).await,
            coordinator: sign_in(service, coordinator).await,
            anna: sign_in(service, anna).await,
            ..self
        }
    }

    fn rates(&self) -> String {
        format!("/v1/organisations/{}/compensation-rates", self.organisation)
    }

    /// Anna's claim for a meeting on this day, handed in; its path.
    async fn meeting(&self, day: &str) -> String {
        let line = json!({"kind": "meetings", "happenedOn": day, "quantity": 1, "rateId": self.rate});
        let claim = json!({"basis": "volunteer_allowance", "lines": [line]});
        self.handed_in(&self.anna, &self.anna_membership, claim).await
    }

    async fn handed_in(&self, by: &Client, membership: &str, claim: Value) -> String {
        let path = format!("/v1/claims/{}", by.make(&claims(membership), claim).await.id());
        go(by, &path, "submitted").await.expect(201);
        path
    }
}

fn claims(membership: &str) -> String {
    format!("/v1/memberships/{membership}/claims")
}

fn rate(basis: &str, unit: &str, cents: i64) -> Value {
    json!({"name": nl("Vergoeding"), "unit": unit, "basis": basis, "cents": cents, "startsOn": "2024-01-01",
        "daysToPayment": 14})
}

fn costs(day: &str, cents: i64, proven: bool) -> Value {
    let line = json!({"kind": "costs", "happenedOn": day, "amountCents": cents, "description": "Treinkaartje",
        "proven": proven});
    json!({"basis": "actual_costs", "lines": [line]})
}

async fn active(by: &Client, membership: &str) {
    go(by, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
}

async fn go(by: &Client, path: &str, to: &str) -> Reply {
    by.transition(path, json!({"to": to})).await
}

fn findings(claim: &Reply) -> Vec<&str> {
    let all = claim.body["allowances"].as_array().unwrap();
    all.iter().flat_map(|one| one["findings"].as_array().unwrap()).map(|one| one.as_str().unwrap()).collect()
}

on_both! {
    /// 11 times 210 euro in 2025: told from the first claim on, in which month the
    /// year's 2,100 euro is passed, if it goes on so; and that it was.
    async fn a_ceiling_is_seen_before_the_month_that_passes_it(service) {
        // It is February 2025.
        service.clock.advance(chrono::TimeDelta::days(-660));
        let mut world = World::of(service).await;
        let allowance = format!("/v1/memberships/{}/allowance?year=2025", world.anna_membership);
        for month in 2..=12 {
            until(service, &format!("2025-{month:02}-20T09:00:00Z"));
            world = world.again(service).await;
            let path = world.meeting(&format!("2025-{month:02}-15")).await;
            let claim = world.officer.get(&path).await.expect(200);
            let stands = &claim.body["allowances"][0];
            assert_eq!(stands["passesIn"], 12, "{month}");
            assert_eq!(findings(&claim), [if month < 12 { "year_will_pass" } else { "year_passed" }], "{month}");
            assert_eq!(stands["expectedCents"], 231_000);
            let own = world.anna.get(&allowance).await.expect(200);
            assert_eq!(own.body, *stands);
            assert_eq!(world.anna.get("/v1/me/allowance?year=2025").await.expect(200).body, *stands);
            let approved = go(&world.officer, &path, "approved").await;
            if month < 12 {
                approved.expect(201);
            } else {
                let refused = approved.expect(400);
                assert_eq!(refused.faults(), ["/reason claim.reason_past_ceiling"]);
                let reason = json!({"to": "approved", "reason": "Gaat dit jaar via de loonadministratie."});
                world.officer.transition(&path, reason).await.expect(201);
            }
        }
        // Who runs the network keeps claims, and isn't told what else somebody gets.
        world.coordinator.get(&allowance).await.expect(403);
        let page = world.coordinator.get("/v1/claims?count=true&status=approved").await.expect(200);
        assert_eq!(page.body["total"], 11);
        let claim = world.coordinator.get(&format!("/v1/claims/{}", page.items()[0]["id"].as_str().unwrap())).await;
        assert!(claim.body.get("allowances").is_none() && claim.body.get("participantId").is_none(), "{}", claim.text);
    }

    /// Allowance and reimbursed costs count together; proven costs alone have no ceiling.
    async fn allowance_and_costs_count_together(service) {
        let world = World::of(service).await;
        let allowance = format!("/v1/memberships/{}/allowance?year=2025", world.anna_membership);
        world.handed_in(&world.anna, &world.anna_membership, costs("2025-03-02", 300_000, true)).await;
        let alone = world.anna.get(&allowance).await.expect(200).body;
        assert_eq!((&alone["cents"], &alone["apartCents"], &alone["findings"]), (&json!(0), &json!(300_000), &json!([])));
        world.meeting("2025-04-02").await;
        let both = world.anna.get(&allowance).await.expect(200).body;
        assert_eq!((&both["cents"], &both["apartCents"]), (&json!(321_000), &json!(0)));
        assert_eq!(both["findings"], json!(["month_passed", "year_passed"]));
        assert_eq!(both["months"], json!([{"month": 3, "cents": 300_000, "passed": true}, {"month": 4, "cents": 21_000, "passed": false}]));
        // What is turned down doesn't count.
        let page = world.officer.get("/v1/claims?status=submitted").await.expect(200);
        let first = format!("/v1/claims/{}", page.items()[0]["id"].as_str().unwrap());
        go(&world.officer, &first, "rejected").await.expect(400);
        world.officer.transition(&first, json!({"to": "rejected", "reason": "Dubbel."})).await.expect(201);
        assert_eq!(world.anna.get(&allowance).await.body["cents"], 21_000);
    }

    /// Nobody finds their own claim good, nor one that they wrote down for somebody.
    async fn four_eyes(service) {
        let world = World::of(service).await;
        let path = world.meeting("2026-11-02").await;
        go(&world.anna, &path, "approved").await.expect(403);
        go(&world.coordinator, &path, "approved").await.expect(403);
        // A manager who takes part: their own claim, and their own money.
        let account = world.manager.get("/v1/me").await.body["accountId"].as_str().unwrap().to_owned();
        let person = participant(&world.officer, &world.organisation, Some(&account), "de manager").await;
        let membership = invite(&world.coordinator, &world.network, &person).await;
        active(&world.manager, &membership).await;
        let line = json!({"kind": "meetings", "happenedOn": "2026-11-02", "quantity": 1, "rateId": world.rate});
        let claim = json!({"basis": "volunteer_allowance", "lines": [line]});
        let own = world.handed_in(&world.manager, &membership, claim.clone()).await;
        assert_eq!(world.manager.get(&own).await.expect(200).body["allowedTransitions"], json!([]));
        go(&world.manager, &own, "approved").await.expect(403);
        world.manager.transition(&own, json!({"to": "rejected", "reason": "x"})).await.expect(403);
        go(&world.officer, &own, "approved").await.expect(201);
        go(&world.manager, &own, "paid").await.expect(403);
        go(&world.officer, &own, "paid").await.expect(201);
        // For somebody without an account: who wrote it down, and who handed it in.
        let made = world.officer.make(&claims(&world.bram_membership), claim).await;
        let path = format!("/v1/claims/{}", made.id());
        world.manager.get(&path).await.expect(404);
        go(&world.officer, &path, "submitted").await.expect(201);
        go(&world.officer, &path, "approved").await.expect(403);
        go(&world.manager, &path, "approved").await.expect(201);
        go(&world.manager, &path, "draft").await.expect(409);
        let moves = world.manager.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(moves.items().len(), 2);
    }

    /// What a claim must tell, all at once, and what must not stand in it.
    async fn what_is_wrong_with_a_claim_is_told_at_once(service) {
        let world = World::of(service).await;
        let path = claims(&world.anna_membership);
        let lines = json!([
            {"kind": "meetings", "happenedOn": "2026-11-02", "amountCents": 5},
            {"kind": "costs", "happenedOn": "2026-11-02", "quantity": 5},
            {"kind": "hours", "happenedOn": "2026-11-02", "quantity": 5, "rateId": world.rate},
            {"kind": "meetings", "happenedOn": "2026-11-02", "quantity": 1, "rateId": "0197c000-0000-7000-8000-ffff00000001"},
        ]);
        let refused = world.anna.post(&path, json!({"basis": "volunteer_allowance", "lines": lines})).await.expect(400);
        assert_eq!(refused.faults(), [
            "/lines/0/amountCents claim_line.amount_counted",
            "/lines/0/quantity claim_line.quantity_missing",
            "/lines/0/rateId claim_line.rate_missing",
            "/lines/1/amountCents claim_line.amount_missing",
            "/lines/1/quantity claim_line.quantity_unused",
            "/lines/2/rateId claim_line.rate_unsuited",
            "/lines/3/rateId reference.unknown",
        ]);
        let said = |day: &str, text: &str| json!({"kind": "costs", "happenedOn": day, "amountCents": 5, "description": text});
        let lines = json!([
            said("2026-11-24", "op NL91 ABNA 0417 1643 00"),
            said("2021-11-22", "mijn nummer is 111.222.333"),
            {"kind": "gift", "happenedOn": "2026-11-02", "amountCents": 5},
        ]);
        let refused = world.anna.post(&path, json!({"basis": "actual_costs", "lines": lines})).await.expect(400);
        assert_eq!(refused.faults(), [
            "/lines/0/description text.bank_account",
            "/lines/0/happenedOn claim_line.in_future",
            "/lines/1/description text.citizen_number",
            "/lines/1/happenedOn claim_line.too_long_ago",
            "/lines/2/kind claim_line.kind_unsuited",
        ]);
        let empty = world.anna.make(&path, json!({"basis": "gift", "lines": []})).await;
        let empty = format!("/v1/claims/{}", empty.id());
        assert_eq!(go(&world.anna, &empty, "submitted").await.expect(409).faults(), ["/lines claim.empty"]);
        let changed = json!({"basis": "actual_costs", "lines": costs("2026-11-02", 5, false)["lines"]});
        let etag = world.anna.get(&empty).await.etag();
        let changed = world.anna.patch(&empty, &etag, changed).await.expect(200);
        assert_eq!((&changed.body["cents"], &changed.body["basis"]), (&json!(5), &json!("actual_costs")));
        go(&world.anna, &empty, "submitted").await.expect(201);
        let etag = world.anna.get(&empty).await.etag();
        assert_eq!(world.anna.patch(&empty, &etag, json!({"lines": []})).await.expect(409).code(), "claim.not_draft");
        assert_eq!(world.anna.delete(&empty).await.expect(409).code(), "claim.not_draft");
    }

    /// A rate above the norm says why; one that is set changes only its name, reason, end.
    async fn rates_are_data(service) {
        let world = World::of(service).await;
        let above = rate("volunteer_allowance", "hour", 551);
        let refused = world.manager.post(&world.rates(), above.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/reason rate.reason_required"]);
        let mut above = above;
        above["reason"] = json!("Afgesproken met de cliëntenraad.");
        let set = world.manager.make(&world.rates(), above).await;
        assert_eq!(set.body["aboveNorm"], true);
        let wrong = world.manager.post(&world.rates(), rate("actual_costs", "hour", 5)).await.expect(400);
        assert_eq!(wrong.faults(), ["/basis rate.kilometre_is_costs"]);
        world.coordinator.post(&world.rates(), rate("attendance_fee", "hour", 5)).await.expect(403);
        let path = format!("/v1/compensation-rates/{}", set.id());
        let cleared = world.manager.patch(&path, &set.etag(), json!({"reason": null})).await.expect(400);
        assert_eq!(cleared.faults(), ["/reason rate.reason_required"]);
        let ended = world.manager.patch(&path, &set.etag(), json!({"endsOn": "2026-10-31"})).await.expect(200);
        let line = json!({"kind": "hours", "happenedOn": "2026-11-01", "quantity": 60, "rateId": ended.id()});
        let claim = json!({"basis": "volunteer_allowance", "lines": [line]});
        let refused = world.anna.post(&claims(&world.anna_membership), claim).await.expect(400);
        assert_eq!(refused.faults(), ["/lines/0/rateId claim_line.rate_unsuited"]);
        let own = world.anna.get(&format!("/v1/memberships/{}/compensation-rates", world.anna_membership)).await.expect(200);
        assert_eq!(own.items().len(), 2);
        // A rate of one network isn't another's, and is unknown outside.
        let other = crate::feedback::network(&world.manager, &world.organisation, "panel").await;
        let mut apart = rate("attendance_fee", "hour", 1_000);
        apart["networkId"] = json!(other);
        let apart = world.manager.make(&world.rates(), apart).await.id();
        world.anna.get(&format!("/v1/compensation-rates/{apart}")).await.expect(404);
        assert_eq!(world.anna.get(&world.rates()).await.expect(200).items().len(), 2);
        assert_eq!(world.manager.get(&world.rates()).await.expect(200).items().len(), 3);
        let line = json!({"kind": "hours", "happenedOn": "2026-11-01", "quantity": 60, "rateId": apart});
        let claim = json!({"basis": "attendance_fee", "lines": [line]});
        let refused = world.anna.post(&claims(&world.anna_membership), claim).await.expect(400);
        assert_eq!(refused.faults(), ["/lines/0/rateId reference.unknown"]);
    }

    /// What is to be paid goes out as a table that no spreadsheet takes for formulas, and
    /// what is late is listed.
    async fn claims_are_paid_from_a_table_and_late_ones_are_listed(service) {
        let world = World::of(service).await;
        world.meeting("2026-11-02").await;
        let bram = world.handed_in(&world.coordinator, &world.bram_membership, costs("2026-11-02", 1_999, true)).await;
        go(&world.officer, &bram, "approved").await.expect(201);
        let shown = world.officer.get(&bram).await.expect(200);
        assert_eq!((&shown.body["dueOn"], &shown.body["late"]), (&json!("2026-12-23"), &json!(false)));
        let table = world.officer.request(Method::GET, "/v1/claims?status=approved").header("Accept", "text/csv");
        let table = reply(table).await.expect(200).text;
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2, "{table}");
        assert!(lines[1].contains(",'=bram,actual_costs,1999,EUR,approved,2026-11-23,2026-12-23,,false"), "{table}");
        // A meeting's rate promises 14 days; costs the configured 30.
        service.clock.advance(chrono::TimeDelta::days(15));
        let world = world.again(service).await;
        let late = world.manager.get("/v1/claims?late=true").await.expect(200);
        assert_eq!((late.items().len(), &late.items()[0]["dueOn"]), (1, &json!("2026-12-07")));
        service.clock.advance(chrono::TimeDelta::days(16));
        let world = world.again(service).await;
        assert_eq!(world.manager.get("/v1/claims?late=true").await.expect(200).items().len(), 2);
        go(&world.manager, &bram, "paid").await.expect(201);
        let paid = world.manager.get(&bram).await.expect(200);
        assert_eq!((&paid.body["paidOn"], &paid.body["late"]), (&json!("2026-12-24"), &json!(true)));
        assert_eq!(world.manager.get("/v1/claims?late=true").await.expect(200).items().len(), 1);
        // Between two periods one person's pay could be computed: the members see the rates.
        let report = format!("/v1/networks/{}/compensation?startsOn=2026-01-01&endsOn=2026-12-31", world.network);
        world.anna.get(&report).await.expect(403);
        assert_eq!(world.coordinator.get(&report).await.expect(200).body["rows"][0]["unitCents"], 21_000);
        let backwards = world.coordinator.get(&report.replace("2026-01-01", "2027-01-01")).await.expect(400);
        assert_eq!(backwards.faults(), ["endsOn period.reversed"]);
    }
}
