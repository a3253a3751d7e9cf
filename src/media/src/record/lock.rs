//! One server to a spool.
//!
//! Owns the lock: a file in the spool that the kernel holds for this process and lets go when it ends, however it ends. Two
//! recorders in one folder would sweep each other's open hearings and write one list twice. Must never be taken by waiting.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use super::error::{RecordError, Result};

/// The file that is locked. No court has such a name: it is no folder.
const LOCK: &str = "lock";

/// The spool is ours while this lives.
#[derive(Debug)]
pub struct SpoolLock {
    _file: File,
}

impl SpoolLock {
    /// Takes a spool; makes the folder if it is not there.
    ///
    /// # Errors
    /// [`RecordError::Taken`] with the process that has it, or what the disk says.
    pub fn take(spool: &Path) -> Result<Self> {
        std::fs::create_dir_all(spool).map_err(RecordError::io(spool))?;
        let path = spool.join(LOCK);
        // what stands in it is only for people: it is not cut off before the lock is ours
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(&path).map_err(RecordError::io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RecordError::Taken { path: spool.to_owned(), process: holder(&mut file) }),
            Err(TryLockError::Error(e)) => return Err(RecordError::io(&path)(e)),
        }
        let own = format!("{}\n", std::process::id());
        file.set_len(0).and_then(|()| file.write_all(own.as_bytes())).map_err(RecordError::io(&path))?;
        Ok(Self { _file: file })
    }
}

/// Who wrote itself into the file last, for the words of the refusal.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(20).read_to_string(&mut text);
    text.truncate(text.trim_end().len());
    if read.is_err() || text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) { "?".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_until_it_lets_go() {
        let spool = tempfile::tempdir().unwrap();
        let folder = spool.path().join("deep/spool");
        let held = SpoolLock::take(&folder).unwrap();
        let refused = SpoolLock::take(&folder).unwrap_err();
        assert_eq!(refused.code(), "record.spool_taken");
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
        let again = SpoolLock::take(&folder).unwrap();
        // it is no court, and no hearing lies in it
        assert!(super::super::place::Place::all(&folder).unwrap().is_empty());
        drop(again);
    }
}
