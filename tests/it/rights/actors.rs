//! Everybody and everything that calls, from nobody to the admin.

use serde_json::json;

use super::tenant::Tenant;
use crate::bad_tokens::Forge;
use crate::consultations::world::NOBODY;
use crate::feedback::grant;
use crate::support::{Client, Service};

/// One caller.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who that is, in the golden file.
    pub name: &'static str,
    /// With what it calls.
    pub client: Client,
    /// Its own session, where it has one.
    pub session: Option<String>,
}

/// People of the first tenant.
const PEOPLE: &[&str] = &[
    "participant",
    "minor",
    "representative",
    "by-code",
    "member",
    "observer",
    "facilitator",
    "moderator",
    "coordinator",
    "coordinator-elsewhere",
    "officer",
    "manager",
    "safeguarding-officer",
    "partner",
    "councillor",
    "chair",
    "secretary",
    "supporter",
];

/// The same of the second: what is own to the others is foreign to them.
const FOREIGNERS: &[(&str, &str)] = &[
    ("foreign-member", "member"),
    ("foreign-coordinator", "coordinator"),
    ("foreign-officer", "officer"),
    ("foreign-manager", "manager"),
    ("foreign-chair", "chair"),
];

/// The tenants and who calls.
pub struct World {
    pub here: Tenant,
    pub there: Tenant,
    pub actors: Vec<Actor>,
    /// An address and a password to sign in with.
    pub sign_in: (String, &'static str),
}

impl World {
    pub async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let here = Tenant::new(service, &admin, "hier", 1).await;
        let there = Tenant::new(service, &admin, "daar", 2).await;
        let actors = actors(service, (&here, &there), &admin).await;
        let (address, password) = ("met-wachtwoord@demo.klankbord.example", "een lange zin om te onthouden");
        let new = json!({"emailAddress": address, "displayName": "Met wachtwoord", "password": password});
        admin.make("/v1/accounts", new).await;
        Self { here, there, actors, sign_in: (address.to_owned(), password) }
    }
}

async fn actors(service: &Service, (here, there): (&Tenant, &Tenant), admin: &Client) -> Vec<Actor> {
    let manager = here.by("manager").token().unwrap();
    let other = admin.token().unwrap().rsplit('.').next().unwrap();
    let bent = format!("{}.{other}", manager.rsplit_once('.').unwrap().0);
    let forge = Forge::of(service, manager);
    let expired = forge.claiming("exp", forge.later("exp", -1800));
    let unknown = forge.claiming("sid", json!(NOBODY));
    let (disabled, account) = service.account(admin, "uitgeschakeld").await;
    grant(here.by("manager"), &account, "officer", &here.organisation).await;
    let off = json!({"to": "disabled", "reason": "Werkt hier niet meer."});
    admin.transition(&format!("/v1/accounts/{account}"), off).await.expect(201);
    let (stranger, _) = service.account(admin, "vreemd").await;
    let code = async |name: &str| {
        let new = json!({"emailAddress": format!("{name}@demo.klankbord.example"), "displayName": name});
        service.bearer(admin.make("/v1/accounts", new).await.body["signInCode"].as_str().unwrap())
    };
    let link = code("met-code").await;
    let session = code("met-sessie").await.post("/v1/code-sessions", json!(null)).await.expect(201);
    let refresh = service.bearer(session.body["refreshToken"].as_str().unwrap());
    let mut found: Vec<(&'static str, Client)> = vec![
        ("none", service.nobody()),
        ("bad-signature", service.bearer(&bent)),
        ("expired", service.bearer(&expired)),
        ("unknown", service.bearer(&unknown)),
        ("disabled", disabled),
        ("sign-in-code", link),
        ("refresh-token", refresh),
        ("stranger", stranger),
    ];
    found.extend(PEOPLE.iter().map(|name| (*name, here.by(name).clone())));
    found.push(("admin", admin.clone()));
    found.extend(FOREIGNERS.iter().map(|(name, one)| (*name, there.by(one).clone())));
    let machines =
        [("client-read", "read"), ("client-write", "write"), ("client-revoked", "revoked"), ("kiosk", "kiosk")];
    found.extend(machines.map(|(name, one)| (name, here.machines[one].clone())));
    let machines = [("foreign-client-read", "read"), ("foreign-client-write", "write"), ("foreign-kiosk", "kiosk")];
    found.extend(machines.map(|(name, one)| (name, there.machines[one].clone())));
    let mut actors = Vec::new();
    for (name, client) in found {
        let session = client.get("/v1/me").await.body["sessionId"].as_str().map(str::to_owned);
        actors.push(Actor { name, client, session });
    }
    actors
}
