//! What outside services do to others: a number that changed hands is in doubt for the person at every court; a relay that
//! is slow holds up nobody but those who come after it in the same case.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::kit::cluster::cluster;
use crate::kit::matter::{Docketed, known_by_number};
use crate::kit::{LIXIA, Person, SHIZHONG, Wish, World};
use crate::story_channels::{confirms, is, until};
use crate::story_service::{desk, docketed, of, quiet, text};

pub async fn joined(w: &World, court: i32, zhao: &Person, qian: &Person) -> (Docketed, Person) {
    let (case, clerk) = docketed(w, court, zhao, &known_by_number(qian)).await;
    qian.joins(&clerk.reads_join_code(&case).await).await.ok();
    quiet(w).await;
    (case, clerk)
}

/// Another paper for the defendant; answers its service.
pub async fn serves(clerk: &Person, case: &Docketed, seed: u8) -> String {
    let file = clerk.uploads_alone(&format!("材料{seed}.jpg"), &crate::kit::files::jpg(seed)).await.ok();
    let leaf = clerk
        .post(
            format!("{}/leaves", case.path()),
            json!({ "file_id": file["id"], "folder": 12, "volume": "main", "title": format!("材料{seed}") }),
        )
        .await
        .ok();
    let parties = clerk.get(case.path()).await.ok()["parties"].clone();
    let qian = parties.as_array().unwrap().iter().find(|p| p["side"] == "defendant").unwrap()["id"].clone();
    let order = json!({ "papers": [{ "leaf_id": leaf["id"], "paper_kind": "evidence" }], "recipients": [{ "party_id": qian }] });
    text(&clerk.post(format!("{}/services", case.path()), order).await.ok()["services"][0]["id"])
}

pub async fn stands(clerk: &Person, case: &Docketed, service: &str) -> Value {
    clerk.get(format!("/courts/{}/services/{service}", case.court)).await.ok()["recipients"][0].clone()
}

