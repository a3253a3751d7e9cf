//! 语音识别: a service outside hears along; what it heard are drafts, by speaker and moment, until somebody has checked them.
//! Without the court's rule nothing goes out; with a service that fails nothing else suffers.

use serde_json::{Value, json};

use crate::kit::line::enter;
use crate::kit::{LIXIA, Wish, World, cluster};
use crate::story_room::{waiting, with_media};

async fn sent(at: std::net::SocketAddr) -> Vec<Value> {
    let found: Value = reqwest::get(format!("http://{at}/segments")).await.unwrap().json().await.unwrap();
    found["items"].as_array().unwrap().clone()
}

// part of H27, 45
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_come_by_rule_and_a_service_that_fails_costs_drafts_and_nothing_else() {
    let ear = cluster().own_speech();
    let w = World::with(Wish { speech: Some(ear.at), ..with_media() }).await;
    ear.told(json!({ "says": ["原告陈述诉讼请求。"] })).await;
    let s = waiting(&w).await;
    let (mut judge, _clerk, mut plaintiff) =
        (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await, enter(&s.plaintiff, &s.path).await);
    let _voice = plaintiff.speak().await;
    judge.does(json!({ "type": "step", "step": "open", "set_aside": "当事人身份已经当庭口头核对，纪律已当庭宣布" })).await;
    judge.until("recording", |m| m["on"] == true).await;
    s.clerk.post(format!("{}/transcript", s.path), json!({})).await.ok();
    // the rule is off: not a sound leaves the court
    tokio::time::sleep(std::time::Duration::from_secs(7)).await;
    assert!(sent(ear.at).await.is_empty());
    let admin = w.staff("院管", LIXIA, "court_admin").await;
    let rule = json!({ "value": { "speech_drafts": true }, "basis": "本院语音识别试行办法", "valid_from": "2026-11-26", "note": "试行" });
    admin.put(admin.at("/rules/hearing_rules"), rule).await.ok();
    // what was said is a draft with its speaker and its moment
    let seat = s.seat(&w, &s.plaintiff).await;
    let mut found = Value::Null;
    for _ in 0..150 {
        let entries = s.clerk.get(format!("{}/transcript", s.path)).await.ok()["entries"].as_array().unwrap().clone();
        if let Some(entry) = entries.iter().find(|e| e["text"] == "原告陈述诉讼请求。") {
            found = entry.clone();
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!((&found["unchecked"], &found["speaker"]), (&json!(true), &json!(seat)), "{found}");
    assert!(found["media"]["until_ms"].as_i64() > found["media"]["from_ms"].as_i64(), "{found}");
    // numbers went out, no name and no case
    let out = sent(ear.at).await;
    assert!(out.iter().all(|x| x["speaker"] == seat && x["session"] == s.id.as_str()), "{out:?}");
    // and nothing of the seven seconds in which nobody was to listen, but for what was not closed yet
    assert!(out.iter().all(|x| x["from_ms"].as_i64() >= Some(4_000)), "{out:?}");
    // somebody reads it over; then it is a word of the record
    let check = json!({ "changes": [{ "do": "check", "id": found["id"], "version": found["version"] }] });
    s.clerk.post(format!("{}/transcript/changes", s.path), check).await.ok();
    // the service fails: the hearing does not notice
    ear.told(json!({ "fail_next": 50, "mode": "500" })).await;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    judge.until("recording", |m| m["on"] == true && m["error"].is_null()).await;
    judge.does(json!({ "type": "layout", "layout": "equal" })).await;
    judge.does(json!({ "type": "step", "step": "end", "outcome": "continued" })).await;
    w.end().await;
}
