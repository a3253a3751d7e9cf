//! Doors of one's inbox over all courts, and what its owner answers.

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json, PlainText};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::json;
use uuid::Uuid;

use super::inbox::{self, Told, Wanted};
use super::views::{Inbox, Service};
use super::words::Ground;
use super::{bulk, desk, feed, send};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::docket::bundle;
use crate::error::{Error, Result, said};
use crate::evidence::content::{Content as FileAnswer, serve_object};
use crate::evidence::store::{self, FileRow};
use crate::kit::answer::{NoContent, Zip};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct InboxApi;

/// 日历订阅地址.
#[derive(Debug, Object)]
struct FeedAddress {
    /// Shown once.
    url: String,
}

/// A calendar.
#[derive(ApiResponse)]
enum CalendarAnswer {
    /// 日历 · A calendar (RFC 5545)
    #[oai(status = 200, content_type = "text/calendar; charset=utf-8")]
    Ics(PlainText<String>),
}

/// 对推定送达提出异议.
#[derive(Debug, Object)]
struct RebuttalOrder {
    /// Ground.
    ground: Ground,
    /// What happened.
    #[oai(validator(min_length = 10, max_length = 2000))]
    account: String,
    /// Uploads of one's own that prove it.
    #[oai(default, validator(max_items = 10))]
    file_ids: Vec<Uuid>,
}

async fn shown(app: &App, caller: &Caller, court: i32, service: Uuid) -> Result<Json<Service>> {
    let mut tx = app.door.enter(caller, court, Act::ServiceRead).await?;
    Ok(Json(desk::service(app, &mut tx, service).await?))
}

/// One's own uploads, with their bytes at the court.
async fn own_files(app: &App, caller: &Caller, court: i32, ids: &[Uuid]) -> Result<Vec<(FileRow, String)>> {
    let mut mine = app.door.mine(caller, "service:rebut").await?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(store::file(&mut mine, *id).await?);
    }
    drop(mine);
    let keys = store::move_to_court(app, court, &rows).await?;
    Ok(rows.into_iter().zip(keys).collect())
}

