//! 文书: the papers a court issues, rendered once, content-addressed, verifiable by code.
//!
//! Owns the tables papers and paper_codes, the courts' own templates (`styles`), the verification code, the renderer's processes, the use of the courts'
//! electronic seals. Must never change a paper once issued: a new one supersedes it.

pub mod api;
pub mod check_cli;
pub mod house;
pub mod issue;
pub mod package;
pub mod renderer;
pub mod seal_cli;
pub mod seal_state;
pub mod sealing;
pub mod stamper;
pub mod style_api;
pub mod style_views;
pub mod styles;

use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};

/// The worker's steps of this room.
///
/// # Errors
/// What may go through later.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    match due.topic.as_str() {
        "paper.render" => issue::render_due(app, due).await,
        "paper.stamp" => sealing::stamp_due(app, due).await,
        other => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
    }
}
