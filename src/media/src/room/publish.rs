//! What one participant sends: its connection, its tracks with their layers, and what we tell its browser (lost
//! packets, key frames, reports, transport-wide feedback).
//!
//! Must never: decide who receives it.

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::feedback::Arrivals;
use super::leg::Incoming;
use super::nack::{Arrived, Reception};
use crate::ids::TrackKind;
use crate::sdp::{self, Description};
use crate::stats::SentStats;
use crate::transport::Transport;
use crate::wire::rtcp::{self, Block, Report};
use crate::wire::rtp::Header;
use crate::wire::{u16_at, vp8};

const KEY_EVERY: Duration = Duration::from_millis(300);
const FEEDBACK_EVERY: Duration = Duration::from_millis(100);
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// A layer that was silent for so long does not count.
const STALE: Duration = Duration::from_millis(1500);
const MOST_SOURCES: usize = 24;

/// One source of a track.
pub struct Layer {
    ssrc: u32,
    reception: Reception,
    window: (Duration, u32),
    bitrate: u32,
    packets: u64,
    last: Duration,
    asked: Option<Duration>,
    wanted: bool,
    requests: u32,
    nacks: u32,
    video: bool,
}

/// A negotiated track.
pub struct Track {
    mid: String,
    payload_type: u8,
    rids: Vec<String>,
    declared: Option<u32>,
    layers: [Option<Layer>; 3],
    tapped: Option<u8>,
    /// Media was coming when we last looked.
    pub flowing: bool,
}

#[derive(Default)]
struct Ids {
    mid: u8,
    rid: u8,
    transport: u8,
}

/// The sending half of a participant.
pub struct Publisher {
    /// Its connection.
    pub transport: Transport,
    tracks: [Option<Track>; 3],
    sources: Vec<(u32, TrackKind, u8)>,
    ids: Ids,
    arrivals: Arrivals,
    ssrc: u32,
    fed: Duration,
    reported: Duration,
    plain: Vec<u8>,
    numbers: Vec<u16>,
}

/// A sender report for the legs and the recorder.
pub struct Clocks {
    /// Of which track.
    pub kind: TrackKind,
    /// Of which source.
    pub ssrc: u32,
    /// Wall clock of the sender.
    pub ntp: u64,
    /// Its media clock.
    pub rtp: u32,
}

