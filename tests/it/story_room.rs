//! 法庭: who comes in and who does not, what a party may not do, what flows to whom; a hearing is opened, recorded,
//! adjourned, resumed and ended, over a restart of the server, and its package can be checked by anybody.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::line::{self, Page, enter};
use crate::kit::matter::{known_by_name, loan};
use crate::kit::{LIXIA, Person, SHIZHONG, Wire, Wish, World, beijing, cluster, numbers};

/// A hearing that is about to be opened.
#[derive(Clone)]
pub struct Sitting {
    pub path: String,
    pub id: String,
    pub case: String,
    pub clerk: Person,
    pub judge: Person,
    pub plaintiff: Person,
    pub witness: Person,
    pub starts_at: DateTime<Utc>,
}

impl Sitting {
    /// The participant of somebody.
    pub async fn seat(&self, w: &World, who: &Person) -> String {
        w.text(&format!(
            "select participant_id::text from hearing_participants where hearing_id = '{}' and person_id = '{}'",
            self.id, who.id
        ))
        .await
    }

    /// The same, spoken to by another server.
    pub fn on(self, w: &World) -> Self {
        self.over(&w.wire)
    }

    pub fn over(mut self, wire: &Arc<Wire>) -> Self {
        for person in [&mut self.clerk, &mut self.judge, &mut self.plaintiff, &mut self.witness] {
            person.wire = wire.clone();
        }
        self
    }

    pub async fn version(&self) -> Value {
        self.judge.get(&self.path).await.ok()["summary"]["version"].clone()
    }
}

pub fn with_media() -> Wish {
    let spool = cluster().dir.join(format!("spool{}", numbers::next()));
    Wish { spool: Some(spool), ..Wish::default() }
}

/// A hearing is fixed, with everybody who is to be in it.
pub async fn fixed(w: &World, starts_at: DateTime<Utc>) -> Sitting {
    let plaintiff = w.party("赵文博").await;
    let (clerk, judge, witness) = (w.clerk(LIXIA).await, w.judge(LIXIA).await, w.party("孙证明").await);
    let filing = plaintiff.files(&loan(LIXIA, &plaintiff, &known_by_name("钱五"), 100_000)).await;
    let case = clerk.accepts(&filing).await;
    w.run(&format!("update cases set procedure = 'summary' where case_id = '{}'", case.id)).await;
    let parties = clerk.get(case.path()).await.ok()["parties"].as_array().unwrap().clone();
    let party = parties.iter().find(|p| p["side"] == "plaintiff").unwrap()["id"].clone();
    let defendant = parties.iter().find(|p| p["side"] == "defendant").unwrap()["id"].clone();
    let agrees = json!({ "party_id": party, "step": "hearing", "agrees": true, "told_version": "2026-1" });
    plaintiff.post(format!("{}/online-consents", case.path()), agrees).await.ok();
    let admin = w.staff("院管", LIXIA, "court_admin").await;
    let called = format!("第{}法庭", numbers::next());
    let room = json!({ "name": called, "kind": "physical", "place": "二楼", "gallery": 20, "emblem": true, "active": true });
    let rooms = admin.post(format!("/courts/{LIXIA}/courtrooms"), room).await.ok()["items"].as_array().unwrap().clone();
    let room = rooms.iter().find(|r| r["name"] == called.as_str()).unwrap()["id"].clone();
    let order = json!({
        "kind": "trial", "starts_at": starts_at, "minutes": 90, "courtroom_id": room, "public": true, "facts": {},
        "participants": [
            { "role": "sole_judge", "person_id": judge.id }, { "role": "clerk", "person_id": clerk.id },
            { "role": "party", "party_id": party }, { "role": "party", "party_id": defendant, "name": "钱五", "mobile": "13800138001" },
            { "role": "witness", "party_id": party, "name": "孙证明" },
        ],
    });
    let made = clerk.post(format!("{}/hearings", case.path()), order).await.ok();
    let id = made["summary"]["id"].as_str().unwrap().to_owned();
    // the witness opened the link of the message: an account in the hearing, and nowhere else
    w.run(&format!(
        "update hearing_participants set person_id = '{0}', mode = 'online' where hearing_id = '{id}' and role = 'witness';
         insert into hearing_people select court_id, hearing_id, participant_id, case_id, person_id, null from hearing_participants where hearing_id = '{id}' and role = 'witness'",
        witness.id
    ))
    .await;
    Sitting { path: format!("/courts/{LIXIA}/hearings/{id}"), id, case: case.path(), clerk, judge, plaintiff, witness, starts_at }
}

