//! 合成画面: one file for watching, of everybody who was recorded, with the time on it and a card over every gap.
//!
//! Owns making it after the hearing, from what lies in the store. One such work runs at a time on a server, with the least of
//! its processor: hearings come first. It is for the eye; evidence are the files of the people, and the lists. Must never
//! keep the package waiting, or replace a file that is there.

use std::path::{Path, PathBuf};

use lianting_media::record::finish::{Finished, Limits, Mosaic, Tile, mosaic};
use lianting_media::record::{Body, Digest, Gap, Medium, Place, Put, RecordError, Source, Stamped, Why};
use sqlx::FromRow;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::super::package::Kind;
use super::super::room::blob_store::BlobStore;
use super::super::room::finish::{Line, insert};
use super::super::room::floor::{self, Floor};
use super::super::room::studio::Studio;
use super::super::room::{packing, recording};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::error::{Error, Result};
use crate::work::Outcome;

/// Its name beside the people's files.
pub const FILE: &str = "joined/mosaic.webm";
/// Width and height of one person in it, and pictures a second.
const TILE: (u32, u32) = (480, 270);
const RATE: u32 = 12;
/// Signs of names and of the clock.
const FONTS: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
];

#[derive(FromRow)]
struct Stored {
    kind: String,
    participant_id: Option<Uuid>,
    object_key: String,
}

/// The step of the outbox.
///
/// # Errors
/// None of its own.
pub async fn handle(app: &App, court: i32, hearing: Uuid) -> Result<Outcome> {
    let Some(studio) = app.rooms.studio() else { return Ok(Outcome::Wait(chrono::TimeDelta::minutes(1))) };
    // the works of a hearing's end and of its watching file are two
    let about = Uuid::from_u128(hearing.as_u128() ^ 1);
    let own = app.clone();
    studio.works.turn(about, || tokio::spawn(async move { make(&own, court, hearing).await })).await
}

/// Makes it, unless it is there or there is nothing to see. Answers when it is done.
///
/// # Errors
/// What the store, the database or ffmpeg say.
pub async fn make(app: &App, court: i32, hearing: Uuid) -> Result<()> {
    let studio = app.rooms.need()?;
    let _one = studio.cutting.acquire().await.map_err(Error::internal)?;
    let mut tx = app.door.enter_as_house(court, "hearing:watching").await?;
    let rows = stored(&mut tx, hearing).await?;
    let floor = floor::load(&mut tx, hearing, false).await?;
    drop(tx);
    if rows.iter().any(|r| r.kind == "mosaic") || !rows.iter().any(|r| r.kind == "person") {
        return Ok(());
    }
    let work = Work::begin(studio, hearing)?;
    let wanted = wanted(app, &rows, &floor, &work.folder).await?;
    let place = recording::place(court, hearing).map_err(Error::internal)?;
    let millis = wanted.length_ms;
    let (folder, file) = (work.folder.clone(), work.folder.join("mosaic.webm"));
    let made = tokio::task::spawn_blocking(move || mosaic(&wanted, &file, &limits())).await;
    made.map_err(Error::internal)?.map_err(Error::internal)?;
    let item = item(folder.clone(), "mosaic.webm").await?;
    let kept = keep(studio, &place, FILE, folder.join("mosaic.webm"), app.now().timestamp() + studio.lock_secs).await?;
    beside(&place.folder(&studio.spool), &folder.join("mosaic.webm"));
    let mut tx = app.door.enter_as_house(court, "hearing:watching").await?;
    let line = Line {
        kind: "mosaic",
        participant: None,
        key: &kept,
        size: item.size,
        sha256: &item.sha256,
        sm3: &item.sm3,
        millis: Some(millis),
        root: None,
        checked: true,
    };
    insert(&mut tx, hearing, floor.case, &line).await?;
    tx.commit(hearing, serde_json::json!({ "mosaic": item.sha256, "millis": millis })).await
}

/// The next package has it too.
fn beside(recorded: &Path, file: &Path) {
    if recorded.join("joined").is_dir()
        && let Err(cause) = std::fs::copy(file, recorded.join(FILE))
    {
        tracing::warn!(%cause, "the watching file does not lie beside the recording; the package will be without it");
    }
}

async fn stored(tx: &mut CourtTx, hearing: Uuid) -> Result<Vec<Stored>> {
    let court = tx.court;
    Ok(sqlx::query_as(
        "select kind, participant_id, object_key from recordings where court_id = $1 and hearing_id = $2 and gone_at is null order by made_at, recording_id",
    )
    .bind(court)
    .bind(hearing)
    .fetch_all(tx.conn())
    .await?)
}

