//! 开庭通知: who is told of a hearing, by which message, with which link, and what became of it.
//!
//! Owns `hearing_notices` and `hearing_calls`. A message carries the number of the meeting and a link that works once and
//! proves that it reached; never a password (H03, H04). Service of the summons is delivery's: only its effect is held
//! against anybody. Must never say in a message what a case is about.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::schedule::moment;
use super::words::{Role, SessionKind};
use crate::app::App;
use crate::court::tx::{CourtTx, GateTx};
use crate::error::{Error, Result, said};
use crate::kit::seal::{Place, sha256};
use crate::person::messages::{self, Listener, Sms, To};

#[derive(FromRow)]
struct Addressee {
    participant_id: Uuid,
    case_id: Uuid,
    role: String,
    person_id: Option<Uuid>,
    mobile: Option<Vec<u8>>,
}

#[derive(FromRow)]
struct About {
    number: String,
    case_number: String,
    kind: String,
    starts_at: DateTime<Utc>,
}

/// What kind of notice, and the template of its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 开庭通知.
    Scheduled,
    /// 改期通知.
    Changed,
    /// 取消通知.
    Cancelled,
    /// 不再需要参加, to somebody who was taken off.
    Removed,
    /// 提醒.
    Reminder,
    /// 延迟开庭.
    Delayed,
    /// 笔录待签名 (H32).
    Signing,
}

impl Kind {
    const fn key(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Removed => "removed",
            Self::Reminder => "reminder",
            Self::Delayed => "delayed",
            Self::Signing => "signing",
        }
    }

    const fn template(self) -> &'static str {
        match self {
            Self::Scheduled => "hearing_notice",
            Self::Changed => "hearing_changed",
            Self::Cancelled => "hearing_cancelled",
            Self::Removed => "hearing_removed",
            Self::Reminder => "hearing_reminder",
            Self::Delayed => "hearing_delayed",
            Self::Signing => "hearing_signing",
        }
    }
}

/// Leaves the messages of a hearing, to one participant alone where one is named. `event` makes it safe to run twice: a notice's id is made of it and the participant.
///
/// # Errors
/// 404 for a hearing that is not there.
pub async fn send(app: &App, tx: &mut CourtTx, hearing: Uuid, kind: Kind, event: Uuid, only: Option<Uuid>) -> Result<usize> {
    let court = tx.court;
    let about: About = sqlx::query_as("select number, case_number, kind, case when $3 then coalesce(delayed_until, starts_at) else starts_at end as starts_at from hearings where court_id = $1 and hearing_id = $2")
        .bind(court)
        .bind(hearing)
        .bind(kind == Kind::Delayed)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
    let people: Vec<Addressee> = sqlx::query_as(
        "select participant_id, case_id, role, person_id, mobile from hearing_participants where court_id = $1 and hearing_id = $2 and (removed_at is not null) = $4 and ($3::uuid is null or participant_id = $3) order by participant_id",
    )
    .bind(court)
    .bind(hearing)
    .bind(only)
    .bind(kind == Kind::Removed)
    .fetch_all(tx.conn())
    .await?;
    let mut sent = 0;
    for person in people {
        // the court's own people read their desk
        let outside = Role::parse(&person.role).is_some_and(|r| !r.is_court() && r != Role::Technician);
        if outside && one(app, tx, hearing, kind, event, &about, &person).await? {
            sent += 1;
        }
    }
    Ok(sent)
}

