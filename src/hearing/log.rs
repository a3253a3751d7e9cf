//! 庭审日志: the chain of what happened in a hearing. Owns writing `hearing_events` and the head on `hearings`.
//!
//! One line a row, canonical JSON with the hash of the line before it (the form of `delivery/trail.rs`), so that a line
//! left out, added or changed shows. Steps are replayed from it. Must never hold a name, a number or a fraction.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::Row as _;
use uuid::Uuid;

use super::states::{Course, Event, replay};
use crate::court::tx::CourtTx;
use crate::delivery::trail::Head;
use crate::error::{Error, Result};
use crate::kit::seal::sha256;

/// Who may read a line besides the court.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody of the case.
    All,
    /// Whom it is about.
    Own,
    /// The court.
    Staff,
}

impl Audience {
    const fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Own => "own",
            Self::Staff => "staff",
        }
    }
}

/// A line to be written.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// step, join, leave, mute …
    pub what: &'a str,
    /// About whom.
    pub participant: Option<Uuid>,
    /// Who may read it.
    pub audience: Audience,
    /// Epoch and milliseconds of the recording.
    pub media: Option<(i32, i64)>,
    /// Ids and words.
    pub data: Value,
}

/// The beginning of the chain of a hearing.
pub fn begin(court: i32, hearing: Uuid) -> Head {
    Head { lines: 0, hash: hex::encode(sha256(format!("lianting.hearing.v1|{court}|{hearing}").as_bytes())) }
}

/// Appends a line. The hearing's row must be locked by this transaction.
///
/// # Errors
/// What the database says, or data that is not the same in every program.
pub async fn append(tx: &mut CourtTx, hearing: Uuid, case: Uuid, at: DateTime<Utc>, line: &Line<'_>) -> Result<u64> {
    let (court, person) = (tx.court, tx.person().ok());
    let row = sqlx::query("select events_n, events_hash from hearings where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .fetch_one(tx.conn())
        .await?;
    let lines = u64::try_from(row.get::<i64, _>("events_n")).map_err(Error::internal)?;
    let mut head = Head { lines, hash: row.get("events_hash") };
    let data = json!({ "data": line.data, "media": line.media, "participant": line.participant, "person": person });
    let text = head.push(at, line.what, &data).map_err(Error::internal)?;
    let n = i64::try_from(head.lines).map_err(Error::internal)?;
    sqlx::query(
        "insert into hearing_events (court_id, hearing_id, n, case_id, at, epoch, media_ms, what, person_id, participant_id, audience, line, hash)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
    )
    .bind(court)
    .bind(hearing)
    .bind(n)
    .bind(case)
    .bind(at)
    .bind(line.media.map(|(epoch, _)| epoch))
    .bind(line.media.map(|(_, ms)| ms))
    .bind(line.what)
    .bind(person)
    .bind(line.participant)
    .bind(line.audience.key())
    .bind(text)
    .bind(&head.hash)
    .execute(tx.conn())
    .await?;
    sqlx::query("update hearings set events_n = $3, events_hash = $4 where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .bind(n)
        .bind(&head.hash)
        .execute(tx.conn())
        .await?;
    Ok(head.lines)
}

/// The course of a hearing, replayed from its steps.
///
/// # Errors
/// A log that does not replay is a fault of ours, and is never passed over.
pub async fn course(tx: &mut CourtTx, hearing: Uuid) -> Result<Course> {
    let court = tx.court;
    let lines: Vec<String> =
        sqlx::query_scalar("select line from hearing_events where court_id = $1 and hearing_id = $2 and what = 'step' order by n")
            .bind(court)
            .bind(hearing)
            .fetch_all(tx.conn())
            .await?;
    let events = lines.iter().map(|line| step(line)).collect::<Result<Vec<Event>>>()?;
    replay(&events).map_err(Error::internal)
}

fn step(line: &str) -> Result<Event> {
    let mut value: Value = serde_json::from_str(line)?;
    Ok(serde_json::from_value(value["data"]["data"].take())?)
}
