//! The papers of fees: notice, receipt, refund, relief, deemed withdrawal. Owns which data each gets; the look is the
//! templates'. A receipt here is no fiscal ticket (财政票据): that comes from the finance department's own system.

use serde_json::{Value, json};
use uuid::Uuid;

use super::bills::{Bill, BillStep, NewBill};
use super::money::yuan;
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::docket::read::{self, Row};
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
    let steps: Vec<BillStep> = bill.reckoning.steps.iter().map(BillStep::from).collect();
    let data = json!({
        "case_number": case.number, "addressee": about.payer, "cause": case.cause_name, "title": case.title,
        "fee": {
            "item": item(bill.purpose).0, "amount_fen": bill.reckoning.fee, "claim": bill.asked.amount, "halved": bill.asked.params.contains("summary"),
            "steps": steps.iter().map(|s| json!({ "zh": s.text, "comes_to": s.yuan })).collect::<Vec<_>>(), "basis": bill.reckoning.basis,
            "days": days, "pay_by": bill.due_at.map(beijing_date),
        },
        "pay": { "url": format!("{}/cases/{}/{}/fees", app.config.public_url, tx.court, case.case_id), "remark": case.number },
        "contact": { "phone": "12368" },
    });
    issue_and_file(tx, case, "payment_notice", "诉讼费用交纳通知书", data, about.parties, Some(bill.party)).await
}

/// 交费凭证, when a bill is paid in full.
///
/// # Errors
/// What the database says.
pub async fn receipt(tx: &mut CourtTx, bill: &Bill, paid: &Paid<'_>) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let about = about(tx, &case, bill.party_id).await?;
    let data = json!({
        "case_number": case.number, "payer": about.payer, "cause": case.cause_name, "item": item(&bill.purpose).0, "amount_fen": paid.fen,
        "paid_at": paid.at, "channel": paid.channel, "transaction": masked(paid.number), "bill": bill.bill_id.simple().to_string(),
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

/// The last six signs of a number, the rest hidden.
fn masked(number: &str) -> String {
    let signs: Vec<char> = number.chars().collect();
    let shown: String = signs.iter().skip(signs.len().saturating_sub(6)).collect();
    format!("**{shown}")
}

/// 退费通知书.
///
/// # Errors
/// What the database says.
pub async fn refund_notice(tx: &mut CourtTx, bill: &Bill, refund: &Value) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let about = about(tx, &case, bill.party_id).await?;
    let mut data = json!({ "case_number": case.number, "addressee": about.payer, "cause": case.cause_name, "item": item(&bill.purpose).0 });
    data["refund"] = refund.clone();
    issue_and_file(tx, &case, "refund_notice", "退费通知书", data, about.parties, Some(bill.party_id)).await
}

/// 司法救助决定书.
///
/// # Errors
/// What the database says.
pub async fn relief_decision(tx: &mut CourtTx, bill: &Bill, decision: &Value) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let about = about(tx, &case, bill.party_id).await?;
    let mut data = json!({ "case_number": case.number, "addressee": about.payer, "applicant": about.payer, "cause": case.cause_name, "item": item(&bill.purpose).0, "fee_fen": bill.full_fen });
    data["decision"] = decision.clone();
    issue_and_file(tx, &case, "relief_decision", "司法救助决定书", data, about.parties, Some(bill.party_id)).await
}

/// 民事裁定书（按撤诉处理）, when a fee stays unpaid (民诉法解释 Art 213).
///
/// # Errors
/// What the database says.
pub async fn withdrawal_ruling(tx: &mut CourtTx, bill: &Bill) -> Result<Uuid> {
    let case = read::row(tx, bill.case_id).await?;
    let about = about(tx, &case, bill.party_id).await?;
    let data = json!({
        "case_number": case.number, "plaintiff": about.payer, "cause": case.cause_name, "title": case.title, "docketed_on": beijing_date(case.filed_at),
        "fee": { "item": item(&bill.purpose).0, "amount_fen": bill.full_fen, "amount": yuan(bill.full_fen), "pay_by": bill.due_at.map(beijing_date), "noticed_on": beijing_date(bill.noticed_at) },
        "judges": case.panel.0.iter().map(|s| json!({ "role": s.role, "name": s.name })).collect::<Vec<_>>(),
    });
    issue_and_file(tx, &case, "withdrawal_ruling", "民事裁定书（按撤诉处理）", data, about.parties, None).await
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_receipt_shows_the_end_of_a_number() {
        assert_eq!(super::masked("4200001234567890"), "**567890");
        assert_eq!(super::masked("12"), "**12");
    }
}
