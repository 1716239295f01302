//! Tries to sign in, counted: few for each account from each origin. Whoever
//! tries elsewhere can't use up the tries of an origin that the owner signed in
//! from. Counted in this process alone, and forgotten with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::web::problem::Problem;

/// How long tries count.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// The most tries for one account from one origin.
const FROM_ONE: u32 = 10;
/// The most for one account from all origins together that it never signed in from.
const FROM_STRANGERS: u32 = 30;
/// The most one-time codes that were wrong from one origin.
const CODES: u32 = 200;
/// The most that are remembered.
const ROOM: usize = 50_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tries: u32,
    since: DateTime<Utc>,
}

/// The tries that are remembered.
#[derive(Debug, Default)]
pub(crate) struct Tries(Mutex<HashMap<String, Bucket>>);

/// One try, which counts until it is known to be right.
#[must_use]
pub(crate) struct Try {
    tries: Arc<Tries>,
    keys: Vec<(String, u32)>,
}

impl Tries {
    fn buckets(&self) -> MutexGuard<'_, HashMap<String, Bucket>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A try to sign in to an account, known or not; `known` when it signed in
    /// from this origin before.
    ///
    /// # Errors
    /// 429 `sign_in.too_many_tries`.
    pub(crate) fn sign_in(
        self: &Arc<Self>,
        (account, origin): (&str, &str),
        known: bool,
        now: DateTime<Utc>,
    ) -> Result<Try, Problem> {
        let own = (format!("{account}/{origin}"), FROM_ONE);
        let together = (!known).then(|| (format!("{account}/strangers"), FROM_STRANGERS));
        self.begin(std::iter::once(own).chain(together).collect(), now)
    }

    /// A try by somebody who is signed in, or has shown the password: it can be
    /// used up by nobody else.
    ///
    /// # Errors
    /// 429 `sign_in.too_many_tries`.
    pub(crate) fn of_account(
        self: &Arc<Self>,
        what: &str,
        account: uuid::Uuid,
        now: DateTime<Utc>,
    ) -> Result<Try, Problem> {
        self.begin(vec![(format!("{what}/{account}"), FROM_ONE)], now)
    }

    /// A one-time code from an origin.
    ///
    /// # Errors
    /// 429 `sign_in.too_many_tries`.
    pub(crate) fn code(self: &Arc<Self>, origin: &str, now: DateTime<Utc>) -> Result<Try, Problem> {
        self.begin(vec![(format!("code/{origin}"), CODES)], now)
    }

    /// A mail with a code to an address, known or not, that an origin asks for. Each
    /// counts: it is no try that may turn out right, but a place in somebody's mail.
    ///
    /// # Errors
    /// 429 `sign_in.too_many_tries`.
    pub(crate) fn mailed(self: &Arc<Self>, address: &str, origin: &str, now: DateTime<Utc>) -> Result<(), Problem> {
        self.begin(vec![(format!("mailed/{address}/{origin}"), FROM_ONE)], now).map(drop)
    }

    /// A mail that asks whether an address is right, from whomever: for one person, and to one
    /// address. Each counts.
    ///
    /// # Errors
    /// 429 `sign_in.too_many_tries`.
    pub(crate) fn verified(
        self: &Arc<Self>,
        person: uuid::Uuid,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        let keys = vec![(format!("verify/{person}"), FROM_ONE), (format!("verified/{address}"), FROM_STRANGERS)];
        self.begin(keys, now).map(drop)
    }

    /// Counts before it is known how the try ends: many at once are no way around.
    fn begin(self: &Arc<Self>, keys: Vec<(String, u32)>, now: DateTime<Utc>) -> Result<Try, Problem> {
        let mut buckets = self.buckets();
        make_room(&mut buckets, now);
        for (key, most) in &keys {
            let Some(bucket) = buckets.get(key).filter(|bucket| now < bucket.since + WINDOW) else { continue };
            if bucket.tries >= *most {
                let seconds = (bucket.since + WINDOW - now).num_seconds();
                return Err(Problem::wait("sign_in.too_many_tries", seconds));
            }
        }
        for (key, _) in &keys {
            let bucket = buckets.entry(key.clone()).or_insert(Bucket { tries: 0, since: now });
            if now >= bucket.since + WINDOW {
                *bucket = Bucket { tries: 0, since: now };
            }
            bucket.tries += 1;
        }
        drop(buckets);
        Ok(Try { tries: self.clone(), keys })
    }
}

/// Forgets what is over; when everything is fresh, those with few tries first.
fn make_room(buckets: &mut HashMap<String, Bucket>, now: DateTime<Utc>) {
    if buckets.len() < ROOM {
        return;
    }
    buckets.retain(|_, bucket| now < bucket.since + WINDOW);
    if buckets.len() >= ROOM {
        buckets.retain(|_, bucket| bucket.tries > 2);
    }
    if buckets.len() >= ROOM {
        buckets.clear();
    }
}

impl Try {
    /// It was right: those before it are forgotten, and what is counted together
    /// with others' loses this one.
    pub(crate) fn right(self) {
        self.forget(true);
    }

    /// It wasn't looked at.
    pub(crate) fn undone(self) {
        self.forget(false);
    }

    fn forget(self, all: bool) {
        let mut buckets = self.tries.buckets();
        for (index, (key, _)) in self.keys.iter().enumerate() {
            if all && index == 0 {
                buckets.remove(key);
            } else if let Some(bucket) = buckets.get_mut(key) {
                bucket.tries = bucket.tries.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn strangers_do_not_use_up_the_owners_tries() {
        let tries = Arc::new(Tries::default());
        let from = |origin: &str, known, minute| tries.sign_in(("a", origin), known, at(minute));
        for origin in 0..10_u32 {
            for _ in 0..10_u32 {
                let _counted = from(&format!("elsewhere-{origin}"), false, 0);
            }
        }
        assert!(from("a new place", false, 14).is_err(), "strangers together are limited");
        from("home", true, 14).unwrap().right();
        assert!(from("a new place", false, 15).is_ok(), "tries are forgotten");
        for _ in 0..10_u32 {
            let _counted = from("home", true, 14).unwrap();
        }
        assert!(from("home", true, 14).is_err(), "an own origin is limited, too");
        assert!(tries.sign_in(("b", "home"), true, at(14)).is_ok(), "another account isn't");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let tries = Arc::new(Tries::default());
        for account in 0..60_000_u32 {
            let _counted = tries.sign_in((&account.to_string(), "x"), false, at(0));
        }
        assert!(tries.buckets().len() <= ROOM + 1);
    }
}
