//! Seats, terms and the rota of retirement (rooster van aftreden): who steps down when,
//! who may be appointed again, and which seats are vacant.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::participants::{Member, Membership, MembershipStatus};
use crate::refusal::Fault;

/// Seats of one kind: of a location, of a group of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// What it is called; memberships name it so.
    pub name: String,
    /// How many there are.
    pub count: i32,
}

/// How a network is manned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seats {
    /// Its seats.
    pub seats: Vec<Seat>,
    /// How long a term is. Years.
    pub term_years: Option<i32>,
    /// How many terms somebody can have after each other. Terms.
    pub most_terms: Option<i32>,
}

impl Seats {
    /// What is wrong with them, all at once: `seat.name_blank`, `seat.repeated`.
    pub fn check(&self) -> Vec<Fault> {
        let names: Vec<&str> = self.seats.iter().map(|seat| seat.name.trim()).collect();
        let blank = names.iter().enumerate().filter(|(_, name)| name.is_empty());
        let mut faults: Vec<Fault> =
            blank.map(|(index, _)| Fault::body(format!("/seats/{index}/name"), "seat.name_blank")).collect();
        faults.extend(Fault::repeated(&names, "/seats", "seat.repeated"));
        faults
    }
}

/// Somebody who steps down on a day, or has no day yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retiring {
    /// Their membership.
    pub membership: Membership,
    /// Which term it is, from 1.
    pub term: i32,
    /// Whether they may be appointed again after it.
    pub may_return: bool,
}

/// How a kind of seat is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// The seat.
    pub seat: Seat,
    /// How many are taken.
    pub filled: i32,
    /// How many are vacant.
    pub vacant: i32,
    /// When the next one falls vacant, where that is known.
    pub next_on: Option<NaiveDate>,
}

/// The rota: who takes part now, the first to step down first and who has no day last; and
/// how the seats are filled.
pub fn rota(seats: &Seats, memberships: &[Membership]) -> (Vec<Retiring>, Vec<Filling>) {
    let person = |one: &Membership| match one.member {
        Member::Participant(id) => Some(id),
        Member::Organisation(_) | Member::Network(_) => None,
    };
    let served = |id: Uuid| {
        let ended = memberships.iter().filter(|one| one.status == MembershipStatus::Ended && person(one) == Some(id));
        i32::try_from(ended.count()).unwrap_or(i32::MAX)
    };
    let active = memberships.iter().filter(|one| one.status == MembershipStatus::Active);
    let mut retiring: Vec<Retiring> = active
        .filter_map(|one| {
            let term = served(person(one)?).saturating_add(1);
            let may_return = seats.most_terms.is_none_or(|most| term < most);
            Some(Retiring { membership: one.clone(), term, may_return })
        })
        .collect();
    retiring.sort_by_key(|one| (one.membership.term_ends_on.unwrap_or(NaiveDate::MAX), one.membership.id));
    let filling = |seat: &Seat| {
        let taken: Vec<&Retiring> =
            retiring.iter().filter(|one| one.membership.seat.as_deref() == Some(seat.name.as_str())).collect();
        let filled = i32::try_from(taken.len()).unwrap_or(i32::MAX);
        let next_on = taken.iter().filter_map(|one| one.membership.term_ends_on).min();
        Filling { seat: seat.clone(), filled, vacant: seat.count.saturating_sub(filled).max(0), next_on }
    };
    let fillings = seats.seats.iter().map(filling).collect();
    (retiring, fillings)
}

/// Whether somebody has served as many terms in a network as anybody can.
pub fn has_served(seats: &Seats, ended_terms: i32) -> bool {
    seats.most_terms.is_some_and(|most| ended_terms >= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::Perspective;
    use crate::participants::MembershipRole;

    fn member(number: u128, person: u128, status: MembershipStatus, ends_on: Option<&str>) -> Membership {
        Membership {
            id: Uuid::from_u128(number),
            network_id: Uuid::from_u128(1),
            member: Member::Participant(Uuid::from_u128(person)),
            perspective: Perspective::Client,
            role: MembershipRole::Member,
            ring: None,
            rung: None,
            seat: Some("Locatie A".to_owned()),
            term_starts_on: None,
            term_ends_on: ends_on.map(|day| day.parse().unwrap()),
            status,
            account_id: None,
        }
    }

    #[test]
    fn who_steps_down_first_comes_first_and_knows_whether_they_may_return() {
        let seats = Seats {
            seats: vec![
                Seat { name: "Locatie A".to_owned(), count: 3 },
                Seat { name: "Locatie B".to_owned(), count: 1 },
            ],
            term_years: Some(4),
            most_terms: Some(2),
        };
        let all = [
            member(10, 1, MembershipStatus::Ended, Some("2024-01-01")),
            member(11, 1, MembershipStatus::Active, Some("2028-01-01")),
            member(12, 2, MembershipStatus::Active, Some("2027-01-01")),
            member(13, 3, MembershipStatus::Declined, None),
        ];
        let (retiring, fillings) = rota(&seats, &all);
        let told: Vec<_> = retiring.iter().map(|one| (one.membership.id.as_u128(), one.term, one.may_return)).collect();
        assert_eq!(told, [(12, 1, true), (11, 2, false)]);
        let counts: Vec<_> = fillings.iter().map(|one| (one.filled, one.vacant)).collect();
        assert_eq!(counts, [(2, 1), (0, 1)]);
        assert_eq!(fillings[0].next_on, Some("2027-01-01".parse().unwrap()));
        assert!(has_served(&seats, 2) && !has_served(&seats, 1) && !has_served(&Seats::default(), 9));
    }

    #[test]
    fn seats_have_names_of_their_own() {
        let seat = |name: &str| Seat { name: name.to_owned(), count: 1 };
        let wrong = Seats { seats: vec![seat("A"), seat(" "), seat("A ")], ..Seats::default() };
        let found: Vec<_> = wrong.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [("/seats/1/name", "seat.name_blank"), ("/seats/2", "seat.repeated")];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
    }
}
