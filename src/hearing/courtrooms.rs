//! 法庭: the rooms of a court, and the calendar at a room's door. Owns `courtrooms` and `courtroom_feeds`.
//!
//! A room that is not used any more stays, for the hearings that were held there. Must never let two rooms of a court
//! have one name.

use sqlx::FromRow;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::kit::seal::sha256;

/// A room.
#[derive(Debug, Clone, FromRow)]
pub struct Row {
    /// Room.
    pub courtroom_id: Uuid,
    /// 名称.
    pub name: String,
    /// physical or virtual.
    pub kind: String,
    /// Where.
    pub place: String,
    /// 旁听席.
    pub gallery: i32,
    /// 国徽 hangs in the picture.
    pub emblem: bool,
    /// Used.
    pub active: bool,
    /// Version.
    pub version: i32,
}

/// What is said of a room.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    /// 名称.
    pub name: &'a str,
    /// physical or virtual.
    pub kind: &'a str,
    /// Where.
    pub place: &'a str,
    /// 旁听席.
    pub gallery: i32,
    /// 国徽 hangs in the picture.
    pub emblem: bool,
    /// Used.
    pub active: bool,
}

/// The rooms of a court, those in use first.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx) -> Result<Vec<Row>> {
    let court = tx.court;
    Ok(sqlx::query_as("select courtroom_id, name, kind, place, gallery, emblem, active, version from courtrooms where court_id = $1 order by active desc, name limit 500")
        .bind(court)
        .fetch_all(tx.conn())
        .await?)
}

/// Adds a room.
///
/// # Errors
/// A name that is taken.
pub async fn add(tx: &mut CourtTx, s: &Said<'_>) -> Result<Uuid> {
    let (court, id) = (tx.court, tx.id());
    let made = sqlx::query(
        "insert into courtrooms (court_id, courtroom_id, name, kind, place, gallery, emblem, active, version) values ($1,$2,$3,$4,$5,$6,$7,$8,1) on conflict do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(s.name)
    .bind(s.kind)
    .bind(s.place)
    .bind(s.gallery)
    .bind(s.emblem)
    .bind(s.active)
    .execute(tx.conn())
    .await?;
    if made.rows_affected() == 0 { Err(named_twice()) } else { Ok(id) }
}

/// Changes a room.
///
/// # Errors
/// 404, another version, a name that is taken.
pub async fn change(tx: &mut CourtTx, room: Uuid, version: i32, s: &Said<'_>) -> Result<()> {
    let court = tx.court;
    let is: Option<i32> = sqlx::query_scalar("select version from courtrooms where court_id = $1 and courtroom_id = $2 for update")
        .bind(court)
        .bind(room)
        .fetch_optional(tx.conn())
        .await?;
    if is.ok_or_else(Error::not_found)? != version {
        return Err(Error::stale());
    }
    let twin: bool =
        sqlx::query_scalar("select exists (select 1 from courtrooms where court_id = $1 and name = $3 and courtroom_id <> $2)")
            .bind(court)
            .bind(room)
            .bind(s.name)
            .fetch_one(tx.conn())
            .await?;
    if twin {
        return Err(named_twice());
    }
    sqlx::query("update courtrooms set name = $3, kind = $4, place = $5, gallery = $6, emblem = $7, active = $8, version = version + 1 where court_id = $1 and courtroom_id = $2")
        .bind(court)
        .bind(room)
        .bind(s.name)
        .bind(s.kind)
        .bind(s.place)
        .bind(s.gallery)
        .bind(s.emblem)
        .bind(s.active)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A new secret address of the room's calendar; the old one ends. Answers its token, once.
///
/// # Errors
/// 404 for a room that is not there.
pub async fn renew_feed(tx: &mut CourtTx, room: Uuid) -> Result<String> {
    let (court, now, by, token) = (tx.court, tx.now(), tx.person()?, tx.random().token());
    let there: bool = sqlx::query_scalar("select exists (select 1 from courtrooms where court_id = $1 and courtroom_id = $2)")
        .bind(court)
        .bind(room)
        .fetch_one(tx.conn())
        .await?;
    if !there {
        return Err(Error::not_found());
    }
    sqlx::query("update courtroom_feeds set revoked_at = $3 where court_id = $1 and courtroom_id = $2 and revoked_at is null")
        .bind(court)
        .bind(room)
        .bind(now)
        .execute(tx.conn())
        .await?;
    sqlx::query("insert into courtroom_feeds (court_id, courtroom_id, token_hash, made_by, made_at) values ($1,$2,$3,$4,$5)")
        .bind(court)
        .bind(room)
        .bind(sha256(token.as_bytes()))
        .bind(by)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(token)
}

fn named_twice() -> Error {
    use crate::error::said;
    Error::conflict(
        "courtroom.name",
        said("本院已经有同名的法庭。", "The court has a room of that name."),
        said("请换一个名称。", "Choose another name."),
    )
}
