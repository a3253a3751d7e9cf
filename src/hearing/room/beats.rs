//! 心跳: what a page measures every two seconds. Owns keeping it for two minutes, and the last figures in the row once a
//! minute. Must never hold a room up, or keep a name.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::alerts;
use super::live::Live;
use crate::app::App;
use crate::error::Result;
use crate::hearing::dropout::{Beat, Health, health};

/// Figures go to the row so often.
const WRITTEN_EVERY: TimeDelta = TimeDelta::seconds(60);
/// Bad for so many beats on end, and the technician looks.
const BAD_BEATS: usize = 5;

/// Takes a beat. Answers whether its health is another one than before.
pub fn take(live: &Live, participant: Uuid, beat: Beat) -> bool {
    let at = beat.at;
    live.pulse(participant, |p| {
        let before = p.beats.back().map(|b| health(Some(b), b.at));
        p.beat(beat);
        before != p.beats.back().map(|b| health(Some(b), at))
    })
}

/// Once a minute: the last figures into the row; a line that stays bad becomes an alert, and ceases to be one.
///
/// # Errors
/// What the database says.
pub async fn write(app: &App, live: &Live, participant: Uuid, now: DateTime<Utc>) -> Result<()> {
    let due = live.pulse(participant, |p| {
        let due = p.written_at.is_none_or(|at| now - at >= WRITTEN_EVERY);
        if due {
            p.written_at = Some(now);
        }
        due.then(|| {
            (p.beats.back().cloned(), p.beats.iter().rev().take(BAD_BEATS).filter(|b| health(Some(b), b.at) == Health::Bad).count())
        })
    });
    let Some((Some(last), bad)) = due else { return Ok(()) };
    let Some(floor) = live.floor() else { return Ok(()) };
    let figures = json!({ "at": last.at, "up_loss": last.up_loss, "down_loss": last.down_loss, "rtt_ms": last.rtt_ms, "battery": last.battery, "health": health(Some(&last), last.at) });
    let mut tx = app.door.enter_as_house(live.court, "hearing:figures").await?;
    sqlx::query("update hearing_presence set health = $4, updated_at = $5 where court_id = $1 and hearing_id = $2 and participant_id = $3")
        .bind(live.court)
        .bind(live.hearing)
        .bind(participant)
        .bind(Json(&figures))
        .bind(now)
        .execute(tx.conn())
        .await?;
    if bad >= BAD_BEATS {
        alerts::raise(&mut tx, (live.hearing, floor.case), "poor_line", Some(participant), &figures).await?;
    } else if bad == 0 {
        alerts::end(&mut tx, live.hearing, "poor_line", Some(participant), "线路恢复").await?;
    }
    tx.close().await
}
