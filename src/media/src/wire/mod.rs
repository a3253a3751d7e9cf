//! Bytes on the wire: RTP, RTCP, STUN, VP8 payload headers. Pure functions over slices.
//!
//! Must never: panic on any input, allocate for what is refused, know a room.

pub mod rtcp;
pub mod rtp;
pub mod stun;
pub mod vp8;

/// Which protocol a datagram speaks, by its first byte (RFC 7983).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A connectivity check.
    Stun,
    /// A handshake record.
    Dtls,
    /// Media.
    Rtp,
    /// Reports about media.
    Rtcp,
}

/// Tells the protocols on one port apart.
pub fn protocol(datagram: &[u8]) -> Option<Protocol> {
    match (datagram.first()?, datagram.get(1)?) {
        (0..=3, _) => Some(Protocol::Stun),
        (20..=63, _) => Some(Protocol::Dtls),
        (128..=191, 192..=223) => Some(Protocol::Rtcp),
        (128..=191, _) => Some(Protocol::Rtp),
        _ => None,
    }
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
