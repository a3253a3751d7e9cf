//! What was handed to the platform and how far it came. Owns the states and their order; must never grow without end.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many deliveries are kept.
const KEPT: usize = 50_000;

/// Where a delivery goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The national e-service platform.
    Platform,
    /// A chat account.
    Chat,
}

/// How far a delivery came, in this order.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Taken over, not yet on its way.
    Accepted,
    /// On its way to the recipient.
    Sent,
    /// In the recipient's system.
    Arrived,
    /// Opened by the recipient.
    Read,
    /// Confirmed by the recipient.
    Answered,
    /// It will not arrive.
    Bounced,
}

/// A document that is served.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Document {
    pub title: String,
    /// 64 hex signs.
    pub sha256: String,
    /// Where the recipient reads it.
    #[serde(default)]
    pub url: Option<String>,
}

/// What the court hands over.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Wish {
    /// The court's number of it; the same again is the same delivery.
    pub delivery_id: String,
    pub channel: Channel,
    /// The recipient's account with the platform or in the chat.
    pub account: String,
    pub name: String,
    pub case_number: String,
    pub court: String,
    pub documents: Vec<Document>,
    /// What is said around the documents.
    #[serde(default)]
    pub text: String,
    pub callback_url: String,
}

/// A step a delivery took.
#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    /// The same over repetitions.
    pub receipt_id: String,
    pub state: State,
    /// When it happened.
    pub at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One delivery.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// The platform's number.
    pub platform_id: String,
    /// In the order of arrival here, from 1.
    pub seq: u64,
    #[serde(flatten)]
    pub wish: Wish,
    pub state: State,
    pub accepted_at: DateTime<Utc>,
    /// How often the court handed it over.
    pub handed_over: u32,
    pub receipts: Vec<Receipt>,
}

/// What came of a wish.
pub enum Outcome {
    New(Delivery),
    Known(Delivery),
    /// The number carried another content.
    Reused,
}

#[derive(Default)]
struct Inside {
    last: u64,
    order: VecDeque<String>,
    deliveries: HashMap<String, Delivery>,
}

/// All deliveries.
#[derive(Default)]
pub struct Book(Mutex<Inside>);

impl Wish {
    /// Says what is wrong with it.
    pub fn check(&self) -> Result<(), &'static str> {
        let within = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
        if !within(&self.delivery_id, 64) || !within(&self.account, 128) || !within(&self.name, 200) {
            return Err("delivery_id, account and name must not be empty or too long");
        }
        if self.documents.is_empty() || self.documents.len() > 50 {
            return Err("1 to 50 documents");
        }
        let digest = |document: &Document| document.sha256.len() == 64 && document.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        if !self.documents.iter().all(|document| digest(document) && within(&document.title, 200)) {
            return Err("each document has a title and a SHA-256 in hex");
        }
        if !self.callback_url.starts_with("http") || self.text.chars().count() > 2000 {
            return Err("callback_url must be an address, text at most 2000 signs");
        }
        Ok(())
    }
}

impl Book {
    /// Takes a delivery over, once.
    pub fn take(&self, wish: Wish) -> Outcome {
        let mut inside = self.lock();
        if let Some(known) = inside.deliveries.get_mut(&wish.delivery_id) {
            if known.wish != wish {
                return Outcome::Reused;
            }
            known.handed_over += 1;
            return Outcome::Known(known.clone());
        }
        inside.last += 1;
        let delivery = Delivery {
            platform_id: format!("ed-{}", Uuid::now_v7()),
            seq: inside.last,
            state: State::Accepted,
            accepted_at: Utc::now(),
            handed_over: 1,
            receipts: Vec::new(),
            wish,
        };
        let id = delivery.wish.delivery_id.clone();
        inside.deliveries.insert(id.clone(), delivery.clone());
        inside.order.push_back(id);
        if inside.order.len() > KEPT
            && let Some(oldest) = inside.order.pop_front()
        {
            inside.deliveries.remove(&oldest);
        }
        Outcome::New(delivery)
    }

    /// A delivery by the court's number or the platform's.
    pub fn get(&self, id: &str) -> Option<Delivery> {
        let inside = self.lock();
        inside.deliveries.get(id).or_else(|| inside.deliveries.values().find(|it| it.platform_id == id)).cloned()
    }

    /// Takes a step forward; nothing when it would go backwards or is done.
    pub fn step(&self, delivery_id: &str, state: State, at: DateTime<Utc>, reason: Option<String>) -> Option<(Delivery, Receipt)> {
        let mut inside = self.lock();
        let delivery = inside.deliveries.get_mut(delivery_id)?;
        if state <= delivery.state || (state == State::Bounced && delivery.state >= State::Arrived) {
            return None;
        }
        let receipt = Receipt { receipt_id: Uuid::new_v4().to_string(), state, at, reason };
        delivery.state = state;
        delivery.receipts.push(receipt.clone());
        Some((delivery.clone(), receipt))
    }

    /// Newest first, at most `most`.
    pub fn newest(&self, account: Option<&str>, most: usize) -> Vec<Delivery> {
        let inside = self.lock();
        let each = inside.order.iter().rev().filter_map(|id| inside.deliveries.get(id));
        each.filter(|it| account.is_none_or(|account| it.wish.account == account)).take(most).cloned().collect()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = Inside::default();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(id: &str, title: &str) -> Wish {
        serde_json::from_value(serde_json::json!({"delivery_id": id, "channel": "platform", "account": "zhao", "name": "赵文博",
            "case_number": "（2026）鲁0102民初1号", "court": "济南市历下区人民法院", "callback_url": "http://127.0.0.1/",
            "documents": [{"title": title, "sha256": "0".repeat(64)}]}))
        .unwrap()
    }

    #[test]
    fn one_number_is_one_delivery() {
        let book = Book::default();
        assert!(matches!(book.take(wish("d1", "传票")), Outcome::New(_)));
        let Outcome::Known(again) = book.take(wish("d1", "传票")) else { panic!("known") };
        assert_eq!((again.seq, again.handed_over), (1, 2));
        assert!(matches!(book.take(wish("d1", "判决书")), Outcome::Reused));
    }

    #[test]
    fn a_delivery_goes_forward_only() {
        let book = Book::default();
        book.take(wish("d1", "传票"));
        let step = |state| book.step("d1", state, Utc::now(), None).is_some();
        assert!(step(State::Sent) && step(State::Arrived));
        assert!(!step(State::Sent) && !step(State::Bounced), "what arrived does not bounce");
        assert!(step(State::Answered) && !step(State::Read));
        assert_eq!(book.get("d1").unwrap().receipts.len(), 3);
    }
}
