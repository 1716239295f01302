//! Reads of persons by others are witnessed in the audit trail.

use std::collections::BTreeMap;

use klankbord_domain::participants::operations::READERS;
use klankbord_domain::policy::{Operation, Place, Standing};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::participant;
use uuid::Uuid;

use crate::web::{Call, Problem};

/// Of these persons, those that the caller is not.
pub(super) fn others<O: Operation>(call: &Call<O>, persons: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let own = call.caller().persons_as(Standing::Participant);
    persons.filter(|person| !own.contains(person)).collect()
}

/// Writes down that the caller read these persons' data, registered by these
/// organisations; one's own doesn't count.
///
/// # Errors
/// When it can't be written down: then nothing is shown.
pub(super) async fn witness_page<O: Operation>(
    call: &Call<O>,
    persons: impl Iterator<Item = (Uuid, Uuid)>,
) -> Result<(), Problem> {
    let own = call.caller().persons_as(Standing::Participant);
    let mut by_organisation: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (organisation, person) in persons.filter(|(_, person)| !own.contains(person)) {
        by_organisation.entry(organisation).or_default().push(person);
    }
    for (organisation, persons) in by_organisation {
        note_room(call, organisation).await?;
        call.witness(organisation, ("organisation", organisation), persons).await?;
    }
    Ok(())
}

/// Writes down that the caller looked for somebody in this organisation, and found
/// nobody: that, too, says something about whoever was looked for.
///
/// # Errors
/// When it can't be written down: then nothing is shown.
pub(super) async fn witness_nobody<O: Operation>(call: &Call<O>, organisation: Uuid) -> Result<(), Problem> {
    note_room(call, organisation).await?;
    call.witness(organisation, ("organisation", organisation), Vec::new()).await
}

/// Writes down that the caller read this person's data, unless it is their own.
///
/// # Errors
/// When it can't be written down: then nothing is shown.
pub(super) async fn witness_one<O: Operation>(call: &Call<O>, organisation: Uuid, person: Uuid) -> Result<(), Problem> {
    let subjects = others(call, std::iter::once(person));
    if subjects.is_empty() {
        return Ok(());
    }
    note_room(call, organisation).await?;
    call.witness(organisation, (participant::KIND, person), subjects).await
}

/// Whoever reads persons by a role in a council, and by none in the organisation
/// that registered them, reads them in the council's room: that they are in the
/// council isn't the organisation's to know.
async fn note_room<O: Operation>(call: &Call<O>, organisation: Uuid) -> Result<(), Problem> {
    if call.caller().organisations_of(READERS).contains(&organisation) {
        return Ok(());
    }
    let networks = network::find_all(call.reader(), &call.caller().networks_of(READERS)).await?;
    let places = network::places(call.reader(), networks.iter().map(|found| &found.value)).await?;
    call.in_room(places.iter().find_map(Place::room));
    Ok(())
}
