//! What goes wrong with mail, on demand. Owns the orders and which message they hit; must never hit one unasked.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// The ways mail goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// 421 instead of a greeting.
    Busy,
    /// 550 5.1.1: no such mailbox.
    UnknownUser,
    /// 552 5.2.2: the mailbox is full.
    MailboxFull,
    /// 451 4.7.1 the first time this sender writes to this mailbox; after that it is taken.
    Greylist,
    /// 450 4.2.0, every time.
    NotNow,
    /// 554 5.7.1 after the content: refused as spam.
    Blocked,
    /// The connection is cut in the middle of the content; nothing is kept.
    Cut,
    /// The message is kept, and the connection is cut before the answer.
    CutAfter,
    /// Every answer waits `delay_ms`.
    Slow,
    /// Taken, then a bounce: no such mailbox.
    BounceUnknown,
    /// Taken, then a bounce: the mailbox is full.
    BounceFull,
    /// Taken, then a note that it is still being tried (`Action: delayed`); it arrives.
    BounceDelayed,
    /// Taken, then a report that it arrived (`Action: delivered`), if the sender asked for one.
    Report,
    /// Taken and never shown in the mailbox: swallowed without a word.
    Swallow,
}

impl Trouble {
    /// What an enhanced status code and a reply code say, for what is refused at `RCPT`.
    pub fn at_recipient(self) -> Option<&'static str> {
        match self {
            Self::UnknownUser => Some("550 5.1.1 no such mailbox here"),
            Self::MailboxFull => Some("552 5.2.2 mailbox full"),
            Self::NotNow => Some("450 4.2.0 mailbox busy, try again later"),
            _ => None,
        }
    }
}

/// An order to go wrong.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Order {
    /// How.
    pub trouble: Trouble,
    /// Only mail to this address, or to `*@domain`; all mail when left out.
    #[serde(default)]
    pub to: Option<String>,
    /// How many times; until called off when left out.
    #[serde(default)]
    pub next: Option<u32>,
    /// For `slow`.
    #[serde(default = "one_second")]
    pub delay_ms: u64,
}

fn one_second() -> u64 {
    1000
}

#[derive(Default)]
struct Inside {
    orders: Vec<Order>,
    greeted: HashSet<(String, String)>,
}

/// The standing orders.
#[derive(Default)]
pub struct Troubles(Mutex<Inside>);

impl Troubles {
    /// Adds an order.
    pub fn add(&self, order: Order) {
        self.lock().orders.push(order);
    }

    /// Calls all off.
    pub fn clear(&self) {
        *self.lock() = Inside::default();
    }

    /// What stands.
    pub fn standing(&self) -> Vec<Order> {
        self.lock().orders.clone()
    }

    /// The first order that holds for this recipient (none: for the connection) and is of a kind wanted; uses one up.
    pub fn take(&self, to: Option<&str>, wanted: impl Fn(Trouble) -> bool) -> Option<Order> {
        let mut inside = self.lock();
        let place = inside.orders.iter().position(|order| wanted(order.trouble) && hits(order, to))?;
        let order = inside.orders[place].clone();
        match inside.orders[place].next.as_mut() {
            Some(left) if *left <= 1 => drop(inside.orders.remove(place)),
            Some(left) => *left -= 1,
            None => {}
        }
        Some(order)
    }

    /// Has this sender tried this mailbox before? Remembers that it has.
    pub fn met(&self, from: &str, to: &str) -> bool {
        !self.lock().greeted.insert((from.to_owned(), to.to_owned()))
    }

    /// Is greylisting ordered for this mailbox? An order without a count stands.
    pub fn greylists(&self, to: &str) -> bool {
        self.lock().orders.iter().any(|order| order.trouble == Trouble::Greylist && hits(order, Some(to)))
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hits(order: &Order, to: Option<&str>) -> bool {
    match (&order.to, to) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wanted), Some(to)) => match wanted.strip_prefix('*') {
            Some(domain) => to.to_lowercase().ends_with(&domain.to_lowercase()),
            None => wanted.eq_ignore_ascii_case(to),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(trouble: Trouble, to: Option<&str>, next: Option<u32>) -> Order {
        Order { trouble, to: to.map(str::to_owned), next, delay_ms: 0 }
    }

    #[test]
    fn orders_hit_whom_they_name_and_are_used_up() {
        let troubles = Troubles::default();
        troubles.add(order(Trouble::UnknownUser, Some("a@x.example"), Some(1)));
        troubles.add(order(Trouble::MailboxFull, Some("*@y.example"), None));
        let any = |_| true;
        assert!(troubles.take(Some("b@x.example"), any).is_none());
        assert_eq!(troubles.take(Some("A@x.example"), any).map(|it| it.trouble), Some(Trouble::UnknownUser));
        assert!(troubles.take(Some("a@x.example"), any).is_none());
        for _ in 0..3 {
            assert_eq!(troubles.take(Some("c@y.example"), any).map(|it| it.trouble), Some(Trouble::MailboxFull));
        }
        assert!(troubles.take(Some("c@y.example"), |it| it == Trouble::Cut).is_none());
    }

    #[test]
    fn a_greylist_meets_everybody_once() {
        let troubles = Troubles::default();
        assert!(!troubles.met("s@x", "a@y"));
        assert!(troubles.met("s@x", "a@y"));
        assert!(!troubles.met("s@x", "b@y"));
    }
}
