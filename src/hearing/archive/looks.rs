//! 查阅留痕: who looked at which recording, by which grant, at what part, when.
//!
//! Owns writing that down, for the court's own people and for who was granted a copy alike. A player fetches a file in many
//! parts, and may begin anywhere: all parts within [`ONE_LOOK`] are one look, whichever comes first. Must never let bytes of
//! a recording go out unwritten.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;

/// Parts fetched within this time of the first belong to the same look.
const ONE_LOOK: TimeDelta = TimeDelta::minutes(10);

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// A recording as it is.
    Recording(Uuid),
    /// The same, taken away with the whole package: each time is a look of its own.
    Packed(Uuid),
    /// The copy an application was granted, of the watching file of its hearing.
    Copy {
        /// Hearing.
        hearing: Uuid,
        /// Application.
        request: Uuid,
        /// The part that was granted, ms.
        part: (Option<i64>, Option<i64>),
    },
}

/// Writes a look down.
///
/// # Errors
/// What the database says.
pub async fn looked(app: &App, court: i32, person: Uuid, kind: &str, at: At) -> Result<()> {
    let (recording, hearing, request, (from, until)) = match at {
        At::Recording(id) | At::Packed(id) => (Some(id), None, None, (None, None)),
        At::Copy { hearing, request, part } => (None, Some(hearing), Some(request), part),
    };
    let mut tx = app.door.enter_as_house(court, "recording:view").await?;
    let (id, now) = (tx.id(), tx.now());
    let since = if matches!(at, At::Packed(_)) { now } else { now - ONE_LOOK };
    let written = sqlx::query(
        "insert into recording_views (court_id, view_id, recording_id, request_id, person_id, from_ms, until_ms, at)
         select $1, $2, r.recording_id, $5, $6, coalesce($7, 0), coalesce($8, r.millis, 0), $9 from recordings r
          where r.court_id = $1 and (r.recording_id = $3 or $3 is null and r.hearing_id = $4 and r.kind = 'mosaic')
            and not exists (select 1 from recording_views v where v.court_id = r.court_id and v.recording_id = r.recording_id
              and v.person_id = $6 and v.request_id is not distinct from $5 and v.at > $10)
          order by r.made_at desc limit 1",
    )
    .bind(court)
    .bind(id)
    .bind(recording)
    .bind(hearing)
    .bind(request)
    .bind(person)
    .bind(from)
    .bind(until)
    .bind(now)
    .bind(since)
    .execute(tx.conn())
    .await?;
    if written.rows_affected() == 0 {
        return tx.close().await;
    }
    tx.commit(recording.or(request).unwrap_or(id), json!({ "kind": kind, "view": id })).await
}
