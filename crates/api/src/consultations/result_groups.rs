//! Results by declared breakdowns, on the wire.

use std::collections::BTreeMap;

use klankbord_domain::consultations::{
    BrokenDown, Characteristic, GroupResults as Group, GroupValue as Value, Picked, Question, QuestionKind,
    QuestionResults as Protected, Results,
};
use klankbord_domain::{Cell as ProtectedCell, Why};
use klankbord_persistence::consultations::characteristics::region_names;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::{Failure, Source};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::result_counts::{GroupBandCount, GroupOptionCount, GroupPeriodCount, GroupScaleCount, GroupStanceCount};
use super::results::{all_hidden, median};
use crate::web::cell::Cell;

/// What tells a group apart.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupValue {
    /// By which characteristic.
    characteristic: Characteristic,
    /// The value: a code, an id, or `unknown`; of municipalities that were taken together, their region.
    #[schema(max_length = 40, example = "age_27_up")]
    value: String,
    /// What people call it, where it has a name: a region or an organisation.
    #[schema(max_length = 200, example = "Jeugdregio Voorbeeld")]
    name: Option<String>,
    /// Whether municipalities were taken together because one of them was too small.
    rolled_up: bool,
}

/// What a group answered to one question.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupQuestionResults {
    /// The question.
    question_id: Uuid,
    /// Of a matrix which row: each stands by itself.
    row_id: Option<Uuid>,
    /// How many of them answered it.
    base: Cell,
    /// By option, where there were options; of a matrix by column.
    #[schema(max_items = 100)]
    options: Vec<GroupOptionCount>,
    /// By value, where there was a scale.
    #[schema(max_items = 101)]
    scale: Option<Vec<GroupScaleCount>>,
    /// By band, where there was a number.
    #[schema(max_items = 100)]
    bands: Option<Vec<GroupBandCount>>,
    /// By year or month, where there was a day.
    #[schema(max_items = 100)]
    periods: Option<Vec<GroupPeriodCount>>,
    /// By what was said, where there was a statement.
    #[schema(max_items = 3)]
    stances: Option<Vec<GroupStanceCount>>,
    /// The mean of a scale, in hundredths, where nothing is hidden.
    #[schema(minimum = -100_000, maximum = 100_000, example = 375)]
    mean_hundredths: Option<i64>,
    /// The median of a scale, a whole or a half, where nothing is hidden.
    #[schema(minimum = -1000, maximum = 1000, example = 3.5)]
    median: Option<f64>,
    /// Why nothing of the distribution is shown, where nothing is.
    suppressed: Option<Why>,
}

/// What a group answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupResults {
    /// What tells it apart: one value, or two.
    #[schema(max_items = 2)]
    values: Vec<GroupValue>,
    /// How many of them took part.
    base: Cell,
    /// Question by question, a matrix row by row.
    #[schema(max_items = 2000)]
    questions: Vec<GroupQuestionResults>,
}

/// What was answered, broken down as it was declared. A group that is too small has no figure, and no
/// figure of others tells it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BreakdownResults {
    /// By what: one characteristic, or two that are crossed.
    #[schema(max_items = 2)]
    by: Vec<Characteristic>,
    /// Group by group; nothing where too few people answered in all, or while people still answer.
    #[schema(max_items = 10000)]
    groups: Vec<GroupResults>,
}

/// Which part a count is of those who answered, in tenths of a percent, rounded half up.
pub(super) fn share(count: ProtectedCell, answered: ProtectedCell) -> Option<i64> {
    let (count, answered) = (count.figure()?, answered.figure().filter(|answered| *answered > 0)?);
    Some((count * 2000 + answered) / (answered * 2))
}

/// What people call the regions and organisations by which results are broken down.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    pub(super) async fn of(source: &impl Source, shown: &Results) -> Result<Self, Failure> {
        let values = shown.breakdowns.iter().flat_map(|table| &table.groups).flat_map(|group| &group.values);
        let ids: Vec<Uuid> = values.filter_map(|value| value.value.parse().ok()).collect();
        if ids.is_empty() {
            return Ok(Self(BTreeMap::new()));
        }
        let mut names: BTreeMap<Uuid, String> = region_names(source, &ids).await?;
        names.extend(organisation::names(source, &ids).await?);
        Ok(Self(names.into_iter().map(|(id, name)| (id.to_string(), name)).collect()))
    }

    /// What people call a value, where it is a region or an organisation.
    pub(super) fn of_value(&self, value: &str) -> Option<&str> {
        self.0.get(value).map(String::as_str)
    }

    pub(super) fn view(&self, questions: &[Question], table: &BrokenDown) -> BreakdownResults {
        let of = |told: &Protected| {
            let question = questions.iter().find(|question| question.id == told.question_id);
            question.map(|question| view(question, told))
        };
        let group = |group: &Group| GroupResults {
            values: table.by.iter().zip(&group.values).map(|(by, value)| self.value(*by, value)).collect(),
            base: group.people.into(),
            questions: group.questions.iter().filter_map(of).collect(),
        };
        BreakdownResults { by: table.by.clone(), groups: table.groups.iter().map(group).collect() }
    }

    fn value(&self, characteristic: Characteristic, value: &Value) -> GroupValue {
        let Value { value, rolled_up, .. } = value;
        GroupValue {
            characteristic,
            value: value.clone(),
            name: self.of_value(value).map(str::to_owned),
            rolled_up: *rolled_up,
        }
    }
}

fn view(question: &Question, told: &Protected) -> GroupQuestionResults {
    let (mut options, mut scale, mut stances) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bands, mut periods) = (Vec::new(), Vec::new());
    for choice in &told.choices {
        let (count, share_tenths) = (choice.count.into(), share(choice.count, told.answered));
        match choice.picked {
            Picked::Option(option_id) => options.push(GroupOptionCount { option_id, count, share_tenths }),
            Picked::Value(value) => scale.push(GroupScaleCount { value, count, share_tenths }),
            Picked::Band(least, most) => bands.push(GroupBandCount { least, most, count, share_tenths }),
            Picked::Period(period, starts_on) => {
                periods.push(GroupPeriodCount { period, starts_on, count, share_tenths });
            }
            Picked::Stance(stance) => stances.push(GroupStanceCount { stance, count, share_tenths }),
        }
    }
    GroupQuestionResults {
        question_id: told.question_id,
        row_id: told.row_id,
        base: told.answered.into(),
        options,
        scale: matches!(question.kind, QuestionKind::Scale { .. }).then_some(scale),
        bands: matches!(question.kind, QuestionKind::Number { .. }).then_some(bands),
        periods: matches!(question.kind, QuestionKind::Date { .. }).then_some(periods),
        stances: matches!(question.kind, QuestionKind::Statement).then_some(stances),
        mean_hundredths: told.mean_hundredths,
        median: median(told.median_hundredths),
        suppressed: all_hidden(&told.choices),
    }
}
