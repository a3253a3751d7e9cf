//! 变更诉讼请求: a claim raised costs a top-up, one lowered in time gives the difference back (Art 21).
//!
//! Owns `claim_changes`. The fee follows by itself: a bill for the difference, or a refund proposed for a second person to
//! approve. Must never give back what was not paid, or reckon a fee that does not hang on the amount.

use serde_json::json;
use uuid::Uuid;

use super::assess::{self, Asked, Order};
use super::bills::{self, Bill};
use super::ledger;
use super::money::yuan;
use super::money_rules::{self, BillState};
use super::refunds;
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::read::{self, Row};
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};

/// A change of the claim.
pub struct Change<'a> {
    /// What is claimed from now on, fen.
    pub to_fen: i64,
    /// Before the court investigation ended (法庭调查终结前).
    pub in_time: bool,
    /// In words.
    pub reason: &'a str,
}

/// The bills of the claim that stand, newest first: its acceptance fee and what topped it up.
async fn standing_bills(tx: &mut CourtTx, case: Uuid) -> Result<Vec<(Bill, ledger::Standing)>> {
    let mut found = Vec::new();
    for bill in bills::of_case(tx, case).await?.into_iter().rev() {
        let of_claim = matches!(bill.purpose.as_str(), "acceptance" | "top_up");
        if of_claim && !matches!(bill.is(), BillState::Cancelled | BillState::Unpaid) {
            let held = bills::hold(tx, bill.bill_id).await?;
            let standing = ledger::standing(tx, bill.bill_id).await?;
            found.push((held, standing));
        }
    }
    Ok(found)
}

/// Changes the claim of a case; answers the change's id, and leaves the bill or the refund that follows.
///
/// # Errors
/// 409 for a closed case or one without an amount; 422 for the amount it has already.
pub async fn change(app: &App, tx: &mut CourtTx, case: Uuid, c: &Change<'_>) -> Result<Uuid> {
    let row = read::row(tx, case).await?;
    let from = row.amount_fen.filter(|fen| *fen > 0).ok_or_else(no_amount)?;
    if row.closed_at.is_some() {
        return Err(Error::conflict(
            "claim.case_closed",
            said("案件已经结案，不能再变更诉讼请求。", "The case is closed; the claim cannot change any more."),
            said("确有需要的，请先撤销结案。", "If it must be, open the case again first."),
        ));
    }
    if from == c.to_fen {
        return Err(Error::invalid(
            "claim.same",
            said("诉讼请求的金额没有变化。", "The amount of the claim is the same."),
            said("请填变更后的金额。", "Give the amount after the change."),
        )
        .at("/amount_fen"));
    }
    note(tx, &row, from, c).await?;
    let bills = standing_bills(tx, case).await?;
    let (bill, refund) = match bills.iter().find(|(b, _)| b.purpose == "acceptance") {
        Some((first, _)) if first.fee_kind == "property_acceptance" && c.to_fen > from => {
            (raise(app, tx, &row, &bills, from, c).await?, None)
        }
        Some((first, _)) if first.fee_kind == "property_acceptance" && c.in_time => (None, lower(app, tx, &bills, first, c).await?),
        Some((first, _)) if first.fee_kind == "property_acceptance" => (None, None),
        _ => {
            by_hand(tx, case).await?;
            (None, None)
        }
    };
    keep(tx, case, from, c, bill, refund).await
}

fn no_amount() -> Error {
    Error::conflict(
        "claim.no_amount",
        said("本案没有诉讼请求金额。", "The case has no amount."),
        said(
            "按件收费的案件，金额变化不影响诉讼费；需要的请核定费用。",
            "A fee by the case does not follow the amount; assess a fee where one is due.",
        ),
    )
}

