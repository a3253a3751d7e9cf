//! What goes over the wire of scheduling: shapes, and how rows and findings become them.
//!
//! Owns the shapes. Must never carry a number, a sealed word, or another court's matter.

use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

use super::joint::Of;
use super::listing::{Counts, Listed, Row, Sits};
use super::measures::{self, SeatMeasures};
use super::seats::{self, Area, Seat};
use super::words::{Mode, Place, Role, SessionKind, Side, State};

/// A hearing in a list.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingSummary {
    /// Court.
    pub court_id: i32,
    /// Court's name.
    pub court_name: String,
    /// Hearing.
    pub id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// 会议号.
    pub number: String,
    /// 案号.
    pub case_number: String,
    /// 案由.
    pub cause: String,
    /// Kind of session.
    pub kind: SessionKind,
    /// 名称.
    pub kind_name: String,
    /// Name in English.
    pub kind_name_en: String,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Ends.
    pub ends_at: DateTime<Utc>,
    /// 法庭.
    pub courtroom: Option<String>,
    /// online, hybrid or offline.
    pub held: String,
    /// State.
    pub state: State,
    /// 名称.
    pub state_name: String,
    /// Name in English.
    pub state_name_en: String,
    /// Public.
    pub public: bool,
    /// Somebody comes to court, and there is no courtroom.
    pub needs_courtroom: bool,
    /// 审判组织: who sits, as papers name them.
    pub bench: Vec<BenchName>,
    /// For the court: how many outside it nothing proves to have been reached.
    pub unreached: Option<i64>,
    /// For the court: how the devices of those online tested.
    pub tests: Option<HearingTestCounts>,
    /// Another time was granted, and is not set yet.
    pub rebook: bool,
    /// Version.
    pub version: i32,
}

/// Somebody of the bench, or its clerk.
#[derive(Debug, Clone, Object)]
pub struct BenchName {
    /// 席位.
    pub plate: String,
    /// Name.
    pub name: String,
}

/// How devices tested, the newest test of each.
#[derive(Debug, Clone, Object)]
pub struct HearingTestCounts {
    /// Good.
    pub good: i64,
    /// Fair.
    pub fair: i64,
    /// Poor.
    pub poor: i64,
    /// Not tested, or not to the end.
    pub none: i64,
}

/// Hearings, by time.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingList {
    /// Hearings.
    pub items: Vec<HearingSummary>,
    /// After this one; none at the end.
    pub next_cursor: Option<Uuid>,
}

/// Somebody who takes part.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingSeat {
    /// Participant.
    pub id: Uuid,
    /// Role.
    pub role: Role,
    /// 席位.
    pub plate: String,
    /// The plate in English.
    pub plate_en: String,
    /// Where on the plan of the court.
    pub area: String,
    /// Name.
    pub name: String,
    /// Side.
    pub side: Option<Side>,
    /// Party.
    pub party_id: Option<Uuid>,
    /// online or in_court.
    pub mode: Mode,
    /// Why.
    pub mode_why: String,
    /// Why, in English.
    pub mode_why_en: String,
    /// 依据.
    pub mode_article: Option<String>,
    /// 必须到庭.
    pub must_appear: bool,
    /// Of the court's people: masked number.
    pub mobile_masked: Option<String>,
    /// Proved to have been reached; for the court.
    pub reached: Option<bool>,
    /// Score of the last test; for the court.
    pub test: Option<String>,
    /// Where he or she is now.
    pub place: Option<Place>,
    /// 特别安排: for the court, and one's own.
    pub measures: Option<SeatMeasures>,
    /// Of an interpreter: the language of the second voice.
    pub interprets: Option<String>,
    /// The caller.
    pub own: bool,
}

/// A hearing whole.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Hearing {
    /// In short.
    pub summary: HearingSummary,
    /// Template of the transcript.
    pub template: String,
    /// Why it is not public.
    pub closed_reason: Option<String>,
    /// Where the courtroom is.
    pub place: Option<String>,
    /// Which day of several.
    pub day_no: i32,
    /// The others of several days.
    pub group_id: Option<Uuid>,
    /// It goes on from, or replaces.
    pub follows: Option<Uuid>,
    /// Later than told, until.
    pub delayed_until: Option<DateTime<Utc>>,
    /// And why.
    pub delay_reason: Option<String>,
    /// The waiting room opens.
    pub waiting_from: DateTime<Utc>,
    /// 准许改期: it waits for another time.
    pub rebook_asked: Option<RebookAsked>,
    /// 合并审理: the cases that are heard together, the leading one first; empty for a hearing of one case.
    pub cases: Vec<HearingCase>,
    /// Who takes part.
    pub participants: Vec<HearingSeat>,
    /// The other days of several, what it follows, what follows it.
    pub linked: Vec<HearingLink>,
    /// Opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// Steps the caller may take now.
    pub offered: Vec<String>,
    /// What was found when it was fixed; for the court.
    pub findings: Option<Vec<HearingFinding>>,
}

