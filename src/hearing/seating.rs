//! 席位的增减: somebody added to a hearing that was fixed, taken off it, or reached at another number.
//!
//! Owns these changes of `hearing_participants`; the rules are asked again as if the hearing were fixed anew with these
//! people. Must never leave a bench the law does not know, or touch a hearing that is over.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::conflicts::{Severity, Span, Subject};
use super::guests::{self, Chosen};
use super::log::{self, Audience, Line};
use super::plan::{self, Plan, Wish};
use super::schedule::{self, held};
use super::words::State;
use super::{busy, joint, restore};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::person::documents::Mobile;
use crate::person::masking::{self, Viewer};

/// Seats somebody more; answers the participant.
///
/// # Errors
/// What the rules refuse; a hearing that is over.
pub async fn add(app: &App, tx: &mut CourtTx, hearing: Uuid, version: i32, chosen: &Chosen, conflict: Option<&str>) -> Result<Uuid> {
    let (case, _) = locked(tx, hearing, version, |s| s.is_before() || s.is_sitting()).await?;
    let cases = joint::cases(tx, hearing, case).await?;
    let guest = guests::resolve(tx, &cases, std::slice::from_ref(chosen)).await?.pop().ok_or_else(Error::not_found)?;
    let mut wish = restore::wish(tx, hearing).await?;
    wish.guests.push(guest.clone());
    let first = plan::plan(app, tx, case, &wish, Some(hearing)).await?;
    busy::hold(tx, &first.needed).await?;
    let mut plan = plan::plan(app, tx, case, &wish, Some(hearing)).await?;
    // what is in the way of the others was answered when the hearing was fixed
    let own = guest.seat.person;
    plan.conflicts
        .retain(|c| c.severity == Severity::Blocks || matches!(c.busy.subject, Subject::Person(p) | Subject::Court(p) if own == Some(p)));
    plan.check_people(conflict)?;
    let participant = schedule::seat(tx, hearing, &plan, &guest, Span::of(wish.starts_at, wish.minutes)).await?;
    keep(tx, hearing, &wish, &plan).await?;
    written(tx, hearing, case, "seated", participant).await?;
    tx.tell("hearing.scheduled", &json!({ "hearing": hearing, "participant": participant }))?;
    Ok(participant)
}

/// Takes somebody off a hearing that has not begun.
///
/// # Errors
/// 404 for who does not sit; a bench that would be none; a hearing that has begun.
pub async fn remove(app: &App, tx: &mut CourtTx, hearing: Uuid, version: i32, participant: Uuid, reason: &str) -> Result<()> {
    let (case, _) = locked(tx, hearing, version, State::is_before).await?;
    super::refusal::reasoned(reason, "/reason")?;
    let mut wish = restore::wish(tx, hearing).await?;
    let before = wish.guests.len();
    wish.guests.retain(|g| g.seat.id != participant);
    if wish.guests.len() == before {
        return Err(Error::not_found());
    }
    let plan = plan::plan(app, tx, case, &wish, Some(hearing)).await?;
    if let Some(fault) = &plan.fault {
        return Err(fault.clone().into());
    }
    let (court, now) = (tx.court, tx.now());
    busy::give_back_one(tx, hearing, participant).await?;
    sqlx::query("update hearing_people set until = $4 where court_id = $1 and hearing_id = $2 and participant_id = $3 and until is null")
        .bind(court)
        .bind(hearing)
        .bind(participant)
        .bind(now)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "update hearing_participants set removed_at = $4, removed_why = $5, version = version + 1 where court_id = $1 and hearing_id = $2 and participant_id = $3",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(now)
    .bind(reason)
    .execute(tx.conn())
    .await?;
    keep(tx, hearing, &wish, &plan).await?;
    tx.tell("hearing.removed", &json!({ "hearing": hearing, "participant": participant }))?;
    written(tx, hearing, case, "unseated", participant).await
}

