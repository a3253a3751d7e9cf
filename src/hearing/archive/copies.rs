//! 查阅、复制的副本: what a grant gives. A part of the watching file, as asked for, with the reader's name and the time of the
//! grant wandering through the picture; of a copy of the sound, the sound alone.
//!
//! Owns making it once, after the grant, and taking it away at its end. A person sees it only while the grant holds, and each
//! look is written down. Must never give the original out of the court.

use chrono::{DateTime, Utc};
use lianting_media::record::finish::{clip, sound, watermark};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::super::room::recording;
use super::asks::Kind;
use super::watching::{self, Work};
use crate::app::App;
use crate::court::beijing::beijing_offset;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result, said};
use crate::work::Outcome;

/// What the outbox carries.
#[derive(Debug, Serialize, Deserialize)]
pub struct About {
    /// Hearing.
    pub hearing: Uuid,
    /// Application.
    pub request: Uuid,
}

#[derive(FromRow)]
struct Grant {
    name: String,
    kind: Kind,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    state: String,
    decided_at: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    copy_key: Option<String>,
    case_number: String,
}

/// The step of the outbox that makes one.
///
/// # Errors
/// None of its own.
pub async fn handle(app: &App, court: i32, about: About) -> Result<Outcome> {
    let Some(studio) = app.rooms.studio() else { return Ok(Outcome::Wait(chrono::TimeDelta::minutes(1))) };
    let own = app.clone();
    studio.works.turn(about.request, || tokio::spawn(async move { make(&own, court, &about).await })).await
}

async fn make(app: &App, court: i32, about: &About) -> Result<()> {
    let grant = grant(app, court, about).await?;
    let holds = grant.state == "granted" && grant.until.is_some_and(|u| app.now() < u);
    if !holds || grant.copy_key.is_some() {
        return Ok(());
    }
    watching::make(app, court, about.hearing).await?;
    let studio = app.rooms.need()?;
    let _one = studio.cutting.acquire().await.map_err(Error::internal)?;
    let (key, millis) = source(app, court, about.hearing).await?;
    let work = Work::begin(studio, about.request)?;
    watching::fetch(app, &key, &work.folder.join("whole.webm")).await?;
    let (folder, kind) = (work.folder.clone(), grant.kind);
    let span = (grant.from_ms.unwrap_or(0).min(millis), grant.until_ms.unwrap_or(millis).min(millis));
    let mark = mark(&grant, kind);
    let cut = move || {
        let (whole, part, copy) = (folder.join("whole.webm"), folder.join("part.webm"), folder.join("copy.webm"));
        clip(&whole, &part, span, &watching::limits())?;
        match kind {
            Kind::CopyAudio => sound(&part, &copy, &watching::limits()),
            Kind::View | Kind::CopyVideo => {
                let font = watching::font().map_err(|_| lianting_media::record::RecordError::Refused("record.font"))?;
                watermark(&part, &copy, &mark, &font, &watching::limits())
            }
        }
    };
    tokio::task::spawn_blocking(cut).await.map_err(Error::internal)?.map_err(Error::internal)?;
    let item = watching::item(work.folder.clone(), "copy.webm").await?;
    let place = recording::place(court, about.hearing).map_err(Error::internal)?;
    // as long as the grant and no longer
    let until = grant.until.unwrap_or_else(|| app.now());
    let name = format!("copies/{}.webm", about.request.simple());
    let key = watching::keep(studio, &place, &name, work.folder.join("copy.webm"), until.timestamp()).await?;
    let mut tx = app.door.enter_as_house(court, "recording:copy").await?;
    let now = tx.now();
    sqlx::query("update recording_requests set copy_key = $3, copy_size = $4, copy_sha256 = $5, copy_made_at = $6 where court_id = $1 and request_id = $2")
        .bind(court)
        .bind(about.request)
        .bind(key)
        .bind(i64::try_from(item.size).unwrap_or(i64::MAX))
        .bind(&item.sha256)
        .bind(now)
        .execute(tx.conn())
        .await?;
    tx.tell_later("hearing.copy_gone", &About { hearing: about.hearing, request: about.request }, until)?;
    tx.commit(about.request, json!({ "hearing": about.hearing, "copy": item.sha256 })).await
}

