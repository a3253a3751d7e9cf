//! 短信. (being built)
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};
/// Sends one.
pub async fn send(_: &App, _: &Due) -> Result<Outcome> {
    Ok(Outcome::Done)
}
