//! Who looks at feedback, and from where: what they see of it follows.

use std::collections::{HashMap, HashSet};

use klankbord_domain::Refusal;
use klankbord_domain::feedback::{Addressee, Author, Feedback as Domain, FeedbackStatus, Mover, allowed};
use klankbord_domain::participants::Participant;
use klankbord_domain::policy::{Caller, Operation, Place, Roles, Standing};
use klankbord_persistence::feedback::sight::{Rooms, Sight};
use klankbord_persistence::feedback::{entry, response, support};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::participant;
use klankbord_persistence::{Failure, Source, Stored};
use uuid::Uuid;

use super::wire::{self, Feedback};
use crate::web::text::to_wire_or_none;
use crate::web::{Call, Problem};

/// Who speaks for an organisation.
const SPEAK_FOR_ORGANISATION: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Client];
/// Who speaks for a network, and answers for it.
pub(super) const LEAD_NETWORK: &[Standing] = &[Standing::Coordinator, Standing::Chair, Standing::Secretary];
/// Who answers, and so is told who the author is.
const ANSWER: &[Standing] = &[
    Standing::Officer,
    Standing::Manager,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
];
/// Who sees all that was sent to a network.
const OVERSEE_NETWORK: &[Standing] =
    &[Standing::Coordinator, Standing::Chair, Standing::Secretary, Standing::Moderator];
/// Who is in a network's room.
const IN_THE_ROOM: &[Standing] = &[Standing::Member, Standing::Observer, Standing::Facilitator, Standing::Supporter];

/// Somebody who looks at feedback.
pub(super) struct Viewer {
    pub(super) caller: Caller,
    /// The persons that they are, in different organisations, or the one for whom they act.
    pub(super) persons: Vec<Participant>,
    pub(super) sight: Sight,
}

/// What somebody is to one piece of feedback.
pub(super) struct Seen {
    /// Where it stands: what is addressed to a network is that network's alone.
    pub(super) place: Place,
    /// What they are towards that place.
    pub(super) roles: Roles,
    /// They are its author, speak for it, or recorded it and still may.
    pub(super) author: bool,
}

/// Somebody else whose words are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Other {
    /// The organisation that keeps them.
    pub(super) organisation: Uuid,
    /// The person who wrote them.
    pub(super) person: Uuid,
    /// To whom.
    pub(super) addressee: Addressee,
}

impl Viewer {
    /// From where this caller looks.
    pub(super) async fn of(source: &impl Source, caller: &Caller) -> Result<Self, Failure> {
        let persons: Vec<Participant> = match (caller.acting_for.or(caller.by_code), caller.account) {
            (Some(person), _) => {
                participant::find(source, person).await?.map(|found| found.value).into_iter().collect()
            }
            (None, Some(account)) => participant::of_account(source, account).await?,
            (None, None) => Vec::new(),
        };
        let within = async |standings| network::reach(source, caller.networks_of(standings)).await;
        let sight = Sight {
            recorder: caller.actor(),
            persons: persons.iter().map(|person| person.id).collect(),
            speaks_for: Rooms {
                organisations: caller.organisations_of(SPEAK_FOR_ORGANISATION),
                networks: within(LEAD_NETWORK).await?,
            },
            answers_in: Rooms {
                organisations: caller.organisations_of(SPEAK_FOR_ORGANISATION),
                networks: within(OVERSEE_NETWORK).await?,
            },
            near: Rooms {
                organisations: persons.iter().map(|person| person.organisation_id).collect(),
                networks: within(IN_THE_ROOM).await?,
            },
        };
        Ok(Self { caller: caller.clone(), persons, sight })
    }

    /// Where they answer, without where they only moderate.
    pub(super) async fn answers_in(&self, source: &impl Source) -> Result<Rooms, Failure> {
        let networks = network::reach(source, self.caller.networks_of(LEAD_NETWORK)).await?;
        Ok(Rooms { organisations: self.sight.answers_in.organisations.clone(), networks })
    }

    fn is_near(&self, feedback: &Domain) -> bool {
        match feedback.addressee {
            Addressee::Organisation(id) => self.sight.near.organisations.contains(&id),
            Addressee::Network(id) => self.sight.near.networks.contains(&id),
        }
    }

    fn towards(&self, place: Place, feedback: &Domain, own: &HashSet<Uuid>) -> Seen {
        let roles = place.roles_of(&self.caller);
        Seen { place, roles, author: own.contains(&feedback.id) }
    }

    /// Reads feedback that they may know of; that others' words are read is
    /// written down.
    pub(super) async fn read<O: Operation>(call: &Call<O>) -> Result<(Self, Seen, Stored<Domain>), Problem> {
        let found = entry::find(call.reader(), call.id("feedbackId")?).await?.ok_or(Refusal::Hidden)?;
        let viewer = Self::of(call.reader(), call.caller()).await?;
        let seen = viewer.look(call.reader(), &found.value).await?;
        call.authorise(&seen.place)?;
        if let Some(Other { organisation, person, addressee: _ }) = viewer.others(&found.value) {
            call.witness(organisation, (entry::KIND, found.value.id), vec![person]).await?;
        }
        Ok((viewer, seen, found))
    }

