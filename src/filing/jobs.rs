//! Background steps of filings: which event is whose. Owns the topics `filing.*`.

use crate::app::App;
use crate::error::Result;
use crate::filing::{appeal_carry, appeal_return, appeals, carry, late};
use crate::work::{Due, Outcome};

/// Handles an event of this slice.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    match due.topic.as_str() {
        appeals::SENT_UP => appeal_carry::carry(app, due).await,
        appeal_return::RETURNED => appeal_return::carry(app, due).await,
        "filing.carry" => carry::carry(app, due).await,
        "filing.correction_soon" => late::remind(app, due).await,
        "filing.correction_over" => late::lapse(app, due).await,
        other => Ok(Outcome::Dead(format!("unknown event {other}"))),
    }
}
