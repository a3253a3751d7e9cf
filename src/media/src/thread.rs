//! A media thread: its port, its rooms, its clock. A plain thread of the operating system.
//!
//! Must never: wait for anything but its poller, take a lock, or let one room's fault reach another.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token};
use tokio::sync::oneshot;

use crate::error::{MediaError, Result};
use crate::event::{Event, Load};
use crate::ids::RoomId;
use crate::net::Io;
use crate::net::demux::Peer;
use crate::net::tcp::Tcp;
use crate::net::udp::Udp;
use crate::room::Room;
use crate::tap::Tap;
use crate::transport::{Origin, Route};
use crate::wire::stun::Request;
use crate::wire::{Protocol, protocol};

pub const UDP: Token = Token(0);
pub const WAKE: Token = Token(1);
pub const LISTEN: Token = Token(2);
pub const FIRST: usize = 3;
/// Between two looks at the clock and the commands at most so many batches are read.
const BATCHES: usize = 8;
const COMMANDS: usize = 64;
/// The longest it waits when nothing is due.
const REST: Duration = Duration::from_millis(500);
const WINDOW: Duration = Duration::from_secs(1);

/// A step inside a room. It gets nothing when the room is not there.
pub type Job = Box<dyn FnOnce(Option<(&mut Room, &mut Io)>) + Send>;

/// What a thread is asked.
pub enum Command {
    /// Open a room.
    Create(RoomId, Box<dyn Tap>, oneshot::Sender<Result<()>>),
    /// Close it.
    Close(RoomId, oneshot::Sender<Result<()>>),
    /// Do something in it.
    InRoom(RoomId, Job),
    /// Tell figures of the thread.
    Figures(oneshot::Sender<Result<Figures>>),
    /// End.
    Stop,
}

/// Figures of a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Rooms it has.
    pub rooms: usize,
    /// Addresses and names known to the demultiplexer.
    pub known: (usize, usize),
    /// TCP connections.
    pub connections: usize,
    /// Datagrams received.
    pub received: u64,
    /// Packets the kernel did not take.
    pub dropped: u64,
    /// How busy it is, 0 to 1.
    pub busy: f32,
}

/// A media thread.
pub struct MediaThread {
    pub number: usize,
    pub poll: Poll,
    pub udp: Udp,
    pub tcp: Option<Tcp>,
    pub io: Io,
    pub inbox: Receiver<Command>,
    pub start: Instant,
    rooms: Vec<Option<Room>>,
    places: HashMap<RoomId, usize>,
    timers: BinaryHeap<Reverse<(Duration, usize)>>,
    more: bool,
    frames: Vec<Vec<u8>>,
    unread: Vec<usize>,
    window: (Duration, Duration, Duration),
    busy: f32,
    hot: u8,
    swept: Duration,
}

impl MediaThread {
    pub fn new(number: usize, poll: Poll, udp: Udp, tcp: Option<Tcp>, io: Io, inbox: Receiver<Command>, start: Instant) -> Self {
        Self {
            number,
            poll,
            udp,
            tcp,
            io,
            inbox,
            start,
            rooms: Vec::new(),
            places: HashMap::new(),
            timers: BinaryHeap::new(),
            more: false,
            frames: Vec::new(),
            unread: Vec::new(),
            window: Default::default(),
            busy: 0.0,
            hot: 0,
            swept: Duration::ZERO,
        }
    }

    /// Runs until it is stopped.
    pub fn run(mut self) {
        let mut events = Events::with_capacity(256);
        loop {
            let idle = Instant::now();
            if let Err(e) = self.poll.poll(&mut events, Some(self.patience()))
                && e.kind() != std::io::ErrorKind::Interrupted
            {
                tracing::error!(thread = self.number, error = %e, "the poller of a media thread failed");
                return;
            }
            self.look_at_clock();
            self.window.1 += self.io.now.saturating_duration_since(idle);
            if self.more || events.iter().any(|e| e.token() == UDP) {
                self.read_udp();
            }
            for place in std::mem::take(&mut self.unread) {
                self.tcp_event(Token(FIRST + place), true, false);
            }
            for event in events.iter().filter(|e| e.token() != UDP && e.token() != WAKE) {
                self.tcp_event(event.token(), event.is_readable() || event.is_read_closed(), event.is_writable());
            }
            if self.commands() {
                self.flush();
                return;
            }
            self.timers();
            self.flush();
            self.weigh();
        }
    }

    fn patience(&self) -> Duration {
        if self.more || !self.unread.is_empty() {
            return Duration::ZERO;
        }
        // without a room there is no timer: then it rests, woken by what comes
        let until = |due: Duration| due.saturating_sub(self.start.elapsed());
        self.timers.peek().map_or(REST, |Reverse((due, _))| until(*due).min(REST))
    }

    fn look_at_clock(&mut self) {
        self.io.now = Instant::now();
        self.io.at = self.io.now.saturating_duration_since(self.start);
    }

