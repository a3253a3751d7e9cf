//! 庭前检测: the media server gives back what it is sent, over the open way and through a relay; bounded, and for whoever is
//! signed in.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lianting_media::relay_credentials;
use lianting_peer::Relay;
use serde_json::{Value, json};

use crate::kit::line::{self, Page};
use crate::kit::voice::{Marked, REALM, Voice};
use crate::kit::{Person, Wish, World, cluster};
use crate::story_room::with_media;

const ECHO: &str = "/my/media-test";
const SECRET: &str = "a-relay-secret-of-thirty-two-signs";

async fn opened(who: &Person) -> (Page, Value) {
    let mut page = line::open_at(who, ECHO).await.unwrap_or_else(|e| panic!("{e:?}"));
    let hello = page.until("hello", |_| true).await;
    (page, hello)
}

/// Sound and picture go up and come back; the server says how it saw them.
async fn goes_through(
    page: &mut Page,
    own: (Marked, String, Vec<(String, String)>),
    ear: impl FnOnce(&str) -> (Marked, String),
) -> (Voice, Voice, Value) {
    let (link, sdp, tracks) = own;
    let answer = page.does(json!({ "type": "publish", "sdp": sdp, "tracks": tracks })).await;
    let voice = Voice::of(link.answered(answer["sdp"].as_str().unwrap()));
    let offer = page.offer().await;
    assert_eq!(offer["tracks"].as_array().unwrap().len(), tracks.len(), "{offer}");
    let (link, answer) = ear(offer["sdp"].as_str().unwrap());
    page.does(json!({ "type": "answer", "version": offer["version"], "sdp": answer })).await;
    let back = Voice::of(link);
    let flows = |m: &Value| {
        m["up"]["packets"].as_u64() > Some(50) && m["down"]["packets"].as_u64() > Some(30) && m["up"]["kbps"].as_u64() > Some(0)
    };
    let figures = page.until("figures", flows).await;
    back.gets("one's own voice", 20, |v| v.heard_of(42)).await;
    back.gets("one's own picture", 20, |v| v.seen_of(42)).await;
    (voice, back, figures)
}

