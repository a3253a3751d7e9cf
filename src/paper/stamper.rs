//! The client of a time-stamping authority (RFC 3161). Owns its time-outs, its repetitions and the pause after a
//! failure: while an authority is down, papers are set without it and nobody waits for it twice.
//! Must never believe an answer: the token is checked against our request and the roots we were given.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lianting_seal::stamp::{self, NoStamp, Stamp};
use lianting_seal::{Cert, Fault};

use crate::kit::random::Random;

/// One try.
const PATIENCE: Duration = Duration::from_secs(3);
/// Waits between the tries.
const PAUSES: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(600)];
/// How long an authority that failed is left alone.
const REST: TimeDelta = TimeDelta::seconds(30);
/// The largest answer.
const ANSWER_CAP: usize = 64 << 10;

/// Why there is no stamp now.
#[derive(Debug, thiserror::Error)]
pub enum Unstamped {
    /// It failed a moment ago and is left alone.
    #[error("the time-stamping authority failed a moment ago")]
    Resting,
    /// No usable answer came.
    #[error("the time-stamping authority does not answer: {0}")]
    Down(String),
    /// An answer came that proves nothing.
    #[error("the time-stamping authority's answer does not count: {0}")]
    Wrong(NoStamp),
}

/// One authority.
pub struct Stamper {
    url: String,
    client: reqwest::Client,
    random: Random,
    rests_until: AtomicI64,
}

impl Stamper {
    /// An authority at an address; nothing is sent yet.
    ///
    /// # Errors
    /// When the TLS provider cannot be set up.
    pub fn new(url: &str, random: Random) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(1))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { url: url.to_owned(), client, random, rests_until: AtomicI64::new(i64::MIN) })
    }

    /// A stamp on a digest. `now` only times the rest after a failure.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn stamp(&self, imprint: &[u8; 32], roots: &[Cert], now: DateTime<Utc>) -> Result<Stamp, Unstamped> {
        if now.timestamp() < self.rests_until.load(Ordering::Relaxed) {
            return Err(Unstamped::Resting);
        }
        let mut answer = self.once(imprint, roots).await;
        for pause in PAUSES {
            if answer.is_ok() {
                break;
            }
            tokio::time::sleep(pause).await;
            answer = self.once(imprint, roots).await;
        }
        if let Err(cause) = &answer {
            self.rests_until.store((now + REST).timestamp(), Ordering::Relaxed);
            ::metrics::counter!("lianting_stamps_missed_total").increment(1);
            tracing::error!(%cause, "no time stamp: papers are sealed without one, and it is asked for again");
        }
        answer
    }

    async fn once(&self, imprint: &[u8; 32], roots: &[Cert]) -> Result<Stamp, Unstamped> {
        let nonce = u64::from_be_bytes(self.random.bytes());
        let request = stamp::request(imprint, nonce).map_err(|e: Fault| Unstamped::Down(e.to_string()))?;
        let answer = self.ask(request).await.map_err(|e| Unstamped::Down(e.to_string()))?;
        stamp::accept(&answer, imprint, nonce, roots).map_err(Unstamped::Wrong)
    }

    async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        let post = self.client.post(&self.url).header("content-type", stamp::REQUEST_TYPE).body(request);
        let mut answer = post.send().await?.error_for_status()?;
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > ANSWER_CAP {
                return Err("an answer of more than 64 KiB".into());
            }
        }
        Ok(bytes)
    }
}
