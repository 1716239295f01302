//! Votes as points on a few axes: along which they differ most (principal components).

use super::{Stance, Votes};

/// How many axes there are: as many as hold five groups apart.
pub(super) const AXES: usize = 4;

/// A place on the map.
pub(super) type Point = [f64; AXES];

/// How often an axis is turned towards where votes differ most, at most.
const TURNS: usize = 300;
/// When it turns no further.
const STILL: f64 = 1e-12;

/// The axes, that along which votes differ most first, and the mean vote on each statement.
pub(super) struct Map {
    means: Vec<f64>,
    axes: Vec<Vec<f64>>,
}

impl Map {
    /// The map of these votes. What was left open counts as the mean vote.
    pub(super) fn of(people: &[&Votes], statements: usize) -> Self {
        let mut sums = vec![(0.0, 0.0); statements];
        for votes in people {
            for (vote, (sum, count)) in votes.iter().zip(&mut sums) {
                if let Some(vote) = vote {
                    *sum += value(*vote);
                    *count += 1.0;
                }
            }
        }
        let means: Vec<f64> = sums.iter().map(|(sum, count)| if *count > 0.0 { sum / count } else { 0.0 }).collect();
        let mut spread = vec![vec![0.0; statements]; statements];
        for votes in people {
            let row = centred(votes, &means);
            for (line, one) in spread.iter_mut().zip(&row).filter(|(_, one)| **one != 0.0) {
                line.iter_mut().zip(&row).for_each(|(sum, other)| *sum += one * other);
            }
        }
        let mut axes = Vec::new();
        while axes.len() < AXES {
            axes.push(axis(&spread, &axes));
        }
        Self { means, axes }
    }

    /// Where these votes lie. Who answered few statements lies as far out as if they had answered all alike.
    pub(super) fn place(&self, votes: &Votes) -> Point {
        let answered = f64::from(u32::try_from(votes.iter().flatten().count()).unwrap_or(u32::MAX));
        let statements = f64::from(u32::try_from(self.means.len()).unwrap_or(u32::MAX));
        let stretch = if answered > 0.0 { (statements / answered).sqrt() } else { 0.0 };
        let row = centred(votes, &self.means);
        let mut point = [0.0; AXES];
        point.iter_mut().zip(&self.axes).for_each(|(place, axis)| *place = dot(axis, &row) * stretch);
        point
    }
}

fn value(vote: Stance) -> f64 {
    match vote {
        Stance::Agree => 1.0,
        Stance::Disagree => -1.0,
        Stance::Pass => 0.0,
    }
}

fn centred(votes: &Votes, means: &[f64]) -> Vec<f64> {
    let one = |(vote, mean): (&Option<Stance>, &f64)| vote.map_or(0.0, |vote| value(vote) - mean);
    votes.iter().zip(means).map(one).collect()
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// One long, or nothing.
fn unit(mut axis: Vec<f64>) -> Vec<f64> {
    let length = dot(&axis, &axis).sqrt();
    for part in &mut axis {
        *part = if length > STILL { *part / length } else { 0.0 };
    }
    axis
}

/// The direction in which there is most spread, at right angles to the others: power iteration.
fn axis(spread: &[Vec<f64>], others: &[Vec<f64>]) -> Vec<f64> {
    let aside = |mut axis: Vec<f64>| {
        for other in others {
            let along = dot(&axis, other);
            axis.iter_mut().zip(other).for_each(|(part, one)| *part -= along * one);
        }
        unit(axis)
    };
    // Begun with the statement that differs most, and a little of the others, so that it is at right angles to none.
    let begin = |(at, line): (usize, &Vec<f64>)| {
        let own = line.get(at).copied().unwrap_or_default();
        own + 1.0 / f64::from(u32::try_from(at + 3).unwrap_or(u32::MAX))
    };
    let mut axis = aside(spread.iter().enumerate().map(begin).collect());
    for _ in 0..TURNS {
        let turned = aside(spread.iter().map(|line| dot(line, &axis)).collect());
        let still = (1.0 - dot(&turned, &axis).abs()).abs() < STILL;
        axis = turned;
        if still {
            break;
        }
    }
    axis
}
