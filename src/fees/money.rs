//! Money between the claim and the fee: yuan as people type them, exact parts of a fen, one rounding at the end.
//!
//! Owns the reading and writing of amounts and the ways to round. Must never use floating point, and
//! never round twice. Imports nothing of ours but the error.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, said};

/// The largest amount that is read: a thousand million million yuan. Longer ones are typing mistakes.
pub const MOST_FEN: i64 = 100_000_000_000_000_000;

/// Parts of a fen in which fees are exact: a thousandth (rates), halved (Art 15–18), or a third (Art 14(3)).
const PARTS: i128 = 6_000;

/// How a fee with parts of a fen becomes money; the decree is silent, a court decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// 四舍五入到分.
    #[default]
    HalfUp,
    /// 四舍六入五成双到分.
    HalfEven,
    /// 舍去不足一分的部分.
    Down,
    /// 不足一分的进一分.
    Up,
    /// 四舍五入到元.
    HalfUpYuan,
    /// 舍去不足一元的部分.
    DownYuan,
}

impl Rounding {
    /// Every way there is, by the word of the rule.
    pub const ALL: [(&str, Self); 6] = [
        ("half_up", Self::HalfUp),
        ("half_even", Self::HalfEven),
        ("down", Self::Down),
        ("up", Self::Up),
        ("half_up_yuan", Self::HalfUpYuan),
        ("down_yuan", Self::DownYuan),
    ];

    /// Finds a way by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, way)| *way)
    }

    /// Says the way, in Chinese and English.
    pub fn say(self) -> (&'static str, &'static str) {
        match self {
            Self::HalfUp => ("四舍五入到分", "rounded half up to the fen"),
            Self::HalfEven => ("四舍六入五成双到分", "rounded half to even, to the fen"),
            Self::Down => ("舍去不足一分的部分", "rounded down to the fen"),
            Self::Up => ("不足一分的进一分", "rounded up to the fen"),
            Self::HalfUpYuan => ("四舍五入到元", "rounded half up to the yuan"),
            Self::DownYuan => ("舍去不足一元的部分", "rounded down to the yuan"),
        }
    }
}

/// An exact amount of money, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Exact(i128);

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole fen.
    pub fn fen(fen: i64) -> Self {
        Self(i128::from(fen) * PARTS)
    }

    /// So many thousandths of an amount in fen.
    pub fn permille(fen: i64, rate: u32) -> Self {
        Self(i128::from(fen) * i128::from(rate) * (PARTS / 1000))
    }

    /// The half of it (Art 15, 16, 18).
    pub fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// The third of it (Art 14(3)).
    pub fn third(self) -> Self {
        Self(self.0 / 3)
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// Money, rounded once.
    pub fn round(self, way: Rounding) -> i64 {
        let unit = if matches!(way, Rounding::HalfUpYuan | Rounding::DownYuan) { PARTS * 100 } else { PARTS };
        let (whole, rest) = (self.0.div_euclid(unit), self.0.rem_euclid(unit));
        let up = match way {
            Rounding::Down | Rounding::DownYuan => false,
            Rounding::Up => rest > 0,
            Rounding::HalfUp | Rounding::HalfUpYuan => rest * 2 >= unit,
            Rounding::HalfEven => rest * 2 > unit || (rest * 2 == unit && whole % 2 == 1),
        };
        let fen = (whole + i128::from(up)) * (unit / PARTS);
        i64::try_from(fen).unwrap_or(i64::MAX)
    }

    /// Tells whether it is whole fen.
    pub fn is_whole(self) -> bool {
        self.0 % PARTS == 0
    }

    /// In yuan with as many decimals as are true, at least two and at most five.
    pub fn yuan(self) -> String {
        let thousandths = self.0 / (PARTS / 1000);
        let (yuan, rest) = (thousandths / 100_000, thousandths % 100_000);
        let decimals = format!("{rest:05}");
        let (two, more) = decimals.split_at(2);
        format!("{yuan}.{two}{}", more.trim_end_matches('0'))
    }
}

