//! 对账: every night the channel's bill of the day before beside our books; what differs is listed for people.
//!
//! Owns `fee_differences`. Corrects nothing by itself, except that a payment we have not heard of is asked after once
//! more before it is called missing. The bill is the merchant's, over all courts; each court is given its own lines.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::orders::{self, read_order_no, upstream};
use super::wechat::bill::BillKind;
use crate::app::App;
use crate::court::beijing::{beijing_date, end_of_day, start_of_day};
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::work::{Due, Outcome};

/// What one side knows of a number on a day: fen paid, or fen given back.
type Lines = BTreeMap<(String, bool), i64>;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The number.
    pub number: String,
    /// What differs.
    pub what: &'static str,
    /// Ours.
    pub ours: Option<i64>,
    /// Theirs.
    pub theirs: Option<i64>,
}

/// What differs between our lines and theirs; the flag of a line says that it is a refund.
pub fn compare(ours: &Lines, theirs: &Lines) -> Vec<Difference> {
    let keys: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let differs = |key: &&(String, bool)| ours.get(*key) != theirs.get(*key);
    keys.into_iter()
        .filter(differs)
        .map(|key| {
            let (ours, theirs) = (ours.get(key).copied(), theirs.get(key).copied());
            let what = match (key.1, ours, theirs) {
                (false, None, _) => "missing_here",
                (false, _, None) => "missing_there",
                (false, ..) => "amount",
                (true, None, _) => "refund_missing_here",
                (true, _, None) => "refund_missing_there",
                (true, ..) => "refund_amount",
            };
            Difference { number: key.0.clone(), what, ours, theirs }
        })
        .collect()
}

/// Handles `fees.reconcile`: one day. Leaves the event of the next day behind.
///
/// # Errors
/// 503 when the channel does not give its bill yet: tried again.
pub async fn due(app: &App, due: &Due) -> Result<Outcome> {
    let Some(day) = due.payload["day"].as_str().and_then(|d| d.parse::<NaiveDate>().ok()) else {
        return Ok(Outcome::Dead("no day".into()));
    };
    run(app, day).await?;
    Ok(Outcome::Done)
}

/// Compares a day at every court that has a line on either side; answers how many differences stand open.
///
/// # Errors
/// 503 when the channel does not give its bill.
pub async fn run(app: &App, day: NaiveDate) -> Result<usize> {
    let pay = app.wechat.as_ref().ok_or_else(orders::channel_off)?;
    let rows = match pay.bill(day).await {
        Ok(bill) => bill.rows,
        // nothing went through the channel that day
        Err(fault) if fault.is_refused("NO_STATEMENT_EXIST") => Vec::new(),
        Err(fault) => return Err(upstream(&fault)),
    };
    let mut theirs: BTreeMap<i32, Lines> = BTreeMap::new();
    for row in &rows {
        let refund = row.kind == BillKind::Refund;
        let number = if refund { row.out_refund_no.clone().unwrap_or_default() } else { row.out_trade_no.clone() };
        let court = read_order_no(number.trim_start_matches('R')).map_or_else(|| app.door.registry.province_court(), |(court, _)| court);
        let fen = if refund { row.refund } else { row.total };
        theirs.entry(court).or_default().insert((number, refund), fen);
    }
    let mut open = 0;
    for court in app.door.registry.courts().iter().filter(|c| c.enabled).map(|c| c.court_id) {
        open += of_court(app, court, day, theirs.remove(&court).unwrap_or_default()).await?;
    }
    Ok(open)
}

async fn of_court(app: &App, court: i32, day: NaiveDate, theirs: Lines) -> Result<usize> {
    for (number, refund) in theirs.keys() {
        // paid, and we were never told: asked once more before it is called missing
        if let Some((_, order)) = read_order_no(number).filter(|_| !refund) {
            let mut tx = app.door.enter_as_house(court, "fee:reconcile").await?;
            let paid: Option<String> = sqlx::query_scalar("select state from fee_orders where court_id = $1 and order_id = $2")
                .bind(court)
                .bind(order)
                .fetch_optional(tx.conn())
                .await?;
            drop(tx);
            if paid.is_some_and(|state| state != "paid") {
                orders::ask(app, court, order).await?;
            }
        }
    }
    let mut tx = app.door.enter_as_house(court, "fee:reconcile").await?;
    let ours = ours(&mut tx, day).await?;
    let found = compare(&ours, &theirs);
    if found.is_empty() {
        return Ok(0);
    }
    let now = tx.now();
    for d in &found {
        sqlx::query(
            "insert into fee_differences (court_id, day, order_no, what, ours_fen, theirs_fen, found_at) values ($1,$2,$3,$4,$5,$6,$7)
             on conflict (court_id, day, order_no, what) do nothing",
        )
        .bind(court)
        .bind(day)
        .bind(&d.number)
        .bind(d.what)
        .bind(d.ours)
        .bind(d.theirs)
        .bind(now)
        .execute(tx.conn())
        .await?;
    }
    tx.commit(format!("reconciliation:{day}"), json!({ "differences": found.len() })).await?;
    Ok(found.len())
}

