//! DTLS and SRTP of one connection, by the library's own state machines; we are always the DTLS server.
//!
//! Must never: accept a certificate other than the one the description named, hand out bytes that were not
//! authenticated, or let unauthenticated packets grow a table without bound.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::crypto::{HashAlgorithm, RTCCryptoProvider, default_provider};
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig, VerifyPeerCertificateFn};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile as Offer;
use rtc::dtls::state::State;
use rtc::shared::TransportProtocol;
use rtc::shared::error::Error;
use rtc::srtp::config::{Config, LABEL_EXTRACTOR_DTLS_SRTP};
use rtc::srtp::context::Context;
use rtc::srtp::option::{srtcp_replay_protection, srtp_replay_protection};
use rtc::srtp::protection_profile::ProtectionProfile;

use crate::error::{MediaError, Result};
use crate::wire::{rtp, u32_at};

/// A retransmission may come so many packets late.
const REPLAY_WINDOW: usize = 1024;
/// The handshake runs over whatever path ICE found; the library wants a name for the other side.
const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9);

/// Who the engine is to its peers: one certificate, made at start.
pub struct Identity {
    certificate: Certificate,
    provider: Arc<dyn RTCCryptoProvider>,
    /// SHA-256 of the certificate, as descriptions write it.
    pub fingerprint: String,
}

impl Identity {
    /// Makes a certificate.
    pub fn new() -> Result<Self> {
        let trouble = |e: String| MediaError::Crypto(e);
        let provider = default_provider().map_err(|e| trouble(e.to_string()))?;
        let certificate =
            Certificate::generate_self_signed(vec!["media".to_owned()], provider.crypto()).map_err(|e| trouble(e.to_string()))?;
        let der = certificate.certificate.first().ok_or_else(|| trouble("no certificate".to_owned()))?;
        let fingerprint = print(provider.as_ref(), der.as_ref()).ok_or_else(|| trouble("no SHA-256".to_owned()))?;
        Ok(Self { certificate, provider, fingerprint: fingerprint.to_ascii_uppercase() })
    }
}

fn print(provider: &dyn RTCCryptoProvider, der: &[u8]) -> Option<String> {
    let hash = provider.crypto().hash(HashAlgorithm::Sha256, der).ok()?;
    Some(hash.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":"))
}

/// What a handshake record led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Keys are there: media may flow.
    Ready,
    /// The other side said goodbye.
    Closed,
}

/// Sources seen on a connection. A table inside the library gets an entry for each source before its packet is
/// proven, so we do not let it see arbitrarily many.
struct Guard {
    known: Vec<u32>,
    refill: Duration,
    budget: u32,
}

const MOST_SOURCES: usize = 512;

impl Guard {
    fn admits(&mut self, ssrc: u32, now: Duration) -> bool {
        if self.known.contains(&ssrc) {
            return true;
        }
        if now.saturating_sub(self.refill) >= Duration::from_secs(1) {
            (self.refill, self.budget) = (now, 16);
        }
        if self.budget == 0 || self.known.len() >= MOST_SOURCES {
            return false;
        }
        self.budget -= 1;
        self.known.push(ssrc);
        true
    }

    /// A proven source is looked up first from now on.
    fn proven(&mut self, ssrc: u32) {
        if let Some(i) = self.known.iter().position(|s| *s == ssrc).filter(|i| *i > 16) {
            self.known.swap(i, i % 16);
        }
    }
}

/// The handshake and, after it, the keys of both directions.
pub struct Secure {
    endpoint: Endpoint,
    /// For clients that can do better than the first profile of their list; used if their greeting shows it.
    better: Option<Arc<HandshakeConfig>>,
    greeting: Greeting,
    provider: Arc<dyn RTCCryptoProvider>,
    keys: Option<(Context, Context)>,
    guard: Guard,
    records: u32,
    flight: Flight,
}

/// What we said last in the handshake, to be said again while nothing new comes (RFC 6347 4.2.4).
///
/// The library does this too, but lets its timer go for good as soon as the client repeats its own last flight: one
/// lost answer and the handshake stood still. The same bytes are sent again: of a flight that came in part, the client
/// drops the records it had and reads those that were lost.
#[derive(Default)]
struct Flight {
    sent: Vec<BytesMut>,
    due: Option<Instant>,
    pause: Duration,
}

/// A first repeat after so long, then after twice as long, up to the last.
const REPEAT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(1_600));

