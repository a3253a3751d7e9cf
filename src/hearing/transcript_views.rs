//! What goes over the wire of a transcript: shapes, and how rows become them. Must never show a reader more than his or
//! her own part, or a number.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use serde::Serialize;
use uuid::Uuid;

use super::editing::{self, Anchor, Piece};
use super::fixing;
use super::objections::Objection;
use super::record::Record;
use super::transcript::{Header, MediaTime, Open, Section, Template, fingerprint};
use super::transcript_head;
use super::transcripts::{Line, Revision, Transcript};

/// Where in the recording.
#[derive(Debug, Clone, Copy, Object, Serialize, serde::Deserialize)]
pub struct TranscriptMedia {
    /// Epoch of the recording.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
    pub epoch: u32,
    /// Milliseconds from its beginning.
    #[oai(validator(minimum(value = "0"), maximum(value = "864000000")))]
    pub from_ms: u64,
    /// Until.
    #[oai(validator(minimum(value = "0"), maximum(value = "864000000")))]
    pub until_ms: u64,
}

impl From<TranscriptMedia> for MediaTime {
    fn from(m: TranscriptMedia) -> Self {
        Self { epoch: m.epoch, from_ms: m.from_ms, until_ms: m.until_ms.max(m.from_ms) }
    }
}

/// An entry.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct TranscriptEntry {
    /// Entry.
    pub id: Uuid,
    /// Its place among the others.
    pub position: i64,
    /// Section.
    pub section: Section,
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<Uuid>,
    /// As it is printed.
    pub speaker_name: String,
    /// Words.
    pub text: String,
    /// When in the recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<TranscriptMedia>,
    /// Written by a machine, and not yet checked.
    pub unchecked: bool,
    /// Counted from 1 with every change.
    pub version: u32,
    /// Taken out.
    pub struck: bool,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// By the caller.
    pub changed_by_me: bool,
    /// The transcript's count at that change.
    pub rev: i64,
}

/// An entry, for this reader.
pub fn entry(l: &Line, reader: Uuid) -> TranscriptEntry {
    let e = &l.entry;
    TranscriptEntry {
        id: e.id,
        position: e.position,
        section: e.section,
        speaker: e.speaker,
        speaker_name: e.speaker_name.clone(),
        text: e.text.clone(),
        media: e.media.map(|m| TranscriptMedia { epoch: m.epoch, from_ms: m.from_ms, until_ms: m.until_ms }),
        unchecked: e.unchecked,
        version: e.version,
        struck: e.struck,
        changed_at: l.at,
        changed_by_me: l.by == reader,
        rev: l.rev,
    }
}

/// A plate and a name.
#[derive(Debug, Clone, Object)]
pub struct TranscriptBench {
    /// 席位.
    pub plate: String,
    /// Name.
    pub name: String,
}

/// A party, or who acts for one.
#[derive(Debug, Clone, Object)]
pub struct TranscriptParty {
    /// 席位.
    pub plate: String,
    /// Name.
    pub name: String,
    /// Identity and authority as read out.
    pub says: String,
}

/// Somebody who did not come.
#[derive(Debug, Clone, Object)]
pub struct TranscriptAbsent {
    /// Who.
    pub who: String,
    /// Why.
    pub reason: String,
}

/// 首部.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TranscriptHeader {
    /// 法院.
    pub court: String,
    /// 标题.
    pub title: String,
    /// 案号.
    pub case_number: String,
    /// 案由.
    pub cause: String,
    /// 开始时间.
    pub opened_at: Option<DateTime<Utc>>,
    /// 结束时间.
    pub ended_at: Option<DateTime<Utc>>,
    /// 地点, or platform.
    pub place: String,
    /// 公开.
    pub public: bool,
    /// 不公开的理由.
    pub closed_reason: Option<String>,
    /// 审判人员、书记员.
    pub bench: Vec<TranscriptBench>,
    /// 当事人、代理人.
    pub parties: Vec<TranscriptParty>,
    /// 未到庭的人.
    pub absent: Vec<TranscriptAbsent>,
    /// 录音录像的间断.
    pub interruptions: Vec<String>,
}

