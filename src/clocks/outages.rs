//! 故障: from when to when which parts of the platform could not be used. Owns `outages`.
//!
//! Found by the watch or entered by a technician; each is written once, ended once, and never deleted: a wrong one is
//! withdrawn, and what it moved stays moved, for the parties were told.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::agree::Run;
use super::jobs;
use crate::app::App;
use crate::court::outage_rules::{Part, Spell};
use crate::court::tx::{CourtTx, GateTx};
use crate::error::{Error, Result, said};

/// An outage as it is kept.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of outages, documented in the migration")]
pub struct Row {
    pub court_id: i32,
    pub outage_id: Uuid,
    pub scope: String,
    pub parts: Vec<String>,
    pub from_at: DateTime<Utc>,
    pub to_at: Option<DateTime<Utc>>,
    pub found_by: String,
    pub planned: bool,
    pub reason: String,
    pub reason_en: String,
    pub entered_name: Option<String>,
    pub entered_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawn_why: Option<String>,
}

const COLUMNS: &str = "court_id, outage_id, scope, parts, from_at, to_at, found_by, planned, reason, reason_en, entered_name, entered_at, withdrawn_at, withdrawn_why";

impl Row {
    /// Its parts.
    pub fn parts(&self) -> Vec<Part> {
        self.parts.iter().filter_map(|p| Part::parse(p)).collect()
    }

    /// From when to when; of one that goes on, until now.
    pub fn spell(&self, now: DateTime<Utc>) -> Spell {
        Spell { from: self.from_at, to: self.to_at.unwrap_or(now).max(self.from_at) }
    }
}

/// Since when the oldest outage that the watch found goes on.
///
/// # Errors
/// What the database says.
pub async fn oldest_open(app: &App, high: i32) -> Result<Option<DateTime<Utc>>> {
    let mut tx = app.door.enter_as_house(high, "outage:look").await?;
    let sql = "select min(from_at) from outages where court_id = $1 and to_at is null and withdrawn_at is null and found_by = 'probe'";
    Ok(sqlx::query_scalar(sql).bind(high).fetch_one(tx.conn()).await?)
}

