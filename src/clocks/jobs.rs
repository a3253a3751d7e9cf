//! Background steps: the topics `clocks.*`. Both may run twice and do nothing the second time.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::{apply, calendar};
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};

/// The event: an outage began, goes on, or ended.
pub const OUTAGE: &str = "clocks.outage";
/// The event: the province changed the calendar.
pub const CALENDAR: &str = "clocks.calendar";
/// How often an outage that goes on is looked at.
pub const AGAIN: TimeDelta = TimeDelta::minutes(10);

/// Handles one.
///
/// # Errors
/// What the step says; tried again later.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    let id = |name: &str| due.payload[name].as_str().and_then(|t| t.parse::<Uuid>().ok());
    match (due.topic.as_str(), id("outage"), id("change")) {
        (OUTAGE, Some(outage), _) => disturbed(app, due.court, outage).await,
        (CALENDAR, _, Some(change)) => calendar::recount(app, change).await,
        (other, ..) => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
    }
}

async fn disturbed(app: &App, court: i32, outage: Uuid) -> Result<Outcome> {
    let Some(row) = apply::find(app, outage).await?.filter(|r| r.withdrawn_at.is_none()) else { return Ok(Outcome::Done) };
    let moved = apply::everywhere(app, &row).await?;
    let goes_on = row.to_at.is_none_or(|to| to > app.now());
    if goes_on {
        let mut tx = app.door.enter_as_house(court, "outage:goes_on").await?;
        let at = tx.now() + AGAIN;
        tx.tell_later(OUTAGE, &json!({ "outage": outage }), at)?;
        tx.commit(outage, json!({ "moved": moved })).await?;
    }
    Ok(Outcome::Done)
}
