//! Background steps of hearings: the topics `hearing.*`. Each is safe to run twice.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::archive::{copies, watching};
use super::notices::{self, Kind};
use super::record_jobs;
use super::states::Step;
use super::summons;
use super::{room, seating};
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};

#[derive(Deserialize)]
struct About {
    hearing: Uuid,
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
    /// One participant alone, who came later or is reached at another number.
    #[serde(default)]
    participant: Option<Uuid>,
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
    if due.topic == "hearing.told_report" {
        let Ok(report) = serde_json::from_value(due.payload.clone()) else { return unreadable() };
        room::warnings::reported(app, due.court, &report).await?;
        return Ok(Outcome::Done);
    }
    if due.topic == "hearing.account" {
        let Some(case) = due.payload["case"].as_str().and_then(|t| t.parse().ok()) else { return unreadable() };
        return adopt(app, due.court, case).await;
    }
    if due.topic == "hearing.recording_gone" {
        let Ok(gone) = serde_json::from_value(due.payload.clone()) else { return unreadable() };
        super::archive::away::take_from_store(app, due.court, &gone).await?;
        return Ok(Outcome::Done);
    }
    if matches!(due.topic.as_str(), "hearing.copy" | "hearing.copy_gone") {
        let Ok(about) = serde_json::from_value::<copies::About>(due.payload.clone()) else { return unreadable() };
        return match due.topic.as_str() {
            "hearing.copy" => copies::handle(app, due.court, about).await,
            _ => copies::take_away(app, due.court, &about).await,
        };
    }
    if let Some(outcome) = record_jobs::handle(app, due).await? {
        return Ok(outcome);
    }
    let Ok(about) = serde_json::from_value::<About>(due.payload.clone()) else { return unreadable() };
    match due.topic.as_str() {
        "hearing.scheduled" => send(app, due, &about, Kind::Scheduled).await,
        "hearing.changed" => send(app, due, &about, Kind::Changed).await,
        "hearing.cancelled" => send(app, due, &about, Kind::Cancelled).await,
        "hearing.removed" => send(app, due, &about, Kind::Removed).await,
        "hearing.mobile" => again(app, due, &about).await,
        "hearing.delayed" => send(app, due, &about, Kind::Delayed).await,
        "hearing.remind" if !holds(app, due.court, &about).await? => Ok(Outcome::Done),
        "hearing.remind" => send(app, due, &about, Kind::Reminder).await,
        "hearing.waiting" if !holds(app, due.court, &about).await? => Ok(Outcome::Done),
        "hearing.waiting" => waiting(app, due.court, about.hearing).await,
        "hearing.finish" => room::finish::handle(app, due.court, about.hearing).await,
        "hearing.watching" => watching::handle(app, due.court, about.hearing).await,
        "hearing.release" => room::finish::let_go(app, due.court, about.hearing).await,
        // whatever transaction took the step, the room follows
        "hearing.stepped" => room::told::moved(app, due.court, about.hearing).await.map(|()| Outcome::Done),
        other => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
    }
}

/// Messages to everybody, and the papers that call: a moved hearing calls anew, one that is not held calls nobody.
async fn send(app: &App, due: &Due, about: &About, kind: Kind) -> Result<Outcome> {
    let (hearing, only) = (about.hearing, about.participant);
    let mut tx = app.door.enter_as_house(due.court, "hearing:notice").await?;
    match kind {
        Kind::Changed => summons::withdraw(app, &mut tx, hearing, "庭审改期，另发传票。").await?,
        Kind::Cancelled => summons::withdraw(app, &mut tx, hearing, "庭审不再按时进行。").await?,
        Kind::Removed => summons::withdraw_of(app, &mut tx, hearing, about.participant, "不再需要参加本场庭审。").await?,
        Kind::Scheduled | Kind::Reminder | Kind::Delayed | Kind::Signing => {}
    }
    let served = match kind {
        Kind::Scheduled | Kind::Changed => summons::serve(app, &mut tx, hearing, due.id, only).await?,
        Kind::Cancelled | Kind::Removed | Kind::Reminder | Kind::Delayed | Kind::Signing => 0,
    };
    let sent = notices::send(app, &mut tx, hearing, kind, due.id, only).await?;
    tx.commit(hearing, json!({ "sent": sent, "served": served })).await?;
    Ok(Outcome::Done)
}

/// The message alone, to a number that was confirmed.
async fn again(app: &App, due: &Due, about: &About) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(due.court, "hearing:notice").await?;
    let sent = notices::send(app, &mut tx, about.hearing, Kind::Scheduled, due.id, about.participant).await?;
    tx.commit(about.hearing, json!({ "sent": sent })).await?;
    Ok(Outcome::Done)
}

/// Who has an account now takes the seats that wait for it.
async fn adopt(app: &App, court: i32, case: Uuid) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "hearing:account").await?;
    let seats = seating::adopt(&mut tx, case).await?;
    if seats > 0 {
        tx.commit(case, json!({ "seats": seats })).await?;
    }
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
    room::drive::by_house(app, court, hearing, Step::OpenWaiting).await?;
    Ok(Outcome::Done)
}
