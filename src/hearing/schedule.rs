//! 排期、改期: writing down a hearing that was thought through. Owns inserting `hearings` and `hearing_participants`.
//!
//! Inside one transaction of the house the rules are asked again with judges and courtroom held, so that two clerks at
//! once book once; the caller has shown before that he or she may see the case. Must never save what `plan` refuses.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::conflicts::Span;
use super::log::{self, Audience, Line};
use super::plan::{self, Guest, Plan, Wish};
use super::seats;
use super::states::Course;
use super::words::{Mode, SessionKind};
use super::{busy, joint, kinds};
use crate::app::App;
use crate::court::beijing::beijing_offset;
use crate::court::tx::CourtTx;
use crate::docket::timeline::Note;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::person::masking::{self, Viewer};

/// What answers where a rule asks for a reason.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reasons<'a> {
    /// Sooner than the lead.
    pub soon: Option<&'a str>,
    /// Somebody is busy.
    pub conflict: Option<&'a str>,
    /// Why it is not public.
    pub closed: Option<&'a str>,
    /// It goes on from, or replaces.
    pub follows: Option<Uuid>,
    /// 关联庭审, which the caller may see.
    pub linked_to: Option<Uuid>,
}

/// Saves a hearing, or one for each of several days; answers their ids.
///
/// # Errors
/// What the rules refuse.
pub async fn save(app: &App, tx: &mut CourtTx, case: Uuid, wish: &Wish, reasons: Reasons<'_>) -> Result<Vec<Uuid>> {
    let first = plan::plan(app, tx, case, wish, None).await?;
    busy::hold(tx, &first.needed).await?;
    let plan = plan::plan(app, tx, case, wish, None).await?;
    plan.check(wish, reasons.soon, reasons.conflict)?;
    if !wish.public && reasons.closed.is_none_or(|r| r.trim().is_empty()) {
        return Err(Error::invalid(
            "hearing.closed_reason",
            said("不公开的庭审要写明理由。", "A hearing that is not public needs its reason."),
            said("请写明依据哪一条不公开。", "Say by which article."),
        )
        .at("/closed_reason"));
    }
    if let Some(follows) = reasons.follows {
        exists(tx, case, follows).await?;
    }
    let group = match reasons.linked_to {
        Some(other) => Some(group_of(tx, other).await?),
        None => (plan.spans.len() > 1).then(|| tx.id()),
    };
    let mut made = Vec::with_capacity(plan.spans.len());
    for (span, day) in plan.spans.clone().into_iter().zip(1..) {
        let hearing = tx.id();
        insert(tx, hearing, wish, &plan, span, day, group, reasons).await?;
        joint::join(tx, hearing, plan.case.case_id, &plan.joined).await?;
        for guest in &wish.guests {
            seat(tx, hearing, &plan, guest, span).await?;
        }
        told(tx, hearing, wish, &plan, span).await?;
        made.push(hearing);
    }
    Ok(made)
}

/// The group of another hearing of this court; it begins one where it has none.
async fn group_of(tx: &mut CourtTx, hearing: Uuid) -> Result<Uuid> {
    let (court, fresh) = (tx.court, tx.id());
    let group: Option<Uuid> = sqlx::query_scalar(
        "update hearings set group_id = coalesce(group_id, $3) where court_id = $1 and hearing_id = $2 returning group_id",
    )
    .bind(court)
    .bind(hearing)
    .bind(fresh)
    .fetch_optional(tx.conn())
    .await?;
    group.ok_or_else(Error::not_found)
}

async fn exists(tx: &mut CourtTx, case: Uuid, hearing: Uuid) -> Result<()> {
    let court = tx.court;
    let there: bool = sqlx::query_scalar("select exists (select 1 from hearings where court_id = $1 and case_id = $2 and hearing_id = $3)")
        .bind(court)
        .bind(case)
        .bind(hearing)
        .fetch_one(tx.conn())
        .await?;
    if there { Ok(()) } else { Err(Error::not_found()) }
}

/// 会议号: nine digits, for the telephone; it opens nothing.
async fn number(tx: &mut CourtTx) -> Result<String> {
    let court = tx.court;
    for _ in 0..8 {
        let number = (u64::from_be_bytes(tx.random().bytes()) % 900_000_000 + 100_000_000).to_string();
        let taken: bool = sqlx::query_scalar("select exists (select 1 from hearings where court_id = $1 and number = $2)")
            .bind(court)
            .bind(&number)
            .fetch_one(tx.conn())
            .await?;
        if !taken {
            return Ok(number);
        }
    }
    Err(Error::internal("no free number of a hearing"))
}