async fn ours(tx: &mut CourtTx, day: NaiveDate) -> Result<Lines> {
    let court = tx.court;
    let (from, until) = (start_of_day(day), end_of_day(day));
    let paid: Vec<(String, i64)> =
        sqlx::query_as("select order_no, total_fen from fee_orders where court_id = $1 and paid_at >= $2 and paid_at < $3")
            .bind(court)
            .bind(from)
            .bind(until)
            .fetch_all(tx.conn())
            .await?;
    let back: Vec<(String, i64)> = sqlx::query_as(
        "select refund_no, fen from fee_refunds where court_id = $1 and order_id is not null and state = 'done' and done_at >= $2 and done_at < $3",
    )
    .bind(court)
    .bind(from)
    .bind(until)
    .fetch_all(tx.conn())
    .await?;
    Ok(paid.into_iter().map(|(n, fen)| ((n, false), fen)).chain(back.into_iter().map(|(n, fen)| ((n, true), fen))).collect())
}

/// Leaves the day's reconciliation in the outbox once, on whichever server asks first.
///
/// # Errors
/// What the database says.
pub async fn nightly(app: &App) -> Result<()> {
    let Some(day) = app.wechat.as_ref().and_then(|_| day_to_compare(app.now())) else { return Ok(()) };
    let mut tx = app.door.enter_as_house(app.door.registry.province_court(), "fee:reconcile").await?;
    if !orders::first_time(&mut tx, &format!("reconcile:{day}")).await? {
        return Ok(());
    }
    tx.tell("fees.reconcile", &json!({ "day": day }))?;
    tx.commit(format!("reconciliation:{day}"), json!({})).await
}

/// The rhythm: at 10:00 in Beijing the channel's bill of the day before is ready.
pub fn day_to_compare(now: chrono::DateTime<chrono::Utc>) -> Option<NaiveDate> {
    let today = beijing_date(now);
    (now >= start_of_day(today) + TimeDelta::hours(10)).then(|| today.checked_sub_days(Days::new(1))).flatten()
}

/// A difference that somebody looked into.
///
/// # Errors
/// 404.
pub async fn settle(tx: &mut CourtTx, day: NaiveDate, number: &str, what: &str, note: &str) -> Result<()> {
    let (court, now, person): (i32, _, Uuid) = (tx.court, tx.now(), tx.person()?);
    let done = sqlx::query("update fee_differences set settled_at = $5, settled_by = $6, note = $7 where court_id = $1 and day = $2 and order_no = $3 and what = $4 and settled_at is null")
        .bind(court)
        .bind(day)
        .bind(number)
        .bind(what)
        .bind(now)
        .bind(person)
        .bind(note)
        .execute(tx.conn())
        .await?;
    if done.rows_affected() == 0 {
        return Err(crate::error::Error::not_found());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_has_and_the_other_has_not_is_named() {
        let lines = |rows: &[(&str, bool, i64)]| -> Lines { rows.iter().map(|(n, r, f)| (((*n).to_owned(), *r), *f)).collect() };
        let ours = lines(&[("a", false, 5), ("b", false, 7), ("c", false, 9), ("Ra", true, 2)]);
        let theirs = lines(&[("a", false, 5), ("b", false, 8), ("d", false, 1), ("Rx", true, 3)]);
        let found: Vec<(String, &str)> = compare(&ours, &theirs).into_iter().map(|d| (d.number, d.what)).collect();
        let want =
            [("Ra", "refund_missing_there"), ("Rx", "refund_missing_here"), ("b", "amount"), ("c", "missing_there"), ("d", "missing_here")];
        assert_eq!(found.iter().map(|(n, w)| (n.as_str(), *w)).collect::<Vec<_>>(), want);
        assert!(compare(&ours, &ours).is_empty());
    }
}
