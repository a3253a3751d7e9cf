//! What one participant receives: its connection, the sections of its description with a leg in each, repeating what
//! got lost, and how much it bears.
//!
//! Must never: send a packet for which the room did not make a leg.

use std::time::{Duration, Instant};

use rtc::interceptor::{BandwidthEstimator, Gcc, PacketReport, convert_twcc};
use rtc::rtcp::transport_feedbacks::cc_feedback_report::Ecn;
use rtc::rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use rtc::shared::marshal::Unmarshal;

use super::hunger::Hunger;
use super::leg::{Incoming, Leg, Numbers};
use super::repeats::Kept;
use crate::ids::TrackKind;
use crate::transport::Transport;
use crate::wire::rtcp::{self, Report};
use crate::wire::rtp;
use crate::wire::vp8::Vp8;

const MEMORY: usize = 1024;
/// No line is believed to bear less, in bits a second.
const LEAST: f64 = 150_000.0;
/// A tenth of the sound lost, in 256ths.
const LOSSY: u8 = 26;

/// A section of the receiver's description; it keeps its kind for ever, its leg comes and goes.
pub struct Section {
    /// Its name.
    pub mid: String,
    /// Audio or picture.
    pub audio: bool,
    /// Who flows through it.
    pub leg: Option<Leg>,
    /// The client knows of this leg and takes it.
    pub active: bool,
}

/// A packet that feedback will tell of; one without a size is none. A thousand of them lie with each receiver.
#[derive(Clone, Copy, Default)]
struct Sent {
    ssrc: u32,
    /// Microseconds since the receiver began, as far as they fit.
    at: u32,
    number: u16,
    size: u16,
    sequence: u16,
}

/// How an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Negotiation {
    /// Counts offers; an answer names the one it answers.
    pub version: u64,
    /// An offer is out.
    pub pending: bool,
    /// Sections changed since.
    pub stale: bool,
    /// When the caller was told.
    pub told: Option<Duration>,
    /// When the offer went out.
    pub since: Duration,
}

/// A wish for a key frame, to be brought to a publisher.
pub type KeyWish = (usize, TrackKind, u8);

/// The receiving half of a participant.
pub struct Receiver {
    /// Its connection.
    pub transport: Transport,
    /// Its sections.
    pub sections: Vec<Section>,
    /// How its offer stands.
    pub negotiation: Negotiation,
    /// The sources in the offer that is out, section by section.
    pub offered: Vec<Option<u32>>,
    /// The id of the transport-wide number; 0: the client does not want it.
    pub extension: u8,
    number: u16,
    began: Instant,
    sent: Vec<Sent>,
    gcc: Gcc,
    /// Pictures it wants and does not get.
    pub hunger: Hunger,
    first: f64,
    highest: f64,
    header: rtc::rtp::Header,
    plain: Vec<u8>,
    /// When layers were last shared out, and since when which leg has its layer.
    pub shared: Duration,
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is on its way.
    Sent,
    /// Not for this receiver now.
    Skipped,
    /// It waits for a key frame.
    WaitsForKey,
}

impl Receiver {
    /// Without sections yet.
    pub fn new(transport: Transport, (first, highest): (f64, f64), began: Instant) -> Self {
        let extension = rtc::rtp::header::Extension { id: 1, payload: bytes::Bytes::from_static(&[0, 0]) };
        Self {
            transport,
            sections: Vec::new(),
            negotiation: Negotiation { version: 0, pending: false, stale: false, told: None, since: Duration::ZERO },
            offered: Vec::new(),
            extension: 0,
            number: 0,
            began,
            sent: Vec::new(),
            gcc: Gcc::new(first, LEAST, highest),
            hunger: Hunger::default(),
            first,
            highest,
            // only its size and its numbers matter: the library asks them when sealing
            header: rtc::rtp::Header {
                version: 2,
                extension: true,
                extension_profile: 0xbede,
                extensions: vec![extension],
                extensions_padding: 1,
                ..Default::default()
            },
            plain: Vec::with_capacity(1600),
            shared: Duration::ZERO,
        }
    }

    /// The section of a leg, if there is one.
    pub fn find(&self, publisher: usize, kind: TrackKind) -> Option<usize> {
        self.sections.iter().position(|s| s.leg.as_ref().is_some_and(|l| l.publisher == publisher && l.kind == kind))
    }

