//! Erasure: what it would do, and that it is done.

use std::time::Duration;

use actix_web::get;
use klankbord_domain::access::granting;
use klankbord_domain::participants::{Membership, MembershipStatus};
use klankbord_domain::policy::{Caller, Roles, Standing};
use klankbord_domain::privacy::{DataRequest, DataRequestKind, operations as op};
use klankbord_domain::{Refusal, access::AccountStatus};
use klankbord_persistence::access::{Account, accounts, grants};
use klankbord_persistence::agreements::agreement;
use klankbord_persistence::feedback::entry;
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::{erased, membership, participant, representative};
use klankbord_persistence::privacy::subject::{self, ErasedPart, Person};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Source, Store, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::data_request::read;
use crate::web::{Answer, Call, Problem};

/// What an erasure does with some columns.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureAct {
    /// What: `delete_row`, `null`, `replace`, `strip_text`, `unlink`, `mark`, or `keep`.
    #[schema(max_length = 40, example = "null")]
    act: &'static str,
    /// With which columns; those that stay are named, too.
    #[schema(max_items = 100, example = json!(["display_name"]))]
    erased_columns: Vec<&'static str>,
    /// What that means, and why what stays does.
    #[schema(max_length = 1000, example = "is emptied")]
    why: String,
}

/// What an erasure does with the rows of a table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasurePart {
    /// The table.
    #[schema(max_length = 100, example = "participants")]
    table: &'static str,
    /// What stands in it.
    #[schema(max_length = 500, example = "People who take part, with or without an account.")]
    about: &'static str,
    /// How many rows.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 1)]
    rows: i64,
    /// What is done with them.
    #[schema(max_items = 20)]
    acts: Vec<ErasureAct>,
}

/// What an erasure does: what goes, and what stays and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasurePlan {
    /// The request.
    data_request_id: Uuid,
    /// Table by table.
    #[schema(max_items = 100)]
    parts: Vec<ErasurePart>,
}

impl From<ErasedPart> for ErasurePart {
    fn from(part: ErasedPart) -> Self {
        let act = |(act, columns, why): (klankbord_persistence::privacy::map::Erasure, _, _)| ErasureAct {
            act: act.code(),
            erased_columns: columns,
            why,
        };
        let ErasedPart { table, about, rows, acts } = part;
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        Self { table, about, rows, acts: acts.into_iter().map(act).collect() }
    }
}

/// See what an erasure would do
///
/// A dry run: nothing changes. What the person wrote goes, what was chosen and counted
/// stays and leads to nobody; what has to stay by law stays, with the reason. What stands
/// in a council's room isn't shown to its host, nor what
/// the person brought and answered to anybody else. Anonymous answers aren't in it and stay:
/// they lead to nobody.
#[utoipa::path(operation_id = "getErasurePlan", tag = "Privacy",
    responses((status = 200, description = "What it would do", body = ErasurePlan),
        (status = 409, description = "It is no erasure, or it is done")))]
#[get("/data-requests/{dataRequestId}/erasure-plan")]
pub(super) async fn get_erasure_plan(call: Call<op::GetErasurePlan>) -> Result<Answer, Problem> {
    let (found, towards) = read(&call).await?;
    if found.value.kind != DataRequestKind::Erasure || !found.value.status.is_open() {
        return Err(Refusal::Conflict("data_request.no_plan").into());
    }
    let person = person_of(call.reader(), &found.value, Some((call.caller(), towards.roles))).await?;
    let parts = subject::plan(call.reader(), &person, subject::left_out(towards.roles)).await?;
    let parts = parts.into_iter().map(ErasurePart::from).collect();
    Ok(Answer::plain(&ErasurePlan { data_request_id: found.value.id, parts }))
}

