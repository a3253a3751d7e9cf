//! 退费 (F05; 诉讼费用交纳办法 Art 53): asked, approved by a second person, sent within 15 days, done with its proof.
//! Owns `fee_refunds`. Never more than is owed back; never twice: the channel knows the refund by our number.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::bills::{self, Bill};
use super::ledger::{self, Account};
use super::money::yuan;
use super::orders::{self, upstream};
use super::wechat::client::Fault;
use super::wechat::shapes::{NewRefund, Refund as Said, RefundState};
use super::{money_rules, papers, settle};
use crate::app::App;
use crate::court::clock_view::Life;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::work::{Due, Outcome};

/// A refund's row.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of fee_refunds, documented in the migration")]
pub struct Refund {
    pub refund_id: Uuid,
    pub bill_id: Uuid,
    pub order_id: Option<Uuid>,
    pub refund_no: String,
    pub fen: i64,
    pub ground: String,
    pub reason: String,
    pub state: String,
    pub asked_by: Option<Uuid>,
    pub asked_at: DateTime<Utc>,
    pub decision: Option<String>,
    pub due_at: Option<DateTime<Utc>>,
    pub channel_no: Option<String>,
    pub done_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str =
    "refund_id, bill_id, order_id, refund_no, fen, ground, reason, state, asked_by, asked_at, decision, due_at, channel_no, done_at";

/// The refunds of a bill, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_bill(tx: &mut CourtTx, bill: Uuid) -> Result<Vec<Refund>> {
    let court = tx.court;
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from fee_refunds where court_id = $1 and bill_id = $2 order by refund_id"
    )))
    .bind(court)
    .bind(bill)
    .fetch_all(tx.conn())
    .await?)
}

async fn hold(tx: &mut CourtTx, refund: Uuid) -> Result<Refund> {
    let court = tx.court;
    sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from fee_refunds where court_id = $1 and refund_id = $2 for update")))
        .bind(court)
        .bind(refund)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)
}

struct New<'a> {
    bill: &'a Bill,
    fen: i64,
    ground: &'a str,
    reason: &'a str,
    order: Option<Uuid>,
    by: Option<Uuid>,
}

