//! One peer connection below its media: ICE-lite (who may send from where), DTLS-SRTP, and the packets waiting to go.
//!
//! Must never: send to, or believe, an address that did not prove our password.

pub mod secure;

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use bytes::BytesMut;

use crate::error::Result;
use crate::wire::stun::Request;
use secure::{Change, Identity, Secure};

/// Where a datagram came from: an address, or an accepted TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A UDP address.
    Udp(SocketAddr),
    /// A TCP connection, by place and a number that is never used twice.
    Tcp(usize, u32),
}

/// A way to a peer: where to, and from which of our own addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where to.
    pub to: Origin,
    /// From which local address the peer expects it.
    pub local: Option<IpAddr>,
}

/// Without a proven check for so long the peer is gone.
pub const SILENCE: Duration = Duration::from_secs(15);
/// A connection that does not come up in this time is given up.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The cause of a connection that did not come up.
pub const NEVER: &str = "never connected";
const MOST_ORIGINS: usize = 6;

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Checks and handshake run.
    Opening,
    /// Media may flow.
    Open,
    /// Over.
    Closed,
}

/// A name and a password of ICE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Names the connection in every check.
    pub ufrag: String,
    /// Proves it.
    pub password: String,
}

impl Credentials {
    /// Makes fresh ones.
    pub fn new(random: &dyn Fn(&mut [u8])) -> Self {
        Self { ufrag: word(random, 16), password: word(random, 32) }
    }
}

fn word(random: &dyn Fn(&mut [u8]), length: usize) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = vec![0; length];
    random(&mut bytes);
    bytes.iter().map(|b| char::from(SIGNS[usize::from(b & 63)])).collect()
}

/// The answer to a check, and what changed by it.
pub struct Checked {
    /// To send back to where the check came from.
    pub answer: Vec<u8>,
    /// An old address that no longer counts.
    pub evicted: Option<Origin>,
    /// Credentials that no longer count: the restart is through.
    pub retired: Option<String>,
}

/// A peer connection.
pub struct Transport {
    /// The credentials that count.
    pub own: Credentials,
    /// Those of before an ICE restart; they count until the new ones are used.
    pub before: Option<Credentials>,
    /// Their name, from their description.
    pub peer_ufrag: String,
    secure: Option<Secure>,
    route: Option<Route>,
    nominated: bool,
    origins: Vec<Origin>,
    /// Encrypted, waiting for the end of this round.
    pub out: Vec<BytesMut>,
    /// How far it is.
    pub phase: Phase,
    /// It was open once.
    pub was_open: bool,
    since: Duration,
    heard: Duration,
}

impl Transport {
    /// A connection that waits for its first check.
    pub fn new(own: Credentials, now: Duration) -> Self {
        Self {
            own,
            before: None,
            peer_ufrag: String::new(),
            secure: None,
            route: None,
            nominated: false,
            origins: Vec::new(),
            out: Vec::new(),
            phase: Phase::Opening,
            was_open: false,
            since: now,
            heard: now,
        }
    }

    /// The peer's description is known. The certificate of a connection never changes.
    pub fn describe(&mut self, identity: &Identity, ufrag: &str, fingerprint: &str) -> Result<()> {
        self.peer_ufrag = ufrag.to_owned();
        if self.secure.is_none() {
            self.secure = Some(Secure::new(identity, fingerprint)?);
        }
        Ok(())
    }

    /// New credentials; the old ones count until the new ones are used.
    pub fn restart(&mut self, own: Credentials, now: Duration) -> Option<String> {
        let dropped = self.before.take().map(|b| b.ufrag);
        self.before = Some(std::mem::replace(&mut self.own, own));
        self.nominated = false;
        self.heard = now;
        dropped
    }

    /// Where packets go.
    pub fn route(&self) -> Option<Route> {
        self.route
    }

    /// The proven addresses.
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// When something proven was last heard.
    pub fn heard(&self) -> Duration {
        self.heard
    }

    /// Is media possible now?
    pub fn open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Does it go over TCP?
    pub fn tcp(&self) -> Option<usize> {
        self.route.and_then(|r| if let Origin::Tcp(place, _) = r.to { Some(place) } else { None })
    }

