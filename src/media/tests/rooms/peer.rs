//! A hall with an engine in it, and people who speak to it over UDP.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use lianting_media::{
    Begin, Config, Engine, Event, Gate, Kinds, MediaError, ParticipantId, Publish, Random, RoomId, Tap, TapPacket, TrackKind,
};
use ring::rand::SecureRandom;
use rtc::interceptor::Registry;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8, MediaEngine};
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::message::RTCMessage;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::{CandidateConfig, CandidateHostConfig, RTCDtlsRole, RTCIceCandidate};
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtp_transceiver::RTCRtpSenderId;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use rtc::sansio::Protocol;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};

pub const ROOM: RoomId = RoomId(1);
pub const PATIENCE: Duration = Duration::from_secs(60);

pub fn who(number: u128) -> ParticipantId {
    ParticipantId(number)
}

pub fn random() -> Random {
    let source = ring::rand::SystemRandom::new();
    Arc::new(move |bytes: &mut [u8]| source.fill(bytes).unwrap())
}

/// Counts what the recorder would get.
#[derive(Clone, Default)]
pub struct Counts(pub Arc<Mutex<HashMap<(u128, TrackKind), u64>>>);

impl Counts {
    pub fn of(&self, participant: u128, kind: TrackKind) -> u64 {
        self.0.lock().unwrap().get(&(participant, kind)).copied().unwrap_or(0)
    }
}

impl Tap for Counts {
    fn packet(&self, p: TapPacket) {
        *self.0.lock().unwrap().entry((p.participant.0, p.track)).or_default() += 1;
    }
    fn sender_report(&self, _: ParticipantId, _: TrackKind, _: u32, _: u64, _: u32) {}
    fn joined(&self, _: ParticipantId, _: Duration) {}
    fn left(&self, _: ParticipantId, _: Duration) {}
    fn gate(&self, _: ParticipantId, _: TrackKind, _: Gate, _: Duration) {}
    fn overflowed(&self) -> u64 {
        0
    }
}

pub struct Hall {
    pub engine: Engine,
    pub events: tokio::sync::mpsc::Receiver<Event>,
    pub tap: Counts,
    tickets: AtomicU64,
}

impl Hall {
    pub fn open() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), random());
        change(&mut config);
        let (engine, events) = Engine::start(config).unwrap();
        let tap = Counts::default();
        engine.create_room(ROOM, Box::new(tap.clone())).wait().unwrap();
        Self { engine, events, tap, tickets: AtomicU64::new(1) }
    }

    pub fn ticket(&self) -> u128 {
        u128::from(self.tickets.fetch_add(1, Ordering::Relaxed))
    }

    pub fn admit(&self, number: u128) -> Result<(), MediaError> {
        self.engine.admit(ROOM, who(number), self.ticket(), Publish::SPEAKER).wait()
    }

    pub fn grant(&self, grants: &[(u128, u128, Kinds)]) {
        let grants = grants.iter().map(|(r, p, k)| (who(*r), who(*p), *k)).collect();
        self.engine.set_receive(ROOM, grants, true).wait().unwrap();
    }

    /// A participant who sends audio and video.
    pub fn publisher(&self, number: u128) -> Link {
        let mut link = Link::new();
        link.audio = Some(link.track(RtpCodecKind::Audio, 1000 + number as u32));
        link.video = Some(link.track(RtpCodecKind::Video, 2000 + number as u32));
        let offer = link.pc.create_offer(None).unwrap();
        link.pc.set_local_description(Instant::now(), offer.clone()).unwrap();
        let answer = self.engine.publish_offer(ROOM, who(number), offer.sdp, vec![]).wait().unwrap();
        link.theirs = answer.clone();
        link.pc.set_remote_description(Instant::now(), RTCSessionDescription::answer(udp_only(&answer)).unwrap()).unwrap();
        link
    }

    /// A participant who takes what it may have.
    pub fn receiver(&self, number: u128) -> Link {
        let mut link = Link::new();
        self.take_offer(number, &mut link, Begin::Anew);
        link
    }

    /// Takes an offer, if there is one.
    pub fn take_offer(&self, number: u128, link: &mut Link, begin: Begin) -> bool {
        let Some(offer) = self.engine.receive_offer(ROOM, who(number), begin).wait().unwrap() else { return false };
        link.theirs = offer.sdp.clone();
        link.pc.set_remote_description(Instant::now(), RTCSessionDescription::offer(udp_only(&offer.sdp)).unwrap()).unwrap();
        let answer = link.pc.create_answer(None).unwrap();
        link.pc.set_local_description(Instant::now(), answer.clone()).unwrap();
        self.engine.receive_answer(ROOM, who(number), offer.version, answer.sdp).wait().unwrap();
        true
    }
}

