//! One clock for all that is said and seen: RTP times of a track become steady time of this machine.
//!
//! Owns: the mapping. Both tracks of a person go through one reading of that person's clock (sender reports, RFC 3550
//! §6.4.1), so lips and voice stay together; until reports come, arrival times stand in. Output never runs backwards and
//! is bent gently towards a better estimate, never torn, unless it is wrong by more than half a second.

use std::collections::VecDeque;

use super::rtp::Unwrap;

/// How many reports an estimate looks back on.
const WINDOW: usize = 16;
/// A sender's clock that moved by more than this was set anew.
const SET_ANEW_US: i64 = 1_000_000;
/// Beyond this the mapping is replaced instead of bent.
const STEP_US: i64 = 500_000;
/// Bending: one part in so many.
const BEND: i64 = 50;

/// What is known of a person's own clock.
#[derive(Debug, Default)]
pub(crate) struct SenderClock {
    /// Ours minus theirs, with the delay of each report still in it.
    offsets: VecDeque<i64>,
    /// Counts how often the clock was set anew.
    regime: u32,
}

impl SenderClock {
    /// A report arrived.
    pub fn report(&mut self, ntp_us: i64, arrived: i64) {
        let offset = arrived - ntp_us;
        if self.offset().is_some_and(|known| (offset - known).abs() > SET_ANEW_US) {
            self.offsets.clear();
            self.regime += 1;
        }
        self.add(offset);
    }

    fn add(&mut self, offset: i64) {
        if self.offsets.len() == WINDOW {
            self.offsets.pop_front();
        }
        self.offsets.push_back(offset);
    }

    /// A packet came sooner than the reports made believe: they were the slow ones.
    fn at_most(&mut self, offset: i64) {
        if self.offset().is_some_and(|known| offset < known) {
            self.add(offset);
        }
    }

    /// The report that travelled fastest tells best.
    fn offset(&self) -> Option<i64> {
        self.offsets.iter().min().copied()
    }
}

/// NTP time (32.32 bits since 1900) in microseconds.
pub(crate) fn ntp_us(ntp: u64) -> i64 {
    let (seconds, fraction) = ((ntp >> 32) as i64, ntp & 0xffff_ffff);
    seconds * 1_000_000 + ((fraction * 1_000_000) >> 32) as i64
}

#[derive(Clone, Copy, Debug)]
struct Report {
    rtp: i64,
    ntp_us: i64,
    regime: u32,
}

/// The clock of one source of RTP.
#[derive(Debug)]
pub(crate) struct RtpClock {
    rate: i64,
    unwrap: Unwrap,
    report: Option<Report>,
    /// Arrival minus RTP time of the packet that travelled fastest.
    fastest: Option<i64>,
    /// The last RTP time and what was said of it.
    last: Option<(i64, i64)>,
}

impl RtpClock {
    pub fn new(rate: u32) -> Self {
        Self { rate: i64::from(rate), unwrap: Unwrap::default(), report: None, fastest: None, last: None }
    }

    fn us(&self, ticks: i64) -> i64 {
        ticks * 1_000_000 / self.rate
    }

    /// A report of this source; `sender` has read it already.
    pub fn report(&mut self, ntp_us: i64, rtp: u32, sender: &SenderClock) {
        // reports may run ahead of or behind the packets: they are placed beside them without moving the counter
        let rtp = Unwrap::clone(&self.unwrap).timestamp(rtp);
        if self.last.is_some() {
            self.report = Some(Report { rtp, ntp_us, regime: sender.regime });
        }
    }

    /// The steady time at which a packet's content was captured, as it would have arrived without delay.
    pub fn place(&mut self, timestamp: u32, arrived: i64, sender: &mut SenderClock) -> i64 {
        let ticks = self.unwrap.timestamp(timestamp);
        let alone = arrived - self.us(ticks);
        // a jump of the RTP clock itself
        if self.fastest.is_some_and(|known| (alone - known).abs() > 10 * STEP_US) {
            (self.fastest, self.report) = (None, None);
        }
        let fastest = self.fastest.map_or(alone, |known| known.min(alone));
        self.fastest = Some(fastest);
        let wanted = self.by_report(ticks, arrived, sender).unwrap_or(fastest + self.us(ticks)).min(arrived);
        let placed = match self.last {
            None => wanted,
            Some((before, said)) => {
                let step = self.us(ticks - before);
                let natural = said + step;
                let off = wanted - natural;
                if off.abs() > STEP_US { wanted } else { natural + off.clamp(-step.abs() / BEND, step.abs() / BEND) }
            }
        };
        self.last = Some((ticks, placed));
        placed
    }

    fn by_report(&self, ticks: i64, arrived: i64, sender: &mut SenderClock) -> Option<i64> {
        let report = self.report.filter(|r| r.regime == sender.regime)?;
        let theirs = report.ntp_us + self.us(ticks - report.rtp);
        sender.at_most(arrived - theirs);
        Some(theirs + sender.offset()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NTP_BASE: i64 = 3_900_000_000_000_000;

    /// Sound and picture of one capture instant: the difference of where they are placed after `seconds`.
    fn lips_apart(video_delay: i64, reports: bool, seconds: i64) -> i64 {
        let (mut audio, mut video, mut sender) = (RtpClock::new(48_000), RtpClock::new(90_000), SenderClock::default());
        let mut apart = 0;
        for n in 0..seconds * 50 {
            let at = n * 20_000;
            let a = audio.place((n * 960) as u32, at + 30_000, &mut sender);
            let v = video.place((n * 1_800) as u32 ^ 0x8000_0000, at + 30_000 + video_delay, &mut sender);
            if reports && n % 50 == 25 {
                for (clock, rtp) in [(&mut audio, n * 960), (&mut video, (n * 1_800) ^ 0x8000_0000)] {
                    sender.report(NTP_BASE + at, at + 40_000);
                    clock.report(NTP_BASE + at, rtp as u32, &sender);
                }
            }
            apart = v - a;
        }
        apart
    }

    #[test]
    fn reports_bring_lips_and_voice_together() {
        assert_eq!(lips_apart(120_000, false, 20), 120_000);
        assert!(lips_apart(120_000, true, 20).abs() <= 1_000);
    }

    #[test]
    fn a_sender_clock_set_anew_moves_nothing() {
        let (mut clock, mut sender) = (RtpClock::new(48_000), SenderClock::default());
        let mut before = 0;
        for n in 0..3_000i64 {
            let at = n * 20_000;
            let placed = clock.place((n * 960) as u32, at + 10_000, &mut sender);
            assert!(n == 0 || (19_000..=21_000).contains(&(placed - before)), "{n}: {}", placed - before);
            before = placed;
            if n % 50 == 0 {
                let set = if n > 1_500 { 3_600_000_000 } else { 0 };
                sender.report(NTP_BASE + at + set, at + 10_000);
                clock.report(NTP_BASE + at + set, (n * 960) as u32, &sender);
            }
        }
    }

    #[test]
    fn ntp_fractions() {
        assert_eq!(ntp_us(1 << 32), 1_000_000);
        assert_eq!(ntp_us((5 << 32) | 0x8000_0000), 5_500_000);
    }
}
