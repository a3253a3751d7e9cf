//! Rate limits: per address, per person, and a slower one for sign-in. Owns the buckets of this process.
//! Must never tell one account's state from another's.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use crate::config::Config;
use crate::error::{Error, Result};

/// How often somebody times the line in a minute.
const MEASUREMENTS: u32 = 60;

/// The buckets.
pub struct Limits {
    address: Option<DefaultKeyedRateLimiter<String>>,
    person: Option<DefaultKeyedRateLimiter<Uuid>>,
    sign_in: Option<DefaultKeyedRateLimiter<String>>,
    join: Option<DefaultKeyedRateLimiter<Uuid>>,
    measure: Option<DefaultKeyedRateLimiter<Uuid>>,
}

fn bucket<K: std::hash::Hash + Eq + Clone>(quota: impl Fn(NonZeroU32) -> Quota, n: u32) -> Option<DefaultKeyedRateLimiter<K>> {
    NonZeroU32::new(n).map(|n| RateLimiter::keyed(quota(n)))
}

fn check<K: std::hash::Hash + Eq + Clone>(limiter: &Option<DefaultKeyedRateLimiter<K>>, key: &K) -> Result<()> {
    let Some(limiter) = limiter else { return Ok(()) };
    limiter.check_key(key).map_err(|wait| Error::slow_down(wait.wait_time_from(DefaultClock::default().now()).as_secs().max(1)))
}

impl Limits {
    /// Buckets as configured; a burst of four seconds' worth is let through (a page makes several calls).
    pub fn new(config: &Config) -> Self {
        let burst = |n: NonZeroU32| Quota::per_second(n).allow_burst(n.saturating_mul(NonZeroU32::MIN.saturating_add(3)));
        Self {
            address: bucket(burst, config.rate_per_address),
            person: bucket(burst, config.rate_per_person),
            sign_in: bucket(Quota::per_minute, config.sign_in_per_minute),
            join: bucket(Quota::per_minute, config.sign_in_per_minute.min(10)),
            measure: bucket(Quota::per_minute, if config.rate_per_person == 0 { 0 } else { MEASUREMENTS }),
        }
    }

    /// One more request from this address.
    ///
    /// # Errors
    /// 429 with the wait.
    pub fn check_address(&self, address: &str) -> Result<()> {
        check(&self.address, &address.to_owned())
    }

    /// One more request of this person.
    ///
    /// # Errors
    /// 429 with the wait.
    pub fn check_person(&self, person: Uuid) -> Result<()> {
        check(&self.person, &person)
    }

    /// One more try at the sign-in desk from this address.
    ///
    /// # Errors
    /// 429 with the wait.
    pub fn check_sign_in(&self, address: &str) -> Result<()> {
        check(&self.sign_in, &address.to_owned())
    }

    /// One more try of a join code.
    ///
    /// # Errors
    /// 429 with the wait.
    pub fn check_join(&self, person: Uuid) -> Result<()> {
        check(&self.join, &person)
    }

    /// One more measurement of the line.
    ///
    /// # Errors
    /// 429 with the wait.
    pub fn check_measure(&self, person: Uuid) -> Result<()> {
        check(&self.measure, &person)
    }

    /// Forgets buckets that are full again, so that memory stays bounded.
    pub fn sweep(&self) {
        if let Some(l) = &self.address {
            l.retain_recent();
        }
        if let Some(l) = &self.person {
            l.retain_recent();
        }
        if let Some(l) = &self.sign_in {
            l.retain_recent();
        }
        for l in [&self.join, &self.measure].into_iter().flatten() {
            l.retain_recent();
        }
    }
}
