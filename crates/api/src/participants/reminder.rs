//! Reminders to those who are invited and didn't answer: by the clock, within limits, and
//! by who keeps the network's list of members.

use actix_web::post;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::participants::operations as op;
use klankbord_domain::participants::{Channel, Invitation, waits};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::{membership, membership_invitation, participant};
use klankbord_persistence::{Failure, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::inviting::{self, Sending, Terms};
use super::member::person_of;
use super::membership::load_room;
use crate::access::secret;
use crate::app::App;
use crate::web::{Answer, Call, Problem};

/// How many people are reminded in one round: the next round goes on.
const AT_ONCE: u64 = 100;

/// That somebody was reminded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipReminder {
    /// Their membership.
    membership_id: Uuid,
    /// How: by a mail with a new link, or by standing first on the call list or visit list.
    #[schema(example = "phone")]
    channel: Channel,
    /// When.
    reminded_at: DateTime<Utc>,
    /// How often so far.
    #[schema(minimum = 1, maximum = 1_000_000, example = 2)]
    reminders: i32,
}

/// Remind somebody
///
/// In the way that they chose: by a mail with a new link, in place of the one before; or
/// they come first on the call list or the visit list. Not before the installation's days
/// since they were invited or reminded last (two weeks, unless it says otherwise), and not
/// who can't be reached: no address or number that may be used, or no consent to being
/// reached.
#[utoipa::path(operation_id = "createMembershipReminder", tag = "Memberships",
    responses((status = 201, description = "Reminded", body = MembershipReminder)))]
#[post("/memberships/{membershipId}/reminders")]
pub(super) async fn create_membership_reminder(call: Call<op::CreateMembershipReminder>) -> Result<Answer, Problem> {
    let sending = Sending { token: secret::token()?, terms: Terms::of(&call.app, call.now) };
    let input = (call.id("membershipId")?, sending);
    let answer = call.command(input, |tx, (id, sending)| by_hand(tx, *id, sending).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn by_hand(tx: &Tx, id: Uuid, sending: &Sending) -> Result<Answer, Failure> {
    let (found, network, place) = load_room(tx, id).await?;
    waits(found.value.status)?;
    network.may_change()?;
    let unreachable = || Refusal::Conflict("membership_invitation.not_reachable");
    let person = person_of(found.value.member).ok_or_else(unreachable)?;
    let person = participant::find(tx, person).await?.ok_or(Refusal::Hidden)?.value;
    let kept = membership_invitation::of(tx, id).await?.ok_or_else(unreachable)?;
    kept.invitation.may_be_reminded(found.value.status, tx.now(), sending.terms.reminders)?;
    let reminded = inviting::remind(tx, &person, (&network, &place), &kept, sending).await?.ok_or_else(unreachable)?;
    let shown = MembershipReminder {
        membership_id: id,
        channel: person.channel,
        reminded_at: tx.now(),
        reminders: reminded.reminders,
    };
    Ok(Answer::made(format!("/v1/memberships/{id}"), &shown))
}

impl App {
    /// Reminds those whose days have passed; each in a command of its own. One that can't be
    /// dealt with stops no other.
    ///
    /// # Errors
    /// When the database refuses to say who they are. What was done stays done.
    pub(crate) async fn remind_the_invited(&self) -> Result<(), Failure> {
        let terms = Terms::of(self, self.now());
        let mut any = false;
        for id in membership_invitation::due(self.store.reader(), self.now(), AT_ONCE).await? {
            let token = secret::token().map_err(|_| Failure::Broken("no randomness".to_owned()))?;
            let act = self.act_of_clock("remindInvited");
            let sending = Sending { token, terms };
            let done = self.store.write(act, (id, sending), |tx, (id, sending)| by_clock(tx, *id, sending).boxed());
            any |= done.await.unwrap_or_else(|failure| {
                tracing::error!(cause = %failure, membership = %id, "somebody who is invited was not reminded");
                false
            });
        }
        if any {
            self.post.wake();
        }
        Ok(())
    }
}

/// Reminds somebody, as it stands once the membership is held: they may have answered
/// meanwhile, or another copy of the service was here before. Who can't be reached now is
/// passed over: nobody is reminded late, on a day that nobody thinks of.
async fn by_clock(tx: &Tx, id: Uuid, sending: &Sending) -> Result<bool, Failure> {
    let Some(found) = membership::find_to_change(tx, id).await? else {
        tx.touches(None, membership::KIND, id);
        return Ok(false);
    };
    let gone = || Failure::Broken(format!("membership {id} has no network"));
    let network = network::find(tx, found.value.network_id).await?.ok_or_else(gone)?.value;
    let place = network::place(tx, &network).await?;
    tx.in_room(place.room());
    tx.touches(Some(network.host_id), membership::KIND, id);
    let Some(kept) = membership_invitation::of(tx, id).await? else { return Ok(false) };
    let Invitation { remind_at, .. } = kept.invitation;
    if waits(found.value.status).is_err() || remind_at.is_none_or(|at| tx.now() < at) {
        return Ok(false);
    }
    let person = match person_of(found.value.member) {
        Some(person) => participant::find(tx, person).await?,
        None => None,
    };
    let due = kept.invitation.is_due(found.value.status, tx.now(), sending.terms.reminders);
    if let Some(person) = person.filter(|_| due && network.may_change().is_ok())
        && inviting::remind(tx, &person.value, (&network, &place), &kept, sending).await?.is_some()
    {
        return Ok(true);
    }
    let passed = kept.invitation.passed_over();
    membership_invitation::save(tx, &membership_invitation::Kept { invitation: passed, ..kept }).await?;
    Ok(false)
}
