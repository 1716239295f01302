//! Texts on the wire: one shape, always.

use klankbord_domain::Fault;
use klankbord_domain::text::{MadeBy, Text, Texts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in one language. A text is always a list of these, the default first,
/// each language once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextVariant {
    /// BCP 47 tag: `nl`, `nl-simple` (plain Dutch), `en`, `ar`, `dse` (Dutch Sign
    /// Language; the value is then an https link).
    #[schema(example = "nl", min_length = 2, max_length = 35)]
    pub language: String,
    /// The text.
    #[schema(example = "Meedenken over de jeugdhulp", min_length = 1, max_length = 10000)]
    pub value: String,
    /// Who made this variant; a person when it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<MadeBy>,
    /// The default variant changed after this one was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(read_only)]
    pub stale: Option<bool>,
}

/// A text for the wire.
pub fn to_wire(texts: &Texts) -> Vec<TextVariant> {
    let variant = |text: &Text| TextVariant {
        language: text.language.clone(),
        value: text.value.clone(),
        made_by: (text.made_by == MadeBy::Machine).then_some(MadeBy::Machine),
        stale: text.stale.then_some(true),
    };
    texts.variants().iter().map(variant).collect()
}

/// The same for a text that may be missing.
pub fn to_wire_or_none(texts: Option<&Texts>) -> Option<Vec<TextVariant>> {
    texts.map(to_wire)
}

/// Reads texts from a request and gathers what is wrong with them.
#[derive(Debug, Default)]
pub struct Reading {
    /// All faults so far.
    pub faults: Vec<Fault>,
}

impl Reading {
    /// The text at a pointer; something that stands in for it when it is faulty
    /// (the faults say so, and nothing is saved).
    pub fn texts(&mut self, pointer: &str, variants: Vec<TextVariant>) -> Texts {
        let texts = variants.into_iter().map(|variant| Text {
            language: variant.language,
            value: variant.value,
            made_by: variant.made_by.unwrap_or(MadeBy::Human),
            stale: false,
        });
        Texts::new(texts.collect()).unwrap_or_else(|faults| {
            self.faults.extend(faults.into_iter().map(|fault| fault.under(pointer)));
            Texts::plain("nl", "-")
        })
    }

    /// The same for a text that may be missing.
    pub fn texts_or_none(&mut self, pointer: &str, variants: Option<Vec<TextVariant>>) -> Option<Texts> {
        variants.map(|variants| self.texts(pointer, variants))
    }
}
