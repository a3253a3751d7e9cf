//! 全国统一送达平台、即时通讯账号: one protocol, two adapters (crates/sim/README.md, edelivery). Owns what is handed over,
//! the questions asked of what became silent, and the door receipts come in by.
//!
//! Every sending goes under the attempt's id, so that a repetition is the same delivery over there. Must never believe a
//! receipt without its signature.

use chrono::{DateTime, Utc};
use poem::http::HeaderMap;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::receipts::{self, Heard};
use super::words::Adapter;
use crate::app::App;
use crate::error::{Error, Result};
use crate::kit::answer::NoContent;
use crate::kit::raw::RawJson;
use crate::kit::wire::{Wire, WireFault};

/// Where receipts come in.
const PATH: &str = "/api/hooks/delivery";

/// The wire of an adapter and our name there, where it is configured.
pub fn wire(app: &App, adapter: Adapter) -> Option<(&Wire, &str)> {
    match adapter {
        Adapter::NationalPlatform => app.platform.as_ref().map(|w| (w, app.config.edelivery_app_id.as_str())),
        Adapter::Chat => app.chat.as_ref().map(|w| (w, app.config.chat_app_id.as_str())),
        Adapter::Mail => None,
    }
}

fn address(app: &App, adapter: Adapter) -> String {
    format!("{}{PATH}/{}", app.config.public_url.trim_end_matches('/'), adapter.key())
}

/// A document that is served.
#[derive(Debug, Serialize)]
pub struct Document {
    /// 名称.
    pub title: String,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Where its owner reads it.
    pub url: String,
}

/// What is handed over.
#[derive(Debug, Serialize)]
pub struct Handed {
    /// The attempt.
    pub delivery_id: Uuid,
    /// platform or chat.
    pub channel: &'static str,
    /// The recipient's account there.
    pub account: String,
    /// 受送达人.
    pub name: String,
    /// 案号.
    pub case_number: String,
    /// 法院.
    pub court: String,
    /// The papers.
    pub documents: Vec<Document>,
    /// What is said around them.
    pub text: String,
    /// Where receipts are to be sent.
    pub callback_url: String,
}

impl Handed {
    /// Fills in what the adapter knows.
    pub fn through(mut self, app: &App, adapter: Adapter) -> Self {
        self.channel = if adapter == Adapter::Chat { "chat" } else { "platform" };
        self.callback_url = address(app, adapter);
        self
    }
}

/// What the other side answered.
pub enum Taken {
    /// Taken over, under its number.
    Over(String),
    /// Refused for good, and why.
    Refused(String),
    /// Not now.
    Later(String),
    /// It does not understand us: a person at the server has to look.
    Fault(String),
    /// Cut off on the way: nobody knows whether it was taken.
    Unsure(String),
}

#[derive(Deserialize)]
struct Answer {
    platform_id: String,
}

/// Hands a sending over; again with the same number it is the same delivery.
pub async fn hand_over(wire: &Wire, handed: &Handed, now: DateTime<Utc>) -> Taken {
    match wire.post::<Answer>("/deliveries", handed, now).await {
        Ok(answer) => Taken::Over(answer.platform_id.chars().take(100).collect()),
        Err(WireFault::Again(cause)) => Taken::Later(cause),
        Err(WireFault::Refused(401, _)) => Taken::Later("the platform does not know our signature".into()),
        Err(WireFault::Refused(422, code)) if matches!(code.as_str(), "reused" | "invalid") => Taken::Fault(code),
        Err(WireFault::Refused(422, code)) => Taken::Refused(code),
        Err(WireFault::Refused(status, code)) => Taken::Later(format!("{status} {code}")),
    }
}

#[derive(Deserialize)]
struct Progress {
    receipts: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    receipt_id: String,
    state: String,
    at: DateTime<Utc>,
    reason: Option<String>,
}

/// Asks how far a delivery came, and writes down what no receipt told. Answers whether it came to its end.
///
/// # Errors
/// What the database says.
pub async fn ask(app: &App, adapter: Adapter, attempt: Uuid) -> Result<Option<bool>> {
    let Some((wire, _)) = wire(app, adapter) else { return Ok(None) };
    let progress: Progress = match wire.get(&format!("/deliveries/{attempt}"), app.now()).await {
        Ok(progress) => progress,
        Err(cause) => {
            tracing::warn!(%cause, adapter = adapter.key(), "cannot ask after a delivery");
            return Ok(None);
        }
    };
    let mut ended = false;
    for step in progress.receipts.into_iter().take(50) {
        ended |= receipts::is_final(&step.state);
        let heard = Heard {
            attempt,
            adapter,
            key: line(&step.receipt_id, 100),
            word: line(&step.state, 40),
            reason: step.reason.map(|r| line(&r, 300)),
            at: step.at,
        };
        receipts::heard(app, &heard).await?;
    }
    Ok(Some(ended))
}

fn line(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// 送达回执.
#[derive(Object)]
pub struct DeliveryReceipt {
    /// The same over repetitions.
    #[oai(validator(min_length = 1, max_length = 100))]
    pub receipt_id: String,
    /// Our number of the sending.
    #[oai(validator(max_length = 100))]
    pub delivery_id: String,
    /// accepted, sent, arrived, read, answered or bounced; another word is kept and shown to the clerk.
    #[oai(validator(min_length = 1, max_length = 40))]
    pub state: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Why it bounced.
    #[oai(validator(max_length = 500))]
    pub reason: Option<String>,
}

/// The door.
pub struct DeliveryHookApi;

#[OpenApi]
impl DeliveryHookApi {
    /// 送达平台、即时通讯的回执, signed as text message reports are: `X-App-Id`, `X-Timestamp`, `X-Nonce`, `X-Signature`.
    #[oai(path = "/hooks/delivery/:adapter", method = "post", operation_id = "report_delivery")]
    async fn report(
        &self,
        Data(app): Data<&App>,
        /// national_platform or chat.
        adapter: Path<String>,
        headers: &HeaderMap,
        body: RawJson<DeliveryReceipt>,
    ) -> Result<NoContent> {
        let adapter = Adapter::parse(&adapter.0).filter(|a| *a != Adapter::Mail).ok_or_else(Error::not_found)?;
        // a deployment may live below a path of its own
        let path = address(app, adapter).parse::<poem::http::Uri>().map_or_else(|_| PATH.to_owned(), |uri| uri.path().to_owned());
        body.check(wire(app, adapter), &path, headers, app.now())?;
        let receipt = body.read()?;
        // what nobody handed over is answered like what was: the reporter learns nothing of our numbers
        if let Ok(attempt) = receipt.delivery_id.parse() {
            let (key, word) = (line(&receipt.receipt_id, 100), line(&receipt.state, 40));
            let heard = Heard { attempt, adapter, key, word, reason: receipt.reason.map(|r| line(&r, 300)), at: receipt.at };
            receipts::heard(app, &heard).await?;
        }
        Ok(NoContent::NoContent)
    }
}
