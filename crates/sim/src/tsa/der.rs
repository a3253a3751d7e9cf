//! Just enough DER for a time-stamping authority, written here and not taken from the product: a token made and
//! read by the same hand would prove nothing. Must never be fed anything longer than a request.

/// One value: tag, length, content.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let n = content.len();
    match n {
        0..0x80 => out.push(n as u8),
        0x80..0x100 => out.extend([0x81, n as u8]),
        0x100..0x1_0000 => out.extend([0x82, (n >> 8) as u8, n as u8]),
        _ => out.extend([0x83, (n >> 16) as u8, (n >> 8) as u8, n as u8]),
    }
    out.extend_from_slice(content);
    out
}

/// A SEQUENCE.
pub fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// A SET, its members in the order DER wants.
pub fn set(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tlv(0x31, &parts.concat())
}

/// An OBJECT IDENTIFIER from its encoded arcs.
pub fn oid(arcs: &[u8]) -> Vec<u8> {
    tlv(0x06, arcs)
}

/// A positive INTEGER.
pub fn integer(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len().saturating_sub(1));
    let mut content = bytes[first..].to_vec();
    if content.first().is_none_or(|b| *b >= 0x80) {
        content.insert(0, 0);
    }
    tlv(0x02, &content)
}

/// A value taken apart, and what follows it.
pub struct Read<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// With tag and length.
    pub whole: &'a [u8],
    pub rest: &'a [u8],
}

/// The first value of a buffer.
pub fn read(bytes: &[u8]) -> Option<Read<'_>> {
    let (&tag, &first) = (bytes.first()?, bytes.get(1)?);
    let (head, length) = match first {
        0..=0x7f => (2, usize::from(first)),
        0x81..=0x83 => {
            let n = usize::from(first & 0x7f);
            (2 + n, bytes.get(2..2 + n)?.iter().fold(0, |sum, b| sum << 8 | usize::from(*b)))
        }
        _ => return None,
    };
    let content = bytes.get(head..head + length)?;
    Some(Read { tag, content, whole: &bytes[..head + length], rest: &bytes[head + length..] })
}

/// All values of a buffer, one after the other.
pub fn members(mut bytes: &[u8]) -> Option<Vec<Read<'_>>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let one = read(bytes)?;
        bytes = one.rest;
        all.push(one);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_every_size_are_read_back() {
        for n in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let written = tlv(0x04, &vec![7; n]);
            let back = read(&written).unwrap();
            assert_eq!((back.tag, back.content.len(), back.rest.len()), (4, n, 0));
        }
    }

    #[test]
    fn an_integer_is_positive_and_short() {
        assert_eq!(integer(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[0, 5]), [2, 1, 5]);
        assert_eq!(integer(&[0]), [2, 1, 0]);
    }
}
