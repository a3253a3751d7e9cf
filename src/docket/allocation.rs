//! 分案 as it is done: the lot is drawn, the judge sits down, and how it came about is kept for good.
//!
//! Owns the tables judge_duties and case_allocations. Must never change an allocation once written.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::types::Json;
use uuid::Uuid;

use super::allocation_rules::{self as rules, AllocationWay, BASIS, Colleague, InTheLot, LeftOut, Wish};
use super::read;
use super::staff::{self, Panel};
use super::timeline::{self, Note};
use super::words::PanelRole;
use crate::court::beijing::beijing_date;
use crate::court::registry::Registry;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, Said, said};

/// 案件种类 a judge takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// 民事.
    Civil,
    /// 行政.
    Administrative,
    /// 执行.
    Enforcement,
}

impl DutyKind {
    fn key(self) -> &'static str {
        match self {
            DutyKind::Civil => "civil",
            DutyKind::Administrative => "administrative",
            DutyKind::Enforcement => "enforcement",
        }
    }
}

/// 分案办法 for one judge.
#[derive(Debug, Object, Serialize)]
pub struct DutyOrder {
    /// Share in new cases, percent: 100 a whole share, 0 none.
    #[oai(validator(minimum(value = "0"), maximum(value = "200")))]
    pub weight: i32,
    /// Kinds of case taken; every kind when empty.
    #[oai(default, validator(max_items = 3))]
    pub kinds: Vec<DutyKind>,
    /// Away from this day.
    pub away_from: Option<NaiveDate>,
    /// To this day, both included.
    pub away_until: Option<NaiveDate>,
    /// Why.
    #[oai(default, validator(max_length = 200))]
    pub note: String,
}

/// A judge's duty as it stands.
#[derive(Debug, Object, sqlx::FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct Duty {
    /// The judge.
    pub person_id: Uuid,
    /// 姓名.
    pub name: String,
    /// Share, percent.
    pub weight: i32,
    /// Kinds of case taken; every kind when empty.
    pub kinds: Vec<String>,
    /// Away from this day.
    pub away_from: Option<NaiveDate>,
    /// To this day.
    pub away_until: Option<NaiveDate>,
    /// Why.
    pub note: Option<String>,
    /// Open cases.
    pub open: i32,
}

/// 分案记录.
#[derive(Debug, Object, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Allocation {
    /// Id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// random or by_hand.
    pub way: String,
    /// 承办法官.
    pub judge: Uuid,
    /// Name.
    pub judge_name: String,
    /// Who sat before.
    pub before: Option<Uuid>,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
    /// Among whom the lot was drawn, in the order that counts.
    pub lot: Vec<InTheLot>,
    /// Who was not in it, and why.
    pub left_out: Vec<LeftOut>,
    /// What was thrown: divided by the sum of the weights, the rest names the judge.
    pub thrown: Option<String>,
    /// Who did it.
    pub decided_by: String,
}

/// The judges of the court with their duties and what they have in hand.
pub async fn duties(tx: &mut CourtTx) -> Result<Vec<Duty>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select p.person_id, p.name, coalesce(d.weight, 100) as weight, coalesce(d.kinds, '{}') as kinds, d.away_from, d.away_until, d.note,
           (select count(*)::int from case_people w join cases c on c.court_id = w.court_id and c.case_id = w.case_id
             where w.court_id = $1 and w.person_id = p.person_id and w.capacity = 'judge' and w.until is null and c.closed_at is null) as open
         from people p left join judge_duties d on d.court_id = $1 and d.person_id = p.person_id
         where p.state = 'active' and exists (select 1 from role_grants g where g.court_id = $1 and g.person_id = p.person_id
           and g.role in ('judge', 'presiding_judge') and g.revoked_at is null and g.suspended_at is null)
         order by p.person_id",
    )
    .bind(court)
    .fetch_all(tx.conn())
    .await?)
}