#[allow(clippy::too_many_arguments, reason = "one row of a hearing, made in one place")]
async fn insert(
    tx: &mut CourtTx,
    hearing: Uuid,
    wish: &Wish,
    plan: &Plan,
    span: Span,
    day: i32,
    group: Option<Uuid>,
    reasons: Reasons<'_>,
) -> Result<()> {
    let (court, now, by, number) = (tx.court, tx.now(), tx.person()?, number(tx).await?);
    let bench = bench(&wish.guests);
    let head = log::begin(court, hearing);
    sqlx::query(
        "insert into hearings (court_id, hearing_id, case_id, number, case_number, cause_name, kind, template, procedure, stage, public, closed_reason, starts_at, ends_at,
           courtroom_id, held, group_id, day_no, follows, bench, suitability, lead, rules, state, course, events_n, events_hash, set_by, set_at, version)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,'scheduled',$24,0,$25,$26,$27,1)",
    )
    .bind(court)
    .bind(hearing)
    .bind(plan.case.case_id)
    .bind(number)
    .bind(joint::numbers(&plan.case, &plan.joined))
    .bind(joint::causes(&plan.case, &plan.joined))
    .bind(wish.kind.key())
    .bind(plan.template.key())
    .bind(&plan.case.procedure)
    .bind(plan.case.stage().key())
    .bind(wish.public)
    .bind(reasons.closed.filter(|_| !wish.public))
    .bind(span.from)
    .bind(span.until)
    .bind(wish.courtroom)
    .bind(held(plan.held))
    .bind(group)
    .bind(day)
    .bind(reasons.follows)
    .bind(Json(bench))
    .bind(Json(&plan.verdict))
    .bind(Json(json!({ "lead": plan.lead, "soon": reasons.soon, "conflict": reasons.conflict })))
    .bind(Json(&plan.settings.rules))
    .bind(Json(Course::default()))
    .bind(head.hash)
    .bind(by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The bench as papers and lists name it.
pub(super) fn bench(guests: &[Guest]) -> Vec<Value> {
    let court = guests.iter().filter(|g| g.seat.role.is_court());
    court.map(|g| json!({ "role": seats::plate(&g.seat).zh, "name": g.name })).collect()
}

/// The word of a way to hold it.
pub fn held(held: super::modes::Held) -> &'static str {
    match held {
        super::modes::Held::Online => "online",
        super::modes::Held::Hybrid => "hybrid",
        super::modes::Held::Offline => "offline",
    }
}

/// Seats somebody, and takes the time; answers the participant.
///
/// # Errors
/// What the database says.
pub(super) async fn seat(tx: &mut CourtTx, hearing: Uuid, plan: &Plan, guest: &Guest, span: Span) -> Result<Uuid> {
    let (court, now, by) = (tx.court, tx.now(), tx.person().ok());
    let (participant, slot) = (tx.id(), tx.id());
    let seated = plan.seated.iter().find(|s| s.seat == guest.seat.id);
    let mode = seated.map_or(Mode::InCourt, |s| s.mode);
    let mobile = guest.mobile.as_deref();
    let sealed =
        mobile.map(|m| tx.seal().seal(tx.owner(), Place("hearing_participants", "mobile", &participant), m.as_bytes())).transpose()?;
    sqlx::query(
        "insert into hearing_participants (court_id, hearing_id, participant_id, case_id, role, side, party_id, person_id, name, mode, mode_because, must_appear, minor,
           mobile, mobile_masked, mobile_by, interprets, slot_id, seated_by, seated_at, representative_id, version)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,1)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(guest.case)
    .bind(guest.seat.role.key())
    .bind(guest.seat.side.map(|s| s.key()))
    .bind(guest.seat.party)
    .bind(guest.seat.person)
    .bind(&guest.name)
    .bind(mode.key())
    .bind(Json(seated))
    .bind(guest.must_appear)
    .bind(guest.seat.minor)
    .bind(sealed)
    .bind(mobile.and_then(|m| masking::mobile(m, Viewer::OtherParty)))
    .bind(mobile.and(by))
    .bind(&guest.interprets)
    .bind(slot)
    .bind(by)
    .bind(now)
    .bind(guest.representative)
    .execute(tx.conn())
    .await?;
    let Some(person) = guest.seat.person else { return Ok(participant) };
    sqlx::query("insert into hearing_people (court_id, hearing_id, participant_id, case_id, person_id) values ($1,$2,$3,$4,$5)")
        .bind(court)
        .bind(hearing)
        .bind(participant)
        .bind(guest.case)
        .bind(person)
        .execute(tx.conn())
        .await?;
    if !guest.seat.role.only_watches() {
        busy::take(tx, slot, person, span).await?;
    }
    Ok(participant)
}

/// What follows from a hearing being fixed: the log, the case's timeline, notices, reminders, the waiting room.
async fn told(tx: &mut CourtTx, hearing: Uuid, wish: &Wish, plan: &Plan, span: Span) -> Result<()> {
    let now = tx.now();
    let data =
        json!({ "from": span.from.to_rfc3339(), "until": span.until.to_rfc3339(), "kind": wish.kind.key(), "held": held(plan.held) });
    let line = Line { what: "scheduled", participant: None, audience: Audience::All, media: None, data };
    log::append(tx, hearing, plan.case.case_id, now, &line).await?;
    let (zh, en) = (moment(span.from), span.from.to_rfc3339());
    let note = Note::new("hearing_scheduled", said(format!("定于 {zh} {}", wish.kind.zh()), format!("{} fixed for {en}", wish.kind.en())));
    let note = if kinds::of(wish.kind).noticed_before { note.by(super::law::L139.zh) } else { note };
    joint::note(tx, hearing, plan.case.case_id, note).await?;
    tx.tell("hearing.scheduled", &json!({ "hearing": hearing }))?;
    follow(tx, hearing, span.from, plan.settings.rules.waiting_minutes, &plan.settings.rules.reminder_hours)
}

