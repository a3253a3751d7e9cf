//! A signalling server for tests only: one HTTP door for the engine's calls, no accounts, listening on this machine.
//!
//! `cargo run -p lianting-media --example rehearsal -- [--http 0] [--ip 127.0.0.1] [--media 0] [--page DIR] [--record DIR]` prints one
//! line of JSON with its addresses. With `--record` every room is recorded into the folder and uploaded to a store beside it. Every call is `POST /` with `{"op": …}`; `GET /` is the test page.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects by failing")]

use std::collections::HashMap;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lianting_media::record::{FolderStore, KernelClock, LocalDisk, Place, Recorder, RoomHandle, RoomTap, Uploader, Watermarks, steady_us};
use lianting_media::{
    Begin, Config, Engine, Event, Gate, Kinds, ParticipantId, Publish, Right, RoomId, Tap, TapPacket, TrackKind, relay_credentials,
};
use ring::rand::SecureRandom;
use serde_json::{Value, json};

/// Counts what the recorder would get.
#[derive(Clone, Default)]
struct Counting(Arc<Mutex<HashMap<(u128, &'static str), u64>>>, Arc<AtomicU64>);

impl Tap for Counting {
    fn packet(&self, p: TapPacket) {
        *self.0.lock().unwrap().entry((p.participant.0, name(p.track))).or_default() += 1;
    }
    fn sender_report(&self, _: ParticipantId, _: TrackKind, _: u32, _: u64, _: u32) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }
    fn joined(&self, _: ParticipantId, _: Duration) {}
    fn left(&self, _: ParticipantId, _: Duration) {}
    fn gate(&self, _: ParticipantId, _: TrackKind, _: Gate, _: Duration) {}
    fn overflowed(&self) -> u64 {
        0
    }
}

fn name(kind: TrackKind) -> &'static str {
    match kind {
        TrackKind::Audio => "audio",
        TrackKind::Video => "video",
        TrackKind::Screen => "screen",
    }
}

fn kind(name: &str) -> TrackKind {
    match name {
        "audio" => TrackKind::Audio,
        "screen" => TrackKind::Screen,
        _ => TrackKind::Video,
    }
}

/// Recording as in court: a spool, and a store that closed segments go to.
struct Booth {
    recorder: Recorder,
    handles: Mutex<Vec<RoomHandle>>,
}

impl Booth {
    fn open(dir: &std::path::Path) -> Self {
        let clock = Arc::new(KernelClock::new(|| std::time::UNIX_EPOCH.elapsed().unwrap().as_micros() as i64));
        let (spool, disk) = (dir.join("spool"), Arc::new(LocalDisk));
        let marks = Watermarks { warn: 999, refuse: 1_000 };
        let recorder = Recorder::new(spool.clone(), disk.clone(), clock.clone(), marks).unwrap();
        recorder.sweep().unwrap();
        let store = Arc::new(FolderStore::new(dir.join("store")).unwrap());
        let uploader = Uploader::new(spool, disk, store, clock, recorder.store_state(), 86_400);
        uploader.spawn(Arc::default()).unwrap();
        Self { recorder, handles: Mutex::default() }
    }

    fn tap(&self, engine: &Engine, room: RoomId) -> RoomTap {
        let place = Place::new("1", room).unwrap();
        let (tap, handle) = self.recorder.open(&place, steady_us() - engine.at().as_micros() as i64).unwrap();
        self.handles.lock().unwrap().push(handle);
        tap
    }
}

struct Desk {
    engine: Engine,
    booth: Option<Booth>,
    taps: Mutex<HashMap<u128, Counting>>,
    events: Arc<Mutex<Vec<String>>>,
    needs: Arc<Mutex<Vec<(u128, u128)>>>,
    tickets: AtomicU64,
    /// What pages that nobody can drive tell of themselves.
    reports: Mutex<HashMap<(u128, u128), Value>>,
}

fn number(value: &Value) -> u128 {
    value.as_u64().map(u128::from).unwrap_or_default()
}

fn right(value: &Value) -> Right {
    match value.as_str() {
        Some("allowed") => Right::Allowed,
        Some("muted") => Right::Muted,
        _ => Right::Denied,
    }
}

fn publish(value: &Value) -> Publish {
    let private = value["private"].as_bool().unwrap_or(false);
    Publish { audio: right(&value["audio"]), video: right(&value["video"]), screen: right(&value["screen"]), private }
}

