//! The manifest of an epoch: which segments there are, what they hold, and that none is missing or another.
//!
//! Owns: the lines. A line names the digest of the line before it, the first line that of the last line of the epoch
//! before: taking one out, changing one or putting one in breaks the list from there on. Times are milliseconds of
//! media time (since the hearing was opened); `utc` is the wall clock at the first sample: the UTC track.

use serde::{Deserialize, Serialize};

use super::digest::Digest;

/// From and to, in milliseconds of media time.
pub type Span = (i64, i64);

/// What a segment holds of one track.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Stretches with media; a hole longer than [`HOLE_MS`] splits them.
    pub spans: Vec<Span>,
    /// Frames.
    pub frames: u32,
    /// Key frames (video).
    pub keys: u32,
    /// RTP packets that never came.
    pub lost: u32,
}

/// A hole shorter than this is no gap: a few lost frames are counted, not listed.
pub const HOLE_MS: i64 = 1_000;

impl Held {
    /// Adds a frame.
    pub(crate) fn add(&mut self, pts: i64, dur: i64, key: bool) {
        self.frames += 1;
        self.keys += u32::from(key);
        let to = pts + dur.max(1);
        match self.spans.last_mut() {
            Some(last) if pts <= last.1 + HOLE_MS => *last = (last.0.min(pts), last.1.max(to)),
            _ => self.spans.push((pts, to)),
        }
    }
}

/// How an epoch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The recorder closed it.
    Closed,
    /// The recorder died; the sweep closed it.
    Crash,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// The first line.
    Epoch {
        /// `<court>/<hearing>`.
        place: String,
        /// The source's folder.
        source: String,
        /// Its number, from 1.
        epoch: u32,
        /// Media time when it began.
        at: i64,
        /// UTC then, in microseconds since 1970.
        utc: i64,
    },
    /// The head of the stream was written.
    Init {
        /// Length.
        bytes: u64,
        /// Digest.
        sha256: Digest,
    },
    /// A segment was closed.
    Segment(Segment),
    /// The last line.
    End {
        /// How.
        how: Ending,
        /// Segments in the epoch.
        segments: u32,
    },
}

/// A closed segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its number in the epoch, from 0.
    pub seq: u32,
    /// Length.
    pub bytes: u64,
    /// Digest.
    pub sha256: Digest,
    /// Media time of the first sample.
    pub from: i64,
    /// Media time after the last.
    pub to: i64,
    /// UTC of the first sample by the wall clock, in microseconds since 1970.
    pub utc: i64,
    /// The sound in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<Held>,
    /// The picture in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Held>,
    /// The recorder died between closing the file and writing this line; the sweep wrote it from the file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adopted: bool,
}
