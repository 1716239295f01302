//! What a consultation needs before it opens.

use chrono::NaiveDate;

use super::{Consultation, Question, Recruitment};
use crate::calendar::weeks_after;
use crate::refusal::Fault;
use crate::text::Texts;

/// Within how many weeks after closing people hear back, unless agreed shorter.
pub const REPORT_BACK_WEEKS: u64 = 6;

/// The day until which people may wait to hear back, where nobody chose one:
/// six weeks after closing, or the agreed term where that is shorter. Weeks.
pub fn default_report_back(closes_on: NaiveDate, agreed_weeks: Option<u64>) -> NaiveDate {
    weeks_after(closes_on, agreed_weeks.map_or(REPORT_BACK_WEEKS, |agreed| agreed.min(REPORT_BACK_WEEKS)))
}

/// Everything that stands in the way of people answering this today.
pub(super) fn missing(
    consultation: &Consultation,
    plain_language_required: bool,
    agreed_weeks: Option<u64>,
    today: NaiveDate,
) -> Vec<Fault> {
    let needs = [
        ("/rung", "consultation.rung_missing", consultation.rung.is_none()),
        ("/goal", "consultation.goal_missing", consultation.goal.is_none()),
        ("/limits", "consultation.limits_missing", consultation.limits.is_none()),
        ("/questions", "consultation.questions_missing", consultation.questions.is_empty()),
        ("/audience/networkIds", "consultation.audience_missing", asks_nobody(consultation)),
        ("/facilitators", "consultation.facilitators_missing", nobody_reads(consultation)),
        ("/closesOn", "consultation.closes_on_missing", consultation.closes_on.is_none()),
        ("/closesOn", "consultation.closes_in_past", consultation.closes_on.is_some_and(|day| day < today)),
    ];
    let wanting = needs.into_iter().filter(|(_, _, wanting)| *wanting);
    let mut faults: Vec<Fault> = wanting.map(|(at, code, _)| Fault::resource(at, code)).collect();
    faults.extend(report_back_faults(consultation, agreed_weeks));
    if plain_language_required {
        let texts = public_texts(consultation).into_iter().filter(|(_, text)| !text.has_plain());
        faults.extend(texts.map(|(at, _)| Fault::resource(at, "text.plain_missing")));
    }
    faults
}

/// Whether it names nobody whom it asks; whoever has a link needs no naming.
fn asks_nobody(consultation: &Consultation) -> bool {
    consultation.audience.network_ids.is_empty() && consultation.asking.recruitment != Recruitment::Open
}

/// Whether people would write what nobody may read: open answers are for the
/// facilitators alone.
pub(super) fn nobody_reads(consultation: &Consultation) -> bool {
    let open = |question: &Question| question.kind.words().is_some();
    consultation.facilitators.is_empty() && consultation.questions.iter().any(open)
}

/// What is wrong with the day until which people wait to hear back.
pub(super) fn report_back_faults(consultation: &Consultation, agreed_weeks: Option<u64>) -> Vec<Fault> {
    let at = "/reportBackDueOn";
    match (consultation.closes_on, consultation.report_back_due_on) {
        (Some(closes), Some(due)) => {
            let early = (due < closes).then_some("consultation.report_back_before_closing");
            let late = agreed_weeks.is_some_and(|weeks| due > weeks_after(closes, weeks));
            let late = late.then_some("consultation.report_back_past_term");
            early.into_iter().chain(late).map(|code| Fault::resource(at, code)).collect()
        }
        (Some(_), None) => vec![Fault::resource(at, "consultation.report_back_due_missing")],
        (None, _) => Vec::new(),
    }
}

fn public_texts(consultation: &Consultation) -> Vec<(String, &Texts)> {
    let mut texts = vec![("/title".to_owned(), &consultation.title)];
    texts.extend(consultation.goal.iter().map(|text| ("/goal".to_owned(), text)));
    texts.extend(consultation.limits.iter().map(|text| ("/limits".to_owned(), text)));
    for (index, question) in consultation.questions.iter().enumerate() {
        texts.extend(question.texts().into_iter().map(|(at, text)| (format!("/questions/{index}{at}"), text)));
    }
    texts
}
