//! 交费: orders at WeChat Pay. Owns `fee_orders` and `fee_notifications`.
//!
//! An order is written down before the channel hears of it, under a number that names its court; what may have happened
//! is asked after, never guessed. A callback is believed by its signature, taken once by its id, and books nothing that
//! a query of ours has not booked already. Only people of the paying party, or whoever pays for it, press 交费.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::ledger::{self, Account};
use super::settle::{self, Arrived};
use super::wechat::client::Fault;
use super::wechat::shapes::{NewOrder, TradeState, Transaction};
use super::{bills, papers};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::docket::people;
use crate::error::{Error, Result, said};
use crate::work::{Due, Outcome};

/// How long an order can be paid.
const OPEN_FOR: TimeDelta = TimeDelta::minutes(30);
/// The door of callbacks.
pub const NOTIFY_PATH: &str = "/api/hooks/wechat-pay";
/// When an order is asked after that nobody told us about, seconds after it was made.
const ASK_AFTER_S: [i64; 5] = [20, 60, 180, 600, 1_200];

/// An order's row.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of fee_orders, documented in the migration")]
pub struct Order {
    pub order_id: Uuid,
    pub bill_id: Uuid,
    pub form: String,
    pub order_no: String,
    pub total_fen: i64,
    pub state: String,
    pub code_url: Option<String>,
    pub made_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "order_id, bill_id, form, order_no, total_fen, state, code_url, made_at, expires_at, paid_at";

/// `370102` and the id in base 32: 32 signs, the most the channel takes, and the court is read off the front.
pub fn order_no(court: i32, id: Uuid) -> String {
    format!("{court:06}{}", data_encoding::BASE32_NOPAD.encode(id.as_bytes()))
}

/// The court and id an order number names.
pub fn read_order_no(number: &str) -> Option<(i32, Uuid)> {
    let (court, id) = (number.get(..6)?, number.get(6..)?);
    let id = data_encoding::BASE32_NOPAD.decode(id.as_bytes()).ok()?;
    Some((court.parse().ok()?, Uuid::from_slice(&id).ok()?))
}

/// In what form the payer meets the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PayForm {
    /// 扫码: a code another phone reads.
    Native,
    /// 手机网页: this phone goes to the channel and comes back.
    H5,
}

impl PayForm {
    fn key(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::H5 => "h5",
        }
    }
}

/// Places an order for what a bill still asks, or answers the one that is open in the same form.
///
/// # Errors
/// 409 when nothing is to be paid; 503 when the channel does not answer: nothing was charged, and the same call goes on.
pub async fn place(app: &App, caller: &Caller, court: i32, bill: Uuid, form: PayForm, payer_ip: &str) -> Result<Order> {
    let order = write_down(app, caller, court, bill, form).await?;
    let pay = app.wechat.as_ref().ok_or_else(channel_off)?;
    if order.state == "open" {
        return Ok(order);
    }
    let (description, back) = described(app, caller, court, bill).await?;
    let new = NewOrder {
        out_trade_no: &order.order_no,
        description: &description,
        total: order.total_fen,
        expires: order.expires_at,
        attach: None,
        notify_path: NOTIFY_PATH,
    };
    let placed = match form {
        PayForm::Native => pay.native(&new).await,
        PayForm::H5 => pay.h5(&new, payer_ip, &back).await,
    };
    let url = placed.map_err(|fault| upstream(&fault))?;
    let mut tx = app.door.enter(caller, court, Act::FeePay).await?;
    let shown: Order = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "update fee_orders set state = case when state = 'placing' then 'open' else state end, code_url = $3 where court_id = $1 and order_id = $2 returning {COLUMNS}"
    )))
    .bind(court)
    .bind(order.order_id)
    .bind(url)
    .fetch_one(tx.conn())
    .await?;
    tx.commit(order.order_id, json!({ "bill": bill, "form": form.key() })).await?;
    Ok(shown)
}