/// A case that is heard in a joint hearing.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingCase {
    /// Case.
    pub case_id: Uuid,
    /// 案号, of a case the caller may see.
    pub number: Option<String>,
}

/// Another time was granted.
#[derive(Debug, Clone, Object)]
pub struct RebookAsked {
    /// On which request.
    pub request_id: Uuid,
    /// Why it was granted.
    pub reasons: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Another hearing this one belongs to.
#[derive(Debug, Clone, Object)]
pub struct HearingLink {
    /// Hearing.
    pub id: Uuid,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Kind of session.
    pub kind_name: String,
    /// Kind of session, in English.
    pub kind_name_en: String,
    /// State.
    pub state: State,
    /// day, together (of another case), before (this one follows it) or after.
    pub because: String,
    /// 案号.
    pub case_number: String,
    /// Version, for what is done to the whole series.
    pub version: i32,
}

/// A finding of the review of suitability.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingFinding {
    /// Stable code.
    pub code: String,
    /// Which of the seven bars.
    pub bar: Option<i32>,
    /// refuse or ask_reason.
    pub weight: String,
    /// What.
    pub text: String,
    /// What, in English.
    pub text_en: String,
    /// 依据.
    pub article: String,
}

/// A row in a list.
pub fn summary(h: &Listed, court_name: String) -> HearingSummary {
    HearingSummary {
        court_id: h.court_id,
        court_name,
        id: h.hearing_id,
        case_id: h.case_id,
        number: h.number.clone(),
        case_number: h.case_number.clone(),
        cause: h.cause_name.clone(),
        kind: h.kind,
        kind_name: h.kind.zh().into(),
        kind_name_en: h.kind.en().into(),
        starts_at: h.starts_at,
        ends_at: h.ends_at,
        courtroom: h.courtroom.clone(),
        held: h.held.clone(),
        state: h.state,
        state_name: h.state.zh().into(),
        state_name_en: h.state.en().into(),
        public: h.public,
        needs_courtroom: h.held != "online" && h.courtroom.is_none(),
        bench: bench_names(&h.bench.0),
        unreached: None,
        tests: None,
        rebook: h.rebook && matches!(h.state, State::Scheduled | State::Waiting),
        version: h.version,
    }
}

fn bench_names(bench: &Value) -> Vec<BenchName> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let one = |b: &Value| BenchName { plate: text(&b["role"]), name: text(&b["name"]) };
    bench.as_array().into_iter().flatten().map(one).collect()
}

/// The same with what the court reads beside it.
pub fn counted(mut summary: HearingSummary, counts: Counts) -> HearingSummary {
    summary.unreached = Some(counts.unreached);
    summary.tests = Some(HearingTestCounts { good: counts.good, fair: counts.fair, poor: counts.poor, none: counts.untested });
    summary
}

/// Who looks at a hearing.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    /// Account.
    pub person: Uuid,
    /// Works for the court.
    pub staff: bool,
}

/// A hearing with everything its page shows.
pub struct Whole {
    /// Court.
    pub court: i32,
    /// Its row.
    pub row: Row,
    /// Who takes part.
    pub sits: Vec<Sits>,
    /// Others it belongs to.
    pub linked: Vec<Listed>,
    /// 合并审理: its cases.
    pub cases: Vec<Of>,
    /// Of its people, for the court.
    pub counts: Option<Counts>,
}

