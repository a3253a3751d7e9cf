//! 缺席、退庭: what was measured and said, what may follow, what a judge found. Owns `hearing_findings` and the finding of a
//! drop-out's cause. Must never decide: it lays facts before the rule, and writes down what a judge of the hearing says.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::board_api::{AbsenceFinding, AbsenceGap, AbsenceSuggestion, HearingDropout};
use super::command::not_yours;
use super::presence::lock;
use super::seat;
use super::wire::unreadable;
use crate::court::tx::CourtTx;
use crate::delivery::words::Procedure;
use crate::docket::timeline::{self, Note};
use crate::error::{Error, Result, said};
use crate::hearing::absence::{Consequence, Facts, Notice, Rung, Suggestion, Told, suggest};
use crate::hearing::dropout::Cause;
use crate::hearing::guards::Hand;
use crate::hearing::joint;
use crate::hearing::refusal::reasoned;
use crate::hearing::words::{Role, Side};

#[derive(FromRow)]
struct Row {
    dropout_id: Uuid,
    participant_id: Uuid,
    name: String,
    role: String,
    gone_at: DateTime<Utc>,
    back_at: Option<DateTime<Utc>>,
    traces: Json<Value>,
    proposed: Json<Value>,
    told: Json<Value>,
    found_cause: Option<String>,
    reasons: Option<String>,
    found_at: Option<DateTime<Utc>>,
}

/// Drop-outs, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn dropouts(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<HearingDropout>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select d.dropout_id, d.participant_id, p.name, p.role, d.gone_at, d.back_at, d.traces, d.proposed, d.told, d.found_cause, d.reasons, d.found_at
           from hearing_dropouts d join hearing_participants p on p.court_id = d.court_id and p.hearing_id = d.hearing_id and p.participant_id = d.participant_id
          where d.court_id = $1 and d.hearing_id = $2 order by d.gone_at, d.dropout_id limit 500",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(shown).collect())
}

fn shown(r: Row) -> HearingDropout {
    let cause = r.proposed.0["cause"].as_str().and_then(Cause::parse).unwrap_or(Cause::Unknown);
    HearingDropout {
        id: r.dropout_id,
        participant_id: r.participant_id,
        name: r.name,
        role: r.role,
        gone_at: r.gone_at,
        back_at: r.back_at,
        proposed: cause.key().into(),
        proposed_name: cause.zh().into(),
        proposed_name_en: cause.en().into(),
        sure: r.proposed.0["sure"].as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or_default(),
        rests_on: r.proposed.0["rests_on"].clone(),
        told: r.told.0,
        beats: r.traces.0["beats"].clone(),
        found_cause: r.found_cause,
        reasons: r.reasons,
        found_at: r.found_at,
    }
}

async fn as_judge(tx: &mut CourtTx, hearing: Uuid) -> Result<seat::Own> {
    lock(tx, hearing).await?;
    let own = seat::mine(tx, hearing).await?;
    if own.hand() == Hand::Judge { Ok(own) } else { Err(not_yours()) }
}