/// The row of the order, before the channel hears of it.
async fn write_down(app: &App, caller: &Caller, court: i32, bill: Uuid, form: PayForm) -> Result<Order> {
    let mut tx = app.door.enter(caller, court, Act::FeePay).await?;
    let held = bills::find_held(&mut tx, bill).await?;
    // the seat of the house sees every bill: who may pay this one is asked here, and about nothing just as well
    let is_in = people::is_in(&mut tx, held.as_ref().map_or(Uuid::nil(), |h| h.case_id), caller.person()).await?;
    let held = held.filter(|_| is_in).ok_or_else(Error::not_found)?;
    if app.wechat.is_none() {
        return Err(channel_off());
    }
    let standing = ledger::standing(&mut tx, bill).await?;
    if !held.is().takes_money() || standing.outstanding <= 0 {
        return Err(nothing_to_pay());
    }
    let now = tx.now();
    let open: Option<Order> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from fee_orders where court_id = $1 and bill_id = $2 and form = $3 and total_fen = $4 and state in ('placing', 'open') and expires_at > $5 order by order_id desc limit 1"
    )))
    .bind(court)
    .bind(bill)
    .bind(form.key())
    .bind(standing.outstanding)
    .bind(now + TimeDelta::minutes(2))
    .fetch_optional(tx.conn())
    .await?;
    if let Some(order) = open {
        tx.commit(order.order_id, json!({ "bill": bill, "again": true })).await?;
        return Ok(order);
    }
    let id = tx.id();
    let order: Order = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "insert into fee_orders (court_id, order_id, bill_id, person_id, channel, form, order_no, total_fen, state, made_at, expires_at)
         values ($1,$2,$3,$4,'wechat',$5,$6,$7,'placing',$8,$9) returning {COLUMNS}"
    )))
    .bind(court)
    .bind(id)
    .bind(bill)
    .bind(caller.person())
    .bind(form.key())
    .bind(order_no(court, id))
    .bind(standing.outstanding)
    .bind(now)
    .bind(now + OPEN_FOR)
    .fetch_one(tx.conn())
    .await?;
    for seconds in ASK_AFTER_S {
        tx.tell_later("fees.order_ask", &json!({ "order": id }), now + TimeDelta::seconds(seconds))?;
    }
    tx.tell_later("fees.order_close", &json!({ "order": id }), now + OPEN_FOR + TimeDelta::minutes(1))?;
    tx.commit(id, json!({ "bill": bill, "form": form.key(), "fen": standing.outstanding })).await?;
    Ok(order)
}

async fn described(app: &App, caller: &Caller, court: i32, bill: Uuid) -> Result<(String, String)> {
    let mut tx = app.door.enter(caller, court, Act::FeeRead).await?;
    let bill = bills::read(&mut tx, bill).await?;
    let number: String = sqlx::query_scalar("select number from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(bill.case_id)
        .fetch_one(tx.conn())
        .await?;
    let text: String = format!("{}{}", number, papers::item(&bill.purpose).0).chars().take(40).collect();
    Ok((text, format!("{}/cases/{court}/{}/fees", app.config.public_url, bill.case_id)))
}

/// How an order stands; one that is open is asked after at the channel, at most every few seconds by the caller's page.
///
/// # Errors
/// 404; what the channel says is shown as it was last known.
pub async fn look(app: &App, caller: &Caller, court: i32, order: Uuid) -> Result<Order> {
    let known = shown(app, caller, court, order).await?;
    if known.state == "open" {
        if let Err(cause) = ask(app, court, order).await {
            tracing::info!(code = cause.code, "an order cannot be asked after now");
        }
        return shown(app, caller, court, order).await;
    }
    Ok(known)
}

async fn shown(app: &App, caller: &Caller, court: i32, order: Uuid) -> Result<Order> {
    let mut tx = app.door.enter(caller, court, Act::FeeRead).await?;
    row(&mut tx, order).await
}

async fn row(tx: &mut CourtTx, order: Uuid) -> Result<Order> {
    let court = tx.court;
    sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from fee_orders where court_id = $1 and order_id = $2")))
        .bind(court)
        .bind(order)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)
}

