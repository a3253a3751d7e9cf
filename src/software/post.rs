//! Posting an event to an address, signed by the Standard Webhooks scheme (standardwebhooks.com): `webhook-id`,
//! `webhook-timestamp` and `webhook-signature: v1,<base64 of HMAC-SHA256 over id.timestamp.body>`.
//!
//! Owns the signature, the tries and the giving up. Must never hold a transaction while it waits, follow a redirect, or
//! read what the address answers beyond its status.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;
use sqlx::FromRow;
use uuid::Uuid;

use super::target;
use crate::app::App;
use crate::error::Result;
use crate::kit::seal::{Owner, Place};
use crate::person::messages::{Sms, To, tell_sms};
use crate::work::{Due, MOST_TRIES, Outcome};

/// An address to which nothing got through for so long is told no more.
const PATIENCE: TimeDelta = TimeDelta::days(3);

#[derive(Deserialize)]
struct Order {
    person: Uuid,
    hook: Uuid,
    event: Uuid,
}

#[derive(FromRow)]
struct Row {
    url: Vec<u8>,
    secret: Vec<u8>,
    body: Vec<u8>,
    hook_state: String,
    state: String,
}

/// What an address said.
enum Heard {
    Taken(u16),
    Gone,
    Failed(Option<u16>, String),
}

/// The signature of a body; none when the secret is not one of ours.
pub fn signature(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let key = BASE64.decode(secret.strip_prefix("whsec_")?).ok()?;
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64.encode(mac.finalize().into_bytes())))
}

/// Handles `software.post`.
///
/// # Errors
/// What the database says.
pub async fn post(app: &App, due: &Due) -> Result<Outcome> {
    let Ok(order) = serde_json::from_value::<Order>(due.payload.clone()) else {
        return Ok(Outcome::Dead("the event cannot be read".into()));
    };
    let mut mine = app.door.as_person(order.person, "software:post", "job".into()).await?;
    let row: Option<Row> = sqlx::query_as(
        "select h.url, h.secret, d.body, h.state as hook_state, d.state from webhook_deliveries d join webhooks h using (person_id, hook_id)
         where d.person_id = $1 and d.hook_id = $2 and d.event_id = $3 and h.ended_at is null",
    )
    .bind(order.person)
    .bind(order.hook)
    .bind(order.event)
    .fetch_optional(mine.conn())
    .await?;
    drop(mine);
    let Some(row) = row.filter(|r| r.state == "waiting") else { return Ok(Outcome::Done) };
    let last = due.attempts + 1 >= MOST_TRIES;
    let heard = if row.hook_state == "active" { say(app, &order, &row).await? } else { Heard::Failed(None, "paused".into()) };
    let done = settle(app, &order, &heard, last || row.hook_state != "active").await?;
    Ok(match heard {
        Heard::Failed(_, cause) if !done => Outcome::Again(cause),
        _ => Outcome::Done,
    })
}

async fn say(app: &App, order: &Order, row: &Row) -> Result<Heard> {
    let (owner, seal) = (Owner::Person(order.person), &app.seal);
    let url = seal.open_text(owner, Place("webhooks", "url", &order.hook), &row.url)?;
    let secret = seal.open_text(owner, Place("webhooks", "secret", &order.hook), &row.secret)?;
    let body = seal.open(owner, Place("webhook_deliveries", "body", &order.event), &row.body)?;
    let Ok(url) = target::read(&url, app.config.webhooks_inside) else { return Ok(Heard::Failed(None, "address".into())) };
    let (id, timestamp) = (order.event.to_string(), app.now().timestamp());
    let Some(signature) = signature(&secret, &id, timestamp, &body) else { return Ok(Heard::Failed(None, "secret".into())) };
    let answer = app
        .webhooks
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", concat!("Lianting/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", signature)
        .body(body)
        .send()
        .await;
    Ok(match answer.map(|a| a.status().as_u16()) {
        Ok(status @ 200..=299) => Heard::Taken(status),
        Ok(410) => Heard::Gone,
        Ok(status) => Heard::Failed(Some(status), "status".into()),
        Err(e) if e.is_timeout() => Heard::Failed(None, "timeout".into()),
        Err(e) if e.is_connect() => Heard::Failed(None, "connection".into()),
        Err(_) => Heard::Failed(None, "wire".into()),
    })
}

/// Writes down what was heard; answers whether the event is settled.
async fn settle(app: &App, order: &Order, heard: &Heard, last: bool) -> Result<bool> {
    let mut mine = app.door.as_person(order.person, "software:post", "job".into()).await?;
    let now = mine.now();
    let (state, status, error) = match heard {
        Heard::Taken(status) => ("delivered", Some(i32::from(*status)), None),
        Heard::Gone => ("failed", Some(410), Some("gone")),
        Heard::Failed(status, cause) => (if last { "failed" } else { "waiting" }, status.map(i32::from), Some(cause.as_str())),
    };
    sqlx::query(
        "update webhook_deliveries set state = $4, tries = tries + 1, status = $5, error = $6, delivered_at = case when $4 = 'delivered' then $7 end
         where person_id = $1 and hook_id = $2 and event_id = $3",
    )
    .bind(order.person)
    .bind(order.hook)
    .bind(order.event)
    .bind(state)
    .bind(status)
    .bind(error)
    .bind(now)
    .execute(mine.conn())
    .await?;
    let pause = mark(&mut mine, order, heard, now).await?;
    if let Some(reason) = pause {
        let link = format!("{}/account/software", app.config.public_url);
        let sms = Sms {
            to: To::Person(order.person),
            template: "webhook_paused",
            params: &[("link", &link)],
            court: None,
            until: None,
            listener: None,
        };
        tell_sms(&mut mine, &sms)?;
        tracing::info!(hook = %order.hook, reason, "a webhook is told no more");
    }
    mine.commit(format!("webhook:{}", order.hook), json!({ "event": order.event, "state": state, "status": status })).await?;
    Ok(state != "waiting")
}

/// Keeps the address's own standing; answers why it is paused now, if it is.
async fn mark(mine: &mut crate::court::tx::PersonTx, order: &Order, heard: &Heard, now: DateTime<Utc>) -> Result<Option<&'static str>> {
    let (taken, gone) = (matches!(heard, Heard::Taken(_)), matches!(heard, Heard::Gone));
    let paused: Option<String> = sqlx::query_scalar(
        "update webhooks set last_delivered_at = case when $3 then $5 else last_delivered_at end,
           failing_since = case when $3 then null else coalesce(failing_since, $5) end,
           state = case when $4 or (not $3 and failing_since < $6) then 'paused' else state end,
           paused_reason = case when $4 then 'gone' when not $3 and failing_since < $6 then 'failing' else paused_reason end
         where person_id = $1 and hook_id = $2 and state = 'active' returning paused_reason",
    )
    .bind(order.person)
    .bind(order.hook)
    .bind(taken)
    .bind(gone)
    .bind(now)
    .bind(now - PATIENCE)
    .fetch_optional(mine.conn())
    .await?
    .flatten();
    Ok(paused.map(|reason| if reason == "gone" { "gone" } else { "failing" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification's own libraries.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let got = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(got.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(signature("nothing", "a", 1, b""), None);
    }
}
