//! Memberships as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::networks::{Network, Perspective, Ring, Rung};
use klankbord_domain::participants::{
    Invitation, InvitationText, Member, Membership as Domain, MembershipRole, MembershipStatus,
};
use klankbord_domain::policy::{Roles, Standing};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::Stored;
use klankbord_persistence::participants::membership::MembershipFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant};

/// Who learns which person is a member: those who run the network, and may read
/// the person; the person, and whoever speaks for them.
const KNOW_WHO: &[Standing] = &[
    Standing::Manager,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Participant,
    Standing::Representative,
];

/// Who is told when a member was invited, and reminded: who keeps the list of members.
const ORGANISERS: &[Standing] = &[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair];

/// What kind of member it is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    /// A person.
    Participant,
    /// An organisation as such.
    Organisation,
    /// A network as such.
    Network,
}

/// Who is a member: a person, an organisation or a network.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MembershipMember {
    /// What it is.
    kind: MemberKind,
    /// Which one.
    #[schema(example = "0197c000-0000-7000-8000-000700000001")]
    id: Uuid,
}

/// Who is a member, as others see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipMemberShown {
    /// What it is.
    kind: MemberKind,
    /// Which one. Of a person only for whoever runs the network or speaks for
    /// them: it is the same in every network.
    #[schema(example = json!("0197c000-0000-7000-8000-000700000001"))]
    id: Option<Uuid>,
}

/// What an invitation says beside what is known of the network.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MembershipInvitationText {
    /// A word to the person.
    #[schema(min_items = 1, max_items = 20)]
    text: Option<Vec<TextVariant>>,
    /// How much time it takes.
    #[schema(min_items = 1, max_items = 20)]
    time_needed: Option<Vec<TextVariant>>,
}

/// What a membership is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MembershipCreate {
    /// Who is a member.
    member: MembershipMember,
    /// The one perspective from which they take part.
    #[schema(example = "young_person")]
    perspective: Perspective,
    /// What they do in the network.
    #[schema(example = "member")]
    role: MembershipRole,
    /// How near to the heart they stand (schil).
    #[schema(example = "core")]
    ring: Option<Ring>,
    /// On which rung of the ladder they stand (trede); it agrees with the ring.
    #[schema(example = "codecide")]
    rung: Option<Rung>,
    /// The seat that they fill, for instance that of one location.
    #[schema(min_length = 1, max_length = 100)]
    seat: Option<String>,
    /// The first day of their term.
    term_starts_on: Option<NaiveDate>,
    /// The last day of their term.
    term_ends_on: Option<NaiveDate>,
    /// Where it stands; a new one is `invited` or `applied`.
    #[schema(example = "invited")]
    status: MembershipStatus,
    /// What a person who is invited reads with the link that comes by mail. Kept with the
    /// invitation.
    invitation: Option<MembershipInvitationText>,
}

patch_of!(
    /// What to change of a membership.
    MembershipPatch of MembershipCreate, fixed "member", "status", "invitation"
);

/// Somebody's place in a network (lidmaatschap).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// Its id.
    id: Uuid,
    /// The network.
    network_id: Uuid,
    /// Who is a member.
    member: MembershipMemberShown,
    /// The one perspective from which they take part.
    #[schema(example = "young_person")]
    perspective: Perspective,
    /// What they do in the network.
    #[schema(example = "member")]
    role: MembershipRole,
    /// How near to the heart they stand (schil).
    #[schema(example = "core")]
    ring: Option<Ring>,
    /// On which rung of the ladder they stand (trede).
    #[schema(example = "codecide")]
    rung: Option<Rung>,
    /// The seat that they fill.
    #[schema(max_length = 100)]
    seat: Option<String>,
    /// The first day of their term.
    term_starts_on: Option<NaiveDate>,
    /// The last day of their term.
    term_ends_on: Option<NaiveDate>,
    /// Where it stands.
    #[schema(example = "invited")]
    status: MembershipStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["active", "declined"]))]
    allowed_transitions: Vec<&'static str>,
    /// When a person was invited; for who keeps the list of members.
    invited_at: Option<DateTime<Utc>>,
    /// When they were reminded last; for the same.
    reminded_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of memberships.
    MembershipPage of Membership
);

