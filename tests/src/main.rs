//! The program under test: `klankbord` itself, built where tests of the whole
//! process can find it.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    klankbord_api::cli::from_arguments().await
}
