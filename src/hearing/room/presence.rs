//! 在庭情况: who is where, written in the transaction of what moved him or her, with its line in the log.
//!
//! Owns `hearing_presence` and `hearing_rooms`. The rules are `places` and `sight`; the hearing's row is locked first, so that
//! two moves are one after the other. Must never move anybody without a line that says so.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::seat::Own;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::hearing::log::{self, Audience, Line};
use crate::hearing::places;
use crate::hearing::words::{Place, State};

/// A line that was written, to be told after the commit.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The message.
    pub message: Value,
    /// Who may read it.
    pub audience: Audience,
    /// About whom.
    pub participant: Option<Uuid>,
}

/// Locks the hearing's row and answers its case and state.
///
/// # Errors
/// 404.
pub async fn lock(tx: &mut CourtTx, hearing: Uuid) -> Result<(Uuid, State)> {
    let court = tx.court;
    let row: Option<(Uuid, String)> =
        sqlx::query_as("select case_id, state from hearings where court_id = $1 and hearing_id = $2 for update")
            .bind(court)
            .bind(hearing)
            .fetch_optional(tx.conn())
            .await?;
    let (case, state) = row.ok_or_else(Error::not_found)?;
    Ok((case, State::parse(&state).ok_or_else(|| Error::internal("a state nobody knows"))?))
}

/// Writes a line of the log. The row is locked.
///
/// # Errors
/// What the database says.
pub async fn note(
    tx: &mut CourtTx,
    (hearing, case): (Uuid, Uuid),
    what: &str,
    participant: Option<Uuid>,
    audience: Audience,
    data: Value,
    media: Option<(i32, i64)>,
) -> Result<Noted> {
    let now = tx.now();
    let line = Line { what, participant, audience, media, data: data.clone() };
    let n = log::append(tx, hearing, case, now, &line).await?;
    let message = json!({ "type": "event", "n": n, "at": now, "what": what, "participant": participant, "data": data });
    Ok(Noted { message, audience, participant })
}

#[derive(FromRow)]
struct Kept {
    place: String,
    room_id: Option<Uuid>,
    called: bool,
    excluded: bool,
    disconnected_at: Option<DateTime<Utc>>,
}

async fn kept(tx: &mut CourtTx, own: &Own) -> Result<Option<Kept>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select place, room_id, called, excluded, disconnected_at from hearing_presence where court_id = $1 and hearing_id = $2 and participant_id = $3",
    )
    .bind(court)
    .bind(own.hearing)
    .bind(own.participant)
    .fetch_optional(tx.conn())
    .await?)
}

impl Kept {
    fn is_kept_out(&self, own: &Own) -> bool {
        Place::parse(&self.place).is_some_and(|place| places::is_kept_out(own.role, place, self.excluded))
    }
}

/// Refuses whom the court sent out of the gallery and did not let in again.
///
/// # Errors
/// 422 `hearing.sent_out`.
pub async fn check_not_sent_out(tx: &mut CourtTx, own: &Own) -> Result<()> {
    match kept(tx, own).await? {
        Some(kept) if kept.is_kept_out(own) => Err(super::admission::sent_out()),
        _ => Ok(()),
    }
}

