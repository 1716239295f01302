//! Which pages of other origins may read what the service answers: those of an
//! exact list (Fetch standard §3.2). Never with credentials: tokens go in a header.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const ALLOWED: &str =
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Accept-Language, Acting-For, X-Request-Id";
const EXPOSED: &str = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, API-Version, \
                       Content-Language";
/// Seconds for which a browser needn't ask again.
const MAX_AGE: &str = "600";
const ALLOW_ORIGIN: HeaderName = HeaderName::from_static("access-control-allow-origin");

/// What one request's origin may read.
#[derive(Debug, Clone)]
pub struct Cors {
    /// The origin, when it stands on the list.
    origin: Option<HeaderValue>,
    /// There is a list, so that answers depend on the origin.
    varies: bool,
}

impl Cors {
    /// Holds the request's origin against the list.
    pub fn of(origins: &[String], request: &ServiceRequest) -> Self {
        let origin = request.headers().get("origin");
        let listed = |origin: &&HeaderValue| origins.iter().any(|known| known.as_bytes() == origin.as_bytes());
        Self { origin: origin.filter(listed).cloned(), varies: !origins.is_empty() }
    }

    /// The answer to a browser that asks beforehand; none when it is no such
    /// question, or of an origin that isn't listed.
    pub fn preflight(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        let asks =
            *request.method() == Method::OPTIONS && request.headers().contains_key("access-control-request-method");
        let answer = || {
            HttpResponse::NoContent()
                .insert_header(("Access-Control-Allow-Methods", METHODS))
                .insert_header(("Access-Control-Allow-Headers", ALLOWED))
                .insert_header(("Access-Control-Max-Age", MAX_AGE))
                .finish()
        };
        (asks && self.origin.is_some()).then(answer)
    }

    /// Marks an answer. What is open to every origin already stays so.
    pub fn write(&self, headers: &mut HeaderMap) {
        if headers.contains_key(ALLOW_ORIGIN) {
            return;
        }
        if self.varies {
            headers.append(HeaderName::from_static("vary"), HeaderValue::from_static("Origin"));
        }
        if let Some(origin) = &self.origin {
            headers.insert(ALLOW_ORIGIN, origin.clone());
            let exposed = HeaderValue::from_static(EXPOSED);
            headers.insert(HeaderName::from_static("access-control-expose-headers"), exposed);
        }
    }
}
