//! 电子送达凭证: what stands on the proof of service, which has the force of 送达回证 (在线诉讼规则 Art 31).
//!
//! Owns the data of the paper `service_certificate`: everything the systems reported until it is made, numbered, and the
//! result by those numbers. Must never carry a whole address or number, and never say more than the finding says: what
//! was tried in vain is shown as tried in vain, and a presumption that fell no longer reads as service.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::effect::{Attempt, Event, Outcome};
use super::trail::Head;
use super::words::{Channel, ConsentKind, Effect, Purpose, Row, SystemEvent};

/// A paper that was served.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// 名称.
    pub title: &'a str,
    /// SHA-256 of the version that was sent.
    pub sha256: &'a str,
    /// Pages.
    pub pages: i32,
}

/// 诉讼代理人 served with.
#[derive(Debug, Clone, Copy)]
pub struct Agent<'a> {
    /// Name.
    pub name: &'a str,
    /// 委托诉讼代理人, 指定代收人.
    pub role: &'a str,
    /// Firm.
    pub unit: Option<&'a str>,
}

/// The consent it rests on.
#[derive(Debug, Clone, Copy)]
pub struct Consent<'a> {
    /// Entry of the ledger.
    pub id: Uuid,
    /// How it was given.
    pub kind: ConsentKind,
    /// When.
    pub at: DateTime<Utc>,
    /// 范围.
    pub scope: &'a str,
    /// 证明材料.
    pub proof: &'a str,
}

/// A sending, and its address as a page may show it.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// The attempt.
    pub attempt: &'a Attempt,
    /// Its address, masked.
    pub masked: &'a str,
}

/// What the certificate is made of. The court, its seal and the verification code are added where papers are issued.
#[derive(Debug, Clone)]
pub struct Certificate<'a> {
    /// 案号.
    pub case_number: &'a str,
    /// 案由.
    pub cause: &'a str,
    /// 受送达人.
    pub recipient: &'a str,
    /// 诉讼地位.
    pub role: &'a str,
    /// Number of the document, masked.
    pub id_masked: Option<&'a str>,
    /// Agent.
    pub agent: Option<Agent<'a>>,
    /// The papers.
    pub documents: &'a [Document<'a>],
    /// Every electronic sending to this recipient, companions too.
    pub sendings: &'a [Sending<'a>],
    /// The consent.
    pub consent: Option<Consent<'a>>,
    /// What became of it, computed at `generated_at`.
    pub outcome: &'a Outcome,
    /// Who sent it.
    pub operator: &'a str,
    /// The end of the trail it is made from, and when its last line was written.
    pub trail: (&'a Head, DateTime<Utc>),
    /// When it is made.
    pub generated_at: DateTime<Utc>,
}

impl Certificate<'_> {
    /// The data of the template; none where there is nothing an electronic certificate can say: no report yet, or a route
    /// on paper, which has its own 送达回证.
    pub fn data(&self) -> Option<Value> {
        let row = self.row()?;
        let events = self.events();
        let number = |id: &Uuid| events.iter().position(|(_, e)| e.id == *id).map(|i| i + 1);
        let shown = self.shown()?;
        let agent = self.agent.map(|a| json!({ "name": a.name, "role": a.role, "unit": a.unit }));
        let mut result = json!({ "row": row });
        if self.outcome.effect.holds() {
            result["effective_at"] = self.outcome.at.map(moment).into();
            result["rests_on"] = self.outcome.rests_on.iter().filter_map(number).collect::<Vec<_>>().into();
        } else if self.felled() {
            result["rule"] = "受送达人对推定送达提出的异议成立，推定不再成立。".into();
        }
        Some(json!({
            "case_number": self.case_number,
            "cause": self.cause,
            "recipient": { "name": self.recipient, "role": self.role, "id_masked": self.id_masked, "agent": agent },
            "documents": self.documents.iter().map(|d| json!({ "title": d.title, "pages": d.pages, "sha256": d.sha256 })).collect::<Vec<_>>(),
            "channel": channel_word(shown.attempt.channel),
            "address": shown.masked,
            "message_id": shown.attempt.id,
            "operator": self.operator,
            "events": events.iter().map(|(s, e)| told(s, e)).collect::<Vec<_>>(),
            "consent": self.consent.map(|c| json!({ "kind": c.kind.key(), "id": c.id, "at": moment(c.at), "scope": c.scope, "proof": c.proof })),
            "result": result,
            "trail": { "count": self.trail.0.lines, "last_at": moment(self.trail.1), "sha256": self.trail.0.hash },
            "generated_at": moment(self.generated_at),
        }))
    }

    /// The row of the decision table, as the template knows it. A presumption that fell is a sending without effect.
    fn row(&self) -> Option<&'static str> {
        match self.outcome.row? {
            Row::R6 if self.felled() => Some(Row::R7.key()),
            _ if self.decided_on_paper() => None,
            row => matches!(row.key().parse::<u8>(), Ok(1..=10)).then(|| row.key()),
        }
    }

    fn felled(&self) -> bool {
        self.outcome.row == Some(Row::R6) && self.outcome.effect == Effect::No
    }

    fn decided_on_paper(&self) -> bool {
        self.outcome.deciding.is_some_and(|id| !self.sendings.iter().any(|s| s.attempt.id == id))
    }

    /// The sending the head speaks of: the one that decides, else the last.
    fn shown(&self) -> Option<&Sending<'_>> {
        let deciding = self.outcome.deciding.and_then(|id| self.sendings.iter().find(|s| s.attempt.id == id));
        let services = self.sendings.iter().filter(|s| s.attempt.purpose != Purpose::Companion);
        deciding.or_else(|| services.max_by_key(|s| (s.attempt.started_at, s.attempt.id)))
    }

    fn events(&self) -> Vec<(&Sending<'_>, &Event)> {
        let all = self.sendings.iter().flat_map(|s| s.attempt.events.iter().map(move |e| (s, e)));
        let mut known: Vec<_> = all.filter(|(_, e)| e.at <= self.generated_at).collect();
        known.sort_by_key(|(_, e)| (e.at, e.id));
        known
    }
}

fn told(sending: &Sending<'_>, event: &Event) -> Value {
    let companion = sending.attempt.purpose == Purpose::Companion;
    json!({
        "at": moment(event.at),
        "what": event_word(event.what, companion),
        "channel": channel_word(sending.attempt.channel),
        "address": sending.masked,
        "detail": event.what.zh(),
    })
}

/// The template's word for a report; whatever a companion notice brings back stays a notice.
fn event_word(what: SystemEvent, companion: bool) -> &'static str {
    match what {
        _ if what.is_fault() => "bounced",
        _ if companion => "notified",
        SystemEvent::HandedOver => "queued",
        SystemEvent::SentOk => "sent",
        SystemEvent::Arrived | SystemEvent::ArrivalProved => "arrived",
        SystemEvent::Read => "read",
        SystemEvent::Downloaded => "downloaded",
        SystemEvent::AnsweredReceived => "answered",
        SystemEvent::ActedOnContent => "acted",
        other => other.zh(),
    }
}

/// The template's word for a channel.
fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Inbox => "platform",
        Channel::NationalPlatform => "national",
        Channel::Chat => "wechat",
        other => other.key(),
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
