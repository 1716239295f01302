//! Planted groups are found again, whatever the order; and no group is under the minimum.

use proptest::prelude::*;

use super::*;

/// Drawn numbers that are the same each time.
struct Draw(u64);

impl Draw {
    fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn part(&mut self) -> f64 {
        f64::from(u32::try_from(self.number() >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn vote(&mut self) -> Stance {
        [Stance::Agree, Stance::Disagree, Stance::Pass][self.third()]
    }

    fn third(&mut self) -> usize {
        usize::try_from(self.number() % 3).unwrap()
    }
}

/// How people were planted.
#[derive(Debug, Clone, Copy)]
struct Planted<'a> {
    sizes: &'a [usize],
    statements: usize,
    /// Which part of the votes is drawn, and which part is missing.
    noise: f64,
    missing: f64,
}

impl Planted<'_> {
    /// People of each group in turn, each with the group they are of.
    fn people(&self, seed: u64) -> (Vec<Votes>, Vec<usize>) {
        let mut draw = Draw(seed.wrapping_mul(0x9E37_79B9) | 1);
        (0..20).for_each(|_| assert_ne!(draw.number(), 0));
        let stands: Vec<Vec<Stance>> =
            self.sizes.iter().map(|_| (0..self.statements).map(|_| draw.vote()).collect()).collect();
        let (mut people, mut truth) = (Vec::new(), Vec::new());
        for (group, size) in self.sizes.iter().enumerate() {
            for _ in 0..*size {
                let vote = |at: usize| {
                    let vote = if draw.part() < self.noise { draw.vote() } else { stands[group][at] };
                    (draw.part() >= self.missing).then_some(vote)
                };
                people.push((0..self.statements).map(vote).collect());
                truth.push(group);
            }
        }
        (people, truth)
    }
}

/// How far two partitions agree, beside chance: 1 where they are the same (Hubert and Arabie 1985).
fn adjusted_rand(one: &[usize], other: &[usize]) -> f64 {
    let pairs = |count: usize| {
        let count = f64::from(u32::try_from(count).unwrap());
        count * (count - 1.0) / 2.0
    };
    let (ones, others) = (one.iter().max().unwrap() + 1, other.iter().max().unwrap() + 1);
    let mut table = vec![vec![0usize; others]; ones];
    one.iter().zip(other).for_each(|(one, other)| table[*one][*other] += 1);
    let both: f64 = table.iter().flatten().map(|count| pairs(*count)).sum();
    let rows: f64 = table.iter().map(|row| pairs(row.iter().sum())).sum();
    let columns: f64 = (0..others).map(|at| pairs(table.iter().map(|row| row[at]).sum())).sum();
    let chance = rows * columns / pairs(one.len());
    let most = f64::midpoint(rows, columns);
    if (most - chance).abs() < f64::EPSILON { 1.0 } else { (both - chance) / (most - chance) }
}

/// The partition of those who were placed, and what they were planted as.
fn placed(found: &[Option<u32>], truth: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let pairs = found
        .iter()
        .zip(truth)
        .filter_map(|(found, truth)| found.map(|found| (usize::try_from(found).unwrap(), *truth)));
    pairs.unzip()
}

#[test]
fn the_measure_is_one_for_the_same_and_about_none_for_chance() {
    assert!((adjusted_rand(&[0, 0, 1, 1], &[1, 1, 0, 0]) - 1.0).abs() < 1e-9);
    assert!((adjusted_rand(&[0, 0, 1, 2], &[0, 0, 1, 1]) - 0.571_428_571).abs() < 1e-6);
    let mut draw = Draw(7);
    let drawn = |draw: &mut Draw| (0..3000).map(|_| draw.third()).collect::<Vec<_>>();
    assert!(adjusted_rand(&drawn(&mut draw), &drawn(&mut draw)).abs() < 0.01);
}

#[test]
fn planted_groups_are_found_again() {
    let of = |sizes, statements, noise, missing| Planted { sizes, statements, noise, missing };
    let all = [
        of(&[60, 60][..], 20, 0.2, 0.0),
        of(&[200, 40], 30, 0.3, 0.2),
        of(&[500, 25], 60, 0.2, 0.5),
        of(&[60, 60, 60], 40, 0.2, 0.2),
        of(&[300, 120, 40], 60, 0.3, 0.3),
        of(&[800, 400, 200], 100, 0.4, 0.5),
        of(&[100, 90, 80], 100, 0.2, 0.7),
        of(&[150, 100, 80, 60], 100, 0.1, 0.2),
        of(&[150, 100, 80, 60], 40, 0.2, 0.3),
        of(&[120, 110, 100, 90, 80], 60, 0.2, 0.2),
    ];
    for planted in all {
        let mut told = Vec::new();
        for seed in 1..=6 {
            let (people, truth) = planted.people(seed);
            let found = opinion_groups(&people, planted.statements, 10).unwrap();
            let (found, truth) = placed(&found, &truth);
            assert!(found.len() * 10 > people.len() * 9);
            told.push(adjusted_rand(&found, &truth));
        }
        println!("{planted:?}: {told:.3?}");
        assert!(told.iter().all(|one| *one >= 0.9), "{planted:?}: {told:?}");
    }
}

#[test]
fn who_answered_too_little_shapes_no_group() {
    let planted = Planted { sizes: &[40, 40], statements: 20, noise: 0.1, missing: 0.0 };
    let (mut people, _) = planted.people(3);
    let few = |votes: &Votes| votes.iter().enumerate().map(|(at, vote)| vote.filter(|_| at < 6)).collect::<Votes>();
    let alone = opinion_groups(&people, 20, 10).unwrap();
    people.extend([few(&people[0]), few(&people[79])]);
    let counted_with = opinion_groups(&people, 20, 10).unwrap();
    assert_eq!(counted_with[..80], alone, "two who answered six of twenty change nothing");
    assert_eq!((counted_with[80], counted_with[81]), (alone[0], alone[79]), "and are too few to be counted apart");
    people.extend(vec![few(&people[0]); 10]);
    let apart = opinion_groups(&people, 20, 10).unwrap();
    assert_eq!((&apart[..80], &apart[80..]), (&alone[..], &[None; 12][..]));
}

#[test]
fn few_people_or_one_opinion_make_no_groups() {
    let planted = Planted { sizes: &[9, 9], statements: 20, noise: 0.0, missing: 0.0 };
    assert_eq!(opinion_groups(&planted.people(1).0, 20, 10), None);
    let one = Planted { sizes: &[60], statements: 20, noise: 0.0, missing: 0.0 };
    assert_eq!(opinion_groups(&one.people(1).0, 20, 10), None, "all alike are one group");
    let split = Planted { sizes: &[60, 4], statements: 20, noise: 0.0, missing: 0.0 };
    assert_eq!(opinion_groups(&split.people(1).0, 20, 5), None, "four are none");
    assert_eq!(opinion_groups(&[], 20, 10), None);
    assert_eq!(opinion_groups(&planted.people(1).0, 1, 5), None, "one statement has two sides and no groups");
}

fn votes() -> impl Strategy<Value = (usize, Vec<Votes>)> {
    let vote = prop_oneof![
        3 => Just(Some(Stance::Agree)), 3 => Just(Some(Stance::Disagree)), 1 => Just(Some(Stance::Pass)), 1 => Just(None),
    ];
    let people = move |statements: usize| prop::collection::vec(prop::collection::vec(vote.clone(), statements), 0..60);
    (1usize..12).prop_flat_map(move |statements| (Just(statements), people(statements)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_group_is_under_the_minimum((statements, people) in votes(), minimum in 5usize..14) {
        let Some(found) = opinion_groups(&people, statements, i64::try_from(minimum).unwrap()) else { return Ok(()) };
        prop_assert_eq!(found.len(), people.len());
        let count = |group: Option<u32>| found.iter().filter(|one| **one == group).count();
        let last = found.iter().flatten().max().copied().unwrap();
        prop_assert!((2..=5).contains(&last));
        for group in 1..=last {
            prop_assert!(count(Some(group)) >= minimum, "{} of {}", count(Some(group)), minimum);
        }
        let apart = count(None);
        prop_assert!(apart == 0 || apart >= minimum);
    }

    #[test]
    fn the_order_of_people_changes_nothing((statements, people) in votes(), turn in 0usize..60, minimum in 5i64..8) {
        let mut turned = people.clone();
        turned.rotate_left(turn.min(people.len()));
        turned.reverse();
        let back = opinion_groups(&turned, statements, minimum).map(|mut found| {
            found.reverse();
            found.rotate_right(turn.min(people.len()));
            found
        });
        prop_assert_eq!(back, opinion_groups(&people, statements, minimum));
    }
}

/// `prove/opinion_groups.sh`, in a release build.
#[test]
#[ignore = "measures, in a release build: prove/opinion_groups.sh"]
fn ten_thousand_people_and_two_hundred_statements() {
    for missing in [0.2, 0.7] {
        let planted = Planted { sizes: &[4500, 3500, 2000], statements: 200, noise: 0.3, missing };
        let (people, truth) = planted.people(11);
        let begun = std::time::Instant::now();
        let found = opinion_groups(&people, 200, 10).unwrap();
        let took = begun.elapsed();
        let (found, truth) = placed(&found, &truth);
        let alike = adjusted_rand(&found, &truth);
        println!("10,000 people, 200 statements, {missing} left open: {took:.2?}, adjusted Rand index {alike:.3}");
        assert!(took.as_secs_f64() < 5.0 && alike > 0.9);
    }
}
