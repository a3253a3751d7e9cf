//! The UDP port of a thread: many datagrams a system call in both directions (recvmmsg with GRO, GSO when sending).
//!
//! Must never: block. What the kernel does not take is dropped and counted, as a network would.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr};

use bytes::BytesMut;
use mio::net::UdpSocket;
use quinn_udp::{RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use socket2::{Domain, Protocol, Socket, Type};

const SLOTS: usize = 16;
const SLOT: usize = 64 * 1024;
const LARGEST_RUN: usize = 60_000;

/// A bound port.
pub struct Udp {
    /// For the poller.
    pub socket: UdpSocket,
    /// Where it is bound.
    pub bound: SocketAddr,
    state: UdpSocketState,
    buffer: Vec<u8>,
    run: Vec<u8>,
    /// Datagrams the kernel did not take.
    pub dropped: u64,
    /// Datagrams that came.
    pub received: u64,
}

impl Udp {
    /// Binds a port.
    pub fn bind(address: SocketAddr, buffer: usize) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_nonblocking(true)?;
        // the kernel grants what it is allowed to; less works too
        let _ = socket.set_recv_buffer_size(buffer);
        let _ = socket.set_send_buffer_size(buffer);
        socket.bind(&address.into())?;
        let socket = UdpSocket::from_std(socket.into());
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        let bound = socket.local_addr()?;
        let (buffer, run) = (vec![0; SLOTS * SLOT], Vec::with_capacity(LARGEST_RUN));
        Ok(Self { socket, bound, state, buffer, run, dropped: 0, received: 0 })
    }

    /// Takes one batch. Answers false when there is nothing more.
    pub fn receive(&mut self, mut each: impl FnMut(SocketAddr, Option<IpAddr>, &[u8])) -> bool {
        let mut meta = [RecvMeta::default(); SLOTS];
        let mut chunks = self.buffer.chunks_mut(SLOT);
        let mut slots: [IoSliceMut<'_>; SLOTS] = std::array::from_fn(|_| IoSliceMut::new(chunks.next().unwrap_or_default()));
        let count = match self.state.recv(UdpSockRef::from(&self.socket), &mut slots, &mut meta) {
            Ok(count) => count,
            Err(e) => {
                return matches!(e.kind(), io::ErrorKind::Interrupted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset);
            }
        };
        for (meta, slot) in meta[..count].iter().zip(self.buffer.chunks(SLOT)) {
            let filled = &slot[..meta.len.min(SLOT)];
            for datagram in filled.chunks(meta.stride.max(1)) {
                self.received += 1;
                each(meta.addr, meta.dst_ip, datagram);
            }
        }
        true
    }

    /// Sends one datagram.
    pub fn send(&mut self, to: SocketAddr, local: Option<IpAddr>, datagram: &[u8]) {
        self.transmit(to, local, datagram, None, 1);
    }

    /// Sends what waits for one peer, runs of one size in one call. The packets stay with the caller.
    pub fn send_all(&mut self, to: SocketAddr, local: Option<IpAddr>, packets: &[BytesMut]) {
        let most = self.state.max_gso_segments().max(1);
        let mut rest = packets;
        while let Some(first) = rest.first() {
            let count = run(rest, most);
            if count == 1 {
                self.transmit(to, local, first, None, 1);
            } else {
                let mut bytes = std::mem::take(&mut self.run);
                bytes.clear();
                rest[..count].iter().for_each(|p| bytes.extend_from_slice(p));
                self.transmit(to, local, &bytes, Some(first.len()), count as u64);
                self.run = bytes;
            }
            rest = &rest[count..];
        }
    }

    fn transmit(&mut self, destination: SocketAddr, local: Option<IpAddr>, contents: &[u8], segment_size: Option<usize>, count: u64) {
        let src_ip = local.filter(|_| self.bound.ip().is_unspecified());
        let transmit = Transmit { destination, ecn: None, contents, segment_size, src_ip };
        if self.state.try_send(UdpSockRef::from(&self.socket), &transmit).is_err() {
            self.dropped += count;
        }
    }
}

/// How many packets from the first on go in one call: all of one size, the last may be shorter.
fn run(packets: &[BytesMut], most: usize) -> usize {
    let size = packets.first().map_or(0, BytesMut::len);
    let (mut count, mut total) = (0, 0);
    for packet in packets.iter().take(most) {
        if packet.len() > size || total + packet.len() > LARGEST_RUN {
            break;
        }
        count += 1;
        total += packet.len();
        if packet.len() < size {
            break;
        }
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_of_one_size_with_a_shorter_end() {
        let sized = |sizes: &[usize]| sizes.iter().map(|s| BytesMut::zeroed(*s)).collect::<Vec<_>>();
        assert_eq!(run(&sized(&[100, 100, 100, 40, 100]), 64), 4);
        assert_eq!(run(&sized(&[100, 101]), 64), 1);
        assert_eq!(run(&sized(&[100, 100, 100]), 2), 2);
        assert_eq!(run(&sized(&[1200; 60]), 64), 50);
    }

    #[test]
    fn what_is_sent_in_a_run_arrives_in_pieces() {
        let any = "127.0.0.1:0".parse().unwrap();
        let (mut a, mut b) = (Udp::bind(any, 1 << 16).unwrap(), Udp::bind(any, 1 << 16).unwrap());
        let packets: Vec<BytesMut> = [9usize, 9, 9, 4].iter().enumerate().map(|(i, n)| BytesMut::from(&vec![i as u8; *n][..])).collect();
        a.send_all(b.bound, None, &packets);
        let mut sizes = Vec::new();
        for _ in 0..200 {
            b.receive(|from, _, datagram| {
                assert_eq!(from, a.bound);
                sizes.push((datagram[0], datagram.len()));
            });
            std::thread::sleep(std::time::Duration::from_millis(5));
            if sizes.len() == 4 {
                break;
            }
        }
        assert_eq!(sizes, [(0, 9), (1, 9), (2, 9), (3, 4)]);
    }
}
