//! Asking an issuer: small documents, within a time, from where was said.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

use super::settings::is_secure;

/// No honest answer is larger.
const LARGEST: usize = 256 * 1024;

type Http = Client<HttpsConnector<HttpConnector>, Empty<Bytes>>;

/// Fetches documents. Nothing is opened before the first is asked for, and no
/// redirect is followed.
pub(super) struct Fetcher {
    client: OnceLock<Result<Http, String>>,
    timeout: Duration,
}

/// A document, and for how long it may be kept, where the answer says so. Seconds.
pub(super) struct Fetched<T> {
    pub(super) value: T,
    pub(super) max_age: Option<i64>,
}

impl Fetcher {
    pub(super) fn new(timeout: Duration) -> Self {
        Self { client: OnceLock::new(), timeout }
    }

    /// The JSON document at this address.
    ///
    /// # Errors
    /// In words for the log: it can't be reached, takes too long, or answers
    /// something else.
    pub(super) async fn get<T: DeserializeOwned>(&self, address: &str) -> Result<Fetched<T>, String> {
        if !is_secure(address) {
            return Err(format!("{address} is neither https nor this machine"));
        }
        let asked = tokio::time::timeout(self.timeout, self.ask(address)).await;
        let (bytes, max_age) = asked.map_err(|_| format!("{address} takes too long"))??;
        let value = serde_json::from_slice(&bytes).map_err(|error| format!("{address}: {error}"))?;
        Ok(Fetched { value, max_age })
    }

    async fn ask(&self, address: &str) -> Result<(Bytes, Option<i64>), String> {
        let failed = |error: &dyn std::fmt::Display| format!("{address}: {error}");
        let client = self.client.get_or_init(open).as_ref().map_err(|error| failed(error))?;
        let request = hyper::Request::get(address).header("accept", "application/json").body(Empty::new());
        let answer = client.request(request.map_err(|error| failed(&error))?).await;
        let answer = answer.map_err(|error| failed(&error))?;
        if answer.status() != hyper::StatusCode::OK {
            return Err(failed(&answer.status()));
        }
        let said = answer.headers().get("cache-control").and_then(|value| value.to_str().ok());
        let max_age = said.and_then(max_age);
        let body = Limited::new(answer.into_body(), LARGEST).collect().await;
        Ok((body.map_err(|error| failed(&error))?.to_bytes(), max_age))
    }
}

/// A client that trusts whom the machine trusts, and keeps no connection open.
fn open() -> Result<Http, String> {
    let secure = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| error.to_string())?;
    let connector = secure.https_or_http().enable_http1().build();
    Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}

/// What `Cache-Control` allows (RFC 9111 §5.2.2). Seconds; none where it says nothing.
fn max_age(said: &str) -> Option<i64> {
    let words = || said.split(',').map(|word| word.trim().to_ascii_lowercase());
    if words().any(|word| word == "no-store" || word == "no-cache") {
        return Some(0);
    }
    words().find_map(|word| word.strip_prefix("max-age=")?.trim_matches('"').parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_kept_is_read() {
        for (said, expected) in [
            ("public, max-age=300", Some(300)),
            ("Max-Age=\"60\"", Some(60)),
            ("no-cache", Some(0)),
            ("no-store, max-age=9", Some(0)),
            ("public", None),
            ("max-age=soon", None),
        ] {
            assert_eq!(max_age(said), expected, "{said}");
        }
    }

    #[tokio::test]
    async fn nothing_is_fetched_over_an_open_line() {
        let fetcher = Fetcher::new(Duration::from_secs(1));
        for address in ["http://issuer.example/", "file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1"] {
            assert!(fetcher.get::<serde_json::Value>(address).await.is_err(), "{address}");
        }
        assert!(fetcher.client.get().is_none());
    }
}
