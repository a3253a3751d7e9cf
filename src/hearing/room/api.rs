//! Doors of the room that need no socket: the pass, the state for who comes late, the log.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::{admission, floor};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::hearing::before::ready;
use crate::hearing::guards::{self, Hand};
use crate::hearing::words::{BreakKind, Stage, State};
use crate::hearing::{breaks, steps};
use crate::kit::answer::{Created, created};

/// The doors.
pub struct RoomApi;

/// 入庭凭证.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingPass {
    /// Token, good once.
    token: String,
    /// Good until.
    expires_at: DateTime<Utc>,
    /// Path of the socket; the token goes behind it as `?token=`.
    socket: String,
    /// Origin of the server that holds the room, when it is another one.
    address: Option<String>,
}

/// Something in the way of opening.
#[derive(Debug, Object)]
struct HearingObstacle {
    /// Stable code.
    code: String,
    /// 原因.
    text: String,
    /// The cause, in English.
    text_en: String,
    /// 依据.
    article: String,
    /// The judge may set it aside with a reason.
    may_be_set_aside: bool,
}

/// A break of the recording.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingBreak {
    /// adjournment, closed_evidence or mediation.
    kind: BreakKind,
    /// Because of a fault.
    fault: bool,
    /// Why.
    reason: String,
    /// From.
    from: DateTime<Utc>,
    /// Until.
    until: Option<DateTime<Utc>>,
}

/// The recording.
#[derive(Debug, Object)]
struct HearingTape {
    /// It is being written, by what lies on the disk.
    on: bool,
    /// A hearing may open.
    ready: bool,
}

/// The room, for whoever comes late.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingRoom {
    /// State.
    state: State,
    /// 名称.
    state_name: String,
    /// Name in English.
    state_name_en: String,
    /// 环节.
    stage: Option<Stage>,
    /// Steps the caller may take now.
    offered: Vec<String>,
    /// What stands in the way of opening; for the court.
    obstacles: Vec<HearingObstacle>,
    /// 开庭.
    opened_at: Option<DateTime<Utc>>,
    /// 结束.
    ended_at: Option<DateTime<Utc>>,
    /// Time sat, breaks left out, in milliseconds.
    sat_ms: i64,
    /// Breaks.
    breaks: Vec<HearingBreak>,
    /// The recording.
    recording: HearingTape,
    /// Version of the hearing.
    version: i32,
}

/// A line of the log.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct HearingLine {
    /// Number.
    n: i64,
    /// When.
    at: DateTime<Utc>,
    /// What.
    what: String,
    /// About whom.
    participant_id: Option<Uuid>,
    /// Milliseconds of the recording.
    media_ms: Option<i64>,
    /// all, own or staff.
    audience: String,
    /// Ids and words.
    data: Value,
}

/// Lines of the log.
#[derive(Debug, Object)]
struct HearingLines {
    /// By number.
    items: Vec<HearingLine>,
    /// Ask from here on next.
    next: i64,
}

#[derive(FromRow)]
struct LineRow {
    n: i64,
    at: DateTime<Utc>,
    what: String,
    participant_id: Option<Uuid>,
    media_ms: Option<i64>,
    audience: String,
    line: String,
}

#[OpenApi]
impl RoomApi {
    /// 进入法庭: a pass for one's own seat, good for sixty seconds and one socket.
    #[oai(path = "/courts/:court/hearings/:hearing/pass", method = "post", operation_id = "make_hearing_pass")]
    async fn pass(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Created<HearingPass>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingTake).await?;
        let pass = admission::give(app, &mut tx, &caller, hearing.0).await?;
        app.rooms.need()?;
        tx.commit(hearing.0, json!({ "pass": "given" })).await?;
        let socket = format!("/api/courts/{}/hearings/{}/socket", court.0, hearing.0);
        Ok(created(HearingPass { token: pass.token, expires_at: pass.expires_at, socket, address: pass.address }))
    }

    /// The room as it stands: state, steps, what is in the way, breaks.
    #[oai(path = "/courts/:court/hearings/:hearing/room", method = "get", operation_id = "get_hearing_room")]
    async fn room(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<HearingRoom>> {
        let recorder = app.rooms.recorder_ready().await;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        crate::hearing::listing::row(&mut tx, hearing.0).await?;
        let hand = steps::hand(&mut tx, hearing.0, caller.person()).await?;
        drop(tx);
        let mut tx = app.door.enter_as_house(court.0, "hearing:room").await?;
        let floor = floor::load(&mut tx, hearing.0, false).await?;
        let ready = ready::of(app, &mut tx, hearing.0, recorder).await?;
        let on = match app.rooms.find(court.0, hearing.0) {
            Some(live) => live.tape.lock().await.status().is_some_and(|s| s.recording),
            None => false,
        };
        Ok(Json(shown(&floor, hand, &ready, on, app.now())))
    }

    /// The log from a number on, as far as the caller may read it.
    #[oai(path = "/courts/:court/hearings/:hearing/events", method = "get", operation_id = "list_hearing_events")]
    async fn events(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        since: Query<Option<i64>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<HearingLines>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        crate::hearing::listing::row(&mut tx, hearing.0).await?;
        let limit = i64::from(limit.0.unwrap_or(500).clamp(1, 1000));
        let since = since.0.unwrap_or_default();
        let rows = lines(&mut tx, hearing.0, since, limit).await?;
        let next = rows.last().map_or(since, |r| r.n);
        Ok(Json(HearingLines { items: rows.into_iter().map(line).collect(), next }))
    }
}

async fn lines(tx: &mut CourtTx, hearing: Uuid, since: i64, limit: i64) -> Result<Vec<LineRow>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select n, at, what, participant_id, media_ms, audience, line from hearing_events where court_id = $1 and hearing_id = $2 and n > $3 order by n limit $4",
    )
    .bind(court)
    .bind(hearing)
    .bind(since)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?)
}

fn line(r: LineRow) -> HearingLine {
    let whole: Value = serde_json::from_str(&r.line).unwrap_or_default();
    let data = whole["data"]["data"].clone();
    HearingLine { n: r.n, at: r.at, what: r.what, participant_id: r.participant_id, media_ms: r.media_ms, audience: r.audience, data }
}

fn shown(floor: &floor::Floor, hand: Hand, ready: &guards::Ready, on: bool, now: DateTime<Utc>) -> HearingRoom {
    let course = &floor.course;
    let (offered, obstacles) =
        if hand == Hand::Other { (Vec::new(), Vec::new()) } else { (guards::offered(course, hand, ready), guards::obstacles(ready)) };
    let obstacle = |o: guards::Obstacle| HearingObstacle {
        code: o.code.into(),
        text: o.zh,
        text_en: o.en,
        article: o.article.zh.into(),
        may_be_set_aside: o.may_be_set_aside,
    };
    let pause = |b: &crate::hearing::states::Break| HearingBreak {
        kind: b.kind,
        fault: b.fault,
        reason: b.reason.clone(),
        from: b.from,
        until: b.until,
    };
    HearingRoom {
        state: course.state,
        state_name: course.state.zh().into(),
        state_name_en: course.state.en().into(),
        stage: course.stage,
        offered: offered.into_iter().map(str::to_owned).collect(),
        obstacles: obstacles.into_iter().map(obstacle).collect(),
        opened_at: course.opened_at,
        ended_at: course.ended_at,
        sat_ms: breaks::sat(course, now).num_milliseconds(),
        breaks: course.breaks.iter().map(pause).collect(),
        recording: HearingTape { on, ready: ready.recorder },
        version: floor.version,
    }
}
