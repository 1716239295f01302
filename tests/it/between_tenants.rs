//! What nobody can do to another organisation, or to its people.

use serde_json::{Value, json};

use crate::feedback::{brought, grant, invite, join, network, nl, participant};
use crate::networks::{holder, host};
use crate::support::Reply;

/// What a list shows of this.
fn without_etag(reply: &Reply) -> Value {
    let mut body = reply.body.clone();
    body.as_object_mut().unwrap().remove("etag");
    body
}

on_both! {
    /// A network hangs only under a programme in which its host has a part.
    async fn nobody_hangs_a_network_under_anothers_programme(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (other, there) = host(service, &admin, "daar").await;
        let new = json!({"hostId": here, "name": nl("Programma"), "summary": nl("Samen.")});
        let programme = manager.make("/v1/programmes", new).await.id();
        let under = |host: &str, programme: &str| {
            json!({"hostId": host, "kind": "panel", "name": nl("Panel"), "purpose": nl("Meedenken"), "programmeId": programme})
        };
        let nowhere = "0197c000-0000-7000-8000-ffffffffffff";
        for id in [&programme, nowhere] {
            let refused = other.post("/v1/networks", under(&there, id)).await.expect(400);
            assert_eq!(refused.faults(), ["/programmeId reference.unknown"]);
        }
        let panel = network(&other, &there, "panel").await;
        let moved = other.patch(&format!("/v1/networks/{panel}"), "*", json!({"programmeId": programme})).await.expect(400);
        assert_eq!(moved.faults(), ["/programmeId reference.unknown"]);
        manager.make("/v1/networks", under(&here, &programme)).await;
        let partners = json!({"partners": [there]});
        manager.patch(&format!("/v1/programmes/{programme}"), "*", partners).await.expect(200);
        other.make("/v1/networks", under(&there, &programme)).await;
    }

    /// Naming a partner opens nothing of its people: they, or their own
    /// organisation, say yes.
    async fn a_partners_people_come_by_their_own_word(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (other, there) = host(service, &admin, "daar").await;
        let panel = network(&manager, &here, "panel").await;
        let coordinator = holder(service, &admin, &manager, "coordinator", &panel).await;
        manager.patch(&format!("/v1/networks/{panel}"), "*", json!({"partners": [there]})).await.expect(200);
        let person = participant(&other, &there, None, "Bram").await;
        let path = format!("/v1/participants/{person}");
        let list = format!("/v1/networks/{panel}/memberships");
        let member = |status: &str| json!({"member": {"kind": "participant", "id": person}, "perspective": "resident",
            "role": "member", "status": status});
        coordinator.post(&list, member("applied")).await.expect(403);
        let membership = format!("/v1/memberships/{}", coordinator.make(&list, member("invited")).await.id());
        assert_eq!(coordinator.get(&membership).await.expect(200).body["allowedTransitions"], json!(["declined"]));
        for by in [&coordinator, &manager] {
            by.transition(&membership, json!({"to": "active"})).await.expect(403);
            by.get(&path).await.expect(404);
        }
        assert_eq!(other.get(&membership).await.expect(200).body["allowedTransitions"], json!(["active", "declined"]));
        let found = other.get(&list).await.expect(200);
        assert_eq!(found.items()[0]["allowedTransitions"], json!(["active", "declined"]));
        other.transition(&membership, json!({"to": "active"})).await.expect(201);
        coordinator.get(&path).await.expect(200);
        other.transition(&membership, json!({"to": "ended", "reason": "Klaar."})).await.expect(201);
        coordinator.get(&path).await.expect(404);
    }

    /// What a person is in a council goes with their account: nobody else puts
    /// another in its place. The account is shown to nobody who could join with it.
    async fn a_linked_account_stays_the_persons(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let council = network(&manager, &here, "youth_council").await;
        let chair = holder(service, &admin, &manager, "chair", &council).await;
        let (anna, account) = service.account(&admin, "anna").await;
        let (_, colleague) = service.account(&admin, "colleague").await;
        let person = participant(&manager, &here, Some(&account), "Anna").await;
        join(&chair, &anna, &council, &person).await;
        let path = format!("/v1/participants/{person}");
        let linked = |account: Value| json!({"accountId": account});
        manager.patch(&path, "*", linked(json!(colleague))).await.expect(403);
        manager.patch(&path, "*", linked(Value::Null)).await.expect(403);
        anna.patch(&path, "*", linked(json!(colleague))).await.expect(403);
        assert_eq!(manager.get(&path).await.expect(200).body["accountId"], json!(account));
        assert_eq!(chair.get(&path).await.expect(200).body.get("accountId"), None);
        let listed = chair.get("/v1/participants").await.expect(200);
        assert_eq!(listed.items()[0].get("accountId"), None);
        anna.patch(&path, "*", linked(Value::Null)).await.expect(200);
        manager.patch(&path, "*", linked(json!(colleague))).await.expect(200);
    }

    /// Whoever registered somebody can link a colleague's account to them. In a
    /// council's room that account is nobody, before the chair knows it.
    async fn a_link_opens_no_council(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let council = network(&manager, &here, "youth_council").await;
        let chair = holder(service, &admin, &manager, "chair", &council).await;
        chair.transition(&format!("/v1/networks/{council}"), json!({"to": "active"})).await.expect(201);
        let (colleague, account) = service.account(&admin, "colleague").await;
        let (other, others) = service.account(&admin, "other").await;
        let (member, asked) =
            (participant(&manager, &here, None, "Anna").await, participant(&manager, &here, None, "Bram").await);
        let seat = invite(&chair, &council, &member).await;
        let seat = format!("/v1/memberships/{seat}");
        chair.transition(&seat, json!({"to": "active"})).await.expect(201);
        let waits = format!("/v1/memberships/{}", invite(&chair, &council, &asked).await);
        let question = json!([{"kind": "scale", "prompt": nl("Hoe gaat het?"), "least": 1, "most": 5}]);
        let new = json!({"organisationId": here, "title": nl("Onder ons"), "goal": nl("Weten"), "limits": nl("Niets"),
            "rung": "advise", "mode": "named", "audience": {"networkIds": [council]}, "questions": question,
            "closesOn": "2026-12-15"});
        let round = format!("/v1/consultations/{}", chair.make("/v1/consultations", new).await.id());
        chair.transition(&round, json!({"to": "open"})).await.expect(201);
        for (person, account) in [(&member, &account), (&asked, &others)] {
            let path = format!("/v1/participants/{person}");
            manager.patch(&path, "*", json!({"accountId": account})).await.expect(200);
        }
        for path in [&seat, &waits, &round, &format!("{round}/results"), &format!("{round}/report-backs")] {
            colleague.get(path).await.expect(404);
            other.get(path).await.expect(404);
        }
        other.transition(&waits, json!({"to": "active"})).await.expect(404);
        let answers = json!({"channel": "internet", "answers": []});
        colleague.post(&format!("{round}/responses"), answers).await.expect(404);
        let members = colleague.get(&format!("/v1/networks/{council}/memberships")).await.expect(200);
        assert_eq!(members.body, json!({"items": []}));
        for list in ["/v1/consultations", "/v1/me/tasks", "/v1/me/contributions"] {
            assert_eq!(colleague.get(list).await.expect(200).body, json!({"items": []}), "{list}");
        }
        // Asked anew, with the account that they have: it is theirs to answer.
        chair.transition(&waits, json!({"to": "declined"})).await.expect(201);
        let waits = format!("/v1/memberships/{}", invite(&chair, &council, &asked).await);
        chair.transition(&waits, json!({"to": "active"})).await.expect(403);
        assert_eq!(other.get("/v1/me/tasks").await.expect(200).items()[0]["kind"], "accept_invitation");
        other.transition(&waits, json!({"to": "active"})).await.expect(201);
        other.get(&round).await.expect(200);
        colleague.get(&round).await.expect(404);
    }

    /// What is asked of an organisation waits on the desk of who speaks for it.
    async fn an_organisation_finds_its_invitations(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (other, there) = host(service, &admin, "daar").await;
        let panel = network(&manager, &here, "panel").await;
        let new = json!({"member": {"kind": "organisation", "id": there}, "perspective": "professional",
            "role": "member", "status": "invited"});
        let seat = manager.make(&format!("/v1/networks/{panel}/memberships"), new).await.id();
        let waits = other.get("/v1/me/tasks").await.expect(200);
        assert_eq!(waits.items()[0]["membershipId"], json!(seat));
        assert_eq!(manager.get("/v1/me/tasks").await.expect(200).body, json!({"items": []}));
        other.transition(&format!("/v1/memberships/{seat}"), json!({"to": "active"})).await.expect(201);
        assert_eq!(other.get("/v1/me/tasks").await.expect(200).body, json!({"items": []}));
    }

    /// What never was at work stays its room's own, closed as well; who moved a
    /// council, and why, is told inside.
    async fn a_room_keeps_what_it_never_showed(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (other, _) = host(service, &admin, "daar").await;
        let (shelved, council) =
            (network(&manager, &here, "youth_council").await, network(&manager, &here, "youth_council").await);
        let chair = holder(service, &admin, &manager, "chair", &council).await;
        let before = holder(service, &admin, &manager, "chair", &shelved).await;
        let why = |to: &str| json!({"to": to, "reason": "Dat blijft onder ons."});
        before.transition(&format!("/v1/networks/{shelved}"), why("closed")).await.expect(201);
        chair.transition(&format!("/v1/networks/{council}"), why("active")).await.expect(201);
        other.get(&format!("/v1/networks/{shelved}")).await.expect(404);
        before.get(&format!("/v1/networks/{shelved}")).await.expect(200);
        let seen = other.get("/v1/networks").await.expect(200);
        assert_eq!(seen.items().iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), [json!(council)]);
        let moves = format!("/v1/networks/{council}/transitions");
        assert_eq!(chair.get(&moves).await.expect(200).items()[0]["reason"], "Dat blijft onder ons.");
        let told = other.get(&moves).await.expect(200).items()[0].clone();
        assert_eq!((told.get("reason"), told.get("madeBy"), &told["to"]), (None, None, &json!("active")));
    }

    /// With a draft its roles go; what somebody brought to it holds it.
    async fn a_deleted_draft_leaves_no_roles_behind(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let new = json!({"hostId": here, "kind": "panel", "name": nl("Panel"), "purpose": nl("Meedenken")});
        let draft = manager.make("/v1/networks", new).await.id();
        let (coordinator, account) = service.account(&admin, "coordinator").await;
        grant(&manager, &account, "coordinator", &draft).await;
        assert_eq!(coordinator.get("/v1/me").await.body["roles"].as_array().unwrap().len(), 1);
        let path = format!("/v1/networks/{draft}");
        let person = participant(&manager, &here, None, "Bram").await;
        invite(&coordinator, &draft, &person).await;
        assert_eq!(manager.delete(&path).await.expect(409).code(), "network.in_use");
        let other = manager.make("/v1/networks", json!({"hostId": here, "kind": "panel", "name": nl("Ander"),
            "purpose": nl("Meedenken")})).await.id();
        grant(&manager, &account, "coordinator", &other).await;
        let mut said = brought(&json!({"kind": "organisation", "id": here}), "idea", "Een bankje");
        said["author"] = json!({"kind": "network", "id": other});
        let said = format!("/v1/feedback/{}", coordinator.make("/v1/feedback", said).await.id());
        assert_eq!(manager.delete(&format!("/v1/networks/{other}")).await.expect(409).code(), "network.in_use");
        coordinator.delete(&said).await.expect(204);
        manager.delete(&format!("/v1/networks/{other}")).await.expect(204);
        assert_eq!(coordinator.get("/v1/me").await.body["roles"].as_array().unwrap().len(), 1);
    }

    /// An organisation and a network say yes through whoever speaks for them, see
    /// their own membership, and may leave.
    async fn organisations_and_networks_answer_for_themselves(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (other, there) = host(service, &admin, "daar").await;
        let panel = network(&manager, &here, "panel").await;
        let coordinator = holder(service, &admin, &manager, "coordinator", &panel).await;
        let theirs = network(&other, &there, "panel").await;
        let leader = holder(service, &admin, &other, "coordinator", &theirs).await;
        let list = format!("/v1/networks/{panel}/memberships");
        for (kind, id, speaker) in [("organisation", &there, &other), ("network", &theirs, &leader)] {
            let new = json!({"member": {"kind": kind, "id": id}, "perspective": "professional", "role": "member",
                "status": "invited"});
            let path = format!("/v1/memberships/{}", coordinator.make(&list, new).await.id());
            coordinator.transition(&path, json!({"to": "active"})).await.expect(403);
            manager.transition(&path, json!({"to": "active"})).await.expect(403);
            let shown = speaker.get(&path).await.expect(200);
            assert_eq!(shown.body["allowedTransitions"], json!(["active", "declined"]));
            assert_eq!(shown.body["member"], json!({"kind": kind, "id": id}));
            assert!(speaker.get(&list).await.expect(200).items().contains(&without_etag(&shown)));
            speaker.transition(&path, json!({"to": "active"})).await.expect(201);
            let left = json!({"to": "ended", "reason": "Wij stoppen ermee."});
            speaker.transition(&path, left).await.expect(201);
        }
    }

    /// Which person a member is, is the same in every network: who runs this one
    /// learns it, the person and their organisation; others who read don't.
    async fn members_cannot_be_joined_across_networks(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let panel = network(&manager, &here, "panel").await;
        let coordinator = holder(service, &admin, &manager, "coordinator", &panel).await;
        let facilitator = holder(service, &admin, &manager, "facilitator", &panel).await;
        let (anna, account) = service.account(&admin, "anna").await;
        let person = participant(&manager, &here, Some(&account), "Anna").await;
        let path = format!("/v1/memberships/{}", invite(&coordinator, &panel, &person).await);
        anna.transition(&path, json!({"to": "active"})).await.expect(201);
        for (by, known) in [(&coordinator, true), (&anna, true), (&manager, true), (&facilitator, false)] {
            let id = known.then(|| json!(person));
            assert_eq!(by.get(&path).await.expect(200).body["member"].get("id").cloned(), id);
            let listed = by.get(&format!("/v1/networks/{panel}/memberships")).await.expect(200);
            assert_eq!(listed.items()[0]["member"].get("id").cloned(), id);
        }
    }
}
