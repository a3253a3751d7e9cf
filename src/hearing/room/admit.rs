//! Letting somebody in and noting who went: the lease of a room, the seat in the engine, the lines of the log.
//!
//! Owns `hearing_nodes`. Must never let a server hold a room that another one holds: the lease and its epoch decide.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::floor::{self, participant_id, room_id, second_voice};
use super::live::Live;
use super::presence::{self, lock, note};
use super::seat::Own;
use super::studio::Studio;
use super::{spread, told};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::hearing::dropout::SEAT_KEPT;
use crate::hearing::log::Audience;
use crate::hearing::words::Role;

/// How long a lease holds; a server that is killed is followed after that. It is renewed five times meanwhile: a server that
/// lives loses its rooms only if it cannot write a row for that long, and then nobody comes to it either.
pub const LEASE: TimeDelta = TimeDelta::seconds(15);

#[derive(FromRow)]
struct Node {
    node: String,
    epoch: i32,
    lease_until: DateTime<Utc>,
    draining: bool,
}

/// The room on this server; taken over when nobody holds it.
///
/// # Errors
/// 503 where this server has no rooms, 409 when another holds it.
pub async fn hold(app: &App, court: i32, hearing: Uuid) -> Result<Arc<Live>> {
    if let Some(live) = app.rooms.find(court, hearing) {
        return Ok(live);
    }
    let studio = app.rooms.need()?;
    let _one = app.rooms.taking.lock().await;
    if let Some(live) = app.rooms.find(court, hearing) {
        return Ok(live);
    }
    let mut tx = app.door.enter_as_house(court, "hearing:hold").await?;
    let held = take_lease(&mut tx, studio, hearing).await?;
    tx.close().await?;
    let live = Arc::new(Live::new(court, hearing, held));
    studio.engine.create_room(room_id(hearing), Box::new(live.switch.clone())).await.map_err(Error::internal)?;
    app.rooms.add(live.clone());
    Ok(live)
}

/// Answers the lease's epoch, and whether another server held the room before.
async fn take_lease(tx: &mut CourtTx, studio: &Studio, hearing: Uuid) -> Result<(i32, bool)> {
    let (court, now) = (tx.court, tx.now());
    lock(tx, hearing).await?;
    let held: Option<Node> =
        sqlx::query_as("select node, epoch, lease_until, draining from hearing_nodes where court_id = $1 and hearing_id = $2")
            .bind(court)
            .bind(hearing)
            .fetch_optional(tx.conn())
            .await?;
    if held.as_ref().is_some_and(|n| n.node != studio.node && n.lease_until > now && !n.draining) {
        return Err(Error::conflict(
            "hearing.held_elsewhere",
            said("这个法庭在另一台服务器上。", "Another server holds this room."),
            said("请重新进入。", "Enter anew."),
        ));
    }
    let elsewhere = held.as_ref().is_some_and(|n| n.node != studio.node);
    let epoch = held.map_or(1, |n| n.epoch + 1);
    sqlx::query(
        "insert into hearing_nodes (court_id, hearing_id, node, address, epoch, lease_until) values ($1,$2,$3,$4,$5,$6)
         on conflict (court_id, hearing_id) do update
           set node = excluded.node, address = excluded.address, epoch = excluded.epoch, lease_until = excluded.lease_until, draining = false",
    )
    .bind(court)
    .bind(hearing)
    .bind(&studio.node)
    .bind(&studio.address)
    .bind(epoch)
    .bind(now + LEASE)
    .execute(tx.conn())
    .await?;
    // whoever was on the line of the server before is not on ours
    sqlx::query(
        "update hearing_presence set disconnected_at = $3, updated_at = $3 where court_id = $1 and hearing_id = $2 and connected_at is not null and disconnected_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok((epoch, elsewhere))
}

/// Keeps the lease. False when another server took the room.
///
/// # Errors
/// What the database says.
pub async fn renew(app: &App, live: &Live) -> Result<bool> {
    let Some(studio) = app.rooms.studio() else { return Ok(false) };
    let mut tx = app.door.enter_as_house(live.court, "hearing:hold").await?;
    let until = tx.now() + LEASE;
    let held =
        sqlx::query("update hearing_nodes set lease_until = $5 where court_id = $1 and hearing_id = $2 and node = $3 and epoch = $4")
            .bind(live.court)
            .bind(live.hearing)
            .bind(&studio.node)
            .bind(live.epoch)
            .bind(until)
            .execute(tx.conn())
            .await?;
    tx.close().await?;
    Ok(held.rows_affected() == 1)
}

/// Gives the room back as the server stops: another may take it at once.
///
/// # Errors
/// What the database says.
pub async fn give_back(app: &App, live: &Live) -> Result<()> {
    let mut tx = app.door.enter_as_house(live.court, "hearing:hold").await?;
    let now = tx.now();
    sqlx::query("update hearing_nodes set draining = true, lease_until = $4 where court_id = $1 and hearing_id = $2 and epoch = $3")
        .bind(live.court)
        .bind(live.hearing)
        .bind(live.epoch)
        .bind(now)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "update hearing_presence set disconnected_at = $3, updated_at = $3 where court_id = $1 and hearing_id = $2 and connected_at is not null and disconnected_at is null",
    )
    .bind(live.court)
    .bind(live.hearing)
    .bind(now)
    .execute(tx.conn())
    .await?;
    tx.close().await
}

