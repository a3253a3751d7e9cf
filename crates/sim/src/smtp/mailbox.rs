//! What arrived. Owns the messages, newest last; must never grow without end.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mail_parser::{MessageParser, MimeHeaders};
use serde::Serialize;
use serde_json::{Value, json};

/// How many messages are kept.
const KEPT: usize = 20_000;

/// What the envelope says.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// Who gets bounces; empty for what must not bounce.
    pub from: String,
    /// Whom it is for.
    pub to: Vec<String>,
    /// The sender's own name for this sending (RFC 3461).
    pub envid: Option<String>,
    /// Recipients whose delivery was to be reported.
    pub report: Vec<String>,
}

/// A message as it came.
#[derive(Clone)]
pub struct Message {
    /// Counted from 1.
    pub id: u64,
    /// When.
    pub at: String,
    /// Its envelope.
    pub envelope: Envelope,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// A file in a message.
#[derive(Debug, Serialize)]
struct Attachment {
    name: String,
    size: usize,
    kind: String,
}

impl Message {
    /// As the page and tests see it.
    pub fn face(&self) -> Value {
        let parsed = MessageParser::default().parse(&self.raw);
        let parsed = parsed.as_ref();
        let attachments: Vec<Attachment> = parsed
            .map(|mail| {
                let each = mail.attachments().map(|part| Attachment {
                    name: part.attachment_name().unwrap_or("").to_owned(),
                    size: part.len(),
                    kind: part.content_type().map(|it| format!("{}/{}", it.ctype(), it.subtype().unwrap_or("*"))).unwrap_or_default(),
                });
                each.collect()
            })
            .unwrap_or_default();
        json!({
            "id": self.id, "at": self.at, "from": self.envelope.from, "to": self.envelope.to, "envid": self.envelope.envid,
            "subject": parsed.and_then(|mail| mail.subject()), "message_id": parsed.and_then(|mail| mail.message_id()),
            "text": parsed.and_then(|mail| mail.body_text(0)), "attachments": attachments, "size": self.raw.len(),
        })
    }

    /// A file out of it.
    pub fn attachment(&self, n: usize) -> Option<Vec<u8>> {
        let mail = MessageParser::default().parse(&self.raw)?;
        mail.attachment(u32::try_from(n).ok()?).map(|part| part.contents().to_vec())
    }
}

#[derive(Default)]
struct Inside {
    last: u64,
    messages: VecDeque<Message>,
}

/// All that arrived.
#[derive(Default)]
pub struct Mailbox(Mutex<Inside>);

impl Mailbox {
    /// Keeps a message; answers its number.
    pub fn keep(&self, envelope: Envelope, raw: Vec<u8>) -> u64 {
        let mut inside = self.lock();
        inside.last += 1;
        let id = inside.last;
        if inside.messages.len() >= KEPT {
            inside.messages.pop_front();
        }
        inside.messages.push_back(Message { id, at: crate::doors::now(), envelope, raw });
        id
    }

    /// Newest first, at most `most`, for one recipient or all.
    pub fn newest(&self, to: Option<&str>, most: usize) -> Vec<Message> {
        let inside = self.lock();
        let meant = |it: &&Message| to.is_none_or(|to| it.envelope.to.iter().any(|one| one.eq_ignore_ascii_case(to)));
        inside.messages.iter().rev().filter(meant).take(most).cloned().collect()
    }

    /// One of them.
    pub fn get(&self, id: u64) -> Option<Message> {
        self.lock().messages.iter().find(|it| it.id == id).cloned()
    }

    /// Every recipient with the number of messages.
    pub fn counts(&self) -> std::collections::BTreeMap<String, usize> {
        let inside = self.lock();
        let mut counts = std::collections::BTreeMap::new();
        for to in inside.messages.iter().flat_map(|it| &it.envelope.to) {
            *counts.entry(to.to_lowercase()).or_default() += 1;
        }
        counts
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.lock().messages.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
