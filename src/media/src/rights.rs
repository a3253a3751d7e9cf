//! Who may send, and who may receive whom. Everything is refused until it is given.

use crate::ids::TrackKind;

/// The right to send one track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Right {
    /// Not negotiated; packets that come all the same go nowhere.
    #[default]
    Denied,
    /// Negotiated, so that it can come back at once; packets go nowhere (the judge muted it).
    Muted,
    /// Forwarded and recorded.
    Allowed,
}

/// The rights of a participant to send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Publish {
    /// The microphone.
    pub audio: Right,
    /// The camera.
    pub video: Right,
    /// A screen or document camera.
    pub screen: Right,
    /// Kept out of the recording (a private room).
    pub private: bool,
}

impl Publish {
    /// May send audio and video.
    pub const SPEAKER: Publish = Publish { audio: Right::Allowed, video: Right::Allowed, screen: Right::Denied, private: false };

    /// The right to one kind.
    pub fn right(&self, kind: TrackKind) -> Right {
        match kind {
            TrackKind::Audio => self.audio,
            TrackKind::Video => self.video,
            TrackKind::Screen => self.screen,
        }
    }
}

/// Which tracks of a publisher a receiver may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Nothing.
    pub const NONE: Kinds = Kinds(0);
    /// Everything.
    pub const ALL: Kinds = Kinds(7);
    /// Sound only (an interpreter's channel).
    pub const AUDIO: Kinds = Kinds(1);

    /// With one kind more.
    pub fn with(self, kind: TrackKind) -> Self {
        Self(self.0 | 1 << kind.index())
    }

    /// Is it among them?
    pub fn has(self, kind: TrackKind) -> bool {
        self.0 >> kind.index() & 1 == 1
    }
}
