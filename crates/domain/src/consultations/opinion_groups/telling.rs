//! What opinion groups think, told from what may be shown of them and from nothing else: whoever has
//! the figures can work it out.

use uuid::Uuid;

use crate::cells::Cell;
use crate::vocabulary::vocabulary;

/// How far something lies from chance: one in ten by chance alone. Standard deviations.
const BEYOND_CHANCE: f64 = 1.2816;
/// How many statements are typical of a group at most.
const MOST_TYPICAL: usize = 5;

vocabulary! {
    /// Where people stand towards a statement.
    Position {
        /// They agree.
        Agree => "agree",
        /// They disagree.
        Disagree => "disagree",
    }
}

/// What was answered to one statement, as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementResults {
    /// Which statement.
    pub question_id: Uuid,
    /// How many answered it.
    pub answered: Cell,
    /// How many agree.
    pub agree: Cell,
    /// How many disagree.
    pub disagree: Cell,
    /// How many passed.
    pub pass: Cell,
}

/// A statement, and where people stand towards it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typical {
    /// Which statement.
    pub question_id: Uuid,
    /// Where they stand.
    pub position: Position,
}

/// People who answered alike, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionGroup {
    /// How many they are.
    pub people: Cell,
    /// Statement by statement.
    pub statements: Vec<StatementResults>,
    /// What sets them apart from the other groups, the clearest first.
    pub typical: Vec<Typical>,
}

/// The opinion groups of a consultation, and what they agree and differ on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionGroups {
    /// Group by group.
    pub groups: Vec<OpinionGroup>,
    /// On what every group stands alike.
    pub agreed: Vec<Typical>,
    /// On what one group agrees and another disagrees.
    pub dividing: Vec<Uuid>,
}

/// Figures of one statement.
#[derive(Clone, Copy, Default)]
struct Tally {
    agree: f64,
    disagree: f64,
    all: f64,
}

impl StatementResults {
    fn tally(&self) -> Option<Tally> {
        let number = |cell: Cell| cell.figure().and_then(|figure| u32::try_from(figure).ok()).map(f64::from);
        let (agree, disagree) = (number(self.agree)?, number(self.disagree)?);
        Some(Tally { agree, disagree, all: agree + disagree + number(self.pass)? })
    }
}

impl Tally {
    fn of(self, position: Position) -> f64 {
        match position {
            Position::Agree => self.agree,
            Position::Disagree => self.disagree,
        }
    }

    fn plus(self, other: Self) -> Self {
        let Self { agree, disagree, all } = other;
        Self { agree: self.agree + agree, disagree: self.disagree + disagree, all: self.all + all }
    }

    /// Which part takes a position, drawn a little to the middle where few answered.
    fn part(self, position: Position) -> f64 {
        (self.of(position) + 1.0) / (self.all + 2.0)
    }

    /// How far a position lies above half, beside chance.
    fn above_half(self, position: Position) -> f64 {
        2.0 * (self.all + 1.0).sqrt() * ((self.of(position) + 1.0) / (self.all + 1.0) - 0.5)
    }

    /// Where a clear majority stands.
    fn stands(self) -> Option<Position> {
        [Position::Agree, Position::Disagree]
            .into_iter()
            .find(|position| self.part(*position) > 0.5 && self.above_half(*position) > BEYOND_CHANCE)
    }

    /// How far a position lies above that of others, beside chance.
    fn above(self, others: Self, position: Position) -> f64 {
        let (one, other) = (self.of(position) + 1.0, others.of(position) + 1.0);
        let (all, other_all) = (self.all + 1.0, others.all + 1.0);
        let together = (one + other) / (all + other_all);
        let chance = (together * (1.0 - together) * (1.0 / all + 1.0 / other_all)).sqrt();
        if chance > 0.0 { (one / all - other / other_all) / chance } else { 0.0 }
    }

    /// How typical a position is of these people, beside others; none where it isn't beyond chance (the
    /// representativeness of Polis).
    fn typical(self, others: Self, position: Position) -> Option<f64> {
        let (above, above_half) = (self.above(others, position), self.above_half(position));
        let clear = above > BEYOND_CHANCE && above_half > BEYOND_CHANCE;
        let part = self.part(position);
        clear.then(|| part / others.part(position) * above * part * above_half)
    }
}

