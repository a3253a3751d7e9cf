//! Doors of recordings after the hearing: to apply to see or copy them, to decide, how long they are kept, and two people
//! who let one go.

use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::super::before::sitting::{self, Sitting};
use super::super::settings::Settings;
use super::asks::{self, Asked, Decision, Kind, Wish};
use super::away::{self, Row};
use super::retention::{self, Class};
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::role::Role;
use crate::court::rules::CourtRules;
use crate::docket::read;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};

/// The doors.
pub struct RecordingRequestApi;

type Key = Header<Uuid>;

/// 申请查阅、复制.
#[derive(Debug, Object, Serialize)]
struct NewRecordingRequest {
    /// What.
    kind: Kind,
    /// What for.
    #[oai(validator(max_length = 1000))]
    purpose: String,
    /// From, ms of the recording.
    from_ms: Option<i64>,
    /// Until, ms of the recording.
    until_ms: Option<i64>,
    /// For which party; one's own where there is one only.
    party_id: Option<Uuid>,
}

/// An application to see or copy a recording.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct RecordingRequest {
    /// Application.
    id: Uuid,
    /// Hearing.
    hearing_id: Uuid,
    /// What.
    kind: Kind,
    /// 名称.
    kind_name: String,
    /// Name in English.
    kind_name_en: String,
    /// What for.
    purpose: String,
    /// Who asks.
    name: String,
    /// For which party.
    party_id: Option<Uuid>,
    /// From, ms of the recording.
    from_ms: Option<i64>,
    /// Until, ms of the recording.
    until_ms: Option<i64>,
    /// When.
    asked_at: DateTime<Utc>,
    /// open, granted, refused or ended.
    state: String,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// And why.
    reasons: Option<String>,
    /// End of the grant.
    until: Option<DateTime<Utc>>,
    /// The grant holds now.
    in_force: bool,
    /// The copy with one's name was made; it opens at `…/content`.
    copy_ready: bool,
    /// The caller's.
    own: bool,
    /// The caller may decide it.
    may_decide: bool,
}

/// Applications.
#[derive(Debug, Object)]
struct RecordingRequests {
    /// Open ones first.
    items: Vec<RecordingRequest>,
}

/// A decision.
#[derive(Debug, Object, Serialize)]
struct RecordingDecision {
    /// Granted.
    grant: bool,
    /// Why.
    #[oai(validator(max_length = 500))]
    reasons: String,
    /// For so many days.
    #[oai(default = "a_week", validator(minimum(value = "1"), maximum(value = "30")))]
    days: i64,
}

fn a_week() -> i64 {
    7
}

/// 删除.
#[derive(Debug, Object, Serialize)]
struct AwayOrder {
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
}

/// How far a recording is on its way out.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct RecordingAway {
    /// Recording.
    recording_id: Uuid,
    /// Somebody asked for it to go.
    asked: bool,
    /// Who.
    asked_by_name: Option<String>,
    /// When.
    asked_at: Option<DateTime<Utc>>,
    /// Why.
    reason: Option<String>,
    /// It is gone.
    gone: bool,
    /// Since when.
    gone_at: Option<DateTime<Utc>>,
    /// Kept until; absent: for good.
    retain_until: Option<NaiveDate>,
}

/// 定保管期限.
#[derive(Debug, Object, Serialize)]
struct RetentionOrder {
    /// Class.
    class: Class,
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
}

/// How long the recordings of a case are kept.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct RecordingRetention {
    /// Class.
    class: Class,
    /// 名称.
    class_name: String,
    /// Name in English.
    class_name_en: String,
    /// Until; absent: for good, or the case is not closed.
    until: Option<NaiveDate>,
}

