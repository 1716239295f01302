//! What was published of a consultation, time after time, and what may be shown of the last.
//!
//! Whoever laid two snapshots side by side would know what came in between them. So a snapshot shows
//! only what may be shown of itself and of what came in since each that was published before: then the
//! difference is one that might have been published by itself. And while people still answer nothing is broken
//! down: where nobody new came in, a later table would tell of an earlier moment what was hidden then.

use std::collections::BTreeSet;

use super::broken_down::{BrokenDown, GroupResults};
use super::groups::{GroupValue, Regions, Rolling, too_small};
use super::{QuestionResults, Results, at_minimum, both, either};
use crate::cells::{Cell, ORGANISATION_MINIMUM};
use crate::consultations::tally::Counts;
use crate::consultations::{Characteristic, Picked, Question};

/// The minimums that are told apart, beyond twenty ever fewer: another counts as the next.
const BEYOND: [i64; 14] = [25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10_000];
/// Up to where each minimum is one of its own.
const EACH: i64 = 20;

/// Whether enough came in for a new snapshot, beside the last one: at least the public's minimum.
pub fn needs_snapshot(last: Option<i64>, people: i64, minimum: i64) -> bool {
    people - last.unwrap_or_default() >= minimum
}

/// The snapshots of a consultation, the oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Snapshots<'a> {
    /// What was asked.
    pub questions: &'a [Question],
    /// What was counted in each.
    pub counts: &'a [Counts],
    /// Where municipalities lie.
    pub regions: &'a Regions,
}

impl Snapshots<'_> {
    /// Which of them are published to who gets no figure of fewer than `minimum` people: those
    /// after which at least so many more had answered. What is published at one minimum
    /// is at every lower one. Where none is, the last stands there without a figure.
    pub fn published(&self, minimum: i64) -> Vec<usize> {
        let all = (0..self.counts.len()).collect();
        levels(minimum).fold(all, |published: Vec<usize>, level| self.thinned(&published, level))
    }

    fn people(&self, at: usize) -> i64 {
        self.counts.get(at).map(Counts::people).unwrap_or_default()
    }

    fn thinned(&self, of: &[usize], minimum: i64) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::new();
        for at in of {
            if needs_snapshot(kept.last().map(|last| self.people(*last)), self.people(*at), minimum) {
                kept.push(*at);
            }
        }
        if kept.is_empty() { of.last().copied().into_iter().collect() } else { kept }
    }

    /// What may be shown to somebody who gets no figure of fewer than `minimum` people
    /// ([`crate::consultations::minimum_for`]), and of which snapshot; none where there are none. Broken
    /// down (`whole`) only once no other follows.
    ///
    /// Who sees the organisation's results sees those for the public too. So what is shown at one
    /// minimum is shown at every lower one, and laying two beside each other tells no more
    /// than the lower.
    pub fn results(&self, minimum: i64, whole: bool) -> Option<(usize, Results)> {
        let at = self.published(minimum).last().copied()?;
        let counts = self.counts.get(at)?;
        let mut rolled = BTreeSet::new();
        let mut published: Vec<usize> = (0..self.counts.len()).collect();
        let mut shown: Option<Results> = None;
        let mut told_apart = Vec::new();
        for level in levels(minimum).filter(|level| counts.people() >= minimum || *level >= minimum) {
            published = self.thinned(&published, level);
            rolled.extend(self.too_small(counts, level));
            let rolling = Rolling { rolled: &rolled, regions: self.regions };
            let mut here = at_minimum(self.questions, counts, rolling, level);
            let earlier = published.iter().filter(|before| **before < at).filter_map(|before| self.counts.get(*before));
            let alone = earlier.clone().next().is_none();
            for before in earlier {
                let between = Counts { cuts: Vec::new(), ..counts.since(before) };
                here.only_totals_shown_in(&at_minimum(self.questions, &between, rolling, level));
            }
            if shown.is_none() {
                told_apart = here.told_apart().into_iter().map(|apart| apart || !alone).collect();
            }
            shown = Some(shown.iter().fold(here, Results::shown_in_both));
        }
        // Who gets smaller figures may have a later one broken down.
        let last = whole && self.published(ORGANISATION_MINIMUM).last() == Some(&at);
        let minimum = levels(minimum).last().unwrap_or(minimum);
        let mut shown = shown?;
        shown.tell_what_rests_on_what_is_told(self.questions);
        let shown = shown.with_middles().with_totals((self.questions, counts), (&told_apart, last), minimum);
        Some((at, if last { shown } else { shown.without_breakdowns() }))
    }

    fn too_small(&self, counts: &Counts, minimum: i64) -> BTreeSet<String> {
        let cuts = counts.cuts.iter().filter(|cut| cut.by == [Characteristic::Municipality]);
        cuts.flat_map(|cut| too_small(cut, self.regions, minimum)).collect()
    }
}

/// Every minimum up to this one, and this one or the next that is told apart.
pub(in crate::consultations) fn levels(minimum: i64) -> impl Iterator<Item = i64> {
    let last = (ORGANISATION_MINIMUM..=EACH).chain(BEYOND).find(|level| *level >= minimum).unwrap_or(minimum);
    let known = (ORGANISATION_MINIMUM..=EACH).chain(BEYOND);
    known.take_while(move |level| *level < last).chain([last])
}

