//! Codes that people type: letters and digits that nobody takes for another.

/// The letters and digits; one counts twice.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// A letter for each byte, of which five bits count.
pub fn letters(bytes: &[u8]) -> String {
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map(char::from);
    bytes.iter().filter_map(letter).collect()
}

/// A code in groups of so many letters, as people read it: `abcd-efgh`.
pub fn grouped(code: &str, letters: usize) -> String {
    let all: Vec<char> = code.chars().collect();
    let groups: Vec<String> = all.chunks(letters.max(1)).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A code without what people write between its letters.
pub fn bare(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let all: Vec<u8> = (0..=255).collect();
        let code = letters(&all);
        assert!(code.len() == 256 && !code.contains(['i', 'l', 'o', '0', '1']));
        let shown = grouped(&code, 5);
        assert_eq!(shown.split('-').map(str::len).max(), Some(5));
        assert_eq!((bare(&shown), bare(&shown.to_uppercase().replace('-', " "))), (code.clone(), code));
    }
}
