//! When to try a picture again that the line was believed not to bear. Pure.
//!
//! What a line bears is learned from what is sent over it. Where only sound is sent, nothing is learned: one burst that
//! came late brings the estimate down to the little that flowed, and there it stays. So the next picture is tried now and
//! then, one at a time, and whether the line bears it is measured; a line that does not is left in peace for longer and
//! longer.

use std::time::Duration;

/// So long a picture waits before the first try.
const FIRST: Duration = Duration::from_millis(1_500);
/// And at most before any.
const LONGEST: Duration = Duration::from_secs(30);
/// After so long without want the past is forgotten.
const FORGET: Duration = Duration::from_secs(30);

/// Of one receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hunger {
    since: Option<Duration>,
    fed: Duration,
    wait: Duration,
    given: Option<usize>,
}

impl Default for Hunger {
    fn default() -> Self {
        Self { since: None, fed: Duration::ZERO, wait: FIRST, given: None }
    }
}

impl Hunger {
    /// Looks at how many pictures are given and how many are wanted and not given. True: try one more now. `clean`: the
    /// sound arrives; while it does not, nothing is tried.
    pub fn tries(&mut self, given: usize, missing: usize, clean: bool, now: Duration) -> bool {
        if missing == 0 {
            self.since = None;
            if now.saturating_sub(self.fed) > FORGET {
                (self.wait, self.given, self.fed) = (FIRST, None, now);
            }
            return false;
        }
        self.fed = now;
        let since = *self.since.get_or_insert(now);
        if now.saturating_sub(since) < self.wait {
            return false;
        }
        self.since = Some(now);
        // the last try was borne: go on at once; it was not: wait longer
        let borne = self.given.is_none_or(|before| given > before);
        self.wait = if borne { FIRST } else { (self.wait * 2).min(LONGEST) };
        self.given = Some(given);
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries within a minute, when so many of three pictures are borne.
    fn tries(borne: usize) -> Vec<u64> {
        let (mut hunger, mut given, mut tried) = (Hunger::default(), 0, Vec::new());
        for half in 0..120 {
            let now = Duration::from_millis(500 * half);
            if hunger.tries(given, 3 - given, true, now) {
                tried.push(half / 2);
                given = (given + 1).min(borne);
            }
        }
        tried
    }

    #[test]
    fn a_line_that_bears_them_has_all_pictures_within_seconds() {
        let tried = tries(3);
        assert_eq!(tried.len(), 3);
        assert!(tried[2] <= 8, "{tried:?}");
    }

    #[test]
    fn a_line_that_does_not_is_left_in_peace_for_longer_and_longer() {
        let tried = tries(0);
        assert!(tried.len() <= 6 && tried.windows(2).all(|w| w[1] > w[0]), "{tried:?}");
        let one = tries(1);
        assert!(one.len() <= 7, "{one:?}");
    }

    #[test]
    fn nothing_is_tried_while_the_sound_does_not_arrive_or_nobody_wants() {
        let mut hunger = Hunger::default();
        for half in 0..120 {
            assert!(!hunger.tries(0, 1, false, Duration::from_millis(500 * half)));
            assert!(!Hunger::default().tries(2, 0, true, Duration::from_millis(500 * half)));
        }
    }
}