impl Flight {
    /// A new flight went out.
    fn left(&mut self, sent: &[BytesMut], now: Instant) {
        *self = Self { sent: sent.to_vec(), due: Some(now + REPEAT.0), pause: REPEAT.0 };
    }

    /// What is to be said again now.
    fn again(&mut self, now: Instant) -> &[BytesMut] {
        if self.due.is_none_or(|due| due > now) {
            return &[];
        }
        self.pause = (self.pause * 2).min(REPEAT.1);
        self.due = Some(now + self.pause);
        &self.sent
    }
}

/// A handshake takes a dozen datagrams. The library keeps records it cannot read yet, so their number has an end.
const MOST_RECORDS: u32 = 300;

impl Secure {
    /// Waits for the client whose certificate has this fingerprint (lower case).
    pub fn new(identity: &Identity, fingerprint: &str) -> Result<Self> {
        let (provider, wanted) = (identity.provider.clone(), fingerprint.to_owned());
        let verify: VerifyPeerCertificateFn = Arc::new(move |chain: &[Vec<u8>], _: &[_]| {
            let found = chain.first().and_then(|der| print(provider.as_ref(), der));
            if found.is_some_and(|f| f == wanted) { Ok(()) } else { Err(Error::ErrNoMatchingCertificateFingerprint) }
        });
        let config = |profiles: &[Offer]| {
            let builder = ConfigBuilder::default()
                .with_crypto_provider(identity.provider.clone())
                .with_certificates(vec![identity.certificate.clone()])
                .with_srtp_protection_profiles(profiles.to_vec())
                .with_client_auth(ClientAuthType::RequireAnyClientCert)
                .with_insecure_skip_verify(true) // no authority: the fingerprint decides
                .with_verify_peer_certificate(Some(verify.clone()))
                .with_extended_master_secret(ExtendedMasterSecretType::Require);
            builder.build(false, None).map(Arc::new).map_err(|e| MediaError::Crypto(e.to_string()))
        };
        let every = config(&[Offer::Srtp_Aead_Aes_128_Gcm, Offer::Srtp_Aead_Aes_256_Gcm, Offer::Srtp_Aes128_Cm_Hmac_Sha1_80])?;
        Ok(Self {
            endpoint: Endpoint::new(PEER, TransportProtocol::UDP, Some(every)),
            better: Some(config(&[Offer::Srtp_Aead_Aes_128_Gcm])?),
            greeting: Greeting::default(),
            provider: identity.provider.clone(),
            keys: None,
            guard: Guard { known: Vec::new(), refill: Duration::ZERO, budget: 16 },
            records: 0,
            flight: Flight::default(),
        })
    }

    /// Are the keys there?
    pub fn ready(&self) -> bool {
        self.keys.is_some()
    }

    /// Takes a handshake record; what is to be sent is appended to `out`.
    pub fn record(&mut self, now: Instant, datagram: &[u8], out: &mut Vec<BytesMut>) -> Option<Change> {
        self.records += 1;
        if self.records > MOST_RECORDS {
            return None;
        }
        if self.better.is_none() {
            return self.take(now, BytesMut::from(datagram), out);
        }
        if !self.greeting.complete(datagram) {
            return None;
        }
        if let Some(better) = self.better.take().filter(|_| offers_gcm(&self.greeting.text)) {
            self.endpoint.set_server_config(Some(better));
        }
        let held = std::mem::take(&mut self.greeting).held;
        held.into_iter().filter_map(|datagram| self.take(now, datagram, out)).last()
    }

    fn take(&mut self, now: Instant, datagram: BytesMut, out: &mut Vec<BytesMut>) -> Option<Change> {
        let events = self.endpoint.read(now, PEER, None, datagram);
        let before = out.len();
        self.collect(out);
        if out.len() > before {
            self.flight.left(&out[before..], now);
        }
        let mut change = None;
        for event in events.ok()? {
            match event {
                EndpointEvent::HandshakeComplete => {
                    let keys = self.endpoint.get_connection_state(PEER).and_then(|s| keys(s, self.provider.as_ref()));
                    change = keys.is_some().then_some(Change::Ready);
                    self.keys = keys;
                    // from here on the library answers a repeat with our last flight by itself
                    self.flight = Flight::default();
                }
                EndpointEvent::PeerClosed => change = Some(Change::Closed),
                _ => {}
            }
        }
        change
    }

    /// Sends a flight again when it is time.
    pub fn tick(&mut self, now: Instant, out: &mut Vec<BytesMut>) {
        out.extend_from_slice(self.flight.again(now));
    }

