//! Memberships: who takes part in which network, from which one perspective.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::calendar::reversed;
use crate::lifecycle::{self, Lifecycle, Move, Reason};
use crate::networks::{Network, Perspective, Ring, Rung, agree};
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What somebody does in the network.
    MembershipRole {
        /// Takes part.
        Member => "member",
        /// Pulls it (trekker).
        Lead => "lead",
        /// Chairs a council.
        Chair => "chair",
        /// A council's secretary (ambtelijk secretaris).
        Secretary => "secretary",
        /// Looks on.
        Observer => "observer",
    }
}

vocabulary! {
    /// Where a membership stands.
    MembershipStatus {
        /// Asked to join.
        Invited => "invited",
        /// Asks to join.
        Applied => "applied",
        /// On the waiting list.
        Waiting => "waiting",
        /// Takes part.
        Active => "active",
        /// Said no, or was told no.
        Declined => "declined",
        /// Took part once.
        Ended => "ended",
    }
}

/// Who keeps a network's list of members; in a council only the chair.
const ORGANISERS: &[Standing] = &[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair];
/// The organisers, the person in question, and who represents them in law.
const EITHER: &[Standing] = &[
    Standing::Manager,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Participant,
    Standing::Representative,
];

impl Lifecycle for MembershipStatus {
    // An invitation may be accepted by an organiser as well: many people have
    // no account and say yes by telephone.
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Invited, to: Self::Active, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Invited, to: Self::Declined, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Applied, to: Self::Waiting, by: ORGANISERS, reason: Reason::Optional },
        Move { from: Self::Applied, to: Self::Active, by: ORGANISERS, reason: Reason::Optional },
        Move { from: Self::Applied, to: Self::Declined, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Waiting, to: Self::Active, by: ORGANISERS, reason: Reason::Optional },
        Move { from: Self::Waiting, to: Self::Declined, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Active, to: Self::Ended, by: EITHER, reason: Reason::Required },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

impl MembershipStatus {
    /// Whether somebody with this status takes part now, and so counts in the
    /// composition.
    pub const fn takes_part(self) -> bool {
        match self {
            Self::Active => true,
            Self::Invited | Self::Applied | Self::Waiting | Self::Declined | Self::Ended => false,
        }
    }

    /// Whether it is over, so that nothing about it changes any more and the
    /// same member may come anew.
    pub const fn is_over(self) -> bool {
        match self {
            Self::Declined | Self::Ended => true,
            Self::Invited | Self::Applied | Self::Waiting | Self::Active => false,
        }
    }
}

/// Who is a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Member {
    /// A person.
    Participant(Uuid),
    /// An organisation as such.
    Organisation(Uuid),
    /// A network as such.
    Network(Uuid),
}

/// Somebody's place in a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: Uuid,
    /// The network.
    pub network_id: Uuid,
    /// Who is in it.
    pub member: Member,
    /// The one perspective from which they take part.
    pub perspective: Perspective,
    /// What they do in it.
    pub role: MembershipRole,
    /// How near to the heart they stand.
    pub ring: Option<Ring>,
    /// On which rung of the ladder they stand.
    pub rung: Option<Rung>,
    /// The seat that they fill, for instance that of one location.
    pub seat: Option<String>,
    /// The first day of their term.
    pub term_starts_on: Option<NaiveDate>,
    /// The last day of their term.
    pub term_ends_on: Option<NaiveDate>,
    /// Where it stands.
    pub status: MembershipStatus,
    /// The account that a person had when they were invited, or applied. Inside a
    /// council's room no other account speaks for the person: whoever registered
    /// them could link one of their own later.
    pub account_id: Option<Uuid>,
}

