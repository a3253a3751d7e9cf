//! Webhooks: addresses that hear of what happens in their owner's matters. Owns `webhooks` and `webhook_deliveries`.
//!
//! Must never show a secret again, nor an address to anybody but its owner.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::target;
use super::views::{HookDelivery, HookDeliveryState, HookState, HookTopic, NewWebhook, Webhook, WebhookOrder};
use crate::app::App;
use crate::court::caller::Caller;
use crate::court::tx::PersonTx;
use crate::error::{Error, Result, said};
use crate::kit::seal::{Owner, Place};

/// Addresses one person may have.
pub const MOST: u32 = 10;

#[derive(FromRow)]
struct Row {
    hook_id: Uuid,
    url: Vec<u8>,
    topics: Vec<String>,
    state: String,
    paused_reason: Option<String>,
    failing_since: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    last_delivered_at: Option<DateTime<Utc>>,
}

fn shown(tx: &PersonTx, row: Row) -> Result<Webhook> {
    Ok(Webhook {
        hook_id: row.hook_id,
        url: tx.seal().open_text(tx.owner(), Place("webhooks", "url", &row.hook_id), &row.url)?,
        topics: row.topics.iter().filter_map(|k| HookTopic::parse(k)).collect(),
        state: if row.state == "active" { HookState::Active } else { HookState::Paused },
        paused_reason: row.paused_reason,
        failing_since: row.failing_since,
        created_at: row.created_at,
        last_delivered_at: row.last_delivered_at,
    })
}

/// A person's addresses, newest first; one of them when it is named.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut PersonTx, only: Option<Uuid>) -> Result<Vec<Webhook>> {
    let person = tx.person;
    let rows: Vec<Row> = sqlx::query_as(
        "select hook_id, url, topics, state, paused_reason, failing_since, created_at, last_delivered_at from webhooks
         where person_id = $1 and ended_at is null and ($2::uuid is null or hook_id = $2) order by created_at desc, hook_id",
    )
    .bind(person)
    .bind(only)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|row| shown(tx, row)).collect()
}

/// One of them.
///
/// # Errors
/// 404 when there is none.
pub async fn one(tx: &mut PersonTx, hook: Uuid) -> Result<Webhook> {
    list(tx, Some(hook)).await?.pop().ok_or_else(Error::not_found)
}

/// Registers an address.
///
/// # Errors
/// 422 `webhook.url`, 409 `webhook.too_many`.
pub async fn register(app: &App, caller: &Caller, key: Option<Uuid>, order: WebhookOrder) -> Result<NewWebhook> {
    let mut tx = app.door.mine(caller, "webhook:register").await?;
    if let Some(key) = key
        && let Some(first) = tx.once(key, &serde_json::to_vec(&order)?).await?
    {
        return Ok(first);
    }
    let url = target::read(&order.url, app.config.webhooks_inside)?;
    sqlx::query("select 1 from people where person_id = $1 for update").bind(tx.person).execute(tx.conn()).await?;
    if list(&mut tx, None).await?.len() >= MOST as usize {
        return Err(Error::conflict(
            "webhook.too_many",
            said(format!("一个账号最多登记 {MOST} 个通知地址。"), format!("One account holds at most {MOST} addresses.")),
            said("请先删除不再使用的地址。", "Remove one that is no longer used."),
        ));
    }
    let (person, now, id) = (tx.person, tx.now(), tx.id());
    let secret = format!("whsec_{}", data_encoding::BASE64.encode(&tx.random().bytes::<32>()));
    sqlx::query(
        "insert into webhooks (person_id, hook_id, url, secret, topics, state, created_at) values ($1, $2, $3, $4, $5, 'active', $6)",
    )
    .bind(person)
    .bind(id)
    .bind(tx.seal().seal(tx.owner(), Place("webhooks", "url", &id), url.as_str().as_bytes())?)
    .bind(tx.seal().seal(tx.owner(), Place("webhooks", "secret", &id), secret.as_bytes())?)
    .bind(order.topics.iter().map(|t| t.key()).collect::<Vec<_>>())
    .bind(now)
    .execute(tx.conn())
    .await?;
    let answer = NewWebhook { webhook: one(&mut tx, id).await?, secret };
    if let Some(key) = key {
        tx.answered(key, &answer).await?;
    }
    tx.commit(format!("webhook:{id}"), json!({ "topics": answer.webhook.topics })).await?;
    Ok(answer)
}

