//! The door of 变更诉讼请求: the claim's new amount; the fee follows.

use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::case_api::{Key, case_fees, text};
use super::case_views::CaseFees;
use super::claims::{self, Change};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::Result;
use crate::kit::answer::{Created, created};

/// The doors.
pub struct ClaimApi;

/// 变更诉讼请求.
#[derive(Debug, Object, Serialize)]
struct ClaimOrder {
    /// What is claimed from now on, fen.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000000000")))]
    amount_fen: i64,
    /// Before the court investigation ended; lowered later, nothing of the fee goes back.
    before_inquiry_ends: bool,
    /// In words.
    #[oai(validator(min_length = 2, max_length = 500))]
    reason: String,
}

#[OpenApi]
impl ClaimApi {
    /// 变更诉讼请求: raised, a bill for the difference; lowered in time, a refund is proposed (Art 21).
    #[oai(path = "/courts/:court/cases/:case/claims", method = "post", operation_id = "change_claim")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<ClaimOrder>,
    ) -> Result<Created<CaseFees>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FeeAssess).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await?.is_none() {
            let reason = text(&body.0.reason, "/reason", false)?;
            let change = Change { to_fen: body.0.amount_fen, in_time: body.0.before_inquiry_ends, reason: &reason };
            let id = claims::change(app, &mut tx, case.0, &change).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(id, claims::details(case.0, &change)).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        Ok(created(case_fees(app, &caller, court.0, case.0).await?.0))
    }
}
