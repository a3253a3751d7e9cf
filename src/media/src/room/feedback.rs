//! Transport-wide feedback to publishers (draft-holmer-rmcat-transport-wide-cc-extensions-01): when which packet
//! arrived, ten times a second, so that the browser's sender knows how much it may send.

use std::time::Duration;

/// How far back packets are remembered that were not reported yet.
const MOST: usize = 512;
const TICK: Duration = Duration::from_micros(250);

/// What arrived since the last report.
#[derive(Default)]
pub struct Arrivals {
    next: Option<u16>,
    seen: Vec<(u16, Duration)>,
    reports: u8,
}

impl Arrivals {
    /// Notes a packet by its transport-wide number.
    pub fn note(&mut self, number: u16, at: Duration) {
        if self.seen.len() < MOST {
            self.seen.push((number, at));
        }
    }

    /// Appends a report when there is something to tell. What was told is forgotten.
    pub fn write(&mut self, out: &mut Vec<u8>, from: u32, media: u32) {
        let Some(&(first, _)) = self.seen.first() else { return };
        // Ordered by number, around the first one: numbers wrap.
        self.seen.sort_by_key(|(number, _)| number.wrapping_sub(first) as i16);
        self.seen.dedup_by_key(|(number, _)| *number);
        let lowest = self.seen[0].0;
        // What is missing between the last report and this one is reported as not received; far jumps begin anew.
        let base = self.next.filter(|n| (1..=MOST as u16).contains(&lowest.wrapping_sub(*n))).unwrap_or(lowest);
        let span = self.seen.last().map_or(0, |(n, _)| n.wrapping_sub(base));
        if usize::from(span) < 8 * MOST {
            encode(out, from, media, base, span + 1, &self.seen, self.reports);
            self.reports = self.reports.wrapping_add(1);
        }
        self.next = Some(base.wrapping_add(span).wrapping_add(1));
        self.seen.clear();
    }
}

fn encode(out: &mut Vec<u8>, from: u32, media: u32, base: u16, count: u16, seen: &[(u16, Duration)], report: u8) {
    let at = out.len();
    out.extend_from_slice(&[0x8f, 205, 0, 0]);
    out.extend_from_slice(&from.to_be_bytes());
    out.extend_from_slice(&media.to_be_bytes());
    out.extend_from_slice(&base.to_be_bytes());
    out.extend_from_slice(&count.to_be_bytes());
    let earliest = seen.iter().map(|(_, at)| *at).min().unwrap_or_default();
    let reference = (earliest.as_millis() / 64) as u32 & 0x00ff_ffff;
    out.extend_from_slice(&(reference << 8 | u32::from(report)).to_be_bytes());
    let mut clock = (earliest.as_millis() / 64 * 256) as i64;
    let mut deltas: Vec<u8> = Vec::with_capacity(seen.len() + 8);
    let (mut chunk, mut filled, mut next) = (0u16, 0, seen.iter().peekable());
    for offset in 0..count {
        let number = base.wrapping_add(offset);
        let symbol = match next.next_if(|(n, _)| *n == number) {
            None => 0,
            Some((_, at)) => delta(&mut deltas, &mut clock, (at.as_micros() / TICK.as_micros()) as i64),
        };
        chunk |= symbol << (12 - 2 * filled);
        filled += 1;
        if filled == 7 || offset + 1 == count {
            out.extend_from_slice(&(0xc000 | chunk).to_be_bytes());
            (chunk, filled) = (0, 0);
        }
    }
    out.extend_from_slice(&deltas);
    out.resize(at + (out.len() - at).next_multiple_of(4), 0);
    let size = ((out.len() - at) / 4 - 1) as u16;
    out[at + 2..at + 4].copy_from_slice(&size.to_be_bytes());
}

/// Writes the time since the packet before, in quarters of a millisecond; answers the symbol.
fn delta(deltas: &mut Vec<u8>, clock: &mut i64, now: i64) -> u16 {
    let since = (now - *clock).clamp(i64::from(i16::MIN), i64::from(i16::MAX));
    *clock += since;
    if let Ok(small) = u8::try_from(since) {
        deltas.push(small);
        1
    } else {
        deltas.extend_from_slice(&(since as i16).to_be_bytes());
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc::interceptor::convert_twcc;
    use rtc::rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
    use rtc::shared::marshal::Unmarshal;

    fn told(arrivals: &mut Arrivals) -> Vec<(u16, Option<u64>)> {
        let mut out = Vec::new();
        arrivals.write(&mut out, 1, 2);
        assert_eq!(out.len() % 4, 0);
        let read = TransportLayerCc::unmarshal(&mut &out[..]).unwrap();
        let count = usize::from(read.packet_status_count);
        convert_twcc(&read).into_iter().take(count).map(|a| (a.sequence_number, a.arrival.map(|d| d.as_millis() as u64))).collect()
    }

    #[test]
    fn the_library_reads_what_we_write() {
        let mut arrivals = Arrivals::default();
        let ms = Duration::from_millis;
        for (number, at) in [(65534, 1000), (65535, 1010), (1, 1005), (2, 1300), (9, 1301)] {
            arrivals.note(number, ms(at));
        }
        let first = told(&mut arrivals);
        let expected =
            [(65534, Some(1000)), (65535, Some(1010)), (0, None), (1, Some(1005)), (2, Some(1300)), (3, None), (4, None), (5, None)];
        assert_eq!(&first[..8], expected);
        assert_eq!((first.len(), first[11]), (12, (9, Some(1301))));
        arrivals.note(11, ms(1400));
        assert_eq!(told(&mut arrivals), [(10, None), (11, Some(1400))]);
    }
}
