//! The names things have at the border of the crate.
//!
//! Owns: room, participant and track names. Must never: make an id; the caller's ids (for us only 128 bits) come in.

use std::fmt;

/// A room: one hearing, or one private room beside it. The caller's UUID as bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub u128);

/// A participant of a room: one seat. The same person who comes back keeps it; two tabs are two connections of one seat.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParticipantId(pub u128);

impl fmt::Debug for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "room-{:032x}", self.0)
    }
}

impl fmt::Debug for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "participant-{:032x}", self.0)
    }
}

/// What a participant can send. At most one track of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrackKind {
    /// The microphone (Opus, payload type 111).
    Audio,
    /// The camera (VP8, payload type 96).
    Video,
    /// A shared screen or document camera (VP8, payload type 96).
    Screen,
}

impl TrackKind {
    /// All kinds, in the order of their index.
    pub const ALL: [TrackKind; 3] = [TrackKind::Audio, TrackKind::Video, TrackKind::Screen];

    /// 0, 1, 2: a place in small tables.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Ticks of the RTP clock in a second.
    pub fn clock_rate(self) -> u32 {
        match self {
            TrackKind::Audio => 48_000,
            TrackKind::Video | TrackKind::Screen => 90_000,
        }
    }
}
