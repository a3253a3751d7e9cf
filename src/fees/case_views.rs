//! What the doors of fees show. Money is fen; a tariff's lines are yuan, as the decree says them.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::bills::{self, Bill, BillStep};
use super::ledger;
use super::orders::{self, Order};
use super::refunds::{self, Refund};
use super::reliefs;
use super::transfers::Transfer;
use super::{kinds, moved, papers};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::moves;
use crate::docket::views::Clock;
use crate::error::Result;

/// An order at a payment channel.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeOrder {
    /// Order.
    pub id: Uuid,
    /// Bill.
    pub bill_id: Uuid,
    /// native or h5.
    pub form: String,
    /// Fen.
    pub total_fen: i64,
    /// placing, open, paid, closed.
    pub state: String,
    /// native: what the QR code says. h5: where this phone goes.
    pub code_url: Option<String>,
    /// Cannot be paid after this.
    pub expires_at: DateTime<Utc>,
    /// Paid.
    pub paid_at: Option<DateTime<Utc>>,
}

impl From<Order> for FeeOrder {
    fn from(o: Order) -> Self {
        let open = o.state == "open";
        Self {
            id: o.order_id,
            bill_id: o.bill_id,
            form: o.form,
            total_fen: o.total_fen,
            state: o.state,
            code_url: o.code_url.filter(|_| open),
            expires_at: o.expires_at,
            paid_at: o.paid_at,
        }
    }
}

/// 退费.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeRefund {
    /// Refund.
    pub id: Uuid,
    /// Fen.
    pub amount_fen: i64,
    /// Why, as a stable word.
    pub ground: String,
    /// Why, in words.
    pub reason: String,
    /// asked, approved, refused, sent, done, failed.
    pub state: String,
    /// Asked.
    pub asked_at: DateTime<Utc>,
    /// The house saw a surplus; nobody asked.
    pub by_house: bool,
    /// The decision's words.
    pub decision: Option<String>,
    /// 15 days (Art 53).
    pub due_at: Option<DateTime<Utc>>,
    /// Back with the payer.
    pub done_at: Option<DateTime<Utc>>,
    /// The proof: the channel's or the statement's number.
    pub proof: Option<String>,
    /// Goes back the way it came; by bank transfer otherwise.
    pub same_way: bool,
}

impl From<Refund> for FeeRefund {
    fn from(r: Refund) -> Self {
        Self {
            id: r.refund_id,
            amount_fen: r.fen,
            ground: r.ground,
            reason: r.reason,
            state: r.state,
            asked_at: r.asked_at,
            by_house: r.asked_by.is_none(),
            decision: r.decision,
            due_at: r.due_at,
            done_at: r.done_at,
            proof: r.channel_no,
            same_way: r.order_id.is_some(),
        }
    }
}

/// 司法救助.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeRelief {
    /// Application.
    pub id: Uuid,
    /// defer, reduce, exempt.
    pub kind: String,
    /// Why, as the party wrote it.
    pub grounds: String,
    /// asked, granted, refused.
    pub state: String,
    /// Asked.
    pub asked_at: DateTime<Utc>,
    /// Of a reduction.
    pub percent: Option<i32>,
    /// Of a deferral: the last day.
    pub until: Option<NaiveDate>,
    /// Reasons.
    pub decision: Option<String>,
    /// Decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// 证明材料: leaves of the file, for the court alone.
    pub proofs: Vec<Uuid>,
}