async fn note(tx: &mut CourtTx, row: &Row, from: i64, c: &Change<'_>) -> Result<()> {
    let (word, word_en) = if c.to_fen > from { ("增加", "raised") } else { ("减少", "lowered") };
    let text = said(
        format!("{word}诉讼请求：由 {} 元变为 {} 元。{}", yuan(from), yuan(c.to_fen), c.reason),
        format!("The claim was {word_en} from {} to {} yuan. {}", yuan(from), yuan(c.to_fen), c.reason),
    );
    let effect = match (c.to_fen > from, c.in_time) {
        (true, _) => said("按差额补交案件受理费。", "The difference of the fee is to be paid."),
        (false, true) => said("多交的案件受理费退还。", "The fee on the difference goes back."),
        (false, false) => said("法庭调查终结后减少的，案件受理费不退。", "Lowered after the court investigation ended: nothing goes back."),
    };
    let note = Note::new("claim_changed", text).by("诉讼费用交纳办法 第二十一条").with_effect(effect);
    timeline::write(tx, row.case_id, note).await?;
    let court = tx.court;
    sqlx::query("update cases set amount_fen = $3, version = version + 1 where court_id = $1 and case_id = $2")
        .bind(court)
        .bind(row.case_id)
        .bind(c.to_fen)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The fee of this kind does not follow the amount by itself: the clerk is asked.
async fn by_hand(tx: &mut CourtTx, case: Uuid) -> Result<()> {
    let text = said("诉讼请求变更后，诉讼费待核定", "The claim changed; the fee is to be assessed");
    timeline::write(tx, case, Note::new("fee_open", text).by("诉讼费用交纳办法 第二十一条").for_staff()).await
}

/// A bill for the difference, to whoever paid the fee; none where enough was charged.
async fn raise(
    app: &App,
    tx: &mut CourtTx,
    row: &Row,
    bills: &[(Bill, ledger::Standing)],
    from: i64,
    c: &Change<'_>,
) -> Result<Option<Uuid>> {
    let Some((first, _)) = bills.iter().find(|(b, _)| b.purpose == "acceptance") else { return Ok(None) };
    let charged: i64 = bills.iter().map(|(_, s)| s.fee).sum();
    let halved = if first.params.contains("summary") { "summary; " } else { "" };
    let asked = Asked {
        kind: "claim_increase_topup".into(),
        amount: format!("{}->{}", yuan(from), yuan(c.to_fen)),
        params: format!("{halved}already_paid={}", yuan(charged)),
    };
    let reckoning = asked.reckon(app, tx.court)?;
    if reckoning.fee == 0 {
        return Ok(None);
    }
    let by = tx.person().ok();
    let order = Order { asked: &asked, reckoning: &reckoning, purpose: "top_up", payer: first.party_id, by, filed_on: None };
    assess::bill(app, tx, row, &order).await.map(Some)
}

/// What was charged over the fee of the lower claim: forgiven where it is not paid, else proposed to go back.
async fn lower(app: &App, tx: &mut CourtTx, bills: &[(Bill, ledger::Standing)], first: &Bill, c: &Change<'_>) -> Result<Option<Uuid>> {
    let asked = Asked { kind: first.fee_kind.clone(), amount: yuan(c.to_fen), params: first.params.clone() };
    let due = asked.reckon(app, tx.court)?.fee;
    let mut over = bills.iter().map(|(_, s)| s.fee).sum::<i64>() - due;
    let mut refund = None;
    for (bill, standing) in bills {
        let less = over.min(standing.fee);
        if less <= 0 {
            continue;
        }
        over -= less;
        let proposed = if bill.is().takes_money() {
            lessen(tx, bill, less, c.reason).await?
        } else {
            Some(refunds::ask(tx, bill.bill_id, less, "lowered", c.reason).await?)
        };
        refund = refund.or(proposed);
    }
    Ok(refund)
}

/// Of a bill that is not settled: what is unpaid is forgiven first, what is over that is owed back.
async fn lessen(tx: &mut CourtTx, bill: &Bill, less: i64, reason: &str) -> Result<Option<Uuid>> {
    let standing = ledger::standing(tx, bill.bill_id).await?;
    let id = tx.id();
    let (postings, back) = money_rules::lessen(&standing, less);
    ledger::book(tx, "lessened", Some(bill.bill_id), &id.to_string(), &postings).await?;
    let refund = match back {
        0 => None,
        back => Some(refunds::ask_by_house(tx, bill, back, "lowered", reason, None).await?),
    };
    let left = ledger::standing(tx, bill.bill_id).await?;
    match (left.fee, left.outstanding) {
        (0, 0) => bills::set_state(tx, bill.bill_id, BillState::Waived).await?,
        (_, 0) => bills::set_state(tx, bill.bill_id, BillState::Paid).await?,
        _ => {}
    }
    Ok(refund)
}

async fn keep(tx: &mut CourtTx, case: Uuid, from: i64, c: &Change<'_>, bill: Option<Uuid>, refund: Option<Uuid>) -> Result<Uuid> {
    let (court, id, now, me) = (tx.court, tx.id(), tx.now(), tx.person()?);
    sqlx::query(
        "insert into claim_changes (court_id, case_id, change_id, from_fen, to_fen, in_time, reason, bill_id, refund_id, set_by, set_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(from)
    .bind(c.to_fen)
    .bind(c.in_time)
    .bind(c.reason)
    .bind(bill)
    .bind(refund)
    .bind(me)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// What the audit row says of a change.
pub fn details(case: Uuid, c: &Change<'_>) -> serde_json::Value {
    json!({ "case": case, "to_fen": c.to_fen, "in_time": c.in_time })
}
