//! `klankbord`: the service and its commands.

use std::process::ExitCode;

use clap::Parser as _;
use klankbord_api::cli;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run(cli::Command::parse()).await
}