/// Fixed on a Monday for Thursday; then it is Thursday, a quarter to ten, and the waiting room is open.
pub async fn waiting(w: &World) -> Sitting {
    let s = fixed(w, beijing("2026-11-26T10:00:00")).await;
    s.judge.post(format!("{}/pass", s.path), Value::Null).await.refused(422, "hearing.room_shut");
    doors_open(w, &s).await;
    s
}

/// A quarter of an hour before it begins the waiting room is open.
pub async fn doors_open(w: &World, s: &Sitting) {
    w.turn_to(s.starts_at - TimeDelta::minutes(15)).await;
    w.work().await;
    for _ in 0..100 {
        if s.judge.get(&s.path).await.ok()["summary"]["state"] == "waiting" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        w.work().await;
    }
}

/// The package, once it is made.
pub async fn package(w: &World, s: &Sitting) -> Value {
    for _ in 0..200 {
        w.work().await;
        let found = s.judge.get(format!("{}/package", s.path)).await;
        if found.status == 200 {
            return found.ok();
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!(
        "there is no package: {:?}",
        w.text("select coalesce(string_agg(last_error, ','), '') from outbox where topic like 'hearing.%'").await
    );
}

/// Unpacked and checked by the program, with no server; and one changed bit is found.
pub async fn verified(w: &World, s: &Sitting, package: &Value) {
    let zip = s.judge.get(format!("{}/package.zip", s.path)).await;
    assert_eq!(zip.status, 200);
    let folder = cluster().dir.join(format!("package{}", numbers::next()));
    zip::ZipArchive::new(std::io::Cursor::new(zip.body)).unwrap().extract(&folder).unwrap();
    let check = || {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_lianting")).args(["verify", "--json"]).arg(&folder).output().unwrap();
        serde_json::from_slice::<Value>(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&run.stderr)))
    };
    let found = check();
    assert_eq!(found["root"], package["root"], "{found:#}");
    // this court has no seal: that is said, and nothing else is wrong
    let problems: Vec<&str> = found["findings"].as_array().unwrap().iter().filter_map(|f| f["problem"].as_str()).collect();
    assert_eq!(problems, ["there is no seal"], "{found:#}");
    let course = folder.join("course.ndjson");
    let text = std::fs::read_to_string(&course).unwrap().replace("resume", "Resume");
    std::fs::write(&course, text).unwrap();
    let changed = check()["findings"].to_string();
    assert!(changed.contains("course.ndjson") && changed.contains("changed"), "{changed}");
    let _ = w;
}

fn place_of(page: &Page) -> &Value {
    &page.heard.iter().find(|m| m["type"] == "hello").unwrap()["place"]
}

/// Whom a page last knew of, and where.
fn knows(page: &Page) -> Vec<(String, String)> {
    let last = page.heard.iter().rev().find(|m| m["type"] == "presence").unwrap();
    let one = |p: &Value| (p["role"].as_str().unwrap().to_owned(), p["place"].as_str().unwrap().to_owned());
    last["items"].as_array().unwrap().iter().map(one).collect()
}

