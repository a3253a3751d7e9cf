//! 告警: what the technician on duty has to look at. Owns `hearing_alerts`; figures, no names.

use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::told::{self, To};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// Raises one, unless the same is open. Answers its id when it is new.
///
/// # Errors
/// What the database says.
pub async fn raise(
    tx: &mut CourtTx,
    (hearing, case): (Uuid, Uuid),
    kind: &str,
    participant: Option<Uuid>,
    figures: &Value,
) -> Result<Option<Uuid>> {
    let (court, now, id) = (tx.court, tx.now(), tx.id());
    let made = sqlx::query(
        "insert into hearing_alerts (court_id, alert_id, hearing_id, case_id, participant_id, kind, figures, since) values ($1,$2,$3,$4,$5,$6,$7,$8)
         on conflict do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(hearing)
    .bind(case)
    .bind(participant)
    .bind(kind)
    .bind(Json(figures))
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok((made.rows_affected() == 1).then_some(id))
}

/// Closes what is open of a kind: it mended itself.
///
/// # Errors
/// What the database says.
pub async fn end(tx: &mut CourtTx, hearing: Uuid, kind: &str, participant: Option<Uuid>, how: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "update hearing_alerts set closed_at = $5, closed_how = $6
          where court_id = $1 and hearing_id = $2 and kind = $3 and participant_id is not distinct from $4 and closed_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(kind)
    .bind(participant)
    .bind(now)
    .bind(how)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Tells the court in the room of a new one.
///
/// # Errors
/// As `tell`.
pub async fn tell(app: &App, court: i32, hearing: Uuid, alert: Option<Uuid>, kind: &str, participant: Option<Uuid>) -> Result<()> {
    let Some(id) = alert else { return Ok(()) };
    let message = json!({ "type": "alert", "id": id, "kind": kind, "participant": participant });
    told::tell(app, court, hearing, To::Court, message).await
}

/// 接手 by name.
///
/// # Errors
/// 404, one that somebody else took.
pub async fn take(tx: &mut CourtTx, alert: Uuid) -> Result<()> {
    let (court, now, person) = (tx.court, tx.now(), tx.person()?);
    let done = sqlx::query(
        "update hearing_alerts set taken_by = $3, taken_at = $4 where court_id = $1 and alert_id = $2 and closed_at is null and (taken_by is null or taken_by = $3)",
    )
    .bind(court)
    .bind(alert)
    .bind(person)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(gone(tx, alert).await?) }
}

/// 处理完毕.
///
/// # Errors
/// 404, one that is closed.
pub async fn close(tx: &mut CourtTx, alert: Uuid, how: &str) -> Result<()> {
    let (court, now, person) = (tx.court, tx.now(), tx.person()?);
    let done = sqlx::query(
        "update hearing_alerts set closed_at = $4, closed_how = $5, taken_by = coalesce(taken_by, $3), taken_at = coalesce(taken_at, $4)
          where court_id = $1 and alert_id = $2 and closed_at is null",
    )
    .bind(court)
    .bind(alert)
    .bind(person)
    .bind(now)
    .bind(how)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(gone(tx, alert).await?) }
}

async fn gone(tx: &mut CourtTx, alert: Uuid) -> Result<Error> {
    let court = tx.court;
    let there: bool = sqlx::query_scalar("select exists (select 1 from hearing_alerts where court_id = $1 and alert_id = $2)")
        .bind(court)
        .bind(alert)
        .fetch_one(tx.conn())
        .await?;
    if !there {
        return Ok(Error::not_found());
    }
    Ok(Error::conflict(
        "alert.taken",
        said("这条告警已经有人接手，或者已经处理。", "Somebody took this alert, or it is closed."),
        said("请刷新看板。", "Refresh the board."),
    ))
}
