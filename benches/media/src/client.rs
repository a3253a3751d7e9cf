//! A client that costs next to nothing: its own checks, DTLS by the library, and it opens only one packet in sixteen,
//! so that the machine's time goes to the server that is measured.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use lianting_media::net::udp::Udp;
use lianting_media::room::feedback::Arrivals;
use lianting_media::room::nack::Reception;
use lianting_media::wire::{Protocol, protocol, rtcp, rtp, stun};
use rtc::crypto::{HashAlgorithm, RTCCryptoProvider, default_provider};
use rtc::dtls::config::{ConfigBuilder, ExtendedMasterSecretType};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use rtc::srtp::config::{Config, LABEL_EXTRACTOR_DTLS_SRTP};
use rtc::srtp::context::Context;
use rtc::srtp::protection_profile::ProtectionProfile;

const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9);
/// What all clients of the load share: nobody outside this machine meets them.
pub const PASSWORD: &str = "0123456789012345678901";
/// Where in a payload the time stands: behind the head of a key frame.
const STAMP: usize = 16;
/// The id under which the transport-wide number travels, in both directions.
pub const TRANSPORT_CC: u8 = 3;

/// Who all clients are.
pub struct Identity {
    provider: Arc<dyn RTCCryptoProvider>,
    certificate: Certificate,
    pub fingerprint: String,
}

impl Identity {
    pub fn new() -> Self {
        let provider = default_provider().expect("a crypto provider");
        let certificate = Certificate::generate_self_signed(vec!["load".to_owned()], provider.crypto()).expect("a certificate");
        let hash = provider.crypto().hash(HashAlgorithm::Sha256, certificate.certificate[0].as_ref()).expect("SHA-256");
        let fingerprint = hash.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(":");
        Self { provider, certificate, fingerprint }
    }
}

/// What is read of the server's description.
#[derive(Clone, Debug, Default)]
pub struct Theirs {
    pub ufrag: String,
    pub password: String,
    pub address: Option<SocketAddr>,
}

impl Theirs {
    pub fn read(sdp: &str) -> Self {
        let line = |name: &str| sdp.lines().find_map(|l| l.trim().strip_prefix(name)).unwrap_or("").to_owned();
        let candidate = sdp.lines().filter_map(|l| l.trim().strip_prefix("a=candidate:")).map(|l| l.split(' ').collect::<Vec<_>>());
        let udp = candidate.into_iter().find(|w| w.len() > 5 && w[1] == "1" && w[2].eq_ignore_ascii_case("udp") && !w[4].contains(':'));
        let address = udp.and_then(|w| format!("{}:{}", w[4], w[5]).parse().ok());
        Self { ufrag: line("a=ice-ufrag:"), password: line("a=ice-pwd:"), address }
    }
}

/// One connection.
pub struct Client {
    pub udp: Udp,
    pub ufrag: String,
    theirs: Theirs,
    endpoint: Endpoint,
    identity: Arc<Identity>,
    keys: Option<(Context, Context)>,
    checked: Option<Instant>,
    answered: bool,
    connecting: bool,
    streams: HashMap<u32, Reception>,
    arrivals: Arrivals,
    reported: (Duration, Duration),
    number: u16,
    checks: u64,
    plain: Vec<u8>,
    numbers: Vec<u16>,
    /// Packets of media received.
    pub received: u64,
    /// Delays measured, in microseconds.
    pub delays: Vec<u32>,
    /// Key frames wished for.
    pub wishes: u64,
}

impl Client {
    pub fn new(identity: &Arc<Identity>, bind: &str, number: usize) -> Self {
        Self {
            udp: Udp::bind(format!("{bind}:0").parse().expect("an address"), 4 << 20).expect("a socket"),
            ufrag: format!("load{number:08}"),
            theirs: Theirs::default(),
            endpoint: Endpoint::new(PEER, TransportProtocol::UDP, None),
            identity: identity.clone(),
            keys: None,
            checked: None,
            answered: false,
            connecting: false,
            streams: HashMap::new(),
            arrivals: Arrivals::default(),
            reported: Default::default(),
            number: 0,
            checks: 0,
            plain: Vec::new(),
            numbers: Vec::new(),
            received: 0,
            delays: Vec::new(),
            wishes: 0,
        }
    }

