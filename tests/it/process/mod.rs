//! What is about the whole process: starting, stopping, being killed, the
//! command line.

mod command_line;
mod demo;
mod drain;
mod kill;
mod program;
mod replicas;
