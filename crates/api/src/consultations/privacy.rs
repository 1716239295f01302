//! What people should know before they answer: who reads it, for how long it is
//! kept, and what is published.

use std::collections::HashMap;

use klankbord_domain::consultations::{Consultation, Reading, minimum_for};
use klankbord_domain::policy::{Roles, Standing};
use klankbord_persistence::access::accounts;
use klankbord_persistence::consultations::consultation::Kept;
use klankbord_persistence::consultations::medium;
use klankbord_persistence::networks::network;
use klankbord_persistence::{Failure, Source, Stored};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::medium::Medium;

/// How long answers are kept.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptFor {
    /// As long as the consultation is.
    Consultation,
}

/// What people should know before they answer: who reads it, for how long it is
/// kept, and what is published.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerPrivacy {
    /// The names of the facilitators. They read each answer whole; of an anonymous
    /// consultation only what people wrote, apart from what they chose and from each other.
    /// Nobody else reads what people wrote, but for quotes: a facilitator vouches first that nobody can be recognised
    /// by them, and they go out only where so many people wrote as counts are published of.
    #[schema(max_items = 20)]
    readers: Vec<String>,
    /// Whether nobody can find out who answered what.
    anonymous: bool,
    /// Whether those who hear an answer, on the telephone or on a visit, know whose it is:
    /// it is anonymous to all but them.
    heard_by_others: bool,
    /// Whether those who run the consultation see who chose what.
    choices_seen_by_organisers: bool,
    /// Counts are published of groups of this many people and more. Persons.
    #[schema(minimum = 5, maximum = 10000)]
    published_from: i64,
    /// The questions to which answers are published side by side, with what results are broken down by, in rows of as
    /// many people.
    #[schema(max_items = 6)]
    in_records: Vec<Uuid>,
    /// How long answers are kept.
    kept_for: KeptFor,
}

/// What stands beside several consultations: the names and minimums from which their privacy follows, and what
/// they show.
pub(super) struct Known {
    names: HashMap<Uuid, String>,
    minimums: HashMap<Uuid, i64>,
    media: HashMap<Uuid, Vec<medium::Kept>>,
}

impl Known {
    /// What has to be known of these consultations.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) async fn of(source: &impl Source, all: &[&Stored<Kept>]) -> Result<Self, Failure> {
        let of_each = |ids: fn(&Consultation) -> &Vec<Uuid>| -> Vec<Uuid> {
            all.iter().flat_map(|stored| ids(&stored.value.consultation).iter().copied()).collect()
        };
        let names = accounts::names(source, &of_each(|one| &one.facilitators)).await?;
        let minimums = network::least_groups(source, &of_each(|one| &one.audience.network_ids)).await?;
        let ids: Vec<Uuid> = all.iter().map(|stored| stored.value.consultation.id).collect();
        Ok(Self { names, minimums, media: medium::of_each(source, &ids).await? })
    }

    /// What a consultation shows, without the pictures and sound themselves.
    pub(super) fn media(&self, id: Uuid) -> Vec<Medium> {
        self.media.get(&id).into_iter().flatten().map(|kept| super::medium::view(kept.clone(), None)).collect()
    }

    pub(super) fn privacy(&self, kept: &Kept) -> AnswerPrivacy {
        let one = &kept.consultation;
        let raised = one.audience.network_ids.iter().filter_map(|id| self.minimums.get(id)).max().copied();
        AnswerPrivacy {
            anonymous: one.is_anonymous(),
            heard_by_others: one.heard_by_others,
            readers: one.facilitators.iter().filter_map(|id| self.names.get(id).cloned()).collect(),
            choices_seen_by_organisers: one.reading(None, Roles::of(&[Standing::Manager])) == Reading::Choices,
            published_from: minimum_for(Roles::NONE, kept.minors, raised),
            in_records: one.questions.iter().filter(|asked| asked.in_records).map(|asked| asked.id).collect(),
            kept_for: KeptFor::Consultation,
        }
    }
}
