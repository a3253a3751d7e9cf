//! 庭审结束以后: the recording is closed, joined, proved, put into the store and packed under one root.
//!
//! Owns `recordings`. Runs beside the outbox, for it takes long: the step asks whether it is done. Must never call a file
//! checked that the store has not shown, or let a segment go before that.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use lianting_media::record::finish::{Finished, Limits, finish as join, release};
use lianting_media::record::{Body, Digest, LocalDisk, Place, Source, spool};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::packing::{self, ITEMS, LIST, Making, Packed};
use super::studio::Studio;
use super::{recording, told};
use crate::app::App;
use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::error::{Error, Result};
use crate::hearing::package::{Item, Kind};
use crate::hearing::words::SessionKind;
use crate::work::Outcome;

/// Raw segments stay this long after their copies were proved, for whoever wants to look again.
const RAW_STAYS: TimeDelta = TimeDelta::hours(24);

#[derive(FromRow)]
struct Row {
    case_id: Uuid,
    number: String,
    case_number: String,
    kind: SessionKind,
    state: String,
    opened_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    events_n: i64,
}

/// The step of the outbox: begins the work, and answers whether it is done.
///
/// # Errors
/// What the work said; tried again later.
pub async fn handle(app: &App, court: i32, hearing: Uuid) -> Result<Outcome> {
    // the process that holds the spool does it
    let Some(studio) = app.rooms.studio() else { return Ok(Outcome::Wait(TimeDelta::seconds(30))) };
    match held(app, studio, court, hearing).await? {
        Held::Here => {}
        Held::Elsewhere => return Ok(Outcome::Wait(TimeDelta::seconds(20))),
        // its server did not come back: what it had sent to the store is what there is
        Held::Nowhere => {
            let place = recording::place(court, hearing).map_err(Error::internal)?;
            studio.fetch(&place).await.map_err(Error::internal)?;
        }
    }
    let own = app.clone();
    studio.works.turn(hearing, || tokio::spawn(async move { finish(own, court, hearing).await })).await
}

/// Where the folder of a recording lies.
enum Held {
    Here,
    Elsewhere,
    Nowhere,
}

/// A server that was gone for so long has lost its disk.
const GIVEN_UP: TimeDelta = TimeDelta::minutes(15);

async fn held(app: &App, studio: &Studio, court: i32, hearing: Uuid) -> Result<Held> {
    let mut tx = app.door.enter_as_house(court, "hearing:finish").await?;
    let row: Option<(String, DateTime<Utc>)> =
        sqlx::query_as("select node, lease_until from hearing_nodes where court_id = $1 and hearing_id = $2")
            .bind(court)
            .bind(hearing)
            .fetch_optional(tx.conn())
            .await?;
    let folder = recording::place(court, hearing).map(|p| p.folder(&studio.spool).exists()).unwrap_or(false);
    Ok(match row {
        Some((node, _)) if node == studio.node => Held::Here,
        // a server that was given another name finds its own folder
        Some((_, until)) if until + GIVEN_UP < tx.now() => {
            if folder {
                Held::Here
            } else {
                Held::Nowhere
            }
        }
        Some(_) => Held::Elsewhere,
        None => Held::Here,
    })
}

/// Raw segments go, once every proof holds.
///
/// # Errors
/// A proof that is missing; tried again later.
pub async fn let_go(app: &App, court: i32, hearing: Uuid) -> Result<Outcome> {
    let Some(studio) = app.rooms.studio() else { return Ok(Outcome::Wait(TimeDelta::minutes(1))) };
    let place = recording::place(court, hearing).map_err(Error::internal)?;
    if !place.folder(&studio.spool).exists() {
        return Ok(Outcome::Wait(TimeDelta::minutes(5)));
    }
    let (root, store) = (studio.spool.clone(), studio.store.clone());
    let until = app.now().timestamp() + studio.lock_secs;
    let gone = tokio::task::spawn_blocking(move || release(&root, &place, &LocalDisk, store.as_ref(), until)).await;
    match gone.map_err(Error::internal)? {
        Ok(n) => {
            tracing::info!(%hearing, files = n, "raw segments were released");
            Ok(Outcome::Done)
        }
        Err(e) => {
            tracing::warn!(%hearing, cause = %e, "raw segments stay");
            Ok(Outcome::Again(e.code().to_owned()))
        }
    }
}

