//! Secrets that the service makes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::web::problem::Problem;

/// A token of 32 random bytes, for machines to carry.
///
/// # Errors
/// When the machine gives no randomness.
pub fn token() -> Result<String, Problem> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Letters and digits that nobody takes for another.
const TYPED: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// A code that people type: five groups of five, 125 bits.
///
/// # Errors
/// When the machine gives no randomness.
pub fn code() -> Result<String, Problem> {
    let mut bytes = [0_u8; 25];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    let letters: Vec<char> =
        bytes.iter().filter_map(|byte| TYPED.get(usize::from(byte % 32)).copied().map(char::from)).collect();
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}
