//! One SMTP connection (RFC 5321, with PIPELINING, SIZE, 8BITMIME, SMTPUTF8, DSN and AUTH PLAIN). Owns the dialogue;
//! must never relay anything: whatever is taken stays in the mailbox.

use std::sync::Arc;
use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::Server;
use super::mailbox::Envelope;
use super::trouble::Trouble;

/// The largest message.
const SIZE_CAP: usize = 25 << 20;
/// The longest line of a command.
const LINE_CAP: u64 = 4096;
/// The most recipients.
const RECIPIENTS: usize = 100;
/// How long a silent client is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a dialogue ended before its `QUIT`.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

struct Dialogue {
    server: Arc<Server>,
    stream: BufReader<TcpStream>,
    envelope: Option<Envelope>,
    known: bool,
    slow: Option<Duration>,
}

/// Talks until the client goes or trouble comes.
pub async fn talk(server: Arc<Server>, stream: TcpStream) {
    let known = server.user.is_none();
    let mut dialogue = Dialogue { server, stream: BufReader::new(stream), envelope: None, known, slow: None };
    // an end is an end; the client knows more about it than we
    let _ = dialogue.run().await;
}

impl Dialogue {
    async fn run(&mut self) -> Result<(), Over> {
        if self.server.troubles.take(None, |it| it == Trouble::Busy).is_some() {
            return self.say("421 4.3.2 mail.sim.example is busy, try again later").await;
        }
        self.slow = self.server.troubles.take(None, |it| it == Trouble::Slow).map(|order| Duration::from_millis(order.delay_ms));
        self.say("220 mail.sim.example ESMTP lianting-sim").await?;
        while let Some(line) = self.line().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.ehlo().await?,
                "HELO" => self.say("250 mail.sim.example").await?,
                "AUTH" => self.auth(rest).await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.rcpt(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.envelope = None;
                    self.say("250 2.0.0 forgotten").await?;
                }
                "NOOP" => self.say("250 2.0.0 still here").await?,
                "QUIT" => return self.say("221 2.0.0 good bye").await,
                "STARTTLS" => self.say("454 4.7.0 no TLS on a loopback address").await?,
                _ => self.say("502 5.5.1 not known here").await?,
            }
        }
        Ok(())
    }

    async fn say(&mut self, reply: &str) -> Result<(), Over> {
        if let Some(slow) = self.slow {
            tokio::time::sleep(slow).await;
        }
        let stream = self.stream.get_mut();
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        Ok(stream.flush().await?)
    }

    /// A line of command; nothing at the end of the stream.
    async fn line(&mut self) -> Result<Option<String>, Over> {
        let mut bytes = Vec::new();
        let mut limited = (&mut self.stream).take(LINE_CAP);
        let read = tokio::time::timeout(PATIENCE, limited.read_until(b'\n', &mut bytes)).await.map_err(|_| Over)??;
        if read == 0 {
            return Ok(None);
        }
        if !bytes.ends_with(b"\n") {
            self.say("500 5.5.6 line too long").await?;
            return Err(Over);
        }
        Ok(Some(String::from_utf8_lossy(&bytes).trim_end().to_owned()))
    }

    async fn ehlo(&mut self) -> Result<(), Over> {
        let auth = if self.server.user.is_some() { "250-AUTH PLAIN\r\n" } else { "" };
        let reply = format!(
            "250-mail.sim.example\r\n250-PIPELINING\r\n250-SIZE {SIZE_CAP}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n{auth}250-DSN\r\n250 ENHANCEDSTATUSCODES"
        );
        self.say(&reply).await
    }

    async fn auth(&mut self, rest: &str) -> Result<(), Over> {
        let Some(given) = rest.strip_prefix("PLAIN").map(|it| it.trim().to_owned()) else {
            return self.say("504 5.5.4 only AUTH PLAIN").await;
        };
        let given = if given.is_empty() {
            self.say("334 ").await?;
            self.line().await?.ok_or(Over)?
        } else {
            given
        };
        let expected = self.server.user.as_ref().map(|(user, password)| format!("\0{user}\0{password}"));
        let decoded = BASE64.decode(given).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        self.known = expected.is_none() || decoded == expected;
        let reply = if self.known { "235 2.7.0 welcome" } else { "535 5.7.8 user or password is wrong" };
        self.say(reply).await
    }

    async fn mail(&mut self, rest: &str) -> Result<(), Over> {
        if !self.known {
            return self.say("530 5.7.0 authenticate first").await;
        }
        let Some((from, params)) = path(rest, "FROM:") else { return self.say("501 5.1.7 MAIL FROM:<address>").await };
        if param(&params, "SIZE").and_then(|size| size.parse::<usize>().ok()).is_some_and(|size| size > SIZE_CAP) {
            return self.say("552 5.3.4 larger than 25 MiB").await;
        }
        self.envelope = Some(Envelope { from, envid: param(&params, "ENVID"), ..Envelope::default() });
        self.say("250 2.1.0 sender noted").await
    }

    async fn rcpt(&mut self, rest: &str) -> Result<(), Over> {
        let Some((to, params)) = path(rest, "TO:").filter(|(to, _)| to.contains('@')) else {
            return self.say("501 5.1.3 RCPT TO:<address>").await;
        };
        let Some(envelope) = self.envelope.as_mut() else { return self.say("503 5.5.1 MAIL first").await };
        if envelope.to.len() >= RECIPIENTS {
            return self.say("452 4.5.3 too many recipients").await;
        }
        let troubles = &self.server.troubles;
        if troubles.greylists(&to) && !troubles.met(&envelope.from, &to) {
            return self.say("451 4.7.1 greylisted, try again in a while").await;
        }
        if let Some(order) = troubles.take(Some(&to), |it| it.at_recipient().is_some()) {
            return self.say(order.trouble.at_recipient().unwrap_or("550 5.0.0 refused")).await;
        }
        if param(&params, "NOTIFY").is_some_and(|notify| notify.to_uppercase().contains("SUCCESS")) {
            envelope.report.push(to.clone());
        }
        envelope.to.push(to);
        self.say("250 2.1.5 recipient noted").await
    }

    async fn data(&mut self) -> Result<(), Over> {
        let Some(envelope) = self.envelope.take().filter(|envelope| !envelope.to.is_empty()) else {
            return self.say("503 5.5.1 RCPT first").await;
        };
        self.say("354 go ahead, end with a dot").await?;
        let first = envelope.to.first().cloned();
        let trouble = self.server.troubles.take(first.as_deref(), |it| matches!(it, Trouble::Cut | Trouble::CutAfter | Trouble::Blocked));
        let trouble = trouble.map(|order| order.trouble);
        if trouble == Some(Trouble::Cut) {
            // read a little, then be gone
            let mut some = [0; 64];
            let _ = self.stream.read(&mut some).await?;
            return Err(Over);
        }
        let Some(raw) = self.content().await? else { return self.say("552 5.3.4 larger than 25 MiB").await };
        if trouble == Some(Trouble::Blocked) {
            return self.say("554 5.7.1 refused by content").await;
        }
        let id = Server::take(&self.server, envelope, raw);
        if trouble == Some(Trouble::CutAfter) {
            return Err(Over);
        }
        self.say(&format!("250 2.0.0 kept as {id}")).await
    }

    /// The content up to the lone dot, dots unstuffed; nothing when it is too large.
    async fn content(&mut self) -> Result<Option<Vec<u8>>, Over> {
        let (mut raw, mut line, mut fits) = (Vec::new(), Vec::new(), true);
        loop {
            line.clear();
            let mut limited = (&mut self.stream).take(SIZE_CAP as u64);
            let read = tokio::time::timeout(PATIENCE, limited.read_until(b'\n', &mut line)).await.map_err(|_| Over)??;
            if read == 0 {
                return Err(Over);
            }
            if line == b".\r\n" || line == b".\n" {
                return Ok(fits.then_some(raw));
            }
            let unstuffed = line.strip_prefix(b".").unwrap_or(&line);
            fits &= raw.len() + unstuffed.len() <= SIZE_CAP;
            if fits {
                raw.extend_from_slice(unstuffed);
            }
        }
    }
}

/// `FROM:<a@b> PARAM=…` to address and parameters.
fn path(rest: &str, word: &str) -> Option<(String, String)> {
    let head = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
    let (address, params) = rest[head.len()..].trim_start().strip_prefix('<')?.split_once('>')?;
    Some((address.to_owned(), params.trim().to_owned()))
}

fn param(params: &str, name: &str) -> Option<String> {
    let pairs = params.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
}
