//! The server is killed in the middle of a hearing, again and again: how much is lost, how long is nobody recorded, is the
//! ledger exact, does everything play?

use std::time::{Duration, Instant};

use lianting_media::record::{Medium, steady_us};
use serde_json::{Value, json};

use crate::server::Plan;
use crate::{Dice, figure, stage};

/// What a crash may cost.
const MOST_LOST_MS: i64 = 2_000;

pub async fn run() -> Value {
    let kills = figure("MEDIA_KILLS", 5);
    let w = stage::world().await;
    let plan = Plan::new(&w, "a", None, None);
    let mut server = plan.start().await;
    let s = stage::hearing(&w, &plan.base).await;
    let guests = stage::guests(&w, &s, std::slice::from_ref(&plan.base)).await;
    let recorded = stage::recorded(&plan, &s);
    stage::open(&s, &guests, &recorded).await;
    let (mut dice, mut died, mut starts) = (Dice::new(), Vec::new(), Vec::new());
    for n in 0..kills {
        tokio::time::sleep(Duration::from_millis(2_000 + dice.below(2_500))).await;
        let at = steady_us();
        server.kill();
        died.push(at);
        let since = Instant::now();
        server = plan.start().await;
        starts.push(since.elapsed().as_millis() as i64);
        stage::until("everything is recorded again", || recorded.flows(&guests, u32::try_from(n).unwrap() + 2)).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let package = stage::end(&s).await;
    let wrong = stage::check(&s, &package).await;
    let zero = recorded.zero();
    let (mut lost, mut away) = (Vec::new(), Vec::new());
    for (_, medium, gaps) in recorded.interruptions(&guests) {
        assert_eq!(gaps.len(), kills, "{gaps:?}");
        for (gap, died) in gaps.iter().zip(&died) {
            lost.push((died - zero) / 1_000 - gap.0);
            if medium == Medium::Audio {
                away.push(gap.1 - (died - zero) / 1_000);
            }
        }
    }
    let (ledger, others) = (recorded.ledger_is_exact(&guests), recorded.other_gaps());
    let worst = lost.iter().copied().max().unwrap_or_default();
    drop((guests, server));
    json!({
        "kills": kills, "people": 3,
        "lost_ms": spread(lost), "most_allowed_ms": MOST_LOST_MS,
        "from_death_to_recorded_again_ms": spread(away), "start_of_the_server_ms": spread(starts),
        "ledger_wrong": ledger, "other_gaps": others, "not_playable_or_changed": wrong,
        "holds": worst <= MOST_LOST_MS && ledger.is_empty() && others.is_empty() && wrong.is_empty(),
    })
}

/// Middle and worst.
pub fn spread(mut all: Vec<i64>) -> Value {
    all.sort_unstable();
    json!({ "median": all.get(all.len() / 2), "worst": all.last() })
}
