//! The words of participants.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Whose contact details are kept for a person.
    ContactOf {
        /// Their own.
        Person => "person",
        /// Those of who represents them in law: they end with that.
        Representative => "representative",
    }
}

vocabulary! {
    /// How somebody is reached, by their own choice, and how an answer came in.
    Channel {
        /// By internet.
        Internet => "internet",
        /// By telephone.
        Phone => "phone",
        /// Face to face.
        InPerson => "in_person",
    }
}
