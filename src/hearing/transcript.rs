//! 庭审笔录: its fields, its order, its entries, and the digest a signature is bound to.
//!
//! Owns the standard fields and their order (民事诉讼法 Art 150; hearings: who, when, where, what was said, how it ended),
//! the templates, what is still missing before it can be fixed, and the fingerprint of a fixed version. How several
//! people write it at once is in `editing.rs`, who signs in `signing.rs`. Must never leave out of the digest anything a
//! signer reads.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::words::{Role, SessionKind, State};
use crate::delivery::trail::canonical;
use crate::kit::words::words;

words! {
    /// 笔录模板.
    Template as "TranscriptTemplate":
    Ordinary = "ordinary", "普通程序庭审笔录", "trial, ordinary procedure";
    Summary = "summary", "简易程序庭审笔录", "trial, summary procedure";
    ElementStyle = "element_style", "要素式庭审笔录", "trial, element by element";
    AfterConference = "after_conference", "庭前会议后的庭审笔录", "trial after a pre-trial conference";
    Conference = "conference", "庭前会议、证据交换笔录", "pre-trial conference, exchange of evidence";
    Mediation = "mediation", "调解笔录", "mediation";
    Questioning = "questioning", "询问、听证笔录", "questioning, inquiry";
    Pronouncement = "pronouncement", "宣判笔录", "pronouncement of judgment";
}

words! {
    /// 笔录的部分, in the order of the record.
    Section as "TranscriptSectionKey":
    Attendance = "attendance", "到庭情况", "attendance";
    Discipline = "discipline", "宣布法庭纪律", "discipline of the court";
    Identity = "identity", "核对身份", "identity";
    Rights = "rights", "告知权利义务、询问回避", "rights, duties, recusal";
    Claims = "claims", "诉讼请求与理由", "claims";
    Defence = "defence", "答辩意见", "defence";
    Elements = "elements", "要素审理", "elements";
    Evidence = "evidence", "举证质证", "evidence";
    Testimony = "testimony", "证人、鉴定人陈述", "testimony";
    Questions = "questions", "法庭询问", "questions of the court";
    Issues = "issues", "争议焦点", "issues";
    Debate = "debate", "法庭辩论", "debate";
    FinalViews = "final_views", "最后意见", "final views";
    Mediation = "mediation", "法庭调解", "mediation";
    Judgment = "judgment", "宣判或者择日宣判", "judgment";
    Other = "other", "其他事项", "other matters";
}

impl Template {
    /// Its sections, in order.
    pub const fn sections(self) -> &'static [Section] {
        use Section as S;
        match self {
            Self::Ordinary | Self::Summary => &[
                S::Attendance,
                S::Discipline,
                S::Identity,
                S::Rights,
                S::Claims,
                S::Defence,
                S::Evidence,
                S::Testimony,
                S::Questions,
                S::Issues,
                S::Debate,
                S::FinalViews,
                S::Mediation,
                S::Judgment,
                S::Other,
            ],
            Self::ElementStyle => &[
                S::Attendance,
                S::Discipline,
                S::Identity,
                S::Rights,
                S::Claims,
                S::Defence,
                S::Elements,
                S::FinalViews,
                S::Mediation,
                S::Judgment,
                S::Other,
            ],
            Self::AfterConference => &[
                S::Attendance,
                S::Discipline,
                S::Identity,
                S::Rights,
                S::Evidence,
                S::Questions,
                S::Issues,
                S::Debate,
                S::FinalViews,
                S::Mediation,
                S::Judgment,
                S::Other,
            ],
            Self::Conference => &[
                S::Attendance,
                S::Discipline,
                S::Identity,
                S::Rights,
                S::Claims,
                S::Defence,
                S::Evidence,
                S::Issues,
                S::Mediation,
                S::Other,
            ],
            Self::Mediation => &[S::Attendance, S::Identity, S::Rights, S::Mediation, S::Other],
            Self::Questioning => {
                &[S::Attendance, S::Discipline, S::Identity, S::Rights, S::Evidence, S::Questions, S::FinalViews, S::Other]
            }
            Self::Pronouncement => &[S::Attendance, S::Discipline, S::Judgment, S::Other],
        }
    }

    /// Sections that may not be empty when the record is fixed.
    pub fn required(self) -> Vec<Section> {
        let must = [
            Section::Attendance,
            Section::Identity,
            Section::Rights,
            Section::Claims,
            Section::Questions,
            Section::Judgment,
            Section::Mediation,
        ];
        let of_this = |s: &Section| match (self, s) {
            (Self::Mediation, Section::Mediation) | (Self::Pronouncement, Section::Judgment) | (Self::Questioning, Section::Questions) => {
                true
            }
            (_, Section::Mediation | Section::Judgment | Section::Questions) => false,
            (t, s) => t.sections().contains(s),
        };
        must.into_iter().filter(of_this).collect()
    }
}

