//! What a party brings to its case: files of its own, copied to the court's part of the store before the transaction that
//! names them. Owns no table; a copy that is never named is swept by the store's own rule.

use uuid::Uuid;

use super::file::{self, NewLeaf};
use crate::app::App;
use crate::court::caller::Caller;
use crate::court::tx::CourtTx;
use crate::error::Result;
use crate::evidence::store::{self, FileRow};

/// A file on its way into a case.
pub struct Brought {
    row: FileRow,
    key: String,
}

/// Copies one's own files to the court. No transaction is open meanwhile.
///
/// # Errors
/// 404 for another's file; 503 when the store does not answer.
pub async fn bring(app: &App, caller: &Caller, court: i32, files: &[Uuid]) -> Result<Vec<Brought>> {
    let mut mine = app.door.mine(caller, "case_file:bring").await?;
    let mut rows = Vec::with_capacity(files.len());
    for file in files {
        rows.push(store::file(&mut mine, *file).await?);
    }
    drop(mine);
    let keys = store::move_to_court(app, court, &rows).await?;
    Ok(rows.into_iter().zip(keys).map(|(row, key)| Brought { row, key }).collect())
}

/// Where they lie in the file, and as what.
pub struct Lies<'a> {
    /// Folder of the 正卷.
    pub folder: i32,
    /// Title.
    pub title: &'a str,
    /// Class.
    pub class: &'a str,
    /// Whose.
    pub maker: &'a str,
    /// For the court alone: what it says of its owner is not for the other side.
    pub staff_only: bool,
}

/// Puts what was brought into the file; answers the leaves.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &mut CourtTx, case: Uuid, brought: &[Brought], lies: &Lies<'_>) -> Result<Vec<Uuid>> {
    let leaves: Vec<NewLeaf<'_>> = brought
        .iter()
        .map(|b| {
            let r = &b.row;
            let leaf =
                NewLeaf::object(lies.folder, lies.title, lies.class, lies.maker, &r.media_type, r.size, r.pages, &r.sha256, &r.sm3, &b.key);
            if lies.staff_only { leaf.for_staff() } else { leaf }
        })
        .collect();
    if leaves.is_empty() { Ok(Vec::new()) } else { file::add_all(tx, case, &leaves).await }
}
