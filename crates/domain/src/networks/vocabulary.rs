//! The words of networks: kinds, perspectives, expertise, the ladder.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What kind of group people participate in.
    NetworkKind {
        /// People who learn from each other (leernetwerk).
        LearningNetwork => "learning_network",
        /// A client council (cliëntenraad, Wmcz 2018).
        ClientCouncil => "client_council",
        /// A client council over several councils (centrale cliëntenraad).
        CentralCouncil => "central_council",
        /// A council of young people (jongerenraad).
        YouthCouncil => "youth_council",
        /// A council of parents (ouderraad).
        ParentCouncil => "parent_council",
        /// A council of relatives (verwantenraad).
        RelativesCouncil => "relatives_council",
        /// A council of foster parents (pleegouderraad, Jeugdwet 4.2.5).
        FosterParentCouncil => "foster_parent_council",
        /// A council that advises a municipality (adviesraad).
        AdvisoryCouncil => "advisory_council",
        /// People who are asked time and again (panel).
        Panel => "panel",
        /// A group that others try their plans on (klankbordgroep).
        SoundingBoard => "sounding_board",
        /// The group at the heart of a programme (kerngroep).
        CoreGroup => "core_group",
        /// The group that steers a programme (stuurgroep).
        SteeringGroup => "steering_group",
        /// Organisations and people who sit together lastingly (participatiehub).
        ParticipationHub => "participation_hub",
        /// A group under another network (werkgroep).
        WorkingGroup => "working_group",
    }
}

impl NetworkKind {
    /// Whether it is a council: then its room is its own, and the roles of the
    /// host and the installation don't reach inside.
    pub const fn is_council(self) -> bool {
        match self {
            Self::ClientCouncil
            | Self::CentralCouncil
            | Self::YouthCouncil
            | Self::ParentCouncil
            | Self::RelativesCouncil
            | Self::FosterParentCouncil
            | Self::AdvisoryCouncil => true,
            Self::LearningNetwork
            | Self::Panel
            | Self::SoundingBoard
            | Self::CoreGroup
            | Self::SteeringGroup
            | Self::ParticipationHub
            | Self::WorkingGroup => false,
        }
    }
}

vocabulary! {
    /// From where a person takes part; a membership has exactly one.
    Perspective {
        /// A child (kind).
        Child => "child",
        /// A young person (jongere).
        YoungPerson => "young_person",
        /// A young adult (jongvolwassene).
        YoungAdult => "young_adult",
        /// A parent (ouder).
        Parent => "parent",
        /// A foster parent (pleegouder).
        FosterParent => "foster_parent",
        /// A relative or somebody close (naaste).
        Relative => "relative",
        /// A client (cliënt).
        Client => "client",
        /// A patient (patiënt).
        Patient => "patient",
        /// A resident (inwoner).
        Resident => "resident",
        /// An older person (oudere).
        OlderPerson => "older_person",
        /// A student (student).
        Student => "student",
        /// Somebody who works with clients (professional).
        Professional => "professional",
        /// Somebody who makes policy (beleidsmaker).
        PolicyMaker => "policy_maker",
        /// Somebody who governs an organisation (bestuurder).
        BoardMember => "board_member",
    }
}

vocabulary! {
    /// What somebody brings from their own life; apart from the perspective.
    Expertise {
        /// They lived through it (eigen ervaring).
        LivedExperience => "lived_experience",
        /// They reflected on it with others (ervaringskennis).
        ExperientialKnowledge => "experiential_knowledge",
        /// They were trained to use it (ervaringsdeskundige, `ExpEx`).
        ExpertByExperience => "expert_by_experience",
    }
}

vocabulary! {
    /// How near to the heart somebody stands (schil).
    Ring {
        /// The core group.
        Core => "core",
        /// The second ring.
        Second => "second",
        /// The third ring.
        Third => "third",
    }
}

vocabulary! {
    /// A rung of the participation ladder (trede), the lowest first: the order
    /// of the variants is the order of the rungs.
    Rung {
        /// People are told (informeren).
        Inform => "inform",
        /// People are asked (raadplegen).
        Consult => "consult",
        /// People advise (adviseren).
        Advise => "advise",
        /// People make it together (coproduceren).
        Coproduce => "coproduce",
        /// People decide along (meebeslissen).
        Codecide => "codecide",
        /// People decide by themselves (zelfbeheer).
        SelfGovern => "self_govern",
    }
}

impl Rung {
    /// The ring in which this rung stands.
    pub const fn ring(self) -> Ring {
        match self {
            Self::Coproduce | Self::Codecide | Self::SelfGovern => Ring::Core,
            Self::Consult | Self::Advise => Ring::Second,
            Self::Inform => Ring::Third,
        }
    }
}

/// Whether a ring and a rung that stand together agree; where one of them is
/// missing they do.
pub fn agree(place: Option<Ring>, rung: Option<Rung>) -> bool {
    place.zip(rung).is_none_or(|(place, rung)| rung.ring() == place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_are_ordered_and_each_stands_in_its_ring() {
        use Ring::{Core, Second, Third};
        let codes: Vec<_> = Rung::ALL.iter().map(|rung| rung.code()).collect();
        assert_eq!(codes, ["inform", "consult", "advise", "coproduce", "codecide", "self_govern"]);
        assert!(Rung::ALL.is_sorted());
        let rings: Vec<_> = Rung::ALL.iter().map(|rung| rung.ring()).collect();
        assert_eq!(rings, [Third, Second, Second, Core, Core, Core]);
    }

    #[test]
    fn ring_and_rung_agree_where_both_stand() {
        for place in Ring::ALL {
            assert!(agree(Some(*place), None));
            for rung in Rung::ALL {
                assert!(agree(None, Some(*rung)));
                assert_eq!(agree(Some(*place), Some(*rung)), rung.ring() == *place);
            }
        }
        assert!(agree(None, None));
    }

    #[test]
    fn seven_of_the_fourteen_kinds_are_councils() {
        assert_eq!(NetworkKind::ALL.len(), 14);
        let councils: Vec<_> =
            NetworkKind::ALL.iter().filter(|kind| kind.is_council()).map(|kind| kind.code()).collect();
        assert_eq!(councils.len(), 7);
        assert!(councils.iter().all(|code| code.ends_with("_council")));
        assert_eq!(Perspective::ALL.len(), 14);
    }
}
