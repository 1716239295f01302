//! Who is in a network, counted: against its targets, by perspective and by
//! expertise. Whole for the inside; outside, no figure tells of fewer people
//! than the public minimum, also not by computing one from another.

use chrono::NaiveDate;

use super::{CompositionTarget, Expertise, Network, Perspective};
use crate::cells::{Cell, PUBLIC_MINIMUM, Why, protect, protect_total};
use crate::participants::Age;
use crate::policy::{Roles, Standing};

/// What the composition needs to know of one member who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFacts {
    /// The perspective of the membership.
    pub perspective: Perspective,
    /// What the person brings; empty for organisations and networks.
    pub expertise: Vec<Expertise>,
    /// What is known of the person's age.
    pub age: Age,
}

/// From where somebody looks at a composition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// From the inside: every figure.
    Whole,
    /// From outside: no figure under this minimum. Persons.
    Outside {
        /// At least [`PUBLIC_MINIMUM`]; a smaller one counts as that.
        minimum: i64,
    },
}

/// A target, and how many there really are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetActual {
    /// The target.
    pub target: CompositionTarget,
    /// Who meets it. Persons; one whose age isn't known meets no age.
    pub actual: Cell,
}

/// How many take part from one perspective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerspectiveCount {
    /// The perspective.
    pub perspective: Perspective,
    /// How many. Persons.
    pub count: Cell,
}

/// How many bring one expertise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpertiseCount {
    /// The expertise.
    pub expertise: Expertise,
    /// How many. Persons; one may bring several.
    pub count: Cell,
}

/// Who is in a network, counted. Every perspective and every expertise is in
/// it, also those of nobody: a missing row would tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// How many take part. Persons.
    pub total: Cell,
    /// The network's targets, in its order.
    pub targets: Vec<TargetActual>,
    /// By perspective, in the vocabulary's order.
    pub perspectives: Vec<PerspectiveCount>,
    /// By expertise, in the vocabulary's order.
    pub expertise: Vec<ExpertiseCount>,
}

/// Who sees everything: the network's coordinators and members, its host's
/// manager, and in a council its own roles (where the manager has none).
const INSIDE: &[Standing] = &[
    Standing::Manager,
    Standing::Client,
    Standing::Coordinator,
    Standing::Member,
    Standing::Chair,
    Standing::Secretary,
    Standing::Supporter,
];

impl View {
    /// The view of somebody who stands so towards the network. Its choice to
    /// publish opens it only when those in small cells `agreed`.
    pub fn of(network: &Network, roles: Roles, agreed: bool) -> Self {
        if roles.has_any(INSIDE) || (network.publish_composition && agreed) {
            return Self::Whole;
        }
        let own = network.least_group.map_or(PUBLIC_MINIMUM, i64::from);
        Self::Outside { minimum: own.max(PUBLIC_MINIMUM) }
    }
}

/// Counts the members as they are on this day, and shows what the view allows.
pub fn compose(members: &[MemberFacts], targets: &[CompositionTarget], today: NaiveDate, view: View) -> Composition {
    let total = count(members, |_| true);
    let by_perspective: Vec<i64> =
        Perspective::ALL.iter().map(|one| count(members, |member| member.perspective == *one)).collect();
    let by_expertise = Expertise::ALL.iter().map(|one| count(members, |member| member.expertise.contains(one)));
    let (perspectives, expertise): (Vec<Cell>, Vec<Cell>) = match view {
        View::Whole => (by_perspective.into_iter().map(Cell::Shown).collect(), by_expertise.map(Cell::Shown).collect()),
        View::Outside { minimum } => {
            let minimum = minimum.max(PUBLIC_MINIMUM);
            let apart = |number: i64| split(number, total - number, minimum);
            (protect(&by_perspective, true, minimum), by_expertise.map(apart).collect())
        }
    };
    let perspectives: Vec<_> = Perspective::ALL.iter().copied().zip(perspectives).collect();
    let targets = targets.iter().map(|target| TargetActual {
        target: target.clone(),
        actual: Targets { all: targets, members, perspectives: &perspectives, today }.actual(target, view),
    });
    Composition {
        total: match view {
            View::Whole => Cell::Shown(total),
            View::Outside { minimum } => protect_total(total, minimum.max(PUBLIC_MINIMUM)),
        },
        targets: targets.collect(),
        perspectives: perspectives.iter().map(|(perspective, count)| count_of(*perspective, *count)).collect(),
        expertise: Expertise::ALL
            .iter()
            .zip(expertise)
            .map(|(one, count)| ExpertiseCount { expertise: *one, count })
            .collect(),
    }
}

fn count_of(perspective: Perspective, count: Cell) -> PerspectiveCount {
    PerspectiveCount { perspective, count }
}

/// How many members are so. Persons.
fn count(members: &[MemberFacts], is_so: impl Fn(&MemberFacts) -> bool) -> i64 {
    members.iter().filter(|member| is_so(member)).fold(0, |number, _| number + 1)
}

/// How many are so, where it is known how many are so or not: then the others
/// must be protected as well.
fn split(so: i64, not_so: i64, minimum: i64) -> Cell {
    let cells = protect(&[so, not_so], true, minimum);
    cells.first().copied().unwrap_or(Cell::Suppressed(Why::Base))
}

/// All that decides whether a target's figure may be seen.
struct Targets<'a> {
    all: &'a [CompositionTarget],
    members: &'a [MemberFacts],
    perspectives: &'a [(Perspective, Cell)],
    today: NaiveDate,
}

impl Targets<'_> {
    /// How many meet the target, as far as the view allows. From outside only
    /// where each of its perspectives has a figure: else the target's would
    /// tell of a hidden one. With an age, those too young are protected along,
    /// and no other target with an age may count the same people, or the
    /// difference between the two would tell.
    fn actual(&self, target: &CompositionTarget, view: View) -> Cell {
        let wanted = |member: &MemberFacts| target.perspectives.contains(&member.perspective);
        let meets = |member: &MemberFacts| match target.least_age {
            Some(age) => wanted(member) && member.age.is_at_least(age, self.today),
            None => wanted(member),
        };
        let met = count(self.members, meets);
        let View::Outside { minimum } = view else {
            return Cell::Shown(met);
        };
        let counts = self.perspectives.iter().filter(|(one, _)| target.perspectives.contains(one));
        if let Some(hidden) = counts.map(|(_, cell)| *cell).find(|cell| cell.figure().is_none()) {
            return hidden;
        }
        match target.least_age {
            None => Cell::Shown(met),
            Some(_) if self.overlaps(target) => Cell::Suppressed(Why::Complementary),
            Some(_) => split(met, count(self.members, wanted) - met, minimum.max(PUBLIC_MINIMUM)),
        }
    }

    fn overlaps(&self, target: &CompositionTarget) -> bool {
        let same_people = |other: &&CompositionTarget| {
            other.least_age.is_some() && other.perspectives.iter().any(|one| target.perspectives.contains(one))
        };
        self.all.iter().filter(same_people).count() > 1
    }
}
