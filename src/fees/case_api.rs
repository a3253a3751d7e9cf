//! Doors of the fees of a case: for whoever pays, whoever assesses and approves, and the payment channel.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::assess::{self, Asked};
use super::case_views::{self, CaseFees, FeeMay, FeeOrder};
use super::ledger;
use super::money_rules::{self, BillState};
use super::orders::{self, PayForm};
use super::reliefs::{self, Decision, Relief};
use super::{bills, overdue};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::{Caller, RequestFacts};
use crate::court::tx::CourtTx;
use crate::docket::attach;
use crate::docket::timeline::{self, Note};
use crate::docket::{people, read};
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct CaseFeeApi;

/// The key of a call that may be repeated.
pub(super) type Key = Header<Uuid>;

/// What a bill is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum FeePurpose {
    /// 案件受理费.
    Acceptance,
    /// 申请费.
    Application,
    /// 反诉.
    Counterclaim,
    /// 上诉.
    Appeal,
    /// 补交.
    TopUp,
    /// Another fee.
    Other,
}

impl FeePurpose {
    fn key(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Application => "application",
            Self::Counterclaim => "counterclaim",
            Self::Appeal => "appeal",
            Self::TopUp => "top_up",
            Self::Other => "other",
        }
    }
}

/// 核定诉讼费.
#[derive(Debug, Object, Serialize)]
struct AssessOrder {
    /// What for.
    purpose: FeePurpose,
    /// Kind of the tariff, see `/calculators/fee/kinds`.
    #[oai(validator(max_length = 60))]
    kind: String,
    /// Amount in yuan, as the calculator takes it; empty where the kind has none.
    #[oai(default, validator(max_length = 120))]
    amount: String,
    /// Words beside it, as the calculator takes them.
    #[oai(default, validator(max_length = 200))]
    params: String,
    /// Who prepays.
    party_id: Uuid,
    /// 提出反诉之日, of a counterclaim: the seven days run from the day after it (Art 22); today when none is given.
    filed_on: Option<NaiveDate>,
}

/// 交费.
#[derive(Debug, Object)]
struct PayOrder {
    /// A code for another phone, or a page for this one.
    form: PayForm,
}

/// Reasons in words.
#[derive(Debug, Object)]
struct FeeReason {
    /// Why.
    #[oai(validator(min_length = 2, max_length = 500))]
    reason: String,
}

/// 申请缓、减、免.
#[derive(Debug, Object)]
struct ReliefOrder {
    /// Which.
    kind: Relief,
    /// Why the fee cannot be paid (now).
    #[oai(validator(min_length = 10, max_length = 2000))]
    grounds: String,
    /// Proof of it (Art 48), uploaded before; for the court alone to read.
    #[oai(default, validator(max_items = 20))]
    file_ids: Vec<Uuid>,
}

/// 决定.
#[derive(Debug, Object)]
struct ReliefDecision {
    /// Granted or refused.
    grant: bool,
    /// Of a reduction: how much less, 30 to 99.
    percent: Option<i32>,
    /// Of a deferral: the last day.
    until: Option<NaiveDate>,
    /// Reasons.
    #[oai(validator(min_length = 2, max_length = 1000))]
    reason: String,
}

pub(super) fn text(value: &str, field: &str, lines: bool) -> Result<String> {
    let bounds = if lines { Bounds::lines(0, 2000) } else { Bounds::line(0, 500) };
    clean(value, bounds).map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field.to_owned()))
}

