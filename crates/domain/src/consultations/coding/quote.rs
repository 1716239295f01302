//! Words of somebody who answered, that others may read once nobody can be recognised by them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::coded::Piece;
use crate::lifecycle::{Lifecycle, Move, Reason, take};
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a quote stands.
    QuoteStatus {
        /// Being written; for the facilitators.
        Draft => "draft",
        /// Checked, and to be read by whoever reads results.
        Released => "released",
        /// Taken back.
        Withdrawn => "withdrawn",
    }
}

vocabulary! {
    /// What somebody vouches for who releases a quote.
    QuoteCheck {
        /// Nobody can be recognised by it: not by names, places, days or dates, nor by a story that is theirs alone.
        NobodyRecognisable => "nobody_recognisable",
    }
}

/// Who writes, checks and takes back: of them those who are named on the consultation.
const FACILITATES: &[Standing] = &[Standing::Facilitator];

impl Lifecycle for QuoteStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Released, by: FACILITATES, reason: Reason::Optional },
        Move { from: Self::Draft, to: Self::Withdrawn, by: FACILITATES, reason: Reason::Required },
        Move { from: Self::Released, to: Self::Withdrawn, by: FACILITATES, reason: Reason::Required },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

/// A quote (citaat) from what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its id.
    pub id: Uuid,
    /// Of which consultation.
    pub consultation_id: Uuid,
    /// To which question it was said.
    pub question_id: Uuid,
    /// From which answer: for the facilitators alone.
    pub piece: Piece,
    /// Who wrote it down, or changed it last: an account.
    pub written_by: Uuid,
    /// The words, first in the language in which they were said; further variants are translations.
    pub text: Texts,
    /// Whether it is said in other words than the person's.
    pub paraphrased: bool,
    /// Where it stands.
    pub status: QuoteStatus,
    /// Who vouched that nobody can be recognised by it: an account.
    pub checked_by: Option<Uuid>,
    /// On which day.
    pub checked_on: Option<NaiveDate>,
}

/// What a move of a quote has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuoteFacts<'a> {
    /// Who moves it.
    pub by: Uuid,
    /// What they are towards the consultation.
    pub roles: Roles,
    /// Why, in their words.
    pub reason: Option<&'a str>,
    /// What they vouch for.
    pub check: Option<QuoteCheck>,
    /// The accounts of the consultation's facilitators.
    pub facilitators: &'a [Uuid],
    /// Whether whose words they are agrees to be quoted, where that is known and asked.
    pub agrees: bool,
    /// How many people's words stand at that question.
    pub wrote: i64,
    /// Under how many people the public sees no figure.
    pub minimum: i64,
    /// On which day it moves.
    pub today: NaiveDate,
}

impl Quote {
    /// What is wrong with it, to words in this language: `quote.language_changed`, where it doesn't begin in the
    /// language in which it was said.
    pub fn check(&self, language: &str) -> Vec<Fault> {
        let first = self.text.variants().first().map(|text| text.language.as_str());
        let kept = first.is_some_and(|first| first.eq_ignore_ascii_case(language));
        let fault = || Fault::body("/text/0/language", "quote.language_changed");
        (!kept).then(fault).into_iter().collect()
    }

    /// That its words can still change: a draft's.
    ///
    /// # Errors
    /// `quote.not_draft` (409).
    pub fn may_change(&self) -> Result<(), Refusal> {
        if self.status == QuoteStatus::Draft { Ok(()) } else { Err(Refusal::Conflict("quote.not_draft")) }
    }