    /// Gives a leg a section: a free one of its sort, or a new one.
    pub fn place(&mut self, leg: Leg) {
        let audio = leg.kind == TrackKind::Audio;
        let free = self.sections.iter().position(|s| s.leg.is_none() && s.audio == audio);
        let at = free.unwrap_or_else(|| {
            self.sections.push(Section { mid: self.sections.len().to_string(), audio, leg: None, active: false });
            self.sections.len() - 1
        });
        self.sections[at].leg = Some(leg);
        self.sections[at].active = false;
        self.negotiation.stale = true;
    }

    /// Takes a leg away: nothing more of it is sent from here on.
    pub fn drop_leg(&mut self, section: usize) {
        if let Some(section) = self.sections.get_mut(section) {
            section.leg = None;
            section.active = false;
            self.negotiation.stale = true;
        }
    }

    /// Forwards a packet through a section.
    pub fn forward(&mut self, section: usize, packet: &Incoming, now: Instant, blocked: bool) -> Outcome {
        let Some(section) = self.sections.get_mut(section).filter(|s| s.active) else { return Outcome::Skipped };
        let Some(leg) = section.leg.as_mut() else { return Outcome::Skipped };
        if !self.transport.open() {
            return Outcome::Skipped;
        }
        if blocked && packet.kind != TrackKind::Audio {
            leg.cut();
            return Outcome::Skipped;
        }
        let Some(numbers) = leg.accept(packet) else {
            return if leg.wants() == Some(packet.layer) { Outcome::WaitsForKey } else { Outcome::Skipped };
        };
        let transport = self.number;
        self.number = self.number.wrapping_add(1);
        leg.keep(numbers, transport, packet);
        leg.packets = leg.packets.wrapping_add(1);
        leg.bytes = leg.bytes.wrapping_add(packet.payload.len() as u32);
        let (ssrc, kind) = (leg.ssrc, leg.kind);
        self.seal(ssrc, kind, numbers, transport, packet.marker, &packet.payload, packet.vp8);
        self.remember(ssrc, numbers.sequence, transport, packet.payload.len(), now);
        Outcome::Sent
    }

    #[allow(clippy::too_many_arguments, reason = "one packet has so many numbers; a struct would only be unpacked again")]
    fn seal(&mut self, ssrc: u32, kind: TrackKind, numbers: Numbers, transport: u16, marker: bool, payload: &[u8], vp8: Option<Vp8>) {
        let payload_type = if kind == TrackKind::Audio { 111 } else { 96 };
        self.plain.clear();
        rtp::write(&mut self.plain, payload_type, marker, numbers.sequence, numbers.timestamp, ssrc, self.extension, transport);
        self.plain.extend_from_slice(payload);
        if let Some(vp8) = vp8 {
            vp8.renumber(&mut self.plain[rtp::OUT_HEADER..], numbers.picture, numbers.base);
        }
        (self.header.ssrc, self.header.sequence_number) = (ssrc, numbers.sequence);
        self.transport.send_rtp(&self.plain, &self.header);
    }

    fn remember(&mut self, ssrc: u32, sequence: u16, number: u16, payload: usize, at: Instant) {
        if self.extension == 0 {
            return;
        }
        if self.sent.is_empty() {
            self.sent.resize(MEMORY, Sent::default());
        }
        let size = (payload + rtp::OUT_HEADER + 44) as u16;
        let at = self.clock(at);
        self.sent[usize::from(number) % MEMORY] = Sent { ssrc, at, number, size, sequence };
    }

    fn clock(&self, at: Instant) -> u32 {
        at.saturating_duration_since(self.began).as_micros() as u32
    }

    fn repeat(&mut self, ssrc: u32, kind: TrackKind, kept: &Kept) {
        self.seal(ssrc, kind, kept.numbers, kept.transport, kept.marker, &kept.payload, Vp8::parse(&kept.payload));
    }

