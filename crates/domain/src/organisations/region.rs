//! Regions: several at once for one municipality.

use uuid::Uuid;

use crate::refusal::Fault;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// For what organisations form a region.
    RegionKind {
        /// For youth care (jeugdregio).
        YouthRegion => "youth_region",
        /// For care (zorgregio, zorgkantoorregio).
        CareRegion => "care_region",
        /// For a subsidy (subsidieregio).
        SubsidyRegion => "subsidy_region",
    }
}

/// A region in which organisations sit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its id.
    pub id: Uuid,
    /// For what it is one.
    pub kind: RegionKind,
    /// Its name.
    pub name: String,
}

impl Region {
    /// What is wrong with it: `region.name_blank`.
    pub fn check(&self) -> Vec<Fault> {
        if self.name.trim().is_empty() { vec![Fault::body("/name", "region.name_blank")] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_a_name() {
        let region = |name: &str| Region { id: Uuid::nil(), kind: RegionKind::YouthRegion, name: name.to_owned() };
        assert_eq!(region("Zuid-Limburg").check(), []);
        assert_eq!(region("\t").check(), [Fault::body("/name", "region.name_blank")]);
    }
}
