//! Codes at verified addresses, and the sessions that they open.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::{asked, by_code, code_asked, confirmed, links, opened, reached, tokens, verified};
use crate::consultations::world::{World, account, change, go, sign_in, until};
use crate::mail::{count, mailed, settled, stored};
use crate::representatives::{born, parent};
use crate::support::mail_server::MailServer;
use crate::support::wire::reply;
use crate::support::{Client, Service};

const CODE: &str = "own_data";
const ADDRESS: &str = "iris@people.example";

/// A code at this address, which gets its so many-th mail with one.
async fn code(service: &Service, server: &MailServer, address: &str, mails: usize) -> String {
    code_asked(service, address).await;
    tokens(server, (address, CODE), mails).await.remove(0)
}

mailed! {
    /// From the request to the end of the session.
    async fn a_code_opens_ones_own_data_for_a_quarter_of_an_hour(service, server) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, ADDRESS, json!({})).await;
        verified(service, &server, &world.officer, (&person, ADDRESS, 1)).await;
        let answer = code_asked(service, "IRIS@people.example").await;
        assert_eq!(answer.body, json!({"purpose": "own_data", "holdsForMinutes": 15}));
        settled(service).await;
        let mail = server.mails().pop().unwrap();
        assert_eq!(mail["recipients"], json!(["IRIS@people.example"]));
        for word in ["Zonnebloem", "Hier", "paneel", "deelnemer", person.as_str()] {
            assert!(!mail.to_string().contains(word), "the mail says {word}");
        }
        let code = mail["text"].as_str().unwrap().split_whitespace().find_map(|word| word.strip_prefix("https://app.example/#own_data="));
        let code = code.unwrap().to_owned();
        // It is none of the other codes, and they are none of it.
        for other in ["/v1/code-sessions", "/v1/contact-confirmations", "/v1/session-refreshes"] {
            service.bearer(&code).post(other, json!(null)).await.expect(401);
        }
        let session = opened(service, &code).await.expect(201);
        assert_eq!((&session.body["participantId"], &session.body["openedAs"]), (&json!(person), &json!("person")));
        assert!(session.body.get("refreshToken").is_none());
        opened(service, &code).await.expect(401);
        let own = service.bearer(session.body["accessToken"].as_str().unwrap());
        let path = format!("/v1/participants/{person}");
        let read = own.get(&path).await.expect(200);
        assert_eq!((&read.body["displayName"], &read.body["contact"]["emailAddress"]), (&json!("Zonnebloem"), &json!(ADDRESS)));
        assert_eq!(read.body["verifiedContact"][0]["kind"], "email_address");
        service.clock.advance(TimeDelta::minutes(14));
        own.get(&path).await.expect(200);
        service.clock.advance(TimeDelta::seconds(66));
        own.get(&path).await.expect(401);

        // A code that comes late, and a session that is ended.
        let late = self::code(service, &server, ADDRESS, 1).await;
        service.clock.advance(TimeDelta::minutes(15));
        opened(service, &late).await.expect(401);
        let session = opened(service, &self::code(service, &server, ADDRESS, 2).await).await.expect(201);
        let own = service.bearer(session.body["accessToken"].as_str().unwrap());
        own.delete(&format!("/v1/sessions/{person}")).await.expect(404);
        own.delete(&format!("/v1/sessions/{}", session.id())).await.expect(204);
        own.get(&path).await.expect(401);
        // What is over is forgotten, and every step left its row, with nothing of where from.
        service.clock.advance(TimeDelta::minutes(20));
        service.round().await;
        assert_eq!(count(service, "code_sessions").await, 0);
        let rows = "audit_rows WHERE action = 'createOwnDataSession' AND object_kind = 'session' AND origin = 'link'";
        assert_eq!(count(service, rows).await, 2);
    }

    /// Nobody is told whether anybody has an address; who wasn't verified is mailed nothing.
    async fn every_address_is_answered_the_same(service, server) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, ADDRESS, json!({})).await;
        let waits = reached(&world.officer, &world.organisation, "wacht@people.example", json!({})).await;
        asked(&world.officer, &waits).await.expect(201);
        tokens(&server, ("wacht@people.example", "contact_verification"), 1).await;
        let linked = "heeft-account@people.example";
        change(&world.officer, &format!("/v1/participants/{}", world.anna_id), json!({"contact": {"emailAddress": linked}}))
            .await.expect(200);
        verified(service, &server, &world.anna, (&world.anna_id, linked, 1)).await;
        let before = server.mails().len();
        let mut replies = Vec::new();
        for address in ["nobody@people.example", ADDRESS, "wacht@people.example", linked, "anna@demo.klankbord.example"] {
            let body = json!({"emailAddress": address, "purpose": "own_data"});
            let request = service.nobody().request(Method::POST, "/v1/sign-in-codes").json(&body);
            let answer = reply(request.header("X-Request-Id", "the-same")).await.expect(202);
            let mut headers: Vec<_> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
            headers.retain(|header| !header.starts_with("date"));
            headers.sort();
            replies.push((answer.text, headers));
        }
        assert!(replies.iter().all(|one| *one == replies[0]));
        settled(service).await;
        assert_eq!(server.mails().len(), before, "who isn't verified, or has an account, gets nothing");
        assert_eq!(count(service, "code_sessions").await, 0);
        assert_eq!(count(service, "mails WHERE template = 'own_data_code'").await, 0, "of a request for nobody nothing stays");
        // And an account's codes are of no use here.
        verified(service, &server, &world.officer, (&person, ADDRESS, 1)).await;
        code(service, &server, ADDRESS, 1).await;
        // One address isn't mailed on and on, known or not.
        for address in ["nobody@people.example", ADDRESS] {
            let body = json!({"emailAddress": address, "purpose": "own_data"});
            for _ in 0..8 {
                service.nobody().post("/v1/sign-in-codes", body.clone()).await.expect(202);
            }
            while service.nobody().post("/v1/sign-in-codes", body.clone()).await.status == 202 {}
            let over = service.nobody().post("/v1/sign-in-codes", body).await.expect(429);
            assert_eq!(over.code(), "sign_in.too_many_tries");
        }
    }

    /// One address may be that of several people, of one organisation or of two: a link for
    /// each, and each opens the data of one.
    async fn two_people_at_one_address_stay_apart(service, server) {
        let world = World::of(service).await;
        let elsewhere = service.organisation(&world.admin, "municipality", "Daar").await;
        let (there, id) = account(service, &world.admin, "daar").await;
        crate::feedback::grant(&world.admin, &id, "manager", &elsewhere).await;
        let brother = reached(&world.officer, &world.organisation, ADDRESS, json!({"displayName": "Broer"})).await;
        let sister = reached(&world.officer, &world.organisation, ADDRESS, json!({"displayName": "Zus"})).await;
        let other = reached(&there, &elsewhere, ADDRESS, json!({"displayName": "Elders"})).await;
        let silent = reached(&world.officer, &world.organisation, ADDRESS, json!({"displayName": "Stil"})).await;
        for (number, (by, person)) in [(&world.officer, &brother), (&world.officer, &sister), (&there, &other)].into_iter().enumerate() {
            verified(service, &server, by, (person, ADDRESS, number + 1)).await;
        }
        code_asked(service, ADDRESS).await;
        let mails = links(&server, (ADDRESS, CODE), 1).await;
        settled(service).await;
        assert_eq!((mails.len(), mails[0].len()), (1, 3), "a link for each that was verified: {mails:?}");
        let mail = server.mails().into_iter().find(|mail| mail["text"].as_str().unwrap().contains("#own_data=")).unwrap();
        for token in &mails[0] {
            let link = format!("<a href=\"https://app.example/#own_data={token}\">");
            assert!(mail["html"].as_str().unwrap().contains(&link));
        }
        let persons = [brother, sister, other];
        let mut seen = Vec::new();
        for token in &mails[0] {
            let session = opened(service, token).await.expect(201);
            let own = service.bearer(session.body["accessToken"].as_str().unwrap());
            let mine = session.body["participantId"].as_str().unwrap().to_owned();
            for person in persons.iter().chain([&silent]) {
                let status = if *person == mine { 200 } else { 404 };
                let reads = own.get(&format!("/v1/participants/{person}")).await.expect(status);
                assert!(status == 200 || !reads.text.contains(person.as_str()));
                own.get(&format!("/v1/participants/{person}/data-requests")).await.expect(status);
            }
            seen.push(mine);
        }
        seen.sort();
        let mut all = persons.to_vec();
        all.sort();
        assert_eq!(seen, all);
        // No trail joins them by their address.
        let joined = "SELECT CAST(MAX(n) AS TEXT) FROM (SELECT COUNT(*) AS n FROM audit_subjects s JOIN audit_rows r \
            ON r.id = s.audit_id WHERE r.action IN ('makeMailedCode', 'createOwnDataSession', 'createContactConfirmation') \
            GROUP BY s.audit_id) AS c";
        assert_eq!(stored(service, joined).await.as_deref(), Some("1"));
    }

    /// A person has a handful of codes; the older ones die. Of two at once one opens.
    async fn older_codes_die_and_one_opens_once(service, server) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, ADDRESS, json!({})).await;
        verified(service, &server, &world.officer, (&person, ADDRESS, 1)).await;
        let mut codes = Vec::new();
        for number in 1..=7 {
            codes.push(code(service, &server, ADDRESS, number).await);
            service.clock.advance(TimeDelta::seconds(1));
        }
        for code in &codes[..2] {
            opened(service, code).await.expect(401);
        }
        let tries = (0..4).map(|_| async { opened(service, &codes[6]).await.status });
        let mut statuses = futures_util::future::join_all(tries).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401, 401, 401]);
        opened(service, &codes[2]).await.expect(201);
    }

    /// What a session rests on may end; then it ends, and the codes with it.
    async fn a_session_ends_with_what_it_rests_on(service, server) {
        let world = World::of(service).await;
        let (_, fresh) = account(service, &world.admin, "nieuw").await;
        let changes = [
            ("another address", json!({"contact": {"emailAddress": "ander@people.example"}})),
            ("no address", json!({"contact": {"emailAddress": null}})),
            ("the same, of a representative", json!({"contact": {"whose": "representative"}, "birth": {"kind": "month", "year": 2015, "month": 3}})),
            ("an account", json!({"accountId": fresh})),
        ];
        for (number, (what, body)) in changes.into_iter().enumerate() {
            let address = format!("weg{number}@people.example");
            let person = reached(&world.officer, &world.organisation, &address, json!({})).await;
            let path = format!("/v1/participants/{person}");
            verified(service, &server, &world.officer, (&person, &address, 1)).await;
            let own = by_code(service, &code(service, &server, &address, 1).await).await;
            let unused = code(service, &server, &address, 2).await;
            own.get(&path).await.expect(200);
            change(&world.officer, &path, body).await.expect(200);
            assert_eq!(own.get(&path).await.status, 401, "{what}");
            assert_eq!(opened(service, &unused).await.status, 401, "{what}");
            code_asked(service, &address).await;
            settled(service).await;
            assert_eq!(links(&server, (&address, CODE), 2).await.len(), 2, "{what}: nothing more is mailed");
        }
        // What doesn't touch the address leaves it open.
        let person = reached(&world.officer, &world.organisation, "blijft@people.example", json!({})).await;
        verified(service, &server, &world.officer, (&person, "blijft@people.example", 1)).await;
        let own = by_code(service, &code(service, &server, "blijft@people.example", 1).await).await;
        let path = format!("/v1/participants/{person}");
        change(&world.officer, &path, json!({"displayName": "Roos", "contact": {"phoneNumber": "0612345678"}})).await.expect(200);
        own.get(&path).await.expect(200);
    }
}