    /// Reads what the client reports; wishes for key frames are left in `wishes`.
    pub fn reports(&mut self, datagram: &[u8], now: Instant, at: Duration, wishes: &mut Vec<KeyWish>) {
        let Some(opened) = self.transport.open_rtcp(datagram, at) else { return };
        for report in rtcp::read(&opened) {
            match report {
                Report::Receiver { blocks } | Report::Sender { blocks, .. } => self.heard(blocks, at),
                Report::Nack { media, pairs } => self.lost(media, pairs, at),
                Report::KeyFrame { media } => wishes.extend(self.key_wish(media)),
                Report::Transport(packet) => self.feedback(packet, now),
            }
        }
    }

    fn leg_mut(&mut self, ssrc: u32) -> Option<&mut Leg> {
        self.sections.iter_mut().filter_map(|s| s.leg.as_mut()).find(|l| l.ssrc == ssrc)
    }

    fn heard(&mut self, blocks: &[u8], at: Duration) {
        for block in rtcp::blocks(blocks) {
            if let Some(leg) = self.leg_mut(block.ssrc) {
                leg.heard(&block, at);
            }
        }
    }

    fn lost(&mut self, media: u32, pairs: &[u8], at: Duration) {
        for number in rtcp::lost(pairs).take(256) {
            let Some(leg) = self.leg_mut(media) else { return };
            let kind = leg.kind;
            if let Some(kept) = leg.again(number, at) {
                self.repeat(media, kind, &kept);
            }
        }
    }

    fn key_wish(&mut self, media: u32) -> Option<KeyWish> {
        let leg = self.leg_mut(media)?;
        Some((leg.publisher, leg.kind, leg.layer().or(leg.target)?))
    }

    fn feedback(&mut self, mut packet: &[u8], now: Instant) {
        let Ok(feedback) = TransportLayerCc::unmarshal(&mut packet) else { return };
        let count = usize::from(feedback.packet_status_count);
        let clock = self.clock(now);
        let mut reports = Vec::with_capacity(count.min(MEMORY));
        for told in convert_twcc(&feedback).into_iter().take(count.min(MEMORY)) {
            let place = self.sent.get_mut(usize::from(told.sequence_number) % MEMORY);
            let Some(place) = place.filter(|s| s.size > 0 && s.number == told.sequence_number) else { continue };
            let sent = std::mem::take(place);
            let ago = Duration::from_micros(u64::from(clock.wrapping_sub(sent.at)));
            reports.push(PacketReport {
                ssrc: sent.ssrc,
                id: u64::from(sent.number),
                rtp_sequence_number: sent.sequence,
                is_twcc: true,
                twcc_sequence_number: sent.number,
                size: usize::from(sent.size),
                arrived: told.arrived,
                departure: now.checked_sub(ago).unwrap_or(now),
                arrival: told.arrival,
                ecn: Ecn::NotEct,
            });
        }
        self.gcc.on_reports(now, &reports);
    }

    /// What the receiver is believed to bear, in bits a second.
    pub fn estimate(&self) -> f64 {
        if self.extension != 0 {
            return self.gcc.target_bitrate();
        }
        // without feedback on each packet there is only the loss it reports
        let worst = self.sections.iter().filter_map(|s| s.leg.as_ref()).map(|l| l.reported.0).max().unwrap_or(0);
        if worst > 38 { self.first / 4.0 } else { self.highest }
    }

    /// Begins to measure anew, from the belief that it bears this much: whether it does shows within a second.
    pub fn believe(&mut self, bits: f64) {
        if bits > self.gcc.target_bitrate() {
            self.gcc = Gcc::new(bits, LEAST, self.highest);
        }
    }

    /// Does the sound arrive, as far as the client tells?
    pub fn clean(&self) -> bool {
        let voices = self.sections.iter().filter(|s| s.audio).filter_map(|s| s.leg.as_ref());
        voices.map(|l| l.reported.0).max().unwrap_or(0) < LOSSY
    }

    /// Passes a publisher's clocks on, in this receiver's numbers.
    pub fn clocks(&mut self, section: usize, source: u32, ntp: u64, rtp: u32, at: Duration) {
        let Some(leg) = self.sections.get_mut(section).filter(|s| s.active).and_then(|s| s.leg.as_mut()) else { return };
        let Some(rtp) = leg.translate(source, rtp) else { return };
        leg.told(ntp, at);
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        rtcp::sender_report(&mut plain, leg.ssrc, ntp, rtp, leg.packets, leg.bytes);
        self.transport.send_rtcp(&plain);
        self.plain = plain;
    }
}
