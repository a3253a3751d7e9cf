//! One peer connection with its socket: descriptions, packets out, packets in.

use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
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
use rtc::shared::error::Error;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};

use crate::relay::Relay;
use crate::{PICTURE, SOUND};

/// What a track carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// Opus.
    Sound,
    /// VP8.
    Picture,
}

/// A packet of media that came.
#[derive(Debug)]
pub struct Packet {
    /// Its stream.
    pub ssrc: u32,
    /// Its number in it.
    pub sequence: u16,
    /// Its time.
    pub timestamp: u32,
    /// What it carries: [`SOUND`] or [`PICTURE`].
    pub payload_type: u8,
    /// The media.
    pub payload: Bytes,
}

struct Sends {
    id: RTCRtpSenderId,
    track: Track,
    next: u16,
}

/// One peer connection with its socket, one way.
pub struct Link {
    pc: RTCPeerConnection,
    socket: UdpSocket,
    local: SocketAddr,
    sends: Vec<Sends>,
    relay: Option<Relay>,
    theirs: String,
    seen: usize,
    /// The line is cut: what is sent and what comes is lost.
    pub cut: bool,
    /// Of so many incoming datagrams of media one is lost; 0: none.
    pub lose: usize,
}

impl Default for Link {
    fn default() -> Self {
        Self::new()
    }
}

impl Link {
    /// Over a socket of its own.
    pub fn new() -> Self {
        Self::on(own_socket(), None)
    }

    /// With nothing but a relay to send and hear over.
    pub fn over(relay: Relay) -> Self {
        Self::on(relay.socket(), Some(relay))
    }

    fn on(socket: UdpSocket, relay: Option<Relay>) -> Self {
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
        Self { pc, socket, local, sends: Vec::new(), relay, theirs: String::new(), seen: 0, cut: false, lose: 0 }
    }

