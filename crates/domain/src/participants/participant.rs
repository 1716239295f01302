//! Participants and, apart from them, how they can be reached.

use std::fmt;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::representative::OF_OWN_VOICE;
use super::{AccessNeed, Age, Birth, Channel, ContactOf, ContactTime, Representation, Turned};
use crate::networks::Expertise;
use crate::organisations::is_municipality_code;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::is_language_tag;

/// A person who takes part (deelnemer), with or without an account; one row
/// per organisation that registered them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Their id.
    pub id: Uuid,
    /// The organisation that registered them, and is the controller.
    pub organisation_id: Uuid,
    /// Their account, if they have one.
    pub account_id: Option<Uuid>,
    /// The name by which they want to be known; need not be their own.
    pub display_name: String,
    /// How they want to be reached.
    pub channel: Channel,
    /// The language that they want to be addressed in (BCP 47).
    pub language: String,
    /// What is kept of their birth.
    pub birth: Option<Birth>,
    /// Which ages they proved to have reached, and when that was recorded.
    pub turned: Turned,
    /// CBS code of the municipality in which they live.
    pub municipality: Option<String>,
    /// What they bring from their own life.
    pub expertise: Vec<Expertise>,
    /// How often they want to be asked at most, within the installation's window. Times.
    pub ask_ceiling: Option<i32>,
    /// When they like to be reached.
    pub contact_times: Vec<ContactTime>,
    /// What they need to take part.
    pub access_needs: Vec<AccessNeed>,
}

impl Participant {
    /// Somebody of whom nothing is known any more: they were erased.
    pub fn nobody(id: Uuid, organisation_id: Uuid) -> Self {
        Self {
            id,
            organisation_id,
            account_id: None,
            display_name: String::new(),
            channel: Channel::Internet,
            language: "nl".to_owned(),
            birth: None,
            turned: Turned::default(),
            municipality: None,
            expertise: Vec::new(),
            ask_ceiling: None,
            contact_times: Vec::new(),
            access_needs: Vec::new(),
        }
    }

    /// What is wrong with it, all at once:
    /// `participant.display_name_blank`, `text.language_malformed`,
    /// `municipality.malformed`, `expertise.repeated`, `contact_time.repeated`,
    /// `access_need.repeated`, and those of
    /// [`Birth::check`] under `/birth`.
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.display_name.trim().is_empty() {
            faults.push(Fault::body("/displayName", "participant.display_name_blank"));
        }
        if !is_language_tag(&self.language) {
            faults.push(Fault::body("/language", "text.language_malformed"));
        }
        if self.municipality.as_deref().is_some_and(|code| !is_municipality_code(code)) {
            faults.push(Fault::body("/municipality", "municipality.malformed"));
        }
        faults.extend(Fault::repeated(&self.expertise, "/expertise", "expertise.repeated"));
        faults.extend(Fault::repeated(&self.contact_times, "/contactTimes", "contact_time.repeated"));
        faults.extend(Fault::repeated(&self.access_needs, "/accessNeeds", "access_need.repeated"));
        let birth = self.birth.iter().flat_map(|birth| birth.check(today));
        faults.extend(birth.map(|fault| fault.under("/birth")));
        faults
    }

    /// What is known of their age.
    pub const fn age(&self) -> Age {
        Age { birth: self.birth, turned: self.turned }
    }

    /// How old they count as on this day; none where nothing is known. Years.
    pub fn age_on(&self, day: NaiveDate) -> Option<i32> {
        self.age().on(day)
    }
}

/// Who keeps a person's record, whose it is, and who represents them by law.
pub const KEEPERS: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Participant,
    Standing::Representative,
];
/// Who calls people and visits them.
const CALLERS: &[Standing] = &[Standing::Facilitator, Standing::Secretary];

/// What of a person's record somebody sees beside the name by which they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// How to reach them.
    pub contact: bool,
    /// What is kept of their birth.
    pub birth: bool,
}

impl Participant {
    /// What somebody sees who stands so towards them. Who keeps the record sees
    /// all; who calls or visits people sees how to reach those who want to be
    /// called or visited. `registers`: a machine that keeps the record, too.
    pub fn shown_to(&self, roles: Roles, registers: bool) -> Shown {
        let keeps = roles.has_any(KEEPERS) || (registers && roles.has(Standing::Client));
        let calls = roles.has_any(CALLERS) && self.channel != Channel::Internet;
        Shown { contact: keeps || calls, birth: keeps }
    }
}

