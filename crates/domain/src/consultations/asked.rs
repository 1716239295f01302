//! Who may be among those asked.

use crate::networks::Perspective;

/// The age from which somebody is of age. Years (BW 1:233).
const OF_AGE: i32 = 18;

/// Whether somebody may be a minor: by their age, where that is known, else
/// unless they take part as what only a grown-up is.
pub fn may_be_minor(age: Option<i32>, perspective: Perspective) -> bool {
    age.map_or_else(|| !is_grown_up(perspective), |age| age < OF_AGE)
}

const fn is_grown_up(perspective: Perspective) -> bool {
    match perspective {
        Perspective::YoungAdult
        | Perspective::Parent
        | Perspective::FosterParent
        | Perspective::OlderPerson
        | Perspective::Professional
        | Perspective::PolicyMaker
        | Perspective::BoardMember => true,
        Perspective::Child
        | Perspective::YoungPerson
        | Perspective::Relative
        | Perspective::Client
        | Perspective::Patient
        | Perspective::Resident
        | Perspective::Student => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_of_unknown_age_may_be_a_minor_unless_the_perspective_says_otherwise() {
        assert!(may_be_minor(Some(17), Perspective::Parent));
        assert!(!may_be_minor(Some(18), Perspective::YoungPerson));
        assert!(may_be_minor(None, Perspective::Client));
        assert!(!may_be_minor(None, Perspective::FosterParent));
    }
}