/// Leaves the reminders and the opening of the waiting room; they look whether the time still holds.
fn follow(tx: &mut CourtTx, hearing: Uuid, starts_at: DateTime<Utc>, waiting: i64, reminders: &[i64]) -> Result<()> {
    let at = json!({ "hearing": hearing, "starts_at": starts_at.to_rfc3339() });
    let now = tx.now();
    for hours in reminders {
        let due = starts_at - TimeDelta::hours(*hours);
        if due > now {
            tx.tell_later("hearing.remind", &at, due)?;
        }
    }
    tx.tell_later("hearing.waiting", &at, (starts_at - TimeDelta::minutes(waiting)).max(now))
}

/// A moment as people read it: 11 月 26 日 周四 14:30, Beijing time.
pub fn moment(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&beijing_offset());
    let day = crate::court::beijing::weekday_zh(chrono::Datelike::weekday(&local));
    format!("{} {day} {}", local.format("%-m 月 %-d 日"), local.format("%H:%M"))
}

/// 改期: another time or courtroom for the same people. Notices go out again.
///
/// # Errors
/// What the rules refuse, or a hearing that has begun.
pub async fn rebook(app: &App, tx: &mut CourtTx, hearing: Uuid, version: i32, to: Moved<'_>) -> Result<()> {
    let court = tx.court;
    let row: Option<(Uuid, String, i32)> =
        sqlx::query_as("select case_id, state, version from hearings where court_id = $1 and hearing_id = $2 for update")
            .bind(court)
            .bind(hearing)
            .fetch_optional(tx.conn())
            .await?;
    let (case, state, is) = row.ok_or_else(Error::not_found)?;
    if is != version {
        return Err(Error::stale());
    }
    if !matches!(state.as_str(), "scheduled" | "waiting") {
        return Err(Error::conflict(
            "hearing.begun",
            said("庭审已经开始或者结束，不能改期。", "The hearing has begun or is over."),
            said("请由审判人员休庭或者另行排期。", "Let the judge adjourn, or schedule another."),
        ));
    }
    super::refusal::reasoned(to.reason, "/reason")?;
    let wish = to.wish;
    let first = plan::plan(app, tx, case, wish, Some(hearing)).await?;
    busy::hold(tx, &first.needed).await?;
    let plan = plan::plan(app, tx, case, wish, Some(hearing)).await?;
    plan.check(wish, to.reasons.soon, to.reasons.conflict)?;
    let (span, by, now) = (Span::of(wish.starts_at, wish.minutes), tx.person()?, tx.now());
    sqlx::query(
        "update hearings set starts_at = $3, ends_at = $4, courtroom_id = $5, held = $6, lead = $7, delayed_until = null, delayed_reason = null, rebook_asked = null, set_by = $8, set_at = $9, version = version + 1 where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .bind(span.from)
    .bind(span.until)
    .bind(wish.courtroom)
    .bind(held(plan.held))
    .bind(Json(json!({ "lead": plan.lead, "soon": to.reasons.soon, "conflict": to.reasons.conflict })))
    .bind(by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    move_slots(tx, hearing, span).await?;
    let data = json!({ "from": span.from.to_rfc3339(), "until": span.until.to_rfc3339(), "reason": to.reason });
    let line = Line { what: "rebooked", participant: None, audience: Audience::All, media: None, data };
    log::append(tx, hearing, case, tx.now(), &line).await?;
    let (zh, en) = (moment(span.from), span.from.to_rfc3339());
    let kind: SessionKind = wish.kind;
    let note =
        Note::new("hearing_rebooked", said(format!("{}改期到 {zh}：{}", kind.zh(), to.reason), format!("{} moved to {en}", kind.en())));
    joint::note(tx, hearing, case, note.by(super::law::L149.zh)).await?;
    tx.tell("hearing.changed", &json!({ "hearing": hearing }))?;
    follow(tx, hearing, span.from, plan.settings.rules.waiting_minutes, &plan.settings.rules.reminder_hours)
}

/// Where a hearing is moved to.
pub struct Moved<'a> {
    /// The hearing as it is wished now; its people are those who sit.
    pub wish: &'a Wish,
    /// Why.
    pub reason: &'a str,
    /// What answers where a rule asks.
    pub reasons: Reasons<'a>,
}

async fn move_slots(tx: &mut CourtTx, hearing: Uuid, span: Span) -> Result<()> {
    let court = tx.court;
    let slots: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "select slot_id, person_id from hearing_participants where court_id = $1 and hearing_id = $2 and person_id is not null and removed_at is null and role not in ('observer', 'press')",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    for (slot, person) in slots {
        busy::take(tx, slot, person, span).await?;
    }
    Ok(())
}
