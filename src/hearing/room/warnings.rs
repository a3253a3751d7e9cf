//! 提示、警告: the first rungs of the ladder before anything follows from absence (在线诉讼规则 Art 25).
//!
//! Owns giving them, and keeping when each was sent, delivered and seen. Must never decide what follows.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::command::not_yours;
use super::presence::{lock, note};
use super::seat::{self, Own};
use super::told::{self, To};
use super::wire::unreadable;
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::hearing::absence::{AFTER_WARNING, Rung};
use crate::hearing::guards::Hand;
use crate::hearing::log::Audience;
use crate::hearing::notices::Reported;
use crate::kit::seal::Place;
use crate::person::messages::{self, Listener, Sms, To as To12368};

/// The words of a rung.
fn words(rung: Rung) -> (&'static str, &'static str) {
    match rung {
        Rung::Prompt => {
            ("您已经离开法庭的画面或者声音，请尽快恢复。", "You are away from the hearing's picture or sound; please come back.")
        }
        Rung::Warning => (
            "法庭警告：没有正当理由不参加庭审、中途退庭的，法庭可以依法处理。请在十分钟内回到法庭；有困难的请立即联系书记员。",
            "Warning by the court: staying away or leaving without good reason may have consequences under the law. Come back within ten minutes; if you cannot, call the clerk at once.",
        ),
        Rung::Call => ("书记员给您打了电话。", "The clerk called you."),
    }
}

/// Gives a prompt or a warning, by judge or clerk. Answers its id.
///
/// # Errors
/// 404, a hand that may not.
pub async fn give(app: &App, caller: &Caller, court: i32, hearing: Uuid, participant: Uuid, rung: &str) -> Result<Uuid> {
    let rung = Rung::parse(rung).filter(|r| *r != Rung::Call).ok_or_else(|| unreadable("rung"))?;
    let mut tx = app.door.enter(caller, court, Act::HearingDrive).await?;
    let (case, _) = lock(&mut tx, hearing).await?;
    let own = seat::mine(&mut tx, hearing).await?;
    if own.hand() == Hand::Other {
        return Err(not_yours());
    }
    if !sits(&mut tx, hearing, participant).await? {
        return Err(Error::not_found());
    }
    let (id, now) = (tx.id(), tx.now());
    // the participant reads his or her own; to others it is nothing
    let data = json!({ "id": id, "rung": rung });
    let line = note(&mut tx, (hearing, case), "warn", Some(participant), Audience::Own, data, None).await?;
    add(&mut tx, hearing, participant, &json!({ "id": id, "rung": rung, "sent_at": now, "delivered_at": null, "seen_at": null })).await?;
    let by_sms = by_sms(app, &mut tx, hearing, participant, (id, rung)).await?;
    tx.commit(hearing, json!({ "warned": participant, "rung": rung, "sms": by_sms })).await?;
    let (zh, en) = words(rung);
    let message = json!({ "type": "told", "id": id, "rung": rung, "zh": zh, "en": en });
    told::tell(app, court, hearing, To::Only(vec![participant]), message).await?;
    told::noted(app, court, hearing, vec![line]).await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
struct Away {
    case_number: String,
    person_id: Option<Uuid>,
    mobile: Option<Vec<u8>>,
}

/// Who has no line is told by message too (12368): what a page never shows cannot have been delivered. Answers whether one
/// left.
async fn by_sms(app: &App, tx: &mut CourtTx, hearing: Uuid, participant: Uuid, (id, rung): (Uuid, Rung)) -> Result<bool> {
    let court = tx.court;
    let away: Option<Away> = sqlx::query_as(
        "select h.case_number, p.person_id, p.mobile from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
          where p.court_id = $1 and p.hearing_id = $2 and p.participant_id = $3 and (p.mobile is not null or p.person_id is not null)
            and not exists (select 1 from hearing_presence s where s.court_id = p.court_id and s.hearing_id = p.hearing_id and s.participant_id = p.participant_id
              and s.connected_at is not null and s.disconnected_at is null)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .fetch_optional(tx.conn())
    .await?;
    let Some(away) = away else { return Ok(false) };
    let mobile = match &away.mobile {
        Some(sealed) => Some(tx.seal().open_text(tx.owner(), Place("hearing_participants", "mobile", &participant), sealed)?),
        None => None,
    };
    let to = match (&mobile, away.person_id) {
        (Some(mobile), _) => To12368::Mobile(mobile),
        (None, Some(person)) => To12368::Person(person),
        (None, None) => return Ok(false),
    };
    let link = format!("{}/hearings/{court}/{hearing}", app.config.public_url);
    let sms = Sms {
        to,
        template: if rung == Rung::Prompt { "hearing_prompt" } else { "hearing_warning" },
        params: &[("case_number", away.case_number.as_str()), ("link", link.as_str())],
        court: Some(court),
        // later than that nobody would come back for it
        until: Some(tx.now() + AFTER_WARNING),
        listener: Some(Listener {
            topic: "hearing.told_report".into(),
            payload: json!({ "hearing": hearing, "participant": participant, "told": id }),
        }),
    };
    messages::tell_sms(tx, &sms)?;
    Ok(true)
}

/// What became of a message of the ladder.
#[derive(Debug, serde::Deserialize)]
pub struct Report {
    hearing: Uuid,
    participant: Uuid,
    told: Uuid,
    report: Reported,
}

/// The gateway's word: a message that reached the telephone delivered what it said; it was seen by nobody's word.
///
/// # Errors
/// What the database says.
pub async fn reported(app: &App, court: i32, r: &Report) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "hearing:told").await?;
    let (case, _) = lock(&mut tx, r.hearing).await?;
    let data = json!({ "id": r.told, "sms": r.report.state });
    let line = note(&mut tx, (r.hearing, case), "told", Some(r.participant), Audience::Own, data, None).await?;
    if r.report.state == "delivered" {
        stamp(&mut tx, r.hearing, r.participant, r.told, false, r.report.at).await?;
    }
    tx.commit(r.hearing, json!({ "told": r.told, "sms": r.report.state })).await?;
    told::noted(app, court, r.hearing, vec![line]).await
}

