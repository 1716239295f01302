//! Later rounds: a consultation that goes on from the results of an earlier one.

use actix_web::get;
use klankbord_domain::consultations::{Consultation, operations as op};
use klankbord_domain::policy::Roles;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::consultations::{consultation, setting};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::consultation::seen;
use super::results::{Asked, published};
use crate::web::{Answer, Call, Problem};

/// What is wrong with the consultation that a draft names as the one it goes on from: it must be the same
/// organisation's, known to the caller, and its results must be out. What a council asked in its room stays
/// among whom it asked.
pub(super) async fn fault(tx: &Tx, new: &Consultation, before: Option<Uuid>) -> Result<Option<Fault>, Failure> {
    let Some(id) = new.builds_on.filter(|id| before != Some(*id)) else { return Ok(None) };
    let unknown = || Ok(Some(Fault::body("/buildsOnId", "reference.unknown")));
    let Some(found) = consultation::find(tx, id).await? else { return unknown() };
    let earlier = &found.value.consultation;
    let (_, place) = setting::of(tx, &found.value, tx.caller()).await?;
    let roles = place.roles_of(tx.caller());
    let knows = roles.list().next().is_some() && earlier.may_be_seen(roles);
    let among = |id: &Uuid| earlier.audience.network_ids.contains(id);
    let stays = !found.value.council || new.audience.network_ids.iter().all(among);
    if !knows || !stays || earlier.organisation_id != new.organisation_id {
        return unknown();
    }
    let out = earlier.may_show_results().is_ok();
    Ok((!out).then(|| Fault::body("/buildsOnId", "consultation.builds_on_no_results")))
}

/// Read the results on which a consultation goes on
///
/// Those of the consultation that it names (`buildsOnId`), as the public sees them: for everybody who sees
/// this one, whether or not they were asked in the earlier.
#[utoipa::path(operation_id = "getEarlierResults", tag = "Answers",
    responses((status = 200, description = "The results", body = super::results::ConsultationResults),
        (status = 409, description = "It goes on from none")))]
#[get("/consultations/{consultationId}/earlier-results")]
pub(super) async fn get_earlier_results(call: Call<op::GetEarlierResults>) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let earlier = found.value.consultation.builds_on;
    let earlier = earlier.ok_or(Refusal::Conflict("consultation.builds_on_nothing"))?;
    let earlier = consultation::find(call.reader(), earlier).await?.ok_or(Refusal::Hidden)?.value;
    let asked = &earlier.consultation.audience.network_ids;
    let networks = setting::Networks::load(call.reader(), asked).await?;
    let minimum = networks.minimum(&earlier, Roles::NONE);
    let shown = published(call.reader(), &earlier.consultation, Asked { minimum, by: None }).await?;
    Ok(Answer::plain(&shown))
}
