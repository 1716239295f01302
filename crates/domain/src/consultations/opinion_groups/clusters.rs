//! Points that lie together: k-means, with as many groups as lie furthest apart (silhouette).

use super::map::{AXES, Point};

/// How many groups are tried.
const FEWEST: usize = 2;
const MOST: usize = 5;
/// How often each number of groups is begun anew.
const BEGINNINGS: u64 = 12;
/// How often groups are moved, at most.
const MOVES: usize = 100;
/// From how many points it is found how far groups lie apart, at most.
const MOST_COMPARED: usize = 1000;

/// The middles of the groups, that of the largest first, on so many axes.
pub(super) struct Clusters {
    middles: Vec<Point>,
    axes: usize,
}

impl Clusters {
    /// The groups of these points, each of at least so many, found from those that were drawn; none where
    /// there is only one. Two axes hold three groups apart, and each further group needs one more: with more
    /// axes than that, what differs by chance would blur them.
    pub(super) fn find(points: &[Point], drawn: &[Point], minimum: usize) -> Option<Self> {
        let mut best: Option<(f64, Vec<Point>, usize)> = None;
        for count in FEWEST..=MOST {
            let axes = count.saturating_sub(1).clamp(2, AXES);
            let (points, along_these) = (along(points, axes), along(drawn, axes));
            let Some(middles) = large_enough(&points, k_means(&along_these, count), minimum) else { continue };
            let groups = along_these.iter().map(|point| nearest(&middles, *point)).collect::<Vec<_>>();
            let apart = silhouette(drawn, &groups, middles.len());
            if best.as_ref().is_none_or(|(most, ..)| apart > *most) {
                best = Some((apart, middles, axes));
            }
        }
        let (_, mut middles, axes) = best?;
        let points = &along(points, axes);
        let sizes = self::sizes(points, &middles);
        let mut order: Vec<(usize, Point)> = sizes.into_iter().zip(middles.drain(..)).collect();
        order.sort_by(|(size, middle), (other_size, other)| {
            let place = middle.iter().zip(other).map(|(one, other)| one.total_cmp(other));
            other_size.cmp(size).then(place.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then))
        });
        let middles: Vec<Point> = order.into_iter().map(|(_, middle)| middle).collect();
        // Who lies as near to two goes to the first, and another is the first now.
        let large = self::sizes(points, &middles).into_iter().all(|size| size >= minimum);
        large.then_some(Self { middles, axes })
    }

    /// The number of the group that is nearest, from 1 on.
    pub(super) fn nearest(&self, point: Point) -> u32 {
        u32::try_from(nearest(&self.middles, only(point, self.axes))).unwrap_or_default().saturating_add(1)
    }
}

/// The place on the first so many axes.
fn only(point: Point, axes: usize) -> Point {
    let mut point = point;
    point.iter_mut().skip(axes).for_each(|place| *place = 0.0);
    point
}

fn along(points: &[Point], axes: usize) -> Vec<Point> {
    points.iter().map(|point| only(*point, axes)).collect()
}

/// Where the nearest middle stands; the first of those that are as near.
fn nearest(middles: &[Point], point: Point) -> usize {
    let far = middles.iter().enumerate().map(|(at, middle)| (at, distance(*middle, point)));
    far.min_by(|(_, one), (_, other)| one.total_cmp(other)).map_or(0, |(at, _)| at)
}

/// The square of how far two points lie apart.
fn distance(one: Point, other: Point) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum()
}

fn sizes(points: &[Point], middles: &[Point]) -> Vec<usize> {
    let mut sizes = vec![0; middles.len()];
    for point in points {
        sizes.get_mut(nearest(middles, *point)).into_iter().for_each(|size| *size += 1);
    }
    sizes
}

/// The smallest group joins the others, until each is large enough: everybody in it goes where they are
/// nearest then. None where there is one group only.
fn large_enough(points: &[Point], mut middles: Vec<Point>, minimum: usize) -> Option<Vec<Point>> {
    loop {
        if middles.len() < FEWEST {
            return None;
        }
        let sizes = sizes(points, &middles);
        let smallest = sizes.iter().enumerate().min_by_key(|(_, size)| **size);
        let (at, _) = smallest.filter(|(_, size)| **size < minimum).unzip();
        let Some(at) = at else { return Some(middles) };
        middles.remove(at);
        middles = settled(points, middles);
    }
}

