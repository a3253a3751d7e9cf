//! 回执: what outside services report of a sending, in their words, and what the words mean.
//!
//! Owns `service_wire`, `service_receipts` and the tables of words. A report is written down once, however often it
//! comes, before a court looks at it; a word nobody here knows is kept and shown to the clerk. Must never tell a
//! reporter which sendings we know, nor let a report move what it does not name.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::facts;
use super::mail::bounce::{self, Meaning};
use super::settle::{self, NewEvent};
use super::words::{Adapter, SystemEvent};
use crate::app::App;
use crate::court::tx::{CourtTx, WorkTx};
use crate::error::Result;
use crate::work::Outcome;

/// The relay or platform took it over.
pub const TAKEN: &str = "taken";
/// It was refused for good.
pub const REFUSED: &str = "refused";

/// Nobody knows whether it was taken: for a person, and never sent again by itself.
pub const UNSURE: &str = "unsure";

/// What a word of an outside service means.
pub fn meaning(adapter: Adapter, word: &str, reason: &str) -> Meaning {
    match (adapter, word) {
        // 显示发送成功: our relay took it. A platform says by itself when it has sent it.
        (Adapter::Mail, TAKEN) => Meaning::Event(SystemEvent::SentOk),
        (_, TAKEN) => Meaning::Nothing,
        (_, REFUSED) if bounce::is_full(reason) => Meaning::Event(SystemEvent::MailboxFull),
        (_, REFUSED) => Meaning::Event(SystemEvent::Bounced),
        (_, UNSURE) => Meaning::Unknown,
        (Adapter::Mail, _) => bounce::meaning(word, reason),
        (_, "accepted") => Meaning::Nothing,
        (_, "sent") => Meaning::Event(SystemEvent::SentOk),
        (_, "arrived") => Meaning::Event(SystemEvent::Arrived),
        (_, "read") => Meaning::Event(SystemEvent::Read),
        (_, "answered") => Meaning::Event(SystemEvent::AnsweredReceived),
        (_, "bounced") => Meaning::Event(SystemEvent::Bounced),
        _ => Meaning::Unknown,
    }
}

/// Whose sending it is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Ids {
    /// Service.
    pub service: Uuid,
    /// Recipient.
    pub recipient: Uuid,
    /// Attempt.
    pub attempt: Uuid,
}

/// How the wire of a sending stands for whoever wants to hand it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is ours.
    Ours,
    /// Somebody else is at it, or died at it a moment ago.
    Taken,
    /// The other side has answered.
    Over,
}

/// How long nobody else hands over what one worker has begun to; longer than a wire may take.
const GUARD: TimeDelta = TimeDelta::seconds(60);

/// Written before anything leaves, so that a report that overtakes the answer finds its row, and two workers never hand
/// over the same at once.
///
/// # Errors
/// What the database says.
pub async fn sending(app: &App, court: i32, ids: Ids, adapter: Adapter) -> Result<Turn> {
    let mut work = app.door.work().await?;
    let now = work.now();
    let ours = sqlx::query(
        "insert into service_wire (court_id, attempt_id, service_id, recipient_id, adapter, state, sent_at) values ($1,$2,$3,$4,$5,'sending',$6)
         on conflict (court_id, attempt_id) do update set sent_at = $6 where service_wire.state = 'sending' and service_wire.sent_at <= $7",
    )
    .bind(court)
    .bind(ids.attempt)
    .bind(ids.service)
    .bind(ids.recipient)
    .bind(adapter.key())
    .bind(now)
    .bind(now - GUARD)
    .execute(work.conn())
    .await?;
    let state: String = sqlx::query_scalar("select state from service_wire where court_id = $1 and attempt_id = $2")
        .bind(court)
        .bind(ids.attempt)
        .fetch_one(work.conn())
        .await?;
    work.close().await?;
    Ok(match (ours.rows_affected(), state.as_str()) {
        (1, _) => Turn::Ours,
        (_, "sending") => Turn::Taken,
        _ => Turn::Over,
    })
}

/// Not now: whoever comes next may try at once.
///
/// # Errors
/// What the database says.
pub async fn let_go(app: &App, court: i32, attempt: Uuid) -> Result<()> {
    let mut work = app.door.work().await?;
    let before = work.now() - GUARD;
    sqlx::query("update service_wire set sent_at = $3 where court_id = $1 and attempt_id = $2 and state = 'sending'")
        .bind(court)
        .bind(attempt)
        .bind(before)
        .execute(work.conn())
        .await?;
    work.close().await
}

