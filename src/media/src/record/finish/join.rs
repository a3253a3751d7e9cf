//! All epochs of a source in one WebM file with its length and an index in front.
//!
//! Owns: the join. Frames are taken over bit for bit; only the clusters around them are laid anew. Times stay media time, so
//! the files of all people of a hearing share one time line, and a gap is a gap there too. Must never invent or drop a frame.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::super::digest::Digest;
use super::super::error::{RecordError, Result};
use super::super::events::Event;
use super::super::manifest::Span;
use super::super::place::{JOINED, Source};
use super::super::spool::{self, Epoch};
use super::super::vp8::key_size;
use super::super::webm::{self, AUDIO, Block, Cue, Tracks, VIDEO};

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Where it lies.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
    /// Frames of sound in it.
    pub audio: u64,
    /// Frames of picture in it.
    pub video: u64,
    /// First and last media time, in milliseconds.
    pub span: Span,
}

/// Frames wait so long for an earlier one: the spool's clusters overlap by less.
const SORT_MS: i64 = 10_000;
/// A cluster of a finished file.
const CLUSTER_MS: i64 = 5_000;

/// Joins a source's epochs into `joined/<source>.webm` of its hearing's folder. A segment that is not what its manifest
/// names stops it: a damaged recording is looked at by people first.
pub fn join(hearing: &Path, source: Source) -> Result<Joined> {
    let epochs = spool::epochs(hearing, source)?;
    if let Some((path, what)) = epochs.iter().flat_map(Epoch::damaged).next() {
        return Err(RecordError::Damaged { path, what });
    }
    let folder = hearing.join(JOINED);
    std::fs::create_dir_all(&folder).map_err(RecordError::io(&folder))?;
    let path = folder.join(format!("{}.webm", source.name()));
    let clusters = path.with_extension("clusters");
    let mut joiner = Joiner::new(&clusters)?;
    for epoch in &epochs {
        for segment in &epoch.segments {
            let file = epoch.file(segment);
            let bytes = std::fs::read(&file).map_err(RecordError::io(&file))?;
            let blocks = webm::read_cluster(&bytes).map_err(|e| RecordError::damaged(&file, e.to_string()))?;
            blocks.into_iter().try_for_each(|block| joiner.block(block))?;
        }
    }
    joiner.finish()?;
    let opened = spool::events(hearing)?.first().filter(|e| matches!(e.event, Event::Opened { .. })).map_or(0, |e| e.utc);
    let joined = joiner.assemble(&path, &clusters, opened)?;
    std::fs::remove_file(&clusters).map_err(RecordError::io(&clusters))?;
    Ok(joined)
}

struct Joiner {
    out: BufWriter<File>,
    path: PathBuf,
    /// Frames not yet written, by time, track and order.
    waiting: BTreeMap<(i64, u64, u64), Block>,
    order: u64,
    newest: i64,
    open: Vec<Block>,
    cues: Vec<Cue>,
    bytes: u64,
    tracks: Tracks,
    /// Frames and last time of each track.
    counts: [u64; 2],
    last: [Option<i64>; 2],
    span: Option<Span>,
}

impl Joiner {
    fn new(path: &Path) -> Result<Self> {
        let out = BufWriter::new(File::create(path).map_err(RecordError::io(path))?);
        Ok(Self {
            out,
            path: path.to_owned(),
            waiting: BTreeMap::new(),
            order: 0,
            newest: i64::MIN,
            open: Vec::new(),
            cues: Vec::new(),
            bytes: 0,
            tracks: Tracks::default(),
            counts: [0; 2],
            last: [None; 2],
            span: None,
        })
    }

    fn block(&mut self, block: Block) -> Result<()> {
        self.newest = self.newest.max(block.at);
        self.order += 1;
        self.waiting.insert((block.at, block.track, self.order), block);
        while self.waiting.first_key_value().is_some_and(|((at, ..), _)| self.newest - at > SORT_MS) {
            self.next()?;
        }
        Ok(())
    }

    /// The earliest waiting frame goes into the open cluster.
    fn next(&mut self) -> Result<()> {
        let Some((_, mut block)) = self.waiting.pop_first() else { return Ok(()) };
        let track = usize::from(block.track == VIDEO);
        // after a crash the new epoch may place its first frame on the last one's millisecond
        block.at = self.last[track].map_or(block.at, |last| block.at.max(last + 1));
        self.last[track] = Some(block.at);
        self.counts[track] += 1;
        if block.track == AUDIO {
            self.tracks.audio = true;
        } else if let (None, Some(size)) = (self.tracks.video, key_size(&block.data)) {
            self.tracks.video = Some(size);
        }
        let key = block.track == VIDEO && block.key;
        let age = self.open.first().map_or(0, |first| block.at - first.at);
        if age >= CLUSTER_MS || (key && age > 0) {
            self.cut()?;
        }
        self.span = Some(self.span.map_or((block.at, block.at), |(from, to)| (from.min(block.at), to.max(block.at))));
        self.open.push(block);
        Ok(())
    }

    fn cut(&mut self) -> Result<()> {
        // a frame pushed on by a millisecond may have overtaken its neighbour
        let mut blocks = std::mem::take(&mut self.open);
        blocks.sort_by_key(|b| b.at);
        let Some(first) = blocks.first() else { return Ok(()) };
        if first.track == AUDIO || first.key {
            self.cues.push(Cue { at: first.at, track: first.track, position: self.bytes });
        }
        let bytes = webm::cluster(&blocks)?;
        self.out.write_all(&bytes).map_err(RecordError::io(&self.path))?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        while !self.waiting.is_empty() {
            self.next()?;
        }
        self.cut()?;
        self.out.flush().map_err(RecordError::io(&self.path))
    }

    /// Head and clusters in one file, forced to the disk under a temporary name first.
    fn assemble(self, path: &Path, clusters: &Path, opened_utc: i64) -> Result<Joined> {
        let span = self.span.ok_or(RecordError::Refused("record.nothing_recorded"))?;
        // cues for seeking: of the picture where there is one
        let track = if self.tracks.video.is_some() { VIDEO } else { AUDIO };
        let cues: Vec<Cue> = self.cues.iter().copied().filter(|c| c.track == track).collect();
        let head = webm::finished_head(self.tracks, opened_utc, span.1 + 20, &cues, self.bytes)?;
        let tmp = path.with_extension("tmp");
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&tmp)?;
            file.write_all(&head)?;
            std::io::copy(&mut File::open(clusters)?, &mut file)?;
            file.sync_all()?;
            std::fs::rename(&tmp, path)
        };
        write().map_err(RecordError::io(path))?;
        let (sha256, bytes) = Digest::of_file(path)?;
        Ok(Joined { path: path.to_owned(), bytes, sha256, audio: self.counts[0], video: self.counts[1], span })
    }
}