async fn sits(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<bool> {
    let court = tx.court;
    Ok(sqlx::query_scalar(
        "select exists (select 1 from hearing_participants where court_id = $1 and hearing_id = $2 and participant_id = $3 and removed_at is null)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .fetch_one(tx.conn())
    .await?)
}

/// What was told belongs to the newest drop-out of the participant, if there is one.
async fn add(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, told: &Value) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update hearing_dropouts set told = told || $4 where court_id = $1 and dropout_id =
           (select dropout_id from hearing_dropouts where court_id = $1 and hearing_id = $2 and participant_id = $3 order by gone_at desc, dropout_id desc limit 1)",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(Json(told))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It arrived, or was seen: a line of the log, and the time beside what was told.
///
/// # Errors
/// 404 for what was never told to this participant.
pub async fn acknowledged(app: &App, court: i32, hearing: Uuid, own: &Own, id: Uuid, seen: bool) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "hearing:told").await?;
    let (case, _) = lock(&mut tx, hearing).await?;
    let known: bool = sqlx::query_scalar(
        "select exists (select 1 from hearing_events where court_id = $1 and hearing_id = $2 and participant_id = $3 and what = 'warn' and line::jsonb->'data'->'data'->>'id' = $4)",
    )
    .bind(court)
    .bind(hearing)
    .bind(own.participant)
    .bind(id.to_string())
    .fetch_one(tx.conn())
    .await?;
    if !known {
        return Err(Error::not_found());
    }
    let now = tx.now();
    let line =
        note(&mut tx, (hearing, case), "told", Some(own.participant), Audience::Own, json!({ "id": id, "seen": seen }), None).await?;
    stamp(&mut tx, hearing, own.participant, id, seen, now).await?;
    tx.commit(hearing, json!({ "told": id, "seen": seen })).await?;
    told::noted(app, court, hearing, vec![line]).await
}

async fn stamp(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, id: Uuid, seen: bool, now: DateTime<Utc>) -> Result<()> {
    let court = tx.court;
    sqlx::query(
        "update hearing_dropouts d set told = (
             select coalesce(jsonb_agg(case when t->>'id' = $4 and t->$5 = 'null'::jsonb then jsonb_set(t, array[$5], to_jsonb($6::timestamptz)) else t end order by o), '[]')
               from jsonb_array_elements(d.told) with ordinality as x(t, o))
          where court_id = $1 and hearing_id = $2 and participant_id = $3 and told @> jsonb_build_array(jsonb_build_object('id', $4::text))",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(id.to_string())
    .bind(if seen { "seen_at" } else { "delivered_at" })
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
