//! Passwords: argon2id with OWASP's parameters (19 MiB, two passes, one lane),
//! on threads of their own, so that signing in can't hold requests up.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::web::problem::Problem;

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What an unknown address is checked against, so that it takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("nobody has this password").unwrap_or_default());

fn hashed(password: &str) -> Result<String, String> {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

/// The hash of a password (PHC string).
///
/// # Errors
/// When hashing fails.
pub(crate) async fn hash(password: String) -> Result<String, Problem> {
    let hashing = tokio::task::spawn_blocking(move || hashed(&password));
    hashing.await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Whether the password belongs to the hash; without a hash the same work is
/// done and the answer is no.
///
/// # Errors
/// When the work is broken off.
pub(crate) async fn verify(password: String, hash: Option<String>) -> Result<bool, Problem> {
    let checking = tokio::task::spawn_blocking(move || {
        let known = hash.as_deref().unwrap_or(&NOBODY);
        let fits =
            PasswordHash::new(known).is_ok_and(|known| argon2().verify_password(password.as_bytes(), &known).is_ok());
        fits && hash.is_some()
    });
    checking.await.map_err(Problem::internal)
}
