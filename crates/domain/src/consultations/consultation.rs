//! A consultation and whom it asks.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::question::check_placements;
use super::records;
use super::vocabulary::RUNS;
use super::{Asking, Breakdowns, ConsultationMode, ConsultationStatus, OneAnswerBy, Question};
use crate::cells::{ORGANISATION_MINIMUM, PUBLIC_MINIMUM};
use crate::networks::{Perspective, Rung};
use crate::organisations::is_municipality_code;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// How many questions can be asked at once.
const MOST_QUESTIONS: usize = 100;

/// Whom a consultation asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// The members of these networks.
    pub network_ids: Vec<Uuid>,
    /// Who take part from these perspectives; empty: all.
    pub perspectives: Vec<Perspective>,
    /// Who live in these municipalities (CBS codes); empty: everywhere.
    pub municipalities: Vec<String>,
}

impl Audience {
    /// Whether it asks somebody with these active memberships (network and
    /// perspective), who lives there.
    pub fn asks(&self, memberships: &[(Uuid, Perspective)], municipality: Option<&str>) -> bool {
        let perspective = |one: &Perspective| self.perspectives.is_empty() || self.perspectives.contains(one);
        let member = memberships.iter().any(|(network, one)| self.network_ids.contains(network) && perspective(one));
        let lives = self.municipalities.is_empty()
            || municipality.is_some_and(|code| self.municipalities.iter().any(|one| one == code));
        member && lives
    }

    fn check(&self) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.network_ids, "/networkIds", "network.repeated");
        faults.extend(Fault::repeated(&self.perspectives, "/perspectives", "perspective.repeated"));
        faults.extend(Fault::repeated(&self.municipalities, "/municipalities", "municipality.repeated"));
        let codes = self.municipalities.iter().enumerate().filter(|(_, code)| !is_municipality_code(code));
        faults
            .extend(codes.map(|(index, _)| Fault::body(format!("/municipalities/{index}"), "municipality.malformed")));
        faults
    }
}

/// How much of people's answers somebody may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// Nothing but the published results.
    Nothing,
    /// What was chosen, by whom; not what was written.
    Choices,
    /// Everything.
    All,
}

/// One subject put to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Its id.
    pub id: Uuid,
    /// The organisation that asks.
    pub organisation_id: Uuid,
    /// The programme under which it hangs.
    pub programme_id: Option<Uuid>,
    /// What it is called.
    pub title: Texts,
    /// What it is for (doel).
    pub goal: Option<Texts>,
    /// What can't be changed whatever people say (kaders).
    pub limits: Option<Texts>,
    /// What is promised: how far people's say reaches.
    pub rung: Option<Rung>,
    /// Who may know who answered what.
    pub mode: ConsultationMode,
    /// Whether facilitators hear some of the answers, on the telephone or on a visit, and
    /// write them down; only of an anonymous one.
    pub heard_by_others: bool,
    /// By what it is seen to that each answers once; codes only of an anonymous one.
    pub one_answer_by: OneAnswerBy,
    /// Whom it asks.
    pub audience: Audience,
    /// By what its results are broken down; fixed at opening.
    pub breakdowns: Breakdowns,
    /// Whether results are shown on the way, too, as they come in; fixed at opening.
    pub interim_results: bool,
    /// The consultation of the same organisation whose results this one goes on from.
    pub builds_on: Option<Uuid>,
    /// How they come to be asked.
    pub asking: Asking,
    /// The accounts of its facilitators, who read the answers.
    pub facilitators: Vec<Uuid>,
    /// What it asks, in order.
    pub questions: Vec<Question>,
    /// The last day to answer; it ends at 24:00 in the installation's zone.
    pub closes_on: Option<NaiveDate>,
    /// Until when people may wait to hear back.
    pub report_back_due_on: Option<NaiveDate>,
    /// Why that day was moved; public. It can be moved once.
    pub report_back_due_reason: Option<Texts>,
    /// The day that was promised first, where it was moved.
    pub report_back_first_due_on: Option<NaiveDate>,
    /// Of a closing round ("did you feel heard?"): the consultation that it closes.
    pub closing_round_of: Option<Uuid>,
    /// Where it stands.
    pub status: ConsultationStatus,
    /// When it opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last day on which facilitators can enter what they heard before it closed.
    pub entries_until_on: Option<NaiveDate>,
    /// When people heard back.
    pub concluded_at: Option<DateTime<Utc>>,
    /// When its anonymous answers were sealed; of one that was called off: destroyed.
    pub sealed_at: Option<DateTime<Utc>>,
}

