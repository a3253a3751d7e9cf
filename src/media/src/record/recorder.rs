//! Threads and queues around the rooms, and whether a hearing may open.
//!
//! Owns: one recorder thread per hearing with a bounded queue before it, and the state everybody may read. Must never make
//! the media thread wait: a full queue is counted, told, and written into the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::ids::{ParticipantId, TrackKind};
use crate::tap::{Gate, Tap, TapPacket};

use super::disk::{Disk, Space};
use super::error::{RecordError, Result};
use super::events::{Break, Event};
use super::ledger::Gap;
use super::place::{self, Place};
use super::room::{Command, Msg, Room};
use super::spool;
use super::sweep::{SweptAll, sweep, sweep_one};
use super::time::Clock;
use super::upload::StoreState;

/// Messages before a room: some four seconds of twelve people.
const QUEUE: usize = 8_192;
/// How often time passes for a room.
const TICK: Duration = Duration::from_millis(50);

/// When the spool warns and when it refuses new hearings, in thousandths of the disk.
#[derive(Clone, Copy, Debug)]
pub struct Watermarks {
    /// A warning from here on.
    pub warn: u32,
    /// No new hearing from here on; running ones go on.
    pub refuse: u32,
}

impl Default for Watermarks {
    fn default() -> Self {
        Self { warn: 700, refuse: 900 }
    }
}

/// Why a hearing may not open, or what a technician should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The spool is fuller than the warning mark: thousandths in use.
    SpoolFilling(u32),
    /// The spool is fuller than the refusing mark.
    SpoolFull(u32),
    /// A test file could not be written.
    SpoolNotWritable(String),
    /// The store does not take segments; since this UTC time in microseconds. Recording goes on.
    StoreDown(i64),
    /// The store holds something else under a name of ours.
    StoreDiffers(String),
    /// No sweep has been made since the start.
    NotSwept,
}

impl Alarm {
    /// Does it keep a new hearing from opening?
    pub fn refuses(&self) -> bool {
        matches!(self, Self::SpoolFull(_) | Self::SpoolNotWritable(_) | Self::NotSwept)
    }
}

/// May a hearing open?
#[derive(Clone, Debug)]
pub struct Ready {
    /// Yes or no.
    pub may_open: bool,
    /// All that is wrong, refusing or not.
    pub alarms: Vec<Alarm>,
    /// How full the spool's disk is, in thousandths.
    pub used_permille: u32,
}

/// The recorder of a server.
pub struct Recorder {
    spool: PathBuf,
    disk: Arc<dyn Disk>,
    clock: Arc<dyn Clock>,
    marks: Watermarks,
    swept: AtomicBool,
    store: Arc<StoreState>,
}

impl Recorder {
    /// A recorder over a spool folder.
    pub fn new(spool: PathBuf, disk: Arc<dyn Disk>, clock: Arc<dyn Clock>, marks: Watermarks) -> Result<Self> {
        disk.folder(&spool)?;
        Ok(Self { spool, disk, clock, marks, swept: AtomicBool::new(false), store: Arc::default() })
    }

    /// What the uploader reports into.
    pub fn store_state(&self) -> Arc<StoreState> {
        Arc::clone(&self.store)
    }

    /// Closes what a crash left open. Must run before the first hearing opens, and only then.
    pub fn sweep(&self) -> Result<SweptAll> {
        let found = sweep(&self.spool, self.disk.as_ref(), self.clock.as_ref())?;
        self.swept.store(true, Ordering::SeqCst);
        Ok(found)
    }

    /// May a new hearing open now?
    pub fn ready(&self) -> Ready {
        let mut alarms = self.store.alarms();
        if !self.swept.load(Ordering::SeqCst) {
            alarms.push(Alarm::NotSwept);
        }
        let space = self.disk.space(&self.spool).unwrap_or(Space { total: 0, free: 0 });
        let used = space.used_permille();
        if used >= self.marks.refuse {
            alarms.push(Alarm::SpoolFull(used));
        } else if used >= self.marks.warn {
            alarms.push(Alarm::SpoolFilling(used));
        }
        let probe = self.spool.join("probe");
        if let Err(e) = self.disk.write_new(&probe, b"probe").and_then(|()| self.disk.remove(&probe)) {
            alarms.push(Alarm::SpoolNotWritable(e.to_string()));
        }
        Ready { may_open: !alarms.iter().any(Alarm::refuses), alarms, used_permille: used }
    }