    /// Says goodbye.
    pub fn close(&mut self, now: Instant, out: &mut Vec<BytesMut>) {
        let _ = self.endpoint.close(now);
        self.collect(out);
    }

    fn collect(&mut self, out: &mut Vec<BytesMut>) {
        while let Some(transmit) = self.endpoint.poll_transmit() {
            out.push(transmit.message);
        }
    }

    /// Decrypts a media packet.
    pub fn open_rtp(&mut self, datagram: &[u8], now: Duration) -> Option<BytesMut> {
        let (_, ssrc) = rtp::peek(datagram)?;
        if !self.guard.admits(ssrc, now) {
            return None;
        }
        let opened = self.keys.as_mut()?.1.decrypt_rtp(datagram).ok()?;
        self.guard.proven(ssrc);
        Some(opened)
    }

    /// Decrypts a report.
    pub fn open_rtcp(&mut self, datagram: &[u8], now: Duration) -> Option<BytesMut> {
        let ssrc = u32_at(datagram, 4)?;
        if !self.guard.admits(ssrc, now) {
            return None;
        }
        self.keys.as_mut()?.1.decrypt_rtcp(datagram).ok()
    }

    /// Encrypts a media packet whose header is also given parsed.
    pub fn seal_rtp(&mut self, plain: &[u8], header: &rtc::rtp::Header) -> Option<BytesMut> {
        self.keys.as_mut()?.0.encrypt_rtp_with_header(plain, header).ok()
    }

    /// Encrypts a compound of reports.
    pub fn seal_rtcp(&mut self, plain: &[u8]) -> Option<BytesMut> {
        self.keys.as_mut()?.0.encrypt_rtcp(plain).ok()
    }
}

/// The first message of a client, which may come in several datagrams: they are held until it is whole, because the
/// library settles the cipher by the configuration it has when the first of them arrives.
#[derive(Default)]
struct Greeting {
    held: Vec<BytesMut>,
    text: Vec<u8>,
}

const MOST_HELD: usize = 6;

impl Greeting {
    /// Takes a datagram; answers true when there is nothing more to wait for.
    fn complete(&mut self, datagram: &[u8]) -> bool {
        self.held.push(BytesMut::from(datagram));
        let Some((length, offset, body)) = fragment(datagram) else { return true };
        if offset == self.text.len() {
            self.text.extend_from_slice(body);
        }
        self.text.len() >= length || self.held.len() >= MOST_HELD
    }
}

/// A record with a piece of a ClientHello: the length of the whole, where the piece begins, the piece (RFC 6347 4.2.3).
fn fragment(record: &[u8]) -> Option<(usize, usize, &[u8])> {
    let three = |at: usize| Some(u32::from_be_bytes([0, *record.get(at)?, *record.get(at + 1)?, *record.get(at + 2)?]) as usize);
    if record.first() != Some(&22) || record.get(13) != Some(&1) {
        return None;
    }
    let (length, offset, size) = (three(14)?, three(19)?, three(22)?);
    Some((length, offset, record.get(25..25 + size)?))
}

/// Does a client's greeting offer AES-128-GCM (RFC 7714) in its `use_srtp` list? The library takes the first entry of
/// the client's list, browsers begin with AES-CM and HMAC-SHA1, and GCM costs half. Not seen is not harmful.
fn offers_gcm(record: &[u8]) -> bool {
    let lists = record.windows(6).enumerate().filter(|(_, w)| w[..2] == [0, 14] && w[2..4] != [0, 0]);
    lists.into_iter().any(|(at, w)| {
        let (whole, list) = (usize::from(u16::from_be_bytes([w[2], w[3]])), usize::from(u16::from_be_bytes([w[4], w[5]])));
        let profiles = record.get(at + 6..at + 6 + list).filter(|_| list + 3 <= whole && list % 2 == 0 && whole < 64);
        profiles.is_some_and(|p| p.as_chunks::<2>().0.contains(&[0, 7]))
    })
}

