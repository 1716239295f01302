//! Mixing: what lies in a ballot box is rewritten in a drawn order, all in one transaction,
//! so that nothing of the database tells in which order it came in: on `PostgreSQL` the
//! numbers of transactions and the places of rows, on `SQLite` the pages of long ballots.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use uuid::Uuid;

use super::ballots::{Lock, Space, lock, try_lock};
use super::connect::Store;
use super::failure::Failure;

/// A large box takes long: it rests for so many times what it took.
const REST: u32 = 20;
/// After how long it is looked up again which boxes there are.
const LOOKED_FOR: Duration = Duration::from_hours(24);
/// The tables of a box, with the columns in their order.
const TABLES: [(&str, &str); 2] =
    [("open_ballots", "consultation_id, id, content"), ("ballot_receipts", "consultation_id, receipt")];

/// The boxes of which this process knows that something came in or went since they were
/// mixed. It stands in no database and no log.
#[derive(Default)]
pub(crate) struct Unmixed(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// When it was looked up which boxes there are.
    looked: Option<Instant>,
    /// Whether what mixing left behind was swept out.
    swept: bool,
    boxes: HashMap<Uuid, Rest>,
}

/// When a box may be mixed again.
#[derive(Clone, Copy)]
enum Rest {
    /// Something came in or went.
    Due { from: Option<Instant> },
    /// Nothing did since.
    Mixed { until: Instant },
}

impl Unmixed {
    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, consultation: Uuid, rest: Rest) {
        self.with(|known| known.boxes.insert(consultation, rest));
    }

    /// Something came in, or went.
    pub(super) fn touched(&self, consultation: Uuid) {
        self.with(|known| {
            let rest = known.boxes.entry(consultation).or_insert(Rest::Due { from: None });
            if let Rest::Mixed { until } = *rest {
                *rest = Rest::Due { from: Some(until) };
            }
        });
    }

    /// Those that may be mixed now.
    fn due(&self, now: Instant) -> Vec<Uuid> {
        let is_due = |rest: &Rest| matches!(rest, Rest::Due { from } if from.is_none_or(|from| from <= now));
        self.with(|known| known.boxes.iter().filter(|(_, rest)| is_due(rest)).map(|(id, _)| *id).collect())
    }

    /// It rests until then; where it failed, or something came in meanwhile, it is due then.
    fn rest(&self, consultation: Uuid, until: Instant, failed: bool) {
        self.with(|known| {
            let untouched = matches!(known.boxes.get(&consultation), Some(Rest::Mixed { .. }));
            let rest = if untouched && !failed { Rest::Mixed { until } } else { Rest::Due { from: Some(until) } };
            known.boxes.insert(consultation, rest);
        });
    }
}

impl Store {
    /// Mixes the boxes into which something came since they were mixed, or from which
    /// something was taken back. A large one rests after it, so that it takes a twentieth of
    /// the time at most.
    ///
    /// # Errors
    /// The first that failed, after all were tried; the next round tries again.
    pub async fn mix_ballots(&self) -> Result<(), Failure> {
        self.look().await?;
        let mut outcome = Ok(());
        for consultation in self.unmixed.due(Instant::now()) {
            let started = Instant::now();
            // What comes in from here on is for the next time.
            self.unmixed.put(consultation, Rest::Mixed { until: started });
            let done = self.mix(consultation).await;
            self.unmixed.rest(consultation, started + started.elapsed().saturating_mul(REST), done.is_err());
            outcome = outcome.and(done);
        }
        if self.unmixed.with(|known| known.swept) {
            return outcome;
        }
        let swept = self.scrub_ballots().await;
        self.unmixed.with(|known| known.swept = swept.is_ok());
        outcome.and(swept)
    }

    /// Looks up, now and again, which boxes there are: what an earlier life of this process
    /// left, and what a replica that is gone did.
    async fn look(&self) -> Result<(), Failure> {
        if self.unmixed.with(|known| known.looked.is_some_and(|at| at.elapsed() < LOOKED_FOR)) {
            return Ok(());
        }
        let all = "SELECT DISTINCT consultation_id FROM open_ballots";
        let all = Statement::from_string(self.writer.get_database_backend(), all);
        for row in self.writer.query_all_raw(all).await? {
            self.unmixed.touched(row.try_get("", "consultation_id")?);
        }
        self.unmixed.with(|known| {
            known.looked = Some(Instant::now());
            known.boxes.retain(|_, rest| !matches!(rest, Rest::Mixed { until } if until.elapsed() > LOOKED_FOR));
        });
        Ok(())
    }

    async fn mix(&self, consultation: Uuid) -> Result<(), Failure> {
        let tx = self.begin_write().await?;
        let backend = tx.get_database_backend();
        if backend == DbBackend::Postgres {
            tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        }
        lock(&tx, (Space::Box, consultation), Lock::Shared).await?;
        if !try_lock(&tx, consultation).await? {
            // Another replica mixes it, or an answer is being taken back: later, then.
            self.unmixed.touched(consultation);
            return Ok(());
        }
        for (table, columns) in TABLES {
            for (sql, bound) in mixing(backend, table, columns) {
                let values = if bound { vec![consultation.into()] } else { Vec::new() };
                tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            }
        }
        tx.commit().await?;
        self.unmixed.with(|known| known.swept = false);
        Ok(())
    }
}

/// The statements that rewrite a table's part, each with whether the consultation is bound in
/// it. Taken out and put back: an update would keep the order.
fn mixing(backend: DbBackend, table: &str, columns: &str) -> Vec<(String, bool)> {
    if backend == DbBackend::Postgres {
        let sql = format!(
            "WITH gone AS (DELETE FROM {table} WHERE consultation_id = $1 RETURNING {columns}) \
             INSERT INTO {table} ({columns}) SELECT {columns} FROM gone ORDER BY gen_random_uuid()"
        );
        return vec![(sql, true)];
    }
    vec![
        (format!("CREATE TEMP TABLE mixing AS SELECT {columns} FROM {table} WHERE consultation_id = ?"), true),
        (format!("DELETE FROM {table} WHERE consultation_id = ?"), true),
        // Pages that are free are used in the order in which they became free: a drawn order
        // gives each ballot the pages of any other.
        (format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM mixing ORDER BY randomblob(16)"), false),
        ("DROP TABLE mixing".to_owned(), false),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_mixed_when_something_came_and_rests_after() {
        let (unmixed, id, start) = (Unmixed::default(), Uuid::from_u128(1), Instant::now());
        assert!(unmixed.due(start).is_empty());
        unmixed.touched(id);
        assert_eq!(unmixed.due(start), [id]);
        unmixed.put(id, Rest::Mixed { until: start });
        unmixed.rest(id, start + Duration::from_mins(1), false);
        assert!(unmixed.due(start + Duration::from_secs(90)).is_empty(), "nothing came since");
        unmixed.touched(id);
        assert!(unmixed.due(start + Duration::from_secs(30)).is_empty(), "it rests");
        assert_eq!(unmixed.due(start + Duration::from_mins(1)), [id]);
        // What came while it was mixed, and what failed, is for the next time.
        unmixed.put(id, Rest::Mixed { until: start });
        unmixed.touched(id);
        unmixed.rest(id, start, false);
        assert_eq!(unmixed.due(start), [id]);
        unmixed.put(id, Rest::Mixed { until: start });
        unmixed.rest(id, start, true);
        assert_eq!(unmixed.due(start), [id]);
    }
}
