//! Networks and their lifecycle.

use uuid::Uuid;

use super::{NetworkKind, Perspective, Seats};
use crate::cells::ORGANISATION_MINIMUM;
use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::organisations::partner_faults;
use crate::policy::{Caller, Place, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a network stands.
    NetworkStatus {
        /// Being prepared; outsiders don't see it.
        Draft => "draft",
        /// At work.
        Active => "active",
        /// Resting.
        Dormant => "dormant",
        /// Over for good.
        Closed => "closed",
    }
}

/// Who leads a network; in a council only the chair.
const LEADERS: &[Standing] = &[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair];

/// Who is in the room: they know of a network while it is a draft.
pub const INSIDERS: &[Standing] = &[
    Standing::Manager,
    Standing::Client,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Moderator,
    Standing::Member,
    Standing::Observer,
    Standing::Chair,
    Standing::Secretary,
    Standing::Supporter,
];

impl Lifecycle for NetworkStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Active, by: LEADERS, reason: Reason::Optional },
        Move { from: Self::Draft, to: Self::Closed, by: LEADERS, reason: Reason::Optional },
        Move { from: Self::Active, to: Self::Dormant, by: LEADERS, reason: Reason::Optional },
        Move { from: Self::Active, to: Self::Closed, by: LEADERS, reason: Reason::Optional },
        Move { from: Self::Dormant, to: Self::Active, by: LEADERS, reason: Reason::Optional },
        Move { from: Self::Dormant, to: Self::Closed, by: LEADERS, reason: Reason::Optional },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

/// How many people a network hopes for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositionTarget {
    /// Of which perspectives, taken together.
    pub perspectives: Vec<Perspective>,
    /// How old they are at least. Years.
    pub least_age: Option<i32>,
    /// How many. Persons.
    pub target: i32,
}

/// People who participate together (netwerk).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its id.
    pub id: Uuid,
    /// The organisation that hosts and owns it.
    pub host_id: Uuid,
    /// The programme that it hangs under.
    pub programme_id: Option<Uuid>,
    /// The network that it stands under.
    pub parent_id: Option<Uuid>,
    /// The programme's pillar that it works on.
    pub pillar_id: Option<Uuid>,
    /// What kind of group it is.
    pub kind: NetworkKind,
    /// Its name.
    pub name: Texts,
    /// What it is for.
    pub purpose: Texts,
    /// The story that it tells of itself (kernverhaal).
    pub core_story: Option<Texts>,
    /// The organisations that take part.
    pub partners: Vec<Uuid>,
    /// Texts to its people need a variant in plain language.
    pub plain_language_required: bool,
    /// A higher minimum than the installation's for figures. Persons.
    pub least_group: Option<i32>,
    /// How often somebody in it may be asked at most, within the installation's window. Times.
    pub ask_ceiling: Option<i32>,
    /// It chose to publish its composition as it is.
    pub publish_composition: bool,
    /// Whom it hopes for.
    pub targets: Vec<CompositionTarget>,
    /// How it is manned.
    pub seats: Seats,
    /// Where it stands.
    pub status: NetworkStatus,
    /// Whether it ever was at work; until then it is its room's alone to know.
    pub started: bool,
}

/// A network above another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Above {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: NetworkKind,
}

/// The oldest age that a target can ask. Years.
const OLDEST: i32 = 120;