impl Results {
    fn shown_in_both(mut self, other: &Self) -> Self {
        self.responses = either(self.responses, other.responses);
        self.channels = both(&self.channels, &other.channels);
        for (question, other) in self.questions.iter_mut().zip(&other.questions) {
            question.only_shown_in(other);
        }
        for (table, other) in self.breakdowns.iter_mut().zip(&other.breakdowns) {
            table.only_shown_in(other);
        }
        self
    }

    /// Hides the totals that aren't shown in another, and the rows under them.
    fn only_totals_shown_in(&mut self, other: &Self) {
        self.responses = either(self.responses, other.responses);
        for (at, (question, other)) in self.questions.iter_mut().zip(&other.questions).enumerate() {
            question.only_totals_shown_in(other);
            let total = question.clone();
            for choice in &mut question.choices {
                let shown = choice.count;
                choice.channels.iter_mut().for_each(|cell| *cell = either(*cell, shown));
            }
            let groups = self.breakdowns.iter_mut().flat_map(|table| &mut table.groups);
            groups.filter_map(|group| group.questions.get_mut(at)).for_each(|part| part.only_totals_shown_in(&total));
        }
    }

    fn without_breakdowns(mut self) -> Self {
        self.breakdowns.iter_mut().for_each(|table| table.groups.clear());
        let hidden = |cell: &mut Cell| *cell = either(*cell, super::HIDDEN);
        self.channels.iter_mut().for_each(hidden);
        let choices = self.questions.iter_mut().flat_map(|question| &mut question.choices);
        choices.flat_map(|choice| &mut choice.channels).for_each(hidden);
        self
    }

    fn with_middles(mut self) -> Self {
        let groups = self.breakdowns.iter_mut().flat_map(|table| &mut table.groups);
        let questions = self.questions.iter_mut().chain(groups.flat_map(|group| &mut group.questions));
        questions.for_each(QuestionResults::find_middle);
        self
    }
}

impl BrokenDown {
    /// Hides what isn't shown in a table of the same people in groups that are as fine or finer.
    fn only_shown_in(&mut self, other: &Self) {
        let same = self.groups.len() == other.groups.len();
        for (at, group) in self.groups.iter_mut().enumerate() {
            let alike = other.groups.get(at).filter(|other| same && other.values == group.values);
            let within = |finer: &&GroupResults| is_within(&finer.values, &group.values);
            let finer: Vec<&GroupResults> = match alike {
                Some(one) => vec![one],
                None => other.groups.iter().filter(within).collect(),
            };
            if finer.is_empty() {
                group.hide();
            }
            for one in finer {
                group.people = either(group.people, one.people);
                for (question, other) in group.questions.iter_mut().zip(&one.questions) {
                    question.only_shown_in(other);
                }
            }
        }
    }
}

impl GroupResults {
    fn hide(&mut self) {
        self.people = either(self.people, super::HIDDEN);
        for question in &mut self.questions {
            let hidden = question.clone().hidden();
            question.only_shown_in(&hidden);
        }
    }
}

/// Whether a group is a part of another.
fn is_within(finer: &[GroupValue], coarser: &[GroupValue]) -> bool {
    let part = |(one, all): (&GroupValue, &GroupValue)| one.members.iter().all(|value| all.members.contains(value));
    finer.iter().zip(coarser).all(part)
}

impl QuestionResults {
    fn hidden(mut self) -> Self {
        (self.answered, self.unanswered) = (super::HIDDEN, super::HIDDEN);
        self.choices.iter_mut().for_each(|choice| choice.count = super::HIDDEN);
        self
    }

    fn only_totals_shown_in(&mut self, other: &Self) {
        self.answered = either(self.answered, other.answered);
        self.unanswered = either(self.unanswered, other.unanswered);
        for (choice, other) in self.choices.iter_mut().zip(&other.choices) {
            choice.count = either(choice.count, other.count);
        }
    }

    fn only_shown_in(&mut self, other: &Self) {
        self.only_totals_shown_in(other);
        for (choice, other) in self.choices.iter_mut().zip(&other.choices) {
            choice.channels = both(&choice.channels, &other.channels);
        }
    }

    /// Mean and median of a scale of which nothing is hidden. Hundredths.
    fn find_middle(&mut self) {
        let cells = self.choices.iter().map(|choice| choice.count).chain([self.unanswered]);
        if cells.into_iter().any(|cell| cell.figure().is_none()) {
            return;
        }
        let value = |picked: Picked| match picked {
            Picked::Value(value) => Some(i64::from(value)),
            Picked::Option(_) | Picked::Band(..) | Picked::Period(..) | Picked::Stance(_) => None,
        };
        let pair = |(picked, cell): (Picked, Cell)| value(picked).zip(cell.figure());
        let mut pairs: Vec<(i64, i64)> =
            self.choices.iter().filter_map(|choice| pair((choice.picked, choice.count))).collect();
        pairs.sort_unstable();
        let people = pairs.iter().map(|(_, count)| count).sum::<i64>();
        if people == 0 {
            return;
        }
        let total = pairs.iter().map(|(value, count)| value * count).sum::<i64>();
        let half = if total < 0 { -people } else { people };
        self.mean_hundredths = Some((total * 200 + half) / (people * 2));
        let nth = |n: i64| {
            let mut before = 0;
            let mut reaches = |count: i64| {
                before += count;
                before >= n
            };
            pairs.iter().find(|(_, count)| reaches(*count)).map_or(0, |(value, _)| *value)
        };
        self.median_hundredths = Some((nth((people + 1) / 2) + nth(people / 2 + 1)) * 50);
    }
}