impl Consultation {
    /// What is wrong with it, all at once: `consultation.too_many_questions`,
    /// `question.id_repeated`, the faults of each question
    /// ([`Question::check`]) and of how they stand among each other (`condition.…`), those of the records that it announces (`records.…`), `facilitator.repeated`, `network.repeated`,
    /// `perspective.repeated`, `municipality.repeated`,
    /// `municipality.malformed`, `consultation.report_back_before_closing`,
    /// `consultation.heard_only_anonymous`, `consultation.codes_only_anonymous`,
    /// `consultation.heard_needs_invitation`,
    /// `consultation.open_only_anonymous`, `consultation.answer_days_range`,
    /// `consultation.interim_anonymous`, those of [`Breakdowns::check`].
    pub fn check(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.audience.check().into_iter().map(|fault| fault.under("/audience")).collect();
        faults.extend(Fault::repeated(&self.facilitators, "/facilitators", "facilitator.repeated"));
        faults.extend(self.asking.check(self.mode));
        if self.heard_by_others && !self.is_anonymous() {
            faults.push(Fault::body("/heardByOthers", "consultation.heard_only_anonymous"));
        }
        if self.heard_by_others && self.one_answer_by == OneAnswerBy::PrintedCode {
            faults.push(Fault::body("/heardByOthers", "consultation.heard_needs_invitation"));
        }
        if self.one_answer_by != OneAnswerBy::Invitation && !self.is_anonymous() {
            faults.push(Fault::body("/oneAnswerBy", "consultation.codes_only_anonymous"));
        }
        faults.extend(self.breakdowns.check());
        if self.interim_results && self.is_anonymous() {
            faults.push(Fault::body("/interimResults", "consultation.interim_anonymous"));
        }
        if self.questions.len() > MOST_QUESTIONS {
            faults.push(Fault::body("/questions", "consultation.too_many_questions"));
        }
        let ids: Vec<Uuid> = self.questions.iter().map(|question| question.id).collect();
        faults.extend(Fault::repeated(&ids, "/questions", "question.id_repeated"));
        for (index, question) in self.questions.iter().enumerate() {
            faults.extend(question.check().into_iter().map(|fault| fault.under(&format!("/questions/{index}"))));
        }
        faults.extend(check_placements(&self.questions));
        faults.extend(records::check(self));
        if let (Some(closes), Some(due)) = (self.closes_on, self.report_back_due_on)
            && due < closes
        {
            faults.push(Fault::body("/reportBackDueOn", "consultation.report_back_before_closing"));
        }
        faults
    }

    /// Whether it asks of another one whether people felt heard.
    pub fn is_closing_round(&self) -> bool {
        self.closing_round_of.is_some()
    }

    /// Whether nobody may ever know who answered what.
    pub fn is_anonymous(&self) -> bool {
        self.mode == ConsultationMode::Anonymous
    }

    /// Whether somebody who stands so towards it may know of it: everybody in
    /// its place once it opened, before that only who runs it.
    pub fn may_be_seen(&self, roles: Roles) -> bool {
        self.opened_at.is_some() || roles.has_any(RUNS)
    }

    /// Whether it may be deleted: only a draft.
    ///
    /// # Errors
    /// `consultation.not_draft` (409).
    pub fn may_be_deleted(&self) -> Result<(), Refusal> {
        let draft = self.status == ConsultationStatus::Draft;
        if draft { Ok(()) } else { Err(Refusal::Conflict("consultation.not_draft")) }
    }

    /// Whether somebody facilitates it: who is named on it, as long as they
    /// stand so towards it.
    pub fn is_facilitated_by(&self, account: Option<Uuid>, roles: Roles) -> bool {
        roles.has(Standing::Facilitator) && account.is_some_and(|account| self.facilitators.contains(&account))
    }

    /// How much of the answers somebody may read. The facilitators named on it
    /// read all; in named mode those who run it see what was chosen; what
    /// people wrote is for the facilitators alone. Anonymous answers nobody reads
    /// one by one.
    pub fn reading(&self, account: Option<Uuid>, roles: Roles) -> Reading {
        let facilitates = self.is_facilitated_by(account, roles);
        match self.mode {
            ConsultationMode::Named | ConsultationMode::Confidential if facilitates => Reading::All,
            ConsultationMode::Named if roles.has_any(RUNS) => Reading::Choices,
            ConsultationMode::Named | ConsultationMode::Confidential | ConsultationMode::Anonymous => Reading::Nothing,
        }
    }

    /// Whether what came in so far may be shown while people still answer.
    pub fn shows_interim_results(&self) -> bool {
        self.status == ConsultationStatus::Open && self.interim_results && !self.is_anonymous()
    }