async fn one(app: &App, tx: &mut CourtTx, hearing: Uuid, kind: Kind, event: Uuid, about: &About, to: &Addressee) -> Result<bool> {
    let (court, now) = (tx.court, tx.now());
    let notice = Uuid::from_u128(event.as_u128() ^ to.participant_id.as_u128());
    let mobile = match &to.mobile {
        Some(sealed) => Some(tx.seal().open_text(tx.owner(), Place("hearing_participants", "mobile", &to.participant_id), sealed)?),
        None => None,
    };
    if mobile.is_none() && to.person_id.is_none() {
        return Ok(false); // nobody to send to: the call list shows it
    }
    let token = tx.random().token();
    // who is taken off has nothing to open any more
    let linked = kind != Kind::Removed;
    let words = json!({ "case_number": about.case_number, "kind": about.kind, "starts_at": about.starts_at, "number": about.number });
    let made = sqlx::query(
        "insert into hearing_notices (court_id, notice_id, hearing_id, participant_id, case_id, kind, channel, link_hash, sent_at, state, about)
         values ($1,$2,$3,$4,$5,$6,'sms',$7,$8,'sending',$9) on conflict do nothing",
    )
    .bind(court)
    .bind(notice)
    .bind(hearing)
    .bind(to.participant_id)
    .bind(to.case_id)
    .bind(kind.key())
    .bind(linked.then(|| sha256(token.as_bytes())))
    .bind(now)
    .bind(words)
    .execute(tx.conn())
    .await?;
    if made.rows_affected() == 0 {
        return Ok(false);
    }
    let (link, time) = (format!("{}/h/{token}", app.config.public_url), moment(about.starts_at));
    let kind_zh = SessionKind::parse(&about.kind).map_or("庭审", SessionKind::zh);
    let params = [
        ("case_number", about.case_number.as_str()),
        ("time", time.as_str()),
        ("type", kind_zh),
        ("meeting", about.number.as_str()),
        ("link", link.as_str()),
    ];
    let sms = Sms {
        to: match (&mobile, to.person_id) {
            (Some(mobile), _) => To::Mobile(mobile),
            (None, Some(person)) => To::Person(person),
            (None, None) => return Ok(false),
        },
        template: kind.template(),
        params: &params,
        court: Some(court),
        until: (!matches!(kind, Kind::Cancelled | Kind::Removed | Kind::Signing)).then_some(about.starts_at),
        listener: Some(Listener { topic: "hearing.notice_report".into(), payload: json!({ "notice": notice }) }),
    };
    messages::tell_sms(tx, &sms)?;
    Ok(true)
}

/// What became of a message.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// Notice.
    pub notice: Uuid,
    /// The gateway's words.
    pub report: Reported,
}

/// The gateway's words.
#[derive(Debug, Deserialize)]
pub struct Reported {
    /// delivered or failed.
    pub state: String,
    /// Why it failed.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a report down; forward only, and what was seen stays seen.
///
/// # Errors
/// What the database says.
pub async fn reported(tx: &mut CourtTx, r: &Report) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update hearing_notices set state = $3, reason = $4, reported_at = $5 where court_id = $1 and notice_id = $2 and state in ('sending', 'accepted')",
    )
    .bind(court)
    .bind(r.notice)
    .bind(if r.report.state == "delivered" { "delivered" } else { "failed" })
    .bind(&r.report.reason)
    .bind(r.report.at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The hearing a link leads to, told to whoever holds it: nothing of the case.
#[derive(Debug, Clone, FromRow)]
pub struct Linked {
    /// Court.
    pub court_id: i32,
    /// Hearing.
    pub hearing_id: Uuid,
    /// Participant.
    pub participant_id: Uuid,
}

fn link_used() -> Error {
    Error::conflict(
        "hearing.link_used",
        said("这个链接已经用过；它只能打开一次。", "This link was used already; it opens once."),
        said("请登录后在“我的庭审”里查看和进入。", "Sign in and find the hearing in your list."),
    )
}

async fn linked(gate: &mut GateTx, token: &str) -> Result<Linked> {
    sqlx::query_as("select court_id, hearing_id, participant_id from hearing_notices where link_hash = $1")
        .bind(sha256(token.as_bytes()))
        .fetch_optional(gate.conn())
        .await?
        .ok_or_else(Error::not_found)
}

/// The seat a link names. Nothing is written: whether it may be taken is `link_seat`'s to say.
///
/// # Errors
/// 404 for a link nobody sent.
pub async fn find_link(app: &App, request: Arc<str>, token: &str) -> Result<Linked> {
    let mut gate = app.door.gate("hearing:link", request).await?;
    linked(&mut gate, token).await
}

/// Opens a link, once. That it was opened proves that the message reached.
///
/// # Errors
/// 404 for a link nobody sent, word for word; 409 for one that was used.
pub async fn open_link(app: &App, request: Arc<str>, token: &str) -> Result<(Linked, String, DateTime<Utc>)> {
    let mut gate = app.door.gate("hearing:link", request).await?;
    let linked = linked(&mut gate, token).await?;
    gate.commit(format!("hearing:{}", linked.hearing_id), json!({ "link": "tried" })).await?;
    let mut tx = app.door.enter_as_house(linked.court_id, "hearing:link").await?;
    let (court, now) = (tx.court, tx.now());
    let first =
        sqlx::query("update hearing_notices set state = 'seen', seen_at = $3 where court_id = $1 and link_hash = $2 and seen_at is null")
            .bind(court)
            .bind(sha256(token.as_bytes()))
            .bind(now)
            .execute(tx.conn())
            .await?;
    if first.rows_affected() == 0 {
        return Err(link_used());
    }
    let (kind, starts_at): (String, DateTime<Utc>) =
        sqlx::query_as("select kind, starts_at from hearings where court_id = $1 and hearing_id = $2")
            .bind(court)
            .bind(linked.hearing_id)
            .fetch_one(tx.conn())
            .await?;
    tx.commit(linked.hearing_id, json!({ "participant": linked.participant_id })).await?;
    Ok((linked, kind, starts_at))
}

/// 电话名单: somebody nothing proves to have been reached.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns, documented in the migration")]
pub struct Unreached {
    pub hearing_id: Uuid,
    pub participant_id: Uuid,
    pub case_number: String,
    pub starts_at: DateTime<Utc>,
    pub role: String,
    pub name: String,
    pub mobile_masked: Option<String>,
    pub tried: i64,
    pub last_state: Option<String>,
}

/// Whether participant `p` of hearing `h` is proved to have been reached about the time it has now: a message delivered or
/// its link opened, a paper served, or a call that was answered. What told of an earlier time proves nothing.
pub const REACHED: &str = "exists (select 1 from hearing_notices n where n.court_id = p.court_id and n.hearing_id = p.hearing_id and n.participant_id = p.participant_id
       and n.sent_at >= h.set_at and (n.state in ('delivered', 'seen')
         or exists (select 1 from service_recipients v where v.court_id = n.court_id and v.service_id = n.service_id and v.effect = 'yes' and v.state <> 'cancelled')))
     or exists (select 1 from hearing_calls k where k.court_id = p.court_id and k.hearing_id = p.hearing_id and k.participant_id = p.participant_id
       and k.at >= h.set_at and k.outcome = 'reached')";

