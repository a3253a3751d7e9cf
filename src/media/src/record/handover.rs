//! A hearing that goes on at another server: its folder is put together from the store, and a folder that another server went
//! on from is set aside, so that nobody writes behind its back.
//!
//! Must never remove a folder: what was not uploaded when a server died lies in it, for whoever wants to look.

use std::path::Path;

use super::bundle::rebuild;
use super::chain::Chain;
use super::disk::Disk;
use super::error::{RecordError, Result};
use super::place::{self, Place};
use super::store::Store;
use super::sweep::sweep_one;
use super::time::Clock;
use super::upload::Uploaded;

/// Fetches a hearing that another server recorded before, closes what was open, and keeps the book of what is in the store. An
/// own folder of it is set aside. Tells how many bundles there were; with none, nothing was changed.
pub fn take_over(spool: &Path, place: &Place, store: &dyn Store, disk: &dyn Disk, clock: &dyn Clock) -> Result<u32> {
    let folder = place.folder(spool);
    let arriving = folder.with_extension("arriving");
    if arriving.exists() {
        std::fs::remove_dir_all(&arriving).map_err(RecordError::io(&arriving))?;
    }
    let book: Vec<Uploaded> = rebuild(store, &place.key(), &arriving, disk)?;
    if book.is_empty() {
        return Ok(0);
    }
    let (mut chain, _) = Chain::open::<Uploaded>(arriving.join(place::UPLOADED))?;
    for line in &book {
        chain.append(disk, line)?;
    }
    set_aside(spool, place)?;
    std::fs::rename(&arriving, &folder).map_err(RecordError::io(&folder))?;
    sweep_one(spool, place, disk, clock)?;
    Ok(book.len() as u32)
}

/// Sets a hearing's folder aside: neither swept nor uploaded any more. Nothing happens when there is none.
pub fn set_aside(spool: &Path, place: &Place) -> Result<()> {
    let folder = place.folder(spool);
    if !folder.exists() {
        return Ok(());
    }
    let free = (1_u32..).map(|n| folder.with_extension(format!("aside-{n}"))).find(|p| !p.exists());
    let Some(aside) = free else { return Ok(()) };
    std::fs::rename(&folder, &aside).map_err(RecordError::io(&folder))
}
