//! The clock. Owns "now"; nothing else in the house may ask the machine for the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

/// Where "now" comes from: the machine, or a hand that a test turns.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock set by hand, in microseconds since 1970.
    Hand(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at the given instant until moved.
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self::Hand(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// The present instant, to the microsecond (what PostgreSQL keeps).
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match self {
            #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Self::System => Utc::now().timestamp_micros(),
            Self::Hand(hand) => hand.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a hand clock; the machine's clock cannot be moved and answers false.
    pub fn set(&self, at: DateTime<Utc>) -> bool {
        match self {
            Self::System => false,
            Self::Hand(hand) => {
                hand.store(at.timestamp_micros(), Ordering::SeqCst);
                true
            }
        }
    }
}
