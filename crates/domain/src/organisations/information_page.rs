//! Pages on rights, procedures and the way to help: found in one call, by
//! everybody, without a token.

use uuid::Uuid;

use super::is_municipality_code;
use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::link::is_https;
use crate::networks::Perspective;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a page tells about.
    InformationTopic {
        /// What somebody has a right to.
        Rights => "rights",
        /// How things go.
        Procedures => "procedures",
        /// Where to turn to.
        WhereToGo => "where_to_go",
    }
}

vocabulary! {
    /// Where a page stands.
    PageStatus {
        /// Being written; only the organisation's own people see it.
        Draft => "draft",
        /// Everybody sees it.
        Published => "published",
        /// Taken away for good.
        Withdrawn => "withdrawn",
    }
}

/// Who writes an organisation's pages, and sees them before they are public.
const WRITERS: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Client];

impl Lifecycle for PageStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Published, by: WRITERS, reason: Reason::Optional },
        Move { from: Self::Published, to: Self::Withdrawn, by: WRITERS, reason: Reason::Optional },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

/// A link on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// What people read.
    pub label: Texts,
    /// Where it leads, https.
    pub url: String,
}

/// A page for the people whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InformationPage {
    /// Its id.
    pub id: Uuid,
    /// Whose page it is.
    pub organisation_id: Uuid,
    /// What it tells about.
    pub topic: InformationTopic,
    /// CBS codes of the municipalities for which it holds; empty: all.
    pub municipalities: Vec<String>,
    /// For whom it is meant; empty: everybody.
    pub perspectives: Vec<Perspective>,
    /// Its title.
    pub title: Texts,
    /// What it says.
    pub body: Texts,
    /// Where it leads.
    pub links: Vec<PageLink>,
    /// Where it stands.
    pub status: PageStatus,
}

impl InformationPage {
    /// What is wrong with it, all at once: `municipality.malformed`,
    /// `municipality.repeated`, `perspective.repeated`, `link.not_https`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let codes = self.municipalities.iter().enumerate();
        for (index, _) in codes.filter(|(_, code)| !is_municipality_code(code)) {
            faults.push(Fault::body(format!("/municipalities/{index}"), "municipality.malformed"));
        }
        faults.extend(Fault::repeated(&self.municipalities, "/municipalities", "municipality.repeated"));
        faults.extend(Fault::repeated(&self.perspectives, "/perspectives", "perspective.repeated"));
        for (index, _) in self.links.iter().enumerate().filter(|(_, link)| !is_https(&link.url)) {
            faults.push(Fault::body(format!("/links/{index}/url"), "link.not_https"));
        }
        faults
    }

    /// What this one becomes: language variants that were left as they were while
    /// their default changed are marked stale, those of links by where they lead.
    #[must_use]
    pub fn revised(&self, mut new: Self) -> Self {
        new.title = self.title.revised(new.title);
        new.body = self.body.revised(new.body);
        for link in &mut new.links {
            if let Some(old) = self.links.iter().find(|old| old.url == link.url) {
                link.label = old.label.revised(link.label.clone());
            }
        }
        new
    }

    /// Whether somebody who stands so towards it may know of it: everybody
    /// while it is published, else its writers.
    pub fn may_be_seen(&self, roles: Roles) -> bool {
        match self.status {
            PageStatus::Published => true,
            PageStatus::Draft | PageStatus::Withdrawn => roles.has_any(WRITERS),
        }
    }

    /// Whether its content may still change.
    ///
    /// # Errors
    /// `information_page.withdrawn` (409).
    pub fn may_change(&self) -> Result<(), Refusal> {
        match self.status {
            PageStatus::Draft | PageStatus::Published => Ok(()),
            PageStatus::Withdrawn => Err(Refusal::Conflict("information_page.withdrawn")),
        }
    }

    /// Whether it may be deleted: only a draft.
    ///
    /// # Errors
    /// `information_page.not_draft` (409).
    pub fn may_be_deleted(&self) -> Result<(), Refusal> {
        match self.status {
            PageStatus::Draft => Ok(()),
            PageStatus::Published | PageStatus::Withdrawn => Err(Refusal::Conflict("information_page.not_draft")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::walks;

    const LEGAL: &[(&str, &str)] = &[("draft", "published"), ("published", "withdrawn")];

    fn page(status: PageStatus) -> InformationPage {
        let texts = || Texts::plain("nl", "Recht op een onafhankelijke cliëntondersteuner");
        InformationPage {
            id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            topic: InformationTopic::Rights,
            municipalities: vec!["GM0363".to_owned()],
            perspectives: vec![Perspective::YoungPerson],
            title: texts(),
            body: texts(),
            links: vec![PageLink { label: texts(), url: "https://example.nl".to_owned() }],
            status,
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let mut page = page(PageStatus::Draft);
        assert_eq!(page.check(), []);
        page.municipalities = vec!["0363".to_owned(), "GM0363".to_owned(), "GM0363".to_owned()];
        page.perspectives.push(Perspective::YoungPerson);
        page.links[0].url = "http://example.nl".to_owned();
        let found: Vec<_> = page.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/municipalities/0", "municipality.malformed"),
            ("/municipalities/2", "municipality.repeated"),
            ("/perspectives/1", "perspective.repeated"),
            ("/links/0/url", "link.not_https"),
        ];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
    }

    #[test]
    fn only_what_is_published_is_for_everybody() {
        let nobody = Roles::NONE;
        let officer = Roles::of(&[Standing::Officer]);
        for status in PageStatus::ALL {
            assert_eq!(page(*status).may_be_seen(nobody), *status == PageStatus::Published);
            assert!(page(*status).may_be_seen(officer));
            assert_eq!(page(*status).may_be_deleted().is_ok(), *status == PageStatus::Draft);
            assert_eq!(page(*status).may_change().is_ok(), *status != PageStatus::Withdrawn);
        }
    }

    #[test]
    fn the_table_is_that_of_the_design() {
        walks::table_is::<PageStatus>(LEGAL, &[]);
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_table(attempts in prop::collection::vec(any::<walks::Attempt>(), 0..30)) {
            walks::walk(PageStatus::Draft, PageStatus::ALL, LEGAL, &attempts);
        }
    }
}
