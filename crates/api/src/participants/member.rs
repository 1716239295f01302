//! What somebody is to a membership: by their roles in its network, by being the
//! member, or by speaking for it.

use std::collections::HashMap;

use klankbord_domain::networks::Network;
use klankbord_domain::participants::{Member, Participant};
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
pub(super) fn person_of(member: Member) -> Option<Uuid> {
    match member {
        Member::Participant(id) => Some(id),
        Member::Organisation(_) | Member::Network(_) => None,
    }
}

/// How one member is seen in a network that stands at this place.
///
/// # Errors
/// When the database refuses.
pub(super) async fn seen(
    source: &impl Source,
    (network, place): (&Network, &Place),
    member: Member,
    caller: &Caller,
) -> Result<Seen, Failure> {
    let mut found = all_seen(source, (network, place), &[member], caller).await?;
    found.remove(&member).ok_or_else(|| Failure::Broken(format!("nothing is seen of {member:?}")))
}

/// How members are seen in a network that stands at this place.
///
/// # Errors
/// When the database refuses.
pub(super) async fn all_seen(
    source: &impl Source,
    (network, place): (&Network, &Place),
    members: &[Member],
    caller: &Caller,
) -> Result<HashMap<Member, Seen>, Failure> {
    let ids: Vec<Uuid> = members.iter().filter_map(|member| person_of(*member)).collect();
    let persons = participant::by_id(source, &ids).await?;
    let speaking = Speaking::of(source, caller).await?;
    let room = (network.host_id, place.council);
    let mut found = HashMap::new();
    for member in members {
        let person = person_of(*member).and_then(|id| persons.get(&id));
        let spoken_for = speaking.speaks_for(*member, person, room);
        let also = if spoken_for { place.also.with(Standing::Participant) } else { place.also };
        let participants = person_of(*member).into_iter().collect();
        let place = Place { participants, also, ..place.clone() };
        let apart = |one: &Participant| one.account_id.is_some() || one.organisation_id != network.host_id;
        found.insert(*member, Seen { place, own_voice: person.is_none_or(apart) });
    }
    Ok(found)
}
