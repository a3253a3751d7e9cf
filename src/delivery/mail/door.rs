//! The door bounces are taken at: as much SMTP as the court's own relay needs to hand one over (RFC 5321).
//!
//! Owns the dialogue. It takes mail to a sending's own address and to nothing else, keeps no message, and relays
//! nothing. A bounce is acknowledged only after it is written down. Must never believe who it says it is from.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{bounce, verp};
use crate::app::App;
use crate::delivery::receipts::{self, Heard};
use crate::delivery::words::Adapter;
use crate::kit::seal::sha256;

/// A report with the headers of what came back is small.
const LARGEST: usize = 1 << 20;
/// The longest line of a command (RFC 5321 4.5.3.1.4 asks for 512).
const LINE: u64 = 2048;
/// How long a silent relay is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Connections at once.
const AT_ONCE: usize = 50;
/// Addresses in one message.
const MOST: usize = 20;

/// Takes bounces until told to stop.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn open(app: App, stop: CancellationToken) -> Result<(), String> {
    let Some(address) = app.config.mail.mail_bounce_listen else { return Ok(()) };
    let listener = TcpListener::bind(address).await.map_err(|e| format!("LIANTING_MAIL_BOUNCE_LISTEN {address}: {e}"))?;
    tracing::info!(%address, "taking bounces");
    tokio::spawn(async move {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let stream = tokio::select! {
                () = stop.cancelled() => return,
                taken = listener.accept() => taken,
            };
            let Ok((stream, _)) = stream else { continue };
            let app = app.clone();
            tokio::spawn(async move {
                // an end is an end; the relay knows more about it than we, and tries again
                let _ = talk(&app, stream).await;
                drop(place);
            });
        }
    });
    Ok(())
}

async fn talk(app: &App, mut stream: TcpStream) -> std::io::Result<()> {
    let (read, write) = stream.split();
    Dialogue { app, read: BufReader::new(read), write, from: false, to: Vec::new() }.run().await
}

struct Dialogue<'a, R, W> {
    app: &'a App,
    read: R,
    write: W,
    from: bool,
    to: Vec<Uuid>,
}

fn over() -> std::io::Error {
    std::io::ErrorKind::UnexpectedEof.into()
}

impl<R: AsyncBufRead + Unpin, W: AsyncWrite + Unpin> Dialogue<'_, R, W> {
    async fn run(&mut self) -> std::io::Result<()> {
        self.say("220 lianting takes bounces").await?;
        while let Some(line) = self.line().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.say(&format!("250-lianting\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES")).await?,
                "HELO" => self.say("250 lianting").await?,
                "MAIL" => {
                    (self.from, self.to) = (true, Vec::new());
                    self.say("250 2.1.0 noted").await?;
                }
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    (self.from, self.to) = (false, Vec::new());
                    self.say("250 2.0.0 forgotten").await?;
                }
                "NOOP" => self.say("250 2.0.0 here").await?,
                "QUIT" => return self.say("221 2.0.0 good bye").await,
                _ => self.say("502 5.5.1 not known here").await?,
            }
        }
        Ok(())
    }

    async fn say(&mut self, reply: &str) -> std::io::Result<()> {
        self.write.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.write.flush().await
    }

    /// A line of command; nothing at the end of the stream.
    async fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let mut limited = (&mut self.read).take(LINE);
        let n = tokio::time::timeout(PATIENCE, limited.read_until(b'\n', &mut bytes)).await.map_err(|_| over())??;
        if n == 0 {
            return Ok(None);
        }
        if !bytes.ends_with(b"\n") {
            self.say("500 5.5.6 line too long").await?;
            return Err(over());
        }
        Ok(Some(String::from_utf8_lossy(&bytes).trim_end().to_owned()))
    }

    async fn recipient(&mut self, rest: &str) -> std::io::Result<()> {
        let address = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
        let bounces = self.app.mail.as_ref().map(|m| &m.bounces);
        let sending = bounces.zip(address).and_then(|(b, a)| verp::attempt(&self.app.seal, b, a));
        match sending {
            _ if !self.from => self.say("503 5.5.1 MAIL first").await,
            Some(_) if self.to.len() >= MOST => self.say("452 4.5.3 too many recipients").await,
            Some(attempt) => {
                self.to.push(attempt);
                self.say("250 2.1.5 noted").await
            }
            None => self.say("550 5.1.1 no such address here").await,
        }
    }

    async fn data(&mut self) -> std::io::Result<()> {
        let to = std::mem::take(&mut self.to);
        if to.is_empty() {
            return self.say("503 5.5.1 RCPT first").await;
        }
        self.say("354 go ahead").await?;
        let Some(raw) = self.content().await? else { return self.say("552 5.3.4 too large").await };
        for attempt in to {
            if let Err(cause) = take(self.app, attempt, &raw).await {
                tracing::warn!(?cause, "a bounce cannot be written down");
                return self.say("451 4.3.0 try again").await;
            }
        }
        self.from = false;
        self.say("250 2.0.0 taken").await
    }

    /// The content up to the lone dot, dots unstuffed; nothing when it is too large.
    async fn content(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let (mut raw, mut line, mut fits) = (Vec::new(), Vec::new(), true);
        loop {
            line.clear();
            let mut limited = (&mut self.read).take(LARGEST as u64);
            let n = tokio::time::timeout(PATIENCE, limited.read_until(b'\n', &mut line)).await.map_err(|_| over())??;
            if n == 0 {
                return Err(over());
            }
            if line == b".\r\n" || line == b".\n" {
                return Ok(fits.then_some(raw));
            }
            let plain = line.strip_prefix(b".").unwrap_or(&line);
            fits &= raw.len() + plain.len() <= LARGEST;
            if fits {
                raw.extend_from_slice(plain);
            }
        }
    }
}

/// Writes down what a message says of a sending. The same message twice is one report.
async fn take(app: &App, attempt: Uuid, raw: &[u8]) -> crate::error::Result<()> {
    let read = bounce::read(raw);
    let heard = Heard {
        attempt,
        adapter: Adapter::Mail,
        key: hex::encode(sha256(raw)),
        word: read.word,
        reason: Some(read.reason).filter(|r| !r.is_empty()),
        // a stranger's clock is no proof: what came back counts from when it came
        at: app.now(),
    };
    receipts::heard(app, &heard).await.map(drop)
}