// part of H23, 36, 38, L26
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hearing_is_opened_heard_recorded_and_ended() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let (mut judge, mut clerk) = (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await);
    assert_eq!((place_of(&judge), place_of(&clerk)), (&json!("courtroom"), &json!("courtroom")));
    // nobody of a party yet: a judge may not open without a reason
    judge.refused(json!({ "type": "step", "step": "open" }), "hearing.open_reason").await;
    let mut plaintiff = enter(&s.plaintiff, &s.path).await;
    let mut witness = enter(&s.witness, &s.path).await;
    assert_eq!((place_of(&plaintiff), place_of(&witness)), (&json!("waiting_room"), &json!("witness_room")));
    // a party tries the judge's commands
    let seat = s.seat(&w, &s.clerk).await;
    for command in [
        json!({ "type": "lock", "participant": seat, "on": true }),
        json!({ "type": "place", "participant": seat, "to": "outside" }),
        json!({ "type": "exclude", "participant": seat, "on": true }),
        json!({ "type": "layout", "layout": "bench" }),
    ] {
        plaintiff.refused(command, "hearing.not_yours").await;
    }
    plaintiff.refused(json!({ "type": "step", "step": "open", "set_aside": "我方认为应当立即开庭审理" }), "role.not_permitted").await;
    clerk.refused(json!({ "type": "step", "step": "open", "set_aside": "审判员委托书记员先行宣布开庭" }), "hearing.not_yours").await;
    plaintiff.refused(json!({ "type": "sing" }), "hearing.unreadable").await;
    // the witness knows nobody but who looks after him, and hears nothing
    assert!(knows(&witness).iter().all(|(role, _)| role == "witness" || role == "clerk"), "{:?}", knows(&witness));
    let no_witness = |m: &Value| m["items"].as_array().unwrap().iter().all(|p| p["role"] != "witness");
    if !knows(&plaintiff).iter().all(|(role, _)| role != "witness") {
        plaintiff.until("presence", no_witness).await;
    }
    // everybody speaks; the hearing opens, with a reason for what was not done before
    let (spoken, _party) = (judge.speak().await, plaintiff.speak().await);
    judge.does(json!({ "type": "step", "step": "open", "set_aside": "当事人身份已经当庭口头核对，纪律已当庭宣布" })).await;
    plaintiff.until("state", |m| m["state"] == "open").await;
    assert!(plaintiff.heard.iter().any(|m| m["type"] == "place" && m["to"] == "courtroom"));
    let hears = plaintiff.listen().await;
    hears.hears(20).await;
    // the red dot comes from the disk
    judge.until("recording", |m| m["on"] == true).await;
    // locked: nothing of the plaintiff flows; a witness is called by the judge alone
    let party = s.seat(&w, &s.plaintiff).await;
    judge.does(json!({ "type": "lock", "participant": party, "on": true })).await;
    plaintiff.until("presence", |m| m["items"].as_array().unwrap().iter().any(|p| p["participant"] == party && p["locked"] == true)).await;
    // long enough to be a gap, and not a lost packet
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    judge.does(json!({ "type": "lock", "participant": party, "on": false })).await;
    witness.refused(json!({ "type": "move", "to": "courtroom" }), "hearing.no_way").await;
    let called = s.seat(&w, &s.witness).await;
    judge.does(json!({ "type": "call", "participant": called })).await;
    witness.until("place", |m| m["to"] == "courtroom").await;
    judge.does(json!({ "type": "place", "participant": called, "to": "witness_room" })).await;
    assert_eq!(witness.end().await["why"], "removed", "who has spoken does not go back to those who wait");
    let again = enter(&s.witness, &s.path).await;
    assert_eq!(place_of(&again), "witness_room", "nor back into the room by opening the page again");
    again.close().await;
    // a break, with its reason, and on
    judge.refused(json!({ "type": "step", "step": "adjourn", "reason": "休息" }), "hearing.reason").await;
    judge.does(json!({ "type": "step", "step": "adjourn", "reason": "当事人身体不适，休庭十五分钟" })).await;
    judge.until("recording", |m| m["on"] == false && m["pause"] == "adjourned").await;
    judge.does(json!({ "type": "step", "step": "resume" })).await;
    judge.until("recording", |m| m["on"] == true).await;
    let version = s.version().await;
    s.judge.post(format!("{}/steps", s.path), json!({ "version": 1, "step": "end" })).await.refused(412, "version.stale");
    s.judge.post(format!("{}/steps", s.path), json!({ "version": version, "step": "end", "outcome": "completed" })).await.ok();
    plaintiff.until("state", |m| m["state"] == "ended").await;
    drop((spoken, hears));
    // the log: the plaintiff reads the course, and not who waited to testify
    let lines = s.plaintiff.get(format!("{}/events", s.path)).await.ok()["items"].as_array().unwrap().clone();
    let steps: Vec<&str> = lines.iter().filter(|l| l["what"] == "step").filter_map(|l| l["data"]["step"]["step"].as_str()).collect();
    assert_eq!(steps, ["open_waiting", "open", "adjourn", "resume", "end"]);
    assert!(lines.iter().all(|l| l["audience"] == "all" || l["participant_id"] == json!(party)));
    // what remains: files that play, lists that hold, one root over all
    let package = package(&w, &s).await;
    let kinds: std::collections::BTreeSet<&str> = package["files"].as_array().unwrap().iter().filter_map(|f| f["kind"].as_str()).collect();
    for kind in ["course", "events", "transcript", "manifest", "recording", "gaps"] {
        assert!(kinds.contains(kind), "{kind} is missing: {package:#}");
    }
    let gaps = package["gaps"].to_string();
    assert!(gaps.contains("adjourned") && gaps.contains("muted_by_court"), "{gaps}");
    let files = s.judge.get(format!("{}/recordings", s.path)).await.ok()["items"].as_array().unwrap().clone();
    let voices: Vec<&Value> = files.iter().filter(|f| f["kind"] == "person").collect();
    assert!(voices.len() == 2 && voices.iter().all(|v| v["checked"] == true && v["millis"].as_i64() > Some(1000)), "{files:#?}");
    let voice = format!("{}/recordings/{}/content", s.path, voices[0]["id"].as_str().unwrap());
    let part = s.judge.ask(Method::GET, voice.clone()).header("range", "bytes=0-3").send().await;
    assert_eq!((part.status, part.body.as_slice()), (206, &[0x1a, 0x45, 0xdf, 0xa3][..]), "the head of a WebM file");
    assert_eq!(w.count("select count(*) from recording_views").await, 1, "that it was looked at is written down");
    s.plaintiff.get(voice).await.refused(404, "not_found");
    assert!(
        s.plaintiff.get(format!("{}/recordings", s.path)).await.ok()["items"].as_array().unwrap().iter().all(|f| f["kind"] == "package")
    );
    verified(&w, &s, &package).await;
    drop((judge, clerk, plaintiff));
    w.end().await;
}

