//! Bounces (RFC 3464) and their way back. Owns the form of a delivery status notification and a client that speaks just
//! enough SMTP to hand it over; must never bounce a bounce.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::mailbox::Envelope;
use super::trouble::Trouble;

/// What happened to a recipient.
pub struct Fate {
    action: &'static str,
    status: &'static str,
    diagnostic: &'static str,
    subject: &'static str,
    words: &'static str,
}

/// What a trouble makes of a message, if it makes a notification.
pub fn fate(trouble: Trouble) -> Option<Fate> {
    match trouble {
        Trouble::BounceUnknown => Some(Fate {
            action: "failed",
            status: "5.1.1",
            diagnostic: "smtp; 550 5.1.1 no such mailbox here",
            subject: "Undelivered Mail Returned to Sender",
            words: "The mailbox does not exist. 收件人邮箱不存在。",
        }),
        Trouble::BounceFull => Some(Fate {
            action: "failed",
            status: "5.2.2",
            diagnostic: "smtp; 552 5.2.2 mailbox full",
            subject: "Undelivered Mail Returned to Sender",
            words: "The mailbox is full. 收件人邮箱已满。",
        }),
        Trouble::BounceDelayed => Some(Fate {
            action: "delayed",
            status: "4.4.7",
            diagnostic: "smtp; 450 4.2.0 mailbox busy",
            subject: "Delayed Mail (still being retried)",
            words: "The message was not delivered yet and is still being tried. 邮件尚未送达，系统仍在尝试。",
        }),
        Trouble::Report => Some(Fate {
            action: "delivered",
            status: "2.0.0",
            diagnostic: "smtp; 250 2.0.0 kept",
            subject: "Successful Mail Delivery Report",
            words: "The message was delivered. 邮件已送达收件人邮箱。",
        }),
        _ => None,
    }
}

/// The notification for one recipient of a message.
pub fn notification(fate: &Fate, envelope: &Envelope, recipient: &str, original: &[u8], id: &str) -> Vec<u8> {
    let now = chrono::Utc::now().to_rfc2822();
    let envid = envelope.envid.as_ref().map(|envid| format!("Original-Envelope-Id: {envid}\r\n")).unwrap_or_default();
    let text = String::from_utf8_lossy(original);
    let headers = text.split_once("\r\n\r\n").map_or(text.as_ref(), |(headers, _)| headers);
    let Fate { action, status, diagnostic, subject, words } = fate;
    format!(
        "From: Mail Delivery System <MAILER-DAEMON@mail.sim.example>\r\nTo: <{from}>\r\nSubject: {subject}\r\nDate: {now}\r\n\
         Message-ID: <{id}@mail.sim.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"{id}\"\r\n\r\n\
         --{id}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}\r\n<{recipient}>: {diagnostic}\r\n\r\n\
         --{id}\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mail.sim.example\r\n{envid}Arrival-Date: {now}\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nOriginal-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\
         Remote-MTA: dns; mail.sim.example\r\nDiagnostic-Code: {diagnostic}\r\nLast-Attempt-Date: {now}\r\n\r\n\
         --{id}\r\nContent-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{headers}\r\n\r\n--{id}--\r\n",
        from = envelope.from,
    )
    .into_bytes()
}

/// Hands a notification over, from nobody.
pub async fn hand_over(host: &str, to: &str, raw: &[u8]) -> io::Result<()> {
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    tokio::time::timeout(Duration::from_secs(10), speak(host, to, raw)).await.map_err(late)?
}

async fn speak(host: &str, to: &str, raw: &[u8]) -> io::Result<()> {
    let mut stream = BufReader::new(TcpStream::connect(host).await?);
    hear(&mut stream, '2').await?;
    for (line, expected) in [
        ("EHLO mail.sim.example".to_owned(), '2'),
        ("MAIL FROM:<>".to_owned(), '2'),
        (format!("RCPT TO:<{to}>"), '2'),
        ("DATA".to_owned(), '3'),
    ] {
        stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        hear(&mut stream, expected).await?;
    }
    let stuffed = String::from_utf8_lossy(raw).replace("\r\n.", "\r\n..");
    stream.get_mut().write_all(stuffed.as_bytes()).await?;
    stream.get_mut().write_all(b"\r\n.\r\n").await?;
    hear(&mut stream, '2').await?;
    stream.get_mut().write_all(b"QUIT\r\n").await
}

async fn hear(stream: &mut BufReader<TcpStream>, expected: char) -> io::Result<()> {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return if line.starts_with(expected) { Ok(()) } else { Err(io::Error::other(line.trim_end().to_owned())) };
        }
    }
}
