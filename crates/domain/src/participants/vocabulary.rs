//! The words of participants.

use crate::vocabulary::vocabulary;

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