// part of 35, 36
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_is_good_once_for_one_person_and_a_flood_ends_its_own_line_only() {
    let w = World::with(with_media()).await;
    let s = waiting(&w).await;
    let stranger = w.party("周路过").await;
    stranger.post(format!("{}/pass", s.path), Value::Null).await.refused(404, "not_found");
    w.judge(SHIZHONG).await.post(format!("{}/pass", s.path), Value::Null).await.refused(403, "role.not_permitted");
    let token = |pass: Value| pass["token"].as_str().unwrap().to_owned();
    let (first, second) = (token(line::pass(&s.plaintiff, &s.path).await), token(line::pass(&s.plaintiff, &s.path).await));
    let mut said = Vec::new();
    // ended by the second; another's; guessed; of another hearing
    said.push(line::knock(&s.plaintiff, &s.path, &first).await);
    said.push(line::knock(&stranger, &s.path, &second).await);
    said.push(line::knock(&s.judge, &s.path, &second).await);
    said.push(line::knock(&s.plaintiff, &s.path, "guessed").await);
    said.push(line::knock(&s.plaintiff, &s.path.replace(&s.id, &uuid::Uuid::new_v4().to_string()), &second).await);
    // used
    let mut page = line::open(&s.plaintiff, &s.path, &second).await.unwrap_or_else(|e| panic!("{e:?}"));
    page.until("hello", |_| true).await;
    said.push(line::knock(&s.plaintiff, &s.path, &second).await);
    // too old
    let old = token(line::pass(&s.plaintiff, &s.path).await);
    w.turn_to(w.now() + TimeDelta::seconds(61)).await;
    said.push(line::knock(&s.plaintiff, &s.path, &old).await);
    for (status, problem) in &said {
        assert_eq!((*status, &problem["code"]), (403, &json!("hearing.join_refused")), "{problem}");
        assert_eq!(problem["detail"], said[0].1["detail"], "one answer, whatever was wrong");
    }
    // a second tab ends the first
    let mut again = enter(&s.plaintiff, &s.path).await;
    assert_eq!(page.end().await["why"], "replaced");
    // a thousand messages a second end this line, and nobody else's
    let mut clerk = enter(&s.clerk, &s.path).await;
    for n in 0..1000 {
        if !again.send(&json!({ "type": "hand", "up": n % 2 == 0 })).await {
            break;
        }
    }
    assert_eq!(again.end().await["why"], "too_fast");
    clerk.does(json!({ "type": "layout", "layout": "equal" })).await;
    let back = enter(&s.plaintiff, &s.path).await;
    assert_eq!(place_of(&back), &json!("waiting_room"), "and comes back to the same seat");
    drop((back, clerk));
    w.end().await;
}

