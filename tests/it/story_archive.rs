//! 庭审录音录像的保管: after the hearing there is a file for watching; an entry of the transcript leads to its moment in the
//! recording; whoever asks and is granted gets a part of it with the own name in the picture, for a time, and nobody else.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::line::enter;
use crate::kit::{Person, World, cluster, numbers};
use crate::story_room::{Sitting, package, waiting, with_media};

/// Asks until the background work has come so far.
async fn comes(w: &World, who: &Person, path: &str, so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..300 {
        w.work().await;
        let found = who.get(path).await;
        if found.status == 200 && so(&found.value()) {
            return found.ok();
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        // works that run beside the outbox are looked at again a few seconds later
        w.turn_to(w.now() + TimeDelta::seconds(6)).await;
    }
    panic!(
        "{path} never came to it: {}",
        w.text("select coalesce(string_agg(topic || ': ' || last_error, ', '), '') from outbox where topic like 'hearing.%'").await
    );
}

/// Streams of a file and its length in seconds, as ffprobe reads them.
fn probed(bytes: &[u8]) -> (Vec<String>, f64) {
    let file = cluster().dir.join(format!("copy{}.webm", numbers::next()));
    std::fs::write(&file, bytes).unwrap();
    let entries = ["-v", "error", "-show_entries", "stream=codec_type:format=duration", "-of", "json"];
    let run = std::process::Command::new("ffprobe").args(entries).arg(&file).output().expect("ffprobe (Debian package ffmpeg)");
    let found: Value = serde_json::from_slice(&run.stdout).unwrap();
    let kinds = found["streams"].as_array().unwrap().iter().filter_map(|s| s["codec_type"].as_str().map(str::to_owned)).collect();
    (kinds, found["format"]["duration"].as_str().and_then(|d| d.parse().ok()).unwrap_or_default())
}

async fn heard(w: &World) -> Sitting {
    let s = waiting(w).await;
    let (mut judge, mut clerk, plaintiff) =
        (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await, enter(&s.plaintiff, &s.path).await);
    let spoken = judge.speak().await;
    judge.does(json!({ "type": "step", "step": "open", "set_aside": "当事人身份已经当庭口头核对，纪律已当庭宣布" })).await;
    judge.until("recording", |m| m["on"] == true).await;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    // the clerk writes what the judge says, with its moment in the recording
    let now = clerk.until("recording", |m| m["at_ms"].as_i64() > Some(3_000)).await;
    s.clerk.post(format!("{}/transcript", s.path), json!({})).await.ok();
    let media = json!({ "epoch": now["epoch"], "from_ms": 1_500, "until_ms": now["at_ms"] });
    let entry = json!({ "do": "insert", "id": uuid::Uuid::new_v4(), "section": "attendance", "speaker": s.seat(w, &s.judge).await, "text": "现在开庭。", "media": media });
    s.clerk.post(format!("{}/transcript/changes", s.path), json!({ "changes": [entry] })).await.ok();
    judge.does(json!({ "type": "step", "step": "end", "outcome": "continued" })).await;
    drop((spoken, plaintiff));
    s
}

// part of 43, 51, H33, H37
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_granted_is_a_copy_with_the_readers_name_for_a_time_and_for_nobody_else() {
    let w = World::with(with_media()).await;
    let s = heard(&w).await;
    package(&w, &s).await;
    let recordings = format!("{}/recordings", s.path);
    let of = |all: &Value, kind: &str| all["items"].as_array().unwrap().iter().find(|f| f["kind"] == kind).cloned();
    let all = comes(&w, &s.judge, &recordings, |all| of(all, "mosaic").is_some()).await;
    // 合成画面: a picture and a sound over the whole hearing, although nobody had a camera
    let watching = of(&all, "mosaic").unwrap();
    let whole = s.judge.get(format!("{recordings}/{}/content", watching["id"].as_str().unwrap())).await;
    let (kinds, seconds) = probed(whole.content());
    assert!(kinds.contains(&"video".to_owned()) && kinds.contains(&"audio".to_owned()), "{kinds:?}");
    assert!((seconds * 1000.0 - watching["millis"].as_f64().unwrap()).abs() < 500.0, "{seconds} {watching}");
    // click to hear: the entry names its moment, and the speaker's file has it
    let entries = s.judge.get(format!("{}/transcript", s.path)).await.ok()["entries"].as_array().unwrap().clone();
    let entry = entries.iter().find(|e| e["text"] == "现在开庭。").unwrap();
    let voice = of(&all, "person").unwrap();
    assert_eq!(entry["speaker"], voice["participant_id"], "{entry} {voice}");
    assert!(entry["media"]["from_ms"] == 1_500 && voice["millis"].as_i64() > Some(1_500), "{entry} {voice}");

    let asks = format!("{}/recording-requests", s.path);
    let wish = json!({ "kind": "view", "purpose": "核对开庭时审判员宣布的内容", "from_ms": 1_000, "until_ms": 4_000 });
    let asked = s.plaintiff.post(&asks, wish).await.ok();
    let one = format!("{asks}/{}", asked["id"].as_str().unwrap());
    s.plaintiff.get(format!("{one}/content")).await.refused(404, "not_found");
    s.judge.post(format!("{one}/decide"), json!({ "grant": true, "reasons": "当事人申请查阅自己参加的庭审", "days": 3 })).await.ok();
    let mine = comes(&w, &s.plaintiff, &asks, |all| all["items"][0]["copy_ready"] == true).await;
    assert_eq!(mine["items"][0]["in_force"], true);
    let copy = s.plaintiff.get(format!("{one}/content")).await;
    let (kinds, seconds) = probed(copy.content());
    // cut at the key frame before
    assert!(kinds.contains(&"video".to_owned()) && (2.5..=14.0).contains(&seconds), "{kinds:?} {seconds}");
    assert_ne!(copy.content(), whole.content());
    let part = s.plaintiff.ask(Method::GET, format!("{one}/content")).header("range", "bytes=0-3").send().await;
    assert_eq!((part.status, part.body.as_slice()), (206, &[0x1a, 0x45, 0xdf, 0xa3][..]));
    let by_grant = format!(
        "select count(*) from recording_views where request_id = '{}' and from_ms = 1000 and until_ms = 4000",
        asked["id"].as_str().unwrap()
    );
    assert_eq!(w.count(&by_grant).await, 1, "a player's parts are one look, with its grant and its part");
    w.turn_to(w.now() + TimeDelta::minutes(11)).await;
    s.plaintiff.ask(Method::GET, format!("{one}/content")).header("range", "bytes=4-7").send().await;
    assert_eq!(w.count(&by_grant).await, 2, "each look is written down, wherever it begins");
    // the judge's own way is the recording itself; nobody else has this copy
    s.judge.get(format!("{one}/content")).await.refused(403, "role.not_permitted");
    w.party("周路过").await.get(format!("{one}/content")).await.refused(404, "not_found");
    // the sound alone
    let sound = s.plaintiff.post(&asks, json!({ "kind": "copy_audio", "purpose": "整理代理意见时核对发言" })).await.ok();
    let other = format!("{asks}/{}", sound["id"].as_str().unwrap());
    s.judge.post(format!("{other}/decide"), json!({ "grant": true, "reasons": "准许复制庭审录音，供核对发言", "days": 1 })).await.ok();
    comes(&w, &s.plaintiff, &asks, |all| all["items"].as_array().unwrap().iter().all(|a| a["copy_ready"] == true)).await;
    assert_eq!(probed(s.plaintiff.get(format!("{other}/content")).await.content()).0, ["audio"]);
    // over: the grant ends, and the copy goes
    w.turn_to(w.now() + TimeDelta::days(4)).await;
    s.plaintiff.get(format!("{one}/content")).await.refused(404, "not_found");
    w.work().await;
    assert_eq!(w.count("select count(*) from recording_requests where copy_key is not null").await, 0);
    w.end().await;
}
