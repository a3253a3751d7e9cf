//! The message a paper is served by: who serves what in which case, the papers with their digests, and what to do.
//!
//! Owns its words and its form (MIME, RFC 5322). Must never carry a password, a link that opens by itself, or more of a
//! person than the papers do.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::{Address, Message};
use uuid::Uuid;

use super::{Mail, verp};
use crate::error::{Error, Result};
use crate::kit::seal::Seal;

/// A paper in a message.
pub struct Enclosed {
    /// 名称.
    pub title: String,
    /// Name of the file.
    pub file_name: String,
    /// Media type.
    pub media_type: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// The bytes; none where the papers wait behind the sign-in.
    pub bytes: Option<Vec<u8>>,
}

/// What a message says.
pub struct Letter<'a> {
    /// 法院.
    pub court: &'a str,
    /// 案号.
    pub number: &'a str,
    /// 受送达人.
    pub recipient: &'a str,
    /// The papers.
    pub papers: &'a [Enclosed],
    /// Our address, as people type it.
    pub public_url: &'a str,
    /// Where whoever got it by mistake says so; it opens nothing.
    pub not_me: &'a str,
}

/// Why there is no message.
pub enum Unfit {
    /// Larger than the relay takes.
    TooLarge(usize),
    /// The address is none.
    Address(String),
}

/// Makes the message of a sending. The same sending is the same message but for its date.
///
/// # Errors
/// What the form says.
pub fn compose(
    mail: &Mail,
    seal: &Seal,
    attempt: Uuid,
    to: &str,
    letter: &Letter<'_>,
    now: DateTime<Utc>,
) -> Result<std::result::Result<(Envelope, Vec<u8>), Unfit>> {
    let to: Address = match to.parse() {
        Ok(to) => to,
        Err(e) => return Ok(Err(Unfit::Address(format!("{e}")))),
    };
    let size: usize = letter.papers.iter().filter_map(|p| p.bytes.as_ref()).map(Vec::len).sum();
    if size > mail.most {
        return Ok(Err(Unfit::TooLarge(size)));
    }
    let envelope = Envelope::new(Some(verp::address(mail, seal, attempt)?), vec![to.clone()]).map_err(Error::internal)?;
    let mut body = MultiPart::mixed().multipart(MultiPart::alternative_plain_html(text(letter), html(letter)));
    for paper in letter.papers {
        if let Some(bytes) = &paper.bytes {
            let kind = ContentType::parse(&paper.media_type).unwrap_or(ContentType::TEXT_PLAIN);
            body = body.singlepart(Attachment::new(paper.file_name.clone()).body(bytes.clone(), kind));
        }
    }
    let titles: Vec<&str> = letter.papers.iter().map(|p| p.title.as_str()).collect();
    let message = Message::builder()
        .message_id(Some(format!("<{attempt}@{}>", mail.from.domain())))
        .date(now.into())
        .from(Mailbox::new(Some(letter.court.to_owned()), mail.from.clone()))
        .to(Mailbox::new(None, to))
        .subject(format!("【{}】{} 送达：{}", letter.court, letter.number, short(&titles)))
        // no machine shall answer a machine (RFC 3834)
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
        .envelope(envelope.clone())
        .multipart(body)
        .map_err(Error::internal)?;
    let raw = message.formatted();
    if raw.len() > mail.most {
        return Ok(Err(Unfit::TooLarge(raw.len())));
    }
    Ok(Ok((envelope, raw)))
}

/// `受理案件通知书等 3 份`.
fn short(titles: &[&str]) -> String {
    match titles {
        [] => "诉讼文书".to_owned(),
        [one] => (*one).to_owned(),
        [first, ..] => format!("{first}等 {} 份", titles.len()),
    }
}

fn attached(letter: &Letter<'_>) -> bool {
    letter.papers.iter().any(|p| p.bytes.is_some())
}

fn what_to_do(letter: &Letter<'_>) -> (String, String) {
    let url = letter.public_url;
    if attached(letter) {
        (
            format!("文书见附件，请及时打开查阅。文书上的查验码可在 {url}/verify 查验真伪。"),
            format!("The papers are attached; please open and read them. The code on each can be checked at {url}/verify."),
        )
    } else {
        (
            format!("请用您本人的账号登录 {url}/inbox 查收文书。法院不会向您索要密码、验证码。"),
            format!("Please sign in with your own account at {url}/inbox to read the papers. No court asks for a password or a code."),
        )
    }
}

const CLOSE: (&str, &str) = (
    "本邮件系依您确认或者提供的电子邮箱发出的送达，到达您的邮箱即为送达。本邮箱不接收回复；有疑问请致电 12368 或者联系承办人。",
    "This message is service at the mailbox you confirmed or gave: its arrival is service. Replies are not read; call 12368 or the officer of the case.",
);

fn not_me(letter: &Letter<'_>) -> (String, String) {
    let url = letter.not_me;
    (
        format!("您不是{}的，请不要打开文书，并在这里告诉法院发错了（不用登录）：{url}", letter.recipient),
        format!("If this is not for you, please do not open the papers and tell the court here, without signing in: {url}"),
    )
}

