//! The mail server's promises.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::kit::{Sim, client, control};

const FROM: &str = "served+7@court.example";

/// Sends a message by hand; answers the replies' codes up to the end of the dialogue.
async fn send(sim: &Sim, to: &[&str], text: &str) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(sim.also("smtp")).await.unwrap());
    let mut heard = vec![reply(&mut stream).await];
    let mut lines = vec!["EHLO court.example".to_owned(), format!("MAIL FROM:<{FROM}> RET=HDRS ENVID=ev-7")];
    lines.extend(to.iter().map(|to| format!("RCPT TO:<{to}> NOTIFY=SUCCESS,FAILURE")));
    lines.push("DATA".to_owned());
    lines.push(format!(
        "From: <{FROM}>\r\nTo: <{}>\r\nSubject: =?utf-8?B?6YCB6L6+?=\r\nMessage-ID: <m7@court.example>\r\n\r\n{text}\r\n.",
        to[0]
    ));
    for line in lines {
        if stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.is_err() {
            break;
        }
        let code = reply(&mut stream).await;
        let over = !code.starts_with(['2', '3']);
        heard.push(code);
        if over {
            break;
        }
    }
    heard
}

async fn reply(stream: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return "cut".to_owned();
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return line.trim_end().to_owned();
        }
    }
}

async fn mail(sim: &Sim, to: &str) -> Vec<Value> {
    let found: Value = client().get(sim.url(&format!("/mail?to={to}"))).send().await.unwrap().json().await.unwrap();
    found["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn mail_arrives_and_is_shown() {
    let sim = Sim::start(&["smtp"]);
    let heard = send(&sim, &["zhao@mail.example", "qian@mail.example"], "您好\r\n..一点在前").await;
    assert!(heard.last().unwrap().starts_with("250 2.0.0"), "{heard:?}");
    let found = mail(&sim, "zhao@mail.example").await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0]["subject"].as_str(), found[0]["envid"].as_str()), (Some("送达"), Some("ev-7")));
    assert!(found[0]["text"].as_str().unwrap().contains("\n.一点在前"), "dots are unstuffed: {}", found[0]["text"]);
    assert_eq!(found[0]["message_id"], "m7@court.example");
    assert!(client().get(sim.url("/")).send().await.unwrap().text().await.unwrap().contains("收件箱"));
    assert!(sim.stop());
}

#[tokio::test]
async fn mailboxes_refuse_when_told() {
    let sim = Sim::start(&["smtp"]);
    for (trouble, code) in
        [("unknown_user", "550 5.1.1"), ("mailbox_full", "552 5.2.2"), ("not_now", "450 4.2.0"), ("blocked", "554 5.7.1")]
    {
        control(&sim, json!({"orders": [{"trouble": trouble, "to": "zhao@mail.example", "next": 1}]})).await;
        let heard = send(&sim, &["zhao@mail.example"], "1").await;
        assert!(heard.last().unwrap().starts_with(code), "{trouble}: {heard:?}");
    }
    assert!(mail(&sim, "zhao@mail.example").await.is_empty());
    control(&sim, json!({"orders": [{"trouble": "greylist", "to": "*@mail.example"}]})).await;
    assert!(send(&sim, &["zhao@mail.example"], "1").await.last().unwrap().starts_with("451 4.7.1"));
    assert!(send(&sim, &["zhao@mail.example"], "1").await.last().unwrap().starts_with("250 2.0.0"));
    control(&sim, json!({"clear": true, "orders": [{"trouble": "busy", "next": 1}]})).await;
    assert!(send(&sim, &["zhao@mail.example"], "1").await[0].starts_with("421"));
    assert_eq!(mail(&sim, "zhao@mail.example").await.len(), 1);
}

#[tokio::test]
async fn connections_are_cut_before_and_after() {
    let sim = Sim::start(&["smtp"]);
    control(&sim, json!({"orders": [{"trouble": "cut", "next": 1}]})).await;
    assert_eq!(send(&sim, &["zhao@mail.example"], "1").await.last().unwrap(), "cut");
    assert!(mail(&sim, "zhao@mail.example").await.is_empty());
    control(&sim, json!({"orders": [{"trouble": "cut_after", "next": 1}]})).await;
    assert_eq!(send(&sim, &["zhao@mail.example"], "1").await.last().unwrap(), "cut");
    assert_eq!(mail(&sim, "zhao@mail.example").await.len(), 1, "kept, and nobody was told");
}

#[tokio::test]
async fn bounces_come_back() {
    let post = Sim::start(&["smtp", "--bounce-after-ms", "10"]);
    let court = Sim::start(&["smtp"]);
    control(&post, json!({"bounce_to": court.also("smtp")})).await;
    for (trouble, action, status) in [
        ("bounce_full", "failed", "5.2.2"),
        ("bounce_unknown", "failed", "5.1.1"),
        ("bounce_delayed", "delayed", "4.4.7"),
        ("report", "delivered", "2.0.0"),
    ] {
        control(&post, json!({"orders": [{"trouble": trouble, "next": 1}]})).await;
        assert!(send(&post, &["zhao@mail.example"], "1").await.last().unwrap().starts_with("250"));
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let back = mail(&court, FROM.replace('+', "%2B").as_str()).await;
        let raw = client().get(court.url(&format!("/mail/{}/raw", back[0]["id"]))).send().await.unwrap().text().await.unwrap();
        for part in ["report-type=delivery-status", "Final-Recipient: rfc822; zhao@mail.example", "Original-Envelope-Id: ev-7"] {
            assert!(raw.contains(part), "{trouble}: no {part} in {raw}");
        }
        assert!(raw.contains(&format!("Action: {action}\r\nStatus: {status}")), "{trouble}: {raw}");
        assert_eq!(back[0]["from"], "", "nobody bounces a bounce");
    }
    assert_eq!(mail(&post, "zhao@mail.example").await.len(), 2, "delayed and reported mail arrived");
}