/// A child of this month, reached at a verified address of who represents it; the record.
async fn child(service: &Service, server: &MailServer, world: &World, (year, month): (i32, i32)) -> (String, String) {
    let contact = json!({"birth": born(year, month), "contact": {"emailAddress": ADDRESS, "whose": "representative"}});
    let child = reached(&world.officer, &world.organisation, ADDRESS, contact).await;
    let mut record = parent(NOBODY);
    record.as_object_mut().unwrap().remove("accountId");
    let list = format!("/v1/participants/{child}/legal-representatives");
    let record = world.officer.make(&list, record).await.id();
    verified(service, server, &world.officer, (&child, ADDRESS, 1)).await;
    (child, format!("/v1/legal-representatives/{record}"))
}

const NOBODY: &str = "0197c000-0000-7000-8000-00110000dead";

async fn represents(service: &Service, code: &str, child: &str) -> Client {
    let session = opened(service, code).await.expect(201);
    assert_eq!((&session.body["participantId"], &session.body["openedAs"]), (&json!(child), &json!("representative")));
    service.bearer(session.body["accessToken"].as_str().unwrap())
}

mailed! {
    /// At an address of who represents a child a code opens what representatives may: never
    /// what the child says by itself. With the record it ends.
    async fn who_represents_a_child_comes_as_far_as_representatives(service, server) {
        let world = World::of(service).await;
        let (child, record) = child(service, &server, &world, (2014, 3)).await;
        let acting = represents(service, &code(service, &server, ADDRESS, 1).await, &child).await;
        let path = format!("/v1/participants/{child}");
        acting.get(&path).await.expect(200);
        acting.acting_for(&child).get(&path).await.expect(200);
        acting.acting_for(&world.anna_id).get(&path).await.expect(403);
        for own in ["/v1/me/history", "/v1/me/data-requests", "/v1/me"] {
            acting.get(own).await.expect(403);
        }
        acting.get("/v1/me/tasks").await.expect(200);
        let texts = crate::privacy::asked(&world.officer, &world.organisation, "quotes").await;
        let said = json!({"consentTextId": texts, "answer": "given", "channel": "internet"});
        let said = acting.make(&format!("{path}/consents"), said).await;
        assert_eq!(said.body["giver"], "representative");
        let export = json!({"kind": "export", "channel": "internet"});
        let export = acting.make(&format!("{path}/data-requests"), export).await;
        assert_eq!(export.body["askedBy"], "representative");
        let rows = "audit_rows WHERE action = 'createConsent' AND acting_for = actor_id";
        assert_eq!(count(service, rows).await, 1);

        let ended = json!({"to": "ended", "reason": "Het gezag is over."});
        world.officer.transition(&record, ended).await.expect(201);
        acting.get(&path).await.expect(401);
        // Written down as a representative's, and nobody recorded: nothing is opened.
        code_asked(service, ADDRESS).await;
        settled(service).await;
        assert_eq!(links(&server, (ADDRESS, CODE), 1).await.len(), 1);
    }

    /// Where two represent a child, who of them says yes can't be told by an address.
    async fn two_who_represent_do_not_consent_by_a_code(service, server) {
        let world = World::of(service).await;
        let (child, _) = child(service, &server, &world, (2014, 3)).await;
        let mut second = parent(NOBODY);
        second.as_object_mut().unwrap().remove("accountId");
        world.officer.make(&format!("/v1/participants/{child}/legal-representatives"), second).await;
        let acting = represents(service, &code(service, &server, ADDRESS, 1).await, &child).await;
        let text = crate::privacy::asked(&world.officer, &world.organisation, "quotes").await;
        let said = json!({"consentTextId": text, "answer": "given", "channel": "internet"});
        acting.post(&format!("/v1/participants/{child}/consents"), said).await.expect(403);
    }

    /// On the day that counts as 16 the session ends, and no code is mailed there any more.
    async fn at_16_a_representatives_code_opens_nothing(service, server) {
        let world = World::of(service).await;
        // Counts as 16 from 1 December 2026 on.
        let (child, _) = child(service, &server, &world, (2010, 11)).await;
        until(service, "2026-11-30T22:50:00Z");
        let acting = represents(service, &code(service, &server, ADDRESS, 1).await, &child).await;
        let path = format!("/v1/participants/{child}");
        acting.get(&path).await.expect(200);
        let unused = code(service, &server, ADDRESS, 2).await;
        until(service, "2026-11-30T23:00:00Z");
        acting.get(&path).await.expect(401);
        opened(service, &unused).await.expect(401);
        code_asked(service, ADDRESS).await;
        settled(service).await;
        assert_eq!(links(&server, (ADDRESS, CODE), 2).await.len(), 2);
        // An address of their own is verified anew, and is theirs.
        let officer = sign_in(service, "officer").await;
        change(&officer, &path, json!({"contact": {"emailAddress": "zelf@people.example"}})).await.expect(200);
        verified(service, &server, &officer, (&child, "zelf@people.example", 1)).await;
        let session = opened(service, &code(service, &server, "zelf@people.example", 1).await).await.expect(201);
        assert_eq!(session.body["openedAs"], "person");
    }

    /// A child with an address of its own comes as itself, and asks the organisation for what
    /// it is too young to do alone.
    async fn a_child_with_an_address_comes_as_itself(service, server) {
        let world = World::of(service).await;
        let more = json!({"birth": born(2014, 3)});
        let child = reached(&world.officer, &world.organisation, ADDRESS, more).await;
        verified(service, &server, &world.officer, (&child, ADDRESS, 1)).await;
        let own = by_code(service, &code(service, &server, ADDRESS, 1).await).await;
        own.get("/v1/me/history").await.expect(200);
        let refused = own.post("/v1/me/data-requests", json!({"kind": "erasure"})).await.expect(409);
        assert_eq!(refused.code(), "data_request.ask_organisation");
        let erasure = json!({"kind": "erasure", "channel": "internet"});
        let erasure = own.make(&format!("/v1/participants/{child}/data-requests"), erasure).await.id();
        go(&own, &format!("/v1/data-requests/{erasure}"), "carried_out").await.expect(403);
        let asked: Value = own.get("/v1/me/data-requests").await.expect(200).body;
        assert_eq!(asked["items"].as_array().unwrap().len(), 1);
    }

    /// A link that confirms is no code, whoever it was for.
    async fn a_link_is_for_one_thing(service, server) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, ADDRESS, json!({})).await;
        verified(service, &server, &world.officer, (&person, ADDRESS, 1)).await;
        let code = code(service, &server, ADDRESS, 1).await;
        confirmed(service, &code).await.expect(401);
        opened(service, &code).await.expect(201);
    }
}
