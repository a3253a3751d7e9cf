//! What goes over the wire, as far as we look at it.
//!
//! Owns the shapes of orders and refunds. Money is fen. Must never name a payer's openid, a bank or an account: serde
//! drops what has no field here, so those are gone before anybody can keep them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An order to be placed; the same number with the same content again is the same order.
#[derive(Debug, Clone)]
pub struct NewOrder<'a> {
    /// 商户订单号: 6 to 32 signs of `[0-9A-Za-z_\-|*]`, never used for another order.
    pub out_trade_no: &'a str,
    /// What the payer reads, at most 127 signs.
    pub description: &'a str,
    /// Fen.
    pub total: i64,
    /// Cannot be paid after this.
    pub expires: DateTime<Utc>,
    /// Comes back with the callback and in the bill, at most 128 bytes; no personal data.
    pub attach: Option<&'a str>,
    /// Path of our callback door, appended to `LIANTING_WECHATPAY_NOTIFY_BASE`.
    pub notify_path: &'a str,
}

/// A refund to be asked for; the same number with the same content again is the same refund.
#[derive(Debug, Clone)]
pub struct NewRefund<'a> {
    /// 商户退款单号: at most 64 signs of `[0-9A-Za-z_\-|*@]`.
    pub out_refund_no: &'a str,
    /// The order that was paid.
    pub out_trade_no: &'a str,
    /// Fen to go back.
    pub refund: i64,
    /// Fen of the whole order.
    pub total: i64,
    /// What the payer reads, at most 80 signs.
    pub reason: &'a str,
    /// Path of our callback door.
    pub notify_path: &'a str,
}

/// 交易状态.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    /// 支付成功
    Success,
    /// 转入退款: paid, and something of it is on its way back or went back.
    Refund,
    /// 未支付
    NotPay,
    /// 已关闭
    Closed,
    /// 已撤销 (not with codes or pages, kept for completeness)
    Revoked,
    /// 用户支付中: it may still succeed.
    UserPaying,
    /// 支付失败
    PayError,
}

impl TradeState {
    /// Has money come in under this order?
    pub fn is_paid(self) -> bool {
        matches!(self, Self::Success | Self::Refund)
    }
}

/// An order as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Ours.
    pub out_trade_no: String,
    /// The platform's, once paid.
    pub transaction_id: Option<String>,
    /// How it stands.
    pub state: TradeState,
    /// The platform's words for it.
    pub state_text: String,
    /// Fen of the order; the platform leaves it out before payment.
    pub total: Option<i64>,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// `NATIVE`, `MWEB` …
    pub trade_type: Option<String>,
    /// What we attached.
    pub attach: Option<String>,
}

/// 退款状态.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundState {
    /// 退款成功
    Success,
    /// 退款关闭: it will not happen; a new number is needed.
    Closed,
    /// 退款处理中
    Processing,
    /// 退款异常: the payer's account takes no money; somebody has to look at it.
    Abnormal,
}

/// A refund as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Ours.
    pub out_refund_no: String,
    /// The platform's.
    pub refund_id: String,
    /// The order it belongs to.
    pub out_trade_no: String,
    /// The platform's number of that order.
    pub transaction_id: String,
    /// How it stands.
    pub state: RefundState,
    /// Fen that go back.
    pub refund: i64,
    /// Fen of the whole order.
    pub total: i64,
    /// When the money was back.
    pub refunded_at: Option<DateTime<Utc>>,
}

/// An order as it is written on the wire, in answers and in callbacks.
#[derive(Debug, Deserialize)]
pub(super) struct WireTransaction {
    pub mchid: String,
    pub out_trade_no: String,
    transaction_id: Option<String>,
    trade_state: TradeState,
    #[serde(default)]
    trade_state_desc: String,
    trade_type: Option<String>,
    attach: Option<String>,
    success_time: Option<DateTime<Utc>>,
    amount: Option<WireAmount>,
}

#[derive(Debug, Deserialize)]
struct WireAmount {
    total: Option<i64>,
    currency: Option<String>,
}

impl WireTransaction {
    /// The order, unless it is paid without saying when, how much and under which number, or not in yuan.
    pub(super) fn read(self) -> Option<Transaction> {
        let amount = self.amount.unwrap_or(WireAmount { total: None, currency: None });
        if amount.currency.as_deref().is_some_and(|currency| currency != "CNY") {
            return None;
        }
        if self.trade_state.is_paid() && (amount.total.is_none() || self.transaction_id.is_none() || self.success_time.is_none()) {
            return None;
        }
        Some(Transaction {
            out_trade_no: self.out_trade_no,
            transaction_id: self.transaction_id.filter(|id| !id.is_empty()),
            state: self.trade_state,
            state_text: self.trade_state_desc,
            total: amount.total,
            paid_at: self.success_time,
            trade_type: self.trade_type,
            attach: self.attach.filter(|attach| !attach.is_empty()),
        })
    }
}

/// A refund as it is written on the wire; callbacks say `refund_status` where answers say `status`.
#[derive(Debug, Deserialize)]
pub(super) struct WireRefund {
    /// Only callbacks name it.
    pub mchid: Option<String>,
    pub out_refund_no: String,
    refund_id: String,
    out_trade_no: String,
    transaction_id: String,
    #[serde(alias = "refund_status")]
    status: RefundState,
    success_time: Option<DateTime<Utc>>,
    amount: WireRefundAmount,
}

#[derive(Debug, Deserialize)]
struct WireRefundAmount {
    total: i64,
    refund: i64,
    currency: Option<String>,
}

impl WireRefund {
    /// The refund, unless it is done without saying when, or not in yuan.
    pub(super) fn read(self) -> Option<Refund> {
        if self.amount.currency.as_deref().is_some_and(|currency| currency != "CNY") {
            return None;
        }
        if self.status == RefundState::Success && self.success_time.is_none() {
            return None;
        }
        Some(Refund {
            out_refund_no: self.out_refund_no,
            refund_id: self.refund_id,
            out_trade_no: self.out_trade_no,
            transaction_id: self.transaction_id,
            state: self.status,
            refund: self.amount.refund,
            total: self.amount.total,
            refunded_at: self.success_time,
        })
    }
}
