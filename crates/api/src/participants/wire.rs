//! Participants as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::networks::Expertise;
use klankbord_domain::participants::operations::registers;
use klankbord_domain::participants::{
    AccessNeed, AgeBand, Birth as DomainBirth, Channel, Contact as DomainContact, ContactOf, ContactTime,
    ContactVerification, Participant as Domain, ProvenAge, Turned,
};
use klankbord_domain::policy::{Caller, Roles, SPEAKERS, Standing};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, schema::Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

use super::verification::VerifiedContact;
use crate::web::document::patch_schema;
use crate::web::page::page;
use crate::web::patch::patch_of;

/// The word `month`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BirthMonthWord {
    /// The month of birth.
    Month,
}

/// The word `band`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BirthBandWord {
    /// A band of ages.
    Band,
}

/// The month of birth; never the day.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BirthMonth {
    /// That it is the month.
    kind: BirthMonthWord,
    /// The year.
    #[schema(minimum = 1900, maximum = 2100, example = 2009)]
    year: i32,
    /// The month, 1 to 12.
    #[schema(minimum = 1, maximum = 12, example = 6)]
    month: i32,
}

/// A band of ages, as somebody told it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BirthBand {
    /// That it is a band.
    kind: BirthBandWord,
    /// The band.
    #[schema(example = "age_16_17")]
    band: AgeBand,
    /// The day on which they told it; they age from then.
    #[schema(example = "2026-11-02")]
    declared_on: NaiveDate,
}

/// What is kept of somebody's birth: its month, or a band of ages.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("month" = "#/components/schemas/BirthMonth"),
    ("band" = "#/components/schemas/BirthBand")
)))]
pub enum Birth {
    /// The month.
    Month(BirthMonth),
    /// A band of ages.
    Band(BirthBand),
}

/// How somebody can be reached. Kept sealed; only a single participant shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParticipantContact {
    /// The name on letters.
    #[schema(min_length = 1, max_length = 200, example = "Deelnemer (demo)")]
    name: Option<String>,
    /// The e-mail address.
    #[schema(min_length = 3, max_length = 254, example = "deelnemer@demo.klankbord.example")]
    email_address: Option<String>,
    /// The telephone number, with `+` and the country, or as dialled at home.
    #[schema(min_length = 6, max_length = 30, example = "+31 88 555 01 01")]
    phone_number: Option<String>,
    /// The address on letters.
    #[schema(min_length = 1, max_length = 500)]
    mailing_address: Option<String>,
    /// Whose they are; absent: their own. Those of who represents the person end on the day on which the
    /// person counts as 16.
    #[schema(example = "person")]
    whose: Option<ContactOf>,
}

patch_of!(
    /// What to change of how somebody can be reached.
    ParticipantContactPatch of ParticipantContact
);

/// What a participant is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParticipantCreate {
    /// The organisation that registers them.
    pub(super) organisation_id: Uuid,
    /// Their account, if they have one. Only the organisation links it, and
    /// nobody links their own.
    #[schema(example = json!("0197c000-0000-7000-8000-001100000001"))]
    pub(super) account_id: Option<Uuid>,
    /// The name by which they want to be known; need not be their own.
    #[schema(min_length = 1, max_length = 100, example = "Zonnebloem")]
    display_name: String,
    /// How they want to be reached.
    channel: Channel,
    /// The language that they want to be addressed in (BCP 47).
    #[schema(min_length = 2, max_length = 35, example = "nl-simple")]
    language: String,
    /// What is kept of their birth. Lists leave it out.
    birth: Option<Birth>,
    /// CBS code of the municipality in which they live.
    #[schema(min_length = 1, max_length = 20, example = "GM0363")]
    municipality: Option<String>,
    /// What they bring from their own life.
    #[serde(default)]
    #[schema(max_items = 10)]
    expertise: Vec<Expertise>,
    /// How often they want to be asked at most within the installation's window (a
    /// quarter, unless it says otherwise), wherever they take part. Nobody passes it. Lists
    /// leave it out.
    #[schema(minimum = 1, maximum = 1000, example = 4)]
    ask_ceiling: Option<i32>,
    /// When they like to be reached; for who reaches them. Lists leave it out.
    #[serde(default)]
    #[schema(max_items = 4, example = json!(["evening"]))]
    contact_times: Vec<ContactTime>,
    /// What they need to take part: what to arrange, never why. For who reaches them. Lists
    /// leave it out.
    #[serde(default)]
    #[schema(max_items = 10, example = json!(["interpreter"]))]
    access_needs: Vec<AccessNeed>,
    /// How they can be reached. Lists leave it out.
    contact: Option<ParticipantContact>,
}

