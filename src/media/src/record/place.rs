//! Where a recording lies: names of folders and files, made and read back in one place.
//!
//! Owns: the layout of the spool. Must never put a name of a person, or anything a caller typed, into a path: courts are
//! letters and digits, everything else is 128 bits in hex or a number.

use std::path::{Path, PathBuf};

use crate::ids::{ParticipantId, RoomId, TrackKind};

use super::error::{RecordError, Result};

/// A hearing of a court.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    court: String,
    hearing: RoomId,
}

impl Place {
    /// A court's code is 1 to 32 letters, digits or dashes.
    pub fn new(court: &str, hearing: RoomId) -> Result<Self> {
        let fit = (1..=32).contains(&court.len()) && court.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !fit {
            return Err(RecordError::Refused("record.court_code"));
        }
        Ok(Self { court: court.to_owned(), hearing })
    }

    /// The court's code.
    pub fn court(&self) -> &str {
        &self.court
    }

    /// The hearing.
    pub fn hearing(&self) -> RoomId {
        self.hearing
    }

    /// `<court>/<hearing>`: the folder under the spool, and the head of every key in the store.
    pub fn key(&self) -> String {
        format!("{}/{:032x}", self.court, self.hearing.0)
    }

    /// The folder of the hearing.
    pub fn folder(&self, spool: &Path) -> PathBuf {
        spool.join(&self.court).join(format!("{:032x}", self.hearing.0))
    }

    /// All hearings that lie in a spool, in order.
    pub fn all(spool: &Path) -> Result<Vec<Self>> {
        let mut found = Vec::new();
        for court in names(spool)? {
            for hearing in names(&spool.join(&court))? {
                if let (Some(id), true) = (hex128(&hearing), spool.join(&court).join(&hearing).is_dir()) {
                    found.extend(Self::new(&court, RoomId(id)));
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

/// One file's worth of media: a person with microphone and camera, or the same person's shared screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Whose.
    pub participant: ParticipantId,
    /// The shared screen instead of the person.
    pub screen: bool,
}

impl Source {
    /// Where a track is written.
    pub fn of(participant: ParticipantId, track: TrackKind) -> Self {
        Self { participant, screen: track == TrackKind::Screen }
    }

    /// The folder's name: `<participant>` or `<participant>-screen`.
    pub fn name(&self) -> String {
        format!("{:032x}{}", self.participant.0, if self.screen { "-screen" } else { "" })
    }

    /// Reads a folder's name back.
    pub fn parse(name: &str) -> Option<Self> {
        let (id, screen) = name.strip_suffix("-screen").map_or((name, false), |id| (id, true));
        Some(Self { participant: ParticipantId(hex128(id)?), screen })
    }

    /// All sources of a hearing, in order.
    pub fn all(hearing: &Path) -> Result<Vec<Self>> {
        let mut found: Vec<_> = names(hearing)?.iter().filter(|n| hearing.join(n).is_dir()).filter_map(|n| Self::parse(n)).collect();
        found.sort();
        Ok(found)
    }

    /// The numbers of its epochs, in order.
    pub fn epochs(&self, hearing: &Path) -> Result<Vec<u32>> {
        let mut found: Vec<u32> = names(&hearing.join(self.name()))?.iter().filter_map(|n| n.parse().ok()).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The folder of an epoch.
    pub fn epoch(&self, hearing: &Path, epoch: u32) -> PathBuf {
        hearing.join(self.name()).join(format!("{epoch}"))
    }
}

/// The name of a closed segment.
pub fn segment_name(seq: u32) -> String {
    format!("{seq:06}.seg")
}

/// The number in a segment's name.
pub fn segment_seq(name: &str) -> Option<u32> {
    name.strip_suffix(".seg")?.parse().ok()
}

/// The head of an epoch: EBML header, an open segment, the tracks.
pub const INIT: &str = "init.seg";
/// The chained list of an epoch's segments.
pub const MANIFEST: &str = "manifest.jsonl";
/// The chained list of what happened in a hearing.
pub const EVENTS: &str = "events.jsonl";
/// What of a hearing lies in the store.
pub const UPLOADED: &str = "uploaded.jsonl";
/// Where finished files lie.
pub const JOINED: &str = "joined";

fn hex128(name: &str) -> Option<u128> {
    (name.len() == 32 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
        .then(|| u128::from_str_radix(name, 16).ok())
        .flatten()
}

/// Names in a folder, sorted; a folder that is not there has none.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound || e.kind() == std::io::ErrorKind::NotADirectory => return Ok(Vec::new()),
        Err(e) => return Err(RecordError::io(folder)(e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(RecordError::io(folder))?;
        found.extend(entry.file_name().into_string());
    }
    found.sort();
    Ok(found)
}
