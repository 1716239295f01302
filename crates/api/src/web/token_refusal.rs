//! What the token endpoint answers when it says no (RFC 6749 §5.2): its clients
//! are standard libraries, which know no problem documents.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

/// Why no token is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// The request is malformed, or a parameter is missing or comes twice.
    #[error("invalid_request")]
    Request(&'static str),
    /// The client is unknown, revoked, or its secret is wrong; which, isn't told.
    #[error("invalid_client")]
    Client,
    /// Only `client_credentials` is possible.
    #[error("unsupported_grant_type")]
    GrantType,
    /// A scope is asked that the client doesn't have.
    #[error("invalid_scope")]
    Scope,
    /// Its address was wrong too often; seconds until it may try again.
    #[error("invalid_request")]
    TooOften(u64),
}

impl ResponseError for TokenRefusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Client => StatusCode::UNAUTHORIZED,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Request(_) | Self::GrantType | Self::Scope => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let about = match self {
            Self::Request(about) => about,
            Self::Client => "The client is unknown, was revoked, or its secret is wrong.",
            Self::GrantType => "Only the grant type client_credentials is possible.",
            Self::Scope => "The client does not have every scope that was asked for.",
            Self::TooOften(_) => "Too many tries from this address. Retry-After says when to come back.",
        };
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header(("Pragma", "no-cache"));
        if *self == Self::Client {
            response.insert_header(("WWW-Authenticate", "Basic realm=\"klankbord\", charset=\"UTF-8\""));
        }
        if let Self::TooOften(seconds) = self {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        response.json(json!({ "error": self.to_string(), "error_description": about }))
    }
}