/// What to change of a participant. A birth is replaced as a whole.
#[derive(Debug)]
pub struct ParticipantPatch;

impl PartialSchema for ParticipantPatch {
    fn schema() -> RefOr<Schema> {
        let schema = patch_schema(ParticipantCreate::schema(), &["organisationId"]);
        let mut whole = serde_json::to_value(&schema).unwrap_or_default();
        // A single contact detail can be cleared as well.
        if let Some(reference) = whole.pointer_mut("/properties/contact/anyOf/0/$ref") {
            *reference = serde_json::Value::from("#/components/schemas/ParticipantContactPatch");
        }
        serde_json::from_value(whole).unwrap_or(schema)
    }
}

impl ToSchema for ParticipantPatch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ParticipantCreate::schemas(schemas);
        schemas.push((ParticipantContactPatch::name().into_owned(), ParticipantContactPatch::schema()));
    }
}

/// A person who takes part (deelnemer), as one organisation registered them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Their id.
    id: Uuid,
    #[serde(flatten)]
    content: ParticipantCreate,
    /// The ages that they proved to have reached; for who sees what is kept of their birth.
    #[schema(max_items = 3, example = json!(["turned_16"]))]
    proven_ages: Option<Vec<ProvenAge>>,
    /// The contact details that were checked, as they stand now; for who sees them.
    #[schema(max_items = 3)]
    verified_contact: Option<Vec<VerifiedContact>>,
    /// When they were registered.
    created_at: DateTime<Utc>,
    /// When something about them changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of participants, without contact details and birth.
    ParticipantPage of Participant
);

/// Which participants to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantQuery {
    /// Only those whom this organisation registered.
    pub(super) organisation_id: Option<Uuid>,
    /// Only those who take part in this network.
    pub(super) network_id: Option<Uuid>,
}

/// Whom to look for, by what may not stand in an address. At least one of
/// address and name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParticipantSearch {
    /// The organisation that registered them.
    pub(super) organisation_id: Uuid,
    /// The whole e-mail address.
    #[schema(min_length = 3, max_length = 254, example = "deelnemer@demo.klankbord.example")]
    pub(super) email_address: Option<String>,
    /// A part of the name by which they are known, in capitals or not.
    #[schema(min_length = 2, max_length = 100)]
    pub(super) display_name: Option<String>,
}

impl From<Birth> for DomainBirth {
    fn from(birth: Birth) -> Self {
        match birth {
            // The schema holds the month between 1 and 12.
            Birth::Month(BirthMonth { kind: BirthMonthWord::Month, year, month }) => {
                Self::Month { year, month: u32::try_from(month).unwrap_or_default() }
            }
            Birth::Band(BirthBand { kind: BirthBandWord::Band, band, declared_on }) => Self::Band { band, declared_on },
        }
    }
}

impl From<DomainBirth> for Birth {
    fn from(birth: DomainBirth) -> Self {
        match birth {
            DomainBirth::Month { year, month } => {
                let month = i32::try_from(month).unwrap_or_default();
                Self::Month(BirthMonth { kind: BirthMonthWord::Month, year, month })
            }
            DomainBirth::Band { band, declared_on } => {
                Self::Band(BirthBand { kind: BirthBandWord::Band, band, declared_on })
            }
        }
    }
}

impl From<ParticipantContact> for DomainContact {
    fn from(contact: ParticipantContact) -> Self {
        let ParticipantContact { name, email_address, phone_number, mailing_address, whose } = contact;
        Self { name, email_address, phone_number, mailing_address, whose: whose.unwrap_or(ContactOf::Person) }
    }
}

impl From<DomainContact> for ParticipantContact {
    fn from(contact: DomainContact) -> Self {
        let DomainContact { name, email_address, phone_number, mailing_address, whose } = contact;
        let whose = (whose != ContactOf::Person).then_some(whose);
        Self { name, email_address, phone_number, mailing_address, whose }
    }
}

