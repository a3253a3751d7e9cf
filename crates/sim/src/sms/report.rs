//! Delivery reports. Owns when and how often one is sent; must never hold up the gateway's own doors.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::Gateway;
use super::book::{Message, Status};
use crate::faults::Mode;
use crate::signing::Key;

/// Waits before the second, third … attempt.
const RETRIES: [Duration; 5] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(9), Duration::from_secs(27)];

/// Sends delivery reports.
pub struct Reporter {
    client: reqwest::Client,
    key: Key,
    after: Duration,
}

impl Reporter {
    /// A reporter that signs with `key`.
    pub fn new(key: Key, after: Duration) -> io::Result<Self> {
        // Another part of the process may have chosen its provider first; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(io::Error::other)?;
        Ok(Self { client, key, after })
    }

    /// Brings a message to its phone and reports on it, in the background.
    pub fn follow(&self, gateway: Arc<Gateway>, message: Message, fault: Option<Mode>) {
        let after = self.after;
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            let failed = matches!(fault, Some(Mode::FailDelivery | Mode::NumberAbsent));
            let status = if failed { Status::Failed } else { Status::Delivered };
            gateway.book.mark(&message.gateway_id, status);
            let times = match fault {
                Some(Mode::LoseReport) => 0,
                Some(Mode::DuplicateReport) => 2,
                _ => 1,
            };
            let code = match fault {
                Some(Mode::NumberAbsent) => Some("number_absent"),
                Some(Mode::NumberReassigned) => Some("number_reassigned"),
                _ => None,
            };
            let body = report(&message, failed, code);
            for _ in 0..times {
                gateway.reporter.deliver(message.submission.callback_url.as_deref(), &body).await;
            }
        });
    }

    async fn deliver(&self, url: Option<&str>, body: &str) {
        let Some(url) = url.and_then(|url| reqwest::Url::parse(url).ok()) else { return };
        for wait in RETRIES.map(Some).into_iter().chain([None]) {
            if self.attempt(&url, body).await {
                return;
            }
            if let Some(wait) = wait {
                tokio::time::sleep(wait).await;
            }
        }
        eprintln!("lianting-sim sms: gave up on a report to {url}");
    }

    async fn attempt(&self, url: &reqwest::Url, body: &str) -> bool {
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let now = chrono::Utc::now().timestamp();
        let headers = self.key.sign("POST", &path, body.as_bytes(), now, &Uuid::new_v4().to_string());
        let sent = self
            .client
            .post(url.clone())
            .header("content-type", "application/json")
            .header("x-app-id", headers.app_id)
            .header("x-timestamp", headers.timestamp)
            .header("x-nonce", headers.nonce)
            .header("x-signature", headers.signature)
            .body(body.to_owned())
            .send()
            .await;
        sent.is_ok_and(|answer| answer.status().is_success())
    }
}

fn report(message: &Message, failed: bool, code: Option<&str>) -> String {
    let mut report = json!({
        "gateway_id": message.gateway_id,
        "message_id": message.submission.message_id,
        "status": if failed { "failed" } else { "delivered" },
        "at": crate::doors::now(),
    });
    if failed {
        report["reason"] = json!("空号或停机");
    }
    if let Some(code) = code {
        report["code"] = json!(code);
    }
    report.to_string()
}
