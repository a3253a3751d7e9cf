//! The SQL of uploads and of files not yet sent, and the objects' way to a court.
//! Owns the rows of `uploads` and `draft_files`; each statement filters by person beside row security.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{FromRow, Row};
use uuid::Uuid;

use super::types::{DraftFile, FileState, FileWarning, Upload};
use crate::app::App;
use crate::court::tx::PersonTx;
use crate::error::{Error, Problem, Result, said};

/// Bytes of a part: small enough to repeat over a bad line, large enough for any S3 (5 MiB at least).
pub const PART_BYTES: i64 = 8 << 20;
/// How long a claimed part or completion is ours without a sign of life.
pub const LEASE: TimeDelta = TimeDelta::seconds(90);

/// A file not yet sent.
#[derive(Debug, Clone, FromRow)]
pub struct FileRow {
    /// Person.
    pub person_id: Uuid,
    /// Id.
    pub file_id: Uuid,
    /// The draft it was uploaded for; none for court people's own uploads.
    pub draft_id: Option<Uuid>,
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type, by content.
    pub media_type: String,
    /// SHA-256, hex.
    pub sha256: String,
    /// SM3, hex.
    pub sm3: String,
    /// Pages.
    pub pages: Option<i32>,
    /// accepted, quarantined or rejected.
    pub state: FileState,
    /// What is wrong.
    pub problem: Option<serde_json::Value>,
    /// What is worth a word.
    pub warnings: Option<serde_json::Value>,
    /// Its object.
    pub object_key: String,
    /// When it was complete.
    pub created_at: DateTime<Utc>,
}

impl FileRow {
    /// Checked and free to be sent.
    pub fn is_accepted(&self) -> bool {
        self.state == FileState::Accepted
    }
}

impl From<FileRow> for DraftFile {
    fn from(row: FileRow) -> Self {
        let read = |value: Option<serde_json::Value>| value.and_then(|v| serde_json::from_value::<Vec<FileWarning>>(v).ok());
        Self {
            id: row.file_id,
            name: row.name,
            size: row.size,
            media_type: row.media_type,
            sha256: row.sha256,
            sm3: row.sm3,
            pages: row.pages,
            state: row.state,
            problem: row.problem.and_then(|v| serde_json::from_value::<Problem>(v).ok()),
            warnings: read(row.warnings).filter(|w| !w.is_empty()),
            created_at: row.created_at,
        }
    }
}

/// A running upload.
#[derive(Debug, Clone, FromRow)]
pub struct UploadRow {
    /// Id; the file's id later.
    pub upload_id: Uuid,
    /// Its draft.
    pub draft_id: Option<Uuid>,
    /// Name.
    pub name: String,
    /// Bytes of the whole.
    pub size: i64,
    /// Its object.
    pub object_key: String,
    /// The store's multipart id.
    pub store_upload: String,
    /// Parts that are there.
    pub parts_done: i32,
    /// What the store called each part.
    pub etags: Vec<String>,
    /// SHA-256 so far.
    pub sha256_state: Option<Vec<u8>>,
    /// SM3 so far.
    pub sm3_state: Option<Vec<u8>>,
    /// First bytes.
    pub head: Option<Vec<u8>>,
    /// open, completed or aborted.
    pub state: String,
    /// Until when somebody works on it.
    pub lease_until: Option<DateTime<Utc>>,
    /// Last sign of life.
    pub updated_at: DateTime<Utc>,
}

impl UploadRow {
    /// Number of parts of the whole.
    pub fn parts(&self) -> i32 {
        parts_of(self.size)
    }

    /// Bytes of part n.
    pub fn part_length(&self, n: i32) -> i64 {
        (self.size - PART_BYTES * i64::from(n - 1)).clamp(0, PART_BYTES)
    }
}

impl From<UploadRow> for Upload {
    fn from(row: UploadRow) -> Self {
        Self {
            id: row.upload_id,
            parts: row.parts(),
            name: row.name,
            size: row.size,
            part_bytes: PART_BYTES as i32,
            received: (1..=row.parts_done).collect(),
        }
    }
}

fn parts_of(size: i64) -> i32 {
    i32::try_from((size + PART_BYTES - 1) / PART_BYTES).unwrap_or(i32::MAX)
}

