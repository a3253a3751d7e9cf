//! One track on its way to one receiver: which layer, which numbers, what to send again.
//!
//! The receiver sees one source that never jumps, whatever happens before us: layers change, a microphone is muted and
//! comes back, a screen is shared anew. Must never: decide about rights; a leg exists only while the right does.

use std::time::Duration;

use bytes::Bytes;

use super::repeats::{Kept, Repeats};
use crate::ids::TrackKind;
use crate::wire::vp8::Vp8;

/// A decrypted packet of a publisher, classified.
pub struct Incoming {
    /// Of which kind.
    pub kind: TrackKind,
    /// Simulcast layer, 0 the smallest.
    pub layer: u8,
    /// Its source.
    pub ssrc: u32,
    /// Its number.
    pub sequence: u16,
    /// Its time.
    pub timestamp: u32,
    /// Last of a frame.
    pub marker: bool,
    /// The payload, shared.
    pub payload: Bytes,
    /// What its VP8 descriptor says.
    pub vp8: Option<Vp8>,
    /// When it came.
    pub at: Duration,
}

/// The numbers a packet goes out with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Sequence number.
    pub sequence: u16,
    /// Timestamp.
    pub timestamp: u32,
    /// VP8 picture.
    pub picture: u16,
    /// VP8 base-layer frame.
    pub base: u8,
}

struct Seam {
    layer: u8,
    source: u32,
    first: u16,
    sequence: u16,
    timestamp: u32,
    picture: u16,
    base: u8,
}

/// A track on its way to a receiver.
pub struct Leg {
    /// The publisher's seat.
    pub publisher: usize,
    /// Which of its tracks.
    pub kind: TrackKind,
    /// Our source number.
    pub ssrc: u32,
    /// The layer wanted; nothing: paused.
    pub target: Option<u8>,
    /// The best layer the receiver asked for.
    pub cap: u8,
    seam: Option<Seam>,
    last: Option<(Numbers, Duration)>,
    repeats: Repeats,
    /// Packets sent.
    pub packets: u32,
    /// Bytes sent.
    pub bytes: u32,
    /// What the receiver reported: lost of 256, jitter ticks, round trip.
    pub reported: (u8, u32, Option<Duration>),
    reports: [(u32, Duration); 4],
    /// Since when a key frame is waited for.
    pub waiting: Option<Duration>,
    /// When its target last changed.
    pub changed: Duration,
}

impl Leg {
    /// A leg that begins with the next key frame (or audio packet).
    pub fn new(publisher: usize, kind: TrackKind, ssrc: u32) -> Self {
        Self {
            publisher,
            kind,
            ssrc,
            target: Some(0),
            cap: 2,
            seam: None,
            last: None,
            repeats: Repeats::default(),
            packets: 0,
            bytes: 0,
            reported: (0, 0, None),
            reports: [(0, Duration::ZERO); 4],
            waiting: None,
            changed: Duration::ZERO,
        }
    }

    /// The layer that flows.
    pub fn layer(&self) -> Option<u8> {
        self.seam.as_ref().map(|s| s.layer)
    }

    /// The stream broke off: go on only from a key frame.
    pub fn cut(&mut self) {
        self.seam = None;
    }

    /// Does it wait for a key frame, and of which layer?
    pub fn wants(&self) -> Option<u8> {
        if self.kind == TrackKind::Audio {
            return None;
        }
        self.target.filter(|target| self.layer() != Some(*target))
    }

    /// The numbers for a packet, or nothing when it does not go to this receiver.
    pub fn accept(&mut self, packet: &Incoming) -> Option<Numbers> {
        let target = self.target?;
        let here = self.seam.as_ref().is_some_and(|s| s.layer == packet.layer && s.source == packet.ssrc);
        if !here {
            let starts = self.kind == TrackKind::Audio || packet.vp8.is_some_and(|v| v.key);
            if packet.layer != target || !starts {
                self.waiting.get_or_insert(packet.at);
                return None;
            }
            self.join(packet);
        }
        let seam = self.seam.as_ref()?;
        // what belongs before the seam is not shown
        if (packet.sequence.wrapping_sub(seam.first) as i16) < 0 {
            return None;
        }
        let vp8 = packet.vp8.unwrap_or_default();
        let numbers = Numbers {
            sequence: packet.sequence.wrapping_add(seam.sequence),
            timestamp: packet.timestamp.wrapping_add(seam.timestamp),
            picture: vp8.picture.map_or(0, |(_, _, p)| p.wrapping_add(seam.picture) & 0x7fff),
            base: vp8.base.map_or(0, |(_, b)| b.wrapping_add(seam.base)),
        };
        if self.last.is_none_or(|(last, _)| (numbers.sequence.wrapping_sub(last.sequence) as i16) > 0) {
            self.last = Some((numbers, packet.at));
        }
        Some(numbers)
    }

