//! What came of a campaign: how many were reached, came forward and joined, for each
//! source and channel.

use super::{RecruitmentAnswer, Source};
use crate::participants::MembershipStatus;

/// How many were reached together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handed {
    /// Through whom, and how.
    pub source: Source,
    /// How many.
    pub reached: i64,
}

/// One who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// Through whom they were reached, and how.
    pub source: Source,
    /// What they said.
    pub answer: RecruitmentAnswer,
    /// Where their membership stands, if they came forward and it is known still.
    pub membership: Option<MembershipStatus>,
}

/// A row of the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunnelRow {
    /// Through whom, and how.
    pub source: Source,
    /// How many were reached.
    pub reached: i64,
    /// How many of them came forward.
    pub came_forward: i64,
    /// How many of those take part, or did.
    pub joined: i64,
    /// How many said no.
    pub declined: i64,
}

/// The funnel: a row for each source and channel, in the order in which they were used.
/// Who came forward was reached, also where that was not counted.
pub fn funnel(handed: &[Handed], came: &[Came]) -> Vec<FunnelRow> {
    let mut rows: Vec<FunnelRow> = Vec::new();
    let all = handed.iter().map(|one| one.source).chain(came.iter().map(|one| one.source));
    for source in all {
        if !rows.iter().any(|row| row.source == source) {
            rows.push(FunnelRow { source, reached: 0, came_forward: 0, joined: 0, declined: 0 });
        }
    }
    for row in &mut rows {
        row.reached = handed.iter().filter(|one| one.source == row.source).map(|one| one.reached).sum();
        for one in came.iter().filter(|one| one.source == row.source) {
            match one.answer {
                RecruitmentAnswer::CameForward => row.came_forward += 1,
                RecruitmentAnswer::Declined => row.declined += 1,
            }
            let joined = matches!(one.membership, Some(MembershipStatus::Active | MembershipStatus::Ended));
            row.joined += i64::from(joined);
        }
        row.reached = row.reached.max(row.came_forward + row.declined);
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::recruitment::RecruitmentChannel;

    fn source(number: u8) -> Source {
        let channels = [RecruitmentChannel::Letter, RecruitmentChannel::Phone];
        Source {
            organisation: Some(Uuid::from_u128(u128::from(number / 2))),
            channel: channels[usize::from(number % 2)],
        }
    }

    proptest! {
        /// No stage is wider than the one before it, and nobody is lost.
        #[test]
        fn a_funnel_narrows(
            handed in prop::collection::vec((0_u8..4, 0_i64..50), 0..6),
            came in prop::collection::vec((0_u8..5, any::<bool>(), prop::option::of(0_usize..6)), 0..30),
        ) {
            let handed: Vec<Handed> = handed.iter().map(|(at, reached)| Handed { source: source(*at), reached: *reached }).collect();
            let came: Vec<Came> = came.iter().map(|(at, yes, status)| {
                let answer = if *yes { RecruitmentAnswer::CameForward } else { RecruitmentAnswer::Declined };
                let membership = status.filter(|_| *yes).map(|status| MembershipStatus::ALL[status]);
                Came { source: source(*at), answer, membership }
            }).collect();
            let rows = funnel(&handed, &came);
            for row in &rows {
                prop_assert!(row.joined <= row.came_forward);
                prop_assert!(row.came_forward + row.declined <= row.reached);
            }
            let answered: i64 = rows.iter().map(|row| row.came_forward + row.declined).sum();
            prop_assert_eq!(answered, i64::try_from(came.len()).unwrap());
        }
    }
}
