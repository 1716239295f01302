//! Two people who are alike: each with everything that one can have here, and in every
//! text of, or about, them a word that stands nowhere else.

use klankbord_persistence::privacy::map::DataMap;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::json;

use crate::consultations::telling::published;
use crate::consultations::world::{World, answers, change, go, id};
use crate::feedback::{brought, nl, sent, support};
use crate::support::wire::reply;
use crate::support::{Client, On, Service, database};

/// What every word of theirs begins with.
pub const CANARY: &str = "canary";

/// One of the two.
pub struct Twin {
    pub client: Client,
    pub account: String,
    pub person: String,
    pub membership: String,
    pub claim: String,
    /// What they brought, and still stands.
    pub feedback: String,
    /// What they answered.
    pub response: String,
    label: &'static str,
    /// The words; the last of the first twin's is in what an office answered.
    pub canaries: Vec<String>,
}

impl Twin {
    /// A text with a word of theirs.
    pub fn word(&mut self) -> String {
        let word = format!("{CANARY}{}{:02}", self.label, self.canaries.len());
        self.canaries.push(word.clone());
        word
    }

    /// Registered, a member, with whatever is known before anybody is asked anything.
    async fn of(service: &Service, world: &World, label: &'static str) -> Self {
        let mut words = vec![format!("{CANARY}{label}00"), format!("{CANARY}{label}01")];
        let new = json!({"emailAddress": format!("{}@people.example", words[0]), "displayName": words[1]});
        let made = world.admin.make("/v1/accounts", new).await;
        let account = made.id();
        let code = made.body["signInCode"].as_str().unwrap();
        let session = service.bearer(code).post("/v1/code-sessions", json!(null)).await.expect(201);
        let client = service.bearer(session.body["accessToken"].as_str().unwrap());
        words.truncate(2);
        let mut twin = Self {
            client,
            account,
            person: String::new(),
            membership: String::new(),
            claim: String::new(),
            feedback: String::new(),
            response: String::new(),
            label,
            canaries: words,
        };
        let contact = json!({"name": twin.word(), "emailAddress": format!("{}@people.example", twin.word()),
            "phoneNumber": "+31612345678", "mailingAddress": twin.word()});
        let new = json!({"organisationId": world.organisation, "displayName": twin.word(), "channel": "internet",
            "language": "nl", "accountId": twin.account, "birth": {"kind": "month", "year": 1990, "month": 3},
            "municipality": "GM0363", "contact": contact});
        twin.person = world.officer.make("/v1/participants", new).await.id();
        let new = json!({"member": {"kind": "participant", "id": twin.person}, "perspective": "resident",
            "role": "member", "status": "invited",
            "invitation": {"text": nl(&twin.word()), "timeNeeded": nl(&twin.word())}});
        let list = format!("/v1/networks/{}/memberships", world.network);
        twin.membership = world.coordinator.make(&list, new).await.id();
        let path = format!("/v1/memberships/{}", twin.membership);
        let tried = json!({"channel": "phone", "outcome": "reached", "note": twin.word()});
        world.coordinator.make(&format!("{path}/contact-attempts"), tried).await;
        go(&twin.client, &path, "active").await.expect(201);
        world.coordinator.patch(&path, "*", json!({"seat": twin.word()})).await.expect(200);
        twin
    }

    fn path(&self, list: &str) -> String {
        format!("/v1/participants/{}/{list}", self.person)
    }

    /// Who represents them, and what they consented to and took back.
    async fn before(&mut self, world: &World) {
        let curator = json!({"kind": "curator", "name": self.word(), "startsOn": "2026-11-01",
            "evidence": {"document": "curatele_register", "seenOn": "2026-11-20"}});
        let curator = world.officer.make(&self.path("legal-representatives"), curator).await.id();
        let ended = json!({"to": "ended", "reason": self.word()});
        world.officer.transition(&format!("/v1/legal-representatives/{curator}"), ended).await.expect(201);
        let purpose = if self.label == "own" { "quotes" } else { "research" };
        let text = super::asked(&world.officer, &world.organisation, purpose).await;
        let said = json!({"consentTextId": text, "answer": "given", "channel": "internet"});
        let said = self.client.make(&self.path("consents"), said).await.id();
        let back = json!({"to": "withdrawn", "reason": self.word()});
        self.client.transition(&format!("/v1/consents/{said}"), back).await.expect(201);
    }

    fn idea(&mut self, world: &World) -> serde_json::Value {
        let mut idea = brought(&json!({"kind": "organisation", "id": world.organisation}), "idea", &self.word());
        idea["body"] = nl(&self.word());
        idea
    }