impl Desk {
    fn call(&self, body: &Value) -> lianting_media::Result<Value> {
        let (room, who) = (RoomId(number(&body["room"])), ParticipantId(number(&body["participant"])));
        let done = |()| json!({});
        match body["op"].as_str().unwrap_or("") {
            "create" => {
                let tap: Box<dyn Tap> = if let Some(booth) = &self.booth {
                    Box::new(booth.tap(&self.engine, room))
                } else {
                    let tap = Counting::default();
                    self.taps.lock().unwrap().insert(room.0, tap.clone());
                    Box::new(tap)
                };
                self.engine.create_room(room, tap).wait().map(done)
            }
            "close" => self.engine.close_room(room).wait().map(done),
            "admit" => {
                let own = u128::from(self.tickets.fetch_add(1, Ordering::Relaxed)) << 64;
                let ticket = body["ticket"].as_u64().map_or(own, u128::from);
                self.engine.admit(room, who, ticket, publish(&body["publish"])).wait().map(done)
            }
            "remove" => self.engine.remove(room, who).wait().map(done),
            "rights" => self.engine.set_publish(room, who, publish(&body["publish"])).wait().map(done),
            "grant" => self.engine.set_receive(room, grants(&body["grants"]), body["all"] == true).wait().map(done),
            "cap" => {
                let layer = body["layer"].as_u64().unwrap_or(2) as u8;
                let publisher = ParticipantId(number(&body["publisher"]));
                self.engine.set_cap(room, who, publisher, kind(body["kind"].as_str().unwrap_or("video")), layer).wait().map(done)
            }
            "publish" => {
                let named = body["tracks"].as_array().into_iter().flatten();
                let tracks = named.map(|t| (t[0].as_str().unwrap_or("").to_owned(), kind(t[1].as_str().unwrap_or("")))).collect();
                let sdp = body["sdp"].as_str().unwrap_or("").to_owned();
                self.engine.publish_offer(room, who, sdp, tracks).wait().map(|sdp| json!({ "sdp": sdp }))
            }
            "offer" => self.offer(room, who, body["begin"].as_str().unwrap_or("")),
            "answer" => {
                let sdp = body["sdp"].as_str().unwrap_or("").to_owned();
                self.engine.receive_answer(room, who, body["version"].as_u64().unwrap_or(0), sdp).wait().map(done)
            }
            "needs" => {
                let mut needs = self.needs.lock().unwrap();
                let before = needs.len();
                needs.retain(|n| *n != (room.0, who.0));
                Ok(json!({ "needed": needs.len() < before }))
            }
            "report" => {
                self.reports.lock().unwrap().insert((room.0, who.0), body["figures"].clone());
                Ok(json!({}))
            }
            "reported" => Ok(self.reports.lock().unwrap().get(&(room.0, who.0)).cloned().unwrap_or_default()),
            "stats" => self.engine.stats(room).wait().map(|s| stats(&s)),
            "recorded" => {
                let handles =
                    self.booth.iter().flat_map(|b| b.handles.lock().unwrap().iter().map(|h| h.status().written).collect::<Vec<_>>());
                Ok(json!({ "bytes": handles.sum::<u64>() }))
            }
            "tap" => Ok(self.tapped(room)),
            "events" => Ok(json!(*self.events.lock().unwrap())),
            "break" => self.engine.within::<()>(room, |_, _| panic!("a fault, on purpose")).wait().map(done),
            "figures" => {
                let figures = self.engine.figures().into_iter().map(|f| format!("{:?}", f.wait()));
                Ok(json!(figures.collect::<Vec<_>>()))
            }
            "relay" => {
                let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
                let made = relay_credentials(body["secret"].as_str().unwrap_or(""), "test", now, Duration::from_secs(600));
                Ok(json!({ "username": made.username, "credential": made.credential }))
            }
            _ => Err(lianting_media::MediaError::OutOfOrder("no such call")),
        }
    }

    fn offer(&self, room: RoomId, who: ParticipantId, begin: &str) -> lianting_media::Result<Value> {
        let begin = match begin {
            "anew" => Begin::Anew,
            "restart" => Begin::RestartIce,
            _ => Begin::Continue,
        };
        let offer = self.engine.receive_offer(room, who, begin).wait()?;
        Ok(offer.map_or(Value::Null, |offer| {
            let tracks: Vec<Value> = offer.tracks.iter().map(|(mid, p, k)| json!([mid, p.0 as u64, name(*k)])).collect();
            json!({ "version": offer.version, "fresh": offer.fresh, "sdp": offer.sdp, "tracks": tracks })
        }))
    }

