//! Credential, client and organisation in one indexed query, asked at every
//! request: what was revoked or has expired is unknown at the next one, on
//! every replica.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::access::{ClientScope, CredentialKind};
use klankbord_domain::policy::{Caller, Held, Machine, Scope, Standing};
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::clients::scopes_of;
use super::credentials::purpose;
use crate::store::{Failure, Reader, Source as _};

/// What a machine showed.
#[derive(Debug, Clone, Copy)]
pub enum Bearer<'a> {
    /// A key that is itself the bearer token.
    ApiKey(&'a str),
    /// A client's id and secret, at the token endpoint.
    Secret(Uuid, &'a str),
    /// A token of this client, bought with this credential.
    Token(Uuid, Uuid),
}

/// A client that is known now, and the credential it is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The client, with its present scopes.
    pub machine: Machine,
    /// The credential.
    pub credential: Uuid,
    /// The day on which that was used last.
    pub last_used_on: Option<NaiveDate>,
}

#[derive(FromQueryResult)]
struct Row {
    client_id: Uuid,
    organisation_id: Uuid,
    scopes: String,
    credential_id: Uuid,
    last_used_on: Option<NaiveDate>,
}

/// The part that all bearers share; `$1` is the instant.
const KNOWN: &str = "
SELECT c.id AS client_id, c.organisation_id AS organisation_id, c.scopes AS scopes,
       k.id AS credential_id, k.last_used_on AS last_used_on
  FROM client_credentials k JOIN clients c ON c.id = k.client_id JOIN organisations o ON o.id = c.organisation_id
 WHERE c.status = 'active' AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $1)";

/// Which client shows this; none when it is unknown, revoked or expired.
///
/// # Errors
/// When the database refuses.
pub async fn known(reader: &Reader, bearer: Bearer<'_>, now: DateTime<Utc>) -> Result<Option<Known>, Failure> {
    let hash = |kind, secret| Value::from(reader.keys().secret_lookup(purpose(kind), secret));
    let by_secret = "k.secret_hash = $2 AND k.kind = $3";
    let (which, mut values) = match bearer {
        Bearer::ApiKey(key) => {
            let kind = CredentialKind::ApiKey;
            (by_secret.to_owned(), vec![hash(kind, key), kind.code().into()])
        }
        Bearer::Secret(client, secret) => {
            let kind = CredentialKind::ClientSecret;
            (format!("{by_secret} AND c.id = $4"), vec![hash(kind, secret), kind.code().into(), client.into()])
        }
        Bearer::Token(client, credential) => {
            ("k.id = $2 AND c.id = $3".to_owned(), vec![credential.into(), client.into()])
        }
    };
    values.insert(0, now.into());
    let backend = reader.beneath().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, format!("{KNOWN} AND {which}"), values);
    let Some(row) = reader.beneath().query_one_raw(statement).await? else { return Ok(None) };
    let row = Row::from_query_result(&row, "")?;
    let machine = Machine { id: row.client_id, organisation: row.organisation_id, scopes: scopes_of(&row.scopes)? };
    Ok(Some(Known { machine, credential: row.credential_id, last_used_on: row.last_used_on }))
}

impl Known {
    /// The client as a caller, with no more than these scopes where its token
    /// names them.
    pub fn into_caller(self, token_scopes: Option<&[ClientScope]>) -> Caller {
        let mut machine = self.machine;
        if let Some(within) = token_scopes {
            machine.scopes.retain(|scope| within.contains(scope));
        }
        let held = vec![Held { standing: Standing::Client, scope: Scope::Organisation(machine.organisation) }];
        Caller { held, machine: Some(machine), ..Caller::default() }
    }
}
