//! What ends an approach, how often anybody is asked, and whose people are found.

use serde_json::{Value, json};

use super::{World, approached, brings, desk, profile, says};
use crate::consultations::world::{account, change, go, person, sign_in, until};
use crate::feedback::nl;
use crate::privacy::asked;
use crate::representatives::{born, parent};

on_both! {
    /// A yes is taken back in one move; what waits ends with the request and with its day.
    async fn a_yes_is_taken_back_and_what_waits_ends(service) {
        let world = World::of(service).await;
        let (anna, _) = world.willing(service, "anna", true).await;
        let (bram, bram_id) = world.willing(service, "bram", true).await;
        let request = world.opened().await;
        let (yes, waits) = (approached(&anna).await, approached(&bram).await);
        says(&anna, &yes, json!({"to": "interested"})).await.expect(201);
        says(&anna, &yes, json!({"to": "declined"})).await.expect(409);
        says(&anna, &yes, json!({"to": "withdrawn"})).await.expect(201);
        assert_eq!(world.officer.get(&format!("{request}/offers")).await.items().len(), 0);
        let moves = anna.get(&format!("{yes}/transitions")).await.expect(200);
        assert_eq!(moves.items().len(), 2);
        // Off: what waits ends; on again: it stays ended.
        change(&bram, &profile(&bram_id), json!({"approachable": false})).await.expect(200);
        assert_eq!(bram.get(&waits).await.body["status"], "expired");
        change(&bram, &profile(&bram_id), json!({"approachable": true})).await.expect(200);
        assert_eq!(says(&bram, &waits, json!({"to": "interested"})).await.expect(409).code(), "transition.not_allowed");
        let history = bram.get("/v1/me/history").await.expect(200);
        let entry = history.items().iter().find(|entry| entry["kind"] == "approached").unwrap();
        assert_eq!((&entry["status"], &entry["title"]), (&json!("expired"), &nl("Meelezen")));

        let second = world.opened().await;
        let open = |all: Vec<Value>| all.into_iter().filter(|one| one["status"] == "waiting").count();
        assert_eq!((open(desk(&anna).await), open(desk(&bram).await)), (1, 1));
        go(&world.officer, &second, "withdrawn").await.expect(400);
        world.officer.transition(&second, json!({"to": "withdrawn", "reason": "Het gaat niet door."})).await.expect(201);
        assert_eq!((open(desk(&anna).await), open(desk(&bram).await)), (0, 0));
        assert_eq!(world.officer.get(&format!("{second}/offers")).await.expect(200).items().len(), 0);

        world.opened().await;
        assert_eq!(open(desk(&anna).await), 1);
        until(service, "2026-12-16T12:00:00Z");
        let anna = sign_in(service, "anna").await;
        assert_eq!(open(desk(&anna).await), 0);
    }

    /// Being approached is being asked: over all networks and organisations, and who is at
    /// their ceiling is left out without a word.
    async fn an_approach_counts_as_being_asked(service) {
        let world = World::of(service).await;
        let (anna, anna_id) = world.willing(service, "anna", true).await;
        change(&anna, &format!("/v1/participants/{anna_id}"), json!({"askCeiling": 1})).await.expect(200);
        let membership = crate::feedback::invite(&world.coordinator, &world.network, &anna_id).await;
        go(&anna, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
        let first = world.opened().await;
        assert_eq!(desk(&anna).await.len(), 1);
        let second = world.opened().await;
        assert_eq!(desk(&anna).await.len(), 1);
        let same = |body: &Value| (body["status"].clone(), body["reach"].clone());
        let both = [world.officer.get(&first).await.body, world.officer.get(&second).await.body];
        assert_eq!(same(&both[0]), same(&both[1]));
        // A consultation asks them no more either.
        let consultation = json!({"organisationId": world.asker, "title": nl("Wonen"), "mode": "named",
            "goal": nl("Weten."), "limits": nl("Geen."), "rung": "advise", "audience": {"networkIds": [world.network]},
            "closesOn": "2026-12-15", "questions": [{"kind": "open_text", "prompt": nl("Wat?"),
                "id": "0197c000-0000-7000-8000-000a00000001"}]});
        let consultation = world.officer.make("/v1/consultations", consultation).await.id();
        let reach = world.officer.get(&format!("/v1/consultations/{consultation}/reach")).await.expect(200).body;
        assert_eq!((&reach["reached"]["figure"], &reach["mayBeAsked"]["figure"]), (&json!(1), &json!(0)));
        until(service, "2027-03-01T12:00:00Z");
        let officer = sign_in(service, "officer").await;
        let reach = officer.get(&format!("/v1/consultations/{consultation}/reach")).await.expect(200).body;
        assert_eq!(reach["mayBeAsked"]["figure"], 1);
    }

    /// Of a partner's people those who said that partners may hear of them; who has no account
    /// is heard by who registered them. A stranger's people are never found.
    async fn a_partners_people_are_found_where_they_said_so(service) {
        let world = World::of(service).await;
        let (anna, id) = account(service, &world.admin, "anna").await;
        let person_of = async |account: Option<&str>| {
            let one = person(&world.partner_officer, &world.partner, account, Some(1980)).await;
            brings(&world.partner_officer, &one, true).await;
            one
        };
        let (with, without, silent) = (person_of(Some(&id)).await, person_of(None).await, person_of(None).await);
        let sharing = asked(&world.partner_officer, &world.partner, "sharing").await;
        let yes = |text: &str| json!({"consentTextId": text, "answer": "given", "channel": "phone", "giver": "person"});
        for one in [&with, &without] {
            world.partner_officer.make(&format!("/v1/participants/{one}/consents"), yes(&sharing)).await;
        }
        let own = person(&world.officer, &world.asker, None, Some(1980)).await;
        brings(&world.officer, &own, true).await;
        let request = world.opened().await;
        let list = |one: &str| format!("/v1/participants/{one}/experience-approaches");
        let path = approached(&anna).await;
        assert_eq!(world.partner_officer.get(&list(&silent)).await.expect(200).items().len(), 0);
        // Who asks would learn that its own person was found: they aren't.
        assert_eq!(world.count("experience_approaches").await, 2);
        let noted = world.partner_officer.get(&list(&without)).await.expect(200);
        let waits = format!("/v1/experience-approaches/{}", noted.items()[0]["id"].as_str().unwrap());
        world.officer.get(&waits).await.expect(404);
        world.stranger.get(&waits).await.expect(404);
        world.partner_officer.get(&waits).await.expect(200);
        says(&world.partner_officer, &waits, json!({"to": "interested"})).await.expect(201);
        says(&anna, &path, json!({"to": "interested"})).await.expect(201);
        let offers = format!("{request}/offers");
        assert_eq!(world.officer.get(&offers).await.items().len(), 2);
        world.partner_officer.get(&offers).await.expect(404);
        // Taking the consent back takes the yes along.
        let consents = anna.get(&format!("/v1/participants/{with}/consents")).await.expect(200);
        let consent = format!("/v1/consents/{}", consents.items()[0]["id"].as_str().unwrap());
        anna.transition(&consent, json!({"to": "withdrawn"})).await.expect(201);
        assert_eq!(world.officer.get(&offers).await.items().len(), 1);
        assert_eq!(anna.get(&path).await.body["status"], "withdrawn");
        assert_eq!(world.count("experience_offers").await, 1);
    }

    /// A child is approached where who represents it said yes to being reached, and who
    /// represents it says yes to the approach; a no is the child's, too. At 16 all ends.
    async fn who_represents_a_child_answers_for_it(service) {
        let world = World::of(service).await;
        let (mother, mother_id) = account(service, &world.admin, "mother").await;
        let (young, young_id) = account(service, &world.admin, "young").await;
        let child = crate::representatives::person(&world.officer, &world.asker, born(2010, 12)).await;
        change(&world.officer, &format!("/v1/participants/{child}"), json!({"accountId": young_id})).await.expect(200);
        world.officer.make(&format!("/v1/participants/{child}/legal-representatives"), parent(&mother_id)).await;
        let mother = mother.acting_for(&child);
        let refused = young.patch(&profile(&child), "*", json!({"approachable": true})).await.expect(409);
        assert_eq!(refused.code(), "experience.needs_representative");
        brings(&mother, &child, true).await;
        world.opened().await;
        assert!(desk(&young).await.is_empty(), "nobody asked whether the child may be reached");
        let text = asked(&world.officer, &world.asker, "contact").await;
        let yes = json!({"consentTextId": text, "answer": "given", "channel": "internet"});
        mother.make(&format!("/v1/participants/{child}/consents"), yes.clone()).await;
        let request = world.opened().await;
        let path = approached(&young).await;
        assert_eq!(desk(&mother).await.len(), 1);
        let refused = says(&young, &path, json!({"to": "interested"})).await.expect(409);
        assert_eq!(refused.code(), "experience.needs_representative");
        says(&mother, &path, json!({"to": "interested", "shared": ["themes"]})).await.expect(201);
        let offers = format!("{request}/offers");
        assert_eq!(world.officer.get(&offers).await.items()[0]["themes"], json!(["foster_care"]));
        let read = "audit_rows WHERE action IN ('getExperienceApproach', 'createExperienceApproachTransition') \
            AND organisation_id IS NOT NULL";
        assert_eq!(world.count(read).await, 0);
        until(service, "2027-01-01T12:00:00Z");
        let officer = sign_in(service, "officer").await;
        assert_eq!(officer.get(&offers).await.expect(200).items().len(), 0);
        let young = sign_in(service, "young").await;
        assert_eq!(young.get(&profile(&child)).await.expect(200).body["stands"], false);
        young.make(&format!("/v1/participants/{child}/consents"), yes).await;
        // Nothing but saying so makes them approachable again.
        let other = change(&young, &profile(&child), json!({"dayParts": ["weekend"]})).await.expect(200);
        assert_eq!(other.body["approachable"], false);
        change(&young, &profile(&child), json!({"approachable": true})).await.expect(200);
        assert_eq!(young.get(&profile(&child)).await.body["approachableSinceOn"], "2027-01-01");
    }

    /// Who is erased is nowhere any more, and who asks to be left alone isn't asked.
    async fn who_is_erased_or_left_alone_is_not_approached(service) {
        let world = World::of(service).await;
        let (anna, anna_id) = world.willing(service, "anna", true).await;
        let (bram, bram_id) = world.willing(service, "bram", true).await;
        let request = world.opened().await;
        let yes = approached(&anna).await;
        says(&anna, &yes, json!({"to": "interested"})).await.expect(201);
        let objection = json!({"kind": "objection", "channel": "internet"});
        bram.make(&format!("/v1/participants/{bram_id}/data-requests"), objection).await;
        assert_eq!(desk(&bram).await[0]["status"], "expired");
        let erasure = json!({"kind": "erasure", "channel": "phone", "identityCheck": "Teruggebeld."});
        let erasure = world.officer.make(&format!("/v1/participants/{anna_id}/data-requests"), erasure).await.id();
        let plan = world.officer.get(&format!("/v1/data-requests/{erasure}/erasure-plan")).await.expect(200).text;
        assert!(plan.contains("experience_profiles"));
        assert!(!plan.contains("experience_approaches") && !plan.contains("experience_offers"));
        go(&world.officer, &format!("/v1/data-requests/{erasure}"), "carried_out").await.expect(201);
        for (table, left) in [("experience_profiles", 1), ("experience_approaches", 1), ("experience_offers", 0)] {
            assert_eq!(world.count(table).await, left, "{table}");
        }
        assert_eq!(world.officer.get(&format!("{request}/offers")).await.expect(200).items().len(), 0);
        world.opened().await;
        assert_eq!(world.count("experience_approaches").await, 1);
    }

    /// Ten or more shows, and never how many.
    async fn ten_or_more_is_all_that_is_told_of_how_many(service) {
        let world = World::of(service).await;
        let sharing = asked(&world.partner_officer, &world.partner, "sharing").await;
        let yes = json!({"consentTextId": sharing, "answer": "given", "channel": "phone", "giver": "person"});
        let mut reach = Vec::new();
        for found in 1..=11 {
            let one = person(&world.partner_officer, &world.partner, None, Some(1980)).await;
            brings(&world.partner_officer, &one, true).await;
            world.partner_officer.make(&format!("/v1/participants/{one}/consents"), yes.clone()).await;
            if found >= 9 {
                let request = world.opened().await;
                reach.push(world.officer.get(&request).await.body["reach"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(reach, ["fewer_than_ten", "ten_or_more", "ten_or_more"]);
        assert_eq!(world.count("experience_approaches").await, 9 + 10 + 11);
    }

    /// A mail goes to who is reached by internet, and doesn't say what it is about.
    async fn a_mail_says_nothing_of_the_subject(service) {
        let world = World::of(service).await;
        let (anna, anna_id) = world.willing(service, "anna", true).await;
        let reach = json!({"channel": "internet", "contact": {"emailAddress": "anna@people.example"}});
        change(&anna, &format!("/v1/participants/{anna_id}"), reach).await.expect(200);
        world.willing(service, "bram", true).await;
        world.opened().await;
        let all = "mails WHERE template = 'experience_approached'";
        let hers = "organisation_id IS NULL AND participant_id IN (SELECT id FROM participants WHERE channel = 'internet')";
        assert_eq!((world.count(all).await, world.count(&format!("{all} AND {hers}")).await), (1, 1));
    }
}
