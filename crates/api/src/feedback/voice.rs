//! Who brings feedback to whom: that the one may speak, and that it is their
//! place to do so.

use klankbord_domain::feedback::{Addressee, Author, Feedback as Domain};
use klankbord_domain::networks::{Network, NetworkStatus};
use klankbord_domain::participants::{Member, Participant};
use klankbord_domain::policy::{Place, SPEAKERS};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::networks::network;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::{membership, participant};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::viewer::{LEAD_NETWORK, Viewer};
use super::wire::FeedbackCreate;

/// Who brings it, to whom.
pub(super) struct Voice {
    pub(super) addressee: Addressee,
    /// The organisation that has to deal with it.
    pub(super) organisation: Uuid,
    pub(super) author: Author,
    /// The account, or the client, that writes it down for a person.
    pub(super) recorded_by: Option<Uuid>,
    /// The council in whose room it is brought: the author's, else the one addressed.
    pub(super) room: Option<Uuid>,
}

/// The place addressed.
struct Room {
    addressee: Addressee,
    organisation: Uuid,
    network: Option<Network>,
    place: Place,
}

impl Voice {
    /// That of feedback which is there already.
    pub(super) fn of_feedback(feedback: &Domain) -> Self {
        let Domain { addressee, organisation_id, author, recorded_by, .. } = feedback.clone();
        Self { addressee, organisation: organisation_id, author, recorded_by, room: None }
    }
}

/// The voice in which the caller may bring this. Somebody whom the caller can't
/// speak for, and a place to which they have no tie, are as unknown as any.
pub(super) async fn of(tx: &Tx, viewer: &Viewer, new: &FeedbackCreate) -> Result<Voice, Failure> {
    let room = Room::find(tx, viewer, new.addressee.domain()).await?;
    let author = match &new.author {
        None => None,
        Some(author) => Some((author.domain(), speaker(tx, viewer, room.as_ref(), author.domain()).await?)),
    };
    let unknown = |pointer: &str| Refusal::invalid(pointer, "reference.unknown");
    let (room, author, recorded_by) = match (room, author) {
        (Some(room), Some((author, Some(recorder)))) => (room, author, recorder.0),
        (Some(room), None) => {
            let author = own_person(tx, viewer, &room).await?;
            (room, Author::Participant(author), None)
        }
        (Some(_), Some((_, None))) => return Err(unknown("/author/id").into()),
        (None, Some((_, None))) => {
            let both = ["/addressee/id", "/author/id"].map(|pointer| Fault::body(pointer, "reference.unknown"));
            return Err(Refusal::Invalid(both.into()).into());
        }
        (None, _) => return Err(unknown("/addressee/id").into()),
    };
    if !room.is_open_to(tx, author).await? {
        return Err(unknown("/addressee/id").into());
    }
    room.may_be_addressed()?;
    let inside = room_of(tx, author).await?.or(room.place.room());
    Ok(Voice { addressee: room.addressee, organisation: room.organisation, author, recorded_by, room: inside })
}

/// The room of the council that speaks here: what it writes is its own until it is sent.
pub(super) async fn room_of(tx: &Tx, author: Author) -> Result<Option<Uuid>, Failure> {
    let Author::Network(id) = author else { return Ok(None) };
    let Some(found) = network::find(tx, id).await? else { return Ok(None) };
    Ok(network::place(tx, &found.value).await?.room())
}

/// Who writes it down: the caller, when they speak for another person.
struct Recorder(Option<Uuid>);

/// Whether the caller may bring something as this author, and who then records it.
async fn speaker(tx: &Tx, viewer: &Viewer, room: Option<&Room>, author: Author) -> Result<Option<Recorder>, Failure> {
    let speaks_for = &viewer.sight.speaks_for;
    Ok(match author {
        Author::Participant(id) if viewer.sight.persons.contains(&id) => Some(Recorder(None)),
        Author::Participant(id) => {
            let may = may_record(tx, viewer, room, id).await?;
            may.then_some(Recorder(viewer.caller.actor()))
        }
        Author::Organisation(id) => speaks_for.organisations.contains(&id).then_some(Recorder(None)),
        Author::Network(id) => speaks_for.networks.contains(&id).then_some(Recorder(None)),
    })
}

