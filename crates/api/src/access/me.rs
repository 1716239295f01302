//! Who am I.

use actix_web::get;
use klankbord_domain::access::operations as op;
use klankbord_domain::policy::Scope;
use klankbord_persistence::access::accounts;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::{Answer, Call, Problem};

/// A role that you hold, and where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldRole {
    /// The role.
    #[schema(example = "coordinator", max_length = 40)]
    role: &'static str,
    /// What kind of thing it reaches: `installation`, `organisation`, `network`, `participant`.
    #[schema(example = "network", max_length = 40)]
    scope_kind: &'static str,
    /// Which one; absent for the installation.
    scope_id: Option<Uuid>,
}

/// You: your account and what you hold.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Your account.
    account_id: Uuid,
    /// The session that you call with.
    session_id: Option<Uuid>,
    /// The name that you go by.
    #[schema(example = "Coördinator (demo)", max_length = 100)]
    display_name: String,
    /// The language that you like (BCP 47).
    #[schema(example = "nl", max_length = 35)]
    language: String,
    /// Your roles. `member` and `participant` follow from your memberships and
    /// from who you are.
    #[schema(max_items = 1000)]
    roles: Vec<HeldRole>,
}

/// Who am I
///
/// Your account, your roles, and the persons that you are in different
/// organisations. Only you see these side by side.
#[utoipa::path(operation_id = "getMe", tag = "Sign in", responses((status = 200, description = "You", body = Me)))]
#[get("/me")]
pub(super) async fn get_me(call: Call<op::GetMe>) -> Result<Answer, Problem> {
    let id = call.account()?;
    let account = accounts::find(call.reader(), id).await?;
    let account = account.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    let roles = call.caller().held.iter().map(|held| {
        let (scope_kind, scope_id) = match held.scope {
            Scope::Installation => ("installation", None),
            Scope::Organisation(id) => ("organisation", Some(id)),
            Scope::Network(id) => ("network", Some(id)),
            Scope::Participant(id) => ("participant", Some(id)),
            Scope::Consultation(id) => ("consultation", Some(id)),
        };
        HeldRole { role: held.standing.code(), scope_kind, scope_id }
    });
    Ok(Answer::plain(&Me {
        account_id: id,
        session_id: call.caller().session,
        display_name: account.display_name,
        language: account.language,
        roles: roles.collect(),
    }))
}