async fn finish(app: App, court: i32, hearing: Uuid) -> Result<()> {
    let studio = app.rooms.need()?;
    let mut tx = app.door.enter_as_house(court, "hearing:finish").await?;
    let row = read(&mut tx, hearing).await?;
    drop(tx);
    if row.ended_at.is_none() {
        return Ok(());
    }
    // the room closes its recorder by itself; a room that is gone is closed from the spool
    if let Some(live) = app.rooms.find(court, hearing)
        && live.tape.lock().await.status().is_some()
    {
        told::moved(&app, court, hearing).await?;
    }
    let place = recording::place(court, hearing).map_err(Error::internal)?;
    let folder = place.folder(&studio.spool);
    let done = if row.opened_at.is_some() && folder.exists() { proved(studio, &place).await? } else { Vec::new() };
    let stored = store_media(studio, &place, &done, app.now()).await?;
    let making = making(&app, &place, &row, court, hearing).await?;
    let made_in = making.folder.clone();
    let packed = tokio::task::spawn_blocking(move || packing::pack(making)).await.map_err(Error::internal)??;
    let prefix = format!("{}/package/{}", place.key(), row.events_n);
    let put = store_package(studio, &made_in, &prefix, &packed, app.now()).await?;
    write(&app, court, hearing, &row, Kept { stored, put, packed }).await?;
    let _ = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(made_in)).await;
    told::tell(&app, court, hearing, told::To::Parties, json!({ "type": "package" })).await
}

