//! Somebody in a hearing who does what the page does: enters, sends sound and picture, takes every offer, and when the line
//! ends comes back without being asked, to whichever server answers.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use lianting_peer::{Link, SILENCE, Track};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::kit::Person;
use crate::pictures;

/// What it sends.
const TRACKS: [Track; 2] = [Track::Sound, Track::Picture];
/// A page retries so soon after its line ended.
const AGAIN: Duration = Duration::from_millis(250);

#[derive(Default)]
struct State {
    stop: AtomicBool,
    cut: AtomicBool,
    joins: AtomicU64,
    speaks: Mutex<Option<Link>>,
    hears: Mutex<Option<Link>>,
    told: Mutex<Vec<(Instant, Value)>>,
    heard: Mutex<Vec<Instant>>,
}

/// Somebody in a hearing.
pub struct Guest {
    pub name: String,
    pub participant: uuid::Uuid,
    state: Arc<State>,
    feeding: Option<std::thread::JoinHandle<()>>,
    attending: tokio::task::JoinHandle<()>,
}

impl Guest {
    /// Enters at the first of the servers that answers, and stays.
    pub fn enters(who: &Person, participant: uuid::Uuid, hearing: &str, servers: &[String]) -> Self {
        let state = Arc::new(State::default());
        pictures::frames();
        let fed = state.clone();
        let feeding = std::thread::spawn(move || feed(&fed));
        let token = who.token.clone();
        let attending = tokio::spawn(attend(state.clone(), token, hearing.to_owned(), servers.to_vec()));
        Self { name: who.name.clone(), participant, state, feeding: Some(feeding), attending }
    }

    /// The line is dead, both ways; nobody is told.
    pub fn cut(&self, on: bool) {
        self.state.cut.store(on, Ordering::SeqCst);
    }

    /// How often it came in.
    pub fn joins(&self) -> u64 {
        self.state.joins.load(Ordering::SeqCst)
    }

    /// The last message of a kind.
    pub fn last(&self, kind: &str) -> Option<Value> {
        self.state.told.lock().unwrap().iter().rev().find(|(_, m)| m["type"] == kind).map(|(_, m)| m.clone())
    }

    /// Everything told since.
    pub fn told_since(&self, since: Instant) -> Vec<Value> {
        self.state.told.lock().unwrap().iter().filter(|(at, _)| *at >= since).map(|(_, m)| m.clone()).collect()
    }

    /// The longest silence heard between two moments.
    pub fn longest_silence(&self, from: Instant, to: Instant) -> Duration {
        let heard = self.state.heard.lock().unwrap();
        let within = heard.iter().copied().filter(|at| (from..=to).contains(at));
        let points: Vec<Instant> = std::iter::once(from).chain(within).chain([to]).collect();
        points.windows(2).map(|w| w[1] - w[0]).max().unwrap_or_default()
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        self.attending.abort();
        if let Some(thread) = self.feeding.take() {
            let _ = thread.join();
        }
    }
}

