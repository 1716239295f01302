//! The library: questions that were thought through once, and are asked again in the same words, so that
//! their results can be held beside each other.

use uuid::Uuid;

use super::change::is_same;
use super::{LibraryQuestionStatus, Placement, Question};
use crate::lifecycle::{self, Lifecycle, Move, Reason};
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// Who keeps an organisation's library.
pub const LIBRARIANS: &[Standing] = &[Standing::Manager, Standing::Officer];

impl Lifecycle for LibraryQuestionStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Published, by: LIBRARIANS, reason: Reason::Optional },
        Move { from: Self::Published, to: Self::Retired, by: LIBRARIANS, reason: Reason::Required },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

/// A question in the library (vragenbibliotheek).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryQuestion {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub organisation_id: Uuid,
    /// What it is called, for who looks for it.
    pub name: Texts,
    /// When to ask it, and how to read what comes of it.
    pub guidance: Option<Texts>,
    /// Where it comes from: a questionnaire, a study.
    pub source: Option<String>,
    /// The one in whose place it came.
    pub replaces_id: Option<Uuid>,
    /// Whether other organisations find it, too.
    pub shared: bool,
    /// The question.
    pub question: Question,
    /// Where it stands.
    pub status: LibraryQuestionStatus,
}

impl LibraryQuestion {
    /// What is wrong with it, all at once, under `/question`: the faults of [`Question::check`], and
    /// `library_question.stands_alone` where it says after which answers it is asked, begins a section or stands in records:
    /// that is the consultation's to say.
    pub fn check(&self) -> Vec<Fault> {
        let Placement { begins, only_if, shuffle_options: _ } = &self.question.placement;
        let among_others =
            [("/section", begins.is_some()), ("/onlyIf", only_if.is_some()), ("/inRecords", self.question.in_records)];
        let among_others = among_others.into_iter().filter(|(_, said)| *said);
        let faults = among_others.map(|(at, _)| Fault::body(at, "library_question.stands_alone"));
        faults.chain(self.question.check()).map(|fault| fault.under("/question")).collect()
    }

    /// The same with new content. Once published, the question stays what it is: a language can be added.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] `library_question.retired`; [`Refusal::Invalid`] with the faults of
    /// [`Self::check`], `library_question.fixed` at `/question` and at `/replacesId`.
    pub fn change(&self, wanted: Self) -> Result<Self, Refusal> {
        if self.status == LibraryQuestionStatus::Retired {
            return Err(Refusal::Conflict("library_question.retired"));
        }
        let new = Self { id: self.id, organisation_id: self.organisation_id, status: self.status, ..wanted };
        let mut faults = new.check();
        if self.status == LibraryQuestionStatus::Published {
            let moved = [
                ("/question", !is_same(&self.question, &new.question)),
                ("/replacesId", self.replaces_id != new.replaces_id),
            ];
            let moved = moved.into_iter().filter(|(_, moved)| *moved);
            faults.extend(moved.map(|(at, _)| Fault::body(at, "library_question.fixed")));
        }
        Refusal::unless_clean(faults)?;
        Ok(new)
    }

    /// That it may go.
    ///
    /// # Errors
    /// `library_question.not_draft` (409).
    pub fn may_be_deleted(&self) -> Result<(), Refusal> {
        let draft = self.status == LibraryQuestionStatus::Draft;
        if draft { Ok(()) } else { Err(Refusal::Conflict("library_question.not_draft")) }
    }

    /// Moves it on.
    ///
    /// # Errors
    /// Those of [`lifecycle::take`].
    pub fn take(mut self, to: LibraryQuestionStatus, (roles, reason): (Roles, Option<&str>)) -> Result<Self, Refusal> {
        self.status = lifecycle::take(self.status, to, roles, reason)?;
        Ok(self)
    }

    /// Whether another, which is found by this id or isn't, is one in whose place this can come: of the same
    /// organisation, and no draft.
    pub fn may_replace(&self, other: Option<&Self>) -> bool {
        let fits = |other: &Self| {
            other.organisation_id == self.organisation_id && other.status != LibraryQuestionStatus::Draft
        };
        other.is_some_and(|other| other.id != self.id && fits(other))
    }

    /// Whether what a consultation asks is this question: the same kind and choices, and each language in
    /// the words that stand here. A language more is no difference, nor is one left out but the default; whether
    /// it can be left open and how it stands among others is the consultation's to say.
    pub fn is_asked_by(&self, asked: &Question) -> bool {
        let Placement { begins, only_if, .. } = asked.placement.clone();
        let placement = Placement { begins, only_if, ..self.question.placement.clone() };
        let (required, in_records) = (asked.required, asked.in_records);
        let own = Question { required, in_records, placement, ..self.question.clone() };
        is_same(&own, asked) || is_same(asked, &own)
    }
}

