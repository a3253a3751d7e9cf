//! Sends what is closed to the store, in bundles, and keeps book of what is there.
//!
//! Owns: which parts of a hearing are in which object, and the store's health. Must never remove anything, never hold up the
//! recorder, and never write "uploaded" before the store has shown length and digest of what it holds.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bundle::{Part, Parts, bundle_key, pack};
use super::chain::Chain;
use super::digest::Digest;
use super::disk::Disk;
use super::error::{RecordError, Result};
use super::events::{Event, Stamped};
use super::manifest::Entry;
use super::place::{self, Place, Source};
use super::recorder::Alarm;
use super::spool;
use super::store::{Body, Put, Store};
use super::time::Clock;

/// The store's health, for [`super::recorder::Recorder::ready`].
#[derive(Default)]
pub struct StoreState {
    /// UTC in microseconds when it stopped answering; 0 while it answers.
    down_since: AtomicI64,
    differs: Mutex<Option<String>>,
}

impl StoreState {
    /// What is wrong with the store.
    pub fn alarms(&self) -> Vec<Alarm> {
        let down = Some(self.down_since.load(Ordering::SeqCst)).filter(|at| *at != 0).map(Alarm::StoreDown);
        let differs = self.differs.lock().unwrap_or_else(PoisonError::into_inner).clone().map(Alarm::StoreDiffers);
        down.into_iter().chain(differs).collect()
    }

    fn answered(&self) {
        self.down_since.store(0, Ordering::SeqCst);
    }

    fn failed(&self, now_us: i64) {
        let _ = self.down_since.compare_exchange(0, now_us, Ordering::SeqCst, Ordering::SeqCst);
    }

    fn differs(&self, key: &str) {
        *self.differs.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.to_owned());
    }
}

/// A line of `uploaded.jsonl`: an object that the store has shown to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// Its number.
    pub number: u32,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
    /// What is in it; empty if the key was taken by something that is not ours.
    pub parts: Vec<Part>,
}

/// How large a bundle becomes before the next begins.
const BUNDLE_BYTES: usize = 8 << 20;
/// How often the spool is looked over.
pub const EVERY: Duration = Duration::from_secs(2);

/// The uploader of a spool.
pub struct Uploader {
    spool: PathBuf,
    disk: Arc<dyn Disk>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    state: Arc<StoreState>,
    retain_secs: i64,
    books: BTreeMap<Place, Book>,
}

/// What is known of a hearing.
struct Book {
    chain: Chain,
    lists: BTreeMap<String, u64>,
    next: u32,
    /// The hearing is closed.
    closed: bool,
    /// And everything of it is in the store: no need to look again.
    done: bool,
}

impl Book {
    fn open(folder: &Path) -> Result<Self> {
        super::chain::mend(&folder.join(place::UPLOADED))?;
        let (chain, lines) = Chain::open::<Uploaded>(folder.join(place::UPLOADED))?;
        let closed = spool::is_closed(&spool::events(folder)?);
        let mut book = Self { chain, lists: BTreeMap::new(), next: 0, closed, done: false };
        lines.iter().for_each(|line| book.take(line));
        Ok(book)
    }

    fn take(&mut self, line: &Uploaded) {
        self.next = self.next.max(line.number + 1);
        for part in &line.parts {
            if let Some(at) = part.at {
                self.lists.insert(part.path.clone(), at + part.bytes);
            }
        }
    }
}

impl Uploader {
    /// `retain_secs`: how long the store keeps an object locked, counted from the upload.
    pub fn new(
        spool: PathBuf,
        disk: Arc<dyn Disk>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        state: Arc<StoreState>,
        retain_secs: i64,
    ) -> Self {
        Self { spool, disk, store, clock, state, retain_secs, books: BTreeMap::new() }
    }

    /// Sends all that is new. A store that fails is left alone until the next round; nothing is lost by it.
    pub fn round(&mut self) -> Result<u32> {
        let mut sent = 0;
        for place in Place::all(&self.spool)? {
            match self.hearing(&place) {
                Ok(n) => sent += n,
                Err(e) => {
                    if matches!(e, RecordError::Store(_)) {
                        self.state.failed(self.clock.moment().utc_us);
                    }
                    self.books.remove(&place);
                    return Err(e);
                }
            }
        }
        Ok(sent)
    }

    /// Sends what is new of one hearing and tells how many objects that took.
    pub fn hearing(&mut self, place: &Place) -> Result<u32> {
        let folder = place.folder(&self.spool);
        let mut book = match self.books.remove(place) {
            Some(book) => book,
            None => Book::open(&folder)?,
        };
        let mut sent = 0;
        while !book.done {
            let (parts, more) = gather(&folder, &mut book)?;
            if parts.is_empty() {
                book.done = book.closed;
                break;
            }
            sent += self.send(place, &mut book, parts)?;
            if !more {
                break;
            }
        }
        self.books.insert(place.clone(), book);
        Ok(sent)
    }

