//! Asking publishers for lost packets, and counting what came for the receiver report: one [`Reception`] per source.

use std::time::Duration;

use crate::wire::rtcp::Block;

/// A gap wider than this is a restart, not a loss: a key frame is asked for instead.
const WIDEST: u16 = 256;
/// So many gaps are remembered at once.
const MOST: usize = 128;
const TRIES: u8 = 6;
const AGAIN: Duration = Duration::from_millis(40);
const TOO_LATE: Duration = Duration::from_millis(900);

struct Gap {
    number: u16,
    since: Duration,
    asked: Option<Duration>,
    tries: u8,
}

/// What has been received of one source.
pub struct Reception {
    highest: u32,
    first: u32,
    received: u32,
    told_expected: u32,
    told_received: u32,
    transit: Option<i64>,
    jitter: f64,
    clock: u32,
    gaps: Vec<Gap>,
    nacks: bool,
    last_report: Option<(u32, Duration)>,
    /// Lost since the last report, of 256.
    pub fraction: u8,
}

/// What a packet means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// The next one, or one that fills a gap.
    Fine,
    /// It came before.
    Again,
    /// A jump too wide to repair.
    Broken,
}

impl Reception {
    /// Begins with the first packet. `nacks`: lost packets are worth asking for (video).
    pub fn new(first: u16, clock: u32, nacks: bool) -> Self {
        let first = u32::from(first) | 0x1_0000;
        Self {
            highest: first.wrapping_sub(1),
            first,
            received: 0,
            told_expected: 0,
            told_received: 0,
            transit: None,
            jitter: 0.0,
            clock,
            gaps: Vec::new(),
            nacks,
            last_report: None,
            fraction: 0,
        }
    }

    /// Notes a packet.
    pub fn note(&mut self, number: u16, timestamp: u32, at: Duration) -> Arrived {
        let ahead = number.wrapping_sub(self.highest as u16) as i16;
        if ahead <= 0 {
            let waited = self.gaps.iter().position(|g| g.number == number).map(|i| self.gaps.swap_remove(i)).is_some();
            let late = waited || !self.nacks && ahead != 0;
            self.received += u32::from(late);
            return if late { Arrived::Fine } else { Arrived::Again };
        }
        self.received += 1;
        self.jitter(timestamp, at);
        let ahead = ahead as u16;
        let broken = ahead > WIDEST;
        if broken {
            self.gaps.clear();
        } else if self.nacks {
            for missing in 1..ahead {
                let number = number.wrapping_sub(ahead - missing);
                self.gaps.push(Gap { number, since: at, asked: None, tries: 0 });
            }
            let over = self.gaps.len().saturating_sub(MOST);
            self.gaps.drain(..over);
        }
        self.highest = self.highest.wrapping_add(u32::from(ahead));
        if broken { Arrived::Broken } else { Arrived::Fine }
    }

    fn jitter(&mut self, timestamp: u32, at: Duration) {
        let arrival = (at.as_secs_f64() * f64::from(self.clock)) as i64;
        let transit = arrival - i64::from(timestamp);
        if let Some(last) = self.transit.replace(transit) {
            let difference = ((transit - last) as i32).unsigned_abs();
            // a wrapped or restarted clock says nothing about the network
            if difference < self.clock * 5 {
                self.jitter += (f64::from(difference) - self.jitter) / 16.0;
            }
        }
    }

    /// Interarrival jitter.
    pub fn jitter_time(&self) -> Duration {
        Duration::from_secs_f64(self.jitter / f64::from(self.clock.max(1)))
    }

    /// Notes the sender's report, which the next receiver report refers to.
    pub fn sender_report(&mut self, ntp: u64, at: Duration) {
        self.last_report = Some(((ntp >> 16) as u32, at));
    }

    /// The numbers to ask for now; empty when there is nothing to ask. Answers whether some were given up.
    pub fn ask(&mut self, now: Duration, numbers: &mut Vec<u16>) -> bool {
        numbers.clear();
        let before = self.gaps.len();
        self.gaps.retain(|g| g.tries < TRIES && now.saturating_sub(g.since) < TOO_LATE);
        let given_up = self.gaps.len() < before;
        for gap in &mut self.gaps {
            if gap.asked.is_none_or(|asked| now.saturating_sub(asked) >= AGAIN * u32::from(gap.tries)) {
                gap.asked = Some(now);
                gap.tries += 1;
                numbers.push(gap.number);
            }
        }
        let newest = self.highest as u16;
        numbers.sort_unstable_by_key(|n| n.wrapping_sub(newest) as i16);
        given_up
    }

    /// The block for the receiver report.
    pub fn block(&mut self, ssrc: u32, now: Duration) -> Block {
        let expected = self.highest.wrapping_sub(self.first).wrapping_add(1);
        let (fresh, came) = (expected.wrapping_sub(self.told_expected), self.received.wrapping_sub(self.told_received));
        let missing = fresh.saturating_sub(came);
        self.fraction = if fresh == 0 { 0 } else { (u64::from(missing) * 256 / u64::from(fresh)).min(255) as u8 };
        (self.told_expected, self.told_received) = (expected, self.received);
        let (last, delay) = self.last_report.map_or((0, 0), |(last, at)| (last, (now.saturating_sub(at).as_secs_f64() * 65536.0) as u32));
        Block {
            ssrc,
            fraction: self.fraction,
            lost: (i64::from(expected) - i64::from(self.received)).clamp(-0x80_0000, 0x7f_ffff) as i32,
            highest: self.highest,
            jitter: self.jitter as u32,
            last,
            delay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn gaps_are_asked_for_and_filled() {
        let mut reception = Reception::new(65533, 90_000, true);
        let mut numbers = Vec::new();
        for (i, n) in [65533, 65534, 1, 2].into_iter().enumerate() {
            assert_eq!(reception.note(n, 0, MS * i as u32), Arrived::Fine);
        }
        assert!(!reception.ask(MS * 5, &mut numbers));
        assert_eq!(numbers, [65535, 0]);
        reception.ask(MS * 6, &mut numbers);
        assert!(numbers.is_empty(), "not twice in a breath");
        assert_eq!(reception.note(0, 0, MS * 7), Arrived::Fine);
        assert_eq!(reception.note(0, 0, MS * 8), Arrived::Again);
        assert_eq!(reception.note(2, 0, MS * 8), Arrived::Again);
        reception.ask(MS * 60, &mut numbers);
        assert_eq!(numbers, [65535]);
        assert!(reception.ask(MS * 2000, &mut numbers), "given up at last");
        assert_eq!(reception.block(7, MS * 2000).lost, 1);
        assert_eq!(reception.note(5000, 0, MS * 2001), Arrived::Broken);
    }

    #[test]
    fn loss_is_a_fraction_of_what_was_expected() {
        let mut reception = Reception::new(0, 48_000, false);
        for n in (0..100).filter(|n| n % 4 != 1) {
            reception.note(n, u32::from(n) * 960, MS * 20 * u32::from(n));
        }
        let block = reception.block(1, MS * 2000);
        assert_eq!((block.fraction, block.lost), (64, 25));
        assert!(reception.jitter_time() < MS);
    }
}
