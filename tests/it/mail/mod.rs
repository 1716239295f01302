//! Mail, through a real mail server, and what comes of the links in it.

mod delivery;
mod flows;
mod invitations;
mod membership_invitations;
mod notices;
mod report_backs;
pub mod traces;
mod word;

use std::sync::Arc;

use klankbord_api::Config;
use klankbord_api::app::App;
use serde_json::{Value, json};

use crate::support::mail_server::MailServer;
use crate::support::{Client, On, Service, database};

/// Declares a test that runs on both databases, beside a mail server of its own.
macro_rules! mailed {
    ($($(#[$doc:meta])* async fn $name:ident($service:ident, $server:ident) $body:block)+) => {$(
        $(#[$doc])*
        async fn $name($service: &$crate::support::Service, $server: $crate::support::mail_server::MailServer) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let Some(server) = $crate::support::mail_server::MailServer::start() else { return };
                let service = $crate::mail::beside(&server, $crate::support::On::Sqlite).await.unwrap();
                super::$name(&service, server).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(server) = $crate::support::mail_server::MailServer::start() else { return };
                let Some(service) = $crate::mail::beside(&server, $crate::support::On::Postgres).await else { return };
                super::$name(&service, server).await;
            }
        }
    )+};
}
pub(crate) use mailed;

/// What has to be said for mail to go out.
pub fn configure(config: &mut Config, server: &MailServer) {
    config.mail.smtp_url = server.url();
    "Klankbord <mail@app.example>".clone_into(&mut config.mail.from);
    "https://app.example/#{purpose}={token}".clone_into(&mut config.links.template);
}

/// A service that sends its mail there.
pub async fn beside(server: &MailServer, on: On) -> Option<Service> {
    Service::start_with(on, |config| configure(config, server)).await
}

/// Somebody with an account, and their address.
pub async fn somebody(admin: &Client, name: &str, language: &str) -> String {
    let address = format!("{name}@people.example");
    let password = "een lange zin om te onthouden";
    let new = json!({"emailAddress": address, "displayName": name, "language": language, "password": password});
    admin.make("/v1/accounts", new).await;
    address
}

/// Asks for a code.
pub async fn ask(service: &Service, address: &str, purpose: &str) -> Value {
    let body = json!({"emailAddress": address, "purpose": purpose});
    service.nobody().post("/v1/sign-in-codes", body).await.expect(202).body
}

/// A value from the database behind the service.
pub async fn stored(service: &Service, sql: &str) -> Option<String> {
    database::value(&service.running.app.config.database.url, sql).await
}

/// How many rows there are of these.
pub async fn count(service: &Service, rows: &str) -> i64 {
    database::count(&service.running.app.config.database.url, rows).await
}

/// Another copy of the service on the same database, with the same keys; it
/// sends when it is told to.
pub async fn replica(service: &Service) -> App {
    let app = &service.running.app;
    App::build(Config::clone(&app.config), service.clock.clone(), Arc::clone(&app.ids)).await.unwrap()
}

/// Waits until no attempt is under way.
pub async fn settled(service: &Service) {
    for _ in 0..1000 {
        let busy = "mails WHERE sent_at IS NULL AND failed_at IS NULL AND (attempts = 0 OR claimed_until IS NOT NULL)";
        if count(service, busy).await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("an attempt did not end");
}
