//! 节假日的变动: a province sets days over the built-in table; every running clock is counted anew, nothing that ran out is.
//!
//! Owns `calendar_changes` (as rows) and `calendar_recounts`. Which calendar binds a clock is `court/holidays.rs`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::jobs;
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::calendar::{DayKind, Step};
use crate::court::holidays::{CalendarBook, Change, DaySet};
use crate::court::outage_rules::last_day;
use crate::court::tx::CourtTx;
use crate::docket::moves::Cause;
use crate::docket::{initial, recount};
use crate::error::{Error, Result, said};
use crate::work::Outcome;

/// Refuses days that have passed, days named twice, rest days without a name, and what changes nothing.
///
/// # Errors
/// 422, with the place.
pub fn check(days: &[DaySet], book: &CalendarBook, today: NaiveDate) -> Result<()> {
    let wrong = |code, zh: &str, en: &str, i: usize| {
        let cure = said("请对照国务院办公厅的放假通知逐日核对。", "Check each day against the notice of the State Council.");
        Error::invalid(code, said(zh.to_owned(), en.to_owned()), cure).at(format!("/days/{i}"))
    };
    let calendar = book.newest(true);
    let mut nothing = true;
    for (i, set) in days.iter().enumerate() {
        if set.day < today {
            return Err(wrong("calendar.day_passed", "过去的日子不能再改。", "A day that has passed cannot be set.", i));
        }
        if days[..i].iter().any(|d| d.day == set.day) {
            return Err(wrong("calendar.twice", "同一天写了两次。", "A day is named twice.", i));
        }
        if set.kind == DayKind::Holiday && set.name.trim().is_empty() {
            return Err(wrong("calendar.name", "放假的日子要写名称，例如「春节」。", "A rest day needs its name, such as 春节.", i));
        }
        let (kind, name) = calendar.said_of(set.day);
        nothing &= kind == set.kind && (set.kind != DayKind::Holiday || name == set.name);
    }
    if nothing {
        return Err(wrong(
            "calendar.nothing_new",
            "这些日子现在就是这样，没有变动。",
            "These days are so already; nothing would change.",
            0,
        ));
    }
    Ok(())
}

/// Writes a change as the next version; in force everywhere once it is committed.
///
/// # Errors
/// What the database says.
pub async fn set(tx: &mut CourtTx, days: &[DaySet], basis: &str, note: Option<&str>) -> Result<(Uuid, i32)> {
    let (court, id, now, who) = (tx.court, tx.id(), tx.now(), tx.who.to_string());
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('calendar', 0))").execute(tx.conn()).await?;
    let version: i32 = sqlx::query_scalar("select coalesce(max(version), 0) + 1 from calendar_changes where court_id = $1")
        .bind(court)
        .fetch_one(tx.conn())
        .await?;
    sqlx::query(
        "insert into calendar_changes (court_id, change_id, version, days, basis, note, set_by, set_at) values ($1,$2,$3,$4,$5,$6,$7,$8)",
    )
    .bind(court)
    .bind(id)
    .bind(version)
    .bind(sqlx::types::Json(days))
    .bind(basis)
    .bind(note)
    .bind(who)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query("select pg_notify('lianting_registry', $1)").bind(court.to_string()).execute(tx.conn()).await?;
    tx.tell(jobs::CALENDAR, &json!({ "change": id }))?;
    Ok((id, version))
}

/// The courts that have clocks.
fn courts(app: &App) -> Vec<i32> {
    app.door.registry.courts().iter().filter(|c| c.enabled && c.status == "current").map(|c| c.court_id).collect()
}

/// Counts the clocks of every court anew; a court that is done is not counted twice.
///
/// # Errors
/// What the database says; courts done stay done.
pub async fn recount(app: &App, change: Uuid) -> Result<Outcome> {
    let known = |app: &App| app.door.registry.calendars().changes().iter().find(|c| c.change_id == change).cloned();
    let change = match known(app) {
        Some(change) => change,
        None => {
            app.door.reload_registry().await?;
            match known(app) {
                Some(change) => change,
                None => return Ok(Outcome::Again("the change is not read yet".into())),
            }
        }
    };
    for court in courts(app) {
        recount_at(app, court, &change).await?;
    }
    Ok(Outcome::Done)
}