/// Notes that somebody came, in the transaction in which the pass was used.
///
/// # Errors
/// A room that is shut for this role.
pub async fn note_arrival(tx: &mut CourtTx, own: &Own, live: &Live) -> Result<Vec<presence::Noted>> {
    let (case, state) = lock(tx, own.hearing).await?;
    let (place, kept) = presence::arrive(tx, own, state, SEAT_KEPT).await?;
    let media = live.tape.lock().await.media();
    let data = json!({ "place": place, "kept": kept, "epoch": live.epoch });
    let audience = if own.role.waits_apart() || own.role.only_watches() { Audience::Own } else { Audience::All };
    let line = note(tx, (own.hearing, case), "join", Some(own.participant), audience, data, media).await?;
    super::gone::back(tx, own.hearing, own.participant).await?;
    Ok(vec![line])
}

/// Gives the seat in the engine, with the rights the rows give. `ticket` is unique to the pass.
///
/// # Errors
/// When the engine is full.
pub async fn seat(app: &App, live: &Arc<Live>, own: &Own, ticket: u128) -> Result<()> {
    let studio = app.rooms.need()?;
    let mut tx = app.door.enter_as_house(live.court, "hearing:floor").await?;
    // an older line of this seat may have been noted as gone after we came
    sqlx::query("update hearing_presence set disconnected_at = null where court_id = $1 and hearing_id = $2 and participant_id = $3 and disconnected_at is not null")
        .bind(live.court)
        .bind(live.hearing)
        .bind(own.participant)
        .execute(tx.conn())
        .await?;
    let floor = floor::load(&mut tx, live.hearing, live.roll_call()).await?;
    tx.close().await?;
    let publish = floor.seat(own.participant).map(|s| floor.publish(s)).unwrap_or_default();
    let full = |e: lianting_media::MediaError| {
        Error::unavailable("hearing.room_full", said("法庭的线路已满。", "The room's lines are full.")).caused_by(e)
    };
    studio.engine.admit(room_id(live.hearing), participant_id(own.participant), ticket, publish).await.map_err(full)?;
    if own.role == Role::Interpreter {
        studio.engine.admit(room_id(live.hearing), second_voice(own.participant), ticket ^ 1, publish).await.map_err(full)?;
    }
    spread::spread(app, live).await
}

/// Is this the room that holds the hearing? The row is locked.
async fn still_ours(tx: &mut CourtTx, live: &Live) -> Result<bool> {
    let epoch: Option<i32> = sqlx::query_scalar("select epoch from hearing_nodes where court_id = $1 and hearing_id = $2")
        .bind(live.court)
        .bind(live.hearing)
        .fetch_optional(tx.conn())
        .await?;
    Ok(epoch == Some(live.epoch))
}

/// Somebody's line closed: the row, the log, the engine and the others learn it.
///
/// # Errors
/// What the database says.
pub async fn part(app: &App, live: &Arc<Live>, participant: Uuid, ticket: u128, at: DateTime<Utc>) -> Result<()> {
    let media = live.tape.lock().await.media();
    let mut tx = app.door.enter_as_house(live.court, "hearing:part").await?;
    let (case, _) = lock(&mut tx, live.hearing).await?;
    // back already, in another tab; or the room is another's by now, which noted everybody as gone when it took it
    if live.is_here(participant) || !still_ours(&mut tx, live).await? {
        return Ok(());
    }
    presence::depart(&mut tx, live.hearing, participant, at).await?;
    let apart = live.floor().and_then(|f| f.seat(participant).map(|s| s.present.role)).is_some_and(|r| r.waits_apart() || r.only_watches());
    let audience = if apart { Audience::Own } else { Audience::All };
    let line = note(&mut tx, (live.hearing, case), "leave", Some(participant), audience, json!({}), media).await?;
    tx.commit(live.hearing, json!({ "left": participant })).await?;
    if let Some(studio) = app.rooms.studio() {
        let _ = studio.engine.leave_seat(room_id(live.hearing), participant_id(participant), ticket).await;
        let _ = studio.engine.leave_seat(room_id(live.hearing), second_voice(participant), ticket ^ 1).await;
    }
    told::noted(app, live.court, live.hearing, vec![line]).await?;
    spread::spread(app, live).await
}