    fn send(&self, place: &Place, book: &mut Book, parts: Parts) -> Result<u32> {
        let bytes = pack(&parts)?;
        let sha256 = Digest::of(&bytes);
        let retain = self.clock.moment().utc_us / 1_000_000 + self.retain_secs;
        let mut taken = false;
        loop {
            let key = bundle_key(&place.key(), book.next);
            // a taken key is an upload whose booking was lost with a crash or a machine: its content is in the store, and what
            // of it is not booked comes once more; the keys behind it are looked at before anything is sent
            let there = if taken { self.store.head(&key)? } else { None };
            let (put, head) = match there {
                Some(head) => (Put::Exists, head),
                None => {
                    let put = self.store.put_if_absent(&key, Body::Bytes(&bytes), sha256, retain)?;
                    (put, self.store.head(&key)?.ok_or_else(|| RecordError::Store(format!("{key}: put, but not there")))?)
                }
            };
            self.state.answered();
            let same = head.bytes == bytes.len() as u64 && head.sha256 == sha256;
            if !same && put == Put::Created {
                self.state.differs(&key);
                return Err(RecordError::Store(format!("{key}: not what was sent")));
            }
            let index = if same { parts.iter().map(|(part, _)| part.clone()).collect() } else { Vec::new() };
            let line = Uploaded { number: book.next, bytes: head.bytes, sha256: head.sha256, parts: index };
            book.chain.append(self.disk.as_ref(), &line)?;
            book.take(&line);
            if same {
                return Ok(1);
            }
            taken = true;
        }
    }

    /// Runs rounds on a thread of its own until told to stop; the last round comes after that.
    pub fn spawn(mut self, stop: Arc<AtomicBool>) -> std::io::Result<JoinHandle<()>> {
        std::thread::Builder::new().name("record-upload".into()).spawn(move || {
            loop {
                let last = stop.load(Ordering::SeqCst);
                if let Err(e) = self.round() {
                    tracing::warn!(error = %e, "recordings wait in the spool");
                }
                if last {
                    return;
                }
                std::thread::park_timeout(EVERY);
            }
        })
    }
}

/// Does anything of a hearing wait for the store?
pub fn waits(folder: &Path) -> Result<bool> {
    if !folder.exists() {
        return Ok(false);
    }
    let lines = super::chain::read::<Uploaded>(&folder.join(place::UPLOADED))?.bodies;
    let chain = Chain::after(folder.join(place::UPLOADED), Digest::default());
    let mut book = Book { chain, lists: BTreeMap::new(), next: 0, closed: false, done: false };
    lines.iter().for_each(|line| book.take(line));
    Ok(!gather(folder, &mut book)?.0.is_empty())
}

/// What is closed and not yet booked: the new lines of each list, and the files that they name. Only what was added since the
/// last booking is read, so a round costs the same in the first minute and in the fourth hour. The flag tells that there is
/// more than one bundle holds.
fn gather(folder: &Path, book: &mut Book) -> Result<(Parts, bool)> {
    let mut batch = Batch { folder, parts: Vec::new(), size: 0, more: false };
    let known = |path: &str| book.lists.get(path).copied().unwrap_or(0);
    // events first: once they say "closed", the manifests that are read after them are whole
    batch.list(place::EVENTS, known(place::EVENTS), "")?;
    let last = batch.parts.last().and_then(|(_, lines)| lines.split(|b| *b == b'\n').rfind(|l| !l.is_empty()));
    let closed = last.and_then(|line| serde_json::from_slice::<Stamped>(line).ok()).is_some_and(|e| e.event == Event::Closed);
    for source in Source::all(folder)? {
        for epoch in source.epochs(folder)? {
            let under = format!("{}/{epoch}", source.name());
            let list = format!("{under}/{}", place::MANIFEST);
            batch.list(&list, known(&list), &under)?;
        }
    }
    book.closed |= closed;
    Ok((batch.parts, batch.more))
}

struct Batch<'a> {
    folder: &'a Path,
    parts: Parts,
    size: usize,
    more: bool,
}

impl Batch<'_> {
    /// Takes new whole lines of a list, each after the file it names.
    fn list(&mut self, path: &str, from: u64, under: &str) -> Result<()> {
        let new = tail(&self.folder.join(path), from)?;
        let mut taken = 0;
        for line in new.split_inclusive(|b| *b == b'\n').filter(|l| l.ends_with(b"\n")) {
            if self.size >= BUNDLE_BYTES {
                self.more = true;
                break;
            }
            if !under.is_empty() {
                self.file(&self.folder.join(path), line, under)?;
            }
            taken += line.len();
        }
        let new = new[..taken].to_vec();
        if !new.is_empty() {
            self.size += new.len();
            self.parts.push((Part { path: path.to_owned(), at: Some(from), bytes: new.len() as u64, sha256: Digest::of(&new) }, new));
        }
        Ok(())
    }

    fn file(&mut self, manifest: &Path, line: &[u8], under: &str) -> Result<()> {
        let entry: Entry = serde_json::from_slice(line).map_err(|e| RecordError::damaged(manifest, e.to_string()))?;
        let (name, bytes, sha256) = match entry {
            Entry::Init { bytes, sha256 } => (place::INIT.to_owned(), bytes, sha256),
            Entry::Segment(s) => (place::segment_name(s.seq), s.bytes, s.sha256),
            Entry::Epoch { .. } | Entry::End { .. } => return Ok(()),
        };
        let path = format!("{under}/{name}");
        let file = self.folder.join(&path);
        let body = std::fs::read(&file).map_err(RecordError::io(&file))?;
        if body.len() as u64 != bytes || Digest::of(&body) != sha256 {
            // it goes out as it is, under its own digest: a damaged recording is kept as well (art. 5), and verification tells
            tracing::error!(path, "a segment in the spool is not what its manifest names");
        }
        self.size += body.len();
        self.parts.push((Part { path, at: None, bytes: body.len() as u64, sha256: Digest::of(&body) }, body));
        Ok(())
    }
}

/// What a file holds behind an offset; a file that is not there holds nothing.
fn tail(file: &Path, from: u64) -> Result<Vec<u8>> {
    let mut opened = match File::open(file) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(RecordError::io(file))?,
    };
    let mut new = Vec::new();
    opened.seek(SeekFrom::Start(from)).and_then(|_| opened.read_to_end(&mut new)).map_err(RecordError::io(file))?;
    Ok(new)
}