/// Which of these questions go by the id of one in the library and aren't that question:
/// `library_question.asked_otherwise`. What was asked before stays, whatever is put in the library after it.
pub fn asked_otherwise(library: &[LibraryQuestion], before: &[Question], questions: &[Question]) -> Vec<Fault> {
    let other = |asked: &&Question| {
        let mut same = library.iter().filter(|kept| kept.question.id == asked.id);
        same.any(|kept| kept.status != LibraryQuestionStatus::Draft && !kept.is_asked_by(asked))
    };
    let new = questions.iter().enumerate().filter(|(_, asked)| !before.contains(asked));
    let wrong = new.filter(|(_, asked)| other(asked));
    wrong.map(|(at, _)| Fault::body(format!("/questions/{at}"), "library_question.asked_otherwise")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::consultations::QuestionKind;
    use crate::consultations::samples::{id, question, texts};
    use crate::text::{MadeBy, Text};
    use crate::walks;

    fn kept(status: LibraryQuestionStatus) -> LibraryQuestion {
        LibraryQuestion {
            id: id(1),
            organisation_id: id(2),
            name: texts("Voelt u zich gehoord?"),
            guidance: None,
            source: None,
            replaces_id: None,
            shared: false,
            question: question(101, QuestionKind::Scale { least: 1, most: 5, labels: Vec::new() }),
            status,
        }
    }

    fn in_english(question: &Question) -> Question {
        let mut variants = question.prompt.variants().to_vec();
        variants.push(Text {
            language: "en".to_owned(),
            value: "How?".to_owned(),
            made_by: MadeBy::Human,
            stale: false,
        });
        Question { prompt: Texts::new(variants).unwrap(), ..question.clone() }
    }

    #[test]
    fn what_is_published_stays_what_it_is() {
        let (draft, published) = (kept(LibraryQuestionStatus::Draft), kept(LibraryQuestionStatus::Published));
        let other = question(101, QuestionKind::Scale { least: 1, most: 7, labels: Vec::new() });
        let wanted = LibraryQuestion { question: other, ..draft.clone() };
        assert!(draft.change(wanted.clone()).is_ok());
        assert_eq!(published.change(wanted.clone()), Err(Refusal::invalid("/question", "library_question.fixed")));
        let translated = LibraryQuestion { question: in_english(&published.question), shared: true, ..draft.clone() };
        let changed = published.change(translated).unwrap();
        assert!(changed.shared && changed.status == LibraryQuestionStatus::Published);
        let retired = kept(LibraryQuestionStatus::Retired);
        assert_eq!(retired.change(wanted), Err(Refusal::Conflict("library_question.retired")));
        let empty = question(101, QuestionKind::OpenText { max_length: 0 });
        let wrong = draft.change(LibraryQuestion { question: empty, ..draft.clone() });
        assert_eq!(wrong, Err(Refusal::invalid("/question/maxLength", "question.max_length_out_of_range")));
        assert!(draft.may_be_deleted().is_ok() && published.may_be_deleted().is_err());
    }

    #[test]
    fn a_question_is_asked_in_its_own_words() {
        let published = kept(LibraryQuestionStatus::Published);
        let asked = Question { required: true, ..published.question.clone() };
        assert!(published.is_asked_by(&asked) && published.is_asked_by(&in_english(&asked)));
        let translated = LibraryQuestion { question: in_english(&published.question), ..published.clone() };
        assert!(translated.is_asked_by(&asked));
        assert!(!published.is_asked_by(&Question { prompt: texts("Anders"), ..asked.clone() }));
        let wider = QuestionKind::Scale { least: 1, most: 7, labels: Vec::new() };
        assert!(!published.is_asked_by(&Question { kind: wider, ..asked }));
    }

    #[test]
    fn what_was_asked_before_stays() {
        let published = kept(LibraryQuestionStatus::Published);
        let other = Question { prompt: texts("Anders"), ..published.question.clone() };
        let asked = [published.question.clone(), other.clone()];
        let found = asked_otherwise(std::slice::from_ref(&published), &[], &asked);
        assert_eq!(found, [Fault::body("/questions/1", "library_question.asked_otherwise")]);
        assert_eq!(asked_otherwise(std::slice::from_ref(&published), std::slice::from_ref(&other), &asked), []);
        assert_eq!(asked_otherwise(&[kept(LibraryQuestionStatus::Draft)], &[], &asked), []);
        assert_eq!(asked_otherwise(&[], &[], &asked), []);
    }

    #[test]
    fn it_comes_in_the_place_of_one_that_was_published() {
        let draft = LibraryQuestion { id: id(9), ..kept(LibraryQuestionStatus::Draft) };
        let elsewhere = LibraryQuestion { organisation_id: id(3), ..kept(LibraryQuestionStatus::Published) };
        for known in [LibraryQuestionStatus::Published, LibraryQuestionStatus::Retired] {
            assert!(draft.may_replace(Some(&kept(known))));
        }
        let itself = LibraryQuestion { id: id(9), ..kept(LibraryQuestionStatus::Published) };
        for no in [None, Some(&kept(LibraryQuestionStatus::Draft)), Some(&elsewhere), Some(&itself)] {
            assert!(!draft.may_replace(no));
        }
    }

    const LEGAL: &[(&str, &str)] = &[("draft", "published"), ("published", "retired")];

    #[test]
    fn the_table_is_that_of_the_design() {
        walks::table_is::<LibraryQuestionStatus>(LEGAL, &[("published", "retired")]);
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_table(attempts in prop::collection::vec(any::<walks::Attempt>(), 0..40)) {
            walks::walk(LibraryQuestionStatus::Draft, LibraryQuestionStatus::ALL, LEGAL, &attempts);
        }
    }
}