    fn join(&mut self, packet: &Incoming) {
        self.waiting = None;
        let vp8 = packet.vp8.unwrap_or_default();
        let (picture, base) = (vp8.picture.map_or(0, |(_, _, p)| p), vp8.base.map_or(0, |(_, b)| b));
        let mut seam =
            Seam { layer: packet.layer, source: packet.ssrc, first: packet.sequence, sequence: 0, timestamp: 0, picture: 0, base: 0 };
        if let Some((last, at)) = self.last {
            let rate = self.kind.clock_rate();
            let elapsed = (packet.at.saturating_sub(at).as_secs_f64() * f64::from(rate)) as u32;
            let next = last.timestamp.wrapping_add(elapsed.max(rate / 50));
            seam.sequence = last.sequence.wrapping_add(1).wrapping_sub(packet.sequence);
            seam.timestamp = next.wrapping_sub(packet.timestamp);
            seam.picture = last.picture.wrapping_add(1).wrapping_sub(picture);
            seam.base = last.base.wrapping_add(1).wrapping_sub(base);
        }
        self.seam = Some(seam);
    }

    /// Remembers what went out. Audio is not repeated: it would come too late.
    pub fn keep(&mut self, numbers: Numbers, transport: u16, packet: &Incoming) {
        if self.kind == TrackKind::Audio {
            return;
        }
        self.repeats.keep(numbers, transport, packet);
    }

    /// What went out under a number, unless it was repeated a moment ago.
    pub fn again(&mut self, sequence: u16, now: Duration) -> Option<Kept> {
        self.repeats.again(sequence, now)
    }

    /// Our media time for the publisher's, if this is the source that flows.
    pub fn translate(&self, source: u32, rtp: u32) -> Option<u32> {
        self.seam.as_ref().filter(|s| s.source == source).map(|s| rtp.wrapping_add(s.timestamp))
    }

    /// A sender report went out.
    pub fn told(&mut self, ntp: u64, now: Duration) {
        self.reports.rotate_right(1);
        self.reports[0] = ((ntp >> 16) as u32, now);
    }

    /// A reception block came back.
    pub fn heard(&mut self, block: &crate::wire::rtcp::Block, now: Duration) {
        let sent = self.reports.iter().find(|(middle, _)| *middle == block.last && block.last != 0);
        let held = Duration::from_secs_f64(f64::from(block.delay) / 65536.0);
        let round_trip = sent.map(|(_, at)| now.saturating_sub(*at).saturating_sub(held)).or(self.reported.2);
        self.reported = (block.fraction, block.jitter, round_trip);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video(layer: u8, sequence: u16, key: bool, picture: u16, ms: u64) -> Incoming {
        let vp8 = Vp8 { start: true, key, picture: Some((2, true, picture)), base: Some((4, picture as u8)) };
        Incoming {
            kind: TrackKind::Video,
            layer,
            ssrc: u32::from(layer) + 1,
            sequence,
            timestamp: u32::from(layer) * 1_000_000 + ms as u32 * 90,
            marker: true,
            payload: Bytes::from_static(b"x"),
            vp8: Some(vp8),
            at: Duration::from_millis(ms),
        }
    }

    #[test]
    fn layers_change_on_key_frames_without_a_jump() {
        let mut leg = Leg::new(0, TrackKind::Video, 9);
        assert_eq!(leg.accept(&video(0, 100, false, 7, 0)), None);
        assert_eq!(leg.wants(), Some(0));
        let first = leg.accept(&video(0, 101, true, 8, 10)).unwrap();
        assert_eq!((first.sequence, first.picture), (101, 8));
        leg.target = Some(2);
        assert_eq!(leg.accept(&video(2, 5000, false, 900, 20)), None);
        assert_eq!(leg.accept(&video(0, 102, false, 9, 40)).unwrap().sequence, 102);
        let jump = leg.accept(&video(2, 5001, true, 901, 50)).unwrap();
        assert_eq!((jump.sequence, jump.picture, jump.base), (103, 10, 10));
        assert_eq!(jump.timestamp, 40 * 90 + 1800);
        assert_eq!(leg.accept(&video(0, 103, false, 10, 60)), None, "the old layer is over");
        assert_eq!(leg.accept(&video(2, 5000, false, 900, 61)), None, "what was before the seam too");
        assert_eq!(leg.accept(&video(2, 5003, false, 902, 70)).unwrap().sequence, 105, "a hole stays a hole");
        assert_eq!(leg.accept(&video(2, 5002, false, 902, 71)).unwrap().sequence, 104, "and can be filled");
        assert_eq!((leg.layer(), leg.wants()), (Some(2), None));
    }

    #[test]
    fn numbers_go_on_over_a_pause_and_over_the_wrap() {
        let mut leg = Leg::new(0, TrackKind::Audio, 9);
        let audio = |sequence: u16, ms: u64| Incoming { kind: TrackKind::Audio, vp8: None, ..video(0, sequence, false, 0, ms) };
        assert_eq!(leg.accept(&audio(65535, 0)).unwrap().sequence, 65535);
        assert_eq!(leg.accept(&audio(0, 20)).unwrap().sequence, 0);
        leg.cut();
        let back = leg.accept(&audio(700, 2020)).unwrap();
        assert_eq!((back.sequence, back.timestamp), (1, 20 * 90 + 2 * 48_000));
    }
}
