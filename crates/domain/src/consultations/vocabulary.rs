//! The words of consultations, and their lifecycles.

use chrono::{Datelike as _, Months, NaiveDate};

use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Who may know who answered what; fixed at opening.
    ConsultationMode {
        /// Those who run the consultation know.
        Named => "named",
        /// Only the facilitators named on it know.
        Confidential => "confidential",
        /// Nobody knows: answers are kept apart from who gave them, and nothing joins
        /// them again.
        Anonymous => "anonymous",
    }
}

vocabulary! {
    /// What an anonymous answer rests on.
    BallotProof {
        /// Somebody who was invited.
        Person => "person",
        /// A printed code that works once.
        Code => "code",
        /// Nothing: whoever stood before a device on site.
        None => "none",
    }
}

vocabulary! {
    /// By what it is seen to that each answers an anonymous consultation once; fixed at
    /// opening.
    OneAnswerBy {
        /// Who is invited answers once.
        Invitation => "invitation",
        /// Each printed code is good for one answer; nobody answers by their invitation.
        PrintedCode => "printed_code",
        /// Either: who is invited and also holds a code can answer twice, and results say
        /// that they aren't verified.
        Either => "either",
    }
}

vocabulary! {
    /// The word for a kind of question.
    QuestionKindCode {
        /// One of the options.
        SingleChoice => "single_choice",
        /// Several of the options.
        MultipleChoice => "multiple_choice",
        /// A whole number on a scale.
        Scale => "scale",
        /// A whole number.
        Number => "number",
        /// A day.
        Date => "date",
        /// Agreed with, or not, or passed by.
        Statement => "statement",
        /// Options put in order, the first one first.
        Ranking => "ranking",
        /// For each row one of the columns.
        Matrix => "matrix",
        /// Dots that are divided over options.
        Dots => "dots",
        /// Options that cost something, within a budget.
        Budget => "budget",
        /// In one's own words; what was written is for the facilitators alone.
        OpenText => "open_text",
    }
}

vocabulary! {
    /// In what a budget is counted.
    BudgetUnit {
        /// Whole euros.
        Euro => "euro",
        /// Points.
        Point => "point",
    }
}

vocabulary! {
    /// Whether it is seen or heard.
    MediumKind {
        /// It is seen.
        Picture => "picture",
        /// It is heard.
        Sound => "sound",
    }
}

vocabulary! {
    /// In which form a picture or sound is.
    MediumType {
        /// A picture (JPEG).
        Jpeg => "image/jpeg",
        /// A picture (PNG).
        Png => "image/png",
        /// A picture (WebP).
        Webp => "image/webp",
        /// Sound (MP3).
        Mp3 => "audio/mpeg",
        /// Sound (Ogg: Opus or Vorbis).
        Ogg => "audio/ogg",
        /// Sound (M4A: AAC).
        Mp4 => "audio/mp4",
    }
}

vocabulary! {
    /// How people talk in an input session.
    SessionMethod {
        /// With one person, or one family.
        Interview => "interview",
        /// With a small group, on one subject.
        FocusGroup => "focus_group",
        /// With many, in changing groups.
        WorldCafe => "world_cafe",
        /// With people who stand differently towards it, to understand each other.
        Dialogue => "dialogue",
        /// With whoever comes by.
        WalkIn => "walk_in",
        /// In another way.
        Other => "other",
    }
}

vocabulary! {
    /// Where a question of the library stands.
    LibraryQuestionStatus {
        /// Being written.
        Draft => "draft",
        /// It can be asked.
        Published => "published",
        /// It isn't asked anew.
        Retired => "retired",
    }
}

vocabulary! {
    /// Where a consultation stands.
    ConsultationStatus {
        /// Being prepared.
        Draft => "draft",
        /// People can answer.
        Open => "open",
        /// People could answer; they still have to hear back.
        Closed => "closed",
        /// People heard back.
        Concluded => "concluded",
        /// Called off.
        Withdrawn => "withdrawn",
    }
}

/// Those who run a consultation: for an organisation its managers, officers and machines,
/// for a network its coordinators and facilitators, in councils chair and
/// secretary.
pub(super) const RUNS: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
];

/// Those who answer for it: who promise a rung, and say what is done.
pub(super) const ANSWERS_FOR: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
];

impl Lifecycle for ConsultationStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Open, by: ANSWERS_FOR, reason: Reason::Optional },
        Move { from: Self::Draft, to: Self::Withdrawn, by: ANSWERS_FOR, reason: Reason::Required },
        Move { from: Self::Open, to: Self::Closed, by: ANSWERS_FOR, reason: Reason::Optional },
        // It closes by itself when its last day ends.
        Move { from: Self::Open, to: Self::Closed, by: &[], reason: Reason::Optional },
        Move { from: Self::Open, to: Self::Withdrawn, by: ANSWERS_FOR, reason: Reason::Required },
        Move { from: Self::Closed, to: Self::Concluded, by: ANSWERS_FOR, reason: Reason::Optional },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

vocabulary! {
    /// In which periods days are counted.
    Period {
        /// By year.
        Year => "year",
        /// By month.
        Month => "month",
    }
}

impl Period {
    /// The first day of the period in which a day lies.
    pub fn of(self, day: NaiveDate) -> NaiveDate {
        let first = day.with_day(1).unwrap_or(day);
        match self {
            Self::Year => first.with_month(1).unwrap_or(first),
            Self::Month => first,
        }
    }

    /// The first day of each period in which days from one up to another lie.
    pub fn between(self, earliest: NaiveDate, latest: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let months = match self {
            Self::Year => Months::new(12),
            Self::Month => Months::new(1),
        };
        let next = move |day: &NaiveDate| day.checked_add_months(months);
        std::iter::successors(Some(self.of(earliest)), next).take_while(move |day| *day <= latest)
    }
}

vocabulary! {
    /// What somebody says to a statement.
    Stance {
        /// Agrees with it.
        Agree => "agree",
        /// Disagrees with it.
        Disagree => "disagree",
        /// Passes: doesn't know, or doesn't want to say.
        Pass => "pass",
    }
}

vocabulary! {
    /// What kind of report-back it is.
    ReportBackKind {
        /// On the way.
        Interim => "interim",
        /// The one without which a consultation never ends.
        Final => "final",
    }
}

vocabulary! {
    /// Where a report-back stands.
    ReportBackStatus {
        /// Being written.
        Draft => "draft",
        /// Everybody who was invited can read it.
        Published => "published",
    }
}

impl Lifecycle for ReportBackStatus {
    const MOVES: &'static [Move<Self>] =
        &[Move { from: Self::Draft, to: Self::Published, by: ANSWERS_FOR, reason: Reason::Optional }];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

vocabulary! {
    /// What is done with a point that was heard.
    PointOutcome {
        /// It is followed.
        Followed => "followed",
        /// A part is followed.
        PartlyFollowed => "partly_followed",
        /// It isn't followed.
        NotFollowed => "not_followed",
        /// It was heard; what is done with it isn't decided yet. In interim ones alone.
        Heard => "heard",
    }
}

impl PointOutcome {
    /// Whether it is decided what is done with it.
    pub const fn is_decided(self) -> bool {
        match self {
            Self::Followed | Self::PartlyFollowed | Self::NotFollowed => true,
            Self::Heard => false,
        }
    }
}
