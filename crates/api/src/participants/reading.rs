//! Reads of persons by others are witnessed in the audit trail.

use std::collections::{BTreeMap, HashMap};

use klankbord_domain::networks::Network;
use klankbord_domain::participants::Member;
use klankbord_domain::participants::operations::READERS;
use klankbord_domain::policy::{Operation, Place, Standing};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::{membership, participant};
use uuid::Uuid;

use crate::web::{Call, Problem};

/// Of these persons, those that the caller is not.
pub(crate) fn others<O: Operation>(call: &Call<O>, persons: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let own = call.caller().persons_as(Standing::Participant);
    persons.filter(|person| !own.contains(person)).collect()
}

/// Writes down that the caller read these persons' data, registered by these
/// organisations; one's own doesn't count.
///
/// # Errors
/// When it can't be written down: then nothing is shown.
pub(crate) async fn witness_page<O: Operation>(
    call: &Call<O>,
    persons: impl Iterator<Item = (Uuid, Uuid)>,
) -> Result<(), Problem> {
    let own = call.caller().persons_as(Standing::Participant);
    let persons: Vec<(Uuid, Uuid)> = persons.filter(|(_, person)| !own.contains(person)).collect();
    let rooms = rooms_of(call, &persons).await?;
    let mut read: BTreeMap<(Uuid, Option<Uuid>), Vec<Uuid>> = BTreeMap::new();
    for (organisation, person) in persons {
        read.entry((organisation, rooms.get(&person).copied())).or_default().push(person);
    }
    for ((organisation, room), persons) in read {
        call.witness_in(room, Some(organisation), ("organisation", organisation), persons).await?;
    }
    Ok(())
}

/// Writes down that the caller looked for somebody in this organisation, and found
/// nobody: that, too, says something about whoever was looked for.
///
/// # Errors
/// When it can't be written down: then nothing is shown.
pub(super) async fn witness_nobody<O: Operation>(call: &Call<O>, organisation: Uuid) -> Result<(), Problem> {
    let within = if reads_in(call, organisation) { Vec::new() } else { read_by_role(call).await? };
    let there = within.iter().filter(|(network, _)| network.host_id == organisation);
    let rooms: Option<Vec<Uuid>> = there.map(|(_, room)| *room).collect();
    let room = rooms.and_then(|rooms| rooms.first().copied());
    call.witness_in(room, Some(organisation), ("organisation", organisation), Vec::new()).await
}

/// Writes down that the caller read this person's data, unless it is their own.
///
/// # Errors
/// When it can't be written down: then nothing is shown.
pub(crate) async fn witness_one<O: Operation>(call: &Call<O>, organisation: Uuid, person: Uuid) -> Result<(), Problem> {
    let subjects = others(call, std::iter::once(person));
    if subjects.is_empty() {
        return Ok(());
    }
    let room = rooms_of(call, &[(organisation, person)]).await?.get(&person).copied();
    call.witness_in(room, Some(organisation), (participant::KIND, person), subjects).await
}

/// Whether the caller reads the persons whom this organisation registered.
fn reads_in<O: Operation>(call: &Call<O>, organisation: Uuid) -> bool {
    call.caller().organisations_of(READERS).contains(&organisation)
}

/// The networks in which the caller reads persons by a role there, each with the
/// room that it is in.
async fn read_by_role<O: Operation>(call: &Call<O>) -> Result<Vec<(Network, Option<Uuid>)>, Problem> {
    let led = network::reach(call.reader(), call.caller().networks_of(READERS)).await?;
    let networks = network::find_all(call.reader(), &led).await?;
    let places = network::places(call.reader(), networks.iter().map(|found| &found.value)).await?;
    Ok(networks.into_iter().map(|found| found.value).zip(places.iter().map(Place::room)).collect())
}

/// The councils in whose rooms the caller reads these persons, each after the
/// organisation that registered them. Whoever reads somebody by a role in a
/// council, and by none elsewhere, reads them in its room: that they are in the
/// council isn't the organisation's to know.
async fn rooms_of<O: Operation>(call: &Call<O>, persons: &[(Uuid, Uuid)]) -> Result<HashMap<Uuid, Uuid>, Problem> {
    let by_role = persons.iter().filter(|(organisation, _)| !reads_in(call, *organisation));
    let ids: Vec<Uuid> = by_role.map(|(_, person)| *person).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let led: HashMap<Uuid, Option<Uuid>> =
        read_by_role(call).await?.into_iter().map(|(network, room)| (network.id, room)).collect();
    let mut rooms: HashMap<Uuid, Option<Uuid>> = HashMap::new();
    for one in membership::of_participants(call.reader(), &ids).await? {
        let (Member::Participant(person), Some(room)) = (one.member, led.get(&one.network_id)) else { continue };
        if !one.status.is_over() {
            rooms.entry(person).and_modify(|known| *known = known.and(*room)).or_insert(*room);
        }
    }
    Ok(rooms.into_iter().filter_map(|(person, room)| Some((person, room?))).collect())
}