/// Sets a judge's duty; it counts for what is allocated from now on.
///
/// # Errors
/// 404 for nobody of the court's judges; 422 for days that end before they begin.
pub async fn set_duty(tx: &mut CourtTx, person: Uuid, order: &DutyOrder) -> Result<Duty> {
    let known = duties(tx).await?.into_iter().any(|d| d.person_id == person);
    if !known {
        return Err(Error::not_found());
    }
    if order.away_from.is_some() != order.away_until.is_some() || order.away_from > order.away_until {
        return Err(Error::invalid(
            "duty.away",
            said("不在岗的起止日期不完整，或者止早于起。", "The days away are incomplete, or end before they begin."),
            said("起止日期请一并填写，止日不早于起日。", "Give both days, the last not before the first."),
        )
        .at("/away_until"));
    }
    let kinds: Vec<&str> = order.kinds.iter().map(|k| k.key()).collect();
    let (court, me, now) = (tx.court, tx.person()?, tx.now());
    sqlx::query(
        "insert into judge_duties (court_id, person_id, weight, kinds, away_from, away_until, note, set_by, set_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)
         on conflict (court_id, person_id) do update set weight = $3, kinds = $4, away_from = $5, away_until = $6, note = $7, set_by = $8, set_at = $9",
    )
    .bind(court)
    .bind(person)
    .bind(order.weight)
    .bind(kinds)
    .bind(order.away_from)
    .bind(order.away_until)
    .bind(Some(order.note.trim()).filter(|n| !n.is_empty()))
    .bind(me)
    .bind(now)
    .execute(tx.conn())
    .await?;
    duties(tx).await?.into_iter().find(|d| d.person_id == person).ok_or_else(Error::not_found)
}

/// Among whom a case may fall today.
async fn lot_of(registry: &Registry, tx: &mut CourtTx, kind: &str, sits: Option<Uuid>) -> Result<(Vec<InTheLot>, Vec<LeftOut>)> {
    let today = beijing_date(tx.now());
    let balance = CourtRules::on(registry, tx.court, today).allocation_balance();
    let all = duties(tx).await?.into_iter().map(|d| Colleague {
        person: d.person_id,
        name: d.name,
        weight: u32::try_from(d.weight).unwrap_or_default(),
        kinds: d.kinds,
        away: d.away_from.zip(d.away_until),
        open: u32::try_from(d.open).unwrap_or_default(),
    });
    Ok(rules::lot(all.collect(), kind, today, sits, balance))
}

/// What is to be allocated, and how.
#[derive(Debug)]
pub struct Order<'a> {
    /// How.
    pub way: AllocationWay,
    /// The judge, by hand.
    pub judge: Option<Uuid>,
    /// Why.
    pub reason: &'a str,
    /// The caller may name judges and change them.
    pub may_assign: bool,
}

/// 分案: a judge is drawn or named, sits down, and how it came about is written.
///
/// # Errors
/// 403, 409, 422 by `allocation_rules::check`; 409 when nobody is in the lot.
pub async fn allocate(registry: &Registry, tx: &mut CourtTx, case: Uuid, order: &Order<'_>) -> Result<Allocation> {
    let row = read::row(tx, case).await?;
    let sits = row.panel.0.iter().find(|m| m.role == PanelRole::Judge).and_then(|m| m.person_id);
    let wish =
        Wish { way: order.way, taken: sits.is_some(), closed: row.closed_at.is_some(), may_assign: order.may_assign, reason: order.reason };
    rules::check(&wish)?;
    let (lot, left_out, thrown, judge) = match order.way {
        AllocationWay::Random => {
            let (lot, left_out) = lot_of(registry, tx, &row.kind, sits).await?;
            let thrown = u64::from_be_bytes(tx.random().bytes::<8>());
            let judge = rules::draw(&lot, thrown).ok_or_else(nobody)?.person_id;
            (lot, left_out, Some(thrown), judge)
        }
        AllocationWay::ByHand => (vec![], vec![], None, order.judge.ok_or_else(unnamed)?),
    };
    let how = said_how(order, lot.len(), sits.is_some());
    staff::assign(tx, case, &Panel { judge: Some(judge), clerk: None, presiding: None }, Some(how)).await?;
    write(tx, case, order, judge, sits, (lot, left_out, thrown)).await
}

/// What the timeline says of it. Why a judge was changed is for the parties too.
fn said_how(order: &Order<'_>, in_lot: usize, changed: bool) -> Said {
    let reason = order.reason.trim();
    let (zh, en) = match order.way {
        AllocationWay::Random => (format!("随机分案，{in_lot} 名法官中产生"), format!("drawn by lot among {in_lot}")),
        AllocationWay::ByHand => ("指定分案".to_owned(), "named by hand".to_owned()),
    };
    if changed { said(format!("{zh}；更换理由：{reason}"), format!("{en}; changed because: {reason}")) } else { said(zh, en) }
}

fn nobody() -> Error {
    Error::conflict(
        "allocation.nobody",
        said("没有可以参加随机分案的法官。", "No judge is in the lot."),
        said(
            "请审判长核对法官的分案比例和在岗日期，或者写明理由指定。",
            "Check the judges' shares and days away, or name one with a reason.",
        ),
    )
}

