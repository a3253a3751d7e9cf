//! `make prove-media`: what a hearing's recording must survive, with a real server, real media and people who come back by
//! themselves, as their pages do.
//!
//! Parts, by name or all: `kills` (the server is killed again and again), `storage` (the object store is down, then the disk
//! fills up), `clock` (the wall clock is set), `cut` (a participant's line is dead for ten seconds), `drain` (the room moves to
//! another server). How much: MEDIA_KILLS (5; the whole is 20), MEDIA_STORE_SECONDS (20; the whole is 300), PROVE_SEED.
//! Results go to target/prove/media-<part>.json and target/prove/media.json; a part that does not hold fails the run.

#![allow(clippy::disallowed_methods, reason = "a client outside makes its own keys and knows its own time")]
#![allow(dead_code, unused_imports, reason = "the kit of the stories knows more than is needed here")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a proof says what it expects by failing")]

#[path = "../it/kit/mod.rs"]
mod kit;
#[path = "../it/story_filing.rs"]
mod story_filing;
#[path = "../it/story_room.rs"]
mod story_room;

mod clock;
mod cut;
mod drain;
mod guest;
mod kills;
mod pictures;
mod recorded;
mod server;
mod stage;
mod storage;

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

/// A figure from the environment.
pub fn figure(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
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

fn results() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../prove");
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let runs = |part: &str| wanted.is_empty() || wanted.iter().any(|w| w == part);
    // before any thread that may end: children end with the thread that made them
    kit::cluster();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let mut failed = Vec::new();
    runtime.block_on(async {
        let mut keep = async |part: &'static str, run: std::pin::Pin<Box<dyn Future<Output = Value> + Send>>| {
            if runs(part) && !keep(part, run).await {
                failed.push(part);
            }
        };
        keep("kills", Box::pin(kills::run())).await;
        keep("storage", Box::pin(storage::run())).await;
        keep("clock", Box::pin(clock::run())).await;
        keep("cut", Box::pin(cut::run())).await;
        keep("drain", Box::pin(drain::run())).await;
    });
    together();
    assert!(failed.is_empty(), "these do not hold: {failed:?}");
}

/// Runs a part and keeps what it found. True when it holds.
async fn keep(part: &str, run: std::pin::Pin<Box<dyn Future<Output = Value> + Send>>) -> bool {
    let since = Instant::now();
    println!("== {part}");
    let mut found = match tokio::spawn(run).await {
        Ok(found) => found,
        Err(fault) => json!({ "holds": false, "fell": fault.to_string() }),
    };
    found["seconds"] = since.elapsed().as_secs().into();
    let text = serde_json::to_string_pretty(&found).unwrap();
    std::fs::write(results().join(format!("media-{part}.json")), &text).unwrap();
    println!("{text}");
    found["holds"] == true
}

/// All parts that were ever taken, in one file.
fn together() {
    let one = |part: &str| {
        let text = std::fs::read(results().join(format!("media-{part}.json"))).ok()?;
        Some((part.to_owned(), serde_json::from_slice::<Value>(&text).ok()?))
    };
    let all: serde_json::Map<String, Value> = ["kills", "storage", "clock", "cut", "drain"].into_iter().filter_map(one).collect();
    std::fs::write(results().join("media.json"), serde_json::to_string_pretty(&all).unwrap()).unwrap();
}