    /// What they bring: one that is answered, one that they take back, one that stays a draft.
    async fn brings(&mut self, world: &World) {
        let idea = self.idea(world);
        self.feedback = sent(&self.client, idea).await;
        let idea = self.idea(world);
        let back = sent(&self.client, idea).await;
        let withdrawn = json!({"to": "withdrawn", "reason": self.word()});
        self.client.transition(&back, withdrawn).await.expect(201);
        let idea = self.idea(world);
        self.client.make("/v1/feedback", idea).await;
    }

    /// What was agreed with them, and that they came forward in a campaign.
    async fn agrees(&mut self, world: &World) {
        let promise = json!({"role": nl(&self.word()), "training": nl(&self.word()), "startsOn": "2026-11-01",
            "expectedMinutesPerMonth": 60});
        let made = world.coordinator.make(&format!("/v1/memberships/{}/agreements", self.membership), promise).await;
        for by in [&self.client, &world.manager] {
            let path = format!("/v1/agreements/{}/acceptances", made.id());
            let request = by.request(reqwest::Method::POST, &path).header("If-Match", "*");
            reply(request.json(&json!({"channel": "internet"}))).await.expect(201);
        }
        let ended = json!({"to": "ended", "reason": self.word()});
        self.client.transition(&format!("/v1/agreements/{}", made.id()), ended).await.expect(201);
        let campaign = json!({"name": nl("Gezocht"), "perspective": "resident", "startsOn": "2026-11-01"});
        let list = format!("/v1/networks/{}/recruitment-campaigns", world.network);
        let campaign = world.coordinator.make(&list, campaign).await.id();
        let list = format!("/v1/recruitment-campaigns/{campaign}/batches");
        let batch = world.coordinator.make(&list, json!({"channel": "phone", "reached": 3})).await.id();
        let list = format!("/v1/recruitment-batches/{batch}/candidates");
        world.coordinator.make(&list, json!({"membershipId": self.membership})).await;
    }

    /// What is noted of asking them, and of telling them what came of it.
    async fn is_reached(&mut self, world: &World, consultation: &str, report_back: &str) {
        let longer = json!({"participantId": self.person, "reason": self.word()});
        world.facilitator.make(&format!("{consultation}/deadline-extensions"), longer).await;
        let called = json!({"participantId": self.person, "outcome": "call_back", "note": self.word()});
        world.facilitator.make(&format!("{consultation}/contact-attempts"), called).await;
        let told =
            json!({"reportBackId": report_back, "channel": "phone", "outcome": "not_reached", "note": self.word()});
        world.coordinator.make(&format!("/v1/memberships/{}/telling-attempts", self.membership), told).await;
    }

