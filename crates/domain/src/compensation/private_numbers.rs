//! Numbers that must not stand here: citizen service numbers and bank accounts.

/// The code of the fault where a text holds a number that must not be kept:
/// `text.citizen_number` for nine digits that pass the eleven-test (elfproef) of a
/// citizen service number (BSN, Wabb art. 10), `text.bank_account` for an
/// international bank account number that passes its own check (ISO 13616).
pub fn private_number(text: &str) -> Option<&'static str> {
    let joined = joined(text);
    let words: Vec<&str> = joined.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    if words.iter().any(|word| is_bank_account(word)) {
        return Some("text.bank_account");
    }
    words.iter().any(|word| is_citizen_number(word)).then_some("text.citizen_number")
}

/// The text with groups of a number put together: spaces, dots and hyphens
/// between two digits, or within what looks like a bank account.
fn joined(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_gap = |letter: char| matches!(letter, ' ' | '.' | '-' | '\u{a0}');
    let mut result = String::with_capacity(text.len());
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| letters.get(at)).copied();
        let after = letters.get(index + 1).copied();
        let between = |one: Option<char>| one.is_some_and(|one| one.is_ascii_digit() || one.is_ascii_uppercase());
        let within = before.is_some_and(|one| one.is_ascii_digit()) || after.is_some_and(|one| one.is_ascii_digit());
        if !(is_gap(*letter) && between(before) && between(after) && within) {
            result.push(*letter);
        }
    }
    result
}

fn is_citizen_number(word: &str) -> bool {
    let digits: Option<Vec<u32>> = word.chars().map(|letter| letter.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() == 9) else { return false };
    let weights: [i64; 9] = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i64 = digits.iter().zip(weights).map(|(digit, weight)| i64::from(*digit) * weight).sum();
    sum % 11 == 0 && digits.iter().any(|digit| *digit != 0)
}

fn is_bank_account(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    if !(15..=34).contains(&word.len()) || !word.is_ascii() {
        return false;
    }
    let (head, rest) = word.split_at(4);
    let country = head.chars().take(2).all(|letter| letter.is_ascii_uppercase());
    let check = head.chars().skip(2).all(|letter| letter.is_ascii_digit());
    let remainder = rest.chars().chain(head.chars()).try_fold(0_u32, |sum, letter| {
        let value = letter.to_digit(36)?;
        Some(if value < 10 { (sum * 10 + value) % 97 } else { (sum * 100 + value) % 97 })
    });
    country && check && remainder == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citizen_number_is_found_however_it_is_written() {
        for text in ["111222333", "BSN: 111.222.333", "mijn nummer is 111 222 333.", "(111-222-333)"] {
            assert_eq!(private_number(text), Some("text.citizen_number"), "{text}");
        }
        for text in ["111222334", "", "000000000", "1112223330", "bus 15, 3 ritten", "2026-11-25", "06-12345678"] {
            assert_eq!(private_number(text), None, "{text}");
        }
    }

    #[test]
    fn a_bank_account_is_found_however_it_is_written() {
        for text in
            ["NL91ABNA0417164300", "op NL91 ABNA 0417 1643 00 graag", "nl91abna0417164300", "BE68 5390 0754 7034"]
        {
            assert_eq!(private_number(text), Some("text.bank_account"), "{text}");
        }
        for text in ["NL92ABNA0417164300", "parkeren in garage NL", "treinkaartje Haarlem Alkmaar v.v."] {
            assert_eq!(private_number(text), None, "{text}");
        }
    }
}
