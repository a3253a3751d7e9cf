//! 到账: money that came in is booked, once, and what follows from it follows: state, receipt, surplus owed back.
//! Owns no table; the rules are `money_rules.rs`.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::ledger::{self, Account};
use super::money::yuan;
use super::money_rules::{self, Arrival, BillState};
use super::papers::{self, Paid};
use super::{bills, refunds};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::timeline::{self, Note};
use crate::error::{Result, said};
use crate::person::messages::{Sms, To, tell_sms};

/// Money that came in for a bill.
pub struct Arrived<'a> {
    /// The bill.
    pub bill: Uuid,
    /// Fen.
    pub fen: i64,
    /// Where it lies.
    pub into: Account,
    /// The channel's number: the cause that is booked once.
    pub number: &'a str,
    /// When it came in.
    pub at: DateTime<Utc>,
    /// The order it came by, to go back along.
    pub order: Option<Uuid>,
}

/// Books an arrival; answers false when it was booked before.
///
/// # Errors
/// What the database says.
pub async fn arrived(app: &App, tx: &mut CourtTx, a: &Arrived<'_>) -> Result<bool> {
    let bill = bills::hold(tx, a.bill).await?;
    let standing = ledger::standing(tx, a.bill).await?;
    let Arrival { postings, state, back } = money_rules::arrive(bill.is(), &standing, a.into, a.fen);
    if !ledger::book(tx, "arrived", Some(a.bill), &format!("{}:{}", a.into.key(), a.number), &postings).await? {
        return Ok(false);
    }
    let text = said(format!("收到诉讼费 {} 元", yuan(a.fen)), format!("Received {} yuan of the fee", yuan(a.fen)));
    timeline::write(tx, bill.case_id, Note::new("fee_arrived", text)).await?;
    if state != bill.is() {
        bills::set_state(tx, a.bill, state).await?;
    }
    if state == BillState::Paid && bill.is() != BillState::Paid {
        let channel = if a.into == Account::Bank { "银行转账" } else { "微信支付" };
        let paid = Paid { fen: standing.fee, at: a.at, channel, number: a.number };
        let receipt = papers::receipt(tx, &bill, &paid).await?;
        bills::set_papers(tx, a.bill, None, Some(receipt)).await?;
        tell_payers(app, tx, &bill, "fee_paid", &yuan(standing.fee)).await?;
    }
    if let Some((fen, why)) = back {
        let reason = format!("收到 {} 元，其中 {} 元应当退还", yuan(a.fen), yuan(fen));
        refunds::ask_by_house(tx, &bill, fen, why.ground(), &reason, a.order).await?;
    }
    tx.tell("fees.settled", &json!({ "bill": a.bill }))?;
    Ok(true)
}

/// Tells the people of the party that pays.
///
/// # Errors
/// What the database says.
pub async fn tell_payers(app: &App, tx: &mut CourtTx, bill: &bills::Bill, template: &'static str, amount: &str) -> Result<()> {
    let court = tx.court;
    let people: Vec<Uuid> = sqlx::query_scalar(
        "select distinct person_id from case_people where court_id = $1 and case_id = $2 and party_id = $3 and until is null and capacity <> 'colleague'",
    )
    .bind(court)
    .bind(bill.case_id)
    .bind(bill.party_id)
    .fetch_all(tx.conn())
    .await?;
    let number: String = sqlx::query_scalar("select number from cases where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(bill.case_id)
        .fetch_one(tx.conn())
        .await?;
    let link = format!("{}/cases/{court}/{}/fees", app.config.public_url, bill.case_id);
    for person in people {
        let params: &[(&str, &str)] = &[("case_number", &number), ("amount", amount), ("link", &link)];
        tell_sms(tx, &Sms { to: To::Person(person), template, params, court: Some(court), until: None, listener: None })?;
    }
    Ok(())
}
