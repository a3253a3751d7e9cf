//! What the engine is told at start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Fills a slice with unpredictable bytes. Randomness is a parameter, as time is.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Settings of an engine.
#[derive(Clone)]
pub struct Config {
    /// Where to listen with UDP; the first thread takes this port, the next the one after. Port 0: any.
    pub bind: SocketAddr,
    /// The addresses told to clients, when they differ from the bound one (behind NAT, or bound to all).
    pub public: Vec<IpAddr>,
    /// Also accept media over TCP on the same port numbers.
    pub tcp: bool,
    /// Media threads. One carries several full hearings; more need as many UDP ports.
    pub threads: usize,
    /// Rooms a thread takes.
    pub most_rooms: usize,
    /// Participants a room takes (at most 64).
    pub most_participants: usize,
    /// What a receiver is believed to bear before it told us, in bits a second.
    pub first_estimate: f64,
    /// And at most.
    pub highest_estimate: f64,
    /// No media of a track for so long is reported as stopped.
    pub track_silence: Duration,
    /// Kernel buffers of the UDP sockets. The kernel may grant less (net.core.rmem_max).
    pub socket_buffer: usize,
    /// Unpredictable bytes.
    pub random: Random,
}

impl Config {
    /// Listens on an address, with the defaults of a court.
    pub fn new(bind: SocketAddr, random: Random) -> Self {
        Self {
            bind,
            public: Vec::new(),
            tcp: true,
            threads: 1,
            most_rooms: 1000,
            most_participants: 64,
            first_estimate: 4_000_000.0,
            highest_estimate: 30_000_000.0,
            track_silence: Duration::from_secs(2),
            socket_buffer: 4 << 20,
            random,
        }
    }

    /// The addresses to tell clients for a bound socket.
    pub fn told(&self, bound: SocketAddr) -> Vec<SocketAddr> {
        let ips = match (self.public.as_slice(), bound.ip()) {
            ([], ip) if ip.is_unspecified() => vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            ([], ip) => vec![ip],
            (ips, _) => ips.to_vec(),
        };
        ips.into_iter().map(|ip| SocketAddr::new(ip, bound.port())).collect()
    }
}
