//! What every test starts from: a service of its own, on a database of its own,
//! with a clock that stands still.

pub mod cluster;
pub mod database;
pub mod mail_server;
pub mod own_data;
pub mod people;
pub mod service;
pub mod wire;

pub use service::Service;
pub use wire::{Client, Reply};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Embedded.
    Sqlite,
    /// The cluster that the test run starts.
    Postgres,
}

/// Declares a test that runs on both databases.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($service:ident) $body:block)+) => {$(
        $(#[$doc])*
        async fn $name($service: &$crate::support::Service) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let service = $crate::support::Service::start($crate::support::On::Sqlite).await.unwrap();
                super::$name(&service).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(service) = $crate::support::Service::start($crate::support::On::Postgres).await {
                    super::$name(&service).await;
                }
            }
        }
    )+};
}