pub(super) async fn case_fees(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<Json<CaseFees>> {
    let mut tx = app.door.enter(caller, court, Act::FeeRead).await?;
    let row = read::row(&mut tx, case).await?;
    let bills = case_views::bills_of(app, &mut tx, case).await?;
    let staff = tx.is_staff();
    let mine = people::parties_of(&mut tx, case, caller.person()).await?;
    let payer = bills.iter().any(|b| mine.iter().any(|(capacity, party)| *party == Some(b.party_id) && capacity != "colleague"));
    let acts = [
        (Act::FeeAssess, FeeMay::Assess),
        (Act::FeeRefundAsk, FeeMay::AskRefund),
        (Act::FeeRefundApprove, FeeMay::ApproveRefund),
        (Act::FeeReliefDecide, FeeMay::DecideRelief),
        (Act::FeeCashier, FeeMay::Cashier),
        (Act::FeeWithdraw, FeeMay::Withdraw),
    ];
    let mut may: Vec<FeeMay> = acts.into_iter().filter(|(act, _)| staff && app.door.may(caller, court, *act)).map(|(_, may)| may).collect();
    if !staff {
        may.push(FeeMay::Pay);
    }
    if payer {
        may.push(FeeMay::AskRelief);
    }
    let to_assess = bills.is_empty() && row.kind != "enforcement" && row.closed_at.is_none();
    Ok(Json(CaseFees { case_id: case, case_number: row.number, bills, to_assess, online: app.wechat.is_some(), may }))
}

/// The fees of the case a bill belongs to.
pub(super) async fn around(app: &App, caller: &Caller, court: i32, bill: Uuid) -> Result<Json<CaseFees>> {
    let mut tx = app.door.enter(caller, court, Act::FeeRead).await?;
    let case = bills::read(&mut tx, bill).await?.case_id;
    drop(tx);
    case_fees(app, caller, court, case).await
}

async fn cancel(tx: &mut CourtTx, bill: Uuid, reason: &str) -> Result<()> {
    let held = bills::hold(tx, bill).await?;
    let standing = ledger::standing(tx, bill).await?;
    if !held.is().takes_money() || standing.held > 0 {
        return Err(Error::conflict(
            "fee.not_open",
            said("已交费、已了结的费用单不能撤销。", "A bill that is paid or closed cannot be taken back."),
            said("已交的部分请申请退费。", "Ask for a refund of what was paid."),
        ));
    }
    let (postings, _) = money_rules::lessen(&standing, standing.fee);
    ledger::book(tx, "cancelled", Some(bill), &bill.to_string(), &postings).await?;
    bills::set_state(tx, bill, BillState::Cancelled).await?;
    let text = said(format!("撤销费用单：{reason}"), format!("Bill taken back: {reason}"));
    timeline::write(tx, held.case_id, Note::new("fee_cancelled", text).by("诉讼费用交纳办法 第四十三条")).await
}

#[OpenApi]
impl CaseFeeApi {
    /// 本案诉讼费: bills, payments, refunds, relief.
    #[oai(path = "/courts/:court/cases/:case/fees", method = "get", operation_id = "get_case_fees")]
    async fn case_fees(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Json<CaseFees>> {
        case_fees(app, &caller, court.0, case.0).await
    }

    /// 核定诉讼费: a bill by the tariff, with its notice.
    #[oai(path = "/courts/:court/cases/:case/fees", method = "post", operation_id = "assess_fee")]
    async fn assess(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<AssessOrder>,
    ) -> Result<Created<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeAssess).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await?.is_none() {
            let row = read::row(&mut tx, case.0).await?;
            people::party_exists(&mut tx, case.0, body.0.party_id).await?;
            let asked = Asked { kind: body.0.kind.clone(), amount: body.0.amount.clone(), params: body.0.params.clone() };
            let reckoning = asked.reckon(app, court.0)?;
            let order = assess::Order {
                asked: &asked,
                reckoning: &reckoning,
                purpose: body.0.purpose.key(),
                payer: body.0.party_id,
                by: Some(caller.person()),
                filed_on: assess::filed_on(&row, body.0.filed_on, tx.now())?,
            };
            let bill = assess::bill(app, &mut tx, &row, &order).await?;
            tx.answered(key.0, &bill).await?;
            tx.commit(bill, json!({ "case": case.0, "kind": reckoning.kind.key, "fen": reckoning.fee })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        Ok(created(case_fees(app, &caller, court.0, case.0).await?.0))
    }

    /// 撤销费用单, before anything of it is paid.
    #[oai(path = "/courts/:court/fees/:bill/cancellation", method = "put", operation_id = "cancel_fee")]
    async fn cancel(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        bill: Path<Uuid>,
        body: Json<FeeReason>,
    ) -> Result<Json<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeAssess).await?;
        cancel(&mut tx, bill.0, &text(&body.0.reason, "/reason", false)?).await?;
        tx.commit(bill.0, json!({ "cancelled": true })).await?;
        around(app, &caller, court.0, bill.0).await
    }

    /// 交费: an order at WeChat Pay for what is still to be paid. Pressed twice, it is the same order.
    #[oai(path = "/courts/:court/fees/:bill/orders", method = "post", operation_id = "pay_fee")]
    async fn pay(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        caller: Caller,
        court: Path<i32>,
        bill: Path<Uuid>,
        body: Json<PayOrder>,
    ) -> Result<Json<FeeOrder>> {
        Ok(Json(orders::place(app, &caller, court.0, bill.0, body.0.form, &facts.ip).await?.into()))
    }

    /// How an order stands; asked after at the channel while it is open.
    #[oai(path = "/courts/:court/fee-orders/:order", method = "get", operation_id = "get_fee_order")]
    async fn order(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, order: Path<Uuid>) -> Result<Json<FeeOrder>> {
        Ok(Json(orders::look(app, &caller, court.0, order.0).await?.into()))
    }

    /// 申请缓交、减交、免交.
    #[oai(path = "/courts/:court/fees/:bill/reliefs", method = "post", operation_id = "ask_relief")]
    async fn ask_relief(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        bill: Path<Uuid>,
        body: Json<ReliefOrder>,
    ) -> Result<Created<CaseFees>> {
        let asked = reliefs::Asked { kind: body.0.kind, grounds: &text(&body.0.grounds, "/grounds", true)? };
        let mut tx = app.door.enter(&caller, court.0, Act::FeeReliefAsk).await?;
        reliefs::check_ask(&mut tx, bill.0, asked.kind).await?;
        drop(tx); // who may not ask is told so before a file is copied
        let proofs = attach::bring(app, &caller, court.0, &body.0.file_ids).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::FeeReliefAsk).await?;
        let relief = reliefs::ask(&mut tx, bill.0, &asked, &proofs).await?;
        tx.commit(relief, json!({ "bill": bill.0, "kind": asked.kind.key(), "proofs": proofs.len() })).await?;
        Ok(created(around(app, &caller, court.0, bill.0).await?.0))
    }

    /// 决定缓交、减交、免交.
    #[oai(path = "/courts/:court/fee-reliefs/:relief/decision", method = "put", operation_id = "decide_relief")]
    async fn decide_relief(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        relief: Path<Uuid>,
        body: Json<ReliefDecision>,
    ) -> Result<Json<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeReliefDecide).await?;
        let reason = text(&body.0.reason, "/reason", true)?;
        let decision = Decision { grant: body.0.grant, percent: body.0.percent, until: body.0.until, reason: &reason };
        let bill = reliefs::decide(app, &mut tx, relief.0, &decision).await?;
        tx.commit(relief.0, json!({ "grant": body.0.grant })).await?;
        around(app, &caller, court.0, bill).await
    }

    /// 按撤诉处理, when a fee stayed unpaid (民诉法解释 第二百一十三条): the ruling, and the case is closed.
    #[oai(path = "/courts/:court/fees/:bill/withdrawal", method = "put", operation_id = "treat_as_withdrawn")]
    async fn withdraw(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, bill: Path<Uuid>) -> Result<Json<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeWithdraw).await?;
        let paper = overdue::treat_as_withdrawn(&mut tx, bill.0).await?;
        tx.commit(bill.0, json!({ "ruling": paper })).await?;
        around(app, &caller, court.0, bill.0).await
    }
}