async fn read(tx: &mut CourtTx, hearing: Uuid) -> Result<Row> {
    let court = tx.court;
    sqlx::query_as(
        "select case_id, number, case_number, kind, state, opened_at, ended_at, events_n from hearings where court_id = $1 and hearing_id = $2",
    )
    .bind(court)
    .bind(hearing)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

/// Closed, joined and decoded from end to end; once, for raw segments may be gone the second time.
async fn proved(studio: &Studio, place: &Place) -> Result<Vec<Finished>> {
    let folder = place.folder(&studio.spool);
    if !spool::is_closed(&spool::events(&folder).map_err(Error::internal)?) {
        let (tap, mut handle) = studio.open(place.clone()).await.map_err(Error::internal)?;
        drop(tap);
        let closed = tokio::task::spawn_blocking(move || handle.close().map(drop)).await;
        closed.map_err(Error::internal)?.map_err(Error::internal)?;
    }
    let (root, place) = (studio.spool.clone(), place.clone());
    let work = move || {
        let known = finished_before(&place.folder(&root));
        if known.is_empty() { join(&root, &place, &LocalDisk, &Limits::default()) } else { Ok(known) }
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(Error::internal)
}

/// What an earlier run proved, if it proved every source.
fn finished_before(folder: &std::path::Path) -> Vec<Finished> {
    let read = |s: &Source| {
        let text = std::fs::read(folder.join("joined").join(format!("{}.json", s.name()))).ok()?;
        serde_json::from_slice(&text).ok()
    };
    let sources = Source::all(folder).unwrap_or_default();
    let found: Option<Vec<Finished>> = sources.iter().map(read).collect();
    found.unwrap_or_default()
}

/// A file in the store.
struct Stored {
    kind: &'static str,
    participant: Option<Uuid>,
    key: String,
    size: u64,
    sha256: String,
    millis: Option<i64>,
    checked: bool,
}

async fn store_media(studio: &Studio, place: &Place, done: &[Finished], now: DateTime<Utc>) -> Result<Vec<Stored>> {
    let (store, root, place, done) = (studio.store.clone(), studio.spool.clone(), place.clone(), done.to_vec());
    let until = now.timestamp() + studio.lock_secs;
    let work = move || {
        let mut stored = Vec::new();
        for f in &done {
            let file = place.folder(&root).join("joined").join(format!("{}.webm", f.source));
            let key = format!("{}/joined/{}.webm", place.key(), f.source);
            store.put_if_absent(&key, Body::File(&file), f.sha256, until)?;
            let there = store.head(&key)?;
            let checked = there.is_some_and(|h| (h.bytes, h.sha256) == (f.bytes, f.sha256));
            let source = Source::parse(&f.source);
            stored.push(Stored {
                kind: if source.is_some_and(|s| s.screen) { "screen" } else { "person" },
                participant: source.map(|s| Uuid::from_u128(s.participant.0)),
                key: super::blob_store::BlobStore::key(&key),
                size: f.bytes,
                sha256: hex::encode(f.sha256.0),
                millis: Some(f.to - f.from),
                checked,
            });
        }
        Ok::<_, lianting_media::record::RecordError>(stored)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(Error::internal)
}

async fn making(app: &App, place: &Place, row: &Row, court: i32, hearing: Uuid) -> Result<Making> {
    let studio = app.rooms.need()?;
    let mut tx = app.door.enter_as_house(court, "hearing:pack").await?;
    let texts = packing::texts(&mut tx, hearing).await?;
    drop(tx);
    let folder = place.folder(&studio.spool);
    Ok(Making {
        recorded: folder.exists().then_some(folder),
        folder: studio.spool.join("packages").join(format!("{}-{}", hearing.simple(), row.events_n)),
        texts,
        head: packing::head(court, &app.door.registry.name(court), hearing, &row.case_number, &row.number, app.now()),
        of: place.key(),
        signed: matches!(row.state.as_str(), "locked" | "closed"),
        seal: app.seals.of(court, app.now())?,
    })
}

/// Everything but the media, which lies there already: small files, the two lists, the seal.
async fn store_package(
    studio: &Studio,
    folder: &std::path::Path,
    prefix: &str,
    packed: &Packed,
    now: DateTime<Utc>,
) -> Result<Vec<(String, Item)>> {
    let (store, folder, prefix): (_, PathBuf, _) = (studio.store.clone(), folder.to_owned(), prefix.to_owned());
    let until = now.timestamp() + studio.lock_secs;
    let (items, sealed) = (packed.items.clone(), packed.sealed);
    let work = move || {
        let put = |path: &str| {
            let file = folder.join(path);
            let (digest, _) = Digest::of_file(&file)?;
            store.put_if_absent(&format!("{prefix}/{path}"), Body::File(&file), digest, until)
        };
        let mut stored = Vec::new();
        for item in items.into_iter().filter(|i| i.kind != Kind::Recording) {
            put(&item.path)?;
            stored.push((super::blob_store::BlobStore::key(&format!("{prefix}/{}", item.path)), item));
        }
        let lists = [ITEMS, LIST].into_iter().chain(sealed.then_some(lianting_media::record::package::SEAL));
        for path in lists {
            put(path)?;
        }
        let list =
            packing::item(&folder, Kind::Manifest, LIST).map_err(|_| lianting_media::record::RecordError::Refused("package.unreadable"))?;
        stored.push((super::blob_store::BlobStore::key(&format!("{prefix}/{LIST}")), list));
        Ok::<_, lianting_media::record::RecordError>(stored)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(Error::internal)
}

struct Kept {
    stored: Vec<Stored>,
    put: Vec<(String, Item)>,
    packed: Packed,
}

/// The rows, the leaf of the case file, the time at which raw segments may go.
async fn write(app: &App, court: i32, hearing: Uuid, row: &Row, kept: Kept) -> Result<()> {
    let mut tx = app.door.enter_as_house(court, "hearing:finish").await?;
    for s in &kept.stored {
        let sm3 = kept.packed.items.iter().find(|i| i.sha256 == s.sha256).map(|i| i.sm3.clone()).unwrap_or_default();
        let line = Line {
            kind: s.kind,
            participant: s.participant,
            key: &s.key,
            size: s.size,
            sha256: &s.sha256,
            sm3: &sm3,
            millis: s.millis,
            root: None,
            checked: s.checked,
        };
        insert(&mut tx, hearing, row.case_id, &line).await?;
    }
    let mut fresh = false;
    for (key, item) in &kept.put {
        let kind = match (item.kind, item.path.as_str()) {
            (_, LIST) => "package",
            (Kind::Gaps, _) => "gaps",
            (Kind::Events, "events.jsonl") => "events",
            (Kind::Manifest, _) => "manifest",
            _ => continue,
        };
        let root = (kind == "package").then_some(kept.packed.root.as_str());
        let line =
            Line { kind, participant: None, key, size: item.size, sha256: &item.sha256, sm3: &item.sm3, millis: None, root, checked: true };
        fresh |= insert(&mut tx, hearing, row.case_id, &line).await? && kind == "package";
    }
    if !kept.stored.is_empty() {
        tx.tell("hearing.watching", &json!({ "hearing": hearing }))?;
    }
    if fresh {
        for case in crate::hearing::joint::cases(&mut tx, hearing, row.case_id).await? {
            leaf(&mut tx, case, row, &kept).await?;
        }
        let media_checked = kept.stored.iter().all(|s| s.checked);
        if media_checked && !kept.stored.is_empty() && !matches!(row.state.as_str(), "locked" | "closed") {
            let later = tx.now() + RAW_STAYS;
            tx.tell_later("hearing.release", &json!({ "hearing": hearing }), later)?;
        }
    }
    tx.commit(hearing, json!({ "root": kept.packed.root, "sealed": kept.packed.sealed, "files": kept.packed.items.len() })).await
}

/// A row of `recordings`.
pub struct Line<'a> {
    /// What it is.
    pub kind: &'a str,
    /// Of whom.
    pub participant: Option<Uuid>,
    /// Where it lies.
    pub key: &'a str,
    /// Bytes.
    pub size: u64,
    /// SHA-256.
    pub sha256: &'a str,
    /// SM3.
    pub sm3: &'a str,
    /// How long it plays.
    pub millis: Option<i64>,
    /// Root, of a package.
    pub root: Option<&'a str>,
    /// The store has shown that it holds it.
    pub checked: bool,
}

/// Writes a row, once for each object. True when it is new.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut CourtTx, hearing: Uuid, case: Uuid, line: &Line<'_>) -> Result<bool> {
    let (court, now, id) = (tx.court, tx.now(), tx.id());
    let done = sqlx::query(
        "insert into recordings (court_id, recording_id, hearing_id, case_id, kind, participant_id, object_key, size, sha256, sm3, millis, root, made_at, checked_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) on conflict (court_id, object_key) do nothing",
    )
    .bind(court)
    .bind(id)
    .bind(hearing)
    .bind(case)
    .bind(line.kind)
    .bind(line.participant)
    .bind(line.key)
    .bind(i64::try_from(line.size).unwrap_or(i64::MAX))
    .bind(line.sha256)
    .bind(line.sm3)
    .bind(line.millis)
    .bind(line.root)
    .bind(now)
    .bind(line.checked.then_some(now))
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// 入卷: the list under the root, in the folder of this kind of session.
async fn leaf(tx: &mut CourtTx, case: Uuid, row: &Row, kept: &Kept) -> Result<()> {
    let Some((key, item)) = kept.put.iter().find(|(_, i)| i.path == LIST) else { return Ok(()) };
    let title = format!("{}档案包清单", row.kind.zh());
    let size = i64::try_from(item.size).unwrap_or(i64::MAX);
    let folder = crate::hearing::kinds::of(row.kind).folder;
    let leaf = NewLeaf::object(folder, &title, "庭审档案", "本院", "application/json", size, None, &item.sha256, &item.sm3, key);
    file::add(tx, case, &leaf).await.map(drop)
}