#[OpenApi]
impl RecordingRequestApi {
    /// 申请查阅、复制庭审录音录像.
    #[oai(path = "/courts/:court/hearings/:hearing/recording-requests", method = "post", operation_id = "ask_for_recording")]
    async fn ask(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<NewRecordingRequest>,
    ) -> Result<Created<RecordingRequest>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::RecordingAsk).await?;
        let head = sitting::head(&mut tx, hearing.0).await?;
        let b = &body.0;
        let settings = Settings::of(&CourtRules::on(&app.door.registry, court.0, beijing_date(tx.now())));
        let id = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, b))?).await? {
            Some(id) => id,
            None => {
                let wish = Wish {
                    kind: b.kind,
                    from_ms: b.from_ms,
                    until_ms: b.until_ms,
                    purpose: &b.purpose,
                    party: b.party_id,
                    copies_go: settings.rules.copy_video,
                };
                let id = asks::ask(&mut tx, hearing.0, &head, &wish).await?;
                tx.answered(key.0, &id).await?;
                tx.commit(hearing.0, json!({ "recording_request": id, "kind": wish.kind.key() })).await?;
                id
            }
        };
        Ok(created(one(app, &caller, court.0, hearing.0, id).await?))
    }

    /// Applications of a hearing: one's own; all for the court.
    #[oai(path = "/courts/:court/hearings/:hearing/recording-requests", method = "get", operation_id = "list_recording_requests")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<RecordingRequests>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        sitting::head(&mut tx, hearing.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        let (now, may) = (tx.now(), may_decide(app, &caller, court.0, &all));
        if tx.is_staff() && !sitting::works_on(&tx, &caller) {
            return Err(Error::not_found());
        }
        let items = asks::list(&mut tx, Some(hearing.0), None).await?;
        Ok(Json(RecordingRequests { items: items.iter().map(|a| shown(a, &caller, now, may)).collect() }))
    }

    /// Applications at a court, for its desk.
    #[oai(path = "/courts/:court/recording-requests", method = "get", operation_id = "list_court_recording_requests")]
    async fn of_court(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 20))] state: Query<Option<String>>,
    ) -> Result<Json<RecordingRequests>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        if tx.is_staff() && !sitting::works_on(&tx, &caller) {
            return Err(Error::not_found());
        }
        let now = tx.now();
        let items = asks::list(&mut tx, None, state.0.as_deref()).await?;
        // who presides at the court decides here; a judge decides in the hearing
        let may = may_decide(app, &caller, court.0, &[]);
        Ok(Json(RecordingRequests { items: items.iter().map(|a| shown(a, &caller, now, may)).collect() }))
    }

    /// 准许、不准许: by the bench of the hearing, or a presiding judge of the court.
    #[oai(
        path = "/courts/:court/hearings/:hearing/recording-requests/:application/decide",
        method = "post",
        operation_id = "decide_recording_request"
    )]
    #[allow(clippy::too_many_arguments, reason = "one argument a part of the address")]
    async fn decide(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        application: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<RecordingDecision>,
    ) -> Result<Json<RecordingRequest>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingDecide).await?;
        asks::one(&mut tx, hearing.0, application.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        if !may_decide(app, &caller, court.0, &all) {
            return Err(not_the_bench());
        }
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(application.0, &body.0))?).await?.is_none() {
            let decision = Decision { grant: body.0.grant, reasons: &body.0.reasons, days: body.0.days };
            asks::decide(&mut tx, hearing.0, application.0, decision).await?;
            tx.answered(key.0, &application.0).await?;
            tx.commit(hearing.0, json!({ "recording_request": application.0, "grant": body.0.grant })).await?;
        } else {
            drop(tx);
        }
        Ok(Json(one(app, &caller, court.0, hearing.0, application.0).await?))
    }

    /// Ends an application or a grant: its maker takes it back, or a judge does.
    #[oai(
        path = "/courts/:court/hearings/:hearing/recording-requests/:application/end",
        method = "post",
        operation_id = "end_recording_request"
    )]
    async fn end(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        application: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<RecordingRequest>> {
        let mut tx = sitting::enter(app, &caller, court.0, hearing.0, Act::HearingTake).await?;
        let asked = asks::one(&mut tx, hearing.0, application.0).await?;
        let all = sitting::all(&mut tx, hearing.0).await?;
        if asked.person != caller.person() && !may_decide(app, &caller, court.0, &all) {
            return Err(Error::not_found());
        }
        if tx.once::<Uuid>(key.0, application.0.as_bytes()).await?.is_none() {
            asks::end(&mut tx, application.0).await?;
            tx.answered(key.0, &application.0).await?;
            tx.commit(hearing.0, json!({ "recording_request": application.0, "ended": true })).await?;
        } else {
            drop(tx);
        }
        Ok(Json(one(app, &caller, court.0, hearing.0, application.0).await?))
    }

    /// 删除到期的录音录像: the first asks, a second person agrees.
    #[oai(path = "/courts/:court/hearings/:hearing/recordings/:recording/away", method = "post", operation_id = "put_recording_away")]
    #[allow(clippy::too_many_arguments, reason = "one argument a part of the address")]
    async fn put_away(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        recording: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<AwayOrder>,
    ) -> Result<Json<RecordingAway>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingDelete).await?;
        away::row(&mut tx, hearing.0, recording.0).await?;
        let row = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(recording.0, &body.0))?).await? {
            Some(_) => away::row(&mut tx, hearing.0, recording.0).await?,
            None => {
                let row = away::put(&mut tx, hearing.0, recording.0, &body.0.reason).await?;
                tx.answered(key.0, &recording.0).await?;
                tx.commit(recording.0, json!({ "hearing": hearing.0, "gone": row.gone_at.is_some() })).await?;
                row
            }
        };
        Ok(Json(on_its_way(&row)))
    }

    /// Takes an ask for a recording to go back.
    #[oai(path = "/courts/:court/hearings/:hearing/recordings/:recording/keep", method = "post", operation_id = "keep_recording")]
    async fn keep(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        recording: Path<Uuid>,
    ) -> Result<Json<RecordingAway>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingDelete).await?;
        let row = away::keep(&mut tx, hearing.0, recording.0).await?;
        tx.commit(recording.0, json!({ "hearing": hearing.0, "kept": true })).await?;
        Ok(Json(on_its_way(&row)))
    }

    /// How long the recordings of a case are kept.
    #[oai(path = "/courts/:court/cases/:case/recording-retention", method = "get", operation_id = "get_recording_retention")]
    async fn retention(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
    ) -> Result<Json<RecordingRetention>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        if !sitting::works_on(&tx, &caller) {
            return Err(Error::not_found());
        }
        let (class, until) = retention::of_case(&mut tx, case.0).await?;
        Ok(Json(kept(class, until)))
    }

    /// 定保管期限, by the archive class of the case.
    #[oai(path = "/courts/:court/cases/:case/recording-retention", method = "put", operation_id = "set_recording_retention")]
    async fn set_retention(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<RetentionOrder>,
    ) -> Result<Json<RecordingRetention>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingDecide).await?;
        read::row(&mut tx, case.0).await?;
        let set = retention::set(&mut tx, case.0, body.0.class, &body.0.reason).await?;
        tx.commit(case.0, retention::details(&set)).await?;
        Ok(Json(kept(set.class, set.until)))
    }
}