/// A hearing for this viewer.
pub fn hearing(court_name: String, whole: &Whole, offered: Vec<&'static str>, viewer: Viewer) -> Hearing {
    let (court, row) = (whole.court, &whole.row);
    let listed = Listed {
        court_id: court,
        hearing_id: row.hearing_id,
        case_id: row.case_id,
        number: row.number.clone(),
        case_number: row.case_number.clone(),
        cause_name: row.cause_name.clone(),
        kind: row.kind,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        courtroom: row.courtroom.clone(),
        held: row.held.clone(),
        state: row.state,
        public: row.public,
        version: row.version,
        group: row.group_id,
        bench: row.bench.clone(),
        rebook: row.rebook_asked.is_some(),
    };
    let waiting = row.rules.0["waiting_minutes"].as_i64().unwrap_or(20);
    let findings = row.suitability.0.get("findings").and_then(Value::as_array).cloned().unwrap_or_default();
    Hearing {
        summary: match whole.counts {
            Some(counts) => counted(summary(&listed, court_name), counts),
            None => summary(&listed, court_name),
        },
        template: row.template.clone(),
        closed_reason: row.closed_reason.clone(),
        place: row.place.clone(),
        day_no: row.day_no,
        group_id: row.group_id,
        follows: row.follows,
        delayed_until: row.delayed_until,
        delay_reason: row.delayed_reason.clone(),
        waiting_from: row.starts_at - TimeDelta::minutes(waiting),
        rebook_asked: row.rebook_asked.as_ref().and_then(|r| rebook(&r.0)),
        cases: whole.cases.iter().map(|c| HearingCase { case_id: c.case_id, number: c.number.clone() }).collect(),
        participants: whole.sits.iter().map(|s| seat_of(s, viewer)).collect(),
        linked: whole.linked.iter().map(|l| link(l, row)).collect(),
        opened_at: row.course.0.get("opened_at").and_then(Value::as_str).and_then(|t| t.parse().ok()),
        offered: offered.into_iter().map(str::to_owned).collect(),
        findings: viewer.staff.then(|| findings.iter().map(stored_finding).collect()),
    }
}

fn rebook(asked: &Value) -> Option<RebookAsked> {
    let text = |key: &str| asked[key].as_str();
    Some(RebookAsked { request_id: text("request")?.parse().ok()?, reasons: text("reasons")?.to_owned(), at: text("at")?.parse().ok()? })
}

fn link(l: &Listed, row: &Row) -> HearingLink {
    let because = if row.follows == Some(l.hearing_id) {
        "before"
    } else if l.group == row.group_id && row.group_id.is_some() {
        if l.case_id == row.case_id { "day" } else { "together" }
    } else {
        "after"
    };
    HearingLink {
        id: l.hearing_id,
        starts_at: l.starts_at,
        kind_name: l.kind.zh().into(),
        kind_name_en: l.kind.en().into(),
        state: l.state,
        because: because.into(),
        case_number: l.case_number.clone(),
        version: l.version,
    }
}

fn seat_of(s: &Sits, viewer: Viewer) -> HearingSeat {
    let seat = Seat { id: s.participant_id, role: s.role, side: s.side, party: s.party_id, person: s.person_id, minor: s.minor };
    let because = &s.mode_because.0;
    let word = |key: &str| because.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let article = because.get("article").and_then(|a| a.get("zh")).and_then(Value::as_str).map(str::to_owned);
    let mut shown = shown(&seat, s.name.clone(), s.mode, (word("zh"), word("en"), article));
    shown.must_appear = s.must_appear;
    shown.own = s.person_id == Some(viewer.person);
    shown.place = s.place;
    shown.interprets = s.interprets.clone().filter(|_| s.role == Role::Interpreter);
    if viewer.staff || shown.own {
        shown.measures = s.measures.as_ref().and_then(|m| measures::shown(&m.0));
    }
    if viewer.staff {
        (shown.mobile_masked, shown.reached, shown.test) = (s.mobile_masked.clone(), Some(s.reached), s.test.clone());
    }
    shown
}

pub(super) fn shown(seat: &Seat, name: String, mode: Mode, (why, why_en, article): (String, String, Option<String>)) -> HearingSeat {
    let plate = seats::plate(seat);
    HearingSeat {
        id: seat.id,
        role: seat.role,
        plate: plate.zh,
        plate_en: plate.en,
        area: area(plate.area).into(),
        name,
        side: seat.side,
        party_id: seat.party,
        mode,
        mode_why: why,
        mode_why_en: why_en,
        mode_article: article,
        must_appear: false,
        mobile_masked: None,
        reached: None,
        test: None,
        place: None,
        measures: None,
        interprets: None,
        own: false,
    }
}

/// The word of a place on the plan.
pub fn area(area: Area) -> &'static str {
    match area {
        Area::Bench => "bench",
        Area::ClerkDesk => "clerk_desk",
        Area::Left => "left",
        Area::Right => "right",
        Area::Third => "third",
        Area::Stand => "stand",
        Area::Interpreter => "interpreter",
        Area::Gallery => "gallery",
        Area::None => "none",
    }
}

pub(super) fn stored_finding(f: &Value) -> HearingFinding {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    HearingFinding {
        code: text(&f["code"]),
        bar: f["bar"].as_i64().and_then(|n| i32::try_from(n).ok()),
        weight: text(&f["weight"]),
        text: text(&f["zh"]),
        text_en: text(&f["en"]),
        article: text(&f["article"]["zh"]),
    }
}
