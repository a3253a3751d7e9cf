//! Orders and refunds as the platform keeps them. Owns their states and what each number may be used for; pure but for
//! the clock it is handed. Must never let more go back than came in.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The merchant takes money for 0.6 % of it.
const RATE_PER_MILLE: i64 = 6;
/// How often an order may be refunded in parts.
const PARTS: usize = 50;
/// How long an order may be refunded.
const REFUNDABLE: TimeDelta = TimeDelta::days(365);

/// A refusal: status, code, words.
pub type Refusal = (u16, &'static str, &'static str);

/// How an order stands.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Trade {
    /// Not paid.
    NotPay,
    /// Being paid.
    UserPaying,
    /// Paid.
    Success,
    /// Paid, and some of it went back or is about to.
    Refund,
    /// Cannot be paid.
    Closed,
    /// The payer's try failed.
    PayError,
}

/// What is asked for when an order is placed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Wish {
    pub appid: String,
    pub mchid: String,
    pub description: String,
    pub out_trade_no: String,
    #[serde(default)]
    pub time_expire: Option<DateTime<Utc>>,
    #[serde(default)]
    pub attach: Option<String>,
    pub notify_url: String,
    pub amount: Amount,
    #[serde(default)]
    pub scene_info: Option<Value>,
}

/// Fen, in yuan's currency.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Amount {
    pub total: i64,
    #[serde(default = "cny")]
    pub currency: String,
}

fn cny() -> String {
    "CNY".to_owned()
}

/// One order.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Order {
    pub wish: Wish,
    /// `NATIVE` or `MWEB`.
    pub trade_type: String,
    /// What the QR code and the page carry.
    pub token: String,
    pub state: Trade,
    pub placed: DateTime<Utc>,
    pub paid: Option<DateTime<Utc>>,
    pub transaction_id: Option<String>,
    pub payer: Option<String>,
}

/// How a refund stands.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundState {
    Success,
    Closed,
    Processing,
    Abnormal,
}

/// What is asked for when a refund is wished.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct RefundWish {
    #[serde(default)]
    pub transaction_id: Option<String>,
    #[serde(default)]
    pub out_trade_no: Option<String>,
    pub out_refund_no: String,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub notify_url: Option<String>,
    pub amount: RefundAmount,
}

/// Fen back, of fen.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct RefundAmount {
    pub refund: i64,
    pub total: i64,
    pub currency: String,
}

/// One refund.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Refund {
    pub wish: RefundWish,
    pub refund_id: String,
    pub out_trade_no: String,
    pub state: RefundState,
    /// What it becomes when it is done.
    pub becomes: RefundState,
    pub asked: DateTime<Utc>,
    pub done: Option<DateTime<Utc>>,
}

/// All of it.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Book {
    pub orders: BTreeMap<String, Order>,
    pub refunds: BTreeMap<String, Refund>,
    next: u64,
    /// Money of the merchant that did not come through here, so that refunds can run dry.
    pub float: i64,
}

impl Book {
    /// A number of the platform's own making.
    pub fn number(&mut self, prefix: &str, now: DateTime<Utc>) -> String {
        self.next += 1;
        format!("{prefix}{}{:010}", now.format("%Y%m%d"), self.next)
    }

    /// Closes what ran out of time.
    fn age(&mut self, out_trade_no: &str, now: DateTime<Utc>) {
        if let Some(order) = self.orders.get_mut(out_trade_no) {
            let over = order.wish.time_expire.is_some_and(|end| now > end);
            if over && matches!(order.state, Trade::NotPay | Trade::PayError) {
                order.state = Trade::Closed;
            }
        }
    }

    /// Places an order, or finds the same one again.
    pub fn place(&mut self, wish: Wish, trade_type: &str, token: String, now: DateTime<Utc>) -> Result<&Order, Refusal> {
        check_wish(&wish, now)?;
        let number = wish.out_trade_no.clone();
        self.age(&number, now);
        if let Some(known) = self.orders.get(&number) {
            let same = known.trade_type == trade_type
                && known.wish.amount == wish.amount
                && known.wish.description == wish.description
                && known.wish.attach == wish.attach;
            match known.state {
                Trade::Success | Trade::Refund => return Err((400, "ORDERPAID", "该订单已支付")),
                Trade::Closed => return Err((400, "ORDER_CLOSED", "该订单已关闭")),
                _ if !same => return Err((403, "OUT_TRADE_NO_USED", "商户订单号重复")),
                _ => {}
            }
        }
        let new = || Order {
            trade_type: trade_type.to_owned(),
            token,
            state: Trade::NotPay,
            placed: now,
            paid: None,
            transaction_id: None,
            payer: None,
            wish,
        };
        Ok(self.orders.entry(number).or_insert_with(new))
    }

