//! Everybody's own desk: what waits for me, what I brought and what became of it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::consultations::world::id;
use crate::feedback::{World, brought, grant, invite, network, nl, participant, sent};
use crate::support::{Client, Service};

/// A person with one account who is known in two organisations.
struct Two {
    here: World,
    /// The person.
    gita: Client,
    /// As they are known here.
    gita_here: String,
    /// As they are known there.
    gita_there: String,
    there: String,
    /// The manager of the other organisation.
    other: Client,
    /// The panel there.
    panel: String,
    /// The invitation to it.
    membership: String,
}

impl Two {
    async fn of(service: &Service) -> Self {
        let here = World::of(service).await;
        let there = service.organisation(&here.admin, "care_provider", "Daar").await;
        let (other, id) = service.account(&here.admin, "other").await;
        grant(&here.admin, &id, "manager", &there).await;
        let (gita, account) = service.account(&here.admin, "gita").await;
        let gita_here = participant(&here.officer, &here.organisation, Some(&account), "gita").await;
        let gita_there = participant(&other, &there, Some(&account), "zonnebloem").await;
        let panel = network(&other, &there, "panel").await;
        service.clock.advance(TimeDelta::minutes(1));
        let membership = invite(&other, &panel, &gita_there).await;
        Self { here, gita, gita_here, gita_there, there, other, panel, membership }
    }
}

fn pick<'v>(items: &'v [Value], field: &str) -> Vec<&'v str> {
    items.iter().map(|item| item[field].as_str().unwrap_or_default()).collect()
}

/// Every item of a list, a page of one at a time.
async fn one_by_one(client: &Client, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = format!("{path}?limit=1");
    loop {
        let page = client.get(&next).await.expect(200);
        all.extend(page.items().clone());
        let Some(cursor) = page.body["nextCursor"].as_str() else { return all };
        next = format!("{path}?limit=1&cursor={cursor}");
    }
}

