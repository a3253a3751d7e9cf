//! Doors of refunds and of the court's books: what is owed back, what came by bank, where the books differ from the
//! channel's bill, and what the channel reports.

use chrono::NaiveDate;
use poem::http::{HeaderMap, StatusCode};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::case_api::{Key, around, text};
use super::case_views::{CaseFees, FeeDifferences, FeeLines, FeeTransfer, FeeTransfers};
use super::wechat::callback::Event;
use super::wechat::sign::PlatformHeaders;
use super::{books, orders, reconcile, refunds, transfers};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, NoContent, created};
use crate::kit::raw::RawJson;

/// The doors.
pub struct FeeBooksApi;

/// 退费事由.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum RefundGround {
    /// 减半收取 (Art 15, 16).
    Halved,
    /// 减少诉讼请求 (Art 21).
    Lowered,
    /// 发回重审 (Art 27).
    Remanded,
    /// 不予受理、驳回起诉 (Art 27).
    Dismissed,
    /// 移送 (Art 24, 25).
    Transferred,
    /// 胜诉退费 (民诉法解释 Art 207).
    Winner,
    /// Another.
    Other,
}

impl RefundGround {
    fn key(self) -> &'static str {
        match self {
            Self::Halved => "halved",
            Self::Lowered => "lowered",
            Self::Remanded => "remanded",
            Self::Dismissed => "dismissed",
            Self::Transferred => "transferred",
            Self::Winner => "winner",
            Self::Other => "other",
        }
    }
}

/// 申请退费.
#[derive(Debug, Object, Serialize)]
struct RefundOrder {
    /// Fen.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000000")))]
    amount_fen: i64,
    /// 事由.
    ground: RefundGround,
    /// In words.
    #[oai(validator(min_length = 2, max_length = 500))]
    reason: String,
}

/// A decision on a refund.
#[derive(Debug, Object)]
struct RefundDecision {
    /// Approved or refused.
    grant: bool,
    /// Why.
    #[oai(validator(min_length = 2, max_length = 500))]
    reason: String,
}

/// 退款凭证.
#[derive(Debug, Object)]
struct RefundProof {
    /// The statement's number of the entry; no account number.
    #[oai(validator(min_length = 4, max_length = 64))]
    reference: String,
}

/// 银行转账.
#[derive(Debug, Object, Serialize)]
struct FeeTransferOrder {
    /// Day on the statement.
    received_on: NaiveDate,
    /// Fen.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000000")))]
    amount_fen: i64,
    /// The statement's number of the entry; no account number.
    #[oai(validator(min_length = 4, max_length = 64))]
    reference: String,
    /// 附言.
    #[oai(default, validator(max_length = 200))]
    remark: String,
}

/// 认领.
#[derive(Debug, Object)]
struct MatchOrder {
    /// The bill it pays.
    bill_id: Uuid,
}

/// A difference that was looked into.
#[derive(Debug, Object)]
struct DifferenceNote {
    /// Day.
    day: NaiveDate,
    /// Number.
    #[oai(validator(max_length = 64))]
    order_no: String,
    /// What differed.
    #[oai(validator(max_length = 40))]
    what: String,
    /// What was found out.
    #[oai(validator(min_length = 2, max_length = 500))]
    note: String,
}

/// 微信支付通知 (APIv3): the resource is encrypted; the answer says it was taken.
#[derive(Debug, Object)]
struct WechatNotification {
    /// The notification's id.
    id: String,
    /// Kind, such as `TRANSACTION.SUCCESS`.
    event_type: String,
    /// What it holds, encrypted.
    resource: WechatResource,
}

/// The encrypted part.
#[derive(Debug, Object)]
struct WechatResource {
    /// `AEAD_AES_256_GCM`.
    algorithm: String,
    /// Base64.
    ciphertext: String,
    /// Nonce.
    nonce: String,
    /// Authenticated beside it.
    associated_data: String,
}

