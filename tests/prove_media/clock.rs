//! The wall clock is set forward by an hour and back by half of one in the middle of a hearing: media time does not care, the jumps
//! are written down, nothing is lost.

use std::time::Duration;

use chrono::TimeDelta;
use lianting_media::record::{Event, spool};
use serde_json::{Value, json};

use crate::kit::World;
use crate::recorded::Recorded;
use crate::stage;
use crate::story_room::{waiting, with_media};

pub async fn run() -> Value {
    let wish = with_media();
    let root = wish.spool.clone().unwrap();
    // the only part whose server is in this process: its clock can be turned
    let w = World::with(wish).await;
    let s = waiting(&w).await;
    let guests = stage::guests(&w, &s, std::slice::from_ref(&w.wire.base)).await;
    let recorded = Recorded::new(&root, crate::kit::LIXIA, &s.id);
    stage::open(&s, &guests, &recorded).await;
    for by in [TimeDelta::hours(1), TimeDelta::minutes(-30), TimeDelta::seconds(90)] {
        tokio::time::sleep(Duration::from_secs(3)).await;
        w.turn_to(w.now() + by).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = recorded.reached(&guests);
    stage::step(&s.judge, &s, json!({ "step": "end", "outcome": "completed" })).await;
    w.work().await;
    let package = ended(&w, &s).await;
    let wrong = stage::check(&s, &package).await;
    let events = spool::events(&recorded.folder).unwrap();
    let jumps: Vec<i64> = events.iter().filter_map(|e| if let Event::ClockJump { by_ms } = e.event { Some(by_ms) } else { None }).collect();
    let gaps = recorded.other_gaps();
    drop(guests);
    // the clock of this world stands between its turns, which the recorder rightly calls a drift: only what was turned counts
    let large: Vec<i64> = jumps.iter().copied().filter(|by| by.abs() > 60_000).collect();
    let told = large.len() == 3 && large.iter().zip([3_600_000, -1_800_000, 90_000]).all(|(is, was)| (is - was).abs() < 10_000);
    json!({
        "turned_ms": [3_600_000, -1_800_000, 90_000], "jumps_written_down_ms": large, "gaps": gaps, "recorded_ms": before,
        "not_playable_or_changed": wrong, "holds": told && gaps.is_empty() && wrong.is_empty() && before > 9_000,
    })
}

async fn ended(w: &World, s: &crate::story_room::Sitting) -> Value {
    for _ in 0..300 {
        w.work().await;
        let found = s.judge.get(format!("{}/package", s.path)).await;
        if found.status == 200 {
            return found.ok();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        // works that run beside the outbox are looked at again a few seconds later
        w.turn_to(w.now() + TimeDelta::seconds(6)).await;
    }
    panic!("there is no package");
}