impl Membership {
    /// What is wrong with it in this network, all at once:
    /// `membership.ring_rung_disagree`, `membership.role_needs_council`,
    /// `membership.own_network`, `membership.seat_blank`, `period.reversed`.
    pub fn check(&self, network: &Network) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.member == Member::Network(self.network_id) {
            faults.push(Fault::body("/member", "membership.own_network"));
        }
        let of_a_council = match self.role {
            MembershipRole::Chair | MembershipRole::Secretary => true,
            MembershipRole::Member | MembershipRole::Lead | MembershipRole::Observer => false,
        };
        if of_a_council && !network.kind.is_council() {
            faults.push(Fault::body("/role", "membership.role_needs_council"));
        }
        if !agree(self.ring, self.rung) {
            faults.push(Fault::body("/rung", "membership.ring_rung_disagree"));
        }
        if self.seat.as_deref().is_some_and(|seat| seat.trim().is_empty()) {
            faults.push(Fault::body("/seat", "membership.seat_blank"));
        }
        if reversed(self.term_starts_on, self.term_ends_on) {
            faults.push(Fault::body("/termEndsOn", "period.reversed"));
        }
        faults
    }

    /// The roles that count for a move: who speaks for themself (`own_voice`: a
    /// person with an account, or of another organisation; an organisation and a
    /// network, through who speaks for them) says yes themself, or their own
    /// organisation does for them; an organiser never.
    pub fn counted(&self, to: MembershipStatus, roles: Roles, own_voice: bool) -> Roles {
        let says_yes = self.status == MembershipStatus::Invited && to == MembershipStatus::Active;
        if says_yes && own_voice { roles.without(ORGANISERS) } else { roles }
    }

    /// The states to which somebody with these roles may move it. In a closed
    /// network people still leave; nothing else moves.
    pub fn open_codes(&self, network: &Network, roles: Roles, own_voice: bool) -> Vec<&'static str> {
        let mut open = lifecycle::open_to(self.status, roles);
        open.retain(|to| {
            let mine = lifecycle::open_to(self.status, self.counted(*to, roles, own_voice)).contains(to);
            mine && (to.is_over() || network.may_change().is_ok())
        });
        open.into_iter().map(MembershipStatus::code).collect()
    }

    /// Decides whether this membership may come into being: organisers invite
    /// or note that somebody applied, a person applies. Who speaks for themself
    /// (`own_voice`) applies themself.
    ///
    /// # Errors
    /// The faults of [`Self::check`] and `membership.status_not_initial` (400),
    /// [`Refusal::Forbidden`] for a person who invites themself, or where
    /// somebody who speaks for themself is said to apply (403),
    /// `network.closed` and, where the same member has one that is not over
    /// (`already`), `membership.exists` (409).
    pub fn admit(self, network: &Network, already: bool, (roles, own_voice): (Roles, bool)) -> Result<Self, Refusal> {
        let mut faults = self.check(network);
        let invited = match self.status {
            MembershipStatus::Invited => true,
            MembershipStatus::Applied => false,
            MembershipStatus::Waiting
            | MembershipStatus::Active
            | MembershipStatus::Declined
            | MembershipStatus::Ended => {
                faults.push(Fault::body("/status", "membership.status_not_initial"));
                false
            }
        };
        let applies = self.status == MembershipStatus::Applied;
        let by_another = own_voice && !roles.has_any(&[Standing::Participant, Standing::Representative]);
        if (invited && !roles.has_any(ORGANISERS)) || (applies && by_another) {
            return Err(Refusal::Forbidden);
        }
        Refusal::unless_clean(faults)?;
        network.may_change()?;
        if already { Err(Refusal::Conflict("membership.exists")) } else { Ok(self) }
    }

    /// Decides whether its content may become that of `new`; status, network
    /// and member stay as they are.
    ///
    /// # Errors
    /// The faults of [`Self::check`] and `membership.member_fixed` (400),
    /// `membership.over` (409).
    pub fn change(&self, new: Self, network: &Network) -> Result<Self, Refusal> {
        let mut faults = new.check(network);
        if new.member != self.member || new.network_id != self.network_id {
            faults.push(Fault::body("/member", "membership.member_fixed"));
        }
        Refusal::unless_clean(faults)?;
        if self.status.is_over() {
            return Err(Refusal::Conflict("membership.over"));
        }
        Ok(Self { id: self.id, status: self.status, account_id: self.account_id, ..new })
    }
}
