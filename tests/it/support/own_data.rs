//! People without an account who come by a one-time code, where no mail goes out: their
//! address is taken for verified, and the code is put beside it.

use chrono::TimeDelta;
use klankbord_api::app::Clock as _;
use sea_orm::{ConnectionTrait as _, Statement, Value};
use serde_json::json;
use uuid::Uuid;

use super::database::connect;
use super::{Client, Reply, Service};

/// That the address which is kept of them was found right.
const VERIFIED: &str = "INSERT INTO contact_verifications \
    (id, participant_id, kind, method, whose, value_lookup, created_at, verified_on) \
    SELECT $1, participant_id, 'email_address', 'link', whose, email_lookup, $2, $3 \
    FROM participant_contacts WHERE participant_id = $4";

/// A code for them, as the mail brings it.
const CODE: &str = "INSERT INTO code_sessions \
    (id, participant_id, whose, address_lookup, code_hash, created_at, code_expires_at) \
    SELECT $1, participant_id, whose, email_lookup, $2, $3, $4 \
    FROM participant_contacts WHERE participant_id = $5";

async fn run(service: &Service, sql: &str, values: Vec<Value>) {
    let database = connect(&service.running.app.config.database.url).await;
    let statement = Statement::from_sql_and_values(database.get_database_backend(), sql, values);
    assert_eq!(database.execute_raw(statement).await.unwrap().rows_affected(), 1);
    database.close().await.unwrap();
}

/// Their session, as the answer tells of it.
pub async fn session(service: &Service, participant: &str) -> Reply {
    let (now, person) = (service.clock.now(), participant.parse::<Uuid>().unwrap());
    let id = || Value::from(service.running.app.ids.next(now));
    run(service, VERIFIED, vec![id(), now.into(), now.date_naive().into(), person.into()]).await;
    let code = format!("code-of-{participant}");
    let hash = service.running.app.store.keys().secret_lookup("own-data-code", &code);
    let until = now + TimeDelta::minutes(15);
    run(service, CODE, vec![id(), hash.into(), now.into(), until.into(), person.into()]).await;
    service.bearer(&code).post("/v1/own-data-sessions", json!(null)).await.expect(201)
}

/// Them, in that session.
pub async fn by_code(service: &Service, participant: &str) -> Client {
    service.bearer(session(service, participant).await.body["accessToken"].as_str().unwrap())
}
