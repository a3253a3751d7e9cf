//! Receipts on their way to the court. Owns when each is sent, how often, and how it is spoiled; must never hold up a
//! door.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::Platform;
use super::book::{Delivery, Receipt};
use crate::signing::Key;

/// Waits before the second, third … attempt.
const REPEATS: [Duration; 5] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(9), Duration::from_secs(27)];
/// How many are sent at once by the control door.
const AT_ONCE: usize = 64;

/// How receipts go wrong.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// They do not.
    #[default]
    Genuine,
    /// Never sent; a query still tells.
    Lose,
    /// Sent several times.
    Repeat,
    /// Sent later.
    Delay,
    /// Signed with a key nobody shares.
    WrongSignature,
    /// Touched after signing.
    Altered,
    /// Signed ten minutes ago.
    Stale,
    /// Genuinely signed, about a delivery nobody handed over.
    UnknownDelivery,
    /// Genuinely signed, with a time in the future.
    Future,
}

/// How the next receipts go wrong.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Order {
    pub how: How,
    #[serde(default = "one")]
    pub next: u32,
    /// For `repeat` and forgeries.
    #[serde(default = "one")]
    pub times: u32,
    /// For `delay`.
    #[serde(default)]
    pub delay_ms: u64,
}

fn one() -> u32 {
    1
}

impl Platform {
    /// Sends a receipt as the standing order says, in the background.
    pub fn tell(self: &Arc<Self>, delivery: Delivery, receipt: Receipt) {
        let order = self.next_receipt();
        let platform = Arc::clone(self);
        tokio::spawn(async move {
            match order.how {
                How::Lose => return,
                How::Delay => tokio::time::sleep(Duration::from_millis(order.delay_ms)).await,
                How::Genuine => {}
                how => {
                    platform.send_many(&delivery, &receipt, how, order.times).await;
                }
            }
            for wait in REPEATS.map(Some).into_iter().chain([None]) {
                let status = platform.send(&delivery, &receipt, How::Genuine).await;
                if (200..300).contains(&status) {
                    return;
                }
                if let Some(wait) = wait {
                    tokio::time::sleep(wait).await;
                }
            }
            eprintln!("lianting-sim edelivery: gave up on a receipt to {}", delivery.wish.callback_url);
        });
    }

    /// Sends a receipt several times, many at once; answers each status, 0 for no answer.
    pub async fn send_many(self: &Arc<Self>, delivery: &Delivery, receipt: &Receipt, how: How, times: u32) -> Vec<u16> {
        let (mut sending, mut statuses) = (tokio::task::JoinSet::new(), Vec::new());
        for _ in 0..times {
            let (platform, delivery, receipt) = (Arc::clone(self), delivery.clone(), receipt.clone());
            sending.spawn(async move { platform.send(&delivery, &receipt, how).await });
            if sending.len() >= AT_ONCE
                && let Some(sent) = sending.join_next().await
            {
                statuses.push(sent.unwrap_or(0));
            }
        }
        while let Some(sent) = sending.join_next().await {
            statuses.push(sent.unwrap_or(0));
        }
        statuses
    }

    async fn send(&self, delivery: &Delivery, receipt: &Receipt, how: How) -> u16 {
        let Ok(url) = reqwest::Url::parse(&delivery.wish.callback_url) else { return 0 };
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let mut body = json!({
            "receipt_id": receipt.receipt_id, "delivery_id": delivery.wish.delivery_id, "platform_id": delivery.platform_id,
            "channel": delivery.wish.channel, "state": receipt.state, "at": receipt.at,
        });
        if let Some(reason) = &receipt.reason {
            body["reason"] = json!(reason);
        }
        match how {
            How::UnknownDelivery => body["delivery_id"] = json!("nobody-handed-this-over"),
            How::Future => body["at"] = json!(receipt.at + chrono::TimeDelta::days(30)),
            _ => {}
        }
        let body = body.to_string();
        let stranger = Key::new(&self.key.app_id, "not the shared secret");
        let key = if how == How::WrongSignature { &stranger } else { &self.key };
        let age = if how == How::Stale { 600 } else { 0 };
        let now = chrono::Utc::now().timestamp() - age;
        let headers = key.sign("POST", &path, body.as_bytes(), now, &Uuid::new_v4().to_string());
        let body = if how == How::Altered { body.replacen("\"state\":\"", "\"state\":\"x", 1) } else { body };
        let sent = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("x-app-id", headers.app_id)
            .header("x-timestamp", headers.timestamp)
            .header("x-nonce", headers.nonce)
            .header("x-signature", headers.signature)
            .body(body)
            .send()
            .await;
        sent.map_or(0, |answer| answer.status().as_u16())
    }
}
