//! The token endpoint, as standard libraries speak to it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use reqwest::Method;
use serde_json::{Value, json};

use super::{House, form_of};
use crate::contract::operation::DOCUMENT;
use crate::support::wire::reply;

/// The fields of a form.
type Fields<'a> = Vec<(&'a str, &'a str)>;

fn part(token: &str, at: usize) -> Value {
    let text = token.split('.').nth(at).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

on_both! {
    /// In the header or in the form; the token says who and what, and holds ten minutes.
    async fn a_secret_buys_a_token(service) {
        let house = House::with(service, json!(["organisations:read", "networks:read"])).await;
        let (_, secret) = house.credential(json!({"kind": "client_secret"})).await;
        let bought = house.token(service, &secret, None).await.expect(200);
        assert_eq!(bought.header("cache-control"), "no-store");
        assert_eq!(bought.header("pragma"), "no-cache");
        assert_eq!(bought.header("api-version"), DOCUMENT["info"]["version"].as_str().unwrap());
        assert_eq!(bought.body["token_type"], "Bearer");
        assert_eq!(bought.body["expires_in"], 600);
        assert_eq!(bought.body["scope"], "organisations:read networks:read");
        let token = bought.body["access_token"].as_str().unwrap();
        let (head, claims) = (part(token, 0), part(token, 1));
        assert_eq!((head["typ"].as_str(), head["alg"].as_str()), (Some("at+jwt"), Some("ES256")));
        assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(house.client), &json!(house.client)));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
        service.bearer(token).get("/v1/organisations").await.expect(200);

        let fields = [("grant_type", "client_credentials"), ("client_id", house.client.as_str()),
            ("client_secret", secret.as_str()), ("scope", "networks:read")];
        let bought = reply(form_of(service, &fields)).await.expect(200);
        assert_eq!(bought.body["scope"], "networks:read");
        let narrow = service.bearer(bought.body["access_token"].as_str().unwrap());
        narrow.get("/v1/networks").await.expect(200);
        narrow.get("/v1/organisations").await.expect(403);
        service.clock.advance(TimeDelta::seconds(606));
        service.bearer(token).get("/v1/organisations").await.expect(401);
    }

    /// Credential, client and scopes are asked at every call.
    async fn what_is_withdrawn_ends_at_the_next_call(service) {
        let house = House::with(service, json!(["organisations:read", "networks:read"])).await;
        let (id, secret) = house.credential(json!({"kind": "client_secret"})).await;
        let (_, second) = house.credential(json!({"kind": "client_secret"})).await;
        let bearer = async |secret: &str| {
            let bought = house.token(service, secret, None).await.expect(200);
            service.bearer(bought.body["access_token"].as_str().unwrap())
        };
        let (one, other) = (bearer(&secret).await, bearer(&second).await);
        let etag = house.manager.get(&house.path()).await.etag();
        house.manager.patch(&house.path(), &etag, json!({"scopes": ["networks:read"]})).await.expect(200);
        one.get("/v1/organisations").await.expect(403);
        one.get("/v1/networks").await.expect(200);
        house.manager.delete(&format!("{}/credentials/{id}", house.path())).await.expect(204);
        one.get("/v1/networks").await.expect(401);
        other.get("/v1/networks").await.expect(200);
        assert_eq!(house.token(service, &secret, None).await.expect(401).body["error"], "invalid_client");
        house.manager.transition(&house.path(), json!({"to": "revoked", "reason": "Klaar."})).await.expect(201);
        other.get("/v1/networks").await.expect(401);
        assert_eq!(house.token(service, &second, None).await.expect(401).body["error"], "invalid_client");
    }

    /// RFC 6749 §5.2, and the service's own headers.
    async fn the_token_endpoint_refuses_as_the_standard_says(service) {
        let house = House::with(service, json!(["organisations:read"])).await;
        let (_, secret) = house.credential(json!({"kind": "client_secret"})).await;
        let (_, key) = house.credential(json!({"kind": "api_key"})).await;
        let grant = ("grant_type", "client_credentials");
        let (id, secret) = (house.client.as_str(), secret.as_str());
        let (named, shown) = (("client_id", id), ("client_secret", secret));
        let cases: Vec<(Fields<'_>, u16, &str)> = vec![
            (vec![named, shown], 400, "invalid_request"),
            (vec![grant, grant, named, shown], 400, "invalid_request"),
            (vec![("grant_type", "password"), named, shown], 400, "unsupported_grant_type"),
            (vec![grant, named, shown, ("scope", "networks:read")], 400, "invalid_scope"),
            (vec![grant, named, shown, ("scope", "organisations:read everything")], 400, "invalid_scope"),
            (vec![grant], 401, "invalid_client"),
            (vec![grant, shown], 401, "invalid_client"),
            (vec![grant, named], 401, "invalid_client"),
            (vec![grant, ("client_id", "somebody"), shown], 401, "invalid_client"),
            (vec![grant, ("client_id", "0197c000-0000-7000-8000-ffffffffffff"), shown], 401, "invalid_client"),
            (vec![grant, named, ("client_secret", "kbs_wrong")], 401, "invalid_client"),
            (vec![grant, named, ("client_secret", key.as_str())], 401, "invalid_client"),
        ];
        for (fields, status, error) in cases {
            let refused = reply(form_of(service, &fields)).await.expect(status);
            assert_eq!(refused.body["error"], error, "{fields:?}");
            assert_eq!(refused.header("content-type"), "application/json");
            assert_eq!(refused.header("cache-control"), "no-store");
            assert!(refused.headers.contains_key("x-request-id") && refused.headers.contains_key("api-version"));
            assert!(!refused.text.contains(secret));
            if status == 401 {
                assert!(refused.header("www-authenticate").starts_with("Basic "));
            }
        }
        let both = form_of(service, &[grant, shown]).basic_auth(id, Some(secret));
        assert_eq!(reply(both).await.expect(400).body["error"], "invalid_request");
        let other = form_of(service, &[grant, ("client_id", "another")]).basic_auth(id, Some(secret));
        assert_eq!(reply(other).await.expect(400).body["error"], "invalid_request");
        let unknown = form_of(service, &[grant, ("resource", "x")]).basic_auth(id, Some(secret));
        reply(unknown).await.expect(200);
        let nobody = service.nobody();
        let json = nobody.request(Method::POST, "/oauth/token").json(&json!({"grant_type": "client_credentials"}));
        assert_eq!(reply(json).await.expect(400).body["error"], "invalid_request");
        let in_address = nobody.request(Method::POST, &format!("/oauth/token?client_id={id}&client_secret={secret}"));
        assert_eq!(reply(in_address).await.expect(400).body["error"], "invalid_request");
        let large = form_of(service, &[("grant_type", &"x".repeat(300 * 1024))]);
        assert_eq!(reply(large).await.expect(413).code(), "request.too_large");
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let refused = reply(nobody.request(method, "/oauth/token")).await.expect(405);
            assert_eq!((refused.header("allow").as_str(), refused.code()), ("POST", "request.method_not_allowed"));
        }
    }

    /// Where a library finds all of it, and the key that our tokens verify with.
    async fn the_metadata_and_the_keys_are_published(service) {
        let house = House::with(service, json!(["organisations:read"])).await;
        let nobody = service.nobody();
        let metadata = nobody.get("/.well-known/oauth-authorization-server").await.expect(200);
        let issuer = service.running.app.config.server.public_url.clone();
        assert_eq!(metadata.body["issuer"], issuer);
        assert_eq!(metadata.body["token_endpoint"], format!("{issuer}/oauth/token"));
        assert_eq!(metadata.body["grant_types_supported"], json!(["client_credentials"]));
        let scopes = DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"].clone();
        let listed = metadata.body["scopes_supported"].as_array().unwrap();
        assert!(!listed.is_empty() && listed.len() == scopes.as_object().unwrap().len());
        assert!(listed.iter().all(|scope| scopes.get(scope.as_str().unwrap()).is_some()));
        let keys = nobody.get("/.well-known/jwks.json").await.expect(200);
        let key = &keys.body["keys"][0];
        assert!(key.get("d").is_none());
        let (_, secret) = house.credential(json!({"kind": "client_secret"})).await;
        let bought = house.token(service, &secret, None).await.expect(200);
        let token = bought.body["access_token"].as_str().unwrap();
        assert_eq!(part(token, 0)["kid"], key["kid"]);
        let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let point = [vec![4], coordinate("x"), coordinate("y")].concat();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        VerifyingKey::from_sec1_bytes(&point).unwrap().verify(signed.as_bytes(), &signature).unwrap();
        for path in ["/.well-known/jwks.json", "/.well-known/oauth-authorization-server"] {
            nobody.post(path, json!({})).await.expect(405);
        }
        let served = nobody.get("/v1/openapi.json").await.expect(200);
        let url = &served.body["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["tokenUrl"];
        assert_eq!(url, "/oauth/token");
    }
}
