//! Background steps of hearings: the topics `hearing.*`. Each is safe to run twice.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::guards::Hand;
use super::notices::{self, Kind};
use super::record_jobs;
use super::states::Step;
use super::steps::{self, NO_ROOM, Taken};
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};

#[derive(Deserialize)]
struct About {
    hearing: Uuid,
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
}

/// Handles one.
///
/// # Errors
/// What the step says; tried again later.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    let unreadable = || Ok(Outcome::Dead("the event cannot be read".into()));
    if due.topic == "hearing.notice_report" {
        let Ok(report) = serde_json::from_value(due.payload.clone()) else { return unreadable() };
        let mut tx = app.door.enter_as_house(due.court, "hearing:report").await?;
        notices::reported(&mut tx, &report).await?;
        tx.commit(report.notice, json!({})).await?;
        return Ok(Outcome::Done);
    }
    if let Some(outcome) = record_jobs::handle(app, due).await? {
        return Ok(outcome);
    }
    let Ok(about) = serde_json::from_value::<About>(due.payload.clone()) else { return unreadable() };
    match due.topic.as_str() {
        "hearing.scheduled" => send(app, due, about.hearing, Kind::Scheduled).await,
        "hearing.changed" => send(app, due, about.hearing, Kind::Changed).await,
        "hearing.cancelled" => send(app, due, about.hearing, Kind::Cancelled).await,
        "hearing.remind" if !holds(app, due.court, &about).await? => Ok(Outcome::Done),
        "hearing.remind" => send(app, due, about.hearing, Kind::Reminder).await,
        "hearing.waiting" if !holds(app, due.court, &about).await? => Ok(Outcome::Done),
        "hearing.waiting" => waiting(app, due.court, about.hearing).await,
        // the room hears of a step by the node that holds it
        "hearing.stepped" => Ok(Outcome::Done),
        other => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
    }
}

async fn send(app: &App, due: &Due, hearing: Uuid, kind: Kind) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(due.court, "hearing:notice").await?;
    let sent = notices::send(app, &mut tx, hearing, kind, due.id).await?;
    tx.commit(hearing, json!({ "sent": sent })).await?;
    Ok(Outcome::Done)
}

/// Is the hearing still to be held at that time?
async fn holds(app: &App, court: i32, about: &About) -> Result<bool> {
    let mut tx = app.door.enter_as_house(court, "hearing:look").await?;
    Ok(sqlx::query_scalar(
        "select exists (select 1 from hearings where court_id = $1 and hearing_id = $2 and state = 'scheduled' and ($3::timestamptz is null or starts_at = $3))",
    )
    .bind(court)
    .bind(about.hearing)
    .bind(about.starts_at)
    .fetch_one(tx.conn())
    .await?)
}

async fn waiting(app: &App, court: i32, hearing: Uuid) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "hearing:waiting").await?;
    let taken = Taken { hearing, version: None, step: Step::OpenWaiting, set_aside: None, hand: Hand::House, ready: NO_ROOM };
    steps::take(&mut tx, taken).await?;
    tx.commit(hearing, json!({ "step": "open_waiting" })).await?;
    Ok(Outcome::Done)
}