/// A head.
pub fn header(h: &Header) -> TranscriptHeader {
    TranscriptHeader {
        court: h.court.clone(),
        title: h.title.clone(),
        case_number: h.case_number.clone(),
        cause: h.cause.clone(),
        opened_at: h.opened_at,
        ended_at: h.ended_at,
        place: h.place.clone(),
        public: h.public,
        closed_reason: h.closed_reason.clone(),
        bench: h.bench.iter().map(|(plate, name)| TranscriptBench { plate: plate.clone(), name: name.clone() }).collect(),
        parties: h
            .parties
            .iter()
            .map(|(plate, name, says)| TranscriptParty { plate: plate.clone(), name: name.clone(), says: says.clone() })
            .collect(),
        absent: h.absent.iter().map(|(who, reason)| TranscriptAbsent { who: who.clone(), reason: reason.clone() }).collect(),
        interruptions: h.interruptions.clone(),
    }
}

/// A section of the template.
#[derive(Debug, Clone, Object)]
pub struct TranscriptSection {
    /// Word.
    pub key: String,
    /// 名称.
    pub name: String,
    /// Name in English.
    pub name_en: String,
}

/// Somebody who may speak.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TranscriptSpeaker {
    /// Participant.
    pub participant_id: Uuid,
    /// 席位.
    pub plate: String,
    /// Name.
    pub name: String,
    /// As the record prints it.
    pub label: String,
    /// Was there.
    pub attended: bool,
    /// Identity and authority as read out.
    pub says: String,
    /// Why not there.
    pub absent_reason: Option<String>,
}

/// Whose objection.
#[derive(Debug, Clone, Object)]
pub struct TranscriptAsker {
    /// Participant.
    pub participant_id: Uuid,
    /// As the record prints it.
    pub label: String,
}

/// 补正申请.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TranscriptObjection {
    /// Objection.
    pub id: Uuid,
    /// Entry.
    pub entry_id: Uuid,
    /// The version it was made on.
    pub version: i32,
    /// First sign.
    pub from: i32,
    /// The words it is about.
    pub quote: String,
    /// What should stand there.
    pub text: String,
    /// Whose.
    pub by: TranscriptAsker,
    /// The caller's own.
    pub own: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// open, corrected, refused or withdrawn.
    pub state: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Where the words are in the entry as it now stands.
    pub now_at: Option<u32>,
}

/// An objection, beside the entry as it now stands.
pub fn objection(o: &Objection, record: &Record, text: Option<&str>) -> TranscriptObjection {
    let who = record.one(o.participant);
    let from = usize::try_from(o.from).unwrap_or_default();
    let anchor = Anchor { entry: o.entry, version: u32::try_from(o.version).unwrap_or_default(), from, quote: o.quote.clone() };
    TranscriptObjection {
        id: o.id,
        entry_id: o.entry,
        version: o.version,
        from: o.from,
        quote: o.quote.clone(),
        text: o.text.clone(),
        by: TranscriptAsker { participant_id: o.participant, label: who.map(super::record::Seated::label).unwrap_or_default() },
        own: record.mine().any(|s| s.seat.id == o.participant),
        at: o.at,
        state: o.state.clone(),
        reason: o.reason.clone(),
        answered_at: o.answered_at,
        now_at: text.and_then(|t| editing::place_now(&anchor, t)).and_then(|n| u32::try_from(n).ok()),
    }
}

/// What keeps it from being fixed.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TranscriptOpen {
    /// field, section, unchecked or objections.
    pub what: String,
    /// Which field.
    pub name: Option<String>,
    /// Which section.
    pub section: Option<Section>,
    /// How many.
    pub count: Option<u32>,
    /// In words.
    pub text: String,
    /// In English.
    pub text_en: String,
}

/// Something open.
pub fn open(o: &Open) -> TranscriptOpen {
    let (text, text_en) = fixing::words(o);
    let count = |n: &usize| u32::try_from(*n).ok();
    let (what, name, section, count) = match o {
        Open::Field { name, .. } => ("field", Some((*name).to_owned()), None, None),
        Open::Section { section } => ("section", None, Some(*section), None),
        Open::Unchecked { count: n } => ("unchecked", None, None, count(n)),
        Open::Objections { count: n } => ("objections", None, None, count(n)),
    };
    TranscriptOpen { what: what.into(), name, section, count, text, text_en }
}

/// A version that is read and signed.
#[derive(Debug, Clone, Object)]
pub struct TranscriptFixed {
    /// Its number.
    pub n: i32,
    /// Digest.
    pub digest: String,
    /// Its first signs, as people compare them.
    pub fingerprint: String,
    /// When.
    pub fixed_at: DateTime<Utc>,
}