impl Publisher {
    /// Without tracks yet.
    pub fn new(transport: Transport, ssrc: u32) -> Self {
        Self {
            transport,
            tracks: [None, None, None],
            sources: Vec::new(),
            ids: Ids::default(),
            arrivals: Arrivals::default(),
            ssrc,
            fed: Duration::ZERO,
            reported: Duration::ZERO,
            plain: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Takes over what was negotiated: the sections that are received, by kind. A track that stays keeps its sources.
    pub fn negotiated(&mut self, offer: &Description, chosen: &[(usize, TrackKind)]) {
        let mut tracks = [None, None, None];
        for (section, kind) in chosen {
            let media = &offer.media[*section];
            self.ids.mid = media.extension(sdp::MID).max(self.ids.mid);
            self.ids.rid = media.extension(sdp::RID).max(self.ids.rid);
            self.ids.transport = media.extension(sdp::TRANSPORT_CC).max(self.ids.transport);
            let before = self.tracks[kind.index()].take().filter(|t| t.mid == media.mid && t.declared == media.ssrc);
            tracks[kind.index()] = Some(Track {
                mid: media.mid.clone(),
                payload_type: media.codec.unwrap_or(0),
                rids: ranked(&media.rids),
                declared: media.ssrc.filter(|_| media.rids.is_empty()),
                tapped: before.as_ref().and_then(|t| t.tapped),
                flowing: before.as_ref().is_some_and(|t| t.flowing),
                layers: before.map_or([None, None, None], |t| t.layers),
            });
        }
        let kept = |ssrc: u32, kind: TrackKind, layer: u8| {
            let track: Option<&Track> = tracks[kind.index()].as_ref();
            track.and_then(|t| t.layers[usize::from(layer)].as_ref()).is_some_and(|l| l.ssrc == ssrc)
        };
        self.sources.retain(|(ssrc, kind, layer)| kept(*ssrc, *kind, *layer));
        self.tracks = tracks;
    }

    /// Is there such a track?
    pub fn has(&self, kind: TrackKind) -> bool {
        self.tracks[kind.index()].is_some()
    }

    /// The tracks, to see what flows.
    pub fn track_mut(&mut self, kind: TrackKind) -> Option<&mut Track> {
        self.tracks[kind.index()].as_mut()
    }

    /// Decrypts and classifies a media packet.
    pub fn open(&mut self, datagram: &[u8], at: Duration) -> Option<Incoming> {
        let opened = self.transport.open_rtp(datagram, at)?;
        let header = Header::parse(&opened)?;
        if let Some(number) = header.extension(&opened, self.ids.transport).and_then(|v| u16_at(v, 0)) {
            self.arrivals.note(number, at);
        }
        let (kind, layer) = self.locate(&header, &opened)?;
        let size = opened.len() as u32;
        let payload: Bytes = opened.freeze().slice(header.payload_at..header.payload_end);
        let vp8 = if kind == TrackKind::Audio { None } else { vp8::Vp8::parse(&payload) };
        let track = self.tracks[kind.index()].as_mut()?;
        let known = track.layers[usize::from(layer)].as_mut()?;
        if known.note(&header, size, at) == Arrived::Again {
            return None;
        }
        Some(Incoming {
            kind,
            layer,
            ssrc: header.ssrc,
            sequence: header.sequence,
            timestamp: header.timestamp,
            marker: header.marker,
            payload,
            vp8,
            at,
        })
    }

    /// Which track and layer a packet belongs to; learns new sources.
    fn locate(&mut self, header: &Header, packet: &[u8]) -> Option<(TrackKind, u8)> {
        let known = self.sources.iter().find(|(ssrc, ..)| *ssrc == header.ssrc).map(|(_, kind, layer)| (*kind, *layer));
        let (kind, layer) = match known {
            Some(found) => found,
            None => self.learn(header, packet)?,
        };
        (self.tracks[kind.index()].as_ref()?.payload_type == header.payload_type).then_some((kind, layer))
    }

    fn learn(&mut self, header: &Header, packet: &[u8]) -> Option<(TrackKind, u8)> {
        let mid = header.extension(packet, self.ids.mid);
        let rid = header.extension(packet, self.ids.rid).and_then(|r| std::str::from_utf8(r).ok());
        let fits = |track: &Track| match (track.declared, mid) {
            (Some(ssrc), _) if ssrc == header.ssrc => true,
            (_, Some(mid)) => track.mid.as_bytes() == mid,
            (None, None) => track.payload_type == header.payload_type,
            _ => false,
        };
        let mut fitting = TrackKind::ALL.into_iter().filter(|k| self.tracks[k.index()].as_ref().is_some_and(fits));
        let kind = fitting.next().filter(|_| fitting.next().is_none())?;
        let track = self.tracks[kind.index()].as_mut()?;
        let layer = match (rid, track.rids.as_slice()) {
            (_, []) => 0,
            (Some(rid), rids) => rids.iter().position(|r| r == rid)?,
            (None, _) => return None,
        };
        if track.payload_type != header.payload_type || self.sources.len() >= MOST_SOURCES {
            return None;
        }
        track.layers[layer] = Some(Layer::new(header, kind));
        let layer = layer as u8;
        self.sources.retain(|(_, k, l)| (*k, *l) != (kind, layer));
        self.sources.push((header.ssrc, kind, layer));
        Some((kind, layer))
    }

    /// Does this packet belong into the recording? The best layer that flows is recorded, from a key frame on.
    pub fn tapped(&mut self, packet: &Incoming) -> bool {
        if packet.kind == TrackKind::Audio {
            return !packet.payload.is_empty();
        }
        let Some(track) = self.tracks[packet.kind.index()].as_mut() else { return false };
        let stale = |layer: u8| track.layers[usize::from(layer)].as_ref().is_none_or(|l| packet.at.saturating_sub(l.last) > STALE);
        let better = track.tapped.is_none_or(|tapped| tapped < packet.layer || stale(tapped));
        if better && packet.vp8.is_some_and(|v| v.key) {
            track.tapped = Some(packet.layer);
        }
        track.tapped == Some(packet.layer) && !packet.payload.is_empty()
    }

    /// Asks for a key frame of the best layer, for the recording.
    pub fn want_tap_key(&mut self, kind: TrackKind, now: Duration) {
        if let Some(best) = self.flowing_layers(kind, now).last() {
            self.want_key(kind, best);
        }
    }

    /// The layers that flow, the smallest first.
    pub fn flowing_layers(&self, kind: TrackKind, now: Duration) -> impl DoubleEndedIterator<Item = u8> + '_ {
        let layers = self.tracks[kind.index()].iter().flat_map(|t| t.layers.iter().enumerate());
        layers.filter_map(move |(i, l)| l.as_ref().filter(|l| now.saturating_sub(l.last) < STALE).map(|_| i as u8))
    }

    /// Bits a second of a layer.
    pub fn bitrate(&self, kind: TrackKind, layer: u8) -> u32 {
        self.tracks[kind.index()].as_ref().and_then(|t| t.layers[usize::from(layer)].as_ref()).map_or(0, |l| l.bitrate)
    }

    /// When media of a track last came.
    pub fn last(&self, kind: TrackKind) -> Option<Duration> {
        self.tracks[kind.index()].as_ref()?.layers.iter().flatten().map(|l| l.last).max()
    }

    /// A key frame of this layer is needed; asked for with the next tick, and not too often.
    pub fn want_key(&mut self, kind: TrackKind, layer: u8) {
        if let Some(layer) = self.tracks[kind.index()].as_mut().and_then(|t| t.layers[usize::from(layer)].as_mut()) {
            layer.wanted = true;
        }
    }

    /// Reads reports; answers the clocks in them.
    pub fn reports(&mut self, datagram: &[u8], at: Duration, clocks: &mut Vec<Clocks>) {
        let Some(opened) = self.transport.open_rtcp(datagram, at) else { return };
        for report in rtcp::read(&opened) {
            let Report::Sender { ssrc, ntp, rtp, .. } = report else { continue };
            let Some((_, kind, layer)) = self.sources.iter().find(|(s, ..)| *s == ssrc).copied() else { continue };
            let found = self.tracks[kind.index()].as_mut().and_then(|t| t.layers[usize::from(layer)].as_mut());
            if let Some(layer) = found {
                layer.reception.sender_report(ntp, at);
                clocks.push(Clocks { kind, ssrc, ntp, rtp });
            }
        }
    }

    /// What is due for the client: lost packets, key frames, feedback, reports.
    pub fn tick(&mut self, now: Duration) {
        if !self.transport.open() {
            return;
        }
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        let report = now.saturating_sub(self.reported) >= REPORT_EVERY;
        if report {
            self.reported = now;
            self.report(now, &mut plain);
        }
        self.requests(now, &mut plain);
        if now.saturating_sub(self.fed) >= FEEDBACK_EVERY {
            self.fed = now;
            let media = self.sources.first().map_or(0, |(ssrc, ..)| *ssrc);
            self.arrivals.write(&mut plain, self.ssrc, media);
        }
        if !plain.is_empty() {
            self.transport.send_rtcp(&plain);
        }
        self.plain = plain;
    }

    fn report(&mut self, now: Duration, plain: &mut Vec<u8>) {
        let layers = self.tracks.iter_mut().flatten().flat_map(|t| t.layers.iter_mut().flatten());
        let blocks: Vec<Block> = layers.map(|l| l.reception.block(l.ssrc, now)).collect();
        rtcp::receiver_report(plain, self.ssrc, &blocks);
    }

    fn requests(&mut self, now: Duration, plain: &mut Vec<u8>) {
        let (own, numbers) = (self.ssrc, &mut self.numbers);
        for layer in self.tracks.iter_mut().flatten().flat_map(|t| t.layers.iter_mut().flatten()) {
            layer.wanted |= layer.reception.ask(now, numbers);
            if !numbers.is_empty() {
                layer.nacks += numbers.len() as u32;
                rtcp::nack(plain, own, layer.ssrc, numbers);
            }
            if layer.wanted && layer.asked.is_none_or(|asked| now.saturating_sub(asked) >= KEY_EVERY) {
                (layer.wanted, layer.asked) = (false, Some(now));
                layer.requests += 1;
                rtcp::key_frame(plain, own, layer.ssrc);
            }
        }
    }

    /// Figures.
    pub fn stats(&self) -> Vec<SentStats> {
        let mut all = Vec::new();
        for kind in TrackKind::ALL {
            for (i, layer) in self.tracks[kind.index()].iter().flat_map(|t| t.layers.iter().enumerate()) {
                if let Some(l) = layer {
                    all.push(SentStats {
                        kind,
                        layer: i as u8,
                        loss: f32::from(l.reception.fraction) / 256.0,
                        jitter: l.reception.jitter_time(),
                        bitrate: l.bitrate,
                        packets: l.packets,
                        last: l.last,
                        key_requests: l.requests,
                        nacks: l.nacks,
                    });
                }
            }
        }
        all
    }

    /// Says goodbye.
    pub fn close(&mut self, now: Instant) {
        self.transport.close(now);
    }
}

/// Browsers name layers q, h, f; others count on the order of the description, the smallest first.
fn ranked(rids: &[String]) -> Vec<String> {
    let rank = |rid: &str| "qhf".find(rid).filter(|_| rid.len() == 1);
    let mut rids = rids.to_vec();
    if rids.iter().all(|r| rank(r).is_some()) {
        rids.sort_by_key(|r| rank(r));
    }
    rids
}

impl Layer {
    fn new(header: &Header, kind: TrackKind) -> Self {
        Self {
            ssrc: header.ssrc,
            reception: Reception::new(header.sequence, kind.clock_rate(), kind != TrackKind::Audio),
            window: (Duration::ZERO, 0),
            bitrate: 0,
            packets: 0,
            last: Duration::ZERO,
            asked: None,
            wanted: kind != TrackKind::Audio,
            requests: 0,
            nacks: 0,
            video: kind != TrackKind::Audio,
        }
    }

    fn note(&mut self, header: &Header, size: u32, at: Duration) -> Arrived {
        self.packets += 1;
        self.last = at;
        self.window.1 += size;
        let span = at.saturating_sub(self.window.0);
        if span >= Duration::from_secs(1) {
            self.bitrate = (f64::from(self.window.1) * 8.0 / span.as_secs_f64()) as u32;
            self.window = (at, 0);
        }
        let arrived = self.reception.note(header.sequence, header.timestamp, at);
        self.wanted |= self.video && arrived == Arrived::Broken;
        arrived
    }
}
