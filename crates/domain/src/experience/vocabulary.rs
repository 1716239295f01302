//! The words of the experience directory.

use crate::cells::PUBLIC_MINIMUM;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What somebody lived through, and knows about. Broad on purpose: never a diagnosis.
    ExperienceTheme {
        /// Help for children, young people and families (jeugdhulp).
        YouthCare => "youth_care",
        /// Living in a group, a family home or an institution (verblijf).
        ResidentialCare => "residential_care",
        /// Growing up or raising in a foster family (pleegzorg).
        FosterCare => "foster_care",
        /// Closed youth care (gesloten jeugdhulp).
        SecureCare => "secure_care",
        /// Youth protection and custody (jeugdbescherming).
        YouthProtection => "youth_protection",
        /// Youth probation, and contact with the police or a court (jeugdreclassering).
        YouthProbation => "youth_probation",
        /// From 18 on: standing on one's own feet (op eigen benen).
        LeavingCare => "leaving_care",
        /// Adoption.
        Adoption => "adoption",
        /// Raising children (opvoeden).
        Parenting => "parenting",
        /// Parents who separate (scheiding).
        Separation => "separation",
        /// Violence at home (huiselijk geweld en kindermishandeling).
        DomesticViolence => "domestic_violence",
        /// Mental health (psychische gezondheid).
        MentalHealth => "mental_health",
        /// Addiction (verslaving).
        Addiction => "addiction",
        /// Living with a disability (beperking).
        Disability => "disability",
        /// Being ill for long (langdurig ziek).
        LongTermIllness => "long_term_illness",
        /// Caring for somebody near (mantelzorg), as a child, too.
        InformalCare => "informal_care",
        /// Loss and mourning (verlies en rouw).
        Loss => "loss",
        /// School, and being at home without it (thuiszitten).
        Education => "education",
        /// Work and income (werk en inkomen).
        WorkAndIncome => "work_and_income",
        /// Debts and poverty (schulden en armoede).
        DebtAndPoverty => "debt_and_poverty",
        /// Being without a home (dak- en thuisloosheid).
        Homelessness => "homelessness",
        /// Loneliness (eenzaamheid).
        Loneliness => "loneliness",
        /// Fleeing, and being new in the country (vlucht en migratie).
        Migration => "migration",
        /// Who one is and whom one loves (gender en seksuele diversiteit).
        GenderAndSexuality => "gender_and_sexuality",
        /// Growing older (ouder worden).
        GrowingOlder => "growing_older",
        /// Asking for help, and getting it: the municipality, the local team (toegang, wijkteam).
        AccessToHelp => "access_to_help",
        /// Supervised living (beschermd wonen).
        SupportedLiving => "supported_living",
        /// Taking part, and having a say (inspraak en medezeggenschap).
        Participation => "participation",
    }
}

vocabulary! {
    /// In which form somebody brings it.
    ExperienceForm {
        /// A conversation with one or a few people (gesprek).
        Conversation => "conversation",
        /// Telling one's story to an audience (ervaringsverhaal).
        Story => "story",
        /// Reading along with texts (meelezen).
        CoReading => "co_reading",
        /// Training others (training geven).
        Training => "training",
        /// Being interviewed (interview).
        Interview => "interview",
        /// A workshop, or a guest lesson (workshop, gastles).
        Workshop => "workshop",
        /// A place in a panel or advisory group (panel, adviesgroep).
        AdvisoryGroup => "advisory_group",
        /// Being there for somebody who goes through the same (lotgenotencontact).
        PeerSupport => "peer_support",
        /// Designing with professionals (meeontwerpen).
        CoDesign => "co_design",
        /// Doing research with researchers (meeonderzoeken).
        CoResearch => "co_research",
        /// Choosing a new colleague with the organisation (sollicitatiecommissie).
        Selection => "selection",
    }
}

vocabulary! {
    /// When in the week somebody can.
    ExperienceDayPart {
        /// On weekdays before noon.
        WeekdayMorning => "weekday_morning",
        /// On weekdays from noon to six.
        WeekdayAfternoon => "weekday_afternoon",
        /// On weekdays after six.
        WeekdayEvening => "weekday_evening",
        /// On Saturday or Sunday.
        Weekend => "weekend",
    }
}

vocabulary! {
    /// Where it is done.
    ExperiencePlace {
        /// From home: by telephone or screen.
        Remote => "remote",
        /// On the spot.
        OnSite => "on_site",
    }
}

vocabulary! {
    /// Where a request stands.
    ExperienceRequestStatus {
        /// Being written.
        Draft => "draft",
        /// People were approached, and can answer.
        Open => "open",
        /// It is over; who said yes stays in sight.
        Closed => "closed",
        /// It doesn't go on; nobody is in sight any more.
        Withdrawn => "withdrawn",
    }
}

vocabulary! {
    /// Where an approach stands.
    ExperienceApproachStatus {
        /// The person hasn't said anything.
        Waiting => "waiting",
        /// They said yes.
        Interested => "interested",
        /// They said no. Who asked isn't told.
        Declined => "declined",
        /// It ended without an answer. Who asked isn't told.
        Expired => "expired",
        /// They took their yes back: who asked doesn't see them any more.
        Withdrawn => "withdrawn",
    }
}

vocabulary! {
    /// A part of what somebody has here, to share with who asks.
    ExperiencePart {
        /// How to reach them.
        Contact => "contact",
        /// The themes, and their own words.
        Themes => "themes",
        /// The forms.
        Forms => "forms",
        /// When and where they can.
        Availability => "availability",
        /// The trainings that they followed.
        Trainings => "trainings",
    }
}

vocabulary! {
    /// How many people a request reached, as far as who asks may know.
    ExperienceReach {
        /// Fewer than ten; perhaps nobody.
        FewerThanTen => "fewer_than_ten",
        /// Ten or more.
        TenOrMore => "ten_or_more",
    }
}

impl ExperienceReach {
    /// What is told of this many people. Never the number itself: two requests that differ in
    /// one theme would tell one person apart.
    pub fn of(people: usize) -> Self {
        let enough = usize::try_from(PUBLIC_MINIMUM).is_ok_and(|minimum| people >= minimum);
        if enough { Self::TenOrMore } else { Self::FewerThanTen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_the_minimum_all_numbers_are_alike() {
        for people in 0..10 {
            assert_eq!(ExperienceReach::of(people), ExperienceReach::FewerThanTen);
        }
        assert_eq!(ExperienceReach::of(10), ExperienceReach::TenOrMore);
        assert_eq!(ExperienceReach::of(5000), ExperienceReach::TenOrMore);
    }
}
