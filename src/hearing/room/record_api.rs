//! Doors of what remains: recordings and the package.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};
use sqlx::FromRow;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::packing::{self, ITEMS};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::docket::bundle::{self, Entry, Source};
use crate::error::{Error, Result};
use crate::evidence::content::{Content, serve_object};
use crate::hearing::archive::looks::{self, At};
use crate::hearing::listing;
use crate::kit::answer::Zip;

/// The doors.
pub struct RecordingApi;

/// A file of a hearing's recording.
#[derive(Debug, Object, FromRow)]
#[oai(skip_serializing_if_is_none)]
struct Recording {
    /// Id.
    id: Uuid,
    /// person, screen, mosaic, manifest, events, gaps or package.
    kind: String,
    /// Whose.
    participant_id: Option<Uuid>,
    /// Bytes.
    size: i64,
    /// SHA-256.
    sha256: String,
    /// SM3.
    sm3: String,
    /// Length of media.
    millis: Option<i64>,
    /// Root of the package.
    root: Option<String>,
    /// Made.
    made_at: DateTime<Utc>,
    /// Proved to lie in the store as it was made.
    checked: bool,
}

/// Files of a hearing's recording.
#[derive(Debug, Object)]
struct RecordingList {
    /// Files.
    items: Vec<Recording>,
}

/// A line of the package's list.
#[derive(Debug, Object)]
struct PackagedFile {
    /// What it is.
    kind: String,
    /// Path.
    path: String,
    /// Bytes.
    size: i64,
    /// SHA-256.
    sha256: String,
    /// SM3.
    sm3: String,
}

/// 庭审档案包.
#[derive(Debug, Object)]
struct HearingPackage {
    /// Id of its list among the recordings.
    id: Uuid,
    /// Root over everything.
    root: String,
    /// The court's seal is over the root.
    sealed: bool,
    /// Made.
    made_at: DateTime<Utc>,
    /// What there was none of.
    none: Vec<String>,
    /// Files.
    files: Vec<PackagedFile>,
    /// 间断台账: whose sound or picture is missing, from when to when, and why.
    gaps: Value,
}

#[derive(FromRow)]
struct Kept {
    recording_id: Uuid,
    object_key: String,
    root: String,
    made_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Stored {
    kind: String,
    object_key: String,
    size: i64,
}

#[OpenApi]
impl RecordingApi {
    /// The files of a hearing's recording: all for the court, the package for the parties.
    #[oai(path = "/courts/:court/hearings/:hearing/recordings", method = "get", operation_id = "list_recordings")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<RecordingList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingRead).await?;
        listing::row(&mut tx, hearing.0).await?;
        let items = sqlx::query_as(
            "select recording_id as id, kind, participant_id, size, sha256, sm3, millis, root, made_at, checked_at is not null as checked
               from recordings where court_id = $1 and hearing_id = $2 and gone_at is null order by made_at, recording_id",
        )
        .bind(court.0)
        .bind(hearing.0)
        .fetch_all(tx.conn())
        .await?;
        Ok(Json(RecordingList { items }))
    }

