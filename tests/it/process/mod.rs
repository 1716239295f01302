//! What is about the whole process: starting, stopping, being killed, the
//! command line.

mod command_line;
mod configuration;
mod demo;
mod drain;
mod keys;
mod kill;
pub mod program;
mod replicas;
mod rotation;
