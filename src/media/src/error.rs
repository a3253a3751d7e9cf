//! What can be refused, with a stable code. The product says it to people in two languages; this crate speaks to
//! programmers.
//!
//! Must never: carry a name, an address or a token.

/// Why a command to the engine was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// The engine was stopped, or its thread is gone.
    #[error("the media engine has stopped")]
    Stopped,
    /// The queue of commands is full: try again in a moment.
    #[error("the media engine is busy")]
    Busy,
    /// No such room here.
    #[error("no such room")]
    NoRoom,
    /// The room exists already.
    #[error("the room exists already")]
    RoomExists,
    /// As many rooms or participants as the configuration allows.
    #[error("full: {0}")]
    Full(&'static str),
    /// The participant was not admitted, or was removed.
    #[error("the participant is not admitted")]
    NotAdmitted,
    /// This join ticket was used before.
    #[error("the join ticket was used before")]
    TicketUsed,
    /// The session description is not acceptable.
    #[error("session description: {0}")]
    Sdp(&'static str),
    /// Not now: an answer without an offer, an answer to an offer that was replaced.
    #[error("out of order: {0}")]
    OutOfOrder(&'static str),
    /// The room failed and was closed; other rooms go on.
    #[error("the room failed")]
    RoomFailed,
    /// A socket could not be opened.
    #[error("network: {0}")]
    Network(String),
    /// Keys or certificates could not be made.
    #[error("cryptography: {0}")]
    Crypto(String),
}

impl MediaError {
    /// A code that stays the same over releases.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stopped => "media.stopped",
            Self::Busy => "media.busy",
            Self::NoRoom => "media.no_room",
            Self::RoomExists => "media.room_exists",
            Self::Full(_) => "media.full",
            Self::NotAdmitted => "media.not_admitted",
            Self::TicketUsed => "media.ticket_used",
            Self::Sdp(_) => "media.sdp",
            Self::OutOfOrder(_) => "media.out_of_order",
            Self::RoomFailed => "media.room_failed",
            Self::Network(_) => "media.network",
            Self::Crypto(_) => "media.crypto",
        }
    }
}

/// What commands answer.
pub type Result<T> = std::result::Result<T, MediaError>;