    /// Where it listens, as a line of a description: Janus believes no check before it was told of the address.
    pub fn candidate(&self) -> String {
        let at = self.udp.bound;
        format!("a=candidate:1 1 udp 2130706431 {} {} typ host\r\na=end-of-candidates\r\n", at.ip(), at.port())
    }

    pub fn meet(&mut self, theirs: Theirs) {
        assert!(theirs.address.is_some(), "the description names no UDP address");
        self.theirs = theirs;
    }

    /// A number for the next check, like no earlier one.
    fn transaction(&mut self) -> [u8; 12] {
        self.checks += 1;
        let mut out = [0x11; 12];
        out[..8].copy_from_slice(&self.checks.to_be_bytes());
        out[8..].copy_from_slice(&u32::from(self.udp.bound.port()).to_be_bytes());
        out
    }

    pub fn ready(&self) -> bool {
        self.keys.is_some()
    }

    /// Everything by the clock: checks, handshake, reports.
    pub fn tick(&mut self, now: Instant, at: Duration, report: bool) {
        let pace = Duration::from_millis(if self.answered { 5000 } else { 100 });
        if self.checked.is_none_or(|c| now - c > pace) {
            self.checked = Some(now);
            let name = format!("{}:{}", self.theirs.ufrag, self.ufrag);
            let check = stun::request(self.transaction(), &name, &self.theirs.password, true);
            self.send(&check);
        }
        if self.answered && !self.connecting {
            self.connecting = true;
            let config = ConfigBuilder::default()
                .with_crypto_provider(self.identity.provider.clone())
                .with_certificates(vec![self.identity.certificate.clone()])
                .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm])
                .with_insecure_skip_verify(true)
                .with_extended_master_secret(ExtendedMasterSecretType::Request)
                .build(true, None)
                .expect("a configuration");
            self.endpoint.connect(now, PEER, Arc::new(config), None).expect("a handshake");
        }
        if self.keys.is_none() {
            let _ = self.endpoint.handle_timeout(PEER, now);
            self.flush();
        } else if report {
            self.report(at);
        }
    }

    fn send(&mut self, datagram: &[u8]) {
        if let Some(to) = self.theirs.address {
            self.udp.send(to, None, datagram);
        }
    }

    fn flush(&mut self) {
        while let Some(transmit) = self.endpoint.poll_transmit() {
            self.send(&transmit.message);
        }
    }

    /// Takes what came. `since` is the clock that publishers write into their packets.
    pub fn receive(&mut self, now: Instant, at: Duration) {
        let mut came: Vec<Vec<u8>> = Vec::new();
        for _ in 0..16 {
            let Self { udp, streams, arrivals, received, keys, delays, .. } = self;
            let more = udp.receive(|_, _, datagram| match protocol(datagram) {
                Some(Protocol::Rtp) => {
                    *received += 1;
                    let Some(header) = rtp::Header::parse(datagram) else { return };
                    if let Some(n) = header.extension(datagram, TRANSPORT_CC) {
                        arrivals.note(u16::from_be_bytes([n[0], n[1]]), at);
                    }
                    let video = header.payload_type == 96;
                    let clock = if video { 90_000 } else { 48_000 };
                    let stream = streams.entry(header.ssrc).or_insert_with(|| Reception::new(header.sequence, clock, video));
                    stream.note(header.sequence, header.timestamp, at);
                    if header.sequence % 16 == 0
                        && let Some(opened) = keys.as_mut().and_then(|k| k.1.decrypt_rtp(datagram).ok())
                        && let Some(sent) = opened.get(header.payload_at + STAMP..header.payload_at + STAMP + 8)
                    {
                        let sent = u64::from_be_bytes(sent.try_into().unwrap_or_default());
                        delays.push((at.as_micros() as u64).saturating_sub(sent) as u32);
                    }
                }
                Some(_) => came.push(datagram.to_vec()),
                None => {}
            });
            if !more {
                break;
            }
        }
        for datagram in came {
            match protocol(&datagram) {
                Some(Protocol::Stun) if datagram[0] == 1 => self.answered = true,
                // libnice checks back even where it says it is lite
                Some(Protocol::Stun) => self.answer(&datagram),
                Some(Protocol::Dtls) => self.record(now, &datagram),
                Some(Protocol::Rtcp) => self.rtcp(&datagram),
                _ => {}
            }
        }
    }

    fn answer(&mut self, check: &[u8]) {
        if let (Some(request), Some(from)) = (stun::Request::parse(check), self.theirs.address) {
            let answer = request.answer(from, PASSWORD);
            self.send(&answer);
        }
    }

    fn record(&mut self, now: Instant, datagram: &[u8]) {
        let events = self.endpoint.read(now, PEER, None, BytesMut::from(datagram)).unwrap_or_default();
        if events.iter().any(|e| matches!(e, EndpointEvent::HandshakeComplete)) {
            let state = self.endpoint.get_connection_state(PEER).expect("a state");
            let mut config = Config { profile: ProtectionProfile::AeadAes128Gcm, ..Config::default() };
            let material = state.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], config.keying_material_len()).expect("keys");
            config.set_session_keys_from_keying_material(material.as_ref(), true).expect("keys");
            let crypto = self.identity.provider.crypto();
            let context = |key: &[u8], salt: &[u8]| Context::new(key, salt, config.profile, None, None, crypto).expect("a context");
            let keys = &config.keys;
            let both =
                (context(&keys.local_master_key, &keys.local_master_salt), context(&keys.remote_master_key, &keys.remote_master_salt));
            self.keys = Some(both);
        }
        self.flush();
    }

    fn rtcp(&mut self, datagram: &[u8]) {
        let Some(opened) = self.keys.as_mut().and_then(|k| k.1.decrypt_rtcp(datagram).ok()) else { return };
        self.wishes += rtcp::read(&opened).filter(|r| matches!(r, rtcp::Report::KeyFrame { .. })).count() as u64;
    }

    /// Feedback ten times a second, lost packets at once, receiver reports each second: as a browser does.
    fn report(&mut self, at: Duration) {
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        if at - self.reported.1 > Duration::from_secs(1) && !self.streams.is_empty() {
            self.reported.1 = at;
            let blocks: Vec<_> = self.streams.iter_mut().map(|(ssrc, s)| s.block(*ssrc, at)).collect();
            rtcp::receiver_report(&mut plain, 1, &blocks);
        }
        for (ssrc, stream) in &mut self.streams {
            stream.ask(at, &mut self.numbers);
            if !self.numbers.is_empty() {
                rtcp::nack(&mut plain, 1, *ssrc, &self.numbers);
            }
        }
        if at - self.reported.0 > Duration::from_millis(100) {
            self.reported.0 = at;
            let media = self.streams.keys().next().copied().unwrap_or(1);
            self.arrivals.write(&mut plain, 1, media);
        }
        if !plain.is_empty()
            && let Some(sealed) = self.keys.as_mut().and_then(|k| k.0.encrypt_rtcp(&plain).ok())
        {
            self.send(&sealed);
        }
        self.plain = plain;
    }

    /// Sends one packet of media, with the time in its payload.
    pub fn speak(&mut self, video: bool, marker: bool, sequence: u16, timestamp: u32, ssrc: u32, head: &[u8], size: usize, at: Duration) {
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        self.number = self.number.wrapping_add(1);
        rtp::write(&mut plain, if video { 96 } else { 111 }, marker, sequence, timestamp, ssrc, TRANSPORT_CC, self.number);
        let payload = plain.len();
        plain.extend_from_slice(head);
        plain.resize(payload + size.max(STAMP + 8), 0x55);
        plain[payload + STAMP..payload + STAMP + 8].copy_from_slice(&(at.as_micros() as u64).to_be_bytes());
        if let Some(sealed) = self.keys.as_mut().and_then(|k| k.0.encrypt_rtp(&plain).ok()) {
            self.send(&sealed);
        }
        self.plain = plain;
    }
}