/// Which memberships to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct MembershipQuery {
    /// Only those that stand so.
    #[param(max_items = 10)]
    status: Option<Vec<MembershipStatus>>,
    /// Only from these perspectives.
    #[param(max_items = 20)]
    perspective: Option<Vec<Perspective>>,
}

impl From<MembershipQuery> for MembershipFilter {
    fn from(query: MembershipQuery) -> Self {
        let MembershipQuery { status, perspective } = query;
        Self { statuses: status.unwrap_or_default(), perspectives: perspective.unwrap_or_default(), own: None }
    }
}

impl From<&MembershipMember> for Member {
    fn from(member: &MembershipMember) -> Self {
        match member.kind {
            MemberKind::Participant => Self::Participant(member.id),
            MemberKind::Organisation => Self::Organisation(member.id),
            MemberKind::Network => Self::Network(member.id),
        }
    }
}

impl From<Member> for MembershipMember {
    fn from(member: Member) -> Self {
        let (kind, id) = match member {
            Member::Participant(id) => (MemberKind::Participant, id),
            Member::Organisation(id) => (MemberKind::Organisation, id),
            Member::Network(id) => (MemberKind::Network, id),
        };
        Self { kind, id }
    }
}

impl MembershipCreate {
    /// The membership that this describes; the domain checks it.
    pub(super) fn into_domain(self, id: Uuid, network_id: Uuid) -> Domain {
        let Self { member, perspective, role, ring, rung, seat, term_starts_on, term_ends_on, status, invitation: _ } =
            self;
        let member = Member::from(&member);
        Domain {
            id,
            network_id,
            member,
            perspective,
            role,
            ring,
            rung,
            seat,
            term_starts_on,
            term_ends_on,
            status,
            account_id: None,
        }
    }
}

impl MembershipCreate {
    /// What the person reads who is invited.
    ///
    /// # Errors
    /// `membership.invitation_unused` where nobody is, and the faults of the texts (400).
    pub(super) fn told(&self) -> Result<InvitationText, Refusal> {
        let Some(said) = self.invitation.clone() else { return Ok(InvitationText::default()) };
        let read = matches!(self.member.kind, MemberKind::Participant) && self.status == MembershipStatus::Invited;
        let mut reading = Reading::default();
        if !read {
            reading.faults.push(Fault::body("/invitation", "membership.invitation_unused"));
        }
        let text = reading.texts_or_none("/invitation/text", said.text);
        let expected_time = reading.texts_or_none("/invitation/timeNeeded", said.time_needed);
        Refusal::unless_clean(reading.faults)?;
        Ok(InvitationText { text, expected_time })
    }
}

impl From<Domain> for MembershipCreate {
    fn from(membership: Domain) -> Self {
        let Domain { id: _, network_id: _, member, perspective, role, .. } = membership;
        let Domain { ring, rung, seat, term_starts_on, term_ends_on, status, .. } = membership;
        let member = member.into();
        let invitation = None;
        Self { member, perspective, role, ring, rung, seat, term_starts_on, term_ends_on, status, invitation }
    }
}

/// The membership as somebody sees it who stands so towards it.
pub(super) fn view(
    stored: Stored<Domain>,
    network: &Network,
    (roles, own_voice): (Roles, bool),
    invited: Option<&Invitation>,
) -> Membership {
    let invited = invited.filter(|_| roles.has_any(ORGANISERS));
    let Stored { value, version: _, created_at, updated_at } = stored;
    let allowed_transitions = value.open_codes(network, roles, own_voice);
    let MembershipMember { kind, id } = value.member.into();
    let named = match kind {
        MemberKind::Participant => roles.has_any(KNOW_WHO),
        MemberKind::Organisation | MemberKind::Network => true,
    };
    Membership {
        id: value.id,
        network_id: value.network_id,
        member: MembershipMemberShown { kind, id: named.then_some(id) },
        perspective: value.perspective,
        role: value.role,
        ring: value.ring,
        rung: value.rung,
        seat: value.seat,
        term_starts_on: value.term_starts_on,
        term_ends_on: value.term_ends_on,
        status: value.status,
        allowed_transitions,
        invited_at: invited.map(|one| one.invited_at),
        reminded_at: invited.and_then(|one| one.reminded_at),
        created_at,
        updated_at,
        etag: None,
    }
}
