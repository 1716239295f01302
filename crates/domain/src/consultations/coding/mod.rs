//! Coding (coderen): facilitators put themes on what people wrote and said, see how far they agree, and show what
//! came of it: how many people said each, and their words, once nobody can be recognised by them.

mod agreement;
mod coded;
mod quote;
mod theme;
mod theme_results;

pub use agreement::{PairAgreement, agreement};
pub use coded::{Coding, Piece, agreed, may_be_coded, may_change_piece};
pub use quote::{Quote, QuoteCheck, QuoteFacts, QuoteStatus};
pub use theme::{Theme, may_be_deleted, may_change, may_have_another};
pub use theme_results::{QuestionThemes, ThemeCounts, Written, count_themes};
