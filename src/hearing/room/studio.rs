//! 技术后台: the media engine, the recorder and what uploads recordings, as one thing that starts and stops.
//!
//! Owns them. Must never open a room before what a crash left open was closed.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lianting_media::record::{
    Clock, KernelClock, LocalDisk, Place, RecordError, Recorder, RoomHandle, RoomTap, SpoolLock, Store, Uploader, Watermarks, set_aside,
    spool, steady_us, take_over, waits,
};
use lianting_media::{Config, Engine, Event, relay_credentials};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::beside::Works;
use super::blob_store::BlobStore;
use super::recording;
use crate::app::App;
use crate::error::Result;
use crate::hearing::guards::Storage;

/// What the disk said counts so long.
const ASKED_EVERY: Duration = Duration::from_secs(1);
/// How long the relay's credentials are good: a long day in court.
const RELAY_FOR: Duration = Duration::from_secs(12 * 3600);

/// Engine, recorder, uploader.
pub struct Studio {
    /// The engine.
    pub engine: Engine,
    /// The recorder.
    pub recorder: Arc<Recorder>,
    /// Where recordings lie first.
    pub spool: PathBuf,
    /// The object store, for the recorder's threads.
    pub store: Arc<dyn Store>,
    /// How long an object is kept from being removed, in seconds.
    pub lock_secs: i64,
    /// This server among others.
    pub node: String,
    /// Where browsers reach just it.
    pub address: String,
    /// Recordings being finished, watching files and copies being made.
    pub works: Works,
    /// One at a time encodes pictures.
    pub cutting: tokio::sync::Semaphore,
    lock: std::sync::Mutex<Option<SpoolLock>>,
    clock: Arc<dyn Clock>,
    probing: tokio::sync::Mutex<Option<(Instant, (bool, Storage))>>,
    stop_upload: Arc<AtomicBool>,
    uploading: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Studio {
    /// Starts everything. The second part of the answer are the engine's events.
    ///
    /// # Errors
    /// Says what failed and what to do.
    pub async fn start(app: &App) -> std::result::Result<Option<(Self, mpsc::Receiver<Event>)>, String> {
        let media = &app.config.media;
        let Some(address) = media.media_address else { return Ok(None) };
        let spool = media.spool.clone();
        let fault = |e: &dyn std::fmt::Display| format!("recordings in {}: {e}. Choose a folder with LIANTING_SPOOL", spool.display());
        let lock = SpoolLock::take(&spool).map_err(|e| match e {
            RecordError::Taken { process, .. } => taken(&spool, &process),
            other => fault(&other),
        })?;
        let random = app.random.clone();
        let fill = Arc::new(move |out: &mut [u8]| {
            for piece in out.chunks_mut(32) {
                piece.copy_from_slice(&random.bytes::<32>()[..piece.len()]);
            }
        });
        let mut config = Config::new(address, fill);
        (config.public, config.threads) = (media.media_public.clone(), usize::from(media.media_threads));
        let (engine, events) =
            Engine::start(config).map_err(|e| format!("media on {address}: {e}. Choose another address with LIANTING_MEDIA_ADDRESS"))?;
        let clock = app.clock.clone();
        let clock = Arc::new(KernelClock::new(move || clock.now().timestamp_micros()));
        let recorder = Recorder::new(spool.clone(), Arc::new(LocalDisk), clock.clone(), Watermarks::default()).map_err(|e| fault(&e))?;
        let recorder = Arc::new(recorder);
        let node = media.node.clone().unwrap_or_else(|| own_name(app));
        given_away(app, &spool, &node).await.map_err(|e| fault(&e))?;
        let sweeping = recorder.clone();
        let swept = tokio::task::spawn_blocking(move || sweeping.sweep()).await.map_err(|e| fault(&e))?;
        swept.map_err(|e| fault(&e))?;
        let store: Arc<dyn Store> = Arc::new(BlobStore::new(app.blob.clone()));
        let lock_secs = i64::from(media.recording_lock_days) * 86_400;
        let own_clock: Arc<dyn Clock> = clock.clone();
        let uploader = Uploader::new(spool.clone(), Arc::new(LocalDisk), store.clone(), clock, recorder.store_state(), lock_secs);
        let stop_upload = Arc::new(AtomicBool::new(false));
        let uploading = uploader.spawn(stop_upload.clone()).map_err(|e| fault(&e))?;
        let studio = Self {
            engine,
            recorder,
            spool: spool.clone(),
            lock: std::sync::Mutex::new(Some(lock)),
            store,
            lock_secs,
            node,
            clock: own_clock,
            address: media.node_url.clone().unwrap_or_else(|| app.config.public_url.clone()),
            works: Works::default(),
            cutting: tokio::sync::Semaphore::new(1),
            probing: tokio::sync::Mutex::default(),
            stop_upload,
            uploading: std::sync::Mutex::new(Some(uploading)),
        };
        for bound in studio.engine.addresses() {
            tracing::info!(address = %bound, "media of hearings, UDP and TCP");
        }
        Ok(Some((studio, events)))
    }

    /// The steady hand at the engine's time nought, in microseconds.
    pub fn zero_us(&self) -> i64 {
        steady_us() - i64::try_from(self.engine.at().as_micros()).unwrap_or_default()
    }

    /// Is the recorder ready for a new hearing, and how full is its disk? Asked of the disk at most once a second, by one at a
    /// time: it writes a file to see that it can.
    pub async fn ready(&self) -> (bool, Storage) {
        let mut asked = self.probing.lock().await;
        if let Some((at, said)) = *asked
            && at.elapsed() < ASKED_EVERY
        {
            return said;
        }
        let recorder = self.recorder.clone();
        let Ok(ready) = tokio::task::spawn_blocking(move || recorder.ready()).await else { return (false, Storage::Full) };
        let storage = match (ready.may_open, ready.alarms.is_empty()) {
            (false, _) => Storage::Full,
            (true, false) => Storage::Low,
            (true, true) => Storage::Ready,
        };
        *asked = Some((Instant::now(), (ready.may_open, storage)));
        (ready.may_open, storage)
    }

    /// Opens a hearing's recording; nobody else tries the disk meanwhile.
    ///
    /// # Errors
    /// What the recorder says.
    pub async fn open(&self, place: Place) -> std::result::Result<(RoomTap, RoomHandle), RecordError> {
        let _alone = self.probing.lock().await;
        let (recorder, zero) = (self.recorder.clone(), self.zero_us());
        let opened = tokio::task::spawn_blocking(move || recorder.open(&place, zero)).await;
        opened.map_err(|_| RecordError::Refused("record.stopped"))?
    }

    /// Fetches what another server recorded of a hearing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn fetch(&self, place: &Place) -> std::result::Result<(), RecordError> {
        let (spool, place, store, clock) = (self.spool.clone(), place.clone(), self.store.clone(), self.clock.clone());
        let work = move || take_over(&spool, &place, store.as_ref(), &LocalDisk, clock.as_ref());
        let bundles = tokio::task::spawn_blocking(work).await.map_err(|_| RecordError::Refused("record.stopped"))??;
        tracing::info!(bundles, "a hearing's recording was taken over from another server");
        Ok(())
    }