/// Asks the channel how an order stands, and books what it says.
///
/// # Errors
/// 503 when the channel does not say.
pub async fn ask(app: &App, court: i32, order: Uuid) -> Result<()> {
    let pay = app.wechat.as_ref().ok_or_else(channel_off)?;
    let mut tx = app.door.enter_as_house(court, "fee:ask").await?;
    let known = row(&mut tx, order).await?;
    drop(tx); // nothing is held while a wire is waited for
    match pay.query(&known.order_no).await {
        Ok(said) => take(app, court, &said, None).await.map(drop),
        // the channel never heard of it: it was not placed, and nothing was charged
        Err(fault) if fault.is_refused("ORDER_NOT_EXIST") || fault.is_refused("RESOURCE_NOT_EXISTS") => Ok(()),
        Err(fault) => Err(upstream(&fault)),
    }
}

/// Hears a callback about an order. One that names another sum than the order is genuine by its signature only: what
/// the channel answers to our own question counts.
///
/// # Errors
/// 404 for an order that is not ours; 503 when the channel does not say.
pub async fn heard(app: &App, said: &Transaction, notification: &str) -> Result<()> {
    let (court, order) = read_order_no(&said.out_trade_no).ok_or_else(Error::not_found)?;
    let mut tx = app.door.enter_as_house(court, "fee:arrived").await?;
    let known = row(&mut tx, order).await?;
    drop(tx);
    if said.total != Some(known.total_fen) {
        tracing::error!(order = %order, "a notification names another sum than the order");
        return ask(app, court, order).await;
    }
    take(app, court, said, Some(notification)).await.map(drop)
}

/// Takes what the channel says of an order: by callback, with its id, or by our own question. Answers false when a
/// callback was taken before.
///
/// # Errors
/// 404 for an order that is not ours.
pub async fn take(app: &App, court: i32, said: &Transaction, notification: Option<&str>) -> Result<bool> {
    let (named, order) = read_order_no(&said.out_trade_no).ok_or_else(Error::not_found)?;
    if named != court {
        return Err(Error::not_found());
    }
    let mut tx = app.door.enter_as_house(court, "fee:arrived").await?;
    if let Some(id) = notification
        && !first_time(&mut tx, id).await?
    {
        return Ok(false);
    }
    let known: Order =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from fee_orders where court_id = $1 and order_id = $2 for update")))
            .bind(court)
            .bind(order)
            .fetch_optional(tx.conn())
            .await?
            .ok_or_else(Error::not_found)?;
    let now = tx.now();
    match (said.state.is_paid(), said.total, said.transaction_id.as_deref()) {
        (true, Some(fen), Some(number)) => {
            if known.state != "paid" {
                sqlx::query(
                    "update fee_orders set state = 'paid', transaction_id = $3, paid_at = $4 where court_id = $1 and order_id = $2",
                )
                .bind(court)
                .bind(order)
                .bind(number)
                .bind(said.paid_at.unwrap_or(now))
                .execute(tx.conn())
                .await?;
            }
            let money =
                Arrived { bill: known.bill_id, fen, into: Account::Wechat, number, at: said.paid_at.unwrap_or(now), order: Some(order) };
            settle::arrived(app, &mut tx, &money).await?;
        }
        _ if matches!(said.state, TradeState::Closed | TradeState::Revoked | TradeState::PayError) && known.state != "paid" => {
            sqlx::query("update fee_orders set state = 'closed' where court_id = $1 and order_id = $2")
                .bind(court)
                .bind(order)
                .execute(tx.conn())
                .await?;
        }
        _ if notification.is_none() => return Ok(true), // nothing new: nothing to write
        _ => {}
    }
    tx.commit(order, json!({ "state": format!("{:?}", said.state) })).await?;
    Ok(true)
}