/// The head of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Header {
    /// 法院.
    pub court: String,
    /// 标题: the kind of record.
    pub title: String,
    /// 案号.
    pub case_number: String,
    /// 案由.
    pub cause: String,
    /// 开始时间.
    pub opened_at: Option<DateTime<Utc>>,
    /// 结束时间.
    pub ended_at: Option<DateTime<Utc>>,
    /// 地点, or platform and room.
    pub place: String,
    /// 公开.
    pub public: bool,
    /// 不公开的理由.
    pub closed_reason: Option<String>,
    /// 审判人员、书记员: plate and name.
    pub bench: Vec<(String, String)>,
    /// 当事人、代理人: plate, name, identity and authority as read out.
    pub parties: Vec<(String, String, String)>,
    /// 未到庭的人及原因.
    pub absent: Vec<(String, String)>,
    /// 录音录像的间断及原因, as the ledger has them.
    pub interruptions: Vec<String>,
}

/// Where in the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaTime {
    /// Epoch of the recording: a new one after a restart.
    pub epoch: u32,
    /// Milliseconds from its beginning.
    pub from_ms: u64,
    /// Until.
    pub until_ms: u64,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Entry.
    pub id: Uuid,
    /// Its place among the others.
    pub position: i64,
    /// Section.
    pub section: Section,
    /// Who speaks; none for a note of the clerk.
    pub speaker: Option<Uuid>,
    /// As it is printed: 审判员 林致远.
    pub speaker_name: String,
    /// What.
    pub text: String,
    /// When in the recording.
    pub media: Option<MediaTime>,
    /// Written by a machine, and not yet checked.
    pub unchecked: bool,
    /// Counted from 1 with every change.
    pub version: u32,
    /// Taken out; kept for the history.
    pub struck: bool,
}

/// Where entries stop and the digest begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Head.
    pub header: Header,
    /// Entries, in any order.
    pub entries: Vec<Entry>,
    /// Exhibits and what was said of them, as lines.
    pub exhibits: Vec<String>,
    /// Corrections that were asked for and refused: noted in the record (民事诉讼法 Art 150).
    pub refused_corrections: Vec<String>,
}

impl Document {
    /// What people read, in order.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.iter().filter(|e| !e.struck).collect();
        entries.sort_by_key(|e| (e.position, e.id));
        entries
    }

    /// The digest of everything a signer reads.
    pub fn digest(&self) -> String {
        let entries: Vec<Value> = self
            .entries()
            .iter()
            .map(|e| json!({ "id": e.id, "media": e.media, "section": e.section, "speaker": e.speaker_name, "text": e.text }))
            .collect();
        digest(&json!({
            "entries": entries,
            "exhibits": self.exhibits,
            "header": self.header,
            "refused_corrections": self.refused_corrections,
            "what": "lianting.transcript.v1",
        }))
    }

    /// 本人部分: what a witness reads and signs (民事诉讼法 Art 150): the own words, and the questions they answer.
    pub fn part_of(&self, speaker: Uuid) -> Vec<&Entry> {
        let all = self.entries();
        let own: Vec<usize> = (0..all.len()).filter(|i| all[*i].speaker == Some(speaker)).collect();
        let (Some(first), Some(last)) = (own.first(), own.last()) else { return Vec::new() };
        // the question before the first answer belongs to it
        all[first.saturating_sub(1)..=*last].iter().filter(|e| e.section == all[*first].section).copied().collect()
    }

    /// The digest of one's own part.
    pub fn digest_of_part(&self, speaker: Uuid) -> String {
        let part: Vec<Value> =
            self.part_of(speaker).iter().map(|e| json!({ "id": e.id, "speaker": e.speaker_name, "text": e.text })).collect();
        digest(&json!({ "case_number": self.header.case_number, "entries": part, "what": "lianting.transcript.part.v1" }))
    }
}

fn digest(value: &Value) -> String {
    // times and numbers in it are text and whole numbers: there is always a canonical form
    hex::encode(Sha256::digest(canonical(value).unwrap_or_default().as_bytes()))
}

/// 指纹: the first 64 bits, in groups, as people compare it: 7C1E 90A4 D3B8 52FF.
pub fn fingerprint(digest: &str) -> String {
    let upper = digest.get(..16).unwrap_or(digest).to_uppercase();
    upper.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
}

/// What keeps a transcript from being fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Open {
    /// A field of the head is empty.
    Field {
        /// Which.
        name: &'static str,
        /// 名称.
        zh: &'static str,
    },
    /// A section is empty.
    Section {
        /// Which.
        section: Section,
    },
    /// Entries a machine wrote and nobody checked.
    Unchecked {
        /// How many.
        count: usize,
    },
    /// Objections nobody answered.
    Objections {
        /// How many.
        count: usize,
    },
}

