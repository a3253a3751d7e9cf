//! 笔录的首部: how the head of a transcript follows from the hearing. Owns the derivation, and what the clerk notes for it:
//! the place, who stayed away and why, identity and authority as they were read out. Must never take somebody who was in
//! the room for absent because a device was silent: the clerk's word goes before the room's.

use serde_json::Value;

use super::record::{Record, Seated};
use super::transcript::{Header, title};
use super::transcripts::{Kept, Mark};
use super::words::{BreakKind, Mode, Role};
use crate::hearing::listing::Row;

/// Brings the head in line with the hearing as it now stands.
pub fn refresh(kept: &mut Kept, record: &Record, court: &str) {
    let row = &record.row;
    let kind = row.kind;
    let instant = |key: &str| row.course.0.get(key).and_then(Value::as_str).and_then(|t| t.parse().ok());
    let inside: Vec<&Seated> = record.seated.iter().filter(|s| !s.is_outside()).collect();
    let (bench, others): (Vec<&Seated>, Vec<&Seated>) = inside.into_iter().partition(|s| s.seat.role.is_court());
    let came = |s: &&Seated| attended(kept, s);
    let parties = others.iter().copied().filter(came).map(|s| (s.plate(), s.name.clone(), says(kept, s))).collect();
    let absent = others.iter().copied().filter(|s| row.course.0["opened_at"].is_string() && !came(s));
    let absent = absent.map(|s| (s.label(), why(kept, s))).collect();
    kept.header = Header {
        court: court.to_owned(),
        title: title(kind).to_owned(),
        case_number: row.case_number.clone(),
        cause: row.cause_name.clone(),
        opened_at: instant("opened_at"),
        ended_at: instant("ended_at"),
        place: kept.place.clone().filter(|p| !p.trim().is_empty()).unwrap_or_else(|| place(row)),
        public: row.public,
        closed_reason: row.closed_reason.clone(),
        bench: bench.iter().map(|s| (s.plate(), s.name.clone())).collect(),
        parties,
        absent,
        interruptions: interruptions(&row.course.0),
    };
}

/// When it opened and ended, for a reader whose seat does not show what the rest follows from.
pub fn times(kept: &mut Kept, row: &Row) {
    let instant = |key: &str| row.course.0.get(key).and_then(Value::as_str).and_then(|t| t.parse().ok());
    (kept.header.opened_at, kept.header.ended_at) = (instant("opened_at"), instant("ended_at"));
}

/// Was there: by the clerk's word, else by the room's. The court's own people are always meant to be.
pub fn attended(kept: &Kept, s: &Seated) -> bool {
    kept.marks.get(&s.seat.id).and_then(|m| m.absent).map_or(s.came, |absent| !absent)
}

/// Identity and authority: as the clerk wrote them, else as the court checked them.
pub fn says(kept: &Kept, s: &Seated) -> String {
    if let Some(said) = kept.marks.get(&s.seat.id).and_then(|m| m.says.clone()) {
        return said;
    }
    let how = match s.checked.as_deref() {
        Some("id_card") => "，身份证件核对无误",
        Some("licence_and_authority") => "，执业证和授权手续核对无误",
        Some("business_licence") => "，营业执照和身份证明核对无误",
        Some("face") => "，人脸比对和证件核对无误",
        Some(_) => "，身份核对无误",
        None => "",
    };
    format!("{}{how}", if s.mode == Mode::Online { "在线参加" } else { "到庭" })
}

/// Why somebody stayed away.
pub fn why(kept: &Kept, s: &Seated) -> String {
    let reason = kept.marks.get(&s.seat.id).map(|m: &Mark| m.reason.trim()).unwrap_or_default();
    if !reason.is_empty() {
        return reason.to_owned();
    }
    if s.seat.role == Role::Party || s.seat.role.is_party_side() { "经通知未到庭" } else { "未到庭" }.to_owned()
}

fn place(row: &Row) -> String {
    let room = row.courtroom.as_ref().map(|name| match &row.place {
        Some(place) if !place.is_empty() => format!("{name}（{place}）"),
        _ => name.clone(),
    });
    let online = format!("联庭在线庭审平台（会议号 {}）", row.number);
    match (row.held.as_str(), room) {
        ("online", None) => online,
        ("offline", Some(room)) => room,
        ("offline", None) => String::new(),
        (_, Some(room)) => format!("{room}；{online}"),
        (_, None) => online,
    }
}

/// The breaks in the recording, with their reasons (庭审录音录像规定 Art 3).
fn interruptions(course: &Value) -> Vec<String> {
    let breaks = course.get("breaks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    breaks.iter().map(interruption).collect()
}

fn interruption(b: &Value) -> String {
    let text = |key: &str| b.get(key).and_then(Value::as_str).unwrap_or_default();
    let kind = if b.get("fault").and_then(Value::as_bool) == Some(true) {
        "因故障中止"
    } else {
        BreakKind::parse(text("kind")).map_or("间断", BreakKind::zh)
    };
    let at = |key: &str| text(key).parse::<chrono::DateTime<chrono::Utc>>().ok().map(super::schedule::moment);
    let until = at("until").map_or_else(|| "起".to_owned(), |until| format!("至{until}"));
    let reason = text("reason");
    let reason = if reason.is_empty() { String::new() } else { format!("，{reason}") };
    format!("{}{until}：{kind}{reason}", at("from").unwrap_or_default())
}
