//! The server that holds a live hearing is drained for maintenance: the room goes on at another one, with a spool of its own,
//! and the recording with it.

use std::time::{Duration, Instant};

use lianting_media::record::{Medium, steady_us};
use serde_json::{Value, json};

use crate::kills::spread;
use crate::server::Plan;
use crate::stage;

/// What moving may cost.
const MOST_MS: i64 = 3_000;

pub async fn run() -> Value {
    let w = stage::world().await;
    let (a, b) = (Plan::new(&w, "a", None, None), Plan::new(&w, "b", None, None));
    let (mut first, second) = (a.start().await, b.start().await);
    let s = stage::hearing(&w, &a.base).await;
    let guests = stage::guests(&w, &s, std::slice::from_ref(&a.base)).await;
    drop(guests);
    // once the room is at the first, everybody knows both addresses
    let guests = stage::guests(&w, &s, &[a.base.clone(), b.base.clone()]).await;
    stage::open(&s, &guests, &stage::recorded(&a, &s)).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (told, from) = (steady_us(), Instant::now());
    first.stop();
    let recorded = stage::recorded(&b, &s);
    stage::until("everything is recorded at the other server", || recorded.flows(&guests, 2)).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let heard: Vec<i64> = guests.iter().map(|g| g.longest_silence(from, Instant::now()).as_millis() as i64).collect();
    first.gone().await;
    let s = stage::to(s, &b.base);
    let package = stage::end(&s).await;
    let wrong = stage::check(&s, &package).await;
    let (ledger, others) = (recorded.ledger_is_exact(&guests), recorded.other_gaps());
    let all = recorded.interruptions(&guests);
    let of =
        |wanted: Medium| all.iter().filter(|(_, m, _)| *m == wanted).flat_map(|(_, _, g)| g.iter().map(|g| g.1 - g.0)).collect::<Vec<_>>();
    let (sound, picture) = (of(Medium::Audio), of(Medium::Video));
    let worst = sound.iter().chain(&heard).copied().max().unwrap_or(i64::MAX);
    let before_stop: Vec<i64> = all.iter().flat_map(|(_, _, g)| g.iter().map(|g| (told - recorded.zero()) / 1_000 - g.0)).collect();
    drop((guests, second));
    json!({
        "sound_not_recorded_ms": spread(sound), "sound_not_heard_ms": spread(heard), "picture_not_recorded_ms": spread(picture),
        "lost_from_before_the_stop_ms": spread(before_stop), "most_allowed_ms": MOST_MS,
        "ledger_wrong": ledger, "other_gaps": others, "not_playable_or_changed": wrong,
        "holds": worst <= MOST_MS && ledger.is_empty() && others.is_empty() && wrong.is_empty(),
    })
}
