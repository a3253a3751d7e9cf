//! The recorder of one hearing, without thread or queue: messages and ticks go in, durable files come out.
//!
//! Owns: people and their tracks, the writers, the event list, media time. Must never stop because the disk, the store
//! or one participant misbehaves: what cannot be done is kept, told, and tried again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use crate::ids::{ParticipantId, TrackKind};
use crate::tap::{Gate, TapPacket};

use super::chain::Chain;
use super::disk::Disk;
use super::error::{RecordError, Result};
use super::events::{Break, By, Event, Medium, Stamped, Trouble, Who};
use super::ledger::{self, Gap, Spans, cover};
use super::manifest::Span;
use super::place::{self, Place, Source};
use super::rtp::Packet;
use super::sync::{SenderClock, ntp_us};
use super::time::{Clock, Moment};
use super::track::Track;
use super::weave::Cluster;
use super::webm::{AUDIO, Block, VIDEO};
use super::writer::{Writer, Written};

/// What the media thread tells. Times are microseconds of the steady hand.
#[derive(Debug)]
pub enum Msg {
    /// A packet arrived.
    Packet(TapPacket, i64),
    /// A sender report arrived.
    Report {
        /// Whose.
        who: ParticipantId,
        /// Of which track.
        track: TrackKind,
        /// Of which source.
        ssrc: u32,
        /// The sender's own clock.
        ntp: u64,
        /// The RTP time that belongs to it.
        rtp: u32,
        /// When it arrived.
        at: i64,
    },
    /// A publishing connection came up.
    Joined(ParticipantId, i64),
    /// It went down.
    Left(ParticipantId, i64),
    /// The court gave or took the right to send a track.
    Gate(ParticipantId, TrackKind, Gate, i64),
}

/// What the product tells, beside what the recorder hears by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// The judge interrupts for one of the permitted reasons: from here on nothing is kept.
    BreakStart(Break),
    /// The judge resumes.
    BreakEnd,
    /// Somebody left on purpose (a lost line is noticed without being told).
    Left(ParticipantId),
    /// Somebody switched an own track off (`true`) or on.
    Muted(ParticipantId, Medium, bool),
}

/// The wall clock may drift so far from the steady hand between two looks before it counts as set.
const JUMP_US: i64 = 500_000;

#[derive(Debug)]
struct Person {
    sender: SenderClock,
    tracks: [Track; 3],
    up: bool,
}

impl Default for Person {
    fn default() -> Self {
        Self { sender: SenderClock::default(), tracks: TrackKind::ALL.map(Track::new), up: false }
    }
}

/// One hearing. Whoever has a thread and a queue of his own may drive it directly; [`super::Recorder`] does so for others.
pub struct Room {
    place: Place,
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    clock: Arc<dyn Clock>,
    pub(crate) epoch: u32,
    opened_utc: i64,
    /// The steady hand at media time nought (of this boot; before it, what it would have shown).
    zero: i64,
    drift: i64,
    chain: Chain,
    log: Vec<Stamped>,
    /// Events the disk has not taken yet.
    unwritten: VecDeque<Stamped>,
    people: BTreeMap<ParticipantId, Person>,
    writers: BTreeMap<Source, Writer>,
    pub(crate) pause: Option<Break>,
    spans: Spans,
    /// Steady time at which a segment last became durable.
    pub(crate) durable_at: Option<i64>,
    pub(crate) disk_error: Option<String>,
    pub(crate) written: u64,
}

impl Room {
    /// Opens a hearing's recording: a new one, or the next epoch of one that a sweep has closed.
    pub fn open(spool: &std::path::Path, place: &Place, disk: Arc<dyn Disk>, clock: Arc<dyn Clock>) -> Result<Self> {
        let folder = place.folder(spool);
        disk.folder(&folder)?;
        let (chain, log) = Chain::open::<Stamped>(folder.join(place::EVENTS))?;
        let now = clock.moment();
        let (zero, opened_utc) = anchor(&log, now, &clock.boot());
        let mut room = Self {
            place: place.clone(),
            spans: super::spool::spans(&folder)?,
            folder,
            disk,
            clock,
            epoch: 1 + log.iter().map(|e| if let Event::Epoch { epoch } = e.event { epoch } else { 0 }).max().unwrap_or(0),
            opened_utc,
            zero,
            drift: now.utc_us - now.mono_us,
            chain,
            pause: pause_in(&log),
            unwritten: VecDeque::new(),
            people: BTreeMap::new(),
            writers: BTreeMap::new(),
            durable_at: None,
            disk_error: None,
            written: 0,
            log,
        };
        room.begin(now, place)?;
        Ok(room)
    }