/// The bench of the hearing, or who presides at the court.
/// Being a judge at the court is not having sat in this hearing.
fn not_the_bench() -> Error {
    Error::invalid(
        "recording.not_the_bench",
        said("这次庭审不是您审理的，不能决定它的录音录像申请。", "You did not sit in this hearing and cannot decide on its recordings."),
        said("请由本案合议庭成员或者庭长决定。", "Let a member of its bench or the presiding judge decide."),
    )
}

fn may_decide(app: &App, caller: &Caller, court: i32, all: &[Sitting]) -> bool {
    let bench = all.iter().any(|s| s.role().is_bench() && s.seat.person == Some(caller.person()));
    app.door.may(caller, court, Act::RecordingDecide) && (bench || caller.roles_at(court).has(Role::PresidingJudge))
}

/// One application after it changed: the caller's own, or one the court sees.
async fn one(app: &App, caller: &Caller, court: i32, hearing: Uuid, id: Uuid) -> Result<RecordingRequest> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let asked = asks::one(&mut tx, hearing, id).await?;
    let all = sitting::all(&mut tx, hearing).await?;
    Ok(shown(&asked, caller, tx.now(), may_decide(app, caller, court, &all)))
}

fn shown(a: &Asked, caller: &Caller, now: DateTime<Utc>, may: bool) -> RecordingRequest {
    RecordingRequest {
        id: a.id,
        hearing_id: a.hearing,
        kind: a.kind,
        kind_name: a.kind.zh().into(),
        kind_name_en: a.kind.en().into(),
        purpose: a.purpose.clone(),
        name: a.name.clone(),
        party_id: a.party,
        from_ms: a.from_ms,
        until_ms: a.until_ms,
        asked_at: a.at,
        state: a.state.clone(),
        decided_at: a.decided_at,
        reasons: a.reasons.clone(),
        until: a.until,
        in_force: a.in_force(now),
        copy_ready: a.made && a.in_force(now),
        own: a.person == caller.person(),
        may_decide: may && a.state == "open",
    }
}

fn on_its_way(r: &Row) -> RecordingAway {
    RecordingAway {
        recording_id: r.recording_id,
        asked: r.asked_away_by.is_some(),
        asked_by_name: r.asked_by_name.clone(),
        asked_at: r.asked_away_at,
        reason: r.asked_why.clone(),
        gone: r.gone_at.is_some(),
        gone_at: r.gone_at,
        retain_until: r.retain_until,
    }
}

fn kept(class: Class, until: Option<NaiveDate>) -> RecordingRetention {
    RecordingRetention { class, class_name: class.zh().into(), class_name_en: class.en().into(), until }
}
