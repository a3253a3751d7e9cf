//! 申请补正: who asked for which words to be mended, and what became of it. Owns the SQL of `transcript_objections`. Must
//! never let one go unanswered into a fixed version, or forget one that was refused (民事诉讼法 Art 150).

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::editing;
use super::record::Record;
use super::transcript;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::Place;
use crate::kit::text::{Bounds, clean};

const TABLE: &str = "transcript_objections";
/// The most that stand open at once in one record.
const MOST_OPEN: i64 = 200;

/// An objection.
#[derive(Debug, Clone)]
pub struct Objection {
    /// Objection.
    pub id: Uuid,
    /// Entry.
    pub entry: Uuid,
    /// The version it was made on.
    pub version: i32,
    /// First sign.
    pub from: i32,
    /// The words it is about.
    pub quote: String,
    /// What should stand there.
    pub text: String,
    /// Whose.
    pub participant: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// open, corrected, refused, withdrawn.
    pub state: String,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    pub reason: Option<String>,
}

#[derive(FromRow)]
struct Row {
    objection_id: Uuid,
    entry_id: Uuid,
    entry_version: i32,
    from_sign: i32,
    quote: Vec<u8>,
    text: Vec<u8>,
    participant_id: Uuid,
    at: DateTime<Utc>,
    state: String,
    answered_at: Option<DateTime<Utc>>,
    reason: Option<Vec<u8>>,
}

