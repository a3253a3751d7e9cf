//! 电子送达凭证: what stands on the proof of service, which has the force of 送达回证 (在线诉讼规则 Art 31).
//!
//! Owns which facts it carries and how they are spelled for the template `service_certificate`. Times are Beijing times
//! with their offset. Must never carry a whole address or number, and never say more than the finding says: a proof of
//! what was tried in vain is a proof too (Art 6).

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::effect::{Attempt, Finding};
use super::trail::Head;
use super::words::{ConsentKind, SystemEvent};
use crate::court::beijing::beijing_offset;

/// A paper that was served.
#[derive(Debug, Clone)]
pub struct Served<'a> {
    /// 名称.
    pub title: &'a str,
    /// SHA-256 of the version that was sent.
    pub sha256: &'a str,
    /// Pages.
    pub pages: i32,
}

/// What the certificate is made of. The court, its seal and the verification code are added where papers are issued.
#[derive(Debug, Clone)]
pub struct Certificate<'a> {
    /// 案号.
    pub case_number: &'a str,
    /// 受送达人.
    pub recipient: &'a str,
    /// 诉讼地位.
    pub role: &'a str,
    /// Number of the document, masked.
    pub id_masked: Option<&'a str>,
    /// 代理人.
    pub agent: Option<&'a str>,
    /// The papers.
    pub papers: &'a [Served<'a>],
    /// The sending it speaks of.
    pub attempt: &'a Attempt,
    /// Its address, masked.
    pub masked_address: &'a str,
    /// The consent it rests on.
    pub consent: Option<(Uuid, ConsentKind)>,
    /// What became of it.
    pub finding: &'a Finding,
    /// Who sent it.
    pub operator: &'a str,
    /// The end of the trail it was made from.
    pub trail: &'a Head,
    /// When it was made.
    pub generated_at: DateTime<Utc>,
}

impl Certificate<'_> {
    /// The data of the template.
    pub fn data(&self) -> Value {
        let (a, f) = (self.attempt, self.finding);
        let first = |is: fn(SystemEvent) -> bool| {
            let known = a.events.iter().filter(|e| e.at <= self.generated_at && is(e.what));
            known.map(|e| e.at).min().map(moment)
        };
        json!({
            "case_number": self.case_number,
            "recipient": { "name": self.recipient, "role": self.role, "id_masked": self.id_masked, "agent": self.agent },
            "papers": self.papers.iter().map(|p| json!({ "title": p.title, "sha256": p.sha256, "pages": p.pages })).collect::<Vec<_>>(),
            "channel": { "key": a.channel.key(), "name": a.channel.zh() },
            "address": self.masked_address,
            "standing": { "key": a.standing.key(), "name": a.standing.zh() },
            "consent": self.consent.map(|(id, kind)| json!({ "id": id, "key": kind.key(), "name": kind.zh() })),
            "message_id": a.id,
            "times": {
                "sent": first(|w| matches!(w, SystemEvent::SentOk | SystemEvent::HandedOver)),
                "arrived": first(|w| matches!(w, SystemEvent::Arrived | SystemEvent::ArrivalProved)),
                "read": first(|w| w == SystemEvent::Read),
                "downloaded": first(|w| w == SystemEvent::Downloaded),
                "answered": first(SystemEvent::is_acceptance),
            },
            "result": {
                "code": f.row.key(), "name": f.row.zh(), "effect": f.effect.key(), "effect_name": f.effect.zh(),
                "served_at": f.at.map(moment), "served_day": f.day, "contested": f.contested,
                "article": f.article.zh, "text": f.zh, "rests_on": f.rests_on,
            },
            "operator": self.operator,
            "trail": { "lines": self.trail.lines, "hash": self.trail.hash },
            "generated_at": moment(self.generated_at),
        })
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&beijing_offset()).to_rfc3339_opts(SecondsFormat::Secs, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::effect::{Counting, Event, Matter, of_attempt};
    use crate::delivery::trail::canonical;
    use crate::delivery::words::{CaseKind, Channel, PaperKind, Procedure, Purpose, Standing, Strength};

    // part of L31
    #[test]
    fn it_carries_every_field_the_rule_asks_for_and_no_whole_address() {
        let at = |t: &str| -> DateTime<Utc> { t.parse().unwrap() };
        let table = crate::delivery::allowed::ServiceTable::built_in().unwrap();
        let allowed = table.decide("鲁0102", PaperKind::Judgment, CaseKind::Civil, "2026-11-20".parse().unwrap(), None);
        let m = Matter { paper: PaperKind::Judgment, procedure: Procedure::Ordinary, abroad: false, allowed: &allowed };
        let calendar = crate::court::calendar::Calendar::from_csv(include_str!("../../tests/vectors/holidays.csv")).unwrap();
        let modes = crate::court::periods::CountingModes::default();
        let events = [
            (SystemEvent::HandedOver, "2026-11-20T15:59:58Z"),
            (SystemEvent::Arrived, "2026-11-20T16:00:00Z"),
            (SystemEvent::Read, "2026-11-21T01:00:00Z"),
            (SystemEvent::AnsweredReceived, "2026-11-23T01:00:00Z"),
        ];
        let attempt = Attempt {
            id: Uuid::from_u128(7),
            channel: Channel::Email,
            purpose: Purpose::Service,
            address: None,
            standing: Standing::Confirmed,
            consent: Strength::Full,
            refused: false,
            started_at: at("2026-11-20T15:59:58Z"),
            reminder_day: None,
            events: events.iter().zip(1..).map(|((what, t), n)| Event::new(Uuid::from_u128(n), *what, at(t))).collect(),
        };
        let now = at("2026-11-22T02:00:00Z");
        let finding = of_attempt(m, Counting { calendar: &calendar, modes: &modes }, &attempt, &[], now);
        let head = Head::begin(370_102, "s/r");
        let papers = [Served { title: "民事判决书", sha256: "ab", pages: 9 }];
        let data = Certificate {
            case_number: "（2026）鲁0102民初1号",
            recipient: "赵某",
            role: "被告",
            id_masked: Some("3701**********1234"),
            agent: None,
            papers: &papers,
            attempt: &attempt,
            masked_address: "z***@example.cn",
            consent: Some((Uuid::from_u128(9), ConsentKind::Express)),
            finding: &finding,
            operator: "系统",
            trail: &head,
            generated_at: now,
        }
        .data();
        let text = |pointer: &str| data.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        assert_eq!(text("/result/code"), "1");
        assert_eq!(text("/result/served_at"), "2026-11-21T00:00:00+08:00");
        assert_eq!(text("/result/served_day"), "2026-11-21", "midnight in Beijing is the next day there");
        assert_eq!(text("/times/sent"), "2026-11-20T23:59:58+08:00");
        assert_eq!(text("/times/read"), "2026-11-21T09:00:00+08:00");
        assert_eq!(data["times"]["answered"], Value::Null, "what came after it is not on it");
        assert_eq!(data["times"]["downloaded"], Value::Null);
        for pointer in ["/case_number", "/recipient/name", "/recipient/role", "/recipient/id_masked", "/papers/0/title", "/papers/0/sha256"]
        {
            assert!(!text(pointer).is_empty(), "{pointer}");
        }
        for pointer in
            ["/channel/name", "/address", "/consent/id", "/consent/name", "/message_id", "/operator", "/trail/hash", "/generated_at"]
        {
            assert!(!text(pointer).is_empty(), "{pointer}");
        }
        assert!(canonical(&data).is_some(), "it can stand in the trail");
    }
}
