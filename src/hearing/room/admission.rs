//! 入庭凭证: giving a pass and taking it. Owns `hearing_tokens`; the rule is `join_token`.
//!
//! Must never say why a pass was refused, or let one in twice: whether it is used is decided under a lock of its row.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::presence;
use super::seat::{self, Own};
use crate::app::App;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::hearing::join_token::{self, GOOD_FOR, Given, MOST_IN_TEN_MINUTES, Presented};
use crate::hearing::words::{Role, State};
use crate::kit::seal::sha256;

/// A pass, told once.
#[derive(Debug, Clone)]
pub struct Pass {
    /// Token.
    pub token: String,
    /// Good until.
    pub expires_at: DateTime<Utc>,
    /// The server that holds the room, when it is another one.
    pub address: Option<String>,
}

/// Gives a pass for one's own seat; earlier ones that were not used end with it.
///
/// # Errors
/// 404, a room that is shut, too many.
pub async fn give(app: &App, tx: &mut CourtTx, caller: &Caller, hearing: Uuid) -> Result<Pass> {
    let own = seat::mine(tx, hearing).await?;
    if own.state == State::Scheduled || own.state.is_final() {
        return Err(Error::invalid(
            "hearing.room_shut",
            said("法庭现在没有开放。", "The room is not open now."),
            said("开庭前会开放候庭，请看庭审页面上的时间。", "It opens before the hearing begins; see the time on its page."),
        ));
    }
    presence::check_not_sent_out(tx, &own).await?;
    let (court, now) = (tx.court, tx.now());
    let given: i64 = sqlx::query_scalar(
        "select count(*) from hearing_tokens where court_id = $1 and hearing_id = $2 and participant_id = $3 and given_at > $4",
    )
    .bind(court)
    .bind(hearing)
    .bind(own.participant)
    .bind(now - TimeDelta::minutes(10))
    .fetch_one(tx.conn())
    .await?;
    if usize::try_from(given).unwrap_or(usize::MAX) >= MOST_IN_TEN_MINUTES {
        return Err(Error::slow_down(60));
    }
    end_unused(tx, hearing, own.participant).await?;
    let token = tx.random().token();
    write(tx, caller, &own, &sha256(token.as_bytes())).await?;
    let address = held_elsewhere(app, tx, hearing).await?;
    Ok(Pass { token, expires_at: now + GOOD_FOR, address })
}

/// A pass that counts no more gives its row to the new one: however often somebody comes back, there are no more rows than
/// passes of ten minutes. That each was given and used is in the audit log.
async fn write(tx: &mut CourtTx, caller: &Caller, own: &Own, hash: &[u8]) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    let sql = [
        "update hearing_tokens set token_hash = $2, person_id = $5, session_id = $6, role = $7, given_at = $8, used_at = null, ended_at = null
          where court_id = $1 and token_hash = (
            select token_hash from hearing_tokens where court_id = $1 and hearing_id = $3 and participant_id = $4 and given_at < $8 - interval '10 minutes'
             order by given_at limit 1)",
        "insert into hearing_tokens (court_id, token_hash, hearing_id, participant_id, person_id, session_id, role, given_at) values ($1,$2,$3,$4,$5,$6,$7,$8)",
    ];
    for statement in sql {
        let written = sqlx::query(statement)
            .bind(court)
            .bind(hash)
            .bind(own.hearing)
            .bind(own.participant)
            .bind(own.person)
            .bind(caller.session.session_id)
            .bind(own.role.key())
            .bind(now)
            .execute(tx.conn())
            .await?;
        if written.rows_affected() == 1 {
            break;
        }
    }
    Ok(())
}

/// Ends the passes of a participant that were not used: a new one was given, or the seat was taken away.
///
/// # Errors
/// What the database says.
pub async fn end_unused(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<()> {
    let (court, now) = (tx.court, tx.now());
    sqlx::query(
        "update hearing_tokens set ended_at = $4 where court_id = $1 and hearing_id = $2 and participant_id = $3 and used_at is null and ended_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn held_elsewhere(app: &App, tx: &mut CourtTx, hearing: Uuid) -> Result<Option<String>> {
    let Some(studio) = app.rooms.studio() else { return Ok(None) };
    let (court, now) = (tx.court, tx.now());
    let held: Option<(String, String)> = sqlx::query_as(
        "select node, address from hearing_nodes where court_id = $1 and hearing_id = $2 and lease_until > $3 and not draining",
    )
    .bind(court)
    .bind(hearing)
    .bind(now)
    .fetch_optional(tx.conn())
    .await?;
    Ok(held.filter(|(node, _)| *node != studio.node).map(|(_, address)| address))
}

#[derive(FromRow)]
struct TokenRow {
    hearing_id: Uuid,
    participant_id: Uuid,
    person_id: Uuid,
    session_id: Uuid,
    role: String,
    given_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

/// Takes a pass: once, by its person in its session of sign-in. The same answer to whatever is wrong.
///
/// # Errors
/// 403 `hearing.join_refused`.
pub async fn take(tx: &mut CourtTx, caller: &Caller, hearing: Uuid, token: &str) -> Result<Own> {
    match taken(tx, caller, hearing, token).await? {
        Ok(own) => Ok(own),
        Err(fault) => {
            tracing::info!(fault, "a pass into a room was refused");
            Err(refused())
        }
    }
}

async fn taken(tx: &mut CourtTx, caller: &Caller, hearing: Uuid, token: &str) -> Result<std::result::Result<Own, &'static str>> {
    let (court, hash) = (tx.court, sha256(token.as_bytes()));
    let row: Option<TokenRow> = sqlx::query_as(
        "select hearing_id, participant_id, person_id, session_id, role, given_at, used_at, ended_at from hearing_tokens where court_id = $1 and token_hash = $2 for update",
    )
    .bind(court)
    .bind(&hash)
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(Err("unknown")) };
    let own = seat::of(tx, hearing, caller.person()).await?;
    let Some(role) = Role::parse(&row.role) else { return Ok(Err("role")) };
    let given = Given {
        hearing: row.hearing_id,
        participant: row.participant_id,
        person: row.person_id,
        session: row.session_id,
        role,
        given_at: row.given_at,
        used_at: row.used_at,
        ended_at: row.ended_at,
    };
    let shown = Presented {
        hearing,
        person: caller.person(),
        session: caller.session.session_id,
        role: own.as_ref().filter(|o| o.participant == row.participant_id).map(|o| o.role),
        state: own.as_ref().map_or(State::Scheduled, |o| o.state),
        at: tx.now(),
    };
    if let Err(fault) = join_token::check(&given, &shown) {
        tracing::debug!(?fault, "a pass into a room does not hold");
        return Ok(Err("does not hold"));
    }
    let now = tx.now();
    sqlx::query("update hearing_tokens set used_at = $3 where court_id = $1 and token_hash = $2")
        .bind(court)
        .bind(&hash)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(own.ok_or("no seat"))
}

/// What somebody reads whom the court sent out of the gallery.
pub fn sent_out() -> Error {
    Error::invalid(
        "hearing.sent_out",
        said("法庭请您退出了旁听。", "The court has sent you out of the gallery."),
        said("法庭再次准许后才能进入；有疑问请联系书记员。", "You may come in when the court lets you in again; ask the clerk."),
    )
}

/// What everybody reads, whatever the reason.
pub fn refused() -> Error {
    let r = join_token::refused();
    Error::new(poem::http::StatusCode::FORBIDDEN, r.code, said(r.zh, r.en), said(r.cure_zh, r.cure_en))
}
