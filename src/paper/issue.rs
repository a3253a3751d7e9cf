//! (being built)
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};
/// Renders.
pub async fn render_due(_: &App, _: &Due) -> Result<Outcome> {
    Ok(Outcome::Done)
}
