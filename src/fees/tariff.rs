//! The scales of the decree (Art 13, 14), and how an amount climbs them tier by tier.
//!
//! Owns the figures of the decree itself. Must never hold a figure a province or court sets
//! (`rates.rs`), and never round: that is done once, at the end (`reckon.rs`).

use super::money::{Exact, grouped};

/// What one tier costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// So many fen for the whole tier.
    Flat(i64),
    /// So many thousandths of what lies in the tier.
    Permille(u32),
}

/// One tier of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Its upper bound in fen, included; none for the last.
    pub up_to: Option<i64>,
    /// What it costs.
    pub price: Price,
}

/// A scale of the decree.
#[derive(Debug, PartialEq, Eq)]
pub struct Scale {
    /// Its tiers, lowest first.
    pub tiers: &'static [Tier],
    /// The most it comes to.
    pub cap: Option<i64>,
}

const fn flat(up_to_yuan: i64, yuan: i64) -> Tier {
    Tier { up_to: Some(up_to_yuan * 100), price: Price::Flat(yuan * 100) }
}
const fn to(up_to_yuan: i64, permille: u32) -> Tier {
    Tier { up_to: Some(up_to_yuan * 100), price: Price::Permille(permille) }
}
const fn above(permille: u32) -> Tier {
    Tier { up_to: None, price: Price::Permille(permille) }
}

/// 财产案件 (Art 13(1)).
pub static PROPERTY: Scale = Scale {
    tiers: &[
        flat(10_000, 50),
        to(100_000, 25),
        to(200_000, 20),
        to(500_000, 15),
        to(1_000_000, 10),
        to(2_000_000, 9),
        to(5_000_000, 8),
        to(10_000_000, 7),
        to(20_000_000, 6),
        above(5),
    ],
    cap: None,
};

/// 执行 (Art 14(1)).
pub static ENFORCEMENT: Scale =
    Scale { tiers: &[flat(10_000, 50), to(500_000, 15), to(5_000_000, 10), to(10_000_000, 5), above(1)], cap: None };

/// 财产保全 (Art 14(2)): no more than 5,000 yuan.
pub static PRESERVATION: Scale = Scale { tiers: &[flat(1_000, 30), to(100_000, 10), above(5)], cap: Some(500_000) };

/// 离婚案件涉及财产分割的部分 (Art 13(2)1).
pub static DIVORCE_PROPERTY: Scale = Scale { tiers: &[flat(200_000, 0), above(5)], cap: None };

/// 人格权案件涉及损害赔偿的部分 (Art 13(2)2).
pub static PERSONALITY_DAMAGES: Scale = Scale { tiers: &[flat(50_000, 0), to(100_000, 10), above(5)], cap: None };

/// The most a bankruptcy costs (Art 14(6)).
pub const BANKRUPTCY_CAP: i64 = 30_000_000;

/// One line of a reckoning: the sentence in two languages, and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The sentence in Chinese.
    pub zh: String,
    /// The sentence in English.
    pub en: String,
    /// The part of the amount the line is about, in fen.
    pub part: Option<i64>,
    /// The rate, in thousandths.
    pub permille: Option<u32>,
    /// What the line adds, or comes to.
    pub comes_to: Option<Exact>,
    /// True for a line that states a result instead of adding a part.
    pub result: bool,
}

impl Line {
    /// A line that only says something.
    pub fn say(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into(), part: None, permille: None, comes_to: None, result: false }
    }

    /// A line that adds an amount, or names one that is compared.
    pub fn adds(zh: impl Into<String>, en: impl Into<String>, amount: Exact) -> Self {
        Self { comes_to: Some(amount), ..Self::say(zh, en) }
    }

    /// A line that says what it comes to so far.
    pub fn makes(zh: impl Into<String>, en: impl Into<String>, amount: Exact) -> Self {
        Self { comes_to: Some(amount), result: true, ..Self::say(zh, en) }
    }
}

impl Scale {
    /// Climbs the scale: the fee before any halving or rounding, and a line for each tier that counts.
    pub fn climb(&self, amount: i64) -> (Exact, Vec<Line>) {
        let mut fee = Exact::ZERO;
        let mut lines = Vec::new();
        let mut floor = 0;
        for tier in self.tiers {
            // the first tier is owed by every amount, also by none
            if amount <= floor && floor > 0 {
                break;
            }
            let part = tier.up_to.map_or(amount, |up_to| amount.min(up_to)) - floor;
            let line = tier.line(floor, part);
            fee = fee.plus(line.comes_to.unwrap_or_default());
            lines.push(line);
            let Some(up_to) = tier.up_to else { break };
            floor = up_to;
        }
        if lines.len() > 1 {
            lines.push(Line::makes("各段相加。", "The tiers together.", fee));
        }
        if let Some(cap) = self.cap.filter(|cap| fee > Exact::fen(*cap)) {
            fee = Exact::fen(cap);
            lines.push(capped(cap));
        }
        (fee, lines)
    }
}

/// The line that says a cap was reached.
pub fn capped(cap: i64) -> Line {
    let most = grouped(cap);
    Line::makes(format!("最多交纳 {most} 元，按 {most} 元。"), format!("No more than {most} yuan is charged."), Exact::fen(cap))
}

