//! 银行转账: what the cashier reads off the court's statement, matched to a bill by hand. Owns `fee_transfers`.
//! Must never keep the payer's account: the statement's own number of the entry is enough to find it again.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::bills;
use super::ledger::{self, Account};
use super::settle::{self, Arrived};
use crate::app::App;
use crate::court::beijing::start_of_day;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};

/// A transfer's row.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of fee_transfers, documented in the migration")]
pub struct Transfer {
    pub transfer_id: Uuid,
    pub received_on: NaiveDate,
    pub fen: i64,
    pub reference: String,
    pub remark: String,
    pub bill_id: Option<Uuid>,
    pub matched_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "transfer_id, received_on, fen, reference, remark, bill_id, matched_at";

/// Transfers, unmatched ones first.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx) -> Result<Vec<Transfer>> {
    let court = tx.court;
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from fee_transfers where court_id = $1 order by (bill_id is not null), transfer_id desc limit 200"
    )))
    .bind(court)
    .fetch_all(tx.conn())
    .await?)
}

/// Enters one; the same entry of the statement again is refused.
///
/// # Errors
/// 409 when it was entered before.
pub async fn enter(tx: &mut CourtTx, received_on: NaiveDate, fen: i64, reference: &str, remark: &str) -> Result<Uuid> {
    let (court, id, now, person) = (tx.court, tx.id(), tx.now(), tx.person()?);
    let fresh = sqlx::query(
        "insert into fee_transfers (court_id, transfer_id, received_on, fen, reference, remark, entered_by, entered_at) values ($1,$2,$3,$4,$5,$6,$7,$8)
         on conflict (court_id, reference) do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(received_on)
    .bind(fen)
    .bind(reference)
    .bind(remark)
    .bind(person)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if fresh.rows_affected() == 0 {
        return Err(Error::conflict(
            "transfer.entered",
            said("这笔流水已经登记过。", "This entry of the statement was entered before."),
            said("请核对流水号；重复登记会多记一笔钱。", "Check its number: entered twice, the money would count twice."),
        ));
    }
    ledger::book(tx, "transfer", None, &id.to_string(), &[(Account::Bank, fen), (Account::Unmatched, -fen)]).await?;
    Ok(id)
}

/// Matches a transfer to a bill: from then on it is that bill's money.
///
/// # Errors
/// 404; 409 when it is matched.
pub async fn match_to(app: &App, tx: &mut CourtTx, transfer: Uuid, bill: Uuid) -> Result<()> {
    let (court, person, now) = (tx.court, tx.person()?, tx.now());
    let row: Transfer = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from fee_transfers where court_id = $1 and transfer_id = $2 for update"
    )))
    .bind(court)
    .bind(transfer)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    if row.bill_id.is_some() {
        return Err(Error::conflict(
            "transfer.matched",
            said("这笔转账已经认领。", "This transfer is matched."),
            said("请刷新页面。", "Reload the page."),
        ));
    }
    bills::read(tx, bill).await?;
    sqlx::query("update fee_transfers set bill_id = $3, matched_by = $4, matched_at = $5 where court_id = $1 and transfer_id = $2")
        .bind(court)
        .bind(transfer)
        .bind(bill)
        .bind(person)
        .bind(now)
        .execute(tx.conn())
        .await?;
    // out of the unmatched, into the bill: the bank account itself does not move
    ledger::book(tx, "matched", None, &transfer.to_string(), &[(Account::Unmatched, row.fen), (Account::Bank, -row.fen)]).await?;
    let money = Arrived { bill, fen: row.fen, into: Account::Bank, number: &row.reference, at: start_of_day(row.received_on), order: None };
    settle::arrived(app, tx, &money).await.map(drop)
}
