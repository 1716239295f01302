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
    /// By which detail somebody can be reached.
    ContactKind {
        /// By e-mail.
        EmailAddress => "email_address",
        /// By telephone.
        PhoneNumber => "phone_number",
        /// By letter.
        MailingAddress => "mailing_address",
    }
}

vocabulary! {
    /// How it was checked that a detail reaches whom it should.
    VerificationMethod {
        /// Somebody opened the link that was mailed there.
        Link => "link",
        /// Somebody called.
        Call => "call",
        /// Somebody wrote a letter, and it was answered.
        Letter => "letter",
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

vocabulary! {
    /// When somebody likes to be reached.
    ContactTime {
        /// Before noon.
        Morning => "morning",
        /// From noon to six.
        Afternoon => "afternoon",
        /// After six.
        Evening => "evening",
        /// On Saturday or Sunday.
        Weekend => "weekend",
    }
}

vocabulary! {
    /// What somebody needs to take part (toegankelijkheid). It says what to arrange, never why.
    AccessNeed {
        /// Somebody who interprets in their language (tolk).
        Interpreter => "interpreter",
        /// Somebody who interprets in sign language (gebarentolk).
        SignLanguage => "sign_language",
        /// Questions and answers by ear.
        Audio => "audio",
        /// Large print.
        LargePrint => "large_print",
        /// Plain language.
        PlainLanguage => "plain_language",
        /// A place that can be entered without steps.
        StepFree => "step_free",
        /// Quiet, and breaks.
        QuietRoom => "quiet_room",
        /// Somebody whom they bring along.
        Companion => "companion",
    }
}