fn keys(state: &State, provider: &dyn RTCCryptoProvider) -> Option<(Context, Context)> {
    let profile = match state.srtp_protection_profile() {
        Offer::Srtp_Aead_Aes_128_Gcm => ProtectionProfile::AeadAes128Gcm,
        Offer::Srtp_Aead_Aes_256_Gcm => ProtectionProfile::AeadAes256Gcm,
        Offer::Srtp_Aes128_Cm_Hmac_Sha1_80 => ProtectionProfile::Aes128CmHmacSha1_80,
        _ => return None,
    };
    let mut config = Config { profile, ..Config::default() };
    let material = state.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], config.keying_material_len()).ok()?;
    config.set_session_keys_from_keying_material(material.as_ref(), state.is_client()).ok()?;
    let (keys, crypto) = (&config.keys, provider.crypto());
    let local = Context::new(&keys.local_master_key, &keys.local_master_salt, profile, None, None, crypto).ok()?;
    let (media, reports) = (srtp_replay_protection(REPLAY_WINDOW), srtcp_replay_protection(64));
    let remote = Context::new(&keys.remote_master_key, &keys.remote_master_salt, profile, Some(media), Some(reports), crypto).ok()?;
    Some((local, remote))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client of the library's own, and a line that loses what it is told to.
    struct Line {
        client: Endpoint,
        server: Secure,
        now: Instant,
        sent: usize,
        ready: (bool, bool),
    }

    impl Line {
        fn new() -> Self {
            let (ours, theirs) = (Identity::new().unwrap(), Identity::new().unwrap());
            let config = ConfigBuilder::default()
                .with_crypto_provider(theirs.provider.clone())
                .with_certificates(vec![theirs.certificate.clone()])
                .with_srtp_protection_profiles(vec![Offer::Srtp_Aead_Aes_128_Gcm])
                .with_insecure_skip_verify(true)
                .with_flight_interval(Duration::from_millis(50))
                .with_extended_master_secret(ExtendedMasterSecretType::Require)
                .build(true, None)
                .unwrap();
            let (mut client, now) = (Endpoint::new(PEER, TransportProtocol::UDP, None), Instant::now());
            client.connect(now, PEER, Arc::new(config), None).unwrap();
            let server = Secure::new(&ours, &theirs.fingerprint.to_lowercase()).unwrap();
            Self { client, server, now, sent: 0, ready: (false, false) }
        }

        fn arrives(&mut self, lost: &[usize]) -> bool {
            self.sent += 1;
            !lost.contains(&(self.sent - 1))
        }

        /// Everything that is on its way now, both ways, until the line is quiet.
        fn settle(&mut self, lost: &[usize], mut down: Vec<BytesMut>) {
            loop {
                for datagram in std::mem::take(&mut down) {
                    if self.arrives(lost) {
                        let events = self.client.read(self.now, PEER, None, datagram).unwrap_or_default();
                        self.ready.0 |= events.iter().any(|e| matches!(e, EndpointEvent::HandshakeComplete));
                    }
                }
                let mut quiet = true;
                while let Some(up) = self.client.poll_transmit() {
                    quiet = false;
                    if self.arrives(lost) {
                        self.ready.1 |= self.server.record(self.now, &up.message, &mut down) == Some(Change::Ready);
                    }
                }
                if quiet && down.is_empty() {
                    return;
                }
            }
        }

        /// Four seconds of the line.
        fn run(mut self, lost: &[usize]) -> (bool, bool) {
            for _ in 0..80 {
                let mut down = Vec::new();
                self.server.tick(self.now, &mut down);
                let _ = self.client.handle_timeout(PEER, self.now);
                self.settle(lost, down);
                self.now += Duration::from_millis(50);
            }
            self.ready
        }
    }

    /// Whichever two datagrams of a handshake are lost, it comes to its end.
    #[test]
    fn a_handshake_outlives_the_loss_of_any_two_datagrams() {
        for first in 0..9 {
            for second in first..9 {
                assert_eq!(Line::new().run(&[first, second]), (true, true), "datagrams {first} and {second} were lost");
            }
        }
    }

    #[test]
    fn a_better_cipher_is_seen_in_the_first_record() {
        let hello = |profiles: &[u8]| {
            let mut record = vec![22, 254, 253, 0, 0, 0, 14, 0];
            record.extend_from_slice(&[0, 14, 0, profiles.len() as u8 + 3, 0, profiles.len() as u8]);
            record.extend_from_slice(profiles);
            record.push(0);
            record
        };
        assert!(offers_gcm(&hello(&[0, 1, 0, 7])) && offers_gcm(&hello(&[0, 8, 0, 7, 0, 1])));
        assert!(!offers_gcm(&hello(&[0, 1, 0, 2])) && !offers_gcm(&[]) && !offers_gcm(&hello(&[0, 1, 0, 7])[..17]));
    }
}
