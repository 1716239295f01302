//! What a picture, a table or a file says around people's own words, in Dutch and in English.

use klankbord_domain::consultations::{Characteristic, QuestionKind, Stance};
use klankbord_domain::networks::Perspective;
use klankbord_domain::participants::{AgeBand, Channel};
use klankbord_domain::{Cell, Texts, Why};

use crate::web::language::Language;

/// In which language the service's own words come, and which people's words are picked.
#[derive(Debug, Clone)]
pub(in crate::consultations) struct Tongue {
    english: bool,
    ranges: Vec<String>,
}

impl Tongue {
    /// As the caller likes it.
    pub(in crate::consultations) fn of(language: &Language) -> Self {
        Self { english: language.prefers_english(), ranges: language.ranges().to_vec() }
    }

    /// Dutch or English alone.
    pub(in crate::consultations) fn only(english: bool) -> Self {
        Self { english, ranges: vec![if english { "en" } else { "nl" }.to_owned()] }
    }

    /// The tag of the service's own words.
    pub(in crate::consultations) const fn tag(&self) -> &'static str {
        if self.english { "en" } else { "nl" }
    }

    /// The one or the other.
    pub(in crate::consultations) const fn say<'w>(&self, dutch: &'w str, english: &'w str) -> &'w str {
        if self.english { english } else { dutch }
    }

    /// People's words in the language that is liked best.
    pub(in crate::consultations) fn pick(&self, texts: &Texts) -> String {
        texts.pick(&self.ranges).map(|text| text.value.clone()).unwrap_or_default()
    }

    /// A part in tenths of a percent.
    pub(in crate::consultations) fn share(&self, tenths: i64) -> String {
        format!("{}{}{}%", tenths / 10, self.say(",", "."), tenths % 10)
    }

    /// A number in hundredths.
    pub(in crate::consultations) fn hundredths(&self, value: i64) -> String {
        let sign = if value < 0 { "-" } else { "" };
        let value = value.abs();
        format!("{sign}{}{}{:02}", value / 100, self.say(",", "."), value % 100)
    }

    /// Why a figure isn't there, to who sees no figure of fewer than so many.
    pub(in crate::consultations) fn why(&self, why: Why, minimum: i64) -> String {
        match why {
            Why::Minimum | Why::Base => format!("{} {minimum}", self.say("minder dan", "fewer than")),
            Why::Complementary if self.english => {
                format!("not shown: a group of fewer than {minimum} could be computed")
            }
            Why::Complementary => format!("niet getoond: een groep van minder dan {minimum} zou te berekenen zijn"),
            Why::Homogeneous => self
                .say(
                    "niet getoond: bijna iedereen gaf hetzelfde antwoord",
                    "not shown: almost everybody gave the same answer",
                )
                .to_owned(),
        }
    }

    /// A count with its part, or why there is none.
    pub(in crate::consultations) fn count(&self, cell: Cell, share: Option<i64>, minimum: i64) -> String {
        match (cell, share) {
            (Cell::Shown(count), Some(share)) => format!("{count} ({})", self.share(share)),
            (Cell::Shown(count), None) => count.to_string(),
            (Cell::Suppressed(why), _) => self.why(why, minimum),
        }
    }

    /// How many answered.
    pub(in crate::consultations) fn base(&self, cell: Cell, minimum: i64) -> String {
        format!("{}: {}", self.say("Antwoordden (n)", "Answered (n)"), self.count(cell, None, minimum))
    }

    /// What is counted of a question of this kind, where it isn't how many chose something; and what is added up.
    pub(in crate::consultations) const fn counted(&self, kind: &QuestionKind) -> Option<(&'static str, &'static str)> {
        match kind {
            QuestionKind::Ranking { .. } => Some((
                self.say("Hoeveel mensen dit op de eerste plaats zetten", "How many people put it first"),
                self.say("punten", "points"),
            )),
            QuestionKind::Dots { .. } => Some((
                self.say("Hoeveel mensen er stippen aan gaven", "How many people gave it dots"),
                self.say("stippen", "dots"),
            )),
            QuestionKind::SingleChoice { .. }
            | QuestionKind::MultipleChoice { .. }
            | QuestionKind::Scale { .. }
            | QuestionKind::Number { .. }
            | QuestionKind::Date { .. }
            | QuestionKind::Statement
            | QuestionKind::Matrix { .. }
            | QuestionKind::Budget { .. }
            | QuestionKind::OpenText { .. } => None,
        }
    }

    /// What people call a characteristic.
    pub(in crate::consultations) const fn characteristic(&self, by: Characteristic) -> &'static str {
        let (dutch, english) = match by {
            Characteristic::Perspective => ("Perspectief", "Perspective"),
            Characteristic::AgeBand => ("Leeftijd", "Age"),
            Characteristic::Municipality => ("Gemeente", "Municipality"),
            Characteristic::Region => ("Jeugdregio", "Youth region"),
            Characteristic::Channel => ("Hoe het antwoord kwam", "How the answer came"),
            Characteristic::RecruitmentSource => ("Geworven via", "Recruited through"),
            Characteristic::OpinionGroup => ("Opiniegroep", "Opinion group"),
        };
        self.say(dutch, english)
    }

    /// What somebody says to a statement.
    pub(in crate::consultations) const fn stance(&self, one: Stance) -> &'static str {
        let (dutch, english) = match one {
            Stance::Agree => ("eens", "agree"),
            Stance::Disagree => ("oneens", "disagree"),
            Stance::Pass => ("geen mening", "pass"),
        };
        self.say(dutch, english)
    }

    /// What people call a value of it; the value itself where it has no name of ours.
    pub(in crate::consultations) fn value(&self, by: Characteristic, value: &str) -> String {
        let known = match by {
            Characteristic::Perspective => value.parse().ok().map(|one| self.perspective(one)),
            Characteristic::AgeBand => value.parse().ok().map(|one| self.age(one)),
            Characteristic::Channel => value.parse().ok().map(|one| self.channel(one)),
            Characteristic::Municipality
            | Characteristic::Region
            | Characteristic::RecruitmentSource
            | Characteristic::OpinionGroup => None,
        };
        let unknown = || (value == klankbord_domain::consultations::UNKNOWN).then(|| self.say("onbekend", "unknown"));
        known.or_else(unknown).map_or_else(|| value.to_owned(), str::to_owned)
    }

    const fn perspective(&self, one: Perspective) -> &'static str {
        let (dutch, english) = match one {
            Perspective::Child => ("kind", "child"),
            Perspective::YoungPerson => ("jongere", "young person"),
            Perspective::YoungAdult => ("jongvolwassene", "young adult"),
            Perspective::Parent => ("ouder", "parent"),
            Perspective::FosterParent => ("pleegouder", "foster parent"),
            Perspective::Relative => ("naaste", "relative"),
            Perspective::Client => ("cliënt", "client"),
            Perspective::Patient => ("patiënt", "patient"),
            Perspective::Resident => ("inwoner", "resident"),
            Perspective::OlderPerson => ("oudere", "older person"),
            Perspective::Student => ("student", "student"),
            Perspective::Professional => ("professional", "professional"),
            Perspective::PolicyMaker => ("beleidsmaker", "policy maker"),
            Perspective::BoardMember => ("bestuurder", "board member"),
        };
        self.say(dutch, english)
    }

    const fn age(&self, one: AgeBand) -> &'static str {
        let (dutch, english) = match one {
            AgeBand::Age0To11 => ("0 tot en met 11 jaar", "0 to 11"),
            AgeBand::Age12To15 => ("12 tot en met 15 jaar", "12 to 15"),
            AgeBand::Age16To17 => ("16 en 17 jaar", "16 and 17"),
            AgeBand::Age18To20 => ("18 tot en met 20 jaar", "18 to 20"),
            AgeBand::Age21To26 => ("21 tot en met 26 jaar", "21 to 26"),
            AgeBand::Age27Up => ("27 jaar en ouder", "27 and up"),
        };
        self.say(dutch, english)
    }

    const fn channel(&self, one: Channel) -> &'static str {
        let (dutch, english) = match one {
            Channel::Internet => ("internet", "internet"),
            Channel::Phone => ("telefoon", "phone"),
            Channel::InPerson => ("persoonlijk", "in person"),
        };
        self.say(dutch, english)
    }
}
