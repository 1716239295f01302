//! A database that makes wait, or that another program has changed.

use serde_json::json;

use crate::support::{On, database};

on_both! {
    /// Somebody else holds the lock for too long: try again later, it says.
    async fn a_lock_that_stays_is_no_fault_of_ours(service) {
        let admin = service.admin().await;
        let school = json!({"kind": "school", "name": "School"});
        let other = database::connect(&service.running.app.config.database.url).await;
        match service.on {
            On::Sqlite => database::run(&other, "BEGIN IMMEDIATE").await,
            On::Postgres => database::run(&other, "BEGIN; LOCK TABLE organisations IN ACCESS EXCLUSIVE MODE").await,
        }
        let refused = admin.post("/v1/organisations", school.clone()).await.expect(503);
        assert_eq!((refused.code(), refused.header("retry-after").as_str()), ("server.unavailable", "2"));
        if service.on == On::Postgres {
            assert_eq!(admin.get("/v1/organisations").await.expect(503).code(), "server.unavailable");
        }
        database::run(&other, "ROLLBACK").await;
        other.close().await.unwrap();
        admin.make("/v1/organisations", school).await;
    }

    /// A newer program has taken a step that this one doesn't know.
    async fn a_newer_schema_is_not_ready(service) {
        let nobody = service.nobody();
        nobody.get("/health/ready").await.expect(200);
        let other = database::connect(&service.running.app.config.database.url).await;
        database::run(&other, "INSERT INTO seaql_migrations VALUES ('m99991231_000001_newer', 0)").await;
        assert_eq!(nobody.get("/health/ready").await.expect(503).code(), "server.unavailable");
        database::run(&other, "DELETE FROM seaql_migrations WHERE version = 'm99991231_000001_newer'").await;
        other.close().await.unwrap();
        nobody.get("/health/ready").await.expect(200);
    }
}
