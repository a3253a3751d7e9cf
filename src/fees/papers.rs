//! The papers of fees: notice, receipt, refund, relief, deemed withdrawal. Owns which data each gets; the look is the
//! templates'. A receipt here is no fiscal ticket (财政票据): that comes from the finance department's own system.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::bills::{Bill, NewBill};
use super::money::{Rounding, read_yuan};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::docket::read::{self, Row};
use crate::docket::words::PanelRole;
use crate::error::Result;
use crate::paper::issue::{self, Audience, NewPaper};
use crate::person::masking::public_names;

/// Folder of the file where papers of fees lie (诉讼费预交、退费材料).
const FOLDER: i32 = 6;

/// What every paper of fees is about.
struct About {
    payer: String,
    parties: Vec<String>,
}

async fn about(tx: &mut CourtTx, case: &Row, payer: Uuid) -> Result<About> {
    let court = tx.court;
    let names: Vec<(Uuid, String)> =
        sqlx::query_as("select party_id, name from case_parties where court_id = $1 and case_id = $2 order by ordinal")
            .bind(court)
            .bind(case.case_id)
            .fetch_all(tx.conn())
            .await?;
    let payer = names.iter().find(|(id, _)| *id == payer).map(|(_, name)| name.clone()).unwrap_or_default();
    let names: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
    Ok(About { payer, parties: public_names(&names) })
}

async fn issue_and_file(
    tx: &mut CourtTx,
    case: &Row,
    kind: &'static str,
    title: &str,
    data: Value,
    parties: Vec<String>,
    only: Option<Uuid>,
) -> Result<Uuid> {
    let paper = NewPaper {
        kind,
        title: title.into(),
        template: kind,
        data,
        filing: None,
        case: Some(case.case_id),
        audience: only.map_or(Audience::All, |party| Audience::Parties(vec![party])),
        parties,
        number: Some(case.number.clone()),
    };
    let id = issue::issue(tx, paper).await?;
    file::add(tx, case.case_id, &NewLeaf::paper(FOLDER, title, "诉讼费用材料", "本院", id)).await?;
    Ok(id)
}

/// The words of a bill's purpose.
pub fn item(purpose: &str) -> (&'static str, &'static str) {
    match purpose {
        "acceptance" => ("案件受理费", "Acceptance fee"),
        "application" => ("申请费", "Application fee"),
        "counterclaim" => ("反诉案件受理费", "Fee of the counterclaim"),
        "appeal" => ("上诉案件受理费", "Appeal fee"),
        "top_up" => ("补交案件受理费", "Top-up of the acceptance fee"),
        _ => ("诉讼费用", "Litigation fee"),
    }
}

/// 诉讼费用交纳通知书.
///
/// # Errors
/// What the database says.
pub async fn payment_notice(app: &App, tx: &mut CourtTx, case: &Row, bill: &NewBill<'_>, days: u32) -> Result<Uuid> {
    let about = about(tx, case, bill.party).await?;
    let fee = bill.reckoning.fee;
    let steps = bill
        .reckoning
        .steps
        .iter()
        .map(|line| json!({ "zh": line.zh, "comes_to_fen": line.comes_to.map(|c| c.round(Rounding::default())) }));
    let halved = bill.asked.params.contains("summary");
    let stage = match bill.purpose {
        "appeal" | "counterclaim" | "application" => bill.purpose,
        "top_up" => "change",
        _ => "first",
    };
    let data = json!({
        "case_number": case.number, "addressee": about.payer, "cause": case.cause_name, "title": case.title, "bill_number": number(bill.id), "stage": stage,
        "items": [{
            "name": item(bill.purpose).0, "claim_fen": read_yuan(&bill.asked.amount).ok(), "steps": steps.collect::<Vec<_>>(),
            "halved": halved, "why_halved": halved.then_some("适用简易程序"), "amount_fen": fee,
        }],
        "amount_fen": fee, "deadline": { "days": days, "pay_by": bill.due_at.map(last_day) }, "articles": bill.reckoning.basis,
        "pay": { "url": format!("{}/cases/{}/{}/fees", app.config.public_url, tx.court, case.case_id) },
    });
    issue_and_file(tx, case, "payment_notice", "诉讼费用交纳通知书", data, about.parties, Some(bill.party)).await
}

/// The last day of a period that ends at 24:00: the instant is already the next day.
pub fn last_day(end: DateTime<Utc>) -> NaiveDate {
    beijing_date(end - TimeDelta::seconds(1))
}

/// The number of a bill as people say it: the end of its id.
pub fn number(bill: Uuid) -> String {
    let id = bill.simple().to_string();
    format!("JF{}", id[20..].to_uppercase())
}

/// 交费凭证, when a bill is paid in full.
///
/// # Errors
/// What the database says.
pub async fn receipt(tx: &mut CourtTx, bill: &Bill, paid: &Paid<'_>) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let about = about(tx, &case, bill.party_id).await?;
    let data = json!({
        "case_number": case.number, "payer": about.payer, "title": case.title, "cause": case.cause_name, "bill_number": number(bill.bill_id),
        "items": [{ "name": item(&bill.purpose).0, "amount_fen": paid.fen }], "amount_fen": paid.fen,
        "paid_at": paid.at, "channel": paid.channel, "transaction": paid.number,
    });
    issue_and_file(tx, &case, "fee_receipt", "诉讼费用交费凭证", data, about.parties, Some(bill.party_id)).await
}

