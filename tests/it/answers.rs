//! What answers say about themselves: languages, entity tags, where a list goes on.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::feedback::participant;
use crate::networks::host;
use crate::support::wire::{Reply, reply};
use crate::support::{Client, Service};

/// A draft of an information page in three languages; its id.
pub async fn information_page(manager: &Client, organisation: &str) -> String {
    let text = |word: &str| {
        let variants = ["nl", "nl-simple", "en"].map(|tag| json!({"language": tag, "value": format!("{word} {tag}")}));
        Value::from(variants.to_vec())
    };
    let new = json!({"organisationId": organisation, "topic": "rights", "title": text("Titel"), "body": text("Tekst")});
    manager.make("/v1/information-pages", new).await.id()
}

/// One that everybody reads; its path.
async fn published(service: &Service) -> String {
    let admin = service.admin().await;
    let (manager, here) = host(service, &admin, "hier").await;
    let path = format!("/v1/information-pages/{}", information_page(&manager, &here).await);
    manager.transition(&path, json!({"to": "published"})).await.expect(201);
    path
}

async fn get_with(client: &Client, path: &str, header: (&str, &str)) -> Reply {
    reply(client.request(Method::GET, path).header(header.0, header.1)).await
}

on_both! {
    /// Lists come in the one language that the caller likes best; a thing in all.
    async fn lists_are_read_in_ones_own_language(service) {
        let path = published(service).await;
        let nobody = service.nobody();
        for (liked, tag) in [
            ("en", "en"),
            ("nl-simple;q=0.4, en;q=0.9", "en"),
            ("nl-simple, nl;q=0.8", "nl-simple"),
            ("fr, nl;q=0.1", "nl"),
            ("fr", "nl"),
        ] {
            let list = get_with(&nobody, "/v1/information-pages", ("Accept-Language", liked)).await.expect(200);
            let title = &list.items()[0]["title"];
            assert_eq!(title.as_array().unwrap().len(), 1, "{liked}");
            assert_eq!((title[0]["language"].as_str(), title[0]["value"].as_str()), (Some(tag), Some(&*format!("Titel {tag}"))));
            assert_eq!((list.header("content-language").as_str(), list.header("vary").as_str()), (tag, "Accept-Language"));
        }
        let whole = get_with(&nobody, &path, ("Accept-Language", "en")).await.expect(200);
        assert_eq!(whole.body["title"].as_array().unwrap().len(), 3);
        let told = whole.header("content-language");
        let mut languages: Vec<_> = told.split(", ").collect();
        languages.sort_unstable();
        assert_eq!(languages, ["en", "nl", "nl-simple"]);
        assert!(whole.headers.get("vary").is_none());
    }

    /// Problems too: in Dutch, unless English is liked better.
    async fn problems_are_read_in_ones_own_language(service) {
        let nobody = service.nobody();
        for (liked, tag, title) in [
            ("en", "en", "You are not signed in"),
            ("nl;q=0.2, en-GB;q=0.9", "en", "You are not signed in"),
            ("fr", "nl", "U bent niet aangemeld"),
        ] {
            let problem = get_with(&nobody, "/v1/me", ("Accept-Language", liked)).await.expect(401);
            assert_eq!(problem.body["title"], title, "{liked}");
            assert_eq!((problem.header("content-language").as_str(), problem.header("vary").as_str()), (tag, "Accept-Language"));
        }
    }

    /// Every problem's type is a place on a page of the service itself.
    async fn a_problems_type_can_be_read(service) {
        let nobody = service.nobody();
        let problem = nobody.get("/v1/me").await.expect(401);
        let (path, anchor) = problem.body["type"].as_str().unwrap().split_once('#').unwrap();
        let page = nobody.get(path).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.text.contains(&format!("id=\"{anchor}\"")));
        for (code, ..) in klankbord_api::web::messages::every_problem() {
            assert!(page.text.contains(&format!("id=\"{code}\"")), "{code}");
        }
    }

    /// What the caller has already is not sent again (RFC 9110 §13.1.2).
    async fn what_is_known_is_not_sent_again(service) {
        let path = published(service).await;
        let nobody = service.nobody();
        let tag = nobody.get(&path).await.expect(200).etag();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let unchanged = get_with(&nobody, &path, ("If-None-Match", &known)).await.expect(304);
            assert_eq!((unchanged.text.as_str(), unchanged.etag()), ("", tag.clone()), "{known}");
            assert!(unchanged.headers.get("content-type").is_none());
        }
        let changed = get_with(&nobody, &path, ("If-None-Match", "\"other\"")).await.expect(200);
        assert_eq!(changed.etag(), tag);
    }

    /// A search goes on with the same body only, and by no link: GET isn't known there.
    async fn a_search_goes_on_with_its_own_body(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        for number in 1..=3 {
            participant(&manager, &here, None, &format!("Maan {number}")).await;
        }
        let path = "/v1/participants/_search?limit=1";
        let body = json!({"organisationId": here, "displayName": "maan"});
        let first = manager.post(path, body.clone()).await.expect(200);
        assert!(first.headers.get("link").is_none());
        let next = format!("{path}&cursor={}", first.body["nextCursor"].as_str().unwrap());
        let second = manager.post(&next, body).await.expect(200);
        assert_ne!(first.items()[0]["id"], second.items()[0]["id"]);
        let other = json!({"organisationId": here, "displayName": "maan 3"});
        assert_eq!(manager.post(&next, other).await.expect(400).faults(), ["cursor cursor.malformed"]);
    }

    /// A body that doesn't say how long it is has the same limit.
    async fn a_body_in_chunks_has_the_same_limit(service) {
        let admin = service.admin().await;
        let session = admin.token().unwrap();
        let mut stream = tokio::net::TcpStream::connect(service.base.trim_start_matches("http://")).await.unwrap();
        let head = format!(
            "POST /v1/organisations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {session}\r\n\
             Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
        for _ in 0..17 {
            // It may answer, and hang up, before everything has come.
            let _sent = stream.write_all(chunk.as_bytes()).await;
        }
        let mut answer = vec![0_u8; 64];
        let count = stream.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    }
}
