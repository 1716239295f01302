//! What people wrote, put under themes by facilitators, counted, and quoted.

use serde_json::{Value, json};

use super::world::{NOBODY, World, answers, change, go, id, sign_in, until};
use crate::anonymity::world::{anonymous, joined, opened as opened_anonymously, put_in};
use crate::feedback::nl;
use crate::support::{Client, Reply, Service};

/// A consultation with two facilitators, answered in words by twelve people; its path.
async fn written_to(world: &World) -> String {
    let path = world.prepared().await;
    let second = world.coordinator.get("/v1/me").await.expect(200).body["accountId"].clone();
    change(&world.officer, &path, json!({"facilitators": [world.facilitator_id, second]})).await.expect(200);
    go(&world.officer, &path, "open").await.expect(201);
    for (number, one) in world.others.iter().enumerate() {
        let mut heard = answers("phone", 1, 4, Some(&format!("Zin {number}.")));
        heard["participantId"] = json!(one);
        world.facilitator.make(&format!("{path}/responses"), heard).await;
    }
    world.anna.make(&format!("{path}/responses"), answers("internet", 1, 4, Some("Bel terug."))).await;
    path
}

/// The responses, in their order.
async fn responses(world: &World, path: &str) -> Vec<String> {
    let all = world.facilitator.get(&format!("{path}/responses?limit=100")).await.expect(200);
    all.items().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

async fn theme(by: &Client, path: &str, label: &str) -> String {
    by.make(&format!("{path}/themes"), json!({"label": nl(label)})).await.id()
}

async fn codes(by: &Client, path: &str, response: &str, themes: &[&String]) -> Reply {
    let new = json!({"responseId": response, "questionId": id("question", 3), "themeIds": themes});
    by.post(&format!("{path}/codings"), new).await
}

async fn finishes(by: &Client, path: &str) -> Reply {
    by.post(&format!("{path}/theme-results"), json!(null)).await
}

/// The counts of the one open question, in the themes' order.
fn counts(told: &Value) -> Vec<Value> {
    let themes = told["questions"][0]["themes"].as_array().unwrap();
    themes.iter().map(|one| one["count"].clone()).collect()
}

async fn quoted(by: &Client, path: &str, response: &str, more: Value) -> Reply {
    let mut new = json!({"responseId": response, "questionId": id("question", 3), "text": nl("Bel terug.")});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.post(&format!("{path}/quotes"), new).await
}

fn released() -> Value {
    json!({"to": "released", "check": "nobody_recognisable"})
}

/// The facilitator puts the first theme on the first six and the second on the others; the second coder, of ten, the
/// first on five and the second on five.
async fn coded_by_two(world: &World, path: &str, all: &[String], [one, two]: [&String; 2]) {
    for (at, response) in all.iter().enumerate().skip(1) {
        let themes: &[&String] = if at < 6 { &[one] } else { &[two] };
        codes(&world.facilitator, path, response, themes).await.expect(201);
    }
    for (at, response) in all.iter().take(10).enumerate() {
        let themes: &[&String] = if at < 5 { &[one] } else { &[two] };
        codes(&world.coordinator, path, response, themes).await.expect(201);
    }
}

on_both! {
    /// Two coders who don't see each other's work before they did theirs; how far they agree; finished once, and
    /// then counted for everybody as far as that betrays nobody.
    async fn coded_by_two_and_counted_once(service) {
        let world = World::of(service).await;
        let path = written_to(&world).await;
        let World { officer, facilitator, coordinator, anna, .. } = &world;
        let one = theme(officer, &path, "Bereikbaar").await;
        let two = theme(facilitator, &path, "Een vast gezicht").await;
        let all = responses(&world, &path).await;
        assert_eq!(codes(facilitator, &path, &all[0], &[&one]).await.expect(409).code(), "coding.not_yet");
        assert_eq!(finishes(facilitator, &path).await.expect(409).code(), "coding.not_yet");
        go(officer, &path, "closed").await.expect(201);
        assert_eq!(anna.get(&format!("{path}/theme-results")).await.expect(409).code(), "coding.unfinished");

        let first = codes(facilitator, &path, &all[0], &[&one]).await.expect(201);
        let at = format!("/v1/codings/{}", first.id());
        assert_eq!(first.header("location"), at);
        assert!(first.body.get("createdAt").is_none(), "{}", first.text);
        assert_eq!(codes(facilitator, &path, &all[0], &[]).await.expect(409).code(), "coding.already_given");
        // Blind until one coded it oneself.
        coordinator.get(&at).await.expect(404);
        change(coordinator, &at, json!({"themeIds": []})).await.expect(404);
        assert_eq!(coordinator.get(&format!("{path}/codings")).await.expect(200).items().len(), 0);
        coded_by_two(&world, &path, &all, [&one, &two]).await;
        coordinator.get(&at).await.expect(200);
        change(coordinator, &at, json!({"themeIds": []})).await.expect(403);
        assert_eq!(coordinator.get(&format!("{path}/codings?limit=100")).await.expect(200).items().len(), 20);
        change(facilitator, &at, json!({"themeIds": [two]})).await.expect(200);
        change(facilitator, &at, json!({"themeIds": [one]})).await.expect(200);

        // Of ten, the first theme on six and five, alike on nine: 0.9 seen, 0.5 by chance; the second the same.
        let told = facilitator.get(&format!("{path}/coding-agreement")).await.expect(200);
        let pair = &told.body["pairs"][0];
        #[expect(clippy::print_stdout, reason = "how far they agree is to be seen")]
        {
            println!("agreement: {pair}");
        }
        assert_eq!((&pair["pieces"], &pair["kappaThousandths"]), (&json!(10), &json!(800)));
        let kappas: Vec<_> = pair["themes"].as_array().unwrap().iter().map(|one| one["kappaThousandths"].clone()).collect();
        assert_eq!(kappas, [json!(800), json!(800)]);

        let (codings, agreement) = (format!("{path}/codings"), format!("{path}/coding-agreement"));
        for other in [officer, &world.manager, anna] {
            for closed in [&codings, &agreement, &at] {
                other.get(closed).await.expect(403);
            }
            codes(other, &path, &all[0], &[]).await.expect(403);
            finishes(other, &path).await.expect(403);
        }
        anna.get(&format!("{path}/themes")).await.expect(403);
        for closed in [&codings, &agreement, &at, &format!("/v1/themes/{one}"), &format!("{path}/theme-results")] {
            world.admin.get(closed).await.expect(404);
        }

        // Where the two differ nobody said it: five, and four with the two that one of them coded.
        let made = finishes(facilitator, &path).await.expect(201);
        assert_eq!(made.header("location"), format!("{path}/theme-results"));
        assert_eq!(made.body["questions"][0]["base"], json!({"figure": 12}));
        assert_eq!(counts(&made.body), [json!({"figure": 5}), json!({"figure": 6})]);
        assert_eq!(officer.get(&format!("{path}/theme-results")).await.expect(200).body, made.body);
        let public = anna.get(&format!("{path}/theme-results")).await.expect(200);
        assert_eq!(public.body["themes"].as_array().unwrap().len(), 2);
        assert!(counts(&public.body).iter().all(|count| count.get("figure").is_none()), "{}", public.text);

        for late in [
            codes(coordinator, &path, &all[11], &[&one]).await,
            change(facilitator, &at, json!({"themeIds": []})).await,
            change(officer, &format!("/v1/themes/{one}"), json!({"label": nl("Anders")})).await,
            officer.delete(&format!("/v1/themes/{one}")).await,
            officer.post(&format!("{path}/themes"), json!({"label": nl("Nog een")})).await,
            finishes(coordinator, &path).await,
        ] {
            assert_eq!(late.expect(409).code(), "coding.finished");
        }
        assert_eq!(coordinator.get(&format!("{path}/codings?limit=100")).await.expect(200).items().len(), 22);
    }

    /// All faults at once; a theme goes while nothing is coded to it; nothing is counted before all is coded; a
    /// report-back rests on themes once they don't change.
    async fn what_is_coded_is_known_and_whole(service) {
        let world = World::of(service).await;
        let path = written_to(&world).await;
        let (officer, facilitator) = (&world.officer, &world.facilitator);
        let spare = theme(officer, &path, "Geld").await;
        let one = theme(officer, &path, "Bereikbaar").await;
        let all = responses(&world, &path).await;
        go(officer, &path, "closed").await.expect(201);
        let wrong = json!({"responseId": NOBODY, "questionId": id("question", 3), "themeIds": [one, NOBODY, one]});
        let faults = facilitator.post(&format!("{path}/codings"), wrong).await.expect(400).faults();
        assert_eq!(faults, ["/responseId reference.unknown", "/themeIds/1 reference.unknown", "/themeIds/2 theme.repeated"]);
        for none in [json!({"themeIds": []}), json!({"responseId": all[0], "themeIds": []}),
            json!({"responseId": all[0], "openAnswerId": all[0], "questionId": id("question", 3), "themeIds": []})] {
            let refused = facilitator.post(&format!("{path}/codings"), none).await.expect(400);
            assert_eq!(refused.faults(), [" coding.one_piece"]);
        }
        // No words stand at the other questions, and nothing is sealed here.
        let chosen = json!({"responseId": all[0], "questionId": id("question", 2), "themeIds": []});
        facilitator.post(&format!("{path}/codings"), chosen).await.expect(400);
        let sealed = json!({"openAnswerId": all[0], "questionId": id("question", 3), "themeIds": []});
        facilitator.post(&format!("{path}/codings"), sealed).await.expect(400);

        codes(facilitator, &path, &all[0], &[&one]).await.expect(201);
        assert_eq!(officer.delete(&format!("/v1/themes/{one}")).await.expect(409).code(), "theme.coded");
        officer.delete(&format!("/v1/themes/{spare}")).await.expect(204);
        for response in &all[1..11] {
            codes(facilitator, &path, response, &[]).await.expect(201);
        }
        assert_eq!(finishes(facilitator, &path).await.expect(409).code(), "coding.incomplete");
        codes(facilitator, &path, &all[11], &[]).await.expect(201);
        let point = json!({"text": nl("Bel terug."), "outcome": "followed", "themeIds": [one]});
        let told = json!({"kind": "interim", "heard": nl("We lezen alles."), "points": [point]});
        let early = officer.post(&format!("{path}/report-backs"), told.clone()).await.expect(400);
        assert_eq!(early.faults(), ["/points/0/themeIds/0 report_back.theme_unknown"]);
        let made = finishes(facilitator, &path).await.expect(201);
        // Of twelve one said it: nobody sees that.
        assert_eq!(counts(&made.body), [json!({"suppressed": "complementary"})]);
        let back = officer.make(&format!("{path}/report-backs"), told).await.id();
        go(officer, &format!("/v1/report-backs/{back}"), "published").await.expect(201);
    }

    /// Notes of sessions are coded with the same themes, stay what they were coded as, and aren't people.
    async fn notes_are_coded_and_not_counted(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let facilitator = &world.facilitator;
        let held = json!({"title": nl("Gesprek"), "method": "dialogue", "heldOn": "2026-11-20"});
        let session = format!("/v1/input-sessions/{}", facilitator.make(&format!("{path}/input-sessions"), held).await.id());
        let note = json!({"questionId": id("question", 3), "text": "Eén vast gezicht.", "language": "nl"});
        let note = facilitator.make(&format!("{session}/notes"), note).await.id();
        let one = theme(facilitator, &path, "Een vast gezicht").await;
        go(&world.officer, &path, "closed").await.expect(201);
        let new = json!({"sessionNoteId": note, "themeIds": [one]});
        let made = facilitator.make(&format!("{path}/codings"), new).await;
        assert_eq!(made.body["sessionNoteId"], json!(note));
        let at = format!("{session}/notes/{note}");
        for refused in [change(facilitator, &at, json!({"text": "Anders."})).await, facilitator.delete(&at).await] {
            assert_eq!(refused.expect(409).code(), "session.note_coded");
        }
        let told = finishes(facilitator, &path).await.expect(201);
        assert_eq!(counts(&told.body), [json!({"suppressed": "base"})]);
    }

    /// Checked by another than who wrote it down, read without who said it, and taken back with a reason.
    async fn a_quote_goes_out_after_a_second_pair_of_eyes(service) {
        let world = World::of(service).await;
        let path = written_to(&world).await;
        let World { officer, facilitator, coordinator, anna, .. } = &world;
        let all = responses(&world, &path).await;
        assert_eq!(quoted(facilitator, &path, &all[0], json!({})).await.expect(409).code(), "coding.not_yet");
        go(officer, &path, "closed").await.expect(201);
        for other in [officer, anna] {
            quoted(other, &path, &all[0], json!({})).await.expect(403);
        }
        let english = json!({"text": [{"language": "en", "value": "Call back."}]});
        let refused = quoted(facilitator, &path, &all[0], english).await.expect(400);
        assert_eq!(refused.faults(), ["/text/0/language quote.language_changed"]);
        quoted(facilitator, &path, NOBODY, json!({})).await.expect(400);
        let both = json!({"text": [{"language": "nl", "value": "Bel terug."},
            {"language": "en", "value": "Call back.", "madeBy": "machine"}], "paraphrased": true});
        let made = quoted(facilitator, &path, &all[0], both).await.expect(201);
        let at = format!("/v1/quotes/{}", made.id());
        assert_eq!((&made.body["responseId"], &made.body["writtenBy"]), (&json!(all[0]), &json!(world.facilitator_id)));
        for other in [officer, anna] {
            other.get(&at).await.expect(404);
            assert_eq!(other.get(&format!("{path}/quotes")).await.expect(200).items().len(), 0);
        }
        assert_eq!(facilitator.transition(&at, released()).await.expect(409).code(), "quote.four_eyes");
        let unchecked = coordinator.transition(&at, json!({"to": "released"})).await.expect(400);
        assert_eq!(unchecked.faults(), ["/check quote.check_missing"]);
        officer.transition(&at, released()).await.expect(403);
        coordinator.transition(&at, released()).await.expect(201);

        let read = anna.get(&at).await.expect(200);
        for kept in ["responseId", "writtenBy", "checkedBy", "createdAt"] {
            assert!(read.body.get(kept).is_none(), "{kept}");
        }
        assert_eq!((&read.body["checkedOn"], &read.body["text"][1]["madeBy"]), (&json!("2026-11-23"), &json!("machine")));
        assert_eq!(officer.get(&format!("{path}/quotes")).await.expect(200).items().len(), 1);
        world.admin.get(&at).await.expect(404);
        assert_eq!(change(facilitator, &at, json!({"paraphrased": false})).await.expect(409).code(), "quote.not_draft");
        let silent = facilitator.transition(&at, json!({"to": "withdrawn"})).await.expect(400);
        assert_eq!(silent.faults(), ["/reason reason.required"]);
        facilitator.transition(&at, json!({"to": "withdrawn", "reason": "Toch te herkennen."})).await.expect(201);
        anna.get(&at).await.expect(404);
        assert_eq!(facilitator.get(&at).await.expect(200).body["status"], "withdrawn");
        // Who changed it last is who wrote it.
        let next = quoted(facilitator, &path, &all[1], json!({})).await.expect(201);
        let next = format!("/v1/quotes/{}", next.id());
        change(coordinator, &next, json!({"paraphrased": true})).await.expect(200);
        assert_eq!(coordinator.transition(&next, released()).await.expect(409).code(), "quote.four_eyes");
        facilitator.transition(&next, released()).await.expect(201);
    }

    /// Where the organisation asks whether people may be quoted, nobody's words go out without their yes.
    async fn nobody_is_quoted_against_their_will(service) {
        let world = World::of(service).await;
        let path = written_to(&world).await;
        let all = world.facilitator.get(&format!("{path}/responses?limit=100")).await.expect(200);
        let own = all.items().iter().find(|one| one["participantId"] == json!(world.anna_id)).unwrap()["id"].clone();
        go(&world.officer, &path, "closed").await.expect(201);
        let quote = quoted(&world.facilitator, &path, own.as_str().unwrap(), json!({})).await.expect(201).id();
        let quote = format!("/v1/quotes/{quote}");
        let text = crate::privacy::asked(&world.officer, &world.organisation, "quotes").await;
        let unasked = world.coordinator.transition(&quote, released()).await.expect(409);
        assert_eq!(unasked.code(), "quote.no_consent");
        let yes = json!({"consentTextId": text, "answer": "given", "channel": "internet"});
        let yes = world.anna.make(&format!("/v1/participants/{}/consents", world.anna_id), yes).await.id();
        world.coordinator.transition(&quote, released()).await.expect(201);
        world.officer.get(&quote).await.expect(200);
        // Taken back, it is read no more.
        let back = json!({"to": "withdrawn", "reason": "Liever niet."});
        world.anna.transition(&format!("/v1/consents/{yes}"), back).await.expect(201);
        world.officer.get(&quote).await.expect(404);
        assert_eq!(world.officer.get(&format!("{path}/quotes")).await.expect(200).items().len(), 0);
        world.facilitator.get(&quote).await.expect(200);
    }

    /// Where fewer wrote than the public sees a figure of, no quote goes out; and of their themes nobody sees a
    /// count, the organisation either.
    async fn under_the_minimum_there_are_themes_and_no_words(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        world.answered(&path).await;
        go(&world.officer, &path, "closed").await.expect(201);
        let facilitator = &world.facilitator;
        let listed = facilitator.get(&format!("{path}/responses?limit=100")).await.expect(200);
        let words = |one: &&Value| one["answers"].as_array().unwrap().len() == 3;
        let own = listed.items().iter().find(words).unwrap()["id"].as_str().unwrap().to_owned();
        let one = theme(facilitator, &path, "Bereikbaar").await;
        codes(facilitator, &path, &own, &[&one]).await.expect(201);
        let made = finishes(facilitator, &path).await.expect(201);
        assert_eq!(counts(&made.body), [json!({"suppressed": "complementary"})]);
        assert!(!made.text.contains("\"figure\""), "one of twelve wrote: {}", made.text);
        // There is one facilitator: who wrote it down may check it.
        let quote = quoted(facilitator, &path, &own, json!({})).await.expect(201).id();
        let few = facilitator.transition(&format!("/v1/quotes/{quote}"), released()).await.expect(409);
        assert_eq!(few.code(), "quote.too_few");
    }

    /// Sealed first; then coded by ids that lead to nobody, without an hour; and quoted so.
    async fn of_sealed_answers_nothing_tells_who_or_when(service) {
        let world = World::of(service).await;
        let people = joined(service, &world, 11).await;
        let path = opened_anonymously(&world, json!({})).await;
        let one = theme(&world.facilitator, &path, "Rust").await;
        for (number, by) in people.iter().map(|one| &one.0).chain([&world.anna]).enumerate() {
            let body = anonymous("internet", (1, 4), Some(&format!("Rustiger graag {number}.")), number);
            put_in(by, &path, body).await.expect(201);
        }
        let new = |answer: &str| json!({"openAnswerId": answer, "questionId": id("question", 3), "themeIds": [one]});
        world.facilitator.post(&format!("{path}/codings"), new(NOBODY)).await.expect(400);
        assert_eq!(finishes(&world.facilitator, &path).await.expect(409).code(), "coding.not_yet");
        until(service, "2026-12-16T09:00:00Z");
        service.round().await;
        let (facilitator, anna) = (sign_in(service, "facilitator").await, sign_in(service, "anna").await);
        assert_eq!(anna.get(&format!("{path}/theme-results")).await.expect(409).code(), "coding.unfinished");
        let list = format!("{path}/questions/{}/open-answers?limit=100", id("question", 3));
        let answers: Vec<String> =
            facilitator.get(&list).await.expect(200).items().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(answers.len(), 12);
        for answer in &answers {
            facilitator.make(&format!("{path}/codings"), new(answer)).await;
        }
        no_hour_stands(service, "codings").await;
        let made = finishes(&facilitator, &path).await.expect(201);
        // All twelve said it: that tells of each no more than the question does.
        assert_eq!(counts(&made.body), [json!({"figure": 12})]);
        assert_eq!(counts(&anna.get(&format!("{path}/theme-results")).await.expect(200).body), [json!({"figure": 12})]);
        let words = json!({"openAnswerId": answers[0], "questionId": id("question", 3), "text": nl("Rustiger graag.")});
        let quote = format!("/v1/quotes/{}", facilitator.make(&format!("{path}/quotes"), words).await.id());
        facilitator.transition(&quote, released()).await.expect(201);
        let read = anna.get(&quote).await.expect(200);
        assert!(!answers.iter().any(|answer| read.text.contains(answer)), "{}", read.text);
        assert!(!read.text.contains("T0") && read.body["checkedOn"] == "2026-12-16", "{}", read.text);
        no_hour_stands(service, "quotes").await;
    }
}

/// That of rows of this table no finer time is kept than the day.
async fn no_hour_stands(service: &Service, table: &str) {
    let open = crate::support::database::connect(&service.running.app.config.database.url).await;
    let rows = crate::support::database::lines(&open, table).await;
    open.close().await.unwrap();
    assert!(
        !rows.is_empty() && rows.iter().all(|row| row.contains("2026-12-16") && !row.contains(" 09:00")),
        "{rows:?}"
    );
}
