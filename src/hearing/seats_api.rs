//! Doors of the seats of a hearing that was fixed: one more, one less, the number somebody is reached at.

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::api::{seen_hearing, shown};
use super::before::sitting;
use super::colleagues::{self, HearingColleague};
use super::measures::{self, SeatMeasures};
use super::orders::NewSeat;
use super::room::wire::StepOrder;
use super::views::Hearing;
use super::{room, seating, series};
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
    /// In every sitting of the series that has not begun.
    #[oai(default)]
    whole_series: bool,
}

/// 去掉参与人.
#[derive(Debug, Object, Serialize)]
struct SeatRemoval {
    /// The version its page showed.
    version: i32,
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
    /// Off every sitting of the series that has not begun.
    #[oai(default)]
    whole_series: bool,
}

/// 整个系列取消.
#[derive(Debug, Object, Serialize)]
struct SeriesEnd {
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
}

/// What was called off.
#[derive(Debug, Object)]
struct SeriesEnded {
    /// Sittings, by time.
    hearing_ids: Vec<Uuid>,
}

/// 常用手机号.
#[derive(Debug, Object, Serialize)]
struct SeatMobile {
    /// Number.
    #[oai(validator(max_length = 30))]
    mobile: String,
}

/// 特别安排 of a seat.
#[derive(Debug, Object, Serialize)]
struct SeatMeasuresOrder {
    /// Which; none at all ends those ordered before.
    measures: SeatMeasures,
    /// Why.
    #[oai(validator(max_length = 500))]
    reasons: String,
}

/// Who may be chosen for the court's seats.
#[derive(Debug, Object)]
struct HearingColleagues {
    /// By name.
    items: Vec<HearingColleague>,
}

#[OpenApi]
impl HearingSeatApi {
    /// 可选的审判人员、书记员、技术人员: whom the court's seats of a hearing can be given to.
    #[oai(path = "/courts/:court/hearing-colleagues", method = "get", operation_id = "list_hearing_colleagues")]
    async fn colleagues(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<HearingColleagues>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        Ok(Json(HearingColleagues { items: colleagues::of_court(&mut tx).await? }))
    }

    /// 特别安排 (the judge of the hearing): who must not see or hear this one, who comes along.
    #[oai(path = "/courts/:court/hearings/:hearing/seats/:participant/measures", method = "put", operation_id = "set_hearing_measures")]
    async fn measures(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        participant: Path<Uuid>,
        body: Json<SeatMeasuresOrder>,
    ) -> Result<Json<Hearing>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingDrive).await?;
        let head = sitting::hold(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let hand = sitting::hand(&all, &caller, court.0, head.state);
        measures::order(&mut tx, hearing.0, &head, &all, (participant.0, hand), (&body.0.measures, &body.0.reasons)).await?;
        tx.commit(hearing.0, json!({ "measures": participant.0 })).await?;
        room::told::moved(app, court.0, hearing.0).await?;
        Ok(Json(shown(app, &caller, court.0, hearing.0).await?))
    }

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
            let (chosen, reason) = (b.seat.chosen(), b.conflict_reason.as_deref());
            let id = seating::add(app, &mut tx, hearing.0, b.version, &chosen, reason).await?;
            let others = if b.whole_series { series::others(&mut tx, hearing.0).await? } else { Vec::new() };
            for (other, version) in &others {
                seating::add(app, &mut tx, *other, *version, &chosen, reason).await?;
            }
            tx.answered(key.0, &id).await?;
            tx.commit(hearing.0, json!({ "seated": id, "others": others.len() })).await?;
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
        let others = if body.0.whole_series { series::others_with(&mut tx, hearing.0, participant.0).await? } else { Vec::new() };
        seating::remove(app, &mut tx, hearing.0, body.0.version, participant.0, &body.0.reason).await?;
        for (other, version, same) in &others {
            seating::remove(app, &mut tx, *other, *version, *same, &body.0.reason).await?;
        }
        tx.commit(hearing.0, json!({ "unseated": participant.0, "others": others.len() })).await?;
        Ok(Json(shown(app, &caller, court.0, hearing.0).await?))
    }

    /// 整个系列取消: every sitting of the series that has not begun, one after the other; said again it goes on where it stopped.
    #[oai(path = "/courts/:court/hearings/:hearing/series/cancel", method = "post", operation_id = "cancel_hearing_series")]
    async fn cancel_series(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<SeriesEnd>,
    ) -> Result<Json<SeriesEnded>> {
        seen_hearing(app, &caller, court.0, hearing.0, Act::HearingDrive).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingDrive).await?;
        let sittings = series::all(&mut tx, hearing.0).await?;
        drop(tx);
        let mut hearing_ids = Vec::with_capacity(sittings.len());
        for (sitting, version) in sittings {
            room::drive::step(app, &caller, court.0, sitting, &StepOrder::cancel(version, &body.0.reason)).await?;
            hearing_ids.push(sitting);
        }
        Ok(Json(SeriesEnded { hearing_ids }))
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