impl ParticipantCreate {
    /// The participant that this describes, and how to reach them.
    pub(super) fn into_domain(self, id: Uuid, today: NaiveDate) -> Result<(Domain, Option<DomainContact>), Refusal> {
        let made = Domain {
            id,
            organisation_id: self.organisation_id,
            account_id: self.account_id,
            display_name: self.display_name,
            channel: self.channel,
            language: self.language,
            birth: self.birth.map(DomainBirth::from),
            turned: Turned::default(),
            municipality: self.municipality,
            expertise: self.expertise,
            ask_ceiling: self.ask_ceiling,
            contact_times: self.contact_times,
            access_needs: self.access_needs,
        };
        let contact = self.contact.map(DomainContact::from).filter(|contact| !contact.is_empty());
        let mut faults = made.check(today);
        let reached: Vec<Fault> = contact.iter().flat_map(DomainContact::check).collect();
        faults.extend(reached.into_iter().map(|fault| fault.under("/contact")));
        Refusal::unless_clean(faults)?;
        Ok((made, contact))
    }

    /// The editable content of a participant.
    pub(super) fn of(participant: Domain, contact: Option<DomainContact>) -> Self {
        Self {
            organisation_id: participant.organisation_id,
            account_id: participant.account_id,
            display_name: participant.display_name,
            channel: participant.channel,
            language: participant.language,
            birth: participant.birth.map(Birth::from),
            municipality: participant.municipality,
            expertise: participant.expertise,
            ask_ceiling: participant.ask_ceiling,
            contact_times: participant.contact_times,
            access_needs: participant.access_needs,
            contact: contact.map(ParticipantContact::from),
        }
    }

    /// The content that a patch starts from: a birth is replaced as a whole, or
    /// a month and a band would run together.
    pub(super) fn base_of(mut self, changes: &serde_json::Value) -> Self {
        if changes.get("birth").is_some() {
            self.birth = None;
        }
        self
    }
}

/// A single participant, as somebody sees them who stands so towards them.
pub(super) fn whole(
    stored: Stored<Domain>,
    (contact, verified): (Option<DomainContact>, Vec<ContactVerification>),
    caller: &Caller,
    roles: Roles,
) -> Participant {
    let shown = stored.value.shown_to(roles, registers(caller));
    let proven = stored.value.turned.all().map(|(age, _)| age).collect();
    let mut whole = named(stored, caller);
    whole.content.contact = contact.filter(|_| shown.contact).map(ParticipantContact::from);
    let verified = verified.into_iter().map(VerifiedContact::from).collect();
    whole.verified_contact =
        Some(verified).filter(|verified: &Vec<VerifiedContact>| shown.contact && !verified.is_empty());
    whole.proven_ages = Some(proven).filter(|proven: &Vec<ProvenAge>| shown.birth && !proven.is_empty());
    whole.content.birth = whole.content.birth.filter(|_| shown.birth);
    whole.content.ask_ceiling = whole.content.ask_ceiling.filter(|_| shown.birth);
    if !shown.contact {
        whole.content.contact_times.clear();
        whole.content.access_needs.clear();
    }
    whole
}

/// A participant with all but how to reach them.
fn named(stored: Stored<Domain>, caller: &Caller) -> Participant {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let id = value.id;
    // The account is the same everywhere: shown to all, it would join what a
    // person is in different organisations.
    let registrar = caller.organisations_of(SPEAKERS).contains(&value.organisation_id);
    let own = caller.persons_as(Standing::Participant).contains(&id);
    let mut content = ParticipantCreate::of(value, None);
    content.account_id = content.account_id.filter(|_| registrar || own);
    Participant { id, content, proven_ages: None, verified_contact: None, created_at, updated_at, etag: None }
}

/// A participant in a list: without contact details and birth.
pub(super) fn listed(stored: Stored<Domain>, caller: &Caller) -> Participant {
    let mut shown = named(stored, caller);
    shown.content.birth = None;
    shown.content.ask_ceiling = None;
    shown.content.contact_times.clear();
    shown.content.access_needs.clear();
    shown
}
