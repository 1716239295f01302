//! The numbers under which others know an organisation.

use crate::refusal::Fault;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Who gave the number.
    ExternalScheme {
        /// CBS municipality code, for instance `GM0363`.
        CbsMunicipalityCode => "cbs_municipality_code",
        /// Organisation identification number of the government (OIN, Logius).
        Oin => "oin",
        /// Number in the trade register (`KvK`).
        Kvk => "kvk",
        /// Code of a care provider (AGB, Vektis).
        Agb => "agb",
    }
}

/// A number under which others know the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId {
    /// Who gave it.
    pub scheme: ExternalScheme,
    /// The number, written as its scheme writes it.
    pub value: String,
}

impl ExternalId {
    /// What is wrong with it: `external_id.malformed` at `/value`.
    pub fn check(&self) -> Vec<Fault> {
        let well_formed = match self.scheme {
            ExternalScheme::CbsMunicipalityCode => is_municipality_code(&self.value),
            ExternalScheme::Oin => is_oin(&self.value),
            ExternalScheme::Kvk | ExternalScheme::Agb => self.value.len() == 8 && digits(self.value.as_bytes()),
        };
        if well_formed { Vec::new() } else { vec![Fault::body("/value", "external_id.malformed")] }
    }
}

/// Whether this is written as CBS writes a municipality code: `GM` and four
/// digits. Whether the municipality (still) exists is not asked.
pub fn is_municipality_code(code: &str) -> bool {
    code.strip_prefix("GM").is_some_and(|number| number.len() == 4 && digits(number.as_bytes()))
}

/// 20 positions: a prefix of 8 digits, a main number of 8 or 9 digits or
/// capitals, and a suffix of zeros (OIN: Logius, "OIN-stelsel").
fn is_oin(number: &str) -> bool {
    let Some((prefix, rest)) = number.as_bytes().split_at_checked(8) else {
        return false;
    };
    let Some((main, suffix)) = rest.split_at_checked(9) else {
        return false;
    };
    // The ninth position is the main number's last or the suffix's first zero.
    let capital_or_digit = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    digits(prefix) && main.iter().all(capital_or_digit) && suffix == b"000"
}

fn digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn passes(scheme: ExternalScheme, value: &str) -> bool {
        ExternalId { scheme, value: value.to_owned() }.check().is_empty()
    }

    #[test]
    fn numbers_are_written_as_their_scheme_writes_them() {
        use ExternalScheme::{Agb, CbsMunicipalityCode, Kvk, Oin};
        let good = [
            (CbsMunicipalityCode, "GM0363"),
            (CbsMunicipalityCode, "GM1903"),
            (Oin, "00000099123456789000"),
            (Oin, "00000099123456780000"),
            (Oin, "00000007AB12CD340000"),
            (Kvk, "12345678"),
            (Agb, "01234567"),
        ];
        for (scheme, value) in good {
            assert!(passes(scheme, value), "{value}");
        }
        let bad = [
            (CbsMunicipalityCode, "gm0363"),
            (CbsMunicipalityCode, "GM363"),
            (CbsMunicipalityCode, "GM03630"),
            (CbsMunicipalityCode, "GM03é"),
            (Oin, "0000009912345678900"),
            (Oin, "000000991234567890000"),
            (Oin, "0000009A123456789000"),
            (Oin, "00000099123456789001"),
            (Oin, "00000099ab3456789000"),
            (Oin, ""),
            (Kvk, "1234567"),
            (Kvk, "1234567a"),
            (Agb, "012345678"),
            (Agb, " 1234567"),
        ];
        for (scheme, value) in bad {
            assert!(!passes(scheme, value), "{value}");
        }
    }

    proptest! {
        #[test]
        fn every_oin_of_the_pattern_passes(prefix in "[0-9]{8}", main in "[0-9A-Z]{8,9}") {
            let number = format!("{:0<20}", prefix + &main);
            prop_assert!(passes(ExternalScheme::Oin, &number));
        }

        #[test]
        fn no_text_makes_it_panic(value in ".{0,24}") {
            for scheme in ExternalScheme::ALL {
                passes(*scheme, &value);
            }
        }
    }
}
