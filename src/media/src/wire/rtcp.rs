//! RTCP (RFC 3550, 4585): the few reports and requests a forwarding unit reads and writes.
//!
//! Reading never allocates; writing appends to a buffer. Transport-wide feedback is read by the library
//! ([`rtc::rtcp`]) and written by [`crate::room::feedback`].

use super::{u16_at, u32_at};

/// What one packet of a compound says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report<'a> {
    /// The sender's clocks.
    Sender {
        /// Of which source.
        ssrc: u32,
        /// Its wall clock.
        ntp: u64,
        /// Its media clock at that moment.
        rtp: u32,
        /// The reception blocks that ride along.
        blocks: &'a [u8],
    },
    /// How our media arrived; read by [`blocks`].
    Receiver {
        /// The reception blocks.
        blocks: &'a [u8],
    },
    /// Packets to send again; read by [`lost`].
    Nack {
        /// Of which source.
        media: u32,
        /// Pairs of number and mask.
        pairs: &'a [u8],
    },
    /// A key frame, please.
    KeyFrame {
        /// Of which source.
        media: u32,
    },
    /// Transport-wide feedback: the whole packet.
    Transport(&'a [u8]),
}

/// One reception block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Of which source.
    pub ssrc: u32,
    /// Lost since the last report, of 256.
    pub fraction: u8,
    /// Lost in all, 24 bits signed.
    pub lost: i32,
    /// Interarrival jitter in media clock ticks.
    pub jitter: u32,
    /// The middle of the last sender report's wall clock.
    pub last: u32,
    /// How long ago it came, in 1/65536 s.
    pub delay: u32,
    /// The highest sequence number received, with its rounds.
    pub highest: u32,
}

/// Walks through a decrypted compound; stops at what is malformed.
pub fn read(compound: &[u8]) -> impl Iterator<Item = Report<'_>> {
    let mut rest = compound;
    std::iter::from_fn(move || {
        loop {
            let size = (usize::from(u16_at(rest, 2)?) + 1) * 4;
            let packet = rest.get(..size).filter(|p| p[0] >> 6 == 2)?;
            rest = &rest[size..];
            if let Some(report) = one(packet) {
                return Some(report);
            }
        }
    })
}

fn one(packet: &[u8]) -> Option<Report<'_>> {
    let (count, kind) = (packet[0] & 0x1f, packet[1]);
    match (kind, count) {
        (200, _) => Some(Report::Sender {
            ssrc: u32_at(packet, 4)?,
            ntp: u64::from(u32_at(packet, 8)?) << 32 | u64::from(u32_at(packet, 12)?),
            rtp: u32_at(packet, 16)?,
            blocks: packet.get(28..28 + usize::from(count) * 24)?,
        }),
        (201, _) => Some(Report::Receiver { blocks: packet.get(8..8 + usize::from(count) * 24)? }),
        (205, 1) => Some(Report::Nack { media: u32_at(packet, 8)?, pairs: packet.get(12..)? }),
        (205, 15) => Some(Report::Transport(packet)),
        (206, 1) => Some(Report::KeyFrame { media: u32_at(packet, 8)? }),
        (206, 4) => Some(Report::KeyFrame { media: u32_at(packet, 12)? }),
        _ => None,
    }
}

/// The reception blocks of a report.
pub fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block> + '_ {
    bytes.as_chunks::<24>().0.iter().map(|b| {
        let word = |at: usize| u32::from_be_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]]);
        Block {
            ssrc: word(0),
            fraction: b[4],
            lost: (word(4) << 8) as i32 >> 8,
            highest: word(8),
            jitter: word(12),
            last: word(16),
            delay: word(20),
        }
    })
}

/// The sequence numbers a request names.
pub fn lost(pairs: &[u8]) -> impl Iterator<Item = u16> + '_ {
    pairs.as_chunks::<4>().0.iter().flat_map(|p| {
        let (first, mask) = (u16::from_be_bytes([p[0], p[1]]), u16::from_be_bytes([p[2], p[3]]));
        std::iter::once(first).chain((0..16).filter(move |bit| mask >> bit & 1 == 1).map(move |bit| first.wrapping_add(bit + 1)))
    })
}

