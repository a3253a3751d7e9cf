//! The end of an upload: parts become an object, the object is looked into, and it is a file or it is not.
//!
//! Owns the verdict. The steps may be repeated after a crash: joining parts that are joined, or finishing
//! what is finished, answers the same. Must never leave an unchecked object to be served.

use serde_json::json;
use uuid::Uuid;

use super::inspect::{COMPOUND, MOST_BYTES, Report, ZIP};
use super::kinds::{self, Kind, Look};
use super::sniff::{self, Step};
use super::store::{self, FileRow, UploadRow};
use super::types::{DraftFile, FileState, FileWarning};
use super::{again, checker, parts, refusal};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::court::rules::CourtRules;
use crate::error::{Error, Problem, Result, said};
use crate::evidence::digests::Digests;

/// What was decided about a file.
enum Verdict {
    Accepted { kind: &'static Kind, pages: Option<i32>, warnings: Vec<FileWarning> },
    HeldBack { media: &'static str },
    Refused(Error),
}

/// Completes an upload; repeated, it answers the same file.
///
/// # Errors
/// 409 while parts are missing or it runs elsewhere; 422 with the reason when the file is refused.
pub async fn complete(app: &App, caller: &Caller, upload: Uuid) -> Result<DraftFile> {
    parts::carry(app, caller).await?;
    let mut tx = app.door.mine(caller, "upload:complete").await?;
    let row = store::upload(&mut tx, upload).await?;
    if row.state == "completed" {
        return answer(store::file(&mut tx, upload).await?);
    }
    if row.parts_done != row.parts() {
        return Err(incomplete(row.parts_done + 1));
    }
    let accepted = accepted_kinds(app, &mut tx, &row).await?;
    let token = tx.id();
    if !store::take_lease(&mut tx, &row, token).await? {
        return Err(parts::running(5));
    }
    tx.close().await?;
    // a task of its own: a page that is closed meanwhile still finds its file
    let (app, caller) = (app.clone(), caller.clone());
    tokio::spawn(async move {
        let done = parts::under_lease(&app, &caller, upload, token, finish(&app, &caller, &row, token, &accepted)).await;
        if done.is_err() {
            let _ = parts::let_go(&app, &caller, upload, token).await;
        }
        done.and_then(answer)
    })
    .await
    .map_err(Error::internal)?
}

/// A refused file is an answer of its own kind, the first time and every other.
fn answer(file: FileRow) -> Result<DraftFile> {
    let file: DraftFile = file.into();
    match &file.problem {
        Some(problem) if file.state == FileState::Rejected => Err(refusal::again(problem)),
        _ => Ok(file),
    }
}

fn incomplete(next: i32) -> Error {
    Error::conflict(
        "upload.incomplete",
        said(format!("文件还没有传完，该传第 {next} 段了。"), format!("The file is not complete; part {next} is the next one.")),
        said("请接着传完再确认。", "Send the rest first."),
    )
    .at(format!("/parts/{next}"))
}

/// The kinds of file the draft's court takes.
///
/// # Errors
/// What the database says.
pub(super) async fn accepted_kinds(app: &App, tx: &mut crate::court::tx::PersonTx, row: &UploadRow) -> Result<Vec<&'static Kind>> {
    let court = match row.draft_id {
        Some(draft) => store::court_of_draft(tx, draft).await?,
        None => None,
    };
    let types = court.map(|c| CourtRules::on(&app.door.registry, c, beijing_date(app.now())).list("upload_allowed_types"));
    Ok(refusal::accepted(&types.unwrap_or_default()))
}

/// A verdict as it is written down.
pub(super) struct Decided {
    /// accepted, quarantined or rejected.
    pub state: FileState,
    /// Media type.
    pub media_type: &'static str,
    /// Pages, where they can be counted.
    pub pages: Option<i32>,
    /// Why not.
    pub problem: Option<Problem>,
    /// What its owner should know.
    pub warnings: Vec<FileWarning>,
}

impl From<Verdict> for Decided {
    fn from(verdict: Verdict) -> Self {
        let bare = |state, media_type, problem| Self { state, media_type, pages: None, problem: Some(problem), warnings: vec![] };
        match verdict {
            Verdict::Accepted { kind, pages, warnings } => {
                Self { state: FileState::Accepted, media_type: kind.media, pages, problem: None, warnings }
            }
            Verdict::HeldBack { media } => bare(FileState::Quarantined, media, refusal::quarantined().problem()),
            Verdict::Refused(error) => bare(FileState::Rejected, "application/octet-stream", error.problem()),
        }
    }
}

/// Decides anew about an object that is whole.
///
/// # Errors
/// 503 when the store does not answer.
pub(super) async fn decide(app: &App, row: &UploadRow, accepted: &[&'static Kind]) -> Result<Decided> {
    let head = row.head.as_deref().unwrap_or_default();
    let verdict = match sniff::decide(&row.name, head, accepted) {
        Err(refusal) => Verdict::Refused(refusal),
        Ok(step) => weigh(app, row, step, accepted).await?,
    };
    Ok(verdict.into())
}

async fn finish(app: &App, caller: &Caller, row: &UploadRow, token: Uuid, accepted: &[&'static Kind]) -> Result<FileRow> {
    let head = row.head.as_deref().unwrap_or_default();
    let verdict = match sniff::decide(&row.name, head, accepted) {
        Err(refusal) => {
            // by its first bytes alone: not worth joining
            let _ = app.blob.drop_parts(&row.object_key, &row.store_upload).await;
            Verdict::Refused(refusal)
        }
        Ok(step) => {
            join(app, row).await?;
            weigh(app, row, step, accepted).await?
        }
    };
    if matches!(verdict, Verdict::Refused(_)) {
        app.blob.delete(&row.object_key).await?;
    }
    write_file(app, caller, row, token, verdict.into()).await
}

/// Joins the parts unless an earlier try did, and holds the result to the promised size.
async fn join(app: &App, row: &UploadRow) -> Result<()> {
    if app.blob.size(&row.object_key).await? == Some(row.size) {
        return Ok(());
    }
    app.blob.finish_parts(&row.object_key, &row.store_upload, &row.etags).await?;
    match app.blob.size(&row.object_key).await? {
        Some(size) if size == row.size => Ok(()),
        found => Err(Error::internal(format!("joined object has {found:?} bytes of {}", row.size))),
    }
}

async fn weigh(app: &App, row: &UploadRow, step: Step, accepted: &[&'static Kind]) -> Result<Verdict> {
    let (ask, expected) = match step {
        Step::Accept(kind) => return Ok(accept(row, kind, Report::default())),
        Step::Examine(kind) => (kind.media, Some(kind)),
        Step::Open(Look::Compound) => (COMPOUND, None),
        Step::Open(_) => (ZIP, None),
    };
    if row.size.unsigned_abs() > MOST_BYTES {
        return Ok(refused_or_held(&Report::fault("too_large_to_read"), ask));
    }
    let Some(report) = checker::examine(app, &row.object_key, ask).await? else { return Ok(Verdict::HeldBack { media: ask }) };
    if report.fault.is_some() {
        return Ok(refused_or_held(&report, ask));
    }
    let Some(kind) = expected.or_else(|| report.media_type.as_deref().and_then(kinds::of_media)) else {
        return Ok(Verdict::HeldBack { media: ask });
    };
    Ok(match sniff::fits(&row.name, kind, accepted) {
        Ok(()) => accept(row, kind, report),
        Err(refusal) => Verdict::Refused(refusal),
    })
}

fn refused_or_held(report: &Report, media: &'static str) -> Verdict {
    let fault = report.fault.as_ref().and_then(|f| refusal::of_fault(&f.code, f.n));
    fault.map_or(Verdict::HeldBack { media }, Verdict::Refused)
}

fn accept(row: &UploadRow, kind: &'static Kind, report: Report) -> Verdict {
    let mut warnings: Vec<_> = report.warnings.iter().filter_map(|code| refusal::warning(code)).collect();
    if sniff::ending_differs(&row.name, kind) {
        warnings.extend(refusal::warning("name.ending"));
    }
    Verdict::Accepted { kind, pages: report.pages, warnings }
}

async fn write_file(app: &App, caller: &Caller, row: &UploadRow, token: Uuid, decided: Decided) -> Result<FileRow> {
    let digests = Digests::resume(row.sha256_state.as_deref(), row.sm3_state.as_deref());
    let (sha256, sm3) = digests.ok_or_else(|| Error::internal("digest state cannot be read"))?.finish();
    let mut tx = app.door.mine(caller, "upload:complete").await?;
    if !store::close_upload(&mut tx, row.upload_id, Some(token), "completed").await? {
        return Err(parts::running(5));
    }
    let file = FileRow {
        person_id: caller.person(),
        file_id: row.upload_id,
        draft_id: row.draft_id,
        name: row.name.clone(),
        size: row.size,
        media_type: decided.media_type.to_owned(),
        sha256,
        sm3,
        pages: decided.pages,
        state: decided.state,
        problem: decided.problem.map(serde_json::to_value).transpose()?,
        warnings: (!decided.warnings.is_empty()).then(|| serde_json::to_value(decided.warnings)).transpose()?,
        object_key: row.object_key.clone(),
        created_at: tx.now(),
    };
    store::insert_file(&mut tx, &file).await?;
    if decided.state == FileState::Quarantined {
        again::leave(&mut tx, row.upload_id, 0)?;
    }
    tx.commit(row.upload_id, json!({ "state": decided.state, "sha256": file.sha256, "bytes": file.size })).await?;
    Ok(file)
}
