//! 电子邮件送达: the court's own relay is handed a message and answers; what comes back comes back later.
//!
//! Owns the only way mail leaves by: the wire (`Mail`), the message (`letter`), the address bounces come back to
//! (`verp`), what a bounce says (`bounce`) and the door it is taken at (`door`). The message's id is the attempt's, so
//! that a repetition is recognised by whoever got both. Must never put a password or a key into a message, nor take a
//! relay's answer about us for one about the recipient.
//!
//! SMTP has no question "did this one arrive?". A connection that breaks after the content leaves us unsure, which is said
//! to the clerk and never repeated. A process that is killed between the content and our writing down the answer cannot say
//! even that: its message is handed over again a minute later, under the same id. At least once and recognisable is the
//! better half of the choice: a second copy changes no day of service, a paper nobody got would.

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
    /// Not now: it was not handed over; with its words.
    Later(String),
    /// Cut off while the message was on its way: the relay may have it or not; with its words.
    Unsure(String),
}

/// Replies that speak of us (RFC 4954): our user, our password, our way of speaking.
const ABOUT_US: [u16; 6] = [500, 502, 503, 530, 534, 535];

impl Mail {
    /// Hands a message over.
    pub async fn send(&self, envelope: &Envelope, raw: &[u8]) -> Answer {
        match tokio::time::timeout(self.patience, self.transport.send_raw(envelope, raw)).await {
            Ok(Ok(_)) => Answer::Taken,
            Ok(Err(fault)) => read(&fault),
            Err(_) => Answer::Unsure("the relay took too long".into()),
        }
    }
}

fn read(fault: &SmtpError) -> Answer {
    let status = fault.status().map(u16::from);
    let words: String = fault.to_string().chars().filter(|c| !c.is_control()).take(300).collect();
    match status {
        Some(status) if fault.is_permanent() && !ABOUT_US.contains(&status) => Answer::Refused(words),
        // a relay that answered, or was never reached, has nothing of ours
        Some(_) => Answer::Later(words),
        None if fault.is_client() || fault.is_tls() || fault.is_transport_shutdown() || words.starts_with(NEVER_REACHED) => {
            Answer::Later(words)
        }
        None => Answer::Unsure(words),
    }
}

/// How the client says that it found no relay at all.
const NEVER_REACHED: &str = "Connection error";

#[cfg(test)]
mod tests {
    use lettre::transport::smtp::client::Tls;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// A relay that hears a message out and hangs up, or says what it is told to say.
    async fn relay(last_word: Option<&'static str>) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (reader, mut writer) = stream.into_split();
            let mut lines = BufReader::new(reader).lines();
            writer.write_all(b"220 relay\r\n").await.unwrap();
            let mut inside = false;
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match (inside, line.as_str()) {
                    (true, ".") => match last_word {
                        Some(word) => {
                            inside = false;
                            word
                        }
                        None => return,
                    },
                    (true, _) => continue,
                    (false, l) if l.starts_with("EHLO") => "250 relay",
                    (false, "DATA") => {
                        inside = true;
                        "354 go on"
                    }
                    _ => "250 ok",
                };
                if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                    return;
                }
            }
        });
        port
    }

    async fn sent(port: u16) -> Answer {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1").port(port).tls(Tls::None).build();
        let address = |a: &str| a.parse::<Address>().unwrap();
        let mail = Mail {
            transport,
            from: address("court@court.example"),
            bounces: address("bounce@court.example"),
            most: 1 << 20,
            patience: Duration::from_secs(5),
        };
        let envelope = Envelope::new(Some(address("bounce@court.example")), vec![address("qian@b.example")]).unwrap();
        mail.send(&envelope, b"Subject: x\r\n\r\nhello\r\n").await
    }

    #[tokio::test]
    async fn only_what_was_never_handed_over_is_handed_over_again() {
        assert_eq!(sent(relay(Some("250 taken")).await).await, Answer::Taken);
        assert!(matches!(sent(relay(Some("451 later")).await).await, Answer::Later(_)));
        assert!(matches!(sent(relay(Some("554 no")).await).await, Answer::Refused(_)));
        assert!(matches!(sent(relay(None).await).await, Answer::Unsure(_)), "heard out, then cut off");
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        assert!(matches!(sent(nobody).await, Answer::Later(_)), "never reached");
    }
}
