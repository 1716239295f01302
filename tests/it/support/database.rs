//! The database behind a service, for what HTTP can't show or bring about.

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, Statement};

/// A connection of the test's own, one and the same for all its statements.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// Runs one statement.
pub async fn run(database: &DatabaseConnection, sql: &str) {
    database.execute_unprepared(sql).await.unwrap();
}

/// One value of the first row, as text.
pub async fn value(url: &str, sql: &str) -> Option<String> {
    let database = connect(url).await;
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.unwrap();
    database.close().await.unwrap();
    row.unwrap().try_get_by_index::<Option<String>>(0).unwrap()
}

/// How many rows there are of these: a table, and which of it.
pub async fn count(url: &str, rows: &str) -> i64 {
    let database = connect(url).await;
    let sql = format!("SELECT COUNT(*) AS n FROM {rows}");
    let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), sql)).await.unwrap();
    database.close().await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}