/// The court of one's own unsent draft (none while it has no court).
///
/// # Errors
/// 404 when there is no such draft of this person.
pub async fn court_of_draft(tx: &mut PersonTx, draft: Uuid) -> Result<Option<i32>> {
    let row = sqlx::query("select court_id from drafts where person_id = $1 and draft_id = $2 and sent_at is null")
        .bind(tx.person)
        .bind(draft)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.ok_or_else(Error::not_found)?.get("court_id"))
}

/// The unfinished upload of the same file, when there is one.
pub async fn same_upload(
    tx: &mut PersonTx,
    draft: Option<Uuid>,
    name: &str,
    size: i64,
    last_modified: Option<i64>,
) -> Result<Option<UploadRow>> {
    let found = sqlx::query_as(
        "select upload_id, draft_id, name, size, object_key, store_upload, parts_done, etags, sha256_state, sm3_state, head, state, lease_until, updated_at
         from uploads where person_id = $1 and draft_id is not distinct from $2 and name = $3 and size = $4
         and coalesce(last_modified, 0) = coalesce($5, 0) and state = 'open'",
    )
    .bind(tx.person)
    .bind(draft)
    .bind(name)
    .bind(size)
    .bind(last_modified)
    .fetch_optional(tx.conn())
    .await?;
    Ok(found)
}

/// One's own upload, locked until the transaction ends.
///
/// # Errors
/// 404 when there is none.
pub async fn upload(tx: &mut PersonTx, upload: Uuid) -> Result<UploadRow> {
    sqlx::query_as(
        "select upload_id, draft_id, name, size, object_key, store_upload, parts_done, etags, sha256_state, sm3_state, head, state, lease_until, updated_at
         from uploads where person_id = $1 and upload_id = $2 and state <> 'aborted' for update",
    )
    .bind(tx.person)
    .bind(upload)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

/// What a person already holds: open uploads, files of this draft, bytes stored and promised.
pub struct Holdings {
    /// Open uploads.
    pub open: i64,
    /// Files and open uploads of the draft.
    pub files: i64,
    /// Bytes.
    pub bytes: i64,
}

/// Counts what a person holds.
pub async fn holdings(tx: &mut PersonTx, draft: Option<Uuid>) -> Result<Holdings> {
    let row = sqlx::query(
        "with u as (select count(*) as n, count(*) filter (where draft_id is not distinct from $2) as here, coalesce(sum(size), 0)::bigint as bytes
                    from uploads where person_id = $1 and state = 'open'),
              f as (select count(*) filter (where draft_id is not distinct from $2) as here, coalesce(sum(size), 0)::bigint as bytes
                    from draft_files where person_id = $1 and removed_at is null and state <> 'rejected')
         select u.n as open, u.here + f.here as files, u.bytes + f.bytes as bytes from u, f",
    )
    .bind(tx.person)
    .bind(draft)
    .fetch_one(tx.conn())
    .await?;
    Ok(Holdings { open: row.get("open"), files: row.get("files"), bytes: row.get("bytes") })
}

/// A new upload's values.
pub struct NewRow<'a> {
    /// Id.
    pub upload: Uuid,
    /// Draft.
    pub draft: Option<Uuid>,
    /// Name.
    pub name: &'a str,
    /// Bytes.
    pub size: i64,
    /// The file's own time.
    pub last_modified: Option<i64>,
    /// Object.
    pub object_key: &'a str,
    /// The store's id.
    pub store_upload: &'a str,
}