    /// Starts to record. A hearing that a crash interrupted goes on in a new epoch, whatever the watermarks say.
    /// `engine_zero_us` is the steady hand at the media engine's time nought.
    pub fn open(&self, place: &Place, engine_zero_us: i64) -> Result<(RoomTap, RoomHandle)> {
        let folder = place.folder(&self.spool);
        let resumes = matches!(spool::events(&folder)?.last().map(|e| &e.event), Some(Event::Crash { .. }));
        if !resumes && !self.ready().may_open {
            return Err(RecordError::Refused("record.not_ready"));
        }
        let room = Room::open(&self.spool, place, Arc::clone(&self.disk), Arc::clone(&self.clock))?;
        let (packets, from_tap) = mpsc::sync_channel(QUEUE);
        let (orders, from_handle) = mpsc::channel();
        let shared = Arc::new(Shared { alive: AtomicBool::new(true), ..Shared::default() });
        let keeper = Keeper {
            spool: self.spool.clone(),
            place: place.clone(),
            disk: Arc::clone(&self.disk),
            clock: Arc::clone(&self.clock),
            packets: from_tap,
            orders: from_handle,
            shared: Arc::clone(&shared),
            told: 0,
            heard_at: self.clock.moment().mono_us,
            losing: None,
        };
        let name = format!("record-{:08x}", place.hearing().0 as u32);
        let thread = std::thread::Builder::new().name(name).spawn(move || keeper.run(room)).map_err(RecordError::io(&folder))?;
        let tap = RoomTap { packets, clock: Arc::clone(&self.clock), shared: Arc::clone(&shared), zero: engine_zero_us };
        Ok((tap, RoomHandle { orders, clock: Arc::clone(&self.clock), shared, folder, thread: Some(thread) }))
    }
}

/// What everybody may read about a room.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// The epoch being written.
    pub epoch: u32,
    /// The red dot: media became durable within the last three seconds, and no break is on.
    pub recording: bool,
    /// A break is on.
    pub pause: Option<Break>,
    /// Media time now, in milliseconds.
    pub at: i64,
    /// Milliseconds since something last became durable; nothing before the first.
    pub durable_age: Option<i64>,
    /// The disk refuses: its last words. What comes is kept in memory and tried again.
    pub disk_error: Option<String>,
    /// Bytes written in this epoch.
    pub written: u64,
    /// For each person, the age of the last packet of sound, picture and screen in milliseconds.
    pub heard: BTreeMap<ParticipantId, [Option<i64>; 3]>,
}

#[derive(Default)]
struct Shared {
    alive: AtomicBool,
    lost: AtomicU64,
    status: Mutex<Status>,
    wishes: Mutex<BTreeSet<(ParticipantId, TrackKind)>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The end of the recorder that hangs on the media thread.
pub struct RoomTap {
    packets: SyncSender<Msg>,
    clock: Arc<dyn Clock>,
    shared: Arc<Shared>,
    zero: i64,
}

impl RoomTap {
    fn steady(&self, at: Duration) -> i64 {
        self.zero + i64::try_from(at.as_micros()).unwrap_or(i64::MAX / 4)
    }