/// All of a record, oldest first, as far as the caller's seat shows.
///
/// # Errors
/// What the database says.
pub async fn all(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Objection>> {
    let court = tx.court;
    let rows: Vec<Row> = sqlx::query_as(
        "select objection_id, entry_id, entry_version, from_sign, quote, text, participant_id, at, state, answered_at, reason
         from transcript_objections where court_id = $1 and hearing_id = $2 order by at, objection_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|r| open(tx, r)).collect()
}

/// One.
///
/// # Errors
/// 404.
pub async fn one(tx: &mut CourtTx, hearing: Uuid, id: Uuid) -> Result<Objection> {
    all(tx, hearing).await?.into_iter().find(|o| o.id == id).ok_or_else(Error::not_found)
}

fn open(tx: &CourtTx, r: Row) -> Result<Objection> {
    let text = |column, sealed: &[u8]| tx.seal().open_text(tx.owner(), Place(TABLE, column, &r.objection_id), sealed);
    Ok(Objection {
        quote: text("quote", &r.quote)?,
        text: text("text", &r.text)?,
        reason: r.reason.as_deref().map(|reason| text("reason", reason)).transpose()?,
        id: r.objection_id,
        entry: r.entry_id,
        version: r.entry_version,
        from: r.from_sign,
        participant: r.participant_id,
        at: r.at,
        state: r.state,
        answered_at: r.answered_at,
    })
}

/// How many nobody answered.
///
/// # Errors
/// What the database says.
pub async fn unanswered(tx: &mut CourtTx, hearing: Uuid) -> Result<usize> {
    let court = tx.court;
    let n: i64 =
        sqlx::query_scalar("select count(*) from transcript_objections where court_id = $1 and hearing_id = $2 and state = 'open'")
            .bind(court)
            .bind(hearing)
            .fetch_one(tx.conn())
            .await?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// What is asked for.
pub struct Asked<'a> {
    /// Entry.
    pub entry: Uuid,
    /// The version it was made on.
    pub version: u32,
    /// First sign.
    pub from: u32,
    /// The words it is about.
    pub quote: &'a str,
    /// What should stand there.
    pub text: &'a str,
}

/// Asks for a correction; answers its id.
///
/// # Errors
/// When the caller reads nothing of it, it is locked, or the entry is none of what he or she reads.
pub async fn ask(tx: &mut CourtTx, record: &Record, case: Uuid, readable: &[Uuid], asked: &Asked<'_>) -> Result<Uuid> {
    let state = record.state();
    let seat = record.mine().find(|s| transcript::may_object(s.seat.role, state)).ok_or_else(not_yours)?;
    if !readable.contains(&asked.entry) {
        return Err(Error::not_found());
    }
    let hearing = record.row.hearing_id;
    if i64::try_from(unanswered(tx, hearing).await?).unwrap_or(i64::MAX) >= MOST_OPEN {
        return Err(Error::conflict(
            "transcript.too_many_objections",
            said("等待答复的补正申请太多。", "Too many corrections are waiting for an answer."),
            said("请等书记员答复后再提。", "Wait for the clerk's answers first."),
        ));
    }
    let (text, quote) = (line(asked.text, 1, "/text")?, line(asked.quote, 0, "/quote")?);
    let (court, id, now, participant) = (tx.court, tx.id(), tx.now(), seat.seat.id);
    let seal = |column, plain: &str| tx.seal().seal(tx.owner(), Place(TABLE, column, &id), plain.as_bytes());
    let (quote, text) = (seal("quote", &quote)?, seal("text", &text)?);
    sqlx::query(
        "insert into transcript_objections (court_id, hearing_id, objection_id, entry_id, case_id, entry_version, from_sign, quote, text, participant_id, at, state)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'open')",
    )
    .bind(court)
    .bind(hearing)
    .bind(id)
    .bind(asked.entry)
    .bind(case)
    .bind(i32::try_from(asked.version).unwrap_or(i32::MAX))
    .bind(i32::try_from(asked.from).unwrap_or(i32::MAX))
    .bind(quote)
    .bind(text)
    .bind(participant)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// What becomes of one.
#[derive(Debug, Clone, Copy)]
pub enum End<'a> {
    /// 已补正.
    Corrected,
    /// 不予补正, noted in the record with its reason.
    Refused(&'a str),
    /// 撤回.
    Withdrawn,
}

/// Answers one that is open.
///
/// # Errors
/// When it was answered already, or a refusal has no reason.
pub async fn answer(tx: &mut CourtTx, hearing: Uuid, id: Uuid, end: End<'_>) -> Result<()> {
    let (court, now, by) = (tx.court, tx.now(), tx.person()?);
    let (state, reason) = match end {
        End::Corrected => ("corrected", None),
        End::Withdrawn => ("withdrawn", None),
        End::Refused(reason) => {
            super::refusal::reasoned(reason, "/reason")?;
            let sealed = tx.seal().seal(tx.owner(), Place(TABLE, "reason", &id), line(reason, 1, "/reason")?.as_bytes())?;
            ("refused", Some(sealed))
        }
    };
    let done = sqlx::query(
        "update transcript_objections set state = $4, answered_by = $5, answered_at = $6, reason = $7 where court_id = $1 and hearing_id = $2 and objection_id = $3 and state = 'open'",
    )
    .bind(court)
    .bind(hearing)
    .bind(id)
    .bind(state)
    .bind(by)
    .bind(now)
    .bind(reason)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::conflict(
        "transcript.objection_answered",
        said("这条补正申请已经答复过了。", "This was answered already."),
        said("请刷新后查看。", "Reload to see the answer."),
    ))
}

/// Refused corrections, as they stand in the record.
pub fn refused_lines(record: &Record, objections: &[Objection]) -> Vec<String> {
    let who = |id| record.one(id).map(super::record::Seated::label).unwrap_or_default();
    let refused = objections.iter().filter(|o| o.state == "refused");
    refused
        .map(|o| {
            editing::refused_line(&who(o.participant), &asked_words(o), o.reason.as_deref().unwrap_or_default().trim_end_matches('。'))
        })
        .collect()
}

fn asked_words(o: &Objection) -> String {
    let text = o.text.trim_end_matches('。');
    if o.quote.is_empty() { text.to_owned() } else { format!("「{}」应为「{text}」", o.quote) }
}

fn line(text: &str, least: usize, field: &str) -> Result<String> {
    clean(text, Bounds::lines(least, 1000))
        .map_err(|e| Error::invalid("transcript.text", said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field))
}

fn not_yours() -> Error {
    Error::invalid(
        "transcript.no_objection",
        said("您现在不能对笔录申请补正。", "You cannot ask for a correction of the transcript now."),
        said(
            "开庭后、笔录锁定前，当事人和代理人可以申请；审判人员、书记员请直接修改。",
            "Parties and their agents may, from the opening until it is locked; the court edits it itself.",
        ),
    )
}
