//! What comes back in what people wrote and said, by a name.

use actix_web::{delete, get, patch, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::coding::{Theme as Domain, may_be_deleted, may_change, may_have_another};
use klankbord_domain::consultations::operations as op;
use klankbord_domain::{Fault, Refusal, Texts};
use klankbord_persistence::consultations::coding::{coded, theme, theme_results};
use klankbord_persistence::consultations::consultation;
use klankbord_persistence::{Failure, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::consultation::{Loaded, permitted, seen, seen_by_id};
use crate::web::page::{Ordering, Paging, page};
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};
use crate::web::{Answer, Call, Problem, patch};

/// What a theme is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThemeCreate {
    /// What it is called.
    #[schema(min_items = 1, max_items = 20)]
    label: Vec<TextVariant>,
    /// What belongs to it, and what doesn't: for those who code.
    #[schema(min_items = 1, max_items = 20)]
    description: Option<Vec<TextVariant>>,
}

patch_of!(
    /// What to change of a theme.
    ThemePatch of ThemeCreate
);

/// Something that comes back in what people wrote and said.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Theme {
    /// Its id.
    id: Uuid,
    /// Of which consultation.
    consultation_id: Uuid,
    #[serde(flatten)]
    content: ThemeCreate,
    /// When it was named.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of themes.
    ThemePage of Theme
);

impl From<&Domain> for ThemeCreate {
    fn from(theme: &Domain) -> Self {
        Self { label: to_wire(&theme.label), description: to_wire_or_none(theme.description.as_ref()) }
    }
}

impl ThemeCreate {
    /// The theme that this says, and what is wrong with it.
    fn into_domain(self, id: Uuid, consultation_id: Uuid) -> (Domain, Vec<Fault>) {
        let mut reading = Reading::default();
        let label = reading.texts("/label", self.label);
        let description = reading.texts_or_none("/description", self.description);
        (Domain { id, consultation_id, label, description }, reading.faults)
    }
}

fn view(stored: &Stored<Domain>) -> Theme {
    let Stored { value, created_at, updated_at, .. } = stored;
    Theme {
        id: value.id,
        consultation_id: value.consultation_id,
        content: value.into(),
        created_at: *created_at,
        updated_at: *updated_at,
        etag: None,
    }
}

/// List the themes of a consultation
///
/// For who runs it; everybody else reads them with what was counted (`getThemeResults`).
#[utoipa::path(operation_id = "listThemes", tag = "Themes and quotes", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = ThemePage)))]
#[get("/consultations/{consultationId}/themes")]
pub(super) async fn list_themes(call: Call<op::ListThemes>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _, _) = seen(&call).await?;
    let page = theme::list(call.reader(), found.value.consultation.id, &request).await?;
    call.page(page.map(|stored| view(&stored)))
}

/// Name a theme
///
/// Once the consultation opened, until coding is finished.
#[utoipa::path(operation_id = "createTheme", tag = "Themes and quotes",
    request_body(content = ThemeCreate, example = json!({
        "label": [{"language": "nl", "value": "Een vast gezicht"}],
        "description": [{"language": "nl", "value": "Dat het steeds dezelfde persoon is. Niet: dat er genoeg mensen zijn."}]})),
    responses((status = 201, description = "Named", body = Theme)))]
#[post("/consultations/{consultationId}/themes")]
pub(super) async fn create_theme(call: Call<op::CreateTheme>) -> Result<Answer, Problem> {
    let input: (Uuid, ThemeCreate) = (call.id("consultationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ThemeCreate) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    let (made, faults) = new.clone().into_domain(tx.new_id(), id);
    Refusal::unless_clean(faults)?;
    let (finished, themes) = (theme_results::is_finished(tx, id).await?, theme::count(tx, id).await?);
    may_have_another(loaded.consultation(), finished, themes)?;
    let stored = theme::insert(tx, loaded.consultation(), made).await?;
    let location = format!("/v1/themes/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(&stored)))
}

/// Read a theme
#[utoipa::path(operation_id = "getTheme", tag = "Themes and quotes",
    responses((status = 200, description = "The theme", body = Theme)))]
#[get("/themes/{themeId}")]
pub(super) async fn get_theme(call: Call<op::GetTheme>) -> Result<Answer, Problem> {
    let found = theme::find(call.reader(), call.id("themeId")?).await?.ok_or(Refusal::Hidden)?;
    seen_by_id(&call, found.value.consultation_id).await?;
    Ok(Answer::resource(found.version, &view(&found)))
}

/// Change a theme
///
/// Until coding is finished.
#[utoipa::path(operation_id = "updateTheme", tag = "Themes and quotes", request_body(
    content((ThemePatch = "application/merge-patch+json"), (ThemePatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Theme)))]
#[patch("/themes/{themeId}")]
pub(super) async fn update_theme(call: Call<op::UpdateTheme>) -> Result<Answer, Problem> {
    let input: (Uuid, Value) = (call.id("themeId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, loaded) = load(tx, id).await?;
    let content: ThemeCreate = patch::apply(&ThemeCreate::from(&found.value), merge)?;
    let (mut next, faults) = content.into_domain(id, found.value.consultation_id);
    Refusal::unless_clean(faults)?;
    next.label = found.value.label.revised(next.label);
    next.description = Texts::revised_or_none(found.value.description.as_ref(), next.description);
    tx.fresh(found.version)?;
    may_change(theme_results::is_finished(tx, found.value.consultation_id).await?)?;
    let stored = theme::save(tx, loaded.consultation(), found.with(next)).await?;
    Ok(Answer::resource(stored.version, &view(&stored)))
}

/// Delete a theme to which nothing is coded
#[utoipa::path(operation_id = "deleteTheme", tag = "Themes and quotes",
    responses((status = 204, description = "Deleted")))]
#[delete("/themes/{themeId}")]
pub(super) async fn delete_theme(call: Call<op::DeleteTheme>) -> Result<Answer, Problem> {
    call.command(call.id("themeId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let known = theme::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    // Nothing is coded to it meanwhile.
    let asked = consultation::find_to_change(tx, known.value.consultation_id).await?;
    let loaded = permitted(tx, asked).await?;
    let found = theme::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    tx.fresh(found.version)?;
    let of = found.value.consultation_id;
    may_be_deleted(theme_results::is_finished(tx, of).await?, coded::has_theme(tx, of, id).await?)?;
    theme::delete(tx, loaded.consultation(), id).await?;
    Ok(Answer::nothing())
}

/// The theme that a command is about, with its consultation.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Loaded), Failure> {
    let known = theme::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    // The consultation first, as every other command on it does.
    let loaded = permitted(tx, consultation::find_to_add(tx, known.value.consultation_id).await?).await?;
    let found = theme::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    Ok((found, loaded))
}
