//! Swagger UI signs in at the issuer, by code and PKCE.

use serde_json::{Value, json};

use super::with_issuer;
use crate::support::{On, Service};

with_issuer! {
    /// The page knows the public client and where to go; what `/v1` serves is what
    /// is committed.
    async fn the_page_signs_in_by_code_and_pkce(service, issuer) {
        let admin = service.admin().await;
        let (_, anna) = service.account(&admin, "anna").await;
        let nobody = service.nobody();
        let plain = nobody.get("/v1/openapi.json").await.expect(200);
        assert_eq!(issuer.asked().await, 0);
        let back = format!("{}/docs/oauth2-redirect.html", service.base);
        let page = nobody.get("/docs/swagger-initializer.js").await.expect(200);
        for part in ["/docs/openapi.json", "\"docs\"", "usePkceWithAuthorizationCodeGrant\": true", &back, "De gemeente"] {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        assert!(!page.text.contains("clientSecret"));
        let html = nobody.get("/docs/").await.expect(200);
        let policy = html.header("content-security-policy");
        assert!(policy.contains(&format!("connect-src 'self' {}", issuer.address)), "{policy}");
        assert!(nobody.get("/docs/oauth2-redirect.html").await.expect(200).text.contains("oauth2-redirect.js"));
        assert!(nobody.get("/docs/oauth2-redirect.js").await.expect(200).text.contains("isValid"));

        let signed = nobody.get("/docs/openapi.json").await.expect(200);
        let flow = &signed.body["components"]["securitySchemes"]["signIn"]["flows"]["authorizationCode"];
        assert_eq!(flow, &json!({"authorizationUrl": format!("{}/auth", issuer.address),
            "tokenUrl": format!("{}/token", issuer.address), "scopes": {"openid": "", "klankbord": ""}}));
        let of = |document: &Value| document["paths"]["/me"]["get"]["security"].clone();
        assert_eq!(of(&signed.body), json!([{"bearer": []}, {"signIn": ["openid", "klankbord"]}]));
        assert_eq!(signed.body["paths"]["/sessions"]["post"]["security"], json!([]));
        assert_eq!(of(&plain.body), json!([{"bearer": []}]));
        assert_eq!(nobody.get("/v1/openapi.json").await.expect(200).text, plain.text);

        // As the page does it: with its client, back to its own address.
        issuer.knows("anna", json!({"email": "anna@demo.klankbord.example", "email_verified": true})).await;
        let tokens = issuer.sign_in("anna", ("docs", &back)).await;
        let token = tokens["access_token"].as_str().unwrap();
        super::sign_in::arrive(service, token);
        assert_eq!(service.bearer(token).get("/v1/me").await.expect(200).body["accountId"], json!(anna));
    }
}

/// Without an issuer, or when it doesn't answer, the page is there all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_issuer_the_page_is_as_it_was() {
    let service = Service::start(On::Sqlite).await.unwrap();
    let gone = Service::start_with(On::Sqlite, |config| {
        config.oidc.issuers.insert("gone".to_owned(), super::settings("http://127.0.0.1:9"));
    });
    for service in [&service, &gone.await.unwrap()] {
        let nobody = service.nobody();
        let page = nobody.get("/docs/swagger-initializer.js").await.expect(200);
        assert!(page.text.contains("/v1/openapi.json") && !page.text.contains("initOAuth({"), "{}", page.text);
        assert!(
            nobody.get("/docs/").await.expect(200).header("content-security-policy").ends_with("connect-src 'self'")
        );
        let plain = nobody.get("/v1/openapi.json").await.expect(200).text;
        assert_eq!(nobody.get("/docs/openapi.json").await.expect(200).text, plain);
    }
}