fn head(out: &mut Vec<u8>, count: u8, kind: u8, words: usize) {
    out.extend_from_slice(&[0x80 | count, kind]);
    out.extend_from_slice(&(words as u16).to_be_bytes());
}

fn words(out: &mut Vec<u8>, values: &[u32]) {
    for value in values {
        out.extend_from_slice(&value.to_be_bytes());
    }
}

/// Appends a receiver report.
pub fn receiver_report(out: &mut Vec<u8>, from: u32, blocks: &[Block]) {
    let blocks = &blocks[..blocks.len().min(31)];
    head(out, blocks.len() as u8, 201, 1 + blocks.len() * 6);
    words(out, &[from]);
    for b in blocks {
        words(out, &[b.ssrc, u32::from(b.fraction) << 24 | b.lost as u32 & 0x00ff_ffff, b.highest, b.jitter, b.last, b.delay]);
    }
}

/// Appends a sender report without reception blocks.
pub fn sender_report(out: &mut Vec<u8>, ssrc: u32, ntp: u64, rtp: u32, packets: u32, bytes: u32) {
    head(out, 0, 200, 6);
    words(out, &[ssrc, (ntp >> 32) as u32, ntp as u32, rtp, packets, bytes]);
}

/// Appends a request for a key frame.
pub fn key_frame(out: &mut Vec<u8>, from: u32, media: u32) {
    head(out, 1, 206, 2);
    words(out, &[from, media]);
}

/// Appends a request for lost packets; `numbers` ascend.
pub fn nack(out: &mut Vec<u8>, from: u32, media: u32, numbers: &[u16]) {
    let at = out.len();
    head(out, 1, 205, 0);
    words(out, &[from, media]);
    let mut rest = numbers;
    while let Some((&first, tail)) = rest.split_first() {
        let mut mask = 0u16;
        rest = tail;
        while let Some((&next, tail)) = rest.split_first() {
            let ahead = next.wrapping_sub(first);
            if ahead == 0 || ahead > 16 {
                break;
            }
            mask |= 1 << (ahead - 1);
            rest = tail;
        }
        out.extend_from_slice(&first.to_be_bytes());
        out.extend_from_slice(&mask.to_be_bytes());
    }
    let size = ((out.len() - at) / 4 - 1) as u16;
    out[at + 2..at + 4].copy_from_slice(&size.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_is_read_back() {
        let mut out = Vec::new();
        let block = Block { ssrc: 9, fraction: 12, lost: -3, jitter: 4, last: 5, delay: 6, highest: 0x1_0007 };
        receiver_report(&mut out, 1, &[block]);
        sender_report(&mut out, 2, 0x1122_3344_5566_7788, 99, 5, 6);
        nack(&mut out, 1, 2, &[65530, 65531, 3, 20, 40]);
        key_frame(&mut out, 1, 2);
        let all: Vec<_> = read(&out).collect();
        assert_eq!(all.len(), 4);
        let Report::Receiver { blocks: bytes } = all[0] else { panic!("{all:?}") };
        assert_eq!(blocks(bytes).collect::<Vec<_>>(), [block]);
        assert!(matches!(all[1], Report::Sender { ssrc: 2, ntp: 0x1122_3344_5566_7788, rtp: 99, .. }));
        let Report::Nack { media: 2, pairs } = all[2] else { panic!("{all:?}") };
        assert_eq!(lost(pairs).collect::<Vec<_>>(), [65530, 65531, 3, 20, 40]);
        assert_eq!(all[3], Report::KeyFrame { media: 2 });
    }

    #[test]
    fn rubbish_is_left() {
        for bytes in [&[][..], &[0x80], &[0x80, 200, 0, 9, 1], &[0x81, 201, 0, 1, 0, 0, 0, 1], &[0x00, 200, 0, 0]] {
            assert_eq!(read(bytes).count(), 0);
        }
    }
}
