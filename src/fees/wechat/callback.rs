//! 支付通知、退款通知: what the platform tells us by itself.
//!
//! Owns reading a callback, pure given keys and now. Must never take one for true that the platform did not sign a
//! moment ago, and knows nothing of repetitions: the caller remembers [`Notification::id`] and compares amounts with
//! its own order before it believes that it was paid.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::shapes::{Refund, Transaction, WireRefund, WireTransaction};
use super::sign::{ApiV3Key, PlatformHeaders, PlatformKey, Sealed};

/// The largest callback that is read; real ones have about two thousand bytes.
pub const BODY_CAP: usize = 64 << 10;

/// A callback that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// 通知的唯一 ID: the same for every repetition.
    pub id: String,
    /// When the platform made it.
    pub created: DateTime<Utc>,
    /// What happened.
    pub event: Event,
}

/// What a callback says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `TRANSACTION.SUCCESS`
    Paid(Transaction),
    /// `REFUND.SUCCESS`, `REFUND.ABNORMAL`, `REFUND.CLOSED`
    Refund(Refund),
    /// Genuine, about something we do not deal with; answer 200 and forget it.
    Other(String),
}

/// Why a callback is not believed. Answer 401 with `{"code":"FAIL"}` and do nothing.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum NotGenuine {
    /// Headers missing, or longer than any real one.
    #[error("no signature")]
    Unsigned,
    /// Signed more than five minutes ago, or in the future.
    #[error("signed too long ago")]
    Stale,
    /// Signed by a key that is not on the platform's list.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
    /// The content was not sealed for us.
    #[error("not sealed for us")]
    Seal,
    /// Signed and sealed, and still not what was agreed.
    #[error("not the agreed shape: {0}")]
    Shape(&'static str),
    /// About another merchant.
    #[error("about another merchant")]
    Stranger,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    create_time: DateTime<Utc>,
    event_type: String,
    resource: Sealed,
}

/// Reads a callback's body as it came in, byte for byte.
///
/// `key` is the platform's key that the headers name, if it is known.
///
/// # Errors
/// When it is not believed.
pub fn read(
    headers: &PlatformHeaders,
    body: &[u8],
    key: Option<&PlatformKey>,
    apiv3: &ApiV3Key,
    mchid: &str,
    now: DateTime<Utc>,
) -> Result<Notification, NotGenuine> {
    plausible(headers, body, now)?;
    let key = key.filter(|key| key.serial == headers.serial).ok_or(NotGenuine::UnknownKey)?;
    if now > key.until {
        return Err(NotGenuine::UnknownKey);
    }
    if !key.signed(headers, body) {
        return Err(NotGenuine::Signature);
    }
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| NotGenuine::Shape("envelope"))?;
    let resource = apiv3.open(&envelope.resource).ok_or(NotGenuine::Seal)?;
    let event = event(&envelope.event_type, &resource, mchid)?;
    Ok(Notification { id: envelope.id, created: envelope.create_time, event })
}

/// Is it worth looking for the key? Cheap, so that strangers cost little.
///
/// # Errors
/// When it cannot be genuine whoever signed it.
pub fn plausible(headers: &PlatformHeaders, body: &[u8], now: DateTime<Utc>) -> Result<(), NotGenuine> {
    let sane = |text: &str, most: usize| !text.is_empty() && text.len() <= most;
    let all = sane(&headers.timestamp, 12) && sane(&headers.nonce, 128) && sane(&headers.serial, 128) && sane(&headers.signature, 2048);
    if !all || body.len() > BODY_CAP {
        return Err(NotGenuine::Unsigned);
    }
    if !headers.is_fresh(now) {
        return Err(NotGenuine::Stale);
    }
    Ok(())
}

fn event(event_type: &str, resource: &[u8], mchid: &str) -> Result<Event, NotGenuine> {
    match event_type {
        "TRANSACTION.SUCCESS" => {
            let wire: WireTransaction = serde_json::from_slice(resource).map_err(|_| NotGenuine::Shape("transaction"))?;
            ours(&wire.mchid, mchid)?;
            let paid = wire.read().filter(|it| it.state.is_paid()).ok_or(NotGenuine::Shape("transaction"))?;
            Ok(Event::Paid(paid))
        }
        "REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED" => {
            let wire: WireRefund = serde_json::from_slice(resource).map_err(|_| NotGenuine::Shape("refund"))?;
            ours(wire.mchid.as_deref().unwrap_or_default(), mchid)?;
            Ok(Event::Refund(wire.read().ok_or(NotGenuine::Shape("refund"))?))
        }
        other => Ok(Event::Other(other.chars().take(64).collect())),
    }
}

fn ours(theirs: &str, mchid: &str) -> Result<(), NotGenuine> {
    if theirs == mchid { Ok(()) } else { Err(NotGenuine::Stranger) }
}

#[cfg(test)]
#[path = "callback_tests.rs"]
mod tests;