    /// What facilitators made of what they wrote: a theme, and a quote that was taken back.
    async fn is_coded(&mut self, world: &World, consultation: &str) {
        let theme = world.facilitator.make(&format!("{consultation}/themes"), json!({"label": nl("Tijd")})).await.id();
        let of = json!({"responseId": self.response, "questionId": id("question", 3)});
        let with = |more: serde_json::Value| {
            let mut body = of.clone();
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        world.facilitator.make(&format!("{consultation}/codings"), with(json!({"themeIds": [theme]}))).await;
        let quote = with(json!({"text": nl(&self.word())}));
        let quote = world.facilitator.make(&format!("{consultation}/quotes"), quote).await.id();
        let back = json!({"to": "withdrawn", "reason": self.word()});
        world.facilitator.transition(&format!("/v1/quotes/{quote}"), back).await.expect(201);
    }

    /// What they can bring.
    async fn can_bring(&mut self) {
        let training = json!({"name": self.word(), "givenBy": self.word(), "year": 2024, "certified": true});
        let content = json!({"themes": ["foster_care"], "ownWords": nl(&self.word()), "forms": ["story"],
            "dayParts": ["weekend"], "minutesPerMonth": 120, "places": ["remote"], "municipalities": ["GM0363"],
            "trainings": [training], "approachable": true});
        self.client.patch(&self.path("experience-profile"), "*", content).await.expect(200);
    }

    /// That they said yes to who asked for it.
    async fn offers(&self) {
        let desk = self.client.get("/v1/me/experience-approaches").await.expect(200);
        let path = format!("/v1/experience-approaches/{}", desk.items()[0]["id"].as_str().unwrap());
        let yes = json!({"to": "interested", "shared": ["themes"]});
        self.client.transition(&path, yes).await.expect(201);
    }

    /// What they asked money for, what they were made, and what they asked of their data.
    async fn claims(&mut self, world: &World) {
        let line = json!({"kind": "costs", "happenedOn": "2026-11-20", "amountCents": 900,
            "description": self.word(), "proven": true});
        let claim = json!({"basis": "actual_costs", "lines": [line]});
        let made = self.client.make(&format!("/v1/memberships/{}/claims", self.membership), claim).await;
        self.claim = format!("/v1/claims/{}", made.id());
        go(&self.client, &self.claim, "submitted").await.expect(201);
        let no = json!({"to": "rejected", "reason": self.word()});
        world.officer.transition(&self.claim, no).await.expect(201);
        let role = json!({"accountId": self.account, "role": "moderator", "scopeId": world.network,
            "reason": self.word()});
        world.manager.make("/v1/grants", role).await;
        let invited = json!({"emailAddress": format!("{}@people.example", self.canaries[0]), "role": "facilitator",
            "scopeId": world.network, "reason": self.word()});
        world.manager.make("/v1/role-invitations", invited).await;
        let asked = json!({"kind": "rectification", "channel": "phone", "details": self.word(),
            "identityCheck": self.word()});
        let asked = world.officer.make(&self.path("data-requests"), asked).await.id();
        let no = json!({"to": "rejected", "reason": self.word()});
        world.officer.transition(&format!("/v1/data-requests/{asked}"), no).await.expect(201);
        self.client.make("/v1/me/second-factor", json!({})).await;
    }
}

/// The two, in a panel of fourteen that was asked something and answered.
pub struct Twins {
    pub world: World,
    /// The consultation, closed.
    pub consultation: String,
    pub own: Twin,
    pub other: Twin,
}

impl Twins {
    pub async fn of(service: &Service) -> Self {
        let world = World::of(service).await;
        let mut own = Twin::of(service, &world, "own").await;
        let mut other = Twin::of(service, &world, "other").await;
        let consultation = world.prepared().await;
        let mut questions = world.officer.get(&consultation).await.expect(200).body["questions"].clone();
        questions[0]["options"][0]["ownWords"] = json!(true);
        change(&world.officer, &consultation, json!({"questions": questions})).await.expect(200);
        for twin in [&mut own, &mut other] {
            twin.before(&world).await;
            let past = json!({"membershipId": twin.membership, "reason": twin.word()});
            world.officer.make(&format!("{consultation}/burden-overrides"), past).await;
        }
        go(&world.officer, &consultation, "open").await.expect(201);
        world.answered(&consultation).await;
        let heard = published(&world.officer, &consultation, "We lezen alles.").await;
        for twin in [&mut own, &mut other] {
            twin.is_reached(&world, &consultation, &heard).await;
            let mut answer = answers("internet", 1, 4, Some(&twin.word()));
            answer["answers"][0]["otherText"] = json!({"text": twin.word(), "language": "nl"});
            twin.response = twin.client.make(&format!("{consultation}/responses"), answer).await.id();
            twin.brings(&world).await;
            twin.claims(&world).await;
            twin.agrees(&world).await;
            twin.can_bring().await;
        }
        let request = json!({"title": nl("Vertellen"), "purpose": nl("Een les."), "themes": ["foster_care"],
            "forms": ["story"], "minutesPerMonth": 60, "compensation": nl("Een bon."), "answerDueOn": "2026-12-15"});
        let list = format!("/v1/organisations/{}/experience-requests", world.organisation);
        let request = format!("/v1/experience-requests/{}", world.officer.make(&list, request).await.id());
        go(&world.officer, &request, "open").await.expect(201);
        for twin in [&own, &other] {
            twin.offers().await;
        }
        support(&own.client, &other.feedback).await.expect(201);
        support(&other.client, &own.feedback).await.expect(201);
        go(&world.officer, &consultation, "closed").await.expect(201);
        for twin in [&mut own, &mut other] {
            twin.is_coded(&world, &consultation).await;
        }
        // What an office signed stays, also where it says again what somebody wrote.
        let answer = json!({"text": nl(&format!("U schreef: {}", own.word())), "reasons": nl("Daarom.")});
        world.officer.make(&format!("{}/official-responses", own.feedback), answer).await;
        Self { world, consultation, own, other }
    }
}

/// Every row of every table as text: table, row.
pub async fn rows(service: &Service) -> Vec<(String, String)> {
    let open = database::connect(&service.running.app.config.database.url).await;
    let mut found = Vec::new();
    for (table, entry) in &DataMap::read().unwrap().table {
        let columns: Vec<&str> = entry.columns.keys().map(String::as_str).collect();
        for column in &columns {
            let sql = match service.on {
                // Ballots have no number that counts their rows.
                On::Sqlite => format!(
                    "SELECT quote(\"{column}\") AS v FROM \"{table}\" ORDER BY {}",
                    if table.ends_with("_ballots") || table == "ballot_receipts" { "1" } else { "rowid" }
                ),
                On::Postgres => {
                    format!("SELECT \"{column}\"::text AS v FROM \"{table}\" ORDER BY ctid")
                }
            };
            let backend = if service.on == On::Sqlite { DbBackend::Sqlite } else { DbBackend::Postgres };
            for row in open.query_all_raw(Statement::from_string(backend, sql)).await.unwrap() {
                let value: Option<String> = row.try_get("", "v").unwrap();
                found.push((format!("{table}.{column}"), value.unwrap_or_default()));
            }
        }
    }
    open.close().await.unwrap();
    found
}
