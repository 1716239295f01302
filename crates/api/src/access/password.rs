//! Passwords: argon2id with OWASP's parameters (19 MiB, two passes, one lane),
//! two at a time, few waiting and after everything else, so that signing in can't hold requests up.

use std::path::PathBuf;
use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use klankbord_domain::Fault;
use tokio::sync::{Semaphore, oneshot};

use super::password_rules;
use crate::config::SignIn;
use crate::web::problem::Problem;

/// How many passwords are worked on at once.
const AT_ONCE: usize = 2;
/// How many may wait for their turn besides.
const WAITING: usize = 20;
/// The lowest priority there is (nice).
#[cfg(target_os = "linux")]
const LAST: i32 = 19;
/// What every hash with the present parameters starts with.
const PRESENT: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hashed(password: &str) -> Result<String, String> {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

/// Lets everything else go before this thread where there is too little to go round. Linux knows a priority per
/// thread; elsewhere it would be the whole service that steps aside.
fn step_aside() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LAST) {
        tracing::debug!(%error, "passwords are worked on with the priority of the rest");
    }
}

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    /// What an unknown address is checked against, so that it takes as long.
    nobody: String,
    room: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    breached: Option<PathBuf>,
}

/// What a check of a password gave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verified {
    /// Whether the password belongs to the hash.
    pub(crate) fits: bool,
    /// Whether the hash was made with other parameters than today's.
    pub(crate) outdated: bool,
}

impl Passwords {
    /// # Errors
    /// When the file with leaked passwords can't be read.
    pub(crate) fn new(config: &SignIn) -> std::io::Result<Self> {
        if let Some(path) = &config.breached_passwords {
            std::fs::File::open(path)?;
        }
        Ok(Self {
            nobody: hashed("nobody has this password").map_err(std::io::Error::other)?,
            room: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            breached: config.breached_passwords.clone(),
        })
    }

    /// Works on a password when it is its turn.
    ///
    /// # Errors
    /// 429 `sign_in.busy` when too many wait.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let place = self.room.clone().try_acquire_owned().map_err(|_| Problem::wait("sign_in.busy", 2))?;
        let turn = self.turns.clone().acquire_owned().await.map_err(Problem::internal)?;
        // The places go with the work: a caller that leaves doesn't free them before it is done.
        let (tell, told) = oneshot::channel();
        let working = move || {
            step_aside();
            let done = work();
            drop((turn, place));
            // Whoever asked may have left.
            let _ = tell.send(done);
        };
        // A thread of its own, for what has stepped aside can't step back.
        std::thread::Builder::new().name("password".into()).spawn(working).map_err(Problem::internal)?;
        told.await.map_err(Problem::internal)
    }

    /// The hash (PHC string) of a new password that follows the rules; `own` is
    /// what others know of its owner.
    ///
    /// # Errors
    /// 400 `password.common` or `password.breached` at `/password`; 429 when too many wait.
    pub(crate) async fn accept(&self, password: String, own: Vec<String>) -> Result<String, Problem> {
        let breached = self.breached.clone();
        let made = self.in_turn(move || {
            if password_rules::is_common(&password, &own) {
                return Err(Problem::invalid(vec![Fault::body("/password", "password.common")]));
            }
            let leaked = breached.map_or(Ok(false), |path| password_rules::is_breached(&path, &password));
            if leaked.map_err(Problem::internal)? {
                return Err(Problem::invalid(vec![Fault::body("/password", "password.breached")]));
            }
            hashed(&password).map_err(Problem::internal)
        });
        made.await?
    }

    /// The hash of a password that is known to be good, with today's parameters.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub(crate) async fn hash_anew(&self, password: String) -> Result<String, Problem> {
        self.in_turn(move || hashed(&password).map_err(Problem::internal)).await?
    }

    /// Whether the password belongs to the hash; without a hash the same work is
    /// done and the answer is no.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<Verified, Problem> {
        let known = hash.clone().unwrap_or_else(|| self.nobody.clone());
        let checking = self.in_turn(move || {
            PasswordHash::new(&known).is_ok_and(|known| argon2().verify_password(password.as_bytes(), &known).is_ok())
        });
        let fits = checking.await? && hash.is_some();
        Ok(Verified { fits, outdated: hash.is_some_and(|hash| !hash.starts_with(PRESENT)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_its_parameters() {
        assert!(hashed("een lange zin om te onthouden").unwrap().starts_with(PRESENT));
    }
}
