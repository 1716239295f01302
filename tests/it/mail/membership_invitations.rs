//! Invitations to a network by mail: the link, the answer in one step, reminders, and who
//! is not written to.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{count, mailed, replica, settled};
use crate::consultations::world::{account, change, go, sign_in, until};
use crate::feedback::{grant, invite, network, nl};
use crate::privacy::{World as Family, asked};
use crate::support::mail_server::{MailServer, token_in};
use crate::support::{Client, Reply, Service};

const ADA: &str = "ada@people.example";
const MOTHERS: &str = "moeder@people.example";
const READ: &str = "/v1/membership-invitation";
const ANSWER: &str = "/v1/membership-answers";

/// An organisation with a panel, and who runs it.
struct Panel {
    admin: Client,
    organisation: String,
    manager: Client,
    coordinator: Client,
    network: String,
}

impl Panel {
    async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "care_provider", "De Linde").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let network = network(&manager, &organisation, "panel").await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        Self { admin, organisation, manager, coordinator, network }
    }

    /// Signed in anew: the clock outlived their tokens.
    async fn later(self, service: &Service) -> Self {
        let (manager, coordinator) = (sign_in(service, "manager").await, sign_in(service, "coordinator").await);
        Self { manager, coordinator, ..self }
    }

    async fn person(&self, address: &str, more: Value) -> String {
        let mut new = json!({"organisationId": self.organisation, "displayName": "Canarie", "channel": "internet",
            "language": "nl", "contact": {"emailAddress": address}});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.manager.make("/v1/participants", new).await.id()
    }

    /// The path of a new membership of somebody who is invited.
    async fn invited(&self, person: &str) -> String {
        format!("/v1/memberships/{}", invite(&self.coordinator, &self.network, person).await)
    }
}

