//! Proves what stands on a certificate, and what does not.

use super::*;
use crate::court::calendar::Calendar;
use crate::court::periods::CountingModes;
use crate::delivery::allowed::ServiceTable;
use crate::delivery::effect::{Counting, Matter, Rebuttal, of_service};
use crate::delivery::trail::canonical;
use crate::delivery::words::{CaseKind, Ground, PaperKind, Procedure, RebuttalState, Standing, Strength};

fn at(t: &str) -> DateTime<Utc> {
    t.parse().unwrap()
}

fn attempt(id: u128, channel: Channel, purpose: Purpose, standing: Standing, events: &[(SystemEvent, &str)]) -> Attempt {
    Attempt {
        id: Uuid::from_u128(id),
        channel,
        purpose,
        address: None,
        standing,
        consent: Strength::Full,
        refused: false,
        started_at: at(events[0].1),
        reminder_day: None,
        events: events.iter().zip(1..).map(|((what, t), n)| Event::new(Uuid::from_u128(id * 100 + n), *what, at(t))).collect(),
    }
}

fn made(attempts: &[Attempt], rebuttals: &[Rebuttal], now: &str) -> Option<Value> {
    let allowed =
        ServiceTable::built_in().unwrap().decide("鲁0102", PaperKind::Judgment, CaseKind::Civil, "2026-11-20".parse().unwrap(), None);
    let m = Matter { paper: PaperKind::Judgment, procedure: Procedure::Ordinary, abroad: false, allowed: &allowed };
    let calendar = Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap();
    let modes = CountingModes::default();
    let outcome = of_service(m, Counting { calendar: &calendar, modes: &modes }, attempts, rebuttals, at(now));
    let sendings: Vec<Sending<'_>> =
        attempts.iter().filter(|a| a.channel.is_electronic()).map(|attempt| Sending { attempt, masked: "z***@example.cn" }).collect();
    let head = Head::begin(370_102, "s/r");
    Certificate {
        case_number: "（2026）鲁0102民初1号",
        cause: "民间借贷纠纷",
        recipient: "赵某",
        role: "被告",
        id_masked: Some("3701**********1234"),
        agent: Some(Agent { name: "李律", role: "委托诉讼代理人", unit: None }),
        documents: &[Document { title: "民事判决书", sha256: "ab", pages: 9 }],
        sendings: &sendings,
        consent: Some(Consent {
            id: Uuid::from_u128(9), kind: ConsentKind::Express, at: at(now), scope: "全部", proof: "送达地址确认书"
        }),
        outcome: &outcome,
        operator: "系统",
        trail: (&head, at(now)),
        generated_at: at(now),
    }
    .data()
}

use Channel::{Chat, Email, Post, Sms};
use Purpose::{Companion, Service};
use SystemEvent::{AnsweredReceived, Arrived, Bounced, HandedOver, MailboxFull, Read};

// part of L31
#[test]
fn it_carries_every_field_the_rule_asks_for() {
    let email = attempt(
        1,
        Email,
        Service,
        Standing::Confirmed,
        &[
            (HandedOver, "2026-11-20T15:59:58Z"),
            (Arrived, "2026-11-20T16:00:00Z"),
            (Read, "2026-11-21T01:00:00Z"),
            (AnsweredReceived, "2026-11-23T01:00:00Z"),
        ],
    );
    let notice = attempt(2, Sms, Companion, Standing::Confirmed, &[(Arrived, "2026-11-20T15:59:59Z"), (Read, "2026-11-20T16:30:00Z")]);
    let data = made(&[email, notice], &[], "2026-11-22T02:00:00Z").unwrap();
    let text = |pointer: &str| data.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(text("/result/row"), "1");
    assert_eq!(text("/result/effective_at"), "2026-11-20T16:00:00Z");
    assert_eq!(data["result"]["rests_on"], json!([3]), "by the number in the table of events");
    let words: Vec<&str> = data["events"].as_array().unwrap().iter().map(|e| e["what"].as_str().unwrap()).collect();
    assert_eq!(words, ["queued", "notified", "arrived", "notified", "read"], "what came after it is not on it");
    for pointer in ["/case_number", "/cause", "/recipient/name", "/recipient/role", "/recipient/id_masked", "/recipient/agent/name"] {
        assert!(!text(pointer).is_empty(), "{pointer}");
    }
    for pointer in ["/documents/0/title", "/documents/0/sha256", "/channel", "/address", "/message_id", "/operator", "/generated_at"] {
        assert!(!text(pointer).is_empty(), "{pointer}");
    }
    for pointer in ["/consent/id", "/consent/kind", "/consent/at", "/consent/scope", "/consent/proof", "/trail/sha256", "/trail/last_at"] {
        assert!(!text(pointer).is_empty(), "{pointer}");
    }
    assert!(canonical(&data).is_some(), "it can stand in the trail");
}

#[test]
fn what_failed_and_what_fell_does_not_read_as_service() {
    let full = attempt(1, Email, Service, Standing::Confirmed, &[(MailboxFull, "2026-11-20T02:00:00Z")]);
    let data = made(&[full], &[], "2026-11-22T02:00:00Z").unwrap();
    assert_eq!((data["result"]["row"].as_str(), data["result"].get("effective_at")), (Some("3"), None));
    assert_eq!(data["events"][0]["what"], "bounced");
    let read = attempt(1, Chat, Service, Standing::IdentifiedAsOwn, &[(Read, "2026-11-20T02:00:00Z")]);
    let presumed = made(std::slice::from_ref(&read), &[], "2026-11-22T02:00:00Z").unwrap();
    assert_eq!((presumed["result"]["row"].as_str(), presumed["channel"].as_str()), (Some("6"), Some("wechat")));
    let upheld = Rebuttal {
        attempt: read.id,
        ground: Ground::ReadByAnother,
        state: RebuttalState::Upheld,
        filed_at: at("2026-11-21T02:00:00Z"),
        decided_at: Some(at("2026-11-21T03:00:00Z")),
    };
    let fell = made(&[read], &[upheld], "2026-11-22T02:00:00Z").unwrap();
    assert_eq!((fell["result"]["row"].as_str(), fell["result"].get("effective_at")), (Some("7"), None));
    assert!(fell["result"]["rule"].as_str().unwrap().contains("异议成立"));
}

#[test]
fn what_is_on_its_way_or_on_paper_has_no_electronic_certificate() {
    let waiting = attempt(1, Email, Service, Standing::Confirmed, &[(HandedOver, "2026-11-20T02:00:00Z")]);
    assert_eq!(made(&[waiting], &[], "2026-11-22T02:00:00Z"), None);
    let bounced = attempt(1, Email, Service, Standing::Confirmed, &[(Bounced, "2026-11-20T02:00:00Z")]);
    let mut post = attempt(2, Post, Service, Standing::Confirmed, &[(SystemEvent::Signed, "2026-11-21T02:00:00Z")]);
    post.events[0].by = Some(crate::delivery::words::Signer::Recipient);
    assert_eq!(made(&[bounced, post], &[], "2026-11-22T02:00:00Z"), None);
    assert_eq!(made(&[], &[], "2026-11-22T02:00:00Z"), None);
}