fn udp_only(sdp: &str) -> String {
    sdp.lines().filter(|l| !(l.starts_with("a=candidate") && l.contains(" tcp "))).map(|l| format!("{l}\r\n")).collect()
}

pub struct Got {
    pub sequence: u16,
    pub timestamp: u32,
    pub payload_type: u8,
    pub payload: Bytes,
}

/// One peer connection with its socket.
pub struct Link {
    pub pc: RTCPeerConnection,
    pub socket: UdpSocket,
    pub local: SocketAddr,
    pub audio: Option<RTCRtpSenderId>,
    pub video: Option<RTCRtpSenderId>,
    pub theirs: String,
    pub got: HashMap<u32, Vec<Got>>,
    /// Of so many incoming media datagrams one is lost; 0: none.
    pub lose: usize,
    seen: usize,
    sent: u16,
    /// Key frames only when asked for: is one owed?
    pub key_owed: Option<bool>,
}

impl Link {
    fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let local = socket.local_addr().unwrap();
        let mut media = MediaEngine::default();
        media.register_default_codecs().unwrap();
        let registry = register_default_interceptors(Registry::new(), &mut media).unwrap();
        let settings = SettingEngineBuilder::new().with_answering_dtls_role(RTCDtlsRole::Client).build();
        let builder =
            RTCPeerConnectionBuilder::new().with_media_engine(media).with_interceptor_registry(registry).with_setting_engine(settings);
        let mut pc = builder.build(Instant::now()).unwrap();
        let base_config = CandidateConfig {
            network: "udp".to_owned(),
            address: local.ip().to_string(),
            port: local.port(),
            component: 1,
            ..Default::default()
        };
        let candidate = CandidateHostConfig { base_config, ..Default::default() }.new_candidate_host().unwrap();
        pc.add_local_candidate(RTCIceCandidate::from(&candidate).to_json().unwrap()).unwrap();
        let (theirs, got) = (String::new(), HashMap::new());
        Self { pc, socket, local, audio: None, video: None, theirs, got, lose: 0, seen: 0, sent: 0, key_owed: None }
    }

    fn track(&mut self, kind: RtpCodecKind, ssrc: u32) -> RTCRtpSenderId {
        let audio = kind == RtpCodecKind::Audio;
        let (mime, clock_rate, channels) = if audio { (MIME_TYPE_OPUS, 48_000, 2) } else { (MIME_TYPE_VP8, 90_000, 0) };
        let codec = RTCRtpCodec { mime_type: mime.to_owned(), clock_rate, channels, ..Default::default() };
        let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters, codec, ..Default::default() };
        let track = MediaStreamTrack::new("stream".into(), format!("track{ssrc}"), "label".into(), kind, vec![encoding]);
        self.pc.add_track(track).unwrap()
    }

    /// Sends one packet of audio and one of video; every twentieth picture is a key frame.
    pub fn speak(&mut self) {
        let number = self.sent;
        self.sent = self.sent.wrapping_add(1);
        let is_key = match &mut self.key_owed {
            Some(owed) => std::mem::take(owed),
            None => number.is_multiple_of(20),
        };
        let key = u8::from(!is_key);
        let picture = number & 0x7fff | 0x8000;
        let mut video = vec![0x90, 0x80, (picture >> 8) as u8, picture as u8, key];
        video.resize(600, number as u8);
        self.write(self.audio, 111, number, u32::from(number) * 960, vec![number as u8; 80]);
        self.write(self.video, 96, number, u32::from(number) * 1800, video);
    }

    fn write(&mut self, sender: Option<RTCRtpSenderId>, payload_type: u8, sequence: u16, timestamp: u32, payload: Vec<u8>) {
        let Some(mut sender) = sender.and_then(|s| self.pc.rtp_sender(s)) else { return };
        let ssrc = sender.track().ssrcs().last().unwrap();
        let marker = payload_type == 96;
        let header =
            rtc::rtp::Header { version: 2, marker, payload_type, sequence_number: sequence, timestamp, ssrc, ..Default::default() };
        let packet = rtc::rtp::Packet { header, payload: payload.into() };
        let _ = sender.write_rtp(Instant::now(), packet);
    }

    /// Moves everything that is ready.
    pub fn step(&mut self) {
        let now = Instant::now();
        let mut buffer = [0; 2000];
        while let Ok((count, from)) = self.socket.recv_from(&mut buffer) {
            let media = (128..192).contains(&buffer[0]) && !(192..224).contains(&buffer[1]);
            self.seen += usize::from(media);
            if media && self.lose > 0 && self.seen.is_multiple_of(self.lose) {
                continue;
            }
            let transport =
                TransportContext { local_addr: self.local, peer_addr: from, ecn: None, transport_protocol: TransportProtocol::UDP };
            let _ = self.pc.handle_read(TaggedBytesMut { now, transport, message: BytesMut::from(&buffer[..count]) });
        }
        while self.pc.poll_event().is_some() {}
        while let Some(message) = self.pc.poll_read() {
            if let RTCMessage::RtpPacket(_, p) = message.message {
                let (h, payload) = (p.header, p.payload);
                let got = Got { sequence: h.sequence_number, timestamp: h.timestamp, payload_type: h.payload_type, payload };
                self.got.entry(h.ssrc).or_default().push(got);
            }
        }
        if self.pc.poll_timeout().is_some_and(|due| due <= now) {
            let _ = self.pc.handle_timeout(now);
        }
        while let Some(message) = self.pc.poll_write() {
            let _ = self.socket.send_to(&message.message, message.transport.peer_addr);
        }
    }

    /// Streams of which more than so many packets came.
    pub fn streams(&self, payload_type: u8, more_than: usize) -> usize {
        self.got.values().filter(|g| g.len() > more_than && g[0].payload_type == payload_type).count()
    }

    pub fn packets(&self, payload_type: u8) -> usize {
        self.got.values().flatten().filter(|g| g.payload_type == payload_type).count()
    }

    pub fn total(&self) -> usize {
        self.got.values().map(Vec::len).sum()
    }
}

/// Lets everybody work and the publishers speak, until it is so.
pub fn until(what: &str, speaking: &mut [&mut Link], listening: &mut [&mut Link], mut so: impl FnMut(&[&mut Link]) -> bool) {
    let end = Instant::now() + PATIENCE;
    let mut next = Instant::now();
    while !so(listening) {
        assert!(Instant::now() < end, "{what}: not in time; packets so far {:?}", listening.iter().map(|l| l.total()).collect::<Vec<_>>());
        if Instant::now() >= next {
            next = Instant::now() + Duration::from_millis(10);
            speaking.iter_mut().for_each(|l| l.speak());
        }
        speaking.iter_mut().for_each(|l| l.step());
        listening.iter_mut().for_each(|l| l.step());
        std::thread::sleep(Duration::from_millis(1));
    }
}
