//! Texts that people read, in language variants (BCP 47; DOMAIN: "Language").

use crate::refusal::Fault;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Who made a language variant.
    MadeBy {
        /// A person wrote or translated it.
        Human => "human",
        /// A machine translated or simplified it.
        Machine => "machine",
    }
}

/// One language variant of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// BCP 47 tag: `nl`, `nl-simple` (plain Dutch), `en`, `ar`, `dse`
    /// (Dutch Sign Language, whose value is an https link).
    pub language: String,
    /// The text itself.
    pub value: String,
    /// Who made it.
    pub made_by: MadeBy,
    /// The default variant changed after this one was written.
    pub stale: bool,
}

/// A text in at least one language; the first is the default, tags are unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts(Vec<Text>);

impl Texts {
    /// Checks and keeps the variants.
    ///
    /// # Errors
    /// All faults, with pointers relative to the array (`/1/language`).
    pub fn new(variants: Vec<Text>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        if variants.is_empty() {
            faults.push(Fault::body("", "text.empty"));
        }
        for (index, variant) in variants.iter().enumerate() {
            let pointer = |field: &str| format!("/{index}/{field}");
            if !is_language_tag(&variant.language) {
                faults.push(Fault::body(pointer("language"), "text.language_malformed"));
            } else if variants.iter().take(index).any(|other| other.language.eq_ignore_ascii_case(&variant.language)) {
                faults.push(Fault::body(pointer("language"), "text.language_repeated"));
            }
            if variant.value.trim().is_empty() {
                faults.push(Fault::body(pointer("value"), "text.blank"));
            } else if is_signed(&variant.language) && !variant.value.starts_with("https://") {
                faults.push(Fault::body(pointer("value"), "text.sign_language_link"));
            }
        }
        if faults.is_empty() { Ok(Self(variants)) } else { Err(faults) }
    }

    /// A text in one language, made by a person. For texts of the product's own.
    pub fn plain(language: &str, value: &str) -> Self {
        let made_by = MadeBy::Human;
        Self(vec![Text { language: language.to_owned(), value: value.to_owned(), made_by, stale: false }])
    }

    /// All variants, the default first.
    pub fn variants(&self) -> &[Text] {
        &self.0
    }

    /// The variant that these ranges pick (RFC 4647 lookup), else the default.
    /// Ranges come in order of preference.
    pub fn pick<S: AsRef<str>>(&self, ranges: &[S]) -> Option<&Text> {
        ranges.iter().find_map(|range| self.lookup(range.as_ref())).or_else(|| self.0.first())
    }

    fn lookup(&self, range: &str) -> Option<&Text> {
        let mut wanted = range;
        loop {
            if let Some(found) = self.0.iter().find(|text| text.language.eq_ignore_ascii_case(wanted)) {
                return Some(found);
            }
            let (shorter, _) = wanted.rsplit_once('-')?;
            // RFC 4647 §3.4: a single letter or digit left at the end goes too.
            wanted = match shorter.rsplit_once('-') {
                Some((head, last)) if last.len() == 1 => head,
                _ => shorter,
            };
        }
    }

    /// Whether there is a plain-language variant (`nl-simple`, `en-simple`, …).
    pub fn has_plain(&self) -> bool {
        self.0.iter().any(|text| text.language.split('-').any(|part| part.eq_ignore_ascii_case("simple")))
    }

    /// The new variants, with those marked stale that were left as they were
    /// while the default changed.
    #[must_use]
    pub fn revised(&self, mut new: Self) -> Self {
        let changed = match (self.0.first(), new.0.first()) {
            (Some(old), Some(new)) => old.value != new.value || old.language != new.language,
            _ => false,
        };
        for (index, variant) in new.0.iter_mut().enumerate() {
            let old = self.0.iter().find(|old| old.language == variant.language && old.value == variant.value);
            variant.stale = index > 0 && old.is_some_and(|old| changed || old.stale);
        }
        new
    }

    /// The same for texts that may be missing.
    #[must_use]
    pub fn revised_or_none(old: Option<&Self>, new: Option<Self>) -> Option<Self> {
        match (old, new) {
            (Some(old), Some(new)) => Some(old.revised(new)),
            (_, new) => new,
        }
    }
}

fn is_signed(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or_default();
    ["dse", "sgn", "bfi", "ase", "vgt"].iter().any(|tag| primary.eq_ignore_ascii_case(tag))
}

/// Whether a tag is well-formed (RFC 5646 §2.2.9, without extensions) and uses
/// only the variants that this product knows (`simple`).
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let alphabetic = |part: &str| part.chars().all(|c| c.is_ascii_alphabetic());
    if !(2..=3).contains(&primary.len()) || !alphabetic(primary) {
        return false;
    }
    // After the language: script (4 letters), region (2 letters or 3 digits), variant.
    let mut reached = 0;
    parts.all(|part| {
        let rank = match part.len() {
            4 if alphabetic(part) => 1,
            2 if alphabetic(part) => 2,
            3 if part.chars().all(|c| c.is_ascii_digit()) => 2,
            6 if part.eq_ignore_ascii_case("simple") => 3,
            _ => return false,
        };
        let ordered = rank > reached;
        reached = rank;
        ordered
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(language: &str, value: &str) -> Text {
        Text { language: language.to_owned(), value: value.to_owned(), made_by: MadeBy::Human, stale: false }
    }

    #[test]
    fn tags_are_checked_as_bcp_47_says() {
        for good in ["nl", "nl-NL", "nl-simple", "dse", "fy", "ar", "ti", "zh-Hant-TW", "es-419", "nl-NL-simple"] {
            assert!(is_language_tag(good), "{good}");
        }
        for bad in ["", "n", "nl_NL", "nl-easyread", "nl-", "-nl", "nl--NL", "nl-NL-NL", "Nederlands", "nl-simple-NL"] {
            assert!(!is_language_tag(bad), "{bad}");
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let faults = Texts::new(vec![text("nl", "a"), text("nl", " "), text("nl_NL", "b"), text("dse", "film")]);
        let codes: Vec<_> = faults.unwrap_err().into_iter().map(|fault| fault.code).collect();
        assert_eq!(
            codes,
            ["text.language_repeated", "text.blank", "text.language_malformed", "text.sign_language_link"]
        );
    }

    #[test]
    fn lookup_shortens_the_range_and_falls_back_to_the_default() {
        let texts = Texts::new(vec![text("nl", "a"), text("nl-simple", "b"), text("en", "c")]).unwrap();
        let pick = |ranges: &[&str]| texts.pick(ranges).unwrap().value.clone();
        assert_eq!(pick(&["nl-simple"]), "b");
        assert_eq!(pick(&["en-GB"]), "c");
        assert_eq!(pick(&["nl-NL-simple", "en"]), "a");
        assert_eq!(pick(&["fr"]), "a");
        assert_eq!(pick(&[]), "a");
    }

    #[test]
    fn a_variant_left_behind_is_stale() {
        let old = Texts::new(vec![text("nl", "a"), text("en", "b")]).unwrap();
        let new = old.revised(Texts::new(vec![text("nl", "a2"), text("en", "b"), text("ar", "c")]).unwrap());
        assert_eq!(new.variants().iter().map(|v| v.stale).collect::<Vec<_>>(), [false, true, false]);
        let kept = new.revised(new.clone());
        assert!(kept.variants()[1].stale);
        let mended = new.revised(Texts::new(vec![text("nl", "a2"), text("en", "b2")]).unwrap());
        assert!(!mended.variants()[1].stale);
    }
}
