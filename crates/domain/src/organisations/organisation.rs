//! Organisations.

use uuid::Uuid;

use super::ExternalId;
use crate::link::is_https;
use crate::refusal::Fault;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What kind of party an organisation is.
    OrganisationKind {
        /// A municipality (gemeente).
        Municipality => "municipality",
        /// A provider of care (zorgaanbieder, jeugdhulpaanbieder).
        CareProvider => "care_provider",
        /// A certified institution (gecertificeerde instelling, Jeugdwet).
        CertifiedInstitution => "certified_institution",
        /// A provider of foster care (pleegzorgaanbieder).
        FosterCareProvider => "foster_care_provider",
        /// A welfare organisation (welzijnsorganisatie).
        WelfareOrganisation => "welfare_organisation",
        /// An organisation of clients (cliëntenorganisatie).
        ClientOrganisation => "client_organisation",
        /// An association of patients (patiëntenvereniging).
        PatientAssociation => "patient_association",
        /// An organisation that speaks for people (belangenorganisatie).
        AdvocacyOrganisation => "advocacy_organisation",
        /// An initiative of citizens (burgerinitiatief).
        CitizensInitiative => "citizens_initiative",
        /// An initiative in a neighbourhood (buurtinitiatief).
        NeighbourhoodInitiative => "neighbourhood_initiative",
        /// A university or another institution of knowledge (kennisinstelling).
        KnowledgeInstitution => "knowledge_institution",
        /// A school.
        School => "school",
        /// Municipalities that work together (regionaal samenwerkingsverband).
        RegionalPartnership => "regional_partnership",
        /// Who pays for it (financier, fonds).
        Funder => "funder",
    }
}

/// A party, and a tenant: every row has one owning organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: Uuid,
    /// What kind of party it is.
    pub kind: OrganisationKind,
    /// The name by which people know it.
    pub name: String,
    /// The numbers under which others know it.
    pub external_ids: Vec<ExternalId>,
    /// The regions in which it sits.
    pub regions: Vec<Uuid>,
    /// Clients stay here for long (Wmcz 2018 art. 7.1 h–i).
    pub long_stay: bool,
    /// Clients stay here day and night (Wmcz 2018 art. 8.1 f).
    pub day_and_night_care: bool,
    /// How many people give care here (Wmcz 2018 art. 3.1). Persons.
    pub care_givers: Option<i32>,
    /// Its website, https.
    pub website: Option<String>,
}

impl Organisation {
    /// What is wrong with it, all at once: `organisation.name_blank`,
    /// `external_id.malformed`, `external_id.repeated`,
    /// `organisation.region_repeated`, `organisation.care_givers_negative`,
    /// `link.not_https`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push(Fault::body("/name", "organisation.name_blank"));
        }
        for (index, id) in self.external_ids.iter().enumerate() {
            let prefix = format!("/externalIds/{index}");
            faults.extend(id.check().into_iter().map(|fault| fault.under(&prefix)));
        }
        faults.extend(Fault::repeated(&self.external_ids, "/externalIds", "external_id.repeated"));
        faults.extend(Fault::repeated(&self.regions, "/regions", "organisation.region_repeated"));
        if self.care_givers.is_some_and(|number| number < 0) {
            faults.push(Fault::body("/careGivers", "organisation.care_givers_negative"));
        }
        if self.website.as_deref().is_some_and(|url| !is_https(url)) {
            faults.push(Fault::body("/website", "link.not_https"));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisations::ExternalScheme;

    #[test]
    fn all_faults_come_at_once() {
        let id = |value: &str| ExternalId { scheme: ExternalScheme::Kvk, value: value.to_owned() };
        let organisation = Organisation {
            id: Uuid::nil(),
            kind: OrganisationKind::CareProvider,
            name: "  ".to_owned(),
            external_ids: vec![id("12345678"), id("123"), id("12345678")],
            regions: vec![Uuid::nil(), Uuid::nil()],
            long_stay: true,
            day_and_night_care: false,
            care_givers: Some(-1),
            website: Some("example.nl".to_owned()),
        };
        let found: Vec<_> = organisation.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/name", "organisation.name_blank"),
            ("/externalIds/1/value", "external_id.malformed"),
            ("/externalIds/2", "external_id.repeated"),
            ("/regions/1", "organisation.region_repeated"),
            ("/careGivers", "organisation.care_givers_negative"),
            ("/website", "link.not_https"),
        ];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
        let sound = Organisation {
            name: "Stichting Voorbeeld".to_owned(),
            external_ids: vec![id("12345678")],
            regions: Vec::new(),
            care_givers: Some(0),
            website: None,
            ..organisation
        };
        assert_eq!(sound.check(), []);
    }

    #[test]
    fn there_are_fourteen_kinds() {
        assert_eq!(OrganisationKind::ALL.len(), 14);
        assert_eq!("foster_care_provider".parse(), Ok(OrganisationKind::FosterCareProvider));
    }
}