/// Writes fen as yuan with two decimals: `50.00`.
pub fn yuan(fen: i64) -> String {
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// Writes fen as people read them: `10,000` or `10,000.50`.
pub fn grouped(fen: i64) -> String {
    let digits = (fen / 100).to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    match fen % 100 {
        0 => out,
        rest => format!("{out}.{rest:02}"),
    }
}

/// Reads yuan with up to two decimals: `1234.5`, `1,234.50`, `￥1234`, `3.5万`, `1234元`.
///
/// # Errors
/// Says which: negative, unreadable, more than two decimals, too large.
pub fn read_yuan(text: &str) -> Result<i64> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
    let bare = bare.trim_start_matches(['¥', '￥']).trim_end_matches("元").trim_end_matches("yuan").trim_end_matches("CNY");
    if bare.starts_with(['-', '−', '–']) {
        return Err(Error::invalid(
            "fee.amount_negative",
            said(format!("金额不能是负数：{}。", shown(text)), format!("The amount cannot be negative: {}.", shown(text))),
            said(
                "请填 0 或更大的数。减少请求的，选「减少诉讼请求」。",
                "Give 0 or more. For a lowered claim choose `claim_decrease_refund`.",
            ),
        ));
    }
    let (digits, places) = match bare.strip_suffix('万') {
        Some(head) => (head, 6),
        None => (bare, 2),
    };
    let unreadable = || {
        Error::invalid(
            "fee.amount_unreadable",
            said(format!("看不懂这个金额：{}。", shown(text)), format!("This amount cannot be read: {}.", shown(text))),
            said(
                "请用数字，单位是元，最多两位小数，例如 300000 或 1234567.89；几项相加写 60000+40000。",
                "Use digits, in yuan, at most two decimals, such as 300000 or 1234567.89; several claims as 60000+40000.",
            ),
        )
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungrouped(whole).ok_or_else(unreadable)?;
    if whole.is_empty() && decimals.is_empty() || !whole.chars().chain(decimals.chars()).all(|c| c.is_ascii_digit()) {
        return Err(unreadable());
    }
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > places {
        return Err(Error::invalid(
            "fee.amount_decimals",
            said("金额最多到分（两位小数）。", "An amount goes down to the fen (two decimals)."),
            said("请去掉多出的小数。", "Drop the further decimals."),
        ));
    }
    let number = format!("{}{decimals:0<places$}", whole.trim_start_matches('0'));
    let fen = if number.len() > 19 { None } else { number.parse::<i64>().ok() };
    fen.filter(|fen| *fen <= MOST_FEN).ok_or_else(too_large)
}

/// The refusal of an amount no claim ever had.
pub fn too_large() -> Error {
    Error::invalid(
        "fee.amount_too_large",
        said("金额太大。最多一千万亿元。", "The amount is too large. At most 1,000,000,000,000,000 yuan."),
        said("请核对位数，单位是元。", "Check the number of digits; the unit is yuan."),
    )
}

/// The first signs of what was typed, so that no answer repeats a flood.
pub fn shown(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() > 40 { text.chars().take(40).chain(['…']).collect() } else { text.to_owned() }
}

/// Full-width digits and signs as their narrow ones.
pub fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' | '＋' | '－' | '＝' | '；' | '：' | '＞' | '（' | '）' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '。' => '.',
        _ => c,
    }
}

/// Digits without their thousands separators; nothing when the groups are not of three.
fn ungrouped(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let head = groups.next().filter(|head| (1..=3).contains(&head.len()))?;
    let mut out = head.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_read_as_people_type_them() {
        let rows = [
            ("0", 0),
            ("9999.99", 999_999),
            ("10000", 1_000_000),
            ("1,234,567.89", 123_456_789),
            ("￥1 234.5", 123_450),
            ("３５００元", 350_000),
            ("3.5万", 3_500_000),
            (".5", 50),
            ("1.10000", 110),
            ("007", 700),
            ("1000000000000000", MOST_FEN),
        ];
        for (text, fen) in rows {
            assert_eq!(read_yuan(text).unwrap(), fen, "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_by_its_name() {
        let rows = [
            ("-1", "fee.amount_negative"),
            ("", "fee.amount_unreadable"),
            (".", "fee.amount_unreadable"),
            ("1e9", "fee.amount_unreadable"),
            ("12,34", "fee.amount_unreadable"),
            ("1.2.3", "fee.amount_unreadable"),
            ("abc", "fee.amount_unreadable"),
            ("0x10", "fee.amount_unreadable"),
            ("1.001", "fee.amount_decimals"),
            ("1000000000000000.01", "fee.amount_too_large"),
            ("99999999999999999999999999999999", "fee.amount_too_large"),
        ];
        for (text, code) in rows {
            assert_eq!(read_yuan(text).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn one_rounding_at_the_end_by_the_rule_of_the_court() {
        let fee = Exact::fen(5_000).plus(Exact::permille(100, 25)); // 50.025
        let rows = [
            (Rounding::HalfUp, 5_003),
            (Rounding::HalfEven, 5_002),
            (Rounding::Down, 5_002),
            (Rounding::Up, 5_003),
            (Rounding::HalfUpYuan, 5_000),
            (Rounding::DownYuan, 5_000),
        ];
        for (way, fen) in rows {
            assert_eq!(fee.round(way), fen, "{way:?}");
        }
        assert_eq!(fee.yuan(), "50.025");
        assert_eq!(Exact::fen(5_000).third().round(Rounding::HalfUp), 1_667);
        assert_eq!(fee.half().round(Rounding::HalfUp), 2_501); // 25.0125, rounded once
        assert_eq!(Exact::fen(5_050).round(Rounding::HalfUpYuan), 5_100);
    }

    #[test]
    fn money_is_written_plainly() {
        assert_eq!(yuan(0), "0.00");
        assert_eq!(yuan(5_003), "50.03");
        assert_eq!(grouped(123_456_789), "1,234,567.89");
        assert_eq!(grouped(1_000_000), "10,000");
    }
}
