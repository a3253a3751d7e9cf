//! 到期未补正: a filing sent back is not forgotten. Its filer is reminded before the time to correct ends; when it has
//! ended, that is written down, and the court finds the filing under its own head (立案登记规定 第七条).
//!
//! Owns the topics `filing.correction_soon` and `filing.correction_over`. Decides nothing: a late correction is
//! still taken, and what becomes of a filing never corrected is the court's to say.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::court::beijing::{beijing_date, day_zh, start_of_day};
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::docket::views::Clock;
use crate::error::{Result, said};
use crate::filing::read::{self, Row};
use crate::filing::review_rules::FilingState;
use crate::filing::submit::{link, tell};
use crate::filing::views::Correction;
use crate::work::{Due, Outcome};

/// Which list of which filing.
#[derive(Serialize, Deserialize)]
struct Which {
    filing: Uuid,
    n: i32,
}

/// Nine in the morning: early enough to do it that day, not so early that the telephone wakes anybody.
const MORNING: TimeDelta = TimeDelta::hours(9);

/// Leaves both steps with the list that starts the clock.
pub fn plan(tx: &mut CourtTx, filing: Uuid, n: i32, deadline: &Clock) -> Result<()> {
    let which = Which { filing, n };
    if let Some(at) = reminder_at(deadline, tx.now()) {
        tx.tell_later("filing.correction_soon", &which, at)?;
    }
    tx.tell_later("filing.correction_over", &which, deadline.due_at)
}

/// The morning before the last day; of a very short time, the morning of the last day; else there is none.
fn reminder_at(deadline: &Clock, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let last = start_of_day(deadline.due_on) + MORNING;
    [last - TimeDelta::days(1), last].into_iter().find(|at| *at > now)
}

/// A list still waiting for its answer, held until the transaction ends; none once it is answered, or the filing has
/// gone another way.
async fn waiting(app: &App, tx: &mut CourtTx, which: &Which, mark: &str) -> Result<Option<(Row, Correction)>> {
    let court = tx.court;
    let row = read::row_for_update(tx, which.filing).await?;
    let done: bool = sqlx::query_scalar(
        "select answered_at is not null or case $4 when 'reminded' then reminded_at is not null else overdue_at is not null end
         from corrections where court_id = $1 and filing_id = $2 and n = $3",
    )
    .bind(court)
    .bind(which.filing)
    .bind(which.n)
    .bind(mark)
    .fetch_one(tx.conn())
    .await?;
    if done || row.state != FilingState::Returned {
        return Ok(None);
    }
    let list = read::corrections(app, tx, which.filing).await?.into_iter().find(|c| c.n == which.n);
    Ok(list.map(|list| (row, list)))
}

/// Tells the filer that the time to correct ends soon, once.
pub async fn remind(app: &App, due: &Due) -> Result<Outcome> {
    let Ok(which) = serde_json::from_value::<Which>(due.payload.clone()) else { return Ok(Outcome::Dead("no list named".into())) };
    let mut tx = app.door.enter_as_house(due.court, "filing:remind").await?;
    let Some((row, list)) = waiting(app, &mut tx, &which, "reminded").await? else { return Ok(Outcome::Done) };
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update corrections set reminded_at = $4 where court_id = $1 and filing_id = $2 and n = $3")
        .bind(court)
        .bind(which.filing)
        .bind(which.n)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let items = list.items.len().to_string();
    let end = day_zh(list.deadline.due_on);
    let link = link(app, court, which.filing);
    tell(&mut tx, row.filer_id, "filing_correction_soon", &[("number", &row.number), ("items", &items), ("due", &end), ("link", &link)])?;
    tx.commit(which.filing, json!({ "list": which.n })).await?;
    Ok(Outcome::Done)
}

/// Writes down that the time to correct has passed without an answer, once. The end is counted anew: holidays
/// announced since may have moved it.
pub async fn lapse(app: &App, due: &Due) -> Result<Outcome> {
    let Ok(which) = serde_json::from_value::<Which>(due.payload.clone()) else { return Ok(Outcome::Dead("no list named".into())) };
    let mut tx = app.door.enter_as_house(due.court, "filing:lapse").await?;
    let Some((_, list)) = waiting(app, &mut tx, &which, "overdue").await? else { return Ok(Outcome::Done) };
    let (court, now, end) = (tx.court, tx.now(), list.deadline.due_at);
    let over = now >= end;
    sqlx::query(
        "update corrections set due_at = $4, overdue_at = case when $5 then $6 end where court_id = $1 and filing_id = $2 and n = $3",
    )
    .bind(court)
    .bind(which.filing)
    .bind(which.n)
    .bind(end)
    .bind(over)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if over {
        write_down(&mut tx, &which, &list).await?;
    } else {
        tx.tell_later("filing.correction_over", &which, end)?;
    }
    tx.commit(which.filing, json!({ "list": which.n, "over": over, "day": beijing_date(end).to_string() })).await?;
    Ok(Outcome::Done)
}

async fn write_down(tx: &mut CourtTx, which: &Which, list: &Correction) -> Result<()> {
    let (n, day) = (list.items.len(), list.deadline.due_on);
    let note = Note::new(
        "correction_overdue",
        said(format!("补正期限已于 {} 届满，{n} 处未补正", day_zh(day)), format!("The time to correct {n} items ended on {day}")),
    )
    .by("最高人民法院关于人民法院登记立案若干问题的规定 第七条")
    .with_effect(said(
        "现在仍可补正后送回。一直不补正的，法院退回材料并记录在册；坚持起诉的，裁定不予受理，您可以上诉。",
        "You may still correct it and send it back. Otherwise the court returns it and keeps a record; if you insist, it rules, and you may appeal.",
    ));
    timeline::write(tx, which.filing, note).await
}