#[OpenApi]
impl InboxApi {
    /// 我的收件箱 over all courts, newest first.
    #[oai(path = "/my/inbox", method = "get", operation_id = "list_inbox")]
    #[allow(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Query<Option<i32>>,
        case: Query<Option<Uuid>>,
        unread: Query<Option<bool>>,
        /// Only where a period of one's own runs.
        due: Query<Option<bool>>,
        #[oai(validator(max_length = 100))] q: Query<Option<String>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<Inbox>> {
        let mut tx = app.door.mine(&caller, "service:read").await?;
        let q = q.0.unwrap_or_default();
        let wanted = Wanted {
            court: court.0,
            case: case.0,
            unread: unread.0.unwrap_or(false),
            due: due.0.unwrap_or(false),
            q: q.trim(),
            after: cursor.0,
            limit: i64::from(limit.0.unwrap_or(50).clamp(1, 200)),
        };
        Ok(Json(inbox::list(app, &mut tx, &wanted).await?))
    }

    /// 批量下载: the papers of these services as one ZIP, `法院/案号/送达日 题名.pdf`. What is fetched is written down as downloaded.
    #[oai(path = "/my/inbox.zip", method = "get", operation_id = "download_inbox")]
    async fn zip(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        /// Recipient ids of the list, joined by commas; at most 100.
        #[oai(validator(max_length = 4000))]
        ids: Query<String>,
    ) -> Result<Zip> {
        let ids: Vec<Uuid> = ids.0.split(',').filter_map(|id| id.trim().parse().ok()).take(100).collect();
        let entries = bulk::entries(app, &caller, &ids).await?;
        let name = "attachment; filename=\"inbox.zip\"; filename*=UTF-8''%E9%80%81%E8%BE%BE%E6%96%87%E4%B9%A6.zip".to_owned();
        Ok(Zip::Zip(Binary(bundle::body(app.clone(), entries)), name))
    }

    /// 日历订阅: a secret address of one's services and periods; a new one ends the old.
    #[oai(path = "/my/inbox/feed", method = "put", operation_id = "renew_feed")]
    async fn renew_feed(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<FeedAddress>> {
        let mut tx = app.door.mine(&caller, "feed:renew").await?;
        let token = feed::renew(&mut tx).await?;
        tx.commit("feed", json!({})).await?;
        Ok(Json(FeedAddress { url: format!("{}/api/my/inbox/feed.ics?token={token}", app.config.public_url) }))
    }

    /// Ends the address.
    #[oai(path = "/my/inbox/feed", method = "delete", operation_id = "end_feed")]
    async fn end_feed(&self, Data(app): Data<&App>, caller: Caller) -> Result<NoContent> {
        let mut tx = app.door.mine(&caller, "feed:renew").await?;
        feed::revoke(&mut tx).await?;
        tx.commit("feed", json!({ "ended": true })).await?;
        Ok(NoContent::NoContent)
    }

    /// The calendar, for a program that keeps calendars: no account, the secret in the address is the key.
    #[oai(path = "/my/inbox/feed.ics", method = "get", operation_id = "get_feed")]
    async fn feed(&self, Data(app): Data<&App>, #[oai(validator(max_length = 100))] token: Query<String>) -> Result<CalendarAnswer> {
        Ok(CalendarAnswer::Ics(PlainText(feed::calendar(app, &token.0).await?)))
    }

    /// A served paper. The first time it is fetched by the recipient's side is written down (系统反馈已阅).
    #[oai(path = "/courts/:court/inbox/:service/:recipient/papers/:n/content", method = "get", operation_id = "get_served_paper")]
    #[allow(clippy::too_many_arguments, reason = "one argument a parameter")]
    async fn content(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
        n: Path<i32>,
        /// To be kept, not only looked at.
        download: Query<Option<bool>>,
        #[oai(name = "Range")] range: Header<Option<String>>,
    ) -> Result<FileAnswer> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        let downloaded = download.0.unwrap_or(false);
        let (paper, fresh) = inbox::opened(app, &mut tx, service.0, recipient.0, n.0, downloaded).await?;
        let case = inbox::case_of(&mut tx, service.0).await?;
        if fresh {
            tx.commit(service.0, json!({ "recipient": recipient.0, "paper": n.0, "downloaded": downloaded })).await?;
        } else {
            drop(tx);
        }
        let (key, size, media_type) = inbox::bytes(app, court.0, case, &paper).await?;
        serve_object(app, &key, &media_type, &inbox::file_name(&paper, &media_type), size, range.0.as_deref()).await
    }

    /// 回复收悉: pressed twice, it is one answer.
    #[oai(path = "/courts/:court/inbox/:service/:recipient/received", method = "put", operation_id = "answer_received")]
    async fn received(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        inbox::check(app, &mut tx, service.0, recipient.0).await?;
        drop(tx); // who may not answer is told so before a paper is set
        send::pin(app, court.0, service.0).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        inbox::received(app, &mut tx, service.0, recipient.0).await?;
        tx.commit(service.0, json!({ "recipient": recipient.0, "received": true })).await?;
        shown(app, &caller, court.0, service.0).await
    }

    /// 要求纸质文书.
    #[oai(path = "/courts/:court/inbox/:service/:recipient/paper", method = "put", operation_id = "ask_paper_copy")]
    async fn paper(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        inbox::wants_paper(app, &mut tx, service.0, recipient.0).await?;
        tx.commit(service.0, json!({ "recipient": recipient.0, "paper": "wanted" })).await?;
        shown(app, &caller, court.0, service.0).await
    }

    /// 对推定送达提出异议.
    #[oai(path = "/courts/:court/inbox/:service/:recipient/rebuttals", method = "post", operation_id = "rebut_service")]
    async fn rebut(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
        body: Json<RebuttalOrder>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        let account = clean(&body.0.account, Bounds::lines(10, 2000))
            .map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at("/account"))?;
        let ground = body.0.ground;
        let mut files = Vec::new();
        if !body.0.file_ids.is_empty() {
            inbox::check(app, &mut tx, service.0, recipient.0).await?;
            drop(tx); // who may not rebut is told so before bytes are copied, and bytes are copied before the row that names them
            files = own_files(app, &caller, court.0, &body.0.file_ids).await?;
            tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        }
        let told = Told { ground, account: &account, files: &files };
        let id = inbox::rebut(app, &mut tx, service.0, recipient.0, &told).await?;
        tx.commit(service.0, json!({ "recipient": recipient.0, "rebuttal": id })).await?;
        shown(app, &caller, court.0, service.0).await
    }
}