/// Sends by the clock, whatever the line does, and moves what comes.
fn feed(state: &State) {
    let (mut sound, mut picture, mut said, mut n) = (Instant::now(), Instant::now(), 0_u32, 0_u32);
    while !state.stop.load(Ordering::SeqCst) {
        let (now, cut) = (Instant::now(), state.cut.load(Ordering::SeqCst));
        let speaks = now >= sound;
        let shows = now >= picture;
        if speaks {
            sound += Duration::from_millis(20);
            said = said.wrapping_add(1);
        }
        if shows {
            picture += Duration::from_secs(1) / pictures::RATE;
            n = n.wrapping_add(1);
        }
        if let Some(link) = state.speaks.lock().unwrap().as_mut() {
            link.cut = cut;
            if speaks {
                link.send(0, said.wrapping_mul(960), false, SILENCE.to_vec());
            }
            if shows {
                let frames = pictures::frames();
                let stamp = n.wrapping_mul(90_000 / pictures::RATE);
                show(link, stamp, pictures::pieces(&frames[n as usize % frames.len()], n as u16));
            }
            link.step(drop);
        }
        if let Some(link) = state.hears.lock().unwrap().as_mut() {
            link.cut = cut;
            let mut came = false;
            link.step(|_| came = true);
            if came {
                state.heard.lock().unwrap().push(now);
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A picture, in pieces that fit into packets.
fn show(link: &mut Link, timestamp: u32, pieces: Vec<Vec<u8>>) {
    let last = pieces.len().saturating_sub(1);
    for (n, piece) in pieces.into_iter().enumerate() {
        link.send(1, timestamp, n == last, piece);
    }
}

async fn attend(state: Arc<State>, token: String, hearing: String, servers: Vec<String>) {
    let client = reqwest::Client::builder().connect_timeout(Duration::from_secs(1)).timeout(Duration::from_secs(4)).build().unwrap();
    for base in servers.iter().cycle() {
        if state.stop.load(Ordering::SeqCst) {
            return;
        }
        let _ = sits(&state, &client, &token, &hearing, base).await;
        tokio::time::sleep(AGAIN).await;
    }
}

/// One stay, until the line ends.
async fn sits(state: &Arc<State>, client: &reqwest::Client, token: &str, hearing: &str, base: &str) -> Option<()> {
    let asked = client.post(format!("{base}/api{hearing}/pass")).bearer_auth(token).header("content-type", "application/json");
    let answer = asked.header("idempotency-key", uuid::Uuid::new_v4().to_string()).body("null").send().await.ok()?;
    let pass: Value = answer.json().await.ok()?;
    let url = format!("{}/api{hearing}/socket?token={}", base.replace("http://", "ws://"), pass["token"].as_str()?);
    let mut request = url.into_client_request().ok()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().ok()?);
    let (socket, _) = tokio::time::timeout(Duration::from_secs(4), tokio_tungstenite::connect_async(request)).await.ok()?.ok()?;
    let (mut out, mut incoming) = socket.split();
    let mut beat = tokio::time::interval(Duration::from_secs(2));
    loop {
        // a dead line: nothing is read and nothing is sent
        while state.cut.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let message = tokio::select! {
            message = incoming.next() => message?.ok()?,
            _ = beat.tick() => {
                let beat = json!({ "type": "beat", "up_loss": 0, "down_loss": 0, "rtt": 20, "visible": true, "camera": true, "microphone": true });
                out.send(Message::text(beat.to_string())).await.ok()?;
                continue;
            }
        };
        let Message::Text(text) = message else { continue };
        let said: Value = serde_json::from_str(&text).ok()?;
        let reply = hears(state, &said);
        state.told.lock().unwrap().push((Instant::now(), said.clone()));
        if let Some(reply) = reply {
            out.send(Message::text(reply.to_string())).await.ok()?;
        }
        if said["type"] == "bye" {
            return Some(());
        }
    }
}

/// What a page answers.
fn hears(state: &State, said: &Value) -> Option<Value> {
    match said["type"].as_str()? {
        "hello" => {
            state.joins.fetch_add(1, Ordering::SeqCst);
            *state.hears.lock().unwrap() = None;
            let mut link = Link::new();
            TRACKS.into_iter().for_each(|track| link.adds(track));
            let offer = link.offers();
            *state.speaks.lock().unwrap() = Some(link);
            Some(json!({ "type": "publish", "n": 1, "sdp": offer, "tracks": [] }))
        }
        "published" => {
            state.speaks.lock().unwrap().as_mut()?.answered(said["sdp"].as_str()?).ok()?;
            None
        }
        "offer" => {
            let mut hears = state.hears.lock().unwrap();
            if said["fresh"] == true || hears.is_none() {
                *hears = Some(Link::new());
            }
            let answer = hears.as_mut()?.takes(said["sdp"].as_str()?).ok()?;
            Some(json!({ "type": "answer", "n": 2, "version": said["version"], "sdp": answer }))
        }
        _ => None,
    }
}
