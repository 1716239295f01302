//! Secrets that the service makes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use klankbord_domain::typed::{grouped, letters};

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

/// A code that people type: five groups of five, 125 bits.
///
/// # Errors
/// When the machine gives no randomness.
pub fn code() -> Result<String, Problem> {
    let mut bytes = [0_u8; 25];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    Ok(grouped(&letters(&bytes), 5))
}

/// The letters of keys that machines carry.
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random letters in a key: 238 bits.
const RANDOM: usize = 40;
/// Letters of its checksum: CRC-32 in base 62.
const CHECKSUM: usize = 6;

/// What a key begins with: it can be recognised where it was left lying about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefix {
    /// A client's API key, a bearer token by itself.
    ApiKey,
    /// A client's secret, for the token endpoint.
    ClientSecret,
    /// A kiosk's credential.
    Kiosk,
}

impl Prefix {
    fn text(self) -> &'static str {
        match self {
            Self::ApiKey => "kb_",
            Self::ClientSecret => "kbs_",
            Self::Kiosk => "kbk_",
        }
    }

    /// Whether somebody meant this for such a key, rightly or not.
    pub(crate) fn begins(self, text: &str) -> bool {
        text.starts_with(self.text())
    }

    /// Whether this can be such a key: its length, its letters and its checksum
    /// are right. What was mistyped or made up is refused without a query.
    pub(crate) fn is_sound(self, text: &str) -> bool {
        let Some(rest) = text.strip_prefix(self.text()) else { return false };
        let letters = rest.len() == RANDOM + CHECKSUM && rest.bytes().all(|byte| LETTERS.contains(&byte));
        letters && text.split_at_checked(text.len() - CHECKSUM).is_some_and(|(key, sum)| checksum(key) == sum)
    }

    /// A new key: prefix, 40 random letters and digits, checksum.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub(crate) fn new_key(self) -> Result<String, Problem> {
        let mut key = self.text().to_owned();
        let whole = key.len() + RANDOM;
        while key.len() < whole {
            let mut bytes = [0_u8; 64];
            getrandom::fill(&mut bytes).map_err(Problem::internal)?;
            // Of 256 values 248 fall evenly on 62 letters; the rest are drawn again.
            let fair = bytes.into_iter().filter(|byte| *byte < 248);
            let letters = fair.filter_map(|byte| LETTERS.get(usize::from(byte % 62)).copied().map(char::from));
            let missing = whole - key.len();
            key.extend(letters.take(missing));
        }
        let sum = checksum(&key);
        Ok(key + &sum)
    }
}

fn checksum(key: &str) -> String {
    let mut rest = crc32fast::hash(key.as_bytes());
    let mut letters = [b'0'; CHECKSUM];
    for place in letters.iter_mut().rev() {
        *place = usize::try_from(rest % 62).ok().and_then(|at| LETTERS.get(at)).copied().unwrap_or(b'0');
        rest /= 62;
    }
    letters.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_and_every_slip_is_seen() {
        for (prefix, text) in [(Prefix::ApiKey, "kb_"), (Prefix::ClientSecret, "kbs_"), (Prefix::Kiosk, "kbk_")] {
            let key = prefix.new_key().unwrap();
            assert!(key.starts_with(text) && key.len() == text.len() + 46, "{key}");
            assert!(prefix.is_sound(&key));
            for other in [Prefix::ApiKey, Prefix::ClientSecret, Prefix::Kiosk].into_iter().filter(|one| *one != prefix)
            {
                assert!(!other.is_sound(&key) && !other.begins(&key));
            }
            for at in text.len()..key.len() {
                let mut bytes = key.clone().into_bytes();
                bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
                assert!(!prefix.is_sound(&String::from_utf8(bytes).unwrap()), "at {at}");
            }
            for bad in [text.to_owned(), key[..key.len() - 1].to_owned(), format!("{key}0"), key.replace(text, "")] {
                assert!(!prefix.is_sound(&bad), "{bad}");
            }
        }
    }

    #[test]
    fn the_checksum_is_that_of_crc_32() {
        // The check value of CRC-32 (ISO-HDLC) for "123456789" is cbf43926.
        let sum = checksum("123456789");
        let number = sum.bytes().fold(0_u64, |number, byte| {
            number * 62 + u64::try_from(LETTERS.iter().position(|one| *one == byte).unwrap()).unwrap()
        });
        assert_eq!(number, 0xcbf4_3926);
    }
}
