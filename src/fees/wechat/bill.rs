//! 交易账单: the platform's own list of a day, to be held against ours.
//!
//! Owns reading the bill, pure. Columns are found by their names, because the platform adds new ones. Must never keep
//! the payer's openid or bank, which stand in it, nor take a bill for whole that has lost a line.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

/// Hours the bill's times are ahead of UTC.
const BEIJING_S: i32 = 8 * 3600;

/// A day as the platform saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// In the platform's order.
    pub rows: Vec<BillRow>,
    /// Its own sums, as written under it.
    pub totals: BillTotals,
}

impl Bill {
    /// Do the rows come to what the bill says of itself? Fees are rounded row by row, so they may be off by a fen a row.
    pub fn adds_up(&self) -> bool {
        let made = BillTotals::of(&self.rows);
        let fees_fit = self.totals.fee.abs_diff(made.fee) <= self.rows.len() as u64;
        self.totals.count == made.count && self.totals.total == made.total && self.totals.refund == made.refund && fees_fit
    }
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillKind {
    /// Money came in.
    Payment,
    /// Money went back.
    Refund,
    /// Taken back at once; not with codes or pages.
    Revoked,
}

/// A row of the bill. Fen throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillRow {
    /// 交易时间
    pub at: DateTime<Utc>,
    /// 交易状态
    pub kind: BillKind,
    /// 微信订单号
    pub transaction_id: String,
    /// 商户订单号
    pub out_trade_no: String,
    /// 交易类型: `NATIVE`, `MWEB` …
    pub trade_type: String,
    /// 订单金额: what the order came to, on a payment's row.
    pub total: i64,
    /// 微信退款单号, on a refund's row.
    pub refund_id: Option<String>,
    /// 商户退款单号, on a refund's row.
    pub out_refund_no: Option<String>,
    /// 申请退款金额: what was asked back, on a refund's row.
    pub refund: i64,
    /// 退款状态, in the platform's words.
    pub refund_state: Option<String>,
    /// 手续费: negative where it is given back.
    pub fee: i64,
    /// 费率, as written: `0.60%`.
    pub rate: String,
}

/// The sums under the bill. Fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BillTotals {
    /// 总交易单数
    pub count: usize,
    /// 订单总金额
    pub total: i64,
    /// 申请退款总金额
    pub refund: i64,
    /// 手续费总金额
    pub fee: i64,
}

/// Why a bill cannot be used.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum BillProblem {
    /// Not UTF-8.
    #[error("the bill is not text")]
    Text,
    /// A column we need is not there.
    #[error("the bill has no column {0}")]
    Column(&'static str),
    /// A line cannot be read.
    #[error("line {line}: {what}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// Lines are missing, or there are too many.
    #[error("the bill says it has {said} lines and has {found}")]
    Count {
        /// What it says.
        said: usize,
        /// What is there.
        found: usize,
    },
}

/// Reads a bill of type ALL.
///
/// # Errors
/// When it cannot be used.
pub fn parse(bytes: &[u8]) -> Result<Bill, BillProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| BillProblem::Text)?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let head = Columns::read(lines.next().map_or("", |(_, line)| line));
    let places = RowPlaces::find(&head)?;
    let mut rows = Vec::new();
    let mut sums_head = None;
    for (n, line) in lines.by_ref() {
        if !line.starts_with('`') {
            sums_head = Some(Columns::read(line));
            break;
        }
        rows.push(places.row(&fields(line)).map_err(|what| BillProblem::Line { line: n + 1, what })?);
    }
    let sums_head = sums_head.ok_or(BillProblem::Column("总交易单数"))?;
    let (n, line) = lines.next().ok_or(BillProblem::Column("总交易单数"))?;
    let said = sums(&sums_head, &fields(line), n + 1)?;
    if said.count != rows.len() {
        return Err(BillProblem::Count { said: said.count, found: rows.len() });
    }
    Ok(Bill { rows, totals: said })
}

impl BillTotals {
    /// What rows come to: orders by the rows of payments, refunds and fees by all.
    pub fn of(rows: &[BillRow]) -> Self {
        Self {
            count: rows.len(),
            total: rows.iter().filter(|row| row.kind == BillKind::Payment).map(|row| row.total).sum(),
            refund: rows.iter().map(|row| row.refund).sum(),
            fee: rows.iter().map(|row| row.fee).sum(),
        }
    }
}

