//! Participants and memberships: who is known to whom, and as what.

use serde_json::{Value, json};

use crate::feedback::{grant, invite, join, network, nl, participant};
use crate::networks::{holder, host};
use crate::support::{Client, On, Reply, Service};

const NOWHERE: &str = "0197c000-0000-7000-8000-00070000dead";

/// A reply without the request's id, which alone differs between two requests.
fn bare(reply: &Reply) -> (u16, String) {
    (reply.status, reply.text.replace(reply.body["requestId"].as_str().unwrap_or("-"), ""))
}

/// The names in a page.
fn names(page: &Reply) -> Vec<&str> {
    page.items().iter().map(|one| one["displayName"].as_str().unwrap()).collect()
}

/// Whether any file of the service holds these bytes.
fn on_disk(service: &Service, needle: &str) -> bool {
    let files = std::fs::read_dir(service.folder()).unwrap().map(|entry| entry.unwrap().path());
    let read = |path| std::fs::read(path).unwrap_or_default();
    files.map(read).any(|bytes| bytes.windows(needle.len()).any(|part| part == needle.as_bytes()))
}

/// A person as they are registered.
pub fn person(organisation: &str, name: &str) -> Value {
    json!({"organisationId": organisation, "displayName": name, "channel": "phone", "language": "nl-simple",
        "birth": {"kind": "month", "year": 2009, "month": 6}, "municipality": "GM0363",
        "expertise": ["lived_experience"],
        "contact": {"name": "Geheime Naam", "emailAddress": "geheim@brievenbus.example",
            "phoneNumber": "+31 88 555 01 01", "mailingAddress": "Verborgenlaan 7"}})
}

fn membership(person: &str, status: &str) -> Value {
    json!({"member": {"kind": "participant", "id": person}, "perspective": "young_person", "role": "member",
        "status": status})
}

