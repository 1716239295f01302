//! Rate limits, and whose address counts. A quota here comes back in a minute or
//! more, so that a slow machine changes nothing.

use klankbord_api::config::Limit;
use reqwest::Method;
use serde_json::json;

use crate::machines::House;
use crate::support::wire::reply;
use crate::support::{Client, On, Reply, Service};

const TIGHT: Limit = Limit { per_minute: 1, burst: 3 };

/// A service where addresses are held short.
async fn short_of_addresses(proxies: &[&str]) -> Service {
    let proxies = proxies.iter().map(|net| net.parse().unwrap()).collect();
    let service = Service::start_with(On::Sqlite, |config| {
        config.limits.address = TIGHT;
        config.server.trusted_proxies = proxies;
    });
    service.await.unwrap()
}

/// `"policy";a=1;b=2` as its name and numbers.
fn field(reply: &Reply, name: &str) -> (String, u64, u64) {
    let text = reply.header(name);
    let parts: Vec<&str> = text.split(';').collect();
    let number = |at: usize| parts[at].split_once('=').unwrap().1.parse().unwrap();
    (parts[0].trim_matches('"').to_owned(), number(1), number(2))
}

fn is_limited(reply: &Reply, policy: &str) {
    assert_eq!((reply.status, reply.body["code"].as_str()), (429, Some("request.rate_limited")), "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.body["violatedPolicies"], json!([policy]));
    let (name, left, reset) = field(reply, "ratelimit");
    assert_eq!((name.as_str(), left), (policy, 0));
    let retry: u64 = reply.header("retry-after").parse().unwrap();
    assert!(reset > 0 && retry >= reset, "{retry} {reset}");
    assert!(!reply.header("api-version").is_empty() && !reply.header("x-request-id").is_empty());
}

async fn from(client: &Client, hops: &str) -> Reply {
    reply(client.request(Method::GET, "/v1/information-pages").header("X-Forwarded-For", hops)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_is_told_what_is_left_and_held_back_after_it() {
    let limit = Limit { per_minute: 1, burst: 8 };
    let service = Service::start_with(On::Sqlite, |config| config.limits.caller = limit).await.unwrap();
    let admin = service.admin().await;
    let (other, _) = service.account(&admin, "another").await;
    let first = admin.get("/v1/me").await.expect(200);
    assert_eq!(field(&first, "ratelimit-policy"), ("caller".to_owned(), 8, 480));
    let (_, left, _) = field(&first, "ratelimit");
    // Also a refused request counts, and says so.
    let refused = admin.get("/v1/me?unheardOf=1").await.expect(400);
    assert_eq!(field(&refused, "ratelimit").1, left - 1);
    for _ in 1..left {
        admin.get("/v1/me").await.expect(200);
    }
    is_limited(&admin.get("/v1/me").await, "caller");
    // Before size and form; after route and method.
    let large =
        admin.request(Method::POST, "/v1/accounts").header("Content-Type", "text/plain").body("x".repeat(300_000));
    is_limited(&reply(large).await, "caller");
    admin.get("/v1/nothing-here").await.expect(404);
    admin.delete("/v1/me").await.expect(405);
    // Others are not held back by it, not even from the same address.
    other.get("/v1/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_without_a_good_token_is_held_back_before_401_and_a_good_token_never_by_its_address() {
    let service = short_of_addresses(&[]).await;
    let admin = service.admin().await;
    let (nobody, forged) = (service.nobody(), service.bearer("e30.e30.e30"));
    nobody.get("/v1/me").await.expect(401);
    let second = forged.get("/v1/me").await.expect(401);
    assert_eq!(field(&second, "ratelimit-policy"), ("address".to_owned(), 3, 180));
    assert_eq!(field(&second, "ratelimit").1, 1);
    nobody.get("/v1/information-pages").await.expect(200);
    for client in [&nobody, &forged] {
        is_limited(&client.get("/v1/me").await, "address");
        is_limited(&client.get("/v1/information-pages").await, "address");
    }
    nobody.get("/v1/nothing-here").await.expect(404);
    for path in ["/v1/openapi.json", "/health/live", "/docs/"] {
        let open = nobody.get(path).await.expect(200);
        assert!(open.headers.get("ratelimit").is_none(), "{path}");
    }
    admin.get("/v1/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_people_sign_in_an_address_is_held_shorter() {
    let service = Service::start_with(On::Sqlite, |config| config.limits.sign_in = TIGHT).await.unwrap();
    let wrong = json!({"emailAddress": "nobody@demo.klankbord.example", "password": "guessed"});
    for _ in 0..3 {
        let refused = service.nobody().post("/v1/sessions", wrong.clone()).await.expect(401);
        assert_eq!(field(&refused, "ratelimit-policy"), ("sign-in".to_owned(), 3, 180));
    }
    is_limited(&service.nobody().post("/v1/sessions", wrong).await, "sign-in");
    for path in ["/v1/code-sessions", "/v1/session-refreshes"] {
        is_limited(&service.bearer("guessed").post(path, json!(null)).await, "sign-in");
    }
    service.nobody().get("/v1/information-pages").await.expect(200);
}

/// Nobody at the same address sees that a code was used: they are counted apart, and told in
/// no header.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn printed_codes_are_counted_apart_and_in_no_header() {
    let service = Service::start_with(On::Sqlite, |config| {
        config.limits.sign_in = TIGHT;
        config.limits.address = TIGHT;
        config.limits.codes = TIGHT;
    });
    let service = service.await.unwrap();
    let code = service.bearer("abcd-efgh-jkmn-pqrs-tuvw");
    for _ in 0..3 {
        let refused = code.get("/v1/coded-consultation").await.expect(401);
        assert!(refused.headers.keys().all(|name| !name.as_str().starts_with("ratelimit")));
    }
    let over = code.post("/v1/coded-responses", json!({})).await.expect(429);
    assert!(over.header("retry-after").parse::<u64>().unwrap() > 0);
    let next = service.nobody().get("/v1/information-pages").await.expect(200);
    assert_eq!(field(&next, "ratelimit").1, 2, "nothing of it counted");
    let wrong = json!({"emailAddress": "nobody@demo.klankbord.example", "password": "guessed"});
    let next = service.nobody().post("/v1/sessions", wrong).await.expect(401);
    assert_eq!(field(&next, "ratelimit").1, 2, "nor here");
}

/// Who guesses a client's secret is held back; a right one never is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_guesses_secrets_is_held_back() {
    let service = Service::start_with(On::Sqlite, |config| config.limits.address = Limit { per_minute: 1, burst: 8 });
    let service = service.await.unwrap();
    let house = House::with(&service, json!(["networks:read"])).await;
    let (_, secret) = house.credential(json!({"kind": "client_secret"})).await;
    let mut wrong = house.token(&service, "guessed", None).await.expect(401);
    for _ in 0..8 {
        wrong = house.token(&service, "guessed", None).await;
    }
    let held = wrong.expect(429);
    assert_eq!(held.body["error"], "invalid_request");
    assert!(held.header("retry-after").parse::<u64>().unwrap() > 0);
    house.token(&service, &secret, None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_off_nothing_is_limited_or_told() {
    let service = Service::start_with(On::Sqlite, |config| {
        config.limits.enabled = false;
        config.limits.address = TIGHT;
    });
    let service = service.await.unwrap();
    for _ in 0..10 {
        let reply = service.nobody().get("/v1/information-pages").await.expect(200);
        assert!(reply.headers.get("ratelimit").is_none() && reply.headers.get("ratelimit-policy").is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_untrusted_peer_says_of_its_address_is_passed_over() {
    for proxies in [&[][..], &["10.0.0.0/8"]] {
        let service = short_of_addresses(proxies).await;
        let nobody = service.nobody();
        for number in 1..=3 {
            from(&nobody, &format!("203.0.113.{number}")).await.expect(200);
        }
        is_limited(&from(&nobody, "203.0.113.4").await, "address");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trusted_proxy_is_believed_as_far_as_the_first_hop_that_is_not_trusted() {
    let service = short_of_addresses(&["127.0.0.0/8", "10.0.0.0/8"]).await;
    let nobody = service.nobody();
    for spoofed in ["198.51.100.1", "198.51.100.2", "198.51.100.3"] {
        from(&nobody, &format!("{spoofed}, 203.0.113.7, 10.0.0.2")).await.expect(200);
    }
    is_limited(&from(&nobody, "198.51.100.4, 203.0.113.7, 10.0.0.2").await, "address");
    is_limited(&from(&nobody, "203.0.113.7").await, "address");
    from(&nobody, "203.0.113.8").await.expect(200);
    // A subscriber of IPv6 has a whole net.
    for number in 1..=3 {
        from(&nobody, &format!("2001:db8:1:2::{number}")).await.expect(200);
    }
    is_limited(&from(&nobody, "2001:db8:1:2::9").await, "address");
    from(&nobody, "2001:db8:1:3::9").await.expect(200);
    // Garbage counts on the proxy itself, however it varies.
    for garbage in ["unknown", "203.0.113.9, x", "203.0.113.10,"] {
        from(&nobody, garbage).await.expect(200);
    }
    is_limited(&from(&nobody, "203.0.113.11, y").await, "address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_loads_as_fast_as_the_machine_can() {
    let service = Service::start_with(On::Sqlite, |config| {
        config.limits.caller = TIGHT;
        config.limits.address = TIGHT;
        config.limits.sign_in = TIGHT;
    });
    let steps = service.await.unwrap().running.app.load_demo().await.unwrap();
    assert!(steps > 1000, "{steps}");
}
