//! 回执: where each message stands, as the gateway reports it.
//!
//! Owns `sms_messages` and the door the gateway reports to. A report is believed by its signature alone, moves a
//! state only forward, and may come twice. Must never tell the reporter which messages we know.

use chrono::{DateTime, Utc};
use poem::http::HeaderMap;
use poem::web::Data;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::kit::answer::NoContent;
use crate::kit::raw::RawJson;
use crate::person::messages::Listener;

/// Where the gateway reports.
const PATH: &str = "/api/hooks/sms";

/// The address given to the gateway with each message.
pub fn address(app: &App) -> String {
    format!("{}{PATH}", app.config.public_url.trim_end_matches('/'))
}

/// The path the gateway signs: a deployment may live below a path of its own.
fn signed_path(app: &App) -> String {
    address(app).parse::<poem::http::Uri>().map_or_else(|_| PATH.to_owned(), |uri| uri.path().to_owned())
}

/// 送达结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum DeliveryState {
    /// On the phone.
    Delivered,
    /// Will never be.
    Failed,
}

/// 短信回执.
#[derive(Object)]
pub struct DeliveryReport {
    /// The gateway's id.
    #[oai(validator(max_length = 200))]
    pub gateway_id: String,
    /// Ours.
    #[oai(validator(max_length = 100))]
    pub message_id: String,
    /// Result.
    pub status: DeliveryState,
    /// What is known of the number besides: `number_off` (停机), `number_absent` (空号), `number_reassigned` (已换主人; also of what
    /// arrived). Another code is kept for nobody.
    #[oai(validator(max_length = 60))]
    pub code: Option<String>,
    /// Why it failed.
    #[oai(validator(max_length = 500))]
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The door.
pub struct ReportApi;

#[OpenApi]
impl ReportApi {
    /// 短信网关的送达回执, signed by the gateway: `X-App-Id`, `X-Timestamp`, `X-Nonce`, `X-Signature`.
    #[oai(path = "/hooks/sms", method = "post", operation_id = "report_sms")]
    async fn sms(&self, Data(app): Data<&App>, headers: &HeaderMap, body: RawJson<DeliveryReport>) -> Result<NoContent> {
        body.check(app.sms.as_ref().map(|wire| (wire, app.config.sms_app_id.as_str())), &signed_path(app), headers, app.now())?;
        let report = body.read()?;
        reported(app, &report).await?;
        Ok(NoContent::NoContent)
    }
}

/// Written before the message leaves, so that a report that overtakes the answer finds its row.
pub async fn sending(app: &App, court: i32, message: Uuid, template: &str, listener: Option<&str>) -> Result<()> {
    let mut work = app.door.work().await?;
    let now = work.now();
    sqlx::query("insert into sms_messages (court_id, message_id, template, state, sent_at, listener) values ($1, $2, $3, 'sending', $4, $5) on conflict do nothing")
        .bind(court)
        .bind(message)
        .bind(template)
        .bind(now)
        .bind(listener)
        .execute(work.conn())
        .await?;
    work.close().await
}

/// The gateway took it.
pub async fn accepted(app: &App, court: i32, message: Uuid, gateway: &str) -> Result<()> {
    let mut work = app.door.work().await?;
    sqlx::query(
        "update sms_messages set gateway_id = $3, state = case when state = 'sending' then 'accepted' else state end
         where court_id = $1 and message_id = $2",
    )
    .bind(court)
    .bind(message)
    .bind(gateway)
    .execute(work.conn())
    .await?;
    work.close().await
}

/// The gateway refused it for good.
pub async fn refused(app: &App, court: i32, message: Uuid) -> Result<()> {
    let mut work = app.door.work().await?;
    sqlx::query(
        "update sms_messages set state = 'failed', reason = 'refused' where court_id = $1 and message_id = $2 and state = 'sending'",
    )
    .bind(court)
    .bind(message)
    .execute(work.conn())
    .await?;
    work.close().await
}

/// Forward only: what is delivered or failed stays so. Whoever asked to hear of it is told once.
async fn reported(app: &App, report: &DeliveryReport) -> Result<()> {
    let Ok(message) = report.message_id.parse::<Uuid>() else { return Ok(()) };
    let state = if report.status == DeliveryState::Delivered { "delivered" } else { "failed" };
    let reason = report.reason.as_ref().map(|r| r.replace('\0', ""));
    let gateway = report.gateway_id.replace('\0', "");
    let mut work = app.door.work().await?;
    let heard: Option<(i32, Option<String>)> = sqlx::query_as(
        "update sms_messages set state = $2, reason = $3, reported_at = $4, gateway_id = coalesce(gateway_id, $5)
         where message_id = $1 and state in ('sending', 'accepted') returning court_id, listener",
    )
    .bind(message)
    .bind(state)
    .bind(&reason)
    .bind(report.at)
    .bind(gateway)
    .fetch_optional(work.conn())
    .await?;
    if let Some((court, Some(listener))) = heard {
        let mut listener: Listener = serde_json::from_str(&listener)?;
        listener.payload["report"] = json!({ "message": message, "state": state, "code": report.code, "reason": reason, "at": report.at });
        work.tell(court, &listener.topic, &listener.payload).await?;
    }
    work.close().await
}
