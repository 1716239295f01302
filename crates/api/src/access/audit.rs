//! The audit trail, for those whose trail it is. Reading it is written down.

use actix_web::get;
use klankbord_domain::Refusal;
use klankbord_domain::access::operations as op;
use klankbord_domain::policy::{Operation, Place, Standing};
use klankbord_persistence::access::audit::{self, AuditFilter, Trail};
use klankbord_persistence::networks::network as networks;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::participants::participant;
use klankbord_persistence::store::{PageRequest, Sort, SortKey};
use uuid::Uuid;

use super::audit_wire::{AuditEntry, AuditEntryPage, AuditPeriod, AuditQuery};
use crate::networks::seen;
use crate::web::page::Paging;
use crate::web::{Answer, Call, Problem};

/// What the document shows of a table.
const TABLE: &str = "id,happenedAt,operation,objectKind,objectId,result,actorId,actingForId,origin,requestId,\
    organisationId,networkId,subjectIds,subjectCount\r\n";

/// Read the audit trail of the installation
///
/// What belongs to no organisation: accounts, sessions, regions. It names no
/// participants. The latest first; up to 10,000 entries as `text/csv`.
#[utoipa::path(operation_id = "listAuditEntries", tag = "Audit", params(AuditQuery, Paging),
    responses((status = 200, description = "A page", content((AuditEntryPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/audit-entries")]
pub(super) async fn list_audit_entries(call: Call<op::ListAuditEntries>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (query, request) = call.listing::<AuditQuery>()?;
    told(&call, &Trail::Installation, query.into(), request, (None, ("installation", Uuid::nil()))).await
}

/// Read the audit trail of an organisation
///
/// What was done in its name and with its things. What happened in a council's
/// room is for the council; who answered a consultation stays with its
/// facilitators. The latest first; up to 10,000 entries as `text/csv`.
#[utoipa::path(operation_id = "listOrganisationAuditEntries", tag = "Audit", params(AuditQuery, Paging),
    responses((status = 200, description = "A page", content((AuditEntryPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/organisations/{organisationId}/audit-entries")]
pub(super) async fn list_organisation_audit_entries(
    call: Call<op::ListOrganisationAuditEntries>,
) -> Result<Answer, Problem> {
    let id = call.id("organisationId")?;
    organisation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&Place::of_organisation(id))?;
    let (query, request) = call.listing::<AuditQuery>()?;
    told(&call, &Trail::Organisation(id), query.into(), request, (Some(id), ("organisation", id))).await
}

/// Read the audit trail of a council
///
/// For its own chair and secretary: what happened in its room, working groups
/// under it included. Other networks have no room; their host's managers read
/// about them. The latest first; up to 10,000 entries as `text/csv`.
#[utoipa::path(operation_id = "listNetworkAuditEntries", tag = "Audit", params(AuditQuery, Paging),
    responses((status = 200, description = "A page", content((AuditEntryPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/networks/{networkId}/audit-entries")]
pub(super) async fn list_network_audit_entries(call: Call<op::ListNetworkAuditEntries>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    call.authorise(&place)?;
    let (query, request) = call.listing::<AuditQuery>()?;
    let (host, id) = (found.value.host_id, found.value.id);
    let rooms = networks::reach(call.reader(), vec![id]).await?;
    told(&call, &Trail::Rooms(rooms), query.into(), request, (Some(host), (networks::KIND, id))).await
}

/// Read who saw or changed what about a person
///
/// For the person: everything, of councils' rooms as far as they took part in them
/// with this account. For the managers of the organisation that
/// registered them: what stands in their organisation's trail, without councils'
/// rooms and without who answered. The latest first; up to 10,000 entries as
/// `text/csv`.
#[utoipa::path(operation_id = "listParticipantAuditEntries", tag = "Audit", params(AuditPeriod, Paging),
    responses((status = 200, description = "A page", content((AuditEntryPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/participants/{participantId}/audit-entries")]
pub(super) async fn list_participant_audit_entries(
    call: Call<op::ListParticipantAuditEntries>,
) -> Result<Answer, Problem> {
    let found = participant::find(call.reader(), call.id("participantId")?).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&participant::place(call.reader(), &found.value).await?)?;
    let (participant, organisation) = (found.value.id, found.value.organisation_id);
    let own = permit.roles().has(Standing::Participant);
    let (query, request) = call.listing::<AuditPeriod>()?;
    let account = call.caller().account;
    let trail = if own { Trail::Own { participant, account } } else { Trail::Of { participant, organisation } };
    if !own {
        call.witness(organisation, (participant::KIND, participant), vec![participant]).await?;
    }
    let page = audit::list(call.reader(), &trail, query.into(), &latest_first(&request)).await?;
    call.page_or_table(page.map(AuditEntry::from))
}

fn latest_first(request: &PageRequest) -> PageRequest {
    PageRequest { sort: Sort { key: SortKey::CreatedAt, descending: true }, ..*request }
}

/// A part of the trail, after the reading of it is written down.
async fn told<O: Operation>(
    call: &Call<O>,
    trail: &Trail,
    filter: AuditFilter,
    request: PageRequest,
    (organisation, object): (Option<Uuid>, (&'static str, Uuid)),
) -> Result<Answer, Problem> {
    let page = audit::list(call.reader(), trail, filter, &latest_first(&request)).await?.map(AuditEntry::from);
    let own = call.caller().persons_as(Standing::Participant);
    let named = page.items.iter().flat_map(AuditEntry::named).copied().filter(|person| !own.contains(person));
    call.witness_of(organisation, object, named.collect()).await?;
    call.page_or_table(page)
}
