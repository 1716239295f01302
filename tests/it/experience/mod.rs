//! The experience directory: what people can bring is theirs; who asks learns of those who
//! said yes, and of nobody else.

mod approaches;

use serde_json::{Value, json};

use crate::consultations::world::{account, change, go, person};
use crate::feedback::{grant, nl};
use crate::support::{Client, Reply, Service, database};

/// An organisation that asks, one that takes part in its programme, and one that doesn't.
struct World {
    service_url: String,
    admin: Client,
    asker: String,
    officer: Client,
    coordinator: Client,
    network: String,
    partner: String,
    partner_officer: Client,
    stranger: Client,
}

impl World {
    async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let asker = service.organisation(&admin, "knowledge_institution", "Vraagt").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &asker).await;
        let (officer, id) = account(service, &admin, "officer").await;
        grant(&manager, &id, "officer", &asker).await;
        let network = crate::feedback::network(&manager, &asker, "panel").await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let partner = service.organisation(&admin, "care_provider", "Doet mee").await;
        let (partner_officer, id) = account(service, &admin, "partner").await;
        grant(&admin, &id, "manager", &partner).await;
        let elsewhere = service.organisation(&admin, "care_provider", "Staat erbuiten").await;
        let (stranger, id) = account(service, &admin, "stranger").await;
        grant(&admin, &id, "manager", &elsewhere).await;
        let programme = json!({"hostId": asker, "partners": [partner], "name": nl("Samen"), "summary": nl("Samen.")});
        manager.make("/v1/programmes", programme).await;
        let service_url = service.running.app.config.database.url.clone();
        Self { service_url, admin, asker, officer, coordinator, network, partner, partner_officer, stranger }
    }

    /// Somebody with an account, whom this organisation registered, and who can bring this.
    async fn willing(&self, service: &Service, name: &str, approachable: bool) -> (Client, String) {
        let (client, id) = account(service, &self.admin, name).await;
        let person = person(&self.officer, &self.asker, Some(&id), Some(1980)).await;
        brings(&client, &person, approachable).await;
        (client, person)
    }

    async fn count(&self, rows: &str) -> i64 {
        database::count(&self.service_url, rows).await
    }

    /// A request that was opened; its path.
    async fn opened(&self) -> String {
        let path = self.drafted(json!({})).await;
        go(&self.officer, &path, "open").await.expect(201);
        path
    }

    async fn drafted(&self, more: Value) -> String {
        let mut new = wanted();
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let list = format!("/v1/organisations/{}/experience-requests", self.asker);
        format!("/v1/experience-requests/{}", self.officer.make(&list, new).await.id())
    }

    /// Everything that is told of a request to who asks.
    async fn told(&self, request: &str) -> String {
        let list = format!("/v1/organisations/{}/experience-requests?count=true", self.asker);
        let mut told = String::new();
        for path in [request.to_owned(), format!("{request}/offers?count=true"), format!("{request}/transitions"), list]
        {
            told.push_str(&self.officer.get(&path).await.expect(200).text);
        }
        told
    }
}

/// What a request asks.
fn wanted() -> Value {
    json!({"title": nl("Meelezen"), "purpose": nl("Een folder voor pleegkinderen."), "themes": ["foster_care"],
        "forms": ["co_reading"], "minutesPerMonth": 60, "compensation": nl("Een bon."), "answerDueOn": "2026-12-15"})
}

fn profile(person: &str) -> String {
    format!("/v1/participants/{person}/experience-profile")
}

async fn brings(by: &Client, person: &str, approachable: bool) -> Reply {
    let content = json!({"themes": ["foster_care"], "forms": ["co_reading", "story"], "ownWords": nl("Drie gezinnen."),
        "minutesPerMonth": 120, "trainings": [{"name": "Ervaring inbrengen", "year": 2024, "certified": true}],
        "approachable": approachable});
    change(by, &profile(person), content).await.expect(200)
}

/// The approaches on somebody's own desk.
async fn desk(by: &Client) -> Vec<Value> {
    by.get("/v1/me/experience-approaches").await.expect(200).items().clone()
}

/// The one approach on somebody's own desk; its path.
async fn approached(by: &Client) -> String {
    let all = desk(by).await;
    assert_eq!(all.len(), 1, "{all:?}");
    format!("/v1/experience-approaches/{}", all[0]["id"].as_str().unwrap())
}