    fn read_udp(&mut self) {
        self.more = false;
        for _ in 0..BATCHES {
            let Self { udp, rooms, io, places, .. } = self;
            let more = udp.receive(|from, local, datagram| {
                let route = Route { to: Origin::Udp(from), local };
                arrived(rooms, places, io, route, from, datagram);
            });
            if !more {
                return;
            }
        }
        self.more = true;
    }

    fn tcp_event(&mut self, token: Token, readable: bool, writable: bool) {
        let Some(tcp) = &mut self.tcp else { return };
        if token == LISTEN {
            tcp.accept(self.poll.registry(), self.io.at);
            return;
        }
        let place = token.0 - FIRST;
        let mut alive = true;
        if writable {
            alive = tcp.write(place);
        }
        let Some((origin, from)) = tcp.origin(place) else { return };
        if readable && alive {
            let mut frames = std::mem::take(&mut self.frames);
            let read = tcp.read(place, &mut frames);
            alive = read.is_some();
            if read == Some(true) && !self.unread.contains(&place) {
                self.unread.push(place);
            }
            for frame in frames.drain(..) {
                let route = Route { to: origin, local: None };
                if arrived(&mut self.rooms, &mut self.places, &mut self.io, route, from, &frame) {
                    tcp.proven(place);
                }
            }
            self.frames = frames;
        }
        if !alive {
            self.lost_tcp(place, origin);
        }
    }

    fn lost_tcp(&mut self, place: usize, origin: Origin) {
        if let Some(peer) = self.io.demux.by_origin(origin) {
            self.io.demux.forget(origin, peer);
            within(&mut self.rooms, &mut self.places, &mut self.io, peer.room, |room, _| room.forget(peer, origin));
        }
        if let Some(tcp) = &mut self.tcp {
            tcp.close(place);
        }
    }

    /// Answers true when it is to end.
    fn commands(&mut self) -> bool {
        for _ in 0..COMMANDS {
            match self.inbox.try_recv() {
                Ok(Command::Stop) => {
                    let all: Vec<RoomId> = self.places.keys().copied().collect();
                    all.into_iter().for_each(|room| self.close(room));
                    return true;
                }
                Ok(Command::Create(room, tap, reply)) => {
                    let _ = reply.send(self.create(room, tap));
                }
                Ok(Command::Close(room, reply)) => {
                    let known = self.places.contains_key(&room);
                    self.close(room);
                    let _ = reply.send(if known { Ok(()) } else { Err(MediaError::NoRoom) });
                }
                Ok(Command::InRoom(room, job)) => match self.places.get(&room) {
                    None => job(None),
                    Some(&place) => {
                        within(&mut self.rooms, &mut self.places, &mut self.io, place, |room, io| job(Some((room, io))));
                    }
                },
                Ok(Command::Figures(reply)) => {
                    let _ = reply.send(Ok(self.figures()));
                }
                Err(std::sync::mpsc::TryRecvError::Empty) => return false,
                Err(std::sync::mpsc::TryRecvError::Disconnected) => return true,
            }
        }
        self.more = true;
        false
    }

    fn create(&mut self, id: RoomId, tap: Box<dyn Tap>) -> Result<()> {
        if self.places.contains_key(&id) {
            return Err(MediaError::RoomExists);
        }
        if self.places.len() >= self.io.config.most_rooms {
            return Err(MediaError::Full("rooms"));
        }
        let place = self.rooms.iter().position(Option::is_none).unwrap_or(self.rooms.len());
        let room = Some(Room::new(id, place, tap, self.io.at));
        if place == self.rooms.len() {
            self.rooms.push(room);
        } else {
            self.rooms[place] = room;
        }
        self.places.insert(id, place);
        self.timers.push(Reverse((self.io.at, place)));
        Ok(())
    }

    fn close(&mut self, id: RoomId) {
        let Some(place) = self.places.get(&id).copied() else { return };
        within(&mut self.rooms, &mut self.places, &mut self.io, place, Room::farewell);
        forget(&mut self.rooms, &mut self.places, &mut self.io, place);
    }

    fn figures(&self) -> Figures {
        Figures {
            rooms: self.places.len(),
            known: self.io.demux.count(),
            connections: self.tcp.as_ref().map_or(0, Tcp::count),
            received: self.udp.received,
            dropped: self.udp.dropped + self.tcp.as_ref().map_or(0, |t| t.dropped),
            busy: self.busy,
        }
    }

    fn timers(&mut self) {
        while let Some(Reverse((due, place))) = self.timers.peek().copied().filter(|Reverse((due, _))| *due <= self.io.at) {
            self.timers.pop();
            self.window.2 = self.window.2.max(self.io.at.saturating_sub(due));
            // a closed room has no next time, and its place may have a new one with its own
            let next = within(&mut self.rooms, &mut self.places, &mut self.io, place, |room, io| room.due(due, io));
            if let Some(next) = next.flatten() {
                self.timers.push(Reverse((next, place)));
            }
        }
        if self.io.at.saturating_sub(self.swept) > WINDOW
            && let Some(tcp) = &mut self.tcp
        {
            self.swept = self.io.at;
            tcp.sweep(self.io.at);
        }
    }

