//! What people are asked to consent to: a text per purpose, in versions. One that
//! was published never changes; a new version follows it.

use uuid::Uuid;

use super::{ConsentPurpose, ConsentTextStatus};
use crate::participants::AgeBand;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// What a purpose asks of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The least version that counts.
    pub counts_from: i32,
    /// Whether it is asked now: where its last text was retired, it isn't any more, and
    /// a no that was said stands.
    pub now: bool,
}

impl Asked {
    /// What an organisation's texts for one purpose, drafts apart, ask of somebody of
    /// this age; none where none was ever for them. A version that asks anew does so as
    /// long as it, or a later one, is published: nobody is asked what they can't answer.
    pub fn of<'t>(texts: impl Iterator<Item = &'t ConsentText>, age: Option<i32>) -> Option<Self> {
        let theirs: Vec<&ConsentText> =
            texts.filter(|text| text.status != ConsentTextStatus::Draft && text.is_for(age)).collect();
        let published = theirs.iter().filter(|text| text.status == ConsentTextStatus::Published);
        let newest = published.map(|text| text.text_version).max();
        let within = |text: &&&ConsentText| newest.is_none_or(|newest| text.text_version <= newest);
        let anew = theirs.iter().filter(within).filter(|text| text.asks_anew).map(|text| text.text_version).max();
        (!theirs.is_empty()).then(|| Self { counts_from: anew.unwrap_or(1), now: newest.is_some() })
    }
}

/// A version of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentText {
    /// Its id.
    pub id: Uuid,
    /// Whose it is: the controller.
    pub organisation_id: Uuid,
    /// For what.
    pub purpose: ConsentPurpose,
    /// Counts the texts of this organisation for this purpose, from 1.
    pub text_version: i32,
    /// For whom it is written; empty: for everybody.
    pub bands: Vec<AgeBand>,
    /// What it is called.
    pub title: Texts,
    /// What is asked.
    pub body: Texts,
    /// Whether what was said to earlier versions counts no longer.
    pub asks_anew: bool,
    /// Where it stands.
    pub status: ConsentTextStatus,
}

impl ConsentText {
    /// What is wrong with it: `consent_text.band_repeated`.
    pub fn check(&self) -> Vec<Fault> {
        Fault::repeated(&self.bands, "/bands", "consent_text.band_repeated")
    }

    /// Whether somebody who stands so towards its organisation may know of it.
    pub fn may_be_seen(&self, roles: Roles) -> bool {
        self.status != ConsentTextStatus::Draft || roles.has_any(&[Standing::Manager, Standing::Officer])
    }

    /// That its content may change, or that it may go: only a draft's.
    ///
    /// # Errors
    /// `consent_text.not_draft` (409).
    pub fn may_change(&self) -> Result<(), Refusal> {
        match self.status {
            ConsentTextStatus::Draft => Ok(()),
            ConsentTextStatus::Published | ConsentTextStatus::Retired => {
                Err(Refusal::Conflict("consent_text.not_draft"))
            }
        }
    }

    /// That it may be put to people: title and body have a variant in plain language.
    ///
    /// # Errors
    /// `text.plain_missing` at `/title` and `/body` (409).
    pub fn may_be_published(&self) -> Result<(), Refusal> {
        let texts = [("/title", &self.title), ("/body", &self.body)];
        let missing = texts.into_iter().filter(|(_, text)| !text.has_plain());
        let faults: Vec<Fault> = missing.map(|(at, _)| Fault::resource(at, "text.plain_missing")).collect();
        if faults.is_empty() { Ok(()) } else { Err(Refusal::Incomplete(faults)) }
    }

    /// Whether it is for somebody who counts as this old; who isn't known to be of any
    /// age gets every text. Years.
    pub fn is_for(&self, age: Option<i32>) -> bool {
        self.bands.is_empty() || age.is_none_or(|age| self.bands.contains(&AgeBand::of(age)))
    }
}
