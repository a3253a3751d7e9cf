//! Writes one source's clusters into an epoch of the spool.
//!
//! Owns: the order of things on the disk: the head first, then each segment whole, then its line in the manifest. What
//! cannot be written now is kept in memory and tried again. Must never write a line for a segment that is not durable.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::chain::{self, Chain};
use super::digest::Digest;
use super::disk::Disk;
use super::error::Result;
use super::manifest::{Ending, Entry, Held, Segment, Span};
use super::place::{self, Place, Source};
use super::weave::{Cluster, Weave};
use super::webm::{self, Tracks};

/// A source may keep so much in memory while the disk refuses.
const KEPT_BYTES: usize = 32 << 20;

/// A cluster that waits for the disk.
#[derive(Debug)]
struct Ready {
    cluster: Cluster,
    bytes: Vec<u8>,
    utc: i64,
}

/// What became durable.
#[derive(Debug)]
pub(crate) struct Written {
    pub segment: Segment,
}

/// The writer of a source.
#[derive(Debug)]
pub(crate) struct Writer {
    place: Place,
    hearing: PathBuf,
    pub source: Source,
    epoch: u32,
    /// UTC at media time nought, for the file's own date.
    opened_utc: i64,
    pub weave: Weave,
    pub size: Option<(u16, u16)>,
    pub lost: (u32, u32),
    chain: Option<Chain>,
    head: bool,
    next: u32,
    waiting: VecDeque<Ready>,
    kept: usize,
}

impl Writer {
    pub fn new(place: &Place, hearing: PathBuf, source: Source, epoch: u32, opened_utc: i64) -> Self {
        let (place, weave) = (place.clone(), Weave::default());
        let (size, lost, chain, head, next, waiting, kept) = (None, (0, 0), None, false, 0, VecDeque::new(), 0);
        Self { place, hearing, source, epoch, opened_utc, weave, size, lost, chain, head, next, waiting, kept }
    }

    /// Takes a cluster to be written. If memory is full, the oldest waiting one is given up: its stretch is returned.
    pub fn queue(&mut self, mut cluster: Cluster, utc: i64) -> Result<Option<Span>> {
        let bytes = webm::cluster(&cluster.blocks)?;
        cluster.blocks.clear();
        (cluster.audio.lost, cluster.video.lost) = std::mem::take(&mut self.lost);
        self.kept += bytes.len();
        self.waiting.push_back(Ready { cluster, bytes, utc });
        if self.kept <= KEPT_BYTES {
            return Ok(None);
        }
        let given_up = self.waiting.pop_front();
        self.kept -= given_up.as_ref().map_or(0, |r| r.bytes.len());
        Ok(given_up.map(|r| (r.cluster.from, r.cluster.to)))
    }

    /// Is anything waiting for the disk?
    pub fn behind(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Writes what waits, oldest first; stops at the first refusal.
    pub fn write(&mut self, disk: &dyn Disk) -> Result<Vec<Written>> {
        let mut written = Vec::new();
        while let Some(ready) = self.waiting.front() {
            let (from, utc) = (ready.cluster.from, ready.utc);
            self.begin(disk, from, utc)?;
            match self.write_one(disk)? {
                Some(one) => written.push(one),
                None => break,
            }
        }
        Ok(written)
    }

    fn folder(&self) -> PathBuf {
        self.source.epoch(&self.hearing, self.epoch)
    }

    /// The folder, the manifest's first line, and the head of the stream, before the first segment.
    fn begin(&mut self, disk: &dyn Disk, at: i64, utc: i64) -> Result<()> {
        let folder = self.folder();
        if self.chain.is_none() {
            disk.folder(&folder)?;
            let mut chain = Chain::after(folder.join(place::MANIFEST), self.before()?);
            let (place, source, epoch) = (self.place.key(), self.source.name(), self.epoch);
            chain.append(disk, &Entry::Epoch { place, source, epoch, at, utc })?;
            self.chain = Some(chain);
        }
        if let (false, Some(chain)) = (self.head, &mut self.chain) {
            let size = self.size.unwrap_or((1280, 720));
            let head = webm::init(Tracks { audio: !self.source.screen, video: Some(size) }, self.opened_utc)?;
            disk.write_new(&folder.join(place::INIT), &head)?;
            chain.append(disk, &Entry::Init { bytes: head.len() as u64, sha256: Digest::of(&head) })?;
            self.head = true;
        }
        Ok(())
    }

    /// The last line of the epoch before: the chain goes through all epochs.
    fn before(&self) -> Result<Digest> {
        for epoch in self.source.epochs(&self.hearing)?.into_iter().rev().filter(|e| *e < self.epoch) {
            // a folder whose manifest never got a line has no place in the chain
            let last = chain::read::<Entry>(&self.source.epoch(&self.hearing, epoch).join(place::MANIFEST))?.last;
            if last != Digest::default() {
                return Ok(last);
            }
        }
        Ok(Digest::default())
    }

    fn write_one(&mut self, disk: &dyn Disk) -> Result<Option<Written>> {
        let file = self.folder().join(place::segment_name(self.next));
        let (Some(ready), Some(chain)) = (self.waiting.front(), &mut self.chain) else { return Ok(None) };
        disk.write_new(&file, &ready.bytes)?;
        let cluster = &ready.cluster;
        let some = |held: &Held| (*held != Held::default()).then(|| held.clone());
        let segment = Segment {
            seq: self.next,
            bytes: ready.bytes.len() as u64,
            sha256: Digest::of(&ready.bytes),
            from: cluster.from,
            to: cluster.to,
            utc: ready.utc,
            audio: some(&cluster.audio),
            video: some(&cluster.video),
            adopted: false,
        };
        chain.append(disk, &Entry::Segment(segment.clone()))?;
        self.next += 1;
        self.kept -= ready.bytes.len();
        self.waiting.pop_front();
        Ok(Some(Written { segment }))
    }

    /// The last line. Nothing may wait any more; an epoch in which nothing was written leaves no trace.
    pub fn end(&mut self, disk: &dyn Disk) -> Result<()> {
        let segments = self.next;
        match self.chain.as_mut() {
            Some(chain) => chain.append(disk, &Entry::End { how: Ending::Closed, segments }),
            None => Ok(()),
        }
    }
}