async fn says(by: &Client, path: &str, body: Value) -> Reply {
    by.transition(path, body).await
}

on_both! {
    /// Empty and off until it is written; for the person and who registered them alone.
    async fn a_profile_is_ones_own(service) {
        let world = World::of(service).await;
        let (anna, id) = account(service, &world.admin, "anna").await;
        let person = person(&world.officer, &world.asker, Some(&id), Some(1980)).await;
        let membership = crate::feedback::invite(&world.coordinator, &world.network, &person).await;
        go(&anna, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
        let path = profile(&person);
        let empty = anna.get(&path).await.expect(200);
        assert_eq!((&empty.body["approachable"], &empty.body["themes"]), (&json!(false), &json!([])));
        let wrong = json!({"themes": ["loss", "loss"], "municipalities": ["Ergens"],
            "trainings": [{"name": " ", "year": 2100}]});
        let refused = anna.patch(&path, &empty.etag(), wrong).await.expect(400);
        assert_eq!(refused.faults(), [
            "/municipalities/0 municipality.malformed", "/themes/1 experience.repeated",
            "/trainings/0/name experience.training_blank", "/trainings/0/year experience.training_year",
        ]);
        let written = brings(&anna, &person, true).await;
        assert_eq!((&written.body["approachableSinceOn"], &written.body["stands"]), (&json!("2026-11-23"), &json!(true)));
        anna.patch(&path, &empty.etag(), json!({"approachable": false})).await.expect(412);
        // The one who registered them writes on their behalf; the read is written down.
        world.officer.get(&path).await.expect(200);
        let read = "audit_rows WHERE action = 'getExperienceProfile' AND object_kind = 'participant'";
        assert_eq!(world.count(read).await, 1);
        change(&world.officer, &path, json!({"dayParts": ["weekend"]})).await.expect(200);
        assert_eq!(anna.get(&path).await.body["trainings"][0]["name"], "Ervaring inbrengen");
        // Who runs their network knows them, and nothing of this; others know neither.
        world.coordinator.get(&path).await.expect(403);
        world.coordinator.patch(&path, "*", json!({"approachable": false})).await.expect(403);
        for other in [&world.partner_officer, &world.stranger, &world.admin] {
            other.get(&path).await.expect(404);
        }
    }

    /// Written as a draft, by who may; opening names all that is missing.
    async fn a_request_is_written_before_anybody_reads_it(service) {
        let world = World::of(service).await;
        let (anna, _) = world.willing(service, "anna", true).await;
        let list = format!("/v1/organisations/{}/experience-requests", world.asker);
        world.coordinator.post(&list, wanted()).await.expect(403);
        world.stranger.post(&list, wanted()).await.expect(403);
        anna.post(&list, wanted()).await.expect(403);
        let mut own = wanted();
        own["networkId"] = json!(world.network);
        let own = world.coordinator.make(&list, own).await;
        assert_eq!(world.coordinator.get(&list).await.items().len(), 1);
        let bare = json!({"title": nl("Kaal"), "purpose": nl("Wat dan?"), "endsOn": "2026-12-01", "startsOn": "2026-12-02"});
        assert_eq!(world.officer.post(&list, bare.clone()).await.expect(400).faults(), ["/endsOn period.reversed"]);
        let draft = world.drafted(json!({"themes": [], "answerDueOn": "2026-11-01"})).await;
        change(&world.officer, &draft, json!({"compensation": null})).await.expect(200);
        let refused = go(&world.officer, &draft, "open").await.expect(409);
        assert_eq!(refused.faults(), [
            "/answerDueOn experience.answer_due_past", "/compensation experience.missing", "/themes experience.missing",
        ]);
        for other in [&world.stranger, &world.partner_officer, &anna, &world.coordinator, &world.admin] {
            other.get(&draft).await.expect(404);
            other.get(&format!("{draft}/offers")).await.expect(404);
        }
        let filled = json!({"themes": ["foster_care"], "compensation": nl("Een bon."), "answerDueOn": "2026-12-15"});
        change(&world.officer, &draft, filled).await.expect(200);
        assert!(desk(&anna).await.is_empty());
        go(&world.officer, &draft, "open").await.expect(201);
        assert_eq!(desk(&anna).await.len(), 1);
        let late = world.officer.patch(&draft, "*", json!({"title": nl("Anders")})).await.expect(409);
        assert_eq!((late.code(), world.officer.delete(&draft).await.expect(409).code()), ("experience.not_draft", "experience.not_draft"));
        world.coordinator.delete(&format!("/v1/experience-requests/{}", own.id())).await.expect(204);
        assert_eq!(world.stranger.get(&list).await.expect(200).items().len(), 0);
    }

    /// Who asks sees who said yes, with what they share; of a no and of silence neither id,
    /// nor name, nor count.
    async fn only_a_yes_is_seen(service) {
        let world = World::of(service).await;
        let (anna, anna_id) = world.willing(service, "anna", true).await;
        let (bram, bram_id) = world.willing(service, "bram", true).await;
        let (cem, cem_id) = world.willing(service, "cem", true).await;
        let (off, _) = world.willing(service, "dina", false).await;
        change(&world.officer, &format!("/v1/participants/{anna_id}"), json!({"displayName": "Zonnebloem",
            "contact": {"emailAddress": "anna@people.example"}})).await.expect(200);
        for (id, name) in [(&bram_id, "Bramenstruik"), (&cem_id, "Cyclaam")] {
            change(&world.officer, &format!("/v1/participants/{id}"), json!({"displayName": name})).await.expect(200);
        }
        let request = world.opened().await;
        assert!(desk(&off).await.is_empty());
        let silent = approached(&cem).await;
        // All alike to who asks: nobody answered, somebody said no, or nobody was found.
        let before = world.told(&request).await;
        let no = approached(&bram).await;
        says(&bram, &no, json!({"to": "declined", "shared": ["contact"]})).await.expect(400);
        says(&bram, &no, json!({"to": "declined"})).await.expect(201);
        assert_eq!(world.told(&request).await, before);
        assert!(before.contains("fewer_than_ten"), "{before}");
        let yes = approached(&anna).await;
        let question = anna.get(&yes).await.expect(200).body;
        let tasks = anna.get("/v1/me/tasks").await.expect(200);
        assert_eq!((&tasks.items()[0]["kind"], &tasks.items()[0]["experienceApproachId"]), (&json!("answer_approach"), &question["id"]));
        assert_eq!(bram.get("/v1/me/tasks").await.items().len(), 0);
        assert_eq!((&question["question"]["organisationName"], &question["status"]), (&json!("Vraagt"), &json!("waiting")));
        says(&anna, &yes, json!({"to": "interested", "shared": ["contact", "forms"]})).await.expect(201);
        let offers = world.officer.get(&format!("{request}/offers?count=true")).await.expect(200);
        assert_eq!((offers.items().len(), &offers.body["total"]), (1, &json!(1)));
        let offer = &offers.items()[0];
        assert_eq!(offer["displayName"], "Zonnebloem");
        assert_eq!(offer["contact"]["emailAddress"], "anna@people.example");
        assert_eq!(offer["forms"], json!(["co_reading", "story"]));
        for kept in ["themes", "ownWords", "trainings", "minutesPerMonth", "participantId"] {
            assert!(offer.get(kept).is_none(), "{kept}");
        }
        let told = world.told(&request).await;
        let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        for secret in [&bram_id, &cem_id, &anna_id, &id(&no), &id(&silent), &id(&yes)] {
            assert!(!told.contains(secret.as_str()));
        }
        assert!(!told.contains("Bramenstruik") && !told.contains("Cyclaam") && !told.contains("declined"));
        // Nor does another way lead there: the approach, the person's list, or the trail.
        for path in [&no, &silent, &yes] {
            world.officer.get(path).await.expect(404);
            world.officer.get(&format!("{path}/transitions")).await.expect(404);
            says(&world.officer, path, json!({"to": "declined"})).await.expect(404);
        }
        for person in [&bram_id, &cem_id] {
            let list = format!("/v1/participants/{person}/experience-approaches");
            assert_eq!(world.officer.get(&list).await.expect(200).items().len(), 0);
        }
        let trail = "audit_rows WHERE object_kind = 'experience_approach' AND organisation_id IS NOT NULL";
        assert_eq!(world.count(trail).await, 0);
        let named = "audit_subjects WHERE audit_id IN (SELECT id FROM audit_rows WHERE action IN \
            ('createExperienceRequestTransition', 'createExperienceApproachTransition'))";
        assert_eq!(world.count(named).await, 0);
        let read = "audit_rows WHERE action = 'listExperienceOffers' AND object_kind = 'experience_request'";
        assert!(world.count(read).await > 0);
    }
}
