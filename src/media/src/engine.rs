//! The engine as the product sees it: start it, open rooms, admit people, exchange descriptions, set rights.
//!
//! Every call leaves a message for a media thread and answers with a [`Reply`]: await it, or `wait` for it outside a
//! runtime. Must never: touch a room itself, or make a media thread wait.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mio::{Interest, Waker};
use tokio::sync::{mpsc, oneshot};

use crate::config::Config;
use crate::error::{MediaError, Result};
use crate::event::{Event, Load};
use crate::ids::{ParticipantId, RoomId, TrackKind};
use crate::net::tcp::Tcp;
use crate::net::udp::Udp;
use crate::net::{Events, Io};
use crate::rights::Publish;
use crate::room::{Begin, Grant, ReceiveOffer, Room};
use crate::stats::RoomStats;
use crate::tap::Tap;
use crate::thread::{Command, FIRST, Figures, LISTEN, MediaThread, UDP, WAKE};
use crate::transport::secure::Identity;

const COMMANDS: usize = 1024;
const EVENTS: usize = 8192;

/// The answer to a call: a future, or something to wait for.
#[must_use = "the call may be refused"]
pub struct Reply<T>(oneshot::Receiver<Result<T>>);

impl<T> Reply<T> {
    fn now(answer: Result<T>) -> Self {
        let (sender, receiver) = oneshot::channel();
        let _ = sender.send(answer);
        Self(receiver)
    }

    /// Waits. Not to be called inside an asynchronous runtime.
    pub fn wait(self) -> Result<T> {
        self.0.blocking_recv().unwrap_or(Err(MediaError::RoomFailed))
    }
}

impl<T> Future for Reply<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|answer| answer.unwrap_or(Err(MediaError::RoomFailed)))
    }
}

struct Thread {
    inbox: SyncSender<Command>,
    waker: Waker,
    address: SocketAddr,
}

struct Inner {
    threads: Vec<Thread>,
    places: Mutex<HashMap<RoomId, usize>>,
    joins: Mutex<Vec<JoinHandle<()>>>,
    start: Instant,
}

/// The engine. Clones are the same engine; it stops when the last one is dropped.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

impl Engine {
    /// Opens the ports and starts the threads. The second part of the answer are the events.
    pub fn start(config: Config) -> Result<(Self, mpsc::Receiver<Event>)> {
        let (sender, events) = mpsc::channel(EVENTS);
        let (identity, config, start) = (Arc::new(Identity::new()?), Arc::new(config), Instant::now());
        let (mut threads, mut joins) = (Vec::new(), Vec::new());
        for number in 0..config.threads.max(1) {
            let (thread, join) = launch(number, &config, &identity, sender.clone(), start)?;
            threads.push(thread);
            joins.push(join);
        }
        let inner = Inner { threads, places: Mutex::default(), joins: Mutex::new(joins), start };
        Ok((Self(Arc::new(inner)), events))
    }