    /// The order as it stands now.
    pub fn order(&mut self, out_trade_no: &str, now: DateTime<Utc>) -> Option<&Order> {
        self.age(out_trade_no, now);
        self.orders.get(out_trade_no)
    }

    /// The number of the order with this token or this number of the platform's.
    pub fn find(&self, is_it: impl Fn(&Order) -> bool) -> Option<String> {
        self.orders.values().find(|order| is_it(order)).map(|order| order.wish.out_trade_no.clone())
    }

    /// Closes an order; closing twice is closing once.
    pub fn close(&mut self, out_trade_no: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.age(out_trade_no, now);
        let order = self.orders.get_mut(out_trade_no).ok_or((404, "ORDER_NOT_EXIST", "订单不存在"))?;
        match order.state {
            Trade::Success | Trade::Refund => Err((400, "ORDERPAID", "订单已支付，不能关闭")),
            // who is in the middle of paying may still be through
            _ => {
                order.state = Trade::Closed;
                Ok(())
            }
        }
    }

    /// The payer has begun, the money is not there yet.
    pub fn begin(&mut self, out_trade_no: &str, now: DateTime<Utc>) -> Result<(), &'static str> {
        self.age(out_trade_no, now);
        let order = self.orders.get_mut(out_trade_no).ok_or("没有这个订单")?;
        match order.state {
            Trade::NotPay | Trade::PayError => order.state = Trade::UserPaying,
            Trade::UserPaying => {}
            Trade::Success | Trade::Refund => return Err("这个订单已经付过了"),
            Trade::Closed => return Err("这个订单已关闭或已过期"),
        }
        Ok(())
    }

    /// The payer gave up, or the bank said no.
    pub fn decline(&mut self, out_trade_no: &str) {
        if let Some(order) = self.orders.get_mut(out_trade_no)
            && matches!(order.state, Trade::NotPay | Trade::UserPaying)
        {
            order.state = Trade::PayError;
        }
    }

    /// Money is there. `anyhow`: also for an order that was closed meanwhile.
    pub fn pay(&mut self, out_trade_no: &str, payer: &str, anyhow: bool, now: DateTime<Utc>) -> Result<(), &'static str> {
        if !anyhow {
            self.begin(out_trade_no, now)?;
        }
        let transaction_id = self.number("4200002026", now);
        let order = self.orders.get_mut(out_trade_no).ok_or("没有这个订单")?;
        if order.paid.is_some() {
            return Err("这个订单已经付过了");
        }
        order.state = Trade::Success;
        order.paid = Some(now);
        order.transaction_id = Some(transaction_id);
        order.payer = Some(payer.to_owned());
        Ok(())
    }

    /// What the merchant has with the platform.
    fn balance(&self) -> i64 {
        let came: i64 = self.orders.values().filter(|order| order.paid.is_some()).map(|order| order.wish.amount.total).sum();
        let went: i64 = self.refunds.values().filter(|it| it.state != RefundState::Closed).map(|it| it.wish.amount.refund).sum();
        came - went + self.float
    }

    /// Takes a refund, or finds the same one again; one that came to nothing starts anew under its own number.
    pub fn refund(&mut self, wish: RefundWish, becomes: RefundState, now: DateTime<Utc>) -> Result<&Refund, Refusal> {
        let order = self.refundable(&wish, now)?;
        let number = wish.out_refund_no.clone();
        match self.refunds.get(&number) {
            Some(known) if known.out_trade_no != order || known.wish.amount != wish.amount => {
                return Err((400, "PARAM_ERROR", "同一退款单号的参数与上次不一致"));
            }
            Some(known) if matches!(known.state, RefundState::Processing | RefundState::Success) => {}
            Some(_) => {
                self.room_for(&wish, &order)?;
                self.refunds
                    .entry(number.clone())
                    .and_modify(|it| (it.state, it.becomes, it.done) = (RefundState::Processing, becomes, None));
            }
            None => {
                self.room_for(&wish, &order)?;
                let refund_id = self.number("5030002026", now);
                let new = Refund {
                    refund_id,
                    out_trade_no: order.clone(),
                    state: RefundState::Processing,
                    becomes,
                    asked: now,
                    done: None,
                    wish,
                };
                self.refunds.insert(number.clone(), new);
            }
        }
        self.orders.entry(order).and_modify(|order| order.state = Trade::Refund);
        self.refunds.get(&number).ok_or((500, "SYSTEM_ERROR", "系统错误"))
    }

    /// The order a refund is about, if it may be refunded at all.
    fn refundable(&self, wish: &RefundWish, now: DateTime<Utc>) -> Result<String, Refusal> {
        check_refund(wish)?;
        let by_id = |order: &Order| order.transaction_id.is_some() && order.transaction_id == wish.transaction_id;
        let number = wish.out_trade_no.clone().or_else(|| self.find(by_id));
        let order = number.and_then(|number| self.orders.get(&number)).ok_or((404, "RESOURCE_NOT_EXISTS", "订单不存在"))?;
        let paid = order.paid.ok_or((400, "INVALID_REQUEST", "订单未支付"))?;
        if wish.amount.total != order.wish.amount.total {
            return Err((400, "PARAM_ERROR", "订单金额与原订单不一致"));
        }
        if now - paid > REFUNDABLE {
            return Err((400, "INVALID_REQUEST", "订单已超过可退款的最大期限"));
        }
        Ok(order.wish.out_trade_no.clone())
    }

    fn room_for(&self, wish: &RefundWish, order: &str) -> Result<(), Refusal> {
        let others = || {
            let of_order = |it: &&Refund| it.out_trade_no == order && it.wish.out_refund_no != wish.out_refund_no;
            self.refunds.values().filter(of_order).filter(|it| it.state != RefundState::Closed)
        };
        let gone: i64 = others().map(|it| it.wish.amount.refund).sum();
        if gone + wish.amount.refund > wish.amount.total {
            return Err((400, "INVALID_REQUEST", "申请退款金额超过订单可退金额"));
        }
        if others().count() >= PARTS {
            return Err((400, "INVALID_REQUEST", "部分退款次数超过限制"));
        }
        if wish.amount.refund > self.balance() {
            return Err((403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"));
        }
        Ok(())
    }

    /// Ends refunds that were asked for before `until`; answers which.
    pub fn settle(&mut self, until: DateTime<Utc>, now: DateTime<Utc>) -> Vec<String> {
        let due = self.refunds.values_mut().filter(|it| it.state == RefundState::Processing && it.asked <= until);
        due.map(|it| {
            it.state = it.becomes;
            it.done = Some(now);
            it.wish.out_refund_no.clone()
        })
        .collect()
    }
}

/// What the merchant pays for a payment, in fen.
pub fn fee(total: i64) -> i64 {
    (total * RATE_PER_MILLE + 500) / 1000
}

fn check_wish(wish: &Wish, now: DateTime<Utc>) -> Result<(), Refusal> {
    let bad = |why| Err((400, "PARAM_ERROR", why));
    let sign = |c: char| c.is_ascii_alphanumeric() || "_-|*".contains(c);
    if !(6..=32).contains(&wish.out_trade_no.len()) || !wish.out_trade_no.chars().all(sign) {
        return bad("商户订单号须为 6 至 32 位数字、字母或 _-|*");
    }
    if wish.description.is_empty() || wish.description.chars().count() > 127 {
        return bad("商品描述须为 1 至 127 个字符");
    }
    if wish.amount.total < 1 || wish.amount.currency != "CNY" {
        return bad("订单金额须为大于 0 的整数分，币种 CNY");
    }
    if wish.attach.as_ref().is_some_and(|attach| attach.len() > 128) {
        return bad("附加数据不超过 128 字节");
    }
    if !wish.notify_url.starts_with("http") || wish.notify_url.contains('?') {
        return bad("通知地址须为完整地址且不带参数");
    }
    if wish.time_expire.is_some_and(|end| end <= now) {
        return bad("交易结束时间已过");
    }
    Ok(())
}

fn check_refund(wish: &RefundWish) -> Result<(), Refusal> {
    let bad = |why| Err((400, "PARAM_ERROR", why));
    let sign = |c: char| c.is_ascii_alphanumeric() || "_-|*@".contains(c);
    if wish.out_refund_no.is_empty() || wish.out_refund_no.len() > 64 || !wish.out_refund_no.chars().all(sign) {
        return bad("商户退款单号须为 1 至 64 位数字、字母或 _-|*@");
    }
    if wish.transaction_id.is_some() == wish.out_trade_no.is_some() {
        return bad("微信支付订单号与商户订单号二选一");
    }
    if wish.amount.refund < 1 || wish.amount.refund > wish.amount.total || wish.amount.currency != "CNY" {
        return bad("退款金额须为大于 0 且不超过订单金额的整数分，币种 CNY");
    }
    if wish.reason.as_ref().is_some_and(|reason| reason.chars().count() > 80) {
        return bad("退款原因不超过 80 个字符");
    }
    Ok(())
}

impl Order {
    /// As queries and callbacks write it.
    pub fn wire(&self) -> Value {
        let wish = &self.wish;
        let mut out = json!({
            "appid": wish.appid, "mchid": wish.mchid, "out_trade_no": wish.out_trade_no,
            "attach": wish.attach.clone().unwrap_or_default(), "trade_state": self.state, "trade_state_desc": words(self.state),
            "promotion_detail": [],
        });
        if let (Some(paid), Some(id)) = (self.paid, &self.transaction_id) {
            out["transaction_id"] = json!(id);
            out["trade_type"] = json!(self.trade_type);
            out["bank_type"] = json!("OTHERS");
            out["success_time"] = json!(beijing(paid));
            out["payer"] = json!({"openid": self.payer});
            let total = wish.amount.total;
            out["amount"] = json!({"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"});
        }
        out
    }
}

impl Refund {
    /// As answers write it.
    pub fn wire(&self, transaction_id: Option<&str>) -> Value {
        let (refund, total) = (self.wish.amount.refund, self.wish.amount.total);
        let mut out = json!({
            "refund_id": self.refund_id, "out_refund_no": self.wish.out_refund_no, "transaction_id": transaction_id,
            "out_trade_no": self.out_trade_no, "channel": "ORIGINAL", "user_received_account": "支付用户零钱",
            "create_time": beijing(self.asked), "status": self.state, "funds_account": "AVAILABLE",
            "amount": {"total": total, "refund": refund, "payer_total": total, "payer_refund": refund,
                "settlement_refund": refund, "settlement_total": total, "discount_refund": 0, "currency": "CNY"},
        });
        if let Some(done) = self.done.filter(|_| self.state == RefundState::Success) {
            out["success_time"] = json!(beijing(done));
        }
        out
    }

    /// As callbacks write it.
    pub fn news(&self, mchid: &str, transaction_id: Option<&str>) -> Value {
        let (refund, total) = (self.wish.amount.refund, self.wish.amount.total);
        let mut out = json!({
            "mchid": mchid, "transaction_id": transaction_id, "out_trade_no": self.out_trade_no, "refund_id": self.refund_id,
            "out_refund_no": self.wish.out_refund_no, "refund_status": self.state, "user_received_account": "支付用户零钱",
            "amount": {"total": total, "refund": refund, "payer_total": total, "payer_refund": refund},
        });
        if let Some(done) = self.done.filter(|_| self.state == RefundState::Success) {
            out["success_time"] = json!(beijing(done));
        }
        out
    }
}

fn words(state: Trade) -> &'static str {
    match state {
        Trade::NotPay => "订单未支付",
        Trade::UserPaying => "支付中",
        Trade::Success => "支付成功",
        Trade::Refund => "转入退款",
        Trade::Closed => "订单已关闭",
        Trade::PayError => "支付失败",
    }
}

/// How the platform writes a moment.
pub fn beijing(at: DateTime<Utc>) -> String {
    let zone = chrono::FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| unreachable!("eight hours fit"));
    at.with_timezone(&zone).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
