//! The demo. (being built)
use clap::Args;
/// Arguments of `lianting demo`.
#[derive(Debug, Args)]
pub struct Demo {}
/// Runs it.
///
/// # Errors
/// Says why.
pub async fn run(_: Demo) -> Result<(), String> {
    Err("not built".into())
}
