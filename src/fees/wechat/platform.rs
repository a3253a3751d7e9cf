//! The platform's keys as we know them now.
//!
//! Owns the list of keys and the right to ask for a new one. A platform certificate lives for years and is replaced
//! while both are valid; the new one is listed days before it signs. Must never believe a key past its end, nor ask
//! for keys as often as a stranger likes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};

use super::sign::PlatformKey;

/// How many times keys may be asked for …
const ASKS: usize = 6;
/// … within this time, whoever makes us.
const WITHIN: Duration = Duration::from_secs(360);

/// What this process knows of the platform's keys.
pub struct PlatformKeys {
    /// Given in the settings; stays.
    pinned: Option<PlatformKey>,
    /// From `GET /v3/certificates`; replaced whole, so a retired key is gone.
    fetched: ArcSwap<Vec<PlatformKey>>,
    asked: Mutex<VecDeque<Instant>>,
}

impl PlatformKeys {
    /// Knows nobody but the key from the settings, if there is one.
    pub fn new(pinned: Option<PlatformKey>) -> Self {
        Self { pinned, fetched: ArcSwap::default(), asked: Mutex::default() }
    }

    /// The key of this serial, unless it has ended.
    pub fn find(&self, serial: &str, now: DateTime<Utc>) -> Option<PlatformKey> {
        let is_it = |key: &&PlatformKey| key.serial == serial && now <= key.until;
        let fetched: Arc<Vec<PlatformKey>> = self.fetched.load_full();
        self.pinned.iter().chain(fetched.iter()).find(is_it).cloned()
    }

    /// Id of the key from the settings, if there is one.
    pub fn pinned(&self) -> Option<&str> {
        self.pinned.as_ref().map(|key| key.serial.as_str())
    }

    /// Serials known and not ended, for a status page.
    pub fn serials(&self, now: DateTime<Utc>) -> Vec<String> {
        let fetched = self.fetched.load_full();
        self.pinned.iter().chain(fetched.iter()).filter(|key| now <= key.until).map(|key| key.serial.clone()).collect()
    }

    /// Takes a new list in place of the old one.
    pub fn replace(&self, keys: Vec<PlatformKey>) {
        self.fetched.store(Arc::new(keys));
    }

    /// May keys be asked for because somebody named a serial we do not know? Counts as asking.
    pub fn may_ask(&self, at: Instant) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        while asked.front().is_some_and(|first| at.saturating_duration_since(*first) >= WITHIN) {
            asked.pop_front();
        }
        let free = asked.len() < ASKS;
        if free {
            asked.push_back(at);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_cannot_make_us_ask_for_ever() {
        let keys = PlatformKeys::new(None);
        let start = Instant::now();
        assert_eq!((0..100).filter(|_| keys.may_ask(start)).count(), ASKS);
        assert!(!keys.may_ask(start + WITHIN - Duration::from_secs(1)));
        assert!(keys.may_ask(start + WITHIN));
    }
}
