//! Many small files in one object: everything new of a hearing in two seconds goes out as one request.
//!
//! Owns: the shape of a bundle: a line `lianting-bundle 1`, a line of JSON naming the parts, the parts one after the other.
//! From its bundles alone a hearing's folder can be put together again.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::disk::Disk;
use super::error::{RecordError, Result};
use super::store::Store;
use super::upload::Uploaded;

/// A file, or what was added to a list since the bundle before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path under the hearing's folder.
    pub path: String,
    /// Where it belongs in the file; nothing for a whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// Length.
    pub bytes: u64,
    /// Digest.
    pub sha256: Digest,
}

/// Parts with their bytes.
pub(crate) type Parts = Vec<(Part, Vec<u8>)>;

const MAGIC: &[u8] = b"lianting-bundle 1\n";

/// Puts parts together.
pub(crate) fn pack(parts: &[(Part, Vec<u8>)]) -> Result<Vec<u8>> {
    let index: Vec<&Part> = parts.iter().map(|(part, _)| part).collect();
    let mut bytes = MAGIC.to_vec();
    serde_json::to_writer(&mut bytes, &index).map_err(|e| RecordError::Store(e.to_string()))?;
    bytes.push(b'\n');
    parts.iter().for_each(|(_, body)| bytes.extend_from_slice(body));
    Ok(bytes)
}

/// Takes a bundle apart and checks every part.
pub fn unpack(bytes: &[u8]) -> Result<Vec<(Part, &[u8])>> {
    let bad = |what: &str| RecordError::damaged(Path::new("bundle"), what);
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| bad("is no bundle"))?;
    let end = rest.iter().position(|b| *b == b'\n').ok_or_else(|| bad("has no index"))?;
    let index: Vec<Part> = serde_json::from_slice(&rest[..end]).map_err(|e| bad(&e.to_string()))?;
    let mut body = &rest[end + 1..];
    let mut parts = Vec::new();
    for part in index {
        let (mine, others) = usize::try_from(part.bytes).ok().and_then(|n| body.split_at_checked(n)).ok_or_else(|| bad("is cut short"))?;
        if Digest::of(mine) != part.sha256 {
            return Err(bad(&format!("{} has another digest", part.path)));
        }
        parts.push((part, mine));
        body = others;
    }
    if body.is_empty() { Ok(parts) } else { Err(bad("has more than its index names")) }
}

/// The key of a hearing's bundle.
pub fn bundle_key(place: &str, number: u32) -> String {
    format!("{place}/bundle/{number:06}.ltb")
}

/// Puts a hearing's folder together from its bundles alone. Tells how many bundles were read.
pub fn restore(store: &dyn Store, place: &str, folder: &Path, disk: &dyn Disk) -> Result<u32> {
    rebuild(store, place, folder, disk).map(|book| book.len() as u32)
}

/// The same, telling what lies in which bundle: the book of a server that goes on with the hearing.
pub(crate) fn rebuild(store: &dyn Store, place: &str, folder: &Path, disk: &dyn Disk) -> Result<Vec<Uploaded>> {
    let mut lists: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let (mut number, mut book) = (0, Vec::new());
    while let Some(bytes) = store.get(&bundle_key(place, number))? {
        let mut parts = Vec::new();
        for (part, body) in unpack(&bytes)? {
            parts.push(part.clone());
            if !part.path.split('/').all(|p| !p.is_empty() && !p.starts_with('.')) {
                return Err(RecordError::damaged(Path::new(&part.path), "leads out of the folder"));
            }
            match part.at {
                None => put(disk, &folder.join(&part.path), body)?,
                Some(at) => splice(lists.entry(part.path).or_default(), at, body)?,
            }
        }
        book.push(Uploaded { number, bytes: bytes.len() as u64, sha256: Digest::of(&bytes), parts });
        number += 1;
    }
    for (path, bytes) in lists {
        put(disk, &folder.join(path), &bytes)?;
    }
    Ok(book)
}

fn put(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        disk.folder(folder)?;
    }
    disk.write_new(path, bytes)
}

/// Lays what was added behind what is known; the same piece may come twice.
fn splice(list: &mut Vec<u8>, at: u64, body: &[u8]) -> Result<()> {
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    if at > list.len() {
        return Err(RecordError::damaged(Path::new("bundle"), "a piece of a list is missing"));
    }
    list.truncate(at);
    list.extend_from_slice(body);
    Ok(())
}
