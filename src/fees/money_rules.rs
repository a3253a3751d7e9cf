//! What money that moves means for a bill. Pure: owns no row, asks no clock.
//!
//! Money is never turned away and never lost: what exceeds a bill, or comes for one that is closed, is owed back.

use super::ledger::{Account, Posting, Standing};

/// How a bill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillState {
    /// To be paid.
    Open,
    /// Paid in full.
    Paid,
    /// 免交, or reduced to nothing.
    Waived,
    /// 缓交: to be paid later.
    Deferred,
    /// Not paid in time; the case was treated as withdrawn (民诉法解释 Art 213).
    Unpaid,
    /// Taken back by the court.
    Cancelled,
}

impl BillState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Open, Self::Paid, Self::Waived, Self::Deferred, Self::Unpaid, Self::Cancelled];

    /// The stable word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Waived => "waived",
            Self::Deferred => "deferred",
            Self::Unpaid => "unpaid",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word; an unknown one is open, where nothing is decided yet.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.key() == word).unwrap_or(Self::Open)
    }

    /// May it still be paid?
    pub fn takes_money(self) -> bool {
        matches!(self, Self::Open | Self::Deferred)
    }
}

/// Why money is owed back the moment it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surplus {
    /// More than the bill asks.
    Overpaid,
    /// The bill was paid before.
    PaidTwice,
    /// The bill is closed.
    PaidLate,
}

impl Surplus {
    /// The ground of the refund.
    pub fn ground(self) -> &'static str {
        match self {
            Self::Overpaid => "overpaid",
            Self::PaidTwice => "paid_twice",
            Self::PaidLate => "paid_late",
        }
    }
}

/// What an arrival does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// What is booked.
    pub postings: Vec<Posting>,
    /// The bill's state from now on.
    pub state: BillState,
    /// What is owed back at once, and why.
    pub back: Option<(i64, Surplus)>,
}

/// Money came in for a bill.
pub fn arrive(state: BillState, standing: &Standing, into: Account, fen: i64) -> Arrival {
    let takes = if state.takes_money() { standing.outstanding.min(fen) } else { 0 };
    let surplus = fen - takes;
    let settled = state.takes_money() && takes == standing.outstanding;
    let why = match state {
        BillState::Paid => Surplus::PaidTwice,
        state if state.takes_money() => Surplus::Overpaid,
        _ => Surplus::PaidLate,
    };
    Arrival {
        postings: vec![(into, fen), (Account::Receivable, -takes), (Account::OwedBack, -surplus)],
        state: if settled { BillState::Paid } else { state },
        back: (surplus > 0).then_some((surplus, why)),
    }
}

/// A fee is assessed.
pub fn assess(fen: i64) -> Vec<Posting> {
    vec![(Account::Receivable, fen), (Account::Fees, -fen)]
}

/// A fee becomes less (relief, halving, a lowered claim, the bill taken back): what was not paid yet is forgiven first,
/// the rest is owed back. Answers the postings and what is owed back.
pub fn lessen(standing: &Standing, by: i64) -> (Vec<Posting>, i64) {
    let by = by.clamp(0, standing.fee);
    let forgiven = by.min(standing.outstanding);
    let back = by - forgiven;
    (vec![(Account::Fees, by), (Account::Receivable, -forgiven), (Account::OwedBack, -back)], back)
}

/// Money went back.
pub fn give_back(from: Account, fen: i64) -> Vec<Posting> {
    vec![(Account::OwedBack, fen), (from, -fen)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(fee: i64, outstanding: i64, held: i64) -> Standing {
        Standing { fee, outstanding, held, owed_back: 0 }
    }

    #[test]
    fn whatever_comes_in_is_booked_whole_and_nothing_is_lost() {
        use BillState as B;
        let rows = [
            // state, fee, outstanding, arrives → state, owed back
            (B::Open, 5_000, 5_000, 5_000, B::Paid, None),
            (B::Open, 5_000, 5_000, 2_000, B::Open, None),
            (B::Open, 5_000, 3_000, 3_000, B::Paid, None),
            (B::Open, 5_000, 5_000, 5_001, B::Paid, Some((1, Surplus::Overpaid))),
            (B::Open, 5_000, 5_000, 4_999, B::Open, None),
            (B::Paid, 5_000, 0, 5_000, B::Paid, Some((5_000, Surplus::PaidTwice))),
            (B::Deferred, 5_000, 5_000, 5_000, B::Paid, None),
            (B::Unpaid, 5_000, 5_000, 5_000, B::Unpaid, Some((5_000, Surplus::PaidLate))),
            (B::Cancelled, 0, 0, 5_000, B::Cancelled, Some((5_000, Surplus::PaidLate))),
            (B::Waived, 0, 0, 100, B::Waived, Some((100, Surplus::PaidLate))),
        ];
        for (state, fee, outstanding, fen, then, back) in rows {
            let got = arrive(state, &standing(fee, outstanding, fee - outstanding), Account::Wechat, fen);
            assert_eq!((got.state, got.back), (then, back), "{state:?} {fen}");
            assert_eq!(got.postings.iter().map(|(_, fen)| fen).sum::<i64>(), 0, "{state:?} {fen}");
        }
    }

    #[test]
    fn a_fee_that_becomes_less_forgives_first_and_gives_back_the_rest() {
        let rows = [
            // fee, outstanding, less → owed back
            (5_000, 5_000, 2_500, 0),
            (5_000, 0, 2_500, 2_500),
            (5_000, 1_000, 2_500, 1_500),
            (5_000, 5_000, 9_999, 0),
            (5_000, 0, 9_999, 5_000),
            (5_000, 0, -1, 0),
        ];
        for (fee, outstanding, by, want) in rows {
            let (postings, back) = lessen(&standing(fee, outstanding, fee - outstanding), by);
            assert_eq!(back, want, "{fee} {outstanding} {by}");
            assert_eq!(postings.iter().map(|(_, fen)| fen).sum::<i64>(), 0);
        }
        assert_eq!(give_back(Account::Bank, 7).iter().map(|(_, fen)| fen).sum::<i64>(), 0);
        assert_eq!(assess(7).iter().map(|(_, fen)| fen).sum::<i64>(), 0);
    }
}
