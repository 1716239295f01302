//! What is open to everybody: few operations, each with its reason.

use super::operation::{Opened, all};

/// The public operations. At most eight; who adds one says why here.
const PUBLIC: &[(&str, &str)] = &[
    ("createSession", "nobody has a token before signing in"),
    ("getInformationPage", "rights, procedures and where to go are for everybody"),
    ("listInformationPages", "the same, found in one call"),
    ("listRegisterEntries", "what was asked and what came of it is public, overdue ones too"),
    ("requestSignInCode", "who has no password has no token either; the answer tells nothing of whom it is about"),
];

#[test]
fn few_operations_are_public_and_each_has_its_reason() {
    let mut found: Vec<String> =
        all().into_iter().filter(|one| one.opened == Opened::ToAll).map(|one| one.id).collect();
    found.sort();
    let listed: Vec<&str> = PUBLIC.iter().map(|(id, _)| *id).collect();
    assert!(found.len() <= 8);
    assert_eq!(found, listed);
}
