//! A room that is open on this server: its sockets and what is true only while they are open.
//!
//! Owns lines, beats, signals, what is shown on the table. Must never be the truth of anything that counts: places, locks,
//! steps are rows. Locks here are held for a few instructions and never over an await.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use lianting_media::TrackKind;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::floor::Floor;
use super::recording::Tape;
use super::tap::Switch;
use crate::hearing::dropout::{Beat, Signal};

/// What goes down a line.
#[derive(Debug, Clone)]
pub enum Out {
    /// A message.
    Say(Arc<str>),
    /// The last message; then the line is closed.
    Bye(Arc<str>),
}

/// Messages waiting for one slow page; more, and it has to begin anew.
pub const WAITING: usize = 512;

/// An open socket.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which of a participant's sockets: a newer one ends an older.
    pub serial: u64,
    /// Into it.
    pub out: mpsc::Sender<Out>,
    /// Ends it: the page did not keep up.
    pub cut: CancellationToken,
}

/// What a node knows of a participant besides rows.
#[derive(Debug, Clone, Default)]
pub struct Pulse {
    /// Beats of the last two minutes.
    pub beats: VecDeque<Beat>,
    /// Signals of the last two minutes.
    pub signals: VecDeque<(DateTime<Utc>, Signal)>,
    /// Which tracks flow.
    pub flowing: [bool; 3],
    /// Which the person switched off.
    pub muted: [bool; 3],
    /// Speaks.
    pub speaking: bool,
    /// When figures were last written to the row.
    pub written_at: Option<DateTime<Utc>>,
    /// When the line went, if it did.
    pub gone_at: Option<DateTime<Utc>>,
}

const KEPT: TimeDelta = TimeDelta::seconds(120);
const MOST_BEATS: usize = 90;

impl Pulse {
    /// Takes a beat.
    pub fn beat(&mut self, beat: Beat) {
        while self.beats.len() >= MOST_BEATS || self.beats.front().is_some_and(|b| beat.at - b.at > KEPT) {
            self.beats.pop_front();
        }
        self.beats.push_back(beat);
    }

    /// Takes a signal.
    pub fn signal(&mut self, at: DateTime<Utc>, what: Signal) {
        while self.signals.len() >= 32 {
            self.signals.pop_front();
        }
        self.signals.push_back((at, what));
    }
}

/// How the page of everybody looks.
#[derive(Debug, Clone)]
pub struct View {
    /// speaker, equal, evidence or bench.
    pub layout: String,
    /// Who is large.
    pub spotlight: Option<Uuid>,
}

#[derive(Default)]
struct Inner {
    lines: BTreeMap<Uuid, Line>,
    pulses: BTreeMap<Uuid, Pulse>,
    serial: u64,
    floor: Option<Arc<Floor>>,
    view: Option<View>,
    shown: Option<Value>,
    roll_call: bool,
    recording: Option<Value>,
}

/// A room on this server.
pub struct Live {
    /// Court.
    pub court: i32,
    /// Hearing.
    pub hearing: Uuid,
    /// The lease's epoch: how often the room changed its server.
    pub epoch: i32,
    /// Another server recorded it before: what it recorded is fetched.
    pub from_elsewhere: bool,
    /// The technician was told that recordings run out of room, or do not reach the store.
    pub storage_told: AtomicBool,
    /// Where the recorder is hung on.
    pub switch: Switch,
    /// The recording.
    pub tape: tokio::sync::Mutex<Tape>,
    /// One at a time tells the engine.
    pub telling: tokio::sync::Mutex<()>,
    /// One at a time comes or goes: who comes back must not be shown out by the end of the line before.
    pub doorway: tokio::sync::Mutex<()>,
    /// What pages show of people changed since they were told.
    pub dirty: AtomicBool,
    inner: Mutex<Inner>,
}