/// A bill, with all that happened to it.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeBill {
    /// Bill.
    pub id: Uuid,
    /// acceptance, application, counterclaim, appeal, top_up, other.
    pub purpose: String,
    /// 项目.
    pub item: String,
    /// The item in English.
    pub item_en: String,
    /// Kind of the tariff.
    pub fee_kind: String,
    /// Its name.
    pub fee_kind_name: String,
    /// Its name in English.
    pub fee_kind_name_en: String,
    /// The amount that was asked about, yuan.
    pub amount: String,
    /// The words beside it.
    pub params: String,
    /// Who prepays.
    pub payer: String,
    /// That party.
    pub party_id: Uuid,
    /// As assessed, fen.
    pub assessed_fen: i64,
    /// What it comes to now, fen.
    pub fee_fen: i64,
    /// Still to be paid, fen.
    pub outstanding_fen: i64,
    /// To be given back, fen.
    pub owed_back_fen: i64,
    /// The reckoning, tier by tier.
    pub steps: Vec<BillStep>,
    /// 依据.
    pub basis: String,
    /// open, paid, waived, deferred, unpaid, cancelled.
    pub state: String,
    /// Assessed and noticed.
    pub noticed_at: DateTime<Utc>,
    /// The last moment to pay.
    pub due_at: Option<DateTime<Utc>>,
    /// The clock of payment, while it runs.
    pub clock: Option<Clock>,
    /// 交费通知书.
    pub notice_id: Option<Uuid>,
    /// 交费凭证.
    pub receipt_id: Option<Uuid>,
    /// Orders, newest first.
    pub orders: Vec<FeeOrder>,
    /// Refunds.
    pub refunds: Vec<FeeRefund>,
    /// Applications for relief the viewer may see.
    pub reliefs: Vec<FeeRelief>,
    /// Version.
    pub version: i32,
}

/// What a viewer may do with the fees of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum FeeMay {
    /// 交费.
    Pay,
    /// 申请缓、减、免.
    AskRelief,
    /// 核定.
    Assess,
    /// 申请退费.
    AskRefund,
    /// 审批退费.
    ApproveRefund,
    /// 决定救助.
    DecideRelief,
    /// 登记转账、退款凭证.
    Cashier,
    /// 按撤诉处理.
    Withdraw,
}

/// The fees of a case.
#[derive(Debug, Clone, Object)]
pub struct CaseFees {
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub case_number: String,
    /// Bills, oldest first.
    pub bills: Vec<FeeBill>,
    /// The tariff needs something the court has not said: a clerk assesses.
    pub to_assess: bool,
    /// Online payment is open here.
    pub online: bool,
    /// What the viewer may do.
    pub may: Vec<FeeMay>,
}

/// A bill in the court's list.
#[derive(Debug, Clone, Object, sqlx::FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeLine {
    /// Bill.
    pub bill_id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// 案号.
    pub case_number: String,
    /// Title of the case.
    pub title: String,
    /// Purpose.
    pub purpose: String,
    /// State.
    pub state: String,
    /// As assessed, fen.
    pub assessed_fen: i64,
    /// Still to be paid, fen.
    pub outstanding_fen: i64,
    /// To be given back, fen.
    pub owed_back_fen: i64,
    /// The last moment to pay.
    pub due_at: Option<DateTime<Utc>>,
    /// Refunds waiting for approval.
    pub refunds_asked: i64,
    /// Applications for relief waiting for a decision.
    pub reliefs_asked: i64,
}

/// The court's list of bills.
#[derive(Debug, Clone, Object)]
pub struct FeeLines {
    /// Those that ask for something first.
    pub items: Vec<FeeLine>,
}

/// A bank transfer.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeTransfer {
    /// Transfer.
    pub id: Uuid,
    /// Day on the statement.
    pub received_on: NaiveDate,
    /// Fen.
    pub amount_fen: i64,
    /// The statement's number of the entry.
    pub reference: String,
    /// 附言.
    pub remark: String,
    /// The bill it was matched to.
    pub bill_id: Option<Uuid>,
    /// Matched.
    pub matched_at: Option<DateTime<Utc>>,
}

impl From<Transfer> for FeeTransfer {
    fn from(t: Transfer) -> Self {
        Self {
            id: t.transfer_id,
            received_on: t.received_on,
            amount_fen: t.fen,
            reference: t.reference,
            remark: t.remark,
            bill_id: t.bill_id,
            matched_at: t.matched_at,
        }
    }
}

/// Bank transfers, unmatched ones first.
#[derive(Debug, Clone, Object)]
pub struct FeeTransfers {
    /// They.
    pub items: Vec<FeeTransfer>,
}

