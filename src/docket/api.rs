//! Doors of cases at a court.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json, Response};
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::json;
use uuid::Uuid;

use super::bundle::{self, Entry, Source};
use super::case_views::{Case, CaseFile, CaseList, JoinCodes, Leaf};
use super::closing::{self, Manner};
use super::join::{self, Engagement};
use super::words::Volume;
use super::{allocation, cover, facts, read, staff};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::error::{Error, Result};
use crate::evidence::content::{Content as FileAnswer, serve_object};
use crate::kit::answer::{Created, NoContent, Pdf, Zip, created};
use crate::kit::text::{Bounds, clean};
use crate::paper::issue;

/// The doors.
pub struct CaseApi;

/// 封存.
#[derive(Object)]
struct SealOrder {
    /// Sealed or not.
    sealed: bool,
    /// Why.
    #[oai(validator(max_length = 500))]
    reason: String,
}

/// 结案.
#[derive(Object)]
struct ClosingOrder {
    /// 结案方式.
    manner: Manner,
    /// Day it ended, Beijing.
    closed_on: NaiveDate,
    /// What the file should say besides.
    #[oai(default, validator(max_length = 500))]
    note: String,
}

/// 撤销结案.
#[derive(Object)]
struct ReopeningOrder {
    /// Why.
    #[oai(validator(min_length = 5, max_length = 500))]
    reason: String,
}

/// 分案.
#[derive(Object)]
struct StaffOrder {
    /// 承办法官.
    judge: Option<Uuid>,
    /// 书记员.
    clerk: Option<Uuid>,
    /// 审判长.
    presiding: Option<Uuid>,
    /// Why; asked for when a judge who sits is changed, and shown to the parties.
    #[oai(default, validator(max_length = 500))]
    reason: String,
}

/// 入卷.
#[derive(Object)]
struct NewLeafOrder {
    /// File uploaded before.
    file_id: Uuid,
    /// Folder of the standard order.
    folder: i32,
    /// Volume.
    volume: Volume,
    /// Title.
    #[oai(validator(max_length = 200, min_length = 1))]
    title: String,
}

/// 委托.
#[derive(Object)]
struct EngagementOrder {
    /// Party.
    party_id: Uuid,
    /// Licence number.
    #[oai(validator(max_length = 40))]
    licence: String,
    /// Name.
    #[oai(validator(max_length = 60, min_length = 1))]
    name: String,
    /// Firm.
    #[oai(validator(max_length = 200))]
    unit: String,
    /// general or special.
    #[oai(validator(max_length = 20))]
    power: String,
    /// The power of attorney says that it holds at second instance too (民事诉讼法 第六十二条): counsel then sits there without
    /// being engaged again.
    #[oai(default)]
    on_appeal: bool,
    /// The power of attorney, uploaded before.
    #[oai(default, validator(max_items = 20))]
    file_ids: Vec<Uuid>,
}

/// The catalogue a case file follows.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum CaseFileKind {
    /// 民事、行政一审.
    Civil,
    /// 执行.
    Enforcement,
}

/// A standard folder.
#[derive(Object)]
struct FolderName {
    /// main (正卷) or secret (副卷).
    volume: String,
    /// Number in the standard order.
    n: i32,
    /// Title.
    title: String,
}

/// 卷宗目录.
#[derive(Object)]
struct FolderList {
    /// In order.
    items: Vec<FolderName>,
}

/// A colleague.
#[derive(Object)]
struct ColleagueOrder {
    /// Licence number.
    #[oai(validator(max_length = 40))]
    licence: String,
}

async fn again(app: &App, caller: &Caller, court: i32, case: Uuid) -> Result<Response<Json<Case>>> {
    let mut tx = app.door.enter(caller, court, Act::CaseRead).await?;
    let shown = read::whole(app, caller, &mut tx, case).await?;
    let etag = format!("\"{}\"", shown.version);
    Ok(Response::new(Json(shown)).header("ETag", etag))
}

