//! Reading a hearing back from its folder: what the manifests say, and whether the files agree.
//!
//! Owns: reading and checking; nothing here writes but the ledger file. Must never believe a segment that is not the one
//! its manifest names.

use std::path::{Path, PathBuf};

use super::chain;
use super::digest::Digest;
use super::disk::Disk;
use super::error::{RecordError, Result};
use super::events::{Event, Stamped};
use super::ledger::{Gap, Spans, ledger};
use super::manifest::{Ending, Entry, Segment};
use super::place::{self, Source};
use super::room::keep;

/// The gap ledger as a file.
pub const GAPS: &str = "gaps.json";

/// An epoch as its manifest tells it.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Its number.
    pub epoch: u32,
    /// Its folder.
    pub folder: PathBuf,
    /// Media time at which it began.
    pub at: i64,
    /// The head of the stream, if it was written.
    pub init: Option<(u64, Digest)>,
    /// Its segments in order.
    pub segments: Vec<Segment>,
    /// How it ended; nothing while it is being written, or before a sweep.
    pub end: Option<Ending>,
    pub(crate) first_prev: Digest,
    pub(crate) last: Digest,
}

impl Epoch {
    /// Reads a manifest and checks its chain and its numbering, not the files it names.
    pub fn read(hearing: &Path, source: Source, epoch: u32) -> Result<Self> {
        let folder = source.epoch(hearing, epoch);
        let path = folder.join(place::MANIFEST);
        let read = chain::read::<Entry>(&path)?;
        let (first_prev, last) = (read.first_prev, read.last);
        let mut found = Self { epoch, folder, at: 0, init: None, segments: Vec::new(), end: None, first_prev, last };
        for (n, entry) in read.bodies.into_iter().enumerate() {
            let fits = found.end.is_none() && (n == 0) == matches!(entry, Entry::Epoch { .. });
            match entry {
                Entry::Epoch { epoch: number, source: name, at, .. } if fits && number == epoch && name == source.name() => found.at = at,
                Entry::Init { bytes, sha256 } if fits && found.init.is_none() => found.init = Some((bytes, sha256)),
                Entry::Segment(s) if fits && s.seq as usize == found.segments.len() => found.segments.push(s),
                Entry::End { how, segments } if fits && segments as usize == found.segments.len() => found.end = Some(how),
                _ => return Err(RecordError::damaged(&path, format!("line {}: out of place", n + 1))),
            }
        }
        Ok(found)
    }

    /// The file of a segment.
    pub fn file(&self, segment: &Segment) -> PathBuf {
        self.folder.join(place::segment_name(segment.seq))
    }

    /// Files that are missing or not what the manifest names.
    pub fn damaged(&self) -> Vec<(PathBuf, String)> {
        let init = self.init.iter().map(|(bytes, sha256)| (self.folder.join(place::INIT), *bytes, *sha256));
        let segments = self.segments.iter().map(|s| (self.file(s), s.bytes, s.sha256));
        init.chain(segments).filter_map(|(path, bytes, sha256)| wrong(&path, bytes, sha256).map(|what| (path, what))).collect()
    }
}

/// What is wrong with a file, if anything is.
pub(crate) fn wrong(path: &Path, bytes: u64, sha256: Digest) -> Option<String> {
    match Digest::of_file(path) {
        Err(RecordError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Some("is missing".into()),
        Err(e) => Some(e.to_string()),
        Ok((_, length)) if length != bytes => Some(format!("has {length} bytes instead of {bytes}")),
        Ok((digest, _)) => (digest != sha256).then(|| "has another digest".into()),
    }
}

/// All epochs of a source, with the chain checked from one to the next.
pub fn epochs(hearing: &Path, source: Source) -> Result<Vec<Epoch>> {
    let mut found: Vec<Epoch> = Vec::new();
    for number in source.epochs(hearing)? {
        let epoch = Epoch::read(hearing, source, number)?;
        let before = found.last().map_or(Digest::default(), |e| e.last);
        if epoch.last != Digest::default() && epoch.first_prev != before {
            return Err(RecordError::damaged(&epoch.folder.join(place::MANIFEST), "does not follow the epoch before it"));
        }
        // a folder whose manifest never got a line has no place in the chain
        if epoch.last != Digest::default() {
            found.push(epoch);
        }
    }
    Ok(found)
}

/// What is recorded of each person, as the manifests say.
pub fn spans(hearing: &Path) -> Result<Spans> {
    let mut found = Spans::new();
    for source in Source::all(hearing)?.into_iter().filter(|s| !s.screen) {
        for epoch in epochs(hearing, source)? {
            epoch.segments.iter().for_each(|segment| keep(&mut found, source.participant, segment));
        }
    }
    Ok(found)
}

/// What happened, as the list says.
pub fn events(hearing: &Path) -> Result<Vec<Stamped>> {
    Ok(chain::read::<Stamped>(&hearing.join(place::EVENTS))?.bodies)
}

/// Was the hearing closed by its recorder?
pub fn is_closed(events: &[Stamped]) -> bool {
    events.last().is_some_and(|e| e.event == Event::Closed)
}

/// The ledger worked out anew from what lies in the folder.
pub fn gaps(hearing: &Path) -> Result<Vec<Gap>> {
    let (events, spans) = (events(hearing)?, spans(hearing)?);
    let reached = spans.values().flatten().map(|s| s.1).max().unwrap_or(0);
    let last = events.last().map_or(0, |e| e.at);
    let end = if is_closed(&events) { last } else { reached.max(last) };
    Ok(ledger(&events, &spans, end))
}

pub(crate) fn write_gaps(disk: &dyn Disk, hearing: &Path, gaps: &[Gap]) -> Result<()> {
    let path = hearing.join(GAPS);
    disk.write_new(&path, &gaps_json(&path, gaps)?)
}

/// One gap a line, so that people can read it too.
pub(crate) fn gaps_json(path: &Path, gaps: &[Gap]) -> Result<Vec<u8>> {
    let lines: Result<Vec<String>> =
        gaps.iter().map(|g| serde_json::to_string(g).map_err(|e| RecordError::damaged(path, e.to_string()))).collect();
    Ok(format!("[\n{}\n]\n", lines?.join(",\n")).into_bytes())
}
