//! Checking a package: every bit of every file, every chain, the ledger, and the signature.
//!
//! Owns: the findings, each naming the file, and the segment or the block where that is known. Must never stop at the first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::digest::{BLOCK, Digest, read_blocks};
use super::super::error::{RecordError, Result};
use super::super::place::{EVENTS, Source, segment_seq};
use super::super::spool;
use super::build::{FileEntry, Package, Seal, listed};
use super::{PACKAGE, SEAL};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// The list cannot be read, or is not spelled as a package is.
    List,
    /// The signature is not over this root.
    Seal,
    /// There is no signature.
    Unsigned,
    /// A listed file is not there.
    Missing,
    /// A file is there that the list does not know.
    Unknown,
    /// A file is not the one that was listed.
    Changed,
    /// A chain of lines, or what a manifest says of its files, does not hold.
    Chain,
    /// The ledger is not what events and manifests come to.
    Ledger,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What.
    pub problem: Problem,
    /// In which file.
    pub path: String,
    /// Where in it: the segment it is, or the bytes.
    pub place: Option<String>,
}

/// The outcome.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The root that the list comes to, if it can be read.
    pub root: Option<[u8; 32]>,
    /// Nothing, if all is well.
    pub findings: Vec<Finding>,
    /// Files that were compared.
    pub files: usize,
}

impl Verified {
    /// Is every bit as it was signed?
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a folder against its list, its chains and its signature. Without a `seal` the signature is not looked at: then a
/// whole forged package would pass, and the root must be compared with one known from elsewhere.
pub fn verify(folder: &Path, seal: Option<&dyn Seal>) -> Result<Verified> {
    let mut found = Verified { root: None, findings: Vec::new(), files: 0 };
    let path = folder.join(PACKAGE);
    let list = std::fs::read(&path).map_err(RecordError::io(&path)).and_then(|bytes| Package::from_bytes(&bytes));
    match list {
        Err(_) => found.add(Problem::List, PACKAGE, None),
        Ok(package) => {
            found.root = Some(package.root);
            compare(folder, &package, &mut found)?;
            if let Some(seal) = seal {
                match std::fs::read(folder.join(SEAL)) {
                    Err(_) => found.add(Problem::Unsigned, SEAL, None),
                    Ok(bytes) if !seal.check(&package.root, &bytes) => found.add(Problem::Seal, SEAL, None),
                    Ok(_) => {}
                }
            }
        }
    }
    if folder.join(EVENTS).exists() {
        chains(folder, &mut found)?;
    }
    found.findings.sort();
    found.findings.dedup();
    Ok(found)
}

impl Verified {
    fn add(&mut self, problem: Problem, path: &str, place: Option<String>) {
        self.findings.push(Finding { problem, path: path.to_owned(), place });
    }
}

fn compare(folder: &Path, package: &Package, found: &mut Verified) -> Result<()> {
    let there: BTreeSet<String> = listed(folder)?.into_iter().collect();
    let known: BTreeMap<&str, &FileEntry> = package.files.iter().map(|f| (f.path.as_str(), f)).collect();
    for path in there.iter().filter(|p| !known.contains_key(p.as_str())) {
        found.add(Problem::Unknown, path, segment_of(path));
    }
    for (path, entry) in known {
        if there.contains(path) {
            found.files += 1;
            if let Some(place) = changed(folder, entry)? {
                found.add(Problem::Changed, path, segment_of(path).or(place));
            }
        } else {
            found.add(Problem::Missing, path, segment_of(path));
        }
    }
    Ok(())
}

/// Nothing if a file is as listed; else where it differs, if blocks tell.
fn changed(folder: &Path, entry: &FileEntry) -> Result<Option<Option<String>>> {
    let path = folder.join(&entry.path);
    let (digest, bytes) = Digest::of_file(&path)?;
    if digest == entry.sha256 && bytes == entry.bytes {
        return Ok(None);
    }
    let mut blocks = Vec::new();
    read_blocks(&path, |block| blocks.push(Digest::of(block)))?;
    let differs = blocks.iter().zip(&entry.blocks).position(|(a, b)| a != b);
    Ok(Some(differs.map(|n| format!("bytes {}–{}", n * BLOCK, (n + 1) * BLOCK - 1))))
}

/// `<participant>/<epoch>/NNNNNN.seg` in words.
fn segment_of(path: &str) -> Option<String> {
    let mut parts = path.rsplit('/');
    let (seq, epoch, source) = (segment_seq(parts.next()?)?, parts.next()?, parts.next()?);
    Some(format!("segment {seq} of epoch {epoch} of {source}"))
}

/// What the recording says of itself: chains, manifests against files, the ledger.
fn chains(folder: &Path, found: &mut Verified) -> Result<()> {
    let name = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
    let mut whole = true;
    if spool::events(folder).is_err() {
        whole = false;
        found.add(Problem::Chain, EVENTS, None);
    }
    for source in Source::all(folder)? {
        match spool::epochs(folder, source) {
            Err(RecordError::Damaged { path, what }) => {
                whole = false;
                found.add(Problem::Chain, &name(&path), Some(what));
            }
            Err(e) => return Err(e),
            Ok(epochs) => {
                // segments that were released after their proof are not missing: the package lists what it was given
                let damaged = epochs.iter().flat_map(spool::Epoch::damaged).filter(|(path, _)| path.exists());
                for (path, what) in damaged.collect::<Vec<_>>() {
                    found.add(Problem::Chain, &name(&path), segment_of(&name(&path)).or(Some(what)));
                }
            }
        }
    }
    let ledger = folder.join(spool::GAPS);
    if whole && ledger.exists() {
        let said = std::fs::read(&ledger).map_err(RecordError::io(&ledger))?;
        if said != spool::gaps_json(&ledger, &spool::gaps(folder)?)? {
            found.add(Problem::Ledger, spool::GAPS, None);
        }
    }
    Ok(())
}
