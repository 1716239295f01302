//! How somebody on a call list or a visit list is reached.

use klankbord_domain::participants::{AccessNeed, Channel, Contact, ContactOf, ContactTime, Participant};
use serde::Serialize;
use utoipa::ToSchema;

use super::inviting::can_be_reached;

/// How somebody on a call list or a visit list is reached.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HowToReach {
    /// Whether they may be reached today, and it is known how. Why not is not told.
    #[schema(example = true)]
    reachable: bool,
    /// The name on letters.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The telephone number.
    #[schema(max_length = 30, example = "+31 88 555 01 21")]
    phone_number: Option<String>,
    /// The address; of who is visited.
    #[schema(max_length = 500)]
    mailing_address: Option<String>,
    /// Whose these are, where it is who represents the person in law.
    contact_of: Option<ContactOf>,
    /// When they like to be reached.
    #[schema(max_items = 4, example = json!(["evening"]))]
    contact_times: Vec<ContactTime>,
    /// What they need (an interpreter, sign language, …).
    #[schema(max_items = 8, example = json!(["interpreter"]))]
    access_needs: Vec<AccessNeed>,
}

impl HowToReach {
    /// Somebody who is called or visited (`channel`), with what may be used of them today.
    pub(crate) fn of(channel: Channel, person: &Participant, contact: Option<Contact>) -> Self {
        let contact = contact.filter(|contact| can_be_reached(channel, contact));
        let reachable = contact.is_some();
        let Contact { name, phone_number, mailing_address, whose, .. } = contact.unwrap_or_default();
        Self {
            reachable,
            name,
            phone_number,
            mailing_address: mailing_address.filter(|_| channel == Channel::InPerson),
            contact_of: (whose != ContactOf::Person).then_some(whose),
            contact_times: person.contact_times.clone(),
            access_needs: person.access_needs.clone(),
        }
    }

    /// The cells from `reachable` to `accessNeeds`.
    pub(crate) fn cells(&self) -> [String; 7] {
        let words = |words: Vec<&str>| words.join(" ");
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            self.reachable.to_string(),
            text(&self.name),
            text(&self.phone_number),
            text(&self.mailing_address),
            self.contact_of.map(|whose| whose.code().to_owned()).unwrap_or_default(),
            words(self.contact_times.iter().map(|one| one.code()).collect()),
            words(self.access_needs.iter().map(|one| one.code()).collect()),
        ]
    }
}