fn text(letter: &Letter<'_>) -> String {
    let mut out = format!("{}：\n\n{}现就{}案向您电子送达下列文书：\n\n", letter.recipient, letter.court, letter.number);
    for (i, paper) in letter.papers.iter().enumerate() {
        let _ = writeln!(out, "{}. 《{}》\n   SHA-256 {}", i + 1, paper.title, paper.sha256);
    }
    let ((zh, en), (not_zh, not_en)) = (what_to_do(letter), not_me(letter));
    let _ = write!(out, "\n{zh}\n\n{}\n\n{not_zh}\n\n{}\n\n--\n{en}\n{}\n{not_en}\n", CLOSE.0, letter.court, CLOSE.1);
    out
}

fn html(letter: &Letter<'_>) -> String {
    let mut papers = String::new();
    for paper in letter.papers {
        let _ = write!(papers, "<li>《{}》<br><small>SHA-256 <code>{}</code></small></li>", escape(&paper.title), escape(&paper.sha256));
    }
    let ((zh, en), (not_zh, not_en)) = (what_to_do(letter), not_me(letter));
    format!(
        "<!doctype html><html lang=\"zh-CN\"><body style=\"font-family:serif;font-size:16px;line-height:1.7\"><p>{}：</p>\
         <p>{}现就{}案向您电子送达下列文书：</p><ol>{papers}</ol><p>{}</p><p>{}</p><p>{}</p><p>{}</p><hr><p lang=\"en\"><small>{}<br>{}<br>{}</small></p></body></html>",
        escape(letter.recipient),
        escape(letter.court),
        escape(letter.number),
        escape(&zh),
        CLOSE.0,
        escape(&not_zh),
        escape(letter.court),
        escape(&en),
        CLOSE.1,
        escape(&not_en)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use mail_parser::{MessageParser, MimeHeaders};

    use super::*;
    use crate::delivery::mail::settings::{MailSettings, MailTls};
    use crate::kit::random::Random;

    fn mail(most: usize) -> Mail {
        let settings = MailSettings {
            mail_host: Some("127.0.0.1".into()),
            mail_port: 25,
            mail_tls: MailTls::None,
            mail_ca_file: None,
            mail_user: None,
            mail_password_file: None,
            mail_from: Some("service@court.example".into()),
            mail_bounces: None,
            mail_bounce_listen: None,
            mail_max_bytes: most,
            mail_timeout: 5,
        };
        settings.open().unwrap().unwrap()
    }

    fn made(most: usize, to: &str) -> std::result::Result<(Envelope, Vec<u8>), Unfit> {
        let random = Random::seeded(3);
        let seal = Seal::from_key_file(&Seal::new_key_file(&random), random.clone()).unwrap();
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        let papers = [Enclosed {
            title: "开庭<传票>".into(),
            file_name: "传票.pdf".into(),
            media_type: "application/pdf".into(),
            sha256: "ab".repeat(32),
            bytes: Some(b"%PDF-1.7 x".to_vec()),
        }];
        let letter = Letter {
            court: "济南市历下区人民法院",
            number: "（2026）鲁0102民初1号",
            recipient: "钱五",
            papers: &papers,
            public_url: "https://court.example",
            not_me: "https://court.example/s/abcdefgh23456777",
        };
        let mail = mail(most);
        compose(&mail, &seal, random.id(now), to, &letter, now).unwrap_or_else(|e| panic!("{e:?}"))
    }

    #[test]
    fn a_message_names_the_case_and_carries_the_paper() {
        let Ok((envelope, raw)) = made(1 << 20, "a@b.example") else { panic!("no message") };
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.subject(), Some("【济南市历下区人民法院】（2026）鲁0102民初1号 送达：开庭<传票>"));
        assert!(mail.message_id().unwrap().ends_with("@court.example"));
        assert!(envelope.from().unwrap().to_string().starts_with("bounce+"), "bounces find their sending");
        let file = mail.attachment(0).unwrap();
        assert_eq!((file.attachment_name(), file.contents()), (Some("传票.pdf"), b"%PDF-1.7 x".as_slice()));
        assert!(mail.body_text(0).unwrap().contains("到达您的邮箱即为送达"));
        assert!(mail.body_text(0).unwrap().contains("https://court.example/s/abcdefgh23456777"), "who got it by mistake can say so");
        let html = mail.body_html(0).unwrap();
        assert!(html.contains("开庭&lt;传票&gt;"), "what a paper is called is no markup");
        assert!(String::from_utf8_lossy(&raw).lines().all(|l| l.len() <= 998), "RFC 5322");
    }

    #[test]
    fn what_does_not_fit_is_no_message() {
        assert!(matches!(made(5, "a@b.example"), Err(Unfit::TooLarge(_))));
        assert!(matches!(made(1 << 20, "a b"), Err(Unfit::Address(_))));
    }
}
