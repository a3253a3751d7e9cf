//! A page in a hearing: its socket, and a voice that is really sent. Owns the reading of what comes; every wait has an end.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
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
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::Person;

const PATIENCE: Duration = Duration::from_secs(20);
/// 20 ms of silence, as Opus says it.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// A page in a hearing.
pub struct Page {
    socket: Socket,
    pub heard: Vec<Value>,
    n: i64,
}

/// A pass of somebody.
pub async fn pass(who: &Person, hearing: &str) -> Value {
    who.post(who_at(hearing, "/pass"), json!(null)).await.ok()
}

fn who_at(hearing: &str, rest: &str) -> String {
    format!("{hearing}{rest}")
}

/// Tries to open a socket with a token.
pub async fn open(who: &Person, hearing: &str, token: &str) -> Result<Page, (u16, Value)> {
    let url = format!("{}/api{hearing}/socket?token={token}", who.wire.base.replace("http://", "ws://"));
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {}", who.token).parse().unwrap());
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => Ok(Page { socket, heard: vec![], n: 0 }),
        Err(Error::Http(answer)) => {
            let body = answer.body().clone().unwrap_or_default();
            Err((answer.status().as_u16(), serde_json::from_slice(&body).unwrap_or_default()))
        }
        Err(e) => panic!("{e}"),
    }
}

/// Knocks with a token that lets nobody in; what is said.
pub async fn knock(who: &Person, hearing: &str, token: &str) -> (u16, Value) {
    let asked =
        who.ask(Method::GET, format!("{hearing}/socket?token={token}")).header("connection", "Upgrade").header("upgrade", "websocket");
    let said = asked.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==").send().await;
    (said.status, serde_json::from_slice(&said.body).unwrap_or_default())
}

/// Enters, and hears the first words.
pub async fn enter(who: &Person, hearing: &str) -> Page {
    let token = pass(who, hearing).await["token"].as_str().unwrap().to_owned();
    let mut page = open(who, hearing, &token).await.unwrap_or_else(|e| panic!("{}: {e:?}", who.name));
    page.until("hello", |_| true).await;
    page.until("presence", |_| true).await;
    page
}

impl Page {
    /// The next message; none when the line is closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("nothing came");
            match next {
                None | Some(Err(_)) | Some(Ok(Message::Close(_))) => return None,
                Some(Ok(Message::Text(text))) => {
                    let value: Value = serde_json::from_str(&text).unwrap();
                    self.heard.push(value.clone());
                    return Some(value);
                }
                Some(Ok(_)) => {}
            }
        }
    }

    /// Reads until there is such a message.
    pub async fn until(&mut self, kind: &str, so: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.next().await {
                Some(m) if m["type"] == kind && so(&m) => return m,
                Some(_) => {}
                None => break,
            }
        }
        let last: Vec<&Value> = self.heard.iter().rev().take(6).collect();
        panic!("no such `{kind}`; last: {last:#?}");
    }

    /// Sends without waiting.
    pub async fn send(&mut self, message: &Value) -> bool {
        self.socket.send(Message::text(message.to_string())).await.is_ok()
    }

    /// Says something and answers what came of it.
    pub async fn ask(&mut self, mut message: Value) -> Value {
        self.n += 1;
        let n = self.n;
        message["n"] = json!(n);
        assert!(self.send(&message).await, "the line is closed");
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.next().await {
                Some(m) if m["n"] == n && m["type"] != "event" => return m,
                Some(_) => {}
                None => break,
            }
        }
        panic!("no answer to {message}");
    }

    /// Says something that must be done.
    pub async fn does(&mut self, message: Value) -> Value {
        let answer = self.ask(message.clone()).await;
        assert_ne!(answer["type"], "refused", "{message}: {answer}");
        answer
    }

    /// Says something that must be refused.
    pub async fn refused(&mut self, message: Value, code: &str) {
        let answer = self.ask(message.clone()).await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("refused"), &json!(code)), "{message}: {answer}");
        for word in ["zh", "en", "cure_zh", "cure_en"] {
            assert!(answer[word].as_str().is_some_and(|w| !w.is_empty()), "{answer}");
        }
    }

    /// Reads to the end of the line; answers the last word.
    pub async fn end(&mut self) -> Value {
        let mut last = Value::Null;
        while let Some(m) = self.next().await {
            last = m;
        }
        last
    }

    /// Closes it.
    pub async fn close(mut self) {
        let _ = self.socket.close(None).await;
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// Begins to speak: a connection of its own, which a thread feeds.
    pub async fn speak(&mut self) -> Voice {
        let mut link = Link::new();
        link.adds_sound();
        let offer = link.pc.create_offer(None).unwrap();
        link.pc.set_local_description(Instant::now(), offer.clone()).unwrap();
        let answer = self.does(json!({ "type": "publish", "sdp": offer.sdp, "tracks": [] })).await;
        let sdp = udp_only(answer["sdp"].as_str().unwrap());
        link.pc.set_remote_description(Instant::now(), RTCSessionDescription::answer(sdp).unwrap()).unwrap();
        Voice::of(link)
    }

    /// The newest offer with something in it; waits for one.
    pub async fn offer(&mut self) -> Value {
        let full = |m: &Value| m["type"] == "offer" && m["tracks"].as_array().is_some_and(|t| !t.is_empty());
        match self.heard.iter().rev().find(|m| full(m)) {
            Some(offer) => offer.clone(),
            None => self.until("offer", full).await,
        }
    }

    /// Takes the newest offer there is and listens; an offer that was replaced meanwhile is answered by the next.
    pub async fn listen(&mut self) -> Voice {
        for _ in 0..5 {
            let offer = self.offer().await;
            let mut link = Link::new();
            let sdp = udp_only(offer["sdp"].as_str().unwrap());
            link.pc.set_remote_description(Instant::now(), RTCSessionDescription::offer(sdp).unwrap()).unwrap();
            let answer = link.pc.create_answer(None).unwrap();
            link.pc.set_local_description(Instant::now(), answer.clone()).unwrap();
            let said = self.ask(json!({ "type": "answer", "version": offer["version"], "sdp": answer.sdp })).await;
            if said["type"] == "done" {
                return Voice::of(link);
            }
        }
        panic!("no offer was the newest");
    }
}

/// A description without the lines over TCP.
pub fn udp_only(sdp: &str) -> String {
    sdp.lines().filter(|l| !(l.starts_with("a=candidate") && l.contains(" tcp "))).map(|l| format!("{l}\r\n")).collect()
}

/// A connection being fed by a thread of its own.
pub struct Voice {
    stop: Arc<AtomicBool>,
    heard: Arc<AtomicU64>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Voice {
    fn of(mut link: Link) -> Self {
        let (stop, heard) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (ends, counts) = (stop.clone(), heard.clone());
        let thread = std::thread::spawn(move || {
            let mut next = Instant::now();
            while !ends.load(Ordering::SeqCst) {
                if Instant::now() >= next {
                    next += Duration::from_millis(20);
                    link.say();
                }
                counts.fetch_add(link.step(), Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        Self { stop, heard, thread: Some(thread) }
    }

    /// Packets heard so far.
    pub fn heard(&self) -> u64 {
        self.heard.load(Ordering::SeqCst)
    }

    /// Waits until more was heard.
    pub async fn hears(&self, more: u64) {
        let (had, end) = (self.heard(), Instant::now() + PATIENCE);
        while self.heard() < had + more {
            assert!(Instant::now() < end, "heard {} packets only", self.heard() - had);
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