    fn begin(&mut self, now: Moment, place: &Place) -> Result<()> {
        match self.log.last().map(|e| &e.event) {
            None => {
                let opened = Event::Opened { place: place.key(), boot: self.clock.boot(), mono: now.mono_us };
                self.note(now.mono_us, opened);
            }
            Some(Event::Crash { .. }) => {}
            Some(Event::Closed) => return Err(RecordError::Refused("record.closed")),
            Some(_) => return Err(RecordError::Refused("record.not_swept")),
        }
        self.note(now.mono_us, Event::Epoch { epoch: self.epoch });
        if self.unwritten.is_empty() { Ok(()) } else { Err(RecordError::Refused("record.spool_not_writable")) }
    }

    /// Media time of a steady time, in milliseconds.
    fn media(&self, steady: i64) -> i64 {
        (steady - self.zero).div_euclid(1_000).max(0)
    }

    /// Media time now.
    pub fn now_ms(&self) -> i64 {
        self.media(self.clock.moment().mono_us)
    }

    /// Writes an event down; times never run backwards in the list.
    fn note(&mut self, steady: i64, event: Event) {
        let now = self.clock.moment();
        let last = self.unwritten.back().or(self.log.last()).map_or(0, |e| e.at);
        let utc = now.utc_us - (now.mono_us - steady);
        self.unwritten.push_back(Stamped { at: self.media(steady).max(last), utc, event });
        self.write_events();
    }

    fn write_events(&mut self) {
        while let Some(event) = self.unwritten.front() {
            match self.chain.append(self.disk.as_ref(), event) {
                Ok(()) => self.log.extend(self.unwritten.pop_front()),
                Err(e) => {
                    self.disk_error = Some(e.to_string());
                    return;
                }
            }
        }
    }

    /// Takes a message of the media thread.
    pub fn handle(&mut self, msg: Msg) {
        match msg {
            Msg::Packet(packet, at) => self.packet(packet, at),
            Msg::Report { who, track, ssrc, ntp, rtp, at } => {
                let Person { sender, tracks, .. } = self.people.entry(who).or_default();
                let ntp = ntp_us(ntp);
                sender.report(ntp, at);
                tracks[track.index()].report(ssrc, ntp, rtp, sender);
            }
            Msg::Joined(who, at) => {
                let person = self.people.entry(who).or_default();
                // whoever comes back may come with another machine and its clock
                (person.up, person.sender) = (true, SenderClock::default());
                self.note(at, Event::Joined { who: Who(who) });
            }
            Msg::Left(who, at) => {
                self.people.entry(who).or_default().up = false;
                self.note(at, Event::Disconnected { who: Who(who) });
            }
            Msg::Gate(who, track, gate, at) => {
                if let Some(medium) = Medium::of(track) {
                    let who = Who(who);
                    let event = match gate {
                        Gate::Allowed => Event::Unmuted { who, medium, by: By::Court },
                        Gate::Muted => Event::Muted { who, medium, by: By::Court },
                        Gate::Private => Event::Muted { who, medium, by: By::Private },
                    };
                    self.note(at, event);
                }
            }
        }
    }

    fn packet(&mut self, packet: TapPacket, at: i64) {
        let who = packet.participant;
        if self.pause.is_some() || packet.payload.is_empty() {
            return;
        }
        if !self.people.entry(who).or_default().up {
            // a recorder that began in the middle hears of people by what they send
            self.handle(Msg::Joined(who, at));
        }
        let Some(person) = self.people.get_mut(&who) else { return };
        let (sequence, timestamp, marker) = (packet.sequence, packet.timestamp, packet.marker);
        person.tracks[packet.track.index()]
            .packet(packet.ssrc, Packet { sequence, timestamp, marker, payload: packet.payload, arrived: at });
    }

    /// Takes a command of the product, given at a steady time.
    pub fn command(&mut self, command: Command, at: i64) {
        match command {
            Command::BreakStart(reason) if self.pause.is_none() => {
                self.flush(at);
                self.pause = Some(reason);
                self.note(at, Event::BreakStart { reason });
            }
            Command::BreakEnd if self.pause.take().is_some() => self.note(at, Event::BreakEnd),
            Command::BreakStart(_) | Command::BreakEnd => {}
            Command::Left(who) => self.note(at, Event::Left { who: Who(who) }),
            Command::Muted(who, medium, off) => {
                let (who, by) = (Who(who), By::Person);
                self.note(at, if off { Event::Muted { who, medium, by } } else { Event::Unmuted { who, medium, by } });
            }
        }
    }

