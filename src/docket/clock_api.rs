//! Doors of the clocks of a case: how they stand, what if, what bears on them, and what moved.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::clock_case::{self, CaseClocks, ClockMove};
use super::clocks::Kept;
use super::excuses::{self, Application, Decision};
use super::facts::{Ground, NewPause};
use super::views::Clock;
use super::{moves, read};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::deadline_api::{DeadlineAnswer, answered_with};
use crate::court::deadline_ask::Asked;
use crate::court::outage_rules::last_day;
use crate::court::rules::CourtRules;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, created};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct ClockApi;

/// 停表.
#[derive(Debug, Object)]
struct SuspensionOrder {
    /// Why.
    ground: Ground,
    /// First day not counted.
    from: NaiveDate,
    /// Last day not counted, where it is known.
    until: Option<NaiveDate>,
    /// In words: the ruling, the appraisal.
    #[oai(validator(min_length = 2, max_length = 500))]
    reason: String,
}

/// The end of 停表.
#[derive(Debug, Object)]
struct SuspensionEnd {
    /// Last day not counted.
    until: NaiveDate,
    /// In words.
    #[oai(validator(min_length = 2, max_length = 500))]
    reason: String,
}

/// 在途时间.
#[derive(Debug, Object)]
struct TravelOrder {
    /// Which clock.
    clock_id: Uuid,
    /// Days.
    #[oai(validator(minimum(value = "1"), maximum(value = "60")))]
    days: i32,
    /// In words.
    #[oai(validator(min_length = 2, max_length = 500))]
    reason: String,
}

/// 申请顺延.
#[derive(Debug, Object, Serialize)]
struct ExcuseOrder {
    /// Which clock.
    clock_id: Uuid,
    /// Why it could not be kept.
    #[oai(validator(min_length = 10, max_length = 2000))]
    grounds: String,
    /// Since when something stood in the way.
    obstacle_from: Option<NaiveDate>,
    /// The day it ended.
    obstacle_ended: NaiveDate,
}

/// The decision on it.
#[derive(Debug, Object)]
struct ExcuseDecision {
    /// Granted or refused.
    grant: bool,
    /// The new last day, when granted.
    until: Option<NaiveDate>,
    /// Reasons.
    #[oai(validator(min_length = 2, max_length = 1000))]
    reason: String,
}

/// 试算: what a clock would be, nothing kept.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ClockWhatIf {
    /// As the public calculator reckons it, with this court's choices.
    answer: DeadlineAnswer,
    /// The clock as it stands, when one was named.
    now: Option<Clock>,
    /// The last day, were so many days granted to a party that missed it.
    moves_to: Option<NaiveDate>,
}

/// What moved.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ClockMoves {
    /// Newest first.
    items: Vec<ClockMove>,
    /// Ask with it for the next page.
    next_cursor: Option<Uuid>,
}

fn text(value: &str, field: &str) -> Result<String> {
    clean(value, Bounds::lines(0, 2000))
        .map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field.to_owned()))
}

/// What a page types into the calculator.
struct Typed {
    rule: String,
    trigger: String,
    mode: String,
    travel_days: u32,
    pauses: String,
}

impl Typed {
    /// What is not typed is the clock's own: its period, its event, and what bears on it already.
    fn of(self, kept: Option<&Kept>) -> Self {
        let Some(kept) = kept else { return self };
        let own = |typed: String, own: String| if typed.trim().is_empty() { own } else { typed };
        let event = kept.from_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let closed = kept.bearing.pauses.iter().filter_map(|p| Some(format!("{}..{}", p.from, p.until?)));
        let pauses: Vec<String> = closed.chain([self.pauses].into_iter().filter(|p| !p.trim().is_empty())).collect();
        Self {
            rule: own(self.rule, kept.key.clone()),
            trigger: own(self.trigger, event),
            mode: self.mode,
            travel_days: self.travel_days.saturating_add(kept.bearing.travel_days),
            pauses: pauses.join(","),
        }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            rule: &self.rule,
            trigger: &self.trigger,
            mode: &self.mode,
            travel_days: self.travel_days,
            pauses: &self.pauses,
            obstacle_ended: "",
        }
    }
}