async fn recount_at(app: &App, court: i32, change: &Change) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "calendar:recount").await?;
    let done: bool = sqlx::query_scalar("select exists (select 1 from calendar_recounts where court_id = $1 and change_id = $2)")
        .bind(court)
        .bind(change.change_id)
        .fetch_one(tx.conn())
        .await?;
    if done {
        return Ok(());
    }
    let cause = Cause { reason: "calendar", id: change.change_id, rule_version: None };
    let lead = Step::new(
        format!("节假日安排有变动（{}），重新计算。", change.basis),
        format!("Counted anew after a change of the holidays ({}).", change.basis),
    );
    let moved = recount::court(app, &mut tx, &cause, &lead).await?
        + initial::recount(app, &mut tx, &cause, &lead).await?
        + crate::fees::moved::recount(app, &mut tx, &cause, &lead).await?
        + crate::filing::moved::recount(app, &mut tx, &cause, &lead).await?;
    let now = tx.now();
    sqlx::query("insert into calendar_recounts (court_id, change_id, moved, done_at) values ($1,$2,$3,$4)")
        .bind(court)
        .bind(change.change_id)
        .bind(i32::try_from(moved).unwrap_or(i32::MAX))
        .bind(now)
        .execute(tx.conn())
        .await?;
    tx.commit(change.change_id, json!({ "moved": moved })).await
}

/// How far a change has come: courts done, ends moved.
///
/// # Errors
/// What the database says.
pub async fn progress(app: &App, change: Uuid) -> Result<(i64, i64)> {
    let (mut done, mut moved) = (0, 0);
    for court in courts(app) {
        let mut tx = app.door.enter_as_house(court, "calendar:read").await?;
        let row: Option<i32> = sqlx::query_scalar("select moved from calendar_recounts where court_id = $1 and change_id = $2")
            .bind(court)
            .bind(change)
            .fetch_optional(tx.conn())
            .await?;
        if let Some(n) = row {
            (done, moved) = (done + 1, moved + i64::from(n));
        }
    }
    Ok((done, moved))
}

/// How many courts a change reaches.
pub fn reach(app: &App) -> usize {
    courts(app).len()
}

/// What a change would do: per court how many ends, and which days become which.
#[derive(Debug, Default)]
pub struct Preview {
    /// Court and ends that would move.
    pub courts: Vec<(i32, usize)>,
    /// Key, last day before, last day after, how many.
    pub examples: Vec<(String, NaiveDate, NaiveDate, usize)>,
}

/// What a change would do to every running clock; nothing is kept.
///
/// # Errors
/// What the database says; a change that leaves no calendar.
pub async fn preview(app: &App, days: &[DaySet]) -> Result<(Preview, CalendarBook)> {
    let now = app.now();
    let book = app.door.registry.calendars();
    check(days, &book, beijing_date(now))?;
    let then = book.previewed(days, now).map_err(|e| Error::internal(e.to_string()))?;
    let (mut found, mut kinds): (Preview, BTreeMap<(String, NaiveDate, NaiveDate), usize>) = Default::default();
    for court in courts(app) {
        let mut tx = app.door.enter_as_house(court, "calendar:preview").await?;
        let mut ends = recount::preview(app, &mut tx, &then).await?;
        ends.extend(initial::preview(app, &mut tx, &then).await?);
        ends.extend(crate::fees::moved::preview(app, &mut tx, &then).await?);
        ends.extend(crate::filing::moved::preview(app, &mut tx, &then).await?);
        if !ends.is_empty() {
            found.courts.push((court, ends.len()));
        }
        for (key, before, after) in ends {
            *kinds.entry((key, last_day(before), last_day(after))).or_default() += 1;
        }
    }
    found.examples = kinds.into_iter().map(|((key, before, after), n)| (key, before, after, n)).collect();
    Ok((found, then))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_each_day_once_by_name_and_changes_something() {
        let book = CalendarBook::built_in().unwrap();
        let d = |text: &str| text.parse::<NaiveDate>().unwrap();
        let set = |day: &str, kind, name: &str| DaySet { day: d(day), kind, name: name.into() };
        let rows = [
            (vec![set("2026-12-01", DayKind::Holiday, "地方节日")], None),
            (vec![set("2026-11-22", DayKind::Holiday, "昨天")], Some("calendar.day_passed")),
            (vec![set("2026-12-01", DayKind::Holiday, "一"), set("2026-12-01", DayKind::Plain, "")], Some("calendar.twice")),
            (vec![set("2026-12-01", DayKind::Holiday, " ")], Some("calendar.name")),
            (vec![set("2026-12-01", DayKind::Plain, "")], Some("calendar.nothing_new")),
            (vec![set("2026-12-05", DayKind::Workday, "")], None),
        ];
        for (days, code) in rows {
            assert_eq!(check(&days, &book, d("2026-11-23")).err().map(|e| e.code), code, "{days:?}");
        }
    }
}