/// Whose data a request is about, as somebody may see it who stands so towards them.
/// `seen_by`: who looks, with their roles; none for the erasure itself. In a council's
/// room a person is the one whom it knows by that account: another that was linked to them
/// since sees nothing of any room.
pub(super) async fn person_of(
    source: &impl Source,
    request: &DataRequest,
    seen_by: Option<(&Caller, Roles)>,
) -> Result<Person, Failure> {
    let (participants, own) = match (request.account_id, request.participant_id) {
        (Some(account), _) => {
            let persons = participant::of_account(source, account).await?;
            (persons.iter().map(|person| person.id).collect(), vec![account])
        }
        (None, Some(id)) => {
            let found = participant::find(source, id).await?.ok_or(Refusal::Hidden)?.value;
            (vec![id], found.account_id.into_iter().collect())
        }
        (None, None) => return Err(Refusal::Hidden.into()),
    };
    let outside_rooms = match seen_by {
        None => false,
        Some((caller, roles)) if roles.has(Standing::Participant) => {
            !rooms_know(source, &participants, caller.account).await?
        }
        Some(_) => true,
    };
    Ok(Person { participants, account: request.account_id, own, outside_rooms })
}

/// Whether every council in which these persons are or were knows them by this account.
async fn rooms_know(source: &impl Source, persons: &[Uuid], account: Option<Uuid>) -> Result<bool, Failure> {
    for one in membership::of_participants(source, persons).await? {
        let Some(found) = network::find(source, one.network_id).await? else { continue };
        let council = network::place(source, &found.value).await?.council;
        if council && (account.is_none() || one.account_id != account) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Erases whom a request is about, in the command that carries it out.
pub(super) async fn carry_out(tx: &Tx, request: &DataRequest) -> Result<(), Failure> {
    let person = person_of(tx, request, None).await?;
    let mut known = Vec::new();
    for id in &person.participants {
        known.extend(participant::find_to_change(tx, *id).await?.map(|found| found.value));
    }
    end_memberships(tx, &person.participants).await?;
    entry::delete_drafts(tx, &person.participants).await?;
    if let Some(account) = person.account {
        switch_off(tx, account).await?;
    }
    subject::erase(tx, &person).await?;
    for person in &known {
        erased::mark(tx, person).await?;
    }
    Ok(())
}

/// Nobody who was erased still takes part, or waits to; what was agreed with them ends. In
/// a council's room that is done without a trace outside: its host isn't told who was in it.
async fn end_memberships(tx: &Tx, persons: &[Uuid]) -> Result<(), Failure> {
    agreement::end_of(tx, persons).await?;
    for one in membership::of_participants(tx, persons).await? {
        let Some(found) = membership::find_to_change(tx, one.id).await?.filter(|found| !found.value.status.is_over())
        else {
            continue;
        };
        let network = network::find(tx, one.network_id).await?.ok_or(Refusal::Hidden)?.value;
        let council = network::place(tx, &network).await?.council;
        let from = found.value.status;
        let active = from == MembershipStatus::Active;
        let status = if active { MembershipStatus::Ended } else { MembershipStatus::Declined };
        let ended = found.with(Membership { status, ..found.value.clone() });
        membership::end(tx, ended, (!council).then_some(network.host_id)).await?;
        history::record(tx, (membership::KIND, one.id), (from.code(), status.code()), None).await?;
    }
    Ok(())
}

/// Withdraws what an account holds, and switches it off. The last manager, chair or admin
/// hands over first.
async fn switch_off(tx: &Tx, account: Uuid) -> Result<(), Failure> {
    for grant in grants::held(tx, account).await? {
        granting::may_withdraw(grant.role, grants::others(tx, &grant).await?)?;
        grants::withdraw(tx, &grant).await?;
    }
    // Whom they represented is represented by them no longer, nor reached through them.
    representative::end_of_account(tx, account).await?;
    let Some(found) = accounts::find_to_change(tx, account).await? else { return Ok(()) };
    let from = found.status();
    let saved = accounts::save(tx, &Account { disabled: true, ..found }).await?;
    let steps = (from.code(), AccountStatus::Disabled.code());
    history::record(tx, ("account", saved.id), steps, None).await?;
    Ok(())
}

/// After an erasure the write-ahead log goes, too: what was overwritten stands nowhere.
/// Where somebody else is busy meanwhile it is tried again.
pub(super) async fn clean_up(store: &Store) {
    if store.shred().await.is_ok() {
        return;
    }
    let store = store.clone();
    tokio::spawn(async move {
        for _ in 0..TRIES {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if store.shred().await.is_ok() {
                return;
            }
        }
        tracing::warn!("the write-ahead log was in use all the time; it is emptied when the service stops");
    });
}

/// How often it is tried to empty the write-ahead log.
const TRIES: u32 = 600;
