//! 庭审日历: hearings as a calendar (RFC 5545), of a person over all courts, and of a courtroom.
//!
//! Whoever holds the address reads it: it says when, where, which kind and which case number, and nobody's name. Must
//! never carry what a hearing is about beyond its cause, or anything of a closed one but its time.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::listing::Listed;
use super::words::State;

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Hearing.
    pub id: Uuid,
    /// Version: a later one replaces it.
    pub version: i32,
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub until: DateTime<Utc>,
    /// Title.
    pub title: String,
    /// Where.
    pub place: String,
    /// Not held.
    pub off: bool,
    /// Its page.
    pub url: String,
}

impl Entry {
    /// Of a hearing; of a closed one the kind alone, unless it is one's own.
    pub fn of(h: &Listed, court: &str, own: bool, url: &str) -> Self {
        let kind = h.kind.zh();
        let title = if own || h.public { format!("{kind} {} {}", h.case_number, h.cause_name) } else { kind.to_owned() };
        let place = match &h.courtroom {
            Some(room) => format!("{court} {room}"),
            None => format!("{court} 在线"),
        };
        let off = matches!(h.state, State::Cancelled | State::Postponed | State::MovedOffline);
        Self {
            id: h.hearing_id,
            version: h.version,
            from: h.starts_at,
            until: h.ends_at,
            title,
            place,
            off,
            url: format!("{url}/hearings/{}/{}", h.court_id, h.hearing_id),
        }
    }
}

/// The calendar of these entries.
pub fn ics(name: &str, entries: &[Entry], now: DateTime<Utc>) -> String {
    let at = |t: DateTime<Utc>| t.format("%Y%m%dT%H%M%SZ").to_string();
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".into(),
        "PRODID:-//Lianting//Hearings//ZH".into(),
        format!("X-WR-CALNAME:{}", escaped(name)),
    ];
    for e in entries {
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:hearing-{}@lianting", e.id),
            format!("SEQUENCE:{}", e.version),
            format!("DTSTAMP:{}", at(now)),
            format!("DTSTART:{}", at(e.from)),
            format!("DTEND:{}", at(e.until)),
            format!("SUMMARY:{}", escaped(&e.title)),
            format!("LOCATION:{}", escaped(&e.place)),
            format!("STATUS:{}", if e.off { "CANCELLED" } else { "CONFIRMED" }),
            format!("URL:{}", e.url),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".into());
    lines.iter().map(|line| folded(line) + "\r\n").collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// No line longer than 75 octets; a sign is never cut in two.
fn folded(line: &str) -> String {
    let (mut out, mut width) = (String::with_capacity(line.len()), 0);
    for sign in line.chars() {
        if width + sign.len_utf8() > 74 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(sign);
        width += sign.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hearing_that_is_off_says_so_and_a_closed_one_says_little() {
        let at: DateTime<Utc> = "2026-11-26T06:30:00Z".parse().unwrap();
        let listed = Listed {
            court_id: 370102,
            hearing_id: Uuid::from_u128(1),
            case_id: Uuid::from_u128(2),
            number: "612048377".into(),
            case_number: "（2026）鲁0102民初1号".into(),
            cause_name: "离婚纠纷".into(),
            kind: super::super::words::SessionKind::Trial,
            starts_at: at,
            ends_at: at,
            courtroom: Some("第一法庭".into()),
            held: "hybrid".into(),
            state: State::Cancelled,
            public: false,
            version: 3,
            group: None,
            bench: sqlx::types::Json(serde_json::Value::Null),
            rebook: false,
        };
        let own = ics("我的庭审", &[Entry::of(&listed, "历下法院", true, "https://x")], at);
        assert!(own.contains("STATUS:CANCELLED") && own.contains("SEQUENCE:3") && own.contains("DTSTART:20261126T063000Z"));
        assert!(own.replace("\r\n ", "").contains("离婚纠纷") && own.split("\r\n").all(|l| l.len() <= 75));
        let door = ics("第一法庭", &[Entry::of(&listed, "历下法院", false, "https://x")], at);
        assert!(!door.contains("离婚") && !door.contains("民初"));
    }
}
