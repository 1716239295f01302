//! What a handler answers with, and how it goes out.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, Responder};
use bytes::Bytes;
use klankbord_persistence::store::KeptAnswer;
use serde::Serialize;
use serde_json::{Map, Value};

use super::csv::{self, Row};
use super::etag;
use super::gate::Checked;
use super::language::Language;

/// A table in UTF-8 whose first line names the columns (RFC 4180, RFC 7111).
pub const CSV_WITH_HEAD: &str = "text/csv; charset=utf-8; header=present";

/// An answer: status, body, and the headers that belong to it.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    location: Option<String>,
    etag: Option<String>,
    next: Option<String>,
    /// The texts' languages depend on `Accept-Language`.
    negotiated: bool,
    languages: Vec<String>,
    body: Option<Value>,
    /// Something else than JSON instead of the body, and its content type.
    other: Option<(&'static str, Bytes)>,
}

impl Answer {
    fn new(status: StatusCode, body: Option<Value>) -> Self {
        let (negotiated, languages) = (false, Vec::new());
        Self { status, location: None, etag: None, next: None, negotiated, languages, body, other: None }
    }

    /// 200 with a table, and where the next part of it stands.
    pub fn csv<'r, R: Row + 'r>(rows: impl Iterator<Item = &'r R>, next: Option<String>) -> Self {
        let mut answer = Self::new(StatusCode::OK, None);
        answer.next = next;
        answer.other = Some((CSV_WITH_HEAD, csv::table(rows).into()));
        answer
    }

    /// 200 with a thing that has no version, and that comes in one language: the one that the caller likes best.
    pub fn plain_in(language: &str, body: &impl Serialize) -> Self {
        let mut answer = Self::plain(body);
        answer.negotiated = true;
        answer.languages = vec![language.to_owned()];
        answer
    }

    /// The same as a picture, a page or a file of this content type.
    pub fn other_in(language: &str, kind: &'static str, body: impl Into<Bytes>) -> Self {
        let mut answer = Self::new(StatusCode::OK, None);
        answer.negotiated = true;
        answer.languages = vec![language.to_owned()];
        answer.other = Some((kind, body.into()));
        answer
    }

    /// 200 with a thing that has no version: a result, a report.
    pub fn plain(body: &impl Serialize) -> Self {
        let body = to_body(body);
        let mut answer = Self::new(StatusCode::OK, None);
        answer.languages = languages_in(&body);
        answer.body = Some(body);
        answer
    }

    /// 200 with a resource: the entity tag stands in the header and in the body.
    pub fn resource(version: i64, body: &impl Serialize) -> Self {
        let mut answer = Self::plain(body);
        answer.put_tag(version);
        answer
    }

    /// 201 with a resource and where it stands.
    pub fn created(location: String, version: i64, body: &impl Serialize) -> Self {
        let mut answer = Self::resource(version, body);
        answer.status = StatusCode::CREATED;
        answer.location = Some(location);
        answer
    }

    /// 201 with a thing that has no version.
    pub fn made(location: String, body: &impl Serialize) -> Self {
        let mut answer = Self::plain(body);
        answer.status = StatusCode::CREATED;
        answer.location = Some(location);
        answer
    }

    /// 201 with a move, and the tag that the resource has from now on: that of
    /// `resource` at `version`.
    pub fn moved(location: String, transition: &impl Serialize, version: i64, resource: &impl Serialize) -> Self {
        let mut answer = Self::made(location, transition);
        answer.etag = Some(etag::tag(version, &to_body(resource)));
        answer
    }

    /// 202: taken in, and done later.
    pub fn accepted(body: &impl Serialize) -> Self {
        let mut answer = Self::plain(body);
        answer.status = StatusCode::ACCEPTED;
        answer
    }

    /// 204.
    pub fn nothing() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// 200 with a page; every text comes in the one language that the caller
    /// likes best.
    pub fn page(
        items: Vec<Value>,
        next: Option<(String, Option<String>)>,
        total: Option<u64>,
        language: &Language,
    ) -> Self {
        let mut body = Map::new();
        let items = items.into_iter().map(|item| picked(without_nulls(item), language)).collect();
        body.insert("items".to_owned(), Value::Array(items));
        let (cursor, link) = next.unzip();
        if let Some(cursor) = cursor {
            body.insert("nextCursor".to_owned(), Value::String(cursor));
        }
        if let Some(total) = total {
            body.insert("total".to_owned(), Value::from(total));
        }
        let body = Value::Object(body);
        let mut answer = Self::new(StatusCode::OK, None);
        answer.languages = languages_in(&body);
        answer.negotiated = true;
        answer.next = link.flatten();
        answer.body = Some(body);
        answer
    }

