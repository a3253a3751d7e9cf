//! A hearing of three on a server of its own: made, opened, ended, and its package fetched.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Datelike, TimeDelta, Utc, Weekday};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guest::Guest;
use crate::kit::{Person, Wire, Wish, World, cluster, numbers};
use crate::recorded::Recorded;
use crate::server::Plan;
use crate::story_room::{Sitting, fixed};

/// How long anything may take that should take seconds.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A world whose servers are processes of their own; the one in here only makes the case.
pub async fn world() -> Arc<World> {
    Arc::new(World::with(Wish { machine_clock: true, idle: true, ..Wish::default() }).await)
}

/// A hearing whose waiting room is open on a server.
pub async fn hearing(w: &Arc<World>, base: &str) -> Sitting {
    // any day on which courts sit; then its time comes at once
    let mut day = (Utc::now() + TimeDelta::days(9)).date_naive();
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day += TimeDelta::days(1);
    }
    let starts_at = day.and_hms_opt(2, 0, 0).unwrap().and_utc();
    let s = fixed(w, starts_at).await;
    w.run(&format!("update hearings set starts_at = now(), ends_at = now() + interval '90 minutes' where hearing_id = '{}'", s.id)).await;
    let s = to(s, base);
    step(&s.clerk, &s, json!({ "step": "open_waiting" })).await;
    s
}

/// The same hearing, asked of another server.
pub fn to(mut s: Sitting, base: &str) -> Sitting {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let wire = Arc::new(Wire { base: base.into(), client, seen: Default::default() });
    for person in [&mut s.clerk, &mut s.judge, &mut s.plaintiff, &mut s.witness] {
        person.wire = wire.clone();
    }
    s
}

/// A step, tried until it is taken: the version may be another's, people may not be in yet.
pub async fn step(who: &Person, s: &Sitting, order: Value) -> Value {
    let end = Instant::now() + PATIENCE;
    loop {
        let got = try_step(who, s, order.clone()).await;
        match got {
            Ok(done) => return done,
            Err(said) => assert!(Instant::now() < end, "{order}: {said}"),
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// A step, tried once.
pub async fn try_step(who: &Person, s: &Sitting, mut order: Value) -> Result<Value, Value> {
    let seen = who.ask(Method::GET, &s.path).outside_may_be_away().send().await;
    order["version"] = seen.value()["summary"]["version"].clone();
    let answer = who.ask(Method::POST, format!("{}/steps", s.path)).json(order).outside_may_be_away().send().await;
    if answer.status == 200 { Ok(answer.value()) } else { Err(answer.value()) }
}

/// Judge, clerk and plaintiff come in; each goes round these servers.
pub async fn guests(w: &World, s: &Sitting, servers: &[String]) -> Vec<Guest> {
    let mut guests = Vec::new();
    for who in [&s.judge, &s.clerk, &s.plaintiff] {
        let seat = s.seat(w, who).await;
        guests.push(Guest::enters(who, Uuid::parse_str(&seat).unwrap(), &s.path, servers));
    }
    guests
}

/// The judge opens, once everybody is in and all their media are on the disk.
pub async fn open(s: &Sitting, guests: &[Guest], recorded: &Recorded) {
    until("everybody is in", || guests.iter().all(|g| g.joins() > 0)).await;
    step(&s.judge, s, json!({ "step": "open", "set_aside": "当事人身份已经当庭口头核对，纪律已当庭宣布" })).await;
    until("everything is recorded", || recorded.flows(guests, 1)).await;
}

/// The judge ends it; what remains is a package.
pub async fn end(s: &Sitting) -> Value {
    step(&s.judge, s, json!({ "step": "end", "outcome": "completed" })).await;
    let until = Instant::now() + Duration::from_secs(180);
    loop {
        let found = s.judge.ask(Method::GET, format!("{}/package", s.path)).outside_may_be_away().send().await;
        if found.status == 200 {
            return found.value();
        }
        assert!(Instant::now() < until, "there is no package: {}", found.text());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Every recording is fetched and decoded from end to end, and the package is checked by the program. Answers what is wrong.
pub async fn check(s: &Sitting, package: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let files = s.judge.get(format!("{}/recordings", s.path)).await.ok()["items"].as_array().unwrap().clone();
    let voices: Vec<&Value> = files.iter().filter(|f| f["kind"] == "person").collect();
    if voices.len() != 3 {
        wrong.push(format!("{} recordings of people", voices.len()));
    }
    for voice in voices {
        let got = s.judge.get(format!("{}/recordings/{}/content", s.path, voice["id"].as_str().unwrap())).await;
        let file = cluster().dir.join(format!("voice{}.webm", numbers::next()));
        std::fs::write(&file, got.content()).unwrap();
        let name = file.display().to_string();
        let run = std::process::Command::new("ffmpeg")
            .args(["-v", "error", "-xerror", "-i", &name, "-map", "0:a", "-map", "0:v"])
            // as the file says it, not in the grid of a guessed rate
            .args(["-fps_mode", "passthrough", "-enc_time_base:v", "-1", "-f", "null", "-"])
            .output()
            .unwrap();
        if !run.status.success() || !run.stderr.is_empty() || voice["checked"] != true {
            wrong.push(format!("{}: {}", voice["id"], String::from_utf8_lossy(&run.stderr)));
        }
        std::fs::remove_file(&file).unwrap();
    }
    wrong.extend(verify(s, package).await);
    wrong
}

async fn verify(s: &Sitting, package: &Value) -> Vec<String> {
    let zip = s.judge.get(format!("{}/package.zip", s.path)).await;
    let folder = cluster().dir.join(format!("package{}", numbers::next()));
    zip::ZipArchive::new(std::io::Cursor::new(zip.content())).unwrap().extract(&folder).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_lianting")).args(["verify", "--json"]).arg(&folder).output().unwrap();
    let found: Value = serde_json::from_slice(&run.stdout).unwrap_or_default();
    std::fs::remove_dir_all(&folder).unwrap();
    let mut wrong = Vec::new();
    if found["root"] != package["root"] {
        wrong.push("the package has another root".to_owned());
    }
    // courts of tests have no seal
    let problems = found["findings"].as_array().into_iter().flatten().filter_map(|f| f["problem"].as_str());
    wrong.extend(problems.filter(|p| *p != "there is no seal").map(|p| format!("the package: {p}")));
    wrong
}

/// Waits for something.
pub async fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "it never came to this: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The recording of a hearing in the spool of a server.
pub fn recorded(plan: &Plan, s: &Sitting) -> Recorded {
    Recorded::new(&plan.spool, crate::kit::LIXIA, &s.id)
}
