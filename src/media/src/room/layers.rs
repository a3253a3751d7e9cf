//! Which simulcast layer each picture gets, within what the receiver bears. Pure.
//!
//! Audio is taken off the budget before anything is shared out here. Shared screens come first: that is the evidence.

use std::time::Duration;

/// Up only when a fifth stays free, and not twice in this time; down at once.
const SETTLE: Duration = Duration::from_secs(2);
const UP: f64 = 0.8;
const KEEP: f64 = 1.1;
/// A try is given a little more than it just needs.
const MARGIN: f64 = 1.2;
/// The smallest layer is given up late: a poor picture is better than none.
const KEEP_SMALLEST: f64 = 1.5;

/// One picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Bits a second of each layer; 0: it does not flow.
    pub bitrates: [u32; 3],
    /// The best layer that makes sense at the receiver.
    pub cap: u8,
    /// What it has.
    pub current: Option<u8>,
    /// A shared screen.
    pub screen: bool,
    /// When it last changed.
    pub changed: Duration,
    /// The outcome.
    pub chosen: Option<u8>,
}

/// Shares the budget (bits a second) out.
pub fn share(budget: f64, wishes: &mut [Wish], now: Duration) {
    let mut spent = 0.0;
    for wish in wishes.iter_mut() {
        wish.chosen = None;
    }
    for _ in 0..3 {
        for screen in [true, false] {
            for wish in wishes.iter_mut().filter(|w| w.screen == screen) {
                if let Some((layer, more)) = wish.next()
                    && spent + more <= wish.limit(layer, now) * budget
                {
                    wish.chosen = Some(layer);
                    spent += more;
                }
            }
        }
    }
}

/// What must be believed of a line so that it is given one picture more, the cheapest of those it lacks; and how many it has
/// and lacks.
pub fn one_more(wishes: &[Wish]) -> (f64, usize, usize) {
    let cost = |w: &Wish, layer: Option<u8>| layer.map_or(0, |l| w.bitrates[usize::from(l)]);
    let given = wishes.iter().filter(|w| w.chosen.is_some());
    let paid: u32 = given.clone().map(|w| cost(w, w.chosen)).sum();
    let missing = wishes.iter().filter(|w| w.chosen.is_none()).filter_map(|w| w.bitrates.into_iter().find(|b| *b > 0));
    let cheapest = missing.clone().min().unwrap_or(0);
    (f64::from(paid.saturating_add(cheapest)) / UP * MARGIN, given.count(), missing.count())
}

impl Wish {
    /// The next layer up that flows, and what it costs more.
    fn next(&self) -> Option<(u8, f64)> {
        let from = self.chosen.map_or(0, |c| c + 1);
        let smallest = (0..3).find(|l| self.bitrates[usize::from(*l)] > 0)?;
        let layer = (from..3).find(|l| self.bitrates[usize::from(*l)] > 0)?;
        if layer > self.cap && layer != smallest {
            return None;
        }
        let paid = self.chosen.map_or(0, |c| self.bitrates[usize::from(c)]);
        Some((layer, f64::from(self.bitrates[usize::from(layer)].saturating_sub(paid))))
    }

    fn limit(&self, layer: u8, now: Duration) -> f64 {
        match self.current {
            Some(current) if layer <= current => {
                if self.chosen.is_none() {
                    KEEP_SMALLEST
                } else {
                    KEEP
                }
            }
            Some(_) if now.saturating_sub(self.changed) < SETTLE => 0.0,
            _ => UP,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(current: Option<u8>) -> Wish {
        Wish { bitrates: [100_000, 400_000, 1_500_000], cap: 2, current, screen: false, changed: Duration::ZERO, chosen: None }
    }

    fn shared(budget: f64, mut wishes: Vec<Wish>) -> Vec<Option<u8>> {
        share(budget, &mut wishes, Duration::from_secs(60));
        wishes.into_iter().map(|w| w.chosen).collect()
    }

    #[test]
    fn everybody_gets_a_little_before_anybody_gets_much() {
        assert_eq!(shared(1_300_000.0, vec![wish(None), wish(None), wish(None)]), [Some(1), Some(1), Some(0)]);
        assert_eq!(shared(9_000_000.0, vec![wish(None); 3]), [Some(2); 3]);
        assert_eq!(shared(100_000.0, vec![wish(None); 3]), [None; 3]);
    }

    #[test]
    fn the_screen_comes_first_and_caps_hold() {
        let screen = Wish { screen: true, bitrates: [1_000_000, 0, 0], ..wish(None) };
        assert_eq!(shared(1_300_000.0, vec![wish(None), screen]), [None, Some(0)]);
        assert_eq!(shared(9_000_000.0, vec![Wish { cap: 1, ..wish(None) }]), [Some(1)]);
        let only_large = Wish { cap: 0, bitrates: [0, 0, 900_000], ..wish(None) };
        assert_eq!(shared(9_000_000.0, vec![only_large]), [Some(2)]);
    }

    #[test]
    fn one_more_is_the_cheapest_that_is_lacking() {
        let silent = Wish { bitrates: [0; 3], ..wish(None) };
        let dear = Wish { bitrates: [0, 900_000, 0], ..wish(None) };
        let mut wishes = vec![dear, wish(Some(0)), silent, wish(None)];
        share(110_000.0, &mut wishes, Duration::from_secs(60));
        let (bits, given, missing) = one_more(&wishes);
        assert_eq!((given, missing), (1, 2));
        share(bits, &mut wishes, Duration::from_secs(60));
        assert_eq!(wishes.into_iter().map(|w| w.chosen).collect::<Vec<_>>(), [None, Some(0), None, Some(0)]);
    }

    #[test]
    fn it_does_not_swing() {
        let near = 410_000.0;
        assert_eq!(shared(near, vec![wish(Some(0))]), [Some(0)], "not up without room");
        assert_eq!(shared(near, vec![wish(Some(1))]), [Some(1)], "nor down without need");
        assert_eq!(shared(300_000.0, vec![wish(Some(1))]), [Some(0)]);
        let fresh = Wish { changed: Duration::from_secs(59), ..wish(Some(0)) };
        assert_eq!(shared(9_000_000.0, vec![fresh]), [Some(0)], "not twice in a breath");
    }
}