    /// The same answer as it was kept.
    pub fn kept(kept: &KeptAnswer) -> Self {
        let body: Option<Value> = serde_json::from_slice(&kept.body).ok();
        let mut answer = Self::new(StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK), None);
        answer.location.clone_from(&kept.location);
        answer.etag.clone_from(&kept.etag);
        if let Some(body) = body {
            answer.languages = languages_in(&body);
            answer.body = Some(body);
        }
        answer
    }

    /// What to keep for a repeated request.
    pub fn to_keep(&self) -> KeptAnswer {
        let body = self.body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let (location, etag) = (self.location.clone(), self.etag.clone());
        KeptAnswer { status: self.status.as_u16(), location, etag, body }
    }

    fn put_tag(&mut self, version: i64) {
        if let Some(Value::Object(fields)) = &mut self.body {
            fields.remove("etag");
        }
        let tag = self.body.as_ref().map(|body| etag::tag(version, body));
        if let (Some(Value::Object(fields)), Some(tag)) = (&mut self.body, &tag) {
            fields.insert("etag".to_owned(), Value::String(tag.clone()));
        }
        self.etag = tag;
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let known = request.headers().get("if-none-match").and_then(|value| value.to_str().ok());
        let unchanged = matches!((&self.etag, known), (Some(tag), Some(known)) if etag::none_match(known, tag));
        let safe = request.method().is_safe();
        let status = if unchanged && safe { StatusCode::NOT_MODIFIED } else { self.status };
        let mut response = HttpResponse::build(status);
        if let Some(tag) = self.etag {
            response.insert_header(("ETag", tag));
        }
        if let Some(location) = self.location {
            response.insert_header(("Location", location));
        }
        if let Some(next) = self.next {
            response.insert_header(("Link", format!("<{next}>; rel=\"next\"")));
        }
        // Appended: an answer can depend on both.
        if self.negotiated {
            response.append_header(("Vary", "Accept-Language"));
        }
        if request.extensions().get::<Checked>().is_some_and(|checked| checked.forms) {
            response.append_header(("Vary", "Accept"));
        }
        if !self.languages.is_empty() {
            response.insert_header(("Content-Language", self.languages.join(", ")));
        }
        if let Some((kind, body)) = self.other {
            return response.insert_header(("Content-Type", kind)).body(body);
        }
        match self.body {
            Some(body) if status != StatusCode::NOT_MODIFIED => {
                response.insert_header(("Content-Type", "application/json")).body(body.to_string())
            }
            _ => response.finish(),
        }
    }
}

/// Absent, never null.
fn to_body(value: &impl Serialize) -> Value {
    without_nulls(serde_json::to_value(value).unwrap_or_default())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Whether this is a text: a list of `{language, value}`.
fn is_text(items: &[Value]) -> bool {
    !items.is_empty() && items.iter().all(|item| item.get("language").is_some() && item.get("value").is_some())
}

fn language_of(variant: &Value) -> Option<&str> {
    variant.get("language").and_then(Value::as_str)
}

/// Every language that occurs in a body's texts.
fn languages_in(value: &Value) -> Vec<String> {
    fn gather(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Array(items) if is_text(items) => {
                let new = items.iter().filter_map(language_of).filter(|tag| !found.iter().any(|known| known == tag));
                let new: Vec<String> = new.map(str::to_owned).collect();
                found.extend(new);
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
            Value::Object(fields) => fields.values().for_each(|field| gather(field, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(value, &mut found);
    found
}

/// Every text reduced to the variant that the caller likes best (RFC 4647 lookup).
fn picked(value: Value, language: &Language) -> Value {
    match value {
        Value::Array(items) if is_text(&items) => {
            let texts = items.iter().filter_map(|item| {
                let value = item.get("value").and_then(Value::as_str)?.to_owned();
                let language = language_of(item)?.to_owned();
                Some(klankbord_domain::Text {
                    language,
                    value,
                    made_by: klankbord_domain::text::MadeBy::Human,
                    stale: false,
                })
            });
            let Ok(texts) = klankbord_domain::Texts::new(texts.collect()) else { return Value::Array(items) };
            let best = texts.pick(language.ranges()).map(|text| text.language.clone());
            let one = items.into_iter().find(|item| language_of(item) == best.as_deref());
            Value::Array(one.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| picked(item, language)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, field)| (name, picked(field, language))).collect())
        }
        other => other,
    }
}
