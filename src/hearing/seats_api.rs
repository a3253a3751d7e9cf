//! Doors of the seats of a hearing that was fixed: one more, one less, the number somebody is reached at.

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::api::{seen_hearing, shown};
use super::orders::NewSeat;
use super::seating;
use super::views::Hearing;
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::Result;
use crate::kit::answer::{Created, NoContent, created};

/// The doors.
pub struct HearingSeatApi;

/// 增加参与人.
#[derive(Debug, Object, Serialize)]
struct SeatOrder {
    /// The version its page showed.
    version: i32,
    /// Who.
    seat: NewSeat,
    /// Why at a time at which he or she is busy.
    #[oai(validator(max_length = 500))]
    conflict_reason: Option<String>,
}

/// 去掉参与人.
#[derive(Debug, Object, Serialize)]
struct SeatRemoval {
    /// The version its page showed.
    version: i32,
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
}

/// 常用手机号.
#[derive(Debug, Object, Serialize)]
struct SeatMobile {
    /// Number.
    #[oai(validator(max_length = 30))]
    mobile: String,
}

#[OpenApi]
impl HearingSeatApi {
    /// 增加参与人: a witness, an interpreter, an agent who came later. He or she is told.
    #[oai(path = "/courts/:court/hearings/:hearing/seats", method = "post", operation_id = "add_hearing_seat")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<SeatOrder>,
    ) -> Result<Created<Hearing>> {
        seen_hearing(app, &caller, court.0, hearing.0, Act::HearingSchedule).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        let b = &body.0;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, b))?).await?.is_none() {
            let id = seating::add(app, &mut tx, hearing.0, b.version, &b.seat.chosen(), b.conflict_reason.as_deref()).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(hearing.0, json!({ "seated": id })).await?;
        }
        Ok(created(shown(app, &caller, court.0, hearing.0).await?))
    }

    /// 去掉参与人, before it begins.
    #[oai(path = "/courts/:court/hearings/:hearing/seats/:participant/removal", method = "post", operation_id = "remove_hearing_seat")]
    async fn remove(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        participant: Path<Uuid>,
        body: Json<SeatRemoval>,
    ) -> Result<Json<Hearing>> {
        seen_hearing(app, &caller, court.0, hearing.0, Act::HearingSchedule).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        seating::remove(app, &mut tx, hearing.0, body.0.version, participant.0, &body.0.reason).await?;
        tx.commit(hearing.0, json!({ "unseated": participant.0 })).await?;
        Ok(Json(shown(app, &caller, court.0, hearing.0).await?))
    }

    /// 确认常用手机号 (H01): the notice goes there once more.
    #[oai(path = "/courts/:court/hearings/:hearing/seats/:participant/mobile", method = "put", operation_id = "confirm_hearing_mobile")]
    async fn mobile(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        participant: Path<Uuid>,
        body: Json<SeatMobile>,
    ) -> Result<NoContent> {
        seen_hearing(app, &caller, court.0, hearing.0, Act::HearingSchedule).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        seating::confirm_mobile(&mut tx, hearing.0, participant.0, &body.0.mobile).await?;
        tx.commit(hearing.0, json!({ "mobile_of": participant.0 })).await?;
        Ok(NoContent::NoContent)
    }
}