#[derive(sqlx::FromRow)]
struct Waits {
    hearing_id: Uuid,
    participant_id: Uuid,
    slot_id: Uuid,
    person_id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

/// Parties and counsel who got their account after the hearing was fixed take their seats: from here on they see it, and it
/// is in the way of another. Safe to run twice. Answers how many sat down.
///
/// # Errors
/// What the database says.
pub async fn adopt(tx: &mut CourtTx, case: Uuid) -> Result<usize> {
    let court = tx.court;
    let waits: Vec<Waits> = sqlx::query_as(
        "select s.hearing_id, s.participant_id, s.slot_id, coalesce(r.person_id, p.person_id) as person_id, h.starts_at, h.ends_at
         from hearing_participants s join hearings h on h.court_id = s.court_id and h.hearing_id = s.hearing_id
         left join case_parties p on p.court_id = s.court_id and p.case_id = s.case_id and p.party_id = s.party_id and s.role = 'party'
         left join representatives r on r.court_id = s.court_id and r.case_id = s.case_id and r.representative_id = s.representative_id and r.until is null
         where s.court_id = $1 and s.case_id = $2 and s.person_id is null and s.removed_at is null and h.ended_at is null
           and h.state not in ('cancelled', 'postponed', 'moved_offline') and coalesce(r.person_id, p.person_id) is not null
           and not exists (select 1 from hearing_participants o where o.court_id = s.court_id and o.hearing_id = s.hearing_id and o.role = s.role
             and o.removed_at is null and o.person_id = coalesce(r.person_id, p.person_id))
         order by s.hearing_id, s.participant_id for update of s",
    )
    .bind(court)
    .bind(case)
    .fetch_all(tx.conn())
    .await?;
    for w in &waits {
        sqlx::query("update hearing_participants set person_id = $4, version = version + 1 where court_id = $1 and hearing_id = $2 and participant_id = $3")
            .bind(court)
            .bind(w.hearing_id)
            .bind(w.participant_id)
            .bind(w.person_id)
            .execute(tx.conn())
            .await?;
        sqlx::query("insert into hearing_people (court_id, hearing_id, participant_id, case_id, person_id) values ($1,$2,$3,$4,$5) on conflict do nothing")
            .bind(court)
            .bind(w.hearing_id)
            .bind(w.participant_id)
            .bind(case)
            .bind(w.person_id)
            .execute(tx.conn())
            .await?;
        busy::take(tx, w.slot_id, w.person_id, Span { from: w.starts_at, until: w.ends_at }).await?;
    }
    Ok(waits.len())
}

/// 确认常用手机号 (H01): the number is kept sealed, and the notice goes there.
///
/// # Errors
/// 404; a number that is none; a hearing that is over.
pub async fn confirm_mobile(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, mobile: &str) -> Result<()> {
    let (court, by) = (tx.court, tx.person()?);
    let state: Option<String> = sqlx::query_scalar(
        "select h.state from hearings h join hearing_participants p on p.court_id = h.court_id and p.hearing_id = h.hearing_id and p.participant_id = $3 and p.removed_at is null
         where h.court_id = $1 and h.hearing_id = $2 for update of h",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .fetch_optional(tx.conn())
    .await?;
    let state = state.ok_or_else(Error::not_found)?;
    if State::parse(&state).is_none_or(|s| !(s.is_before() || s.is_sitting())) {
        return Err(over());
    }
    let mobile = Mobile::parse(mobile)
        .map_err(|_| {
            Error::invalid(
                "hearing.mobile",
                said("手机号码不对。", "The mobile number is not one."),
                said("请核对后再填。", "Check it and try again."),
            )
            .at("/mobile")
        })?
        .into_string();
    let sealed = tx.seal().seal(tx.owner(), Place("hearing_participants", "mobile", &participant), mobile.as_bytes())?;
    sqlx::query(
        "update hearing_participants set mobile = $4, mobile_masked = $5, mobile_by = $6, version = version + 1 where court_id = $1 and hearing_id = $2 and participant_id = $3",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(sealed)
    .bind(masking::mobile(&mobile, Viewer::OtherParty))
    .bind(by)
    .execute(tx.conn())
    .await?;
    tx.tell("hearing.mobile", &json!({ "hearing": hearing, "participant": participant }))
}

/// Locks a hearing held at this version, in a state that allows it; answers its case.
async fn locked(tx: &mut CourtTx, hearing: Uuid, version: i32, may: impl Fn(State) -> bool) -> Result<(Uuid, State)> {
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
    match State::parse(&state).filter(|s| may(*s)) {
        Some(state) => Ok((case, state)),
        None => Err(over()),
    }
}

fn over() -> Error {
    Error::conflict(
        "hearing.begun",
        said("庭审已经开始或者结束，不能这样修改。", "The hearing has begun or is over; this cannot be changed."),
        said("请由审判人员在庭上处理，或者另行排期。", "Let the judge deal with it in the room, or schedule another."),
    )
}

async fn keep(tx: &mut CourtTx, hearing: Uuid, wish: &Wish, plan: &Plan) -> Result<()> {
    let court = tx.court;
    sqlx::query("update hearings set held = $3, bench = $4, version = version + 1 where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .bind(held(plan.held))
        .bind(sqlx::types::Json(schedule::bench(&wish.guests)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

async fn written(tx: &mut CourtTx, hearing: Uuid, case: Uuid, what: &str, participant: Uuid) -> Result<()> {
    let now = tx.now();
    let line = Line { what, participant: Some(participant), audience: Audience::All, media: None, data: json!({}) };
    log::append(tx, hearing, case, now, &line).await.map(drop)
}