/// The outside service answered: how the wire stands, and its answer as a report, at once or not at all.
///
/// # Errors
/// What the database says.
pub async fn answered(app: &App, court: i32, outside_id: Option<&str>, heard: &Heard) -> Result<()> {
    let mut work = app.door.work().await?;
    let state = match heard.word.as_str() {
        REFUSED => "refused",
        UNSURE => "unsure",
        _ => "accepted",
    };
    let now = work.now();
    sqlx::query("update service_wire set state = $3, outside_id = $4, answered_at = $5 where court_id = $1 and attempt_id = $2 and state = 'sending'")
        .bind(court)
        .bind(heard.attempt)
        .bind(state)
        .bind(outside_id)
        .bind(now)
        .execute(work.conn())
        .await?;
    write(app, &mut work, heard).await?;
    work.close().await
}

/// A report as it came.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Of which sending.
    pub attempt: Uuid,
    /// From whom.
    pub adapter: Adapter,
    /// The outside's name of the report, or a digest of it.
    pub key: String,
    /// What it says.
    pub word: String,
    /// Why.
    pub reason: Option<String>,
    /// When it says it happened.
    pub at: DateTime<Utc>,
}

/// Writes a report down; true when it is new and of a sending we know.
///
/// # Errors
/// What the database says.
pub async fn heard(app: &App, heard: &Heard) -> Result<bool> {
    let mut work = app.door.work().await?;
    let fresh = write(app, &mut work, heard).await?;
    work.close().await?;
    Ok(fresh)
}

async fn write(app: &App, work: &mut WorkTx, heard: &Heard) -> Result<bool> {
    let row: Option<(i32, Uuid, Uuid)> =
        sqlx::query_as("select court_id, service_id, recipient_id from service_wire where attempt_id = $1 and adapter = $2")
            .bind(heard.attempt)
            .bind(heard.adapter.key())
            .fetch_optional(work.conn())
            .await?;
    let Some((court, service, recipient)) = row else { return Ok(false) };
    let meaning = meaning(heard.adapter, &heard.word, heard.reason.as_deref().unwrap_or_default());
    let (now, id) = (work.now(), app.random.id(work.now()));
    let made = sqlx::query(
        "insert into service_receipts (court_id, receipt_id, attempt_id, adapter, outside_key, word, understood, at, received_at, reason)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) on conflict (court_id, attempt_id, adapter, outside_key) do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(heard.attempt)
    .bind(heard.adapter.key())
    .bind(&heard.key)
    .bind(&heard.word)
    .bind(meaning != Meaning::Unknown)
    .bind(heard.at)
    .bind(now)
    .bind(&heard.reason)
    .execute(work.conn())
    .await?;
    if made.rows_affected() == 0 {
        return Ok(false);
    }
    if let Meaning::Event(what) = meaning {
        let ids = Ids { service, recipient, attempt: heard.attempt };
        let receipt = Receipt {
            ids,
            adapter: heard.adapter,
            key: heard.key.clone(),
            what,
            reason: heard.reason.clone(),
            at: heard.at,
            received_at: now,
        };
        work.tell(court, "delivery.receipt", &json!({ "receipt": receipt })).await?;
    }
    Ok(true)
}

/// A report on its way to its court.
#[derive(Debug, Serialize, Deserialize)]
pub struct Receipt {
    ids: Ids,
    adapter: Adapter,
    key: String,
    what: SystemEvent,
    reason: Option<String>,
    at: DateTime<Utc>,
    received_at: DateTime<Utc>,
}

/// A report dated so long before its sending is of another.
const OLDEST: TimeDelta = TimeDelta::minutes(5);

/// When it counts, and what is said where that is not what the report says.
fn dated(receipt: &Receipt, started: DateTime<Utc>) -> (DateTime<Utc>, Option<String>) {
    let sane = receipt.at <= receipt.received_at + OLDEST && receipt.at + OLDEST >= started;
    if sane {
        // clocks differ by seconds: nothing happens before it was sent, nor after we heard of it
        return (receipt.at.clamp(started.min(receipt.received_at), receipt.received_at), receipt.reason.clone());
    }
    let why = format!("回执所载时间 {} 不可采信，按收到时间计", receipt.at.to_rfc3339());
    (receipt.received_at, Some(receipt.reason.as_ref().map_or(why.clone(), |r| format!("{r}；{why}"))))
}

/// The topic `delivery.receipt`: a report becomes an event of its recipient. Twice is once.
///
/// # Errors
/// What the database says.
pub async fn apply(app: &App, court: i32, receipt: &Receipt) -> Result<Outcome> {
    let Ids { service, recipient, attempt } = receipt.ids;
    let mut tx = app.door.enter_as_house(court, "delivery:receipt").await?;
    let mut held = facts::hold(app, &mut tx, service, recipient).await?;
    let Some(started) = held.attempts.iter().find(|a| a.id == attempt).map(|a| a.started_at) else {
        return Ok(Outcome::Dead("no such attempt".into()));
    };
    let (at, reason) = dated(receipt, started);
    let event =
        NewEvent { key: Some(&receipt.key), reason: reason.as_deref(), ..NewEvent::new(attempt, receipt.what, at, receipt.adapter.key()) };
    if settle::event(&mut tx, &mut held, &event).await? {
        settle::settle(app, &mut tx, service, recipient).await?;
        tx.commit(service, json!({ "recipient": recipient, "attempt": attempt, "receipt": receipt.what.key() })).await?;
    }
    Ok(Outcome::Done)
}

/// A report in words nobody here knows, for the clerk.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of service_receipts, documented in the migration")]
pub struct Unread {
    pub attempt_id: Uuid,
    pub adapter: String,
    pub word: String,
    pub reason: Option<String>,
    pub received_at: DateTime<Utc>,
}

/// The reports of these sendings nobody understood; the court's people alone see them.
///
/// # Errors
/// What the database says.
pub async fn unread(tx: &mut CourtTx, attempts: &[Uuid]) -> Result<Vec<Unread>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select attempt_id, adapter, word, reason, received_at from service_receipts where court_id = $1 and attempt_id = any($2) and not understood order by received_at",
    )
    .bind(court)
    .bind(attempts)
    .fetch_all(tx.conn())
    .await?)
}

