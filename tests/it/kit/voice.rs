//! Sound and pictures that are really sent and received: a peer connection of another stack, fed by a thread of its own.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use bytes::BytesMut;
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
use rtc::turn::client::{Client, ClientConfig, Event};

const PATIENCE: Duration = Duration::from_secs(20);
/// 20 ms of silence, as Opus says it.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
/// Every tenth picture is a whole one.
const KEY_EVERY: u16 = 10;

/// The realm of the relays of tests.
pub const REALM: &str = "court.example";

type Job = Box<dyn FnOnce(&mut Link) + Send>;
/// Packets by what they carry (111 sound, 96 pictures) and whose mark they bear.
type Heard = Arc<Mutex<BTreeMap<(u8, u8), u64>>>;

/// A connection being fed by a thread of its own.
pub struct Voice {
    stop: Arc<AtomicBool>,
    heard: Heard,
    jobs: mpsc::Sender<Job>,
    thread: Option<std::thread::JoinHandle<()>>,
    /// The offer that was answered last.
    pub version: u64,
}

impl Voice {
    /// Begins to feed it.
    pub fn of(mut link: Link) -> Self {
        let (stop, heard, (jobs, todo)) = (Arc::new(AtomicBool::new(false)), Heard::default(), mpsc::channel::<Job>());
        let (ends, counts) = (stop.clone(), heard.clone());
        let thread = std::thread::spawn(move || {
            let mut next = Instant::now();
            while !ends.load(Ordering::SeqCst) {
                if Instant::now() >= next {
                    next = (next + Duration::from_millis(20)).max(Instant::now() - Duration::from_millis(100));
                    link.say();
                }
                for job in todo.try_iter() {
                    job(&mut link);
                }
                link.step(&counts);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        Self { stop, heard, jobs, thread: Some(thread), version: 0 }
    }

    /// Does something with the connection, on its thread.
    pub async fn within<T: Send + 'static>(&self, job: impl FnOnce(&mut Link) -> T + Send + 'static) -> T {
        let (tell, told) = tokio::sync::oneshot::channel();
        let job: Job = Box::new(move |link| drop(tell.send(job(link))));
        self.jobs.send(job).unwrap();
        told.await.unwrap()
    }

    /// Packets of sound heard so far.
    pub fn heard(&self) -> u64 {
        self.count(|(kind, _)| kind == 111)
    }

    /// Packets of pictures that came so far.
    pub fn seen(&self) -> u64 {
        self.count(|(kind, _)| kind == 96)
    }

    /// Packets of sound of one voice.
    pub fn heard_of(&self, mark: u8) -> u64 {
        self.count(|k| k == (111, mark))
    }

    /// Packets of pictures of one voice.
    pub fn seen_of(&self, mark: u8) -> u64 {
        self.count(|k| k == (96, mark))
    }

    /// Everything that was counted.
    pub fn counted(&self) -> String {
        format!("{:?}", self.heard.lock().unwrap())
    }

    fn count(&self, which: impl Fn((u8, u8)) -> bool) -> u64 {
        self.heard.lock().unwrap().iter().filter(|(k, _)| which(**k)).map(|(_, n)| n).sum()
    }

    /// Waits until more was heard.
    pub async fn hears(&self, more: u64) {
        self.gets("sound", more, Self::heard).await;
    }

    /// Waits until more of something came.
    pub async fn gets(&self, what: &str, more: u64, of: impl Fn(&Self) -> u64) {
        let (had, end) = (of(self), Instant::now() + PATIENCE);
        while of(self) < had + more {
            assert!(Instant::now() < end, "{what}: {} packets only; {:?}", of(self) - had, self.heard.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A place on a relay, as a client of it.
pub struct Relay {
    client: Client,
    server: SocketAddr,
    relayed: SocketAddr,
    permitted: Vec<SocketAddr>,
}

impl Relay {
    /// Asks a relay for a place; its word when it gives none.
    pub fn take(server: SocketAddr, username: &str, password: &str) -> Result<(Self, UdpSocket), String> {
        let socket = own_socket();
        let config = ClientConfig {
            stun_serv_addr: server.to_string(),
            turn_serv_addr: server.to_string(),
            local_addr: socket.local_addr().unwrap(),
            transport_protocol: TransportProtocol::UDP,
            username: username.to_owned(),
            password: password.to_owned(),
            realm: REALM.to_owned(),
            software: String::new(),
            rto_in_ms: 0,
            allocation_refresh_interval_cap: None,
        };
        let client = Client::new(config, rtc::crypto::default_provider().map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
        let mut relay = Self { client, server, relayed: server, permitted: Vec::new() };
        relay.client.allocate(Instant::now()).map_err(|e| e.to_string())?;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            relay.flush(&socket);
            let _ = receive(&socket, |message| drop(relay.client.handle_read(message)));
            let _ = relay.client.handle_timeout(Instant::now());
            while let Some(event) = relay.client.poll_event() {
                match event {
                    Event::AllocateResponse(_, relayed) => {
                        relay.relayed = relayed;
                        return Ok((relay, socket));
                    }
                    Event::AllocateError(_, e) => return Err(e.to_string()),
                    Event::TransactionTimeout(_) => return Err("no answer".to_owned()),
                    _ => {}
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err("nothing".to_owned())
    }

    fn flush(&mut self, socket: &UdpSocket) {
        while let Some(out) = self.client.poll_write() {
            let _ = socket.send_to(&out.message, self.server);
        }
    }

    fn send(&mut self, bytes: &[u8], to: SocketAddr) {
        let now = Instant::now();
        let Ok(mut way) = self.client.relay(self.relayed) else { return };
        if !self.permitted.contains(&to) {
            let _ = way.create_permission(now, to);
            self.permitted.push(to);
        }
        // what is not permitted yet is lost; it is sent again
        let _ = way.send_to(now, bytes, to);
    }

    /// What peers sent through it.
    fn arrived(&mut self, message: TaggedBytesMut) -> Vec<(SocketAddr, BytesMut)> {
        let _ = self.client.handle_read(message);
        let _ = self.client.handle_timeout(Instant::now());
        let mut all = Vec::new();
        while let Some(event) = self.client.poll_event() {
            if let Event::DataIndicationOrChannelData(_, from, data) = event {
                all.push((from, data));
            }
        }
        all
    }
}

fn own_socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    socket
}

/// Everything that lies at a socket.
fn receive(socket: &UdpSocket, mut take: impl FnMut(TaggedBytesMut)) -> usize {
    let (mut buffer, mut n) = ([0; 2000], 0);
    let local_addr = socket.local_addr().unwrap();
    while let Ok((count, peer_addr)) = socket.recv_from(&mut buffer) {
        n += 1;
        let transport = TransportContext { local_addr, peer_addr, ecn: None, transport_protocol: TransportProtocol::UDP };
        take(TaggedBytesMut { now: Instant::now(), transport, message: BytesMut::from(&buffer[..count]) });
    }
    n
}

/// A peer connection with its socket.
pub struct Link {
    pc: RTCPeerConnection,
    socket: UdpSocket,
    local: SocketAddr,
    tracks: Vec<(RTCRtpSenderId, bool)>,
    mark: u8,
    sent: u16,
    relay: Option<Relay>,
}

impl Link {
    fn new() -> Self {
        Self::over(own_socket(), None)
    }

    fn over(socket: UdpSocket, relay: Option<Relay>) -> Self {
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
        Self { pc, socket, local, tracks: Vec::new(), mark: 0, sent: 0, relay }
    }

    /// One that sends, its offer, and which section is what.
    pub fn sending(tracks: &[&str], mark: u8) -> (Self, String, Vec<(String, String)>) {
        Self::new().offering(tracks, mark)
    }

    /// The same, with nothing but a relay to send over.
    pub fn sending_over((relay, socket): (Relay, UdpSocket), tracks: &[&str], mark: u8) -> (Self, String, Vec<(String, String)>) {
        Self::over(socket, Some(relay)).offering(tracks, mark)
    }

    fn offering(mut self, tracks: &[&str], mark: u8) -> (Self, String, Vec<(String, String)>) {
        let link = &mut self;
        link.mark = mark;
        for (at, track) in (1u32..).zip(tracks) {
            link.add(*track == "audio", at);
        }
        let offer = link.pc.create_offer(None).unwrap();
        link.pc.set_local_description(Instant::now(), offer.clone()).unwrap();
        let mids = offer.sdp.lines().filter_map(|l| l.strip_prefix("a=mid:"));
        let named = mids.zip(tracks).map(|(mid, track)| (mid.trim().to_owned(), (*track).to_owned())).collect();
        (self, offer.sdp, named)
    }

    /// Takes the answer to its offer.
    pub fn answered(mut self, sdp: &str) -> Self {
        self.pc.set_remote_description(Instant::now(), RTCSessionDescription::answer(udp_only(sdp)).unwrap()).unwrap();
        self
    }

    /// One that receives, and its answer.
    pub fn receiving(sdp: &str) -> (Self, String) {
        let mut link = Self::new();
        let answer = link.takes(sdp);
        (link, answer)
    }

    /// The same, with nothing but a relay to hear over.
    pub fn receiving_over((relay, socket): (Relay, UdpSocket), sdp: &str) -> (Self, String) {
        let mut link = Self::over(socket, Some(relay));
        let answer = link.takes(sdp);
        (link, answer)
    }

    /// Takes an offer; its answer.
    pub fn takes(&mut self, sdp: &str) -> String {
        self.pc.set_remote_description(Instant::now(), RTCSessionDescription::offer(udp_only(sdp)).unwrap()).unwrap();
        let answer = self.pc.create_answer(None).unwrap();
        self.pc.set_local_description(Instant::now(), answer.clone()).unwrap();
        answer.sdp
    }

    fn add(&mut self, audio: bool, at: u32) {
        let ssrc = u32::from(self.local.port()) * 7 + at;
        let (kind, mime, clock_rate, channels) =
            if audio { (RtpCodecKind::Audio, MIME_TYPE_OPUS, 48_000, 2) } else { (RtpCodecKind::Video, MIME_TYPE_VP8, 90_000, 0) };
        let codec = RTCRtpCodec { mime_type: mime.to_owned(), clock_rate, channels, ..Default::default() };
        let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters, codec, ..Default::default() };
        let track = MediaStreamTrack::new("stream".into(), format!("track{ssrc}"), "label".into(), kind, vec![encoding]);
        self.tracks.push((self.pc.add_track(track).unwrap(), audio));
    }

    fn say(&mut self) {
        let number = self.sent;
        self.sent = self.sent.wrapping_add(1);
        for (sender, audio) in self.tracks.clone() {
            let Some(mut sender) = self.pc.rtp_sender(sender) else { continue };
            let Some(ssrc) = sender.track().ssrcs().last() else { continue };
            let (payload_type, step) = if audio { (111, 960) } else { (96, 1800) };
            let mut payload = if audio { SILENCE.to_vec() } else { picture(number) };
            payload.push(self.mark);
            let header = rtc::rtp::Header {
                version: 2,
                marker: !audio,
                payload_type,
                sequence_number: number,
                timestamp: u32::from(number) * step,
                ssrc,
                ..Default::default()
            };
            let _ = sender.write_rtp(Instant::now(), rtc::rtp::Packet { header, payload: payload.into() });
        }
    }

    /// Moves everything that is ready.
    fn step(&mut self, heard: &Heard) {
        let now = Instant::now();
        let Self { pc, socket, local, relay, .. } = self;
        receive(socket, |message| match relay {
            None => drop(pc.handle_read(message)),
            Some(relay) => {
                for (peer_addr, message) in relay.arrived(message) {
                    let transport =
                        TransportContext { local_addr: *local, peer_addr, ecn: None, transport_protocol: TransportProtocol::UDP };
                    let _ = pc.handle_read(TaggedBytesMut { now, transport, message });
                }
            }
        });
        while self.pc.poll_event().is_some() {}
        while let Some(message) = self.pc.poll_read() {
            if let RTCMessage::RtpPacket(_, p) = message.message {
                let mark = p.payload.last().copied().unwrap_or_default();
                *heard.lock().unwrap().entry((p.header.payload_type, mark)).or_default() += 1;
            }
        }
        if self.pc.poll_timeout().is_some_and(|due| due <= now) {
            let _ = self.pc.handle_timeout(now);
        }
        while let Some(message) = self.pc.poll_write() {
            match &mut self.relay {
                None => drop(self.socket.send_to(&message.message, message.transport.peer_addr)),
                Some(relay) => relay.send(&message.message, message.transport.peer_addr),
            }
        }
        if let Some(relay) = &mut self.relay {
            let _ = relay.client.handle_timeout(now);
            relay.flush(&self.socket);
        }
    }
}

/// A VP8 picture of 320 x 240 in one packet: its descriptor with a number, the head of a frame, nothing that matters.
fn picture(number: u16) -> Vec<u8> {
    let id = number & 0x7fff | 0x8000;
    let mut packet = vec![0x90, 0x80, (id >> 8) as u8, id as u8];
    if number.is_multiple_of(KEY_EVERY) {
        packet.extend([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00]);
    } else {
        packet.extend([0x11, 0x02, 0x00]);
    }
    packet.resize(200, 0);
    packet
}

fn udp_only(sdp: &str) -> String {
    sdp.lines().filter(|l| !(l.starts_with("a=candidate") && l.contains(" tcp "))).map(|l| format!("{l}\r\n")).collect()
}