/// Where each column stands.
struct Columns(Vec<String>);

impl Columns {
    fn read(line: &str) -> Self {
        Self(line.trim_end().split(',').map(|name| name.trim_start_matches('`').to_owned()).collect())
    }

    fn place(&self, name: &'static str) -> Result<usize, BillProblem> {
        self.0.iter().position(|column| column == name).ok_or(BillProblem::Column(name))
    }
}

/// The fields of a line: each begins with a back-tick, so a comma inside a description parts nothing.
fn fields(line: &str) -> Vec<&str> {
    line.trim_end().strip_prefix('`').map(|rest| rest.split(",`").collect()).unwrap_or_default()
}

struct RowPlaces {
    at: usize,
    transaction_id: usize,
    out_trade_no: usize,
    trade_type: usize,
    kind: usize,
    refund_id: usize,
    out_refund_no: usize,
    refund_state: usize,
    fee: usize,
    rate: usize,
    total: usize,
    refund: usize,
}

impl RowPlaces {
    fn find(head: &Columns) -> Result<Self, BillProblem> {
        Ok(Self {
            at: head.place("交易时间")?,
            transaction_id: head.place("微信订单号")?,
            out_trade_no: head.place("商户订单号")?,
            trade_type: head.place("交易类型")?,
            kind: head.place("交易状态")?,
            refund_id: head.place("微信退款单号")?,
            out_refund_no: head.place("商户退款单号")?,
            refund_state: head.place("退款状态")?,
            fee: head.place("手续费")?,
            rate: head.place("费率")?,
            total: head.place("订单金额")?,
            refund: head.place("申请退款金额")?,
        })
    }

    fn row(&self, fields: &[&str]) -> Result<BillRow, String> {
        let text = |place: usize| fields.get(place).map(|field| (*field).trim()).ok_or_else(|| format!("{} fields only", fields.len()));
        let named = |place: usize| Ok::<_, String>(Some(text(place)?).filter(|id| !id.is_empty() && *id != "0").map(str::to_owned));
        let kind = match text(self.kind)? {
            "SUCCESS" => BillKind::Payment,
            "REFUND" => BillKind::Refund,
            "REVOKED" => BillKind::Revoked,
            other => return Err(format!("unknown state {other}")),
        };
        Ok(BillRow {
            at: beijing(text(self.at)?)?,
            kind,
            transaction_id: text(self.transaction_id)?.to_owned(),
            out_trade_no: text(self.out_trade_no)?.to_owned(),
            trade_type: text(self.trade_type)?.to_owned(),
            total: fen(text(self.total)?)?,
            refund_id: named(self.refund_id)?,
            out_refund_no: named(self.out_refund_no)?,
            refund: fen(text(self.refund)?)?,
            refund_state: named(self.refund_state)?,
            fee: fen(text(self.fee)?)?,
            rate: text(self.rate)?.to_owned(),
        })
    }
}

fn sums(head: &Columns, fields: &[&str], line: usize) -> Result<BillTotals, BillProblem> {
    let field = |name| {
        let place = head.place(name)?;
        fields.get(place).copied().ok_or_else(|| BillProblem::Line { line, what: format!("no {name}") })
    };
    let money = |name| fen(field(name)?).map_err(|what| BillProblem::Line { line, what });
    let count = field("总交易单数")?;
    Ok(BillTotals {
        count: count.parse().map_err(|_| BillProblem::Line { line, what: format!("no number: {count}") })?,
        total: money("订单总金额")?,
        refund: money("申请退款总金额")?,
        fee: money("手续费总金额")?,
    })
}

fn beijing(text: &str) -> Result<DateTime<Utc>, String> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").map_err(|_| format!("no time: {text}"))?;
    let zone = FixedOffset::east_opt(BEIJING_S).ok_or("no zone")?;
    local.and_local_timezone(zone).single().map(|at| at.to_utc()).ok_or_else(|| format!("no time: {text}"))
}

