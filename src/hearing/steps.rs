//! 推进庭审: taking a step of the one state machine, in one transaction with its event, its copies and its consequences.
//!
//! Owns writing the course of a hearing (`hearings.state`, `course`, `opened_at`, `ended_at`). The row is locked, the log is
//! replayed, the guards are asked; the room is told after the commit, from what was committed. Must never take a step the
//! guards refuse, or write a state no event leads to.

use serde_json::json;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::guards::{self, Hand, Ready};
use super::log::{self, Audience, Line};
use super::states::{Course, Step};
use super::words::{Role, SessionKind, State};
use super::{busy, joint, law};
use crate::court::tx::CourtTx;
use crate::docket::timeline::Note;
use crate::error::{Error, Result, said};

#[derive(FromRow)]
struct Held {
    case_id: Uuid,
    kind: SessionKind,
    version: i32,
}

/// A step that is to be taken.
#[derive(Debug, Clone)]
pub struct Taken<'a> {
    /// Hearing.
    pub hearing: Uuid,
    /// The version its page showed; none for a step of the house.
    pub version: Option<i32>,
    /// Step.
    pub step: Step,
    /// Why what may be set aside is set aside.
    pub set_aside: Option<&'a str>,
    /// Who takes it.
    pub hand: Hand,
    /// What is ready.
    pub ready: Ready,
}

/// Takes it; answers the course after it.
///
/// # Errors
/// 404, another version, what the guards refuse.
pub async fn take(tx: &mut CourtTx, taken: Taken<'_>) -> Result<Course> {
    let (court, now) = (tx.court, tx.now());
    let held: Option<Held> =
        sqlx::query_as("select case_id, kind, version from hearings where court_id = $1 and hearing_id = $2 for update")
            .bind(court)
            .bind(taken.hearing)
            .fetch_optional(tx.conn())
            .await?;
    let held = held.ok_or_else(Error::not_found)?;
    if taken.version.is_some_and(|v| v != held.version) {
        return Err(Error::stale());
    }
    let course = log::course(tx, taken.hearing).await?;
    guards::check(&course, &taken.step, taken.hand, &taken.ready, taken.set_aside)?;
    let event = course.event(taken.step.clone(), now)?;
    let after = course.then(&event).map_err(Error::internal)?;
    let line = Line { what: "step", participant: None, audience: Audience::All, media: None, data: serde_json::to_value(&event)? };
    log::append(tx, taken.hearing, held.case_id, event.at, &line).await?;
    keep(tx, taken.hearing, &after).await?;
    follow(tx, &held, taken.hearing, &taken.step, &after).await?;
    tx.tell("hearing.stepped", &json!({ "hearing": taken.hearing, "n": after.n }))?;
    Ok(after)
}

async fn keep(tx: &mut CourtTx, hearing: Uuid, after: &Course) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update hearings set state = $3, course = $4, opened_at = $5, ended_at = $6, version = version + 1 where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .bind(after.state.key())
    .bind(Json(after))
    .bind(after.opened_at)
    .bind(after.ended_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What a step sets going in the case.
async fn follow(tx: &mut CourtTx, held: &Held, hearing: Uuid, step: &Step, after: &Course) -> Result<()> {
    let kind = held.kind;
    if matches!(after.state, State::Cancelled | State::Postponed | State::MovedOffline | State::Ended) {
        busy::give_back(tx, hearing).await?;
    }
    let of = |zh: &str, en: &str| said(format!("{}{zh}", kind.zh()), format!("{}: {en}", kind.en()));
    let note = match step {
        Step::Cancel { reason } => Note::new("hearing_cancelled", of(&format!("取消：{reason}"), "cancelled")),
        Step::Postpone { reason } => Note::new("hearing_postponed", of(&format!("改期，另行排期：{reason}"), "postponed")).by(law::L149.zh),
        Step::MoveOffline { reason } => Note::new("hearing_moved_offline", of(&format!("转为线下：{reason}"), "moved offline"))
            .by(law::OL21.zh)
            .with_effect(said("已经完成的在线诉讼活动有效。", "What was done online stays valid.")),
        Step::Open => Note::new("hearing_opened", of("开庭", "opened")),
        Step::End { outcome } => Note::new("hearing_ended", of(&format!("结束：{}", outcome.zh()), outcome.en())),
        Step::Lock => Note::new("hearing_locked", of("笔录已签名锁定", "transcript signed and locked")).by(law::L150.zh),
        _ => return Ok(()),
    };
    joint::note(tx, hearing, held.case_id, note).await?;
    if matches!(step, Step::Cancel { .. } | Step::Postpone { .. } | Step::MoveOffline { .. }) {
        tx.tell("hearing.cancelled", &json!({ "hearing": hearing }))?;
    }
    Ok(())
}

/// The hand of a person in a hearing: by the role he or she sits in there, and no other.
///
/// # Errors
/// What the database says.
pub async fn hand(tx: &mut CourtTx, hearing: Uuid, person: Uuid) -> Result<Hand> {
    let court = tx.court;
    let roles: Vec<String> = sqlx::query_scalar(
        "select role from hearing_participants where court_id = $1 and hearing_id = $2 and person_id = $3 and removed_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(person)
    .fetch_all(tx.conn())
    .await?;
    let hands: Vec<Hand> = roles.iter().filter_map(|r| Role::parse(r)).map(Hand::of).collect();
    let first = [Hand::Judge, Hand::Clerk].into_iter().find(|h| hands.contains(h));
    Ok(first.unwrap_or(Hand::Other))
}

/// What is ready while there is no room: nothing that an opening asks for.
pub const NO_ROOM: Ready = Ready {
    recorder: false,
    storage: guards::Storage::Full,
    bench_complete: false,
    clerk_present: false,
    judge_connected: true,
    any_party_present: false,
    unidentified: 0,
    unacknowledged: 0,
    mediation_agreed: false,
    recording_agreed: false,
    transcript_fixed: false,
    signatures_complete: false,
};
