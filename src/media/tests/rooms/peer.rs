//! A hall with an engine in it, and people who speak to it over UDP.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use lianting_media::{
    Begin, Config, Engine, Event, Gate, Kinds, MediaError, ParticipantId, Publish, Random, RoomId, Tap, TapPacket, TrackKind,
};
use lianting_peer::{Packet, Track};
use ring::rand::SecureRandom;

pub const ROOM: RoomId = RoomId(1);
pub const PATIENCE: Duration = Duration::from_secs(60);

pub fn who(number: u128) -> ParticipantId {
    ParticipantId(number)
}

pub fn random() -> Random {
    let source = ring::rand::SystemRandom::new();
    Arc::new(move |bytes: &mut [u8]| source.fill(bytes).unwrap())
}

/// Counts what the recorder would get.
#[derive(Clone, Default)]
pub struct Counts(pub Arc<Mutex<HashMap<(u128, TrackKind), u64>>>);

impl Counts {
    pub fn of(&self, participant: u128, kind: TrackKind) -> u64 {
        self.0.lock().unwrap().get(&(participant, kind)).copied().unwrap_or(0)
    }
}

impl Tap for Counts {
    fn packet(&self, p: TapPacket) {
        *self.0.lock().unwrap().entry((p.participant.0, p.track)).or_default() += 1;
    }
    fn sender_report(&self, _: ParticipantId, _: TrackKind, _: u32, _: u64, _: u32) {}
    fn joined(&self, _: ParticipantId, _: Duration) {}
    fn left(&self, _: ParticipantId, _: Duration) {}
    fn gate(&self, _: ParticipantId, _: TrackKind, _: Gate, _: Duration) {}
    fn overflowed(&self) -> u64 {
        0
    }
}

pub struct Hall {
    pub engine: Engine,
    pub events: tokio::sync::mpsc::Receiver<Event>,
    pub tap: Counts,
    tickets: AtomicU64,
}

impl Hall {
    pub fn open() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), random());
        change(&mut config);
        let (engine, events) = Engine::start(config).unwrap();
        let tap = Counts::default();
        engine.create_room(ROOM, Box::new(tap.clone())).wait().unwrap();
        Self { engine, events, tap, tickets: AtomicU64::new(1) }
    }

    pub fn ticket(&self) -> u128 {
        u128::from(self.tickets.fetch_add(1, Ordering::Relaxed))
    }

    pub fn admit(&self, number: u128) -> Result<(), MediaError> {
        self.engine.admit(ROOM, who(number), self.ticket(), Publish::SPEAKER).wait()
    }

    pub fn grant(&self, grants: &[(u128, u128, Kinds)]) {
        let grants = grants.iter().map(|(r, p, k)| (who(*r), who(*p), *k)).collect();
        self.engine.set_receive(ROOM, grants, true).wait().unwrap();
    }

    /// A participant who sends audio and video.
    pub fn publisher(&self, number: u128) -> Link {
        let mut link = Link::default();
        [Track::Sound, Track::Picture].into_iter().for_each(|track| link.adds(track));
        let offer = link.offers();
        let answer = self.engine.publish_offer(ROOM, who(number), offer, vec![]).wait().unwrap();
        link.answered(&answer).unwrap();
        link
    }

    /// A participant who takes what it may have.
    pub fn receiver(&self, number: u128) -> Link {
        let mut link = Link::default();
        self.take_offer(number, &mut link, Begin::Anew);
        link
    }

    /// Takes an offer, if there is one.
    pub fn take_offer(&self, number: u128, link: &mut Link, begin: Begin) -> bool {
        let Some(offer) = self.engine.receive_offer(ROOM, who(number), begin).wait().unwrap() else { return false };
        let answer = link.takes(&offer.sdp).unwrap();
        self.engine.receive_answer(ROOM, who(number), offer.version, answer).wait().unwrap();
        true
    }
}

/// A peer that speaks in a known manner and keeps what came, by stream.
#[derive(Default)]
pub struct Link {
    peer: lianting_peer::Link,
    pub got: HashMap<u32, Vec<Packet>>,
    sent: u16,
    /// Key frames only when asked for: is one owed?
    pub key_owed: Option<bool>,
}

impl Deref for Link {
    type Target = lianting_peer::Link;
    fn deref(&self) -> &Self::Target {
        &self.peer
    }
}

impl DerefMut for Link {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.peer
    }
}

impl Link {
    /// Sends one packet of audio and one of video; every twentieth picture is a key frame.
    pub fn speak(&mut self) {
        let number = self.sent;
        self.sent = self.sent.wrapping_add(1);
        let is_key = match &mut self.key_owed {
            Some(owed) => std::mem::take(owed),
            None => number.is_multiple_of(20),
        };
        let key = u8::from(!is_key);
        let picture = number & 0x7fff | 0x8000;
        let mut video = vec![0x90, 0x80, (picture >> 8) as u8, picture as u8, key];
        video.resize(600, number as u8);
        self.peer.send(0, u32::from(number) * 960, false, vec![number as u8; 80]);
        self.peer.send(1, u32::from(number) * 1800, true, video);
    }

    /// Moves everything that is ready.
    pub fn step(&mut self) {
        let Self { peer, got, .. } = self;
        peer.step(|p| got.entry(p.ssrc).or_default().push(p));
    }

    /// Streams of which more than so many packets came.
    pub fn streams(&self, payload_type: u8, more_than: usize) -> usize {
        self.got.values().filter(|g| g.len() > more_than && g[0].payload_type == payload_type).count()
    }

    pub fn packets(&self, payload_type: u8) -> usize {
        self.got.values().flatten().filter(|g| g.payload_type == payload_type).count()
    }

    pub fn total(&self) -> usize {
        self.got.values().map(Vec::len).sum()
    }
}

/// Lets everybody work and the publishers speak, until it is so.
pub fn until(what: &str, speaking: &mut [&mut Link], listening: &mut [&mut Link], mut so: impl FnMut(&[&mut Link]) -> bool) {
    let end = Instant::now() + PATIENCE;
    let mut next = Instant::now();
    while !so(listening) {
        assert!(Instant::now() < end, "{what}: not in time; packets so far {:?}", listening.iter().map(|l| l.total()).collect::<Vec<_>>());
        if Instant::now() >= next {
            next = Instant::now() + Duration::from_millis(10);
            speaking.iter_mut().for_each(|l| l.speak());
        }
        speaking.iter_mut().for_each(|l| l.step());
        listening.iter_mut().for_each(|l| l.step());
        std::thread::sleep(Duration::from_millis(1));
    }
}
