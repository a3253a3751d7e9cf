//! 与书记员的消息: a participant writes to the clerks, a clerk to one participant or to all.
//!
//! Owns `hearing_messages` and `hearing_reads`. Messages are only ever added, and sealed. Sides do not write to each other
//! here. Must never put a text anywhere but into its own row.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::sitting::{Head, Sitting, find};
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::text::{Bounds, clean};

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id; a later one is greater.
    pub id: Uuid,
    /// From whom.
    pub from: Uuid,
    /// To whom; none: to the clerks, from a clerk to all.
    pub to: Option<Uuid>,
    /// Text.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    message_id: Uuid,
    from_id: Uuid,
    to_id: Option<Uuid>,
    text: Vec<u8>,
    at: DateTime<Utc>,
}

/// The most messages of one answer.
const PAGE: i64 = 200;
/// The most one person writes in a minute.
const MOST_A_MINUTE: i64 = 20;

/// Messages after one, oldest first, as far as the caller's seat shows; with one participant alone where asked. The
/// newest page when nothing is named.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut CourtTx, hearing: Uuid, since: Option<Uuid>, with: Option<Uuid>) -> Result<Vec<Message>> {
    let court = tx.court;
    let mut rows: Vec<Row> = sqlx::query_as(
        "select message_id, from_id, to_id, text, at from hearing_messages
         where court_id = $1 and hearing_id = $2 and ($3::uuid is null or message_id > $3) and ($4::uuid is null or from_id = $4 or to_id = $4)
         order by case when $3::uuid is null then message_id end desc, message_id limit $5",
    )
    .bind(court)
    .bind(hearing)
    .bind(since)
    .bind(with)
    .bind(PAGE)
    .fetch_all(tx.conn())
    .await?;
    rows.sort_by_key(|r| r.message_id);
    rows.into_iter().map(|r| opened(tx, r)).collect()
}

fn opened(tx: &CourtTx, r: Row) -> Result<Message> {
    let text = tx.seal().open_text(tx.owner(), Place("hearing_messages", "text", &r.message_id), &r.text)?;
    Ok(Message { id: r.message_id, from: r.from_id, to: r.to_id, text, at: r.at })
}

/// Sends one.
///
/// # Errors
/// A text that is none, a side that writes to a side, too many.
pub async fn send(
    tx: &mut CourtTx,
    hearing: Uuid,
    head: &Head,
    all: &[Sitting],
    from: &Sitting,
    to: Option<Uuid>,
    text: &str,
) -> Result<Message> {
    let (court, now, id) = (tx.court, tx.now(), tx.id());
    let text = clean(text, Bounds::lines(1, 1000))
        .map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at("/text"))?;
    if let Some(to) = to {
        find(all, to)?;
        if !from.role().is_clerk() {
            return Err(Error::invalid(
                "hearing.chat_to",
                said("消息只发给书记员。", "Messages go to the clerk."),
                said("需要告诉另一方的，请让书记员转达，或者当庭说明。", "Let the clerk pass it on, or say it in the room."),
            )
            .at("/to_id"));
        }
    }
    if head.state.is_final() {
        return Err(Error::conflict(
            "hearing.over",
            said("本场庭审已经关闭。", "This hearing is closed."),
            said("请在案件页面联系法院。", "Use the page of the case."),
        ));
    }
    let lately: i64 = sqlx::query_scalar(
        "select count(*) from hearing_messages where court_id = $1 and hearing_id = $2 and from_id = $3 and at > $4 - interval '1 minute'",
    )
    .bind(court)
    .bind(hearing)
    .bind(from.id())
    .bind(now)
    .fetch_one(tx.conn())
    .await?;
    if lately >= MOST_A_MINUTE {
        return Err(Error::slow_down(30));
    }
    let sealed = tx.seal().seal(tx.owner(), Place("hearing_messages", "text", &id), text.as_bytes())?;
    sqlx::query("insert into hearing_messages (court_id, message_id, hearing_id, case_id, from_id, to_id, text, at) values ($1,$2,$3,$4,$5,$6,$7,$8)")
        .bind(court)
        .bind(id)
        .bind(hearing)
        .bind(head.case)
        .bind(from.id())
        .bind(to)
        .bind(sealed)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(Message { id, from: from.id(), to, text, at: now })
}