// part of B31
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_media_server_gives_back_what_it_is_sent() {
    let w = World::with(with_media()).await;
    let (who, other) = (w.party("赵文博").await, w.party("周路过").await);
    let (mut page, hello) = opened(&who).await;
    assert_eq!((&hello["ice"], &hello["seconds"]), (&Value::Null, &json!(60)));
    let first = page.until("figures", |_| true).await;
    assert!(first["up"]["connected"] == false && first["seconds_left"].as_u64() >= Some(50), "{first}");
    let (voice, back, figures) = goes_through(&mut page, Marked::sending(&["audio", "video"], 42), Marked::receiving).await;
    assert_eq!(
        (&figures["up"]["connected"], &figures["up"]["tcp"], &figures["down"]["connected"]),
        (&json!(true), &json!(false), &json!(true))
    );
    // nobody else's: another's test is another room
    let (mut beside, _) = opened(&other).await;
    let (link, sdp, tracks) = Marked::sending(&["audio"], 9);
    let answer = beside.does(json!({ "type": "publish", "sdp": sdp, "tracks": tracks })).await;
    let _beside = Voice::of(link.answered(answer["sdp"].as_str().unwrap()));
    back.gets("one's own voice", 20, |v| v.heard_of(42)).await;
    assert_eq!(back.heard_of(9), 0);
    assert_eq!(w.app.rooms.echoes.running(), 2);
    // what belongs into a hearing is not understood here; nonsense is refused
    page.refused(json!({ "type": "hand", "up": true }), "hearing.unreadable").await;
    page.refused(json!({ "type": "publish", "sdp": "v=0", "tracks": [] }), "media.refused").await;
    // one at a time for a person
    let (mut second, _) = opened(&who).await;
    assert_eq!(page.end().await["why"], "replaced");
    // a flood ends it
    for _ in 0..300 {
        if !second.send(&json!({ "type": "receive", "begin": "continue" })).await {
            break;
        }
    }
    assert_eq!(second.end().await["why"], "too_fast");
    // who is not signed in gets none
    let nobody = Person { token: "none".into(), ..who };
    assert_eq!(line::open_at(&nobody, ECHO).await.err().map(|(status, _)| status), Some(401));
    drop((voice, back, beside));
    for _ in 0..100 {
        if w.app.rooms.echoes.running() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let figures = w.app.rooms.studio().unwrap().engine.figures().pop().unwrap().await.unwrap();
    assert_eq!((w.app.rooms.echoes.running(), figures.rooms, figures.known), (0, 0, (0, 0)), "nothing is left");
    w.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_media_says_so() {
    let w = World::new().await;
    let who = w.party("赵文博").await;
    let (status, problem) = line::open_at(&who, ECHO).await.err().unwrap();
    assert_eq!((status, &problem["code"]), (503, &json!("media.off")));
    w.end().await;
}

/// coturn as its template says, on this machine.
struct Turn(Child, SocketAddr);

impl Turn {
    fn start() -> Self {
        let port = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let dir = cluster().dir.join(format!("turn-{port}"));
        std::fs::create_dir_all(&dir).unwrap();
        let log = std::fs::File::create(dir.join("log")).unwrap();
        let child = Command::new("turnserver")
            .args([
                "-n",
                "--use-auth-secret",
                "--fingerprint",
                "--listening-ip=127.0.0.1",
                "--relay-ip=127.0.0.1",
                "--allow-loopback-peers",
            ])
            .args(["--no-tls", "--no-dtls", "--no-cli", "--no-tcp-relay", "--log-file=stdout", "--simple-log", "--pidfile=/dev/null"])
            .args(["--denied-peer-ip=0.0.0.0-255.255.255.255", "--allowed-peer-ip=127.0.0.1"])
            .args([format!("--static-auth-secret={SECRET}"), format!("--realm={REALM}"), format!("--listening-port={port}")])
            .arg(format!("--userdb={}", dir.join("db").display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self(child, SocketAddr::from(([127, 0, 0, 1], port)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn has_coturn() -> bool {
    Command::new("turnserver").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

// part of B31
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_a_relay_with_credentials_that_end() {
    if !has_coturn() {
        eprintln!("none: coturn is not installed");
        return;
    }
    let turn = Turn::start();
    let at = turn.1;
    let relay = Some((format!("turn:{at}?transport=udp"), SECRET.to_owned()));
    // the relay goes by the machine's clock
    let w = World::with(Wish { relay, machine_clock: true, ..with_media() }).await;
    let who = w.party("赵文博").await;
    let (mut page, hello) = opened(&who).await;
    assert_eq!(hello["ice"]["urls"], json!([format!("turn:{at}?transport=udp")]));
    let word = |name: &str| hello["ice"][name].as_str().unwrap().to_owned();
    let (username, credential) = (word("username"), word("credential"));
    assert!(!username.contains(&who.name) && !username.contains(&who.mobile), "a pseudonym");
    let take = move || {
        let (username, credential) = (username.clone(), credential.clone());
        tokio::task::spawn_blocking(move || {
            // it may still be starting
            (0..20).find_map(|_| {
                Relay::take(at, REALM, &username, &credential).map_err(|_| std::thread::sleep(Duration::from_millis(200))).ok()
            })
        })
    };
    let (up, down) = (take().await.unwrap().expect("a place"), take().await.unwrap().expect("a second place"));
    let own = Marked::sending_over(up, &["audio", "video"], 42);
    let (_voice, _back, figures) = goes_through(&mut page, own, |sdp| Marked::receiving_over(down, sdp)).await;
    assert_eq!((&figures["up"]["connected"], &figures["down"]["connected"]), (&json!(true), &json!(true)));
    // what is not ours, and what is over, gets no place
    let now = u64::try_from(w.now().timestamp()).unwrap();
    for (secret, made) in [("another secret of thirty-two signs", now), (SECRET, now - 7200)] {
        let refused = relay_credentials(secret, "somebody", made, Duration::from_secs(3600));
        let refused = tokio::task::spawn_blocking(move || Relay::take(at, REALM, &refused.username, &refused.credential).err());
        assert!(refused.await.unwrap().is_some(), "no place for {made}");
    }
    w.end().await;
}
