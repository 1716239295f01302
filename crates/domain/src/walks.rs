//! Random walks through a lifecycle, held against its design: the pairs that
//! DOMAIN names, written down a second time in each test.

use crate::lifecycle::{Lifecycle, Move, Reason, take};
use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;

/// One thing somebody tries: which state (by number), with which standings
/// (by bit), and whether they say why.
pub(crate) type Attempt = (usize, u32, bool);

/// The standings whose bits are set.
pub(crate) fn standings(bits: u32) -> Roles {
    let all = Standing::ALL.iter().enumerate();
    all.filter(|(bit, _)| bits & (1 << bit) != 0).fold(Roles::NONE, |roles, (_, one)| roles.with(*one))
}

/// Walks from `start` and checks every answer against the legal pairs.
pub(crate) fn walk<S: Lifecycle>(start: S, all: &[S], legal: &[(&str, &str)], attempts: &[Attempt]) {
    let mut here = start;
    for (which, bits, reasoned) in attempts {
        let to = all[which % all.len()];
        let roles = standings(*bits);
        let reason = reasoned.then_some("omdat het zo is");
        let exists = legal.contains(&(here.code(), to.code()));
        match take(here, to, roles, reason) {
            Ok(reached) => {
                assert!(exists, "{here:?} to {to:?} is no legal move");
                assert_eq!(reached, to);
                here = reached;
            }
            Err(Refusal::IllegalMove { allowed }) => {
                assert!(!exists, "{here:?} to {to:?} is legal");
                let mine: Vec<_> = all.iter().filter(|state| take(here, **state, roles, Some("x")).is_ok()).collect();
                assert_eq!(allowed.len(), mine.len());
                assert!(mine.iter().all(|state| allowed.contains(&state.code())));
                assert!(allowed.iter().all(|to| legal.contains(&(here.code(), to))));
            }
            Err(Refusal::Forbidden) => {
                assert!(exists);
                assert!(take(here, to, roles, Some("x")).is_err(), "a reason gives nobody rights");
            }
            Err(Refusal::Invalid(faults)) => {
                assert!(exists && !reasoned);
                assert_eq!(faults[0].location, "/reason");
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// That the table holds exactly these pairs, and asks reasons for these.
pub(crate) fn table_is<S: Lifecycle>(legal: &[(&str, &str)], reasoned: &[(&str, &str)]) {
    let pair = |step: &Move<S>| (step.from.code(), step.to.code());
    for step in S::MOVES {
        assert!(legal.contains(&pair(step)), "{step:?}");
        assert_eq!(step.reason == Reason::Required, reasoned.contains(&pair(step)), "{step:?}");
    }
    for pair_of_design in legal {
        assert!(S::MOVES.iter().any(|step| pair(step) == *pair_of_design), "{pair_of_design:?}");
    }
}