    /// The bytes of a file, or a part of them; that they were looked at is written down.
    #[oai(path = "/courts/:court/hearings/:hearing/recordings/:recording/content", method = "get", operation_id = "get_recording")]
    async fn content(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        hearing: Path<Uuid>,
        recording: Path<Uuid>,
        #[oai(name = "Range")] range: Header<Option<String>>,
    ) -> Result<Content> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingRead).await?;
        let row: Option<Stored> = sqlx::query_as(
            "select kind, object_key, size from recordings where court_id = $1 and hearing_id = $2 and recording_id = $3 and gone_at is null",
        )
        .bind(court.0)
        .bind(hearing.0)
        .bind(recording.0)
        .fetch_optional(tx.conn())
        .await?;
        let row = row.ok_or_else(Error::not_found)?;
        drop(tx);
        if matches!(row.kind.as_str(), "person" | "screen" | "mosaic") {
            looks::looked(app, court.0, caller.person(), &row.kind, At::Recording(recording.0)).await?;
        }
        let (media_type, ending) = match row.kind.as_str() {
            "person" | "screen" | "mosaic" => ("video/webm", "webm"),
            _ => ("application/json", "json"),
        };
        let name = format!("{}-{}.{ending}", row.kind, recording.0.simple());
        serve_object(app, &row.object_key, media_type, &name, row.size, range.0.as_deref()).await
    }

    /// The newest package: its root, what it lists, the ledger of gaps.
    #[oai(path = "/courts/:court/hearings/:hearing/package", method = "get", operation_id = "get_hearing_package")]
    async fn package(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Json<HearingPackage>> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingRead).await?;
        let kept = newest(&mut tx, hearing.0).await?;
        drop(tx);
        let folder = kept.object_key.rsplit_once('/').map_or("", |(folder, _)| folder);
        let lines = packing::told(&object(app, &format!("{folder}/{ITEMS}")).await?);
        let seal = format!("{folder}/{}", lianting_media::record::package::SEAL);
        let gaps = object(app, &format!("{folder}/gaps.json")).await.ok();
        Ok(Json(shown(&kept, &lines, app.blob.size(&seal).await?.is_some(), gaps)))
    }

    /// The newest package whole, for the court: media, lists, seal. `lianting verify` checks what is unpacked, with no server.
    #[oai(path = "/courts/:court/hearings/:hearing/package.zip", method = "get", operation_id = "download_hearing_package")]
    async fn zip(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, hearing: Path<Uuid>) -> Result<Zip> {
        let mut tx = app.door.enter(&caller, court.0, Act::RecordingRead).await?;
        if !tx.is_staff() {
            return Err(Error::not_found());
        }
        let kept = newest(&mut tx, hearing.0).await?;
        let media: Vec<(Uuid, String, i64)> = sqlx::query_as(
            "select recording_id, object_key, size from recordings where court_id = $1 and hearing_id = $2 and kind in ('person', 'screen', 'mosaic') and gone_at is null",
        )
        .bind(court.0)
        .bind(hearing.0)
        .fetch_all(tx.conn())
        .await?;
        drop(tx);
        for (id, ..) in &media {
            looks::looked(app, court.0, caller.person(), "package", At::Packed(*id)).await?;
        }
        let entries = entries(app, &kept, &media).await?;
        Ok(Zip::Zip(Binary(bundle::body(app.clone(), entries)), "attachment; filename=\"hearing-package.zip\"".into()))
    }
}

/// Every file the list names, and the lists themselves.
async fn entries(app: &App, kept: &Kept, media: &[(Uuid, String, i64)]) -> Result<Vec<Entry>> {
    let folder = kept.object_key.rsplit_once('/').map_or("", |(folder, _)| folder);
    let lines = packing::told(&object(app, &format!("{folder}/{ITEMS}")).await?);
    let mut paths: Vec<String> = lines.iter().skip(1).filter_map(|f| f["path"].as_str().map(str::to_owned)).collect();
    paths.extend([ITEMS.to_owned(), packing::LIST.to_owned()]);
    let seal = lianting_media::record::package::SEAL;
    if app.blob.size(&format!("{folder}/{seal}")).await?.is_some() {
        paths.push(seal.to_owned());
    }
    // media lies where the recorder put it, not beside the lists
    let key = |path: &str| match media.iter().find(|(_, key, _)| path.starts_with("joined/") && key.ends_with(&format!("/{path}"))) {
        Some((_, key, _)) => key.clone(),
        None => format!("{folder}/{path}"),
    };
    Ok(paths.into_iter().map(|path| Entry { bytes: Source::Object(key(&path)), path }).collect())
}

async fn newest(tx: &mut CourtTx, hearing: Uuid) -> Result<Kept> {
    let court = tx.court;
    listing::row(tx, hearing).await?;
    sqlx::query_as(
        "select recording_id, object_key, root, made_at from recordings
          where court_id = $1 and hearing_id = $2 and kind = 'package' and root is not null and gone_at is null order by made_at desc, recording_id desc limit 1",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

/// A small object of the package.
async fn object(app: &App, key: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let reading = app.blob.read(key, None).await?;
    reading.body.take(32 << 20).read_to_end(&mut bytes).await.map_err(Error::internal)?;
    Ok(bytes)
}

fn shown(kept: &Kept, lines: &[Value], sealed: bool, gaps: Option<Vec<u8>>) -> HearingPackage {
    let word = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let (head, files) = lines.split_first().map_or((&Value::Null, lines), |(h, rest)| (h, rest));
    let file = |f: &Value| PackagedFile {
        kind: word(&f["kind"]),
        path: word(&f["path"]),
        size: f["size"].as_i64().unwrap_or_default(),
        sha256: word(&f["sha256"]),
        sm3: word(&f["sm3"]),
    };
    HearingPackage {
        id: kept.recording_id,
        root: kept.root.clone(),
        sealed,
        made_at: kept.made_at,
        none: head["none"].as_array().into_iter().flatten().map(word).collect(),
        files: files.iter().map(file).collect(),
        gaps: gaps.and_then(|g| serde_json::from_slice(&g).ok()).unwrap_or_else(|| json!([])),
    }
}