fn unnamed() -> Error {
    Error::invalid(
        "allocation.judge",
        said("没有选择承办法官。", "No judge is named."),
        said("请从本院法官中选择一位。", "Choose a judge of the court."),
    )
    .at("/judge")
}

async fn write(
    tx: &mut CourtTx,
    case: Uuid,
    order: &Order<'_>,
    judge: Uuid,
    before: Option<Uuid>,
    (lot, left_out, thrown): (Vec<InTheLot>, Vec<LeftOut>, Option<u64>),
) -> Result<Allocation> {
    let (court, now, id, me) = (tx.court, tx.now(), tx.id(), tx.person()?);
    let reason = Some(order.reason.trim().to_owned()).filter(|r| !r.is_empty());
    let thrown = thrown.map(|t| t.to_string());
    sqlx::query(
        "insert into case_allocations (court_id, case_id, allocation_id, at, way, judge, judge_name, before, reason, lot, left_out, thrown, decided_by, decided_name)
         values ($1,$2,$3,$4,$5,$6,(select name from people where person_id = $6),$7,$8,$9,$10,$11,$12,$13)",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(now)
    .bind(order.way.key())
    .bind(judge)
    .bind(before)
    .bind(reason)
    .bind(Json(lot))
    .bind(Json(left_out))
    .bind(thrown)
    .bind(me)
    .bind(tx.who.to_string())
    .execute(tx.conn())
    .await?;
    history(tx, case).await?.into_iter().find(|a| a.id == id).ok_or_else(Error::not_found)
}

/// Seats the panel as the presiding judge names it; a judge named so stands in the same book as one drawn.
///
/// # Errors
/// 422 when a judge who sits is changed without a reason; 409 for a closed case.
pub async fn seat(tx: &mut CourtTx, case: Uuid, panel: &Panel, reason: &str) -> Result<()> {
    let row = read::row(tx, case).await?;
    let sits = row.panel.0.iter().find(|m| m.role == PanelRole::Judge).and_then(|m| m.person_id);
    let Some(judge) = panel.judge.filter(|j| Some(*j) != sits) else { return staff::assign(tx, case, panel, None).await };
    let order = Order { way: AllocationWay::ByHand, judge: Some(judge), reason, may_assign: true };
    if sits.is_some() {
        rules::check(&Wish { way: order.way, taken: true, closed: row.closed_at.is_some(), may_assign: true, reason })?;
    }
    staff::assign(tx, case, panel, Some(said_how(&order, 0, sits.is_some()))).await?;
    write(tx, case, &order, judge, sits, (vec![], vec![], None)).await?;
    Ok(())
}

/// 立案时即随机分案, where the court's rule says so. A court that has nobody in the lot that day is told, and allocates later.
pub async fn at_docketing(registry: &Registry, tx: &mut CourtTx, case: Uuid) -> Result<()> {
    if !CourtRules::on(registry, tx.court, beijing_date(tx.now())).allocation_at_docketing() {
        return Ok(());
    }
    let order = Order { way: AllocationWay::Random, judge: None, reason: "", may_assign: false };
    match allocate(registry, tx, case, &order).await {
        Ok(_) => Ok(()),
        Err(e) if e.code == "allocation.nobody" => {
            let text = said("没有可以参加随机分案的法官，尚未分案", "No judge is in the lot; not allocated yet");
            timeline::write(tx, case, Note::new("not_allocated", text).by(BASIS).for_staff()).await
        }
        Err(e) => Err(e),
    }
}

/// The allocations of a case, newest first.
pub async fn history(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Allocation>> {
    let court = tx.court;
    let rows = sqlx::query("select * from case_allocations where court_id = $1 and case_id = $2 order by allocation_id desc limit 100")
        .bind(court)
        .bind(case)
        .fetch_all(tx.conn())
        .await?;
    let one = |r: &sqlx::postgres::PgRow| -> sqlx::Result<Allocation> {
        Ok(Allocation {
            id: r.try_get("allocation_id")?,
            at: r.try_get("at")?,
            way: r.try_get("way")?,
            judge: r.try_get("judge")?,
            judge_name: r.try_get("judge_name")?,
            before: r.try_get("before")?,
            reason: r.try_get("reason")?,
            lot: r.try_get::<Json<Vec<InTheLot>>, _>("lot")?.0,
            left_out: r.try_get::<Json<Vec<LeftOut>>, _>("left_out")?.0,
            thrown: r.try_get("thrown")?,
            decided_by: r.try_get("decided_name")?,
        })
    };
    Ok(rows.iter().map(one).collect::<sqlx::Result<_>>()?)
}
