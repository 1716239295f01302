//! The database behind a service, for what HTTP can't show or bring about.

use std::collections::BTreeMap;

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};

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

/// Everything that is in the database, table by table: the rows themselves on
/// SQLite, their digest on PostgreSQL.
pub async fn contents(database: &DatabaseConnection) -> BTreeMap<String, String> {
    let sqlite = database.get_database_backend() == DbBackend::Sqlite;
    let tables = if sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()"
    };
    let mut wanted = Vec::new();
    for table in texts(database, tables).await {
        let rows = if sqlite {
            let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
            let columns = texts(database, &columns).await.join(" || ',' || ");
            format!("(SELECT group_concat(line, char(10)) FROM (SELECT {columns} AS line FROM \"{table}\" ORDER BY 1))")
        } else {
            format!("(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t)")
        };
        wanted.push((table, rows));
    }
    let sql: Vec<String> =
        wanted.iter().map(|(table, rows)| format!("SELECT '{table}', coalesce({rows}, '')")).collect();
    let statement = Statement::from_string(database.get_database_backend(), sql.join(" UNION ALL "));
    let rows = database.query_all_raw(statement).await.unwrap();
    assert!(rows.len() > 30, "{} tables are too few", rows.len());
    rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect()
}

async fn texts(database: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// The rows of a table, each as one line of text.
pub async fn lines(database: &DatabaseConnection, table: &str) -> Vec<String> {
    if database.get_database_backend() == DbBackend::Postgres {
        return texts(database, &format!("SELECT t::text FROM \"{table}\" t ORDER BY 1")).await;
    }
    let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
    let columns = texts(database, &columns).await.join(" || ',' || ");
    texts(database, &format!("SELECT {columns} AS line FROM \"{table}\" ORDER BY 1")).await
}
