//! Doors of filings at a court: the clerk's queue and decisions, the filer's view and answers.

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Json, Response};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::court::act::Act;
use crate::court::beijing::beijing_date;
use crate::court::caller::Caller;
use crate::docket::words::Procedure;
use crate::error::{Error, Result};
use crate::evidence::content::{Content as FileAnswer, serve_object};
use crate::filing::offline_views::{OfflineFiling, OfflineList};
use crate::filing::review_rules::Move;
use crate::filing::views::{Accepted, Claim, CorrectionItem, Draft, Filing, FilingList, QueueStats};
use crate::filing::{accept, draft_views, drafts, offline, read, review, twins};
use crate::kit::answer::{Created, NoContent, Written, created, version_of};

/// The doors.
pub struct FilingApi;

/// 退回补正.
#[derive(Object, Serialize)]
struct ReturnOrder {
    /// The complete list.
    #[oai(validator(max_items = 100))]
    items: Vec<CorrectionItem>,
    /// Days to correct.
    days: u32,
}

/// 立案.
#[derive(Object, Serialize)]
struct AcceptOrder {
    /// 审理程序: summary, ordinary or small_claims. What applies to enforcement and to what was sent up on appeal is not chosen.
    procedure: Procedure,
    /// The copies of the filer's documents were compared with what was typed; claimed proofs then count as checked.
    #[oai(default)]
    documents_compared: bool,
}

/// A reason.
#[derive(Object, Serialize)]
struct Reason {
    /// 理由, at least 20 signs where the law asks for one; of a withdrawal at most 500, and none is asked for.
    #[oai(validator(max_length = 5000))]
    reason: String,
}

/// 移送.
#[derive(Object, Serialize)]
struct TransferOrder {
    /// The other court.
    to_court: i32,
    /// Why.
    #[oai(validator(max_length = 5000))]
    reason: String,
}

fn limit_of(limit: Option<u32>) -> i64 {
    i64::from(limit.unwrap_or(50).clamp(1, 200))
}

type Key = Header<Uuid>;
type IfMatch = Header<Option<String>>;

/// A filing with its version as ETag.
fn tagged(filing: Filing) -> Response<Json<Filing>> {
    let etag = format!("\"{}\"", filing.version);
    Response::new(Json(filing)).header("ETag", etag)
}

/// The filing as it stands now, for whoever looks; whoever checks it is told of earlier ones (重复起诉).
async fn shown(app: &App, caller: &Caller, court: i32, filing: Uuid) -> Result<Filing> {
    let mut tx = app.door.enter(caller, court, Act::FilingRead).await?;
    let mut whole = read::whole(app, caller, &mut tx, filing).await?;
    let checks = tx.is_staff() && app.door.may(caller, court, Act::FilingReview);
    let marks = if checks { twins::marks(&mut tx, filing).await? } else { Vec::new() };
    drop(tx);
    if checks {
        whole.earlier = Some(twins::for_court(app, caller, court, filing, &marks).await?);
    }
    Ok(whole)
}

/// After a decision: the filing as it stands now, for whoever decided.
async fn again(app: &App, caller: &Caller, court: i32, filing: Uuid) -> Result<Response<Json<Filing>>> {
    Ok(tagged(shown(app, caller, court, filing).await?))
}

#[OpenApi]
impl FilingApi {
    /// 待审队列 by clock, or filings of another state; `uncorrected` are those returned whose time to correct has passed (到期未补正).
    #[oai(path = "/courts/:court/filings", method = "get", operation_id = "list_filings")]
    async fn queue(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        state: Query<Option<String>>,
        #[oai(validator(max_length = 100))] q: Query<Option<String>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Written<FilingList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingQueue).await?;
        let (limit, now) = (limit_of(limit.0), tx.now());
        let rows = read::queue(&mut tx, state.0.as_deref().unwrap_or("submitted"), &q.0.unwrap_or_default(), cursor.0, limit).await?;
        let next_cursor = (rows.len() as i64 == limit).then(|| rows.last().map(|r| r.filing_id.to_string())).flatten();
        let items = read::summaries(app, tx.conn(), rows, true, now).await?;
        Ok(Written(FilingList { items, next_cursor }))
    }

