//! 电子邮件送达: the court's own relay is handed a message and answers; what comes back comes back later.
//!
//! Owns the only way mail leaves by: the wire (`Mail`), the message (`letter`), the address bounces come back to
//! (`verp`), what a bounce says (`bounce`) and the door it is taken at (`door`). The message's id is the attempt's, so
//! that a repetition is recognised by whoever got both. Must never put a password or a key into a message, nor take a
//! relay's answer about us for one about the recipient.

pub mod bounce;
pub mod door;
pub mod letter;
pub mod settings;
pub mod verp;

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

/// The way to the relay.
#[derive(Clone)]
pub struct Mail {
    pub(super) transport: AsyncSmtpTransport<Tokio1Executor>,
    /// The address recipients see.
    pub from: Address,
    /// Where bounces go back to, before the number of a sending.
    pub bounces: Address,
    /// The largest message in bytes.
    pub most: usize,
    pub(super) patience: Duration,
}

/// What the relay said of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Taken.
    Taken,
    /// Not taken, and never will be; with its words.
    Refused(String),
    /// Not now, or nobody knows; with its words.
    Later(String),
}

/// Replies that speak of us (RFC 4954): our user, our password, our way of speaking.
const ABOUT_US: [u16; 6] = [500, 502, 503, 530, 534, 535];

impl Mail {
    /// Hands a message over.
    pub async fn send(&self, envelope: &Envelope, raw: &[u8]) -> Answer {
        match tokio::time::timeout(self.patience, self.transport.send_raw(envelope, raw)).await {
            Ok(Ok(_)) => Answer::Taken,
            Ok(Err(fault)) => read(&fault),
            Err(_) => Answer::Later("the relay took too long".into()),
        }
    }
}

fn read(fault: &SmtpError) -> Answer {
    let status = fault.status().map(u16::from);
    let words: String = fault.to_string().chars().filter(|c| !c.is_control()).take(300).collect();
    match status {
        Some(status) if fault.is_permanent() && !ABOUT_US.contains(&status) => Answer::Refused(words),
        _ => Answer::Later(words),
    }
}
