//! 掉线: what was measured around it, kept with the cause it points to; the warnings that were given.
//!
//! Owns `hearing_dropouts` and the alert beside one. Must never say why somebody went: it proposes, a judge finds.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::live::Live;
use super::{alerts, told};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::hearing::dropout::{Beat, Signal, Traces, propose};
use crate::hearing::words::Role;

/// How long one waits before somebody is held to be gone: a page that reloads is back by then, and who else went shows.
const SETTLE: Duration = Duration::from_secs(4);

/// Looks at a closed line after a moment, and keeps the traces if the hearing sits and the person did not come back.
pub fn watch(app: &App, live: &Arc<Live>, participant: Uuid, gone_at: DateTime<Utc>) {
    let (app, live) = (app.clone(), live.clone());
    tokio::spawn(async move {
        tokio::time::sleep(SETTLE).await;
        if live.is_here(participant) {
            return;
        }
        if let Err(cause) = keep(&app, &live, participant, gone_at).await {
            tracing::warn!(?cause, "the traces of a drop-out were not kept");
        }
    });
}

async fn keep(app: &App, live: &Live, participant: Uuid, gone_at: DateTime<Utc>) -> Result<()> {
    let Some(floor) = live.floor() else { return Ok(()) };
    let Some(seat) = floor.seat(participant) else { return Ok(()) };
    let role = seat.present.role;
    if !floor.room.state.is_sitting() || role.only_watches() || role == Role::Technician {
        return Ok(());
    }
    let (beats, mut signals) = live.pulse(participant, |p| {
        let beats: Vec<Beat> = p.beats.iter().cloned().collect();
        (beats, p.signals.iter().copied().collect::<Vec<(DateTime<Utc>, Signal)>>())
    });
    if signals.is_empty() {
        signals.push((gone_at, Signal::LinkLost));
    }
    let (gone_together, in_room) = live.gone_around(gone_at);
    let proposal = propose(&Traces { gone_at, beats: &beats, signals: &signals, gone_together, in_room });
    let traces = json!({ "beats": beats, "signals": signals, "gone_together": gone_together, "in_room": in_room });
    let mut tx = app.door.enter_as_house(live.court, "hearing:dropout").await?;
    let id = tx.id();
    sqlx::query(
        "insert into hearing_dropouts (court_id, dropout_id, hearing_id, participant_id, case_id, gone_at, traces, proposed) values ($1,$2,$3,$4,$5,$6,$7,$8)",
    )
    .bind(live.court)
    .bind(id)
    .bind(live.hearing)
    .bind(participant)
    .bind(floor.case)
    .bind(gone_at)
    .bind(Json(&traces))
    .bind(Json(&proposal))
    .execute(tx.conn())
    .await?;
    let figures = json!({ "cause": proposal.cause, "sure": proposal.sure });
    let alert = alerts::raise(&mut tx, (live.hearing, floor.case), "disconnected", Some(participant), &figures).await?;
    tx.commit(live.hearing, json!({ "dropout": id, "cause": proposal.cause })).await?;
    alerts::tell(app, live.court, live.hearing, alert, "disconnected", Some(participant)).await?;
    let hint = json!({ "type": "dropout", "id": id, "participant": participant, "cause": proposal.cause, "sure": proposal.sure });
    told::tell(app, live.court, live.hearing, told::To::Court, hint).await
}

/// Somebody is back: what was open of the drop-out ends.
///
/// # Errors
/// What the database says.
pub async fn back(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "update hearing_dropouts set back_at = $4 where court_id = $1 and hearing_id = $2 and participant_id = $3 and back_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(now)
    .execute(tx.conn())
    .await?;
    alerts::end(tx, hearing, "disconnected", Some(participant), "回到法庭").await
}