    /// The addresses of the threads.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.threads.iter().map(|t| t.address).collect()
    }

    /// Media time now.
    pub fn at(&self) -> Duration {
        self.0.start.elapsed()
    }

    /// When media time began, on the machine's steady clock.
    pub fn began(&self) -> Instant {
        self.0.start
    }

    /// Opens a room on the thread that has the fewest; its media goes to `tap` too.
    pub fn create_room(&self, room: RoomId, tap: Box<dyn Tap>) -> Reply<()> {
        let mut places = lock(&self.0.places);
        let load = |thread: usize| places.values().filter(|t| **t == thread).count();
        // the thread knows whether the room is still there: it may have failed
        let fewest = || (0..self.0.threads.len()).min_by_key(|t| load(*t)).unwrap_or(0);
        let thread = places.get(&room).copied().unwrap_or_else(fewest);
        places.insert(room, thread);
        drop(places);
        self.send(thread, |reply| Command::Create(room, tap, reply))
    }

    /// Closes a room; everybody in it is disconnected.
    pub fn close_room(&self, room: RoomId) -> Reply<()> {
        match lock(&self.0.places).remove(&room) {
            Some(thread) => self.send(thread, |reply| Command::Close(room, reply)),
            None => Reply::now(Err(MediaError::NoRoom)),
        }
    }

    /// Lets a participant in, once per ticket. The caller has checked the join token the ticket stands for; the ticket
    /// is any number that is unique to it. Coming again keeps the seat.
    pub fn admit(&self, room: RoomId, participant: ParticipantId, ticket: u128, publish: Publish) -> Reply<()> {
        self.within(room, move |room, io| room.admit(participant, ticket, publish, io))
    }

    /// Shows a participant out.
    pub fn remove(&self, room: RoomId, participant: ParticipantId) -> Reply<()> {
        self.within(room, move |room, io| room.remove(participant, io))
    }

    /// Shows a participant out who came with this ticket; a seat that a newer ticket took is left alone.
    pub fn leave_seat(&self, room: RoomId, participant: ParticipantId, ticket: u128) -> Reply<()> {
        self.within(room, move |room, io| room.leave(participant, ticket, io))
    }

    /// Sets the rights to send; in force with the next packet (the judge's mute).
    pub fn set_publish(&self, room: RoomId, participant: ParticipantId, publish: Publish) -> Reply<()> {
        self.within(room, move |room, io| room.set_publish(participant, publish, io))
    }

    /// Sets rights to receive (receiver, publisher, tracks), all in one step; in force with the next packet. What was
    /// never given is refused. With `all` whatever is not named is taken away: the whole matrix of a new state.
    pub fn set_receive(&self, room: RoomId, grants: Vec<Grant>, all: bool) -> Reply<()> {
        self.within(room, move |room, io| room.set_receive(&grants, all, io))
    }

    /// The best simulcast layer that makes sense for a picture on the receiver's page (0 small, 1 medium, 2 large).
    pub fn set_cap(&self, room: RoomId, receiver: ParticipantId, publisher: ParticipantId, kind: TrackKind, cap: u8) -> Reply<()> {
        self.within(room, move |room, _| room.set_cap(receiver, publisher, kind, cap))
    }

    /// The client offers what it sends; answers the description for it. `tracks` names the sections (mid, what it is);
    /// empty: microphone, camera, screen in their order. An offer with new ICE credentials restarts ICE.
    pub fn publish_offer(&self, room: RoomId, participant: ParticipantId, sdp: String, tracks: Vec<(String, TrackKind)>) -> Reply<String> {
        if sdp.len() > crate::sdp::LONGEST || tracks.len() > 16 {
            return Reply::now(Err(MediaError::Sdp("too long")));
        }
        self.within(room, move |room, io| room.publish_offer(participant, &sdp, &tracks, io))
    }

    /// What the client may receive now, to be brought to it. Nothing while there is nothing; the event `OfferNeeded`
    /// says when to ask.
    pub fn receive_offer(&self, room: RoomId, participant: ParticipantId, begin: Begin) -> Reply<Option<ReceiveOffer>> {
        self.within(room, move |room, io| room.receive_offer(participant, begin, io))
    }

    /// The client's answer to the offer of that version.
    pub fn receive_answer(&self, room: RoomId, participant: ParticipantId, version: u64, sdp: String) -> Reply<()> {
        if sdp.len() > crate::sdp::LONGEST {
            return Reply::now(Err(MediaError::Sdp("too long")));
        }
        self.within(room, move |room, io| room.receive_answer(participant, version, &sdp, io))
    }

    /// Figures of a room.
    pub fn stats(&self, room: RoomId) -> Reply<RoomStats> {
        self.within(room, |room, io| Ok(room.stats(io)))
    }

    /// Figures of the threads.
    pub fn figures(&self) -> Vec<Reply<Figures>> {
        (0..self.0.threads.len()).map(|thread| self.send(thread, Command::Figures)).collect()
    }

    /// Does a step inside a room: for tests of faults.
    #[doc(hidden)]
    pub fn within<T: Send + 'static>(&self, room: RoomId, step: impl FnOnce(&mut Room, &mut Io) -> Result<T> + Send + 'static) -> Reply<T> {
        let Some(thread) = lock(&self.0.places).get(&room).copied() else { return Reply::now(Err(MediaError::NoRoom)) };
        self.send(thread, |reply| {
            Command::InRoom(
                room,
                Box::new(move |found| {
                    let _ = reply.send(match found {
                        Some((room, io)) => step(room, io),
                        None => Err(MediaError::NoRoom),
                    });
                }),
            )
        })
    }

    fn send<T>(&self, thread: usize, command: impl FnOnce(oneshot::Sender<Result<T>>) -> Command) -> Reply<T> {
        let (sender, receiver) = oneshot::channel();
        match self.leave(thread, command(sender)) {
            Ok(()) => Reply(receiver),
            Err(e) => Reply::now(Err(e)),
        }
    }

    fn leave(&self, thread: usize, command: Command) -> Result<()> {
        let thread = self.0.threads.get(thread).ok_or(MediaError::Stopped)?;
        thread.inbox.try_send(command).map_err(|e| match e {
            TrySendError::Full(_) => MediaError::Busy,
            TrySendError::Disconnected(_) => MediaError::Stopped,
        })?;
        thread.waker.wake().map_err(|_| MediaError::Stopped)
    }

    /// Closes everything and waits for the threads.
    pub fn stop(&self) {
        self.0.stop();
        for join in lock(&self.0.joins).drain(..) {
            let _ = join.join();
        }
    }
}

