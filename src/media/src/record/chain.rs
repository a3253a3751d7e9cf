//! Append-only lists whose every line names the digest of the line before.
//!
//! Owns: writing, reading and checking such a list (JSON, one object a line). Must never change a line that is there;
//! the one thing it cuts is a torn last line, which no reader could have believed.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::digest::Digest;
use super::disk::Disk;
use super::error::{RecordError, Result};

#[derive(Serialize, Deserialize)]
struct Line<T> {
    prev: Digest,
    #[serde(flatten)]
    body: T,
}

/// A list that is being written.
#[derive(Debug)]
pub(crate) struct Chain {
    path: PathBuf,
    last: Digest,
}

impl Chain {
    /// Goes on after a line whose digest is known (or begins: what comes before the first line is given too).
    pub fn after(path: PathBuf, last: Digest) -> Self {
        Self { path, last }
    }

    /// Opens what is there, or begins a list.
    pub fn open<T: DeserializeOwned>(path: PathBuf) -> Result<(Self, Vec<T>)> {
        let read = read::<T>(&path)?;
        Ok((Self { path, last: read.last }, read.bodies))
    }

    /// Adds a line durably.
    pub fn append<T: Serialize>(&mut self, disk: &dyn Disk, body: &T) -> Result<()> {
        let line = Line { prev: self.last, body };
        let mut bytes = serde_json::to_vec(&line).map_err(|e| RecordError::damaged(&self.path, e.to_string()))?;
        let digest = Digest::of(&bytes);
        bytes.push(b'\n');
        disk.append(&self.path, &bytes)?;
        self.last = digest;
        Ok(())
    }
}

/// A list that was read.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub bodies: Vec<T>,
    /// What the first line says came before it.
    pub first_prev: Digest,
    pub last: Digest,
    /// Bytes of whole lines; what lies behind them is a torn line.
    pub whole: u64,
    pub torn: u64,
}

/// Reads and checks a list; a list that is not there is empty. A torn last line is told, not believed.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<Read<T>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(RecordError::io(path)(e)),
    };
    let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let mut read = Read {
        bodies: Vec::new(),
        first_prev: Digest::default(),
        last: Digest::default(),
        whole: whole as u64,
        torn: (bytes.len() - whole) as u64,
    };
    for (n, text) in bytes[..whole].split_inclusive(|b| *b == b'\n').enumerate() {
        let text = &text[..text.len() - 1];
        let line: Line<T> = serde_json::from_slice(text).map_err(|e| RecordError::damaged(path, format!("line {}: {e}", n + 1)))?;
        if n == 0 {
            read.first_prev = line.prev;
        } else if line.prev != read.last {
            return Err(RecordError::damaged(path, format!("line {}: the chain is broken", n + 1)));
        }
        read.last = Digest::of(text);
        read.bodies.push(line.body);
    }
    Ok(read)
}

/// Cuts a torn last line off and tells how many bytes it had.
pub(crate) fn mend(path: &Path) -> Result<u64> {
    let read = read::<serde_json::Value>(path)?;
    if read.torn > 0 {
        let file = std::fs::OpenOptions::new().write(true).open(path).map_err(RecordError::io(path))?;
        file.set_len(read.whole).and_then(|()| file.sync_all()).map_err(RecordError::io(path))?;
    }
    Ok(read.torn)
}
