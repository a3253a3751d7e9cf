//! Doors of signed download links: making them in one's own name, and fetching by one.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::json;
use uuid::Uuid;

use super::{downloads, inbox, send, served};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::{Caller, RequestFacts};
use crate::error::{Error, Result};
use crate::evidence::content::{Content as FileAnswer, serve_object};

/// The doors.
pub struct DownloadApi;

/// A signed address of a paper.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct PaperLink {
    /// Paper of the service.
    n: i32,
    /// 名称.
    title: String,
    /// SHA-256 of the bytes.
    sha256: Option<String>,
    /// The address; it needs no session.
    url: String,
}

/// Signed addresses of the papers of a service.
#[derive(Debug, Object)]
struct PaperLinks {
    /// In the order they are read.
    items: Vec<PaperLink>,
    /// Good until.
    expires_at: DateTime<Utc>,
}

#[OpenApi]
impl DownloadApi {
    /// 生成下载链接: signed addresses of the papers served on one's own side, good for seven days. Written down as downloaded.
    #[oai(path = "/courts/:court/inbox/:service/:recipient/links", method = "post", operation_id = "make_paper_links")]
    async fn make(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
    ) -> Result<Json<PaperLinks>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        inbox::check(app, &mut tx, service.0, recipient.0).await?;
        drop(tx); // who may not have them is told so before a paper is set
        send::pin(app, court.0, service.0).await?;
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceAnswer).await?;
        let (given, expires_at, fresh) = downloads::give(app, &mut tx, service.0, recipient.0).await?;
        if fresh {
            tx.commit(service.0, json!({ "recipient": recipient.0, "downloaded": true })).await?;
        } else {
            drop(tx);
        }
        let url = app.config.public_url.trim_end_matches('/');
        let item = |g: downloads::Given| PaperLink {
            n: g.n,
            title: g.title,
            sha256: g.sha256,
            url: format!("{url}/api/paper-links/{}/content", g.token),
        };
        Ok(Json(PaperLinks { items: given.into_iter().map(item).collect(), expires_at }))
    }

    /// A paper by its signed address: no account, the address is the key.
    #[oai(path = "/paper-links/:token/content", method = "get", operation_id = "get_linked_paper")]
    async fn content(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        token: Path<String>,
        #[oai(name = "Range")] range: Header<Option<String>>,
    ) -> Result<FileAnswer> {
        let link = downloads::read(&app.seal, &token.0, app.now())?;
        let mut tx = app.door.enter_by_link(link.court, "service:linked", facts.id.clone()).await?;
        let case = inbox::case_of(&mut tx, link.service).await?;
        let paper = served::papers(&mut tx, link.service).await?.into_iter().find(|p| p.n == link.n).ok_or_else(Error::not_found)?;
        drop(tx);
        let (key, size, media_type) = inbox::bytes(app, link.court, case, &paper).await?;
        serve_object(app, &key, &media_type, &inbox::file_name(&paper, &media_type), size, range.0.as_deref()).await
    }
}