#[OpenApi]
impl FeeBooksApi {
    /// 申请退费.
    #[oai(path = "/courts/:court/fees/:bill/refunds", method = "post", operation_id = "ask_refund")]
    async fn ask_refund(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        bill: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<RefundOrder>,
    ) -> Result<Created<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeRefundAsk).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(bill.0, &body.0))?).await?.is_none() {
            let reason = text(&body.0.reason, "/reason", false)?;
            let refund = refunds::ask(&mut tx, bill.0, body.0.amount_fen, body.0.ground.key(), &reason).await?;
            tx.answered(key.0, &refund).await?;
            tx.commit(refund, json!({ "bill": bill.0, "fen": body.0.amount_fen })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        Ok(created(around(app, &caller, court.0, bill.0).await?.0))
    }

    /// 审批退费, by another person than who asked.
    #[oai(path = "/courts/:court/fee-refunds/:refund/decision", method = "put", operation_id = "decide_refund")]
    async fn decide_refund(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        refund: Path<Uuid>,
        body: Json<RefundDecision>,
    ) -> Result<Json<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeRefundApprove).await?;
        let bill = refunds::decide(app, &mut tx, refund.0, body.0.grant, &text(&body.0.reason, "/reason", false)?).await?;
        tx.commit(refund.0, json!({ "grant": body.0.grant })).await?;
        around(app, &caller, court.0, bill).await
    }

    /// 退款凭证: given back by bank transfer.
    #[oai(path = "/courts/:court/fee-refunds/:refund/proof", method = "put", operation_id = "prove_refund")]
    async fn prove_refund(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        refund: Path<Uuid>,
        body: Json<RefundProof>,
    ) -> Result<Json<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeCashier).await?;
        let bill = refunds::by_hand(app, &mut tx, refund.0, &text(&body.0.reference, "/reference", false)?).await?;
        tx.commit(refund.0, json!({ "by_hand": true })).await?;
        around(app, &caller, court.0, bill).await
    }

    /// The court's bills, those that ask for something first.
    #[oai(path = "/courts/:court/fees", method = "get", operation_id = "list_fees")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 20))] state: Query<Option<String>>,
    ) -> Result<Json<FeeLines>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeBooks).await?;
        Ok(Json(FeeLines { items: books::lines(&mut tx, state.0.as_deref()).await? }))
    }

    /// 银行转账, unmatched ones first.
    #[oai(path = "/courts/:court/fee-transfers", method = "get", operation_id = "list_fee_transfers")]
    async fn transfers(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<FeeTransfers>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeReconcile).await?;
        Ok(Json(FeeTransfers { items: transfers::list(&mut tx).await?.into_iter().map(FeeTransfer::from).collect() }))
    }

    /// 登记一笔转账.
    #[oai(path = "/courts/:court/fee-transfers", method = "post", operation_id = "enter_fee_transfer")]
    async fn enter_transfer(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<FeeTransferOrder>,
    ) -> Result<Created<FeeTransfers>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeCashier).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&body.0)?).await?.is_none() {
            let (reference, remark) = (text(&body.0.reference, "/reference", false)?, text(&body.0.remark, "/remark", false)?);
            let id = transfers::enter(&mut tx, body.0.received_on, body.0.amount_fen, &reference, &remark).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(id, json!({ "fen": body.0.amount_fen })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        Ok(created(self.transfers(Data(app), caller, court).await?.0))
    }

    /// 认领一笔转账.
    #[oai(path = "/courts/:court/fee-transfers/:transfer/match", method = "put", operation_id = "match_fee_transfer")]
    async fn match_transfer(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        transfer: Path<Uuid>,
        body: Json<MatchOrder>,
    ) -> Result<Json<FeeTransfers>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeCashier).await?;
        transfers::match_to(app, &mut tx, transfer.0, body.0.bill_id).await?;
        tx.commit(transfer.0, json!({ "bill": body.0.bill_id })).await?;
        self.transfers(Data(app), caller, court).await
    }

    /// 对账差异, open ones first.
    #[oai(path = "/courts/:court/fee-differences", method = "get", operation_id = "list_fee_differences")]
    async fn differences(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<FeeDifferences>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeReconcile).await?;
        Ok(Json(FeeDifferences { items: books::differences(&mut tx).await? }))
    }

    /// A difference was looked into.
    #[oai(path = "/courts/:court/fee-differences/settled", method = "put", operation_id = "settle_fee_difference")]
    async fn settle(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        body: Json<DifferenceNote>,
    ) -> Result<Json<FeeDifferences>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeCashier).await?;
        reconcile::settle(&mut tx, body.0.day, &body.0.order_no, &body.0.what, &text(&body.0.note, "/note", false)?).await?;
        tx.commit(body.0.order_no.clone(), json!({ "day": body.0.day })).await?;
        self.differences(Data(app), caller, court).await
    }

    /// 微信支付通知, signed by the platform (`Wechatpay-Signature`, `-Serial`, `-Timestamp`, `-Nonce`) and encrypted.
    #[oai(path = "/hooks/wechat-pay", method = "post", operation_id = "report_wechat_pay")]
    async fn wechat(&self, Data(app): Data<&App>, headers: &HeaderMap, body: RawJson<WechatNotification>) -> Result<NoContent> {
        let refused = || {
            Error::new(
                StatusCode::UNAUTHORIZED,
                "hook.signature",
                said("签名不对，或时间相差太远。", "The signature or its time is wrong."),
                said("请核对证书、密钥和时钟。", "Check the certificate, the key and the clock."),
            )
        };
        let pay = app.wechat.as_ref().ok_or_else(refused)?;
        let signed = PlatformHeaders::read(|name| headers.get(name).and_then(|v| v.to_str().ok())).ok_or_else(refused)?;
        let told = pay.read_callback(&signed, &body.bytes).await.map_err(|cause| {
            tracing::warn!(%cause, "a payment notification is not believed");
            refused()
        })?;
        match &told.event {
            Event::Paid(paid) => {
                orders::heard(app, paid, &told.id).await?;
            }
            Event::Refund(refund) => {
                let (court, _) = refund.out_refund_no.strip_prefix('R').and_then(orders::read_order_no).ok_or_else(Error::not_found)?;
                refunds::take(app, court, refund, Some(&told.id)).await?;
            }
            _ => {}
        }
        Ok(NoContent::NoContent)
    }
}
