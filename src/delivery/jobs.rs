//! Background steps of service: the topics `delivery.*`. Each is safe to run twice.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::docketing::{self, APPEALED, DOCKETED};
use super::mistaken::{self, DISCLAIMED};
use super::numbers::{self, DOUBT, DOUBT_HERE};
use super::{facts, outside, receipts, send, settle};
use crate::app::App;
use crate::error::Result;
use crate::work::{Due, Outcome};

#[derive(Deserialize)]
struct Look {
    service: Uuid,
    recipient: Uuid,
    #[serde(default)]
    attempt: Option<Uuid>,
}

/// Handles one.
///
/// # Errors
/// What the step says; tried again later.
pub async fn handle(app: &App, due: &Due) -> Result<Outcome> {
    let unreadable = || Ok(Outcome::Dead("the event cannot be read".into()));
    match due.topic.as_str() {
        DOCKETED => match serde_json::from_value(due.payload.clone()) {
            Ok(event) => docketing::run(app, due.court, &event).await,
            Err(_) => unreadable(),
        },
        APPEALED => match serde_json::from_value(due.payload.clone()) {
            Ok(event) => docketing::appealed(app, due.court, &event).await,
            Err(_) => unreadable(),
        },
        DOUBT | DOUBT_HERE => match serde_json::from_value(due.payload.clone()) {
            Ok(doubt) if due.topic == DOUBT => numbers::spread(app, due.court, &doubt).await,
            Ok(doubt) => numbers::here(app, due.court, &doubt).await,
            Err(_) => unreadable(),
        },
        DISCLAIMED => match serde_json::from_value(due.payload.clone()) {
            Ok(word) => mistaken::apply(app, due.court, &word).await,
            Err(_) => unreadable(),
        },
        "delivery.joined" => match serde_json::from_value(due.payload.clone()) {
            Ok(event) => docketing::joined(app, due.court, &event).await,
            Err(_) => unreadable(),
        },
        "delivery.receipt" if due.payload["receipt"].is_object() => match serde_json::from_value(due.payload["receipt"].clone()) {
            Ok(receipt) => receipts::apply(app, due.court, &receipt).await,
            Err(_) => unreadable(),
        },
        "delivery.ask" => match serde_json::from_value(due.payload.clone()) {
            Ok(asked) => outside::ask(app, due.court, &asked).await,
            Err(_) => unreadable(),
        },
        "delivery.receipt" => match serde_json::from_value(due.payload.clone()) {
            Ok(receipt) => send::receipt(app, due.court, &receipt).await,
            Err(_) => unreadable(),
        },
        "delivery.send" | "delivery.look" => match serde_json::from_value::<Look>(due.payload.clone()) {
            Ok(Look { service, recipient, attempt: Some(attempt) }) => send::attempt(app, due, service, recipient, attempt).await,
            Ok(look) => again(app, due.court, &look).await,
            Err(_) => unreadable(),
        },
        other => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
    }
}

/// Looks again; nothing when the recipient has moved on and is looked at later.
async fn again(app: &App, court: i32, look: &Look) -> Result<Outcome> {
    let mut tx = app.door.enter_as_house(court, "delivery:look").await?;
    let held = facts::hold(app, &mut tx, look.service, look.recipient).await?;
    let later = |at: Option<DateTime<Utc>>| at.is_none_or(|at| at > tx.now());
    if held.row.cancelled_at.is_some() || later(held.row.next_at) {
        return Ok(Outcome::Done);
    }
    settle::settle(app, &mut tx, look.service, look.recipient).await?;
    tx.commit(look.service, json!({ "recipient": look.recipient })).await?;
    Ok(Outcome::Done)
}