/// What is written over the picture: who, what for, when, of which case.
fn mark(grant: &Grant, kind: Kind) -> String {
    let at = grant.decided_at.map(|at| at.with_timezone(&beijing_offset()).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    format!("{} {}　{}　{at}", grant.name, kind.zh(), grant.case_number)
}

async fn grant(app: &App, court: i32, about: &About) -> Result<Grant> {
    let mut tx = app.door.enter_as_house(court, "recording:copy").await?;
    let found: Option<Grant> = sqlx::query_as(
        "select r.name, r.kind, r.from_ms, r.until_ms, r.state, r.decided_at, r.until, r.copy_key, h.case_number
           from recording_requests r join hearings h on h.court_id = r.court_id and h.hearing_id = r.hearing_id
          where r.court_id = $1 and r.hearing_id = $2 and r.request_id = $3",
    )
    .bind(court)
    .bind(about.hearing)
    .bind(about.request)
    .fetch_optional(tx.conn())
    .await?;
    found.ok_or_else(Error::not_found)
}

/// The watching file; of a hearing with nobody in the picture there is none.
async fn source(app: &App, court: i32, hearing: Uuid) -> Result<(String, i64)> {
    let mut tx = app.door.enter_as_house(court, "recording:copy").await?;
    let found: Option<(String, Option<i64>)> = sqlx::query_as(
        "select object_key, millis from recordings where court_id = $1 and hearing_id = $2 and kind = 'mosaic' and gone_at is null",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?;
    let (key, millis) = found.ok_or_else(|| Error::internal("there is no watching file yet"))?;
    Ok((key, millis.unwrap_or_default()))
}

/// Takes a copy out of the store when its grant is over. Safe to run twice.
///
/// # Errors
/// What the store says; tried again later.
pub async fn take_away(app: &App, court: i32, about: &About) -> Result<Outcome> {
    let found = grant(app, court, about).await?;
    let Some(key) = found.copy_key else { return Ok(Outcome::Done) };
    app.blob.delete(&key).await?;
    let mut tx = app.door.enter_as_house(court, "recording:copy").await?;
    sqlx::query("update recording_requests set copy_key = null where court_id = $1 and request_id = $2")
        .bind(court)
        .bind(about.request)
        .execute(tx.conn())
        .await?;
    tx.commit(about.request, json!({ "copy": null })).await?;
    Ok(Outcome::Done)
}

/// A copy that may be looked at now.
#[derive(Debug, FromRow)]
pub struct Copy {
    /// Where it lies.
    pub copy_key: Option<String>,
    /// Bytes.
    pub copy_size: Option<i64>,
    /// What was granted.
    pub kind: String,
    /// From, ms.
    pub from_ms: Option<i64>,
    /// Until, ms.
    pub until_ms: Option<i64>,
}

/// One's own copy, while the grant holds.
///
/// # Errors
/// 404 for whoever it was not granted to; 409 while it is being made.
pub async fn own(tx: &mut CourtTx, hearing: Uuid, request: Uuid) -> Result<Copy> {
    let (court, me, now) = (tx.court, tx.person()?, tx.now());
    let found: Option<Copy> = sqlx::query_as(
        "select copy_key, copy_size, kind, from_ms, until_ms from recording_requests
          where court_id = $1 and hearing_id = $2 and request_id = $3 and person_id = $4 and state = 'granted' and until > $5",
    )
    .bind(court)
    .bind(hearing)
    .bind(request)
    .bind(me)
    .bind(now)
    .fetch_optional(tx.conn())
    .await?;
    let copy = found.ok_or_else(Error::not_found)?;
    if copy.copy_key.is_none() {
        return Err(Error::conflict(
            "recording.copy_not_ready",
            said("副本正在制作，还没有做好。", "The copy is being made."),
            said("请过几分钟再打开。", "Open it again in a few minutes."),
        ));
    }
    Ok(copy)
}
