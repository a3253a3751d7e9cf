//! 删除到期的录音录像: one person asks, another agrees, and only when its time is over (庭审录音录像规定 Art 12: nobody
//! deletes a recording without leave).
//!
//! Owns `recordings.asked_away_*` and `gone_*`, and removing the object from the store afterwards. The manifest, the log
//! of gaps, the events and the package stay: they prove what there was. Must never let one person do both.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::super::joint;
use super::super::refusal::reasoned;
use super::retention;
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::tx::CourtTx;
use crate::docket::timeline::Note;
use crate::error::{Error, Result, said};

/// A recording, as far as its going is concerned.
#[derive(Debug, Clone, FromRow)]
#[allow(missing_docs, reason = "the columns of recordings, documented in the migration")]
pub struct Row {
    pub recording_id: Uuid,
    pub case_id: Uuid,
    pub kind: String,
    pub object_key: String,
    pub retain_until: Option<NaiveDate>,
    pub asked_away_by: Option<Uuid>,
    pub asked_by_name: Option<String>,
    pub asked_away_at: Option<DateTime<Utc>>,
    pub asked_why: Option<String>,
    pub gone_at: Option<DateTime<Utc>>,
}

/// What is removed from the store once the change stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gone {
    /// Recording.
    pub recording: Uuid,
}

/// A recording of a hearing.
///
/// # Errors
/// 404.
pub async fn row(tx: &mut CourtTx, hearing: Uuid, recording: Uuid) -> Result<Row> {
    let court = tx.court;
    let found: Option<Row> = sqlx::query_as(
        "select r.recording_id, r.case_id, r.kind, r.object_key, r.retain_until, r.asked_away_by, p.name as asked_by_name, r.asked_away_at, r.asked_why, r.gone_at
         from recordings r left join people p on p.person_id = r.asked_away_by
         where r.court_id = $1 and r.hearing_id = $2 and r.recording_id = $3",
    )
    .bind(court)
    .bind(hearing)
    .bind(recording)
    .fetch_optional(tx.conn())
    .await?;
    let mut row = found.ok_or_else(Error::not_found)?;
    // what is written on it may be of before the case was closed, or before another was joined
    row.retain_until = retention::of_hearing(tx, hearing, row.case_id).await?;
    Ok(row)
}

/// Asks for it to go; or, being another person, agrees.
///
/// # Errors
/// Kept still, proof of what there was, the same person twice.
pub async fn put(tx: &mut CourtTx, hearing: Uuid, recording: Uuid, reason: &str) -> Result<Row> {
    let (court, now, me) = (tx.court, tx.now(), tx.person()?);
    reasoned(reason, "/reason")?;
    sqlx::query("select 1 from recordings where court_id = $1 and recording_id = $2 for update")
        .bind(court)
        .bind(recording)
        .fetch_optional(tx.conn())
        .await?;
    let r = row(tx, hearing, recording).await?;
    may_go(&r, beijing_date(now))?;
    match r.asked_away_by {
        None => {
            sqlx::query(
                "update recordings set asked_away_by = $3, asked_away_at = $4, asked_why = $5 where court_id = $1 and recording_id = $2",
            )
            .bind(court)
            .bind(recording)
            .bind(me)
            .bind(now)
            .bind(reason.trim())
            .execute(tx.conn())
            .await?;
        }
        Some(asked) if asked == me => return Err(two_people()),
        Some(_) => {
            sqlx::query("update recordings set gone_by = $3, gone_at = $4 where court_id = $1 and recording_id = $2")
                .bind(court)
                .bind(recording)
                .bind(me)
                .bind(now)
                .execute(tx.conn())
                .await?;
            let text = said("删除到期的庭审录音录像（两人决定）", "A recording whose time was over was deleted, by two people");
            joint::note(tx, hearing, r.case_id, Note::new("recording_gone", text).for_staff()).await?;
            tx.tell("hearing.recording_gone", &Gone { recording })?;
        }
    }
    row(tx, hearing, recording).await
}

/// Takes an ask back.
///
/// # Errors
/// 404, gone already.
pub async fn keep(tx: &mut CourtTx, hearing: Uuid, recording: Uuid) -> Result<Row> {
    let court = tx.court;
    let r = row(tx, hearing, recording).await?;
    if r.gone_at.is_some() {
        return Err(gone());
    }
    sqlx::query("update recordings set asked_away_by = null, asked_away_at = null, asked_why = null where court_id = $1 and recording_id = $2 and gone_at is null")
        .bind(court)
        .bind(recording)
        .execute(tx.conn())
        .await?;
    row(tx, hearing, recording).await
}

fn may_go(r: &Row, today: NaiveDate) -> Result<()> {
    if r.gone_at.is_some() {
        return Err(gone());
    }
    if !matches!(r.kind.as_str(), "person" | "screen" | "mosaic") {
        return Err(Error::invalid(
            "recording.proof_kept",
            said("清单、日志和资料包是证明，不能删除。", "Manifests, logs and packages are proof and stay."),
            said("只能删除到期的音视频文件。", "Only sound and pictures whose time is over can go."),
        ));
    }
    if r.retain_until.is_some_and(|until| until <= today) {
        return Ok(());
    }
    let (zh, en) = match r.retain_until {
        Some(until) => (format!("保管期限到 {until} 才满。"), format!("It is kept until {until}.")),
        None => ("保管期限没有设定或者是永久，不能删除。".to_owned(), "It is kept for good, or nothing is set.".to_owned()),
    };
    Err(Error::invalid(
        "recording.retained",
        said(zh, en),
        said("需要改变保管期限的，先由审判人员按档案规定确定。", "Let a judge set the class by the archive rules first."),
    ))
}

fn two_people() -> Error {
    Error::invalid(
        "recording.two_people",
        said("删除要由两个人决定：您已经提出，要由另一个人同意。", "Two people decide: you asked, somebody else agrees."),
        said("请另一位有权限的同事确认。", "Let a colleague who may confirm it."),
    )
}

fn gone() -> Error {
    Error::conflict(
        "recording.gone",
        said("这份录音录像已经删除。", "This recording is gone."),
        said("清单和日志仍可查看。", "Its manifest and log can still be read."),
    )
}

/// Removes the bytes. Safe to run twice.
///
/// # Errors
/// When the store does not answer; tried again later.
pub async fn take_from_store(app: &App, court: i32, gone: &Gone) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "hearing:recording_gone").await?;
    let key: Option<String> =
        sqlx::query_scalar("select object_key from recordings where court_id = $1 and recording_id = $2 and gone_at is not null")
            .bind(court)
            .bind(gone.recording)
            .fetch_optional(tx.conn())
            .await?;
    if let Some(key) = key {
        app.blob.delete(&key).await?;
        tx.commit(gone.recording, json!({ "removed": true })).await?;
    }
    Ok(())
}
