//! Opus out of RTP (RFC 7587): one packet is one frame; only its length in time must be read (RFC 6716 §3.1).
//!
//! Owns: the duration of a packet. Must never panic on any bytes.

/// The time a packet lasts, in microseconds; nothing for what is no Opus.
pub(crate) fn duration_us(packet: &[u8]) -> Option<i64> {
    let toc = *packet.first()?;
    let config = toc >> 3;
    let frame = match config {
        0..=11 => [10_000, 20_000, 40_000, 60_000][usize::from(config & 3)],
        12..=15 => [10_000, 20_000][usize::from(config & 1)],
        _ => [2_500, 5_000, 10_000, 20_000][usize::from(config & 3)],
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => i64::from(packet.get(1)? & 0x3f),
    };
    let all = frame * frames;
    (1..=120_000).contains(&all).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::duration_us;

    #[test]
    fn lengths_of_packets() {
        assert_eq!(duration_us(&[0b0111_1000]), Some(20_000), "hybrid 20 ms");
        assert_eq!(duration_us(&[0b1111_1000]), Some(20_000), "CELT 20 ms");
        assert_eq!(duration_us(&[0b0001_1000]), Some(60_000), "SILK 60 ms");
        assert_eq!(duration_us(&[0b1000_0001]), Some(5_000), "two of 2.5 ms");
        assert_eq!(duration_us(&[0b1111_1011, 6]), Some(120_000));
        assert_eq!(duration_us(&[0b1111_1011, 7]), None, "longer than 120 ms");
        assert_eq!(duration_us(&[0b1111_1011]), None);
        assert_eq!(duration_us(&[]), None);
    }
}
