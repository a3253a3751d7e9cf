//! The doors of 分案: drawing or naming a judge, what came of it before, and the judges' shares. Owns their addresses and
//! shapes; decides nothing.

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::allocation::{self, Allocation, Duty, DutyOrder, Order};
use super::allocation_rules::AllocationWay;
use super::read;
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::Result;

/// The doors.
pub struct AllocationApi;

/// 分案.
#[derive(Object, Serialize)]
struct AllocationOrder {
    /// How.
    way: AllocationWay,
    /// 承办法官, by hand.
    judge: Option<Uuid>,
    /// Why: by hand, and whenever a judge is changed.
    #[oai(default, validator(max_length = 500))]
    reason: String,
}

/// 分案记录, newest first.
#[derive(Object)]
struct AllocationList {
    /// The allocations.
    items: Vec<Allocation>,
}

/// The court's judges and their shares.
#[derive(Object)]
struct DutyList {
    /// The judges.
    items: Vec<Duty>,
}

#[OpenApi]
impl AllocationApi {
    /// 分案: by lot among the judges who are there for it, or by hand with a reason. The first lot is the clerk's to draw;
    /// naming a judge and changing one is the presiding judge's (法发〔2017〕11号 三).
    #[oai(path = "/courts/:court/cases/:case/allocation", method = "post", operation_id = "allocate_case")]
    async fn allocate(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<AllocationOrder>,
    ) -> Result<Json<Allocation>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseAllocate).await?;
        if let Some(first) = tx.once_if::<Allocation>(key.0, &(case.0, &body.0)).await? {
            return Ok(Json(first));
        }
        let may_assign = app.door.may(&caller, court.0, Act::CaseAssign);
        let order = Order { way: body.0.way, judge: body.0.judge, reason: &body.0.reason, may_assign };
        let done = allocation::allocate(&app.door.registry, &mut tx, case.0, &order).await?;
        tx.answered_if(key.0, &done).await?;
        tx.commit(case.0, json!({ "way": done.way, "judge": done.judge, "before": done.before })).await?;
        Ok(Json(done))
    }

    /// 分案记录 of a case: who was in the lot, what was thrown, who was changed and why.
    #[oai(path = "/courts/:court/cases/:case/allocations", method = "get", operation_id = "list_allocations")]
    async fn history(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Json<AllocationList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseList).await?;
        read::row(&mut tx, case.0).await?;
        Ok(Json(AllocationList { items: allocation::history(&mut tx, case.0).await? }))
    }

    /// 法官分案办法: shares, kinds of case, days away, cases in hand.
    #[oai(path = "/courts/:court/duties", method = "get", operation_id = "list_duties")]
    async fn duties(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<DutyList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseList).await?;
        Ok(Json(DutyList { items: allocation::duties(&mut tx).await? }))
    }

    /// Sets a judge's share, kinds and days away; counts for what is allocated from now on.
    #[oai(path = "/courts/:court/duties/:person", method = "put", operation_id = "set_duty")]
    async fn set(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        person: Path<Uuid>,
        body: Json<DutyOrder>,
    ) -> Result<Json<Duty>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseAssign).await?;
        let duty = allocation::set_duty(&mut tx, person.0, &body.0).await?;
        tx.commit(person.0, json!({ "weight": duty.weight, "away": duty.away_from.is_some() })).await?;
        Ok(Json(duty))
    }
}
