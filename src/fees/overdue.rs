//! 逾期未交: what happens when the days to pay are over (Art 22; 民诉法解释 Art 213).
//!
//! The house only says so, to the party and to the court. That the case is treated as withdrawn is a ruling, made by a
//! person. Owns no table.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::bills;
use super::ledger::{self, Account};
use super::money::yuan;
use super::money_rules::BillState;
use super::{moved, papers, refunds, reliefs, settle};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::clock_view::Life;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::closing::{self, Manner};
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::work::{Due, Outcome};

/// Handles `fees.overdue`: still open after its last moment, and no relief asked for.
///
/// # Errors
/// What the database says.
pub async fn due(app: &App, due: &Due) -> Result<Outcome> {
    let Some(bill) = due.payload["bill"].as_str().and_then(|t| t.parse::<Uuid>().ok()) else { return Ok(Outcome::Dead("no bill".into())) };
    let mut tx = app.door.enter_as_house(due.court, "fee:overdue").await?;
    let held = bills::hold(&mut tx, bill).await?;
    let late = held.due_at.is_some_and(|at| tx.now() >= at) && held.is().takes_money();
    if !late || reliefs::is_asked(&mut tx, bill).await? {
        return Ok(Outcome::Done); // paid, put off since, or waiting for a decision that sets its own day
    }
    let text = said("诉讼费到期未交", "The fee was not paid in time");
    let effect = said("可以裁定按撤诉处理。", "The case may be treated as withdrawn by ruling.");
    timeline::write(&mut tx, held.case_id, Note::new("fee_overdue", text).by("民诉法解释 第二百一十三条").with_effect(effect)).await?;
    let standing = ledger::standing(&mut tx, bill).await?;
    settle::tell_payers(app, &mut tx, &held, "fee_overdue", &yuan(standing.outstanding)).await?;
    tx.commit(bill, json!({ "overdue": true })).await?;
    Ok(Outcome::Done)
}

/// Handles `fees.notice_served`: the days to pay run from the day after the notice was served (Art 22). Where the service
/// fell away, they are taken back until the notice is served anew.
///
/// # Errors
/// What the database says.
pub async fn noticed(app: &App, due: &Due) -> Result<Outcome> {
    let Some(paper) = due.payload["paper"].as_str().and_then(|t| t.parse::<Uuid>().ok()) else {
        return Ok(Outcome::Dead("no notice".into()));
    };
    let served = due.payload["served_at"].as_str().and_then(|t| t.parse::<DateTime<Utc>>().ok());
    let mut tx = app.door.enter_as_house(due.court, "fee:noticed").await?;
    let Some(bill) = bills::by_notice(&mut tx, paper).await? else { return Ok(Outcome::Done) };
    let held = bills::hold(&mut tx, bill).await?;
    // a counterclaim's days run from the day it was brought, whenever the notice arrives
    let runs_already = held.purpose == "counterclaim" && held.clock_from.is_some();
    if !held.is().takes_money() || held.state == "deferred" || runs_already {
        return Ok(Outcome::Done);
    }
    let Some(served) = served else { return fell(tx, &held).await };
    let days = CourtRules::on(&app.door.registry, due.court, beijing_date(served)).payment_days();
    let due_at = timeline::clock(app, due.court, moved::period(&held.purpose), Some(days), served, &Life::Open)?.due_at;
    if (held.due_at, held.clock_from) != (Some(due_at), Some(served)) {
        bills::run_from(&mut tx, bill, Some(served), Some(due_at)).await?;
        tx.tell_later("fees.overdue", &json!({ "bill": bill }), due_at)?;
    }
    tx.commit(bill, json!({ "notice_served": served, "due": due_at })).await?;
    Ok(Outcome::Done)
}

/// The service of the notice fell: the days that ran from it are taken back, until it is served anew (Art 22).
async fn fell(mut tx: CourtTx, held: &bills::Bill) -> Result<Outcome> {
    if held.clock_from.is_none() {
        return Ok(Outcome::Done); // never counted from a service, or taken back already
    }
    bills::run_from(&mut tx, held.bill_id, None, None).await?;
    let text = said("交费通知的送达不再成立，交费期限不再计算", "The payment notice counts as not served; its days to pay no longer run");
    let effect = said("重新送达的次日起，另行计算七日。", "Seven days run anew from the day after it is served again.");
    timeline::write(&mut tx, held.case_id, Note::new("fee_day_back", text).by("诉讼费用交纳办法 第二十二条").with_effect(effect)).await?;
    tx.commit(held.bill_id, json!({ "notice_fell": true })).await?;
    Ok(Outcome::Done)
}

/// 按撤诉处理: the ruling, half of what was paid owed back (Art 15), the case closed.
///
/// # Errors
/// 409 while the bill is not overdue, or relief is being decided.
pub async fn treat_as_withdrawn(tx: &mut CourtTx, bill: Uuid) -> Result<Uuid> {
    let held = bills::hold(tx, bill).await?;
    let now = tx.now();
    let late = held.due_at.is_some_and(|at| now >= at) && held.is().takes_money();
    if !late || reliefs::is_asked(tx, bill).await? {
        return Err(Error::conflict(
            "fee.not_overdue",
            said("交费期限还没有届满，或者正在审查缓、减、免申请。", "The days to pay are not over, or relief is being decided."),
            said(
                "期限届满仍未交清、又没有待决申请的，才能裁定按撤诉处理。",
                "Only when they are over and no application is open can it be treated as withdrawn.",
            ),
        ));
    }
    let standing = ledger::standing(tx, bill).await?;
    // the unpaid rest is not collected; of what was paid, half goes back
    let back = (standing.held + 1) / 2;
    let less = standing.outstanding + back;
    let postings = [(Account::Fees, less), (Account::Receivable, -standing.outstanding), (Account::OwedBack, -back)];
    ledger::book(tx, "withdrawn", Some(bill), &bill.to_string(), &postings).await?;
    bills::set_state(tx, bill, BillState::Unpaid).await?;
    let paper = papers::withdrawal_ruling(tx, &held, standing.held).await?;
    if back > 0 {
        refunds::ask_by_house(tx, &held, back, "halved", "按撤诉处理，减半收取", None).await?;
    }
    closing::close(tx, held.case_id, Manner::DeemedWithdrawal, beijing_date(now), "未按期交纳诉讼费").await?;
    Ok(paper)
}
