//! Opinion groups (opiniegroepen): who answered statements alike, found from the answers alone.
//!
//! As Polis does (Small et al. 2021, "Polis: Scaling deliberation by mapping high dimensional opinion
//! spaces"): the answers are mapped on a few axes, corrected for how many statements somebody answered, and
//! those who lie together are a group. Neither a place on the map nor who is in which group is kept or shown:
//! what leaves this room is a number per person, for counting, and what is counted is protected as any
//! breakdown is.
//!
//! Groups are found in whatever was answered, also where people don't differ much: they sum up
//! answers, and are no kinds of people.

mod clusters;
mod counting;
mod map;
mod telling;

pub use counting::Opinions;
pub use telling::{OpinionGroup, OpinionGroups, Position, StatementResults, Typical};

use self::clusters::Clusters;
use self::map::Point;
use super::Stance;

/// How many statements somebody answers at least to shape the groups; all, where there are fewer.
const LEAST_VOTES: usize = 7;
/// From how many people groups are found at most: from more, evenly drawn ones.
const MOST_SHAPING: usize = 10_000;

/// Of one person a vote per statement, in the order of the statements; none where it was left open.
pub type Votes = Vec<Option<Stance>>;

/// In which group everybody is, from 1 on, in the order of `people`; none of those who answered too few
/// statements. None in all where no two groups of at least `minimum` people can be told apart.
///
/// The same votes give the same groups, in whichever order they come; group 1 is the largest. Who
/// answered too few statements shapes no group, and is in none, unless they would be too few to
/// be counted apart: then each is counted in the group that is nearest.
pub fn opinion_groups(people: &[Votes], statements: usize, minimum: i64) -> Option<Vec<Option<u32>>> {
    let minimum = usize::try_from(minimum).unwrap_or(usize::MAX).max(1);
    let enough = LEAST_VOTES.min(statements);
    let mut shaping: Vec<&Votes> = people.iter().filter(|votes| voted(votes) >= enough.max(1)).collect();
    if statements < 2 || shaping.len() < minimum.saturating_mul(2) {
        return None;
    }
    // Sums of fractions depend on their order: this makes it that of the votes.
    shaping.sort_unstable();
    let drawn = evenly(&shaping, MOST_SHAPING);
    let map = map::Map::of(&drawn, statements);
    let placed = |all: &[&Votes]| all.iter().map(|votes| map.place(votes)).collect::<Vec<Point>>();
    let clusters = Clusters::find(&placed(&shaping), &placed(&drawn), minimum)?;
    let left_out = people.len() - shaping.len();
    let place_all = left_out > 0 && left_out < minimum;
    let of = |votes: &Votes| {
        let placed = place_all || voted(votes) >= enough.max(1);
        placed.then(|| clusters.nearest(map.place(votes)))
    };
    Some(people.iter().map(of).collect())
}

fn voted(votes: &Votes) -> usize {
    votes.iter().flatten().count()
}

/// So many of them at most, at even distances.
fn evenly<'a>(all: &[&'a Votes], most: usize) -> Vec<&'a Votes> {
    let step = all.len().div_ceil(most).max(1);
    all.iter().step_by(step).copied().collect()
}

#[cfg(test)]
mod tests;
