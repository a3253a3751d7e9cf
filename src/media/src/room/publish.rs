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
const STALE: Duration = Duration::from_millis(1000);
const MOST_SOURCES: usize = 24;
/// Larger packets are not media of a browser.
const LARGEST: usize = 1500;
/// What one layer may bring in a second, in bytes: ten megabits of picture, half a megabit of sound. More is cut off.
const MOST_PICTURE: u32 = 1_250_000;
const MOST_SOUND: u32 = 64_000;

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
    repair: Option<u8>,
    rids: Vec<String>,
    declared: Option<u32>,
    declared_repair: Option<u32>,
    loud: Loudness,
    layers: [Option<Layer>; 3],
    tapped: Option<u8>,
    /// Media was coming when we last looked.
    pub flowing: bool,
}

#[derive(Default)]
struct Ids {
    mid: u8,
    rid: u8,
    repaired: u8,
    level: u8,
    transport: u8,
}

/// A source we know: what it carries, and whether it only repairs.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Source {
    ssrc: u32,
    kind: TrackKind,
    layer: u8,
    repairs: bool,
}

/// The sending half of a participant.
pub struct Publisher {
    /// Its connection.
    pub transport: Transport,
    tracks: [Option<Track>; 3],
    sources: Vec<Source>,
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
            self.ids.repaired = media.extension(sdp::REPAIRED_RID).max(self.ids.repaired);
            self.ids.level = media.extension(sdp::AUDIO_LEVEL).max(self.ids.level);
            self.ids.transport = media.extension(sdp::TRANSPORT_CC).max(self.ids.transport);
            let declared = media.ssrc.filter(|_| media.rids.is_empty());
            let before = self.tracks[kind.index()].take().filter(|t| t.mid == media.mid && t.declared == declared);
            tracks[kind.index()] = Some(Track {
                mid: media.mid.clone(),
                payload_type: media.codec.unwrap_or(0),
                repair: media.repair,
                rids: ranked(&media.rids),
                declared,
                declared_repair: media.repair_ssrc.filter(|_| media.rids.is_empty()),
                loud: Loudness::default(),
                tapped: before.as_ref().and_then(|t| t.tapped),
                flowing: before.as_ref().is_some_and(|t| t.flowing),
                layers: before.map_or([None, None, None], |t| t.layers),
            });
        }
        let kept = |source: &Source| {
            let layers = tracks[source.kind.index()].as_ref().map(|t: &Track| &t.layers);
            layers.and_then(|l| l[usize::from(source.layer)].as_ref()).is_some_and(|l| source.repairs || l.ssrc == source.ssrc)
        };
        self.sources.retain(kept);
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
        if datagram.len() > LARGEST {
            return None;
        }
        let opened = self.transport.open_rtp(datagram, at)?;
        let mut header = Header::parse(&opened)?;
        if let Some(number) = header.extension(&opened, self.ids.transport).and_then(|v| u16_at(v, 0)) {
            self.arrivals.note(number, at);
        }
        let source = self.locate(&header, &opened)?;
        let (kind, layer) = (source.kind, source.layer);
        let level = header.extension(&opened, self.ids.level).and_then(|l| l.first().copied());
        let size = opened.len() as u32;
        let mut payload: Bytes = opened.freeze().slice(header.payload_at..header.payload_end);
        if source.repairs {
            header.sequence = u16_at(&payload, 0)?; // without one it only probed the line
            payload = payload.slice(2..);
        }
        let vp8 = if kind == TrackKind::Audio { None } else { vp8::Vp8::parse(&payload) };
        let track = self.tracks[kind.index()].as_mut()?;
        if let Some(level) = level.filter(|_| kind == TrackKind::Audio) {
            track.loud.note(level & 0x7f);
        }
        let known = track.layers[usize::from(layer)].as_mut()?;
        if known.note(&header, size, at) == Arrived::Again {
            return None;
        }
        Some(Incoming {
            kind,
            layer,
            ssrc: known.ssrc,
            sequence: header.sequence,
            timestamp: header.timestamp,
            marker: header.marker,
            payload,
            vp8,
            at,
        })
    }

    /// Which track and layer a packet belongs to; learns new sources.
    fn locate(&mut self, header: &Header, packet: &[u8]) -> Option<Source> {
        let known = self.sources.iter().find(|s| s.ssrc == header.ssrc).copied();
        let source = match known {
            Some(found) => found,
            None => self.learn(header, packet)?,
        };
        let track = self.tracks[source.kind.index()].as_ref()?;
        let expected = if source.repairs { track.repair? } else { track.payload_type };
        (expected == header.payload_type).then_some(source)
    }

    fn learn(&mut self, header: &Header, packet: &[u8]) -> Option<Source> {
        let text = |id: u8| header.extension(packet, id).and_then(|r| std::str::from_utf8(r).ok());
        let mid = header.extension(packet, self.ids.mid);
        let speaks = |track: &Track| track.payload_type == header.payload_type || track.repair == Some(header.payload_type);
        let fits = |track: &Track| match (mid, track.declared) {
            _ if !speaks(track) => false,
            _ if [track.declared, track.declared_repair].contains(&Some(header.ssrc)) => true,
            (Some(mid), _) => track.mid.as_bytes() == mid,
            (None, None) => true,
            _ => false,
        };
        let mut fitting = TrackKind::ALL.into_iter().filter(|k| self.tracks[k.index()].as_ref().is_some_and(fits));
        let kind = fitting.next().filter(|_| fitting.next().is_none())?;
        let track = self.tracks[kind.index()].as_mut()?;
        let repairs = track.payload_type != header.payload_type;
        let layer = match (text(if repairs { self.ids.repaired } else { self.ids.rid }), track.rids.as_slice()) {
            (_, []) => 0,
            (Some(rid), rids) => rids.iter().position(|r| r == rid)?,
            (None, _) => return None,
        };
        if self.sources.len() >= MOST_SOURCES || repairs && track.layers[layer].is_none() {
            return None;
        }
        if !repairs {
            track.layers[layer] = Some(Layer::new(header, kind));
        }
        let source = Source { ssrc: header.ssrc, kind, layer: layer as u8, repairs };
        self.sources.retain(|s| (s.kind, s.layer, s.repairs) != (source.kind, source.layer, repairs));
        self.sources.push(source);
        Some(source)
    }

    /// Does the participant speak, by how loud the packets of the last half second said to be?
    pub fn speaks(&mut self) -> Option<bool> {
        self.tracks[TrackKind::Audio.index()].as_mut()?.loud.judge()
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

    /// The recording of a track goes on after a pause: from a key frame, which is asked for.
    pub fn retap(&mut self, kind: TrackKind, now: Duration) {
        if let Some(track) = self.tracks[kind.index()].as_mut() {
            track.tapped = None;
        }
        self.want_tap_key(kind, now);
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
            let Some(Source { kind, layer, repairs: false, .. }) = self.sources.iter().find(|s| s.ssrc == ssrc).copied() else { continue };
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
            let media = self.sources.first().map_or(0, |s| s.ssrc);
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
        self.window.1 = self.window.1.saturating_add(size);
        let span = at.saturating_sub(self.window.0);
        if span >= Duration::from_secs(1) {
            self.bitrate = (f64::from(self.window.1) * 8.0 / span.as_secs_f64()) as u32;
            self.window = (at, 0);
        }
        if self.window.1 > if self.video { MOST_PICTURE } else { MOST_SOUND } {
            return Arrived::Again;
        }
        let arrived = self.reception.note(header.sequence, header.timestamp, at);
        self.wanted |= self.video && arrived == Arrived::Broken;
        arrived
    }
}