/// Whether the caller writes down what this person says: who registered them,
/// or leads a network in which they take part. What is brought to a council
/// only the council's own people write down.
async fn may_record(tx: &Tx, viewer: &Viewer, room: Option<&Room>, id: Uuid) -> Result<bool, Failure> {
    let Some(person) = participant::find(tx, id).await? else { return Ok(false) };
    let led = &viewer.sight.speaks_for.networks;
    let to_council =
        room.is_some_and(|room| room.place.council && !room.place.roles_of(&viewer.caller).has_any(LEAD_NETWORK));
    if to_council {
        return Ok(false);
    }
    if viewer.caller.organisations_of(SPEAKERS).contains(&person.value.organisation_id) {
        return Ok(true);
    }
    let memberships = membership::of_participants(tx, &[id]).await?;
    Ok(memberships.iter().any(|one| one.status.takes_part() && led.contains(&one.network_id)))
}

/// The caller's own person in this place: who takes part in it, else who is
/// known to the organisation.
async fn own_person(tx: &Tx, viewer: &Viewer, room: &Room) -> Result<Uuid, Failure> {
    let mut found: Option<&Participant> = None;
    for person in &viewer.persons {
        if let Addressee::Network(id) = room.addressee
            && membership::takes_part(tx, id, Member::Participant(person.id)).await?
        {
            return Ok(person.id);
        }
        if person.organisation_id == room.organisation {
            found = Some(person);
        }
    }
    let known = room.place.roles_of(&viewer.caller) != klankbord_domain::policy::Roles::NONE;
    match found {
        Some(person) => Ok(person.id),
        None if known => Err(Refusal::invalid("/author", "feedback.author_missing").into()),
        None => Err(Refusal::invalid("/addressee/id", "reference.unknown").into()),
    }
}

impl Room {
    /// The place addressed, where the caller may know of it.
    async fn find(tx: &Tx, viewer: &Viewer, addressee: Addressee) -> Result<Option<Self>, Failure> {
        match addressee {
            Addressee::Organisation(id) => {
                let found = organisation::find(tx, id).await?;
                let place = Place::of_organisation(id);
                Ok(found.map(|_| Self { addressee, organisation: id, network: None, place }))
            }
            Addressee::Network(id) => {
                let Some(found) = network::find(tx, id).await? else { return Ok(None) };
                let network = found.value;
                let place = network::place(tx, &network).await?;
                let seen = network.may_be_seen(&viewer.caller, &place);
                let organisation = network.host_id;
                Ok(seen.then_some(Self { addressee, organisation, network: Some(network), place }))
            }
        }
    }

    /// Whether this author has a tie to it: a person who is known there, an
    /// organisation that hosts, joins or takes part in the network, or a
    /// network whose host does. Organisations are open to each other's voice.
    async fn is_open_to(&self, tx: &Tx, author: Author) -> Result<bool, Failure> {
        match (&self.network, author) {
            (_, Author::Participant(id)) => {
                let person = participant::find(tx, id).await?;
                let known = person.is_some_and(|person| person.value.organisation_id == self.organisation);
                Ok(known || self.has_member(tx, Member::Participant(id)).await?)
            }
            (None, Author::Organisation(_) | Author::Network(_)) => Ok(true),
            (Some(network), Author::Organisation(id)) => {
                Ok(joins(network, id) || self.has_member(tx, Member::Organisation(id)).await?)
            }
            (Some(network), Author::Network(id)) => {
                let other = network::find(tx, id).await?;
                let joined = other.is_some_and(|other| joins(network, other.value.host_id));
                Ok(joined || self.has_member(tx, Member::Network(id)).await?)
            }
        }
    }

    async fn has_member(&self, tx: &Tx, member: Member) -> Result<bool, Failure> {
        match self.addressee {
            Addressee::Network(id) => membership::takes_part(tx, id, member).await,
            Addressee::Organisation(_) => Ok(false),
        }
    }

    fn may_be_addressed(&self) -> Result<(), Refusal> {
        match self.network.as_ref().map(|network| network.status) {
            Some(NetworkStatus::Closed) => Err(Refusal::Conflict("network.closed")),
            Some(NetworkStatus::Draft | NetworkStatus::Active | NetworkStatus::Dormant) | None => Ok(()),
        }
    }
}

fn joins(network: &Network, organisation: Uuid) -> bool {
    network.host_id == organisation || network.partners.contains(&organisation)
}
