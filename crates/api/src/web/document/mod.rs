//! The OpenAPI document: gathered from the handlers, then framed in one pass
//! with what is the same for every operation.

mod base;
mod demo_ids;
mod examples;
mod frame;
pub(crate) mod published;
mod shape;

use serde_json::{Map, Value};
use utoipa::openapi::{OpenApi, RefOr, schema::Schema};
use utoipa_actix_web::AppExt as _;

pub use demo_ids::demo_id;

/// The document as it is committed, and so published: reading it costs a start
/// less than gathering it anew. A test holds that both are the same.
pub const COMMITTED: &str = include_str!("../../../../../openapi/openapi.json");

/// The whole document, with its keys in order, so that it is the same everywhere.
pub fn build() -> Value {
    let mut document = serde_json::to_value(gathered()).unwrap_or_default();
    shape::tidy(&mut document);
    frame::put(&mut document);
    examples::put(&mut document);
    in_order(document)
}

/// The document as text, as it is committed and printed.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&build()).unwrap_or_default();
    text.push('\n');
    text
}

fn gathered() -> OpenApi {
    let app =
        actix_web::App::new().into_utoipa_app().openapi(base::frame()).configure(|to| crate::server::contexts(to));
    app.split_for_parts().1
}

/// The same value with its keys in order.
pub(crate) fn in_order(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(fields.into_iter().map(|(name, field)| (name, in_order(field))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(in_order).collect()),
        other => other,
    }
}

/// The schema of a patch, from that of what creates the thing.
pub fn patch_schema(create: RefOr<Schema>, fixed: &[&str]) -> RefOr<Schema> {
    let mut schema = serde_json::to_value(&create).unwrap_or_default();
    shape::to_patch(&mut schema, fixed);
    serde_json::from_value(schema).unwrap_or(create)
}
