//! The order of checks, the same for every operation:
//! route → method → how much (address) → who → how much (caller) → size → form → content → `If-Match` → for whom. What the policy
//! and the stored state say comes after, inside the unit of work.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use futures_util::{Stream, StreamExt as _};
use klankbord_domain::policy::{self, Caller, Rule};
use klankbord_domain::{Fault, FaultIn};
use klankbord_persistence::Repeat;
use klankbord_persistence::participants::representative::Represented;
use serde_json::Value;
use uuid::Uuid;

use super::contract::{Endpoint, Found};
use super::etag::{self, IfMatch};
use super::problem::Problem;
use super::{accept, acting, bearer, faults, limits, query};
use crate::app::App;

/// The largest body that is read.
const BODY_LIMIT: usize = 256 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// A request that has passed the gate.
#[derive(Clone)]
pub struct Checked {
    /// The operation's row in the policy table.
    pub rule: Rule,
    /// Who calls.
    pub caller: Caller,
    /// For whom they act, where they act for another.
    pub acting: Option<Represented>,
    /// The bearer token of a link operation.
    pub link_token: Option<String>,
    /// The body, as its schema says.
    pub body: Option<Value>,
    /// The query, as its parameters' schemas say.
    pub query: BTreeMap<String, Value>,
    /// The ids in the path, as they were written.
    pub path: BTreeMap<String, String>,
    /// The version that the caller read.
    pub if_match: Option<IfMatch>,
    /// What `Idempotency-Key` said.
    pub repeat: Option<Repeat>,
    /// The content type that the answer shall have.
    pub form: String,
    /// Whether there was another one to choose from.
    pub forms: bool,
}

/// Lets a request through, or answers what is wrong with it.
///
/// # Errors
/// What the service behind it could not answer itself.
pub async fn gate<B: MessageBody + 'static>(
    app: Data<App>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if let Err(problem) = admit(&app, &mut request).await {
        return Ok(request.error_response(problem));
    }
    if request.method() == Method::HEAD {
        // HEAD answers wherever GET does; the server leaves the body out.
        request.head_mut().method = Method::GET;
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn admit(app: &App, request: &mut ServiceRequest) -> Result<(), Problem> {
    match app.contract.find(request.method(), request.path()) {
        Found::Nothing => super::health::method_allowed(request.method(), request.path()),
        Found::OtherMethods(allow) => Err(Problem::method(allow)),
        Found::Endpoint(endpoint, path) => {
            let checked = check(app, request, endpoint, path).await?;
            request.extensions_mut().insert(checked);
            Ok(())
        }
    }
}

async fn check(
    app: &App,
    request: &mut ServiceRequest,
    endpoint: &Endpoint,
    path: BTreeMap<String, String>,
) -> Result<Checked, Problem> {
    let rule = *endpoint.rule;
    let known = bearer::who(app, request, &rule).await;
    let somebody = known.as_ref().ok().map(|(caller, _)| caller.clone());
    let (caller, link_token) = limits::admit(app, request, &rule, (known, somebody.as_ref()))?;
    let bytes = if endpoint.takes_body() { read_body(request).await? } else { BytesMut::new() };
    let form = forms(request, endpoint)?;
    let mut found = Vec::new();
    let query = query::read(endpoint, request.query_string()).unwrap_or_else(|faults| {
        found.extend(faults);
        BTreeMap::new()
    });
    let if_match = if_match(request, &mut found);
    let key = if rule.leaves_nothing() { None } else { idempotency_key(request, &mut found) };
    let asked = acting::asked(request.headers(), &mut found);
    let body = body(endpoint, &bytes, &mut found);
    if !found.is_empty() {
        return Err(Problem::invalid(found));
    }
    if rule.versioned && if_match.is_none() {
        return Err(Problem::new("etag.required"));
    }
    let (caller, acting) = acting::settled(app, caller, asked).await?;
    policy::admits(&rule, &caller)?;
    let repeat = key.map(|key| {
        let person = caller.acting_for.map(Uuid::into_bytes).unwrap_or_default();
        let parts: [&[u8]; 4] = [request.path().as_bytes(), request.query_string().as_bytes(), &bytes, &person];
        Repeat { key, digest: app.store.keys().request_digest(&parts), secret: endpoint.secret }
    });
    let forms = endpoint.produces.len() > 1;
    Ok(Checked { rule, caller, acting, link_token, body, query, path, if_match, repeat, form, forms })
}

async fn read_body(request: &mut ServiceRequest) -> Result<BytesMut, Problem> {
    let payload = request.take_payload();
    let bytes = read_whole(request.headers(), payload).await?;
    request.set_payload(Payload::None);
    Ok(bytes)
}

/// A body, read whole within its limits.
///
/// # Errors
/// 413 for a large one, 408 for a slow one, 400 for one that breaks off.
pub(crate) async fn read_whole(
    headers: &header::HeaderMap,
    mut payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
) -> Result<BytesMut, Problem> {
    let too_large = || Problem::new("request.too_large");
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared.and_then(|text| text.parse::<usize>().ok()).is_some_and(|length| length > BODY_LIMIT) {
        return Err(too_large());
    }
    let reading = async {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::invalid(vec![Fault::body("", "json.malformed")]))?;
            if bytes.len() + chunk.len() > BODY_LIMIT {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(BODY_TIME, reading).await.map_err(|_| Problem::new("request.timeout"))?
}

/// The forms of the body and of the answer; gives the answer's.
fn forms(request: &ServiceRequest, endpoint: &Endpoint) -> Result<String, Problem> {
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if endpoint.takes_body() {
        let given = text(header::CONTENT_TYPE).unwrap_or_default();
        let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !endpoint.consumes.contains(&essence) {
            return Err(Problem::new("request.unsupported_media_type"));
        }
    }
    let accepted = accept::best(text(header::ACCEPT), &endpoint.produces);
    accepted.map(str::to_owned).ok_or_else(|| Problem::new("request.not_acceptable"))
}

fn if_match(request: &ServiceRequest, found: &mut Vec<Fault>) -> Option<IfMatch> {
    let header = request.headers().get(header::IF_MATCH)?;
    let parsed = header.to_str().ok().and_then(etag::parse_if_match);
    if parsed.is_none() {
        found.push(Fault { place: FaultIn::Header, location: "If-Match".to_owned(), code: "header.malformed" });
    }
    parsed
}

fn idempotency_key(request: &ServiceRequest, found: &mut Vec<Fault>) -> Option<String> {
    if request.method() != Method::POST {
        return None;
    }
    let header = request.headers().get("idempotency-key")?;
    // The draft writes the key as a quoted string; people write it bare.
    let key = header.to_str().unwrap_or_default().trim().trim_matches('"');
    let sound = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if sound {
        return Some(key.to_owned());
    }
    let location = "Idempotency-Key".to_owned();
    found.push(Fault { place: FaultIn::Header, location, code: "header.malformed" });
    None
}

fn body(endpoint: &Endpoint, bytes: &[u8], found: &mut Vec<Fault>) -> Option<Value> {
    if !endpoint.takes_body() {
        return None;
    }
    let value = match faults::parsed(bytes) {
        Ok(value) => value,
        Err(faults) => {
            found.extend(faults);
            return None;
        }
    };
    found.extend(faults::unkept(&value));
    if let Some(validator) = endpoint.body_validator() {
        found.extend(faults::of(validator.iter_errors(&value), FaultIn::Body));
    }
    Some(value)
}
