//! Making the list.
//!
//! Owns: the shape of `package.json`. Same files, same bytes: entries are sorted by path, numbers and digests have one
//! spelling, there is no time and no name of a machine in it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::digest::{BLOCK, Digest, read_blocks};
use super::super::disk::{Disk, TMP};
use super::super::error::{RecordError, Result};
use super::super::place::names;
use super::merkle::{leaf_hash, root_of};
use super::{PACKAGE, SEAL};

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its path under the folder, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
    /// Digests of its blocks of 1 MiB, if it has more than one: so that damage can be placed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Digest>,
}

impl FileEntry {
    /// The leaf: the entry as it stands in the list.
    pub(crate) fn leaf(&self) -> Result<Digest> {
        Ok(leaf_hash(&serde_json::to_vec(self).map_err(|e| RecordError::damaged(Path::new(&self.path), e.to_string()))?))
    }
}

/// The list, and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What the package is of, in the caller's words: `<court>/<hearing>`.
    pub of: String,
    /// The files, sorted by path.
    pub files: Vec<FileEntry>,
    /// The root of the tree: its first leaf is `of`, then the files.
    pub root: [u8; 32],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    lianting_package: u32,
    of: String,
    files: Vec<FileEntry>,
}

/// Signs roots and checks signatures; another part of the house.
pub trait Seal {
    /// Signs a root; the answer is kept beside the list as it is.
    fn sign(&self, root: &[u8; 32]) -> Result<Vec<u8>>;
    /// Is this a signature over that root?
    fn check(&self, root: &[u8; 32], seal: &[u8]) -> bool;
}

impl Package {
    pub(crate) fn new(of: String, files: Vec<FileEntry>) -> Result<Self> {
        let mut leaves = vec![leaf_hash(of.as_bytes())];
        for file in &files {
            leaves.push(file.leaf()?);
        }
        Ok(Self { of, files, root: root_of(&leaves).0 })
    }

    /// The list as bytes: one file a line.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let json = |e: serde_json::Error| RecordError::damaged(Path::new(PACKAGE), e.to_string());
        let of = serde_json::to_string(&self.of).map_err(json)?;
        let lines: Vec<String> = self.files.iter().map(serde_json::to_string).collect::<Result<_, _>>().map_err(json)?;
        Ok(format!("{{\"lianting_package\":1,\"of\":{of},\"files\":[\n{}\n]}}\n", lines.join(",\n")).into_bytes())
    }

    /// Reads a list; one that is not spelled as we spell it is refused, so that no bit of it is free.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let bad = |what: String| RecordError::damaged(Path::new(PACKAGE), what);
        let listed: Listed = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
        let package = Self::new(listed.of, listed.files)?;
        if listed.lianting_package != 1 || package.to_bytes()? != bytes || !package.files.is_sorted_by(|a, b| a.path < b.path) {
            return Err(bad("is not spelled as a package is".into()));
        }
        Ok(package)
    }
}

/// Lists everything under a folder, writes `package.json`, and `package.seal` if there is somebody to sign. What the caller
/// wants in it (transcript, exhibits, events of the room) lies in the folder before.
pub fn build(folder: &Path, of: &str, disk: &dyn Disk, seal: Option<&dyn Seal>) -> Result<Package> {
    let mut files = Vec::new();
    for path in listed(folder)? {
        files.push(entry(folder, path)?);
    }
    let package = Package::new(of.to_owned(), files)?;
    disk.write_new(&folder.join(PACKAGE), &package.to_bytes()?)?;
    if let Some(seal) = seal {
        disk.write_new(&folder.join(SEAL), &seal.sign(&package.root)?)?;
    }
    Ok(package)
}

fn entry(folder: &Path, path: String) -> Result<FileEntry> {
    let file = folder.join(&path);
    let mut blocks = Vec::new();
    read_blocks(&file, |block| blocks.push(Digest::of(block)))?;
    let (sha256, bytes) = Digest::of_file(&file)?;
    if bytes <= BLOCK as u64 {
        blocks.clear();
    }
    Ok(FileEntry { path, bytes, sha256, blocks })
}

/// Paths of all files under a folder, sorted; the list itself, its signature and unfinished files are not in it.
pub(crate) fn listed(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    found.retain(|p| p != PACKAGE && p != SEAL);
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, under: &str, found: &mut Vec<String>) -> Result<()> {
    for name in names(folder)? {
        let path = folder.join(&name);
        let kind = std::fs::symlink_metadata(&path).map_err(RecordError::io(&path))?;
        if kind.is_dir() {
            walk(&path, &format!("{under}{name}/"), found)?;
        } else if !kind.is_file() {
            return Err(RecordError::damaged(&path, "is neither file nor folder"));
        } else if path.extension().is_none_or(|e| e != TMP) {
            found.push(format!("{under}{name}"));
        }
    }
    Ok(())
}
