//! Randomness and ids as one parameter. Owns every token, code and id the house makes.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rand::{RngCore, SeedableRng, rngs::StdRng};
use uuid::{ContextV7, Timestamp, Uuid};

/// Signs used in codes people read aloud: no 0, 1, O, I.
const PLAIN_SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A source of randomness: the operating system's, or a seeded one for a repeatable test.
#[derive(Clone)]
pub struct Random {
    rng: Arc<Mutex<StdRng>>,
    ids: Arc<Mutex<ContextV7>>,
}

impl Random {
    /// Seeds itself from the operating system.
    pub fn from_os() -> Self {
        Self::with(StdRng::from_os_rng())
    }

    /// A repeatable source, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::with(StdRng::seed_from_u64(seed))
    }

    fn with(rng: StdRng) -> Self {
        Self { rng: Arc::new(Mutex::new(rng)), ids: Arc::new(Mutex::new(ContextV7::new())) }
    }

    /// Fills `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut out);
        out
    }

    /// A time-ordered id (UUID v7): newest first is a backward scan of the primary key.
    pub fn id(&self, now: DateTime<Utc>) -> Uuid {
        let context = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
    }

    /// A 256-bit token, for cookies and links.
    pub fn token(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.bytes::<32>())
    }

    /// A code of `n` plain signs (letters and digits without 0, 1, O, I).
    pub fn plain_code(&self, n: usize) -> String {
        let mut dice = vec![0; n];
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut dice);
        dice.into_iter().map(|byte| char::from(PLAIN_SIGNS[usize::from(byte & 31)])).collect()
    }

    /// A six-digit one-time code.
    pub fn six_digits(&self) -> String {
        format!("{:06}", u32::from_be_bytes(self.bytes::<4>()) % 1_000_000)
    }
}
