//! Sealed columns: authenticated encryption with the key outside the database,
//! and keyed hashes to find a value by.

use std::fmt::Write as _;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::failure::Failure;
use super::keys::{Keys, Secret};

/// The form of a sealed value: this byte, the nonce, the ciphertext.
pub(super) const FORM: u8 = 1;
const NONCE: usize = 24;

pub(super) fn seal(key: &Secret, bound_to: &str, clear: &[u8]) -> Result<Vec<u8>, Failure> {
    seal_after(&[FORM], key, (bound_to, clear))
}

/// Seals a value; what it is sealed with stands before it.
pub(super) fn seal_after(head: &[u8], key: &Secret, (bound_to, clear): (&str, &[u8])) -> Result<Vec<u8>, Failure> {
    let mut nonce = [0_u8; NONCE];
    getrandom::fill(&mut nonce).map_err(|error| Failure::Broken(format!("no randomness: {error}")))?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let text = cipher
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: clear, aad: bound_to.as_bytes() })
        .map_err(|_| Failure::Broken("sealing failed".to_owned()))?;
    Ok([head, &nonce, &text].concat())
}

pub(super) fn open(key: &Secret, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
    let (form, rest) = sealed.split_first().ok_or_else(|| cannot_open(bound_to))?;
    if *form != FORM {
        return Err(cannot_open(bound_to));
    }
    open_rest(key, bound_to, rest)
}

/// Opens what stands behind the head: the nonce, the ciphertext.
pub(super) fn open_rest(key: &Secret, bound_to: &str, rest: &[u8]) -> Result<Vec<u8>, Failure> {
    let (nonce, text) = rest.split_at_checked(NONCE).ok_or_else(|| cannot_open(bound_to))?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    cipher
        .decrypt(XNonce::from_slice(nonce), Payload { msg: text, aad: bound_to.as_bytes() })
        .map_err(|_| cannot_open(bound_to))
}

/// Another key, another place, or not as it was sealed.
pub(super) fn cannot_open(bound_to: &str) -> Failure {
    Failure::Broken(format!("a sealed value of {bound_to} can't be opened"))
}

/// HMAC-SHA-256 over parts that can't run into each other.
pub(crate) fn keyed_hash(key: &Secret, parts: &[&[u8]]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key[..]) else {
        return String::new(); // HMAC takes keys of every length: never reached.
    };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    let bytes = mac.finalize().into_bytes();
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}

impl Keys {
    /// Opens a sealed contact detail, bound to where it stands (`table.column.id`).
    pub(crate) fn open_contact(&self, bound_to: &str, sealed: &[u8]) -> Result<String, Failure> {
        let clear = self.contact.open(bound_to, sealed)?;
        String::from_utf8(clear).map_err(|error| Failure::unreadable("sealed", bound_to, error))
    }

    /// The keyed hash by which an e-mail address is found: letters folded, ends trimmed.
    pub(crate) fn email_lookup(&self, address: &str) -> String {
        keyed_hash(&self.lookup, &[b"email", address.trim().to_lowercase().as_bytes()])
    }

    /// The keyed hash of a secret that somebody presents (a code, a refresh token).
    pub fn secret_lookup(&self, purpose: &str, secret: &str) -> String {
        keyed_hash(&self.lookup, &[purpose.as_bytes(), secret.as_bytes()])
    }

    /// The keyed hash of who somebody is at another issuer.
    pub fn subject_lookup(&self, issuer: &str, subject: &str) -> String {
        keyed_hash(&self.lookup, &[b"external identity", issuer.as_bytes(), subject.as_bytes()])
    }

    /// The refresh token that comes after this one: always the same, so that who
    /// lost the answer gets it again.
    pub fn next_refresh(&self, presented: &str) -> String {
        keyed_hash(&self.refresh, &[b"next", presented.as_bytes()])
    }

    /// Seals the secret of a second factor, bound to its account.
    pub(crate) fn seal_factor(&self, bound_to: &str, clear: &[u8]) -> Result<Vec<u8>, Failure> {
        seal(&self.second_factor, bound_to, clear)
    }

    /// Opens the secret of a second factor.
    pub(crate) fn open_factor(&self, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        open(&self.second_factor, bound_to, sealed)
    }

    /// The keyed digest of a request, for `Idempotency-Key`.
    pub fn request_digest(&self, parts: &[&[u8]]) -> String {
        keyed_hash(&self.idempotency, parts)
    }

    pub(crate) fn seal_answer(&self, bound_to: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        seal(&self.idempotency, bound_to, body)
    }

    pub(crate) fn open_answer(&self, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        open(&self.idempotency, bound_to, sealed)
    }

    /// Seals a part of a mail that waits, bound to where it stands.
    pub(crate) fn seal_mail(&self, bound_to: &str, clear: &str) -> Result<Vec<u8>, Failure> {
        seal(&self.mail, bound_to, clear.as_bytes())
    }

    /// Opens a part of a mail that waits.
    pub(crate) fn open_mail(&self, bound_to: &str, sealed: &[u8]) -> Result<String, Failure> {
        let clear = open(&self.mail, bound_to, sealed)?;
        String::from_utf8(clear).map_err(|error| Failure::unreadable("sealed", bound_to, error))
    }

    /// The MAC that an opaque value (a list's cursor) carries.
    pub fn stamp(&self, purpose: &str, value: &[u8]) -> String {
        keyed_hash(&self.idempotency, &[purpose.as_bytes(), value])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    #[test]
    fn what_is_sealed_opens_only_where_it_belongs() {
        let key = Zeroizing::new([7_u8; 32]);
        let sealed = seal(&key, "participants.email.1", b"a@b.example").unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"a@b."));
        assert_eq!(open(&key, "participants.email.1", &sealed).unwrap(), b"a@b.example");
        assert!(open(&key, "participants.email.2", &sealed).is_err());
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert!(open(&key, "participants.email.1", &bent).is_err());
        assert!(open(&key, "participants.email.1", &[]).is_err());
    }

    #[test]
    fn parts_of_a_hash_do_not_run_together() {
        let key = Zeroizing::new([7_u8; 32]);
        assert_ne!(keyed_hash(&key, &[b"ab", b"c"]), keyed_hash(&key, &[b"a", b"bc"]));
    }
}
