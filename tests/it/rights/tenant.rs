//! A tenant with one thing of each kind, and with everybody who is something in it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::things::Things;
use super::{asked, room};
use crate::consultations::world::{activate, change, go, id, member};
use crate::contract::operation::DOCUMENT;
use crate::feedback::{brought, grant, invite, nl, sent};
use crate::representatives;
use crate::support::{Client, Service};

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    pub client: Client,
    pub account: String,
}

/// An organisation that provides care, with all that hangs on it.
pub struct Tenant {
    pub organisation: String,
    pub people: BTreeMap<&'static str, Person>,
    /// Its clients and its kiosk, by what they may do.
    pub machines: BTreeMap<&'static str, Client>,
    /// What isn't in a council's room.
    pub open: Things,
    /// What is in its council's.
    pub room: Things,
}

/// Who builds a tenant.
pub struct Founder<'a> {
    pub service: &'a Service,
    pub admin: &'a Client,
    pub label: &'static str,
    /// Where its questions begin to count: no two tenants have one in common.
    pub number: u32,
    pub tenant: Tenant,
}

impl Tenant {
    pub async fn new(service: &Service, admin: &Client, label: &'static str, number: u32) -> Self {
        let organisation = service.organisation(admin, "care_provider", &format!("Zorg {label}")).await;
        let (people, machines) = (BTreeMap::new(), BTreeMap::new());
        let (open, room) = (Things::default(), Things::default());
        let tenant = Self { organisation, people, machines, open, room };
        let mut founder = Founder { service, admin, label, number, tenant };
        founder.staff().await;
        founder.frame().await;
        founder.networks().await;
        founder.members().await;
        founder.asked().await;
        founder.brought().await;
        founder.paid().await;
        founder.consented().await;
        founder.sought_out().await;
        founder.kept_to_ask_again().await;
        founder.asked_of_data().await;
        founder.machines().await;
        room::furnish(&mut founder).await;
        founder.tenant
    }

    pub fn by(&self, name: &str) -> &Client {
        &self.people[name].client
    }

    pub fn account(&self, name: &str) -> &str {
        &self.people[name].account
    }
}

