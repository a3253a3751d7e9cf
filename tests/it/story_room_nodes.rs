//! Two servers on one database: a room is at one of them, who comes to the other is told where; one that stops gives it back
//! at once, one that is silent is followed after its lease; the people come back by themselves.

use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use lianting::hearing::room::admit::LEASE;
use serde_json::{Value, json};

use crate::kit::line::{self, enter};
use crate::kit::{Wire, Wish, World, cluster, numbers};
use crate::story_room::{fixed, waiting, with_media};
use crate::story_room_media::{OPENS, opened};

async fn beside(w: &World) -> World {
    let spool = cluster().dir.join(format!("spool{}", numbers::next()));
    let other = World::with(Wish { spool: Some(spool), database: Some(w.database.clone()), ..Wish::default() }).await;
    other.turn_to(w.now()).await;
    other
}

fn place(pass: &Value) -> Option<&str> {
    pass["address"].as_str()
}

// part of H21, 47
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_is_at_one_server_and_goes_over_when_that_stops() {
    let mut first = World::with(with_media()).await;
    let s = waiting(&first).await;
    let second = beside(&first).await;
    let there = s.clone().on(&second);
    let (mut judge, clerk, mut plaintiff) =
        (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await, enter(&s.plaintiff, &s.path).await);
    let _voice = judge.sends(&["audio"], 1, json!({})).await;
    opened(&mut judge).await;
    let mut ear = plaintiff.listen().await;
    plaintiff.gets(&mut ear, "the judge", 10, |v| v.heard_of(1)).await;
    // whoever asks the other server is told where the room is, and is not let in there
    let pass = line::pass(&there.plaintiff, &s.path).await;
    assert_eq!(place(&pass), Some(first.wire.base.as_str()), "{pass}");
    let (status, problem) = line::open(&there.plaintiff, &s.path, pass["token"].as_str().unwrap()).await.err().unwrap();
    assert_eq!((status, &problem["code"]), (409, &json!("hearing.held_elsewhere")), "{problem}");
    assert_eq!(place(&line::pass(&s.plaintiff, &s.path).await), None, "at its own server there is nothing to tell");
    // what is done at the other server reaches the pages here
    let version = there.version().await;
    there.judge.post(format!("{}/steps", s.path), json!({ "version": version, "step": "enter", "stage": "statements" })).await.ok();
    second.work().await;
    plaintiff.until("state", |m| m["stage"] == "statements").await;
    // it stops: everybody is told to come anew, the other takes the room at once
    let last = Instant::now();
    let (_, bye) = tokio::join!(first.close(), plaintiff.end());
    drop(clerk);
    assert_eq!(bye["why"], "moved");
    assert_eq!(place(&line::pass(&there.clerk, &s.path).await), None);
    let (mut judge, mut plaintiff) = (enter(&there.judge, &s.path).await, enter(&there.plaintiff, &s.path).await);
    let hello = plaintiff.heard.iter().find(|m| m["type"] == "hello").unwrap().clone();
    assert_eq!((&hello["epoch"], &hello["place"]), (&json!(2), &json!("courtroom")), "the seat is where it was");
    let _again = judge.sends(&["audio"], 1, json!({})).await;
    let mut ear = plaintiff.listen().await;
    plaintiff.gets(&mut ear, "the judge, at the other server", 5, |v| v.heard_of(1)).await;
    eprintln!("sound again {} ms after the server was told to stop (its own stopping in it)", last.elapsed().as_millis());
    judge.until("recording", |m| m["on"] == true && m["epoch"].is_number()).await;
    judge.until("state", |m| m["stage"] == "statements").await;
    drop((judge, plaintiff));
    second.end().await;
}