    fn tapped(&self, room: RoomId) -> Value {
        let taps = self.taps.lock().unwrap();
        let Some(tap) = taps.get(&room.0) else { return Value::Null };
        let counts: HashMap<String, u64> = tap.0.lock().unwrap().iter().map(|((who, kind), n)| (format!("{who}-{kind}"), *n)).collect();
        json!({ "packets": counts, "reports": tap.1.load(Ordering::Relaxed) })
    }
}

fn grants(value: &Value) -> Vec<lianting_media::Grant> {
    let one = |g: &Value| {
        let kinds = g[2].as_str().unwrap_or("audio video screen").split(' ').filter(|k| !k.is_empty());
        (ParticipantId(number(&g[0])), ParticipantId(number(&g[1])), kinds.fold(Kinds::NONE, |k, n| k.with(kind(n))))
    };
    value.as_array().into_iter().flatten().map(one).collect()
}

fn stats(stats: &lianting_media::RoomStats) -> Value {
    let people = stats.participants.iter().map(|p| {
        let sent = p.sent.iter().map(|s| {
            json!({ "kind": name(s.kind), "layer": s.layer, "loss": s.loss, "bitrate": s.bitrate, "packets": s.packets,
                    "key_requests": s.key_requests, "nacks": s.nacks, "jitter_ms": s.jitter.as_secs_f64() * 1e3 })
        });
        let received = p.received.iter().map(|r| {
            json!({ "publisher": r.publisher.0 as u64, "kind": name(r.kind), "layer": r.layer, "loss": r.loss, "packets": r.packets,
                    "round_trip_ms": r.round_trip.map(|d| d.as_secs_f64() * 1e3) })
        });
        json!({ "participant": p.participant.0 as u64, "publishing": p.publishing, "receiving": p.receiving, "tcp": p.tcp,
                "estimate": p.estimate, "sent": sent.collect::<Vec<_>>(), "received": received.collect::<Vec<_>>() })
    });
    json!({ "at": stats.at.as_secs_f64(), "participants": people.collect::<Vec<_>>() })
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let arg = |name: &str, other: &str| args.iter().position(|a| a == name).map_or(other.to_owned(), |i| args[i + 1].clone());
    let random = ring::rand::SystemRandom::new();
    let bind = format!("{}:{}", arg("--ip", "127.0.0.1"), arg("--media", "0")).parse().unwrap();
    let config = Config::new(bind, Arc::new(move |bytes: &mut [u8]| random.fill(bytes).unwrap()));
    let (engine, mut events) = Engine::start(config).unwrap();
    let media = engine.addresses()[0];
    let (told, needs) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let desk = Arc::new(Desk {
        engine,
        booth: Some(arg("--record", "")).filter(|dir| !dir.is_empty()).map(|dir| Booth::open(dir.as_ref())),
        taps: Mutex::default(),
        events: told.clone(),
        needs: needs.clone(),
        tickets: AtomicU64::new(1),
        reports: Mutex::default(),
    });
    std::thread::spawn(move || {
        while let Some(event) = events.blocking_recv() {
            if let Event::OfferNeeded { room, participant } = event {
                needs.lock().unwrap().push((room.0, participant.0));
            }
            told.lock().unwrap().push(format!("{event:?}"));
        }
    });
    let server = Arc::new(tiny_http::Server::http(format!("127.0.0.1:{}", arg("--http", "0"))).unwrap());
    println!("{}", json!({ "http": server.server_addr().to_string(), "media": media.to_string(), "pid": std::process::id() }));
    let page = arg("--page", "");
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let (server, desk, page) = (server.clone(), desk.clone(), page.clone());
            std::thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    answer(request, &desk, &page);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
}

fn answer(mut request: tiny_http::Request, desk: &Desk, page: &str) {
    let header = |name: &str, value: &str| tiny_http::Header::from_bytes(name, value).unwrap();
    if *request.method() == tiny_http::Method::Get {
        let html = std::fs::read_to_string(format!("{page}/page.html")).unwrap_or_default();
        let _ = request.respond(tiny_http::Response::from_string(html).with_header(header("content-type", "text/html; charset=utf-8")));
        return;
    }
    let mut body = String::new();
    let _ = request.as_reader().take(2 << 20).read_to_string(&mut body);
    let value: Value = serde_json::from_str(&body).unwrap_or_default();
    let answer = desk.call(&value).unwrap_or_else(|e| json!({ "error": e.code(), "detail": e.to_string() }));
    let _ = request.respond(tiny_http::Response::from_string(answer.to_string()).with_header(header("content-type", "application/json")));
}
