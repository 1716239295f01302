//! Who calls: the bearer of a session's token (with an account, or by a one-time code), of a client's token, of an API
//! key, of a kiosk's credential, of another issuer's token. What stands behind each is asked anew at every
//! request, so that what is withdrawn ends at the next one.

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::AUTHORIZATION;
use chrono::NaiveDate;
use klankbord_domain::calendar::day_of;
use klankbord_domain::policy::{Access, Caller, Rule};
use klankbord_persistence::access::{Bearer, credentials, machines, rights};
use klankbord_persistence::consultations::kiosk;
use klankbord_persistence::participants::code_session;
use uuid::Uuid;

use super::address;
use super::envelope::RequestId;
use super::problem::Problem;
use crate::access::oidc::linking;
use crate::access::secret::Prefix;
use crate::app::App;
use crate::tokens::Said;

/// Who sent a request: nobody in particular, the bearer of a link token, or
/// somebody or something that the installation knows.
///
/// # Errors
/// 401 where a token is missing or doesn't hold; 503 without the database.
pub(super) async fn who(app: &App, request: &ServiceRequest, rule: &Rule) -> Result<(Caller, Option<String>), Problem> {
    let headers = request.headers();
    let unknown = || Problem::new("access.unauthenticated");
    let Some(header) = headers.get(AUTHORIZATION) else {
        return match rule.access {
            Access::Public => Ok((Caller::default(), None)),
            Access::SignedIn | Access::Link | Access::Held(_) => Err(unknown()),
        };
    };
    let token = header.to_str().ok().and_then(|text| text.split_once(' '));
    let (_, token) = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).ok_or_else(unknown)?;
    let token = token.trim();
    if rule.access == Access::Link {
        return Ok((Caller::default(), Some(token.to_owned())));
    }
    let known = match known(app, token).await? {
        Some(caller) => Some(caller),
        None => elsewhere(app, token, request).await?,
    };
    Ok((known.ok_or_else(unknown)?, None))
}

async fn known(app: &App, token: &str) -> Result<Option<Caller>, Problem> {
    let (reader, now) = (app.store.reader(), app.now());
    if Prefix::ApiKey.begins(token) {
        return by_api_key(app, token).await;
    }
    if Prefix::Kiosk.begins(token) {
        let sound = Prefix::Kiosk.is_sound(token);
        return if sound { Ok(kiosk::known(reader, token, now).await?) } else { Ok(None) };
    }
    match app.tokens.check(token, now) {
        Some(Said::Session(whose, session)) => {
            if let Some(caller) = rights::of_session(reader, session, now, app.config.sign_in.raised_only()).await? {
                return Ok(Some(caller).filter(|caller| caller.account == Some(whose)));
            }
            let today = day_of(now, app.config.time.zone);
            let caller = code_session::known(reader, session, (now, today)).await?;
            Ok(caller.filter(|caller| caller.by_code == Some(whose)))
        }
        Some(Said::Client(client, credential, scopes)) => {
            let found = machines::known(reader, Bearer::Token(client, credential), now).await?;
            Ok(found.map(|found| found.into_caller(Some(&scopes))))
        }
        None => Ok(None),
    }
}

/// Whom another issuer vouches for.
async fn elsewhere(app: &App, token: &str, request: &ServiceRequest) -> Result<Option<Caller>, Problem> {
    let Some(said) = app.issuers.check(token, app.now()).await? else { return Ok(None) };
    let origin = address::of(request.request(), &app.config.server.trusted_proxies);
    let origin = origin.map_or_else(|| "local".to_owned(), |from| from.to_string());
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    linking::caller(app, &said, (origin, request_id)).await
}

async fn by_api_key(app: &App, key: &str) -> Result<Option<Caller>, Problem> {
    if !Prefix::ApiKey.is_sound(key) {
        return Ok(None);
    }
    let Some(found) = machines::known(app.store.reader(), Bearer::ApiKey(key), app.now()).await? else {
        return Ok(None);
    };
    note_use(app, found.credential, found.last_used_on);
    Ok(Some(found.into_caller(None)))
}

/// Notes the day on which a credential was used, beside the request and once a
/// day: that it can't be noted stops nobody.
pub(crate) fn note_use(app: &App, credential: Uuid, noted: Option<NaiveDate>) {
    let today = day_of(app.now(), app.config.time.zone);
    if noted.is_some_and(|day| day >= today) {
        return;
    }
    let store = app.store.clone();
    tokio::spawn(async move {
        if let Err(failure) = credentials::used_on(&store, credential, today).await {
            tracing::warn!(cause = %failure, "the day of a credential's last use was not noted");
        }
    });
}
