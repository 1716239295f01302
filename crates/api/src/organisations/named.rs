//! An organisation that a body names as whose the new thing will be.

use klankbord_domain::policy::{Permit, Place, Roles};
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use crate::web::call::unknown_reference;

/// Decides whether the caller may do this in the organisation that stands at the
/// pointer. One that the caller is nothing to is as unknown as one that isn't
/// there.
///
/// # Errors
/// 400 `reference.unknown`, 403.
pub(crate) async fn authorised(tx: &Tx, pointer: &str, id: Uuid) -> Result<Permit, Failure> {
    let place = Place::of_organisation(id);
    let known = organisation::find(tx, id).await?.is_some() && place.roles_of(tx.caller()) != Roles::NONE;
    if !known {
        return Err(unknown_reference(pointer).into());
    }
    tx.authorise(&place).await
}
