//! By what results are broken down: declared before anybody answers, told to who answers,
//! and taken at the moment of answering, as coarse as it is kept.

use crate::networks::Perspective;
use crate::participants::{AgeBand, Channel};
use crate::refusal::Fault;
use crate::vocabulary::vocabulary;

/// By how many characteristics at most.
const MOST_DIMENSIONS: usize = 4;
/// How many pairs of them are crossed at most.
const MOST_CROSSINGS: usize = 3;

/// The value of who has none, or of whom it isn't known.
pub const UNKNOWN: &str = "unknown";

vocabulary! {
    /// By what results can be broken down.
    Characteristic {
        /// The perspective of the membership through which somebody is asked.
        Perspective => "perspective",
        /// The band of ages in which somebody counts.
        AgeBand => "age_band",
        /// The municipality in which somebody lives; where it is too small, its region.
        Municipality => "municipality",
        /// The youth region of that municipality.
        Region => "region",
        /// How the answer came in.
        Channel => "channel",
        /// The organisation through which somebody was recruited.
        RecruitmentSource => "recruitment_source",
        /// Whose answers to statements are alike: found when answers are counted, never declared.
        OpinionGroup => "opinion_group",
    }
}

impl Characteristic {
    /// Every value, where they are known beforehand; none where they are not.
    pub(super) fn values(self) -> Vec<String> {
        let codes: Vec<&str> = match self {
            Self::Perspective => Perspective::ALL.iter().map(|one| one.code()).chain([UNKNOWN]).collect(),
            Self::AgeBand => AgeBand::ALL.iter().map(|one| one.code()).chain([UNKNOWN]).collect(),
            Self::Channel => Channel::ALL.iter().map(|one| one.code()).collect(),
            Self::Municipality | Self::Region | Self::RecruitmentSource | Self::OpinionGroup => Vec::new(),
        };
        codes.into_iter().map(str::to_owned).collect()
    }
}

/// Of somebody who answers: their value of each declared characteristic.
pub type Values = Vec<(Characteristic, String)>;

/// By what the results of one consultation are broken down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdowns {
    /// By each of these.
    pub by: Vec<Characteristic>,
    /// By each of these pairs, too.
    pub crossed: Vec<(Characteristic, Characteristic)>,
}

impl Breakdowns {
    /// What is wrong with it, all at once: `breakdown.repeated`, `breakdown.not_declarable` (opinion groups
    /// follow from the answers), `breakdown.too_many`,
    /// `breakdown.region_in_municipality` (a municipality that is too small is shown as its region
    /// already), `breakdown.not_declared`, `breakdown.crossed_with_itself`,
    /// `breakdown.crossing_repeated`, `breakdown.too_many_crossings`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.by, "/breakdowns", "breakdown.repeated");
        let found = self.by.iter().enumerate().filter(|(_, by)| **by == Characteristic::OpinionGroup);
        faults.extend(found.map(|(at, _)| Fault::body(format!("/breakdowns/{at}"), "breakdown.not_declarable")));
        if self.by.len() > MOST_DIMENSIONS {
            faults.push(Fault::body("/breakdowns", "breakdown.too_many"));
        }
        let declares = |one: &Characteristic| self.by.contains(one);
        if declares(&Characteristic::Municipality) && declares(&Characteristic::Region) {
            faults.push(Fault::body("/breakdowns", "breakdown.region_in_municipality"));
        }
        if self.crossed.len() > MOST_CROSSINGS {
            faults.push(Fault::body("/crossings", "breakdown.too_many_crossings"));
        }
        for (index, (first, second)) in self.crossed.iter().enumerate() {
            let at = format!("/crossings/{index}");
            let same = |(one, other): &(_, _)| (one, other) == (first, second) || (other, one) == (first, second);
            if !declares(first) || !declares(second) {
                faults.push(Fault::body(at, "breakdown.not_declared"));
            } else if first == second {
                faults.push(Fault::body(at, "breakdown.crossed_with_itself"));
            } else if self.crossed.iter().take(index).any(same) {
                faults.push(Fault::body(at, "breakdown.crossing_repeated"));
            }
        }
        faults
    }

    /// What goes with an answer of this person: what was declared, and nothing else. How it came in stands
    /// with every answer anyway.
    pub fn values_of(&self, person: &Described) -> Values {
        let known = |one: Characteristic| match one {
            Characteristic::Perspective => person.perspective.map(|one| one.code().to_owned()),
            Characteristic::AgeBand => person.age.map(|age| AgeBand::of(age).code().to_owned()),
            Characteristic::Municipality => person.municipality.clone(),
            Characteristic::Region => person.region.clone(),
            Characteristic::RecruitmentSource => person.source.clone(),
            Characteristic::Channel | Characteristic::OpinionGroup => None,
        };
        let kept = self.by.iter().filter(|one| **one != Characteristic::Channel);
        kept.map(|one| (*one, known(*one).unwrap_or_else(|| UNKNOWN.to_owned()))).collect()
    }

    /// Every table that is counted: by one, then by two.
    pub(super) fn cuts(&self) -> Vec<Vec<Characteristic>> {
        let single = self.by.iter().map(|one| vec![*one]);
        single.chain(self.crossed.iter().map(|(one, other)| vec![*one, *other])).collect()
    }
}

/// What is known of somebody who answers; nothing of who holds a printed code or stands before
/// a device on site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// From where they take part.
    pub perspective: Option<Perspective>,
    /// How old they count as. Years.
    pub age: Option<i32>,
    /// Where they live (CBS code).
    pub municipality: Option<String>,
    /// Its youth region.
    pub region: Option<String>,
    /// Through which organisation they came.
    pub source: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_come_at_once() {
        use Characteristic::{AgeBand, Channel, Municipality, OpinionGroup, Perspective, Region};
        let bad = Breakdowns {
            by: vec![AgeBand, Municipality, Region, AgeBand, Perspective, OpinionGroup],
            crossed: vec![(AgeBand, Channel), (AgeBand, AgeBand), (AgeBand, Region), (Region, AgeBand)],
        };
        let found: Vec<_> = bad.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/breakdowns/3", "breakdown.repeated"),
            ("/breakdowns/5", "breakdown.not_declarable"),
            ("/breakdowns", "breakdown.too_many"),
            ("/breakdowns", "breakdown.region_in_municipality"),
            ("/crossings", "breakdown.too_many_crossings"),
            ("/crossings/0", "breakdown.not_declared"),
            ("/crossings/1", "breakdown.crossed_with_itself"),
            ("/crossings/3", "breakdown.crossing_repeated"),
        ];
        assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
        assert_eq!(Breakdowns { by: vec![AgeBand, Region], crossed: vec![(AgeBand, Region)] }.check(), []);
    }

    #[test]
    fn only_what_was_declared_goes_with_an_answer_and_coarse() {
        let person = Described {
            perspective: Some(Perspective::Parent),
            age: Some(37),
            municipality: Some("GM0363".to_owned()),
            ..Described::default()
        };
        let by = vec![Characteristic::AgeBand, Characteristic::Channel, Characteristic::RecruitmentSource];
        let values = Breakdowns { by, crossed: vec![] }.values_of(&person);
        let expected = [(Characteristic::AgeBand, "age_27_up"), (Characteristic::RecruitmentSource, UNKNOWN)];
        assert_eq!(values, expected.map(|(one, value)| (one, value.to_owned())));
        assert_eq!(Breakdowns::default().values_of(&person), []);
    }
}
