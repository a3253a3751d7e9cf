//! `make prove`: what must hold while the worker is killed again and again, with the receivers' own logs as witness.
//!
//! Three parts, by name or all: `services` (every paper arrives, once, in order, with a certificate that verifies),
//! `doubles` (a submission sent twice at once and a receipt repeated have one effect), `money` (random payments and
//! refunds: the books balance). How much: PROVE_N services, PROVE_KILLS, PROVE_DOUBLES, PROVE_CASES; PROVE_SEED tells the
//! dice. Results go to target/prove/<part>.json; a part that does not hold fails the run.

#![allow(clippy::disallowed_methods, reason = "a client outside makes its own keys and knows its own time")]
#![allow(dead_code, unused_imports, reason = "the kit of the stories knows more than is needed here")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a proof says what it expects by failing")]

#[path = "../it/kit/mod.rs"]
mod kit;
#[path = "../it/story_filing.rs"]
mod story_filing;
#[path = "../it/story_service.rs"]
mod story_service;

mod doubles;
mod money;
mod services;
mod worker;

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

/// A figure from the environment.
pub fn figure(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
}

/// Asks until the server is not too busy to answer, and nobody else is at the same row: the machine may be small.
pub async fn insists(who: &kit::Person, method: reqwest::Method, path: &str, key: uuid::Uuid, body: &Value) -> kit::Answer {
    for _ in 0..120 {
        let answer = who.ask(method.clone(), path).key(key).json(body.clone()).outside_may_be_away().send().await;
        let raced = answer.status == 409 && answer.value()["code"] == "race.try_again";
        if answer.status != 503 && !raced {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("{path}: too busy for a minute");
}

/// Dice that fall the same way for the same seed.
pub struct Dice(u64);

impl Dice {
    /// From PROVE_SEED.
    pub fn new() -> Self {
        Self(figure("PROVE_SEED", 20_261_123) as u64 | 1)
    }

    /// Below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let runs = |part: &str| wanted.is_empty() || wanted.iter().any(|w| w == part);
    // before any thread that may end: children end with the thread that made them
    kit::cluster();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        if runs("services") {
            keep("services", services::run).await;
        }
        if runs("doubles") {
            keep("doubles", doubles::run).await;
        }
        if runs("money") {
            keep("money", money::run).await;
        }
    });
}

/// Runs a part and keeps what it found.
async fn keep<F: Future<Output = Value>>(part: &str, run: impl Fn() -> F) {
    let since = Instant::now();
    println!("== {part}");
    let mut found = run().await;
    found["seconds"] = since.elapsed().as_secs().into();
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../prove");
    std::fs::create_dir_all(&dir).unwrap();
    let text = serde_json::to_string_pretty(&found).unwrap();
    std::fs::write(dir.join(format!("{part}.json")), &text).unwrap();
    println!("{text}");
    assert_eq!(found["holds"], true, "{part} does not hold");
}