/// Ends an address; what still waits for it is not sent.
///
/// # Errors
/// 404 when there is none.
pub async fn end(tx: &mut PersonTx, hook: Uuid) -> Result<()> {
    one(tx, hook).await?;
    let (person, now) = (tx.person, tx.now());
    sqlx::query("update webhooks set ended_at = $3 where person_id = $1 and hook_id = $2")
        .bind(person)
        .bind(hook)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Tells a paused address again from now on.
///
/// # Errors
/// 404 when there is none.
pub async fn resume(tx: &mut PersonTx, hook: Uuid) -> Result<Webhook> {
    let person = tx.person;
    sqlx::query("update webhooks set state = 'active', paused_reason = null, failing_since = null where person_id = $1 and hook_id = $2 and ended_at is null")
        .bind(person)
        .bind(hook)
        .execute(tx.conn())
        .await?;
    one(tx, hook).await
}

/// Writes an event down for an address and leaves it to be posted; false when it was there already.
///
/// # Errors
/// What the database says.
pub async fn leave(tx: &mut PersonTx, hook: Uuid, event: Uuid, topic: HookTopic, body: &Value) -> Result<bool> {
    let (person, now) = (tx.person, tx.now());
    let sealed = tx.seal().seal_json(Owner::Person(person), Place("webhook_deliveries", "body", &event), body)?;
    let fresh = sqlx::query(
        "insert into webhook_deliveries (person_id, hook_id, event_id, topic, body, state, created_at) values ($1, $2, $3, $4, $5, 'waiting', $6) on conflict do nothing",
    )
    .bind(person)
    .bind(hook)
    .bind(event)
    .bind(topic.key())
    .bind(sealed)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if fresh.rows_affected() == 0 {
        return Ok(false);
    }
    tx.tell("software.post", &json!({ "person": person, "hook": hook, "event": event }))?;
    Ok(true)
}

/// 试发: a `ping`.
///
/// # Errors
/// 404 when there is no such address.
pub async fn ping(tx: &mut PersonTx, hook: Uuid) -> Result<HookDelivery> {
    one(tx, hook).await?;
    let (event, now) = (tx.id(), tx.now());
    leave(tx, hook, event, HookTopic::Ping, &json!({ "type": "ping", "timestamp": now, "data": {} })).await?;
    delivery(tx, hook, event).await
}

/// Sends an event once more.
///
/// # Errors
/// 404 when there is none.
pub async fn again(tx: &mut PersonTx, hook: Uuid, event: Uuid) -> Result<HookDelivery> {
    one(tx, hook).await?;
    let person = tx.person;
    let changed = sqlx::query(
        "update webhook_deliveries set state = 'waiting' where person_id = $1 and hook_id = $2 and event_id = $3 and state <> 'waiting'",
    )
    .bind(person)
    .bind(hook)
    .bind(event)
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 1 {
        tx.tell("software.post", &json!({ "person": person, "hook": hook, "event": event }))?;
    }
    delivery(tx, hook, event).await
}

#[derive(FromRow)]
struct DeliveryRow {
    event_id: Uuid,
    topic: String,
    created_at: DateTime<Utc>,
    state: String,
    tries: i32,
    status: Option<i32>,
    error: Option<String>,
    delivered_at: Option<DateTime<Utc>>,
}

fn told(row: DeliveryRow) -> Option<HookDelivery> {
    Some(HookDelivery {
        event_id: row.event_id,
        topic: HookTopic::parse(&row.topic)?,
        created_at: row.created_at,
        state: match row.state.as_str() {
            "waiting" => HookDeliveryState::Waiting,
            "delivered" => HookDeliveryState::Delivered,
            _ => HookDeliveryState::Failed,
        },
        tries: row.tries,
        status: row.status,
        error: row.error,
        delivered_at: row.delivered_at,
    })
}

/// The last events at an address, newest first.
///
/// # Errors
/// 404 when there is no such address.
pub async fn deliveries(tx: &mut PersonTx, hook: Uuid, only: Option<Uuid>) -> Result<Vec<HookDelivery>> {
    one(tx, hook).await?;
    let person = tx.person;
    let rows: Vec<DeliveryRow> = sqlx::query_as(
        "select event_id, topic, created_at, state, tries, status, error, delivered_at from webhook_deliveries
         where person_id = $1 and hook_id = $2 and ($3::uuid is null or event_id = $3) order by created_at desc, event_id desc limit 100",
    )
    .bind(person)
    .bind(hook)
    .bind(only)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(told).collect())
}

async fn delivery(tx: &mut PersonTx, hook: Uuid, event: Uuid) -> Result<HookDelivery> {
    deliveries(tx, hook, Some(event)).await?.pop().ok_or_else(Error::not_found)
}