    /// The queue before us was full: what came between these steady times is lost.
    pub fn overflowed(&mut self, from: i64, to: i64) {
        let from = self.media(from);
        self.note(to, Event::Trouble { what: Trouble::Overflow, from });
    }

    /// Time passes.
    pub fn tick(&mut self) {
        let now = self.clock.moment();
        self.watch_wall_clock(now);
        self.write_events();
        self.gather(now.mono_us, i64::MAX);
        let now_ms = self.media(now.mono_us);
        let mut cut = Vec::new();
        for (source, writer) in &mut self.writers {
            cut.extend(writer.weave.advance(now_ms).map(|cluster| (*source, cluster)));
        }
        self.store(cut, now);
    }

    fn watch_wall_clock(&mut self, now: Moment) {
        let drift = now.utc_us - now.mono_us;
        let by = drift - self.drift;
        self.drift = drift;
        if by.abs() > JUMP_US {
            self.note(now.mono_us, Event::ClockJump { by_ms: by / 1_000 });
        }
    }

    /// Moves ready frames into the weavers; `now` decides what is still waited for, `until` what is still kept.
    fn gather(&mut self, now: i64, until: i64) {
        let (zero, now_ms) = (self.zero, self.media(self.clock.moment().mono_us));
        let mut frames = Vec::new();
        for (who, person) in &mut self.people {
            for kind in TrackKind::ALL {
                let track = &mut person.tracks[kind.index()];
                track.frames(now, &mut person.sender, &mut frames);
                let lost = track.take_lost();
                if frames.is_empty() && lost == 0 {
                    continue;
                }
                let source = Source::of(*who, kind);
                let writer = self
                    .writers
                    .entry(source)
                    .or_insert_with(|| Writer::new(&self.place, self.folder.clone(), source, self.epoch, self.opened_utc));
                let number = if kind == TrackKind::Audio { AUDIO } else { VIDEO };
                *(if number == AUDIO { &mut writer.lost.0 } else { &mut writer.lost.1 }) += lost;
                for frame in frames.drain(..).filter(|f| f.at < until) {
                    writer.size = writer.size.or(frame.size);
                    let (at, lasts) = ((frame.at - zero).div_euclid(1_000), frame.lasts / 1_000);
                    writer.weave.push(Block { track: number, at, lasts, key: frame.key, data: frame.data }, now_ms);
                }
            }
        }
    }

    fn store(&mut self, cut: Vec<(Source, Cluster)>, now: Moment) {
        for (source, cluster) in cut {
            let Some(writer) = self.writers.get_mut(&source) else { continue };
            let utc = now.utc_us - (now.mono_us - (self.zero + cluster.from * 1_000));
            match writer.queue(cluster, utc) {
                Ok(None) => {}
                Ok(Some((from, to))) => {
                    let to = self.zero + to * 1_000;
                    self.note(to, Event::Trouble { what: Trouble::DiskFull, from });
                }
                Err(e) => tracing::error!(source = source.name(), error = %e, "a cluster could not be made; the ledger shows the gap"),
            }
        }
        self.write_segments(now);
    }

    fn write_segments(&mut self, now: Moment) {
        let mut error = None;
        for writer in self.writers.values_mut().filter(|w| w.behind()) {
            match writer.write(self.disk.as_ref()) {
                Ok(written) => {
                    for Written { segment, .. } in written {
                        self.durable_at = Some(now.mono_us);
                        self.written += segment.bytes;
                        if !writer.source.screen {
                            keep(&mut self.spans, writer.source.participant, &segment);
                        }
                    }
                }
                Err(e) => error = Some(e.to_string()),
            }
        }
        if error.is_some() || self.unwritten.is_empty() {
            self.disk_error = error;
        }
    }

    /// Writes everything that was captured before a steady time and drops the rest.
    fn flush(&mut self, until: i64) {
        let now = self.clock.moment();
        self.gather(i64::MAX / 2, until);
        let until_ms = self.media(until);
        let mut cut = Vec::new();
        for (source, writer) in &mut self.writers {
            writer.weave.keep_before(until_ms);
            cut.extend(writer.weave.flush().map(|cluster| (*source, cluster)));
        }
        self.people.values_mut().flat_map(|p| &mut p.tracks).for_each(Track::restart);
        self.store(cut, now);
    }

    /// Lets it go without closing it, with everything that was captured on the disk. What the disk does not take is lost, as
    /// in a crash; the ledger will say so.
    pub fn leave(&mut self) {
        let now = self.clock.moment();
        if self.pause.is_none() {
            self.flush(now.mono_us + 1);
        }
        self.write_segments(now);
        self.write_events();
        for writer in self.writers.values_mut().filter(|w| !w.behind()) {
            if let Err(e) = writer.end(self.disk.as_ref()) {
                tracing::warn!(error = %e, "an epoch was not ended; the sweep will");
            }
        }
    }

