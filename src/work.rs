//! Background work: claims due events from the outbox and hands each to its slice.
//!
//! Owns the lease, the fence, the retries and the dead letters, and how many steps go on at once. A step may run twice and
//! must not act twice: the receiver knows the event's id. Must never hold a transaction while it waits for a wire, nor rely
//! on the order of two events: what has to leave in order asks whose turn it is.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use sqlx::Row;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::kit::seal::{Owner, Place};

/// A claimed event.
#[derive(Debug)]
pub struct Due {
    /// Court, 0 for a person's.
    pub court: i32,
    /// The event's id: the receiver's idempotency key.
    pub id: Uuid,
    /// Topic.
    pub topic: String,
    /// Payload, opened.
    pub payload: serde_json::Value,
    /// How often it was tried before.
    pub attempts: i32,
    fence: i32,
}

impl Due {
    /// Is this the last try? Whoever waits for an answer then has to be told that none will come.
    pub fn is_last(&self) -> bool {
        self.attempts + 1 >= MOST_TRIES
    }
}

/// What a step says of an event.
pub enum Outcome {
    /// Done.
    Done,
    /// Not its turn yet: looked at again after this, and no try is counted.
    Wait(TimeDelta),
    /// Try again later.
    Again(String),
    /// It will never work: a dead letter, shown to administrators.
    Dead(String),
}

