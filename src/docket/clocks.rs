//! 期限 of a case that hang on an event other than docketing: a service, an objection, a decision. Owns `case_clocks`.
//!
//! A clock is kept as its rule, its event and whose it is; the day is counted when it is shown, by the calendar as it is
//! known then. The slice whose act starts a clock names itself as its source, and voids it when the event falls away.
//! Must never change a clock's event: a new event is a new clock.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::timeline;
use super::views::Clock;
use crate::app::App;
use crate::court::clock_view::Life;
use crate::court::tx::CourtTx;
use crate::error::{Result, Said};

/// A clock to be started.
pub struct NewClock<'a> {
    /// Of `court/periods.rs`.
    pub key: &'static str,
    /// The court's own length, where it set one.
    pub days: Option<u32>,
    /// Whose period; none is the court's own.
    pub party: Option<Uuid>,
    /// The event; its day is not counted.
    pub from: DateTime<Utc>,
    /// What the event was.
    pub cause: Said,
    /// Slice and its id.
    pub source: &'a str,
}

/// Starts a clock; a live one of the same key and source stays as it is.
///
/// # Errors
/// What the database says.
pub async fn start(tx: &mut CourtTx, case: Uuid, new: &NewClock<'_>) -> Result<()> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    sqlx::query(
        "insert into case_clocks (court_id, case_id, clock_id, key, days, party_id, from_at, cause, cause_en, source, set_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) on conflict (court_id, case_id, key, source) where void_at is null do nothing",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(new.key)
    .bind(new.days.and_then(|d| i32::try_from(d).ok()))
    .bind(new.party)
    .bind(new.from)
    .bind(new.cause.0.as_ref())
    .bind(new.cause.1.as_ref())
    .bind(new.source)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The event fell away, or another took its place.
///
/// # Errors
/// What the database says.
pub async fn void(tx: &mut CourtTx, case: Uuid, source: &str) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update case_clocks set void_at = $4 where court_id = $1 and case_id = $2 and source = $3 and void_at is null")
        .bind(court)
        .bind(case)
        .bind(source)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// 起诉状副本送达: the last of those who answer was served then; nothing while one of them is not, or no longer.
///
/// # Errors
/// What the database says.
pub async fn complaint_served(tx: &mut CourtTx, case: Uuid, at: Option<DateTime<Utc>>) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update cases set complaint_served_at = $3 where court_id = $1 and case_id = $2 and complaint_served_at is distinct from $3",
    )
    .bind(court)
    .bind(case)
    .bind(at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A clock as it is kept.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of case_clocks, documented in the migration")]
pub struct Kept {
    pub court_id: i32,
    pub case_id: Uuid,
    pub key: String,
    pub days: Option<i32>,
    pub party_id: Option<Uuid>,
    pub from_at: DateTime<Utc>,
    pub source: String,
    pub done_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "court_id, case_id, key, days, party_id, from_at, source, done_at";

impl Kept {
    /// As it is shown now; none while the calendar cannot count it.
    pub fn shown(&self, app: &App, closed_at: Option<DateTime<Utc>>) -> Option<Clock> {
        let life = self.done_at.or(closed_at).map_or(Life::Open, |at| Life::Done { at });
        let days = self.days.and_then(|d| u32::try_from(d).ok());
        timeline::clock(app, self.court_id, &self.key, days, self.from_at, &life).ok()
    }
}

/// The live clocks of a case that the viewer may see, oldest event first.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Kept>> {
    let court = tx.court;
    let sql = format!("select {COLUMNS} from case_clocks where court_id = $1 and case_id = $2 and void_at is null order by from_at, key");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(case).fetch_all(tx.conn()).await?)
}

/// One's own live clocks in these cases, over all courts.
///
/// # Errors
/// What the database says.
pub async fn own(conn: &mut PgConnection, cases: &[Uuid]) -> Result<Vec<Kept>> {
    let sql = format!(
        "select {COLUMNS} from case_clocks where case_id = any($1) and void_at is null and party_id is not null order by from_at, key"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(cases).fetch_all(conn).await?)
}