    /// Whether somebody may see what tells of each person whether they still wait to answer: who
    /// reads answers; of an anonymous one nothing tells it, so that whoever runs it sees all there is.
    pub fn may_know_who_waits(&self, account: Option<Uuid>, roles: Roles) -> bool {
        self.is_anonymous() || self.reading(account, roles) != Reading::Nothing
    }

    /// Whether its results may be shown: once nobody can answer any more, so
    /// that no two moments can be compared; of an anonymous one, once it is sealed.
    ///
    /// # Errors
    /// `consultation.results_not_yet` (409).
    pub fn may_show_results(&self) -> Result<(), Refusal> {
        match self.status {
            ConsultationStatus::Closed | ConsultationStatus::Concluded
                if !self.is_anonymous() || self.sealed_at.is_some() =>
            {
                Ok(())
            }
            ConsultationStatus::Closed
            | ConsultationStatus::Concluded
            | ConsultationStatus::Draft
            | ConsultationStatus::Open
            | ConsultationStatus::Withdrawn => Err(Refusal::Conflict("consultation.results_not_yet")),
        }
    }
}

/// The least group of which somebody who stands so towards a consultation gets
/// a figure: the organisation's minimum for who runs it, else the public one;
/// also the public one where minors may be among those asked. The networks
/// asked can raise it (`raised`), never lower it. Persons.
pub fn minimum_for(roles: Roles, minors: bool, raised: Option<i64>) -> i64 {
    let within = roles.has_any(RUNS) || roles.has(Standing::Supporter);
    let floor = if within && !minors { ORGANISATION_MINIMUM } else { PUBLIC_MINIMUM };
    raised.map_or(floor, |raised| raised.max(floor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::{consultation, id};

    #[test]
    fn all_faults_come_at_once() {
        let mut bad = consultation();
        bad.audience.municipalities = vec!["Almere".to_owned()];
        bad.facilitators = vec![id(1), id(1)];
        bad.questions.push(bad.questions[0].clone());
        bad.report_back_due_on = NaiveDate::from_ymd_opt(2026, 1, 1);
        let found: Vec<_> = bad.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/audience/municipalities/0", "municipality.malformed"),
            ("/facilitators/1", "facilitator.repeated"),
            ("/questions/4", "question.id_repeated"),
            ("/reportBackDueOn", "consultation.report_back_before_closing"),
        ];
        assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
        assert_eq!(consultation().check(), []);
    }

    #[test]
    fn the_audience_is_network_and_perspective_and_place() {
        let network = id(20);
        let audience = Audience {
            network_ids: vec![network],
            perspectives: vec![Perspective::Parent],
            municipalities: vec!["GM0363".to_owned()],
        };
        assert!(audience.asks(&[(id(9), Perspective::Child), (network, Perspective::Parent)], Some("GM0363")));
        // The perspective is that in which one takes part in this network.
        assert!(!audience.asks(&[(id(9), Perspective::Parent), (network, Perspective::Child)], Some("GM0363")));
        assert!(!audience.asks(&[(network, Perspective::Parent)], None));
        assert!(!Audience::default().asks(&[(network, Perspective::Parent)], None));
    }

    #[test]
    fn what_people_wrote_is_for_the_named_facilitators() {
        let (runs, facilitates) = (Roles::of(&[Standing::Manager]), Roles::of(&[Standing::Facilitator]));
        let mut named = consultation();
        assert_eq!(named.reading(Some(id(10)), facilitates), Reading::All);
        assert_eq!(named.reading(Some(id(11)), runs), Reading::Choices);
        named.mode = ConsultationMode::Confidential;
        assert_eq!(named.reading(Some(id(10)), facilitates), Reading::All);
        // The name on the list alone opens nothing.
        assert_eq!(named.reading(Some(id(10)), Roles::of(&[Standing::Invited])), Reading::Nothing);
        assert_eq!(named.reading(Some(id(11)), runs), Reading::Nothing);
        assert_eq!(named.reading(None, Roles::of(&[Standing::Admin])), Reading::Nothing);
    }

    #[test]
    fn the_minimum_is_only_raised() {
        let runs = Roles::of(&[Standing::Officer]);
        assert_eq!(minimum_for(runs, false, Some(2)), 5);
        assert_eq!(minimum_for(runs, false, Some(12)), 12);
        assert_eq!(minimum_for(runs, true, None), 10);
        assert_eq!(minimum_for(Roles::of(&[Standing::Partner]), false, Some(7)), 10);
    }
}
