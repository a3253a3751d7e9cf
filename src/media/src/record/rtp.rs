//! Putting packets back in order, without ever waiting long for one that will not come.
//!
//! Owns: unwrapping of 16 and 32 bit counters and the reorder buffer of one source. A buffer of the whole 16-bit space
//! (as sample builders have it) costs megabytes a track; this one holds what is out of order and nothing else.

use std::collections::BTreeMap;

use bytes::Bytes;

/// A packet with what the recorder reads of it.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    pub sequence: u16,
    pub timestamp: u32,
    pub marker: bool,
    pub payload: Bytes,
    /// Steady time of arrival, in microseconds.
    pub arrived: i64,
}

/// Carries a wrapping counter on without end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unwrap {
    last: Option<i64>,
}

impl Unwrap {
    /// Where a 16-bit number stands beside the last one.
    pub fn sequence(&mut self, value: u16) -> i64 {
        let next = self.last.map_or(i64::from(value), |last| last + i64::from(value.wrapping_sub(last as u16) as i16));
        self.last = Some(self.last.map_or(next, |last| last.max(next)));
        next
    }

    /// Where a 32-bit number stands beside the last one.
    pub fn timestamp(&mut self, value: u32) -> i64 {
        let next = self.last.map_or(i64::from(value), |last| last + i64::from(value.wrapping_sub(last as u32) as i32));
        self.last = Some(next);
        next
    }
}

/// What comes out of the buffer.
#[derive(Debug)]
pub(crate) enum Out {
    /// The next packet.
    Packet(Packet),
    /// So many packets before the next one never came.
    Lost(u32),
}

/// A jump this wide is another stream under the same name, or nonsense.
const JUMP: i64 = 3_000;
/// A packet that is repeated after so long a silence is of a moment the file has passed: it would stand in a wrong one.
const TOO_LATE_US: i64 = 1_000_000;
/// More than this is never held.
const HELD: usize = 512;

/// The reorder buffer of one source.
#[derive(Debug, Default)]
pub(crate) struct Reorder {
    unwrap: Unwrap,
    next: Option<i64>,
    held: BTreeMap<i64, Packet>,
    /// When the last packet that went out had come.
    progress: Option<i64>,
    /// The number that would confirm that the stream really jumped.
    jumped: Option<u16>,
}

impl Reorder {
    /// Takes a packet in order of arrival.
    pub fn push(&mut self, packet: Packet) {
        let mut unwrap = self.unwrap;
        let mut at = unwrap.sequence(packet.sequence);
        if self.next.is_some_and(|next| (at - next).abs() > JUMP) {
            if self.jumped != Some(packet.sequence) {
                self.jumped = Some(packet.sequence.wrapping_add(1));
                return;
            }
            *self = Self::default();
            unwrap = Unwrap::default();
            at = unwrap.sequence(packet.sequence);
        }
        self.jumped = None;
        let repeated = self.unwrap.last.is_some_and(|newest| at < newest);
        if repeated && self.progress.is_some_and(|p| packet.arrived - p > TOO_LATE_US) {
            return;
        }
        self.unwrap = unwrap;
        let next = *self.next.get_or_insert(at);
        if at >= next {
            self.held.entry(at).or_insert(packet);
        }
    }

    /// The next packet; after `wait` microseconds, or when `bridged` says that nothing is missing, also across a hole.
    pub fn pop(&mut self, now: i64, wait: i64, bridged: impl Fn(&Packet) -> bool) -> Option<Out> {
        let (&at, head) = self.held.first_key_value()?;
        let missing = at - self.next?;
        if missing > 0 {
            let over = now - head.arrived >= wait || self.held.len() > HELD;
            let padding = bridged(head);
            if !over && !padding {
                return None;
            }
            self.next = Some(at);
            if !padding {
                return Some(Out::Lost(u32::try_from(missing).unwrap_or(u32::MAX)));
            }
        }
        let (at, packet) = self.held.pop_first()?;
        (self.next, self.progress) = (Some(at + 1), Some(packet.arrived));
        Some(Out::Packet(packet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u16, arrived: i64) -> Packet {
        Packet { sequence, timestamp: 0, marker: true, payload: Bytes::new(), arrived }
    }

    fn drain(buffer: &mut Reorder, now: i64) -> Vec<String> {
        let mut out = Vec::new();
        while let Some(next) = buffer.pop(now, 100, |_| false) {
            out.push(match next {
                Out::Packet(p) => p.sequence.to_string(),
                Out::Lost(n) => format!("-{n}"),
            });
        }
        out
    }

    #[test]
    fn order_is_restored_over_the_wrap_and_twins_count_once() {
        let mut buffer = Reorder::default();
        for n in [65_533, 65_535, 65_534, 1, 0, 0, 65_535, 2] {
            buffer.push(packet(n, 0));
        }
        assert_eq!(drain(&mut buffer, 0), ["65533", "65534", "65535", "0", "1", "2"]);
    }

    #[test]
    fn a_hole_is_waited_for_and_then_told() {
        let mut buffer = Reorder::default();
        for n in [1, 2, 5, 6] {
            buffer.push(packet(n, 10));
        }
        assert_eq!(drain(&mut buffer, 50), ["1", "2"]);
        assert_eq!(drain(&mut buffer, 110), ["-2", "5", "6"]);
        buffer.push(packet(3, 120));
        assert!(drain(&mut buffer, 500).is_empty(), "too late");
    }

    #[test]
    fn what_is_repeated_after_a_long_silence_is_left_out() {
        let mut buffer = Reorder::default();
        [1, 2].into_iter().for_each(|n| buffer.push(packet(n, 0)));
        assert_eq!(drain(&mut buffer, 0), ["1", "2"]);
        for (n, at) in [(10, 5_000_000), (8, 5_000_040), (9, 5_000_041)] {
            buffer.push(packet(n, at));
        }
        assert_eq!(drain(&mut buffer, 5_000_200), ["-7", "10"]);
        // a short hole is mended
        for (n, at) in [(13, 5_010_000), (11, 5_010_020), (12, 5_010_021)] {
            buffer.push(packet(n, at));
        }
        assert_eq!(drain(&mut buffer, 5_010_030), ["11", "12", "13"]);
    }

    #[test]
    fn one_wild_number_is_nothing_two_in_a_row_are_a_new_stream() {
        let mut buffer = Reorder::default();
        for n in [1, 2, 40_000, 3] {
            buffer.push(packet(n, 0));
        }
        assert_eq!(drain(&mut buffer, 0), ["1", "2", "3"]);
        for n in [20_000, 20_001, 20_002] {
            buffer.push(packet(n, 0));
        }
        assert_eq!(drain(&mut buffer, 0), ["20001", "20002"]);
    }

    #[test]
    fn timestamps_go_on_over_their_wrap() {
        let mut unwrap = Unwrap::default();
        let first = unwrap.timestamp(u32::MAX - 100);
        assert_eq!(unwrap.timestamp(859) - first, 960);
        assert_eq!(unwrap.timestamp(u32::MAX - 100), first);
    }
}