/// How a participant can be reached. Kept apart and encrypted; what it holds
/// never shows in a log, so its `Debug` names only what is filled in.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name on letters.
    pub name: Option<String>,
    /// The e-mail address.
    pub email_address: Option<String>,
    /// The telephone number, international with `+` or as dialled at home.
    pub phone_number: Option<String>,
    /// The address on letters.
    pub mailing_address: Option<String>,
    /// Whose they are.
    pub whose: ContactOf,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("name", &self.name.is_some())
            .field("email_address", &self.email_address.is_some())
            .field("phone_number", &self.phone_number.is_some())
            .field("mailing_address", &self.mailing_address.is_some())
            .field("whose", &self.whose)
            .finish()
    }
}

impl Default for Contact {
    fn default() -> Self {
        let (name, email_address, phone_number, mailing_address) = (None, None, None, None);
        Self { name, email_address, phone_number, mailing_address, whose: ContactOf::Person }
    }
}

/// Whether a person of this age may be reached through who represents them: as long as
/// somebody acts for them. Of a child of whom no representative was ever recorded, too;
/// from the day on which they count as 16, nobody acts for a child any more.
fn reached_through(age: Age, representatives: &[Representation], day: NaiveDate) -> bool {
    let unrecorded = representatives.is_empty() && age.is_known() && !age.is_at_least(OF_OWN_VOICE, day);
    unrecorded || representatives.iter().any(|one| one.acts(age, day))
}

/// What is due about details of a representative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressDue {
    /// An address of the person's own is asked: they turn 16 soon.
    Ask,
    /// They end.
    End,
}

/// What is due on this day about details of a representative of a person of this age.
/// `asked`: an address of their own was asked before, or can't be by mail; `before`: how
/// many days before somebody turns 16 that is done.
pub fn address_due(
    age: Age,
    representatives: &[Representation],
    (asked, before): (bool, u32),
    day: NaiveDate,
) -> Option<AddressDue> {
    if !reached_through(age, representatives, day) {
        return Some(AddressDue::End);
    }
    let from = age.reaches_on(OF_OWN_VOICE)?.checked_sub_days(Days::new(u64::from(before)))?;
    (from <= day && !asked && !age.is_at_least(OF_OWN_VOICE, day)).then_some(AddressDue::Ask)
}

impl Contact {
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        let Self { name, email_address, phone_number, mailing_address, whose: _ } = self;
        [name, email_address, phone_number, mailing_address].into_iter().all(Option::is_none)
    }

    /// Whether they may be used for a person of this age on this day.
    pub fn holds(&self, age: Age, representatives: &[Representation], day: NaiveDate) -> bool {
        match self.whose {
            ContactOf::Person => true,
            ContactOf::Representative => reached_through(age, representatives, day),
        }
    }

    /// That details of a representative are kept only where there may be one.
    ///
    /// # Errors
    /// `contact.representative_unused` at `/contact/whose` (400).
    pub fn may_be_kept(&self, age: Age, representatives: &[Representation], day: NaiveDate) -> Result<(), Refusal> {
        if self.holds(age, representatives, day) {
            return Ok(());
        }
        Err(Refusal::invalid("/contact/whose", "contact.representative_unused"))
    }

    /// What is wrong with it, all at once: `contact.blank`,
    /// `contact.email_address_malformed`, `contact.phone_number_malformed`.
    /// Pointers relative to the contact.
    pub fn check(&self) -> Vec<Fault> {
        let blank = |text: &Option<String>| text.as_deref().is_some_and(|text| text.trim().is_empty());
        let mut faults = Vec::new();
        for (field, location) in [(&self.name, "/name"), (&self.mailing_address, "/mailingAddress")] {
            if blank(field) {
                faults.push(Fault::body(location, "contact.blank"));
            }
        }
        if self.email_address.as_deref().is_some_and(|address| !is_email_address(address)) {
            faults.push(Fault::body("/emailAddress", "contact.email_address_malformed"));
        }
        if self.phone_number.as_deref().is_some_and(|number| !is_phone_number(number)) {
            faults.push(Fault::body("/phoneNumber", "contact.phone_number_malformed"));
        }
        faults
    }
}