/// The court lets somebody into the gallery whom it had sent out.
///
/// # Errors
/// What the database says.
pub async fn let_back(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "update hearing_presence set excluded = false, updated_at = $4 where court_id = $1 and hearing_id = $2 and participant_id = $3 and excluded and place = 'outside'",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Somebody's socket opened: back to the kept seat, or in by the door of his or her role. Answers the place and whether it was
/// the kept one.
///
/// # Errors
/// A room that is shut for this role.
pub async fn arrive(tx: &mut CourtTx, own: &Own, state: State, kept_for: TimeDelta) -> Result<(Place, bool)> {
    let (court, now) = (tx.court, tx.now());
    let before = kept(tx, own).await?;
    if before.as_ref().is_some_and(|b| b.is_kept_out(own)) {
        return Err(super::admission::sent_out());
    }
    let kept = before.as_ref().filter(|b| b.disconnected_at.is_none_or(|at| now - at < kept_for));
    let kept = kept.and_then(|b| Place::parse(&b.place)).filter(|p| still_good(*p, state));
    let called = before.as_ref().is_some_and(|b| b.called);
    let place = match kept {
        Some(place) => place,
        None => places::entry(own.role, state, called).ok_or_else(super::admission::refused)?,
    };
    let room = before.and_then(|b| b.room_id).filter(|_| place == Place::PrivateRoom);
    sqlx::query(
        "insert into hearing_presence (court_id, hearing_id, participant_id, case_id, place, room_id, connected_at, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$7)
         on conflict (court_id, hearing_id, participant_id) do update
           set place = excluded.place, room_id = excluded.room_id, connected_at = excluded.connected_at, disconnected_at = null, updated_at = excluded.updated_at",
    )
    .bind(court)
    .bind(own.hearing)
    .bind(own.participant)
    .bind(own.case)
    .bind(place.key())
    .bind(room)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok((place, kept.is_some()))
}

/// A kept seat does not outlive what it was for: the test is over, a private talk ends when the hearing sits.
fn still_good(place: Place, state: State) -> bool {
    match place {
        Place::Outside | Place::TestRoom => false,
        Place::PrivateRoom => !matches!(state, State::Open | State::ClosedPart),
        _ => true,
    }
}

/// Somebody's socket closed; the seat is kept.
///
/// # Errors
/// What the database says.
pub async fn depart(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, at: DateTime<Utc>) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update hearing_presence set disconnected_at = $4, hand_at = null, updated_at = $4
          where court_id = $1 and hearing_id = $2 and participant_id = $3 and disconnected_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A switch of somebody's seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// 静音并锁定.
    Locked(bool),
    /// May share.
    Sharing(bool),
    /// 责令退出.
    Excluded(bool),
    /// 举手.
    Hand(bool),
    /// 已传唤.
    Called(bool),
}

/// Turns a switch of one seat. A seat that nobody took yet has none.
///
/// # Errors
/// 404.
pub async fn turn(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, switch: Switch) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let (sql, on) = match switch {
        Switch::Locked(on) => {
            ("update hearing_presence set locked = $4, updated_at = $5 where court_id = $1 and hearing_id = $2 and participant_id = $3", on)
        }
        Switch::Sharing(on) => (
            "update hearing_presence set sharing = $4, updated_at = $5 where court_id = $1 and hearing_id = $2 and participant_id = $3",
            on,
        ),
        Switch::Excluded(on) => (
            "update hearing_presence set excluded = $4, updated_at = $5 where court_id = $1 and hearing_id = $2 and participant_id = $3",
            on,
        ),
        Switch::Called(on) => {
            ("update hearing_presence set called = $4, updated_at = $5 where court_id = $1 and hearing_id = $2 and participant_id = $3", on)
        }
        Switch::Hand(on) => (
            "update hearing_presence set hand_at = case when $4 then $5 end, updated_at = $5 where court_id = $1 and hearing_id = $2 and participant_id = $3",
            on,
        ),
    };
    let done = sqlx::query(sql).bind(court).bind(hearing).bind(participant).bind(on).bind(now).execute(tx.conn()).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::not_found()) }
}

/// Puts somebody somewhere; who was never here gets a row (somebody who comes to court in the flesh).
///
/// # Errors
/// What the database says.
pub async fn put(
    tx: &mut CourtTx,
    (hearing, case): (Uuid, Uuid),
    participant: Uuid,
    place: Place,
    room: Option<Uuid>,
    called: bool,
) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "insert into hearing_presence (court_id, hearing_id, participant_id, case_id, place, room_id, called, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8)
         on conflict (court_id, hearing_id, participant_id) do update
           set place = excluded.place, room_id = excluded.room_id, called = hearing_presence.called or excluded.called, updated_at = excluded.updated_at",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(case)
    .bind(place.key())
    .bind(room)
    .bind(called)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// 开庭、恢复: those who wait come in, private talk ends.
///
/// # Errors
/// What the database says.
pub async fn gather(tx: &mut CourtTx, hearing: Uuid, opens: bool) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    // 证人、旁听 stay where they are (places::on_open)
    let sql = "update hearing_presence s set place = 'courtroom', room_id = null, updated_at = $3 from hearing_participants p
          where s.court_id = $1 and s.hearing_id = $2 and p.court_id = s.court_id and p.hearing_id = s.hearing_id and p.participant_id = s.participant_id
            and p.removed_at is null and (s.place in ('private_room', 'panel_room')
              or ($4 and s.place = 'waiting_room' and p.role not in ('witness', 'appraiser', 'inspector', 'expert_assistant', 'observer', 'press')))";
    sqlx::query(sql).bind(court).bind(hearing).bind(now).bind(opens).execute(tx.conn()).await?;
    sqlx::query("update hearing_rooms set closed_at = $3 where court_id = $1 and hearing_id = $2 and closed_at is null")
        .bind(court)
        .bind(hearing)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}
