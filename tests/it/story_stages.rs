//! 环节: filing, mediation, exchange of evidence, inquiry, hearing, pronouncement and service are each taken online by
//! themselves: one begun online brings no other with it, and each counts as it would at the court.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::kit::matter::known_by_number;
use crate::kit::{LIXIA, World};
use crate::story_hearings::{Case, docketed_against, text};
use crate::story_service::{desk, of, quiet};

/// Steps that need the parties' word, with the sessions in which they are held.
const STEPS: [(&str, &[&str]); 4] = [
    ("mediation", &["mediation"]),
    ("evidence_exchange", &["evidence_exchange"]),
    ("inquiry", &["inquiry"]),
    ("hearing", &["trial", "pronouncement"]),
];

impl Case {
    /// How a session would be held as things stand.
    async fn would_be(&self, kind: &str, w: &World) -> String {
        let order = self.order(kind, w.now() + TimeDelta::days(7), None);
        text(&self.clerk.post(self.path("/hearings/check"), order).await.ok()["held"])
    }
}

// proves: L01 O09
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_stage_is_taken_online_by_itself_and_counts_as_at_the_court() {
    let w = World::new().await;
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    // 立案: sent from a phone, it has the date and the effect of one handed in
    let c = docketed_against(&w, LIXIA, &zhao, &known_by_number(&qian), "summary").await;
    let timeline = zhao.get(c.case.path()).await.ok()["timeline"].clone();
    let act = |name: &str| timeline.as_array().unwrap().iter().find(|a| a["act"] == name).cloned().unwrap_or_else(|| panic!("{timeline}"));
    for name in ["submitted", "docketed"] {
        assert!(!text(&act(name)["effect"]).is_empty() && !text(&act(name)["rule"]).is_empty(), "{name}");
    }
    // 送达: agreed to with the address, and to nothing else
    quiet(&w).await;
    let served = desk(&c.clerk, &c.case).await;
    let own = of(&served, "原告");
    assert_eq!((&own["state"], &own["effect"]), (&json!("done"), &json!("yes")));
    qian.joins(&c.clerk.reads_join_code(&c.case).await).await.ok();
    // before anybody agrees, filing and service online have brought no session online
    for (_, kinds) in STEPS {
        for kind in kinds {
            assert_eq!(c.would_be(kind, &w).await, "offline", "{kind}");
        }
    }
    // each stage in turn: agreed to alone, held alone, with the words that it has the same force
    for (n, (step, kinds)) in STEPS.into_iter().enumerate() {
        let told = zhao.get(c.path("/online-consents")).await.ok();
        assert!(text(&told["told"]).contains("同等法律效力"), "{told}");
        for (who, side) in [(&zhao, "plaintiff"), (&qian, "defendant")] {
            let says = json!({ "party_id": c.party(side), "step": step, "agrees": true, "told_version": told["told_version"] });
            who.post(c.path("/online-consents"), says).await.ok();
        }
        for kind in kinds {
            let at = w.now() + TimeDelta::days(7 + i64::try_from(n).unwrap() * 2 + i64::from(*kind == "pronouncement"));
            let made = c.clerk.post(c.path("/hearings"), c.order(kind, at, None)).await.ok();
            assert_eq!((&made["summary"]["kind"], &made["summary"]["held"]), (&json!(kind), &json!("online")));
        }
        for later in STEPS.iter().skip(n + 1).flat_map(|(_, kinds)| kinds.iter()) {
            assert_eq!(c.would_be(later, &w).await, "offline", "{step} brought {later} with it");
        }
        // one's own list shows it as any other
        let mine: Vec<Value> = zhao.get("/my/hearings").await.ok()["items"].as_array().unwrap().clone();
        assert!(kinds.iter().all(|kind| mine.iter().any(|h| h["kind"] == *kind)), "{mine:?}");
    }
    w.end().await;
}
