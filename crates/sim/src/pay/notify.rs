//! Callbacks. Owns when each is sent, how often it is repeated and how it is spoiled on purpose; must never hold up a
//! signed door.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Desk;
use super::keys::Hand;

/// Waits before each repetition, in seconds: fifteen of them, a day and four minutes in all.
pub const REPEATS_S: [i64; 15] = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600];
/// How many are kept.
const KEPT: usize = 50_000;
/// How many are sent at once.
const AT_ONCE: usize = 64;

/// How a callback is sent.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// As it should be.
    #[default]
    Genuine,
    /// Never, also not repeated.
    Lose,
    /// Not the first time; repeated on schedule.
    LoseFirst,
    /// Several times at once.
    Repeat,
    /// Later.
    Delay,
    /// Signed by a stranger's key under the platform's serial.
    WrongSignature,
    /// Signed by a stranger's key under a serial nobody knows.
    WrongSerial,
    /// Signed ten minutes ago.
    Stale,
    /// Touched after signing.
    Altered,
    /// Touched inside: another amount under the old signature.
    AlteredAmount,
    /// Signed by the platform, sealed under another merchant's key.
    WrongKey,
    /// Signed and sealed by the platform, and off by a fen: what must never happen.
    OffByFen,
    /// Signed and sealed by the platform, about another merchant.
    OtherMerchant,
}

impl How {
    /// Does this one add a false callback before the true one?
    pub fn is_forgery(self) -> bool {
        !matches!(self, Self::Genuine | Self::Lose | Self::LoseFirst | Self::Repeat | Self::Delay)
    }
}

/// One callback and what became of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Note {
    /// Unchanged over all repetitions.
    pub id: String,
    pub event_type: String,
    /// The number it is about: an order's, or a refund's.
    pub about: String,
    pub url: String,
    pub created: DateTime<Utc>,
    /// What is sealed, in clear.
    pub plain: Value,
    /// The machine's time of the next try; none when it is done or given up.
    pub next: Option<DateTime<Utc>>,
    /// Status of each try; 0 for no answer.
    pub tries: Vec<u16>,
    pub taken: bool,
}

impl Desk {
    /// Writes a callback down to be sent as the standing order says.
    pub fn tell(self: &Arc<Self>, event_type: &str, about: &str, url: &str, plain: Value) {
        let (how, times, delay_ms) = self.next_callback();
        let now = Utc::now();
        let delay = TimeDelta::milliseconds(i64::try_from(if how == How::Delay { delay_ms } else { 0 }).unwrap_or(0));
        let note = Note {
            id: uuid::Uuid::new_v4().to_string(),
            event_type: event_type.to_owned(),
            about: about.to_owned(),
            url: url.to_owned(),
            created: self.clock.now(),
            plain,
            next: match how {
                How::Lose => None,
                How::LoseFirst => Some(now + self.repeat_after(0)),
                _ => Some(now + delay),
            },
            tries: Vec::new(),
            taken: false,
        };
        if how.is_forgery() || how == How::Repeat {
            let (desk, note) = (Arc::clone(self), note.clone());
            tokio::spawn(async move { desk.send_many(&note, how, times).await });
        }
        let mut notes = self.notes();
        if notes.len() >= KEPT {
            notes.remove(0);
        }
        notes.push(note);
        drop(notes);
        self.changed();
    }

    fn repeat_after(&self, tries: usize) -> TimeDelta {
        let seconds = REPEATS_S.get(tries).copied().unwrap_or(21600);
        TimeDelta::milliseconds(seconds * 1000 / self.haste.max(1))
    }

    /// Sends what is due, for ever.
    pub async fn keep_telling(self: Arc<Self>) {
        loop {
            let now = Utc::now();
            let due: Vec<Note> = self.notes().iter().filter(|note| note.next.is_some_and(|at| at <= now)).take(AT_ONCE).cloned().collect();
            if due.is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
            let mut sending = tokio::task::JoinSet::new();
            for note in due {
                let desk = Arc::clone(&self);
                sending.spawn(async move {
                    let status = desk.send(&note, How::Genuine).await;
                    desk.note_try(&note.id, status);
                });
            }
            while sending.join_next().await.is_some() {}
            self.changed();
        }
    }

    fn note_try(&self, id: &str, status: u16) {
        let mut notes = self.notes();
        let Some(note) = notes.iter_mut().find(|note| note.id == id) else { return };
        let made = note.tries.len();
        note.tries.push(status);
        note.taken |= (200..300).contains(&status);
        note.next = if note.taken || made >= REPEATS_S.len() { None } else { Some(Utc::now() + self.repeat_after(made)) };
    }

    /// Sends the same callback several times, many at once; answers each status.
    pub async fn send_many(self: &Arc<Self>, note: &Note, how: How, times: usize) -> Vec<u16> {
        let mut sending = tokio::task::JoinSet::new();
        let mut statuses = Vec::new();
        for _ in 0..times {
            let (desk, note) = (Arc::clone(self), note.clone());
            sending.spawn(async move { desk.send(&note, how).await });
            if sending.len() >= AT_ONCE
                && let Some(Ok(status)) = sending.join_next().await
            {
                statuses.push(status);
            }
        }
        while let Some(sent) = sending.join_next().await {
            statuses.push(sent.unwrap_or(0));
        }
        statuses
    }

    /// Sends it once, anew sealed and signed; 0 for no answer.
    async fn send(&self, note: &Note, how: How) -> u16 {
        let Ok((body, headers)) = self.dressed(note, how) else { return 0 };
        let mut request = self.http.post(&note.url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        match request.body(body).send().await {
            Ok(answer) => answer.status().as_u16(),
            Err(_) => 0,
        }
    }

    fn dressed(&self, note: &Note, how: How) -> std::io::Result<(String, [(&'static str, String); 5])> {
        let mut plain = note.plain.clone();
        if how == How::OffByFen {
            bump(&mut plain);
        }
        if how == How::OtherMerchant {
            plain["mchid"] = json!("1900009999");
        }
        let genuine = self.hand();
        let mut keys = self.keys();
        let original = if note.event_type.starts_with("REFUND") { "refund" } else { "transaction" };
        let seal = |keys: &super::keys::Keys, plain: &Value| -> std::io::Result<String> {
            let mut resource = keys.seal(&plain.to_string(), original, how == How::WrongKey)?;
            resource["original_type"] = json!(original);
            let summary = if original == "refund" { "退款通知" } else { "支付成功" };
            let created = super::book::beijing(note.created);
            Ok(json!({"id": note.id, "create_time": created, "resource_type": "encrypt-resource", "event_type": note.event_type,
                "summary": summary, "resource": resource})
            .to_string())
        };
        let body = seal(&keys, &plain)?;
        let hand = match how {
            How::WrongSignature => Hand::Stranger,
            How::WrongSerial => Hand::UnknownSerial,
            _ => genuine,
        };
        let age = if how == How::Stale { 600 } else { 0 };
        let headers = keys.sign(body.as_bytes(), self.clock.now() - TimeDelta::seconds(age), hand)?;
        let body = match how {
            How::Altered => body.replacen("支付成功", "支付 成功", 1).replacen("退款通知", "退款 通知", 1),
            How::AlteredAmount => {
                bump(&mut plain);
                seal(&keys, &plain)?
            }
            _ => body,
        };
        Ok((body, headers))
    }
}

/// One fen more, wherever an amount stands.
fn bump(plain: &mut Value) {
    for name in ["total", "payer_total", "refund", "payer_refund"] {
        if let Some(fen) = plain["amount"][name].as_i64() {
            plain["amount"][name] = json!(fen + 1);
        }
    }
}