/// The silence between two beats, found at the next start.
///
/// # Errors
/// What the database says.
pub async fn found_gap(app: &App, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<()> {
    let high = app.door.registry.province_court();
    let mut tx = app.door.enter_as_house(high, "outage:found").await?;
    let reason = said("平台整体停止运行（按心跳间隔认定）", "The whole platform was down (found by the gap between two beats)");
    let new = New { scope: "province", parts: vec![Part::All], from, to: Some(to), found_by: "restart", planned: false, reason };
    let Some(id) = insert(&mut tx, &new).await? else { return Ok(()) };
    tx.tell(jobs::OUTAGE, &json!({ "outage": id }))?;
    tx.commit(id, json!({ "from": from, "to": to, "found_by": "restart" })).await
}

/// An outage as it stands: its id, its end, when it was withdrawn.
type Known = (Uuid, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// A run among the beats: opened when it is seen first, ended when it ends.
///
/// # Errors
/// What the database says.
pub async fn found_run(app: &App, run: &Run) -> Result<()> {
    let high = app.door.registry.province_court();
    let mut tx = app.door.enter_as_house(high, "outage:found").await?;
    let known: Option<Known> = sqlx::query_as(
        "select outage_id, to_at, withdrawn_at from outages where court_id = $1 and from_at = $2 and parts = $3 and found_by = 'probe' for update",
    )
    .bind(high)
    .bind(run.from)
    .bind(vec![run.part.key()])
    .fetch_optional(tx.conn())
    .await?;
    let id = match (known, run.to) {
        (Some((_, Some(_), _) | (_, _, Some(_))), _) | (Some(_), None) => return Ok(()),
        (Some((id, None, None)), Some(to)) => {
            close(&mut tx, id, to).await?;
            id
        }
        (None, to) => {
            let (zh, en) = run.part.said();
            let reason = said(format!("平台自测：{zh}不可用"), format!("Found by the platform's own probes: {en} could not be used"));
            let new = New { scope: "province", parts: vec![run.part], from: run.from, to, found_by: "probe", planned: false, reason };
            let Some(id) = insert(&mut tx, &new).await? else { return Ok(()) };
            id
        }
    };
    // of one that goes on, the ends are looked at as the day goes by
    let wait = if run.to.is_some() { TimeDelta::zero() } else { jobs::AGAIN };
    let at = tx.now() + wait;
    tx.tell_later(jobs::OUTAGE, &json!({ "outage": id }), at)?;
    tx.commit(id, json!({ "part": run.part.key(), "from": run.from, "to": run.to })).await
}

async fn close(tx: &mut CourtTx, outage: Uuid, to: DateTime<Utc>) -> Result<()> {
    let court = tx.court;
    sqlx::query("update outages set to_at = $3 where court_id = $1 and outage_id = $2 and to_at is null")
        .bind(court)
        .bind(outage)
        .bind(to)
        .execute(tx.conn())
        .await?;
    Ok(())
}

struct New {
    scope: &'static str,
    parts: Vec<Part>,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
    found_by: &'static str,
    planned: bool,
    reason: crate::error::Said,
}

async fn insert(tx: &mut CourtTx, new: &New) -> Result<Option<Uuid>> {
    let (court, id, now, me) = (tx.court, tx.id(), tx.now(), tx.person().ok());
    let name = me.map(|_| tx.who.to_string());
    let parts: Vec<&str> = new.parts.iter().map(|p| p.key()).collect();
    let done = sqlx::query(
        "insert into outages (court_id, outage_id, scope, parts, from_at, to_at, found_by, planned, reason, reason_en, entered_by, entered_name, entered_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13) on conflict do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(new.scope)
    .bind(parts)
    .bind(new.from)
    .bind(new.to)
    .bind(new.found_by)
    .bind(new.planned)
    .bind(new.reason.0.as_ref())
    .bind(new.reason.1.as_ref())
    .bind(me)
    .bind(name)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// What a person enters.
#[derive(Debug)]
pub struct Entry {
    /// The whole province.
    pub province: bool,
    /// Parts.
    pub parts: Vec<Part>,
    /// From.
    pub from: DateTime<Utc>,
    /// To; none while it goes on.
    pub to: Option<DateTime<Utc>>,
    /// Announced beforehand.
    pub planned: bool,
    /// Why, in Chinese and English.
    pub reason: (String, String),
}

/// The longest outage one may enter; a longer one is entered month by month, after somebody looked.
const LONGEST: TimeDelta = TimeDelta::days(30);

/// Refuses what cannot be: no parts, a span that runs backwards, in the future though not planned, longer than a month.
fn check(e: &Entry, high: bool, now: DateTime<Utc>) -> Result<()> {
    if e.parts.is_empty() || (e.parts.contains(&Part::All) && e.parts.len() > 1) {
        return Err(Error::invalid(
            "outage.parts",
            said("请选受影响的部分：全部，或者其中几项。", "Choose what was affected: everything, or some parts."),
            said("选了「全部」就不用再选别的。", "With everything, choose nothing else."),
        )
        .at("/parts"));
    }
    if e.province && !high {
        return Err(Error::invalid(
            "outage.scope",
            said("全省的故障由省高级人民法院登记。", "An outage of the whole province is entered at the high court."),
            said("请登记为本院的故障，或者报省高级人民法院。", "Enter it for this court, or report it to the high court."),
        )
        .at("/scope"));
    }
    let future = e.from > now && !e.planned;
    let end = e.to.unwrap_or(now.max(e.from));
    if e.to.is_some_and(|to| to <= e.from) || future || end - e.from > LONGEST || e.to.is_some_and(|to| to > now && !e.planned) {
        return Err(Error::invalid(
            "outage.span",
            said(
                "起止时间不对：止在起之后，不长于 30 日；还没发生的只能登记为计划停机。",
                "The times do not fit: it ends after it begins, within 30 days; what is still to come can only be planned.",
            ),
            said("请核对起止时间。", "Check the times."),
        )
        .at("/from"));
    }
    Ok(())
}

/// Writes what a person entered.
///
/// # Errors
/// 422 for what cannot be.
pub async fn enter(app: &App, tx: &mut CourtTx, e: Entry) -> Result<Uuid> {
    let now = tx.now();
    check(&e, tx.court == app.door.registry.province_court(), now)?;
    let new = New {
        scope: if e.province { "province" } else { "court" },
        parts: e.parts,
        from: e.from,
        to: e.to,
        found_by: "person",
        planned: e.planned,
        reason: said(e.reason.0, e.reason.1),
    };
    let id = insert(tx, &new).await?.ok_or_else(|| Error::internal("an outage entered by a person has no key to clash"))?;
    // a planned one moves ends once it is there
    tx.tell_later(jobs::OUTAGE, &json!({ "outage": id }), now.max(e.to.unwrap_or(e.from)))?;
    Ok(id)
}

fn state() -> Error {
    Error::conflict(
        "outage.state",
        said("这次故障已经结束或者撤回。", "This outage has ended or was withdrawn."),
        said("请刷新页面。", "Reload the page."),
    )
}

/// The end of an outage a person entered, or that the watch still sees.
///
/// # Errors
/// 404; 409 when it has ended; 422 for an end before its beginning.
pub async fn end(tx: &mut CourtTx, outage: Uuid, to: DateTime<Utc>) -> Result<()> {
    let row = held(tx, outage).await?;
    if row.to_at.is_some() || row.withdrawn_at.is_some() {
        return Err(state());
    }
    if to <= row.from_at || to > tx.now() {
        return Err(Error::invalid(
            "outage.span",
            said("结束时间应在开始之后、现在之前。", "It ends after it began and not after now."),
            said("请核对时间。", "Check the time."),
        )
        .at("/to"));
    }
    close(tx, outage, to).await?;
    tx.tell(jobs::OUTAGE, &json!({ "outage": outage }))
}

/// A wrong one is withdrawn; what it moved stays moved.
///
/// # Errors
/// 404; 409 when it was withdrawn before.
pub async fn withdraw(tx: &mut CourtTx, outage: Uuid, why: &str) -> Result<()> {
    if held(tx, outage).await?.withdrawn_at.is_some() {
        return Err(state());
    }
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update outages set withdrawn_at = $3, withdrawn_why = $4 where court_id = $1 and outage_id = $2")
        .bind(court)
        .bind(outage)
        .bind(now)
        .bind(why)
        .execute(tx.conn())
        .await?;
    Ok(())
}

async fn held(tx: &mut CourtTx, outage: Uuid) -> Result<Row> {
    let court = tx.court;
    let sql = format!("select {COLUMNS} from outages where court_id = $1 and outage_id = $2 for update");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(outage).fetch_optional(tx.conn()).await?.ok_or_else(Error::not_found)
}

/// One outage, wherever it was entered.
///
/// # Errors
/// What the database says.
pub async fn one(gate: &mut GateTx, outage: Uuid) -> Result<Option<Row>> {
    let sql = format!("select {COLUMNS} from outages where outage_id = $1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(outage).fetch_optional(gate.conn()).await?)
}

/// Outages that touch an interval, newest first; of one court, those of the province too.
///
/// # Errors
/// What the database says.
pub async fn between(gate: &mut GateTx, from: DateTime<Utc>, to: DateTime<Utc>, court: Option<i32>) -> Result<Vec<Row>> {
    let sql = format!(
        "select {COLUMNS} from outages where from_at < $2 and coalesce(to_at, 'infinity') > $1 and ($3::int is null or scope = 'province' or court_id = $3)
          order by from_at desc limit 500"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(from).bind(to).bind(court).fetch_all(gate.conn()).await?)
}

/// What each outage did, court by court: outage, court, action, moved, when.
pub type Effect = (Uuid, i32, String, i32, DateTime<Utc>);

/// The effects of these outages.
///
/// # Errors
/// What the database says.
pub async fn effects(gate: &mut GateTx, outages: &[Uuid]) -> Result<Vec<Effect>> {
    Ok(sqlx::query_as(
        "select outage_id, court_id, action, moved, done_at from outage_effects where outage_id = any($1) order by outage_id, court_id",
    )
    .bind(outages)
    .fetch_all(gate.conn())
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        let now: DateTime<Utc> = "2026-11-23T02:00:00Z".parse().unwrap();
        let entry = |parts: &[Part], from: i64, to: Option<i64>, planned, province| Entry {
            province,
            parts: parts.to_vec(),
            from: now + TimeDelta::hours(from),
            to: to.map(|h| now + TimeDelta::hours(h)),
            planned,
            reason: ("网络割接".into(), "network".into()),
        };
        let rows = [
            (entry(&[Part::All], -2, Some(-1), false, true), None),
            (entry(&[Part::Filing, Part::Payment], -2, None, false, true), None),
            (entry(&[Part::All], 24, Some(26), true, true), None),
            (entry(&[], -2, Some(-1), false, true), Some("outage.parts")),
            (entry(&[Part::All, Part::Filing], -2, Some(-1), false, true), Some("outage.parts")),
            (entry(&[Part::All], -1, Some(-2), false, true), Some("outage.span")),
            (entry(&[Part::All], -1, Some(1), false, true), Some("outage.span")),
            (entry(&[Part::All], 24, Some(26), false, true), Some("outage.span")),
            (entry(&[Part::All], -24 * 40, Some(-1), false, true), Some("outage.span")),
        ];
        for (e, code) in rows {
            assert_eq!(check(&e, true, now).err().map(|e| e.code), code, "{e:?}");
        }
        let province = entry(&[Part::All], -2, Some(-1), false, true);
        assert_eq!(check(&province, false, now).err().map(|e| e.code), Some("outage.scope"));
    }
}
