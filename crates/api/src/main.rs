//! `klankbord`: the service and its commands.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    klankbord_api::cli::from_arguments().await
}