async fn insert(tx: &mut CourtTx, new: &New<'_>) -> Result<Uuid> {
    let (court, id, now) = (tx.court, tx.id(), tx.now());
    sqlx::query(
        "insert into fee_refunds (court_id, refund_id, bill_id, order_id, refund_no, fen, ground, reason, state, asked_by, asked_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,'asked',$9,$10)",
    )
    .bind(court)
    .bind(id)
    .bind(new.bill.bill_id)
    .bind(new.order)
    .bind(format!("R{}", orders::order_no(court, id)))
    .bind(new.fen)
    .bind(new.ground)
    .bind(new.reason)
    .bind(new.by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// A surplus the house saw: owed back in the books already, waiting for approval.
///
/// # Errors
/// What the database says.
pub async fn ask_by_house(tx: &mut CourtTx, bill: &Bill, fen: i64, ground: &str, reason: &str, order: Option<Uuid>) -> Result<Uuid> {
    let id = insert(tx, &New { bill, fen, ground, reason, order, by: None }).await?;
    let text = said(format!("多收 {} 元，待退", yuan(fen)), format!("{} yuan too much came in and is to be given back", yuan(fen)));
    timeline::write(tx, bill.case_id, Note::new("refund_asked", text).by("诉讼费用交纳办法 第五十三条")).await?;
    Ok(id)
}

/// 申请退费, by a clerk: the fee becomes less, and what was paid of that is owed back.
///
/// # Errors
/// 422 when it is more than the fee; 409 while the bill is not settled.
pub async fn ask(tx: &mut CourtTx, bill: Uuid, fen: i64, ground: &str, reason: &str) -> Result<Uuid> {
    let bill = bills::hold(tx, bill).await?;
    let standing = ledger::standing(tx, bill.bill_id).await?;
    if fen > standing.fee {
        return Err(too_much(standing.fee));
    }
    // of a bill that is not settled, a refund would forgive the unpaid part first, and a refusal could not give that back
    if standing.outstanding > 0 || bill.is().takes_money() {
        return Err(Error::conflict(
            "refund.not_settled",
            said("这笔费用还没有交清，不能退费。", "This bill is not settled, so nothing of it can go back."),
            said("请等交清，或者先由法官决定减交、免交。", "Wait until it is paid, or until a judge decided on a reduction or exemption."),
        ));
    }
    let id = tx.id();
    let (postings, back) = money_rules::lessen(&standing, fen);
    ledger::book(tx, "lessened", Some(bill.bill_id), &id.to_string(), &postings).await?;
    let order = paid_order(tx, bill.bill_id, back).await?;
    let person = tx.person()?;
    let refund = insert(tx, &New { bill: &bill, fen: back, ground, reason, order, by: Some(person) }).await?;
    let text = said(format!("申请退费 {} 元：{reason}", yuan(back)), format!("Refund of {} yuan asked for: {reason}", yuan(back)));
    timeline::write(tx, bill.case_id, Note::new("refund_asked", text).by("诉讼费用交纳办法 第五十三条")).await?;
    Ok(refund)
}

fn too_much(fee: i64) -> Error {
    Error::invalid(
        "refund.too_much",
        said(format!("退费不能超过应交的 {} 元。", yuan(fee)), format!("No more than the fee of {} yuan can go back.", yuan(fee))),
        said("请核对金额。", "Check the amount."),
    )
    .at("/amount_fen")
}

/// The payment a refund goes back along: the newest that still holds so much.
async fn paid_order(tx: &mut CourtTx, bill: Uuid, fen: i64) -> Result<Option<Uuid>> {
    let court = tx.court;
    Ok(sqlx::query_scalar(
        "select o.order_id from fee_orders o where o.court_id = $1 and o.bill_id = $2 and o.state = 'paid'
            and o.total_fen - coalesce((select sum(r.fen) from fee_refunds r where r.court_id = o.court_id and r.order_id = o.order_id and r.state <> 'refused'), 0) >= $3
          order by o.paid_at desc limit 1",
    )
    .bind(court)
    .bind(bill)
    .bind(fen)
    .fetch_optional(tx.conn())
    .await?)
}

/// Decides on a refund; never who asked for it.
///
/// # Errors
/// 409 when it is decided, or asked by the same person.
pub async fn decide(app: &App, tx: &mut CourtTx, refund: Uuid, grant: bool, decision: &str) -> Result<Uuid> {
    let row = hold(tx, refund).await?;
    let (court, me, now) = (tx.court, tx.person()?, tx.now());
    if row.state != "asked" {
        return Err(Error::conflict(
            "refund.decided",
            said("这笔退费已经处理。", "This refund is decided."),
            said("请刷新页面。", "Reload the page."),
        ));
    }
    if row.asked_by == Some(me) {
        return Err(Error::conflict(
            "refund.two_people",
            said("申请和审批要由两个人办。", "Whoever asks for a refund does not approve it."),
            said("请交给另一位同事审批。", "Let a colleague approve it."),
        ));
    }
    let bill = bills::hold(tx, row.bill_id).await?;
    let due = timeline::clock(app, court, "fee_refund", None, now, &Life::Open).ok().map(|c| c.due_at);
    sqlx::query("update fee_refunds set state = $3, decided_by = $4, decided_at = $5, decision = $6, due_at = $7 where court_id = $1 and refund_id = $2")
        .bind(court)
        .bind(refund)
        .bind(if grant { "approved" } else { "refused" })
        .bind(me)
        .bind(now)
        .bind(decision)
        .bind(due.filter(|_| grant))
        .execute(tx.conn())
        .await?;
    if grant {
        let back = papers::Back { ground: &row.ground, reason: &row.reason, fen: row.fen, due_on: due.map(papers::last_day) };
        let paper = papers::refund_notice(tx, &bill, &back).await?;
        sqlx::query("update fee_refunds set paper_id = $3 where court_id = $1 and refund_id = $2")
            .bind(court)
            .bind(refund)
            .bind(paper)
            .execute(tx.conn())
            .await?;
        tx.tell("fees.refund_send", &json!({ "refund": refund }))?;
    } else if row.asked_by.is_some() {
        // what the clerk's asking took off the fee is put back
        ledger::book(
            tx,
            "lessening_undone",
            Some(row.bill_id),
            &refund.to_string(),
            &[(Account::Fees, -row.fen), (Account::OwedBack, row.fen)],
        )
        .await?;
    }
    let (zh, en) = if grant { ("同意退费", "Refund approved") } else { ("不同意退费", "Refund refused") };
    let text = said(format!("{zh} {} 元：{decision}", yuan(row.fen)), format!("{en}, {} yuan: {decision}", yuan(row.fen)));
    timeline::write(tx, bill.case_id, Note::new("refund_decided", text).by("诉讼费用交纳办法 第五十三条")).await?;
    Ok(row.bill_id)
}

/// Handles `fees.refund_send` and `fees.refund_ask`: sends an approved refund along the way it came, and asks after it.
///
/// # Errors
/// What the database and the channel say.
pub async fn due(app: &App, due: &Due) -> Result<Outcome> {
    let Some(refund) = due.payload["refund"].as_str().and_then(|t| t.parse::<Uuid>().ok()) else {
        return Ok(Outcome::Dead("no refund".into()));
    };
    let mut tx = app.door.enter_as_house(due.court, "fee:refund_send").await?;
    let row = hold(&mut tx, refund).await?;
    let order = match row.order_id {
        Some(order) => Some(order_of(&mut tx, order).await?),
        None => None,
    };
    drop(tx); // nothing is held while a wire is waited for
    let Some((order_no, total)) = order else { return Ok(Outcome::Done) }; // a transfer goes back by the cashier's hand
    if !matches!(row.state.as_str(), "approved" | "sent") {
        return Ok(Outcome::Done);
    }
    let pay = app.wechat.as_ref().ok_or_else(orders::channel_off)?;
    let said = if row.state == "approved" {
        let new = NewRefund {
            out_refund_no: &row.refund_no,
            out_trade_no: &order_no,
            refund: row.fen,
            total,
            reason: "诉讼费退费",
            notify_path: orders::NOTIFY_PATH,
        };
        pay.refund(&new).await
    } else {
        pay.query_refund(&row.refund_no).await
    };
    match said {
        Ok(said) => {
            take(app, due.court, &said, None).await?;
            Ok(if said.state == RefundState::Processing { Outcome::Again("processing".into()) } else { Outcome::Done })
        }
        Err(Fault::Refused { code, message }) => {
            tracing::warn!(%code, %message, "a refund was refused");
            fail(app, due.court, refund).await?;
            Ok(Outcome::Done)
        }
        Err(fault) => Err(upstream(&fault)),
    }
}

async fn order_of(tx: &mut CourtTx, order: Uuid) -> Result<(String, i64)> {
    let court = tx.court;
    Ok(sqlx::query_as("select order_no, total_fen from fee_orders where court_id = $1 and order_id = $2")
        .bind(court)
        .bind(order)
        .fetch_one(tx.conn())
        .await?)
}

/// Takes what the channel says of a refund; false when the callback was taken before.
///
/// # Errors
/// 404 for one that is not ours.
pub async fn take(app: &App, court: i32, said: &Said, notification: Option<&str>) -> Result<bool> {
    let named = said.out_refund_no.strip_prefix('R').and_then(orders::read_order_no);
    let (_, refund) = named.filter(|(c, _)| *c == court).ok_or_else(Error::not_found)?;
    let mut tx = app.door.enter_as_house(court, "fee:refunded").await?;
    if let Some(id) = notification
        && !orders::first_time(&mut tx, id).await?
    {
        return Ok(false);
    }
    let row = hold(&mut tx, refund).await?;
    if said.refund != row.fen {
        tracing::error!("a refund of another amount than ours is reported");
        return Err(Error::not_found());
    }
    let state = match said.state {
        RefundState::Success => "done",
        RefundState::Processing => "sent",
        RefundState::Closed | RefundState::Abnormal => "failed",
    };
    if matches!(row.state.as_str(), "done" | "refused") || row.state == state {
        tx.commit(refund, json!({ "state": row.state })).await?;
        return Ok(true);
    }
    let at = said.refunded_at.unwrap_or(tx.now());
    sqlx::query("update fee_refunds set state = $3, channel_no = $4, done_at = $5 where court_id = $1 and refund_id = $2")
        .bind(court)
        .bind(refund)
        .bind(state)
        .bind(&said.refund_id)
        .bind((state == "done").then_some(at))
        .execute(tx.conn())
        .await?;
    if state == "done" {
        done(app, &mut tx, &row, Account::Wechat).await?;
    } else if state == "failed" {
        note_failure(&mut tx, &row).await?;
    } else {
        tx.tell_later("fees.refund_ask", &json!({ "refund": refund }), tx.now() + chrono::TimeDelta::minutes(10))?;
    }
    tx.commit(refund, json!({ "state": state })).await?;
    Ok(true)
}

async fn done(app: &App, tx: &mut CourtTx, row: &Refund, from: Account) -> Result<()> {
    ledger::book(tx, "refunded", Some(row.bill_id), &row.refund_id.to_string(), &money_rules::give_back(from, row.fen)).await?;
    let bill = bills::read(tx, row.bill_id).await?;
    let text = said(format!("已退费 {} 元", yuan(row.fen)), format!("{} yuan given back", yuan(row.fen)));
    timeline::write(tx, bill.case_id, Note::new("refunded", text).by("诉讼费用交纳办法 第五十三条")).await?;
    settle::tell_payers(app, tx, &bill, "fee_refunded", &yuan(row.fen)).await
}

async fn note_failure(tx: &mut CourtTx, row: &Refund) -> Result<()> {
    let bill = bills::read(tx, row.bill_id).await?;
    let text = said("退费没有成功，需要人工处理", "The refund did not go through; somebody has to look at it");
    timeline::write(tx, bill.case_id, Note::new("refund_failed", text).for_staff()).await
}

async fn fail(app: &App, court: i32, refund: Uuid) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "fee:refund_failed").await?;
    let row = hold(&mut tx, refund).await?;
    sqlx::query("update fee_refunds set state = 'failed' where court_id = $1 and refund_id = $2")
        .bind(court)
        .bind(refund)
        .execute(tx.conn())
        .await?;
    note_failure(&mut tx, &row).await?;
    tx.commit(refund, json!({ "state": "failed" })).await
}

/// The cashier has given it back by bank transfer, or after a failure by hand; the statement's number is the proof.
///
/// # Errors
/// 409 when it is not approved, or done.
pub async fn by_hand(app: &App, tx: &mut CourtTx, refund: Uuid, reference: &str) -> Result<Uuid> {
    let row = hold(tx, refund).await?;
    if !(row.state == "failed" || row.state == "approved" && row.order_id.is_none()) {
        return Err(Error::conflict(
            "refund.state",
            said("这笔退费现在不能这样登记。", "This refund cannot be entered so now."),
            said("请刷新页面。", "Reload the page."),
        ));
    }
    let (court, now) = (tx.court, tx.now());
    sqlx::query("update fee_refunds set state = 'done', channel_no = $3, done_at = $4 where court_id = $1 and refund_id = $2")
        .bind(court)
        .bind(refund)
        .bind(reference)
        .bind(now)
        .execute(tx.conn())
        .await?;
    done(app, tx, &row, Account::Bank).await?;
    Ok(row.bill_id)
}
