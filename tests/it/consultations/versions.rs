//! What was published is corrected by a new version, and what stood there stays.

use serde_json::{Value, json};

use super::telling::{concluded, published, told};
use super::world::{NOBODY, World, go, id};
use crate::feedback::nl;
use crate::support::{Client, Reply};

async fn corrects(by: &Client, report_back: &str, etag: &str, body: &Value) -> Reply {
    let request = by.request(reqwest::Method::POST, &format!("/v1/report-backs/{report_back}/corrections"));
    crate::support::wire::reply(request.header("if-match", etag).json(body)).await
}

fn correction(words: &str, again: bool) -> Value {
    json!({"reason": nl("Er stond een fout."), "heard": nl(words), "tellAgain": again, "points": [
        {"text": nl("Meer groen"), "outcome": "followed", "done": nl("Er komen tien bomen."), "questionIds": [id("question", 1)]}]})
}

on_both! {
    /// With a reason, in the register too; and everybody is told anew, or nobody.
    async fn the_earlier_versions_stay_to_be_read(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let (officer, anna) = (&world.officer, &world.anna);
        let list = format!("/v1/networks/{}/telling-list?limit=100", world.network);
        let draft = officer.make(&format!("{path}/report-backs"), told("interim", "Nog niet.")).await;
        let early = corrects(officer, &draft.id(), &draft.etag(), &correction("Toch wel.", true)).await.expect(409);
        assert_eq!(early.code(), "report_back.not_published");
        let said = concluded(officer, &path, "Er komen bomen.").await;
        let read = officer.get(&format!("/v1/report-backs/{said}")).await.expect(200);
        assert_eq!(read.body["edition"], json!(1));
        corrects(&world.facilitator, &said, &read.etag(), &correction("Anders.", true)).await.expect(403);
        corrects(anna, &said, &read.etag(), &correction("Anders.", true)).await.expect(403);
        let bare = json!({"reason": nl("Fout."), "heard": nl("Anders."), "points": [{"text": nl("Groen"), "outcome": "not_followed"}]});
        let refused = corrects(officer, &said, &read.etag(), &bare).await.expect(409);
        assert_eq!(refused.faults(), ["/points/0 report_back.ground_missing", "/points/0/reason report_back.reason_missing"]);
        let strange = json!({"reason": nl("Fout."), "heard": nl("Anders."), "points": [
            {"text": nl("Groen"), "outcome": "followed", "questionIds": [NOBODY], "themeIds": [NOBODY]}]});
        assert_eq!(corrects(officer, &said, &read.etag(), &strange).await.expect(400).faults(),
            ["/points/0/questionIds/0 report_back.question_unknown", "/points/0/themeIds/0 report_back.theme_unknown"]);

        let before = world.coordinator.get(&list).await.expect(200).items().clone();
        assert!(before.iter().all(|one| one["edition"] == json!(1)));
        let made = corrects(officer, &said, &read.etag(), &correction("Er komen tien bomen.", true)).await.expect(201);
        assert_eq!((&made.body["edition"], &made.body["reason"]), (&json!(2), &nl("Er stond een fout.")));
        assert_eq!(made.header("location"), format!("/v1/report-backs/{said}/versions"));
        corrects(officer, &said, &read.etag(), &correction("Nog eens anders.", true)).await.expect(412);
        let same = corrects(officer, &said, &made.etag(), &correction("Er komen tien bomen.", true)).await.expect(409);
        assert_eq!(same.code(), "report_back.unchanged");
        let after = world.coordinator.get(&list).await.expect(200).items().clone();
        assert_eq!(after.len(), 12);
        assert!(after.iter().all(|one| one["edition"] == json!(2)), "everybody is told anew");
        let made = corrects(officer, &said, &made.etag(), &correction("Er komen 10 bomen.", false)).await.expect(201);
        assert_eq!(made.body["edition"], json!(3));
        assert_eq!(world.coordinator.get(&list).await.expect(200).items(), &after, "nobody is told anew");

        let versions = anna.get(&format!("/v1/report-backs/{said}/versions")).await.expect(200);
        let words: Vec<_> = versions.items().iter().map(|one| (one["edition"].clone(), one["heard"].clone())).collect();
        assert_eq!(words, [(json!(1), nl("Er komen bomen.")), (json!(2), nl("Er komen tien bomen.")), (json!(3), nl("Er komen 10 bomen."))]);
        assert!(versions.items()[0].get("reason").is_none());
        let entry = service.nobody().get("/v1/register").await.expect(200).items()[0]["finalReportBack"].clone();
        assert_eq!(entry["heard"], nl("Er komen 10 bomen."));
        let earlier: Vec<_> = entry["earlier"].as_array().unwrap().iter()
            .map(|one| (one["edition"].clone(), one["heard"].clone(), one["correctedBecause"].clone())).collect();
        assert_eq!(earlier, [(json!(1), nl("Er komen bomen."), nl("Er stond een fout.")),
            (json!(2), nl("Er komen tien bomen."), nl("Er stond een fout."))]);
        // What is being written has no versions that others could see.
        anna.get(&format!("/v1/report-backs/{}/versions", draft.id())).await.expect(404);
        world.admin.get(&format!("/v1/report-backs/{said}/versions")).await.expect(404);
    }

    /// On the way a point may be heard and not decided yet; in the end not. And no point
    /// rests on nothing.
    async fn in_the_end_every_point_is_decided_and_rests_on_something(service) {
        let world = World::with(service, json!({"plainLanguageRequired": true})).await;
        let (officer, both) = (&world.officer, |words: &str| json!([{"language": "nl", "value": words}, {"language": "nl-simple", "value": words}]));
        let mut content = world.content();
        for at in ["goal", "limits"] {
            content[at] = both("Weten wat nodig is.");
        }
        content["questions"] = json!([{"id": id("question", 1), "kind": "scale", "prompt": both("Hoe gaat het?"), "least": 1, "most": 5}]);
        let mut new = json!({"organisationId": world.organisation, "title": both("Wonen"), "mode": "named"});
        new.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        let path = format!("/v1/consultations/{}", officer.make("/v1/consultations", new).await.id());
        go(officer, &path, "open").await.expect(201);
        let theme = json!({"title": both("Buiten")});
        let draft = json!({"kind": "interim", "heard": nl("We lezen alles."), "themes": [theme],
            "points": [{"text": both("Groen"), "outcome": "heard"}]});
        let made = officer.make(&format!("{path}/report-backs"), draft).await;
        let back = format!("/v1/report-backs/{}", made.id());
        let theme = made.body["themes"][0].clone();
        assert!(theme["id"].is_string(), "the service made an id for the theme");
        assert_eq!(go(officer, &back, "published").await.expect(409).faults(),
            ["/heard text.plain_missing", "/points/0 report_back.ground_missing"]);
        let points = json!([{"text": both("Groen"), "outcome": "heard", "themeIds": [theme["id"]]}]);
        let whole = json!({"heard": both("We lezen alles."), "themes": [theme], "points": points});
        let changed = officer.patch(&back, &made.etag(), whole).await.expect(200);
        assert_eq!(changed.body["themes"][0]["id"], theme["id"], "its id stays");
        go(officer, &back, "published").await.expect(201);
        let last = json!({"kind": "final", "heard": both("Zo wordt het."), "themes": [theme], "points": points});
        officer.make(&format!("{path}/report-backs"), last).await;
        go(officer, &path, "closed").await.expect(201);
        assert_eq!(go(officer, &path, "concluded").await.expect(409).faults(),
            ["/finalReportBack/points/0/outcome report_back.undecided"]);
    }

    /// Several on the way, each with its own words.
    async fn several_interim_ones_can_be_published(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        for words in ["Een.", "Twee.", "Drie."] {
            published(&world.officer, &path, words).await;
        }
        let all = world.anna.get(&format!("{path}/report-backs")).await.expect(200);
        assert_eq!(all.items().iter().map(|one| one["heard"].clone()).collect::<Vec<_>>(), [nl("Een."), nl("Twee."), nl("Drie.")]);
    }
}