on_both! {
    /// What waits: an invitation in one organisation, an answer in another; and
    /// feedback for who is addressed. Each sees their own.
    async fn tasks_are_those_of_ones_own_persons(service) {
        let two = Two::of(service).await;
        let Two { here, gita, .. } = &two;
        let invited = gita.get("/v1/me/tasks?count=true").await.expect(200);
        let task = json!({"kind": "accept_invitation", "title": nl("Het panel"), "at": "2026-11-23T09:01:00Z",
            "participantId": two.gita_there, "membershipId": two.membership});
        assert_eq!(invited.body, json!({"items": [task], "total": 1}));
        for nobody in [&here.anna, &here.bram, &here.officer, &two.other, &here.admin] {
            assert_eq!(nobody.get("/v1/me/tasks").await.expect(200).body, json!({"items": []}));
        }
        let path = sent(gita, brought(&here.to_organisation(), "idea", "Een bankje")).await;
        service.clock.advance(TimeDelta::minutes(1));
        let second = sent(&here.anna, brought(&here.to_organisation(), "question", "Wanneer?")).await;
        let waiting = here.officer.get("/v1/me/tasks").await.expect(200);
        let task = json!({"kind": "answer_feedback", "title": nl("Een bankje"), "at": "2026-11-23T09:01:00Z",
            "dueOn": "2027-01-04", "feedbackId": path.rsplit('/').next().unwrap()});
        assert_eq!(waiting.items()[0], task);
        assert_eq!(pick(waiting.items(), "kind"), ["answer_feedback", "answer_feedback"]);
        assert_eq!(one_by_one(&here.officer, "/v1/me/tasks").await, *waiting.items());
        assert_eq!(here.coordinator.get("/v1/me/tasks").await.expect(200).items().len(), 0);
        here.officer.transition(&second, json!({"to": "in_consideration"})).await.expect(201);
        let answer = json!({"text": nl("In mei.")});
        here.officer.make(&format!("{second}/official-responses"), answer).await;
        here.officer.transition(&second, json!({"to": "answered"})).await.expect(201);
        assert_eq!(here.officer.get("/v1/me/tasks").await.expect(200).items().len(), 1);
        gita.transition(&format!("/v1/memberships/{}", two.membership), json!({"to": "active"})).await.expect(201);
        assert_eq!(gita.get("/v1/me/tasks").await.expect(200).body, json!({"items": []}));
    }

    /// What one brought in two organisations stands side by side, for oneself
    /// alone, with what was answered and became of it.
    async fn contributions_are_those_of_ones_own_persons(service) {
        let two = Two::of(service).await;
        let Two { here, gita, other, .. } = &two;
        let there = json!({"kind": "organisation", "id": two.there});
        let mine = sent(gita, brought(&there, "proposal", "Een stille kamer")).await;
        service.clock.advance(TimeDelta::minutes(1));
        let theirs = sent(&here.anna, brought(&here.to_organisation(), "idea", "Een bankje")).await;
        let given = gita.make(&format!("{theirs}/supports"), json!({})).await;
        assert_eq!(given.body["participantId"], json!(two.gita_here));
        service.clock.advance(TimeDelta::minutes(1));
        let draft = gita.make("/v1/feedback", brought(&here.to_organisation(), "signal", "Nog niet af")).await;

        other.transition(&mine, json!({"to": "in_consideration"})).await.expect(201);
        let answer = json!({"text": nl("Dat doen we."), "reasons": nl("Het is nodig.")});
        let answer = other.make(&format!("{mine}/official-responses"), answer).await;
        other.transition(&mine, json!({"to": "adopted"})).await.expect(201);
        other.transition(&mine, json!({"to": "realised", "outcome": nl("Klaar.")})).await.expect(201);

        let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let listed = gita.get("/v1/me/contributions?count=true").await.expect(200);
        let expected = json!([
            {"kind": "feedback", "id": draft.body["id"], "participantId": two.gita_here, "title": nl("Nog niet af"),
                "status": "draft", "at": "2026-11-23T09:03:00Z", "feedbackId": draft.body["id"]},
            {"kind": "support", "id": given.body["id"], "participantId": two.gita_here, "title": nl("Een bankje"),
                "status": "received", "at": "2026-11-23T09:02:00Z", "feedbackId": id(&theirs)},
            {"kind": "feedback", "id": id(&mine), "participantId": two.gita_there, "title": nl("Een stille kamer"),
                "status": "realised", "at": "2026-11-23T09:01:00Z", "feedbackId": id(&mine),
                "officialResponse": answer.body, "outcome": nl("Klaar.")},
        ]);
        assert_eq!(listed.body["items"], expected);
        assert_eq!(listed.body["total"], 3);
        assert_eq!(json!(one_by_one(gita, "/v1/me/contributions").await), expected);
        for nobody in [other, &here.officer, &here.manager, &here.bram] {
            assert_eq!(nobody.get("/v1/me/contributions").await.expect(200).body, json!({"items": []}));
        }
        // Who is known in both sees what others share in both, and others in neither more.
        assert_eq!(here.anna.get("/v1/feedback?count=true").await.expect(200).body["total"], 1);
        assert_eq!(gita.get("/v1/feedback?count=true").await.expect(200).body["total"], 3);

        // What was taken back is told, without its words.
        here.anna.transition(&theirs, json!({"to": "withdrawn"})).await.expect(201);
        let listed = gita.get("/v1/me/contributions").await.expect(200);
        let told = json!({"kind": "support", "id": given.body["id"], "participantId": two.gita_here,
            "status": "withdrawn", "at": "2026-11-23T09:02:00Z", "feedbackId": id(&theirs)});
        assert_eq!(listed.items()[1], told);
    }

    /// Why something stands where it stands is told to who brought it, and to
    /// their supporters as far as they may read it; a merger leads on.
    async fn contributions_say_why(service) {
        let world = World::of(service).await;
        let World { anna, bram, coordinator, moderator, .. } = &world;
        let first = async |person: &Client| person.get("/v1/me/contributions").await.expect(200).items()[0].clone();
        let one = sent(bram, brought(&world.to_network(), "idea", "Een plek om te zitten")).await;
        let other = sent(anna, brought(&world.to_network(), "idea", "Een bankje")).await;
        let into = one.rsplit('/').next().unwrap();
        let merge = json!({"to": "merged", "mergedIntoId": into, "reason": "Het gaat over hetzelfde."});
        coordinator.transition(&other, merge).await.expect(201);
        let told = first(anna).await;
        assert_eq!((&told["status"], &told["mergedIntoId"]), (&json!("merged"), &json!(into)));
        assert_eq!(told["reason"], "Het gaat over hetzelfde.");

        bram.get("/v1/me/contributions").await.expect(200);
        anna.make(&format!("{one}/supports"), json!({})).await;
        let away = json!({"to": "moderated_out", "reason": "Dit gaat over een persoon."});
        moderator.transition(&one, away).await.expect(201);
        assert_eq!(first(bram).await["reason"], "Dit gaat over een persoon.");
        let supported = anna.get("/v1/me/contributions").await.expect(200);
        let supported = supported.items().iter().find(|item| item["kind"] == "support").unwrap();
        assert_eq!(supported["status"], "moderated_out");
        assert!(supported.get("reason").is_none() && supported.get("title").is_none());
        bram.transition(&one, json!({"to": "received", "reason": "Het gaat over de functie."})).await.expect(201);
        assert_eq!(first(bram).await["reason"], "Het gaat over de functie.");
        // What its author said of it is not for who supports it.
        let supported = anna.get("/v1/me/contributions").await.expect(200);
        let supported = supported.items().iter().find(|item| item["kind"] == "support").unwrap();
        assert_eq!((&supported["status"], supported.get("reason")), (&json!("received"), None));
    }

    /// Who is known in two organisations counts once where feedback is merged.
    async fn a_merger_counts_one_account_once(service) {
        let Two { here, gita, gita_here, gita_there, .. } = Two::of(service).await;
        for person in [&gita_here, &gita_there] {
            let new = json!({"member": {"kind": "participant", "id": person}, "perspective": "resident",
                "role": "member", "status": "applied"});
            let mine = gita.make(&format!("/v1/networks/{}/memberships", here.network), new).await.id();
            here.coordinator.transition(&format!("/v1/memberships/{mine}"), json!({"to": "active"})).await.expect(201);
        }
        let one = sent(&here.anna, brought(&here.to_network(), "idea", "Een bankje")).await;
        let other = sent(&here.bram, brought(&here.to_network(), "idea", "Een plek om te zitten")).await;
        gita.make(&format!("{one}/supports"), json!({"participantId": gita_here})).await;
        gita.make(&format!("{other}/supports"), json!({"participantId": gita_there})).await;
        here.cem.make(&format!("{other}/supports"), json!({})).await;
        let merge = json!({"to": "merged", "mergedIntoId": one.rsplit('/').next().unwrap(), "reason": "Hetzelfde."});
        here.coordinator.transition(&other, merge).await.expect(201);
        assert_eq!(here.anna.get(&one).await.expect(200).body["supporters"], 2);
    }

    /// One human supports once, as whichever of the persons that they are.
    async fn one_account_supports_once(service) {
        let Two { here, gita, gita_here, gita_there, .. } = Two::of(service).await;
        for person in [&gita_here, &gita_there] {
            let new = json!({"member": {"kind": "participant", "id": person}, "perspective": "resident",
                "role": "member", "status": "applied"});
            let mine = gita.make(&format!("/v1/networks/{}/memberships", here.network), new).await.id();
            here.coordinator.transition(&format!("/v1/memberships/{mine}"), json!({"to": "active"})).await.expect(201);
        }
        let path = sent(&here.anna, brought(&here.to_network(), "idea", "Een bankje")).await;
        let as_who = |person: &str| json!({"participantId": person});
        gita.make(&format!("{path}/supports"), as_who(&gita_here)).await;
        let again = gita.post(&format!("{path}/supports"), as_who(&gita_there)).await.expect(409);
        assert_eq!(again.code(), "support.already_given");
        assert_eq!(here.anna.get(&path).await.expect(200).body["supporters"], 1);
    }

    /// A consultation waits for who is asked; once closed its report-back waits
    /// for who asked, and is then heard by who answered.
    async fn a_consultation_is_asked_answered_and_reported_back(service) {
        let two = Two::of(service).await;
        let Two { gita, other, .. } = &two;
        gita.transition(&format!("/v1/memberships/{}", two.membership), json!({"to": "active"})).await.expect(201);
        let question = "0197c000-0000-7000-8000-000a00000001";
        let new = json!({"organisationId": two.there, "title": nl("De tuin"), "goal": nl("Weten wat nodig is"),
            "limits": nl("Het budget ligt vast"), "rung": "consult", "mode": "named",
            "audience": {"networkIds": [two.panel], "perspectives": [], "municipalities": []},
            "questions": [{"id": question, "kind": "scale", "prompt": nl("Hoe belangrijk?"), "required": true,
                "sensitive": false, "least": 1, "most": 5, "labels": []}],
            "closesOn": "2026-12-01"});
        let asked = other.make("/v1/consultations", new).await;
        let path = format!("/v1/consultations/{}", asked.id());
        service.clock.advance(TimeDelta::minutes(1));
        other.transition(&path, json!({"to": "open"})).await.expect(201);
        let waiting = gita.get("/v1/me/tasks").await.expect(200);
        let task = json!({"kind": "answer_consultation", "title": nl("De tuin"), "at": "2026-11-23T09:02:00Z",
            "dueOn": "2026-12-01", "participantId": two.gita_there, "consultationId": asked.id(), "mode": "named"});
        assert_eq!(waiting.body, json!({"items": [task]}));
        assert_eq!(other.get("/v1/me/tasks").await.expect(200).items().len(), 0);

        let answer = json!({"channel": "internet",
            "answers": [{"questionId": question, "kind": "scale", "value": 4}]});
        let given = gita.make(&format!("{path}/responses"), answer).await;
        assert_eq!(gita.get("/v1/me/tasks").await.expect(200).items().len(), 0);
        let mut mine = json!({"kind": "response", "id": given.id(), "participantId": two.gita_there,
            "title": nl("De tuin"), "status": "open", "at": "2026-11-23T09:02:00Z", "consultationId": asked.id()});
        assert_eq!(gita.get("/v1/me/contributions").await.expect(200).body, json!({"items": [mine]}));

        service.clock.advance(TimeDelta::minutes(1));
        other.transition(&path, json!({"to": "closed"})).await.expect(201);
        let due = other.get("/v1/me/tasks").await.expect(200);
        let task = json!({"kind": "report_back", "title": nl("De tuin"), "at": "2026-11-23T09:03:00Z",
            "dueOn": "2027-01-12", "consultationId": asked.id()});
        assert_eq!(due.body, json!({"items": [task]}));
        for nobody in [gita, &two.here.officer, &two.here.manager] {
            assert_eq!(nobody.get("/v1/me/tasks").await.expect(200).items().len(), 0);
        }
        let theme = json!({"id": id("reportBackTheme", 1), "title": nl("Buiten")});
        let heard = json!({"kind": "final", "heard": nl("De tuin telt."), "themes": [theme],
            "points": [{"text": nl("Meer bankjes"), "outcome": "followed", "themeIds": [id("reportBackTheme", 1)]}]});
        let told = other.make(&format!("{path}/report-backs"), heard).await;
        other.transition(&path, json!({"to": "concluded"})).await.expect(201);
        assert_eq!(other.get("/v1/me/tasks").await.expect(200).items().len(), 0);
        mine["status"] = json!("concluded");
        mine["reportBack"] = json!({"id": told.id(), "kind": "final", "edition": 1, "heard": nl("De tuin telt."),
            "points": [{"text": nl("Meer bankjes"), "outcome": "followed"}], "publishedAt": "2026-11-23T09:03:00Z"});
        assert_eq!(gita.get("/v1/me/contributions").await.expect(200).body, json!({"items": [mine]}));
    }
}
