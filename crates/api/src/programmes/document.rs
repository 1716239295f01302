//! The documents of a programme, which have versions.

use actix_web::{get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::policy::Place;
use klankbord_domain::programmes::{
    DocumentKind, DocumentVersion as DomainVersion, Programme, ProgrammeDocument as Domain, operations as op,
};
use klankbord_persistence::programmes::{document as documents, programme};
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::page::{Ordering, Paging, page};
use crate::web::patch::{self, patch_of};
use crate::web::text::{Reading, TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// One version of a document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentVersion {
    /// How this version is called.
    #[schema(min_length = 1, max_length = 100, example = "2024–2028")]
    label: String,
    /// Where it can be read, https.
    #[schema(format = "uri", max_length = 500)]
    url: String,
    /// The day on which it came out.
    published_on: NaiveDate,
    /// The first day for which it holds.
    period_from: Option<NaiveDate>,
    /// The last day for which it holds.
    period_to: Option<NaiveDate>,
}

/// What a document of a programme is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProgrammeDocumentCreate {
    /// What kind of document it is.
    kind: DocumentKind,
    /// Its title.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// Its versions, in the order in which they were added.
    #[serde(default)]
    #[schema(max_items = 100)]
    versions: Vec<DocumentVersion>,
}

patch_of!(
    /// What to change of a document of a programme.
    ProgrammeDocumentPatch of ProgrammeDocumentCreate
);

/// A document of a programme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeDocument {
    /// Its id.
    id: Uuid,
    /// The programme that it belongs to.
    programme_id: Uuid,
    #[serde(flatten)]
    content: ProgrammeDocumentCreate,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of a programme's documents.
    ProgrammeDocumentPage of ProgrammeDocument
);

impl ProgrammeDocumentCreate {
    fn into_domain(self, id: Uuid, programme_id: Uuid) -> Result<Domain, Refusal> {
        let Self { kind, title, versions } = self;
        let mut reading = Reading::default();
        let title = reading.texts("/title", title);
        let versions = versions.into_iter().map(|version| {
            let DocumentVersion { label, url, published_on, period_from, period_to } = version;
            DomainVersion { label, url, published_on, period_from, period_to }
        });
        let made = Domain { id, programme_id, kind, title, versions: versions.collect() };
        let mut faults = reading.faults;
        faults.extend(made.check());
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl From<Domain> for ProgrammeDocumentCreate {
    fn from(document: Domain) -> Self {
        let versions = document.versions.into_iter().map(|version| {
            let DomainVersion { label, url, published_on, period_from, period_to } = version;
            DocumentVersion { label, url, published_on, period_from, period_to }
        });
        Self { kind: document.kind, title: to_wire(&document.title), versions: versions.collect() }
    }
}

fn view(stored: Stored<Domain>) -> ProgrammeDocument {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let (id, programme_id) = (value.id, value.programme_id);
    ProgrammeDocument { id, programme_id, content: value.into(), created_at, updated_at, etag: None }
}

/// The programme that a document belongs to; its host is where the document stands.
async fn programme_of(source: &impl Source, id: Uuid) -> Result<Programme, Failure> {
    let found = programme::find(source, id).await?.ok_or(Refusal::Hidden)?;
    Ok(found.value)
}

/// List the documents of a programme
#[utoipa::path(operation_id = "listProgrammeDocuments", tag = "Programmes", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = ProgrammeDocumentPage)))]
#[get("/programmes/{programmeId}/documents")]
pub(super) async fn list_programme_documents(call: Call<op::ListProgrammeDocuments>) -> Result<Answer, Problem> {
    let programme = programme_of(call.reader(), call.id("programmeId")?).await?;
    call.authorise(&Place::of_organisation(programme.host_id))?;
    let (_, request) = call.listing::<Paging>()?;
    let page = documents::list(call.reader(), programme.id, &request).await?;
    call.page(page.map(view))
}

/// Make a document of a programme
#[utoipa::path(operation_id = "createProgrammeDocument", tag = "Programmes", request_body = ProgrammeDocumentCreate,
    responses((status = 201, description = "Made", body = ProgrammeDocument)))]
#[post("/programmes/{programmeId}/documents")]
pub(super) async fn create_programme_document(call: Call<op::CreateProgrammeDocument>) -> Result<Answer, Problem> {
    let input: (Uuid, ProgrammeDocumentCreate) = (call.id("programmeId")?, call.body()?);
    call.command(input, |tx, (programme, new)| create(tx, *programme, new).boxed()).await
}

async fn create(tx: &Tx, programme: Uuid, new: &ProgrammeDocumentCreate) -> Result<Answer, Failure> {
    let programme = programme_of(tx, programme).await?;
    tx.authorise(&Place::of_organisation(programme.host_id)).await?;
    let made = new.clone().into_domain(tx.new_id(), programme.id)?;
    let stored = documents::insert(tx, programme.host_id, made).await?;
    let location = format!("/v1/programme-documents/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored)))
}

/// Read a document of a programme
#[utoipa::path(operation_id = "getProgrammeDocument", tag = "Programmes",
    responses((status = 200, description = "The document", body = ProgrammeDocument)))]
#[get("/programme-documents/{documentId}")]
pub(super) async fn get_programme_document(call: Call<op::GetProgrammeDocument>) -> Result<Answer, Problem> {
    let found = documents::find(call.reader(), call.id("documentId")?).await?.ok_or(Refusal::Hidden)?;
    let programme = programme_of(call.reader(), found.value.programme_id).await?;
    call.authorise(&Place::of_organisation(programme.host_id))?;
    Ok(Answer::resource(found.version, &view(found)))
}

/// Change a document of a programme, or add a version
///
/// The list of versions is replaced whole: send those that stay along.
#[utoipa::path(operation_id = "updateProgrammeDocument", tag = "Programmes", request_body(
    content((ProgrammeDocumentPatch = "application/merge-patch+json"), (ProgrammeDocumentPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = ProgrammeDocument)))]
#[patch("/programme-documents/{documentId}")]
pub(super) async fn update_programme_document(call: Call<op::UpdateProgrammeDocument>) -> Result<Answer, Problem> {
    let input = (call.id("documentId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let found = documents::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let programme = programme_of(tx, found.value.programme_id).await?;
    tx.authorise(&Place::of_organisation(programme.host_id)).await?;
    let content: ProgrammeDocumentCreate = patch::apply(&ProgrammeDocumentCreate::from(found.value.clone()), merge)?;
    let mut changed = content.into_domain(id, programme.id)?;
    changed.title = found.value.title.revised(changed.title);
    tx.fresh(found.version)?;
    let stored = documents::save(tx, programme.host_id, found.with(changed)).await?;
    Ok(Answer::resource(stored.version, &view(stored)))
}
