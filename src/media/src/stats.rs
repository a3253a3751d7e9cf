//! Figures of a room, for the technician's board, the heartbeat series and the drop-out log.

use std::time::Duration;

use crate::ids::{ParticipantId, TrackKind};

/// A room at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoomStats {
    /// Media time of the snapshot.
    pub at: Duration,
    /// Its participants.
    pub participants: Vec<ParticipantStats>,
}

/// One participant.
#[derive(Clone, Debug, PartialEq)]
pub struct ParticipantStats {
    /// Who.
    pub participant: ParticipantId,
    /// Is the publishing connection up?
    pub publishing: bool,
    /// Is the receiving connection up?
    pub receiving: bool,
    /// When something was last heard on either (the heartbeat).
    pub last_heard: Duration,
    /// Over TCP?
    pub tcp: bool,
    /// What is sent to us.
    pub sent: Vec<SentStats>,
    /// What we send.
    pub received: Vec<ReceivedStats>,
    /// What the receiver is believed to bear, in bits a second.
    pub estimate: f64,
}

impl ParticipantStats {
    /// The worst loss of all its streams, 0 to 1.
    pub fn loss(&self) -> f32 {
        let sent = self.sent.iter().map(|s| s.loss);
        sent.chain(self.received.iter().map(|r| r.loss)).fold(0.0, f32::max)
    }

    /// The longest round trip measured.
    pub fn round_trip(&self) -> Option<Duration> {
        self.received.iter().filter_map(|r| r.round_trip).max()
    }
}

/// One layer of a track that comes to us.
#[derive(Clone, Debug, PartialEq)]
pub struct SentStats {
    /// Of which kind.
    pub kind: TrackKind,
    /// Simulcast layer.
    pub layer: u8,
    /// Lost in the last second, 0 to 1.
    pub loss: f32,
    /// Interarrival jitter.
    pub jitter: Duration,
    /// Bits a second.
    pub bitrate: u32,
    /// Packets in all.
    pub packets: u64,
    /// When the last one came.
    pub last: Duration,
    /// Key frames asked for.
    pub key_requests: u32,
    /// Packets asked for again.
    pub nacks: u32,
}

/// One track that goes to a receiver.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedStats {
    /// Whose.
    pub publisher: ParticipantId,
    /// Of which kind.
    pub kind: TrackKind,
    /// The layer that flows.
    pub layer: Option<u8>,
    /// Lost, as the receiver said, 0 to 1.
    pub loss: f32,
    /// Jitter, as the receiver said.
    pub jitter: Duration,
    /// Round trip.
    pub round_trip: Option<Duration>,
    /// Packets in all.
    pub packets: u32,
}