/// The best of several beginnings: that in which points lie nearest to their middles.
fn k_means(points: &[Point], count: usize) -> Vec<Point> {
    let mut best: Option<(f64, Vec<Point>)> = None;
    for beginning in 0..BEGINNINGS {
        let mut draws = Draws(beginning.wrapping_add(1));
        let middles = settled(points, begun(points, count, &mut draws));
        let off: f64 = points.iter().map(|point| to_nearest(&middles, *point)).sum();
        if best.as_ref().is_none_or(|(least, _)| off < *least) {
            best = Some((off, middles));
        }
    }
    best.map(|(_, middles)| middles).unwrap_or_default()
}

fn to_nearest(middles: &[Point], point: Point) -> f64 {
    middles.iter().map(|middle| distance(*middle, point)).fold(f64::INFINITY, f64::min)
}

/// Middles to begin with: points that lie far from each other, by a drawn number (k-means++). Fewer
/// where fewer points differ.
fn begun(points: &[Point], count: usize, draws: &mut Draws) -> Vec<Point> {
    let mut middles: Vec<Point> = Vec::new();
    let mut far: Vec<f64> = vec![1.0; points.len()];
    while middles.len() < count {
        let mut left = draws.next() * far.iter().sum::<f64>();
        let reached = |far: &f64| {
            left -= far;
            left <= 0.0 && *far > 0.0
        };
        let Some(chosen) = far.iter().position(reached).and_then(|at| points.get(at)) else { break };
        middles.push(*chosen);
        far = points.iter().map(|point| to_nearest(&middles, *point)).collect();
        if far.iter().all(|far| *far <= 0.0) {
            break;
        }
    }
    middles
}

/// The middles, moved to the middle of who is nearest until nobody changes.
fn settled(points: &[Point], mut middles: Vec<Point>) -> Vec<Point> {
    for _ in 0..MOVES {
        let mut sums = vec![([0.0; AXES], 0.0); middles.len()];
        for point in points {
            if let Some((sum, count)) = sums.get_mut(nearest(&middles, *point)) {
                sum.iter_mut().zip(point).for_each(|(sum, place)| *sum += place);
                *count += 1.0;
            }
        }
        let middle = |(sum, count): &(Point, f64)| (*count > 0.0).then(|| sum.map(|sum| sum / count));
        let moved: Vec<Point> = sums.iter().filter_map(middle).collect();
        if moved == middles {
            break;
        }
        middles = moved;
    }
    middles
}

/// How much nearer points lie to their own group than to the next, from -1 to 1.
fn silhouette(points: &[Point], groups: &[usize], count: usize) -> f64 {
    let step = points.len().div_ceil(MOST_COMPARED).max(1);
    let compared: Vec<(Point, usize)> = points.iter().copied().zip(groups.iter().copied()).step_by(step).collect();
    let (mut sum, mut number) = (0.0, 0.0);
    for (at, (point, own)) in compared.iter().enumerate() {
        let mut far = vec![(0.0, 0.0); count];
        for (_, (other, group)) in compared.iter().enumerate().filter(|(place, _)| *place != at) {
            if let Some((sum, count)) = far.get_mut(*group) {
                *sum += distance(*point, *other).sqrt();
                *count += 1.0;
            }
        }
        let mean = |(sum, count): &(f64, f64)| (*count > 0.0).then(|| sum / count);
        let within = far.get(*own).and_then(mean).unwrap_or_default();
        let others = far.iter().enumerate().filter(|(group, _)| group != own);
        let next = others.filter_map(|(_, far)| mean(far)).fold(f64::INFINITY, f64::min);
        let most = within.max(next);
        if next.is_finite() && most > 0.0 {
            sum += (next - within) / most;
        }
        number += 1.0;
    }
    if number > 0.0 { sum / number } else { 0.0 }
}

/// Numbers that look drawn and are the same each time (`SplitMix64`).
struct Draws(u64);

impl Draws {
    /// The next one, from 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        f64::from(u32::try_from(mixed >> 32).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
    }
}
