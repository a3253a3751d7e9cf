//! (being built)
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};
/// Handles one.
pub async fn handle(_: &App, _: &Due) -> Result<Outcome> {
    Ok(Outcome::Done)
}