    /// Moves it on. Who releases it vouches that nobody can be recognised by it; where the consultation has another
    /// facilitator than who wrote it down, that is another (four eyes).
    ///
    /// # Errors
    /// What [`take`] refuses; `quote.check_missing` (400); `quote.four_eyes`, `quote.no_consent`, `quote.too_few` (fewer wrote to that
    /// question than the public sees a figure of) (409).
    pub fn moved(mut self, to: QuoteStatus, facts: QuoteFacts<'_>) -> Result<Self, Refusal> {
        self.status = take(self.status, to, facts.roles, facts.reason)?;
        if self.status == QuoteStatus::Released {
            if facts.check.is_none() {
                return Err(Refusal::invalid("/check", "quote.check_missing"));
            }
            let others = facts.facilitators.iter().any(|account| *account != self.written_by);
            if others && facts.by == self.written_by {
                return Err(Refusal::Conflict("quote.four_eyes"));
            }
            if !facts.agrees {
                return Err(Refusal::Conflict("quote.no_consent"));
            }
            if facts.wrote < facts.minimum {
                return Err(Refusal::Conflict("quote.too_few"));
            }
            (self.checked_by, self.checked_on) = (Some(facts.by), Some(facts.today));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::consultations::samples::{day, id, texts};
    use crate::walks;

    fn quote() -> Quote {
        Quote {
            id: id(1),
            consultation_id: id(2),
            question_id: id(104),
            piece: Piece::OpenAnswer { open_answer_id: id(3), question_id: id(104) },
            written_by: id(10),
            text: texts("Bel terug op de dag die je belooft."),
            paraphrased: false,
            status: QuoteStatus::Draft,
            checked_by: None,
            checked_on: None,
        }
    }

    fn facts(facilitators: &[Uuid]) -> QuoteFacts<'_> {
        QuoteFacts {
            by: id(11),
            roles: Roles::of(FACILITATES),
            reason: None,
            check: Some(QuoteCheck::NobodyRecognisable),
            facilitators,
            agrees: true,
            wrote: 10,
            minimum: 10,
            today: day(2026, 6, 1),
        }
    }

    #[test]
    fn it_is_released_after_a_second_pair_of_eyes() {
        let (two, one) = ([id(10), id(11)], [id(10)]);
        let out = quote().moved(QuoteStatus::Released, facts(&two)).unwrap();
        assert_eq!(
            (out.status, out.checked_by, out.checked_on),
            (QuoteStatus::Released, Some(id(11)), Some(day(2026, 6, 1)))
        );
        let own = |facilitators| quote().moved(QuoteStatus::Released, QuoteFacts { by: id(10), ..facts(facilitators) });
        assert_eq!(own(&two), Err(Refusal::Conflict("quote.four_eyes")));
        // Where there is no other, who wrote it down checks it.
        assert!(own(&one).is_ok());
        let unchecked = quote().moved(QuoteStatus::Released, QuoteFacts { check: None, ..facts(&two) });
        assert_eq!(unchecked, Err(Refusal::invalid("/check", "quote.check_missing")));
        let few = quote().moved(QuoteStatus::Released, QuoteFacts { wrote: 9, ..facts(&two) });
        assert_eq!(few, Err(Refusal::Conflict("quote.too_few")));
        let silent = quote().moved(QuoteStatus::Released, QuoteFacts { agrees: false, ..facts(&two) });
        assert_eq!(silent, Err(Refusal::Conflict("quote.no_consent")));
        let others = QuoteFacts { roles: Roles::of(&[Standing::Manager]), ..facts(&two) };
        assert_eq!(quote().moved(QuoteStatus::Released, others), Err(Refusal::Forbidden));
    }

    #[test]
    fn it_is_taken_back_with_a_reason_and_not_changed_once_it_is_out() {
        let out = quote().moved(QuoteStatus::Released, facts(&[])).unwrap();
        assert_eq!(out.may_change(), Err(Refusal::Conflict("quote.not_draft")));
        assert_eq!(quote().may_change(), Ok(()));
        let silent = out.clone().moved(QuoteStatus::Withdrawn, facts(&[]));
        assert_eq!(silent, Err(Refusal::invalid("/reason", "reason.required")));
        let back = out.moved(QuoteStatus::Withdrawn, QuoteFacts { reason: Some("Toch te herkennen."), ..facts(&[]) });
        assert!(back.unwrap().moved(QuoteStatus::Released, facts(&[])).is_err());
    }

    #[test]
    fn it_keeps_the_language_in_which_it_was_said() {
        assert_eq!(quote().check("NL"), []);
        let found: Vec<_> = quote().check("ar").into_iter().map(|fault| (fault.location, fault.code)).collect();
        assert_eq!(found, [("/text/0/language".to_owned(), "quote.language_changed")]);
    }

    const LEGAL: &[(&str, &str)] = &[("draft", "released"), ("draft", "withdrawn"), ("released", "withdrawn")];

    #[test]
    fn the_table_is_that_of_the_design() {
        walks::table_is::<QuoteStatus>(LEGAL, &LEGAL[1..]);
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_table(attempts in prop::collection::vec(any::<walks::Attempt>(), 0..40)) {
            walks::walk(QuoteStatus::Draft, QuoteStatus::ALL, LEGAL, &attempts);
        }
    }
}
