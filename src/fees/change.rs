//! What a change costs or gives back: a claim raised or lowered, a procedure changed, a payment order that lapses.
//!
//! Owns the differences (Art 21, 35; I Art 195, 199). Works on collected money: both sides of a
//! difference are rounded as they were or will be collected. Must never pay out or charge anything.

use super::money::{Exact, Rounding, grouped};
use super::tariff::Line;

/// Which way money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// 应交.
    Pay,
    /// 退还.
    Refund,
    /// 补交.
    TopUp,
    /// 不收.
    Free,
}

impl Meaning {
    /// The word the API uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Refund => "refund",
            Self::TopUp => "top_up",
            Self::Free => "free",
        }
    }
}

/// A difference between what was collected and what is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// How much, in fen; never negative.
    pub fen: i64,
    /// Which way.
    pub meaning: Meaning,
    /// The reckoning.
    pub lines: Vec<Line>,
}

/// What is due after a change, rounded, against what was collected.
fn against(due: i64, paid: i64) -> Vec<Line> {
    vec![Line::adds("现在应交。", "Now due.", Exact::fen(due)), Line::adds("已经交纳。", "Already paid.", Exact::fen(paid))]
}

/// A claim is lowered: the difference back before the court investigation ends, nothing after (Art 21(2), 35).
pub fn lowered(before: Exact, after: Exact, paid: Option<i64>, in_time: bool, way: Rounding) -> Difference {
    let due = after.round(way);
    // without a word on what was paid, the two fees that stand above say it
    let mut lines = paid.map(|paid| against(due, paid)).unwrap_or_default();
    let fen = if in_time { (paid.unwrap_or_else(|| before.round(way)) - due).max(0) } else { 0 };
    let (zh, en) = if in_time {
        ("法庭调查终结前减少请求，退还差额。", "Lowered before the court investigation ended: the difference is refunded.")
    } else {
        (
            "法庭调查终结后才减少请求，不退，由当事人负担。",
            "Lowered after the court investigation ended: nothing is refunded; the party bears it.",
        )
    };
    lines.push(Line::makes(zh, en, Exact::fen(fen)));
    Difference { fen, meaning: Meaning::Refund, lines }
}

/// A claim is raised: the fee on the new amount, less what was paid (Art 21(1)).
pub fn raised(before: Exact, after: Exact, paid: Option<i64>, way: Rounding) -> Difference {
    let (zh, en) = ("增加请求，补交差额。", "The claim was raised: the difference is to be paid.");
    let due = after.round(way);
    let mut out = top_up(due, paid.unwrap_or_else(|| before.round(way)), zh, en);
    if paid.is_none() {
        out.lines.retain(|line| line.result);
    }
    out
}

/// 简易程序转普通程序: the other half, within seven days of the notice (I Art 199).
pub fn to_ordinary(full: Exact, paid: Option<i64>, way: Rounding) -> Difference {
    let paid = paid.unwrap_or_else(|| full.half().round(way));
    top_up(
        full.round(way),
        paid,
        "转为普通程序，接到通知次日起七日内补交。",
        "Ordinary procedure from now on: to be paid within seven days from the day after the notice.",
    )
}

/// 转普通程序后不补交: treated as withdrawn, half of what was collected is refunded (I Art 199).
pub fn to_ordinary_unpaid(full: Exact, paid: Option<i64>, way: Rounding) -> Difference {
    let paid = paid.unwrap_or_else(|| full.half().round(way));
    let fen = Exact::fen(paid).half().round(way);
    let lines = vec![
        Line::adds("已经交纳。", "Already paid.", Exact::fen(paid)),
        Line::makes(
            "无正当理由逾期不补交，按撤诉处理，退还一半。",
            "Not topped up without reason: treated as withdrawn, half is refunded.",
            Exact::fen(fen),
        ),
    ];
    Difference { fen, meaning: Meaning::Refund, lines }
}

/// 支付令失效转入诉讼: up to the acceptance fee (I Art 195).
pub fn to_suit(full: Exact, paid: Option<i64>, way: Rounding) -> Difference {
    let paid = paid.unwrap_or_else(|| full.third().round(way));
    top_up(
        full.round(way),
        paid,
        "支付令失效转入诉讼，补足案件受理费。",
        "The payment order lapsed into a suit: to be paid up to the acceptance fee.",
    )
}

fn top_up(due: i64, paid: i64, zh: &str, en: &str) -> Difference {
    let fen = (due - paid).max(0);
    let mut lines = against(due, paid);
    lines.push(Line::makes(zh, en, Exact::fen(fen)));
    if paid > due {
        let more = grouped(paid - due);
        lines.push(Line::say(
            format!("已交的多出 {more} 元，不用补交。"),
            format!("{more} yuan more than due was paid; nothing is to be added."),
        ));
    }
    Difference { fen, meaning: Meaning::TopUp, lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fees::tariff::PROPERTY;

    fn fee(yuan: i64) -> Exact {
        PROPERTY.climb(yuan * 100).0
    }

    #[test]
    fn a_change_moves_the_difference_only() {
        let way = Rounding::HalfUp;
        assert_eq!(lowered(fee(300_000), fee(100_000), None, true, way).fen, 350_000);
        assert_eq!(lowered(fee(300_000), fee(100_000), None, false, way).fen, 0);
        assert_eq!(lowered(fee(300_000), fee(100_000), Some(100_000), true, way).fen, 0);
        assert_eq!(raised(fee(100_000), fee(300_000), None, way).fen, 350_000);
        assert_eq!(to_ordinary(fee(500_000), Some(440_000), way).fen, 440_000);
        assert_eq!(to_ordinary(fee(500_000), None, way).fen, 440_000);
        assert_eq!(to_ordinary_unpaid(fee(500_000), None, way).fen, 220_000);
        assert_eq!(to_suit(fee(100_000), None, way).fen, 230_000 - 76_667);
        assert_eq!(to_suit(fee(100_000), Some(300_000), way).fen, 0);
    }

    #[test]
    fn there_and_back_is_nothing() {
        let way = Rounding::HalfUp;
        for (a, b) in [(10_001, 20_003), (99_999, 1_000_001), (1, 10_000)] {
            assert_eq!(raised(fee(a), fee(b), None, way).fen, lowered(fee(b), fee(a), None, true, way).fen, "{a} {b}");
        }
    }
}