/// The call list, the next hearing first.
///
/// # Errors
/// What the database says.
pub async fn unreached(tx: &mut CourtTx, limit: i64) -> Result<Vec<Unreached>> {
    let (court, now) = (tx.court, tx.now());
    let sql = format!(
        "select h.hearing_id, p.participant_id, h.case_number, h.starts_at, p.role, p.name, p.mobile_masked,
           (select count(*) from hearing_calls k where k.court_id = p.court_id and k.hearing_id = p.hearing_id and k.participant_id = p.participant_id) as tried,
           (select n.state from hearing_notices n where n.court_id = p.court_id and n.hearing_id = p.hearing_id and n.participant_id = p.participant_id order by n.sent_at desc limit 1) as last_state
         from hearings h join hearing_participants p on p.court_id = h.court_id and p.hearing_id = h.hearing_id
         where h.court_id = $1 and h.state in ('scheduled', 'waiting') and h.starts_at > $2 and p.removed_at is null
           and p.role not in ('presiding_judge', 'sole_judge', 'panel_judge', 'lay_judge', 'judge_assistant', 'clerk', 'technician', 'observer', 'press')
           and not ({REACHED})
         order by h.starts_at, p.participant_id limit $3"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(court).bind(now).bind(limit).fetch_all(tx.conn()).await?)
}

/// A call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// To whom.
    pub participant: Uuid,
    /// notice, rehearsal, dropout or other.
    pub purpose: &'a str,
    /// reached, no_answer, engaged, wrong_number or refused.
    pub outcome: &'a str,
    /// What was said.
    pub note: &'a str,
}

/// Writes a call down.
///
/// # Errors
/// 404 for somebody who is not in the hearing.
pub async fn called(tx: &mut CourtTx, hearing: Uuid, call: &Call<'_>) -> Result<Uuid> {
    let (court, id, now, by) = (tx.court, tx.id(), tx.now(), tx.person()?);
    let known: Option<(Uuid, bool)> = sqlx::query_as(
        "select p.case_id, h.opened_at is not null from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
         where p.court_id = $1 and p.hearing_id = $2 and p.participant_id = $3 and p.removed_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(call.participant)
    .fetch_optional(tx.conn())
    .await?;
    let (case, opened) = known.ok_or_else(Error::not_found)?;
    // once it is open one calls somebody who is away
    let purpose = if opened && call.purpose == "notice" { "dropout" } else { call.purpose };
    let note = tx.seal().seal(tx.owner(), Place("hearing_calls", "note", &id), call.note.as_bytes())?;
    sqlx::query("insert into hearing_calls (court_id, call_id, hearing_id, participant_id, case_id, at, by_person, purpose, outcome, note) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)")
        .bind(court)
        .bind(id)
        .bind(hearing)
        .bind(call.participant)
        .bind(case)
        .bind(now)
        .bind(by)
        .bind(purpose)
        .bind(call.outcome)
        .bind(note)
        .execute(tx.conn())
        .await?;
    Ok(id)
}
