//! The doors of uploads and files not yet sent.

use poem::Body;
use poem::http::HeaderMap;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Binary, Json};
use uuid::Uuid;

use super::content::{Content, serve_object};
use super::types::{DraftFile, FileState, NewUpload, PhotoPages, Upload};
use super::{finish, parts, photos, refusal, store};
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::Result;
use crate::kit::answer::{Created, NoContent, created};

/// What the client says is coming; the server before us has already refused what is no number.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get("content-length").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok())
}

/// The doors.
pub struct EvidenceApi;

#[OpenApi]
impl EvidenceApi {
    /// Begins an upload into a draft; the same name, size and time unfinished → the same upload, to go on with.
    #[oai(path = "/my/drafts/:draft/files", method = "post", operation_id = "begin_draft_upload")]
    async fn begin(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        draft: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<NewUpload>,
    ) -> Result<Created<Upload>> {
        Ok(created(parts::begin(app, &caller, Some(draft.0), key.0, &body.0).await?))
    }

    /// Begins an upload that belongs to no draft (court people, for a case file).
    #[oai(path = "/my/files", method = "post", operation_id = "begin_upload")]
    async fn begin_own(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<NewUpload>,
    ) -> Result<Created<Upload>> {
        Ok(created(parts::begin(app, &caller, None, key.0, &body.0).await?))
    }

    /// Sends part n (1-based, in order, raw bytes).
    #[oai(path = "/my/uploads/:upload/parts/:n", method = "put", operation_id = "put_part")]
    async fn put_part(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        upload: Path<Uuid>,
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))] n: Path<i32>,
        headers: &HeaderMap,
        body: Binary<Body>,
    ) -> Result<NoContent> {
        parts::put(app, &caller, upload.0, n.0, length(headers), body.0).await?;
        Ok(NoContent::NoContent)
    }

    /// An upload as it stands.
    #[oai(path = "/my/uploads/:upload", method = "get", operation_id = "get_upload")]
    async fn show(&self, Data(app): Data<&App>, caller: Caller, upload: Path<Uuid>) -> Result<Json<Upload>> {
        Ok(Json(parts::show(app, &caller, upload.0).await?))
    }

    /// Ends an upload: the file is joined, looked into, and accepted, held back or refused with the reason.
    #[oai(path = "/my/uploads/:upload/complete", method = "post", operation_id = "complete_upload")]
    async fn complete(&self, Data(app): Data<&App>, caller: Caller, upload: Path<Uuid>) -> Result<Created<DraftFile>> {
        Ok(created(finish::complete(app, &caller, upload.0).await?))
    }

    /// Gives an upload up.
    #[oai(path = "/my/uploads/:upload", method = "delete", operation_id = "abort_upload")]
    async fn abort(&self, Data(app): Data<&App>, caller: Caller, upload: Path<Uuid>) -> Result<NoContent> {
        parts::abort(app, &caller, upload.0).await?;
        Ok(NoContent::NoContent)
    }

    /// Takes a file out of a draft.
    #[oai(path = "/my/drafts/:draft/files/:file", method = "delete", operation_id = "remove_draft_file")]
    async fn remove(&self, Data(app): Data<&App>, caller: Caller, draft: Path<Uuid>, file: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.mine(&caller, "file:remove").await?;
        let key = store::remove_file(&mut tx, draft.0, file.0).await?;
        tx.commit(file.0, serde_json::json!({})).await?;
        store::forget_objects(app, key.as_slice()).await;
        Ok(NoContent::NoContent)
    }

    /// The bytes of one's own file; pictures, PDF, sound and film in the page, the rest to be saved.
    #[oai(path = "/my/files/:file/content", method = "get", operation_id = "get_file_content")]
    async fn content(&self, Data(app): Data<&App>, caller: Caller, file: Path<Uuid>, range: Header<Option<String>>) -> Result<Content> {
        let mut tx = app.door.mine(&caller, "file:read").await?;
        let row = store::file(&mut tx, file.0).await?;
        drop(tx); // bytes may flow for an hour: no transaction waits for them
        match row.state {
            FileState::Accepted => serve_object(app, &row.object_key, &row.media_type, &row.name, row.size, range.0.as_deref()).await,
            FileState::Quarantined => Err(refusal::quarantined()),
            FileState::Rejected => Err(crate::error::Error::not_found()),
        }
    }

    /// Makes one PDF of pictures of the draft, in order.
    #[oai(path = "/my/drafts/:draft/photos", method = "post", operation_id = "make_photo_pages")]
    async fn photos(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        draft: Path<Uuid>,
        #[oai(name = "idempotency-key")] key: Header<Option<Uuid>>,
        body: Json<PhotoPages>,
    ) -> Result<Created<DraftFile>> {
        Ok(created(photos::make(app, &caller, draft.0, key.0, &body.0).await?))
    }
}