    /// A check that names us. Nothing changes unless it proves the password.
    pub fn check(&mut self, request: &Request<'_>, from: Route, address: SocketAddr, now: Duration) -> Option<Checked> {
        let fresh = request.local == self.own.ufrag;
        let password = if fresh { &self.own.password } else { &self.before.as_ref().filter(|b| b.ufrag == request.local)?.password };
        if self.phase == Phase::Closed || !request.proven(password) {
            return None;
        }
        let answer = request.answer(address, password);
        self.heard = now;
        let evicted = self.learn(from.to);
        let mut retired = None;
        if fresh && (request.nominates || self.route.is_none()) {
            self.route = Some(from);
            self.nominated |= request.nominates;
            retired = self.before.take().map(|b| b.ufrag);
        } else if self.route.is_none() || !self.nominated && request.nominates {
            self.route = Some(from);
        }
        Some(Checked { answer, evicted, retired })
    }

    fn learn(&mut self, origin: Origin) -> Option<Origin> {
        if self.origins.contains(&origin) {
            return None;
        }
        self.origins.push(origin);
        if self.origins.len() <= MOST_ORIGINS {
            return None;
        }
        let current = self.route.map(|r| r.to);
        let oldest = self.origins.iter().position(|o| Some(*o) != current)?;
        Some(self.origins.remove(oldest))
    }

    /// An address is gone (its TCP connection closed).
    pub fn forget(&mut self, origin: Origin) {
        self.origins.retain(|o| *o != origin);
        if self.route.is_some_and(|r| r.to == origin) {
            self.route = None;
            self.nominated = false;
        }
    }

    /// A handshake record from a proven address.
    pub fn record(&mut self, now: Instant, datagram: &[u8]) -> Option<Change> {
        let change = self.secure.as_mut()?.record(now, datagram, &mut self.out);
        match change {
            Some(Change::Ready) => (self.phase, self.was_open) = (Phase::Open, true),
            Some(Change::Closed) => self.phase = Phase::Closed,
            None => {}
        }
        change
    }

    /// Repeats what was lost of the handshake. Answers why the connection is over, if it is.
    pub fn tick(&mut self, now: Instant, at: Duration) -> Option<&'static str> {
        if let Some(secure) = &mut self.secure {
            secure.tick(now, &mut self.out);
        }
        match self.phase {
            Phase::Opening if at.saturating_sub(self.since) > PATIENCE => Some(NEVER),
            Phase::Open if at.saturating_sub(self.heard) > SILENCE => Some("silent"),
            Phase::Closed => Some("closed by the peer"),
            _ => None,
        }
    }

    /// Media or reports came, which is a sign of life too.
    pub fn alive(&mut self, now: Duration) {
        self.heard = now;
    }

    /// Decrypts media.
    pub fn open_rtp(&mut self, datagram: &[u8], now: Duration) -> Option<BytesMut> {
        let opened = self.secure.as_mut()?.open_rtp(datagram, now)?;
        self.heard = now;
        Some(opened)
    }

    /// Decrypts reports.
    pub fn open_rtcp(&mut self, datagram: &[u8], now: Duration) -> Option<BytesMut> {
        let opened = self.secure.as_mut()?.open_rtcp(datagram, now)?;
        self.heard = now;
        Some(opened)
    }

    /// Encrypts media and queues it.
    pub fn send_rtp(&mut self, plain: &[u8], header: &rtc::rtp::Header) -> bool {
        let sealed = self.secure.as_mut().and_then(|s| s.seal_rtp(plain, header));
        let sent = sealed.is_some();
        self.out.extend(sealed);
        sent
    }

    /// Encrypts reports and queues them.
    pub fn send_rtcp(&mut self, plain: &[u8]) {
        let sealed = self.secure.as_mut().and_then(|s| s.seal_rtcp(plain));
        self.out.extend(sealed);
    }

    /// Says goodbye.
    pub fn close(&mut self, now: Instant) {
        if let Some(secure) = &mut self.secure {
            secure.close(now, &mut self.out);
        }
        self.phase = Phase::Closed;
    }
}
