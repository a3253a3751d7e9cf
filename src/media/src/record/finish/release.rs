//! From raw segments to proved files, and only then letting the raw ones go.
//!
//! Owns: the order of proofs: closed → joined → decoded frame by frame → stored → shown by the store → segments released.
//! Must never remove a manifest, an event list, a ledger, or a segment that one proof is missing for.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::bundle::bundle_key;
use super::super::chain;
use super::super::digest::Digest;
use super::super::disk::Disk;
use super::super::error::{RecordError, Result};
use super::super::place::{JOINED, Place, Source, UPLOADED};
use super::super::spool::{self, Epoch};
use super::super::store::{Body, Store};
use super::super::upload::Uploaded;
use super::check::{Checked, check};
use super::child::Limits;
use super::join::join;

/// A source's finished file, proved by decoding: `joined/<source>.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// The source's folder.
    pub source: String,
    /// Length of the file.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
    /// Frames of sound, the same in the segments and in the file.
    pub audio: u64,
    /// Frames of picture, the same in the segments and in the file.
    pub video: u64,
    /// First media time in it, in milliseconds.
    pub from: i64,
    /// Last media time in it.
    pub to: i64,
}

/// Joins every source of a closed hearing, decodes each file, and writes down what was proved. Sources of which nothing was
/// recorded have no file.
pub fn finish(spool: &Path, place: &Place, disk: &dyn Disk, limits: &Limits) -> Result<Vec<Finished>> {
    let hearing = place.folder(spool);
    if !spool::is_closed(&spool::events(&hearing)?) {
        return Err(RecordError::Refused("record.not_closed"));
    }
    let mut done = Vec::new();
    for source in Source::all(&hearing)? {
        let epochs = spool::epochs(&hearing, source)?;
        if epochs.iter().all(|e| e.segments.is_empty()) {
            continue;
        }
        let joined = join(&hearing, source)?;
        let (audio, video) = frames(&epochs);
        let found = check(&joined.path, limits)?;
        let wanted = Checked { audio, video, duration_ms: found.duration_ms };
        if found != wanted || (joined.audio, joined.video) != (audio, video) {
            return Err(RecordError::damaged(&joined.path, format!("holds {found:?} instead of {wanted:?}")));
        }
        let (bytes, sha256, (from, to)) = (joined.bytes, joined.sha256, joined.span);
        let finished = Finished { source: source.name(), bytes, sha256, audio, video, from, to };
        let path = hearing.join(JOINED).join(format!("{}.json", source.name()));
        disk.write_new(&path, &serde_json::to_vec_pretty(&finished).map_err(|e| RecordError::damaged(&path, e.to_string()))?)?;
        done.push(finished);
    }
    Ok(done)
}

/// Frames that the manifests name.
fn frames(epochs: &[Epoch]) -> (u64, u64) {
    let held = |h: &Option<super::super::manifest::Held>| h.as_ref().map_or(0, |h| u64::from(h.frames));
    epochs.iter().flat_map(|e| &e.segments).fold((0, 0), |(a, v), s| (a + held(&s.audio), v + held(&s.video)))
}

/// Removes the segments of a hearing once every proof holds, and tells how many files that freed. Whatever is missing is an
/// error that names it; nothing is removed then.
pub fn release(spool: &Path, place: &Place, disk: &dyn Disk, store: &dyn Store, retain_until: i64) -> Result<u32> {
    let hearing = place.folder(spool);
    if !spool::is_closed(&spool::events(&hearing)?) {
        return Err(RecordError::Refused("record.not_closed"));
    }
    let booked = uploaded(&hearing, place, store)?;
    let mut raw = Vec::new();
    for source in Source::all(&hearing)? {
        let epochs = spool::epochs(&hearing, source)?;
        for epoch in &epochs {
            if epoch.end.is_none() {
                return Err(RecordError::Refused("record.not_closed"));
            }
            for segment in &epoch.segments {
                let path = epoch.file(segment);
                let name = path.strip_prefix(&hearing).ok().and_then(|p| p.to_str()).unwrap_or_default().to_owned();
                if !booked.contains(&(name, segment.sha256)) {
                    return Err(RecordError::damaged(&path, "is not in the store as its manifest names it"));
                }
                if path.exists() {
                    raw.push(path);
                }
            }
        }
        if epochs.iter().any(|e| !e.segments.is_empty()) {
            prove_joined(&hearing, place, source, store, retain_until)?;
        }
    }
    for path in &raw {
        disk.remove(path)?;
    }
    Ok(u32::try_from(raw.len()).unwrap_or(u32::MAX))
}

/// What the store shows to hold, asked object by object.
fn uploaded(hearing: &Path, place: &Place, store: &dyn Store) -> Result<std::collections::BTreeSet<(String, Digest)>> {
    let mut found = std::collections::BTreeSet::new();
    for object in chain::read::<Uploaded>(&hearing.join(UPLOADED))?.bodies.into_iter().filter(|o| !o.parts.is_empty()) {
        let key = bundle_key(&place.key(), object.number);
        let head = store.head(&key)?.ok_or_else(|| RecordError::Store(format!("{key}: is not there")))?;
        if (head.bytes, head.sha256) != (object.bytes, object.sha256) {
            return Err(RecordError::Store(format!("{key}: is not what was sent")));
        }
        found.extend(object.parts.into_iter().map(|p| (p.path, p.sha256)));
    }
    Ok(found)
}

fn prove_joined(hearing: &Path, place: &Place, source: Source, store: &dyn Store, retain_until: i64) -> Result<()> {
    let name = source.name();
    let (file, said) = (hearing.join(JOINED).join(format!("{name}.webm")), hearing.join(JOINED).join(format!("{name}.json")));
    let bytes = std::fs::read(&said).map_err(RecordError::io(&said))?;
    let finished: Finished = serde_json::from_slice(&bytes).map_err(|e| RecordError::damaged(&said, e.to_string()))?;
    if let Some(what) = spool::wrong(&file, finished.bytes, finished.sha256) {
        return Err(RecordError::Damaged { path: file, what });
    }
    let key = format!("{}/joined/{name}.webm", place.key());
    store.put_if_absent(&key, Body::File(&file), finished.sha256, retain_until)?;
    let head = store.head(&key)?.ok_or_else(|| RecordError::Store(format!("{key}: put, but not there")))?;
    if (head.bytes, head.sha256) == (finished.bytes, finished.sha256) {
        Ok(())
    } else {
        Err(RecordError::Store(format!("{key}: is another file")))
    }
}
