//! Who bears the fee in the end, and what of it is given back when a case ends (Art 15, 24–33, 35, 53; I Art 207).
//!
//! Owns the refund of each way a case can end, and the split between winner and loser. Pure; must never
//! decide who wins, and never pays anything: a refund is asked for and approved elsewhere.

use super::money::Exact;
use super::tariff::Line;

/// How a case ended, as far as the fee asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// 第二审发回重审 (Art 27).
    Remanded,
    /// 不予受理 (Art 27).
    NotAccepted,
    /// 驳回起诉 (Art 27).
    Dismissed,
    /// 涉嫌犯罪，移送公安、检察机关 (Art 25).
    Criminal,
    /// 调解结案 (Art 15).
    Mediated,
    /// 撤诉 (Art 15).
    Withdrawn,
    /// 中止诉讼 (Art 26).
    Suspended,
    /// 终结诉讼 (Art 28).
    Terminated,
    /// 判决.
    Judged,
}

impl Ending {
    /// Reads the word of the calculator.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "remanded" => Self::Remanded,
            "not_accepted" => Self::NotAccepted,
            "dismissed" => Self::Dismissed,
            "criminal" => Self::Criminal,
            "mediated" => Self::Mediated,
            "withdrawn" => Self::Withdrawn,
            "suspended" => Self::Suspended,
            "terminated" => Self::Terminated,
            "judged" => Self::Judged,
            _ => return None,
        })
    }
}

/// How much of a fee goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    All,
    /// Half of it: it was halved after it had been paid.
    Half,
    /// None of it.
    None,
}

/// What goes back, why, and by which article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// How much.
    pub share: Share,
    /// Why.
    pub line: Line,
    /// The article, in Chinese and English.
    pub article: (&'static str, &'static str),
}

/// What of a paid acceptance fee is given back when a case ends this way.
pub fn given_back(ending: Ending) -> Return {
    let (share, zh, en, article) = match ending {
        Ending::Remanded => (
            Share::All,
            "第二审发回重审，上诉人预交的第二审受理费全部退还。",
            "Remanded: the fee of the second instance goes back in full.",
            ("诉讼费用交纳办法第二十七条第一款", "Decree 481, Art 27(1)"),
        ),
        Ending::NotAccepted => (
            Share::All,
            "裁定不予受理，已交的受理费全部退还。",
            "Not accepted: the fee goes back in full.",
            ("诉讼费用交纳办法第二十七条第二款", "Decree 481, Art 27(2)"),
        ),
        Ending::Dismissed => (
            Share::All,
            "裁定驳回起诉，已交的受理费全部退还；第二审维持的，也退还。",
            "Dismissed: the fee goes back in full, also when the second instance upholds it.",
            ("诉讼费用交纳办法第二十七条第二款、第三款", "Decree 481, Art 27(2)(3)"),
        ),
        Ending::Criminal => (
            Share::All,
            "移送公安或检察机关的，受理费全部退还；民事案件还要继续审理的，不退。",
            "Transferred to the criminal organs: back in full, unless the civil case goes on.",
            ("诉讼费用交纳办法第二十五条", "Decree 481, Art 25"),
        ),
        Ending::Mediated => (
            Share::Half,
            "以调解结案的，减半交纳，退还一半。",
            "Settled by mediation: the fee is halved and half goes back.",
            ("诉讼费用交纳办法第十五条", "Decree 481, Art 15"),
        ),
        Ending::Withdrawn => (
            Share::Half,
            "准许撤诉的，减半交纳，退还一半。",
            "Withdrawn: the fee is halved and half goes back.",
            ("诉讼费用交纳办法第十五条", "Decree 481, Art 15"),
        ),
        Ending::Suspended => (
            Share::None,
            "中止诉讼的，已交的受理费不退。恢复后不再交。",
            "Suspended: nothing goes back, and nothing more is due when it goes on.",
            ("诉讼费用交纳办法第二十六条", "Decree 481, Art 26"),
        ),
        Ending::Terminated => (
            Share::None,
            "终结诉讼的，已交的受理费不退。",
            "Terminated: nothing goes back.",
            ("诉讼费用交纳办法第二十八条", "Decree 481, Art 28"),
        ),
        Ending::Judged => (
            Share::None,
            "判决结案的，受理费由败诉方负担；胜诉方预交而不该由其负担的部分，由法院退还后向败诉方收取。",
            "Judged: the loser bears the fee; what the winner prepaid is returned and collected from the loser.",
            ("诉讼费用交纳办法第二十九条、第五十三条；民诉法解释第二百零七条", "Decree 481, Art 29, 53; Interpretation Art 207"),
        ),
    };
    Return { share, line: Line::say(zh, en), article }
}

impl Share {
    /// The part of a paid fee.
    pub fn of(self, paid: Exact) -> Exact {
        match self {
            Self::All => paid,
            Self::Half => paid.half(),
            Self::None => Exact::ZERO,
        }
    }
}

/// Splits a fee by the part of the claim that was won (Art 29): what the plaintiff bears, what the defendant bears.
/// The two always make the whole fee.
pub fn split(fee: i64, claimed: i64, won: i64) -> (i64, i64) {
    if claimed <= 0 {
        return (0, fee);
    }
    let won = won.clamp(0, claimed);
    let loser = (i128::from(fee) * i128::from(won) * 2 + i128::from(claimed)) / (2 * i128::from(claimed));
    let loser = i64::try_from(loser).unwrap_or(fee).clamp(0, fee);
    (fee - loser, loser)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_gives_back_what_the_decree_says() {
        let rows = [
            ("remanded", Share::All),
            ("not_accepted", Share::All),
            ("dismissed", Share::All),
            ("criminal", Share::All),
            ("mediated", Share::Half),
            ("withdrawn", Share::Half),
            ("suspended", Share::None),
            ("terminated", Share::None),
            ("judged", Share::None),
        ];
        assert_eq!(rows.map(|r| r.0).to_vec().len(), crate::fees::words::OUTCOMES.len());
        for (word, share) in rows {
            assert!(crate::fees::words::OUTCOMES.contains(&word));
            assert_eq!(given_back(Ending::parse(word).unwrap()).share, share, "{word}");
        }
        assert_eq!(Share::Half.of(Exact::fen(880_000)), Exact::fen(440_000));
    }

    #[test]
    fn a_split_makes_the_whole() {
        assert_eq!(split(1_000, 300, 100), (667, 333));
        assert_eq!(split(1_000, 300, 300), (0, 1_000));
        assert_eq!(split(1_000, 300, 0), (1_000, 0));
        assert_eq!(split(1_000, 0, 0), (0, 1_000));
        for won in 0..=997 {
            let (a, b) = split(54_321, 997, won);
            assert_eq!(a + b, 54_321);
        }
    }
}
