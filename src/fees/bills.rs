//! Bills: one fee of one case. Owns the table `fee_bills`; what is owed and paid is the ledger's to say.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::money_rules::BillState;
use super::reckon::Reckoning;
use super::tariff::Line;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};

/// A line of a reckoning as it is kept and shown.
#[derive(Debug, Clone, Serialize, Deserialize, poem_openapi::Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BillStep {
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// What the line adds or comes to, yuan; none for a line that only says something.
    pub yuan: Option<String>,
}

impl From<&Line> for BillStep {
    fn from(line: &Line) -> Self {
        Self { text: line.zh.clone(), text_en: line.en.clone(), yuan: line.comes_to.map(|c| c.yuan()) }
    }
}

/// A bill's row.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of fee_bills, documented in the migration")]
pub struct Bill {
    pub bill_id: Uuid,
    pub case_id: Uuid,
    pub party_id: Uuid,
    pub purpose: String,
    pub fee_kind: String,
    pub amount: String,
    pub params: String,
    pub full_fen: i64,
    pub steps: sqlx::types::Json<Vec<BillStep>>,
    pub basis: String,
    pub state: String,
    pub noticed_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub clock_from: Option<DateTime<Utc>>,
    pub paper_id: Option<Uuid>,
    pub receipt_id: Option<Uuid>,
    pub version: i32,
}

impl Bill {
    /// How it is.
    pub fn is(&self) -> BillState {
        BillState::parse(&self.state)
    }
}

const COLUMNS: &str = "bill_id, case_id, party_id, purpose, fee_kind, amount, params, full_fen, steps, basis, state, noticed_at, due_at, clock_from, paper_id, receipt_id, version";

fn sql(tail: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("select {COLUMNS} from fee_bills {tail}"))
}

/// One bill, or "not found" for whoever may not see it.
///
/// # Errors
/// 404.
pub async fn read(tx: &mut CourtTx, bill: Uuid) -> Result<Bill> {
    let court = tx.court;
    sqlx::query_as(sql("where court_id = $1 and bill_id = $2"))
        .bind(court)
        .bind(bill)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)
}

/// The same, held until the transaction ends: whoever moves its money comes one after the other.
///
/// # Errors
/// 404.
pub async fn hold(tx: &mut CourtTx, bill: Uuid) -> Result<Bill> {
    find_held(tx, bill).await?.ok_or_else(Error::not_found)
}

/// The same, for a door that has more to ask before it says that there is none.
///
/// # Errors
/// What the database says.
pub async fn find_held(tx: &mut CourtTx, bill: Uuid) -> Result<Option<Bill>> {
    let court = tx.court;
    Ok(sqlx::query_as(sql("where court_id = $1 and bill_id = $2 for update")).bind(court).bind(bill).fetch_optional(tx.conn()).await?)
}

/// The bill a notice belongs to.
///
/// # Errors
/// What the database says.
pub async fn by_notice(tx: &mut CourtTx, paper: Uuid) -> Result<Option<Uuid>> {
    let court = tx.court;
    Ok(sqlx::query_scalar("select bill_id from fee_bills where court_id = $1 and paper_id = $2")
        .bind(court)
        .bind(paper)
        .fetch_optional(tx.conn())
        .await?)
}

/// The bills of a case, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut CourtTx, case: Uuid) -> Result<Vec<Bill>> {
    let court = tx.court;
    Ok(sqlx::query_as(sql("where court_id = $1 and case_id = $2 order by bill_id")).bind(court).bind(case).fetch_all(tx.conn()).await?)
}

/// A bill to be made.
pub struct NewBill<'a> {
    /// Bill.
    pub id: Uuid,
    /// Case.
    pub case: Uuid,
    /// Who prepays it.
    pub party: Uuid,
    /// What for.
    pub purpose: &'static str,
    /// As asked of the tariff.
    pub asked: &'a super::assess::Asked,
    /// What the tariff said.
    pub reckoning: &'a Reckoning,
    /// The last moment to pay in time.
    pub due_at: Option<DateTime<Utc>>,
    /// Who assessed it; the house at docketing.
    pub by: Option<Uuid>,
}

/// Inserts a bill.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut CourtTx, b: &NewBill<'_>) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let steps: Vec<BillStep> = b.reckoning.steps.iter().map(BillStep::from).collect();
    sqlx::query(
        "insert into fee_bills (court_id, bill_id, case_id, party_id, purpose, fee_kind, amount, params, full_fen, steps, basis, state, noticed_at, due_at, assessed_by, version)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,1)",
    )
    .bind(court)
    .bind(b.id)
    .bind(b.case)
    .bind(b.party)
    .bind(b.purpose)
    .bind(b.reckoning.kind.key)
    .bind(&b.asked.amount)
    .bind(&b.asked.params)
    .bind(b.reckoning.fee)
    .bind(sqlx::types::Json(steps))
    .bind(&b.reckoning.basis)
    .bind(if b.reckoning.fee == 0 { "waived" } else { "open" })
    .bind(now)
    .bind(b.due_at)
    .bind(b.by)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Sets the state.
///
/// # Errors
/// What the database says.
pub async fn set_state(tx: &mut CourtTx, bill: Uuid, state: BillState) -> Result<()> {
    let court = tx.court;
    sqlx::query("update fee_bills set state = $3, version = version + 1 where court_id = $1 and bill_id = $2")
        .bind(court)
        .bind(bill)
        .bind(state.key())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Sets the last moment to pay: by the notice's service, a deferral, a longer period.
///
/// # Errors
/// What the database says.
pub async fn set_due(tx: &mut CourtTx, bill: Uuid, due_at: Option<DateTime<Utc>>) -> Result<()> {
    let court = tx.court;
    sqlx::query("update fee_bills set due_at = $3, version = version + 1 where court_id = $1 and bill_id = $2")
        .bind(court)
        .bind(bill)
        .bind(due_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Lets the days to pay run from an event: the service of the notice, a decision; from none, while nothing is served.
///
/// # Errors
/// What the database says.
pub async fn run_from(tx: &mut CourtTx, bill: Uuid, from: Option<DateTime<Utc>>, due_at: Option<DateTime<Utc>>) -> Result<()> {
    let court = tx.court;
    sqlx::query("update fee_bills set clock_from = $3, due_at = $4, version = version + 1 where court_id = $1 and bill_id = $2")
        .bind(court)
        .bind(bill)
        .bind(from)
        .bind(due_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The open bills of open cases whose days end after an instant, and by another where one is given; held.
///
/// # Errors
/// What the database says.
pub async fn ending(tx: &mut CourtTx, from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> Result<Vec<Bill>> {
    let court = tx.court;
    Ok(sqlx::query_as(sql(
        "where court_id = $1 and state = 'open' and due_at > $2 and ($3::timestamptz is null or due_at <= $3)
            and exists (select 1 from cases c where c.court_id = fee_bills.court_id and c.case_id = fee_bills.case_id and c.closed_at is null) order by due_at, bill_id",
    ))
    .bind(court)
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?)
}

/// Remembers the papers of a bill: its notice, its receipt.
///
/// # Errors
/// What the database says.
pub async fn set_papers(tx: &mut CourtTx, bill: Uuid, notice: Option<Uuid>, receipt: Option<Uuid>) -> Result<()> {
    let court = tx.court;
    sqlx::query("update fee_bills set paper_id = coalesce($3, paper_id), receipt_id = coalesce($4, receipt_id) where court_id = $1 and bill_id = $2")
        .bind(court)
        .bind(bill)
        .bind(notice)
        .bind(receipt)
        .execute(tx.conn())
        .await?;
    Ok(())
}