impl TranscriptFixed {
    /// Of a version.
    pub fn of(n: i32, digest: &str, fixed_at: DateTime<Utc>) -> Self {
        Self { n, digest: digest.to_owned(), fingerprint: fingerprint(digest), fixed_at }
    }
}

/// 笔录.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HearingTranscript {
    /// Somebody began it.
    pub begun: bool,
    /// Counts every change.
    pub rev: i64,
    /// Version of its head.
    pub version: i32,
    /// Template.
    pub template: String,
    /// 名称.
    pub template_name: String,
    /// live, review, signing or locked.
    pub phase: String,
    /// all or own_part.
    pub reads: String,
    /// The caller writes it now.
    pub writes: bool,
    /// The caller may ask for a correction now.
    pub objects: bool,
    /// 首部.
    pub header: TranscriptHeader,
    /// Sections, in order.
    pub sections: Vec<TranscriptSection>,
    /// Who may speak.
    pub speakers: Vec<TranscriptSpeaker>,
    /// Entries in their order.
    pub entries: Vec<TranscriptEntry>,
    /// 补正申请.
    pub objections: Vec<TranscriptObjection>,
    /// What keeps it from being fixed; for the court.
    pub open: Vec<TranscriptOpen>,
    /// The version that is read and signed.
    pub fixed: Option<TranscriptFixed>,
    /// Refused corrections, as they stand in the record.
    pub refused_lines: Vec<String>,
}

/// Changes that were taken.
#[derive(Debug, Clone, Object)]
pub struct TranscriptChanged {
    /// The count after them.
    pub rev: i64,
    /// The entries they touched, as they now stand.
    pub entries: Vec<TranscriptEntry>,
}

/// Part of a change.
#[derive(Debug, Clone, Object)]
pub struct TranscriptPiece {
    /// kept, taken or put.
    pub is: String,
    /// Words.
    pub text: String,
}

/// A version of an entry.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TranscriptRevision {
    /// Version.
    pub version: i32,
    /// Words.
    pub text: String,
    /// Taken out by it.
    pub struck: bool,
    /// live or review.
    pub phase: String,
    /// Whose, as the record names people; nobody of the hearing is left empty.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The correction it answers.
    pub objection_id: Option<Uuid>,
    /// What it changed.
    pub pieces: Vec<TranscriptPiece>,
}

/// The history of an entry.
#[derive(Debug, Clone, Object)]
pub struct TranscriptHistory {
    /// Oldest first.
    pub revisions: Vec<TranscriptRevision>,
}

/// A history.
pub fn history(record: &Record, all: &[Revision]) -> TranscriptHistory {
    let before = |n: usize| n.checked_sub(1).and_then(|n| all.get(n)).map(|r| r.text.as_str()).unwrap_or_default();
    let by = |person| record.seated.iter().find(|s| s.seat.person == Some(person)).map(super::record::Seated::label).unwrap_or_default();
    let one = |(n, r): (usize, &Revision)| TranscriptRevision {
        version: r.version,
        text: r.text.clone(),
        struck: r.struck,
        phase: r.phase.clone(),
        by: by(r.by),
        at: r.at,
        objection_id: r.objection,
        pieces: editing::pieces(before(n), &r.text).into_iter().map(piece).collect(),
    };
    TranscriptHistory { revisions: all.iter().enumerate().map(one).collect() }
}

fn piece(p: Piece) -> TranscriptPiece {
    let (is, text) = match p {
        Piece::Kept(text) => ("kept", text),
        Piece::Taken(text) => ("taken", text),
        Piece::Put(text) => ("put", text),
    };
    TranscriptPiece { is: is.into(), text }
}

/// The sections of a template, in order.
pub fn sections(template: Template) -> Vec<TranscriptSection> {
    let one = |s: &Section| TranscriptSection { key: s.key().into(), name: s.zh().into(), name_en: s.en().into() };
    template.sections().iter().map(one).collect()
}

/// Who may speak, with what the head says of each.
pub fn speakers(record: &Record, t: &Transcript) -> Vec<TranscriptSpeaker> {
    let inside = record.seated.iter().filter(|s| !s.is_outside());
    inside
        .map(|s| {
            let attended = transcript_head::attended(&t.kept, s);
            TranscriptSpeaker {
                participant_id: s.seat.id,
                plate: s.plate(),
                name: s.name.clone(),
                label: s.label(),
                attended,
                says: transcript_head::says(&t.kept, s),
                absent_reason: (!attended).then(|| transcript_head::why(&t.kept, s)),
            }
        })
        .collect()
}
