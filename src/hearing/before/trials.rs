//! 庭前检测的结果: keeping what a page measured for a hearing, and reading the newest of each participant.
//!
//! Owns `hearing_tests` and the alert of a test that failed. Figures alone; the score is worked out from them again
//! whenever it is shown. Must never keep a test that belongs to no hearing.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::selftest::{self, Measured, Report, Score};
use super::sitting::{Head, Sitting};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};

/// The newest test of somebody.
#[derive(Debug, Clone)]
pub struct Tested {
    /// Who.
    pub participant: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// On what.
    pub device: String,
    /// Figures.
    pub measured: Measured,
}

#[derive(FromRow)]
struct Row {
    participant_id: Uuid,
    at: DateTime<Utc>,
    device: String,
    measured: Json<Measured>,
}

/// The word of a score.
pub const fn word(score: Score) -> &'static str {
    match score {
        Score::Good => "good",
        Score::Fair => "fair",
        Score::Poor => "poor",
    }
}

/// The most tests kept of one participant in an hour: a person who tries again, not a program.
const MOST_IN_AN_HOUR: i64 = 120;

/// Keeps a test of one's own seat.
///
/// # Errors
/// 429 for too many.
pub async fn keep(tx: &mut CourtTx, hearing: Uuid, head: &Head, seat: &Sitting, measured: &Measured, device: &str) -> Result<Report> {
    let (court, now, id) = (tx.court, tx.now(), tx.id());
    let lately: i64 = sqlx::query_scalar(
        "select count(*) from hearing_tests where court_id = $1 and hearing_id = $2 and participant_id = $3 and at > $4 - interval '1 hour'",
    )
    .bind(court)
    .bind(hearing)
    .bind(seat.id())
    .bind(now)
    .fetch_one(tx.conn())
    .await?;
    if lately >= MOST_IN_AN_HOUR {
        return Err(Error::slow_down(600));
    }
    let report = selftest::score(measured, seat.role());
    sqlx::query(
        "insert into hearing_tests (court_id, test_id, hearing_id, participant_id, case_id, at, measured, score, device) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
    )
    .bind(court)
    .bind(id)
    .bind(hearing)
    .bind(seat.id())
    .bind(head.case)
    .bind(now)
    .bind(Json(measured))
    .bind(report.score.map(word))
    .bind(device)
    .execute(tx.conn())
    .await?;
    alert(tx, hearing, head, seat, &report).await?;
    Ok(report)
}

/// A poor test is the technician's business until a later one is better.
async fn alert(tx: &mut CourtTx, hearing: Uuid, head: &Head, seat: &Sitting, report: &Report) -> Result<()> {
    let (court, now, id) = (tx.court, tx.now(), tx.id());
    let poor: Vec<&str> = report.items.iter().filter(|i| i.score == Some(Score::Poor)).map(|i| i.item.key()).collect();
    if !poor.is_empty() {
        sqlx::query(
            "insert into hearing_alerts (court_id, alert_id, hearing_id, case_id, participant_id, kind, figures, since) values ($1,$2,$3,$4,$5,'test_failed',$6,$7) on conflict do nothing",
        )
        .bind(court)
        .bind(id)
        .bind(hearing)
        .bind(head.case)
        .bind(seat.id())
        .bind(json!({ "items": poor }))
        .bind(now)
        .execute(tx.conn())
        .await?;
        return Ok(());
    }
    sqlx::query(
        "update hearing_alerts set closed_at = $4, closed_how = 'tested_again' where court_id = $1 and hearing_id = $2 and participant_id = $3 and kind = 'test_failed' and closed_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(seat.id())
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The newest of each, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn newest(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Tested>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select distinct on (participant_id) participant_id, at, device, measured from hearing_tests
         where court_id = $1 and hearing_id = $2 order by participant_id, at desc, test_id desc",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    let tested = |r: Row| Tested { participant: r.participant_id, at: r.at, device: r.device, measured: r.measured.0 };
    Ok(rows.into_iter().map(tested).collect())
}
