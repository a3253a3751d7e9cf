//! 期限 of a case that hang on an event other than docketing: a service, an objection, a decision. Owns `case_clocks`.
//!
//! A clock is kept as its rule, its event and whose it is; the day is counted when it is shown, by the calendar that binds
//! it and by what bears on it. The end it was last told with is kept beside it, so that what moves can be found and listed
//! (`recount.rs`). The slice whose act starts a clock names itself as its source, and voids it when the event falls away.
//! Must never change a clock's event: a new event is a new clock.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::facts;
use super::moves::{self, Floor, Subject};
use super::reckon::{self, Asked, Bearing};
use super::views::Clock;
use super::words::MovedBy;
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
    // its end is counted and kept by a job, once whatever starts it stands
    tx.tell(super::jobs::CLOCKS, &json!({ "case": case }))
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
    pub clock_id: Uuid,
    pub key: String,
    pub days: Option<i32>,
    pub party_id: Option<Uuid>,
    pub party: Option<String>,
    pub from_at: DateTime<Utc>,
    pub cause: String,
    pub cause_en: String,
    pub source: String,
    pub done_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    /// The clocks of the same period that ran before the service was changed: what was granted on them stands.
    pub before: Vec<Uuid>,
    /// What bears on it; filled by whoever reads it.
    #[sqlx(skip)]
    pub bearing: Bearing,
}

const COLUMNS: &str =
    "k.court_id, k.case_id, k.clock_id, k.key, k.days, k.party_id, k.from_at, k.cause, k.cause_en, k.source, k.done_at, k.due_at,
  array(select v.clock_id from case_clocks v where v.court_id = k.court_id and v.case_id = k.case_id and v.key = k.key and v.source = k.source and v.void_at is not null) as before,
  (select p.name from case_parties p where p.court_id = k.court_id and p.case_id = k.case_id and p.party_id = k.party_id) as party";

impl Kept {
    /// Is it this clock, or one it took the place of?
    pub fn goes_by(&self, clock: Uuid) -> bool {
        self.clock_id == clock || self.before.contains(&clock)
    }

    /// What it was moved to: all of it, and of the clocks before it what a judge granted.
    fn floors(&self, floors: &[Floor]) -> Vec<Floor> {
        let granted = |f: &&Floor| self.before.contains(&f.subject_id) && f.reason == MovedBy::Excuse;
        reckon::floors_of(floors, self.clock_id, 0).into_iter().chain(floors.iter().filter(granted).cloned()).collect()
    }

    /// What is counted.
    pub fn asked(&self) -> Asked<'_> {
        Asked { court: self.court_id, key: &self.key, days: self.days.and_then(|d| u32::try_from(d).ok()), from: self.from_at }
    }

    /// As it is shown now; none while the calendar cannot count it.
    pub fn shown(&self, app: &App, closed_at: Option<DateTime<Utc>>) -> Option<Clock> {
        let life = self.done_at.or(closed_at).map_or(Life::Open, |at| Life::Done { at });
        let clock = reckon::clock(app, &self.asked(), &life, &self.bearing).ok()?;
        Some(Clock {
            id: Some(self.clock_id),
            cause: Some(self.cause.clone()),
            cause_en: Some(self.cause_en.clone()),
            party_id: self.party_id,
            party: self.party.clone(),
            ..clock
        })
    }

    /// As something whose end may move.
    pub fn subject(&self, due_at: DateTime<Utc>) -> Subject {
        Subject {
            kind: "clock".into(),
            subject_id: self.clock_id,
            n: 0,
            case_id: Some(self.case_id),
            filing_id: None,
            party_id: self.party_id,
            key: self.key.clone(),
            due_at,
        }
    }
}

/// Gives each clock what bears on it.
async fn with_bearing(conn: &mut PgConnection, mut kept: Vec<Kept>) -> Result<Vec<Kept>> {
    let clocks: Vec<Uuid> = kept.iter().flat_map(|k| k.before.iter().copied().chain([k.clock_id])).collect();
    let mut cases: Vec<Uuid> = kept.iter().map(|k| k.case_id).collect();
    cases.sort_unstable();
    cases.dedup();
    if kept.is_empty() {
        return Ok(kept);
    }
    let facts = facts::of_cases(conn, &cases).await?;
    let floors = moves::floors(conn, &clocks).await?;
    for k in &mut kept {
        k.bearing = facts::bearing(&facts, k.case_id, &k.key, |clock| k.goes_by(clock));
        k.bearing.floors = k.floors(&floors);
    }
    Ok(kept)
}

/// The live clocks of a case that the viewer may see, oldest event first.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Kept>> {
    let court = tx.court;
    let sql = format!(
        "select {COLUMNS} from case_clocks k where k.court_id = $1 and k.case_id = $2 and k.void_at is null order by k.from_at, k.key"
    );
    let kept = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(case).fetch_all(tx.conn()).await?;
    with_bearing(tx.conn(), kept).await
}

/// The live clocks of open cases that have not run out, after one of them, in the order of their ids.
///
/// # Errors
/// What the database says.
pub async fn running(tx: &mut CourtTx, after: Option<Uuid>, limit: i64) -> Result<Vec<Kept>> {
    let (court, now) = (tx.court, tx.now());
    let sql = format!(
        "select {COLUMNS} from case_clocks k join cases c on c.court_id = k.court_id and c.case_id = k.case_id
          where k.court_id = $1 and c.closed_at is null and k.void_at is null and k.done_at is null and (k.due_at is null or k.due_at > $2)
            and ($3::uuid is null or k.clock_id > $3) order by k.clock_id limit $4"
    );
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(now).bind(after).bind(limit).fetch_all(tx.conn()).await?;
    with_bearing(tx.conn(), rows).await
}

/// The live clocks of parties of open cases whose end lies in an interval.
///
/// # Errors
/// What the database says.
pub async fn ending(tx: &mut CourtTx, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Kept>> {
    let court = tx.court;
    let sql = format!(
        "select {COLUMNS} from case_clocks k join cases c on c.court_id = k.court_id and c.case_id = k.case_id
          where k.court_id = $1 and c.closed_at is null and k.void_at is null and k.done_at is null and k.party_id is not null
            and k.due_at > $2 and k.due_at <= $3 order by k.clock_id"
    );
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(from).bind(to).fetch_all(tx.conn()).await?;
    with_bearing(tx.conn(), rows).await
}

/// Remembers the end a clock is told with.
///
/// # Errors
/// What the database says.
pub async fn set_due(tx: &mut CourtTx, clock: &Kept, due_at: DateTime<Utc>) -> Result<()> {
    let court = tx.court;
    sqlx::query("update case_clocks set due_at = $4 where court_id = $1 and case_id = $2 and clock_id = $3")
        .bind(court)
        .bind(clock.case_id)
        .bind(clock.clock_id)
        .bind(due_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// One's own live clocks in these cases, over all courts.
///
/// # Errors
/// What the database says.
pub async fn own(conn: &mut PgConnection, cases: &[Uuid]) -> Result<Vec<Kept>> {
    let sql = format!(
        "select {COLUMNS} from case_clocks k where k.case_id = any($1) and k.void_at is null and k.party_id is not null order by k.from_at, k.key"
    );
    let kept = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(cases).fetch_all(&mut *conn).await?;
    with_bearing(conn, kept).await
}