    /// What they are to it, when they may know of it.
    pub(super) async fn look(&self, source: &impl Source, feedback: &Domain) -> Result<Seen, Failure> {
        let mut places = places(source, [feedback.addressee].into_iter()).await?;
        let own = entry::own(source, &[feedback.id], &self.sight).await?;
        let seen = self.towards(places.remove(&feedback.addressee).unwrap_or_default(), feedback, &own);
        if feedback.may_be_seen(seen.author, seen.roles, self.is_near(feedback)) {
            Ok(seen)
        } else {
            Err(Refusal::Hidden.into())
        }
    }

    /// The person who wrote it, when that is somebody else.
    pub(super) fn others(&self, feedback: &Domain) -> Option<Other> {
        match feedback.author {
            Author::Participant(person) if !self.sight.persons.contains(&person) => {
                Some(Other { organisation: feedback.organisation_id, person, addressee: feedback.addressee })
            }
            Author::Participant(_) | Author::Organisation(_) | Author::Network(_) => None,
        }
    }
}

impl Seen {
    /// Who moves it.
    pub(super) fn mover<'r>(&self, reason: Option<&'r str>) -> Mover<'r> {
        Mover { roles: self.roles, author: self.author, reason }
    }

    /// Whether they are told who the author is: those who answer, and the author.
    pub(super) fn knows_author(&self) -> bool {
        self.author || self.roles.has_any(ANSWER)
    }
}

/// Where feedback stands, for who may know of it, and which operations are kept from
/// them though their roles allow them: its content is its author's.
///
/// # Errors
/// 404 for who may not know of it.
pub(crate) async fn place(
    source: &impl Source,
    caller: &Caller,
    id: Uuid,
) -> Result<(Place, Vec<&'static str>), Failure> {
    let found = entry::find(source, id).await?.ok_or(Refusal::Hidden)?;
    let seen = Viewer::of(source, caller).await?.look(source, &found.value).await?;
    let moves = !allowed(&found.value, &seen.mover(None)).is_empty();
    let may = [
        ("updateFeedback", seen.author),
        ("deleteFeedback", seen.author),
        ("createFeedbackTransition", moves),
        ("createSupport", !seen.author),
    ];
    Ok((seen.place, may.into_iter().filter(|(_, may)| !may).map(|(operation, _)| operation).collect()))
}

/// Where feedback stands, by its addressee.
pub(super) async fn places(
    source: &impl Source,
    found: impl Iterator<Item = Addressee>,
) -> Result<HashMap<Addressee, Place>, Failure> {
    let mut places = HashMap::new();
    let mut wanted = Vec::new();
    for addressee in found {
        match addressee {
            Addressee::Organisation(id) => drop(places.insert(addressee, Place::of_organisation(id))),
            Addressee::Network(id) => wanted.push(id),
        }
    }
    let networks = network::find_all(source, &wanted).await?;
    let standing = network::places(source, networks.iter().map(|network| &network.value)).await?;
    for (network, place) in networks.iter().zip(standing) {
        let alone = Place { organisation: None, partners: Vec::new(), ..place };
        places.insert(Addressee::Network(network.value.id), alone);
    }
    Ok(places)
}

/// Feedback as this viewer sees it.
pub(super) async fn views(
    source: &impl Source,
    viewer: &Viewer,
    found: Vec<Stored<Domain>>,
) -> Result<Vec<Feedback>, Failure> {
    let ids: Vec<Uuid> = found.iter().map(|feedback| feedback.value.id).collect();
    let places = places(source, found.iter().map(|feedback| feedback.value.addressee)).await?;
    let supporters = support::counts(source, &ids).await?;
    let responses = response::newest(source, &ids).await?;
    let authored = entry::own(source, &ids, &viewer.sight).await?;
    let own = support::of_persons(source, &ids, &viewer.sight.persons).await?;
    let one = |stored: Stored<Domain>| {
        let id = stored.value.id;
        let place = places.get(&stored.value.addressee).cloned().unwrap_or_default();
        let mut view = view(stored.clone(), &viewer.towards(place, &stored.value, &authored));
        view.supporters = supporters.get(&id).copied().unwrap_or_default();
        view.support_id = own.iter().find(|support| support.feedback_id == id).map(|support| support.id);
        view.official_response = responses.iter().find(|response| response.feedback_id == id).cloned().map(Into::into);
        view
    };
    Ok(found.into_iter().map(one).collect())
}

/// One piece of feedback as this viewer sees it.
pub(super) async fn view_of(source: &impl Source, viewer: &Viewer, found: Stored<Domain>) -> Result<Feedback, Failure> {
    let view = views(source, viewer, vec![found]).await?.pop();
    view.ok_or_else(|| Failure::Broken("feedback without a view".to_owned()))
}

fn view(stored: Stored<Domain>, seen: &Seen) -> Feedback {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let mut content = wire::content(&value);
    let told = seen.knows_author();
    if !told && matches!(value.author, Author::Participant(_)) {
        content.author = None;
    }
    Feedback {
        id: value.id,
        organisation_id: value.organisation_id,
        content,
        recorded_by: value.recorded_by.filter(|_| told),
        removed: value.removed,
        status: value.status,
        allowed_transitions: allowed(&value, &seen.mover(None)).into_iter().map(FeedbackStatus::code).collect(),
        supporters: 0,
        support_id: None,
        received_at: value.received_at,
        answer_due_on: value.answer_due_on,
        official_response: None,
        merged_into_id: value.merged_into,
        outcome: to_wire_or_none(value.outcome.as_ref()),
        created_at,
        updated_at,
        etag: None,
    }
}
