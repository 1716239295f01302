//! The documents of a programme, which have versions: a framework first named
//! 2023–2028 may later be named 2024–2028.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::calendar::reversed;
use crate::link::is_https;
use crate::refusal::Fault;
use crate::text::Texts;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What kind of document it is.
    DocumentKind {
        /// A policy framework (beleidskader).
        PolicyFramework => "policy_framework",
        /// An action plan (plan van aanpak, participatieplan).
        ActionPlan => "action_plan",
        /// A vision (visie).
        Vision => "vision",
        /// A report (verslag, rapport).
        Report => "report",
        /// A proposal (voorstel).
        Proposal => "proposal",
        /// Anything else.
        Other => "other",
    }
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentVersion {
    /// How this version is called, for instance `2024–2028`.
    pub label: String,
    /// Where it can be read, https.
    pub url: String,
    /// The day on which it came out.
    pub published_on: NaiveDate,
    /// The first day for which it holds.
    pub period_from: Option<NaiveDate>,
    /// The last day for which it holds.
    pub period_to: Option<NaiveDate>,
}

/// A document of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeDocument {
    /// Its id.
    pub id: Uuid,
    /// The programme that it belongs to.
    pub programme_id: Uuid,
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// Its title.
    pub title: Texts,
    /// Its versions, in the order in which they were added.
    pub versions: Vec<DocumentVersion>,
}

impl ProgrammeDocument {
    /// What is wrong with it, all at once: `document.label_blank`,
    /// `document.label_repeated`, `link.not_https`, `period.reversed`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, version) in self.versions.iter().enumerate() {
            let pointer = |field: &str| format!("/versions/{index}/{field}");
            let mut earlier = self.versions.iter().take(index);
            if version.label.trim().is_empty() {
                faults.push(Fault::body(pointer("label"), "document.label_blank"));
            } else if earlier.any(|other| other.label == version.label) {
                faults.push(Fault::body(pointer("label"), "document.label_repeated"));
            }
            if !is_https(&version.url) {
                faults.push(Fault::body(pointer("url"), "link.not_https"));
            }
            if reversed(version.period_from, version.period_to) {
                faults.push(Fault::body(pointer("periodTo"), "period.reversed"));
            }
        }
        faults
    }

    /// The version that came out last; of several on one day the one added
    /// last.
    pub fn newest(&self) -> Option<&DocumentVersion> {
        self.versions.iter().max_by_key(|version| version.published_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(label: &str, published_on: &str, from: &str) -> DocumentVersion {
        DocumentVersion {
            label: label.to_owned(),
            url: "https://example.nl/beleidskader.pdf".to_owned(),
            published_on: published_on.parse().unwrap(),
            period_from: Some(from.parse().unwrap()),
            period_to: Some("2028-12-31".parse().unwrap()),
        }
    }

    fn framework() -> ProgrammeDocument {
        ProgrammeDocument {
            id: Uuid::nil(),
            programme_id: Uuid::nil(),
            kind: DocumentKind::PolicyFramework,
            title: Texts::plain("nl", "Beleidskader jeugdhulp"),
            versions: vec![
                version("2023–2028", "2023-01-10", "2023-01-01"),
                version("2024–2028", "2023-11-01", "2024-01-01"),
            ],
        }
    }

    #[test]
    fn the_newest_version_is_the_one_that_came_out_last() {
        let mut document = framework();
        assert_eq!(document.check(), []);
        assert_eq!(document.newest().unwrap().label, "2024–2028");
        document.versions.reverse();
        assert_eq!(document.newest().unwrap().label, "2024–2028");
        document.versions.clear();
        assert_eq!(document.newest(), None);
    }

    #[test]
    fn all_faults_come_at_once() {
        let mut document = framework();
        document.versions.push(version(" ", "2024-01-01", "2029-01-01"));
        document.versions[1].label = "2023–2028".to_owned();
        document.versions[0].url = "beleidskader.pdf".to_owned();
        let found: Vec<_> = document.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/versions/0/url", "link.not_https"),
            ("/versions/1/label", "document.label_repeated"),
            ("/versions/2/label", "document.label_blank"),
            ("/versions/2/periodTo", "period.reversed"),
        ];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
    }
}
