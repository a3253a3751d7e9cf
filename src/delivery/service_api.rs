//! Doors of service for the court: order, the desk, what became of it, what people write down, decisions.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json, PlainText};
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::desk::{self, Wanted};
use super::order::{self, On, Order, What};
use super::record::{self, Report, SetOut};
use super::views::{Desk, Service, ServiceAct, TaskList};
use super::words::{Channel, PaperKind, Purpose, ReturnReason, RulingKind, Signer, SystemEvent};
use super::{bundle, cancel};
use crate::app::App;
use crate::court::act::Act;
use crate::court::caller::Caller;
use crate::docket::bundle as zip;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, NoContent, Zip, created};
use crate::kit::text::{Bounds, clean};

/// The doors.
pub struct ServiceApi;

type Key = Header<Uuid>;
type IfMatch = Header<Option<String>>;

/// 送达的用途.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum ServicePurpose {
    /// 送达.
    Service,
    /// 简便方式通知 (简易程序).
    SimpleNotice,
}

/// A paper to be served: one issued, or a leaf of the file with its class.
#[derive(Debug, Object, Serialize)]
struct PaperChoice {
    /// Paper.
    paper_id: Option<Uuid>,
    /// Leaf of the file.
    leaf_id: Option<Uuid>,
    /// Of a leaf: evidence, pleading_copy or complaint_copy.
    #[oai(validator(max_length = 40))]
    paper_kind: Option<String>,
    /// Of a leaf that is a ruling, where it may be appealed: not_accepted, jurisdiction, dismissed. Its service starts the
    /// ten days.
    #[oai(validator(max_length = 40))]
    ruling: Option<String>,
}

/// A recipient.
#[derive(Debug, Object, Serialize)]
struct RecipientChoice {
    /// Party.
    party_id: Uuid,
    /// Without domicile in China.
    #[oai(default)]
    abroad: bool,
}

/// 发起送达.
#[derive(Debug, Object, Serialize)]
struct ServiceOrder {
    /// The papers, in the order they are to be read.
    #[oai(validator(min_items = 1, max_items = 50))]
    papers: Vec<PaperChoice>,
    /// The recipients.
    #[oai(validator(min_items = 1, max_items = 50))]
    recipients: Vec<RecipientChoice>,
    /// Service when absent.
    purpose: Option<ServicePurpose>,
    /// Served anew because a paper was corrected.
    corrects: Option<Uuid>,
}

impl ServiceOrder {
    fn papers(&self) -> Result<Vec<What>> {
        let one = |p: &PaperChoice| match (p.paper_id, p.leaf_id) {
            (Some(paper), None) => Ok(What::Paper(paper)),
            (None, Some(leaf)) => {
                let class = p.paper_kind.as_deref().and_then(record::class_of_leaf).ok_or_else(bad_choice)?;
                let ruling = word(p.ruling.as_deref(), "/papers", RulingKind::parse)?;
                if ruling.is_some() && class != PaperKind::Ruling { Err(bad_choice()) } else { Ok(What::Leaf(leaf, class, ruling)) }
            }
            _ => Err(bad_choice()),
        };
        self.papers.iter().map(one).collect()
    }
}

fn bad_choice() -> Error {
    Error::invalid(
        "service.paper_choice",
        said("请选择一份文书，或者一份卷内材料及其类别。", "Choose a paper, or a leaf of the file with its class."),
        said(
            "卷内材料的类别有：证据、书状副本、起诉状副本、判决书、裁定书、调解书、决定书。",
            "Classes of a leaf: evidence, copy of a pleading, copy of the complaint, judgment, ruling, mediation statement, decision.",
        ),
    )
    .at("/papers")
}

/// 登记发出 on paper.
#[derive(Debug, Object, Serialize)]
struct SetOutOrder {
    /// post, direct, appointed_receiver, household_adult, entrusted, leave_service, public_notice.
    #[oai(validator(max_length = 40))]
    channel: String,
    /// Of post: the address; the best one when absent.
    address_id: Option<Uuid>,
    /// 邮件号.
    #[oai(validator(max_length = 60))]
    tracking: Option<String>,
    /// 公告媒体.
    #[oai(validator(max_length = 100))]
    notice_medium: Option<String>,
}

