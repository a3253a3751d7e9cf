//! Whose is this datagram? By the address it comes from, once that address proved itself; else by the name in a check.
//!
//! Must never: learn an address from anything but a proven check.

use std::collections::HashMap;

use crate::event::Side;
use crate::transport::Origin;

/// A connection of a seat in a room of this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// The room's place.
    pub room: usize,
    /// The seat's place in it.
    pub seat: usize,
    /// Which of its two connections.
    pub side: Side,
}

/// The two tables.
#[derive(Default)]
pub struct Demux {
    origins: HashMap<Origin, Peer>,
    names: HashMap<String, Peer>,
}

impl Demux {
    /// By a proven address.
    pub fn by_origin(&self, origin: Origin) -> Option<Peer> {
        self.origins.get(&origin).copied()
    }

    /// By the name in a check.
    pub fn by_name(&self, name: &str) -> Option<Peer> {
        self.names.get(name).copied()
    }

    /// A connection answers to this name.
    pub fn name(&mut self, name: &str, peer: Peer) {
        self.names.insert(name.to_owned(), peer);
    }

    /// And no longer.
    pub fn unname(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// The address proved itself; answers who had it before.
    pub fn learn(&mut self, origin: Origin, peer: Peer) -> Option<Peer> {
        self.origins.insert(origin, peer).filter(|before| *before != peer)
    }

    /// The address no longer counts for this connection.
    pub fn forget(&mut self, origin: Origin, peer: Peer) {
        if self.by_origin(origin) == Some(peer) {
            self.origins.remove(&origin);
        }
    }

    /// The connection is over.
    pub fn forget_peer(&mut self, peer: Peer) {
        self.origins.retain(|_, p| *p != peer);
        self.names.retain(|_, p| *p != peer);
    }

    /// The room is over.
    pub fn forget_room(&mut self, room: usize) {
        self.origins.retain(|_, p| p.room != room);
        self.names.retain(|_, p| p.room != room);
    }

    /// How many addresses and names are known.
    pub fn count(&self) -> (usize, usize) {
        (self.origins.len(), self.names.len())
    }
}