/// A judge finds the cause of a drop-out, once.
///
/// # Errors
/// 404, a hand that may not, a reason that says nothing.
pub async fn find(tx: &mut CourtTx, hearing: Uuid, dropout: Uuid, cause: &str, reasons: &str) -> Result<()> {
    let own = as_judge(tx, hearing).await?;
    let cause = Cause::parse(cause).ok_or_else(|| unreadable("cause"))?;
    reasoned(reasons, "/reasons")?;
    let (court, now) = (tx.court, tx.now());
    let done = sqlx::query(
        "update hearing_dropouts set found_cause = $4, found_by = $5, found_at = $6, reasons = $7
          where court_id = $1 and hearing_id = $2 and dropout_id = $3 and found_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(dropout)
    .bind(cause.key())
    .bind(own.person)
    .bind(now)
    .bind(reasons.trim())
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    let known: bool =
        sqlx::query_scalar("select exists (select 1 from hearing_dropouts where court_id = $1 and hearing_id = $2 and dropout_id = $3)")
            .bind(court)
            .bind(hearing)
            .bind(dropout)
            .fetch_one(tx.conn())
            .await?;
    if !known {
        return Err(Error::not_found());
    }
    Err(Error::conflict(
        "dropout.found",
        said("这次掉线的原因已经认定。", "The cause of this drop-out was found already."),
        said("需要更正的，请写入笔录。", "A correction goes into the transcript."),
    ))
}

#[derive(FromRow)]
struct Seat {
    role: Role,
    side: Option<Side>,
    must_appear: bool,
    came: bool,
    back: bool,
    summonses: i64,
    told_simply: bool,
    confirmed: bool,
    procedure: String,
    starts_at: DateTime<Utc>,
    found_cause: Option<Cause>,
    proposed: Option<Json<Value>>,
    told: Option<Json<Value>>,
}

/// What absence may lead to for a participant, from what is written down; and whether it was told of in full.
///
/// # Errors
/// 404.
pub async fn suggested(tx: &mut CourtTx, hearing: Uuid, participant: Uuid) -> Result<(AbsenceSuggestion, Suggestion)> {
    let (court, now) = (tx.court, tx.now());
    let row: Option<Seat> = sqlx::query_as(
        "select p.role, p.side, p.must_appear,
            exists (select 1 from hearing_events e where e.court_id = p.court_id and e.hearing_id = p.hearing_id and e.participant_id = p.participant_id and e.what = 'join') as came,
            coalesce((select s.connected_at is not null and s.disconnected_at is null from hearing_presence s
               where s.court_id = p.court_id and s.hearing_id = p.hearing_id and s.participant_id = p.participant_id), false) as back,
            (select count(distinct v.service_id) from hearing_notices n join service_recipients v on v.court_id = n.court_id and v.service_id = n.service_id and v.party_id = p.party_id
               join hearings o on o.court_id = n.court_id and o.hearing_id = n.hearing_id
              where n.court_id = p.court_id and n.case_id = p.case_id and v.effect in ('yes', 'presumed') and v.state <> 'cancelled'
                and (n.hearing_id = p.hearing_id or o.state = 'postponed')) as summonses,
            exists (select 1 from hearing_notices n where n.court_id = p.court_id and n.hearing_id = p.hearing_id and n.participant_id = p.participant_id and n.sent_at >= h.set_at) as told_simply,
            exists (select 1 from hearing_notices n where n.court_id = p.court_id and n.hearing_id = p.hearing_id and n.participant_id = p.participant_id and n.sent_at >= h.set_at and n.seen_at is not null)
              or exists (select 1 from hearing_calls k where k.court_id = p.court_id and k.hearing_id = p.hearing_id and k.participant_id = p.participant_id and k.at >= h.set_at and k.outcome = 'reached') as confirmed, h.procedure, h.starts_at,
            d.found_cause, d.proposed, d.told
           from hearing_participants p join hearings h on h.court_id = p.court_id and h.hearing_id = p.hearing_id
           left join lateral (select x.found_cause, x.proposed, x.told from hearing_dropouts x
              where x.court_id = p.court_id and x.hearing_id = p.hearing_id and x.participant_id = p.participant_id order by x.gone_at desc limit 1) d on true
          where p.court_id = $1 and p.hearing_id = $2 and p.participant_id = $3 and p.removed_at is null",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .fetch_optional(tx.conn())
    .await?;
    let row = row.ok_or_else(Error::not_found)?;
    let mut said = row.told.as_ref().map(|t| told(&t.0)).unwrap_or_default();
    said.extend(calls(tx, hearing, participant, row.starts_at).await?);
    let proposed = row.proposed.as_ref().and_then(|p| p.0["cause"].as_str()).and_then(Cause::parse);
    let facts = Facts {
        role: row.role,
        side: row.side,
        came: row.came,
        with_leave: false,
        must_appear: row.must_appear,
        notice: notice(&row),
        cause: row.found_cause.or(proposed),
        good_reason: false,
        told: said,
        at: now,
        back: row.back,
    };
    let found = suggest(&facts);
    Ok((laid_out(&found), found))
}

/// 电话: what the clerk wrote down of calls since the hearing was to begin; one that was answered reached.
async fn calls(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, since: DateTime<Utc>) -> Result<Vec<Told>> {
    let court = tx.court;
    let rows: Vec<(DateTime<Utc>, bool)> = sqlx::query_as(
        "select at, outcome = 'reached' from hearing_calls where court_id = $1 and hearing_id = $2 and participant_id = $3 and at >= $4 order by at limit 100",
    )
    .bind(court)
    .bind(hearing)
    .bind(participant)
    .bind(since)
    .fetch_all(tx.conn())
    .await?;
    let call = |(at, reached): (DateTime<Utc>, bool)| {
        let reached = reached.then_some(at);
        Told { rung: Rung::Call, sent_at: at, delivered_at: reached, seen_at: reached }
    };
    Ok(rows.into_iter().map(call).collect())
}

/// Served is what delivery says of the summons and of nothing else; a message or a call serves nobody: it is a simple way,
/// and stands for a notice only in summary procedure and where it was confirmed (民诉法解释 Art 261).
fn notice(row: &Seat) -> Notice {
    let summonses = u8::try_from(row.summonses.min(9)).unwrap_or(9);
    let summary = Procedure::parse(&row.procedure).is_some_and(|p| p.is_summary());
    let simply = summonses == 0 && row.told_simply && summary;
    Notice { served: summonses > 0 || (simply && row.confirmed), simple_unconfirmed: simply && !row.confirmed, summonses }
}

fn told(list: &Value) -> Vec<Told> {
    let time = |v: &Value| v.as_str().and_then(|t| t.parse::<DateTime<Utc>>().ok());
    let one = |t: &Value| {
        Some(Told {
            rung: Rung::parse(t["rung"].as_str()?)?,
            sent_at: time(&t["sent_at"])?,
            delivered_at: time(&t["delivered_at"]),
            seen_at: time(&t["seen_at"]),
        })
    };
    list.as_array().into_iter().flatten().filter_map(one).collect()
}

fn laid_out(s: &Suggestion) -> AbsenceSuggestion {
    let gap = |m: &crate::hearing::absence::Missing| AbsenceGap { code: m.key().into(), text: m.zh().into(), text_en: m.en().into() };
    AbsenceSuggestion {
        consequence: s.consequence.key().into(),
        consequence_name: s.consequence.zh().into(),
        consequence_name_en: s.consequence.en().into(),
        articles: s.articles.iter().map(|a| a.zh.to_owned()).collect(),
        missing: s.missing.iter().map(gap).collect(),
        text: s.zh.clone(),
        text_en: s.en.clone(),
    }
}

/// What was found, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn made(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<AbsenceFinding>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select finding_id as id, participant_id, consequence, reasons, at from hearing_findings where court_id = $1 and hearing_id = $2 order by at, finding_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

/// A judge finds absence or leaving, with what was suggested beside it.
///
/// # Errors
/// 404, a hand that may not, a reason that says nothing.
pub async fn decide(tx: &mut CourtTx, hearing: Uuid, participant: Uuid, consequence: &str, reasons: &str) -> Result<Uuid> {
    let own = as_judge(tx, hearing).await?;
    let consequence = Consequence::parse(consequence).ok_or_else(|| unreadable("consequence"))?;
    reasoned(reasons, "/reasons")?;
    let (_, suggestion) = suggested(tx, hearing, participant).await?;
    let (court, now, id) = (tx.court, tx.now(), tx.id());
    sqlx::query(
        "insert into hearing_findings (court_id, finding_id, hearing_id, participant_id, case_id, suggested, consequence, reasons, by_person, at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
    )
    .bind(court)
    .bind(id)
    .bind(hearing)
    .bind(participant)
    .bind(own.case)
    .bind(Json(json!(suggestion)))
    .bind(consequence.key())
    .bind(reasons.trim())
    .bind(own.person)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let text = said(format!("缺席、退庭的认定：{}", consequence.zh()), format!("Finding on absence: {}", consequence.en()));
    // of several cases heard together it concerns the participant's own
    let case = joint::case_of(tx, hearing, participant).await?;
    let note = Note::new("hearing_absence", text);
    let note = match suggestion.articles.first() {
        Some(article) => note.by(article.zh),
        None => note,
    };
    timeline::write(tx, case, note).await?;
    Ok(id)
}