/// What is still open before it can be fixed.
pub fn open(document: &Document, template: Template, unanswered: usize) -> Vec<Open> {
    let h = &document.header;
    let fields: [(&'static str, &'static str, bool); 10] = [
        ("court", "法院", h.court.is_empty()),
        ("title", "标题", h.title.is_empty()),
        ("case_number", "案号", h.case_number.is_empty()),
        ("cause", "案由", h.cause.is_empty()),
        ("opened_at", "开始时间", h.opened_at.is_none()),
        ("ended_at", "结束时间", h.ended_at.is_none()),
        ("place", "地点或者平台", h.place.is_empty()),
        ("closed_reason", "不公开的理由", !h.public && h.closed_reason.as_deref().unwrap_or_default().is_empty()),
        ("bench", "审判人员、书记员", h.bench.is_empty()),
        ("parties", "当事人及代理人", h.parties.is_empty() && h.absent.is_empty()),
    ];
    let mut open: Vec<Open> = fields.into_iter().filter(|(_, _, empty)| *empty).map(|(name, zh, _)| Open::Field { name, zh }).collect();
    let entries = document.entries();
    let empty = template.required().into_iter().filter(|s| !entries.iter().any(|e| e.section == *s && !e.text.trim().is_empty()));
    open.extend(empty.map(|section| Open::Section { section }));
    let unchecked = entries.iter().filter(|e| e.unchecked).count();
    if unchecked > 0 {
        open.push(Open::Unchecked { count: unchecked });
    }
    if unanswered > 0 {
        open.push(Open::Objections { count: unanswered });
    }
    open
}

/// How much of the transcript somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    /// All of it.
    All,
    /// Only his or her own part.
    OwnPart,
    /// Nothing.
    Nothing,
}

/// Who reads how much. Witnesses read what they said once they have said it; the gallery and the technician nothing.
pub fn reads(role: Role, state: State) -> Reads {
    match role {
        r if r.is_court() || r.is_party_side() => Reads::All,
        Role::Prosecutor | Role::Interpreter | Role::Mediator => Reads::All,
        r if r.waits_apart() && state.is_after() => Reads::OwnPart,
        _ => Reads::Nothing,
    }
}

/// Who writes: the clerk, the assistant, and the bench (H27); not while it is being signed, never once it is locked.
pub fn may_write(role: Role, state: State) -> bool {
    (role.is_clerk() || role.presides() || role == Role::PanelJudge)
        && (state.is_sitting() || matches!(state, State::Waiting | State::Ended))
}

/// Who may ask for a correction: whoever reads and does not write, from the opening until it is locked.
pub fn may_object(role: Role, state: State) -> bool {
    reads(role, state) != Reads::Nothing && !role.is_court() && (state.is_sitting() || matches!(state, State::Ended | State::Signing))
}

/// The title of the record.
pub fn title(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::PretrialMeeting => "庭前会议笔录",
        SessionKind::EvidenceExchange => "证据交换笔录",
        SessionKind::Inquiry => "听证笔录",
        SessionKind::Trial => "法庭审理笔录",
        SessionKind::Mediation => "调解笔录",
        SessionKind::Pronouncement => "宣判笔录",
        SessionKind::Questioning => "询问笔录",
        SessionKind::Arraignment => "提审笔录",
        SessionKind::Service => "送达笔录",
    }
}

/// What the clerk finds written in a new transcript: the standing words of the order of a hearing (民事诉讼法 Art 140).
pub fn opening_lines(template: Template) -> Vec<(Section, Role, &'static str)> {
    let all: [(Section, Role, &str); 12] = [
        (Section::Attendance, Role::Clerk, "现在核对到庭情况。"),
        (Section::Discipline, Role::Clerk, "现在宣布法庭纪律和在线庭审须知，请各位确认。"),
        (Section::Identity, Role::SoleJudge, "核对各方当事人、诉讼代理人的身份。各方对对方出庭人员的身份有无异议？"),
        (Section::Rights, Role::SoleJudge, "现在宣布审判人员、书记员名单，告知诉讼权利义务。是否申请回避？"),
        (Section::Claims, Role::SoleJudge, "请原告陈述诉讼请求、事实和理由。"),
        (Section::Defence, Role::SoleJudge, "请被告答辩。"),
        (Section::Elements, Role::SoleJudge, "本案按要素逐项审理，各方有无异议？"),
        (Section::Evidence, Role::SoleJudge, "现在举证质证。请围绕真实性、合法性、关联性发表意见。"),
        (Section::Issues, Role::SoleJudge, "归纳本案争议焦点，各方有无异议、补充？"),
        (Section::Debate, Role::SoleJudge, "现在进行法庭辩论。"),
        (Section::FinalViews, Role::SoleJudge, "请各方陈述最后意见。"),
        (Section::Mediation, Role::SoleJudge, "各方是否愿意调解？"),
    ];
    all.into_iter().filter(|(s, _, _)| template.sections().contains(s)).collect()
}
