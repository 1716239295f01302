//! Feedback: what people bring themselves, who supports it, what is answered,
//! what became of it.

mod world;

use serde_json::json;

use crate::support::Reply;

pub use self::world::{
    World, bare, brought, go, grant, invite, join, network, nl, participant, respond, sent, support,
};

on_both! {
    /// Somebody's own proposal, supported by others once each, answered with
    /// reasons, adopted, and done.
    async fn a_proposal_is_brought_supported_adopted_and_realised(service) {
        let world = World::of(service).await;
        let World { anna, bram, cem, coordinator, .. } = &world;
        let made = anna.make("/v1/feedback", brought(&world.to_network(), "proposal", "Een stille kamer")).await;
        let path = format!("/v1/feedback/{}", made.id());
        assert_eq!(made.header("location"), path);
        assert_eq!(made.body["author"], json!({"kind": "participant", "id": world.anna_id}));
        assert_eq!(made.body["organisationId"], json!(world.organisation));
        assert_eq!(made.body["status"], "draft");
        assert_eq!(made.body["allowedTransitions"], json!(["received"]));
        assert!(made.body.get("recordedBy").is_none());
        for other in [bram, coordinator, &world.officer, &world.manager, &world.admin] {
            other.get(&path).await.expect(404);
        }
        let changed = anna.patch(&path, &made.etag(), json!({"title": nl("Een stille wachtkamer")})).await.expect(200);
        assert_eq!(changed.body["title"], nl("Een stille wachtkamer"));
        anna.patch(&path, &made.etag(), json!({"title": nl("Te laat")})).await.expect(412);

        let moved = go(anna, &path, "received").await.expect(201);
        assert_eq!(moved.body["from"], "draft");
        let read = anna.get(&path).await.expect(200);
        assert_eq!(read.etag(), moved.etag());
        assert_eq!(read.body["receivedAt"], "2026-11-23T09:00:00Z");
        assert_eq!(read.body["answerDueOn"], "2027-01-04");
        let late = anna.patch(&path, &moved.etag(), json!({"kind": "idea"})).await.expect(409);
        assert_eq!(late.code(), "feedback.not_draft");
        assert_eq!(anna.delete(&path).await.expect(409).code(), "feedback.not_draft");

        assert_eq!(support(anna, &path).await.expect(409).code(), "support.own");
        let given = support(bram, &path).await.expect(201);
        assert_eq!(given.header("location"), format!("{path}/supports/{}", given.id()));
        assert_eq!(support(bram, &path).await.expect(409).code(), "support.already_given");
        support(cem, &path).await.expect(201);
        support(coordinator, &path).await.expect(403);
        let read = bram.get(&path).await.expect(200);
        assert_eq!((&read.body["supporters"], &read.body["supportId"]), (&json!(2), &given.body["id"]));
        cem.delete(&format!("{path}/supports/{}", given.id())).await.expect(404);
        bram.delete(&format!("{path}/supports/{}", given.id())).await.expect(204);
        assert_eq!(anna.get(&path).await.body["supporters"], 1);
        support(bram, &path).await.expect(201);

        go(bram, &path, "in_consideration").await.expect(403);
        go(coordinator, &path, "in_consideration").await.expect(201);
        let missing = go(coordinator, &path, "adopted").await.expect(409);
        assert_eq!(missing.code(), "resource.incomplete");
        assert_eq!(missing.faults(), ["/officialResponses feedback.response_missing"]);
        respond(bram, &path, json!({"text": nl("Ja")})).await.expect(403);
        let answer = json!({"text": nl("We richten een kamer in."), "reasons": nl("Velen vragen erom.")});
        let answer = respond(coordinator, &path, answer).await.expect(201);
        assert_eq!(answer.body["madeAt"], "2026-11-23T09:00:00Z");
        go(coordinator, &path, "adopted").await.expect(201);
        let outcome = json!({"to": "realised", "outcome": nl("De kamer is open.")});
        coordinator.transition(&path, outcome).await.expect(201);
        assert_eq!(support(cem, &path).await.expect(409).code(), "support.closed");
        assert_eq!(respond(coordinator, &path, json!({"text": nl("Nog iets")})).await.expect(409).code(), "feedback.not_waiting");

        let done = bram.get(&path).await.expect(200);
        assert_eq!(done.body["status"], "realised");
        assert_eq!(done.body["officialResponse"], answer.body);
        assert_eq!(done.body["outcome"], nl("De kamer is open."));
        assert_eq!(done.body["supporters"], 2);
        let answers = cem.get(&format!("{path}/official-responses")).await.expect(200);
        assert_eq!(answers.items().len(), 1);
    }

    /// A no needs an answer, and reasons in it or beside it.
    async fn declining_needs_a_response_with_reasons(service) {
        let world = World::of(service).await;
        let World { anna, officer, .. } = &world;
        let path = sent(anna, brought(&world.to_organisation(), "idea", "Gratis bus")).await;
        world.coordinator.get(&path).await.expect(404);
        go(officer, &path, "in_consideration").await.expect(201);
        for to in ["declined", "partly_adopted"] {
            let refused = go(officer, &path, to).await.expect(409);
            assert_eq!(refused.faults(), ["/officialResponses feedback.response_missing"]);
        }
        let empty = json!({"text": [], "reasons": nl(" ")});
        assert_eq!(respond(officer, &path, empty).await.expect(400).faults(), ["/text value.too_few"]);
        let blank = json!({"text": nl(" "), "reasons": nl(" ")});
        assert_eq!(
            respond(officer, &path, blank).await.expect(400).faults(),
            ["/reasons/0/value text.blank", "/text/0/value text.blank"]
        );
        respond(officer, &path, json!({"text": nl("Dat gaat niet.")})).await.expect(201);
        assert_eq!(go(officer, &path, "declined").await.expect(400).faults(), ["/reason reason.required"]);
        let why = json!({"to": "declined", "reason": "De provincie gaat over de bus."});
        officer.transition(&path, why).await.expect(201);
        let history = anna.get(&format!("{path}/transitions")).await.expect(200);
        let steps: Vec<_> = history.items().iter().map(|step| step["to"].as_str().unwrap()).collect();
        assert_eq!(steps, ["received", "in_consideration", "declined"]);
        assert_eq!(history.items()[2]["reason"], "De provincie gaat over de bus.");
        let open = go(officer, &path, "realised").await.expect(409);
        assert_eq!((open.code(), &open.body["allowedTransitions"]), ("transition.not_allowed", &json!([])));
    }

    /// Its author takes it back; from then on those nearby see it no longer.
    async fn a_draft_is_deleted_and_what_was_sent_is_withdrawn(service) {
        let world = World::of(service).await;
        let World { anna, bram, coordinator, .. } = &world;
        let draft = anna.make("/v1/feedback", brought(&world.to_network(), "idea", "Toch niet")).await;
        anna.delete(&format!("/v1/feedback/{}", draft.id())).await.expect(204);
        anna.get(&format!("/v1/feedback/{}", draft.id())).await.expect(404);
        let path = sent(anna, brought(&world.to_network(), "idea", "Later misschien")).await;
        bram.get(&path).await.expect(200);
        go(coordinator, &path, "withdrawn").await.expect(403);
        go(bram, &path, "withdrawn").await.expect(403);
        go(anna, &path, "withdrawn").await.expect(201);
        bram.get(&path).await.expect(404);
        assert_eq!(coordinator.get(&path).await.expect(200).body["status"], "withdrawn");
    }

    /// Merged feedback goes on in another; its supporters go along, nobody twice.
    async fn merging_carries_supporters_over(service) {
        let world = World::of(service).await;
        let World { anna, bram, cem, coordinator, .. } = &world;
        let (dora, account) = service.account(&world.admin, "dora").await;
        let dora_id = participant(&world.officer, &world.organisation, Some(&account), "dora").await;
        join(coordinator, &dora, &world.network, &dora_id).await;
        let one = sent(anna, brought(&world.to_network(), "idea", "Een bankje")).await;
        let other = sent(bram, brought(&world.to_network(), "idea", "Een plek om te zitten")).await;
        let elsewhere = sent(anna, brought(&world.to_organisation(), "idea", "Een bankje")).await;
        for (person, path) in [(cem, &one), (cem, &other), (&dora, &other), (anna, &other)] {
            support(person, path).await.expect(201);
        }
        let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let merge = async |into: Option<&str>| {
            let mut body = json!({"to": "merged", "reason": "Het gaat over hetzelfde."});
            if let Some(into) = into {
                body["mergedIntoId"] = json!(into);
            }
            coordinator.transition(&other, body).await
        };
        let fault = |reply: Reply| reply.expect(400).faults();
        assert_eq!(fault(merge(None).await), ["/mergedIntoId feedback.merge_target_missing"]);
        let unknown = ["/mergedIntoId reference.unknown"];
        for wrong in ["0197c000-0000-7000-8000-000e0000dead", &id(&elsewhere), &id(&other)] {
            assert_eq!(fault(merge(Some(wrong)).await), unknown);
        }
        let odd = json!({"to": "in_consideration", "mergedIntoId": id(&one), "outcome": nl("Niets")});
        assert_eq!(
            fault(coordinator.transition(&other, odd).await),
            ["/mergedIntoId feedback.only_when_merged", "/outcome feedback.only_when_done"]
        );
        merge(Some(&id(&one))).await.expect(201);
        let merged = cem.get(&other).await.expect(200);
        assert_eq!((&merged.body["status"], &merged.body["mergedIntoId"]), (&json!("merged"), &json!(id(&one))));
        // Cem supported both; Anna doesn't support her own.
        assert_eq!(bram.get(&one).await.expect(200).body["supporters"], 2);
        assert_eq!(support(&dora, &one).await.expect(409).code(), "support.already_given");
        assert_eq!(support(&dora, &other).await.expect(409).code(), "support.closed");
    }

    /// What is indecent is taken away with a reason, told to its author, who
    /// can appeal; the term runs on.
    async fn what_was_moderated_out_can_be_appealed(service) {
        let world = World::of(service).await;
        let World { anna, bram, moderator, coordinator, .. } = &world;
        let path = sent(anna, brought(&world.to_network(), "idea", "Weg met de baas")).await;
        let seen = moderator.get(&path).await.expect(200);
        assert_eq!(seen.body["allowedTransitions"], json!(["moderated_out"]));
        assert!(seen.body.get("author").is_none());
        assert_eq!(go(moderator, &path, "moderated_out").await.expect(400).faults(), ["/reason reason.required"]);
        go(coordinator, &path, "moderated_out").await.expect(403);
        let why = json!({"to": "moderated_out", "reason": "Dit gaat over een persoon."});
        moderator.transition(&path, why).await.expect(201);
        bram.get(&path).await.expect(404);
        let read = anna.get(&path).await.expect(200);
        assert_eq!(read.body["allowedTransitions"], json!(["received"]));
        let told = anna.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(told.items()[1]["reason"], "Dit gaat over een persoon.");
        service.clock.advance(chrono::TimeDelta::minutes(10));
        let appeal = json!({"to": "received", "reason": "Het gaat over de functie."});
        anna.transition(&path, appeal).await.expect(201);
        let back = bram.get(&path).await.expect(200);
        assert_eq!((&back.body["status"], &back.body["answerDueOn"]), (&json!("received"), &json!("2027-01-04")));
        let others = bram.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(others.items().len(), 3);
        assert!(others.items().iter().all(|step| step.get("madeBy").is_none() && step.get("reason").is_none()));
    }

    /// What is addressed to an organisation its manager takes away; its author
    /// can appeal.
    async fn a_manager_moderates_what_the_organisation_receives(service) {
        let world = World::of(service).await;
        let path = sent(&world.anna, brought(&world.to_organisation(), "idea", "Weg met de baas")).await;
        let away = json!({"to": "moderated_out", "reason": "Dit gaat over een persoon."});
        world.officer.transition(&path, away.clone()).await.expect(403);
        world.manager.transition(&path, away).await.expect(201);
        world.bram.get(&path).await.expect(404);
        let appeal = json!({"to": "received", "reason": "Het gaat over de functie."});
        world.anna.transition(&path, appeal).await.expect(201);
        let mine = sent(&world.anna, brought(&world.to_network(), "idea", "Van het panel")).await;
        world.manager.get(&mine).await.expect(404);
    }

    /// Who wrote it down for somebody answers for it as long as their role lasts.
    async fn a_withdrawn_officer_is_no_author_any_more(service) {
        let world = World::of(service).await;
        let (clerk, account) = service.account(&world.admin, "clerk").await;
        let role = json!({"accountId": account, "role": "officer", "scopeId": world.organisation,
            "reason": "Zo is het afgesproken."});
        let role = world.manager.make("/v1/grants", role).await.id();
        let eva = participant(&clerk, &world.organisation, None, "eva").await;
        let mut heard = brought(&world.to_organisation(), "signal", "Bel me terug");
        heard["author"] = json!({"kind": "participant", "id": eva});
        heard["channel"] = json!("phone");
        let path = sent(&clerk, heard).await;
        clerk.get(&path).await.expect(200);
        world.manager.delete(&format!("/v1/grants/{role}")).await.expect(204);
        clerk.get(&path).await.expect(404);
        go(&clerk, &path, "withdrawn").await.expect(404);
        assert_eq!(clerk.get("/v1/feedback").await.expect(200).items().len(), 0);
    }

    /// What is wrong with the request is told before that it is stale.
    async fn a_wrong_move_is_told_before_a_stale_one(service) {
        let world = World::of(service).await;
        let path = sent(&world.anna, brought(&world.to_organisation(), "idea", "Gratis bus")).await;
        let stale = world.officer.get(&path).await.expect(200).etag();
        go(&world.officer, &path, "in_consideration").await.expect(201);
        respond(&world.officer, &path, json!({"text": nl("Dat gaat niet.")})).await.expect(201);
        let decline = async |body: serde_json::Value| {
            let request = world.officer.request(reqwest::Method::POST, &format!("{path}/transitions"));
            crate::support::wire::reply(request.header("if-match", &stale).json(&body)).await
        };
        let wrong = decline(json!({"to": "declined"})).await.expect(400);
        assert_eq!(wrong.faults(), ["/reason reason.required"]);
        decline(json!({"to": "declined", "reason": "De provincie gaat erover."})).await.expect(412);
    }

    /// However often it is sent at once, one person supports once.
    async fn one_support_is_taken_of_many_at_once(service) {
        let world = World::of(service).await;
        let path = sent(&world.anna, brought(&world.to_network(), "idea", "Een bankje")).await;
        let tries = (0..8).map(|_| support(&world.bram, &path));
        let replies = futures_util::future::join_all(tries).await;
        let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }

    /// Questions, experiences and compliments end in an answer; they stay
    /// between who tells and who is told.
    async fn a_question_is_answered(service) {
        let world = World::of(service).await;
        let World { anna, bram, officer, .. } = &world;
        for kind in ["question", "experience", "compliment"] {
            let path = sent(anna, brought(&world.to_organisation(), kind, "Hoe zit dat?")).await;
            bram.get(&path).await.expect(404);
            go(officer, &path, "in_consideration").await.expect(201);
            let open = officer.get(&path).await.expect(200).body["allowedTransitions"].clone();
            assert_eq!(open, json!(["answered", "merged"]));
            let refused = go(officer, &path, "adopted").await.expect(409);
            assert_eq!(refused.body["allowedTransitions"], json!(["answered", "merged"]));
            go(officer, &path, "answered").await.expect(409);
            respond(officer, &path, json!({"text": nl("Zo zit dat.")})).await.expect(201);
            go(officer, &path, "answered").await.expect(201);
            assert_eq!(anna.get(&path).await.body["officialResponse"]["text"], nl("Zo zit dat."));
        }
    }

    /// Who wrote it is for the author and for who answers; others who take part
    /// read what is brought without it.
    async fn the_author_is_hidden_from_others_who_take_part(service) {
        let world = World::of(service).await;
        let World { anna, bram, coordinator, officer, .. } = &world;
        let path = sent(anna, brought(&world.to_network(), "priority", "Eerst de wachttijd")).await;
        let author = json!({"kind": "participant", "id": world.anna_id});
        let shown = bram.get(&path).await.expect(200);
        assert!(shown.body.get("author").is_none() && !shown.text.contains(&world.anna_id));
        for reader in [anna, coordinator] {
            assert_eq!(reader.get(&path).await.expect(200).body["author"], author);
        }
        let listed = bram.get("/v1/feedback").await.expect(200);
        assert_eq!(listed.items().len(), 1);
        assert!(!listed.text.contains(&world.anna_id));
        officer.get(&path).await.expect(404);
        assert_eq!(officer.get("/v1/feedback").await.expect(200).items().len(), 0);

        // Somebody who has no account is heard by telephone, with equal weight.
        let eva = participant(officer, &world.organisation, None, "eva").await;
        let mut heard = brought(&world.to_organisation(), "idea", "Bel me terug");
        heard["author"] = json!({"kind": "participant", "id": eva});
        heard["channel"] = json!("phone");
        let made = officer.make("/v1/feedback", heard.clone()).await;
        let me = officer.get("/v1/me").await.body["accountId"].clone();
        assert_eq!(made.body["recordedBy"], me);
        let path = format!("/v1/feedback/{}", made.id());
        world.manager.get(&path).await.expect(404);
        go(officer, &path, "received").await.expect(201);
        assert_eq!(world.manager.get(&path).await.expect(200).body["recordedBy"], me);
        let shown = bram.get(&path).await.expect(200);
        assert!(shown.body.get("author").is_none() && shown.body.get("recordedBy").is_none());
        let unknown = bram.post("/v1/feedback", heard.clone()).await.expect(400);
        assert_eq!(unknown.faults(), ["/author/id reference.unknown"]);
        coordinator.post("/v1/feedback", heard.clone()).await.expect(400);
        heard["author"] = author;
        let self_called = anna.post("/v1/feedback", heard.clone()).await.expect(400);
        assert_eq!(self_called.faults(), ["/channel feedback.channel_needs_recorder"]);
        // Who runs the panel writes down what its members say.
        heard["addressee"] = world.to_network();
        coordinator.make("/v1/feedback", heard).await;
    }

    /// Organisations and councils have a voice of their own, openly.
    async fn organisations_and_councils_speak_as_such(service) {
        let world = World::of(service).await;
        let council = network(&world.manager, &world.organisation, "youth_council").await;
        let (chair, id) = service.account(&world.admin, "chair").await;
        grant(&world.manager, &id, "chair", &council).await;
        chair.transition(&format!("/v1/networks/{council}"), json!({"to": "active"})).await.expect(201);
        let mut voice = brought(&world.to_organisation(), "proposal", "Een eigen budget");
        voice["author"] = json!({"kind": "network", "id": council});
        let path = sent(&chair, voice.clone()).await;
        assert_eq!(world.bram.get(&path).await.expect(200).body["author"], voice["author"]);
        let refused = world.manager.post("/v1/feedback", voice.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/author/id reference.unknown"]);
        voice["addressee"] = voice["author"].clone();
        let refused = chair.post("/v1/feedback", voice).await.expect(400);
        assert_eq!(refused.faults(), ["/addressee feedback.author_is_addressee"]);

        let mut voice = brought(&json!({"kind": "network", "id": council}), "signal", "De bus rijdt niet");
        voice["author"] = world.to_organisation();
        let path = sent(&world.officer, voice).await;
        assert_eq!(chair.get(&path).await.expect(200).body["author"], world.to_organisation());
        // The council's room is its own: what others bring to it its host doesn't see.
        let path = sent(&world.anna, brought(&json!({"kind": "network", "id": council}), "signal", "Stil")).await;
        chair.get(&path).await.expect(200);
        for host in [&world.manager, &world.officer, &world.admin, &world.coordinator] {
            host.get(&path).await.expect(404);
        }
    }

    /// A foreign tenant sees nothing, and nothing tells a foreign thing from
    /// one that isn't there.
    async fn foreign_feedback_is_as_unknown_as_any(service) {
        let world = World::of(service).await;
        let there = service.organisation(&world.admin, "care_provider", "Daar").await;
        let (stranger, id) = service.account(&world.admin, "stranger").await;
        grant(&world.admin, &id, "manager", &there).await;
        let (guest, account) = service.account(&world.admin, "guest").await;
        let guest_id = participant(&stranger, &there, Some(&account), "guest").await;
        let real = sent(&world.anna, brought(&world.to_network(), "idea", "Een bankje")).await;
        let given = support(&world.bram, &real).await.expect(201).id();
        let random = "/v1/feedback/0197c000-0000-7000-8000-000e0000dead".to_owned();
        for caller in [&stranger, &guest, &world.officer] {
            let mut replies = Vec::new();
            for path in [&real, &random] {
                replies.push(vec![
                    bare(&caller.get(path).await),
                    bare(&caller.patch(path, "*", json!({"kind": "idea"})).await),
                    bare(&caller.delete(path).await),
                    bare(&go(caller, path, "merged").await),
                    bare(&caller.get(&format!("{path}/transitions")).await),
                    bare(&support(caller, path).await),
                    bare(&caller.delete(&format!("{path}/supports/{given}")).await),
                    bare(&respond(caller, path, json!({"text": nl("Ja")})).await),
                    bare(&caller.get(&format!("{path}/official-responses")).await),
                ]);
            }
            assert!(replies[0].iter().all(|(status, _)| *status == 404), "{replies:?}");
            assert_eq!(replies[0], replies[1]);
            let listed = caller.get("/v1/feedback?count=true").await.expect(200);
            assert_eq!(listed.body, json!({"items": [], "total": 0}));
            let narrowed = format!("/v1/feedback?networkId={}", world.network);
            assert_eq!(caller.get(&narrowed).await.expect(200).body, json!({"items": []}));
        }
        let nowhere = |kind: &str| json!({"kind": kind, "id": "0197c000-0000-7000-8000-00010000dead"});
        for (kind, foreign) in [("network", world.to_network()), ("organisation", world.to_organisation())] {
            let foreign = guest.post("/v1/feedback", brought(&foreign, "idea", "Hallo")).await.expect(400);
            let random = guest.post("/v1/feedback", brought(&nowhere(kind), "idea", "Hallo")).await.expect(400);
            assert_eq!(foreign.faults(), ["/addressee/id reference.unknown"]);
            assert_eq!(bare(&foreign), bare(&random));
        }
        // Nor can a foreign person be spoken for.
        let mut voice = brought(&world.to_organisation(), "idea", "Hallo");
        voice["author"] = json!({"kind": "participant", "id": guest_id});
        let foreign = world.officer.post("/v1/feedback", voice.clone()).await.expect(400);
        voice["author"]["id"] = json!("0197c000-0000-7000-8000-00070000dead");
        let random = world.officer.post("/v1/feedback", voice).await.expect(400);
        assert_eq!(bare(&foreign), bare(&random));
    }
}