// part of H21, 47
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_silent_is_followed_after_its_lease() {
    let mut first = World::with(with_media()).await;
    let s = waiting(&first).await;
    let second = beside(&first).await;
    let there = s.clone().on(&second);
    let (mut judge, clerk) = (enter(&s.judge, &s.path).await, enter(&s.clerk, &s.path).await);
    judge.does(json!({ "type": "step", "step": "open", "set_aside": OPENS })).await;
    // within the lease the room is its own, whether it answers or not
    assert_eq!(place(&line::pass(&there.plaintiff, &s.path).await), Some(first.wire.base.as_str()));
    second.app.clock.set(second.now() + LEASE + TimeDelta::seconds(1));
    assert_eq!(place(&line::pass(&there.plaintiff, &s.path).await), None, "its lease is over");
    let mut plaintiff = enter(&there.plaintiff, &s.path).await;
    let hello = plaintiff.heard.iter().find(|m| m["type"] == "hello").unwrap().clone();
    assert_eq!(hello["epoch"], 2);
    plaintiff.until("state", |m| m["state"] == "open").await;
    // the first wakes up: it sees that the room is another's and lets go of it; nothing of its end reaches the rows
    let bye = tokio::time::timeout(Duration::from_secs(40), judge.end()).await.unwrap();
    assert_eq!(bye["why"], "moved");
    let judge = enter(&there.judge, &s.path).await;
    let there_now = format!(
        "select count(*) from hearing_presence where hearing_id = '{}' and connected_at is not null and disconnected_at is null",
        s.id
    );
    assert_eq!(second.count(&there_now).await, 2);
    drop((judge, clerk, plaintiff));
    first.close().await;
    second.end().await;
}

/// A server of this world that is a process of its own, to be killed.
struct Process {
    child: Child,
    wire: Arc<Wire>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn process(w: &World) -> Process {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let base = format!("http://127.0.0.1:{port}");
    let spool = cluster().dir.join(format!("spool{}", numbers::next())).display().to_string();
    let log = std::fs::File::create(cluster().dir.join(format!("node{port}.log"))).unwrap();
    let mut command = w.program("serve", &["--public-url", "--work", "--spool", "--node", "--node-url"]);
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--work", "false", "--spool", &spool]);
    command.args(["--public-url", &base, "--node", &base, "--node-url", &base]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
    let wire = Arc::new(Wire { base: base.clone(), client: reqwest::Client::new(), seen: Mutex::default() });
    let mut process = Process { child, wire };
    let since = Instant::now();
    while process.wire.client.get(format!("{base}/healthz")).send().await.is_err() {
        assert!(process.child.try_wait().unwrap().is_none() && since.elapsed() < Duration::from_secs(60), "the server does not start");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process
}

// part of H21, 47
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_is_followed_within_its_lease() {
    let w = World::with(Wish { machine_clock: true, ..with_media() }).await;
    let s = fixed(&w, w.now() + TimeDelta::days(7)).await;
    let step = json!({ "version": s.version().await, "step": "open_waiting" });
    s.clerk.post(format!("{}/steps", s.path), step).await.ok();
    let mut killed = process(&w).await;
    let there = s.clone().over(&killed.wire);
    let (mut judge, clerk, plaintiff) =
        (enter(&there.judge, &s.path).await, enter(&there.clerk, &s.path).await, enter(&there.plaintiff, &s.path).await);
    let _voice = judge.sends(&["audio"], 1, json!({})).await;
    opened(&mut judge).await;
    // longer than a lease: a server that lives keeps its room
    tokio::time::sleep((LEASE + TimeDelta::seconds(2)).to_std().unwrap()).await;
    assert_eq!(place(&line::pass(&s.judge, &s.path).await), Some(killed.wire.base.as_str()));
    killed.child.kill().unwrap();
    let died = Instant::now();
    judge.end().await;
    drop((clerk, plaintiff));
    // whoever asks the other is sent to the dead one until the lease is over, and is let in then
    while place(&line::pass(&s.judge, &s.path).await).is_some() {
        assert!(died.elapsed() < Duration::from_secs(30), "nobody follows");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let mut judge = enter(&s.judge, &s.path).await;
    assert!(died.elapsed() < LEASE.to_std().unwrap() + Duration::from_secs(5), "{:?}", died.elapsed());
    eprintln!("in the room at the other server {} ms after the first was killed", died.elapsed().as_millis());
    assert_eq!(judge.heard.iter().find(|m| m["type"] == "hello").unwrap()["epoch"], 2);
    judge.until("state", |m| m["state"] == "open").await;
    let mut plaintiff = enter(&s.plaintiff, &s.path).await;
    plaintiff.until("state", |m| m["state"] == "open").await;
    let _again = judge.sends(&["audio"], 1, json!({})).await;
    judge.until("recording", |m| m["on"] == true).await;
    drop((judge, plaintiff));
    w.end().await;
}
