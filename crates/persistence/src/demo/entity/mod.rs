//! Rows; they never leave this crate.

pub(crate) mod demo_loads;
