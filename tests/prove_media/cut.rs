//! A participant's line is dead for ten seconds: the others are not disturbed, the gap is the network's, and the person comes
//! back without doing anything.

use std::time::{Duration, Instant};

use lianting_media::record::{Cause, steady_us};
use serde_json::{Value, json};

use crate::server::Plan;
use crate::stage;

pub async fn run() -> Value {
    let w = stage::world().await;
    let plan = Plan::new(&w, "a", None, None);
    let server = plan.start().await;
    let s = stage::hearing(&w, &plan.base).await;
    let guests = stage::guests(&w, &s, std::slice::from_ref(&plan.base)).await;
    let recorded = stage::recorded(&plan, &s);
    stage::open(&s, &guests, &recorded).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let party = guests.last().unwrap();
    let (from, began) = (steady_us(), Instant::now());
    party.cut(true);
    tokio::time::sleep(Duration::from_secs(10)).await;
    party.cut(false);
    let to = steady_us();
    let back = Instant::now();
    let mut returned = None;
    let zero = recorded.zero();
    for _ in 0..400 {
        let spoken = recorded.reached(std::slice::from_ref(party)) * 1_000 + zero;
        if spoken > to {
            returned = Some(back.elapsed().as_millis() as i64);
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let others_heard = guests[0].longest_silence(began, back);
    let package = stage::end(&s).await;
    let wrong = stage::check(&s, &package).await;
    let gaps: Vec<_> = recorded.ledger().into_iter().filter(|g| !(g.from == 0 && g.to < 5_000)).collect();
    let (from, to) = ((from - zero) / 1_000, (to - zero) / 1_000);
    // packets under way at either end; a picture needs a key frame to go on, which comes within a second
    let fits = |g: &lianting_media::record::Gap| {
        g.who.0.0 == party.participant.as_u128() && g.cause == Cause::Network && (g.from - from).abs() <= 500 && (g.to - to).abs() <= 2_500
    };
    let exact = gaps.len() == 2 && gaps.iter().all(fits);
    drop(server);
    json!({
        "cut_ms": [from, to], "ledger": gaps, "recorded_again_after_ms": returned,
        "longest_silence_of_the_others_ms": others_heard.as_millis() as i64, "joined": party.joins(), "not_playable_or_changed": wrong,
        "holds": exact && wrong.is_empty() && others_heard < Duration::from_millis(1_500) && returned.is_some(),
    })
}
