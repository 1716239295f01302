//! Which passwords are refused: those that are guessed soon, and those that
//! leaked elsewhere (NIST SP 800-63B §3.1.1.2, ASVS 6.2). Nothing is asked of
//! their composition; how long they are, the schema says.

use std::fmt::Write as _;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use sha1::{Digest as _, Sha1};

/// A password that is found within this many guesses (as a power of ten) is common.
const GUESSES: f64 = 9.0;

/// Words that Dutch passwords are made of, beside those that the estimator knows;
/// the service's own name first.
const WORDS: &[&str] = &[
    "klankbord",
    "welkom",
    "wachtwoord",
    "geheim",
    "zomer",
    "winter",
    "lente",
    "herfst",
    "voorjaar",
    "najaar",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "amsterdam",
    "rotterdam",
    "utrecht",
    "denhaag",
    "eindhoven",
    "groningen",
    "nederland",
    "holland",
    "oranje",
    "ajax",
    "feyenoord",
    "psv",
    "hallo",
    "liefde",
    "liefje",
    "schatje",
    "lieverd",
    "vakantie",
    "familie",
    "moeder",
    "vader",
    "kinderen",
    "gemeente",
    "jeugdzorg",
    "jeugdhulp",
    "zorg",
    "clientenraad",
    "jongerenraad",
    "participatie",
    "beheerder",
    "gebruiker",
    "inloggen",
    "toegang",
    "computer",
    "koekje",
    "poesje",
    "konijn",
    "vlinder",
    "bloem",
    "voetbal",
    "kaas",
    "fiets",
    "sinterklaas",
    "kerstmis",
    "qwerty",
    "azerty",
    "asdfgh",
    "test",
    "admin",
];

/// Whether a password is guessed soon by whoever knows these things of its owner.
pub(crate) fn is_common(password: &str, own: &[String]) -> bool {
    let folded: Vec<String> = own.iter().map(|known| known.to_lowercase()).collect();
    let parts = folded.iter().flat_map(|known| known.split(|one: char| !one.is_alphanumeric()));
    let known: Vec<&str> = folded.iter().map(String::as_str).chain(parts).filter(|word| word.len() > 2).collect();
    let known: Vec<&str> = WORDS.iter().copied().chain(known).collect();
    zxcvbn::zxcvbn(password, &known).guesses_log10() < GUESSES
}

/// Whether the SHA-1 of a password stands in a sorted file, one a line, with or
/// without a count behind it. Found by bisection: the file has tens of gigabytes.
///
/// # Errors
/// When the file can't be read.
pub(crate) fn is_breached(file: &Path, password: &str) -> std::io::Result<bool> {
    let wanted = sha1(password);
    let mut file = std::fs::File::open(file)?;
    let (mut low, mut high) = (0, file.metadata()?.len());
    // The line looked for starts at `low` or behind it, and before `high`.
    while low < high {
        let middle = low + (high - low) / 2;
        let (start, hash, next) = line_at(&mut file, middle)?;
        match hash.as_str().cmp(wanted.as_str()) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = next,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    Ok(false)
}

/// The SHA-1 of a password, as the file writes it.
fn sha1(password: &str) -> String {
    Sha1::digest(password.as_bytes()).iter().fold(String::with_capacity(40), |mut hex, byte| {
        let _written = write!(hex, "{byte:02X}");
        hex
    })
}

/// The longest that a line of the file is.
const LINE: u64 = 128;

/// The line in which a byte stands: where it starts, its hash, where the next starts.
fn line_at(file: &mut std::fs::File, at: u64) -> std::io::Result<(u64, String, u64)> {
    let from = at.saturating_sub(LINE);
    file.seek(SeekFrom::Start(from))?;
    let mut around = Vec::new();
    file.take(at - from + LINE).read_to_end(&mut around)?;
    let split = usize::try_from(at - from).unwrap_or(0).min(around.len());
    let (before, after) = around.split_at(split);
    let begun = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1);
    let rest = after.iter().position(|byte| *byte == b'\n').map_or(after.len(), |found| found + 1);
    let line: Vec<u8> = around.iter().copied().skip(begun).take(split - begun + rest).collect();
    let hash = String::from_utf8_lossy(&line).trim().chars().take(40).collect::<String>().to_uppercase();
    let start = from + u64::try_from(begun).unwrap_or(0);
    Ok((start, hash, start + u64::try_from(line.len()).unwrap_or(1).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_soon_is_common() {
        let own = ["Fatima el Idrissi".to_owned(), "fatima.elidrissi@gemeente.example".to_owned()];
        for common in [
            "password1234",
            "aaaaaaaaaaaa",
            "123456789012",
            "Welkom123456",
            "Wachtwoord2026",
            "klankbord2026",
            "Zomer2026!!!",
            "fatima elidrissi",
            "qwertyuiop12",
            "Amsterdam020!",
        ] {
            assert!(is_common(common, &own), "{common}");
        }
        for good in
            ["een lange zin om te onthouden", "paars olifant dak fluit", "kj3-94hf-bnq2-x8", "ветер и море зимой"]
        {
            assert!(!is_common(good, &own), "{good}");
        }
        assert!(!is_common(&"zeventien paarden ".repeat(11), &own));
    }

    #[test]
    fn every_line_of_the_file_is_found_and_nothing_else() {
        let mut hashes: Vec<String> = (0..300_u32).map(|number| sha1(&number.to_string())).collect();
        hashes.sort();
        let file = std::env::temp_dir().join(format!("klankbord-breached-{}", std::process::id()));
        for ending in ["\n", "\r\n", ":17\n"] {
            std::fs::write(&file, hashes.join(ending) + ending).unwrap();
            for number in 0..300_u32 {
                assert!(is_breached(&file, &number.to_string()).unwrap(), "{number} {ending:?}");
                assert!(!is_breached(&file, &(number + 300).to_string()).unwrap());
            }
        }
        std::fs::write(&file, "").unwrap();
        assert!(!is_breached(&file, "1").unwrap());
        std::fs::remove_file(&file).unwrap();
    }
}