impl Network {
    /// What is wrong with it, all at once: `partner.is_host`,
    /// `partner.repeated`, `network.own_parent`,
    /// `network.pillar_needs_programme`, `network.least_group_too_low`,
    /// `target.perspectives_empty`, `target.perspective_repeated`,
    /// `target.least_age_out_of_range`, `target.not_positive`, `seat.name_blank`,
    /// `seat.repeated`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = partner_faults(self.host_id, &self.partners);
        if self.parent_id == Some(self.id) {
            faults.push(Fault::body("/parentId", "network.own_parent"));
        }
        if self.pillar_id.is_some() && self.programme_id.is_none() {
            faults.push(Fault::body("/pillarId", "network.pillar_needs_programme"));
        }
        if self.least_group.is_some_and(|least| i64::from(least) < ORGANISATION_MINIMUM) {
            faults.push(Fault::body("/leastGroup", "network.least_group_too_low"));
        }
        for (index, target) in self.targets.iter().enumerate() {
            let prefix = format!("/targets/{index}");
            faults.extend(target.check().into_iter().map(|fault| fault.under(&prefix)));
        }
        faults.extend(self.seats.check());
        faults
    }

    /// What is wrong with where it hangs: `network.parent_loops` where it is
    /// among the networks above its own parent (the parent first).
    pub fn check_tree(&self, above: &[Above]) -> Vec<Fault> {
        let loops = above.iter().any(|network| network.id == self.id);
        if loops { vec![Fault::body("/parentId", "network.parent_loops")] } else { Vec::new() }
    }

    /// Where it stands for the policy, given the networks above it (the parent
    /// first). Roles reach from a network into the working groups under it,
    /// and no further; a working group of a council is in the council's room,
    /// and one whose parent isn't given is taken to be in one.
    pub fn place(&self, above: &[Above]) -> Place {
        let unknown_parent = self.kind == NetworkKind::WorkingGroup
            && self.parent_id.is_some()
            && self.parent_id != above.first().map(|parent| parent.id);
        let mut networks = vec![self.id];
        let mut kind = self.kind;
        for parent in above {
            if kind != NetworkKind::WorkingGroup {
                break;
            }
            networks.push(parent.id);
            kind = parent.kind;
        }
        Place {
            organisation: Some(self.host_id),
            partners: self.partners.clone(),
            networks,
            council: kind.is_council() || unknown_parent,
            ..Place::default()
        }
    }

    /// Whether the caller may know of it: everybody with an account once it was
    /// set to work; before, and where it never was, only who is in the room, and
    /// its host's managers, who name a council's first chair.
    pub fn may_be_seen(&self, caller: &Caller, place: &Place) -> bool {
        if self.started {
            return caller.is_known();
        }
        let host = caller.organisations_of(&[Standing::Manager]).contains(&self.host_id);
        host || place.roles_of(caller).has_any(INSIDERS)
    }

    /// The same network after a move to this state.
    #[must_use]
    pub fn moved(self, status: NetworkStatus) -> Self {
        let started = match status {
            NetworkStatus::Active | NetworkStatus::Dormant => true,
            NetworkStatus::Draft | NetworkStatus::Closed => self.started,
        };
        Self { status, started, ..self }
    }

    /// Whether anything about it or its members may still change.
    ///
    /// # Errors
    /// `network.closed` (409).
    pub fn may_change(&self) -> Result<(), Refusal> {
        match self.status {
            NetworkStatus::Draft | NetworkStatus::Active | NetworkStatus::Dormant => Ok(()),
            NetworkStatus::Closed => Err(Refusal::Conflict("network.closed")),
        }
    }

    /// Whether it may be deleted: only a draft.
    ///
    /// # Errors
    /// `network.not_draft` (409).
    pub fn may_be_deleted(&self) -> Result<(), Refusal> {
        match self.status {
            NetworkStatus::Draft => Ok(()),
            NetworkStatus::Active | NetworkStatus::Dormant | NetworkStatus::Closed => {
                Err(Refusal::Conflict("network.not_draft"))
            }
        }
    }

    /// Decides whether its content may become that of `new`; id, host and
    /// status stay as they are. `above` are the networks above the old one and
    /// above the new one. A network never leaves or enters a council's room,
    /// or who is kept out could let themselves in; and once figures may have
    /// been seen, its own minimum only rises.
    ///
    /// # Errors
    /// The faults of [`Self::check`] and [`Self::check_tree`],
    /// `network.kind_fixed`, `network.room_fixed`, `network.least_group_lowered`
    /// (400); `network.closed` (409).
    pub fn change(&self, new: Self, above: (&[Above], &[Above])) -> Result<Self, Refusal> {
        let new = Self { id: self.id, host_id: self.host_id, status: self.status, started: self.started, ..new };
        let mut faults = new.check();
        faults.extend(new.check_tree(above.1));
        if new.kind.is_council() != self.kind.is_council() {
            faults.push(Fault::body("/kind", "network.kind_fixed"));
        } else if new.place(above.1).council != self.place(above.0).council {
            faults.push(Fault::body("/parentId", "network.room_fixed"));
        }
        if self.status != NetworkStatus::Draft && new.least_group < self.least_group {
            faults.push(Fault::body("/leastGroup", "network.least_group_lowered"));
        }
        Refusal::unless_clean(faults)?;
        self.may_change().map(|()| new)
    }
}

impl CompositionTarget {
    fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.perspectives.is_empty() {
            faults.push(Fault::body("/perspectives", "target.perspectives_empty"));
        }
        faults.extend(Fault::repeated(&self.perspectives, "/perspectives", "target.perspective_repeated"));
        if self.least_age.is_some_and(|age| !(0..=OLDEST).contains(&age)) {
            faults.push(Fault::body("/leastAge", "target.least_age_out_of_range"));
        }
        if self.target < 1 {
            faults.push(Fault::body("/target", "target.not_positive"));
        }
        faults
    }
}