    /// Ends the recording. An error leaves it open: call again when the disk takes writes.
    pub fn close(&mut self) -> Result<Vec<Gap>> {
        let now = self.clock.moment();
        if self.pause.is_none() {
            self.flush(now.mono_us + 1);
        }
        self.write_segments(now);
        if self.writers.values().any(Writer::behind) {
            return Err(RecordError::Refused("record.spool_not_writable"));
        }
        while let Some((_, mut writer)) = self.writers.pop_first() {
            if let Err(e) = writer.end(self.disk.as_ref()) {
                self.writers.insert(writer.source, writer);
                return Err(e);
            }
        }
        if !matches!(self.unwritten.back().or(self.log.last()).map(|e| &e.event), Some(Event::Closed)) {
            self.note(now.mono_us, Event::Closed);
        }
        self.write_events();
        if !self.unwritten.is_empty() {
            return Err(RecordError::Refused("record.spool_not_writable"));
        }
        let gaps = self.gaps();
        super::spool::write_gaps(self.disk.as_ref(), &self.folder, &gaps)?;
        Ok(gaps)
    }

    /// The ledger so far; what is not durable yet is not recorded yet, so it ends where a crash would end it.
    pub fn gaps(&self) -> Vec<Gap> {
        let closed = self.log.last().filter(|e| e.event == Event::Closed).map(|e| e.at);
        let reached = self.spans.values().flatten().map(|s| s.1).max().unwrap_or(0);
        ledger::ledger(&self.log, &self.spans, closed.unwrap_or_else(|| reached.max(self.log.last().map_or(0, |e| e.at))))
    }

    /// The epoch being written.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// What the disk last refused with, while something waits for it.
    pub fn disk_error(&self) -> Option<&str> {
        self.disk_error.as_deref()
    }

    /// Tracks whose sender should make a key frame.
    pub fn wishes(&self) -> BTreeSet<(ParticipantId, TrackKind)> {
        let now = self.clock.moment().mono_us;
        let tracks = self.people.iter().flat_map(|(who, p)| TrackKind::ALL.into_iter().map(move |k| (*who, k, &p.tracks[k.index()])));
        tracks.filter(|(_, _, track)| self.pause.is_none() && track.wants_key(now)).map(|(who, kind, _)| (who, kind)).collect()
    }

    /// Who is recorded and since when each is silent: the last packet's age in milliseconds.
    pub fn heard(&self) -> BTreeMap<ParticipantId, [Option<i64>; 3]> {
        let now = self.clock.moment().mono_us;
        self.people.iter().map(|(who, p)| (*who, [0, 1, 2].map(|k| p.tracks[k].heard.map(|at| (now - at) / 1_000)))).collect()
    }
}

/// Adds what a segment holds to what is recorded. The first of an epoch is never joined to what was before the crash.
pub(crate) fn keep(spans: &mut Spans, who: ParticipantId, segment: &super::manifest::Segment) {
    for (medium, held) in [(Medium::Audio, &segment.audio), (Medium::Video, &segment.video)] {
        let recorded: &[Span] = held.as_ref().map_or(&[], |h| &h.spans);
        let list = spans.entry((who, medium)).or_default();
        for (n, span) in recorded.iter().enumerate() {
            if segment.seq == 0 && n == 0 { list.push(*span) } else { cover(list, *span) }
        }
    }
}

/// Media time nought on this machine's steady hand, and its UTC. After a reboot the wall clock has to carry over.
fn anchor(log: &[Stamped], now: Moment, boot: &str) -> (i64, i64) {
    let opened = log.first().and_then(|e| if let Event::Opened { boot, mono, .. } = &e.event { Some((e.utc, boot, *mono)) } else { None });
    let Some((utc, same, mono)) = opened else { return (now.mono_us, now.utc_us) };
    let last = log.last().map_or(0, |e| e.at);
    let by_steady = mono;
    let by_wall = now.mono_us - (now.utc_us - utc);
    let zero = if same == boot && now.mono_us >= mono { by_steady } else { by_wall };
    // media time never goes back behind what is written, whatever the clocks say
    (zero.min(now.mono_us - (last + 1) * 1_000), utc)
}

fn pause_in(log: &[Stamped]) -> Option<Break> {
    log.iter().rev().find_map(|e| match e.event {
        Event::BreakStart { reason } => Some(Some(reason)),
        Event::BreakEnd => Some(None),
        _ => None,
    })?
}