/// Yuan with decimals to fen. Fees are written with five decimals: below a fen is rounded, half away from zero.
fn fen(text: &str) -> Result<i64, String> {
    let wrong = || format!("no amount: {text}");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (yuan, parts) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || yuan.len() > 12 || parts.len() > 8 || !plain(yuan) || !plain(parts) {
        return Err(wrong());
    }
    let padded = format!("{parts:0<3}");
    let yuan: i64 = yuan.parse().map_err(|_| wrong())?;
    let mils: i64 = padded[..3].parse().map_err(|_| wrong())?;
    Ok(sign * (yuan * 100 + (mils + 5) / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
    const PAID: &str = "`2026-11-22 07:59:59,`wx1,`1900000001,`0,`,`4200001,`LT1,`oUser,`NATIVE,`SUCCESS,`OTHERS,`CNY,`50.00,`0.00,`0,`0,`0.00,`0.00,`,`,`案件受理费,第一审,`370102,`0.30000,`0.60%,`50.00,`0.00,`";
    const BACK: &str = "`2026-11-22 09:00:00,`wx1,`1900000001,`0,`,`4200001,`LT1,`oUser,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030001,`RF1,`25.00,`0.00,`ORIGINAL,`SUCCESS,`案件受理费,第一审,`370102,`-0.15000,`0.60%,`0.00,`25.00,`";
    const SUMS_HEAD: &str = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

    fn whole(sums: &str) -> String {
        format!("\u{feff}{HEAD}\r\n{PAID}\r\n{BACK}\r\n{SUMS_HEAD}\r\n{sums}\r\n")
    }

    #[test]
    fn a_bill_is_read() {
        let bill = parse(whole("`2,`50.00,`25.00,`0.00,`0.15,`50.00,`25.00").as_bytes()).unwrap();
        assert_eq!(bill.totals, BillTotals { count: 2, total: 5000, refund: 2500, fee: 15 });
        assert!(bill.adds_up());
        let [paid, back] = &bill.rows[..] else { panic!("two rows") };
        assert_eq!((paid.kind, paid.total, paid.fee, paid.refund_id.as_deref()), (BillKind::Payment, 5000, 30, None));
        assert_eq!(paid.at.to_rfc3339(), "2026-11-21T23:59:59+00:00", "Beijing time, so the day before in UTC");
        assert_eq!((back.kind, back.refund, back.out_refund_no.as_deref()), (BillKind::Refund, 2500, Some("RF1")));
        assert!(!format!("{bill:?}").contains("oUser"), "no openid is kept");
    }

    #[test]
    fn an_empty_day_is_a_bill() {
        let text = format!("{HEAD}\n{SUMS_HEAD}\n`0,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00\n");
        assert_eq!(parse(text.as_bytes()).unwrap().rows, []);
    }

    #[test]
    fn a_bill_that_lost_a_line_is_refused_and_one_that_does_not_add_up_says_so() {
        let lost = parse(whole("`3,`50.00,`25.00,`0.00,`0.15,`50.00,`25.00").as_bytes());
        assert_eq!(lost, Err(BillProblem::Count { said: 3, found: 2 }));
        let off_by_a_fen = parse(whole("`2,`50.00,`25.00,`0.00,`0.15,`50.01,`25.00").as_bytes()).unwrap();
        assert!(!off_by_a_fen.adds_up());
        let rounded_fee = parse(whole("`2,`50.00,`25.00,`0.00,`0.16,`50.00,`25.00").as_bytes()).unwrap();
        assert!(rounded_fee.adds_up());
    }

    #[test]
    fn what_is_no_bill_is_refused() {
        let cases: [(&[u8], BillProblem); 3] = [
            (b"\xff", BillProblem::Text),
            (b"{\"code\":\"NO_STATEMENT_EXIST\"}", BillProblem::Column("交易时间")),
            (HEAD.as_bytes(), BillProblem::Column("总交易单数")),
        ];
        for (bytes, problem) in cases {
            assert_eq!(parse(bytes), Err(problem));
        }
        let short = format!("{HEAD}\n`2026-11-22 07:59:59,`wx1\n");
        assert!(matches!(parse(short.as_bytes()), Err(BillProblem::Line { line: 2, .. })));
    }

    #[test]
    fn yuan_become_fen() {
        let good =
            [("0.00", 0), ("50", 5000), ("0.3", 30), ("-0.15000", -15), ("0.00500", 1), ("0.00499", 0), ("123456789.01", 12_345_678_901)];
        for (text, fen_of) in good {
            assert_eq!(fen(text), Ok(fen_of), "{text}");
        }
        for text in ["", ".5", "1,000.00", "1e3", "--1", "０.01", "9999999999999"] {
            assert!(fen(text).is_err(), "{text}");
        }
    }
}