/// A payment as its receipt names it.
pub struct Paid<'a> {
    /// Fen.
    pub fen: i64,
    /// When the money came in.
    pub at: chrono::DateTime<chrono::Utc>,
    /// 微信支付, 银行转账.
    pub channel: &'a str,
    /// The channel's number.
    pub number: &'a str,
}

/// A refund as its notice names it.
pub struct Back<'a> {
    /// 事由.
    pub ground: &'a str,
    /// In words.
    pub reason: &'a str,
    /// Fen.
    pub fen: i64,
    /// The last day (Art 53).
    pub due_on: Option<NaiveDate>,
}

/// 退费通知书.
///
/// # Errors
/// What the database says.
pub async fn refund_notice(tx: &mut CourtTx, bill: &Bill, back: &Back<'_>) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let about = about(tx, &case, bill.party_id).await?;
    let data = json!({
        "case_number": case.number, "addressee": about.payer, "title": case.title, "cause": case.cause_name, "ground": ground(back.ground), "reason": back.reason,
        "original": { "item": item(&bill.purpose).0, "amount_fen": bill.full_fen, "bill_number": number(bill.bill_id) },
        "amount_fen": back.fen, "due_on": back.due_on,
    });
    issue_and_file(tx, &case, "refund_notice", "诉讼费用退费通知书", data, about.parties, Some(bill.party_id)).await
}

/// The template's word for a ground; it knows the article of each.
fn ground(word: &str) -> &str {
    match word {
        "paid_twice" | "paid_late" | "overpaid" => "overpaid",
        "halved" => "withdrawal",
        "lowered" => "reduced_claim",
        "remanded" => "remand",
        "transferred" => "criminal",
        other => other,
    }
}

/// A decision on relief as its paper says it.
pub struct Relieved<'a> {
    /// defer, reduce, exempt.
    pub kind: &'a str,
    /// Granted or refused.
    pub granted: bool,
    /// What the party said.
    pub grounds: &'a str,
    /// Asked.
    pub asked_on: NaiveDate,
    /// What the court found.
    pub reason: &'a str,
    /// Of a reduction.
    pub percent: Option<i32>,
    /// Of a deferral.
    pub until: Option<NaiveDate>,
    /// When it is to be paid otherwise.
    pub pay_by: Option<NaiveDate>,
}

/// 司法救助决定书.
///
/// # Errors
/// What the database says.
pub async fn relief_decision(tx: &mut CourtTx, bill: &Bill, d: &Relieved<'_>) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let court = tx.court;
    let kind: String = sqlx::query_scalar("select kind from case_parties where court_id = $1 and case_id = $2 and party_id = $3")
        .bind(court)
        .bind(bill.case_id)
        .bind(bill.party_id)
        .fetch_one(tx.conn())
        .await?;
    let about = about(tx, &case, bill.party_id).await?;
    let data = json!({
        "case_number": case.number, "kind": d.kind, "granted": d.granted, "applicant": about.payer, "applicant_kind": kind, "title": case.title, "cause": case.cause_name,
        "item": item(&bill.purpose).0, "fee_fen": bill.full_fen, "asked_on": d.asked_on, "grounds": d.grounds, "reason": d.reason,
        "percent": d.percent, "defer_until": d.until, "pay_by": d.pay_by,
    });
    issue_and_file(tx, &case, "relief_decision", "司法救助决定书", data, about.parties, Some(bill.party_id)).await
}

/// 民事裁定书（按撤诉处理）, when a fee stays unpaid (民诉法解释 Art 213).
///
/// # Errors
/// What the database says.
pub async fn withdrawal_ruling(tx: &mut CourtTx, bill: &Bill, paid_fen: i64) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let court = tx.court;
    let parties: Vec<(String, String, String)> =
        sqlx::query_as("select side, kind, name from case_parties where court_id = $1 and case_id = $2 order by ordinal")
            .bind(court)
            .bind(case.case_id)
            .fetch_all(tx.conn())
            .await?;
    let parties: Vec<Value> = parties.into_iter().map(|(side, kind, name)| json!({ "side": side, "kind": kind, "name": name })).collect();
    let about = about(tx, &case, bill.party_id).await?;
    let data = json!({
        "case_number": case.number, "parties": parties, "cause": case.cause_name, "docketed_on": beijing_date(case.filed_at), "procedure": case.procedure,
        "stage": if bill.purpose == "top_up" { "change" } else { "first" },
        "fee": { "amount_fen": bill.full_fen, "notified_on": beijing_date(bill.noticed_at), "notified_how": "电子送达", "notice": "诉讼费用交纳通知书", "pay_by": bill.due_at.map(last_day), "paid_fen": paid_fen },
        "judges": case.panel.0.iter().map(|s| json!({ "role": role(s.role), "name": s.name })).collect::<Vec<_>>(),
    });
    issue_and_file(tx, &case, "withdrawal_ruling", "民事裁定书（按撤诉处理）", data, about.parties, None).await
}

fn role(of: PanelRole) -> &'static str {
    match of {
        PanelRole::PresidingJudge => "审判长",
        PanelRole::Judge => "审判员",
        PanelRole::Clerk => "书记员",
    }
}
