//! SIGTERM under load: every request whose head was received is answered, also
//! beside a client that sends its body slowly.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::program::Home;
use crate::support::On;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    drains(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    drains(On::Postgres).await;
}

async fn drains(on: On) {
    let Some(home) = Home::new(on) else { return };
    let mut served = home.serve();
    let (_, token) = served.admin().await;
    let address = served.base.trim_start_matches("http://").to_owned();
    let (stop, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(1)));
    let slow = tokio::spawn(slow_body(address.clone(), token.clone()));
    let clients: Vec<_> =
        (0..12).map(|_| tokio::spawn(requests(address.clone(), token.clone(), stop.clone(), next.clone()))).collect();
    tokio::time::sleep(Duration::from_millis(700)).await;
    let asked = Instant::now();
    served.signal("-TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::SeqCst);
    let mut answered = BTreeSet::new();
    for client in clients {
        answered.extend(client.await.unwrap());
    }
    let slow_status = slow.await.unwrap();
    let code = served.wait(Duration::from_secs(20));
    // The reader of the log may be a moment behind the process.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let received = received(&served.log.lock().unwrap());
    let unanswered: Vec<_> = received.difference(&answered).filter(|id| id.starts_with("load-")).collect();
    eprintln!("{on:?}: {} received, {} answered, ended after {:?}", received.len(), answered.len(), asked.elapsed());
    assert_eq!(unanswered, Vec::<&String>::new(), "received, and not answered");
    assert!(answered.len() > 20, "hardly any load");
    assert!(slow_status.starts_with("HTTP/1.1 408") || slow_status.starts_with("HTTP/1.1 201"), "{slow_status}");
    assert_eq!(code, Some(0));
}

/// The ids of the requests whose heads the service says it received.
fn received(log: &[String]) -> BTreeSet<String> {
    let events = log.iter().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let heads = events.filter(|event| event["message"] == "received");
    heads.filter_map(|event| event["span"]["request_id"].as_str().map(str::to_owned)).collect()
}

fn head(token: &str, id: &str, length: usize) -> String {
    format!(
        "POST /v1/organisations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nX-Request-Id: {id}\r\n\
         Content-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// One connection a request, over and over; the ids of those answered.
async fn requests(address: String, token: String, stop: Arc<AtomicBool>, next: Arc<AtomicU64>) -> Vec<String> {
    let mut answered = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let id = format!("load-{:08}", next.fetch_add(1, Ordering::Relaxed));
        let body = format!("{{\"kind\":\"school\",\"name\":\"{id}\"}}");
        let Ok(mut stream) = TcpStream::connect(&address).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let whole = head(&token, &id, body.len()) + &body;
        if stream.write_all(whole.as_bytes()).await.is_err() {
            continue;
        }
        let mut reply = String::new();
        let _cut = stream.read_to_string(&mut reply).await;
        if reply.starts_with("HTTP/1.1 201") && reply.contains(&id) {
            answered.push(id);
        } else {
            assert!(reply.is_empty(), "{reply}");
        }
    }
    answered
}

/// A client that sends a byte now and then; the first line of its answer.
async fn slow_body(address: String, token: String) -> String {
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let body = format!("{{\"kind\":\"school\",\"name\":\"{}\"}}", "x".repeat(100));
    stream.write_all(head(&token, "slow-client-1", body.len()).as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let drip = tokio::spawn(async move {
        for byte in body.into_bytes() {
            if writing.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    });
    let mut reply = vec![0_u8; 64];
    let count = reading.read(&mut reply).await.unwrap_or(0);
    drip.abort();
    String::from_utf8_lossy(&reply[..count]).lines().next().unwrap_or_default().to_owned()
}
