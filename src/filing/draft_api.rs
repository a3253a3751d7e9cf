//! Doors of one's own drafts and of sending them.

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Binary, Json, Response};
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::court::caller::Caller;
use crate::docket::words::CaseKind;
use crate::error::{Error, Result};
use crate::filing::offline_views::OfflineNote;
use crate::filing::views::{CheckReport, Draft, DraftList, FilingReceipt, Saved};
use crate::filing::{draft_views, drafts, offline, pleading, submit};
use crate::kit::answer::{Created, NoContent, Pdf, created, version_of};

/// The doors.
pub struct DraftApi;

/// A new draft.
#[derive(Object)]
struct NewDraft {
    /// Court, when already chosen.
    court_id: Option<i32>,
    /// 案件种类.
    kind: CaseKind,
}

/// Sending a draft.
#[derive(Object, serde::Serialize)]
pub struct Submission {
    /// Ids of warnings the filer confirms.
    #[oai(default, validator(max_items = 200))]
    pub confirmed: Vec<String>,
    /// Ids of blocks to be sent all the same, for a clerk to look at.
    #[oai(default, validator(max_items = 200))]
    pub send_anyway: Vec<String>,
}

/// Wish for the counter.
#[derive(Object)]
struct OfflineWish {
    /// Why; may be short.
    #[oai(validator(max_length = 500))]
    reason: String,
    /// The person agrees that the counter reads what is typed so far, to go on with it. Without it the counter sees
    /// name, kind and reason only.
    #[oai(default)]
    show_content: bool,
}

#[OpenApi]
impl DraftApi {
    /// Begins a draft.
    #[oai(path = "/my/drafts", method = "post", operation_id = "create_draft")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<NewDraft>,
    ) -> Result<Created<Draft>> {
        let kind = body.0.kind;
        let mut content = json!({ "kind": kind });
        if let Some(court) = body.0.court_id {
            app.door.registry.court(court).ok_or_else(Error::not_found)?;
            content["court_id"] = court.into();
        }
        let mut tx = app.door.mine(&caller, "draft:create").await?;
        let draft = match tx.once_if::<Uuid>(key.0, &content).await? {
            Some(first) => drafts::get(&mut tx, first, false).await?,
            None => drafts::create(&mut tx, kind, content, None).await?,
        };
        tx.answered_if(key.0, &draft.id).await?;
        tx.commit(draft.id, json!({})).await?;
        Ok(created(draft_views::show(app, &caller, draft).await?))
    }

    /// Open drafts.
    #[oai(path = "/my/drafts", method = "get", operation_id = "list_drafts")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<DraftList>> {
        let mut tx = app.door.mine(&caller, "draft:list").await?;
        let items = drafts::list(&mut tx).await?;
        let items = items.into_iter().map(|d| draft_views::summary(app, d)).collect::<Result<_>>()?;
        Ok(Json(DraftList { items }))
    }

    /// One draft, with files and the correction it answers.
    #[oai(path = "/my/drafts/:draft", method = "get", operation_id = "get_draft")]
    async fn get(&self, Data(app): Data<&App>, caller: Caller, draft: Path<Uuid>) -> Result<Response<Json<Draft>>> {
        let mut tx = app.door.mine(&caller, "draft:read").await?;
        let found = drafts::get(&mut tx, draft.0, false).await?;
        drop(tx);
        let shown = draft_views::show(app, &caller, found).await?;
        let etag = format!("\"{}\"", shown.version);
        Ok(Response::new(Json(shown)).header("ETag", etag))
    }

    /// Saves what was typed: a JSON merge patch of `content`.
    #[oai(path = "/my/drafts/:draft", method = "patch", operation_id = "save_draft")]
    async fn save(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        draft: Path<Uuid>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<Any<Value>>,
    ) -> Result<Response<Json<Saved>>> {
        let expected = version_of(&if_match.0)?;
        let mut tx = app.door.mine(&caller, "draft:save").await?;
        let saved = drafts::patch(&mut tx, draft.0, expected, &body.0.0).await?;
        tx.commit(draft.0, json!({ "version": saved.version })).await?;
        Ok(Response::new(Json(Saved { version: saved.version, saved_at: saved.updated_at }))
            .header("ETag", format!("\"{}\"", saved.version)))
    }

    /// Deletes a draft that was not sent.
    #[oai(path = "/my/drafts/:draft", method = "delete", operation_id = "delete_draft")]
    async fn delete(&self, Data(app): Data<&App>, caller: Caller, draft: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.mine(&caller, "draft:delete").await?;
        drafts::delete(&mut tx, draft.0).await?;
        tx.commit(draft.0, json!({})).await?;
        Ok(NoContent::NoContent)
    }

    /// One complete list of what the checker finds.
    #[oai(path = "/my/drafts/:draft/check", method = "get", operation_id = "check_draft")]
    async fn check(&self, Data(app): Data<&App>, caller: Caller, draft: Path<Uuid>) -> Result<Json<CheckReport>> {
        let read = submit::read(app, &caller, draft.0).await?;
        Ok(Json(submit::check(app, &caller, &read).await?.into()))
    }

    /// The pleading as a PDF, to read before sending.
    #[oai(path = "/my/drafts/:draft/pleading.pdf", method = "get", operation_id = "preview_pleading")]
    async fn pleading(&self, Data(app): Data<&App>, caller: Caller, draft: Path<Uuid>) -> Result<Pdf> {
        let read = submit::read(app, &caller, draft.0).await?;
        let pdf = app.renderer.render(&pleading::preview(app, &read.content, &read.files)).await?.pdf;
        Ok(Pdf::Pdf(Binary(pdf), "inline; filename=\"pleading.pdf\"".into()))
    }

    /// Sends the draft to its court (or answers a correction). Repeating it gives the same receipt.
    #[oai(path = "/my/drafts/:draft/submit", method = "post", operation_id = "submit_draft")]
    async fn submit(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        draft: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Uuid>,
        body: Json<Submission>,
    ) -> Result<Created<FilingReceipt>> {
        Ok(created(submit::submit(app, &caller, draft.0, key.0, &body.0).await?))
    }

    /// 到窗口办理: records the wish; the draft is kept (A10).
    #[oai(path = "/my/drafts/:draft/offline", method = "post", operation_id = "file_offline")]
    async fn offline(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        draft: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<OfflineWish>,
    ) -> Result<Created<OfflineNote>> {
        Ok(created(offline::record(app, &caller, draft.0, key.0, &body.0.reason, body.0.show_content).await?))
    }
}
