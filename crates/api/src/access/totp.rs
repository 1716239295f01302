//! Codes that change every half minute (TOTP, RFC 6238): SHA-1, six digits, as
//! every authenticator knows them.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

/// A new secret is as long as its hash (RFC 4226 §4). Bytes.
pub(crate) const SECRET: usize = 20;

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(Secret::from(secret)).with_digits(6).with_skew(1).with_step_duration(30).build().ok()
}

/// The time step that a code belongs to: the present one, or one before or after.
pub(crate) fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i32> {
    let step = totp(secret)?.check(code, u64::try_from(now.timestamp()).ok()?)?;
    i32::try_from(step).ok()
}

/// A secret as people type it.
pub(crate) fn in_words(secret: &[u8]) -> String {
    Secret::from(secret).to_base32()
}

/// The address that an authenticator scans; it names the service and the account
/// by its id, for a name has no place in it.
pub(crate) fn uri(secret: &[u8], account: uuid::Uuid) -> String {
    let secret = in_words(secret);
    format!("otpauth://totp/Klankbord:{account}?secret={secret}&issuer=Klankbord&algorithm=SHA1&digits=6&period=30")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let at = |seconds: i64| DateTime::from_timestamp(time + seconds, 0).unwrap();
            let step = i32::try_from(time / 30).unwrap();
            assert_eq!(step_of(secret, code, at(0)), Some(step));
            assert_eq!(step_of(secret, code, at(30)), Some(step));
            assert_eq!(step_of(secret, code, at(61)), None);
            assert_eq!(step_of(secret, "000000", at(0)), None);
            assert_eq!(step_of(secret, "x", at(0)), None);
        }
    }
}
