//! Doors of scheduling for the court: think a hearing through, fix it, move it, take a step, who was reached, courtrooms.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::check_views::{self, HearingCheck};
use super::guards::Hand;
use super::listing::{self, Counts, Wanted};
use super::notices::{self, Call};
use super::orders::NewHearing;
use super::plan::{self, Wish};
use super::room::drive;
use super::room::wire::StepOrder;
use super::schedule::{self, Moved, Reasons};
use super::settings::Settings;
use super::steps::{self, NO_ROOM};
use super::views::{self, Hearing, HearingList, Viewer, Whole};
use super::words::State;
use super::{guards, guests, joint, log, restore};
use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::role::Role;
use crate::court::rules::CourtRules;
use crate::court::tx::CourtTx;
use crate::docket::read;
use crate::error::{Error, Result};
use crate::kit::answer::{Created, NoContent, created};

/// The doors.
pub struct HearingApi;

type Key = Header<Uuid>;

/// 改期.
#[derive(Debug, Object, Serialize)]
struct HearingMove {
    /// The version its page showed.
    version: i32,
    /// Begins.
    starts_at: DateTime<Utc>,
    /// Minutes.
    #[oai(validator(minimum(value = "10"), maximum(value = "600")))]
    minutes: i64,
    /// Courtroom.
    courtroom_id: Option<Uuid>,
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
    /// Why sooner than the lead.
    #[oai(validator(max_length = 500))]
    soon_reason: Option<String>,
    /// Why at a time at which somebody is busy.
    #[oai(validator(max_length = 500))]
    conflict_reason: Option<String>,
}

/// Outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum CallOutcome {
    /// 通了.
    Reached,
    /// 没人接.
    NoAnswer,
    /// 占线.
    Engaged,
    /// 号码不对.
    WrongNumber,
    /// 不愿接听.
    Refused,
}

/// 登记电话.
#[derive(Debug, Object, Serialize)]
struct HearingCall {
    /// To whom.
    participant_id: Uuid,
    /// Outcome.
    outcome: CallOutcome,
    /// What was said.
    #[oai(default, validator(max_length = 1000))]
    note: String,
}

/// Somebody nothing proves to have been reached.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct UnreachedSeat {
    /// Hearing.
    hearing_id: Uuid,
    /// Participant.
    participant_id: Uuid,
    /// 案号.
    case_number: String,
    /// Begins.
    starts_at: DateTime<Utc>,
    /// Role.
    role: String,
    /// Name.
    name: String,
    /// Number, masked.
    mobile_masked: Option<String>,
    /// How often called.
    tried: i64,
    /// What became of the last message.
    last_state: Option<String>,
}

/// 电话名单.
#[derive(Debug, Object)]
struct UnreachedList {
    /// The next hearing first.
    items: Vec<UnreachedSeat>,
}

/// The caller, as he or she looks at hearings of a court.
fn viewer(caller: &Caller, tx: &CourtTx) -> Viewer {
    Viewer { person: caller.person(), staff: tx.is_staff() }
}

/// What the caller may not do at all is refused before anything is looked for.
pub(super) async fn permitted(app: &App, caller: &Caller, court: i32, act: Act) -> Result<()> {
    if app.door.may(caller, court, act) { Ok(()) } else { app.door.enter(caller, court, act).await.map(drop) }
}

