//! `klankbord`: the service and its commands.

/// Gives memory back that the start needed and a service at rest doesn't; without
/// huge pages, which keep what is free as well.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    klankbord_api::cli::from_arguments().await
}
