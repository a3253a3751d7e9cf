//! What happened in a hearing, as far as the recording is concerned, on the recording's own time.
//!
//! Owns: the kinds of events and their shape in `events.jsonl` (chained and forced to the disk as the manifests are).
//! Must never hold a name or a word: ids, times, reasons.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{ParticipantId, TrackKind};

/// A participant in JSON: 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Who(pub ParticipantId);

impl Serialize for Who {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{:032x}", self.0.0))
    }
}

impl<'de> Deserialize<'de> for Who {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let id = (text.len() == 32).then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        id.map(|id| Self(ParticipantId(id))).ok_or_else(|| serde::de::Error::custom("not a participant"))
    }
}

/// Sound or picture of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// The microphone.
    Audio,
    /// The camera.
    Video,
}

impl Medium {
    /// A shared screen has no medium here: showing nothing is not a gap.
    pub fn of(track: TrackKind) -> Option<Self> {
        match track {
            TrackKind::Audio => Some(Self::Audio),
            TrackKind::Video => Some(Self::Video),
            TrackKind::Screen => None,
        }
    }
}

/// The three breaks the law permits (庭审录音录像若干规定 art. 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Break {
    /// 休庭.
    Adjourned,
    /// 公开庭审中的不公开举证、质证活动.
    ClosedEvidence,
    /// 不宜录制的调解活动.
    Mediation,
}

/// Who switched a track off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The person.
    Person,
    /// The court.
    Court,
}

/// Why the recorder itself lost something while it was running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Packets came faster than the recorder took them.
    Overflow,
    /// The spool could not be written for longer than memory lasted.
    DiskFull,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// 开庭: media time is nought here. With the steady hand and the boot it belongs to.
    Opened {
        /// `<court>/<hearing>`.
        place: String,
        /// The boot of the machine.
        boot: String,
        /// The steady hand.
        mono: i64,
    },
    /// A recorder began to write; the first is 1, each crash makes one more.
    Epoch {
        /// Its number.
        epoch: u32,
    },
    /// Somebody's connection came up.
    Joined {
        /// Who.
        who: Who,
    },
    /// Somebody left on purpose.
    Left {
        /// Who.
        who: Who,
    },
    /// Somebody's connection went down.
    Disconnected {
        /// Who.
        who: Who,
    },
    /// A track was switched off.
    Muted {
        /// Who.
        who: Who,
        /// Which track.
        medium: Medium,
        /// By whom.
        by: By,
    },
    /// And on again.
    Unmuted {
        /// Who.
        who: Who,
        /// Which track.
        medium: Medium,
        /// By whom.
        by: By,
    },
    /// The judge interrupted the recording.
    BreakStart {
        /// For which of the three reasons.
        reason: Break,
    },
    /// And resumed it.
    BreakEnd,
    /// The wall clock was set. Media time did not follow; the UTC track shows it.
    ClockJump {
        /// By so many milliseconds.
        by_ms: i64,
    },
    /// The running recorder lost media.
    Trouble {
        /// Why.
        what: Trouble,
        /// From when; until the event's own time.
        from: i64,
    },
    /// Found at the next start: the recorder had died. The event's time is the end of what is safe on the disk.
    Crash {
        /// Bytes of a torn line that were cut from this list.
        torn: u64,
    },
    /// 闭庭.
    Closed,
}

/// An event with its times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped {
    /// Milliseconds of media time.
    pub at: i64,
    /// UTC by the wall clock, in microseconds since 1970.
    pub utc: i64,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}
