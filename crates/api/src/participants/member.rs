//! What somebody is to a membership: by their roles in its network, by being the
//! member, or by speaking for it.

use std::collections::HashMap;

use klankbord_domain::networks::Network;
use klankbord_domain::participants::{Member, Membership, Participant};
use klankbord_domain::policy::{Caller, Place, Standing};
use klankbord_persistence::participants::participant;
use klankbord_persistence::participants::speaking::Speaking;
use klankbord_persistence::{Failure, Source};
use uuid::Uuid;

/// A member, as the policy sees them.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The membership's place: that of its network, with the person; who speaks
    /// for the member is to it what the member is.
    pub(super) place: Place,
    /// Whether the member speaks for themself: an organisation, a network, a person
    /// with an account, or one whom another organisation registered.
    pub(super) own_voice: bool,
}

/// The person that a member is.
pub(crate) fn person_of(member: Member) -> Option<Uuid> {
    match member {
        Member::Participant(id) => Some(id),
        Member::Organisation(_) | Member::Network(_) => None,
    }
}

/// The account that a member has now.
///
/// # Errors
/// When the database refuses.
pub(super) async fn account_of(source: &impl Source, member: Member) -> Result<Option<Uuid>, Failure> {
    let Some(id) = person_of(member) else { return Ok(None) };
    Ok(participant::find(source, id).await?.and_then(|found| found.value.account_id))
}

/// How one member is seen in a network that stands at this place.
///
/// # Errors
/// When the database refuses.
pub(super) async fn seen(
    source: &impl Source,
    (network, place): (&Network, &Place),
    membership: &Membership,
    caller: &Caller,
) -> Result<Seen, Failure> {
    let mut found = all_seen(source, (network, place), &[membership], caller).await?;
    found.remove(&membership.id).ok_or_else(|| Failure::Broken(format!("nothing is seen of {}", membership.id)))
}

/// How members are seen in a network that stands at this place, by membership.
///
/// # Errors
/// When the database refuses.
pub(super) async fn all_seen(
    source: &impl Source,
    (network, place): (&Network, &Place),
    memberships: &[&Membership],
    caller: &Caller,
) -> Result<HashMap<Uuid, Seen>, Failure> {
    let ids: Vec<Uuid> = memberships.iter().filter_map(|one| person_of(one.member)).collect();
    let persons = participant::by_id(source, &ids).await?;
    let speaking = Speaking::of(source, caller).await?;
    let room = (network.host_id, place.council);
    let mut found = HashMap::new();
    for one in memberships {
        let person = person_of(one.member).and_then(|id| persons.get(&id));
        let spoken_for = speaking.speaks_for(one.member, person, room);
        let also = if spoken_for { place.also.with(Standing::Participant) } else { place.also };
        let known = |person: &&Participant| person.account_id.is_some() && person.account_id == one.account_id;
        let participants = person.filter(|person| !place.council || known(person)).map(|person| person.id);
        let place = Place { participants: participants.into_iter().collect(), also, ..place.clone() };
        let apart = |person: &Participant| person.account_id.is_some() || person.organisation_id != network.host_id;
        let own_voice = person.is_none_or(apart);
        found.insert(one.id, Seen { place, own_voice });
    }
    Ok(found)
}
