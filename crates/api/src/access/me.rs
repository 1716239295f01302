//! Who am I.

use actix_web::{get, patch};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::{check_holder, operations as op};
use klankbord_domain::calendar::day_of;
use klankbord_domain::participants::RepresentativeKind;
use klankbord_domain::policy::{Caller, Operation, Place, Scope, Standing};
use klankbord_persistence::access::{Account, accounts, grants, identities, sessions};
use klankbord_persistence::participants::representative::{self, Represented};
use klankbord_persistence::{Failure, PageRequest, Source, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::patch::{self, patch_of};
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

/// A person for whom you may act, as their recorded legal representative.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepresentedPerson {
    /// The person: send this id in `Acting-For`.
    participant_id: Uuid,
    /// The organisation that registered them.
    organisation_id: Uuid,
    /// By what you represent them.
    #[schema(example = "parent_with_authority")]
    kind: RepresentativeKind,
    /// The last day on which you can, as far as that is known.
    last_day_on: Option<NaiveDate>,
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
    /// The other issuer at which you sign in, where your account is linked to one.
    #[schema(max_length = 2000, example = "https://login.example/realms/care")]
    issuer: Option<String>,
    /// Your roles. `member` and `participant` follow from your memberships and
    /// from who you are.
    #[schema(max_items = 1000)]
    roles: Vec<HeldRole>,
    /// The persons for whom you may act today; in a call in which you act for
    /// somebody, that one.
    #[schema(max_items = 1000)]
    represents: Vec<RepresentedPerson>,
    /// The person for whom you act in this call.
    acting_for_id: Option<Uuid>,
    /// Roles that were granted to you wait until a second factor is shown in
    /// this session.
    #[schema(example = false)]
    second_factor_required: Option<bool>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

impl From<Represented> for RepresentedPerson {
    fn from(found: Represented) -> Self {
        let Represented { participant_id, organisation_id, kind, last_day } = found;
        Self { participant_id, organisation_id, kind, last_day_on: last_day }
    }
}

/// What you say of yourself.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeContent {
    /// The name that you go by.
    #[schema(min_length = 1, max_length = 100, example = "Coördinator (demo)")]
    display_name: String,
    /// The language that you like (BCP 47).
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: String,
}

patch_of!(
    /// What to change of yourself.
    MePatch of MeContent
);

/// What the installation says of today, and of second factors.
#[derive(Debug, Clone, Copy)]
struct Setting {
    today: NaiveDate,
    raised_only: bool,
}

impl Setting {
    fn of<O: Operation>(call: &Call<O>) -> Self {
        let today = day_of(call.now, call.app.config.time.zone);
        Self { today, raised_only: call.app.config.sign_in.raised_only() }
    }
}

/// You, as this call sees you.
async fn view(source: &impl Source, caller: &Caller, account: &Account, setting: Setting) -> Result<Me, Failure> {
    let roles = caller.held.iter().map(|held| {
        let (scope_kind, scope_id) = match held.scope {
            Scope::Installation => ("installation", None),
            Scope::Organisation(id) => ("organisation", Some(id)),
            Scope::Network(id) => ("network", Some(id)),
            Scope::Participant(id) => ("participant", Some(id)),
            Scope::Consultation(id) => ("consultation", Some(id)),
        };
        HeldRole { role: held.standing.code(), scope_kind, scope_id }
    });
    let second_factor_required = setting.raised_only && is_unraised(source, caller).await?;
    let mut represents = representative::of_account(source, account.id, setting.today).await?;
    represents.retain(|one| caller.acting_for.is_none_or(|person| one.participant_id == person));
    Ok(Me {
        account_id: account.id,
        session_id: caller.session,
        display_name: account.display_name.clone(),
        language: account.language.clone(),
        issuer: identities::issuer_of(source, account.id).await?,
        second_factor_required: second_factor_required.then_some(true),
        roles: roles.collect(),
        represents: represents.into_iter().map(RepresentedPerson::from).collect(),
        acting_for_id: caller.acting_for,
        etag: None,
    })
}

/// What follows from one's rows, and is granted to nobody.
const FOLLOWS: &[Standing] = &[Standing::Participant, Standing::Member];

/// Whether the caller was granted roles that this session doesn't let them use.
async fn is_unraised(source: &impl Source, caller: &Caller) -> Result<bool, Failure> {
    let Some(account) = caller.account.filter(|_| caller.acting_for.is_none()) else { return Ok(false) };
    let one = PageRequest { limit: 1, ..PageRequest::default() };
    let granted = !grants::of_account(source, account, &one).await?.items.is_empty();
    let raised = match caller.session {
        Some(session) => sessions::is_raised(source, session).await?,
        // Another issuer's token: what it lets through tells.
        None => caller.held.iter().any(|held| !FOLLOWS.contains(&held.standing)),
    };
    Ok(granted && !raised)
}

/// Who am I
///
/// Your account, your roles, and the persons that you are in different
/// organisations, and the persons whom you represent in law. Only you see these
/// side by side. `secondFactorRequired` says
/// that roles of yours wait for a second factor in this session.
#[utoipa::path(operation_id = "getMe", tag = "Sign in", responses((status = 200, description = "You", body = Me)))]
#[get("/me")]
pub(super) async fn get_me(call: Call<op::GetMe>) -> Result<Answer, Problem> {
    let account = accounts::find(call.reader(), call.account()?).await?;
    let account = account.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    let setting = Setting::of(&call);
    Ok(Answer::resource(account.version, &view(call.reader(), call.caller(), &account, setting).await?))
}

/// Change your name or language
#[utoipa::path(operation_id = "updateMe", tag = "Sign in", request_body(
    content((MePatch = "application/merge-patch+json"), (MePatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Me)))]
#[patch("/me")]
pub(super) async fn update_me(call: Call<op::UpdateMe>) -> Result<Answer, Problem> {
    let input: (Uuid, Value, Setting) = (call.account()?, call.body()?, Setting::of(&call));
    call.command(input, |tx, input| update(tx, input).boxed()).await
}

async fn update(tx: &Tx, (id, merge, setting): &(Uuid, Value, Setting)) -> Result<Answer, Failure> {
    let found = accounts::find_to_change(tx, *id).await?.ok_or(Refusal::Hidden)?;
    tx.authorise(&Place::installation()).await?;
    let content = MeContent { display_name: found.display_name.clone(), language: found.language.clone() };
    let MeContent { display_name, language } = patch::apply(&content, merge)?;
    Refusal::unless_clean(check_holder(&display_name, &language))?;
    tx.fresh(found.version)?;
    let saved = accounts::save(tx, &Account { display_name, language, ..found }).await?;
    Ok(Answer::resource(saved.version, &view(tx, tx.caller(), &saved, *setting).await?))
}
