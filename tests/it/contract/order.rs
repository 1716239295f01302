//! The order of checks, the same for every operation: route, method, who, size,
//! form, content, version, whether it exists, whether it may be done.

use std::collections::{BTreeMap, BTreeSet};

use super::operation::{Opened, Operation, Token, all, too_large};
use super::probe::Probe;

on_both! {
    /// A route is no secret: it comes before everything, and knows its methods.
    async fn routes_and_methods_come_first(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in all() {
            methods.entry(operation.template.clone()).or_default().insert(operation.method.to_string());
        }
        for operation in all() {
            let mut slashed = operation.request().token(Token::Absent);
            slashed.path.push('/');
            probe.expect(&operation, &slashed, 404, "route.not_found").await;
            let known = &methods[&operation.template];
            let mut allow = known.clone();
            if known.contains("GET") {
                allow.insert("HEAD".to_owned());
            }
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                if known.contains(method) {
                    continue;
                }
                let mut other = operation.request().token(Token::Absent);
                other.method = method.parse().unwrap();
                let reply = probe.expect(&operation, &other, 405, "request.method_not_allowed").await;
                let told: BTreeSet<String> = reply.header("allow").split(", ").map(str::to_owned).collect();
                assert_eq!(told, allow, "{} {method}", operation.template);
            }
        }
    }

    /// Who calls comes before anything that is wrong with the request.
    async fn who_calls_comes_before_what_is_asked(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all() {
            let mut wrong = operation.request().query("unheardOf=1").without("If-Match").with("Accept", "video/mp4");
            wrong.headers.push(("Idempotency-Key", "a b".to_owned()));
            if operation.takes_body() {
                wrong = wrong.raw(&too_large()).typed(Some("text/plain"));
            }
            if operation.opened != Opened::ToAll {
                for shape in [operation.request(), wrong.clone()] {
                    let bare = shape.token(Token::Absent);
                    let reply = probe.expect(&operation, &bare, 401, "access.unauthenticated").await;
                    assert_eq!(reply.header("www-authenticate"), "Bearer");
                }
            }
            if operation.opened != Opened::ByLink {
                let forged = wrong.token(Token::Forged);
                probe.expect(&operation, &forged, 401, "access.unauthenticated").await;
            }
        }
    }

    /// Size, then form, then content, then the version, then whether it exists.
    async fn the_request_is_read_from_the_outside_in(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all() {
            let good = operation.request();
            let wrong = good.clone().query("unheardOf=1").without("If-Match");
            let unread = wrong.clone().with("Accept", "video/mp4");
            probe.expect(&operation, &unread, 406, "request.not_acceptable").await;
            let mut faults = vec!["unheardOf parameter.unknown".to_owned()];
            if operation.takes_body() {
                let large = unread.clone().raw(&too_large()).typed(Some("text/plain"));
                probe.expect(&operation, &large, 413, "request.too_large").await;
                let mistyped = wrong.clone().raw(b"{").typed(Some("text/plain"));
                probe.expect(&operation, &mistyped, 415, "request.unsupported_media_type").await;
                faults.insert(0, " json.malformed".to_owned());
            }
            // Everything that is wrong, at once, also without the version.
            let shape = if operation.takes_body() { wrong.raw(b"{") } else { wrong };
            let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
            probe.refused(&operation, &shape, &faults).await;
            if operation.versioned {
                probe.expect(&operation, &good.clone().without("If-Match"), 428, "etag.required").await;
                let stale = good.clone().with("If-Match", "\"99999.00\"");
                // One's own account is always there.
                let own = operation.ids.is_empty();
                let (status, code) = if own { (412, "etag.stale") } else { (404, "resource.not_found") };
                probe.expect(&operation, &stale, status, code).await;
            }
        }
    }

    /// A malformed id is as unknown as one that nothing has, byte for byte.
    async fn a_malformed_id_is_an_unknown_one(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        // What a token made for it opens says first that this is none: tests/it/consultations/media.rs holds one.
        let by_session = |one: &Operation| !one.ids.is_empty() && one.opened != Opened::ByLink;
        for operation in all().into_iter().filter(by_session) {
            let request = |id: &str| {
                let mut shape = operation.request().with("X-Request-Id", "the-same-for-all");
                shape.path = operation.path(&all_ids(&operation, id));
                shape
            };
            let unknown = request("0197c000-0000-7000-8000-ffffffffffff");
            let unknown = probe.expect(&operation, &unknown, 404, "resource.not_found").await;
            for id in ["1", "not-an-id", "0197c000-0000-7000-8000-fffffffffff", "%20", "..%2F..", "%00"] {
                let malformed = probe.expect(&operation, &request(id), 404, "resource.not_found").await;
                assert_eq!(malformed.text, unknown.text, "{} {id}", operation.id);
            }
        }
    }
}

fn all_ids(operation: &Operation, id: &str) -> BTreeMap<String, String> {
    operation.ids.keys().map(|name| (name.clone(), id.to_owned())).collect()
}
