//! What went out of a picture a moment ago, to be sent again byte for byte when it got lost.
//!
//! Owns how long and how much is kept: a second, which is longer than any receiver asks, and a number of bytes, which bounds
//! what a sender who breaks its promises can cost. Must never give other bytes for a number than those that went out with it.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;

use super::leg::{Incoming, Numbers};

/// A lost packet is asked for within a round trip or two; later no decoder waits for it.
const KEPT_FOR: u32 = 1_000;
/// Four megabits for a second; the payloads are shared by all receivers of a picture.
const MOST_BYTES: usize = 512 << 10;
/// What a packet costs beside its payload: its row here, its header, the allocator's.
const ROW: usize = 128;
const RESEND_AFTER: u32 = 15;

/// What was sent, to be sent again byte for byte (the same number must never protect other bytes).
#[derive(Clone)]
pub struct Kept {
    /// With these numbers.
    pub numbers: Numbers,
    /// And this transport-wide one.
    pub transport: u16,
    /// Last of a frame.
    pub marker: bool,
    /// The payload as it came.
    pub payload: Bytes,
    /// In milliseconds of the engine's time, when it came and when it was last repeated.
    at: u32,
    again: u32,
}

/// The last second of a leg, in the order of its numbers.
#[derive(Default)]
pub struct Repeats {
    kept: VecDeque<Kept>,
    bytes: usize,
}

fn millis(at: Duration) -> u32 {
    at.as_millis() as u32
}

impl Repeats {
    /// Remembers what went out.
    pub fn keep(&mut self, numbers: Numbers, transport: u16, packet: &Incoming) {
        let (at, payload) = (millis(packet.at), packet.payload.clone());
        let kept = Kept { numbers, transport, marker: packet.marker, payload, at, again: at.wrapping_sub(RESEND_AFTER) };
        self.bytes += cost(&kept);
        // a packet that was late stands where its number belongs, which is near the end
        let mut place = self.kept.len();
        while place > 0 && ahead(&self.kept[place - 1], numbers.sequence) > 0 {
            place -= 1;
        }
        self.kept.insert(place, kept);
        while self.kept.front().is_some_and(|k| at.wrapping_sub(k.at) as i32 > KEPT_FOR as i32 || self.bytes > MOST_BYTES) {
            self.bytes -= self.kept.pop_front().as_ref().map_or(0, cost);
        }
    }

    /// What went out under a number, unless it was repeated a moment ago.
    pub fn again(&mut self, sequence: u16, now: Duration) -> Option<Kept> {
        let place = self.kept.binary_search_by(|k| ahead(k, sequence).cmp(&0)).ok()?;
        let (kept, now) = (self.kept.get_mut(place)?, millis(now));
        if now.wrapping_sub(kept.again) < RESEND_AFTER {
            return None;
        }
        kept.again = now;
        Some(kept.clone())
    }
}

/// How far a kept packet's number is ahead of another; fewer than half of all numbers are ever kept.
fn ahead(kept: &Kept, sequence: u16) -> i16 {
    kept.numbers.sequence.wrapping_sub(sequence) as i16
}

fn cost(kept: &Kept) -> usize {
    kept.payload.len() + ROW
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TrackKind;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn packet(size: usize, ms: u64) -> Incoming {
        let payload = Bytes::from(vec![0; size]);
        let (kind, at) = (TrackKind::Video, MS(ms));
        Incoming { kind, layer: 0, ssrc: 1, sequence: 0, timestamp: 0, marker: true, payload, vp8: None, at }
    }

    fn numbers(sequence: u16) -> Numbers {
        Numbers { sequence, ..Numbers::default() }
    }

    #[test]
    fn repeats_are_the_same_and_not_at_once_again() {
        let mut repeats = Repeats::default();
        repeats.keep(numbers(7), 33, &packet(9, 0));
        let kept = repeats.again(7, MS(10)).unwrap();
        assert_eq!((kept.numbers, kept.transport, kept.payload.len()), (numbers(7), 33, 9));
        assert!(repeats.again(7, MS(12)).is_none() && repeats.again(7 + 256, MS(12)).is_none());
        assert!(repeats.again(7, MS(40)).is_some());
    }

    #[test]
    fn a_second_is_kept_over_the_wrap_and_late_ones_are_found() {
        let mut repeats = Repeats::default();
        // two hundred packets a second; every tenth comes forty milliseconds late
        let all = (0..600_u16).filter(|n| n % 10 != 3 || *n < 8).chain((8..600).filter(|n| n % 10 == 3));
        let mut order: Vec<(u64, u16)> = all.map(|n| (u64::from(n) * 5 + if n % 10 == 3 { 40 } else { 0 }, n)).collect();
        order.sort_unstable();
        for (ms, n) in order {
            repeats.keep(numbers(n.wrapping_add(65_300)), n, &packet(100, ms));
        }
        for n in 402..600_u16 {
            let kept = repeats.again(n.wrapping_add(65_300), MS(4_000));
            assert_eq!(kept.map(|k| k.transport), Some(n), "{n}");
        }
        assert!(repeats.again(300_u16.wrapping_add(65_300), MS(4_000)).is_none(), "older than a second");
        assert!(repeats.kept.len() < 220, "{}", repeats.kept.len());
    }

    #[test]
    fn a_flood_costs_no_more_than_its_bound() {
        let mut repeats = Repeats::default();
        for n in 0..60_000_u16 {
            repeats.keep(numbers(n), n, &packet(1, u64::from(n) / 100));
        }
        assert!(repeats.bytes <= MOST_BYTES && repeats.kept.len() <= MOST_BYTES / ROW, "{} {}", repeats.bytes, repeats.kept.len());
        for n in 0..600_u16 {
            repeats.keep(numbers(n.wrapping_add(60_000)), n, &packet(1_200, 600));
        }
        assert!(repeats.bytes <= MOST_BYTES);
        assert!(repeats.again(60_599, MS(700)).is_some());
    }
}