    fn send(&self, msg: Msg) {
        if self.packets.try_send(msg).is_err() {
            self.shared.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Tap for RoomTap {
    fn packet(&self, packet: TapPacket) {
        let at = self.steady(packet.arrived);
        self.send(Msg::Packet(packet, at));
    }

    fn sender_report(&self, who: ParticipantId, track: TrackKind, ssrc: u32, ntp: u64, rtp: u32) {
        let at = self.clock.moment().mono_us;
        self.send(Msg::Report { who, track, ssrc, ntp, rtp, at });
    }

    fn joined(&self, who: ParticipantId, at: Duration) {
        self.send(Msg::Joined(who, self.steady(at)));
    }

    fn left(&self, who: ParticipantId, at: Duration) {
        self.send(Msg::Left(who, self.steady(at)));
    }

    fn gate(&self, who: ParticipantId, track: TrackKind, gate: Gate, at: Duration) {
        self.send(Msg::Gate(who, track, gate, self.steady(at)));
    }

    fn overflowed(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }

    fn wants_key_frame(&self, who: ParticipantId, track: TrackKind) -> bool {
        self.shared.wishes.try_lock().is_ok_and(|wishes| wishes.contains(&(who, track)))
    }
}

enum Order {
    Command(Command, i64),
    Gaps(Sender<Vec<Gap>>),
    Close(Sender<Result<Vec<Gap>>>),
}

/// The end of the recorder that the product holds.
pub struct RoomHandle {
    orders: Sender<Order>,
    clock: Arc<dyn Clock>,
    shared: Arc<Shared>,
    folder: PathBuf,
    thread: Option<JoinHandle<()>>,
}

impl RoomHandle {
    /// Tells the recorder what happened just now.
    pub fn command(&self, command: Command) -> Result<()> {
        let at = self.clock.moment().mono_us;
        self.orders.send(Order::Command(command, at)).map_err(|_| RecordError::Refused("record.stopped"))
    }

    /// How it goes.
    pub fn status(&self) -> Status {
        let mut status = locked(&self.shared.status).clone();
        status.recording &= self.alive();
        status
    }

    /// Is the recorder's thread there?
    pub fn alive(&self) -> bool {
        self.shared.alive.load(Ordering::SeqCst)
    }

    /// The gap ledger so far.
    pub fn gaps(&self) -> Result<Vec<Gap>> {
        self.ask(Order::Gaps)
    }

    /// 闭庭: writes what is left and ends. On an error the recorder goes on trying; ask again.
    pub fn close(&mut self) -> Result<Vec<Gap>> {
        let gaps = self.ask(Order::Close)??;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        Ok(gaps)
    }

    /// Lets the recording go without closing the hearing: what was captured is on the disk when this returns, and the next
    /// epoch may be another server's. The tap must have been let go before, or this waits for ever.
    pub fn leave(self) {
        let Self { orders, thread, .. } = self;
        drop(orders);
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    /// The hearing's folder in the spool.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    fn ask<T>(&self, order: impl FnOnce(Sender<T>) -> Order) -> Result<T> {
        let (answer, waits) = mpsc::channel();
        self.orders.send(order(answer)).map_err(|_| RecordError::Refused("record.stopped"))?;
        waits.recv_timeout(Duration::from_secs(30)).map_err(|_| RecordError::Refused("record.stopped"))
    }
}

/// The thread of a room.
struct Keeper {
    spool: PathBuf,
    place: Place,
    disk: Arc<dyn Disk>,
    clock: Arc<dyn Clock>,
    packets: Receiver<Msg>,
    orders: Receiver<Order>,
    shared: Arc<Shared>,
    /// Losses before the queue that are in the ledger already.
    told: u64,
    heard_at: i64,
    /// Since when the queue has been overflowing.
    losing: Option<i64>,
}

impl Keeper {
    /// Records until closed. A fault in the recorder's own code costs an epoch, not the hearing.
    fn run(mut self, mut room: Room) {
        loop {
            match catch_unwind(AssertUnwindSafe(|| self.record(&mut room))) {
                Ok(()) => break,
                Err(_) => {
                    tracing::error!(place = %self.place.key(), "the recorder of a room failed and begins a new epoch");
                    match self.again() {
                        Ok(next) => room = next,
                        Err(e) => {
                            tracing::error!(place = %self.place.key(), error = %e, "the recorder of a room could not go on");
                            break;
                        }
                    }
                }
            }
        }
        self.shared.alive.store(false, Ordering::SeqCst);
    }

    fn again(&self) -> Result<Room> {
        sweep_one(&self.spool, &self.place, self.disk.as_ref(), self.clock.as_ref())?;
        Room::open(&self.spool, &self.place, Arc::clone(&self.disk), Arc::clone(&self.clock))
    }

    fn record(&mut self, room: &mut Room) {
        let mut ticked = i64::MIN;
        let mut engine_gone = false;
        loop {
            let mut left_alone = false;
            loop {
                match self.orders.try_recv() {
                    Ok(Order::Command(command, at)) => room.command(command, at),
                    Ok(Order::Gaps(answer)) => drop(answer.send(room.gaps())),
                    Ok(Order::Close(answer)) => {
                        self.drain(room);
                        // twice: what is being lost now is told as well
                        (0..2).for_each(|_| self.watch_queue(room, self.clock.moment().mono_us));
                        let closed = room.close();
                        let done = closed.is_ok();
                        let _ = answer.send(closed);
                        if done {
                            return;
                        }
                    }
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => {
                        left_alone = true;
                        break;
                    }
                }
            }
            // neither engine nor product holds it any more: the server let the room go, the next epoch is another's
            if left_alone && engine_gone {
                room.leave();
                return;
            }
            if engine_gone {
                std::thread::sleep(TICK);
            } else {
                engine_gone = self.take(room);
            }
            let now = self.clock.moment().mono_us;
            if now.saturating_sub(ticked) >= TICK.as_micros() as i64 || now < ticked {
                ticked = now;
                self.tick(room, now);
            }
        }
    }

    /// Takes what is there, waiting up to a tick for the first; true when nobody can send any more.
    fn take(&mut self, room: &mut Room) -> bool {
        match self.packets.recv_timeout(TICK / 2) {
            Ok(msg) => room.handle(msg),
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => return true,
        }
        for _ in 0..256 {
            match self.packets.try_recv() {
                Ok(msg) => room.handle(msg),
                Err(_) => break,
            }
        }
        false
    }

    fn drain(&mut self, room: &mut Room) {
        for _ in 0..QUEUE {
            match self.packets.try_recv() {
                Ok(msg) => room.handle(msg),
                Err(_) => break,
            }
        }
    }

    /// A stretch of losses before the queue is one event, written when it is over: an overloaded disk gets no more to do.
    fn watch_queue(&mut self, room: &mut Room, now: i64) {
        let lost = self.shared.lost.load(Ordering::Relaxed);
        if lost > self.told {
            self.losing.get_or_insert(self.heard_at);
            self.told = lost;
        } else if let Some(from) = self.losing.take() {
            room.overflowed(from, now);
        }
        self.heard_at = now;
    }

    fn tick(&mut self, room: &mut Room, now: i64) {
        self.watch_queue(room, now);
        room.tick();
        *locked(&self.shared.wishes) = room.wishes();
        let durable_age = room.durable_at.map(|at| (now - at) / 1_000);
        *locked(&self.shared.status) = Status {
            epoch: room.epoch,
            recording: room.pause.is_none() && durable_age.is_some_and(|age| age < 3_000),
            pause: room.pause,
            at: room.now_ms(),
            durable_age,
            disk_error: room.disk_error.clone(),
            written: room.written,
            heard: room.heard(),
        };
    }
}

/// Hearings of a spool that still need something: open, not all uploaded, or not released.
pub fn unfinished(spool: &std::path::Path) -> Result<Vec<Place>> {
    let has_raw = |place: &Place| {
        let folder = place.folder(spool);
        let sources = place::Source::all(&folder).unwrap_or_default();
        sources.iter().any(|s| {
            spool::epochs(&folder, *s).is_ok_and(|e| e.iter().flat_map(|e| e.segments.iter().map(|s| e.file(s))).any(|f| f.exists()))
        })
    };
    Ok(Place::all(spool)?.into_iter().filter(has_raw).collect())
}
