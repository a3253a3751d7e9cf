//! 待查文件: a file the examiner did not come through with is looked at again, by itself, a few times.
//!
//! Owns the rhythm and the second verdict. A file that was held back because a child crashed or the machine was full is
//! released without its owner doing anything; one that stays unreadable stays held back, and its owner may replace it.
//! Must never touch a file that was decided, sent or removed meanwhile.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::finish::{self, Decided};
use super::store;
use super::types::FileState;
use crate::app::App;
use crate::court::tx::PersonTx;
use crate::error::Result;
use crate::work::Outcome;

/// Topic of the step.
pub const AGAIN: &str = "upload.again";
/// When it is looked at again, after each failure.
const RHYTHM: [TimeDelta; 4] = [TimeDelta::minutes(1), TimeDelta::minutes(10), TimeDelta::hours(1), TimeDelta::hours(24)];

/// What is to be looked at.
#[derive(Debug, Serialize, Deserialize)]
pub struct Again {
    person: Uuid,
    upload: Uuid,
    tries: usize,
}

/// Leaves the step behind with the verdict that held the file back.
///
/// # Errors
/// When the event cannot be written down.
pub fn leave(tx: &mut PersonTx, upload: Uuid, tries: usize) -> Result<()> {
    let Some(pause) = RHYTHM.get(tries) else { return Ok(()) };
    let (person, at) = (tx.person, tx.now() + *pause);
    tx.tell_later(AGAIN, &Again { person, upload, tries }, at)
}

/// Looks again.
///
/// # Errors
/// When the database or the store does not answer; tried again.
pub async fn look(app: &App, again: &Again) -> Result<Outcome> {
    let mut tx = app.door.as_person(again.person, "upload:again", "job".into()).await?;
    let held = |state: FileState| state == FileState::Quarantined;
    let file = store::file(&mut tx, again.upload).await;
    if !file.is_ok_and(|f| held(f.state)) {
        return Ok(Outcome::Done);
    }
    let row = store::upload(&mut tx, again.upload).await?;
    let accepted = finish::accepted_kinds(app, &mut tx, &row).await?;
    drop(tx); // no transaction is held while the examiner works
    let decided = finish::decide(app, &row, &accepted).await?;
    let mut tx = app.door.as_person(again.person, "upload:again", "job".into()).await?;
    if held(decided.state) {
        leave(&mut tx, again.upload, again.tries + 1)?;
        tx.commit(again.upload, json!({ "tries": again.tries + 1 })).await?;
        return Ok(Outcome::Done);
    }
    if write(&mut tx, again.upload, &decided).await? {
        tx.commit(again.upload, json!({ "state": decided.state })).await?;
        if decided.state == FileState::Rejected {
            app.blob.delete(&row.object_key).await?;
        }
    }
    Ok(Outcome::Done)
}

/// Writes the second verdict; false when the file was decided or removed meanwhile.
async fn write(tx: &mut PersonTx, file: Uuid, decided: &Decided) -> Result<bool> {
    let person = tx.person;
    let changed = sqlx::query(
        "update draft_files set state = $3, media_type = $4, pages = $5, problem = $6, warnings = $7
         where person_id = $1 and file_id = $2 and state = 'quarantined' and removed_at is null",
    )
    .bind(person)
    .bind(file)
    .bind(decided.state.key())
    .bind(decided.media_type)
    .bind(decided.pages)
    .bind(decided.problem.as_ref().map(serde_json::to_value).transpose()?)
    .bind((!decided.warnings.is_empty()).then(|| serde_json::to_value(&decided.warnings)).transpose()?)
    .execute(tx.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}
