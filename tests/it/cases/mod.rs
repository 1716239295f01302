//! The five cases, each walked over HTTP on the loaded demo.

mod case1;
mod case2;
mod case3;
mod case4;
mod case5;

use klankbord_api::web::document::demo_id;
use serde_json::{Value, json};

on_both! {
    /// One after the other on one service; the third moves the clock, so it comes last.
    async fn the_five_cases_run(service) {
        service.running.app.load_demo().await.unwrap();
        case1::walk(service).await;
        case2::walk(service).await;
        case4::walk(service).await;
        case5::walk(service).await;
        case3::walk(service).await;
    }
}

/// The id of something in the demo.
fn id(kind: &str, number: u32) -> String {
    demo_id(kind, number).unwrap()
}

/// The path of something in the demo.
fn at(collection: &str, kind: &str, number: u32) -> String {
    format!("/v1/{collection}/{}", id(kind, number))
}

/// A text in Dutch alone.
fn nl(value: &str) -> Value {
    json!([{"language": "nl", "value": value}])
}

/// A text in Dutch and in plain Dutch.
fn plain(value: &str) -> Value {
    json!([{"language": "nl", "value": value}, {"language": "nl-simple", "value": value}])
}

/// The figure of the row in which `field` says `word`; 0 where there is none.
fn count_of(rows: &Value, field: &str, word: &str) -> i64 {
    let row = rows.as_array().unwrap().iter().find(|row| row[field] == word);
    row.map_or(0, |row| row["count"]["figure"].as_i64().unwrap_or_else(|| panic!("no figure in {row}")))
}