pub async fn comes_to(w: &World, clerk: &Person, case: &Docketed, service: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let mut shown = Value::Null;
    for _ in 0..300 {
        w.work().await;
        shown = stands(clerk, case, service).await;
        if holds(&shown) {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never: {shown}");
}

/// The text messages' number among a party's addresses.
pub async fn number(clerk: &Person, case: &Docketed, name: &str) -> Value {
    let kept = clerk.get(format!("{}/service-address", case.path())).await.ok();
    let party = kept["parties"].as_array().unwrap().iter().find(|p| p["name"] == name).unwrap().clone();
    party["addresses"].as_array().unwrap().iter().find(|a| a["channel"] == "sms").unwrap().clone()
}

// part of D01
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_is_somebody_elses_serves_nobody_at_any_court_until_it_is_confirmed_anew() {
    let gateway = cluster().own_sms();
    let w = World::with(Wish { machine_clock: true, outside: true, sms: Some(gateway), ..Wish::default() }).await;
    let told = |order: Value| async move {
        let set = reqwest::Client::new().post(format!("http://{gateway}/control")).json(&order).send().await.unwrap();
        assert!(set.status().is_success(), "{}", set.text().await.unwrap());
    };
    let (zhao, qian) = (w.party("赵文博").await, w.party("钱五").await);
    let (there, other) = joined(&w, SHIZHONG, &zhao, &qian).await;
    let (case, clerk) = joined(&w, LIXIA, &zhao, &qian).await;
    let sms = json!({ "sms": qian.mobile });
    confirms(&w, &there, &qian, sms.clone()).await;
    until(&w, &other, &there, |r| is(r, "yes", "1")).await;
    // the gateway says: it went through, to somebody who has the number now
    told(json!({ "fail_next": 60, "mode": "number_reassigned" })).await;
    confirms(&w, &case, &qian, sms.clone()).await;
    let row = until(&w, &clerk, &case, |r| r["next"]["step"] == "post").await;
    assert_eq!(row["effect"], json!("no"), "what reached a stranger has not arrived: {row}");
    quiet(&w).await;
    // in doubt here and at the other court, each clerk sees why
    for (who, at) in [(&clerk, &case), (&other, &there)] {
        let kept = number(who, at, "钱五").await;
        assert_eq!(kept["doubtful_why"], json!("reassigned"), "{kept}");
        assert!(who.get(at.path()).await.text().contains("已换主人"));
    }
    assert!(!qian.get(there.path()).await.text().contains("已换主人"), "for the court's people");
    // what was served there before stays served, and a clerk has to look at it
    assert_eq!(of(&desk(&other, &there).await, "被告")["effect"], json!("yes"));
    let tasks = other.get(format!("/courts/{SHIZHONG}/service-tasks?kind=check_number")).await.ok();
    assert_eq!(tasks["items"].as_array().unwrap().len(), 1, "{tasks}");
    // the next paper takes the next way at once: nothing is sent to that number
    let before = w.count("select count(*) from sms_messages where template = 'service_by_sms'").await;
    let next = serves(&other, &there, 7).await;
    comes_to(&w, &other, &there, &next, |r| r["next"]["step"] == "post").await;
    assert_eq!(w.count("select count(*) from sms_messages where template = 'service_by_sms'").await, before);
    // a clerk has looked
    let done = format!("/courts/{SHIZHONG}/service-tasks/{}/done", text(&tasks["items"][0]["id"]));
    assert_eq!(other.put(&done, json!({ "outcome": "reached", "note": "已电话核实，本人当时收到。" })).await.status, 204);
    let tasks = other.get(format!("/courts/{SHIZHONG}/service-tasks?kind=check_number")).await.ok();
    assert_eq!(tasks["items"], json!([]));
    // the party vouches for it: used again there, and still in doubt here
    told(json!({ "fail_next": 0, "mode": "number_reassigned" })).await;
    confirms(&w, &there, &qian, sms).await;
    let again = serves(&other, &there, 8).await;
    comes_to(&w, &other, &there, &again, |r| is(r, "yes", "1")).await;
    assert_eq!(number(&other, &there, "钱五").await["doubtful_why"], Value::Null);
    assert_eq!(number(&clerk, &case, "钱五").await["doubtful_why"], json!("reassigned"));
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_relay_holds_up_nobody_else_and_each_case_keeps_its_order() {
    const SLOW: Duration = Duration::from_secs(7);
    let platform = cluster().own_platform();
    let wish = Wish { machine_clock: true, outside: true, platform: Some(platform), at_once: Some(4), ..Wish::default() };
    let w = World::with(wish).await;
    let (zhao, qian, sun) = (w.party("赵文博").await, w.party("钱五").await, w.party("孙七").await);
    let (slow, clerk) = joined(&w, LIXIA, &zhao, &qian).await;
    let (quick, other) = joined(&w, SHIZHONG, &zhao, &sun).await;
    confirms(&w, &slow, &qian, json!({ "national_platform": "qian-slow" })).await;
    confirms(&w, &quick, &sun, json!({ "inbox": true })).await;
    until(&w, &clerk, &slow, |r| is(r, "yes", "1")).await;
    until(&w, &other, &quick, |r| is(r, "yes", "1")).await;
    quiet(&w).await;
    // from here on the server's own worker alone: nobody helps it
    let delay = u64::try_from(SLOW.as_millis()).unwrap();
    platform.told(json!({ "fail_next": 1, "mode": "delay_ms", "delay_ms": delay })).await;
    let began = Instant::now();
    let first = serves(&clerk, &slow, 11).await;
    let second = serves(&clerk, &slow, 12).await;
    let elsewhere = serves(&other, &quick, 13).await;
    while !is(&stands(&other, &quick, &elsewhere).await, "yes", "1") {
        assert!(began.elapsed() < SLOW, "held up by somebody else's relay");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for waiting in [&first, &second] {
        assert_eq!(stands(&clerk, &slow, waiting).await["effect"], json!("no"), "the slow one, and what comes after it in its case");
    }
    // and each arrives in its turn
    let arrived = |shown: &Value| {
        let events = shown["attempts"].as_array().unwrap().iter().flat_map(|a| a["events"].as_array().unwrap().clone());
        events.filter(|e| e["what"] == "arrived").map(|e| text(&e["at"])).min()
    };
    let two = loop {
        let two = [stands(&clerk, &slow, &first).await, stands(&clerk, &slow, &second).await];
        if two.iter().all(|r| arrived(r).is_some()) {
            break two;
        }
        assert!(began.elapsed() < Duration::from_secs(90), "{two:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert!(arrived(&two[0]) <= arrived(&two[1]), "in the order they were made: {two:?}");
    assert!(began.elapsed() >= SLOW, "the relay was slow indeed");
    w.end().await;
}