impl OpinionGroups {
    /// The groups with what is typical of each, agreed and dividing, from what may be shown of each: how
    /// many they are, and what they answered to each statement. Only statements of which everything may be
    /// shown are compared.
    pub fn of(groups: Vec<(Cell, Vec<StatementResults>)>) -> Self {
        let shown: Vec<&[StatementResults]> = groups.iter().map(|(_, statements)| statements.as_slice()).collect();
        let first = shown.first().copied().unwrap_or_default();
        let stands = |at: usize| {
            let each = shown.iter().map(|statements| statements.get(at)?.tally()?.stands());
            each.collect::<Vec<Option<Position>>>()
        };
        let asked = || first.iter().enumerate().map(|(at, statement)| (statement.question_id, stands(at)));
        let agreed = asked().filter_map(|(question_id, stands)| {
            let position = (*stands.first()?)?;
            stands.iter().all(|one| *one == Some(position)).then_some(Typical { question_id, position })
        });
        let both = |stands: &[Option<Position>]| Position::ALL.iter().all(|one| stands.contains(&Some(*one)));
        let dividing = asked().filter(|(_, stands)| both(stands)).map(|(question_id, _)| question_id);
        let (agreed, dividing) = (agreed.collect(), dividing.collect());
        let typical: Vec<Vec<Typical>> = (0..shown.len()).map(|group| typical(&shown, group)).collect();
        let group = |((people, statements), typical)| OpinionGroup { people, statements, typical };
        Self { groups: groups.into_iter().zip(typical).map(group).collect(), agreed, dividing }
    }
}

/// What is typical of one group beside the others.
fn typical(groups: &[&[StatementResults]], group: usize) -> Vec<Typical> {
    let own = groups.get(group).copied().unwrap_or_default();
    let mut found: Vec<(f64, Typical)> = Vec::new();
    for (at, statement) in own.iter().enumerate() {
        let others = groups.iter().enumerate().filter(|(other, _)| *other != group);
        let others: Option<Vec<Tally>> = others.map(|(_, other)| other.get(at)?.tally()).collect();
        let (Some(tally), Some(others)) = (statement.tally(), others) else { continue };
        let others = others.into_iter().fold(Tally::default(), Tally::plus);
        let question_id = statement.question_id;
        let each = Position::ALL.iter().filter_map(|position| {
            tally.typical(others, *position).map(|how| (how, Typical { question_id, position: *position }))
        });
        found.extend(each);
    }
    found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    found.into_iter().take(MOST_TYPICAL).map(|(_, typical)| typical).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(number: u128, figures: Option<(i64, i64, i64)>) -> StatementResults {
        let hidden = Cell::Suppressed(crate::cells::Why::Complementary);
        let (agree, disagree, pass, answered) =
            figures.map_or((hidden, hidden, hidden, hidden), |(one, two, three)| {
                (Cell::Shown(one), Cell::Shown(two), Cell::Shown(three), Cell::Shown(one + two + three))
            });
        StatementResults { question_id: Uuid::from_u128(number), answered, agree, disagree, pass }
    }

    fn stand(number: u128, position: Position) -> Typical {
        Typical { question_id: Uuid::from_u128(number), position }
    }

    #[test]
    fn what_sets_groups_apart_and_what_they_share_is_told_from_figures() {
        let one = vec![
            statement(1, Some((40, 5, 5))),
            statement(2, Some((42, 6, 2))),
            statement(3, Some((25, 25, 0))),
            statement(4, None),
        ];
        let two = vec![
            statement(1, Some((0, 30, 5))),
            statement(2, Some((30, 0, 5))),
            statement(3, Some((17, 18, 0))),
            statement(4, Some((35, 0, 0))),
        ];
        let told = OpinionGroups::of(vec![(Cell::Shown(50), one), (Cell::Shown(35), two)]);
        assert_eq!(told.agreed, [stand(2, Position::Agree)]);
        assert_eq!(told.dividing, [Uuid::from_u128(1)]);
        assert_eq!(told.groups[0].typical, [stand(1, Position::Agree)]);
        assert_eq!(told.groups[1].typical, [stand(1, Position::Disagree)]);
    }

    #[test]
    fn of_what_is_hidden_nothing_is_told() {
        let hidden = || vec![statement(1, None)];
        let told = OpinionGroups::of(vec![(Cell::Shown(50), hidden()), (Cell::Shown(35), hidden())]);
        assert_eq!((told.agreed, told.dividing), (Vec::new(), Vec::new()));
        assert!(told.groups.iter().all(|group| group.typical.is_empty()));
        assert_eq!(OpinionGroups::of(Vec::new()).groups, []);
    }
}