    /// It will send this too; tracks are numbered from nought as they are added.
    pub fn adds(&mut self, track: Track) {
        let ssrc = u32::from(self.local.port()) * 7 + self.sends.len() as u32 + 1;
        let (kind, mime, clock_rate, channels) = match track {
            Track::Sound => (RtpCodecKind::Audio, MIME_TYPE_OPUS, 48_000, 2),
            Track::Picture => (RtpCodecKind::Video, MIME_TYPE_VP8, 90_000, 0),
        };
        let codec = RTCRtpCodec { mime_type: mime.to_owned(), clock_rate, channels, ..Default::default() };
        let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters, codec, ..Default::default() };
        let stream = MediaStreamTrack::new("stream".into(), format!("track{ssrc}"), "label".into(), kind, vec![encoding]);
        self.sends.push(Sends { id: self.pc.add_track(stream).unwrap(), track, next: 0 });
    }

    /// Its offer.
    pub fn offers(&mut self) -> String {
        let offer = self.pc.create_offer(None).unwrap();
        self.pc.set_local_description(Instant::now(), offer.clone()).unwrap();
        offer.sdp
    }

    /// Takes the answer to its offer.
    ///
    /// # Errors
    /// What the stack says.
    pub fn answered(&mut self, sdp: &str) -> Result<(), Error> {
        self.theirs = sdp.to_owned();
        self.pc.set_remote_description(Instant::now(), RTCSessionDescription::answer(udp_only(sdp))?)
    }

    /// Takes an offer; its answer.
    ///
    /// # Errors
    /// What the stack says.
    pub fn takes(&mut self, sdp: &str) -> Result<String, Error> {
        self.theirs = sdp.to_owned();
        self.pc.set_remote_description(Instant::now(), RTCSessionDescription::offer(udp_only(sdp))?)?;
        let answer = self.pc.create_answer(None)?;
        self.pc.set_local_description(Instant::now(), answer.clone())?;
        Ok(answer.sdp)
    }

    /// The other side's last description.
    pub fn theirs(&self) -> &str {
        &self.theirs
    }

    /// Its socket, for who forges.
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// What its tracks carry.
    pub fn tracks(&self) -> Vec<Track> {
        self.sends.iter().map(|s| s.track).collect()
    }

    /// Sends a packet on a track; `last` marks the end of a picture.
    pub fn send(&mut self, track: usize, timestamp: u32, last: bool, payload: Vec<u8>) {
        let Some(sends) = self.sends.get_mut(track) else { return };
        let Some(mut sender) = self.pc.rtp_sender(sends.id) else { return };
        let Some(ssrc) = sender.track().ssrcs().last() else { return };
        let sequence_number = sends.next;
        sends.next = sends.next.wrapping_add(1);
        let payload_type = if sends.track == Track::Sound { SOUND } else { PICTURE };
        let header = rtc::rtp::Header { version: 2, marker: last, payload_type, sequence_number, timestamp, ssrc, ..Default::default() };
        let _ = sender.write_rtp(Instant::now(), rtc::rtp::Packet { header, payload: payload.into() });
    }

    /// Moves everything that is ready; media that came is handed over.
    pub fn step(&mut self, mut take: impl FnMut(Packet)) {
        let now = Instant::now();
        self.hear(now);
        while self.pc.poll_event().is_some() {}
        while let Some(message) = self.pc.poll_read() {
            if let RTCMessage::RtpPacket(_, p) = message.message {
                let h = p.header;
                let (ssrc, sequence, timestamp, payload_type) = (h.ssrc, h.sequence_number, h.timestamp, h.payload_type);
                take(Packet { ssrc, sequence, timestamp, payload_type, payload: p.payload });
            }
        }
        if self.pc.poll_timeout().is_some_and(|due| due <= now) {
            let _ = self.pc.handle_timeout(now);
        }
        while let Some(message) = self.pc.poll_write() {
            match &mut self.relay {
                _ if self.cut => {}
                None => drop(self.socket.send_to(&message.message, message.transport.peer_addr)),
                Some(relay) => relay.send(&message.message, message.transport.peer_addr),
            }
        }
        if let Some(relay) = &mut self.relay {
            relay.keep(now);
        }
    }

    fn hear(&mut self, now: Instant) {
        let Self { pc, socket, local, relay, seen, cut, lose, .. } = self;
        receive(socket, |message| {
            let media = (128..192).contains(&message.message[0]) && message.message.get(1).is_some_and(|b| !(192..224).contains(b));
            *seen += usize::from(media);
            if *cut || media && *lose > 0 && seen.is_multiple_of(*lose) {
                return;
            }
            let Some(relay) = relay else { return drop(pc.handle_read(message)) };
            for (peer_addr, message) in relay.arrived(message) {
                let transport = TransportContext { local_addr: *local, peer_addr, ecn: None, transport_protocol: TransportProtocol::UDP };
                let _ = pc.handle_read(TaggedBytesMut { now, transport, message });
            }
        });
    }
}

pub(crate) fn own_socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    socket
}

/// Everything that lies at a socket.
pub(crate) fn receive(socket: &UdpSocket, mut take: impl FnMut(TaggedBytesMut)) {
    let mut buffer = [0; 2000];
    let local_addr = socket.local_addr().unwrap();
    while let Ok((count, peer_addr)) = socket.recv_from(&mut buffer) {
        if count == 0 {
            continue;
        }
        let transport = TransportContext { local_addr, peer_addr, ecn: None, transport_protocol: TransportProtocol::UDP };
        take(TaggedBytesMut { now: Instant::now(), transport, message: BytesMut::from(&buffer[..count]) });
    }
}

/// A description without the lines over TCP.
fn udp_only(sdp: &str) -> String {
    sdp.lines().filter(|l| !(l.starts_with("a=candidate") && l.contains(" tcp "))).map(|l| format!("{l}\r\n")).collect()
}