async fn wanted(app: &App, rows: &[Stored], floor: &Floor, folder: &Path) -> Result<Mosaic> {
    let find = |ends: &str| rows.iter().find(|r| r.object_key.ends_with(ends)).map(|r| r.object_key.as_str());
    let missing = || Error::internal("a list of the recording is missing");
    let events = bytes(app, find("/events.jsonl").ok_or_else(missing)?).await?;
    let events: Vec<Stamped> = events.split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice(l).ok()).collect();
    let gaps: Vec<Gap> = serde_json::from_slice(&bytes(app, find("/gaps.json").ok_or_else(missing)?).await?)?;
    let (first, last) = events.first().zip(events.last()).ok_or_else(missing)?;
    let mut tiles = Vec::new();
    for row in rows.iter().filter(|r| r.kind == "person") {
        let Some(who) = row.participant_id else { continue };
        let source = Source { participant: floor::participant_id(who), screen: false };
        let proof = match find(&format!("/joined/{}.json", source.name())) {
            Some(key) => serde_json::from_slice::<Finished>(&bytes(app, key).await?)?,
            None => continue,
        };
        let file = folder.join(format!("{}.webm", who.simple()));
        fetch(app, &row.object_key, &file).await?;
        let seat = floor.seat(who).map(|s| format!("{}　{}", s.plate().zh, s.name)).unwrap_or_default();
        let cards = gaps.iter().filter(|g| g.who.0 == source.participant && g.medium == Medium::Video);
        let cards = cards.map(|g| ((g.from, g.to), words(g.why).to_owned())).collect();
        tiles.push(Tile { file: Some(file), has: (proof.audio > 0, proof.video > 0), label: seat, cards });
    }
    Ok(Mosaic { tiles, opened_utc_us: first.utc, length_ms: last.at, size: TILE, rate: RATE, font: font()? })
}

/// A font with the signs that are written.
///
/// # Errors
/// When the machine has none.
pub fn font() -> Result<PathBuf> {
    let there = FONTS.iter().map(PathBuf::from).find(|p| p.exists());
    there.ok_or_else(|| Error::internal("no font for recordings. Install the Debian package fonts-noto-cjk"))
}

/// What stands over a gap.
fn words(why: Why) -> &'static str {
    match why {
        Why::NoPackets => "没有收到音视频",
        Why::Disconnected => "线路中断",
        Why::Muted => "本人关闭",
        Why::MutedByCourt => "法庭关闭",
        Why::Private => "私密交谈，不录制",
        Why::Overflow => "录制设备过载",
        Why::DiskFull => "存储空间不足",
        Why::Crash => "录制设备故障",
        Why::NotJoined => "尚未到庭",
        Why::Left => "已离开",
        Why::Adjourned => "休庭",
        Why::ClosedEvidence => "不公开质证",
        Why::Mediation => "调解，不录制",
    }
}

/// A hearing of a day at the most; it gives way to hearings, and is not starved.
pub fn limits() -> Limits {
    Limits::default()
}

/// A folder for one work; it goes with it.
pub struct Work {
    /// The folder.
    pub folder: PathBuf,
}

impl Work {
    /// Begins.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn begin(studio: &Studio, about: Uuid) -> Result<Self> {
        let folder = studio.spool.join("cutting").join(about.simple().to_string());
        std::fs::create_dir_all(&folder).map_err(Error::internal)?;
        Ok(Self { folder })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// An object as a file.
///
/// # Errors
/// What the store or the disk say.
pub async fn fetch(app: &App, key: &str, to: &Path) -> Result<()> {
    let mut reading = app.blob.read(key, None).await?;
    let mut file = tokio::fs::File::create(to).await.map_err(Error::internal)?;
    tokio::io::copy(&mut reading.body, &mut file).await.map_err(Error::internal)?;
    file.flush().await.map_err(Error::internal)
}

async fn bytes(app: &App, key: &str) -> Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    let (mut bytes, reading) = (Vec::new(), app.blob.read(key, None).await?);
    reading.body.take(64 << 20).read_to_end(&mut bytes).await.map_err(Error::internal)?;
    Ok(bytes)
}

/// Size and digests of a file that was made.
///
/// # Errors
/// What the disk says.
pub async fn item(folder: PathBuf, name: &'static str) -> Result<super::super::package::Item> {
    tokio::task::spawn_blocking(move || packing::item(&folder, Kind::Recording, name)).await.map_err(Error::internal)?
}

/// Puts a file into the store, once, and sees that it is there. Answers its key.
///
/// # Errors
/// What the store says.
pub async fn keep(studio: &Studio, place: &Place, name: &str, file: PathBuf, until: i64) -> Result<String> {
    let (store, key) = (studio.store.clone(), format!("{}/{name}", place.key()));
    let asked = key.clone();
    let put = move || {
        let (digest, bytes) = Digest::of_file(&file)?;
        let put = store.put_if_absent(&asked, Body::File(&file), digest, until)?;
        let same = store.head(&asked)?.is_some_and(|h| (h.bytes, h.sha256) == (bytes, digest));
        if same { Ok(put) } else { Err(RecordError::Store(format!("{asked}: not what was sent"))) }
    };
    let done: std::result::Result<Put, RecordError> = tokio::task::spawn_blocking(put).await.map_err(Error::internal)?;
    done.map_err(Error::internal)?;
    Ok(BlobStore::key(&key))
}