    /// My filings over all courts, newest first.
    #[oai(path = "/my/filings", method = "get", operation_id = "list_my_filings")]
    async fn mine(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        state: Query<Option<String>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Written<FilingList>> {
        let mut tx = app.door.mine(&caller, "filing:list").await?;
        let (limit, now) = (limit_of(limit.0), tx.now());
        let rows = read::own(tx.conn(), caller.person(), state.0.as_deref(), cursor.0, limit).await?;
        let next_cursor = (rows.len() as i64 == limit).then(|| rows.last().map(|r| r.filing_id.to_string())).flatten();
        let items = read::summaries(app, tx.conn(), rows, false, now).await?;
        Ok(Written(FilingList { items, next_cursor }))
    }

    /// The head of the queue.
    #[oai(path = "/courts/:court/filings/stats", method = "get", operation_id = "filing_stats")]
    async fn stats(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>) -> Result<Json<QueueStats>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingQueue).await?;
        let today = beijing_date(tx.now());
        Ok(Json(read::stats(&mut tx, today).await?))
    }

    /// 到窗口办的登记: wishes for the counter, newest first, found by number or name (A10).
    #[oai(path = "/courts/:court/offline", method = "get", operation_id = "list_offline")]
    async fn offline(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 100))] q: Query<Option<String>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<OfflineList>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingCounter).await?;
        let limit = limit_of(limit.0);
        let items = offline::list(&mut tx, &q.0.unwrap_or_default(), cursor.0, limit).await?;
        let next_cursor = (items.len() as i64 == limit).then(|| items.last().map(|i| i.id.to_string())).flatten();
        Ok(Json(OfflineList { items, next_cursor }))
    }

    /// One wish for the counter, with what was typed if the person agreed.
    #[oai(path = "/courts/:court/offline/:offline", method = "get", operation_id = "get_offline")]
    async fn offline_one(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        offline: Path<Uuid>,
    ) -> Result<Json<OfflineFiling>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingCounter).await?;
        Ok(Json(offline::one(&mut tx, offline.0).await?))
    }

    /// One filing, whole.
    #[oai(path = "/courts/:court/filings/:filing", method = "get", operation_id = "get_filing")]
    async fn get(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, filing: Path<Uuid>) -> Result<Response<Json<Filing>>> {
        again(app, &caller, court.0, filing.0).await
    }

    /// A file of a filing.
    #[oai(path = "/courts/:court/filings/:filing/files/:file/content", method = "get", operation_id = "get_filing_file")]
    async fn file(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        filing: Path<Uuid>,
        file: Path<Uuid>,
        #[oai(name = "Range")] range: Header<Option<String>>,
    ) -> Result<FileAnswer> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingRead).await?;
        let (name, media_type, size, key): (String, String, i64, String) = sqlx::query_as(
            "select name, media_type, size, object_key from filing_files where court_id = $1 and filing_id = $2 and file_id = $3",
        )
        .bind(court.0)
        .bind(filing.0)
        .bind(file.0)
        .fetch_optional(tx.conn())
        .await?
        .ok_or_else(Error::not_found)?;
        drop(tx);
        serve_object(app, &key, &media_type, &name, size, range.0.as_deref()).await
    }

    /// Takes a filing for review.
    #[oai(path = "/courts/:court/filings/:filing/claim", method = "post", operation_id = "claim_filing")]
    async fn claim(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, filing: Path<Uuid>) -> Result<Json<Claim>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingClaim).await?;
        let claim = review::claim(&mut tx, filing.0).await?;
        tx.commit(filing.0, json!({})).await?;
        Ok(Json(claim))
    }

    /// Gives it back.
    #[oai(path = "/courts/:court/filings/:filing/claim", method = "delete", operation_id = "release_filing")]
    async fn release(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, filing: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingClaim).await?;
        review::release(&mut tx, filing.0).await?;
        tx.commit(filing.0, json!({})).await?;
        Ok(NoContent::NoContent)
    }

    /// 一次性退回补正.
    #[oai(path = "/courts/:court/filings/:filing/return", method = "post", operation_id = "return_filing")]
    async fn send_back(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        filing: Path<Uuid>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<ReturnOrder>,
    ) -> Result<Response<Json<Filing>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingReview).await?;
        if tx.once::<bool>(key.0, &serde_json::to_vec(&(filing.0, &body.0))?).await?.is_none() {
            let row = review::decide(&mut tx, filing.0, version_of(&if_match.0)?, Move::Return).await?;
            let violation = review::send_back(app, &mut tx, &row, body.0.items, body.0.days).await?;
            tx.answered(key.0, &violation).await?;
            tx.commit(filing.0, json!({ "violation": violation })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        again(app, &caller, court.0, filing.0).await
    }

    /// 立案: issues the case number and makes the case.
    #[oai(path = "/courts/:court/filings/:filing/accept", method = "post", operation_id = "accept_filing")]
    async fn accept(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        filing: Path<Uuid>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<AcceptOrder>,
    ) -> Result<Json<Accepted>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingReview).await?;
        let done = match tx.once::<accept::Made>(key.0, &serde_json::to_vec(&(filing.0, &body.0))?).await? {
            Some(made) => {
                drop(tx);
                made
            }
            None => {
                let row = review::decide(&mut tx, filing.0, version_of(&if_match.0)?, Move::Accept).await?;
                let made = accept::accept(app, &mut tx, &row, body.0.procedure, body.0.documents_compared).await?;
                tx.answered(key.0, &made).await?;
                tx.commit(filing.0, json!({ "case": made.case_id, "number": made.number, "compared": made.proofs })).await?;
                made
            }
        };
        let filing = shown(app, &caller, court.0, filing.0).await?;
        Ok(Json(Accepted { filing, case_id: done.case_id, case_number: done.number }))
    }

    /// 不予受理, with 释明.
    #[oai(path = "/courts/:court/filings/:filing/refuse", method = "post", operation_id = "refuse_filing")]
    async fn refuse(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        filing: Path<Uuid>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<Reason>,
    ) -> Result<Response<Json<Filing>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingReview).await?;
        if tx.once::<bool>(key.0, &serde_json::to_vec(&(filing.0, &body.0))?).await?.is_none() {
            let row = review::decide(&mut tx, filing.0, version_of(&if_match.0)?, Move::Refuse).await?;
            review::refuse(app, &mut tx, &row, &body.0.reason).await?;
            tx.answered(key.0, &true).await?;
            tx.commit(filing.0, json!({})).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        again(app, &caller, court.0, filing.0).await
    }

    /// 移送 to another court of the province, with the file.
    #[oai(path = "/courts/:court/filings/:filing/transfer", method = "post", operation_id = "transfer_filing")]
    async fn transfer(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        filing: Path<Uuid>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<TransferOrder>,
    ) -> Result<Response<Json<Filing>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingTransfer).await?;
        if tx.once::<bool>(key.0, &serde_json::to_vec(&(filing.0, &body.0))?).await?.is_none() {
            let row = review::decide(&mut tx, filing.0, version_of(&if_match.0)?, Move::Transfer).await?;
            review::transfer(app, &mut tx, &row, body.0.to_court, &body.0.reason).await?;
            tx.answered(key.0, &true).await?;
            tx.commit(filing.0, json!({ "to": body.0.to_court })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        again(app, &caller, court.0, filing.0).await
    }

    /// 撤回, by the filer.
    #[oai(path = "/courts/:court/filings/:filing/withdraw", method = "post", operation_id = "withdraw_filing")]
    async fn withdraw(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        filing: Path<Uuid>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<Reason>,
    ) -> Result<Response<Json<Filing>>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingAnswer).await?;
        if tx.once_if::<bool>(key.0, &(filing.0, &body.0)).await?.is_none() {
            let row = review::decide(&mut tx, filing.0, version_of(&if_match.0)?, Move::Withdraw).await?;
            review::withdraw(&mut tx, &row, &body.0.reason).await?;
            tx.answered_if(key.0, &true).await?;
            tx.commit(filing.0, json!({ "signs": body.0.reason.chars().count() })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        again(app, &caller, court.0, filing.0).await
    }

    /// Opens a draft that answers the correction: filled with what was filed.
    #[oai(path = "/courts/:court/filings/:filing/correct", method = "post", operation_id = "correct_filing")]
    async fn correct(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        filing: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
    ) -> Result<Created<Draft>> {
        let mut tx = app.door.enter(&caller, court.0, Act::FilingAnswer).await?;
        let row = read::row(&mut tx, filing.0).await?;
        row.state.after(Move::Correct).map_err(crate::filing::review_problem)?;
        if row.filer_id != caller.person() {
            return Err(Error::not_found());
        }
        let content = read::content(&mut tx, filing.0).await?;
        let files: Vec<Uuid> = read::files(&mut tx, filing.0).await?.into_iter().map(|f| f.id).collect();
        drop(tx);
        let mut mine = app.door.mine(&caller, "draft:correct").await?;
        // the key is held to its content; which draft it is, the filing says: there is one that answers it
        mine.once_if::<Uuid>(key.0, &(court.0, filing.0)).await?;
        let draft = match drafts::correcting(&mut mine, filing.0).await? {
            Some(draft) => draft, // a second click goes on with the first draft
            None => {
                let draft = drafts::create(&mut mine, row.kind, content, Some((court.0, filing.0))).await?;
                crate::evidence::store::lend_to_draft(&mut mine, draft.id, court.0, &files).await?;
                draft
            }
        };
        mine.answered_if(key.0, &draft.id).await?;
        mine.commit(draft.id, json!({ "corrects": filing.0 })).await?;
        Ok(created(draft_views::show(app, &caller, draft).await?))
    }
}
