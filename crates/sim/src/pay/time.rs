//! The simulator's clock. Owns how far it is off the machine's; must never run backwards by itself.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that can be set and then goes on.
#[derive(Debug, Default)]
pub struct SimClock(AtomicI64);

impl SimClock {
    /// A clock that is off by so many milliseconds.
    pub fn off_by(millis: i64) -> Self {
        Self(AtomicI64::new(millis))
    }

    /// Now, as this world sees it.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::milliseconds(self.offset())
    }

    /// How far it is off.
    pub fn offset(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Sets it; it goes on from there. Nothing sets it right again.
    pub fn set(&self, to: Option<DateTime<Utc>>) {
        let millis = to.map_or(0, |to| (to - Utc::now()).num_milliseconds());
        self.0.store(millis, Ordering::SeqCst);
    }
}
