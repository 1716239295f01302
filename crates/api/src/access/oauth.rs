//! OAuth 2.0 for machines: the client credentials grant (RFC 6749 §4.4), and
//! where standard libraries find it (RFC 8414).

use std::collections::BTreeMap;

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use futures_util::FutureExt as _;
use klankbord_domain::access::ClientScope;
use klankbord_domain::policy::{Access, Rule};
use klankbord_persistence::Act;
use klankbord_persistence::access::{Bearer, Known, clients, machines};
use serde_json::json;
use uuid::Uuid;

use super::secret::Prefix;
use crate::app::App;
use crate::tokens::ClientGrant;
use crate::web::address;
use crate::web::bearer::note_use;
use crate::web::envelope::RequestId;
use crate::web::gate::read_whole;
use crate::web::problem::Problem;
use crate::web::token_refusal::TokenRefusal;

/// Where tokens are bought.
pub(crate) const TOKEN_PATH: &str = "/oauth/token";
/// Where a library finds all of this.
pub(crate) const METADATA_PATH: &str = "/.well-known/oauth-authorization-server";
/// Where the keys stand that tokens are signed with.
pub(crate) const KEYS_PATH: &str = "/.well-known/jwks.json";

/// Adds what stands outside the contract.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route(TOKEN_PATH, web::post().to(token))
        .route(METADATA_PATH, web::get().to(metadata))
        .route(KEYS_PATH, web::get().to(keys));
}

async fn metadata(app: Data<App>) -> HttpResponse {
    let issuer = app.tokens.issuer();
    let at = |path: &str| format!("{}{path}", issuer.trim_end_matches('/'));
    let scopes: Vec<_> = for_clients().map(ClientScope::code).collect();
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "token_endpoint": at(TOKEN_PATH),
        "jwks_uri": at(KEYS_PATH),
        "scopes_supported": scopes,
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "service_documentation": at("/docs/"),
    }))
}

async fn keys(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/jwk-set+json").body(app.tokens.key_set().to_string())
}

/// The scopes that a client can hold.
pub(crate) fn for_clients() -> impl Iterator<Item = ClientScope> {
    ClientScope::ALL.iter().copied().filter(|scope| scope.is_for_clients())
}

/// A request for a token, read.
struct Asked {
    client: Uuid,
    secret: String,
    scope: Option<String>,
}

async fn token(app: Data<App>, request: HttpRequest, body: web::Payload) -> Result<HttpResponse, actix_web::Error> {
    if !request.query_string().is_empty() {
        return Err(TokenRefusal::Request("Nothing of this request belongs in the address.").into());
    }
    let bytes = read_whole(request.headers(), body).await?;
    let asked = read(request.headers(), &bytes).map_err(|refusal| counted(&app, &request, refusal))?;
    let bearer = Bearer::Secret(asked.client, &asked.secret);
    let sound = Prefix::ClientSecret.is_sound(&asked.secret);
    let known = if sound { machines::known(app.store.reader(), bearer, app.now()).await } else { Ok(None) };
    let known = known.map_err(Problem::from)?.ok_or_else(|| counted(&app, &request, TokenRefusal::Client))?;
    let scopes = ClientScope::granted(asked.scope.as_deref(), &known.machine.scopes).ok_or(TokenRefusal::Scope)?;
    note_use(&app, known.credential, known.last_used_on);
    Ok(answer(&app, &request, known, &scopes).await?)
}

/// The refusal, after a wrong secret was counted on its address; a right one is
/// never held back.
fn counted(app: &App, request: &HttpRequest, refusal: TokenRefusal) -> TokenRefusal {
    let from = address::of(request, &app.config.server.trusted_proxies);
    let over = match (Option::as_ref(&app.limits), from) {
        (Some(limits), Some(from)) if refusal == TokenRefusal::Client => limits.wrong(from).err(),
        _ => None,
    };
    over.map_or(refusal, TokenRefusal::TooOften)
}

