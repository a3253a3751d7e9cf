//! 月报: the outages of a month as one file, signed, naming the digest of the month before. Owns `outage_reports`.
//!
//! Made when the month is over, by whichever watch comes first; never made anew. What is found wrong later stands in the
//! report of the month in which it was withdrawn. Must never hold a case or a person.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;

use super::outages::{self, Effect, Row};
use super::sign;
use crate::app::App;
use crate::court::beijing::{beijing_date, start_of_day};
use crate::court::outage_rules::{Part, Spell};
use crate::error::{Error, Result};
use crate::kit::seal::sha256;

/// A report as it is kept.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of outage_reports, documented in the migration")]
pub struct Report {
    pub month: String,
    pub n: i32,
    pub body: Vec<u8>,
    pub sha256: String,
    pub previous_sha256: Option<String>,
    pub key_id: String,
    pub public_key: Vec<u8>,
    pub signature: Vec<u8>,
    pub made_at: DateTime<Utc>,
}

/// The first day of a month written as 2026-11.
pub fn first_day(month: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok().filter(|_| month.len() == 7)
}

/// A month, as reports name it.
pub fn month_of(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The instants between which a month lies, Beijing.
pub fn span(month: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = month.with_day(1).unwrap_or(month);
    (start_of_day(first), start_of_day(first.checked_add_months(Months::new(1)).unwrap_or(first)))
}

/// Minutes in which each part could not be used, inside an interval; overlapping outages count once.
pub fn minutes_by_part(rows: &[Row], from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(Part, i64)> {
    let stands = |r: &&Row| r.withdrawn_at.is_none();
    let down = |part: Part| {
        let spells = rows.iter().filter(stands).filter(|r| r.parts().iter().any(|p| *p == part || *p == Part::All));
        let mut clipped: Vec<Spell> =
            spells.map(|r| r.spell(to)).map(|s| Spell { from: s.from.max(from), to: s.to.min(to) }).filter(|s| s.to > s.from).collect();
        clipped.sort_by_key(|s| s.from);
        let (mut minutes, mut until) = (0, from);
        for s in clipped {
            minutes += (s.to - s.from.max(until)).num_minutes().max(0);
            until = until.max(s.to);
        }
        minutes
    };
    Part::EACH.into_iter().map(|p| (p, down(p))).collect()
}

/// Every report, newest first.
///
/// # Errors
/// What the database says.
pub async fn all(app: &App) -> Result<Vec<Report>> {
    let high = app.door.registry.province_court();
    let mut tx = app.door.enter_as_house(high, "outage:read").await?;
    let sql = "select month, n, body, sha256, previous_sha256, key_id, public_key, signature, made_at from outage_reports where court_id = $1 order by n desc limit 240";
    Ok(sqlx::query_as(sql).bind(high).fetch_all(tx.conn()).await?)
}

/// One report.
///
/// # Errors
/// 404.
pub async fn one(app: &App, month: &str) -> Result<Report> {
    all(app).await?.into_iter().find(|r| r.month == month).ok_or_else(Error::not_found)
}

/// Makes the reports of every month that is over and has none, oldest first.
///
/// # Errors
/// What the database says.
pub async fn month_end(app: &App) -> Result<()> {
    let (this, _) = span(beijing_date(app.now()));
    let Some(mut next) = first_without(app).await? else { return Ok(()) };
    while span(next).1 <= this {
        make(app, next).await?;
        next = next.checked_add_months(Months::new(1)).ok_or_else(|| Error::internal("the calendar ends"))?;
    }
    Ok(())
}

/// The month after the last report; without one, the month of the first beat or outage.
async fn first_without(app: &App) -> Result<Option<NaiveDate>> {
    let high = app.door.registry.province_court();
    let mut tx = app.door.enter_as_house(high, "outage:read").await?;
    let last: Option<String> =
        sqlx::query_scalar("select max(month) from outage_reports where court_id = $1").bind(high).fetch_one(tx.conn()).await?;
    if let Some(last) = last.as_deref().and_then(first_day) {
        return Ok(last.checked_add_months(Months::new(1)));
    }
    let first: Option<DateTime<Utc>> = sqlx::query_scalar(
        "select least((select min(at) from outage_beats where court_id = $1), (select min(from_at) from outages where court_id = $1))",
    )
    .bind(high)
    .fetch_one(tx.conn())
    .await?;
    Ok(first.and_then(|at| beijing_date(at).with_day(1)))
}

async fn make(app: &App, month: NaiveDate) -> Result<()> {
    let high = app.door.registry.province_court();
    let (from, to) = span(month);
    let mut gate = app.door.gate("outage:read", "job".into()).await?;
    let rows = outages::between(&mut gate, from, to, None).await?;
    let ids: Vec<uuid::Uuid> = rows.iter().map(|r| r.outage_id).collect();
    let effects = outages::effects(&mut gate, &ids).await?;
    drop(gate);
    let mut tx = app.door.enter_as_house(high, "outage:report").await?;
    // one after the other: each names the digest of the one before
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('outage_report', 0))").execute(tx.conn()).await?;
    let before: Option<(i32, String)> = sqlx::query_as("select n, sha256 from outage_reports where court_id = $1 order by n desc limit 1")
        .bind(high)
        .fetch_optional(tx.conn())
        .await?;
    let (n, previous) = before.map_or((1, None), |(n, digest)| (n + 1, Some(digest)));
    let (now, name) = (tx.now(), month_of(month));
    let head = json!({ "report": "lianting.outages", "version": 1, "province": high, "name": app.door.registry.name(high), "month": name, "n": n,
        "previous_sha256": previous, "made_at": now, "from": from, "to": to, "probed_every_seconds": app.config.probe_every });
    let body = serde_json::to_vec_pretty(&body(app, head, &rows, &effects, (from, to)))?;
    let signed = sign::sign(&app.seal, &body)?;
    let done = sqlx::query(
        "insert into outage_reports (court_id, month, n, body, sha256, previous_sha256, key_id, public_key, signature, made_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) on conflict do nothing",
    )
    .bind(high)
    .bind(&name)
    .bind(n)
    .bind(&body)
    .bind(hex::encode(sha256(&body)))
    .bind(&previous)
    .bind(&signed.key_id)
    .bind(&signed.public_key)
    .bind(&signed.signature)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    tx.commit(&name, json!({ "n": n, "outages": rows.len() })).await
}

fn body(app: &App, mut head: Value, rows: &[Row], effects: &[Effect], (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Value {
    let effect = |(_, court, action, moved, at): &Effect| json!({ "court_id": court, "court": app.door.registry.name(*court), "action": action, "moved": moved, "done_at": at });
    let outage = |r: &Row| {
        let of: Vec<Value> = effects.iter().filter(|e| e.0 == r.outage_id).map(effect).collect();
        json!({ "id": r.outage_id, "scope": r.scope, "court_id": (r.scope == "court").then_some(r.court_id), "parts": r.parts, "from": r.from_at, "to": r.to_at,
            "found_by": r.found_by, "planned": r.planned, "reason": r.reason, "reason_en": r.reason_en,
            "withdrawn_at": r.withdrawn_at, "withdrawn_why": r.withdrawn_why, "effects": of })
    };
    let minutes: serde_json::Map<String, Value> =
        minutes_by_part(rows, from, to).into_iter().map(|(part, minutes)| (part.key().to_owned(), minutes.into())).collect();
    head["minutes"] = minutes.into();
    head["outages"] = rows.iter().rev().map(outage).collect();
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().to_utc()
    }

    fn row(parts: &[&str], from: &str, to: Option<&str>, withdrawn: bool) -> Row {
        Row {
            court_id: 370000,
            outage_id: uuid::Uuid::nil(),
            scope: "province".into(),
            parts: parts.iter().map(|p| (*p).to_owned()).collect(),
            from_at: at(from),
            to_at: to.map(at),
            found_by: "probe".into(),
            planned: false,
            reason: String::new(),
            reason_en: String::new(),
            entered_name: None,
            entered_at: at(from),
            withdrawn_at: withdrawn.then(|| at(from)),
            withdrawn_why: None,
        }
    }

    #[test]
    fn minutes_of_a_month_count_once_and_inside_it() {
        let rows = [
            row(&["all"], "2026-10-31T23:30", Some("2026-11-01T00:20"), false),
            row(&["filing"], "2026-11-05T10:00", Some("2026-11-05T11:00"), false),
            row(&["filing", "payment"], "2026-11-05T10:30", Some("2026-11-05T11:30"), false),
            row(&["all"], "2026-11-06T10:00", Some("2026-11-06T20:00"), true),
            row(&["payment"], "2026-11-30T23:00", None, false),
        ];
        let (from, to) = span("2026-11-17".parse().unwrap());
        let found: Vec<(&str, i64)> = minutes_by_part(&rows, from, to).into_iter().map(|(p, n)| (p.key(), n)).collect();
        assert_eq!(found, [("filing", 20 + 90), ("payment", 20 + 60 + 60), ("service_inbox", 20)]);
        assert_eq!(
            (month_of("2026-11-17".parse().unwrap()), first_day("2026-11").is_some(), first_day("2026-1")),
            ("2026-11".into(), true, None)
        );
    }
}
