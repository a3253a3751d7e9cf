//! What the engine reports without being asked, on a bounded channel. Nothing in it is personal: ids and figures.

use std::time::Duration;

use crate::ids::{ParticipantId, RoomId, TrackKind};

/// Which of a participant's two connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Client to server.
    Publish,
    /// Server to client.
    Receive,
}

/// How much is thrown off to keep up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// Everything flows.
    #[default]
    Normal,
    /// The smallest layers only.
    Reduced,
    /// No video; audio flows.
    AudioOnly,
}

/// Something happened. `at` is media time: since the start of the engine, on a clock that never jumps.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A connection is up.
    Connected {
        /// Where.
        room: RoomId,
        /// Whose.
        participant: ParticipantId,
        /// Which.
        side: Side,
        /// When.
        at: Duration,
    },
    /// A connection is over. The seat stays until the caller removes it; a new offer brings it back.
    Disconnected {
        /// Where.
        room: RoomId,
        /// Whose.
        participant: ParticipantId,
        /// Which.
        side: Side,
        /// `silent`, `closed by the peer`, `never connected`, `replaced`.
        cause: &'static str,
        /// When.
        at: Duration,
    },
    /// Media of a track began to come, or stopped.
    Flow {
        /// Where.
        room: RoomId,
        /// Whose.
        participant: ParticipantId,
        /// Which track.
        track: TrackKind,
        /// It comes now.
        flowing: bool,
        /// When.
        at: Duration,
    },
    /// A participant began or ended to speak, by the loudness of the packets (never of a muted one).
    Speaking {
        /// Where.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
        /// Began.
        speaking: bool,
        /// When.
        at: Duration,
    },
    /// What a participant may receive changed: ask for an offer and bring it to the client.
    OfferNeeded {
        /// Where.
        room: RoomId,
        /// For whom.
        participant: ParticipantId,
    },
    /// A receiver gets another simulcast layer (nothing: paused, audio goes on).
    Layer {
        /// Where.
        room: RoomId,
        /// Who receives.
        receiver: ParticipantId,
        /// Whose picture.
        publisher: ParticipantId,
        /// Which track.
        track: TrackKind,
        /// 0 is the smallest.
        layer: Option<u8>,
    },
    /// The thread fell behind and throws off video, or recovered.
    Load {
        /// Which thread.
        thread: usize,
        /// How much.
        load: Load,
    },
    /// The queue to the recorder was full: so many packets in all were not recorded.
    TapOverflow {
        /// Where.
        room: RoomId,
        /// In all.
        packets: u64,
    },
    /// A room failed by a fault of ours and was closed. Others go on.
    RoomFailed {
        /// Which.
        room: RoomId,
    },
    /// This queue was full: so many events were not told.
    Missed {
        /// How many.
        events: u64,
    },
}
