//! The seam between forwarding and recording: a copy of what the server received, before any rewriting.
//!
//! Owns: the trait and the shape of a copied packet. Must never: wait. Whatever stands behind a tap runs on the media
//! thread, so it puts the packet into a bounded queue and returns; a full queue is counted and reported, never silent.

use std::time::Duration;

use bytes::Bytes;

use crate::ids::{ParticipantId, TrackKind};

/// One RTP packet as the publisher sent it: decrypted, in the order of arrival (not of sequence numbers), padding
/// packets left out. Retransmissions arrive late under their own sequence number; a duplicate can come.
#[derive(Clone, Debug)]
pub struct TapPacket {
    /// Whose.
    pub participant: ParticipantId,
    /// Of which track.
    pub track: TrackKind,
    /// The synchronisation source. With simulcast only the best layer that flows is tapped, so a change of layer (and a
    /// republished track) shows as a new source with its own sequence numbers and its own clock offset.
    pub ssrc: u32,
    /// 111 Opus, 96 VP8.
    pub payload_type: u8,
    /// The RTP marker: last packet of a video frame.
    pub marker: bool,
    /// The sequence number, as sent.
    pub sequence: u16,
    /// The RTP timestamp, as sent.
    pub timestamp: u32,
    /// The payload; sharing it costs a reference count.
    pub payload: Bytes,
    /// When it arrived, counted from the start of the engine on a clock that never jumps.
    pub arrived: Duration,
}

/// Why a publisher's media stops or begins on the side of the server: the recorder's gap ledger wants a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The right to send this track was given.
    Allowed,
    /// The right was taken: what still arrives is neither forwarded nor tapped.
    Muted,
    /// It flows, and must not be recorded (a private room): not tapped.
    Private,
}

/// Receives a copy of everything a room's participants send and may send. One per room, called on the media thread
/// of that room only. Every call returns at once.
pub trait Tap: Send {
    /// A packet of a track that has the right to be sent.
    fn packet(&self, packet: TapPacket);
    /// A sender report: the wall clock of the sender (NTP, 32.32 bits) at an RTP time, for one source of the track.
    fn sender_report(&self, participant: ParticipantId, track: TrackKind, ssrc: u32, ntp: u64, rtp: u32);
    /// A participant's publishing connection came up.
    fn joined(&self, participant: ParticipantId, at: Duration);
    /// It went down.
    fn left(&self, participant: ParticipantId, at: Duration);
    /// The right to send a track was given or taken.
    fn gate(&self, participant: ParticipantId, track: TrackKind, gate: Gate, at: Duration);
    /// How many packets could not be queued so far. The engine reads it about once a second and reports growth as an
    /// event (`TapOverflow`), so that no loss of a recording stays silent.
    fn overflowed(&self) -> u64;
    /// The recorder wants a key frame of this participant's video soon (start, gap, every ten seconds for seeking)?
    /// Asked about once a second per track; the engine turns `true` into a limited request.
    fn wants_key_frame(&self, participant: ParticipantId, track: TrackKind) -> bool {
        let _ = (participant, track);
        false
    }
}

/// A tap that records nothing.
pub struct NoTap;

impl Tap for NoTap {
    fn packet(&self, _: TapPacket) {}
    fn sender_report(&self, _: ParticipantId, _: TrackKind, _: u32, _: u64, _: u32) {}
    fn joined(&self, _: ParticipantId, _: Duration) {}
    fn left(&self, _: ParticipantId, _: Duration) {}
    fn gate(&self, _: ParticipantId, _: TrackKind, _: Gate, _: Duration) {}
    fn overflowed(&self) -> u64 {
        0
    }
}
