//! Keeping things on disk. Owns writing a file whole or not at all; must never be asked to keep what matters.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file that only its owner reads, whole or not at all.
pub fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let half = file.with_extension("half");
    let mut out = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    out.write_all(bytes)?;
    out.flush()?;
    fs::rename(half, file)
}