/// 登记结果.
#[derive(Debug, Object, Serialize)]
struct ReportOrder {
    /// Of which sending.
    attempt_id: Uuid,
    /// courier_tried, signed, returned, left, published, refused, receipt_proved, arrival_proved, no_fault_proved, answered_received.
    #[oai(validator(max_length = 40))]
    what: String,
    /// When it happened.
    at: DateTime<Utc>,
    /// Who signed: recipient, agent, appointed_receiver, organisation_receiver, household_adult, opposing_party, other.
    #[oai(validator(max_length = 40))]
    by: Option<String>,
    /// Why it came back: wrong_address, change_not_told, address_refused, sign_refused, nobody_met, not_known, other.
    #[oai(validator(max_length = 40))]
    reason: Option<String>,
    /// Witnesses, pictures or video are in the file.
    #[oai(default)]
    witnessed: bool,
    /// The receipt or picture, as a leaf of the file.
    evidence_leaf: Option<Uuid>,
}

/// 完成一项任务.
#[derive(Debug, Object)]
struct TaskDone {
    /// What came of it: reached, not_reached, given …
    #[oai(validator(min_length = 2, max_length = 40))]
    outcome: String,
    /// What was said.
    #[oai(default, validator(max_length = 1000))]
    note: String,
}

/// 对异议的决定.
#[derive(Debug, Object)]
struct RebuttalDecision {
    /// The presumption falls.
    upheld: bool,
    /// Reasons.
    #[oai(validator(min_length = 20, max_length = 2000))]
    reasons: String,
}

/// 撤回送达.
#[derive(Debug, Object)]
struct CancelOrder {
    /// Why.
    #[oai(validator(min_length = 5, max_length = 500))]
    reason: String,
}

/// 下落不明.
#[derive(Debug, Object)]
struct WhereaboutsOrder {
    /// How it was found.
    #[oai(validator(min_length = 10, max_length = 1000))]
    basis: String,
}

fn text(value: &str, field: &str, max: usize) -> Result<String> {
    clean(value, Bounds::lines(0, max))
        .map_err(|e| Error::invalid(e.code, said(e.zh, e.en), said(e.cure_zh, e.cure_en)).at(field.to_owned()))
}

fn word<T>(value: Option<&str>, field: &str, read: fn(&str) -> Option<T>) -> Result<Option<T>> {
    let Some(value) = value else { return Ok(None) };
    read(value).map(Some).ok_or_else(|| {
        Error::invalid(
            "service.word",
            said("没有这个选项。", "There is no such choice."),
            said("请按接口文档列出的选项填写。", "Use a choice the document lists."),
        )
        .at(field.to_owned())
    })
}

async fn act_shown(app: &App, caller: &Caller, court: i32, act: Uuid) -> Result<ServiceAct> {
    let mut tx = app.door.enter(caller, court, Act::ServiceRead).await?;
    let ids: Vec<Uuid> = order::of_act(&mut tx, act).await?;
    let mut services = Vec::with_capacity(ids.len());
    for id in ids {
        services.push(desk::service(app, &mut tx, id).await?);
    }
    Ok(ServiceAct { act_id: act, services })
}

async fn shown(app: &App, caller: &Caller, court: i32, service: Uuid) -> Result<Json<Service>> {
    let mut tx = app.door.enter(caller, court, Act::ServiceRead).await?;
    Ok(Json(desk::service(app, &mut tx, service).await?))
}