/// Tries before an event becomes a dead letter.
pub const MOST_TRIES: i32 = 12;
/// How often it is asked whether a step of the day is to be left behind.
const NIGHTLY_EVERY: TimeDelta = TimeDelta::minutes(10);
/// How long a claimed event is ours.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// After so many events the worker looks up: at the night's steps, and whether it is to stop.
const A_TURN: usize = 500;
/// How soon it is asked again what is due while slow steps are in hand.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Works until told to stop.
pub async fn run(app: App, stop: CancellationToken) {
    let mut listener = app.door.listen(&["lianting_outbox"]).await.ok();
    let mut nightly_asked = DateTime::<Utc>::MIN_UTC;
    while !stop.is_cancelled() {
        if app.now() - nightly_asked >= NIGHTLY_EVERY {
            nightly_asked = app.now();
            if let Err(cause) = crate::fees::reconcile::nightly(&app).await {
                tracing::warn!(?cause, "the nightly steps cannot be left behind");
            }
        }
        match drain(&app).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(e) => tracing::warn!(cause = ?e, "outbox cannot be read"),
        }
        let wake = async {
            match &mut listener {
                Some(l) => drop(l.try_recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = wake => {}
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
    }
}

/// Handles the events that are due now, so many at once as the configuration says; answers how many.
///
/// No more are claimed than can be begun at once: what is ours is being worked on, its lease is not spent waiting, and a
/// worker that dies keeps back few.
///
/// # Errors
/// When the outbox cannot be read or written.
pub async fn drain(app: &App) -> Result<usize> {
    let most = usize::from(app.config.work_at_once);
    let (mut going, mut n, mut said): (JoinSet<Result<()>>, usize, Result<()>) = (JoinSet::new(), 0, Ok(()));
    // half of them free: one question for several events
    let room = |going: usize, n: usize| n < A_TURN && going <= most / 2;
    loop {
        if said.is_ok() && room(going.len(), n) {
            match claim(app, most - going.len()).await {
                Ok(due) => {
                    n += due.len();
                    due.into_iter().for_each(|event| drop(going.spawn(step(app.clone(), event))));
                }
                Err(fault) => said = Err(fault),
            }
        }
        let free = said.is_ok() && room(going.len(), n);
        let done = tokio::select! {
            done = going.join_next() => done,
            // what comes due meanwhile does not wait for the slow one in hand
            () = tokio::time::sleep(LOOK_AGAIN), if free && !going.is_empty() => continue,
        };
        match done {
            Some(Ok(done)) => said = said.and(done),
            Some(Err(fault)) => said = said.and(Err(Error::internal(format!("a step of the worker: {fault}")))),
            None => return said.map(|()| n),
        }
    }
}

/// One event. A step that panics is tried again like one that fails, and is a dead letter in the end.
async fn step(app: App, event: Due) -> Result<()> {
    let outcome = AssertUnwindSafe(handle(&app, &event)).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|_| Outcome::Again("the step panicked; its message is on stderr".to_owned()));
    settle(&app, &event, outcome).await
}

async fn claim(app: &App, most: usize) -> Result<Vec<Due>> {
    let mut work = app.door.work().await?;
    let now = work.now();
    let rows = sqlx::query(
        "update outbox o set lease_until = $2, fence = o.fence + 1, attempts = o.attempts + 1
         from (select court_id, event_id from outbox where done_at is null and dead_at is null and not_before <= $1 and (lease_until is null or lease_until < $1)
               order by not_before, event_id limit $3 for update skip locked) d
         where o.court_id = d.court_id and o.event_id = d.event_id
         returning o.court_id, o.event_id, o.topic, o.payload, o.attempts, o.fence",
    )
    .bind(now)
    .bind(now + LEASE)
    .bind(i64::try_from(most).unwrap_or(1))
    .fetch_all(work.conn())
    .await?;
    let mut due = Vec::with_capacity(rows.len());
    for row in rows {
        let id: Uuid = row.get("event_id");
        let payload = work.seal().open_json(Owner::House, Place("outbox", "payload", &id), row.get("payload"))?;
        due.push(Due {
            court: row.get("court_id"),
            id,
            topic: row.get("topic"),
            payload,
            attempts: row.get::<i32, _>("attempts") - 1,
            fence: row.get("fence"),
        });
    }
    work.close().await?;
    due.sort_by_key(|d| d.id);
    Ok(due)
}

async fn handle(app: &App, due: &Due) -> Outcome {
    let result = match due.topic.split_once('.').map_or(due.topic.as_str(), |(slice, _)| slice) {
        "sms" => crate::person::messages::send(app, due).await,
        "paper" => crate::paper::handle(app, due).await,
        "filing" => crate::filing::jobs::handle(app, due).await,
        "fees" => crate::fees::jobs::handle(app, due).await,
        "delivery" => crate::delivery::jobs::handle(app, due).await,
        "clocks" => crate::clocks::jobs::handle(app, due).await,
        "docket" => crate::docket::jobs::handle(app, due).await,
        "software" => match due.topic.as_str() {
            "software.fan" => crate::software::fan::fan(app, due).await,
            "software.post" => crate::software::post::post(app, due).await,
            other => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
        },
        "hearing" => crate::hearing::jobs::handle(app, due).await,
        "upload" => crate::evidence::jobs::handle(app, due).await,
        other => Ok(Outcome::Dead(format!("nobody handles `{other}`"))),
    };
    match result {
        Ok(outcome) => outcome,
        Err(Error { status, code, .. }) if status.is_client_error() && code != "race.try_again" => Outcome::Dead(code.to_owned()),
        Err(e) => Outcome::Again(e.code.to_owned()),
    }
}

/// 2, 4, 8 … seconds, at most ten minutes.
fn next_try(now: DateTime<Utc>, attempts: i32) -> DateTime<Utc> {
    now + TimeDelta::seconds(2_i64.pow(u32::try_from(attempts + 1).unwrap_or(1).min(9)).min(600))
}

async fn settle(app: &App, due: &Due, outcome: Outcome) -> Result<()> {
    let mut work = app.door.work().await?;
    let now = work.now();
    if let Outcome::Wait(wait) = outcome {
        sqlx::query("update outbox set not_before = $4, attempts = attempts - 1, lease_until = null where court_id = $1 and event_id = $2 and fence = $3")
            .bind(due.court)
            .bind(due.id)
            .bind(due.fence)
            .bind(now + wait)
            .execute(work.conn())
            .await?;
        return work.close().await;
    }
    let (done, dead, error) = match outcome {
        Outcome::Done | Outcome::Wait(_) => (Some(now), None, None),
        Outcome::Again(cause) if due.attempts + 1 >= MOST_TRIES => (None, Some(now), Some(cause)),
        Outcome::Again(cause) => (None, None, Some(cause)),
        Outcome::Dead(cause) => (None, Some(now), Some(cause)),
    };
    if let Some(cause) = &error {
        tracing::warn!(topic = due.topic, event = %due.id, cause, dead = dead.is_some(), "event not handled");
    }
    // the fence keeps a worker that slept past its lease from overwriting its successor's word
    sqlx::query("update outbox set done_at = $4, dead_at = $5, last_error = $6, not_before = $7, lease_until = null where court_id = $1 and event_id = $2 and fence = $3")
        .bind(due.court)
        .bind(due.id)
        .bind(due.fence)
        .bind(done)
        .bind(dead)
        .bind(error)
        .bind(next_try(now, due.attempts))
        .execute(work.conn())
        .await?;
    work.close().await
}
