//! Telling the pages in a room something after a commit, from whatever server it was made on.
//!
//! Owns the hint that goes over PostgreSQL to the server that holds the room. Must never carry what a person wrote: a hint
//! says that something changed, the page reads it by its own right.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::live::Live;
use super::presence::Noted;
use super::spread;
use crate::app::App;
use crate::error::{Error, Result};
use crate::hearing::log::Audience;
use crate::hearing::words::Role;

/// The channel between servers.
pub const CHANNEL: &str = "lianting_hearing";
/// PostgreSQL carries a little less than 8,000 bytes.
const LONGEST: usize = 7_500;

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// Everybody with a line, the gallery and waiting witnesses too.
    All,
    /// The court and those of the case: not who waits to testify, not the gallery.
    Parties,
    /// Judge and clerk.
    Court,
    /// These participants.
    Only(Vec<Uuid>),
}

impl To {
    /// Is this participant among them?
    fn has(&self, live: &Live, participant: Uuid) -> bool {
        let role = || live.floor().and_then(|f| f.seat(participant).map(|s| s.present.role));
        match self {
            Self::All => true,
            Self::Only(list) => list.contains(&participant),
            Self::Court => role().is_some_and(Role::is_court),
            Self::Parties => role()
                .is_some_and(|r| r.is_court() || r.is_party_side() || matches!(r, Role::Interpreter | Role::Mediator | Role::Prosecutor)),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Hint {
    court: i32,
    hearing: Uuid,
    /// None: rows of the room changed.
    tell: Option<(To, Value)>,
}

/// Tells the pages of a hearing. `message` is an object with a `type`, small, and holds no text of a person.
///
/// # Errors
/// A message that is too long, what the database says.
pub async fn tell(app: &App, court: i32, hearing: Uuid, to: To, message: Value) -> Result<()> {
    if let Some(live) = app.rooms.find(court, hearing) {
        live.say_to(&message, |p| to.has(&live, p));
        return Ok(());
    }
    notify(app, &Hint { court, hearing, tell: Some((to, message)) }).await
}

/// Rows of a room changed: its server reads them, tells the engine, the recorder and the pages.
///
/// # Errors
/// What the database says.
pub async fn moved(app: &App, court: i32, hearing: Uuid) -> Result<()> {
    match app.rooms.find(court, hearing) {
        Some(live) => spread::spread(app, &live).await,
        None => notify(app, &Hint { court, hearing, tell: None }).await,
    }
}

/// The lines that were written, to whoever may read them.
///
/// # Errors
/// As `tell`.
pub async fn noted(app: &App, court: i32, hearing: Uuid, lines: Vec<Noted>) -> Result<()> {
    for line in lines {
        let to = match line.audience {
            Audience::All => To::Parties,
            Audience::Staff => To::Court,
            Audience::Own => To::Only(line.participant.into_iter().collect()),
        };
        if line.audience == Audience::Own {
            tell(app, court, hearing, To::Court, line.message.clone()).await?;
        }
        tell(app, court, hearing, to, line.message).await?;
    }
    Ok(())
}

async fn notify(app: &App, hint: &Hint) -> Result<()> {
    let text = serde_json::to_string(hint)?;
    if text.len() > LONGEST {
        return Err(Error::internal("a hint to a room is too long"));
    }
    let mut work = app.door.work().await?;
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(text).execute(work.conn()).await?;
    work.close().await
}

/// What another server said.
pub async fn heard(app: &App, payload: &str) {
    let Ok(hint) = serde_json::from_str::<Hint>(payload) else { return };
    let Some(live) = app.rooms.find(hint.court, hint.hearing) else { return };
    let done = match hint.tell {
        Some((to, message)) => {
            live.say_to(&message, |p| to.has(&live, p));
            Ok(())
        }
        None => spread::spread(app, &live).await,
    };
    if let Err(cause) = done {
        tracing::warn!(?cause, "a room did not hear of a change");
    }
}

/// The last word to everybody in a room, which is then closed here.
pub async fn close(app: &App, live: &Arc<Live>, why: &str) {
    let text: Arc<str> = json!({ "type": "bye", "why": why }).to_string().into();
    for participant in live.here() {
        live.bye_with(participant, text.clone());
    }
    // while one closes, nobody opens: the engine has one room of a name
    let _one = app.rooms.taking.lock().await;
    let held = app.rooms.drop_room(live);
    live.switch.take_off();
    live.tape.lock().await.let_go().await;
    if let Some(studio) = app.rooms.studio().filter(|_| held) {
        let _ = studio.engine.close_room(super::floor::room_id(live.hearing)).await;
    }
}
