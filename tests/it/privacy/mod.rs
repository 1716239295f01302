//! Consent: who says yes or no, for whom, and what doesn't begin without it; and the
//! turn of 16.

pub mod erasing;
mod exporting;
mod logs;
mod requests;
mod retaining;
mod turning;
mod twins;

use serde_json::{Value, json};

use crate::consultations::world::{account, change, go};
use crate::feedback::{grant, invite, network, nl};
use crate::representatives::{born, parent, person};
use crate::support::{Client, Reply, Service};

/// An organisation that asks consent to taking part, with a child and two parents.
pub struct World {
    pub organisation: String,
    pub officer: Client,
    pub coordinator: Client,
    pub network: String,
    /// The text, published.
    pub text: String,
    pub child: String,
    pub mother: Client,
    pub father: Client,
    pub father_record: String,
    /// The child's account, not linked yet.
    pub young: String,
}

pub fn plain(value: &str) -> Value {
    json!([{"language": "nl", "value": value}, {"language": "nl-simple", "value": value}])
}

impl World {
    /// The child is born in this month.
    pub async fn of(service: &Service, (year, month): (i32, i32)) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "care_provider", "Hier").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let (officer, id) = account(service, &admin, "officer").await;
        grant(&manager, &id, "officer", &organisation).await;
        let network = network(&manager, &organisation, "panel").await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let (mother, mother_id) = account(service, &admin, "mother").await;
        let (father, father_id) = account(service, &admin, "father").await;
        let (_, young) = account(service, &admin, "young").await;
        let child = person(&officer, &organisation, born(year, month)).await;
        let list = format!("/v1/participants/{child}/legal-representatives");
        officer.make(&list, parent(&mother_id)).await;
        let father_record = officer.make(&list, parent(&father_id)).await.id();
        let text = asked(&officer, &organisation, "participation").await;
        let (mother, father) = (mother.acting_for(&child), father.acting_for(&child));
        Self { organisation, officer, coordinator, network, text, child, mother, father, father_record, young }
    }

    pub fn consents(&self) -> String {
        format!("/v1/participants/{}/consents", self.child)
    }

    /// What stands for taking part, as the officer reads it.
    pub async fn state(&self) -> String {
        state(&self.officer, &self.child).await
    }

    pub async fn says(&self, by: &Client, answer: &str) -> Reply {
        let body = json!({"consentTextId": self.text, "answer": answer, "channel": "internet"});
        by.post(&self.consents(), body).await
    }
}

/// What stands for taking part.
pub async fn state(by: &Client, person: &str) -> String {
    let states = by.get(&format!("/v1/participants/{person}/consent-states")).await.expect(200).body;
    let all = states["purposes"].as_array().unwrap();
    let found = all.iter().find(|one| one["purpose"] == "participation").unwrap();
    found["state"].as_str().unwrap().to_owned()
}

/// A text for this purpose, published; its id.
pub async fn asked(by: &Client, organisation: &str, purpose: &str) -> String {
    let new = json!({"purpose": purpose, "title": plain("Meedoen"), "body": plain("Mag dat? Nee zeggen mag ook.")});
    let id = by.make(&format!("/v1/organisations/{organisation}/consent-texts"), new).await.id();
    go(by, &format!("/v1/consent-texts/{id}"), "published").await.expect(201);
    id
}

