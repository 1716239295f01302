//! The register of processing activities (GDPR art. 30): what is done with personal
//! data here, for what, on which ground, and for how long. It is the data map itself,
//! which a test holds against every column of the schema.

use std::collections::BTreeMap;

use actix_web::get;
use klankbord_domain::policy::Place;
use klankbord_domain::privacy::operations as op;
use klankbord_persistence::privacy::map::DataMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::{Answer, Call, Problem};

/// What of somebody is kept for a purpose.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessedData {
    /// Whose it is: `participant`, `account`, or `person` (either).
    #[schema(max_length = 40, example = "participant")]
    subject: String,
    /// What is kept.
    #[schema(max_length = 500, example = "the name by which they are known")]
    what: String,
    /// Where: table and column.
    #[schema(max_length = 200, example = "participants.display_name")]
    stored_in: String,
    /// On which ground.
    #[schema(
        max_length = 500,
        example = "the person's consent, explicit where it tells of health (GDPR art. 6.1.a, 9.2.a)"
    )]
    ground: String,
    /// For how long.
    #[schema(max_length = 500, example = "as long as the person takes part, then the organisation's term")]
    retention: String,
    /// What erasure does with it.
    #[schema(max_length = 500, example = "is emptied")]
    erasure: String,
}

/// What personal data is used for here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingActivity {
    /// The purpose's code.
    #[schema(max_length = 40, example = "participation")]
    code: String,
    /// The purpose.
    #[schema(max_length = 500, example = "letting people take part")]
    purpose: String,
    /// What is kept for it.
    #[schema(max_items = 1000)]
    data: Vec<ProcessedData>,
}

/// The register.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingRegister {
    /// One for each purpose.
    #[schema(max_items = 100)]
    activities: Vec<ProcessingActivity>,
}

/// Read what personal data is used for
///
/// The register of processing activities (GDPR art. 30), made from the map of every
/// column of the database: for which purpose, on which ground, for how long, and what
/// erasure does with it.
#[utoipa::path(operation_id = "getProcessingActivities", tag = "Privacy",
    responses((status = 200, description = "The register", body = ProcessingRegister)))]
#[get("/processing-activities")]
pub(super) async fn get_processing_activities(call: Call<op::GetProcessingActivities>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    Ok(Answer::plain(&register(DataMap::read()?)))
}

fn register(map: &DataMap) -> ProcessingRegister {
    let word = |words: &BTreeMap<String, String>, code: Option<&String>| {
        code.and_then(|code| words.get(code)).cloned().unwrap_or_default()
    };
    let item = |(code, purpose): (&String, &String)| {
        let mut data = Vec::new();
        for (table, entry) in &map.table {
            for (name, column) in entry.columns.iter().filter(|(_, column)| column.purpose.as_ref() == Some(code)) {
                let ground = word(&map.ground, column.ground.as_ref());
                data.push(ProcessedData {
                    subject: column.subject.code().to_owned(),
                    what: column.what.clone(),
                    stored_in: format!("{table}.{name}"),
                    ground,
                    retention: word(&map.retention, column.retention.as_ref()),
                    erasure: column.erase.and_then(|act| map.erase.get(act.code())).cloned().unwrap_or_default(),
                });
            }
        }
        ProcessingActivity { code: code.clone(), purpose: purpose.clone(), data }
    };
    let items = map.purpose.iter().map(item).filter(|one| !one.data.is_empty());
    ProcessingRegister { activities: items.collect() }
}
