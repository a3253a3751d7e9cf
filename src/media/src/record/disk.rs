//! The disk under the spool, behind a trait so that a test can fill it, break it, or pull its plug.
//!
//! Owns: how a file becomes durable. Must never leave a half-written file under its final name, and never remove
//! anything but what `remove` names.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::error::{RecordError, Result};

/// What the recorder needs of a file system.
pub trait Disk: Send + Sync {
    /// Writes a file whole: a temporary neighbour, its data forced to the disk, renamed, the folder forced as well.
    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<()>;
    /// Appends to a file and forces it to the disk. On an error the file is cut back to where it was.
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<()>;
    /// Makes a folder and its parents, durably.
    fn folder(&self, path: &Path) -> Result<()>;
    /// Removes one file.
    fn remove(&self, path: &Path) -> Result<()>;
    /// Bytes in all and bytes still free to us.
    fn space(&self, path: &Path) -> Result<Space>;
}

/// How full a disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Bytes in all.
    pub total: u64,
    /// Bytes an ordinary writer still gets.
    pub free: u64,
}

impl Space {
    /// The part in use, in thousandths.
    pub fn used_permille(&self) -> u32 {
        let used = u128::from(self.total.saturating_sub(self.free)) * 1000;
        used.checked_div(u128::from(self.total)).map_or(1000, |p| u32::try_from(p).unwrap_or(1000))
    }
}

/// The ending of files that are not finished.
pub const TMP: &str = "tmp";

/// The machine's own file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalDisk;

fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|f| f.sync_all()).map_err(RecordError::io(folder))
}

impl Disk for LocalDisk {
    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let tmp = path.with_extension(TMP);
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&tmp)?;
            file.write_all(bytes)?;
            file.sync_data()?;
            fs::rename(&tmp, path)
        };
        write().map_err(|source| {
            let _ = fs::remove_file(&tmp);
            RecordError::Io { path: path.to_owned(), source }
        })?;
        sync_folder(path)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let fresh = !path.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(RecordError::io(path))?;
        let before = file.metadata().map_err(RecordError::io(path))?.len();
        if let Err(source) = file.write_all(bytes).and_then(|()| file.sync_data()) {
            let _ = file.set_len(before);
            return Err(RecordError::Io { path: path.to_owned(), source });
        }
        if fresh { sync_folder(path) } else { Ok(()) }
    }

    fn folder(&self, path: &Path) -> Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.folder(parent)?;
        }
        match fs::create_dir(path) {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(RecordError::io(path)(e)),
            _ => sync_folder(path),
        }
    }

    fn remove(&self, path: &Path) -> Result<()> {
        fs::remove_file(path).map_err(RecordError::io(path))
    }

    fn space(&self, path: &Path) -> Result<Space> {
        let stat = nix::sys::statvfs::statvfs(path).map_err(|e| RecordError::io(path)(e.into()))?;
        let unit = stat.fragment_size();
        // what only root may still use counts as used
        let reserved = stat.blocks_free().saturating_sub(stat.blocks_available());
        Ok(Space { total: stat.blocks().saturating_sub(reserved) * unit, free: stat.blocks_available() * unit })
    }
}