/// Where our books and the channel's bill differ.
#[derive(Debug, Clone, Object, sqlx::FromRow)]
#[oai(skip_serializing_if_is_none)]
pub struct FeeDifference {
    /// Day of the bill.
    pub day: NaiveDate,
    /// Order or refund number.
    pub order_no: String,
    /// missing_here, missing_there, amount; the same of refunds.
    pub what: String,
    /// Ours, fen.
    pub ours_fen: Option<i64>,
    /// Theirs, fen.
    pub theirs_fen: Option<i64>,
    /// Found.
    pub found_at: DateTime<Utc>,
    /// Looked into.
    pub settled_at: Option<DateTime<Utc>>,
    /// What was found out.
    pub note: Option<String>,
}

/// Differences, open ones first.
#[derive(Debug, Clone, Object)]
pub struct FeeDifferences {
    /// They.
    pub items: Vec<FeeDifference>,
}

/// A bill as the viewer sees it.
///
/// # Errors
/// What the database says.
pub async fn bill(app: &App, tx: &mut CourtTx, b: Bill) -> Result<FeeBill> {
    let standing = ledger::standing(tx, b.bill_id).await?;
    let court = tx.court;
    let payer: String = sqlx::query_scalar("select name from case_parties where court_id = $1 and case_id = $2 and party_id = $3")
        .bind(court)
        .bind(b.case_id)
        .bind(b.party_id)
        .fetch_one(tx.conn())
        .await?;
    let kind = kinds::find(&b.fee_kind);
    // while the notice is not served any more, no day runs
    let runs = b.is().takes_money() && b.state == "open" && b.due_at.is_some();
    let floors = moves::floors(tx.conn(), &[b.bill_id]).await?;
    let clock = if runs { moved::clock(app, court, &b, &floors).ok().map(|c| Clock { party: Some(payer.clone()), ..c }) } else { None };
    let (item, item_en) = papers::item(&b.purpose);
    let reliefs = reliefs::of_bill(tx, b.bill_id).await?.into_iter().map(|(r, grounds)| FeeRelief {
        id: r.relief_id,
        proofs: r.proofs,
        kind: r.kind,
        grounds,
        state: r.state,
        asked_at: r.asked_at,
        percent: r.percent,
        until: r.until,
        decision: r.decision,
        decided_at: r.decided_at,
    });
    let reliefs = reliefs.collect();
    Ok(FeeBill {
        id: b.bill_id,
        item: item.into(),
        item_en: item_en.into(),
        fee_kind_name: kind.map_or_else(String::new, |k| k.zh.to_owned()),
        fee_kind_name_en: kind.map_or_else(String::new, |k| k.en.to_owned()),
        orders: orders::of_bill(tx, b.bill_id).await?.into_iter().map(FeeOrder::from).collect(),
        refunds: refunds::of_bill(tx, b.bill_id).await?.into_iter().map(FeeRefund::from).collect(),
        reliefs,
        purpose: b.purpose,
        fee_kind: b.fee_kind,
        amount: b.amount,
        params: b.params,
        payer,
        party_id: b.party_id,
        assessed_fen: b.full_fen,
        fee_fen: standing.fee,
        outstanding_fen: standing.outstanding,
        owed_back_fen: standing.owed_back,
        steps: b.steps.0,
        basis: b.basis,
        state: b.state,
        noticed_at: b.noticed_at,
        due_at: b.due_at,
        clock,
        notice_id: b.paper_id,
        receipt_id: b.receipt_id,
        version: b.version,
    })
}

/// The bills of a case as the viewer sees them.
///
/// # Errors
/// What the database says.
pub async fn bills_of(app: &App, tx: &mut CourtTx, case: Uuid) -> Result<Vec<FeeBill>> {
    let mut shown = Vec::new();
    for b in bills::of_case(tx, case).await? {
        shown.push(bill(app, tx, b).await?);
    }
    Ok(shown)
}
