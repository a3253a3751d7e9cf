//! The store behind the spool, as a trait: put what is not there, tell what is there, give it back.
//!
//! Owns: the trait and a store in a folder (a second disk, a mounted share). Must never replace an object: whoever
//! implements it maps `put_if_absent` to a conditional write with a checksum and an object lock.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::disk::{Disk, LocalDisk};
use super::error::{RecordError, Result};

/// What is put.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Bytes in memory.
    Bytes(&'a [u8]),
    /// A file, of any size.
    File(&'a Path),
}

/// What a store knows of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Length.
    pub bytes: u64,
    /// Digest, as the store checked it on receipt.
    pub sha256: Digest,
    /// Nobody can remove it before this UTC time, in seconds since 1970.
    pub retain_until: i64,
}

/// What became of a put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is there now.
    Created,
    /// There was something under that key; it was left alone.
    Exists,
}

/// A place for objects that are written once.
pub trait Store: Send + Sync {
    /// Writes an object unless the key is taken; the store checks the digest and locks the object.
    fn put_if_absent(&self, key: &str, body: Body<'_>, sha256: Digest, retain_until: i64) -> Result<Put>;
    /// What lies under a key.
    fn head(&self, key: &str) -> Result<Option<Head>>;
    /// The bytes under a key.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>>;
}

/// A store in a folder of another disk. Its lock is a file's read-only bit beside a written promise: it keeps an honest
/// program from mistakes, not an administrator from mischief; a store with a real object lock is for that.
#[derive(Clone, Debug)]
pub struct FolderStore {
    root: PathBuf,
}

impl FolderStore {
    /// A store under a folder, which is made if it is not there.
    pub fn new(root: PathBuf) -> Result<Self> {
        LocalDisk.folder(&root)?;
        Ok(Self { root })
    }

    fn path(&self, key: &str) -> Result<PathBuf> {
        let fit = |part: &str| {
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        if key.len() > 512 || !key.split('/').all(fit) {
            return Err(RecordError::Refused("record.store_key"));
        }
        Ok(self.root.join(key))
    }

    fn beside(path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push("~head");
        name.into()
    }
}

impl Store for FolderStore {
    fn put_if_absent(&self, key: &str, body: Body<'_>, sha256: Digest, retain_until: i64) -> Result<Put> {
        let path = self.path(key)?;
        if self.head(key)?.is_some() {
            return Ok(Put::Exists);
        }
        if let Some(folder) = path.parent() {
            LocalDisk.folder(folder)?;
        }
        let arriving = path.with_extension("arriving");
        match body {
            Body::Bytes(bytes) => fs::write(&arriving, bytes),
            Body::File(file) => fs::copy(file, &arriving).map(|_| ()),
        }
        .map_err(RecordError::io(&arriving))?;
        let (digest, bytes) = Digest::of_file(&arriving)?;
        if digest != sha256 {
            LocalDisk.remove(&arriving)?;
            return Err(RecordError::Store(format!("{key}: the digest differs")));
        }
        fs::File::open(&arriving).and_then(|f| f.sync_all()).map_err(RecordError::io(&arriving))?;
        let linked = fs::hard_link(&arriving, &path);
        LocalDisk.remove(&arriving)?;
        match linked {
            // left by a writer that died before it wrote the head: nobody was told that it is there
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists && Digest::of_file(&path)? == (sha256, bytes) => {}
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => return Ok(Put::Exists),
            other => other.map_err(RecordError::io(&path))?,
        }
        let mut mode = fs::metadata(&path).map_err(RecordError::io(&path))?.permissions();
        mode.set_readonly(true);
        fs::set_permissions(&path, mode).map_err(RecordError::io(&path))?;
        let head = serde_json::to_vec(&Head { bytes, sha256, retain_until }).map_err(|e| RecordError::Store(e.to_string()))?;
        LocalDisk.write_new(&Self::beside(&path), &head)?;
        Ok(Put::Created)
    }

    fn head(&self, key: &str) -> Result<Option<Head>> {
        let path = self.path(key)?;
        let said = match fs::read(Self::beside(&path)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(RecordError::io(&path))?,
        };
        let head: Head = serde_json::from_slice(&said).map_err(|e| RecordError::damaged(&path, e.to_string()))?;
        // not what was said on receipt, but what lies there now
        let (sha256, bytes) = Digest::of_file(&path)?;
        Ok(Some(Head { bytes, sha256, ..head }))
    }

    fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let path = self.path(key)?;
        match fs::read(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            other => other.map(Some).map_err(RecordError::io(&path)),
        }
    }
}
