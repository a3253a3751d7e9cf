//! SHA-256 as the recorder writes it: 64 small letters and digits in JSON, 32 bytes in memory.
//!
//! Owns: the digest type and how a file is digested without being held in memory.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::error::{RecordError, Result};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of several runs of bytes, one after the other.
    pub fn of_all<'a>(runs: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        runs.into_iter().for_each(|run| hash.update(run));
        Self(hash.finalize().into())
    }

    /// Of a file, with its length.
    pub fn of_file(path: &Path) -> Result<(Self, u64)> {
        let mut all = Sha256::new();
        let bytes = read_blocks(path, |block| all.update(block))?;
        Ok((Self(all.finalize().into()), bytes))
    }
}

/// Reads a file in blocks of 1 MiB and tells how long it was.
pub(crate) fn read_blocks(path: &Path, mut each: impl FnMut(&[u8])) -> Result<u64> {
    let mut file = File::open(path).map_err(RecordError::io(path))?;
    let mut block = vec![0; BLOCK];
    let mut bytes = 0u64;
    loop {
        let mut filled = 0;
        while filled < BLOCK {
            match file.read(&mut block[filled..]).map_err(RecordError::io(path))? {
                0 => break,
                n => filled += n,
            }
        }
        if filled == 0 {
            return Ok(bytes);
        }
        each(&block[..filled]);
        bytes += filled as u64;
    }
}

/// A large file is also known by the digests of its blocks, so that damage can be placed.
pub(crate) const BLOCK: usize = 1 << 20;

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", &hex::encode(&self.0[..4]))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let mut bytes = [0; 32];
        if text.bytes().any(|b| b.is_ascii_uppercase()) || hex::decode_to_slice(&text, &mut bytes).is_err() {
            return Err(serde::de::Error::custom("not a SHA-256 in small hex"));
        }
        Ok(Self(bytes))
    }
}
