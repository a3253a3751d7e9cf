//! 账: double entry, written once. Owns `ledger_entries` and `ledger_postings`.
//!
//! What a case owes, has paid and is owed back is the sum of its postings and nothing else. The database refuses an
//! entry whose sum is not zero; this file never changes or removes one: a mistake is booked back.

use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::Result;

/// An account of the court's books of fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Account {
    /// 应收: owed by the party.
    Receivable,
    /// 诉讼费收入: what the fees come to.
    Fees,
    /// Money at the WeChat Pay merchant account.
    Wechat,
    /// Money at the court's bank account.
    Bank,
    /// 应退: owed back to the payer.
    OwedBack,
    /// 待认领: came in, and belongs to no bill yet.
    Unmatched,
}

impl Account {
    /// The stable word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Fees => "fees",
            Self::Wechat => "wechat",
            Self::Bank => "bank",
            Self::OwedBack => "owed_back",
            Self::Unmatched => "unmatched",
        }
    }
}

/// One line of an entry: debit positive, credit negative, fen.
pub type Posting = (Account, i64);

/// Books an entry for a cause. The same cause is booked once: answers false when it was booked before.
///
/// # Errors
/// What the database says; an entry that does not balance is refused at commit.
pub async fn book(tx: &mut CourtTx, what: &str, bill: Option<Uuid>, cause: &str, postings: &[Posting]) -> Result<bool> {
    let postings: Vec<Posting> = postings.iter().copied().filter(|(_, fen)| *fen != 0).collect();
    if postings.is_empty() {
        return Ok(true);
    }
    let (court, entry, now) = (tx.court, tx.id(), tx.now());
    let fresh = sqlx::query(
        "insert into ledger_entries (court_id, entry_id, at, what, bill_id, ref) values ($1,$2,$3,$4,$5,$6) on conflict do nothing",
    )
    .bind(court)
    .bind(entry)
    .bind(now)
    .bind(what)
    .bind(bill)
    .bind(cause)
    .execute(tx.conn())
    .await?;
    if fresh.rows_affected() == 0 {
        return Ok(false);
    }
    let (accounts, fens): (Vec<&str>, Vec<i64>) = postings.iter().map(|(account, fen)| (account.key(), *fen)).unzip();
    sqlx::query(
        "insert into ledger_postings (court_id, entry_id, n, account, fen)
         select $1, $2, p.n, p.account, p.fen from unnest($3::text[], $4::bigint[]) with ordinality p(account, fen, n)",
    )
    .bind(court)
    .bind(entry)
    .bind(accounts)
    .bind(fens)
    .execute(tx.conn())
    .await?;
    Ok(true)
}

/// How a bill stands in the books, fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// What the fee comes to now.
    pub fee: i64,
    /// Still to be paid; never negative.
    pub outstanding: i64,
    /// Came in, less what went back.
    pub held: i64,
    /// To be given back.
    pub owed_back: i64,
}

/// How a bill stands.
///
/// # Errors
/// What the database says.
pub async fn standing(tx: &mut CourtTx, bill: Uuid) -> Result<Standing> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select coalesce(-sum(fen) filter (where account = 'fees'), 0)::bigint as fee,
                coalesce(sum(fen) filter (where account = 'receivable'), 0)::bigint as outstanding,
                coalesce(sum(fen) filter (where account in ('wechat', 'bank')), 0)::bigint as held,
                coalesce(-sum(fen) filter (where account = 'owed_back'), 0)::bigint as owed_back
           from ledger_postings p join ledger_entries e on e.court_id = p.court_id and e.entry_id = p.entry_id
          where p.court_id = $1 and e.bill_id = $2",
    )
    .bind(court)
    .bind(bill)
    .fetch_one(tx.conn())
    .await?)
}