/// How a sending stands outside: nothing more will come of it.
pub fn is_final(word: &str) -> bool {
    matches!(word, "answered" | "bounced" | REFUSED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(at: &str) -> Receipt {
        let (at, id) = (at.parse().unwrap(), Uuid::nil());
        Receipt {
            ids: Ids { service: id, recipient: id, attempt: id },
            adapter: Adapter::Chat,
            key: "k".into(),
            what: SystemEvent::Arrived,
            reason: None,
            at,
            received_at: "2026-11-23T02:10:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_report_counts_from_when_it_says_unless_that_cannot_be() {
        let started = "2026-11-23T02:00:00Z".parse().unwrap();
        for (says, counts, marked) in [
            ("2026-11-23T02:05:00Z", "2026-11-23T02:05:00Z", false),
            ("2026-11-23T01:59:58Z", "2026-11-23T02:00:00Z", false),
            ("2026-11-23T02:10:03Z", "2026-11-23T02:10:00Z", false),
            ("2026-12-23T02:10:00Z", "2026-11-23T02:10:00Z", true),
            ("2026-10-01T02:10:00Z", "2026-11-23T02:10:00Z", true),
        ] {
            let (at, reason) = dated(&receipt(says), started);
            assert_eq!((at, reason.is_some()), (counts.parse().unwrap(), marked), "{says}");
        }
    }

    #[test]
    fn words_are_never_guessed() {
        assert_eq!(meaning(Adapter::Mail, TAKEN, ""), Meaning::Event(SystemEvent::SentOk));
        assert_eq!(meaning(Adapter::NationalPlatform, TAKEN, ""), Meaning::Nothing);
        assert_eq!(meaning(Adapter::Chat, "read", ""), Meaning::Event(SystemEvent::Read));
        assert_eq!(meaning(Adapter::Chat, "seen", ""), Meaning::Unknown);
        assert_eq!(meaning(Adapter::Mail, "arrived", ""), Meaning::Unknown, "a word of another service");
        assert_eq!(meaning(Adapter::Mail, UNSURE, ""), Meaning::Unknown, "a person looks");
        assert_eq!(meaning(Adapter::Mail, REFUSED, "permanent error (552): 5.2.2 mailbox full"), Meaning::Event(SystemEvent::MailboxFull));
    }
}
