//! The time to correct a filing, and the time to review one, when something from outside moves it: an outage, a change of
//! the calendar.
//!
//! Owns how such an end is found and kept. The reminder and the lapse of a list count its end anew themselves (`late.rs`).
//! The review is the court's own: an outage is listed beside it and never lengthens it.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::kinds;
use crate::app::App;
use crate::court::calendar::Step;
use crate::court::clock_view::Life;
use crate::court::holidays::CalendarBook;
use crate::court::tx::CourtTx;
use crate::docket::moves::{self, Cause, Disturbance, Hit, Subject};
use crate::docket::reckon::{self, Asked, Bearing};
use crate::docket::recount::{Preview, Tally};
use crate::error::Result;

/// A list that waits for its answer.
#[derive(FromRow)]
struct Waiting {
    filing_id: Uuid,
    n: i32,
    days: i32,
    sent_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
}

impl Waiting {
    fn asked(&self, court: i32) -> Asked<'static> {
        Asked { court, key: "correction", days: u32::try_from(self.days).ok(), from: self.sent_at }
    }

    fn subject(&self) -> Subject {
        Subject {
            kind: "correction".into(),
            subject_id: self.filing_id,
            n: self.n,
            case_id: None,
            filing_id: Some(self.filing_id),
            party_id: None,
            key: "correction".into(),
            due_at: self.due_at,
        }
    }
}

async fn waiting(tx: &mut CourtTx, from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> Result<Vec<Waiting>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select c.filing_id, c.n, c.days, c.sent_at, c.due_at from corrections c join filings f on f.court_id = c.court_id and f.filing_id = c.filing_id
          where c.court_id = $1 and f.state = 'returned' and c.answered_at is null and c.due_at > $2 and ($3::timestamptz is null or c.due_at <= $3) order by c.due_at",
    )
    .bind(court)
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?)
}

async fn bearing(tx: &mut CourtTx, list: &Waiting) -> Result<Bearing> {
    let floors = moves::floors(tx.conn(), &[list.filing_id]).await?;
    Ok(Bearing { floors: reckon::floors_of(&floors, list.filing_id, list.n), ..Bearing::default() })
}

async fn set(tx: &mut CourtTx, list: &Waiting, due_at: DateTime<Utc>) -> Result<()> {
    let court = tx.court;
    sqlx::query("update corrections set due_at = $4 where court_id = $1 and filing_id = $2 and n = $3")
        .bind(court)
        .bind(list.filing_id)
        .bind(list.n)
        .bind(due_at)
        .execute(tx.conn())
        .await?;
    tx.tell_later("filing.correction_over", &json!({ "filing": list.filing_id, "n": list.n }), due_at)
}

/// The lists of a court that end where an outage was.
///
/// # Errors
/// What the database says.
pub async fn outage(app: &App, tx: &mut CourtTx, disturbance: &Disturbance) -> Result<Tally> {
    let mut tally = Tally::default();
    let Some((from, to)) = disturbance.span() else { return Ok(tally) };
    for list in waiting(tx, from, Some(to)).await? {
        let hit = moves::by_outage(app, tx, &list.subject(), disturbance).await?;
        if let Hit::Moved(to) = hit {
            set(tx, &list, to).await?;
        }
        tally.add(hit);
    }
    Ok(tally)
}

/// A filing that waits for its review.
#[derive(FromRow)]
struct Review {
    filing_id: Uuid,
    kind: String,
    review_days: i32,
    clock_from: DateTime<Utc>,
    due_at: DateTime<Utc>,
}

impl Review {
    fn asked(&self, court: i32) -> Asked<'static> {
        Asked { court, key: kinds::kind(&self.kind).review, days: u32::try_from(self.review_days).ok(), from: self.clock_from }
    }

    fn subject(&self) -> Subject {
        Subject {
            kind: "clock".into(),
            subject_id: self.filing_id,
            n: 0,
            case_id: None,
            filing_id: Some(self.filing_id),
            party_id: None,
            key: kinds::kind(&self.kind).review.into(),
            due_at: self.due_at,
        }
    }
}

async fn reviewed(tx: &mut CourtTx, from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> Result<Vec<Review>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select filing_id, kind, review_days, clock_from, due_at from filings
          where court_id = $1 and state = 'submitted' and due_at > $2 and ($3::timestamptz is null or due_at <= $3) order by due_at, filing_id",
    )
    .bind(court)
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?)
}

/// The reviews of a court that end where an outage was: listed, never moved.
///
/// # Errors
/// What the database says.
pub async fn review_outage(tx: &mut CourtTx, disturbance: &Disturbance) -> Result<Tally> {
    let mut tally = Tally::default();
    let Some((from, to)) = disturbance.span() else { return Ok(tally) };
    for filing in reviewed(tx, from, Some(to)).await? {
        tally.add(moves::stays(tx, &filing.subject(), disturbance).await?);
    }
    Ok(tally)
}

/// The reviews of a court counted anew: the queue goes by the end that is kept.
async fn recount_reviews(app: &App, tx: &mut CourtTx, cause: &Cause, lead: &Step) -> Result<usize> {
    let (court, now, mut moved) = (tx.court, tx.now(), 0);
    for filing in reviewed(tx, now, None).await? {
        let Ok(shown) = reckon::clock(app, &filing.asked(court), &Life::Open, &Bearing::default()) else { continue };
        if shown.due_at != filing.due_at {
            moved += usize::from(moves::recounted(tx, &filing.subject(), cause, shown.due_at, lead).await?);
            sqlx::query("update filings set due_on = $3, due_at = $4 where court_id = $1 and filing_id = $2")
                .bind(court)
                .bind(filing.filing_id)
                .bind(shown.due_on)
                .bind(shown.due_at)
                .execute(tx.conn())
                .await?;
        }
    }
    Ok(moved)
}

/// The lists and reviews of a court counted anew.
///
/// # Errors
/// What the database says.
pub async fn recount(app: &App, tx: &mut CourtTx, cause: &Cause, lead: &Step) -> Result<usize> {
    let (court, now) = (tx.court, tx.now());
    let mut moved = recount_reviews(app, tx, cause, lead).await?;
    for list in waiting(tx, now, None).await? {
        let bearing = bearing(tx, &list).await?;
        let Ok(shown) = reckon::clock(app, &list.asked(court), &Life::Open, &bearing) else { continue };
        if shown.due_at != list.due_at {
            let new = moves::recounted(tx, &list.subject(), cause, shown.due_at, lead).await?;
            set(tx, &list, shown.due_at).await?;
            moved += usize::from(new);
        }
    }
    Ok(moved)
}

/// What the lists and reviews of a court would do by another calendar; nothing is kept.
///
/// # Errors
/// What the database says.
pub async fn preview(app: &App, tx: &mut CourtTx, book: &CalendarBook) -> Result<Vec<Preview>> {
    let (court, now, mut found) = (tx.court, tx.now(), Vec::new());
    for list in waiting(tx, now, None).await? {
        let bearing = bearing(tx, &list).await?;
        if let Ok(then) = reckon::end_by(app, book, &list.asked(court), &bearing)
            && then != list.due_at
        {
            found.push(("correction".to_owned(), list.due_at, then));
        }
    }
    for filing in reviewed(tx, now, None).await? {
        if let Ok(then) = reckon::end_by(app, book, &filing.asked(court), &Bearing::default())
            && then != filing.due_at
        {
            found.push((filing.subject().key, filing.due_at, then));
        }
    }
    Ok(found)
}
