//! The VP8 payload descriptor (RFC 7741): where frames begin, which are key frames, and the two counters a change of
//! layer must keep continuous.

use super::u16_at;

/// What the descriptor of one packet says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vp8 {
    /// The first packet of a frame.
    pub start: bool,
    /// The first packet of a key frame.
    pub key: bool,
    /// The picture number: where it lies, whether in 15 bits, its value.
    pub picture: Option<(usize, bool, u16)>,
    /// The number of the last base-layer frame: where it lies, its value.
    pub base: Option<(usize, u8)>,
}

impl Vp8 {
    /// Reads the descriptor at the beginning of a payload.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let first = *payload.first()?;
        let mut found = Self { start: first & 0x10 != 0 && first & 0x07 == 0, ..Self::default() };
        let mut at = 1;
        if first & 0x80 != 0 {
            let flags = *payload.get(1)?;
            at = 2;
            if flags & 0x80 != 0 {
                let wide = *payload.get(at)? & 0x80 != 0;
                let value = if wide { u16_at(payload, at)? & 0x7fff } else { u16::from(*payload.get(at)?) };
                found.picture = Some((at, wide, value));
                at += 1 + usize::from(wide);
            }
            if flags & 0x40 != 0 {
                found.base = Some((at, *payload.get(at)?));
                at += 1;
            }
            if flags & 0x30 != 0 {
                payload.get(at)?;
                at += 1;
            }
        }
        found.key = found.start && payload.get(at)? & 1 == 0;
        Some(found)
    }

    /// Writes other numbers into a copy of the payload.
    pub fn renumber(&self, copy: &mut [u8], picture: u16, base: u8) {
        if let Some((at, wide, _)) = self.picture {
            if wide {
                if let Some(place) = copy.get_mut(at..at + 2) {
                    place.copy_from_slice(&(picture & 0x7fff | 0x8000).to_be_bytes());
                }
            } else if let Some(place) = copy.get_mut(at) {
                *place = (picture & 0x7f) as u8;
            }
        }
        if let Some(place) = self.base.and_then(|(at, _)| copy.get_mut(at)) {
            *place = base;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_of_chromium() {
        // X, S; I L T/K; picture 0x1234 in 15 bits; base 7; TID/KEYIDX; key frame header
        let payload = [0x90, 0xe0, 0x92, 0x34, 7, 0x21, 0x10, 0, 0];
        let vp8 = Vp8::parse(&payload).unwrap();
        assert!(vp8.start && vp8.key);
        assert_eq!((vp8.picture, vp8.base), (Some((2, true, 0x1234)), Some((4, 7))));
        let mut copy = payload;
        vp8.renumber(&mut copy, 0x7fff, 255);
        let again = Vp8::parse(&copy).unwrap();
        assert_eq!((again.picture, again.base), (Some((2, true, 0x7fff)), Some((4, 255))));
    }

    #[test]
    fn a_short_descriptor_and_rubbish() {
        let vp8 = Vp8::parse(&[0x10, 0x01]).unwrap();
        assert!(vp8.start && !vp8.key && vp8.picture.is_none());
        for bytes in [&[][..], &[0x80], &[0x80, 0x80], &[0x80, 0x80, 0x80], &[0x90, 0xf0, 1]] {
            assert_eq!(Vp8::parse(bytes), None);
        }
    }
}