/// The token, and that it was bought, in the audit trail.
async fn answer(
    app: &App,
    request: &HttpRequest,
    known: Known,
    scopes: &[ClientScope],
) -> Result<HttpResponse, Problem> {
    let (now, life) = (app.now(), TimeDelta::minutes(app.config.machines.access_token_minutes));
    let (client, organisation) = (known.machine.id, known.machine.organisation);
    let grant = ClientGrant { client, credential: known.credential, scopes, id: app.ids.next(now) };
    let token = app.tokens.issue_to_client(&grant, now, now + life).map_err(Problem::internal)?;
    let work = act(app, request, known);
    let noted = app.store.write(work, (organisation, client), |tx, (organisation, client)| {
        async move {
            tx.touches(Some(*organisation), clients::KIND, *client);
            Ok(())
        }
        .boxed()
    });
    noted.await?;
    Ok(HttpResponse::Ok().insert_header(("Pragma", "no-cache")).json(json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": life.num_seconds(),
        "scope": ClientScope::in_words(scopes),
    })))
}

fn act(app: &App, request: &HttpRequest, known: Known) -> Act {
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let origin = address::of(request, &app.config.server.trusted_proxies);
    let origin = origin.map_or_else(|| "local".to_owned(), |from| from.to_string());
    Act {
        rule: Rule::new("issueToken", Access::Public),
        caller: known.into_caller(None),
        origin,
        request_id,
        now: app.now(),
        ids: app.ids.clone(),
        repeat: None,
        if_match: None,
    }
}

fn read(headers: &HeaderMap, bytes: &[u8]) -> Result<Asked, TokenRefusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(TokenRefusal::Request("The body is a form: application/x-www-form-urlencoded."));
    }
    let mut fields = form(bytes)?;
    let in_header = headers.get(AUTHORIZATION).map(|value| basic(value.to_str().unwrap_or_default()));
    let in_body = fields.remove("client_secret");
    let named = fields.remove("client_id");
    let (client, secret) = match (in_header, in_body) {
        (Some(_), Some(_)) => return Err(TokenRefusal::Request("The client shows itself in one way, not in two.")),
        (Some(shown), None) => {
            let (client, secret) = shown.ok_or(TokenRefusal::Client)?;
            if named.is_some_and(|named| named != client) {
                return Err(TokenRefusal::Request("The body names another client than the header."));
            }
            (client, secret)
        }
        (None, Some(secret)) => (named.ok_or(TokenRefusal::Client)?, secret),
        (None, None) => return Err(TokenRefusal::Client),
    };
    match fields.remove("grant_type").as_deref() {
        None => return Err(TokenRefusal::Request("The grant type is missing.")),
        Some("client_credentials") => {}
        Some(_) => return Err(TokenRefusal::GrantType),
    }
    let client = client.parse().map_err(|_| TokenRefusal::Client)?;
    Ok(Asked { client, secret, scope: fields.remove("scope") })
}

/// The fields of a form; none comes twice, and an empty one is as good as
/// absent (RFC 6749 §3.2).
fn form(bytes: &[u8]) -> Result<BTreeMap<String, String>, TokenRefusal> {
    let malformed = TokenRefusal::Request("The form can't be read.");
    let text = std::str::from_utf8(bytes).map_err(|_| malformed)?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| malformed)?;
    let mut fields = BTreeMap::new();
    for (name, value) in pairs.into_inner() {
        if fields.insert(name, value).is_some() {
            return Err(TokenRefusal::Request("A parameter comes twice."));
        }
    }
    fields.retain(|_, value| !value.is_empty());
    Ok(fields)
}

/// Name and secret from a Basic header; each is form-encoded there (RFC 6749 §2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let text = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded.trim()).ok()).flatten()?;
    let text = String::from_utf8(text).ok()?;
    let (name, secret) = text.split_once(':')?;
    Some((decoded(name)?, decoded(secret)?))
}

fn decoded(text: &str) -> Option<String> {
    let pair = format!("it={text}");
    let fields = form(pair.as_bytes()).ok().filter(|fields| fields.len() == 1)?;
    fields.get("it").cloned()
}
