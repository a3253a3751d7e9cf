//! Doors of webhooks.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use serde_json::json;
use uuid::Uuid;

use super::hooks;
use super::views::{HookDeliveries, HookDelivery, NewWebhook, Webhook, WebhookOrder, Webhooks};
use crate::app::App;
use crate::court::caller::Caller;
use crate::error::Result;
use crate::kit::answer::{Accepted, Created, NoContent, accepted, created};

/// The doors.
pub struct HooksApi;

#[OpenApi]
impl HooksApi {
    /// 我的通知地址.
    #[oai(path = "/my/webhooks", method = "get", operation_id = "list_webhooks")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<Webhooks>> {
        let items = hooks::list(&mut app.door.mine(&caller, "webhook:read").await?, None).await?;
        Ok(Json(Webhooks { items, most: hooks::MOST }))
    }

    /// 登记通知地址: the key of its signatures is in this answer and nowhere else.
    #[oai(path = "/my/webhooks", method = "post", operation_id = "register_webhook")]
    async fn register(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<WebhookOrder>,
    ) -> Result<Created<NewWebhook>> {
        Ok(created(hooks::register(app, &caller, key.0, body.0).await?))
    }

    /// 删除通知地址.
    #[oai(path = "/my/webhooks/:hook", method = "delete", operation_id = "end_webhook")]
    async fn end(&self, Data(app): Data<&App>, caller: Caller, hook: Path<Uuid>) -> Result<NoContent> {
        let mut tx = app.door.mine(&caller, "webhook:end").await?;
        hooks::end(&mut tx, hook.0).await?;
        tx.commit(format!("webhook:{}", hook.0), json!({})).await?;
        Ok(NoContent::NoContent)
    }

    /// 恢复通知 of an address that was paused.
    #[oai(path = "/my/webhooks/:hook/resume", method = "post", operation_id = "resume_webhook")]
    async fn resume(&self, Data(app): Data<&App>, caller: Caller, hook: Path<Uuid>) -> Result<Json<Webhook>> {
        let mut tx = app.door.mine(&caller, "webhook:resume").await?;
        let webhook = hooks::resume(&mut tx, hook.0).await?;
        tx.commit(format!("webhook:{}", hook.0), json!({})).await?;
        Ok(Json(webhook))
    }

    /// 试发一条.
    #[oai(path = "/my/webhooks/:hook/test", method = "post", operation_id = "test_webhook")]
    async fn ping(&self, Data(app): Data<&App>, caller: Caller, hook: Path<Uuid>) -> Result<Accepted<HookDelivery>> {
        let mut tx = app.door.mine(&caller, "webhook:test").await?;
        let delivery = hooks::ping(&mut tx, hook.0).await?;
        tx.commit(format!("webhook:{}", hook.0), json!({ "event": delivery.event_id })).await?;
        Ok(accepted(delivery))
    }

    /// 发送记录, newest first.
    #[oai(path = "/my/webhooks/:hook/deliveries", method = "get", operation_id = "list_hook_deliveries")]
    async fn deliveries(&self, Data(app): Data<&App>, caller: Caller, hook: Path<Uuid>) -> Result<Json<HookDeliveries>> {
        let mut tx = app.door.mine(&caller, "webhook:read").await?;
        Ok(Json(HookDeliveries { items: hooks::deliveries(&mut tx, hook.0, None).await? }))
    }

    /// 再发一次.
    #[oai(path = "/my/webhooks/:hook/deliveries/:event/again", method = "post", operation_id = "post_hook_again")]
    async fn again(&self, Data(app): Data<&App>, caller: Caller, hook: Path<Uuid>, event: Path<Uuid>) -> Result<Accepted<HookDelivery>> {
        let mut tx = app.door.mine(&caller, "webhook:again").await?;
        let delivery = hooks::again(&mut tx, hook.0, event.0).await?;
        tx.commit(format!("webhook:{}", hook.0), json!({ "event": event.0 })).await?;
        Ok(accepted(delivery))
    }
}