on_both! {
    /// Registered, read whole by who may, listed without what is private, changed.
    async fn a_participant_is_registered_and_changed(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let officer = holder(service, &admin, &manager, "officer", &here).await;
        let made = officer.make("/v1/participants", person(&here, "Zonnebloem")).await;
        let path = format!("/v1/participants/{}", made.id());
        assert_eq!(made.header("location"), path);
        let mut expected = person(&here, "Zonnebloem");
        for (name, value) in [("id", json!(made.id())), ("etag", json!(made.etag())),
            ("createdAt", json!("2026-11-23T09:00:00Z")), ("updatedAt", json!("2026-11-23T09:00:00Z")),
            ("contactTimes", json!([])), ("accessNeeds", json!([]))] {
            expected[name] = value;
        }
        assert_eq!(made.body, expected);
        assert_eq!(manager.get(&path).await.expect(200).body, expected);
        let listed = officer.get("/v1/participants?count=true").await.expect(200);
        assert_eq!(listed.body["total"], 1);
        for private in ["contact", "birth", "etag"] {
            expected.as_object_mut().unwrap().remove(private);
        }
        assert_eq!(listed.items(), &[expected]);

        let changes = json!({"birth": {"kind": "band", "band": "age_16_17", "declaredOn": "2026-11-02"},
            "contact": {"phoneNumber": null, "emailAddress": "nieuw@brievenbus.example"}, "municipality": null});
        let changed = officer.patch(&path, &made.etag(), changes.clone()).await.expect(200);
        assert_eq!(changed.body["birth"], changes["birth"]);
        let contact = json!({"name": "Geheime Naam", "emailAddress": "nieuw@brievenbus.example",
            "mailingAddress": "Verborgenlaan 7"});
        assert_eq!(changed.body["contact"], contact);
        assert_eq!(changed.body.get("municipality"), None);
        officer.patch(&path, &made.etag(), json!({"language": "nl"})).await.expect(412);
        let cleared = officer.patch(&path, &changed.etag(), json!({"contact": null, "birth": null})).await.expect(200);
        assert_eq!((cleared.body.get("contact"), cleared.body.get("birth")), (None, None));
        assert_eq!(officer.get(&path).await.expect(200).body, cleared.body);

        let mut wrong = person(&here, " ");
        wrong["language"] = json!("Nederlands");
        wrong["municipality"] = json!("Amsterdam");
        wrong["birth"] = json!({"kind": "band", "band": "age_16_17", "declaredOn": "2027-01-01"});
        wrong["contact"] = json!({"emailAddress": "geen adres", "phoneNumber": "112-112-x"});
        let refused = officer.post("/v1/participants", wrong).await.expect(400);
        let expected = ["/birth/declaredOn birth.declared_in_future",
            "/contact/emailAddress contact.email_address_malformed",
            "/contact/phoneNumber contact.phone_number_malformed", "/displayName participant.display_name_blank",
            "/language text.language_malformed", "/municipality municipality.malformed"];
        assert_eq!(refused.faults(), expected);
        let mut wrong = person(&here, "Zon");
        wrong["birth"] = json!({"kind": "month", "year": 2009, "month": 13, "day": 1});
        let refused = officer.post("/v1/participants", wrong).await.expect(400);
        assert_eq!(refused.faults(), ["/birth/day value.unknown_field", "/birth/month value.too_large"]);
    }

    /// Who somebody is follows from their row: linked by the organisation alone,
    /// never to oneself, once in an organisation.
    async fn an_account_is_linked_by_the_organisation(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (officer, officer_id) = service.account(&admin, "officer").await;
        grant(&manager, &officer_id, "officer", &here).await;
        let (anna, anna_id) = service.account(&admin, "anna").await;
        let (_, bram_id) = service.account(&admin, "bram").await;
        let id = participant(&officer, &here, None, "Anna").await;
        let path = format!("/v1/participants/{id}");
        anna.get(&path).await.expect(404);
        let unknown = officer.patch(&path, "*", json!({"accountId": NOWHERE})).await.expect(400);
        assert_eq!(unknown.faults(), ["/accountId reference.unknown"]);
        let own = officer.patch(&path, "*", json!({"accountId": officer_id})).await.expect(409);
        assert_eq!(own.code(), "grant.to_oneself");
        officer.patch(&path, "*", json!({"accountId": anna_id})).await.expect(200);
        let role = json!({"role": "participant", "scopeKind": "participant", "scopeId": id});
        assert_eq!(anna.get("/v1/me").await.expect(200).body["roles"], json!([role]));
        let mut second = person(&here, "Anna ook");
        second["accountId"] = json!(anna_id);
        let taken = officer.post("/v1/participants", second).await.expect(409);
        assert_eq!(taken.code(), "participant.account_taken");

        let read = anna.get(&path).await.expect(200);
        let changed = anna.patch(&path, &read.etag(), json!({"displayName": "Annie"})).await.expect(200);
        assert_eq!(changed.body["displayName"], "Annie");
        anna.patch(&path, "*", json!({"accountId": bram_id})).await.expect(403);
        assert_eq!(names(&anna.get("/v1/participants").await.expect(200)), ["Annie"]);
        // Once linked, it is the person's to unlink.
        officer.patch(&path, "*", json!({"accountId": null})).await.expect(403);
        anna.patch(&path, "*", json!({"accountId": null})).await.expect(200);
        anna.get(&path).await.expect(404);
        assert_eq!(anna.get("/v1/me").await.expect(200).body["roles"], json!([]));
    }

    /// Contact details are found by who may, and stand nowhere in clear; reading
    /// somebody else's is written down, reading one's own is not.
    async fn contact_details_are_sealed_and_reads_written_down(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (anna, anna_id) = service.account(&admin, "anna").await;
        let mut new = person(&here, "Zonnebloem 100%");
        new["accountId"] = json!(anna_id);
        let request = manager.request(reqwest::Method::POST, "/v1/participants").header("Idempotency-Key", "een");
        let made = crate::support::wire::reply(request.json(&new)).await.expect(201);
        participant(&manager, &here, None, "Maan").await;
        let path = format!("/v1/participants/{}", made.id());
        let search = async |body: Value| manager.post("/v1/participants/_search", body).await.expect(200);
        for found in [
            json!({"organisationId": here, "emailAddress": " GEHEIM@brievenbus.example"}),
            json!({"organisationId": here, "displayName": "zonneBLOEM"}),
            json!({"organisationId": here, "displayName": "0%"}),
        ] {
            let page = search(found).await;
            assert_eq!(names(&page), ["Zonnebloem 100%"]);
            assert_eq!(page.items()[0].get("contact"), None);
        }
        for nothing in [
            json!({"organisationId": here, "emailAddress": "geheim@brievenbus.exampl"}),
            json!({"organisationId": here, "displayName": "zon%bloem"}),
            json!({"organisationId": here, "displayName": "maan", "emailAddress": "geheim@brievenbus.example"}),
        ] {
            assert_eq!(names(&search(nothing).await), Vec::<&str>::new());
        }
        let empty = manager.post("/v1/participants/_search", json!({"organisationId": here})).await.expect(400);
        assert_eq!(empty.faults(), [" search.empty"]);

        if service.on == On::Sqlite {
            assert!(on_disk(service, "Zonnebloem 100%"));
            for clear in ["Geheime Naam", "geheim@brievenbus", "555 01 01", "Verborgenlaan"] {
                assert!(!on_disk(service, clear), "{clear} stands in clear");
            }
            anna.get(&path).await.expect(200);
            assert!(!on_disk(service, "getParticipant"));
            manager.get(&path).await.expect(200);
            assert!(on_disk(service, "getParticipant"));
        }
    }

    /// How to reach somebody, and what is kept of their birth, is for who needs it:
    /// also where one asks by address.
    async fn contact_and_birth_are_for_who_needs_them(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let panel = network(&manager, &here, "panel").await;
        let coordinator = holder(service, &admin, &manager, "coordinator", &panel).await;
        let facilitator = holder(service, &admin, &manager, "facilitator", &panel).await;
        let shown = |reply: Reply| {
            let there = |field: &str| reply.body.get(field).is_some();
            (there("contact"), there("birth"))
        };
        for (channel, called) in [("internet", false), ("phone", true)] {
            let mut new = person(&here, channel);
            new["channel"] = json!(channel);
            let id = manager.make("/v1/participants", new).await.id();
            let membership = invite(&manager, &panel, &id).await;
            manager.transition(&format!("/v1/memberships/{membership}"), json!({"to": "active"})).await.expect(201);
            let path = format!("/v1/participants/{id}");
            assert_eq!(shown(manager.get(&path).await.expect(200)), (true, true));
            assert_eq!(shown(coordinator.get(&path).await.expect(200)), (true, true));
            assert_eq!(shown(facilitator.get(&path).await.expect(200)), (called, false));
        }
        let by_address = json!({"organisationId": here, "emailAddress": "geheim@brievenbus.example"});
        assert_eq!(coordinator.post("/v1/participants/_search", by_address.clone()).await.expect(200).items().len(), 2);
        assert_eq!(facilitator.post("/v1/participants/_search", by_address).await.expect(200).items().len(), 0);
        let by_name = json!({"organisationId": here, "displayName": "phone"});
        assert_eq!(facilitator.post("/v1/participants/_search", by_name).await.expect(200).items().len(), 1);

        for (scopes, seen) in [(json!(["participants:read"]), (false, false)),
            (json!(["participants:read", "participants:write"]), (true, true))] {
            let client = manager.make("/v1/clients", json!({"organisationId": here, "name": "Koppeling",
                "scopes": scopes})).await.id();
            let key = manager.make(&format!("/v1/clients/{client}/credentials"), json!({"kind": "api_key"})).await;
            let machine = service.bearer(key.body["secret"].as_str().unwrap());
            let listed = machine.get("/v1/participants").await.expect(200);
            let path = format!("/v1/participants/{}", listed.items()[0]["id"].as_str().unwrap());
            assert_eq!(shown(machine.get(&path).await.expect(200)), seen);
        }
    }

    /// What another organisation registered is as unknown as what isn't there.
    async fn organisations_do_not_see_each_others_people(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (other, there) = host(service, &admin, "daar").await;
        let theirs = other.make("/v1/participants", person(&there, "Maan")).await.id();
        let (foreign, random) = (format!("/v1/participants/{theirs}"), format!("/v1/participants/{NOWHERE}"));
        for by in [&manager, &admin] {
            assert_eq!(bare(&by.get(&foreign).await.expect(404)), bare(&by.get(&random).await));
            let patch = json!({"language": "nl"});
            let changed = by.patch(&foreign, "*", patch.clone()).await.expect(404);
            assert_eq!(bare(&changed), bare(&by.patch(&random, "*", patch).await));
            assert_eq!(names(&by.get("/v1/participants").await.expect(200)), Vec::<&str>::new());
        }
        assert_eq!(manager.get("/v1/participants/_search").await.status, 405);
        for organisation in [there.as_str(), NOWHERE] {
            let search = json!({"organisationId": organisation, "displayName": "maan"});
            let refused = manager.post("/v1/participants/_search", search).await.expect(400);
            assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);
            let refused = manager.post("/v1/participants", person(organisation, "Zon")).await.expect(400);
            assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);
            let listed = manager.get(&format!("/v1/participants?organisationId={organisation}")).await.expect(200);
            assert_eq!(names(&listed), Vec::<&str>::new());
        }
        admin.post("/v1/participants", person(&here, "Zon")).await.expect(403);
        let panel = network(&manager, &here, "panel").await;
        let memberships = format!("/v1/networks/{panel}/memberships");
        for id in [theirs.as_str(), NOWHERE] {
            let refused = manager.post(&memberships, membership(id, "invited")).await.expect(400);
            assert_eq!(refused.faults(), ["/member/id reference.unknown"]);
        }
        manager.patch(&format!("/v1/networks/{panel}"), "*", json!({"partners": [there]})).await.expect(200);
        let made = manager.make(&memberships, membership(&theirs, "invited")).await;
        manager.get(&foreign).await.expect(404);
        // Whoever registered them answers for them.
        other.get(&format!("/v1/memberships/{}", made.id())).await.expect(200);
    }

    /// Who runs a network knows who takes part in it; of a council its own roles alone.
    async fn people_are_known_where_they_take_part(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let hub = network(&manager, &here, "participation_hub").await;
        let group = json!({"hostId": here, "kind": "working_group", "parentId": hub, "name": nl("Groep"),
            "purpose": nl("Doel")});
        let group = manager.make("/v1/networks", group).await.id();
        let coordinator = holder(service, &admin, &manager, "coordinator", &hub).await;
        let facilitator = holder(service, &admin, &manager, "facilitator", &group).await;
        let observer = holder(service, &admin, &manager, "observer", &hub).await;
        let (anna, anna_account) = service.account(&admin, "anna").await;
        let anna_id = participant(&manager, &here, Some(&anna_account), "Anna").await;
        participant(&manager, &here, None, "Bram").await;
        let path = format!("/v1/participants/{anna_id}");
        coordinator.get(&path).await.expect(404);
        let invited = invite(&coordinator, &group, &anna_id).await;
        coordinator.get(&path).await.expect(404);
        // Who has an account says yes themself.
        coordinator.transition(&format!("/v1/memberships/{invited}"), json!({"to": "active"})).await.expect(403);
        anna.transition(&format!("/v1/memberships/{invited}"), json!({"to": "active"})).await.expect(201);
        for by in [&coordinator, &facilitator] {
            by.get(&path).await.expect(200);
            by.patch(&path, "*", json!({"language": "nl"})).await.expect(403);
            assert_eq!(names(&by.get("/v1/participants").await.expect(200)), ["Anna"]);
            let here = by.get(&format!("/v1/participants?networkId={group}")).await.expect(200);
            assert_eq!(names(&here), ["Anna"]);
        }
        let outside = coordinator.get(&format!("/v1/participants?networkId={hub}")).await.expect(200);
        assert_eq!(names(&outside), Vec::<&str>::new());
        observer.get(&path).await.expect(404);
        let seen = |reply: Reply| reply.items().len();
        let list = format!("/v1/networks/{group}/memberships");
        assert_eq!(seen(facilitator.get(&list).await.expect(200)), 1);
        assert_eq!(seen(anna.get(&list).await.expect(200)), 1);
        observer.get(&format!("/v1/networks/{hub}/memberships")).await.expect(200);
        assert_eq!(seen(observer.get(&list).await.expect(200)), 0);
        facilitator.patch(&format!("/v1/memberships/{invited}"), "*", json!({"seat": "Zuid"})).await.expect(403);
        observer.get(&format!("/v1/memberships/{invited}")).await.expect(404);

        let council = network(&manager, &here, "youth_council").await;
        let chair = holder(service, &admin, &manager, "chair", &council).await;
        join(&chair, &anna, &council, &anna_id).await;
        chair.transition(&format!("/v1/networks/{council}"), json!({"to": "active"})).await.expect(201);
        let list = format!("/v1/networks/{council}/memberships");
        assert_eq!(seen(manager.get(&list).await.expect(200)), 0);
        assert_eq!(seen(chair.get(&list).await.expect(200)), 1);
        let own = anna.get(&list).await.expect(200);
        let one = format!("/v1/memberships/{}", own.items()[0]["id"].as_str().unwrap());
        manager.get(&one).await.expect(404);
        manager.transition(&one, json!({"to": "ended", "reason": "Zo maar"})).await.expect(404);
        manager.post(&list, membership(&anna_id, "invited")).await.expect(403);
        let filtered = format!("/v1/participants?networkId={council}");
        assert_eq!(names(&manager.get(&filtered).await.expect(200)), Vec::<&str>::new());
        assert_eq!(names(&chair.get(&filtered).await.expect(200)), ["Anna"]);
        assert_eq!(names(&anna.get(&filtered).await.expect(200)), ["Anna"]);
        chair.get(&path).await.expect(200);
    }

    /// Invited or applied, let in, ended: rights follow from the row.
    async fn a_membership_moves_along(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let panel = network(&manager, &here, "panel").await;
        let coordinator = holder(service, &admin, &manager, "coordinator", &panel).await;
        let (anna, account) = service.account(&admin, "anna").await;
        let (stranger, _) = service.account(&admin, "stranger").await;
        let id = participant(&manager, &here, Some(&account), "Anna").await;
        let list = format!("/v1/networks/{panel}/memberships");
        anna.post(&list, membership(&id, "invited")).await.expect(403);
        stranger.post(&list, membership(&id, "applied")).await.expect(403);
        let wrong = json!({"member": {"kind": "participant", "id": id}, "perspective": "young_person", "role": "chair",
            "status": "active", "ring": "core", "rung": "advise", "seat": " ", "termStartsOn": "2026-02-01",
            "termEndsOn": "2026-01-01"});
        let expected = ["/role membership.role_needs_council", "/rung membership.ring_rung_disagree",
            "/seat membership.seat_blank", "/status membership.status_not_initial", "/termEndsOn period.reversed"];
        assert_eq!(coordinator.post(&list, wrong).await.expect(400).faults(), expected);
        let itself = json!({"member": {"kind": "network", "id": panel}, "perspective": "professional", "role": "member",
            "status": "invited"});
        assert_eq!(coordinator.post(&list, itself).await.expect(400).faults(), ["/member membership.own_network"]);

        let applied = anna.make(&list, membership(&id, "applied")).await;
        let path = format!("/v1/memberships/{}", applied.id());
        assert_eq!(applied.header("location"), path);
        assert_eq!(applied.body["allowedTransitions"], json!(["declined"]));
        let again = coordinator.post(&list, membership(&id, "invited")).await.expect(409);
        assert_eq!(again.code(), "membership.exists");
        let go = async |by: &Client, path: &str, to: &str| by.transition(path, json!({"to": to})).await;
        go(&anna, &path, "active").await.expect(403);
        go(&coordinator, &path, "waiting").await.expect(201);
        let illegal = go(&coordinator, &path, "ended").await.expect(409);
        assert_eq!(illegal.body["allowedTransitions"], json!(["active", "declined"]));
        assert_eq!(go(&coordinator, &path, "gone").await.expect(400).faults(), ["/to transition.unknown"]);
        let roles = async || anna.get("/v1/me").await.expect(200).body["roles"].as_array().unwrap().len();
        assert_eq!(roles().await, 1);
        go(&coordinator, &path, "active").await.expect(201);
        let held = anna.get("/v1/me").await.expect(200).body["roles"].clone();
        assert_eq!(held[1], json!({"role": "member", "scopeKind": "network", "scopeId": panel}));
        assert_eq!(anna.get(&format!("/v1/networks/{panel}/composition")).await.body["total"], json!({"figure": 1}));

        let shown = coordinator.get(&path).await.expect(200);
        let disagree = coordinator.patch(&path, &shown.etag(), json!({"ring": "third", "rung": "codecide"})).await.expect(400);
        assert_eq!(disagree.faults(), ["/rung membership.ring_rung_disagree"]);
        let changes = json!({"ring": "core", "rung": "codecide", "seat": "Locatie Zuid"});
        let changed = coordinator.patch(&path, &shown.etag(), changes).await.expect(200);
        assert_eq!((&changed.body["ring"], &changed.body["rung"]), (&json!("core"), &json!("codecide")));
        coordinator.patch(&path, &shown.etag(), json!({"ring": null})).await.expect(412);
        anna.patch(&path, "*", json!({"rung": "self_govern"})).await.expect(403);
        let fixed = coordinator.patch(&path, "*", json!({"status": "ended"})).await.expect(400);
        assert_eq!(fixed.faults(), ["/status value.unknown_field"]);
        assert_eq!(anna.get(&path).await.expect(200).body["member"], json!({"kind": "participant", "id": id}));

        assert_eq!(go(&anna, &path, "ended").await.expect(400).faults(), ["/reason reason.required"]);
        let ended = json!({"to": "ended", "reason": "Ik ga verhuizen."});
        anna.transition(&path, ended).await.expect(201);
        assert_eq!(roles().await, 1);
        assert_eq!(coordinator.patch(&path, "*", json!({"seat": "Noord"})).await.expect(409).code(), "membership.over");
        let history = coordinator.get(&format!("{path}/transitions")).await.expect(200);
        let steps: Vec<_> = history.items().iter().map(|step| step["to"].as_str().unwrap()).collect();
        assert_eq!(steps, ["waiting", "active", "ended"]);
        stranger.get(&format!("{path}/transitions")).await.expect(404);

        let second = coordinator.make(&list, membership(&id, "invited")).await;
        let second = format!("/v1/memberships/{}", second.id());
        go(&anna, &second, "active").await.expect(201);
        for (query, number) in [("status=active", 1), ("status=ended", 1), ("status=ended&status=active", 2),
            ("perspective=parent", 0), ("perspective=young_person", 2)] {
            assert_eq!(coordinator.get(&format!("{list}?{query}")).await.expect(200).items().len(), number, "{query}");
        }
        manager.transition(&format!("/v1/networks/{panel}"), json!({"to": "closed"})).await.expect(201);
        // A closed network is left, and nothing else.
        assert_eq!(coordinator.get(&second).await.expect(200).body["allowedTransitions"], json!(["ended"]));
        coordinator.transition(&second, json!({"to": "ended", "reason": "Klaar"})).await.expect(201);
        assert_eq!(coordinator.post(&list, membership(&id, "invited")).await.expect(409).code(), "network.closed");
    }
}
