//! The messages taken so far. Owns "one message_id, one message" and the bound; must never grow without end.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// How many messages are kept; the oldest goes first.
const KEPT: usize = 10_000;

/// A message as the client hands it in.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Submission {
    /// The client's idempotency key.
    pub message_id: String,
    /// The mobile number.
    pub to: String,
    /// The registered template.
    #[serde(default)]
    pub template: String,
    /// What fills the template.
    #[serde(default)]
    pub params: Value,
    /// The text as the person reads it.
    pub text: String,
    /// Where the delivery report goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
}

impl Submission {
    /// What a gateway checks before it takes a message.
    pub fn check(&self) -> Result<(), &'static str> {
        let mobile = self.to.as_bytes();
        if mobile.len() != 11 || mobile[0] != b'1' || mobile[1] < b'3' || !mobile.iter().all(u8::is_ascii_digit) {
            return Err("to is not a mobile number");
        }
        if self.message_id.is_empty() || self.message_id.len() > 100 {
            return Err("message_id is 1 to 100 signs");
        }
        if self.text.is_empty() || self.text.chars().count() > 1000 {
            return Err("text is 1 to 1000 signs");
        }
        Ok(())
    }
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Taken, not yet on the phone.
    Accepted,
    /// On the phone.
    Delivered,
    /// Will never be on the phone.
    Failed,
}

/// A message taken.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// The gateway's own name for it.
    pub gateway_id: String,
    /// When it was taken.
    pub accepted_at: String,
    /// Where it stands.
    pub status: Status,
    /// What was handed in.
    #[serde(flatten)]
    pub submission: Submission,
}

/// What became of a submission.
pub enum Outcome {
    /// Taken now.
    New(Message),
    /// Taken before, word for word the same.
    Known(Message),
    /// Its message_id belongs to another message.
    Reused,
}

/// All messages, oldest first.
#[derive(Default)]
pub struct Book(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    messages: VecDeque<Message>,
    by_id: HashMap<String, String>,
}

impl Book {
    /// Takes a message once.
    pub fn take(&self, submission: Submission) -> Outcome {
        let mut pages = self.lock();
        if let Some(gateway_id) = pages.by_id.get(&submission.message_id) {
            let known = pages.messages.iter().find(|message| &message.gateway_id == gateway_id);
            return match known {
                Some(message) if message.submission == submission => Outcome::Known(message.clone()),
                _ => Outcome::Reused,
            };
        }
        let message = Message {
            gateway_id: format!("gw-{}", Uuid::now_v7()),
            accepted_at: crate::doors::now(),
            status: Status::Accepted,
            submission,
        };
        pages.by_id.insert(message.submission.message_id.clone(), message.gateway_id.clone());
        pages.messages.push_back(message.clone());
        if pages.messages.len() > KEPT
            && let Some(oldest) = pages.messages.pop_front()
        {
            pages.by_id.remove(&oldest.submission.message_id);
        }
        Outcome::New(message)
    }

    /// Notes where a message stands.
    pub fn mark(&self, gateway_id: &str, status: Status) {
        let mut pages = self.lock();
        if let Some(message) = pages.messages.iter_mut().rev().find(|message| message.gateway_id == gateway_id) {
            message.status = status;
        }
    }

    /// The messages of one phone, or all, newest first.
    pub fn newest_first(&self, mobile: Option<&str>) -> Vec<Message> {
        let pages = self.lock();
        let of_phone = |message: &&Message| mobile.is_none_or(|mobile| message.submission.to == mobile);
        pages.messages.iter().rev().filter(of_phone).cloned().collect()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = Pages::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(id: &str, text: &str) -> Submission {
        Submission {
            message_id: id.into(),
            to: "13800000121".into(),
            template: "code".into(),
            params: Value::Null,
            text: text.into(),
            callback_url: None,
        }
    }

    #[test]
    fn one_id_is_one_message() {
        let book = Book::default();
        let Outcome::New(first) = book.take(submission("m1", "验证码 482913")) else { panic!("new") };
        let Outcome::Known(again) = book.take(submission("m1", "验证码 482913")) else { panic!("known") };
        assert_eq!(first.gateway_id, again.gateway_id);
        assert!(matches!(book.take(submission("m1", "验证码 000000")), Outcome::Reused));
        assert_eq!(book.newest_first(None).len(), 1);
        assert_eq!(book.newest_first(Some("13900000000")).len(), 0);
    }

    #[test]
    fn the_book_is_bounded() {
        let book = Book::default();
        for n in 0..KEPT + 5 {
            book.take(submission(&n.to_string(), "短信"));
        }
        let kept = book.newest_first(None);
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept[0].submission.message_id, (KEPT + 4).to_string());
        assert!(matches!(book.take(submission("0", "短信")), Outcome::New(_)), "forgotten with its message");
    }

    #[test]
    fn a_landline_is_refused() {
        let mut wrong = submission("m1", "短信");
        wrong.to = "0531123456".into();
        assert!(wrong.check().is_err());
        wrong.to = "一".into();
        assert!(wrong.check().is_err());
    }
}
