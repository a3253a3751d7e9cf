//! VP8 out of RTP (RFC 7741): packets become frames.
//!
//! Owns: the payload descriptor, putting frames together, and waiting for a key frame after a loss, so that what is
//! recorded is what a decoder shows without smears. Must never panic on any bytes.

use bytes::{Bytes, BytesMut};

/// The descriptor before the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// The payload begins a frame.
    pub start: bool,
    /// The picture's number and how many bits it has.
    pub picture: Option<(u16, u8)>,
    /// Where the payload begins.
    pub len: usize,
}

impl Descriptor {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let first = *bytes.first()?;
        let start = first & 0x10 != 0 && first & 0x07 == 0;
        let (mut at, mut picture) = (1, None);
        if first & 0x80 != 0 {
            let flags = *bytes.get(at)?;
            at += 1;
            if flags & 0x80 != 0 {
                let high = *bytes.get(at)?;
                at += 1;
                if high & 0x80 == 0 {
                    picture = Some((u16::from(high), 7));
                } else {
                    let low = *bytes.get(at)?;
                    at += 1;
                    picture = Some((u16::from_be_bytes([high & 0x7f, low]), 15));
                }
            }
            at += usize::from(flags & 0x40 != 0) + usize::from(flags & 0x30 != 0);
        }
        (bytes.len() > at).then_some(Self { start, picture, len: at })
    }

    /// Is this the picture right after `before`? Unknown without numbers.
    pub fn follows(&self, before: Option<(u16, u8)>) -> bool {
        match (before, self.picture) {
            (Some((a, bits)), Some((b, same))) if bits == same => b == a.wrapping_add(1) & ((1 << bits) - 1),
            _ => false,
        }
    }
}

/// Width and height, if a frame is a key frame.
pub(crate) fn key_size(frame: &[u8]) -> Option<(u16, u16)> {
    let head = frame.get(..10)?;
    let key = head[0] & 1 == 0 && head[3..6] == [0x9d, 0x01, 0x2a];
    key.then(|| (u16::from_le_bytes([head[6], head[7]]) & 0x3fff, u16::from_le_bytes([head[8], head[9]]) & 0x3fff))
}

/// A whole frame.
#[derive(Debug)]
pub(crate) struct Picture {
    pub timestamp: u32,
    pub size: Option<(u16, u16)>,
    pub data: Bytes,
}

/// No camera sends a frame larger than this.
const LARGEST: usize = 4 << 20;

/// Puts frames together from packets in order.
#[derive(Debug)]
pub(crate) struct Assembler {
    open: Option<(u32, BytesMut)>,
    /// The picture of the last packet taken, and whether that packet ended its frame.
    last: Option<((u16, u8), bool)>,
    wait_key: bool,
}

impl Default for Assembler {
    fn default() -> Self {
        Self { open: None, last: None, wait_key: true }
    }
}

impl Assembler {
    /// Packets are missing here.
    pub fn lost(&mut self) {
        self.open = None;
        self.wait_key = true;
    }

    /// Nothing can be shown before the next key frame.
    pub fn waits_for_key(&self) -> bool {
        self.wait_key
    }

    /// Do the pictures run on without a break although sequence numbers are missing? Then only padding is missing.
    pub fn runs_on(&self, payload: &[u8]) -> bool {
        let Some((picture, true)) = self.last else { return false };
        Descriptor::parse(payload).is_some_and(|d| d.start && d.follows(Some(picture)))
    }

    /// Takes the next packet; a frame comes out with its last one.
    pub fn packet(&mut self, timestamp: u32, marker: bool, payload: &Bytes) -> Option<Picture> {
        let descriptor = Descriptor::parse(payload)?;
        self.last = descriptor.picture.map(|p| (p, marker));
        let body = payload.slice(descriptor.len..);
        if descriptor.start {
            self.open = Some((timestamp, BytesMut::with_capacity(if marker { body.len() } else { body.len() * 8 })));
        }
        let (opened, data) = self.open.as_mut()?;
        if *opened != timestamp || data.len() + body.len() > LARGEST {
            self.lost();
            return None;
        }
        data.extend_from_slice(&body);
        if !marker {
            return None;
        }
        let (timestamp, data) = self.open.take()?;
        self.finish(timestamp, data.freeze())
    }

    fn finish(&mut self, timestamp: u32, data: Bytes) -> Option<Picture> {
        let size = key_size(&data);
        if size.is_none() && (self.wait_key || data.first().is_none_or(|b| b & 1 == 0)) {
            return None;
        }
        self.wait_key = false;
        Some(Picture { timestamp, size, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_in_all_its_lengths() {
        let read = |b: &[u8]| Descriptor::parse(b).map(|d| (d.start, d.picture, d.len));
        assert_eq!(read(&[0x10, 1]), Some((true, None, 1)));
        assert_eq!(read(&[0x00, 1]), Some((false, None, 1)));
        assert_eq!(read(&[0x11, 1]), Some((false, None, 1)), "another partition");
        assert_eq!(read(&[0x90, 0x80, 0x05, 1]), Some((true, Some((5, 7)), 3)));
        assert_eq!(read(&[0x90, 0xf0, 0x81, 0x02, 0, 0, 1]), Some((true, Some((0x102, 15)), 6)));
        assert_eq!(read(&[]), None);
        for cut in 0..6 {
            assert_eq!(read(&[0x90, 0xf0, 0x81, 0x02, 0, 0][..cut]), None, "{cut}");
        }
    }

    #[test]
    fn picture_numbers_wrap() {
        let at = |n| Descriptor { start: true, picture: Some(n), len: 1 };
        assert!(at((0, 15)).follows(Some((0x7fff, 15))));
        assert!(at((0, 7)).follows(Some((0x7f, 7))));
        assert!(!at((2, 15)).follows(Some((0, 15))));
        assert!(!at((1, 15)).follows(Some((0, 7))));
    }

    #[test]
    fn any_bytes_are_survived() {
        let mut assembler = Assembler::default();
        let mut seed = 1u32;
        for n in 0..20_000u32 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let len = (seed >> 28) as usize;
            let bytes: Vec<u8> = (0..len).map(|i| (seed >> (i % 24)) as u8).collect();
            let _ = assembler.packet(n / 3, seed & 8 != 0, &Bytes::from(bytes));
        }
    }
}
