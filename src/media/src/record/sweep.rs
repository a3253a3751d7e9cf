//! After a restart: hearings whose recorder died are closed where they stand, so that the next epoch can begin.
//!
//! Owns: dropping temporary files, cutting torn lines, taking in a segment that was closed a moment before the end, and
//! writing "ended by crash". Must never remove or change a closed segment, however damaged.

use std::path::{Path, PathBuf};

use super::chain::{self, Chain};
use super::digest::Digest;
use super::disk::{Disk, TMP};
use super::error::{RecordError, Result};
use super::events::{Event, Stamped};
use super::manifest::{Ending, Entry, Held, Segment};
use super::place::{self, Place, Source, names};
use super::spool::{self, Epoch};
use super::time::Clock;
use super::webm::{self, AUDIO, VIDEO};

/// What a sweep found in one hearing that was open.
#[derive(Clone, Debug)]
pub struct Swept {
    /// Which hearing.
    pub place: Place,
    /// Media time up to which something is safe.
    pub reached: i64,
    /// Epochs that were closed as ended by a crash.
    pub epochs: u32,
    /// Segments taken in that had no line yet.
    pub adopted: u32,
    /// Temporary files dropped.
    pub dropped: u32,
    /// Files that are not what they should be. They stay where they are.
    pub damaged: Vec<(PathBuf, String)>,
}

/// What was swept, and which hearings could not be, with the reason.
pub type SweptAll = (Vec<Swept>, Vec<(Place, RecordError)>);

/// Closes every hearing of a spool that was left open. Hearings that cannot be swept are told by place and error.
pub fn sweep(spool: &Path, disk: &dyn Disk, clock: &dyn Clock) -> Result<SweptAll> {
    let (mut swept, mut failed) = (Vec::new(), Vec::new());
    for place in Place::all(spool)? {
        match sweep_one(spool, &place, disk, clock) {
            Ok(found) => swept.extend(found),
            Err(e) => failed.push((place, e)),
        }
    }
    Ok((swept, failed))
}

/// The same for one hearing; nothing if it was closed or swept before.
pub fn sweep_one(spool: &Path, place: &Place, disk: &dyn Disk, clock: &dyn Clock) -> Result<Option<Swept>> {
    let folder = place.folder(spool);
    let path = folder.join(place::EVENTS);
    let torn = chain::mend(&path)?;
    let (mut chain, log) = Chain::open::<Stamped>(path)?;
    let Some(last) = log.last() else { return Ok(None) };
    if matches!(last.event, Event::Closed | Event::Crash { .. }) {
        return Ok(None);
    }
    let mut found =
        Swept { place: place.clone(), reached: last.at, epochs: 0, adopted: 0, dropped: drop_tmp(&folder, disk)?, damaged: Vec::new() };
    for source in Source::all(&folder)? {
        for epoch in source.epochs(&folder)? {
            end_epoch(&folder, source, epoch, disk, &mut found)?;
        }
        spool::epochs(&folder, source)?;
    }
    let utc = clock.moment().utc_us;
    chain.append(disk, &Stamped { at: found.reached, utc, event: Event::Crash { torn } })?;
    Ok(Some(found))
}

fn drop_tmp(folder: &Path, disk: &dyn Disk) -> Result<u32> {
    let mut dropped = 0;
    for name in names(folder)? {
        let path = folder.join(&name);
        if path.is_dir() && name != place::JOINED {
            dropped += drop_tmp(&path, disk)?;
        } else if path.extension().is_some_and(|e| e == TMP) {
            disk.remove(&path)?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

fn end_epoch(hearing: &Path, source: Source, number: u32, disk: &dyn Disk, found: &mut Swept) -> Result<()> {
    let path = source.epoch(hearing, number).join(place::MANIFEST);
    chain::mend(&path)?;
    let mut epoch = Epoch::read(hearing, source, number)?;
    let reached = |e: &Epoch| e.segments.iter().map(|s| s.to).max().unwrap_or(0);
    if epoch.end.is_none() && epoch.last != Digest::default() {
        let mut chain = Chain::after(path, epoch.last);
        while let Some(segment) = orphan(&epoch)? {
            chain.append(disk, &Entry::Segment(segment.clone()))?;
            epoch.segments.push(segment);
            found.adopted += 1;
        }
        found.damaged.extend(epoch.damaged());
        chain.append(disk, &Entry::End { how: Ending::Crash, segments: epoch.segments.len() as u32 })?;
        found.epochs += 1;
    }
    found.reached = found.reached.max(reached(&epoch));
    Ok(())
}

/// A whole segment that follows the last known one and has no line: the recorder died between the two.
fn orphan(epoch: &Epoch) -> Result<Option<Segment>> {
    let seq = epoch.segments.len() as u32;
    let path = epoch.folder.join(place::segment_name(seq));
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(RecordError::io(&path)(e)),
    };
    let Ok(blocks) = webm::read_cluster(&bytes) else { return Ok(None) };
    let (mut audio, mut video) = (Held::default(), Held::default());
    for block in &blocks {
        let (held, lasts) = if block.track == AUDIO { (&mut audio, 20) } else { (&mut video, 33) };
        held.add(block.at, lasts, block.track == VIDEO && block.key);
    }
    let some = |held: Held| (held.frames > 0).then_some(held);
    let from = blocks.iter().map(|b| b.at).min().unwrap_or(0);
    let spans = audio.spans.iter().chain(&video.spans);
    let to = spans.map(|s| s.1).max().unwrap_or(from);
    // the wall clock at that moment is known from the segment before, carried on by media time
    let utc = epoch.segments.last().map_or(0, |s| s.utc + (from - s.from) * 1_000);
    let (bytes, sha256) = (bytes.len() as u64, Digest::of(&bytes));
    Ok(Some(Segment { seq, bytes, sha256, from, to, utc, audio: some(audio), video: some(video), adopted: true }))
}
