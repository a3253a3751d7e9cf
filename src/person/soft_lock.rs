//! 软锁: how long one waits after wrong tries. Slows guessing; never tells whether an account exists, because
//! it counts what was typed, known or not.
//!
//! Owns the curve. A device that signed in before has a count of its own, so that a stranger cannot lock
//! anybody out of their own device.

use chrono::TimeDelta;

/// Tries that cost nothing.
const FREE: i32 = 5;
/// The longest wait, seconds.
const LONGEST_S: i64 = 900;
/// Wrong tries are forgotten after this long without one.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

/// The wait after this many wrong tries: none for four, then 30 s, doubling to 15 minutes.
pub fn wait_after(failures: i32) -> TimeDelta {
    if failures < FREE {
        return TimeDelta::zero();
    }
    let doublings = u32::try_from(failures - FREE).unwrap_or(0).min(10);
    TimeDelta::seconds((30_i64 << doublings).min(LONGEST_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_ends() {
        let waits: Vec<i64> = [0, 1, 4, 5, 6, 7, 9, 10, 100, i32::MAX].map(|n| wait_after(n).num_seconds()).to_vec();
        assert_eq!(waits, [0, 0, 0, 30, 60, 120, 480, 900, 900, 900]);
    }
}
