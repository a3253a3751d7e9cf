//! One track of one participant: packets go in, frames with their place in time come out.
//!
//! Owns: which source of a track is the one recorded (a layer switch or a republished track is a new source), and when a
//! key frame is wanted. Must never hold a packet longer than its wait.

use bytes::Bytes;

use crate::ids::TrackKind;

use super::rtp::{Out, Packet, Reorder};
use super::sync::{RtpClock, SenderClock};
use super::{opus, vp8};

/// A frame on steady time.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Microseconds of steady time.
    pub at: i64,
    /// Microseconds it lasts.
    pub lasts: i64,
    pub key: bool,
    pub size: Option<(u16, u16)>,
    pub data: Bytes,
}

/// How long a missing packet is waited for: a retransmission comes within a round trip or two.
const WAIT_AUDIO_US: i64 = 200_000;
const WAIT_VIDEO_US: i64 = 400_000;
/// A key frame every so often makes the recording seekable and bounds what a loss hides.
const KEY_EVERY_US: i64 = 10_000_000;
/// Sources of a track that are remembered.
const SOURCES: usize = 4;

#[derive(Debug)]
struct Stream {
    ssrc: u32,
    reorder: Reorder,
    clock: RtpClock,
    assembler: vp8::Assembler,
}

/// One track.
#[derive(Debug)]
pub(crate) struct Track {
    kind: TrackKind,
    /// Newest first.
    streams: Vec<Stream>,
    recorded: Option<u32>,
    last_at: Option<i64>,
    last_key: Option<i64>,
    /// When the last packet came.
    pub heard: Option<i64>,
    lost: u32,
}

impl Track {
    pub fn new(kind: TrackKind) -> Self {
        Self { kind, streams: Vec::new(), recorded: None, last_at: None, last_key: None, heard: None, lost: 0 }
    }

    fn stream(&mut self, ssrc: u32) -> &mut Stream {
        let found = self.streams.iter().position(|s| s.ssrc == ssrc);
        let at = found.unwrap_or_else(|| {
            self.streams.truncate(SOURCES - 1);
            let clock = RtpClock::new(self.kind.clock_rate());
            self.streams.insert(0, Stream { ssrc, reorder: Reorder::default(), clock, assembler: vp8::Assembler::default() });
            0
        });
        &mut self.streams[at]
    }

    /// A packet arrived.
    pub fn packet(&mut self, ssrc: u32, packet: Packet) {
        self.heard = Some(packet.arrived);
        self.stream(ssrc).reorder.push(packet);
    }

    /// A sender report arrived.
    pub fn report(&mut self, ssrc: u32, ntp_us: i64, rtp: u32, sender: &SenderClock) {
        self.stream(ssrc).clock.report(ntp_us, rtp, sender);
    }

    /// What comes next must begin with a key frame, and what is held is of no use (a break began).
    pub fn restart(&mut self) {
        self.streams.clear();
        (self.recorded, self.last_key) = (None, None);
    }

    /// Packets lost since the last question.
    pub fn take_lost(&mut self) -> u32 {
        std::mem::take(&mut self.lost)
    }

    /// Should the sender be asked for a key frame? Only while packets come.
    pub fn wants_key(&self, now: i64) -> bool {
        let live = self.heard.is_some_and(|at| now - at < 2_000_000);
        let waits = self.streams.first().is_none_or(|s| s.assembler.waits_for_key());
        self.kind != TrackKind::Audio && live && (waits || self.last_key.is_none_or(|at| now - at > KEY_EVERY_US))
    }

    /// Frames that are ready by now.
    pub fn frames(&mut self, now: i64, sender: &mut SenderClock, out: &mut Vec<Frame>) {
        for at in (0..self.streams.len()).rev() {
            let from = out.len();
            let ssrc = self.streams[at].ssrc;
            self.lost += match self.kind {
                TrackKind::Audio => self.streams[at].sound(now, sender, out),
                TrackKind::Video | TrackKind::Screen => self.streams[at].pictures(now, sender, out),
            };
            self.choose(ssrc, at == 0, from, out);
        }
    }

    /// Only one source is recorded: the newest that can be shown. Older ones stop there.
    fn choose(&mut self, ssrc: u32, newest: bool, from: usize, out: &mut Vec<Frame>) {
        if out.len() > from && (newest || self.recorded.is_none()) {
            self.recorded = Some(ssrc);
        }
        if self.recorded != Some(ssrc) {
            out.truncate(from);
        }
        for frame in &mut out[from..] {
            // a millisecond is the grain of the file: no two frames of a track share one
            frame.at = self.last_at.map_or(frame.at, |last| frame.at.max(last + 1_000));
            self.last_at = Some(frame.at);
            if frame.size.is_some() {
                self.last_key = Some(frame.at);
            }
        }
    }
}

impl Stream {
    fn sound(&mut self, now: i64, sender: &mut SenderClock, out: &mut Vec<Frame>) -> u32 {
        let mut lost = 0;
        while let Some(next) = self.reorder.pop(now, WAIT_AUDIO_US, |_| false) {
            match next {
                Out::Lost(n) => lost += n,
                Out::Packet(p) => {
                    let Some(lasts) = opus::duration_us(&p.payload) else { continue };
                    let at = self.clock.place(p.timestamp, p.arrived, sender);
                    out.push(Frame { at, lasts, key: true, size: None, data: p.payload });
                }
            }
        }
        lost
    }

    fn pictures(&mut self, now: i64, sender: &mut SenderClock, out: &mut Vec<Frame>) -> u32 {
        let mut lost = 0;
        loop {
            let assembler = &self.assembler;
            match self.reorder.pop(now, WAIT_VIDEO_US, |head| assembler.runs_on(&head.payload)) {
                None => return lost,
                Some(Out::Lost(n)) => {
                    lost += n;
                    self.assembler.lost();
                }
                Some(Out::Packet(p)) => {
                    if let Some(picture) = self.assembler.packet(p.timestamp, p.marker, &p.payload) {
                        let at = self.clock.place(picture.timestamp, p.arrived, sender);
                        out.push(Frame { at, lasts: 33_000, key: picture.size.is_some(), size: picture.size, data: picture.data });
                    }
                }
            }
        }
    }
}