/// 404 for whoever may not see the case: what follows sits in the seat of the house.
async fn seen(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<()> {
    permitted(app, caller, court, Act::HearingSchedule).await?;
    let mut tx = app.door.enter(caller, court, Act::CaseRead).await?;
    if !tx.is_staff() {
        return Err(Error::not_found());
    }
    read::row(&mut tx, case).await.map(drop)
}

/// The same of a hearing.
pub(super) async fn seen_hearing(app: &App, caller: &Caller, court: i32, hearing: Uuid, act: Act) -> Result<()> {
    permitted(app, caller, court, act).await?;
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    listing::row(&mut tx, hearing).await.map(drop)
}

async fn moved(tx: &mut CourtTx, hearing: Uuid, to: &HearingMove) -> Result<Wish> {
    let old = restore::wish(tx, hearing).await?;
    Ok(Wish { starts_at: to.starts_at, minutes: to.minutes, courtroom: to.courtroom_id, ..old })
}

async fn wish(app: &App, tx: &mut CourtTx, case: Uuid, order: &NewHearing) -> Result<Wish> {
    let settings = Settings::of(&CourtRules::on(&app.door.registry, tx.court, beijing_date(tx.now())));
    let cases: Vec<Uuid> = std::iter::once(case).chain(order.joined_case_ids.iter().copied()).collect();
    let guests = guests::resolve(tx, &cases, &order.chosen()).await?;
    order.wish(guests, &settings)
}

/// A hearing as the caller sees it.
pub(super) async fn shown(app: &App, caller: &Caller, court: i32, hearing: Uuid) -> Result<Hearing> {
    let mut tx = app.door.enter(caller, court, Act::HearingRead).await?;
    let row = listing::row(&mut tx, hearing).await?;
    let sits = listing::sits(&mut tx, hearing).await?;
    let linked = listing::linked(&mut tx, &row).await?;
    let course = log::course(&mut tx, hearing).await?;
    let hand = hand(&mut tx, caller, court, hearing).await?;
    let offered = guards::offered(&course, hand, &NO_ROOM);
    let counts = if tx.is_staff() { listing::counts(&mut tx, &[hearing]).await?.pop().or_else(|| Some(Counts::default())) } else { None };
    let cases = joint::named(&mut tx, hearing).await?;
    let whole = Whole { court, row, sits, linked, counts, cases };
    Ok(views::hearing(app.door.registry.name(court), &whole, offered, viewer(caller, &tx)))
}

/// By the role in the hearing; before it opens any clerk of the court prepares it.
async fn hand(tx: &mut CourtTx, caller: &Caller, court: i32, hearing: Uuid) -> Result<Hand> {
    let hand = steps::hand(tx, hearing, caller.person()).await?;
    let clerk = hand == Hand::Other && caller.roles_at(court).has(Role::Clerk) && caller.session.second_factor;
    let before = matches!(listing::row(tx, hearing).await?.state, State::Scheduled | State::Waiting);
    Ok(if clerk && before { Hand::Clerk } else { hand })
}

#[OpenApi]
impl HearingApi {
    /// 推演: what the rules say of a hearing; nothing is saved.
    #[oai(path = "/courts/:court/cases/:case/hearings/check", method = "post", operation_id = "check_hearing")]
    async fn check(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<NewHearing>,
    ) -> Result<Json<HearingCheck>> {
        seen(app, &caller, court.0, case.0).await?;
        for joined in &body.0.joined_case_ids {
            seen(app, &caller, court.0, *joined).await?;
        }
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        let order = &body.0;
        let wish = wish(app, &mut tx, case.0, order).await?;
        let plan = plan::plan(app, &mut tx, case.0, &wish, None).await?;
        let free = plan::free(app, &mut tx, &plan, wish.minutes, None).await?;
        let found = plan.check(&wish, order.soon_reason.as_deref(), order.conflict_reason.as_deref()).err();
        Ok(Json(check_views::check(&wish, &plan, found, &free)))
    }

    /// 排期: a hearing, or one for each of several days.
    #[oai(path = "/courts/:court/cases/:case/hearings", method = "post", operation_id = "schedule_hearing")]
    async fn schedule(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<NewHearing>,
    ) -> Result<Created<Hearing>> {
        seen(app, &caller, court.0, case.0).await?;
        for joined in &body.0.joined_case_ids {
            seen(app, &caller, court.0, *joined).await?;
        }
        // a link leads to what the caller may see, and to nothing else
        if let Some(other) = body.0.linked_to {
            seen_hearing(app, &caller, court.0, other, Act::HearingSchedule).await?;
        }
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        let order = &body.0;
        let made = match tx.once::<Vec<Uuid>>(key.0, &serde_json::to_vec(&(case.0, order))?).await? {
            Some(made) => made,
            None => {
                let wish = wish(app, &mut tx, case.0, order).await?;
                let reasons = Reasons {
                    soon: order.soon_reason.as_deref(),
                    conflict: order.conflict_reason.as_deref(),
                    closed: order.closed_reason(),
                    follows: order.follows,
                    linked_to: order.linked_to,
                };
                let made = schedule::save(app, &mut tx, case.0, &wish, reasons).await?;
                tx.answered(key.0, &made).await?;
                tx.commit(case.0, json!({ "hearings": made })).await?;
                made
            }
        };
        let first = *made.first().ok_or_else(|| Error::internal("no hearing was made"))?;
        Ok(created(shown(app, &caller, court.0, first).await?))
    }

    /// 庭审日程 of a court, by time.
    #[oai(path = "/courts/:court/hearings", method = "get", operation_id = "list_hearings")]
    #[allow(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        from: Query<Option<DateTime<Utc>>>,
        until: Query<Option<DateTime<Utc>>>,
        #[oai(validator(max_length = 40))] state: Query<Option<String>>,
        courtroom: Query<Option<Uuid>>,
        /// In which this person sits.
        person: Query<Option<Uuid>>,
        case: Query<Option<Uuid>>,
        /// Which wait for another time, that was granted.
        rebook: Query<Option<bool>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<HearingList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingRead).await?;
        let limit = i64::from(limit.0.unwrap_or(100).clamp(1, 500));
        let wanted = Wanted {
            from: from.0,
            until: until.0,
            state: state.0.as_deref(),
            courtroom: courtroom.0,
            person: person.0,
            case: case.0,
            rebook: rebook.0.unwrap_or_default(),
            after: cursor.0,
            limit,
        };
        let rows = listing::of_court(&mut tx, &wanted).await?;
        let next_cursor = (rows.len() as i64 == limit).then(|| rows.last().map(|r| r.hearing_id)).flatten();
        let ids: Vec<Uuid> = rows.iter().map(|r| r.hearing_id).collect();
        let counts = if tx.is_staff() { Some(listing::counts(&mut tx, &ids).await?) } else { None };
        let name = app.door.registry.name(court.0);
        let item = |r: &listing::Listed| {
            let shown = views::summary(r, name.clone());
            let Some(counts) = &counts else { return shown };
            views::counted(shown, counts.iter().find(|c| c.hearing_id == r.hearing_id).copied().unwrap_or_default())
        };
        Ok(Json(HearingList { items: rows.iter().map(item).collect(), next_cursor }))
    }

    /// One hearing whole.
    #[oai(path = "/courts/:court/hearings/:hearing", method = "get", operation_id = "get_hearing")]
    async fn get(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<Hearing>> {
        Ok(Json(shown(app, &caller, court.0, hearing.0).await?))
    }

    /// 改期的推演: what the rules say of another time, with free ones for the same people; nothing is saved.
    #[oai(path = "/courts/:court/hearings/:hearing/time/check", method = "post", operation_id = "check_hearing_move")]
    async fn check_move(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<HearingMove>,
    ) -> Result<Json<HearingCheck>> {
        seen_hearing(app, &caller, court.0, hearing.0, Act::HearingSchedule).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        let (b, own) = (&body.0, Some(hearing.0));
        let row = listing::row(&mut tx, hearing.0).await?;
        let wish = moved(&mut tx, hearing.0, b).await?;
        let plan = plan::plan(app, &mut tx, row.case_id, &wish, own).await?;
        let mut free = plan::free(app, &mut tx, &plan, wish.minutes, own).await?;
        // somebody cannot come on that day, and a judge agreed: it is not offered again
        if row.rebook_asked.is_some() {
            free.retain(|s| beijing_date(s.from) != beijing_date(row.starts_at));
        }
        let found = plan.check(&wish, b.soon_reason.as_deref(), b.conflict_reason.as_deref()).err();
        Ok(Json(check_views::check(&wish, &plan, found, &free)))
    }

    /// 改期: another time or courtroom, the same people.
    #[oai(path = "/courts/:court/hearings/:hearing/time", method = "put", operation_id = "move_hearing")]
    async fn rebook(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<HearingMove>,
    ) -> Result<Json<Hearing>> {
        seen_hearing(app, &caller, court.0, hearing.0, Act::HearingSchedule).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::HearingSchedule).await?;
        let b = &body.0;
        let wish = moved(&mut tx, hearing.0, b).await?;
        let reasons = Reasons { soon: b.soon_reason.as_deref(), conflict: b.conflict_reason.as_deref(), ..Reasons::default() };
        schedule::rebook(app, &mut tx, hearing.0, b.version, Moved { wish: &wish, reason: &b.reason, reasons }).await?;
        tx.commit(hearing.0, json!({ "moved": true })).await?;
        Ok(Json(shown(app, &caller, court.0, hearing.0).await?))
    }

    /// 推进庭审: one step of the course, by whoever may take it; the room's socket takes the same.
    #[oai(path = "/courts/:court/hearings/:hearing/steps", method = "post", operation_id = "step_hearing")]
    async fn step(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        body: Json<StepOrder>,
    ) -> Result<Json<Hearing>> {
        seen_hearing(app, &caller, court.0, hearing.0, Act::HearingDrive).await?;
        if body.0.version.is_none() {
            return Err(Error::stale());
        }
        drive::step(app, &caller, court.0, hearing.0, &body.0).await?;
        Ok(Json(shown(app, &caller, court.0, hearing.0).await?))
    }

    /// 电话名单: who is not proved to have been reached (H04).
    #[oai(path = "/courts/:court/hearing-calls", method = "get", operation_id = "list_hearing_calls")]
    async fn calls(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<UnreachedList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingPrepare).await?;
        let items = notices::unreached(&mut tx, 200).await?.into_iter().map(|u| UnreachedSeat {
            hearing_id: u.hearing_id,
            participant_id: u.participant_id,
            case_number: u.case_number,
            starts_at: u.starts_at,
            role: u.role,
            name: u.name,
            mobile_masked: u.mobile_masked,
            tried: u.tried,
            last_state: u.last_state,
        });
        Ok(Json(UnreachedList { items: items.collect() }))
    }

    /// 登记电话.
    #[oai(path = "/courts/:court/hearings/:hearing/calls", method = "post", operation_id = "record_hearing_call")]
    async fn called(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<HearingCall>,
    ) -> Result<NoContent> {
        let mut tx = app.door.enter(&caller, court.0, Act::HearingPrepare).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(hearing.0, &body.0))?).await?.is_none() {
            let outcome = serde_json::to_value(body.0.outcome)?;
            let outcome = outcome.as_str().unwrap_or_default();
            let call = Call { participant: body.0.participant_id, purpose: "notice", outcome, note: &body.0.note };
            let id = notices::called(&mut tx, hearing.0, &call).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(hearing.0, json!({ "call": id, "outcome": outcome })).await?;
        }
        Ok(NoContent::NoContent)
    }
}