impl Tier {
    fn line(&self, floor: i64, part: i64) -> Line {
        let span = match (floor, self.up_to) {
            (0, Some(to)) => (format!("不超过 {} 元的部分", grouped(to)), format!("up to {} yuan", grouped(to))),
            (from, Some(to)) => (
                format!("超过 {} 元至 {} 元的部分", grouped(from), grouped(to)),
                format!("over {} up to {} yuan", grouped(from), grouped(to)),
            ),
            (from, None) => (format!("超过 {} 元的部分", grouped(from)), format!("over {} yuan", grouped(from))),
        };
        match self.price {
            Price::Flat(0) => Line {
                part: Some(part),
                ..Line::adds(format!("{}，不另行交纳。", span.0), format!("The part {}: nothing is added.", span.1), Exact::ZERO)
            },
            Price::Flat(fen) => Line {
                part: Some(part),
                ..Line::adds(
                    format!("{}，每件 {} 元。", span.0, grouped(fen)),
                    format!("The part {}: {} yuan a case.", span.1, grouped(fen)),
                    Exact::fen(fen),
                )
            },
            Price::Permille(rate) => Line {
                part: Some(part),
                permille: Some(rate),
                ..Line::adds(
                    format!("{}：{} 元 × {}。", span.0, grouped(part), percent(rate)),
                    format!("The part {}: {} yuan × {}.", span.1, grouped(part), percent(rate)),
                    Exact::permille(part, rate),
                )
            },
        }
    }
}

/// Writes thousandths as a percentage: 25 → `2.5%`.
pub fn percent(permille: u32) -> String {
    match permille % 10 {
        0 => format!("{}%", permille / 10),
        rest => format!("{}.{rest}%", permille / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fees::money::Rounding;

    fn fee(scale: &Scale, yuan: i64) -> String {
        crate::fees::money::yuan(scale.climb(yuan * 100).0.round(Rounding::HalfUp))
    }

    #[test]
    fn the_scales_meet_at_every_bound() {
        // by hand, from the text of the decree: bound, fee at the bound, fee one yuan above it
        let property = [
            (10_000, "50.00", "50.03"),
            (100_000, "2300.00", "2300.02"),
            (200_000, "4300.00", "4300.02"),
            (500_000, "8800.00", "8800.01"),
            (1_000_000, "13800.00", "13800.01"),
            (2_000_000, "22800.00", "22800.01"),
            (5_000_000, "46800.00", "46800.01"),
            (10_000_000, "81800.00", "81800.01"),
            (20_000_000, "141800.00", "141800.01"),
        ];
        for (bound, at, above) in property {
            assert_eq!((fee(&PROPERTY, bound).as_str(), fee(&PROPERTY, bound + 1).as_str()), (at, above), "{bound}");
        }
        let enforcement = [(10_000, "50.00"), (500_000, "7400.00"), (5_000_000, "52400.00"), (10_000_000, "77400.00")];
        for (bound, at) in enforcement {
            assert_eq!(fee(&ENFORCEMENT, bound), at, "{bound}");
        }
        let preservation = [(0, "30.00"), (1_000, "30.00"), (100_000, "1020.00"), (895_999, "5000.00"), (896_000, "5000.00")];
        for (bound, at) in preservation {
            assert_eq!(fee(&PRESERVATION, bound), at, "{bound}");
        }
        assert_eq!(fee(&PRESERVATION, 895_000), "4995.00");
    }

    #[test]
    fn the_quick_table_says_the_same() {
        // fee = rate·x + k, the published shortcut, against the climb
        let rows: [(i64, i64, i64, i64); 9] = [
            (100_000, 25, -200, 10_001),
            (200_000, 20, 300, 100_001),
            (500_000, 15, 1_300, 200_001),
            (1_000_000, 10, 3_800, 500_001),
            (2_000_000, 9, 4_800, 1_000_001),
            (5_000_000, 8, 6_800, 2_000_001),
            (10_000_000, 7, 11_800, 5_000_001),
            (20_000_000, 6, 21_800, 10_000_001),
            (900_000_000, 5, 41_800, 20_000_001),
        ];
        for (high, permille, k, low) in rows {
            let step = ((high - low) / 997).max(1);
            for yuan in (low..=high).step_by(usize::try_from(step).unwrap_or(1)) {
                let short = yuan * 100 * permille + k * 100_000;
                assert_eq!(PROPERTY.climb(yuan * 100).0, Exact::permille(short, 1), "{yuan}");
            }
        }
    }

    #[test]
    fn more_is_never_cheaper() {
        for scale in [&PROPERTY, &ENFORCEMENT, &PRESERVATION, &DIVORCE_PROPERTY, &PERSONALITY_DAMAGES] {
            let mut last = Exact::ZERO;
            let mut amount = 0_i64;
            while amount < 3_000_000_000_000 {
                let fee = scale.climb(amount).0;
                assert!(fee >= last, "{amount}");
                last = fee;
                amount += amount / 37 + 1;
            }
        }
    }

    #[test]
    fn every_tier_that_counts_has_a_line() {
        let (fee, lines) = PROPERTY.climb(30_000_000);
        assert_eq!(fee.yuan(), "5800.00");
        let amounts: Vec<String> = lines.iter().filter_map(|l| l.comes_to).map(Exact::yuan).collect();
        assert_eq!(amounts, ["50.00", "2250.00", "2000.00", "1500.00", "5800.00"]);
        assert_eq!(lines[1].zh, "超过 10,000 元至 100,000 元的部分：90,000 元 × 2.5%。");
        assert!(lines.last().is_some_and(|l| l.result));
        assert_eq!(PROPERTY.climb(0).1.len(), 1);
    }
}
