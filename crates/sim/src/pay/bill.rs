//! The bill of a day. Owns its columns and the differences a test asks for; must never change the book.

use std::fmt::Write;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};

use super::Desk;
use super::book::{Book, Order, Refund, RefundState, Refusal, fee};

const HEAD: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUMS: &str = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
/// When yesterday's bill is there.
const READY_AT: u32 = 10;

/// How the bill differs from what happened.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Differences {
    /// Orders and refunds that are left out.
    pub drop: Vec<String>,
    /// Payments nobody made here.
    pub add: Vec<Added>,
    /// Fen more or less of fee, by order or refund.
    pub fees: Vec<FeeOff>,
    /// Offer bills of any day at any hour.
    pub at_once: bool,
    /// Say one line too many under the bill.
    pub lose_line: bool,
}

/// A payment that stands in the bill only.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Added {
    pub out_trade_no: String,
    pub total: i64,
    /// Beijing day.
    pub day: NaiveDate,
}

/// A fee that is not what it should be.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FeeOff {
    pub number: String,
    pub by: i64,
}

struct Row<'a> {
    at: DateTime<Utc>,
    order: Option<&'a Order>,
    out_trade_no: &'a str,
    total: i64,
    refund: Option<&'a Refund>,
    fee: i64,
}

/// The bill as a file.
pub fn of_day(desk: &Desk, day: &str) -> Result<String, Refusal> {
    let day: NaiveDate = day.parse().map_err(|_| (400, "PARAM_ERROR", "账单日期格式为 yyyy-MM-DD"))?;
    let told = desk.told();
    let now = desk.clock.now().with_timezone(&zone());
    if !told.bill.at_once {
        if day >= now.date_naive() || (now.date_naive() - day) > TimeDelta::days(92) {
            return Err((400, "INVALID_REQUEST", "仅支持查询昨日起三个月内的账单"));
        }
        if now.date_naive() - day == TimeDelta::days(1) && now.hour() < READY_AT {
            return Err((400, "STATEMENT_CREATING", "账单生成中"));
        }
    }
    let book = desk.book();
    let mut rows = rows(&book, &told.bill, day);
    if rows.is_empty() {
        return Err((400, "NO_STATEMENT_EXIST", "账单文件不存在"));
    }
    rows.sort_by_key(|row| row.at);
    Ok(write(desk, &rows, told.bill.lose_line))
}

fn zone() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| unreachable!("eight hours fit"))
}

fn rows<'a>(book: &'a Book, tell: &'a Differences, day: NaiveDate) -> Vec<Row<'a>> {
    let on_day = |at: DateTime<Utc>| at.with_timezone(&zone()).date_naive() == day;
    let off = |number: &str| tell.fees.iter().filter(|it| it.number == number).map(|it| it.by).sum::<i64>();
    let kept = |number: &String| !tell.drop.contains(number);
    let mut rows = Vec::new();
    for (number, order) in book.orders.iter().filter(|(number, _)| kept(number)) {
        if let Some(at) = order.paid.filter(|at| on_day(*at)) {
            let total = order.wish.amount.total;
            rows.push(Row { at, order: Some(order), out_trade_no: number, total, refund: None, fee: fee(total) + off(number) });
        }
    }
    for (number, refund) in book.refunds.iter().filter(|(number, _)| kept(number)) {
        if let Some(at) = refund.done.filter(|at| on_day(*at) && refund.state == RefundState::Success) {
            let back = -fee(refund.wish.amount.refund) + off(number);
            let order = book.orders.get(&refund.out_trade_no);
            rows.push(Row { at, order, out_trade_no: &refund.out_trade_no, total: 0, refund: Some(refund), fee: back });
        }
    }
    for added in tell.add.iter().filter(|added| added.day == day) {
        let noon = day.and_hms_opt(12, 0, 0).and_then(|noon| noon.and_local_timezone(zone()).single());
        let at = noon.map(|noon| noon.to_utc()).unwrap_or_default();
        rows.push(Row { at, order: None, out_trade_no: &added.out_trade_no, total: added.total, refund: None, fee: fee(added.total) });
    }
    rows
}

fn write(desk: &Desk, rows: &[Row<'_>], lose_line: bool) -> String {
    let mut out = format!("\u{feff}{HEAD}\r\n");
    for row in rows {
        line(&mut out, &fields(desk, row));
    }
    let back = |row: &Row<'_>| row.refund.map_or(0, |refund| refund.wish.amount.refund);
    let (total, back): (i64, i64) = (rows.iter().map(|row| row.total).sum(), rows.iter().map(back).sum());
    let fees: i64 = rows.iter().map(|row| row.fee).sum();
    let _ = write!(out, "{SUMS}\r\n");
    let count = rows.len() + usize::from(lose_line);
    line(&mut out, &[count.to_string(), yuan(total), yuan(back), yuan(0), yuan(fees), yuan(total), yuan(back)]);
    out
}

fn line(out: &mut String, fields: &[String]) {
    let line: Vec<String> = fields.iter().map(|field| format!("`{field}")).collect();
    out.push_str(&line.join(","));
    out.push_str("\r\n");
}

fn fields(desk: &Desk, row: &Row<'_>) -> [String; 27] {
    let order = row.order;
    let text = |of: Option<&String>| of.cloned().unwrap_or_default();
    let refund = row.refund;
    let back = refund.map_or(0, |refund| refund.wish.amount.refund);
    let no_id = || "0".to_owned();
    [
        row.at.with_timezone(&zone()).format("%Y-%m-%d %H:%M:%S").to_string(),
        desk.appid.clone(),
        desk.mchid.clone(),
        "0".into(),
        String::new(),
        order.and_then(|order| order.transaction_id.clone()).unwrap_or_else(|| "4200009999999999".into()),
        row.out_trade_no.to_owned(),
        text(order.and_then(|order| order.payer.as_ref())),
        order.map_or("NATIVE", |order| &order.trade_type).to_owned(),
        if refund.is_some() { "REFUND" } else { "SUCCESS" }.into(),
        "OTHERS".into(),
        "CNY".into(),
        yuan(row.total),
        yuan(0),
        refund.map_or_else(no_id, |refund| refund.refund_id.clone()),
        refund.map_or_else(no_id, |refund| refund.wish.out_refund_no.clone()),
        yuan(back),
        yuan(0),
        refund.map_or("", |_| "ORIGINAL").into(),
        refund.map_or("", |_| "SUCCESS").into(),
        text(order.map(|order| &order.wish.description)),
        text(order.and_then(|order| order.wish.attach.as_ref())),
        format!("{}000", yuan(row.fee)),
        "0.60%".into(),
        yuan(row.total),
        yuan(back),
        String::new(),
    ]
}

fn yuan(fen: i64) -> String {
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.abs() / 100, fen.abs() % 100)
}
