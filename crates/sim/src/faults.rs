//! Failing on demand. Owns which of the next requests go wrong and how; must never fail unasked.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a request that is never answered is held, longer than any sane client waits.
pub const NEVER: Duration = Duration::from_secs(120);

/// The ways to go wrong.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Answers 500 and does nothing.
    #[serde(rename = "500")]
    Error,
    /// Does nothing and never answers.
    Timeout,
    /// Answers 403 `refused`: this request will never be taken.
    Refuse,
    /// Does its work and never answers.
    LoseAnswer,
    /// Answers after `delay_ms`.
    DelayMs,
    /// Does nothing and cuts the connection.
    Cut,
    /// Does its work and cuts the connection.
    CutAfter,
    /// (pay) Answers 429 and does nothing.
    TooOften,
    /// (pay) A proxy's page with 502, unsigned; nothing done.
    BadGateway,
    /// (pay) Does its work and answers 500.
    #[serde(rename = "500_after")]
    ErrorAfter,
    /// (pay, tsa) Does its work; a stranger's key signs the answer.
    ForgeAnswer,
    /// (pay) Does its work; the answer names a serial nobody knows.
    UnknownSerial,
    /// (pay) Does its work; the answer was signed ten minutes ago.
    StaleAnswer,
    /// (pay) Does its work; nobody signs the answer.
    UnsignedAnswer,
    /// (pay) Does its work; the answer is touched after signing.
    AlterAnswer,
    /// (tsa) The stamp answers another request.
    WrongNonce,
    /// (tsa) The stamp is of another digest.
    WrongDigest,
    /// (tsa) The stamp's signature does not hold.
    BadSignature,
    /// (sms) Takes the message and never reports on it.
    LoseReport,
    /// (sms) Reports twice.
    DuplicateReport,
    /// (sms) Reports `failed`.
    FailDelivery,
    /// (sms) Reports `failed`, the number is not in use.
    NumberAbsent,
    /// (sms) Reports `delivered`, to a number that is somebody else's now.
    NumberReassigned,
}

/// An order to fail.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Order {
    /// How many of the next requests; 0 calls the order off.
    pub fail_next: u32,
    /// How.
    pub mode: Mode,
    /// How long, for `delay_ms`.
    #[serde(default = "one_second")]
    pub delay_ms: u64,
}

fn one_second() -> u64 {
    1000
}

/// The standing order.
#[derive(Default)]
pub struct Faults(Mutex<Option<Order>>);

impl Faults {
    /// Replaces the standing order.
    pub fn set(&self, order: Option<Order>) {
        *self.lock() = order.filter(|order| order.fail_next > 0);
    }

    /// The standing order as it is now.
    pub fn standing(&self) -> Option<Order> {
        *self.lock()
    }

    /// What the request at hand must do; uses up one of the order.
    pub fn next(&self) -> Option<Order> {
        let mut standing = self.lock();
        let order = (*standing)?;
        *standing = Some(Order { fail_next: order.fail_next - 1, ..order }).filter(|left| left.fail_next > 0);
        Some(order)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Order>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_used_up() {
        let faults = Faults::default();
        assert_eq!(faults.next(), None);
        let order: Order = serde_json::from_str(r#"{"fail_next":2,"mode":"500"}"#).unwrap();
        faults.set(Some(order));
        assert_eq!(faults.next().map(|o| o.mode), Some(Mode::Error));
        assert_eq!(faults.next().map(|o| o.mode), Some(Mode::Error));
        assert_eq!(faults.next(), None);
    }

    #[test]
    fn an_order_is_called_off() {
        let faults = Faults::default();
        faults.set(Some(Order { fail_next: 9, mode: Mode::Timeout, delay_ms: 0 }));
        faults.set(Some(Order { fail_next: 0, mode: Mode::Timeout, delay_ms: 0 }));
        assert_eq!(faults.standing(), None);
    }
}
