//! RTP headers (RFC 3550) and their extensions (RFC 8285): reading what came, writing what goes.

use super::{u16_at, u32_at};

/// What the fixed header says, and where the rest lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Last packet of a frame.
    pub marker: bool,
    /// Payload type.
    pub payload_type: u8,
    /// Sequence number.
    pub sequence: u16,
    /// Timestamp.
    pub timestamp: u32,
    /// Source.
    pub ssrc: u32,
    /// Where the payload begins.
    pub payload_at: usize,
    /// Where it ends: padding is left out.
    pub payload_end: usize,
    extension: Option<(u16, usize, usize)>,
}

/// The payload type and source of a packet that is still encrypted: the header is in the clear.
pub fn peek(packet: &[u8]) -> Option<(u8, u32)> {
    Some((packet.get(1)? & 0x7f, u32_at(packet, 8)?))
}

impl Header {
    /// Reads a decrypted packet.
    pub fn parse(packet: &[u8]) -> Option<Self> {
        let first = *packet.first()?;
        if first >> 6 != 2 {
            return None;
        }
        let second = *packet.get(1)?;
        let mut at = 12 + usize::from(first & 0x0f) * 4;
        let mut extension = None;
        if first & 0x10 != 0 {
            let profile = u16_at(packet, at)?;
            let length = usize::from(u16_at(packet, at + 2)?) * 4;
            extension = Some((profile, at + 4, at + 4 + length));
            at += 4 + length;
        }
        let mut end = packet.len();
        if at > end {
            return None;
        }
        if first & 0x20 != 0 {
            let padding = usize::from(*packet.last()?);
            end = end.checked_sub(padding).filter(|end| *end >= at && padding > 0)?;
        }
        Some(Self {
            marker: second & 0x80 != 0,
            payload_type: second & 0x7f,
            sequence: u16_at(packet, 2)?,
            timestamp: u32_at(packet, 4)?,
            ssrc: u32_at(packet, 8)?,
            payload_at: at,
            payload_end: end,
            extension,
        })
    }

    /// The value of a header extension by its negotiated id (0: not negotiated).
    pub fn extension<'a>(&self, packet: &'a [u8], id: u8) -> Option<&'a [u8]> {
        let (profile, from, to) = self.extension?;
        let mut block = packet.get(from..to)?;
        if id == 0 {
            return None;
        }
        let wide = profile & 0xfff0 == 0x1000;
        if !wide && profile != 0xbede {
            return None;
        }
        while let Some((&head, rest)) = block.split_first() {
            if head == 0 {
                block = rest;
                continue;
            }
            let (found, length, rest) = if wide {
                let (&length, rest) = rest.split_first()?;
                (head, usize::from(length), rest)
            } else {
                (head >> 4, usize::from(head & 0x0f) + 1, rest)
            };
            if !wide && found == 15 {
                return None;
            }
            if found == id {
                return rest.get(..length);
            }
            block = rest.get(length..)?;
        }
        None
    }
}

/// Bytes that [`write`] puts before the payload.
pub const OUT_HEADER: usize = 20;

/// Writes the header of a forwarded packet: no contributing sources, one extension (the transport-wide sequence
/// number), always [`OUT_HEADER`] long. With `extension` 0 the element is padding.
pub fn write(out: &mut Vec<u8>, payload_type: u8, marker: bool, sequence: u16, timestamp: u32, ssrc: u32, extension: u8, transport: u16) {
    out.push(0x90);
    out.push(payload_type | if marker { 0x80 } else { 0 });
    out.extend_from_slice(&sequence.to_be_bytes());
    out.extend_from_slice(&timestamp.to_be_bytes());
    out.extend_from_slice(&ssrc.to_be_bytes());
    out.extend_from_slice(&[0xbe, 0xde, 0, 1]);
    if extension == 0 {
        out.extend_from_slice(&[0; 4]);
    } else {
        out.push(extension << 4 | 1);
        out.extend_from_slice(&transport.to_be_bytes());
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut packet = Vec::new();
        write(&mut packet, 96, true, 65535, 7, 0xdead_beef, 3, 0x1234);
        assert_eq!(packet.len(), OUT_HEADER);
        packet.extend_from_slice(b"payload");
        let header = Header::parse(&packet).unwrap();
        assert_eq!((header.payload_type, header.marker, header.sequence), (96, true, 65535));
        assert_eq!((header.timestamp, header.ssrc), (7, 0xdead_beef));
        assert_eq!(&packet[header.payload_at..header.payload_end], b"payload");
        assert_eq!(header.extension(&packet, 3), Some(&[0x12, 0x34][..]));
        assert_eq!(header.extension(&packet, 4), None);
        assert_eq!(peek(&packet), Some((96, 0xdead_beef)));
    }

    #[test]
    fn padding_and_two_byte_extensions() {
        let mut packet = vec![0xb0, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x10, 0, 0, 2, 5, 1, b'x', 0, 20, 2, b'y', b'z'];
        packet.extend_from_slice(&[1, 2, 3, 0, 0, 3]);
        let header = Header::parse(&packet).unwrap();
        assert_eq!(header.extension(&packet, 5), Some(&b"x"[..]));
        assert_eq!(header.extension(&packet, 20), Some(&b"yz"[..]));
        assert_eq!(&packet[header.payload_at..header.payload_end], [1, 2, 3]);
    }

    #[test]
    fn no_input_makes_it_fall() {
        let mut seed = 1u32;
        for length in 0..400usize {
            let mut bytes = vec![0u8; length % 60];
            for byte in &mut bytes {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (seed >> 24) as u8;
            }
            if let Some(first) = bytes.first_mut() {
                *first = *first & 0x3f | 0x80;
            }
            if let Some(header) = Header::parse(&bytes) {
                assert!(header.payload_at <= header.payload_end && header.payload_end <= bytes.len());
                for id in 0..=16 {
                    header.extension(&bytes, id);
                }
            }
        }
    }
}
