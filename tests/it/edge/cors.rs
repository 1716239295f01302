//! Pages of other origins: those on the list, and no others.

use reqwest::Method;
use serde_json::json;

use crate::support::wire::reply;
use crate::support::{Client, On, Reply, Service};

const PORTAL: &str = "https://portal.example";

async fn service() -> Service {
    let service = Service::start_with(On::Sqlite, |config| config.cors.origins = vec![PORTAL.to_owned()]);
    service.await.unwrap()
}

async fn from(client: &Client, origin: &str, path: &str) -> Reply {
    reply(client.request(Method::GET, path).header("Origin", origin)).await
}

async fn preflight(client: &Client, origin: &str, path: &str) -> Reply {
    let request = client.request(Method::OPTIONS, path).header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", "PATCH");
    reply(request.header("Access-Control-Request-Headers", "authorization,if-match")).await
}

fn allowed(reply: &Reply) -> Option<&str> {
    reply.headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap())
}

fn varies(reply: &Reply) -> bool {
    reply.headers.get_all("vary").iter().any(|value| value.to_str().unwrap().contains("Origin"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listed_origin_may_ask_beforehand_without_a_token() {
    let service = service().await;
    for path in ["/v1/networks/0197c000-0000-7000-8000-000600000001", "/v1/me", "/v1/information-pages"] {
        let reply = preflight(&service.nobody(), PORTAL, path).await.expect(204);
        assert_eq!((allowed(&reply), reply.text.as_str()), (Some(PORTAL), ""));
        assert!(varies(&reply) && reply.headers.get("access-control-allow-credentials").is_none());
        assert!(reply.header("access-control-allow-methods").contains("PATCH"));
        for name in [
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "Idempotency-Key",
            "Accept-Language",
            "X-Request-Id",
        ] {
            assert!(reply.header("access-control-allow-headers").split(", ").any(|one| one == name), "{name}");
        }
        assert!(!reply.header("api-version").is_empty() && !reply.header("x-request-id").is_empty());
    }
    // A question that is none is a method like any other.
    let bare = service.nobody().request(Method::OPTIONS, "/v1/me").header("Origin", PORTAL);
    reply(bare).await.expect(405);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listed_origin_reads_answers_and_errors_with_their_headers() {
    let service = service().await;
    let (admin, nobody) = (service.admin().await, service.nobody());
    for reply in [
        from(&admin, PORTAL, "/v1/me").await.expect(200),
        from(&nobody, PORTAL, "/v1/me").await.expect(401),
        from(&nobody, PORTAL, "/v1/nothing-here").await.expect(404),
        from(&admin, PORTAL, "/v1/me?unheardOf=1").await.expect(400),
    ] {
        assert_eq!(allowed(&reply), Some(PORTAL));
        assert!(varies(&reply) && reply.headers.get("access-control-allow-credentials").is_none());
        for name in [
            "ETag",
            "Link",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
            "API-Version",
            "Content-Language",
        ] {
            assert!(reply.header("access-control-expose-headers").split(", ").any(|one| one == name), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_origin_gets_nothing() {
    let service = service().await;
    let admin = service.admin().await;
    for origin in ["https://elsewhere.example", "https://portal.example:444", "http://portal.example", "null", ""] {
        let reply = from(&admin, origin, "/v1/me").await.expect(200);
        assert!(allowed(&reply).is_none() && varies(&reply), "{origin}");
        let reply = preflight(&service.nobody(), origin, "/v1/me").await.expect(405);
        assert!(allowed(&reply).is_none(), "{origin}");
    }
    // What a list keeps may come to a listed page from a cache: it varies without an origin, too.
    assert!(varies(&admin.get("/v1/me").await.expect(200)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_for_every_page_and_without_a_list_there_is_none() {
    let listed = service().await;
    let none = Service::start(On::Sqlite).await.unwrap();
    for service in [&listed, &none] {
        for origin in [PORTAL, "https://elsewhere.example"] {
            let reply = from(&service.nobody(), origin, "/v1/openapi.json").await.expect(200);
            assert_eq!(allowed(&reply), Some("*"));
        }
        assert_eq!(allowed(&service.nobody().get("/v1/openapi.yaml").await.expect(200)), Some("*"));
    }
    let reply = from(&none.nobody(), PORTAL, "/v1/information-pages").await.expect(200);
    assert!(allowed(&reply).is_none() && !varies(&reply));
    let made = none.nobody().post("/v1/sessions", json!({})).await.expect(400);
    assert!(!varies(&made));
}
