//! Who takes part in networks, as far as counting needs it.

use std::collections::BTreeMap;

use klankbord_domain::networks::MemberFacts;
use klankbord_domain::participants::Member;
use uuid::Uuid;

use crate::participants::{membership, participant};
use crate::store::{Failure, Source};

/// The facts of the persons who take part in each of these networks now;
/// organisations and networks as members don't count. Every network that was
/// asked for is in the map.
///
/// # Errors
/// When the database refuses.
pub async fn facts(source: &impl Source, networks: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<MemberFacts>>, Failure> {
    let mut found: BTreeMap<Uuid, Vec<MemberFacts>> = networks.iter().map(|id| (*id, Vec::new())).collect();
    let active = membership::active_in(source, networks).await?;
    let persons = active.iter().filter_map(|one| match one.member {
        Member::Participant(id) => Some((id, one)),
        Member::Organisation(_) | Member::Network(_) => None,
    });
    let ids: Vec<Uuid> = persons.clone().map(|(id, _)| id).collect();
    let known = participant::by_id(source, &ids).await?;
    for (id, membership) in persons {
        let (Some(person), Some(list)) = (known.get(&id), found.get_mut(&membership.network_id)) else { continue };
        let perspective = membership.perspective;
        list.push(MemberFacts { perspective, expertise: person.expertise.clone(), age: person.age() });
    }
    Ok(found)
}