    /// Does anything of a hearing wait for the store?
    pub fn waits(&self, court: i32, hearing: Uuid) -> bool {
        recording::place(court, hearing).is_ok_and(|p| waits(&p.folder(&self.spool)).unwrap_or(true))
    }

    /// Has the uploader look at once.
    pub fn hurry(&self) {
        if let Some(thread) = self.uploading.lock().unwrap_or_else(std::sync::PoisonError::into_inner).as_ref() {
            thread.thread().unpark();
        }
    }

    /// Another server took the hearing: our folder of it is written no more.
    pub fn set_aside(&self, court: i32, hearing: Uuid) {
        let done = recording::place(court, hearing).and_then(|p| set_aside(&self.spool, &p));
        if let Err(cause) = done {
            tracing::error!(%cause, %hearing, "a recording that another server goes on with was not set aside");
        }
    }

    /// What a browser needs to find its way through: the relay, where there is one.
    pub fn ice(&self, app: &App, label: &str) -> Value {
        let media = &app.config.media;
        if media.turn_url.is_empty() {
            return Value::Null;
        }
        let now = u64::try_from(app.now().timestamp()).unwrap_or_default();
        let relay = relay_credentials(&media.turn_secret, label, now, RELAY_FOR);
        json!({ "urls": media.turn_url, "username": relay.username, "credential": relay.credential })
    }

    /// Ends: the uploader makes a last round, the engine lets everybody go.
    pub async fn stop(&self) {
        self.stop_upload.store(true, Ordering::SeqCst);
        let uploading = self.uploading.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let engine = self.engine.clone();
        let ended = tokio::task::spawn_blocking(move || {
            engine.stop();
            if let Some(thread) = uploading {
                thread.thread().unpark();
                let _ = thread.join();
            }
        });
        // what did not end in time may still write: then the spool stays ours until the process ends
        if tokio::time::timeout(Duration::from_secs(20), ended).await.is_ok() {
            self.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        }
    }
}

/// Hearings that another server went on with while this one was away: neither swept nor uploaded here any more.
async fn given_away(app: &App, root: &std::path::Path, node: &str) -> std::result::Result<(), String> {
    for place in Place::all(root).map_err(|e| e.to_string())? {
        let events = spool::events(&place.folder(root)).unwrap_or_default();
        let Ok(court) = place.court().parse::<i32>() else { continue };
        if spool::is_closed(&events) || events.is_empty() {
            continue;
        }
        let hearing = Uuid::from_u128(place.hearing().0);
        let other = held_by_another(app, court, hearing, node).await.map_err(|e| e.code.to_owned())?;
        if other {
            tracing::warn!(%hearing, "another server goes on with this hearing; what lies here of it is set aside");
            set_aside(root, &place).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

async fn held_by_another(app: &App, court: i32, hearing: Uuid, node: &str) -> Result<bool> {
    let mut tx = app.door.enter_as_house(court, "hearing:hold").await?;
    let sql = "select exists (select from hearing_nodes where court_id = $1 and hearing_id = $2 and node <> $3)";
    let other = sqlx::query_scalar(sql).bind(court).bind(hearing).bind(node).fetch_one(tx.conn()).await?;
    tx.close().await?;
    Ok(other)
}

/// Why a server does not start on another's spool.
fn taken(spool: &std::path::Path, process: &str) -> String {
    let spool = spool.display();
    format!(
        "recordings in {spool}: another server (process {process}) records into this folder, and two would spoil each other's hearings. \
         End that server, or give this one a folder of its own with LIANTING_SPOOL"
    )
}

fn own_name(app: &App) -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{} {}", machine.trim(), app.config.listen)
}
