//! Media over TCP for people behind firewalls (ICE-TCP, RFC 6544): passive, frames with a length before them (RFC 4571).
//!
//! Owns: connections that came in, each with bounded buffers. Must never: block, or keep a connection that does not
//! prove itself.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};

use crate::transport::Origin;

/// Above this video is left out for the connection.
const SLOW: usize = 64 * 1024;
/// Above this everything is.
const FULL: usize = 256 * 1024;
const LARGEST: usize = 4096;
/// One connection gets so many reads a round.
const CHUNKS: usize = 8;
const UNPROVEN: Duration = Duration::from_secs(5);
const MOST: usize = 512;
const MOST_STRANGERS: usize = 128;
const MOST_OF_ADDRESS: usize = 16;

struct Connection {
    stream: TcpStream,
    serial: u32,
    from: SocketAddr,
    since: Duration,
    proven: bool,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    sent: usize,
}

/// The listening port and its connections.
pub struct Tcp {
    /// For the poller.
    pub listener: TcpListener,
    connections: Vec<Option<Connection>>,
    serial: u32,
    first: usize,
    /// Packets left out because a buffer was full.
    pub dropped: u64,
}

impl Tcp {
    /// Listens; connections get poll tokens from `first` on.
    pub fn bind(address: SocketAddr, first: usize) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        Ok(Self { listener, connections: Vec::new(), serial: 0, first, dropped: 0 })
    }

    /// Takes waiting connections.
    pub fn accept(&mut self, registry: &Registry, now: Duration) {
        while let Ok((mut stream, from)) = self.listener.accept() {
            self.make_room(from);
            let free = self.connections.iter().position(Option::is_none).unwrap_or(self.connections.len());
            if free >= MOST {
                continue; // dropped, and thereby closed
            }
            let _ = stream.set_nodelay(true);
            if registry.register(&mut stream, Token(self.first + free), Interest::READABLE | Interest::WRITABLE).is_err() {
                continue;
            }
            self.serial = self.serial.wrapping_add(1);
            let (incoming, outgoing) = (Vec::new(), Vec::new());
            let connection = Connection { stream, serial: self.serial, from, since: now, proven: false, incoming, outgoing, sent: 0 };
            if free == self.connections.len() {
                self.connections.push(Some(connection));
            } else {
                self.connections[free] = Some(connection);
            }
        }
    }

    /// Strangers must not keep others out: of one address, and in all, the oldest makes room for the newest.
    fn make_room(&mut self, from: SocketAddr) {
        for (most, of_address) in [(MOST_OF_ADDRESS, true), (MOST_STRANGERS, false)] {
            let counts = |c: &Connection| !c.proven && (!of_address || c.from.ip() == from.ip());
            let strangers = self.connections.iter().enumerate().filter_map(|(i, c)| c.as_ref().filter(|c| counts(c)).map(|c| (c.since, i)));
            let strangers: Vec<(Duration, usize)> = strangers.collect();
            if let Some((_, oldest)) = strangers.iter().min().filter(|_| strangers.len() >= most) {
                self.connections[*oldest] = None;
            }
        }
    }

    fn get(&mut self, place: usize) -> Option<&mut Connection> {
        self.connections.get_mut(place)?.as_mut()
    }

    /// Where a connection comes from, if it is still the same one.
    pub fn origin(&self, place: usize) -> Option<(Origin, SocketAddr)> {
        let connection = self.connections.get(place)?.as_ref()?;
        Some((Origin::Tcp(place, connection.serial), connection.from))
    }

    /// Reads a bounded share of what came; whole frames are handed out. Answers whether there may be more, or nothing
    /// when the connection is over.
    pub fn read(&mut self, place: usize, frames: &mut Vec<Vec<u8>>) -> Option<bool> {
        let Some(connection) = self.get(place) else { return Some(false) };
        let mut chunk = [0; 16 * 1024];
        for _ in 0..CHUNKS {
            match connection.stream.read(&mut chunk) {
                Ok(0) => return None,
                Ok(count) => {
                    connection.incoming.extend_from_slice(&chunk[..count]);
                    if !cut(&mut connection.incoming, frames) {
                        return None;
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Some(false),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
        Some(true)
    }

    /// The connection proved itself.
    pub fn proven(&mut self, place: usize) {
        if let Some(connection) = self.get(place) {
            connection.proven = true;
        }
    }

    /// Queues a packet.
    pub fn queue(&mut self, place: usize, serial: u32, packet: &[u8]) {
        let full = match self.get(place).filter(|c| c.serial == serial) {
            Some(c) if c.outgoing.len() - c.sent + packet.len() + 2 <= FULL => {
                c.outgoing.extend_from_slice(&(packet.len() as u16).to_be_bytes());
                c.outgoing.extend_from_slice(packet);
                false
            }
            _ => true,
        };
        self.dropped += u64::from(full);
    }

    /// Writes what the kernel takes. Answers false when the connection is over.
    pub fn write(&mut self, place: usize) -> bool {
        let Some(connection) = self.get(place) else { return true };
        while connection.sent < connection.outgoing.len() {
            match connection.stream.write(&connection.outgoing[connection.sent..]) {
                Ok(0) => return false,
                Ok(count) => connection.sent += count,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        connection.outgoing.drain(..connection.sent);
        connection.sent = 0;
        true
    }

    /// Connections whose buffer is too full for video.
    pub fn slow(&self, places: &mut Vec<usize>) {
        places.clear();
        let slow = |c: &Option<Connection>| c.as_ref().is_some_and(|c| c.outgoing.len() > SLOW);
        places.extend(self.connections.iter().enumerate().filter(|(_, c)| slow(c)).map(|(i, _)| i));
    }

    /// Closes strangers that did not prove themselves in time.
    pub fn sweep(&mut self, now: Duration) {
        for connection in &mut self.connections {
            if connection.as_ref().is_some_and(|c| !c.proven && now.saturating_sub(c.since) > UNPROVEN) {
                *connection = None;
            }
        }
    }

    /// Closes one.
    pub fn close(&mut self, place: usize) {
        if let Some(connection) = self.connections.get_mut(place) {
            *connection = None;
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.connections.iter().flatten().count()
    }
}

/// Cuts whole frames off; false when the other side does not speak our protocol.
fn cut(incoming: &mut Vec<u8>, frames: &mut Vec<Vec<u8>>) -> bool {
    let mut at = 0;
    while let Some(size) = crate::wire::u16_at(incoming, at).map(usize::from) {
        if size == 0 || size > LARGEST {
            return false;
        }
        let Some(frame) = incoming.get(at + 2..at + 2 + size) else { break };
        frames.push(frame.to_vec());
        at += 2 + size;
    }
    incoming.drain(..at);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_in_any_pieces() {
        let (mut buffer, mut frames) = (Vec::new(), Vec::new());
        for byte in [0, 3, b'a', b'b', b'c', 0, 1, b'd', 0] {
            buffer.push(byte);
            assert!(cut(&mut buffer, &mut frames));
        }
        assert_eq!(frames, [b"abc".to_vec(), b"d".to_vec()]);
        assert_eq!(buffer, [0]);
        assert!(!cut(&mut vec![0xff, 0xff, 1], &mut frames), "a web browser that lost its way");
    }
}
