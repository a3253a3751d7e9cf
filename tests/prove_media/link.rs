//! A connection of a page that whoever holds it feeds and cuts: sound, pictures out of a file, a dead line.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::interceptor::Registry;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8, MediaEngine};
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::message::RTCMessage;
use rtc::peer_connection::transport::{CandidateConfig, CandidateHostConfig, RTCDtlsRole, RTCIceCandidate};
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtp_transceiver::RTCRtpSenderId;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use rtc::sansio::Protocol;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};

/// 20 ms of silence, as Opus says it.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// A description without the lines over TCP.
pub fn udp_only(sdp: &str) -> String {
    sdp.lines().filter(|l| !(l.starts_with("a=candidate") && l.contains(" tcp "))).map(|l| format!("{l}\r\n")).collect()
}

/// A connection of a page: one way, fed by whoever holds it.
pub struct Link {
    pub pc: RTCPeerConnection,
    socket: UdpSocket,
    local: SocketAddr,
    audio: Option<RTCRtpSenderId>,
    video: Option<RTCRtpSenderId>,
    sent: [u16; 2],
    /// The line is cut: what is sent and what comes is lost.
    pub cut: bool,
}

impl Default for Link {
    fn default() -> Self {
        Self::new()
    }
}

impl Link {
    pub fn new() -> Self {
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
        Self { pc, socket, local, audio: None, video: None, sent: [0; 2], cut: false }
    }

    /// It will send sound.
    pub fn adds_sound(&mut self) {
        self.audio = Some(self.track(MIME_TYPE_OPUS, (48_000, 2), RtpCodecKind::Audio));
    }

    /// It will send pictures.
    pub fn adds_picture(&mut self) {
        self.video = Some(self.track(MIME_TYPE_VP8, (90_000, 0), RtpCodecKind::Video));
    }

    fn track(&mut self, mime: &str, (clock_rate, channels): (u32, u16), kind: RtpCodecKind) -> RTCRtpSenderId {
        let ssrc = u32::from(self.local.port()) * 7 + if kind == RtpCodecKind::Audio { 1 } else { 2 };
        let codec = RTCRtpCodec { mime_type: mime.to_owned(), clock_rate, channels, ..Default::default() };
        let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters, codec, ..Default::default() };
        let track = MediaStreamTrack::new("stream".into(), format!("track{ssrc}"), "label".into(), kind, vec![encoding]);
        self.pc.add_track(track).unwrap()
    }

    /// 20 ms of silence.
    pub fn say(&mut self) {
        let timestamp = u32::from(self.sent[0]) * 960;
        self.send(false, timestamp, false, SILENCE.to_vec());
    }

    /// A picture, in pieces that fit into packets.
    pub fn show(&mut self, timestamp: u32, pieces: Vec<Vec<u8>>) {
        let last = pieces.len().saturating_sub(1);
        for (n, piece) in pieces.into_iter().enumerate() {
            self.send(true, timestamp, n == last, piece);
        }
    }

    fn send(&mut self, picture: bool, timestamp: u32, marker: bool, payload: Vec<u8>) {
        let track = if picture { self.video } else { self.audio };
        let Some(mut sender) = track.and_then(|s| self.pc.rtp_sender(s)) else { return };
        let (sequence_number, ssrc) = (self.sent[usize::from(picture)], sender.track().ssrcs().last().unwrap());
        self.sent[usize::from(picture)] = sequence_number.wrapping_add(1);
        let payload_type = if picture { 96 } else { 111 };
        let header = rtc::rtp::Header { version: 2, payload_type, marker, sequence_number, timestamp, ssrc, ..Default::default() };
        let _ = sender.write_rtp(Instant::now(), rtc::rtp::Packet { header, payload: payload.into() });
    }

    /// Moves everything that is ready; answers how many packets of media came.
    pub fn step(&mut self) -> u64 {
        let (now, mut buffer, mut heard) = (Instant::now(), [0; 2000], 0);
        while let Ok((count, from)) = self.socket.recv_from(&mut buffer) {
            if self.cut {
                continue;
            }
            let transport =
                TransportContext { local_addr: self.local, peer_addr: from, ecn: None, transport_protocol: TransportProtocol::UDP };
            let _ = self.pc.handle_read(TaggedBytesMut { now, transport, message: BytesMut::from(&buffer[..count]) });
        }
        while self.pc.poll_event().is_some() {}
        while let Some(message) = self.pc.poll_read() {
            heard += u64::from(matches!(message.message, RTCMessage::RtpPacket(..)));
        }
        if self.pc.poll_timeout().is_some_and(|due| due <= now) {
            let _ = self.pc.handle_timeout(now);
        }
        while let Some(message) = self.pc.poll_write() {
            if !self.cut {
                let _ = self.socket.send_to(&message.message, message.transport.peer_addr);
            }
        }
        heard
    }
}