#[OpenApi]
impl ServiceApi {
    /// 发起送达: one or many papers on one or many recipients.
    #[oai(path = "/courts/:court/cases/:case/services", method = "post", operation_id = "order_service")]
    async fn order(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        case: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: Json<ServiceOrder>,
    ) -> Result<Created<ServiceAct>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceOrder).await?;
        let act = match tx.once::<Uuid>(key.0, &serde_json::to_vec(&(case.0, &body.0))?).await? {
            Some(act) => {
                drop(tx);
                act
            }
            None => {
                let papers = body.0.papers()?;
                let recipients: Vec<On> = body.0.recipients.iter().map(|r| On { party: r.party_id, abroad: r.abroad }).collect();
                let purpose = if body.0.purpose == Some(ServicePurpose::SimpleNotice) { Purpose::SimpleNotice } else { Purpose::Service };
                let by_name = caller.session.name.to_string();
                let order = Order {
                    papers: &papers,
                    recipients: &recipients,
                    purpose,
                    corrects: body.0.corrects,
                    by: caller.person(),
                    by_name: &by_name,
                    only_new: false,
                };
                let (act, services) = order::order(app, &mut tx, case.0, &order).await?;
                tx.answered(key.0, &act).await?;
                tx.commit(act, json!({ "case": case.0, "services": services })).await?;
                act
            }
        };
        Ok(created(act_shown(app, &caller, court.0, act).await?))
    }

    /// 送达台: who has what, since when, what next.
    #[oai(path = "/courts/:court/services", method = "get", operation_id = "list_services")]
    #[allow(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 40))] state: Query<Option<String>>,
        case: Query<Option<Uuid>>,
        /// Only what is somebody's turn now.
        due: Query<Option<bool>>,
        cursor: Query<Option<Uuid>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<Desk>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRead).await?;
        let limit = i64::from(limit.0.unwrap_or(50).clamp(1, 200));
        let wanted = Wanted { state: state.0.as_deref(), case: case.0, due: due.0.unwrap_or(false), after: cursor.0, limit };
        Ok(Json(desk::list(&mut tx, &wanted).await?))
    }

    /// One service whole: papers, recipients, what was tried, what came of it and by which article.
    #[oai(path = "/courts/:court/services/:service", method = "get", operation_id = "get_service")]
    async fn get(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, service: Path<Uuid>) -> Result<Json<Service>> {
        shown(app, &caller, court.0, service.0).await
    }

    /// 撤回送达 that has served nobody yet.
    #[oai(path = "/courts/:court/services/:service/cancellation", method = "put", operation_id = "cancel_service")]
    async fn cancel(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        body: Json<CancelOrder>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceOrder).await?;
        cancel::cancel(app, &mut tx, service.0, &text(&body.0.reason, "/reason", 500)?).await?;
        tx.commit(service.0, json!({ "cancelled": true })).await?;
        shown(app, &caller, court.0, service.0).await
    }

    /// 留痕 of a recipient: one JSON object a line, each with the hash of the line before.
    #[oai(path = "/courts/:court/services/:service/recipients/:recipient/trail", method = "get", operation_id = "get_service_trail")]
    async fn trail(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
    ) -> Result<PlainText<String>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRead).await?;
        Ok(PlainText(desk::trail(&mut tx, service.0, recipient.0).await?))
    }

    /// 登记发出: posted, set out by hand, ordered for publication.
    #[oai(path = "/courts/:court/services/:service/recipients/:recipient/attempts", method = "post", operation_id = "record_attempt")]
    #[allow(clippy::too_many_arguments, reason = "one argument a parameter")]
    async fn set_out(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        /// The recipient's version as it was seen; refused when it moved on.
        #[oai(name = "If-Match")]
        if_match: IfMatch,
        body: Json<SetOutOrder>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        if tx.once::<Uuid>(key.0, &serde_json::to_vec(&(recipient.0, &body.0))?).await?.is_none() {
            record::as_seen(&mut tx, service.0, recipient.0, if_match.0.as_deref()).await?;
            let b = &body.0;
            let channel = word(Some(&b.channel), "/channel", Channel::parse)?.ok_or_else(Error::not_found)?;
            let out = SetOut { channel, address: b.address_id, tracking: b.tracking.as_deref(), medium: b.notice_medium.as_deref() };
            let id = record::set_out(app, &mut tx, service.0, recipient.0, &out).await?;
            tx.answered(key.0, &id).await?;
            tx.commit(service.0, json!({ "recipient": recipient.0, "attempt": id, "channel": channel.key() })).await?;
        } else {
            drop(tx); // answered before: nothing of it stays open while the page is read
        }
        shown(app, &caller, court.0, service.0).await
    }

    /// 登记结果: signed, returned, left, published …
    #[oai(path = "/courts/:court/services/:service/recipients/:recipient/events", method = "post", operation_id = "record_event")]
    #[allow(clippy::too_many_arguments, reason = "one argument a parameter")]
    async fn report(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
        /// The recipient's version as it was seen; refused when it moved on.
        #[oai(name = "If-Match")]
        if_match: IfMatch,
        body: Json<ReportOrder>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        record::as_seen(&mut tx, service.0, recipient.0, if_match.0.as_deref()).await?;
        let b = &body.0;
        let what = word(Some(&b.what), "/what", SystemEvent::parse)?.ok_or_else(Error::not_found)?;
        let report = Report {
            attempt: b.attempt_id,
            what,
            at: b.at,
            by: word(b.by.as_deref(), "/by", Signer::parse)?,
            reason: word(b.reason.as_deref(), "/reason", ReturnReason::parse)?,
            witnessed: b.witnessed,
            leaf: b.evidence_leaf,
            key: &key.0.to_string(),
        };
        record::report(app, &mut tx, service.0, recipient.0, &report).await?;
        tx.commit(service.0, json!({ "recipient": recipient.0, "what": what.key() })).await?;
        shown(app, &caller, court.0, service.0).await
    }

    /// 下落不明: found by the court and written down.
    #[oai(path = "/courts/:court/services/:service/recipients/:recipient/whereabouts", method = "put", operation_id = "record_whereabouts")]
    #[allow(clippy::too_many_arguments, reason = "one argument a parameter")]
    async fn whereabouts(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
        /// The recipient's version as it was seen; refused when it moved on.
        #[oai(name = "If-Match")]
        if_match: IfMatch,
        body: Json<WhereaboutsOrder>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        record::as_seen(&mut tx, service.0, recipient.0, if_match.0.as_deref()).await?;
        record::unknown_whereabouts(app, &mut tx, service.0, recipient.0, &text(&body.0.basis, "/basis", 1000)?).await?;
        tx.commit(service.0, json!({ "recipient": recipient.0, "whereabouts": "unknown" })).await?;
        shown(app, &caller, court.0, service.0).await
    }

    /// Tasks of the desk: calls, letters, by hand, public notice.
    #[oai(path = "/courts/:court/service-tasks", method = "get", operation_id = "list_service_tasks")]
    async fn tasks(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        #[oai(validator(max_length = 40))] kind: Query<Option<String>>,
        limit: Query<Option<u32>>,
    ) -> Result<Json<TaskList>> {
        // whose addresses these are is for whoever posts the letters
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        let limit = i64::from(limit.0.unwrap_or(100).clamp(1, 500));
        Ok(Json(TaskList { items: desk::tasks(&mut tx, kind.0.as_deref(), limit).await? }))
    }

    /// 打印邮寄材料: the papers in order behind a cover with labels. Printing is not posting.
    #[oai(path = "/courts/:court/service-tasks/:task/bundle.zip", method = "get", operation_id = "get_postal_bundle")]
    async fn bundle(&self, Data(app): Data<&App>, caller: Caller, court: Path<i32>, task: Path<Uuid>) -> Result<Zip> {
        let tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        let entries = bundle::entries(app, tx, task.0).await?;
        Ok(Zip::Zip(Binary(zip::body(app.clone(), entries)), "attachment; filename=\"bundle.zip\"".to_owned()))
    }

    /// A call was made, a copy was given.
    #[oai(path = "/courts/:court/service-tasks/:task/done", method = "put", operation_id = "finish_service_task")]
    async fn done(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        task: Path<Uuid>,
        body: Json<TaskDone>,
    ) -> Result<NoContent> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceRecord).await?;
        let note = text(&body.0.note, "/note", 1000)?;
        let service = record::done(app, &mut tx, task.0, &text(&body.0.outcome, "/outcome", 40)?, &note).await?;
        tx.commit(service, json!({ "task": task.0 })).await?;
        Ok(NoContent::NoContent)
    }

    /// 审查异议: a presumption of service falls or stands.
    #[oai(
        path = "/courts/:court/services/:service/recipients/:recipient/rebuttals/:rebuttal/decision",
        method = "put",
        operation_id = "decide_rebuttal"
    )]
    #[allow(clippy::too_many_arguments, reason = "one argument a parameter")]
    async fn decide(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        court: Path<i32>,
        service: Path<Uuid>,
        recipient: Path<Uuid>,
        rebuttal: Path<Uuid>,
        /// The recipient's version as it was seen; refused when it moved on.
        #[oai(name = "If-Match")]
        if_match: IfMatch,
        body: Json<RebuttalDecision>,
    ) -> Result<Json<Service>> {
        let mut tx = app.door.enter(&caller, court.0, Act::ServiceDecide).await?;
        record::as_seen(&mut tx, service.0, recipient.0, if_match.0.as_deref()).await?;
        let reasons = text(&body.0.reasons, "/reasons", 2000)?;
        record::decide(app, &mut tx, service.0, recipient.0, rebuttal.0, body.0.upheld, &reasons).await?;
        tx.commit(service.0, json!({ "rebuttal": rebuttal.0, "upheld": body.0.upheld })).await?;
        shown(app, &caller, court.0, service.0).await
    }
}
