//! The sound of what is closed, as it lies in the spool, for whoever listens along while the hearing goes on.
//!
//! Owns reading it. Must never write, and never hold the recorder up: what is not closed yet comes the next time.

use std::path::Path;

use super::digest::Digest;
use super::error::{RecordError, Result};
use super::place::Source;
use super::spool::Epoch;
use super::webm::{AUDIO, Tracks, cluster, init, read_cluster};

/// A stretch of one person's sound.
#[derive(Clone, Debug)]
pub struct Sound {
    /// Its epoch.
    pub epoch: u32,
    /// The first segment behind it.
    pub next: u32,
    /// Media time in milliseconds, from and to.
    pub span: (i64, i64),
    /// A WebM file with Opus in it; its times are media times.
    pub webm: Vec<u8>,
}

/// Where what is closed of somebody's sound ends now, as epoch and next segment: who begins to listen here hears nothing that
/// was said before. Nothing where nothing was closed yet.
pub fn sound_end(hearing: &Path, source: Source) -> Result<Option<(u32, u32)>> {
    let Some(number) = source.epochs(hearing)?.pop() else { return Ok(None) };
    let segments = Epoch::read(hearing, source, number)?.segments.len();
    Ok(Some((number, u32::try_from(segments).unwrap_or(u32::MAX))))
}

/// The sound of the newest epoch from a segment on, at most so many segments. An earlier epoch is over: its end is passed by.
/// Nothing when nothing new is closed, or there was no sound in it.
pub fn sound(hearing: &Path, source: Source, after: Option<(u32, u32)>, most: usize) -> Result<Option<Sound>> {
    let Some(number) = source.epochs(hearing)?.pop() else { return Ok(None) };
    let epoch = Epoch::read(hearing, source, number)?;
    if epoch.last == Digest::default() {
        return Ok(None);
    }
    let from = after.filter(|(of, _)| *of == number).map_or(0, |(_, next)| next as usize);
    let fresh = epoch.segments.get(from..).unwrap_or_default();
    let (mut blocks, mut last) = (Vec::new(), None);
    for segment in fresh.iter().take(most) {
        let path = epoch.file(segment);
        let bytes = std::fs::read(&path).map_err(RecordError::io(&path))?;
        let heard = read_cluster(&bytes)?;
        blocks.push(heard.into_iter().filter(|b| b.track == AUDIO).collect::<Vec<_>>());
        last = Some(segment.seq);
    }
    let Some(last) = last else { return Ok(None) };
    let mut webm = init(Tracks { audio: true, video: None }, 0)?;
    for piece in blocks.iter().filter(|b| !b.is_empty()) {
        webm.extend(cluster(piece)?);
    }
    let all: Vec<_> = blocks.iter().flatten().collect();
    let from = all.iter().map(|b| b.at).min().unwrap_or(0);
    let to = all.iter().map(|b| b.at + b.lasts.max(20)).max().unwrap_or(0);
    Ok(Some(Sound { epoch: number, next: last + 1, span: (from, to), webm: if all.is_empty() { Vec::new() } else { webm } }))
}