/// Writes a new upload down; false when the same one was begun a moment ago.
pub async fn insert_upload(tx: &mut PersonTx, new: &NewRow<'_>) -> Result<bool> {
    let now = tx.now();
    let done = sqlx::query(
        "insert into uploads (person_id, upload_id, draft_id, name, size, last_modified, part_bytes, object_key, store_upload, state, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $10) on conflict do nothing",
    )
    .bind(tx.person)
    .bind(new.upload)
    .bind(new.draft)
    .bind(new.name)
    .bind(new.size)
    .bind(new.last_modified)
    .bind(PART_BYTES as i32)
    .bind(new.object_key)
    .bind(new.store_upload)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the lease of an upload (its row is locked by `upload`); false when somebody has it.
pub async fn take_lease(tx: &mut PersonTx, row: &UploadRow, token: Uuid) -> Result<bool> {
    let now = tx.now();
    if row.lease_until.is_some_and(|until| until > now) {
        return Ok(false);
    }
    // a lease lost in a crash is a lease let go: this commit need not wait for the disk
    sqlx::query("set local synchronous_commit = off").execute(tx.conn()).await?;
    sqlx::query("update uploads set lease_token = $3, lease_until = $4, updated_at = $5 where person_id = $1 and upload_id = $2")
        .bind(tx.person)
        .bind(row.upload_id)
        .bind(token)
        .bind(now + LEASE)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(true)
}

/// Keeps a lease alive, or lets it go with `None`.
pub async fn keep_lease(tx: &mut PersonTx, upload: Uuid, token: Uuid, until: Option<DateTime<Utc>>) -> Result<()> {
    let now = tx.now();
    sqlx::query("update uploads set lease_until = $4, updated_at = $5 where person_id = $1 and upload_id = $2 and lease_token = $3")
        .bind(tx.person)
        .bind(upload)
        .bind(token)
        .bind(until)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A part that arrived.
pub struct Part {
    /// Its number.
    pub n: i32,
    /// Bytes.
    pub length: i64,
    /// What the store called it.
    pub etag: String,
    /// SHA-256 so far.
    pub sha256_state: Vec<u8>,
    /// SM3 so far.
    pub sm3_state: Vec<u8>,
    /// First bytes, with part 1.
    pub head: Option<Vec<u8>>,
}

/// Writes a part down; false when the lease was lost or the upload is no longer open.
pub async fn add_part(tx: &mut PersonTx, upload: Uuid, token: Uuid, part: &Part) -> Result<bool> {
    let now = tx.now();
    // the database losing its last moment to a power cut costs a part sent again, never a wrong byte
    sqlx::query("set local synchronous_commit = off").execute(tx.conn()).await?;
    let done = sqlx::query(
        "update uploads set parts_done = $4, bytes_done = bytes_done + $5, etags = array_append(etags, $6), sha256_state = $7, sm3_state = $8,
         head = coalesce($9, head), lease_token = null, lease_until = null, updated_at = $10
         where person_id = $1 and upload_id = $2 and lease_token = $3 and parts_done = $4 - 1 and state = 'open'",
    )
    .bind(tx.person)
    .bind(upload)
    .bind(token)
    .bind(part.n)
    .bind(part.length)
    .bind(&part.etag)
    .bind(&part.sha256_state)
    .bind(&part.sm3_state)
    .bind(&part.head)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an open upload; false when it was not open (or, with a token, the lease was lost).
pub async fn close_upload(tx: &mut PersonTx, upload: Uuid, token: Option<Uuid>, state: &str) -> Result<bool> {
    let now = tx.now();
    let done = sqlx::query(
        "update uploads set state = $4, lease_token = null, lease_until = null, sha256_state = null, sm3_state = null, updated_at = $5
         where person_id = $1 and upload_id = $2 and state = 'open' and ($3::uuid is null or lease_token = $3)",
    )
    .bind(tx.person)
    .bind(upload)
    .bind(token)
    .bind(state)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a finished file down.
pub async fn insert_file(tx: &mut PersonTx, file: &FileRow) -> Result<()> {
    sqlx::query(
        "insert into draft_files (person_id, file_id, draft_id, name, size, media_type, sha256, sm3, pages, state, problem, warnings, object_key, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(tx.person)
    .bind(file.file_id)
    .bind(file.draft_id)
    .bind(&file.name)
    .bind(file.size)
    .bind(&file.media_type)
    .bind(&file.sha256)
    .bind(&file.sm3)
    .bind(file.pages)
    .bind(file.state.key())
    .bind(&file.problem)
    .bind(&file.warnings)
    .bind(&file.object_key)
    .bind(file.created_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One's own file that was not removed.
///
/// # Errors
/// 404 when there is none.
pub async fn file(tx: &mut PersonTx, file: Uuid) -> Result<FileRow> {
    sqlx::query_as(
        "select person_id, file_id, draft_id, name, size, media_type, sha256, sm3, pages, state, problem, warnings, object_key, created_at
         from draft_files where person_id = $1 and file_id = $2 and removed_at is null",
    )
    .bind(tx.person)
    .bind(file)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)
}

/// The files of a draft in the order they came: accepted ones and those held back. A refused file was
/// told to the person when it was refused; its row is kept, not shown.
pub async fn files_of_draft(tx: &mut PersonTx, draft: Uuid) -> Result<Vec<FileRow>> {
    let rows = sqlx::query_as(
        "select person_id, file_id, draft_id, name, size, media_type, sha256, sm3, pages, state, problem, warnings, object_key, created_at
         from draft_files where person_id = $1 and draft_id = $2 and removed_at is null and state <> 'rejected' order by file_id limit 500",
    )
    .bind(tx.person)
    .bind(draft)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows)
}

/// Takes a file out of a draft; answers its object's key unless another live file still uses it.
///
/// # Errors
/// 404 when it is not there.
pub async fn remove_file(tx: &mut PersonTx, draft: Uuid, file: Uuid) -> Result<Option<String>> {
    let now = tx.now();
    let row = sqlx::query(
        "update draft_files f set removed_at = $4 where person_id = $1 and draft_id = $2 and file_id = $3 and removed_at is null
         returning object_key, exists (select from draft_files o where o.person_id = $1 and o.object_key = f.object_key and o.file_id <> $3 and o.removed_at is null) as shared",
    )
    .bind(tx.person)
    .bind(draft)
    .bind(file)
    .bind(now)
    .fetch_optional(tx.conn())
    .await?
    .ok_or_else(Error::not_found)?;
    Ok((!row.get::<bool, _>("shared")).then(|| row.get("object_key")))
}

/// Takes every file out of a draft that is being deleted; give the keys to `forget_objects` after the commit.
pub async fn remove_files_of_draft(tx: &mut PersonTx, draft: Uuid) -> Result<Vec<String>> {
    let now = tx.now();
    sqlx::query("update uploads set state = 'aborted', updated_at = $3 where person_id = $1 and draft_id = $2 and state = 'open'")
        .bind(tx.person)
        .bind(draft)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let rows = sqlx::query(
        "update draft_files f set removed_at = $3 where person_id = $1 and draft_id = $2 and removed_at is null and state <> 'rejected'
         and not exists (select from draft_files o where o.person_id = $1 and o.object_key = f.object_key and o.draft_id is distinct from $2 and o.removed_at is null)
         returning object_key",
    )
    .bind(tx.person)
    .bind(draft)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.get("object_key")).collect())
}

/// Lends the files of a filing to the draft that corrects it, under the ids they have: what was not named in
/// the correction stays what it was. They are read from the court's object, which outlives any draft.
pub async fn lend_to_draft(tx: &mut PersonTx, draft: Uuid, court: i32, files: &[Uuid]) -> Result<()> {
    sqlx::query("update draft_files set draft_id = $2, removed_at = null, object_key = 'court/' || $3 || '/' || sha256 where person_id = $1 and file_id = any($4)")
        .bind(tx.person)
        .bind(draft)
        .bind(court.to_string())
        .bind(files)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Deletes objects of removed files. What cannot be deleted now is only left lying: logged, no error.
pub async fn forget_objects(app: &App, keys: &[String]) {
    for key in keys.iter().filter(|key| key.starts_with("person/")) {
        if app.blob.delete(key).await.is_err() {
            tracing::warn!("an object of a removed file is left in the store");
        }
    }
}

/// The object's key at a court.
pub fn court_key(court: i32, sha256: &str) -> String {
    format!("court/{court}/{sha256}")
}

/// Copies files into a court's part of the store and answers their keys there, in order. A file that is
/// already there (same content) is not copied again, so this may be repeated.
///
/// # Errors
/// 409 for a file that is not accepted; 503 when the store does not answer.
pub async fn move_to_court(app: &App, court: i32, files: &[FileRow]) -> Result<Vec<String>> {
    let mut keys = Vec::with_capacity(files.len());
    for file in files {
        if !file.is_accepted() {
            return Err(Error::conflict(
                "file.not_accepted",
                said(format!("「{}」还没有通过检查。", file.name), format!("{} has not passed its check.", file.name)),
                said("请删掉它，或另存为 PDF 重新上传。", "Remove it, or save it as PDF and upload it again."),
            ));
        }
        let key = court_key(court, &file.sha256);
        if app.blob.size(&key).await? != Some(file.size) {
            app.blob.copy(&file.object_key, &key).await?;
        }
        keys.push(key);
    }
    Ok(keys)
}
