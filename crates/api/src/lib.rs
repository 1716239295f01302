//! Klankbord's HTTP edge: what comes in, what goes out, and the wiring between.

pub mod access;
mod agreements;
pub mod app;
pub mod cli;
pub mod compensation;
pub mod config;
pub mod consultations;
pub mod demo;
mod edge;
mod experience;
mod feedback;
pub mod mail;
mod networks;
mod organisations;
mod participants;
pub mod privacy;
mod programmes;
mod recruitment;
pub mod server;
pub mod telemetry;
mod tokens;
pub mod web;
mod work;

pub use app::App;
pub use config::Config;