/// May this caller see the 副卷 here? Court staff with the right only.
fn sees_secret(app: &App, caller: &Caller, tx: &crate::court::tx::CourtTx) -> bool {
    tx.is_staff() && app.door.may(caller, tx.court, Act::SecretFileRead)
}

#[OpenApi]
impl CaseApi {
    /// The court's cases, for its staff.
    #[allow(clippy::too_many_arguments, reason = "one argument a query parameter")]
    #[oai(path = "/courts/:court/cases", method = "get", operation_id = "list_cases")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 100))] q: Query<Option<String>>,
        stage: Query<Option<String>>,
        /// 已结 (true) or 未结 (false); both when absent.
        closed: Query<Option<bool>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<CaseList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseList).await?;
        let limit = i64::from(limit.0.unwrap_or(50).clamp(1, 200));
        let rows = read::list(&mut tx, &q.0.unwrap_or_default(), stage.0.as_deref(), closed.0, cursor.0, limit).await?;
        let next_cursor = (rows.len() as i64 == limit).then(|| rows.last().map(|r| r.case_id.to_string())).flatten();
        let ids: Vec<Uuid> = rows.iter().map(|r| r.case_id).collect();
        let facts = facts::of_cases(tx.conn(), &ids).await?;
        let items = rows.into_iter().map(|r| read::summary(app, r, None, None, true, &facts)).collect::<Result<_>>()?;
        Ok(Json(CaseList { items, next_cursor }))
    }

    /// One case, whole.
    #[oai(path = "/courts/:court/cases/:case", method = "get", operation_id = "get_case")]
    async fn get(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Response<Json<Case>>> {
        again(app, &caller, court.0, case.0).await
    }

    /// 电子卷宗.
    #[oai(path = "/courts/:court/cases/:case/file", method = "get", operation_id = "get_case_file")]
    async fn file(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(validator(max_length = 100))] q: Query<Option<String>>,
    ) -> Result<Json<CaseFile>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseFileRead).await?;
        let secret = sees_secret(app, &caller, &tx);
        Ok(Json(read::file(app, &mut tx, case.0, &q.0.unwrap_or_default(), secret).await?))
    }

    /// A leaf of the file.
    #[oai(path = "/courts/:court/cases/:case/leaves/:leaf/content", method = "get", operation_id = "get_leaf")]
    async fn leaf(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        leaf: Path<Uuid>,
        #[oai(name = "Range")] range: Header<Option<String>>,
    ) -> Result<FileAnswer> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseFileRead).await?;
        let place = read::leaf(&mut tx, case.0, leaf.0).await?;
        if place.volume == "secret" && !sees_secret(app, &caller, &tx) {
            return Err(Error::not_found());
        }
        drop(tx);
        let (key, size) = located(app, court.0, &place).await?;
        serve_object(app, &key, &place.media_type, &place.title, size, range.0.as_deref()).await
    }

    /// The whole file as a ZIP with meaningful names, 封面和目录 first.
    #[oai(path = "/courts/:court/cases/:case/file.zip", method = "get", operation_id = "download_case_file")]
    async fn bundle(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Zip> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseFileRead).await?;
        let secret = sees_secret(app, &caller, &tx);
        let shown = read::whole(app, &caller, &mut tx, case.0).await?;
        let file = read::file(app, &mut tx, case.0, "", secret).await?;
        let mut places = Vec::new();
        for (i, folder) in file.folders.iter().enumerate() {
            for l in &folder.leaves {
                places.push((i, l.n, read::leaf(&mut tx, case.0, l.id).await?));
            }
        }
        drop(tx);
        let cover = app.renderer.render(&cover::job(app, &shown, &file)).await?.pdf;
        let mut entries = vec![Entry { path: "00 封面和目录.pdf".into(), bytes: Source::Made(cover) }];
        for (folder, n, place) in places {
            entries.push(Entry {
                path: bundle::path(&file, &place, folder, n),
                bytes: Source::Object(located(app, court.0, &place).await?.0),
            });
        }
        Ok(Zip::Zip(Binary(bundle::body(app.clone(), entries)), "attachment; filename=\"case-file.zip\"".into()))
    }

    /// 卷宗封面和卷内目录 of what the reader may see of the 正卷, as the file stands now.
    #[oai(path = "/courts/:court/cases/:case/cover.pdf", method = "get", operation_id = "get_case_cover")]
    async fn cover(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Pdf> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseFileRead).await?;
        let shown = read::whole(app, &caller, &mut tx, case.0).await?;
        let file = read::file(app, &mut tx, case.0, "", false).await?;
        drop(tx); // a transaction is not held while the renderer works
        let pdf = app.renderer.render(&cover::job(app, &shown, &file)).await?.pdf;
        Ok(Pdf::Pdf(Binary(pdf), "inline; filename=\"cover.pdf\"".into()))
    }

    /// 卷宗目录: the standard folders of a kind of case, in their order.
    #[oai(path = "/case-folders", method = "get", operation_id = "list_folders")]
    async fn folders(&self, Data(app): Data<&App>, kind: Query<Option<CaseFileKind>>) -> Result<Json<FolderList>> {
        let kind = if matches!(kind.0, Some(CaseFileKind::Enforcement)) { "enforcement" } else { "civil" };
        let of_kind = app.reference.folders.iter().filter(|f| f.kind == kind);
        Ok(Json(FolderList { items: of_kind.map(|f| FolderName { volume: f.volume.clone(), n: f.n, title: f.title.clone() }).collect() }))
    }

    /// 材料入卷.
    #[oai(path = "/courts/:court/cases/:case/leaves", method = "post", operation_id = "add_leaf")]
    async fn add_leaf(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<NewLeafOrder>,
    ) -> Result<Created<Leaf>> {
        let title = clean(&body.0.title, Bounds::line(1, 200))
            .map_err(|e| Error::invalid(e.code, crate::error::said(e.zh, e.en), crate::error::said(e.cure_zh, e.cure_en)).at("/title"))?;
        let id = staff::add_leaf(
            app,
            &caller,
            court.0,
            case.0,
            key.0,
            &staff::Addition { file: body.0.file_id, folder: body.0.folder, volume: body.0.volume.key(), title: &title },
        )
        .await?;
        let mut tx = app.door.enter(&caller, court.0, Act::CaseFileRead).await?;
        // whoever added it may hear what was added, also where the volume itself is not theirs to read
        let file = read::file(app, &mut tx, case.0, "", true).await?;
        let leaf = file.folders.into_iter().flat_map(|f| f.leaves).find(|l| l.id == id).ok_or_else(Error::not_found)?;
        Ok(created(leaf))
    }

    /// 封存 or its end.
    #[oai(path = "/courts/:court/cases/:case/seal", method = "put", operation_id = "seal_case")]
    async fn seal(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<SealOrder>,
    ) -> Result<Response<Json<Case>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseSeal).await?;
        staff::seal(&mut tx, case.0, body.0.sealed, &body.0.reason).await?;
        tx.commit(case.0, json!({ "sealed": body.0.sealed })).await?;
        again(app, &caller, court.0, case.0).await
    }

    /// 结案: from then on the case is among the closed ones (已结) of everybody in it.
    #[oai(path = "/courts/:court/cases/:case/closing", method = "put", operation_id = "close_case")]
    async fn close(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<ClosingOrder>,
    ) -> Result<Response<Json<Case>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseClose).await?;
        closing::close(&mut tx, case.0, body.0.manner, body.0.closed_on, body.0.note.trim()).await?;
        tx.commit(case.0, json!({ "manner": body.0.manner.key(), "on": body.0.closed_on })).await?;
        again(app, &caller, court.0, case.0).await
    }

    /// 撤销结案: the case is open again, with the reason.
    #[oai(path = "/courts/:court/cases/:case/reopening", method = "put", operation_id = "reopen_case")]
    async fn reopen(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<ReopeningOrder>,
    ) -> Result<Response<Json<Case>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseClose).await?;
        closing::reopen(&mut tx, case.0, body.0.reason.trim()).await?;
        tx.commit(case.0, json!({ "reopened": true })).await?;
        again(app, &caller, court.0, case.0).await
    }

    /// 确定审判组织. Who drew or named the judge, and why, is kept (分案记录).
    #[oai(path = "/courts/:court/cases/:case/staff", method = "put", operation_id = "assign_case")]
    async fn assign(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        body: Json<StaffOrder>,
    ) -> Result<Response<Json<Case>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::CaseAssign).await?;
        let panel = staff::Panel { judge: body.0.judge, clerk: body.0.clerk, presiding: body.0.presiding };
        allocation::seat(&mut tx, case.0, &panel, &body.0.reason).await?;
        tx.commit(case.0, json!({})).await?;
        again(app, &caller, court.0, case.0).await
    }

    /// 关联码 of parties that have not joined.
    #[oai(path = "/courts/:court/cases/:case/join-codes", method = "get", operation_id = "list_join_codes")]
    async fn join_codes(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, case: Path<Uuid>) -> Result<Json<JoinCodes>> {
        let mut tx = app.door.enter(&caller, court.0, Act::JoinCodeRead).await?;
        Ok(Json(JoinCodes { items: read::join_codes(&mut tx, case.0).await? }))
    }

    /// A party engages a lawyer.
    #[oai(path = "/courts/:court/cases/:case/representatives", method = "post", operation_id = "engage_representative")]
    async fn engage(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<EngagementOrder>,
    ) -> Result<Response<Json<Case>>> {
        let b = &body.0;
        let engagement = Engagement {
            party: b.party_id,
            licence: &b.licence,
            name: &b.name,
            unit: &b.unit,
            power: &b.power,
            on_appeal: b.on_appeal,
            files: &b.file_ids,
        };
        join::engage(app, &caller, court.0, case.0, key.0, &engagement).await?;
        again(app, &caller, court.0, case.0).await
    }

    /// A party ends an engagement, or the lawyer leaves.
    #[oai(path = "/courts/:court/cases/:case/representatives/:representative", method = "delete", operation_id = "end_representative")]
    async fn end(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        representative: Path<Uuid>,
    ) -> Result<NoContent> {
        join::end(app, &caller, court.0, case.0, representative.0).await?;
        Ok(NoContent::NoContent)
    }

    /// A lawyer shares the case with a colleague of the firm.
    #[oai(path = "/courts/:court/cases/:case/colleagues", method = "post", operation_id = "share_case")]
    async fn share(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<ColleagueOrder>,
    ) -> Result<NoContent> {
        join::share(app, &caller, court.0, case.0, key.0, &body.0.licence).await?;
        Ok(NoContent::NoContent)
    }

    /// Ends a colleague's share.
    #[oai(path = "/courts/:court/cases/:case/colleagues/:person", method = "delete", operation_id = "unshare_case")]
    async fn unshare(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        person: Path<Uuid>,
    ) -> Result<NoContent> {
        join::unshare(app, &caller, court.0, case.0, person.0).await?;
        Ok(NoContent::NoContent)
    }
}

/// Where a leaf's bytes lie; a paper not rendered yet is rendered now.
async fn located(app: &App, court: i32, place: &read::LeafPlace) -> Result<(String, i64)> {
    if let Some(key) = &place.object_key {
        return Ok((key.clone(), place.size.unwrap_or_default()));
    }
    let paper = place.paper.ok_or_else(Error::not_found)?;
    let ready = issue::ready(app, court, paper).await?;
    Ok((ready.object_key, ready.size))
}