    /// Sends what the round brought.
    fn flush(&mut self) {
        for (route, packet) in self.io.answers.drain(..) {
            match route.to {
                Origin::Udp(to) => self.udp.send(to, route.local, &packet),
                Origin::Tcp(place, serial) => {
                    if let Some(tcp) = &mut self.tcp {
                        tcp.queue(place, serial, &packet);
                        tcp.write(place);
                    }
                }
            }
        }
        let mut dirty = std::mem::take(&mut self.io.dirty);
        for peer in dirty.drain(..) {
            self.send(peer);
        }
        self.io.dirty = dirty;
        if let Some(tcp) = &self.tcp {
            tcp.slow(&mut self.io.slow);
        }
    }

    fn send(&mut self, peer: Peer) {
        let room = self.rooms.get_mut(peer.room).and_then(Option::as_mut);
        let Some(transport) = room.and_then(|r| r.transport(peer)) else { return };
        match (transport.route(), &mut self.tcp) {
            (Some(Route { to: Origin::Udp(to), local }), _) => self.udp.send_all(to, local, &transport.out),
            (Some(Route { to: Origin::Tcp(place, serial), .. }), Some(tcp)) => {
                transport.out.iter().for_each(|packet| tcp.queue(place, serial, packet));
                tcp.write(place);
            }
            _ => {}
        }
        transport.out.clear();
    }

    /// Twice in a row nearly all time used, and late with it: throw off. Three quiet windows: take back.
    fn weigh(&mut self) {
        let (since, idle, late) = self.window;
        let span = self.io.at.saturating_sub(since);
        if span < WINDOW {
            return;
        }
        self.window = (self.io.at, Duration::ZERO, Duration::ZERO);
        self.busy = 1.0 - (idle.as_secs_f32() / span.as_secs_f32()).min(1.0);
        let overrun = self.busy > 0.95 && late > Duration::from_millis(100);
        self.hot = if overrun { (self.hot + 1).min(6) } else { self.hot.saturating_sub(1) };
        let load = match (self.hot, self.io.load) {
            (5.., _) => Load::AudioOnly,
            (2.., Load::Normal) => Load::Reduced,
            (0, _) => Load::Normal,
            (_, now) => now,
        };
        if load != self.io.load {
            self.io.load = load;
            self.io.events.tell(Event::Load { thread: self.number, load });
        }
    }
}

type Rooms = Vec<Option<Room>>;

/// A datagram: a check goes by the name in it, everything else by the proven address. True: a check was proven.
fn arrived(rooms: &mut Rooms, places: &mut HashMap<RoomId, usize>, io: &mut Io, route: Route, from: SocketAddr, datagram: &[u8]) -> bool {
    if protocol(datagram) == Some(Protocol::Stun) {
        return checked(rooms, places, io, route, from, datagram).is_some();
    }
    if let Some(peer) = io.demux.by_origin(route.to) {
        within(rooms, places, io, peer.room, |room, io| room.datagram(peer, datagram, io));
    }
    false
}

fn checked(
    rooms: &mut Rooms,
    places: &mut HashMap<RoomId, usize>,
    io: &mut Io,
    route: Route,
    from: SocketAddr,
    datagram: &[u8],
) -> Option<()> {
    let request = Request::parse(datagram)?;
    let peer = io.demux.by_name(request.local)?;
    let checked = within(rooms, places, io, peer.room, |room, io| room.check(peer, &request, route, from, io))??;
    if let Some(before) = io.demux.learn(route.to, peer) {
        within(rooms, places, io, before.room, |room, _| room.forget(before, route.to));
    }
    if let Some(evicted) = checked.evicted {
        io.demux.forget(evicted, peer);
    }
    if let Some(name) = checked.retired {
        io.demux.unname(&name);
    }
    io.answers.push((route, checked.answer));
    Some(())
}

/// Does something in a room. A fault in it closes that room, and only that one.
fn within<T>(
    rooms: &mut Rooms,
    places: &mut HashMap<RoomId, usize>,
    io: &mut Io,
    place: usize,
    step: impl FnOnce(&mut Room, &mut Io) -> T,
) -> Option<T> {
    let room = rooms.get_mut(place)?.as_mut()?;
    match catch_unwind(AssertUnwindSafe(|| step(room, io))) {
        Ok(done) => Some(done),
        Err(_) => {
            let id = room.id;
            tracing::error!(room = ?id, "a room failed and was closed");
            forget(rooms, places, io, place);
            io.events.tell(Event::RoomFailed { room: id });
            None
        }
    }
}

fn forget(rooms: &mut Rooms, places: &mut HashMap<RoomId, usize>, io: &mut Io, place: usize) {
    let Some(room) = rooms.get_mut(place).and_then(Option::take) else { return };
    places.remove(&room.id);
    io.demux.forget_room(place);
    io.dirty.retain(|p| p.room != place);
    // what is broken may break again while it is taken down
    let _ = catch_unwind(AssertUnwindSafe(|| drop(room)));
}