/// A message that was sent under a key before.
///
/// # Errors
/// 404.
pub async fn one(tx: &mut CourtTx, hearing: Uuid, message: Uuid) -> Result<Message> {
    let court = tx.court;
    let row: Option<Row> = sqlx::query_as(
        "select message_id, from_id, to_id, text, at from hearing_messages where court_id = $1 and hearing_id = $2 and message_id = $3",
    )
    .bind(court)
    .bind(hearing)
    .bind(message)
    .fetch_optional(tx.conn())
    .await?;
    opened(tx, row.ok_or_else(Error::not_found)?)
}

/// One's own conversation with the clerks.
pub const OWN: Uuid = Uuid::nil();

/// Read up to here; forward only.
///
/// # Errors
/// 404 for a message that is not there.
pub async fn read_to(tx: &mut CourtTx, hearing: Uuid, with: Uuid, until: Uuid) -> Result<()> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    one(tx, hearing, until).await?;
    sqlx::query(
        "insert into hearing_reads (court_id, hearing_id, person_id, with_id, read_to, at) values ($1,$2,$3,$4,$5,$6)
         on conflict (court_id, hearing_id, person_id, with_id) do update set read_to = greatest(hearing_reads.read_to, excluded.read_to), at = excluded.at",
    )
    .bind(court)
    .bind(hearing)
    .bind(me)
    .bind(with)
    .bind(until)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many messages to oneself one has not read.
///
/// # Errors
/// What the database says.
pub async fn unread_own(tx: &mut CourtTx, hearing: Uuid, me: Uuid) -> Result<i64> {
    let court = tx.court;
    Ok(sqlx::query_scalar(
        "select count(*) from hearing_messages m where m.court_id = $1 and m.hearing_id = $2
           and (m.to_id is null or exists (select 1 from hearing_participants t where t.court_id = m.court_id and t.hearing_id = m.hearing_id and t.participant_id = m.to_id and t.person_id = $3))
           and exists (select 1 from hearing_participants f where f.court_id = m.court_id and f.hearing_id = m.hearing_id and f.participant_id = m.from_id and f.role in ('clerk', 'judge_assistant'))
           and not exists (select 1 from hearing_participants f where f.court_id = m.court_id and f.hearing_id = m.hearing_id and f.participant_id = m.from_id and f.person_id = $3)
           and m.message_id > coalesce((select r.read_to from hearing_reads r where r.court_id = $1 and r.hearing_id = $2 and r.person_id = $3 and r.with_id = $4), $4)",
    )
    .bind(court)
    .bind(hearing)
    .bind(me)
    .bind(OWN)
    .fetch_one(tx.conn())
    .await?)
}

/// Of the court: messages to the clerks that the caller has not read, by who wrote them.
///
/// # Errors
/// What the database says.
pub async fn unread_of_threads(tx: &mut CourtTx, hearing: Uuid, me: Uuid) -> Result<Vec<(Uuid, i64)>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select m.from_id, count(*) from hearing_messages m
         join hearing_participants f on f.court_id = m.court_id and f.hearing_id = m.hearing_id and f.participant_id = m.from_id and f.role not in ('clerk', 'judge_assistant')
         left join hearing_reads r on r.court_id = m.court_id and r.hearing_id = m.hearing_id and r.person_id = $3 and r.with_id = m.from_id
         where m.court_id = $1 and m.hearing_id = $2 and m.to_id is null and f.person_id is distinct from $3 and (r.read_to is null or m.message_id > r.read_to)
         group by m.from_id order by m.from_id",
    )
    .bind(court)
    .bind(hearing)
    .bind(me)
    .fetch_all(tx.conn())
    .await?)
}

/// Of the court: the last message with each participant.
///
/// # Errors
/// What the database says.
pub async fn last_with(tx: &mut CourtTx, hearing: Uuid) -> Result<BTreeMap<Uuid, DateTime<Utc>>> {
    let court = tx.court;
    let rows: Vec<(Uuid, DateTime<Utc>)> = sqlx::query_as(
        "select x.who, max(x.at) from (select m.from_id as who, m.at from hearing_messages m where m.court_id = $1 and m.hearing_id = $2
           union all select m.to_id, m.at from hearing_messages m where m.court_id = $1 and m.hearing_id = $2 and m.to_id is not null) x group by x.who",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().collect())
}
