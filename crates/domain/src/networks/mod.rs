//! Networks: groups of people who participate together.

mod composition;
#[cfg(test)]
mod composition_tests;
mod network;
#[cfg(test)]
pub(crate) mod network_tests;
pub mod operations;
mod rota;
mod vocabulary;

pub use composition::{Composition, ExpertiseCount, MemberFacts, PerspectiveCount, TargetActual, View, compose};
pub use network::{Above, CompositionTarget, INSIDERS, Network, NetworkStatus};
pub use rota::{Filling, Retiring, Seat, Seats, has_served, rota};
pub use vocabulary::{Expertise, NetworkKind, Perspective, Ring, Rung, agree};
