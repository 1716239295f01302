//! Questions on the wire that ask to weigh: in order, with dots, within a budget; and a matrix.

use klankbord_domain::consultations::{BudgetUnit, Choice, MatrixRow as DomainRow, QuestionKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::placement::{Among, QuestionCondition, QuestionSection};
use super::question::{Shared, kind_words, question_form};
use crate::web::text::{Reading, TextVariant, to_wire};

/// One thing to choose, without words of one's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlainOption {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    label: Vec<TextVariant>,
}

/// One thing that a matrix asks about.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatrixRow {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    label: Vec<TextVariant>,
}

/// One thing to pay from a budget.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetOption {
    /// Its id; the service makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// What people read.
    #[schema(min_items = 1, max_items = 20)]
    label: Vec<TextVariant>,
    /// What it costs, in the unit of the budget.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 15000)]
    cost: i32,
}

kind_words! {
    /// Options in order.
    RankingKind::Ranking;
    /// For each row one of the columns.
    MatrixKind::Matrix;
    /// Dots divided over options.
    DotsKind::Dots;
    /// Options within a budget.
    BudgetKind::Budget;
}

question_form! {
    /// A question with options in order for an answer. Results say how many people put each first, and, where that
    /// betrays nobody, the points of all places.
    RankingQuestion(RankingKind::Ranking) {
        /// The options, in the order shown.
        #[schema(min_items = 2, max_items = 20)]
        options: Vec<PlainOption>,
        /// How many of them everybody puts in order, the first ones; all where it isn't said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 2, maximum = 20)]
        most: Option<i32>,
    }
}

question_form! {
    /// A question about several things at once: for each row one of the columns. Where it can't be left open, no row
    /// can. Each row is counted by itself; by group only where nobody left it open.
    MatrixQuestion(MatrixKind::Matrix) {
        /// What is asked about, in the order shown.
        #[schema(min_items = 1, max_items = 20)]
        rows: Vec<MatrixRow>,
        /// What can be said of each row, in the order shown.
        #[schema(min_items = 2, max_items = 20)]
        columns: Vec<PlainOption>,
    }
}

question_form! {
    /// A question for which dots are divided over options. Results say how many people gave an option any, and, where
    /// that betrays nobody, how many it got.
    DotsQuestion(DotsKind::Dots) {
        /// The options, in the order shown.
        #[schema(min_items = 2, max_items = 20)]
        options: Vec<PlainOption>,
        /// How many dots everybody has; fewer than fit on the options.
        #[schema(minimum = 2, maximum = 100, example = 10)]
        dots: i32,
        /// How many one option can get at most; all of them where it isn't said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 100)]
        most_each: Option<i32>,
        /// Whether all dots have to be used.
        #[serde(default)]
        use_all: bool,
    }
}

question_form! {
    /// A question for which options are paid from a budget. Results say how many people chose each; where the budget
    /// doesn't pay for all of them, only of everybody, and where what they left over betrays nobody.
    BudgetQuestion(BudgetKind::Budget) {
        /// The options with what they cost, in the order shown.
        #[schema(min_items = 2, max_items = 12)]
        options: Vec<BudgetOption>,
        /// What the options that somebody chooses can cost together.
        #[schema(minimum = 1, maximum = 1_000_000_000, example = 50000)]
        budget: i32,
        /// In what it is counted.
        unit: BudgetUnit,
    }
}

/// A choice under this name; a fault in its words at this pointer.
fn choice(
    (id, label): (Option<Uuid>, Vec<TextVariant>),
    at: &str,
    (reading, new_id): (&mut Reading, &impl Fn() -> Uuid),
) -> Choice {
    let label = reading.texts(&format!("{at}/label"), label);
    Choice { id: id.unwrap_or_else(new_id), label, own_words: false }
}

fn choices(options: Vec<PlainOption>, at: &str, reading: &mut Reading, new_id: &impl Fn() -> Uuid) -> Vec<Choice> {
    let one = |(index, option): (usize, PlainOption)| {
        choice((option.id, option.label), &format!("{at}/{index}"), (&mut *reading, new_id))
    };
    options.into_iter().enumerate().map(one).collect()
}

fn plain(options: &[Choice]) -> Vec<PlainOption> {
    options.iter().map(|option| PlainOption { id: Some(option.id), label: to_wire(&option.label) }).collect()
}

impl RankingQuestion {
    pub(super) fn into_kind(
        self,
        at: &str,
        reading: &mut Reading,
        new_id: &impl Fn() -> Uuid,
    ) -> (Shared, QuestionKind) {
        let (shared, (options, most)) = self.split();
        let options = choices(options, &format!("{at}/options"), reading, new_id);
        (shared, QuestionKind::Ranking { options, most })
    }

    pub(super) fn of(shared: Shared, options: &[Choice], most: Option<i32>) -> Self {
        Self::new(shared, plain(options), most)
    }
}

impl MatrixQuestion {
    pub(super) fn into_kind(
        self,
        at: &str,
        reading: &mut Reading,
        new_id: &impl Fn() -> Uuid,
    ) -> (Shared, QuestionKind) {
        let (shared, (rows, columns)) = self.split();
        let row = |(index, row): (usize, MatrixRow)| DomainRow {
            id: row.id.unwrap_or_else(new_id),
            label: reading.texts(&format!("{at}/rows/{index}/label"), row.label),
        };
        let rows = rows.into_iter().enumerate().map(row).collect();
        let columns = choices(columns, &format!("{at}/columns"), reading, new_id);
        (shared, QuestionKind::Matrix { rows, columns })
    }

    pub(super) fn of(shared: Shared, rows: &[DomainRow], columns: &[Choice]) -> Self {
        let row = |row: &DomainRow| MatrixRow { id: Some(row.id), label: to_wire(&row.label) };
        Self::new(shared, rows.iter().map(row).collect(), plain(columns))
    }
}

impl DotsQuestion {
    pub(super) fn into_kind(
        self,
        at: &str,
        reading: &mut Reading,
        new_id: &impl Fn() -> Uuid,
    ) -> (Shared, QuestionKind) {
        let (shared, (options, dots, most_each, use_all)) = self.split();
        let options = choices(options, &format!("{at}/options"), reading, new_id);
        (shared, QuestionKind::Dots { options, dots, most_each, use_all })
    }

    pub(super) fn of(shared: Shared, options: &[Choice], (dots, most_each, use_all): (i32, Option<i32>, bool)) -> Self {
        Self::new(shared, plain(options), dots, most_each, use_all)
    }
}

impl BudgetQuestion {
    pub(super) fn into_kind(
        self,
        at: &str,
        reading: &mut Reading,
        new_id: &impl Fn() -> Uuid,
    ) -> (Shared, QuestionKind) {
        let (shared, (paid, budget, unit)) = self.split();
        let costs = paid.iter().map(|option| option.cost).collect();
        let one = |(index, option): (usize, BudgetOption)| {
            choice((option.id, option.label), &format!("{at}/options/{index}"), (&mut *reading, new_id))
        };
        let options = paid.into_iter().enumerate().map(one).collect();
        (shared, QuestionKind::Budget { options, costs, budget, unit })
    }

    pub(super) fn of(shared: Shared, (options, costs): (&[Choice], &[i32]), (budget, unit): (i32, BudgetUnit)) -> Self {
        let paid = |(option, cost): (&Choice, &i32)| BudgetOption {
            id: Some(option.id),
            label: to_wire(&option.label),
            cost: *cost,
        };
        Self::new(shared, options.iter().zip(costs).map(paid).collect(), budget, unit)
    }
}
