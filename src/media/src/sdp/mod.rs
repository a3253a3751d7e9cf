//! Session descriptions (RFC 8866, JSEP), as far as a forwarding unit needs them: Opus and VP8, one bundle, no trickle.
//!
//! Owns: reading what a client sends, within bounds, and writing ours line by line. Must never: repeat text of one
//! client to another; what goes into ours is made here from parsed values.

mod read;
mod write;

pub use read::{Description, Direction, Media, read};
pub use write::{Answered, Offered, Ours, answer, offer};

/// Longer descriptions are refused unread.
pub const LONGEST: usize = 256 * 1024;
/// More sections are refused.
pub const MOST_SECTIONS: usize = 256;

/// Header extension: the transport-wide sequence number.
pub const TRANSPORT_CC: &str = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
/// Header extension: the section a packet belongs to.
pub const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
/// Header extension: the simulcast layer.
pub const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
/// Header extension: the simulcast layer that a repair stream repairs.
pub const REPAIRED_RID: &str = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
/// Header extension: how loud the packet is.
pub const AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