/// Where an end goes by days granted: past a rest day too.
fn later(app: &App, court: i32, due_at: DateTime<Utc>, days: Option<u32>) -> Option<NaiveDate> {
    let day = last_day(due_at).checked_add_days(chrono::Days::new(days?.into()))?;
    let rules = CourtRules::on(&app.door.registry, court, day);
    let calendar = app.door.registry.calendar(rules.makeup_day_is_working());
    Some(calendar.working_day_from(day).unwrap_or(day))
}

#[OpenApi]
impl ClockApi {
    /// 本案期限: each clock with its event and its reckoning, what bears on it, and what moved.
    #[oai(path = "/courts/:court/cases/:case/clocks", method = "get", operation_id = "get_case_clocks")]
    async fn clocks(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Json<CaseClocks>> {
        clock_case::shown(app, &caller, court.0, case.0).await.map(Json)
    }

    /// 试算: what a period of this case would come to. Nothing is kept.
    #[allow(clippy::too_many_arguments, reason = "one argument a query parameter")]
    #[oai(path = "/courts/:court/cases/:case/clocks/what-if", method = "get", operation_id = "what_if_clock")]
    async fn what_if(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        /// A key or name from /calculators/deadline/rules; the clock's own when one is named.
        #[oai(validator(max_length = 120))]
        rule: Query<Option<String>>,
        /// The event; the clock's own when one is named.
        #[oai(validator(max_length = 60))]
        trigger: Query<Option<String>>,
        /// As the public calculator takes it.
        #[oai(validator(max_length = 60))]
        mode: Query<Option<String>>,
        /// Days on the way, over those the clock has.
        #[oai(validator(maximum(value = "365")))]
        travel_days: Query<Option<u32>>,
        /// Days a judge would grant to a party that missed it.
        #[oai(validator(maximum(value = "365")))]
        excused_days: Query<Option<u32>>,
        /// Days that would stand still, over those of the case: 2026-05-01..2026-05-10, several parted by commas.
        #[oai(validator(max_length = 400))]
        pauses: Query<Option<String>>,
        /// A clock of the case to begin from.
        clock: Query<Option<Uuid>>,
    ) -> Result<Json<ClockWhatIf>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ClockWhatIf).await?;
        read::row(&mut tx, case.0).await?;
        let kept = match clock.0 {
            Some(id) => {
                let all = super::clocks::of_case(&mut tx, case.0).await?;
                Some(all.into_iter().find(|c| c.clock_id == id).ok_or_else(Error::not_found)?)
            }
            None => None,
        };
        drop(tx);
        let typed = Typed {
            rule: rule.0.unwrap_or_default(),
            trigger: trigger.0.unwrap_or_default(),
            mode: mode.0.unwrap_or_default(),
            travel_days: travel_days.0.unwrap_or_default(),
            pauses: pauses.0.unwrap_or_default(),
        };
        let typed = typed.of(kept.as_ref());
        let own = kept.as_ref().and_then(|k| Some((k.key.as_str(), u32::try_from(k.days?).ok()?)));
        let answer = answered_with(app, &typed.asked(), Some(&court.0.to_string()), own)?;
        let moves_to = later(app, court.0, answer.due_at, excused_days.0);
        Ok(Json(ClockWhatIf { answer, now: kept.and_then(|k| k.shown(app, None)), moves_to }))
    }

    /// 停表: a stay of the proceedings, or days that the trial limit does not count.
    #[oai(path = "/courts/:court/cases/:case/suspensions", method = "post", operation_id = "suspend_clocks")]
    async fn suspend(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<SuspensionOrder>,
    ) -> Result<Created<CaseClocks>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ClockSuspend).await?;
        let reason = text(&body.0.reason, "/reason")?;
        let pause = NewPause { ground: body.0.ground, from: body.0.from, until: body.0.until, reason: &reason };
        let fact = clock_case::suspend(app, &mut tx, case.0, &pause).await?;
        tx.commit(fact, json!({ "case": case.0, "ground": body.0.ground.said().0, "from": body.0.from, "until": body.0.until })).await?;
        Ok(created(clock_case::shown(app, &caller, court.0, case.0).await?))
    }

    /// The end of 停表: periods run on from the day after.
    #[oai(path = "/courts/:court/cases/:case/suspensions/:fact/end", method = "put", operation_id = "resume_clocks")]
    async fn resume(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        fact: Path<Uuid>,
        body: Json<SuspensionEnd>,
    ) -> Result<Json<CaseClocks>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ClockSuspend).await?;
        clock_case::resume(app, &mut tx, case.0, fact.0, body.0.until, &text(&body.0.reason, "/reason")?).await?;
        tx.commit(fact.0, json!({ "case": case.0, "until": body.0.until })).await?;
        clock_case::shown(app, &caller, court.0, case.0).await.map(Json)
    }

    /// 在途时间 of one clock (民事诉讼法 第八十五条).
    #[oai(path = "/courts/:court/cases/:case/travel", method = "post", operation_id = "set_travel_time")]
    async fn travel(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<TravelOrder>,
    ) -> Result<Created<CaseClocks>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ClockTravel).await?;
        let reason = text(&body.0.reason, "/reason")?;
        let fact = clock_case::travel(app, &mut tx, case.0, body.0.clock_id, body.0.days, &reason).await?;
        tx.commit(fact, json!({ "case": case.0, "clock": body.0.clock_id, "days": body.0.days })).await?;
        Ok(created(clock_case::shown(app, &caller, court.0, case.0).await?))
    }

    /// 申请顺延期限 (民事诉讼法 第八十六条), by the party whose period it is.
    #[oai(path = "/courts/:court/cases/:case/excuses", method = "post", operation_id = "ask_excuse")]
    async fn ask(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<ExcuseOrder>,
    ) -> Result<Created<CaseClocks>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ClockExcuseAsk).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await?.is_none() {
            if super::people::parties_of(&mut tx, case.0, caller.person()).await?.is_empty() {
                return Err(Error::not_found());
            }
            let clock = clock_case::held(&mut tx, case.0, body.0.clock_id).await?;
            let grounds = text(&body.0.grounds, "/grounds")?;
            let asked = Application { grounds: &grounds, obstacle_from: body.0.obstacle_from, obstacle_ended: body.0.obstacle_ended };
            let excuse = excuses::ask(app, &mut tx, &clock, &asked).await?;
            tx.answered(key.0, &excuse).await?;
            tx.commit(excuse, json!({ "case": case.0, "clock": body.0.clock_id })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        Ok(created(clock_case::shown(app, &caller, court.0, case.0).await?))
    }

    /// 决定是否准许顺延.
    #[oai(path = "/courts/:court/cases/:case/excuses/:excuse/decision", method = "put", operation_id = "decide_excuse")]
    async fn decide(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        excuse: Path<Uuid>,
        body: Json<ExcuseDecision>,
    ) -> Result<Json<CaseClocks>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ClockExcuseDecide).await?;
        let reason = text(&body.0.reason, "/reason")?;
        let decision = Decision { grant: body.0.grant, until: body.0.until, reason: &reason };
        excuses::decide(app, &mut tx, case.0, excuse.0, &decision).await?;
        tx.commit(excuse.0, json!({ "case": case.0, "grant": body.0.grant, "until": body.0.until })).await?;
        clock_case::shown(app, &caller, court.0, case.0).await.map(Json)
    }

    /// 变动清单: which ends of this court moved, by an outage, a change of the calendar, or at all.
    #[allow(clippy::too_many_arguments, reason = "one argument a query parameter")]
    #[oai(path = "/courts/:court/clock-moves", method = "get", operation_id = "list_clock_moves")]
    async fn moved(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        outage: Query<Option<Uuid>>,
        change: Query<Option<Uuid>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<ClockMoves>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ClockMoves).await?;
        let limit = i64::from(limit.0.unwrap_or(50).clamp(1, 200));
        let cause = outage.0.map(|id| ("outage", id)).or(change.0.map(|id| ("calendar", id)));
        let lines = moves::lines(&mut tx, None, cause, cursor.0, limit).await?;
        let next_cursor = (lines.len() as i64 == limit).then(|| lines.last().map(|l| l.move_id)).flatten();
        Ok(Json(ClockMoves { items: lines.into_iter().map(ClockMove::from).collect(), next_cursor }))
    }
}
