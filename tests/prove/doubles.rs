//! The same submission twice at once, and receipts over and over: one effect each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::services::{OPEN, Stage};
use crate::worker::{Worker, until_none};
use crate::{figure, insists};

pub async fn run() -> Value {
    let n = figure("PROVE_DOUBLES", 300);
    let cases = (n / 100).clamp(3, 60).next_multiple_of(3);
    let stage = Stage::set(cases, n.div_ceil(cases)).await;
    let w = stage.w.clone();
    let (places, doing) = (Arc::new(Semaphore::new(16)), Arc::new(AtomicUsize::new(0)));
    let mut both = tokio::task::JoinSet::new();
    for case in &stage.cases {
        for leaf in &case.leaves {
            let key = Uuid::new_v4();
            let order = json!({ "papers": [{ "leaf_id": leaf, "paper_kind": "evidence" }], "recipients": [{ "party_id": case.party }] });
            for _ in 0..2 {
                let (clerk, path, order, places) = (stage.clerk.clone(), case.case.path(), order.clone(), places.clone());
                let refused = doing.clone();
                both.spawn(async move {
                    let _place = places.acquire().await.unwrap();
                    let answer = insists(&clerk, Method::POST, &format!("{path}/services"), key, &order).await;
                    if answer.status == 409 {
                        answer.refused(409, "idempotency.running"); // the first is under way: the second waits its turn
                        refused.fetch_add(1, Ordering::Relaxed);
                    } else {
                        answer.ok();
                    }
                });
            }
        }
    }
    while let Some(done) = both.join_next().await {
        done.unwrap();
    }
    let made = w.count("select count(*) from services where lead = 'evidence'").await;
    let worker = Worker::start(w.clone(), 0);
    until_none(&w, "steps open", OPEN, &worker).await;
    // every receipt of the platform again, many at once
    let count = async || {
        let events = w.count("select count(*) from service_events").await;
        (events, w.count("select count(*) from service_certificates").await, w.count("select count(*) from case_clocks").await)
    };
    let before = count().await;
    let sent: Vec<Uuid> =
        sqlx::query_scalar("select attempt_id from service_attempts where channel = 'national_platform' and purpose = 'service'")
            .fetch_all(&w.admin)
            .await
            .unwrap();
    let times = n.div_ceil(sent.len().max(1));
    let mut replays = 0;
    for id in &sent {
        let answer = stage.platform.again(json!({ "delivery_id": id, "times": times })).await;
        let statuses = answer["statuses"].as_array().unwrap();
        assert!(statuses.iter().all(|s| s == 204), "{answer}");
        replays += statuses.len();
    }
    // and the recipient's own answer, pressed many times at once
    let defendant = &stage.cases[2].defendant;
    let inbox = defendant.get("/my/inbox").await.ok();
    let item = inbox["items"].as_array().unwrap()[0].clone();
    let path = format!(
        "/courts/{}/inbox/{}/{}/received",
        item["court_id"],
        item["service_id"].as_str().unwrap(),
        item["recipient_id"].as_str().unwrap()
    );
    let mut pressing = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (defendant, path) = (defendant.clone(), path.clone());
        pressing.spawn(async move { defendant.put(path, json!({})).await.ok() });
    }
    while let Some(done) = pressing.join_next().await {
        done.unwrap();
    }
    until_none(&w, "steps open", OPEN, &worker).await;
    worker.end().await;
    let after = count().await;
    let answers = w.count("select count(*) from service_events where what = 'answered_received'").await;
    // the answer is one event more
    let double_effects =
        (made - n.next_multiple_of(cases) as i64).abs() + (after.0 - before.0 - answers) + (answers - 1) + (after.2 - before.2);
    json!({
        "submissions": 2 * n.next_multiple_of(cases), "services": made, "waited_for_the_first": doing.load(Ordering::Relaxed), "replays": replays, "answers_pressed": 20,
        "events": [before.0, after.0], "certificates": [before.1, after.1], "double_effects": double_effects, "holds": double_effects == 0,
    })
}