/// Takes a notification's id; false when it was taken before.
///
/// # Errors
/// What the database says.
pub async fn first_time(tx: &mut CourtTx, id: &str) -> Result<bool> {
    let (court, now) = (tx.court, tx.now());
    let fresh = sqlx::query("insert into fee_notifications (court_id, notification_id, taken_at) values ($1,$2,$3) on conflict do nothing")
        .bind(court)
        .bind(id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(fresh.rows_affected() == 1)
}

/// Handles `fees.order_ask` and `fees.order_close`.
///
/// # Errors
/// What the database says.
pub async fn due(app: &App, due: &Due) -> Result<Outcome> {
    let Some(order) = due.payload["order"].as_str().and_then(|t| t.parse().ok()) else { return Ok(Outcome::Dead("no order".into())) };
    let mut tx = app.door.enter_as_house(due.court, "fee:ask").await?;
    let known = row(&mut tx, order).await?;
    drop(tx);
    if matches!(known.state.as_str(), "paid" | "closed") {
        return Ok(Outcome::Done);
    }
    ask(app, due.court, order).await?;
    if due.topic == "fees.order_close" {
        close(app, due.court, order).await?;
    }
    Ok(Outcome::Done)
}

/// Closes an order nobody paid, there and here.
async fn close(app: &App, court: i32, order: Uuid) -> Result<()> {
    let pay = app.wechat.as_ref().ok_or_else(channel_off)?;
    let mut tx = app.door.enter_as_house(court, "fee:close").await?;
    let known = row(&mut tx, order).await?;
    drop(tx);
    if known.state == "paid" {
        return Ok(());
    }
    match pay.close(&known.order_no).await {
        Ok(()) => {}
        Err(fault) if ["ORDER_CLOSED", "ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS"].iter().any(|code| fault.is_refused(code)) => {}
        // paid at the last moment: what it says is booked by the next question
        Err(fault) if fault.is_refused("ORDER_PAID") || fault.is_refused("ORDERPAID") => return ask(app, court, order).await,
        Err(fault) => return Err(upstream(&fault)),
    }
    let mut tx = app.door.enter_as_house(court, "fee:close").await?;
    sqlx::query("update fee_orders set state = 'closed' where court_id = $1 and order_id = $2 and state <> 'paid'")
        .bind(court)
        .bind(order)
        .execute(tx.conn())
        .await?;
    tx.commit(order, json!({})).await
}

/// The orders of a bill, newest first.
///
/// # Errors
/// What the database says.
pub async fn of_bill(tx: &mut CourtTx, bill: Uuid) -> Result<Vec<Order>> {
    let court = tx.court;
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from fee_orders where court_id = $1 and bill_id = $2 order by order_id desc limit 50"
    )))
    .bind(court)
    .bind(bill)
    .fetch_all(tx.conn())
    .await?)
}

/// This court takes no online payment.
pub fn channel_off() -> Error {
    Error::conflict(
        "fee.channel_off",
        said("本院暂未开通网上交费。", "This court takes no payment online yet."),
        said("请按交费通知书转账，或者到诉讼服务窗口交。", "Pay by bank transfer as the notice says, or at the counter."),
    )
}

/// The channel's fault, in words for the payer; what exactly it was goes to the log.
pub fn upstream(fault: &Fault) -> Error {
    tracing::warn!(%fault, "the payment channel");
    Error::unavailable(
        "fee.channel_silent",
        said("支付渠道暂时没有答复，没有扣款。", "The payment channel does not answer; nothing was charged."),
    )
}

fn nothing_to_pay() -> Error {
    Error::conflict(
        "fee.nothing_to_pay",
        said("这笔费用现在没有要交的金额。", "There is nothing to pay on this bill now."),
        said("请刷新页面，看最新的交费情况。", "Reload the page to see how it stands."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_names_its_court_and_fits_the_channel() {
        let id = Uuid::from_u128(0x0190_f3a2_7b1c_7d2e_8a4b_1234_5678_9abc);
        let number = order_no(370_102, id);
        assert_eq!((number.len(), read_order_no(&number)), (32, Some((370_102, id))));
        for bad in ["", "370102", "37010", "370102!!", &number[..31], "abcdefAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(read_order_no(bad), None, "{bad}");
        }
    }
}
