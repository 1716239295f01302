//! What stands of somebody's consent today. A pure question to what is known: the
//! turn of 16 needs no clock to come by, it is there on the day itself.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Asked, Consent, ConsentGiver, ConsentState};
use crate::participants::{Age, Representation};

/// What decides about one purpose.
#[derive(Debug, Clone, Copy)]
pub struct ConsentFacts<'f> {
    /// What is known of the person's age.
    pub age: Age,
    /// From which age on people consent themselves (UAVG art. 5.1). Years.
    pub from: i32,
    /// Those who are recorded to represent them, with their ids.
    pub representatives: &'f [(Uuid, Representation)],
    /// What was said for this purpose, the oldest first.
    pub said: &'f [Consent],
    /// What is asked of them; none where nothing ever was.
    pub asked: Option<Asked>,
    /// The day.
    pub today: NaiveDate,
}

/// Whether a person of this age speaks for themself on this day. Of whom nothing is
/// known isn't taken for a child.
pub fn own_voice(age: Age, from: i32, day: NaiveDate) -> bool {
    !age.is_known() || age.is_at_least(from, day)
}

/// What stands of somebody's consent. From the age on which people speak for
/// themselves only what they said themselves on such a day counts: on the first of
/// it every consent is asked anew. Before it, and where a measure for adults reaches
/// taking part, their representatives decide: one yes is enough where nobody who
/// represents them objected (BW 1:253i), and where they disagree nothing starts.
/// The person's own no always holds, and no no is forgotten where a purpose is asked no
/// longer.
pub fn consent_state(facts: ConsentFacts<'_>) -> ConsentState {
    let Some(asked) = facts.asked else { return ConsentState::NotAsked };
    let state = said_so_far(facts, asked.counts_from);
    if state.waits() && !asked.now { ConsentState::NotAsked } else { state }
}

fn said_so_far(facts: ConsentFacts<'_>, counts_from: i32) -> ConsentState {
    let counts = |one: &&Consent| one.text_version >= counts_from;
    let own = || facts.said.iter().filter(counts).filter(|one| one.giver == ConsentGiver::Person);
    let of_age = own_voice(facts.age, facts.from, facts.today);
    // Who has authority over a child has no say in what the child consents to itself.
    let has_say = |one: &Representation| one.acts(facts.age, facts.today) && !(of_age && one.kind.is_over_a_child());
    let acting: Vec<Uuid> = facts.representatives.iter().filter(|(_, one)| has_say(one)).map(|(id, _)| *id).collect();
    let before = facts.said.iter().any(Consent::is_yes);
    let nothing = if before { ConsentState::Anew } else { ConsentState::Missing };
    if of_age && acting.is_empty() {
        let last = own().rfind(|one| own_voice(facts.age, facts.from, one.happened_on));
        return match last {
            Some(one) if one.is_yes() => ConsentState::Given,
            Some(_) => ConsentState::Refused,
            None => nothing,
        };
    }
    if own().next_back().is_some_and(|one| !one.is_yes()) {
        return ConsentState::Refused;
    }
    let excepted = facts.said.iter().filter(counts).any(|one| one.giver == ConsentGiver::Exception && one.is_yes());
    if excepted && !of_age {
        return ConsentState::Excepted;
    }
    let of = |id: &Uuid| facts.said.iter().filter(counts).rfind(|one| one.representative_id == Some(*id));
    let last: Vec<bool> = acting.iter().filter_map(of).map(Consent::is_yes).collect();
    match (last.contains(&true), last.contains(&false)) {
        (true, true) => ConsentState::Disagreed,
        (true, false) => ConsentState::Given,
        (false, true) => ConsentState::Refused,
        (false, false) => nothing,
    }
}