on_both! {
    /// Nothing starts without consent, nor where representatives disagree; what was given
    /// is taken back in one call, and then it stops.
    async fn nothing_starts_without_consent(service) {
        let world = World::of(service, (2012, 5)).await;
        assert_eq!(world.state().await, "missing");
        let membership = format!("/v1/memberships/{}", invite(&world.coordinator, &world.network, &world.child).await);
        let refused = go(&world.mother, &membership, "active").await.expect(409);
        assert_eq!(refused.code(), "consent.not_standing");
        let tasks = world.mother.get("/v1/me/tasks").await.expect(200);
        let asked: Vec<_> = tasks.items().iter().filter(|task| task["kind"] == "give_consent").collect();
        assert_eq!((asked.len(), &asked[0]["consentTextId"]), (1, &json!(world.text)));
        let given = world.says(&world.mother, "given").await.expect(201);
        assert_eq!((&given.body["giver"], &given.body["textVersion"]), (&json!("representative"), &json!(1)));
        assert_eq!(world.state().await, "given");
        world.says(&world.father, "refused").await.expect(201);
        assert_eq!(world.state().await, "disagreed");
        assert_eq!(go(&world.mother, &membership, "active").await.expect(409).code(), "consent.not_standing");
        // The officer writes down that the father said yes after all, by phone.
        let heard = json!({"consentTextId": world.text, "answer": "given", "giver": "representative",
            "representativeId": world.father_record, "channel": "phone", "happenedOn": "2026-11-23"});
        world.officer.post(&world.consents(), heard).await.expect(201);
        assert_eq!(world.state().await, "given");
        go(&world.mother, &membership, "active").await.expect(201);
        let path = format!("/v1/consents/{}", given.id());
        assert_eq!(world.mother.get(&path).await.expect(200).body["allowedTransitions"], json!(["withdrawn"]));
        go(&world.mother, &path, "withdrawn").await.expect(201);
        assert_eq!(world.state().await, "disagreed");
        let moves = world.officer.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(moves.items().len(), 1);
        let all = world.mother.get(&world.consents()).await.expect(200);
        assert_eq!(all.items().len(), 3);
        assert_eq!(all.items()[0]["withdrawnOn"], "2026-11-23");
    }

    /// What must be told of an exception, and who may say what.
    async fn exceptions_have_an_author_and_a_reason(service) {
        let world = World::of(service, (2012, 5)).await;
        let new = json!({"consentTextId": world.text, "answer": "refused", "giver": "exception", "channel": "in_person"});
        let refused = world.officer.post(&world.consents(), new).await.expect(400);
        assert_eq!(refused.faults(), ["/answer consent.exception_refuses", "/reason consent.reason_missing"]);
        let new = json!({"consentTextId": world.text, "answer": "given", "giver": "exception", "channel": "in_person",
            "reason": "Hulp die direct en kosteloos aan de minderjarige wordt geboden."});
        world.mother.post(&world.consents(), new.clone()).await.expect(403);
        let made = world.officer.post(&world.consents(), new).await.expect(201);
        assert_eq!(world.state().await, "excepted");
        // Whom it was made without isn't told of it.
        assert_eq!(state(&world.mother, &world.child).await, "missing");
        assert!(world.mother.get(&world.consents()).await.expect(200).items().is_empty());
        let path = format!("/v1/consents/{}", made.id());
        world.mother.get(&path).await.expect(404);
        go(&world.mother, &path, "withdrawn").await.expect(404);
        let sharing = asked(&world.officer, &world.organisation, "sharing").await;
        let other = json!({"consentTextId": sharing, "answer": "given", "giver": "exception", "channel": "in_person", "reason": "x"});
        let refused = world.officer.post(&world.consents(), other).await.expect(400);
        assert_eq!(refused.faults(), ["/giver consent.exception_purpose"]);
        let officer = world.officer.get("/v1/me").await.body["accountId"].clone();
        assert_eq!(made.body["recordedBy"], officer);
        // A child's own yes is none, their own no always holds.
        let own = json!({"consentTextId": world.text, "answer": "given", "giver": "person", "channel": "phone"});
        let refused = world.officer.post(&world.consents(), own.clone()).await.expect(409);
        assert_eq!(refused.code(), "consent.needs_representative");
        let mut no = own;
        no["answer"] = json!("refused");
        world.officer.post(&world.consents(), no).await.expect(201);
        assert_eq!(world.state().await, "refused");
        // A no of their own they take back, which is no consent yet.
        let unsaid = json!({"consentTextId": world.text, "answer": "given", "channel": "phone"});
        assert_eq!(world.officer.post(&world.consents(), unsaid).await.expect(400).faults(), ["/giver value.required"]);
        let back = json!({"consentTextId": world.text, "answer": "given", "giver": "person", "channel": "phone"});
        world.officer.post(&world.consents(), back).await.expect(201);
        assert_eq!(world.state().await, "excepted");
        let nowhere = json!({"consentTextId": "0197c000-0000-7000-8000-ffffffffffff", "answer": "given", "giver": "person", "channel": "phone"});
        let refused = world.officer.post(&world.consents(), nowhere).await.expect(400);
        assert_eq!(refused.faults(), ["/consentTextId reference.unknown"]);
        let other = json!({"consentTextId": world.text, "answer": "given", "channel": "internet",
            "representativeId": "0197c000-0000-7000-8000-ffffffffffff", "giver": "representative"});
        let refused = world.officer.post(&world.consents(), other).await.expect(400);
        assert_eq!(refused.faults(), ["/representativeId reference.unknown"]);
    }

    /// A published text never changes; a new version may ask everybody anew.
    async fn texts_are_versions(service) {
        let world = World::of(service, (2012, 5)).await;
        world.says(&world.mother, "given").await.expect(201);
        let list = format!("/v1/organisations/{}/consent-texts", world.organisation);
        let new = json!({"purpose": "participation", "title": nl("Meedoen"), "body": plain("Mag dat?"), "asksAnew": true});
        let made = world.officer.make(&list, new).await;
        assert_eq!(made.body["textVersion"], 2);
        let path = format!("/v1/consent-texts/{}", made.id());
        world.mother.get(&path).await.expect(404);
        let lacking = go(&world.officer, &path, "published").await.expect(409);
        assert_eq!(lacking.faults(), ["/title text.plain_missing"]);
        world.officer.patch(&path, &made.etag(), json!({"title": plain("Meedoen")})).await.expect(200);
        assert_eq!(world.state().await, "given");
        go(&world.officer, &path, "published").await.expect(201);
        assert_eq!(world.state().await, "anew");
        let etag = world.officer.get(&path).await.etag();
        let late = world.officer.patch(&path, &etag, json!({"title": plain("Anders")})).await.expect(409);
        assert_eq!(late.code(), "consent_text.not_draft");
        assert_eq!(world.officer.delete(&path).await.expect(409).code(), "consent_text.not_draft");
        go(&world.officer, &format!("/v1/consent-texts/{}", world.text), "retired").await.expect(201);
        assert_eq!(world.says(&world.mother, "given").await.expect(409).code(), "consent.text_retired");
        let body = json!({"consentTextId": made.id(), "answer": "given", "channel": "internet"});
        world.mother.post(&world.consents(), body).await.expect(201);
        assert_eq!(world.state().await, "given");
        assert_eq!(world.mother.get(&list).await.expect(200).items().len(), 2);
        world.coordinator.post(&list, json!({"purpose": "quotes", "title": nl("x"), "body": nl("y")})).await.expect(403);
    }

    /// A purpose that is asked no longer forgets no no, and what is for one age asks
    /// nothing of another.
    async fn no_no_is_forgotten(service) {
        let world = World::of(service, (2012, 5)).await;
        let membership = format!("/v1/memberships/{}", invite(&world.coordinator, &world.network, &world.child).await);
        world.says(&world.father, "refused").await.expect(201);
        go(&world.officer, &format!("/v1/consent-texts/{}", world.text), "retired").await.expect(201);
        assert_eq!(world.state().await, "refused");
        assert_eq!(go(&world.mother, &membership, "active").await.expect(409).code(), "consent.not_standing");
        let adult = person(&world.officer, &world.organisation, born(1980, 1)).await;
        assert_eq!(state(&world.officer, &adult).await, "not_asked");
        let list = format!("/v1/organisations/{}/consent-texts", world.organisation);
        let new = json!({"purpose": "participation", "title": plain("Voor jou"), "body": plain("Mag dat?"),
            "bands": ["age_12_15"], "asksAnew": true});
        let young = world.officer.make(&list, new).await.id();
        go(&world.officer, &format!("/v1/consent-texts/{young}"), "published").await.expect(201);
        assert_eq!(world.state().await, "missing");
        assert_eq!(state(&world.officer, &adult).await, "not_asked");
        let said = json!({"consentTextId": young, "answer": "given", "channel": "phone"});
        let refused = world.officer.post(&format!("/v1/participants/{adult}/consents"), said).await.expect(400);
        assert_eq!(refused.faults(), ["/consentTextId consent.text_for_others"]);
    }

    /// Neither a child nor who represents it moves the day on which that ends.
    async fn the_day_on_which_it_ends_is_not_theirs_to_move(service) {
        let world = World::of(service, (2012, 5)).await;
        let path = format!("/v1/participants/{}", world.child);
        change(&world.officer, &path, json!({"accountId": world.young})).await.expect(200);
        let young = crate::consultations::world::sign_in(service, "young").await;
        for birth in [json!(null), json!({"kind": "band", "band": "age_16_17", "declaredOn": "2026-11-23"})] {
            for by in [&young, &world.mother] {
                change(by, &path, json!({"birth": birth})).await.expect(403);
            }
        }
        // Whatever a representative writes down is theirs.
        let address = json!({"contact": {"emailAddress": "Moeder@people.example"}});
        let written = change(&world.mother, &path, address).await.expect(200);
        assert_eq!(written.body["contact"]["whose"], "representative");
        let other = json!({"contact": {"emailAddress": "ander@people.example", "whose": "person"}});
        change(&world.mother, &path, other).await.expect(403);
        change(&world.mother, &path, json!({"contact": null})).await.expect(200);
        let again = change(&world.mother, &path, json!({"contact": {"phoneNumber": "+31 88 555 01 02"}})).await.expect(200);
        assert_eq!(again.body["contact"]["whose"], "representative");
        // Only the organisation notes that somebody was trained.
        change(&young, &path, json!({"expertise": ["expert_by_experience"]})).await.expect(403);
        // Where nobody represents somebody, no representative's details are kept.
        let adult = json!({"organisationId": world.organisation, "displayName": "Iemand", "channel": "internet",
            "language": "nl", "contact": {"emailAddress": "x@people.example", "whose": "representative"}});
        let refused = world.officer.post("/v1/participants", adult).await.expect(400);
        assert_eq!(refused.faults(), ["/contact/whose contact.representative_unused"]);
    }

    /// The register says of every column with personal data what it is for.
    async fn the_register_is_the_data_map(service) {
        let admin = service.admin().await;
        let register = admin.get("/v1/processing-activities").await.expect(200).body;
        let all = register["activities"].as_array().unwrap();
        let stored: Vec<&str> = all
            .iter()
            .flat_map(|one| one["data"].as_array().unwrap())
            .map(|data| data["storedIn"].as_str().unwrap())
            .collect();
        let map: toml::Table = toml::from_str(include_str!("../../../data_map.toml")).unwrap();
        let mut personal = 0;
        for (table, entry) in map["table"].as_table().unwrap() {
            for (column, entry) in entry["columns"].as_table().unwrap() {
                let of_somebody = entry.get("purpose").is_some();
                personal += usize::from(of_somebody);
                assert_eq!(stored.contains(&format!("{table}.{column}").as_str()), of_somebody, "{table}.{column}");
            }
        }
        assert_eq!(stored.len(), personal);
        assert!(all.iter().any(|one| one["code"] == "consent"));
    }
}