/// The mails that came to an address, when there are so many.
async fn letters(server: &MailServer, to: &str, wanted: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let theirs: Vec<Value> = server.mails().into_iter().filter(|mail| mail["recipients"] == json!([to])).collect();
        if theirs.len() >= wanted {
            assert_eq!(theirs.len(), wanted);
            return theirs;
        }
        assert!(Instant::now() < deadline, "{} mails came to {to}, not {wanted}", theirs.len());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn token(server: &MailServer, to: &str, wanted: usize) -> String {
    token_in(letters(server, to, wanted).await.last().unwrap())
}

/// How many mails were queued to invite and to remind.
async fn queued(service: &Service) -> [i64; 2] {
    // What another copy of the service queued isn't told to this one.
    service.running.app.deliver_mails().await.unwrap();
    settled(service).await;
    let of = |template: &str| format!("mails WHERE template = '{template}'");
    [count(service, &of("membership_invitation")).await, count(service, &of("membership_reminder")).await]
}

async fn says(service: &Service, token: &str, answer: &str) -> Reply {
    service.bearer(token).post(ANSWER, json!({"answer": answer})).await
}

async fn status(by: &Client, membership: &str) -> String {
    by.get(membership).await.expect(200).body["status"].as_str().unwrap().to_owned()
}

mailed! {
    /// The whole way of somebody without an account: read first, then yes, once.
    async fn a_link_says_yes_in_one_step(service, server) {
        let panel = Panel::of(service).await;
        let person = panel.person(ADA, json!({})).await;
        let list = format!("/v1/networks/{}/memberships", panel.network);
        let mut new = json!({"member": {"kind": "participant", "id": person}, "perspective": "parent", "role": "member",
            "status": "applied", "invitation": {"text": nl(" "), "timeNeeded": nl("Eén avond per maand")}});
        let refused = panel.coordinator.post(&list, new.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/invitation membership.invitation_unused", "/invitation/text/0/value text.blank"]);
        new["status"] = json!("invited");
        new["invitation"]["text"] = nl("Wil je meedenken?");
        let made = panel.coordinator.make(&list, new).await;
        assert_eq!((&made.body["invitedAt"], made.body.get("remindedAt")), (&json!("2026-11-23T09:00:00Z"), None));
        let path = format!("/v1/memberships/{}", made.id());
        let mail = letters(&server, ADA, 1).await.remove(0);
        assert_eq!(mail["subject"], "Iemand nodigt u uit");
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("30 dagen") && text.contains("#membership_invitation="), "{text}");
        for word in ["Linde", "panel", "Canarie", "meedenken"] {
            assert!(!text.contains(word), "the mail says {word}");
        }
        let token = token_in(&mail);
        assert_eq!(token.len(), 43);
        let link = service.bearer(&token);
        for _ in 0..2_u8 {
            let read = link.get(READ).await.expect(200).body;
            let expected = json!({"networkName": nl("Het panel"), "networkPurpose": nl("Meedenken"), "askedBy": "De Linde",
                "role": "member", "perspective": "parent", "text": nl("Wil je meedenken?"),
                "timeNeeded": nl("Eén avond per maand"), "invitedAt": "2026-11-23T09:00:00Z",
                "expiresAt": "2026-12-23T09:00:00Z"});
            assert_eq!(read, expected);
        }
        // It opens this one thing.
        link.get("/v1/me").await.expect(401);
        link.get(&path).await.expect(401);
        link.post("/v1/code-sessions", json!(null)).await.expect(401);
        assert_eq!(link.post(ANSWER, json!({"answer": "misschien"})).await.expect(400).faults(), ["/answer value.not_listed"]);

        let taken = says(service, &token, "accept").await.expect(201);
        assert_eq!(taken.body, json!({"answer": "accept", "networkName": nl("Het panel"), "answeredAt": "2026-11-23T09:00:00Z"}));
        assert_eq!(status(&panel.coordinator, &path).await, "active");
        assert_eq!(says(service, &token, "accept").await.expect(201).body, taken.body);
        assert_eq!(says(service, &token, "decline").await.expect(409).code(), "membership_invitation.answered");
        assert_eq!(link.get(READ).await.expect(200).body["answer"], "accept");
        let moves = panel.coordinator.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!((moves.items().len(), &moves.items()[0]["to"], moves.items()[0].get("madeBy")), (1, &json!("active"), None));
        // Once moved, twice written down, and from nowhere.
        let rows = "audit_rows WHERE action = 'createMembershipAnswer' AND object_kind = 'membership'";
        assert_eq!(count(service, &format!("{rows} AND origin = 'link'")).await, count(service, rows).await);
        assert!(count(service, rows).await >= 2);
        assert_eq!(count(service, &format!("membership_invitations WHERE token_hash = '{token}'")).await, 0);
        assert_eq!(count(service, "mails WHERE sent_at IS NOT NULL AND payload IS NOT NULL").await, 0);
        // Who takes part sees no more of it than before.
        assert_eq!(queued(service).await, [1, 0]);
    }

    /// A no is one step, too, with a reason if one likes; and one may be asked anew later.
    async fn a_no_is_one_step(service, server) {
        let panel = Panel::of(service).await;
        let person = panel.person(ADA, json!({"language": "en"})).await;
        let path = panel.invited(&person).await;
        let no = token(&server, ADA, 1).await;
        let body = json!({"answer": "decline", "reason": "Geen tijd."});
        let answers = futures_util::future::join_all((0..4).map(|_| {
            let (link, body) = (service.bearer(&no), body.clone());
            async move { link.post(ANSWER, body).await.status }
        })).await;
        assert_eq!(answers, [201, 201, 201, 201]);
        assert_eq!(status(&panel.coordinator, &path).await, "declined");
        let moves = panel.coordinator.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!((moves.items().len(), &moves.items()[0]["reason"]), (1, &json!("Geen tijd.")));
        assert_eq!(says(service, &no, "accept").await.expect(409).code(), "membership_invitation.answered");
        let again = panel.invited(&person).await;
        let yes = token(&server, ADA, 2).await;
        says(service, &yes, "accept").await.expect(201);
        assert_eq!((status(&panel.coordinator, &path).await, status(&panel.coordinator, &again).await),
            ("declined".to_owned(), "active".to_owned()));
    }

    /// Expired, answered otherwise, of an address that was replaced, of nobody: all the same.
    async fn a_link_that_is_over_opens_nothing(service, server) {
        let panel = Panel::of(service).await;
        let unknown = says(service, "nobody-made-this", "accept").await.expect(401);
        service.bearer("nobody-made-this").get(READ).await.expect(401);
        let person = panel.person(ADA, json!({})).await;
        let path = panel.invited(&person).await;
        let first = token(&server, ADA, 1).await;
        // They said it by telephone, too.
        go(&panel.coordinator, &path, "declined").await.expect(201);
        assert_eq!(says(service, &first, "accept").await.expect(401).code(), unknown.code());
        service.bearer(&first).get(READ).await.expect(401);
        let path = panel.invited(&person).await;
        let second = token(&server, ADA, 2).await;
        let elsewhere = json!({"contact": {"emailAddress": "ada@elsewhere.example"}});
        change(&panel.manager, &format!("/v1/participants/{person}"), elsewhere).await.expect(200);
        says(service, &second, "accept").await.expect(401);
        go(&panel.coordinator, &path, "declined").await.expect(201);
        panel.invited(&person).await;
        let third = token(&server, "ada@elsewhere.example", 1).await;
        service.clock.advance(TimeDelta::days(30));
        says(service, &third, "accept").await.expect(401);
        let rows = count(service, "audit_rows WHERE action = 'createMembershipAnswer'").await;
        assert_eq!(rows, 0, "what was tried in vain changes nothing");
        // In a closed network nobody begins; a no is heard.
        let panel = panel.later(service).await;
        let other = panel.person("bo@people.example", json!({})).await;
        let path = panel.invited(&other).await;
        let late = token(&server, "bo@people.example", 1).await;
        go(&panel.manager, &format!("/v1/networks/{}", panel.network), "closed").await.expect(201);
        assert_eq!(says(service, &late, "accept").await.expect(409).code(), "network.closed");
        says(service, &late, "decline").await.expect(201);
        assert_eq!(status(&panel.coordinator, &path).await, "declined");
    }

    /// Under 16 who represents the child is asked, and consent must stand; on the first day
    /// at 16 their link opens nothing, and nothing goes to them.
    async fn a_representative_is_asked_until_sixteen(service, server) {
        let world = Family::of(service, (2010, 11)).await;
        let child = format!("/v1/participants/{}", world.child);
        let contact = json!({"contact": {"emailAddress": MOTHERS, "whose": "representative"}});
        change(&world.officer, &child, contact).await.expect(200);
        let path = format!("/v1/memberships/{}", invite(&world.coordinator, &world.network, &world.child).await);
        let mothers = token(&server, MOTHERS, 1).await;
        let read = service.bearer(&mothers).get(READ).await.expect(200).body;
        assert_eq!(read["expiresAt"], "2026-11-30T23:00:00Z");
        assert_eq!(says(service, &mothers, "accept").await.expect(409).code(), "consent.not_standing");
        assert_eq!(status(&world.coordinator, &path).await, "invited");
        world.says(&world.mother, "given").await.expect(201);
        says(service, &mothers, "accept").await.expect(201);
        assert_eq!(status(&world.coordinator, &path).await, "active");

        let leaves = json!({"to": "ended", "reason": "Even niet."});
        world.coordinator.transition(&path, leaves).await.expect(201);
        let path = format!("/v1/memberships/{}", invite(&world.coordinator, &world.network, &world.child).await);
        let mothers = token(&server, MOTHERS, 2).await;
        until(service, "2026-11-30T23:30:00Z");
        says(service, &mothers, "decline").await.expect(401);
        service.bearer(&mothers).get(READ).await.expect(401);
        let coordinator = sign_in(service, "coordinator").await;
        go(&coordinator, &path, "declined").await.expect(201);
        invite(&coordinator, &world.network, &world.child).await;
        assert_eq!(queued(service).await, [2, 0]);
    }

    /// Proof that a child is 16 ends the link of who represented them on that day.
    async fn proof_of_age_ends_a_representatives_link(service, server) {
        let world = Family::of(service, (2010, 12)).await;
        let contact = json!({"contact": {"emailAddress": MOTHERS, "whose": "representative"}});
        change(&world.officer, &format!("/v1/participants/{}", world.child), contact).await.expect(200);
        invite(&world.coordinator, &world.network, &world.child).await;
        let mothers = token(&server, MOTHERS, 1).await;
        service.bearer(&mothers).get(READ).await.expect(200);
        let proof = format!("/v1/participants/{}/proven-ages", world.child);
        world.officer.post(&proof, json!({"age": "turned_16"})).await.expect(201);
        service.bearer(&mothers).get(READ).await.expect(401);
        says(service, &mothers, "decline").await.expect(401);
    }

    /// Who wants a call, has no address, or doesn't consent to being reached gets no mail;
    /// nor does a member who is no person.
    async fn nobody_else_is_written_to(service, server) {
        let panel = Panel::of(service).await;
        panel.invited(&panel.person(ADA, json!({"channel": "phone"})).await).await;
        panel.invited(&panel.person(ADA, json!({"contact": {"phoneNumber": "+31 88 555 01 01"}})).await).await;
        let applies = json!({"member": {"kind": "participant", "id": panel.person(ADA, json!({})).await},
            "perspective": "resident", "role": "member", "status": "applied"});
        let list = format!("/v1/networks/{}/memberships", panel.network);
        panel.coordinator.make(&list, applies).await;
        let member = json!({"member": {"kind": "organisation", "id": panel.organisation}, "perspective": "professional",
            "role": "member", "status": "invited"});
        let made = panel.coordinator.make(&list, member).await;
        assert!(made.body.get("invitedAt").is_none());
        let text = asked(&panel.manager, &panel.organisation, "contact").await;
        let person = panel.person(ADA, json!({})).await;
        let path = panel.invited(&person).await;
        assert_eq!(queued(service).await, [0, 0]);
        // Asked anew after a yes, there is a mail.
        go(&panel.coordinator, &path, "declined").await.expect(201);
        let said = json!({"consentTextId": text, "answer": "given", "channel": "phone"});
        panel.manager.make(&format!("/v1/participants/{person}/consents"), said).await;
        panel.invited(&person).await;
        letters(&server, ADA, 1).await;
        assert_eq!(queued(service).await, [1, 0]);
    }

    /// Once, after two weeks, by one of two copies of the service; never who answered, nor
    /// who takes their consent back.
    async fn the_clock_reminds_once(service, server) {
        let panel = Panel::of(service).await;
        let text = asked(&panel.manager, &panel.organisation, "contact").await;
        let mut paths = Vec::new();
        for name in ["ada", "bo", "cas"] {
            let person = panel.person(&format!("{name}@people.example"), json!({})).await;
            let said = json!({"consentTextId": text, "answer": "given", "channel": "phone"});
            let said = panel.manager.make(&format!("/v1/participants/{person}/consents"), said).await.id();
            paths.push((panel.invited(&person).await, said));
        }
        let first = token(&server, ADA, 1).await;
        let answered = token(&server, "bo@people.example", 1).await;
        letters(&server, "cas@people.example", 1).await;
        let early = panel.coordinator.post(&format!("{}/reminders", paths[0].0), json!(null)).await;
        assert_eq!(early.expect(409).code(), "membership_invitation.too_early");
        service.clock.advance(TimeDelta::days(13));
        service.round().await;
        assert_eq!(queued(service).await, [3, 0]);
        says(service, &answered, "accept").await.expect(201);
        let panel = panel.later(service).await;
        let back = json!({"to": "withdrawn"});
        panel.manager.transition(&format!("/v1/consents/{}", paths[2].1), back).await.expect(201);

        service.clock.advance(TimeDelta::days(1));
        let other = replica(service).await;
        let (one, two) = futures_util::join!(other.round(), service.running.app.round());
        one.and(two).unwrap();
        assert_eq!(queued(service).await, [3, 1]);
        let again = letters(&server, ADA, 2).await.pop().unwrap();
        assert_eq!(again["subject"], "Er wacht nog een uitnodiging op u");
        says(service, &first, "accept").await.expect(401);
        let panel = panel.later(service).await;
        let shown = panel.coordinator.get(&paths[0].0).await.expect(200).body;
        assert_eq!((&shown["invitedAt"], &shown["remindedAt"]), (&json!("2026-11-23T09:00:00Z"), &json!("2026-12-07T09:00:00Z")));
        let by_clock = "audit_rows WHERE action = 'remindInvited' AND origin = 'clock'";
        let rows = count(service, by_clock).await;
        for _ in 0..2_u8 {
            service.clock.advance(TimeDelta::days(14));
            service.round().await;
        }
        // What went long ago is forgotten; nothing new was queued.
        assert_eq!(queued(service).await, [0, 1]);
        letters(&server, ADA, 2).await;
        assert_eq!(count(service, by_clock).await, rows, "who was dealt with is left alone");

        // By hand once more, and not twice; not without consent, nor who answered.
        let panel = panel.later(service).await;
        let remind = async |path: &str| panel.coordinator.post(&format!("{path}/reminders"), json!(null)).await;
        let reminded = remind(&paths[0].0).await.expect(201).body;
        assert_eq!((&reminded["channel"], &reminded["reminders"]), (&json!("internet"), &json!(2)));
        assert_eq!(remind(&paths[0].0).await.expect(409).code(), "membership_invitation.too_early");
        assert_eq!(remind(&paths[1].0).await.expect(409).code(), "membership.not_invited");
        assert_eq!(remind(&paths[2].0).await.expect(409).code(), "membership_invitation.not_reachable");
        says(service, &token(&server, ADA, 3).await, "decline").await.expect(201);
    }

    /// Into a council one comes with the account of then, or none; who represents somebody
    /// stays outside, and what happens is written down in the room.
    async fn a_council_keeps_to_itself(service, server) {
        let panel = Panel::of(service).await;
        let council = network(&panel.manager, &panel.organisation, "youth_council").await;
        let (chair, id) = account(service, &panel.admin, "chair").await;
        grant(&panel.manager, &id, "chair", &council).await;
        go(&chair, &format!("/v1/networks/{council}"), "active").await.expect(201);
        let person = panel.person(ADA, json!({})).await;
        let path = format!("/v1/memberships/{}", invite(&chair, &council, &person).await);
        let link = token(&server, ADA, 1).await;
        let (_, account_id) = account(service, &panel.admin, "ada").await;
        change(&panel.manager, &format!("/v1/participants/{person}"), json!({"accountId": account_id})).await.expect(200);
        assert_eq!(says(service, &link, "accept").await.expect(409).code(), "membership_invitation.account_changed");
        says(service, &link, "decline").await.expect(201);
        let path_again = format!("/v1/memberships/{}", invite(&chair, &council, &person).await);
        says(service, &token(&server, ADA, 2).await, "accept").await.expect(201);
        assert_eq!((status(&chair, &path).await, status(&chair, &path_again).await), ("declined".to_owned(), "active".to_owned()));
        panel.manager.get(&path).await.expect(404);
        panel.manager.post(&format!("{path}/reminders"), json!(null)).await.expect(404);
        let child = json!({"birth": {"kind": "month", "year": 2014, "month": 5},
            "contact": {"emailAddress": MOTHERS, "whose": "representative"}});
        let child = panel.person(ADA, child).await;
        invite(&chair, &council, &child).await;
        assert_eq!(queued(service).await, [2, 0]);
        let of = |action: &str| format!("audit_rows WHERE action = '{action}' AND object_kind = 'membership'");
        for action in ["createMembershipAnswer", "createMembership"] {
            let all = count(service, &of(action)).await;
            assert!(all > 0 && all == count(service, &format!("{} AND room_id IS NOT NULL", of(action))).await, "{action}");
        }
        assert_eq!(count(service, "mails WHERE room_id IS NOT NULL").await, 2);
        // Nor does an export by the host say that there was a mail.
        let list = format!("/v1/participants/{person}/data-requests");
        let asked = json!({"kind": "export", "channel": "phone", "identityCheck": "Paspoort gezien."});
        let request = format!("/v1/data-requests/{}", panel.manager.make(&list, asked).await.id());
        go(&panel.manager, &request, "carried_out").await.expect(201);
        let export = panel.manager.make(&format!("{request}/exports"), json!(null)).await.id();
        let whole = panel.manager.post(&format!("/v1/data-exports/{export}/readings"), json!(null)).await.expect(201);
        for table in ["\"mails\"", "\"membership_invitations\"", "membership_invitation", &council] {
            assert!(!whole.text.contains(table), "{table} in {}", whole.text);
        }
    }
}