// part of H21, 47
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_goes_on_where_the_first_stopped() {
    let wish = with_media();
    let spool = wish.spool.clone();
    let mut w = World::with(wish).await;
    let s = waiting(&w).await;
    let (mut judge, _clerk, mut plaintiff) =
        (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await, enter(&s.plaintiff, &s.path).await);
    let voice = judge.speak().await;
    judge.does(json!({ "type": "step", "step": "open", "set_aside": "当事人身份已经当庭口头核对，纪律已当庭宣布" })).await;
    judge.until("recording", |m| m["on"] == true).await;
    judge.does(json!({ "type": "lock", "participant": s.seat(&w, &s.plaintiff).await, "on": true })).await;
    let (database, now) = (w.database.clone(), w.now());
    let (_, last) = tokio::join!(w.close(), plaintiff.end());
    assert_eq!(last["why"], "moved");
    drop((voice, judge));
    let w = World::with(Wish { spool, database: Some(database), ..Wish::default() }).await;
    w.turn_to(now).await;
    let s = s.on(&w);
    // the course is replayed, the seats and the lock are where they were, the recording goes on in its next epoch
    let (mut judge, mut plaintiff) = (enter(&s.judge, &s.path).await, enter(&s.plaintiff, &s.path).await);
    let hello = judge.heard.iter().find(|m| m["type"] == "hello").unwrap().clone();
    assert_eq!((&hello["epoch"], &hello["place"]), (&json!(2), &json!("courtroom")));
    judge.until("state", |m| m["state"] == "open").await;
    let own = s.seat(&w, &s.plaintiff).await;
    plaintiff.until("presence", |m| m["items"].as_array().unwrap().iter().any(|p| p["participant"] == own && p["locked"] == true)).await;
    let _voice = judge.speak().await;
    judge.until("recording", |m| m["on"] == true && m["epoch"] == 2).await;
    // who is cut off is noted with what was measured; the judge finds the cause, nothing follows by itself
    plaintiff
        .does(json!({ "type": "beat", "up_loss": 300, "down_loss": 250, "rtt": 900, "visible": true, "camera": true, "microphone": true }))
        .await;
    plaintiff.close().await;
    let gone = judge.until("dropout", |m| m["participant"] == own).await;
    assert_eq!(gone["cause"], "network");
    let dropouts = s.judge.get(format!("{}/dropouts", s.path)).await.ok();
    let id = dropouts["items"][0]["id"].as_str().unwrap().to_owned();
    judge.does(json!({ "type": "warn", "participant": own, "rung": "warning" })).await;
    let suggested = s.judge.get(format!("{}/findings?participant={own}", s.path)).await.ok()["suggested"].clone();
    assert_eq!(suggested["consequence"], "new_date", "a fault excuses: {suggested:#}");
    let find = json!({ "cause": "network", "reasons": "掉线前丢包三成，页面没有关闭，属于网络故障" });
    s.clerk.post(format!("{}/dropouts/{id}/find", s.path), find.clone()).await.refused(422, "hearing.not_yours");
    s.judge.post(format!("{}/dropouts/{id}/find", s.path), find).await.ok();
    let tech = w.staff("技术员", LIXIA, "technician").await;
    let board = tech.get(format!("/courts/{LIXIA}/hearing-board")).await.ok();
    let alert = board["alerts"][0]["id"].as_str().unwrap().to_owned();
    tech.post(format!("/courts/{LIXIA}/hearing-alerts/{alert}/take"), Value::Null).await.ok();
    tech.post(format!("/courts/{LIXIA}/hearing-alerts/{alert}/close"), json!({ "how": "电话指导重启路由器" })).await.ok();
    judge.does(json!({ "type": "step", "step": "end", "outcome": "continued" })).await;
    let package = package(&w, &s).await;
    assert!(package["gaps"].to_string().contains("crash"), "{}", package["gaps"]);
    w.end().await;
}