impl Founder<'_> {
    /// Somebody new, known by this name.
    pub async fn joins(&mut self, name: &'static str) -> Person {
        let (client, account) = self.service.account(self.admin, &format!("{name}-{}", self.label)).await;
        let person = Person { client, account };
        self.tenant.people.insert(name, person.clone());
        person
    }

    /// Somebody new with a role, granted by whom the name says.
    pub async fn appointed(&mut self, name: &'static str, (by, role): (&str, &str), scope: &str) {
        let person = self.joins(name).await;
        grant(&self.tenant.people[by].client, &person.account, role, scope).await;
    }

    /// Somebody registered, perhaps with an account.
    pub async fn registered(&self, name: &str, account: Option<&str>, year: i32) -> String {
        let mut new = json!({"organisationId": self.tenant.organisation, "displayName": name, "channel": "internet",
            "language": "nl", "birth": {"kind": "month", "year": year, "month": 5},
            "contact": {"emailAddress": "deelnemer@demo.klankbord.example"}});
        if let Some(account) = account {
            new["accountId"] = json!(account);
        }
        self.tenant.by("officer").make("/v1/participants", new).await.id()
    }

    /// Somebody with an account who takes part in this network: participant and membership.
    pub async fn takes_part(&mut self, name: &'static str, year: i32, (by, network): (&str, &str)) -> (String, String) {
        let person = self.joins(name).await;
        let participant = self.registered(name, Some(&person.account), year).await;
        let membership = invite(self.tenant.by(by), network, &participant).await;
        let path = format!("/v1/memberships/{membership}");
        person.client.transition(&path, json!({"to": "active"})).await.expect(201);
        (participant, membership)
    }

    async fn staff(&mut self) {
        let organisation = self.tenant.organisation.clone();
        let manager = self.joins("manager").await;
        grant(self.admin, &manager.account, "manager", &organisation).await;
        self.appointed("officer", ("manager", "officer"), &organisation).await;
        self.appointed("safeguarding-officer", ("manager", "safeguarding_officer"), &organisation).await;
        let partner =
            self.service.organisation(self.admin, "welfare_organisation", &format!("Buur {}", self.label)).await;
        let person = self.joins("partner").await;
        grant(self.admin, &person.account, "manager", &partner).await;
        let spare = self.joins("spare").await;
        let officer = self.tenant.account("officer").to_owned();
        let me = spare.client.get("/v1/me").await.expect(200);
        let open = &mut self.tenant.open;
        open.keep("organisation", organisation);
        open.keep("organisation@partner", partner);
        open.keep("account", officer);
        open.keep_for("account", &["createGrant", "createParticipant", "updateParticipant"], &spare.account);
        open.keep("session", me.body["sessionId"].as_str().unwrap());
    }

    async fn frame(&mut self) {
        let (manager, organisation) = (self.tenant.by("manager").clone(), self.tenant.organisation.clone());
        let region = json!({"kind": "youth_region", "name": format!("Regio {}", self.label)});
        let region = self.admin.make("/v1/regions", region).await.id();
        let new = json!({"hostId": organisation, "name": nl("Programma"), "summary": nl("Samen."),
            "pillars": [{"number": 1, "name": nl("Meedenken")}], "phases": [{"name": nl("Ophalen")}],
            "milestones": [{"name": nl("Startdag")}]});
        let made = manager.make("/v1/programmes", new).await;
        let programme = made.id();
        let new = json!({"kind": "policy_framework", "title": nl("Kader")});
        let document = manager.make(&format!("/v1/programmes/{programme}/documents"), new).await.id();
        let page = json!({"organisationId": organisation, "topic": "rights", "title": nl("Uw rechten"), "body": nl("Die hebt u.")});
        let published = manager.make("/v1/information-pages", page.clone()).await.id();
        go(&manager, &format!("/v1/information-pages/{published}"), "published").await.expect(201);
        let draft = manager.make("/v1/information-pages", page).await.id();
        let open = &mut self.tenant.open;
        open.keep("region", region);
        open.keep("programme", programme);
        for (kind, list) in [("pillar", "pillars"), ("phase", "phases"), ("milestone", "milestones")] {
            open.keep(kind, made.body[list][0]["id"].as_str().unwrap());
        }
        open.keep("programmeDocument", document);
        open.keep("informationPage", published);
        let drafts = ["createInformationPageTransition", "deleteInformationPage", "getInformationPage/draft"];
        open.keep_for("informationPage", &drafts, &draft);
    }

    /// A network of this kind, not yet at work.
    pub async fn network(&self, kind: &str) -> String {
        let new = json!({"hostId": self.tenant.organisation, "kind": kind, "name": nl("Het netwerk"), "purpose": nl("Meedenken")});
        self.tenant.by("manager").make("/v1/networks", new).await.id()
    }

    /// An invitation to a role, sent by mail.
    pub async fn asked_to(&self, by: &Client, (role, scope): (&str, &str)) -> String {
        let address = format!("{role}-{}-{}@genodigd.example", self.label, &scope[30..]);
        let new = json!({"emailAddress": address, "role": role, "scopeId": scope, "reason": "Komt erbij."});
        by.make("/v1/role-invitations", new).await.id()
    }

    async fn networks(&mut self) {
        let manager = self.tenant.by("manager").clone();
        let panel = self.network("panel").await;
        let elsewhere = self.network("panel").await;
        let draft = self.network("panel").await;
        for network in [&panel, &elsewhere] {
            activate(&manager, network).await;
        }
        let partner = self.tenant.open.of("organisation", "partner").unwrap().to_owned();
        change(&manager, &format!("/v1/networks/{panel}"), json!({"partners": [partner]})).await.expect(200);
        for role in ["coordinator", "facilitator", "moderator", "observer"] {
            self.appointed(role, ("manager", role), &panel).await;
        }
        self.appointed("coordinator-elsewhere", ("manager", "coordinator"), &elsewhere).await;
        let spare = self.tenant.account("spare");
        let body = json!({"accountId": spare, "role": "observer", "scopeId": elsewhere, "reason": "Kijkt mee."});
        let granted = manager.make("/v1/grants", body).await.id();
        let asked = self.asked_to(&manager, ("moderator", &panel)).await;
        let open = &mut self.tenant.open;
        open.keep("roleInvitation", asked);
        open.keep("network", panel);
        open.keep_for("network", &["createNetworkTransition", "deleteNetwork", "getNetwork/draft"], &draft);
        open.keep("grant", granted);
    }

    async fn members(&mut self) {
        let panel = self.tenant.open.of("network", "").unwrap().to_owned();
        let at = ("coordinator", panel.as_str());
        let (participant, membership) = self.takes_part("participant", 1980, at).await;
        self.takes_part("member", 1985, at).await;
        self.takes_part("minor", 2011, at).await;
        let heard = self.registered("Zonder account", None, 1970).await;
        member(self.tenant.by("coordinator"), &panel, &heard, "resident").await;
        let silent = self.registered("Genodigd", None, 1970).await;
        let invited = invite(self.tenant.by("coordinator"), &panel, &silent).await;
        let unplaced = self.registered("Nergens bij", None, 1970).await;
        self.represented(&panel).await;
        self.comes_by_code(&panel).await;
        let open = &mut self.tenant.open;
        open.keep("participant", participant);
        open.keep("participant@createMembership", unplaced);
        open.keep_for("participant", &["createResponse/heard", "updateParticipant/link"], &heard);
        open.keep("membership", membership);
        open.keep("membership@createMembershipTransition", invited);
        let own = open.of("membership", "").unwrap().to_owned();
        open.keep("membership@createMembershipTransition/leave", own);
    }

    /// A child in this network, and who represents it in law: `kind@representative`
    /// is the child's.
    async fn represented(&mut self, panel: &str) {
        let officer = self.tenant.by("officer").clone();
        let parent = self.joins("representative").await;
        let recorded = async |child: &str| {
            let list = format!("/v1/participants/{child}/legal-representatives");
            officer.make(&list, representatives::parent(&parent.account)).await.id()
        };
        let child = self.registered("Kind", None, 2014).await;
        let sibling = self.registered("Nog een kind", None, 2015).await;
        let (record, ends) = (recorded(&child).await, recorded(&sibling).await);
        let acting = parent.client.acting_for(&child);
        let membership = invite(self.tenant.by("coordinator"), panel, &child).await;
        acting.transition(&format!("/v1/memberships/{membership}"), json!({"to": "active"})).await.expect(201);
        self.tenant.people.insert("representative", Person { client: acting, account: parent.account.clone() });
        let other = self.joins("other-parent").await.account;
        let open = &mut self.tenant.open;
        open.keep("participant@representative", &child);
        open.keep("membership@representative", membership);
        open.keep("participant@createLegalRepresentative", &child);
        open.keep("participant@listLegalRepresentatives", child);
        open.keep("legalRepresentative", record);
        open.keep("legalRepresentative@createLegalRepresentativeTransition", ends);
        open.keep_for("account", &["createLegalRepresentative", "updateLegalRepresentative"], &other);
    }

    /// What is asked of the people in this network, and facilitated by these accounts.
    pub fn question(&self, mode: &str, network: &str, facilitators: &[&str]) -> Value {
        let number = self.number;
        let options = [number, number + 10].map(|one| json!({"id": id("option", one), "label": nl("Ja of nee")}));
        json!({"organisationId": self.tenant.organisation, "title": nl("Wonen met zorg"), "mode": mode,
            "goal": nl("Weten wat nodig is."), "limits": nl("Het gebouw staat vast."), "rung": "advise",
            "audience": {"networkIds": [network]}, "facilitators": facilitators, "closesOn": "2026-12-15",
            "questions": [{"id": id("question", number), "kind": "single_choice", "prompt": nl("Blijft het zo?"),
                "required": true, "options": options}]})
    }

    pub fn answer(&self) -> Value {
        json!({"channel": "internet", "answers": [{"kind": "single_choice", "questionId": id("question", self.number),
            "optionId": id("option", self.number)}]})
    }

    async fn asked(&mut self) {
        let panel = self.tenant.open.of("network", "").unwrap().to_owned();
        let facilitator = self.tenant.account("facilitator").to_owned();
        let officer = self.tenant.by("officer").clone();
        let question = |mode: &str| self.question(mode, &panel, &[&facilitator]);
        let draft = officer.make("/v1/consultations", question("named")).await.id();
        let over = asked::opened(&officer, question("named")).await;
        go(&officer, &over, "closed").await.expect(201);
        let later = asked::opened(&officer, asked::building_on(question("named"), &of(&over))).await;
        let named = asked::opened(&officer, question("named")).await;
        let confidential = asked::opened(&officer, question("confidential")).await;
        let shown = [asked::shows(&officer, &of(&named)).await, asked::shows(&officer, &draft).await];
        let (person, answer) = (self.tenant.by("participant").clone(), self.answer());
        let (anonymous, named_question) = (question("anonymous"), question("named"));
        let given = person.make(&format!("{named}/responses"), self.answer()).await.id();
        let by_code = self.tenant.by("by-code").make(&format!("{confidential}/responses"), self.answer()).await.id();
        let in_confidence = person.make(&format!("{confidential}/responses"), self.answer()).await.id();
        let (published, back) = self.told(&officer, &named).await;
        let kiosk = officer.make(&format!("{named}/kiosks"), json!({"name": "Tablet"})).await;
        self.tenant.machines.insert("kiosk", self.service.bearer(kiosk.body["secret"].as_str().unwrap()));
        let asked = self.tenant.open.of("participant", "").unwrap().to_owned();
        asked::waits_for(&officer, &named, &asked).await;
        let number = self.number;
        let leads = self.tenant.by("facilitator").clone();
        let open = &mut self.tenant.open;
        asked::talked(&leads, &of(&named), open).await;
        open.keep("question", id("question", number));
        open.keep("option", id("option", number));
        open.keep("row", id("row", number));
        open.keep("consultation", of(&named));
        let drafts =
            ["updateConsultation", "createConsultationTransition", "deleteConsultation", "getConsultation/draft"];
        open.keep_for("consultation", &drafts, &draft);
        open.keep_for("consultation", &asked::SHOWING, &draft);
        let [shown, in_draft] = shown;
        open.keep("medium", shown);
        open.keep("medium@deleteMedium", in_draft);
        open.keep("consultation@getConsultationResults", of(&over));
        open.keep("consultation@listResultSnapshots", of(&over));
        open.keep("consultation@getEarlierResults", of(&later));
        open.keep("consultation@listResponses/confidential", of(&confidential));
        open.keep("response", given);
        open.keep("response@by-code", by_code);
        open.keep("response@getResponse/confidential", in_confidence);
        open.keep("kiosk", kiosk.id());
        open.keep("reportBack", back);
        open.keep("reportBackTheme", id("reportBackTheme", number));
        open.keep_for("reportBack", asked::PUBLISHED, &published);
        let draft = open.of("reportBack", "").unwrap().to_owned();
        open.keep("reportBack@getReportBack/draft", draft);
        asked::told(&officer, named_question.clone(), open).await;
        asked::anonymously(&officer, anonymous.clone(), open).await;
        asked::recruited(&officer, (named_question.clone(), anonymous), open).await;
        asked::coded((&officer, &leads, &person), (named_question, answer), open).await;
    }

    /// A report-back that is out, and one that is being written.
    pub async fn told(&self, by: &Client, consultation: &str) -> (String, String) {
        let theme = json!({"id": id("reportBackTheme", self.number), "title": nl("Buiten")});
        let heard = || json!({"kind": "interim", "heard": nl("We lezen alles."), "themes": [theme]});
        let list = format!("{consultation}/report-backs");
        let published = by.make(&list, heard()).await.id();
        go(by, &format!("/v1/report-backs/{published}"), "published").await.expect(201);
        (published, by.make(&list, heard()).await.id())
    }

    async fn brought(&mut self) {
        let panel = json!({"kind": "network", "id": self.tenant.open.of("network", "").unwrap()});
        let organisation = json!({"kind": "organisation", "id": self.tenant.organisation});
        let (member, person) = (self.tenant.by("member"), self.tenant.by("participant"));
        let idea = sent(member, brought(&panel, "idea", "Een bankje")).await;
        let support = person.make(&format!("{idea}/supports"), json!({})).await.id();
        let question = sent(person, brought(&organisation, "question", "Wanneer?")).await;
        let draft = person.make("/v1/feedback", brought(&panel, "idea", "Nog een bankje")).await.id();
        let open = &mut self.tenant.open;
        open.keep("feedback", of(&idea));
        open.keep("support", support);
        open.keep_for("feedback", &["getFeedback/private", "createOfficialResponse/private"], &of(&question));
        open.keep_for("feedback", &["updateFeedback", "deleteFeedback", "getFeedback/draft"], &draft);
    }

    async fn machines(&mut self) {
        let scopes = &DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"];
        let scopes: Vec<&str> = scopes.as_object().unwrap().keys().map(String::as_str).collect();
        let ending = |end: &str| scopes.iter().copied().filter(|one| one.ends_with(end)).collect::<Vec<_>>();
        let wanted = [("read", ending(":read")), ("write", ending(":write")), ("revoked", scopes.clone())];
        for (name, scopes) in wanted {
            let (client, machine, _) = self.machine(&scopes).await;
            if name == "revoked" {
                let over = json!({"to": "revoked", "reason": "De koppeling is beëindigd."});
                self.tenant.by("manager").transition(&format!("/v1/clients/{client}"), over).await.expect(201);
            } else {
                // The first use of a key is noted beside the call: let that be over.
                machine.get("/v1/information-pages").await.expect(200);
            }
            self.tenant.machines.insert(name, machine);
        }
        let (client, _, credential) = self.machine(&scopes).await;
        self.tenant.open.keep("client", client);
        self.tenant.open.keep("credential", credential);
    }

    async fn machine(&self, scopes: &[&str]) -> (String, Client, String) {
        let manager = self.tenant.by("manager");
        let new = json!({"organisationId": self.tenant.organisation, "name": "Koppeling", "scopes": scopes});
        let client = manager.make("/v1/clients", new).await.id();
        let made = manager.make(&format!("/v1/clients/{client}/credentials"), json!({"kind": "api_key"})).await;
        (client, self.service.bearer(made.body["secret"].as_str().unwrap()), made.id())
    }
}

/// The id at the end of a path.
pub fn of(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}