impl Inner {
    fn stop(&self) {
        for thread in &self.threads {
            // a full queue is read down within a round
            if let Err(TrySendError::Full(command)) = thread.inbox.try_send(Command::Stop) {
                let _ = thread.inbox.send(command);
            }
            let _ = thread.waker.wake();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn launch(
    number: usize,
    config: &Arc<Config>,
    identity: &Arc<Identity>,
    events: mpsc::Sender<Event>,
    start: Instant,
) -> Result<(Thread, JoinHandle<()>)> {
    let trouble = |e: std::io::Error| MediaError::Network(e.to_string());
    let mut address = config.bind;
    if address.port() != 0 {
        address.set_port(address.port().saturating_add(number as u16));
    }
    let poll = mio::Poll::new().map_err(trouble)?;
    let waker = Waker::new(poll.registry(), WAKE).map_err(trouble)?;
    let (mut udp, mut tcp) = ports(address, config).map_err(trouble)?;
    poll.registry().register(&mut udp.socket, UDP, Interest::READABLE).map_err(trouble)?;
    if let Some(tcp) = &mut tcp {
        poll.registry().register(&mut tcp.listener, LISTEN, Interest::READABLE).map_err(trouble)?;
    }
    let told = config.told(udp.bound);
    let io = Io {
        now: start,
        at: Duration::ZERO,
        demux: Default::default(),
        events: Events::new(events),
        answers: Vec::new(),
        dirty: Vec::new(),
        identity: identity.clone(),
        config: config.clone(),
        told: (told.clone(), if tcp.is_some() { told } else { Vec::new() }),
        load: Load::Normal,
        slow: Vec::new(),
    };
    let (inbox, commands) = sync_channel(COMMANDS);
    let address = udp.bound;
    let thread = MediaThread::new(number, poll, udp, tcp, io, commands, start);
    let named = std::thread::Builder::new().name(format!("media-{number}"));
    let join = named.spawn(move || thread.run()).map_err(trouble)?;
    Ok((Thread { inbox, waker, address }, join))
}

/// UDP and TCP on one port number. With port 0 the kernel's first choice may be taken on the other side: try again.
fn ports(address: SocketAddr, config: &Config) -> std::io::Result<(Udp, Option<Tcp>)> {
    let mut last = None;
    for _ in 0..if address.port() == 0 { 20 } else { 1 } {
        let udp = Udp::bind(address, config.socket_buffer)?;
        if !config.tcp {
            return Ok((udp, None));
        }
        match Tcp::bind(udp.bound, FIRST) {
            Ok(tcp) => return Ok((udp, Some(tcp))),
            Err(e) => last = Some(e),
        }
    }
    Err(last.unwrap_or_else(|| std::io::Error::other("no port")))
}
