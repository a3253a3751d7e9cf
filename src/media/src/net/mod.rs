//! Sockets of a media thread, and what a room may use while it works.

pub mod demux;
pub mod tcp;
pub mod udp;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::event::{Event, Load};
use crate::transport::secure::Identity;
use crate::transport::{Route, Transport};
use demux::{Demux, Peer};

/// Events on their way out; never waits.
pub struct Events {
    queue: tokio::sync::mpsc::Sender<Event>,
    missed: u64,
}

impl Events {
    /// Onto this queue.
    pub fn new(queue: tokio::sync::mpsc::Sender<Event>) -> Self {
        Self { queue, missed: 0 }
    }

    /// Tells, or counts what could not be told.
    pub fn tell(&mut self, event: Event) {
        if self.missed > 0 && self.queue.try_send(Event::Missed { events: self.missed }).is_ok() {
            self.missed = 0;
        }
        if self.queue.try_send(event).is_err() {
            self.missed += 1;
        }
    }
}

/// What a room may use: the time, the tables, the way out.
pub struct Io {
    /// Now, read once a round.
    pub now: Instant,
    /// The same as media time.
    pub at: Duration,
    /// Whose datagram.
    pub demux: Demux,
    /// Reports.
    pub events: Events,
    /// Answers to checks, sent to where they came from.
    pub answers: Vec<(Route, Vec<u8>)>,
    /// Connections with something to send.
    pub dirty: Vec<Peer>,
    /// Who we are.
    pub identity: Arc<Identity>,
    /// Settings.
    pub config: Arc<Config>,
    /// What to tell clients: UDP and TCP.
    pub told: (Vec<SocketAddr>, Vec<SocketAddr>),
    /// How much is thrown off.
    pub load: Load,
    /// TCP connections whose buffer is too full for video.
    pub slow: Vec<usize>,
}

impl Io {
    /// A number nobody can guess.
    pub fn random(&self) -> u32 {
        let mut bytes = [0; 4];
        (self.config.random)(&mut bytes);
        u32::from_be_bytes(bytes)
    }

    /// The last packets of a connection that is over go out at once, for it will not be there at the end of the round.
    pub fn farewell(&mut self, transport: &mut Transport) {
        if let Some(route) = transport.route() {
            self.answers.extend(transport.out.drain(..).map(|packet| (route, packet.to_vec())));
        }
    }

    /// Marks a connection as having something to send.
    pub fn touch(&mut self, peer: Peer) {
        if self.dirty.last() != Some(&peer) {
            self.dirty.push(peer);
        }
    }
}
