//! 退信: what a message that came back to a sending's address says (RFC 3464 in RFC 3462). Owns reading it, and what its
//! words mean. Knows no clock and no row. Must never take a note that a message is still being tried for its end, nor
//! guess at a bounce without a machine's part: that is kept and shown to a clerk.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use crate::delivery::words::SystemEvent;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// failed, delayed, delivered, relayed, expanded; `other` for what is no report.
    pub word: String,
    /// Status and what the other side said; of `other` the subject.
    pub reason: String,
}

/// What a word means for the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// This happened.
    Event(SystemEvent),
    /// Nothing final yet.
    Nothing,
    /// Nobody here knows the word.
    Unknown,
}

/// Reads a message; what is no report is `other`.
pub fn read(raw: &[u8]) -> Bounce {
    let Some(mail) = MessageParser::default().parse(raw) else { return other("") };
    let Some(report) = report(&mail) else { return other(mail.subject().unwrap_or_default()) };
    let fields = fields(&report);
    let of = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default();
    let action = of("action").to_ascii_lowercase();
    if action.is_empty() {
        return other(mail.subject().unwrap_or_default());
    }
    let reason = format!("{} {}", of("status"), of("diagnostic-code"));
    Bounce { word: tidy(&action, 40), reason: tidy(reason.trim(), 300) }
}

/// What a bounce means.
pub fn meaning(word: &str, reason: &str) -> Meaning {
    match word {
        "failed" if is_full(reason) => Meaning::Event(SystemEvent::MailboxFull),
        "failed" => Meaning::Event(SystemEvent::Bounced),
        "delivered" => Meaning::Event(SystemEvent::Arrived),
        // on its way, or handed to a system that does not report
        "delayed" | "relayed" | "expanded" => Meaning::Nothing,
        _ => Meaning::Unknown,
    }
}

/// `x.2.2` (RFC 3463), or an old relay's words.
pub fn is_full(reason: &str) -> bool {
    let status = |s: &str| matches!(s, "5.2.2" | "4.2.2");
    let lower = reason.to_lowercase();
    lower.split(|c: char| !(c.is_ascii_digit() || c == '.')).any(status)
        || ["mailbox full", "over quota", "quota exceeded", "邮箱已满", "邮箱满"].iter().any(|w| lower.contains(w))
}

fn other(subject: &str) -> Bounce {
    Bounce { word: "other".into(), reason: tidy(subject, 200) }
}

fn tidy(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
}

/// The machine's part.
fn report(mail: &Message<'_>) -> Option<String> {
    let is_report = |part: &&mail_parser::MessagePart<'_>| {
        let of = |c: &mail_parser::ContentType<'_>| {
            c.ctype().eq_ignore_ascii_case("message") && c.subtype().is_some_and(|s| s.eq_ignore_ascii_case("delivery-status"))
        };
        part.content_type().is_some_and(of)
    };
    let part = mail.parts.iter().find(is_report)?;
    Some(match &part.body {
        PartType::Text(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::from_utf8_lossy(part.contents()).into_owned(),
    })
}

/// Name and value of the fields of all blocks, long ones joined; the message's own come first, and none of them is asked for.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(500) {
        match (line.starts_with([' ', '\t']), out.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    out.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dsn(action: &str, status: &str, said: &str) -> Vec<u8> {
        format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: <bounce@court.example>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example\r\nArrival-Date: Mon, 23 Nov 2026 02:00:00 +0000\r\n\r\n\
             Final-Recipient: rfc822; a@b.example\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\r\n--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn reports_mean_what_they_say() {
        for (action, status, said, meant) in [
            ("failed", "5.1.1", "550 no such user", Meaning::Event(SystemEvent::Bounced)),
            ("Failed", "5.2.2", "552 mailbox full", Meaning::Event(SystemEvent::MailboxFull)),
            ("failed", "4.2.2", "452 over quota, given up", Meaning::Event(SystemEvent::MailboxFull)),
            ("failed", "5.0.0", "550\r\n the recipient's mailbox\r\n is over quota", Meaning::Event(SystemEvent::MailboxFull)),
            ("failed", "4.4.7", "delivery time expired", Meaning::Event(SystemEvent::Bounced)),
            ("delayed", "4.4.7", "still trying", Meaning::Nothing),
            ("delivered", "2.0.0", "250 ok", Meaning::Event(SystemEvent::Arrived)),
            ("relayed", "2.0.0", "250 ok", Meaning::Nothing),
            ("misplaced", "9.9.9", "?", Meaning::Unknown),
        ] {
            let read = read(&dsn(action, status, said));
            assert_eq!(read.word, action.to_lowercase());
            assert!(read.reason.starts_with(status), "{read:?}");
            assert_eq!(meaning(&read.word, &read.reason), meant, "{action} {status} {said}");
        }
    }

    #[test]
    fn what_is_no_report_is_kept_as_such() {
        let answer = b"From: a@b.example\r\nSubject: =?utf-8?B?6Ieq5Yqo5Zue5aSN?=\r\n\r\nI am away.\r\n";
        assert_eq!(read(answer), Bounce { word: "other".into(), reason: "自动回复".into() });
        assert_eq!(meaning("other", ""), Meaning::Unknown);
        for junk in [b"".as_slice(), b"\0\xff\xfe", b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"] {
            assert_eq!(read(junk).word, "other");
        }
    }
}