/// Counts loud packets (RFC 6464: 0 is full scale, 127 silence).
#[derive(Default)]
struct Loudness {
    packets: u32,
    loud: u32,
    speaking: bool,
}

const LOUD: u8 = 45;

impl Loudness {
    fn note(&mut self, level: u8) {
        self.packets = self.packets.saturating_add(1);
        self.loud = self.loud.saturating_add(u32::from(level < LOUD));
    }

    /// Answers a change: a third of the packets loud begins it, less than a tenth ends it.
    fn judge(&mut self) -> Option<bool> {
        let (packets, loud) = (std::mem::take(&mut self.packets), std::mem::take(&mut self.loud));
        let speaking = if self.speaking { packets > 0 && loud * 10 >= packets } else { loud > 0 && loud * 3 >= packets };
        (std::mem::replace(&mut self.speaking, speaking) != speaking).then_some(speaking)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaking_begins_and_ends_without_flicker() {
        let mut loud = Loudness::default();
        let mut half_second = |levels: [u8; 5]| {
            levels.into_iter().for_each(|l| (0..5).for_each(|_| loud.note(l)));
            loud.judge()
        };
        assert_eq!(half_second([127; 5]), None);
        assert_eq!(half_second([20, 30, 100, 100, 100]), Some(true));
        assert_eq!(half_second([20, 100, 100, 100, 100]), None);
        assert_eq!(half_second([100; 5]), Some(false));
    }

    #[test]
    fn layers_have_an_order() {
        let ranked = |rids: &[&str]| super::ranked(&rids.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>()).concat();
        assert_eq!((ranked(&["f", "h", "q"]), ranked(&["lo", "hi"])), ("qhf".to_owned(), "lohi".to_owned()));
    }
}