impl Live {
    /// A room nobody is in yet.
    pub fn new(court: i32, hearing: Uuid, (epoch, from_elsewhere): (i32, bool)) -> Self {
        Self {
            court,
            hearing,
            epoch,
            from_elsewhere,
            storage_told: AtomicBool::new(false),
            switch: Switch::default(),
            tape: tokio::sync::Mutex::default(),
            telling: tokio::sync::Mutex::default(),
            doorway: tokio::sync::Mutex::default(),
            dirty: AtomicBool::new(false),
            inner: Mutex::default(),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a line; answers its serial and the older line it replaces.
    pub fn open(&self, participant: Uuid, out: mpsc::Sender<Out>, cut: CancellationToken) -> (u64, Option<Line>) {
        let mut inner = self.inner();
        inner.serial += 1;
        let serial = inner.serial;
        inner.pulses.entry(participant).or_default().gone_at = None;
        (serial, inner.lines.insert(participant, Line { serial, out, cut }))
    }

    /// Closes a line, if it is still the participant's. False when a newer one took its place.
    pub fn close(&self, participant: Uuid, serial: u64, at: DateTime<Utc>) -> bool {
        let mut inner = self.inner();
        if inner.lines.get(&participant).is_none_or(|l| l.serial != serial) {
            return false;
        }
        inner.lines.remove(&participant);
        let pulse = inner.pulses.entry(participant).or_default();
        (pulse.gone_at, pulse.flowing, pulse.speaking) = (Some(at), [false; 3], false);
        true
    }

    /// Is this line the newest of its participant? An older one does nothing any more.
    pub fn is_newest(&self, participant: Uuid, serial: u64) -> bool {
        self.inner().lines.get(&participant).is_some_and(|l| l.serial == serial)
    }

    /// How many lines, and of how many people who ever had one it keeps a pulse: neither grows with how often somebody came back.
    pub fn sizes(&self) -> (usize, usize) {
        let inner = self.inner();
        (inner.lines.len(), inner.pulses.len())
    }

    /// The participants with a line here.
    pub fn here(&self) -> Vec<Uuid> {
        self.inner().lines.keys().copied().collect()
    }

    /// Has a line here.
    pub fn is_here(&self, participant: Uuid) -> bool {
        self.inner().lines.contains_key(&participant)
    }

    /// Says something to one. A page that does not keep up is let go: it comes back and reads anew.
    pub fn say(&self, participant: Uuid, message: &Value) {
        self.send(participant, Out::Say(message.to_string().into()));
    }

    /// Says the last word to one.
    pub fn bye(&self, participant: Uuid, why: &str) {
        self.bye_with(participant, json!({ "type": "bye", "why": why }).to_string().into());
    }

    /// Says these last words to one.
    pub fn bye_with(&self, participant: Uuid, text: Arc<str>) {
        self.send(participant, Out::Bye(text));
    }

    fn send(&self, participant: Uuid, out: Out) {
        let line = self.inner().lines.get(&participant).cloned();
        if let Some(line) = line
            && line.out.try_send(out).is_err()
        {
            // its end is noted like that of any other
            tracing::info!("a page in a hearing did not keep up");
            line.cut.cancel();
        }
    }

    /// Says something to everybody chosen.
    pub fn say_to(&self, message: &Value, chosen: impl Fn(Uuid) -> bool) {
        let text: Arc<str> = message.to_string().into();
        for participant in self.here().into_iter().filter(|p| chosen(*p)) {
            self.send(participant, Out::Say(text.clone()));
        }
    }

    /// What is known of a participant, for who only looks: of who was never here that is nothing, and nothing is kept of it.
    pub fn known<T>(&self, participant: Uuid, look: impl FnOnce(&Pulse) -> T) -> T {
        match self.inner().pulses.get(&participant) {
            Some(pulse) => look(pulse),
            None => look(&Pulse::default()),
        }
    }

    /// Changes what is known of a participant who is, or was, here.
    pub fn pulse<T>(&self, participant: Uuid, look: impl FnOnce(&mut Pulse) -> T) -> T {
        look(self.inner().pulses.entry(participant).or_default())
    }

    /// How many went within three seconds of this one, itself among them, and how many there were.
    pub fn gone_around(&self, at: DateTime<Utc>) -> (usize, usize) {
        let inner = self.inner();
        let gone = inner.pulses.values().filter(|p| p.gone_at.is_some_and(|g| (g - at).abs() <= TimeDelta::seconds(3))).count();
        (gone, inner.lines.len() + gone)
    }

    /// The floor as it was last told.
    pub fn floor(&self) -> Option<Arc<Floor>> {
        self.inner().floor.clone()
    }

    /// Keeps the floor; answers the one before.
    pub fn keep_floor(&self, floor: Arc<Floor>) -> Option<Arc<Floor>> {
        self.inner().floor.replace(floor)
    }

    /// 一并核对身份.
    pub fn roll_call(&self) -> bool {
        self.inner().roll_call
    }

    /// Turns it on or off.
    pub fn set_roll_call(&self, on: bool) {
        self.inner().roll_call = on;
    }

    /// How the page looks.
    pub fn view(&self) -> View {
        self.inner().view.clone().unwrap_or_else(|| View { layout: "speaker".into(), spotlight: None })
    }

    /// Changes how it looks.
    pub fn set_view(&self, view: View) {
        self.inner().view = Some(view);
    }

    /// What lies on the table.
    pub fn shown(&self) -> Option<Value> {
        self.inner().shown.clone()
    }

    /// Lays something on the table; answers what lay there.
    pub fn show(&self, what: Option<Value>) -> Option<Value> {
        std::mem::replace(&mut self.inner().shown, what)
    }

    /// Keeps what the recorder last said; true when it says something else than before.
    pub fn recording_changed(&self, now: &Value) -> bool {
        let mut inner = self.inner();
        let changed = inner
            .recording
            .as_ref()
            .is_none_or(|old| old["on"] != now["on"] || old["pause"] != now["pause"] || old["error"] != now["error"]);
        inner.recording = Some(now.clone());
        changed
    }

    /// What the recorder last said.
    pub fn recording(&self) -> Option<Value> {
        self.inner().recording.clone()
    }

    /// A track began or ceased to flow.
    pub fn flow(&self, participant: Uuid, track: TrackKind, flowing: bool) {
        self.pulse(participant, |p| p.flowing[track.index()] = flowing);
    }
}