/// Whether mail can be sent there at all: something, an `@`, and a host with a
/// dot (RFC 5321 §4.1.2, without quoted names and bare addresses).
fn is_email_address(address: &str) -> bool {
    let Some((name, host)) = address.rsplit_once('@') else {
        return false;
    };
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let printable = |c: char| !c.is_whitespace() && !c.is_control() && !"@,;:<>()[]\\\"".contains(c);
    !name.is_empty() && name.chars().all(printable) && host.contains('.') && host.split('.').all(label)
}

/// Whether it can be dialled: 6 to 15 digits (E.164 has at most 15), perhaps
/// with a `+` before and with spaces, hyphens and brackets between.
fn is_phone_number(number: &str) -> bool {
    let rest = number.strip_prefix('+').unwrap_or(number);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    (6..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -()".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn participant() -> Participant {
        Participant {
            id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            account_id: None,
            display_name: "Zonnebloem".to_owned(),
            channel: Channel::Phone,
            language: "nl-simple".to_owned(),
            birth: Some(Birth::Month { year: 2008, month: 6 }),
            turned: Turned::default(),
            municipality: Some("GM0363".to_owned()),
            expertise: vec![Expertise::LivedExperience],
            ask_ceiling: None,
            contact_times: Vec::new(),
            access_needs: Vec::new(),
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let today = "2026-05-10".parse().unwrap();
        let mut person = participant();
        assert_eq!(person.check(today), []);
        assert_eq!(person.age_on(today), Some(17));
        person.display_name.clear();
        person.language = "Nederlands".to_owned();
        person.municipality = Some("Amsterdam".to_owned());
        person.expertise.push(Expertise::LivedExperience);
        person.birth = Some(Birth::Month { year: 2026, month: 6 });
        let found: Vec<_> = person.check(today).into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/displayName", "participant.display_name_blank"),
            ("/language", "text.language_malformed"),
            ("/municipality", "municipality.malformed"),
            ("/expertise/1", "expertise.repeated"),
            ("/birth/year", "birth.in_future"),
        ];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
    }

    #[test]
    fn contact_and_birth_are_for_who_needs_them() {
        let shown = |standing: Standing, registers, channel| {
            let Shown { contact, birth } =
                Participant { channel, ..participant() }.shown_to(Roles::of(&[standing]), registers);
            (contact, birth)
        };
        for keeper in KEEPERS {
            assert_eq!(shown(*keeper, false, Channel::Internet), (true, true), "{keeper:?}");
        }
        for caller in CALLERS {
            assert_eq!(shown(*caller, false, Channel::Internet), (false, false), "{caller:?}");
            assert_eq!(shown(*caller, false, Channel::Phone), (true, false), "{caller:?}");
        }
        assert_eq!(shown(Standing::Client, false, Channel::Phone), (false, false));
        assert_eq!(shown(Standing::Client, true, Channel::Phone), (true, true));
        // That a machine writes elsewhere gives nobody else anything.
        assert_eq!(shown(Standing::Observer, true, Channel::Phone), (false, false));
    }

    #[test]
    fn addresses_and_numbers_can_be_used() {
        for good in ["a@example.nl", "jan.de-vries+panel@mail.example.org", "ünal@bücher.example"] {
            assert!(is_email_address(good), "{good}");
        }
        for bad in ["", "a", "@example.nl", "a@", "a@example", "a b@example.nl", "a@b@example.nl", "a@example..nl"] {
            assert!(!is_email_address(bad), "{bad}");
        }
        for good in ["+31 6 12345678", "0612345678", "(020) 123-4567"] {
            assert!(is_phone_number(good), "{good}");
        }
        for bad in ["", "112", "06-abc12345", "+31+612345678", "1234567890123456"] {
            assert!(!is_phone_number(bad), "{bad}");
        }
    }

    #[test]
    fn contact_details_never_show_in_debug() {
        let contact = Contact {
            name: Some(" ".to_owned()),
            email_address: Some("geheim".to_owned()),
            phone_number: Some("geheim".to_owned()),
            mailing_address: None,
            whose: ContactOf::Person,
        };
        assert!(!format!("{contact:?}").contains("geheim"));
        let found: Vec<_> = contact.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/name", "contact.blank"),
            ("/emailAddress", "contact.email_address_malformed"),
            ("/phoneNumber", "contact.phone_number_malformed"),
        ];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
        assert_eq!(Contact::default().check(), []);
    }
}
